"""A multi-layer perceptron with the Symbol and Module API, on data made here; the program of the README."""

import numpy as np

import paratrain as mx

rng = np.random.default_rng(0)
points = rng.normal(size=(2000, 20)).astype("float32")
labels = (points[:, :10].sum(axis=1) > points[:, 10:].sum(axis=1)).astype("float32")

net = mx.sym.Variable("data")
net = mx.sym.FullyConnected(net, num_hidden=64, name="fc1")
net = mx.sym.Activation(net, act_type="relu")
net = mx.sym.FullyConnected(net, num_hidden=2, name="fc2")
net = mx.sym.SoftmaxOutput(net, name="softmax")

kv = mx.kv.create("dist_sync")  # one rank without mpirun
mine = slice(kv.rank, None, kv.num_workers)
train = mx.io.NDArrayIter(points[mine], labels[mine], batch_size=50, shuffle=True)
module = mx.mod.Module(net)
module.fit(train, kvstore=kv, num_epoch=10, optimizer="sgd", optimizer_params={"learning_rate": 0.1})
print(f"rank {kv.rank} of {kv.num_workers}: accuracy {dict(module.score(train, 'acc'))['accuracy']:.3f}")
