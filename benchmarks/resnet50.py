"""ResNet-50 (version 1) on 224 x 224 colour images, batch 16."""

from __future__ import annotations

from residual import imagenet
from steps import contestants, images
from timing import run

if __name__ == "__main__":
    network = imagenet(50)
    run(contestants(network.symbol, network.torch_network, images((16, 3, 224, 224), 1000)))
