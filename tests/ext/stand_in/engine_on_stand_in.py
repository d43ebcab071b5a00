"""``python engine_on_stand_in.py LIBRARY CASE``: what the engine does with a GPU, on a GPU that is none (device.cc).

In a process of its own, for the table of GPU kernels is filled once. Each case is a function below.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import types

import numpy as np
import pytest
from fake_pycuda import FakeDriver, pool_of

import paratrain as mx
from paratrain.ext import cuda, engine, nvrtc

LIB = ctypes.CDLL(sys.argv[1])
CTX = mx.gpu(0)


def install() -> None:
    """Let paratrain find the stand-in where it looks for a GPU."""
    LIB.stand_in_kernels.argtypes = [ctypes.c_void_p]
    LIB.stand_in_kernels(engine.registry_address(1))
    cuda._declare(LIB)
    driver = FakeDriver()
    cuda._driver = lambda: driver
    cuda.library = lambda: LIB
    sys.modules["pycuda"] = types.ModuleType("pycuda")
    sys.modules["pycuda.tools"] = types.SimpleNamespace(DeviceMemoryPool=pool_of(driver, 1 << 30))
    nvrtc.compiled = lambda source, arch: source.encode()


def net() -> mx.sym.Symbol:
    """A small network with random numbers and moving statistics."""
    data = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=12, name="fc1")
    data = mx.sym.BatchNorm(data, fix_gamma=False, name="norm")
    data = mx.sym.Dropout(mx.sym.Activation(data, act_type="tanh"), p=0.5)
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(data, num_hidden=4, name="fc2"), name="softmax")


def bound(graphs: bool) -> mx.executor.Executor:
    """An executor of `net`, replayed or not, with the same numbers each time."""
    os.environ["PARATRAIN_CUDA_GRAPHS"] = str(int(graphs))
    executor = net().simple_bind(CTX, data=(6, 5), softmax_label=(6,), grad_req="write")
    rng = np.random.default_rng(2)
    for name, array in executor.arg_dict.items():
        array[:] = rng.integers(0, 4, array.shape) if name == "softmax_label" else rng.normal(0, 0.3, array.shape)
    executor.aux_dict["norm_moving_var"][:] = 1
    return executor


def steps(executor: mx.executor.Executor, n: int, seed: int = 7) -> list[np.ndarray]:
    """Gradients and moving statistics of `n` steps, each on other data; the seed is another one half-way."""
    rng = np.random.default_rng(5)
    found = []
    for i in range(n):
        if i in (0, n // 2):
            mx.random.seed(seed + i)
        executor.arg_dict["data"][:] = rng.normal(0, 1, (6, 5))
        executor.forward_backward()
        executor.wait_grad(len(executor.layout))
        found.append(executor.flat_grads.asnumpy().copy())
        found.append(executor.aux_dict["norm_moving_mean"].asnumpy().copy())
    return found


def program(executor: mx.executor.Executor) -> engine.Program:
    """The training program."""
    return executor._program(True).program


def same(a: list[np.ndarray], b: list[np.ndarray]) -> None:
    """Assert equal bits."""
    for x, y in zip(a, b, strict=True):
        np.testing.assert_array_equal(x, y)


def replays_give_the_same_bits() -> None:
    """Six steps: two plain ones, a recording, and random numbers, data and statistics that go on changing."""
    plain, replayed = bound(False), bound(True)
    want, have = steps(plain, 6), steps(replayed, 6)
    same(have, want)
    assert not np.array_equal(want[4], want[6])
    assert (program(plain).replays, program(replayed).replays, LIB.stand_in_recordings()) == (0, 4, 1)
    assert "CUDA graphs: off" in plain._program(True).debug_str()
    assert "CUDA graphs: 4 runs" in replayed._program(True).debug_str()


def other_addresses_are_recorded_again() -> None:
    """Arrays that are bound elsewhere: plain runs again, then another recording."""
    plain, replayed = bound(False), bound(True)
    for executor in (plain, replayed):
        steps(executor, 4)
        executor.move_grads(mx.nd.zeros(executor.flat_grads.shape, ctx=CTX))
    assert program(replayed).replays == 2
    same(steps(replayed, 2), steps(plain, 2))
    assert (program(replayed).replays, LIB.stand_in_recordings()) == (2, 1)
    same(steps(replayed, 3), steps(plain, 3))
    assert (program(replayed).replays, LIB.stand_in_recordings()) == (5, 2)


def ranges_are_recorded_apart() -> None:
    """Forward and backward on their own, and predictions."""
    results = []
    for graphs in (False, True):
        executor = bound(graphs)
        mx.random.seed(1)
        for _ in range(4):
            executor.forward(is_train=True)
            executor.backward()
        predicted = [executor.forward(is_train=False)[0].asnumpy().copy() for _ in range(4)]
        results.append([executor.flat_grads.asnumpy().copy(), *predicted])
    same(*results)
    assert LIB.stand_in_recordings() == 3
    assert program(executor).replays == 4


def marks_of_an_earlier_run_do_nothing() -> None:
    """Calls of a replay that come late, when the next round has begun."""
    executor = bound(True)
    steps(executor, 3)
    made, marks = program(executor), len(executor.layout)
    LIB.stand_in_hold(1)
    for _ in range(2):
        made.reset_marks()
        made.run(0, len(made), 0, 0, cuda.backend().stream(0))
    each = LIB.stand_in_held() // 2
    assert each > 1
    LIB.stand_in_let_go(each)
    made.fail_marks()  # so that waiting ends
    assert not made.wait_mark(1)
    LIB.stand_in_let_go(1)
    assert made.wait_mark(1)
    assert not made.wait_mark(marks)
    LIB.stand_in_let_go(each - 1)
    assert made.wait_mark(marks)
    assert LIB.stand_in_held() == 0


def profiled_runs_are_plain() -> None:
    """While programs are recorded by the profiler each kernel is waited for."""
    executor = bound(True)
    steps(executor, 4)
    engine.set_profile_mask(engine.PROFILE_PROGRAMS)
    engine.set_profile_describe(lambda made, *_: [("step", "operator", n) for n in made.kernel_names])
    steps(executor, 2)
    engine.set_profile_mask(0)
    assert program(executor).replays == 2
    assert engine.profile_count() == 2 * len(program(executor))
    steps(executor, 1)
    assert program(executor).replays == 3


def a_kernel_that_cannot_be_recorded() -> None:
    """The program then always runs plainly, and says for which step."""
    LIB.stand_in_uncapturable(b"dropout")
    plain, other = bound(False), bound(True)
    same(steps(other, 4), steps(plain, 4))
    assert (program(other).replays, LIB.stand_in_recordings()) == (0, 0)
    assert re.search(r"CUDA graphs: none, for dropout\d cannot be recorded", other._program(True).debug_str())


def errors_while_recording() -> None:
    """They are raised with the step's name, each time, and nothing stays half recorded."""
    for ill, text in ((LIB.stand_in_throwing, "it throws"), (LIB.stand_in_ending, "its kernel, stand-in, cannot")):
        executor = bound(True)
        before = LIB.stand_in_recordings()
        steps(executor, 2)
        ill(b"dropout")
        for _ in range(2):
            with pytest.raises(RuntimeError, match=rf"^\[dropout\d\] .*{text}.*PARATRAIN_CUDA_GRAPHS=0 runs it"):
                executor.forward_backward()
            assert not program(executor).wait_mark(1)
        assert LIB.stand_in_recordings() == before
        LIB.stand_in_mend()
        steps(executor, 1)
        assert (program(executor).replays, LIB.stand_in_recordings()) == (1, before + 1)


