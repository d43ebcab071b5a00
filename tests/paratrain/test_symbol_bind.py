"""What `Symbol.bind` and `Symbol.simple_bind` accept and refuse; what executors compute is tested with them."""

from __future__ import annotations

import numpy as np
import pytest

import paratrain as mx
from paratrain.base import MXNetError

SHAPES = {"x": (4, 3), "f_weight": (2, 3), "f_bias": (2,)}


@pytest.fixture
def net():
    return mx.sym.FullyConnected(mx.sym.var("x"), num_hidden=2, name="f")


def arrays():
    return {n: mx.nd.array(np.arange(np.prod(s)).reshape(s)) for n, s in SHAPES.items()}


def expected():
    a = {n: v.asnumpy() for n, v in arrays().items()}
    return a["x"] @ a["f_weight"].T + a["f_bias"]


def test_arrays_as_list_or_by_name(net):
    given = arrays()
    for args in (given, list(given.values()), tuple(given.values()), {**given, "not used": given["x"]}):
        out = net.bind(mx.cpu(), args).forward()[0].asnumpy()
        np.testing.assert_array_equal(out, expected())
    np.testing.assert_array_equal(net.eval(**given)[0].asnumpy(), expected())


def test_gradients_where_there_are_buffers(net):
    given = arrays()
    grads = {"f_weight": mx.nd.ones((2, 3))}
    for buffers in (grads, [None, grads["f_weight"], None], {**grads, "x": None}):
        ex = net.bind(mx.cpu(), given, buffers)
        assert {n: g is None for n, g in ex.grad_dict.items()} == {"x": True, "f_weight": False, "f_bias": True}
        ex.forward(is_train=True)
        ex.backward()
        want = np.ones((4, 2)).T @ given["x"].asnumpy()
        np.testing.assert_array_equal(grads["f_weight"].asnumpy(), want)
    ex = net.bind(mx.cpu(), given, grads, grad_req="add")
    ex.forward(is_train=True)
    ex.backward()
    np.testing.assert_array_equal(grads["f_weight"].asnumpy(), 2 * want)


@pytest.mark.parametrize(
    ("req", "with_gradient"),
    [
        ("write", ["x", "f_weight", "f_bias"]),
        ("null", []),
        (["null", "write", "add"], ["f_weight", "f_bias"]),
        ({"f_bias": "write"}, ["f_bias"]),
    ],
)
def test_requests_for_all_in_order_or_by_name(net, req, with_gradient):
    ex = net.simple_bind(mx.cpu(), grad_req=req, x=(4, 3))
    assert [n for n, g in ex.grad_dict.items() if g is not None] == with_gradient


def test_states_are_bound_too():
    net = mx.sym.BatchNorm(mx.sym.var("x"), name="b", fix_gamma=False)
    args = {"x": mx.nd.ones((2, 3)), "b_gamma": mx.nd.ones((3,)), "b_beta": mx.nd.zeros((3,))}
    states = {"b_moving_mean": mx.nd.zeros((3,)), "b_moving_var": mx.nd.ones((3,))}
    for given in (states, list(states.values())):
        out = net.bind(mx.cpu(), args, aux_states=given).forward()[0].asnumpy()
        np.testing.assert_allclose(out, 1, rtol=1e-2)
    np.testing.assert_allclose(net.eval(**args, **states)[0].asnumpy(), 1, rtol=1e-2)
    with pytest.raises(MXNetError, match=r"aux_states must have .*b_moving_mean"):
        net.bind(mx.cpu(), args)


