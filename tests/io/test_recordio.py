"""Record files: bytes, reading and writing, damage, processes."""

import multiprocessing
import os
import pickle
import struct
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from replay import read_records

from paratrain import MXNetError, recordio
from paratrain.io import native
from paratrain.io.rec2idx import write_index
from paratrain.io.records import RecordSet

MAGIC = struct.pack("<I", 0xCED7230A)

# payloads in which the magic number is likely, at any offset
payloads = st.lists(st.one_of(st.just(MAGIC), st.binary(max_size=9)), max_size=8).map(b"".join)


def write(path, records):
    with recordio.MXRecordIO(str(path), "w") as writer:
        for record in records:
            writer.write(record)
    return str(path)


def read(path):
    reader = recordio.MXRecordIO(str(path), "r")
    records = []
    while (record := reader.read()) is not None:
        records.append(record)
    return records


def outcome(way):
    """What `way` returns, or the text of its error."""
    try:
        return way(), ""
    except MXNetError as err:
        return None, str(err)


def two_ways(path):
    """The records by sequential reading, and by scanning."""
    yield lambda: read(path)
    yield lambda: [RecordSet(path).read(i) for i in range(len(RecordSet(path)))]


@given(records=st.lists(payloads, max_size=12))
@example(records=[MAGIC, MAGIC * 3, b"x" + MAGIC, b"", MAGIC + b"x"])
def test_what_is_written_is_read(tmp_path_factory, records):
    path = write(tmp_path_factory.mktemp("rec") / "a.rec", records)
    assert read(path) == records
    assert read_records(path) == records  # by the independent reader
    if records:
        assert [RecordSet(path).read(i) for i in range(len(records))] == records


@pytest.mark.parametrize("size", [1 << 16, (1 << 16) - 8, (1 << 18) + 1, 3_000_001])
def test_large_records(tmp_path, size):
    records = [os.urandom(size), b"small", os.urandom(size), b""]
    path = write(tmp_path / "a.rec", records)
    assert read(path) == records == read_records(path)


@given(data=st.data(), records=st.lists(payloads, min_size=1, max_size=5))
def test_damage_never_goes_further_than_an_error(tmp_path_factory, data, records):
    path = write(tmp_path_factory.mktemp("rec") / "a.rec", records)
    with open(path, "rb") as file:
        content = bytearray(file.read())
    if data.draw(st.booleans(), label="cut"):
        del content[data.draw(st.integers(0, len(content) - 1), label="at") :]
    else:
        at = data.draw(st.integers(0, len(content) - 1), label="at")
        content[at] ^= data.draw(st.integers(1, 255), label="bits")
    with open(path, "wb") as file:
        file.write(content)
    for way in two_ways(path):
        got, said = outcome(way)
        # damage inside a payload cannot be seen; a cut at the end of a record neither
        assert path in said if got is None else len(got) <= len(content) // 8


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\n#", r"record 0 at byte 0 is cut off: its header needs 8 bytes, the file ends after 2"),
        (MAGIC + struct.pack("<I", 5) + b"abc", r"record 0 at byte 0 is cut off: it ends at byte 16, the file has 11"),
        (b"x" * 12, r"record 0 at byte 0 does not begin with the magic number"),
        (MAGIC + struct.pack("<I", 2 << 29), r"record 0 at byte 0 begins with part 2"),
        (MAGIC + struct.pack("<I", 1 << 29) + MAGIC + struct.pack("<I", 0), r"continues with part 0"),
        (MAGIC + struct.pack("<I", 1 << 29), r"cut off"),
        (MAGIC + struct.pack("<I", 0) + MAGIC + struct.pack("<I", 0x1FFFFFFF), r"record 1 at byte 8 is cut off"),
    ],
)
def test_errors_name_file_byte_and_record(tmp_path, content, text):
    path = tmp_path / "bad.rec"
    path.write_bytes(content)
    with pytest.raises(recordio_error(), match=text) as caught:
        read(path)
    assert str(path) in str(caught.value)
    with pytest.raises(recordio_error(), match=str(path)):
        RecordSet(str(path))


def recordio_error():
    from paratrain.io import RecordError

    return RecordError


def test_missing_file():
    with pytest.raises(FileNotFoundError, match=r"cannot open /no/such\.rec: No such file") as caught:
        recordio.MXRecordIO("/no/such.rec", "r")
    assert isinstance(caught.value, MXNetError)
    assert caught.value.filename == "/no/such.rec"


def test_folder_instead_of_file(tmp_path):
    with pytest.raises(OSError, match="Is a directory"):
        recordio.MXRecordIO(str(tmp_path), "r")


