"""Arrays and the operators on them."""

from __future__ import annotations

from typing import Any

from paratrain import ops as ops
from paratrain.ndarray import contrib as _contrib
from paratrain.ndarray import op as op
from paratrain.ndarray import random as random
from paratrain.ndarray.arithmetic import FUNCTIONS
from paratrain.ndarray.creation import arange as arange
from paratrain.ndarray.creation import array as array
from paratrain.ndarray.creation import concatenate as concatenate
from paratrain.ndarray.creation import empty as empty
from paratrain.ndarray.creation import eye as eye
from paratrain.ndarray.creation import from_numpy as from_numpy
from paratrain.ndarray.creation import full as full
from paratrain.ndarray.creation import linspace as linspace
from paratrain.ndarray.creation import moveaxis as moveaxis
from paratrain.ndarray.creation import ones as ones
from paratrain.ndarray.creation import waitall as waitall
from paratrain.ndarray.creation import zeros as zeros
from paratrain.ndarray.custom import Custom as Custom
from paratrain.ndarray.invoke import F as _internal
from paratrain.ndarray.invoke import function as _function
from paratrain.ndarray.ndarray import NDArray as NDArray
from paratrain.ndarray.serialization import load as load
from paratrain.ndarray.serialization import load_frombuffer as load_frombuffer
from paratrain.ndarray.serialization import save as save
from paratrain.ops.registry import get_public as _get

globals().update(FUNCTIONS)


class _Operators:
    """Operators whose names begin alike: ``mx.nd.linalg.X`` is the operator ``_linalg_X``.

    Functions of the module `more` come first.
    """

    def __init__(self, path: str, prefix: str, more: Any = None) -> None:
        self._path, self._prefix, self._more = path, prefix, more

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._more is not None and name in self._more.__all__:
            return getattr(self._more, name)
        try:
            return _function(_get(self._prefix + name))
        except ValueError as e:
            raise AttributeError(f"there is no {self._path}.{name}: {e}") from None


contrib = _Operators("mx.nd.contrib", "_contrib_", _contrib)
image = _Operators("mx.nd.image", "_image_")
linalg = _Operators("mx.nd.linalg", "_linalg_")


def __getattr__(name: str) -> Any:
    """Operators: those of the generated module `op`; names with an underscore straight from the definitions."""
    if name.startswith("__"):
        raise AttributeError(name)
    found = getattr(op, name, None)
    if found is None:
        try:
            _get(name)
            found = getattr(_internal, name)
        except ValueError as e:
            raise AttributeError(f"module 'paratrain.nd' has no attribute {name!r}: {e}") from None
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *op.__all__})
