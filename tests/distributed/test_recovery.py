"""SIGKILL at any moment of training and of writing: no checkpoint is damaged, and no more than what it says is lost.

``PARATRAIN_TEST_KILLS=100 pytest tests/distributed/test_recovery.py`` kills a hundred times instead of four.
"""

from __future__ import annotations

import os
import random
import signal
import time
import warnings

import pytest

from paratrain.checkpoint import CheckpointManager

KILLS = int(os.environ.get("PARATRAIN_TEST_KILLS", "4"))
INTERVAL = 5


@pytest.mark.parametrize("n", [1, 2])
def test_killed_at_any_moment(n, run_ranks, tmp_path):
    rng, manager, lost = random.Random(n), CheckpointManager(tmp_path), []
    batches = 400 // (4 * n)
    begun = -1  # batches, counted from the first one, that the run before had done
    for _ in range(KILLS // 2 if n == 2 else KILLS):
        lines = []

        def kill(process, lines=lines):
            lines.append(process.stdout.readline())
            time.sleep(rng.random() * 0.5)
            os.killpg(process.pid, signal.SIGKILL)

        done = run_ranks(n, "killed.py", tmp_path, during=kill, code=None)
        assert lines[0], done.err[-2000:]
        seen = [tuple(map(int, line.split())) for line in (lines[0] + done.out).splitlines(True) if line.endswith("\n")]
        first, last = (epoch * batches + batch for epoch, batch in (seen[0], seen[-1]))
        if begun >= 0:
            lost.append(begun + 1 - first)
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a damaged one would be warned of
            found = manager.latest()
        if found is None:
            assert last < 2 * INTERVAL
            begun = -1
            continue
        kept = found.epoch * batches + found.batch
        # when a checkpoint is begun the one before is complete
        assert last + 1 - kept < 2 * INTERVAL + 1
        begun = last
    print("batches lost:", lost)
    assert max(lost, default=0) <= 2 * INTERVAL
