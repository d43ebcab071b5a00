"""Take a gradient through the activation before it is spread over the windows of max pooling.

Only the maxima get any gradient, and their activations are the pooled result: the large array in between is neither
computed with nor kept for backward.

Before: ``_backward_act(_backward_Pooling(dp, y, places), y)``; after:
``_backward_Pooling(_backward_act(dp, p), y, places)`` with ``p = Pooling(y)``, where of `y` only the shape counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from paratrain.graph.ir import Entry, Node, apply
from paratrain.graph.passes import Graph, Readers, is_op

__all__ = ["swap_pooled_activations"]

_BACKWARD_ACTS = ("_backward_relu", "_backward_sigmoid", "_backward_softrelu", "_backward_softsign", "_backward_tanh")


def swap_pooled_activations(graph: Graph) -> Graph:
    """Swap the gradients of activations and of max pooling behind them."""
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
