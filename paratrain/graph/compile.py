"""The passes in order, from gradient to lowering; and what came of them as a `CompiledProgram`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from paratrain.ext import engine
from paratrain.graph.budget import Budget, fit
from paratrain.graph.chains import join_chains
from paratrain.graph.fold import fold
from paratrain.graph.fuse import fuse
from paratrain.graph.gradient import gradient
from paratrain.graph.infer import infer_graph
from paratrain.graph.ir import Entry, F, Node, topological
from paratrain.graph.lower import Kernels, Lowered, lower
from paratrain.graph.passes import ORDER, Graph, enabled
from paratrain.graph.recompute import recompute
from paratrain.graph.simplify import simplify
from paratrain.ops.rules import known

__all__ = ["CompiledProgram", "compile_graph"]

#: The passes of `ORDER` by name.
PASSES: dict[str, Callable[[Graph], Graph]] = {
    "simplify": simplify,
    "fold": fold,
    "fuse": fuse,
    "recompute": recompute,
    "chains": join_chains,
}

HEAD = "head_grad:"
OLD = "old_grad:"
SCALE = "loss_scale:"


@dataclass
class CompiledProgram:
    """A native program with its arena, ready to be bound.

    Attributes
    ----------
    program : engine.Program
    lowered : Lowered
        Steps, buffers and sizes, for reports.
    grads : list of str
        Variables whose gradient is asked for, in the order in which backward completes them (mark k: the first k are
        done).
    """

    program: Any
    lowered: Lowered
    grads: list[str]
    _bound: dict[str, Any] = field(default_factory=dict, repr=False)
    _sources: list[Any] | None = field(default=None, repr=False)  # memory that the prologue reads
    _versions: list[int | None] | None = field(default=None, repr=False)  # of it at the last run
    _replayed: bool | None = field(default=None, repr=False)  # as CUDA graphs; None: not on a GPU

    @property
    def num_prologue(self) -> int:
        """Steps whose results follow from parameters only."""
        return self.lowered.num_prologue

    def run_forward(self, last: int, key: tuple[int, int], stream: Any) -> None:
        """Run from the beginning up to step `last`; the prologue only if a parameter has changed since the last run.

        Parameters
        ----------
        last : int
            Number of steps: `num_forward`, or ``len(program)`` with backward.
        key : (int, int)
            Random key of the run.
        stream
            Stream of a GPU, or None.
        """
        versions = self._source_versions()
        fresh = bool(versions) and versions == self._versions and None not in versions
        self._versions = None  # a run that fails half-way leaves nothing to rely on
        self.program.run(self.num_prologue if fresh else 0, last, *key, stream)
        self._versions = versions

    def _source_versions(self) -> list[int | None]:
        if not self.num_prologue:
            return []
        if self._sources is None:
            slots = self.lowered.constant_slots
            found = {id(s): s for s in (self._bound[self.lowered.slots[i - 1]].storage for i in slots)}
            self._sources = list(found.values())
        return [s.version for s in self._sources]

    @property
    def num_forward(self) -> int:
        """Steps of the forward pass."""
        return self.lowered.num_forward

    def allocate(self, device: tuple[int, int]) -> None:
        """Get the arena from the device's pool, and let a GPU run the program as CUDA graphs where that is wanted."""
        if device[0] == engine.GPU:
            from paratrain.ext import cuda

            self._replayed = cuda.graphs_wanted()
            self.program.replay_after(cuda.PLAIN_RUNS if self._replayed else -1)
        self.program.bind(0, engine.Storage(device[0], device[1], self.lowered.arena_bytes, exact=True))

    def bind(self, arrays: dict[str, Any]) -> None:
        """Bind arrays by slot name; every slot needs one.

        Raises
        ------
        KeyError
            If a slot has no array.
        """
        self._sources = self._versions = None
        self._bound = {name: arrays[name] for name in self.lowered.slots}
        for i, array in enumerate(self._bound.values()):
            self.program.bind(i + 1, array.storage, array.offset)

    def debug_str(self) -> str:
        """The plan as text: steps with kernels and places, bytes of the arena."""
        low = self.lowered
        lines = [f"{len(low.steps)} steps ({low.num_forward} forward), arena {low.arena_bytes} bytes"]
        lines += [] if self._replayed is None else [f"CUDA graphs: {self._about_graphs()}"]
        for i, step in enumerate(low.steps):
            if i == low.num_forward:
                lines.append("-- backward --")
            ins = ", ".join(_show(v, low) for v in step.ins)
            outs = ", ".join(_show(v, low) for v in step.outs)
            mark = f"  [{step.mark} gradients ready]" if step.mark >= 0 else ""
            lines.append(f"{i:4d} {step.name} {step.op} <{step.kernel.implementation}> {ins} -> {outs}{mark}")
        return "\n".join(lines)

    def _about_graphs(self) -> str:
        if not self._replayed:
            return "off (PARATRAIN_CUDA_GRAPHS=1 switches them on)"
        if self.program.obstacle is not None:
            return f"none, for {self.program.obstacle} cannot be recorded"
        return f"{self.program.replays} runs"


