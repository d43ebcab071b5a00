"""Augmenters for images with labelled boxes, and `CreateDetAugmenter`.

A label is an array (objects, 5 or more): class, left, top, right, bottom as shares of the image, perhaps more. Random
choices are taken from Python's ``random``.
"""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Sequence
from numbers import Number
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain.io.augment.boxes import BOTTOM, LEFT, RIGHT, TOP, mirrored, moved
from paratrain.io.image.augmenters import Augmenter, Described, ForceResizeAug, ResizeAug, colours, normalisation
from paratrain.io.image.functions import copyMakeBorder, fixed_crop

Pair = tuple[float, float]
Proposal = tuple[int, int, int, int, np.ndarray]  # x, y, width, height, label


class DetAugmenter(Described):
    """Base of augmenters of an image together with its label; parameters as of `Described`."""

    def __call__(self, src: Any, label: np.ndarray) -> tuple[Any, np.ndarray]:
        """Return image and label, changed."""
        raise NotImplementedError(f"[{type(self).__name__}] __call__(src, label) must be defined")


class DetBorrowAug(DetAugmenter):
    """An augmenter of images alone, which leaves the label as it is."""

    def __init__(self, augmenter: Augmenter) -> None:
        if not isinstance(augmenter, Augmenter):
            raise TypeError(f"[DetBorrowAug] augmenter must be an Augmenter; got {type(augmenter).__name__}")
        super().__init__(augmenter=augmenter.dumps())
        self.augmenter = augmenter

    def dumps(self) -> Any:
        """Return name and the borrowed augmenter."""
        return [type(self).__name__.lower(), self.augmenter.dumps()]

    def __call__(self, src: Any, label: np.ndarray) -> tuple[Any, np.ndarray]:
        """Apply."""
        return self.augmenter(src), label


class DetRandomSelectAug(DetAugmenter):
    """One of several augmenters at random, or with probability `skip_prob` none."""

    def __init__(self, aug_list: Any, skip_prob: float = 0) -> None:
        super().__init__(skip_prob=skip_prob)
        self.aug_list: list[DetAugmenter] = list(aug_list) if isinstance(aug_list, list | tuple) else [aug_list]
        for augmenter in self.aug_list:
            if not isinstance(augmenter, DetAugmenter):
                raise ValueError(f"[DetRandomSelectAug] only DetAugmenters can be chosen; got {augmenter!r}")
        self.skip_prob = skip_prob if self.aug_list else 1

    def dumps(self) -> Any:
        """Return name and parts."""
        return [type(self).__name__.lower(), [part.dumps() for part in self.aug_list]]

    def __call__(self, src: Any, label: np.ndarray) -> tuple[Any, np.ndarray]:
        """Apply one of them, or none."""
        if random.random() < self.skip_prob:
            return src, label
        random.shuffle(self.aug_list)
        return self.aug_list[0](src, label)


class DetHorizontalFlipAug(DetAugmenter):
    """Mirror left to right with probability `p`."""

    def __init__(self, p: float) -> None:
        super().__init__(p=p)
        self.p = p

    def __call__(self, src: Any, label: np.ndarray) -> tuple[Any, np.ndarray]:
        """Apply, or not."""
        if random.random() >= self.p:
            return src, label
        return nd.flip(src, axis=1), mirrored(label)


def _pair(name: str, value: Any, owner: str) -> Pair:
    """Return (least, greatest) of a pair or of one number."""
    if isinstance(value, Number):
        return (float(value), float(value))  # type: ignore[arg-type]
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError(f"[{owner}] {name} must be a number or (least, greatest); got {value!r}")
    return tuple(value)


class _Proposing(DetAugmenter):
    """What random cropping and padding have in common: a window is proposed until one is accepted."""

    aspect_ratio_range: Pair
    area_range: Pair
    max_attempts: int
    enabled: bool

    def _enable(self, least_area: float) -> None:
        """Whether the ranges make sense; otherwise, as in MXNet, the augmenter does nothing and says so."""
        (low, high), (narrow, wide) = self.area_range, self.aspect_ratio_range
        self.enabled = high > least_area and low <= high and 0 < narrow <= wide
        if not self.enabled:
            warnings.warn(
                f"[{type(self).__name__}] does nothing: area_range {self.area_range} or aspect_ratio_range "
                f"{self.aspect_ratio_range} is not possible",
                UserWarning,
                stacklevel=3,
            )

    def _areas(self, height: int, width: int) -> Pair:
        return self.area_range[0] * height * width, self.area_range[1] * height * width


