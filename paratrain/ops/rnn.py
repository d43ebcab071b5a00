"""Stacked recurrent layers in one operator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.nn import Shapes, joined
from paratrain.ops.params import choice, flag, integer, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, Shape, known, merge, show

_GATES = {"rnn_relu": 1, "rnn_tanh": 1, "lstm": 4, "gru": 3}


def _directions(attrs: Attrs) -> int:
    return 2 if attrs["bidirectional"] else 1


def parameter_size(attrs: Attrs, inputs: int) -> int:
    """Length of the packed parameter vector for data with `inputs` features."""
    state, directions = attrs["state_size"], _directions(attrs)
    total = 0
    for layer in range(attrs["num_layers"]):
        width = inputs if layer == 0 else directions * state
        total += directions * _GATES[attrs["mode"]] * state * (width + state + 2)
    return total


def _kept_size(attrs: Attrs, data: Shape) -> int:
    """Number of elements that forward keeps for backward (as `RnnPlan::kept` in ext/kernels/rnn/plan.h)."""
    time, batch, _ = data
    state, layers, directions = attrs["state_size"], attrs["num_layers"], _directions(attrs)
    extra = {"lstm": (time + 1) * batch * state, "gru": time * batch * state}.get(attrs["mode"], 0)
    of_pass = time * batch * _GATES[attrs["mode"]] * state + (time + 1) * batch * state + extra
    results = (layers - 1) * time * batch * directions * state
    return layers * directions * of_pass + results * (2 if attrs["p"] > 0 else 1)


def _flops(attrs: Attrs, data: Shape) -> int:
    """Of forward: each weight is used once for each row and time; the gates' arithmetic hardly counts beside it."""
    time, batch, inputs = data
    biases = attrs["num_layers"] * _directions(attrs) * _GATES[attrs["mode"]] * attrs["state_size"] * 2
    return 2 * time * batch * (parameter_size(attrs, inputs) - biases)


def _refuse(attrs: Attrs) -> None:
    for name in ("projection_size", "lstm_state_clip_min", "lstm_state_clip_max"):
        if attrs[name] is not None:
            raise NotImplementedError(f"{name} is not supported; leave it out (got {attrs[name]})")
    for name in ("lstm_state_clip_nan", "use_sequence_length"):
        if attrs[name]:
            raise NotImplementedError(f"{name}=True is not supported; leave it out")


def _states(attrs: Attrs) -> int:
    return 2 if attrs["mode"] == "lstm" else 1


def _outputs(attrs: Attrs) -> tuple[str, ...]:
    states = ("state_output", "statecell_output")[: _states(attrs)] if attrs["state_outputs"] else ()
    return ("output", *states, "kept")


def _shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    _refuse(attrs)
    data, parameters, *states = ins
    result, *out_states, kept = outs
    if data is not None and len(data) != 3:
        raise ValueError(f"data must have the axes (T, N, C); got {show(data)}")
    state: Shape = (attrs["num_layers"] * _directions(attrs), -1 if data is None else data[1], attrs["state_size"])
    for other in (*states, *out_states):
        state = joined(other, state, "states and (num_layers * directions, N, state_size)")
    width = _directions(attrs) * attrs["state_size"]
    if data is not None:
        full = joined(data, (-1, state[1], -1))
        result = merge(result, (full[0], full[1], width), "result and (T, N, directions * state_size)")
        if full[2] != -1:
            size = parameter_size(attrs, full[2])
            parameters = merge(parameters, (size,), f"parameters and ({size},), the size for data {show(full)},")
        if known(full):
            kept = (_kept_size(attrs, full),)
        data = full
    return [data, parameters, *[state] * len(states)], [result, *[state] * len(out_states), kept]


def _kernel(name: str) -> Any:
    def kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
        return name, {k: attrs[k] for k in ("mode", "state_size", "num_layers", "bidirectional", "p")}

    return kernel


