"""Monitor: which arrays, in which batches, and refusals."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.graph import compile


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


def two_blocks() -> Any:
    """Two blocks that end in a loss: what is watched in one of them must not matter to the other."""
    net = mx.sym.Variable("data")
    for block in ("a", "b"):
        net = mx.sym.FullyConnected(net, num_hidden=6, name=f"{block}_fc")
        net = mx.sym.Activation(net, act_type="relu", name=f"{block}_act")
        net = mx.sym.exp(net * 0.5, name=f"{block}_exp")
    return mx.sym.SoftmaxOutput(net, name="softmax")


def trained(net: Any, **shapes: tuple) -> Any:
    ex = net.simple_bind(mx.cpu(), **shapes)
    rng = np.random.default_rng(1)
    for name, array in ex.arg_dict.items():
        array[:] = rng.normal(size=array.shape) if name != "softmax_label" else 1
    for array in ex.aux_dict.values():
        array[:] = 1
    return ex


def watch(ex: Any, pattern: str = "", monitor_all: bool = False) -> dict[str, np.ndarray]:
    seen: dict[str, np.ndarray] = {}
    ex.set_monitor_callback(lambda name, array: seen.__setitem__(name, array.asnumpy().copy()), monitor_all, pattern)
    return seen


def normalised() -> Any:
    """What the passes join in several ways: convolutions, normalisations, a sum, activations."""
    data = mx.sym.Variable("data")
    left = mx.sym.Convolution(data, kernel=(3, 3), pad=(1, 1), num_filter=4, name="left", no_bias=True)
    left = mx.sym.BatchNorm(left, name="left_bn", fix_gamma=False)
    net = mx.sym.Activation(left + data, act_type="relu", name="joined")
    net = mx.sym.BatchNorm(mx.sym.Convolution(net, kernel=(1, 1), num_filter=4, name="right"), name="right_bn")
    return mx.sym.clip(net, 0, 6, name="bound")


@pytest.mark.parametrize("is_train", [False, True])
@pytest.mark.parametrize(("network", "shape"), [(two_blocks, (4, 5)), (normalised, (2, 4, 5, 5))])
def test_watched_values_are_those_of_the_network_cut_there(network: Any, shape: tuple, is_train: bool) -> None:
    net = network()
    ex = trained(net, data=shape)
    plain = trained(net, data=shape)
    seen = watch(ex)
    out = ex.forward(is_train)[0].asnumpy()
    np.testing.assert_allclose(out, plain.forward(is_train)[0].asnumpy(), rtol=1e-4, atol=1e-5)
    internals = net.get_internals()
    assert list(seen) == [n for n in internals.list_outputs() if n.endswith("_output")]
    for name, value in seen.items():
        cut = internals[name]
        arrays = {n: ex.arg_dict[n] for n in cut.list_arguments()}
        states = {n: mx.nd.ones_like(ex.aux_dict[n]) for n in cut.list_auxiliary_states()}
        want = cut.bind(mx.cpu(), arrays, aux_states=states).forward(is_train)[0].asnumpy()
        np.testing.assert_allclose(value, want, rtol=1e-4, atol=1e-5, err_msg=name)


def test_gradients_are_the_same_under_a_monitor() -> None:
    watched, plain = (trained(two_blocks(), data=(4, 5), softmax_label=(4,)) for _ in range(2))
    seen = watch(watched, "a_")
    watched.forward_backward()
    plain.forward_backward()
    assert set(seen) == {"a_fc_output", "a_act_output", "a_exp_output"}
    for name, grad in plain.grad_dict.items():
        np.testing.assert_allclose(watched.grad_dict[name].asnumpy(), grad.asnumpy(), 1e-5, 1e-7, err_msg=name)


def test_what_is_not_watched_is_compiled_as_without_a_monitor() -> None:
    ex = trained(two_blocks(), data=(4, 5), softmax_label=(4,))

    def steps(block: str) -> list[tuple[str, str]]:
        return [(s.name, s.op) for s in ex._program(True).lowered.steps if s.name.startswith(block)]

    whole, a, b = ex._program(True), steps("a_"), steps("b_")
    watch(ex, "a_")
    assert ex._program(True) is not whole
    assert steps("b_") == b
    watch(ex, ".*weight", monitor_all=True)
    assert ex._program(True) is whole  # parameters are there anyway
    ex.set_monitor_callback(None)
    assert (ex._program(True), steps("a_"), steps("b_")) == (whole, a, b)


def test_passes_leave_what_is_watched_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def cancel(graph: compile.Graph) -> compile.Graph:
        """log(exp(x)) is x."""

        def change(node: Any, inputs: Any) -> Any:
            inner = inputs[0].node
            return [inner.inputs[0]] if node.op.name == "log" and inner.op and inner.op.name == "exp" else None

        return graph.rewrite(change)

    monkeypatch.setattr(compile, "ORDER", ("cancel", "recompute"))
    monkeypatch.setattr(compile, "PASSES", {**compile.PASSES, "cancel": cancel})
    net = mx.sym.Variable("x")
    for block in ("a", "b"):
        net = mx.sym.log(mx.sym.exp(net * 2, name=f"{block}_exp"), name=f"{block}_log")
    ex = net.bind(mx.cpu(), {"x": mx.nd.ones((3,))})
    seen = watch(ex, "a_exp")
    np.testing.assert_allclose(ex.forward()[0].asnumpy(), 4)
    np.testing.assert_allclose(seen["a_exp_output"], np.exp(2), 1e-6)
    ops = [s.op for s in ex._program(False).lowered.steps]
    assert (ops.count("exp"), ops.count("log")) == (1, 0)
    ex.set_monitor_callback(None)
    assert "exp" not in [s.op for s in ex._program(False).lowered.steps]


def test_nodes_are_fused_but_where_something_is_watched() -> None:
    net = mx.sym.Variable("data")
    for block in ("a", "b"):
        net = mx.sym.FullyConnected(net, num_hidden=6, name=f"{block}_fc")
        net = mx.sym.BatchNorm(net, name=f"{block}_bn", fix_gamma=False)
        net = mx.sym.Activation(net, act_type="relu", name=f"{block}_act")
    watched, plain = (trained(net, data=(8, 5)) for _ in range(2))
    seen = watch(watched, ".*_bn")
    whole, apart = plain._program(True).lowered.steps, watched._program(True).lowered.steps
    assert [s.op for s in whole].count("_BatchNormBound") == 2
    assert [s.op for s in apart].count("_BatchNormBound") == 0
    seen = watch(watched, "a_bn")
    assert [s.name for s in watched._program(True).lowered.steps if s.op == "_BatchNormBound"] == ["b_act"]
    for _ in range(2):  # the moving statistics are updated once in each
        out, want = watched.forward_backward()[0].asnumpy(), plain.forward_backward()[0].asnumpy()
    np.testing.assert_allclose(out, want, 1e-4, 1e-5)
    assert (seen["a_bn_output"] < 0).any()
    for name, state in plain.aux_dict.items():
        np.testing.assert_allclose(watched.aux_dict[name].asnumpy(), state.asnumpy(), 1e-4, 1e-6, err_msg=name)


def test_the_mask_that_is_shown_is_the_one_that_was_used() -> None:
    net = mx.sym.Dropout(mx.sym.Variable("data"), p=0.5, name="drop")
    net = mx.sym.exp(net * 1, name="e")
    ex = net.simple_bind(mx.cpu(), data=(1000,))
    ex.arg_dict["data"][:] = 1
    seen = watch(ex, "drop")
    for step in (lambda: ex.forward(is_train=True), ex.forward_backward):
        out = step()[0].asnumpy()
        assert 400 < (seen["drop_output"] == 0).sum() < 600
        np.testing.assert_allclose(out, np.exp(seen["drop_output"]), 1e-6)
    np.testing.assert_allclose(ex.grad_dict["data"].asnumpy(), seen["drop_output"] * out, 1e-6)


def test_backward_goes_with_the_forward_that_ran() -> None:
    ex, plain = (trained(two_blocks(), data=(4, 5), softmax_label=(4,)) for _ in range(2))
    plain.forward_backward()
    for first, then in ((lambda: watch(ex), lambda: ex.set_monitor_callback(None)), (lambda: None, lambda: watch(ex))):
        first()
        ex.forward(is_train=True)
        then()
        ex.reset_marks()
        ex.backward()
        assert ex.wait_grad(len(ex.layout))
        for name, grad in plain.grad_dict.items():
            np.testing.assert_allclose(ex.grad_dict[name].asnumpy(), grad.asnumpy(), 1e-5, 1e-7, err_msg=name)


def test_inputs_and_states_are_shown_on_request() -> None:
    ex = mx.sym.BatchNorm(mx.sym.Variable("data"), name="bn").simple_bind(mx.cpu(), data=(4, 3))
    seen = watch(ex, monitor_all=True)
    ex.forward(is_train=True)
    assert {"data", "bn_gamma", "bn_moving_var", "bn_output"} <= seen.keys()
    np.testing.assert_array_equal(seen["bn_moving_var"], ex.aux_dict["bn_moving_var"].asnumpy())


def test_pattern_must_be_one() -> None:
    with pytest.raises(ValueError, match=r"set_monitor_callback\] '\(' is not a regular expression"):
        executor().set_monitor_callback(print, pattern="(")


def test_a_module_trains_under_a_monitor_as_without() -> None:
    def train(monitor: Any) -> Any:
        mx.random.seed(0)
        module = mx.mod.Module(two_blocks(), context=[mx.cpu(0), mx.cpu(1)])
        x = np.random.default_rng(0).normal(size=(16, 5)).astype("float32")
        batches = mx.io.NDArrayIter(x, np.arange(16) % 6, batch_size=8)
        module.fit(batches, num_epoch=2, monitor=monitor, initializer=mx.init.Xavier())
        return module.get_params()[0]

    watched = train(mx.mon.Monitor(2, pattern="a_.*output"))
    for name, value in train(None).items():
        np.testing.assert_allclose(watched[name].asnumpy(), value.asnumpy(), 1e-5, 1e-6, err_msg=name)


def test_statistic_must_be_an_array() -> None:
    monitor = mx.mon.Monitor(1, stat_func=lambda x: 3)
    ex = executor()
    monitor.install(ex)
    monitor.tic()
    ex.forward()
    with pytest.raises(TypeError, match="stat_func must return NDArray"):
        monitor.toc()