def test_types_follow_from_those_given(net):
    ex = net.simple_bind(mx.cpu(), grad_req="null", type_dict={"x": np.float64}, x=(4, 3))
    assert {a.dtype for a in ex.arg_arrays} == {np.float64}


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda n, a: n.bind("cpu", a), TypeError, "ctx must be Context"),
        (lambda n, a: n.bind(mx.cpu(), [a["x"]]), ValueError, "f_weight.*got 1"),
        (lambda n, a: n.bind(mx.cpu(), {"x": a["x"]}), ValueError, r"\['f_weight', 'f_bias'\] missing"),
        (lambda n, a: n.bind(mx.cpu(), 3), TypeError, "list or dict"),
        (lambda n, a: n.bind(mx.cpu(), {**a, "x": 3}), TypeError, "x must be NDArray; got int"),
        (lambda n, a: n.bind(mx.cpu(), {**a, "x": mx.nd.ones((4, 5))}), ValueError, "FullyConnected.*node 'f'"),
        (lambda n, a: n.bind(mx.cpu(), {**a, "x": a["x"].astype("float64")}), TypeError, "float64"),
        (lambda n, a: n.bind(mx.cpu(1), a), ValueError, r"must be on cpu\(1\)"),
        (lambda n, a: n.bind(mx.cpu(), a, {"w": a["x"]}), ValueError, "args_grad: the symbol has no 'w'"),
        (lambda n, a: n.bind(mx.cpu(), a, {"x": mx.nd.ones((1,))}), ValueError, "gradient of x"),
        (lambda n, a: n.bind(mx.cpu(), a, [a["x"]]), ValueError, "args_grad.*got 1"),
        (lambda n, a: n.bind(mx.cpu(), a, grad_req="never"), ValueError, "'never'"),
        (lambda n, a: n.bind(mx.cpu(), a, grad_req={"w": "write"}), ValueError, "grad_req: the symbol has no 'w'"),
        (lambda n, a: n.bind(mx.cpu(), a, grad_req=["write"]), ValueError, "one entry for each"),
        (lambda n, a: n.bind(mx.cpu(), a, grad_req=3), TypeError, "grad_req must be str"),
        (lambda n, a: n.bind(mx.cpu(), a, group2ctx={"g": mx.cpu(1)}), ValueError, "group2ctx"),
        (lambda n, a: n.eval(x=a["x"]), ValueError, "missing"),
        (lambda n, a: n.simple_bind(mx.cpu()), ValueError, "shape of x does not follow"),
        (lambda n, a: n.simple_bind(mx.cpu(), x=(0, 3)), ValueError, "shape of x does not follow"),
        (lambda n, a: n.simple_bind(mx.cpu(), y=(2,)), ValueError, "the symbol has no 'y'"),
        (lambda n, a: n.simple_bind(mx.cpu(), x="ab"), TypeError, "shape of x must be"),
        (lambda n, a: n.simple_bind(mx.cpu(), x=(4,)), ValueError, r"node 'f'.*\(4,\)"),
        (lambda n, a: n.simple_bind(mx.cpu(), x=(4, 3), f_bias=(9,)), ValueError, r"node 'f'.*\(9,\)"),
        (lambda n, a: n.simple_bind(mx.cpu(), type_dict={"y": "int8"}, x=(4, 3)), ValueError, "type_dict.*'y'"),
        (lambda n, a: n.simple_bind(mx.cpu(), stype_dict={"x": "csr"}, x=(4, 3)), ValueError, "stype of x"),
        (lambda n, a: n.simple_bind(mx.cpu(), shared_buffer={"x": a}, x=(4, 3)), NotImplementedError, "shared_exec"),
        (lambda n, a: n.simple_bind(mx.cpu(), group2ctx={"g": mx.cpu(1)}, x=(4, 3)), ValueError, "group2ctx"),
    ],
)
def test_wrong_arguments_are_named(net, call, error, words):
    with pytest.raises(error, match=words):
        call(net, arrays())


def test_two_variables_of_one_name_are_refused():
    net = mx.sym.var("x") + mx.sym.var("x")
    for call in (lambda: net.bind(mx.cpu(), [mx.nd.ones((1,))] * 2), lambda: net.simple_bind(mx.cpu(), x=(1,))):
        with pytest.raises(MXNetError, match="several variables have the name 'x'"):
            call()
