"""Ranks with shards of other lengths train by `fit`: no rank waits for ever, every sample counts once.

Rank 0 prints checksums of the parameters of all ranks, the parameters' sum and the number of samples that counted.
"""

from __future__ import annotations

import hashlib
import json
import sys

import numpy as np

import paratrain as mx

BATCHES, ROWS = 9, 8
how, accumulate = sys.argv[1], int(sys.argv[2])
kv = mx.kv.create("dist_sync")
rng = np.random.default_rng(0)
x, y = rng.normal(size=(BATCHES, ROWS, 20)).astype("float32"), rng.integers(0, 3, (BATCHES, ROWS))


class Shard(mx.io.DataIter):
    """The batches whose number is this rank's, divided by the ranks: rank 0 has the most."""

    def __init__(self):
        super().__init__(ROWS)
        self.provide_data = [mx.io.DataDesc("data", (ROWS, 20))]
        self.provide_label = [mx.io.DataDesc("softmax_label", (ROWS,))]
        self.numbers = range(kv.rank, BATCHES, kv.num_workers)
        self.reset()

    def reset(self):
        self.left = list(self.numbers)

    def next(self):
        if not self.left:
            raise StopIteration
        number = self.left.pop(0)
        return mx.io.DataBatch([mx.nd.array(x[number])], [mx.nd.array(y[number])], pad=0)


net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=16, name="fc1")
net = mx.sym.FullyConnected(mx.sym.Activation(net, act_type="tanh"), num_hidden=3, name="fc2")
module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
mx.random.seed(3)
metric = mx.metric.create("acc")
module.fit(
    Shard(),
    num_epoch=2,
    kvstore=kv,
    optimizer="sgd",
    optimizer_params={"learning_rate": 0.1, "rescale_grad": 1 / 64},
    initializer=mx.init.Xavier(),
    eval_metric=metric,
    shard_optimizer=how == "sharded",
    clip_global_norm=0.05 if how == "clipped" else None,
    accumulate=accumulate,
)
parameters = b"".join(value.asnumpy().tobytes() for value in module.get_params()[0].values())
sums = kv.world.allgather_object(hashlib.sha256(parameters).hexdigest())
if kv.rank == 0:
    total = sum(float(np.abs(value.asnumpy()).sum()) for value in module.get_params()[0].values())
    steps = module._optimizer.num_update
    print(json.dumps({"sums": sums, "total": total, "samples": metric.global_num_inst, "steps": steps}))
