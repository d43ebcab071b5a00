from __future__ import annotations

import copy
import pickle
import threading

import numpy as np
import pytest
from replay import check, load_area

import paratrain as mx
from paratrain.base import MXNetError, NotImplementedForSymbol
from paratrain.symbol.compose import parameter_text


@pytest.mark.parametrize("case", load_area("symbol").cases, ids=str)
def test_recorded(case):
    check(case)


def dense(x, n=2, **kwargs):
    return mx.sym.FullyConnected(x, num_hidden=n, **kwargs)


@pytest.fixture
def x():
    return mx.sym.var("x")


# -- composition ------------------------------------------------------------------------------------------------------


def test_inputs_left_out_become_variables_named_after_the_node(x):
    assert dense(x, name="f").list_inputs() == ["x", "f_weight", "f_bias"]
    assert dense(x, name="f", no_bias=True).list_inputs() == ["x", "f_weight"]
    assert mx.sym.FullyConnected(num_hidden=2, name="f").list_inputs() == ["f_data", "f_weight", "f_bias"]


def test_inputs_by_position_keyword_and_list(x):
    w = mx.sym.var("w")
    assert mx.sym.FullyConnected(x, w, num_hidden=2, name="f").list_inputs() == ["x", "w", "f_bias"]
    assert mx.sym.FullyConnected(data=x, bias=w, num_hidden=2, name="f").list_inputs() == ["x", "f_weight", "w"]
    assert mx.sym.add_n([x, w]).list_inputs() == mx.sym.add_n(x, w).list_inputs() == ["x", "w"]
    assert mx.sym.add_n(x, w).attr("num_args") == "2"


def test_new_variables_inherit_what_the_node_was_given(x):
    net = dense(x, 3, name="f", lr_mult=2, __mood__="calm")
    want = {"num_hidden": "3", "__lr_mult__": "2", "lr_mult": "2", "__mood__": "calm"}
    assert net.attr_dict() == {"f": want, "f_weight": want, "f_bias": want}


def test_states_name_their_initializers(x):
    states = mx.sym.BatchNorm(x, name="bn").attr_dict()
    assert states["bn_moving_mean"] == {"__init__": '["zero", {}]'}
    assert states["bn_moving_var"] == {"__init__": '["one", {}]'}
    given = mx.sym.var("v", init=mx.init.Constant(3))
    assert mx.sym.BatchNorm(x, moving_var=given).attr_dict()["v"]["__init__"] == mx.init.Constant(3).dumps()


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ((3, 3), "tuple of int", "(3, 3)"),
        ((3,), "tuple of int", "(3,)"),
        ([1, 2], "tuple of int", "[1, 2]"),
        ((), "tuple of int", "()"),
        ((np.int64(2), None), "tuple of int", "(2, None)"),
        (np.float32(0.1), "float", "0.1"),
        (2, "float", "2"),
        (True, "bool", "True"),
        (None, "int", "None"),
        (np.float16, "dtype", "float16"),
        ("float64", "dtype", "float64"),
    ],
)
def test_parameters_become_the_text_mxnet_writes(value, kind, text):
    from paratrain.ops.params import REQUIRED, Param

    assert parameter_text(Param(kind, REQUIRED, "", lambda v: v), value) == text


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda x: mx.sym.FullyConnected(x), TypeError, "num_hidden"),
        (lambda x: dense(x, "x"), TypeError, "num_hidden"),
        (lambda x: dense(x, 0), ValueError, "num_hidden"),
        (lambda x: dense(x, zzz=3), TypeError, "no parameter 'zzz'"),
        (lambda x: dense(x, zzz=x), TypeError, "no input 'zzz'"),
        (lambda x: dense(x, bias=x, no_bias=True), ValueError, "'bias' is not used"),
        (lambda x: dense(np.ones(2)), TypeError, "must be Symbol; got ndarray"),
        (lambda x: dense(mx.nd.array([1])), TypeError, "arrays go to mx.nd.FullyConnected"),
        (lambda x: dense(mx.sym.Group([x, x])), ValueError, "one output"),
        (lambda x: mx.sym.add_n(x, arg0=x), TypeError, "twice"),
        (lambda x: mx.sym.add_n(), ValueError, "num_args"),
        (lambda x: dense(x, weight_lr_mult=3), ValueError, "lr_mult"),
        (lambda x: dense(x, attr={"mood": "calm"}), ValueError, "__mood__"),
        (lambda x: dense(x, attr={"mood": 3}), ValueError, "must be str"),
        (lambda x: mx.sym._internal._plus_scalar(x, 1, 2, 3), TypeError, "positional"),
        (lambda x: mx.sym._internal._plus_scalar(x, 1, scalar=2), TypeError, "twice"),
    ],
)
def test_wrong_calls_name_operator_and_cause(x, make, error, words):
    with pytest.raises(error, match=words) as caught:
        make(x)
    assert isinstance(caught.value, MXNetError)


