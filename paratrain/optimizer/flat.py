"""One native call per step: an optimizer over a flat buffer of all parameters.

A module lays its parameters out in one array, their gradients in a second of
the same layout. `FlatUpdater` adds flat arrays for the optimizer's state, and
updates everything in one pass, with each parameter's own learning rate and
weight decay. The results are those of `Updater` weight by weight, and so are the bytes
of `get_states`: states saved by one are read by the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import ndarray as nd
from . import states as state_bytes
from .adam import Adam
from .base import Optimizer, is_low_precision
from .sgd import SGD
from .updater import restore_optimizer


class Segment(NamedTuple):
    """Place of one parameter in the flat buffers.

    Attributes
    ----------
    index : int or str
        By which the optimizer knows it.
    name : str
        For messages.
    offset, size : int
        First element, and number of elements.
    shape : tuple of int, optional
        Shape its state is saved with; by default one axis.
    """

    index: Any
    name: str
    offset: int
    size: int
    shape: tuple[int, ...] | None = None


class Shard(NamedTuple):
    """Part of the flat buffers whose elements one rank updates.

    Attributes
    ----------
    start, stop : int
        First element, and the one behind the last.
    gather : callable
        Makes the whole from this rank's part, an array of ``stop - start`` elements; a collective.
    """

    start: int
    stop: int
    gather: Callable[[np.ndarray], np.ndarray]


class _FlatSGD:
    """How `FlatUpdater` runs `SGD`."""

    @staticmethod
    def names(optimizer: SGD) -> tuple[str, ...]:
        """Names of the flat state arrays."""
        return ("momentum",) if optimizer.momentum else ()

    @staticmethod
    def rate(optimizer: SGD, index: Any, lr: float) -> float:
        """Rate the kernel is given for a parameter."""
        return lr

    @staticmethod
    def tree(arrays: list[Any]) -> Any:
        """State of one parameter, as `SGD.create_state` shapes it."""
        return arrays[0] if arrays else None

    @staticmethod
    def apply(optimizer: SGD, weight: Any, grad: Any, states: list[Any], place: tuple[Any, Any, Any]) -> None:
        """Update everything; `place` is (offsets, rates, weight decays)."""
        if states:
            nd._flat_sgd_mom_update(
                weight, grad, *states, *place, momentum=optimizer.momentum, **optimizer._common(), out=weight
            )
        else:
            nd._flat_sgd_update(weight, grad, *place, **optimizer._common(), out=weight)


class _FlatAdam:
    """How `FlatUpdater` runs `Adam`."""

    @staticmethod
    def names(optimizer: Adam) -> tuple[str, ...]:
        """Names of the flat state arrays."""
        return ("mean", "var")

    @staticmethod
    def rate(optimizer: Adam, index: Any, lr: float) -> float:
        """Rate the kernel is given for a parameter: with the correction of the moments."""
        return optimizer.corrected(index, lr)

    @staticmethod
    def tree(arrays: list[Any]) -> Any:
        """State of one parameter, as `Adam.create_state` shapes it."""
        return tuple(arrays)

    @staticmethod
    def apply(optimizer: Adam, weight: Any, grad: Any, states: list[Any], place: tuple[Any, Any, Any]) -> None:
        """Update everything; `place` is (offsets, rates, weight decays)."""
        nd._flat_adam_update(
            weight,
            grad,
            *states,
            *place,
            beta1=optimizer.beta1,
            beta2=optimizer.beta2,
            epsilon=optimizer.epsilon,
            **optimizer._common(),
            out=weight,
        )


_RULES: dict[str, Any] = {"sgd": _FlatSGD, "adam": _FlatAdam}


class FlatUpdater:
    """Apply an optimizer to all parameters at once.

    Parameters
    ----------
    optimizer : Optimizer
        One whose `supports_flat` is true.
    layout : list of (index, name, offset, size) or (index, name, offset, size, shape)
        Where each parameter lies, in order of the offsets. Elements between
        two parameters are padding and belong to the one before.
    flat_params, flat_grads : NDArray, shape (n,)
        All parameters, and their gradients.
    shard : Shard, optional
        Keep states of a part of the elements only, and update only these.

    Raises
    ------
    NotImplementedError
        When the optimizer cannot work on a flat buffer, or would keep float32
        copies of 16-bit parameters.
    ValueError
        When the arrays differ, or the layout does not fit them.

    Examples
    --------
    >>> import paratrain as mx
    >>> from paratrain.optimizer.flat import FlatUpdater
    >>> weights, grads = mx.nd.zeros((3,)), mx.nd.ones((3,))
    >>> optimizer = mx.optimizer.create("sgd", learning_rate=0.5, param_idx2name={0: "a_weight", 1: "b_weight"})
    >>> optimizer.set_lr_mult({"b_weight": 0.1})
    >>> FlatUpdater(optimizer, [(0, "a_weight", 0, 2), (1, "b_weight", 2, 1)], weights, grads).step()
    >>> [round(x, 2) for x in weights.asnumpy().tolist()]
    [-0.5, -0.5, -0.05]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        layout: Sequence[Any],
        flat_params: Any,
        flat_grads: Any,
        shard: Shard | None = None,
    ) -> None:
        if not optimizer.supports_flat:
            raise NotImplementedError(
                f"[FlatUpdater] {type(optimizer).__name__} cannot update a flat buffer; use Updater, weight by weight"
            )
        if optimizer.multi_precision and is_low_precision(flat_params):
            raise NotImplementedError("[FlatUpdater] multi_precision copies need Updater, weight by weight")
        _check_arrays(flat_params, flat_grads)
        self.optimizer = optimizer
        self.flat_params = flat_params
        self.flat_grads = flat_grads
        self.layout = [Segment(*each) for each in layout]
        _check_layout(self.layout, flat_params.size)
        self._indices = [segment.index for segment in self.layout]
        self._rule = _RULES[type(optimizer).__dict__["_flat_rule"]]
        context = flat_params.context
        self.shard = shard or Shard(0, flat_params.size, lambda part: part)
        start, stop = self.shard.start, self.shard.stop
        if not 0 <= start <= stop <= flat_params.size:
            raise ValueError(f"[FlatUpdater] a shard must lie within 0 to {flat_params.size}; got {start} to {stop}")
        self._weights, self._grads = flat_params[start:stop], flat_grads[start:stop]
        self._states = {
            name: nd.zeros((stop - start,), context, dtype=flat_params.dtype) for name in self._rule.names(optimizer)
        }
        ends = [segment.offset for segment in self.layout[1:]] + [flat_params.size]
        inside = [s for s, end in zip(self.layout, ends, strict=True) if end > start and s.offset < stop]
        self._updated = [segment.index for segment in inside]
        bounds = np.array([0, *(segment.offset - start for segment in inside[1:]), stop - start], np.int64)
        self._offsets = nd.array(bounds, context, dtype="int64")
        self._rates = nd.zeros((len(inside),), context)
        self._decays = nd.zeros((len(inside),), context)
        self._shown: dict[str, list[float]] = {}

    def step(self) -> None:
        """Count one update of every parameter and do it, in place.

        Rates, decays, `rescale_grad` and `clip_gradient` are those the
        optimizer has now.
        """
        optimizer = self.optimizer
        optimizer._set_current_context(self.flat_params.context.device_id)
        optimizer._update_count(self._indices)
        if not self._updated:  # fewer elements than ranks
            return
        lrs = optimizer._get_lrs(self._updated)
        rates = [self._rule.rate(optimizer, index, lr) for index, lr in zip(self._updated, lrs, strict=True)]
        self._show("rates", self._rates, rates)
        self._show("decays", self._decays, optimizer._get_wds(self._updated))
        place = (self._offsets, self._rates, self._decays)
        self._rule.apply(optimizer, self._weights, self._grads, list(self._states.values()), place)

    def _show(self, name: str, array: Any, values: list[float]) -> None:
        """Write values into the array the kernel reads, when they changed."""
        if self._shown.get(name) != values:
            array[:] = np.array(values, np.float32)
            self._shown[name] = values

    def state_arrays(self) -> dict[str, Any]:
        """Return the optimizer's state as it is kept, for a checkpoint.

        Returns
        -------
        dict of str to NDArray, shape (n,)
            The arrays themselves, by name (``momentum``; ``mean``, ``var``):
            what is written into them counts. Of a shard, its elements only. Empty for an optimizer without state.
        """
        return dict(self._states)

    def get_states(self, dump_optimizer: bool = False) -> bytes:
        """Write states and counters, as `Updater.get_states` does. Over shards a collective.

        Parameters
        ----------
        dump_optimizer : bool, default False
            Write rates, multipliers and the schedule too.

        Returns
        -------
        bytes
            In the format of `optimizer.states`.
        """
        return state_bytes.dumps(*self.snapshot(dump_optimizer))

    def snapshot(self, dump_optimizer: bool = False) -> tuple[dict[Any, Any], dict[str, Any]]:
        """Return copies of states and counters, for `optimizer.states.write`."""
        flat = [self.shard.gather(array.asnumpy()) for array in self._states.values()]
        states = {}
        for s in self.layout:
            parts = [each[s.offset : s.offset + s.size].reshape(s.shape or (s.size,)) for each in flat]
            states[s.index] = self._rule.tree(parts)
        extra = {"counters": self.optimizer.counters()}
        if dump_optimizer:
            extra["optimizer"] = self.optimizer.hyperparameters()
        return states, extra

    def set_states(self, states: bytes) -> None:
        """Take over what `get_states` of a `FlatUpdater` or of an `Updater` gave.

        Parameters
        ----------
        states : bytes
            The states.

        Raises
        ------
        ValueError
            For damaged bytes, or states of other parameters or another optimizer; nothing is changed then.
        """
        loaded, extra = state_bytes.loads(states)
        filled = [np.zeros(self.flat_params.size, array.dtype) for array in self._states.values()]
        if loaded and set(loaded) != set(self._indices):
            raise ValueError(
                f"[FlatUpdater] the states are of {len(loaded)} parameters {list(loaded)[:8]}...; "
                f"there are {len(self._indices)}: {self._indices[:8]}..."
            )
        for segment in self.layout if loaded else ():
            leaves = _leaves(loaded[segment.index])
            if [leaf.size for leaf in leaves] != [segment.size] * len(filled):
                raise ValueError(
                    f"[FlatUpdater] {segment.name} needs {len(filled)} state arrays of {segment.size} elements; "
                    f"got arrays of {[leaf.size for leaf in leaves]}"
                )
            for whole, leaf in zip(filled, leaves, strict=True):
                whole[segment.offset : segment.offset + segment.size] = leaf.reshape(-1)
        restore_optimizer(self.optimizer, extra)
        for array, whole in zip(self._states.values(), filled, strict=True):
            array[:] = whole[self.shard.start : self.shard.stop]


