"""Gradient descent: plain, with momentum, with Nesterov's momentum."""

from __future__ import annotations

from typing import Any

from .. import ndarray as nd
from .base import Optimizer, is_low_precision, register
from .common import clipped, zeros_like


class MomentumOptimizer(Optimizer):
    """State and precision of the optimizers that keep a momentum.

    The state is an array, or None without momentum; of a 16-bit weight with
    `multi_precision` it is (momentum, float32 copy of the weight).
    """

    def __init__(self, momentum: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the momentum; None without one."""
        return zeros_like(weight) if self.momentum else None

    def create_state_multi_precision(self, index: Any, weight: Any) -> Any:
        """Make (momentum, float32 copy) for a 16-bit weight with `multi_precision`, else as `create_state`."""
        if self._keeps_copy(weight):
            copy = weight.astype("float32")
            return (self.create_state(index, copy), copy)
        return self.create_state(index, weight)

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place, through its float32 copy where it has one."""
        if not (self.multi_precision and is_low_precision(weight)):
            self.update(index, weight, grad, state)
            return
        momentum, copy = state
        self.update(index, copy, grad.astype("float32"), momentum)
        weight[:] = copy.astype(weight.dtype)


@register
class SGD(MomentumOptimizer):
    """Stochastic gradient descent, with momentum.

    With ``g = clip(rescale_grad * grad) + wd * weight``::

        momentum = 0:   weight -= lr * g
        otherwise:      state = momentum * state - lr * g
                        weight += state

    Parameters
    ----------
    momentum : float, default 0.0
        Share of the last step that the next one keeps.
    lazy_update : bool, default True
        Kept for MXNet's scripts: it matters for sparse gradients, of which there are none.
    **kwargs
        See `Optimizer`.

    Examples
    --------
    >>> import paratrain as mx
    >>> optimizer = mx.optimizer.create("sgd", learning_rate=0.5, momentum=0.5)
    >>> weight, grad = mx.nd.zeros((1,)), mx.nd.ones((1,))
    >>> state = optimizer.create_state(0, weight)
    >>> for _ in range(2):
    ...     optimizer.update(0, weight, grad, state)
    >>> float(weight.asscalar())
    -1.25
    """

    _flat_rule = "sgd"

    def __init__(self, momentum: float = 0.0, lazy_update: bool = True, **kwargs: Any) -> None:
        super().__init__(momentum, **kwargs)
        self.lazy_update = lazy_update

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place, or each of a list."""
        for i, w, g, s in self._each(index, weight, grad, state):
            arguments = self._arguments(i)
            if s is None:
                nd.sgd_update(w, g, out=w, **arguments)
            else:
                nd.sgd_mom_update(w, g, s, out=w, momentum=self.momentum, **arguments)

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place, or each of a list, through the float32 copy where there is one."""
        for i, w, g, s in self._each(index, weight, grad, state):
            if not (self.multi_precision and is_low_precision(w)):
                self.update(i, w, g, s)
                continue
            momentum, copy = s
            arguments = self._arguments(i)
            if momentum is None:
                nd.mp_sgd_update(w, g, copy, out=w, **arguments)
            else:
                nd.mp_sgd_mom_update(w, g, momentum, copy, out=w, momentum=self.momentum, **arguments)

    def _arguments(self, index: Any) -> dict[str, float]:
        """Count an update and give the rates for it."""
        self._update_count(index)
        return {"lr": self._get_lr(index), "wd": self._get_wd(index), **self._common()}

    @staticmethod
    def _each(index: Any, weight: Any, grad: Any, state: Any) -> list[tuple[Any, Any, Any, Any]]:
        if not isinstance(index, (list, tuple)):
            return [(index, weight, grad, state)]
        return list(zip(index, weight, grad, state, strict=True))


@register
class NAG(MomentumOptimizer):
    """Stochastic gradient descent with Nesterov's momentum.

    With ``g = clip(rescale_grad * grad)``::

        step = lr * (g + wd * weight)
        weight += momentum * (momentum * state - step) - step
        state = momentum * state - lr * (g + wd * weight)

    where the last line uses the new weight, as MXNet does.

    Parameters
    ----------
    momentum : float, default 0.0
        Share of the last step that the next one keeps.
    **kwargs
        See `Optimizer`.
    """

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        lr, wd = self._get_lr(index), self._get_wd(index)
        if state is None:
            nd.sgd_update(weight, grad, out=weight, lr=lr, wd=wd, **self._common())
            return
        scaled = clipped(self, grad)
        step = lr * (scaled + wd * weight)
        kept = self.momentum * state
        weight[:] = weight + self.momentum * (kept - step) - step
        state[:] = kept - lr * (scaled + wd * weight)
