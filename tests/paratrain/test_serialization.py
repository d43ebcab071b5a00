from __future__ import annotations

import os
import struct
import subprocess
import sys
import textwrap

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from replay import check, load_area

import paratrain as mx
from paratrain._files import replaced
from paratrain.base import DTYPE_FLAGS, NUMPY_DTYPES, MXNetError

MODEL_CASES = ("checkpoint-", "resave-", "json-")  # in test_model.py
V1, V2, V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA


@pytest.mark.parametrize("case", load_area("serialization").without(*MODEL_CASES), ids=str)
def test_recorded(case):
    check(case)


def shared(values):
    return mx.nd.from_numpy(np.ascontiguousarray(values).reshape(np.shape(values)))


def saved(tmp_path, data):
    path = tmp_path / "file.params"
    mx.nd.save(path, data)
    return path.read_bytes()


def file_of(*arrays, names=b"\0" * 8):
    """Bytes of a file of arrays given as bytes."""
    return struct.pack("<3Q", 0x112, 0, len(arrays)) + b"".join(arrays) + names


def body(flag=0, values=b"", device=(1, 0)):
    return struct.pack("<3i", *device, flag) + values


def same(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


# -- every dtype and shape --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPE_FLAGS)
@pytest.mark.parametrize("shape", [(3,), (2, 3), (1, 2, 1, 3), (), (0,), (2, 0, 3)], ids=str)
def test_round_trip(tmp_path, dtype, shape):
    values = (np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2).astype(NUMPY_DTYPES[dtype])
    raw = saved(tmp_path, [shared(values), mx.nd.ones((2,))])
    for got in (mx.nd.load(tmp_path / "file.params"), mx.nd.load_frombuffer(raw)):
        assert same(got[0].asnumpy(), values)
        assert same(got[1].asnumpy(), np.ones(2, "float32"))


def test_bytes_of_arrays_without_axes_or_elements_are_those_of_mxnet_with_numpy_shapes(tmp_path):
    raw = saved(tmp_path, [shared(np.zeros((0, 3), "float32")), shared(np.float32(3.0))])
    empty = struct.pack("<Iii2q", V3, 0, 2, 0, 3) + body()
    number = struct.pack("<Iii", V3, 0, 0) + body(0, struct.pack("<f", 3))
    assert raw == file_of(empty, number)


def test_number_without_axes_in_a_file_of_mxnet_without_numpy_shapes():
    number = struct.pack("<Iii", V2, 0, 0) + body(0, struct.pack("<f", 3))
    two = mx.nd.load_frombuffer(file_of(number, number))
    assert [(x.shape, x.asscalar()) for x in two] == [((), 3), ((), 3)]


def test_context_is_stored_and_arrays_come_back_on_the_cpu(tmp_path):
    raw = saved(tmp_path, mx.nd.ones((1,), ctx=mx.cpu(3)))
    assert raw == file_of(struct.pack("<Iiiq", V2, 0, 1, 1) + body(0, struct.pack("<f", 1), (1, 3)))
    gpu = file_of(struct.pack("<Iiiq", V2, 0, 1, 1) + body(0, struct.pack("<f", 1), (2, 7)))
    for data in (raw, gpu):
        assert mx.nd.load_frombuffer(data)[0].context == mx.cpu()


@pytest.mark.parametrize(
    "head",
    [struct.pack("<Ii2q", V1, 2, 2, 1), struct.pack("<I2I", 2, 2, 1), struct.pack("<Iii2q", V2, 0, 2, 2, 1)],
    ids=["V1", "before 0.10", "V2"],
)
def test_older_headers(head):
    got = mx.nd.load_frombuffer(file_of(head + body(6, struct.pack("<2q", 5, -7))))
    assert same(got[0].asnumpy(), np.array([[5], [-7]]))


def test_bytes_other_than_0_and_1_are_true():
    got = mx.nd.load_frombuffer(file_of(struct.pack("<Iiiq", V2, 0, 1, 3) + body(7, b"\0\x01\x40")))
    assert got[0].asnumpy().view(np.uint8).tolist() == [0, 1, 1]


def test_lists_and_names(tmp_path):
    x = mx.nd.ones((2,))
    for data, want in (([], []), ({}, []), ((x, x), 2), ({"a": x, "ü": x, "": x}, ["a", "ü", ""])):
        mx.nd.save(str(tmp_path / "f"), data)
        got = mx.nd.load(str(tmp_path / "f"))
        assert (len(got) if isinstance(want, int) else list(got)) == want


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (3, ValueError, "must be NDArray, list or dict"),
        ([3], TypeError, "array 0 must be NDArray; got int"),
        ({"a": np.ones(2)}, TypeError, "array 'a' must be NDArray; got ndarray"),
        ({3: 3}, TypeError, "array 3 must be NDArray"),
    ],
)
def test_other_data_is_refused(tmp_path, data, error, words):
    with pytest.raises(error, match=words):
        mx.nd.save(tmp_path / "f", data)
    assert os.listdir(tmp_path) == []


