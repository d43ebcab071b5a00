"""Operators on images (H, W, C) or (N, H, W, C), as `mx.nd.image` has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.flops import per_element
from paratrain.ops.params import flag, integer, ints, reals
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, merge, product, show
from paratrain.ops.strides import View, row_strides, strided, strided_back
from paratrain.ops.vision import FLOATS, Shapes, Specs, complete, grad_like, of_types

_DATA = {"data": "Image (H, W, C) or images (N, H, W, C)."}
_TYPES = ("uint8", *FLOATS)


def _image(shape: MaybeShape, axes: Sequence[int] = (3, 4)) -> MaybeShape:
    if shape is not None and len(shape) not in axes:
        names = " or ".join({3: "(H, W, C)", 4: "(N, H, W, C)"}[n] for n in axes)
        raise ValueError(f"data must have the axes {names}; got {show(shape)}")
    return shape


# to_tensor, normalize


def _tensor_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = _image(ins[0])
    if data is None:
        return ins, outs
    return ins, [merge((*data[:-3], data[-1], *data[-3:-1]), outs[0])]


define(
    "_image_to_tensor",
    "Images (H, W, C) with values up to 255 as float32 arrays (C, H, W) with values up to 1; also with a batch axis.",
    inputs=_DATA,
    shape=_tensor_shape,
    dtype=lambda attrs, ins, outs: (ins, ["float32"]),
    kernel=lambda attrs, ins, outs: (
        "image_to_tensor",
        {"view": (product(ins[0][0][:-3]), product(ins[0][0][-3:-1]), ins[0][0][-1])},
    ),
    gradient_free=True,
    example=""">>> import paratrain as mx
>>> x = mx.nd.array([[[0, 51, 255]]], dtype="uint8")
>>> mx.nd.image.to_tensor(x).asnumpy().ravel()
array([0. , 0.2, 1. ], dtype=float32)""",
)


def _per_channel(attrs: Attrs, name: str, channels: int) -> tuple[float, ...]:
    value = attrs[name]
    if len(value) not in (1, channels):
        raise ValueError(f"{name} must be one number or one for each of {channels} channels; got {value}")
    return value * channels if len(value) == 1 else value


def _normalize_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = merge(ins[0], outs[0])
    if data is None:
        return ins, outs
    if len(data) not in (3, 4) or data[-3] not in (-1, 1, 3):
        raise ValueError(f"data must have the axes (C, H, W) or (N, C, H, W) with 1 or 3 channels; got {show(data)}")
    for name in ("mean", "std"):
        if data[-3] != -1:
            _per_channel(attrs, name, data[-3])
    return [data], [data]


def _normalize_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    shape = ins[0][0]
    given = {name: _per_channel(attrs, name, shape[-3]) for name in ("mean", "std")}
    return "image_normalize", {"view": (product(shape[:-3]), shape[-3], product(shape[-2:])), **given}


define(
    "_image_normalize",
    "``(x - mean) / std`` of each channel of arrays (C, H, W) or (N, C, H, W) with 1 or 3 channels.",
    inputs={"data": "Array (C, H, W) or (N, C, H, W)."},
    params={
        "mean": reals((0.0, 0.0, 0.0, 0.0), "Mean of each channel, or one for all."),
        "std": reals((1.0, 1.0, 1.0, 1.0), "Standard deviation of each channel, or one for all."),
    },
    shape=_normalize_shape,
    dtype=of_types(FLOATS),
    kernel=_normalize_kernel,
    gradient=lambda g: [g.F._image_normalize(g.grad(), mean=(0.0,), std=g.attrs["std"])],
    flops=per_element(2),
    example=""">>> import paratrain as mx
>>> mx.nd.image.normalize(mx.nd.ones((1, 1, 2)), mean=0.5, std=0.25).asnumpy().ravel()
array([2., 2.], dtype=float32)""",
)

# Parts and mirror images


def _same_image(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = _image(merge(ins[0], outs[0]))
    return [data], [data]


def _flipped(axis: int) -> Callable[[Attrs, tuple[int, ...]], View]:
    """View of an image in which `axis` (from the end) runs backwards."""

    def view(attrs: Attrs, shape: tuple[int, ...]) -> View:
        steps = list(row_strides(shape))
        offset = steps[axis] * (shape[axis] - 1)
        steps[axis] = -steps[axis]
        return shape, tuple(steps), max(offset, 0)

    return view


def _random_flip_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = _image(merge(ins[0], outs[0]))
    return [data], [data, (1,)]


def _random_flip_kernel(axis: int, known: bool) -> Callable[..., tuple[str, Attrs]]:
    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        shape = ins[0][0]
        inner = product(shape[axis + 1 :]) if axis != -1 else 1
        return "image_random_flip", {"view": (product(shape[:axis]), shape[axis], inner), "known": known}

    return kernel


def _random_flip_gradient(name: str) -> Callable[[GradContext], Sequence[Any]]:
    return lambda g: [getattr(g.F, name)(g.grad(), g.outputs[1])]


for _name, _what, _axis, _rows in (
    ("left_right", "left and right", -2, "[2., 1.]"),
    ("top_bottom", "top and bottom", -3, "[1., 2.]"),
):
    define(
        f"_image_flip_{_name}",
        f"The image with {_what} exchanged.",
        inputs=_DATA,
        shape=_same_image,
        kernel=strided(_flipped(_axis)),
        gradient=lambda g, n=f"_image_flip_{_name}": [getattr(g.F, n)(g.grad())],
        example=f""">>> import paratrain as mx
