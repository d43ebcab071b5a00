"""Updates of optimizers, in place.

Output 0 is the new weight; ``out=weight`` writes it where it came from. States (and, in mixed precision, the float32
copy of the weight) change in place. The formulas are in `ext/kernels/update/rules.h`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ops.params import Param, flag, integer, real
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, merge, same_dtype, same_shape

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
    "d": "Last divisor.",
    "v": "Mean of squared gradients.",
}


def mixed_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    """Weight and gradient have one type, all else float32."""
    kind = ins[0] or ins[1] or outs[0]
    return [kind, kind, *["float32"] * (len(ins) - 2)], [kind]


def _scaled_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    """All of one type but the last input, the factor of the gradient."""
    same, made = same_dtype(attrs, ins[:-1], outs)
    return [*same, "float32"], made


def _scaled_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    same, made = same_shape(attrs, ins[:-1], outs)
    return [*same, merge(ins[-1], (1,), "rescale_grad and one number")], made


def check_mixed(name: str, dtype: str) -> None:
    """Refuse weights of which no float32 copy is kept."""
    if dtype not in ("float16", "bfloat16", "float32"):
        raise TypeError(f"[{name}] weight must have the dtype float16 or bfloat16; got {dtype}")


def update_kernel(
    name: str, label: str, mixed: bool, renamed: dict[str, str] | None = None, **extra: Any
) -> Callable[..., tuple[str, Attrs]]:
    """What makes an update's kernel: the parameters under the kernel's names, and whether there is a float32 copy.

    Parameters
    ----------
    name : str
        Of the kernel.
    label : str
        The operator, for messages.
    mixed : bool
        Whether states and a copy of the weight are float32.
    renamed : dict of str to str, optional
        The kernel's names of parameters that have others.
    **extra
        Further attributes.
    """
    names = renamed or {}

    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        if mixed:
            check_mixed(label, ins[0][1])
        given = {names.get(k, k): v for k, v in attrs.items() if k != "lazy_update"}
        return name, {**given, "mixed": mixed, **extra}

    return kernel


def _update(
    name: str,
    doc: str,
    states: tuple[str, ...],
    params: dict[str, Param],
    mixed: bool = False,
    scaled: bool = False,
    **renamed: str,
) -> None:
    """Define an update and, where `mixed`, the one for 16-bit weights with a float32 copy (``mp_...``).

    `scaled`: the factor of the gradient is an input. `renamed`: the kernel's names of parameters.
    """
    inputs = {"weight": "Weight.", "grad": "Gradient.", **{s: _STATE_DOCS[s] for s in states}}
    factor = {"rescale_grad": "Factor of the gradient (1,), float32; no step where it is 0 or not finite."}
    last = factor if scaled else {}
    kernel = name.lstrip("_")
    extra = {"scaled": True} if scaled else {}
    shared: dict[str, Any] = {"params": params, "gradient_free": True, "inplace": True}
    shared["shape"] = _scaled_shape if scaled else same_shape
    define(
        name,
        doc,
        inputs={**inputs, **last},
        dtype=_scaled_dtype if scaled else same_dtype,
        kernel=update_kernel(kernel, name, False, renamed, **extra),
        mutates=states,
        **shared,
    )
    if mixed:
        mp_name = f"_mp{name}" if name.startswith("_") else f"mp_{name}"
        define(
            mp_name,
            f"{doc} For a 16-bit weight, computed in float32 on a copy of it.",
            inputs={**inputs, "weight32": "The weight in float32.", **last},
            dtype=mixed_dtype,
            kernel=update_kernel(kernel, mp_name, True, renamed, **extra),
            mutates=(*states, "weight32"),
            **shared,
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

_update(
    "_adamw_update",
    "Adam with weight decay apart from the gradient: ``w -= eta * (lr * m / (sqrt(v) + epsilon) + wd * w)``.",
    ("mean", "var"),
    {
        **_LR,
        **_ADAM,
        "wd": real(0.0, "Weight decay."),
        "eta": real(doc="Factor of the whole step: that of the schedule."),
        "clip_gradient": _COMMON["clip_gradient"],
    },
    mixed=True,
    scaled=True,
)
_update(
    "ftml_update",
    "Follow the moving leader.",
    ("d", "v", "z"),
    {
        **_LR,
        "beta1": real(0.6, "Decay of the mean of gradients.", low=0.0, high=1.0),
        "beta2": real(0.999, "Decay of the mean of squared gradients.", low=0.0, high=1.0),
        "epsilon": real(1e-8, "Added to the root of the mean square."),
        "t": integer(doc="Number of the step, from 1.", low=1),
        "wd": _COMMON["wd"],
        "rescale_grad": _COMMON["rescale_grad"],
        "clip_grad": _COMMON["clip_gradient"],
    },
    clip_grad="clip_gradient",
)


def _group_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    weight = merge(merge(ins[0], ins[1]), outs[0])
    history = ins[2]
    if weight is not None:
        if not weight:
            raise ValueError("weight must have at least 1 axis; got ()")
        history = merge(history, (weight[0], *[1] * (len(weight) - 1)), "history and one number for each row")
    return [weight, weight, history], [weight]


define(
    "_contrib_group_adagrad_update",
    "AdaGrad with one rate for each row: ``h += mean(r * r); w -= lr * r / (sqrt(h) + epsilon)``.",
    inputs={
        "weight": "Weight (n, ...).",
        "grad": "Gradient.",
        "history": "Sum of mean squares of each row's gradients (n, 1, ...).",
    },
    params={
        **_LR,
        "rescale_grad": _COMMON["rescale_grad"],
        "clip_gradient": _COMMON["clip_gradient"],
        "epsilon": real(1e-5, "Added to the root of the history."),
    },
    shape=_group_shape,
    kernel=lambda attrs, ins, outs: ("group_adagrad_update", attrs),
    mutates=("history",),
    gradient_free=True,
    inplace=True,
    example=""">>> w, g, h = mx.nd.ones((2, 2)), mx.nd.array([[1, 2], [0, 0]]), mx.nd.zeros((2, 1))
>>> mx.nd.contrib.group_adagrad_update(w, g, h, lr=0.1, out=w).asnumpy().round(3)
array([[0.937, 0.874],
       [1.   , 1.   ]], dtype=float32)""",
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
