"""Timing and memory of one run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
try:
    from benchmarks import timing
finally:
    del sys.path[0]

MEASURE = """
import sys
sys.path.insert(0, sys.argv[1])
import timing
before = bytearray(b"x") * 40_000_000
del before
peak = timing.Peak()
warm = bytearray(b"x") * 20_000_000
peak.begin()
during = bytearray(b"x") * 80_000_000
del during
print(*peak.measures("it ").values())
"""


def test_peak_counts_what_was_freed_but_not_what_came_before() -> None:
    folder = str(Path(timing.__file__).parent)
    done = subprocess.run([sys.executable, "-c", MEASURE, folder], capture_output=True, text=True, check=True)
    above_import, above_warm = map(float, done.stdout.split())
    assert 98 < above_import < 110
    assert 78 < above_warm < 90


@pytest.mark.parametrize(("seconds", "fewest"), [(0.0, 1), (0.01, 3)])
def test_steps_before_the_clock_starts(seconds: float, fewest: int) -> None:
    calls: list[int] = []
    assert timing.rate(lambda: calls.append(1), lambda: None, 10, seconds) > 0
    assert len(calls) >= fewest
