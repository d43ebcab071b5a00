"""Operators that put elements in another order: transposes, flips, blocks, diagonals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ops.params import integer, ints
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeShape, axis_of, known, merge, output_like, product, show
from paratrain.ops.strides import View, row_strides, strided, view_attrs

Shapes = list[MaybeShape]


# Order of axes


def _order(attrs: Attrs, ndim: int) -> tuple[int, ...]:
    axes = attrs["axes"]
    if not axes:
        return tuple(reversed(range(ndim)))
    order = tuple(axis_of(a, ndim, "axes") for a in axes)
    if sorted(order) != list(range(ndim)):
        raise ValueError(f"axes must name each of the {ndim} axes once; got {axes}")
    return order


def _transpose_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, out = ins[0], outs[0]
    ndim = len(data) if data is not None else (len(out) if out is not None else None)
    if ndim is None:
        return ins, outs
    order = _order(attrs, ndim)
    if out is not None:
        back = [-1] * ndim
        for place, axis in enumerate(order):
            back[axis] = out[place]
        data = merge(data, tuple(back))
    assert data is not None
    return [data], [merge(tuple(data[a] for a in order), out)]


def _transpose_view(attrs: Attrs, shape: tuple[int, ...]) -> View:
    order, steps = _order(attrs, len(shape)), row_strides(shape)
    return tuple(shape[a] for a in order), tuple(steps[a] for a in order), 0


def _inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    order = [a % len(axes) for a in axes]
    return tuple(order.index(d) for d in range(len(order)))


define(
    "transpose",
    "The array with its axes in another order.",
    params={"axes": ints((), "For each axis of the result, which axis of `data` it is; default: in reverse.")},
    shape=_transpose_shape,
    kernel=strided(_transpose_view),
    gradient=lambda g: [g.F.transpose(g.grad(), axes=_inverse(g.attrs["axes"]))],
    example=""">>> mx.nd.transpose(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
array([[1., 3.],
       [2., 4.]], dtype=float32)""",
)


def _swap_order(attrs: Attrs, ndim: int) -> list[int]:
    a, b = axis_of(attrs["dim1"], ndim, "dim1"), axis_of(attrs["dim2"], ndim, "dim2")
    order = list(range(ndim))
    order[a], order[b] = b, a
    return order


def _as_transpose(rule: Callable[..., Any]) -> Callable[..., Any]:
    """The same rule with `axes` in place of `dim1` and `dim2`."""

    def wrapped(attrs: Attrs, ins: Shapes, outs: Shapes) -> Any:
        known_shape = ins[0] if ins[0] is not None else outs[0]
        if known_shape is None:
            return ins, outs
        return rule({"axes": tuple(_swap_order(attrs, len(known_shape)))}, ins, outs)

    return wrapped


define(
    "SwapAxis",
    "The array with two axes exchanged.",
    aliases=("swapaxes", "SwapAxes"),
    params={"dim1": integer(0, "One axis."), "dim2": integer(0, "The other one.")},
    shape=_as_transpose(_transpose_shape),
    kernel=strided(lambda attrs, shape: _transpose_view({"axes": tuple(_swap_order(attrs, len(shape)))}, shape)),
    gradient=lambda g: [g.F.SwapAxis(g.grad(), **g.attrs)],
    example=""">>> mx.nd.SwapAxis(mx.nd.array([[1, 2, 3]]), dim1=0, dim2=1).asnumpy()
array([[1.],
       [2.],
       [3.]], dtype=float32)""",
)

# Flips


def _reverse_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[0], outs[0])
    for a in attrs["axis"]:
        if shape is not None:
            axis_of(a, len(shape))
    return [shape], [shape]


def _reverse_view(attrs: Attrs, shape: tuple[int, ...]) -> View:
    steps, offset = list(row_strides(shape)), 0
    for d in {axis_of(a, len(shape)) for a in attrs["axis"]}:
        offset += max(shape[d] - 1, 0) * steps[d]
        steps[d] = -steps[d]
    return shape, tuple(steps), offset if product(shape) else 0


define(
    "reverse",
    "The array in reverse order along the given axes.",
    aliases=("flip",),
    params={"axis": ints(doc="Axes to reverse.")},
    shape=_reverse_shape,
    kernel=strided(_reverse_view),
    gradient=lambda g: [g.F.reverse(g.grad(), **g.attrs)],
    example=""">>> mx.nd.reverse(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([[2., 1.],
       [4., 3.]], dtype=float32)""",
)


# Blocks and diagonals


def _depth_to_space_sizes(attrs: Attrs, shape: tuple[int, ...], forward: bool) -> tuple[int, int, int, int, int]:
    b = attrs["block_size"]
    if len(shape) != 4:
        raise ValueError(f"data must have 4 axes (N, C, H, W); got {show(shape)}")
    n, c, h, w = shape
    if forward and c != -1 and c % (b * b):
        raise ValueError(f"the {c} channels must be a multiple of block_size^2 = {b * b}")
    if not forward and ((h != -1 and h % b) or (w != -1 and w % b)):
        raise ValueError(f"height and width must be multiples of block_size = {b}; got {show(shape)}")
    return b, n, c, h, w


def _depth_shape(forward: bool) -> Callable[..., tuple[Shapes, Shapes]]:
    def rule(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        if ins[0] is None:
            return ins, outs
        b, n, c, h, w = _depth_to_space_sizes(attrs, ins[0], forward)
        scale = [(c, -2), (h, 1), (w, 1)] if forward else [(c, 2), (h, -1), (w, -1)]
        sizes = [s if s == -1 else (s * b**p if p > 0 else s // b**-p) for s, p in scale]
        return ins, [merge((n, *sizes), outs[0])]

    return rule


def _depth_to_space_view(attrs: Attrs, shape: tuple[int, ...]) -> View:
    b, n, c, h, w = _depth_to_space_sizes(attrs, shape, True)
    c //= b * b
    steps = row_strides((n, b, b, c, h, w))  # (N, b, b, C, H, W) -> (N, C, H, b, W, b)
    order = (0, 3, 4, 1, 5, 2)
    return (n, c, h, b, w, b), tuple(steps[a] for a in order), 0


def _space_to_depth_view(attrs: Attrs, shape: tuple[int, ...]) -> View:
    b, n, c, h, w = _depth_to_space_sizes(attrs, shape, False)
    steps = row_strides((n, c, h // b, b, w // b, b))  # (N, C, H, b, W, b) -> (N, b, b, C, H, W)
    order = (0, 3, 5, 1, 2, 4)
    return (n, b, b, c, h // b, w // b), tuple(steps[a] for a in order), 0


_BLOCK = {"block_size": integer(doc="Edge of the blocks.", low=1)}
define(
    "depth_to_space",
    "Channels become blocks of the image: (N, C b^2, H, W) -> (N, C, H b, W b).",
    params=_BLOCK,
    shape=_depth_shape(True),
    kernel=strided(_depth_to_space_view),
    gradient=lambda g: [g.F.space_to_depth(g.grad(), **g.attrs)],
    example=""">>> mx.nd.depth_to_space(mx.nd.arange(4).reshape((1, 4, 1, 1)), block_size=2).asnumpy()[0, 0]
array([[0., 1.],
       [2., 3.]], dtype=float32)""",
)
define(
    "space_to_depth",
    "Blocks of the image become channels: (N, C, H b, W b) -> (N, C b^2, H, W).",
    params=_BLOCK,
    shape=_depth_shape(False),
    kernel=strided(_space_to_depth_view),
    gradient=lambda g: [g.F.depth_to_space(g.grad(), **g.attrs)],
    example=""">>> mx.nd.space_to_depth(mx.nd.arange(4).reshape((1, 1, 2, 2)), block_size=2).asnumpy().ravel()
array([0., 1., 2., 3.], dtype=float32)""",
)


def _diagonal(attrs: Attrs, shape: tuple[int, ...]) -> View:
    """The diagonal of a matrix (or of the matrices over two axes); of a vector: where it goes in a square."""
    k = attrs["k"]
    if len(shape) == 1:
        edge = shape[0] + abs(k)
        return shape, (edge + 1,), k if k >= 0 else -k * edge
    a, b = axis_of(attrs["axis1"], len(shape), "axis1"), axis_of(attrs["axis2"], len(shape), "axis2")
    if a == b:
        raise ValueError(f"axis1 and axis2 must differ; both are {a}")
    steps = row_strides(shape)
    length = min(shape[a] + min(k, 0), shape[b] - max(k, 0))
    if length < 0:
        raise ValueError(f"k must name a diagonal of axes of size {shape[a]} and {shape[b]}; got {k}")
    rest = [d for d in range(len(shape)) if d not in (a, b)]
    offset = k * steps[b] if k >= 0 else -k * steps[a]
    return (
        (*(shape[d] for d in rest), length),
        (*(steps[d] for d in rest), steps[a] + steps[b]),
        offset if length else 0,
    )


def _diag_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = ins[0]
    if data is None or not known(data):
        return ins, outs
    shape = (data[0] + abs(attrs["k"]),) * 2 if len(data) == 1 else _diagonal(attrs, data)[0]
    return ins, [merge(shape, outs[0])]


_DIAG = {
    "k": integer(0, "Which diagonal: above (positive) or below the main one."),
    "axis1": integer(0, "First axis of the matrices."),
    "axis2": integer(1, "Second axis of the matrices."),
}
define(
    "diag",
    "The diagonal of each matrix over two axes; of a vector, the matrix that has it as diagonal.",
    params=_DIAG,
    shape=_diag_shape,
    kernel=lambda attrs, ins, outs: (
        "strided_scatter" if len(ins[0][0]) == 1 else "strided",
        view_attrs(*_diagonal(attrs, ins[0][0])),
    ),
    gradient=lambda g: [g.F._backward_diag(g.grad(), g.inputs[0], **g.attrs)],
    example=""">>> mx.nd.diag(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
array([1., 4.], dtype=float32)""",
)
define(
    "_backward_diag",
    "Gradient of diag.",
    inputs={"grad": "dY.", "data": "Gives the shape."},
    params=_DIAG,
    shape_only=("data",),
    shape=output_like(1),
    kernel=lambda attrs, ins, outs: (
        "strided" if len(outs[0][0]) == 1 else "strided_scatter",
        view_attrs(*_diagonal(attrs, outs[0][0])),
    ),
    gradient=lambda g: [g.F.diag(g.grad(), **g.attrs), None],
)
