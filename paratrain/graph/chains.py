"""Join elementwise operators into chains that run block by block: what lies between them stays in the cache.

On a GPU a chain is one function, compiled at run time, that computes all members for one element after the other.

Before (four sweeps over memory)::

    data -> negative -> exp -> _plus_scalar -> reciprocal -> y

After (one)::

    data -> _Chain(negative, exp, _plus_scalar, reciprocal) -> y

Members of a chain have results of one shape; its inputs may be smaller and are repeated by NumPy's rules. Results that
others read are outputs of the chain. It is the last pass: gradients exist by now, and what is computed again for
memory's sake is computed in the chain that reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paratrain.base import DTYPE_FLAGS
from paratrain.ext import engine
from paratrain.graph.ir import Entry, Node
from paratrain.graph.passes import Graph, Readers, is_op
from paratrain.graph.simplify_rules import FILLS
from paratrain.ops.registry import Attrs, Op, get
from paratrain.ops.rules import product

__all__ = ["CHAIN", "join_chains"]

#: Members of a chain at most: every one that is not written to memory takes a part of the block's scratch memory.
MOST_CALLS = 64
#: Arrays of a chain at most, read and written: a block of each has to stay in the cache.
MOST_ARRAYS = 24
#: Members of a group before it is cut into chains: the search takes time that grows with its square.
MOST_MEMBERS = 256


@dataclass
class _Call:
    """One member of a chain: operands are members by position, or inputs of the chain as ``-1 - position``."""

    op: Op
    attrs: Attrs
    operands: list[int]
    desc: tuple


def _operand_descs(call: _Call, calls: Sequence[_Call], ins: Sequence[tuple]) -> list[tuple]:
    return [calls[v].desc if v >= 0 else ins[-1 - v] for v in call.operands]


def _kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
    calls: list[_Call] = attrs["calls"]
    flat: Attrs = {
        "counts": tuple(len(c.operands) for c in calls),
        "operands": tuple(len(ins) + v if v >= 0 else -1 - v for c in calls for v in c.operands),
        "dtypes": tuple(DTYPE_FLAGS[c.desc[1]] for c in calls),
        "outputs": tuple(attrs["outputs"]),
    }
    for k, call in enumerate(calls):
        name, kernel_attrs = call.op.kernel_spec(call.attrs, _operand_descs(call, calls, ins), [call.desc], False)
        flat[f"{k}.kernel"] = name
        flat.update({f"{k}.{key}": value for key, value in kernel_attrs.items()})
    return "chain", flat


def _flops(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> int:
    calls = attrs["calls"]
    return sum(c.op.count_flops(c.attrs, _operand_descs(c, calls, ins), [c.desc]) for c in calls)


def _overwrites(attrs: Attrs) -> tuple[tuple[int, int], ...]:
    """An output may lie over an input that no later member reads: in a block, that would find the output there."""
    calls, outputs, shape = attrs["calls"], attrs["outputs"], attrs["calls"][0].desc[0]
    last: dict[int, int] = {-1 - v: k for k, call in enumerate(calls) for v in call.operands if v < 0}
    full = [d[0] == shape for d in attrs["inputs"]]
    return tuple((o, i) for o, k in enumerate(outputs) for i, at in last.items() if at <= k and full[i])


#: Not in the table of operators: only this pass makes one. Parameters: ``calls``, ``outputs`` (positions of calls) and
#: ``inputs`` (their descriptions).
CHAIN = Op(
    name="_Chain",
    doc="Elementwise operators one after the other, block by block.",
    inputs={},
    params={},
    present=lambda attrs: tuple(f"input{i}" for i in range(len(attrs["inputs"]))),
    outputs=lambda attrs: tuple(f"output{i}" for i in range(len(attrs["outputs"]))),
    shape=lambda attrs, ins, outs: (ins, [attrs["calls"][k].desc[0] for k in attrs["outputs"]]),
    dtype=lambda attrs, ins, outs: (ins, [attrs["calls"][k].desc[1] for k in attrs["outputs"]]),
    kernel=_kernel,
    inplace=_overwrites,
    elementwise=True,
    repeats=True,
    flops=_flops,
)


def join_chains(graph: Graph) -> Graph:
    """Join the elementwise operators of `graph` where that spares an array or a sweep."""
    groups = _groups(graph)
    return graph.rewrite(_Join(graph, groups).change) if groups else graph


# -- which operators ---------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Group:
    """Members of a chain in the order of the graph, and their positions there."""

    kind: tuple
    members: list[Node]
    positions: list[int]

    def part(self, begin: int, end: int) -> _Group:
        """Some of the members, one after the other."""
        return _Group(self.kind, self.members[begin:end], self.positions[begin:end])


def _groups(graph: Graph) -> dict[int, _Group]:
    """Groups of at least two members, by the ids of their members."""
    found = _Search(graph)
    for node in found.order:
        if id(node) in found.of:
            for entry in _read(node):
                found.try_to_join(node, entry.node)
    whole = {id(group): group for group in found.of.values()}.values()
    parts = [part for group in whole for part in found.cut(group) if len(part.members) > 1]
    return {id(n): part for part in parts for n in part.members}


class _Search:
    """Grows groups along the edges of the graph.

    Attributes
    ----------
    of : dict of int to _Group
        By the ids of nodes; at first every node that could be a member is alone.
    """

    def __init__(self, graph: Graph) -> None:
        self.order = [*graph.forward, *graph.backward]
        self.position = {id(n): i for i, n in enumerate(self.order)}
        self.readers = Readers(graph)
        self.results = {e for _, e in graph.grads}
        constant = _constants(graph)
        self.of: dict[int, _Group] = {}
        for i, node in enumerate(self.order):
            if _is_candidate(node, graph):
                # the forward pass ends before backward begins, and what follows from parameters only runs once
                kind = (graph.descs[Entry(node)][0], i < len(graph.forward), id(node) in constant)
                self.of[id(node)] = _Group(kind, [node], [i])

    def try_to_join(self, node: Node, source: Node) -> None:
        """Unite the groups of a node and of one that it reads, if they may be one."""
        mine, other = self.of[id(node)], self.of.get(id(source))
        if other is None or other is mine or other.kind != mine.kind:
            return
        both = sorted(zip(mine.positions + other.positions, mine.members + other.members), key=lambda pair: pair[0])
        group = _Group(mine.kind, [n for _, n in both], [p for p, _ in both])
        if len(both) <= MOST_MEMBERS and self.gradients(group) <= 1 and not self.is_cyclic(group):
            self.of.update({id(n): group for n in group.members})

    def cut(self, group: _Group) -> Iterator[_Group]:
        """Parts that are no longer than a chain may be, cut where the fewest results go over from one to the next."""
        left = group
        while left.members:
            longest = 1
            while longest < len(left.members) and self.fits(left.part(0, longest + 1)):
                longest += 1
            end = longest
            if longest < len(left.members):
                crossing = self.crossing(left)
                end = min(range(longest // 4 + 1, longest + 1), key=lambda i: (crossing[i], -i))
            yield left.part(0, end)
            left = left.part(end, len(left.members))

    def fits(self, group: _Group) -> bool:
        """Whether a group is no longer than a chain may be; add_n runs a kernel for each further term."""
        calls = sum(max(1, len(n.inputs) - 1) if is_op(n, "add_n") else 1 for n in group.members)
        return calls <= MOST_CALLS and self.arrays(group) <= MOST_ARRAYS

    def crossing(self, group: _Group) -> list[int]:
        """For each place in the order of the members, how many results from before it are read behind it."""
        place = {id(n): i for i, n in enumerate(group.members)}
        last = [max((place.get(id(r), -1) for r in self.readers[Entry(n)]), default=-1) for n in group.members]
        return [sum(last[k] >= i for k in range(i)) for i in range(len(last) + 1)]

    def gradients(self, group: _Group) -> int:
        """How many gradients a chain completes; with several, the first would be announced no sooner than the last."""
        return sum(Entry(n) in self.results for n in group.members)

    def arrays(self, group: _Group) -> int:
        """How many arrays the chain of a group reads and writes."""
        inside = {id(n) for n in group.members}
        read = {e for n in group.members for e in _read(n) if id(e.node) not in inside and not _is_fill(e)}
        return len(read) + sum(_is_output(n, inside, self.readers) for n in group.members)

    def is_cyclic(self, group: _Group) -> bool:
        """Whether a path leaves the group and comes back, other groups taken as one node each."""
        inside = {id(n) for n in group.members}
        stack = [e.node for n in group.members for e in n.inputs if id(e.node) not in inside]
        seen: set[int] = set()
        while stack:
            node = stack.pop()
            if id(node) in inside:
                return True
            other = self.of.get(id(node))
            unit = other if other is not None else node
            last = other.positions[-1] if other is not None else self.position[id(node)]
            if id(unit) in seen or last < group.positions[0]:
                continue
            seen.add(id(unit))
            members = other.members if other is not None else [node]
            # within its own group a path does not leave it
            own = {id(n) for n in members}
            stack += [e.node for n in members for e in n.inputs if id(e.node) not in own]
        return False


def _is_candidate(node: Node, graph: Graph) -> bool:
    if node.op is None or product(graph.descs[Entry(node)][0]) == 0:
        return False
    ins = [graph.descs[e] for e in node.inputs]
    outs = [graph.descs[Entry(node, i)] for i in range(node.num_outputs)]
    if not node.op.maps(node.attrs, ins, outs):
        return False
    return graph.device_type == engine.CPU or _has_source(node, ins, outs)


def _has_source(node: Node, ins: list[tuple], outs: list[tuple]) -> bool:
    """Whether the GPU's chains know the kernel of a node; add_n becomes additions."""
    op = node.op
    assert op is not None
    if is_op(node, "add_n"):
        return len(ins) > 1
    return op.kernel_spec(node.attrs, ins, outs, False)[0] in engine.chain_members()


