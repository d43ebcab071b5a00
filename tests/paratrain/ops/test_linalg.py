"""Factorisations: what they are defined by, their gradients for symmetric matrices, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.ndarray.invoke import F

RNG = np.random.default_rng(8)


def array(x: np.ndarray) -> Any:
    return mx.nd.array(x, dtype=x.dtype)


def positive(n: int, *batch: int) -> np.ndarray:
    a = RNG.uniform(-1, 1, (*batch, n, n))
    return a @ a.swapaxes(-1, -2) + np.eye(n)


def gradient(call: Callable[[Any], Any], a: np.ndarray, heads: list[np.ndarray]) -> np.ndarray:
    x = array(a)
    x.attach_grad()
    with mx.autograd.record():
        y = call(x)
    y = list(y) if isinstance(y, (list, tuple)) else [y]
    mx.autograd.backward(y, [array(h) for h in heads])
    return x.grad.asnumpy()


def slope(call: Callable[[Any], Any], a: np.ndarray, heads: list[np.ndarray], way: np.ndarray) -> float:
    """Derivative of the sum of the outputs times `heads` when `a` moves along `way`."""

    def value(x: np.ndarray) -> float:
        y = call(array(x))
        y = list(y) if isinstance(y, (list, tuple)) else [y]
        return float(sum((o.asnumpy() * h).sum() for o, h in zip(y, heads, strict=True)))

    step = 1e-6
    return (value(a + step * way) - value(a - step * way)) / (2 * step)


@pytest.mark.parametrize("op", ["potrf", "syevd"])
def test_gradient_along_symmetric_ways(op: str) -> None:
    call, a = getattr(mx.nd.linalg, op), positive(4, 2)
    heads = [RNG.normal(size=s) for s in ([(2, 4, 4)] if op == "potrf" else [(2, 4, 4), (2, 4)])]
    grad = gradient(call, a, heads)
    for _ in range(3):
        way = RNG.normal(size=a.shape)
        way += way.swapaxes(-1, -2)
        np.testing.assert_allclose((grad * way).sum(), slope(call, a, heads, way), rtol=1e-5)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 2e-5), ("float64", 1e-12)])
@pytest.mark.parametrize("n", [1, 2, 5, 33, 60])
def test_eigenvectors_and_values(n: int, dtype: str, tolerance: float) -> None:
    a = RNG.normal(size=(2, n, n))
    a = (a + a.swapaxes(-1, -2)).astype(dtype)
    u, values = (x.asnumpy() for x in mx.nd.linalg.syevd(array(a)))
    np.testing.assert_allclose(values, np.linalg.eigvalsh(a), atol=tolerance * n, rtol=tolerance)
    np.testing.assert_allclose(u @ u.swapaxes(-1, -2), np.broadcast_to(np.eye(n), u.shape), atol=tolerance * n)
    np.testing.assert_allclose(u.swapaxes(-1, -2) * values[:, None] @ u, a, atol=tolerance * n)
    largest = np.take_along_axis(u, abs(u).argmax(-1)[..., None], -1)
    assert (largest > 0).all()


def test_eigenvectors_read_the_lower_triangle() -> None:
    a = np.array([[2.0, 5.0], [1.0, 3.0]])
    _, values = mx.nd.linalg.syevd(array(a))
    np.testing.assert_allclose(values.asnumpy(), np.linalg.eigvalsh(a))


@pytest.mark.parametrize("what", [np.nan, np.inf])
def test_eigenvectors_of_nonsense_end(what: float) -> None:
    u, values = mx.nd.linalg.syevd(array(np.full((3, 3), what)))
    assert u.shape == (3, 3)
    assert not np.isfinite(values.asnumpy()).any()


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 4), (3, 3), (5, 40)])
def test_lq_factors(m: int, n: int) -> None:
    a = RNG.normal(size=(3, m, n))
    a[0] *= -1
    q, low = (x.asnumpy() for x in mx.nd.linalg.gelqf(array(a)))
    np.testing.assert_allclose(low @ q, a, atol=1e-12)
    np.testing.assert_allclose(q @ q.swapaxes(-1, -2), np.broadcast_to(np.eye(m), (3, m, m)), atol=1e-12)
    np.testing.assert_array_equal(np.triu(low, 1), 0)


def test_large_matrices() -> None:
    a = positive(150)
    low = mx.nd.linalg.potrf(array(a)).asnumpy()
    np.testing.assert_allclose(low @ low.T, a, atol=1e-10)
    np.testing.assert_allclose(mx.nd.linalg.potri(array(low)).asnumpy() @ a, np.eye(150), atol=1e-8)
    np.testing.assert_allclose(mx.nd.linalg.inverse(array(a)).asnumpy() @ a, np.eye(150), atol=1e-8)
    sign, size = mx.nd.linalg.slogdet(array(a))
    assert sign.asscalar() == 1
    np.testing.assert_allclose(size.asscalar(), np.linalg.slogdet(a)[1])
    b = RNG.normal(size=(150, 130))
    np.testing.assert_allclose(low @ mx.nd.linalg.trsm(array(low), array(b)).asnumpy(), b, atol=1e-9)


def test_the_failing_matrix_is_named() -> None:
    a = np.stack([np.eye(2), -np.eye(2)])
    with pytest.raises(ValueError, match=r"\[_linalg_potrf\] matrix 1 of the batch is not positive definite"):
        mx.nd.linalg.potrf(array(a))
    a[1] = 1
    with pytest.raises(ValueError, match=r"\[_linalg_inverse\] matrix 1 of the batch is singular"):
        mx.nd.linalg.inverse(array(a))


def test_determinants_of_singular_matrices() -> None:
    a = np.stack([np.ones((2, 2)), np.eye(2)])
    np.testing.assert_array_equal(mx.nd.linalg.det(array(a)).asnumpy(), [0, 1])
    sign, size = mx.nd.linalg.slogdet(array(a))
    np.testing.assert_array_equal(sign.asnumpy(), [0, 1])
    np.testing.assert_array_equal(size.asnumpy(), [-np.inf, 0])
    for call, heads in ((mx.nd.linalg.det, [np.ones(2)]), (mx.nd.linalg.slogdet, [np.zeros(2), np.ones(2)])):
        np.testing.assert_array_equal(gradient(call, a, heads), [np.zeros((2, 2)), np.eye(2)])


def test_only_a_triangle_is_read() -> None:
    a, b = np.array([[2.0, np.nan], [1.0, 4.0]]), np.array([[2.0], [9.0]])
    np.testing.assert_array_equal(mx.nd.linalg.trsm(array(a), array(b)).asnumpy(), [[1.0], [2.0]])
    np.testing.assert_array_equal(mx.nd.linalg.trmm(array(a), array(b)).asnumpy(), [[4.0], [38.0]])
    np.testing.assert_array_equal(mx.nd.linalg.potrf(array(np.array([[4.0, np.nan], [2.0, 5.0]]))), [[2, 0], [1, 2]])


@pytest.mark.parametrize(
    ("op", "shapes", "attrs"),
    [
        ("_backward_linalg_det", [(3,), (2, 3, 3)], {}),
        ("_backward_linalg_syevd", [(3, 3), (2,), (3,)], {}),
        ("_backward_contrib_hawkesll", [(2,), (2, 3), (3,), (3,), (2, 3), (2, 5), (2, 4), (2,), (2,)], {}),
        ("_backward_sample_multinomial", [(2, 4), (2, 3), (2, 5)], {"shape": (4,)}),
        ("_backward_random_pdf", [(2,), (2, 3), (2,)], {"law": "poisson", "is_log": False, "wrt": 1, "arrays": 2}),
        ("_backward_attention_part", [(2, 3, 4), (3, 2, 12)], {"heads": 2, "parts": 3, "which": 1}),
    ],
)
def test_backward_operators_check_shapes_too(op: str, shapes: Any, attrs: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=rf"\[{op}\]"):
        getattr(F, op)(*[mx.nd.ones(s) for s in shapes], **attrs)
