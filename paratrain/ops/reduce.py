"""Reductions over any axes, and the broadcasts that undo them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.flops import per_element
from paratrain.ops.params import choice, flag, integer, ints
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, axis_of, known, merge, output_like, product, show
from paratrain.ops.strides import outer_axis_inner, row_strides, view_attrs

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]

_AXES = {
    "axis": ints(None, "Axes to reduce; None or () means all.", optional=True),
    "keepdims": flag(False, "Keep the reduced axes with size 1."),
    "exclude": flag(False, "Reduce all axes but those of `axis`."),
}


def reduced_axes(attrs: Attrs, ndim: int) -> tuple[int, ...]:
    """Axes that are reduced, counted from the front and sorted."""
    axis = attrs["axis"]
    exclude = attrs.get("exclude", False)
    if axis is None or axis == ():
        return tuple(range(ndim))
    axes = sorted(axis_of(a, ndim) for a in (axis if isinstance(axis, tuple) else (axis,)))
    if len(set(axes)) < len(axes):
        raise ValueError(f"axis must not name an axis twice; got {axis}")
    return tuple(d for d in range(ndim) if d not in axes) if exclude else tuple(axes)


def kept_shape(attrs: Attrs, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Shape of the result for an input of this shape; a result without axes is (1,)."""
    axes = reduced_axes(attrs, len(shape))
    if attrs["keepdims"]:
        return tuple(1 if d in axes else n for d, n in enumerate(shape))
    return tuple(n for d, n in enumerate(shape) if d not in axes) or (1,)


def _reduce_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    return ins, [merge(kept_shape(attrs, ins[0]), outs[0], "result and reduced shape")]


def _reduce_kernel(name: str) -> Callable[..., tuple[str, Attrs]]:
    return lambda attrs, ins, outs: (name, {"axes": reduced_axes(attrs, len(ins[0][0]))})


def _axes_of(g: GradContext) -> Attrs:
    return {
        "axis": g.attrs["axis"],
        "keepdims": g.attrs["keepdims"],
        "exclude": g.attrs.get("exclude", False),
    }


def _spread(g: GradContext, value: Any, mean: bool = False) -> Any:
    """A reduced value repeated to the shape of the input."""
    return g.F._unreduce(value, g.inputs[0], mean=mean, **_axes_of(g))


def _extreme_grad(g: GradContext) -> Sequence[Any]:
    hit = g.F._equal(g.inputs[0], _spread(g, g.outputs[0]))
    return [g.F.elemwise_mul(_spread(g, g.grad()), hit)]


def _prod_grad(g: GradContext) -> Sequence[Any]:
    return [g.F.elemwise_div(_spread(g, g.F.elemwise_mul(g.grad(), g.outputs[0])), g.inputs[0])]


def _nansum_grad(g: GradContext) -> Sequence[Any]:
    x = g.inputs[0]
    return [g.F.elemwise_mul(_spread(g, g.grad()), g.F._equal(x, x))]


def _nanprod_grad(g: GradContext) -> Sequence[Any]:
    x = g.inputs[0]
    share = g.F.elemwise_div(_spread(g, g.F.elemwise_mul(g.grad(), g.outputs[0])), x)
    return [g.F.where(g.F._equal(x, x), share, g.F.zeros_like(x))]


_TABLE: tuple[tuple[str, str, tuple[str, ...], Callable[[GradContext], Sequence[Any]]], ...] = (
    ("sum", "Sum", ("sum_axis",), lambda g: [_spread(g, g.grad())]),
    ("mean", "Mean", (), lambda g: [_spread(g, g.grad(), mean=True)]),
    ("prod", "Product", (), _prod_grad),
    ("nansum", "Sum of the elements that are not NaN", (), _nansum_grad),
    ("nanprod", "Product of the elements that are not NaN", (), _nanprod_grad),
    ("max", "Largest element", ("max_axis",), _extreme_grad),
    ("min", "Smallest element", ("min_axis",), _extreme_grad),
)
for _name, _what, _aliases, _gradient in _TABLE:
    define(
        _name,
        f"{_what} over the given axes.",
        aliases=_aliases,
        params=_AXES,
        shape=_reduce_shape,
        kernel=_reduce_kernel(_name),
        gradient=_gradient,
        flops=per_element(1, of_input=0),
    )


