"""One batch over the contexts of one process: split it, run an executor on each part, join what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from paratrain import ndarray as nd
from paratrain.base import dtype_name
from paratrain.context import Context, cpu
from paratrain.executor import Executor
from paratrain.io.data import DataDesc
from paratrain.ndarray import NDArray

__all__ = ["DataParallelExecutorGroup", "split_batch"]


def split_batch(batch_size: int, workload: Sequence[float]) -> list[slice]:
    """Divide the rows of a batch in proportion to a workload.

    Parameters
    ----------
    batch_size : int
    workload : sequence of float
        Share of each part; equal numbers give equal parts.

    Returns
    -------
    list of slice
        In order, without gaps.

    Raises
    ------
    ValueError
        If a part would have no row.

    Examples
    --------
    >>> split_batch(6, [1, 2])
    [slice(0, 2, None), slice(2, 6, None)]
    """
    total = float(sum(workload))
    slices, start, done = [], 0, 0.0
    for number, load in enumerate(workload):
        done += load
        stop = batch_size if number == len(workload) - 1 else min(round(batch_size * done / total), batch_size)
        if stop <= start:
            raise ValueError(
                f"[Module] a batch of {batch_size} rows cannot be split over {len(workload)} contexts: part {number} "
                "would be empty; use fewer contexts or a larger batch"
            )
        slices.append(slice(start, stop))
        start = stop
    return slices


class DataParallelExecutorGroup:
    """Executors of one symbol on several contexts, each with a part of the batch.

    Parameters
    ----------
    symbol : Symbol
    contexts : list of Context
    workload : list of float
        Share of the batch of each context.
    data_shapes, label_shapes : list of DataDesc
        Of the whole batch; label_shapes may be empty.
    param_names : list of str
        Arguments that are neither data nor labels nor states.
    for_training, inputs_need_grad : bool
    shared_group : DataParallelExecutorGroup, optional
        Take arrays of the same name, shape and type from it.
    fixed_param_names : sequence of str
        Parameters without gradient.
    grad_req : str, list or dict
        ``'write'``, ``'add'`` or ``'null'``, for all arguments, in their order, or by name.
    state_names : sequence of str
        Inputs that are set by `set_states`.
    memory_budget : int or str, optional
        Of each executor; see `Symbol.simple_bind`.

    Attributes
    ----------
    execs : list of Executor
        For the present shapes.
    batch_size : int
    slices : list of slice
    """

    def __init__(
        self,
        symbol: Any,
        contexts: Sequence[Context],
        workload: Sequence[float],
        data_shapes: Sequence[DataDesc],
        label_shapes: Sequence[DataDesc],
        param_names: Sequence[str],
        for_training: bool,
        inputs_need_grad: bool,
        shared_group: DataParallelExecutorGroup | None = None,
        fixed_param_names: Sequence[str] = (),
        grad_req: Any = "write",
        state_names: Sequence[str] = (),
        memory_budget: int | str | None = None,
    ) -> None:
        self.symbol = symbol
        self.contexts, self.workload = list(contexts), list(workload)
        self.param_names = list(param_names)
        self.state_names = list(state_names)
        self.for_training, self.inputs_need_grad = for_training, inputs_need_grad
        self.arg_names, self.aux_names = symbol.list_arguments(), symbol.list_auxiliary_states()
        self.output_names = symbol.list_outputs()
        self.before_reading: Callable[[], None] = lambda: None  # called before anybody looks at gradients
        self._shared, self._budget = shared_group, memory_budget
        self._bound: dict[Any, list[Executor]] = {}
        self.grad_req = self._requests(grad_req, {d.name for d in data_shapes}, set(fixed_param_names))
        attributes = symbol.attr_dict()
        self.output_axes = [_batch_axis(attributes.get(name, {}).get("__layout__")) for name in self.output_names]
        self.master: list[Executor] = []
        self.bind(data_shapes, label_shapes)
        self.master = self.execs

    def _requests(self, grad_req: Any, data_names: set[str], fixed: set[str]) -> dict[str, str]:
        if isinstance(grad_req, str):
            given = dict.fromkeys(self.arg_names, grad_req)
        elif isinstance(grad_req, list | tuple):
            if len(grad_req) != len(self.arg_names):
                raise ValueError(
                    f"[Module] grad_req must have an entry for each of {len(self.arg_names)} arguments; "
                    f"got {len(grad_req)}"
                )
            given = dict(zip(self.arg_names, grad_req, strict=True))
        elif isinstance(grad_req, Mapping):
            given = dict(grad_req)
        else:
            raise TypeError(f"[Module] grad_req must be text, a list or a dict; got {type(grad_req).__name__}")
        wanted = {}
        for name in self.arg_names:
            trained = name in self.param_names and name not in fixed
            asked = trained or (name in data_names and self.inputs_need_grad)
            wanted[name] = given.get(name, "null") if self.for_training and asked else "null"
        return wanted

    # -- binding --------------------------------------------------------------------------------------------------

    def bind(self, data_shapes: Sequence[DataDesc], label_shapes: Sequence[DataDesc]) -> None:
        """Use executors for these shapes: those made before, or new ones that share the parameters."""
        self.data_shapes, self.label_shapes = list(data_shapes), list(label_shapes)
        self.batch_size = _common_batch(self.data_shapes)
        self.slices = split_batch(self.batch_size, self.workload)
        key = tuple((d.name, tuple(d.shape)) for d in (*self.data_shapes, *self.label_shapes))
        if key not in self._bound:
            self._bound[key] = [self._executor(number) for number in range(len(self.contexts))]
        self.execs = self._bound[key]

    def move_grads(self, target: NDArray) -> None:
        """Let the flat gradients of the first context live in another array; see `Executor.move_grads`."""
        for executors in self._bound.values():
            executors[0].move_grads(target)

    def _executor(self, number: int) -> Executor:
        rows = self.slices[number].stop - self.slices[number].start
        inputs = (*self.data_shapes, *(d for d in self.label_shapes if d.name in self.arg_names))
        shapes = {d.name: _with_rows(d, rows) for d in inputs}
        types = {d.name: dtype_name(d.dtype) for d in inputs}
        shared: Executor | None = None
        if self._bound:
            shared = self.master[number]
        elif self._shared is not None:
            shared = self._shared.master[number]
        made = Executor.simple_bind(
            self.symbol, self.contexts[number], self.grad_req, types, shared, shapes, self._budget
        )
        known = shared.arg_dict if shared is not None else {}
        for name in self.param_names:
            theirs = known.get(name)
            if theirs is not None and theirs is not made.arg_dict[name]:
                given = ", ".join(f"{d.name}={tuple(d.shape)}" for d in self.data_shapes)
                raise ValueError(
                    f"[Module] inputs {given} need {name} of {made.arg_dict[name].desc}, but it is {theirs.desc}"
                )
        return made

    # -- running --------------------------------------------------------------------------------------------------

    def load(self, data: Sequence[Any], label: Sequence[Any] | None) -> None:
        """Copy a batch to the inputs of the executors.

        Parameters
        ----------
        data : list of NDArray
            In the order of `data_shapes`.
        label : list of NDArray or None
            In the order of `label_shapes`; None or empty leaves the labels as they are.

        Raises
        ------
        ValueError
            If there are not as many arrays as inputs.
        """
        self._load(data, self.data_shapes, "data")
        if label and self.label_shapes:
            self._load(label, self.label_shapes, "label")

    def _load(self, arrays: Sequence[Any], descs: Sequence[DataDesc], what: str) -> None:
        if len(arrays) != len(descs):
            raise ValueError(f"[Module] the batch must have {len(descs)} {what} arrays; got {len(arrays)}")
        for array, desc in zip(arrays, descs, strict=True):
            axis = _batch_axis(desc.layout)
            for executor, part in zip(self.execs, self.slices, strict=True):
                if desc.name in executor.arg_dict:
                    executor.arg_dict[desc.name][:] = self._part(array, part, axis)

    def _part(self, array: Any, part: slice, axis: int) -> Any:
        if len(self.execs) == 1 or axis < 0:
            return array
        if axis == 0:
            return array[part]
        return nd.slice_axis(array, axis=axis, begin=part.start, end=part.stop)

    def forward(self, is_train: bool) -> None:
        """Compute the outputs of the loaded batch."""
        for executor in self.execs:
            executor.forward(is_train)

    def backward(self, out_grads: Sequence[NDArray] | None = None) -> None:
        """Compute the gradients; `out_grads` are those of the joined outputs."""
        for executor, part in zip(self.execs, self.slices, strict=True):
            grads = out_grads and [self._part(g, part, a) for g, a in zip(out_grads, self.output_axes, strict=True)]
            executor.backward([g.as_in_context(executor._ctx) for g in grads] if grads else None)

    def forward_backward(self) -> None:
        """`forward` in training mode and `backward`."""
        for executor in self.execs:
            executor.forward_backward()

    # -- results --------------------------------------------------------------------------------------------------

    def outputs(self, merge: bool = True) -> list[Any]:
        """Return each output, joined over the contexts, or as a list of its parts."""
        parts = [[executor.outputs[i] for executor in self.execs] for i in range(len(self.output_names))]
        return [join(each, axis) for each, axis in zip(parts, self.output_axes, strict=True)] if merge else parts

    def input_grads(self, merge: bool = True) -> list[Any]:
        """Return the gradient of each data input, joined or in parts."""
        parts: list[list[Any]] = [[executor.grad_dict[d.name] for executor in self.execs] for d in self.data_shapes]
        axes = [_batch_axis(d.layout) for d in self.data_shapes]
        return [join(each, axis) for each, axis in zip(parts, axes, strict=True)] if merge else parts

    @property
    def output_shapes(self) -> list[tuple[str, tuple[int, ...]]]:
        """Name and shape of each output of the whole batch."""
        shapes = []
        for name, array, axis in zip(self.output_names, self.execs[0].outputs, self.output_axes, strict=True):
            shape = list(array.shape)
            if axis >= 0 and len(self.execs) > 1:
                shape[axis] = self.batch_size
            shapes.append((name, tuple(shape)))
        return shapes

    def update_metric(self, eval_metric: Any, labels: Sequence[Any], pre_sliced: bool = False) -> None:
        """Add the outputs of each context, with its part of the labels, to a metric."""
        for number, (executor, part) in enumerate(zip(self.execs, self.slices, strict=True)):
            if pre_sliced:
                mine = list(labels[number])
            else:
                axes = [_batch_axis(d.layout) for d in self.label_shapes]
                mine = [self._part(label, part, axis) for label, axis in zip(labels, axes)]
            named = {d.name: label for d, label in zip(self.label_shapes, mine)}
            eval_metric.update_dict(named, dict(zip(self.output_names, executor.outputs, strict=True)))

    # -- parameters -----------------------------------------------------------------------------------------------

    @property
    def param_arrays(self) -> list[list[NDArray]]:
        """Each parameter's array on every context."""
        return [[executor.arg_dict[name] for executor in self.master] for name in self.param_names]

    @property
    def grad_arrays(self) -> list[list[NDArray | None]]:
        """Each parameter's gradient on every context (None where it has none).

        Between backward and update of a job with several ranks, they are the sums over the ranks.
        """
        self.before_reading()
        return [[executor.grad_dict[name] for executor in self.master] for name in self.param_names]

    @property
    def aux_arrays(self) -> list[list[NDArray]]:
        """Each auxiliary state's array on every context."""
        return [[executor.aux_dict[name] for executor in self.master] for name in self.aux_names]

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return copies on the CPU; of auxiliary states the mean over the contexts."""
        args = {n: arrays[0].copyto(cpu()) for n, arrays in zip(self.param_names, self.param_arrays, strict=True)}
        aux = {n: _mean(arrays) for n, arrays in zip(self.aux_names, self.aux_arrays, strict=True)}
        return args, aux

    def set_params(self, args: Mapping[str, Any], aux: Mapping[str, Any]) -> None:
        """Copy values to all contexts."""
        for executor in self.master:
            executor.copy_params_from(args, aux)

    def state_arrays(self) -> list[list[NDArray]]:
        """Each state's array on every context."""
        return [[executor.arg_dict[name] for executor in self.execs] for name in self.state_names]


