"""Padding with a constant, the border's value, or a reflection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.params import choice, ints, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, merge, output_like, product, show
from paratrain.ops.strides import row_strides, view_attrs

Shapes = list[MaybeShape]
Specs = list[tuple]


def _pads(attrs: Attrs, shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """(before, after) for each axis."""
    width = attrs["pad_width"]
    if len(width) != 2 * len(shape):
        raise ValueError(f"pad_width must have two numbers for each of the {len(shape)} axes of data; got {width}")
    pads = list(zip(width[::2], width[1::2]))
    for d, (n, (before, after)) in enumerate(zip(shape, pads)):
        if attrs["mode"] == "reflect" and n != -1 and max(before, after) >= max(n, 1):
            raise ValueError(f"padding by reflection must be smaller than the axis; axis {d} has size {n}")
        if attrs["mode"] == "edge" and n == 0 and before + after:
            raise ValueError(f"an empty axis has no edge to repeat; axis {d} of {show(shape)}")
    return pads


def _pad_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    pads = _pads(attrs, ins[0])
    return ins, [merge(tuple(n if n == -1 else n + a + b for n, (a, b) in zip(ins[0], pads)), outs[0])]


def _pad_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    before = tuple(a for a, _ in _pads(attrs, ins[0][0]))
    if attrs["mode"] != "constant":
        return "pad", {"before": before, "mode": attrs["mode"]}
    steps = row_strides(outs[0][0])
    offset = sum(a * s for a, s in zip(before, steps))
    view = view_attrs(ins[0][0], steps, offset if product(ins[0][0]) else 0)
    return "strided_fill", {**view, "value": attrs["constant_value"]}


def _pad_back_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    before = tuple(a for a, _ in _pads(attrs, outs[0][0]))
    if attrs["mode"] != "constant":
        return "pad_grad", {"before": before, "mode": attrs["mode"]}
    steps = row_strides(ins[0][0])
    offset = sum(a * s for a, s in zip(before, steps))
    return "strided", view_attrs(outs[0][0], steps, offset if product(outs[0][0]) else 0)


_PAD = {
    "mode": choice(
        ("constant", "edge", "reflect"), doc="What new places hold: a constant, the border's value, or a reflection."
    ),
    "pad_width": ints(doc="Places added before and behind each axis: (before0, behind0, before1, ...).", low=0),
    "constant_value": real(0.0, "Value of new places with mode constant."),
}


def _pad_grad(g: GradContext) -> Sequence[Any]:
    return [g.F._backward_pad(g.grad(), g.inputs[0], **g.attrs)]


define(
    "Pad",
    "The array with places added at the ends of its axes.",
    aliases=("pad",),
    params=_PAD,
    shape=_pad_shape,
    kernel=_pad_kernel,
    gradient=_pad_grad,
    example=""">>> x = mx.nd.ones((1, 1, 1, 2))
>>> mx.nd.Pad(x, mode='constant', pad_width=(0, 0, 0, 0, 1, 0, 1, 1)).asnumpy()[0, 0]
array([[0., 0., 0., 0.],
       [0., 1., 1., 0.]], dtype=float32)""",
)
define(
    "_backward_pad",
    "Gradient of Pad: sums of `grad` over the places that copied each element.",
    inputs={"grad": "dY.", "data": "Gives the shape."},
    params=_PAD,
    shape_only=("data",),
    shape=output_like(1),
    kernel=_pad_back_kernel,
    gradient=lambda g: [g.F.Pad(g.grad(), **{**g.attrs, "constant_value": 0.0}), None],
)
