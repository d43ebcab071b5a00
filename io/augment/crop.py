"""Cutting out a window."""

from __future__ import annotations

import math

from paratrain.io import native
from paratrain.io.augment.interpolation import BILINEAR, chosen
from paratrain.io.augment.transform import Transform, View
from paratrain.io.decode import ImageError


class Crop(Transform):
    """Keep a window, from the centre or from a random place.

    An image smaller than the window is enlarged first, by as much as needed and with its proportions kept.

    Parameters
    ----------
    height, width : int
        Pixels of the window.
    random : bool
        A random place, equally likely everywhere; default the centre.
    method : int
        How a small image is enlarged; default bilinear.
    """

    def __init__(self, height: int, width: int, random: bool = False, method: int = BILINEAR) -> None:
        if height < 1 or width < 1:
            raise ValueError(f"[Crop] height and width must be at least 1 pixel; got {height} and {width}")
        self.height, self.width, self.random, self.method = height, width, random, method

    def change(self, view: View, chance: native.Chance) -> None:
        """Set the window."""
        if view.rows < self.height:
            self._enlarge(view, self.height, view.columns * self.height // view.rows, chance)
        if view.columns < self.width:
            self._enlarge(view, view.rows * self.width // view.columns, self.width, chance)
        take(view, self.height, self.width, chance if self.random else None)

    def _enlarge(self, view: View, height: int, width: int, chance: native.Chance) -> None:
        view.scale_to(height, width, chosen(self.method, (view.rows, view.columns), (height, width), chance))


class SquareCrop(Transform):
    """Keep a square window whose edge is random, and resize it.

    Parameters
    ----------
    edges : tuple of int
        Least and greatest edge in pixels. The image must not be smaller than the greatest.
    height, width : int
        Pixels of the result.
    random : bool
        A random place; default the centre.
    method : int
        How it is resized.
    """

    def __init__(
        self, edges: tuple[int, int], height: int, width: int, random: bool = False, method: int = BILINEAR
    ) -> None:
        if not 1 <= edges[0] <= edges[1]:
            raise ValueError(f"[SquareCrop] the edges must be positive, the greatest behind the least; got {edges}")
        self.edges, self.height, self.width, self.random, self.method = edges, height, width, random, method

    def change(self, view: View, chance: native.Chance) -> None:
        """Set the window and the size."""
        low, high = self.edges
        if min(view.rows, view.columns) < high:
            raise ImageError(f"max_crop_size={high} is more than its {view.rows} x {view.columns} pixels")
        edge = low + chance.below(high - low + 1)
        take(view, edge, edge, chance if self.random else None)
        size = (self.height, self.width)
        view.scale_to(*size, chosen(self.method, (edge, edge), size, chance))


class AreaCrop(Transform):
    """Keep a window of random area, proportions and place, and resize it.

    Parameters
    ----------
    height, width : int
        Pixels of the result.
    area : tuple of float
        Least and greatest share of the image.
    aspect : tuple of float
        Least and greatest proportion of the edges. Which edge is the longer is random.
    method : int
        How it is resized.
    attempts : int
        Windows that are tried; if none lies within the image, the centre is cropped instead. Default 10.
    """

    def __init__(
        self,
        height: int,
        width: int,
        area: tuple[float, float],
        aspect: tuple[float, float] = (1.0, 1.0),
        method: int = BILINEAR,
        attempts: int = 10,
    ) -> None:
        if not 0 < area[0] <= area[1] or not 0 < aspect[0] <= aspect[1]:
            raise ValueError(
                f"[AreaCrop] area and aspect must be (least, greatest), both positive; got {area} and {aspect}"
            )
        self.height, self.width, self.area, self.aspect = height, width, area, aspect
        self.method, self.attempts = method, attempts

    def change(self, view: View, chance: native.Chance) -> None:
        """Set the window and the size."""
        for _ in range(self.attempts):
            area = chance.between(*self.area) * view.rows * view.columns
            ratio = chance.between(*self.aspect)
            rows, columns = round(math.sqrt(area / ratio)), round(math.sqrt(area * ratio))
            if chance.below(2):
                rows, columns = columns, rows
            if 1 <= rows <= view.rows and 1 <= columns <= view.columns:
                take(view, rows, columns, chance)
                size = (self.height, self.width)
                view.scale_to(*size, chosen(self.method, (rows, columns), size, chance))
                return
        Crop(self.height, self.width, method=self.method).change(view, chance)


def take(view: View, rows: int, columns: int, chance: native.Chance | None) -> None:
    """Keep a window of what is seen: at a random place, or with `chance` None in the centre."""
    room_y, room_x = view.rows - rows, view.columns - columns
    if chance is None:
        view.take(room_y // 2, room_x // 2, rows, columns)
    else:
        view.take(chance.below(room_y + 1), chance.below(room_x + 1), rows, columns)
