"""Time from starting Python to a library being imported, and to the end of the first training step of LeNet."""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

from timing import run

FIRST_STEP = """
import sys
sys.path.insert(0, sys.argv[1])
import lenet, steps
if sys.argv[2] == "torch":
    steps.torch_rate(lenet.torch_network, lenet.SHAPE, 0.0)
else:
    steps.module_rate(sys.argv[2], lenet.symbol, lenet.SHAPE, 0.0)
"""


def wall(program: str, *arguments: str) -> float:
    """Milliseconds a new Python takes to run `program`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *arguments], check=True)
    return (time.perf_counter() - start) * 1e3


def times(library: str, options: Namespace) -> dict[str, float]:
    here = str(Path(__file__).resolve().parent)
    # paratrain loads its modules when they are first used: ask for those a training script needs
    parts = "" if library == "torch" else "; m.nd, m.sym, m.mod, m.io"
    return {
        "import ms": wall(f"import {library} as m{parts}"),
        "first step ms": wall(FIRST_STEP, here, library),
    }


if __name__ == "__main__":
    run({name: lambda o, name=name: times(name, o) for name in ("paratrain", "mxnet", "torch")})