def test_full_disk():
    writer = recordio.MXRecordIO("/dev/full", "w")
    writer.write(b"x")
    with pytest.raises(OSError, match="cannot write /dev/full: No space left on device"):
        writer.close()
    writer = recordio.MXRecordIO("/dev/full", "w")
    with pytest.raises(OSError, match="No space left on device"):
        writer.write(b"x" * 1_000_000)
    writer.close()  # the error was reported; nothing more to say


def test_after_a_failed_write_there_is_no_other():
    """A record behind an incomplete one could not be read, and would be lost without a word."""
    writer = recordio.MXRecordIO("/dev/full", "w")
    with pytest.raises(OSError, match="No space left on device"):
        writer.write(b"x" * 2**20)
    with pytest.raises(OSError, match="cannot write /dev/full further: an earlier record is incomplete"):
        writer.write(b"x")
    writer.close()


def test_record_too_large(tmp_path):
    writer = recordio.MXRecordIO(str(tmp_path / "a.rec"), "w")
    with pytest.raises(ValueError, match="at most 536870911 bytes; got 536870912"):
        writer.write(np.zeros(1 << 29, np.uint8))
    writer.write(b"fits")
    writer.close()
    assert read(tmp_path / "a.rec") == [b"fits"]


def test_use_after_close(tmp_path):
    path = write(tmp_path / "a.rec", [b"x"])
    reader = recordio.MXRecordIO(path, "r")
    reader.close()
    reader.close()
    with pytest.raises(RuntimeError, match="is closed"):
        reader.read()


def test_wrong_direction(tmp_path):
    path = write(tmp_path / "a.rec", [b"x"])
    with pytest.raises(ValueError, match="open for reading; open it for writing"):
        recordio.MXRecordIO(path, "r").write(b"y")
    with pytest.raises(ValueError, match="flag must be 'r', 'w' or 'a'; got 'q'"):
        recordio.MXRecordIO(path, "q")


def test_dropping_a_writer_keeps_what_was_written(tmp_path):
    writer = recordio.MXRecordIO(str(tmp_path / "a.rec"), "w")
    writer.write(b"kept")
    del writer
    assert read(tmp_path / "a.rec") == [b"kept"]


def in_child(work):
    """Run `work` in a forked process and return what it puts into a pipe."""
    here, there = multiprocessing.Pipe(duplex=False)
    pid = os.fork()
    if not pid:
        try:
            there.send(work())
        except Exception as err:
            there.send(repr(err))
        os._exit(0)
    assert here.poll(20)
    os.waitpid(pid, 0)
    return here.recv()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_fork(tmp_path):
    path = write(tmp_path / "a.rec", [b"one", b"two", b"three"])
    reader = recordio.MXRecordIO(path, "r")
    reader.read()
    assert in_child(reader.read) == b"one"  # a child begins again
    assert reader.read() == b"two"  # the parent goes on

    writer = recordio.MXRecordIO(str(tmp_path / "b.rec"), "w")
    writer.write(b"parent's")
    assert "forked" in in_child(lambda: writer.write(b"child's"))
    assert in_child(lambda: writer.close()) is None
    writer.close()
    assert read(tmp_path / "b.rec") == [b"parent's"]


def test_pickle(tmp_path):
    with recordio.MXIndexedRecordIO(str(tmp_path / "a.idx"), str(tmp_path / "a.rec"), "w") as writer:
        writer.write_idx(5, b"five")
        with pytest.raises(TypeError, match="a writer cannot be pickled"):
            pickle.dumps(writer)
    reader = recordio.MXIndexedRecordIO(str(tmp_path / "a.idx"), str(tmp_path / "a.rec"), "r")
    assert pickle.loads(pickle.dumps(reader)).read_idx(5) == b"five"
    reader.close()
    assert not pickle.loads(pickle.dumps(reader)).is_open