def _unreduce_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[1], outs[0])
    small = ins[0] if shape is None else merge(ins[0], kept_shape(attrs, shape), "reduced shape")
    return [small, shape], [shape]


def _unreduce_kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
    shape = outs[0][0]
    axes = reduced_axes(attrs, len(shape))
    small = tuple(1 if d in axes else n for d, n in enumerate(shape))
    strides = tuple(0 if d in axes else s for d, s in enumerate(row_strides(small)))
    view = view_attrs(shape, strides)
    if not attrs["mean"]:
        return "strided", view
    return "strided_scale", {**view, "scale": 1.0 / max(product([shape[d] for d in axes]), 1)}


define(
    "_unreduce",
    "`data` (the result of a reduction of `like`) repeated along the axes that were reduced.",
    inputs={"data": "Reduced array.", "like": "Gives the shape."},
    params={**_AXES, "mean": flag(False, "Divide by the number of elements that were reduced.")},
    shape_only=("like",),
    shape=_unreduce_shape,
    kernel=_unreduce_kernel,
    gradient=lambda g: [(g.F.mean if g.attrs["mean"] else g.F.sum)(g.grad(), **_axes_of(g)), None],
)


def _norm_grad(g: GradContext) -> Sequence[Any]:
    if g.attrs["ord"] == 1:
        return [g.F.elemwise_mul(_spread(g, g.grad()), g.F.sign(g.inputs[0]))]
    share = _spread(g, g.F.elemwise_div(g.grad(), g.outputs[0]))
    return [g.F.elemwise_mul(share, g.inputs[0])]


def _norm_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    dtype = ins[0] or outs[0]
    wanted = attrs["out_dtype"]
    if wanted is not None and dtype is not None and wanted != dtype:
        raise TypeError(f"out_dtype must be the type of data, {dtype}; got {wanted} (cast data before)")
    return [dtype], [dtype]


define(
    "norm",
    "L1 or L2 norm over the given axes.",
    params={
        "ord": integer(2, "1: sum of absolute values; 2: root of the sum of squares.", low=1, high=2),
        "axis": _AXES["axis"],
        "out_dtype": choice(
            ("float16", "float32", "float64", "int32", "int64", "int8"),
            None,
            "Element type of the result; only that of `data` is supported.",
            optional=True,
        ),
        "keepdims": _AXES["keepdims"],
    },
    shape=_reduce_shape,
    dtype=_norm_dtype,
    kernel=lambda attrs, ins, outs: (f"norm{attrs['ord']}", {"axes": reduced_axes(attrs, len(ins[0][0]))}),
    gradient=_norm_grad,
    flops=per_element(2, of_input=0),
    example=""">>> mx.nd.norm(mx.nd.array([3, 4])).asnumpy()
array([5.], dtype=float32)""",
)

# Positions


def _arg_kernel(find_max: bool) -> Callable[..., tuple[str, Attrs]]:
    def kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
        axis = attrs["axis"]
        return "arg_extreme", {
            "axis": -1 if axis is None else axis_of(axis, len(ins[0][0])),
            "find_max": find_max,
        }

    return kernel


for _name, _largest in (("argmax", True), ("argmin", False)):
    define(
        _name,
        f"Position of the {'largest' if _largest else 'smallest'} element along an axis, the first of equals; "
        "in the element type of `data`.",
        params={
            "axis": integer(None, "Axis; None: position in the flattened array.", optional=True),
            "keepdims": flag(False, "Keep the axis with size 1."),
        },
        shape=_reduce_shape,
        kernel=_arg_kernel(_largest),
        gradient_free=True,
        flops=per_element(1, of_input=0),
    )


def _channel_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    if len(ins[0]) < 2:
        raise ValueError(f"data must have at least 2 axes; got {show(ins[0])}")
    return ins, [merge(ins[0][:1] + ins[0][2:], outs[0])]


