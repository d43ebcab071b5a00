"""Gradient, layout and lowering, on small graphs run against NumPy and against imperative autograd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.graph import passes
from paratrain.graph.compile import compile_graph
from paratrain.graph.gradient import gradient
from paratrain.graph.ir import Entry, F, Node
from paratrain.ndarray.invoke import F as nd

RNG = np.random.default_rng(3)


def variable(name: str) -> Entry:
    return Entry(Node(None, name))


def run(
    outputs: list[Entry], values: dict[str, np.ndarray], grad_req: dict[str, str], heads: list[np.ndarray] | None = None
) -> tuple[dict[str, np.ndarray], Any]:
    """Compile, bind fresh arrays, run forward and backward; results by slot name."""
    descs = {n: (v.shape, v.dtype.name) for n, v in values.items()}
    compiled = compile_graph(outputs, descs, 1, bool(grad_req), grad_req)
    arrays: dict[str, Any] = {}
    for i, name in enumerate(compiled.lowered.slots):
        desc = next(v.desc for s in compiled.lowered.steps for v in (*s.ins, *s.outs) if v.buffer.slot == i + 1)
        if name in values:
            arrays[name] = mx.nd.array(values[name], dtype=values[name].dtype)
        else:
            arrays[name] = mx.nd.ones(desc[0], dtype=desc[1])
    for i, h in enumerate(heads or []):
        arrays[f"head_grad:{i}"] = mx.nd.array(h)
    compiled.allocate((1, 0))
    compiled.bind(arrays)
    compiled.program.run(0, len(compiled.program))
    return {n: a.asnumpy() for n, a in arrays.items()}, compiled


def net(F: Any, x: Any, w: Any, v: Any) -> Any:
    h = F.tanh(F.broadcast_mul(F.exp(x), w))
    return F.elemwise_add(F.elemwise_mul(h, h), F.broadcast_div(F.square(v), F._plus_scalar(F.square(x), scalar=2.0)))


def test_graph_gradient_equals_imperative_gradient() -> None:
    values = {n: RNG.standard_normal(s).astype("float32") for n, s in (("x", (4, 5)), ("w", (1, 5)), ("v", (4, 1)))}
    got, _ = run([net(F, *map(variable, values))], values, dict.fromkeys(values, "write"))
    arrays = {n: mx.nd.array(v) for n, v in values.items()}
    for a in arrays.values():
        a.attach_grad()
    with mx.autograd.record():
        y = net(nd, *arrays.values())
    y.backward()
    np.testing.assert_allclose(got["output:0"], y.asnumpy(), 1e-5, 1e-6)
    for n, a in arrays.items():
        np.testing.assert_allclose(got[f"grad:{n}"], a.grad.asnumpy(), 1e-5, 1e-6)


def test_add_accumulates_and_null_is_left_out() -> None:
    values = {"x": RNG.standard_normal((3, 4)).astype("float32"), "w": RNG.standard_normal((3, 4)).astype("float32")}
    out = F.elemwise_mul(variable("x"), variable("w"))
    got, compiled = run([out], values, {"x": "null", "w": "add"})
    np.testing.assert_allclose(got["grad:w"], values["x"] + 1, 1e-6)  # the buffer held ones
    assert "grad:x" not in compiled.lowered.slots


def test_head_gradients_scale_gradients() -> None:
    x = RNG.standard_normal((2, 3)).astype("float32")
    head = RNG.standard_normal((2, 3)).astype("float32")
    got, _ = run([F.square(variable("x"))], {"x": x}, {"x": "write"}, [head])
    np.testing.assert_allclose(got["grad:x"], 2 * x * head, 1e-5)


def test_output_that_is_a_variable_and_output_given_twice() -> None:
    x = RNG.standard_normal((2, 3)).astype("float32")
    v = variable("x")
    y = F.exp(v)
    got, _ = run([v, y, y], {"x": x}, {})
    np.testing.assert_array_equal(got["output:0"], x)
    np.testing.assert_allclose(got["output:1"], np.exp(x), 1e-5)
    np.testing.assert_array_equal(got["output:1"], got["output:2"])


def test_variable_used_several_times_sums_its_gradients() -> None:
    x = RNG.standard_normal((5,)).astype("float32")
    v = variable("x")
    got, _ = run([F.add_n(v, v, F.square(v))], {"x": x}, {"x": "write"})
    np.testing.assert_allclose(got["grad:x"], 2 + 2 * x, 1e-5)


@passes.disabled("chains")
def test_in_place_never_overwrites_what_is_still_read() -> None:
    x = RNG.standard_normal((64,)).astype("float32")
    v = variable("x")
    a = F.exp(v)
    b = F.sqrt(a)  # could be in place, but `a` is read again
    got, compiled = run([F.elemwise_add(F.negative(b), a)], {"x": x}, {})
    np.testing.assert_allclose(got["output:0"], np.exp(x) - np.exp(x / 2), 1e-5, 1e-6)
    assert compiled.lowered.arena_bytes == 2 * 256  # negative and the sum reuse places


def test_marks_count_complete_gradients_in_order() -> None:
    x, w1, w2 = (variable(n) for n in ("x", "w1", "w2"))
    values = {n: RNG.standard_normal((4,)).astype("float32") for n in ("x", "w1", "w2")}
    out = F.tanh(F.elemwise_mul(F.tanh(F.elemwise_mul(x, w1)), w2))
    _, compiled = run([out], values, {"w1": "write", "w2": "write"})
    assert compiled.grads == ["w2", "w1"]  # backward reaches the last layer first
    marks = [s.mark for s in compiled.lowered.steps if s.mark >= 0]
    assert marks == [1, 2]
    assert compiled.program.wait_mark(2)


def test_operator_without_gradient_ends_differentiation() -> None:
    x = variable("x")
    assert gradient([F.argmax(x)], [variable("dy")], [x.node]) == [None]


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_layouts_change_nothing(activation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain of convolutions in the library's layouts against the same chain without negotiation."""
    values = {
        "x": RNG.standard_normal((4, 3, 14, 14)),
        "w1": RNG.standard_normal((20, 3, 3, 3)),
        "b1": RNG.standard_normal((20,)),
        "w2": RNG.standard_normal((7, 20, 3, 3)),
        "b2": RNG.standard_normal((7,)),
    }
    values = {n: (v * 0.3).astype("float32") for n, v in values.items()}

    def chain() -> Entry:
        x, w1, b1, w2, b2 = map(variable, values)
        h = F.Activation(F.Convolution(x, w1, b1, kernel=(3, 3), num_filter=20, pad=(1, 1)), act_type=activation)
        h = F.Pooling(h, kernel=(2, 2), stride=(2, 2), pool_type="max")
        return F.Convolution(h, w2, b2, kernel=(3, 3), num_filter=7)

    req = dict.fromkeys(values, "write")
    fast, compiled = run([chain()], values, req)
    assert any(v.desc[2] is not None for s in compiled.lowered.steps for v in s.outs)
    plain = _without_layouts(monkeypatch, lambda: run([chain()], values, req))
    assert all(v.desc[2] is None for s in plain[1].lowered.steps for v in s.outs)
    for name in ("output:0", *(f"grad:{n}" for n in values)):
        np.testing.assert_allclose(fast[name], plain[0][name], 1e-4, 1e-4, err_msg=name)


