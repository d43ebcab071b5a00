"""Packing images into record files: what ``im2rec`` does with a list."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from PIL import Image

from paratrain.io.augment import Crop, Resize
from paratrain.io.decode import ImageError, decode, encode_image, open_image, own_channels, to_channels
from paratrain.io.errors import RecordError
from paratrain.io.header import IRHeader, pack
from paratrain.io.journal import Journal, Progress
from paratrain.io.lists import Entry
from paratrain.io.native import RecordBatch
from paratrain.io.output import RecordOutput

COLOUR, GREY, AS_IT_IS = 1, 0, -1
# images that a thread works on before it hands them over: files that are only read take little time
BATCH, BATCH_READ = 8, 32


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

    def header(self, entry: Entry) -> bytes:
        """Return the header of an entry's record."""
        label = entry.labels if self.pack_label and len(entry.labels) > 1 else entry.labels[0]
        return pack(IRHeader(0, label, entry.index, 0), b"")

    def encode(self, data: bytes) -> bytes:
        """Decode an image, crop and resize it, and encode it.

        Raises
        ------
        ImageError
            If it cannot be decoded.
        """
        if self.color != AS_IT_IS:
            pixels = decode(data, 3 if self.color == COLOUR else 1)
        else:
            image = open_image(data)
            channels = own_channels(image)
            if self.encoding != ".png":  # without transparency
                channels = min(channels, 3)
            pixels = np.asarray(to_channels(image, channels)).reshape(image.height, image.width, channels)
        if self.center_crop:
            edge = min(pixels.shape[:2])
            pixels = Crop(edge, edge)(pixels)
        if self.resize:
            pixels = Resize(self.resize)(pixels)
        picture = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
        return encode_image(picture, self.quality, self.encoding)


@dataclass
class Outcome:
    """What came of packing a list.

    Attributes
    ----------
    packed : int
        Number of records in the file.
    bytes : int
        Size of the record file.
    skipped : list of (Entry, str)
        What could not be packed, and why.
    resumed : int
        Entries that an earlier run had done already.
    """

    packed: int = 0
    bytes: int = 0
    skipped: list[tuple[Entry, str]] = field(default_factory=list)
    resumed: int = 0


def pack_list(
    entries: Sequence[Entry],
    root: str,
    prefix: str,
    recipe: Recipe,
    threads: int = 1,
    progress: Callable[[int], object] = lambda done: None,
    on_error: Literal["raise", "skip"] = "skip",
    resume: bool = True,
) -> Outcome:
    """Pack the images of a list into ``prefix.rec`` and ``prefix.idx``.

    The files get their names when they are complete; until then they end with ``.part``. If the process is interrupted
    they stay, and the next call with the same arguments goes on with them; when anything else goes wrong they are
    removed. Their content depends neither on the number of threads nor on interruptions.

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
    on_error : {'raise', 'skip'}
        What to do with a file that cannot be read or decoded.
    resume : bool
        Whether to go on with what an interrupted run left; otherwise begin anew.

    Raises
    ------
    RecordFileError
        If the files cannot be written, for example because the disk is full.
    RecordError
        If none of the images could be packed, or one could not and `on_error` is 'raise'.
    """
    journal = Journal(prefix, entries, root, recipe)
    state, skipped = journal.load() if resume else (Progress(), [])
    outcome = Outcome(resumed=state.done)
    with RecordOutput(prefix, state.sizes) as output, journal:
        if state.done:
            progress(state.done)
        try:
            for batch, reasons in in_order(entries[state.done :], root, recipe, threads):
                missed = [(state.done + i, why) for i, why in enumerate(reasons) if why is not None]
                if missed and on_error == "raise":
                    journal.save(state, skipped, output)
                    output.keep = journal.keep = state.done > 0
                    raise _error_of(entries[missed[0][0]], missed[0][1], root)
                done = entries[state.done : state.done + len(reasons)]
                output.append(batch, (entry.index for entry, why in zip(done, reasons) if why is None))
                skipped += missed
                state = Progress(state.done + len(reasons), len(skipped), output.sizes)
                progress(state.done)
                if journal.due():
                    journal.save(state, skipped, output)
        except KeyboardInterrupt:
            journal.save(state, skipped, output)
            output.keep = journal.keep = state.done > 0
            raise
        outcome.skipped = [(entries[number], why) for number, why in skipped]
        outcome.packed, outcome.bytes = state.done - len(skipped), output.sizes[0]
        if not outcome.packed:
            first = f"; the first, {entries[0].path}: {outcome.skipped[0][1]}" if skipped else ""
            raise RecordError(f"[im2rec] none of the {len(entries)} images for {output.rec} could be packed{first}")
        output.publish()
    return outcome


def _error_of(entry: Entry, why: str, root: str) -> RecordError:
    return RecordError(
        f"[im2rec] {os.path.join(root, entry.path)} (index {entry.index}) cannot be packed: {why}; mend it and run the "
        "same command again, which goes on from here, or let it skip such files: --on-error skip"
    )


def in_order(
    entries: Sequence[Entry], root: str, recipe: Recipe, threads: int
) -> Iterator[tuple[RecordBatch, list[str | None]]]:
    """Yield the records of the entries in batches, in the order of the list, with the reasons for those left out.

    A batch is used again when the next one is asked for.
    """
    size = BATCH_READ if recipe.pass_through else BATCH
    ahead = 2 * threads
    batches = [RecordBatch() for _ in range(ahead + 1)]

    def work(number: int) -> tuple[RecordBatch, list[str | None]]:
        batch = batches[number % len(batches)]
        batch.clear()
        return batch, fill_batch(batch, entries[number * size : (number + 1) * size], root, recipe)

    pool = ThreadPoolExecutor(threads, thread_name_prefix="paratrain-im2rec")
    waiting: deque[Future[tuple[RecordBatch, list[str | None]]]] = deque()
    try:
        for number in range(-(-len(entries) // size)):
            if len(waiting) == ahead:
                yield waiting.popleft().result()
            waiting.append(pool.submit(work, number))
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def fill_batch(batch: RecordBatch, entries: Sequence[Entry], root: str, recipe: Recipe) -> list[str | None]:
    """Add the records of some entries; returns for each the reason why it is not among them, or None."""
    heads = [recipe.header(entry) for entry in entries]
    paths = [os.path.join(root, entry.path) for entry in entries]
    if recipe.pass_through:
        return batch.add_files(heads, paths)
    reasons: list[str | None] = []
    for head, path in zip(heads, paths):
        try:
            with open(path, "rb") as file:
                data = file.read()
            batch.add(head, recipe.encode(data))
            reasons.append(None)
        except OSError as err:
            reasons.append(err.strerror or str(err))
        except ImageError as err:
            reasons.append(str(err))
    return reasons