def test_composition_replaces_variables_in_a_copy(x):
    net = dense(x, name="f")
    joined = net(x=mx.sym.exp(mx.sym.var("y")), f_bias=mx.sym.var("b"), name="g")
    assert joined.list_inputs() == ["y", "f_weight", "b"]
    assert joined.list_outputs() == ["g_output"]
    assert net.list_inputs() == ["x", "f_weight", "f_bias"]
    assert net.name == "f"
    assert net(mx.sym.var("z")).list_inputs() == ["z", "f_weight", "f_bias"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda f, y: f(y, x=y), TypeError, "either"),
        (lambda f, y: f(other=y), ValueError, "no variable 'other'"),
        (lambda f, y: f(x=3), TypeError, "x is int"),
        (lambda f, y: f(x=mx.sym.Group([y, y])), ValueError, "one output"),
        (lambda f, y: f(y, y, y, y), TypeError, "3 variables"),
    ],
)
def test_wrong_compositions(x, call, error, words):
    with pytest.raises(error, match=words):
        call(dense(x), mx.sym.var("y"))


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))])
def test_copies_are_equal_and_separate(x, duplicate):
    net = mx.sym.Group([mx.sym.BatchNorm(dense(x, name="f", lr_mult=2), name="b"), x])
    other = duplicate(net)
    assert other.tojson() == net.tojson()
    other[1]._set_attr(mood="odd")
    assert net[1].list_attr() == {}


# -- names and attributes ---------------------------------------------------------------------------------------------


def test_names_count_by_hint_and_manager(x):
    with mx.name.NameManager():
        assert [mx.sym.exp(x).name, mx.sym.exp(x).name, (x + 1).name, (x + x).name] == [
            "exp0",
            "exp1",
            "_plusscalar0",
            "_plus0",
        ]
        with mx.name.NameManager():
            assert mx.sym.exp(x).name == "exp0"
        assert mx.sym.exp(x).name == "exp2"


def test_aliases_make_up_names_of_their_own(x):
    with mx.name.NameManager():
        assert mx.sym.Flatten(x).name == "flatten0"
        assert mx.sym.ElementWiseSum(x, x).name == "elementwisesum0"


def test_names_and_scopes_belong_to_their_thread(x):
    seen = []
    with mx.name.Prefix("p_"), mx.AttrScope(__mood__="calm"):
        thread = threading.Thread(target=lambda: seen.append(mx.sym.exp(x)))
        thread.start()
        thread.join()
    assert not seen[0].name.startswith("p_")
    assert seen[0].list_attr() == {}


def test_scopes_nest_and_end():
    with mx.AttrScope(a="1", b="1") as outer:
        with mx.AttrScope(b="2"):
            assert mx.sym.var("v", attr={"c": "3"}).list_attr() == {"a": "1", "b": "2", "c": "3"}
        assert mx.sym.var("v").list_attr() == {"a": "1", "b": "1"}
    with mx.AttrScope(c="1"), outer:
        assert mx.sym.var("v").list_attr() == {"a": "1", "b": "1", "c": "1"}
    with outer:
        assert mx.sym.var("v").list_attr() == {"a": "1", "b": "1"}
    assert mx.sym.var("v").list_attr() == {}


