"""Time from starting Python to a library being imported, and to the end of the first training step of LeNet."""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

from timing import run

FIRST_STEP = """
import importlib
import sys
sys.path.insert(0, sys.argv[1])
import lenet, steps, timing
library, data = importlib.import_module(sys.argv[2]), steps.images(lenet.SHAPE)
if sys.argv[2] == "torch":
    library.set_num_threads(timing.threads())
    work = steps.torch_training(library, lenet.torch_network, data, "channels_last")
else:
    work = steps.module_training(library, lenet.symbol, data).work()
work.step()
work.finish()
"""


def wall(program: str, *arguments: str) -> float:
    """Milliseconds a new Python takes to run `program`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *arguments], check=True)
    return (time.perf_counter() - start) * 1e3


def times(options: Namespace) -> dict[str, float]:
    here, library = str(Path(__file__).resolve().parent), options.contestant
    # paratrain loads its modules when they are first used: ask for those a training script needs
    parts = "" if library == "torch" else "; m.nd, m.sym, m.mod, m.io"
    return {
        "import ms": wall(f"import {library} as m{parts}"),
        "first step ms": wall(FIRST_STEP, here, library),
    }


if __name__ == "__main__":
    run(dict.fromkeys(("paratrain", "mxnet", "torch"), times))
