"""Train with checkpoints; a rank may be killed in the first attempt, or send itself a signal. Prints the parameters."""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

import paratrain as mx

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=Path)
parser.add_argument("--kill", type=int, nargs=2, metavar=("EPOCH", "BATCH"), help="kill the last rank there, once")
parser.add_argument("--pause", type=float, default=0.0, help="seconds of each step")
parser.add_argument("--signal", type=int, help="signal that the last rank sends itself in batch 3")
parser.add_argument("--twice", action="store_true")
parser.add_argument("--resume", action="store_true")
options = parser.parse_args()

ROWS, BATCH, EPOCHS = 96, 12, 3
kv = mx.kv.create("dist_sync")
odd = kv.rank == kv.num_workers - 1
mx.random.seed(3)
np.random.seed(3)
rng = np.random.default_rng(kv.rank)
x = rng.normal(size=(ROWS, 20)).astype("float32")
y = rng.integers(0, 4, ROWS).astype("float32")
train = mx.io.NDArrayIter(x, y, batch_size=BATCH, shuffle=True)
net = mx.sym.Activation(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=32, name="fc1"), act_type="relu")
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=4, name="fc2"), name="softmax")
module = mx.mod.Module(net)


def batch_end(param):
    time.sleep(options.pause)
    place = [param.epoch, param.nbatch]
    if options.kill == place and odd and os.environ.get("PARATRAIN_ATTEMPT", "0") == "0":
        os.kill(os.getpid(), signal.SIGKILL)
    if options.signal is not None and place == [1, 3] and odd:
        for _ in range(2 if options.twice else 1):
            os.kill(os.getpid(), options.signal)
            time.sleep(0.01)
    if place == [1, 3] and kv.rank == 0:
        sys.stdout.write("in epoch 1\n")
        sys.stdout.flush()


module.fit(
    train,
    kvstore=kv,
    optimizer_params={"learning_rate": 0.1, "momentum": 0.9},
    initializer=mx.init.Xavier(),
    num_epoch=EPOCHS,
    batch_end_callback=batch_end,
    checkpoint=mx.checkpoint.CheckpointManager(options.folder, every_n_batches=5),
    resume=options.resume,
)
parameters = b"".join(value.asnumpy().tobytes() for _, value in sorted(module.share_params()[0].items()))
sys.stdout.write(f"end: {hashlib.sha256(parameters).hexdigest()}\n")
