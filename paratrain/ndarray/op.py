"""Operators on arrays.

Generated from the definitions in `paratrain/ops` by ``python -m paratrain.ops.generate``; edit those.
"""

from __future__ import annotations

from typing import Any

from paratrain.ndarray.invoke import flatten as _flatten
from paratrain.ndarray.invoke import invoke
from paratrain.ndarray.ndarray import NDArray
from paratrain.ops.params import REQUIRED
from paratrain.ops.registry import OPS

__all__ = [
    "Cast",
    "ElementWiseSum",
    "abs",
    "add_n",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "broadcast_add",
    "broadcast_div",
    "broadcast_equal",
    "broadcast_greater",
    "broadcast_greater_equal",
    "broadcast_hypot",
    "broadcast_lesser",
    "broadcast_lesser_equal",
    "broadcast_logical_and",
    "broadcast_logical_or",
    "broadcast_logical_xor",
    "broadcast_maximum",
    "broadcast_minimum",
    "broadcast_minus",
    "broadcast_mod",
    "broadcast_mul",
    "broadcast_not_equal",
    "broadcast_plus",
    "broadcast_power",
    "broadcast_sub",
    "cast",
    "cbrt",
    "ceil",
    "clip",
    "cos",
    "cosh",
    "degrees",
    "elemwise_add",
    "elemwise_div",
    "elemwise_mul",
    "elemwise_sub",
    "erf",
    "exp",
    "expm1",
    "fix",
    "floor",
    "gamma",
    "gammaln",
    "identity",
    "log",
    "log10",
    "log1p",
    "log2",
    "logical_not",
    "negative",
    "radians",
    "rcbrt",
    "reciprocal",
    "relu",
    "rint",
    "round",
    "rsqrt",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softsign",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "trunc",
    "where",
]


def Cast(data: NDArray | None = None, dtype: Any = REQUIRED, out: Any = None, name: str | None = None) -> Any:
    """The array with another element type. Real numbers lose their fraction when they become integers.

    Parameters
    ----------
    data : NDArray
        Input array.
    dtype : dtype
        Element type of the result.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Cast"], [data], {"dtype": dtype}, out)


def ElementWiseSum(*args: NDArray, num_args: int | None = None, out: Any = None, name: str | None = None) -> Any:
    """Sum of any number of arrays of one shape.

    Parameters
    ----------
    *args : NDArray
        Arrays of one shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["add_n"], _flatten(args), {"num_args": num_args}, out)


def abs(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Absolute value.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["abs"], [data], {}, out)


def add_n(*args: NDArray, num_args: int | None = None, out: Any = None, name: str | None = None) -> Any:
    """Sum of any number of arrays of one shape.

    Parameters
    ----------
    *args : NDArray
        Arrays of one shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["add_n"], _flatten(args), {"num_args": num_args}, out)


def arccos(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse cosine, in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arccos"], [data], {}, out)


def arccosh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse hyperbolic cosine.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arccosh"], [data], {}, out)


def arcsin(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse sine, in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arcsin"], [data], {}, out)


def arcsinh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse hyperbolic sine.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arcsinh"], [data], {}, out)


def arctan(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse tangent, in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arctan"], [data], {}, out)


def arctanh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse hyperbolic tangent.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arctanh"], [data], {}, out)


def broadcast_add(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a + b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_add"], [lhs, rhs], {}, out)


def broadcast_div(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a / b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_div"], [lhs, rhs], {}, out)


def broadcast_equal(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a == b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_equal"], [lhs, rhs], {}, out)


def broadcast_greater(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a > b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_greater"], [lhs, rhs], {}, out)


def broadcast_greater_equal(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a >= b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_greater_equal"], [lhs, rhs], {}, out)


def broadcast_hypot(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: sqrt(a^2 + b^2).

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_hypot"], [lhs, rhs], {}, out)


def broadcast_lesser(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a < b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_lesser"], [lhs, rhs], {}, out)


def broadcast_lesser_equal(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a <= b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_lesser_equal"], [lhs, rhs], {}, out)


def broadcast_logical_and(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a and b are not 0, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_logical_and"], [lhs, rhs], {}, out)


def broadcast_logical_or(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a or b is not 0, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_logical_or"], [lhs, rhs], {}, out)


def broadcast_logical_xor(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where one of a and b is 0 and the other is not, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_logical_xor"], [lhs, rhs], {}, out)


def broadcast_maximum(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: the larger of a and b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_maximum"], [lhs, rhs], {}, out)


def broadcast_minimum(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: the smaller of a and b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_minimum"], [lhs, rhs], {}, out)


def broadcast_minus(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a - b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_sub"], [lhs, rhs], {}, out)


def broadcast_mod(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: remainder of a / b with the sign of b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_mod"], [lhs, rhs], {}, out)


def broadcast_mul(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a * b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_mul"], [lhs, rhs], {}, out)


def broadcast_not_equal(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a != b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_not_equal"], [lhs, rhs], {}, out)


def broadcast_plus(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a + b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_add"], [lhs, rhs], {}, out)


def broadcast_power(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a to the power of b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_power"], [lhs, rhs], {}, out)


def broadcast_sub(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a - b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_sub"], [lhs, rhs], {}, out)


def cast(data: NDArray | None = None, dtype: Any = REQUIRED, out: Any = None, name: str | None = None) -> Any:
    """The array with another element type. Real numbers lose their fraction when they become integers.

    Parameters
    ----------
    data : NDArray
        Input array.
    dtype : dtype
        Element type of the result.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Cast"], [data], {"dtype": dtype}, out)


