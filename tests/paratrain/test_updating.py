"""Options of `init_optimizer` in one process; over ranks they are tested in tests/distributed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import paratrain as mx
from paratrain.kvstore.alone import Alone
from paratrain.module.norms import clipping_factor, global_norm, sum_of_squares

ROWS, WIDTH = 4, 6
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(12, ROWS, WIDTH)), RNG.integers(0, 3, (12, ROWS))


def bound(rows=ROWS, dtype="float32", grad_req="write", **arguments):
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"), **arguments)
    data, label = mx.io.DataDesc("data", (rows, WIDTH), dtype), mx.io.DataDesc("softmax_label", (rows,), dtype)
    module.bind([data], [label], grad_req=grad_req)
    mx.random.seed(1)
    module.init_params(mx.init.Xavier())
    return module


def batch(*numbers):
    x, y = X[list(numbers)].reshape(-1, WIDTH), Y[list(numbers)].reshape(-1)
    return mx.io.DataBatch([mx.nd.array(x, dtype="float32")], [mx.nd.array(y, dtype="float32")])


def train(module, batches, **options):
    module.init_optimizer(optimizer="sgd", optimizer_params={"learning_rate": 0.5, "momentum": 0.9}, **options)
    for each in batches:
        module.forward_backward(each)
        module.update()
    return module


def weights(module):
    return {name: value.asnumpy() for name, value in module.get_params()[0].items()}


def assert_same(one, other):
    for name, value in weights(one).items():
        np.testing.assert_allclose(weights(other)[name], value, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("batches", [2, 3, 6])
def test_accumulated_batches_are_one_large_batch(batches):
    large = [batch(*range(first, first + batches)) for first in range(0, 12, batches)]
    one = train(bound(ROWS * batches), large)
    assert_same(one, train(bound(), [batch(number) for number in range(12)], accumulate=batches))


def test_what_is_kept_is_not_lost_at_the_end_of_an_epoch():
    module = train(bound(), [batch(number) for number in range(3)], accumulate=2)
    before = weights(module)
    module.flush_gradients()
    after = weights(module)
    assert not np.array_equal(before["fc_weight"], after["fc_weight"])
    module.flush_gradients()  # there is nothing any more
    np.testing.assert_array_equal(weights(module)["fc_weight"], after["fc_weight"])


def test_the_global_norm_is_bounded():
    free, held = train(bound(), [batch(0)]), train(bound(), [batch(0)], clip_global_norm=0.01)
    start = weights(bound())
    steps = [{n: v - start[n] for n, v in weights(each).items()} for each in (free, held)]
    norm = np.sqrt(sum((step**2).sum() for step in steps[0].values())) / 0.5
    assert held.gradient_norm == pytest.approx(norm, rel=1e-4)
    assert free.gradient_norm is None
    for name, step in steps[0].items():
        np.testing.assert_allclose(steps[1][name], step * 0.01 / norm, rtol=1e-3, atol=1e-7)
    assert_same(free, train(bound(), [batch(0)], clip_global_norm=100.0))


@given(st.integers(0, 300_000), st.sampled_from(["float32", "float64", "float16"]), st.integers(0, 9))
def test_norms(n, dtype, seed):
    values = np.random.default_rng(seed).normal(size=n).astype(dtype)
    want = float((values.astype("float64") ** 2).sum())
    array = mx.nd.array(values, dtype=dtype)
    assert sum_of_squares(array) == pytest.approx(want, rel=1e-4)
    assert global_norm(Alone(), [array], [array]) == pytest.approx(np.sqrt(2 * want), rel=1e-4)


def test_a_norm_that_is_no_number_is_not_clipped():
    assert clipping_factor(float("nan"), 1.0) == 1.0


def test_one_rank_alone_keeps_all_states():
    module = train(bound(), [batch(0)], shard_optimizer=True)
    assert not module.shards_optimizer
    assert_same(module, train(bound(), [batch(0)]))


OF_CPUS = "shard_optimizer=True needs "
REFUSED = {
    "rmsprop": ({}, {"optimizer": "rmsprop", "shard_optimizer": True}, OF_CPUS + r".*\(sgd, adam\); this is RMSProp"),
    "float64": ({"dtype": "float64"}, {"shard_optimizer": True}, OF_CPUS + "float32 parameters only"),
    "compressed": (
        {"compression_params": {"type": "2bit"}},
        {"shard_optimizer": True, "kvstore": "dist_sync"},
        OF_CPUS + "gradients that are not compressed",
    ),
    "added": ({"grad_req": "add"}, {"accumulate": 2}, "accumulate needs bind"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_combinations_that_there_are_not(name):
    arguments, options, match = REFUSED[name]
    with pytest.raises(NotImplementedError, match=match):
        bound(**arguments).init_optimizer(**options)


@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), float("nan")])
def test_bounds_that_are_none(value):
    with pytest.raises(ValueError, match="clip_global_norm must be above 0, or None; got"):
        bound().init_optimizer(clip_global_norm=value)


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "2"])
def test_numbers_of_batches_that_are_none(value):
    with pytest.raises(ValueError, match="accumulate must be a whole number from 1 on; got"):
        bound().init_optimizer(accumulate=value)
