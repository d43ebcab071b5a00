"""The one thread of a process that communicates while the main thread computes."""

from __future__ import annotations

import atexit
import queue
import threading
from collections.abc import Callable

__all__ = ["Task", "Worker"]


class Task:
    """Something a `Worker` does.

    Attributes
    ----------
    done : bool
        Whether it has ended.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._ended = threading.Event()
        self._error: BaseException | None = None

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._ended.is_set()

    def run(self) -> None:
        """Do it, and keep what it raises for `wait`."""
        try:
            self._work()
        except BaseException as error:  # raised again by wait(), in the thread that wants the result
            self._error = error
        finally:
            self._ended.set()

    def wait(self) -> None:
        """Return when it has ended; Ctrl-C is heard meanwhile.

        Raises
        ------
        BaseException
            What the work raised.
        """
        self._ended.wait()
        if self._error is not None:
            error, self._error = self._error, None
            raise error


class Worker:
    """A daemon thread that does tasks one after the other.

    Parameters
    ----------
    name : str
        Name of the thread.

    Examples
    --------
    >>> worker, seen = Worker("example"), []
    >>> worker.submit(lambda: seen.append(1)).wait()
    >>> seen
    [1]
    >>> worker.close()
    """

    def __init__(self, name: str) -> None:
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def _loop(self) -> None:
        while (task := self._tasks.get()) is not None:
            task.run()

    def submit(self, work: Callable[[], None]) -> Task:
        """Let the thread call `work` after what was submitted before."""
        task = Task(work)
        self._tasks.put(task)
        return task

    def close(self, seconds: float = 5.0) -> None:
        """End the thread after what was submitted, waiting at most `seconds` for it."""
        atexit.unregister(self.close)
        self._tasks.put(None)
        self._thread.join(seconds)
