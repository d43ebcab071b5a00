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


def test_bad_seed_and_state() -> None:
    with pytest.raises(TypeError, match="must be int; got 'x'"):
        mx.random.seed("x")
    with pytest.raises(ValueError, match="lacks host, step"):
        mx.random.set_state({"seed": 1})
