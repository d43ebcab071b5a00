"""Place temporary buffers in one arena so that those alive at the same time do not overlap.

Greedy (after Pisarchyk & Lee, "Efficient memory management for deep neural net inference", 2020): one buffer after
the other, each at the lowest offset where it fits between the buffers whose lifetimes cross its own. Largest first is
mostly best; where the result is far from the bytes that are alive at once, other orders are tried and the best is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["ALIGN", "Buffer", "live_peak", "plan_arena"]

ALIGN = 64
#: An arena of this many times the bytes alive at once ends the search for a better one.
GOOD_ENOUGH = 1.01


@dataclass(eq=False, slots=True)
class Buffer:
    """Memory of one or several values of a program.

    Attributes
    ----------
    nbytes : int
    slot : int
        0: in the arena; else the number of an array bound from outside.
    first, last : int
        Steps that first write and last read it.
    offset : int
        Bytes from the start of the arena, once planned.
    """

    nbytes: int
    slot: int = 0
    first: int = -1
    last: int = -1
    offset: int = 0

    def touch(self, step: int) -> None:
        """Note a use at `step`."""
        self.first = step if self.first < 0 else min(self.first, step)
        self.last = max(self.last, step)


def plan_arena(buffers: Sequence[Buffer], align: int = ALIGN) -> int:
    """Give every buffer of the arena an offset; returns the bytes of the arena.

    Parameters
    ----------
    buffers : sequence of Buffer
        Those of slot 0 that were touched get an offset.
    align : int, default 64
        Every offset is a multiple of it.
    """
    wanted = [b for b in buffers if b.slot == 0 and b.last >= 0]
    if not wanted:
        return 0
    sizes = np.array([-(-b.nbytes // align) * align for b in wanted], np.int64)
    first, last = (np.array([getattr(b, name) for b in wanted], np.int64) for name in ("first", "last"))
    least = _live_peak(sizes, first, last)
    best, total = np.zeros(len(wanted), np.int64), 0
    for order in _orders(sizes, first, last):
        offsets = _place(order, sizes, first, last)
        needed = int((offsets + sizes).max())
        if not total or needed < total:
            best, total = offsets, needed
        if total <= least * GOOD_ENOUGH:
            break
    for buffer, offset in zip(wanted, best.tolist(), strict=True):
        buffer.offset = offset
    return total


def _orders(sizes: np.ndarray, first: np.ndarray, last: np.ndarray) -> Iterator[np.ndarray]:
    """Orders in which buffers are placed: large ones, those that take most room over time, long-lived ones first."""
    span = last - first + 1
    for keys in ((first, -sizes), (first, -sizes * span), (-sizes, -span), (-sizes, first)):
        yield np.lexsort(keys)


def _place(order: np.ndarray, sizes: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Offsets by first fit: each buffer, in this order, at the lowest place free during its life."""
    offsets = np.zeros(len(sizes), np.int64)
    # what has been placed, by offset
    start, end, begin, until = (np.zeros(len(sizes), np.int64) for _ in range(4))
    for count, k in enumerate(order.tolist()):
        together = np.flatnonzero((begin[:count] <= last[k]) & (until[:count] >= first[k]))
        # below each of those: what is free from the highest end before it
        floor = np.zeros(len(together) + 1, np.int64)
        np.maximum.accumulate(end[together], out=floor[1:])
        fits = np.flatnonzero(start[together] - floor[:-1] >= sizes[k])
        offset = int(floor[fits[0]] if len(fits) else floor[-1])
        offsets[k] = offset
        at = int(np.searchsorted(start[:count], offset))
        for column, value in ((start, offset), (end, offset + sizes[k]), (begin, first[k]), (until, last[k])):
            column[at + 1 : count + 1] = column[at:count]
            column[at] = value
    return offsets


def live_peak(buffers: Sequence[Buffer], align: int = ALIGN) -> int:
    """Most bytes of the arena's buffers alive at one step: no plan can do with less."""
    wanted = [b for b in buffers if b.slot == 0 and b.last >= 0]
    sizes = np.array([-(-b.nbytes // align) * align for b in wanted], np.int64)
    first, last = (np.array([getattr(b, name) for b in wanted], np.int64) for name in ("first", "last"))
    return _live_peak(sizes, first, last)


def _live_peak(sizes: np.ndarray, first: np.ndarray, last: np.ndarray) -> int:
    if not len(sizes):
        return 0
    change = np.zeros(int(last.max()) + 2, np.int64)
    np.add.at(change, first, sizes)
    np.subtract.at(change, last + 1, sizes)
    return int(np.cumsum(change).max())
