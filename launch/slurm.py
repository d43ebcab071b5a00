"""What Slurm has given to this job, read from its variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from paratrain.launch.hosts import Host


@dataclass(frozen=True)
class Allocation:
    """Nodes of a Slurm job.

    Attributes
    ----------
    job : str
        Its number.
    hosts : tuple of Host
        Nodes, with the tasks of each where Slurm says them.
    tasks : int or None
        Tasks asked for with ``--ntasks`` or ``--ntasks-per-node``.
    cpus_per_task : int or None
        From ``--cpus-per-task``.
    """

    job: str
    hosts: tuple[Host, ...]
    tasks: int | None = None
    cpus_per_task: int | None = None


def allocation(environment: Mapping[str, str]) -> Allocation | None:
    """The allocation this process runs in: a batch script, or a shell of ``salloc``.

    Parameters
    ----------
    environment : mapping
        Variables of the process.

    Returns
    -------
    Allocation or None
        None outside of Slurm, and within a step of several tasks, where each task would start a job of its own.

    Raises
    ------
    ValueError
        If this process is one of several tasks of a step, or Slurm's variables are not understood.

    Examples
    --------
    >>> allocation({"SLURM_JOB_ID": "7", "SLURM_JOB_NODELIST": "n[1-2]", "SLURM_TASKS_PER_NODE": "4(x2)"})
    Allocation(job='7', hosts=(Host(name='n1', slots=4), Host(name='n2', slots=4)), tasks=None, cpus_per_task=None)
    """
    job = environment.get("SLURM_JOB_ID")
    if not job:
        return None
    if (_number(environment, "SLURM_STEP_NUM_TASKS") or 1) > 1:
        raise ValueError(
            "[launch] this is one of several tasks that srun has started; start `paratrain launch` once, in the batch "
            "script itself, or run the script under srun without it: srun python train.py"
        )
    names = expand(environment.get("SLURM_JOB_NODELIST", ""))
    counts = tasks_per_node(environment.get("SLURM_TASKS_PER_NODE", ""))
    if counts and len(counts) != len(names):
        raise ValueError(
            f"[launch] Slurm names {len(names)} nodes and the tasks of {len(counts)}: "
            f"SLURM_JOB_NODELIST={environment.get('SLURM_JOB_NODELIST')}, "
            f"SLURM_TASKS_PER_NODE={environment.get('SLURM_TASKS_PER_NODE')}; use --hosts"
        )
    slots: list[int | None] = list(counts) or [None] * len(names)
    return Allocation(
        job,
        tuple(Host(name, count) for name, count in zip(names, slots, strict=True)),
        _number(environment, "SLURM_NTASKS"),
        _number(environment, "SLURM_CPUS_PER_TASK"),
    )


def _number(environment: Mapping[str, str], name: str) -> int | None:
    text = environment.get(name, "")
    if text and not text.isdigit():
        raise ValueError(f"[launch] {name} must be a whole number; got {text!r}")
    return int(text) if text else None


def expand(text: str) -> list[str]:
    """Names of a node list.

    Raises
    ------
    ValueError
        If brackets do not match or a range has no numbers.

    Examples
    --------
    >>> expand("login,n[08-10,12],r[1-2]c[1-2]")
    ['login', 'n08', 'n09', 'n10', 'n12', 'r1c1', 'r1c2', 'r2c1', 'r2c2']
    """
    names = []
    for part in re.findall(r"(?:[^,\[\]]|\[[^\[\]]*\])+", text):
        pieces = re.split(r"\[([^\]]*)\]", part)
        made = [pieces[0]]
        for ranges, after in zip(pieces[1::2], pieces[2::2], strict=True):
            made = [before + middle + after for before in made for middle in _ranges(ranges, text)]
        names += made
    if not names or text.count("[") != text.count("]"):
        raise ValueError(f"[launch] SLURM_JOB_NODELIST must name nodes, such as n[1-4]; got {text!r}; use --hosts")
    return names


def _ranges(text: str, whole: str) -> list[str]:
    found = []
    for part in text.split(","):
        match = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", part)
        if match is None or int(match[2] or match[1]) - int(match[1]) not in range(100_000):
            raise ValueError(f"[launch] SLURM_JOB_NODELIST must hold ranges such as 1-4; got {part!r} in {whole!r}")
        last = match[2] or match[1]
        found += [str(number).zfill(len(match[1])) for number in range(int(match[1]), int(last) + 1)]
    return found


def tasks_per_node(text: str) -> list[int]:
    """Counts of ``SLURM_TASKS_PER_NODE``; empty where it is empty.

    Raises
    ------
    ValueError
        If it is of another form.

    Examples
    --------
    >>> tasks_per_node("4(x2),3")
    [4, 4, 3]
    """
    counts: list[int] = []
    for part in filter(None, text.split(",")):
        match = re.fullmatch(r"([0-9]{1,6})(?:\(x([0-9]{1,6})\))?", part)
        if match is None:
            raise ValueError(f"[launch] SLURM_TASKS_PER_NODE must be like 4(x2),3; got {text!r}; use --hosts")
        counts += [int(match[1])] * int(match[2] or 1)
    return counts
