from __future__ import annotations

import time
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import paratrain as mx
from paratrain.base import MXNetError
from paratrain.graph.infer import infer_dtypes, infer_graph, infer_shapes
from paratrain.graph.ir import Entry, topological


def by_name(symbol, values):
    return {n.name: values[Entry(n)] for n in topological(symbol._entries)}


@pytest.fixture
def net():
    x = mx.sym.var("x")
    c = mx.sym.BatchNorm(mx.sym.Convolution(x, num_filter=4, kernel=(3, 3), name="c"), name="b")
    return mx.sym.FullyConnected(mx.sym.relu(c, name="r"), num_hidden=2, name="f")


def test_everything_follows_from_the_data(net):
    shapes, dtypes = infer_graph(net._entries, {"x": (5, 3, 8, 8)}, {})
    got = by_name(net, shapes)
    assert got["c_weight"] == (4, 3, 3, 3)
    assert got["b_moving_mean"] == (4,)
    assert got["r"] == (5, 4, 6, 6)
    assert (got["f_weight"], got["f"]) == ((2, 144), (5, 2))
    assert set(dtypes.values()) == {"float32"}
    hidden = [e for e in shapes if e.node.name == "b"]
    assert [e.index for e in sorted(hidden, key=lambda e: e.index)] == [0, 1, 2]


def test_knowledge_goes_backwards():
    a, b, c = mx.sym.var("a"), mx.sym.var("b"), mx.sym.var("c")
    chain = mx.sym.relu(mx.sym.exp(a)) + b
    assert by_name(chain, infer_shapes(chain._entries, {"b": (2, 3)}))["a"] == (2, 3)
    halves = (a + b) * c
    values = infer_shapes(halves._entries, {"a": (2, -1, -1), "b": (-1, 3, -1), "c": (-1, -1, 4)})
    assert set(values.values()) == {(2, 3, 4)}
    assert set(infer_dtypes(chain._entries, {"b": "float64"}).values()) == {"float64"}


def test_what_does_not_follow_stays_unknown(net):
    assert set(infer_shapes(net._entries, {}).values()) == {None}
    assert set(infer_dtypes(net._entries, {}).values()) == {None}
    values = by_name(net, infer_shapes(net._entries, {"x": (-1, 3, 8, 8)}))
    assert (values["f_weight"], values["f"]) == ((2, 144), (-1, 2))


def test_variables_may_declare_shape_and_type():
    v = mx.sym.var("v", shape=(0, 3), dtype="float16")
    net = v + mx.sym.var("w")
    assert by_name(net, infer_shapes(net._entries, {"w": (2, -1)}))["v"] == (2, 3)
    assert by_name(net, infer_dtypes(net._entries, {}))["w"] == "float16"
    # what is given counts more than what is declared
    assert by_name(net, infer_shapes(net._entries, {"v": (4, 5)}))["w"] == (4, 5)
    assert by_name(net, infer_dtypes(net._entries, {"v": "float64"}))["w"] == "float64"


@pytest.mark.parametrize(
    ("attr", "words"),
    [({"__shape__": "(2, x)"}, "v: __shape__"), ({"__shape__": "5"}, "__shape__"), ({"__dtype__": "99"}, "__dtype__")],
)
def test_wrong_declarations(attr, words):
    with pytest.raises(MXNetError, match=words):
        infer_graph(mx.sym.exp(mx.sym.var("v", attr=attr))._entries, {}, {})


def test_float32_is_taken_only_where_nothing_follows():
    a, b = mx.sym.var("a"), mx.sym.var("b")
    net = mx.sym.Group([mx.sym.exp(a), mx.sym.Cast(b, dtype="float16") * mx.sym.var("c")])
    dtypes = by_name(net, infer_dtypes(net._entries, {}, "float32"))
    assert (dtypes["a"], dtypes["b"], dtypes["c"]) == ("float32", "float32", "float16")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"x": (2, 3)}, r"\[Convolution\] node 'c'.*\(2, 3\)"),
        ({"x": (5, 3, 8, 8), "f_weight": (2, 7)}, r"\[FullyConnected\] node 'f'.*\(2, 7\).*\(2, 144\).*\(5, 4, 6, 6\)"),
        ({"x": (5, 3, 8, 8), "b_gamma": (3,)}, r"\[BatchNorm\] node 'b'.*\(3,\)"),
        ({"x": (5, 3, 2, 2)}, r"node 'c'.*at least as large as the kernel"),
    ],
)
def test_contradictions_name_operator_node_and_shapes(net, given, words):
    with pytest.raises(MXNetError, match=words) as caught:
        infer_shapes(net._entries, given)
    assert isinstance(caught.value, ValueError)


