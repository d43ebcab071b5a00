"""Run the contestants of a subject in turn, each in its own process, and compare their medians."""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
OURS = "paratrain"


@dataclass(frozen=True)
class Subject:
    """One thing that is measured.

    Attributes
    ----------
    name : str
        Also the name of its file.
    contestants : tuple of str
        Who takes part; ``paratrain`` first.
    lower_is_better : bool
        True for times.
    """

    name: str
    contestants: tuple[str, ...]
    lower_is_better: bool = False


SUBJECTS = (
    Subject("mlp", (OURS, "mxnet", "torch")),
    Subject("lenet", (OURS, "mxnet", "torch")),
    Subject("resnet20", (OURS, "mxnet", "torch")),
    Subject("overlap", (OURS,), lower_is_better=True),
    Subject("recordio", (OURS, "mxnet", "raw")),
    Subject("startup", (OURS, "mxnet", "torch"), lower_is_better=True),
)


@dataclass
class Outcome:
    """All values measured for one subject: contestant → measure → one value per round."""

    subject: Subject
    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, contestant: str, measured: dict[str, float]) -> None:
        """Add the measures of one run of `contestant`."""
        for measure, value in measured.items():
            self.values.setdefault(contestant, {}).setdefault(measure, []).append(value)

    def median(self, contestant: str, measure: str) -> float:
        """Median over the rounds."""
        return statistics.median(self.values[contestant][measure])

    def ratio(self, contestant: str, measure: str) -> float:
        """How many times better paratrain is than `contestant`: above 1 is ahead."""
        ours, theirs = self.median(OURS, measure), self.median(contestant, measure)
        return theirs / ours if self.subject.lower_is_better else ours / theirs


def measure(
    subject: Subject, pythons: dict[str, str], rounds: int, threads: int, seconds: float, report: bool = True
) -> Outcome:
    """Run every contestant that has a Python, `rounds` times in turn (A B C A B C …).

    Parameters
    ----------
    pythons : dict
        Contestant to the interpreter it runs in.
    rounds : int
        Runs of each contestant.
    threads : int
        Threads each may use.
    seconds : float
        How long one run measures.
    report : bool, default True
        Print each value as it comes.

    Raises
    ------
    RuntimeError
        If a run fails; its error output is in the message.
    """
    outcome = Outcome(subject)
    present = [name for name in subject.contestants if name in pythons]
    for number in range(rounds):
        for name in present:
            measured = run_once(subject, name, pythons[name], threads, seconds)
            outcome.add(name, measured)
            if report:
                text = ", ".join(f"{value:,.1f} {unit}" for unit, value in measured.items())
                print(f"  {subject.name} {number + 1}/{rounds} {name}: {text}", flush=True)
    return outcome


def run_once(subject: Subject, contestant: str, python: str, threads: int, seconds: float) -> dict[str, float]:
    """One run in a new process; returns what it measured."""
    command = [python, str(HERE / f"{subject.name}.py"), contestant, "--seconds", str(seconds)]
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"[benchmarks] {' '.join(command)} failed with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def table(outcomes: list[Outcome]) -> str:
    """Medians, and how many times better paratrain is, as a Markdown table."""
    lines = [
        "| subject | measure | contestant | median | lowest … highest | paratrain is |",
        "|---|---|---|---|---|---|",
    ]
    for outcome in outcomes:
        for contestant, measures in outcome.values.items():
            for unit, values in measures.items():
                ratio = "" if contestant == OURS or OURS not in outcome.values else _ratio(outcome, contestant, unit)
                spread = f"{min(values):,.1f} … {max(values):,.1f}"
                middle = f"{outcome.median(contestant, unit):,.1f}"
                lines.append(f"| {outcome.subject.name} | {unit} | {contestant} | {middle} | {spread} | {ratio} |")
    return "\n".join(lines)


def _ratio(outcome: Outcome, contestant: str, unit: str) -> str:
    return f"{outcome.ratio(contestant, unit):.2f} ×" if unit in outcome.values[OURS] else ""


def machine() -> dict[str, str | int]:
    """What the figures depend on besides the code."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return {
        "cpu": model,
        "cores": os.cpu_count() or 1,
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def commit() -> str:
    """The commit that is measured, with + when there are changes beside it."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], cwd=HERE, capture_output=True, text=True, check=False
    )
    return described.stdout.strip() or "unknown"


def save(outcome: Outcome, threads: int, folder: Path = RESULTS) -> Path:
    """Write ``<subject>.json``; the history of the file is the history of the figures."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{outcome.subject.name}.json"
    content = {
        "subject": outcome.subject.name,
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "threads": threads,
        "machine": machine(),
        "values": outcome.values,
        "medians": {
            name: {unit: outcome.median(name, unit) for unit in units} for name, units in outcome.values.items()
        },
    }
    path.write_text(json.dumps(content, indent=2) + "\n")
    return path
