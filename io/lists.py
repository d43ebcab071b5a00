"""List files (``.lst``): lines of index, labels and path, separated by tabs."""

from __future__ import annotations

from collections.abc import Iterator
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
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield parse_line(path, number, line.rstrip("\r\n"))
    except OSError as err:
        raise file_error_from(err, "cannot read the list") from err
    except UnicodeDecodeError as err:
        raise RecordError(f"[list] {path}: the file must be text in UTF-8; {err}") from err


def parse_line(path: str, number: int, line: str) -> Entry:
    """Make an entry of a line."""
    fields = [part.strip() for part in line.strip().split("\t")]
    try:
        if len(fields) < 3:
            raise ValueError("three fields are needed")
        return Entry(int(float(fields[0])), tuple(map(float, fields[1:-1])), fields[-1])
    except (ValueError, OverflowError) as err:
        raise RecordError(
            f"[list] {path}: line {number} must hold index, labels and path, separated by tabs; got {line!r:.100}"
        ) from err


def write_line(entry: Entry) -> str:
    """Return the line of an entry, labels with six decimals."""
    labels = "".join(f"{label:f}\t" for label in entry.labels)
    return f"{entry.index}\t{labels}{entry.path}\n"
