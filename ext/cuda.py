"""GPUs: memory, streams and copies through pycuda; the kernels come from libparatrain_cuda.so, loaded on first use.

pycuda owns each GPU's primary context, a memory pool, and one stream on which all work of that GPU is queued in order.
Its calls are made with the context pushed and popped around them, so that no thread ends with a context on pycuda's
stack; for the kernels, the context is made current by the CUDA runtime (`Backend.stream`).
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import importlib.util
import os
import re
import threading
from pathlib import Path
from typing import Any

from paratrain.base import ParatrainError
from paratrain.ext import nvrtc, plans

__all__ = [
    "LIBRARY",
    "PLAIN_RUNS",
    "Backend",
    "NoDeviceError",
    "backend",
    "device_count",
    "graphs_wanted",
    "kernel_names",
    "library",
    "why_not",
]

#: Where `python setup.py build_cuda` puts the kernels.
LIBRARY = Path(__file__).with_name("libparatrain_cuda.so")
#: What it needs from NVIDIA's wheels, in the order in which one needs the other.
_NVIDIA = ("cu13/lib/libcublasLt.so.13", "cu13/lib/libcublas.so.13", "cudnn/lib/libcudnn.so.9")

_GPU, _PINNED = 2, 3
#: Runs with the same addresses before a program is recorded: the first loads kernels and makes handles.
PLAIN_RUNS = 2


class NoDeviceError(ParatrainError):
    """A gpu context was asked for where no GPU can be used; the message says what is missing."""


def _missing() -> list[str]:
    """Everything that is missing for using a GPU, as far as that can be seen without loading it."""
    missing = []
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError as e:
        missing.append(f"there is no CUDA driver ({e})")
    if not LIBRARY.exists():
        missing.append(f"{LIBRARY.name} was not built (python setup.py build_cuda in the source tree)")
    if importlib.util.find_spec("pycuda") is None:
        missing.append("pycuda is not installed (pip install 'paratrain[gpu]')")
    return missing


def library() -> ctypes.CDLL:
    """Load the library of kernels; needs neither a driver nor a GPU.

    Raises
    ------
    NoDeviceError
        If it was not built, was built for another version of the engine, or lacks cuBLAS or cuDNN.
    """
    if not LIBRARY.exists():
        raise NoDeviceError(
            f"[gpu] {LIBRARY.name} was not built; run `python setup.py build_cuda` in the source tree (docs/gpu.md)"
        )
    return _load(str(LIBRARY))


@functools.cache
def _load(path: str) -> ctypes.CDLL:
    from paratrain.ext import engine

    found = importlib.util.find_spec("nvidia")
    roots = [Path(p) for p in (found.submodule_search_locations or [])] if found is not None else []
    try:
        # once loaded, a library is found by its name, wherever the build looked for it
        for name in _NVIDIA:
            for file in [r / name for r in roots if (r / name).exists()][:1]:
                ctypes.CDLL(str(file))
        made = ctypes.CDLL(path)
    except OSError as e:
        raise NoDeviceError(f"[gpu] {Path(path).name} cannot be loaded ({e}); pip install 'paratrain[gpu]'") from None
    _declare(made)
    if made.paratrain_cuda_abi() != engine.abi():
        raise NoDeviceError(
            f"[gpu] {Path(path).name} must fit the engine: interface {engine.abi()}; it has "
            f"{made.paratrain_cuda_abi()}; run `python setup.py build_cuda` again"
        )
    return made


def _declare(lib: ctypes.CDLL) -> None:
    pointer, integer, size = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
    lib.paratrain_cuda_version.restype = ctypes.c_char_p
    lib.paratrain_cuda_error.restype = ctypes.c_char_p
    lib.paratrain_cuda_register.argtypes = [pointer]
    lib.paratrain_cuda_use.argtypes = [integer]
    lib.paratrain_cuda_copy_peer.argtypes = [pointer, integer, pointer, integer, size, pointer]
    lib.paratrain_cuda_keep_plans.restype = None
    lib.paratrain_cuda_close.restype = None
    lib.paratrain_cuda_load_chain.argtypes = [ctypes.c_char_p]
    lib.paratrain_cuda_load_chain.restype = pointer
    lib.paratrain_cuda_kernel_names.argtypes = [ctypes.c_char_p, size]
    lib.paratrain_cuda_kernel_names.restype = size


def graphs_wanted() -> bool:
    """Whether programs are to run as CUDA graphs: environment variable ``PARATRAIN_CUDA_GRAPHS``, off by default.

    Raises
    ------
    ValueError
        If it is neither 0 nor 1.
    """
    value = os.environ.get("PARATRAIN_CUDA_GRAPHS", "") or "0"
    if value not in ("0", "1"):
        raise ValueError(f"[gpu] PARATRAIN_CUDA_GRAPHS must be 0 or 1; got {value!r}")
    return value == "1"


def kernel_names() -> list[str]:
    """Names of all kernels in the library, sorted. Needs no GPU.

    Raises
    ------
    NoDeviceError
        If the library cannot be loaded.
    """
    lib = library()
    size = lib.paratrain_cuda_kernel_names(None, 0)
    if size < 0:
        raise ParatrainError(f"[gpu] {lib.paratrain_cuda_error().decode()}")
    text = ctypes.create_string_buffer(size)
    lib.paratrain_cuda_kernel_names(text, size)
    return text.raw.decode().split()


@functools.cache
def _driver() -> Any:
    """pycuda's driver module, initialised.

    Raises
    ------
    NoDeviceError
        If the driver, the library of kernels or pycuda is missing or does not work.
    """
    missing = _missing()
    if missing:
        raise NoDeviceError(f"[gpu] no GPU can be used: {'; '.join(missing)}; use mx.cpu()")
    library()
    try:
        import pycuda.driver as driver
    except ImportError as e:
        raise NoDeviceError(f"[gpu] pycuda cannot be imported ({e}); pip install 'paratrain[gpu]'") from None
    try:
        driver.init()
    except driver.Error as e:
        raise NoDeviceError(f"[gpu] the CUDA driver does not start ({e}); use mx.cpu()") from None
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


class _Device:
    """One GPU: its primary context, memory pools and stream. In a ``with``, the context is current in this thread."""

    def __init__(self, driver: Any, device_id: int) -> None:
        from pycuda.tools import DeviceMemoryPool

        self._pop = driver.Context.pop  # kept for arrays that live until the modules are gone
        self.context = driver.Device(device_id).retain_primary_context()
        self.closed = False
        self.pinned: dict[int, list[Any]] = {}  # page-locked arrays to be used again, by size
        with self:
            self.pool = DeviceMemoryPool()
            self.stream = driver.Stream()

    def __enter__(self) -> _Device:
        self.context.push()
        return self

    def __exit__(self, *_: object) -> None:
        self._pop()

    def release(self) -> None:
        """Give memory that is not in use back to the driver."""
        with self:
            self.stream.synchronize()
            self.pool.free_held()
            self.pinned.clear()

    def close(self) -> None:
        """Let go of the GPU at the end of the process; memory still in use goes with the driver."""
        self.release()
        with self:
            self.pool.stop_holding()
        self.closed = True
        self.context.detach()


class _Block:
    """Memory of a device's pool. pycuda's pool may only get it back while the context is current."""

    __slots__ = ("_block", "_device")

    def __init__(self, device: _Device, nbytes: int) -> None:
        self._device = device
        self._block = device.pool.allocate(nbytes)

    def __int__(self) -> int:
        return int(self._block)

    def __del__(self) -> None:
        if hasattr(self, "_block") and not self._device.closed:
            with self._device:
                self._block.free()


class _Pinned:
    """Page-locked host memory; goes back among the device's arrays of its size, a power of two."""

    __slots__ = ("_device", "_memory")

    def __init__(self, device: _Device, driver: Any, nbytes: int) -> None:
        self._device = device
        size = 1 << (nbytes - 1).bit_length()
        idle = device.pinned.get(size)
        self._memory = idle.pop() if idle else driver.pagelocked_empty(size, "uint8")

    def __int__(self) -> int:
        return int(self._memory.ctypes.data)

    def __del__(self) -> None:
        if hasattr(self, "_memory") and not self._device.closed:
            self._device.pinned.setdefault(self._memory.nbytes, []).append(self._memory)


