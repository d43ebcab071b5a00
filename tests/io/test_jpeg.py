"""The JPEG decoder: the pixels of libjpeg-turbo (by way of Pillow), parts of images, what is for Pillow, damage."""

import io
import struct

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from paratrain.io import native
from paratrain.io.errors import RecordError

SAMPLINGS = ["4:4:4", "4:2:2", "4:2:0"]


def saved(pixels, **options):
    out = io.BytesIO()
    Image.fromarray(pixels if pixels.ndim == 2 or pixels.shape[2] > 1 else pixels[:, :, 0]).save(out, "JPEG", **options)
    return out.getvalue()


def by_pillow(data, mode="RGB"):
    return np.asarray(Image.open(io.BytesIO(data)).convert(mode))


def decoded(data, channels=3, box=None):
    return native.JpegDecoder().decode(data, channels, box)


def noise(rng, h, w, c):
    return rng.integers(0, 256, (h, w, c))


def extremes(rng, h, w, c):
    return np.where(rng.random((h, w, c)) < 0.5, 0, 255)


def waves(rng, h, w, c):
    y, x = np.mgrid[0:h, 0:w]
    return np.stack([128 + 120 * np.sin(y * rng.random() + x * rng.random()) for _ in range(c)], axis=2)


def flat(rng, h, w, c):
    return np.broadcast_to(rng.integers(0, 256, c), (h, w, c))


