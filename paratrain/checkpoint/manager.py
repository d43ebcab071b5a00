"""Write checkpoints while training, keep the newest ones, find the newest that is intact."""

from __future__ import annotations

import contextlib
import os
import re
import warnings
from pathlib import Path
from typing import Any

from paratrain.base import ParatrainError
from paratrain.checkpoint import manifest, state
from paratrain.checkpoint.files import TEMPORARY, write_atomic
from paratrain.checkpoint.manifest import Checkpoint, DamagedError

__all__ = ["CheckpointManager"]


class CheckpointManager:
    """Checkpoints of one run in one folder.

    Given to `Module.fit` as ``checkpoint=``. Rank 0 writes; each file is complete or not there, and the manifest, which
    comes last, makes a checkpoint valid. Whatever interrupts writing leaves the checkpoints before it as they are.

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

    Raises
    ------
    ValueError
        For a number below 1, a prefix with a slash, or a manager that would never write.

    Examples
    --------
    ::

        manager = mx.checkpoint.CheckpointManager("run", every_n_batches=100)
        module.fit(train, num_epoch=8, checkpoint=manager, resume=True)
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        prefix: str = "model",
        every_n_batches: int | None = None,
        every_epoch: bool = True,
        keep: int = 3,
    ) -> None:
        for name, value in (("every_n_batches", every_n_batches), ("keep", keep)):
            if value is not None and value < 1:
                raise ValueError(f"[CheckpointManager] {name} must be 1 or more; got {value}")
        if not prefix or os.sep in prefix:
            raise ValueError(f"[CheckpointManager] prefix must be the beginning of a file name; got {prefix!r}")
        if every_n_batches is None and not every_epoch:
            raise ValueError(
                "[CheckpointManager] every_epoch=False needs every_n_batches, else nothing is ever written"
            )
        self.directory = Path(directory)
        self.prefix = prefix
        self.every_n_batches = every_n_batches
        self.every_epoch = every_epoch
        self.keep = keep

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
            self.save(module, epoch, batch + 1, train_data, eval_metric)

    def after_epoch(self, module: Any, epoch: int, train_data: Any) -> None:
        """Write a checkpoint, if one is wanted, after epoch number `epoch` (from 0). A collective."""
        if self.every_epoch:
            self.save(module, epoch + 1, 0, train_data)

    # -- writing --------------------------------------------------------------------------------------------------

    def save(
        self, module: Any, epoch: int, batch: int = 0, train_data: Any = None, eval_metric: Any = None
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

        Returns
        -------
        Checkpoint or None
            None on ranks other than 0.

        Raises
        ------
        OSError
            On every rank, if rank 0 cannot write, for example since the disk is full. Earlier checkpoints are intact.
        """
        world = module.world
        ranks = world.allgather_object(state.rank_state(train_data, eval_metric))
        rank_arrays = module.rank_arrays()
        states = None
        if module.optimizer_initialized and (world.rank == 0 or module.shards_optimizer):
            states = module.optimizer_states()  # with shards a collective
        error: OSError | None = None
        made = None
        if world.rank == 0:
            try:
                made = self._write(module, epoch, batch, ranks, rank_arrays, states)
            except OSError as caught:
                error = caught
        message = world.broadcast_object((error.errno, error.strerror) if error is not None else None)
        if error is not None:
            raise error
        if message is not None:
            raise OSError(message[0], f"rank 0 could not write a checkpoint: {message[1]}")
        return made

    def _write(
        self, module: Any, epoch: int, batch: int, ranks: list[Any], rank_arrays: dict[str, Any], states: bytes | None
    ) -> Checkpoint:
        from paratrain import ndarray as nd
        from paratrain.module.packing import pack

        self.directory.mkdir(parents=True, exist_ok=True)
        self._tidy()
        before = self._manifests()
        path = self._path(epoch, batch)
        self._remove(path)
        stem = self.directory / path.name.removesuffix(".json")
        args, aux = module.get_params()
        made = {
            "symbol": self.directory / f"{self.prefix}-symbol.json",
            "params": stem.with_name(stem.name + ".params"),
        }
        try:
            _write_if_other(made["symbol"], module.checkpoint_symbol.tojson().encode())
            nd.save(str(made["params"]), pack(args, aux))
            if states is not None:
                made["states"] = stem.with_name(stem.name + ".states")
                write_atomic(made["states"], states)
            if rank_arrays:
                made["ranks"] = stem.with_name(stem.name + ".ranks")
                nd.save(str(made["ranks"]), rank_arrays)
            found = Checkpoint(
                path=str(path),
                number=max((each.number for each in before), default=0) + 1,
                epoch=epoch,
                batch=batch,
                files={kind: manifest.file_entry(name) for kind, name in made.items()},
                state={"ranks": ranks, "versions": state.versions()},
            )
            manifest.write(found)
        except BaseException:
            self._unlink([name for kind, name in made.items() if kind != "symbol"])
            raise
        self._prune()
        return found

    def _path(self, epoch: int, batch: int) -> Path:
        within = f"-{batch:06d}" if batch else ""
        return self.directory / f"{self.prefix}-{epoch:04d}{within}.json"

    def _prune(self) -> None:
        newest = sorted(self._manifests(), key=lambda each: each.number, reverse=True)
        for old in newest[self.keep :]:
            self._remove(Path(old.path))

    def _remove(self, path: Path) -> None:
        """Delete a checkpoint: the manifest first, so that it is never half there."""
        if not path.exists():
            return
        path.unlink()
        stem = path.name.removesuffix(".json")
        self._unlink([path.with_name(f"{stem}.{end}") for end in ("params", "states", "ranks")])

    def _unlink(self, paths: list[Path]) -> None:
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    def _tidy(self) -> None:
        """Delete what an interrupted write has left."""
        self._unlink(list(self.directory.glob(f".{self.prefix}-*{TEMPORARY}")))

    # -- finding --------------------------------------------------------------------------------------------------

    def _manifests(self) -> list[Checkpoint]:
        """Checkpoints whose manifest can be read; a warning for each other one."""
        found = []
        pattern = re.compile(re.escape(self.prefix) + r"-\d{4,}(-\d{6,})?\.json")
        for path in sorted(self.directory.glob(f"{self.prefix}-*.json")) if self.directory.is_dir() else []:
            if pattern.fullmatch(path.name):
                try:
                    found.append(manifest.read(path))
                except DamagedError as error:
                    self._warn(path, error)
        return found

    def _warn(self, path: Path, error: DamagedError) -> None:
        warnings.warn(f"checkpoint {path} is damaged and is passed over: {error}", stacklevel=4)

    def latest(self) -> Checkpoint | None:
        """Return the newest checkpoint that is intact.

        Every file is compared with its checksum. A damaged checkpoint is passed over with a warning that names it and
        says what is wrong.

        Returns
        -------
        Checkpoint or None
            None where there is none.
        """
        for found in sorted(self._manifests(), key=lambda each: each.number, reverse=True):
            try:
                found.verify()
            except DamagedError as error:
                self._warn(Path(found.path), error)
            else:
                return found
        return None

    # -- going on -------------------------------------------------------------------------------------------------

    def restore(self, module: Any, train_data: Any = None, eval_metric: Any = None) -> tuple[int, int] | None:
        """Give a module, and an iterator, the state of the newest intact checkpoint. A collective.

        Rank 0 reads; the other ranks need not see the folder.

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
            If it was written by another number of ranks.
        ValueError
            If it belongs to another network, optimizer, iterator or metric.
        """
        world = module.world
        found = self.latest() if world.rank == 0 else None
        plan = world.broadcast_object(None if found is None else (found.epoch, found.batch, found.state))
        if plan is None:
            return None
        epoch, batch, saved = plan
        if len(saved["ranks"]) != world.size:
            raise ParatrainError(
                f"[checkpoint] the newest checkpoint in {self.directory} was written by {len(saved['ranks'])} ranks; "
                f"there are {world.size} now. Start as many as before to go on exactly"
            )
        self._restore_module(module, found)
        state.load_rank(saved["ranks"][world.rank], train_data, eval_metric if batch else None)
        return epoch, batch

    def _restore_module(self, module: Any, found: Checkpoint | None) -> None:
        """Parameters, optimizer and the arrays of each rank; `found` is None on ranks other than 0."""
        from paratrain import ndarray as nd
        from paratrain.module.packing import unpack

        states, rank_arrays = None, None
        if found is not None:
            name = str(found.file("params"))
            module.set_params(*unpack(nd.load(name), name))
            states = found.file("states").read_bytes() if "states" in found.files else None
            rank_arrays = nd.load(str(found.file("ranks"))) if "ranks" in found.files else None
        module.share_params()
        states = module.world.broadcast_object(states)
        if states is not None and module.optimizer_initialized:
            module.load_optimizer_state_bytes(states)
        module.load_rank_arrays(rank_arrays or {})


def _write_if_other(path: Path, data: bytes) -> None:
    if not (path.exists() and path.read_bytes() == data):
        write_atomic(path, data)
