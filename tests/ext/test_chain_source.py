"""The CUDA source of chains: what it computes (compiled for the host), and that CUDA's compilers take it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import paratrain as mx
from paratrain.base import DTYPE_FLAGS, ParatrainError
from paratrain.ext import cuda, engine, nvrtc
from paratrain.graph.chains import CHAIN, join_chains
from paratrain.graph.compile import build
from paratrain.graph.ir import topological

EXT = Path(__file__).resolve().parents[2] / "ext"
CXX = os.environ.get("CXX", "g++")
HOST = pytest.mark.skipif(
    shutil.which(CXX) is None or not (EXT / "core").is_dir(), reason=f"{CXX} or the source tree is missing"
)
#: What makes a function for the host of one for the GPU: a grid of one block, whose threads run one by one.
SHIM = """
#include <cmath>
#include <cstdint>
#include <cstring>
#define __global__
#define __launch_bounds__(n)
#define __grid_constant__
struct Place { unsigned x; };
static Place gridDim{1}, blockIdx{0}, threadIdx{0};
%s
extern "C" int64_t words() { return sizeof(Arguments) / 8; }
extern "C" void run(const int64_t* from) {
  Arguments a;
  std::memcpy(&a, from, sizeof a);
  for (threadIdx.x = 0; threadIdx.x < 256; ++threadIdx.x) chain(a);
}
"""
#: Attributes that members read, whatever the member.
NUMBERS = {"scalar": 1.5, "reverse": False, "slope": 0.25, "a_min": -0.5, "a_max": 0.75, "value": 2.5}
TOLERANCE = {"float32": 2e-6, "float64": 1e-12, "float16": 2e-3, "bfloat16": 1e-2}


def run_on_host(folder: Path, attrs: dict, ins: list, outs: list) -> list[mx.nd.NDArray]:
    """Results of the source of a chain, compiled for the host."""
    source, words = engine.chain_source(attrs, [a.desc for a in ins], outs)
    (folder / "chain.cc").write_text(SHIM % source)
    flags = ["-std=c++17", "-O1", "-march=native", "-w", "-fPIC", "-shared", f"-I{EXT}"]
    subprocess.run([CXX, *flags, str(folder / "chain.cc"), "-o", str(folder / "chain.so")], check=True)
    lib = ctypes.CDLL(str(folder / "chain.so"))
    results = [mx.nd.zeros(shape, dtype=dtype) for shape, dtype in outs]
    words = [*words, *(a.address for a in ins), *(a.address for a in results)]
    lib.words.restype = ctypes.c_int64
    assert lib.words() == len(words)
    lib.run((ctypes.c_int64 * len(words))(*words))
    return results


def close(have: mx.nd.NDArray, want: mx.nd.NDArray, about: str) -> None:
    """Assert equality up to rounding; whole numbers exactly."""
    rtol = TOLERANCE.get(want.dtype_str, 0)
    a, b = (x.astype("float64").asnumpy() for x in (have, want))
    np.testing.assert_allclose(a, b, rtol, rtol, err_msg=about)


def every_member(dtype: str) -> tuple[dict, list[str]]:
    """A chain with every member that there is for a type, each an output; inputs: three of the type."""
    real = dtype in TOLERANCE
    names = sorted(n for n in engine.chain_members() if real or not n.endswith("_grad") or n == "clip_grad")
    names = [n for n in names if real or n not in ("leaky", "elu", "selu", "gelu")]
    counts = {"fill": 0, "where": 3, "clip_grad": 2, "cast": 1}
    used = []
    for name in names:
        n = counts.get(name)
        if n is None:
            plain = name.removesuffix("_scalar")
            n = 3 if name in ("leaky_grad", "elu_grad", "selu_grad", "gelu_grad") else 2
            n = 1 if name.endswith("_scalar") or not _is_binary(plain) else n
        used.append(n)
    flat = {
        "counts": tuple(used),
        "operands": tuple(i for n in used for i in range(n)),
        "dtypes": (DTYPE_FLAGS[dtype],) * len(names),
        "outputs": tuple(range(len(names))),
    }
    for k, name in enumerate(names):
        flat[f"{k}.kernel"] = name
        flat |= {f"{k}.{key}": value for key, value in NUMBERS.items()}
    return flat, names


def _is_binary(name: str) -> bool:
    return name.endswith("_grad") or f"{name}_scalar" in engine.chain_members()


@HOST
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "float64", "int32", "uint8", "int64"])
def test_every_member_computes_what_its_kernel_does(tmp_path, dtype):
    rng = np.random.default_rng(3)
    values = rng.uniform(-2, 2, (3, 700)) if dtype in TOLERANCE else rng.integers(1, 4, (3, 700))
    ins = [mx.nd.array(v, dtype=dtype) for v in values]
    attrs, names = every_member(dtype)
    results = run_on_host(tmp_path, attrs, ins, [(ins[0].shape, dtype)] * len(names))
    assert len(names) > 80
    for name, count, have in zip(names, attrs["counts"], results, strict=True):
        want = mx.nd.zeros(have.shape, dtype=dtype)
        kernel = engine.make_kernel(name, 1, NUMBERS, [a.desc for a in ins[:count]], [want.desc], plain=True)
        engine.invoke(kernel, ins[:count], [want])
        close(have, want, name)


def chains_of(symbol: mx.sym.Symbol, variables: dict[str, tuple], device: int = 2) -> list:
    """The chains of a graph that predicts on a device: (attributes of the kernel, descriptions in and out, inputs)."""
    graph = join_chains(build(symbol._entries, variables, device, False))
    found = []
    for node in topological(graph.results):
        if node.op is CHAIN:
            ins = [tuple(d) for d in node.attrs["inputs"]]
            calls = node.attrs["calls"]
            outs = [calls[k].desc for k in node.attrs["outputs"]]
            found.append((node.op.kernel_spec(node.attrs, ins, outs, False)[1], ins, outs, node.inputs))
    return found


def residual() -> tuple[mx.sym.Symbol, dict[str, np.ndarray]]:
    """Arrays repeated along the first, the last and both axes, other types in between, a constant, and clip."""
    x, row, column, one = (mx.sym.Variable(n) for n in ("x", "row", "column", "one"))
    y = mx.sym.broadcast_add(mx.sym.broadcast_mul(x, row), column)
    y = mx.sym.clip(mx.sym.broadcast_div(y, one), a_min=-1.0, a_max=1.0)
    y = mx.sym.cast(mx.sym.cast(y, dtype="float16") + 1.0, dtype="float32") - mx.sym.ones((5, 6, 7))
    rng = np.random.default_rng(4)
    shapes = {"x": (5, 6, 7), "row": (1, 1, 7), "column": (5, 1, 1), "one": (1, 1, 1)}
    return mx.sym.tanh(y) + x, {n: rng.uniform(0.5, 1.5, s).astype("float32") for n, s in shapes.items()}


@HOST
def test_repeated_inputs_and_types(tmp_path):
    symbol, values = residual()
    variables = {n: (v.shape, "float32") for n, v in values.items()}
    [(attrs, ins, outs, entries)] = chains_of(symbol, variables)
    arrays = [mx.nd.array(values[e.node.name], dtype="float32") for e in entries]
    assert [a.desc for a in arrays] == ins
    have = run_on_host(tmp_path, attrs, arrays, outs)[0]
    executor = symbol.simple_bind(mx.cpu(), grad_req="null", **{n: v.shape for n, v in values.items()})
    for name, value in values.items():
        executor.arg_dict[name][:] = value
    np.testing.assert_allclose(have.asnumpy(), executor.forward()[0].asnumpy(), 1e-5, 1e-6)


def test_both_devices_join_the_same_members():
    symbol, values = residual()
    variables = {n: (v.shape, "float32") for n, v in values.items()}
    assert chains_of(symbol, variables, 1)[0][0] == chains_of(symbol, variables, 2)[0][0]


def test_what_has_no_source_stays_outside_on_a_gpu():
    x = mx.sym.Variable("x")
    symbol = mx.sym.smooth_l1(mx.sym.exp(x) * 2.0, scalar=1.0)
    variables = {"x": ((40,), "float32")}
    kernels = [[v for k, v in sorted(c[0].items()) if k.endswith(".kernel")] for c in chains_of(symbol, variables)]
    assert kernels == [["exp", "mul_scalar"]]
    assert len(chains_of(symbol, variables, 1)[0][0]["counts"]) == 3


def test_the_source_depends_on_sizes_and_numbers_only_through_arguments():
    x, row = mx.sym.Variable("x"), mx.sym.Variable("row")

    def made(n: int, number: float) -> tuple[str, list[int]]:
        variables = {"x": ((n, 8), "float32"), "row": ((1, 8), "float32")}
        [(attrs, ins, outs, _)] = chains_of(mx.sym.broadcast_add(x, row) * number, variables)
        return engine.chain_source(attrs, ins, outs)

    assert made(3, 2.0)[0] == made(50, 3.0)[0]
    assert made(3, 2.0)[1] != made(50, 3.0)[1]


def compile_by_nvcc(folder: Path, source: str) -> bytes:
    """A cubin by the toolkit's compiler."""
    (folder / "chain.cu").write_text(source)
    nvcc = ["nvcc", "-std=c++17", "-cubin", "-arch=sm_90", f"-I{EXT}", "--expt-relaxed-constexpr"]
    subprocess.run([*nvcc, str(folder / "chain.cu"), "-o", str(folder / "chain.cubin")], check=True)
    return (folder / "chain.cubin").read_bytes()


