"""Which record goes where: the order of an epoch, as a function of (seed, epoch, part, number of parts) only.

Without shuffling each part is a contiguous range of the file, the first parts one record longer where the records do
not divide evenly. With shuffling one random order of *all* records is cut into global batches, and each part takes its
share of every global batch; so 1 part x 128, 2 x 64 and 4 x 32 see the same records in the same step.

All parts have the same number of batches. What is missing at the end is filled with records from the beginning of the
epoch and reported as ``pad``, so that every record counts exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from paratrain.io import native

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

    def epoch(self, number: int) -> Epoch:
        """Return the rows of epoch `number`, from 0."""
        return self._shuffled(number) if self.shuffle else self._in_order(number)

    def batches(self, number: int) -> int:
        """Return how many batches epoch `number` has, the same for every part."""
        if self.shuffle:
            return -(-self.records // (self.batch_size * self.num_parts))
        longest = -(-(self.records - self._start(number)) // self.num_parts)
        return -(-longest // self.batch_size)

    def _start(self, number: int) -> int:
        """First record of an epoch that is read in order."""
        if not self.roll_over or self.num_parts > 1:
            return 0
        return (-number * self.records) % self.batch_size % self.records

    def _in_order(self, number: int) -> Epoch:
        first, size = share(self.records, self.num_parts, self.part_index)
        start = self._start(number)
        inside = np.arange(self.batches(number) * self.batch_size, dtype=np.int64)
        return self._batches(first + (start + inside) % size, size - start)

    def _shuffled(self, number: int) -> Epoch:
        order = self._permutation(number)
        together = self.batch_size * self.num_parts
        batches = self.batches(number)
        # all batches but the last: rows of this part out of each global batch
        full = order[: (batches - 1) * together].reshape(-1, self.num_parts, self.batch_size)[:, self.part_index]
        left = self.records - (batches - 1) * together
        first, size = share(left, self.num_parts, self.part_index)
        # padding is dealt out in turn, too: this part's begins after what the earlier parts need
        padding = np.arange(self.batch_size - size) + self.part_index * self.batch_size - first
        last = np.concatenate([order[(batches - 1) * together + first :][:size], order[padding % self.records]])
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


def share(n: int, parts: int, part: int) -> tuple[int, int]:
    """First and number of the items of one part, when `n` items are dealt into contiguous parts of equal size."""
    size, longer = divmod(n, parts)
    return part * size + min(part, longer), size + (part < longer)
