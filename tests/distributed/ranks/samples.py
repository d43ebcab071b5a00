"""Ranks with shards of different lengths and a ragged end; or with a number that is none. Rank 0 prints JSON."""

from __future__ import annotations

import json
import sys

import numpy as np

import paratrain as mx

what, rows = sys.argv[1], int(sys.argv[2])
kv = mx.kv.create("dist_sync")
mx.random.seed(3)
rng = np.random.default_rng(0)
x, y = rng.normal(size=(rows, 12)).astype("float32"), rng.integers(0, 4, rows).astype("float32")
net = mx.sym.Activation(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=16, name="fc1"), act_type="tanh")
if what == "nan":
    net = mx.sym.exp(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=16, name="fc1"), name="bad")
    x[5] = 1e4
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=4, name="fc2"), name="softmax")
module = mx.mod.Module(net)
size = 24 // kv.num_workers
parts = {"num_parts": kv.num_workers, "part_index": kv.rank}
if what == "asking":  # an iterator that does not say how many batches it has left
    train = mx.io.PrefetchingIter(mx.io.NDArrayIter(x, y, batch_size=size, shuffle=True, seed=5, **parts))
elif what == "own shards":  # the first rank has all rows but one for each of the others
    mine = slice(0, rows - kv.num_workers + 1) if kv.rank == 0 else slice(rows - kv.rank, rows - kv.rank + 1)
    train = mx.io.NDArrayIter(x[mine], y[mine], batch_size=size)
else:
    train = mx.io.NDArrayIter(x, y, batch_size=size, shuffle=True, seed=5, **parts)
metric = mx.metric.create(["acc", "ce"])
module.fit(
    train,
    eval_metric=metric,
    kvstore=kv,
    optimizer_params={"learning_rate": 0.1, "momentum": 0.9},
    initializer=mx.init.Xavier(),
    num_epoch=3,
    drop_padding=True,
    nan_check=what == "nan",
)
seen = [each.global_num_inst for each in metric.metrics]
score = module.score(mx.io.NDArrayIter(x, y, batch_size=7, **parts), ["acc", "ce", mx.metric.TopKAccuracy(2)])
own = module.score(mx.io.NDArrayIter(x[kv.rank :: kv.num_workers], y[kv.rank :: kv.num_workers], batch_size=5), "acc")
if kv.rank == 0:
    params = {name: value.asnumpy().ravel().tolist() for name, value in module.get_params()[0].items()}
    print(json.dumps({"seen": seen, "score": score, "own": own, "params": params}))
