"""Make list and record files of a folder of images: the work behind ``paratrain im2rec``.

``python -m paratrain.io.im2rec`` does the same as the command.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Protocol

from paratrain.io.boxes import Report, classes_of, make_entries
from paratrain.io.coco import read_coco
from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.lists import Entry, list_images, read_list, split_lists, write_line
from paratrain.io.output import remove
from paratrain.io.packing import Outcome, Recipe, pack_list
from paratrain.io.voc import read_voc

SHUFFLE_SEED = 100  # as MXNet's tool has it, so that the lists are the same
SHOWN = 20  # skipped files that are named
INTERVAL = 10.0  # seconds between two lines of progress, where there is no terminal


class Options(Protocol):
    """The options of the command."""

    prefix: str
    root: str
    exts: Sequence[str]
    chunks: int
    train_ratio: float
    test_ratio: float
    recursive: bool
    shuffle: bool
    num_thread: int
    list: bool
    voc: bool
    coco: str | None
    image_set: str | None
    classes: Sequence[str] | None
    difficult: bool
    crowds: bool
    on_error: Literal["raise", "skip"]
    resume: bool


def run(options: Options, recipe: Recipe) -> int:
    """Write lists, or pack what they name; without a list both in one go. Returns an exit code.

    Raises
    ------
    RecordError, RecordFileError, ValueError
        If something is wrong with files or options.
    """
    if not os.path.isdir(options.root):
        raise RecordError(f"[im2rec] root must be a folder with images; got {options.root!r}")
    if options.list:
        for path, part in make_lists(options).items():
            write_whole(path, list_text(part))
        return 0
    for path in lists_to_pack(options):
        prefix = os.path.splitext(path)[0]
        entries = list(read_list(path))
        if not entries:
            say(f"{path} is empty; nothing to pack")
            continue
        warn_of(path, entries, recipe)
        started = time.monotonic()
        try:
            with progress_bar(len(entries), os.path.basename(prefix)) as progress:
                outcome = pack_list(
                    entries,
                    options.root,
                    prefix,
                    recipe,
                    options.num_thread,
                    progress,
                    options.on_error,
                    options.resume,
                )
        except KeyboardInterrupt:
            say(f"{prefix}.rec: interrupted; the same command goes on from here")
            raise
        report(outcome, prefix + ".rec", time.monotonic() - started)
    return 0


def lists_to_pack(options: Options) -> list[str]:
    """Return the names of the lists there are, and of annotations or where there is none make them."""
    found = lists_of(options.prefix)
    if found and not (options.voc or options.coco):
        return found
    made = make_lists(options, needed=True)
    for path, part in made.items():
        text = list_text(part)
        if path not in found:
            write_whole(path, text)
        elif text != read_whole(path):
            raise RecordError(
                f"[im2rec] {path} exists and is another list than the annotations give; remove one of them"
            )
    return list(made)


def make_lists(options: Options, needed: bool = False) -> dict[str, list[Entry]]:
    """Return the entries of the list files for a folder, by name of the file.

    Parameters
    ----------
    needed : bool
        Whether it is an error to find no images.
    """
    entries = annotated(options) if options.voc or options.coco else images(options)
    if not entries:
        hint = "" if options.recursive else "; --recursive looks into the folders below"
        text = f"[im2rec] no image with ending {', '.join(options.exts)} in {options.root}{hint}"
        if options.voc or options.coco:
            text = f"[im2rec] no image with boxes in the annotations of {options.coco or options.root}"
        if needed:
            raise RecordError(text)
        say(text)
    if options.shuffle:
        random.Random(SHUFFLE_SEED).shuffle(entries)
    parts = split_lists(entries, options.chunks, options.train_ratio, options.test_ratio)
    lists = {f"{options.prefix}{ending}.lst": part for ending, part in parts.items()}
    for path, part in lists.items():
        say(f"{path}: {len(part)} images")
    return lists


def images(options: Options) -> list[Entry]:
    """List the images of a folder."""
    entries, classes = list_images(options.root, options.exts, options.recursive)
    if options.recursive:
        for folder, label in classes.items():
            say(f"class {label}: {folder}")
    return entries


def annotated(options: Options) -> list[Entry]:
    """List the images of annotations, with their boxes, and say what of them was left out."""
    if options.coco:
        pictures, names = read_coco(options.coco, options.crowds)
    else:
        pictures = read_voc(options.root, options.image_set, options.difficult)
        names = classes_of(pictures)
    classes = list(options.classes or names)
    unknown = sorted(set(classes) - set(names))
    if unknown:
        say(f"no box is of class {', '.join(unknown)}")
    for number, name in enumerate(classes):
        say(f"class {number}: {name}")
    notes = Report()
    entries = make_entries(pictures, classes, notes)
    for line in notes.lines():
        say(line)
    return entries


def list_text(entries: Sequence[Entry]) -> str:
    """Return what a list file of these entries holds."""
    return "".join(map(write_line, entries))


def read_whole(path: str) -> str:
    """Read a text file."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except OSError as err:
        raise file_error_from(err, "cannot read the list") from err


