"""Normalisation over the batch, over a layer, and of vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.nn import Shapes, joined
from paratrain.ops.params import flag, integer, real
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


def _batch_norm_kernel(name: str, data: int) -> Any:
    def kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
        return name, {
            "axis": axis_of(attrs["axis"], len(ins[data][0])),
            **{k: attrs[k] for k in ("eps", "momentum", "fix_gamma", "use_global_stats")},
        }

    return kernel


def _batch_norm_gradient(g: GradContext) -> Sequence[Any]:
    data, gamma = g.inputs[:2]
    _, mean, inverse = g.outputs
    dx, dgamma, dbeta = g.F._backward_BatchNorm(g.grad(), data, gamma, mean, inverse, **g.attrs)
    return [dx, dgamma, dbeta, None, None]


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

define(
    "BatchNorm",
    "Normalises each channel to mean 0 and variance 1, then scales and shifts it.\n\n"
    "``y = (x - mean) / sqrt(var + eps) * gamma + beta``. In training mean and variance are those of the batch, and "
    "the moving statistics become ``momentum * moving + (1 - momentum) * batch``; else the moving statistics are used.",
    inputs={
        "data": "Shape (N, C, ...).",
        "gamma": "Scale, shape (C,).",
        "beta": "Shift, shape (C,).",
        "moving_mean": "Moving mean, shape (C,).",
        "moving_var": "Moving variance, shape (C,).",
    },
    params=_BATCH_NORM_PARAMS,
    aux=("moving_mean", "moving_var"),
    initializers={"moving_mean": '["zero", {}]', "moving_var": '["one", {}]'},
    mutates=("gamma", "moving_mean", "moving_var"),
    outputs=("output", "mean", "var"),
    visible=lambda attrs: 3 if attrs["output_mean_var"] else 1,
    shape=_batch_norm_shape,
    dtype=_batch_norm_dtype,
    kernel=_batch_norm_kernel("batch_norm", 0),
    gradient=_batch_norm_gradient,
    train_aware=True,
    layout="any",
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
    layout="any",
)
