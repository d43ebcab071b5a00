"""Softmax outputs joined with the gradients of the layer below."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.graph import passes

ROWS, CLASSES = 6, 5
JOINED = {"_SoftmaxDenseGrad"}
APART = {"_backward_SoftmaxOutput", "_backward_FullyConnected_data", "_backward_FullyConnected_weight"}


def net(dense: dict[str, Any] | None = None, **output: Any) -> Any:
    below = mx.sym.tanh(mx.sym.Variable("data"))
    scores = mx.sym.FullyConnected(below, num_hidden=CLASSES, name="fc", **(dense or {}))
    return mx.sym.SoftmaxOutput(scores, name="softmax", **output)


def bound(symbol: Any, grad_req: str = "write", label: tuple[int, ...] = (ROWS,)) -> Any:
    executor = symbol.simple_bind(mx.cpu(), grad_req=grad_req, data=(ROWS, 7), softmax_label=label)
    rng = np.random.default_rng(0)
    for name, array in executor.arg_dict.items():
        labels = name == "softmax_label"  # one of them below all classes, one above
        array[:] = rng.integers(-1, CLASSES + 1, array.shape) if labels else rng.normal(size=array.shape)
    return executor


def operators(executor: Any) -> set[str]:
    return {s.op for s in executor._program(True).lowered.steps} & (JOINED | APART)


def results(symbol: Any, **how: Any) -> list[np.ndarray]:
    executor = bound(symbol, **how)
    for _ in range(2):
        before = [o.asnumpy() for o in executor.forward(True)]
        executor.backward()
    np.testing.assert_array_equal(before[0], executor.outputs[0].asnumpy())  # the kernel has put everything back
    return before + [g.asnumpy() for g in executor.grad_dict.values() if g is not None]


@pytest.mark.parametrize("grad_req", ["write", "add"])
@pytest.mark.parametrize(
    "symbol",
    [net(), net({"no_bias": True}), net(grad_scale=0.25), net(normalization="batch"), net({"flatten": False})],
    ids=["default", "no bias", "scaled", "batch", "last axis"],
)
def test_joined(symbol: Any, grad_req: str) -> None:
    assert operators(bound(symbol)) == JOINED
    with passes.disabled("fuse"):
        wanted = results(symbol, grad_req=grad_req)
    for a, b in zip(results(symbol, grad_req=grad_req), wanted, strict=True):
        np.testing.assert_allclose(a, b, 1e-5, 1e-6)


@pytest.mark.parametrize(
    "symbol",
    [
        net(use_ignore=True, ignore_label=2),
        net(normalization="valid"),
        net(smooth_alpha=0.1),
        net(out_grad=True),
        mx.sym.SoftmaxOutput(mx.sym.tanh(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3)), name="softmax"),
    ],
    ids=["ignored labels", "valid labels", "smooth labels", "gradient from above", "another layer between"],
)
def test_not_joined(symbol: Any) -> None:
    assert not operators(bound(symbol)) & JOINED


def test_probabilities_as_labels_are_not_joined() -> None:
    assert not operators(bound(net(), label=(ROWS, CLASSES))) & JOINED


def test_two_layers_on_one_input() -> None:
    below = mx.sym.tanh(mx.sym.Variable("data"))
    label = mx.sym.Variable("softmax_label")
    heads = [
        mx.sym.SoftmaxOutput(mx.sym.FullyConnected(below, num_hidden=k, name=f"fc{k}"), label, name=f"out{k}")
        for k in (3, CLASSES)
    ]
    symbol = mx.sym.Group(heads)
    with passes.disabled("fuse"):
        wanted = results(symbol)
    assert operators(bound(symbol)) == JOINED
    for a, b in zip(results(symbol), wanted, strict=True):
        np.testing.assert_allclose(a, b, 1e-5, 1e-6)


def test_scores_lie_where_the_probabilities_will() -> None:
    executor = bound(net())
    lowered = executor._program(True).lowered
    dense, softmax = (next(s for s in lowered.steps if s.op == op) for op in ("FullyConnected", "SoftmaxOutput"))
    assert dense.outs[0].buffer is softmax.outs[0].buffer
    assert lowered.slots[softmax.outs[0].buffer.slot - 1] == "output:0"
    assert "@" in executor.debug_str()


def test_scores_that_others_read_keep_their_place() -> None:
    scores = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=CLASSES, name="fc")
    symbol = mx.sym.Group([mx.sym.SoftmaxOutput(scores, name="softmax"), mx.sym.exp(scores)])
    outputs = [o.asnumpy() for o in bound(symbol).forward(False)]
    np.testing.assert_allclose(outputs[0], outputs[1] / outputs[1].sum(1, keepdims=True), 1e-5)
