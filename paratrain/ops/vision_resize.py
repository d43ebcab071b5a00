"""Images (N, C, H, W) of another size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.flops import elements, per_element
from paratrain.ops.params import choice, flag, integer, ints, real
from paratrain.ops.registry import OPS, Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, merge, show
from paratrain.ops.vision import FLOATS, Shapes, Specs, axes_of, complete, grad_like, of_types

# Adaptive pooling


def _adaptive_size(attrs: Attrs) -> tuple[int, int]:
    size = attrs["output_size"] or (1,)
    if len(size) > 2:
        raise ValueError(f"output_size must be one size or (height, width); got {size}")
    return size[0], size[-1]


def _adaptive_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    size, data = _adaptive_size(attrs), axes_of(ins[0], "N, C, H, W")
    if data is None:
        return ins, outs
    if 0 in data[2:]:
        raise ValueError(f"data must have at least one row and column; got {show(data)}")
    return ins, [merge((*data[:2], *size), outs[0])]


_ADAPTIVE = {"output_size": ints((), "Size of the result: height and width, or one for both; 1 if empty.", low=1)}
define(
    "_contrib_AdaptiveAvgPooling2D",
    "Mean of each of `output_size` windows that divide an image as evenly as whole elements allow.",
    inputs={"data": "Images (N, C, H, W)."},
    params=_ADAPTIVE,
    shape=_adaptive_shape,
    dtype=of_types(FLOATS),
    kernel=lambda attrs, ins, outs: ("adaptive_pool", {}),
    gradient=lambda g: [g.F._backward_AdaptiveAvgPooling2D(g.grad(), g.inputs[0], **g.attrs)],
    flops=per_element(1, 0),
    example=""">>> import paratrain as mx
>>> x = mx.nd.arange(16).reshape((1, 1, 4, 4))
>>> mx.nd.contrib.AdaptiveAvgPooling2D(x, output_size=2).asnumpy()[0, 0]
array([[ 2.5,  4.5],
       [10.5, 12.5]], dtype=float32)""",
)
define(
    "_backward_AdaptiveAvgPooling2D",
    "Gradient of AdaptiveAvgPooling2D.",
    inputs={"grad": "dY.", "like": "Gives the shape."},
    params=_ADAPTIVE,
    shape_only=("like",),
    shape=grad_like(1),
    kernel=lambda attrs, ins, outs: ("adaptive_pool_grad", {}),
    gradient=lambda g: [g.F._contrib_AdaptiveAvgPooling2D(g.grad(), **g.attrs), None],
    flops=lambda attrs, ins, outs: 2 * elements(outs[0]),
)

# Bilinear resizing

_MODES = ("like", "odd_scale", "size", "to_even_down", "to_even_up", "to_odd_down", "to_odd_up")


def _scaled(attrs: Attrs, axis: str, size: int) -> int:
    scale = attrs[f"scale_{axis}"]
    if attrs["mode"] == "size":
        return attrs[axis] if scale is None else int(size * scale)
    if attrs["mode"] == "odd_scale":
        if scale is None:
            raise ValueError("mode 'odd_scale' needs scale_height and scale_width")
        return int(size * scale) if size % 2 == 0 else int((size - 1) * scale) + 1
    _, parity, way = attrs["mode"].split("_")
    fits = size % 2 == (0 if parity == "even" else 1)
    return size if fits else size + (1 if way == "up" else -1)


def _resized(attrs: Attrs, ins: Shapes) -> MaybeShape:
    data = ins[0]
    if data is None:
        return None
    if attrs["mode"] == "like":
        return None if ins[1] is None else (*data[:2], *ins[1][2:])
    size = tuple(_scaled(attrs, axis, n) for axis, n in zip(("height", "width"), data[2:]))
    if min(size) < 1:
        raise ValueError(f"the result must have at least one row and column; got {size} for data {show(data)}")
    return (*data[:2], *size)


def _resize_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    for shape, name in zip(ins, ("data", "like")):
        axes_of(shape, "N, C, H, W", name)
        if shape is not None and 0 in shape[2:]:
            raise ValueError(f"{name} must have at least one row and column; got {show(shape)}")
    if (attrs["scale_height"] is None) != (attrs["scale_width"] is None):
        raise ValueError("scale_height and scale_width must be given both or not at all")
    if not complete(*ins):
        return ins, outs
    return ins, [merge(_resized(attrs, ins), outs[0])]


def _resize_inputs(attrs: Attrs) -> tuple[str, ...]:
    return ("data", "like") if attrs["mode"] == "like" else ("data",)


def _resize_gradient(g: GradContext) -> Sequence[Any]:
    more = [g.F.zeros_like(g.inputs[1])] if len(g.inputs) > 1 else []
    return [g.F._backward_BilinearResize2D(g.grad(), g.inputs[0], align_corners=g.attrs["align_corners"]), *more]


_CORNERS = {
    "align_corners": flag(True, "Corners of both images coincide; otherwise the edges of their first elements do.")
}
define(
    "_contrib_BilinearResize2D",
    "Images of another size, by bilinear interpolation.\n\n"
    "The size of the result follows from `mode`: 'size' is `height` and `width`, or the data's size times the scales "
    "where these are given; 'odd_scale' scales, odd sizes to odd ones; 'like' is the size of another array; the others "
    "make sizes even or odd by one row or column more ('up') or less ('down').",
    inputs={"data": "Images (N, C, H, W).", "like": "Images of the size wanted, with mode 'like'."},
    present=_resize_inputs,
    params={
        "height": integer(1, "Height of the result.", low=1),
        "width": integer(1, "Width of the result.", low=1),
        "scale_height": real(None, "Factor of the height.", low=0.0, high=1e6),
        "scale_width": real(None, "Factor of the width.", low=0.0, high=1e6),
        "mode": choice(_MODES, "size", "What the size follows from."),
        **_CORNERS,
    },
    shape=_resize_shape,
    dtype=of_types(FLOATS),
    shape_only=("like",),
    kernel=lambda attrs, ins, outs: ("bilinear_resize", {"align_corners": attrs["align_corners"]}),
    gradient=_resize_gradient,
    flops=per_element(8),
    example=""">>> import paratrain as mx
