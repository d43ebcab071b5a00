"""Operators on images: random ones, and colours against formulas."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

import paratrain as mx

image = mx.nd.image


def picture(dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (5, 4, 3)).astype(dtype)


def changed(name: str, dtype: str, factor: float) -> np.ndarray:
    return getattr(image, name)(mx.nd.array(picture(dtype), dtype=dtype), factor, factor).asnumpy()


def stored(x: np.ndarray, dtype: str) -> np.ndarray:
    return np.floor(np.clip(x, 0, 255)) if dtype == "uint8" else x


GRAY = np.array([0.299, 0.587, 0.114])


@pytest.mark.parametrize("dtype", ["float32", "uint8"])
@pytest.mark.parametrize("factor", [0.3, 1.7])
def test_changes_of_colours(dtype: str, factor: float) -> None:
    x = picture().astype(float)
    gray = x @ GRAY
    for name, want in (
        ("random_brightness", x * factor),
        ("random_contrast", x * factor + (1 - factor) * gray.mean()),
        ("random_saturation", x * factor + (1 - factor) * gray[..., None]),
    ):
        got = changed(name, dtype, factor)
        # where a sum lies next to a whole number, cutting off may go either way
        np.testing.assert_allclose(got, stored(want, dtype), 1e-5, 1.0 if dtype == "uint8" else 1e-3, err_msg=name)


@pytest.mark.parametrize("factor", [0.1, 0.3, 0.95, 1.0, 2.5])
def test_hue_turns_around_the_circle(factor: float) -> None:
    want = []
    for r, g, b in picture().reshape(-1, 3) / 255:
        hue, lightness, saturation = colorsys.rgb_to_hls(r, g, b)
        want.append(np.multiply(colorsys.hls_to_rgb((hue + factor) % 1, lightness, saturation), 255))
    np.testing.assert_allclose(changed("random_hue", "float32", factor).reshape(-1, 3), want, 1e-4, 1e-2)


def test_factors_are_within_their_bounds_and_differ() -> None:
    mx.random.seed(5)
    drawn = [float(image.random_brightness(mx.nd.ones((1, 1, 3)), 0.5, 1.5).asnumpy()[0, 0, 0]) for _ in range(200)]
    assert 0.5 <= min(drawn) < 0.55
    assert 1.45 < max(drawn) <= 1.5
    assert len(set(drawn)) > 190


def test_seeds_repeat_what_is_drawn() -> None:
    x, drawn = mx.nd.array(picture()), []
    for _ in range(2):
        mx.random.seed(9)
        drawn.append(image.random_color_jitter(x, 0.4, 0.4, 0.4, 0.4).asnumpy())
    np.testing.assert_array_equal(*drawn)
    assert np.abs(drawn[0] - picture()).max() > 1


def test_lighting_noise_has_its_deviation() -> None:
    mx.random.seed(1)
    shifts = np.array([image.random_lighting(mx.nd.zeros((1, 1, 3)), 0.1).asnumpy().ravel() for _ in range(400)])
    assert np.abs(shifts.mean(0)).max() < 1.5
    np.testing.assert_allclose(shifts.std(0), 55.46 * 0.1 * np.array([0.5675, 0.5808, 0.5836]), 0.2)


@pytest.mark.parametrize(("name", "axis"), [("left_right", 1), ("top_bottom", 0)])
def test_half_of_the_images_are_flipped_and_gradients_go_back(name: str, axis: int) -> None:
    mx.random.seed(2)
    x, head, flips = picture(), np.arange(60.0).reshape(5, 4, 3), 0
    for _ in range(100):
        a = mx.nd.array(x)
        a.attach_grad()
        with mx.autograd.record():
            y = getattr(image, f"random_flip_{name}")(a)
        y.backward(mx.nd.array(head))
        flipped = not np.array_equal(y.asnumpy(), x)
        flips += flipped
        np.testing.assert_array_equal(y.asnumpy(), np.flip(x, axis) if flipped else x)
        np.testing.assert_array_equal(a.grad.asnumpy(), np.flip(head, axis) if flipped else head)
    assert 30 < flips < 70


@pytest.mark.parametrize("interp", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_resizing_keeps_a_constant_image(interp: int, dtype: str) -> None:
    x = mx.nd.ones((2, 6, 4, 3), dtype=dtype) * 117
    for size in ((3, 5), (4, 6), (9, 2), (2, 3)):
        y = image.resize(x, size=size, interp=interp).asnumpy()
        assert y.shape == (2, size[1], size[0], 3)
        np.testing.assert_allclose(y, 117, 1e-5)


def test_size_of_the_short_edge() -> None:
    for shape, want in (((5, 17, 3), (3, 10, 3)), ((17, 5, 3), (10, 3, 3)), ((2, 8, 6, 3), (2, 4, 3, 3))):
        assert image.resize(mx.nd.zeros(shape), size=3, keep_ratio=True).shape == want
