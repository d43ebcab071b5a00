"""Updates of several weights in one call, and what their rates are made of.

The arrays of one weight come one after the other: weight, gradient, states and, in mixed precision, the float32 copy.
The formulas are in `ext/kernels/update/rules.h` and `norms.h`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.params import Param, integer, real, reals
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import merge, same_dtype, same_shape
from paratrain.ops.update import Dtypes, Shapes, mixed_dtype, update_kernel

_GRADIENT = {
    "rescale_grad": real(1.0, "Factor of the gradient."),
    "clip_gradient": real(-1.0, "Limit of the rescaled gradient's elements; negative: none."),
}
_MOMENTUM = {"momentum": real(0.0, "Part of the last step that is kept.")}
_RATES = {
    "lrs": reals(doc="Learning rate of each weight."),
    "wds": reals(doc="Weight decay of each weight."),
}


def several(
    name: str,
    doc: str,
    kernel: str,
    states: Sequence[str],
    params: dict[str, Param],
    *,
    mixed: bool,
    counter: str = "num_weights",
    each: Sequence[str] = ("lrs", "wds"),
    shared: Sequence[str] = (),
) -> None:
    """Define the update of several weights by the kernel of one.

    Parameters
    ----------
    name, doc : str
    kernel : str
    states : sequence of str
        Of one weight.
    params : dict of str to Param
        Without `counter`.
    mixed : bool
        Whether states and a copy of each weight are float32.
    counter : str
        Parameter that counts the weights.
    each : sequence of str
        Parameters with a number for each weight.
    shared : sequence of str
        Inputs after those of all weights: ``lrs`` and ``wds`` (one number for each weight) or ``rescale_grad`` (one).
    """
    arrays = ["weight", "grad", *states, *(["weight32"] if mixed else [])]
    stride, tail = len(arrays), len(shared)

    def shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        count = attrs[counter]
        for key in each:
            if len(attrs[key]) != count:
                raise ValueError(f"{key} must have {counter}={count} numbers; got {len(attrs[key])}")
        new_ins: Shapes = []
        new_outs: Shapes = []
        for k in range(count):
            group, made = same_shape(attrs, ins[k * stride : (k + 1) * stride], [outs[k]])
            new_ins += group
            new_outs += made
        for key, given in zip(shared, ins[count * stride :]):
            new_ins.append(merge(given, (1,) if key == "rescale_grad" else (count,), f"{key} and its numbers"))
        return new_ins, new_outs

    def dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
        count = attrs[counter]
        of_weights = ins[: count * stride]
        if mixed:
            kinds, made = same_dtype(attrs, [t for k in range(count) for t in of_weights[k * stride :][:2]], outs)
            group = mixed_dtype(attrs, [kinds[0], None, *[None] * (stride - 2)], [None])[0]
            return [*group * count, *["float32"] * tail], made
        same, made = same_dtype(attrs, of_weights, outs)
        return [*same, *["float32"] * tail], made

    extra: dict[str, Any] = {}
    if "lrs" in shared:
        extra["preloaded"] = True
    if "rescale_grad" in shared:
        extra["scaled"] = True
    order = ", ".join(arrays) + (f"; after those of all weights {', '.join(shared)}" if shared else "")
    define(
        name,
        doc,
        inputs={"data": f"Arrays of the first weight, then of the next: {order}."},
        params={**params, counter: integer(1, "Number of weights.", low=1)},
        variadic=counter,
        arity=lambda attrs: attrs[counter] * stride + tail,
        outputs=lambda attrs: tuple(f"output{k}" for k in range(attrs[counter])),
        shape=shape,
        dtype=dtype,
        kernel=update_kernel(kernel, name, mixed, **extra),
        mutates=lambda attrs: tuple(f"arg{k * stride + i}" for k in range(attrs[counter]) for i in range(2, stride)),
        inplace=lambda attrs: tuple((k, k * stride) for k in range(attrs[counter])),
        gradient_free=True,
    )


def _sgd(mixed: bool, momentum: bool, preloaded: bool) -> None:
    rule = f"sgd_{'mom_' if momentum else ''}update"
    several(
        f"{'preloaded_' if preloaded else ''}multi_{'mp_' if mixed else ''}{rule}",
        f"`{'mp_' if mixed else ''}{rule}` of several weights, each with rates of its own"
        + (", which are arrays." if preloaded else "."),
        rule,
        ("mom",) if momentum else (),
        {**({} if preloaded else _RATES), **(_MOMENTUM if momentum else {}), **_GRADIENT},
        mixed=mixed,
        each=() if preloaded else ("lrs", "wds"),
        shared=("lrs", "wds") if preloaded else (),
    )


def _adamw(mixed: bool) -> None:
    several(
        f"_multi{'_mp' if mixed else ''}_adamw_update",
        f"`_{'mp_' if mixed else ''}adamw_update` of several weights, each with rates of its own.",
        "adamw_update",
        ("mean", "var"),
        {
            "lrs": _RATES["lrs"],
            "beta1": real(0.9, "Decay of the mean of gradients."),
            "beta2": real(0.999, "Decay of the mean of squared gradients."),
            "epsilon": real(1e-8, "Added to the root of the mean square."),
            "wds": _RATES["wds"],
            "etas": reals(doc="Factor of the whole step of each weight."),
            "clip_gradient": _GRADIENT["clip_gradient"],
        },
        mixed=mixed,
        each=("lrs", "wds", "etas"),
        shared=("rescale_grad",),
    )


for _mixed in (False, True):
    _adamw(_mixed)
    for _momentum in (False, True):
        for _preloaded in (False, True):
            _sgd(_mixed, _momentum, _preloaded)


def _one_each(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    return ins, [merge((len(ins),), outs[0])]


def _float32_sum(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    return same_dtype(attrs, ins, [])[0], ["float32"]


define(
    "multi_sum_sq",
    "The sum of squares of each array, as one array (num_arrays,) of float32.",
    inputs={"data": "Arrays of one floating point type."},
    params={"num_arrays": integer(doc="Number of arrays.", low=1)},
    variadic="num_arrays",
    shape=_one_each,
    dtype=_float32_sum,
    kernel="multi_sum_sq",
    gradient_free=True,
    example=""">>> mx.nd.multi_sum_sq(mx.nd.array([1, 2]), mx.nd.array([3]), num_arrays=2).asnumpy()
