"""Damaged record files, indices and headers: an error that names the place, never a crash or a hang.

Hypothesis always runs. Atheris, which is guided by coverage, runs where it is installed; longer by hand:

    python tests/io/test_fuzz_records.py -max_total_time=600 /path/to/corpus
"""

import os
import struct
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path

if __name__ == "__main__":
    import atheris

    watched = atheris.instrument_imports(include=["paratrain.io"])
else:
    watched = nullcontext()
with watched:
    from paratrain.io import RecordError, native
    from paratrain.io.header import IRHeader, pack, unpack
    from paratrain.io.records import RecordSet

FOLDER = tempfile.TemporaryDirectory(prefix="paratrain-fuzz-")
MAGIC = struct.pack("<I", 0xCED7230A)


def outcome(way, *arguments):
    """What `way` returns, or None and the text of its error."""
    try:
        return way(*arguments), None
    except RecordError as err:
        return None, str(err)


def read_all(path):
    """Read a file in every way there is; each gives records or a `RecordError` that names the file."""
    outcomes = [outcome(way, path) for way in (sequential, by_number, by_view)]
    assert all(said is None or path in said for _, said in outcomes)
    scan(path)
    return [records for records, _ in outcomes]


def sequential(path):
    reader = native.RecordReader(path)
    return [unpacked(record) for record in iter(reader.read, None)]


def by_number(path):
    records = RecordSet(path)
    return [unpacked(records.read(number)) for number in range(len(records))]


def by_view(path):
    records = RecordSet(path)
    return [unpacked(bytes(records.view(number))) for number in range(len(records))]


def scan(path):
    """Read at every place that could be a record, whole or not."""
    file = native.RecordFile(path)
    for offset in range(-4, file.size + 8, 4):
        found, _ = outcome(file.read_to, offset)
        if found is not None:
            record, end = found
            assert offset + 8 <= end <= file.size
            assert len(record) <= end - offset


def unpacked(record):
    """The parts of a record; `unpack` refuses what has no header, and says why."""
    found, said = outcome(unpack, record)
    if found is None:
        assert f"got {len(record)}" in said
        return record
    header, body = found
    assert len(body) <= len(record) - 24
    return header.flag, header.id, header.id2, body


def one_input(data):
    """What atheris calls: the first byte chooses between a record file, a header and an index."""
    kind, content = data[:1], data[1:]
    path = os.path.join(FOLDER.name, "fuzz.rec")
    Path(path).write_bytes(content)
    if kind < b"\x80":
        one, two, three = read_all(path)
        assert two == three
        assert one is None or not one or one == two
    elif kind < b"\xc0":
        unpacked(content)
    else:
        _, said = outcome(native.read_index, path)
        assert said is None or path in said


if find_spec("hypothesis") and __name__ != "__main__":
    import pytest
    from hypothesis import given, settings
    from hypothesis import strategies as st

    headers = st.builds(
        lambda part, size: MAGIC + struct.pack("<I", part << 29 | size), st.integers(0, 7), st.integers(0, 40)
    )
    records = st.builds(
        lambda label, number, body: pack(IRHeader(0, label, number, 0), body),
        st.one_of(st.floats(width=32), st.lists(st.floats(width=32), max_size=3)),
        st.integers(0, 2**64 - 1),
        st.binary(max_size=20),
    )
    pieces = st.lists(st.one_of(headers, records, st.just(MAGIC), st.binary(max_size=12)), max_size=12).map(b"".join)

    @settings(max_examples=300)
    @given(kind=st.sampled_from([b"\0", b"\x80", b"\xc0"]), content=pieces)
    def test_any_bytes(kind, content):
        one_input(kind + content)

    @settings(max_examples=200)
    @given(content=st.lists(st.sampled_from(["0", "\t", "\n", "9" * 30, "-1", "key", "\r", "\0", "é"]), max_size=20))
    def test_any_index(content):
        one_input(b"\xc0" + "".join(content).encode())

    @settings(max_examples=200)
    @given(payloads=st.lists(records, min_size=1, max_size=6), data=st.data())
    def test_flipped_bytes(payloads, data):
        """Damage of a good file: each way of reading gives the same records, or refuses the file."""
        path = os.path.join(FOLDER.name, "a.rec")
        writer = native.RecordWriter(path)
        for payload in payloads:
            writer.write(payload)
        writer.close()
        content = bytearray(Path(path).read_bytes())
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        one_input(b"\0" + bytes(content))

    @pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
    @pytest.mark.skipif("libasan" in os.environ.get("LD_PRELOAD", ""), reason="takes minutes with AddressSanitizer")
    def test_atheris():
        done = subprocess.run(
            [sys.executable, __file__, "-runs=5000", "-max_len=400", "-seed=1"],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
