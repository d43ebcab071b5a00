"""Operators of `contrib` and others that belong to no larger family."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from paratrain.ops.flops import per_element
from paratrain.ops.params import choice, flag, ints, real
from paratrain.ops.reduce import kept_shape, reduced_axes
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, float_dtype, merge, same_shape, show

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]


def _parametric(name: str, a: float = 0.0, b: float = 0.0, c: float = 0.0) -> tuple[str, Attrs]:
    return name, {"a": a, "b": b, "c": c}


define(
    "erfinv",
    "Inverse of the error function; infinite at -1 and 1, NaN beyond.",
    inputs={"data": "Input array of any shape."},
    dtype=float_dtype,
    kernel=lambda attrs, ins, outs: _parametric("erfinv"),
    elementwise=True,
    inplace=True,
    gradient=lambda g: [
        g.F.elemwise_mul(g.grad(), g.F._mul_scalar(g.F.exp(g.F.square(g.outputs[0])), scalar=math.sqrt(math.pi) / 2))
    ],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.erfinv(mx.nd.array([0, 1])).asnumpy()
    array([ 0., inf], dtype=float32)""",
)
define(
    "hard_sigmoid",
    "``alpha * x + beta``, limited to ``[0, 1]``.",
    params={"alpha": real(0.2, "Slope."), "beta": real(0.5, "Value at 0.")},
    dtype=float_dtype,
    kernel=lambda attrs, ins, outs: _parametric("hard_sigmoid", attrs["alpha"], attrs["beta"]),
    elementwise=True,
    inplace=True,
    gradient=lambda g: [g.F._backward_hard_sigmoid(g.grad(), g.outputs[0], alpha=g.attrs["alpha"])],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.hard_sigmoid(mx.nd.array([-5, 0, 5])).asnumpy()
    array([0. , 0.5, 1. ], dtype=float32)""",
)
define(
    "_backward_hard_sigmoid",
    "Gradient of hard_sigmoid: alpha times dY where Y is strictly between 0 and 1.",
    inputs={"grad": "dY.", "output": "Y."},
    params={"alpha": real(0.2, "Slope.")},
    dtype=float_dtype,
    kernel=lambda attrs, ins, outs: _parametric("hard_sigmoid_grad", attrs["alpha"]),
    elementwise=True,
    inplace=True,
    gradient=lambda g: [g.F._backward_hard_sigmoid(g.grad(), g.inputs[1], **g.attrs), None],
)


def _quadratic_grad(g: GradContext) -> Sequence[Any]:
    slope = g.F._plus_scalar(g.F._mul_scalar(g.inputs[0], scalar=2 * g.attrs["a"]), scalar=g.attrs["b"])
    return [g.F.elemwise_mul(g.grad(), slope)]


define(
    "_contrib_quadratic",
    "``a * x^2 + b * x + c`` for each element.",
    params={
        "a": real(0.0, "Factor of the square."),
        "b": real(0.0, "Factor of the element."),
        "c": real(0.0, "Summand."),
    },
    kernel=lambda attrs, ins, outs: _parametric("quadratic", **attrs),
    elementwise=True,
    inplace=True,
    gradient=_quadratic_grad,
    flops=per_element(4),
    example="""
    >>> import paratrain as mx
    >>> mx.nd.contrib.quadratic(mx.nd.array([1, 2]), a=1, b=2, c=3).asnumpy()
    array([ 6., 11.], dtype=float32)""",
)


def _root_of_width(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    width = ins[0][0][-1]
    return "mul_scalar", {"scalar": 1 / math.sqrt(width) if width else 1.0, "reverse": False}


define(
    "_contrib_div_sqrt_dim",
    "The array divided by the square root of the size of its last axis.",
    dtype=float_dtype,
    kernel=_root_of_width,
    elementwise=True,
    gradient=lambda g: [g.F._contrib_div_sqrt_dim(g.grad())],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.contrib.div_sqrt_dim(mx.nd.ones((1, 4))).asnumpy()
    array([[0.5, 0.5, 0.5, 0.5]], dtype=float32)""",
)
define(
    "_contrib_gradientmultiplier",
    "The array itself; its gradient is multiplied by a number.",
    params={
        "scalar": real(1.0, "Factor of the gradient."),
        "is_int": flag(True, "Accepted for MXNet's sake: whether the factor was an int."),
    },
    kernel=lambda attrs, ins, outs: ("copy", {}),
    inplace=True,
    elementwise=True,
    gradient=lambda g: [g.F._mul_scalar(g.grad(), scalar=g.attrs["scalar"])],
    example="""
    >>> import paratrain as mx
    >>> x = mx.nd.ones((2,))
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     y = mx.nd.contrib.gradientmultiplier(x, scalar=-0.5)
    >>> y.backward()
    >>> x.grad.asnumpy()
    array([-0.5, -0.5], dtype=float32)""",
)
for _name, _what in (("round", "Nearest integer, halves away from zero"), ("sign", "-1, 0 or 1 by the sign")):
    define(
        f"_contrib_{_name}_ste",
        f"{_what}; the gradient passes as if it were the array itself (a straight-through estimator).",
        kernel=_name,
        inplace=True,
        elementwise=True,
        gradient=lambda g: [g.grad()],
        example=f"""
    >>> import paratrain as mx
    >>> mx.nd.contrib.{_name}_ste(mx.nd.array([-1.5, 0.0])).asnumpy().tolist()
    [{"-2.0" if _name == "round" else "-1.0"}, 0.0]""",
    )
