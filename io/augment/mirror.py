"""Exchanging left and right."""

from __future__ import annotations

from paratrain.io import native
from paratrain.io.augment.transform import Transform, View


class Mirror(Transform):
    """Mirror an image left to right.

    Parameters
    ----------
    random : bool
        Mirror every second image on average; default every image.
    """

    def __init__(self, random: bool = False) -> None:
        self.random = random

    def change(self, view: View, chance: native.Chance) -> None:
        """Turn the view round, or not."""
        if not self.random or chance.below(2):
            view.mirror = not view.mirror
