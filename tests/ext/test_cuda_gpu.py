"""On a GPU: every operator of the table gives what it gives on the CPU; programs, marks and memory work.

Without a GPU all of this is skipped; ``pytest -rs`` says why.
"""

from __future__ import annotations

import importlib.util
import sys
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
