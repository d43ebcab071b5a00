"""The disk of rank 0 gets full in the middle of training; training goes on without that checkpoint."""

from __future__ import annotations

import resource
import signal
import sys

import numpy as np

import paratrain as mx

kv = mx.kv.create("dist_sync")
net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=5000, name="fc")
module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
train = mx.io.NDArrayIter(np.ones((8, 30), "float32"), np.zeros(8, "float32"), batch_size=4)
manager = mx.checkpoint.CheckpointManager(sys.argv[1])
module.fit(train, kvstore=kv, num_epoch=1, checkpoint=manager)
if kv.rank == 0:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    if sys.argv[2] == "fit":
        module.fit(train, kvstore=kv, num_epoch=4, begin_epoch=1, checkpoint=manager)
    else:
        manager.save(module, 2, 0, train)
except OSError as error:
    print(f"rank {kv.rank}: {error.strerror}", flush=True)
module.fit(train, kvstore=kv, num_epoch=2)
if kv.rank == 0:
    print("newest:", manager.latest().epoch, flush=True)
