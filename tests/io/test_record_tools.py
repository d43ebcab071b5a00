"""Splitting, joining, shuffling and taking parts of record files."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain import MXNetError, recordio
from paratrain.io import record_tools
from paratrain.io.output import RecordOutput
from paratrain.launch import cli


def read(path):
    reader = recordio.MXRecordIO(str(path), "r")
    return list(iter(reader.read, None))


def keyed(path):
    """Records by key, through the index beside the file."""
    reader = recordio.MXIndexedRecordIO(str(path)[:-3] + "idx", str(path), "r", key_type=str)
    return {key: reader.read_idx(key) for key in reader.keys}


@pytest.fixture
def rec(make_rec):
    """Ten records."""
    return make_rec(10)


@given(parts=st.integers(1, 12), count=st.integers(1, 12))
def test_parts_together_are_the_whole(tmp_path_factory, parts, count):
    folder = tmp_path_factory.mktemp("rec")
    path = str(folder / "a.rec")
    with recordio.MXRecordIO(path, "w") as writer:
        for i in range(count):
            writer.write(b"%d" % i)
    if parts > count:
        with pytest.raises(ValueError, match=f"has {count} records, too few for {parts} parts"):
            record_tools.split(path, str(folder / "p"), [1] * parts)
        return
    made = record_tools.split(path, str(folder / "p"), [1] * parts)
    sizes = [n for _, n in made]
    assert max(sizes) - min(sizes) <= 1
    assert record_tools.merge([name for name, _ in made], str(folder / "b.rec")) == (count, True)
    assert (folder / "b.rec").read_bytes() == (folder / "a.rec").read_bytes()
    assert list(keyed(folder / "b.rec")) == [str(i) for i in range(count)]


def test_split_by_shares(rec, tmp_path):
    assert [n for _, n in record_tools.split(rec, str(tmp_path / "p"), [8, 1, 1])] == [8, 1, 1]
    assert list(keyed(tmp_path / "p_2.rec")) == ["9"]


@pytest.mark.parametrize("shares", [[], [0, 1], [-1.0], [float("nan")], [float("inf"), 1]])
def test_shares_that_make_no_sense(rec, shares):
    with pytest.raises(ValueError, match="shares must be positive numbers"):
        record_tools.split(rec, rec[:-4], shares)


def test_merge_with_the_same_keys(rec, tmp_path):
    assert record_tools.merge([rec, rec], str(tmp_path / "b.rec")) == (20, False)
    assert list(keyed(tmp_path / "b.rec")) == [str(i) for i in range(20)]
    assert read(tmp_path / "b.rec") == read(rec) * 2


def test_shuffle(rec, tmp_path):
    for name, seed in (("b", 1), ("c", 1), ("d", 2)):
        assert record_tools.shuffle(rec, str(tmp_path / f"{name}.rec"), seed) == 10
    assert (tmp_path / "b.rec").read_bytes() == (tmp_path / "c.rec").read_bytes()
    assert read(tmp_path / "b.rec") != read(tmp_path / "d.rec")
    assert keyed(tmp_path / "b.rec") == keyed(rec)  # other places, the same keys
    assert read(tmp_path / "b.rec") != read(rec)


def test_keys_follow_without_an_index_too(rec, tmp_path):
    os.remove(rec[:-3] + "idx")
    record_tools.shuffle(rec, str(tmp_path / "b.rec"), 1)
    assert [keyed(tmp_path / "b.rec")[str(i)] for i in range(10)] == read(rec)


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ({"numbers": slice(2, 5)}, [2, 3, 4]),
        ({"numbers": slice(None, None, 4)}, [0, 4, 8]),
        ({"numbers": slice(-2, None)}, [8, 9]),
        ({"labels": [7, 3, 99]}, [3, 7]),
        ({"labels": [1, 2, 3], "numbers": slice(2, 9)}, [2, 3]),
    ],
)
def test_subset(rec, tmp_path, options, numbers):
    assert record_tools.subset(rec, str(tmp_path / "b.rec"), **options) == len(numbers)
    assert list(keyed(tmp_path / "b.rec")) == [str(n) for n in numbers]


def test_sample(rec, tmp_path):
    for name in "bc":
        assert record_tools.subset(rec, str(tmp_path / f"{name}.rec"), sample=4, seed=5) == 4
    assert read(tmp_path / "b.rec") == read(tmp_path / "c.rec")
    numbers = [int(key) for key in keyed(tmp_path / "b.rec")]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"numbers": slice(10, 20)}, "no record of .* is left"),
        ({"labels": [99]}, "no record of .* is left"),
        ({"sample": 11}, "a sample must have 1 to 10 records; got 11"),
        ({"sample": 0}, "a sample must have 1 to 10 records; got 0"),
    ],
)
def test_subset_of_nothing(rec, tmp_path, options, text):
    with pytest.raises(ValueError, match=text):
        record_tools.subset(rec, str(tmp_path / "b.rec"), **options)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["set.idx", "set.rec"]


def test_what_is_read_is_not_written(rec, tmp_path):
    os.link(rec, tmp_path / "same.rec")
    for out in (rec, str(tmp_path / "same.rec")):
        with pytest.raises(ValueError, match="is read; write to another file"):
            record_tools.shuffle(rec, out)
    with pytest.raises(ValueError, match=r"must have the ending \.rec; got 'out'"):
        record_tools.merge([rec], "out")


def test_wrong_index(rec, tmp_path):
    with open(rec[:-3] + "idx", "w") as file:
        file.write("0\t0\n")
    with pytest.raises(MXNetError, match="does not lead to exactly the 10 records"):
        record_tools.shuffle(rec, str(tmp_path / "b.rec"))


def test_damage_leaves_nothing_half_written(tmp_path, make_rec):
    """Labels are read while the file is written; one that cannot be read ends it."""
    path = make_rec(3)
    with recordio.MXIndexedRecordIO(path[:-3] + "idx", path, "a") as writer:
        writer.write_idx(3, b"no header")
    with pytest.raises(MXNetError, match=r"set\.rec: record 3 at byte \d+: .* at least 24 bytes"):
        record_tools.subset(path, str(tmp_path / "b.rec"), labels=[0])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["set.idx", "set.rec"]


@pytest.mark.parametrize("name", ["b.rec.part", "b.idx.part"])
def test_full_disk(rec, tmp_path, name):
    (tmp_path / name).symlink_to("/dev/full")
    with pytest.raises(OSError, match="cannot write"):
        record_tools.shuffle(rec, str(tmp_path / "b.rec"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["set.idx", "set.rec"]


def test_output_left_without_publish(tmp_path):
    with RecordOutput(str(tmp_path / "a")) as output:
        output.write(b"x", 0)
    assert list(tmp_path.iterdir()) == []


def test_commands(rec, tmp_path, capsys):
    def run(*words):
        code = cli.main([str(word) for word in words])
        return code, capsys.readouterr().err

    assert run("rec", "split", rec, tmp_path / "p", "--parts", 3)[1].count("records") == 3
    assert run("rec", "split", rec, tmp_path / "q", "--shares", 1, 4)[1].endswith("q_1.rec: 8 records\n")
    assert run("rec", "merge", tmp_path / "m.rec", tmp_path / "p_0.rec", rec)[1].endswith("numbered anew\n")
    assert run("rec", "shuffle", rec, tmp_path / "s.rec", "--seed", 4) == (0, f"{tmp_path}/s.rec: 10 records\n")
    assert run("rec", "subset", rec, tmp_path / "t.rec", "--slice=-3:", "--labels", 8, 9)[1].endswith("2 records\n")
    os.remove(tmp_path / "s.idx")
    assert run("rec", "index", tmp_path / "s.rec", "--keys", "id") == (0, f"{tmp_path}/s.idx: 10 records\n")
    assert keyed(tmp_path / "s.rec") == keyed(rec)
    assert run("rec2idx", rec, tmp_path / "r.idx") == (0, f"{tmp_path}/r.idx: 10 records\n")
    assert run("rec", "shuffle", tmp_path / "none.rec", tmp_path / "u.rec")[0] == 2


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["split", "a", "b"], "one of the arguments --parts --shares is required"),
        (["split", "a", "b", "--parts", "0"], "must be a whole number from 1 on; got '0'"),
        (["subset", "a", "b", "--slice", "1"], "must be BEGIN:END"),
        (["subset", "a", "b", "--slice", "1:2:0"], "must be BEGIN:END"),
        (["index", "a", "--keys", "x"], "invalid choice"),
        ([], "required: ACTION"),
    ],
)
def test_wrong_words(capsys, words, text):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["rec", *words])
    assert text in capsys.readouterr().err


def test_memory_stays_small(tmp_path):
    """Shuffling 200 MB needs nothing like that."""
    import subprocess
    import sys

    path = tmp_path / "a.rec"
    with recordio.MXRecordIO(str(path), "w") as writer:
        for _ in range(200):
            writer.write(np.random.default_rng(0).bytes(1 << 20))
    code = (
        "import sys, resource; from paratrain.io import record_tools\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "record_tools.shuffle(sys.argv[1], sys.argv[2])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    said = subprocess.check_output([sys.executable, "-c", code, path, tmp_path / "b.rec"], text=True)
    assert int(said) < 30_000  # KiB
