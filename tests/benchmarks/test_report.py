"""The table of the benchmarks."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
try:
    from benchmarks import report
    from benchmarks.harness import Entrant, Outcome, Subject
finally:
    del sys.path[0]

SUBJECT = Subject("work", (Entrant("paratrain"), Entrant("peer", "a"), Entrant("peer", "b")))


def measured() -> Outcome:
    outcome = Outcome(SUBJECT)
    outcome.add("paratrain", {"samples/s": 10.0, "peak MB": 20.0})
    outcome.add("peer (a)", {"samples/s": 4.0, "peak MB": 50.0})
    outcome.add("peer (b)", {"samples/s": 5.0, "peak MB": 80.0})
    return outcome


def test_table_has_the_best_variant_of_each_measure() -> None:
    rows = report.table([measured()]).splitlines()
    assert rows[2:] == [
        "| work | samples/s | paratrain | 10.0 | 10.0 … 10.0 |  |  |  |",
        "| work | samples/s | peer (b) | 5 | 5 … 5 | 2.00 × |  |  |",
        "| work | peak MB | paratrain | 20.0 | 20.0 … 20.0 |  |  |  |",
        "| work | peak MB | peer (a) | 50.0 | 50.0 … 50.0 | 2.50 × (needs 0.40) |  |  |",
    ]


def test_shares_of_the_limit_follow_from_the_arithmetic() -> None:
    outcome = measured()
    outcome.arithmetic = {"samples/s": 3.0}
    text = report.table([outcome], limit=60.0)
    assert "| paratrain | 10.0 | 10.0 … 10.0 |  | 30.0 | 50% |" in text
    assert "| peer (b) | 5 | 5 … 5 | 2.00 × | 15.0 | 25% |" in text
    assert "| peer (a) | 50.0 | 50.0 … 50.0 | 2.50 × (needs 0.40) |  |  |" in text


def test_a_peer_alone_has_no_ratio() -> None:
    outcome = Outcome(SUBJECT)
    outcome.add("peer (a)", {"samples/s": 4.0})
    assert "| work | samples/s | peer (a) | 4 | 4 … 4 |  |  |  |" in report.table([outcome])
