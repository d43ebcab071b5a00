"""Operators written in Python, on arrays and in programs."""

from __future__ import annotations

import json
import threading
import traceback
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.base import MXNetError


class Scale(mx.operator.CustomOp):
    """y = x * w * k; counts its calls in training."""

    def __init__(self, k: float) -> None:
        self.k = k

    def forward(self, is_train, req, in_data, out_data, aux):
        self.assign(out_data[0], req[0], in_data[0] * in_data[1] * self.k)
        if is_train:
            aux[0][:] += 1

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0] * in_data[1] * self.k)
        self.assign(in_grad[1], req[1], out_grad[0] * in_data[0] * self.k)


@mx.operator.register("test_scale")
class ScaleProp(mx.operator.CustomOpProp):
    def __init__(self, k="2"):
        super().__init__()
        self.k = float(k)

    def list_arguments(self):
        return ["data", "weight"]

    def list_auxiliary_states(self):
        return ["moving_mean"]

    def infer_shape(self, in_shape):
        return [in_shape[0], in_shape[0]], [in_shape[0]], [(1,)]

    def create_operator(self, ctx, in_shapes, in_dtypes):
        return Scale(self.k)


@mx.operator.register("test_bad")
class BadProp(mx.operator.CustomOpProp):
    def __init__(self, where="forward"):
        super().__init__()
        if where == "init":
            raise KeyError("no such thing")
        self.where = where

    def infer_shape(self, in_shape):
        if self.where == "shape":
            raise IndexError("lost")
        return ([], []) if self.where == "count" else super().infer_shape(in_shape)

    def create_operator(self, ctx, in_shapes, in_dtypes):
        where = self.where

        class Bad(mx.operator.CustomOp):
            def forward(self, is_train, req, in_data, out_data, aux):
                if where == "forward":
                    raise ZeroDivisionError("by the user")
                if where == "shapes":
                    self.assign(out_data[0], req[0], mx.nd.ones((7, 7)))
                else:
                    self.assign(out_data[0], req[0], in_data[0])

            def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
                raise ZeroDivisionError("going back")

        return Bad()


def network(**kwargs: Any) -> Any:
    x = mx.sym.tanh(mx.sym.var("x"))
    return mx.sym.exp(mx.sym.Custom(x, op_type="test_scale", name="c", **kwargs))


def test_symbols_list_inputs_and_states() -> None:
    net = network(k=3)
    assert net.list_arguments() == ["x", "c_weight"]
    assert net.list_auxiliary_states() == ["c_moving_mean"]
    assert net.get_internals()["c_output"].infer_shape(x=(2, 3)) == ([(2, 3), (2, 3)], [(2, 3)], [(1,)])
    node = next(n for n in json.loads(net.tojson())["nodes"] if n["op"] == "Custom")
    assert node["attrs"] == {"k": "3", "op_type": "test_scale"}
    again = mx.sym.load_json(net.tojson())
    assert again.tojson() == net.tojson()
    assert again.infer_type(x="float64")[1] == [np.float64]


