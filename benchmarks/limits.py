"""Limits of the machine: float32 matrix multiplication, convolutions of ResNet-50 in oneDNN's layouts, bandwidth.

limits.cc measures them with raw oneDNN; it is compiled here when it has changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from timing import run, threads

SOURCE = Path(__file__).with_suffix(".cc")
PROGRAM = SOURCE.parent.parent / "build" / "benchmarks" / "limits"


def program() -> Path:
    """The compiled program; oneDNN is the one that paratrain is built with (``ONEDNN_ROOT`` or this environment)."""
    if PROGRAM.exists() and PROGRAM.stat().st_mtime > SOURCE.stat().st_mtime:
        return PROGRAM
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    root = Path(os.environ.get("ONEDNN_ROOT", sys.prefix))
    flags = ["-std=c++17", "-O3", "-march=native", "-fopenmp", f"-I{root / 'include'}", f"-L{root / 'lib'}"]
    command = [os.environ.get("CXX", "g++"), *flags, str(SOURCE), "-o", str(PROGRAM), "-ldnnl"]
    subprocess.run([*command, f"-Wl,-rpath,{root / 'lib'}"], check=True)
    return PROGRAM


def measure(options: Namespace) -> dict[str, float]:
    """All limits, or with ``--part gemm`` that of the matrix multiplication alone."""
    command = [str(program()), str(threads()), str(options.seconds), options.part]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    run({"raw": measure})
