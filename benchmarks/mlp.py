"""A multi-layer perceptron 784-128-64-10 with relu, batch 64: small kernels, so calls are what is measured."""

from __future__ import annotations

from typing import Any

from steps import contestants, images
from timing import run

SHAPE = (64, 784)


def symbol(sym: Any) -> Any:
    net = sym.Variable("data")
    for number, units in enumerate((128, 64), start=1):
        net = sym.FullyConnected(net, num_hidden=units, name=f"fc{number}")
        net = sym.Activation(net, act_type="relu", name=f"relu{number}")
    return sym.SoftmaxOutput(sym.FullyConnected(net, num_hidden=10, name="fc3"), name="softmax")


def torch_network(nn: Any) -> Any:
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


if __name__ == "__main__":
    run(contestants(symbol, torch_network, images(SHAPE)))
