"""`ImageDetRecordIter`: batches of images with labelled boxes from a record file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from paratrain.io import native
from paratrain.io.augment import Contrast, Fit, Normalise, Resize, ShiftHLS, Transform, View
from paratrain.io.augment.boxes import CropBoxes, MirrorBoxes, PadBoxes, Sampler, parse, view_with_boxes
from paratrain.io.augment.interpolation import METHODS
from paratrain.io.data import DataDesc
from paratrain.io.image_filler import Filler, Picture, read_labels
from paratrain.io.loader import Slot
from paratrain.io.parameters import Checker
from paratrain.io.record_iter import RecordIter
from paratrain.io.records import RecordSet

log = logging.getLogger("paratrain.io")

SIZE = 4  # numbers before a label in the batch: channels, height, width, and how many numbers the label has
SAMPLER = ("scale", "aspect", "overlap", "sample", "object")  # its conditions, and the parameters that set them
CONDITIONS = ("crop_scales", "crop_aspect_ratios", "crop_overlaps", "crop_sample_coverages", "crop_object_coverages")


class ImageDetRecordIter(RecordIter):
    """Batches of images and the boxes of objects in them, decoded and augmented by threads.

    A record's label holds the width of its header (2 or more), the width of an object (5 or more), perhaps more header,
    then the objects: class, left, top, right, bottom (0 to 1), perhaps more. Boxes without area are left out.

    A row of the batch's label holds channels, height and width of the image, the number of numbers of its label, the
    label, and padding.

    Parameters
    ----------
    path_imgrec : str
        The record file.
    data_shape : tuple of int
        (channels, height, width) of an image in the batch.
    batch_size : int
        Images of a batch.
    path_imgidx, path_imglist : str, optional
        The index; a list file whose labels replace those of the records.
    label_width : int
        Numbers of a label; default -1, they may differ.
    label_pad_width : int
        Numbers that labels are filled up to; default (0 or -1) those of the longest.
    label_pad_value : float
        What they are filled up with; default -1.
    shuffle, seed, num_parts, part_index, preprocess_threads, prefetch_buffer, round_batch, dtype, data_name, label_name
        As for `ImageRecordIter`; so are `shuffle_chunk_size`, `shuffle_chunk_seed`, `on_error`, `max_skipped`,
        `verbose`, `ctx` and `device_id`.
    resize : int
        Pixels to which the shorter edge is resized first; default -1, not at all.
    max_random_hue, max_random_saturation, max_random_illumination : int
        Greatest number added to hue (0 to 180), saturation and lightness (0 to 255), in either direction; default 0.
    random_hue_prob, random_saturation_prob, random_illumination_prob : float
        How likely each of them is; default 0.
    max_random_contrast, random_contrast_prob : float
        Greatest deviation from 1 of a factor for all pixels, and how likely it is; default 0.
    rand_mirror_prob : float
        How likely an image is mirrored; default 0.
    rand_pad_prob, max_pad_scale : float
        How likely an image is put on a larger canvas, and by how much at most; default 0 and 1.
    fill_value : int
        Value of the canvas; default 127.
    rand_crop_prob : float
        How likely a random window is cropped; default 0.
    num_crop_sampler : int
        Number of samplers of windows, tried in random order; default 1. The following hold a number for each of them,
        or one for all.
    min_crop_scales, max_crop_scales : tuple of float
        Size of the window relative to the image; default 0 and 1.
    min_crop_aspect_ratios, max_crop_aspect_ratios : tuple of float
        Its width relative to its height; default 1 and 1.
    min_crop_overlaps, max_crop_overlaps : tuple of float
        Area common to the window and an object relative to what they cover together; default 0 and 1.
    min_crop_sample_coverages, max_crop_sample_coverages : tuple of float
        The same relative to the window.
    min_crop_object_coverages, max_crop_object_coverages : tuple of float
        The same relative to the object.
    max_crop_trials : tuple of int
        Windows that are tried; default 25.
    crop_emit_mode : {'center', 'overlap'}
        Which objects are dropped: whose centre lies outside of the window, or of which less is left than
        `emit_overlap_thresh` says. Default 'center'.
    emit_overlap_thresh : float
        Default 0.3.
    resize_mode : {'force', 'shrink', 'fit'}
        How an image gets to `data_shape`: resized whatever its proportions become; made smaller where needed; or made
        smaller or larger, keeping its proportions. What is left of the batch's image is black. Default 'force'.
    inter_method : int
        How values between pixels are found: 0 nearest, 1 bilinear, 2 cubic, 3 area, 4 Lanczos, 9 cubic to enlarge and
        area to shrink, 10 at random. Default 1.
    mean_r, mean_g, mean_b, mean_a : float
        Subtracted from the channels; default 0.
    std_r, std_g, std_b, std_a : float
        Then the channels are divided by these; default 0, which means 1.
    scale : float
        And all is multiplied by this; default 1.

    Attributes
    ----------
    skipped : list of str
        What was skipped in this epoch, and why.

    Raises
    ------
    ParameterError
        If a parameter is missing or wrong.
    RecordFileError, RecordError
        If a file is missing or damaged, or a label is not as described.

    Examples
    --------
    >>> from paratrain.io import ImageDetRecordIter
    >>> train = ImageDetRecordIter("train.rec", (3, 300, 300), 32, shuffle=True, rand_mirror_prob=0.5,
    ...                            rand_crop_prob=0.5, min_crop_scales=0.3, max_crop_scales=1.0,
    ...                            min_crop_overlaps=0.5)  # doctest: +SKIP
    >>> batch = train.next()  # doctest: +SKIP
    >>> batch.data[0].shape, batch.label[0].shape  # doctest: +SKIP
    ((32, 3, 300, 300), (32, 156))
    """

    def __init__(
        self,
        path_imgrec: str | None = None,
        data_shape: tuple[int, int, int] | None = None,
        batch_size: int | None = None,
        *,
        path_imgidx: str = "",
        path_imglist: str = "",
        aug_seq: str = "det_aug_default",
        label_width: int = -1,
        label_pad_width: int = 0,
        label_pad_value: float = -1,
        shuffle: bool = False,
        shuffle_chunk_size: int = 0,
        shuffle_chunk_seed: int = 0,
        seed: int | None = None,
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
        mean_img: str = "",
        **augmentation: Any,
    ) -> None:
        check = Checker("ImageDetRecordIter")
        check.known(augmentation, DEFAULTS)
        check.required("path_imgrec", path_imgrec)
        check.required("batch_size", batch_size)
        check.one_of("aug_seq", aug_seq, ("det_aug_default",))
        if mean_img:
            check.fail("mean_img is not available here, where images are stretched; use mean_r, mean_g and mean_b")
        shape, kind = check.image_shape(data_shape), check.dtype(dtype, "float32")
        transforms = build(check, {**DEFAULTS, **augmentation}, shape, kind)

        records = check.records(path_imgrec, path_imgidx)
        labels = read_labels(check.path("path_imglist", path_imglist)) if path_imglist else None
        widest = widest_label(check, records, labels, check.whole("label_width", label_width, -1))
        width = check.whole("label_pad_width", label_pad_width, -1)
        if 0 < width < widest:
            check.fail(f"label_pad_width must be at least {widest}, the width of the longest label; got {width}")
        seed, seed_aug = check.seeds(seed, None, num_parts)
        order = check.order(
            records, batch_size, num_parts, part_index, shuffle, seed, round_batch, shuffle_chunk_size,
            shuffle_chunk_seed,
        )  # fmt: skip
        pad_value = check.number("label_pad_value", label_pad_value)
        super().__init__(
            check,
            order,
            BoxFiller(records, transforms, labels, seed_aug, pad_value).fill,
            DataDesc(data_name, (order.batch_size, *shape), kind),
            DataDesc(label_name, (order.batch_size, SIZE + (width if width > 0 else widest)), np.float32),
            preprocess_threads=preprocess_threads,
            prefetch_buffer=prefetch_buffer,
            on_error=on_error,
            max_skipped=max_skipped,
            ctx=ctx,
            device_id=device_id,
        )
        if check.flag("verbose", verbose):
            said = (check.owner, path_imgrec, order.records, order.part_index, order.num_parts, self.num_batches)
            log.info("[%s] %s: %d records, part %d of %d, %d batches, labels of up to %d numbers", *said, widest)


# Parameters of the augmentation with MXNet's defaults
DEFAULTS: dict[str, Any] = {
    "resize": -1,
    "rand_crop_prob": 0.0,
    **{f"min_{name}": (1.0 if name == "crop_aspect_ratios" else 0.0,) for name in CONDITIONS},
    **{f"max_{name}": (1.0,) for name in CONDITIONS},
    "num_crop_sampler": 1,
    "crop_emit_mode": "center",
    "emit_overlap_thresh": 0.3,
    "max_crop_trials": (25,),
    "rand_pad_prob": 0.0,
    "max_pad_scale": 1.0,
    "max_random_hue": 0,
    "random_hue_prob": 0.0,
    "max_random_saturation": 0,
    "random_saturation_prob": 0.0,
    "max_random_illumination": 0,
    "random_illumination_prob": 0.0,
    "max_random_contrast": 0.0,
    "random_contrast_prob": 0.0,
    "rand_mirror_prob": 0.0,
    "fill_value": 127,
    "inter_method": 1,
    "resize_mode": "force",
    **{f"mean_{channel}": 0.0 for channel in "rgba"},
    **{f"std_{channel}": 0.0 for channel in "rgba"},
    "scale": 1.0,
}


def build(check: Checker, given: dict[str, Any], shape: tuple[int, int, int], dtype: type) -> list[Transform]:
    """Return the transforms that the parameters ask for, in MXNet's order."""
    method = check.one_of("inter_method", given["inter_method"], METHODS)
    transforms: list[Transform] = []
    if check.whole("resize", given["resize"], -1) > 0:
        transforms.append(Resize(given["resize"], method))
    transforms += _colours(check, given, shape[0])
    if _share(check, given, "rand_mirror_prob"):
        transforms.append(MirrorBoxes(given["rand_mirror_prob"]))
    scale = check.number("max_pad_scale", given["max_pad_scale"])
    if scale < 1:
        check.fail(f"max_pad_scale must be at least 1; got {scale:g}")
    fill = check.whole("fill_value", given["fill_value"], 0, 255)
    if _share(check, given, "rand_pad_prob") and scale > 1:
        transforms.append(PadBoxes(given["rand_pad_prob"], scale, fill))
    crop = _crop(check, given)
    if _share(check, given, "rand_crop_prob") and crop.samplers:
        transforms.append(crop)
    mode = check.one_of("resize_mode", given["resize_mode"], ("force", "shrink", "fit"))
    return [*transforms, Fit(shape[1], shape[2], mode, method), *_values(check, given, dtype)]


