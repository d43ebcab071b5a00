"""Training on 2 ranks with one thread each: samples per second of both ranks together, for two networks.

``sharded`` divides the optimizer's states (ZeRO stage 1). ``mpi4py`` is our network, with each gradient added up after
backward by one call of mpi4py; ``independent`` are two processes that do not talk: what there is to reach.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from typing import Any

import numpy as np
from ranks import by_hand, by_mpirun, is_first
from residual import cifar
from steps import LEARNING_RATE, MOMENTUM

RANKS = 2
APART = ("independent", "torch")  # each process prints its own figure
WIDTHS = (5120, 5120, 3600)  # with 1024 inputs and 10 outputs 49.9 million parameters


def wide_symbol(sym: Any) -> Any:
    net = sym.Variable("data")
    for number, units in enumerate(WIDTHS, start=1):
        net = sym.Activation(sym.FullyConnected(net, num_hidden=units, name=f"fc{number}"), act_type="relu")
    return sym.SoftmaxOutput(sym.FullyConnected(net, num_hidden=10, name="last"), name="softmax")


def wide_torch(nn: Any) -> Any:
    sizes = (1024, *WIDTHS)
    layers = [layer for a, b in itertools.pairwise(sizes) for layer in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], 10))


#: Name → symbol, PyTorch's network, shape of a rank's batch.
NETWORKS: dict[str, tuple[Any, Any, tuple[int, ...]]] = {
    "ResNet-20": (cifar(20).symbol, cifar(20).torch_network, (64, 3, 32, 32)),
    "MLP": (wide_symbol, wide_torch, (128, 1024)),
}


def speed(step: Callable[[], object], slowest: Callable[[float], float], rows: int, seconds: float) -> float:
    """Samples per second by the median time of a step; `slowest` is a maximum over the ranks."""
    for _ in range(3):
        step()
    once = slowest(seconds_of(step))
    times = [seconds_of(step) for _ in range(max(5, int(seconds / once)))]
    return rows / slowest(float(np.median(times)))


def seconds_of(step: Callable[[], object]) -> float:
    """Seconds of one step."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def ours(contestant: str, variant: str, network: str, seconds: float) -> float:
    """Module, with a dist_sync store, or with none."""
    import paratrain as mx

    symbol, _, shape = NETWORKS[network]
    together = contestant == "paratrain"
    module = mx.mod.Module(symbol(mx.sym))
    module.bind([("data", shape)], [("softmax_label", shape[:1])])
    module.init_params(mx.init.Xavier())
    module.init_optimizer(
        kvstore="dist_sync" if together else None,
        optimizer="sgd",
        optimizer_params={"learning_rate": LEARNING_RATE, "momentum": MOMENTUM},
        shard_optimizer=variant == "sharded",
    )
    rng = np.random.default_rng(0)
    batch = mx.io.DataBatch(
        [mx.nd.array(rng.normal(size=shape), dtype="float32")],
        [mx.nd.array(rng.integers(0, 10, shape[0]), dtype="float32")],
    )
    add_up, slowest = lambda: None, lambda value: max(module.world.allgather_object(value))
    if contestant == "mpi4py":
        add_up, slowest = _by_mpi4py(module)

    def step() -> None:
        module.forward_backward(batch)
        add_up()
        module.update()
        mx.nd.waitall()

    return speed(step, slowest, shape[0], seconds)


def _by_mpi4py(module: Any) -> tuple[Callable[[], object], Callable[[float], float]]:
    from mpi4py import MPI

    views = [arrays[0].to_numpy_view() for arrays in module._exec_group.grad_arrays if arrays[0] is not None]

    def add_up() -> None:
        for view in views:
            MPI.COMM_WORLD.Allreduce(MPI.IN_PLACE, view)

    return add_up, lambda value: MPI.COMM_WORLD.allreduce(value, MPI.MAX)


def torch_ddp(network: str, seconds: float) -> float:
    """DistributedDataParallel over gloo."""
    import torch
    import torch.distributed as dist

    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    _, made, shape = NETWORKS[network]
    layout = {"memory_format": torch.channels_last} if len(shape) == 4 else {}
    model = torch.nn.parallel.DistributedDataParallel(
        made(torch.nn).to(**layout), gradient_as_bucket_view=True, static_graph=True
    )
    inputs, targets = torch.randn(shape).to(**layout), torch.randint(0, 10, shape[:1])
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, fused=True)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(inputs), targets).backward()
        optimizer.step()

    def slowest(value: float) -> float:
        found = torch.tensor([value], dtype=torch.float64)
        dist.all_reduce(found, op=dist.ReduceOp.MAX)
        return found.item()

    return speed(step, slowest, shape[0], seconds)


def measure(options: Namespace) -> dict[str, float]:
    """Start the ranks for each network."""
    figures = {}
    for network in NETWORKS:
        command = [sys.executable, __file__, "rank", options.contestant, options.variant, network]
        command.append(str(options.seconds / len(NETWORKS)))
        if options.contestant in APART:
            found = by_hand(command, RANKS)
            figures[f"{network} samples/s"] = sum(each["samples/s"] for each in found)
        else:
            found = by_mpirun(command, RANKS, bound=options.contestant == "mpi4py")
            figures[f"{network} samples/s"] = RANKS * found["samples/s"]
    return figures


def rank_main(contestant: str, variant: str, network: str, seconds: float) -> None:
    found = torch_ddp(network, seconds) if contestant == "torch" else ours(contestant, variant, network, seconds)
    if is_first() or contestant in APART:
        print(json.dumps({"samples/s": found}), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["rank"]:
        rank_main(*sys.argv[2:5], float(sys.argv[5]))
    else:
        from timing import run

        run(dict.fromkeys(("paratrain", "mpi4py", *APART), measure))
