"""Activation functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from paratrain.ops.nn import Shapes
from paratrain.ops.params import choice, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, merge, outputs_like

_ACTIVATIONS = {
    "relu": lambda g: g.F._backward_relu(g.grad(), g.outputs[0]),
    "sigmoid": lambda g: g.F._backward_sigmoid(g.grad(), g.outputs[0]),
    "tanh": lambda g: g.F._backward_tanh(g.grad(), g.outputs[0]),
    "softrelu": lambda g: g.F._backward_softrelu(g.grad(), g.outputs[0]),
    "softsign": lambda g: g.F._backward_softsign(g.grad(), g.outputs[0]),
}


def _one_minus_abs(F: Any, y: Any) -> Any:
    return F._rminus_scalar(F.abs(y), scalar=1.0)


define(
    "_backward_softsign",
    "Gradient of softsign from dY and Y: ``dY (1 - |Y|)^2``.",
    inputs={"grad": "dY.", "output": "Y."},
    kernel="softsign_grad",
    elementwise=True,
    inplace=True,
    gradient=lambda g: [
        g.F._backward_softsign(g.grad(), g.inputs[1]),
        g.F.elemwise_mul(
            g.F.elemwise_mul(g.grad(), g.inputs[0]),
            g.F.elemwise_mul(g.F.sign(g.inputs[1]), g.F._mul_scalar(_one_minus_abs(g.F, g.inputs[1]), scalar=-2.0)),
        ),
    ],
)


define(
    "Activation",
    "Activation function, element by element.\n\n"
    "relu: ``max(x, 0)``; sigmoid: ``1 / (1 + exp(-x))``; tanh; softrelu: ``log(1 + exp(x))``; "
    "softsign: ``x / (1 + |x|)``.",
    params={"act_type": choice(tuple(sorted(_ACTIVATIONS)), doc="The function.")},
    kernel=lambda attrs, ins, outs: (attrs["act_type"], {}),
    elementwise=True,
    inplace=True,
    gradient=lambda g: [_ACTIVATIONS[g.attrs["act_type"]](g)],
    example=""">>> mx.nd.Activation(mx.nd.array([-1, 2]), act_type='relu').asnumpy()
array([0., 2.], dtype=float32)""",
)


def _prelu_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    data: MaybeShape = None
    for other in (ins[0], *outs):
        data = merge(data, other, "data and result")
    if len(ins) == 1:
        return [data], [data] * len(outs)
    gamma = ins[1]
    if data is not None and gamma != (1,):
        gamma = merge(gamma, data[1:2] or (1,), "gamma and (C,), or (1,) for one slope,")
    return [data, gamma], [data]


def _leaky_kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
    kind = attrs["act_type"]
    if kind == "prelu":
        return "prelu", {}
    if kind == "rrelu":
        low, high = attrs["lower_bound"], attrs["upper_bound"]
        if not low <= high:
            raise ValueError(f"lower_bound must not be larger than upper_bound; got {low} and {high}")
        return "rrelu", {"low": low, "high": high}
    return kind, {"slope": attrs["slope"]}


def _leaky_gradient(g: GradContext) -> Sequence[Any]:
    kind = g.attrs["act_type"]
    if kind == "prelu":
        return g.F._backward_prelu(g.grad(), *g.inputs)
    if kind == "rrelu":
        return [g.F.elemwise_mul(g.grad(), g.outputs[1])]
    return [g.F._backward_LeakyReLU(g.grad(), g.inputs[0], g.outputs[0], act_type=kind, slope=g.attrs["slope"])]


def _leaky_composed(g: GradContext) -> Any:
    F, x, kind = g.F, g.inputs[0], g.attrs["act_type"]
    if kind == "rrelu":
        return F.elemwise_mul(x, g.outputs[1])
    if kind == "gelu":
        normal = F._plus_scalar(F.erf(F._mul_scalar(x, scalar=math.sqrt(0.5))), scalar=1.0)
        return F._mul_scalar(F.elemwise_mul(x, normal), scalar=0.5)
    if kind == "prelu":
        slope = g.inputs[1]
        below = F.broadcast_mul(x, F.Reshape(slope, shape=(1, -1, *[1] * (len(x.shape) - 2))[: len(x.shape)]))
    elif kind == "leaky":
        below = F._mul_scalar(x, scalar=g.attrs["slope"])
    else:  # bounded, for an infinite value would leave NaN where the other branch counts
        scale = g.attrs["slope"] if kind == "elu" else _SELU * 1.6732632423543772
        below = F._mul_scalar(F.expm1(F._minimum_scalar(x, scalar=0.0)), scalar=scale)
    above = F._mul_scalar(x, scalar=_SELU) if kind == "selu" else x
    return F.where(F._greater_scalar(x, scalar=0.0), above, below)


_SELU = 1.0507009873554805
_KINDS = ("elu", "gelu", "leaky", "selu")

define(
    "LeakyReLU",
    "Relatives of relu, element by element.\n\n"
    "leaky: ``x`` where positive, else ``slope x``; prelu: the same with a trained slope for each channel; "
    "elu: ``x`` where positive, else ``slope (exp(x) - 1)``; selu: elu with constants that keep mean and variance; "
    "gelu: ``x`` times the normal distribution function of ``x``; rrelu: leaky with a "
    "random slope in [lower_bound, upper_bound) for each element in training, else with the mean of these.",
    inputs={"data": "Any shape.", "gamma": "Slopes of prelu, shape (C,) with C the second axis of `data`, or (1,)."},
    present=lambda attrs: ("data", "gamma") if attrs["act_type"] == "prelu" else ("data",),
    initializers={"gamma": '["Constant", {"value": 0.25}]'},
    params={
        "act_type": choice(("elu", "gelu", "leaky", "prelu", "rrelu", "selu"), "leaky", "The function."),
        "slope": real(0.25, "Slope of leaky and elu."),
        "lower_bound": real(0.125, "Smallest slope of rrelu."),
        "upper_bound": real(0.334, "Largest slope of rrelu."),
    },
    outputs=lambda attrs: ("output", "mask") if attrs["act_type"] == "rrelu" else ("output",),
    shape=_prelu_shape,
    kernel=_leaky_kernel,
    elementwise=True,  # prelu and rrelu are told from the others by their shapes and outputs
    gradient=_leaky_gradient,
    composed=_leaky_composed,
    train_aware=True,
    random=lambda attrs: attrs["act_type"] == "rrelu",
    example=""">>> mx.nd.LeakyReLU(mx.nd.array([-1, 2]), act_type='leaky', slope=0.1).asnumpy()
array([-0.1,  2. ], dtype=float32)""",
)
define(
    "_backward_LeakyReLU",
    "Gradient of leaky, elu, selu and gelu.",
    inputs={"grad": "dY.", "data": "The data.", "output": "The result."},
    params={"act_type": choice(_KINDS, doc="The function."), "slope": real(0.25, "Slope of leaky and elu.")},
    kernel=lambda attrs, ins, outs: (attrs["act_type"] + "_grad", {"slope": attrs["slope"]}),
    elementwise=True,
    inplace=True,
    gradient_free=True,
)
define(
    "_backward_prelu",
    "Gradients of prelu with respect to data and slopes.",
    inputs={"grad": "dY.", "data": "The data.", "gamma": "The slopes."},
    outputs=("data", "gamma"),
    shape=outputs_like(1, 2),
    kernel="prelu_grad",
    gradient_free=True,
)
