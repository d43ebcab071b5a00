"""Callbacks for `Module.fit`: progress in the log, and checkpoints.

Callbacks at the end of a batch, and of an evaluation, are called with a
`BatchEndParam`, which has ``epoch``, ``nbatch`` (from 0), ``eval_metric`` and
``locals``; those at the end of an epoch with the epoch, the symbol, the
arguments and the auxiliary states.

Under ``mpirun`` every rank calls the callbacks, and rank 0 alone logs and
writes files. Training is in step, so rank 0's speed is every rank's; the metric
it logs during an epoch is that of its own shard.

Examples
--------
>>> from collections import namedtuple
>>> from paratrain import metric
>>> Param = namedtuple("Param", "epoch nbatch eval_metric locals")
>>> speedometer = Speedometer(batch_size=64, frequent=10)
>>> speedometer(Param(epoch=0, nbatch=0, eval_metric=metric.Accuracy(), locals=None))
"""

from __future__ import annotations

import datetime
import logging
import math
import time
from collections.abc import Callable
from typing import Any

__all__ = [
    "LogValidationMetricsCallback",
    "ProgressBar",
    "Speedometer",
    "compare_parameters",
    "do_checkpoint",
    "log_train_metric",
    "module_checkpoint",
]


def first_rank(world: Any = None) -> bool:
    """Whether this process is the one that logs and writes files.

    Parameters
    ----------
    world : World, optional
        Has ``rank`` and ``size``; by default that of the running job.

    Returns
    -------
    bool
        True on rank 0, and where there is no other rank.
    """
    return (world or _job()).rank == 0


def _job() -> Any:
    """World of the running job."""
    from .kvstore.transport import world

    return world()


class Speedometer:
    """Log speed and metric every so many batches.

    A line reads, with tabs between its parts::

        Epoch[0] Batch [10-20]  Speed: 1764.83 samples/sec  accuracy=0.400000

    and, where there is more than one rank or `batches` is given, ends with::

        Total: 3529.66 samples/sec (2 ranks)  ETA: 0:01:30

    Parameters
    ----------
    batch_size : int
        Samples per batch of this process.
    frequent : int, default 50
        Batches between two lines.
    auto_reset : bool, default True
        Start the metric anew after each line: it is of the latest batches
        then, else of the epoch so far.
    batches : int, optional
        Batches of this process in an epoch; with it the line tells when the
        epoch ends, or with `epochs`, when training ends.
    epochs : int, optional
        Number of epochs, as `num_epoch` of `Module.fit`.
    world : World, optional
        Has ``rank`` and ``size``; by default that of the running job.

    Raises
    ------
    ValueError
        When a number is below 1, or `epochs` comes without `batches`.

    Examples
    --------
    ::

        module.fit(iterator, num_epoch=3, batch_end_callback=mx.callback.Speedometer(64, 100, batches=938, epochs=3))
    """

    def __init__(
        self,
        batch_size: int,
        frequent: int = 50,
        auto_reset: bool = True,
        batches: int | None = None,
        epochs: int | None = None,
        world: Any = None,
    ) -> None:
        numbers = {"batch_size": batch_size, "frequent": frequent, "batches": batches, "epochs": epochs}
        for name, value in numbers.items():
            if value is not None and value < 1:
                raise ValueError(f"[Speedometer] {name} must be 1 or more; got {value}")
        if epochs is not None and batches is None:
            raise ValueError("[Speedometer] epochs needs batches, the number of batches per epoch")
        self.batch_size = batch_size
        self.frequent = frequent
        self.auto_reset = auto_reset
        self.batches = batches
        self.epochs = epochs
        self.world = world
        self.last_count = 0
        self._since: float | None = None

    def __call__(self, param: Any) -> None:
        """Take notice of the end of a batch."""
        count = param.nbatch
        if count < self.last_count:
            self._since = None
        self.last_count = count
        if self._since is None:
            self._since = time.perf_counter()
        elif count % self.frequent == 0:
            now = time.perf_counter()
            seconds, self._since = now - self._since, now
            self._log(param, self.frequent / max(seconds, 1e-9))

    def _log(self, param: Any, batches_per_second: float) -> None:
        world = self.world or _job()
        speed = batches_per_second * self.batch_size
        if param.eval_metric is None:
            line = f"Iter[{param.epoch}] Batch [{param.nbatch}]\tSpeed: {speed:.2f} samples/sec"
        else:
            first = param.nbatch - self.frequent if self.auto_reset else 0
            line = f"Epoch[{param.epoch}] Batch [{first}-{param.nbatch}]\tSpeed: {speed:.2f} samples/sec"
            for name, value in param.eval_metric.get_name_value():
                line += f"\t{name}={value:f}"
            if self.auto_reset:
                param.eval_metric.reset_local()
        if world.size > 1:
            line += f"\tTotal: {speed * world.size:.2f} samples/sec ({world.size} ranks)"
        if self.batches is not None:
            line += f"\tETA: {self._remaining(param, batches_per_second)}"
        if world.rank == 0:
            logging.info("%s", line)

    def _remaining(self, param: Any, batches_per_second: float) -> str:
        """Time to the end of the epoch, or of training, as hours, minutes, seconds."""
        batches = self.batches or 0
        left = max(0, batches - param.nbatch - 1)
        if self.epochs is not None:
            left += batches * max(0, self.epochs - param.epoch - 1)
        return str(datetime.timedelta(seconds=round(left / batches_per_second)))


