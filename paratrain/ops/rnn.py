"""Stacked recurrent layers in one operator."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.nn import Shapes, joined
from paratrain.ops.params import choice, flag, integer, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import DtypeRule, MaybeDtype, MaybeShape, Shape, known, merge, product, same_dtype, show

_GATES = {"rnn_relu": 1, "rnn_tanh": 1, "lstm": 4, "gru": 3}


def _directions(attrs: Attrs) -> int:
    return 2 if attrs["bidirectional"] else 1


def _hidden(attrs: Attrs) -> int:
    """Size of a hidden state: that of the projection, if there is one."""
    return attrs["projection_size"] or attrs["state_size"]


def parameter_size(attrs: Attrs, inputs: int) -> int:
    """Length of the packed parameter vector for data with `inputs` features."""
    state, hidden, directions = attrs["state_size"], _hidden(attrs), _directions(attrs)
    projection = hidden * state if attrs["projection_size"] else 0
    total = 0
    for layer in range(attrs["num_layers"]):
        width = inputs if layer == 0 else directions * hidden
        total += directions * (_GATES[attrs["mode"]] * state * (width + hidden + 2) + projection)
    return total


def _kept_of_pass(attrs: Attrs, time: int, batch: int) -> int:
    """Number of elements that forward keeps of one layer in one direction (`RnnPlan::pass_kept` in plan.h)."""
    state, hidden = attrs["state_size"], _hidden(attrs)
    extra = {"lstm": (time + 1) * batch * state, "gru": time * batch * state}.get(attrs["mode"], 0)
    if attrs["projection_size"]:
        extra += time * batch * state
    return time * batch * _GATES[attrs["mode"]] * state + (time + 1) * batch * hidden + extra


def _kept_size(attrs: Attrs, data: Shape) -> int:
    """Number of elements that forward keeps for backward (as `RnnPlan::kept` in ext/kernels/rnn/plan.h)."""
    time, batch, _ = data
    layers, directions = attrs["num_layers"], _directions(attrs)
    results = (layers - 1) * time * batch * directions * _hidden(attrs)
    return layers * directions * _kept_of_pass(attrs, time, batch) + results * (2 if attrs["p"] > 0 else 1)


def _flops(attrs: Attrs, data: Shape) -> int:
    """Of forward: each weight is used once for each row and time; the gates' arithmetic hardly counts beside it."""
    time, batch, inputs = data
    biases = attrs["num_layers"] * _directions(attrs) * _GATES[attrs["mode"]] * attrs["state_size"] * 2
    return 2 * time * batch * (parameter_size(attrs, inputs) - biases)


def _check(attrs: Attrs) -> None:
    low, high = attrs["lstm_state_clip_min"], attrs["lstm_state_clip_max"]
    if attrs["mode"] != "lstm":
        for name in ("projection_size", "lstm_state_clip_min", "lstm_state_clip_max"):
            if attrs[name] is not None:
                raise ValueError(f"{name} is for mode='lstm' only; got {attrs[name]} with mode={attrs['mode']!r}")
    if (low is None) != (high is None):
        raise ValueError(f"lstm_state_clip_min and lstm_state_clip_max must be given together; got {low} and {high}")
    if low is not None and not low <= high:
        raise ValueError(f"lstm_state_clip_min must not exceed lstm_state_clip_max; got {low} and {high}")


def _states(attrs: Attrs) -> int:
    return 2 if attrs["mode"] == "lstm" else 1


def _inputs(attrs: Attrs) -> tuple[str, ...]:
    cell = ("state_cell",) if attrs["mode"] == "lstm" else ()
    lengths = ("sequence_length",) if attrs["use_sequence_length"] else ()
    return ("data", "parameters", "state", *cell, *lengths)


def _outputs(attrs: Attrs) -> tuple[str, ...]:
    states = ("state_output", "statecell_output")[: _states(attrs)] if attrs["state_outputs"] else ()
    return ("output", *states, "kept")


