"""Train LeNet on handwritten digits, on one rank or many.

    python train.py --rec DIR                # DIR/train.rec and DIR/test.rec, made by `paratrain im2rec`
    mpirun -n 2 python train.py --rec DIR    # the same batches, divided between two ranks
    mpirun -n 2 python train.py --data DIR   # MNIST's four idx files (.gz or not)
    ... --resume                             # go on from the newest checkpoint in --output

The batch size is that of all ranks together, so the number of ranks does not change what is learned.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import paratrain as mx
from paratrain.plot import CurveRecorder


def lenet() -> mx.sym.Symbol:
    net = mx.sym.Variable("data")
    for number, filters in enumerate((20, 50), start=1):
        net = mx.sym.Convolution(net, kernel=(5, 5), num_filter=filters, name=f"conv{number}")
        net = mx.sym.Activation(net, act_type="tanh", name=f"tanh{number}")
        net = mx.sym.Pooling(net, pool_type="max", kernel=(2, 2), stride=(2, 2), name=f"pool{number}")
    net = mx.sym.FullyConnected(mx.sym.Flatten(net), num_hidden=500, name="fc1")
    net = mx.sym.Activation(net, act_type="tanh", name="tanh3")
    net = mx.sym.FullyConnected(net, num_hidden=10, name="fc2")
    return mx.sym.SoftmaxOutput(net, name="softmax")


def record_iterators(folder: Path, batch: int, kv: mx.kv.KVStore):
    """Training images of this rank, and all test images."""
    shared = dict(data_shape=(1, 28, 28), batch_size=batch, scale=1 / 255, preprocess_threads=2)
    train = mx.io.ImageRecordIter(
        path_imgrec=str(folder / "train.rec"),
        shuffle=True,
        seed=1,
        rand_crop=True,
        part_index=kv.rank,
        num_parts=kv.num_workers,
        **shared,
    )
    return train, mx.io.ImageRecordIter(path_imgrec=str(folder / "test.rec"), round_batch=False, **shared)


def mnist_iterators(folder: Path, batch: int, kv: mx.kv.KVStore):
    """The same, from MNIST's own files."""

    def files(part: str) -> dict[str, str]:
        names = {kind: f"{part}-{kind}s-idx{3 if kind == 'image' else 1}-ubyte" for kind in ("image", "label")}
        return {kind: str(next(folder.glob(name + "*"))) for kind, name in names.items()}

    train = mx.io.MNISTIter(
        **files("train"), batch_size=batch, shuffle=True, seed=1, part_index=kv.rank, num_parts=kv.num_workers
    )
    return train, mx.io.MNISTIter(**files("t10k"), batch_size=batch, shuffle=False)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--rec", type=Path, help="folder with train.rec and test.rec")
    source.add_argument("--data", type=Path, help="folder with MNIST's idx files")
    parser.add_argument("--output", type=Path, default=Path("run"), help="folder for checkpoints and curves.png")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=64, help="of all ranks together")
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--lr-decay", type=float, default=0.6, help="factor on the learning rate after each epoch")
    parser.add_argument("--checkpoint-every", type=int, metavar="BATCHES", help="besides after every epoch")
    parser.add_argument("--resume", action="store_true", help="go on from the newest checkpoint in --output")
    parser.add_argument("--min-accuracy", type=float, default=0.0, help="exit with 1 below this test accuracy")
    parser.add_argument("--gpu", action="store_true", help="train on the GPU that belongs to this rank")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    kv = mx.kv.create("dist_sync")
    logging.basicConfig(level=logging.INFO if kv.rank == 0 else logging.WARNING, format="%(message)s")
    if options.batch_size % kv.num_workers:
        raise ValueError(f"--batch-size must be a multiple of the {kv.num_workers} ranks; got {options.batch_size}")
    batch = options.batch_size // kv.num_workers
    if options.rec:
        train, test = record_iterators(options.rec, batch, kv)
    else:
        train, test = mnist_iterators(options.data, batch, kv)

    mx.random.seed(7)
    schedule = mx.lr_scheduler.FactorScheduler(step=train.num_batches, factor=options.lr_decay, base_lr=options.lr)
    module = mx.mod.Module(lenet(), context=mx.gpu(0) if options.gpu else mx.cpu())
    recorded = options.output / "curves.json"
    resumes = options.resume and recorded.exists()
    curves = (CurveRecorder.load if resumes else CurveRecorder)(recorded, batch_size=batch)
    module.fit(
        train,
        eval_data=test,
        eval_metric=["acc", "ce"],
        kvstore=kv,
        optimizer="sgd",
        optimizer_params={"learning_rate": options.lr, "lr_scheduler": schedule, "momentum": 0.9, "wd": 1e-4},
        initializer=mx.init.Xavier(),
        num_epoch=options.epochs,
        batch_end_callback=[curves.batch_end, mx.callback.Speedometer(batch, frequent=50)],
        epoch_end_callback=curves.epoch_end,
        eval_end_callback=curves.eval_end,
        checkpoint=mx.checkpoint.CheckpointManager(options.output, every_n_batches=options.checkpoint_every),
        resume=options.resume,
    )
    curves.save(options.output / "curves.png")
    accuracy = dict(module.score(test, "acc"))["accuracy"]
    if kv.rank == 0:
        print(f"test accuracy: {accuracy:.2%}")
    return 0 if accuracy >= options.min_accuracy else 1


if __name__ == "__main__":
    sys.exit(main())
