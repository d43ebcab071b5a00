"""Executor: recorded behaviour, flat buffers, marks from another thread, sharing, refusals."""

from __future__ import annotations

import gc
import threading
from typing import Any

import numpy as np
import pytest
from replay import check, load_area

import paratrain as mx


@pytest.mark.parametrize("case", load_area("executor").cases, ids=str)
def test_recorded(case: Any) -> None:
    check(case)


def mlp() -> mx.sym.Symbol:
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=8, name="fc1")
    net = mx.sym.Activation(net, act_type="tanh", name="act")
    net = mx.sym.FullyConnected(net, num_hidden=3, name="fc2")
    return mx.sym.SoftmaxOutput(net, name="softmax")


def bound(batch: int = 4, **kwargs: Any) -> Any:
    ex = mlp().simple_bind(mx.cpu(), data=(batch, 5), **kwargs)
    rng = np.random.default_rng(0)
    for name, array in ex.arg_dict.items():
        array[:] = rng.integers(0, 3, array.shape) if name == "softmax_label" else rng.standard_normal(array.shape)
    return ex


def test_parameters_and_gradients_are_slices_of_flat_buffers() -> None:
    ex = bound(grad_req={"data": "null", "softmax_label": "null", **dict.fromkeys(
        ("fc1_weight", "fc1_bias", "fc2_weight", "fc2_bias"), "write")})  # fmt: skip
    names = [n for n, _, _ in ex.layout]
    assert sorted(names) == ["fc1_bias", "fc1_weight", "fc2_bias", "fc2_weight"]
    assert {n.split("_")[0] for n in names[:2]} == {"fc2"}  # backward reaches the last layer first
    ex.forward_backward()
    for name, offset, size in ex.layout:
        assert offset % 16 == 0
        for flat, table in ((ex.flat_params, ex.arg_dict), (ex.flat_grads, ex.grad_dict)):
            np.testing.assert_array_equal(flat[offset : offset + size].asnumpy(), table[name].asnumpy().reshape(-1))
    assert np.abs(ex.flat_grads.asnumpy()).sum() > 0


def test_forward_backward_is_forward_and_backward() -> None:
    one, two = bound(), bound()
    one.forward(is_train=True)
    one.backward()
    two.forward_backward()
    for name in one.grad_dict:
        if one.grad_dict[name] is not None:
            np.testing.assert_array_equal(one.grad_dict[name].asnumpy(), two.grad_dict[name].asnumpy())


def test_head_gradients_count_for_one_backward() -> None:
    ex = mx.sym.square(mx.sym.Variable("x")).bind(mx.cpu(), [mx.nd.array([3.0])], [mx.nd.zeros((1,))])
    got = []
    for head in (None, mx.nd.array([5.0]), None):
        ex.forward_backward(head)
        got.append(ex.grad_dict["x"].asscalar())
    assert got == [6.0, 30.0, 6.0]


def test_gradient_of_an_argument_that_no_output_depends_on() -> None:
    net = mx.sym.broadcast_mul(mx.sym.argmax(mx.sym.Variable("free"), axis=0), mx.sym.Variable("used"))
    for req, want in (("write", [0.0, 0.0]), ("add", [5.0, 5.0])):
        ex = net.bind(
            mx.cpu(),
            {n: mx.nd.array([1.0, 2.0]) for n in ("free", "used")},
            {n: mx.nd.array([5.0, 5.0]) for n in ("free", "used")},
            req,
        )
        ex.forward_backward()
        np.testing.assert_array_equal(ex.grad_dict["free"].asnumpy(), want)
    ex = net.simple_bind(mx.cpu(), free=(2,), used=(2,))
    assert ex._program(True).grads == ["used", "free"]


def test_repeated_runs_are_bit_identical_and_allocate_nothing() -> None:
    ex = bound()
    ex.forward_backward()
    first = ex.flat_grads.asnumpy()
    used = mx.cpu().memory_usage()["used"]
    for _ in range(5):
        ex.forward_backward()
    assert mx.cpu().memory_usage()["used"] == used
    np.testing.assert_array_equal(ex.flat_grads.asnumpy(), first)


def test_another_thread_sees_gradients_when_they_are_complete() -> None:
    ex = bound(batch=64)
    ex.forward_backward()
    want = ex.flat_grads.asnumpy()
    for _ in range(20):
        ex.flat_grads[:] = 0
        ex.reset_marks()
        seen: list[bool] = []

        def watch(seen: list[bool] = seen) -> None:
            for count, (_, offset, size) in enumerate(ex.layout, start=1):
                assert ex.wait_grad(count)
                seen.append(
                    np.array_equal(ex.flat_grads.to_numpy_view()[offset : offset + size], want[offset : offset + size])
                )

        thread = threading.Thread(target=watch)
        thread.start()
        ex.forward_backward()
        thread.join(10)
        assert seen == [True] * len(ex.layout)