def _shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    _check(attrs)
    count = _states(attrs)
    data, parameters, *states = ins[: 2 + count]
    lengths = ins[2 + count :]
    result, *out_states, kept = outs
    if data is not None and len(data) != 3:
        raise ValueError(f"data must have the axes (T, N, C); got {show(data)}")
    batch = -1 if data is None else data[1]
    shapes: list[Shape] = []
    for i, size in enumerate((_hidden(attrs), attrs["state_size"])[:count]):
        shape: Shape = (attrs["num_layers"] * _directions(attrs), batch, size)
        last = "state_size" if size == attrs["state_size"] else "projection_size"
        for other in (states[i], *out_states[i : i + 1]):
            shape = joined(other, shape, f"states and (num_layers * directions, N, {last})")
        batch = shape[1]
        shapes.append(shape)
    shapes = [(s[0], batch, s[2]) for s in shapes]
    lengths = [merge(n, (batch,), "sequence_length and (N,)") for n in lengths]
    width = _directions(attrs) * _hidden(attrs)
    if data is not None:
        full = joined(data, (-1, batch, -1))
        result = merge(result, (full[0], full[1], width), "result and (T, N, directions * state_size)")
        if full[2] != -1:
            size = parameter_size(attrs, full[2])
            parameters = merge(parameters, (size,), f"parameters and ({size},), the size for data {show(full)},")
        if known(full):
            kept = (_kept_size(attrs, full),)
        data = full
    return [data, parameters, *shapes, *lengths], [result, *shapes[: len(out_states)], kept]


def _dtypes(inputs: Callable[[Attrs], tuple[str, ...]]) -> DtypeRule:
    """One dtype for all but the lengths (theirs is free, by default that of the others)."""

    def rule(attrs: Attrs, ins: list[MaybeDtype], outs: list[MaybeDtype]) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
        if not attrs["use_sequence_length"]:
            return same_dtype(attrs, ins, outs)
        at = inputs(attrs).index("sequence_length")
        lengths = ins[at]
        others, results = same_dtype(attrs, ins[:at] + ins[at + 1 :], outs)
        others.insert(at, lengths or results[0])
        return others, results

    return rule


def _state_clip(attrs: Attrs) -> list[float]:
    """Bounds of the cells, and what NaN becomes."""
    low, high = attrs["lstm_state_clip_min"], attrs["lstm_state_clip_max"]
    if low is None:
        return [-math.inf, math.inf, math.nan]
    return [low, high, low if attrs["lstm_state_clip_nan"] else math.nan]


def _kernel(name: str) -> Callable[..., tuple[str, Attrs]]:
    def kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
        same = ("mode", "state_size", "num_layers", "bidirectional", "p", "use_sequence_length")
        return name, {
            **{k: attrs[k] for k in same},
            "projection_size": attrs["projection_size"] or 0,
            "state_clip": _state_clip(attrs),
        }

    return kernel


def _gradient(g: GradContext) -> Sequence[Any]:
    arrived = [g.grad(i) for i in range(1, len(g.outputs) - 1)]
    lengths = g.inputs[2 + _states(g.attrs) :]
    grads = g.F._backward_RNN(g.grad(), g.inputs[0], g.inputs[1], g.outputs[-1], *lengths, *arrived, **g.attrs)
    return [*grads, *[None] * len(lengths)]


def _pass_weights(g: GradContext, number: int, at: int) -> tuple[list[Any], list[Any], int]:
    """Weights W, R[, W_r] of pass `number`, which begin at `at`, its biases, and where the next ones begin."""
    attrs, parameters = g.attrs, g.inputs[1]
    state, hidden, gates = attrs["state_size"], _hidden(attrs), _GATES[attrs["mode"]] * attrs["state_size"]
    width = g.inputs[0].shape[2] if number < _directions(attrs) else _directions(attrs) * hidden
    shapes = [(gates, width), (gates, hidden), *([(hidden, state)] if attrs["projection_size"] else [])]
    first_bias = parameters.shape[0] - (attrs["num_layers"] * _directions(attrs) - number) * 2 * gates
    weights = []
    for shape in shapes:
        weights.append(_part(g.F, parameters, at, shape))
        at += shape[0] * shape[1]
    return weights, [_part(g.F, parameters, first_bias + i * gates, (gates,)) for i in (0, 1)], at


def _part(F: Any, flat: Any, at: int, shape: Shape) -> Any:
    return F.Reshape(F.slice_axis(flat, axis=0, begin=at, end=at + product(shape)), shape=shape)


