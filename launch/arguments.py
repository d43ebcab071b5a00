"""The arguments of ``paratrain launch``, those of MXNet's ``tools/launch.py`` among them."""

from __future__ import annotations

import argparse
import re

HELP = """\
Run a script on N ranks, dividing each host's cores and OpenMP threads among them.

  paratrain launch -n 4 train.py --epochs 10
  paratrain launch -n 8 --hosts node1:4,node2:4 train.py
  paratrain launch --hostfile hosts --log-dir logs train.py
  sbatch --nodes 2 --ntasks-per-node 4 --wrap 'paratrain launch train.py'
  paratrain launch -n 4 --max-restarts 3 train.py
  paratrain launch -n 2 --dry-run train.py

If a rank fails, its traceback is shown and all ranks end with its exit code. Ctrl-C ends the job with 130. After
SIGTERM or SIGUSR1 the ranks write a checkpoint where the script has one and end with 75. See docs/launch.md.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of ``paratrain launch``."""
    add = parser.add_argument
    add(
        "-n",
        "--ranks",
        "--num-workers",
        type=int,
        metavar="N",
        help="number of ranks (processes); default: the slots of the hosts, or the tasks of the Slurm job",
    )
    add_hosts(parser.add_argument_group("where"))
    _add_ranks(parser.add_argument_group("each rank"))
    _add_failures(parser.add_argument_group("when something happens"))
    _add_printing(parser.add_argument_group("instead of running"))
    add("script", help="Python script to run; `python script` is understood, too")
    add("arguments", nargs=argparse.REMAINDER, help="its arguments")


def add_hosts(group: argparse._ArgumentGroup) -> None:
    """Describe the arguments that say where ranks run."""
    add = group.add_argument
    where = group.add_mutually_exclusive_group()
    where.add_argument(
        "--hosts",
        metavar="LIST",
        help="hosts as NAME or NAME:SLOTS, separated by commas; default: those of the Slurm job, else this one. "
        "Script, Python and paratrain must be at the same path on each",
    )
    where.add_argument(
        "-H",
        "--hostfile",
        metavar="FILE",
        help="hosts, one a line: NAME, NAME:SLOTS (MPICH) or NAME slots=N (Open MPI)",
    )
    add(
        "--launcher",
        metavar="HOW",
        default="auto",
        help="mpirun or srun; auto: mpirun if there is one, in a Slurm job else srun. MXNet's names, too: "
        "local (this host only), ssh, mpi",
    )
    add("--mpirun", metavar="PATH", help="which mpirun; default: the one beside this Python, else on PATH")
    add("--ssh", metavar="PROGRAM", help="program that reaches other hosts instead of ssh, called in the same way")
    add("--interface", metavar="NAME", help="network interface for everything between hosts, such as ib0")
    add(
        "--sync-dst-dir",
        metavar="FOLDER",
        help="copy the working directory to this folder of each host (rsync) and run there",
    )


def _add_ranks(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--cores-per-rank",
        type=int,
        metavar="K",
        help="cores, and OpenMP threads, of each rank; default: the host's cores divided by its ranks",
    )
    add(
        "--bind",
        choices=("ranks", "mpi", "none"),
        default="ranks",
        help="who binds ranks to cores: each rank itself (default), the MPI, or nobody",
    )
    add(
        "--gpus-per-rank", type=int, metavar="K", help="let each rank see K GPUs of its host, its own, as gpu(0) and on"
    )
    add(
        "--env",
        action="append",
        default=[],
        type=variable,
        metavar="NAME[=VALUE]",
        help="variable for all ranks; without a value that of this process; may be given again",
    )
    add("--env-worker", action="append", default=[], type=variable, metavar="NAME:VALUE", help="MXNet's name of --env")
    add("--env-server", action="append", default=[], type=variable, metavar="NAME:VALUE", help=argparse.SUPPRESS)
    add(
        "-s",
        "--num-servers",
        type=int,
        metavar="N",
        help="for MXNet's command lines: there are no servers, so warned of",
    )
    add(
        "--prefix",
        choices=("auto", "always", "never"),
        default="auto",
        help="number of the rank before each line of its output: with several ranks, coloured on a terminal (auto)",
    )
    add("--log-dir", metavar="FOLDER", help="write the output of rank R to FOLDER/rank-R.log instead")


def _add_failures(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--max-restarts",
        type=int,
        default=0,
        metavar="N",
        help="after a failure start again, up to N times, from the newest checkpoint that is intact (default 0)",
    )
    add(
        "--min-ranks",
        type=int,
        metavar="M",
        help="start again with fewer ranks, at least M, when a host does not answer; default: wait for it and refuse",
    )
    add(
        "--grace",
        type=float,
        default=600.0,
        metavar="SECONDS",
        help="time to write a checkpoint after SIGTERM or SIGUSR1 before ranks are killed (default 600)",
    )


def _add_printing(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--dry-run", action="store_true", help="print the exact command and end")
    add("--mpijob", action="store_true", help="print a manifest for Kubernetes (MPIJob, kubeflow.org/v2beta1) and end")
    add("--image", metavar="IMAGE", help="container image of --mpijob, with paratrain and the script in it")
    add("--ranks-per-pod", type=int, default=1, metavar="K", help="ranks of one pod of --mpijob (default 1)")
    add("--mpi", choices=("MPICH", "OpenMPI", "Intel"), default="MPICH", help="MPI in the image of --mpijob")
    add("--name", default="paratrain", help="name of --mpijob (default paratrain)")


def variable(text: str) -> tuple[str, str | None]:
    """Name and value of ``NAME=VALUE``, MXNet's ``NAME:VALUE`` or ``NAME``.

    Raises
    ------
    ArgumentTypeError
        If the name is none of a variable.

    Examples
    --------
    >>> variable("A=b:c"), variable("A:b"), variable("A")
    (('A', 'b:c'), ('A', 'b'), ('A', None))
    """
    match = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)(?:[=:](.*))?", text, re.DOTALL)
    if match is None:
        raise argparse.ArgumentTypeError(f"must be NAME or NAME=VALUE; got {text!r}")
    return match[1], match[2]
