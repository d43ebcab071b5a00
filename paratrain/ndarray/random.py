"""Random arrays: `mx.nd.random`, also found as `mx.random`.

Every call draws from the sequence that `mx.random.seed` starts; see `paratrain.random`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from paratrain._namespace import OperatorNamespace
from paratrain.base import dtype_name
from paratrain.ndarray.invoke import F, function
from paratrain.ndarray.ndarray import NDArray

__all__ = [
    "exponential",
    "gamma",
    "generalized_negative_binomial",
    "multinomial",
    "negative_binomial",
    "normal",
    "poisson",
    "randint",
    "randn",
    "shuffle",
    "uniform",
]

Shape = int | Sequence[int] | None


def _sizes(shape: Shape) -> tuple[int, ...]:
    if shape is None:
        return ()
    return (int(shape),) if isinstance(shape, int) else tuple(shape)


def _options(dtype: Any, ctx: Any) -> dict[str, Any]:
    named = {} if dtype is None else {"dtype": dtype_name(dtype)}
    return named if ctx is None else {**named, "ctx": str(ctx)}


def _draw(name: str, params: Mapping[str, Any], shape: Shape, dtype: Any, ctx: Any, out: NDArray | None) -> NDArray:
    """Numbers of one distribution for parameters that are numbers; `shape` of them each for those that are arrays."""
    arrays = [v for v in params.values() if isinstance(v, NDArray)]
    if not arrays:
        return getattr(F, f"_random_{name}")(**params, **_result(shape, dtype, ctx, out), out=out)
    if len(arrays) < len(params) or any(a.shape != arrays[0].shape for a in arrays):
        raise ValueError(f"[random.{name}] parameters must all be numbers, or arrays of one shape")
    return getattr(F, f"_sample_{name}")(*arrays, shape=_sizes(shape), **_options(dtype, None), out=out)


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
    return _draw("uniform", {"low": low, "high": high}, shape, dtype, ctx, out)


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
    return _draw("normal", {"loc": loc, "scale": scale}, shape, dtype, ctx, out)


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
    scale: float | NDArray = 1.0, shape: Shape = None, dtype: Any = None, ctx: Any = None, out: NDArray | None = None
) -> NDArray:
    """Exponentially distributed numbers with the density ``exp(-x / scale) / scale``.

    Parameters
    ----------
    scale : float or NDArray, default 1
        Mean; larger than 0. An array gives numbers for each of its elements.
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
    if isinstance(scale, NDArray):
        return _draw("exponential", {"lam": F.reciprocal(scale)}, shape, dtype, ctx, out)
    if not scale > 0:
        raise ValueError(f"[random.exponential] scale must be positive; got {scale}")
    return _draw("exponential", {"lam": 1.0 / scale}, shape, dtype, ctx, out)


def gamma(
    alpha: float | NDArray = 1.0,
    beta: float | NDArray = 1.0,
    shape: Shape = None,
    dtype: Any = None,
    ctx: Any = None,
    out: NDArray | None = None,
) -> NDArray:
    """Gamma distributed numbers with the mean ``alpha * beta``.

    Parameters
    ----------
    alpha, beta : float or NDArray, default 1
        Shape and scale, larger than 0; arrays of one shape give numbers for each of their elements.
    shape, dtype, ctx, out
        As of `uniform`.

    Returns
    -------
    NDArray

    Raises
    ------
    ValueError
        If a number is not positive. Elements of arrays that are not give NaN.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.gamma(9.0, 0.5, shape=(2, 2)).shape
    (2, 2)
    """
    return _draw("gamma", {"alpha": alpha, "beta": beta}, shape, dtype, ctx, out)


