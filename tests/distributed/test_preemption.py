"""A job that a signal stops, or that is started again after a failure, ends as one that nothing happened to."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import SCRIPTS

SCRIPT = "interrupted.py"


@pytest.fixture(scope="module")
def ends() -> dict[int, str]:
    """Parameters of runs that nothing happened to, by number of ranks."""
    return {}


@pytest.fixture
def end_of(run_ranks, ends, tmp_path_factory):
    def end(n):
        if n not in ends:
            ends[n] = parameters(run_ranks(n, SCRIPT, tmp_path_factory.mktemp("whole")).out, n)
        return ends[n]

    return end


def parameters(text, n):
    found = re.findall(r"end: ([0-9a-f]{64})", text)
    assert len(found) == n, text
    assert len(set(found)) == 1
    return found[0]


def launch(*words):
    command = [sys.executable, "-m", "paratrain.launch.cli", "launch", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("n", "number"), [(1, signal.SIGUSR1), (2, signal.SIGTERM), (4, signal.SIGUSR1)])
def test_a_signal_to_one_rank_stops_all_with_a_checkpoint(number, n, run_ranks, end_of, tmp_path):
    done = run_ranks(n, SCRIPT, tmp_path, "--signal", int(number), "--pause", 0.002, code=75)
    assert "end:" not in done.out
    stopped = re.search(r"stopped by a signal with a checkpoint after (batch \d+ of )?epoch 1; exit code 75", done.err)
    assert stopped, done.err
    assert parameters(run_ranks(n, SCRIPT, tmp_path, "--resume").out, n) == end_of(n)


def test_a_second_signal_ends_at_once(run_ranks, tmp_path):
    done = run_ranks(2, SCRIPT, tmp_path, "--signal", int(signal.SIGUSR1), "--twice", "--pause", 0.2, code=None)
    assert done.code == 128 + signal.SIGUSR1
    assert "stopped by a signal" not in done.err


def test_a_signal_to_the_launcher_reaches_the_ranks(run_ranks, end_of, tmp_path):
    command = [sys.executable, "-m", "paratrain.launch.cli", "launch", "-n", "2", str(SCRIPTS / SCRIPT), str(tmp_path)]
    process = subprocess.Popen([*command, "--pause", "0.05"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "in epoch 1" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 75, out + err
    assert "stopped by a signal" in err
    assert parameters(run_ranks(2, SCRIPT, tmp_path, "--resume").out, 2) == end_of(2)


@pytest.mark.parametrize("n", [2, 4])
def test_a_killed_job_is_started_again(n, end_of, tmp_path):
    words = ["-n", n, "--max-restarts", 1, SCRIPTS / SCRIPT, tmp_path, "--kill", 1, 6]
    done = launch(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the job has failed with exit code 137" in done.stderr
    assert "starting again from the newest checkpoint, attempt 1 of 1" in done.stderr
    assert parameters(done.stdout, n) == end_of(n)


def test_a_job_killed_before_its_first_checkpoint_does_not_go_on_from_those_of_an_earlier_run(
    run_ranks, end_of, tmp_path
):
    run_ranks(2, SCRIPT, tmp_path)
    done = launch("-n", 2, "--max-restarts", 1, SCRIPTS / SCRIPT, tmp_path, "--kill", 0, 1)
    assert done.returncode == 0, done.stdout + done.stderr
    assert parameters(done.stdout, 2) == end_of(2)


def test_a_job_that_fails_again_and_again_ends(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("raise ValueError('always')")
    done = launch("-n", 1, "--max-restarts", 2, script)
    assert done.returncode == 1
    assert done.stderr.count("ValueError: always") == 3
    assert "attempt 2 of 2" in done.stderr


def test_without_a_checkpoint_it_is_told_that_training_begins_anew(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import os, sys, numpy as np, paratrain as mx\n"
        "if os.environ['PARATRAIN_ATTEMPT'] == '0': sys.exit(3)\n"
        "data = mx.io.NDArrayIter(np.ones((4, 5), 'f'), np.zeros(4, 'f'), batch_size=4)\n"
        "net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.Variable('data'), num_hidden=2), name='softmax')\n"
        "mx.mod.Module(net).fit(data, num_epoch=1)\n"
    )
    done = launch("-n", 1, "--max-restarts", 1, script)
    assert done.returncode == 0, done.stderr
    assert "fit has no checkpoint=: training begins from the first step" in done.stderr


def test_the_scripts_own_handler_stays(tmp_path):
    """A script that does something else with SIGUSR1 goes on doing it."""
    script = Path(tmp_path / "script.py")
    script.write_text(
        "import os, signal, numpy as np, paratrain as mx\n"
        "heard = []\n"
        "signal.signal(signal.SIGUSR1, lambda *_: heard.append(1))\n"
        "data = mx.io.NDArrayIter(np.ones((8, 5), 'f'), np.zeros(8, 'f'), batch_size=4)\n"
        "net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.Variable('data'), num_hidden=2), name='softmax')\n"
        "mx.mod.Module(net).fit(data, num_epoch=1, checkpoint=mx.checkpoint.CheckpointManager('run'),\n"
        "    batch_end_callback=lambda _: os.kill(os.getpid(), signal.SIGUSR1))\n"
        "print('heard', len(heard))\n"
    )
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "heard 2\n", done.stderr
