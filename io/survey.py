"""Looking through a record file: what it holds, and which of its records are damaged."""

from __future__ import annotations

import io
import math
import mmap
import os
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, UnidentifiedImageError

from paratrain.io import native
from paratrain.io.decode import ImageError, decode
from paratrain.io.errors import RecordError
from paratrain.io.header import unpack
from paratrain.io.rec2idx import index_beside

MAGIC = struct.pack("<I", 0xCED7230A)


@dataclass(frozen=True)
class Damage:
    """A record that cannot be used.

    Attributes
    ----------
    number : int
        Of the record, counted from 0; after damage to the structure, which may have swallowed some, of what is left.
    offset : int
        Byte at which it begins.
    reason : str
    """

    number: int
    offset: int
    reason: str


@dataclass
class Survey:
    """What is in a record file.

    Attributes
    ----------
    lengths : list of int
        Bytes of each record.
    kinds, sizes, labels, boxes : Counter
        Formats of images; their width and height; labels as text; class of each box of detection labels.
    """

    lengths: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    values: list[float] = field(default_factory=list)
    boxes: Counter[int] = field(default_factory=Counter)

    def add(self, record: bytes) -> None:
        """Count a record."""
        self.lengths.append(len(record))
        header, body = unpack(record)
        try:
            with Image.open(io.BytesIO(body)) as image:
                self.kinds[f"{image.format} {image.mode}"] += 1
                self.sizes[image.size] += 1
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            self.kinds["not an image Pillow knows"] += 1
        objects = detection_objects(header.label)
        if objects is not None:
            self.labels[f"{len(objects)} boxes"] += 1
            self.boxes.update(int(found[0]) for found in objects)
        elif isinstance(header.label, float):
            self.labels[f"{header.label:g}"] += 1
            self.values.append(header.label)
        else:
            self.labels[f"{len(header.label)} numbers"] += 1


def survey(path: str) -> Survey:
    """Look through a file.

    Raises
    ------
    RecordError
        At the first record whose structure or header is damaged.
    RecordFileError
        If it cannot be read.
    """
    found = Survey()
    reader = native.RecordReader(path)
    while True:
        at = reader.tell()
        record = reader.read()
        if record is None:
            return found
        try:
            found.add(record)
        except RecordError as err:
            raise RecordError(f"[inspect] {path}: record {len(found.lengths) - 1} at byte {at}: {err}") from err


def detection_objects(label: float | np.ndarray) -> np.ndarray | None:
    """Return the objects of a detection label, shape (objects, numbers of each), or None if it is none."""
    if isinstance(label, float) or len(label) < 7 or not np.all(np.isfinite(label)):
        return None
    head, width = float(label[0]), float(label[1])
    if not (head.is_integer() and width.is_integer() and 2 <= head < len(label) and width >= 5):
        return None
    rest = label[int(head) :]
    return rest.reshape(-1, int(width)) if len(rest) % int(width) == 0 else None


def verify(path: str, threads: int = 1) -> tuple[int, list[Damage]]:
    """Read and decode every record; returns how many there are, and the damaged ones.

    Where the structure of the file is damaged the search goes on at the next place where a record begins.
    """
    damaged: list[Damage] = []
    count = 0
    with ThreadPoolExecutor(threads, thread_name_prefix="paratrain-verify") as pool:
        for batch in _batches(_walk(path), 16 * threads):
            count += len(batch)
            reasons = pool.map(lambda item: item[2] if isinstance(item[2], str) else check(item[2]), batch)
            damaged += [Damage(item[0], item[1], why) for item, why in zip(batch, reasons, strict=True) if why]
    return count, damaged


def check(record: bytes) -> str:
    """Return why a record is damaged, or nothing."""
    try:
        header, body = unpack(record)
        decode(body, 3)
    except (RecordError, ImageError) as err:
        return str(err)
    labels = [header.label] if isinstance(header.label, float) else header.label.tolist()
    return "" if all(map(math.isfinite, labels)) else "the label is not finite"


def check_index(path: str) -> str:
    """Return what is wrong with the index beside a whole record file, or nothing."""
    idx = index_beside(path)
    if not os.path.exists(idx):
        return ""
    try:
        offsets = np.sort(native.read_index(idx))
    except RecordError as err:
        return str(err)
    if np.array_equal(offsets, native.RecordFile(path).scan()):
        return ""
    return f"{idx} does not lead to exactly the records of {path}"


def _walk(path: str) -> Iterator[tuple[int, int, bytes | str]]:
    """Yield number, byte and payload of each record, or instead of the payload what is wrong with the structure."""
    reader = native.RecordReader(path)
    number = 0
    while True:
        at = reader.tell()
        try:
            record = reader.read()
        except RecordError as err:
            yield number, at, str(err)
            following = _next_record(path, at + 4 - at % 4)
            if following is None:
                return
            reader.seek(following)
        else:
            if record is None:
                return
            yield number, at, record
        number += 1


def _next_record(path: str, begin: int) -> int | None:
    """Return the first place from `begin` on where a record begins; the magic number stands nowhere else."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at = content.find(MAGIC, begin)
        while at >= 0:
            head = content[at : at + 8]
            if at % 4 == 0 and len(head) == 8 and head[7] >> 5 in (0, 1):
                return at
            at = content.find(MAGIC, at + 1)
    return None


def _batches(
    items: Iterator[tuple[int, int, bytes | str]], size: int
) -> Iterator[Sequence[tuple[int, int, bytes | str]]]:
    batch: list[tuple[int, int, bytes | str]] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
