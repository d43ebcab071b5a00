"""The table of operators: for each one sample calls, a reference in NumPy, and calls that must be refused.

The tests of `test_table.py` follow from the rows; a new operator needs one row in a `rows_*.py` beside this file.
Each of those has a list ``ROWS``.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

HERE = Path(__file__).resolve().parent
REAL = ("float32", "float64")
FLOATS = ("float32", "float64", "float16", "bfloat16")
NUMBERS = (*FLOATS, "int32", "int64", "int8", "uint8")
#: Relative and absolute tolerance against the reference, which computes in float64.
TOLERANCE = {
    "float64": (1e-10, 1e-10),
    "float32": (2e-5, 2e-5),
    "float16": (4e-3, 4e-3),
    "bfloat16": (3e-2, 3e-2),
}


def numpy_dtype(name: str) -> np.dtype:
    return np.dtype(ml_dtypes.bfloat16 if name == "bfloat16" else name)


def shape_of(given: Any) -> tuple[int, ...]:
    """Shape of an input of a sample: an array's, or the tuple itself."""
    return given.shape if isinstance(given, np.ndarray) else tuple(given)


@dataclass(frozen=True)
class Sample:
    """One call.

    Attributes
    ----------
    inputs : sequence
        A shape (tuple of int): drawn from the row's domain, in the dtype under test. An array: as it is.
    attrs : dict
        Keyword arguments.
    """

    inputs: Sequence[Any]
    attrs: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        shapes = "x".join(str(shape_of(i)).replace(" ", "") for i in self.inputs)
        attrs = ",".join(f"{k}={v}".replace(" ", "") for k, v in self.attrs.items())
        return f"{shapes}-{attrs}"


@dataclass(frozen=True)
class Refused:
    """A call that must raise."""

    inputs: Sequence[Any]
    attrs: dict[str, Any]
    error: type[BaseException]
    match: str


@dataclass(frozen=True)
class Row:
    """What is known of one operator.

    Attributes
    ----------
    op : str
        Name, as in `paratrain.ops.registry.OPS`.
    reference : callable, optional
        ``(*arrays of float64, **attrs) -> array or tuple``. None: values are covered by recorded cases or a
        test of their own (say which in `covered_by`).
    samples : sequence of Sample
    gradient : sequence of int
        Inputs whose gradients are compared with finite differences (only where `differentiable`).
    domain : (float, float)
        Range that inputs are drawn from.
    dtypes : sequence of str
        Types under test.
    refused : sequence of Refused
    covered_by : str
        Where values are tested if there is no reference.
    train : bool
        Mode of the calls.
    exact : bool
        Results must equal the reference.
    scale : float
        Factor of the tolerance (sums of many products).
    distinct : bool
        Draw inputs without ties, far enough apart for finite differences across kinks.
    """

    op: str
    reference: Callable[..., Any] | None
    samples: Sequence[Sample]
    gradient: Sequence[int] = ()
    domain: tuple[float, float] = (-2.0, 2.0)
    dtypes: Sequence[str] = REAL
    refused: Sequence[Refused] = ()
    covered_by: str = ""
    train: bool = False
    exact: bool = False
    scale: float = 1.0
    distinct: bool = False
    symbolic: bool = True


def arrays(row: Row, sample: Sample, dtype: str, seed: int = 7) -> list[np.ndarray]:
    """Inputs of a sample in a dtype."""
    rng = np.random.default_rng(seed)
    out = []
    for given in sample.inputs:
        if isinstance(given, np.ndarray):
            out.append(given)
            continue
        low, high = row.domain
        n = int(np.prod(given))
        if row.distinct:
            # the offset keeps different inputs, and round numbers, apart
            gap = (high - low) / (n + 2)
            values = rng.permutation(low + gap * (np.arange(n) + 0.83 + 0.29 * len(out)))
        else:
            values = rng.uniform(low, high, n)
        if numpy_dtype(dtype).kind in "iu":
            values = rng.integers(max(int(low), 0) if dtype == "uint8" else int(low), int(high) + 1, n)
        elif dtype == "bool":
            values = rng.integers(0, 2, n)
        out.append(values.reshape(given).astype(numpy_dtype(dtype)))
    return out


def collect() -> list[Row]:
    """All rows of all modules beside this one."""
    rows: list[Row] = []
    for path in sorted(HERE.glob("rows_*.py")):
        name = f"operator_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        rows += module.ROWS
    return rows
