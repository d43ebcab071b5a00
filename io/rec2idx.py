"""Write the index of a record file: ``python -m paratrain.io.rec2idx data.rec [data.idx]``."""

from __future__ import annotations

import os
import sys
from typing import Literal

import numpy as np

from paratrain.io import native
from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.header import FORMAT
from paratrain.io.output import PARTIAL, remove


def write_index(rec: str, idx: str | None = None, keys: Literal["number", "id"] = "number") -> int:
    """Write the index of a record file; returns the number of records.

    Parameters
    ----------
    rec : str
        The record file.
    idx : str, optional
        The index to write; default the name of `rec` with the ending ``.idx``.
    keys : {'number', 'id'}
        The numbers of the records from 0, as MXNet's ``rec2idx.py`` has them, or the ``id`` of each record's header,
        which is what ``im2rec`` writes.

    Raises
    ------
    RecordError
        If the file is damaged, or has records without a header where their ids are asked for.
    RecordFileError
        If a file cannot be read or written.

    Examples
    --------
    >>> import tempfile
    >>> from paratrain import recordio
    >>> name = tempfile.mktemp()
    >>> with recordio.MXRecordIO(name + ".rec", "w") as writer:
    ...     for text in (b"one", b"two"):
    ...         writer.write(text)
    >>> write_index(name + ".rec")
    2
    >>> recordio.MXIndexedRecordIO(name + ".idx", name + ".rec", "r").read_idx(1)
    b'two'
    """
    target = idx or index_beside(rec)
    file = native.RecordFile(rec)
    offsets = file.scan()
    names = range(len(offsets)) if keys == "number" else (_id_of(rec, file, i, at) for i, at in enumerate(offsets))
    partial = target + PARTIAL
    try:
        with open(partial, "w", encoding="utf-8") as lines:
            lines.writelines(f"{key}\t{at}\n" for key, at in zip(names, offsets, strict=True))
        os.replace(partial, target)
    except OSError as err:
        raise file_error_from(err, "cannot write the index", target) from err
    finally:
        remove(partial)
    return len(offsets)


def index_beside(rec: str) -> str:
    """Return the name of the index that belongs to a record file."""
    return os.path.splitext(os.fspath(rec))[0] + ".idx"


def _id_of(rec: str, file: native.RecordFile, number: int, offset: np.integer) -> int:
    record = file.read(int(offset), number)
    if len(record) < FORMAT.size:
        raise RecordError(
            f"[rec2idx] {rec}: record {number} at byte {offset} has no header with an id, only {len(record)} bytes; "
            "index the file by number"
        )
    return FORMAT.unpack_from(record)[2]


if __name__ == "__main__":
    from paratrain.launch.cli import main

    sys.exit(main(["rec2idx", *sys.argv[1:]]))
