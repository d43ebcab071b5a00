"""Decoding of all kinds of images, and of what is none."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from paratrain.io.decode import ImageError, decode, imdecode

RGB = np.random.default_rng(0).integers(0, 256, (8, 6, 3), dtype=np.uint8)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def smooth():
    """An image that JPEG keeps nearly as it is."""
    y, x = np.mgrid[0:16, 0:16]
    return np.stack([y * 8, x * 8, y * 4 + x * 4], axis=2).astype(np.uint8)


def with_palette():
    return Image.fromarray(smooth()).quantize(255)


def rotated():
    """A JPEG that says it is to be turned by 90 degrees."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(Image.fromarray(smooth()), "JPEG", quality=95, exif=exif)


KINDS = {
    "png": (lambda: saved(Image.fromarray(RGB), "PNG"), RGB, 0),
    "bmp": (lambda: saved(Image.fromarray(RGB), "BMP"), RGB, 0),
    "jpeg": (lambda: saved(Image.fromarray(smooth()), "JPEG", quality=95), smooth(), 6),
    "progressive": (lambda: saved(Image.fromarray(smooth()), "JPEG", quality=95, progressive=True), smooth(), 6),
    "cmyk": (lambda: saved(Image.fromarray(smooth()).convert("CMYK"), "JPEG", quality=95), smooth(), 12),
    "alpha": (lambda: saved(Image.fromarray(RGB).convert("RGBA"), "PNG"), RGB, 0),
    "palette": (lambda: saved(with_palette(), "PNG"), np.asarray(with_palette().convert("RGB")), 0),
    "grey": (lambda: saved(Image.fromarray(RGB[:, :, 0]), "PNG"), RGB[:, :, :1].repeat(3, 2), 0),
    "16 bits": (
        lambda: saved(Image.fromarray(RGB[:, :, 0].astype(np.uint16) << 8), "PNG"),
        RGB[:, :, :1].repeat(3, 2),
        0,
    ),
    "one bit": (
        lambda: saved(Image.fromarray(RGB[:, :, 0] > 99), "PNG"),
        np.where(RGB[:, :, :1] > 99, 255, 0).repeat(3, 2),
        0,
    ),
    "animated": (
        lambda: saved(
            Image.fromarray(RGB[:, :, 0]), "GIF", save_all=True, append_images=[Image.fromarray(RGB[:, :, 1])]
        ),
        RGB[:, :, :1].repeat(3, 2),
        0,
    ),
    "exif": (rotated, np.rot90(smooth(), -1), 6),
}


@pytest.mark.parametrize("kind", KINDS)
def test_colour(kind):
    make, want, tolerance = KINDS[kind]
    got = decode(make(), 3)
    assert got.dtype == np.uint8
    assert got.shape == want.shape
    assert abs(got.astype(int) - want).max() <= tolerance


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channels", [1, 4])
def test_other_channels(kind, channels):
    make, want, _ = KINDS[kind]
    assert decode(make(), channels).shape == (*want.shape[:2], channels)


def test_as_it_is():
    assert imdecode(KINDS["grey"][0]()).shape == (8, 6)
    assert imdecode(KINDS["alpha"][0]()).shape == (8, 6, 4)
    assert np.array_equal(imdecode(KINDS["png"][0]()), RGB[:, :, ::-1])


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "the image has no bytes"),
        (b"hello, world", r"not an image in a known format \(begins with 68 65 6c 6c 6f 2c 20 77\)"),
        (saved(Image.fromarray(smooth()), "JPEG")[:300], "(?i)truncated"),
        (saved(Image.fromarray(RGB), "PNG")[:60], "OSError|SyntaxError"),
    ],
)
def test_damaged(data, text):
    with pytest.raises(ImageError, match=text):
        decode(data, 3)


def test_colours_that_cannot_be_converted():
    with pytest.raises(ImageError, match=r"conversion from LAB to .* not supported"):
        decode(saved(Image.new("LAB", (4, 4)), "TIFF"), 1)


@given(data=st.data())
def test_flipped_bytes_give_an_image_or_an_error(data):
    content = bytearray(saved(Image.fromarray(smooth()), data.draw(st.sampled_from(["PNG", "JPEG"]))))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        got = decode(bytes(content), 3)
    except ImageError:
        return
    assert got.ndim == 3
    assert got.shape[2] == 3
