"""Optimizer and states together: what a kvstore applies to the weights it holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import states as state_bytes
from .base import Optimizer


class Updater:
    """Apply an optimizer to weights by index, and keep their states.

    Parameters
    ----------
    optimizer : Optimizer
        The rule.

    Attributes
    ----------
    states : dict of int or str to state
        Made when a weight is first updated.

    Examples
    --------
    >>> import paratrain as mx
    >>> updater = mx.optimizer.get_updater(mx.optimizer.create("sgd", learning_rate=0.5))
    >>> weight = mx.nd.ones((2,))
    >>> updater(0, mx.nd.ones((2,)), weight)
    >>> weight.asnumpy().tolist()
    [0.5, 0.5]
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.states: dict[Any, Any] = {}
        self.states_synced: dict[Any, bool] = {}

    def __call__(self, index: Any, grad: Any, weight: Any) -> None:
        """Update one weight, or each of a list.

        Parameters
        ----------
        index : int, str or list of these
            Which weight.
        grad, weight : NDArray or list of NDArray
            As many.

        Raises
        ------
        ValueError
            When the lists differ in length, or a loaded state is not of this optimizer's kind.
        """
        several = isinstance(index, (list, tuple))
        indices, grads, weights = (index, grad, weight) if several else ([index], [grad], [weight])
        if not len(indices) == len(grads) == len(weights):
            raise ValueError(
                f"[Updater] as many indices, gradients and weights are needed; got {len(indices)}, {len(grads)} and "
                f"{len(weights)}"
            )
        if not indices:
            return
        self.optimizer._set_current_context(weights[0].context.device_id)
        held = [self._state(i, w) for i, w in zip(indices, weights, strict=True)]
        size = self.optimizer.aggregate_num if several else 0
        if size > 0:
            for at in range(0, len(indices), size):
                part = slice(at, at + size)
                self.optimizer.update_multi_precision(indices[part], weights[part], grads[part], held[part])
            return
        for i, w, g, state in zip(indices, weights, grads, held, strict=True):
            self.optimizer.update_multi_precision(i, w, g, state)

    def _state(self, index: Any, weight: Any) -> Any:
        """State of a weight: made at its first update, moved to its device after loading."""
        if index not in self.states:
            self.states[index] = self.optimizer.create_state_multi_precision(index, weight)
        elif not self.states_synced[index]:
            fresh = self.optimizer.create_state_multi_precision(index, weight)
            have, want = _sizes(self.states[index]), _sizes(fresh)
            if have != want:
                raise ValueError(
                    f"[Updater] the loaded state of weight {index!r} has arrays of {have} elements; "
                    f"{type(self.optimizer).__name__} as it is now needs {want}; create it as when they were saved"
                )
            self.states[index] = self.sync_state_context(self.states[index], weight.context, weight.shape)
        self.states_synced[index] = True
        return self.states[index]

    def sync_state_context(self, state: Any, context: Any, shape: tuple[int, ...] | None = None) -> Any:
        """Put the arrays of a state on a device.

        Parameters
        ----------
        state : None, number, array or tuple
            The state.
        context : Context
            The device.
        shape : tuple of int, optional
            Shape for arrays of as many elements: states saved from a flat
            buffer have one axis.

        Returns
        -------
        None, number, NDArray or tuple
            The state there.
        """
        if isinstance(state, (tuple, list)):
            return type(state)(self.sync_state_context(each, context, shape) for each in state)
        if isinstance(state, np.ndarray):
            from .. import ndarray

            state = ndarray.array(state, dtype=state.dtype)
        if not hasattr(state, "as_in_context"):
            return state
        if shape is not None and state.shape != shape and state.size == int(np.prod(shape)):
            state = state.reshape(shape)
        return state.as_in_context(context)

    def get_states(self, dump_optimizer: bool = False) -> bytes:
        """Write states and counters.

        Parameters
        ----------
        dump_optimizer : bool, default False
            Write rates, multipliers and the schedule too.

        Returns
        -------
        bytes
            In the format of `optimizer.states`, without pickled objects.
        """
        return state_bytes.dumps(self.states, self._extra(dump_optimizer))

    def snapshot(self, dump_optimizer: bool = False) -> tuple[dict[Any, Any], dict[str, Any]]:
        """Return copies of states and counters, for `optimizer.states.write`."""
        return {index: _copied(state) for index, state in self.states.items()}, self._extra(dump_optimizer)

    def _extra(self, dump_optimizer: bool) -> dict[str, Any]:
        extra = {"counters": self.optimizer.counters()}
        if dump_optimizer:
            extra["optimizer"] = self.optimizer.hyperparameters()
        return extra

    def set_states(self, states: bytes) -> None:
        """Take over what `get_states` of an updater or of a `FlatUpdater` gave.

        Parameters
        ----------
        states : bytes
            The states. Rates, multipliers and the schedule are taken over
            when they were written.

        Raises
        ------
        ValueError
            For damaged bytes, a pickle, or the states of another optimizer.
        """
        loaded, extra = state_bytes.loads(states)
        restore_optimizer(self.optimizer, extra)
        self.states = loaded
        self.states_synced = dict.fromkeys(loaded, False)


def _copied(state: Any) -> Any:
    """Copy of a state, with NumPy arrays."""
    if isinstance(state, (tuple, list)):
        return type(state)(_copied(each) for each in state)
    if isinstance(state, np.ndarray):
        return state.copy()
    return state.asnumpy() if hasattr(state, "asnumpy") else state


def _sizes(state: Any) -> Any:
    """Number of elements of each array of a state, nested as they are."""
    if isinstance(state, (tuple, list)):
        return [_sizes(each) for each in state]
    return getattr(state, "size", None)


def restore_optimizer(optimizer: Optimizer, extra: dict[str, Any]) -> None:
    """Give an optimizer the counters, and what else was saved of it.

    Parameters
    ----------
    optimizer : Optimizer
        Changed in place.
    extra : dict
        As `states.loads` returned it.
    """
    if "optimizer" in extra:
        optimizer.load_hyperparameters(extra["optimizer"])
    optimizer.load_counters(extra["counters"])


def get_updater(optimizer: Optimizer) -> Updater:
    """Make an updater.

    Parameters
    ----------
    optimizer : Optimizer
        The rule.

    Returns
    -------
    Updater
        Called with (index, gradient, weight).
    """
    return Updater(optimizer)