for _name, _what in (
    ("isnan", "it is NaN"),
    ("isinf", "it is infinite"),
    ("isfinite", "it is neither infinite nor NaN"),
):
    define(
        f"_contrib_{_name}",
        f"For each element 1 if {_what}, else 0; in the type of the array.",
        kernel=_name,
        inplace=True,
        elementwise=True,
        gradient_free=True,
        example=f"""
    >>> import paratrain as mx
    >>> mx.nd.contrib.{_name}(mx.nd.array([1.0, float("inf"), float("nan")])).asnumpy().tolist()
    {[float(_name == n) for n in ("isfinite", "isinf", "isnan")]}""",
    )
define(
    "_grad_add",
    "Sum of two gradients of one shape.",
    inputs={"lhs": "First array.", "rhs": "Second array."},
    kernel="add",
    inplace=True,
    elementwise=True,
    gradient=lambda g: [g.grad(), g.grad()],
)
define(
    "_identity_with_attr_like_rhs",
    "The first array; shape and type are those of the second one.",
    inputs={"lhs": "Array.", "rhs": "Gives the shape."},
    shape_only=("rhs",),
    kernel="copy",
    inplace=True,
    elementwise=True,
    gradient=lambda g: [g.grad(), g.F.zeros_like(g.inputs[1])],
)