def _without_layouts(monkeypatch: pytest.MonkeyPatch, call: Callable[[], Any]) -> Any:
    from paratrain.ext import engine
    from paratrain.graph import lower as module

    class Plain:
        def __getattr__(self, name: str) -> Any:
            return getattr(engine, name)

        @staticmethod
        def make_kernel(
            name: str, device: int, attrs: dict, ins: list, outs: list, any_layout: bool = False, label: Any = None
        ) -> Any:
            return engine.make_kernel(name, device, attrs, ins, outs, False, label)

    monkeypatch.setattr(module, "engine", Plain())
    return call()


def test_a_gradient_that_backward_still_reads_is_not_announced() -> None:
    x, w, b = (variable(n) for n in ("x", "w", "b"))
    values = {n: RNG.standard_normal((4,)).astype("float32") for n in ("x", "w", "b")}
    out = F.tanh(F.elemwise_add(F.elemwise_mul(x, w), b))  # the gradient of b is the one that flows on to w
    _, compiled = run([out], values, {"w": "write", "b": "write"})
    assert compiled.grads == ["b", "w"]
    assert [s.mark for s in compiled.lowered.steps if s.mark >= 0] == [2]


def test_a_reordered_copy_is_not_overwritten_while_it_can_be_found_again() -> None:
    values = {n: RNG.standard_normal(s).astype("float32") for n, s in (("x", (2, 3, 6, 6)), ("w", (3, 3, 1, 1)))}
    x, w = map(variable, values)
    y = F.Convolution(x, w, kernel=(1, 1), num_filter=3, no_bias=True)
    # both take x in the layout of y; the first could write over it
    out = F.elemwise_mul(F.elemwise_sub(x, y), F.elemwise_add(x, y))
    got, compiled = run([out], values, {})
    assert sum(s.op == "reorder" and s.ins[0].buffer.slot == 1 for s in compiled.lowered.steps) == 1
    want = np.einsum("nchw,oc->nohw", values["x"], values["w"][:, :, 0, 0])
    np.testing.assert_allclose(got["output:0"], values["x"] ** 2 - want**2, 1e-4, 1e-4)
