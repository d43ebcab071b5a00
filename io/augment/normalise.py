"""From pixel values to numbers."""

from __future__ import annotations

from collections.abc import Sequence

from paratrain.io import native
from paratrain.io.augment.transform import Transform, View


class Normalise(Transform):
    """``(pixel - mean) / std * scale`` for each channel.

    Parameters
    ----------
    mean, std : sequence of float
        One value for each channel, in the order red, green, blue, alpha.
    scale : float
        Factor for all channels.
    """

    def __init__(self, mean: Sequence[float], std: Sequence[float], scale: float = 1.0) -> None:
        if not all(std):
            raise ValueError(f"[Normalise] std must not be 0; got {list(std)}")
        self.factor = [scale / s for s in std]
        self.shift = [-m * f for m, f in zip(mean, self.factor, strict=True)]

    def change(self, view: View, chance: native.Chance) -> None:
        """Set factor and shift; a view is normalised once."""
        view.factor, view.shift = self.factor, self.shift