def test_contradicting_types_name_operator_node_and_types(net):
    with pytest.raises(MXNetError, match=r"\[Convolution\] node 'c'.*float16.*float64") as caught:
        infer_dtypes(net._entries, {"x": "float16", "c_weight": "float64"})
    assert isinstance(caught.value, TypeError)


def test_the_api_writes_unknown_as_zero_and_nothing(net):
    args, outs, states = net.infer_shape_partial(x=(0, 3, 8, 8))
    assert args[0] == (0, 3, 8, 8)
    assert outs == [(0, 2)]
    assert states == [(4,), (4,)]
    assert net.infer_shape_partial()[1] == [()]
    assert net.infer_type_partial()[1] == [None]
    assert net.infer_type() == (None, None, None)
    assert net.infer_type("float16")[1] == [np.float16]
    with pytest.warns(UserWarning, match=r"x: \(0, 3, 8, 8\)"):
        assert net.infer_shape(x=(0, 3, 8, 8)) == (None, None, None)


def test_shapes_in_order_or_by_name():
    net = mx.sym.var("a") + mx.sym.var("b")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert net.infer_shape(None, (2, 3)) == net.infer_shape(b=(2, 3)) == ([(2, 3), (2, 3)], [(2, 3)], [])
        assert net.infer_shape(a=None, b=[2, 3])[1] == [(2, 3)]
    for call, words in (
        (lambda: net.infer_shape((2,), b=(2,)), "either"),
        (lambda: net.infer_shape((2,), (2,), (2,)), "2 arguments"),
        (lambda: net.infer_shape(c=(2,)), "no 'c'"),
        (lambda: net.infer_shape(a="xy"), "tuple of int"),
        (lambda: net.infer_shape(a=(2.5,)), "tuple of int"),
        (lambda: net.infer_shape(a=3), "tuple of int"),
        (lambda: net.infer_type(a="float7"), "a: .*float7"),
    ):
        with pytest.raises(MXNetError, match=words):
            call()


def deep(n):
    x = mx.sym.var("x")
    for i in range(n):
        y = mx.sym.Convolution(x, num_filter=8, kernel=(3, 3), pad=(1, 1), no_bias=True, name=f"c{i}")
        x = mx.sym.relu(mx.sym.BatchNorm(y, name=f"b{i}")) + (x if i else y)
    return x


def test_a_deep_network_is_quick_also_backwards():
    net = deep(300)
    start = time.perf_counter()
    shapes, _ = infer_graph(net._entries, {"x": (2, 3, 8, 8)}, {})
    assert time.perf_counter() - start < 1.0  # about 20 ms; a quadratic walk takes tens of seconds
    assert all(s is not None and -1 not in s for s in shapes.values())
    back = mx.sym.var("x")
    for _ in range(1000):
        back = mx.sym.exp(back)
    total = back + mx.sym.var("y")
    start = time.perf_counter()
    assert by_name(total, infer_shapes(total._entries, {"y": (7,)}))["x"] == (7,)
    assert time.perf_counter() - start < 1.0


@settings(max_examples=60)
@given(data=st.data())
def test_partial_knowledge_never_contradicts_full_knowledge(data):
    """Whatever is hidden of the inputs' shapes, what still follows is what follows from all of it."""
    shape = data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple))
    leaves = [mx.sym.var(f"v{i}") for i in range(3)]
    made = list(leaves)
    for _ in range(data.draw(st.integers(1, 6))):
        a, b = data.draw(st.sampled_from(made)), data.draw(st.sampled_from(made))
        made.append(data.draw(st.sampled_from([a + b, mx.sym.exp(a), a * 2, mx.sym.maximum(a, b)])))
    net = mx.sym.Group(made)
    full = infer_shapes(net._entries, {f"v{i}": shape for i in range(3)})
    hide = st.none() | st.tuples(*[st.sampled_from([d, -1]) for d in shape])
    known = {f"v{i}": s for i in range(3) if (s := data.draw(hide)) is not None}
    for entry, value in infer_shapes(net._entries, known).items():
        assert value is None or all(d in (-1, f) for d, f in zip(value, full[entry]))
