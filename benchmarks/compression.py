"""What fewer bits cost: accuracy of LeNet on MNIST after 4 epochs on 2 ranks, and bytes of gradients a rank sends.

``BENCHMARK_MNIST`` names the folder of the four files (``train-images-idx3-ubyte.gz``, ...).
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from argparse import Namespace
from pathlib import Path

import numpy as np
from ranks import by_mpirun, is_first

RANKS, ROWS, EPOCHS = 2, 64, 4
FOLDER = Path(os.environ.get("BENCHMARK_MNIST") or Path(__file__).resolve().parents[2] / "shared/data/mnist")
#: The threshold is one of gradients summed over the rows of a rank's batch.
SETTINGS = {"": None, "2bit": {"type": "2bit", "threshold": 0.5}, "fp16": {"type": "fp16"}, "bf16": {"type": "bf16"}}


def read(name: str, header: int) -> np.ndarray:
    """Bytes behind the header of a file."""
    with gzip.open(FOLDER / f"{name}-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def digits(kind: str) -> tuple[np.ndarray, np.ndarray]:
    images = read(f"{kind}-images-idx3", 16).reshape(-1, 1, 28, 28).astype("float32") / 255
    return images, read(f"{kind}-labels-idx1", 8).astype("float32")


def rank_main(variant: str) -> None:
    import paratrain as mx

    net = mx.sym.Variable("data")
    for number, filters in enumerate((20, 50), start=1):
        net = mx.sym.Convolution(net, kernel=(5, 5), num_filter=filters, name=f"conv{number}")
        net = mx.sym.Activation(net, act_type="relu")
        net = mx.sym.Pooling(net, pool_type="max", kernel=(2, 2), stride=(2, 2))
    net = mx.sym.Activation(mx.sym.FullyConnected(mx.sym.Flatten(net), num_hidden=500, name="fc1"), act_type="relu")
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=10, name="fc2"), name="softmax")

    kv = mx.kv.create("dist_sync")
    mx.random.seed(1)
    np.random.seed(1)  # the iterator's shuffle: each rank its part of one order
    images, labels = digits("train")
    order = np.random.permutation(len(labels))[kv.rank :: kv.num_workers]
    train = mx.io.NDArrayIter(images[order], labels[order], ROWS, shuffle=True, last_batch_handle="discard")
    test = mx.io.NDArrayIter(*digits("t10k"), 100)
    module = mx.mod.Module(net, compression_params=SETTINGS[variant])
    began = time.perf_counter()
    module.fit(
        train,
        num_epoch=EPOCHS,
        kvstore=kv,
        optimizer="sgd",
        optimizer_params={"learning_rate": 0.05, "momentum": 0.9, "wd": 1e-4},
        initializer=mx.init.Xavier(),
    )
    seconds = time.perf_counter() - began
    accuracy = dict(module.score(test, "acc"))["accuracy"]
    sent = module.communication.nbytes / module.communication.steps / 1e6
    if is_first():
        print(json.dumps({"accuracy %": 100 * accuracy, "sent in a step MB": sent, "training s": seconds}))


def measure(options: Namespace) -> dict[str, float]:
    """Start the ranks."""
    return by_mpirun([sys.executable, __file__, "rank", options.variant], RANKS, bound=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["rank"]:
        rank_main(sys.argv[2])
    else:
        from timing import run

        run({"paratrain": measure})