def sources() -> list[str]:
    """Chains with repeated inputs, and with every member."""
    symbol, values = residual()
    [(attrs, ins, outs, _)] = chains_of(symbol, {n: (v.shape, "float32") for n, v in values.items()})
    attrs_of_all, names = every_member("float16")
    desc = ((64,), "float16")
    return [
        engine.chain_source(attrs, ins, outs)[0],
        engine.chain_source(attrs_of_all, [desc] * 3, [desc] * len(names))[0],
    ]


@pytest.mark.skipif(shutil.which("nvcc") is None, reason="nvcc is not installed")
@pytest.mark.skipif(not (EXT / "core").is_dir(), reason="not a source tree")
def test_nvcc_takes_the_source(tmp_path):
    assert compile_by_nvcc(tmp_path, sources()[0]).startswith(b"\x7fELF")


def has_nvrtc() -> bool:
    """Whether NVRTC can be loaded."""
    try:
        nvrtc.nvrtc()
    except ParatrainError:
        return False
    return True


@pytest.mark.skipif(not has_nvrtc(), reason="NVRTC is not installed (it comes with paratrain[gpu])")
def test_nvrtc_takes_the_source_and_keeps_what_it_made(tmp_path, monkeypatch):
    monkeypatch.setenv("PARATRAIN_CACHE", str(tmp_path))
    nvrtc.compiled.cache_clear()
    made = [nvrtc.compiled(s, "90") for s in sources()]
    assert all(m.startswith(b"\x7fELF") for m in made)
    assert len(list((tmp_path / "chains").glob("*.cubin"))) == 2
    nvrtc.compiled.cache_clear()
    monkeypatch.setattr(nvrtc, "_compile", None)  # is not asked again
    assert [nvrtc.compiled(s, "90") for s in sources()] == made
    nvrtc.compiled.cache_clear()


