"""LeNet on 28 x 28 images, batch 64: 20 and 50 filters of 5 x 5, tanh, max pooling, 500 hidden units."""

from __future__ import annotations

from typing import Any

from steps import contestants, images
from timing import run

SHAPE = (64, 1, 28, 28)


def symbol(sym: Any) -> Any:
    net = sym.Variable("data")
    for number, filters in enumerate((20, 50), start=1):
        net = sym.Convolution(net, kernel=(5, 5), num_filter=filters, name=f"conv{number}")
        net = sym.Activation(net, act_type="tanh", name=f"tanh{number}")
        net = sym.Pooling(net, pool_type="max", kernel=(2, 2), stride=(2, 2), name=f"pool{number}")
    net = sym.Activation(
        sym.FullyConnected(sym.Flatten(net), num_hidden=500, name="fc1"), act_type="tanh", name="tanh3"
    )
    return sym.SoftmaxOutput(sym.FullyConnected(net, num_hidden=10, name="fc2"), name="softmax")


def torch_network(nn: Any) -> Any:
    features = [nn.Conv2d(1, 20, 5), nn.Tanh(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.Tanh(), nn.MaxPool2d(2)]
    return nn.Sequential(*features, nn.Flatten(), nn.Linear(800, 500), nn.Tanh(), nn.Linear(500, 10))


if __name__ == "__main__":
    run(contestants(symbol, torch_network, images(SHAPE)))