def _gradient(g: GradContext) -> Sequence[Any]:
    arrived = [g.grad(i) for i in range(1, len(g.outputs) - 1)]
    return g.F._backward_RNN(g.grad(), g.inputs[0], g.inputs[1], g.outputs[-1], *arrived, **g.attrs)


_PARAMS = {
    "state_size": integer(doc="Size H of the state of each layer.", low=1),
    "num_layers": integer(doc="Number of stacked layers.", low=1),
    "bidirectional": flag(False, "Also run over the times backwards, and join both results."),
    "mode": choice(("gru", "lstm", "rnn_relu", "rnn_tanh"), doc="Kind of cell."),
    "p": real(0.0, "Share of each layer's result but the last's that is dropped in training.", low=0.0, high=1.0),
    "state_outputs": flag(False, "Also return the last states."),
    "projection_size": integer(None, "Not supported."),
    "lstm_state_clip_min": real(None, "Not supported."),
    "lstm_state_clip_max": real(None, "Not supported."),
    "lstm_state_clip_nan": flag(False, "Not supported."),
    "use_sequence_length": flag(False, "Not supported."),
}

define(
    "RNN",
    "Recurrent layers over a sequence: plain (``h = relu or tanh(W x + b + R h + c)``), lstm or gru.\n\n"
    "`parameters` holds, one after the other, W (gates * H, inputs) and R (gates * H, H) of each layer and direction, "
    "then b and c of each. Gates are i, f, g, o (lstm) and r, z, n (gru, with "
    "``n = tanh(W x + b + r (R h + c))``).",
    inputs={
        "data": "Shape (T, N, C): times, batch, features.",
        "parameters": "All weights and biases in one vector.",
        "state": "First hidden states, shape (num_layers * directions, N, state_size).",
        "state_cell": "First cell states of lstm, of the same shape.",
    },
    present=lambda attrs: ("data", "parameters", "state", "state_cell")[: 2 + _states(attrs)],
    params=_PARAMS,
    outputs=_outputs,
    visible=lambda attrs: len(_outputs(attrs)) - 1,
    shape=_shape,
    kernel=_kernel("rnn"),
    gradient=_gradient,
    train_aware=True,
    random=True,
    flops=lambda attrs, ins, outs: _flops(attrs, ins[0][0]),
    example=""">>> weights = mx.nd.full((5,), 0.1)  # two weights of the input, one of the state, two biases
>>> mx.nd.RNN(mx.nd.ones((3, 1, 2)), weights, mx.nd.zeros((1, 1, 1)), state_size=1, num_layers=1,
...     mode='rnn_tanh').asnumpy().ravel().round(3)
array([0.38 , 0.412, 0.415], dtype=float32)""",
)


def _backward_shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    data, parameters = ins[1], ins[2]
    state: MaybeShape = None
    if data is not None:
        state = (attrs["num_layers"] * _directions(attrs), data[1], attrs["state_size"])
    return ins, [data, parameters, *[state] * _states(attrs)]


define(
    "_backward_RNN",
    "Gradients of RNN with respect to data, parameters and first states.",
    inputs={
        "grad": "Gradient of the result.",
        "data": "The data.",
        "parameters": "The parameters.",
        "kept": "What forward kept.",
        "state_grad": "Gradient of the last hidden states.",
        "cell_grad": "Gradient of the last cell states.",
    },
    present=lambda attrs: ("grad", "data", "parameters", "kept", "state_grad", "cell_grad")[
        : 4 + (_states(attrs) if attrs["state_outputs"] else 0)
    ],
    params=_PARAMS,
    outputs=lambda attrs: ("data", "parameters", "state", "state_cell")[: 2 + _states(attrs)],
    shape=_backward_shape,
    kernel=_kernel("rnn_grad"),
    gradient_free=True,
    flops=lambda attrs, ins, outs: 2 * _flops(attrs, ins[1][0]),
)
