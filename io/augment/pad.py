"""Pixels around an image."""

from __future__ import annotations

from functools import partial

import numpy as np

from paratrain.io import native
from paratrain.io.augment.transform import Transform, View


class Pad(Transform):
    """Put pixels of one value around an image.

    Parameters
    ----------
    size : int
        Pixels on each side.
    fill : int
        Their value, 0 to 255.
    """

    def __init__(self, size: int, fill: int = 255) -> None:
        if size < 0 or not 0 <= fill <= 255:
            raise ValueError(f"[Pad] size must not be negative and fill from 0 to 255; got {size} and {fill}")
        self.size, self.fill = size, fill

    def change(self, view: View, chance: native.Chance) -> None:
        """Enlarge the view."""
        pad(view, self.size, self.size, view.rows + 2 * self.size, view.columns + 2 * self.size, self.fill)


def pad(view: View, top: int, left: int, height: int, width: int, fill: int) -> None:
    """Make what is seen a part, at (top, left), of an image (height, width) of one value."""
    view.step(partial(padded, top=top, left=left, height=height, width=width, fill=fill), height, width)


def padded(image: np.ndarray, top: int, left: int, height: int, width: int, fill: int) -> np.ndarray:
    """Return an image of the value `fill` with `image` at (top, left)."""
    out: np.ndarray = np.full((height, width, image.shape[2]), fill, np.uint8)
    out[top : top + image.shape[0], left : left + image.shape[1]] = image
    return out
