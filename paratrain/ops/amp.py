"""Operators of mixed precision: casts that `paratrain.amp` puts between others, and tests for overflow."""

from __future__ import annotations

from typing import Any

from paratrain.base import FLOAT_DTYPES
from paratrain.ops.params import choice, flag, integer
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, merge

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]

#: From narrow to wide; of two types in one place neither holds the other's values.
_RANKS = {"float16": 0, "bfloat16": 0, "float32": 1, "float64": 2}


def _amp_cast_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    data = ins[0]
    if data is None:
        return ins, outs
    return ins, [attrs["dtype"] if data in FLOAT_DTYPES else data]


define(
    "amp_cast",
    "The array with another floating point type; integers stay what they are. What mixed precision puts in.",
    params={"dtype": choice(FLOAT_DTYPES, doc="Element type of the result.")},
    dtype=_amp_cast_dtype,
    kernel="cast",
    elementwise=True,
    gradient=lambda g: [g.F._cast_like(g.grad(), g.inputs[0])],
    example=""">>> mx.nd.amp_cast(mx.nd.array([1.5, 2]), dtype='float16').asnumpy()
array([1.5, 2. ], dtype=float16)""",
)


def _common(dtypes: list[str], narrow: bool) -> str:
    """The widest (or narrowest) of some types; of float16 and bfloat16 float32 is the next that holds both."""
    for dtype in dtypes:
        if dtype not in _RANKS:
            raise TypeError(f"arrays must have one of the dtypes {', '.join(_RANKS)}; got {dtype}")
    found = sorted(set(dtypes), key=lambda t: _RANKS[t])
    chosen = found[0] if narrow else found[-1]
    if sum(_RANKS[t] == _RANKS[chosen] for t in found) == 1:
        return chosen
    if narrow:
        raise TypeError("arrays must not be both float16 and bfloat16 with cast_narrow=True: neither is the narrower")
    return "float32"


def _multicast_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    given = [t for t in ins if t is not None]
    if len(given) < len(ins):
        return ins, outs
    return ins, [_common(given, attrs["cast_narrow"])] * len(outs)


def _pairwise(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shapes = [merge(a, b) for a, b in zip(ins, outs)]
    return shapes, list(shapes)


define(
    "amp_multicast",
    "Arrays in one floating point type, the widest (or narrowest) among them.",
    variadic="num_outputs",
    inputs={"data": "Arrays of floating point types."},
    params={
        "num_outputs": integer(doc="Number of arrays.", low=1),
        "cast_narrow": flag(False, "Whether to cast to the narrowest type."),
    },
    outputs=lambda attrs: tuple(f"output{i}" for i in range(attrs["num_outputs"])),
    shape=_pairwise,
    dtype=_multicast_dtype,
    kernel=lambda attrs, ins, outs: ("multicast", {}),
    gradient=lambda g: [g.F._cast_like(g.grad(i), x) for i, x in enumerate(g.inputs)],
    example=""">>> one, two = mx.nd.amp_multicast(mx.nd.array([1]), mx.nd.ones((1,), dtype='float16'), num_outputs=2)
>>> two.dtype.__name__
'float32'""",
)


def _one_number(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    return ins, [merge((1,), outs[0])]


_INIT: dict[str, Any] = {
    "init_output": flag(True, "Begin with 1; else with what the array given as `out` holds, which must be given then.")
}
_FINITE: dict[str, Any] = {
    "shape": _one_number,
    "dtype": lambda attrs, ins, outs: (ins, ["float32"]),
    "kernel": lambda attrs, ins, outs: ("all_finite", {"init": attrs["init_output"]}),
    "gradient_free": True,
}
define(
    "all_finite",
    "1 if no element is infinite or NaN, else 0, as an array (1,) of float32.",
    params=_INIT,
    **_FINITE,
    example=""">>> mx.nd.all_finite(mx.nd.array([1, 2])).asnumpy()
array([1.], dtype=float32)""",
)
define(
    "multi_all_finite",
    "1 if no element of any of the arrays is infinite or NaN, else 0, as an array (1,) of float32.",
    variadic="num_arrays",
    inputs={"data": "Arrays of floating point types."},
    params={"num_arrays": integer(1, "Number of arrays.", low=1), **_INIT},
    **_FINITE,
    example=""">>> import numpy as np
>>> mx.nd.multi_all_finite(mx.nd.array([1, 2]), mx.nd.array([np.inf]), num_arrays=2).asnumpy()
array([0.], dtype=float32)""",
)
