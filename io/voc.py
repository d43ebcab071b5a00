"""Boxes from the XML files of Pascal VOC."""

from __future__ import annotations

import os
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from paratrain.io.boxes import Picture, finite
from paratrain.io.errors import RecordError, file_error_from

ENDINGS = (".jpg", ".jpeg", ".png")


def read_voc(root: str, image_set: str | None = None, difficult: bool = True) -> list[Picture]:
    """Read a folder of Pascal VOC: ``Annotations/*.xml``, ``JPEGImages/``, ``ImageSets/Main/*.txt``.

    Parameters
    ----------
    root : str
    image_set : str, optional
        Name of a set such as ``train``; default all annotations.
    difficult : bool
        Whether to take objects marked as difficult.

    Raises
    ------
    RecordError
        If a file is not as VOC has them; the text names it.
    RecordFileError
        If one cannot be read.
    """
    folder = os.path.join(root, "Annotations")
    try:
        if image_set is None:
            stems = sorted(name[:-4] for name in os.listdir(folder) if name.endswith(".xml"))
        else:
            with open(os.path.join(root, "ImageSets", "Main", image_set + ".txt"), encoding="utf-8") as lines:
                stems = [line.split()[0] for line in lines if line.strip()]
    except OSError as err:
        raise file_error_from(err, "cannot read the annotations") from err
    for stem in stems:
        if os.path.basename(stem) != stem:
            raise RecordError(f"[voc] a set must hold names without folders; got {stem!r} in {image_set}.txt")
    return [_voc_picture(root, stem, number, difficult) for number, stem in enumerate(stems)]


def _voc_picture(root: str, stem: str, number: int, difficult: bool) -> Picture:
    path = os.path.join(root, "Annotations", stem + ".xml")
    top = parse_xml(path)
    size = (_number(top, "size/width", path), _number(top, "size/height", path))
    if min(size) < 1:
        raise RecordError(f"[voc] {path}: the image must have a width and a height; got {size[0]:g} x {size[1]:g}")
    objects = []
    for found in top.iter("object"):
        if difficult or _text(found, "difficult", path, "0") != "1":
            xmin, ymin, xmax, ymax = (_number(found, f"bndbox/{e}", path) for e in ("xmin", "ymin", "xmax", "ymax"))
            objects.append((_text(found, "name", path), (xmin, ymin, xmax, ymax)))
    return Picture(number, _voc_image(root, stem, _text(top, "filename", path, "")), size, objects, f"{stem}.xml")


def _voc_image(root: str, stem: str, name: str) -> str:
    """Path of the image below `root`: of the annotation's own name, else of what its file name says."""
    names = [stem + ending for ending in ENDINGS]
    if name and os.path.basename(name) == name:
        names.append(name)
    for candidate in names:
        if os.path.isfile(os.path.join(root, "JPEGImages", candidate)):
            return os.path.join("JPEGImages", candidate)
    return os.path.join("JPEGImages", names[0])  # packing names the file that is missing


def parse_xml(path: str) -> Element:
    """Parse an XML file that declares no document type, and so no entities that could grow or name other files.

    Raises
    ------
    RecordError
        If it is no such XML.
    RecordFileError
        If it cannot be read.
    """

    def refuse(*_: object) -> None:
        raise RecordError(f"[voc] {path}: an annotation must not declare a document type (<!DOCTYPE ...>)")

    tree = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: tree.start(name, attributes)
    parser.EndElementHandler = lambda name: tree.end(name)
    parser.CharacterDataHandler = lambda text: tree.data(text)
    try:
        with open(path, "rb") as file:
            parser.Parse(file.read(), True)
    except OSError as err:
        raise file_error_from(err, "cannot read the annotation") from err
    except (expat.ExpatError, ValueError, LookupError) as err:
        if isinstance(err, RecordError):
            raise
        raise RecordError(f"[voc] {path} is not XML: {err}") from err
    return tree.close()


def _text(top: Element, place: str, path: str, default: str | None = None) -> str:
    text = (top.findtext(place) or "").strip()
    if text:
        return text
    if default is None:
        raise RecordError(f"[voc] {path}: <{top.tag}> must have <{place.replace('/', '><')}>")
    return default


def _number(top: Element, place: str, path: str) -> float:
    return finite(_text(top, place, path), f"[voc] {path}: <{place.replace('/', '><')}>")
