"""List files (``.lst``): lines of index, labels and path, separated by tabs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paratrain.io.errors import RecordError, file_error_from


@dataclass(frozen=True)
class Entry:
    """A line of a list.

    Attributes
    ----------
    index : int
        Identity of the record.
    labels : tuple of float
    path : str
        The image, relative to the root folder.
    """

    index: int
    labels: tuple[float, ...]
    path: str


def read_list(path: str) -> Iterator[Entry]:
    """Yield the entries of a list; empty lines are passed over.

    Raises
    ------
    RecordError
        At a line that is not index, one or more labels and path, separated by tabs.
    RecordFileError
        If the file cannot be read.
    """
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield parse_line(path, number, line.rstrip("\r\n"))
    except OSError as err:
        raise file_error_from(err, "cannot read the list") from err


def parse_line(path: str, number: int, line: str) -> Entry:
    """Make an entry of a line."""
    fields = [part.strip() for part in line.strip().split("\t")]
    try:
        if len(fields) < 3:
            raise ValueError("three fields are needed")
        return Entry(_index(fields[0]), tuple(map(float, fields[1:-1])), fields[-1])
    except (ValueError, OverflowError) as err:
        raise RecordError(
            f"[list] {path}: line {number} must hold index, labels and path, separated by tabs; got {line!r:.100}"
        ) from err


def _index(text: str) -> int:
    """Index of a line: a whole number that a record's id can hold, perhaps written as 7.0."""
    index = int(text) if text.isdecimal() else int(float(text))
    if not 0 <= index < 2**64:
        raise ValueError("an index is from 0 to 2**64 - 1")
    return index


def write_line(entry: Entry) -> str:
    """Return the line of an entry, labels with six decimals.

    Raises
    ------
    RecordError
        If the file's name could not be read back from a list.
    """
    if entry.path != entry.path.strip() or any(sign in entry.path for sign in "\t\n\r"):
        raise RecordError(
            f"[list] a list cannot hold tabs, line breaks, or spaces around a file's name; rename {entry.path!r}"
        )
    labels = "".join(f"{label:f}\t" for label in entry.labels)
    return f"{entry.index}\t{labels}{entry.path}\n"


def list_images(root: str, exts: Sequence[str], recursive: bool = False) -> tuple[list[Entry], dict[str, int]]:
    """List the images below a folder.

    Parameters
    ----------
    root : str
        The folder.
    exts : sequence of str
        Endings of the files to take, such as ``.jpg``; upper or lower case.
    recursive : bool
        Look into the folders below, too; each folder with images is a class, numbered from 0 in the order of names.
        Otherwise the images of `root` itself get the label 0.

    Returns
    -------
    entries : list of Entry
        In the order of names.
    classes : dict
        Number by folder, relative to `root`.

    Raises
    ------
    RecordFileError
        If a folder cannot be read.
    """
    endings = {ext.lower() for ext in exts}
    entries: list[Entry] = []
    classes: dict[str, int] = {}
    for folder, name in _files(root, recursive):
        if os.path.splitext(name)[1].lower() not in endings:
            continue
        place = os.path.relpath(folder, root)
        label = classes.setdefault(place, len(classes))
        path = os.path.relpath(os.path.join(folder, name), root)
        entries.append(Entry(len(entries), (float(label),), path))
    return entries, classes


def _files(root: str, recursive: bool) -> Iterator[tuple[str, str]]:
    def fail(err: OSError) -> None:
        raise file_error_from(err, "cannot look into the folder") from err

    for folder, folders, files in os.walk(root, followlinks=True, onerror=fail):
        folders.sort()
        for name in sorted(files):
            yield folder, name
        if not recursive:
            return


def split_lists(
    entries: Sequence[Entry], chunks: int = 1, train_ratio: float = 1.0, test_ratio: float = 0.0
) -> dict[str, list[Entry]]:
    """Divide a list into chunks, and each chunk into test, validation and training parts.

    Parameters
    ----------
    entries : sequence of Entry
    chunks : int
        Number of chunks of equal size.
    train_ratio, test_ratio : float
        Shares of a chunk, from 0 to 1; what is left is for validation.

    Returns
    -------
    dict
        Entries by what is added to the prefix of the file, such as ``_0_train``.

    Raises
    ------
    ValueError
        If the shares are not from 0 to 1, or are more than 1 together.
    """
    if chunks < 1:
        raise ValueError(f"[im2rec] --chunks must be at least 1; got {chunks}")
    if not (0 <= train_ratio <= 1 and 0 <= test_ratio <= 1 and train_ratio + test_ratio <= 1 + 1e-9):
        raise ValueError(
            "[im2rec] --train-ratio and --test-ratio must be from 0 to 1 and at most 1 together; "
            f"got {train_ratio} and {test_ratio}"
        )
    size = -(-len(entries) // chunks)
    parts: dict[str, list[Entry]] = {}
    for number in range(chunks):
        chunk = list(entries[number * size : (number + 1) * size])
        name = f"_{number}" if chunks > 1 else ""
        if train_ratio == 1:
            parts[name] = chunk
            continue
        test, train = int(size * test_ratio), int(size * train_ratio)
        if test_ratio:
            parts[name + "_test"] = chunk[:test]
        if train_ratio + test_ratio < 1:
            parts[name + "_val"] = chunk[test + train :]
        parts[name + "_train"] = chunk[test : test + train]
    return parts
