"""MobileNetV2 (width 1.0) on 224 x 224 colour images, batch 16: depthwise convolutions and relu6."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from residual import unit
from steps import contestants, images
from timing import run

SHAPE = (16, 3, 224, 224)
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


def blocks() -> Iterator[tuple[int, int, int, int]]:
    """Filters before, expanded filters, filters after and stride of each inverted residual block."""
    before = 32
    for expansion, after, repeats, stride in STAGES:
        for number in range(repeats):
            yield before, before * expansion, after, 1 if number else stride
            before = after


def symbol(sym: Any) -> Any:
    def relu6(net: Any) -> Any:
        return sym.clip(net, a_min=0, a_max=6)

    net = relu6(unit(sym, sym.Variable("data"), 32, 3, 2, "first"))
    for number, (before, wide, after, stride) in enumerate(blocks()):
        inputs, name = net, f"block{number}"
        if wide != before:
            net = relu6(unit(sym, net, wide, 1, 1, f"{name}_expand"))
        net = relu6(unit(sym, net, wide, 3, stride, f"{name}_depthwise", groups=wide))
        net = unit(sym, net, after, 1, 1, f"{name}_project")
        if stride == 1 and before == after:
            net = net + inputs
    net = sym.Pooling(relu6(unit(sym, net, 1280, 1, 1, "last")), pool_type="avg", global_pool=True, kernel=(7, 7))
    return sym.SoftmaxOutput(sym.FullyConnected(sym.Flatten(net), num_hidden=1000, name="fc"), name="softmax")


def torch_network(nn: Any) -> Any:
    def unit(before: int, filters: int, kernel: int, stride: int = 1, groups: int = 1) -> list[Any]:
        convolution = nn.Conv2d(before, filters, kernel, stride, kernel // 2, groups=groups, bias=False)
        return [convolution, nn.BatchNorm2d(filters), nn.ReLU6(True)]

    class Block(nn.Module):
        def __init__(self, before: int, wide: int, after: int, stride: int) -> None:
            super().__init__()
            expand = unit(before, wide, 1) if wide != before else []
            self.path = nn.Sequential(*expand, *unit(wide, wide, 3, stride, wide), *unit(wide, after, 1)[:-1])
            self.same = stride == 1 and before == after

        def forward(self, inputs: Any) -> Any:
            return self.path(inputs) + inputs if self.same else self.path(inputs)

    layers = [*unit(3, 32, 3, 2), *(Block(*block) for block in blocks()), *unit(320, 1280, 1)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, 1000))


if __name__ == "__main__":
    run(contestants(symbol, torch_network, images(SHAPE, 1000)))
