"""Initializers made of others: values from a file, choice by pattern."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any


class Load:
    """Take values from saved parameters.

    Parameters
    ----------
    param : str or dict of str to NDArray
        File written by `nd.save`, or named arrays; ``arg:`` and ``aux:``
        before a name are dropped.
    default_init : Initializer, optional
        For parameters that are not among them.
    verbose : bool, default False
        Log where each value came from.

    Examples
    --------
    >>> import numpy as np
    >>> from paratrain.initializer import Constant, One, Zero
    >>> array = np.zeros(2)
    >>> Load({"arg:a_weight": np.ones(2)}, default_init=Zero())("a_weight", array)
    >>> array.tolist()
    [1.0, 1.0]
    """

    def __init__(self, param: Any, default_init: Any = None, verbose: bool = False) -> None:
        if isinstance(param, str):
            from ..ndarray import load

            param = load(param)
        if not isinstance(param, dict):
            raise TypeError(f"[Load] param must be a file or a dict of names to arrays; got {type(param).__name__}")
        self.param = {re.sub("^(arg|aux):", "", name): value for name, value in param.items()}
        self.default_init = default_init
        self.verbose = verbose

    def __call__(self, name: str, arr: Any) -> None:
        """Fill the array called `name`."""
        if name in self.param:
            value = self.param[name]
            if tuple(value.shape) != tuple(arr.shape):
                raise ValueError(
                    f"[Load] {name} must have shape {tuple(arr.shape)}; the loaded one has {tuple(value.shape)}"
                )
            arr[:] = value
        elif self.default_init is not None:
            self.default_init(name, arr)
        else:
            raise ValueError(f"[Load] {name} is not among the {len(self.param)} loaded parameters; give a default_init")
        if self.verbose:
            logging.info("Initialized %s by %s", name, "loading" if name in self.param else "default_init")


class Mixed:
    """Several initializers, chosen by the first pattern that a name matches.

    Parameters
    ----------
    patterns : list of str
        Regular expressions, matched from the beginning of the name.
    initializers : list of Initializer
        As many.

    Examples
    --------
    >>> import numpy as np
    >>> from paratrain.initializer import Constant, One, Zero
    >>> array = np.zeros(2)
    >>> Mixed(["fc.*bias", ".*"], [Constant(0.1), One()])("conv_weight", array)
    >>> array.tolist()
    [1.0, 1.0]
    """

    def __init__(self, patterns: Sequence[str], initializers: Sequence[Any]) -> None:
        if len(patterns) != len(initializers):
            raise ValueError(
                f"[Mixed] there must be one initializer per pattern; got {len(patterns)} patterns and "
                f"{len(initializers)} initializers"
            )
        self.map = [(re.compile(pattern), init) for pattern, init in zip(patterns, initializers, strict=True)]

    def __call__(self, name: str, arr: Any) -> None:
        """Fill the array called `name`."""
        for pattern, init in self.map:
            if pattern.match(name):
                init(name, arr)
                return
        raise ValueError(
            f"[Mixed] {name} matches none of the patterns {[p.pattern for p, _ in self.map]}; "
            "add '.*' with a default initializer at the end"
        )
