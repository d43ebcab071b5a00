"""Find ``mpirun``, tell which family it is of, and write its command line.

:func:`command` is a pure function from a :class:`Job` to a list of words; that list is what
``paratrain launch --dry-run`` prints and what is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HYDRA = "hydra"
OPENMPI = "openmpi"


@dataclass(frozen=True)
class Host:
    """A machine and the number of ranks it takes (None: an equal part)."""

    name: str
    slots: int | None = None


@dataclass(frozen=True)
class Job:
    """What is to be run.

    Attributes
    ----------
    ranks : int
        Number of processes.
    program : tuple of str
        The words of one rank's command.
    hosts : tuple of Host
        Empty for this machine only.
    environment : dict
        Variables every rank gets, on every host.
    """

    ranks: int
    program: tuple[str, ...]
    hosts: tuple[Host, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


def parse_hosts(text: str) -> tuple[Host, ...]:
    """Hosts of a list such as ``node1:4,node2:4`` or ``node1,node2``.

    Raises
    ------
    ValueError
        If a name is empty, a number of slots is not a whole number of at least 1, or a host comes twice.

    Examples
    --------
    >>> parse_hosts("node1:4,node2")
    (Host(name='node1', slots=4), Host(name='node2', slots=None))
    """
    hosts = []
    for part in text.split(","):
        name, colon, slots = part.strip().partition(":")
        if not name or (colon and (not slots.isdigit() or int(slots) < 1)):
            raise ValueError(
                f"[launch] --hosts takes NAME or NAME:SLOTS, separated by commas; got {part!r} in {text!r}"
            )
        hosts.append(Host(name, int(slots) if colon else None))
    names = [host.name for host in hosts]
    if len(set(names)) != len(names):
        raise ValueError(f"[launch] each host may be named once in --hosts; got {text!r}; write NAME:SLOTS instead")
    return tuple(hosts)


def place(ranks: int, hosts: tuple[Host, ...]) -> tuple[Host, ...]:
    """Give every host without a number of slots its equal part of the ranks.

    Raises
    ------
    ValueError
        If the slots are fewer than the ranks.

    Examples
    --------
    >>> place(3, parse_hosts("a,b"))
    (Host(name='a', slots=2), Host(name='b', slots=2))
    """
    if not hosts:
        return ()
    known = sum(host.slots or 0 for host in hosts)
    open_hosts = sum(host.slots is None for host in hosts)
    equal = -(-max(0, ranks - known) // open_hosts) if open_hosts else 0
    placed = tuple(Host(host.name, host.slots if host.slots is not None else max(1, equal)) for host in hosts)
    slots = sum(host.slots or 0 for host in placed)
    if slots < ranks:
        raise ValueError(f"[launch] {ranks} ranks need {ranks} slots; --hosts offers {slots}; add slots or lower -n")
    return placed


def ranks_on_fullest_host(ranks: int, hosts: tuple[Host, ...]) -> int:
    """The most ranks that share one machine, which decides how its cores are divided."""
    return max((min(ranks, host.slots or 0) for host in place(ranks, hosts)), default=ranks)


def command(job: Job, mpirun: str, family: str, cpus: int, root: bool = False) -> list[str]:
    """The exact words that start `job`.

    The MPI's own binding is switched off, because each rank pins itself (see :mod:`paratrain.launch.cores`).

    Parameters
    ----------
    job : Job
    mpirun : str
        Path of the starter.
    family : {'hydra', 'openmpi'}
        Its family, see :func:`family_of`.
    cpus : int
        Logical CPUs of a host; Open MPI has to be told when there are more ranks than that.
    root : bool, default False
        Whether the user is root, which Open MPI refuses unless told.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If `family` is unknown or the hosts have too few slots.

    Examples
    --------
    >>> " ".join(command(Job(2, ("python", "train.py")), "mpirun", "hydra", cpus=2))
    'mpirun -n 2 -bind-to none python train.py'
    """
    builders = {HYDRA: _hydra, OPENMPI: _openmpi}
    if family not in builders:
        raise ValueError(f"[launch] family of MPI must be one of {sorted(builders)}; got {family!r}")
    return [mpirun, "-n", str(job.ranks), *builders[family](job, cpus, root), *job.program]


def _hydra(job: Job, cpus: int, root: bool) -> list[str]:
    words = []
    if job.hosts:
        words += ["-hosts", ",".join(f"{host.name}:{host.slots}" for host in place(job.ranks, job.hosts))]
    words += ["-bind-to", "none"]
    for name, value in sorted(job.environment.items()):
        words += ["-genv", name, value]
    return words


def _openmpi(job: Job, cpus: int, root: bool) -> list[str]:
    words = ["--allow-run-as-root"] if root else []
    if job.hosts:
        words += ["--host", ",".join(f"{host.name}:{host.slots}" for host in place(job.ranks, job.hosts))]
    words += ["--bind-to", "none"]
    if ranks_on_fullest_host(job.ranks, job.hosts) > cpus:
        words += ["--map-by", ":OVERSUBSCRIBE"]
    for name, value in sorted(job.environment.items()):
        words += ["-x", f"{name}={value}"]
    return words


def find_mpirun(search: str | None = None) -> str | None:
    """Path of ``mpirun`` (or ``mpiexec``): beside this Python first, then on PATH; None if there is none.

    Parameters
    ----------
    search : str, optional
        Folders to look in, in the form of PATH, instead.
    """
    if search is None:
        # not resolved: a virtual environment's python is a link to one that has no mpirun beside it
        search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return shutil.which("mpirun", path=search) or shutil.which("mpiexec", path=search)


def version_text(mpirun: str) -> str:
    """What ``mpirun --version`` prints.

    Raises
    ------
    OSError
        If it does not answer within 20 seconds or fails.
    """
    try:
        done = subprocess.run([mpirun, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except subprocess.TimeoutExpired as error:
        raise OSError(f"[launch] {mpirun} --version must answer; nothing came for 20 seconds") from error
    if done.returncode:
        raise OSError(f"[launch] {mpirun} --version must work; exit status {done.returncode}: {done.stderr.strip()}")
    return done.stdout + done.stderr


def family_of(text: str) -> str:
    """Family of an MPI from its version text.

    Returns
    -------
    str
        ``'hydra'`` (MPICH and its relatives: Intel MPI, MVAPICH, Cray) or ``'openmpi'``.

    Raises
    ------
    ValueError
        If the text is of neither.

    Examples
    --------
    >>> family_of("mpirun (Open MPI) 5.0.3")
    'openmpi'
    """
    if "Open MPI" in text or "OpenRTE" in text or "PRRTE" in text:
        return OPENMPI
    if any(word in text for word in ("HYDRA", "MPICH", "Intel(R) MPI", "MVAPICH")):
        return HYDRA
    first = text.strip().splitlines()[0] if text.strip() else "nothing"
    raise ValueError(
        f"[launch] mpirun must be of the MPICH family (Hydra) or Open MPI; its --version says {first!r}; "
        "start the ranks with its own mpirun: mpirun -n N python train.py"
    )
