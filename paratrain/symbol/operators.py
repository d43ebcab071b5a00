"""Arithmetic and comparison of symbols with symbols and numbers."""

from __future__ import annotations

from numbers import Number
from typing import TYPE_CHECKING, Any

from paratrain.base import NotImplementedForSymbol
from paratrain.ops.registry import get
from paratrain.symbol.compose import compose

if TYPE_CHECKING:
    from paratrain.symbol.symbol import Symbol

__all__ = ["Operators", "binary"]


def binary(what: str, array_op: str, scalar_op: str, x: Any, other: Any) -> Symbol:
    """Symbol of ``x op other``.

    Parameters
    ----------
    what : str
        The operation, for the message.
    array_op, scalar_op : str
        Operators for two symbols, and for a symbol and a number.
    x : Symbol
    other : Symbol or number

    Raises
    ------
    TypeError
        If `other` is neither.
    """
    from paratrain.symbol.symbol import Symbol

    if isinstance(other, Symbol):
        return compose(get(array_op), [x, other], {}, hint=array_op)
    if isinstance(other, Number):
        return compose(get(scalar_op), [x], {"scalar": other}, hint=_SCALAR_HINTS.get(scalar_op, scalar_op))
    raise TypeError(f"[Symbol] the other operand of {what} must be Symbol or a number; got {type(other).__name__}")


# MXNet's names for nodes made by arithmetic: _plusscalar0
_SCALAR_HINTS = {
    f"_{name}_scalar": f"_{name}scalar"
    for name in (
        *("plus", "minus", "rminus", "mul", "div", "rdiv", "mod", "rmod", "power", "rpower"),
        *("maximum", "minimum", "hypot"),
    )
}


class Operators:
    """Python's operators on symbols."""

    __slots__ = ()
    __array_priority__ = 1000.0  # numpy leaves its operators to ours
    __hash__ = object.__hash__

    def __add__(self, other: Any) -> Symbol:
        return binary("+", "_plus", "_plus_scalar", self, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Symbol:
        return binary("-", "_minus", "_minus_scalar", self, other)

    def __rsub__(self, other: Any) -> Symbol:
        return binary("-", "_minus", "_rminus_scalar", self, other)

    def __mul__(self, other: Any) -> Symbol:
        return binary("*", "_mul", "_mul_scalar", self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Symbol:
        return binary("/", "_div", "_div_scalar", self, other)

    def __rtruediv__(self, other: Any) -> Symbol:
        return binary("/", "_div", "_rdiv_scalar", self, other)

    def __mod__(self, other: Any) -> Symbol:
        return binary("%", "_mod", "_mod_scalar", self, other)

    def __rmod__(self, other: Any) -> Symbol:
        return binary("%", "_mod", "_rmod_scalar", self, other)

    def __pow__(self, other: Any) -> Symbol:
        return binary("**", "_power", "_power_scalar", self, other)

    def __rpow__(self, other: Any) -> Symbol:
        return binary("**", "_power", "_rpower_scalar", self, other)

    def __neg__(self) -> Symbol:
        return binary("-", "_mul", "_mul_scalar", self, -1.0)

    def __abs__(self) -> Symbol:
        return compose(get("abs"), [self], {})

    def __eq__(self, other: Any) -> Any:
        return binary("==", "_equal", "_equal_scalar", self, other)

    def __ne__(self, other: Any) -> Any:
        return binary("!=", "_not_equal", "_not_equal_scalar", self, other)

    def __gt__(self, other: Any) -> Symbol:
        return binary(">", "_greater", "_greater_scalar", self, other)

    def __ge__(self, other: Any) -> Symbol:
        return binary(">=", "_greater_equal", "_greater_equal_scalar", self, other)

    def __lt__(self, other: Any) -> Symbol:
        return binary("<", "_lesser", "_lesser_scalar", self, other)

    def __le__(self, other: Any) -> Symbol:
        return binary("<=", "_lesser_equal", "_lesser_equal_scalar", self, other)

    def __bool__(self) -> bool:
        raise NotImplementedForSymbol("the truth of a symbol")

    def __iadd__(self, other: Any) -> Any:
        raise NotImplementedForSymbol("+= (write x = x + y)")

    def __isub__(self, other: Any) -> Any:
        raise NotImplementedForSymbol("-= (write x = x - y)")

    def __imul__(self, other: Any) -> Any:
        raise NotImplementedForSymbol("*= (write x = x * y)")

    def __itruediv__(self, other: Any) -> Any:
        raise NotImplementedForSymbol("/= (write x = x / y)")

    def __imod__(self, other: Any) -> Any:
        raise NotImplementedForSymbol("%= (write x = x % y)")
