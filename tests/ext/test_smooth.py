"""Functions with vector code of our own, at their edges and between them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import paratrain as mx

SPECIAL = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-45, -1e-45, 1.17549435e-38, 3e38, -3e38]
LIMITS = [88.72, 88.73, 89.5, -87.4, -103.9, -104.0, 1.0, -1.0, 0.70710677, 0.7071068, 1.4142135, 1e-10]
EDGES = np.array([*SPECIAL, *LIMITS], "float32")
FUNCTIONS: dict[str, tuple[Callable, Callable]] = {
    "exp": (mx.nd.exp, np.exp),
    "log": (mx.nd.log, np.log),
    "tanh": (mx.nd.tanh, np.tanh),
    "sigmoid": (mx.nd.sigmoid, lambda x: 1 / (1 + np.exp(-x))),
}


@pytest.mark.parametrize("repeats", [1, 12], ids=["few", "many"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_edges(name: str, repeats: int) -> None:
    """The same at the edges, whether there are few elements or enough for a library's kernel."""
    ours, reference = FUNCTIONS[name]
    x = np.tile(EDGES, repeats)
    x[np.abs(x) < np.finfo("float32").tiny] = 0  # as kernels take subnormal numbers
    with np.errstate(all="ignore"):
        want = reference(x.astype("float64")).astype("float32")
    # subnormal results may be zero
    np.testing.assert_allclose(ours(mx.nd.array(x)).asnumpy(), want, rtol=1e-6, atol=1.2e-38)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_accuracy(name: str) -> None:
    ours, reference = FUNCTIONS[name]
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(scale=20, size=40000), rng.uniform(0.9, 1.1, 10000)]).astype("float32")
    x = np.abs(x) if name == "log" else x
    want = reference(x.astype("float64"))
    np.testing.assert_allclose(ours(mx.nd.array(x)).asnumpy(), want, rtol=4e-7, atol=1e-37)


@pytest.mark.parametrize("n", [1, 8, 16, 27, 100])
def test_softmax_of_rows(n: int) -> None:
    rng = np.random.default_rng(n)
    x = rng.normal(scale=20, size=(50, n)).astype("float32")
    x[:, 1:] = rng.choice([*x[0, 1:], -85.0, -87.0, -87.4, -88.0, -120.0, -np.inf], size=(50, n - 1))
    wide = (x - x.max(1, keepdims=True)).astype("float64")
    sums = np.exp(wide).sum(1, keepdims=True)
    array = mx.nd.array(x)
    np.testing.assert_allclose(mx.nd.softmax(array).asnumpy(), np.exp(wide) / sums, rtol=1e-6, atol=1.2e-38)
    np.testing.assert_allclose(mx.nd.log_softmax(array).asnumpy(), wide - np.log(sums), rtol=1e-6, atol=1e-6)
    array[3, n // 2] = np.nan
    missing = np.isnan(mx.nd.softmax(array).asnumpy())
    assert missing[3].all()
    assert missing.sum() == n


@pytest.mark.parametrize("n", [1, 15, 16, 17, 100])
def test_extremes_of_rows(n: int) -> None:
    x = np.random.default_rng(n).normal(size=(50, n)).astype("float32")
    x[np.arange(0, 50, 5), np.arange(10) * 7 % n] = np.nan
    for ours, reference in ((mx.nd.max, np.max), (mx.nd.min, np.min)):
        np.testing.assert_array_equal(ours(mx.nd.array(x), axis=1).asnumpy(), reference(x, axis=1))
        np.testing.assert_array_equal(ours(mx.nd.array(x[1:5])).asnumpy(), reference(x[1:5]).reshape(1))


@pytest.mark.parametrize("n", [1, 2, 257, 258, 1000])
def test_places_of_extremes(n: int) -> None:
    """The first of equals; NaN is neither larger nor smaller than anything."""
    x = np.random.default_rng(n).integers(0, max(2, n // 4), (40, n)).astype("float32")
    x[::4, n // 2] = np.nan
    for ours, fill, reference in ((mx.nd.argmax, -np.inf, np.argmax), (mx.nd.argmin, np.inf, np.argmin)):
        want = reference(np.where(np.isnan(x), fill, x), axis=1)
        want[np.isnan(x[:, 0])] = 0  # which is where the search begins
        np.testing.assert_array_equal(ours(mx.nd.array(x), axis=1).asnumpy(), want)
        np.testing.assert_array_equal(ours(mx.nd.array(x.T), axis=0).asnumpy(), want)
