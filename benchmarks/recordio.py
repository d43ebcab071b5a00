"""Reading a record file from the page cache, record by record, against reading the same bytes as a plain file."""

from __future__ import annotations

import importlib
import os
import tempfile
from argparse import Namespace
from pathlib import Path

import numpy as np
from timing import rate

RECORD_BYTES = 20_000  # about a JPEG of 256 x 256 pixels
RECORDS = 4_000


def module_rate(library: str, options: Namespace) -> dict[str, float]:
    mx = importlib.import_module(library)
    with tempfile.TemporaryDirectory() as folder:
        path = _write(mx, Path(folder))

        def read() -> None:
            reader = mx.recordio.MXRecordIO(str(path), "r")
            count = 0
            while reader.read() is not None:
                count += 1
            reader.close()
            if count != RECORDS:
                raise RuntimeError(f"{RECORDS} records were written; {count} were read")

        return {"MB/s": rate(read, lambda: None, path.stat().st_size, options.seconds) / 1e6}


def _write(mx: object, folder: Path) -> Path:
    path = folder / "data.rec"
    body = np.random.RandomState(0).bytes(RECORD_BYTES)
    writer = mx.recordio.MXRecordIO(str(path), "w")
    for number in range(RECORDS):
        writer.write(mx.recordio.pack(mx.recordio.IRHeader(0, float(number % 10), number, 0), body))
    writer.close()
    return path


def raw_rate(options: Namespace) -> dict[str, float]:
    """Sequential reads of 1 MB into one buffer: the most a reader can reach."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.bin"
        path.write_bytes(os.urandom(RECORD_BYTES * RECORDS))
        buffer = bytearray(1 << 20)

        def read() -> None:
            with open(path, "rb", buffering=0) as file:
                while file.readinto(buffer):
                    pass

        return {"MB/s": rate(read, lambda: None, path.stat().st_size, options.seconds) / 1e6}


if __name__ == "__main__":
    from timing import run

    run(
        {
            "paratrain": lambda o: module_rate("paratrain", o),
            "mxnet": lambda o: module_rate("mxnet", o),
            "raw": raw_rate,
        }
    )