def test_variables_describe_themselves():
    v = mx.sym.var("v", shape=(2, np.int64(3)), lr_mult=0.5, wd_mult=2, dtype="float16", init="xavier", __note__=1)
    assert v.attr("__shape__") == "(2, 3)"
    assert v.attr("lr_mult") == v.attr("__lr_mult__") == "0.5"
    assert (v.attr("wd_mult"), v.attr("__dtype__"), v.attr("__init__"), v.attr("__note__")) == ("2", "2", "xavier", "1")


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: mx.sym.var(3), TypeError, "name must be str"),
        (lambda: mx.sym.var("v", mood="calm"), ValueError, "__mood__"),
        (lambda: mx.sym.var("v", stype="csr"), ValueError, "stype"),
        (lambda: mx.sym.var("v", dtype="float7"), TypeError, "float7"),
        (lambda: mx.sym.var("v", attr={"a": 1}), ValueError, "must be str"),
        (lambda: mx.AttrScope(a=1), ValueError, "must be str"),
        (lambda: mx.sym.Group([]), TypeError, "non-empty"),
        (lambda: mx.sym.Group([1]), TypeError, "symbols"),
    ],
)
def test_wrong_variables_scopes_and_groups(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_setting_attributes(x):
    net = dense(x, name="f")
    net._set_attr(name="g", lr_mult="3", num_hidden="7")
    assert net.list_outputs() == ["g_output"]
    assert net.list_attr() == {"num_hidden": "7", "__lr_mult__": "3", "lr_mult": "3"}
    assert net.infer_shape(x=(1, 2))[1] == [(1, 7)]
    for bad in ({"num_hidden": "many"}, {"no_bias": "True"}, {"mood": "calm"}, {"mood": 3}):
        with pytest.raises((TypeError, ValueError)):
            net._set_attr(**bad)
    assert net.list_attr()["num_hidden"] == "7"


def test_attributes_of_groups(x):
    group = mx.sym.Group([x, mx.sym.exp(x)])
    assert group.attr("name") is None
    assert group.name is None
    with pytest.raises(MXNetError, match="several nodes"):
        group.list_attr()
    with pytest.raises(MXNetError, match="several nodes"):
        group._set_attr(a="1")
    with pytest.raises(DeprecationWarning, match="attr_dict"):
        x.list_attr(recursive=True)
    assert (x.attr("op_name"), mx.sym.exp(x).attr("op_name")) == ("null", "exp")


# -- choosing outputs -------------------------------------------------------------------------------------------------


def test_outputs_by_number_name_and_slice(x):
    inner = mx.sym.relu(mx.sym.exp(x, name="e"), name="r").get_internals()
    assert inner.list_outputs() == ["x", "e_output", "r_output"]
    assert inner[-1].name == "r"
    assert inner["e_output"].name == "e"
    assert inner[::2].list_outputs() == ["x", "r_output"]
    assert [s.name for s in inner] == ["x", "e", "r"]
    assert (len(inner), inner.num_outputs) == (3, 3)
    assert x.get_children() is None
    with pytest.raises(IndexError, match="3 outputs"):
        inner[3]
    with pytest.raises(IndexError, match="none of 3"):
        inner[5:]
    with pytest.raises(ValueError, match="no output named 'e'"):
        inner["e"]
    with pytest.raises(ValueError, match="several outputs named 'x'"):
        mx.sym.Group([x, x])["x"]


# -- operators --------------------------------------------------------------------------------------------------------

ARITHMETIC = [
    (lambda a, b: a + b, "elemwise_add"),
    (lambda a, b: a - b, "elemwise_sub"),
    (lambda a, b: a * b, "elemwise_mul"),
    (lambda a, b: a / b, "elemwise_div"),
    (lambda a, b: a % b, "_mod"),
    (lambda a, b: a**b, "_power"),
    (lambda a, b: a == b, "_equal"),
    (lambda a, b: a != b, "_not_equal"),
    (lambda a, b: a > b, "_greater"),
    (lambda a, b: a >= b, "_greater_equal"),
    (lambda a, b: a < b, "_lesser"),
    (lambda a, b: a <= b, "_lesser_equal"),
    (mx.sym.pow, "_power"),
    (mx.sym.maximum, "_maximum"),
    (mx.sym.minimum, "_minimum"),
    (mx.sym.hypot, "_hypot"),
]


@pytest.mark.parametrize(("function", "op"), ARITHMETIC, ids=lambda v: v if isinstance(v, str) else "")
def test_arithmetic_with_symbols_and_numbers_gives_what_numpy_gives(function, op):
    a, b = mx.sym.var("a"), mx.sym.var("b")
    assert function(a, b).attr("op_name") == op
    p, q = np.array([[1.5, 2, -3]], "float32"), np.array([[2.0, 2, 5]], "float32")
    arrays = {"a": mx.nd.array(p), "b": mx.nd.array(q)}
    names = {"_maximum": np.maximum, "_minimum": np.minimum, "_hypot": np.hypot, "_power": np.power}
    reference = names.get(op, function)
    with np.errstate(invalid="ignore"):
        for made, want in (
            (function(a, b), reference(p, q)),
            (function(a, 2), reference(p, np.float32(2))),
            (function(3.0, b), reference(np.float32(3), q)),
        ):
            got = made.eval(**{n: arrays[n] for n in made.list_arguments()})[0]
            np.testing.assert_allclose(got.asnumpy(), want.astype("float32"), rtol=1e-5)


def test_negation_and_absolute_value(x):
    value = mx.nd.array([-1, 2])
    np.testing.assert_array_equal((-x).eval(x=value)[0].asnumpy(), [1, -2])
    np.testing.assert_array_equal(abs(x).eval(x=value)[0].asnumpy(), [1, 2])


def test_numpy_numbers_are_numbers_and_arrays_are_not(x):
    assert (np.float32(2.5) * x).attr("scalar") == "2.5"
    for other in ("text", np.ones(2), None, [1]):
        with pytest.raises(TypeError, match="must be Symbol or a number"):
            x + other
        with pytest.raises(TypeError):
            other - x
    with pytest.raises(TypeError, match="operands must be Symbol or numbers"):
        mx.sym.pow("a", 2)
    assert mx.sym.pow(2, 3) == 8


def change(x):
    x += 1


@pytest.mark.parametrize("use", [bool, change, lambda x: x.asnumpy(), lambda x: x.asscalar(), lambda x: x.detach()])
def test_what_needs_values_is_refused(x, use):
    with pytest.raises(NotImplementedForSymbol, match="needs values"):
        use(x)


def test_symbols_can_be_keys(x):
    assert {x: 1}[x] == 1


def test_array_like_methods(x):
    assert x.reshape((-1, 3)).attr("shape") == x.reshape(-1, 3).attr("shape") == "(-1, 3)"
    assert x.reshape(shape=(0, -1)).attr("shape") == "(0, -1)"
    assert x.astype("float16").attr("dtype") == "float16"
    assert x.as_in_context(mx.cpu()) is x
    assert x.sum(axis=1).attr("axis") == "1"
    with pytest.raises(TypeError, match="tuple of int"):
        x.reshape((1, 2), (3,))


def test_unknown_operators_are_attribute_errors():
    for name in ("no_such_operator", "_no_such_operator"):
        with pytest.raises(AttributeError, match=name):
            getattr(mx.sym, name)
    with pytest.raises(AttributeError, match=r"mx\.sym\.contrib\.nothing"):
        _ = mx.sym.contrib.nothing
    assert not hasattr(mx.sym, "__wrapped__")
    assert "FullyConnected" in dir(mx.sym)


def test_random_symbols():
    values = mx.sym.random.uniform(2, 3, shape=(50, 20), name="u").eval()[0].asnumpy()
    assert values.shape == (50, 20)
    assert 2 <= values.min() < 2.1
    assert 2.9 < values.max() <= 3


def test_symbols_out_of_nothing():
    assert mx.sym.zeros((2, 3), name="z").list_attr() == {"shape": "(2, 3)", "dtype": "float32"}
    for made, want in (
        (mx.sym.ones((2,), dtype="int32"), np.ones(2, "int32")),
        (mx.sym.full((2, 1), 4), np.full((2, 1), 4, "float32")),
        (mx.sym.arange(1, 4, repeat=2), np.repeat(np.arange(1, 4, dtype="float32"), 2)),
        (mx.sym.arange(3), np.arange(3, dtype="float32")),
        (mx.sym.linspace(0, 1, 5), np.linspace(0, 1, 5, dtype="float32")),
        (mx.sym.eye(2, 3, k=1), np.eye(2, 3, 1, dtype="float32")),
    ):
        got = made.eval()[0].asnumpy()
        assert got.dtype == want.dtype
        np.testing.assert_array_equal(got, want)
