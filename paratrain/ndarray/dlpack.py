"""Share memory with other libraries through DLPack (host memory; NumPy makes and reads the capsules)."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from paratrain.base import NUMPY_DTYPES, dtype_name
from paratrain.ext import engine
from paratrain.ndarray.ndarray import NDArray

__all__ = ["from_dlpack", "to_dlpack_for_read", "to_dlpack_for_write"]

_CPU_DEVICE = (1, 0)
#: DLPack's names of capsules that nobody has taken yet.
_FRESH = (b"dltensor", b"dltensor_versioned")


def to_dlpack_for_read(data: NDArray) -> Any:
    """DLPack capsule over the memory of an array, once its elements are computed; nobody is to write to it.

    Parameters
    ----------
    data : NDArray
        In host memory. It lives on until whoever takes the capsule lets it go.

    Returns
    -------
    PyCapsule

    Raises
    ------
    BufferError
        For an array on a GPU, and for bfloat16.

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.array([1, 2])
    >>> mx.nd.from_dlpack(mx.nd.to_dlpack_for_read(x)).asnumpy()
    array([1., 2.], dtype=float32)
    """
    return data.__dlpack__()


def to_dlpack_for_write(data: NDArray) -> Any:
    """DLPack capsule over the memory of an array, through which it may be changed.

    See `to_dlpack_for_read`. What is written while autograd records is not seen by it.
    """
    return data.__dlpack__()


def capsule_of(data: NDArray, **options: Any) -> Any:
    """What `NDArray.__dlpack__` returns."""
    data.wait_to_read()
    if data.storage.device_type == 2:
        raise BufferError("[to_dlpack] only arrays in host memory can be shared; use as_in_context(mx.cpu()) first")
    try:
        return data.to_numpy_view().__dlpack__(**options)
    except (BufferError, TypeError) as e:
        raise BufferError(f"[to_dlpack] an array of {data.dtype_str} cannot be shared: {e}") from None


class _Holder:
    """A capsule as an object that NumPy takes it from."""

    def __init__(self, capsule: Any) -> None:
        self.capsule = capsule

    def __dlpack__(self, **options: Any) -> Any:
        return self.capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return _CPU_DEVICE


def from_dlpack(dlpack: Any) -> NDArray:
    """An array that shares memory with a DLPack capsule, or with an object that has ``__dlpack__``.

    Parameters
    ----------
    dlpack : PyCapsule or object with ``__dlpack__`` and ``__dlpack_device__``
        Host memory, row-major, of one of our element types. A capsule can be taken once.

    Raises
    ------
    TypeError
        If it is neither, or holds elements of another type.
    ValueError
        For a capsule that was taken already, memory of another device, or elements that are not in row-major order.

    Examples
    --------
    >>> import numpy as np
    >>> import paratrain as mx
    >>> values = np.zeros(2, 'float32')
    >>> x = mx.nd.from_dlpack(values)
    >>> x[0] = 5
    >>> values
    array([5., 0.], dtype=float32)
    """
    if type(dlpack).__name__ == "PyCapsule":
        _check_capsule(dlpack)
        dlpack = _Holder(dlpack)
    elif not hasattr(dlpack, "__dlpack__") or not hasattr(dlpack, "__dlpack_device__"):
        raise TypeError(
            f"[from_dlpack] takes a DLPack capsule or an object with __dlpack__; got {type(dlpack).__name__}"
        )
    else:
        kind, number = dlpack.__dlpack_device__()
        if kind != _CPU_DEVICE[0]:
            raise ValueError(f"[from_dlpack] only host memory can be shared; got DLPack device ({int(kind)}, {number})")
    try:
        values = np.from_dlpack(dlpack)
    except (BufferError, RuntimeError) as e:
        raise TypeError(f"[from_dlpack] {e}") from None
    return _share(values)


def _check_capsule(capsule: Any) -> None:
    """Refuse a capsule that was taken, or whose memory the host cannot read (its device is the second field)."""
    api = ctypes.pythonapi
    api.PyCapsule_IsValid.argtypes = [ctypes.py_object, ctypes.c_char_p]
    api.PyCapsule_GetPointer.argtypes, api.PyCapsule_GetPointer.restype = (
        [ctypes.py_object, ctypes.c_char_p],
        ctypes.c_void_p,
    )
    name = next((n for n in _FRESH if api.PyCapsule_IsValid(capsule, n)), None)
    if name is None:
        raise ValueError("[from_dlpack] the capsule holds no tensor; one that was taken already cannot be taken again")
    if name == _FRESH[0]:  # NumPy checks versioned ones
        pointer = api.PyCapsule_GetPointer(capsule, name)
        device = ctypes.c_int32.from_address(pointer + ctypes.sizeof(ctypes.c_void_p)).value
        if device != _CPU_DEVICE[0]:
            raise ValueError(f"[from_dlpack] only host memory can be shared; got DLPack device type {device}")


def _share(values: np.ndarray) -> NDArray:
    if values.dtype not in NUMPY_DTYPES.values():
        raise TypeError(f"[from_dlpack] elements must be one of {', '.join(NUMPY_DTYPES)}; got {values.dtype}")
    if not values.flags.c_contiguous:
        raise ValueError("[from_dlpack] the elements must lie in row-major order; make a contiguous copy first")

    class Memory(ctypes.c_char * values.nbytes):  # type: ignore[misc]
        """The bytes, writable whatever NumPy says of memory it did not allocate; `owner` keeps them."""

    memory = Memory.from_address(values.__array_interface__["data"][0])
    memory.owner = values
    return NDArray(engine.Storage(1, 0, values.nbytes, memory), 0, values.shape, dtype_name(values.dtype))
