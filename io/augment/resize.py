"""Resizing."""

from __future__ import annotations

from paratrain.io import native
from paratrain.io.augment.interpolation import BILINEAR, chosen
from paratrain.io.augment.transform import Transform, View


class Resize(Transform):
    """Resize so that the shorter edge has `size` pixels; the longer follows, rounded down.

    Parameters
    ----------
    size : int
        Pixels.
    method : int
        How, as OpenCV numbers the methods; default bilinear.
    """

    def __init__(self, size: int, method: int = BILINEAR) -> None:
        if size < 1:
            raise ValueError(f"[Resize] size must be at least 1 pixel; got {size}")
        self.size, self.method = size, method

    def change(self, view: View, chance: native.Chance) -> None:
        """Set the size of the image."""
        if view.rows < view.columns:
            size = (self.size, view.columns * self.size // view.rows)
        else:
            size = (view.rows * self.size // view.columns, self.size)
        view.scale_to(*size, chosen(self.method, (view.rows, view.columns), size, chance))


class Fit(Transform):
    """Resize to a given size.

    Parameters
    ----------
    height, width : int
        Pixels.
    mode : {'force', 'shrink', 'fit'}
        ``force``: both edges, whatever the proportions become. Otherwise the proportions stay and the image is as large
        as fits, with ``shrink`` only if it is larger.
    method : int
        How, as OpenCV numbers the methods; default bilinear.
    """

    def __init__(self, height: int, width: int, mode: str = "force", method: int = BILINEAR) -> None:
        if height < 1 or width < 1:
            raise ValueError(f"[Fit] height and width must be at least 1 pixel; got {height} and {width}")
        self.height, self.width, self.mode, self.method = height, width, mode, method

    def change(self, view: View, chance: native.Chance) -> None:
        """Set the size of the image."""
        old = (view.rows, view.columns)
        size = (self.height, self.width)
        if self.mode != "force":
            ratio = min(self.height / old[0], self.width / old[1])
            if self.mode == "shrink":
                ratio = min(ratio, 1.0)
            size = (max(int(old[0] * ratio + 1e-9), 1), max(int(old[1] * ratio + 1e-9), 1))
        view.scale_to(*size, chosen(self.method, old, size, chance))
