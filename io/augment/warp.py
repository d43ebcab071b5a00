"""Rotation, shear, scale and proportions: one affine map."""

from __future__ import annotations

import math
from functools import partial

from paratrain.io import native
from paratrain.io.augment.interpolation import BILINEAR, chosen
from paratrain.io.augment.transform import Transform, View

UNLIMITED = 1e10  # MXNet's default of max_img_size


class Warp(Transform):
    """Rotate, shear, scale and stretch an image about its centre.

    Parameters
    ----------
    rotate : tuple of int
        Least and greatest angle in degrees, counter-clockwise.
    shear : float
        Greatest shear in either direction.
    scale : tuple of float
        Least and greatest factor of both edges. The canvas grows with it, but not with the rotation.
    aspect : tuple of float
        Least and greatest factor of the width relative to the height.
    limits : tuple of float
        Least and greatest edge of the canvas in pixels.
    fill : int
        Value of pixels outside of the image, 0 to 255.
    method : int
        How values between pixels are found, as OpenCV numbers the methods.
    """

    def __init__(
        self,
        rotate: tuple[int, int] = (0, 0),
        shear: float = 0.0,
        scale: tuple[float, float] = (1.0, 1.0),
        aspect: tuple[float, float] = (1.0, 1.0),
        limits: tuple[float, float] = (0.0, UNLIMITED),
        fill: int = 255,
        method: int = BILINEAR,
    ) -> None:
        for name, (low, high) in (("scale", scale), ("aspect", aspect)):
            if not 0 < low <= high:
                raise ValueError(f"[Warp] {name} must be (least, greatest), both positive; got {(low, high)}")
        if rotate[0] > rotate[1] or limits[0] > limits[1] or not 0 <= fill <= 255:
            raise ValueError(
                f"[Warp] rotate and limits must be (least, greatest), fill 0 to 255; got {rotate}, {limits}, {fill}"
            )
        self.rotate, self.shear, self.scale, self.aspect = rotate, shear, scale, aspect
        self.limits, self.fill, self.method = limits, fill, method

    def change(self, view: View, chance: native.Chance) -> None:
        """Draw the map and add it as a step."""
        shear = chance.between(-self.shear, self.shear)
        angle = math.radians(self.rotate[0] + chance.below(self.rotate[1] - self.rotate[0] + 1))
        scale = chance.between(*self.scale)
        aspect = chance.between(*self.aspect)
        low, high = self.limits
        width = max(int(max(low, min(high, scale * view.columns))), 1)
        height = max(int(max(low, min(high, scale * view.rows))), 1)
        forward = linear(angle, shear, scale, aspect)
        matrix = about_centres(forward, (view.rows, view.columns), (height, width))
        method = chosen(self.method, (view.rows, view.columns), (height, width), chance)
        change = partial(native.warp, matrix=matrix, height=height, width=width, method=method, fill=self.fill)
        view.step(change, height, width)


def linear(angle: float, shear: float, scale: float, aspect: float) -> tuple[float, float, float, float]:
    """Return the map (xx, xy, yx, yy) from a place in the image to one in the result."""
    tall = 2 * scale / (1 + aspect)
    wide = aspect * tall
    cos, sin = math.cos(angle), math.sin(angle)
    return tall * cos - shear * sin * wide, tall * sin + shear * cos * wide, -sin * wide, cos * wide


def about_centres(
    forward: tuple[float, float, float, float], old: tuple[int, int], new: tuple[int, int]
) -> tuple[float, float, float, float, float, float]:
    """Return the map from the result (height, width) back to the image, so that their centres fall together."""
    xx, xy, yx, yy = forward
    determinant = xx * yy - xy * yx
    back = (yy / determinant, -xy / determinant, -yx / determinant, xx / determinant)
    x, y = new[1] / 2, new[0] / 2
    return (
        back[0], back[1], old[1] / 2 - back[0] * x - back[1] * y,
        back[2], back[3], old[0] / 2 - back[2] * x - back[3] * y,
    )  # fmt: skip
