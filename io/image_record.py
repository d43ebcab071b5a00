"""`ImageRecordIter`: batches of images from a record file."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from paratrain.io.augment import Augmenter, Crop, Mirror, Normalise, Resize, Transform
from paratrain.io.data import DataBatch, DataDesc, DataIter, check_state
from paratrain.io.errors import RecordError
from paratrain.io.image_filler import ImageFiller, read_labels
from paratrain.io.loader import Loader, Ring, Slot
from paratrain.io.order import Order
from paratrain.io.parameters import Checker
from paratrain.io.records import RecordSet

if TYPE_CHECKING:
    from paratrain.ndarray import NDArray

log = logging.getLogger("paratrain.io")

DTYPES = {"float32": np.float32, "uint8": np.uint8, "int8": np.int8}


class ImageRecordIter(DataIter):
    """Batches of images from a record file, decoded and augmented by threads.

    Parameters
    ----------
    path_imgrec : str
        The record file, as ``paratrain im2rec`` (or MXNet's) writes it.
    data_shape : tuple of int
        (channels, height, width) of an image in the batch; 1 (grey), 3 (RGB) or 4 (RGBA) channels.
    batch_size : int
        Images of a batch.
    path_imgidx : str, optional
        The index of the record file. Without it the file is walked through once, which takes a moment.
    path_imglist : str, optional
        A list file whose labels replace those of the records, found by the records' id.
    label_width : int
        Number of labels of an image; default 1.
    shuffle : bool
        A new random order of all records in every epoch; default False.
    seed : int
        Chooses order and augmentation; default 0.
    seed_aug : int, optional
        Chooses the augmentation; default as `seed`.
    resize : int
        Pixels to which the shorter edge is resized first; default -1, not at all.
    rand_crop : bool
        Crop at a random place instead of the centre; default False.
    rand_mirror, mirror : bool
        Mirror every second image, or every image; default False.
    mean_r, mean_g, mean_b, mean_a : float
        Subtracted from the channels (grey images: `mean_r`); default 0.
    std_r, std_g, std_b, std_a : float
        Then the channels are divided by these; default 1.
    scale : float
        And all is multiplied by this; default 1.
    num_parts, part_index : int
        Into how many parts the records are divided, and which is read here; default 1 and 0. For data-parallel training
        ``kv.num_workers`` and ``kv.rank``.
    preprocess_threads : int
        Threads that decode; default 4.
    prefetch_buffer : int
        Batches that are prepared ahead; default 4.
    round_batch : bool
        How the last batch is filled when the records do not fill it; see Notes. Default True.
    dtype : {'float32', 'uint8', 'int8'}
        Type of the data; default float32. With uint8 the pixels stay as they are.
    data_name, label_name : str
        Names in `provide_data` and `provide_label`; default 'data' and 'softmax_label'.
    on_error : {'raise', 'skip'}
        What happens at a record that cannot be read or decoded: an error, or its row is left out (the batch then has
        more padding) and a summary is logged at the end of the epoch. Default 'raise'.
    verbose : bool
        Log what was opened; default True.
    ctx : {'cpu', 'gpu'}
        For compatibility with MXNet; both do the same.
    **others
        MXNet's other parameters are accepted at their defaults and refused otherwise.

    Attributes
    ----------
    skipped : list of str
        What was skipped in this epoch, and why.

    Raises
    ------
    ParameterError
        If a parameter is missing or wrong.
    RecordFileError, RecordError
        If a file is missing or damaged.

    Notes
    -----
    The order of the images depends on `seed`, the epoch, `num_parts` and `part_index` only, never on threads. Every
    part has the same number of batches. Where the records do not fill the last batch, records from the beginning of
    the epoch fill it, and ``batch.pad`` says how many; with `round_batch`, a single part and no shuffling the next
    epoch then begins behind them, as in MXNet. For a score over every image give ``round_batch=False``.

    The position can be saved at any batch with `state_dict` and taken up again with `load_state_dict`.

    `close` (or the end of a ``with`` block, or dropping the iterator) ends the threads.

    Examples
    --------
    >>> from paratrain.io import ImageRecordIter
    >>> train = ImageRecordIter("train.rec", (3, 224, 224), 64, resize=256, rand_crop=True,
    ...                         rand_mirror=True, shuffle=True)  # doctest: +SKIP
    >>> for batch in train:  # doctest: +SKIP
    ...     print(batch.data[0].shape, batch.label[0].shape, batch.pad)
    (64, 3, 224, 224) (64,) 0
    """

    default_dtype = "float32"

    def __init__(
        self,
        path_imgrec: str | None = None,
        data_shape: tuple[int, int, int] | None = None,
        batch_size: int | None = None,
        *,
        path_imgidx: str = "",
        path_imglist: str = "",
        label_width: int = 1,
        shuffle: bool = False,
        seed: int = 0,
        seed_aug: int | None = None,
        resize: int = -1,
        rand_crop: bool = False,
        rand_mirror: bool = False,
        mirror: bool = False,
        mean_r: float = 0,
        mean_g: float = 0,
        mean_b: float = 0,
        mean_a: float = 0,
        std_r: float = 1,
        std_g: float = 1,
        std_b: float = 1,
        std_a: float = 1,
        scale: float = 1,
        num_parts: int = 1,
        part_index: int = 0,
        preprocess_threads: int = 4,
        prefetch_buffer: int = 4,
        round_batch: bool = True,
        dtype: Any = None,
        data_name: str = "data",
        label_name: str = "softmax_label",
        on_error: str = "raise",
        verbose: bool = True,
        ctx: str = "gpu",
        **others: Any,
    ) -> None:
        self._closed = True  # until all is set up
        check = Checker(type(self).__name__)
        check.unavailable(others)
        check.required("path_imgrec", path_imgrec)
        self.data_shape = check.image_shape(data_shape)
        check.required("batch_size", batch_size)
        super().__init__(check.whole("batch_size", batch_size, 1))
        self.label_width = check.whole("label_width", label_width, 1)
        self.data_name, self.label_name = data_name, label_name
        self.dtype = DTYPES[
            check.one_of("dtype", _dtype_name(self.default_dtype if dtype is None else dtype), list(DTYPES))
        ]
        self.on_error = check.one_of("on_error", on_error, ("raise", "skip"))
        check.one_of("ctx", ctx, ("cpu", "gpu"))
        self._check = check

        transforms: list[Transform] = []
        if check.whole("resize", resize, -1) > 0:
            transforms.append(Resize(resize))
        transforms.append(Crop(*self.data_shape[1:], random=check.flag("rand_crop", rand_crop)))
        if check.flag("mirror", mirror):
            transforms.append(Mirror())
        if check.flag("rand_mirror", rand_mirror):
            transforms.append(Mirror(random=True))
        mean = {"mean_r": mean_r, "mean_g": mean_g, "mean_b": mean_b, "mean_a": mean_a}
        std = {"std_r": std_r, "std_g": std_g, "std_b": std_b, "std_a": std_a}
        transforms += self._normalise(mean, std, check.number("scale", scale))

        index = check.path("path_imgidx", path_imgidx) if path_imgidx else None
        self._records = RecordSet(check.path("path_imgrec", path_imgrec), index)
        labels = read_labels(check.path("path_imglist", path_imglist), self.label_width) if path_imglist else None
        check.whole("num_parts", num_parts, 1)
        check.whole("part_index", part_index, 0, num_parts - 1)
        if num_parts > len(self._records):
            check.fail(f"num_parts={num_parts}, but {path_imgrec} holds only {len(self._records)} records")
        check.whole("seed", seed)
        roll_over = check.flag("round_batch", round_batch) and not check.flag("shuffle", shuffle)
        self._order = Order(
            len(self._records), self.batch_size, num_parts, part_index, bool(shuffle), int(seed), roll_over
        )
        seed_aug = seed if seed_aug is None else check.whole("seed_aug", seed_aug)
        filler = ImageFiller(self._records, Augmenter(transforms), self.label_width, labels, int(seed_aug))
        ahead = check.whole("prefetch_buffer", prefetch_buffer, 1)
        self._loader = Loader(
            self._order,
            filler.fill,
            Ring((self.batch_size, *self.data_shape), self.dtype, ahead + 2),
            Ring((self.batch_size, self.label_width), np.float32, ahead + 2),
            check.whole("preprocess_threads", preprocess_threads, 1),
            ahead,
        )
        self._closed = False
        self._epoch = 0
        self._batch = 0  # batches given out in this epoch
        self._current: DataBatch | None = None
        self.skipped: list[str] = []
        if check.flag("verbose", verbose):
            log.info(
                "[%s] %s: %d records, part %d of %d, %d batches", check.owner, path_imgrec, len(self._records),
                part_index, num_parts, self._order.batches(0),
            )  # fmt: skip

    def _normalise(self, mean: dict[str, float], std: dict[str, float], scale: float) -> list[Transform]:
        """Return the transform of pixel values, if one is needed."""
        check = self._check
        means = [check.number(name, value) for name, value in mean.items()]
        stds = [check.number(name, value) for name, value in std.items()]
        for name, value in std.items():
            if value == 0:
                check.fail(f"{name} must not be 0")
        plain = not any(means) and all(s == 1 for s in stds) and scale == 1
        if plain:
            return []
        if self.dtype is np.uint8:
            check.fail("mean, std and scale need dtype='float32' or 'int8'; got dtype='uint8'")
        return [Normalise(means, stds, scale)]

    @property
    def provide_data(self) -> list[DataDesc]:
        """Name, shape and type of the images."""
        return [DataDesc(self.data_name, (self.batch_size, *self.data_shape), self.dtype)]

    @property
    def provide_label(self) -> list[DataDesc]:
        """Name and shape of the labels: (batch_size,), or (batch_size, label_width) where there are several."""
        shape = (self.batch_size,) if self.label_width == 1 else (self.batch_size, self.label_width)
        return [DataDesc(self.label_name, shape, np.float32)]

    @property
    def num_batches(self) -> int:
        """Batches of the current epoch, the same on every part."""
        return self._order.batches(self._epoch)

    def reset(self) -> None:
        """Begin the next epoch. Before the first batch of an epoch this does nothing."""
        if self._batch == 0:
            return
        finished = self._batch == self.num_batches
        self._epoch, self._batch = self._epoch + 1, 0
        self._current = None
        self.skipped = []
        if not finished:
            self._loader.seek(self._epoch, 0)

    def iter_next(self) -> bool:
        """Go to the next batch; False at the end of the epoch."""
        if self._closed:
            raise ValueError(f"[{type(self).__name__}] the iterator is closed")
        if self._batch == self.num_batches:
            return False
        slot = self._loader.next()
        self._batch += 1
        self._current = self._finished(slot)
        if self._batch == self.num_batches and self.skipped:
            self._report()
        return True

    def next(self) -> DataBatch:
        """Return the next batch.

        Raises
        ------
        StopIteration
            At the end of the epoch.
        RecordError
            At a damaged record, with ``on_error='raise'``; the call after that gives the next batch.
        """
        if not self.iter_next():
            raise StopIteration
        assert self._current is not None  # set by iter_next
        return self._current

    def getdata(self) -> list[NDArray]:
        """Return the images of the current batch."""
        return self._this().data

    def getlabel(self) -> list[NDArray]:
        """Return the labels of the current batch."""
        return self._this().label or []

    def getpad(self) -> int:
        """Return how many rows at the end of the current batch only fill it up."""
        return self._this().pad or 0

    def getindex(self) -> np.ndarray:
        """Return the ids of the records of the current batch, uint64."""
        return self._this().index

    def _this(self) -> DataBatch:
        if self._current is None:
            raise ValueError(f"[{type(self).__name__}] there is no current batch; call next() or iter_next() first")
        return self._current

    def _finished(self, slot: Slot) -> DataBatch:
        """Make a batch of a filled slot, or raise what went wrong in it."""
        from paratrain import ndarray as nd

        if slot.errors:
            self._damaged(slot)
        label = slot.label[:, 0] if self.label_width == 1 else slot.label
        pad = self.batch_size - slot.valid
        return DataBatch([nd.from_numpy(slot.data)], [nd.from_numpy(label)], pad, slot.ids)

    def _damaged(self, slot: Slot) -> None:
        """Raise the first error, or close the gaps the damaged rows have left and fill up from the good ones."""
        first = slot.errors[min(slot.errors)]
        if self.on_error == "raise" or not isinstance(first, RecordError):
            raise first
        good = [row for row in range(len(slot.rows)) if row not in slot.errors]
        if not good:
            raise RecordError(
                f"[{type(self).__name__}] no record of batch {slot.batch} can be used; the first: {first}"
            )
        self.skipped += [str(slot.errors[row]) for row in sorted(slot.errors) if row < slot.valid]
        slot.valid = sum(row < slot.valid for row in good)
        keep = np.resize(np.array(good), len(slot.rows))
        for array in (slot.data, slot.label, slot.ids):
            array[:] = array[keep]

    def _report(self) -> None:
        shown = "".join(f"\n  {text}" for text in self.skipped[:10])
        more = f"\n  and {len(self.skipped) - 10} more" if len(self.skipped) > 10 else ""
        log.warning(
            "[%s] epoch %d, part %d: %d records were skipped%s%s",
            type(self).__name__, self._epoch, self._order.part_index, len(self.skipped), shown, more,
        )  # fmt: skip

    def state_dict(self) -> dict[str, Any]:
        """Return the position as plain numbers, for `load_state_dict`.

        Returns
        -------
        dict
            Epoch, number of batches given out in it, and what the order depends on. The same on every part.
        """
        return {"epoch": self._epoch, "batch": self._batch, **self._identity()}

    def _identity(self) -> dict[str, Any]:
        order = self._order
        return {
            "records": order.records,
            "batch_size": order.batch_size,
            "num_parts": order.num_parts,
            "shuffle": order.shuffle,
            "seed": order.seed,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved.

        Raises
        ------
        ValueError
            If `state` belongs to an iterator with other records, batch size, parts, shuffling or seed.
        """
        check_state(type(self).__name__, state, self._identity())
        epoch = self._check.whole("epoch of the saved position", state.get("epoch"), 0)
        batch = self._check.whole("batch of the saved position", state.get("batch"), 0, self._order.batches(epoch))
        self._epoch, self._batch, self._current, self.skipped = epoch, batch, None, []
        at_end = batch == self._order.batches(epoch)
        self._loader.seek(*((epoch + 1, 0) if at_end else (epoch, batch)))

    def close(self) -> None:
        """End the threads. The iterator gives no batches after that; those it gave stay valid."""
        if not self._closed:
            self._closed = True
            self._loader.close()

    def __enter__(self) -> ImageRecordIter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


class ImageRecordUInt8Iter(ImageRecordIter):
    """`ImageRecordIter` with ``dtype='uint8'`` as default."""

    default_dtype = "uint8"


class ImageRecordInt8Iter(ImageRecordIter):
    """`ImageRecordIter` with ``dtype='int8'`` as default; values are limited to -128 ... 127."""

    default_dtype = "int8"


def _dtype_name(dtype: Any) -> Any:
    return dtype if isinstance(dtype, str) else np.dtype(dtype).name