def _read(node: Node) -> Iterator[Entry]:
    """Inputs whose values are read."""
    names = node.op.input_names(node.attrs)  # type: ignore[union-attr]
    return (e for e, name in zip(node.inputs, names) if name not in node.op.shape_only)  # type: ignore[union-attr]


def _is_fill(entry: Entry) -> bool:
    return entry.node.op is not None and entry.node.op.name in FILLS


def _is_output(node: Node, inside: set[int], readers: Readers) -> bool:
    return any(r is None or id(r) not in inside for r in readers[Entry(node)])


def _constants(graph: Graph) -> set[int]:
    """Ids of the nodes whose values follow from parameters only."""
    if graph.grads:
        return set()
    found: set[int] = set()
    for node in graph.forward:
        if node.is_variable:
            known = node.name in graph.parameters
        else:
            known = bool(node.inputs) and all(id(e.node) in found for e in node.inputs)
        if known:
            found.add(id(node))
    return found


# -- replacing them ----------------------------------------------------------------------------------------------------


def _calls_of(node: Node, operands: list[int], desc: tuple, position: int) -> list[_Call]:
    """A node as members of a chain, the first of which gets this position."""
    assert node.op is not None
    if node.op.name != "add_n" or len(operands) == 1:
        return [_Call(node.op, node.attrs, operands, desc)]
    # add_n goes over its result once for each term, so it could not lie over any but the first
    add = get("elemwise_add")
    pairs = zip([operands[0], *range(position, position + len(operands) - 2)], operands[1:])
    return [_Call(add, {}, list(pair), desc) for pair in pairs]


