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

import numpy as np

from paratrain.io import native
from paratrain.io.augment.colour import Colour
from paratrain.io.augment.interpolation import BILINEAR


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


def view_of(image: np.ndarray, transforms: Sequence[Transform], chance: native.Chance) -> View:
    """Return the view that `transforms` make of `image`."""
    height, width = image.shape[:2]
    view = View(height, width, rows=height, columns=width)
    for transform in transforms:
        transform.change(view, chance)
    return view


def produce(image: np.ndarray, view: View, out: np.ndarray) -> None:
    """Write the view of an image to `out`, in native passes without the GIL."""
    if out.shape[1:] != (view.rows, view.columns):
        raise ValueError(f"[produce] the view is {view.rows} x {view.columns} pixels; its place has shape {out.shape}")
    if out.dtype == np.float16:
        wide = scratch("wide", out.shape, np.float32)
        produce(image, view, wide)
        out[:] = wide
        return
    part = view.part
    for step in view.steps:
        image = step(image)
    if view.resized and view.method != BILINEAR:
        image, part = native.resample(image, view.height, view.width, view.method, part), None
    window = (view.height, view.width, view.top, view.left, view.mirror)
    if view.colour is None:
        native.produce(image, window, view.factor, view.shift, out, part)
    else:
        planes = scratch("planes", out.shape, np.uint8)
        native.produce(image, window, view.factor, view.shift, planes, part)
        view.colour.apply(planes, view.factor, view.shift, out)
    if view.mean is not None:
        factor = np.array(view.factor[: len(out)], np.float32)[:, None, None]
        out -= (view.mean[:, :, ::-1] if view.mirror else view.mean) * factor


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
