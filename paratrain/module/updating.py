"""From gradients to new parameters: over contexts, over ranks, then one pass of the optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain import ndarray as nd
from paratrain.amp.loss_scaler import LossScaler
from paratrain.kvstore.alone import Alone
from paratrain.kvstore.base import KVStore
from paratrain.kvstore.buckets import ExchangeStats, GradientExchange
from paratrain.kvstore.shared import SharedArrays
from paratrain.kvstore.transport import World, for_context
from paratrain.module.executor_group import DataParallelExecutorGroup
from paratrain.optimizer import Optimizer, get_updater
from paratrain.optimizer.flat import FlatUpdater

__all__ = ["Updating"]


class Updating:
    """The update of a module's parameters.

    The sums over the contexts of the process are made in the arrays of the first context; it alone is updated, and the
    others get copies. Making one is a collective of the ranks of `kvstore`.

    Parameters
    ----------
    group : DataParallelExecutorGroup
        Bound for training.
    optimizer : Optimizer
        Knows the parameters by their position in ``group.param_names``.
    kvstore : KVStore or None
        Whose ranks take part; None for this process alone.
    """

    def __init__(self, group: DataParallelExecutorGroup, optimizer: Optimizer, kvstore: KVStore | None) -> None:
        self.group = group
        self.optimizer = optimizer
        first = group.master[0]
        self.world: World = for_context(kvstore.world if kvstore is not None else Alone(), first._ctx)
        self._first, self._rest = first, group.master[1:]
        if first.loss_scale is not None and optimizer.loss_scaler is None:
            optimizer.loss_scaler = LossScaler()
        self._trained = [(i, n) for i, n in enumerate(group.param_names) if first.grad_dict.get(n) is not None]
        laid_out = {name for name, _, _ in first.layout}
        self._others = [(i, n) for i, n in self._trained if n not in laid_out]
        compression = kvstore.compression if kvstore is not None else None
        on_host = self.world.size > 1 and first._ctx.device_type != "gpu"
        adds = "add" in {group.grad_req[n] for _, n in self._trained}
        shared = None
        if on_host and compression is None and first.flat_grads is not None and not adds:
            shared = SharedArrays.make(self.world, first.flat_grads.size)
        if shared is not None:
            group.move_grads(nd.from_numpy(shared.mine))
        self._flat: Any = first.flat_grads
        self._own: dict[str, Any] = {n: first.grad_dict[n] for _, n in self._trained}
        self._grads = dict(self._own)
        # Gradients that go on being added to stay as they are: their sum over contexts and ranks is made in copies.
        self._in_copies = adds and (self.world.size > 1 or bool(self._rest))
        if self._in_copies:
            self._make_copies()
        self.updater = self._make_updater(laid_out)
        self.exchange: GradientExchange | None = None
        if self.world.size > 1:
            shapes = {n: first.arg_dict[n].shape for _, n in self._trained}
            others = [(n, self._grads[n]) for _, n in self._others]
            self.exchange = GradientExchange(
                self.world, first.layout, self._flat, shapes, others, compression=compression, shared=shared
            )
            group.before_reading = self.finish
        self._overlaps = (
            self.exchange is not None
            and bool(self.exchange.buckets)
            and self.world.overlaps
            and not (adds or self._rest)
            and on_host
        )
        self._summed = True

    def _make_copies(self) -> None:
        self._flat = nd.zeros_like(self._flat) if self._flat is not None else None
        for name, offset, size in self._first.layout:
            self._grads[name] = self._flat[offset : offset + size].reshape(self._first.arg_dict[name].shape)
        for _, name in self._others:
            self._grads[name] = nd.zeros_like(self._own[name])

    def _make_updater(self, laid_out: set[str]) -> Any:
        if not self._others and laid_out and self.optimizer.supports_flat:
            index = {name: i for i, name in self._trained}
            shapes = {name: self._first.arg_dict[name].shape for name in laid_out}
            layout = [(index[n], n, offset, size, shapes[n]) for n, offset, size in self._first.layout]
            return FlatUpdater(self.optimizer, layout, self._first.flat_params, self._flat)
        return get_updater(self.optimizer)

    @property
    def stats(self) -> ExchangeStats:
        """Figures of the communication between ranks."""
        return self.exchange.stats if self.exchange is not None else ExchangeStats()

    def backward_begins(self, executors: Sequence[Any]) -> None:
        """Take notice that the executors, with their inputs loaded, are about to compute new gradients."""
        self._summed = False
        if self.optimizer.loss_scaler is not None:
            for executor in executors:
                if executor.loss_scale is not None:
                    executor.loss_scale[:] = self.optimizer.loss_scaler.loss_scale
        if self._overlaps and self.exchange is not None:
            self.exchange.begin(executors[0])

    def backward_failed(self, executor: Any) -> None:
        """Take notice that it raised."""
        if self.exchange is not None:
            self.exchange.abandon(executor)

    def finish(self) -> None:
        """Return when the sums that were begun are complete."""
        if self.exchange is not None and self.exchange.pending:
            self.exchange.finish()
            self._summed = True

    def sum_gradients(self) -> None:
        """Add the gradients of the last backward up over contexts and ranks, if that was not done."""
        self.finish()
        if self._summed:
            return
        if self._in_copies:
            self._refresh_copies()
        for other in self._rest:
            self._add_context(other)
        if self.exchange is not None:
            self.exchange.finish()
        self._summed = True

    def _refresh_copies(self) -> None:
        if self._flat is not None:
            flat: Any = self._first.flat_grads
            flat.copyto(self._flat)
        for _, name in self._others:
            self._own[name].copyto(self._grads[name])

    def _add_context(self, other: Any) -> None:
        if self._flat is not None:
            nd.elemwise_add(self._flat, other.flat_grads.as_in_context(self._flat.context), out=self._flat)
        for _, name in self._others:
            total = self._grads[name]
            nd.elemwise_add(total, other.grad_dict[name].as_in_context(total.context), out=total)

    def step(self) -> None:
        """Sum the gradients and update the parameters of all contexts. A collective of the ranks.

        Where losses are scaled, gradients that overflow leave the parameters as they are.
        """
        self.sum_gradients()
        scaler = self.optimizer.loss_scaler
        if scaler is None or self._first.loss_scale is None:
            self._update()
            return
        scale = scaler.loss_scale
        overflow = scaler.has_overflow(self._all_gradients())  # alike on all ranks, as the sums are
        if not overflow:
            rescale = self.optimizer.rescale_grad
            self.optimizer.rescale_grad = rescale / scale
            try:
                self._update()
            finally:
                self.optimizer.rescale_grad = rescale
        scaler.update(overflow)

    def _all_gradients(self) -> list[Any]:
        flat = [] if self._flat is None else [self._flat]
        return flat + [self._grads[name] for _, name in self._others]

    def _update(self) -> None:
        if isinstance(self.updater, FlatUpdater):
            self.updater.step()
        elif self._trained:
            names = [name for _, name in self._trained]
            weights = [self._first.arg_dict[name] for name in names]
            self.updater([i for i, _ in self._trained], [self._grads[name] for name in names], weights)
        for other in self._rest:
            self._copy_to(other)

    def _copy_to(self, other: Any) -> None:
        if self._first.flat_params is not None:
            self._first.flat_params.copyto(other.flat_params)
        for _, name in self._others:
            self._first.arg_dict[name].copyto(other.arg_dict[name])
