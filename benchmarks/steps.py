"""A training step (forward, backward, SGD with momentum) in each library, for a network given to it.

paratrain and MXNet run the same Module code. PyTorch has its fused SGD; it is eager, ``channels_last`` or compiled.
"""

from __future__ import annotations

import importlib
from argparse import Namespace
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from timing import Peak, rate, threads

LEARNING_RATE, MOMENTUM = 0.01, 0.9
Data = Callable[[], tuple[np.ndarray, np.ndarray]]


class Work(NamedTuple):
    """Something to repeat, and how to wait until it is done."""

    step: Callable[[], object]
    finish: Callable[[], object]


class Training(NamedTuple):
    """A Module's training step on a batch given to it, the batch it was made with, and how to wait until it is done."""

    on: Callable[[Any], object]
    batch: Any
    finish: Callable[[], object]

    def work(self) -> Work:
        """Steps on one batch."""
        return Work(lambda: self.on(self.batch), self.finish)


def images(shape: tuple[int, ...], classes: int = 10) -> Data:
    """A batch of random samples and labels; the same for every contestant."""

    def make() -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.RandomState(0)
        return rng.randn(*shape).astype("float32"), rng.randint(0, classes, shape[0]).astype("float32")

    return make


def module_training(mx: Any, network: Callable[[Any], Any], data: Data, **arguments: Any) -> Training:
    """``forward_backward`` and ``update`` of a Module made with further `arguments`."""
    values, targets = data()
    samples, labels = (mx.nd.array(a, dtype="float32") for a in (values, targets))
    module = mx.mod.Module(network(mx.sym), context=mx.cpu(), **arguments)
    module.bind(data_shapes=[("data", samples.shape)], label_shapes=[("softmax_label", labels.shape)])
    module.init_params(mx.init.Xavier())
    module.init_optimizer(
        kvstore=None, optimizer="sgd", optimizer_params={"learning_rate": LEARNING_RATE, "momentum": MOMENTUM}
    )

    def on(batch: Any) -> None:
        module.forward_backward(batch)
        module.update()

    return Training(on, mx.io.DataBatch([samples], [labels]), mx.nd.waitall)


def torch_model(torch: Any, network: Callable[[Any], Any], values: np.ndarray, variant: str) -> tuple[Any, Any]:
    """The model and its inputs in the memory format of `variant`."""
    model, inputs = network(torch.nn), torch.from_numpy(values)
    if "channels_last" in variant:
        model, inputs = model.to(memory_format=torch.channels_last), inputs.to(memory_format=torch.channels_last)
    return model, inputs


def torch_training(torch: Any, network: Callable[[Any], Any], data: Data, variant: str) -> Work:
    """The same step in PyTorch."""
    values, labels = data()
    model, inputs = torch_model(torch, network, values, variant)
    targets = torch.from_numpy(labels.reshape(-1)).long()
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, fused=True)

    def loss(inputs: Any, targets: Any) -> Any:
        return torch.nn.functional.cross_entropy(model(inputs), targets)

    if "compile" in variant:
        loss = torch.compile(loss)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss(inputs, targets).backward()
        optimizer.step()

    return Work(step, lambda: None)


def idle_module(library: str) -> tuple[Any, Peak]:
    """Import paratrain or MXNet, with what it loads for something trivial and then for a tiny training step."""
    mx = importlib.import_module(library)
    _ = mx.sym, mx.mod, mx.io, mx.init, mx.optimizer
    mx.nd.ones((2, 2)).asnumpy()
    peak = Peak()
    _run_once(module_training(mx, _tiny_symbol, images((2, 2), 2)).work())
    return mx, peak.begin()


def idle_torch(variant: str) -> tuple[Any, Peak]:
    """Import PyTorch as `idle_module` does; the tiny step is made in the way of `variant`."""
    import torch

    torch.set_num_threads(threads())
    torch.ones(2, requires_grad=True).sum().backward()
    peak = Peak()
    way = variant.replace("channels_last", "")
    _run_once(torch_training(torch, lambda nn: nn.Linear(2, 2), images((2, 2), 2), way))
    return torch, peak.begin()


def _tiny_symbol(sym: Any) -> Any:
    return sym.SoftmaxOutput(sym.FullyConnected(sym.Variable("data"), num_hidden=2, name="fc"), name="softmax")


def _run_once(work: Work) -> None:
    work.step()
    work.finish()


def training(
    contestant: str,
    variant: str,
    network: Callable[[Any], Any],
    torch_network: Callable[[Any], Any],
    data: Data,
    **arguments: Any,
) -> tuple[Work, Peak]:
    """The step of `contestant`, and the peak of memory since its library was idle; `arguments` are the Module's."""
    if contestant == "torch":
        torch, peak = idle_torch(variant)
        return torch_training(torch, torch_network, data, variant), peak
    mx, peak = idle_module(contestant)
    return module_training(mx, network, data, **arguments).work(), peak


def contestants(
    network: Callable[[Any], Any], torch_network: Callable[[Any], Any], data: Data, unit: str = "samples/s"
) -> dict[str, Callable[[Namespace], dict[str, float]]]:
    """The three contestants of a training step, and the arithmetic of one sample; a label makes a sample."""

    def measure(options: Namespace) -> dict[str, float]:
        work, peak = training(options.contestant, options.variant, network, torch_network, data)
        speed = rate(*work, data()[1].size, options.seconds)
        return {unit: speed, **peak.measures()}

    def arithmetic(options: Namespace) -> dict[str, float]:
        import flops

        import paratrain

        values, labels = data()
        operations = flops.training(network(paratrain.sym), data=values.shape, softmax_label=labels.shape)
        return {unit: operations / labels.size / 1e9}

    return {**dict.fromkeys(("paratrain", "mxnet", "torch"), measure), "arithmetic": arithmetic}
