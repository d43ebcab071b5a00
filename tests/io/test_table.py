"""CSVIter and LibSVMIter beyond what was recorded: position, parts, damage."""

import json

import numpy as np
import pytest

from paratrain import MXNetError
from paratrain.io import CSVIter, LibSVMIter


@pytest.fixture
def write(tmp_path):
    def write(text, name="data"):
        path = tmp_path / name
        path.write_text(text, encoding="latin-1")
        return str(path)

    return write


def first_column(it):
    return [batch.data[0].asnumpy()[:, 0].astype(int).tolist() for batch in it]


CSV = "".join(f"{i},{i / 2}\n" for i in range(7))
SVM = "".join(f"{i % 2} 0:{i} 3:{i / 2}\n" for i in range(7))


def test_csv_and_position(write):
    it = CSVIter(write(CSV), (2,), 3)
    list(it)
    it.reset()
    it.next()
    other = CSVIter(write(CSV), (2,), 3)
    other.load_state_dict(it.state_dict())
    assert first_column(other) == first_column(it) == [[5, 6, 0]]


def test_svm_parts(write):
    its = [LibSVMIter(write(SVM), (4,), 2, num_parts=np.int64(3), part_index=i) for i in range(3)]
    assert json.dumps(its[0].state_dict())
    epochs = [list(it) for it in its]
    assert {len(e) for e in epochs} == {2}
    rows = [b.data[0].asnumpy()[: 2 - b.pad] for e in epochs for b in e]
    assert np.concatenate(rows)[:, 0].tolist() == list(range(7))
    assert np.concatenate(rows)[:, 3].tolist() == [i / 2 for i in range(7)]


def test_svm_labels_of_another_file(write):
    labels = write("".join(f"0:{i} 1:{-i}\n" for i in range(7)), "labels")
    it = LibSVMIter(write(SVM), (4,), 7, label_libsvm=labels, label_shape=(2,))
    assert it.next().label[0].asnumpy().tolist() == [[i, -i] for i in range(7)]


@pytest.mark.parametrize(
    ("text", "shape", "message"),
    [
        ("1,2\n3\n", (2,), r"bad.csv: line 2 must have 2 numbers; it has 1"),
        ("1,2\n3,x\n", (2,), r"bad.csv: line 2, column 2 must be a number \(float32\); got 'x'"),
        ("1,2\n", (3,), r"bad.csv: line 1 must have 3 numbers; it has 2"),
        ("", (2,), "holds no rows"),
    ],
)
def test_damaged_csv(write, text, shape, message):
    with pytest.raises(MXNetError, match=message) as caught:
        CSVIter(write(text, "bad.csv"), shape, 1)
    assert "bad.csv" in str(caught.value)


@pytest.mark.parametrize("line", ["\xe9 1:1", "1 4:1", "1 -1:1", "1 x:1", "1 1:y", "1 1:2:3", "one 1:2", "1 1"])
def test_damaged_svm(write, line):
    with pytest.raises(
        MXNetError, match="data: line 2 must hold a label and pairs index:value, with indices from 0 to 3"
    ):
        LibSVMIter(write("0 1:1\n" + line + "\n"), (4,), 1)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"data_csv": None}, "data_csv is required"),
        ({"data_shape": None}, "data_shape is required"),
        ({"data_shape": "2"}, "data_shape must be a tuple of whole numbers; got '2'"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"ctx": "tpu"}, "ctx must be one of 'cpu', 'gpu'"),
    ],
)
def test_wrong_parameters(write, options, text):
    with pytest.raises(MXNetError, match=text):
        CSVIter(**{"data_csv": write(CSV), "data_shape": (2,), "batch_size": 2, **options})


def test_other_errors(write):
    with pytest.raises(FileNotFoundError, match="cannot read /none"):
        CSVIter("/none", (2,), 1)
    with pytest.raises(FileNotFoundError, match="cannot read /none"):
        LibSVMIter("/none", (2,), 1)
    with pytest.raises(MXNetError, match=r"has 7 rows, but .* has 1"):
        CSVIter(write(CSV), (2,), 1, label_csv=write("1\n", "label"))
    with pytest.raises(ValueError, match="no current batch"):
        CSVIter(write(CSV), (2,), 1).getdata()


def test_folders(tmp_path):
    for name, first in (("b", 5), ("a", 0)):
        (tmp_path / f"{name}.csv").write_text("".join(f"{i},{i}\n" for i in range(first, first + 3)))
    assert first_column(CSVIter(str(tmp_path), (2,), 3)) == [[0, 1, 2], [5, 6, 7]]
    (tmp_path / "a.csv").write_text("1,2,3\n")
    with pytest.raises(MXNetError, match=r"b\.csv: line 1 must have 3 numbers"):
        CSVIter(str(tmp_path), (3,), 1)
    (tmp_path / "none").mkdir()
    with pytest.raises(MXNetError, match="none holds no files"):
        CSVIter(str(tmp_path / "none"), (3,), 1)


def test_svm_folder(tmp_path):
    for name, first in (("b", 5), ("a", 0)):
        (tmp_path / name).write_text("".join(f"1 0:{i}\n" for i in range(first, first + 3)))
    assert first_column(LibSVMIter(str(tmp_path), (2,), 3)) == [[0, 1, 2], [5, 6, 7]]
    (tmp_path / "b").write_text("1 0:1\n1 2:1\n")
    with pytest.raises(MXNetError, match=r"b: line 2 must hold a label and pairs index:value"):
        LibSVMIter(str(tmp_path), (2,), 3)


def test_whole_numbers(write):
    it = CSVIter(write("1,2\n3,16777217\n"), (2,), 2, dtype="int32")
    assert it.next().data[0].asnumpy().tolist() == [[1, 2], [3, 16777217]]
    with pytest.raises(MXNetError, match=r"line 2, column 1 must be a number \(int32\); got 'x'"):
        CSVIter(write("1,2\nx,4\n"), (2,), 2, dtype="int32")
