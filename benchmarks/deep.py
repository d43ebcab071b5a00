"""A residual net of 1,000 convolutions, with and without recomputing its activations in backward.

16 filters on 16 x 16 images, batch 32: activations are nearly all of the memory, parameters 2 % of it. The two ways run
in processes of their own and are compared: memory and time with recompute as ratio of those without.
"""

from __future__ import annotations

import math
import os
from argparse import Namespace
from typing import Any

from residual import ResNet
from steps import images, training
from timing import apart, rate, run

NETWORK = ResNet((500,), (16,))
SHAPE = (32, 3, 16, 16)
PARTS = ("plain", "recompute")
#: Of the temporary arrays that paratrain takes without; the process has its program and parameters besides.
BUDGET = "4.5%"


def checkpointed(nn: Any) -> Any:
    """PyTorch's network in segments, as many as the root of its blocks, each computed again in backward."""
    from torch.utils.checkpoint import checkpoint_sequential

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.blocks = NETWORK.torch_network(nn)

        def forward(self, inputs: Any) -> Any:
            return checkpoint_sequential(self.blocks, math.isqrt(len(self.blocks)), inputs, use_reentrant=False)

    return Model()


def measure(options: Namespace) -> dict[str, float]:
    """Both ways and how they compare, or the way that ``--part`` names."""
    if not options.part:
        measured = {name: value for part in PARTS for name, value in apart(options, part=part).items()}
        for what, unit in (("time", "ms"), ("memory", "peak MB")):
            measured[f"{what} ratio"] = measured[f"recompute {unit}"] / measured[f"plain {unit}"]
        return measured
    torch_network, arguments = NETWORK.torch_network, {}
    if options.part == "recompute":
        torch_network = checkpointed
        if options.contestant == "paratrain":
            arguments = {"memory_budget": BUDGET}
        else:  # MXNet looks at it when it is imported
            os.environ["MXNET_BACKWARD_DO_MIRROR"] = "1"
    work, peak = training(
        options.contestant, options.variant, NETWORK.symbol, torch_network, images(SHAPE), **arguments
    )
    milliseconds = 1e3 / rate(*work, 1, options.seconds)
    return {f"{options.part} ms": milliseconds, **peak.measures(f"{options.part} ")}


if __name__ == "__main__":
    run(dict.fromkeys(("paratrain", "mxnet", "torch"), measure))
