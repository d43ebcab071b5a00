"""What this installation is: versions, build features, devices, MPI library."""

from __future__ import annotations

import importlib.metadata
import platform

from paratrain._version import __version__
from paratrain.launch import cores, mpirun

PACKAGES = ("numpy", "ml_dtypes", "pillow", "onednn-cpu-gomp", "mpi4py", "mpich", "pycuda")


def package_version(name: str) -> str | None:
    """Version of an installed package, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def packages() -> str:
    """The libraries paratrain uses and their versions, in one line."""
    return ", ".join(f"{name} {package_version(name) or '(not installed)'}" for name in PACKAGES)


def mpi_library() -> str:
    """One line about the MPI library that mpi4py loads, or why there is none. Initialises MPI."""
    if package_version("mpi4py") is None:
        return "none: mpi4py is not installed (pip install 'paratrain[mpi]'); the world size is 1"
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        return f"none: mpi4py finds no library ({error}); the world size is 1"
    return " ".join(MPI.Get_library_version().strip("\0").splitlines()[0].split())


def mpi_starter() -> str:
    """Path and family of mpirun, or why it cannot be used."""
    path = mpirun.find_mpirun()
    if path is None:
        return "none beside this Python or on PATH"
    try:
        return f"{path} ({mpirun.family_of(mpirun.version_text(path))})"
    except (OSError, ValueError) as error:
        return f"{path}: {error}"


def processor() -> str:
    """Cores this process may use."""
    cpus = cores.allowed_cpus()
    physical = len(cores.group_by_core(cpus, cores.read_siblings()))
    quota = cores.read_quota()
    limit = "" if quota is None else f", limited to the time of {quota:g}"
    return f"{platform.machine()}, {physical} cores, {len(cpus)} logical CPUs{limit}"


def engine() -> str:
    """One line about the native engine, or why it does not load."""
    try:
        from paratrain.ext import engine as native
    except ImportError as error:
        return f"does not load: {error}"
    kernels, threads = len(native.kernel_names()), native.get_num_threads()
    return f"oneDNN {native.onednn_version()}, {kernels} CPU kernels, OpenMP with {threads} threads"


def devices() -> str:
    """The devices arrays can live on, and why there is no GPU if there is none."""
    try:
        from paratrain.ext import cuda
    except ImportError as error:
        return f"unknown: {error}"
    reason = cuda.why_not()
    return f"cpu; no gpu: {reason}" if reason else f"cpu, {cuda.device_count()} gpu"


def summary() -> str:
    """What ``paratrain`` prints without a command."""
    rows = {
        "paratrain": __version__,
        "Python": f"{platform.python_version()} on {platform.platform()}",
        "packages": packages(),
        "engine": engine(),
        "processor": processor(),
        "devices": devices(),
        "MPI": mpi_library(),
        "mpirun": mpi_starter(),
    }
    return "\n".join(f"{name:<10} {text}" for name, text in rows.items())
