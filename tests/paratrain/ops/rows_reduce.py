"""Reductions, positions of extremes, running sums, broadcasts."""

from __future__ import annotations

import numpy as np
from table import FLOATS, REAL, Refused, Row, Sample

AXES = (
    {},
    {"axis": 1},
    {"axis": (0, 2), "keepdims": True},
    {"axis": -1},
    {"axis": 1, "exclude": True},
    {"axis": (0, 1, 2), "exclude": True},
    {"axis": ()},
)
SAMPLES = (*(Sample([(2, 3, 4)], a) for a in AXES), Sample([(3, 37)], {"axis": 1}), Sample([(3, 5)], {"axis": 0}))
REFUSED = (
    Refused([(2, 3)], {"axis": 2}, ValueError, r"axis must be in \[-2, 2\) for 2 axes; got 2"),
    Refused([(2, 3)], {"axis": (0, 0)}, ValueError, "twice"),
    Refused([(2, 3)], {"axes": 1}, TypeError, "has no parameter 'axes'"),
)


def over(f):
    """The reference of a reduction with MXNet's parameters."""

    def reference(x, axis=None, keepdims=False, exclude=False):
        axes = tuple(range(x.ndim)) if axis in (None, ()) else tuple(np.atleast_1d(axis) % x.ndim)
        if exclude and axis not in (None, ()):
            axes = tuple(d for d in range(x.ndim) if d not in axes)
        out = f(x, axis=axes, keepdims=keepdims) if axes else x
        return out.reshape(out.shape or (1,))

    return reference


def reduction(op, f, dtypes=FLOATS, samples=SAMPLES, **kw):
    return Row(op, over(f), samples, gradient=(0,), dtypes=dtypes, refused=REFUSED, distinct=True, scale=4.0, **kw)


EMPTY = (Sample([(0, 3)], {"axis": 0}), Sample([(2, 0)]))


def position(find):
    def reference(x, axis=None, keepdims=False):
        out = np.asarray(find(x, axis=axis, keepdims=keepdims), float)
        return out.reshape(out.shape or (1,))

    return reference


POSITIONS = (
    Sample([(3, 4, 2)]),
    Sample([(3, 4, 2)], {"axis": 0}),
    Sample([(3, 4, 2)], {"axis": -1, "keepdims": True}),
    Sample([np.array([[1.0, 2, 2], [3, 3, 0]])], {"axis": 1}),
)


def norm(x, axis=None, keepdims=False, ord=2):
    if ord == 1:
        return over(lambda v, **k: np.abs(v).sum(**k))(x, axis, keepdims)
    return over(lambda v, **k: np.sqrt((v * v).sum(**k)))(x, axis, keepdims)


def cumsum(a, axis=None, dtype=None):
    return np.cumsum(a, axis=axis)


def unreduce(data, like, axis=None, keepdims=False, exclude=False, mean=False):
    axes = tuple(range(like.ndim)) if axis is None else tuple(np.atleast_1d(axis) % like.ndim)
    small = data.reshape([1 if d in axes else n for d, n in enumerate(like.shape)])
    return np.broadcast_to(small, like.shape) / (np.prod([like.shape[d] for d in axes]) if mean else 1)


