"""Choice of the initial value by name, and the registry of initializers."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from .._registry import Registry

K = TypeVar("K", bound=type)


class InitDesc(str):
    """Name of a parameter with what is known about it.

    Parameters
    ----------
    name : str
        The name.
    attrs : dict of str to str, optional
        Attributes of the variable; ``__init__`` holds the initializer it asks for.
    global_init : Initializer, optional
        The initializer of the whole network.

    Examples
    --------
    >>> InitDesc("fc_bias", {"__init__": '["one", {}]'}).attrs["__init__"]
    '["one", {}]'
    """

    attrs: dict[str, str]
    global_init: Initializer | None

    def __new__(
        cls, name: str, attrs: dict[str, str] | None = None, global_init: Initializer | None = None
    ) -> InitDesc:
        """Make the text and attach what is known."""
        made = super().__new__(cls, name)
        made.attrs = dict(attrs or {})
        made.global_init = global_init
        return made


#: End of a name -> method that fills the array; the first that fits.
_BY_SUFFIX = {
    "weight": "_init_weight",
    "bias": "_init_bias",
    "gamma": "_init_gamma",
    "beta": "_init_beta",
    "moving_mean": "_init_zero",
    "running_mean": "_init_zero",
    "moving_var": "_init_one",
    "running_var": "_init_one",
    "moving_inv_var": "_init_zero",
    "moving_avg": "_init_zero",
    "min": "_init_zero",
    "max": "_init_one",
}


class Initializer:
    """Base class: chooses by name, and can be written as JSON.

    A subclass defines ``_init_weight(name, array)``; it may replace
    ``_init_bias``, ``_init_gamma``, ``_init_beta`` and ``_init_default`` too.

    Parameters
    ----------
    **kwargs
        The arguments of the subclass, for `dumps`.

    Examples
    --------
    >>> class Half(Initializer):
    ...     def _init_weight(self, name, array):
    ...         array[:] = 0.5
    >>> array = np.zeros(2)
    >>> Half()("fc_weight", array)
    >>> array.tolist()
    [0.5, 0.5]
    """

    def __init__(self, **kwargs: Any) -> None:
        self._kwargs = kwargs
        self._verbose = False
        self._print_func: Callable[[Any], str] = _spread

    def set_verbosity(self, verbose: bool = False, print_func: Callable[[Any], str] | None = None) -> Initializer:
        """Log each array that is initialized.

        Parameters
        ----------
        verbose : bool, default False
            Whether to log, at level INFO.
        print_func : callable, optional
            Turns an array into text; by default its root mean square.

        Returns
        -------
        Initializer
            Itself.
        """
        self._verbose = verbose
        self._print_func = print_func or _spread
        return self

    def dumps(self) -> str:
        """Write class and arguments as JSON, which `create` reads.

        Returns
        -------
        str
            ``'["name", {arguments}]'``.

        Examples
        --------
        >>> from paratrain.initializer import Uniform
        >>> Uniform(0.1).dumps()
        '["uniform", {"scale": 0.1}]'
        """
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __call__(self, desc: str, arr: Any) -> None:
        """Fill an array.

        Parameters
        ----------
        desc : str or InitDesc
            Name of the parameter.
        arr : NDArray
            Array to fill; its shape is known, its values are not looked at.

        Raises
        ------
        TypeError
            When `desc` is not a text.
        ValueError
            When the name has no known ending, or the shape does not suit.
        """
        if not isinstance(desc, str):
            raise TypeError(f"[{type(self).__name__}] the name of a parameter must be a str or InitDesc; got {desc!r}")
        if not isinstance(desc, InitDesc):
            desc, fill = InitDesc(desc, global_init=self), self._legacy_method(desc)
        else:
            if desc.global_init is None:
                desc.global_init = self
            asked = desc.attrs.get("__init__", "")
            fill = create(asked)._init_weight if asked else self._method(desc)
        fill(desc, arr)
        if self._verbose:
            logging.info("Initialized %s by %s: %s", desc, type(self).__name__, self._print_func(arr))

    def _method(self, name: str) -> Callable[[str, Any], None]:
        """Return the method that fills an array of this name."""
        for suffix, method in _BY_SUFFIX.items():
            if name.endswith(suffix):
                return getattr(self, method)
        return self._init_default

    def _legacy_method(self, name: str) -> Callable[[str, Any], None]:
        """Return the method for a plain text, which knows two prefixes more."""
        if name.startswith("upsampling"):
            return self._init_bilinear
        if name.startswith("stn_loc"):
            return self._init_zero if name.endswith("weight") else self._init_loc_bias
        return self._method(name)

    def _init_bilinear(self, _: str, arr: Any) -> None:
        arr[:] = bilinear(arr.shape)

    def _init_loc_bias(self, name: str, arr: Any) -> None:
        if arr.shape != (6,):
            raise ValueError(f"[Initializer] {name}: an affine transformation has shape (6,); got {arr.shape}")
        arr[:] = np.array([1, 0, 0, 0, 1, 0], np.float32)

    def _init_zero(self, _: str, arr: Any) -> None:
        arr[:] = 0.0

    def _init_one(self, _: str, arr: Any) -> None:
        arr[:] = 1.0

    def _init_bias(self, _: str, arr: Any) -> None:
        arr[:] = 0.0

    def _init_gamma(self, _: str, arr: Any) -> None:
        arr[:] = 1.0

    def _init_beta(self, _: str, arr: Any) -> None:
        arr[:] = 0.0

    def _init_weight(self, name: str, arr: Any) -> None:
        raise NotImplementedError(f"[{type(self).__name__}] an initializer must define _init_weight(name, array)")

    def _init_default(self, name: str, _: Any) -> None:
        raise ValueError(
            f"[{type(self).__name__}] no rule for a parameter called {name!r}: names should end in one of "
            f"{', '.join(_BY_SUFFIX)}; give the variable its own: mx.sym.Variable({str(name)!r}, init=mx.init.Zero())"
        )


def _spread(arr: Any) -> str:
    """Root mean square of an array, as text."""
    values = arr.asnumpy() if hasattr(arr, "asnumpy") else np.asarray(arr)
    return f"{math.sqrt(float(np.mean(np.square(values.astype(np.float64))))):g}"


_registry: Registry[Initializer] = Registry(Initializer, "initializer")


def register(klass: K) -> K:
    """Make an initializer class known to `create`, under its lower-case name.

    Parameters
    ----------
    klass : type
        Subclass of `Initializer`; usable as a decorator.

    Returns
    -------
    type
        `klass`.
    """
    return _registry.register(klass)


def alias(*aliases: str) -> Callable[[K], K]:
    """Make a decorator that makes an initializer class known under further names.

    Parameters
    ----------
    *aliases : str
        The names.
    """
    return _registry.alias(*aliases)


def create(init: Any, *args: Any, **kwargs: Any) -> Initializer:
    """Make an initializer.

    Parameters
    ----------
    init : str or Initializer
        A name such as ``'xavier'``, JSON text as `Initializer.dumps` writes it,
        or an initializer, which is returned as it is.
    *args, **kwargs
        Arguments of the initializer; only together with a name.

    Returns
    -------
    Initializer
        The initializer.

    Raises
    ------
    ValueError
        For an unknown name; the message lists the known ones.

    Examples
    --------
    >>> from paratrain.initializer import create
    >>> create('["constant", {"value": 3.0}]').value
    3.0
    """
    return _registry.create(init, *args, **kwargs)


def bilinear(shape: Sequence[int]) -> np.ndarray:
    """Weight (C, 1, H, W) of a deconvolution that interpolates linearly."""
    if len(shape) != 4:
        raise ValueError(f"[Bilinear] the weight of an upsampling has 4 axes (C, 1, H, W); got shape {tuple(shape)}")
    height, width = shape[2:]
    factor = math.ceil(width / 2)
    centre = (2 * factor - 1 - factor % 2) / (2 * factor)
    rows = 1 - np.abs(np.arange(height) / factor - centre)
    columns = 1 - np.abs(np.arange(width) / factor - centre)
    return np.broadcast_to(np.outer(rows, columns), shape).astype(np.float32)
