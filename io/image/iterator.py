"""`ImageIter`: batches of images from a record file or from files named in a list, with augmenters in Python."""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain.io.data import DataBatch, DataDesc, DataIter
from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.header import unpack
from paratrain.io.image import functions
from paratrain.io.image.augmenters import CreateAugmenter
from paratrain.io.lists import read_list
from paratrain.io.order import share
from paratrain.io.recordio import MXIndexedRecordIO
from paratrain.io.records import RecordSet

log = logging.getLogger("paratrain.io")

LABEL_TYPES = ("int32", "float32", "int64", "float64")
LAST_BATCH = ("pad", "discard", "roll_over")


class ImageIter(DataIter):
    """Batches of images, decoded and augmented in Python; `ImageRecordIter` is much faster.

    Parameters
    ----------
    batch_size : int
    data_shape : tuple of int
        (3, height, width).
    label_width : int
        Labels of an image; default 1.
    path_imgrec : str, optional
        Record file.
    path_imglist : str, optional
        List file: labels by index, and where there is no `path_imgrec` the images' paths.
    path_root : str, optional
        Folder that the paths of the list begin from.
    path_imgidx : str, optional
        Index of the record file. Without it the file is walked through once.
    shuffle : bool
        New random order in every epoch, from Python's ``random``; default False.
    part_index, num_parts : int
        Which of how many parts is read; default 0 and 1.
    aug_list : list of Augmenter, optional
        Default ``CreateAugmenter(data_shape, **kwargs)``.
    imglist : list, optional
        In place of a list file: lists of label (or labels) and path.
    data_name, label_name : str
    dtype : {'float32', 'int32', 'int64', 'float64'}
        Type of the labels.
    last_batch_handle : {'pad', 'discard', 'roll_over'}
        What happens to images that do not fill a batch: filled up from the beginning, left out, or put at the
        beginning of the next epoch. Default 'pad'.
    **kwargs
        For `CreateAugmenter`.
    """

    def __init__(
        self,
        batch_size: int,
        data_shape: tuple[int, int, int],
        label_width: int = 1,
        path_imgrec: str | None = None,
        path_imglist: str | None = None,
        path_root: str | None = None,
        path_imgidx: str | None = None,
        shuffle: bool = False,
        part_index: int = 0,
        num_parts: int = 1,
        aug_list: list[Any] | None = None,
        imglist: list[Any] | None = None,
        data_name: str = "data",
        label_name: str = "softmax_label",
        dtype: str = "float32",
        last_batch_handle: str = "pad",
        **kwargs: Any,
    ) -> None:
        super().__init__(batch_size)
        name = type(self).__name__
        if not path_imgrec and not path_imglist and not isinstance(imglist, list):
            raise ValueError(f"[{name}] one of path_imgrec, path_imglist and imglist is needed")
        if dtype not in LABEL_TYPES:
            raise ValueError(f"[{name}] dtype must be one of {LABEL_TYPES}; got {dtype!r}")
        if last_batch_handle not in LAST_BATCH:
            raise ValueError(f"[{name}] last_batch_handle must be one of {LAST_BATCH}; got {last_batch_handle!r}")
        if not 0 <= part_index < num_parts:
            raise ValueError(f"[{name}] part_index must be from 0 to num_parts - 1; got {part_index} of {num_parts}")
        if not isinstance(batch_size, int | np.integer) or batch_size < 1:
            raise ValueError(f"[{name}] batch_size must be a positive whole number; got {batch_size!r}")
        self.check_data_shape(data_shape)
        self.data_shape = (data_shape[0], data_shape[1], data_shape[2])
        self.label_width, self.shuffle = label_width, shuffle
        self.path_root, self.last_batch_handle, self.label_dtype = path_root, last_batch_handle, dtype
        self.imglist = self._labels(path_imglist, imglist)
        self.imgrec: _Records | None = _Records(path_imgrec, path_imgidx) if path_imgrec else None
        keys: list[Any] = self.imgrec.keys if self.imgrec else list(self.imglist or {})
        first, size = share(len(keys), num_parts, part_index)
        self.seq = keys[first : first + size]
        self.num_image = len(self.seq)
        if not self.seq:
            raise RecordError(f"[{name}] there are no images in part {part_index} of {num_parts}")
        self.provide_data = [DataDesc(data_name, (batch_size, *self.data_shape))]
        shape = (batch_size, label_width) if label_width > 1 else (batch_size,)
        self.provide_label = [DataDesc(label_name, shape, np.dtype(dtype).type)]
        self.auglist = CreateAugmenter(self.data_shape, **kwargs) if aug_list is None else aug_list
        self._rolled: list[Any] = []  # keys that the last epoch has left over
        self._begin()

    def _labels(self, path: str | None, given: list[Any] | None) -> dict[Any, tuple[np.ndarray, str]] | None:
        """Return labels and paths by key."""
        if path:
            return {e.index: (np.array(e.labels, self.label_dtype), e.path) for e in read_list(path)}
        if given is None:
            return None
        found = {}
        for number, entry in enumerate(given, 1):
            label = entry[:-1] if len(entry) > 2 or np.isscalar(entry[0]) else entry[0]
            found[str(number)] = (np.array(label, self.label_dtype).reshape(-1), entry[-1])
        return found

    def _begin(self) -> None:
        if self.shuffle:
            random.shuffle(self.seq)
        self._keys = [*self._rolled, *self.seq]
        self._rolled = []
        self.cur = 0  # images taken in this epoch

    def reset(self) -> None:
        """Begin the next epoch; with 'roll_over' with the images that the last one has left over."""
        self._begin()

    def hard_reset(self) -> None:
        """Begin the next epoch and forget images that would roll over."""
        self._rolled = []
        self._begin()

    def next_sample(self) -> tuple[Any, bytes]:
        """Return label and content of the next image.

        Raises
        ------
        StopIteration
            At the end of the epoch.
        """
        if self.cur >= len(self._keys):
            raise StopIteration
        self.cur += 1
        return self._sample(self._keys[self.cur - 1])

    def _sample(self, key: Any) -> tuple[Any, bytes]:
        if self.imgrec is None:
            assert self.imglist is not None
            label, path = self.imglist[key]
            return label, self.read_image(path)
        header, data = unpack(self.imgrec.read(key))
        if self.imglist is None:
            return header.label, data
        listed = self.imgrec.listed(key, header)
        if listed not in self.imglist:
            raise RecordError(f"[{type(self).__name__}] {self._where(key)} is not in the list of labels")
        return self.imglist[listed][0], data

    def _where(self, key: Any) -> str:
        """Return which image a key means, for messages."""
        if self.imgrec is not None:
            return f"{self.imgrec.path}: record {key}"
        assert self.imglist is not None
        return f"file {os.path.join(self.path_root or '', self.imglist[key][1])}"

    def _filled(self, key: Any, label: Any, data: bytes, row: tuple[np.ndarray, np.ndarray]) -> None:
        """Write one image and its label to the rows of a batch."""
        image = self.imdecode(data)
        self.check_valid_image([image])
        pixels = self.postprocess_data(self.augmentation_transform(image))
        self._put(pixels, row[0], key)
        labels = np.asarray(label.asnumpy() if isinstance(label, nd.NDArray) else label).reshape(-1)
        if labels.size != row[1].size:
            raise RecordError(
                f"[{type(self).__name__}] {self._where(key)} has {labels.size} labels; label_width={self.label_width}"
            )
        row[1][...] = labels.reshape(row[1].shape)

    def _put(self, pixels: Any, out: np.ndarray, key: Any) -> None:
        array = pixels.asnumpy() if isinstance(pixels, nd.NDArray) else np.asarray(pixels)
        if array.shape != out.shape:
            raise ValueError(
                f"[{type(self).__name__}] the augmenters must make images of shape {out.shape}; "
                f"they made {array.shape} of {self._where(key)}"
            )
        out[...] = array

    def next(self) -> DataBatch:
        """Return the next batch."""
        size = self.batch_size
        data = np.zeros(self.provide_data[0].shape, np.float32)
        label = self._empty_label()
        filled = 0
        taken: list[Any] = []
        wrapped = False  # rows are padding from here on
        pad = missed = 0
        while filled < size:
            if missed > len(self._keys):
                raise RecordError(f"[{type(self).__name__}] none of the {len(self._keys)} images can be used")
            try:
                given, content = self.next_sample()
            except StopIteration:
                if not filled:
                    raise
                if self.last_batch_handle == "discard":
                    raise
                if self.last_batch_handle == "roll_over":
                    self._rolled = taken
                    raise
                if not wrapped:
                    wrapped, pad = True, size - filled
                self.cur = 0
                continue
            key = self._keys[self.cur - 1]
            if self._try(key, given, content, (data[filled], label[filled, ...])):
                taken.append(key)
                filled, missed = filled + 1, 0
            else:
                missed += 1
        if wrapped:
            self.cur = len(self._keys)  # the epoch has ended
        return DataBatch([nd.from_numpy(data)], [nd.from_numpy(label)], pad)

    def _try(self, key: Any, label: Any, content: bytes, row: tuple[np.ndarray, np.ndarray]) -> bool:
        """Fill a row; False where the image is left out."""
        try:
            self._filled(key, label, content, row)
        except RecordError as err:
            raise RecordError(f"[{type(self).__name__}] {self._where(key)}: {err}") from err
        return True

    def _empty_label(self) -> np.ndarray:
        return np.zeros(self.provide_label[0].shape, self.label_dtype)

    def check_data_shape(self, data_shape: Sequence[int]) -> None:
        """Refuse a shape that is not (3, height, width)."""
        if len(data_shape) != 3 or data_shape[0] != 3:
            raise ValueError(
                f"[{type(self).__name__}] data_shape must be (3, height, width): 3 channels; got {data_shape!r}"
            )

    def check_valid_image(self, data: Sequence[Any]) -> None:
        """Refuse an image without axes."""
        if len(data[0].shape) == 0:
            raise RuntimeError("Data shape is wrong")

    def imdecode(self, s: bytes) -> nd.NDArray:
        """Decode an image; see `paratrain.image.imdecode`."""
        return functions.imdecode(s)

    def read_image(self, fname: str) -> bytes:
        """Return the content of an image file below `path_root`."""
        try:
            with open(os.path.join(self.path_root or "", fname), "rb") as file:
                return file.read()
        except OSError as err:
            raise file_error_from(err, "cannot read the image") from err

    def augmentation_transform(self, data: Any) -> Any:
        """Apply the augmenters to an image."""
        for augmenter in self.auglist:
            data = augmenter(data)
        return data

    def postprocess_data(self, datum: Any) -> Any:
        """Return an image with its channels first."""
        return nd.transpose(datum, axes=(2, 0, 1))


class _Records:
    """The records of a file by key: those of the index, else their numbers."""

    def __init__(self, path: str, index: str | None) -> None:
        self.path, self.indexed = path, index is not None
        self._file: Any
        if index is not None:
            self._file = MXIndexedRecordIO(index, path, "r")
            self.keys: list[Any] = list(self._file.keys)
        else:
            self._file = RecordSet(path)
            self.keys = list(range(len(self._file)))

    def read(self, key: Any) -> bytes:
        """Return the payload of a record."""
        return self._file.read_idx(key) if self.indexed else self._file.read(key)

    def listed(self, key: Any, header: Any) -> Any:
        """Return the key of a record in a list."""
        return key if self.indexed else header.id
