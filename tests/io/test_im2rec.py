"""im2rec: lists, packing, what goes wrong while packing."""

import contextlib
import io
import os
import resource
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from replay import read_records, split_record

from paratrain import MXNetError, recordio
from paratrain.io import packing
from paratrain.io.lists import Entry, list_images, split_lists
from paratrain.io.output import RecordOutput
from paratrain.launch import im2rec


@pytest.fixture
def folder(tmp_path):
    """A folder with 3 classes of 7 images each, in the current folder of the test."""
    random = np.random.default_rng(0)
    for i in range(21):
        place = tmp_path / "images" / "abc"[i % 3]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (20 + i, 30, 3), dtype=np.uint8)).save(place / f"{i:02d}.png")
    return tmp_path


def run(*arguments):
    """Run the command; returns what it says."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        assert im2rec.main([str(a) for a in arguments]) == 0
    return said.getvalue()


def files(folder):
    return sorted(p.name for p in folder.iterdir() if p.is_file())


def test_list_and_pack_in_one_go(folder):
    said = run(folder / "set", folder / "images", "--recursive")
    assert files(folder) == ["set.idx", "set.lst", "set.rec"]
    assert "class 2: c" in said
    assert "set.rec: 21 records" in said
    labels = [float(split_record(r)[3][0]) for r in read_records(folder / "set.rec")]
    assert sorted(labels) == [0.0] * 7 + [1.0] * 7 + [2.0] * 7


@pytest.mark.parametrize("options", [[], ["--pass-through"], ["--resize", "16", "--center-crop", "--quality", "80"]])
def test_threads_do_not_change_the_files(folder, options):
    run(folder / "set", folder / "images", "--recursive", "--list")
    contents = set()
    for threads in (1, 2, 5):
        run(folder / "set", folder / "images", "--num-thread", threads, *options)
        contents.add(((folder / "set.rec").read_bytes(), (folder / "set.idx").read_bytes()))
    assert len(contents) == 1


def test_packed_files_can_be_read(folder):
    from paratrain.io import ImageRecordIter

    run(folder / "set", folder / "images", "--recursive", "--resize", "24", "--encoding", ".png")
    it = ImageRecordIter(str(folder / "set.rec"), (3, 24, 24), 7, path_imgidx=str(folder / "set.idx"))
    assert sorted(i for b in it for i in b.index) == list(range(21))
    _, image = recordio.unpack_img(recordio.MXRecordIO(str(folder / "set.rec"), "r").read())
    assert min(image.shape[:2]) == 24


def test_what_cannot_be_packed_is_named(folder):
    (folder / "images" / "a" / "00.png").write_bytes(b"")
    (folder / "images" / "b" / "01.png").write_bytes(b"no image")
    run(folder / "set", folder / "images", "--recursive", "--list")
    (folder / "images" / "c" / "02.png").unlink()
    said = run(folder / "set", folder / "images")
    assert "set.rec: 18 records" in said
    assert "3 images were skipped" in said
    assert "a/00.png: the image has no bytes" in said
    assert "b/01.png: not an image in a known format" in said
    assert "c/02.png: No such file or directory" in said
    assert len(read_records(folder / "set.rec")) == 18


def test_several_lists(folder):
    run(folder / "set", folder / "images", "--recursive", "--chunks", 2, "--train-ratio", 0.5, "--test-ratio", 0.25)
    stems = [f"set_{i}_{part}" for i in (0, 1) for part in ("test", "train", "val")]
    assert files(folder) == sorted(f"{stem}.{end}" for stem in stems for end in ("idx", "lst", "rec"))
    total = sum(len(read_records(folder / f"{stem}.rec")) for stem in stems)
    assert total == 21


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["set", "none"], "root must be a folder with images; got '.*none'"),
        (["none/set", "images"], "the folder of the prefix must exist; there is no '.*none'"),
        (["set", "images"], r"no image with ending .jpeg, .jpg, .png in .*images; --recursive looks"),
        (["set", "images", "--list", "--recursive", "--chunks", "0"], "--chunks must be at least 1; got 0"),
        (
            ["set", "images", "--list", "--recursive", "--train-ratio", "0.9", "--test-ratio", "0.2"],
            "at most 1 together",
        ),
    ],
)
def test_wrong_arguments(folder, arguments, text):
    prefix, root, *more = arguments
    with pytest.raises(ValueError, match=text):
        run(folder / prefix, folder / root, *more)
    assert files(folder) == []


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--quality", "0"], "--quality must be from 1 to 100 with --encoding .jpg; got 0"),
        (["--quality", "80", "--encoding", ".png"], "--quality must be from 0 to 9 with --encoding .png; got 80"),
        (["--num-thread", "0"], "--num-thread must be at least 1"),
        (["--pass-through", "--resize", "9"], "--pass-through packs files as they are"),
        (["--pass-through", "--quality", "80"], "--pass-through packs files as they are"),
        (["--pass-through", "--encoding", ".png"], "--pass-through packs files as they are"),
        (["--color", "2"], "invalid choice: 2"),
    ],
)
def test_wrong_options(folder, capsys, options, text):
    with pytest.raises(SystemExit, match="2"):
        im2rec.main([str(folder / "set"), str(folder / "images"), *options])
    assert text in capsys.readouterr().err


LINES = ["0\ta/00.png", "x\t0\ta/00.png", "0\tcat\ta/00.png", "-1\t0\ta/00.png", f"{2**64}\t0\ta/00.png"]


@pytest.mark.parametrize("line", LINES)
def test_damaged_list(folder, line):
    (folder / "set.lst").write_text(line + "\n")
    with pytest.raises(MXNetError, match=r"set\.lst: line 1 must hold index, labels and path"):
        run(folder / "set", folder / "images")
    assert files(folder) == ["set.lst"]


def test_index_of_64_bits(folder):
    (folder / "set.lst").write_text(f"{2**64 - 1}\t0\ta/00.png\n{2**53 + 1}\t0\tb/01.png\n3.0\t0\tc/02.png\n")
    run(folder / "set", folder / "images")
    assert [split_record(r)[1] for r in read_records(folder / "set.rec")] == [2**64 - 1, 2**53 + 1, 3]


def test_name_that_is_no_utf8(folder):
    name = os.fsdecode(b"\xff\xfe.png")
    (folder / "images" / "c" / "02.png").rename(folder / "images" / name)
    run(folder / "set", folder / "images", "--no-shuffle")
    assert (folder / "set.lst").read_bytes() == b"0\t0.000000\t\xff\xfe.png\n"
    assert len(read_records(folder / "set.rec")) == 1


@pytest.mark.parametrize("name", ["a\tb.png", "a\nb.png", "a\rb.png", " a.png"])
def test_name_that_a_list_cannot_hold(folder, name):
    (folder / "images" / "c" / "02.png").rename(folder / "images" / name)
    with pytest.raises(MXNetError, match=r"a list cannot hold tabs.*; rename '"):
        run(folder / "set", folder / "images", "--list")
    assert files(folder) == []


def test_full_disk_while_listing(folder):
    (folder / "set.lst.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match=r"cannot write the list .*set\.lst: No space left on device"):
        run(folder / "set", folder / "images", "--list", "--recursive")
    assert files(folder) == []


def test_nothing_to_pack(folder):
    (folder / "set.lst").write_text("0\t0\tnone.png\n")
    with pytest.raises(MXNetError, match=r"none of the 1 images .* the first, none.png: No such file"):
        run(folder / "set", folder / "images")
    assert files(folder) == ["set.lst"]


def test_full_disk_leaves_the_old_files(folder):
    """A file that cannot grow: the command says so, and what was there before is still there, whole."""
    run(folder / "set", folder / "images", "--recursive", "--resize", "8")
    before = (folder / "set.rec").read_bytes(), (folder / "set.idx").read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "paratrain.io.im2rec", folder / "set", folder / "images", "--pass-through"],
        capture_output=True, text=True, timeout=60, check=False, preexec_fn=limit_file_size,
    )  # fmt: skip
    assert done.returncode != 0
    assert "cannot write" in done.stderr
    assert "File too large" in done.stderr
    assert ((folder / "set.rec").read_bytes(), (folder / "set.idx").read_bytes()) == before
    assert files(folder) == ["set.idx", "set.lst", "set.rec"]


def limit_file_size():
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


SLOWLY = """
import sys, time
from paratrain.io import journal, packing
from paratrain.launch.cli import main
encode = packing.Recipe.encode
def slowly(self, data):
    sys.stdout.write("working\\n")  # in one piece, whatever the other thread prints
    sys.stdout.flush()
    time.sleep(0.05)
    return encode(self, data)
