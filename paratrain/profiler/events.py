"""What was recorded, as arrays, with what the numbers in them stand for."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

import numpy as np

from paratrain.ext import engine

__all__ = ["EVENT", "Recorded", "recorded"]

#: As `ProfileEvent` in ext/core/profile.h.
EVENT = np.dtype([("begin", "<i8"), ("end", "<i8"), ("label", "<i4"), ("thread", "<i4")])


@dataclass
class Recorded:
    """Events of one process.

    Attributes
    ----------
    events : array of `EVENT`
    labels : dict of int to (str, str, str) or Work
        What the labels in `events` stand for: (kind, category, name), or a kernel.
    threads : dict of int to str
        Names of the threads.
    rank : int
    host : str
    dropped : int
        Events that there was no room for.
    """

    events: np.ndarray
    labels: dict[int, Any]
    threads: dict[int, str]
    rank: int
    host: str
    dropped: int


def recorded(first: int = 0, rank: int = 0) -> Recorded:
    """The events of this process from number `first` on."""
    events = np.frombuffer(engine.profile_events(first), EVENT)
    table = engine.profile_labels()
    labels = {int(i): table[i] for i in np.unique(events["label"])}
    return Recorded(events, labels, engine.profile_threads(), rank, socket.gethostname(), engine.profile_dropped())
