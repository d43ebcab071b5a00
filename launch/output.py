"""What a rank prints: lines with its number in front, in a colour of its own, or a file for each rank."""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import sys
import threading
from pathlib import Path
from typing import Any, TextIO

OUTPUT = "PARATRAIN_OUTPUT"
PLAIN, PREFIX, COLOUR = "plain", "prefix", "colour"
_LOG = "log:"
_COLOURS = (36, 33, 32, 35, 34, 31)  # cyan first: red says "error" to most


def mode(prefix: str, log_dir: str | None, terminal: bool) -> str:
    """Value of ``PARATRAIN_OUTPUT``.

    Parameters
    ----------
    prefix : {'auto', 'always', 'never'}
        ``'auto'``: with colours on a terminal, without them elsewhere.
    log_dir : str, optional
        Folder for one file per rank.
    terminal : bool
        Whether the launcher writes to a terminal.

    Examples
    --------
    >>> mode("auto", None, True), mode("auto", None, False), mode("never", None, True), mode("auto", "logs", True)
    ('colour', 'prefix', 'plain', 'log:logs')
    """
    if log_dir is not None:
        return _LOG + log_dir
    if prefix == "never":
        return PLAIN
    return COLOUR if terminal else PREFIX


def log_path(folder: str, rank: int) -> Path:
    """File of a rank in a folder of logs.

    Examples
    --------
    >>> str(log_path("logs", 3))
    'logs/rank-0003.log'
    """
    return Path(folder) / f"rank-{rank:04d}.log"


class Prefixed(io.TextIOBase):
    r"""A text stream that puts a prefix before each line, and writes whole lines.

    Lines of several ranks meet in one pipe: a line is one write, so that none is torn. What has no end of line yet is
    kept until it has one, or until `flush`, after which the line goes on without another prefix.

    Parameters
    ----------
    under : text stream
        Where lines go.
    prefix : str

    Examples
    --------
    >>> import sys
    >>> stream = Prefixed(sys.stdout, "[0] ")
    >>> _ = stream.write("one\ntwo"), stream.write(" words\n")
    [0] one
    [0] two words
    """

    def __init__(self, under: TextIO, prefix: str) -> None:
        self._under = under
        self._prefix = prefix
        self._rest = ""
        self._in_line = False
        self._lock = threading.RLock()

    def write(self, text: str) -> int:
        """Write whole lines, keep the rest."""
        with self._lock:
            *lines, self._rest = (self._rest + text).split("\n")
            if lines:
                self._put("".join(self._begun(line) + "\n" for line in lines))
        return len(text)

    def _begun(self, line: str) -> str:
        prefix, self._in_line = "" if self._in_line else self._prefix, False
        return prefix + line.replace("\r", "\r" + self._prefix)

    def flush(self) -> None:
        """Write what is kept, even in the middle of a line."""
        with self._lock:
            if self._rest:
                text, self._rest = self._begun(self._rest), ""
                self._put(text)
                self._in_line = True
            else:
                self._under.flush()

    def _put(self, text: str) -> None:
        self._under.write(text)
        self._under.flush()

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor of the stream beneath."""
        return self._under.fileno()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._under.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._under, name)  # buffer, encoding, reconfigure: those of the stream beneath


def prefix_of(rank: int, size: int, colour: bool) -> str:
    """Text before each line of a rank.

    Examples
    --------
    >>> prefix_of(3, 16, colour=False)
    '[ 3] '
    """
    text = f"[{rank:>{len(str(size - 1))}}]"
    return f"\x1b[{_COLOURS[rank % len(_COLOURS)]}m{text}\x1b[0m " if colour else text + " "


def redirect(rank: int, size: int) -> None:
    """Let this process print as ``PARATRAIN_OUTPUT`` says: before the script runs.

    With a log file all output goes there, also that of libraries and of processes the script starts, and tracebacks
    that end the job are shown on the terminal as well (see :mod:`paratrain.launch.failure`).

    Raises
    ------
    OSError
        If the log file cannot be written.
    ValueError
        If the variable has another value than the launcher gives it.
    """
    how = os.environ.get(OUTPUT, PLAIN)
    if how.startswith(_LOG):
        _to_file(log_path(how[len(_LOG) :], rank))
    elif how in (PREFIX, COLOUR):
        prefix = prefix_of(rank, size, how == COLOUR)
        sys.stdout, sys.stderr = Prefixed(sys.stdout, prefix), Prefixed(sys.stderr, prefix)
        atexit.register(_flush)
    elif how != PLAIN:
        raise ValueError(f"[launch] {OUTPUT} must be {PLAIN}, {PREFIX}, {COLOUR} or {_LOG}FOLDER; got {how!r}")


def _to_file(path: Path) -> None:
    from paratrain.launch import failure

    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    failure.also_report_to(os.dup(2))
    for stream in (1, 2):
        os.dup2(handle, stream)
    os.close(handle)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # closed by the script
            stream.flush()
