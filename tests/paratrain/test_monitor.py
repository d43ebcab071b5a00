"""Monitor: which arrays, in which batches, and refusals."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest

import paratrain as mx


def executor() -> Any:
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    ex = mx.sym.Activation(net, act_type="relu", name="act").simple_bind(mx.cpu(), data=(3, 4))
    for array in ex.arg_dict.values():
        array[:] = 1
    return ex


def test_statistics_of_matching_arrays_every_interval() -> None:
    ex = executor()
    monitor = mx.mon.Monitor(2, stat_func=lambda x: x.max(), pattern=".*weight|.*output", sort=True)
    monitor.install(ex)
    rows = []
    for _ in range(4):
        monitor.tic()
        ex.forward()
        rows.append(monitor.toc())
    assert rows[0] == [(1, "act_output", "5.0\t"), (1, "fc_output", "5.0\t"), (1, "fc_weight", "1.0\t")]
    assert rows[1] == rows[3] == []
    assert [r[0] for r in rows[2]] == [3, 3, 3]


def test_default_statistic_inputs_and_log(caplog: pytest.LogCaptureFixture) -> None:
    ex = executor()
    monitor = mx.mon.Monitor(1, monitor_all=True)
    monitor.install(ex)
    monitor.tic()
    ex.forward()
    with caplog.at_level(logging.INFO):
        monitor.toc_print()
    assert "fc_output" in caplog.text
    assert caplog.text.count("fc_weight") == 2  # as an input of a node, and as an argument
    assert f"{np.float32(5.0)}" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "text"), [((0,), "interval must be at least 1"), ((1, None, "("), "not a regular expression")]
)
def test_bad_monitor(arguments: tuple, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        mx.mon.Monitor(*arguments)


def test_statistic_must_be_an_array() -> None:
    monitor = mx.mon.Monitor(1, stat_func=lambda x: 3)
    ex = executor()
    monitor.install(ex)
    monitor.tic()
    ex.forward()
    with pytest.raises(TypeError, match="stat_func must return NDArray"):
        monitor.toc()
