"""The header of a record that holds an image or other labelled data.

Layout, little-endian: ``flag`` uint32, ``label`` float32, ``id`` uint64, ``id2`` uint64, then, where ``flag`` > 0,
``flag`` labels as float32 (and ``label`` is 0), then the data.
"""

from __future__ import annotations

import struct
from collections import namedtuple
from numbers import Number
from typing import Any

import numpy as np

from paratrain.io.errors import RecordError

FORMAT = struct.Struct("<IfQQ")

IRHeader = namedtuple("HEADER", ["flag", "label", "id", "id2"])  # type: ignore[name-match] # as in MXNet
IRHeader.__doc__ = """Header of a record: (flag, label, id, id2).

Parameters
----------
flag : int
    Number of labels if there are several; 0 for a single one. `pack` sets it from the label.
label : float or array of float
    One number, or several.
id : int
    Identity of the record, 0 to 2**64 - 1; the key in the index file of ``im2rec``.
id2 : int
    A second identity; usually 0.
"""


def pack(header: tuple, s: bytes) -> bytes:
    """Put a header before the bytes `s`.

    Parameters
    ----------
    header : IRHeader
        Its ``flag`` is ignored: it is 0 for a number as label, else the number of labels.
    s : bytes
        The data, for example an encoded image.

    Returns
    -------
    bytes
        What `MXRecordIO.write` takes.

    Raises
    ------
    ValueError
        If the header does not fit the format.

    Examples
    --------
    >>> from paratrain import recordio
    >>> packed = recordio.pack(recordio.IRHeader(0, 4.0, 7, 0), b"data")
    >>> recordio.unpack(packed)
    (HEADER(flag=0, label=4.0, id=7, id2=0), b'data')
    """
    header = IRHeader(*header)
    if isinstance(header.label, Number):
        return _fixed(header._replace(flag=0)) + s
    labels = np.asarray(header.label, dtype="<f4").reshape(-1)
    return _fixed(header._replace(flag=labels.size, label=0)) + labels.tobytes() + s


def _fixed(header: Any) -> bytes:
    try:
        return FORMAT.pack(header.flag, header.label, header.id, header.id2)
    except (struct.error, OverflowError) as err:
        raise ValueError(
            "[pack] id and id2 must be whole numbers from 0 to 2**64 - 1, and the label a number that float32 can "
            f"hold; got {header}"
        ) from err


def unpack(s: bytes) -> tuple[Any, bytes]:
    """Split a record into its header and its data; the inverse of `pack`.

    Parameters
    ----------
    s : bytes
        A record as read by `MXRecordIO.read`.

    Returns
    -------
    header : IRHeader
        With a float as label, or a float32 array of shape (flag,) where ``flag`` > 0.
    data : bytes

    Raises
    ------
    RecordError
        If `s` is too short for its header.
    """
    if len(s) < FORMAT.size:
        raise RecordError(f"[unpack] a record with a header has at least {FORMAT.size} bytes; got {len(s)}")
    header = IRHeader(*FORMAT.unpack_from(s))
    if not header.flag:
        return header, s[FORMAT.size :]
    end = FORMAT.size + 4 * header.flag
    if len(s) < end:
        raise RecordError(f"[unpack] a record with {header.flag} labels has at least {end} bytes; got {len(s)}")
    labels = np.frombuffer(s, "<f4", header.flag, FORMAT.size).astype(np.float32)
    return header._replace(label=labels), s[end:]
