"""Place temporary buffers in one arena so that those alive at the same time do not overlap.

Greedy by size (Pisarchyk & Lee, "Efficient memory management for deep neural net inference", 2020): the largest buffer
first, each at the lowest offset where it fits between the buffers whose lifetimes cross its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["ALIGN", "Buffer", "plan_arena"]

ALIGN = 64


@dataclass(eq=False)
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


def plan_arena(buffers: Sequence[Buffer]) -> int:
    """Give every buffer of the arena an offset; returns the bytes of the arena."""
    placed: list[Buffer] = []
    total = 0
    wanted = [b for b in buffers if b.slot == 0 and b.last >= 0]
    for buffer in sorted(wanted, key=lambda b: (-b.nbytes, b.first)):
        taken = sorted(
            (p.offset, _round(p.offset + p.nbytes)) for p in placed if p.first <= buffer.last and buffer.first <= p.last
        )
        offset = 0
        for start, end in taken:
            if offset + buffer.nbytes <= start:
                break
            offset = max(offset, end)
        buffer.offset = offset
        total = max(total, offset + buffer.nbytes)
        placed.append(buffer)
    return _round(total)


def _round(nbytes: int) -> int:
    return (nbytes + ALIGN - 1) // ALIGN * ALIGN
