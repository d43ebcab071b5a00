"""The thread that writes a checkpoint while training goes on."""

from __future__ import annotations

import threading

from paratrain.checkpoint.folder import Folder
from paratrain.checkpoint.manifest import Checkpoint
from paratrain.checkpoint.snapshot import Snapshot
from paratrain.ext import engine
from paratrain.kvstore.worker import Task

__all__ = ["Writer"]


class Writer:
    """Writes one checkpoint at a time.

    Python waits for the thread before it ends, so a checkpoint that was begun is completed unless the process is
    killed.

    Attributes
    ----------
    made : Checkpoint or None
        What was written last.
    """

    def __init__(self) -> None:
        self.made: Checkpoint | None = None
        self._task: Task | None = None
        self._thread: threading.Thread | None = None

    def begin(self, folder: Folder, snapshot: Snapshot) -> None:
        """Begin to write; `wait` must have been called since the last time."""

        def write() -> None:
            with engine.region("checkpoint", "write a checkpoint"):
                self.made = folder.write(snapshot)

        self.made = None
        self._task = Task(write)
        self._thread = threading.Thread(target=self._task.run, name="paratrain checkpoint")
        self._thread.start()

    def join(self) -> None:
        """Return when nothing is being written; Ctrl-C is heard meanwhile."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def wait(self) -> OSError | None:
        """Return when nothing is being written, with the system's error if there was one.

        Raises
        ------
        BaseException
            Any other error of the thread.
        """
        self.join()
        task, self._task = self._task, None
        try:
            if task is not None:
                task.wait()
        except OSError as error:
            return error
        return None
