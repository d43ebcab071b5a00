"""Random numbers: the generator, the distributions, what they depend on, dropout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.ext import engine
from paratrain.ndarray.invoke import F

# Known answers of Philox4x32-10 from the authors' test vectors: counter, key, words.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def bits(values: Any) -> Any:
    return mx.nd.array(np.array(values, np.uint32).view(np.int32), dtype="int32")


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_known_answers(counter: tuple[int, ...], key: tuple[int, ...], words: tuple[int, ...]) -> None:
    got = F._philox(bits([counter]), bits(key)).asnumpy().view(np.uint32)
    assert tuple(got[0]) == words


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    mx.random.seed(17)
    threads = engine.get_num_threads()
    yield
    engine.set_num_threads(threads)


DRAWS = [
    ("_random_uniform", {"low": -1.0, "high": 3.0}),
    ("_random_normal", {"loc": 1.0, "scale": 2.0}),
    ("_random_exponential", {"lam": 0.5}),
    ("_random_randint", {"low": -5, "high": 1000}),
]


@pytest.mark.parametrize(("op", "attrs"), DRAWS)
def test_the_seed_tells_everything(op: str, attrs: dict[str, Any]) -> None:
    def draw() -> list[np.ndarray]:
        mx.random.seed(3)
        return [getattr(F, op)(shape=(50,), **attrs).asnumpy() for _ in range(2)]

    first, again = draw(), draw()
    np.testing.assert_array_equal(first, again)
    assert (first[0] != first[1]).any()
    mx.random.seed(4)
    assert (getattr(F, op)(shape=(50,), **attrs).asnumpy() != first[0]).any()


@pytest.mark.parametrize(("op", "attrs"), DRAWS)
def test_the_number_of_threads_does_not_show(op: str, attrs: dict[str, Any]) -> None:
    results = []
    for threads in (1, 2, 3):
        engine.set_num_threads(threads)
        mx.random.seed(3)
        results.append(getattr(F, op)(shape=(70001,), **attrs).asnumpy())
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


@pytest.mark.parametrize(("op", "attrs"), DRAWS)
def test_a_longer_array_begins_as_a_shorter_one(op: str, attrs: dict[str, Any]) -> None:
    mx.random.seed(3)
    short = getattr(F, op)(shape=(7,), **attrs).asnumpy()
    mx.random.seed(3)
    np.testing.assert_array_equal(getattr(F, op)(shape=(20,), **attrs).asnumpy()[:7], short)


def test_uniform_fills_its_range() -> None:
    x = F._random_uniform(low=-1.0, high=3.0, shape=(100000,)).asnumpy()
    assert x.min() >= -1
    assert x.max() < 3
    counts, _ = np.histogram(x, 40, (-1, 3))
    assert (abs(counts - 2500) < 6 * 50).all()


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "float64"])
def test_uniform_never_reaches_its_upper_end(dtype: str) -> None:
    x = F._random_uniform(low=1.0, high=1.01, shape=(20000,), dtype=dtype).asnumpy().astype(np.float64)
    assert x.max() < 1.01
    assert x.min() >= (1.0 if dtype in ("float32", "float64") else 0.99)


def test_normal_has_its_moments() -> None:
    x = F._random_normal(loc=1.0, scale=2.0, shape=(200000,), dtype="float64").asnumpy()
    z = (x - 1) / 2
    assert abs(z.mean()) < 0.01
    assert abs(z.var() - 1) < 0.02
    assert abs((z**3).mean()) < 0.03
    assert abs((z**4).mean() - 3) < 0.1
    assert abs(np.corrcoef(z[::2], z[1::2])[0, 1]) < 0.01


def test_exponential_has_its_moments() -> None:
    x = F._random_exponential(lam=4.0, shape=(200000,)).asnumpy().astype(np.float64)
    assert x.min() >= 0
    assert abs(x.mean() - 0.25) < 0.005
    assert abs(x.var() - 1 / 16) < 0.005


def test_randint_is_even() -> None:
    x = F._random_randint(low=-2, high=5, shape=(70000,)).asnumpy()
    assert x.dtype == np.int32
    counts = np.bincount(x + 2)
    assert len(counts) == 7
    assert (abs(counts - 10000) < 6 * 100).all()


def dropped(x: Any, **attrs: Any) -> np.ndarray:
    with mx.autograd.record():
        return F.Dropout(x, **attrs).asnumpy()


def test_dropout_keeps_the_mean_and_the_share() -> None:
    y = dropped(mx.nd.ones((100000,)), p=0.3)
    assert abs((y == 0).mean() - 0.3) < 0.01
    np.testing.assert_allclose(np.unique(y), [0, 1 / 0.7], rtol=1e-6)


def test_dropout_is_the_identity_outside_of_training() -> None:
    x = mx.nd.array(np.arange(12.0).reshape(3, 4))
    np.testing.assert_array_equal(F.Dropout(x, p=0.9).asnumpy(), x.asnumpy())
    always = F.Dropout(mx.nd.ones((1000,)), p=0.5, mode="always").asnumpy()
    assert set(np.unique(always)) == {0.0, 2.0}


@pytest.mark.parametrize(("p", "value"), [(0.0, 1.0), (1.0, 0.0)])
def test_dropout_of_nothing_and_of_everything(p: float, value: float) -> None:
    np.testing.assert_array_equal(dropped(mx.nd.ones((1000,)), p=p), np.full(1000, value))


def test_dropout_shares_the_mask_along_axes() -> None:
    y = dropped(mx.nd.ones((20, 30, 4)), p=0.5, axes=(1,))
    assert (y == y[:, :1]).all()
    assert len(np.unique(y[:, 0])) == 2


def test_gradient_of_dropout_is_its_mask() -> None:
    x = mx.nd.ones((1000,))
    x.attach_grad()
    with mx.autograd.record():
        y = F.Dropout(x * 1.0, p=0.4)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), y.asnumpy())


def test_all_types_drop_the_same_elements() -> None:
    masks = []
    for dtype in ("float32", "float64", "float16", "bfloat16"):
        mx.random.seed(3)
        masks.append(dropped(mx.nd.ones((997,), dtype=dtype), p=0.5) != 0)
    for mask in masks[1:]:
        np.testing.assert_array_equal(mask, masks[0])


def test_dropout_in_a_graph_is_drawn_afresh_each_step() -> None:
    y = mx.sym.Dropout(mx.sym.Variable("x"), p=0.5, name="drop")
    executor = y.bind(mx.cpu(), {"x": mx.nd.ones((1000,))})
    first = executor.forward(is_train=True)[0].asnumpy()
    second = executor.forward(is_train=True)[0].asnumpy()
    assert (first != second).any()
    np.testing.assert_array_equal(executor.forward(is_train=False)[0].asnumpy(), np.ones(1000))
