"""Depthwise convolutions against the plain kernels in double precision: any edge, stride, layout and thread count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from convolutions import DIRECTIONS, Case
from hypothesis import given, settings
from hypothesis import strategies as st

import paratrain as mx
from paratrain.ext import engine

EPS = float(np.finfo("float32").eps)
ISAS = ("best", "avx2")


def depthwise(direction: str, batch: int, channels: int, *args: Any, **further: Any) -> Case:
    return Case(direction, batch, channels, channels, *args, groups=channels, **further)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Small convolutions with every kind of edge, also images that are smaller than the filters."""
    taps, pads = draw(st.sampled_from([3, 5])), st.integers(0, 6)
    pad = (draw(pads), draw(pads))
    return depthwise(
        draw(st.sampled_from(DIRECTIONS)),
        draw(st.integers(1, 3)),
        draw(st.sampled_from([8, 9, 16, 24, 31, 32, 41])),
        tuple(draw(st.integers(max(1, taps - 2 * p), 19)) for p in pad),
        pad,
        draw(st.booleans()),
        taps=taps,
        stride=draw(st.sampled_from([1, 2])),
    )


def is_exact(case: Case, values: list[np.ndarray], **how: Any) -> bool:
    """Whether the error is that of rounding each term and each sum of some hundred terms."""
    got, want = case.run(values, **how), case.exact(values)
    magnitude = case.exact([np.abs(v) for v in values])
    pairs = zip(got, want, magnitude, strict=True)
    return all(np.all(np.abs(g - w) <= 32 * EPS * m + np.finfo("float32").tiny) for g, w, m in pairs)


@settings(max_examples=200)
@given(case=cases(), isa=st.sampled_from(ISAS), negotiated=st.booleans(), seed=st.integers(0, 2**32 - 1))
def test_result_is_exact_to_rounding(case: Case, isa: str, negotiated: bool, seed: int) -> None:
    how = {"depthwise": isa, "negotiated": negotiated}
    assert case.kernel(**how).implementation.startswith("depthwise:")
    assert is_exact(case, case.inputs(seed), **how)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("has_addend", [False, True])
@pytest.mark.parametrize("act", ["none", "relu", "clip"])
def test_what_follows_is_computed_along(act: str, has_addend: bool, bias: bool, isa: str) -> None:
    tail = {"act": act, "a_min": -0.5, "a_max": 1.5, "has_addend": has_addend}
    case = depthwise("convolution_act", 2, 41, (9, 7), (1, 1), bias, tail, stride=2)
    values = case.inputs()
    sums = depthwise("convolution_act", 2, 41, (9, 7), (1, 1), bias, {**tail, "act": "none"}, stride=2)
    magnitude = sums.exact([np.abs(v) for v in values])[0]
    assert np.all(np.abs(case.run(values, depthwise=isa)[0] - case.exact(values)[0]) <= 32 * EPS * magnitude)


@pytest.mark.parametrize("act", ["relu", "clip"])
def test_a_nan_stays_one(act: str) -> None:
    case = depthwise(
        "convolution_act", 1, 16, (4, 4), (1, 1), False, {"act": act, "a_min": 0.0, "a_max": 6.0, "has_addend": False}
    )
    values = case.inputs()
    values[0][0, 3, 0, 0] = np.nan
    got = case.run(values)[0]
    assert np.isnan(got[0, 3, :2, :2]).all()
    assert np.isnan(got).sum() == 4


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_result_does_not_depend_on_the_number_of_threads(direction: str, stride: int) -> None:
    case = depthwise(direction, 4, 48, (33, 29), (1, 1), True, stride=stride)
    values, before = case.inputs(), engine.get_num_threads()
    try:
        results = []
        for threads in (1, 2, 3):
            engine.set_num_threads(threads)
            results.append(case.run(values))
    finally:
        engine.set_num_threads(before)
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_long_sum_is_exact_to_rounding(direction: str) -> None:
    """The gradient of a weight sums over all pixels of a batch."""
    case = depthwise(direction, 4, 8, (64, 64), (2, 2), True, taps=5)
    assert is_exact(case, case.inputs())


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_it_is_chosen_where_it_serves(direction: str) -> None:
    def serves(channels: int = 16, filters: int = 16, groups: int = 16, **how: Any) -> bool:
        case = Case(direction, 2, channels, filters, (9, 9), (1, 1), False, groups=groups, taps=how.pop("taps", 3))
        return case.kernel(**how).implementation.startswith("depthwise:")

    assert serves()
    assert serves(taps=5)
    assert not serves(depthwise="never")
    assert not serves(filters=32)  # two filters for each channel
    assert not serves(groups=4)
    assert not serves(channels=4, filters=4, groups=4)  # most of a vector would be empty
    assert not serves(taps=7)
    assert not serves(dtype="float64")
    assert not serves(plain=True)


def test_a_separable_network_uses_it_in_all_directions() -> None:
    net = mx.sym.Variable("data")
    for i in range(2):
        conv = {"kernel": (3, 3), "pad": (1, 1), "num_filter": 32, "num_group": 32, "no_bias": True}
        net = mx.sym.Activation(mx.sym.Convolution(net, **conv, name=f"conv{i}"), act_type="relu")
    ex = net.simple_bind(mx.cpu(), data=(2, 32, 16, 16))
    lines = [line for line in ex.debug_str().splitlines() if "onvolution" in line]
    assert len(lines) == 6
    assert all("<depthwise:" in line for line in lines)
