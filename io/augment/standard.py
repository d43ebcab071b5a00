"""The transforms that the parameters of `ImageRecordIter` ask for, in MXNet's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from paratrain.io.augment.crop import AreaCrop, Crop, SquareCrop
from paratrain.io.augment.interpolation import METHODS
from paratrain.io.augment.mirror import Mirror
from paratrain.io.augment.normalise import Normalise
from paratrain.io.augment.pad import Pad
from paratrain.io.augment.resize import Resize
from paratrain.io.augment.tinting import Jitter, Lighting, ShiftHLS
from paratrain.io.augment.transform import Transform
from paratrain.io.augment.warp import UNLIMITED, Warp
from paratrain.io.parameters import Checker

# MXNet's parameters of the augmentation with their defaults
DEFAULTS: dict[str, Any] = {
    "resize": -1,
    "rand_crop": False,
    "random_resized_crop": False,
    "max_rotate_angle": 0,
    "max_aspect_ratio": 0.0,
    "min_aspect_ratio": None,
    "max_shear_ratio": 0.0,
    "max_crop_size": -1,
    "min_crop_size": -1,
    "max_random_scale": 1.0,
    "min_random_scale": 1.0,
    "max_random_area": 1.0,
    "min_random_area": 1.0,
    "max_img_size": UNLIMITED,
    "min_img_size": 0.0,
    "brightness": 0.0,
    "contrast": 0.0,
    "saturation": 0.0,
    "pca_noise": 0.0,
    "random_h": 0,
    "random_s": 0,
    "random_l": 0,
    "rotate": -1,
    "fill_value": 255,
    "inter_method": 1,
    "pad": 0,
    "mirror": False,
    "rand_mirror": False,
    "max_random_contrast": 0.0,
    "max_random_illumination": 0.0,
}
FLAGS = ("rand_crop", "random_resized_crop", "mirror", "rand_mirror")
# whole numbers and numbers with their least and greatest values
WHOLE: dict[str, tuple[int, int | None]] = {
    "resize": (-1, None),
    "max_rotate_angle": (0, 180),
    "max_crop_size": (-1, None),
    "min_crop_size": (-1, None),
    "random_h": (0, 180),
    "random_s": (0, 255),
    "random_l": (0, 255),
    "rotate": (-1, 360),
    "fill_value": (0, 255),
    "pad": (0, None),
}


class Settings:
    """The parameters of the augmentation, checked; each is an attribute.

    Parameters
    ----------
    check : Checker
        Of the iterator.
    given : mapping
        Parameters by name; what is missing has MXNet's default.
    """

    def __init__(self, check: Checker, given: Mapping[str, Any]) -> None:
        self.check = check
        values = {**DEFAULTS, **given}
        for name, value in values.items():
            setattr(self, name, self._checked(name, value))
        self.aspect = self._aspect()
        for low, high in (
            ("min_random_scale", "max_random_scale"),
            ("min_random_area", "max_random_area"),
            ("min_img_size", "max_img_size"),
            ("min_crop_size", "max_crop_size"),
        ):
            if values[low] > values[high]:
                check.fail(f"{low} must be at most {high}; got {values[low]} and {values[high]}")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"there is no parameter {name!r} of the augmentation")

    def _checked(self, name: str, value: Any) -> Any:
        if name in FLAGS:
            return self.check.flag(name, value)
        if name in WHOLE:
            return self.check.whole(name, value, *WHOLE[name])
        if name == "inter_method":
            return self.check.one_of(name, value, METHODS)
        if name == "min_aspect_ratio" and value is None:
            return None
        number = self.check.number(name, value)
        positive = name.endswith(("_scale", "_area")) or name == "min_aspect_ratio"
        if number < 0 or (positive and not number):
            self.check.fail(f"{name} must {'be positive' if positive else 'not be negative'}; got {value}")
        return number

    def _aspect(self) -> tuple[float, float]:
        """Least and greatest proportion, from the two parameters that mean different things together and alone."""
        if self.min_aspect_ratio is None:
            if self.max_aspect_ratio >= 1:
                self.check.fail(
                    "max_aspect_ratio must be below 1 where min_aspect_ratio is not given, for a range of "
                    f"1 - value to 1 + value; got {self.max_aspect_ratio}"
                )
            return 1 - self.max_aspect_ratio, 1 + self.max_aspect_ratio
        if self.min_aspect_ratio > self.max_aspect_ratio:
            self.check.fail(
                "min_aspect_ratio must be at most max_aspect_ratio; "
                f"got {self.min_aspect_ratio} and {self.max_aspect_ratio}"
            )
        return self.min_aspect_ratio, self.max_aspect_ratio

    def changed(self, *names: str) -> list[str]:
        """Return those of the names whose values are not MXNet's defaults."""
        return [name for name in names if getattr(self, name) != DEFAULTS[name]]