class DetRandomCropAug(_Proposing):
    """Cut out a random window that contains enough of the objects.

    Parameters
    ----------
    min_object_covered : float
        Of each object that the window touches, it must contain more than this share.
    aspect_ratio_range, area_range : tuple of float
        Width relative to the height, and share of the image's area.
    min_eject_coverage : float
        Objects of which no more than this share is left are dropped.
    max_attempts : int
        Windows that are tried; if none is good the image stays as it is.
    """

    def __init__(
        self,
        min_object_covered: float = 0.1,
        aspect_ratio_range: Any = (0.75, 1.33),
        area_range: Any = (0.05, 1.0),
        min_eject_coverage: float = 0.3,
        max_attempts: int = 50,
    ) -> None:
        self.aspect_ratio_range = _pair("aspect_ratio_range", aspect_ratio_range, "DetRandomCropAug")
        self.area_range = _pair("area_range", area_range, "DetRandomCropAug")
        super().__init__(
            min_object_covered=min_object_covered,
            aspect_ratio_range=self.aspect_ratio_range,
            area_range=self.area_range,
            min_eject_coverage=min_eject_coverage,
            max_attempts=max_attempts,
        )
        self.min_object_covered, self.min_eject_coverage = min_object_covered, min_eject_coverage
        self.max_attempts = max_attempts
        self._enable(0)

    def __call__(self, src: Any, label: np.ndarray) -> tuple[Any, np.ndarray]:
        """Apply."""
        found = self._proposal(label, *src.shape[:2])
        if found is None:
            return src, label
        x, y, width, height, label = found
        return fixed_crop(src, x, y, width, height), label

    def _proposal(self, label: np.ndarray, height: int, width: int) -> Proposal | None:
        for _ in range(self.max_attempts if self.enabled else 0):
            size = self._size(height, width)
            if size is None:
                continue
            h, w = size
            y, x = random.randint(0, height - h), random.randint(0, width - w)
            window = (x / width, y / height, w / width, h / height)
            if w * h >= 2 and self._satisfied(label, window, height, width):
                kept = self._kept(label, window)
                if kept is not None:
                    return x, y, w, h, kept
        return None

    def _size(self, height: int, width: int) -> tuple[int, int] | None:
        """Return height and width of a random window, None if it does not fit."""
        least, most = self._areas(height, width)
        ratio = random.uniform(*self.aspect_ratio_range)
        low, high = round(math.sqrt(least / ratio)), round(math.sqrt(most / ratio))
        if round(high * ratio) > width:
            high = int((width + 0.4999999) / ratio)
        high = min(high, height)
        h = random.randint(low, high) if low < high else high
        w = round(h * ratio)
        if w * h < least:
            h += 1
        elif w * h > most:
            h -= 1
        w = round(h * ratio)
        fits = least <= w * h <= most and 1 <= w <= width and 1 <= h <= height
        return (h, w) if fits else None

    def _satisfied(self, label: np.ndarray, window: tuple[float, ...], height: int, width: int) -> bool:
        areas = _areas(label)
        real = areas * width * height > 2  # objects of hardly a pixel do not count
        shares = _shared(label[real], window) / areas[real]
        touched = shares[shares > 0]
        return bool(touched.size and touched.min() > self.min_object_covered)

    def _kept(self, label: np.ndarray, window: tuple[float, ...]) -> np.ndarray | None:
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = _shared(label, window) / _areas(label)
        kept = moved(label, window)[shares > self.min_eject_coverage]  # type: ignore[arg-type] # four numbers
        return kept if len(kept) else None


def _areas(label: np.ndarray) -> np.ndarray:
    return np.maximum(0, label[:, RIGHT] - label[:, LEFT]) * np.maximum(0, label[:, BOTTOM] - label[:, TOP])


def _shared(label: np.ndarray, window: tuple[float, ...]) -> np.ndarray:
    """Return the areas that objects and a window (x, y, width, height) have in common."""
    x, y, width, height = window
    wide = np.minimum(label[:, RIGHT], x + width) - np.maximum(label[:, LEFT], x)
    tall = np.minimum(label[:, BOTTOM], y + height) - np.maximum(label[:, TOP], y)
    return np.maximum(0, wide) * np.maximum(0, tall)


