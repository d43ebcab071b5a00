"""Factorisations, inverses, determinants, diagonals and triangles; more in `test_linalg.py`."""

from __future__ import annotations

import numpy as np
from table import REAL, Refused, Row, Sample

RNG = np.random.default_rng(3)
WHERE = "test_linalg.py"


def spread(*shape):
    """Well-conditioned square matrices."""
    return RNG.uniform(-1, 1, shape) + 3 * np.eye(shape[-1])


def positive(*shape):
    """Symmetric positive definite matrices."""
    a = RNG.uniform(-1, 1, shape)
    return a @ a.swapaxes(-1, -2) + np.eye(shape[-1])


def each(function, a):
    """A function of one matrix, for all of a batch."""
    flat = [np.asarray(function(m)) for m in a.reshape(-1, *a.shape[-2:])]
    return np.array(flat).reshape(a.shape[:-2] + flat[0].shape or (1,))


def both(function, *inputs, attrs=None, gradient=(0,), refused=(), op=""):
    """Rows of an operator in float64 (with gradients) and float32."""
    attrs = attrs or {}
    return [
        Row(op, function, [Sample([i], attrs) for i in inputs], gradient, dtypes=("float64",), refused=refused),
        Row(op, function, [Sample([i.astype("float32")], attrs) for i in inputs], dtypes=("float32",), scale=8.0),
    ]


def packed(a, offset=0, lower=True):
    n = a.shape[-1]
    rows, columns = np.tril_indices(n - abs(offset))
    if offset > 0 or (offset == 0 and not lower):
        return a[..., columns, rows + abs(offset)]
    return a[..., rows + abs(offset), columns]


def unpacked(a, offset=0, lower=True):
    k = (int(np.sqrt(8 * a.shape[-1] + 1)) - 1) // 2
    n = k + abs(offset)
    out = np.zeros((*a.shape[:-1], n, n))
    rows, columns = np.tril_indices(k)
    if offset > 0 or (offset == 0 and not lower):
        out[..., columns, rows + abs(offset)] = a
    else:
        out[..., rows + abs(offset), columns] = a
    return out


def diagonals(a, offset=0):
    n = a.shape[-1] + abs(offset)
    out = np.zeros((*a.shape[:-1], n, n))
    i = np.arange(a.shape[-1])
    out[..., i + max(-offset, 0), i + max(offset, 0)] = a
    return out


def triangle(a, mode="lower"):
    low, strict = np.tril(a), np.tril(a, -1)
    if mode == "mirror":
        return low + strict.swapaxes(-1, -2)
    if mode == "fold":
        return low + np.tril(a.swapaxes(-1, -2), -1)
    return low if mode == "lower" else np.triu(a)


SQUARE = Refused([(2, 3)], {}, ValueError, "must be square matrices")
HALF = Refused([np.eye(2, dtype="float16")], {}, TypeError, "dtype must be float32 or float64; got float16")
ROWS = [
    *both(
        np.linalg.cholesky, positive(3, 3), positive(2, 9, 9), gradient=(), refused=(SQUARE, HALF), op="_linalg_potrf"
    ),
    Row(
        "_linalg_potrf",
        None,
        (),
        refused=(Refused([-np.eye(2)], {}, ValueError, r"\[_linalg_potrf\] matrix 0 of the batch is not positive"),),
    ),
    *both(
        lambda a: np.linalg.inv(np.tril(a) @ np.tril(a).swapaxes(-1, -2)),
        spread(3, 3),
        spread(2, 4, 4),
        refused=(SQUARE,),
        op="_linalg_potri",
    ),
    Row(
        "_linalg_gelqf",
        None,
        (Sample([(2, 3)]), Sample([(2, 3, 3)]), Sample([(1, 1)])),
        gradient=(0,),
        dtypes=REAL,
        refused=(Refused([(3, 2)], {}, ValueError, "at least as many columns as rows"),),
        covered_by=WHERE,
    ),
    Row(
        "_linalg_syevd",
        None,
        (Sample([positive(3, 3)]), Sample([positive(2, 4, 4)]), Sample([(1, 1)])),
        dtypes=REAL,
        refused=(SQUARE,),
        covered_by=WHERE,
    ),
    *both(
        np.linalg.inv,
        spread(3, 3),
        spread(2, 4, 4),
        refused=(
            SQUARE,
            Refused([np.zeros((2, 2))], {}, ValueError, r"\[_linalg_inverse\] matrix 0 of the batch is singular"),
        ),
        op="_linalg_inverse",
    ),
    *both(lambda a: each(np.linalg.det, a), spread(3, 3), spread(2, 2, 4, 4), refused=(SQUARE,), op="_linalg_det"),
    Row(
        "_linalg_slogdet",
        lambda a: tuple(each(lambda m, k=k: np.linalg.slogdet(m)[k], a) for k in (0, 1)),
        (Sample([spread(3, 3)]), Sample([-spread(2, 3, 3)])),
        gradient=(0,),
        dtypes=("float64",),
        refused=(SQUARE,),
    ),
    *both(
        lambda a: each(lambda m: np.log(np.diagonal(m)).sum(), a),
        spread(3, 3),
        spread(2, 4, 4),
        refused=(SQUARE,),
        op="_linalg_sumlogdiag",
    ),
    Row(
        "_linalg_extractdiag",
        lambda a, offset=0: np.diagonal(a, offset, -2, -1),
        (Sample([(3, 3)]), Sample([(2, 3, 3)], {"offset": -1}), Sample([(2, 2, 4, 4)], {"offset": 2})),
        gradient=(0,),
        exact=True,
        refused=(SQUARE, Refused([(2, 2)], {"offset": 2}, ValueError, r"offset must be in \[-1, 1\]")),
    ),
    Row(
        "_linalg_makediag",
        diagonals,
        (Sample([(3,)]), Sample([(2, 3)], {"offset": -1}), Sample([(2, 2, 1)], {"offset": 2}), Sample([(2, 0)])),
        gradient=(0,),
        exact=True,
    ),
    Row(
        "_linalg_extracttrian",
        packed,
        (
            *(Sample([(2, 4, 4)], {"offset": k}) for k in (-3, -1, 0, 2)),
            Sample([(3, 3)], {"lower": False}),
        ),
        gradient=(0,),
        exact=True,
        refused=(
            SQUARE,
            Refused([(0, 0)], {}, ValueError, "empty matrices have no triangle"),
            Refused([(2, 2)], {"offset": -2}, ValueError, r"offset must be in \[-1, 1\]"),
        ),
    ),
    Row(
        "_linalg_maketrian",
        unpacked,
        (
            *(Sample([(2, 6)], {"offset": k}) for k in (-2, 0, 1)),
            Sample([(3,)], {"lower": False}),
        ),
        gradient=(0,),
        exact=True,
        refused=(Refused([(4,)], {}, ValueError, r"must have size n \* \(n \+ 1\) / 2"),),
    ),
    Row(
        "_triangle",
        triangle,
        [Sample([(2, 3, 3)], {"mode": m}) for m in ("lower", "upper", "mirror", "fold")],
        gradient=(0,),
    ),
]
