"""Replay recorded behaviour: run a case's program against a package and compare what comes out.

A *case* names a *program* (a few lines of Python that leave their outcome in ``result``), its parameters and
input arrays, and holds the outcome recorded with MXNet 1.9.1. ``tests/golden/README.md`` describes the format.

In a test::

    from replay import check, load_area

    @pytest.mark.parametrize("case", load_area("recordio").cases, ids=str)
    def test_recorded(case):
        check(case)

From a shell, for any folder in this format::

    python tests/golden/replay.py FOLDER [--as PACKAGE] [--only PART_OF_ID]
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib
import io
import json
import math
import os
import random
import shlex
import signal
import struct
import subprocess
import sys
import tempfile
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
SECONDS = int(os.environ.get("GOLDEN_SECONDS", "120"))
MAGIC = 0xCED7230A

# relative and absolute tolerance of floats by dtype; a case's "tolerance" overrides
FLOAT_TOLERANCE = {"float64": (1e-6, 1e-8), "float32": (1e-4, 1e-5), "float16": (1e-2, 5e-3)}
# where a bare assert was recorded, any of these is a clear refusal
REFUSALS = ("AssertionError", "ValueError", "TypeError", "RuntimeError")


class Mismatch(AssertionError):
    """The outcome of a program differs from the recorded one."""


@dataclass
class Area:
    """The recorded cases of one subject: a folder with ``index.json``, npz files and perhaps ``files/``."""

    folder: Path
    programs: dict[str, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def __getitem__(self, case_id: str) -> Case:
        return next(c for c in self.cases if c.id == case_id)

    def only(self, *starts: str) -> list[Case]:
        """Cases whose id begins with one of `starts`."""
        return [c for c in self.cases if c.id.startswith(starts)]

    def without(self, *starts: str) -> list[Case]:
        """Cases whose id begins with none of `starts`."""
        return [c for c in self.cases if not c.id.startswith(starts)]

    @functools.lru_cache(maxsize=64)  # noqa: B019 - areas live as long as the test run
    def family(self, name: str) -> dict[str, np.ndarray]:
        with np.load(self.folder / f"{name}.npz") as stored:
            return {key: stored[key] for key in stored.files}

    def __hash__(self) -> int:
        return hash(self.folder)


@dataclass
class Case:
    """One recorded case; ``str(case)`` is its id, as a test id wants it."""

    area: Area
    id: str
    family: str
    program: str
    result: Any
    params: dict = field(default_factory=dict)
    arrays: list[str] = field(default_factory=list)
    tolerance: dict = field(default_factory=dict)

    def __str__(self) -> str:
        return self.id

    def stored(self) -> dict[str, np.ndarray]:
        """The case's arrays by name, without the case id."""
        if not self.arrays:
            return {}
        family = self.area.family(self.family)
        return {name: family[f"{self.id}:{name}"] for name in self.arrays}


@functools.cache
def load_area(name: str | Path) -> Area:
    """Load ``tests/golden/<name>``, or the folder at an absolute path."""
    folder = HERE / name
    index = json.loads((folder / "index.json").read_text())
    area = Area(folder, {key: "\n".join(lines) for key, lines in index["programs"].items()})
    names = Case.__dataclass_fields__
    area.cases = [Case(area, **{k: v for k, v in case.items() if k in names}) for case in index["cases"]]
    return area


def check(case: Case, package: types.ModuleType | str = "paratrain") -> None:
    """Run `case` against `package` and raise `Mismatch` where the outcome is not the recorded one."""
    if isinstance(package, str):
        package = importlib.import_module(package)
    arrays = case.stored()
    got = run(case, package, arrays)
    wrong = list(differences(got, case.result, arrays, case.tolerance))
    if wrong:
        raise Mismatch(f"{case.id}: " + "; ".join(wrong[:4]))


# ---------------------------------------------------------------- running a program


def run(case: Case, package: types.ModuleType, arrays: dict[str, np.ndarray]) -> Any:
    """Execute the program of `case`; return its ``result`` as plain values and NumPy arrays."""
    inputs = {name[3:]: value for name, value in arrays.items() if name.startswith("in/")}
    random.seed(0)
    np.random.seed(0)
    if hasattr(package, "random"):
        package.random.seed(0)
    manager = getattr(getattr(package, "name", None), "NameManager", contextlib.nullcontext)
    printed = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as tmp,
        contextlib.redirect_stdout(printed),
        manager(),
        warnings.catch_warnings(),
        time_limit(SECONDS),
    ):
        warnings.simplefilter("ignore")
        names = vocabulary(case, package, inputs, Path(tmp), printed)
        exec(compile(case.area.programs[case.program], case.id, "exec"), names)
        return plain(names["result"])


