"""No call of an operator, whatever its arguments, ends the process or raises anything but a refusal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import paratrain as mx

SCRIPT = Path(__file__).with_name("fuzzing.py")
PARTS = 6
CALLS = 24


@pytest.mark.parametrize("part", range(PARTS))
def test_random_calls_compute_or_refuse(part: int, tmp_path: Path) -> None:
    log = tmp_path / "call.txt"
    command = [sys.executable, str(SCRIPT), str(part), str(PARTS), str(CALLS), str(log)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    last = log.read_text() if log.exists() else "before the first call"
    assert done.returncode in (0, 1), f"status {done.returncode} in {last}\n{done.stderr[-3000:]}"
    assert done.returncode == 0, f"last call: {last}\n{done.stdout[-5000:]}{done.stderr[-5000:]}"


def test_operators_of_gradients_are_not_called_by_name() -> None:
    with pytest.raises(AttributeError, match="'_backward_relu' is for gradients only"):
        mx.nd._backward_relu(mx.nd.ones((2,)), mx.nd.ones((2,)))
    with pytest.raises(AttributeError, match="is for gradients only"):
        mx.sym._internal._backward_relu(mx.sym.var("x"), mx.sym.var("y"))
    net = mx.sym.elemwise_mul(mx.sym.var("x"), mx.sym.var("y")).tojson()
    with pytest.raises(ValueError, match="is for gradients only"):
        mx.sym.load_json(net.replace('"elemwise_mul"', '"_backward_relu"'))


@pytest.mark.parametrize(
    "call",
    [
        lambda x: mx.nd.multi_sum_sq(x, num_arrays=2**40),
        lambda x: mx.nd.multi_sgd_update(x, x, lrs=(0.1,), wds=(0.1,), num_weights=2**40),
        lambda x: mx.nd.split(x, num_outputs=2**40),
    ],
)
def test_counts_that_nobody_has_are_refused_at_once(call: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match=r"must be (at most |int in 1\.\.)1048576"):
        call(mx.nd.ones((2,)))


def test_arrays_larger_than_all_addresses() -> None:
    with pytest.raises(MemoryError, match=r"needs \d+ bytes"):
        mx.nd._eye(N=2**62)
