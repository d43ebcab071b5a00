"""Functions of `mx.nd` that are made of operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ndarray.invoke import F
from paratrain.ndarray.ndarray import NDArray

__all__ = ["histogram", "onehot_encode", "split_v2"]


def histogram(
    a: NDArray, bins: int | NDArray = 10, range: tuple[float, float] | None = None
) -> tuple[NDArray, NDArray]:
    """Count the elements of an array that lie in each of several bins.

    Parameters
    ----------
    a : NDArray
        Array of any shape.
    bins : int or NDArray, default 10
        Number of equal bins, or the growing edges of bins.
    range : tuple of float, optional
        Ends of equal bins; default the smallest and the largest element (the counts are float32 then, as in MXNet).

    Returns
    -------
    tuple of NDArray
        Counts (int64) and edges.

    Raises
    ------
    TypeError
        If `bins` is neither a number nor an array.
    ValueError
        If the range is empty.

    Examples
    --------
    >>> import paratrain as mx
    >>> counts, edges = mx.nd.histogram(mx.nd.array([0, 1, 1, 4]), bins=2, range=(0, 4))
    >>> counts.asnumpy(), edges.asnumpy()
    (array([3, 1]), array([0., 2., 4.], dtype=float32))
    """
    if isinstance(bins, NDArray):
        return tuple(F._histogram(a, bins))
    if isinstance(bins, bool) or not isinstance(bins, int):
        raise TypeError(f"[histogram] bins must be int or NDArray; got {type(bins).__name__}")
    if range is not None:
        return tuple(F._histogram(a, bin_cnt=bins, range=range))
    low, high = float(F.min(a).asscalar()), float(F.max(a).asscalar())
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, edges = F._histogram(F.Cast(a, dtype="float32"), bin_cnt=bins, range=(low, high))
    return F.Cast(counts, dtype="float32"), edges


def split_v2(ary: NDArray, indices_or_sections: int | Sequence[int], axis: int = 0, squeeze_axis: bool = False) -> Any:
    """Cut an array along an axis.

    Parameters
    ----------
    ary : NDArray
    indices_or_sections : int or tuple of int
        Number of equal parts, or the places where to cut.
    axis : int, default 0
    squeeze_axis : bool, default False
        Remove the axis, which then has size 1 in each part.

    Returns
    -------
    NDArray or list of NDArray

    Raises
    ------
    ValueError
        If equal parts are not possible, or the places are not in order.

    Examples
    --------
    >>> import paratrain as mx
    >>> [part.shape for part in mx.nd.split_v2(mx.nd.zeros((5, 2)), (1, 3))]
    [(1, 2), (2, 2), (2, 2)]
    """
    return F._split_v2(ary, axis=axis, squeeze_axis=squeeze_axis, **cuts(indices_or_sections))


def cuts(indices_or_sections: int | Sequence[int]) -> dict[str, Any]:
    """Parameters of the operator `_split_v2`."""
    if isinstance(indices_or_sections, int):
        if indices_or_sections < 1:
            raise ValueError(f"[split_v2] the number of parts must be positive; got {indices_or_sections}")
        return {"indices": (), "sections": indices_or_sections}
    return {"indices": (0, *indices_or_sections), "sections": 0}


def onehot_encode(indices: NDArray, out: NDArray) -> NDArray:
    """Write a row with a one at each given position (deprecated in MXNet: use `one_hot`).

    Parameters
    ----------
    indices : NDArray
        Positions (n,).
    out : NDArray
        Matrix (n, depth) to write to.

    Returns
    -------
    NDArray
        `out`.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.onehot_encode(mx.nd.array([1, 0]), mx.nd.zeros((2, 2))).asnumpy()
    array([[0., 1.],
           [1., 0.]], dtype=float32)
    """
    if len(out.shape) != 2:
        raise ValueError(f"[onehot_encode] out must have 2 axes; got shape {out.shape}")
    return F.one_hot(indices, depth=out.shape[1], dtype=out.dtype_str, out=out)
