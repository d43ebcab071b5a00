"""Start a job again after a failure, from its newest checkpoint, if need be on fewer hosts."""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Callable

from paratrain.launch import job, mpirun, reach
from paratrain.launch.failure import INTERRUPTED, PREEMPTED, say
from paratrain.launch.hosts import Host, slots_of
from paratrain.restart import ATTEMPT

PAUSE_SECONDS = 1.0
HOST_WAIT_SECONDS = 60.0
PROBE_SECONDS = 5.0

Build = Callable[[mpirun.Job], list[str]]


def run(options: argparse.Namespace, what: mpirun.Job, build: Build) -> int:
    """Run a job, and again after failures as often as ``--max-restarts`` allows; returns the exit code of the last.

    A job that was interrupted, was preempted or ended well is not started again.

    Parameters
    ----------
    options : argparse.Namespace
        With `max_restarts`, `min_ranks` and `grace`.
    what : Job
    build : callable
        From a job to the words of its command.

    Raises
    ------
    ValueError
        If `max_restarts` is negative, `grace` is not above 0, or `min_ranks` is more than there are ranks.
    """
    if options.max_restarts < 0:
        raise ValueError(f"[launch] --max-restarts must be 0 or more; got {options.max_restarts}")
    if options.grace <= 0:
        raise ValueError(f"[launch] --grace must be more than 0 seconds; got {options.grace:g}")
    if options.min_ranks is not None and options.min_ranks > what.ranks:
        raise ValueError(f"[launch] --min-ranks must be at most -n {what.ranks}; got {options.min_ranks}")
    attempt = 0
    while True:
        if options.max_restarts:
            what = dataclasses.replace(what, environment={**what.environment, ATTEMPT: str(attempt)})
        outcome = job.run(build(what), preempt_grace=options.grace)
        if not should_restart(outcome):
            return outcome.code
        last = attempt == options.max_restarts
        lost = _lost_hosts(what, wait=not last and options.min_ranks is None)
        if last:
            return outcome.code
        say(f"the job has failed with exit code {outcome.code}")
        time.sleep(PAUSE_SECONDS)
        kept = tuple(host for host in what.hosts if host.name not in lost)
        smaller = fewer(what, kept, options.min_ranks) if lost else what
        if smaller is None:
            return outcome.code
        what = smaller
        attempt += 1
        say(f"starting again from the newest checkpoint, attempt {attempt} of {options.max_restarts}")


def should_restart(outcome: job.Outcome) -> bool:
    """Whether a job has failed, as against ended, interrupted or preempted.

    Examples
    --------
    >>> [should_restart(job.Outcome(code)) for code in (0, 1, 130, 75, 137)]
    [False, True, False, False, True]
    """
    return outcome.code not in (0, INTERRUPTED, PREEMPTED) and not outcome.signals


def _lost_hosts(what: mpirun.Job, wait: bool) -> dict[str, str]:
    """Hosts that do not answer after a failure, each with the reason; they are told, and waited for if asked to."""
    if not what.hosts or what.remote_shell != "ssh":
        return {}
    until = time.monotonic() + (HOST_WAIT_SECONDS if wait else 0)
    while True:
        silent = reach.unreachable([host.name for host in what.hosts], what.agent, PROBE_SECONDS)
        if not silent or time.monotonic() > until:
            break
        time.sleep(2)
    for name, reason in silent.items():
        say(f"host {name} does not answer: {reason}")
    return silent


def fewer(what: mpirun.Job, kept: tuple[Host, ...], min_ranks: int | None) -> mpirun.Job | None:
    """The job on some of its hosts, with as many ranks as they take; None, with a line that says why, if too few.

    Parameters
    ----------
    what : Job
    kept : tuple of Host
    min_ranks : int or None
        None: never fewer ranks than before.
    """
    ranks = min(what.ranks, slots_of(kept))
    if ranks < what.ranks and min_ranks is None:
        say(f"{ranks} of {what.ranks} ranks are left; give --min-ranks to go on with fewer")
        return None
    if ranks < (min_ranks or what.ranks):
        say(f"{ranks} of {what.ranks} ranks are left; --min-ranks asks for {min_ranks}")
        return None
    if ranks < what.ranks:
        say(f"going on with {ranks} ranks instead of {what.ranks}")
    return dataclasses.replace(what, ranks=ranks, hosts=kept)
