"""A rank that fails ends the whole job, soon, and says why."""

from __future__ import annotations

import re
import signal
import time

import pytest

from paratrain._version import __version__

SAYS = {
    "raise": "ValueError: the third step went wrong",
    "memory": "Unable to allocate",
    "address space": "MemoryError",
    "no data": "batch_size must be at most the number of rows 0; got 4",
    "forward": "ValueError",
    "model": "fc2_weight (3, 8) float32 on rank 0, but fc2_weight (3, 9) float32 on rank",
    "batch": "rows of a batch is 4 on rank 0, but 6 on rank",
    "version": f"paratrain is {__version__} on rank 0, but 0.0.1 on rank",
}


@pytest.mark.parametrize("n", [2, 4])
@pytest.mark.parametrize("what", SAYS)
def test_a_rank_that_raises_shows_its_traceback(what, n, run_ranks):
    done = run_ranks(n, "failing.py", what, code=1)
    assert SAYS[what] in done.err
    if what not in ("model", "batch", "version"):  # all ranks notice that
        assert f"[rank {n - 1} of {n}] Traceback" in done.err
    assert "done" not in done.out
    assert done.seconds < 25


@pytest.mark.parametrize("n", [2, 4])
@pytest.mark.parametrize("what", ["exit", "exit code"])
def test_a_rank_that_ends_early_is_named_by_those_who_wait(what, n, run_ranks):
    done = run_ranks(n, "failing.py", what, code=1)
    assert f"rank {n - 1} ended" in done.err
    assert "waits in the gradients" in done.err


@pytest.mark.parametrize("n", [2, 4])
def test_a_killed_rank_ends_the_job(n, run_ranks):
    done = run_ranks(n, "failing.py", "kill", code=None)
    assert done.code != 0
    assert "Killed" in done.text or "signal 9" in done.text
    assert "done" not in done.out


@pytest.mark.parametrize("n", [2, 4])
def test_a_rank_that_hangs_is_named_after_the_time_set(n, run_ranks):
    done = run_ranks(n, "failing.py", "stop", code=1, PARATRAIN_STALL_SECONDS="2")
    assert f"rank {n - 1} did not come" in done.err
    assert "no progress for" in done.err
    assert "does not answer: it is stopped (SIGSTOP or a debugger)" in done.err


@pytest.mark.parametrize("n", [2, 4])
def test_parameters_that_drift_apart_are_noticed(n, run_ranks):
    done = run_ranks(n, "failing.py", "parameter", code=1)
    assert f"'fc2_bias' on rank {n - 1} differs from rank 0's" in done.err
    assert "1 of 4 arrays differ" in done.err


@pytest.mark.parametrize("n", [2, 4])
def test_the_stack_of_a_rank_that_hangs_is_shown(n, run_ranks):
    done = run_ranks(n, "failing.py", "sleep", code=1, PARATRAIN_STALL_SECONDS="2")
    assert f"rank {n - 1} did not come" in done.err
    assert "rank 0 waits in the gradients fc2_weight … fc1_bias" in done.err
    assert done.err.count("in sleep_in_a_function") == 1
    assert re.search(rf"--- rank {n - 1} \(process \d+ on .*\):\nthread MainThread", done.err)
    assert done.err.count("--- rank") == n - 1


@pytest.mark.parametrize("n", [1, 2, 4])
def test_ctrl_c_in_an_epoch(n, run_ranks):
    def interrupt(process):
        for _ in range(n):
            assert "is in step 3" in process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)

    done = run_ranks(n, "failing.py", "interrupt", during=interrupt, code=None)
    assert done.seconds < 25
    assert "done" not in done.out
    assert done.code == (130 if n > 1 else -signal.SIGINT)
    assert "interrupted" in done.err or "KeyboardInterrupt" in done.err
