"""Which GPUs of its host a rank sees."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

GPUS_PER_RANK = "PARATRAIN_GPUS_PER_RANK"
VISIBLE = "CUDA_VISIBLE_DEVICES"


def share(local_rank: int, each: int, gpus: list[str]) -> list[str]:
    """GPUs of a rank: `each` of `gpus`, in order of the local ranks.

    Parameters
    ----------
    local_rank : int
        Place among the ranks of this host.
    each : int
        GPUs of a rank, at least 1.
    gpus : list of str
        Numbers or names of the GPUs of this host.

    Raises
    ------
    ValueError
        If there are not enough.

    Examples
    --------
    >>> share(1, 2, ["0", "1", "2", "3"])
    ['2', '3']
    """
    mine = gpus[local_rank * each : (local_rank + 1) * each]
    if len(mine) < each:
        raise ValueError(
            f"[launch] local rank {local_rank} needs GPUs {local_rank * each} to {(local_rank + 1) * each - 1} of its "
            f"host (--gpus-per-rank {each}), which has {len(gpus)}{': ' + ','.join(gpus) if gpus else ''}; start fewer "
            "ranks on a host"
        )
    return mine


def of_this_host(environment: Mapping[str, str], devices: Path = Path("/proc/driver/nvidia/gpus")) -> list[str]:
    """GPUs that may be used: those of ``CUDA_VISIBLE_DEVICES``, else all that the driver knows.

    Examples
    --------
    >>> of_this_host({"CUDA_VISIBLE_DEVICES": "2, 3"})
    ['2', '3']
    """
    if VISIBLE in environment:
        return [name.strip() for name in environment[VISIBLE].split(",") if name.strip()]
    return [str(number) for number in range(len(list(devices.iterdir())))] if devices.is_dir() else []


def choose(local_rank: int) -> None:
    """Let this process see its own GPUs only, if the launcher was asked for that.

    Before anything uses CUDA. Does nothing without ``PARATRAIN_GPUS_PER_RANK``.

    Raises
    ------
    ValueError
        If the host has too few, or the variable is not a whole number above 0.
    """
    text = os.environ.get(GPUS_PER_RANK)
    if text is None:
        return
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"[launch] {GPUS_PER_RANK} must be a whole number of GPUs, at least 1; got {text!r}")
    os.environ[VISIBLE] = ",".join(share(local_rank, int(text), of_this_host(os.environ)))
