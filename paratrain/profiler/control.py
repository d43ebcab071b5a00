"""Starting, stopping and writing."""

from __future__ import annotations

import atexit
import threading
import warnings
from pathlib import Path
from typing import Any

from paratrain.ext import engine
from paratrain.kvstore.transport import World, world
from paratrain.profiler.config import Config, check_process
from paratrain.profiler.events import recorded
from paratrain.profiler.rows import SORT_KEYS
from paratrain.profiler.table import as_json, as_table
from paratrain.profiler.trace import TraceFile
from paratrain.profiler.work import describe

__all__ = [
    "dump", "dump_profile", "dumps", "pause", "profiler_set_config", "profiler_set_state", "resume", "set_config",
    "set_state", "start", "stop",
]  # fmt: skip


class _Profiler:
    """State of the profiler: there is one in a process."""

    def __init__(self) -> None:
        self.config = Config()
        self.running = False
        self.paused = False
        self.lock = threading.RLock()  # the thread that dumps now and then, and the user's
        self.finished = False  # the trace was written; the next start begins another
        self.trace_from = 0  # number of the trace's first event
        self.table_from = 0  # and of the table's
        self.file: TraceFile | None = None
        self.written = 0  # number of the first event that is not yet in `file`
        self.began = 0
        self.dumping: threading.Thread | None = None
        self.wake = threading.Event()

    def apply(self) -> None:
        """Let the engine record what config and state say."""
        engine.set_profile_mask(self.config.bits if self.running and not self.paused else 0)

    def run(self) -> None:
        with self.lock:
            if self.finished:
                self.finished = False
                self.trace_from = engine.profile_count()
                self._forget()
            if not self.began or self.trace_from == engine.profile_count():
                self.began = engine.profile_now()
            engine.set_profile_describe(describe)
            self.running, self.paused = True, False
            self.apply()
            if self.config.continuous_dump and self.dumping is None:
                ranks = world()  # a collective at the first call: not in the thread
                self.dumping = threading.Thread(
                    target=self._dump_often, args=(ranks,), name="paratrain profiler", daemon=True
                )
                self.wake.clear()
                self.dumping.start()
                atexit.register(self.stop)

    def stop(self) -> None:
        self.running = False
        self.apply()
        if self.dumping is not None:
            thread, self.dumping = self.dumping, None
            self.wake.set()
            thread.join()
            atexit.unregister(self.stop)

    def _dump_often(self, ranks: World) -> None:
        while not self.wake.wait(self.config.dump_period):
            self.write_own(ranks)
        self.write_own(ranks)

    def write_own(self, ranks: World) -> None:
        """Add what is new to this rank's file."""
        with self.lock:
            if self.file is None:
                path = self.config.filename if ranks.size == 1 else self.config.path_of(ranks.rank)
                self.file, self.written = TraceFile(path, self.began), self.trace_from
            new = recorded(self.written, ranks.rank)
            self.file.append([new] if len(new.events) else [])
            self.written += len(new.events)

    def write_all(self, ranks: World) -> None:
        """Write the events of all ranks to one file. A collective."""
        founds = ranks.allgather_object((self.began, recorded(self.trace_from, ranks.rank)))
        if ranks.rank == 0:
            base = min((began for began, _ in founds if began), default=0)
            TraceFile(self.config.filename, base).append([found for _, found in founds])

    def finish(self) -> None:
        """The trace is complete: what comes later belongs to another one."""
        self.finished, self.file = True, None

    def reset_table(self) -> None:
        self.table_from = engine.profile_count()
        if self.finished:
            self.trace_from = self.table_from
        self._forget()

    def _forget(self) -> None:
        """Let go of events that are neither in a trace to be written nor in the table."""
        if self.trace_from == self.table_from == engine.profile_count():
            engine.profile_keep(0)
            self.trace_from = self.table_from = self.written = 0


_profiler = _Profiler()


def set_config(**settings: Any) -> None:
    """Say what is recorded and where the trace goes; settings that are not given get their defaults.

    Parameters
    ----------
    filename : path, default 'profile.json'
        The trace of all ranks.
    profile_all : bool, default False
        Record everything, whatever the next four say.
    profile_symbolic : bool, default True
        Each step of the programs that executors run.
    profile_imperative : bool, default True
        Operators that are called one by one, such as ``mx.nd.dot``.
    profile_memory : bool, default True
        The bytes of host memory in arrays, at each change.
    profile_api : bool, default True
        Calls such as `Executor.forward` and `Module.update`.
    continuous_dump : bool, default False
        Add what is new to the trace every `dump_period` seconds, which takes time from the run. With several ranks
        each writes a file of its own, ``profile.rank<k>.json``.
    dump_period : float, default 1.0
        Seconds.
    aggregate_stats : bool, default True
        Whether `dumps` is to be used.
    profile_process : str, default 'worker'
        Nothing else: there are no servers.

    Raises
    ------
    TypeError
        For an unknown name or a value of another type.
    ValueError
        For values that cannot be honoured.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.profiler.set_config(profile_memory=False)
    >>> mx.profiler.set_config(profile_memori=False)
    Traceback (most recent call last):
    TypeError: [profiler.set_config] there is no setting 'profile_memori'; settings are filename, profile_all, ...
    """
    made = Config.checked(settings)
    with _profiler.lock:
        if _profiler.file is not None and made.filename != _profiler.config.filename:
            _profiler.file = None
        _profiler.config = made
        _profiler.apply()


