"""`BucketingModule`: one network for each length (or other key), all with the same parameters."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from paratrain.base import ParatrainError
from paratrain.kvstore.buckets import ExchangeStats
from paratrain.kvstore.transport import World
from paratrain.model import load_checkpoint
from paratrain.module.base_module import BaseModule
from paratrain.module.module import Module

__all__ = ["BucketingModule"]


class BucketingModule(BaseModule):
    """Networks made by a function of a key, which share parameters, gradients and the optimizer.

    A batch says by its `bucket_key` which one it is for; the network is made when its first batch comes.

    Parameters
    ----------
    sym_gen : callable
        From a key to (symbol, data_names, label_names).
    default_bucket_key : hashable
        The key of the network that `bind` makes; usually the largest.
    logger, context, work_load_list, fixed_param_names, state_names, group2ctxs, compression_params, memory_budget
        As for `Module`.

    Raises
    ------
    ValueError
        Without `default_bucket_key`.

    Examples
    --------
    >>> import paratrain as mx
    >>> def network(length):
    ...     mean = mx.sym.mean(mx.sym.Variable("data"), axis=1, keepdims=True)
    ...     out = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mean, num_hidden=2, name="fc"), name="softmax")
    ...     return out, ["data"], ["softmax_label"]
    >>> module = mx.mod.BucketingModule(network, default_bucket_key=8)
    >>> module.bind([("data", (2, 8))], [("softmax_label", (2,))])
    >>> module.init_params()
    >>> batch = mx.io.DataBatch([mx.nd.ones((2, 5))], [mx.nd.zeros((2,))], bucket_key=5)
    >>> module.forward(batch)
    >>> module.get_outputs()[0].shape
    (2, 2)
    """

    def __init__(
        self,
        sym_gen: Callable[[Any], tuple[Any, Sequence[str], Sequence[str] | None]],
        default_bucket_key: Any = None,
        logger: Any = logging,
        context: Any = None,
        work_load_list: Sequence[float] | None = None,
        fixed_param_names: Sequence[str] | None = None,
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
        compression_params: dict[str, Any] | None = None,
        memory_budget: int | str | None = None,
    ) -> None:
        super().__init__(logger)
        if default_bucket_key is None:
            raise ValueError("[BucketingModule] default_bucket_key is required: the key of the network to begin with")
        self._sym_gen = sym_gen
        self._default_key = default_bucket_key
        self._arguments = {
            "logger": logger,
            "context": context,
            "work_load_list": work_load_list,
            "fixed_param_names": fixed_param_names,
            "state_names": state_names,
            "group2ctxs": group2ctxs,
            "compression_params": compression_params,
            "memory_budget": memory_budget,
        }
        self._default = self._make(default_bucket_key)
        self._buckets: dict[Any, Module] = {}
        self._current = self._default
        self._current_key = default_bucket_key
        self._grad_req: Any = "write"

    def _make(self, key: Any) -> Module:
        symbol, data_names, label_names = self._sym_gen(key)
        return Module(symbol, data_names, label_names, **self._arguments)

    # -- what it is -----------------------------------------------------------------------------------------------

    @property
    def symbol(self) -> Any:
        """The network of the last batch."""
        return self._current.symbol

    @property
    def checkpoint_symbol(self) -> Any:
        """The network of the default key."""
        return self._default.symbol

    @property
    def data_names(self) -> list[str]:
        """Names of the data inputs of the last batch's network."""
        return self._current.data_names

    @property
    def output_names(self) -> list[str]:
        """Names of its outputs."""
        return self._current.output_names

    @property
    def data_shapes(self) -> Any:
        """Descriptions of its data inputs."""
        return self._current.data_shapes

    @property
    def label_shapes(self) -> Any:
        """Descriptions of its labels."""
        return self._current.label_shapes

    @property
    def output_shapes(self) -> Any:
        """Name and shape of each of its outputs."""
        return self._current.output_shapes

    @property
    def world(self) -> World:
        """Ranks that train together."""
        return self._default.world

    @property
    def communication(self) -> ExchangeStats:
        """Figures of the sums over ranks."""
        return self._default.communication

    # -- networks -------------------------------------------------------------------------------------------------

    def bind(  # type: ignore[override]
        self,
        data_shapes: Sequence[Any],
        label_shapes: Sequence[Any] | None = None,
        for_training: bool = True,
        inputs_need_grad: bool = False,
        force_rebind: bool = False,
        shared_module: Any = None,
        grad_req: Any = "write",
    ) -> None:
        """Make the network of the default key; see `Module.bind`.

        Raises
        ------
        NotImplementedError
            For `shared_module`.
        """
        if shared_module is not None:
            raise NotImplementedError("[BucketingModule.bind] shared_module: its networks share with each other only")
        if self.binded and not force_rebind:
            self.logger.warning("Already bound, ignoring bind()")
            return
        self.for_training, self.inputs_need_grad, self._grad_req = for_training, inputs_need_grad, grad_req
        self._default.bind(data_shapes, label_shapes, for_training, inputs_need_grad, force_rebind, None, grad_req)
        self._buckets = {self._default_key: self._default}
        self._current, self._current_key = self._default, self._default_key
        self.binded, self.optimizer_initialized = True, False
        self.params_initialized = self._default.params_initialized

    def switch_bucket(self, bucket_key: Any, data_shapes: Any, label_shapes: Any = None) -> None:
        """Go on with the network of a key; made at its first use.

        Parameters
        ----------
        bucket_key : hashable
        data_shapes, label_shapes : list of DataDesc
            Of its batches.

        Raises
        ------
        NotImplementedError
            If it has other parameters than the default network.
        """
        if not self.binded:
            raise ParatrainError("[BucketingModule.switch_bucket] call bind() first")
        if bucket_key not in self._buckets:
            made = self._make(bucket_key)
            if sorted(made._param_names) != sorted(self._default._param_names):
                raise NotImplementedError(
                    f"[BucketingModule] the network of key {bucket_key!r} must have the parameters of the default one, "
                    f"{self._default._param_names}; it has {made._param_names}"
                )
            made.bind(
                data_shapes,
                label_shapes,
                self.for_training,
                self.inputs_need_grad,
                False,
                self._default,
                self._grad_req,
            )
            if self.optimizer_initialized:
                made.borrow_optimizer(self._default)
            self._buckets[bucket_key] = made
        self._current, self._current_key = self._buckets[bucket_key], bucket_key

    # -- parameters and optimizer ---------------------------------------------------------------------------------

    def get_params(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return copies of arguments and auxiliary states, on the CPU."""
        return self._default.get_params()

    def init_params(self, initializer: Any = None, **kwargs: Any) -> None:
        """Give the parameters their first values; see `Module.init_params`."""
        self._default.init_params(initializer, **kwargs)
        self._tell()

    def set_params(
        self,
        arg_params: Mapping[str, Any],
        aux_params: Mapping[str, Any],
        allow_missing: bool = False,
        force_init: bool = True,
        allow_extra: bool = False,
    ) -> None:
        """Give the parameters other values; see `Module.set_params`."""
        self._default.set_params(arg_params, aux_params, allow_missing, force_init, allow_extra)
        self._tell()

    def _tell(self) -> None:
        """Let all networks know that there are parameters."""
        self.params_initialized = True
        for module in self._buckets.values():
            module.params_initialized = True

    def init_optimizer(self, kvstore: Any = "local", optimizer: Any = "sgd", **kwargs: Any) -> None:
        """Choose how parameters are updated; see `Module.init_optimizer`."""
        self._need("init_optimizer")
        self._default.init_optimizer(kvstore, optimizer, **kwargs)
        # The others are made anew when needed: gradients may have moved to memory that ranks share.
        self._buckets = {self._default_key: self._default}
        self._current, self._current_key = self._default, self._default_key
        self.optimizer_initialized = True

    # -- one batch ------------------------------------------------------------------------------------------------

    def _follow(self, data_batch: Any) -> None:
        key = self._default_key if data_batch.bucket_key is None else data_batch.bucket_key
        data = data_batch.provide_data or _described(self._default.data_shapes, data_batch.data)
        labels = data_batch.provide_label
        if not labels and data_batch.label and self._default.label_shapes:
            labels = _described(self._default.label_shapes, data_batch.label)
        self.switch_bucket(key, data, labels)

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Compute the outputs of a batch by the network of its key."""
        self._need("forward")
        self._follow(data_batch)
        self._current.forward(data_batch, is_train)

    def forward_backward(self, data_batch: Any) -> None:
        """`forward` in training mode and `backward`, in one native call."""
        self._need("forward_backward")
        self._follow(data_batch)
        self._current.forward_backward(data_batch)

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients of the last forward."""
        self._current.backward(out_grads)

    def update(self) -> None:
        """Update the parameters by the last gradients."""
        self._need("update", optimizer=True)
        self._current.update()

    def update_without_batch(self) -> None:
        """See `Module.update_without_batch`."""
        self._default.update_without_batch()

    def flush_gradients(self) -> None:
        """See `Module.flush_gradients`."""
        self._default.flush_gradients()

    @property
    def gradient_norm(self) -> float | None:
        """See `Module.gradient_norm`."""
        return self._default.gradient_norm

    @property
    def shards_optimizer(self) -> bool:
        """See `Module.shards_optimizer`."""
        return self._default.shards_optimizer

    def get_outputs(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the outputs of the last forward."""
        return self._current.get_outputs(merge_multi_context)

    def get_input_grads(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the gradients of the data inputs."""
        return self._current.get_input_grads(merge_multi_context)

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Add the last outputs, with their labels, to a metric."""
        self._current.update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon: Any) -> None:
        """Let a monitor watch the networks made so far."""
        for module in self._buckets.values():
            module.install_monitor(mon)

    # -- files, and what ranks share ------------------------------------------------------------------------------

    def save_checkpoint(self, prefix: str, epoch: int, save_optimizer_states: bool = False) -> None:
        """Write the default network and the parameters; see `Module.save_checkpoint`."""
        self._need("save_checkpoint")
        self._default.save_checkpoint(prefix, epoch, save_optimizer_states)

    @staticmethod
    def load(prefix: str, epoch: int, sym_gen: Any = None, default_bucket_key: Any = None, **kwargs: Any) -> Any:
        """Make a module with the parameters that `save_checkpoint` wrote.

        Parameters
        ----------
        prefix : str
        epoch : int
        sym_gen, default_bucket_key, **kwargs
            As for the class.
        """
        _, args, aux = load_checkpoint(prefix, epoch)
        module = BucketingModule(sym_gen, default_bucket_key, **kwargs)
        module._default._waiting = (args, aux)
        module._default.params_initialized = module.params_initialized = True
        return module

    def share_params(self, mean: bool = False) -> Any:
        """See `Module.share_params`."""
        return self._default.share_params(mean)

    def rank_arrays(self) -> dict[str, Any]:
        """See `Module.rank_arrays`."""
        return self._default.rank_arrays()

    def load_rank_arrays(self, arrays: dict[str, Any]) -> None:
        """See `Module.load_rank_arrays`."""
        self._default.load_rank_arrays(arrays)

    @property
    def _exec_group(self) -> Any:
        return self._current._exec_group

    @property
    def _optimizer(self) -> Any:
        return self._default._optimizer

    @property
    def _kvstore(self) -> Any:
        return self._default._kvstore

    @property
    def inspects_gradients(self) -> bool:
        """See `Module.inspects_gradients`."""
        return self._default.inspects_gradients

    def inspect_gradients(self, look: Callable[[list[Any]], None]) -> None:
        """See `Module.inspect_gradients`."""
        self._default.inspect_gradients(look)

    def optimizer_snapshot(self) -> tuple[dict[Any, Any], dict[str, Any]] | None:
        """See `Module.optimizer_snapshot`."""
        return self._default.optimizer_snapshot()

    def load_optimizer_state_bytes(self, states: bytes, keep_rescale: bool = False) -> None:
        """See `Module.load_optimizer_state_bytes`."""
        self._default.load_optimizer_state_bytes(states, keep_rescale)


def _described(descs: Any, arrays: Sequence[Any]) -> list[Any]:
    return [type(d)(d.name, a.shape, d.dtype, d.layout) for d, a in zip(descs, arrays, strict=True)]