def vocabulary(
    case: Case, package: types.ModuleType, inputs: dict[str, np.ndarray], tmp: Path, printed: io.StringIO
) -> dict[str, Any]:
    """The names a program may use."""
    return {
        "mx": package,
        "np": np,
        "P": parameter(case.params),
        "A": inputs,
        "nd": lambda name: package.nd.array(inputs[name], dtype=inputs[name].dtype),
        "to_numpy": lambda value: np.asarray(value.asnumpy()),
        "path": lambda name: str(case.area.folder / "files" / name),
        "tmp": lambda name: os.path.join(tmp, name),
        "error": expect_error,
        "text": printed,
        "im2rec": functools.partial(im2rec, package.__name__),
        "records": read_records,
        "parts": split_record,
        "pixels": decode_image,
    }


@contextlib.contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise `TimeoutError` in the main thread after `seconds`, so that a hang is a failure."""

    def late(*_: object) -> None:
        raise TimeoutError(f"the program took more than {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@dataclass
class Raised:
    """What a call raised; `error` is None where it raised nothing."""

    error: Exception | None

    def classes(self) -> set[str]:
        return {c.__name__ for c in type(self.error).__mro__} if self.error is not None else set()


def expect_error(call: Callable[[], Any], *_words: str) -> Raised:
    """Run `call` and wait for its NDArrays, since an error may come late; return what it raised."""
    try:
        outcome = call()
        for value in outcome if isinstance(outcome, list | tuple) else [outcome]:
            if hasattr(value, "asnumpy"):
                value.asnumpy()
    except Exception as err:  # the class and text are what is compared
        return Raised(err)
    return Raised(None)


def im2rec(package: str, *args: object) -> None:
    """Run the packing command: ``GOLDEN_IM2REC``, or the package's ``im2rec`` command."""
    given = os.environ.get("GOLDEN_IM2REC")
    command = shlex.split(given) if given else [sys.executable, "-m", package, "im2rec"]
    done = subprocess.run([*command, *map(str, args)], capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{shlex.join(command)} exited with {done.returncode}: {done.stderr[-500:]}")


def read_records(name: str) -> list[bytes]:
    """Payloads of a record file, read independently of the package."""
    data = Path(name).read_bytes()
    payloads, at, pieces = [], 0, []
    while at < len(data):
        magic, word = struct.unpack_from("<II", data, at)
        if magic != MAGIC:
            raise ValueError(f"{name}: no record begins at byte {at}")
        flag, size = word >> 29, word & 0x1FFFFFFF
        pieces.append(data[at + 8 : at + 8 + size])
        at += 8 + size + -size % 4
        if flag in (0, 3):
            payloads.append(struct.pack("<I", MAGIC).join(pieces))
            pieces = []
    return payloads


def split_record(record: bytes) -> tuple[int, int, int, np.ndarray, bytes]:
    """(flag, id, id2, labels, image) of a packed record."""
    flag, label, first, second = struct.unpack_from("<IfQQ", record)
    body = 24 + 4 * flag
    labels = np.frombuffer(record, "<f4", flag, 24).copy() if flag else np.array([label], np.float32)
    return flag, first, second, labels, record[body:]


def decode_image(data: bytes) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(data)))


# ---------------------------------------------------------------- values


def parameter(value: Any) -> Any:
    """A value of ``params`` as the program sees it."""
    if isinstance(value, list):
        return [parameter(v) for v in value]
    if isinstance(value, dict):
        if "__float__" in value:
            return float(value["__float__"])
        if "__tuple__" in value:
            return tuple(parameter(v) for v in value["__tuple__"])
        return {k: parameter(v) for k, v in value.items()}
    return value


def plain(value: Any) -> Any:
    """A result as lists, dicts, text, numbers, bytes and NumPy arrays."""
    if hasattr(value, "asnumpy"):
        return np.asarray(value.asnumpy())
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.dtype):
        return value.name
    if isinstance(value, type):
        return np.dtype(value).name if issubclass(value, np.generic) else value.__name__
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, np.bool_ | np.integer | np.floating):
        return value.item()
    if value is None or isinstance(value, str | bool | int | float | bytes | np.ndarray | Raised):
        return value
    return f"<{type(value).__name__}>"


# ---------------------------------------------------------------- comparing


def differences(got: Any, want: Any, arrays: dict, tolerance: dict, where: str = "result") -> Iterator[str]:
    """Describe each place where `got` is not the recorded `want`."""
    compare = comparison(want)
    yield from (f"{where}{found}" for found in compare(got, want, arrays, tolerance))


def comparison(want: Any) -> Callable[[Any, Any, dict, dict], Iterator[str]]:
    """The rule by which a recorded value is compared."""
    if isinstance(want, dict):
        for mark, rule in MARKED.items():
            if mark in want:
                return rule
        return compare_mapping
    if isinstance(want, list):
        return compare_list
    if isinstance(want, float):
        return compare_float
    return compare_text if isinstance(want, str) else compare_equal


def compare_array(got: Any, want: dict, arrays: dict, tolerance: dict) -> Iterator[str]:
    expected = arrays[want["__array__"]]
    if not isinstance(got, np.ndarray):
        yield f": {got!r:.100}, want an array"
    elif got.shape != expected.shape:
        yield f": shape {got.shape}, want {expected.shape}"
    elif got.dtype != expected.dtype and not tolerance.get("any_dtype"):
        yield f": dtype {got.dtype}, want {expected.dtype}"
    else:
        yield from compare_elements(got, expected, tolerance)


