"""`RecordIter`: what iterators over record files have in common: position, damaged records, the end of the threads."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from paratrain.io.data import BatchIter, DataBatch, DataDesc
from paratrain.io.errors import RecordError
from paratrain.io.loader import Loader, Ring, Slot
from paratrain.io.order import Order
from paratrain.io.parameters import Checker
from paratrain.kvstore.transport import joined

if TYPE_CHECKING:
    from typing_extensions import Self


log = logging.getLogger("paratrain.io")


class RecordIter(BatchIter):
    """Base of iterators over images in a record file, whose batches are filled by threads.

    Parameters
    ----------
    check : Checker
        Checks the parameters, which are those of `ImageRecordIter`.
    order : Order
        Which record goes where.
    fill : callable
        Fills a row, see `Loader`.
    data : DataDesc
        Name, shape and type of the images of a batch.
    label : DataDesc
        Name and shape (batch size, numbers) of the labels; where there is one number, batches have shape (batch size,).
    preprocess_threads, prefetch_buffer : int
    on_error : {'raise', 'skip'}
    max_skipped : int or None
    ctx : {'cpu', 'gpu'}
    device_id : int

    Attributes
    ----------
    skipped : list of str
        What was skipped in this epoch, and why.
    skipped_before : list of list of str
        What each part skipped in the epoch before, known after `reset`; where the ranks of the job do not communicate,
        or are not the parts, this one's alone.
    """

    def __init__(
        self,
        check: Checker,
        order: Order,
        fill: Callable[[Slot, int], None],
        data: DataDesc,
        label: DataDesc,
        *,
        preprocess_threads: Any,
        prefetch_buffer: Any,
        on_error: Any,
        max_skipped: Any,
        ctx: Any,
        device_id: Any,
    ) -> None:
        super().__init__(order.batch_size)
        check.one_of("ctx", ctx, ("cpu", "gpu"))
        check.whole("device_id", device_id, -1)
        self.on_error = check.one_of("on_error", on_error, ("raise", "skip"))
        self.max_skipped = None if max_skipped is None else check.whole("max_skipped", max_skipped, 0)
        threads = check.whole("preprocess_threads", preprocess_threads, 1)
        ahead = check.whole("prefetch_buffer", prefetch_buffer, 1)
        self._data, self._label = data, label
        self._order = order
        self._epoch = 0
        self._batch = 0  # batches given out in this epoch
        self.skipped: list[str] = []
        self.skipped_before: list[list[str]] = []
        self._loader = Loader(order, fill, ring_of(data, ahead), ring_of(label, ahead), threads, ahead)
        self._closed = False

    @property
    def provide_data(self) -> list[DataDesc]:
        """Name, shape and type of the images."""
        return [self._data]

    @property
    def provide_label(self) -> list[DataDesc]:
        """Name and shape of the labels: (batch_size,), or (batch_size, numbers) where there are several."""
        shape = self._label.shape[:1] if self._label.shape[1] == 1 else self._label.shape
        return [DataDesc(self._label.name, shape, self._label.dtype)]

    @property
    def num_batches(self) -> int:
        """Batches of the current epoch, the same on every part."""
        return self._order.batches(self._epoch)

    @property
    def batches_left(self) -> int:
        """Batches until the end of the epoch."""
        return self.num_batches - self._batch

    def reset(self) -> None:
        """Begin the next epoch. Before the first batch of an epoch this does nothing.

        With ``on_error='skip'``, and a part on each rank of a job whose ranks communicate (a ``dist_sync`` store was
        made), the ranks tell each other here what they have skipped: then all of them must call it, as they do at the
        end of an epoch.
        """
        if self._batch == 0:
            return
        finished = self._batch == self.num_batches
        if finished and self.on_error == "skip":
            self._gather()
        self._leave()
        self._epoch, self._batch = self._epoch + 1, 0
        self.current_batch = None
        self.skipped = []
        if not finished:
            self._loader.seek(self._epoch, 0)

    def iter_next(self) -> bool:
        """Go to the next batch; False at the end of the epoch.

        Raises
        ------
        RecordError
            At a damaged record, with ``on_error='raise'``; the call after that gives the next batch.
        """
        if self._closed:
            raise ValueError(f"[{type(self).__name__}] the iterator is closed")
        if self._batch == self.num_batches:
            return False
        slot = self._loader.next()
        self._batch += 1
        if slot.errors:
            self._damaged(slot)
        self.current_batch = self._batch_of(slot)
        if self._batch == self.num_batches and self.skipped:
            self._report()
        return True

    def _leave(self) -> None:
        """Report what was skipped in an epoch that is left before its end; otherwise that was done there."""
        if self.skipped and self._batch < self.num_batches:
            self._report()

    def _batch_of(self, slot: Slot) -> DataBatch:
        """Make a batch of a filled slot."""
        from paratrain import ndarray as nd

        label = slot.label[:, 0] if slot.label.shape[1] == 1 else slot.label
        return DataBatch([nd.from_numpy(slot.data)], [nd.from_numpy(label)], self.batch_size - slot.valid, slot.ids)

    def _damaged(self, slot: Slot) -> None:
        """Raise the first error, or close the gaps the damaged rows have left and fill up from the good ones.

        Only what is wrong with a record can be skipped, not, for example, that there is no memory.
        """
        errors = [slot.errors[row] for row in sorted(slot.errors)]
        for err in errors:
            if self.on_error == "raise" or not isinstance(err, RecordError):
                raise err
        self.skipped += [str(slot.errors[row]) for row in sorted(slot.errors) if row < slot.valid]
        if self.max_skipped is not None and len(self.skipped) > self.max_skipped:
            raise RecordError(
                f"[{type(self).__name__}] {len(self.skipped)} records of epoch {self._epoch} were skipped, more than "
                f"max_skipped={self.max_skipped}; the last: {self.skipped[-1]}"
            ) from errors[-1]
        good = [row for row in range(len(slot.rows)) if row not in slot.errors]
        slot.valid = sum(row < slot.valid for row in good)
        if not good:
            self._fill_up(slot)
            good = [0]
        keep = np.resize(np.array(good), len(slot.rows))
        for array in (slot.data, slot.label, slot.ids):
            array[:] = array[keep]

    def _fill_up(self, slot: Slot) -> None:
        """Put a record in the first row of a batch that has no good one: the next of the epoch that can be used.

        The batch cannot be left out, since every part must have the same number of them.
        """
        rows = np.roll(self._order.epoch(slot.epoch).rows.reshape(-1), -(slot.batch + 1) * len(slot.rows))
        for number in dict.fromkeys(rows.tolist()):
            try:
                self._loader.fill(replace(slot, rows=np.array([number])), 0)
                return
            except RecordError:  # it is counted where it has its place
                continue
        count, part = len(set(rows.tolist())), self._order.part_index
        raise RecordError(
            f"[{type(self).__name__}] none of the {count} records of part {part} can be used; "
            f"the first of batch {slot.batch}: {slot.errors[min(slot.errors)]}"
        )

    def _report(self) -> None:
        """Log what was skipped in the epoch."""
        shown = "".join(f"\n  {text}" for text in self.skipped[:10])
        more = f"\n  and {len(self.skipped) - 10} more" if len(self.skipped) > 10 else ""
        log.warning(
            "[%s] epoch %d, part %d: %d records were skipped%s%s",
            type(self).__name__, self._epoch, self._order.part_index, len(self.skipped), shown, more,
        )  # fmt: skip

    def _gather(self) -> None:
        """Learn what all parts have skipped in the epoch that ends; the first part logs it."""
        ranks, order = joined(), self._order
        self.skipped_before = [self.skipped]
        if ranks is None or ranks.size == 1 or (ranks.size, ranks.rank) != (order.num_parts, order.part_index):
            return
        self.skipped_before = ranks.allgather_object(self.skipped)
        counts = list(map(len, self.skipped_before))
        if ranks.rank == 0 and any(counts):
            log.warning(
                "[%s] epoch %d, all parts: %d records were skipped (%s)",
                type(self).__name__, self._epoch, sum(counts), ", ".join(map(str, counts)),
            )  # fmt: skip

    def state_dict(self) -> dict[str, Any]:
        """Return the position as plain numbers, for `load_state_dict`.

        Returns
        -------
        dict
            Epoch, number of batches given out in it, and what the order depends on. The same on every part.
        """
        return self._order.state(self._epoch, self._batch)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved.

        A position that another number of parts has saved is taken up, too: what they had left of the epoch is dealt
        out anew, every record once.

        Raises
        ------
        ValueError
            If `state` belongs to an iterator with other records, shuffling or seed, or with as many parts and another
            batch size.
        """
        self._order, epoch, batch = self._order.resumed(type(self).__name__, state)
        self._leave()
        self._epoch, self._batch, self.current_batch, self.skipped = epoch, batch, None, []
        at_end = batch == self._order.batches(epoch)
        self._loader.seek(*((epoch + 1, 0) if at_end else (epoch, batch)), self._order)

    def close(self) -> None:
        """End the threads. The iterator gives no batches after that; those it gave stay valid."""
        if not self._closed:
            self._closed = True
            self._loader.close()
            self._leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_closed"):
            self.close()


def ring_of(desc: DataDesc, ahead: int) -> Ring:
    """Memory for the batches in work, the one that was given out last, and one that is begun meanwhile."""
    return Ring(desc.shape, desc.dtype, ahead + 2)
