"""ResNet-20 (version 1) on 32 x 32 colour images, batch 128: convolutions and batch normalisation."""

from __future__ import annotations

from residual import cifar
from steps import contestants, images
from timing import run

if __name__ == "__main__":
    network = cifar(20)
    run(contestants(network.symbol, network.torch_network, images((128, 3, 32, 32))))
