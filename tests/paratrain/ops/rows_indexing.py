"""Operators that read and write by position; sequences."""

from __future__ import annotations

import numpy as np
from table import FLOATS, Refused, Row, Sample

MOVED = (*FLOATS, "int32", "uint8")
I32, F32 = np.int32, np.float32


def clipped(index, n, mode="clip"):
    index = np.asarray(index).astype(int)
    return index % n if mode == "wrap" else np.clip(index, 0, n - 1)


def take(a, indices, axis=0, mode="clip"):
    return np.take(a, clipped(indices, a.shape[axis], mode), axis)


def embedding(data, weight, **_):
    return weight[clipped(data, len(weight))]


def pick(data, index, axis=-1, keepdims=False, mode="clip"):
    if axis is None:
        return data.reshape(-1)[clipped(index, data.size)].reshape((1,) * data.ndim if keepdims else (1,))
    where = clipped(index, data.shape[axis], mode)
    if where.ndim < data.ndim:
        where = np.expand_dims(where, axis)
    out = np.take_along_axis(data, where, axis)
    return out if keepdims else out.squeeze(axis)


def one_hot(indices, depth, on_value=1.0, off_value=0.0, dtype="float32"):
    return np.where(np.asarray(indices).astype(int)[..., None] == np.arange(depth), on_value, off_value)


def gather_nd(data, indices):
    return data[tuple(np.asarray(indices).astype(int))]


def scatter_nd(data, indices, shape):
    out = np.zeros(shape)
    out[tuple(np.asarray(indices).astype(int))] = data
    return out


def lengths(data, length, use, axis):
    steps, batch = data.shape[axis], data.shape[1 - axis]
    return np.clip(np.asarray(length).astype(int), 0, steps) if use else np.full(batch, steps)


def sequence(f):
    """A reference for (T, N, ...) from one function of a sequence and its length."""

    def reference(data, length=None, use_sequence_length=False, axis=0, **kw):
        n = lengths(data, length, use_sequence_length, axis)
        rows = [f(np.take(data, i, 1 - axis), n[i], **kw) for i in range(data.shape[1 - axis])]
        return np.stack(rows, 0 if rows[0].ndim < data.ndim - 1 else 1 - axis)

    return reference


def mask(x, n, value=0.0):
    return np.concatenate([x[:n], np.full_like(x[n:], value)])


