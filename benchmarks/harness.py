"""Run the contestants of a subject in turn, each in its own process, and compare their medians."""

from __future__ import annotations

import datetime
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
OURS = "paratrain"
LOWER_IS_BETTER = {"us", "ms", "s", "MB", "ratio"}
WITHIN = 1.2  # a variant this much worse than the best of its contestant in every measure does not run again


@dataclass(frozen=True)
class Entrant:
    """A contestant in one way of using it.

    Attributes
    ----------
    contestant : str
        Whose Python it runs in.
    variant : str
        How the library is used, such as ``channels_last+compile``; empty where there is one way only.
    tcmalloc : bool
        Run with tcmalloc instead of the C library's malloc.
    """

    contestant: str
    variant: str = ""
    tcmalloc: bool = False

    @property
    def label(self) -> str:
        """Its name in the results: ``torch (eager, tcmalloc)``."""
        words = [self.variant] * bool(self.variant) + ["tcmalloc"] * self.tcmalloc
        return f"{self.contestant} ({', '.join(words)})" if words else self.contestant


def variants(contestant: str, *names: str) -> tuple[Entrant, ...]:
    """Each of the variants, with malloc and with tcmalloc."""
    return tuple(Entrant(contestant, name, tcmalloc) for name in names for tcmalloc in (False, True))


@dataclass(frozen=True)
class Subject:
    """One thing that is measured.

    Attributes
    ----------
    name : str
        Also the name of its file.
    entrants : tuple of Entrant
        Who takes part; ``paratrain`` first.
    arithmetic : bool
        True for a network whose file states its operations: achieved GFLOP/s are shown.
    """

    name: str
    entrants: tuple[Entrant, ...]
    arithmetic: bool = False


LIBRARIES = (Entrant(OURS), Entrant("mxnet"))
DENSE = (*LIBRARIES, *variants("torch", "eager", "compile"))
IMAGES = (*LIBRARIES, *variants("torch", "eager", "channels_last", "compile", "channels_last+compile"))
LIMITS = Subject("limits", (Entrant("raw"),))
SUBJECTS = (
    Subject("mlp", DENSE, arithmetic=True),
    Subject("lenet", IMAGES, arithmetic=True),
    Subject("resnet20", IMAGES, arithmetic=True),
    Subject("resnet50", IMAGES, arithmetic=True),
    Subject("mobilenetv2", IMAGES, arithmetic=True),
    Subject("lstm", DENSE, arithmetic=True),
    Subject("elementwise", DENSE),
    Subject("inference", IMAGES, arithmetic=True),
    Subject("deep", (*LIBRARIES, *variants("torch", "eager"))),
    Subject("bind", LIBRARIES),
    Subject("imperative", (*LIBRARIES, Entrant("torch"))),
    Subject("operators", (*LIBRARIES, *variants("torch", "eager"))),
    Subject("growth", (*LIBRARIES, *variants("torch", "channels_last"))),
    Subject("neighbour", (*LIBRARIES, *variants("torch", "eager"))),
    Subject("overlap", (Entrant(OURS),)),
    Subject("checkpoint", (Entrant(OURS),)),
    Subject("nan_check", (Entrant(OURS),)),
    Subject("allreduce", (Entrant(OURS), Entrant("raw"), Entrant("torch"))),
    Subject(
        "ddp",
        (
            Entrant(OURS),
            Entrant(OURS, "sharded"),
            Entrant("mpi4py"),
            Entrant("independent"),
            Entrant("torch"),
        ),
    ),
    Subject("zero", (Entrant(OURS), Entrant(OURS, "sharded"))),
    Subject("compression", tuple(Entrant(OURS, how) for how in ("", "2bit", "fp16", "bf16"))),
    Subject("image_record", (*LIBRARIES, Entrant("torch"), Entrant("simplejpeg"), Entrant("decode"))),
    Subject("image_augment", LIBRARIES),
    Subject("waiting", LIBRARIES),
    Subject("im2rec", LIBRARIES),
    Subject("recordio", (*LIBRARIES, Entrant("raw"))),
    Subject("startup", (*LIBRARIES, Entrant("torch"))),
    LIMITS,
)


def lower_is_better(measure: str) -> bool:
    """Whether less is better: told by the unit, the last word of `measure`.

    Examples
    --------
    >>> lower_is_better("peak MB"), lower_is_better("samples/s")
    (True, False)
    """
    return measure.split()[-1] in LOWER_IS_BETTER


