"""ResNet-20 (version 1) on 32 x 32 colour images, batch 128: convolutions and batch normalisation."""

from __future__ import annotations

from typing import Any

from steps import contestants
from timing import run

SHAPE = (128, 3, 32, 32)
STAGES = (16, 32, 64)


def symbol(sym: Any) -> Any:
    def unit(net: Any, filters: int, kernel: int, stride: int, name: str) -> Any:
        net = sym.Convolution(
            net,
            kernel=(kernel, kernel),
            stride=(stride, stride),
            pad=(kernel // 2, kernel // 2),
            num_filter=filters,
            no_bias=True,
            name=name,
        )
        return sym.BatchNorm(net, fix_gamma=False, eps=1e-5, momentum=0.9, name=f"{name}_bn")

    def relu(net: Any) -> Any:
        return sym.Activation(net, act_type="relu")

    net = relu(unit(sym.Variable("data"), 16, 3, 1, "first"))
    for stage, filters in enumerate(STAGES):
        for block in range(3):
            stride = 2 if stage and not block else 1
            name = f"stage{stage}_block{block}"
            shortcut = net if stride == 1 else unit(net, filters, 1, stride, f"{name}_short")
            net = relu(unit(net, filters, 3, stride, f"{name}_conv1"))
            net = relu(unit(net, filters, 3, 1, f"{name}_conv2") + shortcut)
    net = sym.Pooling(net, pool_type="avg", global_pool=True, kernel=(8, 8))
    return sym.SoftmaxOutput(sym.FullyConnected(sym.Flatten(net), num_hidden=10, name="fc"), name="softmax")


def torch_network(nn: Any) -> Any:
    def unit(before: int, filters: int, kernel: int, stride: int) -> Any:
        convolution = nn.Conv2d(before, filters, kernel, stride, kernel // 2, bias=False)
        return nn.Sequential(convolution, nn.BatchNorm2d(filters))

    class Block(nn.Module):
        def __init__(self, before: int, filters: int, stride: int) -> None:
            super().__init__()
            self.path = nn.Sequential(unit(before, filters, 3, stride), nn.ReLU(True), unit(filters, filters, 3, 1))
            self.short = unit(before, filters, 1, stride) if stride != 1 else nn.Identity()
            self.relu = nn.ReLU(True)

        def forward(self, inputs: Any) -> Any:
            return self.relu(self.path(inputs) + self.short(inputs))

    layers = [unit(3, 16, 3, 1), nn.ReLU(True)]
    before = 16
    for stage, filters in enumerate(STAGES):
        for block in range(3):
            layers.append(Block(before, filters, 2 if stage and not block else 1))
            before = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


if __name__ == "__main__":
    run(contestants(symbol, torch_network, SHAPE))
