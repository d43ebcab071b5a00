"""Storage, its pool and copies between arrays: limits and foreign memory."""

from __future__ import annotations

import concurrent.futures
import gc

import numpy as np
import pytest

import paratrain as mx
from paratrain.ext import engine


@pytest.mark.parametrize("nbytes", [2**62, 2**63 + 1, 2**64 - 1])
def test_memory_that_cannot_be_had_is_refused(nbytes: int) -> None:
    used = engine.pool_usage()["used"]
    with pytest.raises(MemoryError):
        engine.Storage(engine.CPU, 0, nbytes)
    assert engine.pool_usage()["used"] == used


def test_blocks_are_reused_and_counted() -> None:
    engine.release_pool()
    first = engine.Storage(engine.CPU, 0, 100_000)
    address, used = first.address, engine.pool_usage()["used"]
    del first
    usage = engine.pool_usage()
    assert used - usage["used"] == usage["pooled"] >= 100_000
    assert engine.Storage(engine.CPU, 0, 100_000).address == address
    engine.release_pool()
    assert engine.pool_usage()["pooled"] == 0


def test_foreign_memory_is_kept_as_it_is() -> None:
    values = bytearray(range(8))
    storage = engine.Storage(engine.CPU, 0, 8, values)
    with pytest.raises(BufferError):
        values.extend(b"12")
    memoryview(storage)[0] = 7
    assert values[0] == 7
    del storage
    values.extend(b"12")
    with pytest.raises(ValueError, match=r"\[Storage\] the buffer has 10 bytes, expected 8"):
        engine.Storage(engine.CPU, 0, 8, values)


def test_foreign_memory_in_a_cycle_never_enters_the_pool() -> None:
    """An array that the garbage collector finds in a cycle, such as that of an exception and its frames."""
    gc.collect()  # what earlier tests have left
    usage = engine.pool_usage()
    cycle: list[object] = [mx.nd.from_numpy(np.zeros(1000, np.float32))]
    cycle.append(cycle)
    del cycle
    gc.collect()
    assert engine.pool_usage() == usage


def test_copies_within_one_array_and_their_limits() -> None:
    x = mx.nd.arange(100_000)
    x[:-1].copyto(x[1:])
    np.testing.assert_array_equal(x[1:].asnumpy(), np.arange(99_999))
    with pytest.raises(IndexError, match=r"\[copy\] more bytes than the arrays have"):
        engine.copy_bytes(x, x[50_000:], x.nbytes)


def test_more_outputs_than_fit_on_the_stack() -> None:
    parts = mx.nd.split(mx.nd.arange(100).reshape((1, 100)), num_outputs=100)
    assert [p.asscalar() for p in parts] == list(range(100))


def test_threads_share_kernels() -> None:
    data = [mx.nd.array(np.random.default_rng(i).standard_normal((2, 3, 9, 9))) for i in range(4)]
    weight = mx.nd.array(np.random.default_rng(9).standard_normal((8, 3, 3, 3)))

    def convolve(x: mx.nd.NDArray) -> np.ndarray:
        return mx.nd.Convolution(x, weight, kernel=(3, 3), num_filter=8, no_bias=True).asnumpy()

    want = [convolve(x) for x in data]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for i, got in enumerate(pool.map(convolve, data * 50)):
            np.testing.assert_array_equal(got, want[i % 4])