@pytest.mark.skipif(not has_nvrtc(), reason="NVRTC is not installed (it comes with paratrain[gpu])")
def test_what_nvrtc_refuses_is_shown():
    with pytest.raises(ParatrainError, match=r"NVRTC [\d.]+ refuses a chain for sm_90:\n(.|\n)*error(.|\n)*oops"):
        nvrtc._compile("oops", "90")


def test_a_machine_without_nvrtc(monkeypatch):
    def none(name):
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(nvrtc.ctypes, "CDLL", none)
    nvrtc.nvrtc.cache_clear()
    with pytest.raises(
        ParatrainError, match=r"libnvrtc\.so\.13, which compiles chains .*; pip install 'paratrain\[gpu"
    ):
        nvrtc.nvrtc()
    nvrtc.nvrtc.cache_clear()


def test_the_headers_are_those_of_the_kernels():
    texts = nvrtc.headers()
    assert {n for n in texts if "/" in n} == set(nvrtc.HEADERS)
    included = {line.split('"')[1] for t in texts.values() for line in t.splitlines() if line.startswith('#include "')}
    assert included <= set(texts)


@pytest.mark.parametrize(("value", "wanted"), [(None, False), ("0", False), ("", False), ("1", True)])
def test_cuda_graphs_are_off_unless_asked_for(monkeypatch, value, wanted):
    monkeypatch.delenv("PARATRAIN_CUDA_GRAPHS", raising=False)
    if value is not None:
        monkeypatch.setenv("PARATRAIN_CUDA_GRAPHS", value)
    assert cuda.graphs_wanted() is wanted


def test_a_wrong_value_for_cuda_graphs(monkeypatch):
    monkeypatch.setenv("PARATRAIN_CUDA_GRAPHS", "yes")
    with pytest.raises(ValueError, match=r"PARATRAIN_CUDA_GRAPHS must be 0 or 1; got 'yes'"):
        cuda.graphs_wanted()
