"""How much of the allreduce hides behind backward: a step on two ranks, one thread each, against its parts.

The network is a perceptron with 5.8 million parameters (23 MB of gradients), batch 64 on each rank.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import numpy as np

SHAPE = (64, 784)
RANKS = 2
STEPS = 30


def measure(options: Namespace) -> dict[str, float]:
    """Start the ranks and return what rank 0 prints."""
    mpirun = Path(sys.executable).with_name("mpirun")
    command = [str(mpirun), "-n", str(RANKS), "-genv", "PARATRAIN_CORES_PER_RANK", "1", "-genv", "OMP_NUM_THREADS", "1"]
    done = subprocess.run(
        [*command, sys.executable, __file__, "rank"], capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.strip().splitlines()[-1])


def milliseconds(step: Callable[[], object], barrier: Callable[[], object]) -> float:
    """Median milliseconds of `step` over as many steps on every rank."""
    times = []
    for number in range(STEPS + 5):
        barrier()
        start = time.perf_counter()
        step()
        if number >= 5:
            times.append(time.perf_counter() - start)
    return float(np.median(times) * 1e3)


def rank_main() -> None:
    import paratrain as mx
    from paratrain.kvstore.transport import world

    ranks = world()
    rng = np.random.default_rng(ranks.rank)
    batch = mx.io.DataBatch(
        [mx.nd.array(rng.normal(size=SHAPE))], [mx.nd.array(rng.integers(0, 10, SHAPE[0]).astype("float32"))]
    )

    def network(kvstore: object) -> mx.mod.Module:
        net = mx.sym.Variable("data")
        for number in (1, 2):
            net = mx.sym.Activation(mx.sym.FullyConnected(net, num_hidden=2048, name=f"fc{number}"), act_type="relu")
        net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=10, name="fc3"), name="softmax")
        module = mx.mod.Module(net)
        module.bind([("data", SHAPE)], [("softmax_label", SHAPE[:1])])
        module.init_params(mx.init.Xavier())
        module.init_optimizer(
            kvstore=kvstore, optimizer="sgd", optimizer_params={"learning_rate": 0.01, "momentum": 0.9}
        )
        return module

    alone, together = network(None), network(mx.kv.create("dist_sync"))

    def step() -> None:
        together.forward_backward(batch)
        together.update()
        mx.nd.waitall()

    def compute() -> None:
        alone.forward_backward(batch)
        mx.nd.waitall()

    def update() -> None:
        alone.update()
        mx.nd.waitall()

    parameters = sum(array.size for array in alone.get_params()[0].values())
    gradients = np.zeros(parameters, dtype="float32")
    parts = {
        "compute ms": milliseconds(compute, ranks.barrier),
        "update ms": milliseconds(update, ranks.barrier),
        "allreduce ms": milliseconds(lambda: ranks.allreduce(gradients), ranks.barrier),
    }
    whole = milliseconds(step, ranks.barrier)
    hidden = 100 * (sum(parts.values()) - whole) / parts["allreduce ms"]
    if ranks.rank == 0:
        print(json.dumps({**parts, "sum ms": sum(parts.values()), "step ms": whole, "hidden %": hidden}))


if __name__ == "__main__":
    if sys.argv[1:] == ["rank"]:
        rank_main()
    else:
        from timing import run

        run({"paratrain": measure})
