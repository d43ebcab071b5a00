"""Train with checkpoints, stop where asked to, or resume; every rank writes its losses, batch by batch, to a file."""

from __future__ import annotations

import argparse
import json
import os
import signal
from pathlib import Path

import numpy as np

import paratrain as mx

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=Path)
parser.add_argument("--log", type=Path, required=True)
parser.add_argument("--resume", action="store_true")
parser.add_argument("--every", type=int)
parser.add_argument("--stop", type=int, nargs=2, metavar=("EPOCH", "BATCH"))
parser.add_argument("--optimizer", default="sgd")
parser.add_argument("--norm", action="store_true")
options = parser.parse_args()

ROWS, BATCH, EPOCHS = 96, 16, 3
kv = mx.kv.create("dist_sync")
mx.random.seed(3)
np.random.seed(3)  # the orders of NDArrayIter
rng = np.random.default_rng(kv.rank)
x = rng.normal(size=(ROWS, 20)).astype("float32")
y = rng.integers(0, 4, ROWS).astype("float32")
train = mx.io.NDArrayIter(x, y, batch_size=BATCH, shuffle=True)
net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=32, name="fc1")
if options.norm:
    net = mx.sym.BatchNorm(net, name="bn", fix_gamma=False)
net = mx.sym.Dropout(mx.sym.Activation(net, act_type="relu"), p=0.3)
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=4, name="fc2"), name="softmax")
module = mx.mod.Module(net)
schedule = mx.lr_scheduler.FactorScheduler(step=4, factor=0.8, base_lr=0.1)
settings = {"sgd": {"momentum": 0.9}, "adam": {}, "rmsprop": {}}[options.optimizer]
log = {}


def batch_end(param):
    log[f"{param.epoch}.{param.nbatch}"] = list(np.atleast_1d(param.eval_metric.get()[1]))
    if options.stop == [param.epoch, param.nbatch]:
        manager.settle()  # what was begun is written, so that it is known where the resumed run begins
        save()
        os.kill(os.getpid(), signal.SIGKILL)


def eval_end(param):
    log[f"eval {param.epoch}"] = list(np.atleast_1d(param.eval_metric.get()[1]))


def save():
    options.log.with_suffix(f".{kv.rank}.json").write_text(json.dumps(log))
    module.world.barrier()


manager = mx.checkpoint.CheckpointManager(options.folder, every_n_batches=options.every)
module.fit(
    train,
    eval_data=mx.io.NDArrayIter(x, y, batch_size=BATCH),
    eval_metric=["acc", "ce"],
    kvstore=kv,
    optimizer=options.optimizer,
    optimizer_params={"learning_rate": 0.1, "lr_scheduler": schedule, **settings},
    initializer=mx.init.Xavier(),
    num_epoch=EPOCHS,
    batch_end_callback=batch_end,
    eval_end_callback=eval_end,
    checkpoint=manager,
    resume=options.resume,
)
for name, value in module.share_params()[0].items():
    log[name] = value.asnumpy().tobytes().hex()
save()
