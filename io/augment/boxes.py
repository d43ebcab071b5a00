"""Labels of objects in an image, and transforms that move them with the image.

A label is a row of numbers: the width of its header, the width of an object, perhaps more header, then the objects:
class, left, top, right, bottom, perhaps more. Places are shares of the image's width and height, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from paratrain.io import native
from paratrain.io.augment.pad import pad
from paratrain.io.augment.transform import Transform, View, tinted
from paratrain.io.errors import RecordError

LEAST = 5  # numbers of an object
SLACK = 1e-4  # by which a box may lie outside of the image, from rounding
LEFT, TOP, RIGHT, BOTTOM = 1, 2, 3, 4
MARGINAL = 1.05  # padding by less than this factor is left out, as in MXNet


def parse(label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split a label into its header and its objects; objects without area are left out, as in MXNet.

    Returns
    -------
    header : float32 array, shape (header width,)
    objects : float32 array, shape (objects, object width)

    Raises
    ------
    RecordError
        If the numbers do not make a label, or a box lies outside of the image.
    """
    if label.ndim != 1 or len(label) < 2 + LEAST:
        raise RecordError(
            f"its label must hold a header of 2 numbers or more and an object of {LEAST} or more; "
            f"got {label.size} numbers"
        )
    header, width = (int(value) if np.isfinite(value) else -1 for value in label[:2])
    if header < 2 or width < LEAST or (len(label) - header) % width or header > len(label):
        raise RecordError(
            f"its label says that its header has {label[0]:g} numbers and an object {label[1]:g}, at least 2 and "
            f"{LEAST}; that does not fit its {len(label)} numbers"
        )
    objects = label[header:].reshape(-1, width)
    places = objects[:, LEFT : BOTTOM + 1]
    outside = ~((places >= -SLACK) & (places <= 1 + SLACK)).all(1)  # not a number counts as outside
    if outside.any():
        which = int(np.flatnonzero(outside)[0])
        raise RecordError(
            f"the box of object {which} of its label must lie between 0 and 1; got {places[which].tolist()}"
        )
    real = (objects[:, RIGHT] > objects[:, LEFT]) & (objects[:, BOTTOM] > objects[:, TOP])
    return label[:header], objects[real]


class BoxTransform(Transform):
    """Base of transforms that move the boxes of objects together with the image."""

    def change(self, view: View, chance: native.Chance) -> None:
        """Change a view in which there are no objects."""
        self.change_both(view, np.empty((0, LEAST), np.float32), chance)

    def change_both(self, view: View, objects: np.ndarray, chance: native.Chance) -> np.ndarray:
        """Change `view`, and return the objects that are seen then; `objects` itself stays as it is."""
        raise NotImplementedError(f"[{type(self).__name__}] change_both(view, objects, chance) must be defined")


def view_with_boxes(
    size: tuple[int, int], objects: np.ndarray, transforms: Sequence[Transform], chance: native.Chance
) -> tuple[View, np.ndarray]:
    """Return the view that `transforms` make of an image of that size (height, width), and the objects in it."""
    height, width = size
    view = View(height, width, rows=height, columns=width)
    for transform in transforms:
        if isinstance(transform, BoxTransform):
            objects = transform.change_both(view, objects, chance)
        else:
            transform.change(view, chance)
    return view, objects


def mirrored(objects: np.ndarray) -> np.ndarray:
    """Return objects of a mirrored image."""
    out = objects.copy()
    out[:, LEFT], out[:, RIGHT] = 1 - objects[:, RIGHT], 1 - objects[:, LEFT]
    return out


class MirrorBoxes(BoxTransform):
    """Mirror an image and its objects left to right.

    Parameters
    ----------
    probability : float
        How likely.
    """

    def __init__(self, probability: float) -> None:
        self.probability = probability

    def change_both(self, view: View, objects: np.ndarray, chance: native.Chance) -> np.ndarray:
        """Turn both round, or not."""
        if chance.uniform() >= self.probability:
            return objects
        view.mirror = not view.mirror
        return mirrored(objects)


class PadBoxes(BoxTransform):
    """Put an image at a random place on a larger canvas of the same proportions.

    Parameters
    ----------
    probability : float
        How likely.
    scale : float
        Greatest factor of the edges.
    fill : int
        Value of the canvas, 0 to 255.
    """

    def __init__(self, probability: float, scale: float, fill: int = 127) -> None:
        self.probability, self.scale, self.fill = probability, scale, fill

    def change_both(self, view: View, objects: np.ndarray, chance: native.Chance) -> np.ndarray:
        """Draw size and place of the canvas. Colours change before, so that those of the canvas do not."""
        if chance.uniform() >= self.probability:
            return objects
        scale = chance.between(1, self.scale)
        if scale < MARGINAL:
            return objects
        x, y = chance.uniform() * (scale - 1), chance.uniform() * (scale - 1)
        rows, columns = view.rows, view.columns
        top, left = int(y * rows), int(x * columns)
        height, width = top + rows + int((scale - 1 - y) * rows), left + columns + int((scale - 1 - x) * columns)
        tinted(view)
        pad(view, top, left, height, width, self.fill)
        return moved(objects, (-left / columns, -top / rows, width / columns, height / rows))


