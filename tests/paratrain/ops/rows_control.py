"""Loops and branches, called as operators; `tests/paratrain/test_control.py` has what people call."""

from __future__ import annotations

from typing import Any

import numpy as np
from table import Refused, Row, Sample

import paratrain as mx
from paratrain.graph.subgraph import Subgraph


def node(symbol: Any) -> dict[str, Any]:
    """Parameters of the loop or branch that a symbol is the result of."""
    return dict(symbol._entries[0].node.attrs)


def foreach() -> dict[str, Any]:
    def step(x, s):
        return x * s * mx.sym.var("w"), s + mx.sym.tanh(x)

    return node(mx.sym.contrib.foreach(step, mx.sym.var("x"), mx.sym.var("s"))[0])


def foreach_reference(x, s, w, **_):
    outs = []
    for row in x:
        outs.append(row * s * w)
        s = s + np.tanh(row)
    return np.array(outs).reshape(x.shape), s


def loop() -> dict[str, Any]:
    made = mx.sym.contrib.while_loop(
        lambda i, a: i < 2.5,
        lambda i, a: (mx.sym.broadcast_mul(a, i), [i + 1, a * mx.sym.var("w")]),
        [mx.sym.var("i"), mx.sym.var("a")],
        4,
    )
    return node(made[0])


def loop_reference(*arrays, **_):
    arrays = dict(zip(LOOP_ORDER, arrays, strict=True))
    i, a, w = arrays["i"], arrays["a"], arrays["w"]
    outs = []
    while i[0] < 2.5 and len(outs) < 4:
        outs.append(a * i)
        i, a = i + 1, a * w
    return np.array([*outs, *[np.zeros_like(a)] * (4 - len(outs))]), i, a


def branch() -> dict[str, Any]:
    p, a, b = (mx.sym.var(n) for n in "pab")
    return node(mx.sym.contrib.cond(p > 1, lambda: a * b, lambda: a - mx.sym.exp(b)))


def branch_reference(p, a, b, **_):
    return a * b if p[0] else a - np.exp(b)


FOREACH, LOOP, BRANCH = foreach(), loop(), branch()
LOOP_ORDER = ("i", "a", "w")
START = np.array([0.5])
SHORT = Subgraph([mx.sym.var("x")._entries[0]])
ROWS = [
    Row(
        "_foreach",
        foreach_reference,
        (Sample([(3, 2), (2,), (2,)], FOREACH), Sample([(0, 2), (2,), (2,)], FOREACH)),
        gradient=(0, 1, 2),
        train=True,
        refused=(
            Refused([(3, 2), (3,), (3,)], FOREACH, ValueError, "shapes must agree"),
            Refused([(3, 2), (2,)], FOREACH, ValueError, "but 2 arrays were given"),
            Refused([(), (), ()], FOREACH, ValueError, "data must have at least 1 axis"),
            Refused(
                [(3, 2), (2,), (2,)], {**FOREACH, "subgraphs": (SHORT,)}, ValueError, "must name each of the graph's"
            ),
        ),
    ),
    Row(
        "_while_loop",
        loop_reference,
        (Sample([START, (3,), (3,)], LOOP), Sample([START * 6, (3,), (3,)], LOOP)),
        gradient=(1, 2),
        dtypes=("float64",),
        train=True,
        refused=(
            Refused([(2,), (2,), (2,)], LOOP, ValueError, "the condition must be one number"),
            Refused(
                [START, (3,), (3,)], {**LOOP, "func_var_locs": (0, 0)}, ValueError, "func_var_locs must be different"
            ),
            Refused([START, (3,), (3,)], {**LOOP, "max_iterations": 0}, ValueError, "max_iterations must be int >= 1"),
        ),
    ),
    Row(
        "_cond",
        branch_reference,
        (Sample([np.array([1.0]), (3,), (3,)], BRANCH), Sample([np.array([0.0]), (3,), (3,)], BRANCH)),
        gradient=(1, 2),
        dtypes=("float64",),
        train=True,
        refused=(
            Refused([(2,), (3,), (3,)], BRANCH, ValueError, "the condition must be one number"),
            Refused(
                [(1,), (3,), (3,)], {**BRANCH, "then_input_locs": (0, 9)}, ValueError, "then_input_locs must be in"
            ),
        ),
    ),
]
