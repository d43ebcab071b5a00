"""Start a job, wait for it, and pass signals on."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from types import FrameType

from paratrain.launch.failure import INTERRUPTED

GRACE_SECONDS = 10.0


def run(command: Sequence[str], grace: float = GRACE_SECONDS) -> int:
    """Run `command` to its end and return the exit code for this process.

    SIGINT (Ctrl-C) and SIGTERM go to the command; if it has not ended `grace` seconds later it is killed
    with everything it started on this host.

    Parameters
    ----------
    command : sequence of str
    grace : float, default 10
        Seconds between passing a signal on and killing.

    Returns
    -------
    int
        The command's exit code; 130 after Ctrl-C; 128 + the signal's number after another signal.
    """
    # A session of its own: a Ctrl-C of the terminal then reaches it once, through us.
    child = subprocess.Popen(list(command), stdin=subprocess.DEVNULL, start_new_session=True)
    received: list[int] = []

    def on_signal(number: int, frame: FrameType | None) -> None:
        received.append(number)
        child.send_signal(number)
        signal.setitimer(signal.ITIMER_REAL, grace)

    def on_alarm(number: int, frame: FrameType | None) -> None:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)

    handlers = {signal.SIGINT: on_signal, signal.SIGTERM: on_signal, signal.SIGALRM: on_alarm}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        status = child.wait()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
    return exit_code(status, received)


def exit_code(status: int, received: Sequence[int]) -> int:
    """Exit code from a child's status (negative: ended by that signal) and the signals passed on to it.

    Examples
    --------
    >>> exit_code(3, []), exit_code(-9, []), exit_code(1, [signal.SIGINT]), exit_code(0, [signal.SIGTERM])
    (3, 137, 130, 143)
    """
    if received:
        return INTERRUPTED if received[0] == signal.SIGINT else 128 + received[0]
    return 128 - status if status < 0 else status
