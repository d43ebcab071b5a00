"""Operators that reshape, reorder, cut, join, repeat and pad."""

from __future__ import annotations

import numpy as np
from table import FLOATS, NUMBERS, Refused, Row, Sample

MOVED = ("float32", "float64", "float16", "int8", "bool")


def row(op, reference, samples, refused=(), gradient=(0,), dtypes=MOVED, exact=True, **kw):
    return Row(op, reference, samples, gradient=gradient, dtypes=dtypes, refused=refused, exact=exact, **kw)


def reshape(x, shape, reverse=False):
    want = {
        (-3, 4): (6, 4),
        (-4, 1, 2, -2): (1, 2, 3, 4),
        (0, -1): (2, 12),
        (-1, 0): (6, 4),
        (6, 4): (6, 4),
        (0, -3): (2, 12),
        (0, 0): (0, 3),
        (-2, 1): (2, 3, 4, 1),
    }
    return x.reshape(want[shape])


def like(x, y, lhs_begin=None, lhs_end=None, rhs_begin=None, rhs_end=None):
    shape = x.shape[: lhs_begin or 0] + y.shape[rhs_begin:rhs_end]
    return x.reshape(shape + (x.shape[lhs_end:] if lhs_end is not None else ()))


def slices(x, begin, end, step=None):
    step = step or (None,) * len(begin)
    return x[tuple(slice(*s) for s in zip(begin, end, step, strict=True))]


def split(x, num_outputs, axis=1, squeeze_axis=False):
    parts = np.split(x, num_outputs, axis)
    return tuple(p.squeeze(axis) if squeeze_axis else p for p in parts)


def pad(x, mode, pad_width, constant_value=0.0):
    pairs = list(zip(pad_width[::2], pad_width[1::2], strict=True))
    if mode == "constant":
        return np.pad(x, pairs, "constant", constant_values=constant_value)
    return np.pad(x, pairs, mode)


