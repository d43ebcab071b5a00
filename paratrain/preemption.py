"""Stop training on SIGTERM or SIGUSR1: all ranks at one step, with a checkpoint, with an exit code of its own.

A signal may reach one rank or all, at any moment, and ranks may be a step apart. So ranks exchange a flag: each begins
a nonblocking maximum of two numbers, goes on training, and looks at the result some steps later, when it has long
arrived. Every rank looks after the same number of steps and sees the same result: that is the step on which they agree.
How many steps lie between is agreed on in the same way, so that the exchange happens about ten times a second, however
short steps are.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

import numpy as np

from paratrain.launch import failure
from paratrain.launch.failure import PREEMPTED

__all__ = ["Agreement", "Preempted", "listening"]

SIGNALS = (signal.SIGTERM, signal.SIGUSR1)
#: Seconds between two looks at the others; a signal is acted on after twice this time and two steps, at most.
SECONDS = 0.1


class Preempted(SystemExit):
    """Training was stopped by a signal; ends the process with exit code 75 unless it is caught."""

    def __init__(self) -> None:
        super().__init__(PREEMPTED)


class _State:
    """What the handler of signals knows."""

    asked = False  # a signal came
    saving = False  # somebody would write a checkpoint


_state = _State()


@contextlib.contextmanager
def listening() -> Iterator[None]:
    """Hear the signals while training.

    Handlers are installed in the main thread, for signals that still have their default action: a script's own stay.
    Without an `Agreement`, which needs a checkpoint, a signal does what it always does.
    """
    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, _on_signal)
    _state.asked = _state.saving = False
    try:
        yield
    finally:
        _state.saving = False
        for number, handler in before.items():
            signal.signal(number, handler)


def _on_signal(number: int, frame: FrameType | None) -> None:
    if not _state.saving:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    elif _state.asked:
        failure.end_job(128 + number)  # the second: at once
    _state.asked = True


class Agreement:
    """Decides, with the other ranks, after which batch to stop.

    Made where `listening` is in force.

    Parameters
    ----------
    world : World
        The ranks.
    checkpoint : CheckpointManager
        Writes what training goes on from.

    Examples
    --------
    >>> from paratrain.kvstore.transport import world
    >>> with listening():
    ...     agreement = Agreement(world(), None)
    ...     before = agreement.stops_here()
    ...     os.kill(os.getpid(), signal.SIGUSR1)
    ...     after = agreement.stops_here()
    >>> before, after
    (False, True)
    """

    def __init__(self, world: Any, checkpoint: Any) -> None:
        self._world = world
        self._checkpoint = checkpoint
        self._steps = 0
        self._interval = 1
        self._looked = time.monotonic()
        self._request: Any = None
        self._mine = np.zeros(2, np.int64)  # whether to stop; minus the steps until the look after the next
        self._all = np.zeros(2, np.int64)
        _state.saving = True

    def stops_here(self) -> bool:
        """Whether all ranks stop after this batch. Every rank calls it after each batch.

        Returns
        -------
        bool
            The same on all ranks.
        """
        if self._world.size == 1:
            return _state.asked
        self._steps += 1
        if self._steps < self._interval:
            return False
        stop = self._result()
        now = time.monotonic()
        fitting = int(SECONDS * self._steps / max(now - self._looked, 1e-6))
        wanted = max(1, min(fitting, 10 * self._interval))
        self._looked, self._steps, self._interval = now, 0, max(1, int(-self._all[1]))
        self._begin(wanted)
        return stop

    def stops_after_epoch(self) -> bool:
        """Whether all ranks stop now, between two epochs. A collective that waits for all of them."""
        if self._world.size == 1:
            return _state.asked
        stop = self._result()
        self._begin(self._interval)
        stop = self._result() or stop
        self._steps, self._looked = 0, time.monotonic()
        return stop

    def _begin(self, wanted: int) -> None:
        self._mine[:] = _state.asked, -wanted
        self._request = self._world.begin_maximum(self._mine, self._all)

    def _result(self) -> bool:
        """Wait for the exchange that was begun; whether a rank is to stop."""
        if self._request is not None:
            request, self._request = self._request, None
            request.wait()
        return bool(self._all[0])

    def after_batch(self, module: Any, epoch: int, batch: int, train_data: Any, metric: Any) -> None:
        """Write a checkpoint and stop, if that was agreed on.

        Parameters
        ----------
        module, train_data, metric
            As `CheckpointManager.save` takes them.
        epoch, batch : int
            Number of the batch that was trained on.

        Raises
        ------
        Preempted
            When the checkpoint is written. An iterator whose position cannot be saved is left to the newest checkpoint
            there is.
        """
        if not self.stops_here():
            return
        if _can_save(train_data):
            self._checkpoint.save(module, epoch, batch + 1, train_data, metric)
            self._leave(f"with a checkpoint after batch {batch} of epoch {epoch}")
        kind = type(train_data).__name__
        self._leave(f"in epoch {epoch}; {kind} cannot save its position, so go on from the newest checkpoint")

    def after_epoch(self, module: Any, epoch: int, train_data: Any) -> None:
        """Stop between two epochs, if that was agreed on; raises as `after_batch` does."""
        if self.stops_after_epoch():
            self._checkpoint.save(module, epoch + 1, 0, train_data)
            self._leave(f"with a checkpoint after epoch {epoch}")

    def _leave(self, how: str) -> None:
        if self._world.rank == 0:
            failure.say(f"training was stopped by a signal {how}; exit code {PREEMPTED}")
        raise Preempted


def _can_save(train_data: Any) -> bool:
    state_dict = getattr(train_data, "state_dict", None)
    if state_dict is None:  # an iterator of the user's own
        return False
    try:
        state_dict()
    except NotImplementedError:
        return False
    return True
