"""LSTM language model: embedding, 2 layers of 200 units, 10,000 words; 35 words of 32 sentences in a batch."""

from __future__ import annotations

from typing import Any

import numpy as np
from steps import contestants
from timing import run

TIMES, SENTENCES, WORDS, UNITS, LAYERS = 35, 32, 10_000, 200, 2


def words() -> tuple[np.ndarray, np.ndarray]:
    """Random words and the words that follow, both of the shape (times, sentences)."""
    text = np.random.RandomState(0).randint(0, WORDS, (TIMES + 1, SENTENCES))
    return text[:-1], text[1:].astype("float32")


def symbol(sym: Any) -> Any:
    net = sym.Embedding(sym.Variable("data"), input_dim=WORDS, output_dim=UNITS, name="embed")
    weights = sym.Variable("lstm_parameters", attr={"__init__": '["uniform", {"scale": 0.07}]'})
    first = sym.zeros(shape=(LAYERS, SENTENCES, UNITS))
    net = sym.RNN(net, weights, first, first, mode="lstm", state_size=UNITS, num_layers=LAYERS, name="lstm")
    net = sym.FullyConnected(sym.Reshape(net, shape=(-1, UNITS)), num_hidden=WORDS, name="fc")
    return sym.SoftmaxOutput(net, sym.Reshape(sym.Variable("softmax_label"), shape=(-1,)), name="softmax")


def torch_network(nn: Any) -> Any:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.Embedding(WORDS, UNITS)
            self.lstm = nn.LSTM(UNITS, UNITS, LAYERS)
            self.last = nn.Linear(UNITS, WORDS)

        def forward(self, inputs: Any) -> Any:
            return self.last(self.lstm(self.embed(inputs))[0].flatten(0, 1))

    return Model()


if __name__ == "__main__":
    run(contestants(symbol, torch_network, words, unit="tokens/s"))
