"""Arrays and the operators on them."""

from __future__ import annotations

from typing import Any

from paratrain import ops as ops
from paratrain._namespace import OperatorNamespace as _OperatorNamespace
from paratrain.ndarray import contrib as _contrib
from paratrain.ndarray import control as _control
from paratrain.ndarray import op as op
from paratrain.ndarray import random as random
from paratrain.ndarray import updates as _updates
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
from paratrain.ndarray.dlpack import from_dlpack as from_dlpack
from paratrain.ndarray.dlpack import to_dlpack_for_read as to_dlpack_for_read
from paratrain.ndarray.dlpack import to_dlpack_for_write as to_dlpack_for_write
from paratrain.ndarray.functions import histogram as histogram
from paratrain.ndarray.functions import onehot_encode as onehot_encode
from paratrain.ndarray.functions import split_v2 as split_v2
from paratrain.ndarray.invoke import function as _function
from paratrain.ndarray.ndarray import NDArray as NDArray
from paratrain.ndarray.serialization import load as load
from paratrain.ndarray.serialization import load_frombuffer as load_frombuffer
from paratrain.ndarray.serialization import save as save

globals().update(FUNCTIONS)


def _operator(op: Any, name: str) -> Any:
    return _function(op)


_internal = _OperatorNamespace("mx.nd._internal", "", _operator)
contrib = _OperatorNamespace(
    "mx.nd.contrib",
    "_contrib_",
    _operator,
    {n: getattr(m, n) for m in (_contrib, _control, _updates) for n in m.__all__},
)
image = _OperatorNamespace("mx.nd.image", "_image_", _operator)
linalg = _OperatorNamespace("mx.nd.linalg", "_linalg_", _operator)


def __getattr__(name: str) -> Any:
    """Operators: those of the generated module `op`; names with an underscore straight from the definitions."""
    if name.startswith("__"):
        raise AttributeError(name)
    found = getattr(op, name, None)
    if found is None:
        try:
            found = getattr(_internal, name)
        except AttributeError as e:
            raise AttributeError(str(e).replace("mx.nd._internal.", "mx.nd.")) from None
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *op.__all__})
