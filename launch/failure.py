"""What happens when a rank fails: its own traceback on top, then the whole job ends with its exit code.

Without this a rank that raises would wait in ``MPI_Finalize`` for ranks that wait in an allreduce for it.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import struct
import sys
import termios
import threading
import time
import traceback
from types import TracebackType
from typing import NoReturn

INTERRUPTED = 130
PREEMPTED = 75  # "try again later" in sysexits.h: stopped by a signal, a checkpoint is written
#: How a report begins, for the launcher, which then does not wait for ever for the other ranks.
REPORT = re.compile(rb"\[rank \d+ of \d+\] (?:Traceback|exit with code (\d+)|(interrupted))")
_also: list[int] = []  # file descriptors that reports are written to besides stderr


def exit_code_of(error: BaseException) -> int:
    """Exit code Python would end with for `error`.

    Examples
    --------
    >>> exit_code_of(SystemExit(3)), exit_code_of(SystemExit("message")), exit_code_of(ValueError())
    (3, 1, 1)
    """
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if not isinstance(error, SystemExit):
        return 1
    if error.code is None:
        return 0
    return error.code & 0xFF if isinstance(error.code, int) else 1


def report(error: BaseException, trace: TracebackType | None, rank: int, size: int) -> str:
    """Text that tells what ended a rank.

    Parameters
    ----------
    error : BaseException
    trace : traceback or None
        Where to begin; frames before it are not shown.
    rank, size : int
    """
    name = f"[rank {rank} of {size}] "
    if isinstance(error, KeyboardInterrupt):
        return f"{name}interrupted"
    if isinstance(error, SystemExit):
        text = "" if isinstance(error.code, int) else f": {error.code}"
        return f"{name}exit with code {exit_code_of(error)}{text}"
    lines = traceback.format_exception(type(error), error, trace)
    return name + "".join(lines).rstrip()


def end_job(code: int) -> NoReturn:
    """End every rank of the job with `code`; does not return.

    Any rank may call it at any moment; the others are ended by the MPI, wherever they wait.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    mpi = sys.modules.get("mpi4py.MPI")
    if mpi is not None and mpi.Is_initialized() and not mpi.Is_finalized():
        for stream in (1, 2, *_also):
            _wait_until_read(stream)
        mpi.COMM_WORLD.Abort(code)
    os._exit(code)


def _wait_until_read(stream: int, seconds: float = 2.0) -> None:
    """Return when the other end of a pipe has read everything, or after `seconds`; at once if it is no pipe.

    ``mpirun`` drops what it has not yet read of a rank's output when it hears of an abort: on a busy machine that
    was the traceback of one failure in ten.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until and _unread(stream):
        time.sleep(0.001)


def _unread(stream: int) -> int:
    """Bytes written to a pipe that nobody has read; 0 for anything else."""
    try:
        if not stat.S_ISFIFO(os.fstat(stream).st_mode):
            return 0  # a terminal would answer with what was typed
        return struct.unpack("i", fcntl.ioctl(stream, termios.FIONREAD, bytes(4)))[0]
    except OSError:  # closed
        return 0


def also_report_to(handle: int) -> None:
    """Write reports of failures to this file descriptor, too: the terminal, when stderr is a log file."""
    _also.append(handle)


def say(text: str) -> None:
    """Print a line of paratrain's own on stderr, in one piece."""
    sys.stderr.write(f"paratrain: {text}\n")
    sys.stderr.flush()


def end_job_with(error: BaseException, trace: TracebackType | None, rank: int, size: int) -> NoReturn:
    """Print `error` as this rank's and end the job; does not return."""
    text = report(error, trace, rank, size) + "\n"
    sys.stderr.write(text)  # in one piece, so that lines of two ranks do not mix
    sys.stderr.flush()
    for handle in _also:
        os.write(handle, text.encode(errors="replace"))
    end_job(exit_code_of(error))


def install(rank: int, size: int) -> None:
    """Make an uncaught exception on this rank, in any thread, end the whole job.

    For ranks that plain ``mpirun`` started; :mod:`paratrain.launch.rank` does the same for its own. With one
    rank nothing changes.
    """
    if size == 1:
        return

    def main_thread(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        end_job_with(error, trace, rank, size)

    def other_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            end_job_with(args.exc_value, args.exc_traceback, rank, size)

    sys.excepthook = main_thread
    threading.excepthook = other_thread
