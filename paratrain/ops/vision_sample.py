"""Images (N, C, H, W) sampled at places that are computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.flops import elements, per_element
from paratrain.ops.params import choice, flag, integer, ints
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, dtype_like, merge, show
from paratrain.ops.strides import View, row_strides, strided, strided_back
from paratrain.ops.vision import FLOATS, Shapes, Specs, axes_of, complete, grad_like, kernel_of, of_types, pair_of

_CUDNN = {"cudnn_off": flag(None, "Accepted for MXNet's sake; the same kernel runs either way.", optional=True)}

# Grids


def _grid_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["transform_type"] == "affine":
        data = merge(ins[0], (-1, 6), "data and (N, 6)")
        size = pair_of(attrs, "target_shape")
        return [data], [merge(outs[0], (-1 if data is None else data[0], 2, *size), "result and (N, 2, H, W)")]
    data = axes_of(merge(ins[0], outs[0]), "N, 2, H, W")
    if data is not None:
        data = merge(data, (-1, 2, -1, -1), "data and (N, 2, H, W)")
    return [data], [data]


def _grid_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    if attrs["transform_type"] == "affine":
        return "affine_grid", {}
    return "warp_grid", {"gradient": False}


_GRID = {
    "transform_type": choice(("affine", "warp"), doc="Whether `data` is matrices or a flow."),
    "target_shape": ints((0, 0), "Height and width of the grid, for 'affine'."),
}
define(
    "GridGenerator",
    "Grids (N, 2, H, W) of coordinates x, y for `BilinearSampler`: -1 is the first column or row, 1 the last.\n\n"
    "'affine': ``(x', y') = A (x, y, 1)`` of a regular grid, with the matrices A (N, 6) row by row. 'warp': a regular "
    "grid moved by a flow (N, 2, H, W), counted in elements.",
    inputs={"data": "Matrices (N, 6) or flow (N, 2, H, W)."},
    params=_GRID,
    shape=_grid_shape,
    dtype=of_types(FLOATS),
    kernel=_grid_kernel,
    gradient=lambda g: [g.F._backward_GridGenerator(g.grad(), g.inputs[0], **g.attrs)],
    example=""">>> import paratrain as mx
>>> A = mx.nd.array([[1, 0, 0, 0, 1, 0]])
>>> grid = mx.nd.GridGenerator(A, transform_type="affine", target_shape=(2, 3))
>>> grid.asnumpy()[0, 0]
array([[-1.,  0.,  1.],
       [-1.,  0.,  1.]], dtype=float32)""",
)


def _grid_back_gradient(g: GradContext) -> Sequence[Any]:
    if g.attrs["transform_type"] == "affine":
        return [g.F.GridGenerator(g.grad(), **g.attrs), None]
    return [g.F._backward_GridGenerator(g.grad(), g.inputs[1], **g.attrs), None]  # each place has a factor


define(
    "_backward_GridGenerator",
    "Gradient of GridGenerator.",
    inputs={"grad": "dY.", "like": "Gives the shape."},
    params=_GRID,
    shape_only=("like",),
    shape=grad_like(1),
    kernel=lambda attrs, ins, outs: (
        ("affine_grid_grad", {}) if attrs["transform_type"] == "affine" else ("warp_grid", {"gradient": True})
    ),
    gradient=_grid_back_gradient,
    flops=lambda attrs, ins, outs: 3 * elements(ins[0]),
)


def _sampler_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, grid = axes_of(ins[0], "N, C, H, W"), axes_of(ins[1], "N, 2, H, W", "grid")
    if grid is not None:
        grid = merge(grid, (-1 if data is None else data[0], 2, -1, -1), "grid and (N, 2, H, W)")
    if data is None or grid is None:
        return [data, grid], outs
    return [data, grid], [merge((*data[:2], *grid[2:]), outs[0])]


def _sampler_gradient(g: GradContext) -> Sequence[Any]:
    return g.F._backward_BilinearSampler(g.grad(), *g.inputs)


define(
    "BilinearSampler",
    "Images sampled at the places that a grid names, by bilinear interpolation; zero outside of the image.",
    inputs={"data": "Images (N, C, H, W).", "grid": "Coordinates x, y (N, 2, h, w), from -1 to 1 in the image."},
    params=_CUDNN,
    shape=_sampler_shape,
    dtype=of_types(FLOATS),
    kernel=lambda attrs, ins, outs: ("bilinear_sampler", {}),
    gradient=_sampler_gradient,
    flops=per_element(8),
    example=""">>> import paratrain as mx