def join(parts: Sequence[NDArray], axis: int) -> NDArray:
    """Join the parts of a batch along an axis, on the first part's device; with axis -1 the first stands for all."""
    if len(parts) == 1 or axis < 0:
        return parts[0]
    return nd.concatenate([part.as_in_context(parts[0].context) for part in parts], axis=axis)


def _mean(arrays: Sequence[NDArray]) -> NDArray:
    total = arrays[0].copyto(cpu())
    for other in arrays[1:]:
        total += other.as_in_context(cpu())
    return total if len(arrays) == 1 else (total / len(arrays)).astype(arrays[0].dtype_str, copy=False)


def _batch_axis(layout: str | None) -> int:
    return DataDesc.get_batch_axis(layout)


def _common_batch(descs: Sequence[DataDesc]) -> int:
    sizes = {d.name: d.shape[_batch_axis(d.layout)] for d in descs if _batch_axis(d.layout) >= 0}
    if not sizes:
        raise ValueError("[Module] at least one data input must have a batch axis, N in its layout")
    if len(set(sizes.values())) > 1:
        raise ValueError(f"[Module] all data inputs must have one batch size; got {sizes}")
    return int(next(iter(sizes.values())))


def _with_rows(desc: DataDesc, rows: int) -> tuple[int, ...]:
    shape, axis = list(desc.shape), _batch_axis(desc.layout)
    if axis >= 0 and shape:
        shape[axis] = rows if len(desc.shape) > axis else shape[axis]
    return tuple(shape)