ROWS = [
    reduction("sum", np.sum, samples=(*SAMPLES, *EMPTY)),
    reduction("mean", np.mean),
    reduction("prod", np.prod, domain=(0.5, 1.5), samples=(*SAMPLES[:-2], *EMPTY)),
    reduction("nansum", np.nansum, samples=(*SAMPLES, *EMPTY)),
    reduction("nanprod", np.nanprod, domain=(0.5, 1.5), samples=SAMPLES[:-2]),
    reduction("max", np.max),
    reduction("min", np.min),
    Row(
        "sum", over(np.sum), (Sample([(2, 3)], {"axis": 1}), Sample([(70000,)])), dtypes=("int32", "int64"), exact=True
    ),
    Row("max", over(np.max), (Sample([(2, 3)], {"axis": 1}),), dtypes=("int32", "uint8"), exact=True),
    Row("sum", over(np.sum), (Sample([(3, 40000)]), Sample([(40000, 3)], {"axis": 0})), dtypes=("float64",)),
    Row(
        "_unreduce",
        unreduce,
        (
            Sample([(2, 4), (2, 3, 4)], {"axis": 1}),
            Sample([(2, 1, 4), (2, 3, 4)], {"axis": 1, "keepdims": True, "mean": True}),
        ),
        gradient=(0,),
    ),
    Row(
        "norm",
        norm,
        (
            Sample([(2, 3, 4)]),
            Sample([(2, 3, 4)], {"axis": 1}),
            Sample([(2, 3, 4)], {"axis": (0, 1), "keepdims": True}),
            Sample([(2, 3)], {"axis": 0, "ord": 1}),
        ),
        gradient=(0,),
        dtypes=FLOATS,
        distinct=True,
        refused=(
            Refused([(2,)], {"ord": 3}, ValueError, r"ord must be int in 1\.\.2; got 3"),
            Refused([(2,)], {"out_dtype": "float64"}, TypeError, "out_dtype must be the type of data"),
        ),
    ),
    Row(
        "argmax",
        position(np.argmax),
        POSITIONS,
        dtypes=(*FLOATS, "int32"),
        distinct=True,
        refused=(
            Refused([(2,)], {"axis": 1}, ValueError, "axis must be in"),
            Refused([(2, 0)], {"axis": 1}, ValueError, "an empty axis has no largest"),
        ),
    ),
    Row("argmin", position(np.argmin), POSITIONS, dtypes=(*FLOATS, "int64"), distinct=True),
    Row(
        "argmax_channel",
        lambda x: np.argmax(x, axis=1).astype(float),
        (Sample([(3, 4)]), Sample([(2, 3, 4)])),
        distinct=True,
        refused=(Refused([(3,)], {}, ValueError, "at least 2 axes"),),
    ),
    Row(
        "cumsum",
        cumsum,
        (
            Sample([(2, 3, 4)]),
            Sample([(2, 3, 4)], {"axis": 1}),
            Sample([(2, 3)], {"axis": -1, "dtype": "float64"}),
            Sample([(0, 3)], {"axis": 0}),
        ),
        gradient=(0,),
        scale=4.0,
        refused=(Refused([(2,)], {"axis": 3}, ValueError, "axis must be in"),),
    ),
    Row("cumsum", cumsum, (Sample([(2, 3)], {"axis": 0}),), dtypes=("int32", "float16"), scale=4.0),
    Row(
        "broadcast_to",
        lambda x, shape: np.broadcast_to(x, [n or m for n, m in zip(shape, x.shape, strict=True)]),
        (
            Sample([(1, 3)], {"shape": (4, 3)}),
            Sample([(2, 1, 3)], {"shape": (0, 5, 0)}),
            Sample([(1, 0)], {"shape": (4, 0)}),
        ),
        gradient=(0,),
        dtypes=(*FLOATS, "int32", "uint8"),
        refused=(
            Refused([(2, 3)], {"shape": (4, 3)}, ValueError, "axis 0 must have size 1 or 4"),
            Refused([(3,)], {"shape": (4, 3)}, ValueError, "one size for each of the 1 axes"),
        ),
    ),
    Row(
        "broadcast_like",
        lambda x, y, lhs_axes=None, rhs_axes=None: np.broadcast_to(
            x, y.shape if lhs_axes is None else (y.shape[rhs_axes[0]], *x.shape[1:])
        ),
        (
            Sample([(1, 3), (4, 3)]),
            Sample([(1, 3), (2, 5)], {"lhs_axes": (0,), "rhs_axes": (1,)}),
        ),
        gradient=(0,),
        refused=(
            Refused([(2, 3), (4, 3)], {}, ValueError, "axis 0 must have size 1 or 4"),
            Refused([(1, 3), (4, 3)], {"lhs_axes": (0,)}, ValueError, "both be given"),
        ),
    ),
    Row(
        "broadcast_axis",
        lambda x, axis, size: np.broadcast_to(x, [size if d == axis else n for d, n in enumerate(x.shape)]),
        (Sample([(2, 1, 3)], {"axis": 1, "size": 4}),),
        gradient=(0,),
        dtypes=REAL,
        refused=(Refused([(1, 2)], {"axis": (0, 1), "size": (2,)}, ValueError, "one number for each axis"),),
    ),
]
