"""Going on with another number of ranks than a checkpoint was written by.

Parameters and optimizer are the same on all ranks, so they carry over as they are. What differs from rank to rank is
divided anew: the samples that are left of the epoch (by the iterator), the figures of the training metric (the first
rank gets all of them, since they are added up over the ranks), the statistics of normalisation within an epoch (their
mean, as at the end of one). A rank that was not there before draws other random numbers than those that were, unless
those all draw the same.
"""

from __future__ import annotations

import copy
import logging
import random as python_random
import warnings
import zlib
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain import random
from paratrain.base import ParatrainError
from paratrain.checkpoint import state
from paratrain.kvstore.alone import Alone
from paratrain.kvstore.transport import World

__all__ = ["load_rank", "mean_arrays"]


def load_rank(ranks: list[dict[str, Any]], world: World, train_data: Any, eval_metric: Any, within: bool) -> None:
    """Go on from what another number of ranks has saved.

    Parameters
    ----------
    ranks : list
        `state.rank_state` of each of them.
    world : World
        The ranks of now.
    train_data : DataIter or None
    eval_metric : EvalMetric or None
        Gets the figures so far.
    within : bool
        Whether the checkpoint was written within an epoch.

    Raises
    ------
    ParatrainError
        If so and the iterator does not divide the data itself.
    ValueError
        If iterator or metric are others than were saved.
    """
    if world.rank == 0:
        logging.info("going on with %d ranks from a checkpoint that %d have written", world.size, len(ranks))
    if train_data is not None and ranks[0]["iterator"] is not None:
        _load_position(ranks, world, train_data, within)
    if eval_metric is not None and ranks[0]["metric"] is not None:
        eval_metric.reset()
        if world.rank == 0:
            load_metrics(eval_metric, [each["metric"] for each in ranks])
    own = ranks[world.rank % len(ranks)]
    state.load_random(own)
    drawn = [{kind: each[kind] for kind in ("random", "numpy", "python")} for each in ranks]
    if world.rank >= len(ranks) and any(each != drawn[0] for each in drawn):
        _draw_others(own, world.rank)


def _load_position(ranks: list[dict[str, Any]], world: World, train_data: Any, within: bool) -> None:
    saved = ranks[0]["iterator"]
    divided = _parts(saved) == len(ranks) and _parts(train_data.state_dict()) == world.size
    if divided:
        _warn_of_other_batches(saved, train_data, world)
        train_data.load_state_dict(saved)
        return
    name = type(train_data).__name__
    if within:
        raise ParatrainError(
            f"[checkpoint] the newest checkpoint was written within an epoch by {len(ranks)} ranks; there are "
            f"{world.size} now, and which samples are left is known only if the iterator divides them itself: give "
            f"{name} all data with num_parts=kv.num_workers, part_index=kv.rank, or start as many ranks as before"
        )
    warnings.warn(
        f"the position of {name} is not restored, since {len(ranks)} ranks have written the checkpoint and it does not "
        "divide the data among ranks itself; the epoch starts from the iterator's own beginning",
        stacklevel=4,
    )


def _parts(position: Any) -> int | None:
    """Among how many parts an iterator divides its data, from its position; None if it does not say."""
    while isinstance(position, dict) and "num_parts" not in position:
        position = position.get("inner")
        position = position[0] if isinstance(position, list) and position else position
    return position["num_parts"] if isinstance(position, dict) else None


def _warn_of_other_batches(saved: dict[str, Any], train_data: Any, world: World) -> None:
    rows, before = train_data.batch_size * world.size, saved.get("batch_size", 0) * saved.get("num_parts", 0)
    if before and rows != before and world.rank == 0:
        warnings.warn(
            f"the batch of all ranks had {before} rows and has {rows} now: a step and the learning rate mean something "
            f"else. To go on as before make iterators with batch_size={before} // kv.num_workers",
            stacklevel=5,
        )


def load_metrics(metric: Any, saved: list[Any]) -> None:
    """Give a metric the figures of several ranks, added up in the way it does itself.

    Raises
    ------
    ValueError
        If it is of another class than was saved.
    """
    copies = [copy.deepcopy(metric) for _ in saved]
    noted = []
    for each, figures in zip(copies, saved, strict=True):
        state.load_metric(each, figures)
        noted.append(_Noting(len(saved)))
    state.load_metric(metric, saved[0])
    for each, notes in zip(copies[1:], noted[1:], strict=True):
        each.reduce(notes)
    metric.reduce(_Replaying(noted[1:]))


class _Noting(Alone):
    """Notes what a rank gives to collectives."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.notes: list[Any] = []

    def allreduce(self, array: Any, what: str = "an array") -> None:
        self.notes.append(np.array(array))

    def allgather(self, array: np.ndarray, what: str = "an array") -> list[np.ndarray]:
        self.notes.append(np.array(array))
        return [array]

    def allgather_object(self, value: Any) -> list[Any]:
        self.notes.append(copy.deepcopy(value))
        return [value]


class _Replaying(Alone):
    """Gives the first rank what the others have noted."""

    def __init__(self, others: list[_Noting]) -> None:
        self.size = len(others) + 1
        self._notes = [iter(other.notes) for other in others]

    def allreduce(self, array: Any, what: str = "an array") -> None:
        for notes in self._notes:
            array += next(notes)

    def allgather(self, array: np.ndarray, what: str = "an array") -> list[np.ndarray]:
        return [array, *(next(notes) for notes in self._notes)]

    def allgather_object(self, value: Any) -> list[Any]:
        return [value, *(next(notes) for notes in self._notes)]


def _draw_others(own: dict[str, Any], rank: int) -> None:
    """Seed all generators from a saved state and the number of the rank."""
    text = repr([own[kind] for kind in ("random", "numpy", "python")]).encode()
    seeds = np.random.SeedSequence([zlib.crc32(text), rank]).generate_state(3).tolist()
    random.seed(seeds[0])
    np.random.seed(seeds[1])
    python_random.seed(seeds[2])


def mean_arrays(rank_arrays: Any) -> dict[str, Any]:
    """Mean over the ranks of what `Module.rank_arrays` returned, a dict, by name."""
    by_name: dict[str, list[np.ndarray]] = {}
    for key, array in rank_arrays.items():
        by_name.setdefault(key.split(":", 1)[1], []).append(array.asnumpy())
    return {
        name: nd.array(np.mean(values, axis=0, dtype=np.float64), dtype=values[0].dtype)
        for name, values in by_name.items()
    }