define(
    "argmax_channel",
    "Position of the largest element along axis 1.",
    inputs={"data": "Array (N, C, ...)."},
    shape=_channel_shape,
    kernel=lambda attrs, ins, outs: ("arg_extreme", {"axis": 1, "find_max": True}),
    gradient_free=True,
    example=""">>> mx.nd.argmax_channel(mx.nd.array([[1, 5, 2], [7, 0, 3]])).asnumpy()
array([1., 0.], dtype=float32)""",
)

# Running sums


def _cumsum_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = ins[0]
    if attrs["axis"] is not None:
        shape = merge(data, outs[0])
        if shape is not None:
            axis_of(attrs["axis"], len(shape))
        return [shape], [shape]
    return ins, [(product(data),) if data is not None and known(data) else outs[0]]


def _cumsum_kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
    shape, axis = ins[0][0], attrs["axis"]
    view = (1, product(shape), 1) if axis is None else outer_axis_inner(shape, axis_of(axis, len(shape)))
    return "cumsum", {"view": view, "reverse": attrs.get("reverse", False)}


_CUMSUM = {
    "axis": integer(None, "Axis; None: along the flattened array.", optional=True),
    "dtype": choice(
        ("float16", "float32", "float64", "int32", "int64", "int8"), None, "Element type of the sums.", optional=True
    ),
}
define(
    "cumsum",
    "Sums of all elements up to each one along an axis.",
    inputs={"a": "Array."},
    params=_CUMSUM,
    shape=_cumsum_shape,
    dtype=lambda attrs, ins, outs: (ins, [attrs["dtype"] or ins[0] or outs[0]]),
    kernel=_cumsum_kernel,
    gradient=lambda g: [g.F._cast_like(g.F._backward_cumsum(g.grad(), g.inputs[0], axis=g.attrs["axis"]), g.inputs[0])],
    example=""">>> mx.nd.cumsum(mx.nd.array([1, 2, 3])).asnumpy()
array([1., 3., 6.], dtype=float32)""",
)
define(
    "_backward_cumsum",
    "Sums from each element to the end, in the shape of the input of `cumsum`.",
    inputs={"grad": "dY.", "data": "Gives the shape."},
    params={"axis": _CUMSUM["axis"]},
    shape_only=("data",),
    shape=output_like(1),
    dtype=lambda attrs, ins, outs: (ins, [ins[0] or outs[0]]),
    kernel=lambda attrs, ins, outs: _cumsum_kernel({**attrs, "reverse": True}, ins[1:], outs),
    gradient=lambda g: [g.F.cumsum(g.grad(), axis=g.attrs["axis"]), None],
)

# Broadcasts


def _broadcast_kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
    small, shape = ins[0][0], outs[0][0]
    strides = tuple(0 if a == 1 else s for a, s in zip(small, row_strides(small)))
    return "strided", view_attrs(shape, strides)


def _broadcast_grad(g: GradContext) -> Sequence[Any]:
    return [g.F._sum_like(g.grad(), g.inputs[0])]


def _stretch(small: tuple[int, ...], sizes: Sequence[int | None]) -> tuple[int, ...]:
    """Shape in which axes of size 1 have the wanted size (None keeps one)."""
    out = []
    for d, (have, want) in enumerate(zip(small, sizes)):
        if want is None or have == want or want == -1:
            out.append(have)
        elif have in (1, -1):
            out.append(want)
        else:
            raise ValueError(f"axis {d} must have size 1 or {want} to become {want}; got {show(small)}")
    return tuple(out)


def _broadcast_to_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    small, target = ins[0], attrs["shape"]
    if small is None:
        return ins, outs
    if len(target) != len(small):
        raise ValueError(f"shape must have one size for each of the {len(small)} axes of data; got {target}")
    return ins, [merge(_stretch(small, [n or None for n in target]), outs[0])]


define(
    "broadcast_to",
    "The array repeated along axes of size 1 until it has the given shape.",
    params={"shape": ints((), "Shape of the result; 0 keeps a size.", low=0)},
    shape=_broadcast_to_shape,
    kernel=_broadcast_kernel,
    gradient=_broadcast_grad,
    example=""">>> mx.nd.broadcast_to(mx.nd.array([[1], [2]]), shape=(2, 3)).asnumpy()
array([[1., 1., 1.],
       [2., 2., 2.]], dtype=float32)""",
)


