"""The checkpoints in a folder: write one, keep the newest and the best, find those that are intact."""

from __future__ import annotations

import math
import os
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from paratrain.checkpoint import manifest
from paratrain.checkpoint.files import TEMPORARY, write_atomic
from paratrain.checkpoint.manifest import Checkpoint, DamagedError
from paratrain.checkpoint.snapshot import Snapshot

__all__ = ["Folder"]

_KINDS = ("params", "states", "ranks")


@dataclass
class Folder:
    """Checkpoints of one run.

    Attributes
    ----------
    directory : Path
    prefix : str
        Beginning of the files' names.
    keep : int
        Newest checkpoints that stay.
    keep_best : int
        Best checkpoints that stay besides them.
    best_metric : str
        By which they are the best; empty with ``keep_best=0``.
    best_mode : {'max', 'min'}
    """

    directory: Path
    prefix: str = "model"
    keep: int = 3
    keep_best: int = 0
    best_metric: str = ""
    best_mode: str = "max"

    # -- writing --------------------------------------------------------------------------------------------------

    def write(self, snapshot: Snapshot) -> Checkpoint:
        """Write a checkpoint; the manifest comes last and makes it valid.

        Raises
        ------
        OSError
            If something cannot be written; the checkpoints of before are as they were.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        self._tidy()
        before = self.manifests()
        path = self._path(snapshot.epoch, snapshot.batch)
        self._remove(path)
        symbol = self.directory / f"{self.prefix}-symbol.json"
        if not (symbol.exists() and symbol.read_bytes() == snapshot.symbol):
            write_atomic(symbol, snapshot.symbol)
        number = max((each.number for each in before), default=0) + 1
        try:
            files = {"symbol": manifest.file_entry(symbol), **snapshot.write_arrays(path.with_suffix(""))}
            made = Checkpoint(str(path), number, snapshot.epoch, snapshot.batch, files, snapshot.state)
            manifest.write(made)
        except BaseException:
            self._unlink(path)
            raise
        self._prune([*before, made])
        return made

    def _path(self, epoch: int, batch: int) -> Path:
        within = f"-{batch:06d}" if batch else ""
        return self.directory / f"{self.prefix}-{epoch:04d}{within}.json"

    def _prune(self, there: Iterable[Checkpoint]) -> None:
        newest = sorted(there, key=lambda each: each.number, reverse=True)
        kept = {each.path for each in newest[: self.keep]} | {
            each.path for each in self._ranked(newest, self.keep_best)
        }
        for old in newest:
            if old.path not in kept:
                self._remove(Path(old.path))

    def _ranked(self, there: Iterable[Checkpoint], count: int) -> list[Checkpoint]:
        """The best ones first; of equals the older. Those without a figure, or with NaN, do not count."""
        sign = -1.0 if self.best_mode == "max" else 1.0
        known = [(each.figures.get(self.best_metric, math.nan), each) for each in there]
        ranked = sorted((v * sign, each.number, each) for v, each in known if not math.isnan(v))
        return [each for _, _, each in ranked[:count]]

    def _remove(self, path: Path) -> None:
        """Delete a checkpoint: the manifest first, so that it is never half there."""
        if path.exists():
            path.unlink()
            self._unlink(path)

    def _unlink(self, path: Path) -> None:
        for kind in _KINDS:
            path.with_suffix(f".{kind}").unlink(missing_ok=True)

    def _tidy(self) -> None:
        """Delete what an interrupted write has left."""
        for path in self.directory.glob(f".{self.prefix}-*{TEMPORARY}"):
            path.unlink(missing_ok=True)

    # -- finding --------------------------------------------------------------------------------------------------

    def manifests(self) -> list[Checkpoint]:
        """Checkpoints whose manifest can be read; a warning for each other one."""
        found = []
        pattern = re.compile(re.escape(self.prefix) + r"-\d{4,}(-\d{6,})?\.json")
        for path in sorted(self.directory.glob(f"{self.prefix}-*.json")) if self.directory.is_dir() else []:
            if pattern.fullmatch(path.name):
                try:
                    found.append(manifest.read(path))
                except DamagedError as error:
                    _warn(path, error)
        return found

    def latest(self) -> Checkpoint | None:
        """The newest checkpoint that is intact."""
        return _first_intact(sorted(self.manifests(), key=lambda each: each.number, reverse=True))

    def best(self) -> Checkpoint | None:
        """The best checkpoint that is intact."""
        there = self.manifests()
        return _first_intact(self._ranked(there, len(there)))


def _first_intact(candidates: Iterable[Checkpoint]) -> Checkpoint | None:
    for found in candidates:
        try:
            found.verify()
        except DamagedError as error:
            _warn(Path(found.path), error)
        else:
            return found
    return None


def _warn(path: Path, error: DamagedError) -> None:
    text = f"checkpoint {os.fspath(path)} is damaged and is passed over: {error}"
    warnings.warn(text, stacklevel=5)