class ProgressBar:
    """Log a bar that grows with the batches of an epoch.

    Parameters
    ----------
    total : int
        Batches per epoch.
    length : int, default 80
        Characters of the full bar.
    world : World, optional
        Has ``rank`` and ``size``; by default that of the running job.

    Raises
    ------
    ValueError
        When a number is below 1.

    Examples
    --------
    ::

        module.fit(iterator, num_epoch=3, batch_end_callback=mx.callback.ProgressBar(total=938))
    """

    def __init__(self, total: int, length: int = 80, world: Any = None) -> None:
        if total < 1 or length < 1:
            raise ValueError(f"[ProgressBar] total and length must be 1 or more; got {total} and {length}")
        self.total = total
        self.bar_len = length
        self.world = world

    def __call__(self, param: Any) -> None:
        """Take notice of the end of a batch."""
        done = min(1.0, param.nbatch / self.total)
        filled = round(self.bar_len * done)
        if first_rank(self.world):
            bar = "=" * filled + "-" * (self.bar_len - filled)
            logging.info("[%s] %s%%\r", bar, math.ceil(100.0 * done))


class LogValidationMetricsCallback:
    """Log each metric at the end of an evaluation.

    Parameters
    ----------
    world : World, optional
        Has ``rank`` and ``size``; by default that of the running job.

    Examples
    --------
    ::

        module.fit(train, eval_data=test, num_epoch=3,
                   eval_end_callback=mx.callback.LogValidationMetricsCallback())
    """

    def __init__(self, world: Any = None) -> None:
        self.world = world

    def __call__(self, param: Any) -> None:
        """Take notice of the end of an evaluation."""
        if param.eval_metric is None or not first_rank(self.world):
            return
        for name, value in param.eval_metric.get_name_value():
            logging.info("Epoch[%d] Validation-%s=%f", param.epoch, name, value)


def log_train_metric(period: int, auto_reset: bool = False, world: Any = None) -> Callable[[Any], None]:
    """Make a callback that logs the metric every `period` batches.

    Parameters
    ----------
    period : int
        Batches between two lines.
    auto_reset : bool, default False
        Start the metric anew after each line.
    world : World, optional
        Has ``rank`` and ``size``; by default that of the running job.

    Returns
    -------
    callable
        For the end of a batch.

    Raises
    ------
    ValueError
        When `period` is below 1.
    """
    _check_period("log_train_metric", period)

    def callback(param: Any) -> None:
        if param.nbatch % period or param.eval_metric is None:
            return
        if first_rank(world):
            for name, value in param.eval_metric.get_name_value():
                logging.info("Iter[%d] Batch[%d] Train-%s=%f", param.epoch, param.nbatch, name, value)
        if auto_reset:
            param.eval_metric.reset_local()

    return callback


