"""Residual networks (version 1) of any depth: as Symbol for paratrain and MXNet, and the same network in PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


def unit(sym: Any, net: Any, filters: int, kernel: int, stride: int, name: str, groups: int = 1) -> Any:
    """Convolution that keeps the size at stride 1, without a bias, and batch normalisation."""
    net = sym.Convolution(
        net,
        kernel=(kernel, kernel),
        stride=(stride, stride),
        pad=(kernel // 2, kernel // 2),
        num_filter=filters,
        num_group=groups,
        no_bias=True,
        name=name,
    )
    return sym.BatchNorm(net, fix_gamma=False, eps=1e-5, momentum=0.9, name=f"{name}_bn")


@dataclass(frozen=True)
class ResNet:
    """Stages of residual blocks behind a stem, with global average pooling and one fully connected layer.

    Attributes
    ----------
    depths : tuple of int
        Blocks in each stage; every stage but the first halves the image.
    widths : tuple of int
        Filters of each stage.
    bottleneck : bool
        Blocks of 1 x 1, 3 x 3, 1 x 1 with four times the width (ImageNet) instead of two of 3 x 3 (CIFAR).
    large : bool
        Stem of 7 x 7 with stride 2 and a max pooling instead of one 3 x 3.
    classes : int
        Width of the last layer.
    """

    depths: tuple[int, ...]
    widths: tuple[int, ...]
    bottleneck: bool = False
    large: bool = False
    classes: int = 10

    def path(self, width: int, stride: int) -> list[tuple[int, int, int]]:
        """Filters, kernel and stride of each convolution of a block."""
        if self.bottleneck:
            return [(width, 1, stride), (width, 3, 1), (4 * width, 1, 1)]
        return [(width, 3, stride), (width, 3, 1)]

    def blocks(self) -> Iterator[tuple[str, int, int, int]]:
        """Name, filters before, width and stride of each block."""
        before = self.widths[0]
        for stage, (depth, width) in enumerate(zip(self.depths, self.widths)):
            for block in range(depth):
                yield f"stage{stage}_block{block}", before, width, 2 if stage and not block else 1
                before = self.path(width, 1)[-1][0]

    def symbol(self, sym: Any) -> Any:
        """Training network up to SoftmaxOutput, of the inputs ``data`` and ``softmax_label``."""

        def relu(net: Any) -> Any:
            return sym.Activation(net, act_type="relu")

        if self.large:
            net = relu(unit(sym, sym.Variable("data"), self.widths[0], 7, 2, "first"))
            net = sym.Pooling(net, pool_type="max", kernel=(3, 3), stride=(2, 2), pad=(1, 1))
        else:
            net = relu(unit(sym, sym.Variable("data"), self.widths[0], 3, 1, "first"))
        for name, before, width, stride in self.blocks():
            path = self.path(width, stride)
            same = stride == 1 and before == path[-1][0]
            shortcut = net if same else unit(sym, net, path[-1][0], 1, stride, f"{name}_short")
            for number, (filters, kernel, step) in enumerate(path, start=1):
                net = unit(sym, net, filters, kernel, step, f"{name}_conv{number}")
                net = relu(net if number < len(path) else net + shortcut)
        net = sym.Pooling(net, pool_type="avg", global_pool=True, kernel=(7, 7))
        net = sym.FullyConnected(sym.Flatten(net), num_hidden=self.classes, name="fc")
        return sym.SoftmaxOutput(net, name="softmax")

    def torch_network(self, nn: Any) -> Any:
        """The same network as ``torch.nn.Sequential``, without the softmax."""

        def unit(before: int, filters: int, kernel: int, stride: int) -> list[Any]:
            return [nn.Conv2d(before, filters, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(filters)]

        resnet = self

        class Block(nn.Module):
            def __init__(self, before: int, width: int, stride: int) -> None:
                super().__init__()
                layers: list[Any] = []
                last = before
                for filters, kernel, step in resnet.path(width, stride):
                    layers += [*unit(last, filters, kernel, step), nn.ReLU(True)]
                    last = filters
                self.path = nn.Sequential(*layers[:-1])
                same = stride == 1 and before == last
                self.short = nn.Identity() if same else nn.Sequential(*unit(before, last, 1, stride))
                self.relu = nn.ReLU(True)

            def forward(self, inputs: Any) -> Any:
                return self.relu(self.path(inputs) + self.short(inputs))

        if self.large:
            layers = [*unit(3, self.widths[0], 7, 2), nn.ReLU(True), nn.MaxPool2d(3, 2, 1)]
        else:
            layers = [*unit(3, self.widths[0], 3, 1), nn.ReLU(True)]
        layers += [Block(before, width, stride) for _, before, width, stride in self.blocks()]
        last = self.path(self.widths[-1], 1)[-1][0]
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(last, self.classes))


def cifar(depth: int) -> ResNet:
    """ResNet-20, 32, 44, 56, ... for images of 32 x 32."""
    return ResNet(((depth - 2) // 6,) * 3, (16, 32, 64))


def imagenet(depth: int) -> ResNet:
    """ResNet-50, 101 or 152 for images of 224 x 224."""
    depths = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}[depth]
    return ResNet(depths, (64, 128, 256, 512), bottleneck=True, large=True, classes=1000)
