"""Chains of elementwise operators: which are joined, and that every bit of the results stays."""

from __future__ import annotations

import math
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import paratrain as mx
from paratrain.graph import passes
from paratrain.graph.compile import CompiledProgram

X, Y, B = (mx.sym.Variable(n) for n in "xyb")


def run(
    net: Any, shapes: dict[str, tuple[int, ...]], train: bool, joined: bool, dtype: str = "float32"
) -> list[np.ndarray]:
    """Outputs, and in training gradients, for random arguments."""
    with nullcontext() if joined else passes.disabled("chains"):
        executor = net.simple_bind(mx.cpu(), type_dict=dict.fromkeys(shapes, dtype), **shapes)
        rng = np.random.default_rng(5)
        for array in executor.arg_dict.values():
            array[:] = rng.uniform(0.2, 2, size=array.shape)
        outputs = executor.forward(train)
        if train:
            executor.backward([mx.nd.array(rng.normal(size=o.shape), dtype=o.dtype) for o in outputs])
        grads = [g for g in executor.grad_dict.values() if g is not None] if train else []
        return [a.asnumpy() for a in (*outputs, *grads)]


def program(net: Any, train: bool = False, **shapes: tuple[int, ...]) -> CompiledProgram:
    return net.simple_bind(mx.cpu(), grad_req="write" if train else "null", **shapes)._program(train)


