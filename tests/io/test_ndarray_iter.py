"""NDArrayIter beyond what was recorded: shuffling, position, errors."""

import json
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain import nd
from paratrain.io import NDArrayIter

X = np.arange(10, dtype=np.float32)


def rows(it):
    return [batch.data[0].asnumpy().astype(int).tolist() for batch in it]


def test_shuffle_is_a_function_of_seed_and_epoch():
    its = [NDArrayIter(X, X, 5, shuffle=True, seed=seed) for seed in (1, 1, 2)]
    first = [rows(it) for it in its]
    assert first[0] == first[1] != first[2]
    its[0].reset()
    assert rows(its[0]) != first[0]
    assert sorted(chain.from_iterable(first[0])) == list(range(10))


def test_numpy_seed_chooses_where_none_is_given():
    orders = []
    for _ in range(2):
        np.random.seed(5)
        orders.append(rows(NDArrayIter(X, X, 5, shuffle=True)))
    assert orders[0] == orders[1]


def test_labels_follow():
    for batch in NDArrayIter({"x": X}, {"y": X * 2}, 3, shuffle=True):
        assert np.array_equal(batch.data[0].asnumpy() * 2, batch.label[0].asnumpy())
        assert np.array_equal(batch.data[0].asnumpy(), batch.index)


@given(
    n=st.integers(1, 12), size=st.integers(1, 12), stop=st.integers(0, 20),
    last=st.sampled_from(["pad", "discard", "roll_over"]), shuffle=st.booleans(),
)  # fmt: skip
def test_go_on_where_it_stopped(n, size, stop, last, shuffle):
    def steps(it, count):
        out = []
        while len(out) < count:
            try:
                batch = it.next()
                out.append((batch.data[0].asnumpy().tolist(), batch.pad))
            except StopIteration:
                it.reset()
        return out

    size = min(size, n)
    whole = steps(NDArrayIter(X[:n] if n <= 10 else np.arange(n), None, size, shuffle, last, seed=4), 25)
    it = NDArrayIter(X[:n] if n <= 10 else np.arange(n), None, np.int64(size), shuffle, last, seed=4)
    begin = steps(it, stop)
    other = NDArrayIter(X[:n] if n <= 10 else np.arange(n), None, size, shuffle, last)  # takes the seed over
    other.load_state_dict(json.loads(json.dumps(it.state_dict())))
    assert begin + steps(other, 25 - stop) == whole


def test_roll_over_uses_every_row_as_often():
    it = NDArrayIter(X, None, 4, last_batch_handle="roll_over")
    seen = []
    for _ in range(4):
        seen += chain.from_iterable(rows(it))
        it.reset()
    assert np.bincount(seen).tolist() == [4] * 10


def test_batches_are_copies():
    source = nd.array(X)
    batch = NDArrayIter(source, None, 5).next()
    batch.data[0][:] = -1
    assert np.array_equal(source.asnumpy(), X)


def test_types_are_kept_for_ndarrays():
    it = NDArrayIter(nd.array([1, 2], dtype="int32"), None, 2)
    assert it.provide_data[0].dtype == np.int32
    assert it.next().data[0].dtype == np.int32


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (("text",), TypeError, "data must be an NDArray, a NumPy array, a data set .*; got str"),
        (([X, ["a", "b"]],), TypeError, "data '_1_data' must be an NDArray, a NumPy array of numbers .*; got list"),
        (([],), ValueError, "at least one array"),
        ((X, X[:5]), ValueError, "same length; got {'data': 10, 'softmax_label': 5}"),
        ((X, None, 11, False, "discard"), ValueError, "batch_size must be at most the number of rows 10; got 11"),
        ((X, None, 0), ValueError, "batch_size must be a positive whole number; got 0"),
        ((X, None, 2, False, "keep"), ValueError, r"last_batch_handle must be one of .*; got 'keep'"),
    ],
)
def test_wrong_arguments(arguments, error, text):
    with pytest.raises(error, match=text):
        NDArrayIter(*arguments)


