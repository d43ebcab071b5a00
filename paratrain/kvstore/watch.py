"""Find out who is missing when a collective does not come to an end, and where each rank is.

A rank that ends sends a note to all others; a rank that has waited too long sends one that says in what, and asks all
others where they are. A thread of each rank looks for such questions and answers with the stacks of all threads. Those
that wait in no collective are the missing ones; those that do not even answer are stopped, dead or out of reach.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from paratrain.base import ParatrainError
from paratrain.kvstore.stacks import stacks

__all__ = ["STALL_VARIABLE", "Watch", "stall_seconds"]

STALL_VARIABLE = "PARATRAIN_STALL_SECONDS"
DEFAULT_SECONDS = 600.0
_LEFT, _STALLED, _WAITING, _WHERE, _HERE = 1, 2, 3, 4, 5
_LISTEN_SECONDS = 0.25
_LIMIT = 6000  # bytes of a note: small enough that MPI sends it without waiting for the other side
#: What the letter in /proc/PID/stat means to somebody who wonders why a rank does not answer.
_STATES = {
    "T": "stopped (SIGSTOP or a debugger); kill -CONT lets it go on",
    "D": "in an uninterruptible wait of the system, as for a disk or a network file system",
    "Z": "dead",
    "X": "dead",
}


def stall_seconds(text: str | None) -> float:
    """Seconds a collective may wait for other ranks, from the text of ``PARATRAIN_STALL_SECONDS``.

    Raises
    ------
    ValueError
        If the text is not a number above 0.

    Examples
    --------
    >>> stall_seconds(None), stall_seconds("2.5")
    (600.0, 2.5)
    """
    if text is None:
        return DEFAULT_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds > 0:
        raise ValueError(f"[kvstore] {STALL_VARIABLE} must be a number of seconds above 0; got {text!r}")
    return seconds


class Watch:
    """Notes between ranks, over a communicator of their own.

    Making one is a collective.

    Parameters
    ----------
    comm : mpi4py.MPI.Comm
        Used for nothing else.
    answers : bool
        Whether a thread answers questions of other ranks, which needs an MPI that several threads may call.
    """

    def __init__(self, comm: Any, answers: bool = False) -> None:
        self.comm = comm
        self.limit = stall_seconds(os.environ.get(STALL_VARIABLE))
        self.grace = min(2.0, self.limit)
        self._places: list[tuple[str, int]] = comm.allgather((socket.gethostname(), os.getpid()))
        self._lock = threading.Lock()
        self._left: dict[int, float] = {}  # rank -> when its last note was found
        self._waiting: dict[int, str] = {}
        self._stalled: set[int] = set()  # ranks whose wait was too long
        self._mine: tuple[str, float] = ("", 0.0)  # what this rank waits in, and when it last said so
        self._stacks: dict[int, str] = {}
        self._sent: list[Any] = []
        self._ended = threading.Event()
        if answers:
            threading.Thread(target=self._listen, name="paratrain watch", daemon=True).start()

    def _listen(self) -> None:
        while not self._ended.wait(_LISTEN_SECONDS):
            with self._lock:
                if not self._ended.is_set():
                    self._receive(time.monotonic())

    def leave(self) -> None:
        """Tell the others that this rank takes part in no further collective."""
        with self._lock:
            self._ended.set()
            self._send(_LEFT, "")

    def check(self, what: str, began: float) -> None:
        """Look at the notes while waiting in a collective.

        Parameters
        ----------
        what : str
            What this rank waits in.
        began : float
            When it began to, by `time.monotonic`.

        Raises
        ------
        ParatrainError
            If a rank has ended, or the wait has lasted longer than the limit.
        """
        with self._lock:
            now = time.monotonic()
            self._mine = what, now
            self._receive(now)
            gone = sorted(rank for rank, found in self._left.items() if now - found > self.grace)
            if gone:
                raise ParatrainError(
                    f"[kvstore] rank {self.comm.rank} waits in {what}, but {_ranks(gone)} ended; every rank must take "
                    "the same number of steps and make the same calls"
                )
            if now - began > self.limit:
                self._give_up(what, now - began)

    def _give_up(self, what: str, waited: float) -> None:
        """Ask where the others are, then raise."""
        self._send(_STALLED, what)
        self._send(_WHERE, "")
        self._wait(lambda: len(self._stacks) == self.comm.size - 1)
        reports = self.comm.rank < min(self._stalled, default=self.comm.size)
        if not reports:  # a rank before this one ends the job, with all stacks
            self._wait(lambda: False)
        here = {self.comm.rank: what, **self._waiting}
        missing = [rank for rank in range(self.comm.size) if rank not in here]
        lines = [f"rank {rank} waits in {where}" for rank, where in sorted(here.items())]
        who = f"{_ranks(missing)} did not come" if missing else "the ranks wait in different calls"
        raise ParatrainError(
            f"[kvstore] no progress for {waited:.0f} s ({STALL_VARIABLE}={self.limit:g}): {who}; "
            + "; ".join(lines)
            + (self._where() if reports else "")
        )

    def _wait(self, enough: Callable[[], bool]) -> None:
        until = time.monotonic() + self.grace
        while time.monotonic() < until and not enough():
            self._receive(time.monotonic())
            time.sleep(0.01)

    def _where(self) -> str:
        """The stacks of the other ranks."""
        lines = []
        for rank, (host, process) in enumerate(self._places):
            if rank != self.comm.rank:
                title = f"\n--- rank {rank} (process {process} on {host})"
                lines.append(f"{title}:\n{self._stacks[rank]}" if rank in self._stacks else title + self._silence(rank))
        return "".join(lines)

    def _silence(self, rank: int) -> str:
        """Why a rank may not have answered."""
        host, process = self._places[rank]
        if host != socket.gethostname():
            return " does not answer"
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1]
        except OSError:
            return " does not answer: it has ended"
        return f" does not answer: it is {_STATES.get(state, 'busy outside of Python, or MPI does not allow threads')}"

    def _send(self, tag: int, text: str, ranks: list[int] | None = None) -> None:
        note = text.encode()[:_LIMIT]
        for rank in range(self.comm.size) if ranks is None else ranks:
            if rank != self.comm.rank:
                self._sent.append((self.comm.Isend(bytearray(note), rank, tag), note))

    def _receive(self, now: float) -> None:
        from mpi4py import MPI

        status = MPI.Status()
        while self.comm.Iprobe(MPI.ANY_SOURCE, MPI.ANY_TAG, status):
            source, tag = status.source, status.tag
            note = bytearray(status.Get_count(MPI.BYTE))
            self.comm.Recv(note, source, tag)
            text = note.decode(errors="replace")
            if tag == _LEFT:
                self._left.setdefault(source, now)
            elif tag in (_STALLED, _WAITING):
                self._waiting[source] = text
                if tag == _STALLED:
                    self._stalled.add(source)
            elif tag == _WHERE:
                what, said = self._mine
                if now - said < 2 * _LISTEN_SECONDS:
                    self._send(_WAITING, what, [source])
                self._send(_HERE, stacks(), [source])
            else:
                self._stacks[source] = text


def _ranks(ranks: list[int]) -> str:
    return ("rank " if len(ranks) == 1 else "ranks ") + ", ".join(map(str, ranks))
