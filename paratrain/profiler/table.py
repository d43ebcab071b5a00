"""Rows as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from paratrain.profiler.events import Recorded
from paratrain.profiler.machine import MachineLimits, machine_limits
from paratrain.profiler.rows import Row, node_rows, operator_rows, ordered, region_rows, value_rows
from paratrain.profiler.work import Work

__all__ = ["as_json", "as_table", "limits_for", "node_table"]

Column = tuple[str, Callable[[Row], str]]

_TIMES: list[Column] = [
    ("Total Count", lambda r: str(r.count)),
    ("Time (ms)", lambda r: f"{r.total:.4f}"),
    ("Min Time (ms)", lambda r: f"{r.min:.4f}"),
    ("Max Time (ms)", lambda r: f"{r.max:.4f}"),
    ("Avg Time (ms)", lambda r: f"{r.avg:.4f}"),
]
_WORK: list[Column] = [
    ("Share (%)", lambda r: f"{r.share * 100:.1f}"),
    ("MB", lambda r: f"{r.nbytes / r.count / 1e6:.3f}"),
    ("MFLOP", lambda r: f"{r.flops / r.count / 1e6:.3f}"),
    ("GB/s", lambda r: f"{r.bandwidth / 1e9:.1f}"),
    ("GFLOP/s", lambda r: f"{r.flops_rate / 1e9:.1f}"),
    ("Roofline (%)", lambda r: f"{r.roofline * 100:.0f}"),
]
_NAME: list[Column] = [("Name", lambda r: r.name)]
_NODE: list[Column] = [*_NAME, ("Operator", lambda r: r.operator), ("Kernel", lambda r: r.kernel)]


def limits_for(found: Recorded) -> dict[int, MachineLimits]:
    """Limits of the devices on which kernels ran, by type of device."""
    from paratrain.context import cpu, gpu

    types = {w.device_type for w in found.labels.values() if isinstance(w, Work)}
    return {t: machine_limits(gpu() if t == 2 else cpu()) for t in types}


def _values(unit: str, scale: float) -> list[Column]:
    return [
        ("Total Count", lambda r: str(r.count)),
        (f"Min {unit}", lambda r: f"{r.min * scale:.4f}"),
        (f"Max {unit}", lambda r: f"{r.max * scale:.4f}"),
        (f"Avg {unit}", lambda r: f"{r.avg * scale:.4f}"),
    ]


def _grid(rows: Sequence[Row], columns: Sequence[Column], names: int = 1) -> list[str]:
    """Lines of a table whose first `names` columns are words."""
    cells = [[title for title, _ in columns], *[[show(r) for _, show in columns] for r in rows]]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    cells.insert(1, ["-" * len(title) for title in cells[0]])
    return [
        "  ".join(c.ljust(w) if i < names else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths))).rstrip()
        for line in cells
    ]


def _section(title: str, lines: list[str]) -> list[str]:
    return [title, "=" * len(title), *lines, ""]


def node_table(rows: Sequence[Row]) -> str:
    """Rows of nodes as text, as wide as a page."""
    times: list[Column] = [
        ("Calls", lambda r: str(r.count)),
        ("Avg (ms)", lambda r: f"{r.avg:.4f}"),
        ("Min (ms)", lambda r: f"{r.min:.4f}"),
    ]
    return "\n".join(_grid(rows, [*_NODE, *times, *_WORK], 3))


def as_table(found: Recorded, sort_by: str, ascending: bool) -> str:
    """Everything that was recorded as text."""
    lines = ["Profile", ""]
    if found.dropped:
        lines += [f"{found.dropped} events are missing: there was no room for more than {len(found.events)}.", ""]
    for title, rows in value_rows(found, "memory").items():
        lines += _section(title, _grid(rows, [*_NAME, *_values("Use (kB)", 1e-3)]))
    for title, rows in value_rows(found, "counter").items():
        lines += _section(f"{title} counters", _grid(rows, [*_NAME, *_values("Value", 1.0)]))
    for title, rows in region_rows(found).items():
        lines += _section(title, _grid(ordered(rows, sort_by, ascending), [*_NAME, *_TIMES]))
    limits = limits_for(found)
    operators = ordered(operator_rows(found, limits), sort_by, ascending)
    if operators:
        lines += _section("operator", _grid(operators, [*_NAME, *_TIMES, *_WORK]))
    nodes = ordered(node_rows(found, limits), sort_by, ascending)
    if nodes:
        lines += _section("node", _grid(nodes, [*_NODE, *_TIMES, *_WORK], 3))
    for device_type, limit in limits.items():
        lines.append(f"Limits measured on the {'GPU' if device_type == 2 else 'CPU'}: {limit}.")
    return "\n".join(lines) + "\n"


def as_json(found: Recorded, sort_by: str, ascending: bool) -> str:
    """Everything that was recorded as JSON, with MXNet's keys for what MXNet has."""
    limits = limits_for(found)
    time: dict[str, Any] = {
        title: {r.name: _times(r) for r in ordered(rows, sort_by, ascending)}
        for title, rows in region_rows(found).items()
    }
    time["operator"] = {r.name: _times(r) | _work(r) for r in ordered(operator_rows(found, limits), sort_by, ascending)}
    nodes = ordered(node_rows(found, limits), sort_by, ascending)
    counters, memory = value_rows(found, "counter"), value_rows(found, "memory")
    whole = {
        "Time": time,
        "Node": [{"Name": r.name, "Operator": r.operator, "Kernel": r.kernel, **_times(r), **_work(r)} for r in nodes],
        "Counter": {title: {r.name: _value(r, 1.0) for r in rows} for title, rows in counters.items()},
        "Memory": {title: {r.name: _value(r, 1e-3) for r in rows} for title, rows in memory.items()},
        "Unit": {"Time": "ms", "Memory": "kB"},
        "Dropped": found.dropped,
    }
    return json.dumps(whole, indent=4)


def _times(row: Row) -> dict[str, float]:
    return {"Count": row.count, "Total": row.total, "Min": row.min, "Max": row.max, "Avg": row.avg}


def _value(row: Row, scale: float) -> dict[str, float]:
    return {"Count": row.count, "Min": row.min * scale, "Max": row.max * scale, "Avg": row.avg * scale}


def _work(row: Row) -> dict[str, float]:
    return {
        "Share": row.share,
        "Bytes": row.nbytes,
        "FLOPs": row.flops,
        "GB/s": row.bandwidth / 1e9,
        "GFLOP/s": row.flops_rate / 1e9,
        "Roofline": row.roofline,
    }
