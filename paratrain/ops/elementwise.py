"""Functions of one array, element by element: ``y_i = f(x_i)``.

Each is a functor in `ext/kernels/elementwise/math.h` and one line here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.params import dtype, real
from paratrain.ops.registry import GradContext, define
from paratrain.ops.rules import MaybeDtype, output_like

Grad = Callable[[GradContext], Sequence[Any]]

#: Names of the functions of one array.
UNARY: list[str] = []


def unary(name: str, doc: str, grad: Grad | None = None, kernel: str = "", aliases: tuple[str, ...] = ()) -> None:
    """Define a function of one array with the same shape and dtype as its result."""
    define(
        name,
        doc,
        inputs={"data": "Input array of any shape."},
        gradient=grad,
        gradient_free=grad is None,
        kernel=kernel or name.lstrip("_"),
        inplace=True,
        elementwise=True,
        aliases=aliases,
    )
    UNARY.append(name)


def of_input(derivative: Callable[[Any, Any], Any]) -> Grad:
    """Gradient ``dY * derivative(F, x)``; keeps the input."""
    return lambda g: [g.F.elemwise_mul(g.grad(), derivative(g.F, g.inputs[0]))]


def of_output(derivative: Callable[[Any, Any], Any]) -> Grad:
    """Gradient ``dY * derivative(F, y)``; keeps the output."""
    return lambda g: [g.F.elemwise_mul(g.grad(), derivative(g.F, g.outputs[0]))]


def fused(op: str) -> Grad:
    """Gradient by one kernel from (dY, Y)."""
    return lambda g: [getattr(g.F, op)(g.grad(), g.outputs[0])]


def _zeros(g: GradContext) -> Sequence[Any]:
    return [g.F.zeros_like(g.inputs[0])]


def _plus(F: Any, x: Any, c: float) -> Any:
    return F._plus_scalar(x, scalar=c)


def _times(F: Any, x: Any, c: float) -> Any:
    return F._mul_scalar(x, scalar=c)


for _name, _kernel, _what in (
    ("_backward_relu", "relu_grad", "relu"),
    ("_backward_sigmoid", "sigmoid_grad", "sigmoid"),
    ("_backward_tanh", "tanh_grad", "tanh"),
    ("_backward_softrelu", "softrelu_grad", "softrelu"),
):
    define(
        _name,
        f"Gradient of {_what} from dY and Y.",
        inputs={"grad": "dY.", "output": "Y."},
        kernel=_kernel,
        inplace=True,
        elementwise=True,
        gradient={
            # d(dY f'(Y)): linear in dY; the way through Y is the second derivative
            "relu": lambda g: [g.F._backward_relu(g.grad(), g.inputs[1]), None],
            "sigmoid": lambda g: [
                g.F._backward_sigmoid(g.grad(), g.inputs[1]),
                g.F.elemwise_mul(
                    g.F.elemwise_mul(g.grad(), g.inputs[0]), _plus(g.F, _times(g.F, g.inputs[1], -2.0), 1.0)
                ),
            ],
            "tanh": lambda g: [
                g.F._backward_tanh(g.grad(), g.inputs[1]),
                g.F.elemwise_mul(g.F.elemwise_mul(g.grad(), g.inputs[0]), _times(g.F, g.inputs[1], -2.0)),
            ],
            "softrelu": lambda g: [
                g.F._backward_softrelu(g.grad(), g.inputs[1]),
                g.F.elemwise_mul(g.F.elemwise_mul(g.grad(), g.inputs[0]), g.F.exp(g.F.negative(g.inputs[1]))),
            ],
        }[_what],
    )

unary("_copy", "Copy of the array.", lambda g: [g.grad()], aliases=("identity", "_copyto"))
unary("negative", "Negative of each element.", lambda g: [g.F.negative(g.grad())])
unary("abs", "Absolute value.", of_input(lambda F, x: F.sign(x)))
unary("sign", "-1, 0 or 1 by the sign of each element.", _zeros)
unary("round", "Nearest integer, halves away from zero.", _zeros)
unary("rint", "Nearest integer, halves to the smaller one.", _zeros)
unary("ceil", "Smallest integer that is not smaller.", _zeros)
unary("floor", "Largest integer that is not larger.", _zeros)
unary("trunc", "Integer part.", _zeros)
unary("fix", "Integer part (rounding towards zero).", _zeros, kernel="trunc")
unary("square", "Square of each element.", of_input(lambda F, x: _times(F, x, 2.0)))
unary("sqrt", "Square root.", of_output(lambda F, y: _times(F, F.reciprocal(y), 0.5)))
unary("rsqrt", "1 / sqrt(x).", of_output(lambda F, y: _times(F, F._power_scalar(y, scalar=3.0), -0.5)))
unary("cbrt", "Cube root.", of_output(lambda F, y: _times(F, F._power_scalar(y, scalar=-2.0), 1 / 3)))
unary("rcbrt", "1 / cbrt(x).", of_output(lambda F, y: _times(F, F._power_scalar(y, scalar=4.0), -1 / 3)))
unary("reciprocal", "1 / x.", of_output(lambda F, y: F.negative(F.square(y))))
unary("exp", "e to the power of each element.", of_output(lambda F, y: y))
unary("expm1", "exp(x) - 1, exact for small x.", of_output(lambda F, y: _plus(F, y, 1.0)))
unary("log", "Natural logarithm.", of_input(lambda F, x: F.reciprocal(x)))
unary("log10", "Logarithm to base 10.", of_input(lambda F, x: _times(F, F.reciprocal(x), 1 / math.log(10))))
unary("log2", "Logarithm to base 2.", of_input(lambda F, x: _times(F, F.reciprocal(x), 1 / math.log(2))))
unary("log1p", "log(1 + x), exact for small x.", of_input(lambda F, x: F.reciprocal(_plus(F, x, 1.0))))
unary("sin", "Sine of an angle in radians.", of_input(lambda F, x: F.cos(x)))
unary("cos", "Cosine of an angle in radians.", of_input(lambda F, x: F.negative(F.sin(x))))
unary("tan", "Tangent of an angle in radians.", of_output(lambda F, y: _plus(F, F.square(y), 1.0)))
unary("arcsin", "Inverse sine, in radians.", of_input(lambda F, x: F.rsqrt(F._rminus_scalar(F.square(x), scalar=1.0))))
unary(
    "arccos",
    "Inverse cosine, in radians.",
    of_input(lambda F, x: F.negative(F.rsqrt(F._rminus_scalar(F.square(x), scalar=1.0)))),
)
unary("arctan", "Inverse tangent, in radians.", of_input(lambda F, x: F.reciprocal(_plus(F, F.square(x), 1.0))))
unary("sinh", "Hyperbolic sine.", of_input(lambda F, x: F.cosh(x)))
unary("cosh", "Hyperbolic cosine.", of_input(lambda F, x: F.sinh(x)))
unary("tanh", "Hyperbolic tangent.", fused("_backward_tanh"))
unary("arcsinh", "Inverse hyperbolic sine.", of_input(lambda F, x: F.rsqrt(_plus(F, F.square(x), 1.0))))
unary("arccosh", "Inverse hyperbolic cosine.", of_input(lambda F, x: F.rsqrt(_plus(F, F.square(x), -1.0))))
unary(
    "arctanh",
    "Inverse hyperbolic tangent.",
    of_input(lambda F, x: F.reciprocal(F._rminus_scalar(F.square(x), scalar=1.0))),
)
unary("degrees", "Radians to degrees.", lambda g: [_times(g.F, g.grad(), 180 / math.pi)])
unary("radians", "Degrees to radians.", lambda g: [_times(g.F, g.grad(), math.pi / 180)])
unary(
    "erf",
    "Error function.",
    of_input(lambda F, x: _times(F, F.exp(F.negative(F.square(x))), 2 / math.sqrt(math.pi))),
)
unary(
    "gamma",
    "Gamma function.",
    lambda g: [g.F.elemwise_mul(g.grad(), g.F.elemwise_mul(g.outputs[0], g.F._digamma(g.inputs[0])))],
)
unary("gammaln", "Logarithm of the absolute value of the gamma function.", of_input(lambda F, x: F._digamma(x)))
unary(
    "_digamma",
    "Derivative of the logarithm of the gamma function.",
    lambda g: [g.F._backward_digamma(g.grad(), g.inputs[0])],
)
define(
    "_backward_digamma",
    "Gradient of _digamma from dY and X.",
    inputs={"grad": "dY.", "data": "X."},
    kernel="digamma_grad",
    gradient_free=True,
    inplace=True,
    elementwise=True,
)
unary("sigmoid", "1 / (1 + exp(-x)).", fused("_backward_sigmoid"))
unary("relu", "max(x, 0).", fused("_backward_relu"))
unary("softsign", "x / (1 + |x|).", of_input(lambda F, x: F.reciprocal(F.square(_plus(F, F.abs(x), 1.0)))))
unary("_softrelu", "log(1 + exp(x)).", fused("_backward_softrelu"), kernel="softrelu")
unary("logical_not", "1 where the element is 0, else 0.", _zeros)


def _cast_dtype(
    attrs: dict[str, Any], ins: list[MaybeDtype], outs: list[MaybeDtype]
) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
    return ins, [attrs["dtype"]]


define(
    "Cast",
    "The array with another element type. Real numbers lose their fraction when they become integers.",
    aliases=("cast",),
    params={"dtype": dtype(doc="Element type of the result.")},
    dtype=_cast_dtype,
    kernel="cast",
    elementwise=True,
    gradient=lambda g: [g.F._cast_like(g.grad(), g.inputs[0])],
    example=""">>> mx.nd.Cast(mx.nd.array([1.7, -1.7]), dtype='int32').asnumpy()
