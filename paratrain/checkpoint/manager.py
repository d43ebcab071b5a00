"""Write checkpoints while training goes on, and go on from them."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from paratrain.checkpoint import moved, state
from paratrain.checkpoint.folder import Folder
from paratrain.checkpoint.manifest import Checkpoint
from paratrain.checkpoint.snapshot import Snapshot
from paratrain.checkpoint.writer import Writer

__all__ = ["CheckpointManager"]


class CheckpointManager:
    """Checkpoints of one run in one folder.

    Given to `Module.fit` as ``checkpoint=``. Rank 0 copies what training is about to change and writes the copy in a
    thread of its own while training goes on. Each file is complete or not there, and the manifest, which comes last,
    makes a checkpoint valid. Whatever interrupts writing leaves the checkpoints before it as they are.

    Parameters
    ----------
    directory : path
        Made when the first checkpoint is written.
    prefix : str, default 'model'
        Beginning of the files' names: ``model-symbol.json``, ``model-0003.params``, ...
    every_n_batches : int, optional
        Also write one after so many batches of an epoch.
    every_epoch : bool, default True
        Write one after each epoch.
    keep : int, default 3
        Newest checkpoints that are kept; older ones are deleted.
    keep_best : int, default 0
        Checkpoints that are kept besides, with the best figures among those after an epoch.
    best_metric : str, optional
        By which metric they are the best, such as ``'accuracy'``: of the validation data where `fit` has them, else of
        training.
    best_mode : {'max', 'min'}, default 'max'
        Whether more of it is better.
    background : bool, default True
        Write while training goes on. It takes the memory of one more copy of parameters and optimizer states on rank
        0; False takes the time of training instead.

    Raises
    ------
    ValueError
        For a number below 1, a prefix with a slash, a manager that would never write, or `keep_best` and `best_metric`
        without each other.

    Examples
    --------
    ::

        manager = mx.checkpoint.CheckpointManager("run", every_n_batches=100, keep_best=1, best_metric="accuracy")
        module.fit(train, num_epoch=8, checkpoint=manager, resume=True)
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        prefix: str = "model",
        every_n_batches: int | None = None,
        every_epoch: bool = True,
        keep: int = 3,
        keep_best: int = 0,
        best_metric: str | None = None,
        best_mode: str = "max",
        background: bool = True,
    ) -> None:
        for name, value, least in (
            ("every_n_batches", every_n_batches, 1),
            ("keep", keep, 1),
            ("keep_best", keep_best, 0),
        ):
            if value is not None and value < least:
                raise ValueError(f"[CheckpointManager] {name} must be {least} or more; got {value}")
        if not prefix or os.sep in prefix:
            raise ValueError(f"[CheckpointManager] prefix must be the beginning of a file name; got {prefix!r}")
        if every_n_batches is None and not every_epoch:
            raise ValueError(
                "[CheckpointManager] every_epoch=False needs every_n_batches, else nothing is ever written"
            )
        if bool(keep_best) != bool(best_metric):
            raise ValueError(
                f"[CheckpointManager] keep_best and best_metric need each other; got {keep_best} and {best_metric!r}"
            )
        if best_mode not in ("max", "min"):
            raise ValueError(f"[CheckpointManager] best_mode must be 'max' or 'min'; got {best_mode!r}")
        self.directory = Path(directory)
        self.every_n_batches = every_n_batches
        self.every_epoch = every_epoch
        self.background = background
        self._folder = Folder(self.directory, prefix, keep, keep_best, best_metric or "", best_mode)
        self._writer = Writer()

    # -- called by fit --------------------------------------------------------------------------------------------

    def begin(self, train_data: Any) -> None:
        """Check that the position in the data can be saved as often as is asked for.

        Raises
        ------
        NotImplementedError
            If `every_n_batches` is given and the iterator cannot save its position.
        """
        state.check_iterator(train_data, self.every_n_batches is not None)

    def after_batch(self, module: Any, epoch: int, batch: int, train_data: Any, eval_metric: Any) -> None:
        """Write a checkpoint if one is due after batch number `batch` (from 0) of an epoch. A collective."""
        if self.every_n_batches is not None and (batch + 1) % self.every_n_batches == 0:
            self.save(module, epoch, batch + 1, train_data, eval_metric, wait=not self.background)

    def after_epoch(self, module: Any, epoch: int, train_data: Any, figures: Mapping[str, float] | None = None) -> None:
        """Write a checkpoint, if one is wanted, after epoch number `epoch` (from 0). A collective.

        Parameters
        ----------
        module, epoch, train_data
        figures : dict of str to float, optional
            Results of the epoch by name of the metric.

        Raises
        ------
        ValueError
            If `best_metric` is not among the figures.
        """
        best = self._folder.best_metric
        if best and best not in (figures or {}):
            raise ValueError(f"[CheckpointManager] best_metric={best!r} is none of the metrics {list(figures or {})}")
        if self.every_epoch:
            self.save(module, epoch + 1, 0, train_data, figures=figures, wait=not self.background)

    def finish(self, module: Any) -> None:
        """Return when everything is written. A collective.

        Raises
        ------
        OSError
            On every rank, if rank 0 could not write.
        """
        self._raise_together(module.world, self._writer.wait())

    def settle(self) -> None:
        """Let the thread finish its checkpoint where training ends by an exception; an error is logged.

        No collective.
        """
        error = self._writer.wait()
        if error is not None:
            logging.error("%s", error)

    # -- writing --------------------------------------------------------------------------------------------------

    def save(
        self,
        module: Any,
        epoch: int,
        batch: int = 0,
        train_data: Any = None,
        eval_metric: Any = None,
        figures: Mapping[str, float] | None = None,
        wait: bool = True,
    ) -> Checkpoint | None:
        """Write a checkpoint. A collective: every rank calls it, rank 0 writes.

        Parameters
        ----------
        module : Module
            With parameters, and an optimizer if that is to be saved too.
        epoch, batch : int
            What training is to go on with, from 0.
        train_data : DataIter, optional
            Its position is saved.
        eval_metric : EvalMetric, optional
            Its figures are saved.
        figures : dict of str to float, optional
            Results, for `best`.
        wait : bool, default True
            Return when the checkpoint is on the disk. With False a thread writes a copy; what goes wrong then is raised
            by the next `save` or `finish`.

        Returns
        -------
        Checkpoint or None
            None on ranks other than 0, and with ``wait=False``.

        Raises
        ------
        OSError
            On every rank, if rank 0 cannot write, for example since the disk is full. Earlier checkpoints are intact.
        """
        world = module.world
        self._raise_together(world, self._writer.wait())
        module.flush_gradients()  # those kept for an update are not in a checkpoint: where a signal stops training
        ranks = world.allgather_object(state.rank_state(train_data, eval_metric))
        snapshot = Snapshot.take(module, epoch, batch, ranks, figures)
        if snapshot is not None:
            self._writer.begin(self._folder, snapshot)
        if not wait:
            return None
        self.finish(module)
        return self._writer.made

    def _raise_together(self, world: Any, error: OSError | None) -> None:
        """Raise rank 0's error on every rank."""
        message = world.broadcast_object((error.errno, error.strerror) if error is not None else None)
        if error is not None:
            raise error
        if message is not None:
            raise OSError(message[0], f"rank 0 could not write a checkpoint: {message[1]}")

    # -- finding --------------------------------------------------------------------------------------------------

    def latest(self) -> Checkpoint | None:
        """Return the newest checkpoint that is intact.

        Every file is compared with its checksum. A damaged checkpoint is passed over with a warning that names it and
        says what is wrong. What is being written is waited for.

        Returns
        -------
        Checkpoint or None
            None where there is none.
        """
        self._writer.join()
        return self._folder.latest()

    def best(self) -> Checkpoint | None:
        """Return the checkpoint with the best figure among those that are intact; as `latest` else.

        Raises
        ------
        ValueError
            Without `best_metric`.
        """
        if not self._folder.best_metric:
            raise ValueError("[CheckpointManager.best] make the manager with best_metric")
        self._writer.join()
        return self._folder.best()

    # -- going on -------------------------------------------------------------------------------------------------

    def restore(self, module: Any, train_data: Any = None, eval_metric: Any = None) -> tuple[int, int] | None:
        """Give a module, and an iterator, the state of the newest intact checkpoint. A collective.

        Rank 0 reads; the other ranks need not see the folder. With as many ranks as it was written by, training goes
        on bit for bit; with another number the remaining samples of the epoch are dealt out anew, see
        `paratrain.checkpoint.moved`.

        Parameters
        ----------
        module : Module
            Bound, with parameters and an optimizer.
        train_data : DataIter, optional
        eval_metric : EvalMetric, optional

        Returns
        -------
        tuple of int or None
            Epoch and batch to go on with; None where there is no checkpoint, and nothing was changed.

        Raises
        ------
        ParatrainError
            If it was written within an epoch by another number of ranks, and the iterator does not divide the data
            itself.
        ValueError
            If it belongs to another network, optimizer, iterator or metric.
        """
        world = module.world
        found = self.latest() if world.rank == 0 else None
        plan = world.broadcast_object(None if found is None else (found.epoch, found.batch, found.state["ranks"]))
        if plan is None:
            return None
        epoch, batch, ranks = plan
        self._restore_module(module, found, same=len(ranks) == world.size)
        metric = eval_metric if batch else None
        if len(ranks) == world.size:
            state.load_rank(ranks[world.rank], train_data, metric)
        else:
            moved.load_rank(ranks, world, train_data, metric, within=bool(batch))
        return epoch, batch

    def _restore_module(self, module: Any, found: Checkpoint | None, same: bool) -> None:
        """Parameters, optimizer and the arrays of each rank; `found` is None on ranks other than 0."""
        from paratrain import ndarray as nd
        from paratrain.module.packing import unpack

        states, rank_arrays = None, None
        if found is not None:
            name = str(found.file("params"))
            args, aux = unpack(nd.load(name), name)
            states = found.file("states").read_bytes() if "states" in found.files else None
            rank_arrays = nd.load(str(found.file("ranks"))) if "ranks" in found.files else None
            if rank_arrays and not same:
                aux |= moved.mean_arrays(rank_arrays)
                rank_arrays = None
            module.set_params(args, aux)
        module.share_params()
        states = module.world.broadcast_object(states)
        if states is not None and module.optimizer_initialized:
            module.load_optimizer_state_bytes(states, keep_rescale=not same)
        module.load_rank_arrays(rank_arrays or {})