>>> x = mx.nd.array([[[[0, 2], [4, 6]]]])
>>> mx.nd.contrib.BilinearResize2D(x, height=3, width=3).asnumpy()[0, 0]
array([[0., 1., 2.],
       [2., 3., 4.],
       [4., 5., 6.]], dtype=float32)""",
)
define(
    "_backward_BilinearResize2D",
    "Gradient of BilinearResize2D.",
    inputs={"grad": "dY.", "like": "Gives the shape."},
    params=_CORNERS,
    shape_only=("like",),
    shape=grad_like(1),
    kernel=lambda attrs, ins, outs: ("bilinear_resize_grad", attrs),
    gradient=lambda g: [g.F._contrib_BilinearResize2D(g.grad(), g.inputs[0], mode="like", **g.attrs), None],
    flops=lambda attrs, ins, outs: 8 * elements(ins[0]),
)

# Upsampling


def _is_bilinear(attrs: Attrs) -> bool:
    return attrs["sample_type"] == "bilinear"


def _upsampling_inputs(attrs: Attrs) -> tuple[str, ...]:
    return ("data", "weight") if _is_bilinear(attrs) else tuple(f"arg{i}" for i in range(attrs["num_args"]))


def _deconvolution(attrs: Attrs) -> Attrs:
    """Parameters of the deconvolution that interpolates."""
    scale, channels = attrs["scale"], attrs["num_filter"]
    kernel, pad = 2 * scale - scale % 2, scale // 2
    given = {"kernel": (kernel,) * 2, "stride": (scale,) * 2, "pad": (pad,) * 2, "num_filter": channels}
    return {**given, "num_group": channels, "no_bias": True}


def _bilinear_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["num_filter"] < 1:
        raise ValueError("num_filter must be the number of channels with sample_type 'bilinear'; got 0")
    op = OPS["Deconvolution"]
    return op.shape(op.parse(_deconvolution(attrs)), ins, outs)


def _factor(size: int, wanted: int, shape: MaybeShape) -> int:
    if size == 0 or wanted % size:
        raise ValueError(f"the result's sizes must be multiples of those of each array; got {wanted} for {show(shape)}")
    return wanted // size


def _nearest_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    for shape in ins:
        axes_of(shape, "N, C, H, W", "each array")
    if not complete(*ins):
        return ins, outs
    first = ins[0] or ()
    size = tuple(n * attrs["scale"] for n in first[2:])
    channels = 0
    for shape in ins:
        batch, count, h, w = shape or ()
        if batch != first[0]:
            raise ValueError(f"all arrays must have {first[0]} images; got {show(shape)}")
        if _factor(h, size[0], shape) != _factor(w, size[1], shape):
            raise ValueError(f"height and width must grow by one factor to {size}; got {show(shape)}")
        if attrs["multi_input_mode"] == "sum" and count != first[1]:
            raise ValueError(f"arrays that are added must have {first[1]} channels; got {show(shape)}")
        channels = channels + count if attrs["multi_input_mode"] == "concat" else count
    return ins, [merge((first[0], channels, *size), outs[0])]


def _upsampling_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    return _bilinear_shape(attrs, ins, outs) if _is_bilinear(attrs) else _nearest_shape(attrs, ins, outs)


def _upsampling_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    if _is_bilinear(attrs):
        op = OPS["Deconvolution"]
        return op.kernel_spec(op.parse(_deconvolution(attrs)), ins, outs, False)
    return "upsample", {"add": attrs["multi_input_mode"] == "sum"}


def _upsampling_gradient(g: GradContext) -> Sequence[Any]:
    if _is_bilinear(g.attrs):
        data, weight = g.inputs
        attrs = _deconvolution(g.attrs)
        return [
            g.F._backward_Deconvolution_data(g.grad(), weight, data, **attrs),
            g.F._backward_Deconvolution_weight(data, g.grad(), weight, **attrs),
        ]
    params = {k: g.attrs[k] for k in ("scale", "multi_input_mode")}
    return [
        g.F._backward_UpSampling(g.grad(), *g.inputs, num_args=len(g.inputs) + 1, which=k, **params)
        for k in range(len(g.inputs))
    ]


def _upsampling_composed(g: GradContext) -> Any:
    if _is_bilinear(g.attrs):
        return None
    F, height = g.F, g.inputs[0].shape[2] * g.attrs["scale"]
    factors = [height // x.shape[2] for x in g.inputs]
    parts = [F.repeat(F.repeat(x, repeats=n, axis=2), repeats=n, axis=3) for x, n in zip(g.inputs, factors)]
    return F.add_n(*parts) if g.attrs["multi_input_mode"] == "sum" else F.Concat(*parts, dim=1)


_UPSAMPLING = {
    "scale": integer(doc="Factor of height and width.", low=1),
    "multi_input_mode": choice(("concat", "sum"), "concat", "Whether channels are put together or added."),
}


def _part(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    joined = attrs["multi_input_mode"] == "concat"
    channels = [shape[1] for shape, _ in ins[1 : 1 + attrs["which"]]]
    return "upsample_grad", {"first": sum(channels) if joined else 0}


define(
    "UpSampling",
    "Images (N, C, H, W) enlarged to (N, C, H scale, W scale).\n\n"
    "With 'nearest' each element becomes a square of equal ones; of several arrays, the first is enlarged by `scale` "
    "and the others to the same size, then their channels are put together or added. With 'bilinear' the arrays are "
    "the data and the weight (C, 1, k, k) of a deconvolution, k = 2 scale - scale % 2, as "
    "`initializer.Bilinear` fills it.",
    variadic="num_args",
    inputs={"data": "Images; with 'bilinear' also the weight."},
    present=_upsampling_inputs,
    params={
        "scale": _UPSAMPLING["scale"],
        "num_filter": integer(0, "Number of channels, for 'bilinear'.", low=0),
        "sample_type": choice(("bilinear", "nearest"), doc="How new elements come about."),
        "multi_input_mode": _UPSAMPLING["multi_input_mode"],
        "num_args": integer(1, "Number of arrays.", low=1),
        "workspace": integer(512, "Accepted for MXNet's sake; no memory is set aside.", low=0),
    },
    shape=_upsampling_shape,
    dtype=of_types(FLOATS),
    kernel=_upsampling_kernel,
    gradient=_upsampling_gradient,
    composed=_upsampling_composed,
    example=""">>> import paratrain as mx
>>> x = mx.nd.array([[[[1, 2]]]])
>>> mx.nd.UpSampling(x, scale=2, sample_type="nearest").asnumpy()[0, 0]
array([[1., 1., 2., 2.],
       [1., 1., 2., 2.]], dtype=float32)""",
)
define(
    "_backward_UpSampling",
    "Gradient of UpSampling with respect to array `which`.",
    variadic="num_args",
    inputs={"grad": "dY, then the arrays."},
    params={
        **_UPSAMPLING,
        "which": integer(doc="Number of the array.", low=0),
        "num_args": integer(2, "Number of arrays and one.", low=2),
    },
    shape=lambda attrs, ins, outs: (ins, [ins[1 + attrs["which"]]]),
    kernel=_part,
    gradient_free=True,
    flops=lambda attrs, ins, outs: elements(ins[0]),
)
