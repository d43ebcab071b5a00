"""Gradients in memory that the ranks of one host share, so that a sum needs no copy.

Each rank adds up its part of a bucket from the arrays of all ranks and writes the sum to all of them: per rank one
reading and one writing of the bucket, whatever the number of ranks, and always in the order of the ranks.

The memory has no name and no size limit but the host's: it belongs to the processes and is gone with the last one.
"""

from __future__ import annotations

import mmap
import os
from typing import Any

import numpy as np

from paratrain.kvstore.transport import World

__all__ = ["SharedArrays"]

#: Elements added up at a time: they stay in the cache of a core until they are written to all ranks.
_BLOCK = 1 << 15
_ALIGN = 16


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
            None where the ranks are not on one host, or may not see each other's memory.
        """
        if ranks.local_size != ranks.size or not hasattr(os, "memfd_create"):
            return None
        handle = os.memfd_create("paratrain gradients")
        try:
            os.ftruncate(handle, max(4 * size, 1))
            arrays, reason = [], ""
            for process, number in ranks.allgather_object((os.getpid(), handle)):
                try:
                    arrays.append(_open(f"/proc/{process}/fd/{number}", size))
                except OSError as error:  # for example, processes in different containers
                    reason = str(error)
            failed = any(ranks.allgather_object(reason))  # and all have opened it by then
        finally:
            os.close(handle)
        return None if failed else cls(arrays, ranks.rank)

    def add_up(self, ranks: World, start: int, stop: int, what: str) -> None:
        """Let elements `start` to `stop` of every array become their sum. A collective.

        Parameters
        ----------
        ranks : World
        start, stop : int
        what : str
            Name for messages.
        """
        ranks.barrier(what)  # all have written their own
        first, last = _part(start, stop, ranks.rank, ranks.size)
        total = np.empty(_BLOCK, np.float32)
        for begin in range(first, last, _BLOCK):
            block = slice(begin, min(begin + _BLOCK, last))
            here = total[: block.stop - begin]
            np.add(self.arrays[0][block], self.arrays[1][block], out=here)
            for other in self.arrays[2:]:
                np.add(here, other[block], out=here)
            for each in self.arrays:
                each[block] = here
        ranks.barrier(what)  # all have written the sums


def _part(start: int, stop: int, rank: int, size: int) -> tuple[int, int]:
    """Part of a range that a rank adds up: cache lines are not divided.

    Examples
    --------
    >>> _part(0, 100, 0, 2), _part(0, 100, 1, 2)
    ((0, 48), (48, 100))
    """
    edges = [start + (stop - start) * place // size // _ALIGN * _ALIGN for place in (rank, rank + 1)]
    return edges[0] if rank else start, edges[1] if rank + 1 < size else stop


def _open(path: str, size: int) -> np.ndarray:
    handle = os.open(path, os.O_RDWR)
    try:
        memory: Any = mmap.mmap(handle, max(4 * size, 1))
    finally:
        os.close(handle)
    return np.frombuffer(memory, np.float32, size)