>>> x = mx.nd.array([[[[1, 2], [3, 4]]]])
>>> grid = mx.nd.array([[[[0, 1]], [[0, -1]]]])
>>> mx.nd.BilinearSampler(x, grid).asnumpy()[0, 0]
array([[2.5, 2. ]], dtype=float32)""",
)
define(
    "_backward_BilinearSampler",
    "Gradients of BilinearSampler with respect to data and grid.",
    inputs={"grad": "dY.", "data": "Images.", "grid": "Coordinates."},
    outputs=("data", "grid"),
    shape=grad_like(1, 2),
    kernel=lambda attrs, ins, outs: ("bilinear_sampler_grad", {}),
    gradient_free=True,
    flops=lambda attrs, ins, outs: 24 * elements(ins[0]),
)


def _transformer_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = axes_of(ins[0], "N, C, H, W")
    size: tuple[int, ...] = pair_of(attrs, "target_shape", low=0)
    if 0 in size and data is not None:
        size = data[2:]  # as MXNet has it: the size of the data
    loc = merge(ins[1], (-1 if data is None else data[0], 6), "loc and (N, 6)")
    if data is None:
        return [data, loc], outs
    return [data, loc], [merge((*data[:2], *size), outs[0]), (data[0], 2, *size)]


def _transformer_gradient(g: GradContext) -> Sequence[Any]:
    data, loc = g.inputs
    grid = g.outputs[1]
    size = tuple(g.attrs["target_shape"])
    to_data, to_grid = g.F._backward_BilinearSampler(g.grad(), data, grid)
    return [to_data, g.F._backward_GridGenerator(to_grid, loc, transform_type="affine", target_shape=size)]


define(
    "SpatialTransformer",
    "Images moved, turned and sheared: sampled at the places that an affine map gives those of the result.",
    inputs={"data": "Images (N, C, H, W).", "loc": "Matrices (N, 6), row by row; see `GridGenerator`."},
    params={
        "target_shape": ints((0, 0), "Height and width of the result; (0, 0): those of the data."),
        "transform_type": choice(("affine",), doc="Kind of map."),
        "sampler_type": choice(("bilinear",), doc="Kind of interpolation."),
        **_CUDNN,
    },
    outputs=("output", "grid"),
    visible=1,
    shape=_transformer_shape,
    dtype=of_types(FLOATS),
    kernel=lambda attrs, ins, outs: ("spatial_transformer", {}),
    gradient=_transformer_gradient,
    flops=per_element(8),
    example=""">>> import paratrain as mx
