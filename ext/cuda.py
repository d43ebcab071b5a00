"""GPU memory, streams and copies through pycuda; the kernels come from libparatrain_cuda.so, loaded on first use."""

from __future__ import annotations

import ctypes
import functools
from pathlib import Path
from typing import Any

LIBRARY = Path(__file__).with_name("libparatrain_cuda.so")


class NoDeviceError(RuntimeError):
    """A gpu context was asked for where no GPU can be used; the message says what is missing."""


@functools.cache
def _driver() -> Any:
    """pycuda's driver module, initialised.

    Raises
    ------
    NoDeviceError
        If pycuda, the driver or the kernel library is missing.
    """
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError as e:
        raise NoDeviceError(f"[gpu] no CUDA driver on this machine ({e}); use mx.cpu()") from None
    if not LIBRARY.exists():
        raise NoDeviceError(
            f"[gpu] {LIBRARY.name} was not built; run `python setup.py build_cuda` in the source tree (needs nvcc)"
        )
    try:
        import pycuda.driver as driver
    except ImportError as e:
        raise NoDeviceError(f"[gpu] pycuda cannot be imported ({e}); pip install 'paratrain[gpu]'") from None
    driver.init()
    return driver


def device_count() -> int:
    """Number of usable GPUs."""
    try:
        return int(_driver().Device.count())
    except NoDeviceError:
        return 0


def why_not() -> str:
    """Empty when GPUs can be used, else the reason why not."""
    try:
        count = _driver().Device.count()
    except NoDeviceError as e:
        return str(e)
    return "" if count else "[gpu] the CUDA driver sees no device"


class Backend:
    """Owner of each GPU's primary context, memory pool and stream."""

    def __init__(self) -> None:
        from paratrain.ext import engine

        self.driver = _driver()
        self.library = ctypes.CDLL(str(LIBRARY))
        self.library.paratrain_cuda_register.argtypes = [ctypes.c_void_p]
        self.library.paratrain_cuda_register(engine.gpu_registry_address())
        self._devices: dict[int, tuple[Any, Any, Any]] = {}

    def _device(self, device_id: int) -> tuple[Any, Any, Any]:
        """(context, memory pool, stream), with the context made current in this thread."""
        from pycuda.tools import DeviceMemoryPool

        if device_id not in self._devices:
            if device_id >= self.driver.Device.count():
                raise NoDeviceError(
                    f"[gpu] gpu({device_id}) does not exist; this machine has {self.driver.Device.count()}"
                )
            context = self.driver.Device(device_id).retain_primary_context()
            context.push()
            self._devices[device_id] = (context, DeviceMemoryPool(), self.driver.Stream())
            return self._devices[device_id]
        entry = self._devices[device_id]
        if self.driver.Context.get_current() != entry[0]:
            entry[0].push()
        return entry

    def allocate(self, device_type: int, device_id: int, nbytes: int) -> tuple[int, Any]:
        """Memory of a device or (device type 3) page-locked host memory: address and the object that owns it."""
        _, pool, _ = self._device(device_id)
        if device_type == 3:
            block = self.driver.pagelocked_empty(max(nbytes, 1), "uint8")
            return block.ctypes.data, block
        block = pool.allocate(max(nbytes, 1))
        return int(block), block

    def stream(self, device_id: int) -> int:
        """Handle of the stream on which all work of a device is queued."""
        return int(self._device(device_id)[2].handle)

    def synchronize(self, device_id: int | None = None) -> None:
        """Wait for all queued work of one device, or of all that were used."""
        for i in [device_id] if device_id is not None else list(self._devices):
            self._device(i)[2].synchronize()

    def release(self, device_id: int) -> None:
        """Give pooled memory back to the driver."""
        self._device(device_id)[1].free_held()

    def memory_info(self, device_id: int) -> tuple[int, int]:
        """Free and total bytes of a GPU."""
        self._device(device_id)
        free, total = self.driver.mem_get_info()
        return int(free), int(total)

    def copy(self, source: Any, target: Any, nbytes: int) -> None:
        """Copy between two `engine.Array`, at least one of them on a GPU; returns when host memory may be reused."""
        gpu = target if target.storage.device_type == 2 else source
        stream = self._device(gpu.storage.device_id)[2]
        if source.storage.device_type == 2 and target.storage.device_type == 2:
            self.driver.memcpy_dtod_async(target.address, source.address, nbytes, stream)
            return
        host = source if gpu is target else target
        view = memoryview(host.storage)[host.offset : host.offset + nbytes]
        if gpu is target:
            self.driver.memcpy_htod_async(target.address, view, stream)
        else:
            self.driver.memcpy_dtoh_async(view, source.address, stream)
        stream.synchronize()


@functools.cache
def backend() -> Backend:
    """The backend, made (and given to the engine) when first asked for.

    Raises
    ------
    NoDeviceError
        If no GPU can be used; the message says why.
    """
    from paratrain.ext import engine

    made = Backend()
    engine.set_gpu_backend(made)
    return made
