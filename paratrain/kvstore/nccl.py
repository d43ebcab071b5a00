"""NCCL between GPUs: sums of device buffers, without a copy to the host.

The ranks find each other over another world (MPI), which also does what is no business of GPUs: barriers and objects.
NCCL comes with PyPI's ``nvidia-nccl`` wheel or from the system.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from paratrain.base import ParatrainError
from paratrain.kvstore.transport import World

__all__ = ["NCCLWorld", "library", "why_not"]

_ID_BYTES = 128
_SUM = 0
#: NCCL's number of each element type.
TYPES = {
    "int8": 0,
    "uint8": 1,
    "int32": 2,
    "int64": 4,
    "float16": 6,
    "float32": 7,
    "float64": 8,
    "bfloat16": 9,
}


class _UniqueId(ctypes.Structure):
    _fields_ = (("internal", ctypes.c_byte * _ID_BYTES),)


@functools.cache
def library() -> ctypes.CDLL:
    """Load NCCL, with the types of the functions used here.

    Raises
    ------
    ParatrainError
        If it is not installed.
    """
    tried = []
    for path in _candidates():
        try:
            found = ctypes.CDLL(path)
        except OSError as error:
            tried.append(str(error))
            continue
        pointer, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
        found.ncclGetErrorString.restype = ctypes.c_char_p
        found.ncclGetErrorString.argtypes = [number]
        found.ncclGetVersion.argtypes = [ctypes.POINTER(number)]
        found.ncclGetUniqueId.argtypes = [ctypes.POINTER(_UniqueId)]
        found.ncclCommInitRank.argtypes = [ctypes.POINTER(pointer), number, _UniqueId, number]
        found.ncclAllReduce.argtypes = [pointer, pointer, size, number, number, pointer, pointer]
        found.ncclBroadcast.argtypes = [pointer, pointer, size, number, number, pointer, pointer]
        found.ncclCommDestroy.argtypes = [pointer]
        return found
    raise ParatrainError(
        f"[nccl] libnccl.so.2 cannot be loaded ({'; '.join(tried)}); pip install 'paratrain[gpu]' brings it"
    )


def _candidates() -> list[str]:
    """Places of the library: the wheel, then wherever the system looks."""
    found = importlib.util.find_spec("nvidia")
    roots = list(found.submodule_search_locations or []) if found is not None else []
    wheels = [Path(root) / "nccl" / "lib" / "libnccl.so.2" for root in roots]
    return [str(path) for path in wheels if path.exists()] + ["libnccl.so.2"]


def why_not() -> str:
    """Empty where NCCL can be loaded, else the reason why not."""
    try:
        library()
    except ParatrainError as error:
        return str(error)
    return ""


def version() -> str:
    """Version of NCCL as text, such as ``2.27.3``."""
    number = ctypes.c_int()
    _check(library().ncclGetVersion(ctypes.byref(number)), "ncclGetVersion")
    code = number.value
    return f"{code // 10000}.{code % 10000 // 100}.{code % 100}"


def _check(status: int, call: str) -> None:
    if status:
        text = library().ncclGetErrorString(status).decode()
        raise ParatrainError(
            f"[nccl] {call} failed with {status}: {text}; NCCL_DEBUG=INFO in the environment tells more"
        )


class NCCLWorld(World):
    """The ranks of another world, with sums of arrays on GPUs by NCCL.

    Making one is a collective. Sums are queued on the stream of the device, behind the kernels that compute what is
    summed and before those that use it.

    Parameters
    ----------
    host : World
        Connects the ranks; does everything that is in host memory.
    device_id : int
        GPU of this rank; no two ranks of a host may have the same one.

    Raises
    ------
    ParatrainError
        If NCCL is not installed, or cannot connect the ranks.
    """

    name = "nccl"

    def __init__(self, host: World, device_id: int) -> None:
        from paratrain.ext import cuda

        self.host_world = host
        self.rank, self.size = host.rank, host.size
        self.local_rank, self.local_size = host.local_rank, host.local_size
        self._stream = cuda.backend().stream(device_id)  # also makes the device's context current
        unique = _UniqueId()
        if host.rank == 0:
            _check(library().ncclGetUniqueId(ctypes.byref(unique)), "ncclGetUniqueId")
        ctypes.memmove(ctypes.byref(unique), host.broadcast_object(bytes(unique)), _ID_BYTES)
        self._comm = ctypes.c_void_p()
        status = library().ncclCommInitRank(ctypes.byref(self._comm), host.size, unique, host.rank)
        _check(status, "ncclCommInitRank")

    def allreduce(self, array: Any, what: str = "an array") -> None:
        """Sum over the ranks in place; see `World.allreduce`. Returns when the sum is queued."""
        if not _on_gpu(array):
            self.host_world.allreduce(array, what)
            return
        pointer, size, kind = self._describe(array)
        status = library().ncclAllReduce(pointer, pointer, size, kind, _SUM, self._comm, self._stream)
        _check(status, f"ncclAllReduce of {what}")

    def broadcast(self, array: Any, root: int = 0, what: str = "an array") -> None:
        """Copy the array of rank `root` into that of every rank."""
        if not _on_gpu(array):
            self.host_world.broadcast(array, root, what)
            return
        pointer, size, kind = self._describe(array)
        status = library().ncclBroadcast(pointer, pointer, size, kind, root, self._comm, self._stream)
        _check(status, f"ncclBroadcast of {what}")

    @staticmethod
    def _describe(array: Any) -> tuple[int, int, int]:
        if array.dtype_str not in TYPES:
            raise TypeError(f"[nccl] the elements must be one of {', '.join(TYPES)}; got {array.dtype_str}")
        return array.address, array.size, TYPES[array.dtype_str]

    def reduce_scatter(self, array: np.ndarray, bounds: Sequence[int], what: str = "an array") -> None:
        """See `World.reduce_scatter`; for arrays in host memory."""
        self.host_world.reduce_scatter(array, bounds, what)

    def share(self, array: np.ndarray, bounds: Sequence[int], what: str = "an array") -> None:
        """See `World.share`; for arrays in host memory."""
        self.host_world.share(array, bounds, what)

    def allgather(self, array: np.ndarray, what: str = "an array") -> list[np.ndarray]:
        """Return the arrays of all ranks, in order of rank; they are in host memory."""
        return self.host_world.allgather(array, what)

    def barrier(self, what: str = "a barrier") -> None:
        """Return when every rank has called it."""
        self.host_world.barrier(what)

    def allgather_object(self, value: Any) -> list[Any]:
        """Return the values of all ranks, in order of rank."""
        return self.host_world.allgather_object(value)

    def begin_maximum(self, array: np.ndarray, result: np.ndarray) -> Any:
        """Begin a maximum over the ranks, in host memory."""
        return self.host.begin_maximum(array, result)

    def background(self) -> World:
        """Return itself: the stream works in the background as it is."""
        return self

    def close(self) -> None:
        """Give back what NCCL holds. A collective."""
        if self._comm:
            _check(library().ncclCommDestroy(self._comm), "ncclCommDestroy")
            self._comm = ctypes.c_void_p()


def _on_gpu(array: Any) -> bool:
    return hasattr(array, "context") and array.context.device_type == "gpu"
