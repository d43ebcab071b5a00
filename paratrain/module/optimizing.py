"""The part of `Module` that chooses the optimizer, updates, and keeps the optimizer's states."""

from __future__ import annotations

import warnings
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
            Arguments of the optimizer if it is given by name. ``rescale_grad`` is 1 / (rows of a batch, on all ranks).
        force_init : bool, default False
            Begin anew if there is an optimizer.
        """
        self._need("init_optimizer")
        if self.optimizer_initialized and not force_init:
            self.logger.warning("optimizer already initialized, ignoring...")
            return
        group = self._bound("init_optimizer")
        self._kvstore = kvs.create(kvstore) if isinstance(kvstore, str) else kvstore
        if self._kvstore is not None and self._compression_params:
            self._kvstore.set_gradient_compression(self._compression_params)
        self._optimizer = self._make_optimizer(group, optimizer, dict(optimizer_params))
        if self._kvstore is not None and self._kvstore.world.size > 1:
            check_settings(self._kvstore.world, _settings(group, self._optimizer))
        self._updating = Updating(group, self._optimizer, self._kvstore)
        self.optimizer_initialized = True
        if self.world.size > 1 or len(group.master) > 1:  # alone there is nobody to agree with, and copies cost memory
            self.share_params()
        if self._waiting_states is not None:
            self.load_optimizer_states(self._waiting_states)
            self._waiting_states = None

    def _make_optimizer(self, group: DataParallelExecutorGroup, optimizer: Any, params: dict[str, Any]) -> Any:
        rows = group.batch_size * self.world.size
        names = dict(enumerate(self._param_names))
        if isinstance(optimizer, str):
            params.setdefault("rescale_grad", 1.0 / rows)
            return opt.create(optimizer, sym=self._symbol, param_idx2name=names, **params)
        if not isinstance(optimizer, opt.Optimizer):
            raise TypeError(f"[Module.init_optimizer] optimizer must be text or an Optimizer; got {optimizer!r}")
        if optimizer.rescale_grad != 1.0 / rows:
            warnings.warn(
                f"[Module.init_optimizer] the optimizer's rescale_grad is {optimizer.rescale_grad}, not 1 / {rows}, "
                "the rows of a batch on all ranks; is that meant?",
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

    def borrow_optimizer(self, shared_module: Optimizing) -> None:
        """Update with the optimizer of a module whose parameters are shared."""
        shared_module._need("borrow_optimizer", optimizer=True)
        self._optimizer, self._kvstore = shared_module._optimizer, shared_module._kvstore
        self._updating = shared_module._updating
        self.optimizer_initialized = True

    # -- states ---------------------------------------------------------------------------------------------------

    def save_optimizer_states(self, fname: str) -> None:
        """Write the states of the optimizer."""
        self._need("save_optimizer_states", optimizer=True)
        write_atomic(fname, self._updater().get_states())

    def load_optimizer_states(self, fname: str) -> None:
        """Read what `save_optimizer_states` wrote."""
        self._need("load_optimizer_states", optimizer=True)
        with open(fname, "rb") as file:
            self._updater().set_states(file.read())

    def _updater(self) -> Any:
        if self._updating is None:
            raise ParatrainError("[Module] call init_optimizer() first")
        return self._updating.updater

    def optimizer_states(self) -> bytes:
        """Return the optimizer's states, counters, rates and schedule as bytes."""
        return self._updater().get_states(dump_optimizer=True)

    def load_optimizer_state_bytes(self, states: bytes) -> None:
        """Take over what `optimizer_states` returned."""
        self._updater().set_states(states)


def _settings(group: DataParallelExecutorGroup, optimizer: Any) -> dict[str, Any]:
    """What decides on an update, besides gradients: it must be alike on all ranks."""
    own = {name: value for name, value in vars(optimizer).items() if isinstance(value, int | float | str)}
    return {"paratrain": __version__, "rows of a batch": group.batch_size, "optimizer": type(optimizer).__name__, **own}
