"""Pooling of regions of images: (data (N, C, H, W), rois (R, 5)) -> (R, C', h, w)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.flops import elements, per_element
from paratrain.ops.params import flag, integer, ints, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import merge, show
from paratrain.ops.vision import FLOATS, Dtypes, Shapes, axes_of, complete, grad_like, kernel_of, of_types, pair_of

_INPUTS = {
    "data": "Images (N, C, H, W).",
    "rois": "Regions (R, 5): number of the image, x1, y1, x2, y2. Those of images that do not exist give zeros.",
}
_SCALE = {"spatial_scale": real(doc="Factor from the regions' coordinates to those of the data.")}
_SIZE = {"pooled_size": ints(doc="Height and width of the result.")}


def _region_shape(
    attrs: Attrs, ins: Shapes, outs: Shapes, channels: Callable[[int], int], size: tuple[int, int]
) -> tuple[Shapes, Shapes]:
    data, rois = axes_of(ins[0], "N, C, H, W"), merge(ins[1], (-1, 5), "rois and (R, 5)")
    if data is None or rois is None or not complete(data, rois):
        return [data, rois], outs
    if 0 in data[2:]:
        raise ValueError(f"data must have at least one row and column; got {show(data)}")
    result = (rois[0], channels(data[1]), *size)
    return [data, rois], [merge(result, outs[0]), *[result] * (len(outs) - 1)]


def _pool_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    return _region_shape(attrs, ins, outs, lambda c: c, pair_of(attrs, "pooled_size"))


def _pool_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    ins, outs = of_types(FLOATS)(attrs, ins, outs[:1])
    return ins, [*outs, "int32"]


def _with_zeros(name: str, *outputs: int) -> Callable[[GradContext], Sequence[Any]]:
    """Gradient by an operator for the data, zeros for the regions."""

    def gradient(g: GradContext) -> Sequence[Any]:
        kept = [g.outputs[i] for i in outputs]
        data = getattr(g.F, name)(g.grad(), *g.inputs, *kept, **g.attrs)
        return [data, g.F.zeros_like(g.inputs[1]) if g.needed[1] else None]

    return gradient


_POOL = {**_SIZE, **_SCALE}
define(
    "ROIPooling",
    "The largest element of each of `pooled_size` parts of each region. Regions end in whole elements, both included.",
    inputs=_INPUTS,
    params=_POOL,
    outputs=("output", "places"),
    visible=1,
    shape=_pool_shape,
    dtype=_pool_dtype,
    kernel=kernel_of("roi_pool", "spatial_scale"),
    gradient=_with_zeros("_backward_ROIPooling", 1),
    flops=per_element(8),
    example=""">>> import paratrain as mx
>>> x = mx.nd.arange(16).reshape((1, 1, 4, 4))
>>> rois = mx.nd.array([[0, 0, 0, 3, 1]])
>>> mx.nd.ROIPooling(x, rois, pooled_size=(1, 2), spatial_scale=1.0).asnumpy()[0, 0]
array([[5., 7.]], dtype=float32)""",
)
define(
    "_backward_ROIPooling",
    "Gradient of ROIPooling with respect to the data.",
    inputs={"grad": "dY.", "data": "Gives the shape.", "rois": "Regions.", "places": "Places of the maxima."},
    params=_POOL,
    shape_only=("data",),
    shape=grad_like(1),
    dtype=lambda attrs, ins, outs: (ins, [ins[0]]),
    kernel=kernel_of("roi_pool_grad", "spatial_scale"),
    gradient_free=True,
    flops=lambda attrs, ins, outs: elements(ins[0]),
)


def _align_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    size = pair_of(attrs, "pooled_size")
    bins = size[0] * size[1] if attrs["position_sensitive"] else 1

    def channels(c: int) -> int:
        if c % bins:
            raise ValueError(f"data must have a multiple of {bins} channels (one for each part); got {c}")
        return c // bins

    return _region_shape(attrs, ins, outs, channels, size)


_ALIGN = {
    **_SIZE,
    **_SCALE,
    "sample_ratio": integer(-1, "Samples of each part along each axis; <= 0: as many as it has elements."),
    "position_sensitive": flag(False, "Each part has channels of its own."),
    "aligned": flag(False, "Coordinates are those of the elements' edges, and regions may be smaller than an element."),
}
_ALIGN_KERNEL = ("spatial_scale", "sample_ratio", "position_sensitive", "aligned")
define(
    "_contrib_ROIAlign",
    "Mean of bilinear samples in each of `pooled_size` parts of each region.",
    inputs=_INPUTS,
    params=_ALIGN,
    shape=_align_shape,
    dtype=of_types(FLOATS),
    kernel=kernel_of("roi_align", *_ALIGN_KERNEL),
    gradient=_with_zeros("_backward_ROIAlign"),
    flops=per_element(32),
    example=""">>> import paratrain as mx
