"""Timing and memory that every contestant shares. It runs in each contestant's Python: standard library only."""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

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
        repeat(step, finish, 0)  # the first steps compile, choose algorithms and get memory
        repeat(step, finish, seconds / 5)
    steps, elapsed = repeat(step, finish, seconds)
    return steps * samples / elapsed


def repeat(step: Callable[[], object], finish: Callable[[], object], seconds: float) -> tuple[int, float]:
    """Call `step` for about `seconds`; returns the number of calls and the seconds they took."""
    start = clock()
    steps = 0
    while steps == 0 or clock() - start < seconds:
        step()
        steps += 1
        if steps % 10 == 0:
            finish()  # so that the queue of work that was begun stays short
    finish()
    return steps, clock() - start


def clock() -> float:
    """Seconds that passed, or with ``BENCHMARK_CLOCK=cpu`` those this process computed, in all its threads."""
    return time.process_time() if os.environ.get("BENCHMARK_CLOCK") == "cpu" else time.perf_counter()


class Peak:
    """Peak of this process's memory above what an idle library holds; make it when the library is imported.

    What is counted are resident pages, the library's own code and what it imports at first use among them. Therefore
    there are two idle states: imported, when the object is made, and warm, when `begin` is called after a tiny piece
    of work.
    """

    def __init__(self) -> None:
        gc.collect()
        self._imported = self._warm = _resident("VmRSS")

    def begin(self) -> Peak:
        """Take this moment's memory as that of the warm library, and let the peak begin again."""
        gc.collect()
        self._warm = _resident("VmRSS")
        try:
            Path("/proc/self/clear_refs").write_text("5")
        except OSError:
            print("the peak of memory counts importing too: it cannot be set back here", file=sys.stderr)
        return self

    def measures(self, prefix: str = "") -> dict[str, float]:
        """Highest resident memory since `begin`, in MB: above the imported and above the warm library."""
        highest = _resident("VmHWM")
        above = {"peak MB": highest - self._imported, "warm peak MB": highest - self._warm}
        return {prefix + name: value / 1e6 for name, value in above.items()}


def _resident(field: str) -> int:
    """Bytes that are resident now (VmRSS) or were at most (VmHWM)."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))


def threads() -> int:
    """Threads each contestant may use, as the harness set them."""
    return int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1))


def apart(options: argparse.Namespace, **changes: object) -> dict[str, float]:
    """Run this file again in a process of its own with `options` changed by `changes`: memory is counted afresh."""
    arguments = vars(options) | changes
    command = [sys.executable, sys.argv[0], str(arguments.pop("contestant"))]
    command += [word for name, value in arguments.items() for word in (f"--{name}", str(value))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def run(contestants: dict[str, Contestant]) -> None:
    """Command line of a subject: ``python SUBJECT.py CONTESTANT [--seconds S]`` prints one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("contestant", choices=sorted(contestants))
    parser.add_argument("--seconds", type=float, default=2.0, help="how long to measure")
    parser.add_argument("--variant", default="", help="how the contestant is used, such as channels_last+compile")
    parser.add_argument("--part", default="", help="which part of a subject that has several")
    options = parser.parse_args()
    print(json.dumps(contestants[options.contestant](options)))
