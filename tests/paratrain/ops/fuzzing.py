"""Calls of operators with arguments that nobody meant: run in a process of its own, for it may crash.

    python fuzzing.py PART PARTS CALLS LOG

Half of the calls are samples of the table with something changed, the others are made up. Each is written to LOG before
it runs. A call computes, or refuses with one of `REFUSALS`; anything else is printed, and the exit status is 1.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from table import Row, Sample, arrays, collect, numpy_dtype

import paratrain as mx
from paratrain.ndarray.invoke import F
from paratrain.ops.params import REQUIRED, Param
from paratrain.ops.registry import OPS, Op

REFUSALS = (ValueError, TypeError, IndexError, NotImplementedError, MemoryError)
#: Operators that passes put in, for arrays that they know.
INTERNAL = ("_sum_like", "_spread_like", "_SoftmaxDenseGrad")
#: Bytes that a call may take on top of what the process has: what is asked for beyond is refused as MemoryError.
MEMORY = 1 << 30
SECONDS = 60
DTYPES = ("float32", "float64", "float16", "bfloat16", "int32", "int64", "int8", "uint8", "bool")
SIZES = (0, 1, 2, 3, 4, 7)
INTEGERS = (-(2**63), -(2**31) - 1, -100, -2, -1, 0, 1, 2, 3, 4, 5, 16, 100, 2**31 - 1, 2**31, 2**40, 2**63 - 1)
REALS = (float("nan"), float("inf"), float("-inf"), -1.0, 0.0, -0.0, 1e-45, 0.5, 1.0, 2.0, 1e30, 1e300)
VALUES = (*REALS[:3], -1.0, 0.0, 1.0, 5.0, -7.0, 100.0, 1e9, -1e9, 2.0**31, 2.0**63, 1e30)


def shape(rng: random.Random) -> tuple[int, ...]:
    return tuple(rng.choice(SIZES) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 8, 9))))


def values(rng: random.Random, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """An array of ordinary numbers, small whole ones, or extreme ones."""
    n = int(np.prod(shape, dtype=np.int64))
    kind = rng.choice(("normal", "whole", "extreme"))
    if kind == "normal":
        data = np.array([rng.gauss(0, 1) for _ in range(n)])
    elif kind == "whole":
        data = np.array([float(rng.randint(-3, 6)) for _ in range(n)])
    else:
        data = np.array([rng.choice(VALUES) for _ in range(n)])
    with np.errstate(all="ignore"):
        return data.reshape(shape).astype(numpy_dtype(dtype))


def parameter(rng: random.Random, param: Param) -> Any:
    """A value for a parameter: often of its kind, at times of another."""
    kind = param.kind
    if rng.random() < 0.05:
        return rng.choice((None, "x", (), (1, 2), 3, 0.5, True, [None]))
    if kind.startswith("tuple of int"):
        return tuple(rng.choice(INTEGERS[4:12] if rng.random() < 0.7 else INTEGERS) for _ in range(rng.randint(0, 4)))
    if kind.startswith("tuple of float"):
        return tuple(rng.choice(REALS) for _ in range(rng.randint(1, 3)))
    if kind.startswith("int"):
        return rng.choice(INTEGERS[3:12] if rng.random() < 0.7 else INTEGERS)
    if kind.startswith("float"):
        return rng.choice(REALS)
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "dtype":
        return rng.choice(DTYPES)
    if kind.startswith("{"):
        return rng.choice(kind.strip("{}").replace("'", "").split(", "))
    return param.default if param.default is not REQUIRED else "x"


def made_up(rng: random.Random, op: Op) -> tuple[list[np.ndarray], dict[str, Any]]:
    """A call with arrays that are often alike and parameters that are often left out."""
    first, dtype = shape(rng), rng.choice(DTYPES[:4] * 3 + DTYPES)
    count = rng.randint(1, 4) if op.variadic else len(op.inputs)
    if not op.variadic and rng.random() < 0.3:
        count = rng.randint(0, count)
    inputs = [
        values(rng, first if rng.random() < 0.7 else shape(rng), dtype if rng.random() < 0.8 else rng.choice(DTYPES))
        for _ in range(count)
    ]
    attrs = {n: parameter(rng, p) for n, p in op.params.items() if p.default is REQUIRED or rng.random() < 0.4}
    return inputs, attrs


def changed(rng: random.Random, row: Row, sample: Sample) -> tuple[list[np.ndarray], dict[str, Any]]:
    """A call that works, with values, a shape, a type or a parameter that are others."""
    op, attrs = OPS[row.op], dict(sample.attrs)
    inputs = arrays(row, sample, rng.choice(row.dtypes), rng.randint(0, 99))
    for _ in range(rng.choice((1, 1, 2))):
        what = rng.choice(("values", "values", "parameter", "parameter", "shape", "dtype", "left out"))
        i = rng.randrange(len(inputs)) if inputs else 0
        if what == "parameter" and op.params:
            name = rng.choice(list(op.params))
            attrs[name] = parameter(rng, op.params[name])
        elif inputs and what == "values":
            inputs[i] = values(rng, inputs[i].shape, inputs[i].dtype.name)
        elif inputs and what == "dtype":
            with np.errstate(all="ignore"):
                inputs[i] = inputs[i].astype(numpy_dtype(rng.choice(DTYPES)))
        elif inputs and what == "shape":
            sizes = list(inputs[i].shape)
            if sizes and rng.random() < 0.7:
                sizes[rng.randrange(len(sizes))] = rng.choice(SIZES)
            else:
                sizes = sizes[:-1] if sizes and rng.random() < 0.5 else [*sizes, rng.choice(SIZES)]
            inputs[i] = values(rng, tuple(sizes), inputs[i].dtype.name)
        elif inputs and what == "left out" and rng.random() < 0.3:
            inputs.pop()
    return inputs, attrs


def run(op: Op, inputs: list[np.ndarray], attrs: dict[str, Any], backward: bool) -> None:
    ins = [mx.nd.array(v, dtype=v.dtype) for v in inputs]
    for x in ins:
        if backward and x.dtype_str in DTYPES[:4]:
            x.attach_grad()
    with mx.autograd.record() if backward else mx.autograd.pause():
        out = getattr(F, op.name)(*ins, **attrs)
    outs = list(out) if isinstance(out, (list, tuple)) else [out]
    for o in outs:
        o.asnumpy()
    traced = [o for o in outs if o._source is not None]
    if backward and traced:
        mx.autograd.backward(traced)
        for x in ins:
            if x.grad is not None:
                x.grad.asnumpy()


def text(op: Op, inputs: list[np.ndarray], attrs: dict[str, Any], backward: bool) -> str:
    shown = ", ".join(f"{a.dtype}{a.shape}={a.ravel()[:12].tolist()}" for a in inputs)
    return f"{op.name}({shown}; {attrs}){' with backward' if backward else ''}"


def limit_memory() -> None:
    if "asan" in os.environ.get("LD_PRELOAD", ""):
        return  # it reserves most of the addresses there are; ASAN_OPTIONS limits single blocks
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))


def too_long(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


def skipped(op: Op) -> bool:
    """Operators that only gradients and passes call, and those whose parameters are graphs or Python code.

    `test_control.py` and `test_operator.py` damage the latter.
    """
    return op.name.startswith("_backward") or op.name in INTERNAL or op.reads is not None or "subgraphs" in op.params


def main(part: int, parts: int, calls: int, log: Path) -> int:
    rows: dict[str, list[tuple[Row, Sample]]] = {}
    for row in collect():
        rows.setdefault(OPS[row.op].name, []).extend((row, s) for s in row.samples)
    ops = [op for op in dict.fromkeys(OPS.values()) if not skipped(op)][part::parts]
    failures = 0
    mx.nd.ones((2,)).asnumpy()
    limit_memory()
    signal.signal(signal.SIGALRM, too_long)
    with log.open("w") as file:
        for op in ops:
            rng = random.Random(op.name)
            for number in range(calls):
                known = rows.get(op.name)
                made = changed(rng, *rng.choice(known)) if known and number % 2 else made_up(rng, op)
                backward = rng.random() < 0.4
                file.seek(0)
                file.truncate()
                file.write(text(op, *made, backward))
                file.flush()
                signal.alarm(SECONDS)
                try:
                    run(op, *made, backward)
                except REFUSALS:
                    pass
                except Exception as e:  # that is what is looked for
                    failures += 1
                    print(f"{text(op, *made, backward)}\n    {type(e).__name__}: {e}", flush=True)
                signal.alarm(0)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))