def compare_parameters(period: int) -> Callable[[Any], None]:
    """Make a callback for the end of batches that compares the parameters of the ranks, by checksums.

    Ranks make the same updates from the same sums, so parameters are the same to the bit; a script that changes them on
    one rank only, a bug or broken memory would go unnoticed otherwise.

    Parameters
    ----------
    period : int
        Compare after so many batches of an epoch.

    Returns
    -------
    callable
        Takes a `BatchEndParam` of `Module.fit`. It is a collective, and raises ParatrainError on every rank if they
        differ.

    Raises
    ------
    ValueError
        If `period` is below 1.

    Examples
    --------
    ::

        module.fit(train, num_epoch=8, batch_end_callback=mx.callback.compare_parameters(100))
    """
    _check_period("compare_parameters", period)

    def callback(param: Any) -> None:
        module = param.locals["self"]
        if module.world.size > 1 and (param.nbatch + 1) % period == 0:
            from .kvstore.compare import check_equal

            arguments = module.get_params()[0]
            check_equal(module.world, "parameters", {n: arguments[n].asnumpy() for n in sorted(arguments)})

    return callback


def do_checkpoint(prefix: str, period: int = 1, world: Any = None) -> Callable[..., None]:
    """Make a callback that writes the parameters every `period` epochs.

    The files are ``prefix-symbol.json`` and ``prefix-0001.params`` for the
    first epoch, written by rank 0.

    Parameters
    ----------
    prefix : str
        Beginning of the files' names.
    period : int, default 1
        Epochs between two checkpoints; the first is after `period` epochs.
    world : World, optional
        Has ``rank`` and ``size``; by default that of the running job.

    Returns
    -------
    callable
        For the end of an epoch: called with (epoch, symbol, arguments, auxiliary states).

    Raises
    ------
    ValueError
        When `period` is below 1.
    """
    _check_period("do_checkpoint", period)

    def callback(iter_no: int, sym: Any, arg: Any, aux: Any) -> None:
        if (iter_no + 1) % period == 0 and first_rank(world):
            from .model import save_checkpoint

            save_checkpoint(prefix, iter_no + 1, sym, arg, aux)

    return callback


def module_checkpoint(
    mod: Any, prefix: str, period: int = 1, save_optimizer_states: bool = False, world: Any = None
) -> Callable[..., None]:
    """Make a callback that lets a module write its checkpoint every `period` epochs.

    Parameters
    ----------
    mod : Module
        Its `save_checkpoint` is called, on rank 0.
    prefix : str
        Beginning of the files' names.
    period : int, default 1
        Epochs between two checkpoints; the first is after `period` epochs.
    save_optimizer_states : bool, default False
        Write ``prefix-0001.states`` too.
    world : World, optional
        Has ``rank`` and ``size``; by default that of the running job.

    Returns
    -------
    callable
        For the end of an epoch.

    Raises
    ------
    ValueError
        When `period` is below 1.
    """
    _check_period("module_checkpoint", period)

    def callback(iter_no: int, sym: Any = None, arg: Any = None, aux: Any = None) -> None:
        if (iter_no + 1) % period:
            return
        if first_rank(world):
            mod.save_checkpoint(prefix, iter_no + 1, save_optimizer_states)
        elif save_optimizer_states and mod.shards_optimizer:
            mod.optimizer_snapshot()  # this rank's part of what rank 0 writes

    return callback


def _check_period(name: str, period: int) -> None:
    if period < 1:
        raise ValueError(f"[{name}] period must be 1 or more; got {period}")