def space_to_depth(x, block_size):
    n, c, h, w = x.shape
    b = block_size
    y = x.reshape(n, c, h // b, b, w // b, b).transpose(0, 3, 5, 1, 2, 4)
    return y.reshape(n, c * b * b, h // b, w // b)


def depth_to_space(x, block_size):
    n, c, h, w = x.shape
    b = block_size
    y = x.reshape(n, b, b, c // (b * b), h, w).transpose(0, 3, 4, 1, 5, 2)
    return y.reshape(n, c // (b * b), h * b, w * b)


def diag(x, k=0, axis1=0, axis2=1):
    return np.diag(x, k) if x.ndim == 1 else np.diagonal(x, k, axis1, axis2)


def sequence(*shape):
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape)


VIEWS = [
    row(
        "Reshape",
        reshape,
        (
            Sample([(2, 3, 4)], {"shape": (6, 4)}),
            Sample([(2, 3, 4)], {"shape": (0, -1)}),
            Sample([(2, 3, 4)], {"shape": (-3, 4)}),
            Sample([(2, 3, 4)], {"shape": (-4, 1, 2, -2)}),
            Sample([(2, 3, 4)], {"shape": (0, -3)}),
            Sample([(2, 3, 4)], {"shape": (-2, 1)}),
            Sample([(2, 3, 4)], {"shape": (-1, 0), "reverse": True}),
            Sample([(0, 3)], {"shape": (0, 0)}),
        ),
        (
            Refused([(2, 3)], {"shape": (4, 2)}, ValueError, r"has 6 elements and cannot be reshaped to \(4, 2\)"),
            Refused([(2, 3)], {"shape": (4, -1)}, ValueError, "is no multiple"),
            Refused([(2, 3)], {"shape": (-1, -1)}, ValueError, "at most one -1"),
            Refused([(2, 3)], {"shape": (0, 0, 0)}, ValueError, "code 0 needs 1 more axes"),
            Refused([(2, 3)], {"shape": (-4, 5, 2)}, ValueError, "cannot split an axis of size 2 into 5 and 2"),
            Refused([(2, 3)], {"shape": (-7,)}, ValueError, "or the codes"),
            Refused([(2, 3)], {}, ValueError, "shape must be given"),
        ),
    ),
    row("Flatten", lambda x: x.reshape(x.shape[0], -1), (Sample([(2, 3, 4)]), Sample([(3,)]))),
    row(
        "expand_dims",
        lambda x, axis: np.expand_dims(x, axis),
        (Sample([(2, 3)], {"axis": 0}), Sample([(2, 3)], {"axis": -1}), Sample([(0, 3)], {"axis": 1})),
        (Refused([(2, 3)], {"axis": 4}, ValueError, r"axis must be in \[-3, 3\)"),),
    ),
    row(
        "squeeze",
        lambda x, axis=None: np.squeeze(x, axis).reshape(np.squeeze(x, axis).shape or (1,)),
        (Sample([(1, 3, 1)]), Sample([(1, 3, 1)], {"axis": (0, -1)}), Sample([(1, 1)])),
        (
            Refused([(2, 3)], {"axis": 0}, ValueError, "axis must name axes of size 1"),
            Refused([(1, 3)], {"axis": (0, 0)}, ValueError, "twice"),
        ),
    ),
    row(
        "reshape_like",
        like,
        (
            Sample([(2, 6), (3, 4)]),
            Sample([(30, 7), (15, 2, 4)], {"lhs_begin": 0, "lhs_end": 1, "rhs_begin": 0, "rhs_end": 2}),
        ),
        (
            Refused([(2, 6), (5,)], {}, ValueError, "it has another size"),
            Refused([(2, 6), (5,)], {"lhs_begin": 3}, ValueError, "lhs_begin and lhs_end must be axes"),
        ),
    ),
    Row(
        "BlockGrad",
        lambda x: x,
        (Sample([(2, 3)]),),
        dtypes=FLOATS,
        covered_by="test_special.py",
    ),
    Row("make_loss", lambda x: x, (Sample([(2, 3)]),), dtypes=FLOATS, covered_by="test_special.py"),
]
MOVES = [
    row(
        "transpose",
        lambda x, axes=None: x.transpose(axes),
        (
            Sample([(2, 3)]),
            Sample([(2, 3, 4)], {"axes": (2, 0, 1)}),
            Sample([(2, 3, 4)], {"axes": (0, 2, 1)}),
            Sample([(2, 3, 4)], {"axes": (1, 0, -1)}),
            Sample([(3, 2, 4, 5)], {"axes": (0, 2, 3, 1)}),
            Sample([(0, 3)]),
        ),
        (
            Refused([(2, 3)], {"axes": (0, 0)}, ValueError, "each of the 2 axes once"),
            Refused([(2, 3)], {"axes": (0, 5)}, ValueError, "axes must be in"),
        ),
    ),
    row("transpose", lambda x, axes=None: x.transpose(axes), (Sample([(131, 70)]), Sample([(3, 67, 45)])), gradient=()),
    row(
        "SwapAxis",
        lambda x, dim1=0, dim2=0: x.swapaxes(dim1, dim2),
        (Sample([(2, 3, 4)], {"dim1": 0, "dim2": -1}), Sample([(2, 3, 4)], {"dim1": 1, "dim2": 2})),
        (Refused([(2, 3)], {"dim1": 2}, ValueError, "dim1 must be in"),),
    ),
    row(
        "reverse",
        lambda x, axis: np.flip(x, axis),
        (Sample([(2, 3, 2)], {"axis": 0}), Sample([(2, 3)], {"axis": (0, 1)}), Sample([(0, 3)], {"axis": 0})),
        (Refused([(2,)], {"axis": 1}, ValueError, "axis must be in"),),
    ),
    row(
        "depth_to_space",
        depth_to_space,
        (Sample([(2, 8, 2, 3)], {"block_size": 2}),),
        (
            Refused([(1, 6, 2, 2)], {"block_size": 2}, ValueError, "multiple of block_size"),
            Refused([(1, 6, 2)], {"block_size": 2}, ValueError, "4 axes"),
        ),
    ),
    row(
        "space_to_depth",
        space_to_depth,
        (Sample([(2, 2, 4, 6)], {"block_size": 2}),),
        (Refused([(1, 1, 3, 2)], {"block_size": 2}, ValueError, "multiples of block_size"),),
    ),
    row(
        "diag",
        diag,
        (
            Sample([(4, 4)]),
            Sample([(3, 5)], {"k": 1}),
            Sample([(3, 5)], {"k": -2}),
            Sample([(4,)], {"k": 1}),
            Sample([(4,)], {"k": -1}),
            Sample([(2, 3, 4)], {"axis1": 0, "axis2": -1}),
        ),
        (
            Refused([(3, 3)], {"k": 7}, ValueError, "k must name a diagonal"),
            Refused([(3, 3)], {"axis2": 0}, ValueError, "axis1 and axis2 must differ"),
        ),
    ),
]
SLICES = [
    row(
        "slice",
        slices,
        (
            Sample([(3, 4, 2)], {"begin": (0, 1), "end": (2, 3)}),
            Sample([(3, 4, 2)], {"begin": (None, -3), "end": (2, None)}),
            Sample([(5, 4)], {"begin": (4, None), "end": (None, None), "step": (-2, 2)}),
            Sample([(3, 4)], {"begin": (2,), "end": (2,)}),
        ),
        (
            Refused([(3, 4)], {"begin": (0,), "end": (1, 2)}, ValueError, "as long as each other"),
            Refused([(3, 4)], {"begin": (0,), "end": (1,), "step": (0,)}, ValueError, "step must not be 0"),
        ),
    ),
    row(
        "slice_axis",
        lambda x, axis, begin, end: x[(slice(None),) * (axis % x.ndim) + (slice(begin, end),)],
        (
            Sample([(4, 3, 2)], {"axis": 0, "begin": 1, "end": 3}),
            Sample([(4, 3, 2)], {"axis": -2, "begin": -2, "end": None}),
            Sample([(4, 3)], {"axis": 1, "begin": 2, "end": 2}),
        ),
        (Refused([(2,)], {"axis": 1, "begin": 0, "end": 1}, ValueError, "axis must be in"),),
    ),
    row(
        "slice_like",
        lambda x, y, axes=(0, 1): x[tuple(slice(y.shape[d] if d in axes else None) for d in range(2))],
        (Sample([(4, 5), (2, 3)]), Sample([(4, 5), (2, 3)], {"axes": (1,)})),
        (
            Refused([(2, 3), (3, 3)], {}, ValueError, "must not be larger than data along axis 0"),
            Refused([(2, 3), (3,)], {}, ValueError, "as many axes"),
        ),
    ),
]
JOINS = [
    row(
        "Concat",
        lambda *xs, dim=1: np.concatenate(xs, dim),
        (
            Sample([(2, 3), (2, 1)]),
            Sample([(1, 3, 2), (2, 3, 2), (4, 3, 2)], {"dim": 0}),
            Sample([(2, 3)]),
            Sample([(2, 0), (2, 3)], {"dim": -1}),
        ),
        (
            Refused([(2, 3), (3, 3)], {"dim": 1}, ValueError, r"\[Concat\] shapes apart from axis 1 must agree"),
            Refused([(2, 3), (3,)], {"dim": 0}, ValueError, "as many axes"),
            Refused([(2, 3), (2, 3)], {"num_args": 3}, ValueError, "num_args is 3 but 2 arrays"),
        ),
        gradient=(0, 1, 2),
    ),
    row(
        "_rnn_param_concat",
        lambda *xs, dim=1: np.concatenate(xs, dim),
        (Sample([(2,), (3,)], {"dim": 0}),),
        gradient=(0, 1),
    ),
    row(
        "stack",
        lambda *xs, axis=0: np.stack(xs, axis),
        (Sample([(2, 3), (2, 3)]), Sample([(2, 3)] * 3, {"axis": -1}), Sample([(2, 3)], {"axis": 1})),
        (Refused([(2, 3), (2, 4)], {}, ValueError, "shapes must agree"),),
        gradient=(0, 1, 2),
    ),
    row(
        "SliceChannel",
        split,
        (
            Sample([(2, 6, 2)], {"num_outputs": 3}),
            Sample([(4, 2)], {"num_outputs": 2, "axis": 0}),
            Sample([(2, 3)], {"num_outputs": 3, "squeeze_axis": True}),
            Sample([(2, 3)], {"num_outputs": 1}),
            Sample([(0, 4)], {"num_outputs": 2}),
        ),
        (
            Refused([(2, 5)], {"num_outputs": 3}, ValueError, "a multiple of num_outputs=3"),
            Refused([(2, 6)], {"num_outputs": 3, "squeeze_axis": True}, ValueError, r"size 3 \(squeeze_axis=True\)"),
        ),
    ),
]
REPEATS = [
    row(
        "repeat",
        lambda x, repeats, axis=None: np.repeat(x, repeats, axis),
        (
            Sample([(2, 3)], {"repeats": 2}),
            Sample([(2, 3)], {"repeats": 3, "axis": 1}),
            Sample([(2, 3)], {"repeats": 0, "axis": 0}),
        ),
        (Refused([(2,)], {"repeats": -1}, ValueError, "repeats must be int >= 0"),),
    ),
    row(
        "tile",
        lambda x, reps: np.tile(x, reps),
        (Sample([(2, 3)], {"reps": (2, 1, 3)}), Sample([(2, 3)], {"reps": 2}), Sample([(2, 3)], {"reps": (0, 2)})),
    ),
]
WIDTH = (0, 0, 0, 0, 1, 2, 2, 1)
PADS = [
    row(
        "Pad",
        pad,
        (
            Sample([(2, 2, 4, 3)], {"mode": "constant", "pad_width": WIDTH, "constant_value": 1.0}),
            Sample([(2, 2, 4, 3)], {"mode": "edge", "pad_width": WIDTH}),
            Sample([(2, 2, 4, 3)], {"mode": "reflect", "pad_width": WIDTH}),
            Sample([(3, 4)], {"mode": "edge", "pad_width": (1, 0, 0, 2)}),
            Sample([(0, 2)], {"mode": "constant", "pad_width": (1, 1, 0, 0)}),
        ),
        (
            Refused([(2, 2)], {"mode": "reflect", "pad_width": (0, 0, 2, 0)}, ValueError, "smaller than the axis"),
            Refused([(2, 2)], {"mode": "edge", "pad_width": (0, 0)}, ValueError, "two numbers for each of the 2 axes"),
            Refused([(2, 2)], {"mode": "wrap", "pad_width": (0,) * 4}, ValueError, "mode must be one of"),
            Refused([(2, 0)], {"mode": "edge", "pad_width": (0, 0, 1, 0)}, ValueError, "no edge to repeat"),
        ),
    )
]


def made(op, reference, samples, refused=(), dtypes=("float32",), **kw):
    return Row(op, reference, samples, dtypes=dtypes, refused=refused, **kw)


def arange(start, stop=None, step=1.0, repeat=1, dtype="float32"):
    return np.arange(start, stop, step).repeat(repeat) if stop is not None else np.arange(start).repeat(repeat)


CREATION = [
    made("_zeros", lambda shape, dtype="float32": np.zeros(shape), (Sample([], {"shape": (2, 3)}),)),
    made(
        "_zeros_without_dtype",
        lambda shape, dtype=-1: np.zeros(shape, "int32" if dtype == 4 else "float32"),
        (Sample([], {"shape": (2, 3)}), Sample([], {"shape": (2,), "dtype": 4})),
    ),
    made("_ones", lambda shape, dtype="float32": np.ones(shape), (Sample([], {"shape": (2,), "dtype": "int32"}),)),
    made("_full", lambda shape, value: np.full(shape, value), (Sample([], {"shape": (2, 0, 3), "value": 2.5}),)),
    made("zeros_like", np.zeros_like, (Sample([(2, 3)]), Sample([(0,)])), dtypes=NUMBERS),
    made("ones_like", np.ones_like, (Sample([(2, 3)]), Sample([(0,)])), dtypes=NUMBERS),
    made(
        "_arange",
        arange,
        (
            Sample([], {"start": 5}),
            Sample([], {"start": 1, "stop": 7, "step": 1.5, "repeat": 2}),
            Sample([], {"start": 3, "stop": 0, "step": -1, "dtype": "int32"}),
            Sample([], {"start": 3, "stop": 3}),
        ),
        (Refused([], {"start": 0, "stop": 1, "step": 0}, ValueError, "step must not be 0"),),
    ),
    made(
        "_linspace",
        lambda start, stop, num, endpoint=True: np.linspace(start, stop, num, endpoint),
        (
            Sample([], {"start": 0, "stop": 1, "num": 5}),
            Sample([], {"start": 0, "stop": 1, "num": 4, "endpoint": False}),
            Sample([], {"start": 2, "stop": 3, "num": 1}),
        ),
    ),
    made(
        "_eye",
        lambda N, M=0, k=0, dtype="float32": np.eye(N, M or N, k),
        (Sample([], {"N": 3}), Sample([], {"N": 2, "M": 4, "k": 1, "dtype": "int32"})),
    ),
    made("shape_array", lambda x: np.array(x.shape), (Sample([(3, 4)]), Sample([(0, 2)]))),
    made("size_array", lambda x: np.array([x.size]), (Sample([(3, 4)]), Sample([(0, 2)]))),
    made(
        "_contrib_arange_like",
        lambda x, start=0.0, step=1.0, repeat=1, axis=None: (
            start + step * (np.arange(x.size if axis is None else x.shape[axis]) // repeat)
        ).reshape(x.shape if axis is None else (x.shape[axis],)),
        (Sample([(3, 4)]), Sample([(3, 4)], {"start": 1, "step": 2.0, "axis": 1, "repeat": 2})),
    ),
]
ROWS = [*VIEWS, *MOVES, *SLICES, *JOINS, *REPEATS, *PADS, *CREATION]
