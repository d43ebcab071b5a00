"""Which CPU cores and how many OpenMP threads a rank gets.

The arithmetic is in pure functions; :func:`bind_local_rank` applies it to this process. It is called once,
when the world of ranks is made, so plain ``mpirun -n 4 python train.py`` divides the cores as
``paratrain launch`` does.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

CORES_PER_RANK = "PARATRAIN_CORES_PER_RANK"
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OMP_PLACES", "OMP_PROC_BIND", "GOMP_CPU_AFFINITY")


@dataclass(frozen=True)
class Share:
    """What one rank gets.

    Attributes
    ----------
    cpus : tuple of int
        Logical CPUs the rank may run on.
    threads : int
        OpenMP threads the rank uses; one per physical core of its share, at least 1.
    """

    cpus: tuple[int, ...]
    threads: int


def parse_cpu_list(text: str) -> tuple[int, ...]:
    """CPUs of a Linux list such as ``0-3,8``.

    Examples
    --------
    >>> parse_cpu_list("0-3,8")
    (0, 1, 2, 3, 8)
    """
    cpus: list[int] = []
    for part in filter(None, text.strip().split(",")):
        first, _, last = part.partition("-")
        cpus.extend(range(int(first), int(last or first) + 1))
    return tuple(cpus)


def group_by_core(cpus: Iterable[int], siblings: dict[int, tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Logical CPUs grouped by physical core, in order of the first CPU of each core.

    Parameters
    ----------
    cpus : iterable of int
        The CPUs that may be used.
    siblings : dict
        CPU to all the CPUs of its core; a CPU that is missing is a core of its own.

    Examples
    --------
    >>> group_by_core([0, 1, 2, 3], {0: (0, 2), 2: (0, 2), 1: (1, 3), 3: (1, 3)})
    [(0, 2), (1, 3)]
    """
    usable = set(cpus)
    cores = {tuple(c for c in sorted(siblings.get(cpu, (cpu,))) if c in usable) for cpu in usable}
    return sorted(cores)


def divide(
    cores: Sequence[tuple[int, ...]], position: int, count: int, limit: int | None = None, quota: float | None = None
) -> Share:
    """Share number `position` of `count` equal shares of `cores`.

    Cores that are left over go to the first ranks, one each. With more ranks than cores every rank may run
    on all of them, with one thread.

    Parameters
    ----------
    cores : sequence of tuple of int
        Physical cores as groups of logical CPUs, see :func:`group_by_core`.
    position, count : int
        Which share, and of how many; ``0 <= position < count``.
    limit : int, optional
        Cores per rank; default: all cores divided by `count`.
    quota : float, optional
        CPU time the container may use, in CPUs; threads never exceed this rank's part of it.

    Returns
    -------
    Share

    Raises
    ------
    ValueError
        If `position` is outside ``0 … count-1`` or `limit` is less than 1.

    Examples
    --------
    >>> divide([(0,), (1,), (2,), (3,)], position=1, count=2)
    Share(cpus=(2, 3), threads=2)
    >>> divide([(0,), (1,)], position=3, count=4)
    Share(cpus=(0, 1), threads=1)
    """
    if not 0 <= position < count:
        raise ValueError(f"[cores] position must be in 0..{count - 1}; got {position}")
    if limit is not None and limit < 1:
        raise ValueError(f"[cores] cores per rank must be at least 1; got {limit}")
    everything = tuple(sorted(cpu for core in cores for cpu in core))
    wanted = limit if limit is not None else len(cores) // count
    if wanted == 0 or wanted * count > len(cores):
        # More ranks than cores: pinning two ranks to one core would only make them wait for each other.
        return Share(everything, _threads(max(1, wanted), count, quota))
    if limit is None:
        extra = len(cores) % count
        start = position * wanted + min(position, extra)
        mine = cores[start : start + wanted + (position < extra)]
    else:
        mine = cores[position * wanted : (position + 1) * wanted]
    return Share(tuple(sorted(cpu for core in mine for cpu in core)), _threads(len(mine), count, quota))


def _threads(cores: int, count: int, quota: float | None) -> int:
    if quota is None:
        return cores
    return max(1, min(cores, math.floor(quota / count + 1e-6)))