def _step(g: GradContext, x: Any, h: Any, c: Any, before: Any) -> tuple[Any, Any]:
    """States after one step from what enters the gates by the data and by the state."""
    F, attrs = g.F, g.attrs
    mode, count = attrs["mode"], _GATES[attrs["mode"]]
    if mode in ("rnn_relu", "rnn_tanh"):
        return (F.relu if mode == "rnn_relu" else F.tanh)(x + h), None
    from_x, from_h = (F.SliceChannel(a, num_outputs=count, axis=1) for a in (x, h))
    if mode == "gru":
        reset, keep = (F.sigmoid(from_x[i] + from_h[i]) for i in (0, 1))
        return (1 - keep) * F.tanh(from_x[2] + reset * from_h[2]) + keep * before, None
    i, f, new, o = (a + b for a, b in zip(from_x, from_h))
    c = F.sigmoid(f) * c + F.sigmoid(i) * F.tanh(new)
    if attrs["lstm_state_clip_min"] is not None:
        c = F.clip(c, a_min=attrs["lstm_state_clip_min"], a_max=attrs["lstm_state_clip_max"])
    return F.sigmoid(o) * F.tanh(c), c


def _first_states(g: GradContext, number: int) -> list[Any]:
    """First states of a pass. They were not kept as inputs, which are zeros here, but lie in what forward kept."""
    F, attrs, kept = g.F, g.attrs, g.outputs[-1]
    time, batch, _ = g.inputs[0].shape
    start = time if number % _directions(attrs) else 0
    at = number * _kept_of_pass(attrs, time, batch) + time * batch * _GATES[attrs["mode"]] * attrs["state_size"]
    states = []
    for zeros, size in zip(g.inputs[2 : 2 + _states(attrs)], (_hidden(attrs), attrs["state_size"])):
        states.append(_row(F, zeros, number) + _part(F, kept, at + start * batch * size, (batch, size)))
        at += (time + 1) * batch * size
    return states


def _pass(g: GradContext, x: Any, number: int, weights: list[Any], biases: list[Any]) -> tuple[Any, list[Any]]:
    """Result and last states of one layer in one direction."""
    F, attrs, time = g.F, g.attrs, x.shape[0]
    gates, states = biases[0].shape[0], _first_states(g, number)
    outs: list[Any] = [None] * time
    for t in reversed(range(time)) if number % _directions(attrs) else range(time):
        by_data = F.FullyConnected(_row(F, x, t), weights[0], biases[0], num_hidden=gates)
        by_state = F.FullyConnected(states[0], weights[1], biases[1], num_hidden=gates)
        new = list(_step(g, by_data, by_state, states[-1], states[0]))[: len(states)]
        if attrs["projection_size"]:
            new[0] = F.FullyConnected(new[0], weights[2], num_hidden=_hidden(attrs), no_bias=True)
        outs[t] = new[0]
        if attrs["use_sequence_length"]:
            inside = F._greater_scalar(g.inputs[-1], scalar=t)
            outs[t] = F.where(inside, new[0], F.zeros_like(new[0]))
            new = [F.where(inside, a, b) for a, b in zip(new, states)]
        states = new
    return F.stack(*outs, axis=0), states


def _composed(g: GradContext) -> Any:
    F, attrs, sides = g.F, g.attrs, _directions(g.attrs)
    x = g.inputs[0]
    time, batch, _ = x.shape
    at, lasts = 0, []
    for layer in range(attrs["num_layers"]):
        results = []
        for number in range(layer * sides, (layer + 1) * sides):
            weights, biases, at = _pass_weights(g, number, at)
            result, states = _pass(g, x, number, weights, biases)
            results.append(result)
            lasts.append(states)
        x = F.Concat(*results, dim=2)
        if attrs["p"] > 0 and layer < attrs["num_layers"] - 1:
            # dropout's masks follow the results in what was kept
            first = attrs["num_layers"] * sides * _kept_of_pass(attrs, time, batch) + (2 * layer + 1) * product(x.shape)
            x = x * _part(F, g.outputs[-1], first, x.shape)
    return [x, *(F.stack(*each, axis=0) for each in zip(*lasts))] if attrs["state_outputs"] else x


