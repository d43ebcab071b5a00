"""Normalisation within one sample: layer, group and instance normalisation, L2 and local response normalisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.flops import elements, per_element
from paratrain.ops.nn import Shapes, joined
from paratrain.ops.params import choice, flag, integer, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, Shape, axis_of, merge, outputs_like, product, show

_EPS = real(1e-5, "Added to the variance.", low=0.0)
_OUTPUT_STATS = flag(False, "Also return mean and standard deviation.")

Geometry = Callable[[Attrs, Shape], Attrs]


def _define_row_norm(
    name: str,
    doc: str,
    inputs: dict[str, str],
    params: dict[str, Any],
    names: Callable[[Attrs, Shape], tuple[Shape, Shape]],
    geometry: Geometry,
) -> None:
    """Define a normalisation of rows.

    Parameters
    ----------
    names : callable
        ``(attrs, data shape) -> (shape of gamma and beta, shape of mean and standard deviation)``.
    geometry : callable
        ``(attrs, data shape) -> outer, length, inner, gammas`` of the kernel.
    """

    def shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
        data = merge(ins[0], outs[0], "data and result")
        gamma = merge(ins[1], ins[2], "gamma and beta")
        stats = merge(outs[1], outs[2], "mean and standard deviation")
        if data is not None:
            wanted, rows = names(attrs, data)
            gamma = joined(gamma, wanted, "gamma, beta and expected shape")
            stats = joined(stats, rows)
        return [data, gamma, gamma], [data, stats, stats]

    def kernel(name: str, data: int) -> Callable[..., tuple[str, Attrs]]:
        return lambda attrs, ins, outs: (name, {**geometry(attrs, ins[data][0]), "eps": attrs["eps"]})

    def gradient(g: GradContext) -> Sequence[Any]:
        backward = getattr(g.F, "_backward_" + name)
        return backward(g.grad(), g.inputs[0], g.inputs[1], g.outputs[1], g.outputs[2], **g.attrs)

    def composed(g: GradContext) -> Any:
        F, (data, gamma, beta) = g.F, g.inputs
        rows = geometry(g.attrs, data.shape)
        x = F.Reshape(data, shape=(rows["outer"], rows["length"], rows["inner"]))
        centred = F.broadcast_sub(x, F.mean(x, axis=1, keepdims=True))
        variance = F.mean(F.square(centred), axis=1, keepdims=True)
        y = F.broadcast_mul(centred, F.rsqrt(F._plus_scalar(variance, scalar=g.attrs["eps"])))
        if rows["gammas"]:
            y = F.Reshape(y, shape=(-1, rows["gammas"], rows["length"] * rows["inner"]))
        scale, shift = (F.Reshape(p, shape=(1, -1, 1)) for p in (gamma, beta))
        return F.Reshape(F.broadcast_add(F.broadcast_mul(y, scale), shift), shape=data.shape)

    define(
        name,
        doc,
        inputs=inputs,
        params=params,
        outputs=("output", "mean", "std"),
        visible=lambda attrs: 3 if attrs.get("output_mean_var") else 1,
        shape=shape,
        kernel=kernel("row_norm", 0),
        gradient=gradient,
        composed=composed,
        flops=per_element(5),
    )
    define(
        "_backward_" + name,
        f"Gradients of {name} with respect to data, gamma and beta.",
        inputs={
            "grad": "dY.",
            "data": "The data.",
            "gamma": "Scale.",
            "mean": "Mean of each row.",
            "std": "Standard deviation of each row.",
        },
        params=params,
        outputs=("data", "gamma", "beta"),
        shape=outputs_like(1, 2, 2),
        kernel=kernel("row_norm_grad", 1),
        gradient_free=True,
        flops=per_element(8),
    )


def _layer_names(attrs: Attrs, data: Shape) -> tuple[Shape, Shape]:
    axis = axis_of(attrs["axis"], len(data))
    return (data[axis],), (*data[:axis], 1, *data[axis + 1 :])


def _layer_geometry(attrs: Attrs, data: Shape) -> Attrs:
    axis = axis_of(attrs["axis"], len(data))
    outer, inner = product(data[:axis]), product(data[axis + 1 :])
    return {"outer": outer, "length": data[axis], "inner": inner, "gammas": 0}


_define_row_norm(
    "LayerNorm",
    "Normalises along one axis to mean 0 and variance 1, then scales and shifts each place of that axis.",
    {"data": "Any shape.", "gamma": "Scale, shape (size of the axis,).", "beta": "Shift, shape (size of the axis,)."},
    {"axis": integer(-1, "The axis."), "eps": _EPS, "output_mean_var": _OUTPUT_STATS},
    _layer_names,
    _layer_geometry,
)


def _check_channels(data: Shape, axes: int) -> None:
    if len(data) < axes:
        raise ValueError(f"data must have at least {axes} axes (N, C, ...); got {show(data)}")


def _group_names(attrs: Attrs, data: Shape) -> tuple[Shape, Shape]:
    _check_channels(data, 3)
    groups = attrs["num_groups"]
    if data[1] != -1 and data[1] % groups:
        raise ValueError(f"num_groups must divide the {data[1]} channels; got {groups}")
    return (groups,), (data[0], groups)


def _group_geometry(attrs: Attrs, data: Shape) -> Attrs:
    groups = attrs["num_groups"]
    return {"outer": data[0] * groups, "length": product(data[1:]) // groups, "inner": 1, "gammas": groups}


_define_row_norm(
    "GroupNorm",
    "Normalises each group of channels of each sample to mean 0 and variance 1, then scales and shifts each group.",
    {"data": "Shape (N, C, ...).", "gamma": "Scale, shape (num_groups,).", "beta": "Shift, shape (num_groups,)."},
    {"num_groups": integer(1, "Number of groups.", low=1), "eps": _EPS, "output_mean_var": _OUTPUT_STATS},
    _group_names,
    _group_geometry,
)


def _instance_names(attrs: Attrs, data: Shape) -> tuple[Shape, Shape]:
    _check_channels(data, 3)
    return (data[1],), data[:2]


_define_row_norm(
    "InstanceNorm",
    "Normalises each channel of each sample to mean 0 and variance 1, then scales and shifts each channel.",
    {"data": "Shape (N, C, ...).", "gamma": "Scale, shape (C,).", "beta": "Shift, shape (C,)."},
    {"eps": real(1e-3, "Added to the variance.", low=0.0)},
    _instance_names,
    lambda attrs, data: {
        "outer": data[0] * data[1],
        "length": product(data[2:]),
        "inner": 1,
        "gammas": data[1],
    },
)


def _l2_rows(attrs: Attrs, data: Shape) -> tuple[Attrs, Shape]:
    """Kernel geometry, and the shape of the norms."""
    _check_channels(data, {"instance": 1, "channel": 2, "spatial": 3}[attrs["mode"]])
    if attrs["mode"] == "instance":
        return {"outer": data[0], "length": product(data[1:]), "inner": 1}, data[:1]
    if attrs["mode"] == "channel":
        return {"outer": data[0], "length": data[1], "inner": product(data[2:])}, (data[0], *data[2:])
    return {"outer": data[0] * data[1], "length": product(data[2:]), "inner": 1}, data[:2]


def _l2_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    data = merge(ins[0], outs[0], "data and result")
    return [data], [data, outs[1] if data is None else joined(outs[1], _l2_rows(attrs, data)[1])]


def _l2_kernel(name: str) -> Callable[..., tuple[str, Attrs]]:
    return lambda attrs, ins, outs: (name, {**_l2_rows(attrs, ins[0][0])[0], "gammas": 0, "eps": attrs["eps"]})


def _l2_composed(g: GradContext) -> Any:
    F, data = g.F, g.inputs[0]
    rows, _ = _l2_rows(g.attrs, data.shape)
    shape = (rows["outer"], rows["length"], rows["inner"])
    output, norm = F.Reshape(g.outputs[0], shape=shape), F.Reshape(g.outputs[1], shape=(shape[0], 1, shape[2]))
    # the data, which was not kept
    x = F.elemwise_add(F.Reshape(data, shape=shape), F.broadcast_mul(output, norm))
    squares = F._plus_scalar(F.sum(F.square(x), axis=1, keepdims=True), scalar=g.attrs["eps"])
    return F.Reshape(F.broadcast_mul(x, F.rsqrt(squares)), shape=data.shape)


_L2_PARAMS = {
    "eps": real(1e-10, "Added below the root.", low=0.0),
    "mode": choice(("channel", "instance", "spatial"), "instance", "Which elements share a norm."),
}
define(
    "L2Normalization",
    "Divides by a 2-norm.\n\nThat of each sample ('instance'), of the channels at each place ('channel'), or of each "
    "channel ('spatial').",
    inputs={"data": "Shape (N, C, ...)."},
    params=_L2_PARAMS,
    outputs=("output", "norm"),
    visible=1,
    shape=_l2_shape,
    kernel=_l2_kernel("l2_norm"),
    gradient=lambda g: [g.F._backward_L2Normalization(g.grad(), *g.outputs, **g.attrs)],
    composed=_l2_composed,
    flops=per_element(3),
    example=""">>> mx.nd.L2Normalization(mx.nd.array([[3, 4]])).asnumpy().round(3)