def _broadcast_like_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    small, like = ins
    left, right = attrs["lhs_axes"], attrs["rhs_axes"]
    if (left is None) != (right is None):
        raise ValueError("lhs_axes and rhs_axes must both be given, or neither")
    if small is None or like is None:
        return ins, outs
    if left is None or right is None:
        if len(small) != len(like):
            raise ValueError(f"lhs and rhs must have as many axes; got {show(small)} and {show(like)}")
        return ins, [merge(_stretch(small, like), outs[0])]
    if len(left) != len(right) or not left:
        raise ValueError(f"lhs_axes and rhs_axes must be as long as each other; got {left} and {right}")
    sizes: list[int | None] = [None] * len(small)
    for a, b in zip(left, right):
        sizes[axis_of(a, len(small), "lhs_axes")] = like[axis_of(b, len(like), "rhs_axes")]
    return ins, [merge(_stretch(small, sizes), outs[0])]


define(
    "broadcast_like",
    "`lhs` repeated along axes of size 1 until it has the shape of `rhs`.\n\n"
    "With `lhs_axes`, along these only, until it has the sizes of `rhs` along `rhs_axes`.",
    inputs={"lhs": "Array.", "rhs": "Gives the shape."},
    params={
        "lhs_axes": ints(None, "Axes of `lhs` to repeat; default all.", optional=True),
        "rhs_axes": ints(None, "Axes of `rhs` that give the sizes; default all.", optional=True),
    },
    shape_only=("rhs",),
    shape=_broadcast_like_shape,
    dtype=lambda attrs, ins, outs: ([ins[0] or outs[0], ins[1]], [ins[0] or outs[0]]),
    kernel=_broadcast_kernel,
    gradient=lambda g: [*_broadcast_grad(g), None],
    example=""">>> mx.nd.broadcast_like(mx.nd.array([[1], [2]]), mx.nd.ones((2, 3))).asnumpy()
array([[1., 1., 1.],
       [2., 2., 2.]], dtype=float32)""",
)


def _spread_kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
    small, shape = ins[0][0], outs[0][0]
    small = (1,) * (len(shape) - len(small)) + small
    return "strided", view_attrs(shape, tuple(0 if a == 1 else s for a, s in zip(small, row_strides(small))))


define(
    "_spread_like",
    "`data` repeated to the shape of `like`, by NumPy's rules; undone by `_sum_like`.",
    inputs={"data": "Array.", "like": "Gives the shape."},
    shape_only=("like",),
    shape=output_like(1),
    dtype=lambda attrs, ins, outs: ([ins[0] or outs[0], ins[1]], [ins[0] or outs[0]]),
    kernel=_spread_kernel,
    gradient=lambda g: [g.F._sum_like(g.grad(), g.inputs[0]), None],
)


def _broadcast_axis_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    small = ins[0]
    axes, size = attrs["axis"], attrs["size"]
    if len(axes) != len(size):
        raise ValueError(f"size must have one number for each axis; got axis={axes}, size={size}")
    if small is None:
        return ins, outs
    sizes: list[int | None] = [None] * len(small)
    for a, n in zip(axes, size):
        sizes[axis_of(a, len(small))] = n
    return ins, [merge(_stretch(small, sizes), outs[0])]


define(
    "broadcast_axis",
    "The array repeated along the given axes, which have size 1.",
    aliases=("broadcast_axes",),
    params={
        "axis": ints((), "Axes to repeat."),
        "size": ints((), "Their new sizes.", low=0),
    },
    shape=_broadcast_axis_shape,
    kernel=_broadcast_kernel,
    gradient=_broadcast_grad,
    example=""">>> mx.nd.broadcast_axis(mx.nd.array([[1], [2]]), axis=1, size=3).asnumpy()
array([[1., 1., 1.],
       [2., 2., 2.]], dtype=float32)""",
)
