"""Distributions with many parameters, categories and shuffles: moments, distribution functions, seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.ext import engine

N = 60000


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    mx.random.seed(29)
    threads = engine.get_num_threads()
    yield
    engine.set_num_threads(threads)


def distance(x: np.ndarray, below: Callable[[np.ndarray], np.ndarray]) -> float:
    """Kolmogorov's and Smirnov's: the largest one between the share of numbers below a value and its probability."""
    values, counts = np.unique(x, return_counts=True)
    share = np.cumsum(counts) / len(x)
    want = below(values)
    return float(abs(share - want).max())


#: Distances of N numbers are larger than this once in a million times.
LIMIT = math.sqrt(-0.5 * math.log(1e-6 / 2) / N)


def of_counts(log_probability: Callable[[int], float]) -> Callable[[np.ndarray], np.ndarray]:
    """Distribution function of counts."""
    total = np.cumsum([math.exp(log_probability(k)) for k in range(3000)])
    return lambda x: total[x.astype(int)]


def poisson(mean: float) -> Callable[[np.ndarray], np.ndarray]:
    return of_counts(lambda k: k * math.log(mean) - mean - math.lgamma(k + 1))


def negative_binomial(k: float, p: float) -> Callable[[np.ndarray], np.ndarray]:
    def log_probability(n: int) -> float:
        return math.lgamma(n + k) - math.lgamma(n + 1) - math.lgamma(k) + k * math.log(p) + n * math.log1p(-p)

    return of_counts(log_probability)


def gamma(shape: float, scale: float) -> Callable[[np.ndarray], np.ndarray]:
    """By summing the density in many steps, of the power t^(1/power), which takes a pole at 0 away."""
    power = min(shape, 1.0)

    def below(x: np.ndarray) -> np.ndarray:
        edges = np.linspace(0, (x.max() / scale) ** power, 400001)
        t = ((edges[1:] + edges[:-1]) / 2) ** (1 / power)
        steps = np.exp(-t) * t ** (shape - power) * np.diff(edges) / power
        total = np.concatenate([[0], np.cumsum(steps)])
        return np.interp((x / scale) ** power, edges, total) / math.gamma(shape)

    return below


NORMAL = np.vectorize(lambda z: 0.5 * math.erfc(-z / math.sqrt(2)))
CASES: list[tuple[str, tuple[float, ...], Callable[[np.ndarray], np.ndarray], float, float]] = [
    ("uniform", (-1.0, 3.0), lambda x: (x + 1) / 4, 1.0, 16 / 12),
    ("normal", (1.0, 2.0), lambda x: NORMAL((x - 1) / 2), 1.0, 4.0),
    ("exponential", (0.5,), lambda x: 1 - np.exp(-0.5 * x), 2.0, 4.0),
    ("gamma", (0.3, 2.0), gamma(0.3, 2.0), 0.6, 1.2),
    ("gamma", (1.0, 0.5), gamma(1.0, 0.5), 0.5, 0.25),
    ("gamma", (9.0, 0.5), gamma(9.0, 0.5), 4.5, 2.25),
    ("poisson", (0.3,), poisson(0.3), 0.3, 0.3),
    ("poisson", (9.5,), poisson(9.5), 9.5, 9.5),
    ("poisson", (10.5,), poisson(10.5), 10.5, 10.5),
    ("poisson", (300.0,), poisson(300.0), 300.0, 300.0),
    ("negative_binomial", (3, 0.4), negative_binomial(3, 0.4), 4.5, 11.25),
    ("negative_binomial", (50, 0.1), negative_binomial(50, 0.1), 450.0, 4500.0),
    ("generalized_negative_binomial", (6.0, 0.5), negative_binomial(2, 0.25), 6.0, 24.0),
    ("generalized_negative_binomial", (4.0, 0.0), poisson(4.0), 4.0, 4.0),
]
IDS = [f"{name}-{'-'.join(map(str, params))}" for name, params, *_ in CASES]


def check(x: np.ndarray, below: Callable[[np.ndarray], np.ndarray], mean: float, variance: float) -> None:
    assert abs(x.mean() - mean) < 6 * math.sqrt(variance / len(x))
    assert abs(x.var() / variance - 1) < 0.08
    assert distance(x, below) < LIMIT
    assert abs(np.corrcoef(x[:-1], x[1:])[0, 1]) < 6 / math.sqrt(len(x))


@pytest.mark.parametrize(("name", "params", "below", "mean", "variance"), CASES, ids=IDS)
def test_numbers_follow_their_law(name: str, params: Any, below: Any, mean: float, variance: float) -> None:
    x = getattr(mx.nd, f"random_{name}")(*params, shape=(N,), dtype="float64").asnumpy()
    check(x, below, mean, variance)


@pytest.mark.parametrize(("name", "params", "below", "mean", "variance"), CASES, ids=IDS)
def test_rows_follow_their_law(name: str, params: Any, below: Any, mean: float, variance: float) -> None:
    arrays = [mx.nd.array([p, p], dtype="float64") for p in params]
    x = getattr(mx.nd, f"sample_{name}")(*arrays, shape=(N,)).asnumpy()
    assert x.shape == (2, N)
    assert x.dtype == np.float64
    assert abs(np.corrcoef(x)[0, 1]) < 6 / math.sqrt(N)
    check(x[0], below, mean, variance)
    check(x[1], below, mean, variance)


def drawers() -> dict[str, Callable[[int], Any]]:
    rows = mx.nd.array([0.2, 0.3, 0.5])
    calls: dict[str, Callable[[int], Any]] = {
        name: lambda n, f=f"random_{name}", p=params: getattr(mx.nd, f)(*p, shape=(n,))
        for name, params, *_ in CASES[3:]
    }
    calls["sample"] = lambda n: mx.nd.sample_gamma(mx.nd.full((n,), 2.5), mx.nd.ones((n,)))
    calls["like"] = lambda n: mx.nd.random.poisson_like(mx.nd.zeros((n,)), lam=20.0)
    calls["multinomial"] = lambda n: mx.nd.random.multinomial(rows, shape=n)
    return calls


@pytest.mark.parametrize("name", sorted(drawers()))
def test_neither_threads_nor_length_show(name: str) -> None:
    call, results = drawers()[name], []
    for threads in (1, 2, 3):
        engine.set_num_threads(threads)
        mx.random.seed(3)
        results.append(call(20011).asnumpy())
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])
    mx.random.seed(3)
    np.testing.assert_array_equal(call(7).asnumpy(), results[0][:7])
    assert (call(20011).asnumpy() != results[0]).any()


def test_parameters_out_of_range_give_nan_in_rows() -> None:
    bad, one = mx.nd.array([-1.0, np.nan, np.inf]), mx.nd.ones((3,))
    for name in ("gamma", "exponential", "poisson"):
        x = getattr(mx.nd, f"sample_{name}")(*([bad, one] if name == "gamma" else [bad])).asnumpy()
        assert np.isnan(x[:2]).all()
    assert np.isnan(mx.nd.sample_normal(one, bad).asnumpy()[:2]).all()
    assert np.isnan(mx.nd.sample_uniform(one, bad).asnumpy()[:2]).all()
    assert np.isnan(mx.nd.sample_negative_binomial(one, bad).asnumpy()).all()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_uniform_rows_never_reach_their_upper_end(dtype: str) -> None:
    low, high = (mx.nd.full((1,), v, dtype=dtype) for v in (1.0, 1.03125))
    x = mx.nd.sample_uniform(low, high, shape=20000).astype("float64").asnumpy()
    assert x.min() >= 1
    assert x.max() < 1.03125


def test_categories_have_their_probabilities() -> None:
    p = np.array([[0.1, 0.0, 0.6, 0.3], [0.25, 0.25, 0.25, 0.25]])
    x, logs = mx.nd.random.multinomial(mx.nd.array(p, dtype="float64"), shape=N, get_prob=True)
    for row in (0, 1):
        share = np.bincount(x.asnumpy()[row], minlength=4) / N
        np.testing.assert_allclose(share, p[row], atol=6 * 0.5 / math.sqrt(N))
        np.testing.assert_array_equal(logs.asnumpy()[row], np.log(p[row, x.asnumpy()[row]]))
    assert (x.asnumpy()[0] != 1).all()


def test_the_gradient_of_categories() -> None:
    p = mx.nd.array([0.25, 0.25, 0.5])
    p.attach_grad()
    with mx.autograd.record():
        x, logs = mx.nd.random.multinomial(p, shape=8, get_prob=True)
    logs.backward()
    np.testing.assert_allclose(p.grad.asnumpy(), np.bincount(x.asnumpy(), minlength=3) / [0.25, 0.25, 0.5])


def test_shuffles_are_even_and_have_a_gradient() -> None:
    places = np.array([mx.nd.random.shuffle(mx.nd.arange(5)).asnumpy() for _ in range(3000)]).astype(int)
    for place in places.T:
        assert abs(np.bincount(place, minlength=5) - 600).max() < 6 * math.sqrt(600)
    x = mx.nd.arange(50)
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.random.shuffle(x)
    y.backward(mx.nd.arange(50))
    np.testing.assert_array_equal(x.grad.asnumpy()[y.asnumpy().astype(int)], np.arange(50))


def test_symbols_draw_afresh_and_as_arrays_do() -> None:
    rate = mx.sym.Variable("rate")
    both = mx.sym.Group([mx.sym.random.poisson(rate, shape=1000), mx.sym.random.gamma(2.0, 3.0, shape=(1000,))])
    executor = both.bind(mx.cpu(), {"rate": mx.nd.array([1.0, 50.0])})
    counts, numbers = (x.asnumpy() for x in executor.forward())
    again = executor.forward()[0].asnumpy()
    assert (counts != again).any()
    np.testing.assert_allclose(counts.mean(1), [1, 50], rtol=0.2)
    assert abs(numbers.mean() - 6) < 1
