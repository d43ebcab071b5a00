"""Before ranks add anything up: whether they mean the same arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from paratrain.base import ParatrainError
from paratrain.kvstore.transport import World

__all__ = ["Entry", "check_same"]


class Entry(NamedTuple):
    """One array as a rank sees it: name, shape, dtype."""

    name: str
    shape: tuple[int, ...]
    dtype: str

    def __str__(self) -> str:
        return f"{self.name} {tuple(self.shape)} {self.dtype}"


def check_same(world: World, what: str, entries: Sequence[Entry]) -> None:
    """Compare the arrays over the ranks. A collective.

    Parameters
    ----------
    world : World
    what : str
        What the arrays are, for the message, such as ``'gradients'``.
    entries : sequence of Entry
        This rank's arrays, in the order in which they will be added up.

    Raises
    ------
    ParatrainError
        On every rank, if one has other arrays than rank 0; it shows both sides.
    """
    everyone = world.allgather_object([tuple(entry) for entry in entries])
    first = everyone[0]
    for rank, theirs in enumerate(everyone):
        if theirs != first:
            raise ParatrainError(
                f"[kvstore] the {what} of the ranks differ, so they cannot be added up; "
                f"{difference(first, theirs, rank)}. Every rank must build the same network and make the same calls"
            )


def difference(first: Sequence[tuple], other: Sequence[tuple], rank: int) -> str:
    """Describe where two ranks begin to differ.

    Examples
    --------
    >>> difference([("w", (2, 3), "float32")], [("w", (2, 4), "float32")], 1)
    'number 0 is w (2, 3) float32 on rank 0, but w (2, 4) float32 on rank 1'
    >>> difference([("w", (2,), "float32")], [], 1)
    'number 0 is w (2,) float32 on rank 0, but missing on rank 1 (1 against 0 arrays)'
    """
    for number in range(max(len(first), len(other))):
        one = str(Entry(*first[number])) if number < len(first) else "missing"
        two = str(Entry(*other[number])) if number < len(other) else "missing"
        if one != two:
            more = f" ({len(first)} against {len(other)} arrays)" if len(first) != len(other) else ""
            return f"number {number} is {one} on rank 0, but {two} on rank {rank}{more}"
    return "they are equal"
