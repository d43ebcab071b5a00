"""Functions of two arrays, or of an array and a scalar, element by element.

Each functor of `ext/kernels/elementwise/math.h` serves ``broadcast_f`` (NumPy's broadcasting), ``elemwise_f``
(equal shapes) and ``_f_scalar`` / ``_rf_scalar``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.flops import elements, per_element
from paratrain.ops.params import flag, integer, real
from paratrain.ops.registry import Attrs, GradContext, alias, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, broadcast_shape, merge, output_like, same_dtype, same_shape

Partial = Callable[[Any, Any, Any], Any]  # (F, a, b) -> derivative with respect to one operand


def _both(g: GradContext, da: Callable[[], Any], db: Callable[[], Any], summed: bool) -> Sequence[Any]:
    """Gradients of two operands, each summed over the axes along which it was repeated."""
    grads: list[Any] = []
    for i, make in enumerate((da, db)):
        if not g.needed[i]:
            grads.append(None)
            continue
        value = make()
        grads.append(g.F._sum_like(value, g.inputs[i]) if summed else value)
    return grads


def _grad(da: Partial | None, db: Partial | None, summed: bool) -> Callable[[GradContext], Sequence[Any]]:
    """Gradient from the two partial derivatives; None stands for a derivative of one."""

    def gradient(g: GradContext) -> Sequence[Any]:
        F, (a, b) = g.F, g.inputs
        mul = F.broadcast_mul if summed else F.elemwise_mul
        return _both(
            g,
            lambda: mul(g.grad(), da(F, a, b)) if da else g.grad(),
            lambda: mul(g.grad(), db(F, a, b)) if db else g.grad(),
            summed,
        )

    return gradient


def _add_grad(g: GradContext, summed: bool) -> Sequence[Any]:
    return _both(g, g.grad, g.grad, summed)


def _sub_grad(g: GradContext, summed: bool) -> Sequence[Any]:
    return _both(g, g.grad, lambda: g.F.negative(g.grad()), summed)


def _mul_grad(g: GradContext, summed: bool) -> Sequence[Any]:
    mul = g.F.broadcast_mul if summed else g.F.elemwise_mul
    return _both(g, lambda: mul(g.grad(), g.inputs[1]), lambda: mul(g.grad(), g.inputs[0]), summed)


def _div_grad(g: GradContext, summed: bool) -> Sequence[Any]:
    F, (_, b) = g.F, g.inputs
    div, mul = (F.broadcast_div, F.broadcast_mul) if summed else (F.elemwise_div, F.elemwise_mul)
    return _both(g, lambda: div(g.grad(), b), lambda: F.negative(div(mul(g.grad(), g.outputs[0]), b)), summed)


def _no_grad(g: GradContext, summed: bool = True) -> Sequence[Any]:
    return [g.F.zeros_like(x) if n else None for x, n in zip(g.inputs, g.needed)]


# Derivatives with respect to the first and the second operand.
_PARTIALS: dict[str, tuple[Partial, Partial]] = {
    "mod": (
        lambda F, a, b: F.broadcast_like(F.ones_like(a), F.broadcast_mod(a, b)),
        lambda F, a, b: F.negative(F.floor(F.broadcast_div(a, b))),
    ),
    "power": (
        lambda F, a, b: F.broadcast_mul(F.broadcast_power(a, F._plus_scalar(b, scalar=-1.0)), b),
        lambda F, a, b: F.broadcast_mul(F.broadcast_power(a, b), F.log(a)),
    ),
    "maximum": (lambda F, a, b: F.broadcast_greater_equal(a, b), lambda F, a, b: F.broadcast_lesser(a, b)),
    "minimum": (lambda F, a, b: F.broadcast_lesser_equal(a, b), lambda F, a, b: F.broadcast_greater(a, b)),
    "hypot": (
        lambda F, a, b: F.broadcast_div(a, F.broadcast_hypot(a, b)),
        lambda F, a, b: F.broadcast_div(b, F.broadcast_hypot(a, b)),
    ),
}
_GRADS: dict[str, Callable[[GradContext, bool], Sequence[Any]]] = {
    "add": _add_grad,
    "sub": _sub_grad,
    "mul": _mul_grad,
    "div": _div_grad,
}


def _gradient(kernel: str, summed: bool) -> Callable[[GradContext], Sequence[Any]]:
    if kernel in _GRADS:
        return lambda g: _GRADS[kernel](g, summed)
    if kernel in _PARTIALS:
        return _grad(*_PARTIALS[kernel], summed)
    return _no_grad


_OPERANDS = {"lhs": "First array.", "rhs": "Second array."}
_SCALAR_ATTR = {"scalar": real(1.0, "The other operand."), "is_int": flag(True, "Whether the scalar was an int.")}

#: Kernel, names with broadcasting, names without, names with a scalar (forward, reverse), sentence.
TABLE = (
    ("add", ("broadcast_add", "broadcast_plus"), ("elemwise_add", "_plus", "_add"), ("_plus_scalar", ""), "a + b"),
    ("sub", ("broadcast_sub", "broadcast_minus"), ("elemwise_sub", "_minus", "_sub"), ("_minus_scalar", "_rminus_scalar"), "a - b"),
    ("mul", ("broadcast_mul",), ("elemwise_mul", "_mul"), ("_mul_scalar", ""), "a * b"),
    ("div", ("broadcast_div",), ("elemwise_div", "_div"), ("_div_scalar", "_rdiv_scalar"), "a / b"),
    ("mod", ("broadcast_mod",), ("_mod",), ("_mod_scalar", "_rmod_scalar"), "remainder of a / b with the sign of b"),
    ("power", ("broadcast_power",), ("_power",), ("_power_scalar", "_rpower_scalar"), "a to the power of b"),
    ("maximum", ("broadcast_maximum",), ("_maximum",), ("_maximum_scalar", ""), "the larger of a and b"),
    ("minimum", ("broadcast_minimum",), ("_minimum",), ("_minimum_scalar", ""), "the smaller of a and b"),
    ("hypot", ("broadcast_hypot",), ("_hypot",), ("_hypot_scalar", ""), "sqrt(a^2 + b^2)"),
    ("equal", ("broadcast_equal",), ("_equal",), ("_equal_scalar", ""), "1 where a == b, else 0"),
    ("not_equal", ("broadcast_not_equal",), ("_not_equal",), ("_not_equal_scalar", ""), "1 where a != b, else 0"),
    ("greater", ("broadcast_greater",), ("_greater",), ("_greater_scalar", ""), "1 where a > b, else 0"),
    ("greater_equal", ("broadcast_greater_equal",), ("_greater_equal",), ("_greater_equal_scalar", ""), "1 where a >= b, else 0"),
    ("lesser", ("broadcast_lesser",), ("_lesser",), ("_lesser_scalar", ""), "1 where a < b, else 0"),
    ("lesser_equal", ("broadcast_lesser_equal",), ("_lesser_equal",), ("_lesser_equal_scalar", ""), "1 where a <= b, else 0"),
    ("logical_and", ("broadcast_logical_and",), ("_logical_and",), ("_logical_and_scalar", ""), "1 where a and b are not 0, else 0"),
    ("logical_or", ("broadcast_logical_or",), ("_logical_or",), ("_logical_or_scalar", ""), "1 where a or b is not 0, else 0"),
    ("logical_xor", ("broadcast_logical_xor",), ("_logical_xor",), ("_logical_xor_scalar", ""), "1 where one of a and b is 0 and the other is not, else 0"),
)  # fmt: skip


def _scalar_kernel(kernel: str, reverse: bool) -> Callable[..., tuple[str, Attrs]]:
    return lambda attrs, ins, outs: (kernel + "_scalar", {"scalar": attrs["scalar"], "reverse": reverse})


def _scalar_gradient(kernel: str, reverse: bool) -> Callable[[GradContext], Sequence[Any]]:
    def gradient(g: GradContext) -> Sequence[Any]:
        F, c, x, dy = g.F, g.attrs["scalar"], g.inputs[0], g.grad()
        times = F.elemwise_mul
        if kernel == "add" or (kernel == "sub" and not reverse):
            return [dy]
        if kernel == "sub":
            return [F.negative(dy)]
        if kernel == "mul":
            return [F._mul_scalar(dy, scalar=c)]
        if kernel == "div":
            if not reverse:
                return [F._div_scalar(dy, scalar=c)]
            return [F.negative(times(dy, F.elemwise_div(g.outputs[0], x)))]
        if kernel == "mod":
            if not reverse:
                return [dy]
            return [F.negative(times(dy, F.floor(F._rdiv_scalar(x, scalar=c))))]
        if kernel == "power":
            if reverse:
                return [F._mul_scalar(times(dy, g.outputs[0]), scalar=_log(c))]
            return [times(dy, F._mul_scalar(F._power_scalar(x, scalar=c - 1.0), scalar=c))]
        if kernel == "maximum":
            return [times(dy, F._greater_equal_scalar(x, scalar=c))]
        if kernel == "minimum":
            return [times(dy, F._lesser_equal_scalar(x, scalar=c))]
        if kernel == "hypot":
            return [times(dy, F.elemwise_div(x, g.outputs[0]))]
        return [F.zeros_like(x)]

    return gradient


def _log(c: float) -> float:
    import math

    return math.log(c) if c > 0 else (-math.inf if c == 0 else math.nan)


for _kernel, _broadcast, _elementwise, (_forward, _reverse), _sentence in TABLE:
    define(
        _broadcast[0],
        f"Element by element with broadcasting: {_sentence}.",
        aliases=_broadcast[1:],
        inputs=_OPERANDS,
        shape=broadcast_shape,
        kernel=_kernel,
        elementwise=True,
        repeats=True,
        gradient=_gradient(_kernel, True),
    )
    define(
        _elementwise[0],
        f"Element by element, for arrays of one shape: {_sentence}.",
        aliases=_elementwise[1:],
        inputs=_OPERANDS,
        shape=same_shape,
        kernel=_kernel,
        elementwise=True,
        gradient=_gradient(_kernel, False),
        inplace=True,
    )
    for _name, _reversed in ((_forward, False), (_reverse, True)):
        if _name:
            define(
                _name,
                f"Element by element with a scalar ({'a is the scalar' if _reversed else 'b is the scalar'}): {_sentence}.",
                params=_SCALAR_ATTR,
                kernel=_scalar_kernel(_kernel, _reversed),
                elementwise=True,
                gradient=_scalar_gradient(_kernel, _reversed),
                inplace=True,
            )


def _legacy_name(kernel: str, between: str) -> str:
    """Name in capitals, as the oldest symbol files have it: ``not_equal`` gives ``_Not_Equal`` or ``_NotEqual``."""
    words = {"add": "plus", "sub": "minus"}.get(kernel, kernel).split("_")
    return "_" + between.join(w.capitalize() for w in words)


for _kernel, _broadcast, _elementwise, (_forward, _reverse), _sentence in TABLE:
    alias(_elementwise[0], _legacy_name(_kernel, "_"))
    alias(_forward, _legacy_name(_kernel, "") + "Scalar")
    if _reverse:
        alias(_reverse, "_R" + _legacy_name(_kernel, "")[1:] + "Scalar")

define(
    "add_n",
    "Sum of any number of arrays of one shape.",
    aliases=("ElementWiseSum",),
    variadic="num_args",
    params={"num_args": integer(doc="Number of arrays.", low=1)},
    inputs={"args": "Arrays of one shape."},
    kernel=lambda attrs, ins, outs: ("add_n", {}),
    elementwise=True,
    gradient=lambda g: [g.grad() if n else None for n in g.needed],
    inplace=True,
    flops=lambda attrs, ins, outs: (len(ins) - 1) * elements(outs[0]),
    example=""">>> mx.nd.add_n(mx.nd.array([1, 2]), mx.nd.array([10, 20]), mx.nd.array([100, 200])).asnumpy()
