"""ResNet-20 for 32 x 32 colour images (CIFAR-10), v1 or v2, written out layer by layer.

    paratrain im2rec --list --recursive cifar/train IMAGES/train && paratrain im2rec cifar/train IMAGES/train
    mpirun -n 2 python cifar10_resnet.py --rec cifar          # cifar/train.rec and cifar/test.rec
    python cifar10_resnet.py --synthetic --epochs 1           # no data: random images, to time a step

Three stages of n blocks each, 6n + 2 layers deep; n = 3 makes ResNet-20 (He et al., 2015; v2: He et al., 2016).
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import numpy as np

import paratrain as mx


def conv(net: mx.sym.Symbol, filters: int, kernel: int, stride: int, name: str) -> mx.sym.Symbol:
    return mx.sym.Convolution(
        net,
        kernel=(kernel, kernel),
        stride=(stride, stride),
        pad=(kernel // 2, kernel // 2),
        num_filter=filters,
        no_bias=True,
        name=name,
    )


def norm(net: mx.sym.Symbol, name: str, relu: bool = True) -> mx.sym.Symbol:
    net = mx.sym.BatchNorm(net, fix_gamma=False, eps=1e-5, momentum=0.9, name=name)
    return mx.sym.Activation(net, act_type="relu", name=f"{name}_relu") if relu else net


def block_v1(net: mx.sym.Symbol, filters: int, stride: int, name: str) -> mx.sym.Symbol:
    """conv, norm, relu, conv, norm; add the shortcut; relu."""
    shortcut = net
    if stride != 1:
        shortcut = norm(conv(net, filters, 1, stride, f"{name}_short"), f"{name}_short_bn", relu=False)
    net = norm(conv(net, filters, 3, stride, f"{name}_conv1"), f"{name}_bn1")
    net = norm(conv(net, filters, 3, 1, f"{name}_conv2"), f"{name}_bn2", relu=False)
    return mx.sym.Activation(net + shortcut, act_type="relu", name=f"{name}_relu")


def block_v2(net: mx.sym.Symbol, filters: int, stride: int, name: str) -> mx.sym.Symbol:
    """norm, relu, conv, norm, relu, conv; add the shortcut."""
    ready = norm(net, f"{name}_bn1")
    shortcut = net if stride == 1 else conv(ready, filters, 1, stride, f"{name}_short")
    net = conv(ready, filters, 3, stride, f"{name}_conv1")
    net = conv(norm(net, f"{name}_bn2"), filters, 3, 1, f"{name}_conv2")
    return net + shortcut


def resnet(version: int = 1, blocks: int = 3, classes: int = 10) -> mx.sym.Symbol:
    """The network for images (N, 3, 32, 32)."""
    block = {1: block_v1, 2: block_v2}[version]
    net = conv(mx.sym.Variable("data"), 16, 3, 1, "conv0")
    if version == 1:
        net = norm(net, "bn0")
    for stage, filters in enumerate((16, 32, 64), start=1):
        for number in range(1, blocks + 1):
            stride = 2 if stage > 1 and number == 1 else 1
            net = block(net, filters, stride, f"stage{stage}_block{number}")
    if version == 2:
        net = norm(net, "bn_last")
    net = mx.sym.Pooling(net, pool_type="avg", global_pool=True, kernel=(8, 8), name="pool")
    net = mx.sym.FullyConnected(mx.sym.Flatten(net), num_hidden=classes, name="fc")
    return mx.sym.SoftmaxOutput(net, name="softmax")


def iterators(folder: Path, batch: int, kv: mx.kv.KVStore):
    """Training images of this rank, cropped and mirrored at random, and all test images."""
    shared = dict(
        data_shape=(3, 32, 32),
        batch_size=batch,
        resize=36,  # then a crop of 32: at random for training, from the middle for testing
        mean_r=125.3,
        mean_g=123.0,
        mean_b=113.9,
        std_r=63,
        std_g=62.1,
        std_b=66.7,
    )
    train = mx.io.ImageRecordIter(
        path_imgrec=str(folder / "train.rec"),
        shuffle=True,
        seed=1,
        rand_crop=True,
        rand_mirror=True,
        part_index=kv.rank,
        num_parts=kv.num_workers,
        **shared,
    )
    return train, mx.io.ImageRecordIter(path_imgrec=str(folder / "test.rec"), round_batch=False, **shared)


def synthetic(batch: int, batches: int) -> mx.io.NDArrayIter:
    rng = np.random.default_rng(0)
    images = rng.normal(size=(batch * batches, 3, 32, 32)).astype("float32")
    return mx.io.NDArrayIter(images, rng.integers(0, 10, len(images)).astype("float32"), batch_size=batch)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--rec", type=Path, help="folder with train.rec and test.rec")
    source.add_argument("--synthetic", action="store_true", help="random images instead")
    parser.add_argument("--batches", type=int, default=20, help="batches of an epoch of --synthetic")
    parser.add_argument("--version", type=int, choices=(1, 2), default=1)
    parser.add_argument("--blocks", type=int, default=3, help="blocks per stage: 3 makes ResNet-20")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=128, help="of all ranks together")
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--gpu", action="store_true", help="train on the GPU that belongs to this rank")
    parser.add_argument("--min-accuracy", type=float, default=0.0, help="exit with 1 below this accuracy")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    kv = mx.kv.create("dist_sync")
    logging.basicConfig(level=logging.INFO if kv.rank == 0 else logging.WARNING, format="%(message)s")
    batch = options.batch_size // kv.num_workers
    train, test = iterators(options.rec, batch, kv) if options.rec else (synthetic(batch, options.batches), None)

    mx.random.seed(3)
    module = mx.mod.Module(resnet(options.version, options.blocks), context=mx.gpu(0) if options.gpu else mx.cpu())
    module.fit(
        train,
        eval_data=test,
        kvstore=kv,
        optimizer="sgd",
        optimizer_params={"learning_rate": options.lr, "momentum": 0.9, "wd": 1e-4},
        initializer=mx.init.Xavier(rnd_type="gaussian", factor_type="in", magnitude=2),
        num_epoch=options.epochs,
        batch_end_callback=mx.callback.Speedometer(batch, frequent=10),
    )
    accuracy = dict(module.score(test or train, "acc"))["accuracy"]
    if kv.rank == 0:
        print(f"accuracy: {accuracy:.2%}")
    return 0 if accuracy >= options.min_accuracy else 1


if __name__ == "__main__":
    sys.exit(main())