>>> x = mx.nd.arange(16).reshape((1, 1, 4, 4))
>>> rois = mx.nd.array([[0, 0, 0, 2, 2]])
>>> mx.nd.contrib.ROIAlign(x, rois, pooled_size=(1, 1), spatial_scale=1.0).asnumpy()
array([[[[5.]]]], dtype=float32)""",
)
define(
    "_backward_ROIAlign",
    "Gradient of ROIAlign with respect to the data.",
    inputs={"grad": "dY.", "data": "Gives the shape.", "rois": "Regions."},
    params=_ALIGN,
    shape_only=("data",),
    shape=grad_like(1),
    kernel=kernel_of("roi_align_grad", *_ALIGN_KERNEL),
    gradient_free=True,
    flops=lambda attrs, ins, outs: 32 * elements(ins[0]),
)


def _group(attrs: Attrs) -> int:
    return attrs["group_size"] or attrs["pooled_size"]


def _sensitive_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    wanted = attrs["output_dim"] * _group(attrs) ** 2

    def channels(c: int) -> int:
        if c != wanted:
            raise ValueError(f"data must have output_dim * group_size ** 2 = {wanted} channels; got {c}")
        return attrs["output_dim"]

    return _region_shape(attrs, ins, outs, channels, (attrs["pooled_size"],) * 2)


def _sensitive_kernel(name: str) -> Callable[..., tuple[str, Attrs]]:
    return lambda attrs, ins, outs: (name, {"spatial_scale": attrs["spatial_scale"], "group_size": _group(attrs)})


_SENSITIVE = {
    **_SCALE,
    "output_dim": integer(doc="Number of channels of the result.", low=1),
    "pooled_size": integer(doc="Height and width of the result.", low=1),
    "group_size": integer(0, "Parts with channels of their own along each axis; 0: `pooled_size`.", low=0),
}
define(
    "_contrib_PSROIPooling",
    "Mean of each of ``pooled_size ** 2`` parts of each region, each part of channels of its own.",
    inputs=_INPUTS,
    params=_SENSITIVE,
    shape=_sensitive_shape,
    dtype=of_types(FLOATS),
    kernel=_sensitive_kernel("sensitive_pool"),
    gradient=_with_zeros("_backward_PSROIPooling"),
    flops=per_element(8),
    example=""">>> import paratrain as mx
>>> x = mx.nd.arange(16).reshape((1, 4, 2, 2))
>>> rois = mx.nd.array([[0, 0, 0, 1, 1]])
>>> mx.nd.contrib.PSROIPooling(x, rois, spatial_scale=1.0, output_dim=1, pooled_size=2).asnumpy()[0, 0]
array([[ 0.,  5.],
       [10., 15.]], dtype=float32)""",
)
define(
    "_backward_PSROIPooling",
    "Gradient of PSROIPooling with respect to the data.",
    inputs={"grad": "dY.", "data": "Gives the shape.", "rois": "Regions."},
    params=_SENSITIVE,
    shape_only=("data",),
    shape=grad_like(1),
    kernel=_sensitive_kernel("sensitive_pool_grad"),
    gradient_free=True,
    flops=lambda attrs, ins, outs: 8 * elements(ins[0]),
)
