"""Train on rows whose label is their number; stop or resume. Each rank writes which rows it has seen in which epoch."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
from pathlib import Path

import numpy as np

import paratrain as mx

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=Path)
parser.add_argument("--log", type=Path, required=True)
parser.add_argument("--stop", type=int, nargs=2, metavar=("EPOCH", "BATCH"))
parser.add_argument("--no-shuffle", action="store_true")
parser.add_argument("--rows", type=int, default=96)
parser.add_argument("--apart", action="store_true", help="the script divides the rows, not the iterator")
options = parser.parse_args()

TOTAL, EPOCHS = 16, 3
kv = mx.kv.create("dist_sync")
x = np.random.default_rng(0).normal(size=(options.rows, 6)).astype("float32")
y = np.arange(options.rows, dtype="float32")
size = TOTAL // kv.num_workers
if options.apart:
    mine = slice(kv.rank, None, kv.num_workers)
    train = mx.io.NDArrayIter(x[mine], y[mine], batch_size=size)
else:
    parts = {"num_parts": kv.num_workers, "part_index": kv.rank}
    train = mx.io.NDArrayIter(x, y, batch_size=size, shuffle=not options.no_shuffle, seed=2, **parts)
net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=8, name="fc1")
net = mx.sym.BatchNorm(net, name="bn", fix_gamma=False, use_global_stats=True)
net = mx.sym.FullyConnected(mx.sym.Activation(net, act_type="tanh"), num_hidden=1, name="fc2")
net = mx.sym.LinearRegressionOutput(net, mx.sym.Variable("softmax_label") * (1 / options.rows), name="softmax")
module = mx.mod.Module(net)
seen: dict[int, list[int]] = {}
log: dict[str, object] = {"seen": seen, "lr": {}, "metric": {}}


class Seen(mx.metric.EvalMetric):
    """Sum of the rows' numbers; notes them."""

    def __init__(self) -> None:
        super().__init__("sum of rows", has_global_stats=True)

    def update(self, labels, preds):
        rows = labels[0].asnumpy()
        self._add(float(rows.sum()), len(rows))


def batch_end(param):
    if options.stop == [param.epoch, param.nbatch]:  # this batch is lost: its checkpoint would come now
        manager.settle()
        save()
        os.kill(os.getpid(), signal.SIGKILL)
    batch = param.locals["data_batch"]
    rows = batch.label[0].asnumpy()[: len(batch.label[0]) - (batch.pad or 0)]
    seen.setdefault(param.epoch, []).extend(int(row) for row in rows)
    log["lr"][f"{param.epoch}.{param.nbatch}"] = module._optimizer.learning_rate


def epoch_end(epoch, *_):
    log["metric"][epoch] = param_metric.get_global()[1]


def save():
    options.log.with_suffix(f".{kv.rank}.json").write_text(json.dumps(log))
    module.world.barrier()


param_metric = Seen()
manager = mx.checkpoint.CheckpointManager(options.folder, every_n_batches=1)
mx.random.seed(1)
module.fit(
    train,
    eval_metric=param_metric,
    kvstore=kv,
    optimizer="adam",
    optimizer_params={
        "learning_rate": 0.05,
        "lr_scheduler": mx.lr_scheduler.FactorScheduler(step=4, factor=0.5, base_lr=0.05),
    },
    initializer=mx.init.Xavier(),
    num_epoch=EPOCHS,
    batch_end_callback=batch_end,
    epoch_end_callback=epoch_end,
    checkpoint=manager,
    resume=True,
)
params = module.share_params()[0]
log["params"] = {name: value.asnumpy().ravel().tolist() for name, value in params.items()}
log["digest"] = hashlib.sha256(b"".join(value.asnumpy().tobytes() for value in params.values())).hexdigest()
save()
