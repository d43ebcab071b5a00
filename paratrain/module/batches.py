"""The batches of an epoch, as many on every rank, and how long they were waited for."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain.ext import engine
from paratrain.io.data import DataBatch, DataDesc

__all__ = ["Batches", "without_padding"]


class Batches:
    """Batches of this rank, then None as long as another rank has one.

    Parameters
    ----------
    world : World
        The ranks.
    source : DataIter
    drop_padding : bool
        Leave out rows that only fill up a batch.

    Attributes
    ----------
    samples : int
        Rows given out so far, padding left out.
    data_seconds : float
        Spent in the iterator.
    slowest_seconds : float
        Waited until the other ranks had come as far.
    """

    def __init__(self, world: Any, source: Iterable[Any], drop_padding: bool) -> None:
        self._world, self._source, self._drop = world, source, drop_padding
        self.samples = 0
        self.data_seconds = self.slowest_seconds = 0.0

    def __iter__(self) -> Iterator[Any]:
        mine, known = iter(self._source), self._known()
        count = 0
        while known is None or count < known:
            count += 1
            began = time.perf_counter()
            with engine.region("data", "next batch"):
                batch = next(mine, None)
            got = time.perf_counter()
            self.data_seconds += got - began
            if known is None and not self._anybody(batch is not None):
                return
            self.slowest_seconds += time.perf_counter() - got
            if batch is not None:
                self.samples += batch.data[0].shape[0] - (batch.pad or 0)
                if self._drop and batch.pad:
                    batch = without_padding(batch, getattr(self._source, "provide_data", []))
            yield batch

    def _known(self) -> int | None:
        """Steps of the epoch, if every rank knows how many batches it has left: no step has to ask then.

        A collective.
        """
        if self._world.size == 1:
            return None
        everyone = self._world.allgather_object(getattr(self._source, "batches_left", None))
        return None if None in everyone else max(everyone)

    def _anybody(self, here: bool) -> bool:
        """Whether a rank has a batch. A collective, which waits for the slowest rank."""
        if self._world.size == 1:
            return here
        having = np.array([here], np.int32)
        with engine.region("communication", "wait for the slowest rank"):
            self._world.allreduce(having, "the next batch")
        return bool(having[0])


def without_padding(batch: DataBatch, descs: Iterable[DataDesc] = ()) -> DataBatch | None:
    """Return a batch without the rows that fill it up; None if it has no others.

    Parameters
    ----------
    batch : DataBatch
    descs : iterable of DataDesc
        Say which axis of the data is that of the batch; default the first.

    Examples
    --------
    >>> import paratrain as mx
    >>> batch = mx.io.DataBatch([mx.nd.ones((4, 2))], [mx.nd.ones((4,))], pad=1)
    >>> without_padding(batch).data[0].shape
    (3, 2)
    """
    layouts = [getattr(desc, "layout", None) for desc in batch.provide_data or descs]
    axis = DataDesc.get_batch_axis(layouts[0]) if layouts else 0
    size = batch.data[0].shape[axis]
    rows = size - (batch.pad or 0)
    if rows <= 0:
        return None

    def cut(array: Any) -> Any:
        if axis >= len(array.shape) or array.shape[axis] != size:
            return array  # labels of networks over time may have one axis less
        return array[:rows] if axis == 0 else nd.slice_axis(array, axis=axis, begin=0, end=rows)

    index = None if batch.index is None else batch.index[:rows]
    data, label = [cut(a) for a in batch.data], [cut(a) for a in batch.label or []]
    return DataBatch(data, label, 0, index, batch.bucket_key, *_descs(batch, data, label))


def _descs(batch: DataBatch, data: list[Any], label: list[Any]) -> tuple[Any, Any]:
    def of(descs: Any, arrays: list[Any]) -> Any:
        return descs and [DataDesc(d.name, a.shape, d.dtype, d.layout) for d, a in zip(descs, arrays, strict=True)]

    return of(batch.provide_data, data), of(batch.provide_label, label)