def gelu(x: Any) -> Any:
    return 0.5 * x * (1 + mx.sym.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


def standardized(x: Any) -> Any:
    away = mx.sym.broadcast_sub(x, mx.sym.mean(x, axis=1, keepdims=True))
    return mx.sym.broadcast_div(away, mx.sym.sqrt(mx.sym.mean(away * away, axis=1, keepdims=True) + 1e-5))


#: Networks, the shapes of their arguments, and steps in training and without.
CASES: dict[str, tuple[Any, dict[str, tuple[int, ...]], int, int]] = {
    "unary": (mx.sym.sqrt(mx.sym.exp(-X)), {"x": (70, 90)}, 2, 1),
    "gelu": (gelu(X), {"x": (600, 700)}, 2, 1),
    "a scalar array": (mx.sym.broadcast_mul(mx.sym.exp(X), B) + 1, {"x": (50, 60), "b": (1, 1)}, 4, 1),
    "rows": (mx.sym.exp(mx.sym.broadcast_add(X, B)), {"x": (5, 9000), "b": (1, 9000)}, 3, 1),
    "columns": (mx.sym.exp(mx.sym.broadcast_add(X, B)), {"x": (9000, 5), "b": (9000, 1)}, 3, 1),
    "short rows": (mx.sym.exp(mx.sym.broadcast_add(X, B)), {"x": (1000, 30), "b": (1, 30)}, 3, 1),
    "channels": (mx.sym.relu(mx.sym.broadcast_mul(X, B)) + X, {"x": (2, 7, 40, 30), "b": (1, 7, 1, 1)}, 3, 1),
    "both repeated": (mx.sym.exp(mx.sym.broadcast_add(X, B)), {"x": (130, 1), "b": (1, 77)}, 4, 1),
    "normalisation": (standardized(X) * 2 + 1, {"x": (300, 200)}, 12, 5),
    "masked": (mx.sym.where(X > 1, X * X, mx.sym.exp(X)), {"x": (40, 50)}, 2, 1),
    "sum of many": (mx.sym.add_n(X, X * X, mx.sym.exp(X), X) * 2, {"x": (40, 50)}, 2, 1),
    "several results": (mx.sym.Group([mx.sym.exp(X), mx.sym.exp(X) + 1]), {"x": (40, 50)}, 2, 1),
}


@pytest.mark.parametrize("train", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_every_bit_stays(case: str, train: bool) -> None:
    net, shapes, *steps = CASES[case]
    for a, b in zip(run(net, shapes, train, True), run(net, shapes, train, False), strict=True):
        np.testing.assert_array_equal(a, b)
    assert len(program(net, train, **shapes).lowered.steps) == steps[0 if train else 1]


@pytest.mark.parametrize("between", ["float16", "uint8", "float64"])
def test_a_result_does_not_lie_over_one_of_another_size(between: str) -> None:
    net = mx.sym.cast(mx.sym.cast(mx.sym.exp(X), dtype=between) + 1, dtype="float32") * 2
    shapes = {"x": (30, 40)}
    assert np.array_equal(run(net, shapes, False, True)[0], run(net, shapes, False, False)[0])


@pytest.mark.parametrize("dtype", ["float16", "float64", "bfloat16"])
def test_other_types(dtype: str) -> None:
    for a, b in zip(*(run(gelu(X) + X, {"x": (30, 50)}, True, joined, dtype) for joined in (True, False)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_casts_are_members() -> None:
    net = mx.sym.Cast(mx.sym.exp(mx.sym.Cast(X, dtype="float64")) + 1, dtype="float16")
    steps = program(net, x=(40, 50)).lowered.steps
    assert [s.op for s in steps] == ["_Chain"]
    got, want = (run(net, {"x": (40, 50)}, False, joined)[0] for joined in (True, False))
    assert got.dtype == np.float16
    np.testing.assert_array_equal(got, want)


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=4).filter(lambda shape: math.prod(shape) < 5000),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.integers(0, 3),
)
@settings(max_examples=60)
def test_any_shape(shape: list[int], repeated: list[bool], cut: int) -> None:
    """Arguments repeated along any axes, with blocks that end within rows."""
    shape[cut % len(shape)] *= 97
    small = tuple(1 if r else n for n, r in zip(shape, repeated))
    net = mx.sym.exp(mx.sym.broadcast_mul(X, B)) - mx.sym.broadcast_add(Y, B)
    shapes = {"x": tuple(shape), "b": small, "y": tuple(shape)}
    for a, b in zip(run(net, shapes, True, True), run(net, shapes, True, False), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_path_that_leaves_the_chain_and_comes_back_is_no_chain() -> None:
    a = mx.sym.exp(X)
    net = mx.sym.broadcast_div(a, mx.sym.sum(a, axis=1, keepdims=True)) + 1
    assert [s.op for s in program(net, x=(30, 40)).lowered.steps] == ["exp", "sum", "_Chain"]


def test_a_sum_of_very_many_terms() -> None:
    shapes = {"x": (4, 50)}
    net = mx.sym.add_n(*[mx.sym.exp(X)] * 300) * 2
    for a, b in zip(run(net, shapes, True, True), run(net, shapes, True, False), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("count", [7, 60])
@pytest.mark.parametrize(("shape", "small"), [((40, 50), (40, 50)), ((1000, 30), (1, 30))])
def test_many_values_at_a_time(count: int, shape: tuple[int, ...], small: tuple[int, ...]) -> None:
    """Results that are all read at the end share the scratch memory, and none may reach into another."""
    parts = [mx.sym.exp(mx.sym.broadcast_mul(X, B) * (0.01 * i)) for i in range(count)]
    net = parts[0]
    for part in parts[1:]:
        net = net * part
    shapes = {"x": shape, "b": small}
    for dtype in ("float32", "float64"):
        a, b = (run(net, shapes, False, joined, dtype)[0] for joined in (True, False))
        np.testing.assert_array_equal(a, b)


def test_two_ways_round_each_other() -> None:
    """Each of two chains alone would be right; together they would wait for each other."""
    a, c = mx.sym.exp(X), mx.sym.sqrt(Y)
    left = a + mx.sym.broadcast_like(mx.sym.sum(c, axis=1, keepdims=True), X)
    right = c + mx.sym.broadcast_like(mx.sym.sum(a, axis=1, keepdims=True), X)
    net, shapes = mx.sym.Group([left, right]), {"x": (30, 40), "y": (30, 40)}
    for a, b in zip(run(net, shapes, True, True), run(net, shapes, True, False), strict=True):
        np.testing.assert_array_equal(a, b)


def test_results_lie_over_inputs_that_nobody_reads_again() -> None:
    big = (64, 64)
    net = mx.sym.dot(X, Y)
    net = mx.sym.dot(mx.sym.exp(net) * 2 + mx.sym.relu(net), Y)
    found = program(net, x=big, y=big).lowered
    (chain,) = [s for s in found.steps if s.op == "_Chain"]
    assert chain.outs[0].buffer is chain.ins[0].buffer
    assert found.arena_bytes < 2 * 64 * 64 * 4


def test_gradients_are_announced_one_by_one() -> None:
    net = mx.sym.tanh(mx.sym.tanh(X * mx.sym.Variable("w1", shape=(40, 50))) * mx.sym.Variable("w2", shape=(40, 50)))
    marks = [s.mark for s in program(net, True, x=(40, 50)).lowered.steps if s.mark >= 0]
    assert marks == [1, 2, 3]


def test_what_backward_can_compute_again_is_not_kept() -> None:
    """Backward has the data anyway, and twelve members of a chain take less time than an array in memory."""
    made = program(gelu(X), True, x=(512, 1024)).lowered
    assert made.arena_bytes <= 512 * 1024 * 4
    with passes.disabled("recompute"):
        assert program(gelu(X), True, x=(512, 1024)).lowered.arena_bytes >= 3 * 512 * 1024 * 4


def test_parameters_keep_their_prologue() -> None:
    """What follows from parameters only is no member of a chain that runs for each batch."""
    net = mx.sym.Convolution(X, kernel=(3, 3), num_filter=4, name="conv")
    net = mx.sym.exp(mx.sym.BatchNorm(net, name="norm")) * 2
    made = program(net, x=(2, 3, 8, 8))
    with passes.disabled("chains"):
        plain = program(net, x=(2, 3, 8, 8))
    assert sum(s.op == "_Chain" for s in made.lowered.steps[made.num_prologue :]) == 1
    assert 0 < made.num_prologue <= plain.num_prologue


def test_work_is_that_of_the_members() -> None:
    (chain,) = program(mx.sym.exp(X) * 2 + X, x=(40, 50)).lowered.steps
    assert chain.flops == 3 * 40 * 50
    assert "blocks:" in chain.kernel.implementation


@pytest.mark.parametrize("small", [(2, 8, 1, 1), (1, 8, 1, 1), (1, 1, 1, 1), (1, 1, 9, 7), (2, 1, 9, 1)])
@pytest.mark.parametrize("train", [False, True])
def test_layouts_stay_where_an_operand_is_repeated(small: tuple[int, ...], train: bool) -> None:
    """As in squeeze and excitation: a factor for each channel between two convolutions."""

    def convolution(net: Any, name: str) -> Any:
        return mx.sym.Convolution(net, kernel=(3, 3), pad=(1, 1), num_filter=8, name=name)

    first = convolution(X, "first")
    net = convolution(mx.sym.broadcast_mul(mx.sym.exp(first), B) + first, "second")
    shapes = {"x": (2, 8, 9, 7), "b": small}
    for a, b in zip(run(net, shapes, train, True), run(net, shapes, train, False), strict=True):
        np.testing.assert_allclose(a, b, 1e-4, 1e-4)
    steps = program(net, **shapes).lowered.steps
    (chain,) = [s for s in steps if s.op == "_Chain"]
    assert chain.outs[0].desc[2] is not None


def test_casts_keep_a_layout() -> None:
    net = mx.sym.Convolution(X, kernel=(3, 3), num_filter=8, name="first")
    net = mx.sym.Cast(mx.sym.Cast(mx.sym.relu(net) * 2, dtype="bfloat16"), dtype="float32")
    net = mx.sym.Convolution(net, kernel=(3, 3), num_filter=8, name="second")
    (chain,) = [s for s in program(net, x=(2, 3, 16, 16)).lowered.steps if s.op == "_Chain"]
    assert chain.ins[0].desc[2] is not None
    assert chain.outs[0].desc[2] is not None


def test_a_long_group_is_cut_where_it_is_narrow() -> None:
    """Chains end between layers, where one result goes over, however the limits fall."""
    net = X
    for _ in range(8):
        net = net + gelu(net)
    made = program(net, True, x=(512, 1024)).lowered
    chains = [s for s in made.steps[: made.num_forward] if s.op == "_Chain"]
    assert len(chains) > 1
    assert all(len({id(v.buffer) for v in s.ins}) == 1 for s in chains)
    assert made.arena_bytes <= 11 * 512 * 1024 * 4  # a result for each layer, and those between two chains


def test_a_group_of_hundreds() -> None:
    net = X
    for i in range(200):
        net = mx.sym.sin(net * 0.5) + 0.1 * i
    for a, b in zip(run(net, {"x": (7, 9)}, True, True), run(net, {"x": (7, 9)}, True, False), strict=True):
        np.testing.assert_array_equal(a, b)
