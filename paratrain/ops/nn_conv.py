"""Convolution and deconvolution over one to three spatial axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.flops import weighted_flops
from paratrain.ops.nn import ACT_PARAMS, Shapes, act_attrs, joined, weight_outputs, weighted_inputs, without_bias
from paratrain.ops.params import Param, choice, flag, integer, ints
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, merge, output_like, show

#: Layouts by number of spatial axes: the one that is supported first.
_LAYOUTS = {1: ("NCW",), 2: ("NCHW", "NHWC"), 3: ("NCDHW", "NDHWC")}


def spatial(attrs: Attrs, name: str, default: int) -> tuple[int, ...]:
    """A parameter with one number for each spatial axis; empty stands for `default` everywhere.

    Raises
    ------
    ValueError
        If it has another number of entries than `kernel`.
    """
    value, axes = attrs[name], len(attrs["kernel"])
    if value and len(value) != axes:
        raise ValueError(f"{name} must have as many entries as kernel {attrs['kernel']}; got {value}")
    return value or (default,) * axes


def _axes(attrs: Attrs) -> int:
    axes = len(attrs["kernel"])
    if axes not in _LAYOUTS:
        raise ValueError(f"kernel must have one to three sizes; got {attrs['kernel']}")
    layout = attrs["layout"]
    if layout is not None and layout != _LAYOUTS[axes][0]:
        raise ValueError(f"layout must be {_LAYOUTS[axes][0]!r} or None for a kernel {attrs['kernel']}; got {layout!r}")
    if 0 in attrs["kernel"]:
        raise ValueError(f"kernel must have sizes >= 1; got {attrs['kernel']}")
    return axes


def _check_data(shape: MaybeShape, axes: int) -> None:
    if shape is not None and len(shape) != axes + 2:
        names = "(N, C, " + ("W)", "H, W)", "D, H, W)")[axes - 1]
        raise ValueError(f"data must have the axes {names} for a kernel of {axes} sizes; got {show(shape)}")


def _groups(attrs: Attrs, what: str, n: int) -> int:
    if n % attrs["num_group"]:
        raise ValueError(f"{what} must be a multiple of num_group {attrs['num_group']}; got {n}")
    return n // attrs["num_group"]


def _span(attrs: Attrs, d: int) -> int:
    """Elements that a dilated kernel covers along axis d."""
    return spatial(attrs, "dilate", 1)[d] * (attrs["kernel"][d] - 1) + 1


def _conv_size(attrs: Attrs, d: int, size: int) -> int:
    if size == -1:
        return -1
    padded = size + 2 * spatial(attrs, "pad", 0)[d]
    if padded < _span(attrs, d):
        raise ValueError(
            f"data must be at least as large as the kernel; spatial axis {d} has {size} elements, "
            f"{padded} with padding, and the kernel {attrs['kernel']} covers {_span(attrs, d)}"
        )
    return (padded - _span(attrs, d)) // spatial(attrs, "stride", 1)[d] + 1


def _conv_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    axes, filters = _axes(attrs), attrs["num_filter"]
    _groups(attrs, "num_filter", filters)
    data, weight = ins[0], ins[1]
    _check_data(data, axes)
    channels = -1 if data is None else data[1]
    per_group = -1 if channels == -1 else _groups(attrs, "number of channels of data", channels)
    what = "weight and (num_filter, C / num_group, *kernel)"
    weight = joined(weight, (filters, per_group, *attrs["kernel"]), what)
    out = joined(outs[0], (-1, filters, *(-1,) * axes), "result and (N, num_filter, ...)")
    if data is not None:
        if weight[1] != -1:
            data = joined(data, (-1, weight[1] * attrs["num_group"], *data[2:]))
        sizes = [_conv_size(attrs, d, n) for d, n in enumerate(data[2:])]
        out = joined(out, (data[0], filters, *sizes), "result and expected shape")
        data = joined(data, (out[0], *data[1:]))
        data = (*data[:2], *(_data_size(attrs, d, n, out[d + 2]) for d, n in enumerate(data[2:])))
    return [data, weight, *([joined(ins[2], (filters,), "bias and (num_filter,)")] if len(ins) > 2 else [])], [out]


def _data_size(attrs: Attrs, d: int, size: int, result: int) -> int:
    """Size of the data from that of the result, where there is only one."""
    if size != -1 or result == -1 or spatial(attrs, "stride", 1)[d] != 1:
        return size
    return result - 1 + _span(attrs, d) - 2 * spatial(attrs, "pad", 0)[d]


def _geometry(attrs: Attrs, pad: tuple[int, ...] | None = None) -> Attrs:
    return {
        "kernel": attrs["kernel"],
        "stride": spatial(attrs, "stride", 1),
        "dilate": spatial(attrs, "dilate", 1),
        "pad": spatial(attrs, "pad", 0) if pad is None else pad,
        "num_group": attrs["num_group"],
    }


def _conv_gradient(g: GradContext) -> Sequence[Any]:
    data, weight = g.inputs[0], g.inputs[1]
    grads: list[Any] = [None] * len(g.inputs)
    if g.needed[0]:
        grads[0] = g.F._backward_Convolution_data(g.grad(), weight, data, **g.attrs)
    if any(g.needed[1:]):
        out = g.F._backward_Convolution_weight(g.grad(), data, **g.attrs)
        grads[1:] = [out] if len(g.inputs) == 2 else list(out)
    return grads


def _conv_data_gradient(g: GradContext) -> Sequence[Any]:
    # dX is linear in dY and in the weight: the ways back are the convolution and its gradient
    dy, weight, _ = g.inputs
    attrs = without_bias(g.attrs)
    grads: list[Any] = [None, None, None]
    if g.needed[0]:
        grads[0] = g.F.Convolution(g.grad(), weight, **attrs)
    if g.needed[1]:
        grads[1] = g.F._backward_Convolution_weight(dy, g.grad(), **attrs)
    return grads


def _conv_weight_gradient(g: GradContext) -> Sequence[Any]:
    data = g.inputs[1]
    grads: list[Any] = [None, None]
    if g.needed[0] and g.attrs["no_bias"]:
        grads[0] = g.F.Convolution(data, g.grad(0), **g.attrs)
    elif g.needed[0]:
        grads[0] = g.F.Convolution(data, g.grad(0), g.grad(1), **g.attrs)
    if g.needed[1]:
        grads[1] = g.F._backward_Convolution_data(g.inputs[0], g.grad(0), data, **g.attrs)
    return grads


def _conv_weight_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    data, filters = ins[1], attrs["num_filter"]
    per_group = -1 if data is None or data[1] == -1 else data[1] // attrs["num_group"]
    weight = joined(outs[0], (filters, per_group, *attrs["kernel"]))
    return ins, [weight] if attrs["no_bias"] else [weight, (filters,)]


_TUNE = {
    "cudnn_tune": choice(("fastest", "limited_workspace", "off"), None, "How cuDNN's algorithm is chosen."),
    "cudnn_off": flag(False, "Do without cuDNN. Results are the same; only speed depends on it."),
    "layout": choice(("NCDHW", "NCHW", "NCW", "NDHWC", "NHWC"), None, "Order of the axes: NCW, NCHW or NCDHW."),
}


def _params(**further: Param) -> dict[str, Param]:
    common = {
        "kernel": ints(doc="Sizes of the kernel: (w,), (h, w) or (d, h, w)."),
        "stride": ints((), "Step of the window along each axis; 1 if not given.", low=1),
        "dilate": ints((), "Distance of the kernel's elements along each axis; 1 if not given.", low=1),
        "pad": ints((), "Zeros added on both sides of each axis; 0 if not given.", low=0),
    }
    return {**common, **further, **_TUNE}


_CONV_PARAMS = _params(
    num_filter=integer(doc="Number of filters, that is of channels of the result.", low=1),
    num_group=integer(1, "Number of groups into which the channels are divided.", low=1),
    workspace=integer(1024, "Megabytes that tuning may use; only speed depends on it.", low=0),
    no_bias=flag(False, "Leave the bias out."),
)

define(
    "Convolution",
    "Convolution (without flipping the kernel) of each image with each filter.\n\n"
    "``y[n, f, o] = b[f] + sum over c, k of x[n, c, o * stride - pad + k * dilate] w[f, c, k]``. A spatial axis of the "
    "result has ``(size + 2 pad - dilate (kernel - 1) - 1) // stride + 1`` elements.",
    inputs={
        "data": "Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W).",
        "weight": "Shape (num_filter, C / num_group, *kernel).",
        "bias": "Shape (num_filter,).",
    },
    present=weighted_inputs,
    params=_CONV_PARAMS,
    shape=_conv_shape,
    kernel=lambda attrs, ins, outs: ("convolution", {**_geometry(attrs), "has_bias": not attrs["no_bias"]}),
    gradient=_conv_gradient,
    layout="any",
    flops=weighted_flops(lambda ins, outs: outs[0], lambda ins, outs: ins[1]),
    example=""">>> mx.nd.Convolution(mx.nd.ones((1, 1, 3, 3)), mx.nd.ones((1, 1, 2, 2)), kernel=(2, 2), num_filter=1,
...     no_bias=True).asnumpy()
array([[[[4., 4.],
         [4., 4.]]]], dtype=float32)""",
)


def _act_inputs(attrs: Attrs) -> tuple[str, ...]:
    return (*weighted_inputs(attrs), "addend") if attrs["has_addend"] else weighted_inputs(attrs)


def _act_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    count = len(ins) - attrs["has_addend"]
    before, after = _conv_shape(attrs, ins[:count], outs)
    return before + [merge(i, after[0], "addend and result") for i in ins[count:]], after


def _act_kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
    more = {**act_attrs(attrs), "has_addend": attrs["has_addend"]}
    return "convolution_act", {**_geometry(attrs), "has_bias": not attrs["no_bias"], **more}


define(
    "_ConvolutionAct",
    "``act(Convolution(data) + addend)``, as the fuse pass makes it.",
    inputs={"data": "The data.", "weight": "The weight.", "bias": "The bias.", "addend": "As the result."},
    present=_act_inputs,
    params={
        **_CONV_PARAMS,
        **ACT_PARAMS,
        "has_addend": flag(False, "Whether there is an addend."),
    },
    shape=_act_shape,
    kernel=_act_kernel,
    gradient_free=True,  # it is made when the gradients are there already
    layout="any",
    flops=weighted_flops(lambda ins, outs: outs[0], lambda ins, outs: ins[1]),
)
define(
    "_backward_Convolution_data",
    "Gradient of Convolution with respect to the data.",
    inputs={"grad": "dY.", "weight": "The weight.", "like": "Gives the shape."},
    params=_CONV_PARAMS,
    shape_only=("like",),
    shape=output_like(2),
    kernel=lambda attrs, ins, outs: ("convolution_data_grad", {**_geometry(attrs), "has_bias": False}),
    gradient=_conv_data_gradient,
    layout="any",
    flops=weighted_flops(lambda ins, outs: ins[0], lambda ins, outs: ins[1]),
)
define(
    "_backward_Convolution_weight",
    "Gradients of Convolution with respect to weight and bias.",
    inputs={"grad": "dY.", "data": "The data."},
    params=_CONV_PARAMS,
    outputs=weight_outputs,
    shape=_conv_weight_shape,
    kernel=lambda attrs, ins, outs: ("convolution_weight_grad", _geometry(attrs)),
    gradient=_conv_weight_gradient,
    layout="any",
    flops=weighted_flops(lambda ins, outs: ins[0], lambda ins, outs: outs[0]),
)


def _deconv_pad(attrs: Attrs, data: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Padding and adjustment along each axis, perhaps chosen so that the result has `target_shape`."""
    if not any(attrs["target_shape"]):
        pad, adj = spatial(attrs, "pad", 0), spatial(attrs, "adj", 0)
        for a, s in zip(adj, spatial(attrs, "stride", 1)):
            if a >= s:
                raise ValueError(f"adj must be smaller than stride; got adj {adj}, stride {attrs['stride']}")
        return pad, adj
    target, stride = spatial(attrs, "target_shape", 0), spatial(attrs, "stride", 1)
    pads, adjs = [], []
    for d, size in enumerate(data):
        full = stride[d] * (size - 1) + _span(attrs, d)
        if full < target[d]:
            raise ValueError(f"target_shape must be at most {full} along spatial axis {d}; got {target}")
        pads.append((full - target[d] + 1) // 2)
        adjs.append((full - target[d]) % 2)
    return tuple(pads), tuple(adjs)


def _deconv_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    axes, filters = _axes(attrs), attrs["num_filter"]
    per_group = _groups(attrs, "num_filter", filters)
    data, weight = ins[0], ins[1]
    _check_data(data, axes)
    channels = -1 if data is None else data[1]
    if channels != -1:
        _groups(attrs, "number of channels of data", channels)
    weight = joined(weight, (channels, per_group, *attrs["kernel"]), "weight and (C, num_filter / num_group, *kernel)")
    out = joined(outs[0], (-1, filters, *(-1,) * axes), "result and (N, num_filter, ...)")
    if data is not None:
        data = joined(data, (-1, weight[0], *data[2:]))
        sizes = [-1] * axes
        if -1 not in data[2:]:
            pad, adj = _deconv_pad(attrs, data[2:])
            stride = spatial(attrs, "stride", 1)
            sizes = [stride[d] * (n - 1) + _span(attrs, d) - 2 * pad[d] + adj[d] for d, n in enumerate(data[2:])]
            if min(sizes) < 1:
                raise ValueError(f"pad must leave something of the result; got pad {pad}, result {tuple(sizes)}")
        out = joined(out, (data[0], filters, *sizes), "result and expected shape")
        data = joined(data, (out[0], *data[1:]))
    return [data, weight, *([joined(ins[2], (filters,), "bias and (num_filter,)")] if len(ins) > 2 else [])], [out]


def _deconv_kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
    # The gradient of a convolution with respect to its data, whose result is our data.
    pad, _ = _deconv_pad(attrs, ins[0][0][2:])
    return "convolution_data_grad", {**_geometry(attrs, pad), "has_bias": not attrs["no_bias"]}


def _deconv_gradient(g: GradContext) -> Sequence[Any]:
    data, weight = g.inputs[0], g.inputs[1]
    grads: list[Any] = [None] * len(g.inputs)
    attrs = without_bias(g.attrs)
    if g.needed[0]:
        grads[0] = g.F._backward_Deconvolution_data(g.grad(), weight, data, **attrs)
    if g.needed[1]:
        grads[1] = g.F._backward_Deconvolution_weight(data, g.grad(), weight, **attrs)
    if len(g.inputs) > 2 and g.needed[2]:
        grads[2] = g.F.sum(g.grad(), axis=(1,), exclude=True)
    return grads


_DECONV_PARAMS = _params(
    adj=ints((), "Elements added at the end of each axis of the result, less than stride.", low=0),
    target_shape=ints((), "Spatial shape of the result; `pad` and `adj` are then chosen to get it.", low=0),
    num_filter=integer(doc="Number of channels of the result.", low=1),
    num_group=integer(1, "Number of groups into which the channels are divided.", low=1),
    workspace=integer(512, "Megabytes that tuning may use; only speed depends on it.", low=0),
    no_bias=flag(True, "Leave the bias out."),
)

define(
    "Deconvolution",
    "Transposed convolution: the gradient of a convolution with respect to its data.\n\n"
    "A spatial axis of the result has ``stride (size - 1) + dilate (kernel - 1) + 1 - 2 pad + adj`` elements.",
    inputs={
        "data": "Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W).",
        "weight": "Shape (C, num_filter / num_group, *kernel).",
        "bias": "Shape (num_filter,).",
    },
    present=weighted_inputs,
    params=_DECONV_PARAMS,
    shape=_deconv_shape,
    kernel=_deconv_kernel,
    gradient=_deconv_gradient,
    layout="any",
    flops=weighted_flops(lambda ins, outs: ins[0], lambda ins, outs: ins[1]),
    example=""">>> mx.nd.Deconvolution(mx.nd.ones((1, 1, 2, 2)), mx.nd.ones((1, 1, 2, 2)), kernel=(2, 2),
...     num_filter=1).asnumpy()
array([[[[1., 2., 1.],
         [2., 4., 2.],
         [1., 2., 1.]]]], dtype=float32)""",
)


def _deconv_role(name: str, data: int, **further: bool) -> Any:
    """A kernel of convolutions in which the deconvolution's input number `data` is the result."""

    def kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
        pad, _ = _deconv_pad(attrs, ins[data][0][2:])
        return name, {**_geometry(attrs, pad), **further}

    return kernel


define(
    "_backward_Deconvolution_data",
    "Gradient of Deconvolution with respect to the data: a convolution of dY.",
    inputs={"grad": "dY.", "weight": "The weight.", "like": "Gives the shape."},
    params=_DECONV_PARAMS,
    shape_only=("like",),
    shape=output_like(2),
    kernel=_deconv_role("convolution", 2, has_bias=False),
    gradient=lambda g: [
        g.F.Deconvolution(g.grad(), g.inputs[1], **g.attrs) if g.needed[0] else None,
        g.F._backward_Deconvolution_weight(g.grad(), g.inputs[0], g.inputs[1], **g.attrs) if g.needed[1] else None,
        None,
    ],
    layout="any",
    flops=weighted_flops(lambda ins, outs: outs[0], lambda ins, outs: ins[1]),
)
define(
    "_backward_Deconvolution_weight",
    "Gradient of Deconvolution with respect to the weight.",
    inputs={"data": "The data.", "grad": "dY.", "like": "Gives the shape."},
    params=_DECONV_PARAMS,
    shape_only=("like",),
    shape=output_like(2),
    kernel=_deconv_role("convolution_weight_grad", 0),
    gradient=lambda g: [
        g.F._backward_Deconvolution_data(g.inputs[1], g.grad(), g.inputs[0], **g.attrs) if g.needed[0] else None,
        g.F.Deconvolution(g.inputs[0], g.grad(), **g.attrs) if g.needed[1] else None,
        None,
    ],
    layout="any",
    flops=weighted_flops(lambda ins, outs: ins[0], lambda ins, outs: outs[0]),
)
