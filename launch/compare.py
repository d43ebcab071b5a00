"""``paratrain compare``: run a script with several numbers of ranks and see whether they train the same network."""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HELP = """\
Run a script with several numbers of ranks and compare what its Module.fit computes: the metric of each step and epoch,
and the parameters. The first number of ranks is what the others are compared with.

  paratrain compare -n 1,2,4 train.py --epochs 2
  paratrain compare -n 1,2 --rtol 1e-4 train.py

The batch of all ranks together must be the same: batch_size=256 // kv.num_workers in the script. It must begin anew at
each run: a script that resumes needs a folder for its checkpoints that no other run has written to.
Exit code 0: the same within the tolerance. 1: they differ, and the likely cause is named. 2: wrong usage. If the script
fails, its exit code.
"""

Step = tuple[int, int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of ``paratrain compare``."""
    parser.add_argument("-n", "--ranks", required=True, metavar="N,N,…", help="numbers of ranks, such as 1,2,4")
    parser.add_argument("--rtol", type=float, default=1e-3, help="relative tolerance (default: %(default)s)")
    parser.add_argument("--atol", type=float, default=1e-5, help="absolute tolerance (default: %(default)s)")
    parser.add_argument("--timeout", type=float, metavar="S", help="end a run that takes longer than S seconds")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the records and parameters of all runs there")
    parser.add_argument("script", help="Python script to run")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")


@dataclass
class Run:
    """What was recorded with one number of ranks.

    Attributes
    ----------
    ranks : int
    begin : dict
        What the network and its first parameters are.
    steps : dict of (int, int) to dict
        By epoch and batch.
    epochs : dict of int to dict
    """

    ranks: int
    begin: dict[str, Any]
    steps: dict[Step, dict[str, Any]] = field(default_factory=dict)
    epochs: dict[int, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, ranks: int) -> Run:
        """Read a record.

        Raises
        ------
        ValueError
            If it is damaged, or empty since the script never called `Module.fit`.
        """
        if not path.is_file() or not path.stat().st_size:
            raise ValueError(
                f"[compare] the script recorded nothing with {ranks} ranks: it must train with Module.fit(kvstore=kv), "
                "which writes what is compared"
            )
        made: Run | None = None
        for number, text in enumerate(path.read_text().splitlines(), start=1):
            try:
                line = json.loads(text)
                if line["kind"] == "begin":
                    made = cls(ranks, line)
                elif made is not None and line["kind"] == "step":
                    made.steps[line["epoch"], line["batch"]] = line
                elif made is not None:
                    made.epochs[line["epoch"]] = line
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"[compare] {path}: line {number} is damaged: {error!r}") from error
        if made is None:
            raise ValueError(f"[compare] {path} does not say what was trained")
        return made


@dataclass(frozen=True)
class Tolerance:
    """How far apart two figures may be."""

    relative: float
    absolute: float

    def holds(self, one: float, other: float) -> bool:
        """Whether two figures are the same within it; two that are NaN are."""
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        if math.isinf(one) or math.isinf(other):
            return one == other
        return abs(one - other) <= self.absolute + self.relative * abs(one)


def figures_of(line: dict[str, Any]) -> dict[str, float]:
    """What is compared of a step or an epoch, by name."""
    norms = {f"norm of {name}": value for name, value in line.get("norms of parameters", {}).items()}
    return {**line["figures"], **norms}


def differing(one: dict[str, Any], other: dict[str, Any], tolerance: Tolerance) -> list[str]:
    """Names of the figures that are not the same."""
    a, b = figures_of(one), figures_of(other)
    return [name for name in a if name not in b or not tolerance.holds(a[name], b[name])]


def first_difference(base: Run, other: Run, tolerance: Tolerance) -> str:
    """Where two runs part, in words; empty if they do not.

    Examples
    --------
    >>> runs = [Run(n, {}, {(0, 0): {"figures": {"loss": 0.5 / n}}}) for n in (1, 2)]
    >>> first_difference(*runs, Tolerance(1e-3, 0))
    'epoch 0, batch 0: loss is 0.5 with 1 and 0.25 with 2'
    """
    for place in sorted(base.steps.keys() | other.steps.keys()):
        where = f"epoch {place[0]}, batch {place[1]}"
        if place not in base.steps or place not in other.steps:
            missing = base if place not in base.steps else other
            return f"{where}: there is no such step with {missing.ranks}"
        if names := differing(base.steps[place], other.steps[place], tolerance):
            return f"{where}: {_values(names[0], base, other, base.steps[place], other.steps[place])}"
    for epoch, line in sorted(base.epochs.items()):
        if epoch not in other.epochs:
            return f"epoch {epoch} does not end with {other.ranks}"
        if names := differing(line, other.epochs[epoch], tolerance):
            return f"end of epoch {epoch}: {_values(names[0], base, other, line, other.epochs[epoch])}"
    return ""


def _values(name: str, base: Run, other: Run, one: dict[str, Any], two: dict[str, Any]) -> str:
    values = [figures_of(line).get(name, math.nan) for line in (one, two)]
    return f"{name} is {values[0]:.6g} with {base.ranks} and {values[1]:.6g} with {other.ranks}"


def causes(base: Run, other: Run, tolerance: Tolerance) -> Iterator[str]:
    """Why two runs may differ, the likeliest first."""
    one, two = base.begin, other.begin
    for run in (base, other):
        if not run.steps:
            yield f"with {run.ranks} no step was made: has the script resumed from a run that was complete?"
    if one["rows"] != two["rows"]:
        yield (
            f"the batch of all ranks has {one['rows']} rows with {base.ranks} and {two['rows']} with {other.ranks}: "
            "divide it, batch_size=TOTAL // kv.num_workers"
        )
    if differing({"figures": {}, **one}, {"figures": {}, **two}, tolerance):
        yield "the first values of the parameters differ: call mx.random.seed before fit, and load none from elsewhere"
    for run in (base, other):
        lines = [run.begin, *run.epochs.values()]
        if any(line["different"] > 1 for line in lines):
            yield (
                f"with {run.ranks} the ranks have different parameters: was update() left out on one, or set_params "
                "called?"
            )
    yield from _causes_in_data(base, other)
    both = [place for place in sorted(base.steps) if place in other.steps]
    rates = [p for p in both if base.steps[p]["rate"] != other.steps[p]["rate"]]
    if rates:
        epoch, batch = rates[0]
        yield f"the learning rate differs from epoch {epoch}, batch {batch} on: does it depend on kv.num_workers?"
    if one["random"]:
        yield f"{', '.join(one['random'][:4])} draw random numbers, which are others for other parts of a batch"
    if one["norms"]:
        yield (
            f"{', '.join(one['norms'][:4])} normalise by the statistics of each rank's own part of the batch: use "
            "contrib.SyncBatchNorm, or take the difference as it is"
        )
    if two["compressed"] or one["compressed"]:
        yield "gradients are compressed, which changes them"


def _causes_in_data(base: Run, other: Run) -> Iterator[str]:
    both = [place for place in sorted(base.steps) if place in other.steps]
    parted = [p for p in both if base.steps[p]["samples"] != other.steps[p]["samples"]]
    if not parted:
        return
    for epoch in sorted({place[0] for place in both}):
        sums = [
            [sum(line[key] for place, line in run.steps.items() if place[0] == epoch) for key in ("rows", "samples")]
            for run in (base, other)
        ]
        if sums[0] != sums[1]:
            yield (
                f"in epoch {epoch} the samples are not the same: {sums[0][0]} rows with {base.ranks} and {sums[1][0]} "
                f"with {other.ranks}; is each seen once? Augmentation that draws other numbers shows like this, too"
            )
            return
    epoch, batch = parted[0]
    yield (
        f"from epoch {epoch}, batch {batch} on steps have other samples, though those of the epoch are the same: let "
        "the iterator divide them, with num_parts=kv.num_workers, part_index=kv.rank, shuffle=True and a seed"
    )


def table(runs: list[Run], tolerance: Tolerance, most: int = 12) -> list[str]:
    """Lines that show the figures of steps and epochs for each number of ranks; ``*`` marks what differs."""
    base = runs[0]
    places = sorted(set.intersection(*(set(run.steps) for run in runs)))
    if len(places) > most:
        every = -(-len(places) // (most - 1))
        places = [*places[:-1:every], places[-1]]
    names = list(base.begin and (next(iter(base.steps.values()))["figures"] if base.steps else []))
    rows = [["step", *(f"{name}, n={run.ranks}" for name in names for run in runs)]]
    for epoch, batch in places:
        rows.append([f"{epoch}.{batch}", *_cells(names, [run.steps[epoch, batch] for run in runs], tolerance)])
    for epoch in sorted(set.intersection(*(set(run.epochs) for run in runs))):
        lines = [run.epochs[epoch] for run in runs]
        rows.append([f"epoch {epoch}", *_cells(names, lines, tolerance)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _cells(names: list[str], lines: list[dict[str, Any]], tolerance: Tolerance) -> list[str]:
    cells = []
    for name in names:
        values = [line["figures"].get(name, math.nan) for line in lines]
        cells += [f"{value:.6g}{'' if tolerance.holds(values[0], value) else '*'}" for value in values]
    return cells


def numbers(text: str) -> list[int]:
    """The numbers of ranks.

    Raises
    ------
    ValueError
        If they are not at least two different whole numbers from 1.

    Examples
    --------
    >>> numbers("1,2,4")
    [1, 2, 4]
    """
    found = [int(word) if word.strip().isdigit() else 0 for word in text.split(",")]
    if len(found) < 2 or min(found) < 1 or len(set(found)) < len(found):
        raise ValueError(f"[compare] -n must be different numbers of ranks, at least two, such as 1,2,4; got {text!r}")
    return found


def main(options: argparse.Namespace) -> int:
    """Run the script with each number of ranks and compare; returns the exit code.

    Raises
    ------
    ValueError
        For wrong arguments, or a script that records nothing.
    OSError
        If the script is not a file.
    """
    sizes = numbers(options.ranks)
    tolerance = Tolerance(options.rtol, options.atol)
    if not min(options.rtol, options.atol) >= 0:
        raise ValueError(f"[compare] --rtol and --atol must be at least 0; got {options.rtol} and {options.atol}")
    if not Path(options.script).is_file():
        raise FileNotFoundError(f"[compare] script must be a file; there is no {options.script!r}")
    with tempfile.TemporaryDirectory(prefix="paratrain-compare-") as temporary:
        folder = Path(options.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        runs = []
        for size in sizes:
            path = folder.resolve() / f"ranks{size}.jsonl"
            path.unlink(missing_ok=True)
            code = _run(options, size, path)
            if code:
                print(f"paratrain compare: the script ended with exit code {code} on {size} ranks", file=sys.stderr)
                return code
            runs.append(Run.read(path, size))
    return _report(runs, tolerance)


def _run(options: argparse.Namespace, size: int, path: Path) -> int:
    print(f"paratrain compare: {size} ranks", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "paratrain", "launch", "-n", str(size), options.script, *options.arguments]
    try:
        return subprocess.run(
            command,
            env={**os.environ, "PARATRAIN_RECORD": str(path)},
            stdout=2,
            timeout=options.timeout,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"paratrain compare: {size} ranks took more than {options.timeout:g} s", file=sys.stderr)
        return 124


def _report(runs: list[Run], tolerance: Tolerance) -> int:
    print("\n".join(table(runs, tolerance)))
    failed = False
    for other in runs[1:]:
        found = first_difference(runs[0], other, tolerance)
        if not found:
            print(f"{other.ranks} ranks: the same as {runs[0].ranks}, within {tolerance.relative:g}")
            continue
        failed = True
        print(f"{other.ranks} ranks: DIFFERENT; first at {found}")
        said = list(causes(runs[0], other, tolerance))
        for cause in said or ["no cause was found in what is recorded; rounding grows slowly, step by step"]:
            print(f"  likely cause: {cause}")
    return int(failed)
