"""The mean image that `ImageRecordIter` subtracts: read from a file, or made and written there."""

from __future__ import annotations

import os

import numpy as np

from paratrain.io.errors import RecordError
from paratrain.io.image_filler import ImageFiller
from paratrain.io.loader import Loader, Ring
from paratrain.io.order import Order

NAME = "mean_img"  # of the array in the file, as in MXNet
BATCH = 16  # images in work at once


def load_or_make(path: str, shape: tuple[int, int, int], filler: ImageFiller, records: int, threads: int) -> np.ndarray:
    """Return the mean image, float32 (channels, height, width).

    Parameters
    ----------
    path : str
        The file. If there is none it is written.
    shape : tuple of int
        What the mean image must have.
    filler : ImageFiller
        Gives the images, where the mean has to be made.
    records : int
        Their number.
    threads : int
        Threads that decode them.

    Raises
    ------
    RecordError
        If the file does not hold such an image, or one of the images cannot be decoded.
    """
    from paratrain import ndarray as nd

    if os.path.exists(path):
        arrays = nd.load(path)
        if not isinstance(arrays, dict) or NAME not in arrays or arrays[NAME].shape != shape:
            what = {k: v.shape for k, v in arrays.items()} if isinstance(arrays, dict) else "a list"
            raise RecordError(f"[mean_img] {path} must hold an array {NAME!r} of shape {shape}; it holds {what}")
        return arrays[NAME].asnumpy().astype(np.float32)
    mean = mean_of(shape, filler, records, threads)
    temporary = f"{path}.{os.getpid()}.part"  # several ranks may write the same file; each puts a complete one there
    nd.save(temporary, {NAME: nd.array(mean)})
    os.replace(temporary, path)
    return mean


def mean_of(shape: tuple[int, int, int], filler: ImageFiller, records: int, threads: int) -> np.ndarray:
    """Return the mean of all images of a set."""
    size = min(BATCH, records)
    data, label = Ring((size, *shape), np.float32, 4), Ring((size, filler.label_width), np.float32, 4)
    order = Order(records, size)
    loader = Loader(order, filler.fill, data, label, threads, 2)
    total = np.zeros(shape, np.float64)
    try:
        for _ in range(order.batches(0)):
            slot = loader.next()
            if slot.errors:
                raise slot.errors[min(slot.errors)]
            total += slot.data[: slot.valid].sum(0, dtype=np.float64)
    finally:
        loader.close()
    return (total / records).astype(np.float32)
