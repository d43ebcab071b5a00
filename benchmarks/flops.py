"""Arithmetic of a network, from its shapes: multiplications and additions of convolutions, dense and LSTM layers."""

from __future__ import annotations

import json
import math
from typing import Any

GATES = {"lstm": 4, "gru": 3, "rnn_relu": 1, "rnn_tanh": 1}


def forward(network: Any, **shapes: tuple[int, ...]) -> float:
    """Floating point operations of one forward pass of the Symbol `network` with inputs of the given `shapes`."""
    arguments, _, _ = network.infer_shape(**shapes)
    internals = network.get_internals()
    known = dict(zip(network.list_arguments(), arguments))
    known |= dict(zip(internals.list_outputs(), internals.infer_shape(**shapes)[1]))
    nodes = json.loads(network.tojson())["nodes"]
    return float(sum(_node(node, [nodes[i[0]]["name"] for i in node["inputs"]], known) for node in nodes))


def training(network: Any, **shapes: tuple[int, ...]) -> float:
    """The same of a training step: each layer runs forward, backward to its inputs and backward to its weights."""
    return 3 * forward(network, **shapes)


def _node(node: dict[str, Any], inputs: list[str], known: dict[str, tuple[int, ...]]) -> int:
    result = known.get(f"{node['name']}_output", ())
    if node["op"] == "Convolution":
        return 2 * result[0] * math.prod(result[2:]) * math.prod(known[inputs[1]])
    if node["op"] == "FullyConnected":
        return 2 * math.prod(result[:-1]) * math.prod(known[inputs[1]])
    if node["op"] == "RNN":
        attrs = node["attrs"]
        biases = int(attrs["num_layers"]) * 2 * GATES[attrs["mode"]] * int(attrs["state_size"])
        return 2 * result[0] * result[1] * (math.prod(known[inputs[1]]) - biases)
    return 0
