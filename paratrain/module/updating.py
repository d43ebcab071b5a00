"""From gradients to new parameters: over contexts, over ranks, then one pass of the optimizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain.amp.loss_scaler import LossScaler
from paratrain.kvstore.alone import Alone
from paratrain.kvstore.base import KVStore
from paratrain.kvstore.buckets import ExchangeStats, GradientExchange
from paratrain.kvstore.shared import SharedArrays
from paratrain.kvstore.transport import World, for_context
from paratrain.module.accumulation import Accumulation
from paratrain.module.executor_group import DataParallelExecutorGroup
from paratrain.module.norms import clipping_factor, global_norm
from paratrain.optimizer import Optimizer, get_updater
from paratrain.optimizer.flat import FlatUpdater, Shard

__all__ = ["Updating"]

#: Name of the flat gradients among those that are kept; no parameter can have it.
_FLAT = ""
#: Elements of a cache line: no two ranks update elements of one.
_LINE = 16


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
    shard_optimizer : bool, default False
        Each rank keeps and updates its part of the optimizer's states only.
    clip_global_norm : float, optional
        Largest norm of all rescaled gradients together; larger ones are scaled down.
    accumulation : Accumulation, optional
        Keeps the gradients of several batches for one update; by default each batch makes one.

    Attributes
    ----------
    gradient_norm : float or None
        Of the last update, before clipping; only with `clip_global_norm`.

    Raises
    ------
    NotImplementedError
        For combinations that there are not; the message says which.
    ValueError
        For an argument out of range.
    """

    def __init__(
        self,
        group: DataParallelExecutorGroup,
        optimizer: Optimizer,
        kvstore: KVStore | None,
        shard_optimizer: bool = False,
        clip_global_norm: float | None = None,
        accumulation: Accumulation | None = None,
    ) -> None:
        if clip_global_norm is not None and not 0 < clip_global_norm < float("inf"):
            raise ValueError(
                f"[Module.init_optimizer] clip_global_norm must be above 0, or None; got {clip_global_norm}"
            )
        self.group = group
        self.optimizer = optimizer
        self.accumulation = accumulation or Accumulation(1)
        self.clip_norm = clip_global_norm
        self.gradient_norm: float | None = None
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
        if adds and self.accumulation.batches > 1:
            raise NotImplementedError(
                "[Module.init_optimizer] accumulate needs bind(grad_req='write'): it adds up itself"
            )
        self._shards = self._divide(compression) if shard_optimizer else None
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
        self.inspect: Callable[[], None] = lambda: None  # called before an update by `sums`
        self.updater = self._make_updater(laid_out)
        self.exchange: GradientExchange | None = None
        if self.world.size > 1:
            shapes = {n: first.arg_dict[n].shape for _, n in self._trained}
            others = [(n, self._grads[n]) for _, n in self._others]
            self.exchange = GradientExchange(
                self.world, first.layout, self._flat, shapes, others,
                compression=compression, shared=shared, shards=self._shards,
            )  # fmt: skip
            self.exchange.before_sum = lambda start, stop: self.accumulation.add_slice(_FLAT, self._flat, start, stop)
            group.before_reading = self.finish
        self._overlaps = (
            self.exchange is not None
            and bool(self.exchange.buckets)
            and self.world.overlaps
            and not (adds or self._rest)
            and on_host
        )
        self._summed = True
        self._idle = False

    def _divide(self, compression: Any) -> list[int] | None:
        """Bounds of the flat elements that each rank updates."""
        reason = ""
        if self._first._ctx.device_type == "gpu":
            reason = "contexts of CPUs"
        elif self._others or not self._first.layout:
            reason = "float32 parameters only"
        elif not self.optimizer.supports_flat:
            reason = f"an optimizer that updates a flat buffer (sgd, adam); this is {type(self.optimizer).__name__}"
        elif compression is not None:
            reason = "gradients that are not compressed"
        if reason:
            raise NotImplementedError(f"[Module.init_optimizer] shard_optimizer=True needs {reason}")
        if self.world.size == 1:
            return None
        size = self._first.flat_grads.size  # type: ignore[union-attr]
        lines = -(-size // _LINE)
        return [min(lines * rank // self.world.size * _LINE, size) for rank in range(self.world.size)] + [size]

    def _gather(self, part: np.ndarray) -> np.ndarray:
        """The whole of a state of which each rank has its part."""
        shards = self._shards or [0, part.size]
        whole = np.empty(shards[-1], part.dtype)
        whole[shards[self.world.rank] : shards[self.world.rank + 1]] = part
        self.world.share(whole, shards, "the optimizer's states")
        return whole

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
            shard = None
            if self._shards is not None:
                start, stop = self._shards[self.world.rank : self.world.rank + 2]
                shard = Shard(start, stop, self._gather)
            return FlatUpdater(self.optimizer, layout, self._first.flat_params, self._flat, shard)
        return get_updater(self.optimizer)

    @property
    def sharded(self) -> bool:
        """Whether each rank keeps a part of the optimizer's states."""
        return self._shards is not None

    @property
    def stats(self) -> ExchangeStats:
        """Figures of the communication between ranks."""
        return self.exchange.stats if self.exchange is not None else ExchangeStats()

    @property
    def inspects(self) -> bool:
        """Whether the next `step` calls `inspect`."""
        scales = self.optimizer.loss_scaler is not None and self._first.loss_scale is not None
        return self.accumulation.is_last and not scales

    def sums(self) -> list[Any]:
        """Gradients that this rank is about to update by, after their sum over the ranks."""
        return [*self._mine(), *self._apart().values()]

    def backward_begins(self, executors: Sequence[Any]) -> None:
        """Take notice that the executors, with their inputs loaded, are about to compute new gradients."""
        self._summed = False
        if self.optimizer.loss_scaler is not None:
            for executor in executors:
                if executor.loss_scale is not None:
                    executor.loss_scale[:] = self.optimizer.loss_scaler.loss_scale
        if self._overlaps and self.exchange is not None and self.accumulation.is_last:
            self.exchange.begin(executors[0])

    def backward_failed(self, executor: Any) -> None:
        """Take notice that it raised."""
        if self.exchange is not None:
            self.exchange.abandon(executor)

    def finish(self) -> None:
        """Return when the sums that were begun are complete."""
        if self.exchange is not None and self.exchange.pending:
            self._sum_ranks(self.exchange)

    def sum_gradients(self) -> None:
        """Add the gradients of the last backward up over contexts and ranks, if that was not done."""
        self.finish()
        if self._summed:
            return
        if not self._idle:
            self._sum_contexts()
        if self.exchange is not None:
            self._sum_ranks(self.exchange)
        else:
            self.accumulation.add_to(self._gradients())
        self._summed = True

    def _sum_ranks(self, exchange: GradientExchange) -> None:
        self.accumulation.add_to(self._apart())  # to those in the flat buffer, the exchange adds bucket by bucket
        exchange.finish()
        self._summed = True

    def _sum_contexts(self) -> None:
        if self._in_copies:
            self._refresh_copies()
        for other in self._rest:
            self._add_context(other)

    def _gradients(self) -> dict[str, Any]:
        """What is summed, the flat buffer under a name of its own."""
        return self._apart() if self._flat is None else {_FLAT: self._flat, **self._apart()}

    def _apart(self) -> dict[str, Any]:
        """Gradients outside of the flat buffer."""
        return {name: self._grads[name] for _, name in self._others}

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

        Where losses are scaled, gradients that overflow leave the parameters as they are. With `accumulate`, only the
        last of so many calls does all this; the others keep the gradients.
        """
        if self.accumulation.is_last:
            self._complete()
        else:
            self._sum_contexts()
            self.accumulation.keep(self._gradients())
            self._summed = True

    def idle(self) -> None:
        """Take part in a step without a batch of one's own: the others' gradients count. A collective."""
        if not self.accumulation.is_last:
            self.accumulation.keep_nothing()
            return
        self.finish()
        for array in self._gradients().values():
            array[:] = 0
        self._summed, self._idle = False, True
        try:
            if self._overlaps and self.exchange is not None:
                self.exchange.begin_idle()
            self._complete()
        finally:
            self._idle = False

    def flush(self) -> None:
        """Update by the gradients that are kept, such as at the end of an epoch. A collective."""
        if self.accumulation.kept:
            with self.accumulation.cut_short():
                self.idle()

    def _complete(self) -> None:
        self.sum_gradients()
        self.accumulation.clear()
        scaler = self.optimizer.loss_scaler
        if scaler is None or self._first.loss_scale is None:
            self.inspect()
            self._update_by(1.0)
            return
        scale = scaler.loss_scale
        overflow = self._overflows(scaler)
        if not overflow:
            self._update_by(1.0 / scale)
        scaler.update(overflow)

    def _overflows(self, scaler: LossScaler) -> bool:
        found = scaler.has_overflow(self.sums())
        if self._shards is None:
            return found  # alike on all ranks, as the sums are
        return any(self.world.allgather_object(found))

    def _mine(self) -> list[Any]:
        """The flat gradients as far as this rank has the sums."""
        if self._flat is None:
            return []
        if self._shards is None:
            return [self._flat]
        return [self._flat[self._shards[self.world.rank] : self._shards[self.world.rank + 1]]]

    def _update_by(self, factor: float) -> None:
        """Update by the sums times a factor."""
        rescale = self.optimizer.rescale_grad
        factor *= rescale
        if self.clip_norm is not None:
            self.gradient_norm = abs(factor) * self._norm()
            factor *= clipping_factor(self.gradient_norm, self.clip_norm)
        self.optimizer.rescale_grad = factor
        try:
            self._update()
        finally:
            self.optimizer.rescale_grad = rescale

    def _norm(self) -> float:
        same = list(self._apart().values())
        if self._shards is None and self._flat is not None:
            if self._flat.context.device_type == "gpu":
                return global_norm(self.world, [], [*same, self._flat])
            place, count = self.world.rank, self.world.size  # each rank looks at its part of what all have
            part = self._flat[self._flat.size * place // count : self._flat.size * (place + 1) // count]
            return global_norm(self.world, [part], same)
        return global_norm(self.world, self._mine(), same)

    def _update(self) -> None:
        if isinstance(self.updater, FlatUpdater):
            self.updater.step()
            if self._shards is not None:
                params: Any = self._first.flat_params
                self.world.share(params.to_numpy_view(), self._shards, "the parameters")
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
