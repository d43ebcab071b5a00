"""Random symbols: `mx.sym.random`. Parameters are numbers, or symbols of one shape.

What is drawn is that of `paratrain.nd.random`; numbers are drawn afresh in each run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from paratrain._namespace import OperatorNamespace
from paratrain.base import dtype_name
from paratrain.ops.registry import get
from paratrain.symbol.compose import compose, function
from paratrain.symbol.symbol import Symbol

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


def _draw(op: str, params: Mapping[str, Any], shape: Shape, dtype: Any, kwargs: Mapping[str, Any]) -> Symbol:
    named = {} if dtype is None else {"dtype": dtype_name(dtype)}
    sizes = {} if shape is None else {"shape": shape}
    symbols = [v for v in params.values() if isinstance(v, Symbol)]
    name, attr, rest = kwargs.get("name"), kwargs.get("attr"), {k: v for k, v in kwargs.items() if k not in _NODE}
    if not symbols:
        given = {**params, **sizes, **named}
        return compose(get(f"_random_{op}"), [], given, name, attr, rest)
    if len(symbols) < len(params):
        raise TypeError(f"[random.{op}] parameters must all be numbers, or all symbols")
    return compose(get(f"_sample_{op}"), symbols, {**sizes, **named}, name, attr, rest)


_NODE = ("name", "attr")


def uniform(low: Any = 0.0, high: Any = 1.0, shape: Shape = None, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Uniformly distributed numbers in ``[low, high)``; see `paratrain.nd.random.uniform`.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.sym.random.uniform(0, 1, shape=(2, 3)).eval(ctx=mx.cpu())[0].shape
    (2, 3)
    """
    return _draw("uniform", {"low": low, "high": high}, shape, dtype, kwargs)


def normal(loc: Any = 0.0, scale: Any = 1.0, shape: Shape = None, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Normally distributed numbers; see `paratrain.nd.random.normal`."""
    return _draw("normal", {"loc": loc, "scale": scale}, shape, dtype, kwargs)


def randn(*shape: int, loc: Any = 0.0, scale: Any = 1.0, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Normally distributed numbers of the shape given by the positional arguments; see `paratrain.nd.random.randn`."""
    return _draw("normal", {"loc": loc, "scale": scale}, shape or None, dtype, kwargs)


def gamma(alpha: Any = 1.0, beta: Any = 1.0, shape: Shape = None, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Gamma distributed numbers with the mean ``alpha * beta``; see `paratrain.nd.random.gamma`."""
    return _draw("gamma", {"alpha": alpha, "beta": beta}, shape, dtype, kwargs)


def exponential(scale: Any = 1.0, shape: Shape = None, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Exponentially distributed numbers with the mean `scale`; see `paratrain.nd.random.exponential`."""
    if not isinstance(scale, Symbol) and not scale > 0:
        raise ValueError(f"[random.exponential] scale must be positive; got {scale}")
    return _draw("exponential", {"lam": 1.0 / scale}, shape, dtype, kwargs)


def poisson(lam: Any = 1.0, shape: Shape = None, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Poisson distributed counts; see `paratrain.nd.random.poisson`."""
    return _draw("poisson", {"lam": lam}, shape, dtype, kwargs)


def negative_binomial(k: Any = 1, p: Any = 1.0, shape: Shape = None, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Counts of failures before the k-th success; see `paratrain.nd.random.negative_binomial`."""
    return _draw("negative_binomial", {"k": k, "p": p}, shape, dtype, kwargs)


def generalized_negative_binomial(
    mu: Any = 1.0, alpha: Any = 1.0, shape: Shape = None, dtype: Any = None, **kwargs: Any
) -> Symbol:
    """Negative binomial counts by mean and dispersion; see `paratrain.nd.random.generalized_negative_binomial`."""
    return _draw("generalized_negative_binomial", {"mu": mu, "alpha": alpha}, shape, dtype, kwargs)


def randint(low: int, high: int, shape: Shape = None, dtype: Any = None, **kwargs: Any) -> Symbol:
    """Whole numbers in ``[low, high)``; see `paratrain.nd.random.randint`."""
    return _draw("randint", {"low": low, "high": high}, shape, dtype, kwargs)


def multinomial(
    data: Symbol, shape: Shape = None, get_prob: bool = True, dtype: Any = "int32", **kwargs: Any
) -> Symbol:
    """Categories with given probabilities (and their logarithms); see `paratrain.nd.random.multinomial`."""
    params = {"get_prob": get_prob, "dtype": dtype_name(dtype), **({} if shape is None else {"shape": shape})}
    rest = {k: v for k, v in kwargs.items() if k not in _NODE}
    op = get("_sample_multinomial")
    return compose(op, [data], params, kwargs.get("name"), kwargs.get("attr"), rest)


def shuffle(data: Symbol, **kwargs: Any) -> Symbol:
    """The rows of an array in random order; see `paratrain.nd.random.shuffle`."""
    rest = {k: v for k, v in kwargs.items() if k not in _NODE}
    return compose(get("_shuffle"), [data], {}, kwargs.get("name"), kwargs.get("attr"), rest)


_operators = OperatorNamespace("mx.sym.random", "_random_", function)


def __getattr__(name: str) -> Any:
    """Operators without a function of their own, such as ``uniform_like``."""
    return getattr(_operators, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_operators)})
