"""What a checkpoint of 200 MB costs training: mean time of a step with one every so many seconds against without.

A perceptron of 25 million parameters with momentum: 100 MB of parameters, 100 MB of optimizer state.
"""

from __future__ import annotations

import tempfile
import time
from argparse import Namespace
from pathlib import Path

import numpy as np
from timing import run

SHAPE = (128, 1024)
HIDDEN = 4096
#: Steps between two checkpoints, some 10 seconds on 2 cores: many times more often than a user would.
EVERY = 60


def measure(options: Namespace) -> dict[str, float]:
    """Train without, then with checkpoints in the background, then with those that training waits for."""
    import paratrain as mx

    net = mx.sym.Variable("data")
    for number in (1, 2):
        net = mx.sym.Activation(mx.sym.FullyConnected(net, num_hidden=HIDDEN, name=f"fc{number}"), act_type="relu")
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=1024, name="fc3"), name="softmax")
    module = mx.mod.Module(net)
    module.bind([("data", SHAPE)], [("softmax_label", SHAPE[:1])])
    module.init_params(mx.init.Xavier())
    module.init_optimizer(optimizer="sgd", optimizer_params={"learning_rate": 0.01, "momentum": 0.9})
    rng = np.random.default_rng(0)
    batch = mx.io.DataBatch([mx.nd.array(rng.normal(size=SHAPE))], [mx.nd.array(rng.integers(0, 10, SHAPE[0]))])

    def steps(manager: mx.checkpoint.CheckpointManager | None, wait: bool = False) -> list[float]:
        times = []
        for number in range(EVERY):
            began = time.perf_counter()
            module.forward_backward(batch)
            module.update()
            if manager is not None and number == EVERY // 10:
                manager.save(module, 1, wait=wait)
            mx.nd.waitall()
            times.append(time.perf_counter() - began)
        return times

    steps(None)  # the machine gets warm, memory is taken
    with tempfile.TemporaryDirectory(dir=".") as folder:
        manager = mx.checkpoint.CheckpointManager(folder)
        manager.save(module, 1)
        megabytes = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        plain = [steps(None)]
        behind = [steps(manager)]
        manager.finish(module)
        plain.append(steps(None))
        waiting = steps(manager, wait=True)
    base = float(np.mean(plain))
    return {
        "checkpoint MB": megabytes,
        "step ms": base * 1e3,
        "mean step, in the background ratio": float(np.mean(behind)) / base,
        "mean step, training waits ratio": float(np.mean(waiting)) / base,
        "longest step, in the background ms": float(np.max(behind)) * 1e3,
        "longest step, training waits ms": float(np.max(waiting)) * 1e3,
    }


if __name__ == "__main__":
    run({"paratrain": measure})