array([ 1, -1], dtype=int32)""",
)
define(
    "_cast_like",
    "`data` with the element type of `like`.",
    inputs={"data": "Array.", "like": "Gives the element type."},
    shape_only=("like",),
    shape=output_like(0),
    dtype=lambda attrs, ins, outs: (ins, [ins[1] or outs[0]]),
    kernel="cast",
    elementwise=True,
    gradient=lambda g: [g.F._cast_like(g.grad(), g.inputs[0]), None],
)
define(
    "clip",
    "Limits each element to ``[a_min, a_max]``.",
    params={"a_min": real(doc="Smallest value."), "a_max": real(doc="Largest value.")},
    kernel="clip",
    elementwise=True,
    inplace=True,
    gradient=lambda g: [g.F._backward_clip(g.grad(), g.inputs[0], **g.attrs)],
    example=""">>> mx.nd.clip(mx.nd.array([-2, 0.5, 3]), a_min=0, a_max=1).asnumpy()
array([0. , 0.5, 1. ], dtype=float32)""",
)
define(
    "_backward_clip",
    "Gradient of clip: dY where X is not outside the limits, so that NaN lets it through, as MXNet has it.",
    inputs={"grad": "dY.", "data": "X."},
    params={"a_min": real(doc="Smallest value."), "a_max": real(doc="Largest value.")},
    kernel="clip_grad",
    elementwise=True,
    inplace=True,
    gradient=lambda g: [g.F._backward_clip(g.grad(), g.inputs[1], **g.attrs), None],
)
