"""Initializers that draw random values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .base import Initializer, register


def _rng() -> np.random.Generator:
    """Generator that `mx.random.seed` seeds."""
    from ..random import host_rng

    return host_rng()


#: Values drawn at a time, so that a large parameter needs no second array of float64 beside it.
_CHUNK = 1 << 16


def _fill(arr: Any, draw: Callable[[int], np.ndarray]) -> None:
    """Fill an array with ``draw(count)``, piece by piece."""
    flat = arr.reshape((-1,))
    for start in range(0, arr.size, _CHUNK):
        end = min(start + _CHUNK, arr.size)
        flat[start:end] = draw(end - start).astype(np.float32)


@register
class Uniform(Initializer):
    """Uniformly distributed values between ``-scale`` and ``scale``.

    Parameters
    ----------
    scale : float, default 0.07
        The bound.
    """

    def __init__(self, scale: float = 0.07) -> None:
        super().__init__(scale=scale)
        self.scale = scale

    def _init_weight(self, name: str, arr: Any) -> None:
        _fill(arr, lambda n: _rng().uniform(-self.scale, self.scale, n))


@register
class Normal(Initializer):
    """Normally distributed values with mean 0.

    Parameters
    ----------
    sigma : float, default 0.01
        Standard deviation.
    """

    def __init__(self, sigma: float = 0.01) -> None:
        super().__init__(sigma=sigma)
        self.sigma = sigma

    def _init_weight(self, name: str, arr: Any) -> None:
        _fill(arr, lambda n: _rng().normal(0, self.sigma, n))


@register
class Orthogonal(Initializer):
    """A matrix with orthogonal rows or columns, times `scale`.

    Axes after the first are taken as one.

    Parameters
    ----------
    scale : float, default 1.414
        Length of the rows (of the columns, when they are fewer).
    rand_type : {'uniform', 'normal'}, default 'uniform'
        Distribution of the random matrix it is made of.
    """

    def __init__(self, scale: float = 1.414, rand_type: str = "uniform") -> None:
        if rand_type not in ("uniform", "normal"):
            raise ValueError(f"[Orthogonal] rand_type must be 'uniform' or 'normal'; got {rand_type!r}")
        super().__init__(scale=scale, rand_type=rand_type)
        self.scale = scale
        self.rand_type = rand_type

    def _init_weight(self, name: str, arr: Any) -> None:
        shape = (arr.shape[0], math.prod(arr.shape[1:]))
        rng = _rng()
        values = rng.uniform(-1, 1, shape) if self.rand_type == "uniform" else rng.normal(0, 1, shape)
        left, _, right = np.linalg.svd(values, full_matrices=False)
        chosen = left if left.shape == shape else right
        arr[:] = (self.scale * chosen).reshape(arr.shape).astype(np.float32)


@register
class Xavier(Initializer):
    """Random values scaled so that activations keep their size from layer to layer.

    The scale is ``sqrt(magnitude / factor)`` where the factor is the number of
    inputs, of outputs, or their mean; a convolution counts its kernel in both.

    Parameters
    ----------
    rnd_type : {'uniform', 'gaussian'}, default 'uniform'
        Uniform between plus and minus the scale, or normal with the scale as
        standard deviation.
    factor_type : {'avg', 'in', 'out'}, default 'avg'
        What the factor is.
    magnitude : float, default 3
        See the formula.

    Examples
    --------
    >>> Xavier(rnd_type="gaussian", factor_type="in", magnitude=2).dumps()
    '["xavier", {"rnd_type": "gaussian", "factor_type": "in", "magnitude": 2}]'
    """

    def __init__(self, rnd_type: str = "uniform", factor_type: str = "avg", magnitude: float = 3) -> None:
        if rnd_type not in ("uniform", "gaussian"):
            raise ValueError(f"[Xavier] rnd_type must be 'uniform' or 'gaussian'; got {rnd_type!r}")
        if factor_type not in ("avg", "in", "out"):
            raise ValueError(f"[Xavier] factor_type must be 'avg', 'in' or 'out'; got {factor_type!r}")
        super().__init__(rnd_type=rnd_type, factor_type=factor_type, magnitude=magnitude)
        self.rnd_type = rnd_type
        self.factor_type = factor_type
        self.magnitude = float(magnitude)

    def _init_weight(self, name: str, arr: Any) -> None:
        shape = tuple(arr.shape)
        if len(shape) < 2:
            raise ValueError(
                f"[{type(self).__name__}] {name} must have at least 2 axes (outputs, inputs); got shape {shape}"
            )
        kernel = math.prod(shape[2:])
        fan_in, fan_out = shape[1] * kernel, shape[0] * kernel
        factor = {"avg": (fan_in + fan_out) / 2, "in": fan_in, "out": fan_out}[self.factor_type]
        scale = math.sqrt(self.magnitude / factor)
        if self.rnd_type == "uniform":
            _fill(arr, lambda n: _rng().uniform(-scale, scale, n))
        else:
            _fill(arr, lambda n: _rng().normal(0, scale, n))


@register
class MSRAPrelu(Xavier):
    """Normal values scaled for layers with (leaky) rectifiers: `Xavier` of magnitude ``2 / (1 + slope ** 2)``.

    Parameters
    ----------
    factor_type : {'avg', 'in', 'out'}, default 'avg'
        See `Xavier`.
    slope : float, default 0.25
        Slope of the rectifier below zero.
    """

    def __init__(self, factor_type: str = "avg", slope: float = 0.25) -> None:
        super().__init__("gaussian", factor_type, 2.0 / (1 + slope**2))
        self._kwargs = {"factor_type": factor_type, "slope": slope}
