"""The training step of mlp.py while a foreign process is busy on one of the cores, against the step without it."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace

import mlp
from steps import images, training
from timing import rate, run

SPIN = "import os, sys\nos.sched_setaffinity(0, {int(sys.argv[1])})\nprint(flush=True)\nwhile True: pass"


def measure(options: Namespace) -> dict[str, float]:
    core = max(os.sched_getaffinity(0))
    data = images(mlp.SHAPE)
    work, _ = training(options.contestant, options.variant, mlp.symbol, mlp.torch_network, data)
    quiet = rate(*work, mlp.SHAPE[0], options.seconds)
    with subprocess.Popen([sys.executable, "-c", SPIN, str(core)], stdout=subprocess.PIPE) as neighbour:
        try:
            assert neighbour.stdout is not None
            neighbour.stdout.readline()  # it spins from here on
            disturbed = rate(*work, mlp.SHAPE[0], options.seconds)
        finally:
            neighbour.kill()
    return {"quiet samples/s": quiet, "disturbed samples/s": disturbed, "kept %": 100 * disturbed / quiet}


if __name__ == "__main__":
    run(dict.fromkeys(("paratrain", "mxnet", "torch"), measure))