def test_a_waiting_thread_is_told_of_a_failure() -> None:
    net = mx.sym.take(mx.sym.Variable("w"), mx.sym.Variable("i"), mode="raise")
    ex = net.simple_bind(mx.cpu(), w=(3, 2), i=(1,), grad_req={"w": "write", "i": "null"})
    ex.arg_dict["i"][:] = 7
    ex.reset_marks()
    answers: list[bool] = []
    compiled = ex._program(True)
    thread = threading.Thread(target=lambda: answers.append(compiled.program.wait_mark(1)))
    thread.start()
    with pytest.raises(IndexError, match=r"\[take"):
        ex.forward_backward()
    thread.join(10)
    assert answers == [False]


def test_programs_of_training_and_inference_have_memory_of_their_own() -> None:
    ex, other = bound(), bound()
    other.forward_backward()
    ex.forward(is_train=True)
    ex._program(False).program.run(0, ex._program(False).num_forward)
    ex.backward()
    np.testing.assert_array_equal(ex.flat_grads.asnumpy(), other.flat_grads.asnumpy())


def test_debug_str_shows_the_plan_and_its_bytes() -> None:
    text = bound().debug_str()
    assert "act _FullyConnectedAct" in text
    assert "-- backward --" in text
    assert "gradients ready" in text
    assert "bytes" in text.splitlines()[0]


def test_flat_buffers_are_shared_only_as_a_whole() -> None:
    ex = mlp().simple_bind(mx.cpu(), data=(4, 5), softmax_label=(4,))
    smaller = ex.reshape(data=(2, 5), softmax_label=(2,))
    assert smaller.flat_params is ex.flat_params
    wider = ex.reshape(data=(4, 6), partial_shaping=True, allow_up_sizing=True)
    assert wider.arg_dict["fc2_weight"] is ex.arg_dict["fc2_weight"]
    assert wider.arg_dict["fc1_weight"].shape == (8, 6)  # not in the flat buffer
    assert (wider.flat_params, wider.layout) == (None, [])


def test_monitor_shows_the_random_numbers_of_the_run() -> None:
    net = mx.sym.random.uniform(shape=(5,), name="draw") * 2
    ex = net.bind(mx.cpu(), {})
    seen: dict[str, np.ndarray] = {}
    ex.set_monitor_callback(lambda name, array: seen.__setitem__(name, array.asnumpy()))
    for is_train in (False, True):
        out = ex.forward(is_train)[0].asnumpy()
        np.testing.assert_array_equal(seen["draw_output"] * 2, out)


def test_monitor_sees_every_node_and_changes_nothing() -> None:
    net = mx.sym.BatchNorm(mx.sym.Variable("data"), name="bn", fix_gamma=False)
    net = mx.sym.Activation(net, act_type="relu", name="act")
    ex = net.simple_bind(mx.cpu(), data=(4, 3))
    ex.arg_dict["data"][:] = np.arange(12).reshape(4, 3)
    ex.arg_dict["bn_gamma"][:] = 1
    seen: dict[str, np.ndarray] = {}
    ex.set_monitor_callback(lambda name, array: seen.__setitem__(name, array.asnumpy()))
    out = ex.forward(is_train=True)[0].asnumpy()
    once = ex.aux_dict["bn_moving_mean"].asnumpy()
    np.testing.assert_allclose(once, 0.1 * np.arange(12).reshape(4, 3).mean(0), 1e-5)  # updated once, not twice
    np.testing.assert_array_equal(seen["act_output"], out)
    assert "bn_output" in seen


