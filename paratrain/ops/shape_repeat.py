"""Operators that repeat elements: repeat, tile, nearest-neighbour upsampling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ops.params import integer, ints
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeShape, axis_of, known, merge, output_like, product
from paratrain.ops.strides import View, row_strides, strided

Shapes = list[MaybeShape]
Specs = list[tuple]


def _repeated(attrs: Attrs, shape: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """Shape that is repeated (flattened where no axis is given), and the axis."""
    if attrs["axis"] is None:
        return (product(shape) if known(shape) else -1,), 0
    return shape, axis_of(attrs["axis"], len(shape))


def _repeat_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    shape, at = _repeated(attrs, ins[0])
    n = -1 if shape[at] == -1 else shape[at] * attrs["repeats"]
    return ins, [merge((*shape[:at], n, *shape[at + 1 :]), outs[0])]


def _repeat_view(attrs: Attrs, data: tuple[int, ...]) -> View:
    shape, at = _repeated(attrs, data)
    steps = row_strides(shape)
    return (
        (*shape[: at + 1], attrs["repeats"], *shape[at + 1 :]),
        (*steps[: at + 1], 0, *steps[at + 1 :]),
        0,
    )


def _sum_copies(view_of: Callable[[Attrs, tuple[int, ...]], View]) -> Callable[..., tuple[str, Attrs]]:
    """Kernel of the gradient of repeats: sums over the axes of the view that have stride 0."""

    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        shape, steps, _ = view_of(attrs, outs[0][0])
        return "sum_view", {"view": shape, "axes": tuple(d for d, s in enumerate(steps) if s == 0)}

    return kernel


def _repeats(name: str, view_of: Callable[[Attrs, tuple[int, ...]], View], params: dict[str, Any]) -> None:
    """Define the gradient of an operator that repeats elements."""
    define(
        f"_backward_{name}",
        f"Gradient of {name}: sums of `grad` over the copies of each element.",
        inputs={"grad": "dY.", "data": "Gives the shape."},
        params=params,
        shape_only=("data",),
        shape=output_like(1),
        kernel=_sum_copies(view_of),
        gradient=lambda g: [getattr(g.F, name)(g.grad(), **g.attrs), None],
    )


_REPEAT = {
    "repeats": integer(doc="How often each element is repeated.", low=0),
    "axis": integer(None, "Axis; None: the flattened array.", optional=True),
}
define(
    "repeat",
    "Each element several times in a row.",
    params=_REPEAT,
    shape=_repeat_shape,
    kernel=strided(_repeat_view),
    gradient=lambda g: [g.F._backward_repeat(g.grad(), g.inputs[0], **g.attrs)],
    example=""">>> mx.nd.repeat(mx.nd.array([1, 2]), repeats=2).asnumpy()
array([1., 1., 2., 2.], dtype=float32)""",
)
_repeats("repeat", _repeat_view, _REPEAT)


def _tile_shapes(attrs: Attrs, shape: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Shape and repetitions with as many axes as each other."""
    reps = attrs["reps"]
    ndim = max(len(shape), len(reps))
    return (1,) * (ndim - len(shape)) + shape, (1,) * (ndim - len(reps)) + reps


def _tile_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    shape, reps = _tile_shapes(attrs, ins[0])
    return ins, [merge(tuple(-1 if n == -1 else n * r for n, r in zip(shape, reps)), outs[0])]


def _tile_view(attrs: Attrs, data: tuple[int, ...]) -> View:
    shape, reps = _tile_shapes(attrs, data)
    view: list[int] = []
    steps: list[int] = []
    for n, r, s in zip(shape, reps, row_strides(shape)):
        view += (r, n)
        steps += (0, s)
    return tuple(view), tuple(steps), 0


_TILE = {"reps": ints(doc="How often the array is repeated along each axis.", low=0)}
define(
    "tile",
    "The whole array several times along each axis.",
    params=_TILE,
    shape=_tile_shape,
    kernel=strided(_tile_view),
    gradient=lambda g: [g.F._backward_tile(g.grad(), g.inputs[0], **g.attrs)],
    example=""">>> mx.nd.tile(mx.nd.array([1, 2]), reps=(2, 2)).asnumpy()
array([[1., 2., 1., 2.],
       [1., 2., 1., 2.]], dtype=float32)""",
)
_repeats("tile", _tile_view, _TILE)
