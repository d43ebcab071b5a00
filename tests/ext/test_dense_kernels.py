"""The tiles for small fully connected layers against the plain kernels, in each instruction set."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import paratrain as mx
from paratrain.ext import engine

TILES = ("avx2", "avx512")
LENGTHS = st.integers(1, 70)


def arrays(rng: np.random.Generator, *shapes: tuple[int, ...]) -> list[Any]:
    """Arrays of random numbers."""
    return [mx.nd.array(rng.standard_normal(s).astype(np.float32)) for s in shapes]


def guarded(shape: tuple[int, ...]) -> tuple[Any, Any]:
    """An array, and a larger one that it lies in the middle of, filled with 7."""
    size = int(np.prod(shape))
    whole = mx.nd.full((size + 64,), 7.0)
    return whole[32 : 32 + size].reshape(shape), whole


def run(name: str, ins: list[Any], shapes: list[tuple[int, ...]], **how: Any) -> list[np.ndarray]:
    """Run a kernel; nothing around its outputs may change."""
    attrs = {key: how[key] for key in ("tiles", "act", "a_min", "a_max") if key in how}
    outs, wholes = zip(*[guarded(s) for s in shapes], strict=True)
    kernel = engine.make_kernel(
        name, engine.CPU, attrs, [x.desc for x in ins], [o.desc for o in outs], plain=how.get("plain", False)
    )
    if "tiles" in how and kernel.implementation != f"tiles:{how['tiles']}":
        pytest.skip(f"this processor has no {how['tiles']}")
    engine.invoke(kernel, ins, list(outs))
    for whole in wholes:
        around = np.concatenate([whole.asnumpy()[:32], whole.asnumpy()[-32:]])
        assert (around == 7).all()
    return [o.asnumpy() for o in outs]


def cases(rng: np.random.Generator, rows: int, units: int, inner: int, bias: bool) -> dict[str, tuple]:
    """Inputs and shapes of outputs of each kernel of a layer."""
    x, w, b, dy = arrays(rng, (rows, inner), (units, inner), (units,), (rows, units))
    return {
        "fully_connected": ([x, w, b] if bias else [x, w], [(rows, units)]),
        "fully_connected_data_grad": ([dy, w, x], [(rows, inner)]),
        "fully_connected_weight_grad": ([dy, x], [(units, inner), (units,)] if bias else [(units, inner)]),
    }


@pytest.mark.parametrize("tiles", TILES)
@given(LENGTHS, LENGTHS, LENGTHS, st.booleans(), st.integers(0, 2**31))
@settings(max_examples=40)
def test_tiles_agree_with_plain_kernels(tiles: str, rows: int, units: int, inner: int, bias: bool, seed: int) -> None:
    for name, (ins, shapes) in cases(np.random.default_rng(seed), rows, units, inner, bias).items():
        found, wanted = run(name, ins, shapes, tiles=tiles), run(name, ins, shapes, plain=True)
        for mine, plain in zip(found, wanted, strict=True):
            np.testing.assert_allclose(mine, plain, rtol=1e-4, atol=1e-4, err_msg=name)


@pytest.mark.parametrize("tiles", TILES)
@pytest.mark.parametrize("act", ["none", "relu", "clip", "tanh", "sigmoid"])
def test_an_activation_is_computed_along(tiles: str, act: str) -> None:
    ins = arrays(np.random.default_rng(0), (67, 40), (35, 40), (35,))
    how = {"act": act, "a_min": -1.0, "a_max": 2.0}
    found, wanted = (
        run("fully_connected_act", ins, [(67, 35)], **how, **k)[0] for k in ({"tiles": tiles}, {"plain": True})
    )
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("tiles", TILES)
@pytest.mark.parametrize("shape", [(64, 128, 784), (130, 67, 300)])
def test_thread_count_does_not_show(tiles: str, shape: tuple[int, int, int]) -> None:
    found = {}
    threads = engine.get_num_threads()
    for n in (1, 2, 3):
        engine.set_num_threads(n)
        try:
            each = cases(np.random.default_rng(3), *shape, True)
            found[n] = [run(name, ins, shapes, tiles=tiles) for name, (ins, shapes) in each.items()]
        finally:
            engine.set_num_threads(threads)
    for n in (2, 3):
        for one, many in zip(found[1], found[n], strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(one, many, strict=True))


def test_large_layers_stay_with_the_library() -> None:
    descs = [((1120, 200), "float32"), ((10000, 200), "float32")]
    kernel = engine.make_kernel("fully_connected", engine.CPU, {}, descs, [((1120, 10000), "float32")])
    assert kernel.implementation.startswith("dnnl")


def test_other_types_have_the_plain_kernel() -> None:
    descs = [((4, 5), "float64"), ((3, 5), "float64")]
    kernel = engine.make_kernel("fully_connected", engine.CPU, {}, descs, [((4, 3), "float64")])
    assert kernel.implementation == "plain"
