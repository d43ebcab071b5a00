"""Random numbers of more distributions, with parameters from arrays, or as many as an array has elements.

The distributions are in `ext/kernels/random/laws.h`, in the order of `LAWS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from paratrain.ops.params import Param, choice, flag, integer, ints, real
from paratrain.ops.random import FLOATS, KERNELS, draw_dtype, draw_params, draw_shape
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import (
    MaybeDtype,
    MaybeShape,
    ShapeRule,
    float_dtype,
    merge,
    product,
    same_dtype,
    same_shape,
    show,
)

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]


@dataclass(frozen=True)
class Law:
    """A distribution.

    Attributes
    ----------
    doc : str
        What is drawn.
    params : dict of str to Param
        Parameters as numbers.
    check : callable
        Takes their values; returns what is wrong, or an empty text.
    arrays : tuple of (str, str)
        Names of the parameters as arrays, with their meaning.
    """

    doc: str
    params: dict[str, Param]
    check: Callable[..., str]
    arrays: tuple[tuple[str, str], ...]


def _unless(fine: bool, text: str) -> str:
    return "" if fine else text


#: Distributions by name, in the order of the kernel's enumeration.
LAWS = {
    "uniform": Law(
        "Uniform random numbers in ``[low, high)``",
        {"low": real(0.0, "Lower end, included."), "high": real(1.0, "Upper end, not included.")},
        lambda low, high: _unless(low <= high, "low must not be larger than high"),
        (("low", "Lower ends."), ("high", "Upper ends.")),
    ),
    "normal": Law(
        "Normally distributed random numbers",
        {"loc": real(0.0, "Mean."), "scale": real(1.0, "Standard deviation.")},
        lambda loc, scale: _unless(scale >= 0, "scale must not be negative"),
        (("mu", "Means."), ("sigma", "Standard deviations.")),
    ),
    "gamma": Law(
        "Gamma distributed random numbers with mean ``alpha * beta``",
        {"alpha": real(1.0, "Shape."), "beta": real(1.0, "Scale.")},
        lambda alpha, beta: _unless(alpha > 0 and beta > 0, "alpha and beta must be positive"),
        (("alpha", "Shapes."), ("beta", "Scales.")),
    ),
    "exponential": Law(
        "Exponentially distributed random numbers",
        {"lam": real(1.0, "Rate: 1 / mean.")},
        lambda lam: _unless(lam > 0, "lam must be positive"),
        (("lam", "Rates."),),
    ),
    "poisson": Law(
        "Poisson distributed random counts",
        {"lam": real(1.0, "Mean.")},
        lambda lam: _unless(lam >= 0, "lam must not be negative"),
        (("lam", "Means."),),
    ),
    "negative_binomial": Law(
        "Random counts of failures before the k-th success of probability p",
        {"k": integer(1, "Number of successes.", low=0), "p": real(1.0, "Probability of a success, larger than 0.")},
        lambda k, p: _unless(0 < p <= 1, "p must be in (0, 1]"),
        (("k", "Numbers of successes."), ("p", "Probabilities of a success.")),
    ),
    "generalized_negative_binomial": Law(
        "Negative binomial random counts with mean `mu` and variance ``mu + alpha * mu^2``",
        {"mu": real(1.0, "Mean."), "alpha": real(1.0, "Dispersion; 0: a Poisson distribution.")},
        lambda mu, alpha: _unless(mu >= 0 and alpha >= 0, "mu and alpha must not be negative"),
        (("mu", "Means."), ("alpha", "Dispersions.")),
    ),
}
_NUMBERS = {name: i for i, name in enumerate(LAWS)}


def _checked(law: Law, rule: ShapeRule) -> ShapeRule:
    """A shape rule that also checks the values of the parameters."""

    def checked(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        values = [attrs[p] for p in law.params]
        wrong = law.check(*values)
        if wrong:
            raise ValueError(f"{wrong}; got {', '.join(map(str, values))}")
        return rule(attrs, ins, outs)

    return checked


def _scalar_kernel(name: str, law: Law) -> Callable[..., tuple[str, Attrs]]:
    if name in KERNELS:
        return KERNELS[name]

    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        first, second = (*(float(attrs[p]) for p in law.params), 0.0)[:2]
        return "law", {"law": _NUMBERS[name], "first": first, "second": second, "per": 1, "parameters": 0}

    return kernel


def _sample_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape: MaybeShape = None
    for s in ins:
        shape = merge(shape, s, "shapes of the parameters")
    if shape is None:
        return ins, outs
    return [shape] * len(ins), [merge((*shape, *attrs["shape"]), outs[0])]


def _sample_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kinds, _ = same_dtype(attrs, ins, [])
    if attrs["dtype"] != "None":
        return kinds, [attrs["dtype"]]
    if kinds[0] is None:
        return kinds, outs
    return kinds, [kinds[0] if kinds[0] in FLOATS else "float32"]


def _sample_kernel(name: str) -> Callable[..., tuple[str, Attrs]]:
    return lambda attrs, ins, outs: (
        "law",
        {
            "law": _NUMBERS[name],
            "first": 0.0,
            "second": 0.0,
            "per": product(attrs["shape"]),
            "parameters": len(ins),
        },
    )


def _zeros(g: GradContext) -> list[Any]:
    return [g.F.zeros_like(x) for x in g.inputs]


_PER_ROW = {
    "shape": ints((), "How many numbers each element of the parameters gets; default one.", low=0),
    "dtype": choice((*FLOATS, "None"), "None", "Element type of the result; default that of the parameters."),
}
for _name, _law in LAWS.items():
    if _name not in KERNELS:
        define(
            f"_random_{_name}",
            f"{_law.doc}.",
            aliases=(f"random_{_name}",),
            inputs={},
            params=draw_params(FLOATS, **_law.params),
            shape=_checked(_law, draw_shape),
            dtype=draw_dtype("float32"),
            kernel=_scalar_kernel(_name, _law),
            random=True,
            gradient_free=True,
            example=f"""
    >>> import paratrain as mx
    >>> mx.nd.random_{_name}(shape=(2, 3)).shape
    (2, 3)""",
        )
    define(
        f"_random_{_name}_like",
        f"{_law.doc}, as many as an array has elements, in its type.",
        inputs={"data": "Gives shape and type."},
        params=_law.params,
        shape_only=("data",),
        shape=_checked(_law, same_shape),
        dtype=float_dtype,
        kernel=_scalar_kernel(_name, _law),
        random=True,
        gradient=_zeros,
        example=f"""
    >>> import paratrain as mx
    >>> mx.nd.random.{_name}_like(mx.nd.zeros((2, 3))).shape
    (2, 3)""",
    )
    define(
        f"_sample_{_name}",
        f"""{_law.doc}, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.""",
        aliases=(f"sample_{_name}",),
        inputs={n: f"{what} All parameters have one shape and type." for n, what in _law.arrays},
        params=_PER_ROW,
        shape=_sample_shape,
        dtype=_sample_dtype,
        kernel=_sample_kernel(_name),
        random=True,
        gradient=_zeros,
        example=f"""
    >>> import paratrain as mx
    >>> rows = [mx.nd.array([0.5, 1.0])] * {len(_law.arrays)}
    >>> mx.nd.sample_{_name}(*rows, shape=3).shape
    (2, 3)""",
    )

# Categories


def _multinomial_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = ins[0]
    if data is None:
        return ins, outs
    if not data or data[-1] == 0:
        raise ValueError(f"data must have at least one category along its last axis; got {show(data)}")
    shape = (*data[:-1], *attrs["shape"]) or (1,)
    return ins, [merge(shape, s) for s in outs]


def _multinomial_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    (kind,), _ = float_dtype(attrs, [ins[0] or (outs[1] if len(outs) > 1 else None)], [])
    return [kind], [attrs["dtype"], kind][: len(outs)]


def _multinomial_grad(g: GradContext) -> list[Any]:
    if not g.attrs["get_prob"]:
        return _zeros(g)
    return [g.F._backward_sample_multinomial(g.grad(1), g.outputs[0], g.inputs[0], shape=g.attrs["shape"])]


define(
    "_sample_multinomial",
    """Random categories, each with its probability: (..., k) -> (..., *shape).

    With `get_prob`, also the logarithms of their probabilities, which have a gradient.""",
    aliases=("sample_multinomial",),
    inputs={"data": "Probabilities (..., k), which add up to 1 along the last axis."},
    params={
        "shape": ints((), "How many categories are drawn for each distribution; default one.", low=0),
        "get_prob": flag(False, "Return the logarithms of the probabilities, too."),
        "dtype": choice(
            ("int32", "uint8", "float16", "float32", "float64"), "int32", "Element type of the categories."
        ),
    },
    outputs=lambda attrs: ("output0", "output1") if attrs["get_prob"] else ("output",),
    shape=_multinomial_shape,
    dtype=_multinomial_dtype,
    kernel=lambda attrs, ins, outs: ("multinomial", {"per": product(attrs["shape"])}),
    random=True,
    gradient=_multinomial_grad,
    flops=lambda attrs, ins, outs: product(outs[0][0]) * ins[0][0][-1],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.sample_multinomial(mx.nd.array([[0, 1, 0], [0, 0, 1]]), shape=2).asnumpy()
    array([[1, 1],
           [2, 2]], dtype=int32)""",
)