def _show(value: Any, lowered: Lowered) -> str:
    shape, dtype, layout = value.desc
    slot = value.buffer.slot
    place = f"@{value.buffer.offset}" if slot == 0 else lowered.slots[slot - 1]
    return f"{place}:{dtype}{list(shape)}{'' if layout is None else ':' + layout.name}"


def compile_graph(
    outputs: Sequence[Entry],
    variables: dict[str, tuple],
    device_type: int,
    train: bool,
    grad_req: dict[str, str] | None = None,
    watched: Sequence[Entry] = (),
    loss_scale: bool = False,
    memory_budget: Budget = None,
) -> CompiledProgram:
    """Compile a graph for given shapes.

    Parameters
    ----------
    outputs : sequence of Entry
    variables : dict of str to (shape, dtype)
        Every variable of the graph.
    device_type : int
        1 for the CPU, 2 for a GPU.
    train : bool
        Whether operators behave as in training; without, there is no backward pass.
    grad_req : dict of str to {'write', 'add', 'null'}, optional
        For each variable.
    watched : sequence of Entry, optional
        Intermediate results to be kept as further outputs; no gradient comes from them.
    loss_scale : bool
        Whether all gradients are multiplied by a number that is bound from outside, shape (1,), float32.
    memory_budget : int or str, optional
        Bytes that the arena of a program with a backward pass may take; see `paratrain.graph.budget.fit`.

    Returns
    -------
    CompiledProgram
        Slots are named after the variables, ``output:i``, ``grad:name``, ``head_grad:i`` and ``loss_scale:``.

    Raises
    ------
    ValueError
        If no program fits the budget.
    """
    graph = build(outputs, variables, device_type, train, grad_req, watched, loss_scale)
    graph = _run(ORDER[: ORDER.index("recompute")], graph)
    lowered = _with_recompute(graph, Kernels(device_type), memory_budget)
    made = CompiledProgram(lowered.program(), lowered, [n for n, _ in graph.grads])
    if memory_budget is not None:
        del graph
        engine.release_pool()  # where memory is short, that of the search for a plan is not kept
    return made


def _run(names: Sequence[str], graph: Graph) -> Graph:
    for name in names:
        if enabled(name):
            graph = PASSES[name](graph)
    return graph


def _with_recompute(graph: Graph, kernels: Kernels, budget: Budget) -> Lowered:
    """Lower a graph with the nodes dropped that should be, unless that takes more memory than without."""
    last = ORDER[ORDER.index("recompute") + 1 :]
    if budget is not None and graph.grads:
        # results of a chain are in memory all at once, which may be what does not fit
        return fit(graph, budget, lambda g: _smaller(lower(_run(last, g), kernels), lower(g, kernels)))
    dropped = _run(["recompute"], graph)
    made = lower(_run(last, graph), kernels)
    return made if dropped is graph else _smaller(made, lower(_run(last, dropped), kernels))


def _smaller(one: Lowered, other: Lowered) -> Lowered:
    """The one with the smaller arena; the first if they are alike."""
    return other if other.arena_bytes < one.arena_bytes else one