def test_names_must_be_text(tmp_path):
    with pytest.raises(TypeError, match="names must be str; got int 3"):
        mx.nd.save(tmp_path / "f", {3: mx.nd.ones((1,))})


@pytest.mark.parametrize("call", [lambda: mx.nd.save(3, []), lambda: mx.nd.load(3), lambda: mx.nd.load_frombuffer("a")])
def test_wrong_kinds_of_names_and_buffers(call):
    with pytest.raises(TypeError, match="must be"):
        call()


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), max_size=6),
        hnp.arrays(
            st.sampled_from([d for d in NUMPY_DTYPES.values() if d != ml_dtypes.bfloat16]),
            hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4),
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_any_arrays_survive_the_round_trip(tmp_path_factory, arrays, named):
    path = tmp_path_factory.getbasetemp() / "any.params"
    given_arrays = {k: shared(v) for k, v in arrays.items()}
    mx.nd.save(path, given_arrays if named else list(given_arrays.values()))
    got = mx.nd.load(path)
    if named and arrays:
        assert list(got) == list(arrays)
        got = list(got.values())
    assert len(got) == len(arrays)
    for a, b in zip(got, arrays.values()):
        assert same(a.asnumpy(), b)


# -- damaged files ----------------------------------------------------------------------------------------------------

GOOD = struct.pack("<Iiiq", V2, 0, 1, 2)
NAMED = struct.pack("<2Q", 1, 1) + b"a"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "at byte 0: the header needs 16 bytes; 0 are left"),
        (struct.pack("<3Q", 0x113, 0, 0), "at byte 0: must begin with 0x112; got 0x113"),
        (struct.pack("<3Q", 0x112, 0, 2**60), "at byte 24: 1152921504606846976 arrays"),
        (file_of(struct.pack("<I", 99)), "at byte 24: array 0 must begin with 0xf993fac9.*got 0x63"),
        (file_of(struct.pack("<I", 0)), "at byte 24: array 0 must begin with"),
        (file_of(struct.pack("<Ii", V2, 1)), "at byte 28: array 0 must be dense; got storage type row_sparse"),
        (file_of(struct.pack("<Ii", V2, 2)), "storage type csr"),
        (file_of(struct.pack("<Iii", V2, 0, -1)), "at byte 32: array 0 must have 0 to 32 axes; got -1"),
        (file_of(struct.pack("<Iii", V2, 0, 1000000)), "at byte 32: .*got 1000000"),
        (file_of(struct.pack("<Iiiq", V2, 0, 1, -5) + body()), r"at byte 36: sizes .* negative; got \(-5,\)"),
        (file_of(struct.pack("<Iiiq", V2, 0, 1, 2**40) + body()), r"array 0 of shape \(1099511627776,\)"),
        (file_of(struct.pack("<Iii3q", V2, 0, 3, 2**40, 2**40, 2**40) + body()), "array 0 of shape"),
        (file_of(GOOD + body(8, b"\0" * 8)), "at byte 52: .*element type.*got 8"),
        (file_of(GOOD + body(0, b"\0" * 8, (9, 0))), "at byte 44: .*context; got device type 9"),
        (file_of(GOOD + body(0, b"\0" * 8, (1, -1))), "context"),
        (file_of(GOOD + body(0, b"\0" * 8), names=b"\0" * 7), "at byte 64: the number of names needs 8 bytes; 7"),
        (file_of(GOOD + body(0, b"\0" * 8), names=struct.pack("<Q", 2)), "at byte 64: .*a name for each of the 1"),
        (file_of(GOOD + body(0, b"\0" * 8), names=NAMED[:-1]), "name 0 needs 1 bytes; 0 are left"),
        (file_of(GOOD + body(0, b"\0" * 8), names=NAMED[:-1] + b"\xff"), "at byte 80: name 0 must be UTF-8"),
        (file_of(GOOD + body(0, b"\0" * 8), names=NAMED + b"more"), "at byte 81: must end here; 4 bytes follow"),
    ],
    ids=str,
)
def test_damage_is_named_with_file_and_place(tmp_path, raw, words):
    path = tmp_path / "damaged.params"
    path.write_bytes(raw)
    for call, name in ((lambda: mx.nd.load(path), "damaged.params"), (lambda: mx.nd.load_frombuffer(raw), "buffer")):
        with pytest.raises(MXNetError, match=f"{name}: .*{words}") as caught:
            call()
        assert isinstance(caught.value, ValueError)


