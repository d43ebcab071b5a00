"""Adam: steps scaled by running moments of the gradient."""

from __future__ import annotations

import math
from typing import Any

from .. import ndarray as nd
from .base import Optimizer, register
from .common import zeros_like


@register
class Adam(Optimizer):
    """Adam.

    With ``g = clip(rescale_grad * grad + wd * weight)`` and `t` counting the updates::

        mean = beta1 * mean + (1 - beta1) * g
        var = beta2 * var + (1 - beta2) * g ** 2
        weight -= lr * sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * mean / (sqrt(var) + epsilon)

    Parameters
    ----------
    learning_rate : float, default 0.001
        The rate; with a schedule, its base rate.
    beta1, beta2 : float, default 0.9 and 0.999
        Share of the running mean and of the running square that is kept.
    epsilon : float, default 1e-8
        Keeps the quotient finite.
    lazy_update : bool, default True
        Kept for MXNet's scripts: it matters for sparse gradients, of which there are none.
    **kwargs
        See `Optimizer`.

    Examples
    --------
    >>> import paratrain as mx
    >>> updater = mx.optimizer.get_updater(mx.optimizer.create("adam", learning_rate=0.5))
    >>> weight = mx.nd.zeros((1,))
    >>> updater(0, mx.nd.ones((1,)), weight)
    >>> round(float(weight.asscalar()), 4)
    -0.5
    """

    _flat_rule = "adam"

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        lazy_update: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.lazy_update = lazy_update

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the running mean and the running square."""
        return (zeros_like(weight), zeros_like(weight))

    def corrected(self, index: Any, lr: float) -> float:
        """Rate with the correction for moments that began at zero.

        Parameters
        ----------
        index : int or str
            The weight, whose number of updates counts.
        lr : float
            Its rate.

        Returns
        -------
        float
            ``lr * sqrt(1 - beta2 ** t) / (1 - beta1 ** t)``.
        """
        count = self._index_update_count[index]
        return lr * math.sqrt(1.0 - self.beta2**count) / (1.0 - self.beta1**count)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        mean, var = state
        nd.adam_update(
            weight,
            grad,
            mean,
            var,
            out=weight,
            lr=self.corrected(index, self._get_lr(index)),
            wd=self._get_wd(index),
            beta1=self.beta1,
            beta2=self.beta2,
            epsilon=self.epsilon,
            **self._common(),
        )
