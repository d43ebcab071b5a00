"""Where the threads of this process are, as text."""

from __future__ import annotations

import sys
import threading
import traceback

__all__ = ["stacks"]

_FRAMES = 8
_CHARACTERS = 5000


def stacks() -> str:
    """Return the innermost calls of each Python thread but this one; the main thread comes first.

    Examples
    --------
    >>> import threading
    >>> texts = []
    >>> asking = threading.Thread(target=lambda: texts.append(stacks()))
    >>> asking.start()
    >>> asking.join()
    >>> texts[0].startswith("thread MainThread")
    True
    """
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    main = threading.main_thread().ident
    asking = threading.get_ident()
    frames = sorted(sys._current_frames().items(), key=lambda item: item[0] != main)
    texts = []
    for ident, frame in frames:
        if ident != asking or ident == main:
            calls = [call for call in traceback.extract_stack(frame) if call.filename != threading.__file__]
            lines = traceback.format_list(calls[-_FRAMES:])
            texts.append(f"thread {names.get(ident, ident)}, innermost call last:\n" + "".join(lines))
    return "".join(texts)[:_CHARACTERS].rstrip()
