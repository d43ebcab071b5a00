"""Watch statistics of every array of a network while it trains."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from paratrain.ndarray.invoke import F
from paratrain.ndarray.ndarray import NDArray

__all__ = ["Monitor"]


def mean_magnitude(x: NDArray) -> NDArray:
    """Root mean square of the elements: ``norm(x) / sqrt(x.size)``."""
    return F.norm(x) / x.size**0.5


class Monitor:
    r"""Collect a statistic of outputs, arguments and auxiliary states every `interval` batches.

    Between `tic` and `toc` programs run that keep the intermediate results whose names match: they take the memory of
    those arrays and of one more arena, and nodes are not fused across a watched result; everywhere else they are.
    Batches in between run as without a monitor.

    Parameters
    ----------
    interval : int
        Batches from one look to the next, >= 1.
    stat_func : callable, optional
        ``NDArray -> NDArray or list of NDArray`` (default: root mean square).
    pattern : str, default '.*'
        Regular expression that names must match from their beginning.
    sort : bool, default False
        Sort the results by name.
    monitor_all : bool, default False
        Also watch the inputs of every node.

    Raises
    ------
    ValueError
        If `interval` is not positive or `pattern` is not a regular expression.

    Examples
    --------
    >>> import paratrain as mx
    >>> net = mx.sym.exp(mx.sym.Variable('x'), name='e')
    >>> ex = net.simple_bind(mx.cpu(), x=(2,))
    >>> monitor = mx.mon.Monitor(1, stat_func=lambda x: x.sum(), pattern='.*output')
    >>> monitor.install(ex)
    >>> monitor.tic()
    >>> _ = ex.forward()
    >>> monitor.toc()
    [(1, 'e_output', '2.0\t')]
    """

    def __init__(
        self,
        interval: int,
        stat_func: Callable[[NDArray], Any] | None = None,
        pattern: str = ".*",
        sort: bool = False,
        monitor_all: bool = False,
    ) -> None:
        if interval < 1:
            raise ValueError(f"[Monitor] interval must be at least 1; got {interval}")
        try:
            self.re_prog = re.compile(pattern)
        except re.error as e:
            raise ValueError(f"[Monitor] pattern {pattern!r} is not a regular expression: {e}") from None
        self.interval, self.sort, self.monitor_all = interval, sort, monitor_all
        self.stat_func = stat_func or mean_magnitude
        self.activated = False
        self.step = 0
        self.queue: list[tuple[int, str, Any]] = []
        self.exes: list[Any] = []

    def install(self, exe: Any, monitor_all: bool | None = None) -> None:
        """Watch an executor; `monitor_all` overrides that of the monitor."""
        self.exes.append(exe)
        if monitor_all is not None:
            self.monitor_all = monitor_all

    def _note(self, name: str, array: NDArray) -> None:
        if self.activated and self.re_prog.match(name):
            self.queue.append((self.step, name, self.stat_func(array)))

    def tic(self) -> None:
        """Start to collect, if it is this batch's turn; to be called before forward."""
        if self.step % self.interval == 0:
            self.queue = []
            self.activated = True
            for exe in self.exes:
                exe.set_monitor_callback(self._note, self.monitor_all, self.re_prog)
        self.step += 1

    def toc(self) -> list[tuple[int, str, str]]:
        """End collecting and add arguments and auxiliary states; to be called after backward.

        Returns
        -------
        list of (int, str, str)
            Step, name and statistic as text; empty for batches that are not watched.
        """
        if not self.activated:
            return []
        for exe in self.exes:
            for name, array in (*exe.arg_dict.items(), *exe.aux_dict.items()):
                self._note(name, array)
            exe.set_monitor_callback(None)
        self.activated = False
        rows = sorted(self.queue, key=lambda row: row[1]) if self.sort else self.queue
        self.queue = []
        return [(step, name, _text(value)) for step, name, value in rows]

    def toc_print(self) -> None:
        """`toc`, written to the log."""
        for step, name, text in self.toc():
            logging.info("Batch: %7d %30s %s", step, name, text)


def _text(value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    for v in values:
        if not isinstance(v, NDArray):
            raise TypeError(f"[Monitor] stat_func must return NDArray or a list of them; got {type(v).__name__}")
    return "".join(f"{v.asscalar() if v.size == 1 else v.asnumpy()}\t" for v in values)
