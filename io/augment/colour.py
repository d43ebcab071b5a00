"""Colours: brightness, contrast, saturation, hue, noise.

A change of colours is a `Tint` where it is linear, and a shift of hue, lightness and saturation where it is not. The
tints of one image are joined to one matrix, so that they cost one pass together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from paratrain.io import native

if TYPE_CHECKING:
    from paratrain.io.augment.transform import View

Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]

BRIGHTNESS = (0.299, 0.587, 0.114)  # how bright red, green and blue appear (ITU-R BT.601)
# Principal components of the colours of ImageNet's training images (Krizhevsky et al. 2012): red, green, blue in rows
EIGENVALUES = (55.46, 4.794, 1.148)
EIGENVECTORS = ((-0.5675, 0.7192, 0.4009), (-0.5808, -0.0045, -0.8140), (-0.5836, -0.6948, 0.4203))
# from red, green, blue to brightness and two colour axes (YIQ), and back
TO_YIQ = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.321], [0.211, -0.523, 0.311]])
FROM_YIQ = np.array([[1.0, 0.956, 0.621], [1.0, -0.272, -0.647], [1.0, -1.107, 1.705]])


class Tint(NamedTuple):
    """``out = matrix @ (red, green, blue) + offset + grey * (mean brightness of the image)``."""

    matrix: Matrix
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    grey: float = 0.0

    def of(self, image: np.ndarray) -> np.ndarray:
        """Return a float image (height, width, 3) with changed colours, not limited to any range."""
        offset = np.array(self.offset, np.float32)
        if self.grey:
            offset = offset + np.float32(self.grey * float(image.reshape(-1, 3).mean(0, np.float64) @ BRIGHTNESS))
        return image @ np.array(self.matrix, np.float32).T + offset


def brightness(alpha: float) -> Tint:
    """`alpha` times as bright."""
    return Tint(_diagonal(alpha))


def contrast(alpha: float) -> Tint:
    """Differences from the mean brightness times `alpha`."""
    return Tint(_diagonal(alpha), grey=1 - alpha)


def saturation(alpha: float) -> Tint:
    """Differences from grey times `alpha`."""
    rest = [(1 - alpha) * weight for weight in BRIGHTNESS]
    rows = [tuple(part + (alpha if i == j else 0.0) for j, part in enumerate(rest)) for i in range(3)]
    return Tint(tuple(rows))  # type: ignore[arg-type] # three rows of three


def hue(alpha: float) -> Tint:
    """Colours turned by `alpha` half circles, in the plane of equal brightness."""
    u, w = math.cos(alpha * math.pi), math.sin(alpha * math.pi)
    turned = FROM_YIQ @ np.array([[1, 0, 0], [0, u, -w], [0, w, u]]) @ TO_YIQ
    return Tint(tuple(map(tuple, turned.tolist())))  # type: ignore[arg-type]


def lighting(
    alphas: Sequence[float],
    eigenvalues: Sequence[float] = EIGENVALUES,
    eigenvectors: Sequence[Sequence[float]] = EIGENVECTORS,
) -> Tint:
    """Principal components added, each `alphas` times its eigenvalue."""
    offset = (np.asarray(eigenvectors, float) * np.asarray(alphas, float)) @ np.asarray(eigenvalues, float)
    return Tint(_diagonal(1.0), tuple(offset.tolist()))


def grey(weights: Sequence[float] = BRIGHTNESS) -> Tint:
    """All channels the weighted sum of red, green and blue."""
    row = tuple(map(float, weights))
    return Tint((row, row, row))  # type: ignore[arg-type]


def _diagonal(value: float) -> Matrix:
    return ((value, 0.0, 0.0), (0.0, value, 0.0), (0.0, 0.0, value))


@dataclass
class Colour:
    """How the colours of an image change: tints, then a shift, then tints.

    Attributes
    ----------
    before, after : list of Tint
    hls : tuple of float, optional
        Added to hue (0 to 180), lightness and saturation (0 to 255); each is limited to its range.
    """

    before: list[Tint] = field(default_factory=list)
    hls: tuple[float, float, float] | None = None
    after: list[Tint] = field(default_factory=list)

    def apply(self, planes: np.ndarray, factor: Sequence[float], shift: Sequence[float], out: np.ndarray) -> None:
        """Write `planes` (channels, H, W) with changed colours to `out`, of the same shape."""
        native.colour(planes, self.before, self.hls, self.after, factor, shift, out)


def colour_of(view: View) -> Colour:
    """Return the colour program of a view, to be changed."""
    if view.colour is None:
        view.colour = Colour()
    return view.colour


def add_tint(view: View, tint: Tint) -> None:
    """Add a tint to what a view does to the colours."""
    program = colour_of(view)
    (program.before if program.hls is None else program.after).append(tint)
