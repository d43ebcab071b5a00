"""One trace of all ranks: a process for each rank, its threads as lanes."""

from __future__ import annotations

import json


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