array([5., 9.], dtype=float32)""",
)


def _vectors(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    same, made = same_shape(attrs, ins, outs)
    if made[0] is not None and len(made[0]) != 1:
        raise ValueError(f"lrs must have 1 axis; got {made[0]}")
    return same, made


define(
    "multi_lars",
    """
    Learning rates of layers by LARS, ``lr * eta * |w| / (|g| * rescale_grad + wd * |w| + eps)``.

    Where the norm ``|w|`` of a weight or ``|g|`` of its gradient is 0 the rate stays.
    """,
    inputs={
        "lrs": "Learning rates (k,).",
        "weights_sum_sq": "Sum of squares of each weight (k,).",
        "grads_sum_sq": "Sum of squares of each gradient (k,).",
        "wds": "Weight decays (k,).",
    },
    params={
        "eta": real(doc="Trust in the ratio."),
        "eps": real(doc="Added to the divisor."),
        "rescale_grad": _GRADIENT["rescale_grad"],
    },
    shape=_vectors,
    kernel="multi_lars",
    gradient_free=True,
    inplace=True,
    example=""">>> mx.nd.multi_lars(mx.nd.array([0.1, 0.1]), mx.nd.array([4, 0]), mx.nd.array([1, 1]), mx.nd.array([0,
...     0]), eta=0.5, eps=0.0).asnumpy().round(3)
array([0.1, 0.1], dtype=float32)""",
)
define(
    "reset_arrays",
    "Set all elements of the arrays to 0, in place.",
    inputs={"data": "Arrays of any type."},
    params={"num_arrays": integer(doc="Number of arrays.", low=1)},
    variadic="num_arrays",
    outputs=(),
    shape=lambda attrs, ins, outs: (ins, []),
    dtype=lambda attrs, ins, outs: (ins, []),
    kernel=lambda attrs, ins, outs: ("reset_arrays", {}),
    mutates=lambda attrs: tuple(f"arg{i}" for i in range(attrs["num_arrays"])),
    gradient_free=True,
    example=""">>> x = mx.nd.array([1, 2])
>>> mx.nd.reset_arrays(x, num_arrays=1)
[]
>>> x.asnumpy()
array([0., 0.], dtype=float32)""",
)
