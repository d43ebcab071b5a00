"""Changes of colours against plain NumPy, and the distribution of the random ones."""

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain.io import native
from paratrain.io.augment import Augmenter, Contrast, Jitter, Lighting, Normalise, ShiftHLS
from paratrain.io.augment import colour as tints
from paratrain.io.augment.colour import Colour, Tint

NONE = ([1.0] * 4, [0.0] * 4)
tint = st.one_of(
    st.builds(tints.brightness, st.floats(0.2, 2)),
    st.builds(tints.contrast, st.floats(0.2, 2)),
    st.builds(tints.saturation, st.floats(0, 2)),
    st.builds(tints.hue, st.floats(-1, 1)),
    st.builds(tints.lighting, st.tuples(*[st.floats(-0.3, 0.3)] * 3)),
)


def image_of(height, width, channels=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


def applied(image, program, dtype=np.uint8):
    planes = np.ascontiguousarray(image.transpose(2, 0, 1))
    out = np.empty(planes.shape, dtype)
    program.apply(planes, *NONE, out)
    return out.transpose(1, 2, 0)


@given(first=tint, second=tint, height=st.integers(1, 30), width=st.integers(1, 40))
def test_tints_together_are_one_after_the_other(first, second, height, width):
    image = image_of(height, width)
    want = second.of(first.of(image.astype(np.float32)))
    got = applied(image, Colour([first, second]), np.float32)
    np.testing.assert_allclose(got, want.clip(0, 255).round(), atol=1.01)
    assert (abs(got - want.clip(0, 255).round()) < 0.01).mean() > 0.97  # others are at the edge of rounding


def test_what_the_tints_are():
    image = image_of(5, 6).astype(np.float32)
    grey = image @ np.array(tints.BRIGHTNESS, np.float32)
    np.testing.assert_allclose(tints.brightness(1.5).of(image), 1.5 * image, rtol=1e-5)
    np.testing.assert_allclose(tints.contrast(0.3).of(image), 0.3 * image + 0.7 * grey.mean(), rtol=1e-4)
    np.testing.assert_allclose(tints.saturation(0.3).of(image), 0.3 * image + 0.7 * grey[..., None], rtol=1e-4)
    np.testing.assert_allclose(tints.grey((0.2, 0.3, 0.5)).of(image)[..., 0], image @ [0.2, 0.3, 0.5], rtol=1e-5)
    np.testing.assert_allclose(tints.hue(2.0).of(image), tints.hue(0.0).of(image), atol=0.01)  # all the way round
    np.testing.assert_allclose(tints.lighting((1, 0, 0)).of(image) - image, np.full(image.shape, -32.0), atol=1.0)


@given(hls=st.tuples(st.floats(-40, 40), st.floats(-60, 60), st.floats(-60, 60)), key=st.integers(0, 99))
def test_shift_against_the_standard_library(hls, key):
    image = image_of(3, 4, seed=key)
    h, l_shift, s_shift = hls
    got = applied(image, Colour(hls=hls)).reshape(-1, 3)
    for pixel, have in zip(image.reshape(-1, 3), got, strict=True):
        hue, light, sat = colorsys.rgb_to_hls(*(pixel / 255))
        hue = min(max(hue * 180 + h, 0), 180) / 180
        light, sat = (min(max(value * 255 + d, 0), 255) / 255 for value, d in ((light, l_shift), (sat, s_shift)))
        want = np.array(colorsys.hls_to_rgb(hue, light, sat)) * 255
        assert abs(have - want).max() < 1.0


def test_no_shift_changes_nothing():
    image = image_of(40, 30)
    assert abs(applied(image, Colour(hls=(0.0, 0.0, 0.0))).astype(int) - image).max() <= 1


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int8, np.uint8])
def test_alpha_stays_and_grey_is_one_channel(dtype):
    limit = 127 if dtype == np.int8 else 255
    image = image_of(20, 31, 4)
    out = applied(image, Colour([tints.brightness(0.5)], (3.0, 4.0, 5.0)), dtype)
    assert np.array_equal(out[..., 3], image[..., 3].clip(0, limit))
    grey = image_of(20, 31, 1)
    out = applied(grey, Colour([tints.brightness(0.5)]), dtype)
    assert np.array_equal(out, np.round(grey * 0.5).clip(0, limit))