LENGTHS = np.array([2, 4, 0], F32)
SEQUENCES = (
    Sample([(4, 3, 2)]),
    Sample([(4, 3, 2), LENGTHS], {"use_sequence_length": True}),
    Sample([(3, 4, 2), np.array([1, 9, 3], I32)], {"use_sequence_length": True, "axis": 1}),
    Sample([(4, 3)]),
)
WRONG_LENGTHS = (
    Refused([(4, 3), (4,)], {"use_sequence_length": True}, ValueError, "sequence_length and batch must agree"),
    Refused([(4, 3)], {"use_sequence_length": True}, TypeError, "input 'sequence_length' is required"),
    Refused([(4, 3), (3,)], {}, ValueError, "is not used with these parameters"),
    Refused([(4, 3)], {"axis": 2}, ValueError, "axis must be 0 or 1"),
    Refused([(4,)], {}, ValueError, "at least 2 axes"),
)
ROWS = [
    Row(
        "take",
        take,
        (
            Sample([(4, 3, 2), np.array([[0, 3, 1], [2, 9, -1]], F32)]),
            Sample([(4, 3, 2), np.array([1, 1, 2], I32)], {"axis": 1}),
            Sample([(4, 3), np.array([5, -1], np.int64)], {"axis": -1, "mode": "wrap"}),
            Sample([(5,), np.array([4, 4, 0], np.uint8)], {"mode": "raise"}),
            Sample([(4, 100), np.array([3, 3, 0, 3], I32)]),
            Sample([(4, 3), np.zeros((0,), I32)]),
        ),
        gradient=(0,),
        dtypes=MOVED,
        exact=True,
        refused=(
            Refused([(4, 3), np.array([1, 4], I32)], {"mode": "raise"}, IndexError, r"\[take\].*index 4 at position 1"),
            Refused([(4, 3), np.array([-1.0])], {"mode": "raise"}, IndexError, "index -1 at position 0"),
            Refused([(4, 3), np.array([np.nan])], {"mode": "raise"}, IndexError, "outside of"),
            Refused([(4, 3), (2,)], {"axis": 2}, ValueError, "axis must be in"),
            Refused([(0, 3), np.array([0.0])], {}, ValueError, "cannot take from an empty axis"),
            Refused([(4, 3), (2,)], {"mode": "wrong"}, ValueError, "mode must be one of"),
        ),
    ),
    Row(
        "Embedding",
        embedding,
        (
            Sample([np.array([[0, 4, 1], [1, 9, -3]], F32), (5, 3)], {"input_dim": 5, "output_dim": 3}),
            Sample([np.array([1, 1, 0], I32), (2, 70)], {"input_dim": 2, "output_dim": 70}),
            Sample([np.zeros((0, 2), I32), (5, 3)], {"input_dim": 5, "output_dim": 3}),
        ),
        gradient=(1,),
        dtypes=FLOATS,
        exact=True,
        refused=(
            Refused([(2,), (5, 3)], {"input_dim": 4, "output_dim": 3}, ValueError, "weight and"),
            Refused([(2,), (5, 3)], {"input_dim": 5}, TypeError, "output_dim .* is required"),
            Refused(
                [(2,), (5, 3)],
                {"input_dim": 5, "output_dim": 3, "sparse_grad": True},
                NotImplementedError,
                "sparse_grad=True is not supported",
            ),
        ),
    ),
    Row(
        "pick",
        pick,
        (
            Sample([(3, 4), np.array([0, 7, -2], F32)]),
            Sample([(3, 4), np.array([0, 2, 1, 1], F32)], {"axis": 0}),
            Sample([(2, 3, 4), np.array([[0, 1, 2, 0], [2, 1, 0, 0]], I32)], {"axis": 1, "keepdims": True}),
            Sample([(2, 3), np.array([[5], [-1]], I32)], {"axis": 1, "mode": "wrap"}),
            Sample([(2, 3), np.array([4], F32)], {"axis": None}),
        ),
        gradient=(0,),
        dtypes=MOVED,
        exact=True,
        refused=(
            Refused([(3, 4), (4,)], {}, ValueError, r"\[pick\] index and data without the axis must agree"),
            Refused([(3, 0), np.zeros(3, F32)], {}, ValueError, "cannot pick from an empty axis"),
        ),
    ),
    Row(
        "batch_take",
        lambda a, indices: a[np.arange(len(a)), clipped(indices, a.shape[1])],
        (Sample([(4, 3), np.array([0, 2, 9, 1], I32)]),),
        gradient=(0,),
        dtypes=MOVED,
        exact=True,
        refused=(Refused([(4, 3, 2), (4,)], {}, ValueError, "a must have 2 axes"),),
    ),
    Row(
        "one_hot",
        one_hot,
        (
            Sample([np.array([1, 0, 5, -1], F32)], {"depth": 3}),
            Sample([np.array([[1], [0]], I32)], {"depth": 2, "on_value": 5.0, "off_value": -1.0, "dtype": "int32"}),
            Sample([np.zeros((0,), F32)], {"depth": 3}),
        ),
        dtypes=("float32",),
        refused=(Refused([(2,)], {"depth": -1}, ValueError, "depth must be int >= 0"),),
    ),
    Row(
        "gather_nd",
        gather_nd,
        (
            Sample([(3, 4), np.array([[0, 2, 2], [1, 3, 3]], F32)]),
            Sample([(3, 4), np.array([[-1, 0]], I32)]),
            Sample([(3, 4, 2), np.array([[[0, 1]], [[3, 3]]], I32)]),
        ),
        gradient=(0,),
        dtypes=MOVED,
        exact=True,
        refused=(
            Refused([(3, 4), np.array([[0], [4]], I32)], {}, IndexError, "coordinate 4 of axis 1 at position 0"),
            Refused([(3, 4), np.array([[-4], [0]], I32)], {}, IndexError, "coordinate -4 of axis 0"),
            Refused([(3,), (2, 5)], {}, ValueError, "at most 1 rows"),
        ),
    ),
    Row(
        "scatter_nd",
        scatter_nd,
        (
            Sample([(3,), np.array([[0, 2, 1], [1, 3, 3]], F32)], {"shape": (3, 4)}),
            Sample([(2, 3), np.array([[1, 3]], I32)], {"shape": (4, 3)}),
        ),
        gradient=(0,),
        dtypes=MOVED,
        exact=True,
        refused=(
            Refused([(1,), np.array([[3.0]])], {"shape": (3,)}, IndexError, "coordinate 3 of axis 0"),
            Refused([(2,), (1, 3)], {"shape": (4,)}, ValueError, "data and what the coordinates name"),
        ),
    ),
    Row(
        "SequenceMask",
        sequence(mask),
        (*SEQUENCES, Sample([(4, 3), LENGTHS], {"use_sequence_length": True, "value": -1.0})),
        gradient=(0,),
        dtypes=(*FLOATS, "int32"),
        exact=True,
        refused=WRONG_LENGTHS,
    ),
    Row(
        "SequenceReverse",
        sequence(lambda x, n: np.concatenate([x[:n][::-1], x[n:]])),
        SEQUENCES,
        gradient=(0,),
        dtypes=MOVED,
        exact=True,
        refused=WRONG_LENGTHS,
    ),
    Row(
        "SequenceLast",
        sequence(lambda x, n: x[max(n, 1) - 1]),
        SEQUENCES,
        gradient=(0,),
        dtypes=MOVED,
        exact=True,
        refused=(
            *WRONG_LENGTHS,
            Refused([(0, 3)], {}, ValueError, "without steps have no last one"),
        ),
    ),
]
