"""Sort, argsort, topk."""

from __future__ import annotations

import numpy as np
from table import FLOATS, Refused, Row, Sample

TIES = np.array([[2.0, 1, 2, 1], [0, 0, 0, 0]])
WITH_NAN = np.array([3.0, np.nan, -1, np.nan, 2])


def places(x, axis, rising):
    if axis is None:
        return places(x.reshape(-1), 0, rising)
    missing = np.isnan(x) if x.dtype.kind == "f" else np.zeros(x.shape, bool)
    key = np.where(missing, np.inf, x) if rising else np.where(missing, -np.inf, -x.astype(float))
    return np.argsort(key, axis, kind="stable")


def argsort(x, axis=-1, is_ascend=True, dtype="float32"):
    return places(x, axis, is_ascend).astype(float)


def values(x, where, axis):
    return x.reshape(-1)[where] if axis is None else np.take_along_axis(x, where, axis)


def sort(x, axis=-1, is_ascend=True):
    return values(x, places(x, axis, is_ascend), axis)


def topk(x, axis=-1, k=1, ret_typ="indices", is_ascend=False, dtype="float32"):
    where = places(x, axis, is_ascend)
    first = np.take(where, np.arange(k if k > 0 else where.shape[axis or 0]), 0 if axis is None else axis)
    if ret_typ == "mask":
        out = np.zeros(x.shape)
        if axis is None:
            out.reshape(-1)[first] = 1
        else:
            np.put_along_axis(out, first, 1, axis)
        return out
    found = {"value": (values(x, first, axis),), "indices": (first.astype(float),)}
    return found[ret_typ] if ret_typ in found else (values(x, first, axis), first.astype(float))


TYPES = (*FLOATS, "int32", "uint8")
ORDERS = (
    Sample([(3, 5)]),
    Sample([(3, 5)], {"axis": 0, "is_ascend": False}),
    Sample([(2, 3, 4)], {"axis": 1}),
    Sample([(2, 3)], {"axis": None}),
    Sample([(4, 300)]),
    Sample([(2, 0)]),
)
SPECIAL = (Sample([TIES]), Sample([WITH_NAN]), Sample([WITH_NAN], {"is_ascend": False}))
WRONG_AXIS = Refused([(2, 3)], {"axis": 2}, ValueError, "axis must be in")

ROWS = [
    Row("sort", sort, ORDERS, gradient=(0,), dtypes=TYPES, exact=True, distinct=True, refused=(WRONG_AXIS,)),
    Row("sort", sort, SPECIAL, dtypes=("float64",), exact=True),
    Row("argsort", argsort, (*ORDERS, *SPECIAL), dtypes=TYPES, exact=True, distinct=True, refused=(WRONG_AXIS,)),
    Row(
        "topk",
        topk,
        (
            Sample([(3, 5)], {"k": 2, "ret_typ": "value"}),
            Sample([(3, 5)], {"k": 2, "ret_typ": "value", "axis": 0, "is_ascend": True}),
            Sample([(3, 5)], {"k": 4, "ret_typ": "value", "axis": None}),
            Sample([(3, 5)], {"k": 0, "ret_typ": "value"}),
        ),
        gradient=(0,),
        dtypes=TYPES,
        exact=True,
        distinct=True,
        refused=(
            WRONG_AXIS,
            Refused([(2, 3)], {"k": 4}, ValueError, "k must be at most the size of the axis, 3; got 4"),
            Refused([(2, 3)], {"ret_typ": "all"}, ValueError, "ret_typ must be one of"),
        ),
    ),
    Row(
        "topk",
        topk,
        (
            Sample([(3, 5)]),
            Sample([(3, 5)], {"k": 2, "ret_typ": "both", "dtype": "int32"}),
            Sample([(3, 5)], {"k": 2, "ret_typ": "mask"}),
            Sample([(3, 5)], {"k": 2, "ret_typ": "mask", "axis": None}),
            Sample([TIES], {"k": 3}),
        ),
        dtypes=TYPES,
        exact=True,
        distinct=True,
    ),
]
