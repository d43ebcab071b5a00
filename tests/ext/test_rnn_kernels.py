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
    kernel, shapes = make("RNN", attrs, ins, dtype, plain)
    outs = run(kernel, values, shapes)
    arrived = [rng.normal(size=o.shape).astype(dtype) for o in outs[:-1]]
    back = [arrived[0], values[0], values[1], outs[-1], *arrived[1:]]
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
)
@settings(max_examples=60)
def test_blocks_equal_the_plain_kernel(
    mode: str, time: int, batch: int, inputs: int, state: int, layers: int, both: bool, states: bool, p: float
) -> None:
    stack = {"num_layers": layers, "bidirectional": both, "p": p}
    attrs = get("RNN").parse({"mode": mode, "state_size": state, "state_outputs": states, **stack})
    blocks, plain = (forward_and_backward(attrs, (time, batch, inputs), oracle) for oracle in (False, True))
    assert (blocks[:2], plain[:2]) == (["blocks"] * 2, ["plain"] * 2)
    for a, b in zip(blocks[2:], plain[2:], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=2e-5)


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