def geometry(settings: Settings, shape: tuple[int, int, int]) -> list[Transform]:
    """Transforms that say which pixels are seen where, all but mirroring.

    Parameters
    ----------
    settings : Settings
    shape : tuple of int
        (channels, height, width) of the result.
    """
    transforms: list[Transform] = []
    if settings.resize > 0:
        transforms.append(Resize(settings.resize, settings.inter_method))
    if _warped(settings):
        angle = settings.max_rotate_angle
        transforms.append(
            Warp(
                (settings.rotate, settings.rotate) if settings.rotate > 0 else (-angle, angle),
                settings.max_shear_ratio,
                (settings.min_random_scale, settings.max_random_scale),
                (1.0, 1.0) if settings.random_resized_crop else settings.aspect,
                (settings.min_img_size, settings.max_img_size),
                settings.fill_value,
                settings.inter_method,
            )
        )
    if settings.pad:
        transforms.append(Pad(settings.pad, settings.fill_value))
    return [*transforms, _crop(settings, *shape[1:])]


def _warped(settings: Settings) -> list[str]:
    names = ["max_rotate_angle", "max_shear_ratio", "max_random_scale", "min_random_scale", "max_img_size"]
    names.append("min_img_size")
    if not settings.random_resized_crop:
        names += ["max_aspect_ratio", "min_aspect_ratio"]
    return settings.changed(*names) or (["rotate"] if settings.rotate > 0 else [])


def _crop(settings: Settings, height: int, width: int) -> Transform:
    method = settings.inter_method
    if settings.random_resized_crop:
        other = settings.changed("min_random_scale", "max_random_scale", "min_crop_size", "max_crop_size", "rand_crop")
        if other:
            settings.check.fail(f"{other[0]} has no meaning together with random_resized_crop; leave one of them out")
        if settings.changed("min_random_area", "max_random_area"):
            area = (settings.min_random_area, settings.max_random_area)
            return AreaCrop(height, width, area, settings.aspect, method)
    elif settings.changed("min_random_area", "max_random_area"):
        settings.check.fail("min_random_area and max_random_area need random_resized_crop=True")
    sizes = (settings.min_crop_size, settings.max_crop_size)
    if max(sizes) > 0:
        if min(sizes) < 1:
            settings.check.fail(f"min_crop_size and max_crop_size must be given together; got {sizes[0]}, {sizes[1]}")
        return SquareCrop(sizes, height, width, settings.rand_crop, method)
    return Crop(height, width, settings.rand_crop, method)


def mirroring(settings: Settings) -> list[Transform]:
    """Transforms that exchange left and right."""
    transforms: list[Transform] = [Mirror()] if settings.mirror else []
    return [*transforms, Mirror(random=True)] if settings.rand_mirror else transforms


def colours(settings: Settings, channels: int) -> list[Transform]:
    """Transforms that change the colours.

    Parameters
    ----------
    settings : Settings
    channels : int
        Of the result. An image without colours has brightness and contrast only.
    """
    if channels == 1:
        for name in settings.changed("saturation", "pca_noise", "random_h", "random_s", "random_l"):
            settings.check.fail(f"{name} needs a data_shape with 3 or 4 channels; got 1")
    transforms: list[Transform] = []
    if settings.changed("brightness", "contrast", "saturation"):
        transforms.append(Jitter(settings.brightness, settings.contrast, settings.saturation))
    if settings.changed("random_h", "random_s", "random_l"):
        transforms.append(ShiftHLS(settings.random_h, settings.random_l, settings.random_s))
    if settings.pca_noise:
        transforms.append(Lighting(settings.pca_noise))
    return transforms


def values(
    settings: Settings,
    dtype: type,
    mean: Mapping[str, Any],
    std: Mapping[str, Any],
    scale: Any,
    image: np.ndarray | None = None,
) -> list[Transform]:
    """Transforms that say which number a pixel becomes; none where pixels stay as they are.

    Parameters
    ----------
    settings : Settings
    dtype : type
        Of the batch.
    mean, std : mapping
        Parameters of the iterator for red, green, blue and alpha.
    scale
        Parameter of the iterator.
    image : array, optional
        Mean image; then `mean` must be 0.
    """
    check = settings.check
    means = [check.number(name, value) for name, value in mean.items()]
    stds = [check.number(name, value) for name, value in std.items()]
    factor = check.number("scale", scale)
    for name, value in std.items():
        if value == 0:
            check.fail(f"{name} must not be 0")
    random = settings.changed("max_random_contrast", "max_random_illumination")
    if not any(means) and all(s == 1 for s in stds) and factor == 1 and not random and image is None:
        return []
    if dtype is np.uint8:
        check.fail("mean, std and scale need dtype='float32', 'float16' or 'int8'; got dtype='uint8'")
    contrast, illumination = settings.max_random_contrast, settings.max_random_illumination
    return [Normalise(means, stds, factor, contrast, illumination, image)]