def chains_are_made_for_every_gpu() -> None:
    """The pass joins members that have source, the kernel gets one function for each device."""
    x = mx.sym.Variable("x")
    y = mx.sym.smooth_l1(mx.sym.sqrt(mx.sym.exp(-x) + 1.0), scalar=1.0) * 2.0
    executor = y.simple_bind(CTX, x=(40, 30), grad_req="null")
    executor.arg_dict["x"][:] = np.linspace(-2, 2, 1200).reshape(40, 30)
    got = executor.forward()[0].asnumpy()
    want = y.simple_bind(mx.cpu(), x=(40, 30), grad_req="null")
    want.arg_dict["x"][:] = executor.arg_dict["x"].asnumpy()
    np.testing.assert_array_equal(got, want.forward()[0].asnumpy())
    ops = [step.op for step in executor._program(False).lowered.steps]
    assert ops == ["_Chain", "smooth_l1", "_mul_scalar"], ops
    assert len(cuda.backend()._chains) == 2


def plans_are_kept() -> None:
    """What C++ asks for and keeps, through Python, in a file; another process was first with the second one."""
    text = ctypes.create_string_buffer(64)

    def ask(batch: int, keep: bytes | None = None) -> tuple[int, bytes]:
        return LIB.stand_in_plan(b"forward", ctypes.c_int64(batch), keep, text, ctypes.c_int64(64)), text.value

    LIB.stand_in_plan.argtypes = [ctypes.c_char_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int64]
    cuda.backend()
    assert ask(2)[0] == 0
    assert ask(2, b"algorithm 1 math 2") == (1, b"algorithm 1 math 2")
    assert ask(3)[0] == 0
    from paratrain.ext import cache

    key = "forward float16 x 3,3,8,8 w 4,3,3,3 y 3,4,6,6 pad 0,0 stride 1,1 dilate 1,1 groups 1 math 1 on Some GPU"
    cache.Table("cudnn-plans.json").keep(f"{key} cudnn 92801", "algorithm 6 math 0")
    assert ask(3, b"algorithm 1 math 1") == (1, b"algorithm 6 math 0")
    assert [LIB.stand_in_parse(t) for t in (b"algorithm 6 math 1", b"algorithm 6", b"algorithm 6 math 1 ")] == [
        601,
        -1,
        -1,
    ]
    os.environ["PARATRAIN_CACHE"] = "0"
    assert ask(4)[0] == -1


if __name__ == "__main__":
    install()
    globals()[sys.argv[2]]()
    mx.nd.waitall()