>>> x = mx.nd.array([[[[1, 2], [3, 4]]]])
>>> mirror = mx.nd.array([[-1, 0, 0, 0, 1, 0]])
>>> y = mx.nd.SpatialTransformer(x, mirror, target_shape=(2, 2), transform_type="affine", sampler_type="bilinear")
>>> y.asnumpy()[0, 0]
array([[2., 1.],
       [4., 3.]], dtype=float32)""",
)

# Correlation


def _correlation_sizes(attrs: Attrs, data: tuple[int, ...]) -> tuple[int, ...]:
    border = attrs["max_displacement"] + (attrs["kernel_size"] - 1) // 2
    sizes = []
    for n in data[2:]:
        inner = n + 2 * attrs["pad_size"] - 2 * border
        if inner < 1:
            raise ValueError(
                f"data must have more than {2 * border} rows and columns with padding, for max_displacement and "
                f"kernel_size; got {show(data)}, pad_size {attrs['pad_size']}"
            )
        sizes.append(-(-inner // attrs["stride1"]))
    return tuple(sizes)


def _correlation_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["kernel_size"] % 2 == 0:
        raise ValueError(f"kernel_size must be odd; got {attrs['kernel_size']}")
    data = axes_of(merge(ins[0], ins[1], "data1 and data2"), "N, C, H, W", "data1 and data2")
    if not complete(data) or data is None:
        return [data, data], outs
    span = 2 * (attrs["max_displacement"] // attrs["stride2"]) + 1
    return [data, data], [merge((data[0], span * span, *_correlation_sizes(attrs, data)), outs[0])]


def _correlation_flops(data: int, result: int) -> Any:
    return lambda attrs, ins, outs: (
        2 * elements((ins if result else outs)[0]) * attrs["kernel_size"] ** 2 * ins[data][0][1]
    )


_CORRELATION = {
    "kernel_size": integer(1, "Height and width of what is compared, odd.", low=1),
    "max_displacement": integer(1, "Largest displacement.", low=0),
    "stride1": integer(1, "Step of the places in the first image.", low=1),
    "stride2": integer(1, "Step of the displacements.", low=1),
    "pad_size": integer(0, "Zeros on all sides of both images.", low=0),
    "is_multiply": flag(True, "Products are summed up; else absolute differences."),
}
define(
    "Correlation",
    "How alike the surroundings of each place in one image and of displaced places in another are.\n\n"
    "The result (N, D * D, H', W') has a channel for each displacement ``-d, ..., -stride2, 0, stride2, ..., d`` "
    "in both directions: the mean over channels and window of the products (or absolute differences).",
    inputs={"data1": "Images (N, C, H, W).", "data2": "Images of the same shape."},
    params=_CORRELATION,
    shape=_correlation_shape,
    dtype=of_types(FLOATS),
    kernel=kernel_of("correlation", *_CORRELATION),
    gradient=lambda g: g.F._backward_Correlation(g.grad(), *g.inputs, **g.attrs),
    flops=_correlation_flops(0, 0),
    example=""">>> import paratrain as mx
