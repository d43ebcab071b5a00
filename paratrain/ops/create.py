"""Operators that make arrays out of nothing, or out of another array's shape."""

from __future__ import annotations

import math

from paratrain.base import FLAG_DTYPES
from paratrain.ops.params import dtype, flag, integer, ints, real, text
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, dtype_param, known, merge, product

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]

_CTX = {"ctx": text("", "Device of the result, e.g. ``cpu(0)``.")}
_DTYPE = {"dtype": dtype("float32", "Element type of the result.")}


def _given_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    # 0 stands for a size that follows from how the result is used (as of an RNN's first state)
    shape = tuple(n or -1 for n in attrs["shape"])
    return ins, [merge(shape, outs[0], "shape and result")]


def _fill(value: float) -> tuple[str, Attrs]:
    return "fill", {"value": float(value)}


for _name, _value in (("_zeros", 0), ("_ones", 1)):
    define(
        _name,
        f"Array of {'zeros' if not _value else 'ones'}.",
        inputs={},
        params={"shape": ints((), "Shape.", low=0), **_CTX, **_DTYPE},
        shape=_given_shape,
        dtype=dtype_param(),
        kernel=lambda attrs, ins, outs, v=_value: _fill(v),
        gradient_free=True,
    )


def _flagged_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    flag_of = attrs["dtype"]
    if flag_of != -1 and flag_of not in FLAG_DTYPES:
        raise TypeError(f"dtype must be -1 or the number of a type, {sorted(FLAG_DTYPES)}; got {flag_of}")
    return ins, [FLAG_DTYPES.get(flag_of) or outs[0] or "float32"]


define(
    "_zeros_without_dtype",
    "Array of zeros whose element type follows from how it is used.",
    inputs={},
    params={
        "shape": ints((), "Shape.", low=0),
        **_CTX,
        "dtype": integer(-1, "Number of the element type; -1: as the result is used, else float32."),
    },
    shape=_given_shape,
    dtype=_flagged_dtype,
    kernel=lambda attrs, ins, outs: _fill(0),
    gradient_free=True,
)
define(
    "_full",
    "Array of one value.",
    inputs={},
    params={"shape": ints((), "Shape.", low=0), **_CTX, **_DTYPE, "value": real(doc="The value.")},
    shape=_given_shape,
    dtype=dtype_param(),
    kernel=lambda attrs, ins, outs: _fill(attrs["value"]),
    gradient_free=True,
)
for _name, _value in (("zeros_like", 0), ("ones_like", 1)):
    define(
        _name,
        f"Array of {'zeros' if not _value else 'ones'} with the shape and type of another one.",
        inputs={"data": "Gives shape and type."},
        shape_only=("data",),
        kernel=lambda attrs, ins, outs, v=_value: _fill(v),
        gradient=lambda g: [g.F.zeros_like(g.inputs[0])],
    )


def _arange_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["infer_range"]:
        return ins, outs
    start, stop, step = attrs["start"], attrs["stop"], attrs["step"]
    if stop is None:
        start, stop = 0.0, start
    if step == 0:
        raise ValueError("step must not be 0")
    count = max(math.ceil((stop - start) / step), 0)
    return ins, [merge((count * attrs["repeat"],), outs[0], "shape and range")]


def _arange_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    start = attrs["start"] if attrs["stop"] is not None or attrs["infer_range"] else 0.0
    return "arange", {"start": start, "step": attrs["step"], "repeat": attrs["repeat"]}


define(
    "_arange",
    "Numbers from `start` to (not including) `stop` in steps; with one number given, from 0 to it.",
    inputs={},
    params={
        "start": real(doc="First number."),
        "stop": real(None, "End, not included.", optional=True),
        "step": real(1.0, "Difference of neighbours."),
        "repeat": integer(1, "How often each number comes in a row.", low=1),
        "infer_range": flag(False, "Take the count from the shape that the result must have."),
        **_CTX,
        **_DTYPE,
    },
    shape=_arange_shape,
    dtype=dtype_param(),
    kernel=_arange_kernel,
    gradient_free=True,
)