def _refuse_sparse(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["stype"] != "default":
        raise NotImplementedError(f"[cast_storage] stype={attrs['stype']!r} (sparse) is not supported; use 'default'")
    return same_shape(attrs, ins, outs)


define(
    "cast_storage",
    "A copy of the array with another kind of storage, of which only the dense one is supported.",
    params={"stype": choice(("csr", "default", "row_sparse"), doc="Kind of storage: 'default' is dense.")},
    shape=_refuse_sparse,
    kernel=lambda attrs, ins, outs: ("copy", {}),
    inplace=True,
    gradient=lambda g: [g.grad()],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.cast_storage(mx.nd.ones((2,)), stype="default").asnumpy()
    array([1., 1.], dtype=float32)""",
)

# Comparisons and sums over whole arrays


def _pair_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[0], ins[1])
    return [shape, shape], [()]


def _pair_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kind = ins[0] or ins[1]
    if None not in ins and ins[0] != ins[1]:
        raise TypeError(f"dtypes must agree; got {ins[0]} and {ins[1]}")
    return [kind, kind], ["uint8"]


define(
    "_contrib_allclose",
    "1 if ``|a - b| <= atol + rtol * |b|`` for all elements, else 0; an array without axes, of uint8.",
    inputs={"a": "First array.", "b": "Second array, of the same shape."},
    params={
        "rtol": real(1e-5, "Relative tolerance."),
        "atol": real(1e-8, "Absolute tolerance."),
        "equal_nan": flag(True, "Whether NaN equals NaN."),
    },
    shape=_pair_shape,
    dtype=_pair_dtype,
    kernel="all_close",
    gradient_free=True,
    flops=per_element(3, of_input=0),
    example="""
    >>> import paratrain as mx
    >>> int(mx.nd.contrib.allclose(mx.nd.ones((2,)), mx.nd.ones((2,)) + 1e-7).asnumpy())
    1""",
)


def _moments_attrs(attrs: Attrs) -> Attrs:
    if not attrs["axes"]:
        raise ValueError("axes must name at least one axis; for moments of the whole array, name all of them")
    return {"axis": attrs["axes"], "keepdims": attrs["keepdims"]}


def _moments_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    named = _moments_attrs(attrs)
    if ins[0] is None:
        return ins, outs
    shape = kept_shape(named, ins[0])
    return ins, [merge(shape, s) for s in outs]


def _moments_grad(g: GradContext) -> Sequence[Any]:
    F, x, axes = g.F, g.inputs[0], _moments_attrs(g.attrs)
    mean = F._unreduce(g.grad(0), x, mean=True, **axes)
    away = F.elemwise_sub(x, F._unreduce(g.outputs[0], x, **axes))
    spread = F.elemwise_mul(F._unreduce(g.grad(1), x, mean=True, **axes), F._mul_scalar(away, scalar=2.0))
    return [F.elemwise_add(mean, spread)]


define(
    "moments",
    "Mean and variance over the given axes.",
    params={
        "axes": ints(None, "Axes, at least one.", optional=True),
        "keepdims": flag(False, "Keep the reduced axes with size 1."),
    },
    outputs=("output0", "output1"),
    shape=_moments_shape,
    dtype=float_dtype,
    kernel=lambda attrs, ins, outs: ("moments", {"axes": reduced_axes(_moments_attrs(attrs), len(ins[0][0]))}),
    gradient=_moments_grad,
    flops=per_element(4, of_input=0),
    example="""
    >>> import paratrain as mx
    >>> mean, var = mx.nd.moments(mx.nd.array([[1, 2], [3, 6]]), axes=(0,))
    >>> mean.asnumpy(), var.asnumpy()
    (array([2., 4.], dtype=float32), array([1., 4.], dtype=float32))""",
)

# Point processes

_HAWKES_INPUTS = {
    "lda": "Rates without events (N, K).",
    "alpha": "How much an event of a kind excites (K,).",
    "beta": "How fast that decays (K,).",
    "state": "Excitement at the beginning (N, K).",
    "lags": "Times between events (N, T).",
    "marks": "Kinds of the events (N, T), in 0..K-1.",
    "valid_length": "Numbers of events (N,).",
    "max_time": "Lengths of the observed times (N,).",
}


def _hawkes_shapes(ins: Shapes) -> Shapes:
    """Shapes of the inputs, completed by each other."""
    table = merge(merge(ins[0], ins[3]), (-1, -1), "lda and state")
    events = merge(merge(ins[4], ins[5]), (-1, -1), "lags and marks")
    assert table is not None
    assert events is not None
    kinds = merge(merge(ins[1], ins[2]), table[1:], "alpha, beta and the columns of lda")
    rows = merge(merge(ins[6], ins[7]), merge(table[:1], events[:1], "rows of lda and lags"), "sequences")
    assert kinds is not None
    assert rows is not None
    table, events = (rows[0], kinds[0]), (rows[0], events[1])
    return [table, kinds, kinds, table, events, events, rows, rows]


def _hawkes_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shapes = _hawkes_shapes(ins)
    if shapes[1] == (0,):
        raise ValueError(f"lda must have at least one column (kind of events); got {show(shapes[0])}")
    return shapes, [merge(shapes[6], outs[0]), merge(shapes[0], outs[1])]


def _hawkes_dtype(ins: Dtypes) -> Dtypes:
    (kind, *_), _ = float_dtype({}, [d for i, d in enumerate(ins) if i != 5], [])
    return [ins[5] or "int32" if i == 5 else kind for i in range(8)]


def _hawkes_types(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kinds = _hawkes_dtype(ins)
    return kinds, [kinds[0]] * 2


def _hawkes_back_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shapes, (rows, table) = _hawkes_shape(attrs, ins[1:], [ins[0], None])
    return [rows, *shapes], [merge(table, s) for s in outs]


def _hawkes_back_types(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kinds = _hawkes_dtype(ins[1:])
    return [kinds[0], *kinds], [kinds[0]] * 3


def _hawkes_grad(g: GradContext) -> Sequence[Any]:
    rate, alpha, beta = g.F._backward_contrib_hawkesll(g.grad(0), *g.inputs)
    return [rate, g.F.sum(alpha, axis=0), g.F.sum(beta, axis=0), *[None] * 5]


define(
    "_contrib_hawkesll",
    """Log-likelihood of marked point processes that excite themselves (Hawkes), with exponential decay.

    Returns the log-likelihood (N,) of each sequence and its state at the end (N, K). Gradients exist for `lda`, `alpha`
    and `beta`, of the log-likelihood only.""",
    inputs=_HAWKES_INPUTS,
    outputs=("output", "out_state"),
    shape=_hawkes_shape,
    dtype=_hawkes_types,
    kernel="hawkes",
    gradient=_hawkes_grad,
    flops=lambda attrs, ins, outs: 30 * math.prod(ins[4][0]),
    example="""
    >>> import paratrain as mx
    >>> rate, one, zero = mx.nd.array([[2.0]]), mx.nd.ones((1,)), mx.nd.zeros((1,))
    >>> marks = mx.nd.zeros((1, 1), dtype="int32")
    >>> like, state = mx.nd.contrib.hawkesll(rate, zero, one, mx.nd.zeros((1, 1)), mx.nd.ones((1, 1)), marks, one, one)
    >>> round(float(like.asscalar()), 4)  # log(2) - 2 * 1
    -1.3069""",
)
define(
    "_backward_contrib_hawkesll",
    "Gradients of hawkesll for each sequence: of lda, alpha and beta, each (N, K).",
    inputs={"grad": "Gradient of the log-likelihood.", **_HAWKES_INPUTS},
    outputs=("rate", "alpha", "beta"),
    shape=_hawkes_back_shape,
    dtype=_hawkes_back_types,
    kernel="hawkes_grad",
    flops=lambda attrs, ins, outs: 60 * math.prod(ins[5][0]),
)
