"""Optimizers that scale each element's step by the gradients it has had."""

from __future__ import annotations

from typing import Any

from .. import ndarray as nd
from .base import Optimizer, register
from .common import clipped, zeros_like


@register
class AdaGrad(Optimizer):
    """AdaGrad.

    With ``g = clip(rescale_grad * grad)``::

        history += g ** 2
        weight -= lr * (g / sqrt(history + eps) + wd * weight)

    Parameters
    ----------
    eps : float, default 1e-7
        Keeps the quotient finite.
    **kwargs
        See `Optimizer`.
    """

    def __init__(self, eps: float = 1e-7, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.float_stable_eps = eps

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the sum of squares."""
        return zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        seen = clipped(self, grad)
        state[:] = state + nd.square(seen)
        step = seen / nd.sqrt(state + self.float_stable_eps) + self._get_wd(index) * weight
        weight[:] = weight - self._get_lr(index) * step


@register
class GroupAdaGrad(Optimizer):
    """AdaGrad with one scale for each row of a weight.

    With ``g = clip(rescale_grad * grad)``::

        history += mean(g ** 2, over all axes but the first)
        weight -= lr * g / sqrt(history + eps)

    Parameters
    ----------
    eps : float, default 1e-5
        Keeps the quotient finite.
    **kwargs
        See `Optimizer`; a weight decay is refused.

    Raises
    ------
    ValueError
        At an update of a weight with a weight decay.
    """

    def __init__(self, eps: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.float_stable_eps = eps

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the sum of mean squares, one per row."""
        return nd.zeros((weight.shape[0], 1), weight.context, dtype=weight.dtype)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        if self._get_wd(index):
            raise ValueError(f"[GroupAdaGrad] weight decay must be 0; got {self._get_wd(index)} for weight {index!r}")
        seen = clipped(self, grad).reshape((weight.shape[0], -1))
        state[:] = state + nd.mean(nd.square(seen), axis=1, keepdims=True)
        step = self._get_lr(index) * seen / nd.sqrt(state + self.float_stable_eps)
        weight[:] = weight - step.reshape(weight.shape)


@register
class AdaDelta(Optimizer):
    """AdaDelta, which needs no learning rate.

    With ``g = clip(rescale_grad * grad)``::

        squares = rho * squares + (1 - rho) * g ** 2
        step = sqrt(steps + epsilon) / sqrt(squares + epsilon) * g
        steps = rho * steps + (1 - rho) * step ** 2
        weight -= step + wd * weight

    Parameters
    ----------
    rho : float, default 0.9
        Share of both means that is kept.
    epsilon : float, default 1e-5
        Keeps the quotient finite.
    **kwargs
        See `Optimizer`; `learning_rate` does not matter.
    """

    def __init__(self, rho: float = 0.9, epsilon: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rho = rho
        self.epsilon = epsilon

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the mean squares of gradients and of steps."""
        return (zeros_like(weight), zeros_like(weight))

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        self._update_count(index)
        squares, steps = state
        seen = clipped(self, grad)
        squares[:] = self.rho * squares + (1.0 - self.rho) * nd.square(seen)
        step = nd.sqrt(steps + self.epsilon) / nd.sqrt(squares + self.epsilon) * seen
        steps[:] = self.rho * steps + (1.0 - self.rho) * nd.square(step)
        weight[:] = weight - step - self._get_wd(index) * weight


@register
class RMSProp(Optimizer):
    """RMSProp, plain or centered.

    With ``g = clip(rescale_grad * grad + wd * weight)``::

        squares = gamma1 * squares + (1 - gamma1) * g ** 2
        plain:      weight -= lr * g / sqrt(squares + epsilon)
        centered:   mean = gamma1 * mean + (1 - gamma1) * g
                    step = gamma2 * step - lr * g / sqrt(squares - mean ** 2 + epsilon)
                    weight += step

    Parameters
    ----------
    learning_rate : float, default 0.001
        The rate; with a schedule, its base rate.
    gamma1 : float, default 0.9
        Share of the means that is kept.
    gamma2 : float, default 0.9
        Share of the step that is kept, when centered.
    epsilon : float, default 1e-8
        Keeps the quotient finite.
    centered : bool, default False
        Which of the two.
    clip_weights : float, optional
        Bound of each element of the new weight.
    **kwargs
        See `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        gamma1: float = 0.9,
        gamma2: float = 0.9,
        epsilon: float = 1e-8,
        centered: bool = False,
        clip_weights: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.gamma1 = gamma1
        self.gamma2 = gamma2
        self.epsilon = epsilon
        self.centered = centered
        self.clip_weights = clip_weights

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for the mean square, and when centered for the mean and the step."""
        return tuple(zeros_like(weight) for _ in range(3 if self.centered else 1))

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        arguments = {"gamma1": self.gamma1, "epsilon": self.epsilon, **self._arguments(index)}
        arguments["clip_weights"] = -1.0 if self.clip_weights is None else self.clip_weights
        if self.centered:
            nd.rmspropalex_update(weight, grad, *state, out=weight, gamma2=self.gamma2, **arguments)
        else:
            nd.rmsprop_update(weight, grad, *state, out=weight, **arguments)


@register
class Ftrl(Optimizer):
    """Follow the regularized leader, with weights that stay at zero.

    With ``g = clip(rescale_grad * grad)``::

        z += g - (sqrt(n + g ** 2) - sqrt(n)) * weight / lr
        n += g ** 2
        weight = (sign(z) * lamda1 - z) / ((beta + sqrt(n)) / lr + wd) if |z| > lamda1 else 0

    Parameters
    ----------
    lamda1 : float, default 0.01
        Strength of the L1 penalty.
    learning_rate : float, default 0.1
        The rate; with a schedule, its base rate.
    beta : float, default 1
        Slows the first steps.
    **kwargs
        See `Optimizer`.
    """

    def __init__(self, lamda1: float = 0.01, learning_rate: float = 0.1, beta: float = 1, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.lamda1 = lamda1
        self.beta = beta

    def create_state(self, index: Any, weight: Any) -> Any:
        """Zeros for `z` and `n`."""
        return (zeros_like(weight), zeros_like(weight))

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place."""
        arguments = {"lamda1": self.lamda1, "beta": self.beta, **self._arguments(index)}
        nd.ftrl_update(weight, grad, *state, out=weight, **arguments)
