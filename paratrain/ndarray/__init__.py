"""Arrays and the operators on them."""

from __future__ import annotations

from typing import Any

from paratrain import ops as ops
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
from paratrain.ndarray.creation import onehot_encode as onehot_encode
from paratrain.ndarray.creation import ones as ones
from paratrain.ndarray.creation import split_v2 as split_v2
from paratrain.ndarray.creation import waitall as waitall
from paratrain.ndarray.creation import zeros as zeros
from paratrain.ndarray.dlpack import from_dlpack as from_dlpack
from paratrain.ndarray.dlpack import to_dlpack_for_read as to_dlpack_for_read
from paratrain.ndarray.dlpack import to_dlpack_for_write as to_dlpack_for_write
from paratrain.ndarray.invoke import F as _internal
from paratrain.ndarray.invoke import function as _function
from paratrain.ndarray.ndarray import NDArray as NDArray
from paratrain.ndarray.serialization import load as load
from paratrain.ndarray.serialization import load_frombuffer as load_frombuffer
from paratrain.ndarray.serialization import save as save
from paratrain.ops.registry import get as _get

globals().update(FUNCTIONS)


class _Operators:
    """Operators whose names begin alike: ``mx.nd.linalg.X`` is the operator ``_linalg_X``."""

    def __init__(self, path: str, prefix: str) -> None:
        self._path, self._prefix = path, prefix

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return _function(_get(self._prefix + name))
        except ValueError as e:
            raise AttributeError(f"there is no {self._path}.{name}: {e}") from None


contrib = _Operators("mx.nd.contrib", "_contrib_")
image = _Operators("mx.nd.image", "_image_")
linalg = _Operators("mx.nd.linalg", "_linalg_")


def __getattr__(name: str) -> Any:
    """Operators: those of the generated module `op`; names with an underscore straight from the definitions."""
    if name.startswith("__"):
        raise AttributeError(name)
    found = getattr(op, name, None)
    if found is None:
        try:
            found = getattr(_internal, name)
        except ValueError as e:
            raise AttributeError(f"module 'paratrain.nd' has no attribute {name!r}: {e}") from None
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *op.__all__})
