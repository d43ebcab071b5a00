"""``paratrain launch``: from its arguments to a running job."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path

from paratrain.launch import cores, job, mpirun

HELP = """\
Run a script on N ranks with mpirun, dividing this host's cores and OpenMP threads among them.

  paratrain launch -n 4 train.py --epochs 10
  paratrain launch -n 8 --hosts node1:4,node2:4 train.py
  paratrain launch -n 2 --dry-run train.py

If a rank fails, its traceback is shown and all ranks end with its exit code. Ctrl-C ends the job with 130.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of ``paratrain launch``."""
    parser.add_argument("-n", "--ranks", type=int, required=True, metavar="N", help="number of ranks (processes)")
    parser.add_argument(
        "--cores-per-rank",
        type=int,
        metavar="K",
        help="cores, and OpenMP threads, of each rank; default: the host's cores divided by its ranks",
    )
    parser.add_argument(
        "--hosts",
        metavar="LIST",
        help="hosts as NAME or NAME:SLOTS, separated by commas; default: this one. "
        "Script, Python and paratrain must be at the same path on each",
    )
    parser.add_argument("--dry-run", action="store_true", help="print the exact command and end")
    parser.add_argument("script", help="Python script to run")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")


def plan(
    options: argparse.Namespace, python: str, own_cores: int, environment: dict[str, str] | None = None
) -> mpirun.Job:
    """The job that `options` ask for.

    Parameters
    ----------
    options : argparse.Namespace
        Of :func:`add_arguments`.
    python : str
        Path of the interpreter the ranks run.
    own_cores : int
        Physical cores of a host.
    environment : dict, optional
        The user's environment. OpenMP variables in it are kept as they are unless ``--cores-per-rank`` is given.

    Raises
    ------
    ValueError
        If a number is less than 1, or the hosts have too few slots.
    """
    if options.ranks < 1:
        raise ValueError(f"[launch] -n must be at least 1; got {options.ranks}")
    if options.cores_per_rank is not None and options.cores_per_rank < 1:
        raise ValueError(f"[launch] --cores-per-rank must be at least 1; got {options.cores_per_rank}")
    hosts = mpirun.parse_hosts(options.hosts) if options.hosts else ()
    local = mpirun.ranks_on_fullest_host(options.ranks, hosts)
    program = [python, "-u"]
    if options.ranks > 1:
        # by path: -m would put the working directory first on sys.path, and with it any file named like a module
        program.append(str(Path(__file__).with_name("rank.py")))
    program += [options.script, *options.arguments]
    return mpirun.Job(
        ranks=options.ranks,
        program=tuple(program),
        hosts=hosts,
        environment=_thread_variables(options.cores_per_rank, local, own_cores, environment or {}),
    )


def _thread_variables(asked: int | None, local: int, own_cores: int, environment: dict[str, str]) -> dict[str, str]:
    if asked is None and any(name in environment for name in cores.THREAD_VARIABLES):
        return {}
    if asked is None and local == 1:
        return {}
    each = asked if asked is not None else max(1, own_cores // local)
    return {cores.CORES_PER_RANK: str(each), "OMP_NUM_THREADS": str(each)}


def build(options: argparse.Namespace) -> list[str]:
    """The words of the command, for this machine.

    Raises
    ------
    OSError
        If more than one rank is asked for and there is no ``mpirun``.
    ValueError
        If an option is wrong or the MPI's family is unknown.
    """
    own = cores.group_by_core(cores.allowed_cpus(), cores.read_siblings())
    what = plan(options, sys.executable, len(own), dict(os.environ))
    if what.ranks == 1 and not what.hosts:
        settings = [f"{name}={value}" for name, value in sorted(what.environment.items())]
        return [*(["env", *settings] if settings else []), *what.program]
    starter = mpirun.find_mpirun()
    if starter is None:
        raise OSError(
            f"[launch] {what.ranks} ranks need mpirun; none is beside {sys.executable} or on PATH; "
            "pip install 'paratrain[mpi]' or load your cluster's MPI"
        )
    family = mpirun.family_of(mpirun.version_text(starter))
    return mpirun.command(what, starter, family, cpus=len(cores.allowed_cpus()), root=os.geteuid() == 0)


def main(options: argparse.Namespace) -> int:
    """Run the job, or print its command with ``--dry-run``; returns the exit code.

    Raises
    ------
    OSError
        If the script is not a file.
    """
    if not Path(options.script).is_file():
        raise FileNotFoundError(f"[launch] script must be a file; there is no {options.script!r}")
    words = build(options)
    if options.dry_run:
        print(shlex.join(words))
        return 0
    return job.run(words)
