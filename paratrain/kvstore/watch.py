"""Find out who is missing when a collective does not come to an end.

A rank that ends sends a note to all others; a rank that has waited too long sends one that says in what. Those from
whom no note comes are the missing ones.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

from paratrain.base import ParatrainError

__all__ = ["STALL_VARIABLE", "Watch", "stall_seconds"]

STALL_VARIABLE = "PARATRAIN_STALL_SECONDS"
DEFAULT_SECONDS = 600.0
_LEFT, _WAITING = 1, 2


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

    Parameters
    ----------
    comm : mpi4py.MPI.Comm
        Used for nothing else.
    """

    def __init__(self, comm: Any) -> None:
        self.comm = comm
        self.limit = stall_seconds(os.environ.get(STALL_VARIABLE))
        self.grace = min(2.0, self.limit / 2)
        self._lock = threading.Lock()
        self._left: dict[int, float] = {}  # rank -> when its last note was found
        self._waiting: dict[int, str] = {}
        self._sent: list[Any] = []

    def leave(self) -> None:
        """Tell the others that this rank takes part in no further collective."""
        with self._lock:
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
            self._receive(now)
            gone = sorted(rank for rank, found in self._left.items() if now - found > self.grace)
            if gone:
                raise ParatrainError(
                    f"[kvstore] rank {self.comm.rank} waits in {what}, but {_ranks(gone)} ended; every rank must take "
                    "the same number of steps and make the same calls"
                )
            if now - began > self.limit:
                self._stalled(what, now - began)

    def _stalled(self, what: str, waited: float) -> None:
        """Ask who else waits, then raise."""
        self._send(_WAITING, what)
        until = time.monotonic() + self.grace
        while time.monotonic() < until and len(self._waiting) < self.comm.size - 1:
            self._receive(time.monotonic())
            time.sleep(0.01)
        here = {self.comm.rank: what, **self._waiting}
        missing = [rank for rank in range(self.comm.size) if rank not in here]
        lines = [f"rank {rank} waits in {where}" for rank, where in sorted(here.items())]
        who = f"{_ranks(missing)} did not come" if missing else "the ranks wait in different calls"
        raise ParatrainError(
            f"[kvstore] no progress for {waited:.0f} s ({STALL_VARIABLE}={self.limit:g}): {who}; " + "; ".join(lines)
        )

    def _send(self, tag: int, text: str) -> None:
        for rank in range(self.comm.size):
            if rank != self.comm.rank:
                note = text.encode()[:200]
                self._sent.append((self.comm.Isend(bytearray(note), rank, tag), note))

    def _receive(self, now: float) -> None:
        from mpi4py import MPI

        status = MPI.Status()
        while self.comm.Iprobe(MPI.ANY_SOURCE, MPI.ANY_TAG, status):
            note = bytearray(status.Get_count(MPI.BYTE))
            self.comm.Recv(note, status.source, status.tag)
            if status.tag == _LEFT:
                self._left.setdefault(status.source, now)
            else:
                self._waiting[status.source] = note.decode(errors="replace")


def _ranks(ranks: list[int]) -> str:
    return ("rank " if len(ranks) == 1 else "ranks ") + ", ".join(map(str, ranks))