class _Join:
    """Builds the chains while the graph is walked. A chain grows until its last member has been met."""

    def __init__(self, graph: Graph, groups: dict[int, _Group]) -> None:
        self.graph, self.groups, self.readers = graph, groups, Readers(graph)
        self.chains: dict[int, Node] = {}  # by the id of the group
        self.places: dict[int, int] = {}  # of members in their chain, by id

    def change(self, node: Node, inputs: list[Entry]) -> Sequence[Entry] | None:
        group = self.groups.get(id(node))
        if group is None:
            return None
        chain = self.chains.get(id(group))
        if chain is None:
            chain = self.chains[id(group)] = Node(CHAIN, "", {"calls": [], "outputs": [], "inputs": []})
        return [self.append(chain, group, node, inputs)]

    def append(self, chain: Node, group: _Group, node: Node, inputs: list[Entry]) -> Entry:
        """Append a member and return what takes its place."""
        inside = {id(n) for n in group.members}
        calls, outputs = chain.attrs["calls"], chain.attrs["outputs"]
        new = dict(zip(node.inputs, inputs))
        operands = [
            self.places[id(e.node)] if id(e.node) in inside else self.outside(chain, new[e], e, group.kind[0])
            for e in _read(node)
        ]
        calls += _calls_of(node, operands, self.graph.descs[Entry(node)], len(calls))
        self.places[id(node)] = len(calls) - 1
        chain.name, chain.user_attrs = node.name, node.user_attrs
        if not _is_output(node, inside, self.readers):
            return Entry(Node(None, f"inside a chain: {node.name}"))
        outputs.append(len(calls) - 1)
        return Entry(chain, len(outputs) - 1)

    def outside(self, chain: Node, entry: Entry, old: Entry, shape: tuple[int, ...]) -> int:
        """Number of an operand that is no member: an input, or an array of one value, made for each block."""
        desc, calls = self.graph.descs[old], chain.attrs["calls"]
        if desc[0] == shape and _is_fill(old):
            calls.append(_Call(old.node.op, old.node.attrs, [], desc))  # type: ignore[arg-type]
            return len(calls) - 1
        if entry not in chain.inputs:
            chain.inputs.append(entry)
            chain.attrs["inputs"].append(desc)
        return -1 - chain.inputs.index(entry)
