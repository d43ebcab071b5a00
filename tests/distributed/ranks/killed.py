"""Train with a checkpoint every 5 batches, for ever; rank 0 says what it has done, batch by batch."""

from __future__ import annotations

import sys

import numpy as np

import paratrain as mx

kv = mx.kv.create("dist_sync")
net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2000, name="fc1")
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=4, name="fc2"), name="softmax")
x = np.random.default_rng(0).normal(size=(400, 100)).astype("float32")
parts = {"num_parts": kv.num_workers, "part_index": kv.rank}
train = mx.io.NDArrayIter(x, np.arange(400, dtype="float32") % 4, batch_size=4, shuffle=True, seed=1, **parts)


def batch_end(param):
    if kv.rank == 0:
        print(param.epoch, param.nbatch, flush=True)


mx.mod.Module(net).fit(
    train, kvstore=kv, optimizer="adam", num_epoch=1_000_000, batch_end_callback=batch_end, resume=True,
    checkpoint=mx.checkpoint.CheckpointManager(sys.argv[1], every_n_batches=5, keep=2),
)  # fmt: skip
