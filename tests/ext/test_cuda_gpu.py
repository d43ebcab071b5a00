"""On a GPU: every operator of the table gives what it gives on the CPU; programs, marks and memory work.

Without a GPU all of this is skipped; ``pytest -rs`` says why.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.ext import cuda, engine
from paratrain.ndarray.invoke import F
from paratrain.ops.registry import OPS

pytestmark = pytest.mark.skipif(mx.num_gpus() == 0, reason=cuda.why_not() or "no GPU")
TABLE = Path(__file__).resolve().parents[1] / "paratrain" / "ops" / "table.py"
#: Factor of the table's tolerances: another order of summing, and other functions, than on the CPU.
SLACK = 4.0


def load_table() -> Any:
    """The module of the table of operators; its rows import it by this name."""
    if "table" not in sys.modules:
        spec = importlib.util.spec_from_file_location("table", TABLE)
        sys.modules["table"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["table"])
    return sys.modules["table"]


def rows() -> list[Any]:
    """The operators of the table; none where they cannot run."""
    if mx.num_gpus() == 0:
        return [None]
    sys.path.insert(0, str(TABLE.parent))
    try:
        return load_table().collect()
    finally:
        sys.path.remove(str(TABLE.parent))


def run(row: Any, values: list[np.ndarray], attrs: dict[str, Any], ctx: mx.Context) -> list[np.ndarray]:
    """Results and gradients of a call on a device."""
    mx.random.seed(5)
    with ctx:
        ins = [mx.nd.array(v, ctx=ctx, dtype=v.dtype) for v in values]
        wrt = [i for i in row.gradient if i < len(ins) and values[i].dtype.kind not in "iub"]
        for i in wrt:
            ins[i].attach_grad()
        with mx.autograd.record(train_mode=row.train) if wrt or row.train else mx.autograd.pause():
            out = getattr(F, row.op)(*ins, **attrs)
        outs = list(out) if isinstance(out, (list, tuple)) else [out]
        if wrt:
            mx.autograd.backward(outs, train_mode=row.train)
        assert all(o.context == ctx for o in outs)
        return [a.asnumpy().astype(np.float64) for a in [*outs, *(ins[i].grad for i in wrt)]]


@pytest.mark.parametrize("row", rows(), ids=lambda r: r.op if r else "table")
def test_an_operator_agrees_with_the_cpu(row):
    table = load_table()
    for sample in row.samples:
        for dtype in row.dtypes:
            values = table.arrays(row, sample, dtype)
            got, want = run(row, values, sample.attrs, mx.gpu(0)), run(row, values, sample.attrs, mx.cpu())
            rtol, atol = table.TOLERANCE.get(dtype, table.TOLERANCE["float32"])
            for have, value in zip(got, want, strict=True):
                np.testing.assert_allclose(
                    have, value, SLACK * rtol * row.scale, SLACK * atol * row.scale, err_msg=f"{sample} {dtype}"
                )


def test_random_numbers_are_the_same_bits():
    drawn = []
    for ctx in (mx.cpu(), mx.gpu(0)):
        mx.random.seed(3)
        with ctx:
            drawn.append(mx.nd.random_uniform(shape=(1001,)).asnumpy())
    np.testing.assert_array_equal(*drawn)


def lenet() -> Any:
    """A small convolutional network with every kind of library kernel."""
    net = mx.sym.Variable("data")
    net = mx.sym.Convolution(net, kernel=(5, 5), num_filter=8, name="conv1")
    net = mx.sym.BatchNorm(net, fix_gamma=False, name="norm1")
    net = mx.sym.Pooling(mx.sym.Activation(net, act_type="tanh"), kernel=(2, 2), stride=(2, 2), pool_type="max")
    net = mx.sym.FullyConnected(mx.sym.Flatten(net), num_hidden=10, name="fc1")
    return mx.sym.SoftmaxOutput(net, name="softmax")


def bound(ctx: mx.Context) -> Any:
    """An executor of `lenet` with the same numbers on every device."""
    executor = lenet().simple_bind(ctx, data=(16, 1, 28, 28), softmax_label=(16,), grad_req="write")
    rng = np.random.default_rng(2)
    for name, array in executor.arg_dict.items():
        array[:] = rng.integers(0, 10, 16) if name == "softmax_label" else rng.normal(0, 0.1, array.shape)
    executor.aux_dict["norm1_moving_var"][:] = 1
    return executor


def test_a_training_step_agrees_with_the_cpu():
    gpu, cpu = bound(mx.gpu(0)), bound(mx.cpu())
    for executor in (gpu, cpu):
        executor.forward_backward()
    for name, want in {**cpu.grad_dict, **cpu.aux_dict}.items():
        have = {**gpu.grad_dict, **gpu.aux_dict}[name]
        np.testing.assert_allclose(have.asnumpy(), want.asnumpy(), 1e-3, 1e-5, err_msg=name)


def test_a_step_gives_the_same_bits_every_time():
    runs = []
    for _ in range(2):
        executor = bound(mx.gpu(0))
        executor.forward_backward()
        runs.append(executor.flat_grads.asnumpy())
    np.testing.assert_array_equal(*runs)


def test_gradients_are_there_when_their_marks_are_reached():
    executor = bound(mx.gpu(0))
    executor.forward_backward()
    executor.wait_grad(len(executor.layout))
    assert np.abs(executor.flat_grads.asnumpy()).max() > 0


def trained(ctx: mx.Context, graphs: str, monkeypatch: Any, n: int = 6) -> tuple[list[np.ndarray], Any]:
    """Gradients of some steps with other random numbers each, and the executor."""
    monkeypatch.setenv("PARATRAIN_CUDA_GRAPHS", graphs)
    net = mx.sym.Dropout(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=64, name="fc1"), p=0.5)
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.tanh(net), num_hidden=10, name="fc2"), name="softmax")
    executor = net.simple_bind(ctx, data=(64, 32), softmax_label=(64,), grad_req="write")
    rng = np.random.default_rng(2)
    for name, array in executor.arg_dict.items():
        array[:] = rng.integers(0, 10, 64) if name == "softmax_label" else rng.normal(0, 0.3, array.shape)
    mx.random.seed(11)
    found = []
    for _ in range(n):
        executor.arg_dict["data"][:] = rng.normal(0, 1, (64, 32))
        executor.forward_backward()
        executor.wait_grad(len(executor.layout))
        found.append(executor.flat_grads.asnumpy().copy())
    return found, executor


def test_a_cuda_graph_gives_the_bits_of_plain_runs(monkeypatch):
    plain, _ = trained(mx.gpu(0), "0", monkeypatch)
    replayed, executor = trained(mx.gpu(0), "1", monkeypatch)
    assert executor._program(True).program.replays == 4
    for a, b in zip(plain, replayed, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(plain[4], plain[5])


def test_a_cuda_graph_of_library_kernels(monkeypatch):
    monkeypatch.setenv("PARATRAIN_CUDA_GRAPHS", "1")
    gpu, cpu = bound(mx.gpu(0)), bound(mx.cpu())
    for executor in (gpu, cpu):
        for _ in range(5):
            executor.forward_backward()
    assert gpu._program(True).program.replays == 3
    for name, want in {**cpu.grad_dict, **cpu.aux_dict}.items():
        have = {**gpu.grad_dict, **gpu.aux_dict}[name]
        np.testing.assert_allclose(have.asnumpy(), want.asnumpy(), 1e-3, 1e-5, err_msg=name)


def test_a_cuda_graph_follows_arrays_to_other_places(monkeypatch):
    _, executor = trained(mx.gpu(0), "1", monkeypatch)
    program = executor._program(True).program
    executor.move_grads(mx.nd.zeros(executor.flat_grads.shape, ctx=mx.gpu(0)))
    runs = []
    for _ in range(4):
        mx.random.seed(1)
        executor.forward_backward()
        runs.append(executor.flat_grads.asnumpy().copy())
    assert program.replays == 4 + 2
    for run_ in runs[1:]:
        np.testing.assert_array_equal(run_, runs[0])
    assert np.abs(runs[0]).max() > 0


def test_other_threads_use_the_stream_while_a_graph_is_recorded(monkeypatch):
    done = threading.Event()

    def copies() -> None:
        while not done.is_set():
            mx.nd.ones((64,), ctx=mx.gpu(0)).asnumpy()

    other = threading.Thread(target=copies)
    other.start()
    try:
        plain, _ = trained(mx.gpu(0), "0", monkeypatch, 20)
        replayed, _ = trained(mx.gpu(0), "1", monkeypatch, 20)
    finally:
        done.set()
        other.join()
    for a, b in zip(plain, replayed, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_a_chain_agrees_with_the_cpu(dtype):
    x, row, column = (mx.sym.Variable(n) for n in ("x", "row", "column"))
    y = mx.sym.broadcast_add(mx.sym.broadcast_mul(mx.sym.tanh(x), row), column)
    net = mx.sym.LeakyReLU(mx.sym.clip(y * 2 + 1, a_min=-1.5, a_max=1.5), act_type="gelu")
    shapes = {"x": (30, 40, 50), "row": (1, 1, 50), "column": (30, 1, 1)}
    found = []
    for ctx in (mx.gpu(0), mx.cpu()):
        executor = net.simple_bind(ctx, grad_req="null", type_dict=dict.fromkeys(shapes, dtype), **shapes)
        rng = np.random.default_rng(3)
        for name in shapes:
            executor.arg_dict[name][:] = rng.normal(0, 1, shapes[name])
        found.append(executor.forward()[0].asnumpy().astype(np.float64))
        assert [s.op for s in executor._program(False).lowered.steps] == ["_Chain"]
    tolerance = {"float32": 1e-5, "float16": 4e-3, "bfloat16": 3e-2}[dtype]
    np.testing.assert_allclose(*found, tolerance, tolerance)


def test_plans_of_cudnn_are_kept(tmp_path):
    program = (
        "import paratrain as mx; x, w = (mx.nd.ones(s, ctx=mx.gpu(0)) for s in ((8, 3, 16, 16), (4, 3, 3, 3))); "
        "mx.nd.Convolution(x, w, kernel=(3, 3), num_filter=4, no_bias=True).wait_to_read()"
    )
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", program], check=True, env={**os.environ, "PARATRAIN_CACHE": str(tmp_path)}
        )
    values = json.loads((tmp_path / "cudnn-plans.json").read_text())["values"]
    assert [k.split()[0] for k in values] == ["forward"]


def test_memory_goes_back_to_the_driver():
    mx.nd.waitall()
    mx.gpu(0).empty_cache()
    before = mx.context.gpu_memory_info(0)[0]
    held = mx.nd.ones((1 << 26,), ctx=mx.gpu(0))
    held.wait_to_read()
    assert before - mx.context.gpu_memory_info(0)[0] >= 1 << 28
    del held
    mx.gpu(0).empty_cache()
    assert before - mx.context.gpu_memory_info(0)[0] < 1 << 28


def test_too_much_memory_is_refused():
    with pytest.raises(MemoryError, match=r"gpu\(0\) has no \d+ bytes left"):
        mx.nd.empty((1 << 40,), ctx=mx.gpu(0))


def test_libraries_are_asked_before_plain_kernels():
    mx.nd.ones((1,), ctx=mx.gpu(0))
    square = ((64, 64), "float32")
    attrs = {"batch": 1, "m": 64, "n": 64, "k": 64, "transpose_a": False, "transpose_b": False, "alpha": 1.0}
    assert engine.make_kernel("gemm", 2, attrs, [square, square], [square]).implementation == "cublas"


def test_every_kernel_of_the_operators_is_there():
    assert {op.kernel for op in OPS.values() if isinstance(op.kernel, str) and op.kernel} <= set(cuda.kernel_names())
