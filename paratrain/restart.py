"""Whether ``paratrain launch --max-restarts`` watches over this job, and has started it again."""

from __future__ import annotations

import os
import warnings
from typing import Any

__all__ = ["ATTEMPT", "attempt", "go_on"]

#: Set by the launcher, from 0, when it starts a job again after failures.
ATTEMPT = "PARATRAIN_ATTEMPT"


def attempt() -> int | None:
    """How often the job was started again; None where nobody would.

    Raises
    ------
    ValueError
        If the variable is not a whole number.
    """
    text = os.environ.get(ATTEMPT)
    if text is None:
        return None
    if not text.isdigit():
        raise ValueError(f"[restart] {ATTEMPT} must be a whole number; got {text!r}")
    return int(text)


def go_on(checkpoint: Any, module: Any, train_data: Any, metric: Any, resume: bool, epoch: int) -> tuple[int, int]:
    """Where `fit` begins: epoch and batch. A collective.

    A job that was started again goes on from its newest checkpoint whatever `resume` says. So that it never goes on
    from one that an earlier run has left in the folder, a job that would be started again writes one before its first
    step; that also keeps the first values of the parameters, if they were drawn without a seed.

    Parameters
    ----------
    checkpoint : CheckpointManager or None
    module, train_data, metric
        As `CheckpointManager.restore` takes them.
    resume : bool
        What the script asked for.
    epoch : int
        Where to begin without a checkpoint.
    """
    number = attempt()
    if checkpoint is None:
        if number and module.world.rank == 0:
            warnings.warn(
                "the job was started again, but fit has no checkpoint=: training begins from the first step",
                stacklevel=3,
            )
        return epoch, 0
    checkpoint.begin(train_data)
    position = checkpoint.restore(module, train_data, metric) if resume or number else None
    if position is None and number is not None:
        checkpoint.save(module, epoch, 0, train_data)
    return position or (epoch, 0)
