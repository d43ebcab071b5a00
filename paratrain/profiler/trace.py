"""Traces for chrome://tracing and Perfetto: a process for each rank, a lane for each thread."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from paratrain.profiler.events import Recorded
from paratrain.profiler.work import Work

__all__ = ["TraceFile", "lane_name", "trace_events"]

#: Scopes of markers as MXNet and as the format names them.
SCOPES = {"global": "g", "process": "p", "thread": "t", "task": "t", "marker": "t"}
_END = b"\n]}\n"


def lane_name(thread: str) -> str:
    """What a thread does, from its name.

    Examples
    --------
    >>> lane_name("MainThread"), lane_name("paratrain communication"), lane_name("paratrain-io-3")
    ('compute', 'communication', 'data 3')
    """
    if thread == "MainThread":
        return "compute"
    if thread.startswith("paratrain-prefetch"):
        return "data prefetch" + thread.removeprefix("paratrain-prefetch").replace("_", " ")
    return thread.removeprefix("paratrain ").replace("paratrain-io-", "data ")


def trace_events(found: Recorded, base: int) -> Iterator[dict[str, Any]]:
    """The events of a process in the trace format, with times in microseconds from `base` (nanoseconds) on."""
    pid = found.rank
    yield _about("process_name", pid, 0, {"name": f"rank {found.rank} ({found.host})"})
    yield _about("process_sort_index", pid, 0, {"sort_index": found.rank})
    for thread in sorted({int(t) for t in found.events["thread"]}):
        name = lane_name(found.threads.get(thread, f"thread {thread}"))
        yield _about("thread_name", pid, thread, {"name": name})
        yield _about("thread_sort_index", pid, thread, {"sort_index": 0 if name == "compute" else 1})
    for number, (begin, end, label, thread) in enumerate(found.events.tolist()):
        what = found.labels[label]
        at = {"ts": (begin - base) / 1e3, "pid": pid, "tid": thread}
        if isinstance(what, Work):
            yield _kernel(what) | {"ph": "X", "dur": (end - begin) / 1e3} | at
        else:
            yield from _named(what, begin, end, at, f"{pid}.{number}")


def _about(kind: str, pid: int, tid: int, args: dict[str, Any]) -> dict[str, Any]:
    return {"ph": "M", "name": kind, "pid": pid, "tid": tid, "args": args}


def _kernel(work: Work) -> dict[str, Any]:
    args = {"operator": work.operator, "kernel": work.kernel, "bytes": work.nbytes, "flops": work.flops}
    return {"name": work.name, "cat": "operator", "args": args}


def _named(
    what: tuple[str, str, str], begin: int, end: int, at: dict[str, Any], number: str
) -> Iterator[dict[str, Any]]:
    kind, category, name = what
    event = {"name": name, "cat": category} | at
    if kind == "span":
        yield event | {"ph": "X", "dur": (end - begin) / 1e3}
    elif kind == "task":  # tasks may overlap in any way, which the slices of a lane may not
        yield event | {"ph": "b", "id": number}
        yield event | {"ph": "e", "id": number, "ts": at["ts"] + (end - begin) / 1e3}
    elif kind.startswith("marker"):
        yield event | {"ph": "i", "s": SCOPES[kind.removeprefix("marker:")]}
    else:
        yield event | {"ph": "C", "args": {name: end}}


class TraceFile:
    """A trace that is a complete file after each `append`.

    Parameters
    ----------
    path : path
        Overwritten.
    base : int
        Nanoseconds since 1970 from which on the times count.
    """

    def __init__(self, path: str | os.PathLike[str], base: int) -> None:
        self.path, self.base = Path(path), base
        head = {"displayTimeUnit": "ms", "otherData": {"base_time_ns": base, "producer": "paratrain"}}
        text = json.dumps(head)[:-1].encode() + b', "traceEvents": [\n'
        self._end = len(text)  # where the next event goes
        self._empty = True
        self.path.write_bytes(text + _END)

    def append(self, founds: Sequence[Recorded]) -> None:
        """Add the events of some processes."""
        texts = [json.dumps(e).encode() for found in founds for e in trace_events(found, self.base)]
        if not texts:
            return
        text = (b"" if self._empty else b",\n") + b",\n".join(texts)
        with self.path.open("r+b") as file:
            file.seek(self._end)
            file.write(text + _END)
        self._end += len(text)
        self._empty = False
