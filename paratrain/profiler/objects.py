"""What users record themselves: tasks, frames and events that take time, counters, markers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from paratrain.ext import engine
from paratrain.profiler.trace import SCOPES

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Counter", "Domain", "Event", "Frame", "Marker", "Task"]


class Domain:
    """A name under which tasks, frames, counters and markers are grouped.

    Parameters
    ----------
    name : str

    Examples
    --------
    >>> import paratrain as mx
    >>> with mx.profiler.Domain("input").new_task("augment"):
    ...     pass
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name

    def new_task(self, name: str) -> Task:
        """A task of this domain."""
        return Task(self, name)

    def new_frame(self, name: str) -> Frame:
        """A frame of this domain."""
        return Frame(self, name)

    def new_counter(self, name: str, value: float | None = None) -> Counter:
        """A counter of this domain."""
        return Counter(self, name, value)

    def new_marker(self, name: str) -> Marker:
        """A marker of this domain."""
        return Marker(self, name)


class _Duration:
    """Something that is started and stopped, any number of times."""

    def __init__(self, category: str, name: str) -> None:
        self.name = name
        self._category = category
        self._began: int | None = None

    def start(self) -> None:
        """Begin; in a trace it has begun here even where the profiler is started later."""
        self._began = engine.profile_now()

    def stop(self) -> None:
        """End, and record the time since `start` if the profiler runs.

        Raises
        ------
        RuntimeError
            If it was not started.
        """
        if self._began is None:
            raise RuntimeError(f"[profiler] {type(self).__name__} {self.name!r} was not started; call start() first")
        began, self._began = self._began, None
        if engine.profile_wants(engine.PROFILE_RUNNING):
            label = engine.profile_label("task", self._category, self.name)
            engine.profile_record(label, began, engine.profile_now())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def __str__(self) -> str:
        return self.name


class Task(_Duration):
    """A piece of work; tasks of one name are added up in the tables.

    Parameters
    ----------
    domain : Domain
    name : str
    """

    def __init__(self, domain: Domain, name: str) -> None:
        super().__init__(domain.name, name)


class Frame(Task):
    """One of a series of like pieces of work, such as a batch; recorded as a `Task`."""


class Event(_Duration):
    """A piece of work that belongs to no domain.

    Parameters
    ----------
    name : str
    """

    def __init__(self, name: str) -> None:
        super().__init__("event", name)


class Counter:
    """A number that changes over time, such as the length of a queue.

    Parameters
    ----------
    domain : Domain
    name : str
    value : int, optional
        First value.

    Examples
    --------
    >>> import paratrain as mx
    >>> counter = mx.profiler.Domain("input").new_counter("waiting", 3)
    >>> counter += 2
    >>> counter.value
    5
    """

    def __init__(self, domain: Domain, name: str, value: float | None = None) -> None:
        self.name = name
        self.value = 0
        self._domain = domain
        self._lock = threading.Lock()
        if value is not None:
            self.set_value(value)

    def set_value(self, value: float) -> None:
        """Set the counter; fractions are cut off."""
        with self._lock:
            self._change(int(value))

    def increment(self, delta: float = 1) -> None:
        """Add to the counter."""
        with self._lock:
            self._change(self.value + int(delta))

    def decrement(self, delta: float = 1) -> None:
        """Take from the counter."""
        self.increment(-delta)

    def _change(self, value: int) -> None:
        self.value = value
        if engine.profile_wants(engine.PROFILE_RUNNING):
            label = engine.profile_label("counter", self._domain.name, self.name)
            engine.profile_record(label, engine.profile_now(), value)

    def __iadd__(self, delta: float) -> Self:
        self.increment(delta)
        return self

    def __isub__(self, delta: float) -> Self:
        self.decrement(delta)
        return self

    def __str__(self) -> str:
        return self.name


class Marker:
    """A point in time.

    Parameters
    ----------
    domain : Domain
    name : str
    """

    def __init__(self, domain: Domain, name: str) -> None:
        self.name = name
        self.domain = domain

    def mark(self, scope: str = "process") -> None:
        """Record that the point is reached.

        Parameters
        ----------
        scope : {'global', 'process', 'thread', 'task', 'marker'}
            What it is a point in time for: how far a viewer draws the line.
        """
        if scope not in SCOPES:
            raise ValueError(f"[profiler.Marker] scope must be one of {', '.join(SCOPES)}; got {scope!r}")
        now: Any = engine.profile_now()
        engine.profile_record(engine.profile_label(f"marker:{scope}", self.domain.name, self.name), now, now)

    def __str__(self) -> str:
        return self.name
