"""Recurrent layers by blocks of rows against the plain kernel, which goes through the times with the whole batch."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import paratrain as mx
from paratrain.ext import engine
from paratrain.ops.registry import get
from paratrain.ops.rnn import parameter_size

MODES = ("lstm", "gru", "rnn_tanh", "rnn_relu")


def desc(shape: tuple[int, ...], dtype: str = "float32") -> tuple:
    return shape, dtype, None


def make(op: str, attrs: dict[str, Any], ins: list, dtype: str, plain: bool) -> tuple[Any, list[tuple]]:
    """A kernel of `op` for inputs of these shapes, and the shapes of its outputs."""
    definition = get(op)
    _, outs = definition.shape(attrs, list(ins), [None] * len(definition.output_names(attrs)))
    descs = [desc(s, dtype)[:2] for s in ins], [desc(s, dtype)[:2] for s in outs]
    name, kernel_attrs = definition.kernel_spec(attrs, *descs, True, 1)
    return engine.make_kernel(name, engine.CPU, kernel_attrs, *descs, plain=plain), outs


def run(kernel: Any, ins: list[np.ndarray], outs: list[tuple]) -> list[np.ndarray]:
    results = [mx.nd.ones(s, dtype=ins[0].dtype) for s in outs]
    engine.invoke(kernel, [mx.nd.array(x, dtype=x.dtype) for x in ins], results)
    return [r.asnumpy() for r in results]


def forward_and_backward(attrs: dict[str, Any], shape: tuple[int, ...], plain: bool, dtype: str = "float32") -> list:
    """Everything both kernels write, and their names."""
    rng = np.random.default_rng(5)
    sides = attrs["num_layers"] * (2 if attrs["bidirectional"] else 1)
    states = [(sides, shape[1], attrs["state_size"])] * (2 if attrs["mode"] == "lstm" else 1)
    ins = [shape, (parameter_size(attrs, shape[2]),), *states]
    values = [rng.normal(scale=0.3, size=s).astype(dtype) for s in ins]
    lengths = [rng.integers(-1, shape[0] + 2, size=shape[1]).astype(dtype)] if attrs["use_sequence_length"] else []
    ins, values = ins + [n.shape for n in lengths], values + lengths
    kernel, shapes = make("RNN", attrs, ins, dtype, plain)
    outs = run(kernel, values, shapes)
    arrived = [rng.normal(size=o.shape).astype(dtype) for o in outs[:-1]]
    back = [arrived[0], values[0], values[1], outs[-1], *lengths, *arrived[1:]]
    gradient, shapes = make("_backward_RNN", attrs, [b.shape for b in back], dtype, plain)
    return [kernel.implementation, gradient.implementation, *outs, *run(gradient, back, shapes)]


@given(
    st.sampled_from(MODES),
    st.integers(1, 3),
    st.integers(1, 19),
    st.integers(1, 9),
    st.integers(1, 70),
    st.integers(1, 3),
    st.booleans(),
    st.booleans(),
    st.sampled_from((0.0, 0.4)),
    st.booleans(),
)
@settings(max_examples=60)
def test_blocks_equal_the_plain_kernel(
    mode: str,
    time: int,
    batch: int,
    inputs: int,
    state: int,
    layers: int,
    both: bool,
    states: bool,
    p: float,
    lengths: bool,
) -> None:
    stack = {"num_layers": layers, "bidirectional": both, "p": p, "use_sequence_length": lengths}
    if mode == "lstm":
        stack |= {"lstm_state_clip_min": -0.1, "lstm_state_clip_max": 0.2}
    attrs = get("RNN").parse({"mode": mode, "state_size": state, "state_outputs": states, **stack})
    blocks, plain = (forward_and_backward(attrs, (time, batch, inputs), oracle) for oracle in (False, True))
    assert (blocks[:2], plain[:2]) == (["blocks"] * 2, ["plain"] * 2)
    for a, b in zip(blocks[2:], plain[2:], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=2e-5 * max(1, np.abs(b).max(initial=0)))


@pytest.mark.parametrize(
    ("dtype", "batch", "state", "chosen"),
    [
        ("float64", 4, 8, "plain"),
        ("float32", 1, 900, "plain"),
        ("float32", 9, 900, "blocks"),
        ("float32", 1, 100, "blocks"),
    ],
)
def test_choice_of_the_kernel(dtype: str, batch: int, state: int, chosen: str) -> None:
    attrs = get("RNN").parse({"mode": "lstm", "state_size": state, "num_layers": 1})
    ins = [(2, batch, 3), (parameter_size(attrs, 3),), *[(1, batch, state)] * 2]
    assert make("RNN", attrs, ins, dtype, False)[0].implementation == chosen


@pytest.mark.parametrize(("stop", "expected"), [(True, -0.5), (False, np.nan)])
def test_nan_in_a_cell_with_bounds(stop: bool, expected: float) -> None:
    data, weights, state = mx.nd.full((1, 1, 1), np.nan), mx.nd.ones((16,)), mx.nd.zeros((1, 1, 1))
    clip = {"lstm_state_clip_min": -0.5, "lstm_state_clip_max": 0.5, "lstm_state_clip_nan": stop}
    attrs = {"state_size": 1, "num_layers": 1, "mode": "lstm", "state_outputs": True}
    _, _, cell = mx.nd.RNN(data, weights, state, state, **attrs, **clip)
    np.testing.assert_equal(cell.asscalar(), np.float32(expected))


@pytest.mark.parametrize("mode", MODES)
def test_lengths_equal_shorter_calls(mode: str) -> None:
    """A row of length n gives what a call with its first n steps alone gives."""
    rng = np.random.default_rng(3)
    attrs = {"mode": mode, "state_size": 5, "num_layers": 2, "bidirectional": True, "state_outputs": True}
    size = parameter_size(get("RNN").parse(attrs), 3)
    data, weights = mx.nd.array(rng.normal(size=(4, 3, 3))), mx.nd.array(rng.normal(scale=0.4, size=size))
    states = [mx.nd.array(rng.normal(size=(4, 3, 5))) for _ in range(2 if mode == "lstm" else 1)]
    lengths = [4, 1, 2]
    whole = mx.nd.RNN(data, weights, *states, mx.nd.array(lengths), use_sequence_length=True, **attrs)
    for row, n in enumerate(lengths):
        alone = mx.nd.RNN(data[:n, row : row + 1], weights, *(s[:, row : row + 1] for s in states), **attrs)
        np.testing.assert_allclose(whole[0][:n, row].asnumpy(), alone[0][:, 0].asnumpy(), rtol=1e-5, atol=1e-6)
        assert (whole[0][n:, row].asnumpy() == 0).all()
        for a, b in zip(whole[1:], alone[1:]):
            np.testing.assert_allclose(a[:, row].asnumpy(), b[:, 0].asnumpy(), rtol=1e-5, atol=1e-6)


def test_threads_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    attrs = get("RNN").parse({"mode": "lstm", "state_size": 40, "num_layers": 2})
    results = []
    before = engine.get_num_threads()
    try:
        for threads in (1, 2, 5):
            engine.set_num_threads(threads)
            results.append(forward_and_backward(attrs, (4, 21, 16), False)[2:-3])
    finally:
        engine.set_num_threads(before)
    for a, b in itertools.pairwise(results):
        assert all((x == y).all() for x, y in zip(a, b, strict=True))