def poisson(
    lam: float | NDArray = 1.0, shape: Shape = None, dtype: Any = None, ctx: Any = None, out: NDArray | None = None
) -> NDArray:
    """Poisson distributed counts.

    Parameters
    ----------
    lam : float or NDArray, default 1
        Mean, not negative; an array gives counts for each of its elements.
    shape, dtype, ctx, out
        As of `uniform`.

    Returns
    -------
    NDArray

    Raises
    ------
    ValueError
        If `lam` is negative. Elements of an array that are give NaN.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.poisson(mx.nd.array([1, 10, 100]), shape=5).shape
    (3, 5)
    """
    return _draw("poisson", {"lam": lam}, shape, dtype, ctx, out)


def negative_binomial(
    k: int | NDArray = 1,
    p: float | NDArray = 1.0,
    shape: Shape = None,
    dtype: Any = None,
    ctx: Any = None,
    out: NDArray | None = None,
) -> NDArray:
    """Counts of failures before the k-th success, if each try succeeds with probability p.

    Parameters
    ----------
    k : int or NDArray, default 1
        Number of successes.
    p : float or NDArray, default 1
        Probability of a success, in (0, 1]; arrays of one shape give counts for each of their elements.
    shape, dtype, ctx, out
        As of `uniform`.

    Returns
    -------
    NDArray

    Raises
    ------
    ValueError
        If a number is out of range. Elements of arrays that are give NaN.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.negative_binomial(3, 1.0, shape=2).asnumpy()
    array([0., 0.], dtype=float32)
    """
    return _draw("negative_binomial", {"k": k, "p": p}, shape, dtype, ctx, out)


def generalized_negative_binomial(
    mu: float | NDArray = 1.0,
    alpha: float | NDArray = 1.0,
    shape: Shape = None,
    dtype: Any = None,
    ctx: Any = None,
    out: NDArray | None = None,
) -> NDArray:
    """Negative binomial counts with the mean `mu` and the variance ``mu + alpha * mu^2``.

    Parameters
    ----------
    mu, alpha : float or NDArray, default 1
        Mean and dispersion, not negative; arrays of one shape give counts for each of their elements.
    shape, dtype, ctx, out
        As of `uniform`.

    Returns
    -------
    NDArray

    Raises
    ------
    ValueError
        If a number is negative. Elements of arrays that are give NaN.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.generalized_negative_binomial(5.0, 0.1, shape=3).shape
    (3,)
    """
    return _draw("generalized_negative_binomial", {"mu": mu, "alpha": alpha}, shape, dtype, ctx, out)


def multinomial(
    data: NDArray, shape: Shape = None, get_prob: bool = False, out: NDArray | None = None, dtype: Any = "int32"
) -> Any:
    """Categories, each drawn with its probability.

    Parameters
    ----------
    data : NDArray
        Probabilities (..., k), which add up to 1 along the last axis.
    shape : int or tuple of int, optional
        How many categories are drawn for each distribution; default one.
    get_prob : bool, default False
        Return the logarithms of the probabilities of what was drawn, too. They have a gradient.
    out : NDArray, optional
        Array to write the categories to.
    dtype : dtype, default 'int32'
        Element type of the categories.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.multinomial(mx.nd.array([0, 0, 1]), shape=4).asnumpy()
    array([2, 2, 2, 2], dtype=int32)
    """
    return F._sample_multinomial(data, shape=_sizes(shape), get_prob=get_prob, dtype=dtype_name(dtype), out=out)


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
    return F._shuffle(data, out=out)


def _result(shape: Shape, dtype: Any, ctx: Any, out: NDArray | None) -> dict[str, Any]:
    """Parameters that tell shape, dtype and device of a result."""
    if out is None:
        return {"shape": _sizes(shape) or (1,), **_options(dtype, ctx)}
    if shape is not None and _sizes(shape) != out.shape:
        raise ValueError(f"[random] shape must be that of out, {out.shape}; got {shape}")
    return {"shape": out.shape, "dtype": out.desc[1], "ctx": str(out.context)}


_operators = OperatorNamespace("mx.nd.random", "_random_", lambda op, name: function(op))


def __getattr__(name: str) -> Any:
    """Operators without a function of their own, such as ``uniform_like``."""
    return getattr(_operators, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_operators)})
