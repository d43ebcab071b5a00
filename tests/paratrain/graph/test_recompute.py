"""What is computed again, and that this changes nothing but memory and time."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.graph import passes
from paratrain.graph.compile import build
from paratrain.graph.ir import Node
from paratrain.graph.passes import Graph
from paratrain.graph.recompute import SUFFIX, drop, recompute

RNG = np.random.default_rng(11)


def graph_of(symbol: mx.sym.Symbol, **shapes: tuple[int, ...]) -> Graph:
    """The graph with gradients of all arguments that are not given a shape."""
    from paratrain.executor import variable_descs

    requests = {n: "null" if n in shapes else "write" for n in symbol.list_arguments()}
    return build(symbol._entries, variable_descs(symbol, shapes, {}), 1, True, requests)


def copies(graph: Graph) -> list[str]:
    """Names of what backward computes again, in its order."""
    return [n.name.removesuffix(SUFFIX) for n in graph.backward if n.name.endswith(SUFFIX)]


def named(graph: Graph, *names: str) -> list[Node]:
    return [n for n in graph.forward if n.name in names]


def chain(layers: int, **attrs: str) -> mx.sym.Symbol:
    net = mx.sym.Variable("x")
    for i in range(layers):
        weight = mx.sym.Variable(f"w{i}", shape=(8, 4))
        net = mx.sym.tanh(mx.sym.elemwise_mul(net, weight, name=f"m{i}"), name=f"t{i}", attr=attrs)
    return net


def test_backward_reads_copies_that_reach_back_to_what_is_kept() -> None:
    graph = graph_of(chain(4), x=(8, 4))
    dropped = drop(graph, named(graph, "t0", "m1", "t1", "t2"))
    assert copies(dropped) == ["t2", "t0", "m1", "t1"]
    assert [n.name for n in dropped.forward] == [n.name for n in graph.forward]
    (again,) = [n for n in dropped.backward if n.name == "t2" + SUFFIX]
    assert again.inputs[0].node.name == "m2"  # kept


def test_what_is_computed_again_waits_for_the_gradient_that_meets_it() -> None:
    graph = graph_of(chain(6), x=(8, 4))
    dropped = drop(graph, named(graph, *(f"t{i}" for i in range(5)), *(f"m{i}" for i in range(5))))
    names = [n.name for n in dropped.backward if n.op is not None]
    assert names.index("t5_backward") < names.index("t0" + SUFFIX)
    kept = drop(graph, named(graph, "t0", "m1", "t1", "m2", "t3", "m4", "t4"))  # t2 and m3 end the first part
    names = [n.name for n in kept.backward if n.op is not None]
    assert names.index("m3_backward") < names.index("t0" + SUFFIX)


@pytest.mark.parametrize(("size", "expected"), [(64, ["bn0_relu", "bn1_relu"]), (4, [])], ids=["large", "small"])
def test_large_normalisations_are_dropped_without_being_asked(size: int, expected: list[str]) -> None:
    net = mx.sym.Variable("x")
    for i in range(2):
        net = mx.sym.Convolution(net, kernel=(1, 1), num_filter=16, name=f"conv{i}")
        net = mx.sym.Activation(mx.sym.BatchNorm(net, name=f"bn{i}"), act_type="relu", name=f"bn{i}_relu")
    net = mx.sym.Convolution(net, kernel=(1, 1), num_filter=16, name="last")
    executor = net.simple_bind(mx.cpu(), grad_req="write", x=(4, 16, size, size))
    steps = executor._program(True).lowered.steps
    assert sorted(s.name.removesuffix(SUFFIX) for s in steps if s.name.endswith(SUFFIX)) == expected


def test_only_shapes_are_read_of_what_is_not_computed_again() -> None:
    net = mx.sym.sum(mx.sym.negative(mx.sym.Variable("w", shape=(2, 3)), name="n"), name="s")
    graph = graph_of(net)
    assert any(n.op.shape_only for n in graph.backward if n.op)
    assert copies(drop(graph, named(graph, "n"))) == []


def run(symbol: mx.sym.Symbol, budget: Any, steps: int = 2, **shapes: tuple[int, ...]) -> tuple[Any, dict[str, Any]]:
    """Executor after some steps on the same numbers, and all its results."""
    executor = symbol.simple_bind(mx.cpu(), memory_budget=budget, **shapes)
    rng = np.random.default_rng(5)
    for array in executor.arg_arrays:
        array[:] = rng.standard_normal(array.shape) * 0.5
    for name, array in executor.aux_dict.items():
        array[:] = 1 if "var" in name else 0
    mx.random.seed(3)
    for _ in range(steps):
        executor.forward_backward()
    results = {"outputs": executor.outputs, "grads": executor.grad_arrays, "aux": executor.aux_arrays}
    return executor, {k: [a.asnumpy() for a in v] for k, v in results.items()}


def norms(layers: int, rate: float = 0.0) -> mx.sym.Symbol:
    net = mx.sym.Variable("x")
    for i in range(layers):
        net = mx.sym.Convolution(net, kernel=(3, 3), pad=(1, 1), num_filter=8, name=f"c{i}")
        net = mx.sym.BatchNorm(net, fix_gamma=i % 2 == 0, name=f"bn{i}")
        net = mx.sym.Activation(net, act_type="relu", name=f"r{i}") if i % 3 else mx.sym.tanh(net)
        net = mx.sym.Dropout(net, p=rate, name=f"d{i}") if rate else net
    return net


@pytest.mark.parametrize("switched_off", [(), ("fuse",)], ids=["fused", "apart"])
@pytest.mark.parametrize("rate", [0.0, 0.4])
def test_gradients_statistics_and_masks_are_the_same_bits(rate: float, switched_off: tuple[str, ...]) -> None:
    with passes.disabled(*switched_off) if switched_off else nullcontext():
        _, want = run(norms(12, rate), None, x=(4, 3, 10, 10))
        executor, got = run(norms(12, rate), "45%", x=(4, 3, 10, 10))
    assert sum(s.name.endswith(SUFFIX) for s in executor._program(True).lowered.steps) > 5
    for kind, arrays in want.items():
        for a, b in zip(arrays, got[kind], strict=True):
            np.testing.assert_array_equal(a, b, err_msg=kind)


@pytest.mark.parametrize(
    ("attrs", "want"),
    [({"force_mirroring": "True"}, ["t1", "t0"]), ({"force_mirroring": "False"}, []), ({}, [])],
    ids=str,
)
def test_force_mirroring(attrs: dict[str, str], want: list[str]) -> None:
    assert copies(recompute(graph_of(chain(3, **attrs), x=(8, 4)))) == want


def test_the_environment_drops_all_but_heavy_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = mx.sym.Variable("x")
    net = mx.sym.FullyConnected(data, num_hidden=4, name="fc")
    net = mx.sym.Activation(net, act_type="tanh", name="first")
    net = mx.sym.Activation(net, act_type="tanh", name="second", attr={"mirror_stage": "True"})
    net = mx.sym.Activation(net, act_type="tanh", name="third", attr={"force_mirroring": "False"})
    net = mx.sym.FullyConnected(net, num_hidden=4, name="fc2")
    graph = graph_of(net, x=(8, 4))
    assert copies(recompute(graph)) == []
    monkeypatch.setenv("MXNET_BACKWARD_DO_MIRROR", "1")
    assert copies(recompute(graph)) == ["first"]


def test_outputs_and_operators_that_change_arrays_are_kept() -> None:
    with mx.AttrScope(force_mirroring="True"):
        net = mx.sym.tanh(mx.sym.Variable("x") * mx.sym.Variable("w"), name="t")
    graph = recompute(graph_of(mx.sym.Group([net, mx.sym.exp(net)]), x=(8, 4)))
    assert "t" not in copies(graph)


def test_mirroring_never_takes_more_memory() -> None:
    """Dropping what costs nothing to keep would need more: then the program without is taken."""
    plain = mx.sym.FullyConnected(mx.sym.tanh(mx.sym.Variable("x") * 2), num_hidden=3, name="fc")
    with mx.AttrScope(force_mirroring="True"):
        marked = mx.sym.FullyConnected(mx.sym.tanh(mx.sym.Variable("x") * 2), num_hidden=3, name="fc")
    arena = [
        s.simple_bind(mx.cpu(), x=(64, 64), grad_req={"fc_weight": "write"}).memory_plan()["arena"]
        for s in (plain, marked)
    ]
    assert arena[1] <= arena[0]
