"""Steps in float32 and in mixed precision, in turn: samples/s of a perceptron and of small networks of images.

Run it as ``python benchmarks/mixed_precision.py [--seconds S] [--dtype bfloat16] [--cpu-time] [NETWORK...]``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import lenet
import numpy as np
import residual

import paratrain as mx


def perceptron(sym: Any) -> Any:
    net = sym.Variable("data")
    for layer in range(4):
        net = sym.Activation(sym.FullyConnected(net, num_hidden=1024, name=f"fc{layer}"), act_type="relu")
    return sym.SoftmaxOutput(sym.FullyConnected(net, num_hidden=10, name="last"), name="softmax")


NETWORKS: dict[str, tuple[Callable[[Any], Any], tuple[int, ...]]] = {
    "mlp 4 x 1024, batch 256": (perceptron, (256, 1024)),
    "lenet, batch 64": (lenet.symbol, lenet.SHAPE),
    "resnet20, batch 32": (residual.cifar(20).symbol, (32, 3, 32, 32)),
    "resnet50, batch 4": (residual.imagenet(50).symbol, (4, 3, 224, 224)),
}


def step_of(symbol: Any, shape: tuple[int, ...]) -> tuple[Callable[[], None], Any]:
    """One step on a batch that lies ready, and the module."""
    module = mx.mod.Module(symbol)
    module.bind([("data", shape)], [("softmax_label", shape[:1])])
    module.init_params(mx.init.Xavier())
    module.init_optimizer(optimizer_params={"learning_rate": 0.01, "momentum": 0.9})
    rng = np.random.default_rng(0)
    data = mx.nd.array(rng.standard_normal(shape).astype("float32"))
    batch = mx.io.DataBatch([data], [mx.nd.array(rng.integers(0, 10, shape[0]).astype("float32"))])

    def step() -> None:
        module.forward_backward(batch)
        module.update()

    return step, module


def compare(
    build: Callable[[Any], Any], shape: tuple[int, ...], dtype: str, seconds: float, clock: Callable[[], float]
) -> tuple[float, float]:
    """Median seconds of a step in float32 and in mixed precision, measured in turn."""
    symbol = build(mx.sym)
    steps = [step_of(s, shape)[0] for s in (symbol, mx.amp.convert_symbol(symbol, dtype))]
    taken: list[list[float]] = [[], []]
    for step in steps:
        step()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(taken[0]) < 3:
        for step, times in zip(steps, taken, strict=True):
            start = clock()
            step()
            times.append(clock() - start)
    return statistics.median(taken[0]), statistics.median(taken[1])


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("networks", nargs="*", help=f"beginnings of names: {', '.join(NETWORKS)}")
    parser.add_argument("--dtype", default="bfloat16", choices=("bfloat16", "float16"))
    parser.add_argument("--seconds", type=float, default=5.0, help="for each network")
    parser.add_argument(
        "--cpu-time", action="store_true", help="seconds of the processor: for a busy machine, with OMP_NUM_THREADS=1"
    )
    options = parser.parse_args()
    clock = time.process_time if options.cpu_time else time.perf_counter
    print(f"{'samples/s':28}{'float32':>10}{options.dtype:>10}{'ratio':>8}")
    for name, (build, shape) in NETWORKS.items():
        if not options.networks or name.startswith(tuple(options.networks)):
            full, low = compare(build, shape, options.dtype, options.seconds, clock)
            print(f"{name:28}{shape[0] / full:10.0f}{shape[0] / low:10.0f}{full / low:8.2f}")


if __name__ == "__main__":
    main()
