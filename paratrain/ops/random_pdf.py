"""Densities of distributions at given points (`ext/kernels/random/density.h`)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.composing import front
from paratrain.ops.params import choice, flag, integer
from paratrain.ops.random_laws import LAWS
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, float_dtype, merge, product, show

Shapes = list[MaybeShape]
Specs = list[tuple]

_ORDER = tuple(LAWS)
_NAMES = (*_ORDER, "dirichlet")


def _tail(law: str) -> int:
    """How many last axes a sample and its parameters share: a Dirichlet distribution's shares."""
    return 1 if law == "dirichlet" else 0


def _check(sample: MaybeShape, parameter: MaybeShape, tail: int) -> None:
    if sample is None or parameter is None:
        return
    front = len(parameter) - tail
    agree = front >= 0 and len(sample) >= len(parameter)
    if agree:
        pairs = [*zip(sample, parameter[:front]), *zip(sample[len(sample) - tail :], parameter[front:])]
        agree = all(a == b or -1 in (a, b) for a, b in pairs)
    if not agree:
        raise ValueError(
            f"sample must have the shape of the parameters and further axes{' before the last one' if tail else ''}; "
            f"got sample {show(sample)}, parameters {show(parameter)}"
        )


def _pdf_shape(law: str) -> Callable[[Attrs, Shapes, Shapes], tuple[Shapes, Shapes]]:
    tail = _tail(law)

    def rule(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        sample, parameter = ins[0], None
        for s in ins[1:]:
            parameter = merge(parameter, s, "shapes of the parameters")
        _check(sample, parameter, tail)
        out = outs[0] if sample is None else merge(sample[: len(sample) - tail], outs[0])
        return [sample, *[parameter] * (len(ins) - 1)], [out]

    return rule


def _law_attrs(law: str, is_log: bool, sample: tuple[int, ...], parameter: tuple[int, ...]) -> Attrs:
    tail = _tail(law)
    return {
        "law": 0 if tail else _ORDER.index(law),
        "dirichlet": bool(tail),
        "is_log": is_log,
        "per": product(sample[len(parameter) - tail : len(sample) - tail]),
    }


def _pdf_kernel(law: str) -> Callable[..., tuple[str, Attrs]]:
    return lambda attrs, ins, outs: ("density", _law_attrs(law, attrs["is_log"], ins[0][0], ins[1][0]))


def _pdf_grad(law: str) -> Callable[[GradContext], Sequence[Any]]:
    return lambda g: [
        g.F._backward_random_pdf(g.grad(), *g.inputs, law=law, is_log=g.attrs["is_log"], wrt=i, arrays=len(g.inputs))
        if g.needed[i]
        else None
        for i in range(len(g.inputs))
    ]


# Logarithms of densities at x. Counts have no derivative with respect to the sample.


def _log_negative_binomial(F: Any, x: Any, k: Any, p: Any) -> Any:
    count = F.BlockGrad(x)
    ways = F.gammaln(count + k) - F.gammaln(count + 1) - F.gammaln(k)
    return ways + k * F.log(p) + count * F.log(1 - p)


def _log_generalized(F: Any, x: Any, mean: Any, spread: Any) -> Any:
    return _log_negative_binomial(F, x, 1 / spread, 1 / (1 + mean * spread))


def _log_poisson(F: Any, x: Any, rate: Any) -> Any:
    count = F.BlockGrad(x)
    return count * F.log(rate) - rate - F.gammaln(count + 1)


def _log_dirichlet(F: Any, x: Any, alpha: Any) -> Any:
    constant = F.gammaln(F.sum(alpha, axis=-1)) - F.sum(F.gammaln(alpha), axis=-1)
    return F.sum((alpha - 1) * F.log(x), axis=-1) + constant


_LOGS: dict[str, Callable[..., Any]] = {
    "uniform": lambda F, x, low, high: F.zeros_like(x) - F.log(high - low),
    "normal": lambda F, x, mean, scale: (
        -0.5 * F.square((x - mean) / scale) - F.log(scale) - 0.5 * math.log(2 * math.pi)
    ),
    "gamma": lambda F, x, a, b: a * F.log(b) + (a - 1) * F.log(x) - b * x - F.gammaln(a),
    "exponential": lambda F, x, rate: F.log(rate) - rate * x,
    "poisson": _log_poisson,
    "negative_binomial": _log_negative_binomial,
    "generalized_negative_binomial": _log_generalized,
    "dirichlet": _log_dirichlet,
}


def _pdf_composed(law: str) -> Callable[[GradContext], Any]:
    def composed(g: GradContext) -> Any:
        sample, *parameters = g.inputs
        ndim = len(sample.shape)
        log = _LOGS[law](g.F, sample, *(front(g.F, p, ndim, _tail(law)) for p in parameters))
        return log if g.attrs["is_log"] else g.F.exp(log)

    return composed


_ARRAYS = {name: law.arrays for name, law in LAWS.items()}
_ARRAYS["gamma"] = (("alpha", "Shapes."), ("beta", "Rates (1 / scale)."))
_ARRAYS["dirichlet"] = (("alpha", "Exponents (..., k)."),)
_EXAMPLES = {
    "uniform": ("[[1.0]], [0.0], [4.0]", 0.25),
    "normal": ("[[0.0]], [0.0], [1.0]", 0.3989),
    "gamma": ("[[1.0]], [1.0], [1.0]", 0.3679),
    "exponential": ("[[0.0]], [2.0]", 2.0),
    "poisson": ("[[0.0]], [1.0]", 0.3679),
    "negative_binomial": ("[[0.0]], [1.0], [0.5]", 0.5),
    "generalized_negative_binomial": ("[[0.0]], [1.0], [1.0]", 0.5),
    "dirichlet": ("[[0.5, 0.5]], [1.0, 1.0]", 1.0),
}
for _name in _NAMES:
    _given, _value = _EXAMPLES[_name]
    define(
        f"_random_pdf_{_name}",
        f"""Density of the {_name.replace("_", " ")} distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.""",
        aliases=(f"random_pdf_{_name}",),
        inputs={
            "sample": "Points" + (" (..., k): shares that add up to 1." if _name == "dirichlet" else "."),
            **dict(_ARRAYS[_name]),
        },
        params={"is_log": flag(False, "Return the logarithm of the density.")},
        shape=_pdf_shape(_name),
        dtype=float_dtype,
        kernel=_pdf_kernel(_name),
        gradient=_pdf_grad(_name),
        composed=_pdf_composed(_name),
        flops=lambda attrs, ins, outs: 20 * product(ins[0][0]),
        example=f"""
    >>> import paratrain as mx
    >>> density = mx.nd.random_pdf_{_name}(*[mx.nd.array(x) for x in ({_given})])
    >>> f"{{density.asscalar():.4f}}"
    '{_value:.4f}'""",
    )


def _back_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["wrt"] >= attrs["arrays"]:
        raise ValueError(f"wrt must be smaller than arrays={attrs['arrays']}; got {attrs['wrt']}")
    arrays, (grad,) = _pdf_shape(attrs["law"])(attrs, ins[1:], ins[:1])
    return [grad, *arrays], [merge(arrays[attrs["wrt"]], outs[0])]


define(
    "_backward_random_pdf",
    "Gradient of a density with respect to the sample (wrt=0) or a parameter.",
    inputs={"grad": "dY.", "sample": "Points.", "first": "First parameter.", "second": "Second one."},
    present=lambda attrs: ("grad", "sample", "first", "second")[: attrs["arrays"] + 1],
    params={
        "law": choice(_NAMES, doc="Which distribution."),
        "is_log": flag(doc="Whether it is the gradient of the logarithm."),
        "wrt": integer(doc="0: of the sample; 1, 2: of that parameter.", low=0, high=2),
        "arrays": integer(doc="Number of arrays: the sample and its parameters.", low=2, high=3),
    },
    shape=_back_shape,
    dtype=float_dtype,
    kernel=lambda attrs, ins, outs: (
        "density_grad",
        {**_law_attrs(attrs["law"], attrs["is_log"], ins[1][0], ins[2][0]), "wrt": attrs["wrt"]},
    ),
    flops=lambda attrs, ins, outs: 40 * product(ins[1][0]),
)
