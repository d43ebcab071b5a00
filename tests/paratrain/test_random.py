"""Seeds, keys and the state of random numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest

import paratrain as mx


def draws() -> list[np.ndarray]:
    return [
        mx.random.host_rng().standard_normal(5),
        np.array(mx.random.next_key()),
        mx.nd.Dropout(mx.nd.ones((100,)), p=0.5, mode="always").asnumpy(),
    ]


def test_seed_repeats_everything() -> None:
    mx.random.seed(11)
    a = draws() + draws()
    mx.random.seed(11)
    b = draws() + draws()
    mx.random.seed(12)
    c = draws()
    assert all(np.array_equal(x, y) for x, y in zip(a, b))
    assert not any(np.array_equal(x, y) for x, y in zip(a, c))


def test_state_is_json_and_continues_the_sequence() -> None:
    mx.random.seed(5)
    draws()
    state = json.loads(json.dumps(mx.random.get_state()))
    want = draws()
    mx.random.seed(99)
    mx.random.set_state(state)
    assert all(np.array_equal(x, y) for x, y in zip(draws(), want))


def test_keys_do_not_repeat() -> None:
    mx.random.seed(1)
    assert len({mx.random.next_key() for _ in range(1000)}) == 1000


def test_a_device_has_a_sequence_of_its_own_once_it_was_seeded() -> None:
    def draw() -> np.ndarray:
        return mx.nd.random.uniform(shape=5).asnumpy()

    def draw_elsewhere() -> np.ndarray:
        return mx.nd.random.uniform(shape=5, ctx=mx.cpu(1)).asnumpy()

    mx.random.seed(5)
    first, second = draw(), draw()
    mx.random.seed(5)
    mx.random.seed(9, ctx=mx.cpu(1))
    apart = draw_elsewhere()
    assert (apart != first).any()
    np.testing.assert_array_equal(draw(), first)
    state = json.loads(json.dumps(mx.random.get_state()))
    later = draw_elsewhere()
    mx.random.seed(9, ctx=mx.cpu(1))
    np.testing.assert_array_equal(draw_elsewhere(), apart)
    np.testing.assert_array_equal(draw(), second)
    mx.random.set_state(state)
    np.testing.assert_array_equal(draw_elsewhere(), later)
    mx.random.seed(5)
    np.testing.assert_array_equal(draw_elsewhere(), first)


def test_a_device_is_seeded_for_symbols_too() -> None:
    executor = mx.sym.random.uniform(shape=(5,)).bind(mx.cpu(1), {})
    mx.random.seed(9, ctx=mx.cpu(1))
    first = executor.forward()[0].asnumpy()
    mx.random.seed(9, ctx=mx.cpu(1))
    np.testing.assert_array_equal(executor.forward()[0].asnumpy(), first)
    with pytest.raises(TypeError, match="ctx must be Context or 'all'; got 'gpu'"):
        mx.random.seed(9, ctx="gpu")
    mx.random.seed(5)


def test_bad_seed_and_state() -> None:
    with pytest.raises(TypeError, match="must be int; got 'x'"):
        mx.random.seed("x")
    with pytest.raises(ValueError, match="lacks host, step"):
        mx.random.set_state({"seed": 1})
