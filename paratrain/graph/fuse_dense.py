"""Join dense layers and the activation behind them, computed while a block of the result is in the cache.

Before: ``act(FullyConnected(data, weight, bias))``; after: ``_FullyConnectedAct(data, weight, bias)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.graph.fuse_norm import bound_of
from paratrain.graph.ir import Entry, F, Node
from paratrain.graph.passes import Graph, Readers, is_op
from paratrain.ops.nn import ACTS

__all__ = ["activation_of", "join_dense_layers"]


def join_dense_layers(graph: Graph) -> Graph:
    """Join dense layers with the activations that alone read them."""
    readers = Readers(graph)

    def change(node: Node, inputs: list[Entry]) -> Sequence[Entry] | None:
        attrs = activation_of(node)
        if attrs is None or not is_op(inputs[0].node, "FullyConnected") or not readers.only(node.inputs[0], node):
            return None
        dense = inputs[0].node
        made = F._FullyConnectedAct(*dense.inputs, **{**dense.attrs, **attrs})
        made.node.name = node.name
        return [made]

    return graph.rewrite(change)


def activation_of(node: Node) -> dict[str, Any] | None:
    """What a node is as the end of another kernel: attributes ``act``, ``a_min``, ``a_max``; None if it cannot be."""
    if is_op(node, "Activation") and node.attrs["act_type"] in ACTS:
        return {"act": node.attrs["act_type"]}
    if is_op(node, "sigmoid", "tanh"):
        return {"act": node.op.name}  # type: ignore[union-attr]
    return bound_of(node)
