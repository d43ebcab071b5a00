"""Coordinates of elements, copies with a part replaced, cuts at given places, histograms."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from paratrain.ops.params import Param, flag, integer, ints, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, axis_of, merge, product, show
from paratrain.ops.shape_slice import SLICE, slices, view_of_slices
from paratrain.ops.strides import view_attrs

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]

# Coordinates


def _coordinate_axes(attrs: Attrs, ndim: int) -> tuple[int, ...]:
    axes = attrs["axes"]
    return tuple(range(ndim)) if axes is None else tuple(axis_of(a, ndim, "axes") for a in axes)


def _index_array_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    return ins, [merge((*ins[0], len(_coordinate_axes(attrs, len(ins[0])))), outs[0])]


define(
    "_contrib_index_array",
    "The coordinates of each element of an array, as int64: (...) -> (..., number of axes).",
    inputs={"data": "Gives the shape."},
    params={"axes": ints(None, "Axes whose coordinates are wanted; default all.", optional=True)},
    shape_only=("data",),
    shape=_index_array_shape,
    dtype=lambda attrs, ins, outs: (ins, ["int64"]),
    kernel=lambda attrs, ins, outs: ("coordinates", {"axes": _coordinate_axes(attrs, len(ins[0][0]))}),
    gradient=lambda g: [g.F.zeros_like(g.inputs[0])],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.contrib.index_array(mx.nd.zeros((2, 2)), axes=(1,)).asnumpy().tolist()
    [[[0], [1]], [[0], [1]]]""",
)


def _space(attrs: Attrs) -> tuple[int, ...]:
    """The sizes; -1 for the first axis (of any size) as 1, for it does not count."""
    shape = attrs["shape"]
    if not shape or any(n < 1 for n in shape[1:]) or (shape[0] < 1 and shape[0] != -1):
        raise ValueError(f"shape must be positive sizes (the first may be -1: any); got {shape}")
    return (max(shape[0], 1), *shape[1:])


def _ravel_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    space, data = _space(attrs), ins[0]
    if data is not None and len(data) != 2:
        raise ValueError(f"data must have 2 axes: coordinates by position; got {show(data)}")
    count = -1 if outs[0] is None else outs[0][0]
    data = merge(data, (len(space), count), "coordinates and axes of shape")
    assert data is not None
    return [data], [merge(data[1:], outs[0])]


def _unravel_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    space, data = _space(attrs), ins[0]
    return ins, [outs[0] if data is None else merge((len(space), *data), outs[0])]


_SPACE = {"shape": ints(None, "Sizes of the space; the first may be -1.", optional=True)}
define(
    "_ravel_multi_index",
    "Positions (n,) in an array of a given shape, row by row, from coordinates (axes, n).",
    aliases=("ravel_multi_index",),
    inputs={"data": "Coordinates (axes, n)."},
    params=_SPACE,
    shape=_ravel_shape,
    kernel=lambda attrs, ins, outs: ("ravel", {"shape": _space(attrs)}),
    gradient_free=True,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.ravel_multi_index(mx.nd.array([[3, 6], [4, 5]]), shape=(7, 6)).asnumpy()
    array([22., 41.], dtype=float32)""",
)
define(
    "_unravel_index",
    """Coordinates (axes, ...) in an array of a given shape from positions (...).

    Positions behind the end of the array go on along its first axis.""",
    aliases=("unravel_index",),
    inputs={"data": "Positions, counted row by row."},
    params=_SPACE,
    shape=_unravel_shape,
    kernel=lambda attrs, ins, outs: ("unravel", {"shape": _space(attrs)}),
    gradient_free=True,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.unravel_index(mx.nd.array([22, 41]), shape=(7, 6)).asnumpy()
    array([[3., 6.],
           [4., 5.]], dtype=float32)""",
)

# Copies with a part replaced


def _index_copy_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    old, index, new = merge(ins[0], outs[0]), merge(ins[1], (-1,), "index_vector"), ins[2]
    assert index is not None
    if old is not None:
        if not old:
            raise ValueError("old_tensor must have at least one axis")
        new = merge(new, (index[0], *old[1:]), "new_tensor and rows of old_tensor")
    if new is not None:
        index = new[:1]
    return [old, index, new], [old]


def _index_copy_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kind = ins[0] or ins[2] or outs[0]
    if None not in (ins[0], ins[2]) and ins[0] != ins[2]:
        raise TypeError(f"old_tensor and new_tensor must have one dtype; got {ins[0]} and {ins[2]}")
    return [kind, ins[1], kind], [kind]


def _index_copy_grad(g: GradContext) -> Sequence[Any]:
    F, (_, index, new) = g.F, g.inputs
    kept = F._contrib_index_copy(g.grad(), index, F.zeros_like(new)) if g.needed[0] else None
    return [kept, None, F.take(g.grad(), index, axis=0, mode="clip") if g.needed[2] else None]