def set_state(state: str = "stop", profile_process: str = "worker") -> None:
    """Start or stop to record.

    Parameters
    ----------
    state : {'run', 'stop'}
    profile_process : str, default 'worker'
        Nothing else.
    """
    if state not in ("run", "stop"):
        raise ValueError(f"[profiler.set_state] state must be 'run' or 'stop'; got {state!r}")
    check_process("set_state", profile_process)
    if state == "run":
        _profiler.run()
    else:
        _profiler.stop()


def start(profile_process: str = "worker") -> None:
    """Start to record; as ``set_state('run')``.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.profiler.start()
    >>> y = mx.nd.ones((2, 3)) * 2
    >>> mx.profiler.stop()
    >>> "_mul_scalar" in mx.profiler.dumps(reset=True)
    True
    """
    set_state("run", profile_process)


def stop(profile_process: str = "worker") -> None:
    """End recording; as ``set_state('stop')``."""
    set_state("stop", profile_process)


def pause(profile_process: str = "worker") -> None:
    """Record nothing until `resume`."""
    check_process("pause", profile_process)
    _profiler.paused = True
    _profiler.apply()


def resume(profile_process: str = "worker") -> None:
    """Go on after `pause`."""
    check_process("resume", profile_process)
    _profiler.paused = False
    _profiler.apply()


def dump(finished: bool = True, profile_process: str = "worker") -> None:
    """Write the trace for chrome://tracing or https://ui.perfetto.dev.

    With several ranks a finished dump is a collective: every rank calls it, and rank 0 writes the events of all to
    one file, each rank as a process of its own. What ranks on other hosts record is as well aligned as the clocks of
    the hosts are.

    Parameters
    ----------
    finished : bool, default True
        Stop to record; the next `start` begins another trace, which overwrites this one unless `set_config` gives
        another name. With False the run goes on: what is new is added to the file (with several ranks to one file for
        each, ``profile.rank<k>.json``).
    profile_process : str, default 'worker'
        Nothing else.
    """
    check_process("dump", profile_process)
    ranks = world()
    if not finished:
        _profiler.write_own(ranks)
        return
    _profiler.stop()
    with _profiler.lock:
        if ranks.size > 1:
            _profiler.write_all(ranks)
        else:
            _profiler.write_own(ranks)
        _profiler.finish()


def dumps(reset: bool = False, format: str = "table", sort_by: str = "total", ascending: bool = False) -> str:
    """Tables of what this rank has recorded, since the start or the last reset.

    First what MXNet shows: memory, counters, regions and tasks, then the time of each operator. After that one line
    for each step of a program: node, operator and kernel, calls, times, share of the time, bytes (inputs and outputs)
    and arithmetic operations of a call, both per second, and the share of the machine's limit (see `machine_limits`)
    that the nearer of the two has reached.

    Parameters
    ----------
    reset : bool, default False
        Begin afresh after this.
    format : {'table', 'json'}
    sort_by : {'total', 'avg', 'min', 'max', 'count'}
    ascending : bool, default False

    Returns
    -------
    str

    Raises
    ------
    RuntimeError
        If ``set_config(aggregate_stats=False)`` said that there would be none.
    """
    if format not in ("table", "json"):
        raise ValueError(f"[profiler.dumps] format must be 'table' or 'json'; got {format!r}")
    if sort_by not in SORT_KEYS:
        raise ValueError(f"[profiler.dumps] sort_by must be one of {', '.join(SORT_KEYS)}; got {sort_by!r}")
    for name, value in (("reset", reset), ("ascending", ascending)):
        if not isinstance(value, bool):
            raise TypeError(f"[profiler.dumps] {name} must be True or False; got {value!r}")
    if not _profiler.config.aggregate_stats:
        raise RuntimeError("[profiler.dumps] needs aggregate_stats=True; set_config has said False")
    with _profiler.lock:
        text = (as_table if format == "table" else as_json)(recorded(_profiler.table_from), sort_by, ascending)
        if reset:
            _profiler.reset_table()
    return text


def profiler_set_config(mode: str = "symbolic", filename: str | Path = "profile.json") -> None:
    """Deprecated name of `set_config`, with ``mode='symbolic'`` or ``'all'``."""
    warnings.warn("profiler_set_config is deprecated; use set_config", DeprecationWarning, stacklevel=2)
    if mode not in ("symbolic", "all"):
        raise ValueError(f"[profiler_set_config] mode must be 'symbolic' or 'all'; got {mode!r}")
    set_config(filename=filename, **{f"profile_{mode}": True})


def profiler_set_state(state: str = "stop") -> None:
    """Deprecated name of `set_state`."""
    warnings.warn("profiler_set_state is deprecated; use set_state", DeprecationWarning, stacklevel=2)
    set_state(state)


def dump_profile() -> None:
    """Deprecated name of `dump`."""
    warnings.warn("dump_profile is deprecated; use dump", DeprecationWarning, stacklevel=2)
    dump(True)
