"""Groups of operators whose names begin alike: ``mx.nd.linalg.X`` is the operator ``_linalg_X``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from paratrain.ops.registry import OPS, get_public


class OperatorNamespace:
    """Operators as attributes, by what comes behind a prefix; and functions that are made of operators.

    Parameters
    ----------
    path : str
        How people write it, e.g. ``mx.nd.linalg``.
    prefix : str
        What the operators' names begin with, e.g. ``_linalg_``.
    function : callable
        ``(operator, name) -> function``.
    functions : mapping of str to callable, optional
        Further functions; they come before operators of the same name.
    """

    def __init__(
        self,
        path: str,
        prefix: str,
        function: Callable[[Any, str], Callable[..., Any]],
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self._path, self._prefix, self._function = path, prefix, function
        vars(self).update(functions or {})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            found = self._function(get_public(self._prefix + name), name)
        except ValueError as e:
            raise AttributeError(f"there is no {self._path}.{name}: {e}") from None
        setattr(self, name, found)
        return found

    def __dir__(self) -> list[str]:
        operators = (n.removeprefix(self._prefix) for n in OPS if self._prefix and n.startswith(self._prefix))
        return sorted({*operators, *(n for n in vars(self) if not n.startswith("_"))})

    def __repr__(self) -> str:
        return f"<operators {self._path}>"
