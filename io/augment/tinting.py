"""Random changes of the colours."""

from __future__ import annotations

from collections.abc import Callable

from paratrain.io import native
from paratrain.io.augment.colour import Tint, add_tint, brightness, colour_of, contrast, lighting, saturation
from paratrain.io.augment.transform import Transform, View


class Jitter(Transform):
    """Random brightness, contrast and saturation, in random order.

    Parameters
    ----------
    brightness, contrast, saturation : float
        Each is multiplied by a number from 1 - value to 1 + value; 0 leaves it as it is.
    """

    def __init__(self, brightness: float = 0.0, contrast: float = 0.0, saturation: float = 0.0) -> None:
        self.ranges = [(make, value) for make, value in zip(MAKERS, (brightness, contrast, saturation), strict=True)]
        if min(value for _, value in self.ranges) < 0:
            raise ValueError("[Jitter] brightness, contrast and saturation must not be negative")

    def change(self, view: View, chance: native.Chance) -> None:
        """Draw the three factors and their order."""
        tints = [make(1 + chance.between(-value, value)) for make, value in self.ranges if value]
        while tints:
            add_tint(view, tints.pop(chance.below(len(tints))))


MAKERS: tuple[Callable[[float], Tint], ...] = (brightness, contrast, saturation)


class ShiftHLS(Transform):
    """Random hue, lightness and saturation.

    Parameters
    ----------
    hue : float
        A number from -hue to hue is added to the hue, which is from 0 to 180 and stays within.
    lightness, saturation : float
        The same for lightness and saturation, which are from 0 to 255.
    probability : tuple of float
        How likely each of the three is changed; default always.
    """

    def __init__(
        self,
        hue: float = 0.0,
        lightness: float = 0.0,
        saturation: float = 0.0,
        probability: tuple[float, float, float] = (1.0, 1.0, 1.0),
    ) -> None:
        self.ranges = list(zip((hue, lightness, saturation), probability, strict=True))

    def change(self, view: View, chance: native.Chance) -> None:
        """Draw what is added; a view is shifted once."""
        drawn = [chance.between(-value, value) if chance.uniform() < p else 0.0 for value, p in self.ranges]
        if any(drawn):
            program = colour_of(view)
            if program.hls is not None:
                raise ValueError("[ShiftHLS] hue, lightness and saturation of a view can be shifted once")
            program.hls = (drawn[0], drawn[1], drawn[2])


class Contrast(Transform):
    """Random factor for all pixels.

    Parameters
    ----------
    value : float
        Pixels are multiplied by a number from 1 - value to 1 + value.
    probability : float
        How likely they are.
    """

    def __init__(self, value: float, probability: float = 1.0) -> None:
        self.value, self.probability = value, probability

    def change(self, view: View, chance: native.Chance) -> None:
        """Draw the factor."""
        drawn = chance.between(-self.value, self.value)
        if chance.uniform() < self.probability:
            add_tint(view, brightness(1 + drawn))


class Lighting(Transform):
    """Random noise along the principal components of colours.

    Parameters
    ----------
    deviation : float
        Standard deviation, in units of the eigenvalues.
    """

    def __init__(self, deviation: float) -> None:
        self.deviation = deviation

    def change(self, view: View, chance: native.Chance) -> None:
        """Draw one number for each component."""
        add_tint(view, lighting([self.deviation * chance.normal() for _ in range(3)]))
