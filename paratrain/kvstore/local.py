"""Stores of one process: ``local`` and ``device``."""

from __future__ import annotations

from paratrain import ndarray as nd
from paratrain.kvstore.base import Key, KVStore, add_up
from paratrain.ndarray import NDArray

__all__ = ["LocalKVStore"]


class LocalKVStore(KVStore):
    """Adds up the arrays of the contexts of one process.

    ``local`` and ``device`` differ in MXNet by where the sum is made; here it is made where the value was when `init`
    stored it, so both are this class. Under ``mpirun`` each rank has a store of its own: to add up over ranks use
    ``dist_sync``.
    """

    def _sum(self, key: Key, arrays: list[NDArray], stored: NDArray) -> NDArray:
        if self.compression is not None:
            sent = [self.compression.sent((key, place), array.asnumpy()) for place, array in enumerate(arrays)]
            arrays = [nd.array(each) for each in sent]
        return add_up(arrays, stored)
