"""Attributes of symbols: text under names, such as ``ctx_group`` or ``lr_mult``.

Examples
--------
>>> import paratrain as mx
>>> with mx.AttrScope(lr_mult='0.1'):
...     w = mx.sym.var('w')
>>> w.attr('lr_mult')
'0.1'
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, ClassVar

__all__ = ["HIDDEN_KEYS", "AttrScope", "stored_key"]

#: Attributes that are stored (and written to files) with two underscores on both sides, and found under both names.
HIDDEN_KEYS = ("ctx_group", "lr_mult", "wd_mult", "force_mirroring", "mirror_stage", "profiler_scope")


def stored_key(key: str) -> str:
    """Name under which an attribute is stored: ``lr_mult`` becomes ``__lr_mult__``.

    Raises
    ------
    ValueError
        For a name like ``weight_lr_mult``, with which old programs meant the attribute of an input.
    """
    if key in HIDDEN_KEYS:
        return f"__{key}__"
    for hidden in HIDDEN_KEYS:
        if key.endswith("_" + hidden):
            owner = key.removesuffix("_" + hidden)
            raise ValueError(
                f"[attribute] {key!r} is no longer understood; give the variable the attribute, "
                f"{owner}=mx.sym.var(..., attr={{'{hidden}': ...}}), and pass it as input {owner!r}"
            )
    return key


def is_reserved(key: str) -> bool:
    """Whether a stored key is marked as an attribute, not a parameter: ``__like_this__``."""
    return len(key) > 4 and key.startswith("__") and key.endswith("__")


class _Stack(threading.local):
    def __init__(self) -> None:
        self.scopes: list[AttrScope] = [AttrScope()]


class AttrScope:
    """Attributes that every symbol gets which is made while the scope is entered.

    Scopes nest; the inner one's values count. Attributes given to a symbol itself count more.

    Parameters
    ----------
    **kwargs : str

    Raises
    ------
    ValueError
        If a value is not text.
    """

    _stack: ClassVar[_Stack]

    def __init__(self, **kwargs: str) -> None:
        check_text(kwargs, "AttrScope")
        self._given = kwargs
        self._attr = dict(kwargs)

    def get(self, attr: Mapping[str, str] | None) -> dict[str, str]:
        """The scope's attributes together with `attr`, which counts more.

        Raises
        ------
        ValueError
            If a value is not text.
        """
        check_text(attr or {}, "attr")
        return {**self._attr, **(attr or {})}

    @staticmethod
    def current() -> AttrScope:
        """The innermost scope of the enclosing ``with`` statements in this thread."""
        return AttrScope._stack.scopes[-1]

    def __enter__(self) -> AttrScope:
        self._attr = AttrScope.current().get(self._given)
        AttrScope._stack.scopes.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        AttrScope._stack.scopes.pop()


def check_text(attributes: Mapping[str, Any], where: str) -> None:
    """Raise ValueError unless all values are text."""
    for key, value in attributes.items():
        if not isinstance(value, str):
            raise ValueError(f"[{where}] attributes must be str; {key} is {type(value).__name__} {value!r}")


AttrScope._stack = _Stack()
