"""The world of a process that no launcher has started: itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from paratrain.kvstore.transport import World

__all__ = ["Alone"]


class Alone(World):
    """One rank; every collective returns at once.

    Examples
    --------
    >>> import numpy as np
    >>> values = np.ones(2)
    >>> Alone().allreduce(values)
    >>> values.tolist(), Alone().allgather_object("a")
    ([1.0, 1.0], ['a'])
    """

    name = "alone"

    def allreduce(self, array: Any, what: str = "an array") -> None:
        """Leave the array: it is its own sum."""

    def broadcast(self, array: Any, root: int = 0, what: str = "an array") -> None:
        """Leave the array.

        Raises
        ------
        ValueError
            If `root` is not 0.
        """
        if root != 0:
            raise ValueError(f"[broadcast] root must be a rank, 0..0; got {root}")

    def reduce_scatter(self, array: np.ndarray, bounds: Sequence[int], what: str = "an array") -> None:
        """Leave the array."""

    def share(self, array: np.ndarray, bounds: Sequence[int], what: str = "an array") -> None:
        """Leave the array."""

    def allgather(self, array: np.ndarray, what: str = "an array") -> list[np.ndarray]:
        """Return a list of the one array."""
        return [array]

    def barrier(self, what: str = "a barrier") -> None:
        """Return."""

    def allgather_object(self, value: Any) -> list[Any]:
        """Return a list of the one value."""
        return [value]

    def background(self) -> World:
        """Return itself."""
        return self
