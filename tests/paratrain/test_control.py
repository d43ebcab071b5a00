"""Loops and branches, on arrays and in symbols: the same as written out, forwards, backwards and in files."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.base import MXNetError

RNG = np.random.default_rng(2)


def array(*shape: int) -> Any:
    return mx.nd.array(RNG.uniform(-1, 1, shape), dtype="float64")


def compare(net: Any, written_out: Any, arrays: dict[str, Any], *, rtol: float = 1e-12) -> None:
    """Outputs and gradients of two symbols with the same arguments."""
    results = []
    for symbol in (net, written_out):
        args = {n: arrays[n].copy() for n in symbol.list_arguments()}
        grads = {n: mx.nd.zeros(a.shape, dtype=a.dtype) for n, a in args.items()}
        executor = symbol.bind(mx.cpu(), args, grads)
        outputs = [o.asnumpy() for o in executor.forward(is_train=True)]
        executor.backward([mx.nd.array(np.cos(np.arange(o.size)).reshape(o.shape), dtype=o.dtype) for o in outputs])
        results.append((outputs, {n: g.asnumpy() for n, g in grads.items()}))
    (outs, grads), (want_outs, want_grads) = results
    for have, want in zip(outs, want_outs, strict=True):
        np.testing.assert_allclose(have, want, rtol, 1e-12)
    assert grads.keys() == want_grads.keys()
    for name, want in want_grads.items():
        np.testing.assert_allclose(grads[name], want, rtol, 1e-12, err_msg=name)


W, B = mx.sym.var("w"), mx.sym.var("b")


def step(x: Any, state: Any) -> Any:
    new = mx.sym.tanh(mx.sym.FullyConnected(x, W, B, num_hidden=3, flatten=False) + state[0] * state[1])
    return [new * 2, x.sum()], [new, state[1] + mx.sym.exp(new)]


def test_foreach_equals_the_loop_written_out() -> None:
    x, h, c = (mx.sym.var(n) for n in "xhc")
    (outs, sums), last = mx.sym.contrib.foreach(step, x, [h, c])
    net = mx.sym.Group([outs, sums, *last])
    states, stacked, totals = [h, c], [], []
    for i in range(4):
        (out, total), states = step(x.slice_axis(axis=0, begin=i, end=i + 1).reshape((2, 5)), states)
        stacked.append(out)
        totals.append(total)
    flat = mx.sym.Group([mx.sym.stack(*stacked, axis=0), mx.sym.stack(*totals, axis=0), *states])
    arrays = {"x": array(4, 2, 5), "h": array(2, 3), "c": array(2, 3), "w": array(3, 5), "b": array(3)}
    compare(net, flat, arrays)
    assert net.list_arguments() == ["x", "h", "c", "w", "b"]


def test_gradients_add_over_runs() -> None:
    x, h = mx.sym.var("x"), mx.sym.var("h")
    net = mx.sym.contrib.foreach(lambda a, s: (a * s * mx.sym.var("w"), s + a), x, h)[0]
    arrays = {n: array(*s) for n, s in {"x": (3, 2), "h": (2,), "w": (2,)}.items()}
    sums = {n: mx.nd.zeros(a.shape, dtype="float64") for n, a in arrays.items()}
    executor = net.bind(mx.cpu(), arrays, sums, "add")
    once = None
    for _ in range(3):
        executor.forward(is_train=True)
        executor.backward()
        once = once or {n: g.asnumpy() for n, g in sums.items()}
    for name, grad in sums.items():
        np.testing.assert_allclose(grad.asnumpy(), 3 * once[name])


def test_a_loop_uses_what_was_computed_outside() -> None:
    x, w = mx.sym.var("x"), mx.sym.var("w")
    scale = mx.sym.exp(w)
    net = mx.sym.contrib.foreach(lambda a, s: (a * scale + w, []), x, [])[0]
    compare(net, mx.sym.broadcast_add(mx.sym.broadcast_mul(x, scale), w), {"x": array(4, 3), "w": array(3)})


def test_loops_in_loops() -> None:
    def outer(row: Any, total: Any) -> Any:
        inner, last = mx.sym.contrib.foreach(lambda v, t: (v * t * W, t + v), row, total)
        return inner.sum(), last

    x, t = mx.sym.var("x"), mx.sym.var("t")
    outs, last = mx.sym.contrib.foreach(outer, x, t)
    total, rows = t, []
    for i in range(2):
        parts = []
        for j in range(3):
            v = x.slice(begin=(i, j), end=(i + 1, j + 1)).reshape((1,))
            parts.append(v * total * W)
            total = total + v
        rows.append(mx.sym.concat(*parts, dim=0).sum())
    flat = mx.sym.Group([mx.sym.concat(*rows, dim=0), total])
    compare(mx.sym.Group([outs.reshape((-1,)), last]), flat, {"x": array(2, 3, 1), "t": array(1), "w": array(1)})


@pytest.mark.parametrize("turns", [0, 1, 4, 6])
def test_while_equals_the_loop_written_out(turns: int) -> None:
    i, a, w = (mx.sym.var(n) for n in "iaw")
    outs, last = mx.sym.contrib.while_loop(
        lambda i, a: i < turns, lambda i, a: ([a * w], [i + 1, a * a + w]), [i, a], max_iterations=6
    )
    net = mx.sym.Group([outs[0], *last])
    stacked, state = [], a
    for _ in range(turns):
        stacked.append(state * w)
        state = state * state + w
    stacked += [mx.sym.zeros_like(a) * w] * (6 - turns)
    flat = mx.sym.Group([mx.sym.stack(*stacked, axis=0), i + turns, state + 0 * w])
    compare(net, flat, {"i": mx.nd.zeros((1,), dtype="float64"), "a": array(3), "w": array(3)})


@pytest.mark.parametrize("flag", [0.0, 1.0])
def test_a_branch_equals_what_is_taken(flag: float) -> None:
    p, a, b = (mx.sym.var(n) for n in "pab")
    out = mx.sym.contrib.cond(p, lambda: [a * b, a], lambda: [a - b, mx.sym.exp(b)])
    want = [a * b, a + 0 * b] if flag else [a - b, mx.sym.exp(b)]
    zero = mx.sym.broadcast_mul(mx.sym.BlockGrad(p), p) * 0
    want[0] = mx.sym.broadcast_add(want[0], zero - zero)
    arrays = {"p": mx.nd.array([flag], dtype="float64"), "a": array(3), "b": array(3)}
    compare(mx.sym.Group(out), mx.sym.Group(want), arrays)


def test_arrays_and_symbols_agree() -> None:
    x, h = array(4, 3), array(3)
    outs, last = mx.nd.contrib.foreach(lambda a, s: (a + s[0], [a * s[0]]), x, [h])
    sx, sh = mx.sym.var("x"), mx.sym.var("h")
    souts, slast = mx.sym.contrib.foreach(lambda a, s: (a + s[0], [a * s[0]]), sx, [sh])
    got = mx.sym.Group([souts, *slast]).eval(x=x, h=h)
    for have, want in zip(got, [outs, *last], strict=True):
        np.testing.assert_array_equal(have.asnumpy(), want.asnumpy())


def test_random_numbers_differ_by_turn_and_are_the_same_backwards() -> None:
    x = mx.sym.var("x")
    net = mx.sym.contrib.foreach(lambda a, s: (mx.sym.Dropout(a, p=0.5), s + a), x, mx.sym.var("s"))[0]
    executor = net.simple_bind(mx.cpu(), x=(5, 200), s=(200,))
    executor.arg_dict["x"][:] = 1
    kept = executor.forward(is_train=True)[0].asnumpy()
    executor.backward()
    np.testing.assert_array_equal(executor.grad_dict["x"].asnumpy(), kept)
    assert len({row.tobytes() for row in kept}) == 5
    assert 0.3 < (kept > 0).mean() < 0.7


def test_moving_means_are_updated_once_a_turn() -> None:
    x = mx.sym.var("x")
    net = mx.sym.contrib.foreach(lambda a, s: (mx.sym.BatchNorm(a, name="bn", momentum=0.5), s), x, mx.sym.var("s"))[0]
    executor = net.simple_bind(mx.cpu(), x=(2, 4, 3), s=(1,))
    values = RNG.normal(size=(2, 4, 3)).astype(np.float32)
    executor.forward(is_train=True, x=values)
    executor.backward()
    want = np.zeros(3)
    for part in values:
        want = 0.5 * want + 0.5 * part.mean(0)
    np.testing.assert_allclose(executor.arg_dict["bn_moving_mean"].asnumpy(), want, 1e-5)


def test_files_hold_the_graphs() -> None:
    x, h, p = (mx.sym.var(n) for n in "xhp")
    outs, last = mx.sym.contrib.foreach(step, x, [h, mx.sym.var("c")])
    loops = mx.sym.contrib.while_loop(lambda i: i < 3, lambda i: (i * p, i + 1), mx.sym.var("i"), max_iterations=4)
    branch = mx.sym.contrib.cond(p < 1, lambda: last[0], lambda: h * 2)
    net = mx.sym.Group([outs[0], loops[0], branch])
    text = net.tojson()
    again = mx.sym.load_json(text)
    assert again.tojson() == text
    shapes = {"x": (4, 2, 5), "h": (2, 3), "c": (2, 3), "w": (3, 5), "b": (3,), "i": (1,), "p": (1,)}
    arrays = {n: mx.nd.array(RNG.uniform(-1, 1, shapes[n])) for n in net.list_arguments()}
    for have, want in zip(again.eval(**arrays), net.eval(**arrays), strict=True):
        np.testing.assert_array_equal(have.asnumpy(), want.asnumpy())
    nodes = json.loads(text)["nodes"]
    assert {n["op"]: len(n["subgraphs"]) for n in nodes if "subgraphs" in n} == {
        "_foreach": 1,
        "_while_loop": 2,
        "_cond": 3,
    }


def damaged(change: Any) -> str:
    x, h = mx.sym.var("x"), mx.sym.var("h")
    tree = json.loads(mx.sym.contrib.foreach(lambda a, s: (a + s, s * a), x, h)[0].tojson())
    node = next(n for n in tree["nodes"] if "subgraphs" in n)
    change(node)
    return json.dumps(tree)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda n: n.pop("subgraphs"), "subgraphs must be 1 graphs; got 0"),
        (lambda n: n.update(subgraphs=n["subgraphs"] * 2), "subgraphs must be 1 graphs; got 2"),
        (lambda n: n.update(subgraphs=[3]), "subgraphs must be a list of graphs"),
        (lambda n: n["attrs"].update(in_data_locs="[7]"), "must name each of the graph's 2 inputs once"),
        (lambda n: n["attrs"].update(num_outputs="3"), "num_outputs must be"),
        (lambda n: n["attrs"].update(num_args="9"), "must have 8 inputs"),
        (lambda n: n["subgraphs"][0].update(heads=[]), "heads must be a list of outputs"),
    ],
)
def test_damaged_files_are_refused(change: Any, match: str) -> None:
    with pytest.raises(MXNetError, match=match):
        mx.sym.load_json(damaged(change)).simple_bind(mx.cpu(), x=(2, 3), h=(3,))


def test_shapes_and_dtypes_are_inferred() -> None:
    x, h = mx.sym.var("x"), mx.sym.var("h")
    outs, last = mx.sym.contrib.foreach(lambda a, s: (mx.sym.FullyConnected(a, num_hidden=6, name="fc"), s + a), x, h)
    net = mx.sym.Group([outs, last])
    args, results, _ = net.infer_shape(x=(4, 2, 5))
    assert dict(zip(net.list_arguments(), args, strict=True)) == {
        "x": (4, 2, 5),
        "h": (2, 5),
        "fc_weight": (6, 5),
        "fc_bias": (6,),
    }
    assert results == [(4, 2, 6), (2, 5)]
    assert net.infer_type(x="float64")[1] == [np.float64, np.float64]
    with pytest.raises(ValueError, match="loop variable before and after a turn"):
        mx.sym.contrib.foreach(lambda a, s: (a, mx.sym.concat(s, s, dim=0)), x, h)[0].infer_shape(x=(4, 2), h=(3,))


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda f, x: f.foreach(lambda a, s: a, x, x), r"\[foreach\] the body must return \(outputs, loop variables\)"),
        (lambda f, x: f.foreach(lambda a, s: (a, []), x, x), r"\[foreach\] the body must return 1 loop variables"),
        (lambda f, x: f.foreach(lambda a, s: (a, s), 3, x), r"\[foreach\] data must be .*got int"),
        (lambda f, x: f.while_loop(lambda a: a, lambda a: (a, a), x), r"\[while_loop\] max_iterations must be given"),
        (
            lambda f, x: f.while_loop(lambda a: a, lambda a: (a, a), [], max_iterations=1),
            "loop_vars must have at least",
        ),
        (lambda f, x: f.cond(x, lambda: 3, lambda: x), r"\[cond\] result of .* must be"),
    ],
)
@pytest.mark.parametrize("space", ["nd", "sym"])
def test_wrong_bodies_are_refused(space: str, call: Any, match: str) -> None:
    functions = getattr(mx, space).contrib
    value = mx.nd.ones((1,)) if space == "nd" else mx.sym.var("x")
    with pytest.raises((TypeError, ValueError), match=match):
        call(functions, value)


def test_data_without_length_are_refused() -> None:
    with pytest.raises(ValueError, match="of one length that is not 0"):
        mx.nd.contrib.foreach(lambda a, s: (a, s), mx.nd.zeros((0, 2)), mx.nd.zeros((2,)))


def test_symbols_run_on_data_without_length() -> None:
    net = mx.sym.contrib.foreach(lambda a, s: (a, s + a), mx.sym.var("x"), mx.sym.var("s"))
    outs, last = mx.sym.Group([net[0], net[1]]).eval(x=mx.nd.zeros((0, 2)), s=mx.nd.ones((2,)))
    assert outs.shape == (0, 2)
    np.testing.assert_array_equal(last.asnumpy(), np.ones(2))


def test_nobody_reads_what_a_condition_of_several_numbers_means() -> None:
    with pytest.raises(ValueError, match="the condition must be one number"):
        mx.sym.contrib.cond(mx.sym.var("p"), lambda: mx.sym.var("a"), lambda: mx.sym.var("b")).infer_shape(
            p=(2,), a=(1,), b=(1,)
        )
