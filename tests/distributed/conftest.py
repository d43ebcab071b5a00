"""Start ranks as subprocesses, each job under a watchdog: what hangs is killed and fails within a minute."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "ranks"


@dataclass
class Done:
    """How a job ended: exit code, what it printed, how long it took."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def text(self) -> str:
        return self.out + self.err


def mpirun() -> str | None:
    beside = Path(sys.executable).with_name("mpirun")
    return str(beside) if beside.exists() else shutil.which("mpirun")


@pytest.fixture
def run_ranks() -> Callable[..., Done]:
    """``run_ranks(n, script, *arguments, during=None, timeout=60, code=0, **environment)``: run and return a `Done`.

    `script` is a file in ``ranks/``. One rank is started without mpirun. `during` is called with the process while it
    runs. An exit code other than `code` fails; None accepts any.
    """

    def run(n, script, *arguments, during=None, timeout=60, code=0, **environment):
        command = [sys.executable, str(SCRIPTS / script), *map(str, arguments)]
        if n > 1:
            starter = mpirun()
            if starter is None or importlib.util.find_spec("mpi4py") is None:
                pytest.skip("mpirun or mpi4py is not installed")
            command = [starter, "-n", str(n), *command]
        settings = {"PARATRAIN_STALL_SECONDS": "30", "OMP_NUM_THREADS": "1", **environment}
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | settings,
            start_new_session=True,
        )
        try:
            if during is not None:
                during(process)
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            pytest.fail(f"{n} ranks of {script} hung for {timeout} s\n{out[-3000:]}\n{err[-3000:]}")
        except BaseException:  # `during` found something wrong: leave no process behind
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        done = Done(process.returncode, out, err, time.monotonic() - began)
        assert code is None or done.code == code, f"exit code {done.code}\n{out[-3000:]}\n{err[-3000:]}"
        return done

    return run
