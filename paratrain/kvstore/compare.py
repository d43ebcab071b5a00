"""Before ranks add anything up: whether they mean the same arrays."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from paratrain.base import ParatrainError
from paratrain.kvstore.transport import World

__all__ = ["Entry", "check_equal", "check_same", "check_settings"]


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


def check_settings(world: World, settings: Mapping[str, object]) -> None:
    """Compare what every rank must have alike. A collective.

    Parameters
    ----------
    world : World
    settings : mapping
        By name: versions, sizes, numbers of the optimizer. Compared as text.

    Raises
    ------
    ParatrainError
        On every rank, if one has another value than rank 0; it shows both sides of each that differs.
    """
    everyone = world.allgather_object({name: str(value) for name, value in settings.items()})
    for rank, theirs in enumerate(everyone):
        names = sorted(everyone[0].keys() | theirs.keys())
        sides = [(name, everyone[0].get(name, "not set"), theirs.get(name, "not set")) for name in names]
        told = [
            f"{name} is {first} on rank 0, but {other} on rank {rank}" for name, first, other in sides if first != other
        ]
        if told:
            raise ParatrainError(
                f"[kvstore] the ranks would not make the same updates: {'; '.join(told)}. Start every rank with the "
                "same installation, batch size and optimizer"
            )


def check_equal(world: World, what: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Compare the contents of arrays over the ranks, by their checksums. A collective.

    Parameters
    ----------
    world : World
    what : str
        What the arrays are, for the message.
    arrays : mapping of str to numpy.ndarray
        The same names on all ranks.

    Raises
    ------
    ParatrainError
        On every rank, if one has other contents than rank 0; it names the first array that differs, and the ranks.
    """
    sums = np.array([zlib.crc32(array.tobytes()) for array in arrays.values()], np.int64)
    everyone = world.allgather(sums, f"checksums of the {what}")
    different = np.array([theirs != everyone[0] for theirs in everyone])
    if different.any():
        number = int(different.any(axis=0).argmax())
        ranks = np.flatnonzero(different[:, number]).tolist()
        values = ", ".join(f"{int(theirs[number]):08x}" for theirs in everyone)
        raise ParatrainError(
            f"[kvstore] the {what} of the ranks are not the same any more: {list(arrays)[number]!r} on rank"
            f"{'s' * (len(ranks) > 1)} {', '.join(map(str, ranks))} differs from rank 0's (checksums in order of rank: "
            f"{values}); {int(different.any(axis=0).sum())} of {len(arrays)} arrays differ. Something has changed them "
            "on one rank only"
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
