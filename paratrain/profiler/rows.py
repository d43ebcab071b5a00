"""Adding recorded events up, by operator, by node, by name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from paratrain.profiler.events import Recorded
from paratrain.profiler.machine import MachineLimits
from paratrain.profiler.work import Work

__all__ = ["SORT_KEYS", "Row", "node_rows", "operator_rows", "ordered", "region_rows", "value_rows"]

#: By what rows can be ordered: names of `Row`'s attributes.
SORT_KEYS = ("total", "avg", "min", "max", "count")


@dataclass
class Row:
    """What several events of one thing come to; times in milliseconds.

    Attributes
    ----------
    name : str
        Of the node, operator, region or counter.
    operator, kernel : str
        Empty where the row is not of one kernel.
    count : int
    total, min, max : float
        Milliseconds; of a counter its values.
    share : float
        Part of the time of all rows, 0 to 1.
    nbytes, flops : int
        Bytes moved and arithmetic operations, of all calls together.
    ideal : float
        Milliseconds that the machine's limits would allow for all calls together.
    """

    name: str
    operator: str = ""
    kernel: str = ""
    count: int = 0
    total: float = 0.0
    min: float = float("inf")
    max: float = float("-inf")
    share: float = 0.0
    nbytes: int = 0
    flops: int = 0
    ideal: float = 0.0

    @property
    def avg(self) -> float:
        """Mean over the calls."""
        return self.total / self.count if self.count else 0.0

    @property
    def flops_rate(self) -> float:
        """Arithmetic operations per second."""
        return self.flops / self.total * 1e3 if self.total else 0.0

    @property
    def bandwidth(self) -> float:
        """Bytes per second."""
        return self.nbytes / self.total * 1e3 if self.total else 0.0

    @property
    def roofline(self) -> float:
        """Share of the machine's limit that was reached, by arithmetic or by bytes, whichever is nearer to its limit.

        More than 1 is possible where the arrays were in a cache: the limit of bytes is that of the memory.
        """
        return self.ideal / self.total if self.total else 0.0

    def add(self, values: np.ndarray) -> None:
        """Add events by their times or values."""
        self.count += len(values)
        self.total += float(values.sum())
        self.min = min(self.min, float(values.min()))
        self.max = max(self.max, float(values.max()))


def _by_label(found: Recorded, values: np.ndarray) -> Iterable[tuple[Any, np.ndarray]]:
    """(what the label stands for, values of its events) for each label."""
    order = np.argsort(found.events["label"], kind="stable")
    labels = found.events["label"][order]
    if not len(labels):
        return
    starts = np.flatnonzero(labels[1:] != labels[:-1]) + 1
    for part in np.split(order, starts):
        yield found.labels[int(found.events["label"][part[0]])], values[part]


def _milliseconds(found: Recorded) -> np.ndarray:
    return (found.events["end"] - found.events["begin"]) / 1e6


def _kernel_rows(
    found: Recorded,
    key: Callable[[Work], Hashable | None],
    make: Callable[[Work], Row],
    limits: dict[int, MachineLimits],
) -> list[Row]:
    rows: dict[Hashable, Row] = {}
    for what, times in _by_label(found, _milliseconds(found)):
        group = key(what) if isinstance(what, Work) else None
        if group is None:
            continue
        row = rows.setdefault(group, make(what))
        row.add(times)
        row.nbytes += what.nbytes * len(times)
        row.flops += what.flops * len(times)
        row.ideal += limits[what.device_type].seconds(what.flops, what.nbytes) * 1e3 * len(times)
    whole = sum(r.total for r in rows.values())
    for row in rows.values():
        row.share = row.total / whole if whole else 0.0
    return list(rows.values())


def node_rows(found: Recorded, limits: dict[int, MachineLimits]) -> list[Row]:
    """One row for each step of a program: node, operator and kernel; `limits` by type of device."""
    return _kernel_rows(
        found,
        lambda w: (w.name, w.operator, w.kernel, w.nbytes, w.flops) if w.in_program else None,
        lambda w: Row(w.name, w.operator, w.kernel),
        limits,
    )


def operator_rows(found: Recorded, limits: dict[int, MachineLimits]) -> list[Row]:
    """One row for each operator, in programs and called by itself."""
    return _kernel_rows(found, lambda w: w.operator, lambda w: Row(w.operator), limits)


def region_rows(found: Recorded) -> dict[str, list[Row]]:
    """Rows of named regions and tasks by category."""
    return _named_rows(found, ("span", "task"), _milliseconds(found))


def value_rows(found: Recorded, kind: str) -> dict[str, list[Row]]:
    """Rows of the values of counters (`kind` ``'counter'``) or bytes of memory (``'memory'``) by category."""
    return _named_rows(found, (kind,), found.events["end"].astype(float))


def _named_rows(found: Recorded, kinds: tuple[str, ...], values: np.ndarray) -> dict[str, list[Row]]:
    sections: dict[str, dict[str, Row]] = {}
    for what, part in _by_label(found, values):
        if isinstance(what, Work) or what[0] not in kinds:
            continue
        _, category, name = what
        sections.setdefault(category, {}).setdefault(name, Row(name)).add(part)
    return {category: list(rows.values()) for category, rows in sorted(sections.items())}


def ordered(rows: Iterable[Row], sort_by: str = "total", ascending: bool = False) -> list[Row]:
    """Rows in the order of one of `SORT_KEYS`."""
    return sorted(rows, key=lambda row: getattr(row, sort_by), reverse=not ascending)
