"""Augmenters: objects that change one image, to be composed by hand or by `CreateAugmenter`.

The changes themselves are those of the record iterators (`paratrain.io.augment`). Random choices are taken from
Python's ``random``, those of `LightingAug` from NumPy's.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain.io.augment import colour
from paratrain.io.augment.colour import Tint
from paratrain.io.image import functions as image
from paratrain.io.image.functions import _area

GREY = (0.21, 0.72, 0.07)  # MXNet's weights of red, green and blue for RandomGrayAug
MEAN, STD = [123.68, 116.28, 103.53], [58.395, 57.12, 57.375]  # of ImageNet


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return parameters with arrays as lists, for JSON."""
    arrays = {k: v.asnumpy() if isinstance(v, nd.NDArray) else v for k, v in values.items()}
    return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in arrays.items()}


class Described:
    """What augmenters of images alone and of images with boxes have in common: their description.

    Parameters
    ----------
    **kwargs
        Parameters, which `dumps` writes.
    """

    def __init__(self, **kwargs: Any) -> None:
        self._kwargs = plain(kwargs)

    def dumps(self) -> Any:
        """Return name and parameters as JSON; a composed augmenter as a list of its parts."""
        return json.dumps([type(self).__name__.lower(), self._kwargs])


class Augmenter(Described):
    """Base of all augmenters of images; parameters as of `Described`."""

    def __call__(self, src: Any) -> Any:
        """Return the image `src`, changed."""
        raise NotImplementedError(f"[{type(self).__name__}] __call__(src) must be defined")


class SequentialAug(Augmenter):
    """Several augmenters one after the other."""

    def __init__(self, ts: Sequence[Augmenter]) -> None:
        super().__init__()
        self.ts = ts

    def dumps(self) -> Any:
        """Return name and parts."""
        return [type(self).__name__.lower(), [part.dumps() for part in self.ts]]

    def __call__(self, src: Any) -> Any:
        """Apply all."""
        for part in self.ts:
            src = part(src)
        return src


class RandomOrderAug(SequentialAug):
    """Several augmenters in random order."""

    def __init__(self, ts: list[Augmenter]) -> None:
        super().__init__(ts)

    def __call__(self, src: Any) -> Any:
        """Apply all."""
        assert isinstance(self.ts, list)
        random.shuffle(self.ts)
        return super().__call__(src)


class ResizeAug(Augmenter):
    """Resize so that the shorter edge has `size` pixels."""

    def __init__(self, size: int, interp: int = 2) -> None:
        super().__init__(size=size, interp=interp)
        self.size, self.interp = size, interp

    def __call__(self, src: Any) -> nd.NDArray:
        """Apply."""
        return image.resize_short(src, self.size, self.interp)


class ForceResizeAug(Augmenter):
    """Resize to `size` (width, height), whatever the proportions become."""

    def __init__(self, size: tuple[int, int], interp: int = 2) -> None:
        super().__init__(size=size, interp=interp)
        self.size, self.interp = size, interp

    def __call__(self, src: Any) -> nd.NDArray:
        """Apply."""
        sizes = (src.shape[0], src.shape[1], self.size[1], self.size[0])
        return image.imresize(src, *self.size, interp=image.interp_method(self.interp, sizes))


class RandomCropAug(Augmenter):
    """Cut out a window of `size` (width, height) at a random place."""

    def __init__(self, size: tuple[int, int], interp: int = 2) -> None:
        super().__init__(size=size, interp=interp)
        self.size, self.interp = size, interp

    def __call__(self, src: Any) -> nd.NDArray:
        """Apply."""
        return image.random_crop(src, self.size, self.interp)[0]


class CenterCropAug(Augmenter):
    """Cut out a window of `size` (width, height) in the centre."""

    def __init__(self, size: tuple[int, int], interp: int = 2) -> None:
        super().__init__(size=size, interp=interp)
        self.size, self.interp = size, interp

    def __call__(self, src: Any) -> nd.NDArray:
        """Apply."""
        return image.center_crop(src, self.size, self.interp)[0]


class RandomSizedCropAug(Augmenter):
    """Cut out a window of random area and proportions and resize it; parameters as of `random_size_crop`."""

    def __init__(
        self, size: tuple[int, int], area: Any, ratio: tuple[float, float], interp: int = 2, **kwargs: Any
    ) -> None:
        super().__init__(size=size, area=area, ratio=ratio, interp=interp)
        self.area = _area(area, kwargs, "RandomSizedCropAug")
        self.size, self.ratio, self.interp = size, ratio, interp

    def __call__(self, src: Any) -> nd.NDArray:
        """Apply."""
        return image.random_size_crop(src, self.size, self.area, self.ratio, self.interp)[0]


