"""A training step (forward, backward, SGD with momentum) in each library, for a network given to it.

paratrain and MXNet run the same Module code. PyTorch is eager, channels_last, with its fused SGD.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import rate, threads

LEARNING_RATE, MOMENTUM = 0.01, 0.9


def data(shape: tuple[int, ...], classes: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """A batch of random samples and labels; the same for every contestant."""
    rng = np.random.RandomState(0)
    return rng.randn(*shape).astype("float32"), rng.randint(0, classes, shape[0]).astype("float32")


def module_rate(library: str, network: Callable[[Any], Any], shape: tuple[int, ...], seconds: float) -> float:
    """Samples per second of ``forward_backward`` and ``update`` of a Module of `library`."""
    mx = importlib.import_module(library)
    samples, labels = (mx.nd.array(a) for a in data(shape))
    module = mx.mod.Module(network(mx.sym), context=mx.cpu())
    module.bind(data_shapes=[("data", shape)], label_shapes=[("softmax_label", labels.shape)])
    module.init_params(mx.init.Xavier())
    module.init_optimizer(
        kvstore=None, optimizer="sgd", optimizer_params={"learning_rate": LEARNING_RATE, "momentum": MOMENTUM}
    )
    batch = mx.io.DataBatch([samples], [labels])

    def step() -> None:
        module.forward_backward(batch)
        module.update()

    return rate(step, mx.nd.waitall, shape[0], seconds)


def torch_rate(network: Callable[[Any], Any], shape: tuple[int, ...], seconds: float) -> float:
    """Samples per second of the same step in PyTorch."""
    import torch

    torch.set_num_threads(threads())
    samples, labels = data(shape)
    inputs, targets = torch.from_numpy(samples), torch.from_numpy(labels).long()
    model = network(torch.nn)
    if len(shape) == 4:
        model, inputs = model.to(memory_format=torch.channels_last), inputs.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, fused=True)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(inputs), targets).backward()
        optimizer.step()

    return rate(step, lambda: None, shape[0], seconds)


def contestants(module_network: Callable[[Any], Any], torch_network: Callable[[Any], Any], shape: tuple[int, ...]):
    """The three contestants of a training step."""
    return {
        "paratrain": lambda o: {"samples/s": module_rate("paratrain", module_network, shape, o.seconds)},
        "mxnet": lambda o: {"samples/s": module_rate("mxnet", module_network, shape, o.seconds)},
        "torch": lambda o: {"samples/s": torch_rate(torch_network, shape, o.seconds)},
    }
