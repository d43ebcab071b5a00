"""What a transform is, and how several become one pass over the pixels.

A transform does not touch pixels. It changes a `View`: the size to which an image is resized, the window of it that is
kept, whether that is mirrored, and how a pixel value becomes a number. When all transforms have had their say, one
native pass goes from the decoded image straight to its place in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from paratrain.io import native


@dataclass(slots=True)
class View:
    """Part of an image, as it shall appear.

    Attributes
    ----------
    height, width : int
        Pixels of the whole image after resizing.
    top, left : int
        Place of the window in the resized image.
    rows, columns : int
        Size of the window.
    mirror : bool
        Whether left and right are exchanged.
    factor, shift : list of float
        ``out = pixel * factor + shift`` for each channel.
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

    @property
    def window(self) -> tuple[int, int, int, int, bool]:
        """Size, place and mirroring, as native code takes them."""
        return self.height, self.width, self.top, self.left, self.mirror

    def scale_to(self, height: int, width: int) -> None:
        """Resize the whole image and keep all of it."""
        self.height, self.width = height, width
        self.top = self.left = 0
        self.rows, self.columns = height, width


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
        view = view_of(image, [self], chance or native.Chance(0))
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
    """Write the view of an image to `out`, in one native pass without the GIL."""
    if out.shape[1:] != (view.rows, view.columns):
        raise ValueError(f"[produce] the view is {view.rows} x {view.columns} pixels; its place has shape {out.shape}")
    native.produce(image, view.window, view.factor, view.shift, out)
