"""Packing images into record files: what ``im2rec`` does with a list."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from paratrain.io.augment import Crop, Resize
from paratrain.io.augment.transform import transformed
from paratrain.io.decode import ImageError, encode_image, open_image, to_channels
from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.header import IRHeader, pack
from paratrain.io.lists import Entry
from paratrain.io.recordio import MXIndexedRecordIO

PARTIAL = ".part"  # ending of files that are not complete yet
COLOUR, GREY, AS_IT_IS = 1, 0, -1


@dataclass(frozen=True)
class Recipe:
    """What happens to an image on its way into the record file.

    Attributes
    ----------
    pass_through : bool
        Pack the file as it is, without decoding.
    resize : int
        Pixels of the shorter edge; 0 keeps the size.
    center_crop : bool
        Cut out the largest square in the middle, before resizing.
    quality : int
        JPEG 1 to 100, PNG 0 to 9.
    encoding : str
        ``.jpg`` or ``.png``.
    color : int
        1 colour, 0 grey, -1 as it is.
    pack_label : bool
        Pack all labels of an entry; otherwise the first.
    """

    pass_through: bool = False
    resize: int = 0
    center_crop: bool = False
    quality: int = 95
    encoding: str = ".jpg"
    color: int = COLOUR
    pack_label: bool = False

    def record(self, root: str, entry: Entry) -> bytes:
        """Return the record of an entry.

        Raises
        ------
        OSError
            If the file cannot be read.
        ImageError
            If it cannot be decoded.
        """
        label = entry.labels if self.pack_label and len(entry.labels) > 1 else entry.labels[0]
        with open(os.path.join(root, entry.path), "rb") as file:
            data = file.read()
        if self.pass_through:
            if not data:
                raise ImageError("the file is empty")
        else:
            data = self.encode(data)
        return pack(IRHeader(0, label, entry.index, 0), data)

    def encode(self, data: bytes) -> bytes:
        """Decode an image, crop and resize it, and encode it."""
        image = open_image(data)
        if self.color == AS_IT_IS:
            alpha = self.encoding == ".png" and image.mode in ("RGBA", "PA")
            channels = 1 if image.mode in ("1", "L", "LA") else 4 if alpha else 3
        else:
            channels = 3 if self.color == COLOUR else 1
        return encode_image(self._reshaped(to_channels(image, channels), channels), self.quality, self.encoding)

    def _reshaped(self, image: Image.Image, channels: int) -> Image.Image:
        pixels = np.asarray(image).reshape(image.height, image.width, channels)
        if self.center_crop:
            edge = min(image.size)
            pixels = transformed(pixels, [Crop(edge, edge)])
        if self.resize:
            pixels = transformed(pixels, [Resize(self.resize)])
        if pixels.base is image:
            return image
        return Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)


@dataclass
class Outcome:
    """What came of packing a list.

    Attributes
    ----------
    packed : int
        Number of records written.
    bytes : int
        Size of the record file.
    skipped : list of (Entry, str)
        What could not be packed, and why.
    """

    packed: int = 0
    bytes: int = 0
    skipped: list[tuple[Entry, str]] = field(default_factory=list)


def pack_list(
    entries: Sequence[Entry],
    root: str,
    prefix: str,
    recipe: Recipe,
    threads: int = 1,
    progress: Callable[[int], object] = lambda done: None,
) -> Outcome:
    """Pack the images of a list into ``prefix.rec`` and ``prefix.idx``.

    The files get their names when they are complete; until then they end with ``.part``, and are removed if anything
    goes wrong. Their content does not depend on the number of threads.

    Parameters
    ----------
    entries : sequence of Entry
    root : str
        Folder that the paths of the entries begin from.
    prefix : str
        Beginning of the names of the files.
    recipe : Recipe
    threads : int
        Images worked on at once.
    progress : callable
        Called with the number of entries done so far.

    Raises
    ------
    RecordFileError
        If the files cannot be written, for example because the disk is full.
    RecordError
        If none of the images could be packed.
    """
    rec, idx = prefix + ".rec", prefix + ".idx"
    outcome = Outcome()
    try:
        with MXIndexedRecordIO(idx + PARTIAL, rec + PARTIAL, "w") as writer:
            for done, (entry, record) in enumerate(in_order(entries, root, recipe, threads), 1):
                if isinstance(record, str):
                    outcome.skipped.append((entry, record))
                else:
                    writer.write_idx(entry.index, record)
                    outcome.packed += 1
                progress(done)
            outcome.bytes = writer.tell()
        if not outcome.packed:
            first = f"; the first, {entries[0].path}: {outcome.skipped[0][1]}" if outcome.skipped else ""
            raise RecordError(f"[im2rec] none of the {len(entries)} images for {rec} could be packed{first}")
        publish(rec, idx)
    except BaseException:
        remove(rec + PARTIAL)
        remove(idx + PARTIAL)
        raise
    return outcome


def in_order(entries: Sequence[Entry], root: str, recipe: Recipe, threads: int) -> Iterator[tuple[Entry, bytes | str]]:
    """Yield each entry with its record, or with the reason why there is none, in the order of the list."""

    def work(entry: Entry) -> bytes | str:
        try:
            return recipe.record(root, entry)
        except OSError as err:
            return err.strerror or str(err)
        except ImageError as err:
            return str(err)

    pool = ThreadPoolExecutor(threads, thread_name_prefix="paratrain-im2rec")
    waiting: deque[tuple[Entry, Future[bytes | str]]] = deque()
    try:
        for entry in entries:
            waiting.append((entry, pool.submit(work, entry)))
            if len(waiting) >= 4 * threads:
                first, result = waiting.popleft()
                yield first, result.result()
        for first, result in waiting:
            yield first, result.result()
    finally:
        pool.shutdown(cancel_futures=True)


def publish(rec: str, idx: str) -> None:
    """Give complete files their names. A reader never sees a record file beside the index of another."""
    try:
        remove(idx)
        os.replace(rec + PARTIAL, rec)
        os.replace(idx + PARTIAL, idx)
    except OSError as err:
        raise file_error_from(err, "cannot give the complete file its name") from err


def remove(path: str) -> None:
    """Remove a file if there is one."""
    if os.path.lexists(path):
        os.remove(path)