def _leaves(tree: Any) -> list[np.ndarray]:
    """Arrays of a state, in order."""
    if isinstance(tree, (tuple, list)):
        return [leaf for each in tree for leaf in _leaves(each)]
    return [] if tree is None else [np.asarray(tree)]


def _check_arrays(params: Any, grads: Any) -> None:
    if len(params.shape) != 1 or params.shape != grads.shape or params.dtype != grads.dtype:
        raise ValueError(
            "[FlatUpdater] parameters and gradients must be arrays of one axis, of one length and type; "
            f"got {params.shape} {np.dtype(params.dtype)} and {grads.shape} {np.dtype(grads.dtype)}"
        )
    if params.context != grads.context:
        raise ValueError(f"[FlatUpdater] parameters are on {params.context}, gradients on {grads.context}")


def _check_layout(layout: list[Segment], size: int) -> None:
    if not layout or layout[0].offset != 0:
        raise ValueError(f"[FlatUpdater] the layout must begin at offset 0; got {layout[:1]}")
    ends = [segment.offset for segment in layout[1:]] + [size]
    for segment, end in zip(layout, ends, strict=True):
        if segment.size < 0 or segment.offset + segment.size > end:
            raise ValueError(
                f"[FlatUpdater] {segment.name} covers {segment.offset} to {segment.offset + segment.size}, "
                f"beyond {end}, where the next one begins or the buffer ends"
            )
        if segment.shape is not None and math.prod(segment.shape) != segment.size:
            raise ValueError(f"[FlatUpdater] {segment.name} has {segment.size} elements, not those of {segment.shape}")
    if len({segment.index for segment in layout}) != len(layout):
        raise ValueError("[FlatUpdater] the indices of the layout must differ from each other")