def _row(F: Any, array: Any, number: int) -> Any:
    """Part `number` along the first axis."""
    return F.Reshape(F.slice_axis(array, axis=0, begin=number, end=number + 1), shape=array.shape[1:])


_PARAMS = {
    "state_size": integer(doc="Size H of the state of each layer.", low=1),
    "num_layers": integer(doc="Number of stacked layers.", low=1),
    "bidirectional": flag(False, "Also run over the times backwards, and join both results."),
    "mode": choice(("gru", "lstm", "rnn_relu", "rnn_tanh"), doc="Kind of cell."),
    "p": real(0.0, "Share of each layer's result but the last's that is dropped in training.", low=0.0, high=1.0),
    "state_outputs": flag(False, "Also return the last states."),
    "projection_size": integer(None, "Size P of the hidden states of lstm: ``h = W_r (o tanh(c))``.", low=1),
    "lstm_state_clip_min": real(None, "Least value of lstm's cells; given together with lstm_state_clip_max."),
    "lstm_state_clip_max": real(None, "Largest value of lstm's cells."),
    "lstm_state_clip_nan": flag(False, "Whether NaN in cells with bounds becomes lstm_state_clip_min."),
    "use_sequence_length": flag(False, "Whether the batch's rows have lengths of their own: `sequence_length`."),
}

define(
    "RNN",
    "Recurrent layers over a sequence: plain (``h = relu or tanh(W x + b + R h + c)``), lstm or gru.\n\n"
    "`parameters` holds, one after the other, W (gates * H, inputs) and R (gates * H, H) of each layer and direction, "
    "then b and c of each. Gates are i, f, g, o (lstm) and r, z, n (gru, with "
    "``n = tanh(W x + b + r (R h + c))``). With `projection_size` R is (gates * H, P), and W_r (P, H) follows each R. "
    "Steps behind a row's length change no state, and their result is zero; lengths are cut to 0..T.",
    inputs={
        "data": "Shape (T, N, C): times, batch, features.",
        "parameters": "All weights and biases in one vector.",
        "state": "First hidden states, shape (num_layers * directions, N, state_size or projection_size).",
        "state_cell": "First cell states of lstm, shape (num_layers * directions, N, state_size).",
        "sequence_length": "Lengths (N,) of the batch's rows, used with use_sequence_length=True.",
    },
    present=_inputs,
    params=_PARAMS,
    outputs=_outputs,
    visible=lambda attrs: len(_outputs(attrs)) - 1,
    shape=_shape,
    dtype=_dtypes(_inputs),
    kernel=_kernel("rnn"),
    gradient=_gradient,
    composed=_composed,
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
    states: list[MaybeShape] = [None] * _states(attrs)
    if data is not None:
        passes = attrs["num_layers"] * _directions(attrs)
        states = [(passes, data[1], n) for n in (_hidden(attrs), attrs["state_size"])[: len(states)]]
    return ins, [data, parameters, *states]


def _backward_inputs(attrs: Attrs) -> tuple[str, ...]:
    lengths = ("sequence_length",) if attrs["use_sequence_length"] else ()
    states = ("state_grad", "cell_grad")[: _states(attrs)] if attrs["state_outputs"] else ()
    return ("grad", "data", "parameters", "kept", *lengths, *states)


define(
    "_backward_RNN",
    "Gradients of RNN with respect to data, parameters and first states.",
    inputs={
        "grad": "Gradient of the result.",
        "data": "The data.",
        "parameters": "The parameters.",
        "kept": "What forward kept.",
        "sequence_length": "Lengths of the batch's rows.",
        "state_grad": "Gradient of the last hidden states.",
        "cell_grad": "Gradient of the last cell states.",
    },
    present=_backward_inputs,
    params=_PARAMS,
    outputs=lambda attrs: ("data", "parameters", "state", "state_cell")[: 2 + _states(attrs)],
    shape=_backward_shape,
    dtype=_dtypes(_backward_inputs),
    kernel=_kernel("rnn_grad"),
    gradient_free=True,
    flops=lambda attrs, ins, outs: 2 * _flops(attrs, ins[1][0]),
)
