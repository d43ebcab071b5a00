"""Lists of boxes from Pascal VOC and COCO: what is taken, what is left out, what is refused."""

import contextlib
import copy
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from replay import read_records, split_record

from paratrain import MXNetError
from paratrain.io import RecordError
from paratrain.io.boxes import Picture, Report, make_entries
from paratrain.io.coco import read_coco
from paratrain.io.voc import parse_xml, read_voc
from paratrain.launch import im2rec


def run(*arguments):
    """Run the command; returns what it says."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        assert im2rec.main([str(a) for a in arguments]) == 0
    return said.getvalue()


def xml(objects, width=40, height=20, name="x.jpg"):
    boxes = "".join(
        f"<object><name>{kind}</name><difficult>{int(hard)}</difficult><bndbox><xmin>{box[0]}</xmin><ymin>{box[1]}</ymin>"
        f"<xmax>{box[2]}</xmax><ymax>{box[3]}</ymax></bndbox></object>"
        for kind, box, hard in objects
    )
    size = f"<size><width>{width}</width><height>{height}</height><depth>3</depth></size>"
    return f"<annotation><filename>{name}</filename>{size}{boxes}</annotation>"


@pytest.fixture
def voc(tmp_path):
    """Three images: one with boxes, one with a hard one and one without area, one with nothing."""
    for folder in ("Annotations", "JPEGImages", "ImageSets/Main"):
        (tmp_path / "voc" / folder).mkdir(parents=True)
    contents = {
        "a": [("dog", (10, 5, 20, 15), False), ("cat", (0, 0, 40, 20), False)],
        "b": [("cat", (-4, 2, 60, 10), True), ("cat", (7, 7, 7, 7), False), ("dog", (1, 1, 3, 3), False)],
        "c": [],
    }
    for stem, objects in contents.items():
        (tmp_path / "voc" / "Annotations" / f"{stem}.xml").write_text(xml(objects))
        Image.fromarray(np.zeros((20, 40, 3), np.uint8)).save(tmp_path / "voc" / "JPEGImages" / f"{stem}.jpg")
    (tmp_path / "voc" / "ImageSets" / "Main" / "train.txt").write_text("b\na -1\n\n")
    return tmp_path / "voc"


def test_voc_to_records(voc, tmp_path):
    said = run("--voc", "--no-shuffle", tmp_path / "set", voc)
    assert "class 0: cat\nclass 1: dog\n" in said
    assert "1 boxes without area in the image left out: b.xml (cat 7, 7, 7, 7)" in said
    assert "1 boxes cut off at the edge of the image: b.xml (cat -4, 2, 60, 10)" in said
    assert "1 images without boxes left out: c.xml" in said
    labels = [split_record(record)[3].tolist() for record in read_records(tmp_path / "set.rec")]
    assert labels[0] == pytest.approx([2, 5, 1, 0.25, 0.25, 0.5, 0.75, 0, 0, 0, 1, 1])
    assert labels[1] == pytest.approx([2, 5, 0, 0, 0.1, 1, 0.5, 1, 0.025, 0.05, 0.075, 0.15])
    first = (tmp_path / "set.lst").read_text().splitlines()[0].split("\t")
    assert (first[0], first[1:4], first[-1]) == ("0", ["2.000000", "5.000000", "1.000000"], "JPEGImages/a.jpg")


def test_voc_sets_and_classes(voc, tmp_path):
    said = run(
        "--voc",
        "--image-set",
        "train",
        "--no-difficult",
        "--classes",
        "dog",
        "bird",
        "--no-shuffle",
        tmp_path / "set",
        voc,
    )
    assert "no box is of class bird" in said
    assert "boxes of other classes left out: b.xml (cat), a.xml (cat)" in said
    got = [(split_record(r)[1], split_record(r)[3][2]) for r in read_records(tmp_path / "set.rec")]
    assert got == [(0, 0.0), (1, 0.0)]  # in the order of the set; dog is the first class


def test_a_list_that_is_another_is_not_packed(voc, tmp_path):
    run("--voc", "--list", tmp_path / "set", voc)
    run("--voc", tmp_path / "set", voc)
    with pytest.raises(MXNetError, match=r"set\.lst exists and is another list than the annotations give"):
        run("--voc", "--no-difficult", tmp_path / "set", voc)


def test_image_named_by_the_annotation(voc):
    (voc / "JPEGImages" / "a.jpg").rename(voc / "JPEGImages" / "x.jpg")
    assert [p.path for p in read_voc(str(voc))] == ["JPEGImages/x.jpg", "JPEGImages/b.jpg", "JPEGImages/c.jpg"]
    (voc / "Annotations" / "a.xml").write_text(xml([], name="../../../etc/passwd"))
    assert read_voc(str(voc))[0].path == "JPEGImages/a.jpg"


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><annotation><filename>&b;</filename></annotation>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><annotation>&a;</annotation>'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (BOMB, "must not declare a document type"),
        (OUTSIDE, "must not declare a document type"),
        ("<!DOCTYPE annotation>" + xml([]), "must not declare a document type"),
        ("", "is not XML: no element found"),
        ("<annotation>", "is not XML"),
        ("no xml", "is not XML"),
        ("<annotation>&other;</annotation>", "is not XML: undefined entity"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "is not XML"),
        ("<annotation/>", "<annotation> must have <size><width>"),
        (xml([], width=0), "must have a width and a height; got 0 x 20"),
        (xml([], width="nan"), "<size><width> must be a number; got 'nan'"),
        (xml([("dog", ("x", 1, 2, 3), False)]), "<bndbox><xmin> must be a number; got 'x'"),
        (xml([("", (0, 1, 2, 3), False)]), "<object> must have <name>"),
    ],
)
def test_damaged_xml(voc, content, text):
    (voc / "Annotations" / "a.xml").write_text(content)
    with pytest.raises(RecordError, match=text) as caught:
        read_voc(str(voc))
    assert "a.xml" in str(caught.value)


@given(content=st.one_of(st.binary(), st.text(alphabet="<>/&;!?ab=\"' []", max_size=60).map(str.encode)))
def test_any_xml_is_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("xml") / "a.xml"
    path.write_bytes(content)
    with contextlib.suppress(RecordError):
        parse_xml(str(path))


@pytest.mark.parametrize(("name", "text"), [("none", "cannot read the annotations"), ("up", "names without folders")])
def test_sets_that_cannot_be_read(voc, name, text):
    (voc / "ImageSets" / "Main" / "up.txt").write_text("../a\n")
    with pytest.raises(MXNetError, match=text):
        read_voc(str(voc), name)


COCO = {
    "images": [
        {"id": 30, "file_name": "b.jpg", "width": 40, "height": 20},
        {"id": 7, "file_name": "sub/a.jpg", "width": 10, "height": 10},
    ],
    "categories": [{"id": 9, "name": "dog"}, {"id": 3, "name": "person"}],
    "annotations": [
        {"id": 1, "image_id": 30, "category_id": 9, "bbox": [10, 5, 10, 10]},
        {"id": 2, "image_id": 7, "category_id": 3, "bbox": [0, 0, 5.5, 10], "iscrowd": 0},
        {"id": 3, "image_id": 7, "category_id": 3, "bbox": [0, 0, 1, 1], "iscrowd": 1},
    ],
}


def test_coco_to_records(tmp_path):
    (tmp_path / "images" / "sub").mkdir(parents=True)
    for name in ("b.jpg", "sub/a.jpg"):
        Image.fromarray(np.zeros((20, 40, 3), np.uint8)).save(tmp_path / "images" / name)
    (tmp_path / "all.json").write_text(json.dumps(COCO))
    said = run("--coco", tmp_path / "all.json", tmp_path / "set", tmp_path / "images", "--no-shuffle", "--pass-through")
    assert "class 0: person\nclass 1: dog\n" in said
    got = [(split_record(r)[1], split_record(r)[3].tolist()) for r in read_records(tmp_path / "set.rec")]
    assert got == [
        (7, pytest.approx([2, 5, 0, 0, 0, 0.55, 1])),
        (30, pytest.approx([2, 5, 1, 0.25, 0.25, 0.5, 0.75])),
    ]
    pictures, _ = read_coco(str(tmp_path / "all.json"), crowds=True)
    assert [len(p.objects) for p in pictures] == [2, 1]


def changed(*path, value):
    content = copy.deepcopy(COCO)
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return content


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([], r"all\.json must be an object"),
        ({}, "categories must be a list; got None"),
        (changed("images", value={}), "images must be a list"),
        (changed("images", 0, value=5), r"images\[0\] must be an object"),
        (changed("images", 0, "id", value="x"), r"images\[0\]: id must be a whole number that no other has; got 'x'"),
        (changed("images", 0, "id", value=7), r"images\[1\]: id must be a whole number that no other has; got 7"),
        (changed("images", 0, "id", value=True), "id must be a whole number"),
        (changed("images", 0, "width", value=None), "image 30: width must be a number; got None"),
        (changed("images", 0, "height", value=0), "must have a width and a height; got 40 x 0"),
        (changed("images", 0, "file_name", value=""), "file_name must be a text"),
        (changed("images", 0, "file_name", value="../b.jpg"), "must be a path below the root folder"),
        (changed("images", 0, "file_name", value="/b.jpg"), "must be a path below the root folder"),
        (changed("categories", 0, "name", value="person"), "names of the categories must differ"),
        (changed("annotations", 0, "image_id", value=1), r"annotations\[0\]: image_id must be .* there is no 1"),
        (changed("annotations", 0, "category_id", value=[1]), r"category_id must be .* there is no \[1\]"),
        (changed("annotations", 0, "bbox", value=[1, 2, 3]), r"bbox must be \[left, top, width, height\]"),
        (
            changed("annotations", 0, "bbox", value=[1, 2, 3, "4x"]),
            r"annotations\[0\]: bbox must be a number; got '4x'",
        ),
        (changed("annotations", 0, "bbox", value=[1, 2, 3, float("inf")]), "bbox must be a number; got inf"),
    ],
)
def test_damaged_coco(tmp_path, content, text):
    (tmp_path / "all.json").write_text(json.dumps(content))
    with pytest.raises(RecordError, match=text) as caught:
        read_coco(str(tmp_path / "all.json"))
    assert "all.json" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_no_json(tmp_path, content):
    (tmp_path / "all.json").write_bytes(content)
    with pytest.raises(RecordError, match=r"all\.json is not JSON"):
        read_coco(str(tmp_path / "all.json"))


numbers = st.floats(-20, 60)


@given(box=st.tuples(numbers, numbers, numbers, numbers))
def test_every_box_is_inside_or_left_out(box):
    notes = Report()
    entries = make_entries([Picture(0, "a", (40, 20), [("dog", box)], "a.xml")], ["dog"], notes)
    if entries:
        left, top, right, bottom = entries[0].labels[3:]
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
    else:
        assert notes.notes["boxes without area in the image left out"] == 1
        assert notes.notes["images without boxes left out"] == 1


def test_report_names_a_few():
    pictures = [Picture(i, "a", (4, 4), [("dog", (1, 1, 1, 1))], f"{i}.xml") for i in range(9)]
    notes = Report()
    assert make_entries(pictures, ["dog"], notes) == []
    assert list(notes.lines())[1].startswith("9 images without boxes left out: 0.xml, 1.xml, 2.xml, 3.xml, 4.xml, ...")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--image-set", "train"], "go with --voc"),
        (["--no-difficult"], "go with --voc"),
        (["--crowds"], "--crowds goes with --coco"),
        (["--classes", "a"], "--classes goes with --voc or --coco"),
        (["--voc", "--classes", "a", "a"], "must not name a class twice"),
        (["--voc", "--recursive"], "--recursive makes classes of folders"),
        (["--voc", "--coco", "x"], "not allowed with"),
        (["--shuffle", "--no-shuffle"], "not allowed with"),
    ],
)
def test_options_that_do_not_go_together(tmp_path, capsys, options, text):
    with pytest.raises(SystemExit, match="2"):
        im2rec.main([str(tmp_path / "set"), str(tmp_path), *options])
    assert text in capsys.readouterr().err


def test_bccd(shared, tmp_path):
    """Blood cells: 364 images, two of whose boxes have no area."""
    said = run("--voc", "--pass-through", tmp_path / "bccd", shared("bccd"))
    assert "class 0: Platelets\nclass 1: RBC\nclass 2: WBC\n" in said
    assert "2 boxes without area in the image left out: BloodImage_00338.xml" in said
    records = [split_record(r) for r in read_records(tmp_path / "bccd.rec")]
    assert len(records) == 364
    assert sum((len(labels) - 2) // 5 for _, _, _, labels, _ in records) == 4886
    for flag, _, _, labels, _ in records:
        assert flag == len(labels)
        assert labels[:2].tolist() == [2, 5]
        boxes = labels[2:].reshape(-1, 5)
        assert (boxes[:, 1:] >= 0).all()
        assert (boxes[:, 1:] <= 1).all()
        assert (boxes[:, 3:] > boxes[:, 1:3]).all()