def write_whole(path: str, text: str) -> None:
    """Write a text file that has its name only when it is complete."""
    partial = path + ".part"
    try:
        with open(partial, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        os.replace(partial, path)
    except OSError as err:
        raise file_error_from(err, "cannot write the list", path) from err
    finally:
        remove(partial)


def lists_of(prefix: str) -> list[str]:
    """Return the list files whose names begin with `prefix`, or all of a folder."""
    if os.path.isdir(prefix):
        return sorted(os.path.join(prefix, n) for n in os.listdir(prefix) if n.endswith(".lst"))
    folder = os.path.dirname(prefix) or "."
    if not os.path.isdir(folder):
        raise RecordError(f"[im2rec] the folder of the prefix must exist; there is no {folder!r}")
    name = os.path.basename(prefix)
    names = sorted(n for n in os.listdir(folder) if n.startswith(name) and n.endswith(".lst"))
    return [os.path.join(folder, n) for n in names]


def warn_of(path: str, entries: Sequence[Entry], recipe: Recipe) -> None:
    """Say what in a list is hardly meant."""
    repeated = [index for index, count in Counter(e.index for e in entries).items() if count > 1]
    if repeated:  # the index file leads to the last of them only
        say(f"{path}: {len(repeated)} indices occur more than once, the first is {repeated[0]}")
    several = sum(len(entry.labels) > 1 for entry in entries)
    if several and not recipe.pack_label:
        say(f"{path}: {several} images have more than one label, of which the first is packed; --pack-label packs all")


def report(outcome: Outcome, rec: str, seconds: float) -> None:
    """Say what was packed and what was not."""
    new = outcome.packed + len(outcome.skipped) - outcome.resumed
    before = f" ({outcome.resumed} images were done before)" if outcome.resumed else ""
    say(
        f"{rec}: {outcome.packed} records, {outcome.bytes / 1e6:.1f} MB, {seconds:.1f} s, "
        f"{new / max(seconds, 1e-9):.0f} images/s{before}"
    )
    if outcome.skipped:
        say(f"{rec}: {len(outcome.skipped)} images were skipped")
        for reason, count in Counter(reason for _, reason in outcome.skipped).most_common(SHOWN):
            say(f"  {count} x {reason}")
        for entry, reason in outcome.skipped[:SHOWN]:
            say(f"  {entry.path}: {reason}")
        if len(outcome.skipped) > SHOWN:
            say(f"  and {len(outcome.skipped) - SHOWN} more")


def say(text: str) -> None:
    """Print a line for the user, apart from a bar that may be shown."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def progress_bar(total: int, name: str) -> Iterator[Any]:
    """Give a function that is called with the number of images done, and shows it with rate and time left."""
    if sys.stderr.isatty():
        try:
            from tqdm import tqdm
        except ImportError:  # the extra 'progress' is not installed
            tqdm = None
        if tqdm is not None:
            with tqdm(total=total, desc=name, unit="image") as bar:
                yield lambda done: bar.update(done - bar.n)
            return
    yield Lines(total, name)


class Lines:
    """Progress as a line every few seconds.

    Parameters
    ----------
    total : int
        Images in all.
    name : str
        What is being made.
    """

    def __init__(self, total: int, name: str) -> None:
        self.total, self.name = total, name
        self.first: int | None = None  # images done when the clock was started: those of an earlier run do not count
        self.started = self.last = time.monotonic()

    def __call__(self, done: int) -> None:
        """Say how far it is, if it is time to."""
        now = time.monotonic()
        if self.first is None:
            self.first, self.started, self.last = done, now, now
        elif now - self.last >= INTERVAL:
            self.last = now
            rate = (done - self.first) / (now - self.started)
            left = (self.total - done) / max(rate, 1e-9)
            say(f"{self.name}: {done} of {self.total} images, {rate:.0f} images/s, {left:.0f} s left")


if __name__ == "__main__":
    from paratrain.launch.cli import main

    sys.exit(main(["im2rec", *sys.argv[1:]]))