class DetRandomPadAug(_Proposing):
    """Put the image at a random place on a larger canvas.

    Parameters
    ----------
    aspect_ratio_range, area_range : tuple of float
        Width relative to the height of the canvas, and its area relative to the image's.
    max_attempts : int
        Canvases that are tried; if none is good the image stays as it is.
    pad_val : float or tuple of float
        Value of the canvas.
    """

    def __init__(
        self,
        aspect_ratio_range: Any = (0.75, 1.33),
        area_range: Any = (1.0, 3.0),
        max_attempts: int = 50,
        pad_val: Any = (128, 128, 128),
    ) -> None:
        self.pad_val = pad_val if isinstance(pad_val, list | tuple) else (pad_val,)
        self.aspect_ratio_range = _pair("aspect_ratio_range", aspect_ratio_range, "DetRandomPadAug")
        self.area_range = _pair("area_range", area_range, "DetRandomPadAug")
        super().__init__(
            aspect_ratio_range=self.aspect_ratio_range,
            area_range=self.area_range,
            max_attempts=max_attempts,
            pad_val=self.pad_val,
        )
        self.max_attempts = max_attempts
        self._enable(1)

    def __call__(self, src: Any, label: np.ndarray) -> tuple[Any, np.ndarray]:
        """Apply."""
        height, width = src.shape[:2]
        found = self._proposal(label, height, width)
        if found is None:
            return src, label
        x, y, wide, tall, label = found
        return copyMakeBorder(src, y, tall - y - height, x, wide - x - width, values=tuple(self.pad_val)), label

    def _proposal(self, label: np.ndarray, height: int, width: int) -> Proposal | None:
        least, most = self._areas(height, width)
        for _ in range(self.max_attempts if self.enabled else 0):
            ratio = random.uniform(*self.aspect_ratio_range)
            low, high = round(math.sqrt(least / ratio)), round(math.sqrt(most / ratio))
            if round(low * ratio) < width:
                low = int((width + 0.499999) / ratio)
            low = min(max(low, height), high)
            tall = random.randint(low, high) if low < high else low
            wide = round(tall * ratio)
            if tall - height < 2 or wide - width < 2:
                continue  # hardly a border
            y, x = random.randint(0, tall - height), random.randint(0, wide - width)
            canvas = (-x / width, -y / height, wide / width, tall / height)
            return x, y, wide, tall, moved(label, canvas)
        return None


def CreateMultiRandCropAugmenter(
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = (0.75, 1.33),
    area_range: Any = (0.05, 1.0),
    min_eject_coverage: Any = 0.3,
    max_attempts: Any = 50,
    skip_prob: float = 0,
) -> DetRandomSelectAug:
    """Return an augmenter that chooses among several `DetRandomCropAug`.

    Parameters
    ----------
    min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts
        As for `DetRandomCropAug`, or lists with one value for each of the croppers.
    skip_prob : float
        How likely nothing is cropped.
    """
    given = [min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts]
    lists = [value if isinstance(value, list) else [value] for value in given]
    count = max(map(len, lists))
    if any(len(values) not in (1, count) for values in lists):
        raise ValueError(
            f"[CreateMultiRandCropAugmenter] lists must have the same length; got {[len(values) for values in lists]}"
        )
    croppers = [
        DetRandomCropAug(*values)
        for values in zip(*[v * count if len(v) == 1 else v for v in lists], strict=True)
    ]  # fmt: skip
    return DetRandomSelectAug(croppers, skip_prob=skip_prob)


def CreateDetAugmenter(
    data_shape: tuple[int, int, int],
    resize: int = 0,
    rand_crop: float = 0,
    rand_pad: float = 0,
    rand_gray: float = 0,
    rand_mirror: bool = False,
    mean: Any = None,
    std: Any = None,
    brightness: float = 0,
    contrast: float = 0,
    saturation: float = 0,
    pca_noise: float = 0,
    hue: float = 0,
    inter_method: int = 2,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = (0.75, 1.33),
    area_range: Any = (0.05, 3.0),
    min_eject_coverage: Any = 0.3,
    max_attempts: Any = 50,
    pad_val: Any = (127, 127, 127),
) -> list[DetAugmenter]:
    """Return the usual augmenters of a detector, to be applied in turn.

    Parameters
    ----------
    data_shape : tuple of int
        (channels, height, width) of the result.
    resize : int
        Pixels to which the shorter edge is resized first; 0 leaves it.
    rand_crop, rand_pad, rand_gray : float
        Share of the images that are cropped, padded, and lose their colours.
    rand_mirror : bool
        Mirror every second image.
    mean, std, brightness, contrast, saturation, pca_noise, hue, inter_method
        As for `CreateAugmenter`.
    min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts
        As for `CreateMultiRandCropAugmenter`; `DetRandomPadAug` takes its ranges from them, too.
    pad_val : tuple of float
        Value of the canvas.
    """
    augmenters: list[DetAugmenter] = [DetBorrowAug(ResizeAug(resize, inter_method))] if resize > 0 else []
    if rand_crop > 0:
        limits = (min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts)
        augmenters.append(CreateMultiRandCropAugmenter(*limits, skip_prob=1 - rand_crop))
    if rand_mirror:
        augmenters.append(DetHorizontalFlipAug(0.5))
    if rand_pad > 0:
        attempts: Sequence[int] = max_attempts if isinstance(max_attempts, list) else [max_attempts]
        greatest = max(area[1] for area in (area_range if isinstance(area_range, list) else [area_range]))
        ratios = aspect_ratio_range[0] if isinstance(aspect_ratio_range, list) else aspect_ratio_range
        padder = DetRandomPadAug(ratios, (1.0, greatest), attempts[0], pad_val)
        augmenters.append(DetRandomSelectAug([padder], 1 - rand_pad))
    images = [
        ForceResizeAug((data_shape[2], data_shape[1]), inter_method),
        *colours(brightness, contrast, saturation, hue, pca_noise, rand_gray),
        *normalisation(mean, std, "CreateDetAugmenter", np.array),
    ]
    return [*augmenters, *map(DetBorrowAug, images)]
