"""Adam and its relatives: steps scaled by running moments of the gradient."""

from __future__ import annotations

import math
from typing import Any

from .. import ndarray as nd
from .base import Optimizer, register
from .common import clip, zeros_like


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
        arguments = self._arguments(index)
        arguments["lr"] = self.corrected(index, arguments["lr"])
        arguments |= {"beta1": self.beta1, "beta2": self.beta2, "epsilon": self.epsilon}
        nd.adam_update(weight, grad, *state, out=weight, **arguments)


@register
class Adamax(Optimizer):
    """Adam with the largest gradient in place of the mean square.

    With ``g = clip(rescale_grad * grad + wd * weight)`` and `t` counting the updates::

        mean = beta1 * mean + (1 - beta1) * g
        largest = max(beta2 * largest, |g|)
        weight -= lr / (1 - beta1 ** t) * mean / largest

    Parameters
    ----------
    learning_rate : float, default 0.002
        The rate; with a schedule, its base rate.
    beta1, beta2 : float, default 0.9 and 0.999
        Share of the mean, and of the largest gradient, that is kept.
    **kwargs
        See `Optimizer`.
    """

    def __init__(self, learning_rate: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the mean and the largest."""
        return (zeros_like(weight), zeros_like(weight))

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        rate = self._get_lr(index) / (1.0 - self.beta1 ** self._index_update_count[index])
        seen = clip(grad * self.rescale_grad + self._get_wd(index) * weight, self.clip_gradient)
        mean, largest = state
        mean[:] = self.beta1 * mean + (1.0 - self.beta1) * seen
        largest[:] = nd.broadcast_maximum(self.beta2 * largest, nd.abs(seen))
        weight[:] = weight - rate * mean / largest


@register
class Nadam(Optimizer):
    """Adam with Nesterov's momentum.

    The momentum follows the schedule ``beta1 * (1 - 0.96 ** (t * schedule_decay) / 2)``,
    whose running product all weights share.

    Parameters
    ----------
    learning_rate : float, default 0.001
        The rate; with a schedule, its base rate.
    beta1, beta2 : float, default 0.9 and 0.999
        Share of the running mean and of the running square that is kept.
    epsilon : float, default 1e-8
        Keeps the quotient finite.
    schedule_decay : float, default 0.004
        See the formula.
    **kwargs
        See `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        schedule_decay: float = 0.004,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.schedule_decay = schedule_decay
        self.m_schedule = 1.0

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the running mean and the running square."""
        return (zeros_like(weight), zeros_like(weight))

    def counters(self) -> dict[str, Any]:
        """Return the numbers of updates done, and the product of the momentum schedule."""
        return {**super().counters(), "m_schedule": self.m_schedule}

    def load_counters(self, saved: dict[str, Any]) -> None:
        """Take over what `counters` gave."""
        super().load_counters(saved)
        self.m_schedule = float(saved["m_schedule"])

    def _momentum(self, count: int) -> float:
        return self.beta1 * (1.0 - 0.5 * 0.96 ** (count * self.schedule_decay))

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        count = self._index_update_count[index]
        seen = clip(grad * self.rescale_grad + self._get_wd(index) * weight, self.clip_gradient)
        now, following = self._momentum(count), self._momentum(count + 1)
        self.m_schedule *= now
        mean, var = state
        mean[:] = self.beta1 * mean + (1.0 - self.beta1) * seen
        var[:] = self.beta2 * var + (1.0 - self.beta2) * nd.square(seen)
        direction = (1.0 - now) / (1.0 - self.m_schedule) * seen
        direction = direction + following / (1.0 - self.m_schedule * following) * mean
        scale = nd.sqrt(var / (1.0 - self.beta2**count)) + self.epsilon
        weight[:] = weight - self._get_lr(index) * direction / scale


@register
class FTML(Optimizer):
    """Follow the moving leader.

    With ``g = clip(rescale_grad * grad + wd * weight)`` and `t` counting the updates::

        var = beta2 * var + (1 - beta2) * g ** 2
        next = (1 - beta1 ** t) / lr * (sqrt(var / (1 - beta2 ** t)) + epsilon)
        z = beta1 * z + (1 - beta1) * g - (next - beta1 * previous) * weight
        weight = -z / next

    Parameters
    ----------
    beta1, beta2 : float, default 0.6 and 0.999
        Share of the sum and of the running square that is kept.
    epsilon : float, default 1e-8
        Keeps the quotient finite.
    **kwargs
        See `Optimizer`.
    """

    def __init__(self, beta1: float = 0.6, beta2: float = 0.999, epsilon: float = 1e-8, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the previous scale, the running square and the sum."""
        return tuple(zeros_like(weight) for _ in range(3))

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        count = self._index_update_count[index]
        seen = clip(grad * self.rescale_grad + self._get_wd(index) * weight, self.clip_gradient)
        previous, var, z = state
        var[:] = self.beta2 * var + (1.0 - self.beta2) * nd.square(seen)
        root = nd.sqrt(var / (1.0 - self.beta2**count)) + self.epsilon
        scale = (1.0 - self.beta1**count) / self._get_lr(index) * root
        z[:] = self.beta1 * z + (1.0 - self.beta1) * seen - (scale - self.beta1 * previous) * weight
        weight[:] = -z / scale
        previous[:] = scale