def test_state_of_another_iterator():
    state = NDArrayIter(X, None, 2, seed=1).state_dict()
    with pytest.raises(ValueError, match="batch_size=2; this iterator has batch_size=5"):
        NDArrayIter(X, None, 5).load_state_dict(state)
    with pytest.raises(ValueError, match="seed=1; this iterator has seed=2"):
        NDArrayIter(X, None, 2, seed=2).load_state_dict(state)


@pytest.mark.parametrize("handle", ["pad", "discard", "roll_over"])
@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"batch": 6}, "batch of the saved position must be from 0 to [45]; got 6"),
        ({"batch": None}, "batch of the saved position must be a whole number"),
        ({"epoch": -1}, "epoch of the saved position must be at least 0"),
        ({"seed": "1"}, "seed of the saved position must be a whole number"),
        ({"rolled": [10]}, "rolled of the saved position must be from 0 to 9; got 10"),
        ({"rolled": [1, 2]}, "rolled of the saved position must be less than a batch; got 2 rows"),
    ],
)
def test_position_that_cannot_be(handle, change, text):
    it = NDArrayIter(np.arange(10.0), None, 2, last_batch_handle=handle)
    it.next()
    before = it.state_dict()
    with pytest.raises(ValueError, match=text):
        it.load_state_dict({**before, **change})
    assert it.state_dict() == before


def test_no_current_batch():
    with pytest.raises(ValueError, match="no current batch"):
        NDArrayIter(X, None, 2).getdata()


def test_a_batch_of_more_rows_than_there_are():
    (batch,) = NDArrayIter(np.arange(6).reshape(3, 2), np.arange(3), 7)
    assert batch.label[0].asnumpy().tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert batch.pad == 4


@pytest.mark.parametrize("shuffle", [False, True])
def test_the_batch_on_another_axis(shuffle):
    """MXNet takes the number of rows from the first axis all the same, and leaves rows out."""
    table = np.arange(24).reshape(4, 6)
    it = NDArrayIter(table, batch_size=2, layout="TN", shuffle=shuffle, seed=1)
    assert it.provide_data[0].shape == (4, 2)
    columns = np.concatenate([batch.data[0].asnumpy() for batch in it], 1)
    assert np.array_equal(columns[:, columns[0].argsort()], table)
    with pytest.raises(ValueError, match="must have an axis 1 for the batch; got shape"):
        NDArrayIter(table, np.arange(6), 2, layout="TN")
    with pytest.raises(ValueError, match="layout must have an axis N"):
        NDArrayIter(table, layout="CHW")


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("last", ["pad", "discard", "roll_over"])
def test_data_sets_of_h5py(tmp_path, shuffle, last):
    h5py = pytest.importorskip("h5py")
    rows = np.random.default_rng(0).integers(0, 99, (11, 3), dtype=np.int32)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = rows

    def batches(data):
        it = NDArrayIter({"x": data}, np.arange(11), 4, shuffle, last, seed=3)
        out = []
        for _ in range(2):
            out += [(b.data[0].asnumpy(), b.label[0].asnumpy(), b.pad) for b in it]
            it.reset()
        return out

    with h5py.File(tmp_path / "a.h5") as file:
        got = batches(file["x"])
        assert NDArrayIter(file["x"], batch_size=2).provide_data[0].dtype == np.int32
    for a, b in zip(got, batches(rows), strict=True):
        assert np.array_equal(a[0], b[0])
        assert np.array_equal(a[1], b[1])
        assert a[2] == b[2]


def test_a_data_set_is_not_read_whole(tmp_path, monkeypatch):
    h5py = pytest.importorskip("h5py")
    read = []
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = np.zeros((1000, 2), np.float32)
        item = h5py.Dataset.__getitem__
        monkeypatch.setattr(h5py.Dataset, "__getitem__", lambda self, key: read.append(item(self, key)) or read[-1])
        it = NDArrayIter(file["x"], batch_size=10, shuffle=True)
        it.next()
        it.next()
    assert [len(part) for part in read] == [10, 10]
