"""Start a job, wait for it, pass signals on, and end it when it cannot end by itself."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from paratrain.launch.failure import INTERRUPTED, PREEMPTED, REPORT

GRACE_SECONDS = 10.0
#: Seconds ranks have after SIGTERM or SIGUSR1 to come to the end of a step and write a checkpoint.
PREEMPT_SECONDS = 600.0
#: Seconds the starter has to end after a rank has reported a failure; more if a host does not answer any more.
FAILED_SECONDS = 20.0
_KILLED = re.compile(rb"EXIT STRING: [^\n]*\(signal (\d+)\)")
_KEPT = 1 << 13


@dataclass
class Outcome:
    """How a job ended.

    Attributes
    ----------
    code : int
        Exit code for this process: the failing rank's, 128 + a signal's number, 130 after Ctrl-C.
    signals : list of int
        What was passed on to it.
    """

    code: int
    signals: list[int] = field(default_factory=list)


def run(
    command: Sequence[str],
    grace: float = GRACE_SECONDS,
    preempt_grace: float = PREEMPT_SECONDS,
    failed_grace: float = FAILED_SECONDS,
    environment: Mapping[str, str] | None = None,
) -> Outcome:
    """Run `command` to its end.

    Ctrl-C goes to the command, and `grace` seconds later it is killed with everything it started on this host. SIGTERM
    and SIGUSR1 reach the ranks as SIGUSR1, which every starter passes on to them; a script that can stop with a
    checkpoint does (see :mod:`paratrain.preemption`), any other ends. A second signal ends the job at once.

    Parameters
    ----------
    command : sequence of str
    grace, preempt_grace : float
        Seconds between passing a signal on and killing, after Ctrl-C and after SIGTERM or SIGUSR1.
    failed_grace : float
        Seconds between the first report of a failed rank and killing.
    environment : mapping, optional
        Variables of the command; default: those of this process.

    Returns
    -------
    Outcome
    """
    # A session of its own: a Ctrl-C of the terminal then reaches it once, through us.
    child = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=None if environment is None else dict(environment),
    )
    relays = [_Relay(child.stdout, 1), _Relay(child.stderr, 2, lambda: _end(child, failed_grace))]
    received: list[int] = []

    def on_signal(number: int, frame: FrameType | None) -> None:
        received.append(number)
        if len(received) > 1:
            _kill(child, signal.SIGTERM)
        else:
            child.send_signal(signal.SIGINT if number == signal.SIGINT else signal.SIGUSR1)
        wait = grace if number == signal.SIGINT or len(received) > 1 else preempt_grace
        signal.setitimer(signal.ITIMER_REAL, wait)

    def on_alarm(number: int, frame: FrameType | None) -> None:
        _kill(child, signal.SIGKILL)

    handlers = {each: on_signal for each in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    before[signal.SIGALRM] = signal.signal(signal.SIGALRM, on_alarm)
    try:
        status = child.wait()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
        for relay in relays:
            relay.finish()
    killed_by = next((relay.killed_by for relay in relays if relay.killed_by is not None), None)
    if relays[1].reported is not None and status == -signal.SIGKILL and not received:
        return Outcome(relays[1].reported)
    return Outcome(exit_code(status, received, killed_by), received)


def _kill(child: subprocess.Popen[bytes], number: int) -> None:
    if child.poll() is None:
        os.killpg(child.pid, number)


def _end(child: subprocess.Popen[bytes], seconds: float) -> None:
    """Kill a starter that does not end though a rank has failed: a host it waits for does not answer."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        print(
            f"paratrain: a rank has failed, but the job has not ended for {seconds:g} s (a host may not answer any "
            "more); it is killed here",
            file=sys.stderr,
            flush=True,
        )
        _kill(child, signal.SIGKILL)


class _Relay(threading.Thread):
    """Passes a job's output on, byte by byte, and looks for two things in it: failed ranks, and what killed one."""

    def __init__(self, source: IO[bytes] | None, target: int, on_failure: Callable[[], None] | None = None) -> None:
        super().__init__(name=f"paratrain output {target}", daemon=True)
        self._source = source
        self._target = target
        self._on_failure = on_failure
        self.killed_by: int | None = None  # the signal, if the starter said that one has ended a rank
        self.reported: int | None = None  # exit code of the first rank that reported a failure
        self.start()

    def run(self) -> None:
        """Pass on until the end."""
        assert self._source is not None
        seen = b""
        while data := os.read(self._source.fileno(), 1 << 16):
            _write(self._target, data)
            seen = seen[-_KEPT:] + data
            report = REPORT.search(seen) if self._on_failure is not None else None
            if self._on_failure is not None and report is not None:
                self.reported = int(report[1] or (INTERRUPTED if report[2] else 1))
                threading.Thread(target=self._on_failure, daemon=True).start()
                self._on_failure = None
            if found := _KILLED.search(seen):
                self.killed_by = int(found[1])

    def finish(self) -> None:
        """Wait for the rest: not for long, since something the job has left behind may hold the pipe open."""
        self.join(2)
        if self._source is not None and not self.is_alive():
            self._source.close()


def _write(target: int, data: bytes) -> None:
    """Write all of it; what nobody reads any more (``paratrain launch … | head``) is dropped, the job goes on."""
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(target, view) :]
    except BrokenPipeError:
        return


def exit_code(status: int, received: Sequence[int], killed_by: int | None = None) -> int:
    """Exit code from a child's status (negative: ended by that signal) and the signals passed on to it.

    Parameters
    ----------
    status : int
    received : sequence of int
    killed_by : int, optional
        Signal that has ended a rank, if the starter said so: Hydra's own status is then the bare number.

    Examples
    --------
    >>> exit_code(3, []), exit_code(-9, []), exit_code(1, [signal.SIGINT]), exit_code(0, [signal.SIGTERM])
    (3, 137, 130, 143)
    >>> exit_code(75, [signal.SIGTERM]), exit_code(9, [], killed_by=9)
    (75, 137)
    """
    if status == PREEMPTED:
        return status
    if received:
        return INTERRUPTED if received[0] == signal.SIGINT else 128 + received[0]
    if status < 0:
        return 128 - status
    return 128 + killed_by if killed_by is not None and status == killed_by else status
