"""Find ``mpirun``, tell which family it is of, and write its command line.

:func:`command` is a pure function from a :class:`Job` to a list of words; that list is what
``paratrain launch --dry-run`` prints and what is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from paratrain.launch.hosts import Host, place, ranks_on_fullest_host

HYDRA = "hydra"
OPENMPI = "openmpi"
SRUN = "srun"
#: Variables that Open MPI is told to take to other hosts; Hydra and srun take all.
FORWARDED = ("PARATRAIN_", "MXNET_", "OMP_", "GOMP_", "NCCL_", "CUDA_", "UCX_", "FI_", "MPI4PY_")
FORWARDED_NAMES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")


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
    forward : tuple of str
        Names of variables of this process that every rank gets.
    bind : {'ranks', 'mpi', 'none'}
        Who binds ranks to cores: each rank itself, the MPI, or nobody.
    cores : int
        Cores of a rank, where the MPI or Slurm binds.
    interface : str, optional
        Network interface for everything between hosts, such as ``ib0``.
    agent : str, optional
        Program that reaches other hosts instead of ``ssh``, with its arguments.
    remote_shell : {'ssh', 'slurm'}
        How Hydra reaches other hosts.
    folder : str, optional
        Working directory of the ranks.
    """

    ranks: int
    program: tuple[str, ...]
    hosts: tuple[Host, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    forward: tuple[str, ...] = ()
    bind: str = "ranks"
    cores: int = 1
    interface: str | None = None
    agent: str | None = None
    remote_shell: str = "ssh"
    folder: str | None = None


def command(job: Job, starter: str, family: str, cpus: int, root: bool = False) -> list[str]:
    """The exact words that start `job`.

    With ``bind='ranks'`` the starter's own binding is switched off, because each rank pins itself (see
    :mod:`paratrain.launch.cores`).

    Parameters
    ----------
    job : Job
    starter : str
        Path of ``mpirun`` or ``srun``.
    family : {'hydra', 'openmpi', 'srun'}
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
    builders: dict[str, Callable[[Job, str, int, bool], list[str]]] = {
        HYDRA: _hydra,
        OPENMPI: _openmpi,
        SRUN: _srun,
    }
    if family not in builders:
        raise ValueError(f"[launch] family of MPI must be one of {sorted(builders)}; got {family!r}")
    return [*builders[family](job, starter, cpus, root), *job.program]


def _host_list(job: Job) -> str:
    return ",".join(map(str, place(job.ranks, job.hosts)))


def _hydra(job: Job, starter: str, cpus: int, root: bool) -> list[str]:
    words = [starter, "-n", str(job.ranks)]
    if job.hosts:
        words += ["-hosts", _host_list(job), "-launcher", job.remote_shell]
        words += ["-launcher-exec", job.agent] if job.agent else []
    words += ["-iface", job.interface] if job.interface else []
    words += ["-bind-to", f"core:{job.cores}" if job.bind == "mpi" else "none"]
    words += ["-wdir", job.folder] if job.folder else []
    for name, value in sorted(job.environment.items()):
        words += ["-genv", name, value]
    return words  # all variables of this process go to the ranks by themselves


def _openmpi(job: Job, starter: str, cpus: int, root: bool) -> list[str]:
    words = [starter, "-n", str(job.ranks)]
    words += ["--allow-run-as-root"] if root else []
    if job.hosts:
        words += ["--host", _host_list(job)]
        words += ["--mca", "plm_rsh_agent", job.agent] if job.agent else []
    if job.interface:
        words += ["--mca", "btl_tcp_if_include", job.interface, "--mca", "oob_tcp_if_include", job.interface]
    crowded = ranks_on_fullest_host(job.ranks, job.hosts) > cpus
    if job.bind == "mpi":
        words += ["--map-by", f"slot:PE={job.cores}" + ":OVERSUBSCRIBE" * crowded, "--bind-to", "core"]
    else:
        words += ["--bind-to", "none"]
        words += ["--map-by", ":OVERSUBSCRIBE"] if crowded else []
    words += ["--wdir", job.folder] if job.folder else []
    for name in sorted(set(job.forward) - set(job.environment)):
        words += ["-x", name]
    for name, value in sorted(job.environment.items()):
        words += ["-x", f"{name}={value}"]
    return words


def _srun(job: Job, starter: str, cpus: int, root: bool) -> list[str]:
    # srun takes the variables of its own process to the ranks; --export could not hold a value with a comma
    settings = [f"{name}={value}" for name, value in sorted(job.environment.items())]
    words = [*(["env", *settings] if settings else []), starter, "--ntasks", str(job.ranks)]
    if job.hosts:
        words += ["--nodes", str(len(job.hosts)), "--nodelist", ",".join(host.name for host in job.hosts)]
    words += ["--kill-on-bad-exit=1", f"--cpus-per-task={job.cores}"]
    words += [f"--cpu-bind={'cores' if job.bind == 'mpi' else 'none'}"]
    words += [f"--chdir={job.folder}"] if job.folder else []
    return words


def forwarded(environment: dict[str, str], asked: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Names of the variables that go to other hosts where the starter does not take all.

    Examples
    --------
    >>> forwarded({"OMP_NUM_THREADS": "2", "HOME": "/root", "PATH": "/bin"}, ("HOME",))
    ('HOME', 'OMP_NUM_THREADS', 'PATH')
    """
    known = {name for name in environment if name.startswith(FORWARDED) or name in FORWARDED_NAMES}
    return tuple(sorted(known | set(asked)))


def library_of(starter: str) -> str | None:
    """Path of the ``libmpi.so`` that belongs to an Open MPI's ``mpirun``; None if it is not where it usually is."""
    prefix = Path(starter).resolve().parent.parent
    folders = [prefix / "lib", prefix / "lib64", *sorted(prefix.glob("lib/*-linux-gnu"))]
    found = [folder / "libmpi.so.40" for folder in folders if (folder / "libmpi.so.40").exists()]
    return str(found[0]) if found else None


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
