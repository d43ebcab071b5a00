"""Worker threads that fill batches ahead of their use, in an order that does not depend on the threads.

Rows are handed to the workers in the order of the batches. A batch is given out when all its rows are filled, and only
a fixed number of batches is worked on ahead. After the last batch of an epoch the workers go on with the next epoch.
"""

from __future__ import annotations

import math
import os
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from paratrain.ext import engine
from paratrain.io import native
from paratrain.io.order import Epoch, Order


@dataclass
class Slot:
    """A batch in work.

    Attributes
    ----------
    epoch, batch : int
        Its place in the sequence.
    rows : int64 array
        Record numbers.
    valid : int
        Rows from the beginning that are not padding.
    data, label, ids : array
        What the workers fill; rows first.
    errors : dict
        Exception by row.
    """

    epoch: int
    batch: int
    rows: np.ndarray
    valid: int
    data: np.ndarray
    label: np.ndarray
    ids: np.ndarray
    errors: dict[int, Exception] = field(default_factory=dict)
    missing: int = 0  # rows not filled yet


class Ring:
    """Arrays of one shape in memory that is used again when the last user lets go of it."""

    def __init__(self, shape: tuple[int, ...], dtype: type, spare: int) -> None:
        self.shape, self.dtype = shape, np.dtype(dtype)
        self.pool = native.BufferPool(math.prod(shape) * self.dtype.itemsize, spare)

    def take(self) -> np.ndarray:
        """Return an array whose content is anything."""
        return np.frombuffer(memoryview(self.pool.take()), self.dtype, math.prod(self.shape)).reshape(self.shape)


class Loader:
    """A sequence of filled batches.

    Parameters
    ----------
    order : Order
        Which record goes where.
    fill : callable
        ``fill(slot, row)`` fills one row; what it raises is kept in the slot.
    data, label : Ring
        Memory of the batches.
    threads : int
        Number of workers.
    ahead : int
        Batches worked on before they are asked for.
    """

    def __init__(
        self, order: Order, fill: Callable[[Slot, int], None], data: Ring, label: Ring, threads: int, ahead: int
    ) -> None:
        self._threads, self.fill = threads, fill
        self._use(_Work(order, fill, data, label, ahead))
        _LOADERS.add(self)

    def _use(self, work: _Work) -> None:
        self._work = work
        self._workers: list[threading.Thread] = []
        self._stop = weakref.finalize(self, _stop, work, self._workers)

    def seek(self, epoch: int, batch: int, order: Order | None = None) -> None:
        """Make the given batch the next one, of another order if one is given; what was worked on is dropped."""
        self._work.seek(epoch, batch, order)

    def next(self) -> Slot:
        """Return the next batch, filled."""
        if self.closed:
            raise ValueError("[Loader] the iterator is closed")
        for i in range(len(self._workers), self._threads):
            worker = threading.Thread(target=_run, args=(self._work,), name=f"paratrain-io-{i}", daemon=True)
            self._workers.append(worker)
            worker.start()
        with engine.region("data", "wait for a batch"):
            return self._work.next()

    def close(self) -> None:
        """Stop the workers and wait until they have ended."""
        self._stop()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return not self._stop.alive

    def _after_fork(self) -> None:
        """Begin again with own threads; those of the parent do not exist here, and may have held the lock."""
        self._stop.detach()
        self._use(self._work.copy())


class _Work:
    """What the workers and the user share. It does not refer to the loader, so that this one can be collected."""

    def __init__(self, order: Order, fill: Callable[[Slot, int], None], data: Ring, label: Ring, ahead: int) -> None:
        self.order, self.fill, self.data, self.label, self.ahead = order, fill, data, label, ahead
        self.changed = threading.Condition()
        self.stopped = False
        self.failure: Exception | None = None  # of the machinery itself, not of a row
        self.plan: tuple[int, Epoch] | None = None  # of the epoch that batches are begun for
        self.seek(0, 0)

    def copy(self) -> _Work:
        """Return work of which nothing is done, that gives the same batches from here on."""
        new = _Work(self.order, self.fill, self.data, self.label, self.ahead)
        new.seek(*self.wanted)
        return new

    def seek(self, epoch: int, batch: int, order: Order | None = None) -> None:
        with self.changed:
            if order is not None:
                self.order, self.plan = order, None
            self.wanted = self.begun = (epoch, batch)  # next batch to give out; to begin
            self.slots: list[Slot] = []  # begun and not given out, in order
            self.row = 0  # first row of the last slot that no worker has taken
            self.changed.notify_all()

    def next(self) -> Slot:
        with self.changed:
            while self.failure is None and not (self.slots and not self.slots[0].missing):
                self.changed.wait()
            if self.failure is not None:
                raise self.failure
            slot = self.slots.pop(0)
            self.wanted = self.after(slot.epoch, slot.batch)
            self.changed.notify_all()
            return slot

    def take(self) -> tuple[Slot, int] | None:
        """Return a row to fill, waiting until there is one; None when there will be no more."""
        with self.changed:
            while not self.stopped:
                if self.slots and self.row < len(self.slots[-1].rows):
                    self.row += 1
                    return self.slots[-1], self.row - 1
                if len(self.slots) < self.ahead:
                    self.begin()
                else:
                    self.changed.wait()
            return None

    def done(self, held: list[Slot]) -> None:
        """Note that a row of the slot in `held` is filled.

        When the user wakes no worker refers to the slot any more: otherwise it would keep an error in it alive for a
        moment, and with that the iterator, just while the user may be collecting garbage.
        """
        with self.changed:
            slot = held.pop()
            slot.missing -= 1
            complete = not slot.missing
            del slot
            if complete:
                self.changed.notify_all()

    def fail(self, err: Exception) -> None:
        with self.changed:
            self.failure = err
            self.changed.notify_all()

    def begin(self) -> None:
        epoch, batch = self.begun
        if self.plan is None or self.plan[0] != epoch:
            self.plan = epoch, self.order.epoch(epoch)
        rows, valid = self.plan[1].rows[batch], int(self.plan[1].valid[batch])
        ids = np.zeros(len(rows), np.uint64)
        slot = Slot(epoch, batch, rows, valid, self.data.take(), self.label.take(), ids, missing=len(rows))
        self.slots.append(slot)
        self.row = 0
        self.begun = self.after(epoch, batch)

    def after(self, epoch: int, batch: int) -> tuple[int, int]:
        return (epoch, batch + 1) if batch + 1 < self.order.batches(epoch) else (epoch + 1, 0)


def _run(work: _Work) -> None:
    """Fill rows until there are no more: what a worker thread does."""
    while True:
        try:
            taken = work.take()
        except Exception as err:  # such as no memory for a batch: handed to the user
            work.fail(err)
            return
        if taken is None:
            return
        slot, row = taken
        del taken
        try:
            with engine.region("data", "fill a row"):
                work.fill(slot, row)
        except Exception as err:  # handed to the user together with the batch
            slot.errors[row] = err
        held = [slot]
        del slot
        work.done(held)


def _stop(work: _Work, workers: list[threading.Thread]) -> None:
    with work.changed:
        work.stopped = True
        work.changed.notify_all()
    for worker in workers:
        if worker is not threading.current_thread():
            worker.join()


_LOADERS: weakref.WeakSet[Loader] = weakref.WeakSet()


def _after_fork() -> None:
    for loader in list(_LOADERS):
        if not loader.closed:
            loader._after_fork()


os.register_at_fork(after_in_child=_after_fork)