@st.composite
def pictures(draw, edge=70):
    """Pixels, and options to save them with."""
    kind = draw(st.sampled_from([noise, extremes, waves, flat]))
    height, width = draw(st.integers(1, edge)), draw(st.integers(1, edge))
    channels = draw(st.sampled_from([1, 3]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    pixels = kind(rng, height, width, channels).astype(np.uint8)
    options = {
        "quality": draw(st.integers(1, 100)),
        "subsampling": draw(st.sampled_from(SAMPLINGS)),
        "optimize": draw(st.booleans()),
        "restart_marker_blocks": draw(st.sampled_from([0, 0, 1, 2, 7])),
        "restart_marker_rows": draw(st.sampled_from([0, 0, 1])),
    }
    return pixels, options


def read_here(pixels, options):
    """Whether the sampling is one that is left to Pillow: narrow images have no triangle filter."""
    return pixels.shape[2] == 1 or options["subsampling"] == "4:4:4" or pixels.shape[1] > 4


@settings(max_examples=300)
@given(picture=pictures())
def test_the_pixels_of_libjpeg_turbo(picture):
    pixels, options = picture
    data = saved(pixels, **options)
    got = decoded(data)
    assert (got is not None) == read_here(pixels, options)
    if got is not None:
        assert np.array_equal(got, by_pillow(data))


@settings(max_examples=200)
@given(picture=pictures(), data=st.data())
def test_parts(picture, data):
    pixels, options = picture
    assume(read_here(pixels, options))
    height, width = pixels.shape[:2]
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    bottom, right = data.draw(st.integers(top + 1, height)), data.draw(st.integers(left + 1, width))
    file = saved(pixels, **options)
    got = decoded(file, box=(top, left, bottom, right))
    assert np.array_equal(got, by_pillow(file)[top:bottom, left:right])


def test_one_decoder_reads_many_kinds():
    """What it keeps from one image (tables, memory) does not show in the next."""
    decoder = native.JpegDecoder()
    rng = np.random.default_rng(0)
    for number in range(60):
        height, width = rng.integers(5, 200, 2)
        pixels = noise(rng, height, width, 3).astype(np.uint8) // (1 + number % 7)
        data = saved(pixels, quality=int(rng.integers(1, 101)), subsampling=SAMPLINGS[number % 3], optimize=number % 2)
        if number % 5 == 0:
            with pytest.raises(RecordError, match="truncated"):
                decoder.decode(data[:-10], 3)
        assert np.array_equal(decoder.decode(data, 3), by_pillow(data))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@settings(max_examples=50)
@given(picture=pictures())
def test_grey_and_alpha(mode, picture):
    pixels, options = picture
    assume(read_here(pixels, options))
    data = saved(pixels, **options)
    want = by_pillow(data, mode)
    assert np.array_equal(decoded(data, len(mode)), want if want.ndim == 3 else want[:, :, None])


@pytest.mark.parametrize("subsampling", SAMPLINGS)
def test_large(subsampling):
    """More columns and rows than any buffer has to begin with, and coefficients of all lengths."""
    rng = np.random.default_rng(1)
    pixels = np.repeat(np.repeat(noise(rng, 60, 101, 3), 20, axis=0), 19, axis=1).astype(np.uint8)
    data = saved(pixels, quality=100, subsampling=subsampling)
    assert np.array_equal(decoded(data), by_pillow(data))


COLOUR = waves(np.random.default_rng(2), 40, 50, 3).astype(np.uint8)


def with_orientation(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return saved(COLOUR, exif=exif)


def with_size(height, width):
    data = bytearray(saved(COLOUR))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def cmyk():
    out = io.BytesIO()
    Image.fromarray(COLOUR).convert("CMYK").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"\xff\xd8",
        lambda: b"\x89PNG\r\n\x1a\n",
        lambda: saved(COLOUR, progressive=True),
        lambda: saved(COLOUR, keep_rgb=True),
        cmyk,
        lambda: with_orientation(6),
        lambda: with_size(0, 50),
        lambda: with_size(65500, 65500),
        lambda: saved(COLOUR).replace(b"\xff\xc0", b"\xff\xc9"),  # arithmetic coding
        lambda: saved(COLOUR).replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c"),  # 12 bits
        lambda: saved(COLOUR, subsampling="4:2:0").replace(b"\x01\x22\x00", b"\x01\x12\x00"),  # 4:4:0
    ],
)
def test_left_to_others(make):
    assert decoded(make()) is None


def test_upright_by_exif():
    data = with_orientation(1)
    assert np.array_equal(decoded(data), by_pillow(data))


@pytest.mark.parametrize("channels", [0, 2, 5])
def test_other_channels(channels):
    with pytest.raises(ValueError, match=f"channels must be 1, 3 or 4; got {channels}"):
        decoded(saved(COLOUR), channels)


@pytest.mark.parametrize("box", [(0, 0, 41, 50), (0, 0, 40, 51), (-1, 0, 4, 4), (5, 5, 5, 9), (5, 5, 9, 5)])
def test_part_outside(box):
    with pytest.raises(ValueError, match="box must lie inside the image of 40 x 50 pixels"):
        decoded(saved(COLOUR), box=box)


def test_cut_off_anywhere():
    """An error, never grey pixels; before the first scan, Pillow is asked, which raises too."""
    data = saved(COLOUR, quality=50)
    scan = data.index(b"\xff\xda") + 14
    for size in range(len(data)):
        if size < scan:
            assert decoded(data[:size]) is None
            continue
        with pytest.raises(RecordError, match=rf"damaged JPEG: it is truncated: .* byte {size}"):
            decoded(data[:size], box=(0, 0, 1, 1))  # although that part is there


def test_data_that_end_too_early():
    data = saved(COLOUR, quality=90)
    with pytest.raises(RecordError, match=r"the data end too early at byte \d+"):
        decoded(data[:-200] + b"\xff\xd9")


def test_more_rows_than_data():
    with pytest.raises(RecordError, match=r"the data end too early at byte \d+"):
        decoded(with_size(1300, 50))


def test_restart_markers_out_of_turn():
    data = saved(COLOUR, restart_marker_rows=1)
    at = data.index(b"\xff\xd1")
    assert np.array_equal(decoded(data), by_pillow(data))
    with pytest.raises(RecordError, match=rf"a restart marker out of turn at byte {at}"):
        decoded(data[:at] + b"\xff\xd3" + data[at + 2 :])
    without = saved(COLOUR)
    with pytest.raises(RecordError, match="a restart marker out of turn"):
        decoded(without[:-20] + b"\xff\xd0" + without[-20:])


def test_code_that_does_not_exist():
    data = saved(COLOUR)
    scan = data.index(b"\xff\xda") + 14
    with pytest.raises(RecordError, match=r"an invalid code at byte \d+"):
        decoded(data[:scan] + b"\xff\x00" * 40 + data[scan + 80 :])


@settings(max_examples=500)
@given(picture=pictures(40), data=st.data())
def test_flipped_bytes(picture, data):
    """Pixels, an error, or nothing; never a crash. (Run with AddressSanitizer too: make asan.)"""
    pixels, options = picture
    content = bytearray(saved(pixels, **options))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.sampled_from([len(content)] * 4 + [len(content) // 2]))]
    try:
        got = decoded(bytes(content))
    except RecordError:
        return
    if got is not None:
        assert got.shape[2] == 3
