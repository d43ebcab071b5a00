"""Operations of a network, from its shapes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import paratrain as mx

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
try:
    from benchmarks import flops
finally:
    del sys.path[0]

DATA = mx.sym.Variable("data")
DENSE = mx.sym.FullyConnected(DATA, num_hidden=3, name="dense")
CONVOLUTION = mx.sym.Convolution(DATA, kernel=(3, 3), pad=(1, 1), stride=(2, 2), num_filter=8, num_group=2, name="conv")
LSTM = mx.sym.RNN(
    DATA,
    mx.sym.Variable("weights"),
    mx.sym.zeros(shape=(1, 2, 5)),
    mx.sym.zeros(shape=(1, 2, 5)),
    mode="lstm",
    state_size=5,
    num_layers=1,
    name="lstm",
)


@pytest.mark.parametrize(
    ("network", "shape", "operations"),
    [
        (DENSE, (4, 7), 2 * 4 * 7 * 3),
        (CONVOLUTION, (2, 4, 8, 8), 2 * (2 * 4 * 4) * 8 * (4 // 2 * 9)),
        (LSTM, (6, 2, 3), 2 * (6 * 2) * (4 * 5) * (3 + 5)),
        (
            mx.sym.FullyConnected(mx.sym.Activation(DENSE, act_type="relu"), num_hidden=2),
            (4, 7),
            2 * 4 * (7 * 3 + 3 * 2),
        ),
    ],
    ids=["dense", "convolution", "lstm", "chain"],
)
def test_forward(network: mx.sym.Symbol, shape: tuple[int, ...], operations: int) -> None:
    assert flops.forward(network, data=shape) == operations


def test_training_is_three_passes() -> None:
    assert flops.training(DENSE, data=(4, 7)) == 3 * flops.forward(DENSE, data=(4, 7))
