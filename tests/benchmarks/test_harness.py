"""The arithmetic of the benchmarks: turns, variants, medians, ratios, results."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
try:
    from benchmarks import harness
    from benchmarks.harness import Entrant, Outcome, Subject
finally:
    del sys.path[0]

SUBJECT = Subject("work", (Entrant("paratrain"), Entrant("peer")))
PLAIN, FAST, SMALL = Entrant("peer", "plain"), Entrant("peer", "fast", tcmalloc=True), Entrant("peer", "small")
CHOICE = Subject("choice", (Entrant("paratrain"), PLAIN, FAST, SMALL))
SPEED, MEMORY = "samples/s", "peak MB"


def outcome(ours: list[float], theirs: list[float], measure: str = SPEED) -> Outcome:
    result = Outcome(SUBJECT)
    for one, other in zip(ours, theirs, strict=True):
        result.add("paratrain", {measure: one})
        result.add("peer", {measure: other})
    return result


@pytest.fixture
def chosen() -> Outcome:
    """Three variants: one is the fastest, one the smallest, one neither."""
    result = Outcome(CHOICE)
    result.add("paratrain", {SPEED: 30.0, MEMORY: 10.0})
    result.add("peer (plain)", {SPEED: 10.0, MEMORY: 40.0})
    result.add("peer (fast, tcmalloc)", {SPEED: 20.0, MEMORY: 50.0})
    result.add("peer (small)", {SPEED: 5.0, MEMORY: 25.0})
    return result


@pytest.mark.parametrize(
    ("measure", "lower"),
    [
        *[(name, False) for name in ("samples/s", "tokens/s", "GFLOP/s", "MB/s", "hidden %")],
        *[(name, True) for name in ("batch 1 peak MB", "first step ms", "bind s", "memory ratio")],
    ],
)
def test_the_unit_tells_which_way_is_better(measure: str, lower: bool) -> None:
    assert harness.lower_is_better(measure) == lower


@pytest.mark.parametrize(("measure", "ratio"), [(SPEED, 2.0), (MEMORY, 0.5)])
def test_ratio_above_one_is_ahead(measure: str, ratio: float) -> None:
    assert outcome([10, 40, 20], [1, 10, 30], measure).ratio("peer", measure) == ratio


def test_the_best_variant_is_chosen_for_each_measure(chosen: Outcome) -> None:
    assert chosen.best("peer", SPEED) == "peer (fast, tcmalloc)"
    assert chosen.best("peer", MEMORY) == "peer (small)"
    assert chosen.best("other", SPEED) is None


def test_a_variant_that_is_best_in_nothing_does_not_run_again(chosen: Outcome) -> None:
    assert [e.label for e in CHOICE.entrants if not chosen.promising(e)] == ["peer (plain)"]
    assert chosen.promising(Entrant("peer", "new"))


def test_a_close_variant_runs_again(chosen: Outcome) -> None:
    chosen.add("peer (close)", {SPEED: 19.0, MEMORY: 60.0})
    assert chosen.promising(Entrant("peer", "close"))


def test_variants_are_with_and_without_tcmalloc() -> None:
    assert [e.label for e in harness.variants("peer", "a", "b")] == [
        "peer (a)",
        "peer (a, tcmalloc)",
        "peer (b)",
        "peer (b, tcmalloc)",
    ]


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["plain"], ["paratrain", "peer (plain)"]),
        (["plain", "fast"], ["paratrain", "peer (plain)"]),
        (["fast", "tcmalloc"], ["paratrain", "peer (fast, tcmalloc)"]),
    ],
)
def test_variants_can_be_chosen(names: list[str], labels: list[str]) -> None:
    assert [e.label for e in harness.only_variants(CHOICE, names).entrants] == labels


def test_contestants_run_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    order = []

    def run_once(subject: Subject, entrant: Entrant, python: str, threads: int, seconds: float) -> dict[str, float]:
        order.append((entrant.label, python))
        return {"x": float(len(order))}

    monkeypatch.setattr(harness, "run_once", run_once)
    measured = harness.measure(SUBJECT, {"paratrain": "a", "peer": "b"}, 2, threads=1, seconds=1, report=False)
    assert order == [("paratrain", "a"), ("peer", "b")] * 2
    assert measured.values["paratrain"]["x"] == [1.0, 3.0]


def test_only_promising_variants_run_in_later_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    speed = {"paratrain": 1.0, "peer (plain)": 5.0, "peer (small)": 10.0, "peer (fast, tcmalloc)": 11.0}
    monkeypatch.setattr(harness, "run_once", lambda subject, entrant, *_: {SPEED: speed[entrant.label]})
    monkeypatch.setattr(harness, "tcmalloc", lambda: "libtcmalloc.so")
    measured = harness.measure(CHOICE, {"paratrain": "a", "peer": "b"}, 3, threads=1, seconds=1, report=False)
    assert {label: len(values[SPEED]) for label, values in measured.values.items()} == {
        "paratrain": 3,
        "peer (plain)": 1,
        "peer (fast, tcmalloc)": 3,
        "peer (small)": 3,
    }


def test_what_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "run_once", lambda *_: {"x": 1.0})
    monkeypatch.setattr(harness, "tcmalloc", lambda: None)
    measured = harness.measure(SUBJECT, {"paratrain": "a"}, 1, threads=1, seconds=1, report=False)
    assert set(measured.values) == {"paratrain"}
    measured = harness.measure(CHOICE, {"peer": "b"}, 1, threads=1, seconds=1, report=False)
    assert set(measured.values) == {"peer (plain)", "peer (small)"}


def test_a_failing_run_shows_its_error() -> None:
    with pytest.raises(RuntimeError, match=r"work\.py peer --seconds 1.*failed"):
        harness.run_once(SUBJECT, Entrant("peer"), sys.executable, threads=1, seconds=1)


def test_results_hold_values_and_medians(tmp_path: Path) -> None:
    path = harness.save(outcome([1, 2, 9], [3, 3, 3]), threads=2, folder=tmp_path)
    content = json.loads(path.read_text())
    assert content["medians"] == {"paratrain": {SPEED: 2}, "peer": {SPEED: 3}}
    assert content["threads"] == 2
    assert content["machine"]["cpu"]


@pytest.mark.parametrize("subject", harness.SUBJECTS, ids=lambda s: s.name)
def test_every_subject_has_its_file(subject: Subject) -> None:
    assert (harness.HERE / f"{subject.name}.py").is_file()
    assert subject.entrants[0].contestant in ("paratrain", "raw")


def test_raw_reading_runs() -> None:
    subject = next(s for s in harness.SUBJECTS if s.name == "recordio")
    measured = harness.run_once(subject, Entrant("raw"), sys.executable, threads=1, seconds=0.0)
    assert measured
    assert all(value > 0 for value in measured.values())
