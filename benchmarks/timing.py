"""Timing that every contestant shares. It runs in each contestant's Python: standard library only."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable

Contestant = Callable[[argparse.Namespace], dict[str, float]]


def rate(step: Callable[[], object], finish: Callable[[], object], samples: int, seconds: float) -> float:
    """Samples per second of repeated calls of `step`, after warming up for a fifth of the time.

    Parameters
    ----------
    step : callable
        One training step, or whatever is measured; it may return before its work is done.
    finish : callable
        Waits until all work that was begun is done.
    samples : int
        Samples of one step.
    seconds : float
        How long to measure; 0 runs one step without warming up.
    """
    if seconds:
        repeat(step, finish, seconds / 5)
    steps, elapsed = repeat(step, finish, seconds)
    return steps * samples / elapsed


def repeat(step: Callable[[], object], finish: Callable[[], object], seconds: float) -> tuple[int, float]:
    """Call `step` for about `seconds`; returns the number of calls and the seconds they took."""
    start = time.perf_counter()
    steps = 0
    while steps == 0 or time.perf_counter() - start < seconds:
        step()
        steps += 1
        if steps % 10 == 0:
            finish()  # so that the queue of work that was begun stays short
    finish()
    return steps, time.perf_counter() - start


def threads() -> int:
    """Threads each contestant may use, as the harness set them."""
    return int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1))


def run(contestants: dict[str, Contestant]) -> None:
    """Command line of a subject: ``python SUBJECT.py CONTESTANT [--seconds S]`` prints one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("contestant", choices=sorted(contestants))
    parser.add_argument("--seconds", type=float, default=2.0, help="how long to measure")
    options = parser.parse_args()
    print(json.dumps(contestants[options.contestant](options)))