>>> x = mx.nd.array([[[1], [2]]])
>>> mx.nd.image.flip_{_name}(x).asnumpy().ravel()
array({_rows}, dtype=float32)""",
    )
    define(
        f"_image_random_flip_{_name}",
        f"The image with {_what} exchanged, or (every other time) as it is; all images of a batch alike.",
        inputs=_DATA,
        outputs=("output", "flipped"),
        visible=1,
        shape=_random_flip_shape,
        dtype=lambda attrs, ins, outs: ([ins[0] or outs[0]], [ins[0] or outs[0], "uint8"]),
        kernel=_random_flip_kernel(_axis, False),
        gradient=_random_flip_gradient(f"_backward_random_flip_{_name}"),
        random=True,
        example=f""">>> import paratrain as mx
>>> mx.nd.image.random_flip_{_name}(mx.nd.zeros((4, 6, 3))).shape
(4, 6, 3)""",
    )
    define(
        f"_backward_random_flip_{_name}",
        f"Gradient of random_flip_{_name}.",
        inputs={"grad": "dY.", "flipped": "Whether the image was flipped."},
        shape=grad_like(0),
        dtype=lambda attrs, ins, outs: (ins, [ins[0]]),
        kernel=_random_flip_kernel(_axis, True),
        gradient_free=True,
    )


def _crop_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = _image(ins[0])
    if data is None or not complete(data):
        return ins, outs
    for first, size, n, names in (
        (attrs["y"], attrs["height"], data[-3], "y and height"),
        (attrs["x"], attrs["width"], data[-2], "x and width"),
    ):
        if first + size > n:
            raise ValueError(f"{names} must lie in the image {show(data)}; got {first} and {size}")
    return ins, [merge((*data[:-3], attrs["height"], attrs["width"], data[-1]), outs[0])]


def _crop_view(attrs: Attrs, shape: tuple[int, ...]) -> View:
    steps = row_strides(shape)
    size = (*shape[:-3], attrs["height"], attrs["width"], shape[-1])
    return size, steps, attrs["y"] * steps[-3] + attrs["x"] * steps[-2]


_CROP = {
    "x": integer(doc="First column.", low=0),
    "y": integer(doc="First row.", low=0),
    "width": integer(doc="Number of columns.", low=1),
    "height": integer(doc="Number of rows.", low=1),
}
define(
    "_image_crop",
    "A part of an image.",
    inputs=_DATA,
    params=_CROP,
    shape=_crop_shape,
    kernel=strided(_crop_view),
    gradient=lambda g: [g.F._backward_image_crop(g.grad(), g.inputs[0], **g.attrs)],
    example=""">>> import paratrain as mx
>>> x = mx.nd.arange(9).reshape((3, 3, 1))
>>> mx.nd.image.crop(x, 1, 0, 2, 1).asnumpy().ravel()
array([1., 2.], dtype=float32)""",
)
define(
    "_backward_image_crop",
    "Gradient of crop.",
    inputs={"grad": "dY.", "like": "Gives the shape."},
    params=_CROP,
    shape_only=("like",),
    shape=grad_like(1),
    kernel=strided_back(_crop_view),
    gradient=lambda g: [g.F._image_crop(g.grad(), **g.attrs), None],
)

# Resizing


def _resized(attrs: Attrs, height: int, width: int) -> tuple[int, int]:
    """Height and width of the result."""
    size = attrs["size"]
    if len(size) not in (1, 2):
        raise ValueError(f"size must be (width, height) or one number; got {size}")
    if len(size) == 2:
        return size[1], size[0]
    if not attrs["keep_ratio"]:
        return size[0], size[0]
    if height > width:
        return math.floor(height * size[0] / width), size[0]
    return size[0], math.floor(width * size[0] / height)


def _resize_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = _image(ins[0])
    if data is None or not complete(data):
        return ins, outs
    if 0 in data[-3:-1]:
        raise ValueError(f"data must have at least one row and column; got {show(data)}")
    return ins, [merge((*data[:-3], *_resized(attrs, *data[-3:-1]), data[-1]), outs[0])]


define(
    "_image_resize",
    "Images of another size.\n\n"
    "`interp` is 0 (nearest element), 1 (bilinear), 2 (bicubic), 3 (mean over the area) or 4 (Lanczos over 8 x 8).",
    inputs=_DATA,
    params={
        "size": ints((), "Width and height, or one number for both.", low=1),
        "keep_ratio": flag(False, "One number is the size of the short edge; the long one keeps its ratio to it."),
        "interp": integer(1, "How elements come about.", low=0, high=4),
    },
    shape=_resize_shape,
    dtype=of_types(_TYPES),
    kernel=lambda attrs, ins, outs: ("image_resize", {"interp": attrs["interp"]}),
    gradient_free=True,
    flops=per_element(8),
    example=""">>> import paratrain as mx
>>> x = mx.nd.array([[[0], [100]]], dtype="uint8")
>>> mx.nd.image.resize(x, size=(4, 1)).asnumpy().ravel()
array([  0,  25,  75, 100], dtype=uint8)""",
)