def cbrt(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Cube root.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["cbrt"], [data], {}, out)


def ceil(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Smallest integer that is not smaller.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["ceil"], [data], {}, out)


def clip(
    data: NDArray | None = None,
    a_min: float = REQUIRED,
    a_max: float = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Limits each element to ``[a_min, a_max]``.

    Parameters
    ----------
    data : NDArray
        Input array.
    a_min : float
        Smallest value.
    a_max : float
        Largest value.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["clip"], [data], {"a_min": a_min, "a_max": a_max}, out)


def cos(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Cosine of an angle in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["cos"], [data], {}, out)


def cosh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Hyperbolic cosine.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["cosh"], [data], {}, out)


def degrees(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Radians to degrees.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["degrees"], [data], {}, out)


def elemwise_add(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element, for arrays of one shape: a + b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["elemwise_add"], [lhs, rhs], {}, out)


def elemwise_div(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element, for arrays of one shape: a / b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["elemwise_div"], [lhs, rhs], {}, out)


def elemwise_mul(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element, for arrays of one shape: a * b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["elemwise_mul"], [lhs, rhs], {}, out)


def elemwise_sub(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element, for arrays of one shape: a - b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["elemwise_sub"], [lhs, rhs], {}, out)


def erf(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Error function.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["erf"], [data], {}, out)


def exp(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """e to the power of each element.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["exp"], [data], {}, out)


def expm1(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """exp(x) - 1, exact for small x.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["expm1"], [data], {}, out)


def fix(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Integer part (rounding towards zero).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["fix"], [data], {}, out)


def floor(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Largest integer that is not larger.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["floor"], [data], {}, out)


def gamma(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Gamma function.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["gamma"], [data], {}, out)


def gammaln(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Logarithm of the absolute value of the gamma function.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["gammaln"], [data], {}, out)


def identity(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Copy of the array.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["_copy"], [data], {}, out)


def log(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Natural logarithm.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["log"], [data], {}, out)


def log10(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Logarithm to base 10.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["log10"], [data], {}, out)


def log1p(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """log(1 + x), exact for small x.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["log1p"], [data], {}, out)


def log2(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Logarithm to base 2.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["log2"], [data], {}, out)


def logical_not(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 where the element is 0, else 0.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["logical_not"], [data], {}, out)


def negative(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Negative of each element.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["negative"], [data], {}, out)


def radians(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Degrees to radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["radians"], [data], {}, out)


def rcbrt(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 / cbrt(x).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["rcbrt"], [data], {}, out)


def reciprocal(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 / x.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["reciprocal"], [data], {}, out)


def relu(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """max(x, 0).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["relu"], [data], {}, out)


def rint(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Nearest integer, halves to the even one.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["rint"], [data], {}, out)


def round(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Nearest integer, halves away from zero.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["round"], [data], {}, out)


def rsqrt(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 / sqrt(x).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["rsqrt"], [data], {}, out)


def sigmoid(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 / (1 + exp(-x)).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sigmoid"], [data], {}, out)


def sign(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """-1, 0 or 1 by the sign of each element.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sign"], [data], {}, out)


def sin(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Sine of an angle in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sin"], [data], {}, out)


def sinh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Hyperbolic sine.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sinh"], [data], {}, out)


def softsign(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """x / (1 + |x|).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["softsign"], [data], {}, out)


def sqrt(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Square root.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sqrt"], [data], {}, out)


def square(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Square of each element.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["square"], [data], {}, out)


def tan(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Tangent of an angle in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["tan"], [data], {}, out)


def tanh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Hyperbolic tangent.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["tanh"], [data], {}, out)


def trunc(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Integer part.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["trunc"], [data], {}, out)


def where(
    condition: NDArray | None = None,
    x: NDArray | None = None,
    y: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """x where the condition is not 0, else y. A condition with one axis chooses whole rows.

    Parameters
    ----------
    condition : NDArray
        Shape of x, or (x.shape[0],).
    x : NDArray
        Array.
    y : NDArray
        Array of the same shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["where"], [condition, x, y], {}, out)
