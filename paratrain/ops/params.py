"""Typed parameters of operators: how a value given in Python or in a JSON file is read, checked and documented."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from paratrain.base import dtype_name

__all__ = ["REQUIRED", "Param", "choice", "dtype", "flag", "integer", "ints", "real", "reals", "text"]


class _Required:
    def __repr__(self) -> str:
        return "required"


#: Default of a parameter that must be given.
REQUIRED: Any = _Required()


@dataclass(frozen=True)
class Param:
    """One parameter of an operator.

    Attributes
    ----------
    kind : str
        Name of the type in documentation, e.g. ``int`` or ``tuple of int``.
    default : object
        Value when not given; `REQUIRED` if it must be given.
    doc : str
        One sentence.
    read : callable
        Turns a given value (typed, or text as in JSON) into the typed one; raises ValueError or TypeError.
    optional : bool
        Whether ``None`` is a value.
    """

    kind: str
    default: Any
    doc: str
    read: Callable[[Any], Any]
    optional: bool = False

    def parse(self, value: Any) -> Any:
        """The typed value; ``None`` and ``'None'`` only where the parameter is optional."""
        if value is None or (isinstance(value, str) and value == "None" and self.optional):
            if self.optional:
                return None
            raise ValueError(f"must be {self.kind}; got None")
        return self.read(value)


def _literal(value: Any) -> Any:
    """Text as in a JSON file to a Python value; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value.strip().replace("L", ""))
    except (ValueError, SyntaxError):
        return value


def _is_number(value: Any) -> bool:
    # an NDArray is none: its value may change after a kernel was made with it
    is_scalar = isinstance(value, (Real, np.generic)) or (isinstance(value, np.ndarray) and value.ndim == 0)
    return is_scalar and hasattr(value, "__float__") and not isinstance(value, (str, bytes))


def _is_whole(value: Any) -> bool:
    try:
        return _is_number(value) and int(value) == value
    except (TypeError, ValueError, OverflowError):  # complex, NaN, infinity
        return False


def integer(
    default: Any = REQUIRED, doc: str = "", *, low: int | None = None, high: int | None = None, optional: bool = False
) -> Param:
    """A whole number, in ``low..high`` (both included) where given."""
    span = f"int >= {low}" if low is not None and high is None else "int"
    if high is not None:
        span = f"int in {low}..{high}"

    def read(value: Any) -> int:
        got = _literal(value)
        if not _is_whole(got):
            raise TypeError(f"must be {span}; got {value!r}")
        if (low is not None and got < low) or (high is not None and got > high):
            raise ValueError(f"must be {span}; got {value!r}")
        return int(got)

    return Param(span, default, doc, read, optional or default is None)


def real(
    default: Any = REQUIRED,
    doc: str = "",
    *,
    low: float | None = None,
    high: float | None = None,
    optional: bool = False,
) -> Param:
    """A real number, in ``low..high`` (both included) where given."""
    span = "float" if low is None and high is None else f"float in {low}..{high}"

    def read(value: Any) -> float:
        got = value
        if isinstance(value, str):
            try:
                got = float(value)
            except ValueError:
                got = _literal(value)
        if not _is_number(got):
            raise TypeError(f"must be {span}; got {value!r}")
        if (low is not None and got < low) or (high is not None and got > high):
            raise ValueError(f"must be {span}; got {value!r}")
        return float(got)

    return Param(span, default, doc, read, optional or default is None)


def flag(default: Any = REQUIRED, doc: str = "", *, optional: bool = False) -> Param:
    """True or False (also 0 and 1, and their text)."""

    def read(value: Any) -> bool:
        got = {"true": True, "false": False}.get(value.lower(), _literal(value)) if isinstance(value, str) else value
        if not _is_number(got) or got not in (0, 1):
            raise TypeError(f"must be bool; got {value!r}")
        return bool(got)

    return Param("bool", default, doc, read, optional or default is None)


def text(default: Any = REQUIRED, doc: str = "", *, optional: bool = False) -> Param:
    """Any text."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(f"must be str; got {value!r}")
        return value

    return Param("str", default, doc, read, optional or default is None)


def choice(names: tuple[str, ...], default: Any = REQUIRED, doc: str = "", *, optional: bool = False) -> Param:
    """One of a few words."""
    span = "{" + ", ".join(repr(n) for n in names) + "}"

    def read(value: Any) -> str:
        if value not in names:
            raise ValueError(f"must be one of {span}; got {value!r}")
        return str(value)

    return Param(span, default, doc, read, optional or default is None)


def ints(
    default: Any = REQUIRED,
    doc: str = "",
    *,
    low: int | None = None,
    optional: bool = False,
    inner_none: bool = False,
) -> Param:
    """A tuple of whole numbers; a single one stands for a tuple of one."""
    span = "tuple of int" + (f" >= {low}" if low is not None else "")

    def read(value: Any) -> tuple:
        got = _literal(value)
        if _is_number(got):
            got = (got,)
        try:
            items = tuple(got)
            out = tuple(None if v is None and inner_none else int(v) for v in items)
        except (TypeError, ValueError, OverflowError):
            raise TypeError(f"must be {span}; got {value!r}") from None
        if any(o != v for o, v in zip(out, items)):
            raise TypeError(f"must be {span}; got {value!r}")
        if low is not None and any(v is not None and v < low for v in out):
            raise ValueError(f"must be {span}; got {value!r}")
        return out

    return Param(span, default, doc, read, optional or default is None)


def reals(default: Any = REQUIRED, doc: str = "", *, optional: bool = False) -> Param:
    """A tuple of real numbers; a single one stands for a tuple of one."""

    def read(value: Any) -> tuple:
        got = _literal(value)
        try:
            items = (got,) if _is_number(got) else tuple(got)
        except TypeError:
            items = (None,)
        if isinstance(got, str) or not all(_is_number(v) for v in items):
            raise TypeError(f"must be tuple of float; got {value!r}")
        return tuple(float(v) for v in items)

    return Param("tuple of float", default, doc, read, optional or default is None)


def dtype(default: Any = REQUIRED, doc: str = "Element type.", *, optional: bool = False) -> Param:
    """An element type."""
    return Param("dtype", default, doc, dtype_name, optional or default is None)
