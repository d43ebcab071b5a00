"""Operators of mixed precision."""

from __future__ import annotations

import numpy as np
from table import FLOATS, Refused, Row, Sample


def finite(*arrays, **attrs):
    return np.array([float(all(np.isfinite(a).all() for a in arrays))])


INF = np.array([1.0, np.inf, 2.0], "float32")
NAN = np.array([[np.nan]], "float16")
ROWS = [
    Row(
        "amp_cast",
        lambda x, dtype: x,
        (Sample([(2, 3)], {"dtype": "float64"}), Sample([np.array([1, 2, 3], "int32")], {"dtype": "float32"})),
        dtypes=FLOATS,
        refused=(Refused([(2,)], {"dtype": "int32"}, ValueError, "must be one of.*'bfloat16'.*; got 'int32'"),),
    ),
    Row(
        "amp_multicast",
        lambda *xs, num_outputs, cast_narrow=False: xs,
        (
            Sample([(2, 3), (4,)], {"num_outputs": 2}),
            Sample([(2, 3), (2, 3), (1,)], {"num_outputs": 3, "cast_narrow": True}),
        ),
        gradient=(0, 1),
        dtypes=FLOATS,
        refused=(
            Refused(
                [np.ones(2, "int32"), (2,)], {"num_outputs": 2}, TypeError, "must have one of the dtypes.*got int32"
            ),
        ),
    ),
    Row(
        "all_finite",
        finite,
        (Sample([(2, 3)]), Sample([INF]), Sample([NAN]), Sample([(0,)]), Sample([(40, 400)])),
        dtypes=FLOATS,
        exact=True,
        refused=(Refused([np.ones(2, "int32")], {}, ValueError, "floating point type is needed; got int32"),),
    ),
    Row(
        "multi_all_finite",
        finite,
        (
            Sample([(2, 3), (4,)], {"num_arrays": 2}),
            Sample([(2, 3), INF], {"num_arrays": 2}),
            Sample([NAN, (0,), (3,)], {"num_arrays": 3}),
        ),
        dtypes=FLOATS,
        exact=True,
    ),
]
