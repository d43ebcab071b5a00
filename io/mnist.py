"""`MNISTIter`: batches of images and labels from idx files."""

from __future__ import annotations

import gzip
import logging
import math
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from paratrain.io.data import DataDesc, DataIter, check_state
from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.order import Order
from paratrain.io.parameters import Checker

if TYPE_CHECKING:
    from paratrain.ndarray import NDArray

log = logging.getLogger("paratrain.io")


class MNISTIter(DataIter):
    """Batches of MNIST images, or of any others in idx files.

    Pixels are divided by 256. Images that do not fill a last batch are left out.

    Parameters
    ----------
    image, label : str
        The idx files, or with the ending ``.gz`` compressed ones; where only the compressed file exists it is taken.
        Default './train-images-idx3-ubyte' and './train-labels-idx1-ubyte'.
    batch_size : int
        Default 128.
    shuffle : bool
        New random order in every epoch; default True.
    flat : bool
        Images as rows of pixels, (batch_size, height * width); default (batch_size, 1, height, width).
    seed : int, optional
        Chooses the random orders. Default as for `ImageRecordIter`: what `mx.random.seed` was called with, else 0.
    silent : bool
        Do not log what was read; default False.
    num_parts, part_index : int
        Into how many parts the images are divided, and which is read here; default 1 and 0. All parts have the same
        number of batches; where a part is one image short, its first one fills up and is reported as ``pad``.
    prefetch_buffer : int
        For compatibility; all images are in memory.
    ctx : {'cpu', 'gpu'}
        For compatibility; both do the same.
    dtype : None or 'float32'
        Type of the data.

    Raises
    ------
    RecordFileError, RecordError
        If a file is missing or is not an idx file of bytes.
    ParameterError
        If a parameter is wrong.
    """

    def __init__(
        self,
        image: str = "./train-images-idx3-ubyte",
        label: str = "./train-labels-idx1-ubyte",
        batch_size: int = 128,
        shuffle: bool = True,
        flat: bool = False,
        seed: int | None = None,
        silent: bool = False,
        num_parts: int = 1,
        part_index: int = 0,
        prefetch_buffer: int = 4,
        ctx: str = "gpu",
        dtype: Any = None,
    ) -> None:
        check = Checker("MNISTIter")
        super().__init__(check.whole("batch_size", batch_size, 1))
        num_parts = check.whole("num_parts", num_parts, 1)
        part_index = check.whole("part_index", part_index, 0, num_parts - 1)
        check.whole("prefetch_buffer", prefetch_buffer, 1)
        check.one_of("ctx", ctx, ("cpu", "gpu"))
        if dtype is not None and np.dtype(dtype) != np.float32:
            check.fail(f"dtype must be None or 'float32'; got {dtype!r}")
        self.flat, self.shuffle = check.flag("flat", flat), check.flag("shuffle", shuffle)
        self.seed, _ = check.seeds(seed, None, num_parts)
        self._parts = (num_parts, part_index)
        self._images, self._labels = read_idx(image, 3), read_idx(label, 1)
        if len(self._images) != len(self._labels):
            raise RecordError(
                f"[MNISTIter] {image} has {len(self._images)} images, but {label} has {len(self._labels)} labels"
            )
        self._epoch = 0
        self._begin()
        if not len(self._rows):
            check.fail(f"batch_size={batch_size} is more than the {len(self._images) // num_parts} images of a part")
        if not check.flag("silent", silent):
            log.info("[MNISTIter] %s: %d images, shape %s", image, len(self._images), self.provide_data[0].shape)

    def _begin(self) -> None:
        num_parts, part = self._parts
        n, size = len(self._images), self.batch_size
        self._valid = n  # rows that are not padding
        if self.shuffle:
            epoch = Order(n, size, num_parts, part, True, self.seed).epoch(self._epoch)
            self._rows = epoch.rows[: n // (size * num_parts)]
        else:
            first, end = n * part // num_parts, n * (part + 1) // num_parts
            batches = math.ceil(n / num_parts) // size
            self._valid = end - first
            inside = np.arange(batches * size) % max(self._valid, 1)
            self._rows = (first + inside).reshape(-1, size)
        self._batch = 0  # batches given out

    @property
    def provide_data(self) -> list[DataDesc]:
        """Name, shape and type of the images."""
        height, width = self._images.shape[1:]
        shape = (height * width,) if self.flat else (1, height, width)
        return [DataDesc("data", (self.batch_size, *shape), np.float32)]

    @property
    def provide_label(self) -> list[DataDesc]:
        """Name, shape and type of the labels."""
        return [DataDesc("softmax_label", (self.batch_size,), np.float32)]

    @property
    def num_batches(self) -> int:
        """Batches of an epoch, the same on every part."""
        return len(self._rows)

    def reset(self) -> None:
        """Begin the next epoch. Before the first batch of an epoch this does nothing."""
        if self._batch:
            self._epoch += 1
            self._begin()

    def iter_next(self) -> bool:
        """Go to the next batch; False at the end of the epoch."""
        if self._batch == len(self._rows):
            return False
        self._batch += 1
        return True

    def getindex(self) -> np.ndarray:
        """Return the numbers of the images of the current batch."""
        if self._batch == 0:
            raise ValueError("[MNISTIter] there is no current batch; call next() or iter_next() first")
        return self._rows[self._batch - 1]

    def getdata(self) -> list[NDArray]:
        """Return the images of the current batch."""
        from paratrain import ndarray as nd

        pixels = self._images[self.getindex()].reshape(self.provide_data[0].shape)
        return [nd.from_numpy(np.multiply(pixels, np.float32(1 / 256), dtype=np.float32))]

    def getlabel(self) -> list[NDArray]:
        """Return the labels of the current batch."""
        from paratrain import ndarray as nd

        return [nd.from_numpy(self._labels[self.getindex()].astype(np.float32))]

    def getpad(self) -> int:
        """Return how many rows at the end of the current batch only fill it up."""
        return max(0, self._batch * self.batch_size - self._valid)

    def state_dict(self) -> dict[str, Any]:
        """Return the position as plain numbers, for `load_state_dict`. The same on every part."""
        return {"epoch": self._epoch, "batch": self._batch, **self._identity()}

    def _identity(self) -> dict[str, Any]:
        same = {"records": len(self._images), "batch_size": self.batch_size, "num_parts": self._parts[0]}
        return {**same, "shuffle": self.shuffle, "seed": self.seed}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved.

        Raises
        ------
        ValueError
            If `state` belongs to an iterator with other images, batch size, parts, shuffling or seed.
        """
        check_state("MNISTIter", state, self._identity())
        check = Checker("MNISTIter")
        batch = check.whole("batch of the saved position", state.get("batch"), 0, len(self._rows))  # in every epoch
        self._epoch = check.whole("epoch of the saved position", state.get("epoch"), 0)
        self._begin()
        self._batch = batch


def read_idx(path: str, ndim: int) -> np.ndarray:
    """Read an idx file of bytes with `ndim` axes, compressed if its name ends with ``.gz``.

    Raises
    ------
    RecordFileError
        If there is no such file.
    RecordError
        If it is not such a file.
    """
    data = _bytes_of(path)
    head = 4 + 4 * ndim
    if len(data) < head or data[:2] != b"\0\0" or data[2] != 8 or data[3] != ndim:
        raise RecordError(
            f"[MNISTIter] {path} must be an idx file of bytes with {ndim} axes (beginning 00 00 08 {ndim:02x}); "
            f"it has {len(data)} bytes and begins {data[:4].hex(' ') or 'nowhere'}"
        )
    shape = struct.unpack_from(f">{ndim}I", data, 4)
    if len(data) - head != math.prod(shape):
        raise RecordError(
            f"[MNISTIter] {path} must hold {math.prod(shape)} bytes behind its head, for shape {shape}; "
            f"it has {len(data) - head}"
        )
    return np.frombuffer(data, np.uint8, offset=head).reshape(shape)


def _bytes_of(path: str) -> bytes:
    try:
        if path.endswith(".gz"):
            with gzip.open(path) as file:
                return file.read()
        try:
            with open(path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            with gzip.open(path + ".gz") as file:
                return file.read()
    except (EOFError, zlib.error, gzip.BadGzipFile) as err:
        raise RecordError(f"[MNISTIter] {path} is damaged or not compressed by gzip: {err}") from err
    except OSError as err:
        raise file_error_from(err, "cannot read") from err
