"""How the time of a training step grows with depth (ResNet-20, 32, 56) and batch (32, 64, 128) on 32 x 32 images."""

from __future__ import annotations

from argparse import Namespace

from residual import cifar
from steps import images, training
from timing import rate, run

DEPTHS, BATCHES = (20, 32, 56), (32, 64, 128)


def measure(options: Namespace) -> dict[str, float]:
    """Milliseconds of a step for each depth and batch; the time to measure is shared by all."""
    measured = {}
    for depth in DEPTHS:
        network = cifar(depth)
        for batch in BATCHES:
            data = images((batch, 3, 32, 32))
            work, _ = training(options.contestant, options.variant, network.symbol, network.torch_network, data)
            steps = rate(*work, 1, options.seconds / (len(DEPTHS) * len(BATCHES)))
            measured[f"depth {depth} batch {batch} ms"] = 1e3 / steps
    return measured


if __name__ == "__main__":
    run(dict.fromkeys(("paratrain", "mxnet", "torch"), measure))
