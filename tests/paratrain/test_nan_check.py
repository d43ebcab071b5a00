"""The first number that is none is found: operator, line, samples."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import paratrain as mx
from paratrain.module.nan_check import NanCheck, NotFiniteError, find_first

ROWS = 12


def line():
    return inspect.currentframe().f_back.f_lineno


def network(kind):
    """A network in which rows with large numbers go wrong, the operator that does it, and where it was made."""
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=6, name="fc1")
    if kind == "forward":
        bad, at = mx.sym.exp(x, name="bad"), line()
    elif kind == "fused":  # in a chain of elementwise operators
        bad, at = mx.sym.exp(mx.sym.tanh(x * 2.0) + x, name="bad"), line()
        bad = mx.sym.sqrt(bad * bad)
    elif kind == "backward":  # the slope of the square root at 0
        bad, at = mx.sym.sqrt(x * 0.0, name="bad"), line()
    else:
        bad, at = x, None
    if kind == "norm":
        bad = mx.sym.BatchNorm(bad, name="bn")
    net = mx.sym.FullyConnected(mx.sym.Dropout(bad, p=0.3), num_hidden=3, name="fc2")
    return mx.sym.SoftmaxOutput(net, name="softmax"), at


def data(value=1e4, row=7):
    x = np.random.default_rng(0).uniform(0.1, 1, size=(ROWS, 4)).astype("float32")
    x[row] = value
    return mx.io.NDArrayIter(x, np.zeros(ROWS, "float32"), batch_size=4)


def fit(kind, it, **kwargs):
    module = mx.mod.Module(network(kind)[0])
    module.fit(it, num_epoch=1, initializer=mx.init.One(), nan_check=True, **kwargs)
    return module


SEVENTH = r"; ids of the samples with it: 7\."
MADE = r"of node {node}.*, made at .*:{at}, is the first with (NaN|infinity)"
FOUND = {
    "forward": (1e4, "batch 1: .*operator exp " + MADE.replace("{node}", "bad") + SEVENTH),
    "fused": (1e4, "batch 1: .*operator exp " + MADE.replace("{node}", "bad") + SEVENTH),
    "backward": (1, "batch 0: .*" + MADE.replace("{node}", "bad_backward") + "; ids of the samples"),
    "input": (float("nan"), "batch 1: .*an input or parameter, data, holds NaN" + SEVENTH),
}


@pytest.mark.parametrize("kind", FOUND)
def test_found(kind):
    value, match = FOUND[kind]
    with pytest.raises(NotFiniteError, match=match.replace("{at}", str(network(kind)[1]))):
        fit(kind, data(value))


def test_the_parameters_are_those_before_the_step():
    module = mx.mod.Module(network("forward")[0])
    with pytest.raises(NotFiniteError):
        module.fit(data(), num_epoch=1, initializer=mx.init.One(), nan_check=True)
    assert all(np.isfinite(value.asnumpy()).all() for value in module.get_params()[0].values())


def test_a_parameter_that_is_bad_before_the_step():
    module = mx.mod.Module(network("plain")[0])
    nan = mx.nd.full((3,), float("nan"))
    with pytest.raises(
        NotFiniteError, match=r"before the step, an input or parameter, fc2_bias, holds NaN; ids of the"
    ):
        module.fit(data(1), num_epoch=1, arg_params={"fc2_bias": nan}, allow_missing=True, nan_check=True)


def test_networks_of_several_lengths():
    def by_length(key):
        net = mx.sym.FullyConnected(mx.sym.sum(mx.sym.Variable("data"), axis=1, keepdims=True), num_hidden=3, name="fc")
        return mx.sym.SoftmaxOutput(mx.sym.log(net, name="bad"), name="softmax"), ("data",), ("softmax_label",)

    module = mx.mod.BucketingModule(by_length, default_bucket_key=8)
    module.bind([("data", (4, 8))], [("softmax_label", (4,))])
    module.init_params(mx.init.One())
    module.init_optimizer()
    check = NanCheck(module)
    module.inspect_gradients(check.gradients)
    batches = [
        mx.io.DataBatch(
            [mx.nd.full((4, length), value)], [mx.nd.zeros((4,))], 0, np.arange(4) + 10, length,
            [mx.io.DataDesc("data", (4, length))], [mx.io.DataDesc("softmax_label", (4,))],
        )
        for length, value in ((8, 1.0), (5, -1.0))
    ]  # fmt: skip
    for number, batch in enumerate(batches):
        check.begin(0, number, batch)
        module.forward_backward(batch)
        check.outputs()
        if not number:
            module.update()
    with pytest.raises(
        NotFiniteError, match=r"batch 1: .*operator log of node bad, .* with NaN; .* with it: 10, 11, 12, 13"
    ):
        module.update()


def test_outputs_alone_where_gradients_wait_or_overflow():
    with pytest.raises(NotFiniteError, match="operator exp of node bad"):
        fit("forward", data(), accumulate=5)


def test_an_output_without_gradient():
    net, _ = network("plain")
    log = mx.sym.BlockGrad(mx.sym.log(mx.sym.Variable("data") - 1, name="bad"))
    module = mx.mod.Module(mx.sym.Group([net, log]))
    with pytest.raises(NotFiniteError, match=r"operator log of node bad, .*NaN"):
        module.fit(data(1), num_epoch=1, eval_metric=mx.metric.Loss(), nan_check=True)


@pytest.mark.parametrize("kind", ["plain", "norm"])
def test_good_steps_pass_and_nothing_is_changed(kind):
    def trained(nan_check):
        mx.random.seed(1)
        module = mx.mod.Module(network(kind)[0])
        module.fit(data(1), num_epoch=2, initializer=mx.init.Xavier(), nan_check=nan_check)
        return module

    checked, plain = trained(True), trained(False)
    for one, other in zip(checked.get_params(), plain.get_params(), strict=True):
        assert {n: v.asnumpy().tobytes() for n, v in one.items()} == {
            n: v.asnumpy().tobytes() for n, v in other.items()
        }
    executor = checked._exec_group.execs[0]
    before = {n: a.asnumpy().tobytes() for n, a in (*executor.arg_dict.items(), *executor.aux_dict.items())}
    grads = [g.asnumpy().tobytes() for g in executor.grad_dict.values() if g is not None]
    assert find_first(executor) is None
    assert before == {n: a.asnumpy().tobytes() for n, a in (*executor.arg_dict.items(), *executor.aux_dict.items())}
    assert grads == [g.asnumpy().tobytes() for g in executor.grad_dict.values() if g is not None]


def test_gradients_of_a_scaled_loss_may_overflow():
    with pytest.warns(UserWarning, match="float16 is slow on a CPU"):
        mx.amp.init("float16")
    try:
        fit("plain", data(1))
    finally:
        mx.amp.reset()


def test_a_sum_that_overflows_is_told_from_a_step_that_does():
    module = fit("plain", data(1))
    module._optimizer.rescale_grad = 1.0
    module._exec_group.execs[0].flat_grads[:] = float("inf")
    with pytest.raises(
        NotFiniteError, match="the step of every rank is finite: the sum of the gradients has overflowed"
    ):
        module._updating.inspect()
