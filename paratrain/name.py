"""Automatic names of symbols: ``fullyconnected0``, ``fullyconnected1``, ..., perhaps with a prefix.

Examples
--------
>>> import paratrain as mx
>>> x = mx.sym.var('x')
>>> with mx.name.Prefix('stage1_'):
...     mx.sym.exp(x).name
'stage1_exp0'
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import ClassVar

__all__ = ["NameManager", "Prefix"]


class _Stack(threading.local):
    def __init__(self) -> None:
        self.managers: list[NameManager] = [NameManager()]


class NameManager:
    """Makes up names of symbols while it is entered (``with NameManager():``); counts from 0.

    To make other names, override `get`.
    """

    _stack: ClassVar[_Stack]

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def get(self, name: str | None, hint: str) -> str:
        """`name` if given, else `hint` with the next number.

        Parameters
        ----------
        name : str or None
            As the user gave it.
        hint : str
            Lower-case name of the operator.

        Returns
        -------
        str
        """
        if name:
            return name
        number = self._counts.get(hint, 0)
        self._counts[hint] = number + 1
        return f"{hint}{number}"

    @staticmethod
    def current() -> NameManager:
        """The innermost manager of the enclosing ``with`` statements in this thread."""
        return NameManager._stack.managers[-1]

    def __enter__(self) -> NameManager:
        NameManager._stack.managers.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        NameManager._stack.managers.pop()


class Prefix(NameManager):
    """Puts a prefix before every name, those that are given included. Variables keep their names.

    Parameters
    ----------
    prefix : str
    """

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def get(self, name: str | None, hint: str) -> str:
        """The name that `NameManager` gives, with the prefix."""
        return self._prefix + super().get(name, hint)


NameManager._stack = _Stack()