class Backend:
    """Owner of each GPU's primary context, memory pool and stream; what the engine asks for GPU memory.

    Raises
    ------
    NoDeviceError
        If no GPU can be used; the message says why.
    """

    def __init__(self) -> None:
        from paratrain.ext import engine

        self.driver = _driver()
        if self.driver.Device.count() == 0:
            raise NoDeviceError("[gpu] the CUDA driver sees no device; use mx.cpu()")
        self.library = library()
        if not engine.kernel_names(_GPU):
            self._check(self.library.paratrain_cuda_register(engine.registry_address(_GPU)))
        plans.install(self.library)
        self._chains: dict[tuple[str, str], int] = {}
        self._devices: dict[int, _Device] = {}
        self._lock = threading.Lock()
        atexit.register(self._close)

    def _check(self, status: int) -> None:
        if status:
            raise ParatrainError(f"[gpu] {self.library.paratrain_cuda_error().decode()}")

    def _device(self, device_id: int) -> _Device:
        found = self._devices.get(device_id)
        if found is None:
            with self._lock:
                if device_id not in self._devices:
                    self._devices[device_id] = self._open(device_id)
                found = self._devices[device_id]
        return found

    def _open(self, device_id: int) -> _Device:
        count = self.driver.Device.count()
        if not 0 <= device_id < count:
            raise NoDeviceError(f"[gpu] gpu({device_id}) does not exist; there are gpu(0) to gpu({count - 1})")
        arch = self._arch(device_id)
        if int(arch) < self._lowest():
            raise NoDeviceError(
                f"[gpu] gpu({device_id}), {self.driver.Device(device_id).name()}, has compute capability "
                f"{arch[:-1]}.{arch[-1]}; {LIBRARY.name} was built for "
                f"{self.library.paratrain_cuda_version().decode()}; run `python setup.py build_cuda --arch {arch}`"
            )
        return _Device(self.driver, device_id)

    def _arch(self, device_id: int) -> str:
        """Compute capability of a GPU, such as ``'90'``."""
        major, minor = self.driver.Device(device_id).compute_capability()
        return f"{major}{minor}"

    def _lowest(self) -> int:
        """The lowest compute capability that the library was built for."""
        found = re.search(r"sm (\d+)", self.library.paratrain_cuda_version().decode())
        return int(found.group(1)) if found is not None else 0

    def chain(self, source: str) -> tuple[int, ...]:
        """Functions of a compiled chain, one for each GPU (0 for those that cannot be used).

        Parameters
        ----------
        source : str
            As `engine.chain_source` gives it.

        Raises
        ------
        ParatrainError
            If it cannot be compiled or loaded.
        """
        archs = [self._arch(i) for i in range(self.driver.Device.count())]
        return tuple(self._chain(source, arch) if int(arch) >= self._lowest() else 0 for arch in archs)

    def _chain(self, source: str, arch: str) -> int:
        with self._lock:
            found = self._chains.get((source, arch))
            if found is None:
                found = self.library.paratrain_cuda_load_chain(nvrtc.compiled(source, arch))
                if not found:
                    self._check(-1)
                self._chains[source, arch] = found
            return found

    def allocate(self, device_type: int, device_id: int, nbytes: int) -> tuple[int, Any]:
        """Memory of a GPU or (device type 3) page-locked host memory: its address and the object that owns it.

        Raises
        ------
        NoDeviceError
            If there is no such GPU.
        MemoryError
            If the memory has run out.
        """
        device = self._device(device_id)
        self._check(self.library.paratrain_cuda_use(device_id))
        size = max(nbytes, 1)
        with device:
            try:
                block = _Pinned(device, self.driver, size) if device_type == _PINNED else _Block(device, size)
                return int(block), block
            except self.driver.MemoryError:
                where = "page-locked memory" if device_type == _PINNED else f"gpu({device_id})"
                free, total = self.driver.mem_get_info()
                raise MemoryError(
                    f"[gpu] {where} has no {size} bytes left (gpu({device_id}): {free} of {total} bytes free); "
                    "use smaller batches, or empty_cache() of the context"
                ) from None

    def stream(self, device_id: int) -> int:
        """Handle of the stream on which all work of a GPU is queued; the GPU becomes this thread's current one."""
        handle = self._device(device_id).stream.handle
        self._check(self.library.paratrain_cuda_use(device_id))
        return int(handle)

    def device_of(self, stream: int) -> int:
        """The GPU whose stream this is."""
        return next(i for i, device in self._devices.items() if int(device.stream.handle) == stream)

    def synchronize(self, device_id: int | None = None) -> None:
        """Wait for all queued work of one GPU, or of all that were used."""
        for i in [device_id] if device_id is not None else list(self._devices):
            with self._device(i) as device:
                device.stream.synchronize()

    def release(self, device_id: int) -> None:
        """Give pooled memory back to the driver, page-locked memory included."""
        self._device(device_id).release()

    def memory_info(self, device_id: int) -> tuple[int, int]:
        """Free and total bytes of a GPU."""
        with self._device(device_id):
            free, total = self.driver.mem_get_info()
        return int(free), int(total)

    def copy(self, source: Any, target: Any, nbytes: int) -> None:
        """Copy between two `engine.Array`, at least one of them on a GPU; returns when host memory may be reused."""
        if nbytes == 0:
            return
        from_gpu, to_gpu = source.storage.device_type == _GPU, target.storage.device_type == _GPU
        if from_gpu and to_gpu and source.storage.device_id != target.storage.device_id:
            self._copy_peer(source, target, nbytes)
            return
        with self._device((target if to_gpu else source).storage.device_id) as device:
            stream = device.stream
            if from_gpu and to_gpu:
                self.driver.memcpy_dtod_async(target.address, source.address, nbytes, stream)
                return
            host = source if to_gpu else target
            view = memoryview(host.storage)[host.offset : host.offset + nbytes]
            if to_gpu:
                self.driver.memcpy_htod_async(target.address, view, stream)
            else:
                self.driver.memcpy_dtoh_async(view, source.address, stream)
            stream.synchronize()

    def _copy_peer(self, source: Any, target: Any, nbytes: int) -> None:
        """Copy between two GPUs: after the work that is queued on both, and before what follows on either."""
        here, there = source.storage.device_id, target.storage.device_id
        self.synchronize(here)
        stream = self.stream(there)
        self._check(self.library.paratrain_cuda_copy_peer(target.address, there, source.address, here, nbytes, stream))
        self.synchronize(there)

    def _close(self) -> None:
        for device in self._devices.values():
            device.close()
        self.library.paratrain_cuda_close()


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