>>> x = mx.nd.array([[[[1, 2, 3]]]])
>>> mx.nd.Correlation(x, x, max_displacement=1, pad_size=1).shape
(1, 9, 1, 3)""",
)
define(
    "_backward_Correlation",
    "Gradients of Correlation with respect to both images.",
    inputs={"grad": "dY.", "data1": "Images.", "data2": "Images."},
    params=_CORRELATION,
    outputs=("data1", "data2"),
    shape=grad_like(1, 2),
    kernel=kernel_of("correlation_grad", *_CORRELATION),
    gradient_free=True,
    flops=lambda attrs, ins, outs: 4 * elements(ins[0]) * attrs["kernel_size"] ** 2 * ins[1][0][1],
)

# Crop


def _crop_size(attrs: Attrs, ins: Shapes) -> tuple[int, ...] | None:
    if attrs["num_args"] == 1:
        return pair_of(attrs, "h_w")
    like = axes_of(ins[1], "N, C, H, W", "crop_like")
    return None if like is None else like[2:]


def _crop_offset(attrs: Attrs, data: tuple[int, ...], size: tuple[int, ...]) -> tuple[int, int]:
    if attrs["center_crop"]:
        offset = ((data[2] - size[0]) // 2, (data[3] - size[1]) // 2)
    else:
        offset = pair_of(attrs, "offset", low=0)
    if min(offset) < 0 or any(o + n > all_ for o, n, all_ in zip(offset, size, data[2:])):
        raise ValueError(f"the part must lie in the data {show(data)}; got size {size} from {offset} on")
    return offset


def _crop_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["num_args"] > 2:
        raise ValueError(f"num_args must be 1 or 2 (data, and an array of the size wanted); got {attrs['num_args']}")
    data, size = axes_of(ins[0], "N, C, H, W"), _crop_size(attrs, ins)
    if data is None or size is None or not complete(data, size):
        return ins, outs
    _crop_offset(attrs, data, size)
    return ins, [merge((*data[:2], *size), outs[0])]


def _crop_view(attrs: Attrs, data: tuple[int, ...], size: tuple[int, ...]) -> View:
    y, x = _crop_offset(attrs, data, size)
    return (*data[:2], *size), row_strides(data), y * data[3] + x


def _crop_gradient(g: GradContext) -> Sequence[Any]:
    params = {k: g.attrs[k] for k in ("offset", "center_crop")}
    more = [g.F.zeros_like(g.inputs[1])] if len(g.inputs) > 1 else []
    return [g.F._backward_Crop(g.grad(), g.inputs[0], **params), *more]


def _crop_composed(g: GradContext) -> Any:
    data, size = g.inputs[0], g.outputs[0].shape[2:]
    offset = _crop_offset(g.attrs, data.shape, size)
    return g.F.slice(data, begin=(None, None, *offset), end=(None, None, *(o + n for o, n in zip(offset, size))))


_CROP = {
    "offset": ints((0, 0), "First row and column."),
    "center_crop": flag(False, "The part in the middle, wherever `offset` is."),
}
define(
    "Crop",
    "A part of images (N, C, H, W), of the size `h_w` or of that of a second array.",
    variadic="num_args",
    inputs={"data": "Images, and perhaps an array of the height and width wanted."},
    params={
        "num_args": integer(1, "Number of arrays, 1 or 2.", low=1),
        "offset": _CROP["offset"],
        "h_w": ints((0, 0), "Height and width of the result, where one array is given."),
        "center_crop": _CROP["center_crop"],
    },
    shape=_crop_shape,
    dtype=dtype_like(0),
    kernel=lambda attrs, ins, outs: strided(lambda a, data: _crop_view(a, data, outs[0][0][2:]))(attrs, ins, outs),
    gradient=_crop_gradient,
    composed=_crop_composed,
    example=""">>> import paratrain as mx
