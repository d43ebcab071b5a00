"""What every kind of module can do once it can run a batch: train, score, predict."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from paratrain import metric
from paratrain import ndarray as nd
from paratrain.base import ParatrainError
from paratrain.kvstore.alone import Alone
from paratrain.kvstore.buckets import ExchangeStats
from paratrain.kvstore.transport import World
from paratrain.model import BatchEndParam
from paratrain.module.executor_group import join
from paratrain.module.packing import pack, unpack
from paratrain.ndarray import NDArray

__all__ = ["BaseModule", "as_list"]


class BaseModule:
    """Base of modules: a network, its parameters, and how to run and train it.

    A subclass defines `bind`, `init_params`, `init_optimizer`, `forward`, `backward`, `update`, `get_outputs`,
    `get_params`, `set_params`, `update_metric` and the properties `data_names`, `output_names`, `data_shapes`,
    `label_shapes`, `output_shapes`, `symbol`.

    Parameters
    ----------
    logger : logging.Logger or module, default logging
        Where `fit` writes.

    Attributes
    ----------
    binded, params_initialized, optimizer_initialized, for_training, inputs_need_grad : bool
        What was done so far.
    """

    def __init__(self, logger: Any = logging) -> None:
        self.logger = logger
        self.binded = False
        self.for_training = False
        self.inputs_need_grad = False
        self.params_initialized = False
        self.optimizer_initialized = False

    @property
    def world(self) -> World:
        """Ranks that train this module together; this process alone before `init_optimizer`."""
        return Alone()

    @property
    def communication(self) -> ExchangeStats:
        """Figures of the sums over ranks; of none before `init_optimizer`."""
        return ExchangeStats()

    @property
    def checkpoint_symbol(self) -> Any:
        """The network that checkpoints hold."""
        return self.symbol

    @property
    def symbol(self) -> Any:
        """The network."""
        raise self._undefined("symbol")

    def _need(self, call: str, params: bool = True, optimizer: bool = False) -> None:
        """Check that what `call` needs was done.

        Raises
        ------
        ParatrainError
            If not; the message names the missing call.
        """
        done = [("bind", self.binded), ("init_params", self.params_initialized or not params)]
        done.append(("init_optimizer", self.optimizer_initialized or not optimizer))
        missing = [f"{name}()" for name, is_done in done if not is_done]
        if missing:
            raise ParatrainError(f"[Module.{call}] call {' and '.join(missing)} first")

    # -- one batch ------------------------------------------------------------------------------------------------

    def forward_backward(self, data_batch: Any) -> None:
        """Compute outputs and gradients of a batch, in training mode."""
        self.forward(data_batch, is_train=True)
        self.backward()

    def prepare(self, data_batch: Any, sparse_row_id_fn: Any = None) -> None:
        """Get ready for a batch; nothing is to be done.

        Raises
        ------
        NotImplementedError
            For `sparse_row_id_fn`: there are no sparse arrays.
        """
        _refuse_sparse(sparse_row_id_fn)

    # -- many batches ---------------------------------------------------------------------------------------------

    def score(
        self,
        eval_data: Iterable[Any],
        eval_metric: Any,
        num_batch: int | None = None,
        batch_end_callback: Any = None,
        score_end_callback: Any = None,
        reset: bool = True,
        epoch: int = 0,
        sparse_row_id_fn: Any = None,
    ) -> list[tuple[str, float]]:
        """Run over data and evaluate a metric. With several ranks a collective: the figures are those of all ranks.

        Parameters
        ----------
        eval_data : DataIter
            Rows that fill up a last batch (``batch.pad``) do not count, so that every sample counts once.
        eval_metric : EvalMetric, str or list
            Is reset first.
        num_batch : int, optional
            Stop after so many batches.
        batch_end_callback, score_end_callback : callable or list, optional
            Called with a `BatchEndParam` after each batch, and at the end.
        reset : bool, default True
            Reset the iterator first.
        epoch : int, default 0
            For the callbacks.

        Returns
        -------
        list of (str, float)
            Name and value of each metric.
        """
        self._need("score")
        _refuse_sparse(sparse_row_id_fn)
        if reset:
            eval_data.reset()  # type: ignore[attr-defined]
        eval_metric = metric.create(eval_metric)
        eval_metric.reset()
        count = 0
        for nbatch, eval_batch in enumerate(eval_data):
            if nbatch == num_batch:
                break
            self.forward(eval_batch, is_train=False)
            self._score_batch(eval_metric, eval_batch)
            call_all(batch_end_callback, BatchEndParam(epoch, nbatch, eval_metric, locals()))
            count += 1
        eval_metric.reduce(self.world)
        call_all(score_end_callback, BatchEndParam(epoch, count, eval_metric, locals()))
        return eval_metric.get_name_value()

    def _score_batch(self, eval_metric: Any, batch: Any) -> None:
        """Add the outputs to a metric, without the rows that only fill up the batch."""
        labels, pad = batch.label or [], batch.pad or 0
        outputs = self.get_outputs() if pad else []
        size = batch.data[0].shape[0]
        if not pad or any(a.shape[0] != size for a in (*outputs, *labels)):
            # rows that are not samples (such as the steps of sequences) cannot be told apart: all count
            self.update_metric(eval_metric, labels)
            return
        named = {d.name: a[: size - pad] for d, a in zip(self.label_shapes or [], labels)}
        eval_metric.update_dict(named, {n: a[: size - pad] for n, a in zip(self.output_names, outputs)})

    def iter_predict(
        self, eval_data: Iterable[Any], num_batch: int | None = None, reset: bool = True, sparse_row_id_fn: Any = None
    ) -> Iterator[tuple[list[NDArray], int, Any]]:
        """Give the outputs of batch after batch.

        Parameters
        ----------
        eval_data : DataIter
        num_batch : int, optional
            Stop after so many batches.
        reset : bool, default True
            Reset the iterator first.

        Yields
        ------
        outputs : list of NDArray
            Without the rows that fill up a last batch. They share memory with the outputs of the next batch.
        nbatch : int
        batch : DataBatch
        """
        self._need("iter_predict")
        _refuse_sparse(sparse_row_id_fn)
        if reset:
            eval_data.reset()  # type: ignore[attr-defined]
        for nbatch, eval_batch in enumerate(eval_data):
            if nbatch == num_batch:
                break
            self.forward(eval_batch, is_train=False)
            pad = eval_batch.pad or 0
            yield [out[0 : out.shape[0] - pad] for out in self.get_outputs()], nbatch, eval_batch

    def predict(
        self,
        eval_data: Any,
        num_batch: int | None = None,
        merge_batches: bool = True,
        reset: bool = True,
        always_output_list: bool = False,
        sparse_row_id_fn: Any = None,
    ) -> Any:
        """Return the outputs for data.

        Parameters
        ----------
        eval_data : DataIter, NDArray or numpy.ndarray
            An array is taken as one batch.
        num_batch : int, optional
            Stop after so many batches.
        merge_batches : bool, default True
            Join the batches.
        reset : bool, default True
            Reset the iterator first.
        always_output_list : bool, default False
            Return a list also for a single output.

        Returns
        -------
        NDArray, list of NDArray, or list of lists
            One array for each output (the array itself for a single one); with ``merge_batches=False`` a list of
            outputs for each batch.

        Raises
        ------
        ValueError
            If batches with different numbers of outputs are to be joined.
        """
        self._need("predict")
        _refuse_sparse(sparse_row_id_fn)
        if isinstance(eval_data, NDArray | np.ndarray):
            return self._predict_array(eval_data, always_output_list)
        batches = [[out.copy() for out in outs] for outs, _, _ in self.iter_predict(eval_data, num_batch, reset)]
        if not merge_batches or not batches:
            return batches
        counts = {len(outs) for outs in batches}
        if len(counts) > 1:
            raise ValueError(
                f"[Module.predict] batches have different numbers of outputs, {sorted(counts)}; use merge_batches=False"
            )
        joined = [join([outs[i] for outs in batches], 0) for i in range(len(batches[0]))]
        return joined[0] if len(joined) == 1 and not always_output_list else joined

    def _predict_array(self, array: Any, always_output_list: bool) -> Any:
        from paratrain.io import DataBatch

        data = array if isinstance(array, NDArray) else nd.array(array)
        self.forward(DataBatch([data]), is_train=False)
        outs = [out.copy() for out in self.get_outputs()]
        return outs[0] if len(outs) == 1 and not always_output_list else outs

    def fit(self, train_data: Any, *args: Any, **kwargs: Any) -> None:
        """Train; see `Module.fit`."""
        from paratrain.module.fitting import fit
        from paratrain.preemption import listening

        with listening():
            fit(self, train_data, *args, **kwargs)

    # -- files ----------------------------------------------------------------------------------------------------

    def save_params(self, fname: str) -> None:
        """Write the parameters in MXNet's format."""
        nd.save(fname, pack(*self.get_params()))

    def load_params(self, fname: str) -> None:
        """Read parameters written by `save_params`, or by MXNet.

        Raises
        ------
        ValueError
            If the file is damaged, or holds other arrays.
        """
        self.set_params(*unpack(nd.load(fname), fname))

    # -- defined by subclasses --------------------------------------------------------------------------------------

    def _undefined(self, name: str) -> NotImplementedError:
        return NotImplementedError(f"[{type(self).__name__}] {name} must be defined")

    def bind(self, data_shapes: Any, label_shapes: Any = None, **kwargs: Any) -> None:
        """Make executors for inputs of given shapes."""
        raise self._undefined("bind()")

    def init_params(self, initializer: Any = None, **kwargs: Any) -> None:
        """Give the parameters their first values."""
        raise self._undefined("init_params()")

    def init_optimizer(self, kvstore: Any = "local", optimizer: Any = "sgd", **kwargs: Any) -> None:
        """Choose how parameters are updated."""
        raise self._undefined("init_optimizer()")

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Compute the outputs of a batch."""
        raise self._undefined("forward()")

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients of the last forward."""
        raise self._undefined("backward()")

    def update(self) -> None:
        """Update the parameters by the last gradients."""
        raise self._undefined("update()")

    def update_without_batch(self) -> None:
        """Take part in an update for which this rank has no batch."""
        raise self._undefined("update_without_batch()")

    def flush_gradients(self) -> None:
        """Update by gradients that were kept for an update; a module that keeps none has nothing to do."""

    @property
    def shards_optimizer(self) -> bool:
        """Whether reading the optimizer's states is a collective."""
        return False

    def get_outputs(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the outputs of the last forward."""
        raise self._undefined("get_outputs()")

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Add the last outputs to a metric."""
        raise self._undefined("update_metric()")

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return arguments and auxiliary states."""
        raise self._undefined("get_params()")

    def set_params(
        self,
        arg_params: Mapping[str, Any],
        aux_params: Mapping[str, Any],
        allow_missing: bool = False,
        force_init: bool = True,
        allow_extra: bool = False,
    ) -> None:
        """Give the parameters other values."""
        raise self._undefined("set_params()")

    @property
    def data_names(self) -> list[str]:
        """Names of the data inputs."""
        raise self._undefined("data_names")

    @property
    def label_shapes(self) -> Any:
        """Descriptions of the labels; None without labels."""
        raise self._undefined("label_shapes")

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs."""
        raise self._undefined("output_names")


def _refuse_sparse(sparse_row_id_fn: Any) -> None:
    if sparse_row_id_fn is not None:
        raise NotImplementedError("[Module] sparse_row_id_fn: there are no sparse arrays; leave it out")


def as_list(value: Any) -> list[Any]:
    """A list of what is given: empty for None, else the elements of a list or the thing itself."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def call_all(callbacks: Any, *args: Any) -> None:
    """Call a callback, each of a list, or none."""
    for callback in as_list(callbacks):
        callback(*args)
