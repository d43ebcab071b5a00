"""Checkpoints of a symbol with its parameters, in MXNet's files: ``prefix-symbol.json`` and ``prefix-0001.params``."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from typing import Any

from paratrain.base import MXNetValueError
from paratrain.ndarray import NDArray
from paratrain.ndarray import load as load_arrays
from paratrain.ndarray import save as save_arrays
from paratrain.symbol import Symbol
from paratrain.symbol import load as load_symbol

__all__ = ["BatchEndParam", "load_checkpoint", "load_params", "save_checkpoint"]

#: What callbacks get after a batch: number of epoch and batch, the metric, the variables of the training loop.
BatchEndParam = namedtuple("BatchEndParam", ["epoch", "nbatch", "eval_metric", "locals"])

Params = dict[str, NDArray]


def save_checkpoint(
    prefix: str,
    epoch: int,
    symbol: Symbol | None,
    arg_params: Mapping[str, NDArray],
    aux_params: Mapping[str, NDArray],
    remove_amp_cast: bool = True,
) -> None:
    """Write ``prefix-symbol.json`` and ``prefix-EPOCH.params``; each file is replaced as a whole.

    Parameters
    ----------
    prefix : str
    epoch : int
        Becomes four digits in the name (more if it needs more).
    symbol : Symbol or None
        None: write the parameters only.
    arg_params, aux_params : dict of str to NDArray
    remove_amp_cast : bool, default True
        Leave out the casts of mixed precision.

    Raises
    ------
    OSError
        If a file cannot be written; what was there before is unchanged.
    """
    if symbol is not None:
        symbol.save(f"{prefix}-symbol.json", remove_amp_cast=remove_amp_cast)
    named = {f"arg:{k}": v for k, v in arg_params.items()} | {f"aux:{k}": v for k, v in (aux_params or {}).items()}
    save_arrays(params_file(prefix, epoch), named)


def params_file(prefix: str, epoch: int) -> str:
    """Name of the file of parameters: ``prefix-0001.params``."""
    return f"{prefix}-{epoch:04d}.params"


def load_params(prefix: str, epoch: int) -> tuple[Params, Params]:
    """Parameters and auxiliary states of ``prefix-EPOCH.params``.

    Parameters
    ----------
    prefix : str
    epoch : int

    Returns
    -------
    arg_params, aux_params : dict of str to NDArray

    Raises
    ------
    MXNetError
        Also an OSError if the file cannot be read, a ValueError if it is damaged or names are not ``arg:...`` and
        ``aux:...``.
    """
    fname = params_file(prefix, epoch)
    loaded: Any = load_arrays(fname)
    if not isinstance(loaded, dict) and loaded:
        raise MXNetValueError(f"[load_params] {fname}: the arrays must have names such as 'arg:w'; they have none")
    parts: dict[str, Params] = {"arg": {}, "aux": {}}
    for key, value in dict(loaded).items():
        kind, colon, name = key.partition(":")
        if not colon or kind not in parts:
            raise MXNetValueError(f"[load_params] {fname}: names must begin with 'arg:' or 'aux:'; got {key!r}")
        parts[kind][name] = value
    return parts["arg"], parts["aux"]


def load_checkpoint(prefix: str, epoch: int) -> tuple[Symbol, Params, Params]:
    """Symbol, parameters and auxiliary states that `save_checkpoint` (or MXNet) wrote.

    Parameters
    ----------
    prefix : str
    epoch : int

    Returns
    -------
    symbol : Symbol
    arg_params, aux_params : dict of str to NDArray

    Examples
    --------
    >>> import os, tempfile
    >>> import paratrain as mx
    >>> net = mx.sym.exp(mx.sym.var('x'), name='e')
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     mx.model.save_checkpoint(os.path.join(folder, 'm'), 3, net, {'x': mx.nd.array([1])}, {})
    ...     symbol, args, states = mx.model.load_checkpoint(os.path.join(folder, 'm'), 3)
    >>> symbol.list_outputs(), list(args), states
    (['e_output'], ['x'], {})
    """
    symbol = load_symbol(f"{prefix}-symbol.json")
    arg_params, aux_params = load_params(prefix, epoch)
    return symbol, arg_params, aux_params
