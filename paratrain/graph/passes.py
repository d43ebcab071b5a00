"""What passes work on, and which of them run.

A pass is a function from `Graph` to `Graph` in a file of its own. `compile_graph` runs those of `ORDER` that are
enabled, each on the result of the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property

from paratrain.base import item_size
from paratrain.graph.infer import infer_node
from paratrain.graph.ir import Entry, Node, topological
from paratrain.graph.schedule import backward_order
from paratrain.ops.rules import product

__all__ = ["ORDER", "WORTHWHILE", "Graph", "Readers", "disabled", "enabled", "is_op", "nbytes"]

#: Passes that can be switched off, in the order in which they run.
ORDER: tuple[str, ...] = ("simplify", "fold", "fuse", "recompute", "chains")

#: Bytes below which a result is not dropped unless that is asked for.
WORTHWHILE = 1 << 20

_disabled: ContextVar[frozenset[str]] = ContextVar("paratrain_disabled_passes", default=frozenset())


@contextmanager
def disabled(*names: str) -> Iterator[None]:
    """Compile without these passes, to compare programs or to find the pass that is to blame.

    Parameters
    ----------
    *names : str
        Of `ORDER`; none: all of them.

    Raises
    ------
    ValueError
        For a name that is not a pass.

    Examples
    --------
    >>> from paratrain.graph import passes
    >>> with passes.disabled():
    ...     any(passes.enabled(name) for name in passes.ORDER)
    False
    """
    unknown = [n for n in names if n not in ORDER]
    if unknown:
        raise ValueError(f"[passes.disabled] there is no pass {unknown[0]!r}; passes are {', '.join(ORDER)}")
    token = _disabled.set(_disabled.get() | set(names or ORDER))
    try:
        yield
    finally:
        _disabled.reset(token)


def enabled(name: str) -> bool:
    """Whether a pass runs."""
    return name not in _disabled.get()


@dataclass
class Graph:
    """A graph on its way to a program. Nodes are never changed, only replaced: the user's symbol shares them.

    Attributes
    ----------
    outputs : list of Entry
    grads : list of (str, Entry)
        Gradients by variable, in the order in which backward should produce them; empty without backward.
    descs : dict of Entry to (shape, dtype)
        Of every entry.
    device_type : int
        1 for the CPU, 2 for a GPU.
    train : bool
        Whether operators behave as in training.
    aliases : dict of str to str
        Variables that are not arrays of their own but old contents of a gradient: name to ``grad:name``.
    parameters : frozenset of str
        Variables that are likely to stay as they are from run to run: those that are nowhere a node's first input. Only
        speed depends on it.
    op_ids : dict of Node to int
        For every node that draws random numbers, what tells them from another node's: the same whatever passes do, and
        the same for a node that is computed again.
    frugal : bool
        Whether memory counts more than time: backward then keeps no second copy of an array in another layout.
    """

    outputs: list[Entry]
    grads: list[tuple[str, Entry]]
    descs: dict[Entry, tuple]
    device_type: int
    train: bool
    aliases: dict[str, str] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    op_ids: dict[Node, int] = field(default_factory=dict)
    frugal: bool = False

    @cached_property
    def forward(self) -> list[Node]:
        """Nodes of the forward pass, in an order of execution."""
        return topological(self.outputs)

    @cached_property
    def backward(self) -> list[Node]:
        """Further nodes that the gradients need, in an order of execution."""
        return backward_order(self.forward, [e for _, e in self.grads])

    @property
    def results(self) -> list[Entry]:
        """Outputs and gradients."""
        return [*self.outputs, *(e for _, e in self.grads)]

    def with_results(self, results: Sequence[Entry]) -> Graph:
        """The graph with other entries in the place of `results`; descriptions of new nodes are inferred."""
        outputs = list(results[: len(self.outputs)])
        grads = [(name, e) for (name, _), e in zip(self.grads, results[len(self.outputs) :], strict=True)]
        descs = dict(self.descs)
        for node in topological(results):
            if Entry(node) in descs:
                continue
            assert node.op is not None  # variables are not made by passes
            found = infer_node(node.op, node.attrs, [descs[e] for e in node.inputs])
            descs.update({Entry(node, i): d for i, d in enumerate(found)})
        return replace(self, outputs=outputs, grads=grads, descs=descs)

    def rewrite(self, change: Callable[[Node, list[Entry]], Sequence[Entry] | None]) -> Graph:
        """Replace nodes.

        Parameters
        ----------
        change : callable
            ``(node, inputs in the new graph) -> entries in place of the node's outputs``, or None to keep the node
            (with its new inputs). It is called for every node after its inputs, variables left out.
        """
        made: dict[Entry, Entry] = {}
        descs, op_ids = dict(self.descs), dict(self.op_ids)
        for node in topological(self.results):
            inputs = [made[e] for e in node.inputs]
            instead = None if node.is_variable else change(node, inputs)
            if instead is None:
                kept = node if inputs == node.inputs else node.with_inputs(inputs)
                instead = [Entry(kept, i) for i in range(node.num_outputs)]
                descs.update({e: descs[Entry(node, i)] for i, e in enumerate(instead)})
                if node in op_ids:
                    op_ids[kept] = op_ids[node]
            made.update({Entry(node, i): e for i, e in enumerate(instead)})
        return replace(self, descs=descs, op_ids=op_ids).with_results([made[e] for e in self.results])


class Readers:
    """Who reads each entry: nodes, and the results of the graph as None."""

    def __init__(self, graph: Graph) -> None:
        self.of: dict[Entry, list[Node | None]] = {}
        for node in topological(graph.results):
            for entry in node.inputs:
                self.of.setdefault(entry, []).append(node)
        for entry in graph.results:
            self.of.setdefault(entry, []).append(None)

    def __getitem__(self, entry: Entry) -> list[Node | None]:
        return self.of.get(entry, [])

    def only(self, entry: Entry, *nodes: Node | None) -> bool:
        """Whether nobody but `nodes` reads `entry`."""
        return all(any(r is n and r is not None for n in nodes) for r in self[entry])


def is_op(node: Node | None, *names: str) -> bool:
    """Whether a node is a call of one of these operators."""
    return node is not None and node.op is not None and node.op.name in names


def nbytes(desc: tuple) -> int:
    """Bytes of an array given as (shape, dtype)."""
    return product(desc[0]) * item_size(desc[1])
