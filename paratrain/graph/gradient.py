"""Reverse-mode differentiation of a graph.

Before::

    x, w -> FullyConnected -> y

After (asked for the gradient of w, with head gradient dy)::

    x, w -> FullyConnected -> y
    dy, x, w -> _backward_FullyConnected -> dw

A gradient that is zero by definition (BlockGrad's, a comparison's) ends there: nothing is computed behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.graph.ir import Entry, F, Node, apply, topological
from paratrain.ndarray.invoke import Namespace
from paratrain.ops.registry import GradContext, Op

__all__ = ["gradient"]


def gradient(
    outputs: Sequence[Entry], heads: Sequence[Entry | None], variables: Sequence[Node], scale: Entry | None = None
) -> list[Entry | None]:
    """Entries that hold the gradients of `outputs` with respect to `variables`.

    Parameters
    ----------
    outputs : sequence of Entry
    heads : sequence of Entry or None
        Gradient that arrives at each output; None: nothing arrives.
    variables : sequence of Node
    scale : Entry, optional
        Shape (1,): factor of all gradients, which comes in where they begin: at losses, and at heads of other outputs.

    Returns
    -------
    list of Entry or None
        None for a variable that no output depends on.

    Raises
    ------
    ValueError
        If an operator on the way has no gradient.
    """
    order = topological(outputs)
    depends = _depends_on(order, variables)
    arrived: dict[Entry, list[Entry]] = {}
    for out, head in zip(outputs, heads):
        if head is not None:
            arrived.setdefault(out, []).append(head if _is_loss(out.node) else _scaled(head, scale))
    for node in reversed(order):
        if node.is_variable or id(node) not in depends:
            continue
        grads = [_total(arrived.pop(Entry(node, i), [])) for i in range(node.num_outputs)]
        if any(g is not None for g in grads):
            _propagate(node, grads, depends, arrived, scale)
    return [_total(arrived.get(Entry(v), [])) for v in variables]


def _depends_on(order: Sequence[Node], variables: Sequence[Node]) -> set[int]:
    """Ids of the nodes that depend on one of the variables."""
    found = {id(v) for v in variables}
    for node in order:
        if any(id(e.node) in found for e in node.inputs):
            found.add(id(node))
    return found


def _total(grads: list[Entry]) -> Entry | None:
    if len(grads) <= 1:
        return grads[0] if grads else None
    return F.elemwise_add(*grads) if len(grads) == 2 else F.add_n(*grads)


def _propagate(
    node: Node,
    grads: list[Entry | None],
    depends: set[int],
    arrived: dict[Entry, list[Entry]],
    scale: Entry | None,
) -> None:
    op = node.op
    if op is None:
        return
    aux = set(op.states(node.attrs))
    names = op.input_names(node.attrs)
    needed = [id(e.node) in depends and n not in aux for e, n in zip(node.inputs, names)]
    if op.gradient is None:
        if op.gradient_free:
            return
        raise ValueError(f"[{op.name}] {node.name}: this operator has no gradient")
    outputs = [Entry(node, i) for i in range(node.num_outputs)]
    context = GradContext(op, _named(node), node.attrs, node.inputs, outputs, grads, needed)
    for source, wanted, value in zip(node.inputs, needed, op.gradient(context), strict=True):
        if wanted and value is not None and not _is_zero(value):
            arrived.setdefault(source, []).append(_scaled(value, scale) if op.loss else value)


def _is_loss(node: Node) -> bool:
    return node.op is not None and node.op.loss


def _scaled(value: Entry, scale: Entry | None) -> Entry:
    return value if scale is None else F.broadcast_mul(value, F._cast_like(scale, value))


def _is_zero(value: Entry) -> bool:
    """Whether a gradient is zero by definition."""
    return value.node.op is not None and value.node.op.name == "zeros_like"


def _named(forward: Node) -> Namespace:
    """Operators whose nodes are named after the node they differentiate."""

    def call(op: Op, inputs: Sequence[Any], given: dict[str, Any]) -> Any:
        made = apply(op, inputs, given)
        entry = made if isinstance(made, Entry) else made[0]
        entry.node.name = f"{forward.name}_backward"
        return made

    return Namespace(call)
