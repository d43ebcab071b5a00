"""Symbols: networks that are described first and bound to arrays later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paratrain import ops as ops
from paratrain.ops.registry import get_public as _get
from paratrain.symbol import contrib as _contrib
from paratrain.symbol import op as op
from paratrain.symbol.compose import function as _function
from paratrain.symbol.creation import Group as Group
from paratrain.symbol.creation import Variable as Variable
from paratrain.symbol.creation import arange as arange
from paratrain.symbol.creation import eye as eye
from paratrain.symbol.creation import full as full
from paratrain.symbol.creation import hypot as hypot
from paratrain.symbol.creation import linspace as linspace
from paratrain.symbol.creation import maximum as maximum
from paratrain.symbol.creation import minimum as minimum
from paratrain.symbol.creation import ones as ones
from paratrain.symbol.creation import pow as pow
from paratrain.symbol.creation import power as power
from paratrain.symbol.creation import var as var
from paratrain.symbol.creation import zeros as zeros
from paratrain.symbol.custom import Custom as Custom
from paratrain.symbol.json import load as load
from paratrain.symbol.json import load_json as load_json
from paratrain.symbol.symbol import Symbol as Symbol


class _Operators:
    """Operators whose names begin alike: ``mx.sym.contrib.X`` is the operator ``_contrib_X``.

    Functions of the module `more` come first; `others` are operators under names of their own.
    """

    def __init__(self, path: str, prefix: str, more: Any = None, others: Mapping[str, str] | None = None) -> None:
        self._path, self._prefix, self._more, self._others = path, prefix, more, others or {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._more is not None and name in self._more.__all__:
            return getattr(self._more, name)
        return _find(self._others.get(name, self._prefix + name), f"{self._path}.{name}")


def _find(name: str, path: str) -> Any:
    try:
        return _function(_get(name), name)
    except ValueError as e:
        raise AttributeError(f"there is no {path}: {e}") from None


_internal = _Operators("mx.sym._internal", "")
contrib = _Operators(
    "mx.sym.contrib",
    "_contrib_",
    _contrib,
    {"adamw_update": "_adamw_update", "mp_adamw_update": "_mp_adamw_update"},
)
image = _Operators("mx.sym.image", "_image_")
linalg = _Operators("mx.sym.linalg", "_linalg_")
random = _Operators("mx.sym.random", "_random_")


def __getattr__(name: str) -> Any:
    """Operators: those of the generated module `op`; names with an underscore straight from the definitions."""
    if name.startswith("__"):
        raise AttributeError(name)
    found = getattr(op, name, None)
    if found is None:
        found = _find(name, f"mx.sym.{name}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *op.__all__})
