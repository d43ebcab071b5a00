"""Store over the ranks of a job: ``dist_sync`` and its other names."""

from __future__ import annotations

from paratrain.ext import engine
from paratrain.kvstore.base import Key, KVStore, add_up
from paratrain.kvstore.compare import Entry, check_same
from paratrain.kvstore.transport import world
from paratrain.ndarray import NDArray

__all__ = ["DistKVStore"]


class DistKVStore(KVStore):
    """Adds up over the contexts of each rank, then over the ranks.

    All ranks make the same calls in the same order. Each rank keeps all values; they are the same on all, since sums
    and updates are. `Module` does not push gradient by gradient: it adds up slices of one flat buffer while backward
    runs (see `buckets`).

    Parameters
    ----------
    kind : str
        The type it was asked for by.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind, world())
        self._compared: set[Key] = set()

    def _begin(self, key: Key, value: NDArray) -> NDArray:
        self._compare("first values", key, value)
        self.world.broadcast(value, what=f"the first value of key {key!r}")
        return value

    def _sum(self, key: Key, arrays: list[NDArray], stored: NDArray) -> NDArray:
        total = add_up(arrays, stored)
        if key not in self._compared:
            self._compare("pushed values", key, total)
            self._compared.add(key)
        with engine.region("communication", f"push {key}"):
            if self.compression is not None:
                self.compression.allreduce(self.world, key, total, f"push of key {key!r}")
            else:
                self.world.allreduce(total, f"push of key {key!r}")
        return total

    def _compare(self, what: str, key: Key, value: NDArray) -> None:
        if self.world.size > 1:
            check_same(self.world, what, [Entry(f"key {key!r}", value.shape, value.dtype_str)])
