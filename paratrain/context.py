"""Devices that arrays live on: ``cpu()``, ``gpu(i)``, ``cpu_pinned()``, and the current one (a ``with`` stack)."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import ClassVar

__all__ = ["Context", "cpu", "cpu_pinned", "current_context", "gpu", "gpu_memory_info", "num_gpus"]


class _Stack(threading.local):
    def __init__(self) -> None:
        self.contexts: list[Context] = []


class Context:
    """A device.

    Parameters
    ----------
    device_type : {'cpu', 'gpu', 'cpu_pinned'} or Context
        Kind of device, or a context to copy.
    device_id : int, default 0
        Number of the device; CPU contexts with different numbers are different contexts over the same memory.

    Raises
    ------
    ValueError
        For an unknown kind or a negative number.

    Examples
    --------
    >>> import paratrain as mx
    >>> with mx.Context('cpu', 1):
    ...     print(mx.nd.ones((2,)).context)
    cpu(1)
    """

    devtype2str: ClassVar[dict[int, str]] = {1: "cpu", 2: "gpu", 3: "cpu_pinned"}
    devstr2type: ClassVar[dict[str, int]] = {"cpu": 1, "gpu": 2, "cpu_pinned": 3}
    _stack: ClassVar[_Stack] = _Stack()

    __slots__ = ("device_id", "device_typeid")
    device_typeid: int
    device_id: int

    def __init__(self, device_type: str | Context, device_id: int = 0) -> None:
        if isinstance(device_type, Context):
            self.device_typeid, self.device_id = device_type.device_typeid, device_type.device_id
            return
        if device_type not in self.devstr2type:
            known = ", ".join(repr(k) for k in self.devstr2type)
            raise ValueError(f"[Context] device_type must be one of {known}; got {device_type!r}")
        if device_id < 0:
            raise ValueError(f"[Context] device_id must not be negative; got {device_id}")
        self.device_typeid, self.device_id = self.devstr2type[device_type], int(device_id)

    @property
    def device_type(self) -> str:
        """``'cpu'``, ``'gpu'`` or ``'cpu_pinned'``."""
        return self.devtype2str[self.device_typeid]

    def __hash__(self) -> int:
        return hash((self.device_typeid, self.device_id))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Context)
            and self.device_typeid == other.device_typeid
            and self.device_id == other.device_id
        )

    def __repr__(self) -> str:
        return f"{self.device_type}({self.device_id})"

    def __enter__(self) -> Context:
        self._stack.contexts.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.contexts.pop()

    def empty_cache(self) -> None:
        """Give memory that the device's pool keeps for reuse back to the system."""
        if self.device_typeid == 2:
            from paratrain.ext import cuda

            cuda.backend().release(self.device_id)
        else:
            from paratrain.ext import engine

            engine.release_pool()

    def memory_usage(self) -> dict[str, int]:
        """Bytes of host memory in arrays (``used``), kept for reuse (``pooled``), and the most ever used (``peak``).

        Raises
        ------
        ValueError
            For a GPU; see `gpu_memory_info`.
        """
        if self.device_typeid != 1:
            raise ValueError(f"[Context.memory_usage] is for cpu contexts; got {self}; see gpu_memory_info")
        from paratrain.ext import engine

        return engine.pool_usage()

    @classmethod
    def default_ctx(cls) -> Context:
        """The current context (see `current_context`)."""
        return current_context()


_DEFAULT = Context("cpu", 0)


def cpu(device_id: int = 0) -> Context:
    """A CPU context. Numbers other than 0 stand for the same memory; they let one process act as several devices."""
    return Context("cpu", device_id)


def gpu(device_id: int = 0) -> Context:
    """Context of a GPU, by its number. The device is first looked for when an array is made on it."""
    return Context("gpu", device_id)


def cpu_pinned(device_id: int = 0) -> Context:
    """Page-locked host memory, which a GPU copies from and to without an intermediate step."""
    return Context("cpu_pinned", device_id)


def current_context() -> Context:
    """The innermost context of the enclosing ``with`` statements, else ``cpu(0)``."""
    stack = Context._stack.contexts
    return stack[-1] if stack else _DEFAULT


def num_gpus() -> int:
    """Number of GPUs that can be used (0 without a driver, the CUDA library or pycuda)."""
    from paratrain.ext import cuda

    return cuda.device_count()


def gpu_memory_info(device_id: int = 0) -> tuple[int, int]:
    """Free and total memory of a GPU in bytes.

    Raises
    ------
    ParatrainError
        If there is no such GPU.
    """
    from paratrain.ext import cuda

    return cuda.backend().memory_info(device_id)
