"""`Module`: one symbol, its parameters, its optimizer."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any

from paratrain.base import ParatrainError
from paratrain.context import Context, cpu
from paratrain.ext import engine
from paratrain.io.data import DataDesc
from paratrain.model import load_checkpoint, save_checkpoint
from paratrain.module.base_module import as_list
from paratrain.module.executor_group import DataParallelExecutorGroup
from paratrain.module.optimizing import Optimizing
from paratrain.module.updating import Updating

__all__ = ["Module"]

Params = dict[str, Any]


class Module(Optimizing):
    """A network with its parameters: run it, train it, save it.

    Parameters
    ----------
    symbol : Symbol
        The network, usually ending in a loss such as ``SoftmaxOutput``.
    data_names, label_names : sequence of str
        Which arguments are inputs and labels; all others are parameters.
    logger : logging.Logger or module, default logging
    context : Context or list of Context, default cpu()
        One device, or several that divide each batch.
    work_load_list : list of float, optional
        Share of each context; default equal.
    fixed_param_names : sequence of str, optional
        Parameters that are not trained.
    state_names : sequence of str, optional
        Arguments that are set by `set_states`.
    group2ctxs : dict, optional
        Refused: one process drives one device of a kind.
    compression_params : dict, optional
        Given to the kvstore's `set_gradient_compression`.
    memory_budget : int or str, optional
        What training may take for temporary arrays on each context, such as ``'1.5GB'``; see `Symbol.simple_bind`.

    Raises
    ------
    ValueError
        If a name is no argument of the symbol.

    Examples
    --------
    >>> import numpy as np
    >>> import paratrain as mx
    >>> net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    >>> module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    >>> data = mx.io.NDArrayIter(np.ones((6, 3), "float32"), np.ones(6, "float32"), batch_size=2)
    >>> module.fit(data, num_epoch=2, optimizer_params={"learning_rate": 0.5})
    >>> module.score(data, "acc")
    [('accuracy', 1.0)]
    """

    def __init__(
        self,
        symbol: Any,
        data_names: Sequence[str] = ("data",),
        label_names: Sequence[str] | None = ("softmax_label",),
        logger: Any = logging,
        context: Context | Sequence[Context] | None = None,
        work_load_list: Sequence[float] | None = None,
        fixed_param_names: Sequence[str] | None = None,
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
        compression_params: dict[str, Any] | None = None,
        memory_budget: int | str | None = None,
    ) -> None:
        super().__init__(logger)
        if group2ctxs:
            raise NotImplementedError(
                "[Module] group2ctxs: one process drives one device; start more processes instead"
            )
        self._context = as_list(context) or [cpu()]
        self._workload = list(work_load_list or [1.0] * len(self._context))
        if len(self._workload) != len(self._context):
            raise ValueError(
                f"[Module] work_load_list needs an entry for each of {len(self._context)} contexts; "
                f"got {len(self._workload)}"
            )
        self._symbol = symbol
        self._data_names, self._label_names = list(data_names), list(label_names or [])
        self._state_names, self._fixed_param_names = list(state_names or []), list(fixed_param_names or [])
        self._compression_params, self._memory_budget = compression_params, memory_budget
        self._check_names()
        inputs = {*self._data_names, *self._label_names, *self._state_names}
        self._param_names = [name for name in symbol.list_arguments() if name not in inputs]
        self._aux_names = symbol.list_auxiliary_states()
        self._waiting: tuple[Params, Params] | None = None  # parameters that come before there are executors
        self._waiting_states: str | None = None
        self._group: DataParallelExecutorGroup | None = None
        self._kvstore: Any = None
        self._optimizer: Any = None
        self._updating: Updating | None = None

    def _check_names(self) -> None:
        arguments = self._symbol.list_arguments()
        for names, what in (
            (self._data_names, "data_names"),
            (self._state_names, "state_names"),
            (self._fixed_param_names, "fixed_param_names"),
        ):
            for name in names:
                if name not in arguments:
                    raise ValueError(f"[Module] {what}: {name!r} is no argument of the symbol; they are {arguments}")
        for name in self._label_names:
            if name not in arguments:
                warnings.warn(f"[Module] label_names: {name!r} is no argument of the symbol", stacklevel=4)

    # -- what it is -----------------------------------------------------------------------------------------------

    @property
    def symbol(self) -> Any:
        """The network."""
        return self._symbol

    @property
    def data_names(self) -> list[str]:
        """Names of the data inputs."""
        return self._data_names

    @property
    def label_names(self) -> list[str]:
        """Names of the labels."""
        return self._label_names

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs."""
        return self._symbol.list_outputs()

    @property
    def data_shapes(self) -> list[DataDesc]:
        """Descriptions of the data inputs of a batch."""
        return self._bound("data_shapes").data_shapes

    @property
    def label_shapes(self) -> list[DataDesc]:
        """Descriptions of the labels of a batch; empty without labels."""
        return self._bound("label_shapes").label_shapes

    @property
    def output_shapes(self) -> list[tuple[str, tuple[int, ...]]]:
        """Name and shape of each output."""
        return self._bound("output_shapes").output_shapes

    @property
    def _exec_group(self) -> DataParallelExecutorGroup:
        """The executors, under the name MXNet's scripts know."""
        return self._bound("_exec_group")

    # -- binding --------------------------------------------------------------------------------------------------

    def bind(  # type: ignore[override]
        self,
        data_shapes: Sequence[Any],
        label_shapes: Sequence[Any] | None = None,
        for_training: bool = True,
        inputs_need_grad: bool = False,
        force_rebind: bool = False,
        shared_module: Module | None = None,
        grad_req: Any = "write",
    ) -> None:
        """Make executors for inputs of given shapes. A second call does nothing, unless `force_rebind`.

        Parameters
        ----------
        data_shapes, label_shapes : list of DataDesc or (str, tuple)
            Name and shape of each input of the whole batch.
        for_training : bool, default True
            Whether gradients are wanted.
        inputs_need_grad : bool, default False
            Whether those of the data are, too; see `get_input_grads`.
        force_rebind : bool, default False
            Begin anew; parameters stay.
        shared_module : Module, optional
            Share its parameters.
        grad_req : str, list or dict, default 'write'
            ``'write'``, ``'add'`` or ``'null'``.

        Raises
        ------
        ValueError
            For names that are not the module's, or batches that cannot be split.
        """
        if self.binded and not force_rebind:
            self.logger.warning("Already bound, ignoring bind()")
            return
        if inputs_need_grad and not for_training:
            raise ValueError("[Module.bind] inputs_need_grad=True needs for_training=True")
        kept = self.get_params() if self.params_initialized and self.binded else self._waiting
        data, labels = self._descriptions(data_shapes, label_shapes)
        shared = shared_module._bound("bind") if shared_module is not None else None
        self._group = DataParallelExecutorGroup(
            self._symbol, self._context, self._workload, data, labels, self._param_names, for_training,
            inputs_need_grad, shared, self._fixed_param_names, grad_req, self._state_names,
            self._memory_budget,
        )  # fmt: skip
        self.binded, self.for_training, self.inputs_need_grad = True, for_training, inputs_need_grad
        self.optimizer_initialized, self._updating = False, None
        if shared_module is not None and shared_module.params_initialized:
            self.params_initialized = True
        elif self.params_initialized and kept is not None:
            self._group.set_params(*kept)
        self._waiting = None

    def _descriptions(self, data: Sequence[Any], labels: Sequence[Any] | None) -> tuple[list[DataDesc], list[DataDesc]]:
        found = [d if isinstance(d, DataDesc) else DataDesc(*d) for d in data]
        found_labels = [d if isinstance(d, DataDesc) else DataDesc(*d) for d in labels or []]
        if sorted(d.name for d in found) != sorted(self._data_names):
            raise ValueError(
                f"[Module.bind] data_shapes must name {self._data_names}; got {[d.name for d in found]}; "
                "set data_names of the module or of the iterator"
            )
        if found_labels and sorted(d.name for d in found_labels) != sorted(self._label_names):
            warnings.warn(
                f"[Module.bind] label_shapes names {[d.name for d in found_labels]}, the module {self._label_names}",
                stacklevel=4,
            )
        return found, found_labels

    def reshape(self, data_shapes: Sequence[Any], label_shapes: Sequence[Any] | None = None) -> None:
        """Use other input shapes from now on; parameters stay, executors of earlier shapes are kept."""
        self._need("reshape", params=False)
        self._bound("reshape").bind(*self._descriptions(data_shapes, label_shapes))

    # -- one batch ------------------------------------------------------------------------------------------------

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Compute the outputs of a batch; other shapes than bound make executors for them.

        Parameters
        ----------
        data_batch : DataBatch
        is_train : bool, optional
            Default: whether the module was bound for training.
        """
        self._need("forward")
        self._load(data_batch)
        self._bound("forward").forward(self.for_training if is_train is None else is_train)

    def _load(self, data_batch: Any) -> None:
        group = self._bound("forward")
        if [tuple(d.shape) for d in group.data_shapes] != [tuple(array.shape) for array in data_batch.data]:
            self._follow(group, data_batch)
        group.load(data_batch.data, data_batch.label)

    def _follow(self, group: DataParallelExecutorGroup, data_batch: Any) -> None:
        """Rebind to the shapes of a batch."""
        if len(data_batch.data) != len(group.data_shapes):
            raise ValueError(
                f"[Module.forward] the batch must have {len(group.data_shapes)} data arrays; got {len(data_batch.data)}"
            )
        data = data_batch.provide_data or _reshaped(group.data_shapes, data_batch.data)
        labels: Any = data_batch.provide_label
        if not labels and data_batch.label and group.label_shapes:
            labels = _reshaped(group.label_shapes, data_batch.label)
        elif not labels:
            rows = data_batch.data[0].shape[DataDesc.get_batch_axis(group.data_shapes[0].layout)]
            labels = [_with_rows(d, rows) for d in group.label_shapes]
        group.bind(*self._descriptions(data, labels))

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients of the last forward.

        With an optimizer over several ranks the sums over the ranks begin while this runs; `update` waits for them. So
        every rank must call it as often.

        Parameters
        ----------
        out_grads : NDArray or list of NDArray, optional
            Gradients of the outputs, for networks that do not end in a loss.
        """
        self._need("backward")
        grads = as_list(out_grads) or None
        group = self._bound("backward")
        self._with_sums(group, lambda: group.backward(grads))

    def forward_backward(self, data_batch: Any) -> None:
        """`forward` in training mode and `backward`, in one native call for each context."""
        self._need("forward_backward")
        self._load(data_batch)
        group = self._bound("forward_backward")
        self._with_sums(group, group.forward_backward)

    def _with_sums(self, group: DataParallelExecutorGroup, work: Any) -> None:
        if not self.for_training:
            raise ParatrainError("[Module.backward] bind with for_training=True first")
        if self._updating is None:
            work()
            return
        self._updating.backward_begins(group.execs)
        try:
            work()
        except BaseException:
            self._updating.backward_failed(group.execs[0])
            raise

    def get_outputs(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the outputs of the last forward; they are overwritten by the next.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Join the parts of several contexts; else each output is a list of them.
        """
        self._need("get_outputs")
        return self._bound("get_outputs").outputs(merge_multi_context)

    def get_input_grads(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the gradients of the data inputs; needs ``bind(inputs_need_grad=True)``."""
        self._need("get_input_grads")
        if not self.inputs_need_grad:
            raise ParatrainError("[Module.get_input_grads] bind with inputs_need_grad=True first")
        return self._bound("get_input_grads").input_grads(merge_multi_context)

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Add the last outputs, with their labels, to a metric.

        Parameters
        ----------
        eval_metric : EvalMetric
        labels : list of NDArray
            Of the whole batch; with `pre_sliced` a list for each context.
        pre_sliced : bool, default False
        """
        with engine.region("api", "Module.update_metric"):
            self._bound("update_metric").update_metric(eval_metric, labels, pre_sliced)

    def get_states(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the inputs named by `state_names`."""
        self._need("get_states")
        arrays = self._bound("get_states").state_arrays()
        return [each[0] for each in arrays] if merge_multi_context and len(self._context) == 1 else arrays

    def set_states(self, states: Sequence[Any] | None = None, value: float | None = None) -> None:
        """Set the inputs named by `state_names`, from arrays or to a number."""
        self._need("set_states")
        if (states is None) == (value is None):
            raise ValueError("[Module.set_states] give either states or value")
        for number, arrays in enumerate(self._bound("set_states").state_arrays()):
            for place, array in enumerate(arrays):
                source = as_list(states[number])[place] if states is not None else value
                array[:] = source

    def install_monitor(self, mon: Any) -> None:
        """Let a monitor watch all executors: its ``install(executor)`` is called for each."""
        self._need("install_monitor", params=False)
        for executor in self._bound("install_monitor").execs:
            mon.install(executor)

    def fit(self, train_data: Any, *args: Any, **kwargs: Any) -> None:
        """Train: bind, initialise, then epochs of batches.

        Parameters
        ----------
        train_data : DataIter
            With several ranks each has its shard. A rank whose shard ends before others' takes part in their steps
            without a batch.
        eval_data : DataIter, optional
            Scored after each epoch.
        eval_metric : EvalMetric, str or list, default 'acc'
        epoch_end_callback : callable or list, optional
            Called with epoch, symbol, arguments and auxiliary states.
        batch_end_callback : callable or list, optional
            Called with a `BatchEndParam`.
        kvstore, optimizer, optimizer_params, shard_optimizer, clip_global_norm, accumulate
            See `init_optimizer`. What `accumulate` has kept at the end of an epoch makes an update of its own.
        eval_end_callback, eval_batch_end_callback : callable or list, optional
        initializer, arg_params, aux_params, allow_missing, force_init
            See `init_params`.
        force_rebind : bool, default False
            See `bind`.
        begin_epoch : int, default 0
            Number of the first epoch.
        num_epoch : int
            Number of the epoch to end before.
        validation_metric : EvalMetric or str, optional
            For `eval_data`; default `eval_metric`.
        monitor : Monitor, optional
            See `install_monitor`.
        checkpoint : CheckpointManager, optional
            Writes checkpoints; see `paratrain.checkpoint`.
        resume : bool, default False
            Go on from the newest checkpoint that is intact; where there is none, begin.
        drop_padding : bool, default False
            Leave rows that only fill up a last batch out of training, so that every sample counts once in an epoch, and
            the gradient of the ranks together is that of the one batch without them. MXNet trains on them.
        nan_check : bool, default False
            Look at the outputs and the gradients of each step; where one is infinite or NaN, raise a `NotFiniteError`
            that names rank, step, operator, the line that made it and the samples. See `docs/profiling.md`.

        Raises
        ------
        ValueError
            Without `num_epoch`, or with `resume` and no `checkpoint`.
        """
        super().fit(train_data, *args, **kwargs)

    # -- files ----------------------------------------------------------------------------------------------------

    def save_checkpoint(
        self, prefix: str, epoch: int, save_optimizer_states: bool = False, remove_amp_cast: bool = True
    ) -> None:
        """Write ``prefix-symbol.json``, ``prefix-0001.params`` and, if asked for, ``prefix-0001.states``."""
        save_checkpoint(prefix, epoch, self._symbol, *self.get_params(), remove_amp_cast=remove_amp_cast)
        if save_optimizer_states:
            self.save_optimizer_states(f"{prefix}-{epoch:04d}.states")

    @staticmethod
    def load(prefix: str, epoch: int, load_optimizer_states: bool = False, **kwargs: Any) -> Module:
        """Make a module from what `save_checkpoint` wrote.

        Parameters
        ----------
        prefix : str
        epoch : int
        load_optimizer_states : bool, default False
            Read ``prefix-0001.states`` when `init_optimizer` is called.
        **kwargs
            Further arguments of `Module`.

        Returns
        -------
        Module
            To be bound.
        """
        symbol, args, aux = load_checkpoint(prefix, epoch)
        module = Module(symbol, **kwargs)
        module._waiting = (args, aux)
        module.params_initialized = True
        if load_optimizer_states:
            module._waiting_states = f"{prefix}-{epoch:04d}.states"
        return module


def _reshaped(descs: Sequence[DataDesc], arrays: Sequence[Any]) -> list[DataDesc]:
    return [DataDesc(d.name, a.shape, d.dtype, d.layout) for d, a in zip(descs, arrays, strict=True)]


def _with_rows(desc: DataDesc, rows: int) -> DataDesc:
    shape, axis = list(desc.shape), DataDesc.get_batch_axis(desc.layout)
    if axis >= 0:
        shape[axis] = rows
    return DataDesc(desc.name, tuple(shape), desc.dtype, desc.layout)
