"""Transforms that move pixels: resizing methods, affine maps, padding, random windows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paratrain.io import native
from paratrain.io.augment import (
    AreaCrop,
    Augmenter,
    Crop,
    Fit,
    Jitter,
    Mirror,
    Normalise,
    Pad,
    Resize,
    SquareCrop,
    Warp,
)
from paratrain.io.augment.interpolation import chosen
from paratrain.io.augment.transform import transformed
from paratrain.io.decode import ImageError

edge = st.integers(1, 20)
method = st.integers(0, 4)
WHITE = 255


def image_of(height, width, channels=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


@given(height=edge, width=edge, rows=edge, columns=edge, how=method, c=st.sampled_from([1, 3, 4]))
def test_every_method_keeps_one_colour(height, width, rows, columns, how, c):
    image = np.full((height, width, c), 77, np.uint8)
    assert (native.resample(image, rows, columns, how) == 77).all()


@given(height=edge, width=edge, how=method)
def test_the_same_size_is_the_same_image(height, width, how):
    image = image_of(height, width)
    assert np.array_equal(native.resample(image, height, width, how), image)


def test_area_takes_means():
    image = image_of(12, 18)
    want = image.reshape(4, 3, 9, 2, 3).mean((1, 3))
    assert abs(native.resample(image, 4, 9, 3) - want).max() <= 0.5001


@given(top=st.integers(0, 5), left=st.integers(0, 5), how=method)
def test_part(top, left, how):
    image = image_of(14, 15)
    inside = np.ascontiguousarray(image[top : top + 8, left : left + 9])
    got = native.resample(image, 5, 13, how, (top, left, 8, 9))
    assert np.array_equal(got, native.resample(inside, 5, 13, how))


def test_chosen():
    assert chosen(9, (10, 10), (20, 20)) == 2
    assert chosen(9, (10, 10), (5, 5)) == 3
    assert chosen(9, (10, 10), (5, 20)) == 1
    assert {chosen(10, (1, 1), (2, 2), native.Chance(key)) for key in range(99)} == set(range(5))


class TestWarp:
    @given(quarter=st.integers(0, 3), size=edge, how=method)
    def test_quarter_turns_of_squares_are_exact(self, quarter, size, how):
        image = image_of(size, size)
        matrix = {0: (1, 0, 0, 0, 1, 0), 1: (0, -1, size - 1, 1, 0, 0), 2: (-1, 0, size - 1, 0, -1, size - 1),
                  3: (0, 1, 0, -1, 0, size - 1)}[quarter]  # fmt: skip
        assert np.array_equal(native.warp(image, matrix, size, size, how, 0), np.rot90(image, quarter))

    @given(dy=st.integers(-9, 9), dx=st.integers(-9, 9), how=method)
    def test_shifts_fill_what_is_left(self, dy, dx, how):
        image = image_of(6, 7)
        got = native.warp(image, (1, 0, dx, 0, 1, dy), 6, 7, how, 9)
        want = np.full_like(image, 9)
        for y in range(6):
            for x in range(7):
                if 0 <= y + dy < 6 and 0 <= x + dx < 7:
                    want[y, x] = image[y + dy, x + dx]
        assert np.array_equal(got, want)

    @settings(max_examples=200)
    @given(
        values=st.lists(st.floats(-1e12, 1e12), min_size=6, max_size=6), how=method, height=edge, width=edge,
        c=st.sampled_from([1, 3, 4]),
    )  # fmt: skip
    def test_any_matrix_is_safe(self, values, how, height, width, c):
        assert native.warp(image_of(height, width, c), values, 5, 6, how, 3).shape == (5, 6, c)

    def test_not_finite(self):
        with pytest.raises(ValueError, match="finite numbers"):
            native.warp(image_of(3, 3), (1, 0, np.nan, 0, 1, 0), 3, 3, 1, 0)

    def test_nothing_to_do_changes_nothing(self):
        image = image_of(9, 8)
        assert np.array_equal(Warp()(image), image)

    def test_angles_are_all_whole_degrees(self):
        image = image_of(16, 16)
        warp = Warp(rotate=(-2, 2))
        turned = {Warp(rotate=(angle, angle))(image).tobytes() for angle in range(-2, 3)}
        assert {warp(image, native.Chance(key)).tobytes() for key in range(80)} == turned

    def test_scale_and_limits_set_the_canvas(self):
        image = image_of(20, 30)
        assert Warp(scale=(0.5, 0.5))(image).shape == (10, 15, 3)
        assert Warp(scale=(0.5, 0.5), limits=(12, 100))(image).shape == (12, 15, 3)
        assert Warp(scale=(4, 4), limits=(0, 50))(image).shape == (50, 50, 3)


@given(height=edge, width=edge, size=st.integers(0, 5), fill=st.integers(0, 255), mirror=st.booleans())
def test_pad(height, width, size, fill, mirror):
    image = image_of(height, width)
    got = transformed(image, [Pad(size, fill), *([Mirror()] if mirror else [])])
    want = np.full((height + 2 * size, width + 2 * size, 3), fill, np.uint8)
    want[size : size + height, size : size + width] = image
    assert np.array_equal(got, want[:, ::-1] if mirror else want)


STEPS = [
    Resize(9), Resize(14, 2), Resize(7, 3), Pad(2, 5), Warp(rotate=(30, 30)), Warp(scale=(0.8, 1.2)), Mirror(),
    Crop(6, 5, random=True), AreaCrop(7, 8, (0.3, 0.9), (0.75, 1.33)), SquareCrop((3, 5), 6, 6, random=True),
    Fit(8, 9), Fit(8, 9, "fit"), Fit(30, 9, "shrink"),
]  # fmt: skip


def in_turn(image, steps, chance):
    for step in steps:
        image = step(image, chance)
    return image


@settings(max_examples=150)
@given(data=st.data(), height=st.integers(6, 20), width=st.integers(6, 20), key=st.integers(0, 2**32))
def test_any_sequence_is_one_after_the_other(data, height, width, key):
    """Whatever transforms follow one another, together they give what they give in turn, but for rounding.

    A square that does not fit, since a transform before it made the image smaller, is refused in both ways.
    """
    steps = data.draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=5))
    image = image_of(height, width)
    try:
        together = transformed(image, steps, native.Chance(key))
    except ImageError:
        with pytest.raises(ImageError, match="max_crop_size=5 is more than its"):
            in_turn(image, steps, native.Chance(key))
        return
    image = in_turn(image, steps, native.Chance(key))
    assert together.shape == image.shape
    assert abs(together.astype(int) - image).max() <= 2 * len(steps)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int8])
@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("jitter", [False, True])
def test_mean_image(dtype, mirror, jitter):
    """The mean is subtracted where its pixels are, mirrored or not."""
    image = image_of(5, 6)
    mean = np.random.default_rng(1).uniform(0, 255, (3, 5, 6)).astype(np.float32)
    steps = [*([Mirror()] if mirror else []), *([Jitter(brightness=1e-9)] if jitter else [])]
    out = np.empty((3, 5, 6), dtype)
    Augmenter([*steps, Normalise([0.0] * 4, [2.0] * 4, image=mean)]).place(image, out, native.Chance(0))
    want = (image.transpose(2, 0, 1) - mean) / 2
    want = want[:, :, ::-1] if mirror else want
    if dtype == np.int8:
        want = want.round().clip(-128, 127)
    np.testing.assert_allclose(out, want, rtol=2e-3 if dtype == np.float16 else 1e-5, atol=1e-3)


class TestRandomWindows:
    def test_area_and_proportions(self):
        """Red tells the row, green the column: the window is read from the result."""
        y, x = np.mgrid[:120, :120]
        image = np.stack([2 * y, 2 * x, 0 * x], -1).astype(np.uint8)
        crop = AreaCrop(60, 60, (0.2, 0.6), (1.5, 1.5))
        shares, ratios = [], []
        for key in range(400):
            out = crop(image, native.Chance(native.mix(key))).astype(float)
            tall = (out[55, 30, 0] - out[5, 30, 0]) / 2 * 60 / 50
            wide = (out[30, 55, 1] - out[30, 5, 1]) / 2 * 60 / 50
            shares.append(tall * wide / 120**2)
            ratios.append(wide / tall)
        assert 0.17 < min(shares) < 0.25
        assert 0.55 < max(shares) < 0.65
        assert abs(np.mean(shares) - 0.4) < 0.02
        ratios = np.array(ratios)
        assert abs((ratios > 1).mean() - 0.5) < 0.08
        assert (abs(np.maximum(ratios, 1 / ratios) - 1.5) < 0.15).all()

    def test_the_centre_where_no_window_fits(self):
        image = image_of(10, 12)
        crop = AreaCrop(4, 4, (2.0, 2.0))
        assert np.array_equal(crop(image), Crop(4, 4)(image))

    def test_square(self):
        y, x = np.mgrid[:40, :50]
        image = np.stack([5 * y, 5 * x, 0 * x], -1).astype(np.uint8)
        crop = SquareCrop((10, 13), 26, 26, random=True)
        edges = set()
        for key in range(200):
            out = crop(image, native.Chance(native.mix(key))).astype(float)
            edges.add(round((out[22, 9, 0] - out[3, 9, 0]) / 5 * 26 / 19))
        assert edges == {10, 11, 12, 13}
        with pytest.raises(ImageError, match="max_crop_size=13 is more than its 9 x 20 pixels"):
            crop(image_of(9, 20))


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Pad(-1), "size must not be negative"),
        (lambda: Pad(1, 256), "fill from 0 to 255"),
        (lambda: Fit(0, 4), "at least 1 pixel; got 0 and 4"),
        (lambda: SquareCrop((5, 4), 3, 3), "the greatest behind the least"),
        (lambda: AreaCrop(3, 3, (0.0, 1.0)), "both positive"),
        (lambda: Warp(scale=(0.0, 1.0)), "both positive"),
        (lambda: Warp(rotate=(2, 1)), "least, greatest"),
        (lambda: native.resample(image_of(3, 3), 0, 4, 1), "at least 1 x 1 pixel"),
        (lambda: native.resample(image_of(3, 3), 4, 4, 5), "method 0 to 4"),
        (lambda: native.resample(image_of(3, 3), 4, 4, 1, (0, 0, 4, 3)), "must lie inside"),
        (lambda: native.warp(image_of(3, 3), (1, 0, 0, 0, 1, 0), 3, 3, 1, 300), "fill 0 to 255"),
    ],
)
def test_wrong_settings(make, text):
    with pytest.raises(ValueError, match=text):
        make()