def _share(check: Checker, given: dict[str, Any], name: str) -> float:
    value = check.number(name, given[name])
    if not 0 <= value <= 1:
        check.fail(f"{name} must be from 0 to 1; got {value:g}")
    return value


def _colours(check: Checker, given: dict[str, Any], channels: int) -> list[Transform]:
    hls = ("hue", "illumination", "saturation")
    most = [check.whole(f"max_random_{n}", given[f"max_random_{n}"], 0, 180 if n == "hue" else 255) for n in hls]
    likely = [_share(check, given, f"random_{name}_prob") for name in hls]
    contrast = check.number("max_random_contrast", given["max_random_contrast"])
    if contrast < 0:
        check.fail(f"max_random_contrast must not be negative; got {contrast:g}")
    found: list[Transform] = []
    if any(value and p for value, p in zip(most, likely, strict=True)):
        if channels == 1:
            check.fail("random hue, saturation and illumination need a data_shape with 3 or 4 channels; got 1")
        found.append(ShiftHLS(most[0], most[1], most[2], (likely[0], likely[1], likely[2])))
    if contrast and _share(check, given, "random_contrast_prob"):
        found.append(Contrast(contrast, given["random_contrast_prob"]))
    return found


def _crop(check: Checker, given: dict[str, Any]) -> CropBoxes:
    count = check.whole("num_crop_sampler", given["num_crop_sampler"], 0)

    def each(name: str) -> list[float]:
        """The numbers of a parameter, one for each sampler."""
        value = given[name]
        numbers = list(value) if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str) else [value]
        if len(numbers) not in (1, count):
            check.fail(f"{name} must hold one number, or one for each of {count} samplers; got {value!r}")
        checked = [check.number(name, number) for number in numbers]
        return checked * count if len(checked) == 1 else checked

    def pairs(name: str) -> list[tuple[float, float]]:
        """Least and greatest value of a condition, for each sampler."""
        found = list(zip(each(f"min_{name}"), each(f"max_{name}"), strict=True))
        limit = np.inf if name == "crop_aspect_ratios" else 1
        for low, high in found:
            if not 0 <= low <= high <= limit or high == 0:
                check.fail(f"min_{name} and max_{name} must be from 0 to {limit:g}, min first; got {low:g}, {high:g}")
        return found

    conditions = {name: pairs(name) for name in CONDITIONS}
    trials = [check.whole("max_crop_trials", int(n), 1) for n in each("max_crop_trials")]
    samplers = [
        Sampler(
            **{name: ranges[i] for name, ranges in zip(SAMPLER, conditions.values(), strict=True)}, trials=trials[i]
        )
        for i in range(count)
    ]
    mode = check.one_of("crop_emit_mode", given["crop_emit_mode"], ("center", "overlap"))
    least_left = _share(check, given, "emit_overlap_thresh")
    return CropBoxes(given["rand_crop_prob"], samplers, least_left if mode == "overlap" else None)


