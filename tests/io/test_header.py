"""Headers of records: pack, unpack, and images in records."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain import MXNetError, recordio
from paratrain.recordio import IRHeader, pack, pack_img, unpack, unpack_img

floats = st.floats(width=32, allow_nan=False)
ids = st.integers(0, 2**64 - 1)


@given(label=floats, one=ids, two=ids, data=st.binary())
def test_one_label(label, one, two, data):
    assert unpack(pack(IRHeader(0, label, one, two), data)) == (IRHeader(0, label, one, two), data)


@given(labels=st.lists(floats, min_size=1, max_size=20), one=ids, data=st.binary())
def test_several_labels(labels, one, data):
    header, back = unpack(pack(IRHeader(0, labels, one, 0), data))
    assert (header.flag, header.id, back) == (len(labels), one, data)
    assert header.label.dtype == np.float32
    assert header.label.tolist() == labels


@given(data=st.binary(max_size=60))
def test_any_bytes_give_a_header_or_an_error(data):
    needed = 24 + 4 * int.from_bytes(data[:4], "little") if len(data) >= 24 else 24
    if len(data) < needed:
        with pytest.raises(MXNetError, match="has at least"):
            unpack(data)
    else:
        assert unpack(data)[1] == data[needed:]


@pytest.mark.parametrize("label", [1e39, 1j])
def test_label_that_is_no_float32(label):
    with pytest.raises(ValueError, match=r"the label a number that float32 can hold; got .*id=7"):
        pack(IRHeader(0, label, 7, 0), b"")


@pytest.mark.parametrize("number", [-1, 2**64, 1.5])
def test_id_out_of_range(number):
    with pytest.raises(ValueError, match="id and id2 must be whole numbers"):
        pack(IRHeader(0, 1.0, number, 0), b"")


def test_images_have_blue_first():
    image = np.zeros((4, 5, 3), np.uint8)
    image[:, :, 0] = 200  # blue
    _, back = unpack_img(pack_img(IRHeader(0, 1.0, 0, 0), image, quality=3, img_fmt=".png"))
    assert np.array_equal(back, image)
    _, grey = unpack_img(pack_img(IRHeader(0, 1.0, 0, 0), image, quality=3, img_fmt=".png"), iscolor=0)
    assert grey.shape == (4, 5)
    assert abs(int(grey[0, 0]) - 200 * 0.114) <= 1


def test_png_with_the_default_quality():
    """95 is meant for JPEG; MXNet takes it for the strongest compression."""
    image = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    header = IRHeader(0, 1.0, 0, 0)
    assert pack_img(header, image, img_fmt=".png") == pack_img(header, image, quality=9, img_fmt=".PNG")


@pytest.mark.parametrize(
    ("image", "options", "text"),
    [
        (np.zeros((2, 2), np.float32), {}, "uint8 array"),
        (np.zeros((2, 2, 2), np.uint8), {}, "1, 3 or 4 channels"),
        (np.zeros((0, 2, 3), np.uint8), {}, "uint8 array"),
        (np.zeros((2, 2, 3), np.uint8), {"img_fmt": ".gif"}, "must be one of '.jpg', '.jpeg', '.png'; got '.gif'"),
        (np.zeros((2, 2, 3), np.uint8), {"quality": 101}, "quality of JPEG must be from 1 to 100; got 101"),
        (
            np.zeros((2, 2, 3), np.uint8),
            {"quality": -1, "img_fmt": ".png"},
            "quality of PNG must be from 0 to 9; got -1",
        ),
    ],
)
def test_what_cannot_be_encoded(image, options, text):
    with pytest.raises(ValueError, match=text):
        pack_img(IRHeader(0, 1.0, 0, 0), image, **options)


def test_what_cannot_be_decoded():
    with pytest.raises(MXNetError, match="record with id 7: not an image in a known format"):
        unpack_img(pack(IRHeader(0, 1.0, 7, 0), b"no image at all"))


def test_names_of_mxnet():
    assert {"IRHeader", "MXIndexedRecordIO", "MXRecordIO", "pack", "pack_img", "unpack", "unpack_img"} <= set(
        dir(recordio)
    )
