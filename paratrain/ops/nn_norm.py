"""Normalisation over the batch, over a layer, and of vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.flops import per_element
from paratrain.ops.nn import Shapes, joined
from paratrain.ops.params import choice, flag, integer, real, text
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, axis_of, merge, outputs_like

Dtypes = tuple[list[MaybeDtype], list[MaybeDtype]]


def _stat_dtype(data: MaybeDtype) -> MaybeDtype:
    """Statistics and parameters of half precision data are float32."""
    return "float32" if data in ("float16", "bfloat16") else data


def _batch_norm_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    data = merge(ins[0], outs[0], "data and result")
    channels: MaybeShape = None
    for other in (*ins[1:], *outs[1:]):
        channels = merge(channels, other, "gamma, beta and statistics")
    if data is not None:
        if len(data) < 2:
            raise ValueError(f"data must have at least 2 axes (N, C, ...); got {len(data)}")
        axis = axis_of(attrs["axis"], len(data))
        full = joined(channels, (data[axis],), "gamma, beta and (C,)")
        channels, data = full, (*data[:axis], *full, *data[axis + 1 :])
    return [data] + [channels] * 4, [data, channels, channels]


def _batch_norm_dtype(attrs: Attrs, ins: list[MaybeDtype], outs: list[MaybeDtype]) -> Dtypes:
    data = ins[0] or outs[0]
    stat = _stat_dtype(data)
    return [data] + [stat] * 4, [data, stat, stat]


def _first_result(rule: Any) -> Any:
    """The rule of BatchNorm for an operator that has only its first output."""

    def narrowed(attrs: Attrs, ins: list[Any], outs: list[Any]) -> tuple[list[Any], list[Any]]:
        ins, made = rule(attrs, ins, [outs[0], None, None])
        return ins, made[:1]

    return narrowed


_KERNEL_ATTRS = ("eps", "momentum", "fix_gamma", "use_global_stats")


def _batch_norm_kernel(name: str, data: int, more: tuple[str, ...] = ()) -> Any:
    def kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
        return name, {
            "axis": axis_of(attrs["axis"], len(ins[data][0])),
            **{k: attrs[k] for k in (*_KERNEL_ATTRS, *more)},
        }

    return kernel


def _batch_norm_gradient(g: GradContext) -> Sequence[Any]:
    data, gamma = g.inputs[:2]
    _, mean, inverse = g.outputs
    dx, dgamma, dbeta = g.F._backward_BatchNorm(g.grad(), data, gamma, mean, inverse, **g.attrs)
    return [dx, dgamma, dbeta, None, None]


def _batch_norm_composed(g: GradContext) -> Any:
    F, attrs = g.F, g.attrs
    data, gamma, beta = g.inputs[:3]
    _, mean, inverse = g.outputs
    axis = axis_of(attrs["axis"], len(data.shape))
    shape = tuple(n if d == axis else 1 for d, n in enumerate(data.shape))
    x = F.Cast(data, dtype=mean.dtype)
    if g.training and not attrs["use_global_stats"]:
        over = {"axis": (axis,), "exclude": True, "keepdims": True}
        centred = F.broadcast_sub(x, F.mean(x, **over))
        scale = F.rsqrt(F._plus_scalar(F.mean(F.square(centred), **over), scalar=attrs["eps"]))
    else:
        centred, scale = F.broadcast_sub(x, F.Reshape(mean, shape=shape)), F.Reshape(inverse, shape=shape)
    y = F.broadcast_mul(centred, scale)
    if not attrs["fix_gamma"]:
        y = F.broadcast_mul(y, F.Reshape(gamma, shape=shape))
    return F.Cast(F.broadcast_add(y, F.Reshape(beta, shape=shape)), dtype=data.dtype)


_BATCH_NORM_PARAMS = {
    "eps": real(1e-3, "Added to the variance.", low=0.0),
    "momentum": real(0.9, "How much of the moving statistics is kept in each step.", low=0.0, high=1.0),
    "fix_gamma": flag(True, "Set gamma to 1; its gradient is 0."),
    "use_global_stats": flag(False, "Use the moving statistics in training too."),
    "output_mean_var": flag(False, "Also return the mean and 1 / standard deviation that were used."),
    "axis": integer(1, "The channel axis."),
    "cudnn_off": flag(False, "Do without cuDNN. Results are the same; only speed depends on it."),
    "min_calib_range": real(None, "Only for quantised networks; kept so that their files can be read."),
    "max_calib_range": real(None, "Only for quantised networks; kept so that their files can be read."),
}

_USED = {"mean": "Mean that was used.", "inverse": "1 / standard deviation that was used."}

# What is the same whether the statistics are those of one rank or of all.
_BATCH_NORM_ARRAYS: dict[str, Any] = {
    "inputs": {
        "data": "Shape (N, C, ...).",
        "gamma": "Scale, shape (C,).",
        "beta": "Shift, shape (C,).",
        "moving_mean": "Moving mean, shape (C,).",
        "moving_var": "Moving variance, shape (C,).",
    },
    "aux": ("moving_mean", "moving_var"),
    "initializers": {"moving_mean": '["zero", {}]', "moving_var": '["one", {}]'},
    "mutates": ("gamma", "moving_mean", "moving_var"),
    "outputs": ("output", "mean", "var"),
    "visible": lambda attrs: 3 if attrs["output_mean_var"] else 1,
}

define(
    "BatchNorm",
    "Normalises each channel to mean 0 and variance 1, then scales and shifts it.\n\n"
    "``y = (x - mean) / sqrt(var + eps) * gamma + beta``. In training mean and variance are those of the batch, and "
    "the moving statistics become ``momentum * moving + (1 - momentum) * batch``; else the moving statistics are used.",
    params=_BATCH_NORM_PARAMS,
    **_BATCH_NORM_ARRAYS,
    shape=_batch_norm_shape,
    dtype=_batch_norm_dtype,
    kernel=_batch_norm_kernel("batch_norm", 0),
    gradient=_batch_norm_gradient,
    composed=_batch_norm_composed,
    train_aware=True,
    layout="any",
    flops=per_element(5),
    again="_BatchNorm_again",
    example=""">>> mx.nd.BatchNorm(mx.nd.array([[1], [3]]), mx.nd.array([1]), mx.nd.array([0]), mx.nd.array([1]),
...     mx.nd.array([4]), fix_gamma=False).asnumpy().round(3)
array([[0.],
       [1.]], dtype=float32)""",
)
define(
    "_BatchNorm_again",
    "The result of BatchNorm from the statistics that it used.",
    inputs={"data": "Shape (N, C, ...).", "gamma": "Scale.", "beta": "Shift.", **_USED},
    params=_BATCH_NORM_PARAMS,
    shape=_first_result(_batch_norm_shape),
    dtype=_first_result(_batch_norm_dtype),
    kernel=_batch_norm_kernel("batch_norm_again", 0),
    gradient_free=True,
    train_aware=True,
    layout="any",
    flops=per_element(2),
)
define(
    "_backward_BatchNorm",
    "Gradients of BatchNorm with respect to data, gamma and beta.",
    inputs={
        "grad": "dY.",
        "data": "The data.",
        "gamma": "Scale.",
        "mean": "Mean that was used.",
        "inverse": "1 / standard deviation that was used.",
    },
    params=_BATCH_NORM_PARAMS,
    outputs=("data", "gamma", "beta"),
    shape=outputs_like(1, 2, 2),
    dtype=lambda attrs, ins, outs: (ins, [ins[1], ins[2], ins[2]]),
    kernel=_batch_norm_kernel("batch_norm_grad", 1),
    gradient_free=True,
    train_aware=True,
    inplace=((0, 1),),
    layout="any",
    flops=per_element(8),
)

_SYNC_PARAMS = {name: _BATCH_NORM_PARAMS[name] for name in (*_KERNEL_ATTRS, "output_mean_var")} | {
    "ndev": integer(1, "Without effect: the ranks of the job take part.", low=1),
    "key": text("", "Without effect: layers are told apart by their place in the network."),
}


def _sync_rule(rule: Any) -> Any:
    """A rule of BatchNorm, with the channels on axis 1."""
    return lambda attrs, ins, outs: rule({**attrs, "axis": 1}, ins, outs)


def _sync_gradient(g: GradContext) -> Sequence[Any]:
    data, gamma = g.inputs[:2]
    _, mean, inverse = g.outputs
    dx, dgamma, dbeta = g.F._backward_SyncBatchNorm(g.grad(), data, gamma, mean, inverse, **g.attrs)
    return [dx, dgamma, dbeta, None, None]


define(
    "_contrib_SyncBatchNorm",
    "BatchNorm with mean and variance of the batches of all ranks together.\n\n"
    "In training a collective, and its gradient another one: every rank must run the network as often as the others, "
    "once the job has a ``dist_sync`` store. Ranks may have different numbers of rows. Several contexts of "
    "one process are not normalised together: give a rank one context. CPUs only.",
    params=_SYNC_PARAMS,
    **_BATCH_NORM_ARRAYS,
    shape=_sync_rule(_batch_norm_shape),
    dtype=_sync_rule(_batch_norm_dtype),
    kernel=lambda attrs, ins, outs: _batch_norm_kernel("sync_batch_norm", 0)({**attrs, "axis": 1}, ins, outs),
    gradient=_sync_gradient,
    train_aware=True,
    flops=per_element(5),
    example=""">>> mx.nd.contrib.SyncBatchNorm(mx.nd.array([[1], [3]]), mx.nd.array([1]), mx.nd.array([0]),
...     mx.nd.array([1]), mx.nd.array([4]), fix_gamma=False).asnumpy().round(3)
array([[0.],
       [1.]], dtype=float32)""",
)
define(
    "_backward_SyncBatchNorm",
    "Gradients of SyncBatchNorm with respect to data, gamma and beta; those of gamma and beta are of this rank.",
    inputs={
        "grad": "dY.",
        "data": "The data.",
        "gamma": "Scale.",
        "mean": "Mean that was used.",
        "inverse": "1 / standard deviation that was used.",
    },
    params=_SYNC_PARAMS,
    outputs=("data", "gamma", "beta"),
    shape=outputs_like(1, 2, 2),
    dtype=lambda attrs, ins, outs: (ins, [ins[1], ins[2], ins[2]]),
    kernel=lambda attrs, ins, outs: _batch_norm_kernel("sync_batch_norm_grad", 1)({**attrs, "axis": 1}, ins, outs),
    gradient_free=True,
    train_aware=True,
    inplace=((0, 1),),
    flops=per_element(8),
)

# BatchNorm with what follows it, as the fuse pass makes them. Backward finds out what passed the bound from the data,
# or (with an addend) from the result.

_BOUND_PARAMS = {
    "act": choice(("clip", "relu"), doc="The bound: max(y, 0), or y limited to [a_min, a_max]."),
    "a_min": real(0.0, "Smallest value with clip."),
    "a_max": real(0.0, "Largest value with clip."),
    "has_addend": flag(False, "Whether there is an addend (only with relu)."),
}
_BOUND_KERNEL = ("act", "a_min", "a_max")
_AFFINE = {"data": "Shape (N, C, ...).", "gamma": "Scale.", "beta": "Shift."}


def _with_addend(*names: str) -> Any:
    return lambda attrs: names if attrs["has_addend"] else names[:-1]


def _bounded_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    before, after = _batch_norm_shape(attrs, ins[:5], outs)
    return before + [merge(i, before[0], "addend and data") for i in ins[5:]], after


def _bounded_dtype(attrs: Attrs, ins: list[MaybeDtype], outs: list[MaybeDtype]) -> Dtypes:
    before, after = _batch_norm_dtype(attrs, ins[:5], outs)
    return before + [before[0]] * len(ins[5:]), after


def _bounded_gradient(g: GradContext) -> Sequence[Any]:
    data, gamma, beta = g.inputs[:3]
    output, mean, inverse = g.outputs
    more = [output] if g.attrs["has_addend"] else []
    dx, dgamma, dbeta, *dadd = g.F._backward_BatchNormBound(
        g.grad(), data, gamma, mean, inverse, beta, *more, **g.attrs
    )
    return [dx, dgamma, dbeta, None, None, *dadd]


define(
    "_BatchNormBound",
    "``bound(BatchNorm(data) + addend)``.",
    inputs={**_AFFINE, "moving_mean": "Moving mean.", "moving_var": "Moving variance.", "addend": "As data."},
    present=_with_addend("data", "gamma", "beta", "moving_mean", "moving_var", "addend"),
    params={**_BATCH_NORM_PARAMS, **_BOUND_PARAMS},
    aux=("moving_mean", "moving_var"),
    mutates=("gamma", "moving_mean", "moving_var"),
    outputs=("output", "mean", "var"),
    visible=1,
    shape=_bounded_shape,
    dtype=_bounded_dtype,
    kernel=_batch_norm_kernel("batch_norm_act", 0, _BOUND_KERNEL),
    gradient=_bounded_gradient,
    train_aware=True,
    layout="any",
    flops=per_element(6),
    again="_BatchNormBound_again",
)
define(
    "_BatchNormBound_again",
    "The result of _BatchNormBound from the statistics that it used.",
    inputs={**_AFFINE, **_USED, "addend": "As data."},
    present=_with_addend("data", "gamma", "beta", "mean", "inverse", "addend"),
    params={**_BATCH_NORM_PARAMS, **_BOUND_PARAMS},
    shape=_first_result(_bounded_shape),
    dtype=_first_result(_bounded_dtype),
    kernel=_batch_norm_kernel("batch_norm_act_again", 0, _BOUND_KERNEL),
    gradient_free=True,
    train_aware=True,
    layout="any",
    flops=per_element(3),
)
define(
    "_backward_BatchNormBound",
    "Gradients of _BatchNormBound with respect to data, gamma, beta and the addend.",
    inputs={
        "grad": "dY.",
        "data": "The data.",
        "gamma": "Scale.",
        "mean": "Mean that was used.",
        "inverse": "1 / standard deviation that was used.",
        "beta": "Shift.",
        "output": "Y, where there is an addend.",
    },
    present=_with_addend("grad", "data", "gamma", "mean", "inverse", "beta", "output"),
    params={**_BATCH_NORM_PARAMS, **_BOUND_PARAMS},
    outputs=_with_addend("data", "gamma", "beta", "addend"),
    shape=lambda attrs, ins, outs: outputs_like(*((1, 2, 2, 1) if attrs["has_addend"] else (1, 2, 2)))(
        attrs, ins, outs
    ),
    dtype=lambda attrs, ins, outs: (ins, [ins[1], ins[2], ins[2], ins[1]][: len(outs)]),
    kernel=_batch_norm_kernel("batch_norm_act_grad", 1, _BOUND_KERNEL),
    gradient_free=True,
    train_aware=True,
    inplace=((3, 0), (0, 1)),
    layout="any",
    flops=per_element(9),
)