def _values(check: Checker, given: dict[str, Any], dtype: type) -> list[Transform]:
    means = [check.number(f"mean_{c}", given[f"mean_{c}"]) for c in "rgba"]
    stds = [check.number(f"std_{c}", given[f"std_{c}"]) or 1.0 for c in "rgba"]
    scale = check.number("scale", given["scale"])
    if not any(means) and all(s == 1 for s in stds) and scale == 1:
        return []
    if dtype is np.uint8:
        check.fail("mean, std and scale need dtype='float32', 'float16' or 'int8'; got dtype='uint8'")
    return [Normalise(means, stds, scale)]


def widest_label(check: Checker, records: RecordSet, labels: dict[int, np.ndarray] | None, width: int) -> int:
    """Return the width of the longest label; `width` above 0 is what all must have."""
    widths = records.label_widths() if labels is None else np.array([len(label) for label in labels.values()], int)
    if width > 0 and (widths != width).any():
        which = int(np.flatnonzero(widths != width)[0])
        place = records.where(which) if labels is None else f"entry {which} of the list"
        check.fail(f"label_width={width}, but the label of {place} has {widths[which]} numbers")
    return int(widths.max(initial=1))


class BoxFiller(Filler):
    """Fills rows with images and the boxes in them.

    Parameters
    ----------
    transforms : list of Transform
    pad_value : float
        What labels are filled up with.
    records, labels, seed
        As for `Filler`.
    """

    owner = "ImageDetRecordIter"

    def __init__(
        self,
        records: RecordSet,
        transforms: list[Transform],
        labels: dict[int, np.ndarray] | None,
        seed: int,
        pad_value: float,
    ) -> None:
        super().__init__(records, labels, seed)
        self.transforms, self.pad_value = transforms, pad_value

    def put(self, picture: Picture, label: np.ndarray, chance: native.Chance, slot: Slot, row: int) -> None:
        """Write image and label."""
        head, objects = parse(label)
        view, objects = view_with_boxes((picture.height, picture.width), objects, self.transforms, chance)
        place(picture, view, slot.data, row)
        numbers = np.concatenate([head, objects.reshape(-1)])
        out = slot.label[row]
        out[:SIZE] = slot.data.shape[1], view.rows, view.columns, len(numbers)
        out[SIZE : SIZE + len(numbers)] = numbers
        out[SIZE + len(numbers) :] = self.pad_value


def place(picture: Picture, view: View, batch: np.ndarray, row: int) -> None:
    """Write a view to the beginning of its place in the batch; what is left of that is black."""
    out = batch[row]
    if out.shape[1:] == (view.rows, view.columns):
        picture.place(view, batch, row)
        return
    small: np.ndarray = np.empty((1, len(out), view.rows, view.columns), out.dtype)
    picture.place(view, small, 0)
    out[:] = np.array(view.shift[: len(out)], np.float32).reshape(-1, 1, 1)
    out[:, : view.rows, : view.columns] = small[0]
