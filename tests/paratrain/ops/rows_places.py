"""Coordinates, copies with a part replaced, cuts at given places, histograms."""

from __future__ import annotations

import numpy as np
from table import FLOATS, NUMBERS, Refused, Row, Sample


def index_array(x, axes=None):
    grid = np.stack(np.meshgrid(*map(np.arange, x.shape), indexing="ij"), -1)
    return grid if axes is None else grid[..., list(axes)]


def index_copy(old, index, new):
    out = old.copy()
    out[index.astype(int)] = new
    return out


def fill_element(x, v, i):
    out = x.copy()
    for row, (value, at) in enumerate(zip(v, i.astype(int))):
        if 0 <= at < x.shape[1]:
            out[row, at] = value
    return out


def region(begin, end, step=()):
    return tuple(slice(b, e, s) for b, e, s in zip(begin, end, step or (None,) * len(begin)))


def slice_assign(x, y, **kw):
    out = x.copy()
    out[region(**kw)] = y
    return out


def slice_fill(x, scalar=0.0, **kw):
    return slice_assign(x, scalar, **kw)


def scatter_set(x, new, indices, shape):
    out = x.copy()
    flat = indices.astype(int).reshape(len(indices), -1)
    for k, value in zip(flat.T, new.reshape(flat.shape[1], -1)):
        out[tuple(k)] = value.reshape(out[tuple(k)].shape)
    return out


def split_v2(x, indices=(), axis=1, squeeze_axis=False, sections=0):
    parts = np.split(x, sections or list(indices[1:]), axis)
    return tuple(p.squeeze(axis) if squeeze_axis else p for p in parts)


def histogram(x, edges=None, bin_cnt=None, range=None):
    x = x[~np.isnan(x)]
    return np.histogram(x, edges if bin_cnt is None else bin_cnt, range)