class TintAug(Augmenter):
    """Base of augmenters that change colours linearly; the image's values are not limited to any range."""

    def tint(self) -> Tint:
        """Return the change, with its random choices made."""
        raise NotImplementedError(f"[{type(self).__name__}] tint() must be defined")

    def __call__(self, src: Any) -> nd.NDArray:
        """Apply; the result is of float32."""
        pixels = image.pixels_of(src, type(self).__name__)
        if pixels.shape[2] != 3:
            raise ValueError(f"[{type(self).__name__}] an image must have 3 channels; got shape {pixels.shape}")
        return nd.from_numpy(self.tint().of(pixels.astype(np.float32, copy=False)).astype(np.float32, copy=False))


class _Jitter(TintAug):
    make: Callable[[float], Tint]

    def _alpha(self, value: float) -> float:
        return 1.0 + random.uniform(-value, value)


class BrightnessJitterAug(_Jitter):
    """Multiply by a random number from 1 - `brightness` to 1 + `brightness`."""

    def __init__(self, brightness: float) -> None:
        super().__init__(brightness=brightness)
        self.brightness = brightness

    def tint(self) -> Tint:
        """Draw it."""
        return colour.brightness(self._alpha(self.brightness))


class ContrastJitterAug(_Jitter):
    """Multiply differences from the mean brightness by a random number from 1 - `contrast` to 1 + `contrast`."""

    def __init__(self, contrast: float) -> None:
        super().__init__(contrast=contrast)
        self.contrast = contrast

    def tint(self) -> Tint:
        """Draw it."""
        return colour.contrast(self._alpha(self.contrast))


class SaturationJitterAug(_Jitter):
    """Multiply differences from grey by a random number from 1 - `saturation` to 1 + `saturation`."""

    def __init__(self, saturation: float) -> None:
        super().__init__(saturation=saturation)
        self.saturation = saturation

    def tint(self) -> Tint:
        """Draw it."""
        return colour.saturation(self._alpha(self.saturation))


class HueJitterAug(TintAug):
    """Turn the colours by a random angle, up to `hue` half circles in either direction."""

    def __init__(self, hue: float) -> None:
        super().__init__(hue=hue)
        self.hue = hue

    def tint(self) -> Tint:
        """Draw it."""
        return colour.hue(random.uniform(-self.hue, self.hue))


class ColorJitterAug(RandomOrderAug):
    """Brightness, contrast and saturation in random order; what is 0 is left out."""

    def __init__(self, brightness: float, contrast: float, saturation: float) -> None:
        parts = [
            (BrightnessJitterAug, brightness), (ContrastJitterAug, contrast), (SaturationJitterAug, saturation)
        ]  # fmt: skip
        super().__init__([kind(value) for kind, value in parts if value > 0])


class LightingAug(TintAug):
    """Add noise along the principal components of colours.

    Parameters
    ----------
    alphastd : float
        Standard deviation.
    eigval : array, shape (3,)
    eigvec : array, shape (3, 3)
    """

    def __init__(self, alphastd: float, eigval: Any, eigvec: Any) -> None:
        super().__init__(alphastd=alphastd, eigval=eigval, eigvec=eigvec)
        self.alphastd, self.eigval, self.eigvec = alphastd, eigval, eigvec

    def tint(self) -> Tint:
        """Draw it."""
        return colour.lighting(np.random.normal(0, self.alphastd, size=(3,)).tolist(), self.eigval, self.eigvec)


class RandomGrayAug(TintAug):
    """Make all channels the image's brightness, with probability `p`."""

    def __init__(self, p: float) -> None:
        super().__init__(p=p)
        self.p = p

    def tint(self) -> Tint:
        """Return the change to grey."""
        return colour.grey(GREY)

    def __call__(self, src: Any) -> Any:
        """Apply, or not."""
        return super().__call__(src) if random.random() < self.p else src