def build(
    outputs: Sequence[Entry],
    variables: dict[str, tuple],
    device_type: int,
    train: bool,
    grad_req: dict[str, str] | None = None,
    watched: Sequence[Entry] = (),
    loss_scale: bool = False,
) -> Graph:
    """The graph with its gradients, before any pass; for arguments see `compile_graph`."""
    descs = dict(variables)
    grads: list[tuple[str, Entry]] = []
    aliases: dict[str, str] = {}
    if train and grad_req:
        scale = Entry(Node(None, SCALE)) if loss_scale else None
        descs |= {SCALE: ((1,), "float32")} if loss_scale else {}
        grads = _gradients(outputs, topological(outputs), descs, grad_req, aliases, scale)
    everything = entry_descs([*outputs, *watched, *(e for _, e in grads)], descs)
    graph = Graph([*outputs, *watched], grads, everything, device_type, train, aliases, _parameters(outputs))
    order = [*graph.forward, *graph.backward]
    graph.op_ids = {n: i for i, n in enumerate(order) if n.op is not None and n.op.draws(n.attrs)}
    return graph


def _parameters(outputs: Sequence[Entry]) -> frozenset[str]:
    nodes = topological(outputs)
    first = {id(_before_casts(n.inputs[0]).node) for n in nodes if n.inputs and not _is_cast(n)}
    return frozenset(n.name for n in nodes if n.is_variable and id(n) not in first)


def _is_cast(node: Node) -> bool:
    """Whether mixed precision put the node in: it reads parameters, too."""
    return node.op is not None and node.op.name in ("amp_cast", "amp_multicast")


def _before_casts(entry: Entry) -> Entry:
    while _is_cast(entry.node):
        entry = entry.node.inputs[entry.index]
    return entry


def _gradients(
    outputs: Sequence[Entry],
    forward: Sequence[Node],
    descs: dict[str, tuple],
    grad_req: dict[str, str],
    aliases: dict[str, str],
    scale: Entry | None,
) -> list[tuple[str, Entry]]:
    """Gradient entries by variable, in the order in which the backward pass reaches the variables."""
    wanted = [n for n in forward if n.is_variable and grad_req.get(n.name, "null") != "null"]
    heads = []
    known_descs = entry_descs(outputs, descs)
    for i, out in enumerate(outputs):
        head = Node(None, f"{HEAD}{i}")
        descs[head.name] = known_descs[out]
        heads.append(Entry(head))
    first_use: dict[int, int] = {}
    for position, node in enumerate(forward):
        for e in node.inputs:
            first_use.setdefault(id(e.node), position)
    # Backward runs from the last layer to the first: so do the marks, and the walk that orders the nodes.
    wanted.sort(key=lambda n: -first_use.get(id(n), -1))
    found: list[tuple[str, Entry]] = []
    for node, entry in zip(wanted, gradient(outputs, heads, wanted, scale)):
        if entry is None:  # no output depends on it
            entry = F.zeros_like(Entry(node))
        if grad_req[node.name] == "add":
            old = Node(None, f"{OLD}{node.name}")
            descs[old.name] = descs[node.name]
            aliases[old.name] = f"grad:{node.name}"
            entry = F.elemwise_add(Entry(old), entry)
        found.append((node.name, entry))
    return found


def entry_descs(outputs: Sequence[Entry], variables: dict[str, tuple]) -> dict[Entry, tuple]:
    """(shape, dtype) of every entry that the outputs depend on, for known variables.

    Raises
    ------
    ValueError
        If a shape does not follow from the variables.
    """
    shapes, dtypes = infer_graph(
        outputs, {n: d[0] for n, d in variables.items()}, {n: d[1] for n, d in variables.items()}
    )
    descs = {}
    for entry, shape in shapes.items():
        if not known(shape) or dtypes[entry] is None:
            raise ValueError(f"[compile] the shape of {entry.node.name} does not follow from the variables")
        descs[entry] = (shape, dtypes[entry])
    return descs
