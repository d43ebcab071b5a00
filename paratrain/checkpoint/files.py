"""Files of a checkpoint: complete or not there, and known by their checksum."""

from __future__ import annotations

import hashlib
import os

from paratrain._files import replaced

__all__ = ["TEMPORARY", "checksum", "write_atomic"]

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
