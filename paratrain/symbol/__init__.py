"""Symbols: networks that are described first and bound to arrays later."""

from __future__ import annotations

from typing import Any

from paratrain import ops as ops
from paratrain._namespace import OperatorNamespace as _OperatorNamespace
from paratrain.symbol import control as _control
from paratrain.symbol import functions as _functions
from paratrain.symbol import op as op
from paratrain.symbol import random as random
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
from paratrain.symbol.functions import histogram as histogram
from paratrain.symbol.functions import split_v2 as split_v2
from paratrain.symbol.json import load as load
from paratrain.symbol.json import load_json as load_json
from paratrain.symbol.symbol import Symbol as Symbol

_internal = _OperatorNamespace("mx.sym._internal", "", _function)
contrib = _OperatorNamespace(
    "mx.sym.contrib",
    "_contrib_",
    _function,
    {
        **{n: getattr(_control, n) for n in _control.__all__},
        "boolean_mask": _functions.boolean_mask,
        "rand_zipfian": _functions.rand_zipfian,
        "adamw_update": _internal._adamw_update,
        "mp_adamw_update": _internal._mp_adamw_update,
    },
)
image = _OperatorNamespace("mx.sym.image", "_image_", _function)
linalg = _OperatorNamespace("mx.sym.linalg", "_linalg_", _function)


def __getattr__(name: str) -> Any:
    """Operators: those of the generated module `op`; names with an underscore straight from the definitions."""
    if name.startswith("__"):
        raise AttributeError(name)
    found = getattr(op, name, None)
    if found is None:
        try:
            found = getattr(_internal, name)
        except AttributeError as e:
            raise AttributeError(str(e).replace("mx.sym._internal.", "mx.sym.")) from None
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *op.__all__})
