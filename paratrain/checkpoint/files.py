"""Files of a checkpoint: complete or not there, and known by their checksum."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from paratrain._files import replaced

__all__ = ["TEMPORARY", "Hashing", "checksum", "new_file", "write_atomic"]

#: End of the names of files that are being written.
TEMPORARY = ".part"
_BLOCK = 1 << 20


def write_atomic(path: str | os.PathLike[str], data: bytes) -> None:
    """Replace a file by one with these bytes; a crash at any moment leaves the old file or the new one.

    Parameters
    ----------
    path : path
    data : bytes

    Raises
    ------
    OSError
        If it cannot be written, for example since the disk is full; the old file is as before.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomic(os.path.join(folder, "a"), b"123")
    ...     sorted(os.listdir(folder))
    ['a']
    """
    with replaced(path, "checkpoint") as file:
        file.write(data)


def checksum(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


class Hashing:
    """A file for writing that knows the checksum of what was written to it.

    Parameters
    ----------
    file : binary file

    Attributes
    ----------
    bytes : int
        Written so far.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.sha256()
        self.bytes = 0

    def write(self, data: Any) -> int:
        """Write, in parts that are still in the cache when they are hashed; other threads run meanwhile."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), _BLOCK):
            part = view[start : start + _BLOCK]
            self._file.write(part)
            self._digest.update(part)
        self.bytes += len(view)
        return len(view)

    def flush(self) -> None:
        """Flush the file."""
        self._file.flush()

    @property
    def sha256(self) -> str:
        """Checksum of everything so far, in hexadecimal digits."""
        return self._digest.hexdigest()


@contextlib.contextmanager
def new_file(path: Path, entries: dict[str, dict[str, Any]], kind: str) -> Iterator[Hashing]:
    """Open a file of a checkpoint for writing; when it is complete, describe it in ``entries[kind]``.

    Raises
    ------
    OSError
        If it cannot be written; the message names it.
    """
    with replaced(path, "checkpoint") as file:
        hashing = Hashing(file)
        yield hashing
    entries[kind] = {"name": path.name, "bytes": hashing.bytes, "sha256": hashing.sha256}
