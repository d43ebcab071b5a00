"""From a graph to a native program: kernels, buffers, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from paratrain.base import item_size
from paratrain.ext import engine
from paratrain.graph.chains import CHAIN
from paratrain.graph.ir import Entry, Node
from paratrain.graph.layout import common_layout, in_order
from paratrain.graph.memory import ALIGN, Buffer, live_peak, plan_arena
from paratrain.graph.passes import Graph, Readers
from paratrain.ops.rules import product

__all__ = ["Kernels", "Lowered", "Step", "Value", "lower"]


@dataclass(eq=False, slots=True)
class Value:
    """One array of the program: what it is and the buffer it lies in."""

    desc: tuple  # (shape, dtype, layout or None)
    buffer: Buffer

    @property
    def shape_dtype(self) -> tuple:
        """(shape, dtype)."""
        return self.desc[:2]


@dataclass(eq=False, slots=True)
class Step:
    """One kernel with its arguments."""

    name: str
    op: str
    kernel: Any
    ins: list[Value]
    outs: list[Value]
    mark: int = -1
    unread: frozenset[int] = frozenset()  # inputs of which only the shape counts
    mutates: tuple[int, ...] = ()  # inputs that the kernel changes
    constant: bool = False  # follows from parameters only
    flops: int = 0  # arithmetic operations by the operator's definition
    workspace: Buffer | None = None  # the kernel's scratch memory

    @property
    def touched(self) -> list[Value]:
        """Values whose memory the kernel uses."""
        return [*(v for i, v in enumerate(self.ins) if i not in self.unread), *self.outs]

    @property
    def nbytes(self) -> int:
        """Bytes that the kernel reads and writes, scratch memory left out."""
        return sum(_nbytes(v.desc) for v in self.touched)


@dataclass
class Lowered:
    """What lowering decided, before it becomes an `engine.Program`.

    Attributes
    ----------
    steps : list of Step
    num_prologue : int
        Steps at the beginning whose results follow from parameters only: they need to run again only when one of
        those has changed. Only programs without backward have any.
    num_forward : int
        Steps before the first one of the backward pass.
    arena_bytes : int
        Of all temporary arrays and the kernels' scratch memory.
    least_bytes : int
        Most bytes of the arena in use at one step: no arrangement needs less.
    slots : list of str
        Names of the arrays bound from outside; slot i + 1 is ``slots[i]``.
    """

    steps: list[Step] = field(default_factory=list)
    num_prologue: int = 0
    num_forward: int = 0
    arena_bytes: int = 0
    least_bytes: int = 0
    slots: list[str] = field(default_factory=list)

    def program(self) -> engine.Program:
        """The native program."""
        made = engine.Program(len(self.slots))
        made.about = self.steps
        for step in self.steps:
            ins, outs = [_place(v) for v in step.ins], [_place(v) for v in step.outs]
            workspace = -1 if step.workspace is None else step.workspace.offset
            made.add(step.kernel, step.name, ins, outs, step.mark, step.mutates, workspace)
        return made

    @property
    def constant_slots(self) -> set[int]:
        """Slots that the prologue reads."""
        return {v.buffer.slot for s in self.steps[: self.num_prologue] for v in s.ins} - {0}


def _place(value: Value) -> tuple[int, int]:
    return value.buffer.slot, value.buffer.offset


def _nbytes(desc: tuple) -> int:
    return desc[2].nbytes if desc[2] is not None else product(desc[0]) * item_size(desc[1])


_ALWAYS = 1 << 60
#: Libraries for GPUs want their scratch memory aligned like an allocation of its own.
GPU_ALIGN = 256


class Kernels:
    """Kernels of a device by what they are made for; nodes that are alike share one, for it keeps nothing between runs.

    Parameters
    ----------
    device_type : int
    """

    def __init__(self, device_type: int) -> None:
        self.device_type = device_type
        self._made: dict[tuple, list[tuple[list[Any], Any]]] = {}

    def make(
        self, name: str, attrs: dict, ins: list[tuple], outs: list[tuple], any_layout: bool = False, label: Any = None
    ) -> Any:
        """As `engine.make_kernel`."""
        # repr tells -0.0 from 0.0, and True from 1
        key = (name, any_layout, label, repr(attrs), *(d[:2] for d in ins), None, *(d[:2] for d in outs))
        layouts = [d[2] if len(d) > 2 else None for d in (*ins, *outs)]
        known = self._made.setdefault(key, [])
        for others, kernel in known:
            if others == layouts:
                return kernel
        if name == "chain" and self.device_type == engine.GPU:
            attrs = {**attrs, "functions": _compiled_chain(attrs, ins, outs)}
        made = engine.make_kernel(name, self.device_type, attrs, ins, outs, any_layout, label)
        known.append((layouts, made))
        return made


def _compiled_chain(attrs: dict, ins: list[tuple], outs: list[tuple]) -> tuple[int, ...]:
    """The functions of a chain, one for each GPU."""
    from paratrain.ext import cuda

    return cuda.backend().chain(engine.chain_source(attrs, ins, outs)[0])


class _Lowering:
    """State of one lowering; `lower` is its only user."""

    def __init__(self, graph: Graph, kernels: Kernels, last_use: dict[Entry, int]) -> None:
        self.descs, self.device_type, self.train = graph.descs, graph.device_type, graph.train
        self.op_ids, self.kernels, self.last_use = graph.op_ids, kernels, last_use
        self.nodes_reading = Readers(graph)
        self.out = Lowered()
        self.values: dict[Entry, Value] = {}
        self.reordered: dict[tuple[int, str], list[Value]] = {}
        self.buffers: list[Buffer] = []
        self.targets: dict[Entry, list[Buffer]] = {}
        self.outputs: list[Buffer] = []  # of the targets: those of the graph's outputs
        self.claimed: set[Entry] = set()  # results whose target holds one of their inputs from the start
        self.readers: dict[int, int] = {}  # id of buffer -> node position that last needs it
        self.constants: set[int] = set()  # ids of buffers whose contents follow from parameters only
        self.position = 0

    # -- places ---------------------------------------------------------------------------------------------------

    def external(self, name: str) -> Buffer:
        self.out.slots.append(name)
        return Buffer(0, slot=len(self.out.slots))

    def arena(self, desc: tuple) -> Value:
        buffer = Buffer(_nbytes(desc))
        self.buffers.append(buffer)
        return Value(desc, buffer)

    def emit(self, step: Step, repeatable: bool = True) -> None:
        """Append a step; what follows from parameters only is noted as such."""
        inside = all(v.buffer.slot == 0 for v in step.outs)
        known = step.ins and all(id(v.buffer) in self.constants for v in step.ins)
        if inside and known and repeatable and not step.mutates:
            step.constant = True
            self.constants.update(id(v.buffer) for v in step.outs)
            self.readers.update({id(v.buffer): _ALWAYS for v in step.outs})
        self.out.steps.append(step)

    # -- layouts --------------------------------------------------------------------------------------------------

    def reorder(self, value: Value, layout: Any, target: Value | None = None) -> Value:
        """`value` in another layout (None: plain); each conversion is done once."""
        key = (id(value), "" if layout is None else layout.name)
        if target is None:
            for done in self.reordered.get(key, []):
                if done.desc[2] == layout:
                    return done
        desc = (*value.shape_dtype, layout)
        made = target or self.arena(desc)
        self.readers[id(made.buffer)] = _ALWAYS  # found again by later readers: never overwritten
        kernel = self.kernels.make("reorder", {}, [value.desc], [desc])
        self.emit(Step("reorder", "reorder", kernel, [value], [made]))
        if target is None:
            self.reordered.setdefault(key, []).append(made)
        return made

    # -- nodes ----------------------------------------------------------------------------------------------------

    def node(self, node: Node) -> None:
        op = node.op
        assert op is not None
        ins = [self.values[e] for e in node.inputs]
        outs = [self.descs[Entry(node, i)] for i in range(node.num_outputs)]
        if op.view:
            source = ins[0] if ins[0].desc[2] is None else self.reorder(ins[0], None)
            self.finish(node, 0, Value((*outs[0], None), source.buffer))
            return
        op_id = self.op_ids[node] if op.draws(node.attrs) else 0
        name = ""
        attrs: dict[str, Any] = {}
        if op.build is None:
            name, attrs = op.kernel_spec(node.attrs, [v.shape_dtype for v in ins], outs, self.train, op_id)
        unread = frozenset(i for i, n in enumerate(op.input_names(node.attrs)) if n in op.shape_only)
        layout = None
        if op.maps(node.attrs, [v.shape_dtype for v in ins], outs):
            layout = common_layout([v.desc for i, v in enumerate(ins) if i not in unread], outs)
        if layout is not None:
            kernel, ins, out_layouts = self.follow(name, attrs, ins, outs, layout, node, unread)
        elif op.layout == "any" and self.device_type == engine.CPU:
            kernel, ins, out_layouts = self.negotiate(name, attrs, ins, outs, node, unread)
        else:
            ins = [v if v.desc[2] is None or i in unread else self.reorder(v, None) for i, v in enumerate(ins)]
            descs = [v.shape_dtype for v in ins]
            if op.build is not None:
                kernel = op.build(node.attrs, descs, outs, self.train, op_id, self.device_type)
            else:
                kernel = self.kernels.make(name, attrs, descs, outs, label=op.name)
            out_layouts = [None] * len(outs)
        results = self.results(node, ins, [(*d, lay) for d, lay in zip(outs, out_layouts)])
        changed = op.mutated(node.attrs)
        mutates = tuple(i for i, n in enumerate(op.input_names(node.attrs)) if n in changed)
        flops = op.count_flops(node.attrs, [v.shape_dtype for v in ins], outs)
        step = Step(node.name, op.name, kernel, ins, results, unread=unread, mutates=mutates, flops=flops)
        self.emit(step, not op.draws(node.attrs))
        for i, value in enumerate(results):
            self.finish(node, i, value)

    def follow(
        self,
        name: str,
        attrs: dict,
        ins: list[Value],
        outs: list[tuple],
        layout: Any,
        node: Node,
        unread: frozenset[int],
    ) -> tuple[Any, list[Value], list[Any]]:
        """An elementwise operator in the layout that one of its inputs has."""
        shape = outs[0][0]
        wanted = [layout.with_dtype(v.desc[1]) if v.desc[0] == shape else None for v in ins]
        ins = [v if i in unread or v.desc[2] == w else self.reorder(v, w) for i, (v, w) in enumerate(zip(ins, wanted))]
        descs = [in_order(v.shape_dtype, layout.order) for v in ins]
        made = [in_order(d, layout.order) for d in outs]
        kernel = self.kernels.make(name, attrs, descs, made, label=node.op.name)  # type: ignore[union-attr]
        return kernel, ins, [layout.with_dtype(d[1]) for d in outs]

    def negotiate(
        self, name: str, attrs: dict, ins: list[Value], outs: list[tuple], node: Node, unread: frozenset[int]
    ) -> tuple[Any, list[Value], list[Any]]:
        label = node.op.name  # type: ignore[union-attr]
        constant = tuple(i for i, v in enumerate(ins) if id(v.buffer) in self.constants)
        attrs = {**attrs, "constant": constant} if constant else attrs  # a layout of these is made once
        kernel = self.kernels.make(name, attrs, [v.desc for v in ins], outs, True, label)
        wanted = kernel.in_layouts or [None] * len(ins)
        ins = [v if i in unread or v.desc[2] == w else self.reorder(v, w) for i, (v, w) in enumerate(zip(ins, wanted))]
        return kernel, ins, kernel.out_layouts or [None] * len(outs)

    def results(self, node: Node, ins: list[Value], descs: list[tuple]) -> list[Value]:
        """Where the outputs go: an array bound from outside, the place of an input, or a new one."""
        sources = self.overwrites(node)
        values: list[Value] = []
        for i, desc in enumerate(descs):
            targets = self.targets.get(Entry(node, i))
            taken = [v.buffer for v in values]
            source = next((s for o, s in sources if o == i and self.may_overwrite(ins, s, desc, taken)), None)
            ahead = self.ahead(Entry(node, i), desc)
            if targets and desc[2] is None:
                values.append(Value(desc, targets.pop(0)))
            elif ahead is not None:
                values.append(Value(desc, ahead))
            elif source is not None:
                values.append(Value(desc, ins[source].buffer))
            else:
                values.append(self.arena(desc))
        return values

    def ahead(self, entry: Entry, desc: tuple) -> Buffer | None:
        """The output array that the only reader of `entry` will write over it: it can lie there from the start."""
        readers = self.nodes_reading[entry]
        reader = readers[0] if len(readers) == 1 else None
        if reader is None or desc[2] is not None:
            return None
        for output, source in self.overwrites(reader):
            result = Entry(reader, output)
            targets = self.targets.get(result)
            if not targets or targets[0] not in self.outputs or reader.inputs[source : source + 1] != [entry]:
                continue
            if result not in self.claimed and _nbytes((*self.descs[result], None)) == _nbytes(desc):
                self.claimed.add(result)
                return targets[0]
        return None

    def overwrites(self, node: Node) -> Sequence[tuple[int, int]]:
        """Pairs (output, input over which it may be written); on a GPU for simple kernels only (cuDNN is silent)."""
        op = node.op
        if op is None or (self.device_type != engine.CPU and op.inplace is not True and op is not CHAIN):
            return ()
        return op.overwrites(node.attrs)

    def may_overwrite(self, ins: list[Value], source: int, desc: tuple, taken: list[Buffer]) -> bool:
        if source >= len(ins):
            return False
        buffer = ins[source].buffer
        if buffer.slot or buffer.nbytes != _nbytes(desc) or buffer in taken:
            return False
        if any(v.buffer is buffer for i, v in enumerate(ins) if i != source):
            return False
        return self.readers.get(id(buffer), -1) <= self.position

    def finish(self, node: Node, index: int, value: Value) -> None:
        """Register an output; copy it to arrays bound from outside that it was not written to directly."""
        entry = Entry(node, index)
        self.values[entry] = value
        need = max(self.last_use.get(entry, -1), self.readers.get(id(value.buffer), -1))
        self.readers[id(value.buffer)] = need
        for buffer in self.targets.pop(entry, []):
            self.copy_out(value, buffer)

    def copy_out(self, value: Value, buffer: Buffer) -> None:
        plain = (*value.shape_dtype, None)
        target = Value(plain, buffer)
        if value.desc[2] is not None:
            self.reorder(value, None, target)
            return
        descs = [value.shape_dtype]
        kernel = self.kernels.make("copy", {}, descs, descs)
        self.emit(Step("copy", "_copy", kernel, [value], [target]))


def lower(graph: Graph, kernels: Kernels | None = None) -> Lowered:
    """Lower a graph; kernels made for it before, with other nodes dropped, are taken from `kernels`.

    Variables are bound from outside under their names, outputs as ``output:i`` and gradients as ``grad:name``, in the
    order in which they should be announced.
    """
    forward, backward = graph.forward, graph.backward
    outputs, grads, descs, aliases = graph.outputs, graph.grads, graph.descs, graph.aliases
    order = [*forward, *backward]
    wanted = [(f"output:{i}", e) for i, e in enumerate(outputs)] + [(f"grad:{n}", e) for n, e in grads]
    state = _Lowering(graph, kernels or Kernels(graph.device_type), _last_uses(order))
    names = [aliases.get(n.name, n.name) for n in order if n.is_variable] + [n for n, _ in wanted]
    slots = {name: state.external(name) for name in dict.fromkeys(names)}
    for name, entry in wanted:
        state.targets.setdefault(entry, []).append(slots[name])
    state.outputs = [slots[f"output:{i}"] for i in range(len(outputs))]
    for position, node in enumerate(order):
        state.position = position
        if position == len(forward):
            state.out.num_forward = len(state.out.steps)
            if graph.frugal:
                state.reordered.clear()
        if node.is_variable:
            buffer = slots[aliases.get(node.name, node.name)]
            if node.name in graph.parameters and not graph.grads:
                state.constants.add(id(buffer))
            state.finish(node, 0, Value((*descs[Entry(node)], None), buffer))
        else:
            state.node(node)
    if not backward:
        state.out.num_forward = len(state.out.steps)
    _put_constants_first(state.out)
    _note_lifetimes(state.out)
    state.buffers += _workspaces(state.out)
    _set_marks(state.out, [slots[f"grad:{n}"] for n, _ in grads])
    align = ALIGN if graph.device_type == engine.CPU else GPU_ALIGN
    state.out.arena_bytes = plan_arena(state.buffers, align)
    state.out.least_bytes = live_peak(state.buffers, align)
    return state.out


def _put_constants_first(lowered: Lowered) -> None:
    """Gather what follows from parameters only into the prologue."""
    lowered.steps.sort(key=lambda step: not step.constant)  # stable
    lowered.num_prologue = sum(step.constant for step in lowered.steps)


def _note_lifetimes(lowered: Lowered) -> None:
    """Tell the buffers which steps use them; what the prologue leaves behind lives for ever."""
    end = len(lowered.steps) - 1
    kept: set[int] = set()
    for i, step in enumerate(lowered.steps):
        for value in step.touched:
            value.buffer.touch(i)
            if i >= lowered.num_prologue and id(value.buffer) in kept:
                value.buffer.touch(end)
        if step.constant:
            kept.update(id(v.buffer) for v in step.outs)


def _workspaces(lowered: Lowered) -> list[Buffer]:
    """Give steps whose kernels need scratch memory a buffer that lives just then."""
    made = []
    for i, step in enumerate(lowered.steps):
        if step.kernel.workspace_bytes:
            step.workspace = Buffer(step.kernel.workspace_bytes, first=i, last=i)
            made.append(step.workspace)
    return made


def _last_uses(order: Sequence[Node]) -> dict[Entry, int]:
    """Position of the last node that reads each entry (inputs of which only the shape counts are not read)."""
    last: dict[Entry, int] = {}
    for position, node in enumerate(order):
        if node.op is None:
            continue
        names = node.op.input_names(node.attrs) if node.op.shape_only else ()
        for i, e in enumerate(node.inputs):
            if not (names and names[i] in node.op.shape_only):
                last[e] = position
    return last


def _set_marks(lowered: Lowered, grads: list[Buffer]) -> None:
    """Mark the steps after which the first k gradients are complete, and read by no later step."""
    last: dict[int, int] = {}
    for i, step in enumerate(lowered.steps):
        last.update({id(v.buffer): i for v in (*step.ins, *step.outs)})
    latest = -1
    for k, buffer in enumerate(grads):
        latest = max(latest, last[id(buffer)])
        lowered.steps[latest].mark = k + 1
