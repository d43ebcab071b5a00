"""Functions of two operands, each an array or a number: ``nd.maximum(x, 0)``, ``nd.add(1, y)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ext.engine import Binary, set_arithmetic
from paratrain.ndarray.ndarray import NDArray
from paratrain.ops.registry import get

# name: broadcasting operator, scalar operator, scalar operator with the number first, what it computes
_TABLE = {
    "add": ("broadcast_add", "_plus_scalar", "_plus_scalar", "a + b"),
    "subtract": ("broadcast_sub", "_minus_scalar", "_rminus_scalar", "a - b"),
    "multiply": ("broadcast_mul", "_mul_scalar", "_mul_scalar", "a * b"),
    "divide": ("broadcast_div", "_div_scalar", "_rdiv_scalar", "a / b"),
    "modulo": ("broadcast_mod", "_mod_scalar", "_rmod_scalar", "the remainder of a / b"),
    "power": ("broadcast_power", "_power_scalar", "_rpower_scalar", "a to the power of b"),
    "maximum": ("broadcast_maximum", "_maximum_scalar", "_maximum_scalar", "the larger of a and b"),
    "minimum": ("broadcast_minimum", "_minimum_scalar", "_minimum_scalar", "the smaller of a and b"),
    "equal": ("broadcast_equal", "_equal_scalar", "_equal_scalar", "1 where a == b, else 0"),
    "not_equal": ("broadcast_not_equal", "_not_equal_scalar", "_not_equal_scalar", "1 where a != b, else 0"),
    "greater": ("broadcast_greater", "_greater_scalar", "_lesser_scalar", "1 where a > b, else 0"),
    "greater_equal": ("broadcast_greater_equal", "_greater_equal_scalar", "_lesser_equal_scalar", "1 where a >= b, else 0"),
    "lesser": ("broadcast_lesser", "_lesser_scalar", "_greater_scalar", "1 where a < b, else 0"),
    "lesser_equal": ("broadcast_lesser_equal", "_lesser_equal_scalar", "_greater_equal_scalar", "1 where a <= b, else 0"),
    "logical_and": ("broadcast_logical_and", "_logical_and_scalar", "_logical_and_scalar", "1 where both are not 0"),
    "logical_or": ("broadcast_logical_or", "_logical_or_scalar", "_logical_or_scalar", "1 where one is not 0"),
    "logical_xor": ("broadcast_logical_xor", "_logical_xor_scalar", "_logical_xor_scalar", "1 where just one is not 0"),
}  # fmt: skip


_SAME_SHAPE = {"add": "elemwise_add", "subtract": "elemwise_sub", "multiply": "elemwise_mul", "divide": "elemwise_div"}


def _binary(name: str, broadcast: str, scalar: str, reverse: str) -> Binary:
    same = _SAME_SHAPE.get(name, broadcast.replace("broadcast", ""))
    return Binary(get(same), get(broadcast), get(scalar), get(reverse))


#: What each name stands for.
BINARY = {name: _binary(name, *row[:3]) for name, row in _TABLE.items()}
set_arithmetic(BINARY)


def _function(name: str, sentence: str) -> Callable[[Any, Any], Any]:
    binary = BINARY[name]

    def call(lhs: Any, rhs: Any) -> Any:
        if isinstance(lhs, NDArray):
            return binary(lhs, rhs)
        if isinstance(rhs, NDArray):
            return binary(rhs, lhs, True)
        raise TypeError(f"[nd.{name}] one operand must be NDArray; got {type(lhs).__name__} and {type(rhs).__name__}")

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"""Element by element with broadcasting: {sentence}.

    Parameters
    ----------
    lhs, rhs : NDArray or float
        At least one is an array.

    Returns
    -------
    NDArray

    Raises
    ------
    TypeError
        If neither operand is an array.
    """
    return call


FUNCTIONS = {name: _function(name, row[3]) for name, row in _TABLE.items()}
FUNCTIONS["true_divide"] = FUNCTIONS["divide"]
