"""Store with Horovod's two calls: nothing is kept, arrays are added up or copied over the ranks."""

from __future__ import annotations

from typing import Any

from paratrain.base import ParatrainError
from paratrain.kvstore.base import pairs
from paratrain.kvstore.dist import DistKVStore

__all__ = ["HorovodKVStore"]


class HorovodKVStore(DistKVStore):
    """Adds arrays up over the ranks (`pushpull`) and copies those of rank 0 (`broadcast`), without stored values.

    Everything else that a store with values has is refused.

    Parameters
    ----------
    kind : str
        The type it was asked for by.

    Examples
    --------
    >>> import paratrain as mx
    >>> kv, grad = mx.kv.create("horovod"), mx.nd.ones((2,))
    >>> kv.pushpull("w", [grad, grad])
    >>> grad.asnumpy().tolist()
    [2.0, 2.0]
    """

    @property
    def local_rank(self) -> int:
        """Number of this process among the ranks of its host."""
        return self.world.local_rank

    def is_capable(self, capability: str) -> bool:
        """False for ``'optimizer'``: updates are made outside of the store."""
        super().is_capable(capability)
        return False

    def broadcast(self, key: Any, value: Any, out: Any, priority: int = 0) -> None:
        """Copy the value of rank 0 into `out` on all ranks. A collective; a key may be used again."""
        for (each, values), (_, outs) in zip(pairs("broadcast", key, value), pairs("broadcast", key, out), strict=True):
            found = self._begin(each, values[0].copy())
            for array in outs:
                found.copyto(array)

    def pushpull(self, key: Any, value: Any, out: Any = None, priority: int = 0) -> None:
        """Add up the arrays of each key, over the ranks too; the sum goes to `out`, or into them. A collective."""
        targets = pairs("pushpull", key, value if out is None else out)
        for (each, values), (_, outs) in zip(pairs("pushpull", key, value), targets, strict=True):
            total = self._sum(each, values, values[0])
            for array in outs:
                total.copyto(array)

    def _refuse(self, call: str) -> ParatrainError:
        return ParatrainError(f"[KVStore.{call}] a store of type {self.type!r} keeps no values; use 'dist_sync'")

    def init(self, key: Any, value: Any) -> None:
        """Refused: there are no stored values."""
        raise self._refuse("init")

    def push(self, key: Any, value: Any, priority: int = 0) -> None:
        """Refused: there are no stored values."""
        raise self._refuse("push")

    def pull(self, key: Any, out: Any = None, priority: int = 0, ignore_sparse: bool = True) -> None:
        """Refused: there are no stored values."""
        raise self._refuse("pull")

    def set_updater(self, updater: Any) -> None:
        """Refused: there are no stored values."""
        raise self._refuse("set_updater")

    def set_optimizer(self, optimizer: Any) -> None:
        """Refused: there are no stored values."""
        raise self._refuse("set_optimizer")
