"""The arithmetic of the benchmarks: turns, medians, ratios, tables, results."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
try:
    from benchmarks import harness
    from benchmarks.harness import Outcome, Subject
finally:
    del sys.path[0]

SPEED = Subject("speed", ("paratrain", "peer"))
TIME = Subject("time", ("paratrain", "peer"), lower_is_better=True)


def outcome(subject: Subject, ours: list[float], theirs: list[float]) -> Outcome:
    result = Outcome(subject)
    for one, other in zip(ours, theirs, strict=True):
        result.add("paratrain", {"x": one})
        result.add("peer", {"x": other})
    return result


@pytest.mark.parametrize(("subject", "ratio"), [(SPEED, 2.0), (TIME, 0.5)], ids=["more-is-better", "less-is-better"])
def test_ratio_above_one_is_ahead(subject: Subject, ratio: float) -> None:
    assert outcome(subject, [10, 40, 20], [1, 10, 30]).ratio("peer", "x") == ratio


def test_table_has_a_row_for_each_value() -> None:
    text = harness.table([outcome(SPEED, [10], [5])])
    assert "| speed | x | paratrain | 10.0 | 10.0 … 10.0 |  |" in text
    assert "| speed | x | peer | 5.0 | 5.0 … 5.0 | 2.00 × |" in text


def test_contestants_run_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    order = []

    def run_once(subject: Subject, contestant: str, python: str, threads: int, seconds: float) -> dict[str, float]:
        order.append((contestant, python))
        return {"x": float(len(order))}

    monkeypatch.setattr(harness, "run_once", run_once)
    measured = harness.measure(SPEED, {"paratrain": "a", "peer": "b"}, 2, threads=1, seconds=1, report=False)
    assert order == [("paratrain", "a"), ("peer", "b")] * 2
    assert measured.values["paratrain"]["x"] == [1.0, 3.0]


def test_a_contestant_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "run_once", lambda *_: {"x": 1.0})
    measured = harness.measure(SPEED, {"paratrain": "a"}, 1, threads=1, seconds=1, report=False)
    assert set(measured.values) == {"paratrain"}
    assert "peer" not in harness.table([measured])


def test_a_failing_run_shows_its_error() -> None:
    with pytest.raises(RuntimeError, match=r"speed\.py peer --seconds 1.*failed"):
        harness.run_once(SPEED, "peer", sys.executable, threads=1, seconds=1)


def test_results_hold_values_and_medians(tmp_path: Path) -> None:
    path = harness.save(outcome(SPEED, [1, 2, 9], [3, 3, 3]), threads=2, folder=tmp_path)
    content = json.loads(path.read_text())
    assert content["medians"] == {"paratrain": {"x": 2}, "peer": {"x": 3}}
    assert content["threads"] == 2
    assert content["machine"]["cpu"]


@pytest.mark.parametrize("subject", harness.SUBJECTS, ids=lambda s: s.name)
def test_every_subject_has_its_file(subject: Subject) -> None:
    assert (harness.HERE / f"{subject.name}.py").is_file()


def test_raw_reading_runs() -> None:
    subject = next(s for s in harness.SUBJECTS if s.name == "recordio")
    assert harness.run_once(subject, "raw", sys.executable, threads=1, seconds=0.0)["MB/s"] > 0
