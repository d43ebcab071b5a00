"""ZeRO stage 1: a perceptron with 10 million parameters and Adam on 4 ranks, one thread each, plain and sharded.

What the optimizer's states take of a rank's memory, and the time of a step.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace

import numpy as np
from ranks import by_mpirun, is_first

RANKS = 4
SHAPE = (64, 784)
WIDTHS = (2560, 2560, 512)


def rank_main(variant: str, seconds: float) -> None:
    import paratrain as mx

    net = mx.sym.Variable("data")
    for number, units in enumerate(WIDTHS, start=1):
        net = mx.sym.Activation(mx.sym.FullyConnected(net, num_hidden=units, name=f"fc{number}"), act_type="relu")
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=10, name="last"), name="softmax")
    module = mx.mod.Module(net)
    module.bind([("data", SHAPE)], [("softmax_label", SHAPE[:1])])
    module.init_params(mx.init.Xavier())
    module.init_optimizer(kvstore="dist_sync", optimizer="adam", shard_optimizer=variant == "sharded")
    rng = np.random.default_rng(module.world.rank)
    batch = mx.io.DataBatch(
        [mx.nd.array(rng.normal(size=SHAPE))], [mx.nd.array(rng.integers(0, 10, SHAPE[0]), dtype="float32")]
    )
    times = []
    began = time.perf_counter()
    while len(times) < 15:
        module.world.barrier()
        start = time.perf_counter()
        module.forward_backward(batch)
        module.update()
        module.world.barrier()
        times.append(time.perf_counter() - start)
        if len(times) > 5 and time.perf_counter() - began > seconds * 4:
            break
    states = sum(array.nbytes for array in module._updating.updater.state_arrays().values())
    if is_first():
        print(json.dumps({"step ms": float(np.median(times[3:])) * 1e3, "states MB": states / 1e6}))


def measure(options: Namespace) -> dict[str, float]:
    """Start the ranks."""
    command = [sys.executable, __file__, "rank", options.variant, str(options.seconds)]
    return by_mpirun(command, RANKS, bound=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["rank"]:
        rank_main(sys.argv[2], float(sys.argv[3]))
    else:
        from timing import run

        run({"paratrain": measure})
