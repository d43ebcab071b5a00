"""MNISTIter: idx files, parts, order, position, damage."""

import gzip
import json
import struct
from itertools import chain

import numpy as np
import pytest

from paratrain import MXNetError
from paratrain.io import MNISTIter


@pytest.fixture
def digits(tmp_path):
    """Idx files of 23 images of 3 x 2 pixels; every pixel is the number of the image, and so is the label."""
    numbers = np.arange(23, dtype=np.uint8)
    pixels = numbers[:, None, None].repeat(3, 1).repeat(2, 2)
    image, label = tmp_path / "images", tmp_path / "labels"
    image.write_bytes(struct.pack(">4I", 0x803, 23, 3, 2) + pixels.tobytes())
    label.write_bytes(struct.pack(">2I", 0x801, 23) + numbers.tobytes())
    return {"image": str(image), "label": str(label), "silent": True}


def numbers(batch):
    got = batch.label[0].asnumpy().astype(int).tolist()
    assert (batch.data[0].asnumpy().reshape(len(got), -1) * 256 == np.array(got)[:, None]).all()
    return got


def test_compressed_files(digits, tmp_path):
    plain = [numbers(b) for b in MNISTIter(**digits, batch_size=5)]
    for name in ("image", "label"):
        with open(digits[name], "rb") as file, gzip.open(digits[name] + ".gz", "wb") as out:
            out.write(file.read())
        (tmp_path / digits[name]).unlink()
    assert [numbers(b) for b in MNISTIter(**digits, batch_size=5)] == plain  # found without the ending
    named = {name: digits[name] + ".gz" for name in ("image", "label")}
    assert [numbers(b) for b in MNISTIter(**named, silent=True, batch_size=5)] == plain


def test_shuffle(digits):
    its = [MNISTIter(**digits, batch_size=5, seed=seed) for seed in (0, 0, 1)]
    first = [[numbers(b) for b in it] for it in its]
    assert first[0] == first[1] != first[2]
    its[0].reset()
    assert [numbers(b) for b in its[0]] != first[0]
    assert len(set(chain.from_iterable(first[0]))) == 20  # what does not fill a batch is left out


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("parts", [1, 2, 3, 4])
def test_parts_have_as_many_batches(digits, parts, shuffle):
    its = [MNISTIter(**digits, batch_size=2, shuffle=shuffle, num_parts=parts, part_index=i) for i in range(parts)]
    epochs = [list(it) for it in its]
    assert len({len(e) for e in epochs}) == 1
    seen = [n for e in epochs for b in e for n in numbers(b)[: 2 - b.pad]]
    assert len(seen) == len(set(seen)) >= 23 - 2 * parts


def test_go_on_where_it_stopped(digits):
    it = MNISTIter(**digits, batch_size=np.int64(4), num_parts=np.int64(1), seed=np.int64(0))
    list(it)
    it.reset()
    it.next()
    other = MNISTIter(**digits, batch_size=4)
    other.load_state_dict(json.loads(json.dumps(it.state_dict())))
    assert [numbers(b) for b in it] == [numbers(b) for b in other]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda data: data[:3], r"must be an idx file of bytes with 3 axes .* it has 3 bytes"),
        (lambda data: b"\1" + data[1:], "it has 154 bytes and begins 01 00 08 03"),
        (lambda data: data[:-1], r"must hold 138 bytes behind its head, for shape \(23, 3, 2\); it has 137"),
        (lambda data: b"", "begins nowhere"),
    ],
)
def test_damage(digits, change, text):
    with open(digits["image"], "rb") as file:
        data = file.read()
    with open(digits["image"], "wb") as file:
        file.write(change(data))
    with pytest.raises(MXNetError, match=text):
        MNISTIter(**digits)


def test_other_errors(digits, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"cannot read .*none"):
        MNISTIter(**{**digits, "image": str(tmp_path / "none")})
    (tmp_path / "a.gz").write_bytes(b"not compressed")
    with pytest.raises(MXNetError, match=r"a\.gz is damaged or not compressed by gzip"):
        MNISTIter(**{**digits, "image": str(tmp_path / "a.gz")})
    with pytest.raises(MXNetError, match="must be an idx file of bytes with 3 axes"):
        MNISTIter(image=digits["label"], label=digits["label"])
    with pytest.raises(MXNetError, match="batch_size=24 is more than the 23 images of a part"):
        MNISTIter(**digits, batch_size=24)
    with pytest.raises(MXNetError, match="part_index must be from 0 to 1; got 5"):
        MNISTIter(**digits, num_parts=2, part_index=5)
    with pytest.raises(ValueError, match="seed=0; this iterator has seed=1"):
        MNISTIter(**digits, batch_size=2, seed=1).load_state_dict(MNISTIter(**digits, batch_size=2).state_dict())
