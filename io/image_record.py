"""`ImageRecordIter`: batches of images from a record file."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

from paratrain.io.augment import Augmenter, standard
from paratrain.io.data import DataBatch, DataDesc
from paratrain.io.image_filler import ImageFiller, read_labels
from paratrain.io.loader import Loader, Ring, Slot
from paratrain.io.parameters import Checker
from paratrain.io.record_iter import RecordIter
from paratrain.io.records import RecordSet

log = logging.getLogger("paratrain.io")

DTYPES = {"float32": np.float32, "float16": np.float16, "uint8": np.uint8, "int8": np.int8}


class ImageRecordIter(RecordIter):
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
    dtype : {'float32', 'float16', 'uint8', 'int8'}
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
        check = Checker(type(self).__name__)
        check.unavailable(others)
        check.required("path_imgrec", path_imgrec)
        check.required("batch_size", batch_size)
        check.one_of("ctx", ctx, ("cpu", "gpu"))
        self.data_shape = check.image_shape(data_shape)
        self.label_width = check.whole("label_width", label_width, 1)
        self.data_name, self.label_name = data_name, label_name
        dtype = self.default_dtype if dtype is None else dtype
        self.dtype = DTYPES[check.one_of("dtype", _dtype_name(dtype), list(DTYPES))]
        mean = {"mean_r": mean_r, "mean_g": mean_g, "mean_b": mean_b, "mean_a": mean_a}
        std = {"std_r": std_r, "std_g": std_g, "std_b": std_b, "std_a": std_a}
        transforms = [
            *standard.geometry(check, self.data_shape, resize, rand_crop, mirror, rand_mirror),
            *standard.values(check, self.dtype, mean, std, scale),
        ]

        index = check.path("path_imgidx", path_imgidx) if path_imgidx else None
        records = RecordSet(check.path("path_imgrec", path_imgrec), index)
        labels = read_labels(check.path("path_imglist", path_imglist), self.label_width) if path_imglist else None
        seed_aug = check.whole("seed", seed) if seed_aug is None else check.whole("seed_aug", seed_aug)
        filler = ImageFiller(records, Augmenter(transforms), self.label_width, labels, seed_aug)
        order = check.order(len(records), batch_size, num_parts, part_index, shuffle, seed, round_batch)
        ahead = check.whole("prefetch_buffer", prefetch_buffer, 1)
        loader = Loader(
            order,
            filler.fill,
            Ring((order.batch_size, *self.data_shape), self.dtype, ahead + 2),
            Ring((order.batch_size, self.label_width), np.float32, ahead + 2),
            check.whole("preprocess_threads", preprocess_threads, 1),
            ahead,
        )
        super().__init__(order, loader, check.one_of("on_error", on_error, ("raise", "skip")))
        if check.flag("verbose", verbose):
            said = (check.owner, path_imgrec, order.records, part_index, num_parts, self.num_batches)
            log.info("[%s] %s: %d records, part %d of %d, %d batches", *said)

    @property
    def provide_data(self) -> list[DataDesc]:
        """Name, shape and type of the images."""
        return [DataDesc(self.data_name, (self.batch_size, *self.data_shape), self.dtype)]

    @property
    def provide_label(self) -> list[DataDesc]:
        """Name and shape of the labels: (batch_size,), or (batch_size, label_width) where there are several."""
        shape = (self.batch_size,) if self.label_width == 1 else (self.batch_size, self.label_width)
        return [DataDesc(self.label_name, shape, np.float32)]

    def _batch_of(self, slot: Slot) -> DataBatch:
        from paratrain import ndarray as nd

        label = slot.label[:, 0] if self.label_width == 1 else slot.label
        return DataBatch([nd.from_numpy(slot.data)], [nd.from_numpy(label)], self.batch_size - slot.valid, slot.ids)


class ImageRecordUInt8Iter(ImageRecordIter):
    """`ImageRecordIter` with ``dtype='uint8'`` as default."""

    default_dtype = "uint8"


class ImageRecordInt8Iter(ImageRecordIter):
    """`ImageRecordIter` with ``dtype='int8'`` as default; values are limited to -128 ... 127."""

    default_dtype = "int8"


def _dtype_name(dtype: Any) -> Any:
    return dtype if isinstance(dtype, str) else np.dtype(dtype).name