@dataclass(frozen=True)
class Sampler:
    """What a random window must be like; pairs are (least, greatest).

    Attributes
    ----------
    scale : tuple of float
        Of the window, relative to the image: the square root of its share of the area.
    aspect : tuple of float
        Its width relative to its height, in pixels.
    overlap : tuple of float
        Common area of the window and an object, relative to the area that either of them covers.
    sample : tuple of float
        Common area relative to the window.
    object : tuple of float
        Common area relative to the object.
    trials : int
        How many windows are tried.
    """

    scale: tuple[float, float] = (0.0, 1.0)
    aspect: tuple[float, float] = (1.0, 1.0)
    overlap: tuple[float, float] = (0.0, 1.0)
    sample: tuple[float, float] = (0.0, 1.0)
    object: tuple[float, float] = (0.0, 1.0)
    trials: int = 25

    def windows(self, proportion: float, chance: native.Chance) -> np.ndarray:
        """Return random windows (x, y, width, height) of an image with that width relative to its height."""
        drawn = chance.uniforms(self.trials, 4)
        scale = self.scale[0] + (self.scale[1] - self.scale[0]) * drawn[:, 0]
        least = np.maximum(self.aspect[0] / proportion, scale**2)
        greatest = np.minimum(self.aspect[1] / proportion, 1 / np.maximum(scale**2, 1e-12))
        possible = (least <= greatest) & (scale > 0)
        ratio = np.sqrt(least + (greatest - least) * drawn[:, 1])[possible]
        scale, drawn = scale[possible], drawn[possible]
        size = np.minimum(np.stack([scale * ratio, scale / ratio], -1), 1.0)
        return np.concatenate([drawn[:, 2:] * (1 - size), size], 1)

    def satisfied(self, shared: np.ndarray, areas: np.ndarray, windows: np.ndarray) -> np.ndarray:
        """Return for each window whether one of the objects meets all conditions.

        Parameters
        ----------
        shared : array, shape (windows, objects)
            Common areas.
        areas : array, shape (objects,)
        windows : array, shape (windows, 4)
        """
        whole = (0.0, 1.0)
        if self.overlap == self.sample == self.object == whole:
            return np.ones(len(windows), bool)
        window = (windows[:, 2] * windows[:, 3])[:, None]
        met = shared > 0
        for (low, high), of in (
            (self.overlap, window + areas - shared),
            (self.sample, window),
            (self.object, np.broadcast_to(areas, shared.shape)),
        ):
            share = shared / of
            met &= (share >= low) & (share <= high)
        return np.asarray(met.any(1))


class CropBoxes(BoxTransform):
    """Keep a random window that contains objects.

    The samplers are tried in random order; the first window that meets its conditions and keeps an object is taken.
    If there is none the image stays as it is.

    Parameters
    ----------
    probability : float
        How likely a window is looked for.
    samplers : sequence of Sampler
    least : float, optional
        Objects of which a smaller share is left are dropped; default: those whose centre is not inside.
    """

    def __init__(self, probability: float, samplers: Sequence[Sampler], least: float | None = None) -> None:
        self.probability, self.samplers, self.least = probability, list(samplers), least

    def change_both(self, view: View, objects: np.ndarray, chance: native.Chance) -> np.ndarray:
        """Look for a window."""
        if chance.uniform() >= self.probability:
            return objects
        untried = list(self.samplers)
        while untried:
            found = self._found(untried.pop(chance.below(len(untried))), view, objects, chance)
            if found is not None:
                (x, y, width, height), kept = found
                whole = (view.columns, view.rows)
                left, top = int(x * whole[0]), int(y * whole[1])
                columns, rows = max(int(width * whole[0]), 1), max(int(height * whole[1]), 1)
                view.take(top, left, rows, columns)
                # the boxes follow the whole pixels that were taken
                return moved(kept, (left / whole[0], top / whole[1], columns / whole[0], rows / whole[1]))
        return objects

    def _found(
        self, sampler: Sampler, view: View, objects: np.ndarray, chance: native.Chance
    ) -> tuple[tuple[float, float, float, float], np.ndarray] | None:
        """Return a window and the objects that are kept in it."""
        windows = sampler.windows(view.columns / view.rows, chance)
        if not len(windows):
            return None
        if not len(objects):
            return tuple(windows[0].tolist()), objects
        boxes = objects[:, LEFT : BOTTOM + 1].astype(float)
        begin, end = windows[:, None, :2], windows[:, None, :2] + windows[:, None, 2:]
        sides = np.minimum(boxes[:, 2:], end) - np.maximum(boxes[:, :2], begin)
        shared = sides.clip(0).prod(2)
        areas = (boxes[:, 2:] - boxes[:, :2]).prod(1)
        if self.least is None:
            centres = (boxes[:, :2] + boxes[:, 2:]) / 2
            kept = ((centres > begin) & (centres < end)).all(2)
        else:
            kept = (shared > 0) & (shared / areas >= self.least)
        good = np.flatnonzero(sampler.satisfied(shared, areas, windows) & kept.any(1))
        if not len(good):
            return None
        return tuple(windows[good[0]].tolist()), objects[kept[good[0]]]


def moved(objects: np.ndarray, window: tuple[float, float, float, float]) -> np.ndarray:
    """Return objects as seen through a window (x, y, width, height), limited to it."""
    x, y, width, height = window
    out = objects.copy()
    for first, size, edges in ((x, width, [LEFT, RIGHT]), (y, height, [TOP, BOTTOM])):
        out[:, edges] = ((objects[:, edges] - first) / size).clip(0, 1)
    return out