@pytest.mark.parametrize("req", ["write", "add"])
def test_in_a_program_and_on_arrays(req: str) -> None:
    net = network(k=3)
    executor = net.simple_bind(mx.cpu(), x=(2, 3), grad_req=req)
    values = np.random.default_rng(1).uniform(-1, 1, (2, 2, 3)).astype(np.float32)
    executor.arg_dict["x"][:], executor.arg_dict["c_weight"][:] = values
    x, w, count = mx.nd.array(values[0]), mx.nd.array(values[1]), mx.nd.zeros((1,))
    x.attach_grad(req)
    w.attach_grad(req)
    for _ in range(2):
        got = executor.forward(is_train=True)[0].asnumpy()
        executor.backward()
        with mx.autograd.record():
            y = mx.nd.exp(mx.nd.Custom(mx.nd.tanh(x), w, count, op_type="test_scale", k=3))
        y.backward()
    want = np.exp(np.tanh(values[0]) * values[1] * 3)
    np.testing.assert_allclose(got, want, 1e-5)
    np.testing.assert_allclose(y.asnumpy(), want, 1e-5)
    times = 2 if req == "add" else 1
    np.testing.assert_allclose(w.grad.asnumpy(), times * want * np.tanh(values[0]) * 3, 1e-4)
    np.testing.assert_allclose(executor.grad_dict["c_weight"].asnumpy(), w.grad.asnumpy(), 1e-5)
    np.testing.assert_allclose(executor.grad_dict["x"].asnumpy(), x.grad.asnumpy(), 1e-5)
    assert executor.aux_dict["c_moving_mean"].asscalar() == count.asscalar() == 2
    executor.forward(is_train=False)
    assert executor.aux_dict["c_moving_mean"].asscalar() == 2


def test_module_trains_with_it() -> None:
    x = mx.sym.Custom(mx.sym.var("data"), op_type="test_scale", name="c")
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(x, num_hidden=2, name="fc"), name="softmax")
    module = mx.mod.Module(net)
    module.bind([("data", (4, 3))], [("softmax_label", (4,))])
    module.init_params(mx.init.One())
    module.init_optimizer()
    before = module.get_params()[0]["fc_weight"].asnumpy()
    module.forward_backward(mx.io.DataBatch([mx.nd.ones((4, 3))], [mx.nd.array([0, 1, 0, 0])]))
    module.update()
    assert module.get_params()[1]["c_moving_mean"].asscalar() == 1
    after = module.get_params()[0]["fc_weight"].asnumpy()
    assert np.isfinite(after).all()
    assert np.abs(after - before).max() > 0


def test_inside_a_loop() -> None:
    x, w, s = (mx.sym.var(n) for n in "xws")
    net = mx.sym.contrib.foreach(lambda a, s: (mx.sym.Custom(a, w, op_type="test_scale", name="c") + s, s + a), x, s)[0]
    executor = net.simple_bind(mx.cpu(), x=(3, 2), s=(2,))
    executor.arg_dict["x"][:], executor.arg_dict["w"][:] = 2, 3
    np.testing.assert_array_equal(executor.forward(is_train=True)[0].asnumpy()[:, 0], [12, 14, 16])
    executor.backward()
    np.testing.assert_array_equal(executor.grad_dict["w"].asnumpy(), [12, 12])
    assert executor.arg_dict["c_moving_mean"].asscalar() == 3


