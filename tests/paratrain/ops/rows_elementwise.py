"""Functions of one array, of two arrays, and of an array and a scalar."""

from __future__ import annotations

import math

import numpy as np
from table import FLOATS, NUMBERS, REAL, Refused, Row, Sample

SHAPES = (Sample([(2, 3)]), Sample([(0, 3)]), Sample([(37,)]))
INTEGERS = ("int32", "int64", "uint8", "int8")


def unary(op, reference, domain=(-2.0, 2.0), gradient=True, dtypes=FLOATS, **kw):
    return Row(
        op,
        reference,
        SHAPES,
        gradient=(0,) if gradient else (),
        domain=domain,
        dtypes=dtypes,
        distinct=True,
        refused=(Refused([(2,), (2,)], {}, TypeError, rf"\[{op}\] takes 1 array"),),
        **kw,
    )


def half_away(x):
    return np.sign(x) * np.floor(np.abs(x) + 0.5)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


_gamma = np.vectorize(math.gamma, otypes=[float])
_lgamma = np.vectorize(math.lgamma, otypes=[float])
_digamma = np.vectorize(lambda x: (math.lgamma(x + 1e-5) - math.lgamma(x - 1e-5)) / 2e-5, otypes=[float])
_erf = np.vectorize(math.erf, otypes=[float])

UNARY = [
    unary("_copy", lambda x: x, dtypes=NUMBERS),
    unary("negative", np.negative, dtypes=(*FLOATS, "int32")),
    unary("abs", np.abs, dtypes=(*FLOATS, "int32")),
    unary("sign", np.sign, dtypes=(*FLOATS, "int32")),
    unary("square", np.square, dtypes=(*FLOATS, "int64")),
    unary("relu", lambda x: np.maximum(x, 0), dtypes=(*FLOATS, "int8")),
    unary("round", half_away),
    unary("rint", lambda x: np.ceil(x - 0.5)),
    unary("ceil", np.ceil),
    unary("floor", np.floor),
    unary("trunc", np.trunc),
    unary("fix", np.trunc),
    unary("sqrt", np.sqrt, (0.1, 4.0)),
    unary("rsqrt", lambda x: 1 / np.sqrt(x), (0.2, 4.0)),
    unary("cbrt", np.cbrt, (0.1, 4.0)),
    unary("rcbrt", lambda x: 1 / np.cbrt(x), (0.2, 4.0)),
    unary("reciprocal", lambda x: 1 / x, (0.3, 3.0)),
    unary("exp", np.exp),
    unary("expm1", np.expm1),
    unary("log", np.log, (0.2, 5.0)),
    unary("log10", np.log10, (0.2, 5.0)),
    unary("log2", np.log2, (0.2, 5.0)),
    unary("log1p", np.log1p, (-0.7, 3.0)),
    unary("sin", np.sin, (-4.0, 4.0)),
    unary("cos", np.cos, (-4.0, 4.0)),
    unary("tan", np.tan, (-1.2, 1.2)),
    unary("arcsin", np.arcsin, (-0.9, 0.9)),
    unary("arccos", np.arccos, (-0.9, 0.9)),
    unary("arctan", np.arctan),
    unary("sinh", np.sinh),
    unary("cosh", np.cosh),
    unary("tanh", np.tanh),
    unary("arcsinh", np.arcsinh),
    unary("arccosh", np.arccosh, (1.2, 4.0)),
    unary("arctanh", np.arctanh, (-0.9, 0.9)),
    unary("degrees", np.degrees),
    unary("radians", np.radians),
    unary("erf", _erf),
    unary("gamma", _gamma, (0.5, 4.0), scale=4.0),
    unary("gammaln", _lgamma, (0.5, 4.0)),
    unary("_digamma", _digamma, (-2.5, 4.3), dtypes=("float32",), scale=10.0),
    unary("sigmoid", sigmoid, (-6.0, 6.0)),
    unary("softsign", lambda x: x / (1 + np.abs(x))),
    unary("_softrelu", lambda x: np.log1p(np.exp(x))),
    unary("logical_not", lambda x: (x == 0).astype(float), dtypes=(*FLOATS, "int32")),
]