packing.Recipe.encode = slowly
journal.INTERVAL = float(sys.argv[1])
sys.exit(main(sys.argv[2:]))
"""


def interrupted(folder, sign, *options, lines=20, interval=10.0):
    """Pack slowly and stop it after so many images were begun; returns the exit code."""
    command = [interval, "im2rec", folder / "set", folder / "images", "--recursive", "--num-thread", "1", *options]
    with subprocess.Popen([sys.executable, "-c", SLOWLY, *map(str, command)], stdout=subprocess.PIPE) as child:
        for _ in range(lines):
            assert child.stdout.readline() == b"working\n"
        child.send_signal(sign)
        return child.wait(30)


def test_interrupt_leaves_nothing_half_written(folder):
    """Ctrl-C before the first batch is done: there is nothing to go on with."""
    assert interrupted(folder, signal.SIGINT, lines=2) == 130
    assert files(folder) == ["set.lst"]


@pytest.mark.parametrize("threads", [1, 3])
def test_what_was_interrupted_goes_on(folder, threads):
    """Ctrl-C in the middle, then the same command again: the files are those of a run that was not interrupted."""
    (folder / "images" / "a" / "00.png").write_bytes(b"no image")
    run(folder / "set", folder / "images", "--recursive", "--resize", "9")
    whole = (folder / "set.rec").read_bytes(), (folder / "set.idx").read_bytes()
    os.remove(folder / "set.rec")
    assert interrupted(folder, signal.SIGINT, "--resize", "9") == 130
    # the index of before is left alone
    assert files(folder) == ["set.idx", "set.idx.part", "set.lst", "set.rec.part", "set.state.part"]
    with open(folder / "set.rec.part", "ab") as file:
        file.write(b"what was on its way to the disk")
    said = run(folder / "set", folder / "images", "--resize", "9", "--num-thread", threads)
    assert "(8 images were done before)" in said or "(16 images were done before)" in said
    assert "a/00.png: not an image in a known format" in said
    assert ((folder / "set.rec").read_bytes(), (folder / "set.idx").read_bytes()) == whole
    assert files(folder) == ["set.idx", "set.lst", "set.rec"]


def test_a_killed_run_goes_on_from_its_last_note(folder):
    run(folder / "set", folder / "images", "--recursive")
    whole = (folder / "set.rec").read_bytes()
    os.remove(folder / "set.rec")
    assert interrupted(folder, signal.SIGKILL, interval=0.0) == -signal.SIGKILL
    assert "images were done before" in run(folder / "set", folder / "images")
    assert (folder / "set.rec").read_bytes() == whole


@pytest.mark.parametrize("change", ["options", "list", "state", "part", "no-resume"])
def test_what_was_left_of_another_run_is_not_taken(folder, change):
    assert interrupted(folder, signal.SIGINT) == 130
    options = []
    if change == "options":
        options = ["--quality", "50"]
    elif change == "list":
        lines = (folder / "set.lst").read_text().splitlines(keepends=True)
        (folder / "set.lst").write_text("".join(reversed(lines)))
    elif change == "state":
        (folder / "set.state.part").write_text('{"done": "many"}')
    elif change == "part":
        os.truncate(folder / "set.rec.part", 10)
    else:
        options = ["--no-resume"]
    said = run(folder / "set", folder / "images", *options)
    assert "done before" not in said
    assert "set.rec: 21 records" in said
    assert len(read_records(folder / "set.rec")) == 21
    assert files(folder) == ["set.idx", "set.lst", "set.rec"]


def test_two_at_once_do_not_write_into_each_other(folder):
    run(folder / "set", folder / "images", "--recursive", "--list")
    with RecordOutput(str(folder / "set")) as first:
        first.write(b"of the first", 0)
        with pytest.raises(OSError, match=r"another process writes .*set\.idx\.part"):
            run(folder / "set", folder / "images")
        first.publish()
    assert read_records(folder / "set.rec") == [b"of the first"]


def test_on_error_raise(folder):
    """The first bad file ends it; once it is mended the same command goes on."""
    bad = folder / "images" / "c" / "20.png"
    content = bad.read_bytes()
    run(folder / "set", folder / "images", "--recursive", "--no-shuffle", "--num-thread", "1")
    whole = (folder / "set.rec").read_bytes()
    bad.write_bytes(b"")
    with pytest.raises(MXNetError, match=r"c/20\.png \(index 20\) cannot be packed: the image has no bytes; mend it"):
        run(folder / "set", folder / "images", "--on-error", "raise")
    assert (folder / "set.rec").read_bytes() == whole
    bad.write_bytes(content)
    said = run(folder / "set", folder / "images", "--on-error", "raise")
    assert "(16 images were done before)" in said
    assert (folder / "set.rec").read_bytes() == whole


def test_lists_of_a_folder(folder):
    """As with MXNet's tool a prefix may be a folder: all lists in it are packed."""
    run(folder / "set", folder / "images", "--recursive", "--list", "--chunks", 2)
    run(folder, folder / "images")
    assert files(folder) == sorted(f"set_{i}.{end}" for i in (0, 1) for end in ("idx", "lst", "rec"))


