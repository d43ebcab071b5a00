"""What all key-value stores share: keys, stored values, the updater, optimizer states."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from paratrain import ndarray as nd
from paratrain.base import ParatrainError
from paratrain.kvstore import compression
from paratrain.kvstore.alone import Alone
from paratrain.kvstore.transport import World
from paratrain.ndarray import NDArray

__all__ = ["KVStore", "pairs"]

Key = int | str

#: Types of stores whose gradients can be compressed.
_COMPRESSING = ("device", "dist_sync", "dist", "dist_device_sync", "dist_sync_device", "dist_device", "horovod", "nccl")


class KVStore:
    """Values by key: what is pushed is added up, what is pulled is the result.

    Made by `create`. ``push`` of several arrays under one key adds them up; without an updater the sum replaces the
    stored value, with one (`set_updater`, `set_optimizer`) the updater is called with key, sum and stored value.

    Parameters
    ----------
    kind : str
        The type it was asked for by.
    world : World, optional
        Ranks over which it adds up; by default this process alone.

    Examples
    --------
    >>> import paratrain as mx
    >>> kv = mx.kv.create("local")
    >>> kv.init(3, mx.nd.zeros((2,)))
    >>> kv.push(3, [mx.nd.ones((2,)), mx.nd.ones((2,))])
    >>> out = mx.nd.empty((2,))
    >>> kv.pull(3, out=out)
    >>> out.asnumpy().tolist()
    [2.0, 2.0]
    """

    OPTIMIZER = "optimizer"  #: a capability, see `is_capable`

    def __init__(self, kind: str, world: World | None = None) -> None:
        self._kind = kind
        self.world: World = world or Alone()
        self._stored: dict[Key, NDArray] = {}
        self._key_type: type | None = None
        self._updater: Callable[[Any, Any, Any], None] | None = None
        self.compression: compression.Compression | None = None

    @property
    def type(self) -> str:
        """The type it was created by."""
        return self._kind

    @property
    def rank(self) -> int:
        """Number of this process among the ranks; 0 where it is alone."""
        return self.world.rank

    @property
    def num_workers(self) -> int:
        """Number of ranks."""
        return self.world.size

    def __repr__(self) -> str:
        return f"<KVStore {self.type}: rank {self.rank} of {self.num_workers}, {len(self._stored)} keys>"

    # -- values ---------------------------------------------------------------------------------------------------

    def init(self, key: Any, value: Any) -> None:
        """Give keys their first values; over ranks those of rank 0. A collective.

        Parameters
        ----------
        key : int, str or list of these
            New keys; all ints or all text in one store.
        value : NDArray or list
            As many; of several arrays under one key the first counts.

        Raises
        ------
        ParatrainError
            For a key that exists, or of the other kind.
        """
        for each, arrays in pairs("init", key, value):
            self._check_kind(each)
            if each in self._stored:
                raise ParatrainError(f"[KVStore.init] key {each!r} exists already; push new values to it")
            self._stored[each] = self._begin(each, arrays[0].copy())

    def push(self, key: Any, value: Any, priority: int = 0) -> None:
        """Add up the arrays of each key, over ranks too, and store the sum or give it to the updater. A collective.

        Parameters
        ----------
        key : int, str or list of these
        value : NDArray or list
            For each key an array or a list of arrays, of the stored shape.
        priority : int, default 0
            A hint; sums are made in the order of the calls.

        Raises
        ------
        ParatrainError
            For a key that was not initialised, or over ranks for another order of keys than on rank 0.
        ValueError
            For an array of another shape than the stored one.
        """
        for each, arrays in pairs("push", key, value):
            stored = self._find("push", each, arrays)
            merged = self._sum(each, arrays, stored)
            if self._updater is None:
                self._stored[each] = merged.astype(stored.dtype_str, copy=False)
            else:
                self._updater(each, merged, stored)

    def pull(self, key: Any, out: Any = None, priority: int = 0, ignore_sparse: bool = True) -> None:
        """Copy the stored values into arrays.

        Parameters
        ----------
        key : int, str or list of these
        out : NDArray or list
            For each key an array or a list of arrays.
        priority : int, default 0
            A hint.
        ignore_sparse : bool, default True
            Without effect: all arrays are dense.
        """
        if out is None:
            raise TypeError("[KVStore.pull] out is required: the arrays that the values are copied to")
        for each, arrays in pairs("pull", key, out):
            stored = self._find("pull", each, arrays)
            for array in arrays:
                stored.copyto(array)

    def pushpull(self, key: Any, value: Any, out: Any = None, priority: int = 0) -> None:
        """`push`, then `pull` into `out`, or into the pushed arrays themselves. A collective."""
        self.push(key, value, priority)
        self.pull(key, value if out is None else out, priority)

    def broadcast(self, key: Any, value: Any, out: Any, priority: int = 0) -> None:
        """`init`, then `pull` into `out`: over ranks, the value of rank 0 for all. A collective."""
        self.init(key, value)
        self.pull(key, out, priority)

    def row_sparse_pull(self, key: Any, out: Any = None, priority: int = 0, row_ids: Any = None) -> None:
        """Refused: there are no sparse arrays.

        Raises
        ------
        NotImplementedError
        """
        raise NotImplementedError("[KVStore.row_sparse_pull] there are no sparse arrays; use pull")

    def barrier(self) -> None:
        """Return when every rank has called it."""
        self.world.barrier()

    _barrier = barrier

    def is_capable(self, capability: str) -> bool:
        """Whether the store can do something.

        Parameters
        ----------
        capability : {'optimizer'}
            Updating stored values by `set_optimizer`.

        Raises
        ------
        ValueError
            For another capability.
        """
        if str(capability).lower() != self.OPTIMIZER:
            raise ValueError(f"[KVStore.is_capable] the capability must be 'optimizer'; got {capability!r}")
        return True

    # -- updating -------------------------------------------------------------------------------------------------

    def set_updater(self, updater: Callable[[Any, Any, Any], None]) -> None:
        """Let ``updater(key, sum, stored)`` change the stored value at each push."""
        if not callable(updater):
            raise TypeError(f"[KVStore.set_updater] the updater must be callable; got {type(updater).__name__}")
        self._updater = updater

    _set_updater = set_updater

    def set_optimizer(self, optimizer: Any) -> None:
        """Let an optimizer change the stored values at each push.

        Over ranks each rank does so with the same sums, so that the values stay the same on all.
        """
        from paratrain.optimizer import Optimizer, get_updater

        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"[KVStore.set_optimizer] expected an Optimizer; got {type(optimizer).__name__}")
        self.set_updater(get_updater(optimizer))

    def set_gradient_compression(self, compression_params: dict[str, Any]) -> None:
        """Send gradients in fewer bits; see `paratrain.kvstore.compression`.

        Parameters
        ----------
        compression_params : dict
            ``{'type': '2bit', 'threshold': 0.5}``, ``{'type': 'fp16'}`` or ``{'type': 'bf16'}``; ``{'type': 'none'}``
            ends it.

        Raises
        ------
        NotImplementedError
            For a store of type ``local``, as in MXNet: there is nothing to save.
        MXNetError
            For another type of compression.
        """
        if self.type not in _COMPRESSING:
            raise NotImplementedError(f"[KVStore] {self.type!r} sends nothing; gradient compression is for dist_sync")
        self.compression = compression.create(compression_params)

    def save_optimizer_states(self, fname: str, dump_optimizer: bool = False) -> None:
        """Write the states of the optimizer.

        Parameters
        ----------
        fname : str
            The file; replaced only when the new one is complete.
        dump_optimizer : bool, default False
            Write rates, multipliers and the schedule too.

        Raises
        ------
        ParatrainError
            When no optimizer was set.
        """
        from paratrain.checkpoint.files import write_atomic

        write_atomic(os.fspath(fname), self._states("save_optimizer_states").get_states(dump_optimizer))

    def load_optimizer_states(self, fname: str) -> None:
        """Read what `save_optimizer_states` wrote.

        Raises
        ------
        ParatrainError
            When no optimizer was set.
        ValueError
            For a damaged file, or states of another optimizer.
        """
        updater = self._states("load_optimizer_states")
        with open(fname, "rb") as f:
            updater.set_states(f.read())

    # -- parts ----------------------------------------------------------------------------------------------------

    def _states(self, call: str) -> Any:
        if not hasattr(self._updater, "get_states"):
            raise ParatrainError(f"[KVStore.{call}] there is no optimizer; call set_optimizer first")
        return self._updater

    def _check_kind(self, key: Key) -> None:
        if self._key_type is None:
            self._key_type = type(key)
        if type(key) is not self._key_type:
            raise ParatrainError(
                f"[KVStore] keys must be all ints or all text; got {key!r} after keys of type {self._key_type.__name__}"
            )

    def _find(self, call: str, key: Key, arrays: list[NDArray]) -> NDArray:
        self._check_kind(key)
        if key not in self._stored:
            known = ", ".join(map(repr, list(self._stored)[:8])) or "none"
            raise ParatrainError(f"[KVStore.{call}] key {key!r} was not initialised; call init first (keys: {known})")
        stored = self._stored[key]
        for array in arrays:
            if array.shape != stored.shape:
                raise ValueError(
                    f"[KVStore.{call}] key {key!r} has the shape {stored.shape}; got an array of {array.shape}"
                )
        return stored

    def _begin(self, key: Key, value: NDArray) -> NDArray:
        """First value of a key."""
        return value

    def _sum(self, key: Key, arrays: list[NDArray], stored: NDArray) -> NDArray:
        """A new array: the sum of `arrays`, on the device of the stored value."""
        return add_up(arrays, stored)


def add_up(arrays: Sequence[NDArray], like: NDArray) -> NDArray:
    """Return the sum of arrays as a new array on the device of `like`."""
    total = arrays[0].copyto(like.context)
    for array in arrays[1:]:
        other = array.as_in_context(like.context)
        nd.elemwise_add(total, other, out=total)
    return total


def pairs(call: str, key: Any, value: Any) -> list[tuple[Key, list[NDArray]]]:
    """Keys with the list of arrays of each.

    Raises
    ------
    TypeError
        For keys that are neither int nor text, or values that are not NDArrays.
    ValueError
        If there are not as many values as keys.

    Examples
    --------
    >>> a, b = nd.ones((1,)), nd.ones((1,))
    >>> [(k, len(v)) for k, v in pairs("push", ["x", "y"], [[a, b], a])]
    [('x', 2), ('y', 1)]
    """
    several = isinstance(key, list | tuple)
    keys = list(key) if several else [key]
    values = list(value) if several and isinstance(value, list | tuple) else [value]
    if several and len(keys) != len(values) and keys and len(values) % len(keys) == 0:
        each = len(values) // len(keys)  # MXNet takes one flat list for several keys, too
        values = [values[i * each : (i + 1) * each] for i in range(len(keys))]
    if len(keys) != len(values):
        raise ValueError(f"[KVStore.{call}] there must be a value for each of {len(keys)} keys; got {len(values)}")
    out = []
    for one, arrays in zip(keys, values, strict=True):
        if isinstance(one, bool) or not isinstance(one, int | str):
            raise TypeError(f"[KVStore.{call}] a key must be int or str; got {one!r}")
        listed = list(arrays) if isinstance(arrays, list | tuple) else [arrays]
        if not listed or not all(isinstance(a, NDArray) for a in listed):
            kinds = sorted({type(a).__name__ for a in listed})
            raise TypeError(f"[KVStore.{call}] the value of key {one!r} must be NDArrays; got {kinds}")
        out.append((one, listed))
    return out