def test_a_user_may_keep_arrays() -> None:
    kept = []

    class Keep(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            kept.extend([*in_data, *out_data])
            self.assign(out_data[0], req[0], in_data[0] + 1)

    @mx.operator.register("test_keep")
    class KeepProp(mx.operator.CustomOpProp):
        def create_operator(self, ctx, in_shapes, in_dtypes):
            assert (in_shapes, in_dtypes) == ([[3]], [0])
            return Keep()

    y = mx.sym.Custom(mx.sym.var("x") * 2, op_type="test_keep").eval(x=mx.nd.ones((3,)))[0]
    np.testing.assert_array_equal(y.asnumpy(), [3, 3, 3])
    del y
    np.testing.assert_array_equal(kept[0].asnumpy(), [2, 2, 2])


def test_errors_of_the_user_arrive_with_their_traceback() -> None:
    executor = mx.sym.Custom(mx.sym.var("x"), op_type="test_bad").simple_bind(mx.cpu(), x=(2,))
    for call in (lambda: executor.forward(), lambda: mx.nd.Custom(mx.nd.ones((2,)), op_type="test_bad")):
        with pytest.raises(
            MXNetError, match=r"\[Custom\] test_bad: forward failed with ZeroDivisionError: by the user"
        ) as e:
            call()
        assert isinstance(e.value.__cause__, ZeroDivisionError)
        frames = traceback.extract_tb(e.value.__cause__.__traceback__)
        assert frames[-1].filename == __file__
    executor = mx.sym.Custom(mx.sym.var("x"), op_type="test_bad", where="backward").simple_bind(mx.cpu(), x=(2,))
    executor.forward(is_train=True)
    with pytest.raises(MXNetError, match=r"test_bad: backward failed with ZeroDivisionError: going back"):
        executor.backward()
    executor.forward(is_train=True)  # nothing is left behind
    np.testing.assert_array_equal(executor.outputs[0].asnumpy(), [0, 0])


@pytest.mark.parametrize(
    ("kwargs", "error", "match"),
    [
        ({"op_type": "nope"}, ValueError, r"\[Custom\] no operator is registered as 'nope'"),
        ({"op_type": 3}, TypeError, r"\[Custom\] op_type must be the name"),
        ({"op_type": "test_bad", "where": "init"}, MXNetError, "test_bad: the constructor failed with KeyError"),
        ({"op_type": "test_bad", "other": 1}, MXNetError, "the constructor failed with TypeError: .*other"),
        ({"op_type": "test_bad", "where": "shape"}, MXNetError, "test_bad: infer_shape failed with IndexError: lost"),
        ({"op_type": "test_bad", "where": "count"}, MXNetError, "test_bad: infer_shape must return lists for 1 inputs"),
        ({"op_type": "test_bad", "where": "shapes"}, MXNetError, "test_bad: forward failed with"),
    ],
)
def test_refused(kwargs: dict[str, Any], error: type, match: str) -> None:
    with pytest.raises(error, match=match):
        mx.nd.Custom(mx.nd.ones((2,)), **kwargs)
    with pytest.raises(error, match=match):
        mx.sym.Custom(mx.sym.var("x"), **kwargs).simple_bind(mx.cpu(), x=(2,)).forward()


def test_wrong_inputs_are_refused() -> None:
    one = mx.nd.ones((2,))
    with pytest.raises(TypeError, match="input 'weight' must be NDArray; got NoneType"):
        mx.nd.Custom(one, op_type="test_scale")
    with pytest.raises(TypeError, match=r"takes 1 arrays \(data\); got 2"):
        mx.nd.Custom(one, one, op_type="test_bad")
    with pytest.raises(TypeError, match="has no input 'other'"):
        mx.nd.Custom(one, other=one, op_type="test_bad")
    with pytest.raises(TypeError, match="has no input 'other'"):
        mx.sym.Custom(mx.sym.var("x"), other=mx.sym.var("y"), op_type="test_bad")


@pytest.mark.parametrize(("req", "want"), [("null", 1), ("write", 5), ("inplace", 5), ("add", 6)])
def test_assign(req: str, want: float) -> None:
    target = mx.nd.ones((2,))
    mx.operator.CustomOp().assign(target, req, mx.nd.full((2,), 5))
    np.testing.assert_array_equal(target.asnumpy(), [want, want])
    with pytest.raises(ValueError, match="req must be"):
        mx.operator.CustomOp().assign(target, "over", target)


def test_only_classes_that_describe_operators_are_registered() -> None:
    with pytest.raises(TypeError, match="must be a subclass of CustomOpProp"):
        mx.operator.register("test_wrong")(Scale)
    assert "test_scale" in mx.operator.get_all_registered_operators()


def test_two_threads_do_not_wait_for_each_other_for_ever() -> None:
    executors = [network().simple_bind(mx.cpu(), x=(64,)) for _ in range(2)]

    def work(executor: Any) -> None:
        for _ in range(50):
            executor.forward(is_train=True)
            executor.backward()

    threads = [threading.Thread(target=work, args=(e,), daemon=True) for e in executors]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
        assert not t.is_alive()
    assert [e.aux_dict["c_moving_mean"].asscalar() for e in executors] == [50, 50]
