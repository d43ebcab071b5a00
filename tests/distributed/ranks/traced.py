"""Train an epoch with a checkpoint under the profiler; rank 0 prints the trace and its log."""

from __future__ import annotations

import json
import logging
import sys

import numpy as np

import paratrain as mx

logging.basicConfig(level=logging.INFO, format="%(message)s")
kv = mx.kv.create("dist_sync")
net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=400, name="fc1")
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=10, name="fc2"), name="softmax")
parts = {"num_parts": kv.num_workers, "part_index": kv.rank}
train = mx.io.NDArrayIter(np.ones((64, 200), "float32"), np.zeros(64, "float32"), batch_size=4, **parts)
mx.profiler.set_config(filename=sys.argv[1])
mx.profiler.start()
checkpoint = mx.checkpoint.CheckpointManager(sys.argv[2])
mx.mod.Module(net).fit(train, kvstore=kv, num_epoch=1, checkpoint=checkpoint)
mx.profiler.dump()
if kv.rank == 0:
    with open(sys.argv[1], encoding="utf-8") as file:
        print(json.dumps(json.load(file)["traceEvents"]))
