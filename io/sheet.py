"""A contact sheet of a record file: some of its images, with labels and boxes."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from paratrain.io.decode import ImageError, open_image, to_channels
from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.header import unpack
from paratrain.io.records import RecordSet
from paratrain.io.survey import detection_objects

COLUMNS, MOST = 8, 48
EDGE, CAPTION, GAP = 160, 14, 4  # pixels
COLOURS = ("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#42d4f4", "#f032e6", "#bfef45")


def draw(rec: str, out: str, most: int = MOST) -> int:
    """Draw up to `most` images, taken evenly from the whole file; returns how many.

    Under each stand its number in the file and its label. Boxes of detection labels are drawn, in a colour for each
    class. An image that cannot be decoded is a crossed field.

    Raises
    ------
    RecordError
        If the structure of the file is damaged.
    RecordFileError
        If a file cannot be read or written.
    """
    records = RecordSet(rec)
    count = min(most, len(records))
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    sheet = Image.new("RGB", (columns * (EDGE + GAP) + GAP, rows * (EDGE + CAPTION + GAP) + GAP), "white")
    for place, number in enumerate(np.linspace(0, len(records) - 1, count).astype(int).tolist()):
        left, top = GAP + place % columns * (EDGE + GAP), GAP + place // columns * (EDGE + CAPTION + GAP)
        try:
            header, body = unpack(records.read(number))
        except RecordError as err:
            raise RecordError(f"[inspect] {records.where(number)}: {err}") from err
        sheet.paste(thumbnail(body, header.label), (left, top))
        ImageDraw.Draw(sheet).text((left, top + EDGE), f"{number}: {caption(header.label)}", "black")
    try:
        sheet.save(out, "PNG")
    except OSError as err:
        raise file_error_from(err, "cannot write the sheet", out) from err
    return count


def caption(label: float | np.ndarray) -> str:
    """Text for a label."""
    if isinstance(label, float):
        return f"{label:g}"
    objects = detection_objects(label)
    return f"{len(label)} numbers" if objects is None else f"{len(objects)} boxes"


def thumbnail(body: bytes, label: float | np.ndarray) -> Image.Image:
    """Return a small square picture of an image, with its boxes."""
    picture = Image.new("RGB", (EDGE, EDGE), "#dddddd")
    pen = ImageDraw.Draw(picture)
    try:
        image = to_channels(open_image(body), 3)
    except ImageError:
        pen.line((0, 0, EDGE, EDGE), "red")
        pen.line((0, EDGE, EDGE, 0), "red")
        return picture
    scale = EDGE / max(image.size)
    image = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    left, top = (EDGE - image.width) // 2, (EDGE - image.height) // 2
    picture.paste(image, (left, top))
    objects = detection_objects(label)
    for found in () if objects is None else objects:
        x = sorted(left + edge * (image.width - 1) for edge in found[[1, 3]].clip(0, 1).tolist())
        y = sorted(top + edge * (image.height - 1) for edge in found[[2, 4]].clip(0, 1).tolist())
        pen.rectangle((x[0], y[0], x[1], y[1]), outline=COLOURS[int(found[0]) % len(COLOURS)])
    return picture
