"""Cutting a window of a given size."""

from __future__ import annotations

from paratrain.io import native
from paratrain.io.augment.transform import Transform, View


class Crop(Transform):
    """Keep a window, from the centre or from a random place.

    An image smaller than the window is enlarged first, by as much as needed and with its proportions kept.

    Parameters
    ----------
    height, width : int
        Pixels of the window.
    random : bool
        A random place, equally likely everywhere; default the centre.
    """

    def __init__(self, height: int, width: int, random: bool = False) -> None:
        if height < 1 or width < 1:
            raise ValueError(f"[Crop] height and width must be at least 1 pixel; got {height} and {width}")
        self.height, self.width, self.random = height, width, random

    def change(self, view: View, chance: native.Chance) -> None:
        """Set the window."""
        if view.height < self.height or view.width < self.width:
            self._enlarge(view)
        room_y, room_x = view.height - self.height, view.width - self.width
        if self.random:
            view.top, view.left = chance.below(room_y + 1), chance.below(room_x + 1)
        else:
            view.top, view.left = room_y // 2, room_x // 2
        view.rows, view.columns = self.height, self.width

    def _enlarge(self, view: View) -> None:
        if self.height * view.width > self.width * view.height:
            view.scale_to(self.height, view.width * self.height // view.height)
        else:
            view.scale_to(view.height * self.width // view.width, self.width)
