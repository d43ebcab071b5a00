"""Functions of `mx.nd.contrib` that are made of several operators, or whose results' shapes depend on values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from paratrain.context import Context
from paratrain.ndarray.creation import array
from paratrain.ndarray.invoke import F
from paratrain.ndarray.ndarray import NDArray

__all__ = ["boolean_mask", "rand_zipfian"]


def boolean_mask(data: NDArray, index: NDArray, axis: int = 0, out: NDArray | None = None) -> NDArray:
    """Rows of an array (along axis 0) where a mask is not zero.

    The mask is read by the host, since the shape of the result depends on its values.

    Parameters
    ----------
    data : NDArray
    index : NDArray
        Mask of shape ``(data.shape[0],)``.
    axis : int, default 0
        Only 0 is supported, as in MXNet.
    out : NDArray, optional
        Array to write to.

    Returns
    -------
    NDArray
        As many rows as the mask has elements that are not zero.

    Raises
    ------
    ValueError
        If `axis` is not 0, or the mask has another length.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.contrib.boolean_mask(mx.nd.array([[1, 2], [3, 4], [5, 6]]), mx.nd.array([0, 1, 1])).asnumpy()
    array([[3., 4.],
           [5., 6.]], dtype=float32)
    """
    if axis != 0:
        raise ValueError(f"[boolean_mask] axis must be 0; got {axis} (use swapaxes)")
    if not data.shape or index.shape != data.shape[:1]:
        raise ValueError(
            f"[boolean_mask] index must have the shape of axis 0 of data, {data.shape[:1]}; got {index.shape}"
        )
    chosen = array(np.flatnonzero(index.asnumpy()), ctx=data.context, dtype="int64")
    return F.take(data, chosen, axis=0, mode="clip", out=out)


def rand_zipfian(
    true_classes: NDArray, num_sampled: int, range_max: int, ctx: Context | None = None
) -> tuple[Any, Any, Any]:
    """Draw candidates from classes whose frequencies fall as those of ranked words, for sampled losses.

    Class k has the probability ``(log(k + 2) - log(k + 1)) / log(range_max + 1)``.

    Parameters
    ----------
    true_classes : NDArray
        Classes whose expected counts are wanted, too.
    num_sampled : int
        Number of candidates; a class may come more than once.
    range_max : int
        Number of classes.
    ctx : Context, optional
        Device of the results; default that of `true_classes`.

    Returns
    -------
    tuple of NDArray
        Candidates (int64), and the expected counts (float64) of `true_classes` and of the candidates.

    Examples
    --------
    >>> import paratrain as mx
    >>> candidates, of_true, of_candidates = mx.nd.contrib.rand_zipfian(mx.nd.array([3]), 4, 5)
    >>> candidates.shape, round(float(of_true.asscalar()), 4)
    ((4,), 0.4982)
    """
    span = math.log(range_max + 1)
    place = ctx or true_classes.context
    drawn = F._random_uniform(low=0.0, high=span, shape=(num_sampled,), dtype="float64", ctx=str(place))
    # rounding may reach range_max
    candidates = F._mod_scalar(F.Cast(F.expm1(drawn), dtype="int64"), scalar=range_max)

    def expected(classes: Any) -> Any:
        share = F.log1p(F.reciprocal(F._plus_scalar(F.Cast(classes, dtype="float64"), scalar=1.0)))
        return F._mul_scalar(share, scalar=num_sampled / span)

    return candidates, expected(true_classes.as_in_context(place)), expected(candidates)