def test_dropout_draws_anew_each_step_and_repeats_with_the_seed() -> None:
    net = mx.sym.Dropout(mx.sym.Variable("data"), p=0.5)
    ex = net.simple_bind(mx.cpu(), data=(1000,))
    ex.arg_dict["data"][:] = 1

    def draw() -> np.ndarray:
        out = ex.forward(is_train=True)[0].asnumpy()
        ex.backward()
        np.testing.assert_array_equal(ex.grad_dict["data"].asnumpy(), out)  # the same mask
        return out

    mx.random.seed(3)
    a, b = draw(), draw()
    mx.random.seed(3)
    np.testing.assert_array_equal(draw(), a)
    assert not np.array_equal(a, b)
    assert 400 < (a == 0).sum() < 600
    np.testing.assert_array_equal(ex.forward(is_train=False)[0].asnumpy(), np.ones(1000))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda ex: ex.backward(), RuntimeError, r"forward\(is_train=True\) first"),
        (lambda ex: ex.forward(nope=1), TypeError, "unknown argument 'nope'; arguments are data"),
        (lambda ex: ex.forward(data=mx.nd.ones((9, 9))), ValueError, r"data must have shape \(4, 5\); got \(9, 9\)"),
        (lambda ex: ex.forward_backward([mx.nd.ones((4, 3))] * 2), ValueError, "needs 1 out_grads; got 2"),
        (lambda ex: ex.forward_backward(mx.nd.ones((2, 2))), ValueError, r"must have shape \(4, 3\); got \(2, 2\)"),
        (lambda ex: ex.copy_params_from({"zz": mx.nd.ones((1,))}), ValueError, "'zz' is not an argument"),
        (
            lambda ex: ex.copy_params_from({"fc1_bias": mx.nd.ones((1,))}),
            ValueError,
            r"fc1_bias must have shape \(8,\)",
        ),
        (lambda ex: ex.reshape(data=(3, 6)), ValueError, "fc1_weight changes"),
        (lambda ex: ex.reshape(data=(8, 5)), ValueError, "allow_up_sizing"),
        (lambda ex: ex.reshape(data=(4, 5), nope=(3,)), ValueError, "the symbol has no 'nope'"),
        (lambda ex: (ex.forward_backward(), ex.backward()), RuntimeError, "once for each backward"),
        (lambda ex: (ex.forward(True), ex.backward(), ex.backward()), RuntimeError, "once for each backward"),
        (lambda ex: (ex.forward(True), ex.forward(False), ex.backward()), RuntimeError, "once for each backward"),
        (lambda ex: ex.forward(data=[1.0, 2.0, 3.0, 4.0, 5.0]), ValueError, r"must have shape \(4, 5\); got \(5,\)"),
        (lambda ex: ex.forward_backward({}), ValueError, r"out_grads must be for \['softmax_output'\]; got \[\]"),
        (lambda ex: ex.forward_backward([None]), TypeError, "out_grads must be NDArray; got NoneType"),
        (lambda ex: ex.forward_backward(3), TypeError, "out_grads must be NDArray; got int"),
    ],
)
def test_bad_calls(call: Any, error: type, text: str) -> None:
    with pytest.raises(error, match=text):
        call(bound())


@pytest.mark.parametrize(
    ("kwargs", "error", "text"),
    [
        ({}, ValueError, "does not follow|shape"),
        ({"data": (4, 5), "grad_req": "wirte"}, ValueError, "must be one of 'write', 'add', 'null'; got 'wirte'"),
        ({"data": (4, 5), "fc1_weight": (8, 6)}, ValueError, r"fc1.*\(8, 5\).*\(8, 6\)|fc1.*\(8, 6\)"),
        ({"data": (4, 5), "nope": (1,)}, (ValueError, TypeError), "nope"),
        ({"data": (4, 5), "group2ctx": {"a": mx.cpu(1)}}, ValueError, "one process drives one device"),
    ],
)
def test_bad_binds(kwargs: dict, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        mlp().simple_bind(mx.cpu(), **kwargs)


@pytest.mark.parametrize("budget", [None, "50%"])
def test_memory_plan_is_what_gets_allocated(budget: Any) -> None:
    net = mx.sym.Variable("x")
    for _ in range(20):
        net = mx.sym.tanh(net * 0.5)
    arrays = [mx.nd.ones((64, 64)), mx.nd.ones((64, 64))]
    executor = net.bind(mx.cpu(), arrays[:1], arrays[1:], memory_budget=budget)
    gc.collect()  # arrays of earlier tests are not given back meanwhile
    before = mx.cpu().memory_usage()["used"]
    plan = executor.memory_plan()
    assert mx.cpu().memory_usage()["used"] - before == plan["arena"] + plan["head_gradients"]
    assert plan["alive"] <= plan["arena"]
    assert (plan["arguments"], plan["gradients"], plan["auxiliary"], plan["outputs"]) == (16384, 16384, 0, 16384)
    executor.forward_backward()
    assert mx.cpu().memory_usage()["used"] - before == plan["arena"] + plan["head_gradients"]


def test_a_budget_stays_with_an_executor_of_another_shape() -> None:
    net = mx.sym.Variable("x")
    for _ in range(20):
        net = mx.sym.tanh(net * 0.5)
    plain = net.simple_bind(mx.cpu(), x=(64, 64)).memory_plan()["arena"]
    executor = net.simple_bind(mx.cpu(), x=(64, 64), memory_budget="50%")
    assert executor.memory_plan()["arena"] <= plain // 2
    assert executor.reshape(x=(32, 64)).memory_plan()["arena"] <= plain // 4


def test_a_budget_that_cannot_be_met() -> None:
    with pytest.raises(mx.MXNetError, match=r"\[memory_budget\] the program can do with"):
        bound(memory_budget=1)
    with pytest.raises(TypeError, match=r"\[memory_budget\] must be int or str; got float"):
        bound(memory_budget=0.5)
