"""Subnormal numbers count as zero in kernels, and only there."""

from __future__ import annotations

import numpy as np
import pytest

import paratrain as mx
from paratrain.ext import engine

TINY = np.float32(1e-41)


@pytest.mark.parametrize("size", [3, 100_000])  # in one thread, and in OpenMP's
@pytest.mark.parametrize("threads", [1, 2])
def test_kernels_flush_them(size: int, threads: int) -> None:
    before = engine.get_num_threads()
    engine.set_num_threads(threads)
    try:
        x = mx.nd.array(np.full(size, TINY))
        assert not (x * 3).asnumpy().any()
        y = mx.sym.Variable("x") * 3
        assert not y.bind(mx.cpu(), {"x": x}).forward()[0].asnumpy().any()
    finally:
        engine.set_num_threads(before)


def test_the_caller_keeps_its_own_arithmetic() -> None:
    (mx.nd.ones((4,)) * 2).asnumpy()
    assert (np.full(3, TINY) * np.float32(2)).all()
    assert np.finfo(np.float32).smallest_subnormal > 0


def test_momentum_that_decays_becomes_zero() -> None:
    weight, momentum = mx.nd.ones((8,)), mx.nd.full((8,), 1e-37)
    for _ in range(80):
        mx.nd.sgd_mom_update(weight, mx.nd.zeros((8,)), momentum, lr=0.1, momentum=0.9, out=weight)
    assert not momentum.asnumpy().any()
