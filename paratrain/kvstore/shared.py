"""Gradients in memory that the ranks of one host share, so that a sum needs no copy.

Each rank adds up its part of a bucket from the arrays of all ranks and writes the sum to all of them
(ext/core/host_comm.h): per rank one reading and one writing of the bucket, whatever the number of ranks, and always in
the order of the ranks.

The memory has no name and no size limit but the host's: it belongs to the processes and is gone with the last one.
"""

from __future__ import annotations

import mmap
import os
from typing import Any

import numpy as np

from paratrain.kvstore.transport import World

__all__ = ["SharedArrays", "share_memory"]


def share_memory(ranks: World, nbytes: int) -> list[Any] | None:
    """Make memory of each rank that all ranks can read and write. A collective.

    Parameters
    ----------
    ranks : World
    nbytes : int
        Size of each rank's; the same on all ranks.

    Returns
    -------
    list of mmap or None
        In order of rank, all zero. None where the ranks are not on one host, or may not see each other's memory.
    """
    if ranks.local_size != ranks.size or not hasattr(os, "memfd_create"):
        return None
    handle = os.memfd_create("paratrain")
    try:
        os.ftruncate(handle, max(nbytes, 1))
        found, reason = [], ""
        for process, number in ranks.allgather_object((os.getpid(), handle)):
            try:
                found.append(_open(f"/proc/{process}/fd/{number}", max(nbytes, 1)))
            except OSError as error:  # for example, processes in different containers
                reason = str(error)
        failed = any(ranks.allgather_object(reason))  # and all have opened it by then
    finally:
        os.close(handle)
    return None if failed else found


class SharedArrays:
    """A float32 array of each rank, of one size, which all ranks can read and write.

    Made by `make`.

    Attributes
    ----------
    arrays : list of numpy.ndarray, shape (size,)
        In order of rank.
    rank : int
        Place of this rank's array.
    """

    def __init__(self, arrays: list[np.ndarray], rank: int) -> None:
        self.arrays = arrays
        self.rank = rank

    @property
    def mine(self) -> np.ndarray:
        """Return the array of this rank."""
        return self.arrays[self.rank]

    @classmethod
    def make(cls, ranks: World, size: int) -> SharedArrays | None:
        """Make them. A collective.

        Parameters
        ----------
        ranks : World
        size : int
            Elements of each array; the same on all ranks.

        Returns
        -------
        SharedArrays or None
            None where `ranks` have no `World.host`, see there.
        """
        memory = share_memory(ranks, 4 * size) if ranks.host is not None else None
        if memory is None:
            return None
        return cls([np.frombuffer(each, np.float32, size) for each in memory], ranks.rank)

    def add_up(self, ranks: World, start: int, stop: int, what: str) -> None:
        """Let elements `start` to `stop` of every array become their sum. A collective.

        Parameters
        ----------
        ranks : World
        start, stop : int
        what : str
            Name for messages.
        """
        ranks.host.sum_mapped(self.arrays, start, stop, what)

    def scatter(self, ranks: World, start: int, stop: int, bounds: list[int], what: str) -> None:
        """Let elements `start` to `stop` become their sum, on each rank r as far as ``bounds[r]`` to ``bounds[r + 1]``.

        A collective. It returns when this rank has its sums: until a barrier the others may still read its array.
        """
        ranks.host.scatter_mapped(self.arrays, start, stop, bounds, what)


def _open(path: str, nbytes: int) -> mmap.mmap:
    handle = os.open(path, os.O_RDWR)
    try:
        return mmap.mmap(handle, nbytes)
    finally:
        os.close(handle)
