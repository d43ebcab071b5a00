"""``paratrain doctor``: check what training depends on and say what to mend.

Each check is a function that returns a :class:`~paratrain.launch.finding.Finding`. A failed check makes the exit code
1; something that is only absent (MPI, a GPU) or slow is told and does not. Then ranks are started and measure, see
:mod:`paratrain.launch.doctor_ranks`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from paratrain.launch import about, arguments, cores, doctor_ranks, mpirun
from paratrain.launch.finding import ABSENT, FAILED, OK, Finding

MPI_TEST_SECONDS = 60

SUM_OF_RANKS = """
import sys
from mpi4py import MPI
world = MPI.COMM_WORLD
# one piece: with PYTHONUNBUFFERED the pieces of a print would mix with those of the other rank
sys.stdout.write(f"sum {world.allreduce(world.rank + 1)} of {world.size}\\n")
"""


def check_python() -> Finding:
    """The interpreter."""
    return Finding(OK, f"{sys.version.split()[0]} at {sys.executable}")


def check_packages() -> Finding:
    """The Python packages without which nothing works."""
    versions = {name: about.package_version(name) for name in ("numpy", "ml_dtypes", "pillow")}
    missing = [name for name, version in versions.items() if version is None]
    text = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    if missing:
        return Finding(FAILED, text or "none", f"pip install {' '.join(missing)}")
    return Finding(OK, text)


def check_engine() -> Finding:
    """The native engine loads and a convolution (one of oneDNN's) gives the right number."""
    try:
        import paratrain as mx
    except ImportError as error:
        return Finding(FAILED, str(error), "build again: pip install --force-reinstall paratrain")
    ones = mx.nd.ones((1, 3, 8, 8))
    result = mx.nd.Convolution(ones, mx.nd.ones((1, 3, 3, 3)), no_bias=True, kernel=(3, 3), num_filter=1).asnumpy()
    if result.shape != (1, 1, 6, 6) or not (result == 27).all():
        return Finding(
            FAILED, f"a convolution that must give 27 gave {result.ravel()[0]}", "report this with `paratrain`"
        )
    return Finding(OK, about.engine())


def check_threads() -> Finding:
    """Cores, and OpenMP threads against them."""
    physical = len(cores.group_by_core(cores.allowed_cpus(), cores.read_siblings()))
    asked = os.environ.get("OMP_NUM_THREADS", "")
    text = about.processor() + (f", OMP_NUM_THREADS={asked}" if asked else "")
    if asked.isdigit() and int(asked) > len(cores.allowed_cpus()):
        return Finding(FAILED, text, f"set OMP_NUM_THREADS to {physical} at most, or unset it")
    return Finding(OK, text)


def check_mpi() -> Finding:
    """mpi4py, its library, and whether threads may call it."""
    if about.package_version("mpi4py") is None:
        return Finding(ABSENT, "mpi4py is not installed; the world size is 1", "pip install 'paratrain[mpi]'")
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        return Finding(FAILED, f"mpi4py finds no MPI library: {error}", "pip install mpich, or load your cluster's MPI")
    names = {
        MPI.THREAD_SINGLE: "single",
        MPI.THREAD_FUNNELED: "funneled",
        MPI.THREAD_SERIALIZED: "serialized",
        MPI.THREAD_MULTIPLE: "multiple",
    }
    level = MPI.Query_thread()
    text = f"{about.mpi_library()}; thread level {names[level]}"
    if level < MPI.THREAD_SERIALIZED:
        return Finding(
            FAILED, text, "the gradients are summed by a thread: use an MPI that gives at least 'serialized'"
        )
    return Finding(OK, text)


def check_mpirun() -> Finding:
    """Two ranks that mpirun starts see each other, so it belongs to the library of mpi4py."""
    path = mpirun.find_mpirun()
    if path is None:
        return Finding(ABSENT, "none beside this Python or on PATH", "pip install 'paratrain[mpi]'")
    if about.package_version("mpi4py") is None:
        return Finding(ABSENT, f"{path}, but mpi4py is not installed", "pip install 'paratrain[mpi]'")
    try:
        family = mpirun.family_of(mpirun.version_text(path))
    except (OSError, ValueError) as error:
        return Finding(FAILED, str(error), "put another mpirun first on PATH")
    job = mpirun.Job(2, (sys.executable, "-c", SUM_OF_RANKS))
    words = mpirun.command(job, path, family, cpus=len(cores.allowed_cpus()), root=os.geteuid() == 0)
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=MPI_TEST_SECONDS,
            env=doctor_ranks.clean(dict(os.environ)),  # this is an MPI process itself by now
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding(
            FAILED, f"{path}: two ranks did not end in {MPI_TEST_SECONDS} s", "look at the network MPI chose"
        )
    if done.returncode:
        return Finding(FAILED, f"{path}: exit code {done.returncode}: {done.stderr.strip()[-300:]}", "run it by hand")
    if done.stdout.count("sum 3 of 2") != 2:
        answer = " / ".join(done.stdout.split("\n")).strip(" /")
        return Finding(
            FAILED,
            f"{path} ({family}): two ranks must see each other; they said: {answer}",
            f"mpi4py's library is {about.mpi_library()}; use the mpirun that belongs to it",
        )
    return Finding(OK, f"{path} ({family}), two ranks see each other")


def check_cuda() -> Finding:
    """GPUs: driver, our library, pycuda, devices."""
    from paratrain.ext import cuda

    reason = cuda.why_not()
    if reason:
        return Finding(ABSENT, reason)
    return Finding(OK, f"{cuda.device_count()} GPUs")


def check_nccl() -> Finding:
    """The library that sums between GPUs."""
    from paratrain.kvstore import nccl

    reason = nccl.why_not()
    return Finding(ABSENT, reason.removeprefix("[nccl] ")) if reason else Finding(OK, f"NCCL {nccl.version()}")


CHECKS: dict[str, Callable[[], Finding]] = {
    "python": check_python,
    "packages": check_packages,
    "engine": check_engine,
    "threads": check_threads,
    "MPI": check_mpi,
    "mpirun": check_mpirun,
    "CUDA": check_cuda,
    "NCCL": check_nccl,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of ``paratrain doctor``."""
    parser.add_argument("-n", "--ranks", type=int, metavar="N", help="ranks that measure (default 2, or the slots)")
    parser.add_argument("--folder", metavar="FOLDER", help="folder of checkpoints, to be written to")
    arguments.add_hosts(parser.add_argument_group("where"))


def main(checks: dict[str, Callable[[], Finding]] | None = None, options: argparse.Namespace | None = None) -> int:
    """Run the checks and print their findings; returns 1 if one has failed, else 0.

    Parameters
    ----------
    checks : dict, optional
        Default: all.
    options : argparse.Namespace, optional
        Of `add_arguments`; with it ranks are started and measure.
    """
    statuses = []
    for name, check in (CHECKS if checks is None else checks).items():
        finding = _examine(check)
        statuses.append(finding.status)
        _print(name, finding)
    if options is not None:
        for name, finding in _measured(options).items():
            statuses.append(finding.status)
            _print(name, finding)
    failed = statuses.count(FAILED)
    print("All is well." if not failed else f"{failed} to mend.")
    return 1 if failed else 0


def _measured(options: argparse.Namespace) -> dict[str, Finding]:
    if about.package_version("mpi4py") is None:
        return {"ranks": Finding(ABSENT, "without mpi4py there is one rank")}
    for name, value in vars(launch_defaults()).items():
        vars(options).setdefault(name, value)
    if options.ranks is None and not (options.hosts or options.hostfile):
        options.ranks = 2
    found: Any = doctor_ranks.run(options)
    return {"ranks": found} if isinstance(found, Finding) else doctor_ranks.judge(found)


def launch_defaults() -> argparse.Namespace:
    """The options of ``paratrain launch`` as they are when none is given."""
    parser = argparse.ArgumentParser()
    arguments.add_arguments(parser)
    return parser.parse_args(["script"])


def _print(name: str, finding: Finding) -> None:
    print(f"{finding.status:<7} {name:<9} {finding.text}", flush=True)
    if finding.advice:
        print(f"{'':<17} → {finding.advice}")


def _examine(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:  # whatever breaks a check is what the doctor was asked to find
        return Finding(FAILED, f"{type(error).__name__}: {error}", "report this with the output of `paratrain`")
