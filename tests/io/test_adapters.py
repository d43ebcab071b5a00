"""ResizeIter and PrefetchingIter beyond what was recorded, and the base class."""

import os
import signal
import threading

import numpy as np
import pytest

from paratrain import MXNetError
from paratrain.io import DataBatch, DataDesc, DataIter, ImageRecordIter, NDArrayIter, PrefetchingIter, ResizeIter

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


def test_position_that_cannot_be():
    it = ResizeIter(NDArrayIter(np.arange(6.0), batch_size=2), 5)
    with pytest.raises(ValueError, match="batch of the saved position must be from 0 to 5; got 6"):
        it.load_state_dict({**it.state_dict(), "batch": 6})


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


def test_after_an_error_it_goes_on(make_rec):
    """As the record iterator itself does: with the batch behind the damaged one, and with the next epoch."""
    path = make_rec(8, payloads={2: b"no image"})
    with ImageRecordIter(path, (3, 6, 7), 2, verbose=False) as inner, PrefetchingIter(inner) as it:
        assert it.next().index.tolist() == [0, 1]
        with pytest.raises(MXNetError, match="record 2 at byte"):
            it.next()
        assert [batch.index.tolist() for batch in it] == [[4, 5], [6, 7]]
        it.reset()
        it.next()
        it.reset()  # an error ahead that nobody has asked for
        assert it.next().index.tolist() == [0, 1]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_is_told():
    """Instead of waiting for threads that it does not have."""
    with PrefetchingIter(NDArrayIter(X, X, 2)) as it:
        it.next()
        pid = os.fork()
        if not pid:
            signal.alarm(20)
            try:
                it.next()
            except RuntimeError:
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(pid, 0) == (pid, 0)
        assert first_rows(it) == [2, 4, 6, 8]


def test_different_lengths():
    it = PrefetchingIter([NDArrayIter(X, X, 2), NDArrayIter({"b": X[:8]}, {"l": X[:8]}, 2)])
    with pytest.raises(ValueError, match="same number of batches"):
        list(it)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: PrefetchingIter([]), "at least one iterator"),
        (lambda: PrefetchingIter(NDArrayIter(X, X, 2), rename_data=[{}, {}]), "entry for each of 1 iterators; got 2"),
        (lambda: ResizeIter(NDArrayIter(X, X, 2), 0), "size must be a whole number of at least 1; got 0"),
        (lambda: ResizeIter(NDArrayIter(X, X, 2), 2.5), "size must be a whole number of at least 1; got 2.5"),
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