def test_wrong_places():
    planes = np.zeros((3, 4, 5), np.uint8)
    with pytest.raises(ValueError, match="do not fit the place"):
        native.colour(planes, [], None, [], *NONE, np.empty((3, 5, 4), np.uint8))
    with pytest.raises(TypeError, match="float32, float16, int8 or uint8; got float64"):
        native.colour(planes, [], None, [], *NONE, np.empty((3, 4, 5)))


def many(transform, count=2000, pixel=(200, 20, 60)):
    """What a transform makes of one pixel, many times."""
    image = np.full((1, 1, 3), pixel, np.uint8)
    out = np.empty((count, 3, 1, 1), np.float32)
    for key in range(count):
        Augmenter([transform]).place(image, out[key], native.Chance(native.mix(key)))
    return out[:, :, 0, 0]


class TestDistributions:
    def test_brightness_is_uniform(self):
        factors = many(Jitter(brightness=0.25))[:, 0] / 200
        assert factors.min() >= 0.745
        assert factors.max() <= 1.255
        counts, _ = np.histogram(factors, 5, (0.75, 1.25))
        assert abs(counts - 400).max() < 90

    def test_the_order_of_the_jitter_is_random(self):
        """All six orders of the three occur."""
        seen = set()
        for key in range(60):
            view = Augmenter([Jitter(0.1, 0.2, 0.3)]).view(4, 5, native.Chance(native.mix(key)))
            seen.add(tuple(kind(tint) for tint in view.colour.before))
        assert len(seen) == 6

    def test_hue_is_limited_not_turned_round(self):
        """As in MXNet: nearly red colours stay red when their hue would fall below 0 or rise above 180."""
        out = many(ShiftHLS(hue=90))
        assert 0.4 < (out == (200, 20, 20)).all(1).mean() < 0.6

    @pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
    def test_probability(self, probability):
        changed = (many(ShiftHLS(lightness=60, probability=(0, probability, 0))) != (200, 20, 60)).any(1).mean()
        assert abs(changed - probability) < 0.05
        changed = (many(Contrast(0.5, probability)) != (200, 20, 60)).any(1).mean()
        assert abs(changed - probability) < 0.05

    def test_noise_has_the_covariance_of_colours(self):
        out = many(Lighting(0.3), 4000, (128, 128, 128)) - 128
        vectors, values = np.array(tints.EIGENVECTORS), np.array(tints.EIGENVALUES)
        want = (vectors * (0.3 * values) ** 2) @ vectors.T
        assert abs(out.mean(0)).max() < 1.0
        np.testing.assert_allclose(np.cov(out.T), want, rtol=0.1, atol=0.2)

    def test_normal_numbers(self):
        chance = native.Chance(5)
        drawn = np.array([chance.normal() for _ in range(20000)])
        assert abs(drawn.mean()) < 0.03
        assert abs(drawn.std() - 1) < 0.03
        assert abs((abs(drawn) < 1).mean() - 0.683) < 0.02

    def test_random_contrast_and_illumination(self):
        out = many(Normalise([10.0] * 4, [2.0] * 4, 0.5, contrast=0.2, illumination=8.0))
        factor = (out[:, 0] - out[:, 1]) / 180 * 4
        light = out[:, 0] * 4 - (200 - 10) * factor
        assert abs(factor.mean() - 1) < 0.02
        assert (factor.min() > 0.79, factor.max() < 1.21) == (True, True)
        assert abs(light.mean()) < 0.5
        assert (light.min() > -8.1, light.max() < 8.1) == (True, True)


def kind(tint: Tint) -> str:
    """Which of the three jitters made a tint."""
    return "contrast" if tint.grey else "saturation" if tint.matrix[0][1] else "brightness"


def test_wrong_settings():
    with pytest.raises(ValueError, match="must not be negative"):
        Jitter(-0.1)
