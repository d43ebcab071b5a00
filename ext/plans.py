"""cuDNN's algorithms for convolutions: measured once for each problem, device and version, and kept on disk.

libparatrain_cuda.so asks here when it makes a kernel (`PlanStore` in ``ext/kernels/cudnn/plan.h``).
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from paratrain.ext import cache

__all__ = ["TABLE", "install"]

TABLE = cache.Table("cudnn-plans.json")

_FIND = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int64)
_KEEP = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int64)

#: Answers of `find`.
KNOWN, MEASURE, GUESS = 1, 0, -1


def _give(text: str, target: int, size: int) -> bool:
    """Write text with its end where C++ asked for it."""
    data = text.encode() + b"\0"
    if len(data) <= size:
        ctypes.memmove(target, data, len(data))
    return len(data) <= size


def _find(key: bytes, target: int, size: int) -> int:
    try:
        value = TABLE.find(key.decode())
        if value is not None and _give(value, target, size):
            return KNOWN
        return GUESS if cache.folder() is None else MEASURE
    except Exception:  # none may go through C++: it is shown, and the choice is made without what is kept
        sys.excepthook(*sys.exc_info())
        return GUESS


def _keep(key: bytes, target: int, size: int) -> None:
    try:
        _give(TABLE.keep(key.decode(), ctypes.string_at(target).decode()), target, size)
    except Exception:
        sys.excepthook(*sys.exc_info())


def install(library: Any) -> None:
    """Tell a library of kernels where it finds and keeps plans. What it is given stays as long as this module."""
    library.paratrain_cuda_keep_plans(_calls[0], _calls[1])


_calls = (_FIND(_find), _KEEP(_keep))