define(
    "_contrib_index_copy",
    """A copy of `old_tensor` with some rows (along axis 0) replaced by those of `new_tensor`.

    Positions outside of the array are an IndexError; on a GPU they are moved to its border.""",
    inputs={
        "old_tensor": "Array.",
        "index_vector": "Positions of rows (n,); where one comes twice, the last one counts.",
        "new_tensor": "Rows (n, ...).",
    },
    shape=_index_copy_shape,
    dtype=_index_copy_dtype,
    kernel=lambda attrs, ins, outs: ("index_copy", {}),
    gradient=_index_copy_grad,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.contrib.index_copy(mx.nd.zeros((3,)), mx.nd.array([2, 0]), mx.nd.array([5, 6])).asnumpy()
    array([6., 0., 5.], dtype=float32)""",
)


def _fill_element_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    matrix = merge(merge(ins[0], outs[0]), (-1, -1), "lhs")
    assert matrix is not None
    rows = merge(merge(ins[1], ins[2]), matrix[:1], "mhs, rhs and rows of lhs")
    return [matrix, rows, rows], [matrix]


define(
    "fill_element_0index",
    "A copy of a matrix with one element of each row replaced: ``y[i, rhs[i]] = mhs[i]``.",
    inputs={"lhs": "Matrix (n, m).", "mhs": "New elements (n,).", "rhs": "Their positions in the rows (n,)."},
    shape=_fill_element_shape,
    dtype=lambda attrs, ins, outs: (
        [ins[0] or ins[1] or outs[0]] * 2 + [ins[2]],
        [ins[0] or ins[1] or outs[0]],
    ),
    kernel=lambda attrs, ins, outs: ("fill_element", {}),
    gradient_free=True,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.fill_element_0index(mx.nd.zeros((2, 2)), mx.nd.array([5, 6]), mx.nd.array([1, 0])).asnumpy()
    array([[0., 5.],
           [6., 0.]], dtype=float32)""",
)


def _assign_view(attrs: Attrs, shape: tuple[int, ...]) -> Attrs:
    return view_attrs(*view_of_slices(slices(attrs, shape), shape))


def _assign_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[0], outs[0])
    if shape is None:
        return ins, outs
    region = tuple(count for _, count, _ in slices(attrs, shape))
    return [shape, *[merge(s, region, "rhs and region") for s in ins[1:]]], [shape]


define(
    "_slice_assign",
    "A copy of `lhs` with a region replaced by `rhs`.",
    aliases=("_crop_assign",),
    inputs={"lhs": "Array.", "rhs": "The new region."},
    params=SLICE,
    shape=_assign_shape,
    kernel=lambda attrs, ins, outs: ("strided_assign", _assign_view(attrs, outs[0][0])),
    gradient=lambda g: [
        g.F._slice_assign_scalar(g.grad(), scalar=0.0, **g.attrs) if g.needed[0] else None,
        g.F.slice(g.grad(), **g.attrs) if g.needed[1] else None,
    ],
)
define(
    "_slice_assign_scalar",
    "A copy of the array with a region filled with one value.",
    aliases=("_crop_assign_scalar",),
    params={"scalar": real(0.0, "The value."), **SLICE},
    shape=_assign_shape,
    kernel=lambda attrs, ins, outs: (
        "strided_assign",
        {**_assign_view(attrs, outs[0][0]), "value": attrs["scalar"]},
    ),
    gradient=lambda g: [g.F._slice_assign_scalar(g.grad(), **{**g.attrs, "scalar": 0.0})],
)


def _scatter_set_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    (lhs, rhs, indices), shape = ins, attrs["shape"]
    lhs = merge(merge(lhs, outs[0]), shape, "lhs and shape")
    if indices is not None and indices[0] != -1:
        if indices[0] > len(shape):
            raise ValueError(f"indices must have at most {len(shape)} rows (the axes of shape); got {show(indices)}")
        rhs = merge(rhs, (indices[1:] + shape[indices[0] :]) or (1,), "rhs and what the coordinates name")
    return [lhs, rhs, indices], [lhs]


define(
    "_scatter_set_nd",
    "A copy of `lhs` with the elements (or rows) at given coordinates replaced by `rhs`, by the last of several.",
    inputs={"lhs": "Array.", "rhs": "New elements (or rows).", "indices": "Coordinates (M, ...)."},
    params={"shape": ints(doc="Shape of `lhs`.", low=0)},
    shape=_scatter_set_shape,
    dtype=lambda attrs, ins, outs: (
        [ins[0] or ins[1] or outs[0]] * 2 + [ins[2]],
        [ins[0] or ins[1] or outs[0]],
    ),
    kernel=lambda attrs, ins, outs: ("scatter_set", {}),
    gradient=lambda g: [
        g.F._scatter_set_nd(g.grad(), g.F.zeros_like(g.inputs[1]), g.inputs[2], **g.attrs) if g.needed[0] else None,
        g.F.gather_nd(g.grad(), g.inputs[2]) if g.needed[1] else None,
        None,
    ],
)
# Cuts at given places


