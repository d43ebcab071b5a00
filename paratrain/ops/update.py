"""Updates of optimizers, in place.

Output 0 is the new weight; ``out=weight`` writes it where it came from. States (and, in mixed precision, the float32
copy of the weight) change in place. The formulas are in `ext/kernels/update/rules.h`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ops.params import Param, flag, real
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, merge

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]

_COMMON = {
    "wd": real(0.0, "Weight decay: this times the weight is added to the gradient."),
    "rescale_grad": real(1.0, "Factor of the gradient."),
    "clip_gradient": real(-1.0, "Limit of the rescaled gradient's elements; negative: none."),
}
_LR = {"lr": real(doc="Learning rate.")}
_MOMENTUM = {"momentum": real(0.0, "Part of the last step that is kept.")}
_LAZY = {"lazy_update": flag(True, "Accepted for MXNet's sake; matters for sparse gradients only.")}
_ADAM = {
    "beta1": real(0.9, "Decay of the mean of gradients."),
    "beta2": real(0.999, "Decay of the mean of squared gradients."),
    "epsilon": real(1e-8, "Added to the root of the mean square."),
}
_RMS = {"epsilon": real(1e-8, "Added to the mean square.")}
_CLIP_WEIGHTS = {"clip_weights": real(-1.0, "Limit of the weights' elements; negative: none.")}
_STATE_DOCS = {
    "mom": "Momentum.",
    "mean": "Mean of gradients.",
    "var": "Mean of squared gradients.",
    "n": "Mean (or sum) of squared gradients.",
    "g": "Mean of gradients.",
    "delta": "Last step.",
    "z": "Sum of corrected gradients.",
}


def _mixed_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kind = ins[0] or ins[1] or outs[0]
    return [kind, kind, *["float32"] * (len(ins) - 2)], [kind]


def _kernel(name: str, mixed: bool) -> Callable[..., tuple[str, Attrs]]:
    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        if mixed and ins[0][1] not in ("float16", "bfloat16", "float32"):
            raise TypeError(f"[mp_{name}] weight must have the dtype float16 or bfloat16; got {ins[0][1]}")
        return name, {**{k: v for k, v in attrs.items() if k != "lazy_update"}, "mixed": mixed}

    return kernel


def _update(name: str, doc: str, states: tuple[str, ...], params: dict[str, Param], mixed: bool = False) -> None:
    """Define an update and, where `mixed`, the one for 16-bit weights with a float32 copy (``mp_...``)."""
    inputs = {"weight": "Weight.", "grad": "Gradient.", **{s: _STATE_DOCS[s] for s in states}}
    define(
        name,
        doc,
        inputs=inputs,
        params=params,
        kernel=_kernel(name, False),
        mutates=states,
        gradient_free=True,
        inplace=True,
    )
    if mixed:
        define(
            f"mp_{name}",
            f"{doc} For a 16-bit weight, computed in float32 on a copy of it.",
            inputs={**inputs, "weight32": "The weight in float32."},
            params=params,
            dtype=_mixed_dtype,
            kernel=_kernel(name, True),
            mutates=(*states, "weight32"),
            gradient_free=True,
            inplace=True,
        )


_update(
    "sgd_update",
    "``w -= lr * (r + wd * w)`` with the rescaled, clipped gradient r.",
    (),
    {**_LR, **_COMMON, **_LAZY},
    mixed=True,
)
_update(
    "sgd_mom_update",
    "``m = momentum * m - lr * (r + wd * w); w += m`` with the rescaled, clipped gradient r.",
    ("mom",),
    {**_LR, **_MOMENTUM, **_COMMON, **_LAZY},
    mixed=True,
)
_update(
    "nag_mom_update",
    "Nesterov's momentum: as sgd_mom_update, with the gradient taken one step ahead.",
    ("mom",),
    {**_LR, **_MOMENTUM, **_COMMON},
    mixed=True,
)
_update(
    "adam_update",
    "Adam without correction of the means' bias (which is part of `lr`).",
    ("mean", "var"),
    {**_LR, **_ADAM, **_COMMON, **_LAZY},
)
_update("signsgd_update", "``w = (1 - lr * wd) * w - lr * sign(g)``.", (), {**_LR, **_COMMON})
_update(
    "signum_update",
    "Momentum of which only the sign counts.",
    ("mom",),
    {**_LR, **_MOMENTUM, **_COMMON, "wd_lh": real(0.0, "Weight decay apart from the gradient.")},
)
_update(
    "rmsprop_update",
    "RMSProp: steps divided by the root of the mean square of gradients.",
    ("n",),
    {**_LR, "gamma1": real(0.95, "Decay of the mean square."), **_RMS, **_COMMON, **_CLIP_WEIGHTS},
)
_update(
    "rmspropalex_update",
    "RMSProp as Graves has it: the mean of gradients taken off, with momentum.",
    ("n", "g", "delta"),
    {
        **_LR,
        "gamma1": real(0.95, "Decay of the means."),
        "gamma2": real(0.9, "Part of the last step that is kept."),
        **_RMS,
        **_COMMON,
        **_CLIP_WEIGHTS,
    },
)
_update(
    "ftrl_update",
    "Follow the regularized leader.",
    ("z", "n"),
    {
        **_LR,
        "lamda1": real(0.01, "L1 penalty."),
        "beta": real(1.0, "Smoothing of the rate."),
        **_COMMON,
    },
)

# Updates of a whole flat buffer


def _flat_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    *same, offsets, lr, wd = ins
    shape = outs[0]
    for s in same:
        shape = merge(shape, s)
    if shape is not None and len(shape) != 1:
        raise ValueError(f"weight must have 1 axis; got {shape}")
    segments = merge(lr, wd, "lr and wd")
    if offsets is not None and offsets[0] != -1:
        segments = merge(segments, (offsets[0] - 1,), "lr and segments of offsets")
    if segments is not None and segments[0] != -1:
        offsets = merge(offsets, (segments[0] + 1,), "offsets and segments")
    return [*[shape] * len(same), offsets, segments, segments], [shape]


def _flat_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kind = next((t for t in (*ins[:-3], outs[0]) if t), None)
    return [*[kind] * (len(ins) - 3), "int64", "float32", "float32"], [kind]


def _flat(name: str, states: tuple[str, ...], params: dict[str, Param]) -> None:
    """Define the update of a flat buffer by the rule of `name`."""
    shared: dict[str, Any] = {k: v for k, v in _COMMON.items() if k != "wd"}
    define(
        f"_flat_{name}",
        f"`{name}` of a flat buffer whose segments have rates of their own, in one pass.",
        inputs={
            "weight": "Weights of all segments (n,).",
            "grad": "Their gradients (n,).",
            **{s: _STATE_DOCS[s] for s in states},
            "offsets": "Where segments begin, and the size n: int64 (k + 1,).",
            "lr": "Learning rate of each segment: float32 (k,).",
            "wd": "Weight decay of each segment: float32 (k,).",
        },
        params={**params, **shared},
        shape=_flat_shape,
        dtype=_flat_dtype,
        kernel=f"flat_{name}",
        mutates=states,
        gradient_free=True,
        inplace=True,
    )


_flat("sgd_update", (), {})
_flat("sgd_mom_update", ("mom",), _MOMENTUM)
_flat("nag_mom_update", ("mom",), _MOMENTUM)
_flat("adam_update", ("mean", "var"), _ADAM)
