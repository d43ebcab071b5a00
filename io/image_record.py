"""`ImageRecordIter`: batches of images from a record file."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

from paratrain.io.augment import Augmenter, standard
from paratrain.io.data import DataDesc
from paratrain.io.image_filler import ImageFiller, read_labels
from paratrain.io.mean_image import load_or_make
from paratrain.io.parameters import Checker
from paratrain.io.record_iter import RecordIter

log = logging.getLogger("paratrain.io")


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
    shuffle_chunk_size : int
        With `shuffle`: size in MB of pieces of the file that are shuffled as a whole, and within. For files that lie on
        disks which are slow to seek; default 0, which shuffles all records.
    shuffle_chunk_seed : int
        Chooses the order of these pieces; default 0.
    seed : int, optional
        Chooses order and augmentation. Default: what `mx.random.seed` was called with, else 0. With several parts the
        order's default is always 0, so that all parts agree.
    seed_aug : int, optional
        Chooses the augmentation; default as `seed`.
    mean_img : str
        A file with a mean image of shape `data_shape`, as ``mx.nd.save`` writes it under the name ``mean_img``, to be
        subtracted. If there is no such file, the mean of all images is written there first: as they are augmented,
        but before mirroring, `scale` and `std`.
    mean_r, mean_g, mean_b, mean_a : float
        Subtracted from the channels (grey images: `mean_r`); default 0.
    std_r, std_g, std_b, std_a : float
        Then the channels are divided by these; default 1.
    scale : float
        And all is multiplied by this; default 1.
    max_random_contrast, max_random_illumination : float
        Before `std` and `scale`, values are multiplied by a random number from 1 - max to 1 + max, and one from -max
        to max is added; default 0.
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
        What happens at a record that cannot be read or decoded: an error, or its row is left out and a summary is
        logged at the end of the epoch. The batch then has more padding; one without a good record is all padding,
        made of the next record that is. Default 'raise'.
    max_skipped : int, optional
        With ``on_error='skip'``: an error once more records than this were skipped in an epoch; default no limit.
    verbose : bool
        Log what was opened; default True.
    ctx : {'cpu', 'gpu'}
        For compatibility with MXNet; both do the same.
    device_id : int
        For compatibility with MXNet.
    aug_seq : {'aug_default'}
        For compatibility with MXNet.
    **augmentation
        What happens to an image, in this order:

        ==================================================  ==========================================================
        ``resize`` = -1                                     pixels to which the shorter edge is resized
        ``max_rotate_angle`` = 0, ``rotate`` = -1           degrees: random in either direction; or a fixed one
        ``max_shear_ratio`` = 0                             random shear in either direction
        ``min_random_scale``, ``max_random_scale`` = 1      random factor of both edges
        ``min_aspect_ratio`` = None, ``max_aspect_ratio``   random width relative to the height, from min to max; with
        = 0                                                 max alone from 1 - max to 1 + max
        ``min_img_size`` = 0, ``max_img_size`` = 1e10       limits of the edges after these, in pixels
        ``pad`` = 0                                         pixels put on each side
        ``fill_value`` = 255                                of these, and where rotation or shear leave nothing
        ``rand_crop`` = False                               cut `data_shape` out at a random place, not the centre
        ``min_crop_size``, ``max_crop_size`` = -1           instead a square of random edge, then resized
        ``random_resized_crop`` = False with                instead a window whose share of the image and proportions
        ``min_random_area``, ``max_random_area`` = 1        (`min_aspect_ratio`, `max_aspect_ratio`) are random
        ``inter_method`` = 1                                how all this finds values between pixels: 0 nearest,
                                                            1 bilinear, 2 cubic, 3 area, 4 Lanczos, 9 cubic to enlarge
                                                            and area to shrink, 10 at random
        ``brightness``, ``contrast``, ``saturation`` = 0    random factor from 1 - value to 1 + value, in random order
        ``random_h``, ``random_l``, ``random_s`` = 0        added to hue (0 to 180), lightness, saturation (0 to 255)
        ``pca_noise`` = 0                                   deviation of noise along the main directions of colours
        ``mirror``, ``rand_mirror`` = False                 mirror every image, or every second at random
        ==================================================  ==========================================================

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
        shuffle_chunk_size: int = 0,
        shuffle_chunk_seed: int = 0,
        seed: int | None = None,
        seed_aug: int | None = None,
        mean_img: str = "",
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
        max_skipped: int | None = None,
        verbose: bool = True,
        ctx: str = "gpu",
        device_id: int = 0,
        aug_seq: str = "aug_default",
        **augmentation: Any,
    ) -> None:
        check = Checker(type(self).__name__)
        check.known(augmentation, standard.DEFAULTS)
        check.required("path_imgrec", path_imgrec)
        check.required("batch_size", batch_size)
        check.one_of("aug_seq", aug_seq, ("aug_default",))
        shape, kind = check.image_shape(data_shape), check.dtype(dtype, self.default_dtype)
        label_width = check.whole("label_width", label_width, 1)
        mean = {"mean_r": mean_r, "mean_g": mean_g, "mean_b": mean_b, "mean_a": mean_a}
        std = {"std_r": std_r, "std_g": std_g, "std_b": std_b, "std_a": std_a}
        settings = standard.Settings(check, augmentation)
        seen = [*standard.geometry(settings, shape), *standard.colours(settings, shape[0])]

        records = check.records(path_imgrec, path_imgidx)
        labels = read_labels(check.path("path_imglist", path_imglist), label_width) if path_imglist else None
        seed, seed_aug = check.seeds(seed, seed_aug, num_parts)
        order = check.order(
            records, batch_size, num_parts, part_index, shuffle, seed, round_batch, shuffle_chunk_size,
            shuffle_chunk_seed,
        )  # fmt: skip
        mean_image = None
        if mean_img:
            if any(mean.values()):
                check.fail("mean_img cannot be given together with mean_r, mean_g, mean_b or mean_a")
            plain = ImageFiller(records, Augmenter(seen), label_width, labels, seed_aug)
            threads = check.whole("preprocess_threads", preprocess_threads, 1)
            mean_image = load_or_make(check.path("mean_img", mean_img), shape, plain, len(records), threads)
        values = standard.values(settings, kind, mean, std, scale, mean_image)
        augmenter = Augmenter([*seen, *standard.mirroring(settings), *values])
        super().__init__(
            check,
            order,
            ImageFiller(records, augmenter, label_width, labels, seed_aug).fill,
            DataDesc(data_name, (order.batch_size, *shape), kind),
            DataDesc(label_name, (order.batch_size, label_width), np.float32),
            preprocess_threads=preprocess_threads,
            prefetch_buffer=prefetch_buffer,
            on_error=on_error,
            max_skipped=max_skipped,
            ctx=ctx,
            device_id=device_id,
        )
        if check.flag("verbose", verbose):
            said = (check.owner, path_imgrec, order.records, order.part_index, order.num_parts, self.num_batches)
            log.info("[%s] %s: %d records, part %d of %d, %d batches", *said)


class ImageRecordUInt8Iter(ImageRecordIter):
    """`ImageRecordIter` with ``dtype='uint8'`` as default."""

    default_dtype = "uint8"


class ImageRecordInt8Iter(ImageRecordIter):
    """`ImageRecordIter` with ``dtype='int8'`` as default; values are limited to -128 ... 127."""

    default_dtype = "int8"
