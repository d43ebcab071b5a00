"""A script as users write it, for `paratrain compare`."""

from __future__ import annotations

import sys

import numpy as np

import paratrain as mx

kv = mx.kv.create("dist_sync")
mx.random.seed(3)
rng = np.random.default_rng(0)
x, y = rng.normal(size=(90, 12)).astype("float32"), rng.integers(0, 4, 90).astype("float32")
size = 16 if "--undivided" in sys.argv else 16 // kv.num_workers
parts = {"num_parts": kv.num_workers, "part_index": kv.rank}
train = mx.io.NDArrayIter(x, y, batch_size=size, shuffle=True, seed=5, **parts)
net = mx.sym.Activation(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=16, name="fc1"), act_type="tanh")
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=4, name="fc2"), name="softmax")
mx.mod.Module(net).fit(
    train,
    eval_data=mx.io.NDArrayIter(x, y, batch_size=size, **parts),
    eval_metric=["ce", "acc"],
    kvstore=kv,
    optimizer_params={"learning_rate": 0.2, "momentum": 0.9},
    initializer=mx.init.Xavier(),
    num_epoch=2,
    drop_padding=True,
)