class TestAppend:
    def test_append(self, tmp_path):
        path = str(tmp_path / "a.rec")
        for part in ([b"one", MAGIC * 2], [b""], [b"four" * 100_000]):
            with recordio.MXRecordIO(path, "a") as writer:
                for record in part:
                    writer.write(record)
        assert read(path) == [b"one", MAGIC * 2, b"", b"four" * 100_000]
        write(tmp_path / "b.rec", read(path))
        assert (tmp_path / "a.rec").read_bytes() == (tmp_path / "b.rec").read_bytes()

    def test_reset_keeps_what_is_there(self, tmp_path):
        writer = recordio.MXRecordIO(write(tmp_path / "a.rec", [b"one"]), "a")
        writer.write(b"two")
        writer.reset()
        writer.write(b"three")
        writer.close()
        assert read(tmp_path / "a.rec") == [b"one", b"two", b"three"]

    def test_append_with_index(self, tmp_path):
        names = str(tmp_path / "a.idx"), str(tmp_path / "a.rec")
        for key in (7, 3, 5):
            with recordio.MXIndexedRecordIO(*names, "a") as writer:
                writer.write_idx(key, b"%d" % key)
        reader = recordio.MXIndexedRecordIO(*names, "r")
        assert reader.keys == [7, 3, 5]
        assert [reader.read_idx(key) for key in (3, 5, 7)] == [b"3", b"5", b"7"]

    @pytest.mark.parametrize("cut", [1, 4, 9])
    def test_nothing_is_appended_to_a_file_cut_off(self, tmp_path, cut):
        path = write(tmp_path / "a.rec", [b"one", b"two"])
        os.truncate(path, os.path.getsize(path) - cut)
        with pytest.raises(MXNetError, match="record 1 at byte 12 is cut off"):
            recordio.MXRecordIO(path, "a")

    @pytest.mark.parametrize(
        ("index", "text"),
        [
            ("", "does not lead to the last record of"),
            ("0\t0\n", "does not lead to the last record of"),
            ("0\t0\n1\t999\n", "does not lead to the last record of"),
            ("0\t0\n1\t12", "the last line is cut off"),
        ],
    )
    def test_nothing_is_appended_behind_a_wrong_index(self, tmp_path, index, text):
        path = write(tmp_path / "a.rec", [b"one", b"two"])
        (tmp_path / "a.idx").write_text(index)
        before = (tmp_path / "a.rec").read_bytes()
        with pytest.raises(MXNetError, match=text):
            recordio.MXIndexedRecordIO(str(tmp_path / "a.idx"), path, "a")
        assert ((tmp_path / "a.rec").read_bytes(), (tmp_path / "a.idx").read_text()) == (before, index)

    def test_an_index_without_its_file(self, tmp_path):
        (tmp_path / "a.idx").write_text("0\t0\n")
        with pytest.raises(MXNetError, match="does not lead to the last record of"):
            recordio.MXIndexedRecordIO(str(tmp_path / "a.idx"), str(tmp_path / "a.rec"), "a")
        assert not (tmp_path / "a.rec").exists()

    def test_beyond_4_gib(self, tmp_path):
        """Appending behind a hole: 10 records of 512 MB of zeros, whose headers alone take room on the disk."""
        path, size = tmp_path / "a.rec", (1 << 29) - 8
        with open(path, "wb") as file:
            for number in range(10):
                file.seek(number * (size + 8))
                file.write(MAGIC + struct.pack("<I", size))
            file.truncate(10 * (size + 8))
        with recordio.MXRecordIO(str(path), "a") as writer:
            writer.write(b"the end")
        offsets = native.RecordFile(str(path)).scan()
        assert len(offsets) == 11
        assert offsets[-1] == 10 * (size + 8) > 2**32
        assert write_index(str(path)) == 11
        reader = recordio.MXIndexedRecordIO(str(tmp_path / "a.idx"), str(path), "r")
        assert reader.read_idx(10) == b"the end"
        assert RecordSet(str(path)).view(10) == b"the end"
        reader.seek(10)
        assert reader.read() == b"the end"


class TestBatch:
    @given(records=st.lists(payloads, max_size=12), head=payloads)
    def test_a_batch_is_framed_as_single_records_are(self, tmp_path_factory, records, head):
        folder = tmp_path_factory.mktemp("rec")
        batch = native.RecordBatch()
        for record in records:
            batch.add(head, record)
        writer = native.RecordWriter(folder / "a.rec")
        assert writer.append(batch) == 0
        writer.close()
        path = write(folder / "b.rec", [head + record for record in records])
        assert (folder / "a.rec").read_bytes() == (folder / "b.rec").read_bytes()
        if records:
            assert batch.offsets.tolist() == RecordSet(path).offsets.tolist()

    def test_files(self, tmp_path):
        (tmp_path / "one").write_bytes(b"1" * 5)
        (tmp_path / "none").write_bytes(b"")
        (tmp_path / "magic").write_bytes(b"ab" + MAGIC)
        os.mkfifo(tmp_path / "pipe")
        names = ["one", "none", "missing", "magic", ".", "pipe"]
        batch = native.RecordBatch()
        reasons = batch.add_files([b"hd"] * len(names), [str(tmp_path / name) for name in names])
        assert reasons == [
            None, "the file is empty", "No such file or directory", None, "Is a directory", "Illegal seek",
        ]  # fmt: skip
        writer = native.RecordWriter(tmp_path / "a.rec")
        writer.append(batch)
        writer.close()
        assert read(tmp_path / "a.rec") == [b"hd11111", b"hdab" + MAGIC]

    def test_a_head_for_each_file(self):
        with pytest.raises(ValueError, match="a head is needed for each of 1 files; got 0"):
            native.RecordBatch().add_files([], ["a"])