WHOLE = file_of(
    GOOD + body(0, b"\0" * 8),
    struct.pack("<Iii2q", V2, 0, 2, 2, 3) + body(7, b"\1" * 6),
    names=struct.pack("<2Q", 2, 3) + "aü".encode() + struct.pack("<Q", 1) + b"b",
)


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_file_that_is_cut_off_anywhere_is_refused(length):
    assert list(mx.nd.load_frombuffer(WHOLE)) == ["aü", "b"]
    with pytest.raises(MXNetError, match="at byte"):
        mx.nd.load_frombuffer(WHOLE[:length])


@settings(max_examples=500)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_damage_to_any_byte_is_an_error_or_other_values(edits):
    raw = bytearray(WHOLE)
    for at, byte in edits:
        raw[at] = byte
    try:
        got = mx.nd.load_frombuffer(bytes(raw))
    except MXNetError:
        return
    values = got.values() if isinstance(got, dict) else got
    assert sum(x.size for x in values) <= len(WHOLE)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MXNetError, match=r"cannot read '.*nothing': No such file") as caught:
        mx.nd.load(tmp_path / "nothing")
    assert isinstance(caught.value, OSError)
    with pytest.raises(MXNetError, match="directory"):
        mx.nd.load(tmp_path)


# -- writing safely ---------------------------------------------------------------------------------------------------


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"old")

    def fail():
        with replaced(path, "test") as file:
            file.write(b"new")
            file.flush()
            assert path.read_bytes() == b"old"
            raise KeyError("interrupted")

    with pytest.raises(KeyError, match="interrupted"):
        fail()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["f"]
    with replaced(path, "test") as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["f"]


def test_links_stay_links_and_devices_are_written_to(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    mx.nd.save(tmp_path / "link", [])
    assert (tmp_path / "link").is_symlink()
    assert mx.nd.load(tmp_path / "real") == []
    mx.nd.save(os.devnull, [mx.nd.ones((2,))])
    assert not os.path.isfile(os.devnull)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(OSError, match=r"\[nd.save\] cannot write '.*no/f': No such file") as caught:
        mx.nd.save(tmp_path / "no" / "f", [])
    assert caught.value.filename == str(tmp_path / "no" / "f")


def test_a_full_disk_leaves_the_old_file(tmp_path):
    """The limit on file sizes stands for a full disk: writes fail half way through."""
    path = tmp_path / "f.params"
    mx.nd.save(path, [mx.nd.ones((2,))])
    script = """
        import resource, signal, sys
        import paratrain as mx
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
        try:
            mx.nd.save(sys.argv[1], [mx.nd.ones((1000,)), mx.nd.ones((100000,))])
        except OSError as e:
            print(e)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(path)], capture_output=True, text=True, check=True
    )
    assert f"cannot write {str(path)!r}: File too large; what was there before is unchanged" in run.stdout
    assert mx.nd.load(path)[0].asnumpy().tolist() == [1, 1]
    assert os.listdir(tmp_path) == ["f.params"]


def test_real_files_of_old_versions():
    folder = os.environ.get("PARATRAIN_MXNET_FILES")
    if not folder:
        pytest.skip("PARATRAIN_MXNET_FILES names no folder with legacy_ndarray.v0 and mean_224.nd")
    assert [x.shape for x in mx.nd.load(os.path.join(folder, "legacy_ndarray.v0"))] == [(128,)] * 6
    assert {k: x.shape for k, x in mx.nd.load(os.path.join(folder, "mean_224.nd")).items()} == {
        "mean_img": (3, 224, 224)
    }
