"""Record files: sequential and indexed reading and writing, with MXNet's classes.

The format is described in ``docs/file-formats.md``. Reading and writing happen in C++ with the GIL released.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TextIO

import numpy as np

from paratrain.base import MXNetError
from paratrain.io import native
from paratrain.io.decode import ImageError, imdecode, imencode
from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.header import pack, unpack

if TYPE_CHECKING:
    from typing_extensions import Self

log = logging.getLogger("paratrain.io")

# How many forks this process is away from the first: quicker to compare than asking for the process id at each record.
_process = 0


def _count_fork() -> None:
    global _process
    _process += 1


os.register_at_fork(after_in_child=_count_fork)


class MXRecordIO:
    """Sequential reader or writer of a record file.

    Parameters
    ----------
    uri : str
        Path of the file, by custom with the ending ``.rec``.
    flag : {'r', 'w', 'a'}
        Read, write (an existing file is emptied), or append to what is there.

    Attributes
    ----------
    uri, flag : str
    is_open, writable : bool

    Raises
    ------
    RecordFileError
        If the file cannot be opened.
    RecordError
        If the file to append to is damaged: it is walked through before, from header to header.
    ValueError
        If `flag` is none of the above.

    Notes
    -----
    A reader can be pickled; its copy begins at the first record. In a forked process a reader begins again too, and a
    writer refuses to write, since two processes would write into each other's records.

    Examples
    --------
    >>> import tempfile
    >>> from paratrain import recordio
    >>> name = tempfile.mktemp(".rec")
    >>> with recordio.MXRecordIO(name, "w") as writer:
    ...     for i in range(3):
    ...         writer.write(b"record %d" % i)
    >>> reader = recordio.MXRecordIO(name, "r")
    >>> reader.read()
    b'record 0'
    >>> list(reader)
    [b'record 1', b'record 2']
    """

    def __init__(self, uri: str, flag: str) -> None:
        self.uri = os.fspath(uri)
        self.flag = flag
        self.is_open = False
        self.handle: Any = None
        self.pid: int | None = None
        self._ready_to_read = -1  # the number of the process in which it is open for reading
        self.open()

    def open(self) -> None:
        """Open the file again, at its first record; writing empties it, appending goes on at its end."""
        if self.flag not in ("r", "w", "a"):
            raise ValueError(f"[{type(self).__name__}] flag must be 'r', 'w' or 'a'; got {self.flag!r}")
        self.writable = self.flag != "r"
        if self.flag == "a":
            self._check_end()
        self.handle = (
            native.RecordWriter(self.uri, self.flag == "a") if self.writable else native.RecordReader(self.uri)
        )
        self.pid = os.getpid()
        self.is_open = True
        self._ready_to_read = -1 if self.writable else _process

    def _check_end(self) -> None:
        """Refuse to append to a file that does not end with a whole record."""
        if os.path.exists(self.uri):
            native.RecordFile(self.uri).scan()

    def close(self) -> None:
        """Write what is buffered and close the file. A second call does nothing.

        Raises
        ------
        RecordFileError
            If the last records could not be written, for example because the disk is full.
        """
        if not self.is_open:
            return
        handle, self.handle, self.is_open = self.handle, None, False
        self._ready_to_read = -1
        # What a forked writer has buffered belongs to its parent.
        if self.writable and self.pid == os.getpid():
            handle.close()

    def reset(self) -> None:
        """Go back to the first record; a writer begins an empty file, unless it appends."""
        self.close()
        self.open()

    def write(self, buf: bytes) -> None:
        """Append a record.

        Parameters
        ----------
        buf : bytes or other contiguous buffer
            At most 2**29 - 1 bytes.

        Raises
        ------
        ValueError
            If the file is open for reading, or the record too large.
        RecordFileError
            If the system cannot write, for example because the disk is full.
        """
        self._ready(writing=True)
        self.handle.write(memoryview(buf).cast("B"))

    def read(self) -> bytes | None:
        """Return the next record, or None at the end of the file.

        Raises
        ------
        ValueError
            If the file is open for writing.
        RecordError
            If the file is damaged; the text names file, byte and record.
        """
        if self._ready_to_read != _process:
            self._ready(writing=False)
        return self.handle.read()

    def __iter__(self) -> Iterator[bytes]:
        """Give the records from here to the end of the file; faster than a call of `read` for each."""
        self._ready(writing=False)
        return iter(self.handle)

    def _ready(self, writing: bool) -> None:
        """Check that the file is open for reading or writing, in this process."""
        if not self.is_open:
            raise RuntimeError(f"[{type(self).__name__}] {self.uri} is closed; call open() or reset() first")
        if self.writable != writing:
            have, want = ("writing", "reading") if self.writable else ("reading", "writing")
            raise ValueError(f"[{type(self).__name__}] {self.uri} is open for {have}; open it for {want}")
        if self.pid != os.getpid():
            if writing:
                raise RuntimeError(
                    f"[{type(self).__name__}] {self.uri} was opened for writing before this process was forked; "
                    "write to a file of its own in each process"
                )
            self.reset()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "is_open", False):
            self.close()

    def __getstate__(self) -> dict[str, Any]:
        if self.writable:
            raise TypeError(f"[{type(self).__name__}] a writer cannot be pickled: its copy would empty {self.uri}")
        return {k: v for k, v in self.__dict__.items() if k not in ("handle", "pid", "_ready_to_read")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.handle = self.pid = None
        self._ready_to_read = -1
        if self.is_open:
            self.open()


class MXIndexedRecordIO(MXRecordIO):
    """Reader or writer of a record file with an index, for access by key.

    `read_idx` may be called from any number of threads at once.

    Parameters
    ----------
    idx_path : str
        Path of the index: lines of key, tab, byte offset. By custom with the ending ``.idx``. Where a reader finds no
        such file it walks through the record file and takes the numbers of the records, from 0, as keys; a warning
        is logged, since a file packed in another order has other keys (`paratrain.io.rec2idx` writes an index).
    uri : str
        Path of the record file.
    flag : {'r', 'w', 'a'}
        Read, write (existing files are emptied), or append to both files.
    key_type : callable
        Makes a key from its text; default int.

    Attributes
    ----------
    idx : dict
        Byte offset by key.
    keys : list
        All keys, in the order of the index.

    Examples
    --------
    >>> import tempfile
    >>> from paratrain import recordio
    >>> name = tempfile.mktemp()
    >>> with recordio.MXIndexedRecordIO(name + ".idx", name + ".rec", "w") as writer:
    ...     for i in range(5):
    ...         writer.write_idx(i, b"record %d" % i)
    >>> recordio.MXIndexedRecordIO(name + ".idx", name + ".rec", "r").read_idx(3)
    b'record 3'
    """

    def __init__(self, idx_path: str, uri: str, flag: str, key_type: Callable[[str], Any] = int) -> None:
        self.idx_path = os.fspath(idx_path)
        self.key_type = key_type
        self.idx: dict[Any, int] = {}
        self.keys: list[Any] = []
        self.fidx: TextIO | None = None
        self._file: native.RecordFile | None = None
        super().__init__(uri, flag)

    def open(self) -> None:
        """Open both files again, at the first record; writing empties them, appending goes on at their ends."""
        self.idx, self.keys = {}, []
        super().open()
        try:
            if self.writable:
                mode: Literal["w", "a"] = "a" if self.flag == "a" else "w"
                self.fidx = open(self.idx_path, mode, encoding="utf-8", errors="surrogateescape")  # noqa: SIM115 - closed in close()
            elif os.path.exists(self.idx_path):
                self._read_index()
            else:
                self._number_records()
        except BaseException as err:
            super().close()
            if isinstance(err, OSError):
                raise file_error_from(err, "cannot open the index") from err
            raise
        self._file = None if self.writable else native.RecordFile(self.uri)

    def _check_end(self) -> None:
        """Refuse to append where the index does not lead to the end of the record file."""
        rec = native.RecordFile(self.uri) if os.path.exists(self.uri) else None
        if os.path.exists(self.idx_path):
            self._read_index()
        size = rec.size if rec is not None else 0
        last = max(self.idx.values(), default=None)
        end = 0 if last is None else -1
        if rec is not None and last is not None and 0 <= last < size:
            end = rec.end_of(last)
        if end != size:
            raise RecordError(
                f"[MXIndexedRecordIO] {self.idx_path} does not lead to the last record of {self.uri}, so nothing "
                f"can be appended; write the index anew: python -m paratrain.io.rec2idx {self.uri} {self.idx_path}"
            )

    def _number_records(self) -> None:
        """Make an index of a file that has none."""
        offsets = native.RecordFile(self.uri).scan().tolist()
        log.warning(
            "[MXIndexedRecordIO] there is no %s: the keys are the numbers of the %d records, from 0",
            self.idx_path,
            len(offsets),
        )
        self.keys = [self.key_type(str(number)) for number in range(len(offsets))]
        self.idx = dict(zip(self.keys, offsets, strict=True))

    def _read_index(self) -> None:
        line = "\n"
        with open(self.idx_path, encoding="utf-8", errors="surrogateescape") as lines:
            for number, line in enumerate(lines, 1):
                key, _, offset = line.rstrip("\n").partition("\t")
                try:
                    self.keys.append(self.key_type(key))
                    self.idx[self.keys[-1]] = int(offset)
                except (ValueError, OverflowError) as err:
                    raise RecordError(
                        f"[MXIndexedRecordIO] {self.idx_path}: line {number} must hold a key ({self._key_name()}), "
                        f"a tab and a byte offset; got {line!r:.80}"
                    ) from err
        if self.flag == "a" and not line.endswith("\n"):
            raise RecordError(f"[MXIndexedRecordIO] {self.idx_path}: the last line is cut off; got {line!r:.80}")

    def _key_name(self) -> str:
        return getattr(self.key_type, "__name__", str(self.key_type))

    def close(self) -> None:
        """Write what is buffered and close both files. A second call does nothing."""
        fidx, self.fidx, self._file = self.fidx, None, None
        try:
            super().close()
        finally:
            if fidx is not None:
                self._close_index(fidx)

    def _close_index(self, fidx: TextIO) -> None:
        try:
            if self.pid == os.getpid():
                fidx.close()
            else:
                os.close(fidx.fileno())  # without writing what belongs to the parent
        except OSError as err:
            raise file_error_from(err, "cannot write the index", self.idx_path) from err

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        del state["fidx"], state["_file"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.fidx = self._file = None
        super().__setstate__(state)

    def seek(self, idx: Any) -> None:
        """Go to the record with key `idx`; the next `read` returns it.

        Raises
        ------
        KeyError
            If there is no such key.
        """
        self._ready(writing=False)
        self.handle.seek(self.idx[idx])

    def tell(self) -> int:
        """Return the byte at which the next record begins."""
        if not self.is_open:
            raise RuntimeError(f"[MXIndexedRecordIO] {self.uri} is closed; call open() or reset() first")
        return self.handle.tell()

    def read_idx(self, idx: Any) -> bytes:
        """Return the record with key `idx`.

        Raises
        ------
        KeyError
            If there is no such key.
        RecordError
            If no record begins where the index points to.
        """
        self._ready(writing=False)
        at, file = self.idx[idx], self._file
        assert file is not None  # open for reading
        if at == file.size or (at > file.size and at >= os.path.getsize(self.uri)):
            raise RecordError(
                f"[MXIndexedRecordIO] {self.uri}: key {idx!r} points to byte {at}, where the file ends; "
                f"{self.idx_path} belongs to another file"
            )
        record, end = file.read_to(at)
        self.handle.seek(end)  # `read` goes on behind it
        return record

    def write_idx(self, idx: Any, buf: bytes) -> None:
        """Append a record and enter it in the index under the key `idx`."""
        key = self.key_type(idx)
        text = str(key)
        if any(sign in text for sign in "\t\n\r"):
            raise ValueError(f"[MXIndexedRecordIO] a key must not contain tabs or line breaks; got {text!r}")
        self._ready(writing=True)
        at = self.handle.tell()
        self.write(buf)
        assert self.fidx is not None  # open for writing
        self.fidx.write(f"{text}\t{at}\n")
        self.idx[key] = at
        self.keys.append(key)


def pack_img(header: tuple, img: np.ndarray, quality: int = 95, img_fmt: str = ".jpg") -> bytes:
    """Encode an image and put a header before it.

    Parameters
    ----------
    header : IRHeader
        See `pack`.
    img : uint8 array, shape (height, width) or (height, width, 3)
        Colours in the order blue, green, red, as OpenCV (and MXNet) has them.
    quality : int
        JPEG: 1 to 100. PNG: strength of the compression, 0 to 9; what is above counts as 9, as it does in MXNet.
        Default 95.
    img_fmt : {'.jpg', '.jpeg', '.png'}
        Default '.jpg'.

    Returns
    -------
    bytes
        What `MXRecordIO.write` takes.
    """
    if img_fmt.lower() == ".png":
        quality = min(quality, 9)
    return pack(header, imencode(np.asarray(img), quality, img_fmt))


def unpack_img(s: bytes, iscolor: int = -1) -> tuple[Any, np.ndarray]:
    """Split a record into its header and the decoded image.

    Parameters
    ----------
    s : bytes
        A record as read by `MXRecordIO.read`.
    iscolor : {-1, 0, 1}
        Decode as it is, to grey, or to colour. Default -1.

    Returns
    -------
    header : IRHeader
    img : uint8 array, shape (height, width) or (height, width, 3)
        Colours in the order blue, green, red.

    Raises
    ------
    RecordError
        If the record holds no image that can be decoded.
    """
    header, data = unpack(s)
    try:
        return header, imdecode(data, iscolor)
    except ImageError as err:
        raise RecordError(f"[unpack_img] record with id {header.id}: {err}") from err


__all__ = ["MXIndexedRecordIO", "MXNetError", "MXRecordIO", "pack_img", "unpack_img"]
