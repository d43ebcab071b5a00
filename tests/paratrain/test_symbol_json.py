from __future__ import annotations

import json
import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import paratrain as mx
from paratrain.base import MXNetError
from paratrain.graph.ir import Entry, Node, topological
from paratrain.symbol.rewrite import without_amp_casts

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from('"\\\n\t\r/'), max_size=8
)


def small():
    x = mx.sym.var("x", lr_mult=0.5)
    return mx.sym.FullyConnected(x, num_hidden=2, name="f")


def test_text_is_what_mxnet_writes():
    x = mx.sym.var('x\n"1"', shape=(2, 4), lr_mult=0.5)
    bn = mx.sym.BatchNorm(x, name="b", eps=1e-3, fix_gamma=False)
    text = mx.sym.Group([bn, x]).tojson()
    # trailing blanks included: recorded with MXNet 1.9.1
    assert text == "\n".join(
        [
            "{",
            '  "nodes": [',
            *["    {", '      "op": "null", ', '      "name": "x\\n\\"1\\"", ', '      "attrs": {'],
            *['        "__lr_mult__": "0.5", ', '        "__shape__": "(2, 4)"', "      }, ", '      "inputs": []'],
            "    }, ",
            *variable("b_gamma"),
            *variable("b_beta"),
            *variable("b_moving_mean", ('__init__": "[\\"zero\\", {}]', 'eps": "0.001', 'fix_gamma": "False')),
            *variable("b_moving_var", ('__init__": "[\\"one\\", {}]', 'eps": "0.001', 'fix_gamma": "False')),
            *["    {", '      "op": "BatchNorm", ', '      "name": "b", ', '      "attrs": {'],
            *['        "eps": "0.001", ', '        "fix_gamma": "False"', "      }, "],
            *['      "inputs": [[0, 0, 0], [1, 0, 0], [2, 0, 0], [3, 0, 1], [4, 0, 1]]', "    }"],
            "  ], ",
            '  "arg_nodes": [0, 1, 2, 3, 4], ',
            '  "node_row_ptr": [0, 1, 2, 3, 4, 5, 8], ',
            '  "heads": [[5, 0, 0], [0, 0, 0]], ',
            '  "attrs": {"mxnet_version": ["int", 10901]}',
            "}",
        ]
    )


def variable(name, attributes=('eps": "0.001', 'fix_gamma": "False')):
    inner = ", \n".join(f'        "{a}"' for a in attributes).split("\n")
    head = ["    {", '      "op": "null", ', f'      "name": "{name}", ', '      "attrs": {']
    return [*head, *inner, "      }, ", '      "inputs": []', "    }, "]


def test_long_lists_take_a_line_for_each_entry():
    net = mx.sym.add_n(*[mx.sym.var(f"v{i}") for i in range(11)], name="sum")
    text = net.tojson()
    assert '"inputs": [\n        [0, 0, 0], \n        [1, 0, 0], ' in text
    assert '"arg_nodes": [\n    0, \n    1, ' in text
    assert mx.sym.load_json(text).tojson() == text


def test_files(tmp_path):
    net, path = small(), tmp_path / "net.json"
    net.save(path)
    assert path.read_text() == net.tojson()
    assert mx.sym.load(path).tojson() == mx.sym.load(str(path)).tojson() == net.tojson()
    with pytest.raises(MXNetError, match=r"none\.json") as caught:
        mx.sym.load(tmp_path / "none.json")
    assert isinstance(caught.value, OSError)
    assert caught.value.filename == str(tmp_path / "none.json")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(MXNetError, match=r"net\.json: not UTF-8 text at byte 0"):
        mx.sym.load(path)
    for bad in (lambda: mx.sym.load(3), lambda: mx.sym.load_json(b"{}")):
        with pytest.raises(TypeError, match="must be str"):
            bad()


LEGACY = {
    "nodes": [
        {"op": "null", "param": {}, "name": "x", "inputs": [], "attr": {"lr_mult": "0.2", "mood": "calm"}},
        {"op": "null", "param": {}, "name": "f_weight", "inputs": [], "attr": {"wd_mult": "0.3"}},
        {
            "op": "FullyConnected",
            "param": {"num_hidden": "4", "no_bias": "True"},
            "name": "f",
            "inputs": [[0, 0], [1, 0]],
            "backward_source_id": -1,
            "attr": {"ctx_group": "stage1", "weight_lr_mult": "1.2"},
        },
        {"op": "null", "param": {}, "name": "b_gamma", "inputs": []},
        {"op": "null", "param": {}, "name": "b_beta", "inputs": []},
        {
            "op": "BatchNorm",
            "param": {"eps": "0.001"},
            "name": "b",
            "inputs": [[2, 0], [3, 0], [4, 0]],
            "attr": {"ctx_group": "stage1"},
        },
    ],
    "arg_nodes": [0, 1, 3, 4],
    "heads": [[5, 0]],
}


