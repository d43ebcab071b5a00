"""What `fit(nan_check=True)` costs: alternating steps of four networks with the check and without."""

from __future__ import annotations

import time
from argparse import Namespace

import lenet
import mlp
import numpy as np
from residual import cifar
from timing import run


def wide(sym):
    """A perceptron whose step is mostly memory: 25 million parameters."""
    net = sym.Variable("data")
    for number in (1, 2):
        net = sym.Activation(sym.FullyConnected(net, num_hidden=4096, name=f"fc{number}"), act_type="relu")
    return sym.SoftmaxOutput(sym.FullyConnected(net, num_hidden=1024, name="fc3"), name="softmax")


NETWORKS = {
    "mlp": (mlp.symbol, mlp.SHAPE),
    "lenet": (lenet.symbol, lenet.SHAPE),
    "resnet20": (cifar(20).symbol, (128, 3, 32, 32)),
    "wide": (wide, (128, 1024)),
}


def cost(symbol, shape: tuple[int, ...], seconds: float) -> float:
    """Median step with the check over that without."""
    import paratrain as mx
    from paratrain.module.nan_check import NanCheck

    module = mx.mod.Module(symbol(mx.sym))
    module.bind([("data", shape)], [("softmax_label", shape[:1])])
    module.init_params(mx.init.Xavier())
    module.init_optimizer(optimizer="sgd", optimizer_params={"learning_rate": 1e-3, "momentum": 0.9})
    rng = np.random.default_rng(0)
    batch = mx.io.DataBatch([mx.nd.array(rng.normal(size=shape))], [mx.nd.array(rng.integers(0, 10, shape[0]))])
    check = NanCheck(module)
    times: dict[bool, list[float]] = {False: [], True: []}
    until = time.perf_counter() + seconds
    on = False
    while time.perf_counter() < until or len(times[True]) < 20:
        module.inspect_gradients(check.gradients if on else lambda sums: None)
        began = time.perf_counter()
        if on:
            check.begin(0, 0, batch)
        module.forward_backward(batch)
        if on:
            check.outputs()
        module.update()
        times[on].append(time.perf_counter() - began)
        on = not on
    plain, checked = (float(np.median(each[3:])) for each in times.values())
    return checked / plain


def measure(options: Namespace) -> dict[str, float]:
    """The four networks."""
    return {f"{name} checked / plain ratio": cost(*network, options.seconds) for name, network in NETWORKS.items()}


if __name__ == "__main__":
    run({"paratrain": measure})