def _cuts(attrs: Attrs, n: int) -> list[tuple[int, int]]:
    """(begin, end) of each part of an axis of size n."""
    if attrs["sections"]:
        if n % attrs["sections"]:
            raise ValueError(f"sections must divide the size of the axis, {n}; got {attrs['sections']}")
        step = n // attrs["sections"]
        return [(i * step, (i + 1) * step) for i in range(attrs["sections"])]
    ends = [*attrs["indices"][1:], n]
    pairs = list(zip(attrs["indices"], ends))
    if attrs["indices"][:1] != (0,) or any(a > b for a, b in pairs):
        raise ValueError(f"indices must begin with 0, not decrease, and not exceed {n}; got {attrs['indices']}")
    return pairs


def _count(attrs: Attrs) -> int:
    return attrs["sections"] or len(attrs["indices"])


def _split_v2_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = ins[0]
    if data is None:
        return ins, outs
    at = axis_of(attrs["axis"], len(data))
    if data[at] == -1:
        return ins, outs
    parts = [(*data[:at], b - a, *data[at + 1 :]) for a, b in _cuts(attrs, data[at])]
    if attrs["squeeze_axis"]:
        if any(p[at] != 1 for p in parts):
            raise ValueError(f"with squeeze_axis all parts must have size 1 along axis {at}; got {show(data)}")
        parts = [(*p[:at], *p[at + 1 :]) or (1,) for p in parts]
    return ins, [merge(p, s) for p, s in zip(parts, outs)]


def _split_v2_grad(g: GradContext) -> Sequence[Any]:
    grads = [g.grad(i) for i in range(_count(g.attrs))]
    if g.attrs["squeeze_axis"]:
        return [g.F.stack(*grads, num_args=len(grads), axis=g.attrs["axis"])]
    return [g.F.Concat(*grads, num_args=len(grads), dim=g.attrs["axis"])]


define(
    "_split_v2",
    "The array cut along an axis, in equal parts (`sections`) or at given places (`indices`).",
    params={
        "indices": ints((), "First place of each part, beginning with 0; does not count with `sections`."),
        "axis": integer(1, "Axis that is cut."),
        "squeeze_axis": flag(False, "Remove the axis, which then has size 1 in each part."),
        "sections": integer(0, "Number of equal parts; 0: cut at `indices`.", low=0),
    },
    outputs=lambda attrs: tuple(f"output{i}" for i in range(_count(attrs))),
    shape=_split_v2_shape,
    kernel=lambda attrs, ins, outs: (
        "split",
        {"axis": axis_of(attrs["axis"], len(ins[0][0])), "new_axis": attrs["squeeze_axis"]},
    ),
    gradient=_split_v2_grad,
)

# Histograms


def _bounds_param() -> Param:
    def read(value: Any) -> tuple[float, float]:
        got = ast.literal_eval(value) if isinstance(value, str) else value
        try:
            low, high = (float(v) for v in got)
        except (TypeError, ValueError):
            raise TypeError(f"must be two numbers; got {value!r}") from None
        return low, high

    return Param("tuple of float", None, "Lower and upper end of equal bins, with bin_cnt.", read, True)


def _bins(attrs: Attrs, ins: Shapes) -> int:
    """Number of bins, -1 if unknown."""
    if attrs["bin_cnt"] is not None:
        if attrs["range"] is None or not attrs["range"][0] < attrs["range"][1]:
            raise ValueError(f"range must be two growing numbers where bin_cnt is given; got {attrs['range']}")
        return int(attrs["bin_cnt"])
    edges = ins[1]
    if edges is not None and (len(edges) != 1 or -1 < edges[0] < 2):
        raise ValueError(f"bins must be at least two edges (n,); got {show(edges)}")
    return -1 if edges is None or edges[0] == -1 else edges[0] - 1


def _histogram_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    bins = _bins(attrs, ins)
    if bins == -1:
        return ins, outs
    return ins, [merge((bins,), outs[0]), merge((bins + 1,), outs[1])]


def _histogram_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    if len(ins) > 1 and None not in ins and ins[0] != ins[1]:
        raise TypeError(f"data and bins must have one dtype; got {ins[0]} and {ins[1]}")
    kind = next((k for k in ins if k), outs[1])
    return [kind] * len(ins), ["int64", kind]


def _histogram_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    low, high = attrs["range"] if attrs["bin_cnt"] is not None else (0.0, 1.0)
    bins = outs[0][0][0]
    return "histogram", {"bins": bins, "uniform": attrs["bin_cnt"] is not None, "low": low, "high": high}


define(
    "_histogram",
    """How many elements lie in each bin (int64), and the edges of the bins.

    Bins include their lower end, the last one its upper end, too; elements outside (and NaN) do not count.""",
    inputs={"data": "Array of any shape.", "bins": "Edges of the bins (n,), growing; not with bin_cnt."},
    present=lambda attrs: ("data",) if attrs["bin_cnt"] is not None else ("data", "bins"),
    params={
        "bin_cnt": integer(None, "Number of equal bins in `range`.", low=1, optional=True),
        "range": _bounds_param(),
    },
    outputs=("output0", "output1"),
    shape=_histogram_shape,
    dtype=_histogram_dtype,
    kernel=_histogram_kernel,
    gradient_free=True,
    flops=lambda attrs, ins, outs: 4 * product(ins[0][0]),
)
