"""GPUs where there is none: the errors, the library of kernels, and what the backend asks of pycuda (a fake here)."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import threading
import types
from pathlib import Path

import numpy as np
import pytest
from fake_pycuda import FakeDriver, pool_of

import paratrain as mx
from paratrain.ext import cuda, engine

SOURCE = Path(__file__).resolve().parents[2] / "ext"
BUILT = pytest.mark.skipif(
    not cuda.LIBRARY.exists(), reason=f"{cuda.LIBRARY.name} was not built (python setup.py build_cuda)"
)
WITHOUT_GPU = pytest.mark.skipif(mx.num_gpus() > 0, reason="this machine has a GPU")
#: Only oneDNN has layouts to convert between.
CPU_ONLY = {"reorder", "sync_batch_norm", "sync_batch_norm_grad"}


@WITHOUT_GPU
@pytest.mark.parametrize(
    "use",
    [
        lambda: mx.nd.ones((2,), ctx=mx.gpu(0)),
        lambda: mx.nd.ones((2,)).as_in_context(mx.gpu(0)),
        lambda: mx.nd.zeros((2,), ctx=mx.cpu_pinned()),
        lambda: mx.sym.Variable("x").simple_bind(mx.gpu(1), x=(2,)),
        lambda: mx.context.gpu_memory_info(0),
    ],
    ids=["ones", "as_in_context", "cpu_pinned", "simple_bind", "memory_info"],
)
def test_a_gpu_that_is_not_there_is_refused(use):
    with pytest.raises(mx.base.ParatrainError, match=r"^\[gpu\] .*(driver|libparatrain_cuda\.so|pycuda)") as caught:
        use()
    assert isinstance(caught.value, cuda.NoDeviceError)
    assert cuda.why_not() == str(caught.value)


@pytest.fixture
def fresh(monkeypatch):
    """Forget what was found of driver and library, before and after."""
    caches = (cuda._driver, cuda._load, cuda.backend)
    for cached in caches:
        cached.cache_clear()
    yield monkeypatch
    for cached in caches:
        cached.cache_clear()


def test_the_error_names_everything_that_is_missing(fresh, tmp_path):
    def no_library(name):
        raise OSError(f"{name}: cannot open")

    fresh.setattr(cuda, "LIBRARY", tmp_path / "libparatrain_cuda.so")
    fresh.setattr(cuda.ctypes, "CDLL", no_library)
    fresh.setattr(cuda.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        cuda.NoDeviceError, match=r"driver \(libcuda\.so\.1: .*was not built .*; pycuda is not .*mx\.cpu"
    ):
        cuda.backend()
    assert cuda.device_count() == 0


def test_a_library_that_was_not_built(fresh, tmp_path):
    fresh.setattr(cuda, "LIBRARY", tmp_path / "libparatrain_cuda.so")
    with pytest.raises(cuda.NoDeviceError, match=r"was not built; run `python setup\.py build_cuda`"):
        cuda.kernel_names()


def test_a_library_that_does_not_load(fresh, tmp_path):
    path = tmp_path / "libparatrain_cuda.so"
    path.write_bytes(b"not a library")
    fresh.setattr(cuda, "LIBRARY", path)
    with pytest.raises(cuda.NoDeviceError, match=r"cannot be loaded \(.*pip install 'paratrain\[gpu\]'"):
        cuda.kernel_names()


class FakeLibrary:
    """libparatrain_cuda.so without its kernels; notes the calls."""

    closed = False

    def __init__(self, abi=None, version=b"CUDA 13.0, sm 80+90"):
        self.abi, self.version, self.used, self.peers, self.status = abi, version, [], [], 0
        self.binaries = []

    def __getattr__(self, name):
        # a place for restype and argtypes
        call = getattr(type(self), "call_" + name.removeprefix("paratrain_cuda_"))
        made = type("Function", (), {"__call__": lambda _, *arguments: call(self, *arguments)})()
        self.__dict__[name] = made
        return made

    def call_abi(self):
        return engine.abi() if self.abi is None else self.abi

    def call_version(self):
        return self.version

    def call_error(self):
        return b"CUDA: something, in call (file.cu:1)"

    def call_register(self, address):
        assert address == engine.registry_address(2)
        return self.status

    def call_close(self):
        self.closed = True

    def call_keep_plans(self, find, keep):
        self.plans = find, keep

    def call_load_chain(self, binary):
        self.binaries.append(binary)
        return self.status or 4096 + len(self.binaries)

    def call_use(self, device):
        self.used.append(device)
        return self.status

    def call_copy_peer(self, *arguments):
        self.peers.append(arguments)
        return self.status

    def call_kernel_names(self, buffer, size):
        return -1


def test_a_library_of_another_version(fresh, tmp_path):
    path = tmp_path / "libparatrain_cuda.so"
    path.touch()
    fresh.setattr(cuda, "LIBRARY", path)
    fresh.setattr(cuda, "_NVIDIA", ())
    fresh.setattr(cuda.ctypes, "CDLL", lambda name: FakeLibrary(abi=engine.abi() + 1))
    with pytest.raises(cuda.NoDeviceError, match=rf"interface {engine.abi()}; it has {engine.abi() + 1}; run"):
        cuda.library()


# -- the library itself ---------------------------------------------------------------------------------------------


@BUILT
def test_the_library_loads_without_a_driver_and_says_what_it_is():
    assert cuda.library().paratrain_cuda_version().decode().startswith("CUDA ")


@BUILT
def test_both_devices_have_the_same_kernels():
    assert set(engine.kernel_names()) - CPU_ONLY == set(cuda.kernel_names())
    assert cuda.kernel_names() == sorted(cuda.kernel_names())


@BUILT
@WITHOUT_GPU
def test_a_failed_call_says_where():
    lib = cuda.library()
    assert lib.paratrain_cuda_use(0) == -1
    assert lib.paratrain_cuda_error().decode().startswith("CUDA: cuda")
    assert b"cudaSetDevice(device) (library.cu:" in lib.paratrain_cuda_error()


@BUILT
def test_the_table_of_gpu_kernels_is_filled():
    # in a process of its own: the table is filled once
    program = (
        "from paratrain.ext import cuda, engine; lib = cuda.library(); assert not engine.kernel_names(2); "
        "assert lib.paratrain_cuda_register(engine.registry_address(2)) == 0; "
        "assert engine.kernel_names(2) == cuda.kernel_names()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd="/")


@BUILT
@pytest.mark.skipif(shutil.which("nm") is None, reason="nm is not installed")
def test_the_library_exports_its_entry_points_only():
    listed = subprocess.run(
        ["nm", "-D", "--defined-only", str(cuda.LIBRARY)], check=True, capture_output=True, text=True
    ).stdout
    names = {line.split()[2] for line in listed.splitlines() if line.split()[1] == "T"}
    wanted = {"abi", "close", "copy_peer", "error", "keep_plans", "kernel_names", "load_chain", "register", "use"}
    wanted |= {"version"}
    assert names == {f"paratrain_cuda_{n}" for n in wanted}


@pytest.mark.skipif(not (SOURCE / "kernels").is_dir(), reason="not a source tree")
def test_every_family_is_compiled_for_both_devices():
    sources = [p for p in (SOURCE / "kernels").glob("*/*_cpu.cc") if "<Cpu>(Registry" in p.read_text()]
    families = {p.with_name(p.name.removesuffix("_cpu.cc")) for p in sources}
    assert len(families) > 8
    assert [p for p in families if not p.with_suffix(".cu").exists()] == []


# -- what the backend asks of pycuda --------------------------------------------------------------------------------


@pytest.fixture
def backend(fresh):
    """A backend over the fakes, given to the engine."""
    driver, lib = FakeDriver(), FakeLibrary()
    fresh.setattr(cuda, "_driver", lambda: driver)
    fresh.setattr(cuda, "library", lambda: lib)
    fresh.setattr(cuda.atexit, "register", lambda call: None)
    fresh.setitem(sys.modules, "pycuda", types.ModuleType("pycuda"))
    fresh.setitem(sys.modules, "pycuda.tools", types.SimpleNamespace(DeviceMemoryPool=pool_of(driver)))
    made = cuda.Backend()
    engine.set_gpu_backend(made)
    yield made
    engine.set_gpu_backend(None)
    assert driver.stack() == []


def array(device_type, nbytes=8, device_id=0):
    return engine.Array(engine.Storage(device_type, device_id, nbytes), 0, (nbytes // 4,), "float32")


def test_copies_go_through_the_stream_of_the_device(backend):
    host, device, again, back = array(1), array(2), array(2), array(1)
    np.frombuffer(host.storage, np.float32)[:] = [1, 2]
    engine.copy_bytes(host, device, 8)
    engine.copy_bytes(device, again, 8)
    engine.copy_bytes(again, back, 8)
    assert np.frombuffer(back.storage, np.float32).tolist() == [1, 2]
    assert backend.driver.copies == [("htod", 0, 1000), ("dtod", 0, 1000), ("dtoh", 0, 1000)]
    engine.copy_bytes(host, device, 0)
    assert len(backend.driver.copies) == 3


def test_no_thread_is_left_with_a_context(backend):
    left = []

    def work():
        held = array(2)
        backend.synchronize()
        backend.copy(array(1), held, 8)
        left.append((backend.stream(0), backend.driver.stack()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert left == [(1000, [])]
    assert backend.library.used[-1] == 0


def test_memory_goes_back_while_the_context_is_current(backend):
    held = [array(2)]
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()
    assert backend.driver.freed == [0]


def test_page_locked_memory_is_the_hosts(backend):
    pinned = array(3)
    np.frombuffer(pinned.storage, np.float32)[:] = 5
    device = array(2)
    engine.copy_bytes(pinned, device, 8)
    assert np.frombuffer(ctypes.string_at(device.address, 8), np.float32).tolist() == [5, 5]


def test_memory_that_has_run_out(backend):
    with pytest.raises(MemoryError, match=r"gpu\(0\) has no 2000 bytes left \(gpu\(0\): 10 of 100 bytes free\)"):
        array(2, 2000)
    assert backend.memory_info(0) == (10, 100)


def test_a_device_that_does_not_exist(backend):
    with pytest.raises(cuda.NoDeviceError, match=r"gpu\(2\) does not exist; there are gpu\(0\) to gpu\(1\)"):
        array(2, 8, 2)


def test_a_device_that_is_too_old_for_the_library(backend):
    with pytest.raises(cuda.NoDeviceError, match=r"Fake 1, has compute capability 7\.5; .* sm 80\+90; .*--arch 75"):
        array(2, 8, 1)


def test_devices_copy_to_each_other_in_the_stream_of_the_target(backend, monkeypatch):
    monkeypatch.setattr(backend.driver.Device, "compute_capability", lambda self: (8, 0))
    source, target = array(2, 8, 0), array(2, 8, 1)
    engine.copy_bytes(source, target, 8)
    assert backend.library.peers == [(target.address, 1, source.address, 0, 8, 1001)]


def test_page_locked_memory_is_used_again(backend):
    first = array(3)
    address = first.address
    del first
    second = array(3)
    assert second.address == address
    assert array(3).address != address
    assert [len(idle) for idle in backend._devices[0].pinned.values()] == [1]
    backend.release(0)
    assert backend._devices[0].pinned == {}


def test_the_end_of_the_process(backend):
    held = array(2)
    backend._close()
    device = backend._devices[0]
    assert device.pool.calls == ["free_held", "stop_holding"]
    assert backend.driver.detached == [0]
    assert backend.library.closed
    del held  # no context any more
    assert backend.driver.freed == []


def test_a_chain_is_compiled_once_for_each_kind_of_gpu(backend, monkeypatch):
    compiled = []
    monkeypatch.setattr(cuda.nvrtc, "compiled", lambda source, arch: compiled.append(arch) or arch.encode())
    assert backend.chain("source") == (4097, 0)  # the other device is too old for the library
    assert backend.chain("source") == (4097, 0)
    assert backend.chain("another") == (4098, 0)
    assert compiled == ["90", "90"]
    assert backend.library.binaries == [b"90", b"90"]


def test_a_chain_that_does_not_load(backend, monkeypatch):
    monkeypatch.setattr(cuda.nvrtc, "compiled", lambda source, arch: b"")
    monkeypatch.setattr(FakeLibrary, "call_load_chain", lambda self, binary: None)
    with pytest.raises(mx.base.ParatrainError, match=r"\[gpu\] CUDA: something, in call \(file\.cu:1\)"):
        backend.chain("source")


def test_the_library_is_told_where_plans_are_kept(backend):
    assert backend.library.plans == cuda.plans._calls


def test_a_call_that_fails_is_reported(backend):
    backend.stream(0)
    backend.library.status = -1
    with pytest.raises(mx.base.ParatrainError, match=r"\[gpu\] CUDA: something, in call \(file\.cu:1\)"):
        backend.stream(0)


def test_no_device_at_all(fresh):
    driver = FakeDriver()
    driver.Device.count = staticmethod(lambda: 0)
    fresh.setattr(cuda, "_driver", lambda: driver)
    with pytest.raises(cuda.NoDeviceError, match="sees no device"):
        cuda.Backend()
    assert cuda.why_not() == "[gpu] the CUDA driver sees no device"


def test_a_driver_that_does_not_start(fresh):
    driver = FakeDriver()

    def init():
        raise driver.Error("cuInit failed: no CUDA-capable device is detected")

    driver.init = init
    package = types.ModuleType("pycuda")
    package.driver = driver
    fresh.setitem(sys.modules, "pycuda", package)
    fresh.setitem(sys.modules, "pycuda.driver", driver)
    fresh.setattr(cuda, "_missing", lambda: [])
    fresh.setattr(cuda, "library", lambda: FakeLibrary())
    with pytest.raises(cuda.NoDeviceError, match=r"does not start \(cuInit failed: no CUDA-capable device"):
        cuda.backend()


def test_pycuda_that_cannot_be_imported(fresh):
    fresh.setattr(cuda, "_missing", lambda: [])
    fresh.setattr(cuda, "library", lambda: FakeLibrary())
    fresh.setitem(sys.modules, "pycuda.driver", None)
    with pytest.raises(cuda.NoDeviceError, match="pycuda cannot be imported"):
        cuda.backend()
