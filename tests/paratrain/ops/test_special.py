"""Operators whose gradient is not that of what they compute: output layers, losses, blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.ndarray.invoke import F

RNG = np.random.default_rng(5)


def gradient(
    op: str, data: np.ndarray, *others: np.ndarray, head: np.ndarray | None = None, **attrs: Any
) -> np.ndarray:
    x = mx.nd.array(data, dtype="float64")
    x.attach_grad()
    rest = [mx.nd.array(o, dtype=o.dtype) for o in others]
    with mx.autograd.record():
        y = getattr(F, op)(x, *rest, **attrs)
    y.backward(mx.nd.array(head if head is not None else RNG.normal(size=y.shape), dtype="float64"))
    return x.grad.asnumpy()


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


X = RNG.normal(size=(4, 3))
LABEL = np.array([1, 0, 2, 1], np.float32)
TARGET = np.eye(3)[LABEL.astype(int)]


def test_block_grad_stops_the_gradient() -> None:
    np.testing.assert_array_equal(gradient("BlockGrad", X), np.zeros((4, 3)))


def test_make_loss_ignores_the_head() -> None:
    np.testing.assert_array_equal(gradient("make_loss", X), np.ones((4, 3)))
    np.testing.assert_array_equal(gradient("MakeLoss", X, grad_scale=2.0), np.full((4, 3), 2.0))
    np.testing.assert_allclose(gradient("MakeLoss", X, normalization="batch"), np.full((4, 3), 0.25))
    valid = (X > 0.1).sum()
    got = gradient("MakeLoss", X, normalization="valid", valid_thresh=0.1)
    np.testing.assert_allclose(got, np.full((4, 3), 1 / valid))


def test_softmax_output_is_softmax_minus_target() -> None:
    np.testing.assert_allclose(gradient("SoftmaxOutput", X, LABEL), softmax(X) - TARGET, rtol=1e-12)
    np.testing.assert_allclose(gradient("SoftmaxOutput", X, LABEL, grad_scale=0.5), (softmax(X) - TARGET) / 2)


def test_softmax_output_with_probabilities() -> None:
    target = softmax(RNG.normal(size=(4, 3)))
    np.testing.assert_allclose(gradient("SoftmaxOutput", X, target), softmax(X) - target, rtol=1e-12)


def test_softmax_output_normalization_and_ignored_labels() -> None:
    plain = softmax(X) - TARGET
    np.testing.assert_allclose(gradient("SoftmaxOutput", X, LABEL, normalization="batch"), plain / 4)
    kept = (LABEL != 1)[:, None]
    got = gradient("SoftmaxOutput", X, LABEL, use_ignore=True, ignore_label=1)
    np.testing.assert_allclose(got, plain * kept)
    got = gradient("SoftmaxOutput", X, LABEL, use_ignore=True, ignore_label=1, normalization="valid")
    np.testing.assert_allclose(got, plain * kept / 2)
    all_ignored = np.full(4, 1, np.float32)
    got = gradient("SoftmaxOutput", X, all_ignored, use_ignore=True, ignore_label=1, normalization="valid")
    np.testing.assert_array_equal(got, np.zeros((4, 3)))


def test_softmax_output_smooths_labels() -> None:
    target = np.where(TARGET == 1, 0.9, 0.05)
    np.testing.assert_allclose(gradient("SoftmaxOutput", X, LABEL, smooth_alpha=0.1), softmax(X) - target)


def test_softmax_output_multiplies_with_the_head_when_asked() -> None:
    # MXNet 1.9.1 multiplies with its own result here, against its documentation
    head = RNG.normal(size=(4, 3))
    got = gradient("SoftmaxOutput", X, LABEL, head=head, out_grad=True)
    np.testing.assert_allclose(got, (softmax(X) - TARGET) * head)


def test_softmax_output_over_channels() -> None:
    x, label = RNG.normal(size=(2, 3, 4)), np.array([[0, 2, 1, 1], [2, 2, 0, 1]], np.float32)
    target = np.moveaxis(np.eye(3)[label.astype(int)], -1, 1)
    got = gradient("SoftmaxOutput", x, label, multi_output=True)
    np.testing.assert_allclose(got, (softmax(x, 1) - target) / 4)
    got = gradient("SoftmaxOutput", x, label, multi_output=True, normalization="valid")
    np.testing.assert_allclose(got, (softmax(x, 1) - target) / 8)


@pytest.mark.parametrize("label", [-1.0, 3.0, 1e20, np.nan])
def test_softmax_output_reads_no_foreign_memory_for_labels_outside(label: float) -> None:
    labels = np.array([label, 0, 2, 1], np.float32)
    target = TARGET.copy()
    target[0] = 0
    np.testing.assert_allclose(gradient("SoftmaxOutput", X, labels), softmax(X) - target)


@pytest.mark.parametrize(
    ("op", "gradient_of"),
    [
        ("LinearRegressionOutput", lambda x, t: x - t),
        ("LogisticRegressionOutput", lambda x, t: 1 / (1 + np.exp(-x)) - t),
        ("MAERegressionOutput", lambda x, t: np.sign(x - t)),
    ],
)
def test_regression_outputs(op: str, gradient_of: Any) -> None:
    target = RNG.normal(size=(4, 3))
    np.testing.assert_allclose(gradient(op, X, target), gradient_of(X, target) / 3, rtol=1e-12)
    np.testing.assert_allclose(gradient(op, X, target, grad_scale=6.0), gradient_of(X, target) * 2, rtol=1e-12)


def test_svm_output() -> None:
    sign = 1 - 2 * TARGET
    over = 1 + sign * X
    np.testing.assert_allclose(gradient("SVMOutput", X, LABEL), np.where(over > 0, 2 * sign * over, 0))
    got = gradient("SVMOutput", X, LABEL, use_linear=True, regularization_coefficient=0.5)
    np.testing.assert_allclose(got, np.where(over > 0, 0.5 * sign, 0))


@pytest.mark.parametrize("value", [1e4, -1e4, 88.0])
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_softmax_neither_overflows_nor_underflows(value: float, dtype: str) -> None:
    x = mx.nd.array(np.array([[value, value, value - 5]]), dtype=dtype)
    rounded = x.asnumpy().astype(np.float64)
    np.testing.assert_allclose(F.softmax(x).asnumpy().astype(np.float64), softmax(rounded), rtol=2e-3, atol=1e-7)
    assert np.isfinite(F.log_softmax(x).asnumpy().astype(np.float64)).all()


def test_softmax_is_as_exact_as_float32_allows() -> None:
    x = RNG.uniform(-30, 30, (64, 100)).astype(np.float32)
    want = softmax(x.astype(np.float64))
    got = F.softmax(mx.nd.array(x)).asnumpy()
    np.testing.assert_allclose(got, want, rtol=3e-6, atol=1e-37)


def test_softmax_keeps_nan() -> None:
    got = F.softmax(mx.nd.array(np.array([[1.0, np.nan, 2.0], [1.0, 2.0, 3.0]]))).asnumpy()
    assert np.isnan(got[0]).all()
    assert np.isfinite(got[1]).all()


def test_second_derivative_of_softmax() -> None:
    x = RNG.normal(size=(2, 4))

    def first(v: np.ndarray, head: np.ndarray) -> np.ndarray:
        y = softmax(v)
        return y * (head - (head * y).sum(-1, keepdims=True))

    head, outer = RNG.normal(size=(2, 4)), RNG.normal(size=(2, 4))
    data = mx.nd.array(x, dtype="float64")
    data.attach_grad()
    with mx.autograd.record():
        y = F.softmax(data)
        grads = mx.autograd.grad(
            [y], [data], [mx.nd.array(head, dtype="float64")], create_graph=True, retain_graph=True
        )
        loss = F.sum(grads[0] * mx.nd.array(outer, dtype="float64"))
    loss.backward()
    numeric = np.zeros_like(x)
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = 1e-6
        move = step.reshape(x.shape)
        numeric.reshape(-1)[k] = ((first(x + move, head) - first(x - move, head)) * outer).sum() / 2e-6
    np.testing.assert_allclose(data.grad.asnumpy(), numeric, rtol=1e-5, atol=1e-8)


def test_rrelu_draws_a_slope_for_each_element_in_training() -> None:
    x = mx.nd.array(np.r_[np.full(500, -2.0), np.full(10, 3.0)])
    x.attach_grad()
    with mx.autograd.record():
        y, _ = mx.nd.LeakyReLU(x, act_type="rrelu", lower_bound=0.2, upper_bound=0.6)
    y.backward()
    slopes = x.grad.asnumpy()
    np.testing.assert_allclose(y.asnumpy(), x.asnumpy() * slopes, 1e-6)
    assert (slopes[500:] == 1).all()
    drawn = slopes[:500]
    assert 0.2 <= drawn.min() < 0.22
    assert 0.58 < drawn.max() < 0.6
    assert abs(drawn.mean() - 0.4) < 0.03
    mean, _ = mx.nd.LeakyReLU(x, act_type="rrelu", lower_bound=0.2, upper_bound=0.6)
    np.testing.assert_allclose(mean[:500].asnumpy(), -0.8, 1e-6)


def test_rrelu_in_a_symbol_draws_anew_in_each_step() -> None:
    net = mx.sym.LeakyReLU(mx.sym.Variable("x"), act_type="rrelu")
    ex = net.bind(mx.cpu(), {"x": -mx.nd.ones(50)})
    first, second = (ex.forward(is_train=True)[0].asnumpy().copy() for _ in range(2))
    assert (first != second).mean() > 0.9
    np.testing.assert_allclose(ex.forward(is_train=False)[0].asnumpy(), -(0.125 + 0.334) / 2, 1e-6)
