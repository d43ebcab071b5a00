"""What a worker does for one image: read, split, decode, augment."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from paratrain.io import native
from paratrain.io.augment import Augmenter, View
from paratrain.io.augment.transform import produce
from paratrain.io.decode import ImageError, decode
from paratrain.io.errors import RecordError
from paratrain.io.header import unpack
from paratrain.io.lists import read_list
from paratrain.io.loader import Slot
from paratrain.io.records import RecordSet

AUGMENT = 0x61756731  # sets the random numbers of augmentation apart from those of the order


class Picture:
    """An image in a record, of which no pixel may have been decoded yet.

    Attributes
    ----------
    id : int
    label : float32 array, shape (labels,)
        As in the record's header.
    height, width : int
        Pixels.
    """

    def __init__(self, record: native.ImageRecord, channels: int, size: tuple[int, int] | None) -> None:
        self._record, self._channels, self._native = record, channels, size is not None
        self._pixels: np.ndarray | None = None
        if size is None:  # for another decoder
            header, data = unpack(record.payload)
            self.id, self.label = header.id, np.atleast_1d(np.asarray(header.label, np.float32))
            self._pixels = decode(data, channels)
            size = self._pixels.shape[:2]
        else:
            self.id, self.label = record.id, record.label
        self.height, self.width = size

    def place(self, view: View, batch: np.ndarray, row: int) -> None:
        """Write a view of the image to a row of a batch (N, channels, rows, columns)."""
        if self._native and view.direct:
            out = batch[row]
            place = view.place(out)
            whole, at = (batch, row) if place.array is out else (place.array[np.newaxis], 0)
            self._record.place(view.window, place.factor, place.shift, whole, at)
            view.finish(place, out)
        else:
            produce(self._seen(view), view, batch[row])

    def _seen(self, view: View) -> np.ndarray:
        """Return the pixels; where one part of them is all that is looked at, `view` refers to that afterwards."""
        if self._pixels is not None:
            return self._pixels
        _, data = unpack(self._record.payload)
        if view.part is None or view.steps:
            return decode(data, self._channels)
        part, view.part = view.part, None
        return decode(data, self._channels, part)


class Pictures:
    """Reads images from records; used by several threads at once.

    Parameters
    ----------
    records : RecordSet
    """

    def __init__(self, records: RecordSet) -> None:
        self.records = records
        self._thread = threading.local()

    def load(self, number: int, channels: int) -> Picture:
        """Return the image of a record; the one this thread had before cannot be used any more.

        Raises
        ------
        RecordError, ImageError
            If record or image are damaged.
        """
        record: native.ImageRecord | None = getattr(self._thread, "record", None)
        if record is None:
            record = self._thread.record = native.ImageRecord()
        size = record.load(self.records.file, int(self.records.offsets[number]), number, channels)
        return Picture(record, channels, size)


class Filler:
    """Fills a row of a batch: read, split, decode, augment. Used by several threads at once.

    A subclass defines ``put``.

    Parameters
    ----------
    records : RecordSet
    labels : dict, optional
        Labels by record id, in place of those of the records.
    seed : int
        Of the augmentation.
    """

    owner = ""  # the iterator, for messages

    def __init__(self, records: RecordSet, labels: dict[int, np.ndarray] | None, seed: int) -> None:
        self.records, self.labels, self.seed = records, labels, seed
        self._pictures = Pictures(records)

    def fill(self, slot: Slot, row: int) -> None:
        """Fill one row.

        Raises
        ------
        RecordError
            Naming file, record, byte and reason.
        """
        number = int(slot.rows[row])
        try:
            picture = self._pictures.load(number, slot.data.shape[1])
            slot.ids[row] = picture.id
            chance = native.Chance(native.mix(AUGMENT, self.seed, slot.epoch, number))
            self.put(picture, self.label_of(picture), chance, slot, row)
        except (ImageError, RecordError) as err:
            raise located(self.owner, self.records, number, err) from err

    def put(self, picture: Picture, label: np.ndarray, chance: native.Chance, slot: Slot, row: int) -> None:
        """Write image and label, augmented as `chance` has it."""
        raise NotImplementedError(f"[{type(self).__name__}] put(picture, label, chance, slot, row) must be defined")

    def label_of(self, picture: Picture) -> np.ndarray:
        """Return the labels of a record: those of the list if there is one, else those in its header."""
        if self.labels is None:
            return picture.label
        if picture.id not in self.labels:
            raise RecordError(f"its id {picture.id} is not in the list given as path_imglist")
        return self.labels[picture.id]


class ImageFiller(Filler):
    """Fills rows with images and `label_width` numbers.

    Parameters
    ----------
    augmenter : Augmenter
    label_width : int
    records, labels, seed
        As for `Filler`.
    """

    owner = "ImageRecordIter"

    def __init__(
        self, records: RecordSet, augmenter: Augmenter, label_width: int, labels: dict[int, Any] | None, seed: int
    ) -> None:
        super().__init__(records, labels, seed)
        self.augmenter, self.label_width = augmenter, label_width

    def put(self, picture: Picture, label: np.ndarray, chance: native.Chance, slot: Slot, row: int) -> None:
        """Write image and label."""
        if len(label) != self.label_width:
            raise RecordError(f"it has {len(label)} labels; label_width={self.label_width} was given")
        slot.label[row] = label
        picture.place(self.augmenter.view(picture.height, picture.width, chance), slot.data, row)


def located(owner: str, records: RecordSet, number: int, err: Exception) -> RecordError:
    """Return an error that says in which record of which file it happened."""
    if str(err).startswith("[RecordIO]"):  # names it already
        return RecordError(str(err))
    return RecordError(f"[{owner}] {records.where(number)}: {err}")


def read_labels(path: str, width: int | None = None) -> dict[int, np.ndarray]:
    """Read the labels of a list, by index.

    Raises
    ------
    RecordError
        If a line does not have `width` labels, where that is given.
    """
    labels = {}
    for entry in read_list(path):
        if width is not None and len(entry.labels) != width:
            raise RecordError(
                f"[ImageRecordIter] {path}: entry {entry.index} has {len(entry.labels)} labels; "
                f"label_width={width} was given"
            )
        labels[entry.index] = np.array(entry.labels, np.float32)
    return labels
