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
from typing import Any, Protocol

from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.lists import Entry, list_images, read_list, split_lists, write_line
from paratrain.io.packing import Outcome, Recipe, pack_list, remove

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
        make_lists(options)
        return 0
    found = lists_of(options.prefix) or make_lists(options, needed=True)
    for path in found:
        prefix = os.path.splitext(path)[0]
        entries = list(read_list(path))
        if not entries:
            say(f"{path} is empty; nothing to pack")
            continue
        warn_of_repeated(path, entries)
        started = time.monotonic()
        with progress_bar(len(entries), os.path.basename(prefix)) as progress:
            outcome = pack_list(entries, options.root, prefix, recipe, options.num_thread, progress)
        report(outcome, prefix + ".rec", time.monotonic() - started)
    return 0


def make_lists(options: Options, needed: bool = False) -> list[str]:
    """Write the list files for a folder; returns their names.

    Parameters
    ----------
    needed : bool
        Whether it is an error to find no images.
    """
    entries, classes = list_images(options.root, options.exts, options.recursive)
    if not entries:
        hint = "" if options.recursive else "; --recursive looks into the folders below"
        text = f"[im2rec] no image with ending {', '.join(options.exts)} in {options.root}{hint}"
        if needed:
            raise RecordError(text)
        say(text)
    if options.recursive:
        for folder, label in classes.items():
            say(f"class {label}: {folder}")
    if options.shuffle:
        random.Random(SHUFFLE_SEED).shuffle(entries)
    parts = split_lists(entries, options.chunks, options.train_ratio, options.test_ratio)
    written = []
    for ending, part in parts.items():
        path = f"{options.prefix}{ending}.lst"
        write_whole(path, "".join(map(write_line, part)))
        say(f"{path}: {len(part)} images")
        written.append(path)
    return written


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
    """Return the list files whose names begin with `prefix`."""
    folder = os.path.dirname(prefix) or "."
    if not os.path.isdir(folder):
        raise RecordError(f"[im2rec] the folder of the prefix must exist; there is no {folder!r}")
    name = os.path.basename(prefix)
    names = sorted(n for n in os.listdir(folder) if n.startswith(name) and n.endswith(".lst"))
    return [os.path.join(folder, n) for n in names]


def warn_of_repeated(path: str, entries: list[Entry]) -> None:
    """Say which indices a list has more than once: the index file leads to the last of them only."""
    repeated = [index for index, count in Counter(e.index for e in entries).items() if count > 1]
    if repeated:
        say(f"{path}: {len(repeated)} indices occur more than once, the first is {repeated[0]}")


def report(outcome: Outcome, rec: str, seconds: float) -> None:
    """Say what was packed and what was not."""
    rate = outcome.packed / max(seconds, 1e-9)
    say(f"{rec}: {outcome.packed} records, {outcome.bytes / 1e6:.1f} MB, {seconds:.1f} s, {rate:.0f} images/s")
    if outcome.skipped:
        say(f"{rec}: {len(outcome.skipped)} images were skipped")
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
        self.started = self.last = time.monotonic()

    def __call__(self, done: int) -> None:
        """Say how far it is, if it is time to."""
        now = time.monotonic()
        if now - self.last >= INTERVAL:
            self.last = now
            rate = done / (now - self.started)
            left = (self.total - done) / rate
            say(f"{self.name}: {done} of {self.total} images, {rate:.0f} images/s, {left:.0f} s left")


if __name__ == "__main__":
    from paratrain.launch.cli import main

    sys.exit(main(["im2rec", *sys.argv[1:]]))
