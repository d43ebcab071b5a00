"""Which record goes where: the order of an epoch, as a function of (seed, epoch, part, number of parts) only.

Without shuffling each part is a contiguous range of the file, the first parts one record longer where the records do
not divide evenly. With shuffling one random order of *all* records is cut into global batches, and each part takes its
share of every global batch; so 1 part x 128, 2 x 64 and 4 x 32 see the same records in the same step.

All parts have the same number of batches. What is missing at the end is filled with records from the beginning of the
epoch and reported as ``pad``, so that every record counts exactly once.

A saved position can be taken up by another number of parts: what is left of the epoch is dealt out anew among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from paratrain.io import native
from paratrain.io.data import check_state

#: Ranges of places in the order of an epoch, each from its first to the one behind its last.
Spans = tuple[tuple[int, int], ...]

CHUNKS = 0x6368756E  # sets the random order of the chunks apart from that of the records


@dataclass(frozen=True)
class Epoch:
    """The rows of one epoch of one part.

    Attributes
    ----------
    rows : int64 array, shape (batches, batch_size)
        Record numbers.
    valid : int64 array, shape (batches,)
        How many rows of each batch, from its beginning, are not padding.
    """

    rows: np.ndarray
    valid: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Order:
    """How the records of a set are dealt out.

    Parameters
    ----------
    records : int
        Number of records in the whole set.
    batch_size : int
        Rows of a batch of one part.
    num_parts, part_index : int
        Number of parts, and which one this is.
    shuffle : bool
        New random order in every epoch.
    seed : int
        Chooses the random orders.
    roll_over : bool
        Without shuffling and with one part only: padding is taken from the next epoch, which then begins behind it
        (MXNet's ``round_batch=True``).
    chunks : tuple of int
        With shuffling: first records of contiguous chunks. The chunks are shuffled, and the records within each; so
        records that are read after one another lie near each other in the file. Default: all records at once.
    chunk_seed : int
        Chooses the random orders of the chunks.
    left : tuple of (int, int), optional
        Of epoch `begun` only these places of its order are dealt out: what other parts had left of it.
    begun : int
        See `left`; the epochs before it are not asked for.
    """

    records: int
    batch_size: int
    num_parts: int = 1
    part_index: int = 0
    shuffle: bool = False
    seed: int = 0
    roll_over: bool = False
    chunks: tuple[int, ...] = ()
    chunk_seed: int = 0
    left: Spans | None = None
    begun: int = 0

    def epoch(self, number: int) -> Epoch:
        """Return the rows of epoch `number`, from 0."""
        if not self.batches(number):
            return Epoch(np.empty((0, self.batch_size), np.int64), np.empty(0, np.int64))
        return self._shuffled(number) if self.shuffle else self._in_order(number)

    def batches(self, number: int) -> int:
        """Return how many batches epoch `number` has, the same for every part."""
        count = _length(self._places(number))
        if self.shuffle:
            return -(-count // (self.batch_size * self.num_parts))
        longest = -(-count // self.num_parts)
        return -(-longest // self.batch_size)

    def full_batches(self, number: int) -> int:
        """Return how many batches of epoch `number` need no padding on any part."""
        count = _length(self._places(number))
        if self.shuffle:
            return count // (self.batch_size * self.num_parts)
        return count // self.num_parts // self.batch_size

    def _places(self, number: int) -> Spans:
        """Places in the order of an epoch that are dealt out in it."""
        if self.left is not None and number == self.begun:
            return self.left
        return ((self._start(number), self.records),)

    def _start(self, number: int) -> int:
        """First record of an epoch that is read in order: those before it have filled up the epoch before."""
        if not self.roll_over or self.num_parts > 1 or number <= self.begun:
            return 0
        first = self.records if self.left is None else _length(self.left)
        return -(first + (number - self.begun - 1) * self.records) % self.batch_size % self.records

    def _in_order(self, number: int) -> Epoch:
        places = self._places(number)
        first, size = share(_length(places), self.num_parts, self.part_index)
        own = _numbers(_cut(places, first, first + size))
        missing = self.batches(number) * self.batch_size - size
        if self.roll_over and self.num_parts == 1:
            filling = np.arange(missing, dtype=np.int64) % self.records  # the beginning of the next epoch
        else:
            filling = np.resize(own if size else _numbers(places), missing)
        return self._batches(np.concatenate([own, filling]), size)

    def _shuffled(self, number: int) -> Epoch:
        order = self._permutation(number)
        if self.left is not None and number == self.begun:
            order = order[_numbers(self.left)]
        together = self.batch_size * self.num_parts
        batches = self.batches(number)
        # all batches but the last: rows of this part out of each global batch
        full = order[: (batches - 1) * together].reshape(-1, self.num_parts, self.batch_size)[:, self.part_index]
        left = len(order) - (batches - 1) * together
        first, size = share(left, self.num_parts, self.part_index)
        # padding is dealt out in turn, too: this part's begins after what the earlier parts need
        padding = np.arange(self.batch_size - size) + self.part_index * self.batch_size - first
        last = np.concatenate([order[(batches - 1) * together + first :][:size], order[padding % len(order)]])
        return self._batches(np.concatenate([full.reshape(-1), last]), len(full) * self.batch_size + size)

    def _permutation(self, number: int) -> np.ndarray:
        """Return all records in the random order of epoch `number`."""
        key = native.mix(self.seed, number)
        if not self.chunks:
            return native.permutation(key, self.records)
        ends = [*self.chunks[1:], self.records]
        turns = native.permutation(native.mix(CHUNKS, self.chunk_seed, number), len(ends))
        return np.concatenate(
            [
                self.chunks[turn] + native.permutation(native.mix(key, int(turn)), ends[turn] - self.chunks[turn])
                for turn in turns
            ]
        )

    def _batches(self, rows: np.ndarray, valid: int) -> Epoch:
        rows = rows.reshape(-1, self.batch_size)
        left = valid - np.arange(len(rows), dtype=np.int64) * self.batch_size
        return Epoch(rows, left.clip(0, self.batch_size))

    # -- positions ------------------------------------------------------------------------------------------------

    def state(self, epoch: int, batch: int) -> dict[str, Any]:
        """Return the position behind `batch` batches of an epoch as plain numbers; the same on every part."""
        moved = {} if self.left is None else {"left": [list(span) for span in self.left], "begun": self.begun}
        shape = {"batch_size": self.batch_size, "num_parts": self.num_parts, "roll_over": self.roll_over}
        return {"epoch": epoch, "batch": batch, **self._identity(), **shape, **moved}

    def _identity(self) -> dict[str, Any]:
        chunked = {"chunks": list(self.chunks), "chunk_seed": self.chunk_seed} if self.chunks else {}
        return {"records": self.records, "shuffle": self.shuffle, "seed": self.seed, **chunked}

    def resumed(self, owner: str, state: dict[str, Any]) -> tuple[Order, int, int]:
        """Take up a saved position.

        Parameters
        ----------
        owner : str
            For messages.
        state : dict
            What `state` returned, perhaps of another number of parts with batches of another size. Then what they had
            left of the epoch is dealt out among these parts.

        Returns
        -------
        order : Order
            To go on with.
        epoch, batch : int
            Where in it.

        Raises
        ------
        ValueError
            If the position belongs to other records, shuffling or seed, with as many parts to another batch size, or
            is damaged.
        """
        check_state(owner, state, self._identity())
        moves = state.get("num_parts") != self.num_parts
        if not moves:
            check_state(owner, state, {"batch_size": self.batch_size, "num_parts": self.num_parts})
        saved = self._as_saved(owner, state)
        epoch = _whole(owner, state, "epoch", 0)
        batch = _whole(owner, state, "batch", 0, saved.batches(epoch))
        if not moves:
            return replace(self, left=saved.left, begun=saved.begun), epoch, batch
        if batch == saved.batches(epoch):
            epoch, batch = epoch + 1, 0
        return replace(self, left=saved._left_after(epoch, batch), begun=epoch), epoch, 0

    def _as_saved(self, owner: str, state: dict[str, Any]) -> Order:
        """The order that a position belongs to, as its first part had it."""
        left = state.get("left")
        spans: Spans | None = None
        if left is not None:
            try:
                spans = tuple((int(a), int(b)) for a, b in left)
            except (TypeError, ValueError):
                spans = ((1, 0),)
            if not all(0 <= a < b <= self.records for a, b in spans):
                raise ValueError(f"[{owner}] left of the saved position must be ranges of records; got {left!r}")
        return replace(
            self,
            batch_size=_whole(owner, state, "batch_size", 1),
            num_parts=_whole(owner, state, "num_parts", 1),
            part_index=0,
            roll_over=bool(state.get("roll_over", self.roll_over)),
            left=spans,
            begun=0 if spans is None else _whole(owner, state, "begun", 0),
        )

    def _left_after(self, epoch: int, batch: int) -> Spans:
        """Places of an epoch's order that no part has dealt out after `batch` batches."""
        places = self._places(epoch)
        count = _length(places)
        if self.shuffle:
            return _cut(places, batch * self.batch_size * self.num_parts, count)
        rest: list[tuple[int, int]] = []
        for part in range(self.num_parts):
            first, size = share(count, self.num_parts, part)
            rest += _cut(places, first + min(batch * self.batch_size, size), first + size)
        return tuple(rest)


def _whole(owner: str, state: dict[str, Any], name: str, low: int, high: int | None = None) -> int:
    from paratrain.io.parameters import Checker  # which makes orders

    return Checker(owner).whole(f"{name} of the saved position", state.get(name), low, high)


def _length(spans: Iterable[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def _numbers(spans: Sequence[tuple[int, int]]) -> np.ndarray:
    """All numbers of some ranges, one after the other."""
    return np.concatenate([np.arange(start, end, dtype=np.int64) for start, end in spans] or [np.empty(0, np.int64)])


def _cut(spans: Sequence[tuple[int, int]], first: int, last: int) -> Spans:
    """Items `first` to `last` of the numbers of some ranges, as ranges.

    Examples
    --------
    >>> _cut([(0, 4), (10, 14)], 2, 6)
    ((2, 4), (10, 12))
    """
    out, at = [], 0
    for start, end in spans:
        a, b = start + max(first - at, 0), min(end, start + last - at)
        if a < b:
            out.append((a, b))
        at += end - start
    return tuple(out)


def share(n: int, parts: int, part: int) -> tuple[int, int]:
    """First and number of the items of one part, when `n` items are dealt into contiguous parts of equal size."""
    size, longer = divmod(n, parts)
    return part * size + min(part, longer), size + (part < longer)