def _multinomial_back_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = merge(ins[2], outs[0])
    _, drawn = _multinomial_shape(attrs, [data], ins[:2])
    return [*drawn, data], [data]


define(
    "_backward_sample_multinomial",
    "Gradient of the probabilities: for each category the sum of `grad` over where it was drawn, by its probability.",
    inputs={"grad": "Gradient of the logarithms.", "chosen": "Categories.", "data": "Probabilities."},
    params={"shape": ints((), "How many categories were drawn for each distribution.", low=0)},
    shape=_multinomial_back_shape,
    dtype=lambda attrs, ins, outs: ([ins[2] or ins[0], ins[1], ins[2] or ins[0]], [ins[2] or outs[0]]),
    kernel=lambda attrs, ins, outs: ("multinomial_grad", {"per": product(attrs["shape"])}),
)


def _shuffle_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[0], outs[0])
    if shape == ():
        raise ValueError("data must have at least one axis")
    return [shape], [shape, outs[1] if shape is None else merge(shape[:1], outs[1])]


define(
    "_shuffle",
    "The rows of an array (along axis 0) in random order.",
    aliases=("shuffle",),
    outputs=("output", "order"),
    visible=1,
    shape=_shuffle_shape,
    dtype=lambda attrs, ins, outs: ([ins[0] or outs[0]], [ins[0] or outs[0], "int64"]),
    kernel="shuffle",
    random=True,
    gradient=lambda g: [g.F.take(g.grad(), g.F.argsort(g.outputs[1], dtype="int64"), axis=0)],
    example="""
    >>> import paratrain as mx
    >>> sorted(mx.nd.shuffle(mx.nd.array([1, 2, 3])).asnumpy().tolist())
    [1.0, 2.0, 3.0]""",
)
