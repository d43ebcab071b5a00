"""What a worker does for one image: read, split, decode, augment."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from paratrain.io import native
from paratrain.io.augment import Augmenter
from paratrain.io.decode import ImageError, decode
from paratrain.io.errors import RecordError
from paratrain.io.header import unpack
from paratrain.io.lists import read_list
from paratrain.io.loader import Slot
from paratrain.io.records import RecordSet

AUGMENT = 0x61756731  # sets the random numbers of augmentation apart from those of the order


class ImageFiller:
    """Fills a row of a batch: read, split, decode, augment. Used by several threads at once.

    Parameters
    ----------
    records : RecordSet
    augmenter : Augmenter
    label_width : int
    labels : dict, optional
        Labels by record id, in place of those of the records.
    seed : int
        Of the augmentation.
    """

    def __init__(
        self, records: RecordSet, augmenter: Augmenter, label_width: int, labels: dict[int, Any] | None, seed: int
    ) -> None:
        self.records, self.augmenter, self.label_width, self.labels = records, augmenter, label_width, labels
        self.seed = seed
        self._thread = threading.local()

    def fill(self, slot: Slot, row: int) -> None:
        """Fill one row.

        Raises
        ------
        RecordError
            Naming file, record, byte and reason.
        """
        number = int(slot.rows[row])
        record = self._record()
        size = record.load(self.records.file, int(self.records.offsets[number]), number, slot.data.shape[1])
        chance = native.Chance(native.mix(AUGMENT, self.seed, slot.epoch, number))
        try:
            if size is None:
                self._fill_slowly(slot, row, record.payload, chance)
            else:
                slot.ids[row] = record.id
                slot.label[row] = self.label_of(record.id, record.label)
                view = self.augmenter.view(*size, chance)
                record.place(view.window, view.factor, view.shift, slot.data, row)
        except (ImageError, RecordError) as err:
            raise RecordError(f"[ImageRecordIter] {self.records.where(number)}: {err}") from err

    def _fill_slowly(self, slot: Slot, row: int, payload: bytes, chance: native.Chance) -> None:
        """Fill one row with an image that the native decoder does not read."""
        header, data = unpack(payload)
        slot.ids[row] = header.id
        slot.label[row] = self.label_of(header.id, np.atleast_1d(header.label))
        self.augmenter.place(decode(data, slot.data.shape[1]), slot.data[row], chance)

    def _record(self) -> native.ImageRecord:
        """Return this thread's reader of records."""
        record: native.ImageRecord | None = getattr(self._thread, "record", None)
        if record is None:
            record = self._thread.record = native.ImageRecord()
        return record

    def label_of(self, identity: int, given: np.ndarray) -> Any:
        """Return the labels of a record, one or `label_width`, with its id and the labels in its header."""
        if self.labels is not None:
            if identity not in self.labels:
                raise RecordError(f"its id {identity} is not in the list given as path_imglist")
            return self.labels[identity]
        if len(given) != self.label_width:
            raise RecordError(f"it has {len(given)} labels; label_width={self.label_width} was given")
        return given


def read_labels(path: str, width: int) -> dict[int, np.ndarray]:
    """Read the labels of a list, by index.

    Raises
    ------
    RecordError
        If a line does not have `width` labels.
    """
    labels = {}
    for entry in read_list(path):
        if len(entry.labels) != width:
            raise RecordError(
                f"[ImageRecordIter] {path}: entry {entry.index} has {len(entry.labels)} labels; "
                f"label_width={width} was given"
            )
        labels[entry.index] = np.array(entry.labels, np.float32)
    return labels
