"""``paratrain launch``: from its arguments to a running job."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from paratrain.launch import cores, gpus, mpijob, mpirun, output, rank, reach, restarts, slurm
from paratrain.launch.hosts import Host, parse_hosts, place, ranks_on_fullest_host, read_hostfile, slots_of

_REFUSED_LAUNCHERS = {
    "sge": "in a Grid Engine job use its parallel environment's mpirun: qsub -pe mpi N, then --launcher mpirun",
    "yarn": "Hadoop YARN starts no MPI jobs; use --hosts or --hostfile",
}


@dataclass(frozen=True)
class Site:
    """What the machine and the user's environment bring to a job.

    Attributes
    ----------
    python : str
        The interpreter the ranks run.
    cores, cpus : int
        Physical cores of a host and its logical CPUs.
    environment : dict
        Variables of this process.
    root : bool
        Whether the user is root.
    terminal : bool
        Whether output goes to a terminal.
    """

    python: str
    cores: int
    cpus: int
    environment: dict[str, str] = field(default_factory=dict)
    root: bool = False
    terminal: bool = False

    @classmethod
    def here(cls) -> Site:
        """Look around."""
        own = cores.allowed_cpus()
        physical = len(cores.group_by_core(own, cores.read_siblings()))
        return cls(sys.executable, physical, len(own), dict(os.environ), os.geteuid() == 0, sys.stdout.isatty())


@dataclass(frozen=True)
class Starter:
    """The program that starts the ranks: its path and family."""

    path: str
    family: str


def hosts_of(options: argparse.Namespace, allocation: slurm.Allocation | None) -> tuple[int, tuple[Host, ...]]:
    """Number of ranks and the hosts they run on.

    Parameters
    ----------
    options : argparse.Namespace
    allocation : Allocation, optional
        The Slurm job this is, if it is one.

    Raises
    ------
    ValueError
        If neither arguments nor hosts say how many ranks, or there are too few slots.
    OSError
        If the host file cannot be read.
    """
    hosts: tuple[Host, ...] = ()
    if options.hosts:
        hosts = parse_hosts(options.hosts)
    elif options.hostfile:
        hosts = read_hostfile(options.hostfile)
    elif allocation is not None and options.launcher != "local":
        hosts = allocation.hosts
        if options.ranks is not None and options.ranks > slots_of(hosts):
            hosts = tuple(Host(host.name) for host in hosts)  # told explicitly: divide them equally
    if hosts and options.launcher == "local":
        raise ValueError("[launch] --launcher local runs on this host only; leave out --hosts and --hostfile")
    ranks = options.ranks
    if ranks is None and allocation is not None and hosts == allocation.hosts:
        ranks = allocation.tasks
    if ranks is None and hosts and all(host.slots is not None for host in hosts):
        ranks = slots_of(hosts)
    if ranks is None:
        raise ValueError("[launch] -n is required: the number of ranks (or hosts with their slots, or a Slurm job)")
    if ranks < 1:
        raise ValueError(f"[launch] -n must be at least 1; got {ranks}")
    return ranks, place(ranks, hosts)


def plan(options: argparse.Namespace, site: Site, starter: Starter | None = None) -> mpirun.Job:
    """The job that `options` ask for.

    Parameters
    ----------
    options : argparse.Namespace
        Of :func:`paratrain.launch.arguments.add_arguments`.
    site : Site
        OpenMP variables in its environment are kept as they are unless ``--cores-per-rank`` is given.
    starter : Starter, optional
        None for one rank without ``mpirun``.

    Raises
    ------
    ValueError
        If a number is out of range, the hosts have too few slots, or options contradict each other.
    """
    for name in ("cores_per_rank", "gpus_per_rank", "min_ranks"):
        value = getattr(options, name)
        if value is not None and value < 1:
            raise ValueError(f"[launch] --{name.replace('_', '-')} must be at least 1; got {value}")
    allocation = slurm.allocation(site.environment)
    ranks, hosts = hosts_of(options, allocation)
    local = ranks_on_fullest_host(ranks, hosts)
    asked = options.cores_per_rank or (allocation.cpus_per_task if allocation is not None else None)
    variables = _thread_variables(asked, local, site, options.bind)
    variables |= _own_variables(options, ranks, site)
    if starter is not None and starter.family == mpirun.OPENMPI:
        variables |= _library_variables(starter.path, site)
    asked_variables = dict([*options.env, *options.env_worker])
    unset = [name for name, value in asked_variables.items() if value is None and name not in site.environment]
    if unset:
        raise ValueError(f"[launch] --env {unset[0]}: there is no such variable here; write {unset[0]}=VALUE")
    given = {name: value for name, value in asked_variables.items() if value is not None}
    return mpirun.Job(
        ranks=ranks,
        program=_program(options, ranks, site, bool(starter)),
        hosts=hosts,
        environment=variables | given,
        forward=mpirun.forwarded(site.environment, tuple(asked_variables)) if hosts else tuple(asked_variables),
        bind=options.bind,
        cores=asked or max(1, site.cores // local),
        interface=options.interface,
        agent=options.ssh,
        remote_shell="slurm" if allocation is not None and not (options.hosts or options.hostfile) else "ssh",
        folder=options.sync_dst_dir,
    )


def script_words(options: argparse.Namespace) -> list[str]:
    """Script and arguments; a ``python`` before them is left out, as MXNet's launcher needs it.

    Raises
    ------
    ValueError
        If it is ``python`` with options or without a script.
    """
    words = [options.script, *options.arguments]
    if re.fullmatch(r"(.*/)?python[0-9.]*", words[0]) and not words[0].endswith(".py"):
        if len(words) < 2 or words[1].startswith("-"):
            raise ValueError(f"[launch] after {words[0]} comes the script, without options of Python; got {words[1:]}")
        return words[1:]
    return words


def _program(options: argparse.Namespace, ranks: int, site: Site, started: bool) -> tuple[str, ...]:
    # by path: -m would put the working directory first on sys.path, and with it any file named like a module
    runner = [str(Path(rank.__file__))] if started else [str(Path(rank.__file__)), rank.ALONE]
    needed = ranks > 1 or started or options.log_dir or options.gpus_per_rank or options.prefix == "always"
    return (site.python, "-u", *(runner if needed else []), *script_words(options))


def _own_variables(options: argparse.Namespace, ranks: int, site: Site) -> dict[str, str]:
    alone = ranks == 1 and options.prefix == "auto"  # its lines need no number
    how = output.mode("never" if alone else options.prefix, options.log_dir, site.terminal)
    found = {} if how == output.PLAIN else {output.OUTPUT: how}
    if options.gpus_per_rank:
        found[gpus.GPUS_PER_RANK] = str(options.gpus_per_rank)
    return found


def _library_variables(starter: str, site: Site) -> dict[str, str]:
    """Let mpi4py from PyPI, which serves several MPIs, use that of the starter."""
    library = mpirun.library_of(starter)
    if library is None or "MPI4PY_LIBMPI" in site.environment or "MPI4PY_MPIABI" in site.environment:
        return {}
    return {"MPI4PY_MPIABI": "openmpi", "MPI4PY_LIBMPI": library}


def _thread_variables(asked: int | None, local: int, site: Site, bind: str) -> dict[str, str]:
    if asked is None and any(name in site.environment for name in cores.THREAD_VARIABLES):
        return {}
    if asked is None and local == 1:
        return {}
    each = str(asked if asked is not None else max(1, site.cores // local))
    if bind == "ranks":
        return {cores.CORES_PER_RANK: each, "OMP_NUM_THREADS": each}
    return {"OMP_NUM_THREADS": each}


def find_starter(options: argparse.Namespace, site: Site) -> Starter | None:
    """What starts the ranks; None where one rank needs nothing.

    Raises
    ------
    OSError
        If there is nothing that could.
    ValueError
        If ``--launcher`` names something else, or the family of ``mpirun`` is unknown.
    """
    how = options.launcher
    if how in _REFUSED_LAUNCHERS:
        raise ValueError(f"[launch] --launcher {how}: {_REFUSED_LAUNCHERS[how]}")
    if how not in ("auto", "mpirun", "srun", "local", "ssh", "mpi"):
        raise ValueError(f"[launch] --launcher must be one of auto, mpirun, srun, local, ssh, mpi; got {how!r}")
    allocation = slurm.allocation(site.environment)
    ranks, hosts = hosts_of(options, allocation)
    if how == "srun":
        return _srun(allocation)
    if ranks == 1 and not hosts:
        return None
    path = options.mpirun or mpirun.find_mpirun()
    if path is None and how == "auto" and allocation is not None:
        return _srun(allocation)
    if path is None:
        raise OSError(
            f"[launch] {ranks} ranks need mpirun; none is beside {site.python} or on PATH; "
            "pip install 'paratrain[mpi]' or load your cluster's MPI"
        )
    return Starter(path, mpirun.family_of(mpirun.version_text(path)))


def _srun(allocation: slurm.Allocation | None) -> Starter:
    if allocation is None:
        raise ValueError("[launch] --launcher srun works in a Slurm job: salloc or sbatch first")
    path = shutil.which("srun")
    if path is None:
        raise OSError("[launch] --launcher srun: there is no srun on PATH")
    return Starter(path, mpirun.SRUN)


def words_of(job: mpirun.Job, starter: Starter | None, site: Site) -> list[str]:
    """The exact command of a job."""
    if starter is None:
        settings = [f"{name}={value}" for name, value in sorted(job.environment.items())]
        return [*(["env", *settings] if settings else []), *job.program]
    return mpirun.command(job, starter.path, starter.family, cpus=site.cpus, root=site.root)


def copies(job: mpirun.Job) -> list[list[str]]:
    """Commands that copy the working directory to where the ranks of other hosts run (``--sync-dst-dir``).

    Raises
    ------
    ValueError
        If there are no other hosts.
    """
    if job.folder is None:
        return []
    if not job.hosts:
        raise ValueError("[launch] --sync-dst-dir copies to other hosts; give --hosts or --hostfile")
    shell = ["-e", job.agent] if job.agent else []
    return [["rsync", "-az", *shell, "./", f"{host.name}:{job.folder}/"] for host in job.hosts]


def warnings_of(options: argparse.Namespace) -> list[str]:
    """What of MXNet's arguments has no effect, and why.

    Examples
    --------
    >>> from argparse import Namespace
    >>> warnings_of(Namespace(num_servers=2, env_server=[]))[0]
    '-s 2: there are no servers here: every rank keeps all parameters, and an allreduce sums gradients'
    """
    found = []
    if options.num_servers:
        found.append(
            f"-s {options.num_servers}: there are no servers here: every rank keeps all parameters, and an allreduce "
            "sums gradients"
        )
    if options.env_server:
        found.append("--env-server: there are no servers here, so nothing gets these variables; for ranks use --env")
    return found


def kubernetes(options: argparse.Namespace, job: mpirun.Job, site: Site) -> str:
    """Text of the manifest that ``--mpijob`` asks for.

    Raises
    ------
    ValueError
        Without ``--image``, or with hosts, which Kubernetes chooses.
    """
    if not options.image:
        raise ValueError("[launch] --mpijob needs --image: a container image with paratrain and the script in it")
    if options.hosts or options.hostfile:
        raise ValueError("[launch] --mpijob: Kubernetes chooses the hosts; use -n and --ranks-per-pod instead of hosts")
    each = options.ranks_per_pod
    if each < 1:
        raise ValueError(f"[launch] --ranks-per-pod must be at least 1; got {each}")
    words = ["paratrain", "launch", "-n", str(job.ranks), "--hostfile", mpijob.HOSTFILE]
    words += [] if options.cores_per_rank is None else ["--cores-per-rank", str(options.cores_per_rank)]
    words += [] if options.gpus_per_rank is None else ["--gpus-per-rank", str(options.gpus_per_rank)]
    words += [] if not options.max_restarts else ["--max-restarts", str(options.max_restarts)]
    for name, value in [*options.env, *options.env_worker]:
        words += ["--env", f"{name}={site.environment[name] if value is None else value}"]
    made = mpijob.manifest(
        options.name,
        options.image,
        job.ranks,
        each,
        [*words, *script_words(options)],
        options.mpi,
        options.cores_per_rank,
        options.gpus_per_rank,
    )
    return mpijob.to_yaml(made)


def main(options: argparse.Namespace) -> int:
    """Run the job, or print what would be run; returns the exit code.

    Raises
    ------
    OSError
        If the script is not a file, or a host does not answer.
    ValueError
        If options are wrong.
    """
    site = Site.here()
    for text in warnings_of(options):
        print(f"paratrain: {text}", file=sys.stderr)
    if options.mpijob:
        print(kubernetes(options, plan(options, site), site), end="")
        return 0
    script = script_words(options)[0]
    if not Path(script).is_file():
        raise FileNotFoundError(f"[launch] script must be a file; there is no {script!r}")
    starter = find_starter(options, site)
    job = plan(options, site, starter)
    if options.dry_run:
        for words in [*copies(job), words_of(job, starter, site)]:
            print(shlex.join(words))
        return 0
    prepare(job, starter)
    return restarts.run(options, job, lambda changed: words_of(changed, starter, site))


def prepare(job: mpirun.Job, starter: Starter | None) -> None:
    """Find out before anything is started which hosts do not answer, and copy to them what is asked for.

    Raises
    ------
    OSError
        If a host does not answer, or copying fails.
    ValueError
        If there is nowhere to copy to.
    """
    if starter is not None and starter.family != mpirun.SRUN and job.remote_shell == "ssh":
        silent = reach.unreachable([host.name for host in job.hosts], job.agent)
        if silent:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in silent.items())
            raise OSError(f"[launch] {len(silent)} of {len(job.hosts)} hosts cannot be reached by ssh: {reasons}")
    for words in copies(job):
        done = subprocess.run(words, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise OSError(f"[launch] --sync-dst-dir: {shlex.join(words)} ended with code {done.returncode}")
