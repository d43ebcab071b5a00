"""The training loop."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from paratrain import initializer as init
from paratrain import metric, restart
from paratrain.model import BatchEndParam
from paratrain.module.base_module import call_all
from paratrain.module.batches import Batches
from paratrain.module.nan_check import NanCheck
from paratrain.module.record import Recorder
from paratrain.module.speed import summary
from paratrain.preemption import Agreement

__all__ = ["fit"]


def fit(
    module: Any,
    train_data: Any,
    eval_data: Any = None,
    eval_metric: Any = "acc",
    epoch_end_callback: Any = None,
    batch_end_callback: Any = None,
    kvstore: Any = "local",
    optimizer: Any = "sgd",
    optimizer_params: Any = (("learning_rate", 0.01),),
    eval_end_callback: Any = None,
    eval_batch_end_callback: Any = None,
    initializer: Any = None,
    arg_params: Any = None,
    aux_params: Any = None,
    allow_missing: bool = False,
    force_rebind: bool = False,
    force_init: bool = False,
    begin_epoch: int = 0,
    num_epoch: int | None = None,
    validation_metric: Any = None,
    monitor: Any = None,
    sparse_row_id_fn: Any = None,
    checkpoint: Any = None,
    resume: bool = False,
    shard_optimizer: bool = False,
    clip_global_norm: float | None = None,
    accumulate: int = 1,
    drop_padding: bool = False,
    nan_check: bool = False,
) -> None:
    """Train a module; see `Module.fit`."""
    if num_epoch is None:
        raise ValueError("[Module.fit] num_epoch is required: the epoch to end before")
    if resume and checkpoint is None:
        raise ValueError("[Module.fit] resume=True needs checkpoint=CheckpointManager(folder) to resume from")
    if sparse_row_id_fn is not None:
        raise NotImplementedError("[Module.fit] sparse_row_id_fn: there are no sparse arrays; leave it out")
    module.bind(train_data.provide_data, train_data.provide_label, for_training=True, force_rebind=force_rebind)
    if monitor is not None:
        module.install_monitor(monitor)
    module.init_params(
        init.Uniform(0.01) if initializer is None else initializer,
        arg_params=arg_params,
        aux_params=aux_params,
        allow_missing=allow_missing,
        force_init=force_init,
    )
    module.init_optimizer(
        kvstore=kvstore,
        optimizer=optimizer,
        optimizer_params=optimizer_params,
        shard_optimizer=shard_optimizer,
        clip_global_norm=clip_global_norm,
        accumulate=accumulate,
    )
    every = getattr(checkpoint, "every_n_batches", None)
    if every is not None and every % accumulate:
        raise ValueError(
            f"[Module.fit] every_n_batches={every} of the checkpoints must be a multiple of accumulate={accumulate}: "
            "gradients that wait for an update are not in a checkpoint"
        )
    training_metric = metric.create(eval_metric)
    loop = _Loop(module, train_data, training_metric, batch_end_callback, monitor, checkpoint, drop_padding, nan_check)
    validation_metric = loop.metric if validation_metric is None else validation_metric
    epoch, batch = restart.go_on(checkpoint, module, train_data, loop.metric, resume, begin_epoch)
    try:
        for number in range(epoch, num_epoch):
            figures = loop.run(number, batch)
            batch = 0
            args, aux = module.share_params(mean=True)
            call_all(epoch_end_callback, number, module.symbol, args, aux)
            if eval_data is not None:
                figures = module.score(
                    eval_data,
                    validation_metric,
                    score_end_callback=eval_end_callback,
                    batch_end_callback=eval_batch_end_callback,
                    epoch=number,
                )
                loop.log(number, "Validation-", figures)
            if loop.record is not None:
                loop.record.epoch(number, figures)
            train_data.reset()
            if checkpoint is not None:
                checkpoint.after_epoch(module, number, train_data, dict(figures))
            if loop.agreement is not None:
                loop.agreement.after_epoch(module, number, train_data)
    except BaseException:
        if checkpoint is not None:
            checkpoint.settle()
        raise
    if checkpoint is not None:
        checkpoint.finish(module)


class _Loop:
    """Runs one epoch."""

    def __init__(
        self,
        module: Any,
        train_data: Any,
        eval_metric: Any,
        batch_end_callback: Any,
        monitor: Any,
        checkpoint: Any,
        drop_padding: bool,
        nan_check: bool,
    ) -> None:
        self.module = module
        self.train_data = train_data
        self.metric = eval_metric
        self.batch_end_callback = batch_end_callback
        self.monitor = monitor
        self.checkpoint = checkpoint
        self.drop_padding = drop_padding
        self.nan_check = NanCheck(module) if nan_check else None
        if self.nan_check is not None:
            module.inspect_gradients(self.nan_check.gradients)
        self.record = Recorder.wanted(module, eval_metric)
        self.agreement = Agreement(module.world, checkpoint) if checkpoint is not None else None

    def run(self, epoch: int, batch: int) -> list[tuple[str, float]]:
        """Train on the batches of an epoch from number `batch` on; returns the figures of the metric."""
        began = time.perf_counter()
        if batch == 0:
            self.metric.reset()
        module, waits = self.module, []
        batches = Batches(module.world, self.train_data, self.drop_padding)
        for nbatch, data_batch in enumerate(batches, start=batch):
            before = module.communication.waited
            self.step(epoch, nbatch, data_batch)
            waits.append(module.communication.waited - before)
        module.flush_gradients()
        seconds = time.perf_counter() - began
        self.metric.reduce(module.world)
        figures = self.metric.get_global_name_value()
        self.log(epoch, "Train-", figures)
        speed = summary(
            module.world, batches.samples, seconds, batches.data_seconds, np.array(waits), batches.slowest_seconds
        )
        if module.world.rank == 0:
            module.logger.info("Epoch[%d] Time cost=%.3f", epoch, seconds)
            module.logger.info("Epoch[%d] %s", epoch, speed)
        return figures

    def step(self, epoch: int, nbatch: int, data_batch: Any) -> None:
        """Train on one batch; None where only other ranks have one."""
        module, monitor = self.module, self.monitor
        if monitor is not None:
            monitor.tic()
        if self.nan_check is not None:
            self.nan_check.begin(epoch, nbatch, data_batch)
        if data_batch is None:
            module.update_without_batch()
        else:
            module.forward_backward(data_batch)
            if self.nan_check is not None:
                self.nan_check.outputs()
            module.update()
            module.update_metric(self.metric, data_batch.label or [])
        if monitor is not None:
            monitor.toc_print()
        if self.record is not None:
            self.record.step(epoch, nbatch, data_batch)
        # callbacks of MXNet's scripts find the module under "self"
        call_all(self.batch_end_callback, BatchEndParam(epoch, nbatch, self.metric, {**locals(), "self": module}))
        if self.checkpoint is not None:
            self.checkpoint.after_batch(module, epoch, nbatch, self.train_data, self.metric)
        if self.agreement is not None:
            self.agreement.after_batch(module, epoch, nbatch, self.train_data, self.metric)

    def log(self, epoch: int, kind: str, figures: list[tuple[str, float]]) -> None:
        """Log metric figures, on rank 0."""
        if self.module.world.rank == 0:
            for name, value in figures:
                self.module.logger.info("Epoch[%d] %s%s=%f", epoch, kind, name, value)
