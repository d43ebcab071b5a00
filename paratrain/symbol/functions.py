"""Functions of `mx.sym` and `mx.sym.contrib` that are made of operators."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from paratrain.base import NotImplementedForSymbol
from paratrain.ndarray.functions import cuts
from paratrain.ops.registry import get
from paratrain.symbol.compose import compose
from paratrain.symbol.symbol import Symbol

__all__ = ["boolean_mask", "histogram", "rand_zipfian", "split_v2"]


def _call(op: str, *inputs: Any, name: str | None = None, **params: Any) -> Any:
    return compose(get(op), inputs, params, name)


def histogram(
    a: Symbol, bins: int | Symbol = 10, range: tuple[float, float] | None = None, name: str | None = None
) -> Symbol:
    """Count the elements of an array that lie in each of several bins.

    Parameters
    ----------
    a : Symbol
    bins : int or Symbol, default 10
        Number of equal bins, or the growing edges of bins.
    range : tuple of float
        Ends of equal bins; must be given with a number of bins.
    name : str, optional
        Name of the node.

    Returns
    -------
    Symbol
        Counts (int64) and edges.

    Raises
    ------
    ValueError
        If `range` is missing.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.sym.histogram(mx.sym.Variable("x"), bins=2, range=(0, 4), name="h").list_outputs()
    ['h_output0', 'h_output1']
    """
    if isinstance(bins, Symbol):
        return _call("_histogram", a, bins, name=name)
    if range is None:
        raise ValueError("[histogram] range must be given with a number of bins: symbols have no values yet")
    return _call("_histogram", a, name=name, bin_cnt=bins, range=range)


def split_v2(
    ary: Symbol, indices_or_sections: int | Sequence[int], axis: int = 0, squeeze_axis: bool = False
) -> Symbol:
    """Cut an array along an axis; see `paratrain.nd.split_v2`.

    Examples
    --------
    >>> import paratrain as mx
    >>> len(mx.sym.split_v2(mx.sym.Variable("x"), (1, 3)))
    3
    """
    return _call("_split_v2", ary, axis=axis, squeeze_axis=squeeze_axis, **cuts(indices_or_sections))


def boolean_mask(data: Symbol, index: Symbol, axis: int = 0, name: str | None = None) -> Symbol:
    """Not for symbols: the shape of the result depends on the mask's values.

    Raises
    ------
    NotImplementedForSymbol
        Always; `mx.nd.contrib.boolean_mask` works, and multiplying by the mask keeps the shape.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.sym.contrib.boolean_mask(mx.sym.Variable("x"), mx.sym.Variable("mask"))
    Traceback (most recent call last):
        ...
    paratrain.base.NotImplementedForSymbol: ...
    """
    raise NotImplementedForSymbol("contrib.boolean_mask (the shape of the result)")


def rand_zipfian(true_classes: Symbol, num_sampled: int, range_max: int) -> tuple[Symbol, Symbol, Symbol]:
    """Draw candidates from classes with falling frequencies; see `paratrain.nd.contrib.rand_zipfian`.

    Examples
    --------
    >>> import paratrain as mx
    >>> candidates, _, _ = mx.sym.contrib.rand_zipfian(mx.sym.Variable("true"), 4, 5)
    >>> candidates.infer_shape()[1]
    [(4,)]
    """
    span = math.log(range_max + 1)
    drawn = _call("_random_uniform", low=0.0, high=span, shape=(num_sampled,), dtype="float64")
    candidates = _call("_mod_scalar", _call("Cast", _call("expm1", drawn), dtype="int64"), scalar=range_max)

    def expected(classes: Any) -> Any:
        wide = _call("_plus_scalar", _call("Cast", classes, dtype="float64"), scalar=1.0)
        return _call("_mul_scalar", _call("log1p", _call("reciprocal", wide)), scalar=num_sampled / span)

    return candidates, expected(true_classes), expected(candidates)
