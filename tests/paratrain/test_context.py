"""Contexts: the stack, equality, and what happens without a GPU."""

from __future__ import annotations

import pickle

import pytest

import paratrain as mx


def test_stack_and_default() -> None:
    assert mx.current_context() == mx.cpu(0)
    with mx.cpu(1):
        assert mx.current_context() == mx.cpu(1)
        with mx.Context("cpu", 2):
            assert mx.nd.zeros((2,)).context == mx.cpu(2)
        assert mx.nd.ones((2,)).context == mx.cpu(1)
    assert mx.current_context() == mx.cpu()


def test_equality_text_and_copies() -> None:
    assert mx.cpu() == mx.Context(mx.cpu(0)) != mx.cpu(1)
    assert len({mx.cpu(0), mx.Context("cpu"), mx.gpu(0)}) == 2
    assert (str(mx.gpu(3)), mx.gpu(3).device_type, mx.cpu_pinned().device_typeid) == ("gpu(3)", "gpu", 3)
    assert pickle.loads(pickle.dumps(mx.cpu(4))) == mx.cpu(4)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [(("tpu",), "device_type must be one of 'cpu', 'gpu'"), (("cpu", -1), "must not be negative")],
)
def test_bad_context(arguments: tuple, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        mx.Context(*arguments)


@pytest.mark.skipif(mx.num_gpus() > 0, reason="there is a GPU")
@pytest.mark.parametrize("ctx", [mx.gpu(0), mx.gpu(7), mx.cpu_pinned()])
def test_without_a_gpu_the_error_says_what_is_missing(ctx: mx.Context) -> None:
    with pytest.raises(RuntimeError, match=r"\[gpu\].*(driver|libparatrain_cuda|pycuda|device)"):
        mx.nd.zeros((2,), ctx=ctx)


def test_pool_usage_follows_arrays() -> None:
    before = mx.cpu().memory_usage()["used"]
    x = mx.nd.zeros((1 << 20,))
    during = mx.cpu().memory_usage()
    assert during["used"] - before >= 4 << 20
    assert during["peak"] >= during["used"]
    del x
    after = mx.cpu().memory_usage()
    assert after["used"] == before
    assert after["pooled"] >= 4 << 20
    mx.cpu().empty_cache()
    assert mx.cpu().memory_usage()["pooled"] == 0
    with pytest.raises(ValueError, match="gpu_memory_info"):
        mx.gpu(0).memory_usage()


def test_mixed_contexts_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"\[elemwise_add\] all inputs must be on one context; got cpu\(0\) and cpu\(1\)"
    ):
        mx.nd.ones((2,), ctx=mx.cpu(0)) + mx.nd.ones((2,), ctx=mx.cpu(1))
