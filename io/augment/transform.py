"""What a transform is, and how several become one pass over the pixels.

A transform does not touch pixels. It changes a `View`: which part of an image is seen, at which size, whether mirrored,
in which colours, and how a pixel value becomes a number. When all transforms have had their say, one native pass goes
from the decoded image straight to its place in the batch.

What cannot be one pass is done before it, in *steps*: sampling along an affine map, padding, resizing by other methods
than bilinear, resizing twice. Changed colours take a second pass, over the bytes of the result.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from paratrain.io import native
from paratrain.io.augment.colour import Colour
from paratrain.io.augment.interpolation import BILINEAR

NO_FACTOR, NO_SHIFT = [1.0] * 4, [0.0] * 4  # pixels as they are


class Place(NamedTuple):
    """Where pixels go, and how they become numbers there."""

    array: np.ndarray
    factor: list[float]
    shift: list[float]


@dataclass(slots=True)
class View:
    """Part of an image, as it shall appear.

    Attributes
    ----------
    height, width : int
        Pixels of the whole image (or of its `part`) after resizing.
    top, left : int
        Place of the window in the resized image.
    rows, columns : int
        Size of the window.
    mirror : bool
        Whether left and right are exchanged.
    factor, shift : list of float
        ``out = pixel * factor + shift`` for each channel.
    mean : float32 array, optional
        Subtracted from the pixels, before they are mirrored; shape (channels, rows, columns).
    part : tuple of int, optional
        (top, left, height, width) of what is resized; default the whole image.
    method : int
        How it is resized, as OpenCV numbers the methods.
    steps : list of callable
        What happens to the image before: each takes and returns an array (height, width, channels).
    colour : Colour, optional
        How the colours change.
    """

    height: int
    width: int
    top: int = 0
    left: int = 0
    rows: int = 0
    columns: int = 0
    mirror: bool = False
    factor: list[float] = field(default_factory=lambda: [1.0] * 4)
    shift: list[float] = field(default_factory=lambda: [0.0] * 4)
    mean: np.ndarray | None = None
    part: tuple[int, int, int, int] | None = None
    method: int = BILINEAR
    steps: list[Callable[[np.ndarray], np.ndarray]] = field(default_factory=list)
    colour: Colour | None = None
    resized: bool = False

    @property
    def window(self) -> tuple[int, int, int, int, bool]:
        """Size, place and mirroring, as native code takes them."""
        return self.height, self.width, self.top, self.left, self.mirror

    @property
    def direct(self) -> bool:
        """Whether one pass goes from the encoded image to the batch, or to the bytes whose colours change."""
        return not self.steps and self.part is None and (not self.resized or self.method == BILINEAR)

    @property
    def windowed(self) -> bool:
        """Whether not all of the image is seen."""
        return self.rows != self.height or self.columns != self.width

    def take(self, top: int, left: int, rows: int, columns: int) -> None:
        """Keep a window of what is seen."""
        if self.mirror:
            self.settle()
        self.top, self.left = self.top + top, self.left + left
        self.rows, self.columns = rows, columns

    def scale_to(self, height: int, width: int, method: int = BILINEAR) -> None:
        """Resize what is seen. A second time it is another step: values are rounded in between, as in MXNet."""
        if (height, width) == (self.rows, self.columns):
            return
        if self.mirror or self.resized:
            self.settle()
        if self.windowed:
            top, left = (self.part or (0, 0, 0, 0))[:2]
            self.part = (top + self.top, left + self.left, self.rows, self.columns)
        self._whole(height, width)
        self.method, self.resized = method, True

    def settle(self) -> None:
        """Make a step of what was asked for so far, so that other steps can follow."""
        if self.resized or self.windowed or self.part or self.mirror:
            window = (self.top, self.left, self.rows, self.columns)
            resized = (self.height, self.width, self.method) if self.resized else None
            self.steps.append(partial(seen, part=self.part, resized=resized, window=window, mirror=self.mirror))
        self.part, self.resized, self.mirror = None, False, False
        self._whole(self.rows, self.columns)

    def step(self, change: Callable[[np.ndarray], np.ndarray], height: int, width: int) -> None:
        """Add a step that makes what is seen (height, width)."""
        self.settle()
        self.steps.append(change)
        self._whole(height, width)

    def place(self, out: np.ndarray) -> Place:
        """Return where the one pass shall write to: `out` itself, or bytes whose colours `finish` changes."""
        if self.colour is not None:
            return Place(scratch("planes", out.shape, np.uint8), NO_FACTOR, NO_SHIFT)
        if self.mean is not None and out.dtype != np.float32:
            return Place(scratch("numbers", out.shape, np.float32), self.factor, self.shift)
        return Place(out, self.factor, self.shift)

    def finish(self, place: Place, out: np.ndarray) -> None:
        """Do what is left after the one pass: change the colours, subtract the mean image."""
        numbers = out
        if self.mean is not None and out.dtype != np.float32:
            numbers = scratch("numbers", out.shape, np.float32)
        if self.colour is not None:
            self.colour.apply(place.array, self.factor, self.shift, numbers)
        if self.mean is None:
            return
        factor = np.array(self.factor[: len(out)], np.float32)[:, None, None]
        numbers -= (self.mean[:, :, ::-1] if self.mirror else self.mean) * factor
        if numbers is not out:
            out[:] = numbers.round().clip(-128, 127) if out.dtype == np.int8 else numbers

    def _whole(self, height: int, width: int) -> None:
        self.height, self.width = self.rows, self.columns = height, width
        self.top = self.left = 0


class Transform:
    """Base of all transforms: a setting, and what it does to a view."""

    def change(self, view: View, chance: native.Chance) -> None:
        """Change `view`; random choices are taken from `chance`."""
        raise NotImplementedError(f"[{type(self).__name__}] change(view, chance) must be defined")

    def __call__(self, image: np.ndarray, chance: native.Chance | None = None, dtype: type = np.uint8) -> np.ndarray:
        """Apply this transform alone.

        Parameters
        ----------
        image : uint8 array, shape (height, width, channels)
        chance : Chance, optional
            Source of random choices; default ``Chance(0)``.
        dtype : type
            ``numpy.uint8`` or ``numpy.float32``, of the result.

        Returns
        -------
        array, shape (height, width, channels)
        """
        return transformed(image, [self], chance, dtype)


def transformed(
    image: np.ndarray, transforms: Sequence[Transform], chance: native.Chance | None = None, dtype: type = np.uint8
) -> np.ndarray:
    """Return an image (height, width, channels) after transforms."""
    view = view_of(image, transforms, chance or native.Chance(0))
    out: np.ndarray = np.empty((image.shape[2], view.rows, view.columns), dtype)
    produce(image, view, out)
    return np.ascontiguousarray(out.transpose(1, 2, 0))


class Augmenter:
    """Several transforms, applied in their order in one pass.

    Parameters
    ----------
    transforms : sequence of Transform
    """

    def __init__(self, transforms: Sequence[Transform]) -> None:
        self.transforms = list(transforms)

    def place(self, image: np.ndarray, out: np.ndarray, chance: native.Chance) -> None:
        """Transform `image` (height, width, channels) into `out` (channels, rows, columns)."""
        produce(image, view_of(image, self.transforms, chance), out)

    def view(self, height: int, width: int, chance: native.Chance) -> View:
        """Return what the transforms make of an image of that size, without its pixels."""
        view = View(height, width, rows=height, columns=width)
        for transform in self.transforms:
            transform.change(view, chance)
        return view


def view_of(image: np.ndarray, transforms: Sequence[Transform], chance: native.Chance) -> View:
    """Return the view that `transforms` make of `image`."""
    height, width = image.shape[:2]
    return Augmenter(transforms).view(height, width, chance)


def produce(image: np.ndarray, view: View, out: np.ndarray) -> None:
    """Write the view of an image to `out`, in native passes without the GIL."""
    if out.shape[1:] != (view.rows, view.columns):
        raise ValueError(f"[produce] the view is {view.rows} x {view.columns} pixels; its place has shape {out.shape}")
    part = view.part
    for step in view.steps:
        image = step(image)
    if view.resized and view.method != BILINEAR:
        image, part = native.resample(image, view.height, view.width, view.method, part), None
    place = view.place(out)
    native.produce(image, view.window, place.factor, place.shift, place.array, part)
    view.finish(place, out)


def seen(
    image: np.ndarray,
    part: tuple[int, int, int, int] | None,
    resized: tuple[int, int, int] | None,
    window: tuple[int, int, int, int],
    mirror: bool,
) -> np.ndarray:
    """Return what a view shows of an image, as an image of its own: a step."""
    if resized is not None:
        image = native.resample(image, *resized, part)
    elif part is not None:
        image = image[part[0] : part[0] + part[2], part[1] : part[1] + part[3]]
    top, left, rows, columns = window
    image = image[top : top + rows, left : left + columns]
    return np.ascontiguousarray(image[:, ::-1] if mirror else image)


def tinted(view: View) -> None:
    """Make the change of colours asked for so far a step, so that what comes later is not coloured."""
    if view.colour is not None:
        program, view.colour = view.colour, None
        view.step(partial(recoloured, program=program), view.rows, view.columns)


def recoloured(image: np.ndarray, program: Colour) -> np.ndarray:
    """Return an image (height, width, channels) with changed colours: a step."""
    planes = np.ascontiguousarray(image.transpose(2, 0, 1))
    program.apply(planes, [1.0] * 4, [0.0] * 4, planes)
    return np.ascontiguousarray(planes.transpose(1, 2, 0))


_memory = threading.local()


def scratch(name: str, shape: tuple[int, ...], dtype: type) -> np.ndarray:
    """Return an array of this thread's own, valid until the thread asks for that name again."""
    needed = math.prod(shape) * np.dtype(dtype).itemsize
    block = getattr(_memory, name, None)
    if block is None or len(block) < needed:
        block = np.empty(needed, np.uint8)
        setattr(_memory, name, block)
    return block[:needed].view(dtype).reshape(shape)
