"""Random arrays: `mx.nd.random`, also found as `mx.random`.

Every call draws from the sequence that `mx.random.seed` starts; see `paratrain.random`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.base import dtype_name
from paratrain.ndarray.invoke import F
from paratrain.ndarray.ndarray import NDArray

__all__ = ["exponential", "normal", "randint", "randn", "shuffle", "uniform"]

Shape = int | Sequence[int] | None


def _sizes(shape: Shape) -> tuple[int, ...]:
    if shape is None:
        return ()
    return (int(shape),) if isinstance(shape, int) else tuple(shape)


def _options(dtype: Any, ctx: Any) -> dict[str, Any]:
    named = {} if dtype is None else {"dtype": dtype_name(dtype)}
    return named if ctx is None else {**named, "ctx": str(ctx)}


def _by_array(
    name: str, first: Any, second: Any, shape: Shape, dtype: Any, draw: Callable[[tuple[int, ...], Any], NDArray]
) -> NDArray:
    """Numbers whose parameters are arrays: `shape` of them for each element, from standard ones."""
    if not isinstance(first, NDArray) or not isinstance(second, NDArray) or first.shape != second.shape:
        raise ValueError(f"[random.{name}] parameters must both be numbers, or arrays of one shape")
    if dtype is not None and dtype_name(dtype) != first.desc[1]:
        raise TypeError(f"[random.{name}] dtype must be that of the parameters, {first.desc[1]}; got {dtype}")
    more = _sizes(shape)
    unit = draw((*first.shape, *more), first)
    wide = (*first.shape, *(1,) * len(more))
    return F.broadcast_add(F.broadcast_mul(unit, second.reshape(wide)), first.reshape(wide))


def uniform(
    low: float | NDArray = 0.0,
    high: float | NDArray = 1.0,
    shape: Shape = None,
    dtype: Any = None,
    ctx: Any = None,
    out: NDArray | None = None,
) -> NDArray:
    """Uniformly distributed numbers in ``[low, high)``.

    Parameters
    ----------
    low, high : float or NDArray, default 0 and 1
        Ends of the range; arrays of one shape give numbers for each of their elements.
    shape : int or tuple of int, default (1,)
        Shape of the result; with arrays, what is added to their shape.
    dtype : {'float32', 'float64', 'float16', 'bfloat16'}, optional
        Default float32.
    ctx : Context, optional
        Device of the result; default the current context.
    out : NDArray, optional
        Array to write to; its shape and dtype count then.

    Returns
    -------
    NDArray

    Raises
    ------
    ValueError
        If `low` is larger than `high`, or only one of them is an array.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.uniform(0, 1, shape=(2, 3)).shape
    (2, 3)
    """
    if isinstance(low, NDArray) or isinstance(high, NDArray):
        span = high - low if isinstance(low, NDArray) and isinstance(high, NDArray) else None

        def draw(sizes: tuple[int, ...], like: Any) -> NDArray:
            return F._random_uniform(shape=sizes, dtype=like.desc[1], ctx=str(like.context))

        return _by_array("uniform", low, span, shape, dtype, draw)
    return F._random_uniform(low=low, high=high, **_result(shape, dtype, ctx, out), out=out)


def normal(
    loc: float | NDArray = 0.0,
    scale: float | NDArray = 1.0,
    shape: Shape = None,
    dtype: Any = None,
    ctx: Any = None,
    out: NDArray | None = None,
) -> NDArray:
    """Normally distributed numbers.

    Parameters
    ----------
    loc, scale : float or NDArray, default 0 and 1
        Mean and standard deviation; arrays of one shape give numbers for each of their elements.
    shape, dtype, ctx, out
        As of `uniform`.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.normal(0, 1, shape=4).shape
    (4,)
    """
    if isinstance(loc, NDArray) or isinstance(scale, NDArray):

        def draw(sizes: tuple[int, ...], like: Any) -> NDArray:
            return F._random_normal(shape=sizes, dtype=like.desc[1], ctx=str(like.context))

        return _by_array("normal", loc, scale, shape, dtype, draw)
    return F._random_normal(loc=loc, scale=scale, **_result(shape, dtype, ctx, out), out=out)


def randn(
    *shape: int,
    loc: float = 0.0,
    scale: float = 1.0,
    dtype: Any = None,
    ctx: Any = None,
    out: NDArray | None = None,
) -> NDArray:
    """Normally distributed numbers of the shape given by the positional arguments.

    Parameters
    ----------
    *shape : int
        Sizes of the result.
    loc, scale, dtype, ctx, out
        As of `normal`.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.randn(2, 3).shape
    (2, 3)
    """
    return normal(loc, scale, shape or None, dtype, ctx, out)


def exponential(
    scale: float = 1.0, shape: Shape = None, dtype: Any = None, ctx: Any = None, out: NDArray | None = None
) -> NDArray:
    """Exponentially distributed numbers with the density ``exp(-x / scale) / scale``.

    Parameters
    ----------
    scale : float, default 1
        Mean; larger than 0.
    shape, dtype, ctx, out
        As of `uniform`.

    Returns
    -------
    NDArray

    Raises
    ------
    ValueError
        If `scale` is not positive.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.exponential(0.5, shape=(2,)).shape
    (2,)
    """
    if not scale > 0:
        raise ValueError(f"[random.exponential] scale must be positive; got {scale}")
    return F._random_exponential(lam=1.0 / scale, **_result(shape, dtype, ctx, out), out=out)


def randint(
    low: int, high: int, shape: Shape = None, dtype: Any = None, ctx: Any = None, out: NDArray | None = None
) -> NDArray:
    """Whole numbers in ``[low, high)``, all equally likely.

    Parameters
    ----------
    low, high : int
        Smallest number, and the end, which is not included.
    shape, ctx, out
        As of `uniform`.
    dtype : {'int32', 'int64'}, optional
        Default int32.

    Returns
    -------
    NDArray

    Raises
    ------
    ValueError
        If `low` is not smaller than `high`.

    Examples
    --------
    >>> import paratrain as mx
    >>> int(mx.nd.random.randint(3, 4).asscalar())
    3
    """
    return F._random_randint(low=low, high=high, **_result(shape, dtype, ctx, out), out=out)


def shuffle(data: NDArray, out: NDArray | None = None) -> NDArray:
    """Return the rows of an array (along axis 0) in random order.

    Parameters
    ----------
    data : NDArray
    out : NDArray, optional
        Array to write to; may be `data`.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> sorted(mx.nd.random.shuffle(mx.nd.array([1, 2, 3])).asnumpy().tolist())
    [1.0, 2.0, 3.0]
    """
    keys = F._random_uniform(shape=(data.shape[0],), dtype="float64", ctx=str(data.context))
    return F.take(data, F.argsort(keys, dtype="int64"), axis=0, mode="clip", out=out)


def _result(shape: Shape, dtype: Any, ctx: Any, out: NDArray | None) -> dict[str, Any]:
    """Parameters that tell shape, dtype and device of a result."""
    if out is None:
        return {"shape": _sizes(shape) or (1,), **_options(dtype, ctx)}
    if shape is not None and _sizes(shape) != out.shape:
        raise ValueError(f"[random] shape must be that of out, {out.shape}; got {shape}")
    return {"shape": out.shape, "dtype": out.desc[1], "ctx": str(out.context)}
