"""Programs that run on the engine's own threads."""

from __future__ import annotations

import os
import threading
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.ext import engine


@pytest.fixture
def threads() -> Any:
    """Sets the number of threads, for this test."""
    before = engine.get_num_threads()
    yield engine.set_num_threads
    engine.set_num_threads(before)


def network(width: int = 300) -> Any:
    """A net of plain kernels only."""
    net = mx.sym.Variable("data")
    for name in ("first", "second"):
        net = mx.sym.Activation(mx.sym.FullyConnected(net, num_hidden=width, name=name), act_type="relu")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=10, name="last"), name="softmax")


def bound(rows: int = 100, seed: int = 0) -> Any:
    """The net, bound and filled with random numbers."""
    executor = network().simple_bind(mx.cpu(), grad_req="write", data=(rows, 200), softmax_label=(rows,))
    rng = np.random.default_rng(seed)
    for name, array in executor.arg_dict.items():
        array[:] = rng.integers(0, 10, rows) if name == "softmax_label" else rng.standard_normal(array.shape) / 10
    return executor


def results(executor: Any) -> list[np.ndarray]:
    """Output and gradients of one step."""
    executor.forward_backward()
    grads = [g.asnumpy() for g in executor.grad_dict.values() if g is not None]
    return [executor.outputs[0].asnumpy(), *grads]


def same(a: list[np.ndarray], b: list[np.ndarray]) -> bool:
    """Whether all bits agree."""
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_small_nets_do_without_openmp_and_others_do_not() -> None:
    assert not bound()._program(True).program.uses_openmp
    data = mx.sym.Variable("data")
    conv = mx.sym.Convolution(data, kernel=(3, 3), num_filter=8).simple_bind(mx.cpu(), data=(2, 8, 9, 9))
    assert conv._program(False).program.uses_openmp


def test_thread_count_does_not_show(threads: Any) -> None:
    threads(1)
    wanted = results(bound())
    for n in (2, 3, 5, 1):
        threads(n)
        executor = bound()
        for _ in range(20):
            assert same(results(executor), wanted)


def test_programs_of_several_threads_of_python_do_not_disturb_each_other(threads: Any) -> None:
    wanted = [results(bound(seed=seed)) for seed in range(3)]
    found: dict[int, bool] = {}

    def work(seed: int) -> None:
        engine.set_num_threads(2)
        executor = bound(seed=seed)
        found[seed] = all(same(results(executor), wanted[seed]) for _ in range(50))

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == {0: True, 1: True, 2: True}


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_process_has_a_team_of_its_own(threads: Any) -> None:
    threads(2)
    executor = bound()
    wanted = results(executor)
    child = os.fork()
    if child == 0:
        os._exit(0 if all(same(results(executor), wanted) for _ in range(5)) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert same(results(executor), wanted)


def test_single_calls_use_the_threads_that_are_awake(threads: Any) -> None:
    threads(2)
    executor = bound()
    x = mx.nd.array(np.arange(100000, dtype=np.float32))
    for _ in range(20):
        executor.forward_backward()
        assert np.array_equal((x * 2).asnumpy(), np.arange(100000, dtype=np.float32) * 2)
