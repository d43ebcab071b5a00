"""Boxes around objects for detection, as labels of an entry of a list; `voc` and `coco` read them from annotations.

The labels of an image are ``2, 5`` (the lengths of this header and of an object) and for each object its class, left,
top, right and bottom edge, as shares of the image's width and height.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from paratrain.io.errors import RecordError
from paratrain.io.lists import Entry

HEADER = (2.0, 5.0)  # numbers in this header, numbers for each object
SHOWN = 5  # examples that a report names


@dataclass
class Picture:
    """An image with its objects, as an annotation has them.

    Attributes
    ----------
    index : int
    path : str
        Relative to the root folder.
    size : (float, float)
        Width and height in pixels.
    objects : list of (str, tuple of float)
        Name of the class, and left, top, right, bottom edge in pixels.
    source : str
        Where the annotation stands, for messages.
    """

    index: int
    path: str
    size: tuple[float, float]
    objects: list[tuple[str, tuple[float, float, float, float]]]
    source: str


@dataclass
class Report:
    """What was left out or changed, and where; `notes` counts, `places` names a few of each kind."""

    notes: Counter[str] = field(default_factory=Counter)
    places: dict[str, list[str]] = field(default_factory=dict)

    def add(self, what: str, where: str) -> None:
        """Count one more."""
        self.notes[what] += 1
        self.places.setdefault(what, [])
        if len(self.places[what]) < SHOWN:
            self.places[what].append(where)

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind."""
        for what, count in sorted(self.notes.items()):
            more = ", ..." if count > SHOWN else ""
            yield f"{count} {what}: {', '.join(self.places[what])}{more}"


def make_entries(pictures: Sequence[Picture], classes: Sequence[str], report: Report) -> list[Entry]:
    """Make entries of images with boxes.

    Boxes are cut off at the edges of the image. Left out are boxes without area, which no longer have one after cutting
    included, boxes of other classes, and images with no box left; `report` counts them.

    Parameters
    ----------
    pictures : sequence of Picture
    classes : sequence of str
        Names in the order of their numbers.
    report : Report
    """
    number = {name: i for i, name in enumerate(classes)}
    entries = []
    for picture in pictures:
        labels = list(HEADER)
        for name, box in picture.objects:
            if name not in number:
                report.add("boxes of other classes left out", f"{picture.source} ({name})")
                continue
            shares = _shares(box, picture, name, report)
            if shares is not None:
                labels += [float(number[name]), *shares]
        if len(labels) == len(HEADER):
            report.add("images without boxes left out", picture.source)
        else:
            entries.append(Entry(picture.index, tuple(labels), picture.path))
    return entries


def _shares(box: tuple[float, float, float, float], picture: Picture, name: str, report: Report) -> list[float] | None:
    """Edges as shares of the image, or None for a box without area."""
    where = f"{picture.source} ({name} {', '.join(f'{edge:g}' for edge in box)})"
    width, height = picture.size
    inside = [min(max(edge, 0.0), limit) for edge, limit in zip(box, (width, height, width, height), strict=True)]
    if inside[2] <= inside[0] or inside[3] <= inside[1]:
        report.add("boxes without area in the image left out", where)
        return None
    if inside != list(box):
        report.add("boxes cut off at the edge of the image", where)
    return [inside[0] / width, inside[1] / height, inside[2] / width, inside[3] / height]


def classes_of(pictures: Sequence[Picture]) -> list[str]:
    """Return the names of all classes, in the order of names."""
    return sorted({name for picture in pictures for name, _ in picture.objects})


def finite(value: Any, what: str) -> float:
    """Return a number of an annotation; `what` tells in an error which one it is."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise RecordError(f"{what} must be a number; got {value!r:.60}")
    return number
