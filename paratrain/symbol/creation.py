"""Variables, groups, and symbols that depend on no input."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Number
from typing import Any

from paratrain.attribute import AttrScope, check_text, is_reserved, stored_key
from paratrain.base import DTYPE_FLAGS, dtype_name
from paratrain.graph.ir import Entry, Node
from paratrain.ops.registry import get
from paratrain.symbol.compose import _text, compose
from paratrain.symbol.operators import binary
from paratrain.symbol.symbol import Symbol

__all__ = [
    "Group",
    "Variable",
    "arange",
    "eye",
    "full",
    "hypot",
    "linspace",
    "maximum",
    "minimum",
    "ones",
    "pow",
    "power",
    "var",
    "zeros",
]


def var(
    name: str,
    attr: Mapping[str, str] | None = None,
    shape: Sequence[int] | None = None,
    lr_mult: float | None = None,
    wd_mult: float | None = None,
    dtype: Any = None,
    init: Any = None,
    stype: str | None = None,
    profiler_scope: str | None = None,
    **kwargs: Any,
) -> Symbol:
    """A variable: an input, a parameter or a state, which gets an array when the symbol is bound.

    Parameters
    ----------
    name : str
        Not changed by a `Prefix`.
    attr : dict of str to str, optional
        Attributes.
    shape : tuple of int, optional
        Where nothing else is said of it in `infer_shape`; 0 for an unknown size.
    lr_mult, wd_mult : float, optional
        Factors of learning rate and weight decay.
    dtype : dtype, optional
        Where nothing else is said of it in `infer_type`.
    init : Initializer or str, optional
        How it is initialized.
    stype : str, optional
        Only ``'default'``.
    profiler_scope : str, optional
        Name of its part in profiles.
    **kwargs
        Further attributes, named ``__like_this__``.

    Returns
    -------
    Symbol

    Raises
    ------
    TypeError
        If the name is not text.
    ValueError
        For an attribute that is not text, or not named like this.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.sym.var('w', shape=(3, 4), lr_mult=0.1).attr('__shape__')
    '(3, 4)'
    """
    if not isinstance(name, str):
        raise TypeError(f"[var] name must be str; got {type(name).__name__}")
    if stype not in (None, "default"):
        raise ValueError(f"[var] stype must be 'default'; got {stype!r}")
    for key in kwargs:
        if not is_reserved(key):
            raise ValueError(f"[var] a further attribute must be named __{key}__; got {key!r}")
    described = {
        "__shape__": None if shape is None else tuple(shape),
        "__lr_mult__": lr_mult,
        "__wd_mult__": wd_mult,
        "__dtype__": None if dtype is None else DTYPE_FLAGS[dtype_name(dtype)],
        "__init__": init if init is None or isinstance(init, str) else init.dumps(),
        "__profiler_scope__": profiler_scope,
    }
    attributes = {stored_key(k): v for k, v in AttrScope.current().get(attr).items()}
    attributes |= {k: _text(v) for k, v in described.items() if v is not None}
    attributes |= {k: _text(v) for k, v in kwargs.items()}
    check_text(attributes, "var")
    return Symbol([Entry(Node(None, name, user_attrs=attributes))])


Variable = var


def Group(symbols: Sequence[Symbol], create_fn: Callable[[list[Entry]], Symbol] = Symbol) -> Symbol:
    """A symbol with the outputs of several.

    Parameters
    ----------
    symbols : sequence of Symbol
    create_fn : type, default Symbol
        Class of the result.

    Raises
    ------
    TypeError
        If there are none, or not all are symbols.
    """
    if not symbols or not all(isinstance(s, Symbol) for s in symbols):
        raise TypeError(f"[Group] must have a non-empty list of symbols; got {symbols!r}")
    return create_fn([e for s in symbols for e in s._entries])


def _made(op: str, values: dict[str, Any], kwargs: dict[str, Any]) -> Symbol:
    name, attr = kwargs.pop("name", None), kwargs.pop("attr", None)
    return compose(get(op), [], values, name, attr, kwargs)


def zeros(shape: Any, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Zeros of a shape (0: a size that follows from the use) and type (default float32)."""
    return _made("_zeros", {"shape": shape, "dtype": dtype or "float32"}, kwargs)


def ones(shape: Any, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Ones of a shape and type (default float32)."""
    return _made("_ones", {"shape": shape, "dtype": dtype or "float32"}, kwargs)


def full(shape: Any, val: float, dtype: Any = None, **kwargs: Any) -> Symbol:
    """`val` in every element, of a shape and type (default float32)."""
    return _made("_full", {"shape": shape, "dtype": dtype or "float32", "value": float(val)}, kwargs)


def arange(
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: int = 1,
    infer_range: bool = False,
    name: str | None = None,
    dtype: Any = None,
) -> Symbol:
    """Numbers from `start` up to (not including) `stop` in steps of `step`, each `repeat` times.

    With one number, it is the stop and the start is 0; with `infer_range` the stop follows from the use.
    """
    values = {"start": start, "stop": stop, "step": step, "repeat": repeat, "infer_range": infer_range}
    return _made("_arange", {**values, "dtype": dtype or "float32"}, {"name": name})


def linspace(
    start: float, stop: float, num: int, endpoint: bool = True, name: str | None = None, dtype: Any = None
) -> Symbol:
    """`num` evenly spaced numbers from `start` to `stop` (included if `endpoint`)."""
    values = {"start": start, "stop": stop, "num": num, "endpoint": endpoint, "dtype": dtype or "float32"}
    return _made("_linspace", values, {"name": name})


def eye(N: int, M: int = 0, k: int = 0, dtype: Any = None, **kwargs: Any) -> Symbol:
    """An N x M matrix (M = 0: N x N) with ones on the k-th diagonal."""
    return _made("_eye", {"N": N, "M": M, "k": k, "dtype": dtype or "float32"}, kwargs)


def _of_two(what: str, a: Any, b: Any, ops: tuple[str, str, str], numbers: Callable[[Any, Any], Any]) -> Any:
    """``what(a, b)`` for symbols and numbers; `ops`: operator for two symbols, number second, number first."""
    if isinstance(a, Symbol):
        return binary(what, ops[0], ops[1], a, b)
    if isinstance(b, Symbol):
        return binary(what, ops[0], ops[2], b, a)
    if isinstance(a, Number) and isinstance(b, Number):
        return numbers(a, b)
    raise TypeError(f"[{what}] operands must be Symbol or numbers; got {type(a).__name__} and {type(b).__name__}")


def pow(base: Any, exp: Any) -> Any:
    """`base` to the power of `exp`, of symbols or numbers."""
    return _of_two("pow", base, exp, ("_power", "_power_scalar", "_rpower_scalar"), lambda a, b: a**b)


power = pow


def maximum(left: Any, right: Any) -> Any:
    """The larger of two, of symbols or numbers."""
    return _of_two("maximum", left, right, ("_maximum", "_maximum_scalar", "_maximum_scalar"), max)


def minimum(left: Any, right: Any) -> Any:
    """The smaller of two, of symbols or numbers."""
    return _of_two("minimum", left, right, ("_minimum", "_minimum_scalar", "_minimum_scalar"), min)


def hypot(left: Any, right: Any) -> Any:
    """``sqrt(left^2 + right^2)``, of symbols or numbers."""
    return _of_two("hypot", left, right, ("_hypot", "_hypot_scalar", "_hypot_scalar"), math.hypot)
