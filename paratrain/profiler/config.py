"""What is to be recorded, and where it goes."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from paratrain.ext import engine

__all__ = ["Config", "check_process"]


@dataclass(frozen=True)
class Config:
    """Settings of the profiler; see `paratrain.profiler.set_config`."""

    filename: str | os.PathLike[str] = "profile.json"
    profile_all: bool = False
    profile_symbolic: bool = True
    profile_imperative: bool = True
    profile_memory: bool = True
    profile_api: bool = True
    continuous_dump: bool = False
    dump_period: float = 1.0
    aggregate_stats: bool = True
    profile_process: str = "worker"

    @classmethod
    def checked(cls, given: dict[str, Any]) -> Config:
        """Settings from what was given, the others at their defaults.

        Raises
        ------
        TypeError
            For an unknown name or a value of another type.
        ValueError
            For a period that is not positive, a folder that does not exist, or a process that is not the worker.
        """
        where = "[profiler.set_config]"
        known = {f.name: f.default for f in fields(cls)}
        for name, value in given.items():
            if name not in known:
                raise TypeError(f"{where} there is no setting {name!r}; settings are {', '.join(known)}")
            if isinstance(known[name], bool) and not isinstance(value, bool):
                raise TypeError(f"{where} {name} must be True or False; got {value!r}")
        made = cls(**given)
        if not isinstance(made.filename, (str, os.PathLike)) or not str(made.filename):
            raise TypeError(f"{where} filename must be a path; got {made.filename!r}")
        if not Path(made.filename).absolute().parent.is_dir():
            raise ValueError(f"{where} the folder of {str(made.filename)!r} does not exist; make it first")
        if isinstance(made.dump_period, bool) or not isinstance(made.dump_period, (int, float)):
            raise TypeError(f"{where} dump_period must be a number of seconds; got {made.dump_period!r}")
        if not made.dump_period > 0:
            raise ValueError(f"{where} dump_period must be more than 0 seconds; got {made.dump_period}")
        check_process("set_config", made.profile_process)
        return made

    @property
    def bits(self) -> int:
        """The engine's bits for what is to be recorded."""
        wanted = {
            engine.PROFILE_PROGRAMS: self.profile_symbolic,
            engine.PROFILE_CALLS: self.profile_imperative,
            engine.PROFILE_MEMORY: self.profile_memory,
            engine.PROFILE_API: self.profile_api,
            engine.PROFILE_RUNNING: True,
        }
        return sum(bit for bit, on in wanted.items() if on or self.profile_all)

    def path_of(self, rank: int) -> Path:
        """The file of one rank by itself, such as ``profile.rank1.json``."""
        whole = Path(self.filename)
        return whole.with_name(f"{whole.stem}.rank{rank}{whole.suffix}")


def check_process(function: str, process: str) -> None:
    """Refuse everything but ``'worker'``: there are no servers."""
    if process == "server":
        raise ValueError(
            f"[profiler.{function}] profile_process must be 'worker': ranks add gradients up among themselves, there "
            "is no server"
        )
    if process != "worker":
        raise ValueError(f"[profiler.{function}] profile_process must be 'worker'; got {process!r}")
