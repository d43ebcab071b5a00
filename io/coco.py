"""Boxes from the JSON files of COCO."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from paratrain.io.boxes import Picture, finite
from paratrain.io.errors import RecordError, file_error_from


def read_coco(path: str, crowds: bool = False) -> tuple[list[Picture], list[str]]:
    """Read COCO's annotations of instances.

    Parameters
    ----------
    path : str
        JSON with ``images``, ``annotations`` and ``categories``.
    crowds : bool
        Whether to take boxes marked as crowds.

    Returns
    -------
    pictures : list of Picture
        In the order of the images' ids, which are their indices.
    classes : list of str
        In the order of the categories' ids.

    Raises
    ------
    RecordError
        If the file is not as COCO has it; the text names the place.
    RecordFileError
        If it cannot be read.
    """
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except OSError as err:
        raise file_error_from(err, "cannot read the annotations") from err
    except (ValueError, RecursionError) as err:
        raise RecordError(f"[coco] {path} is not JSON: {err}") from err
    content = _mapping(content, f"[coco] {path}")
    categories = _by_id(path, content, "categories")
    names = {i: _string(category, "name", f"[coco] {path}: category {i}") for i, category in sorted(categories.items())}
    if len(set(names.values())) < len(names):
        raise RecordError(f"[coco] {path}: the names of the categories must differ")
    pictures = {i: _coco_picture(path, i, image) for i, image in sorted(_by_id(path, content, "images").items())}
    for number, found in enumerate(_sequence(content, "annotations", f"[coco] {path}")):
        where = f"[coco] {path}: annotations[{number}]"
        found = _mapping(found, where)
        if crowds or not found.get("iscrowd"):
            picture, name = (_known(found, key, known, where) for key, known in (
                ("image_id", pictures), ("category_id", names),
            ))  # fmt: skip
            picture.objects.append((name, _coco_box(found, where)))
    return list(pictures.values()), list(names.values())


def _coco_picture(path: str, number: int, image: Mapping[str, Any]) -> Picture:
    where = f"[coco] {path}: image {number}"
    name = _string(image, "file_name", where)
    if os.path.isabs(name) or ".." in name.replace("\\", "/").split("/"):
        raise RecordError(f"{where}: file_name must be a path below the root folder; got {name!r}")
    size = (finite(image.get("width"), f"{where}: width"), finite(image.get("height"), f"{where}: height"))
    if min(size) < 1:
        raise RecordError(f"{where}: it must have a width and a height; got {size[0]:g} x {size[1]:g}")
    return Picture(number, name, size, [], name)


def _coco_box(found: Mapping[str, Any], where: str) -> tuple[float, float, float, float]:
    box = _sequence(found, "bbox", where)
    if len(box) != 4:
        raise RecordError(f"{where}: bbox must be [left, top, width, height]; got {box!r:.60}")
    left, top, width, height = (finite(value, f"{where}: bbox") for value in box)
    return left, top, left + width, top + height


def _by_id(path: str, content: Mapping[str, Any], name: str) -> dict[int, Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    for number, item in enumerate(_sequence(content, name, f"[coco] {path}")):
        where = f"[coco] {path}: {name}[{number}]"
        item = _mapping(item, where)
        key = item.get("id")
        if not isinstance(key, int) or isinstance(key, bool) or not 0 <= key < 2**64 or key in found:
            raise RecordError(f"{where}: id must be a whole number that no other has; got {key!r:.60}")
        found[key] = item
    return found


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RecordError(f"{where} must be an object {{...}}; got {value!r:.60}")
    return value


def _sequence(content: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = content.get(name)
    if not isinstance(value, list):
        raise RecordError(f"{where}: {name} must be a list; got {value!r:.60}")
    return value


def _string(content: Mapping[str, Any], name: str, where: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value:
        raise RecordError(f"{where}: {name} must be a text; got {value!r:.60}")
    return value


def _known(found: Mapping[str, Any], key: str, known: Mapping[int, Any], where: str) -> Any:
    value = found.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value not in known:
        raise RecordError(f"{where}: {key} must be the id of one; there is no {value!r:.60}")
    return known[value]
