"""One trace of all ranks: a process for each rank, its threads as lanes."""

from __future__ import annotations

import json
import re

import pytest


def test_the_ranks_are_processes_of_one_trace(run_ranks, tmp_path):
    done = run_ranks(2, "profiled.py", tmp_path / "profile.json")
    events = json.loads(done.out.splitlines()[-1])
    processes = {e["pid"]: e["args"]["name"] for e in events if e["name"] == "process_name"}
    assert [processes[rank].split(" (")[0] for rank in (0, 1)] == ["rank 0", "rank 1"]
    lanes = {(e["pid"], e["args"]["name"]): e["tid"] for e in events if e["name"] == "thread_name"}
    for rank in (0, 1):
        sums = [e for e in events if e["pid"] == rank and e["name"].startswith("sum ")]
        assert {e["tid"] for e in sums} == {lanes[rank, "communication"]}
        steps = [e for e in events if e["pid"] == rank and e["name"] == "Executor.forward_backward"]
        assert [e["tid"] for e in steps] == [lanes[rank, "compute"]] * 2
        assert [e["tid"] for e in events if e["pid"] == rank and e["name"] == "push w"] == [lanes[rank, "compute"]]
    # one axis of time: both ranks are in the same sum at some moment
    first = [next(e for e in events if e["pid"] == rank and e["name"].startswith("sum ")) for rank in (0, 1)]
    assert max(e["ts"] for e in first) < min(e["ts"] + e["dur"] for e in first)
    assert all((tmp_path / f"profile.rank{rank}.json").exists() for rank in (0, 1))


@pytest.mark.parametrize("n", [1, 2, 4])
def test_an_epoch_in_one_trace_and_one_line(n, run_ranks, tmp_path):
    done = run_ranks(n, "traced.py", tmp_path / "profile.json", tmp_path / "run")
    events = json.loads(done.out.splitlines()[-1])
    lanes = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["name"] == "thread_name"}
    seen = {(e["pid"], lanes[e["pid"], e["tid"]], e["name"]) for e in events if e["ph"] == "X"}
    for rank in range(n):
        assert {
            (rank, "compute", name) for name in ("next batch", "Executor.forward_backward", "Module.update")
        } <= seen
        if n > 1:
            assert any(pid == rank and lane == "communication" and name.startswith("sum ") for pid, lane, name in seen)
    assert (0, "checkpoint", "write a checkpoint") in seen
    ranks = rf"on {n} ranks, \S+ each, scaling efficiency \d+\.\d%" if n > 1 else ""
    waits = r", communication \d+\.\d%, slowest rank \d+\.\d%" if n > 1 else ""
    lines = re.findall(rf"^Epoch\[0\] \S+ samples/s ?{ranks}; waiting: data \d+\.\d%{waits}$", done.err, re.MULTILINE)
    assert len(lines) == 1, done.err
