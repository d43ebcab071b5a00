"""Compute the gradients of the last layer from the probabilities, without an array for the gradient of the scores.

Before::

    data, weight, bias -> FullyConnected -> scores;  scores, label -> SoftmaxOutput -> y
    y, label -> _backward_SoftmaxOutput -> g
    g, weight -> _backward_FullyConnected_data -> dx;  g, data -> _backward_FullyConnected_weight -> dw, db

After::

    data, weight, bias -> FullyConnected -> scores;  scores, label -> SoftmaxOutput -> y
    y, label, data, weight -> _SoftmaxDenseGrad -> dx, dw, db

With many classes ``g`` is one of the largest arrays of a program.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from paratrain.graph.ir import Entry, F, Node, topological
from paratrain.graph.passes import Graph, Readers, is_op
from paratrain.ops.loss import dense_output_scale

__all__ = ["join_output_layers"]


class _Layer(NamedTuple):
    """The nodes of one last layer's gradient."""

    output: Node
    to_data: Node
    to_weight: Node
    scale: float


def join_output_layers(graph: Graph) -> Graph:
    """Join softmax outputs with the gradients of the fully connected layers below them."""
    layer = _find(graph)
    while layer is not None:  # one at a time: what is joined next may read what was joined before
        graph = _join(graph, layer)
        layer = _find(graph)
    return graph


def _find(graph: Graph) -> _Layer | None:
    readers = Readers(graph)
    for node in topological(graph.results):
        if is_op(node, "_backward_SoftmaxOutput"):
            layer = _match(graph, readers, node)
            if layer is not None:
                return layer
    return None


def _match(graph: Graph, readers: Readers, node: Node) -> _Layer | None:
    grad = Entry(node)
    found = {r.op.name: r for r in readers[grad] if r is not None and r.op is not None}
    to_data, to_weight = found.get("_backward_FullyConnected_data"), found.get("_backward_FullyConnected_weight")
    if to_data is None or to_weight is None or not readers.only(grad, to_data, to_weight):
        return None
    if to_data.inputs[0] != grad or to_data.inputs[2] != to_weight.inputs[1]:
        return None
    (shape, dtype), (label, _) = graph.descs[grad], graph.descs[node.inputs[1]]
    same = all(graph.descs[e][1] == dtype for e in (node.inputs[0], *to_data.inputs, *to_weight.inputs))
    scale = dense_output_scale(node.attrs, shape, label)
    return _Layer(node, to_data, to_weight, scale) if same and scale is not None else None


def _join(graph: Graph, layer: _Layer) -> Graph:
    """The graph with one node for the layer. Nothing that the node reads depends on what it replaces."""
    output, weight, data = layer.output, layer.to_data.inputs[1], layer.to_weight.inputs[1]
    attrs = {"scale": layer.scale, "no_bias": layer.to_weight.attrs["no_bias"]}
    made = list(F._SoftmaxDenseGrad(*output.inputs[:2], data, weight, **attrs))
    made[0].node.name = layer.to_weight.name

    def change(node: Node, inputs: list[Entry]) -> Sequence[Entry] | None:
        if node is layer.to_data:
            return made[:1]
        return made[1:] if node is layer.to_weight else None

    return graph.rewrite(change)
