"""Transforms against plain NumPy, alone and together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain.io import native
from paratrain.io.augment import Augmenter, Crop, Mirror, Normalise, Resize, Transform

edge = st.integers(1, 24)
channels = st.sampled_from([1, 3, 4])


def image_of(height, width, channels, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


def bilinear(image, height, width):
    """Bilinear between pixel centres, in floating point."""
    taps = []
    for new, old in ((height, image.shape[0]), (width, image.shape[1])):
        at = ((np.arange(new) + 0.5) * old / new - 0.5).clip(0, old - 1)
        near = np.floor(at).astype(int)
        taps.append((near, np.minimum(near + 1, old - 1), at - near))
    (y0, y1, wy), (x0, x1, wx) = taps
    rows = image[y0] * (1 - wy)[:, None, None] + image[y1] * wy[:, None, None]
    return rows[:, x0] * (1 - wx)[None, :, None] + rows[:, x1] * wx[None, :, None]


@given(height=edge, width=edge, size=edge, c=channels)
def test_resize(height, width, size, c):
    image = image_of(height, width, c)
    shape = (size, width * size // height) if height < width else (height * size // width, size)
    out = Resize(size)(image)
    assert out.shape == (*shape, c)
    assert abs(out - bilinear(image, *shape)).max() <= 0.6  # rounding, and weights of 11 bits


@given(height=edge, width=edge, rows=edge, columns=edge, c=channels)
def test_crop_from_the_centre(height, width, rows, columns, c):
    image = image_of(height, width, c)
    out = Crop(rows, columns)(image)
    assert out.shape == (rows, columns, c)
    if rows <= height and columns <= width:
        top, left = (height - rows) // 2, (width - columns) // 2
        assert np.array_equal(out, image[top : top + rows, left : left + columns])


def test_random_crops_reach_every_place():
    image = np.arange(30, dtype=np.uint8).reshape(5, 6, 1)
    crop = Crop(2, 3, random=True)
    corners = {int(crop(image, native.Chance(key))[0, 0, 0]) for key in range(300)}
    assert corners == {6 * y + x for y in range(4) for x in range(4)}


@given(height=edge, width=edge, c=channels)
def test_mirror(height, width, c):
    image = image_of(height, width, c)
    assert np.array_equal(Mirror()(image), image[:, ::-1])


def test_random_mirror_is_even():
    image = image_of(2, 3, 1)
    mirrored = [not np.array_equal(Mirror(random=True)(image, native.Chance(key)), image) for key in range(2000)]
    assert abs(sum(mirrored) - 1000) < 150


@given(c=channels, scale=st.sampled_from([1.0, 0.5, 1 / 255]))
def test_normalise(c, scale):
    image = image_of(5, 4, c)
    mean, std = [10.0, 20.0, 30.0, 40.0], [1.0, 2.0, 4.0, 8.0]
    out = Normalise(mean, std, scale)(image, dtype=np.float32)
    np.testing.assert_allclose(out, (image - np.array(mean[:c])) / std[:c] * scale, rtol=1e-5, atol=1e-4)


@given(height=edge, width=edge, size=edge, rows=edge, columns=edge, c=channels, key=st.integers(0, 2**64 - 1))
def test_together_is_one_after_the_other(height, width, size, rows, columns, c, key):
    """Without resizing twice, the one pass gives what the transforms give in turn."""
    rows, columns = min(rows, size), min(columns, size)
    steps: list[Transform] = [Resize(size), Crop(rows, columns, random=True), Mirror(random=True)]
    image = image_of(height, width, c)
    once = np.empty((c, rows, columns), np.uint8)
    Augmenter(steps).place(image, once, native.Chance(key))
    chance = native.Chance(key)
    for step in steps:
        image = step(image, chance)
    assert np.array_equal(once, image.transpose(2, 0, 1))


def test_signed_bytes_are_limited():
    image = np.array([0, 100, 127, 128, 255], np.uint8).reshape(1, 5, 1)
    out = np.empty((1, 1, 5), np.int8)
    Augmenter([]).place(image, out, native.Chance(0))
    assert out.reshape(-1).tolist() == [0, 100, 127, 127, 127]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Resize(0), r"\[Resize\] size must be at least 1 pixel; got 0"),
        (lambda: Crop(0, 3), r"\[Crop\] height and width must be at least 1 pixel; got 0 and 3"),
        (lambda: Normalise([0.0], [0.0]), r"\[Normalise\] std must not be 0"),
    ],
)
def test_wrong_settings(make, text):
    with pytest.raises(ValueError, match=text):
        make()


class TestPlace:
    """The native pass refuses what would reach outside of its arrays."""

    image = image_of(4, 5, 3)

    @pytest.mark.parametrize(
        ("window", "shape"),
        [
            ((4, 5, 1, 0, False), (3, 4, 5)),
            ((4, 5, 0, 1, False), (3, 4, 5)),
            ((4, 5, -1, 0, False), (3, 2, 2)),
            ((3, 3, 0, 0, False), (3, 4, 3)),
        ],
    )
    def test_window_outside(self, window, shape):
        with pytest.raises(ValueError, match="window must lie inside"):
            native.produce(self.image, window, [1.0] * 4, [0.0] * 4, np.empty(shape, np.float32))

    def test_other_channels(self):
        with pytest.raises(ValueError, match="does not fit the place"):
            native.produce(self.image, (4, 5, 0, 0, False), [1.0] * 4, [0.0] * 4, np.empty((1, 4, 5), np.float32))

    def test_other_type(self):
        with pytest.raises(TypeError, match="float32, float16, int8 or uint8; got float64"):
            native.produce(self.image, (4, 5, 0, 0, False), [1.0] * 4, [0.0] * 4, np.empty((3, 4, 5)))