PAIRS = (
    Sample([(2, 3), (2, 3)]),
    Sample([(2, 3, 1), (1, 3, 4)]),
    Sample([(2, 1, 3), (2, 4, 1)]),
    Sample([(0, 3), (1, 3)]),
)
ALIKE = (Sample([(2, 3), (2, 3)]), Sample([(0,), (0,)]))


def modulo(a, b):
    return np.where(b == 0, 0.0, np.mod(a, np.where(b == 0, 1, b)))


def flag(f):
    return lambda a, b: f(a, b).astype(float)


# kernel name, broadcast, elementwise, scalar forward, scalar reversed, reference, domain, differentiable
BINARY_TABLE = [
    ("broadcast_add", "elemwise_add", "_plus_scalar", None, np.add, (-2, 2), True),
    ("broadcast_sub", "elemwise_sub", "_minus_scalar", "_rminus_scalar", np.subtract, (-2, 2), True),
    ("broadcast_mul", "elemwise_mul", "_mul_scalar", None, np.multiply, (-2, 2), True),
    ("broadcast_div", "elemwise_div", "_div_scalar", "_rdiv_scalar", np.divide, (0.5, 3), True),
    ("broadcast_mod", "_mod", "_mod_scalar", "_rmod_scalar", modulo, (0.5, 3), False),
    ("broadcast_power", "_power", "_power_scalar", "_rpower_scalar", np.power, (0.5, 2.5), True),
    ("broadcast_maximum", "_maximum", "_maximum_scalar", None, np.maximum, (-2, 2), True),
    ("broadcast_minimum", "_minimum", "_minimum_scalar", None, np.minimum, (-2, 2), True),
    ("broadcast_hypot", "_hypot", "_hypot_scalar", None, np.hypot, (0.5, 3), True),
    ("broadcast_equal", "_equal", "_equal_scalar", None, flag(np.equal), (-1, 1), False),
    ("broadcast_not_equal", "_not_equal", "_not_equal_scalar", None, flag(np.not_equal), (-1, 1), False),
    ("broadcast_greater", "_greater", "_greater_scalar", None, flag(np.greater), (-1, 1), False),
    (
        "broadcast_greater_equal",
        "_greater_equal",
        "_greater_equal_scalar",
        None,
        flag(np.greater_equal),
        (-1, 1),
        False,
    ),
    ("broadcast_lesser", "_lesser", "_lesser_scalar", None, flag(np.less), (-1, 1), False),
    ("broadcast_lesser_equal", "_lesser_equal", "_lesser_equal_scalar", None, flag(np.less_equal), (-1, 1), False),
    ("broadcast_logical_and", "_logical_and", "_logical_and_scalar", None, flag(np.logical_and), (-1, 1), False),
    ("broadcast_logical_or", "_logical_or", "_logical_or_scalar", None, flag(np.logical_or), (-1, 1), False),
    ("broadcast_logical_xor", "_logical_xor", "_logical_xor_scalar", None, flag(np.logical_xor), (-1, 1), False),
]


def scalar_row(op, reference, domain, smooth, reverse):
    def of_scalar(x, scalar):
        return reference(scalar, x) if reverse else reference(x, scalar)

    return Row(
        op,
        of_scalar,
        (Sample([(2, 3)], {"scalar": 1.5}), Sample([(0,)], {"scalar": 1.0})),
        gradient=(0,) if smooth else (),
        domain=domain,
        dtypes=FLOATS,
        distinct=True,
        refused=(Refused([(2,)], {"scalar": "x"}, TypeError, "scalar must be float"),),
    )


