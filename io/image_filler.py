"""What a worker does for one image: read, split, decode, augment."""

from __future__ import annotations

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

    def fill(self, slot: Slot, row: int) -> None:
        """Fill one row.

        Raises
        ------
        RecordError
            Naming file, record, byte and reason.
        """
        number = int(slot.rows[row])
        record = self.records.read(number)
        try:
            header, data = unpack(record)
            slot.ids[row] = header.id
            slot.label[row] = self.label_of(header)
            image = decode(data, slot.data.shape[1])
            chance = native.Chance(native.mix(AUGMENT, self.seed, slot.epoch, number))
            self.augmenter.place(image, slot.data[row], chance)
        except (ImageError, RecordError) as err:
            raise RecordError(f"[ImageRecordIter] {self.records.where(number)}: {err}") from err

    def label_of(self, header: Any) -> Any:
        """Return the labels of a record, one or `label_width`."""
        if self.labels is not None:
            if header.id not in self.labels:
                raise RecordError(f"its id {header.id} is not in the list given as path_imglist")
            return self.labels[header.id]
        width = header.flag or 1
        if width != self.label_width:
            raise RecordError(f"it has {width} labels; label_width={self.label_width} was given")
        return header.label


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