POINTS = np.array([0.0, 1.0, 2.5, 5.0, 5.1, -0.1, 3.0, np.nan])
ROWS = [
    Row(
        "_contrib_index_array",
        index_array,
        (Sample([(2, 3, 2)]), Sample([(2, 3)], {"axes": (-1,)}), Sample([(2, 3)], {"axes": (1, 0)}), Sample([(0, 2)])),
        dtypes=NUMBERS,
        refused=(Refused([(2, 3)], {"axes": (2,)}, ValueError, "axes must be in"),),
    ),
    Row(
        "_ravel_multi_index",
        lambda x, shape: np.ravel_multi_index(x.astype(int), tuple(max(n, 9) if n < 0 else n for n in shape)),
        (
            Sample([np.array([[3, 6, 6], [4, 5, 1]], "float32")], {"shape": (7, 6)}),
            Sample([np.array([[3, 6], [4, 5], [0, 2]], "int64")], {"shape": (-1, 6, 3)}),
        ),
        refused=(
            Refused([(3,)], {"shape": (7, 6)}, ValueError, "must have 2 axes"),
            Refused([(3, 2)], {"shape": (7, 6)}, ValueError, "coordinates and axes of shape must agree"),
            Refused([(2, 2)], {"shape": (7, 0)}, ValueError, "shape must be positive sizes"),
            Refused([(2, 2)], {}, ValueError, "shape must be positive sizes"),
        ),
    ),
    Row(
        "_unravel_index",
        lambda x, shape: np.array(np.unravel_index(x.astype(int), (999, *shape[1:]))),
        (
            Sample([np.array([22, 41, 37], "float32")], {"shape": (7, 6)}),
            Sample([np.array([[22, 41], [0, 5]], "int32")], {"shape": (-1, 6)}),
            Sample([np.array([50, 999], "int64")], {"shape": (7, 6)}),
        ),
        refused=(Refused([(3,)], {"shape": (7, -1)}, ValueError, "shape must be positive sizes"),),
    ),
    Row(
        "_contrib_index_copy",
        index_copy,
        (
            Sample([(5, 2), np.array([3, 0], "int64"), (2, 2)]),
            Sample([(3,), np.array([1.0], "float32"), (1,)]),
            Sample([(3, 2), np.zeros(0, "int32"), (0, 2)]),
        ),
        gradient=(0, 2),
        dtypes=NUMBERS,
        refused=(
            Refused([(3, 2), np.array([3]), (1, 2)], {}, IndexError, r"index 3 at position 0 is outside of \[0, 3\)"),
            Refused([(3, 2), np.array([-1]), (1, 2)], {}, IndexError, "index -1"),
            Refused([(3, 2), np.array([1, 2]), (1, 2)], {}, ValueError, "new_tensor and rows of old_tensor must agree"),
            Refused([(3,), np.array([1]), np.ones(1, "int32")], {}, TypeError, "must have one dtype"),
        ),
    ),
    Row(
        "fill_element_0index",
        fill_element,
        (Sample([(3, 4), (3,), np.array([1, 9, 0], "float32")]),),
        dtypes=NUMBERS,
        refused=(Refused([(3, 4), (2,), (3,)], {}, ValueError, "must agree"),),
    ),
    Row(
        "_slice_assign",
        slice_assign,
        (
            Sample([(3, 4), (2, 2)], {"begin": (0, 1), "end": (2, 3)}),
            Sample([(5, 4), (3, 4)], {"begin": (None, None), "end": (None, None), "step": (2, None)}),
            Sample([(4,), (2,)], {"begin": (3,), "end": (1,), "step": (-1,)}),
            Sample([(3, 4), (0, 4)], {"begin": (1,), "end": (1,)}),
        ),
        gradient=(0, 1),
        dtypes=NUMBERS,
        refused=(
            Refused([(3, 4), (2, 3)], {"begin": (0, 1), "end": (2, 3)}, ValueError, "rhs and region must agree"),
            Refused([(3,), (2,)], {"begin": (0, 1), "end": (2, 3)}, ValueError, "begin, end and step"),
        ),
    ),
    Row(
        "_slice_assign_scalar",
        slice_fill,
        (
            Sample([(3, 4)], {"scalar": 7, "begin": (0, 1), "end": (2, 3)}),
            Sample([(4,)], {"begin": (None,), "end": (None,), "step": (2,)}),
        ),
        gradient=(0,),
        dtypes=NUMBERS,
    ),
    Row(
        "_scatter_set_nd",
        scatter_set,
        (
            Sample([(3, 3), (2,), np.array([[0, 1], [1, 2]], "int32")], {"shape": (3, 3)}),
            Sample([(3, 2), (2, 2), np.array([[0, -1]], "int32")], {"shape": (3, 2)}),
        ),
        gradient=(0, 1),
        dtypes=NUMBERS,
        refused=(
            Refused([(3,), (1,), np.array([[3]])], {"shape": (3,)}, IndexError, "outside"),
            Refused([(3,), (1,), np.array([[0]])], {"shape": (4,)}, ValueError, "lhs and shape must agree"),
        ),
    ),
    Row(
        "_split_v2",
        split_v2,
        (
            Sample([(2, 6)], {"indices": (0, 2, 3)}),
            Sample([(4, 2)], {"indices": (), "sections": 2, "axis": 0}),
            Sample([(2, 2)], {"indices": (), "sections": 2, "axis": -1, "squeeze_axis": True}),
            Sample([(2, 3)], {"indices": (0, 0, 3)}),
            Sample([(2, 3)], {"indices": (0,)}),
        ),
        gradient=(0,),
        dtypes=NUMBERS,
        refused=(
            Refused(
                [(2, 5)], {"indices": (), "sections": 2}, ValueError, "sections must divide the size of the axis, 5"
            ),
            Refused([(2, 5)], {"indices": (0, 4, 3)}, ValueError, "indices must begin with 0, not decrease"),
            Refused([(2, 5)], {"indices": (1, 3)}, ValueError, "indices must begin with 0"),
            Refused([(2, 5)], {"indices": (0, 6)}, ValueError, "not exceed 5"),
            Refused([(2, 5)], {"indices": (0, 2), "squeeze_axis": True}, ValueError, "all parts must have size 1"),
        ),
    ),
    Row(
        "_histogram",
        histogram,
        (
            Sample([POINTS], {"bin_cnt": 5, "range": (0, 5)}),
            Sample([POINTS, np.array([0.0, 1.0, 2.0, 5.0])]),
            Sample([(3, 40)], {"bin_cnt": 7, "range": (-1.5, 1.25)}),
            Sample([(0,)], {"bin_cnt": 2, "range": (0, 1)}),
        ),
        dtypes=FLOATS[:2],
        refused=(
            Refused([(3,)], {"bin_cnt": 2}, ValueError, "range must be two growing numbers"),
            Refused([(3,)], {"bin_cnt": 2, "range": (1, 1)}, ValueError, "range must be two growing numbers"),
            Refused([(3,)], {"bin_cnt": 0, "range": (0, 1)}, ValueError, "bin_cnt must be int >= 1"),
            Refused([(3,)], {"bin_cnt": 2, "range": 1}, TypeError, "range must be two numbers"),
            Refused([(3,), (1,)], {}, ValueError, "at least two edges"),
            Refused([(3,)], {}, TypeError, "input 'bins' is required"),
        ),
    ),
    Row("_histogram", histogram, (Sample([np.array([0, 1, 2, 3, 5]), np.array([0, 2, 5])]),), dtypes=("int64",)),
    Row(  # whole numbers have whole edges, which decide
        "_histogram",
        lambda x, bin_cnt, range: (np.array([1, 2, 2]), np.array([0, 1, 3, 5])),
        (Sample([np.array([0, 1, 2, 3, 5], "int32")], {"bin_cnt": 3, "range": (0, 5)}),),
        dtypes=("int32",),
    ),
]
