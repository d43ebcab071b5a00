"""Where in a user's program something was called, for messages that come much later."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["caller"]

#: Files below it are the package's own; its rooms lie beside each other in the source tree.
_HERE = str(Path(__file__).parent)
_ROOMS = (_HERE, *(str(Path(_HERE).parent / room) for room in ("io", "ext", "launch")))


def caller() -> str:
    """The innermost line outside of this package, as ``file:line``; empty where there is none.

    Examples
    --------
    >>> caller().rpartition(':')[2].isdigit()
    True
    """
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(_ROOMS):
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back  # type: ignore[assignment]
    return ""
