"""Looking through record files: what is counted, which damage is found, the contact sheet."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from paratrain import MXNetError, recordio
from paratrain.io.header import IRHeader, pack
from paratrain.io.sheet import EDGE, GAP, draw
from paratrain.io.survey import Damage, detection_objects, survey, verify
from paratrain.launch import cli

BOXES = [2, 5, 0, 0.25, 0.25, 0.75, 0.75, 3, 0, 0, 1, 1]


def write(path, records):
    with recordio.MXRecordIO(str(path), "w") as writer:
        for record in records:
            writer.write(record)
    return str(path)


def test_whole_file(make_rec):
    path = make_rec(5)
    assert verify(path, 3) == (5, [])
    found = survey(path)
    assert found.kinds == {"PNG RGB": 5}
    assert found.sizes == {(7, 6): 5}
    assert found.labels == {"0": 1, "1": 1, "2": 1, "3": 1, "4": 1}


def test_damaged_records_are_listed(tmp_path, make_rec):
    image = make_rec.image(1)
    records = [
        pack(IRHeader(0, 1.0, 0, 0), image),
        b"short",
        pack(IRHeader(0, 1.0, 0, 0), image[:-40]),
        pack(IRHeader(0, float("nan"), 0, 0), image),
        pack(IRHeader(0, 1.0, 0, 0), b""),
        pack(IRHeader(0, [1.0, 2.0], 0, 0), image),
        b"\xff" * 40,
    ]
    count, damaged = verify(write(tmp_path / "a.rec", records), 2)
    assert count == 7
    assert [d.number for d in damaged] == [1, 2, 3, 4, 6]
    reasons = {d.number: d.reason for d in damaged}
    assert "at least 24 bytes; got 5" in reasons[1]
    assert reasons[3] == "the label is not finite"
    assert reasons[4] == "the image has no bytes"
    assert "labels has at least" in reasons[6]
    offsets = [0]
    for record in records:
        offsets.append(offsets[-1] + 8 + len(record) + -len(record) % 4)
    assert [d.offset for d in damaged] == [offsets[d.number] for d in damaged]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_records_behind_a_damaged_header_are_found(make_rec, at):
    path = make_rec(4)
    offset = recordio.MXIndexedRecordIO(path[:-3] + "idx", path, "r").idx[at]
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(b"XXXX")
    count, damaged = verify(path)
    assert count == 4
    assert damaged == [Damage(at, offset, damaged[0].reason)]
    assert "does not begin with the magic number" in damaged[0].reason


def test_cut_file(make_rec):
    path = make_rec(4)
    os.truncate(path, os.path.getsize(path) - 5)
    count, damaged = verify(path)
    assert (count, [d.number for d in damaged]) == (4, [3])
    assert "cut off" in damaged[0].reason


@given(data=st.data())
def test_any_damage_is_survived(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("rec")
    body = b"\x0a\x23\xd7\xce" * 3 + b"abc"
    path = write(folder / "a.rec", [pack(IRHeader(0, 1.0, i, 0), body * i) for i in range(4)])
    with open(path, "rb") as file:
        content = bytearray(file.read())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[at] ^= data.draw(st.integers(1, 255))
    del content[data.draw(st.integers(0, len(content))) :]
    with open(path, "wb") as file:
        file.write(content)
    count, damaged = verify(path)
    assert len(damaged) == count  # none of them is an image
    assert count <= len(content)


@pytest.mark.parametrize(
    ("label", "objects"),
    [
        (BOXES, 2),
        ([4, 6, 100, 50, 1, 0, 0, 1, 1, 0], 1),
        ([2, 5], None),
        ([2, 5, 1, 2], None),
        ([1, 2, 3, 4, 5, 6, 7], None),
        ([2.5, 5, 0, 0, 0, 1, 1], None),
        ([2, 5, 0, 0, 0, 1, float("nan")], None),
        ([90, 5, 0, 0, 0, 1, 1], None),
    ],
)
def test_detection_labels(label, objects):
    found = detection_objects(np.array(label, np.float32))
    assert (None if found is None else len(found)) == objects


@pytest.fixture
def boxes(tmp_path, make_rec):
    image = np.full((40, 80, 3), 255, np.uint8)
    images = [recordio.pack_img(IRHeader(0, BOXES, i, 0), image, 9, ".png") for i in range(10)]
    return write(tmp_path / "det.rec", [*images, pack(IRHeader(0, 1.0, 0, 0), b"broken")])


def test_inspect_boxes(boxes, capsys):
    assert cli.main(["inspect", boxes]) == 0
    text = capsys.readouterr().out
    assert "10  2 boxes" in text
    assert "10  class 0" in text
    assert "10  class 3" in text
    assert "width: smallest 80, median 80, largest 80" in text


def test_verify_command(boxes, make_rec, capsys):
    assert cli.main(["inspect", boxes, "--verify"]) == 1
    out, err = capsys.readouterr()
    assert f"{boxes}: record 10 at byte " in out
    assert "11 records, 1 damaged" in err
    whole = make_rec(3)
    assert cli.main(["inspect", whole, "--verify"]) == 0
    with open(whole[:-3] + "idx", "a") as file:
        file.write("9\t4\n")
    assert cli.main(["inspect", whole, "--verify"]) == 1
    assert "does not lead to exactly the records" in capsys.readouterr().out


def test_sheet(boxes, tmp_path, capsys):
    assert cli.main(["inspect", boxes, "--sheet", str(tmp_path / "sheet.png")]) == 0
    assert "sheet.png: 11 images" in capsys.readouterr().out
    sheet = np.asarray(Image.open(tmp_path / "sheet.png"))
    first = sheet[GAP : GAP + EDGE, GAP : GAP + EDGE]
    assert (first[EDGE // 2, 3] == [255, 255, 255]).all()  # inside the outer box, outside the inner one
    coloured = np.ptp(first.astype(int), axis=2) > 50
    rows, columns = np.nonzero(coloured)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (40, 119, 0, 159)  # the outer box: the whole image
    assert coloured[60, 38:42].any()  # the left edge of the inner box: a quarter of 80 x 40 in a field of 160
    assert draw(boxes, str(tmp_path / "few.png"), most=2) == 2


def test_sheet_cannot_be_written(boxes, tmp_path):
    with pytest.raises(OSError, match=r"cannot write the sheet .*none/s\.png"):
        draw(boxes, str(tmp_path / "none" / "s.png"))


def test_sheet_of_records_without_header(tmp_path):
    with pytest.raises(MXNetError, match=r"record 0 at byte 0: .*at least 24 bytes"):
        draw(write(tmp_path / "a.rec", [b"x"]), str(tmp_path / "s.png"))


def test_options_for_other_files(tmp_path, capsys):
    (tmp_path / "a.params").write_bytes(b"")
    assert cli.main(["inspect", str(tmp_path / "a.params"), "--verify"]) == 2
    assert "--verify and --sheet are for record files" in capsys.readouterr().err
