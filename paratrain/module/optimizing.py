"""The part of `Module` that chooses the optimizer, updates, and keeps the optimizer's states."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from paratrain import kvstore as kvs
from paratrain import optimizer as opt
from paratrain._version import __version__
from paratrain.base import ParatrainError
from paratrain.checkpoint.files import write_atomic
from paratrain.ext import engine
from paratrain.kvstore.buckets import ExchangeStats
from paratrain.kvstore.compare import check_settings
from paratrain.kvstore.transport import World
from paratrain.module.accumulation import Accumulation
from paratrain.module.executor_group import DataParallelExecutorGroup
from paratrain.module.parameters import Parameters
from paratrain.module.updating import Updating

__all__ = ["Optimizing"]


class Optimizing(Parameters):
    """How parameters are updated."""

    _param_names: list[str]
    _compression_params: dict[str, Any] | None
    _kvstore: Any
    _optimizer: Any
    _updating: Updating | None
    _waiting_states: str | None  # a file of states that comes before there is an optimizer

    @property
    def world(self) -> World:
        """Ranks that train this module together; this process alone before `init_optimizer`."""
        return self._kvstore.world if self._kvstore is not None else super().world

    @property
    def communication(self) -> ExchangeStats:
        """Figures of the sums over ranks: bytes, seconds, and the share hidden behind backward."""
        return self._updating.stats if self._updating is not None else ExchangeStats()

    def init_optimizer(  # type: ignore[override]
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
        shard_optimizer: bool = False,
        clip_global_norm: float | None = None,
        accumulate: int = 1,
    ) -> None:
        """Choose how parameters are updated.

        With a store over several ranks this is a collective: the ranks compare their networks and take over the
        parameters of rank 0.

        Parameters
        ----------
        kvstore : KVStore, str or None, default 'local'
            Who takes part: ``'local'``, ``'device'`` or None for this process, ``'dist_sync'`` for all ranks.
        optimizer : str or Optimizer, default 'sgd'
        optimizer_params : dict or list of pairs
            Arguments of the optimizer if it is given by name. ``rescale_grad`` is 1 / (rows of an update: of a batch,
            on all ranks, times `accumulate`).
        force_init : bool, default False
            Begin anew if there is an optimizer.
        shard_optimizer : bool, default False
            Of the optimizer's states each rank keeps its part only, and updates its part of the parameters (ZeRO
            stage 1). Between `backward` and `update` the gradient arrays then hold sums in that part only, and saving
            the states becomes a collective. SGD and Adam with float32 parameters on CPUs.
        clip_global_norm : float, optional
            Before an update, scale the rescaled gradients of all parameters together down to this Euclidean norm where
            theirs is larger; see `gradient_norm`.
        accumulate : int, default 1
            Update by the gradients of so many batches: `update` does so at every so manieth call.

        Raises
        ------
        NotImplementedError
            For `shard_optimizer` with what it cannot be used with, or `accumulate` with ``grad_req='add'``.
        ValueError
            For an argument out of range.
        """
        self._need("init_optimizer")
        if self.optimizer_initialized and not force_init:
            self.logger.warning("optimizer already initialized, ignoring...")
            return
        group = self._bound("init_optimizer")
        self._kvstore = kvs.create(kvstore) if isinstance(kvstore, str) else kvstore
        if self._kvstore is not None and self._compression_params:
            self._kvstore.set_gradient_compression(self._compression_params)
        accumulation = Accumulation(accumulate)
        self._optimizer = self._make_optimizer(group, optimizer, dict(optimizer_params), accumulate)
        if self._kvstore is not None and self._kvstore.world.size > 1:
            check_settings(self._kvstore.world, _settings(group, self._optimizer))
        self._updating = Updating(
            group, self._optimizer, self._kvstore, shard_optimizer, clip_global_norm, accumulation
        )
        self.optimizer_initialized = True
        if self.world.size > 1 or len(group.master) > 1:  # alone there is nobody to agree with, and copies cost memory
            self.share_params()
        if self._waiting_states is not None:
            self.load_optimizer_states(self._waiting_states)
            self._waiting_states = None

    def _make_optimizer(
        self, group: DataParallelExecutorGroup, optimizer: Any, params: dict[str, Any], batches: int
    ) -> Any:
        rows = group.batch_size * self.world.size * batches
        names = dict(enumerate(self._param_names))
        if isinstance(optimizer, str):
            params.setdefault("rescale_grad", 1.0 / rows)
            return opt.create(optimizer, sym=self._symbol, param_idx2name=names, **params)
        if not isinstance(optimizer, opt.Optimizer):
            raise TypeError(f"[Module.init_optimizer] optimizer must be text or an Optimizer; got {optimizer!r}")
        if optimizer.rescale_grad != 1.0 / rows:
            warnings.warn(
                f"[Module.init_optimizer] the optimizer's rescale_grad is {optimizer.rescale_grad}, not 1 / {rows}, "
                "the rows of an update on all ranks; is that meant?",
                stacklevel=3,
            )
        if not optimizer.idx2name:
            optimizer.idx2name = names
        return optimizer

    def update(self) -> None:
        """Update the parameters by the last gradients. With several ranks a collective."""
        self._need("update", optimizer=True)
        if self._updating is not None:
            with engine.region("api", "Module.update"):
                self._updating.step()

    def update_without_batch(self) -> None:
        """Take part in an update for which this rank has no batch left; the gradients of the others count.

        A collective: every other rank calls `forward_backward` and `update`, or this too.
        """
        self._need("update_without_batch", optimizer=True)
        if self._updating is not None:
            self._updating.idle()

    def flush_gradients(self) -> None:
        """Update by the gradients that `accumulate` has kept since the last update, if there are any. A collective."""
        self._need("flush_gradients", optimizer=True)
        if self._updating is not None:
            self._updating.flush()

    @property
    def gradient_norm(self) -> float | None:
        """Norm of all rescaled gradients at the last update, before clipping; None without `clip_global_norm`."""
        return self._updating.gradient_norm if self._updating is not None else None

    @property
    def shards_optimizer(self) -> bool:
        """Whether each rank keeps a part of the optimizer's states, so that reading them all is a collective."""
        return self._updating is not None and self._updating.sharded

    def inspect_gradients(self, look: Callable[[list[Any]], None]) -> None:
        """Let ``look(sums)`` see the gradients, summed over the ranks, before each update.

        It is not called where losses are scaled, since gradients then overflow now and then by intention.
        """
        self._need("inspect_gradients", optimizer=True)
        updating = self._updating
        if updating is not None:
            updating.inspect = lambda: look(updating.sums())

    @property
    def inspects_gradients(self) -> bool:
        """Whether the next `update` shows the gradients to `inspect_gradients`."""
        return self._updating is not None and self._updating.inspects

    def borrow_optimizer(self, shared_module: Optimizing) -> None:
        """Update with the optimizer of a module whose parameters are shared."""
        shared_module._need("borrow_optimizer", optimizer=True)
        self._optimizer, self._kvstore = shared_module._optimizer, shared_module._kvstore
        self._updating = shared_module._updating
        self.optimizer_initialized = True

    # -- states ---------------------------------------------------------------------------------------------------

    def save_optimizer_states(self, fname: str) -> None:
        """Write the states of the optimizer. With `shard_optimizer` a collective, of which rank 0 writes the file."""
        self._need("save_optimizer_states", optimizer=True)
        states = self._updater().get_states()
        if not self.shards_optimizer or self.world.rank == 0:
            write_atomic(fname, states)

    def load_optimizer_states(self, fname: str) -> None:
        """Read what `save_optimizer_states` wrote."""
        self._need("load_optimizer_states", optimizer=True)
        with open(fname, "rb") as file:
            self._updater().set_states(file.read())

    def _updater(self) -> Any:
        if self._updating is None:
            raise ParatrainError("[Module] call init_optimizer() first")
        return self._updating.updater

    def optimizer_snapshot(self) -> tuple[dict[Any, Any], dict[str, Any]] | None:
        """Return copies of the optimizer's states, and its counters, rates and schedule. A collective.

        Returns
        -------
        tuple or None
            For `paratrain.optimizer.states.write`; None on ranks other than 0.
        """
        if self.world.rank != 0 and not self.shards_optimizer:
            return None
        made = self._updater().snapshot(dump_optimizer=True)  # with shards a collective
        return made if self.world.rank == 0 else None

    def load_optimizer_state_bytes(self, states: bytes, keep_rescale: bool = False) -> None:
        """Take over what `optimizer_snapshot` returned, written by `paratrain.optimizer.states.dumps`.

        Parameters
        ----------
        states : bytes
        keep_rescale : bool, default False
            Leave ``rescale_grad`` as it is: where the rows of all ranks' batch are others now.
        """
        rescale = self._optimizer.rescale_grad
        self._updater().set_states(states)
        if keep_rescale:
            self._optimizer.rescale_grad = rescale


def _settings(group: DataParallelExecutorGroup, optimizer: Any) -> dict[str, Any]:
    """What decides on an update, besides gradients: it must be alike on all ranks."""
    own = {name: value for name, value in vars(optimizer).items() if isinstance(value, int | float | str)}
    return {"paratrain": __version__, "rows of a batch": group.batch_size, "optimizer": type(optimizer).__name__, **own}
