"""Join convolution, an addition and the activation behind them, computed while the result is in registers.

Before: ``act(Convolution(data, weight, bias) + addend)``; after: ``_ConvolutionAct(data, weight, bias, addend)``.
"""

from __future__ import annotations

from collections.abc import Sequence

from paratrain.graph.fuse_dense import activation_of
from paratrain.graph.ir import Entry, F, Node
from paratrain.graph.passes import Graph, Readers, is_op

__all__ = ["join_convolutions"]


def join_convolutions(graph: Graph) -> Graph:
    """Join convolutions with what alone reads them."""
    return _join_acts(_join_sums(graph))


def _join_sums(graph: Graph) -> Graph:
    """``Convolution + addend``; without training only: backward would have to read the addend's gradient."""
    if graph.train:
        return graph
    readers = Readers(graph)

    def change(node: Node, inputs: list[Entry]) -> Sequence[Entry] | None:
        if not is_op(node, "elemwise_add", "broadcast_add"):
            return None
        for mine, other in ((1, 0), (0, 1)):
            source, addend = node.inputs[mine], node.inputs[other]
            same = graph.descs[source] == graph.descs[addend] and source != addend
            if is_op(source.node, "Convolution") and same and readers.only(source, node):
                conv = inputs[mine].node
                made = F._ConvolutionAct(*conv.inputs, inputs[other], **conv.attrs, has_addend=True)
                made.node.name = node.name
                return [made]
        return None

    return graph.rewrite(change)


def _join_acts(graph: Graph) -> Graph:
    """``act(Convolution)`` and ``act(Convolution + addend)``, where only the activation reads what is before it."""
    readers = Readers(graph)

    def change(node: Node, inputs: list[Entry]) -> Sequence[Entry] | None:
        attrs = activation_of(node)
        if attrs is None or not readers.only(node.inputs[0], node):
            return None
        conv = inputs[0].node
        if is_op(conv, "Convolution") or (is_op(conv, "_ConvolutionAct") and conv.attrs["act"] == "none"):
            made = F._ConvolutionAct(*conv.inputs, **{**conv.attrs, **attrs})
            made.node.name = node.name
            return [made]
        return None

    return graph.rewrite(change)
