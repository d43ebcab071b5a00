"""Files that paratrain keeps between processes: what was measured or compiled for a GPU.

They lie in ``PARATRAIN_CACHE``, by default in the folder ``paratrain`` of the user's caches (``XDG_CACHE_HOME``, else
``~/.cache``); ``PARATRAIN_CACHE=0`` keeps nothing. They may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

__all__ = ["Table", "folder", "keep_bytes", "read_bytes"]

_warned: set[str] = set()


def folder() -> Path | None:
    """Where files are kept; None where nothing is to be kept."""
    chosen = os.environ.get("PARATRAIN_CACHE", "")
    if chosen == "0":
        return None
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "paratrain"


def _warn_once(path: Path, text: str) -> None:
    if str(path) not in _warned:
        _warned.add(str(path))
        warnings.warn(text, RuntimeWarning, stacklevel=3)


def read_bytes(name: str) -> bytes | None:
    """Contents of a kept file; None if there is none."""
    where = folder()
    if where is None:
        return None
    try:
        return (where / name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as e:
        _warn_once(where / name, f"[cache] {where / name} cannot be read ({e}); it is made again")
        return None


def keep_bytes(name: str, contents: bytes) -> None:
    """Keep a file; where that is not possible, warn once and go on without."""
    where = folder()
    if where is None:
        return
    path = where / name
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Nothing waits for the disk: what a crash takes is made again.
        part.write_bytes(contents)
        part.replace(path)
    except OSError as e:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        text = f"[cache] {path} cannot be kept ({e}); PARATRAIN_CACHE chooses another folder, or 0 for none"
        _warn_once(path.parent, text)


class Table:
    """A file of keys and values, both text, that several processes share.

    The first one to keep a value for a key decides: all others get that value. A file that does not hold what it
    should is left aside with a warning and replaced when something is kept next.

    Parameters
    ----------
    name : str
        Of the file.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._known: dict[str, str] | None = None

    def find(self, key: str) -> str | None:
        """The value of a key, or None."""
        with self._lock:
            if self._known is None:
                self._known = self._read()
            return self._known.get(key)

    def keep(self, key: str, value: str) -> str:
        """Keep a value and return the one that holds: of this call, or of the process that was first."""
        with self._lock, self._alone():
            known = self._read()
            value = (self._known or {}).get(key) or known.setdefault(key, value)
            known[key] = value
            self._known = {**(self._known or {}), **known}
            text = json.dumps({"format": 1, "values": known}, indent=0, sort_keys=True)
            keep_bytes(self._name, text.encode())
            return value

    def _read(self) -> dict[str, str]:
        contents = read_bytes(self._name)
        if contents is None:
            return {}
        try:
            values = json.loads(contents)["values"]
            if all(isinstance(k, str) and isinstance(v, str) for k, v in values.items()):
                return dict(values)
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # said below, as for a file of other things
        path = (folder() or Path()) / self._name
        _warn_once(path, f"[cache] {path} is damaged; what it held is measured again")
        return {}

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other process changes the file. Where there can be no lock, nothing can be kept either."""
        where = folder()
        if where is None:
            yield
            return
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):  # `keep_bytes` says so
                where.mkdir(parents=True, exist_ok=True)
                lock = held.enter_context(open(where / f"{self._name}.lock", "a"))
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
