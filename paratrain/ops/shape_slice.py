"""Operators that cut out a part of an array."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.params import integer, ints
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeShape, axis_of, merge, output_like, product, show
from paratrain.ops.strides import View, row_strides, strided, strided_back, view_attrs

Shapes = list[MaybeShape]


def _bounds(begin: int | None, end: int | None, step: int | None, n: int, axis: int) -> tuple[int, int, int]:
    """(first, count, step) of a slice as Python makes it."""
    by = 1 if step is None else step
    if by == 0:
        raise ValueError(f"step must not be 0 (axis {axis})")
    first, last, by = slice(begin, end, by).indices(n)
    return first, len(range(first, last, by)), by


def slices(attrs: Attrs, shape: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """(first, count, step) along each axis for parameters begin, end and step."""
    begin, end, step = attrs["begin"], attrs["end"], attrs["step"] or (None,) * len(attrs["begin"])
    if not len(begin) == len(end) == len(step) or len(begin) > len(shape):
        raise ValueError(
            f"begin, end and step must be as long as each other and at most {len(shape)} (the axes of data) long; "
            f"got begin={begin}, end={end}, step={attrs['step']}"
        )
    out = []
    for d, n in enumerate(shape):
        if d >= len(begin):
            out.append((0, n, 1))
        elif n == -1:
            whole = begin[d] is None and end[d] is None and step[d] in (None, 1)
            out.append((0, -1, 1) if whole or n == -1 else (0, n, 1))
        else:
            out.append(_bounds(begin[d], end[d], step[d], n, d))
    return out


def view_of_slices(parts: Sequence[tuple[int, int, int]], shape: tuple[int, ...]) -> View:
    """The view of an array that such slices are."""
    steps = row_strides(shape)
    offset = sum(first * s for (first, _, _), s in zip(parts, steps))
    counts = tuple(count for _, count, _ in parts)
    return counts, tuple(by * s for (_, _, by), s in zip(parts, steps)), offset if product(counts) else 0


def _sliced(slices_of: Callable[[Attrs, tuple[int, ...]], list[tuple[int, int, int]]]) -> dict[str, Any]:
    """Shape rule and kernel of an operator that slices input 0."""

    def shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        if ins[0] is None:
            return ins, outs
        return ins, [merge(tuple(count for _, count, _ in slices_of(attrs, ins[0])), outs[0], "result and slice")]

    return {
        "shape": shape,
        "kernel": strided(lambda attrs, shape: view_of_slices(slices_of(attrs, shape), shape)),
    }


def _sliced_back(slices_of: Callable[[Attrs, tuple[int, ...]], list[tuple[int, int, int]]]) -> dict[str, Any]:
    """The fields of the gradient of such an operator: (dY, data) -> dX."""
    return {
        "inputs": {"grad": "dY.", "data": "Gives the shape."},
        "shape_only": ("data",),
        "shape": output_like(1),
        "kernel": strided_back(lambda attrs, shape: view_of_slices(slices_of(attrs, shape), shape)),
    }


#: Parameters of a region.
SLICE = {
    "begin": ints(doc="First place along each axis; None: from the start.", inner_none=True),
    "end": ints(doc="Place behind the last one along each axis; None: to the end.", inner_none=True),
    "step": ints((), "Steps, which may be negative; default 1.", inner_none=True),
}
define(
    "slice",
    "A region of the array, as ``data[begin[0]:end[0]:step[0], ...]``.",
    aliases=("crop",),
    params=SLICE,
    **_sliced(slices),
    gradient=lambda g: [g.F._backward_slice(g.grad(), g.inputs[0], **g.attrs)],
    example=""">>> mx.nd.slice(mx.nd.array([[1, 2, 3], [4, 5, 6]]), begin=(0, 1), end=(2, 3)).asnumpy()
array([[2., 3.],
       [5., 6.]], dtype=float32)""",
)
define(
    "_backward_slice",
    "Zeros of the shape of `data` with `grad` in a region.",
    params=SLICE,
    **_sliced_back(slices),
    gradient=lambda g: [g.F.slice(g.grad(), **g.attrs), None],
)


def _axis_slices(attrs: Attrs, shape: tuple[int, ...]) -> list[tuple[int, int, int]]:
    at = axis_of(attrs["axis"], len(shape))
    out = [(0, n, 1) for n in shape]
    if shape[at] != -1:
        out[at] = _bounds(attrs["begin"], attrs["end"], 1, shape[at], at)
    return out


_SLICE_AXIS = {
    "axis": integer(doc="Axis that is cut."),
    "begin": integer(doc="First place; negative: counted from the end."),
    "end": integer(doc="Place behind the last one; None: to the end.", optional=True),
}
define(
    "slice_axis",
    "The part ``begin .. end - 1`` of the array along one axis.",
    params=_SLICE_AXIS,
    **_sliced(_axis_slices),
    gradient=lambda g: [g.F._backward_slice_axis(g.grad(), g.inputs[0], **g.attrs)],
    example=""">>> mx.nd.slice_axis(mx.nd.array([[1, 2, 3]]), axis=1, begin=1, end=3).asnumpy()
array([[2., 3.]], dtype=float32)""",
)
define(
    "_backward_slice_axis",
    "Zeros of the shape of `data` with `grad` in a part of it.",
    params=_SLICE_AXIS,
    **_sliced_back(_axis_slices),
    gradient=lambda g: [g.F.slice_axis(g.grad(), **g.attrs), None],
)


def _slice_like_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, like = ins
    if data is None or like is None:
        return ins, outs
    if not attrs["axes"] and len(data) != len(like):
        raise ValueError(f"data and shape_like must have as many axes; got {show(data)} and {show(like)}")
    out = list(data)
    for a in attrs["axes"] or range(len(data)):
        d, e = axis_of(a, len(data), "axes"), axis_of(a, len(like), "axes")
        if data[d] != -1 and like[e] > data[d]:
            raise ValueError(f"shape_like must not be larger than data along axis {d}; got {like[e]} > {data[d]}")
        out[d] = like[e]
    return ins, [merge(tuple(out), outs[0])]


def _corner(large: tuple[int, ...], small: tuple[int, ...]) -> Attrs:
    return view_attrs(small, row_strides(large))


define(
    "slice_like",
    "The first places of `data` along the given axes, as many as `shape_like` has.",
    inputs={"data": "Array.", "shape_like": "Gives the sizes."},
    params={"axes": ints((), "Axes that are cut; default all.")},
    shape_only=("shape_like",),
    shape=_slice_like_shape,
    dtype=lambda attrs, ins, outs: ([ins[0] or outs[0], ins[1]], [ins[0] or outs[0]]),
    kernel=lambda attrs, ins, outs: ("strided", _corner(ins[0][0], outs[0][0])),
    gradient=lambda g: [g.F._backward_slice_like(g.grad(), g.inputs[0]), None],
    example=""">>> mx.nd.slice_like(mx.nd.array([[1, 2, 3], [4, 5, 6]]), mx.nd.ones((1, 2))).asnumpy()
array([[1., 2.]], dtype=float32)""",
)
define(
    "_backward_slice_like",
    "Zeros of the shape of `data` with `grad` in the first places.",
    inputs={"grad": "dY.", "data": "Gives the shape."},
    shape_only=("data",),
    shape=output_like(1),
    kernel=lambda attrs, ins, outs: ("strided_scatter", _corner(outs[0][0], ins[0][0])),
    gradient=lambda g: [g.F.slice_like(g.grad(), g.inputs[0]), None],
)