def binary_rows():
    for broadcast, alike, forward, reverse, reference, domain, smooth in BINARY_TABLE:
        both = (0, 1) if smooth else ()
        floats = FLOATS if broadcast != "broadcast_mod" else REAL
        yield Row(
            broadcast,
            reference,
            PAIRS,
            gradient=both,
            domain=domain,
            dtypes=floats,
            distinct=True,
            refused=(Refused([(2, 3), (2, 2)], {}, ValueError, rf"\[{broadcast}\] shapes must broadcast"),),
        )
        yield Row(
            alike,
            reference,
            ALIKE,
            gradient=both,
            domain=domain,
            dtypes=floats,
            distinct=True,
            refused=(Refused([(2, 3), (1, 3)], {}, ValueError, "shapes must agree"),),
        )
        yield scalar_row(forward, reference, domain, smooth, False)
        if reverse:
            yield scalar_row(reverse, reference, domain, smooth, True)


OTHERS = [
    Row(
        "Cast",
        lambda x, dtype: x.astype(dtype),
        (Sample([(2, 3)], {"dtype": "float64"}), Sample([(0,)], {"dtype": "float64"})),
        gradient=(0,),
        dtypes=("float32", "float64", "int32", "uint8"),
        refused=(Refused([(2,)], {"dtype": "float128x"}, TypeError, r"\[Cast\] dtype \[dtype\] must be one of"),),
    ),
    Row(
        "_cast_like",
        lambda x, like: x,
        (Sample([(2, 3), np.zeros(1)]),),
        gradient=(0,),
        dtypes=("float64", "float32"),
    ),
    Row(
        "clip",
        lambda x, a_min, a_max: np.clip(x, a_min, a_max),
        (Sample([(3, 4)], {"a_min": -1.03, "a_max": 0.52}), Sample([(0,)], {"a_min": -1.0, "a_max": 1.0})),
        gradient=(0,),
        dtypes=FLOATS,
        scale=2.0,
        distinct=True,
        refused=(Refused([(2,)], {"a_min": 0.0}, TypeError, "a_max .* is required"),),
    ),
    Row(
        "add_n",
        lambda *xs: sum(xs),
        (Sample([(2, 3)]), Sample([(2, 3)] * 3), Sample([(0, 2)] * 2)),
        gradient=(0, 1, 2),
        dtypes=(*FLOATS, "int32"),
        scale=2.0,
        refused=(Refused([(2,), (3,)], {}, ValueError, r"\[add_n\] shapes must agree"),),
    ),
    Row(
        "where",
        lambda c, x, y: np.where(c.reshape(c.shape + (1,) * (x.ndim - c.ndim)) != 0, x, y),
        (
            Sample([np.array([[1, 0, 2.0], [0, 0, 1]]), (2, 3), (2, 3)]),
            Sample([np.array([1, 0], "int32"), (2, 3), (2, 3)]),
            Sample([np.zeros((0,)), (0, 3), (0, 3)]),
        ),
        gradient=(1, 2),
        dtypes=(*FLOATS, "int32"),
        refused=(
            Refused([(3,), (2, 3), (2, 3)], {}, ValueError, "condition"),
            Refused([(2, 3), (2, 3), np.zeros((2, 3), np.float16)], {}, TypeError, "dtypes must agree"),
        ),
    ),
    Row(
        "_sum_like",
        lambda x, like: x.sum(0, keepdims=True).reshape(like.shape),
        (Sample([(4, 3), (1, 3)]), Sample([(4, 3), (3,)])),
        gradient=(0,),
    ),
    Row(
        "_spread_like",
        lambda x, like: np.broadcast_to(x, like.shape),
        (Sample([(3,), (4, 3)]), Sample([(4, 1), (4, 3)]), Sample([(1,), (0, 2)])),
        gradient=(0,),
    ),
]
ROWS = [*UNARY, *binary_rows(), *OTHERS]
