"""A record file and its index in the making: they get their names when they are complete."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from paratrain.io import native
from paratrain.io.errors import RecordError, file_error_from

if TYPE_CHECKING:
    from typing_extensions import Self

PARTIAL = ".part"  # ending of files that are not complete yet


class RecordOutput:
    """Writes ``prefix.rec`` and ``prefix.idx``; until `publish` their names end with ``.part``.

    As a context it removes the partial files when it is left without `publish`, unless `keep` was set.

    Parameters
    ----------
    prefix : str
        Beginning of the names of the files.
    go_on_at : (int, int), optional
        Sizes of the partial record file and index up to which they are complete; what is behind is dropped, and
        writing goes on there. Default: from nothing.

    Attributes
    ----------
    keep : bool
        Whether partial files stay, so that a later run can go on with them.

    Raises
    ------
    RecordFileError
        If the files cannot be written, for example because the disk is full, or another process writes them.
    """

    def __init__(self, prefix: str, go_on_at: tuple[int, int] = (0, 0)) -> None:
        self.rec, self.idx = prefix + ".rec", prefix + ".idx"
        self.keep = False
        self.index_bytes = go_on_at[1]
        self.index = self._locked_index()
        try:
            self.index.truncate(go_on_at[1])
            self.index.seek(go_on_at[1])
            if go_on_at[0]:
                os.truncate(self.rec + PARTIAL, go_on_at[0])
            self.writer = native.RecordWriter(self.rec + PARTIAL, append=go_on_at[0] > 0)
        except BaseException as err:
            self.index.close()
            if go_on_at == (0, 0):
                remove(self.idx + PARTIAL)
            if isinstance(err, OSError) and not isinstance(err, RecordError):
                raise file_error_from(err, "cannot write", self.rec + PARTIAL) from err
            raise

    def _locked_index(self) -> BinaryIO:
        """Open the partial index, for this process alone."""
        path = self.idx + PARTIAL
        try:
            file = open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b")  # noqa: SIM115 - closed in close()
        except OSError as err:
            raise file_error_from(err, "cannot create") from err
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(file.fileno()).st_ino != os.stat(path).st_ino:
                raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN), path)
        except OSError as err:
            file.close()
            raise file_error_from(err, "another process writes", path) from err
        return file

    def append(self, batch: native.RecordBatch, keys: Iterable[object]) -> None:
        """Append records, whose keys in the index are `keys`."""
        at = self.writer.append(batch)
        self._enter(f"{key}\t{at + offset}\n" for key, offset in zip(keys, batch.offsets.tolist(), strict=True))

    def write(self, payload: bytes, key: object) -> None:
        """Append a record."""
        self._enter([f"{key}\t{self.writer.tell()}\n"])
        self.writer.write(payload)

    def _enter(self, lines: Iterable[str]) -> None:
        text = "".join(lines).encode("utf-8", "surrogateescape")
        self.index_bytes += len(text)
        try:
            self.index.write(text)
        except OSError as err:
            raise file_error_from(err, "cannot write", self.idx + PARTIAL) from err

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes of the record file and of the index so far."""
        return self.writer.tell(), self.index_bytes

    def sync(self) -> None:
        """Wait until the disk has everything."""
        self.writer.sync()
        try:
            self.index.flush()
            os.fsync(self.index.fileno())
        except OSError as err:
            raise file_error_from(err, "cannot write", self.idx + PARTIAL) from err

    def publish(self) -> None:
        """Give the complete files their names. A reader never sees a record file beside the index of another."""
        self.sync()
        self.writer.close()
        try:
            remove(self.idx)
            os.replace(self.rec + PARTIAL, self.rec)
            os.replace(self.idx + PARTIAL, self.idx)
        except OSError as err:
            raise file_error_from(err, "cannot give the complete file its name") from err
        self.index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.index.closed:
            return
        if not self.keep:
            remove(self.rec + PARTIAL)
            remove(self.idx + PARTIAL)
        try:
            self.writer.close()
            self.index.close()
        except OSError:
            if kind is None:  # otherwise the first error is the one to tell
                raise


def remove(path: str) -> None:
    """Remove a file if there is one."""
    if os.path.lexists(path):
        os.remove(path)