array([[0.6, 0.8]], dtype=float32)""",
)
define(
    "_backward_L2Normalization",
    "Gradient of L2Normalization.",
    inputs={"grad": "dY.", "output": "The result.", "norm": "The norms."},
    params=_L2_PARAMS,
    shape=outputs_like(0),
    kernel=_l2_kernel("l2_norm_grad"),
    gradient_free=True,
    flops=per_element(4),
)


def _lrn_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    data: MaybeShape = None
    for other in (*ins, *outs):
        data = merge(data, other, "data and result")
    if data is not None:
        _check_channels(data, 2)
    if attrs["nsize"] % 2 == 0:
        raise ValueError(f"nsize must be odd; got {attrs['nsize']}")
    return [data] * len(ins), [data] * len(outs)


def _lrn_composed(g: GradContext) -> Any:
    F, data, attrs = g.F, g.inputs[0], g.attrs
    n = attrs["nsize"]
    squares = F.Reshape(F.square(data), shape=(data.shape[0], 1, data.shape[1], -1))
    window = {"kernel": (n, 1), "pad": (n // 2, 0), "pool_type": "sum"}
    sums = F.Reshape(F.Pooling(squares, **window), shape=data.shape)
    scale = F._plus_scalar(F._mul_scalar(sums, scalar=attrs["alpha"] / n), scalar=attrs["knorm"])
    return F.elemwise_mul(data, F._power_scalar(scale, scalar=-attrs["beta"]))


_LRN_PARAMS = {
    "alpha": real(1e-4, "Weight of the squares."),
    "beta": real(0.75, "Power."),
    "knorm": real(2.0, "Added to the squares."),
    "nsize": integer(doc="Number of channels in a window (odd).", low=1),
}
define(
    "LRN",
    "Local response normalisation: ``x (knorm + alpha / nsize * sum of squares of nsize channels around)^-beta``.",
    inputs={"data": "Shape (N, C, ...)."},
    params=_LRN_PARAMS,
    outputs=("output", "scale"),
    visible=1,
    shape=_lrn_shape,
    kernel="lrn",
    gradient=lambda g: [g.F._backward_LRN(g.grad(), g.inputs[0], *g.outputs, **g.attrs)],
    composed=_lrn_composed,
    flops=lambda attrs, ins, outs: (2 * attrs["nsize"] + 2) * elements(outs[0]),
    example=""">>> mx.nd.LRN(mx.nd.ones((1, 2, 1, 1)), nsize=3, alpha=1.0).asnumpy().ravel().round(3)
array([0.479, 0.479], dtype=float32)""",
)
define(
    "_backward_LRN",
    "Gradient of LRN.",
    inputs={"grad": "dY.", "data": "The data.", "output": "The result.", "scale": "What was raised to a power."},
    params=_LRN_PARAMS,
    shape=_lrn_shape,
    kernel="lrn_grad",
    gradient_free=True,
    flops=lambda attrs, ins, outs: (2 * attrs["nsize"] + 4) * elements(outs[0]),
)
