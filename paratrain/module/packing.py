"""Parameters under one name each, as MXNet's files hold them: ``arg:fc1_weight``, ``aux:bn_moving_mean``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["pack", "unpack"]


def pack(args: Mapping[str, Any], aux: Mapping[str, Any]) -> dict[str, Any]:
    """Join arguments and auxiliary states into one dict.

    Examples
    --------
    >>> pack({"w": 1}, {"m": 2})
    {'arg:w': 1, 'aux:m': 2}
    """
    return {f"arg:{name}": value for name, value in args.items()} | {f"aux:{n}": v for n, v in aux.items()}


def unpack(named: Any, source: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Undo `pack`.

    Parameters
    ----------
    named : dict
    source : str
        Where it comes from, for the message.

    Raises
    ------
    ValueError
        If it is no dict, or a name begins with neither ``arg:`` nor ``aux:``.

    Examples
    --------
    >>> unpack({"arg:w": 1}, "a file")
    ({'w': 1}, {})
    """
    tables: dict[str, dict[str, Any]] = {"arg": {}, "aux": {}}
    for key, value in (named if isinstance(named, dict) else {"": None}).items():
        kind, colon, name = key.partition(":")
        if not colon or kind not in tables:
            raise ValueError(f"[params] {source}: names must begin with 'arg:' or 'aux:'; got {key!r}")
        tables[kind][name] = value
    return tables["arg"], tables["aux"]