>>> x = mx.nd.arange(9).reshape((1, 1, 3, 3))
>>> mx.nd.Crop(x, h_w=(2, 2), offset=(1, 0)).asnumpy()[0, 0]
array([[3., 4.],
       [6., 7.]], dtype=float32)""",
)
define(
    "_backward_Crop",
    "Gradient of Crop.",
    inputs={"grad": "dY.", "like": "Gives the shape."},
    params=_CROP,
    shape_only=("like",),
    shape=grad_like(1),
    kernel=lambda attrs, ins, outs: strided_back(lambda a, data: _crop_view(a, data, ins[0][0][2:]))(attrs, ins, outs),
    gradient_free=True,
)

# Windows as columns


def _spatial(attrs: Attrs, name: str, default: int) -> tuple[int, ...]:
    value, axes = attrs[name], len(attrs["kernel"])
    if value and len(value) != axes:
        raise ValueError(f"{name} must have as many entries as kernel {attrs['kernel']}; got {value}")
    return value or (default,) * axes


def _windows(attrs: Attrs, sizes: Sequence[int]) -> tuple[int, ...]:
    """Number of windows along each axis."""
    kernel = attrs["kernel"]
    if not 1 <= len(kernel) <= 3 or min(kernel) < 1:
        raise ValueError(f"kernel must have one to three sizes >= 1; got {kernel}")
    if len(sizes) != len(kernel):
        raise ValueError(f"there must be {len(kernel)} spatial axes for kernel {kernel}; got sizes {tuple(sizes)}")
    stride, dilate, pad = _spatial(attrs, "stride", 1), _spatial(attrs, "dilate", 1), _spatial(attrs, "pad", 0)
    out = []
    for n, k, s, d, p in zip(sizes, kernel, stride, dilate, pad):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError(f"a window covers {span} elements of an axis of {n}, {n + 2 * p} with padding")
        out.append((n + 2 * p - span) // s + 1)
    return tuple(out)


def _product(values: Sequence[int]) -> int:
    n = 1
    for v in values:
        n *= v
    return n


def _im2col_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = ins[0]
    if data is None or not complete(data):
        return ins, outs
    if len(data) < 3:
        raise ValueError(f"data must have the axes (N, C, ...); got {show(data)}")
    windows = _windows(attrs, data[2:])
    return ins, [merge((data[0], data[1] * _product(attrs["kernel"]), _product(windows)), outs[0])]


def _col2im_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, size = axes_of(ins[0], "N, C * kernel size, windows"), attrs["output_size"]
    if data is None or not complete(data):
        return ins, outs
    count, places = _product(attrs["kernel"]), _product(_windows(attrs, size))
    if data[2] != places:
        raise ValueError(f"data must have {places} windows for output_size {size}; got {show(data)}")
    if count == 0 or data[1] % count:
        raise ValueError(f"axis 1 of data must be a multiple of the kernel's {count} elements; got {show(data)}")
    return ins, [merge((data[0], data[1] // count, *size), outs[0])]


def _columns(name: str, images: int) -> Any:
    """Kernel `name`; `images`: 0 where the input is images, 1 where the output is."""

    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        shape: MaybeShape = (outs if images else ins)[0][0]
        given = {n: _spatial(attrs, n, d) for n, d in (("stride", 1), ("dilate", 1), ("pad", 0))}
        return name, {"kernel": attrs["kernel"], **given, "windows": _windows(attrs, (shape or ())[2:])}

    return kernel


_WINDOW = {
    "kernel": ints(doc="Sizes of a window: (w,), (h, w) or (d, h, w).", low=1),
    "stride": ints((), "Step of the windows along each axis; 1 if not given.", low=1),
    "dilate": ints((), "Distance of a window's elements along each axis; 1 if not given.", low=1),
    "pad": ints((), "Zeros added on both sides of each axis; 0 if not given.", low=0),
}
define(
    "im2col",
    "Windows as columns: (N, C, ...) -> (N, C * kernel size, number of windows).",
    inputs={"data": "Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W)."},
    params=_WINDOW,
    shape=_im2col_shape,
    dtype=of_types(FLOATS),
    kernel=_columns("im2col", 0),
    gradient=lambda g: [g.F._backward_im2col(g.grad(), g.inputs[0], **g.attrs)],
    example=""">>> import paratrain as mx
>>> x = mx.nd.array([[[1, 2, 3]]])
>>> mx.nd.im2col(x, kernel=2).asnumpy()[0]
array([[1., 2.],
       [2., 3.]], dtype=float32)""",
)
define(
    "_backward_im2col",
    "Gradient of im2col.",
    inputs={"grad": "dY.", "like": "Gives the shape."},
    params=_WINDOW,
    shape_only=("like",),
    shape=grad_like(1),
    kernel=_columns("col2im", 1),
    gradient=lambda g: [g.F.im2col(g.grad(), **g.attrs), None],
    flops=lambda attrs, ins, outs: elements(ins[0]),
)
define(
    "col2im",
    "Columns as windows: (N, C * kernel size, number of windows) -> (N, C, *output_size). Where windows overlap, their "
    "elements are added.",
    inputs={"data": "Columns."},
    params={"output_size": ints(doc="Spatial sizes of the result.", low=1), **_WINDOW},
    shape=_col2im_shape,
    dtype=of_types(FLOATS),
    kernel=_columns("col2im", 1),
    gradient=lambda g: [g.F.im2col(g.grad(), **{k: g.attrs[k] for k in _WINDOW})],
    flops=lambda attrs, ins, outs: elements(ins[0]),
    example=""">>> import paratrain as mx
>>> x = mx.nd.array([[[1, 2], [2, 3]]])
>>> mx.nd.col2im(x, output_size=3, kernel=2).asnumpy()[0]
array([[1., 4., 3.]], dtype=float32)""",
)