def test_files_of_mxnet_0_8():
    net = mx.sym.load_json(json.dumps(LEGACY))
    assert net.list_arguments() == ["x", "f_weight", "b_gamma", "b_beta"]
    assert net.list_auxiliary_states() == ["b_moving_mean", "b_moving_var"]
    attributes = net.attr_dict()
    assert attributes["x"] == {"__lr_mult__": "0.2", "lr_mult": "0.2", "mood": "calm"}
    assert attributes["f_weight"]["lr_mult"] == "1.2"
    assert attributes["f_weight"]["wd_mult"] == "0.3"
    assert attributes["f"]["ctx_group"] == "stage1"
    assert attributes["b_moving_var"]["__init__"] == '["one", {}]'
    assert net.infer_shape(x=(3, 5))[1] == [(3, 4)]


def test_files_of_mxnet_1_0_have_parameters_under_attr():
    tree = json.loads(small().tojson())
    for node in tree["nodes"]:
        if "attrs" in node:
            node["attr"] = node.pop("attrs")
    tree["attrs"] = {"mxnet_version": ["int", 904]}
    assert mx.sym.load_json(json.dumps(tree)).tojson() == small().tojson()


def edited(change):
    tree = json.loads(small().tojson())
    change(tree)
    return json.dumps(tree)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "not JSON"),
        ("", "not JSON"),
        ("[" * 100000, "not JSON"),
        ("3", "list of nodes"),
        ('{"nodes": 3}', "list of nodes"),
        (edited(lambda t: t.pop("heads")), "heads must be a list"),
        (edited(lambda t: t.update(heads=[])), "heads must be a list"),
        (edited(lambda t: t.update(heads=[[9, 0, 0]])), "heads: there is no node 9"),
        (edited(lambda t: t.update(heads=[[-1, 0, 0]])), "there is no node -1"),
        (edited(lambda t: t.update(heads=[[3, 5, 0]])), r"node 3 \('f'\) has 1 outputs; got 5"),
        (edited(lambda t: t.update(heads=[[True, 0, 0]])), r"must be \[node, output, version\]"),
        (edited(lambda t: t["nodes"][0].pop("name")), "node 0 must have an op and a name"),
        (edited(lambda t: t["nodes"].insert(0, 7)), "node 0 must have an op and a name"),
        (edited(lambda t: t["nodes"][0].update(inputs=[[0, 0, 0]])), "a variable has no inputs"),
        (edited(lambda t: t["nodes"][3].update(inputs=3)), "node 3 .*inputs must be a list"),
        (edited(lambda t: t["nodes"][3].update(inputs=[[3, 0, 0]])), "no node 3 before this one"),
        (edited(lambda t: t["nodes"][3].update(inputs=[[0, 0, 0]])), r"node 3 \('f'.*must have 3 inputs.*got 1"),
        (edited(lambda t: t["nodes"][3].update(op="Nope")), r"node 3 \('f', operator Nope\).*no operator 'Nope'"),
        (edited(lambda t: t["nodes"][3].update(attrs={"num_hidden": "x"})), "'f'.*num_hidden must be int"),
        (edited(lambda t: t["nodes"][3].update(attrs={"num_hidden": "2", "nope": "1"})), "'f'.*no parameter 'nope'"),
        (edited(lambda t: t["nodes"][3].update(attrs={"num_hidden": 2})), "attrs must be an object of text"),
        (edited(lambda t: t["nodes"][3].update(attrs=[])), "attrs must be an object of text"),
    ],
    ids=str,
)
def test_damaged_json_is_refused_with_place_and_reason(text, words):
    with pytest.raises(MXNetError, match=words) as caught:
        mx.sym.load_json(text)
    assert isinstance(caught.value, ValueError)


