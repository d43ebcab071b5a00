"""Key-value stores (``mx.kv``): how gradients are added up over devices and ranks."""

from __future__ import annotations

from collections.abc import Callable

from paratrain.kvstore.base import KVStore as KVStore

__all__ = ["KVStore", "create"]


def _local(kind: str) -> KVStore:
    from paratrain.kvstore.local import LocalKVStore

    return LocalKVStore(kind)


def _dist(kind: str) -> KVStore:
    from paratrain.kvstore.dist import DistKVStore

    return DistKVStore(kind)


def _nccl(kind: str) -> KVStore:
    from paratrain.base import ParatrainError
    from paratrain.kvstore import nccl

    reason = nccl.why_not()
    if reason:
        raise ParatrainError(f"[kvstore.create] 'nccl' needs GPUs and NCCL; use 'device' or 'dist_sync': {reason}")
    return _dist(kind)


def _horovod(kind: str) -> KVStore:
    from paratrain.kvstore.horovod import HorovodKVStore

    return HorovodKVStore(kind)


#: Types that can be created; the names beside the first of each kind are MXNet's other ones.
TYPES: dict[str, Callable[[str], KVStore]] = {
    "local": _local,
    "local_update_cpu": _local,
    "local_allreduce_cpu": _local,
    "local_allreduce_device": _local,
    "device": _local,
    "dist_sync": _dist,
    "dist": _dist,
    "dist_device_sync": _dist,
    "dist_sync_device": _dist,
    "dist_device": _dist,
    "horovod": _horovod,
    "nccl": _nccl,
}

#: Types of MXNet that there are not, and what to use instead.
INSTEAD = {
    "dist_async": "'dist_sync' (there is no parameter server to update asynchronously)",
    "dist_async_device": "'dist_device_sync'",
    "dist_device_async": "'dist_device_sync'",
    "p3store_dist": "'dist_sync'",
    "byteps": "'dist_sync'",
}


def create(name: str = "local") -> KVStore:
    """Make a store.

    Parameters
    ----------
    name : str, default 'local'
        ``local`` or ``device`` (the contexts of one process), ``dist_sync`` or ``dist_device_sync`` (all ranks too),
        one of MXNet's other names for these, ``horovod`` (`pushpull` and `broadcast` without stored values) or
        ``nccl`` (``dist_device_sync``, refused where NCCL is not installed); in capitals or not.

    Returns
    -------
    KVStore

    Raises
    ------
    TypeError
        If `name` is not text.
    ParatrainError
        For ``nccl`` without NCCL.
    NotImplementedError
        For a type that MXNet has and paratrain has not.
    ValueError
        For an unknown type.

    Examples
    --------
    >>> create("device").type
    'device'
    """
    if not isinstance(name, str):
        raise TypeError(f"[kvstore.create] the type must be text, such as 'local'; got {name!r}")
    kind = name.lower()
    if kind in INSTEAD:
        raise NotImplementedError(f"[kvstore.create] there is no {name!r}; use {INSTEAD[kind]}")
    if kind not in TYPES:
        raise ValueError(f"[kvstore.create] the type must be one of {', '.join(map(repr, TYPES))}; got {name!r}")
    return TYPES[kind](kind)