def compare_elements(got: np.ndarray, want: np.ndarray, tolerance: dict) -> Iterator[str]:
    numbers = want.dtype.kind in "fbiu"
    exact = tolerance.get("exact") or not numbers or (want.dtype.kind in "biu" and "atol" not in tolerance)
    if exact:
        wrong = (got != want) & ~((got != got) & (want != want))
    else:
        rtol, atol = FLOAT_TOLERANCE.get(want.dtype.name, (0.0, 0.0))
        a, b = got.astype(np.float64), want.astype(np.float64)
        wrong = ~np.isclose(a, b, tolerance.get("rtol", rtol), tolerance.get("atol", atol), equal_nan=True)
        mean = float(np.abs(a - b).mean()) if "mean" in tolerance and want.size else 0.0
        if mean > tolerance.get("mean", math.inf):
            yield f": mean difference {mean:.4g}, at most {tolerance['mean']}"
    count = int(np.count_nonzero(wrong))
    if count > tolerance.get("fraction", 0.0) * max(1, want.size):
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        yield f": {count} of {want.size} values differ, first at {first}: {got[first]!r}, want {want[first]!r}"


def compare_bytes(got: Any, want: dict, arrays: dict, _: dict) -> Iterator[str]:
    expected = arrays[want["__bytes__"]].tobytes()
    if not isinstance(got, bytes):
        yield f": {got!r:.80}, want bytes"
    elif got != expected:
        pairs = enumerate(zip(got, expected, strict=False))
        same = next((i for i, (a, b) in pairs if a != b), min(len(got), len(expected)))
        yield f": {len(got)} bytes, want {len(expected)}, first difference at {same}"


def compare_error(got: Any, want: dict, _: dict, __: dict) -> Iterator[str]:
    name = want["__error__"]
    if not isinstance(got, Raised) or got.error is None:
        yield f": nothing was raised, want {name}"
        return
    allowed = REFUSALS if name == "AssertionError" else (name,)
    if got.classes().isdisjoint(allowed):
        yield f": raised {type(got.error).__name__}: {got.error}, want {name}"
    missing = [word for word in want["words"] if word.lower() not in str(got.error).lower()]
    if missing:
        yield f": the message lacks {missing}: {got.error}"


def compare_odd_float(got: Any, want: dict, _: dict, __: dict) -> Iterator[str]:
    if not isinstance(got, float) or repr(got) != want["__float__"]:
        yield f": {got!r:.80}, want {want['__float__']}"


def compare_mapping(got: Any, want: dict, arrays: dict, tolerance: dict) -> Iterator[str]:
    if not isinstance(got, dict):
        yield f": {got!r:.100}, want a mapping"
        return
    if got.keys() != want.keys():
        yield f": keys {sorted(got)}, want {sorted(want)}"
    for key in want.keys() & got.keys():
        yield from differences(got[key], want[key], arrays, tolerance, f".{key}")


def compare_list(got: Any, want: list, arrays: dict, tolerance: dict) -> Iterator[str]:
    if not isinstance(got, list) or len(got) != len(want):
        yield f": {got!r:.200}, want {want!r:.200}"
        return
    for i, (a, b) in enumerate(zip(got, want, strict=True)):
        yield from differences(a, b, arrays, tolerance, f"[{i}]")


def compare_float(got: Any, want: float, _: dict, tolerance: dict) -> Iterator[str]:
    number = isinstance(got, int | float) and not isinstance(got, bool)
    rtol, atol = tolerance.get("rtol", 1e-4), tolerance.get("atol", 1e-5)
    if not number or not math.isclose(got, want, rel_tol=rtol, abs_tol=atol):
        yield f": {got!r:.80}, want {want!r}"


def compare_text(got: Any, want: str, _: dict, tolerance: dict) -> Iterator[str]:
    def lines(text: str) -> list[str]:
        return [line.rstrip() for line in text.strip().split("\n")]

    loose = tolerance.get("text") and isinstance(got, str) and lines(got) == lines(want)
    if got != want and not loose:
        yield f": {got!r:.200}, want {want!r:.200}"


def compare_equal(got: Any, want: Any, _: dict, __: dict) -> Iterator[str]:
    if type(got) is not type(want) or got != want:
        yield f": {got!r:.200}, want {want!r:.200}"


MARKED = {
    "__array__": compare_array,
    "__bytes__": compare_bytes,
    "__error__": compare_error,
    "__float__": compare_odd_float,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Replay recorded cases of a folder against a package.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as", dest="package", default="paratrain")
    parser.add_argument("--only", default="", help="part of the case id")
    args = parser.parse_args()
    cases = [c for c in load_area(args.folder.resolve()).cases if args.only in c.id]
    failed = 0
    for case in cases:
        try:
            check(case, args.package)
        except Exception as err:  # every failure is a finding, and the next case is to run
            failed += 1
            print(f"{case.id}: {type(err).__name__}: {str(err)[-400:]}", flush=True)
    print(f"passed {len(cases) - failed} of {len(cases)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
