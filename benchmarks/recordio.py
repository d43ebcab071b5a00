"""Reading record files from the page cache, record by record, against reading the same bytes as a plain file.

paratrain is asked for records by a ``for`` loop, and once more by calls of ``read``, which is MXNet's only way.
"""

from __future__ import annotations

import importlib
import mmap
import tempfile
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import numpy as np
from timing import rate

RECORD_BYTES = (1_000, 3_000, 20_000, 100_000)  # 20 kB: about a JPEG of 256 x 256 pixels
TOTAL = 80_000_000
WAYS = ("by for", "by read()")
READ = 1 << 20  # bytes that the plain file is read by


def module_rate(library: str, options: Namespace) -> dict[str, float]:
    mx = importlib.import_module(library)

    def reading(path: Path, way: str) -> Callable[[], None]:
        def read() -> None:
            reader = mx.recordio.MXRecordIO(str(path), "r")
            count = 0
            if way == "by for" and library == "paratrain":
                for _ in reader:
                    count += 1
            else:
                while reader.read() is not None:
                    count += 1
            reader.close()
            if count != records_of(path):
                raise RuntimeError(f"{records_of(path)} records were written; {count} were read")

        return read

    return each_size(mx, reading, options.seconds)


def each_size(
    mx: object, reading: Callable[[Path, str], Callable[[], None]], seconds: float, ways: tuple[str, ...] = WAYS
) -> dict[str, float]:
    """MB/s of what `reading` does with a file, for each size of records and each way."""
    found = {}
    share = seconds / len(RECORD_BYTES) / len(ways)
    for size in RECORD_BYTES:
        with tempfile.TemporaryDirectory() as folder:
            path = write(mx, Path(folder), size)
            for way in ways:
                speed = rate(reading(path, way), lambda: None, path.stat().st_size, share) / 1e6
                found[f"{size / 1000:g} kB {way}: MB/s"] = speed
    return found


def records_of(path: Path) -> int:
    """Number of records, which the file's name tells."""
    return int(path.stem)


def write(mx: object, folder: Path, size: int) -> Path:
    """Write a file of records of `size` bytes behind their headers."""
    count = TOTAL // size
    path = folder / f"{count}.rec"
    body = np.random.RandomState(0).bytes(size)
    writer = mx.recordio.MXRecordIO(str(path), "w")
    for number in range(count):
        writer.write(mx.recordio.pack(mx.recordio.IRHeader(0, float(number % 10), number, 0), body))
    writer.close()
    return path


def raw_rate(options: Namespace) -> dict[str, float]:
    """Sequential reads into one buffer that begins at a page, as the system copies fastest: the most one can reach."""
    import paratrain

    buffer = mmap.mmap(-1, READ)

    def reading(path: Path, way: str) -> Callable[[], None]:
        def read() -> None:
            with open(path, "rb", buffering=0) as file:
                while file.readinto(buffer):
                    pass

        return read

    found = each_size(paratrain, reading, options.seconds, WAYS[:1])
    return found | {measure.replace(*WAYS): speed for measure, speed in found.items()}


if __name__ == "__main__":
    from timing import run

    run(
        {
            "paratrain": lambda o: module_rate("paratrain", o),
            "mxnet": lambda o: module_rate("mxnet", o),
            "raw": raw_rate,
        }
    )
