"""Winograd's convolutions against the plain kernels in double precision: any edge, layout and number of threads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import convolutions
import numpy as np
import pytest
from convolutions import DIRECTIONS
from hypothesis import given, settings
from hypothesis import strategies as st

import paratrain as mx
from paratrain.ext import engine

EPS = float(np.finfo("float32").eps)
#: Results and taps along an axis, and by how many units in the last place of the sum of the magnitudes of what is
#: summed a result may differ.
ROUNDING = {(2, 3): 4, (4, 3): 16, (2, 5): 16}
FORMS = st.sampled_from(list(ROUNDING))


class Case(convolutions.Case):
    """One convolution by Winograd's method, of a form, or not."""

    def __init__(self, *args: Any, form: tuple[int, int] = (2, 3), added: bool = False) -> None:
        results, taps = form
        super().__init__(*args, taps=taps)
        self.form = {"winograd_results": results, "winograd_added": added}
        self.tolerance = ROUNDING[form] * EPS

    def kernel(self, winograd: str = "best", *, plain: bool = False, constant: bool = False, **how: Any) -> Any:
        """The kernel, by Winograd's method with a set of instructions or not."""
        attrs = {**self.form, "winograd": winograd, **({"constant": (1,)} if constant else {})}
        kernel = super().kernel(plain=plain, **how, **attrs)
        assert kernel.implementation.startswith("winograd:") == (winograd != "never" and not plain)
        return kernel


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Small convolutions with every kind of edge."""
    channels, sizes = st.sampled_from([16, 20, 32, 41, 48, 79, 80]), st.integers(5, 13)
    return Case(
        draw(st.sampled_from(DIRECTIONS)),
        draw(st.integers(1, 3)),
        draw(channels),
        draw(channels),
        (draw(sizes), draw(sizes)),
        (draw(st.integers(0, 3)), draw(st.integers(0, 3))),
        draw(st.booleans()),
        form=draw(FORMS),
        added=draw(st.booleans()),
    )


@settings(max_examples=120)
@given(
    case=cases(), winograd=st.sampled_from(["best", "avx2"]), negotiated=st.booleans(), seed=st.integers(0, 2**32 - 1)
)
def test_result_is_exact_to_rounding(case: Case, winograd: str, negotiated: bool, seed: int) -> None:
    """The error is at most a few units in the last place of the sum of the magnitudes of what is summed."""
    values = case.inputs(seed)
    got, want = case.run(values, winograd=winograd, negotiated=negotiated), case.exact(values)
    magnitude = case.exact([np.abs(v) for v in values])
    for g, w, m in zip(got, want, magnitude, strict=True):
        assert np.abs(g - w).max() <= case.tolerance * m.max()


@settings(max_examples=40)
@given(
    size=st.tuples(st.integers(5, 11), st.integers(5, 11)),
    channels=st.sampled_from([16, 21, 48, 150, 160]),
    form=FORMS,
    act=st.sampled_from(["none", "relu", "clip"]),
    has_addend=st.booleans(),
    bias=st.booleans(),
    winograd=st.sampled_from(["best", "avx2"]),
    constant=st.booleans(),
)
def test_what_follows_is_computed_along(
    size: tuple[int, int],
    channels: int,
    form: tuple[int, int],
    act: str,
    has_addend: bool,
    bias: bool,
    winograd: str,
    constant: bool,
) -> None:
    """An addend and bounds, with weights that the kernel transforms or that lie transformed."""
    tail = {"act": act, "a_min": -0.5, "a_max": 1.5, "has_addend": has_addend}
    case, sums = (
        Case("convolution_act", 2, 18, channels, size, (1, 1), bias, {**tail, "act": a}, form=form)
        for a in (act, "none")
    )
    values, how = case.inputs(), {"winograd": winograd, "negotiated": True, "constant": constant}
    magnitude = sums.exact([np.abs(v) for v in values])[0].max()
    assert np.abs(case.run(values, **how)[0] - case.exact(values)[0]).max() <= case.tolerance * magnitude
    weight_layout = case.kernel(**how).in_layouts[1]
    assert constant == (weight_layout is not None and weight_layout.name.startswith("winograd"))


def test_transformed_weights_are_kept_between_runs() -> None:
    """Without training they are transformed once, and again when they have changed."""
    data = mx.sym.Variable("data")
    net = mx.sym.relu(mx.sym.Convolution(data, kernel=(3, 3), pad=(1, 1), num_filter=32, name="conv") + data)
    executor = net.simple_bind(mx.cpu(), data=(2, 32, 12, 12), grad_req="null")
    for array in executor.arg_dict.values():
        array[:] = np.random.default_rng(1).normal(size=array.shape)
    steps = executor._program(False).lowered.steps
    assert [(s.op, s.kernel.implementation[:8]) for s in steps if s.constant] == [("reorder", "winograd")]
    before = executor.forward(False)[0].asnumpy()
    executor.arg_dict["conv_weight"][:] *= 2
    after = executor.forward(False)[0].asnumpy()
    x, w, b = (executor.arg_dict[n] for n in ("data", "conv_weight", "conv_bias"))
    want = mx.nd.relu(mx.nd.Convolution(x, w, b, kernel=(3, 3), pad=(1, 1), num_filter=32) + x).asnumpy()
    np.testing.assert_allclose(after, want, 1e-4, 1e-4)
    assert not np.array_equal(before, after)


@pytest.mark.parametrize("form", ROUNDING)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_error_is_that_of_direct_sums_times_a_small_factor(direction: str, form: tuple[int, int]) -> None:
    case = Case(direction, 2, 64, 64, (16, 16), (1, 1), False, form=form)
    values = case.inputs()
    want = case.exact(values)[0]
    ours, direct = (np.sqrt(np.mean((case.run(values, winograd=w)[0] - want) ** 2)) for w in ("best", "never"))
    assert ours <= (4 if form[0] + form[1] == 5 else 8) * direct
    assert ours <= 1e-6 * np.sqrt(np.mean(want**2))


@pytest.fixture
def two_threads() -> Iterator[None]:
    """At least two threads, however many cores there are."""
    before = engine.get_num_threads()
    engine.set_num_threads(max(before, 2))
    yield
    engine.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
@pytest.mark.parametrize("form", ROUNDING)
@pytest.mark.parametrize("channels", [16, 50, 256])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_result_does_not_depend_on_the_number_of_threads(direction: str, channels: int, form: tuple[int, int]) -> None:
    case = Case(direction, 4, channels, channels, (13, 9), (1, 1), True, form=form)
    values = case.inputs()
    many = case.run(values)
    engine.set_num_threads(1)
    for a, b in zip(many, case.run(values), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.usefixtures("two_threads")
def test_a_kernel_outlives_a_change_of_the_number_of_threads() -> None:
    case = Case("convolution", 4, 32, 32, (16, 16), (1, 1), False)
    values = case.inputs()
    engine.set_num_threads(1)
    kernel = case.kernel()
    engine.set_num_threads(2)
    y = mx.nd.empty(case.outs[0])
    engine.invoke(kernel, [mx.nd.array(v) for v in values], [y])
    np.testing.assert_array_equal(y.asnumpy(), case.run(values)[0])


def implementation(
    direction: str,
    *,
    shape: tuple[int, ...] = (16, 64, 14, 14),
    dtype: str = "float32",
    taps: int = 3,
    pad: tuple[int, int] = (1, 1),
    **further: Any,
) -> str:
    """Which kernel a convolution with as many filters as channels gets by itself."""
    case = Case(direction, shape[0], shape[1], shape[1], shape[2:], pad, False, form=(2, taps))
    ins, outs = ([(s, dtype) for s in shapes] for shapes in (case.ins, case.outs))
    return engine.make_kernel(direction, engine.CPU, {**case.attrs, **further}, ins, outs).implementation


@pytest.mark.usefixtures("two_threads")
def test_added_gradients_do_not_depend_on_the_number_of_threads() -> None:
    case = Case("convolution_data_grad", 9, 20, 50, (12, 12), (0, 0), False, form=(2, 5), added=True)
    values = case.inputs()
    many = case.run(values)[0]
    engine.set_num_threads(1)
    np.testing.assert_array_equal(many, case.run(values)[0])


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_it_is_chosen_where_it_is_faster(direction: str) -> None:
    assert implementation(direction).endswith(":4x3")
    assert implementation(direction, shape=(16, 20, 14, 14)).endswith(":4x3")  # channels are filled up
    assert implementation(direction, shape=(1, 64, 14, 14)).endswith(":2x3")  # few tiles
    assert implementation(direction, taps=5, pad=(2, 2)).endswith(":2x5")
    added = "2x5:added" if direction == "convolution_data_grad" else "2x5"  # the data is larger than the result
    assert implementation(direction, shape=(64, 50, 12, 12), taps=5, pad=(0, 0)).endswith(added)
    assert not implementation(direction, winograd="never").startswith("winograd:")
    assert not implementation(direction, shape=(1, 512, 7, 7)).startswith("winograd:")  # weights weigh too much
    assert not implementation(direction, shape=(16, 15, 14, 14)).startswith("winograd:")  # channels
    assert not implementation(direction, shape=(64, 64, 5, 1)).startswith("winograd:")  # edges
    assert not implementation(direction, dtype="bfloat16").startswith("winograd:")
    assert not implementation(direction, dtype="float64", winograd="best").startswith("winograd:")


def test_residual_networks_use_it_in_all_directions() -> None:
    net = mx.sym.Variable("data")
    for i in range(2):
        net = mx.sym.Convolution(net, kernel=(3, 3), pad=(1, 1), num_filter=32, no_bias=True, name=f"conv{i}")
        net = mx.sym.Activation(mx.sym.BatchNorm(net, name=f"norm{i}"), act_type="relu")
    ex = net.simple_bind(mx.cpu(), data=(8, 32, 16, 16))
    lines = [line for line in ex.debug_str().splitlines() if "onvolution" in line]
    assert len(lines) == 6
    assert all("<winograd:" in line for line in lines)