def test_a_pipe_is_no_record_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.rec")
    with pytest.raises(OSError, match=r"cannot read .*pipe\.rec as a record file: Illegal seek"):
        recordio.MXRecordIO(str(tmp_path / "pipe.rec"), "r")


class TestIndex:
    def test_keys_of_other_types(self, tmp_path):
        names = str(tmp_path / "a.idx"), str(tmp_path / "a.rec")
        with recordio.MXIndexedRecordIO(*names, "w", key_type=str) as writer:
            writer.write_idx("a b", b"1")
            writer.write_idx("ø", b"2")
            for key in ("a\tb", "a\rb"):
                with pytest.raises(ValueError, match="must not contain tabs"):
                    writer.write_idx(key, b"3")
        reader = recordio.MXIndexedRecordIO(*names, "r", key_type=str)
        assert reader.keys == ["a b", "ø"]
        assert reader.read_idx("ø") == b"2"
        with pytest.raises(KeyError, match="'c'"):
            reader.read_idx("c")

    def test_missing_index_is_made(self, tmp_path, caplog):
        path = write(tmp_path / "a.rec", [b"x", MAGIC * 3, b"", b"y"])
        reader = recordio.MXIndexedRecordIO(str(tmp_path / "none.idx"), path, "r")
        assert reader.keys == [0, 1, 2, 3]
        assert [reader.read_idx(i) for i in (3, 1, 0, 2)] == [b"y", MAGIC * 3, b"x", b""]
        assert reader.read() == b"y"  # what follows the record read last
        assert "none.idx: the keys are the numbers of the 4 records" in caplog.text
        assert not (tmp_path / "none.idx").exists()
        named = recordio.MXIndexedRecordIO(str(tmp_path / "none.idx"), path, "r", key_type=str)
        assert named.read_idx("3") == b"y"

    def test_missing_index_of_a_damaged_file(self, tmp_path):
        (tmp_path / "a.rec").write_bytes(b"x" * 20)
        with pytest.raises(MXNetError, match=r"a\.rec: record 0 at byte 0 does not begin with the magic number"):
            recordio.MXIndexedRecordIO(str(tmp_path / "none.idx"), str(tmp_path / "a.rec"), "r")

    def test_rec2idx_writes_what_was_written(self, tmp_path, make_rec):
        path = make_rec(5)
        written = (tmp_path / "set.idx").read_bytes()
        assert write_index(path) == 5
        assert (tmp_path / "set.idx").read_bytes() == written
        assert write_index(path, str(tmp_path / "ids.idx"), keys="id") == 5
        assert (tmp_path / "ids.idx").read_bytes() == written

    def test_rec2idx_with_ids_of_records_without(self, tmp_path):
        path = write(tmp_path / "a.rec", [b"x"])
        with pytest.raises(MXNetError, match="record 0 at byte 0 has no header with an id, only 1 bytes"):
            write_index(path, keys="id")
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a.rec"]

    def test_full_disk_while_indexing(self, tmp_path):
        path = write(tmp_path / "a.rec", [b"x"])
        (tmp_path / "a.idx.part").symlink_to("/dev/full")
        with pytest.raises(OSError, match=r"cannot write the index .*: No space left"):
            write_index(path)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a.rec"]

    def test_from_many_threads(self, tmp_path):
        records = [os.urandom(i * 37 % 9000) for i in range(200)]
        names = str(tmp_path / "a.idx"), str(tmp_path / "a.rec")
        with recordio.MXIndexedRecordIO(*names, "w") as writer:
            for i, record in enumerate(records):
                writer.write_idx(i, record)
        reader = recordio.MXIndexedRecordIO(*names, "r")

        def work(seed):
            order = np.random.default_rng(seed).permutation(200).tolist()
            return [i for i in order if reader.read_idx(i) != records[i]]

        with ThreadPoolExecutor(4) as pool:
            assert [wrong for part in pool.map(work, range(4)) for wrong in part] == []

    @pytest.mark.parametrize("line", ["abc\t0", "0", "0\tx", "0\t", "\xe9\t0"])
    def test_damaged_index(self, tmp_path, line):
        path = write(tmp_path / "a.rec", [b"x"])
        (tmp_path / "a.idx").write_text(f"0\t0\n{line}\n", encoding="latin-1")
        with pytest.raises(MXNetError, match=r"a\.idx: line 2 must hold a key"):
            recordio.MXIndexedRecordIO(str(tmp_path / "a.idx"), path, "r")

    def test_index_of_another_file(self, tmp_path):
        path = write(tmp_path / "a.rec", [b"x" * 50])
        (tmp_path / "a.idx").write_text("0\t0\n1\t8\n2\t60\n3\t999\n")
        reader = recordio.MXIndexedRecordIO(str(tmp_path / "a.idx"), path, "r")
        assert reader.read_idx(0) == b"x" * 50
        with pytest.raises(MXNetError, match="at byte 8 does not begin with the magic number"):
            reader.read_idx(1)
        with pytest.raises(MXNetError, match="points to byte 60, where the file ends"):
            reader.read_idx(2)
        with pytest.raises(MXNetError, match="points to byte 999, where the file ends"):
            reader.read_idx(3)

    def test_beyond_4_gib(self, tmp_path):
        """Offsets that need more than 32 bits, in a file with a hole."""
        far = (5 << 30) + 4
        small = write(tmp_path / "small.rec", [b"far away"])
        with open(small, "rb") as source, open(tmp_path / "a.rec", "wb") as target:
            target.seek(far)
            target.write(source.read())
        (tmp_path / "a.idx").write_text(f"7\t{far}\n")
        names = str(tmp_path / "a.idx"), str(tmp_path / "a.rec")
        assert recordio.MXIndexedRecordIO(*names, "r").read_idx(7) == b"far away"
        assert RecordSet(names[1], names[0]).read(0) == b"far away"

    def test_index_cannot_be_written(self, tmp_path):
        with pytest.raises(OSError, match="cannot open the index"):
            recordio.MXIndexedRecordIO(str(tmp_path / "none" / "a.idx"), str(tmp_path / "a.rec"), "w")


