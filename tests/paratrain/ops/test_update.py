"""Updates of optimizers: states change in place; flat buffers; nothing depends on threads."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.ext import engine
from paratrain.ndarray.invoke import F

RNG = np.random.default_rng(9)


def array(values: np.ndarray, dtype: str = "float32") -> Any:
    return mx.nd.array(values, dtype=dtype)


def test_states_and_the_weight_change_in_place() -> None:
    w, g, m = (RNG.normal(size=5) for _ in range(3))
    weight, mom = array(w), array(m)
    result = F.sgd_mom_update(weight, array(g), mom, lr=0.1, momentum=0.9, out=weight)
    assert result is weight
    np.testing.assert_allclose(mom.asnumpy(), 0.9 * m - 0.1 * g, rtol=1e-5)
    np.testing.assert_allclose(weight.asnumpy(), w + 0.9 * m - 0.1 * g, rtol=1e-5)


def test_without_out_the_weight_stays() -> None:
    w = RNG.normal(size=5).astype(np.float32)
    weight = array(w)
    new = F.sgd_update(weight, array(np.ones(5)), lr=0.5)
    np.testing.assert_array_equal(weight.asnumpy(), w)
    np.testing.assert_allclose(new.asnumpy(), w - 0.5, rtol=1e-6)


def test_mixed_precision_gains_what_float16_would_lose() -> None:
    weight, copy = array(np.ones(3), "float16"), array(np.ones(3))
    grad = array(np.full(3, 1.0), "float16")
    for _ in range(100):
        F.mp_sgd_update(weight, grad, copy, lr=1e-4, out=weight)
    np.testing.assert_allclose(copy.asnumpy(), np.full(3, 0.99), rtol=1e-4)
    np.testing.assert_allclose(weight.asnumpy(), np.full(3, np.float16(0.99)))


SIZES = [3, 16, 0, 20001, 7, 33000]
OFFSETS = np.concatenate([[0], np.cumsum(SIZES)])
LRS = RNG.uniform(0.01, 0.1, len(SIZES)).astype(np.float32)
WDS = RNG.uniform(0, 0.1, len(SIZES)).astype(np.float32)
RULES = {
    "sgd_update": (0, {}),
    "sgd_mom_update": (1, {"momentum": 0.9}),
    "nag_mom_update": (1, {"momentum": 0.9}),
    "adam_update": (2, {"beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6}),
}


def flat_arrays(states: int, dtype: str) -> list[Any]:
    rng = np.random.default_rng(1)
    return [array(rng.uniform(0.1, 1, OFFSETS[-1]), dtype) for _ in range(2 + states)]


def run_flat(rule: str, dtype: str) -> list[np.ndarray]:
    states, attrs = RULES[rule]
    arrays = flat_arrays(states, dtype)
    place = (array(OFFSETS, "int64"), array(LRS), array(WDS))
    for _ in range(2):
        common = {"rescale_grad": 0.5, "clip_gradient": 0.4}
        getattr(F, f"_flat_{rule}")(*arrays, *place, **attrs, **common, out=arrays[0])
    return [a.asnumpy() for a in arrays]


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
@pytest.mark.parametrize("rule", RULES)
def test_flat_updates_equal_those_of_each_weight(rule: str, dtype: str) -> None:
    states, attrs = RULES[rule]
    whole = flat_arrays(states, dtype)
    flat = run_flat(rule, dtype)
    for k, (begin, end) in enumerate(itertools.pairwise(OFFSETS)):
        parts = [a[int(begin) : int(end)].copy() for a in whole]
        for _ in range(2):
            common = {"rescale_grad": 0.5, "clip_gradient": 0.4, "lr": float(LRS[k]), "wd": float(WDS[k])}
            getattr(F, rule)(*parts, **attrs, **common, out=parts[0])
        for part, all_of_it in zip(parts, flat, strict=True):
            got, want = part.asnumpy().astype(np.float64), all_of_it[begin:end].astype(np.float64)
            np.testing.assert_allclose(got, want, rtol={"float32": 2e-6, "bfloat16": 1e-2}.get(dtype, 1e-13))


@pytest.mark.parametrize("rule", RULES)
def test_the_number_of_threads_does_not_show(rule: str) -> None:
    before = engine.get_num_threads()
    try:
        results = []
        for threads in (1, 2, 5):
            engine.set_num_threads(threads)
            results.append(run_flat(rule, "float32"))
    finally:
        engine.set_num_threads(before)
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_arrays_are_reset_in_place() -> None:
    arrays = [array(np.ones((2, 3)), t) for t in ("float32", "float16", "float64", "int8", "bool")]
    assert F.reset_arrays(*arrays, num_arrays=len(arrays)) == []
    assert not any(a.asnumpy().any() for a in arrays)


def test_lamb_in_one_call_equals_its_phases() -> None:
    arrays = [[array(RNG.uniform(0.1, 1, n)) for _ in range(4)] for n in (7, 40000)]
    several = [[a.copy() for a in group] for group in arrays]
    w, g, m, v = (list(group) for group in zip(*several, strict=True))
    mx.nd.contrib.multi_lamb_update(w, g, m, v, [1, 3], [0.1, 0.2], [0.01, 0.0], out=w, clip_gradient=0.5)
    for k, (weight, grad, mean, var) in enumerate(arrays):
        d = F.lamb_update_phase1(weight, grad, mean, var, t=(1, 3)[k], wd=(0.01, 0.0)[k], clip_gradient=0.5)
        new = F.lamb_update_phase2(weight, d, weight.norm(), d.norm(), lr=(0.1, 0.2)[k])
        for have, want in zip(several[k], (new, grad, mean, var), strict=True):
            np.testing.assert_allclose(have.asnumpy(), want.asnumpy(), 1e-5)


def test_several_weights_equal_one_after_the_other() -> None:
    groups = [[array(RNG.uniform(0.1, 1, n)) for _ in range(4)] for n in (5, 33000)]
    alone = [[a.copy() for a in group] for group in groups]
    w, g, m, v = (list(group) for group in zip(*groups, strict=True))
    rates = {"lrs": [0.1, 0.2], "wds": [0.01, 0.02], "etas": [1.0, 0.5]}
    got = mx.nd.contrib.multi_adamw_update(w, g, m, v, 0.5, **rates, out=w)
    assert all(a is b for a, b in zip(got, w, strict=True))
    for k, (weight, grad, mean, var) in enumerate(alone):
        numbers = {"lr": rates["lrs"][k], "wd": rates["wds"][k], "eta": rates["etas"][k]}
        mx.nd.contrib.adamw_update(weight, grad, mean, var, 0.5, **numbers, out=weight)
        for have, want in zip(groups[k], alone[k], strict=True):
            np.testing.assert_array_equal(have.asnumpy(), want.asnumpy())


def test_a_scaled_loss_that_overflowed_changes_nothing() -> None:
    weight, grad, mean, var = (array(np.ones(3)) for _ in range(4))
    factor = array(np.array([np.inf]))
    mx.nd.contrib.adamw_update(weight, grad, mean, var, factor, lr=0.1, eta=1.0, wd=0.5, out=weight)
    for a in (weight, mean, var):
        np.testing.assert_array_equal(a.asnumpy(), np.ones(3))


def test_lists_of_different_lengths_are_refused() -> None:
    one = [array(np.ones(2))]
    with pytest.raises(ValueError, match=r"\[multi_lamb_update\] every list must have 1 arrays"):
        mx.nd.contrib.multi_lamb_update(one, one, one, [], [1], [0.1], [0.0])
