"""LAMB: Adam's direction, then a step whose length follows from the norms of weight and direction.

Phase 1 makes the direction, the caller takes the norms, phase 2 takes the step; `_multi_lamb_update` does all of it for
several weights. The formulas are in `ext/kernels/update/lamb.h`.
"""

from __future__ import annotations

from typing import Any

from paratrain.ops.params import Param, flag, integer, ints, real, reals
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import merge, same_dtype
from paratrain.ops.update import Dtypes, Shapes, mixed_dtype, update_kernel
from paratrain.ops.update_multi import several

_MOMENTS: dict[str, Param] = {
    "beta1": real(0.9, "Decay of the mean of gradients.", low=0.0, high=1.0),
    "beta2": real(0.999, "Decay of the mean of squared gradients.", low=0.0, high=1.0),
    "epsilon": real(1e-6, "Added to the root of the mean square."),
}
_CORRECTION = {"bias_correction": flag(True, "Whether the means are corrected for having begun at 0.")}
_GRADIENT = {
    "rescale_grad": real(1.0, "Factor of the gradient."),
    "clip_gradient": real(-1.0, "Limit of the rescaled gradient's elements; negative: none."),
}
_BOUNDS = {
    "lower_bound": real(-1.0, "Least norm of the weight that counts; negative: none."),
    "upper_bound": real(-1.0, "Largest norm of the weight that counts; negative: none."),
}
_COPY = {"weight32": "The weight in float32."}
_STATES = {"mean": "Mean of gradients.", "var": "Mean of squared gradients."}


def _direction_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    return mixed_dtype(attrs, ins, [None])[0], ["float32"]


def _step_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kind = ins[0] or outs[0]
    return [kind, *["float32"] * (len(ins) - 1)], [kind]


def _step_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    weight = merge(merge(ins[0], ins[1]), outs[0])
    for copy in ins[4:]:
        weight = merge(weight, copy)
    norms = [merge(r, (1,), f"{name} and one number") for name, r in zip(("r1", "r2"), ins[2:4])]
    return [weight, weight, *norms, *[weight] * (len(ins) - 4)], [weight]


def _phase1(mixed: bool) -> None:
    prefix, copy = ("mp_", _COPY) if mixed else ("", {})
    define(
        f"{prefix}lamb_update_phase1",
        "LAMB's direction: Adam's step for rate 1, with ``wd * weight`` added."
        + (" In float32, of a 16-bit weight's copy." if mixed else ""),
        inputs={"weight": "Weight; it stays.", "grad": "Gradient.", **_STATES, **copy},
        params={
            **_MOMENTS,
            "t": integer(doc="Number of the step, from 1.", low=1),
            **_CORRECTION,
            "wd": real(doc="Weight decay."),
            **_GRADIENT,
        },
        dtype=_direction_dtype if mixed else same_dtype,
        kernel=update_kernel("lamb_update_phase1", f"{prefix}lamb_update_phase1", mixed),
        mutates=tuple(_STATES),
        gradient_free=True,
    )


def _phase2(mixed: bool) -> None:
    prefix, copy = ("mp_", _COPY) if mixed else ("", {})
    define(
        f"{prefix}lamb_update_phase2",
        "LAMB's step: ``w -= lr * r1 / r2 * g``; a norm of 0 leaves the rate as it is."
        + (" From a 16-bit weight's copy, which stays as it is (as in MXNet 1.9.1)." if mixed else ""),
        inputs={
            "weight": "Weight.",
            "g": "Direction, from phase 1.",
            "r1": "Norm of the weight (1,).",
            "r2": "Norm of the direction (1,).",
            **copy,
        },
        params={"lr": real(doc="Learning rate."), **_BOUNDS},
        shape=_step_shape,
        dtype=_step_dtype if mixed else same_dtype,
        kernel=update_kernel("lamb_update_phase2", f"{prefix}lamb_update_phase2", mixed),
        gradient_free=True,
        inplace=True,
    )


def _multi(mixed: bool) -> None:
    params: dict[str, Any] = {
        "learning_rates": reals(doc="Learning rate of each weight."),
        **_MOMENTS,
        "wds": reals(doc="Weight decay of each weight."),
        "rescale_grad": _GRADIENT["rescale_grad"],
        **_BOUNDS,
        "clip_gradient": _GRADIENT["clip_gradient"],
        **_CORRECTION,
        "step_count": ints(doc="Number of the step of each weight, from 1.", low=1),
    }
    several(
        f"_multi{'_mp' if mixed else ''}_lamb_update",
        "LAMB for several weights.",
        "multi_lamb_update",
        ("mean", "var"),
        params,
        mixed=mixed,
        counter="num_tensors",
        each=("learning_rates", "wds", "step_count"),
    )


for _mixed in (False, True):
    _phase1(_mixed)
    _phase2(_mixed)
    _multi(_mixed)
