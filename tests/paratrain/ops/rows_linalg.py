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


def gemm(a, b, transpose_a=False, transpose_b=False, alpha=1.0, axis=-2):
    a, b = np.moveaxis(a, axis, -2), np.moveaxis(b, axis, -2)
    return np.moveaxis(batch_dot(a, b, transpose_a, transpose_b, alpha), -2, axis)


def op(a, transpose, lower):
    a = np.tril(a) if lower else np.triu(a)
    return a.swapaxes(-1, -2) if transpose else a


def trmm(a, b, transpose=False, rightside=False, lower=True, alpha=1.0):
    a = op(a, transpose, lower)
    return alpha * (np.matmul(b, a) if rightside else np.matmul(a, b))


def trsm(a, b, transpose=False, rightside=False, lower=True, alpha=1.0):
    a = op(a, transpose, lower)
    return alpha * (b @ np.linalg.inv(a) if rightside else np.linalg.inv(a) @ b)


TF = (False, True)
#: Well-conditioned triangles, lower and upper.
TRIANGLE = np.array([[2.0, 0.3, -0.4], [0.5, -1.5, 0.8], [-0.7, 0.6, 1.2]])
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
        gemm,
        (
            Sample([(2, 3), (3, 4)], {"alpha": 2.5}),
            Sample([(2, 3, 2, 4), (2, 3, 5, 4)], {"transpose_b": True, "alpha": 0.5}),
            Sample([(3, 2, 4), (4, 2, 5)], {"axis": 0}),
            Sample([(2, 3, 5, 4), (2, 3, 5, 6)], {"axis": 1, "transpose_a": True}),
            Sample([(0, 2, 3), (0, 3, 4)]),
        ),
        gradient=(0, 1),
        dtypes=FLOATS,
        scale=4.0,
        refused=(
            Refused([(2, 3), (3, 4)], {"axis": 1}, ValueError, "must not be the last one"),
            Refused([(2, 3), (2, 4)], {}, ValueError, "the summed axes must have one size; got 3 and 2"),
            Refused([(2, 2, 3), (3, 3, 4)], {}, ValueError, "sizes of the batch must agree"),
        ),
    ),
    Row(
        "_linalg_gemm2",
        gemm,
        (Sample([(3, 40, 35), (3, 37, 35)], {"transpose_b": True, "alpha": 0.3}),),
        scale=16.0,
    ),
    Row(
        "_linalg_gemm",
        lambda a, b, c, beta=1.0, **kw: gemm(a, b, **kw) + beta * c,
        (
            Sample([(2, 3), (3, 4), (2, 4)], {"alpha": 2.0, "beta": 0.5}),
            Sample([(2, 3, 2), (2, 4, 3), (2, 2, 4)], {"transpose_a": True, "transpose_b": True}),
            Sample([(3, 2, 4), (4, 2, 5), (3, 2, 5)], {"axis": 0, "beta": -1.0}),
        ),
        gradient=(0, 1, 2),
        dtypes=FLOATS,
        scale=4.0,
        refused=(Refused([(2, 3), (3, 4), (2, 3)], {}, ValueError, "C and the product must agree"),),
    ),
    Row(
        "_linalg_syrk",
        lambda a, transpose=False, alpha=1.0: gemm(a, a, transpose, not transpose, alpha),
        (
            Sample([(2, 3)], {"alpha": 0.5}),
            Sample([(2, 3, 4)], {"transpose": True}),
            Sample([(2, 0)]),
        ),
        gradient=(0,),
        scale=4.0,
        refused=(Refused([(3,)], {}, ValueError, r"A must have at least 2 axes; got \(3,\)"),),
    ),
    Row(
        "_linalg_trmm",
        trmm,
        (
            *(Sample([(3, 3), (3, 2)], {"transpose": t, "lower": low, "alpha": 1.5}) for t in TF for low in TF),
            *(Sample([(2, 3, 3), (2, 4, 3)], {"rightside": True, "transpose": t, "lower": w}) for t in TF for w in TF),
        ),
        gradient=(0, 1),
        scale=4.0,
        refused=(
            Refused([(3, 3), (2, 3)], {}, ValueError, "A and what the shape of B asks for must agree"),
            Refused([(2, 2), (2, 2, 3)], {}, ValueError, "same number of axes"),
        ),
    ),
    Row(
        "_linalg_trsm",
        trsm,
        (
            *(
                Sample([TRIANGLE, (3, 70)], {"transpose": t, "lower": low, "alpha": 1.5})
                for t, low in ((False, True), (True, False), (True, True))
            ),
            *(
                Sample(
                    [np.stack([TRIANGLE, TRIANGLE.T + 1]), (2, 4, 3)], {"rightside": True, "transpose": t, "lower": w}
                )
                for t in TF
                for w in TF
            ),
        ),
        gradient=(0, 1),
        dtypes=("float64",),
        refused=(
            Refused([(3, 3), (2, 3)], {}, ValueError, "A and what the shape of B asks for must agree"),
            Refused([np.eye(2, dtype="float16"), np.eye(2, dtype="float16")], {}, TypeError, "float32 or float64"),
        ),
    ),
    Row("_linalg_trsm", trsm, (Sample([TRIANGLE.astype("float32"), np.ones((3, 2), "float32")]),), dtypes=("float32",)),
    Row(
        "khatri_rao",
        lambda *m, **_: np.array([np.outer(*c).ravel() for c in zip(m[0].T, m[1].T)]).T if len(m) > 1 else m[0],
        (Sample([(2, 3), (4, 3)]), Sample([(2, 3)]), Sample([(2, 1), (1, 1)])),
        dtypes=FLOATS,
        refused=(
            Refused([(2, 3), (2, 4)], {}, ValueError, "numbers of columns must agree"),
            Refused([(2,)], {}, ValueError, "must have 2 axes"),
        ),
    ),
]
