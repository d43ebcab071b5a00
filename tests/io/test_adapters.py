"""ResizeIter and PrefetchingIter beyond what was recorded, and the base class."""

import threading

import numpy as np
import pytest

from paratrain.io import DataBatch, DataDesc, DataIter, NDArrayIter, PrefetchingIter, ResizeIter

X = np.arange(10, dtype=np.float32)


def first_rows(it):
    return [int(batch.data[0].asnumpy()[0]) for batch in it]


def test_prefetching_and_position():
    it = PrefetchingIter(NDArrayIter(X, X, 2, shuffle=True, seed=1))
    it.next()
    it.next()
    state = it.state_dict()
    rest = first_rows(it)
    other = PrefetchingIter(NDArrayIter(X, X, 2, shuffle=True))
    other.load_state_dict(state)
    assert first_rows(other) == rest
    assert len(rest) == 3


def test_resizing_and_position():
    it = ResizeIter(NDArrayIter(X, X, 4, last_batch_handle="discard"), 5)
    it.next()
    it.next()
    it.next()
    other = ResizeIter(NDArrayIter(X, X, 4, last_batch_handle="discard"), 5)
    other.load_state_dict(it.state_dict())
    assert first_rows(other) == first_rows(it) == [4, 0]


def test_prefetching_close():
    with PrefetchingIter(NDArrayIter(X, X, 2)) as it:
        it.next()
    assert not [t for t in threading.enumerate() if t.name.startswith("paratrain-prefetch")]
    with pytest.raises(ValueError, match="closed"):
        it.next()


class Failing(DataIter):
    @property
    def provide_data(self):
        return [DataDesc("data", (2,))]

    provide_label = provide_data

    def next(self):
        raise OSError("the disk is gone")


def test_an_error_ahead_is_raised_when_its_batch_is_asked_for():
    it = PrefetchingIter(Failing(2))
    with pytest.raises(OSError, match="the disk is gone"):
        it.next()


def test_different_lengths():
    it = PrefetchingIter([NDArrayIter(X, X, 2), NDArrayIter({"b": X[:8]}, {"l": X[:8]}, 2)])
    with pytest.raises(ValueError, match="same number of batches"):
        list(it)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: PrefetchingIter([]), "at least one iterator"),
        (lambda: PrefetchingIter(NDArrayIter(X, X, 2), rename_data=[{}, {}]), "entry for each of 1 iterators; got 2"),
        (lambda: ResizeIter(NDArrayIter(X, X, 2), 0), "size must be at least 1; got 0"),
    ],
)
def test_wrong_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()


def test_batch_of_something_else():
    with pytest.raises(TypeError, match="data must be a list of NDArrays; got ndarray"):
        DataBatch(X)


def test_base_class_names_what_is_missing():
    it = DataIter(3)
    it.reset()
    for call in (it.next, it.getdata, it.getlabel, it.getpad, it.state_dict, lambda: it.load_state_dict({})):
        with pytest.raises(NotImplementedError, match=r"\[DataIter\]"):
            call()
