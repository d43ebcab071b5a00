"""Updates of optimizers that are more than a call of one operator: `mx.nd.contrib.adamw_update` and others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ndarray.creation import full
from paratrain.ndarray.invoke import CALLS as F
from paratrain.ndarray.ndarray import NDArray

__all__ = [
    "adamw_update",
    "mp_adamw_update",
    "multi_adamw_update",
    "multi_lamb_update",
    "multi_mp_adamw_update",
    "multi_mp_lamb_update",
]


def _factor(rescale_grad: Any, like: NDArray) -> NDArray:
    """The factor of the gradient as an array (1,)."""
    if isinstance(rescale_grad, NDArray):
        return rescale_grad
    return full((1,), float(rescale_grad), ctx=like.context)


def _groups(name: str, *lists: Sequence[NDArray]) -> list[NDArray]:
    """The arrays of the first weight, then of the next: ``[w0, g0, ..., w1, g1, ...]``."""
    count = len(lists[0])
    for arrays in lists:
        if len(arrays) != count:
            raise ValueError(f"[{name}] every list must have {count} arrays, one for each weight; got {len(arrays)}")
    return [array for group in zip(*lists) for array in group]


def adamw_update(
    weight: NDArray, grad: NDArray, mean: NDArray, var: NDArray, rescale_grad: Any, lr: float, eta: float, **kwargs: Any
) -> NDArray:
    """Adam with weight decay apart from the gradient: ``w -= eta * (lr * m / (sqrt(v) + epsilon) + wd * w)``.

    Parameters
    ----------
    weight, grad, mean, var : NDArray
        `mean` and `var` change in place.
    rescale_grad : float or NDArray, shape (1,)
        Factor of the gradient; there is no step where it is 0 or not finite.
    lr, eta : float
        Learning rate, and the factor of the whole step.
    **kwargs
        ``beta1`` (0.9), ``beta2`` (0.999), ``epsilon`` (1e-8), ``wd`` (0), ``clip_gradient`` (-1: none), ``out``.

    Returns
    -------
    NDArray
        The new weight.

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, m, v = mx.nd.ones((2,)), mx.nd.ones((2,)), mx.nd.zeros((2,)), mx.nd.zeros((2,))
    >>> mx.nd.contrib.adamw_update(w, g, m, v, 1.0, lr=0.1, eta=1.0, wd=0.5).asnumpy().round(3)
    array([0.184, 0.184], dtype=float32)
    """
    return F._adamw_update(weight, grad, mean, var, _factor(rescale_grad, weight), lr=lr, eta=eta, **kwargs)


def mp_adamw_update(
    weight: NDArray,
    grad: NDArray,
    mean: NDArray,
    var: NDArray,
    weight32: NDArray,
    rescale_grad: Any,
    lr: float,
    eta: float,
    **kwargs: Any,
) -> NDArray:
    """`adamw_update` of a 16-bit weight, computed in float32 on its copy `weight32`, which changes in place."""
    factor = _factor(rescale_grad, weight)
    return F._mp_adamw_update(weight, grad, mean, var, weight32, factor, lr=lr, eta=eta, **kwargs)


def multi_adamw_update(
    weights: Sequence[NDArray],
    grads: Sequence[NDArray],
    mean: Sequence[NDArray],
    var: Sequence[NDArray],
    rescale_grad: Any,
    lrs: Sequence[float],
    wds: Sequence[float],
    etas: Sequence[float],
    out: Any = None,
    name: str | None = None,
    size: int = 0,
    **kwargs: Any,
) -> Any:
    """`adamw_update` of several weights: lists of arrays, and a rate, decay and factor for each.

    Parameters
    ----------
    size : int
        Number of weights (default: as many as there are).
    out : list of NDArray, optional
        Where the new weights go, often `weights`.
    **kwargs
        As of `adamw_update`.
    """
    arrays = _groups("multi_adamw_update", weights, grads, mean, var)
    rates = {"lrs": lrs, "wds": wds, "etas": etas, "num_weights": size or len(weights)}
    return F._multi_adamw_update(*arrays, _factor(rescale_grad, weights[0]), out=out, **rates, **kwargs)


def multi_mp_adamw_update(
    weights: Sequence[NDArray],
    grads: Sequence[NDArray],
    mean: Sequence[NDArray],
    var: Sequence[NDArray],
    weights32: Sequence[NDArray],
    rescale_grad: Any,
    lrs: Sequence[float],
    wds: Sequence[float],
    etas: Sequence[float],
    out: Any = None,
    name: str | None = None,
    size: int = 0,
    **kwargs: Any,
) -> Any:
    """`mp_adamw_update` of several weights; see `multi_adamw_update`."""
    arrays = _groups("multi_mp_adamw_update", weights, grads, mean, var, weights32)
    rates = {"lrs": lrs, "wds": wds, "etas": etas, "num_weights": size or len(weights)}
    return F._multi_mp_adamw_update(*arrays, _factor(rescale_grad, weights[0]), out=out, **rates, **kwargs)


def multi_lamb_update(
    weights: Sequence[NDArray],
    grads: Sequence[NDArray],
    mean: Sequence[NDArray],
    var: Sequence[NDArray],
    step_count: Sequence[int],
    lrs: Sequence[float],
    wds: Sequence[float],
    out: Any = None,
    num_tensors: int = 0,
    **kwargs: Any,
) -> Any:
    """LAMB's update of several weights.

    Parameters
    ----------
    weights, grads, mean, var : list of NDArray
        `mean` and `var` change in place.
    step_count : list of int
        Number of each weight's step, from 1.
    lrs, wds : list of float
        Learning rate and weight decay of each weight.
    out : list of NDArray, optional
        Where the new weights go, often `weights`.
    num_tensors : int
        Number of weights (default: as many as there are).
    **kwargs
        ``beta1`` (0.9), ``beta2`` (0.999), ``epsilon`` (1e-6), ``rescale_grad`` (1), ``lower_bound`` and
        ``upper_bound`` of the weight's norm (-1: none), ``clip_gradient`` (-1: none), ``bias_correction`` (True).
    """
    arrays = _groups("multi_lamb_update", weights, grads, mean, var)
    rates = {"learning_rates": lrs, "wds": wds, "step_count": step_count, "num_tensors": num_tensors or len(weights)}
    return F._multi_lamb_update(*arrays, out=out, **rates, **kwargs)


def multi_mp_lamb_update(
    weights: Sequence[NDArray],
    grads: Sequence[NDArray],
    mean: Sequence[NDArray],
    var: Sequence[NDArray],
    weights32: Sequence[NDArray],
    step_count: Sequence[int],
    lrs: Sequence[float],
    wds: Sequence[float],
    out: Any = None,
    num_tensors: int = 0,
    **kwargs: Any,
) -> Any:
    """`multi_lamb_update` of 16-bit weights, computed in float32 on their copies `weights32`."""
    arrays = _groups("multi_mp_lamb_update", weights, grads, mean, var, weights32)
    rates = {"learning_rates": lrs, "wds": wds, "step_count": step_count, "num_tensors": num_tensors or len(weights)}
    return F._multi_mp_lamb_update(*arrays, out=out, **rates, **kwargs)
