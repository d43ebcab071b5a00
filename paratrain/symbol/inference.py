"""MXNet's conventions around shape and dtype inference of symbols.

Outside, 0 stands for an unknown size and ``()`` for an unknown shape; inside (`paratrain.graph.infer`) these are -1 and
None.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from paratrain.base import MXNetTypeError, MXNetValueError, dtype_name, dtype_type
from paratrain.graph.infer import infer_dtypes, infer_shapes
from paratrain.graph.ir import Entry
from paratrain.ops.rules import MaybeShape, known
from paratrain.symbol.binding import check_known, shape_argument

if TYPE_CHECKING:
    from paratrain.symbol.symbol import Symbol

__all__ = ["dtypes_of", "shapes_of"]

Parts = tuple[list[Any] | None, list[Any] | None, list[Any] | None]
_MAX_NAMED = 10


def shapes_of(symbol: Symbol, where: str, partial: bool, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Parts:
    """Shapes of arguments, outputs and auxiliary states; three None if not `partial` and something is unknown."""
    given = _given(symbol, where, args, kwargs)
    shapes = {n: shape_argument(where, n, s) for n, s in given.items()}
    values = infer_shapes(symbol._entries, {n: s for n, s in shapes.items() if s})
    if not partial and not all(known(s) for s in values.values()):
        _warn_unknown(symbol, values)
        return None, None, None
    return _parts(symbol, {e: _outside(s) for e, s in values.items()})


def dtypes_of(symbol: Symbol, where: str, partial: bool, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Parts:
    """NumPy types of arguments, outputs and auxiliary states; three None if not `partial` and one is unknown."""
    given = _given(symbol, where, args, kwargs)
    values = infer_dtypes(symbol._entries, {n: _dtype(where, n, t) for n, t in given.items()})
    if not partial and None in values.values():
        return None, None, None
    return _parts(symbol, {e: None if t is None else dtype_type(t) for e, t in values.items()})


def _given(symbol: Symbol, where: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, by name: either in the order of the arguments, or by keyword."""
    if args and kwargs:
        raise MXNetValueError(f"[{where}] give what is known either in order or by name, not both")
    names = symbol.list_arguments()
    if len(args) > len(names):
        raise MXNetTypeError(f"[{where}] the symbol has {len(names)} arguments ({', '.join(names)}); got {len(args)}")
    given = {n: v for n, v in (*zip(names, args), *kwargs.items()) if v is not None}
    check_known(where, "argument", given, symbol.list_inputs())
    return given


def _dtype(where: str, name: str, dtype: Any) -> str:
    try:
        return dtype_name(dtype)
    except TypeError as e:
        raise MXNetTypeError(f"[{where}] {name}: {e}") from None


def _outside(shape: MaybeShape) -> tuple[int, ...]:
    return () if shape is None else tuple(0 if d == -1 else d for d in shape)


def _parts(symbol: Symbol, values: Mapping[Entry, Any]) -> Parts:
    arguments, states = symbol._variables()
    return (
        [values[Entry(n)] for n in arguments],
        [values[e] for e in symbol._entries],
        [values[Entry(n)] for n in states],
    )


def _warn_unknown(symbol: Symbol, values: Mapping[Entry, MaybeShape]) -> None:
    arguments, _ = symbol._variables()
    unknown = [f"{n.name}: {_outside(values[Entry(n)])}" for n in arguments if not known(values[Entry(n)])]
    more = [f"and {len(unknown) - _MAX_NAMED} more"] if len(unknown) > _MAX_NAMED else []
    warnings.warn(
        "[infer_shape] the shapes of some arguments do not follow from those given (0: unknown size): "
        + ", ".join(unknown[:_MAX_NAMED] + more),
        stacklevel=4,
    )
