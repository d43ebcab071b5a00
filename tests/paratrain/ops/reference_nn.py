"""Neural network layers in NumPy, written for clarity: the references of `rows_nn.py`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

Array = np.ndarray


def fully_connected(x: Array, w: Array, b: Array | None = None, *, flatten: bool = True, **_: Any) -> Array:
    rows = x.reshape(x.shape[0], w.shape[1]) if flatten else x
    y = rows @ w.T
    return y if b is None else y + b


def places(*sizes: int) -> Iterator[tuple[int, ...]]:
    return itertools.product(*(range(n) for n in sizes))


def per_axis(value: tuple[int, ...], axes: int, default: int) -> tuple[int, ...]:
    return tuple(value) or (default,) * axes


def convolution(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    kernel: tuple[int, ...],
    stride: tuple[int, ...] = (),
    dilate: tuple[int, ...] = (),
    pad: tuple[int, ...] = (),
    num_group: int = 1,
    **_: Any,
) -> Array:
    axes = len(kernel)
    stride, dilate, pad = per_axis(stride, axes, 1), per_axis(dilate, axes, 1), per_axis(pad, axes, 0)
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in pad)])
    spans = [d * (k - 1) + 1 for d, k in zip(dilate, kernel, strict=True)]
    sizes = [(n - s) // step + 1 for n, s, step in zip(padded.shape[2:], spans, stride, strict=True)]
    filters, channels = w.shape[0] // num_group, w.shape[1]
    y = np.zeros((x.shape[0], w.shape[0], *sizes))
    for o in places(*sizes):
        window = tuple(slice(i * s, i * s + span, d) for i, s, span, d in zip(o, stride, spans, dilate, strict=True))
        for g in range(num_group):
            part = padded[(slice(None), slice(g * channels, (g + 1) * channels), *window)]
            weights = w[g * filters : (g + 1) * filters]
            result = part.reshape(x.shape[0], channels * int(np.prod(kernel))) @ weights.reshape(filters, -1).T
            y[(slice(None), slice(g * filters, (g + 1) * filters), *o)] = result
    return y if b is None else y + b.reshape(1, -1, *(1,) * axes)


def convolution_act(
    *arrays: Array,
    act: str = "none",
    a_min: float = 0,
    a_max: float = 0,
    has_addend: bool = False,
    **attrs: Any,
) -> Array:
    y = convolution(*arrays[: len(arrays) - has_addend], **attrs) + (arrays[-1] if has_addend else 0)
    return activated(y, act, a_min, a_max)


def fully_connected_act(*arrays: Array, act: str = "none", a_min: float = 0, a_max: float = 0, **attrs: Any) -> Array:
    return activated(fully_connected(*arrays, **attrs), act, a_min, a_max)


def activated(y: Array, act: str, a_min: float, a_max: float) -> Array:
    return {
        "none": lambda: y,
        "relu": lambda: np.maximum(y, 0),
        "tanh": lambda: np.tanh(y),
        "sigmoid": lambda: 1 / (1 + np.exp(-y)),
        "clip": lambda: np.clip(y, a_min, a_max),
    }[act]()


def deconvolution(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    kernel: tuple[int, ...],
    num_filter: int,
    stride: tuple[int, ...] = (),
    dilate: tuple[int, ...] = (),
    pad: tuple[int, ...] = (),
    adj: tuple[int, ...] = (),
    num_group: int = 1,
    **_: Any,
) -> Array:
    """Each element of the data adds its multiple of the kernel to the result."""
    axes = len(kernel)
    stride, dilate = per_axis(stride, axes, 1), per_axis(dilate, axes, 1)
    pad, adj = per_axis(pad, axes, 0), per_axis(adj, axes, 0)
    full = [
        (n - 1) * s + d * (k - 1) + 1 + a
        for n, s, d, k, a in zip(x.shape[2:], stride, dilate, kernel, adj, strict=True)
    ]
    y = np.zeros((x.shape[0], num_filter, *full))
    channels, filters = x.shape[1] // num_group, num_filter // num_group
    for i in places(*x.shape[2:]):
        for k in places(*kernel):
            at = tuple(p * s + j * d for p, s, j, d in zip(i, stride, k, dilate, strict=True))
            for c in range(x.shape[1]):
                g = c // channels
                value = x[(slice(None), c, *i)]
                y[(slice(None), slice(g * filters, (g + 1) * filters), *at)] += value[:, None] * w[(c, slice(None), *k)]
    inner = tuple(slice(p, n - p) for p, n in zip(pad, full, strict=True))
    y = y[(slice(None), slice(None), *inner)]
    return y if b is None else y + b.reshape(1, -1, *(1,) * axes)


def pooling(
    x: Array,
    *,
    kernel: tuple[int, ...] = (),
    pool_type: str = "max",
    global_pool: bool = False,
    pooling_convention: str = "valid",
    stride: tuple[int, ...] = (),
    pad: tuple[int, ...] = (),
    p_value: int = 2,
    count_include_pad: bool = True,
    layout: str | None = None,
    **_: Any,
) -> Array:
    if layout is not None and layout.endswith("C"):
        moved = pooling(np.moveaxis(x, -1, 1), kernel=kernel, pool_type=pool_type, stride=stride, pad=pad)
        return np.moveaxis(moved, 1, -1)
    inner = x.shape[2:]
    if global_pool:
        kernel, stride, pad = inner, (), ()
    axes = len(kernel)
    stride, pad = per_axis(stride, axes, 1), per_axis(pad, axes, 0)
    round_up = pooling_convention == "full"
    sizes = [
        1 + (-((n + 2 * p - k) // -s) if round_up else (n + 2 * p - k) // s)
        for n, p, k, s in zip(inner, pad, kernel, stride, strict=True)
    ]
    if pooling_convention == "same":
        sizes = [-((n + 2 * p) // -s) for n, p, s in zip(inner, pad, stride, strict=True)]
    y = np.zeros((*x.shape[:2], *sizes))
    for o in places(*sizes):
        begin = [i * s - p for i, s, p in zip(o, stride, pad, strict=True)]
        end = [min(b + k, n + p) for b, k, n, p in zip(begin, kernel, inner, pad, strict=True)]
        window = x[(..., *(slice(max(b, 0), min(e, n)) for b, e, n in zip(begin, end, inner, strict=True)))]
        elements = window.reshape(*x.shape[:2], int(np.prod(window.shape[2:])))
        counted = np.prod([e - b for b, e in zip(begin, end, strict=True)]) if count_include_pad else elements.shape[-1]
        y[(..., *o)] = {
            "max": lambda v: v.max(-1),
            "avg": lambda v, n=counted: v.sum(-1) / n,
            "sum": lambda v: v.sum(-1),
            "lp": lambda v: (v**p_value).sum(-1) ** (1 / p_value),
        }[pool_type](elements)
    return y


def batch_norm(train: bool) -> Any:
    """Reference of BatchNorm in one mode."""

    def reference(
        x: Array,
        gamma: Array,
        beta: Array,
        moving_mean: Array,
        moving_var: Array,
        *,
        eps: float = 1e-3,
        axis: int = 1,
        fix_gamma: bool = True,
        use_global_stats: bool = False,
        output_mean_var: bool = False,
        **_: Any,
    ) -> Any:
        axis %= x.ndim
        others = tuple(d for d in range(x.ndim) if d != axis)
        wide = [1] * x.ndim
        wide[axis] = -1
        batch = train and not use_global_stats
        mean = x.mean(others) if batch else moving_mean
        inverse = 1 / np.sqrt((x.var(others) if batch else moving_var) + eps)
        scale = inverse if fix_gamma else inverse * gamma
        y = (x - mean.reshape(wide)) * scale.reshape(wide) + beta.reshape(wide)
        return (y, mean, inverse) if output_mean_var else y

    return reference


def batch_norm_bound(train: bool) -> Any:
    """Reference of _BatchNormBound in one mode."""

    def reference(x: Array, *others: Array, act: str, a_min: float = 0, a_max: float = 0, **attrs: Any) -> Any:
        y = batch_norm(train)(x, *others[:4], **attrs) + (others[4] if len(others) > 4 else 0)
        return np.maximum(y, 0) if act == "relu" else np.clip(y, a_min, a_max)

    return reference


def batch_norm_again(
    x: Array, gamma: Array, beta: Array, mean: Array, inverse: Array, *, axis: int = 1, fix_gamma: bool = True, **_: Any
) -> Array:
    wide = [1] * x.ndim
    wide[axis] = -1
    scale = inverse if fix_gamma else inverse * gamma
    return (x - mean.reshape(wide)) * scale.reshape(wide) + beta.reshape(wide)


def batch_norm_bound_again(
    x: Array, *others: Array, act: str, a_min: float = 0, a_max: float = 0, **attrs: Any
) -> Array:
    y = batch_norm_again(x, *others[:4], **attrs) + (others[4] if len(others) > 4 else 0)
    return np.maximum(y, 0) if act == "relu" else np.clip(y, a_min, a_max)


def layer_norm(
    x: Array, gamma: Array, beta: Array, *, axis: int = -1, eps: float = 1e-5, output_mean_var: bool = False
) -> Any:
    mean, deviation = x.mean(axis, keepdims=True), np.sqrt(x.var(axis, keepdims=True) + eps)
    wide = [1] * x.ndim
    wide[axis] = -1
    y = (x - mean) / deviation * gamma.reshape(wide) + beta.reshape(wide)
    return (y, mean, deviation) if output_mean_var else y


def group_norm(
    x: Array, gamma: Array, beta: Array, *, num_groups: int = 1, eps: float = 1e-5, output_mean_var: bool = False
) -> Any:
    rows = x.reshape(x.shape[0], num_groups, -1)
    mean, deviation = rows.mean(-1), np.sqrt(rows.var(-1) + eps)
    y = (rows - mean[..., None]) / deviation[..., None] * gamma[:, None] + beta[:, None]
    return (y.reshape(x.shape), mean, deviation) if output_mean_var else y.reshape(x.shape)


def instance_norm(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-3) -> Any:
    return group_norm(x, gamma, beta, num_groups=x.shape[1], eps=eps)


def l2_normalization(x: Array, *, eps: float = 1e-10, mode: str = "instance") -> Array:
    axes = {"instance": tuple(range(1, x.ndim)), "channel": (1,), "spatial": tuple(range(2, x.ndim))}[mode]
    return x / np.sqrt((x * x).sum(axes, keepdims=True) + eps)


def lrn(x: Array, *, nsize: int, alpha: float = 1e-4, beta: float = 0.75, knorm: float = 2.0) -> Array:
    half, channels = nsize // 2, x.shape[1]
    squares = np.stack([(x[:, max(c - half, 0) : c + half + 1] ** 2).sum(1) for c in range(channels)], 1)
    return x * (knorm + alpha / nsize * squares) ** -beta


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "softrelu": lambda x: np.log1p(np.exp(x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
}


def activation(x: Array, *, act_type: str) -> Array:
    return ACTIVATIONS[act_type](x)


def leaky_relu(
    x: Array,
    gamma: Array | None = None,
    *,
    act_type: str = "leaky",
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
) -> Any:
    import math

    if act_type == "prelu":
        slopes = gamma.reshape(1, -1, *(1,) * (x.ndim - 2)) if gamma.size > 1 else gamma
        return np.where(x > 0, x, slopes * x)
    if act_type == "rrelu":
        mask = np.where(x > 0, 1, (lower_bound + upper_bound) / 2)
        return x * mask, mask
    return {
        "leaky": lambda: np.where(x > 0, x, slope * x),
        "elu": lambda: np.where(x > 0, x, slope * np.expm1(x)),
        "selu": lambda: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
        "gelu": lambda: x * 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2))),
    }[act_type]()


def step(
    mode: str, x: Array, h: Array, c: Array | None, state: Array, clip: tuple[float | None, float | None]
) -> tuple[Array, Array | None]:
    """One step of a cell from its gates' products with data and state."""
    if mode == "lstm":
        i, f, g, o = np.split(x + h, 4, -1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        c = c if clip[0] is None else np.clip(c, *clip)
        return sigmoid(o) * np.tanh(c), c
    if mode == "gru":
        (xr, xz, xn), (hr, hz, hn) = np.split(x, 3, -1), np.split(h, 3, -1)
        z = sigmoid(xz + hz)
        return (1 - z) * np.tanh(xn + sigmoid(xr + hr) * hn) + z * state, None
    return (np.tanh(x + h) if mode == "rnn_tanh" else np.maximum(x + h, 0)), None


def rnn(
    data: Array,
    parameters: Array,
    state: Array,
    *further: Array,
    state_size: int,
    num_layers: int,
    mode: str,
    bidirectional: bool = False,
    state_outputs: bool = False,
    projection_size: int | None = None,
    lstm_state_clip_min: float | None = None,
    lstm_state_clip_max: float | None = None,
    use_sequence_length: bool = False,
    **_: Any,
) -> Any:
    state_cell = further[0] if mode == "lstm" else None
    lengths = further[-1] if use_sequence_length else np.full(data.shape[1], len(data))
    gates = {"lstm": 4, "gru": 3}.get(mode, 1) * state_size
    hidden_size = projection_size or state_size
    directions = 2 if bidirectional else 1
    passes = [(layer, d) for layer in range(num_layers) for d in range(directions)]
    weights, at = [], 0
    for layer, _d in passes:
        width = data.shape[2] if layer == 0 else directions * hidden_size
        weights.append([parameters[at : at + gates * width].reshape(gates, width)])
        at += gates * width
        weights[-1].append(parameters[at : at + gates * hidden_size].reshape(gates, hidden_size))
        at += gates * hidden_size
        if projection_size:
            weights[-1].append(parameters[at : at + hidden_size * state_size].reshape(hidden_size, state_size))
            at += hidden_size * state_size
    biases = parameters[at:].reshape(len(passes), 2, gates)
    x, hidden, cells = data, [], []
    for layer in range(num_layers):
        results = []
        for d in range(directions):
            k = layer * directions + d
            h, c = state[k], None if state_cell is None else state_cell[k]
            out = [None] * len(x)
            for t in range(len(x)) if d == 0 else reversed(range(len(x))):
                products = x[t] @ weights[k][0].T + biases[k, 0], h @ weights[k][1].T + biases[k, 1]
                inside = (t < lengths)[:, None]
                new, cell = step(mode, *products, c, h, (lstm_state_clip_min, lstm_state_clip_max))
                if projection_size:
                    new = new @ weights[k][2].T
                h = np.where(inside, new, h)
                c = None if c is None else np.where(inside, cell, c)
                out[t] = np.where(inside, h, 0)
            results.append(np.stack(out))
            hidden.append(h)
            cells.append(c)
        x = np.concatenate(results, -1)
    if not state_outputs:
        return x
    return (x, np.stack(hidden), np.stack(cells)) if mode == "lstm" else (x, np.stack(hidden))
