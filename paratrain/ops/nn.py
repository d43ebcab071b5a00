"""Fully connected layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.flops import weighted_flops
from paratrain.ops.params import choice, flag, integer, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, Shape, known, merge, output_like, product, show

Shapes = tuple[list[MaybeShape], list[MaybeShape]]


def joined(a: MaybeShape, b: Shape, what: str = "shapes") -> Shape:
    """`merge` for a second shape of which at least the number of axes is known."""
    return merge(a, b, what) or b


def weighted_inputs(attrs: Attrs) -> tuple[str, ...]:
    """Names of the inputs of a layer with a weight and perhaps a bias."""
    return ("data", "weight") if attrs["no_bias"] else ("data", "weight", "bias")


def weight_outputs(attrs: Attrs) -> tuple[str, ...]:
    """Names of the gradients of a layer's parameters."""
    return ("weight",) if attrs["no_bias"] else ("weight", "bias")


def _row_length(shape: MaybeShape, flatten: bool) -> int:
    """Number of inputs of each unit; -1 while unknown."""
    if shape is None:
        return -1
    row = shape[1:] if flatten else shape[-1:]
    return product(row) if known(row) else -1


def _dense_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    units, flatten = attrs["num_hidden"], attrs["flatten"]
    data, weight, out = ins[0], ins[1], outs[0]
    if data is not None and len(data) < 1 + flatten:
        raise ValueError(f"data must have at least {1 + flatten} axes; got {show(data)}")
    if out is not None and flatten:
        out = merge(out, (-1, units), "result and (N, num_hidden)")
    weight = joined(weight, (units, _row_length(data, flatten)), "weight and (num_hidden, inputs)")
    if data is not None:
        front = data[:1] if flatten else data[:-1]
        out = joined(out, (*front, units), "result and expected shape")
        if not flatten or len(data) == 2:
            # a row is one axis: what is known of the others goes back
            data = merge(data, (*out[:-1], weight[1]))
    elif out is not None and not flatten:
        data = (*out[:-1], weight[1])
    return [data, weight, *([merge(ins[2], (units,), "bias and (num_hidden,)")] if len(ins) > 2 else [])], [out]


def _dense_gradient(g: GradContext) -> Sequence[Any]:
    data, weight = g.inputs[0], g.inputs[1]
    grads: list[Any] = [None] * len(g.inputs)
    if g.needed[0]:
        grads[0] = g.F._backward_FullyConnected_data(g.grad(), weight, data, **g.attrs)
    if any(g.needed[1:]):
        out = g.F._backward_FullyConnected_weight(g.grad(), data, **g.attrs)
        grads[1:] = [out] if len(g.inputs) == 2 else list(out)
    return grads


def without_bias(attrs: Attrs) -> Attrs:
    """The parameters of the same layer without a bias."""
    return {**attrs, "no_bias": True}


def _dense_data_gradient(g: GradContext) -> Sequence[Any]:
    # dX = dY W is linear in both
    dy, weight, _ = g.inputs
    attrs = without_bias(g.attrs)
    grads: list[Any] = [None, None, None]
    if g.needed[0]:
        grads[0] = g.F.FullyConnected(g.grad(), weight, **attrs)
    if g.needed[1]:
        grads[1] = g.F._backward_FullyConnected_weight(dy, g.grad(), **attrs)
    return grads


def _dense_weight_gradient(g: GradContext) -> Sequence[Any]:
    # dW = dY^T X, db = sum of dY
    data = g.inputs[1]
    grads: list[Any] = [None, None]
    if g.needed[0] and g.attrs["no_bias"]:
        grads[0] = g.F.FullyConnected(data, g.grad(0), **g.attrs)
    elif g.needed[0]:
        grads[0] = g.F.FullyConnected(data, g.grad(0), g.grad(1), **g.attrs)
    if g.needed[1]:
        grads[1] = g.F._backward_FullyConnected_data(g.inputs[0], g.grad(0), data, **g.attrs)
    return grads


_DENSE_PARAMS = {
    "num_hidden": integer(doc="Number of units, that is of outputs.", low=1),
    "no_bias": flag(False, "Leave the bias out."),
    "flatten": flag(True, "Take all axes but the first as one row of inputs; else only the last axis."),
}

define(
    "FullyConnected",
    "Linear layer: ``Y = X W^T + b``.\n\nThe result has shape (N, num_hidden), or with ``flatten=False`` the shape of "
    "`data` with `num_hidden` in place of the last axis.",
    inputs={
        "data": "Shape (N, ...).",
        "weight": "Shape (num_hidden, inputs), with inputs the product of the axes of `data` but the first.",
        "bias": "Shape (num_hidden,).",
    },
    present=weighted_inputs,
    params=_DENSE_PARAMS,
    shape=_dense_shape,
    kernel=lambda attrs, ins, outs: ("fully_connected", {}),
    gradient=_dense_gradient,
    flops=weighted_flops(lambda ins, outs: outs[0], lambda ins, outs: ins[1]),
    example=""">>> mx.nd.FullyConnected(mx.nd.array([[1, 2]]), mx.nd.array([[1, 0], [0, 1], [1, 1]]), mx.nd.array([0,
...     0, 10]), num_hidden=3).asnumpy()
array([[ 1.,  2., 13.]], dtype=float32)""",
)
#: What may follow a convolution or a dense layer in its kernel.
ACTS = ("clip", "none", "relu", "sigmoid", "tanh")
ACT_PARAMS = {
    "act": choice(ACTS, "none", "The function."),
    "a_min": real(0.0, "Smallest value with clip."),
    "a_max": real(0.0, "Largest value with clip."),
}


def act_attrs(attrs: Attrs) -> Attrs:
    """What a kernel is told of what follows it."""
    return {name: attrs[name] for name in ACT_PARAMS}


define(
    "_FullyConnectedAct",
    "``act(FullyConnected(data))``, as the fuse pass makes it.",
    inputs={"data": "The data.", "weight": "The weight.", "bias": "The bias."},
    present=weighted_inputs,
    params={**_DENSE_PARAMS, **ACT_PARAMS},
    shape=_dense_shape,
    kernel=lambda attrs, ins, outs: ("fully_connected_act", act_attrs(attrs)),
    gradient_free=True,  # it is made when the gradients are there already
    flops=weighted_flops(lambda ins, outs: outs[0], lambda ins, outs: ins[1]),
)
define(
    "_backward_FullyConnected_data",
    "Gradient of FullyConnected with respect to the data.",
    inputs={"grad": "dY.", "weight": "The weight.", "like": "Gives the shape."},
    params=_DENSE_PARAMS,
    shape_only=("like",),
    shape=output_like(2),
    kernel=lambda attrs, ins, outs: ("fully_connected_data_grad", {}),
    gradient=_dense_data_gradient,
    flops=weighted_flops(lambda ins, outs: ins[0], lambda ins, outs: ins[1]),
)


def _dense_weight_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    units = attrs["num_hidden"]
    weight = merge(outs[0], (units, _row_length(ins[1], attrs["flatten"])))
    return ins, [weight] if attrs["no_bias"] else [weight, (units,)]


define(
    "_backward_FullyConnected_weight",
    "Gradients of FullyConnected with respect to weight and bias.",
    inputs={"grad": "dY.", "data": "The data."},
    params=_DENSE_PARAMS,
    outputs=weight_outputs,
    shape=_dense_weight_shape,
    kernel=lambda attrs, ins, outs: ("fully_connected_weight_grad", {}),
    gradient=_dense_weight_gradient,
    flops=weighted_flops(lambda ins, outs: ins[0], lambda ins, outs: outs[0]),
)
