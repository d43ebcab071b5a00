"""The graph that Symbol, hybridized blocks and the compiler share: nodes and the edges between their outputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from paratrain.ndarray.invoke import Namespace
from paratrain.ops.params import REQUIRED
from paratrain.ops.registry import Attrs, Op

__all__ = ["Entry", "F", "Node", "apply", "topological"]


class Node:
    """One call of an operator, or (without an operator) a variable.

    Attributes
    ----------
    op : Op or None
        None for variables.
    name : str
    attrs : dict
        Typed parameters (empty for variables).
    inputs : list of Entry
        One for each input in use, auxiliary states included.
    user_attrs : dict of str to str
        Attributes that are not parameters: ``__shape__``, ``__lr_mult__``, ``ctx_group``, ...
    given : dict of str to str
        Parameters as the user gave them, as text: what a JSON file says.
    place : str
        Line of the user's program that made it, as ``file:line``; empty where it is not known.
    """

    __slots__ = ("__weakref__", "attrs", "given", "inputs", "name", "op", "place", "user_attrs")

    def __init__(
        self,
        op: Op | None,
        name: str,
        attrs: Attrs | None = None,
        inputs: Sequence[Entry] = (),
        user_attrs: dict[str, str] | None = None,
        given: dict[str, str] | None = None,
        place: str = "",
    ) -> None:
        self.op = op
        self.name = name
        self.attrs: Attrs = attrs or {}
        self.inputs: list[Entry] = list(inputs)
        self.user_attrs: dict[str, str] = user_attrs or {}
        self.given: dict[str, str] = given or {}
        self.place = place

    @property
    def is_variable(self) -> bool:
        """Whether the node is a variable."""
        return self.op is None

    @property
    def num_outputs(self) -> int:
        """Number of outputs, hidden ones included."""
        return 1 if self.op is None else len(self.op.output_names(self.attrs))

    def with_inputs(self, inputs: Sequence[Entry]) -> Node:
        """The same call on other inputs."""
        return Node(self.op, self.name, self.attrs, inputs, self.user_attrs, self.given, self.place)

    def __repr__(self) -> str:
        return f"<Node {self.name}: {self.op.name if self.op else 'variable'}>"


class Entry(NamedTuple):
    """One output of a node."""

    node: Node
    index: int = 0  # type: ignore[assignment]  # hides tuple.index, which nobody wants of an entry


def topological(outputs: Iterable[Entry]) -> list[Node]:
    """Nodes that the outputs depend on, each after its inputs; in the order of a depth-first walk."""
    order: list[Node] = []
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(e.node, False) for e in reversed(list(outputs))]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack += [(e.node, False) for e in reversed(node.inputs)]
    # a node pushed twice before its first visit is expanded once: `seen` is checked when it is popped
    return order


def apply(op: Op, inputs: Sequence[Any], given: Attrs) -> Any:
    """Add a call to the graph, for passes and gradient functions.

    Parameters
    ----------
    op : Op
    inputs : sequence of Entry
    given : dict
        Typed parameters.

    Returns
    -------
    Entry or list of Entry
        The visible outputs; a list if there are several.
    """
    values = {k: v for k, v in given.items() if v is not REQUIRED}
    if op.counter and op.counter not in values:
        values[op.counter] = len(inputs)
    attrs = op.parse(values)
    node = Node(op, op.name.lstrip("_"), attrs, [i for i in inputs if i is not None])
    visible = op.num_visible(attrs)
    return Entry(node) if visible == 1 else [Entry(node, i) for i in range(visible)]


#: Operators that build graph nodes: ``F.elemwise_add(entry, entry)``.
F = Namespace(apply)
