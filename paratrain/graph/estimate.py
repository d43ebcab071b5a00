"""What a graph would cost with some of its nodes dropped, without rewriting it or making kernels.

The bytes leave out what only kernels know (scratch memory, padding, reordered copies), so they serve to compare plans;
what a program needs is what `lower` says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import NamedTuple

from paratrain.graph.ir import Entry, Node
from paratrain.graph.passes import Graph, nbytes
from paratrain.graph.recompute import moved_entries
from paratrain.ops.rules import product

__all__ = ["Cost", "Model", "seconds"]

#: Speeds of a small machine; only their ratio matters.
FLOPS, BYTES = 1e11, 1e10


class Cost(NamedTuple):
    """Bytes of temporary arrays alive at one step at most, and seconds spent on computing again."""

    peak: int
    seconds: float


class _Run(NamedTuple):
    """A node that runs: results it reads and makes, by number."""

    node: int
    reads: Sequence[int]
    makes: Sequence[int]


class Model:
    """A graph as numbers, on which plans are tried quickly.

    Attributes
    ----------
    nodes : list of Node
        All but variables, views left out, in the order in which they run; those of the forward pass come first.
    forward : int
        How many those are.
    entries : list of Entry
        Their results.
    sizes : list of int
        Bytes of each result; 0 for what is no temporary array.
    maker : list of int
        Number of the node that makes it.
    reads, makes : list of list of int
        Of each node: numbers of the results. Views count as what they look at, and shapes are not read.
    moves : list of bool
        For each result, whether it goes when its node is dropped.
    seconds : list of float
        About how long each node runs.
    """

    def __init__(self, graph: Graph) -> None:
        forward = [n for n in graph.forward if n.op is not None and not n.op.view]
        self.nodes = forward + [n for n in graph.backward if n.op is not None and not n.op.view]
        self.forward = len(forward)
        self.entries = [Entry(n, i) for n in self.nodes for i in range(n.num_outputs)]
        self.number = {e: k for k, e in enumerate(self.entries)}
        outside = {root(e) for e in graph.results}
        self.sizes = [0 if e in outside else nbytes(graph.descs[e]) for e in self.entries]
        self.maker = [i for i, n in enumerate(self.nodes) for _ in range(n.num_outputs)]
        self.makes = [[self.number[Entry(n, i)] for i in range(n.num_outputs)] for n in self.nodes]
        self.reads = [self._reads(n) for n in self.nodes]
        moved = {e for n in forward for e in moved_entries(n, graph.descs)}
        self.moves = [e in moved for e in self.entries]
        self.seconds = [seconds(n, graph.descs) for n in self.nodes]
        self._over = [self._overwrites(n) for n in self.nodes]

    def _reads(self, node: Node) -> list[int]:
        assert node.op is not None
        names, unread = node.op.input_names(node.attrs), node.op.shape_only
        found = (root(e) for e, n in zip(node.inputs, names, strict=True) if n not in unread)
        return [self.number[e] for e in found if e in self.number]

    def _overwrites(self, node: Node) -> dict[int, tuple[int, list[int]]]:
        """For each output that may be written over an input: that input, and the others."""
        found = {}
        inputs = [self.number.get(root(e), -1) for e in node.inputs]
        for made, source in node.op.overwrites(node.attrs):  # type: ignore[union-attr]
            if source < len(inputs) and made < node.num_outputs and inputs[source] >= 0:
                found[self.number[Entry(node, made)]] = inputs[source], inputs[:source] + inputs[source + 1 :]
        return found

    def cost(self, dropped: Collection[int] = ()) -> Cost:
        """Cost of the graph when the forward nodes of these numbers are computed again."""
        gone = bytearray(len(self.nodes))
        for i in dropped:
            gone[i] = 1
        moved = [bool(m and gone[i]) for m, i in zip(self.moves, self.maker, strict=True)]
        runs = self._runs(moved)
        again = sum(self.seconds[r.node] for r in runs[self.forward :] if r.node < self.forward)
        return Cost(self._peak(runs), again)

    def _runs(self, moved: list[bool]) -> list[_Run]:
        """All nodes in order, copies included; results of copies are numbered after all others."""
        base = len(self.entries)
        copied = bytearray(self.forward)
        runs = [_Run(i, self.reads[i], self.makes[i]) for i in range(self.forward)]
        for i in range(self.forward, len(self.nodes)):
            reads = self.reads[i]
            if any(moved[e] for e in reads):
                stack = [self.maker[e] for e in reads if moved[e]]
                while stack:
                    k = stack[-1]
                    missing = [self.maker[e] for e in self.reads[k] if moved[e] and not copied[self.maker[e]]]
                    if missing and not copied[k]:
                        stack += missing
                        continue
                    stack.pop()
                    if not copied[k]:
                        copied[k] = 1
                        makes = [e + base for e in self.makes[k] if self.moves[e]]
                        runs.append(_Run(k, [e + base if moved[e] else e for e in self.reads[k]], makes))
                reads = [e + base if moved[e] else e for e in reads]
            runs.append(_Run(i, reads, self.makes[i]))
        return runs

    def _peak(self, runs: Sequence[_Run]) -> int:
        base = len(self.entries)
        last = [-1] * (2 * base + 1)
        for step, run in enumerate(runs):
            for e in run.reads:
                last[e] = step
        buffer = [-1] * (2 * base + 1)  # that a result lies in
        size: list[int] = []
        first: list[int] = []
        until: list[int] = []
        for step, (node, reads, makes) in enumerate(runs):
            over = self._over[node]
            for e in makes:
                source, others = over.get(e % base, (-1, ()))
                if source >= 0:
                    moved = dict(zip((r % base for r in reads), reads, strict=True))  # to what the copy reads
                    b = buffer[moved.get(source, source)]
                    if (
                        until[b] <= step
                        and size[b] == self.sizes[e % base]
                        and all(buffer[moved.get(o, o)] != b for o in others)
                    ):
                        buffer[e] = b
                        until[b] = max(step, last[e])
                        continue
                buffer[e] = len(size)
                size.append(self.sizes[e % base])
                first.append(step)
                until.append(max(step, last[e]))
        change = [0] * (len(runs) + 1)
        for b, bytes_ in enumerate(size):
            change[first[b]] += bytes_
            change[until[b] + 1] -= bytes_
        return max(accumulate(change), default=0)


def root(entry: Entry) -> Entry:
    """What a view looks at, or the entry itself."""
    while entry.node.op is not None and entry.node.op.view:
        entry = entry.node.inputs[0]
    return entry


def seconds(node: Node, descs: dict[Entry, tuple]) -> float:
    """About how long a node runs."""
    if node.op is None or node.op.view:
        return 0.0
    outs = [descs[Entry(node, i)] for i in range(node.num_outputs)]
    moved = sum(nbytes(descs[e]) for e in node.inputs) + sum(map(nbytes, outs))
    return max(moved / BYTES, _flops(node, outs, descs) / FLOPS)


def _flops(node: Node, outs: list[tuple], descs: dict[Entry, tuple]) -> float:
    """Of operators that are worth more than the bytes they move."""
    name = node.op.name if node.op is not None else ""
    shapes = [descs[e][0] for e in node.inputs]
    result = product(outs[0][0])
    if name == "Convolution":
        return 2.0 * result * product(shapes[1][1:])
    if name == "Deconvolution":
        return 2.0 * product(shapes[0]) * product(shapes[1][1:])
    if name == "FullyConnected":
        return 2.0 * result * shapes[1][1]
    if name in ("dot", "batch_dot"):
        return 2.0 * result * shapes[0][-2 if node.attrs.get("transpose_a") else -1]
    if name == "RNN":
        return 2.0 * product(shapes[0][:2]) * shapes[1][0]
    return 0.0
