"""Gradients of several batches for one update."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from paratrain import ndarray as nd

__all__ = ["Accumulation"]


class Accumulation:
    """Adds up the gradients of batches whose update is still to come.

    Parameters
    ----------
    batches : int
        For one update; 1 or more.

    Attributes
    ----------
    kept : int
        Batches since the last update whose gradients are kept.

    Raises
    ------
    ValueError
        If `batches` is no whole number from 1 on.

    Examples
    --------
    >>> accumulation = Accumulation(2)
    >>> accumulation.is_last
    False
    >>> accumulation.keep({"w": nd.array([1.0, 2.0])})
    >>> grads = {"w": nd.array([10.0, 10.0])}
    >>> accumulation.is_last, accumulation.add_to(grads), grads["w"].asnumpy().tolist()
    (True, None, [11.0, 12.0])
    """

    def __init__(self, batches: int) -> None:
        if not isinstance(batches, int) or isinstance(batches, bool) or batches < 1:
            raise ValueError(f"[Module.init_optimizer] accumulate must be a whole number from 1 on; got {batches!r}")
        self.batches = batches
        self.kept = 0
        self._sums: dict[str, Any] = {}

    @property
    def is_last(self) -> bool:
        """Whether the gradients of the present batch complete an update."""
        return self.kept + 1 >= self.batches

    def keep(self, grads: Mapping[str, Any]) -> None:
        """Add the gradients of a batch to those that are kept."""
        for name, grad in grads.items():
            if name not in self._sums:
                self._sums[name] = nd.zeros_like(grad)
            if self.kept:
                nd.elemwise_add(self._sums[name], grad, out=self._sums[name])
            else:
                grad.copyto(self._sums[name])
        self.kept += 1

    def keep_nothing(self) -> None:
        """Count a batch that this rank did not have."""
        if not self.kept:
            for total in self._sums.values():
                total[:] = 0
        self.kept += 1

    def add_to(self, grads: Mapping[str, Any]) -> None:
        """Add what is kept to the gradients of the last batch."""
        for name, grad in grads.items():
            if self.kept and name in self._sums:
                nd.elemwise_add(grad, self._sums[name], out=grad)

    def add_slice(self, name: str, grad: Any, start: int, stop: int) -> None:
        """`add_to` for elements `start` to `stop` of one array of one axis."""
        if self.kept and name in self._sums:
            part = grad[start:stop]
            nd.elemwise_add(part, self._sums[name][start:stop], out=part)

    @contextlib.contextmanager
    def cut_short(self) -> Iterator[None]:
        """Let the next batch complete the update, however many there were."""
        self.batches, batches = self.kept + 1, self.batches
        try:
            yield
        finally:
            self.batches = batches

    def clear(self) -> None:
        """Begin anew, after an update."""
        self.kept = 0
