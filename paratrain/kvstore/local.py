"""Stores of one process: ``local`` and ``device``."""

from __future__ import annotations

from paratrain.kvstore.base import KVStore

__all__ = ["LocalKVStore"]


class LocalKVStore(KVStore):
    """Adds up the arrays of the contexts of one process.

    ``local`` and ``device`` differ in MXNet by where the sum is made; here it is made where the value was when `init`
    stored it, so both are this class. Under ``mpirun`` each rank has a store of its own: to add up over ranks use
    ``dist_sync``.
    """