def _linspace_step(attrs: Attrs) -> float:
    gaps = attrs["num"] - (1 if attrs["endpoint"] else 0)
    return (attrs["stop"] - attrs["start"]) / gaps if gaps > 0 else 0.0


define(
    "_linspace",
    "`num` numbers at equal distances from `start` to `stop`.",
    inputs={},
    params={
        "start": real(doc="First number."),
        "stop": real(doc="Last number."),
        "num": integer(doc="How many.", low=0),
        "endpoint": flag(True, "Whether `stop` is the last number."),
        **_CTX,
        **_DTYPE,
    },
    shape=lambda attrs, ins, outs: (ins, [merge((attrs["num"],), outs[0])]),
    dtype=dtype_param(),
    kernel=lambda attrs, ins, outs: (
        "arange",
        {"start": attrs["start"], "step": _linspace_step(attrs), "repeat": 1},
    ),
    gradient_free=True,
)
define(
    "_eye",
    "Matrix with ones on one diagonal.",
    inputs={},
    params={
        "N": integer(doc="Rows.", low=0),
        "M": integer(0, "Columns; 0: as many as rows.", low=0),
        "k": integer(0, "Which diagonal: above (positive) or below the main one."),
        **_CTX,
        **_DTYPE,
    },
    shape=lambda attrs, ins, outs: (ins, [merge((attrs["N"], attrs["M"] or attrs["N"]), outs[0])]),
    dtype=dtype_param(),
    kernel=lambda attrs, ins, outs: ("eye", {"k": attrs["k"]}),
    gradient_free=True,
)


def _int64(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    return ins, ["int64"]


def _ndim_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    return ins, [outs[0] if ins[0] is None else merge((len(ins[0]),), outs[0])]


define(
    "shape_array",
    "The shape of an array as an array of int64.",
    shape_only=("data",),
    shape=_ndim_shape,
    dtype=_int64,
    kernel=lambda attrs, ins, outs: ("constant", {"values": tuple(ins[0][0])}),
    gradient_free=True,
    example=""">>> mx.nd.shape_array(mx.nd.array([[1, 2, 3]])).asnumpy()
array([1, 3])""",
)
define(
    "size_array",
    "The number of elements of an array as an array (1,) of int64.",
    shape_only=("data",),
    shape=lambda attrs, ins, outs: (ins, [merge((1,), outs[0])]),
    dtype=_int64,
    kernel=lambda attrs, ins, outs: ("constant", {"values": (product(ins[0][0]),)}),
    gradient_free=True,
    example=""">>> mx.nd.size_array(mx.nd.array([[1, 2, 3]])).asnumpy()
array([3])""",
)


def _like_range_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, axis = ins[0], attrs["axis"]
    if data is None or not known(data):
        return ins, outs
    return ins, [merge(data if axis is None else (data[axis],), outs[0])]


define(
    "_contrib_arange_like",
    "Numbers from `start` on in steps, as many as an array has elements (or places along one axis).",
    inputs={"data": "Gives the shape."},
    params={
        "start": real(0.0, "First number."),
        "step": real(1.0, "Difference of neighbours."),
        "repeat": integer(1, "How often each number comes in a row.", low=1),
        **_CTX,
        "axis": integer(None, "Axis whose size counts; None: the whole shape.", optional=True),
    },
    shape_only=("data",),
    shape=_like_range_shape,
    kernel=lambda attrs, ins, outs: (
        "arange",
        {"start": attrs["start"], "step": attrs["step"], "repeat": attrs["repeat"]},
    ),
    gradient_free=True,
    example=""">>> mx.nd.contrib.arange_like(mx.nd.array([5, 5, 5])).asnumpy()
array([0., 1., 2.], dtype=float32)""",
)