def share_of(
    masks: Sequence[Iterable[int]],
    local_rank: int,
    siblings: dict[int, tuple[int, ...]],
    limit: int | None = None,
    quota: float | None = None,
) -> Share:
    """Share of `local_rank`, given the CPUs each rank of this host is allowed to run on.

    Ranks with the same CPUs divide them; a rank whose CPUs are its own (``mpirun`` or Slurm has bound it
    already) keeps them all. So one rule serves every launcher.

    Examples
    --------
    >>> share_of([{0, 1}, {0, 1}], 1, {})
    Share(cpus=(1,), threads=1)
    >>> share_of([{0, 1}, {2, 3}], 1, {})
    Share(cpus=(2, 3), threads=2)
    """
    sets = [frozenset(mask) for mask in masks]
    mine = sets[local_rank]
    together = [rank for rank, mask in enumerate(sets) if mask == mine]
    share_quota = None if quota is None else quota * len(together) / len(sets)
    return divide(group_by_core(mine, siblings), together.index(local_rank), len(together), limit, share_quota)


def read_siblings() -> dict[int, tuple[int, ...]]:
    """Hardware threads that share a core, from ``/sys``; empty where the system does not tell."""
    found = {}
    for path in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list"):
        found[int(path.parent.parent.name[3:])] = parse_cpu_list(path.read_text())
    return found


def read_quota() -> float | None:
    """CPU time this container may use, in CPUs (cgroup v2 ``cpu.max``); None when it is not limited."""
    path = Path("/sys/fs/cgroup/cpu.max")
    if not path.exists():
        return None
    limit, period = path.read_text().split()
    return None if limit == "max" else int(limit) / int(period)


def allowed_cpus() -> frozenset[int]:
    """Logical CPUs this process may run on."""
    return frozenset(os.sched_getaffinity(0))


def user_has_decided() -> bool:
    """Whether the user's environment already says how threads are placed, so paratrain leaves them alone."""
    return CORES_PER_RANK not in os.environ and any(name in os.environ for name in THREAD_VARIABLES)


_bound: Share | None = None  # what this process was pinned to


def bind_local_rank(local_rank: int, local_size: int, masks: Sequence[Iterable[int]] | None = None) -> Share | None:
    """Pin this process to its share of the host's cores; returns the share, or None if nothing is to change.

    Nothing changes when there is one rank on the host and no ``PARATRAIN_CORES_PER_RANK``, or when the user
    set one of OpenMP's own variables (``OMP_NUM_THREADS``, ``OMP_PLACES``, ``OMP_PROC_BIND``,
    ``GOMP_CPU_AFFINITY``). All threads the process has are moved, and those it makes later follow. A second
    call returns the share of the first. The caller tells the engine the thread count.

    Parameters
    ----------
    local_rank, local_size : int
        Place among the ranks of this host.
    masks : sequence of iterable of int, optional
        The CPUs each local rank may use, in order of local rank. Default: the same as this process's for all.

    Returns
    -------
    Share or None

    Raises
    ------
    ValueError
        If `local_rank` is outside ``0 … local_size-1`` or ``PARATRAIN_CORES_PER_RANK`` is not a whole number > 0.

    Examples
    --------
    >>> bind_local_rank(0, 1) is None
    True
    """
    global _bound
    if _bound is not None:
        return _bound
    if not 0 <= local_rank < local_size:
        raise ValueError(f"[cores] local rank must be in 0..{local_size - 1}; got {local_rank}")
    limit = _limit_from_environment()
    if (local_size == 1 and limit is None) or user_has_decided():
        return None
    everyone = masks if masks is not None else [allowed_cpus()] * local_size
    share = share_of(everyone, local_rank, read_siblings(), limit, read_quota())
    pin(share.cpus)
    os.environ["OMP_NUM_THREADS"] = str(share.threads)  # for libraries that are loaded later
    _bound = share
    return share


def pin(cpus: Iterable[int]) -> None:
    """Let every thread of this process run on `cpus` only."""
    wanted = set(cpus)
    for task in os.listdir("/proc/self/task"):
        try:
            os.sched_setaffinity(int(task), wanted)
        except ProcessLookupError:
            continue  # the thread ended since the folder was listed


def _limit_from_environment() -> int | None:
    text = os.environ.get(CORES_PER_RANK)
    if text is None:
        return None
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"[cores] {CORES_PER_RANK} must be a whole number of cores, at least 1; got {text!r}")
    return int(text)
