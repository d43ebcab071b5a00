"""The model on which plans are tried, against what is lowered."""

from __future__ import annotations

import pytest

from paratrain.graph.compile import build
from paratrain.graph.estimate import Model, root, seconds
from paratrain.graph.ir import Entry, F, Node
from paratrain.graph.lower import lower
from paratrain.graph.recompute import drop


def chain(layers: int, size: int = 1024) -> tuple[list[Entry], dict[str, tuple]]:
    net = Entry(Node(None, "x"))
    for i in range(layers):
        net = F.tanh(F.elemwise_mul(net, Entry(Node(None, f"w{i}"))))
    return [net], {n: ((size,), "float32") for n in ("x", *(f"w{i}" for i in range(layers)))}


@pytest.mark.parametrize("layers", [3, 5, 9])
def test_bytes_of_a_chain_are_those_of_its_program(layers: int) -> None:
    outputs, variables = chain(layers)
    graph = build(outputs, variables, 1, True, dict.fromkeys(variables, "write"))
    model = Model(graph)
    assert model.cost().peak == lower(graph).arena_bytes
    for dropped in ([0, 1], [2, 3], list(range(2 * layers - 2))):
        plan = drop(graph, [model.nodes[i] for i in dropped])
        assert model.cost(dropped).peak == lower(plan).arena_bytes


def test_time_of_copies_counts_once() -> None:
    outputs, variables = chain(4)
    graph = build(outputs, variables, 1, True, dict.fromkeys(variables, "write"))
    model = Model(graph)
    assert model.cost().seconds == 0
    one, both = model.cost([0, 1]).seconds, model.cost([0, 1, 2, 3]).seconds
    assert one == pytest.approx(model.seconds[0] + model.seconds[1])
    assert both == pytest.approx(one + model.seconds[2] + model.seconds[3])


def test_heavy_operators_take_longer_than_their_bytes() -> None:
    x, w = Entry(Node(None, "x")), Entry(Node(None, "w"))
    conv = F.Convolution(x, w, kernel=(3, 3), num_filter=64, pad=(1, 1), no_bias=True)
    descs = {x: ((2, 64, 28, 28), "float32"), w: ((64, 64, 3, 3), "float32"), conv: ((2, 64, 28, 28), "float32")}
    assert seconds(conv.node, descs) == pytest.approx(2.0 * 2 * 64 * 28 * 28 * 64 * 9 / 1e11)
    act = F.tanh(conv)
    assert seconds(act.node, {**descs, act: descs[conv]}) == pytest.approx(2 * 2 * 64 * 28 * 28 * 4 / 1e10)
    assert seconds(F.Flatten(x).node, descs) == 0


def test_root_of_views() -> None:
    x = F.tanh(Entry(Node(None, "x")))
    assert root(F.Flatten(F.expand_dims(x, axis=0))) == x
