"""Microseconds of single calls on arrays of four float32 numbers, where everything but the arithmetic is measured.

Recorded calls are timed in scopes of 100 calls, whose results are kept until the scope ends.
"""

from __future__ import annotations

import importlib
from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from timing import clock, run

CALLS = 100
Call = Callable[[], Any]


def mxnet_calls(mx: Any) -> tuple[dict[str, Call], Any, Call]:
    """Calls by name, a function that gives the scope of recorded calls, and one that waits for results."""
    a, b = mx.nd.array([1, 2, 3, 4]), mx.nd.array([5, 6, 7, 8])
    a.attach_grad()
    table = mx.nd.ones((4, 4))
    calls = {
        "a + b": lambda: a + b,
        "a * 2": lambda: a * 2.0,
        "exp(a)": lambda: mx.nd.exp(a),
        "sum(a)": lambda: mx.nd.sum(a, axis=0),
        "t[1]": lambda: table[1],
    }
    return calls, mx.autograd.record, mx.nd.waitall


def torch_calls(torch: Any) -> tuple[dict[str, Call], Any, Call]:
    """See `mxnet_calls`; PyTorch records by itself whatever has a gradient."""
    torch.set_num_threads(1)
    a, b = torch.tensor([1.0, 2, 3, 4]), torch.tensor([5.0, 6, 7, 8])
    table = torch.ones((4, 4))
    calls = {
        "a + b": lambda: a + b,
        "a * 2": lambda: a * 2.0,
        "exp(a)": lambda: torch.exp(a),
        "sum(a)": lambda: torch.sum(a, dim=0),
        "t[1]": lambda: table[1],
    }

    def record() -> Any:
        a.requires_grad_()
        return nullcontext()

    return calls, record, lambda: None


def microseconds(call: Call, scope: Callable[[], Any], wait: Call, seconds: float) -> float:
    """Shortest time of one call among many scopes of `CALLS` calls, about `seconds` in all."""
    best, end = float("inf"), clock() + seconds
    while best == float("inf") or clock() < end:
        with scope():
            start = clock()
            kept = [call() for _ in range(CALLS)]
            wait()
            best = min(best, clock() - start)
        del kept
    return best / CALLS * 1e6


def measure(options: Namespace) -> dict[str, float]:
    """All calls without recording, then `a + b` recorded."""
    library = importlib.import_module(options.contestant)
    calls, record, wait = (torch_calls if options.contestant == "torch" else mxnet_calls)(library)
    share = options.seconds / (len(calls) + 1)
    measured = {f"{name} us": microseconds(call, nullcontext, wait, share) for name, call in calls.items()}
    measured["recorded a + b us"] = microseconds(calls["a + b"], record, wait, share)
    return measured


if __name__ == "__main__":
    run(dict.fromkeys(("paratrain", "mxnet", "torch"), measure))
