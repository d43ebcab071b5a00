"""Files that are replaced as a whole: a reader sees the old contents or the new ones, whatever happens in between."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from typing import BinaryIO

__all__ = ["replaced"]


@contextlib.contextmanager
def replaced(path: str | os.PathLike, what: str) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its name only when everything has reached the disk.

    Parameters
    ----------
    path : str or path-like
        Name of the file. If it names something else than a file (a pipe, a device), that is written to directly.
    what : str
        Who writes, for messages.

    Yields
    ------
    binary file

    Raises
    ------
    OSError
        If the file cannot be written; what was there before is still there.

    Examples
    --------
    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replaced(os.path.join(folder, 'a'), 'example') as file:
    ...         n = file.write(b'new')
    ...     os.listdir(folder)
    ['a']
    """
    target = os.path.realpath(path)
    try:
        if os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
            with open(target, "wb") as file:
                yield file
            return
        part = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.{os.getpid()}.part")
        try:
            with open(part, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
            raise
        _sync_folder(os.path.dirname(target))
    except OSError as e:
        text = f"[{what}] cannot write {os.fspath(path)!r}: {e.strerror or e}; what was there before is unchanged"
        raise OSError(e.errno, text, os.fspath(path)) from e


def _sync_folder(folder: str) -> None:
    """Let the new name reach the disk."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
