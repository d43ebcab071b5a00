"""Orders along an axis: sort, argsort, the k first. NaN counts as larger than every number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.composing import gather, places
from paratrain.ops.params import choice, flag, integer
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, axis_of, known, merge, output_like, product
from paratrain.ops.strides import outer_axis_inner

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]
VALUES, POSITIONS, MASK = 0, 1, 2

_AXIS = {"axis": integer(-1, "Axis; None: the flattened array.", optional=True)}
_DTYPE = {
    "dtype": choice(
        ("float16", "float32", "float64", "int32", "int64", "uint8"), "float32", "Element type of the positions."
    )
}


def _count(attrs: Attrs, n: int) -> int:
    k = attrs.get("k", 0)
    if n != -1 and k > n:
        raise ValueError(f"k must be at most the size of the axis, {n}; got {k}")
    return k if k >= 1 else n


def _first_shape(attrs: Attrs, data: tuple[int, ...]) -> MaybeShape:
    """Shape of the first k elements."""
    if attrs["axis"] is None:
        return (_count(attrs, product(data)),) if known(data) else (-1,)
    at = axis_of(attrs["axis"], len(data))
    return (*data[:at], _count(attrs, data[at]), *data[at + 1 :])


def _order_attrs(attrs: Attrs, data: tuple[int, ...]) -> Attrs:
    axis = attrs["axis"]
    view = (1, product(data), 1) if axis is None else outer_axis_inner(data, axis_of(axis, len(data)))
    return {"view": view, "k": _count(attrs, view[1]), "ascending": attrs["is_ascend"]}


def _roles(attrs: Attrs) -> tuple[int, ...]:
    """What each output holds. Where values are asked for, a hidden output keeps positions for the gradient."""
    return {
        "value": (VALUES, POSITIONS),
        "both": (VALUES, POSITIONS, POSITIONS),
        "indices": (POSITIONS,),
        "mask": (MASK,),
    }[attrs.get("ret_typ", "value")]


def _names(attrs: Attrs) -> tuple[str, ...]:
    return {
        "value": ("output", "where"),
        "both": ("output0", "output1", "where"),
        "indices": ("output",),
        "mask": ("output",),
    }[attrs.get("ret_typ", "value")]


def _visible(attrs: Attrs) -> int:
    return 2 if attrs.get("ret_typ") == "both" else 1


def _shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = ins[0]
    if data is None:
        return ins, outs
    return ins, [merge(data if r == MASK else _first_shape(attrs, data), o) for r, o in zip(_roles(attrs), outs)]


def _dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    roles = _roles(attrs)
    data = ins[0] or (outs[0] if roles[0] != POSITIONS else None)
    types: Dtypes = [attrs.get("dtype") if r == POSITIONS else data for r in roles]
    if len(roles) > 1:
        types[-1] = "int64"
    return [data], types


def _kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    return "order", {**_order_attrs(attrs, ins[0][0]), "roles": _roles(attrs)}


def _gradient(g: GradContext) -> Sequence[Any]:
    if len(g.outputs) == 1:  # positions and masks do not change with the data
        return [g.F.zeros_like(g.inputs[0])]
    if not g.has(0):
        return [g.F.zeros_like(g.inputs[0])]
    attrs = {"axis": g.attrs["axis"], "k": g.attrs.get("k", 0)}
    return [g.F._backward_topk(g.grad(), g.outputs[-1], g.inputs[0], **attrs)]


def _composed(g: GradContext) -> Any:
    if len(g.outputs) == 1:
        return None
    F, data, chosen = g.F, g.inputs[0], g.outputs[-1]
    if g.attrs["axis"] is None:
        return F.take(F.Reshape(data, shape=(-1,)), chosen)
    at = [places(F, chosen, d) for d in range(len(data.shape))]
    at[axis_of(g.attrs["axis"], len(at))] = chosen
    return gather(F, data, at)


define(
    "topk",
    "The k largest (or smallest) elements along an axis, in order.",
    params={
        **_AXIS,
        "k": integer(1, "How many; less than 1: all."),
        "ret_typ": choice(
            ("both", "indices", "mask", "value"),
            "indices",
            "What is returned: values and positions, positions, 1 at the places of these elements, or values.",
        ),
        "is_ascend": flag(False, "The smallest ones, in rising order."),
        **_DTYPE,
    },
    outputs=_names,
    visible=_visible,
    shape=_shape,
    dtype=_dtype,
    kernel=_kernel,
    gradient=_gradient,
    composed=_composed,
    example=""">>> mx.nd.topk(mx.nd.array([[3, 1, 2]]), k=2, ret_typ='value').asnumpy()
array([[3., 2.]], dtype=float32)""",
)
define(
    "sort",
    "The elements along an axis in order.",
    params={**_AXIS, "is_ascend": flag(True, "Rising; else falling.")},
    outputs=_names,
    visible=_visible,
    shape=_shape,
    dtype=_dtype,
    kernel=_kernel,
    gradient=_gradient,
    composed=_composed,
    example=""">>> mx.nd.sort(mx.nd.array([3, 1, 2])).asnumpy()
array([1., 2., 3.], dtype=float32)""",
)
define(
    "argsort",
    "The positions along an axis in the order of the elements; of equals, the first one comes first.",
    params={**_AXIS, "is_ascend": flag(True, "Rising; else falling."), **_DTYPE},
    shape=lambda attrs, ins, outs: _shape({**attrs, "ret_typ": "indices"}, ins, outs),
    dtype=lambda attrs, ins, outs: _dtype({**attrs, "ret_typ": "indices"}, ins, outs),
    kernel=lambda attrs, ins, outs: _kernel({**attrs, "ret_typ": "indices"}, ins, outs),
    gradient=lambda g: [g.F.zeros_like(g.inputs[0])],
    example=""">>> mx.nd.argsort(mx.nd.array([3, 1, 2])).asnumpy()
array([1., 2., 0.], dtype=float32)""",
)


def _back_attrs(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    return "order_grad", _order_attrs({**attrs, "is_ascend": False}, outs[0][0])


define(
    "_backward_topk",
    "Gradient of topk and sort: `grad` at the positions, zero elsewhere.",
    inputs={"grad": "dY.", "indices": "Positions.", "data": "Gives the shape."},
    params={**_AXIS, "k": integer(0, "How many.")},
    shape_only=("data",),
    shape=output_like(2),
    dtype=lambda attrs, ins, outs: (ins, [ins[0] or outs[0]]),
    kernel=_back_attrs,
    gradient_free=True,
)
