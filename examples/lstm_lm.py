"""A character language model: Embedding, two LSTM layers, a softmax over the next character.

    python lstm_lm.py --text FILE
    mpirun -n 2 python lstm_lm.py --text FILE

The text is cut into `batch` parallel columns that are read `steps` characters at a time. Any plain text will do.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import numpy as np

import paratrain as mx


def language_model(characters: int, hidden: int, layers: int, batch: int) -> mx.sym.Symbol:
    data = mx.sym.Variable("data")  # (N, T)
    target = mx.sym.Variable("softmax_label")  # (N, T)
    net = mx.sym.Embedding(data, input_dim=characters, output_dim=hidden, name="embedding")
    net = mx.sym.SwapAxis(net, dim1=0, dim2=1)  # (T, N, hidden)
    start = mx.sym.zeros(shape=(layers, batch, hidden))  # nothing is carried from one sample to the next
    net = mx.sym.RNN(
        net,
        mx.sym.Variable("lstm_parameters", init=mx.init.Uniform(0.08)),
        start,
        start,
        mode="lstm",
        state_size=hidden,
        num_layers=layers,
        name="lstm",
    )
    net = mx.sym.reshape(mx.sym.SwapAxis(net, dim1=0, dim2=1), shape=(-1, hidden))  # (N * T, hidden)
    net = mx.sym.FullyConnected(net, num_hidden=characters, name="decoder")
    return mx.sym.SoftmaxOutput(net, mx.sym.reshape(target, shape=(-1,)), name="softmax")


def columns(text: str, batch: int, steps: int, rank: int, ranks: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Inputs and targets of this rank, each of shape (samples, steps), and the number of different characters."""
    alphabet = {character: number for number, character in enumerate(sorted(set(text)))}
    codes = np.array([alphabet[character] for character in text], dtype="float32")
    windows = (len(codes) - 1) // steps
    inputs = codes[: windows * steps].reshape(windows, steps)
    targets = codes[1 : windows * steps + 1].reshape(windows, steps)
    usable = windows - windows % (batch * ranks)
    return inputs[rank:usable:ranks], targets[rank:usable:ranks], len(alphabet)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", type=Path, required=True, help="plain text to learn from")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=32, help="per rank")
    parser.add_argument("--steps", type=int, default=35, help="characters per sample")
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--lr", type=float, default=0.005)
    parser.add_argument("--max-perplexity", type=float, default=float("inf"), help="exit with 1 above it")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    kv = mx.kv.create("dist_sync")
    logging.basicConfig(level=logging.INFO if kv.rank == 0 else logging.WARNING, format="%(message)s")
    text = options.text.read_text(encoding="utf-8", errors="replace")
    batch, steps = options.batch_size, options.steps
    inputs, targets, characters = columns(text, batch, steps, kv.rank, kv.num_workers)
    if not len(inputs):
        raise ValueError(f"--text must hold more than {batch * kv.num_workers * steps} characters; got {len(text)}")
    train = mx.io.NDArrayIter({"data": inputs}, {"softmax_label": targets}, batch_size=batch, shuffle=True)

    mx.random.seed(1)
    module = mx.mod.Module(language_model(characters, options.hidden, options.layers, batch))
    perplexity = mx.metric.Perplexity(ignore_label=None)
    module.fit(
        train,
        eval_metric=perplexity,
        kvstore=kv,
        optimizer="adam",
        optimizer_params={"learning_rate": options.lr},
        initializer=mx.init.Xavier(),
        num_epoch=options.epochs,
        batch_end_callback=mx.callback.Speedometer(batch, frequent=50),
    )
    reached = dict(module.score(train, perplexity))["perplexity"]
    if kv.rank == 0:
        print(f"perplexity per character: {reached:.2f}")
    return 0 if reached <= options.max_perplexity else 1


if __name__ == "__main__":
    sys.exit(main())