def test_casts_of_mixed_precision_are_left_out(monkeypatch):
    x = mx.sym.var("x")
    net = mx.sym.exp(mx.sym.relu(x, name="cast"), name="e")
    assert without_amp_casts(net._entries) == net._entries
    monkeypatch.setattr("paratrain.symbol.rewrite._AMP_CASTS", ("relu",))
    assert mx.sym.load_json(net.tojson()).get_internals().list_outputs() == ["x", "e_output"]
    kept = mx.sym.load_json(net.tojson(remove_amp_cast=False))
    assert kept.get_internals().list_outputs() == ["x", "cast_output", "e_output"]
    assert net.get_internals().list_outputs() == ["x", "cast_output", "e_output"]


def test_debug_str_shows_versions_of_changed_variables():
    x, m, v = mx.sym.var("x"), mx.sym.var("m"), mx.sym.var("v")
    first = mx.sym.BatchNorm(x, moving_mean=m, moving_var=v, name="a")
    text = mx.sym.BatchNorm(first, moving_mean=m, moving_var=v, name="b").debug_str()
    assert "Op:BatchNorm, Name=b\nInputs:\n\targ[0]=a(0)\n" in text
    assert re.findall(r"=m\(0\) version=(\d)", text) == ["1", "2"]


# -- any graph --------------------------------------------------------------------------------------------------------


@st.composite
def networks(draw):
    """A graph of a few operators with any names and attributes."""
    names = iter(draw(st.lists(TEXT, min_size=12, max_size=12, unique=True)))
    made = [mx.sym.var(next(names), lr_mult=draw(st.none() | st.floats(0, 2))) for _ in range(3)]
    for _ in range(draw(st.integers(1, 8))):
        a, b = draw(st.sampled_from(made)), draw(st.sampled_from(made))
        kind, name = draw(st.integers(0, 5)), next(names) or None
        mood = draw(st.dictionaries(st.sampled_from(["__mood__", "ctx_group"]), TEXT, max_size=2))
        if kind == 0:
            out = mx.sym.FullyConnected(a, num_hidden=draw(st.integers(1, 9)), name=name, attr=mood)
        elif kind == 1:
            out = mx.sym.elemwise_add(a, b, name=name, attr=mood)
        elif kind == 2:
            out = a * draw(st.floats(allow_nan=False, allow_infinity=False, width=32))
        elif kind == 3:
            out = mx.sym.BatchNorm(a, eps=draw(st.floats(1e-3, 1)), name=name, attr=mood)
        elif kind == 4:
            kernel = draw(st.tuples(*[st.integers(1, 5)] * 2))
            out = mx.sym.Convolution(a, kernel=kernel, num_filter=2, no_bias=draw(st.booleans()), name=name, attr=mood)
        else:
            out = mx.sym.add_n(a, b, a, name=name)
        made.append(out)
    heads = draw(st.lists(st.sampled_from(made), min_size=1, max_size=3))
    return mx.sym.Group(heads)


def signature(symbol):
    nodes = topological(symbol._entries)
    numbers = {id(n): i for i, n in enumerate(nodes)}

    def place(e: Entry):
        return numbers[id(e.node)], e.index

    def row(n: Node):
        return n.name, n.op, n.attrs, n.given, n.user_attrs, [place(e) for e in n.inputs]

    return [row(n) for n in nodes], [place(e) for e in symbol._entries]


@settings(max_examples=150)
@given(networks())
def test_any_graph_survives_the_round_trip(net):
    text = net.tojson()
    again = mx.sym.load_json(text)
    assert signature(again) == signature(net)
    assert again.tojson() == text
    assert json.loads(text)["heads"]


@settings(max_examples=300)
@given(net=networks(), data=st.data())
def test_damage_to_any_byte_is_an_error_or_another_symbol(net, data):
    raw = bytearray(net.tojson().encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)) | st.just(len(raw)))
    try:
        out = mx.sym.load_json(bytes(raw[:cut]).decode(errors="replace"))
    except MXNetError:
        return
    assert out.list_outputs()


def test_real_files_of_old_versions(tmp_path):
    folder = os.environ.get("PARATRAIN_MXNET_FILES")
    if not folder:
        pytest.skip("PARATRAIN_MXNET_FILES names no folder with save_000800.json and resnet-152-symbol.json")
    old = mx.sym.load(os.path.join(folder, "save_000800.json"))
    assert old.list_auxiliary_states() == ["batchnorm0_moving_mean", "batchnorm0_moving_var"]
    deep = mx.sym.load(os.path.join(folder, "resnet-152-symbol.json"))
    assert deep.infer_shape(data=(2, 3, 224, 224))[1] == [(2, 11221)]
