"""`mx.nd.random`: what its functions accept and return. The numbers are tested with the operators."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import paratrain as mx


@pytest.fixture(autouse=True)
def _seeded() -> None:
    mx.random.seed(11)


def test_shapes_and_types() -> None:
    assert mx.nd.random.uniform().shape == (1,)
    assert mx.nd.random.uniform(shape=3).shape == (3,)
    assert mx.nd.random.normal(shape=(2, 3), dtype="float64").dtype == np.float64
    assert mx.nd.random.randn(2, 4, loc=1.0).shape == (2, 4)
    assert mx.nd.random.randint(0, 9, shape=(5,)).dtype == np.int32
    assert mx.nd.random.exponential(2.0, shape=(2, 2)).shape == (2, 2)


def test_out_tells_shape_and_type() -> None:
    out = mx.nd.zeros((3, 2), dtype="float64")
    assert mx.nd.random.uniform(5.0, 6.0, out=out) is out
    assert (out.asnumpy() >= 5).all()
    with pytest.raises(ValueError, match="shape must be that of out"):
        mx.nd.random.uniform(shape=(2,), out=out)


def test_ranges_may_be_arrays() -> None:
    low, high = mx.nd.array([0.0, 10.0]), mx.nd.array([1.0, 20.0])
    x = mx.nd.random.uniform(low, high, shape=500).asnumpy()
    assert x.shape == (2, 500)
    assert ((x[0] >= 0) & (x[0] < 1)).all()
    assert ((x[1] >= 10) & (x[1] < 20)).all()
    y = mx.nd.random.normal(mx.nd.array([0.0, 100.0]), mx.nd.array([1.0, 0.1]), shape=(20, 50)).asnumpy()
    np.testing.assert_allclose(y.mean((1, 2)), [0, 100], atol=0.2)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: mx.nd.random.uniform(2.0, 1.0), "low must not be larger than high"),
        (lambda: mx.nd.random.uniform(mx.nd.ones((2,)), 3.0), "all be numbers, or arrays of one shape"),
        (lambda: mx.nd.random.normal(mx.nd.ones((2,)), mx.nd.ones((3,))), "arrays of one shape"),
        (lambda: mx.nd.random.exponential(0.0), "scale must be positive"),
        (lambda: mx.nd.random.randint(3, 3), "low must be smaller than high"),
    ],
)
def test_refused(call: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        call()


def test_the_type_of_arrays_counts() -> None:
    wide = mx.nd.zeros((2,), dtype="float64")
    assert mx.nd.random.uniform(wide, wide + 1).dtype == np.float64
    assert mx.nd.random.uniform(wide, wide + 1, dtype="float32").dtype == np.float32
    assert mx.nd.random.poisson(mx.nd.ones((2,), dtype="int32")).dtype == np.float32
    with pytest.raises(TypeError, match="dtypes must agree; got float64 and float32"):
        mx.nd.random.uniform(wide, mx.nd.ones((2,)))


def test_more_distributions() -> None:
    assert mx.nd.random.gamma(2.0, 3.0, shape=(2, 3)).shape == (2, 3)
    assert mx.nd.random.poisson(mx.nd.array([1.0, 2.0]), shape=4).shape == (2, 4)
    assert mx.nd.random.negative_binomial(3, 0.5).shape == (1,)
    assert mx.nd.random.generalized_negative_binomial(mx.nd.ones((3,)), mx.nd.ones((3,))).shape == (3,)
    assert mx.nd.random.exponential(mx.nd.array([1.0, 100.0]), shape=500).asnumpy().mean(1).argmax() == 1
    assert mx.random.gamma is mx.nd.random.gamma
    out = mx.nd.zeros((2,), dtype="float64")
    assert mx.nd.random.multinomial(mx.nd.array([0, 1]), shape=2, dtype="float64", out=out) is out
    assert out.asnumpy().tolist() == [1, 1]


def test_shuffle_keeps_the_rows() -> None:
    x = mx.nd.array(np.arange(300.0).reshape(100, 3))
    y = mx.nd.random.shuffle(x).asnumpy()
    assert (y != x.asnumpy()).any()
    np.testing.assert_array_equal(y[np.argsort(y[:, 0])], x.asnumpy())
    assert mx.nd.random.shuffle(x, out=x) is x
    np.testing.assert_array_equal(np.sort(x.asnumpy()[:, 0]), np.arange(0.0, 300, 3))


def test_mx_random_has_the_same_functions() -> None:
    assert mx.random.uniform is mx.nd.random.uniform
    with pytest.raises(AttributeError, match="has no attribute 'gumbel'"):
        mx.random.gumbel  # noqa: B018


def test_namespaces_of_operators() -> None:
    a, b = mx.nd.ones((2, 3)), mx.nd.ones((3, 2))
    np.testing.assert_array_equal(mx.nd.linalg.gemm2(a, b).asnumpy(), np.full((2, 2), 3.0))
    np.testing.assert_array_equal(
        mx.nd.linalg.gemm2(a, B=a, transpose_b=True, alpha=2.0).asnumpy(), np.full((2, 2), 6.0)
    )
    with pytest.raises(TypeError, match="input 'A' was given twice"):
        mx.nd.linalg.gemm2(a, A=a)
    assert mx.nd.contrib.arange_like(a, axis=1).shape == (3,)
    with pytest.raises(AttributeError, match=r"there is no mx\.nd\.linalg\.gemm3"):
        mx.nd.linalg.gemm3  # noqa: B018
