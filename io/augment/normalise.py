"""From pixel values to numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from paratrain.io import native
from paratrain.io.augment.transform import Transform, View


class Normalise(Transform):
    """``((pixel - mean) * contrast + illumination) / std * scale`` for each channel.

    Parameters
    ----------
    mean, std : sequence of float
        One value for each channel, in the order red, green, blue, alpha.
    scale : float
        Factor for all channels.
    contrast, illumination : float
        Greatest deviation of the random contrast from 1, and of the random illumination from 0.
    image : float32 array, optional
        Subtracted as well; shape (channels, height, width).
    """

    def __init__(
        self,
        mean: Sequence[float],
        std: Sequence[float],
        scale: float = 1.0,
        contrast: float = 0.0,
        illumination: float = 0.0,
        image: np.ndarray | None = None,
    ) -> None:
        if not all(std):
            raise ValueError(f"[Normalise] std must not be 0; got {list(std)}")
        self.factor = [scale / s for s in std]
        self.shift = [-m * f for m, f in zip(mean, self.factor, strict=True)]
        self.contrast, self.illumination, self.image = contrast, illumination, image

    def change(self, view: View, chance: native.Chance) -> None:
        """Set factor and shift; a view is normalised once."""
        view.factor, view.shift, view.mean = self.factor, self.shift, self.image
        if self.contrast or self.illumination:
            contrast = 1 + chance.between(-self.contrast, self.contrast)
            light = chance.between(-self.illumination, self.illumination)
            view.shift = [s * contrast + light * f for f, s in zip(self.factor, self.shift, strict=True)]
            view.factor = [contrast * f for f in self.factor]
