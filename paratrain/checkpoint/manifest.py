"""The manifest of a checkpoint: its files, with checksums. It is written last and makes the checkpoint valid."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from paratrain.checkpoint.files import checksum, write_atomic

__all__ = ["Checkpoint", "DamagedError", "file_entry", "read", "write"]

FORMAT = "paratrain-checkpoint"
VERSION = 1


class DamagedError(ValueError):
    """A checkpoint that cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint on disk.

    Attributes
    ----------
    path : str
        Its manifest.
    number : int
        Counts the checkpoints of a folder; the newest has the largest.
    epoch, batch : int
        Training goes on with this batch of this epoch, both from 0.
    files : dict
        ``{'params': {'name', 'bytes', 'sha256'}, ...}``: kind of file to its name beside the manifest, and checksum.
    state : dict
        Everything that is not in files of its own; see ``docs/checkpoints.md``.
    """

    path: str
    number: int
    epoch: int
    batch: int
    files: dict[str, dict[str, Any]]
    state: dict[str, Any]

    @property
    def figures(self) -> dict[str, float]:
        """Results of the epoch before it, by name of the metric; empty within an epoch."""
        return self.state.get("figures", {})

    def file(self, kind: str) -> Path:
        """Return the path of one of its files.

        Raises
        ------
        KeyError
            If it has no file of this kind.
        """
        return Path(self.path).with_name(self.files[kind]["name"])

    def verify(self) -> None:
        """Compare its files with their checksums.

        Raises
        ------
        DamagedError
            If one is missing, has another length or other bytes.
        """
        for kind, entry in self.files.items():
            path = self.file(kind)
            if not path.is_file():
                raise DamagedError(f"{path.name} is missing")
            size = path.stat().st_size
            if size != entry["bytes"]:
                raise DamagedError(f"{path.name} has {size} bytes, not {entry['bytes']}")
            if checksum(path) != entry["sha256"]:
                raise DamagedError(f"the bytes of {path.name} do not match their checksum")


def file_entry(path: Path) -> dict[str, Any]:
    """Describe a file for `Checkpoint.files`."""
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": checksum(path)}


def write(checkpoint: Checkpoint) -> None:
    """Write the manifest; from then on the checkpoint is valid."""
    body = {name: value for name, value in asdict(checkpoint).items() if name != "path"}
    head = {"format": FORMAT, "version": VERSION, "sha256": _digest(body)}
    write_atomic(checkpoint.path, (json.dumps({**head, "checkpoint": body}, indent=1) + "\n").encode())


def read(path: Path) -> Checkpoint:
    """Read a manifest, without its files.

    Raises
    ------
    DamagedError
        If it is damaged, or of another format.
    """
    try:
        content = json.loads(path.read_bytes())
        head = (content["format"], content["version"])
        body = content["checkpoint"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedError(f"{path.name} is no manifest, or damaged: {error!r}") from error
    if head != (FORMAT, VERSION):
        raise DamagedError(f"{path.name} has the format {head[0]} version {head[1]}, not {FORMAT} {VERSION}")
    if _digest(body) != content.get("sha256"):
        raise DamagedError(f"the content of {path.name} does not match its checksum")
    return Checkpoint(path=str(path), **body)


def _digest(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
