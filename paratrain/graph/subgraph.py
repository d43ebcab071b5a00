"""A graph as a parameter of an operator: the body of a loop, the condition, a branch.

`Subgraph` says what is in it; `Part` compiles it to a program of its own and knows where each of the program's arrays
lies when a loop runs it (`ext/core/control.h`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from paratrain.ext import engine
from paratrain.graph.compile import compile_graph
from paratrain.graph.infer import infer_dtypes, infer_shapes
from paratrain.graph.ir import Entry, F, Node, topological
from paratrain.graph.simplify import changed_inputs
from paratrain.ops.rules import MaybeDtype, MaybeShape, known

__all__ = ["Part", "Place", "Scratch", "Subgraph", "fixed", "sliced"]

#: (base, index, offset, stride, shift, modulus) of `engine.make_control`.
Place = tuple[int, int, int, int, int, int]


class Subgraph:
    """A graph with its inputs in order.

    Parameters
    ----------
    outputs : sequence of Entry

    Attributes
    ----------
    outputs : list of Entry
        As in a file.
    variables : list of Node
        Its inputs, in the order of a depth-first walk.
    """

    def __init__(self, outputs: Sequence[Entry]) -> None:
        self.outputs = list(outputs)
        self.variables = [n for n in topological(self.outputs) if n.is_variable]

    @cached_property
    def renamed(self) -> list[Entry]:
        """The outputs of a copy whose variables are called ``arg0, arg1, ...``."""
        made = {id(n): Node(None, f"arg{i}", user_attrs=n.user_attrs) for i, n in enumerate(self.variables)}
        for node in topological(self.outputs):
            if node.op is not None:
                made[id(node)] = node.with_inputs([Entry(made[id(e.node)], e.index) for e in node.inputs])
        return [Entry(made[id(e.node)], e.index) for e in self.outputs]

    def __repr__(self) -> str:
        return f"<Subgraph {', '.join(e.node.name for e in self.outputs)}>"

    @cached_property
    def _arguments(self) -> list[Entry | None]:
        found = {n.name: Entry(n) for n in topological(self.renamed) if n.is_variable}
        return [found.get(f"arg{i}") for i in range(len(self.variables))]

    @cached_property
    def changed(self) -> frozenset[int]:
        """Inputs that its operators change in place, such as moving means."""
        nodes = topological(self.renamed)
        names = {e.node.name for n in nodes for e in changed_inputs(n) if e.node.is_variable}
        return frozenset(i for i in range(len(self.variables)) if f"arg{i}" in names)

    @cached_property
    def random(self) -> bool:
        """Whether it draws random numbers."""
        return any(n.op is not None and n.op.random for n in topological(self.outputs))

    def shapes(self, ins: Sequence[MaybeShape]) -> tuple[list[MaybeShape], list[MaybeShape]]:
        """Shapes of inputs and outputs from what is known of the inputs."""
        found = infer_shapes(self.renamed, {f"arg{i}": s for i, s in enumerate(ins) if s is not None})
        return [s if e is None else found[e] for e, s in zip(self._arguments, ins)], [found[e] for e in self.renamed]

    def dtypes(self, ins: Sequence[MaybeDtype]) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
        """Dtypes of inputs and outputs from what is known of the inputs."""
        found = infer_dtypes(self.renamed, {f"arg{i}": t for i, t in enumerate(ins) if t is not None})
        return [t if e is None else found[e] for e, t in zip(self._arguments, ins)], [found[e] for e in self.renamed]


def fixed(base: int, index: int, offset: int = 0) -> Place:
    """A place that is the same in every turn."""
    return base, index, offset, 0, 0, 0


def sliced(base: int, index: int, nbytes: int, shift: int = 0) -> Place:
    """Turn i has the i-th (plus `shift`) part of an array."""
    return base, index, 0, nbytes, shift, 0


class Scratch:
    """The kernel's scratch memory: the arena of all its programs, then what is asked for.

    Parameters
    ----------
    device_type : int
    parts : sequence of Part
    """

    def __init__(self, device_type: int, parts: Sequence[Part]) -> None:
        self._align = 64 if device_type == engine.CPU else 256
        self.nbytes = 0
        self.take(max((p.arena for p in parts), default=0))

    def take(self, nbytes: int) -> int:
        """Offset of a piece of its own."""
        offset = self.nbytes
        self.nbytes += -(-nbytes // self._align) * self._align
        return offset

    def by_turns(self, nbytes: int) -> tuple[Place, Place]:
        """Two pieces that change places with every turn: that of this turn, and that of the next."""
        offset = self.take(2 * nbytes)
        return (engine.PLACE_SCRATCH, 0, offset, nbytes, 0, 2), (engine.PLACE_SCRATCH, 0, offset, nbytes, 1, 2)


class Part:
    """A program that a loop or branch runs.

    Parameters
    ----------
    outputs : sequence of Entry
    variables : dict of str to (shape, dtype)
    device_type : int
    train : bool
    grad_req : dict of str to str, optional
    """

    def __init__(
        self,
        outputs: Sequence[Entry],
        variables: dict[str, tuple],
        device_type: int,
        train: bool,
        grad_req: dict[str, str] | None = None,
    ) -> None:
        made = compile_graph(outputs, variables, device_type, train, grad_req)
        self._program, self._slots = made.program, made.lowered.slots
        self.arena = made.lowered.arena_bytes

    def at(self, places: Mapping[str, Place]) -> tuple[Any, list[tuple[int, ...]]]:
        """The program with a place for each of its slots."""
        return self._program, [(i + 1, *places[name]) for i, name in enumerate(self._slots)]


class Moves:
    """Arrays that are copied or filled with zeros before or after all turns.

    Parameters
    ----------
    device_type : int
    """

    def __init__(self, device_type: int) -> None:
        self._device_type = device_type
        self._outputs: list[Entry] = []
        self._variables: dict[str, tuple] = {}
        self._places: dict[str, Place] = {}

    def copy(self, desc: tuple, source: Place, target: Place) -> None:
        """Copy an array ``(shape, dtype)``."""
        name = f"arg{len(self._outputs)}"
        self._variables[name] = desc
        self._places[name] = source
        self._add(F._copy(Entry(Node(None, name))), target)

    def zero(self, desc: tuple, target: Place) -> None:
        """Fill an array ``(shape, dtype)`` with zeros."""
        self._add(zeros(desc), target)

    def _add(self, entry: Entry, target: Place) -> None:
        self._places[f"output:{len(self._outputs)}"] = target
        self._outputs.append(entry)

    def part(self) -> tuple[Any, list[tuple[int, ...]]] | None:
        """The program with its places; None if there is nothing to do. It needs no temporary arrays."""
        if not self._outputs:
            return None
        made = Part(self._outputs, self._variables, self._device_type, False)
        assert made.arena == 0
        return made.at(self._places)


def zeros(desc: tuple) -> Entry:
    """An array of zeros ``(shape, dtype)``."""
    return F._zeros(shape=desc[0], dtype=desc[1])


def check_known(what: str, shapes: Sequence[MaybeShape]) -> None:
    """Refuse shapes that do not follow."""
    if not all(known(s) for s in shapes):
        raise ValueError(f"the shapes of {what} do not follow from those given")
