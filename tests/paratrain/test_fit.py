"""What the training loop does besides training: padding, the line of each epoch."""

from __future__ import annotations

import logging
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import paratrain as mx
from paratrain.module.batches import Batches, without_padding
from paratrain.module.speed import summary


@given(rows=st.integers(1, 9), pad=st.integers(0, 9), layout=st.sampled_from(["NT", "TN"]))
def test_padding_is_cut_off(rows, pad, layout):
    pad = min(pad, rows)
    shape = (rows, 3) if layout == "NT" else (3, rows)
    values = np.arange(rows * 3, dtype="float32").reshape(shape)
    desc = mx.io.DataDesc("data", shape, layout=layout)
    batch = mx.io.DataBatch([mx.nd.array(values)], [mx.nd.array(values)], pad, np.arange(rows))
    got = without_padding(batch, [desc])
    if pad == rows:
        assert got is None
        return
    want = values[: rows - pad] if layout == "NT" else values[:, : rows - pad]
    assert np.array_equal(got.data[0].asnumpy(), want)
    assert np.array_equal(got.label[0].asnumpy(), want)
    assert (got.pad, got.index.tolist()) == (0, list(range(rows - pad)))


def module():
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
    return mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))


def numbers(rows):
    rng = np.random.default_rng(0)
    return rng.normal(size=(rows, 4)).astype("float32"), rng.integers(0, 3, rows).astype("float32")


@pytest.mark.parametrize("drop", [False, True])
def test_the_gradient_of_a_last_batch(drop):
    """With the padding left out it is that of the rows that are left; without, MXNet's."""
    x, y = numbers(10)
    seen = []

    def look(param):
        seen.append(param.locals["self"]._exec_group.execs[0].grad_dict["fc_weight"].asnumpy().copy())

    made = module()
    it = mx.io.NDArrayIter(x, y, batch_size=4)
    rates = {"learning_rate": 0.0}
    made.fit(it, num_epoch=1, optimizer_params=rates, batch_end_callback=look, drop_padding=drop)
    rows = [8, 9] if drop else [8, 9, 0, 1]
    weight, bias = (made.get_params()[0][name].asnumpy() for name in ("fc_weight", "fc_bias"))
    scores = np.exp(x[rows] @ weight.T + bias)
    errors = scores / scores.sum(axis=1, keepdims=True) - np.eye(3)[y[rows].astype(int)]
    np.testing.assert_allclose(seen[2], errors.T @ x[rows], rtol=1e-4, atol=1e-5)


def test_every_sample_counts_once_in_the_figures_of_training():
    x, y = numbers(10)
    metric = mx.metric.create("acc")
    module().fit(mx.io.NDArrayIter(x, y, batch_size=4), eval_metric=metric, num_epoch=1, drop_padding=True)
    assert metric.global_num_inst == 10


def test_the_line_of_an_epoch(caplog):
    x, y = numbers(10)
    with caplog.at_level(logging.INFO):
        module().fit(mx.io.NDArrayIter(x, y, batch_size=4), num_epoch=2)
    lines = [r.message for r in caplog.records if "waiting" in r.message]
    assert len(lines) == 2
    assert re.fullmatch(r"Epoch\[1\] \S+ samples/s; waiting: data \d+\.\d%", lines[1])


class Two:
    """Two ranks: the other one has taken as long, and has waited for sums of its own."""

    size, rank = 2, 0

    def allgather(self, array, what):
        return [array, np.array([0.3, 0.0])]

    def allreduce(self, array, what):
        array *= 2


def test_waiting_for_others_is_told_from_waiting_for_sums():
    text = summary(Two(), 100, 2.0, 0.1, np.array([0.1, 0.4]), 0.2)
    assert text == (
        "100 samples/s on 2 ranks, 50 each, scaling efficiency 65.0%; waiting: data 5.0%, communication 5.0%, "
        "slowest rank 30.0%"
    )


def test_batches_count_samples_and_time():
    x, y = numbers(10)
    from paratrain.kvstore.alone import Alone

    batches = Batches(Alone(), mx.io.NDArrayIter(x, y, batch_size=4), drop_padding=True)
    assert [len(batch.data[0]) for batch in batches] == [4, 4, 2]
    assert batches.samples == 10
    assert batches.data_seconds > 0
    assert batches.slowest_seconds < 0.1
