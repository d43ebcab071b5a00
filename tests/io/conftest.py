"""Small record files to read."""

import gc
import io
import os
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from paratrain import recordio


def encode(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def numbered(number: int, height: int = 6, width: int = 7) -> np.ndarray:
    """An image that tells its number: red is the number, green the row, blue the column."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, :, 0] = number
    pixels[:, :, 1] = np.arange(height)[:, None]
    pixels[:, :, 2] = np.arange(width)
    return pixels


@pytest.fixture
def make_rec(tmp_path):
    """A function that writes a record file of `n` numbered images and returns its path (the index lies beside it).

    ``make_rec.image(number)`` is such an image, encoded.
    """

    def make(n, name="set", payloads=None, **size):
        path = str(tmp_path / f"{name}.rec")
        with recordio.MXIndexedRecordIO(str(tmp_path / f"{name}.idx"), path, "w") as writer:
            for i in range(n):
                image = (payloads or {}).get(i, encode(numbered(i, **size)))
                writer.write_idx(i, recordio.pack(recordio.IRHeader(0, float(i), i, 0), image))
        return path

    make.image = lambda number, **size: encode(numbered(number, **size))
    return make


@pytest.fixture
def shared():
    """A function that returns the path of real data, which lie beside the project in ``../shared/data``.

    PARATRAIN_SHARED names another folder than ``../shared``. Where they are not there the test is skipped.
    """
    folder = Path(os.environ.get("PARATRAIN_SHARED") or Path(__file__).resolve().parents[2].parent / "shared")

    def find(name):
        path = folder / "data" / name
        if not path.exists():
            pytest.skip(f"needs {path}, which is not part of the project")
        return path

    return find


@pytest.fixture(autouse=True)
def no_threads_left():
    """Every test leaves as many threads as it found."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if not thread.name.startswith("paratrain"):
            continue
        for _ in range(30):
            gc.collect()  # an iterator in a cycle of references
            thread.join(1)  # one of them may have collected the iterator, and be about to end the others
            if not thread.is_alive():
                break
        assert not thread.is_alive()