class TestRecordSet:
    def test_with_and_without_index(self, make_rec):
        path = make_rec(9)
        indexed, scanned = RecordSet(path, path[:-3] + "idx"), RecordSet(path)
        assert indexed.offsets.tolist() == scanned.offsets.tolist()
        assert [indexed.read(i) for i in range(9)] == read(path)

    def test_many_small_records_between_large_ones(self, tmp_path):
        records = [bytes([i % 251]) * (200_000 if i % 500 == 0 else i % 40) for i in range(3000)]
        path = write(tmp_path / "a.rec", records)
        records_of = RecordSet(path)
        assert [records_of.read(i) for i in range(len(records_of))] == records

    def test_views(self, tmp_path):
        path = write(tmp_path / "a.rec", [b"one", MAGIC * 2 + b"x", b"", os.urandom(50_000)])
        records = RecordSet(path)
        assert [bytes(records.view(i)) for i in range(4)] == read(path)
        assert records.view(0).readonly
        with recordio.MXRecordIO(path, "a") as writer:
            writer.write(b"behind the map")
        grown = RecordSet(path)
        grown._map = records._map
        assert bytes(grown.view(4)) == b"behind the map"
        os.truncate(path, 30)
        with pytest.raises(MXNetError, match=r"record 3 at byte \d+ is cut off"):
            records.view(3)

    def test_empty_file(self, tmp_path):
        with pytest.raises(MXNetError, match="holds no records"):
            RecordSet(write(tmp_path / "a.rec", []))

    def test_index_that_ends_early_is_reported(self, make_rec, caplog):
        path = make_rec(3)
        with open(path[:-3] + "idx") as file:
            lines = file.readlines()
        with open(path[:-3] + "idx", "w") as file:
            file.writelines(lines[:2])
        assert len(RecordSet(path, path[:-3] + "idx")) == 2
        assert "ends before" in caplog.text

    def test_from_many_threads(self, tmp_path):
        records = [os.urandom(i * 37 % 9000) for i in range(200)]
        records_of = RecordSet(write(tmp_path / "a.rec", records))
        wrong = []

        def work(seed):
            for i in np.random.default_rng(seed).permutation(200).tolist():
                if records_of.read(i) != records[i]:
                    wrong.append(i)

        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong

    def test_one_reader_in_many_threads_gives_each_record_once(self, tmp_path):
        reader = native.RecordReader(write(tmp_path / "a.rec", [b"%d" % i for i in range(5000)]))
        got = []

        def work():
            while (record := reader.read()) is not None:
                got.append(int(record))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == list(range(5000))
