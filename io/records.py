"""The records of a file, by number."""

from __future__ import annotations

import logging
import mmap
import os

import numpy as np

from paratrain.io import native
from paratrain.io.errors import RecordError

log = logging.getLogger("paratrain.io")


class RecordSet:
    """All records of a file, in the order of the file, for reading from any number of threads.

    Parameters
    ----------
    path : str
        The ``.rec`` file.
    index : str, optional
        The ``.idx`` file. Without it the file is walked through once to find its records.

    Attributes
    ----------
    path : str
    offsets : int64 array
        Byte at which each record begins.
    """

    def __init__(self, path: str, index: str | None = None) -> None:
        self.path = os.fspath(path)
        self.file = native.RecordFile(self.path)
        self.offsets = self.file.scan() if index is None else self._indexed(index)
        if not len(self.offsets):
            raise RecordError(f"[RecordIO] {index or self.path} holds no records")
        self._map: memoryview | None = None

    def _indexed(self, index: str) -> np.ndarray:
        offsets = np.sort(native.read_index(index))
        if len(offsets) and self.file.end_of(int(offsets[-1]), len(offsets) - 1) != self.file.size:
            log.warning("[RecordIO] %s ends before %s does; the records behind its last are left out", index, self.path)
        return offsets

    def __len__(self) -> int:
        return len(self.offsets)

    def chunks(self, megabytes: int) -> tuple[int, ...]:
        """Return the first records of contiguous chunks of about that size (2**20 bytes)."""
        place = (self.offsets - self.offsets[0]) // (megabytes << 20)
        return tuple(np.flatnonzero(np.diff(place, prepend=-1)).tolist())

    def read(self, number: int) -> bytes:
        """Return the payload of record `number`."""
        return self.file.read(int(self.offsets[number]), number)

    def label_widths(self) -> np.ndarray:
        """Return how many labels each record has, from the first bytes of each."""
        file = os.open(self.path, os.O_RDONLY)
        try:
            heads = b"".join(self._head(file, int(offset), number) for number, offset in enumerate(self.offsets))
        finally:
            os.close(file)
        return np.maximum(np.frombuffer(heads, "<u4").astype(np.int64), 1)

    def _head(self, file: int, offset: int, number: int) -> bytes:
        """Return the first four bytes of a record's payload."""
        head = os.pread(file, 12, offset)
        if len(head) == 12 and int.from_bytes(head[4:8], "little") & 0x1FFFFFFF >= 4:
            return head[8:]
        return self.read(number)[:4].ljust(4, b"\0")  # a first piece of fewer bytes

    def view(self, number: int) -> memoryview:
        """Return the payload of record `number` without copying it: a part of the file, mapped into memory.

        A record in several pieces is copied. The file must not be made shorter while views of it are in use: the system
        would end the process.
        """
        begin, size = self.file.locate(int(self.offsets[number]), number)
        if self._map is None or begin + size > len(self._map):
            self._map = _mapping(self.path)
        if size < 0:
            return memoryview(self.read(number))
        return self._map[begin : begin + size]

    def where(self, number: int) -> str:
        """Return file, number and byte of a record, for messages."""
        return f"{self.path}: record {number} at byte {self.offsets[number]}"


def _mapping(path: str) -> memoryview:
    with open(path, "rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
