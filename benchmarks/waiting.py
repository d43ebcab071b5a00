"""How long a training step waits for its batch: LeNet and ResNet-20 trained from record files of JPEG images.

The images are made up, in `build/benchmarks`; the contestant paratrain writes them. Training is on as many threads as
decoding, which goes on meanwhile (`prefetch_buffer` batches ahead), so a step also gets longer where both want the same
cores: that is the step from records against the same step on one batch that is in memory.
"""

from __future__ import annotations

import importlib
import io
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import lenet
import numpy as np
from residual import cifar
from steps import Training, images, module_training
from timing import rate, repeat, threads

FOLDER = Path(__file__).resolve().parent.parent / "build" / "benchmarks"
BATCHES = 50  # of an epoch


class Network(NamedTuple):
    """A network and the shape of its batch."""

    symbol: Callable[[Any], Any]
    shape: tuple[int, int, int, int]


NETWORKS = {"LeNet": Network(lenet.symbol, lenet.SHAPE), "ResNet-20": Network(cifar(20).symbol, (128, 3, 32, 32))}


def write_records(path: Path, shape: tuple[int, int, int, int]) -> None:
    """Pack JPEG images of that shape, a little larger so that they can be cropped."""
    from PIL import Image

    from paratrain import recordio

    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.RandomState(0)
    batch, channels, height, width = shape
    part = path.with_suffix(".part")
    with recordio.MXIndexedRecordIO(str(path.with_suffix(".idx")), str(part), "w") as writer:
        for number in range(BATCHES * batch):
            coarse = random.randint(0, 256, (8, 8, 3)).astype(np.uint8)
            image = Image.fromarray(coarse).resize((width + 4, height + 4), Image.BICUBIC)
            out = io.BytesIO()
            image.convert("RGB" if channels == 3 else "L").save(out, "JPEG", quality=90)
            writer.write_idx(number, recordio.pack(recordio.IRHeader(0, number % 10, number, 0), out.getvalue()))
    part.rename(path)


def from_records(
    mx: Any, training: Training, shape: tuple[int, int, int, int], path: Path, seconds: float
) -> tuple[float, float]:
    """Milliseconds of a step, and what share of it passes in waiting for the batch."""
    batches = mx.io.ImageRecordIter(
        path_imgrec=str(path),
        path_imgidx=str(path.with_suffix(".idx")),
        data_shape=shape[1:],
        batch_size=shape[0],
        shuffle=True,
        rand_crop=True,
        rand_mirror=True,
        scale=1 / 255,
        preprocess_threads=threads(),
    )
    waited = 0.0

    def step() -> None:
        nonlocal waited
        began = time.perf_counter()
        try:
            batch = batches.next()
        except StopIteration:
            batches.reset()
            batch = batches.next()
        waited += time.perf_counter() - began
        training.on(batch)
        training.finish()

    repeat(step, training.finish, seconds / 5)
    waited = 0.0
    steps, elapsed = repeat(step, training.finish, seconds)
    return elapsed / steps * 1e3, waited / elapsed


def _finished(training: Training) -> Callable[[], None]:
    """A step on the training's own batch, to its end."""

    def step() -> None:
        training.on(training.batch)
        training.finish()

    return step


def module_steps(library: str, options: Namespace) -> dict[str, float]:
    mx = importlib.import_module(library)
    found = {}
    share = options.seconds / len(NETWORKS) / 2
    for name, network in NETWORKS.items():
        path = FOLDER / f"{name}.rec"
        if library == "paratrain":
            write_records(path, network.shape)
        training = module_training(mx, network.symbol, images(network.shape))
        found[f"{name}, step from memory: ms"] = 1e3 / rate(_finished(training), training.finish, 1, share)
        step, waiting = from_records(mx, training, network.shape, path, share)
        found[f"{name}, step from records: ms"] = step
        found[f"{name}, waiting for data, of a step: ratio"] = waiting
    return found


if __name__ == "__main__":
    from timing import run

    run({name: lambda o, name=name: module_steps(name, o) for name in ("paratrain", "mxnet")})