def test_several_labels_without_pack_label_are_reported(folder):
    (folder / "set.lst").write_text("0\t1\t2\ta/00.png\n1\t5\tb/01.png\n")
    said = run(folder / "set", folder / "images")
    assert "1 images have more than one label, of which the first is packed; --pack-label packs all" in said


def test_an_error_of_ours_is_not_taken_for_a_bad_image(folder, monkeypatch):
    def broken(self, data):
        raise ZeroDivisionError("a mistake")

    monkeypatch.setattr(packing.Recipe, "encode", broken)
    with pytest.raises(ZeroDivisionError, match="a mistake"):
        run(folder / "set", folder / "images", "--recursive")
    assert files(folder) == ["set.lst"]


def test_grey_and_alpha(tmp_path):
    Image.fromarray(np.full((4, 4), 7, np.uint8)).save(tmp_path / "grey.png")
    Image.fromarray(np.full((4, 4, 4), 7, np.uint8)).save(tmp_path / "alpha.png")
    Image.fromarray(np.full((4, 4), 1800, np.uint16)).save(tmp_path / "deep.png")
    Image.new("P", (4, 4)).save(tmp_path / "palette.png", transparency=0)

    def channels(color, encoding=".png"):
        run(tmp_path / "set", tmp_path, "--no-shuffle", "--encoding", encoding, "--color", color)
        images = [Image.open(io.BytesIO(split_record(r)[4])) for r in read_records(tmp_path / "set.rec")]
        return [image.mode for image in images]

    assert channels(1) == ["RGB"] * 4
    assert channels(0) == ["L"] * 4
    assert channels(-1) == ["RGBA", "L", "L", "RGBA"]
    assert channels(-1, ".jpg") == ["RGB", "L", "L", "RGB"]


def test_list_follows_names(folder):
    entries, classes = list_images(str(folder / "images"), [".PNG"], recursive=True)
    assert classes == {"a": 0, "b": 1, "c": 2}
    assert entries[0] == Entry(0, (0.0,), os.path.join("a", "00.png"))
    assert [e.path for e in entries] == sorted(e.path for e in entries)
    assert list_images(str(folder / "images"), [".png"]) == ([], {})


def test_split_keeps_every_entry_of_full_chunks():
    entries = [Entry(i, (0.0,), str(i)) for i in range(20)]
    parts = split_lists(entries, chunks=2, train_ratio=0.5, test_ratio=0.3)
    assert {name: len(part) for name, part in parts.items()} == {
        "_0_test": 3, "_0_val": 2, "_0_train": 5, "_1_test": 3, "_1_val": 2, "_1_train": 5,
    }  # fmt: skip
