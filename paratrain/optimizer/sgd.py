"""Gradient descent: plain, with momentum, with Nesterov's momentum, by sign, with noise, with correction of delay."""

from __future__ import annotations

import math
from typing import Any

from .. import ndarray as nd
from ..random import host_rng
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
        arguments = self._arguments(index)
        if state is None:
            nd.sgd_update(weight, grad, out=weight, **arguments)
        else:
            nd.nag_mom_update(weight, grad, state, out=weight, momentum=self.momentum, **arguments)


@register
class Signum(Optimizer):
    """Steps of one size, in the direction of the sign of the gradient or of its mean.

    With ``g = clip(rescale_grad * grad)``::

        momentum = 0:   weight = (1 - lr * wd) * weight - lr * sign(g)
        otherwise:      state = momentum * state - (1 - momentum) * (g + wd * weight)
                        weight = (1 - lr * wd_lh) * weight + lr * sign(state)

    Parameters
    ----------
    learning_rate : float, default 0.01
        The rate; with a schedule, its base rate.
    momentum : float, default 0.9
        Share of the mean that is kept.
    wd_lh : float, default 0.0
        Weight decay apart from the gradient, with momentum.
    **kwargs
        See `Optimizer`.
    """

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.9, wd_lh: float = 0.0, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.momentum = momentum
        self.wd_lh = wd_lh

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the mean; None without momentum."""
        return zeros_like(weight) if self.momentum else None

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        arguments = self._arguments(index)
        if state is None:
            nd.signsgd_update(weight, grad, out=weight, **arguments)
        else:
            arguments |= {"momentum": self.momentum, "wd_lh": self.wd_lh}
            nd.signum_update(weight, grad, state, out=weight, **arguments)


@register
class SGLD(Optimizer):
    """Stochastic gradient Langevin dynamics: gradient descent with noise, to sample weights.

    With ``g = clip(rescale_grad * grad) + wd * weight``::

        weight += normal(0, sqrt(lr)) - lr / 2 * g

    The noise comes from the host generator that ``mx.random.seed`` seeds.

    Parameters
    ----------
    **kwargs
        See `Optimizer`.
    """

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        lr = self._get_lr(index)
        noise = host_rng().normal(0, math.sqrt(lr), weight.shape).astype("float32")
        step = lr / 2 * (clipped(self, grad) + self._get_wd(index) * weight)
        weight[:] = weight - step + nd.array(noise, weight.context, dtype=weight.dtype)


@register
class DCASGD(Optimizer):
    """Gradient descent that corrects for the delay of gradients.

    With ``g = clip(rescale_grad * grad)``::

        step = momentum * step - lr * (g + wd * weight + lamda * g ** 2 * (weight - previous))
        previous = weight
        weight += step

    Parameters
    ----------
    momentum : float, default 0.0
        Share of the last step that the next one keeps.
    lamda : float, default 0.04
        Strength of the correction.
    **kwargs
        See `Optimizer`.
    """

    def __init__(self, momentum: float = 0.0, lamda: float = 0.04, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum
        self.lamda = lamda

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the step, or None without momentum; and a copy of the weight."""
        return (zeros_like(weight) if self.momentum else None, weight.copy())

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        last, previous = state
        seen = clipped(self, grad)
        late = seen + self._get_wd(index) * weight + self.lamda * nd.square(seen) * (weight - previous)
        step = -self._get_lr(index) * late
        if last is not None:
            step = self.momentum * last + step
            last[:] = step
        previous[:] = weight
        weight[:] = weight + step


@register
class Test(Optimizer):
    """Add the rescaled gradient to the weight: for tests of what surrounds an optimizer.

    Parameters
    ----------
    **kwargs
        See `Optimizer`; all but `rescale_grad` does not matter.
    """

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros, where `update` keeps a copy of the weight."""
        return zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        weight[:] = weight + grad * self.rescale_grad
        state[:] = weight
