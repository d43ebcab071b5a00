"""The cheapest program whose arena fits a number of bytes.

After Chen et al., "Training deep nets with sublinear memory cost" (2016): the forward pass is cut into segments, what
crosses a cut is kept, the rest of a segment is computed again when backward comes to it. Two things are added. Segments
need not be of equal size: when backward comes to the early ones, what was kept of the late ones is gone. And from the
plan of the least memory as much is taken back as the budget allows, first what takes longest to compute again for its
bytes: convolutions before activations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from paratrain.graph.estimate import Cost, Model
from paratrain.graph.ir import Node
from paratrain.graph.passes import Graph, enabled
from paratrain.graph.recompute import drop, droppable, forced

if TYPE_CHECKING:
    from paratrain.graph.lower import Lowered

__all__ = ["Budget", "Search", "budget_bytes", "fit"]

#: Bytes, text such as ``'1.5GB'`` or ``'40%'`` (of what the program takes otherwise), or None for no limit.
Budget: TypeAlias = "int | str | None"

UNITS = {"": 1, "B": 1} | {u: 10 ** (3 * i) for i, u in enumerate(("kB", "MB", "GB", "TB"), 1)}
UNITS |= {u: 1 << (10 * i) for i, u in enumerate(("KiB", "MiB", "GiB", "TiB"), 1)}
#: Programs made at most, since a plan's bytes are known for sure only then; and the slack not worth another.
TRIES, SLACK = 4, 0.02
#: Cuts considered at most.
MAX_CUTS = 1000


def budget_bytes(budget: int | str, otherwise: int) -> int:
    """A budget in bytes.

    Parameters
    ----------
    budget : int or str
        Bytes; or a number with a unit: ``B``, ``kB``, ``MB``, ``GB``, ``KiB``, ``MiB``, ``GiB``, or ``%``.
    otherwise : int
        What 100 % is.

    Raises
    ------
    TypeError, ValueError
        For something else, or nothing above zero.

    Examples
    --------
    >>> budget_bytes("1.5kB", 0), budget_bytes("40%", 5000), budget_bytes(64, 0)
    (1500, 2000, 64)
    """
    if isinstance(budget, bool) or not isinstance(budget, (int, str)):
        raise TypeError(f"[memory_budget] must be int or str; got {type(budget).__name__} {budget!r}")
    number, unit = float(budget) if isinstance(budget, int) else 0.0, ""
    if isinstance(budget, str):
        match = re.fullmatch(r"\s*(\d+(?:\.\d*)?)\s*([A-Za-z]*|%)\s*", budget)
        if match is None or match[2] not in (*UNITS, "%"):
            raise ValueError(
                f"[memory_budget] must be a number with one of the units {', '.join(filter(None, UNITS))} or %, "
                f"such as '1.5GB'; got {budget!r}"
            )
        number, unit = float(match[1]), match[2]
    if number <= 0:
        raise ValueError(f"[memory_budget] must be more than nothing; got {budget!r}")
    return int(number * (otherwise / 100 if unit == "%" else UNITS[unit]))


def fit(graph: Graph, budget: int | str, finish: Callable[[Graph], Lowered]) -> Lowered:
    """The program, among those tried, that computes least again and whose arena fits.

    Parameters
    ----------
    graph : Graph
        With its gradients.
    budget : int or str
        See `budget_bytes`.
    finish : callable
        Runs the remaining passes and lowers.

    Returns
    -------
    Lowered

    Raises
    ------
    ValueError
        If none fits; the message names the fewest bytes that were reached.
    """
    plain: Lowered | None = None
    if (isinstance(budget, str) and "%" in budget) or Model(graph).cost().peak <= budget_bytes(budget, 0):
        plain = finish(graph)
    limit = budget_bytes(budget, plain.arena_bytes if plain else 0)
    if plain is not None and plain.arena_bytes <= limit:
        return plain
    best = _search(graph, limit, finish) if enabled("recompute") else None
    if best is not None and best.arena_bytes <= limit:
        return best
    plain = plain or finish(graph)
    fewest = min(made.arena_bytes for made in (best, plain) if made is not None)
    raise ValueError(
        f"[memory_budget] the program can do with {fewest} bytes, and with {plain.arena_bytes} if nothing is computed "
        f"again; the budget is {limit}: raise it, or take a smaller batch"
    )


def _search(graph: Graph, limit: int, finish: Callable[[Graph], Lowered]) -> Lowered:
    """The cheapest program that fits, or the smallest one."""
    search = Search(graph)
    best: tuple[float, Lowered] | None = None
    smallest: Lowered | None = None
    target, tried = limit, set[int]()
    for _ in range(TRIES):
        kept = search.keep(target)
        if kept in tried and best is None:
            kept = min(tried) - 1
        if kept in tried or kept < 0:
            break
        tried.add(kept)
        made = finish(drop(graph, search.nodes(kept)))
        if smallest is None or made.arena_bytes < smallest.arena_bytes:
            smallest = made
        spent = search.cost(kept).seconds
        if made.arena_bytes <= limit and (best is None or spent < best[0]):
            best = spent, made
        if 0 <= limit - made.arena_bytes <= SLACK * limit or (kept == 0 and made.arena_bytes > limit):
            break
        target += limit - made.arena_bytes  # padding, copies in other layouts and scratch memory: now they are known
    if best is None and 0 not in tried:
        last = finish(drop(graph, search.nodes(0)))
        smallest = last if smallest is None or last.arena_bytes < smallest.arena_bytes else smallest
    found = best[1] if best is not None else smallest
    assert found is not None  # at least one has been tried
    return found


@dataclass(frozen=True)
class _Step:
    """Something that can be taken back: a node whose result backward reads, kept after all."""

    node: int
    worth: float  # seconds saved for each byte


class Search:
    """Plans for one graph, from the one of the least memory to those that compute ever less again.

    Nodes have the numbers of `Model`.

    Parameters
    ----------
    graph : Graph

    Attributes
    ----------
    least : list of int
        Nodes that are dropped for the lowest peak.
    steps : list
        What can be kept of those after all, the most worthwhile first.
    """

    def __init__(self, graph: Graph) -> None:
        self.model = model = Model(graph)
        fixed = {id(e.node) for e in graph.outputs}
        nodes = model.nodes[: model.forward]
        can = [droppable(n) and id(n) not in fixed for n in nodes]
        self.always = [i for i, n in enumerate(nodes) if can[i] and forced(n) is True]
        self.free = [i for i, n in enumerate(nodes) if can[i] and forced(n) is None]
        self.last_read = [-1] * len(model.entries)  # last node of the forward pass that reads a result
        self.readers = [0] * len(model.entries)
        for i in range(model.forward):
            for e in model.reads[i]:
                self.last_read[e] = i
                self.readers[e] += 1
        self.needed = {e for reads in model.reads[model.forward :] for e in reads}  # by backward
        self.least = self._least()
        self.steps = self._steps(self.least)

    def _least(self) -> list[int]:
        cuts = Cuts(self)
        plans: list[list[int]] = [[]]
        plans += [self._between(cuts.choose(cuts.least * more)) for more in (1.0, 1.1, 1.25, 1.5)]
        return min(plans, key=lambda nodes: self.model.cost([*self.always, *nodes]).peak)

    def _between(self, cuts: Sequence[int]) -> list[int]:
        """All that can be dropped, but for what crosses the cuts and what comes after the last one."""
        if not cuts:
            return []
        model = self.model
        last = np.array(self.last_read)
        made = np.array(model.maker)
        across = np.zeros(len(last), bool)
        for cut in cuts:
            across |= (made <= cut) & (cut < last)
        kept = set(made[across].tolist())
        return [i for i in self.free if i not in kept and i <= cuts[-1]]

    def _steps(self, dropped: Collection[int]) -> list[_Step]:
        gone = set(dropped)
        model = self.model
        saved: dict[int, float] = {}  # seconds that keeping a node saves
        found = []
        for i in sorted(gone):
            # what only this node reads is not computed again either
            saved[i] = model.seconds[i] + sum(
                saved.get(model.maker[e], 0.0)
                for e in model.reads[i]
                if e not in self.needed and self.readers[e] == 1 and model.moves[e]
            )
            size = sum(model.sizes[e] for e in model.makes[i] if e in self.needed and model.moves[e])
            if size:
                found.append(_Step(i, saved[i] / size))
        return sorted(found, key=lambda s: (-s.worth, -s.node))

    def dropped(self, kept: int) -> list[int]:
        """Nodes to drop when the first `kept` steps are taken back."""
        back = {s.node for s in self.steps[:kept]}
        return [*self.always, *(i for i in self.least if i not in back)]

    def nodes(self, kept: int) -> list[Node]:
        """The same as nodes of the graph."""
        return [self.model.nodes[i] for i in self.dropped(kept)]

    def cost(self, kept: int) -> Cost:
        """What that plan costs."""
        return self.model.cost(self.dropped(kept))

    def keep(self, target: int) -> int:
        """How many steps can be taken back so that the peak stays within `target`; 0 also if it cannot."""
        low, high = 0, len(self.steps)
        while low < high:
            middle = (low + high + 1) // 2
            if self.cost(middle).peak <= target:
                low = middle
            else:
                high = middle - 1
        return low


class Cuts:
    """Where the forward pass can be cut, and which cuts keep memory within a limit."""

    def __init__(self, search: Search) -> None:
        model, size = search.model, search.model.forward
        entries = [e for e in range(len(model.entries)) if model.maker[e] < size and model.moves[e] and model.sizes[e]]
        self._made = np.array([model.maker[e] for e in entries], np.int64)
        self._last = np.array([search.last_read[e] for e in entries], np.int64)
        self._bytes = np.array([model.sizes[e] for e in entries], np.int64)
        again = np.zeros(size + 1, np.int64)
        free = set(search.free)
        for e in entries:
            if e in search.needed and model.maker[e] in free:
                again[model.maker[e] + 1] += model.sizes[e]
        self._again = np.cumsum(again)  # bytes that backward reads of the first i nodes
        self.at = self._places(size)
        self.segments = self._again[self.at + 1]
        self.total = int(self._again[-1])
        self.crossing = self._crossing()
        self.least = self._least()

    def _places(self, size: int) -> np.ndarray:
        """Nodes after which little crosses; the first place is before all nodes."""
        change = np.zeros(size + 1, np.int64)
        alive = self._last > self._made
        np.add.at(change, self._made[alive], self._bytes[alive])
        np.subtract.at(change, self._last[alive], self._bytes[alive])
        across = np.cumsum(change)[:size]
        padded = np.concatenate(([np.iinfo(np.int64).max], across, [np.iinfo(np.int64).max]))
        low = np.flatnonzero((across <= padded[:-2]) & (across <= padded[2:]) & (np.arange(size) < size - 1))
        if len(low) > MAX_CUTS:
            low = low[np.linspace(0, len(low) - 1, MAX_CUTS).astype(np.int64)]
        return np.concatenate(([-1], low))

    def _crossing(self) -> np.ndarray:
        """Bytes ``[i, j]`` made after place i that cross place j."""
        out = np.zeros((len(self.at), len(self.at)), np.int64)
        which = np.searchsorted(self.at, self._made)  # first place at or after which an entry has been made
        for j, place in enumerate(self.at):
            alive = (self._made <= place) & (self._last > place)
            made = np.bincount(which[alive], self._bytes[alive], minlength=len(self.at) + 1)
            out[:, j] = made[::-1].cumsum()[::-1][1 : len(self.at) + 1]
        return out

    def _least(self) -> float:
        low, high = 0.0, float(self.total)
        for _ in range(24):
            middle = (low + high) / 2
            if self._solve(middle) is None:
                low = middle
            else:
                high = middle
        return high

    def choose(self, limit: float) -> list[int]:
        """Positions of the cuts that keep least, such that each segment fits beside what was kept before it."""
        before = self._solve(limit)
        if before is None:
            return []
        at, cuts = before[-1], []
        while at > 0:
            cuts.append(int(self.at[at]))
            at = before[at]
        return cuts[::-1]

    def _solve(self, limit: float) -> list[int] | None:
        """For each place the place before it, and last of all the last cut; None if nothing fits."""
        count = len(self.at)
        kept = np.full(count, np.inf)
        kept[0] = 0
        before = [0] * count
        for j in range(1, count):
            first = int(np.searchsorted(self.segments, self.segments[j] - limit))
            held = kept[first:j]
            fits = held + (self.segments[j] - self.segments[first:j]) <= limit
            cost = np.where(fits, held + self.crossing[first:j, j], np.inf)
            if len(cost):
                at = int(np.argmin(cost))
                kept[j], before[j] = cost[at], first + at
        ends = np.flatnonzero(kept + (self.total - self.segments) <= limit)
        return [*before, int(ends[0])] if len(ends) else None
