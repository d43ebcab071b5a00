"""One line for each epoch: how fast, and what the ranks have waited for."""

from __future__ import annotations

import numpy as np

from paratrain.kvstore.transport import World

__all__ = ["summary"]


def summary(world: World, samples: int, seconds: float, data: float, sums: np.ndarray, slowest: float) -> str:
    """Say how an epoch went on all ranks. A collective.

    Parameters
    ----------
    world : World
    samples : int
        Of this rank.
    seconds : float
        That the epoch took.
    data, slowest : float
        Seconds of them that this rank was in its iterator, and waited for ranks that came later to the next step.
    sums : array, shape (steps,)
        Seconds that it waited for sums over the ranks, in each step. What the rank that waited least has waited is
        communication; the others waited longer because it came later.

    Returns
    -------
    str
        With several ranks also the scaling efficiency: the share of the time that went neither into waiting for sums
        nor for other ranks, which one rank alone would not have to do.

    Examples
    --------
    >>> from paratrain.kvstore.alone import Alone
    >>> summary(Alone(), 1000, 2.0, 0.1, np.zeros(10), 0.0)
    '500 samples/s; waiting: data 5.0%'
    """
    least = np.min(world.allgather(sums, "the summary of the epoch"), axis=0) if len(sums) else sums
    communication = float(least.sum())
    slowest += float((sums - least).sum())
    mine = np.array([samples, seconds, data, communication, slowest], np.float64)
    world.allreduce(mine, "the summary of the epoch")
    count, took, *waits = mine.tolist()
    shares = [100 * wait / max(took, 1e-9) for wait in waits]
    speed = count / max(took / world.size, 1e-9)
    if world.size == 1:
        return f"{speed:.4g} samples/s; waiting: data {shares[0]:.1f}%"
    return (
        f"{speed:.4g} samples/s on {world.size} ranks, {speed / world.size:.4g} each, "
        f"scaling efficiency {max(0.0, 100 - shares[1] - shares[2]):.1f}%; waiting: data {shares[0]:.1f}%, "
        f"communication {shares[1]:.1f}%, slowest rank {shares[2]:.1f}%"
    )
