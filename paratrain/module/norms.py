"""The norm of all gradients together, and the factor that keeps it within a bound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain.kvstore.transport import World

__all__ = ["clipping_factor", "global_norm", "sum_of_squares"]

#: Elements whose squares are added up as float32; sums of these are added up as float64.
_BLOCK = 1 << 16


def sum_of_squares(array: Any) -> float:
    """Add up the squares of an array's elements.

    Parameters
    ----------
    array : NDArray
        On any device.

    Returns
    -------
    float

    Examples
    --------
    >>> sum_of_squares(nd.array([3.0, 4.0]))
    25.0
    """
    if array.context.device_type == "gpu":
        return float(nd.multi_sum_sq(array, num_arrays=1).asscalar())
    flat = array.to_numpy_view().reshape(-1)
    blocks = (flat[start : start + _BLOCK] for start in range(0, flat.size, _BLOCK))
    if flat.dtype.itemsize < 4:
        blocks = (block.astype(np.float32) for block in blocks)
    return float(sum(float(np.dot(block, block)) for block in blocks))


def global_norm(ranks: World, parts: Iterable[Any], same: Iterable[Any]) -> float:
    """Euclidean norm of all gradients together. A collective.

    Parameters
    ----------
    ranks : World
    parts : iterable of NDArray
        What this rank has of arrays that are divided among the ranks.
    same : iterable of NDArray
        Arrays that every rank has alike.

    Returns
    -------
    float
        The same on every rank, to the last bit.
    """
    mine = np.array([sum(sum_of_squares(each) for each in parts)], np.float64)
    divided = sum(float(each[0]) for each in ranks.allgather(mine, "the norm of the gradients"))
    return float(np.sqrt(divided + sum(sum_of_squares(each) for each in same)))


def clipping_factor(norm: float, limit: float) -> float:
    """Return what gradients of this norm are multiplied by so that it is at most `limit`; 1 where it is, or is NaN.

    Examples
    --------
    >>> clipping_factor(2.0, 4.0), round(clipping_factor(8.0, 4.0), 6)
    (1.0, 0.5)
    """
    return limit / (norm + 1e-8) if norm > limit else 1.0
