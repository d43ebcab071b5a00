"""Milliseconds of single calls on large float32 arrays: a row for each family of operators."""

from __future__ import annotations

import importlib
from argparse import Namespace
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import rate, run, threads

Call = Callable[[], Any]
Arrays = dict[str, np.ndarray]


def arrays() -> Arrays:
    """The same inputs for everyone."""
    rng = np.random.RandomState(0)
    return {
        "square": rng.randn(2048, 2048).astype("float32"),
        "row": rng.randn(2048).astype("float32"),
        "scores": rng.randn(4096, 1000).astype("float32"),
        "images": rng.randn(32, 64, 56, 56).astype("float32"),
        "table": rng.randn(100_000, 128).astype("float32"),
        "places": rng.randint(0, 100_000, 65_536).astype("int64"),
        "long": rng.randn(1024, 8192).astype("float32"),
    }


def mxnet_calls(mx: Any) -> tuple[dict[str, Call], Call]:
    """Calls by what they are, and a function that waits for results; the same for paratrain and MXNet."""
    nd, x = mx.nd, {name: mx.nd.array(a, dtype=a.dtype) for name, a in arrays().items()}
    ones, zeros, row = nd.ones((2048,)), nd.zeros((2048,)), x["row"].reshape((1, -1))
    calls = {
        "exp": lambda: nd.exp(x["square"]),
        "tanh": lambda: nd.tanh(x["square"]),
        "add": lambda: x["square"] + x["square"],
        "add row": lambda: nd.broadcast_add(x["square"], row),
        "sum rows": lambda: nd.sum(x["square"], axis=1),
        "sum columns": lambda: nd.sum(x["square"], axis=0),
        "argmax": lambda: nd.argmax(x["square"], axis=1),
        "softmax": lambda: nd.softmax(x["scores"]),
        "log_softmax": lambda: nd.log_softmax(x["scores"]),
        "LayerNorm": lambda: nd.LayerNorm(x["square"], ones, zeros),
        "transpose": lambda: nd.transpose(x["square"]),
        "transpose NHWC": lambda: nd.transpose(x["images"], axes=(0, 2, 3, 1)),
        "concat": lambda: nd.concat(x["square"], x["square"], dim=1),
        "take": lambda: nd.take(x["table"], x["places"]),
        "topk": lambda: nd.topk(x["long"], k=10, ret_typ="both"),
        "sort": lambda: nd.sort(x["long"]),
    }
    return calls, nd.waitall


def torch_calls(torch: Any) -> tuple[dict[str, Call], Call]:
    """See `mxnet_calls`."""
    torch.set_num_threads(threads())
    torch.set_grad_enabled(False)
    x = {name: torch.from_numpy(a) for name, a in arrays().items()}
    ones, zeros = torch.ones(2048), torch.zeros(2048)
    calls = {
        "exp": lambda: torch.exp(x["square"]),
        "tanh": lambda: torch.tanh(x["square"]),
        "add": lambda: x["square"] + x["square"],
        "add row": lambda: x["square"] + x["row"],
        "sum rows": lambda: x["square"].sum(1),
        "sum columns": lambda: x["square"].sum(0),
        "argmax": lambda: x["square"].argmax(1),
        "softmax": lambda: torch.softmax(x["scores"], -1),
        "log_softmax": lambda: torch.log_softmax(x["scores"], -1),
        "LayerNorm": lambda: torch.nn.functional.layer_norm(x["square"], (2048,), ones, zeros),
        "transpose": lambda: x["square"].t().contiguous(),
        "transpose NHWC": lambda: x["images"].permute(0, 2, 3, 1).contiguous(),
        "concat": lambda: torch.cat([x["square"], x["square"]], 1),
        "take": lambda: x["table"][x["places"]],
        "topk": lambda: torch.topk(x["long"], 10),
        "sort": lambda: torch.sort(x["long"]),
    }
    return calls, lambda: None


def measure(options: Namespace) -> dict[str, float]:
    """All calls, each for an equal share of the time."""
    library = importlib.import_module(options.contestant)
    calls, wait = (torch_calls if options.contestant == "torch" else mxnet_calls)(library)
    share = options.seconds / len(calls)
    return {f"{name} ms": 1e3 / rate(call, wait, 1, share) for name, call in calls.items()}


if __name__ == "__main__":
    run(dict.fromkeys(("paratrain", "mxnet", "torch"), measure))