array([111., 222.], dtype=float32)""",
)


def _where_shape(
    attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]
) -> tuple[list[MaybeShape], list[MaybeShape]]:
    condition, x, y = ins
    shape = merge(merge(x, y), outs[0])
    if condition is not None and shape is not None and len(condition) != len(shape) and len(condition) != 1:
        raise ValueError(f"condition must have the shape of x and y, or one value for each row; got {condition}")
    if condition is not None and shape is not None:
        merge(condition, shape[: len(condition)], "condition and rows")
    return [condition, shape, shape], [shape]


def _where_dtype(
    attrs: Attrs, ins: list[MaybeDtype], outs: list[MaybeDtype]
) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
    chosen, made = same_dtype(attrs, ins[1:], outs)
    return [ins[0], *chosen], made


define(
    "where",
    "x where the condition is not 0, else y. A condition with one axis chooses whole rows.",
    inputs={"condition": "Shape of x, or (x.shape[0],).", "x": "Array.", "y": "Array of the same shape."},
    shape=_where_shape,
    dtype=_where_dtype,
    kernel="where",
    elementwise=True,
    gradient=lambda g: [
        None,
        g.F.where(g.inputs[0], g.grad(), g.F.zeros_like(g.grad())),
        g.F.where(g.inputs[0], g.F.zeros_like(g.grad()), g.grad()),
    ],
    example=""">>> mx.nd.where(mx.nd.array([1, 0]), mx.nd.array([1, 2]), mx.nd.array([10, 20])).asnumpy()
array([ 1., 20.], dtype=float32)""",
)
define(
    "_sum_like",
    "Sum of `data` over the axes along which an array of the shape of `like` was repeated to get its shape.",
    inputs={"data": "Array.", "like": "Gives the shape."},
    shape_only=("like",),
    shape=output_like(1),
    kernel="sum_like",
    flops=per_element(1, of_input=0),
    gradient=lambda g: [g.F._spread_like(g.grad(), g.inputs[0]), None],
)
