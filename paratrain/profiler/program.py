"""The time of each step of one executor's program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from paratrain.ext import engine
from paratrain.profiler.events import recorded
from paratrain.profiler.machine import MachineLimits, machine_limits
from paratrain.profiler.rows import Row, node_rows
from paratrain.profiler.table import limits_for, node_table
from paratrain.profiler.work import describe

__all__ = ["ProgramProfile", "profile_runs"]


@dataclass
class ProgramProfile:
    """What the steps of a program take; printed, it is a table.

    Attributes
    ----------
    rows : list of Row
        In the order in which the steps ran first; steps of one name, kernel and size together.
    runs : int
        How often the program ran.
    limits : MachineLimits
        Of the device on which it ran.
    """

    rows: list[Row]
    runs: int
    limits: MachineLimits

    @property
    def total(self) -> Row:
        """All steps of all runs together."""
        whole = Row("program", count=self.runs)
        for name in ("total", "share", "nbytes", "flops", "ideal"):
            setattr(whole, name, sum(getattr(row, name) for row in self.rows))
        return whole

    def __str__(self) -> str:
        whole = self.total
        return (
            f"{node_table(self.rows)}\n\nOne run: {whole.avg:.3f} ms, {whole.flops_rate / 1e9:.1f} GFLOP/s, "
            f"{whole.bandwidth / 1e9:.1f} GB/s, {whole.roofline:.0%} of the limits ({self.limits})."
        )


def profile_runs(run: Callable[[], None], steps: int) -> ProgramProfile:
    """Run a program some times, after once that does not count, and add up what its steps took.

    What is recorded goes nowhere else, unless the profiler runs anyway.
    """
    if steps < 1:
        raise ValueError(f"[Executor.profile] steps must be at least 1; got {steps}")
    before, first = engine.profile_bits(), engine.profile_count()
    engine.set_profile_mask(0)
    try:
        run()
        engine.set_profile_describe(describe)
        engine.set_profile_mask(before | engine.PROFILE_PROGRAMS)
        for _ in range(steps):
            run()
    finally:
        engine.set_profile_mask(before)
    found = recorded(first)
    if not before:
        engine.profile_keep(first)
    limits = limits_for(found)
    return ProgramProfile(node_rows(found, limits), steps, next(iter(limits.values()), machine_limits()))
