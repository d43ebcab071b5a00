"""Random numbers and dropout.

Each number is a function of (seed, step, operator, position), by Philox (`ext/kernels/random/philox.h`): the same for
any number of threads, and on every device as far as its mathematical functions agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.params import choice, flag, integer, ints, real, text
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, axis_of, merge

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]


def draw_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    """The shape that is asked for, else that of how the result is used, else (1,)."""
    shape = attrs["shape"]
    return ins, [outs[0] or (1,) if shape is None else merge(shape, outs[0], "shape and result")]


def draw_params(types: tuple[str, ...], **first: Any) -> dict[str, Any]:
    """Parameters of an operator that draws numbers of given types (the first one by default)."""
    return {
        **first,
        "shape": ints(None, "Shape of the result; default (1,).", low=0, optional=True),
        "ctx": text("", "Device of the result, e.g. ``cpu(0)``."),
        "dtype": choice((*types, "None"), "None", f"Element type of the result; default {types[0]}."),
    }


def draw_dtype(default: str) -> Any:
    """The dtype that is asked for, else that of how the result is used, else `default`."""

    def rule(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
        wanted = attrs["dtype"]
        return ins, [wanted if wanted != "None" else outs[0] or default]

    return rule


#: Element types of real random numbers.
FLOATS = ("float32", "float64", "float16", "bfloat16")


def _uniform_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    low, high = attrs["low"], attrs["high"]
    if low > high:
        raise ValueError(f"[_random_uniform] low must not be larger than high; got {low} and {high}")
    bound = {"below": high} if high > low else {}
    return "random_uniform", {"first": low, "second": high, **bound}


def _normal_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    if attrs["scale"] < 0:
        raise ValueError(f"[_random_normal] scale must not be negative; got {attrs['scale']}")
    return "random_normal", {"first": attrs["loc"], "second": attrs["scale"]}


def _exponential_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    if attrs["lam"] <= 0:
        raise ValueError(f"[_random_exponential] lam must be positive; got {attrs['lam']}")
    return "random_exponential", {"first": attrs["lam"], "second": 0.0}


#: Kernels of the distributions that take one block of Philox for two numbers.
KERNELS = {"uniform": _uniform_kernel, "normal": _normal_kernel, "exponential": _exponential_kernel}

for _name, _doc, _kernel, _first, _aliases in (
    (
        "_random_uniform",
        "Uniform random numbers in ``[low, high)``.",
        _uniform_kernel,
        {"low": real(0.0, "Lower end, included."), "high": real(1.0, "Upper end, not included.")},
        ("random_uniform", "uniform"),
    ),
    (
        "_random_normal",
        "Normally distributed random numbers.",
        _normal_kernel,
        {"loc": real(0.0, "Mean."), "scale": real(1.0, "Standard deviation.")},
        ("random_normal", "normal"),
    ),
    (
        "_random_exponential",
        "Exponentially distributed random numbers.",
        _exponential_kernel,
        {"lam": real(1.0, "Rate: 1 / mean.")},
        ("random_exponential", "exponential"),
    ),
):
    define(
        _name,
        _doc,
        aliases=_aliases,
        inputs={},
        params=draw_params(FLOATS, **_first),
        shape=draw_shape,
        dtype=draw_dtype("float32"),
        kernel=_kernel,
        random=True,
        gradient_free=True,
    )


def _randint_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    low, high = attrs["low"], attrs["high"]
    if low >= high:
        raise ValueError(f"[_random_randint] low must be smaller than high; got {low} and {high}")
    return "random_randint", {"low": low, "high": high}


define(
    "_random_randint",
    "Random whole numbers in ``[low, high)``.",
    aliases=("random_randint",),
    inputs={},
    params=draw_params(("int32", "int64"), low=integer(doc="Smallest number."), high=integer(doc="End, not included.")),
    shape=draw_shape,
    dtype=draw_dtype("int32"),
    kernel=_randint_kernel,
    random=True,
    gradient_free=True,
    example=""">>> mx.nd.random.randint(0, 5, shape=(2,)).shape
(2,)""",
)


def _dropout_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    axes = tuple(sorted({axis_of(a, len(ins[0][0]), "axes") for a in attrs["axes"]}))
    return "dropout", {"p": attrs["p"], "axes": axes, "always": attrs["mode"] == "always"}


def _dropout_grad(g: GradContext) -> Sequence[Any]:
    return [g.F.elemwise_mul(g.grad(), g.outputs[1])]


define(
    "Dropout",
    """In training, each element is 0 with probability `p`, else divided by ``1 - p``; otherwise the array itself.

    Along `axes`, all elements share one decision.""",
    params={
        "p": real(0.5, "Probability of an element to be dropped.", low=0.0, high=1.0),
        "mode": choice(("always", "training"), "training", "Whether to drop outside of training too."),
        "axes": ints((), "Axes along which the mask is repeated."),
        "cudnn_off": flag(False, "Accepted for MXNet's sake; the same kernel runs either way.", optional=True),
    },
    outputs=("output", "mask"),
    visible=1,
    kernel=_dropout_kernel,
    train_aware=True,
    random=True,
    gradient=_dropout_grad,
    example=""">>> mx.nd.Dropout(mx.nd.array([1, 2]), p=0.5).asnumpy()
array([1., 2.], dtype=float32)""",
)


def _philox_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    words = merge(merge(ins[0], outs[0]), (-1, 4), "counters")
    return [words, merge(ins[1], (2,), "key")], [words]


define(
    "_philox",
    "Philox4x32-10: four random words for each counter. All as the bits of int32.",
    inputs={"counters": "Counters (n, 4).", "key": "Key (2,)."},
    shape=_philox_shape,
    dtype=lambda attrs, ins, outs: (["int32", "int32"], ["int32"]),
    kernel=lambda attrs, ins, outs: ("philox", {}),
    gradient_free=True,
)
