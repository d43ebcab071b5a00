"""Products of matrices."""

from __future__ import annotations

import numpy as np
from table import FLOATS, Refused, Row, Sample


def dot(a, b, transpose_a=False, transpose_b=False):
    left = np.moveaxis(a, 0, -1) if transpose_a and a.ndim > 1 else a
    right = np.moveaxis(b, -1, 0) if transpose_b and b.ndim > 1 else b
    return np.tensordot(left, right, 1).reshape(left.shape[:-1] + right.shape[1:] or (1,))


def batch_dot(a, b, transpose_a=False, transpose_b=False, alpha=1.0):
    return alpha * np.matmul(a.swapaxes(-1, -2) if transpose_a else a, b.swapaxes(-1, -2) if transpose_b else b)


BOTH = [
    ({}, (2, 3), (3, 4)),
    ({"transpose_b": True}, (2, 3), (4, 3)),
    ({"transpose_a": True}, (3, 2), (3, 4)),
    ({"transpose_a": True, "transpose_b": True}, (3, 2), (4, 3)),
]
LARGE = [
    Sample([(67, 131), (131, 45)]),
    Sample([(131, 67), (45, 131)], {"transpose_a": True, "transpose_b": True}),
    Sample([(1, 33), (33, 1)]),
]
ROWS = [
    Row(
        "dot",
        dot,
        (
            *(Sample([a, b], flags) for flags, a, b in BOTH),
            Sample([(3,), (3,)]),
            Sample([(3,), (3, 4)]),
            Sample([(2, 3), (3,)]),
            Sample([(2, 3, 4), (4, 5)]),
            Sample([(2, 3), (3, 4, 2)]),
            Sample([(3, 2, 2), (3, 4)], {"transpose_a": True}),
            Sample([(2, 3), (2, 2, 3)], {"transpose_b": True}),
            Sample([(2, 0), (0, 3)]),
            Sample([(0, 2), (2, 3)]),
        ),
        gradient=(0, 1),
        dtypes=FLOATS,
        scale=4.0,
        refused=(
            Refused([(2, 3), (2, 3)], {}, ValueError, r"\[dot\] the summed axes must have one size; got 3 and 2"),
            Refused([(2, 3), (3, 2)], {"forward_stype": "csr"}, NotImplementedError, "sparse"),
        ),
    ),
    Row("dot", dot, LARGE, dtypes=FLOATS, scale=16.0),
    Row(
        "batch_dot",
        batch_dot,
        (*(Sample([(3, *a), (3, *b)], flags) for flags, a, b in BOTH), Sample([(0, 2, 3), (0, 3, 4)])),
        gradient=(0, 1),
        dtypes=FLOATS,
        scale=4.0,
        refused=(
            Refused([(2, 2, 3), (3, 3, 2)], {}, ValueError, r"\[batch_dot\] sizes of the batch must agree"),
            Refused([(2, 2, 3), (2, 2, 3)], {}, ValueError, "the summed axes must have one size; got 3 and 2"),
            Refused([(2, 3), (2, 2, 3)], {}, ValueError, "same number of axes"),
        ),
    ),
    Row(
        "batch_dot",
        batch_dot,
        (
            Sample([(5, 17, 40), (5, 40, 19)]),
            Sample([(3, 35, 33), (3, 37, 33)], {"transpose_b": True}),
        ),
        scale=16.0,
    ),
    Row(
        "_linalg_gemm2",
        batch_dot,
        (
            Sample([(2, 3), (3, 4)], {"alpha": 2.5}),
            Sample([(2, 3, 2, 4), (2, 3, 5, 4)], {"transpose_b": True, "alpha": 0.5}),
        ),
        gradient=(0, 1),
        scale=4.0,
        refused=(Refused([(2, 3), (3, 4)], {"axis": 0}, NotImplementedError, "axis must be -2"),),
    ),
]
