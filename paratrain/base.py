"""Errors, element types and other small things that every room needs."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np

__all__ = [
    "MXNetError",
    "MXNetFileError",
    "MXNetTypeError",
    "MXNetValueError",
    "NotImplementedForSymbol",
    "ParatrainError",
    "dtype_name",
    "dtype_type",
    "string_types",
]

string_types = (str,)


class MXNetError(RuntimeError):
    """Base of the errors that are paratrain's own, under the name MXNet's scripts catch.

    Wrong arguments raise Python's own `ValueError`, `TypeError` or `IndexError`.
    """


#: The same class under our own name.
ParatrainError = MXNetError


class MXNetValueError(MXNetError, ValueError):
    """A wrong value where MXNet's scripts expect to catch `MXNetError`: symbols, their files, inference."""


class MXNetTypeError(MXNetError, TypeError):
    """A wrong type where MXNet's scripts expect to catch `MXNetError`."""


class MXNetFileError(MXNetError, OSError):
    """A file that cannot be opened where MXNet's scripts expect to catch `MXNetError`.

    Parameters
    ----------
    message : str
    cause : OSError
        Gives ``errno`` and ``filename``.
    """

    def __init__(self, message: str, cause: OSError) -> None:
        super().__init__(message)
        self.message = message
        self.errno, self.strerror, self.filename = cause.errno, cause.strerror, cause.filename

    def __str__(self) -> str:
        return self.message


class NotImplementedForSymbol(MXNetError):
    """An operation that needs values was asked of a symbol, which has none.

    Parameters
    ----------
    what : str
        The operation.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"[Symbol] {what} needs values, a symbol has none; bind it, or use mx.nd")


def mxnet_error(error: Exception) -> Exception:
    """The same message as an error that is also an `MXNetError`."""
    if isinstance(error, MXNetError):
        return error
    kind = MXNetTypeError if isinstance(error, TypeError) else MXNetValueError
    return kind(str(error))


#: Element types by name, with the flags of MXNet's files (and of the native engine).
DTYPE_FLAGS: dict[str, int] = {
    "float32": 0,
    "float64": 1,
    "float16": 2,
    "uint8": 3,
    "int32": 4,
    "int8": 5,
    "int64": 6,
    "bool": 7,
    "bfloat16": 12,
}
FLAG_DTYPES = {flag: name for name, flag in DTYPE_FLAGS.items()}
FLOAT_DTYPES = ("float32", "float64", "float16", "bfloat16")
NUMPY_DTYPES: dict[str, np.dtype] = {
    name: np.dtype(ml_dtypes.bfloat16) if name == "bfloat16" else np.dtype(name) for name in DTYPE_FLAGS
}
_ITEM_SIZES = {name: dtype.itemsize for name, dtype in NUMPY_DTYPES.items()}


def dtype_name(dtype: Any) -> str:
    """Canonical name of an element type given as name, NumPy type or NumPy dtype.

    Parameters
    ----------
    dtype : str, type or numpy.dtype
        For example ``'float32'``, ``np.float32``, ``np.dtype('float32')``, ``float`` or ``ml_dtypes.bfloat16``.

    Returns
    -------
    str
        One of ``float32 float64 float16 bfloat16 uint8 int8 int32 int64 bool``.

    Raises
    ------
    TypeError
        If the type is none of these.

    Examples
    --------
    >>> dtype_name(np.float16)
    'float16'
    """
    if isinstance(dtype, str) and dtype in DTYPE_FLAGS:
        return dtype
    try:
        name = "None" if dtype is None else np.dtype(dtype).name  # None is float64 to NumPy
    except TypeError:
        name = str(dtype)
    if name not in DTYPE_FLAGS:
        raise TypeError(f"[dtype] must be one of {', '.join(DTYPE_FLAGS)}; got {dtype!r}")
    return name


def dtype_type(name: str) -> Any:
    """NumPy scalar type of a canonical element type name, as `NDArray.dtype` shows it."""
    return NUMPY_DTYPES[name].type


def item_size(name: str) -> int:
    """Bytes of one element."""
    return _ITEM_SIZES[name]
