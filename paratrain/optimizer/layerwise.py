"""Optimizers for large batches: the step of each layer is measured against the layer."""

from __future__ import annotations

import math
from typing import Any

from .. import ndarray as nd
from .base import Optimizer, register
from .common import clipped, zeros_like
from .sgd import MomentumOptimizer


def norm(values: Any) -> float:
    """Euclidean length of an array."""
    return math.sqrt(float(nd.sum(nd.square(values)).asscalar()))


@register
class LAMB(Optimizer):
    """Adam whose step is as long as the weight, layer by layer.

    With ``g = clip(rescale_grad * grad)`` and Adam's moments of it::

        direction = mean / (sqrt(var) + epsilon) + wd * weight
        weight -= lr * norm(weight) / norm(direction) * direction

    where the quotient is 1 when either norm is 0.

    Parameters
    ----------
    learning_rate : float, default 0.001
        The rate; with a schedule, its base rate.
    beta1, beta2 : float, default 0.9 and 0.999
        Share of the running mean and of the running square that is kept.
    epsilon : float, default 1e-6
        Keeps the quotient finite.
    lower_bound, upper_bound : float, optional
        Bounds of the weight's norm in the formula.
    bias_correction : bool, default True
        Correct the moments for having begun at zero.
    **kwargs
        See `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-6,
        lower_bound: float | None = None,
        upper_bound: float | None = None,
        bias_correction: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.lower_bound = lower_bound
        self.upper_bound = upper_bound
        self.bias_correction = bias_correction

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the running mean and the running square."""
        return (zeros_like(weight), zeros_like(weight))

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        count = self._index_update_count[index] if self.bias_correction else None
        seen = clipped(self, grad)
        mean, var = state
        mean[:] = self.beta1 * mean + (1.0 - self.beta1) * seen
        var[:] = self.beta2 * var + (1.0 - self.beta2) * nd.square(seen)
        first = mean if count is None else mean / (1.0 - self.beta1**count)
        second = var if count is None else var / (1.0 - self.beta2**count)
        direction = first / (nd.sqrt(second) + self.epsilon) + self._get_wd(index) * weight
        weight[:] = weight - self._get_lr(index) * self._ratio(norm(weight), norm(direction)) * direction

    def _ratio(self, weight: float, direction: float) -> float:
        if self.lower_bound is not None:
            weight = max(weight, self.lower_bound)
        if self.upper_bound is not None:
            weight = min(weight, self.upper_bound)
        return weight / direction if weight and direction else 1.0


@register
class LARS(MomentumOptimizer):
    """Gradient descent with momentum whose rate is scaled layer by layer.

    With ``g = clip(rescale_grad * grad)``::

        scale = eta * norm(weight) / (norm(rescale_grad * grad) + wd * norm(weight) + eps)
        state = momentum * state - lr * scale * (g + wd * weight)
        weight += state

    The scale is 1 when either norm is 0, and for weights whose name ends in
    ``gamma``, ``beta`` or ``bias``. Only weights whose name ends in ``weight`` get
    weight decay, unless a multiplier says so.

    Parameters
    ----------
    momentum : float, default 0.0
        Share of the last step that the next one keeps.
    lazy_update : bool, default True
        Kept for MXNet's scripts: it matters for sparse gradients, of which there are none.
    eta : float, default 0.001
        Factor of the scale.
    eps : float, default 0
        Keeps the quotient finite.
    momentum_correction : bool, default True
        When the rate changes, scale the momentum with it.
    **kwargs
        See `Optimizer`.
    """

    _decayed = ("_weight",)

    def __init__(
        self,
        momentum: float = 0.0,
        lazy_update: bool = True,
        eta: float = 0.001,
        eps: float = 0,
        momentum_correction: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(momentum, **kwargs)
        self.lazy_update = lazy_update
        self.eta = eta
        self.eps = eps
        self.momentum_correction = momentum_correction
        self._last_rates: dict[Any, float] = {}

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        lr, wd = self._get_lr(index), self._get_wd(index)
        kept = self.momentum * self._correction(index, lr)
        rate = lr * self._scale(index, weight, grad, wd)
        if state is None:
            nd.sgd_update(weight, grad, out=weight, lr=rate, wd=wd, **self._common())
        else:
            nd.sgd_mom_update(weight, grad, state, out=weight, lr=rate, wd=wd, momentum=kept, **self._common())

    def _correction(self, index: Any, lr: float) -> float:
        """Factor of the momentum: the rate over that of the weight's last update."""
        last = self._last_rates.get(index, lr)
        self._last_rates[index] = lr
        return lr / last if self.momentum_correction and last else 1.0

    def _scale(self, index: Any, weight: Any, grad: Any, wd: float) -> float:
        if self.idx2name.get(index, "").endswith(("gamma", "beta", "bias")):
            return 1.0
        size, slope = norm(weight), norm(grad) * abs(self.rescale_grad)
        return self.eta * size / (slope + wd * size + self.eps) if size and slope else 1.0

    def counters(self) -> dict[str, Any]:
        """Return the numbers of updates done, and the rates of the last ones."""
        return {**super().counters(), "last_rates": list(map(list, self._last_rates.items()))}

    def load_counters(self, saved: dict[str, Any]) -> None:
        """Take over what `counters` gave."""
        super().load_counters(saved)
        self._last_rates = {index: float(rate) for index, rate in saved["last_rates"]}
