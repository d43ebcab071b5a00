"""Train 20 steps on batches of 128 rows, divided among the ranks; rank 0 prints losses and checksums as JSON."""

from __future__ import annotations

import argparse
import hashlib
import json

import numpy as np

import paratrain as mx
from paratrain.kvstore.mpi import MPIWorld
from paratrain.kvstore.shared import SharedArrays

TOTAL, STEPS = 128, 20
parser = argparse.ArgumentParser()
parser.add_argument("--net", default="mlp")
parser.add_argument("--optimizer", default="sgd")
parser.add_argument("--contexts", type=int, default=1)
parser.add_argument("--grad-req", default="write")
parser.add_argument("--hidden", type=int, default=64)
parser.add_argument("--compression", help="a threshold, fp16 or bf16")
parser.add_argument("--apart", action="store_true", help="as ranks that share no memory")
parser.add_argument("--dtype", default="float32")
parser.add_argument("--shard", action="store_true", help="each rank keeps a part of the optimizer's states")
parser.add_argument("--clip", type=float, help="bound of the norm of all gradients")
parser.add_argument("--norm", action="store_true", help="batch normalisation over all ranks")
parser.add_argument("--accumulate", type=int, default=1, help="batches, of fewer rows each, for one update")
options = parser.parse_args()
if options.apart:  # what MPI does between hosts
    SharedArrays.make = classmethod(lambda *_: None)
    MPIWorld._connect_host = lambda _: None


def lenet(net):
    for number, filters in enumerate((6, 12), start=1):
        net = mx.sym.Convolution(net, kernel=(5, 5), num_filter=filters, name=f"conv{number}")
        net = mx.sym.Activation(net, act_type="tanh")
        if options.norm:
            net = mx.sym.contrib.SyncBatchNorm(net, fix_gamma=False, name=f"norm{number}", key=str(number))
        net = mx.sym.Pooling(net, pool_type="avg", kernel=(2, 2), stride=(2, 2))
    return mx.sym.Flatten(net)


kv = mx.kv.create("dist_sync")
rows = TOTAL // kv.num_workers // options.accumulate
net, shape = mx.sym.Variable("data"), (100,)
if options.net == "lenet":
    net, shape = lenet(net), (1, 28, 28)
net = mx.sym.Activation(mx.sym.FullyConnected(net, num_hidden=options.hidden, name="fc1"), act_type="tanh")
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=10, name="fc2"), name="softmax")
compression = None
if options.compression in ("fp16", "bf16"):
    compression = {"type": options.compression}
elif options.compression:
    compression = {"type": "2bit", "threshold": float(options.compression)}
module = mx.mod.Module(net, context=[mx.cpu(i) for i in range(options.contexts)], compression_params=compression)
data_desc = mx.io.DataDesc("data", (rows, *shape), options.dtype)
label_desc = mx.io.DataDesc("softmax_label", (rows,), options.dtype)
module.bind([data_desc], [label_desc], grad_req=options.grad_req)
mx.random.seed(5 + kv.rank)  # different on purpose: rank 0's parameters count
module.init_params(mx.init.Xavier())
settings = {"sgd": {"momentum": 0.9, "wd": 1e-4}, "adam": {}, "rmsprop": {}}[options.optimizer]
rate = 0.05 if options.optimizer == "sgd" else 0.003
module.init_optimizer(
    kvstore=kv,
    optimizer=options.optimizer,
    optimizer_params={"learning_rate": rate, **settings},
    shard_optimizer=options.shard,
    clip_global_norm=options.clip,
    accumulate=options.accumulate,
)


def batches(rng):
    """Rows of this rank for each batch of each step."""
    for _ in range(STEPS):
        x, y = rng.normal(size=(TOTAL, *shape)), rng.integers(0, 10, TOTAL)
        for number in range(options.accumulate):
            start = (number * kv.num_workers + kv.rank) * rows
            yield x[start : start + rows], y[start : start + rows]


losses, norms = [], []
for x, y in batches(np.random.default_rng(0)):
    batch = mx.io.DataBatch([mx.nd.array(x, dtype=options.dtype)], [mx.nd.array(y, dtype=options.dtype)])
    module.forward(batch, is_train=True)
    module.backward()
    probabilities = module.get_outputs()[0].asnumpy().astype("float64")
    module.update()
    norms.append(module.gradient_norm)
    if options.grad_req == "add":
        for arrays in module._exec_group.grad_arrays:
            for array in arrays:
                array[:] = 0
    loss = np.array([-np.log(probabilities[np.arange(rows), y]).sum()])
    module.world.allreduce(loss)
    losses.append(float(loss[0]) / TOTAL)
losses = np.reshape(losses, (STEPS, -1)).sum(axis=1).tolist()

parameters = b"".join(value.asnumpy().tobytes() for value in module.get_params()[0].values())
sums = module.world.allgather_object(hashlib.sha256(parameters).hexdigest())


def gathered():
    return module._updating.updater.get_states(dump_optimizer=True)


states = gathered()
updater = module._updating.updater
parts = updater.state_arrays() if hasattr(updater, "state_arrays") else {}
kept = sum(each.size for each in parts.values())
loaded = mx.optimizer.states.loads(states)[0]
whole = {str(name): mx.optimizer.flat._leaves(tree) for name, tree in loaded.items()}
module.load_optimizer_state_bytes(states)  # of a shard, back to the parts
assert gathered() == states
summary = {name: [float(np.abs(leaf.astype("float64")).sum()) for leaf in leaves] for name, leaves in whole.items()}
if kv.rank == 0:
    stats = module.communication
    print(
        json.dumps(
            {
                "losses": losses,
                "sums": sums,
                "buckets": stats.buckets,
                "bytes": stats.nbytes,
                "steps": stats.steps,
                "norms": norms[options.accumulate - 1 :: options.accumulate],
                "states": summary,
                "kept": kept,
            }
        )
    )
