"""How values between pixels are found, by OpenCV's numbers."""

from __future__ import annotations

from paratrain.io import native

NEAREST, BILINEAR, CUBIC, AREA, LANCZOS = range(5)
AUTO, RANDOM = 9, 10
METHODS = (NEAREST, BILINEAR, CUBIC, AREA, LANCZOS, AUTO, RANDOM)


def chosen(method: int, old: tuple[int, int], new: tuple[int, int], chance: native.Chance | None = None) -> int:
    """Return one of the five methods for resizing from `old` to `new`, both (height, width).

    Parameters
    ----------
    method : int
        0 to 4; 9: cubic to enlarge, area to shrink, bilinear where one edge grows and the other does not; 10: any of
        the five, at random.
    chance : Chance
        Needed for 10.
    """
    if method == AUTO:
        if new[0] > old[0] and new[1] > old[1]:
            return CUBIC
        return AREA if new[0] < old[0] and new[1] < old[1] else BILINEAR
    if method == RANDOM:
        assert chance is not None
        return chance.below(5)
    return method
