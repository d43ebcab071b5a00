"""Operators that repeat elements: repeat, tile, nearest-neighbour upsampling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ops.params import choice, integer, ints
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeShape, axis_of, known, merge, output_like, product, show
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
)
_repeats("tile", _tile_view, _TILE)


def _upsample_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    if len(ins[0]) != 4:
        raise ValueError(f"data must have 4 axes (N, C, H, W); got {show(ins[0])}")
    n, c, h, w = ins[0]
    s = attrs["scale"]
    return ins, [merge((n, c, h if h == -1 else h * s, w if w == -1 else w * s), outs[0])]


def _upsample_view(attrs: Attrs, shape: tuple[int, ...]) -> View:
    n, c, h, w = shape
    s = attrs["scale"]
    return (n, c, h, s, w, s), (c * h * w, h * w, w, 0, 1, 0), 0


_UPSAMPLE = {"scale": integer(doc="Factor of height and width.", low=1)}
define(
    "_upsample_nearest",
    "Each element of an image (N, C, H, W) as a square of `scale` x `scale` equal ones.",
    params=_UPSAMPLE,
    shape=_upsample_shape,
    kernel=strided(_upsample_view),
    gradient=lambda g: [g.F._backward__upsample_nearest(g.grad(), g.inputs[0], **g.attrs)],
)
_repeats("_upsample_nearest", _upsample_view, _UPSAMPLE)


def _up_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["sample_type"] != "nearest" or attrs["num_args"] != 1:
        raise NotImplementedError(
            "[UpSampling] only sample_type='nearest' of one array is supported; for 'bilinear' use Deconvolution with "
            "the Bilinear initializer, for several arrays join the results of one UpSampling each"
        )
    return _upsample_shape(attrs, ins, outs)


define(
    "UpSampling",
    "Image (N, C, H, W) enlarged to (N, C, H scale, W scale).",
    variadic="num_args",
    inputs={"data": "Image (N, C, H, W)."},
    params={
        **_UPSAMPLE,
        "num_filter": integer(0, "Of bilinear sampling, which is not supported.", low=0),
        "sample_type": choice(("bilinear", "nearest"), doc="How new elements come about; only 'nearest' is supported."),
        "multi_input_mode": choice(("concat", "sum"), "concat", "What becomes of several arrays."),
        "num_args": integer(1, "Number of arrays; must be 1.", low=1),
        "workspace": integer(512, "Accepted for MXNet's sake; no memory is set aside.", low=0),
    },
    shape=_up_shape,
    kernel=strided(_upsample_view),
    gradient=lambda g: [g.F._backward__upsample_nearest(g.grad(), g.inputs[0], scale=g.attrs["scale"])],
)
