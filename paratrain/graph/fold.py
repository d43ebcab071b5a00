"""Without training, put a batch normalisation into the weights of the layer before it.

Before::

    x, w, b -> Convolution -> BatchNorm -> y

After::

    x, w * s, (b - mean) * s + beta -> Convolution -> y      with s = gamma / sqrt(var + eps)

What is computed from the parameters only runs again when a parameter has changed (see `Lowered.num_prologue`).
"""

from __future__ import annotations

from collections.abc import Sequence

from paratrain.graph.ir import Entry, F, Node, apply
from paratrain.graph.passes import Graph, Readers, is_op
from paratrain.ops.registry import get

__all__ = ["fold"]

_LAYERS = ("Convolution", "FullyConnected")


def fold(graph: Graph) -> Graph:
    """Fold the normalisations behind a layer that nothing else reads; only of float32 and float64."""
    if graph.train:
        return graph
    readers = Readers(graph)

    def change(node: Node, inputs: list[Entry]) -> Sequence[Entry] | None:
        if not is_op(node, "BatchNorm") or not _foldable(graph, readers, node):
            return None
        return [_folded(graph, node, inputs)] * node.num_outputs

    return graph.rewrite(change)


def _foldable(graph: Graph, readers: Readers, norm: Node) -> bool:
    layer = norm.inputs[0]
    if not is_op(layer.node, *_LAYERS) or not readers.only(layer, norm):
        return False
    if readers[Entry(norm, 1)] or readers[Entry(norm, 2)]:
        return False
    shape, dtype = graph.descs[Entry(norm)]
    channels = 1 if is_op(layer.node, "Convolution") else len(shape) - 1
    return dtype in ("float32", "float64") and norm.attrs["axis"] % len(shape) == channels


def _folded(graph: Graph, norm: Node, inputs: list[Entry]) -> Entry:
    layer = inputs[0].node
    _, gamma, beta, mean, variance = inputs
    scale = F.rsqrt(F._plus_scalar(variance, scalar=norm.attrs["eps"]))
    if not norm.attrs["fix_gamma"]:
        scale = F.elemwise_mul(scale, gamma)
    axes = len(graph.descs[norm.inputs[0].node.inputs[1]][0])
    weight = F.broadcast_mul(layer.inputs[1], F.Reshape(scale, shape=(-1,) + (1,) * (axes - 1)))
    offset = F.negative(mean) if layer.attrs["no_bias"] else F.elemwise_sub(layer.inputs[2], mean)
    bias = F.elemwise_add(F.elemwise_mul(offset, scale), beta)
    made = apply(get(layer.op.name), [layer.inputs[0], weight, bias], {**layer.attrs, "no_bias": False})  # type: ignore[union-attr]
    made.node.name = norm.name
    return made
