"""``paratrain doctor``: check what training depends on and say what to mend.

Each check is a function that returns a :class:`Finding`. A failed check makes the exit code 1; something that is
only absent (MPI, a GPU) is told and does not.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from paratrain.launch import about, cores, mpirun

OK, ABSENT, FAILED = "ok", "absent", "FAILED"
MPI_TEST_SECONDS = 60

SUM_OF_RANKS = """
import sys
from mpi4py import MPI
world = MPI.COMM_WORLD
# one piece: with PYTHONUNBUFFERED the pieces of a print would mix with those of the other rank
sys.stdout.write(f"sum {world.allreduce(world.rank + 1)} of {world.size}\\n")
"""


@dataclass(frozen=True)
class Finding:
    """Result of a check: ``ok``, ``absent`` or ``FAILED``, what was found, and what to do about it."""

    status: str
    text: str
    advice: str = ""


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
    # this process is an MPI process itself by now: its variables must not reach the new job
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PMI", "PMIX", "OMPI_", "MPI_LOCAL", "HYDI"))}
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=MPI_TEST_SECONDS,
            env=clean,
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


CHECKS: dict[str, Callable[[], Finding]] = {
    "python": check_python,
    "packages": check_packages,
    "engine": check_engine,
    "threads": check_threads,
    "MPI": check_mpi,
    "mpirun": check_mpirun,
    "CUDA": check_cuda,
}


def main(checks: dict[str, Callable[[], Finding]] | None = None) -> int:
    """Run the checks and print their findings; returns 1 if one has failed, else 0."""
    failed = 0
    for name, check in (CHECKS if checks is None else checks).items():
        finding = _examine(check)
        failed += finding.status == FAILED
        print(f"{finding.status:<7} {name:<9} {finding.text}", flush=True)
        if finding.advice:
            print(f"{'':<17} → {finding.advice}")
    print("All is well." if not failed else f"{failed} to mend.")
    return 1 if failed else 0


def _examine(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:  # whatever breaks a check is what the doctor was asked to find
        return Finding(FAILED, f"{type(error).__name__}: {error}", "report this with the output of `paratrain`")
