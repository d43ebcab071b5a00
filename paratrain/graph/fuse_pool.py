"""Take the activation after max pooling instead of before it, and its gradient before that of max pooling.

Only maxima get any further, and get any gradient. Activations do not fall, so the activation of the largest is the
largest activation (where several round to the same activation, the gradient goes to the largest of them).

1. Gradients: ``_backward_act(_backward_Pooling(dp, y, places), y)`` becomes
   ``_backward_Pooling(_backward_act(dp, p), y, places)`` with ``p = Pooling(y)``, where of `y` only the shape counts.
2. Values: ``Pooling(act(x))`` becomes ``act(Pooling(x))`` for activations that cost something. Bounds (relu) stay where
   they are, for they cost nothing behind a convolution or normalisation.
"""

from __future__ import annotations

from collections.abc import Sequence

from paratrain.graph.ir import Entry, Node, apply
from paratrain.graph.passes import Graph, Readers, is_op

__all__ = ["swap_pooled_activations"]

_COSTLY = ("sigmoid", "softrelu", "softsign", "tanh")
_BACKWARD_ACTS = ("_backward_relu", "_backward_sigmoid", "_backward_softrelu", "_backward_softsign", "_backward_tanh")


def swap_pooled_activations(graph: Graph) -> Graph:
    """Swap activations and max pooling behind them, their gradients first."""
    return _swap_values(_swap_gradients(graph))


def _swap_gradients(graph: Graph) -> Graph:
    readers = Readers(graph)

    def change(node: Node, inputs: list[Entry]) -> Sequence[Entry] | None:
        if not is_op(node, *_BACKWARD_ACTS):
            return None
        spread, y = node.inputs
        if not is_op(spread.node, "_backward_Pooling") or len(spread.node.inputs) < 3 or not readers.only(spread, node):
            return None
        places = spread.node.inputs[2]
        if places.node.inputs[0] != y or not is_op(places.node, "Pooling"):
            return None
        if is_op(y.node.inputs[0].node, "BatchNorm"):  # whose gradient takes the activation's along
            return None
        back, pooled = inputs[0].node, inputs[0].node.inputs[2].node
        grad = apply(node.op, [back.inputs[0], Entry(pooled)], node.attrs)  # type: ignore[arg-type]
        grad.node.name = node.name
        return [Entry(back.with_inputs([grad, *back.inputs[1:]]))]

    return graph.rewrite(change)


def _swap_values(graph: Graph) -> Graph:
    readers = Readers(graph)
    swapped = [node for node in graph.forward if is_op(node, "Pooling") and _swaps(node, readers)]
    activations = {node.inputs[0] for node in swapped}

    def change(node: Node, inputs: list[Entry]) -> Sequence[Entry] | None:
        if node in swapped:
            act = inputs[0].node
            pooling = node.with_inputs(act.inputs)
            return [Entry(act.with_inputs([Entry(pooling)])), Entry(pooling, 1)]
        if is_op(node, "_backward_Pooling") and node.inputs[1] in activations:  # of which only the shape counts
            return [Entry(node.with_inputs([inputs[0], inputs[1].node.inputs[0], *inputs[2:]]))]
        return None

    return graph.rewrite(change)


def _swaps(pooling: Node, readers: Readers) -> bool:
    """Whether this is max pooling of a costly activation that nobody else needs the values of."""
    y = pooling.inputs[0]
    costly = is_op(y.node, *_COSTLY) or (is_op(y.node, "Activation") and y.node.attrs["act_type"] in _COSTLY)
    if pooling.attrs["pool_type"] != "max" or not costly:
        return False
    shape_only = [r for r in readers[y] if is_op(r, "_backward_Pooling") and r.inputs.index(y) == 1]  # type: ignore[union-attr]
    return readers.only(y, pooling, *shape_only)