@dataclass
class Outcome:
    """All values measured for one subject: label of the entrant → measure → one value per round."""

    subject: Subject
    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    arithmetic: dict[str, float] = field(default_factory=dict)  # GFLOP of one unit of a measure

    def add(self, label: str, measured: dict[str, float]) -> None:
        """Add the measures of one run of the entrant with that `label`."""
        for measure, value in measured.items():
            self.values.setdefault(label, {}).setdefault(measure, []).append(value)

    def median(self, label: str, measure: str) -> float:
        """Median over the rounds."""
        return statistics.median(self.values[label][measure])

    def ratio(self, label: str, measure: str) -> float:
        """How many times better paratrain is than the entrant `label`: above 1 is ahead."""
        ours, theirs = self.median(OURS, measure), self.median(label, measure)
        return theirs / ours if lower_is_better(measure) else ours / theirs

    def measures(self) -> list[str]:
        """All measures, in the order in which they came."""
        return list(dict.fromkeys(measure for measures in self.values.values() for measure in measures))

    def labels(self, contestant: str, measure: str) -> list[str]:
        """The entrants of `contestant` that gave `measure`."""
        own = (entrant.label for entrant in self.subject.entrants if entrant.contestant == contestant)
        return [label for label in own if measure in self.values.get(label, {})]

    def best(self, contestant: str, measure: str) -> str | None:
        """The variant of `contestant` with the best median of `measure`; None where it has none."""
        choose = min if lower_is_better(measure) else max
        return choose(self.labels(contestant, measure), key=lambda label: self.median(label, measure), default=None)

    def promising(self, entrant: Entrant) -> bool:
        """Whether a variant may still be its contestant's best in some measure, or has not run yet."""
        if entrant.label not in self.values:
            return True
        for measure in self.values[entrant.label]:
            own = self.median(entrant.label, measure)
            best = self.median(self.best(entrant.contestant, measure) or entrant.label, measure)
            if own <= best * WITHIN if lower_is_better(measure) else own * WITHIN >= best:
                return True
        return False


def tcmalloc() -> str | None:
    """Path of tcmalloc where the system's loader knows one."""
    loader = shutil.which("ldconfig", path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if loader is None:
        return None
    known = subprocess.run([loader, "-p"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"^\s*libtcmalloc(?:_minimal)?\.so\S* .*=> (\S+)$", known, re.MULTILINE)
    return found.group(1) if found else None


def measure(
    subject: Subject, pythons: dict[str, str], rounds: int, threads: int, seconds: float, report: bool = True
) -> Outcome:
    """Run every entrant that has a Python, `rounds` times in turn (A B C A B C …).

    A contestant's variants all run in the first round; later only those that may still be its best.

    Parameters
    ----------
    pythons : dict
        Contestant to the interpreter it runs in.
    rounds : int
        Runs of each entrant.
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
    if subject.arithmetic and OURS in pythons:
        outcome.arithmetic = run_once(subject, Entrant("arithmetic"), pythons[OURS], threads, seconds)
    present = [e for e in subject.entrants if e.contestant in pythons and (not e.tcmalloc or tcmalloc())]
    for number in range(rounds):
        running = [entrant for entrant in present if outcome.promising(entrant)]
        for entrant in running:
            measured = run_once(subject, entrant, pythons[entrant.contestant], threads, seconds)
            outcome.add(entrant.label, measured)
            if report:
                text = ", ".join(f"{value:,.1f} {unit}" for unit, value in measured.items())
                print(f"  {subject.name} {number + 1}/{rounds} {entrant.label}: {text}", flush=True)
    return outcome


def gemm_limit(python: str, threads: int) -> float:
    """GFLOP/s of a large float32 matrix multiplication, now and with that many threads."""
    measured = run_once(LIMITS, Entrant("raw"), python, threads, 1.0, part="gemm")
    return next(iter(measured.values()))


def only_variants(subject: Subject, names: Iterable[str]) -> Subject:
    """The subject with those of its variants that are made of `names`; entrants without variants stay."""
    wanted = set(names)

    def chosen(entrant: Entrant) -> bool:
        return not entrant.variant or {entrant.variant, *["tcmalloc"] * entrant.tcmalloc} <= wanted

    return replace(subject, entrants=tuple(filter(chosen, subject.entrants)))


def run_once(
    subject: Subject, entrant: Entrant, python: str, threads: int, seconds: float, part: str = ""
) -> dict[str, float]:
    """One run in a new process; returns what it measured."""
    command = [python, str(HERE / f"{subject.name}.py"), entrant.contestant, "--seconds", str(seconds)]
    if entrant.variant:
        command += ["--variant", entrant.variant]
    if part:
        command += ["--part", part]
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    if entrant.tcmalloc:
        environment["LD_PRELOAD"] = tcmalloc() or ""
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"[benchmarks] {' '.join(command)} failed with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


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


def save(outcome: Outcome, threads: int, limit: float | None = None, folder: Path = RESULTS) -> Path:
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
    if outcome.arithmetic:
        content |= {"GFLOP": outcome.arithmetic, "limit GFLOP/s": limit}
    path.write_text(json.dumps(content, indent=2) + "\n")
    return path


def contestants(entrants: Iterable[Entrant]) -> list[str]:
    """Their libraries, each once."""
    return list(dict.fromkeys(entrant.contestant for entrant in entrants))
