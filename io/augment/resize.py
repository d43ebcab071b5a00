"""Resizing to a given shorter edge."""

from __future__ import annotations

from paratrain.io import native
from paratrain.io.augment.transform import Transform, View


class Resize(Transform):
    """Resize so that the shorter edge has `size` pixels; the longer follows, rounded down.

    Parameters
    ----------
    size : int
        Pixels.
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"[Resize] size must be at least 1 pixel; got {size}")
        self.size = size

    def change(self, view: View, chance: native.Chance) -> None:
        """Set the size of the image."""
        if view.height < view.width:
            view.scale_to(self.size, view.width * self.size // view.height)
        else:
            view.scale_to(view.height * self.size // view.width, self.size)