class ColorNormalizeAug(Augmenter):
    """Subtract `mean` and divide by `std`; either may be None."""

    def __init__(self, mean: Any, std: Any) -> None:
        super().__init__(mean=mean, std=std)
        self.mean = mean if mean is None or isinstance(mean, nd.NDArray) else nd.array(mean)
        self.std = std if std is None or isinstance(std, nd.NDArray) else nd.array(std)

    def __call__(self, src: Any) -> Any:
        """Apply."""
        return image.color_normalize(src, self.mean, self.std)


class HorizontalFlipAug(Augmenter):
    """Mirror left to right with probability `p`."""

    def __init__(self, p: float) -> None:
        super().__init__(p=p)
        self.p = p

    def __call__(self, src: Any) -> Any:
        """Apply, or not."""
        return nd.flip(src, axis=1) if random.random() < self.p else src


class CastAug(Augmenter):
    """Change the type of the elements."""

    def __init__(self, typ: str = "float32") -> None:
        super().__init__(type=typ)
        self.typ = typ

    def __call__(self, src: Any) -> Any:
        """Apply."""
        return src.astype(self.typ)


def CreateAugmenter(
    data_shape: tuple[int, int, int],
    resize: int = 0,
    rand_crop: bool = False,
    rand_resize: bool = False,
    rand_mirror: bool = False,
    mean: Any = None,
    std: Any = None,
    brightness: float = 0,
    contrast: float = 0,
    saturation: float = 0,
    hue: float = 0,
    pca_noise: float = 0,
    rand_gray: float = 0,
    inter_method: int = 2,
) -> list[Augmenter]:
    """Return the usual augmenters of a classifier, to be applied in turn.

    Parameters
    ----------
    data_shape : tuple of int
        (channels, height, width) of the result.
    resize : int
        Pixels to which the shorter edge is resized first; 0 leaves it.
    rand_crop : bool
        Crop at a random place, not the centre.
    rand_resize : bool
        Crop a window of random area (8 to 100 %) and proportions (3:4 to 4:3); needs `rand_crop`.
    rand_mirror : bool
        Mirror every second image.
    mean, std : array, True or None
        Subtracted, and then divided by; True takes those of ImageNet.
    brightness, contrast, saturation, hue, pca_noise : float
        Of the random change of colours; 0 leaves it out.
    rand_gray : float
        Share of the images that lose their colours.
    inter_method : int
        As for `imresize`.
    """
    augmenters: list[Augmenter] = [ResizeAug(resize, inter_method)] if resize > 0 else []
    size = (data_shape[2], data_shape[1])
    if rand_resize:
        if not rand_crop:
            raise ValueError("[CreateAugmenter] rand_resize needs rand_crop=True")
        augmenters.append(RandomSizedCropAug(size, 0.08, (3.0 / 4.0, 4.0 / 3.0), inter_method))
    else:
        augmenters.append((RandomCropAug if rand_crop else CenterCropAug)(size, inter_method))
    if rand_mirror:
        augmenters.append(HorizontalFlipAug(0.5))
    augmenters += colours(brightness, contrast, saturation, hue, pca_noise, rand_gray)
    return augmenters + normalisation(mean, std, "CreateAugmenter", nd.array)


def colours(
    brightness: float, contrast: float, saturation: float, hue: float, pca_noise: float, rand_gray: float
) -> list[Augmenter]:
    """Return the cast to float32 and the augmenters that change colours."""
    found: list[Augmenter] = [CastAug()]
    if brightness or contrast or saturation:
        found.append(ColorJitterAug(brightness, contrast, saturation))
    if hue:
        found.append(HueJitterAug(hue))
    if pca_noise > 0:
        found.append(LightingAug(pca_noise, np.array(colour.EIGENVALUES), np.array(colour.EIGENVECTORS)))
    return [*found, RandomGrayAug(rand_gray)] if rand_gray > 0 else found


def normalisation(mean: Any, std: Any, owner: str, array: Callable[[Any], Any]) -> list[Augmenter]:
    """Return the augmenter that subtracts and divides, if it is needed; `array` makes the arrays of ImageNet."""

    def checked(name: str, value: Any, usual: list[float]) -> Any:
        if value is True:
            return array(usual)
        if value is not None and (not isinstance(value, np.ndarray | nd.NDArray) or value.shape[0] not in (1, 3)):
            raise ValueError(f"[{owner}] {name} must be True, None or an array of 1 or 3 numbers; got {value!r}")
        return value

    mean, std = checked("mean", mean, MEAN), checked("std", std, STD)
    return [] if mean is None and std is None else [ColorNormalizeAug(mean, std)]
