"""Arrays in files: MXNet's binary format (``.params``, ``.nd``), both ways.

A file holds, all numbers little-endian::

    uint64 0x112, uint64 0, uint64 number of arrays, the arrays, uint64 number of names, the names
    name:   uint64 length, UTF-8 bytes
    array:  uint32 0xF993FAC9 (V2) or 0xF993FACA (V3), int32 storage type (0: dense), shape, context,
            int32 element type, elements
    shape:  int32 number of axes, int64 for each size
    context: int32 device type, int32 device number

V3 is what MXNet writes for arrays without axes or without elements. Older files have arrays without storage type (V1,
0xF993FAC8), or (before 0.10) with the number of axes in place of the magic number and 32-bit sizes.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import numpy as np

from paratrain._files import replaced
from paratrain.base import DTYPE_FLAGS, FLAG_DTYPES, MXNetFileError, MXNetValueError, item_size
from paratrain.ndarray.invoke import empty_like_desc
from paratrain.ndarray.ndarray import NDArray
from paratrain.ops.rules import product

__all__ = ["load", "load_frombuffer", "save"]

LIST_MAGIC = 0x112
V1_MAGIC, V2_MAGIC, V3_MAGIC = 0xF993FAC8, 0xF993FAC9, 0xF993FACA
MAX_AXES = 32
_STORAGE_TYPES = {1: "row_sparse", 2: "csr"}
_DEVICE_TYPES = (1, 2, 3, 5)
_CPU = (1, 0)


# -- writing ----------------------------------------------------------------------------------------------------------


def save(fname: str | os.PathLike, data: Any) -> None:
    """Write arrays to a file, which is replaced only when all is written.

    Parameters
    ----------
    fname : str or path-like
    data : NDArray, list of NDArray or dict of str to NDArray

    Raises
    ------
    TypeError, ValueError
        If `data` is something else.
    OSError
        If the file cannot be written, for example because the disk is full; what was there before is unchanged.

    Examples
    --------
    >>> import os, tempfile
    >>> import paratrain as mx
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     name = os.path.join(folder, 'w.params')
    ...     mx.nd.save(name, {'arg:w': mx.nd.array([1, 2])})
    ...     mx.nd.load(name)['arg:w'].asnumpy()
    array([1., 2.], dtype=float32)
    """
    if not isinstance(fname, (str, os.PathLike)):
        raise TypeError(f"[nd.save] fname must be str or path; got {type(fname).__name__}")
    parts = _parts(*_named(data))
    with replaced(fname, "nd.save") as file:
        for part in parts:
            file.write(part)


def write(file: Any, data: Any) -> None:
    """Write what `save` writes to an open binary file."""
    for part in _parts(*_named(data)):
        file.write(part)


def to_bytes(data: Any) -> bytes:
    """What `save` writes, as bytes for `load_frombuffer`."""
    return b"".join(_parts(*_named(data)))


def _named(data: Any) -> tuple[list[str], list[NDArray]]:
    if isinstance(data, NDArray):
        return [], [data]
    if isinstance(data, Mapping):
        names, arrays = list(data.keys()), list(data.values())
    elif isinstance(data, (list, tuple)):
        names, arrays = [], list(data)
    else:
        raise ValueError(f"[nd.save] data must be NDArray, list or dict of NDArray; got {type(data).__name__}")
    for i, array in enumerate(arrays):
        if not isinstance(array, NDArray):
            which = repr(names[i]) if names else i
            raise TypeError(f"[nd.save] array {which} must be NDArray; got {type(array).__name__}")
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"[nd.save] names must be str; got {type(name).__name__} {name!r}")
    return names, arrays


def _parts(names: Sequence[str], arrays: Sequence[NDArray]) -> Iterator[bytes | memoryview]:
    """The bytes of a file, piece by piece."""
    yield struct.pack("<3Q", LIST_MAGIC, 0, len(arrays))
    for array in arrays:
        yield _header(array)
        values = array.to_numpy_view() if array.storage.device_type != 2 else array.asnumpy()
        yield values.reshape(-1).view(np.uint8).data
    yield struct.pack("<Q", len(names))
    for name in names:
        raw = name.encode()
        yield struct.pack("<Q", len(raw)) + raw


def _header(array: NDArray) -> bytes:
    magic = V2_MAGIC if array.size and array.ndim else V3_MAGIC
    shape = struct.pack(f"<i{array.ndim}q", array.ndim, *array.shape)
    context = array.context
    tail = struct.pack("<3i", context.device_typeid, context.device_id, DTYPE_FLAGS[array.dtype_str])
    return struct.pack("<Ii", magic, 0) + shape + tail


# -- reading ----------------------------------------------------------------------------------------------------------


def load(fname: str | os.PathLike) -> list[NDArray] | dict[str, NDArray]:
    """Arrays from a file that `save`, or any version of MXNet, wrote.

    Parameters
    ----------
    fname : str or path-like

    Returns
    -------
    list of NDArray or dict of str to NDArray
        As they were saved, on the CPU (wherever they were when they were saved).

    Raises
    ------
    MXNetError
        Also an OSError if the file cannot be read; a ValueError, with file and byte offset, if it is damaged.
    """
    if not isinstance(fname, (str, os.PathLike)):
        raise TypeError(f"[nd.load] fname must be str or path; got {type(fname).__name__}")
    try:
        with open(fname, "rb") as file:
            return _read(_FileSource(file, os.fspath(fname)))
    except OSError as e:
        if isinstance(e, MXNetFileError):
            raise
        raise MXNetFileError(f"[nd.load] cannot read {os.fspath(fname)!r}: {e.strerror or e}", e) from e


def load_frombuffer(buf: bytes) -> list[NDArray] | dict[str, NDArray]:
    """Arrays from bytes, as `load` from a file.

    Parameters
    ----------
    buf : bytes-like
    """
    try:
        view = memoryview(buf).cast("B")
    except TypeError:
        raise TypeError(f"[nd.load_frombuffer] buf must be bytes; got {type(buf).__name__}") from None
    return _read(_BufferSource(view))


class _Source:
    """Bytes to be read one after the other, with a known end.

    Attributes
    ----------
    name : str
    size : int
    offset : int
        Of what is read next.
    """

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size, self.offset = name, size, 0

    def fill(self, target: memoryview) -> None:
        """Read into `target`, for which there are enough bytes."""
        raise NotImplementedError

    def need(self, count: int, what: str) -> None:
        """Raise ValueError unless `count` bytes are left."""
        if count > self.size - self.offset:
            raise self.damaged(f"{what} needs {count} bytes; {self.size - self.offset} are left: the file is cut off")

    def numbers(self, layout: str, what: str) -> tuple[int, ...]:
        """Numbers as `struct` reads them."""
        size = struct.calcsize("<" + layout)
        self.need(size, what)
        raw = bytearray(size)
        self.fill(memoryview(raw))
        self.offset += size
        return struct.unpack("<" + layout, raw)

    def into(self, target: memoryview) -> None:
        """Read as many bytes as `target` has; `need` must have been called."""
        self.fill(target)
        self.offset += len(target)

    def damaged(self, text: str, back: int = 0) -> MXNetValueError:
        """Error about the bytes that begin `back` before the present offset."""
        return MXNetValueError(f"[nd.load] {self.name}: at byte {self.offset - back}: {text}")


class _FileSource(_Source):
    def __init__(self, file: BinaryIO, name: str) -> None:
        super().__init__(name, os.fstat(file.fileno()).st_size)
        self._file = file

    def fill(self, target: memoryview) -> None:
        if self._file.readinto(target) != len(target):  # type: ignore[attr-defined]
            raise self.damaged("the file got shorter while it was read")


class _BufferSource(_Source):
    def __init__(self, view: memoryview) -> None:
        super().__init__("buffer", len(view))
        self._view = view

    def fill(self, target: memoryview) -> None:
        target[:] = self._view[self.offset : self.offset + len(target)]


def _read(source: _Source) -> list[NDArray] | dict[str, NDArray]:
    magic, _ = source.numbers("QQ", "the header")
    if magic != LIST_MAGIC:
        raise source.damaged(f"must begin with {LIST_MAGIC:#x}; got {magic:#x}: not a file of arrays", back=16)
    (count,) = source.numbers("Q", "the number of arrays")
    source.need(count * 8, f"{count} arrays (at least)")
    arrays = [_read_array(source, i) for i in range(count)]
    (named,) = source.numbers("Q", "the number of names")
    if named not in (0, count):
        raise source.damaged(f"must have a name for each of the {count} arrays, or none; got {named}", back=8)
    names = [_read_name(source, i) for i in range(named)]
    if source.offset != source.size:
        raise source.damaged(f"must end here; {source.size - source.offset} bytes follow")
    return dict(zip(names, arrays)) if names else arrays


def _read_name(source: _Source, index: int) -> str:
    (length,) = source.numbers("Q", f"the length of name {index}")
    source.need(length, f"name {index}")
    raw = bytearray(length)
    source.into(memoryview(raw))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise source.damaged(f"name {index} must be UTF-8; got {bytes(raw[:40])!r}", back=length) from None


def _read_array(source: _Source, index: int) -> NDArray:
    what = f"array {index}"
    shape = _read_shape(source, what)
    device_type, device_id, flag = source.numbers("3i", f"context and element type of {what}")
    if device_type not in _DEVICE_TYPES or device_id < 0:
        raise source.damaged(f"{what} must have a context; got device type {device_type}, {device_id}", back=12)
    if flag not in FLAG_DTYPES:
        raise source.damaged(f"{what} must have an element type of {sorted(FLAG_DTYPES)}; got {flag}", back=4)
    dtype = FLAG_DTYPES[flag]
    source.need(product(shape) * item_size(dtype), f"{what} of shape {shape} and type {dtype}")
    out = empty_like_desc((shape, dtype), _CPU)
    if out.size:
        source.into(out.to_numpy_view().reshape(-1).view(np.uint8).data)
    if dtype == "bool" and out.size:
        raw = out.to_numpy_view().view(np.uint8)
        np.minimum(raw, 1, out=raw)  # a byte other than 0 and 1 is not a bool to C++
    return out


def _read_shape(source: _Source, what: str) -> tuple[int, ...]:
    """Shape of the next array, whatever version it has."""
    (magic,) = source.numbers("I", what)
    if magic in (V2_MAGIC, V3_MAGIC):
        (storage,) = source.numbers("i", f"the storage type of {what}")
        if storage != 0:
            kind = _STORAGE_TYPES.get(storage, storage)
            raise source.damaged(f"{what} must be dense; got storage type {kind}; save it with tostype('default')", 4)
    elif magic != V1_MAGIC and not 1 <= magic <= MAX_AXES:
        raise source.damaged(f"{what} must begin with {V2_MAGIC:#x} (or an older mark); got {magic:#x}", back=4)
    if magic <= MAX_AXES:
        axes, size = magic, "I"
    else:
        (axes,), size = source.numbers("i", f"the number of axes of {what}"), "q"
        if not 0 <= axes <= MAX_AXES:
            raise source.damaged(f"{what} must have 0 to {MAX_AXES} axes; got {axes}", back=4)
    shape = source.numbers(f"{axes}{size}", f"the shape of {what}")
    if any(d < 0 for d in shape):
        raise source.damaged(f"sizes of {what} must not be negative; got {shape}", back=axes * 8)
    return shape
