"""The other family of MPI, where it is installed: the same scripts, the same endings."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from paratrain.launch import mpirun


def find_openmpi() -> str | None:
    for name in ("mpirun.openmpi", "orterun", "mpirun"):
        path = shutil.which(name)
        if path is not None and importlib.util.find_spec("mpi4py") is not None:
            try:
                if mpirun.family_of(mpirun.version_text(path)) == mpirun.OPENMPI and mpirun.library_of(path):
                    return path
            except (OSError, ValueError):  # some other mpirun
                continue
    return None


OPENMPI = find_openmpi()
pytestmark = pytest.mark.skipif(OPENMPI is None, reason="Open MPI is not installed: apt install openmpi-bin")

SCRIPT = """
import os, sys
import numpy as np
import paratrain as mx
kv = mx.kv.create("dist_sync")
print("library", sys.modules["mpi4py.MPI"].Get_library_version().split()[0])
data = mx.io.NDArrayIter(np.ones((40, 5), "f"), np.zeros(40, "f"), batch_size=4)
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2), name="softmax")
what = sys.argv[1]
def batch_end(param):
    if param.nbatch == 5 and kv.rank == 1:
        if what == "raise":
            raise ValueError("the loss went away")
        if what == "exit":
            sys.exit(4)
        if what == "kill":
            os.kill(os.getpid(), 9)
        if what == "preempt":
            os.kill(os.getpid(), 15)
mx.mod.Module(net).fit(data, kvstore=kv, num_epoch=2, batch_end_callback=batch_end,
                       checkpoint=mx.checkpoint.CheckpointManager(sys.argv[2]))
print("done", kv.rank, "of", kv.num_workers)
"""

CASES = {
    "finish": (0, "done 1 of 2"),
    "raise": (1, "ValueError: the loss went away"),
    "exit": (4, "[rank 1 of 2] exit with code 4"),
    "kill": (137, "signal 9"),
    "preempt": (75, "training was stopped by a signal with a checkpoint"),
}


@pytest.mark.parametrize("what", CASES)
def test_a_job_ends_as_with_mpich(what: str, tmp_path: Path) -> None:
    code, text = CASES[what]
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    words = ["launch", "-n", "2", "--mpirun", str(OPENMPI), str(script), what, str(tmp_path / "run")]
    command = [sys.executable, "-m", "paratrain.launch.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert text in done.stdout + done.stderr
    assert done.stdout.count("library Open") == 2
