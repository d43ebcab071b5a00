"""Plans made by hand: what is marked, and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain import memonger

SHAPE = {"x": (64, 1024)}  # a quarter of a megabyte for each result


def chain(layers: int, **attrs: str) -> mx.sym.Symbol:
    net = mx.sym.Variable("x")
    for i in range(layers):
        weight = mx.sym.Variable(f"w{i}", shape=(1, 1024))
        net = mx.sym.tanh(mx.sym.broadcast_mul(net, weight), name=f"t{i}", attr=attrs)
    return net


def marks(plan: mx.sym.Symbol) -> dict[str, bool]:
    return {n: a["force_mirroring"] == "True" for n, a in plan.attr_dict().items() if "force_mirroring" in a}


def test_cost_is_what_training_takes() -> None:
    net = chain(12)
    executor = net.simple_bind(mx.cpu(), **SHAPE)
    assert memonger.get_cost(net, **SHAPE) == executor.memory_plan()["arena"] / 2**20
    half = memonger.get_cost(net, type_dict={"x": "float16"}, **SHAPE)
    assert half == pytest.approx(memonger.get_cost(net, **SHAPE) / 2, rel=0.01)


def test_blocks_end_where_they_are_large_enough() -> None:
    info: dict[str, int] = {}
    plan = memonger.make_mirror_plan(chain(9), 1.4, info, **SHAPE)
    kept = [n for n, again in marks(plan).items() if not again]
    assert kept == ["t2", "t5", "t8"]  # six results, 1.5 MB, each
    assert info == {"max_size": 6 << 18, "save_size": 3 << 18}


def test_blocks_end_only_at_stages_where_there_are_any() -> None:
    net = mx.sym.Variable("x")
    for i in range(6):
        net = mx.sym.tanh(net, name=f"t{i}", attr={"mirror_stage": "True"} if i == 3 else {})
    plan = memonger.make_mirror_plan(net, 0, **SHAPE)
    assert [n for n, again in marks(plan).items() if not again] == ["t3"]


def test_blocks_do_not_end_inside_a_shortcut() -> None:
    net = mx.sym.tanh(mx.sym.Variable("x"), name="a")
    net = mx.sym.tanh(mx.sym.elemwise_add(net, mx.sym.sin(net, name="b"), name="c"), name="d")
    plan = memonger.make_mirror_plan(net, 0, **SHAPE)
    assert marks(plan) == {"a": False, "b": True, "c": False, "d": False}


def test_the_symbol_itself_is_left_alone() -> None:
    net = chain(4)
    before = net.tojson()
    memonger.make_mirror_plan(net, 0, **SHAPE)
    memonger.search_plan(net, ntrial=1, **SHAPE)
    assert net.tojson() == before


def test_searched_plans_grow_with_the_root_of_the_layers() -> None:
    costs = [memonger.get_cost(memonger.search_plan(chain(n), **SHAPE), **SHAPE) for n in (16, 64, 256)]
    assert costs[1] < 2.5 * costs[0]
    assert costs[2] < 2.5 * costs[1]
    assert costs[2] < 0.2 * memonger.get_cost(chain(256), **SHAPE)


def test_a_plan_survives_its_file_and_changes_no_gradient() -> None:
    net = chain(24)
    plan = mx.sym.load_json(memonger.search_plan(net, **SHAPE).tojson())
    grads = []
    for symbol in (net, plan):
        executor = symbol.simple_bind(mx.cpu(), **SHAPE)
        for i, array in enumerate(executor.arg_arrays):
            array[:] = np.random.default_rng(i).standard_normal(array.shape)
        executor.forward_backward()
        grads.append([g.asnumpy() for g in executor.grad_arrays])
    assert memonger.get_cost(plan, **SHAPE) < 0.6 * memonger.get_cost(net, **SHAPE)
    for a, b in zip(*grads, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda net: memonger.get_cost(net, y=(2, 3)), r"\[get_cost\] shape: the symbol has no 'y'"),
        (lambda net: memonger.get_cost(net, type_dict={"y": "float16"}, x=(2, 3)), r"\[get_cost\] type_dict"),
        (lambda net: memonger.make_mirror_plan(net, -1, x=(2, 3)), "threshold must be at least 0 megabytes; got -1"),
        (lambda net: memonger.search_plan(net, ntrial=-1, x=(2, 3)), "ntrial must be at least 0; got -1"),
        (lambda net: memonger.search_plan(net), "shape of x does not follow"),
    ],
)
def test_refused(call: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        call(mx.sym.tanh(mx.sym.Variable("x")))
