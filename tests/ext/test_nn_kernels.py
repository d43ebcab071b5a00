"""oneDNN's kernels against the plain ones, in row-major and in negotiated layouts."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.ext import engine
from paratrain.ops.registry import get
from paratrain.ops.rnn import parameter_size


def conv(**further: Any) -> dict[str, Any]:
    """Attributes of a convolution."""
    return {"kernel": (3, 3), "stride": (1, 1), "dilate": (1, 1), "pad": (0, 0), "num_group": 1, **further}


def pool(**further: Any) -> dict[str, Any]:
    """Attributes of a pooling."""
    base = {"kernel": (2, 2), "stride": (2, 2), "pad": (0, 0), "pool_type": "max", "count_include_pad": True}
    return {**base, "p_value": 2, "channels_last": False, **further}


def norm(**further: Any) -> dict[str, Any]:
    """Attributes of a batch normalisation."""
    return {
        "eps": 1e-3,
        "momentum": 0.9,
        "fix_gamma": False,
        "use_global_stats": False,
        "axis": 1,
        "train": True,
    } | further


def rows(**further: Any) -> dict[str, Any]:
    """Attributes of a normalisation of rows."""
    return {"outer": 6, "length": 40, "inner": 1, "gammas": 0, "eps": 1e-5, **further}


NO_TILES = {"tiles": "none"}  # leave small layers to oneDNN, too

CONVOLUTIONS = {
    "3x3": (conv(pad=(1, 1)), (2, 8, 9, 7), (16, 8, 3, 3), (2, 16, 9, 7)),
    "one channel": (conv(kernel=(5, 5)), (3, 1, 12, 12), (20, 1, 5, 5), (3, 20, 8, 8)),
    "stride": (conv(stride=(2, 2), pad=(1, 1)), (2, 16, 8, 8), (32, 16, 3, 3), (2, 32, 4, 4)),
    "1x1 stride": (conv(kernel=(1, 1), stride=(2, 2)), (2, 16, 8, 8), (32, 16, 1, 1), (2, 32, 4, 4)),
    "dilate": (conv(dilate=(2, 2)), (2, 16, 9, 9), (16, 16, 3, 3), (2, 16, 5, 5)),
    "groups": (conv(num_group=2, pad=(1, 1)), (2, 32, 6, 6), (32, 16, 3, 3), (2, 32, 6, 6)),
    "depthwise": (conv(num_group=16, pad=(1, 1)), (2, 16, 6, 6), (16, 1, 3, 3), (2, 16, 6, 6)),
    "line": (conv(kernel=(3,), stride=(1,), dilate=(1,), pad=(1,)), (2, 16, 9), (16, 16, 3), (2, 16, 9)),
    "volume": (
        conv(kernel=(2, 2, 2), stride=(1, 1, 1), dilate=(1, 1, 1), pad=(0, 0, 0)),
        (2, 16, 4, 4, 5),
        (16, 16, 2, 2, 2),
        (2, 16, 3, 3, 4),
    ),
}


def cases() -> dict[str, tuple[str, dict[str, Any], list[Any], list[Any]]]:
    """(kernel, attributes, inputs, outputs); a tensor is its shape, or (shape, dtype)."""
    out: dict[str, tuple[str, dict[str, Any], list[Any], list[Any]]] = {}
    for name, (attrs, x, w, y) in CONVOLUTIONS.items():
        bias = (w[0],)
        out[f"convolution {name}"] = ("convolution", {**attrs, "has_bias": True}, [x, w, bias], [y])
        out[f"convolution_data_grad {name}"] = ("convolution_data_grad", {**attrs, "has_bias": False}, [y, w, x], [x])
        out[f"convolution_weight_grad {name}"] = ("convolution_weight_grad", attrs, [y, x], [w, bias])
    attrs, x, w, y = CONVOLUTIONS["3x3"]
    out["convolution without bias"] = ("convolution", {**attrs, "has_bias": False}, [x, w], [y])
    out["convolution_data_grad with bias"] = (
        "convolution_data_grad",
        {**attrs, "has_bias": True},
        [y, w, (x[1],)],
        [x],
    )
    for act in ("clip", "none", "relu", "sigmoid", "tanh"):
        tail = {**attrs, "act": act, "a_min": -0.2, "a_max": 6.0, "has_addend": True, "has_bias": True}
        out[f"convolution_act {act}"] = ("convolution_act", tail, [x, w, (w[0],), y], [y])
    data, half = (2, 16, 8, 6), (2, 16, 4, 3)
    for kind, counted in (("avg", True), ("avg", False)):
        average = pool(pool_type=kind, count_include_pad=counted, kernel=(3, 3), pad=(1, 1))
        out[f"pooling {kind} {counted}"] = ("pooling", average, [data], [half])
        out[f"pooling_grad {kind} {counted}"] = ("pooling_grad", average, [half, data], [data])
    out["pooling max"] = ("pooling", pool(kernel=(3, 3), pad=(1, 1)), [data], [half, (half, "uint8")])
    for train in (True, False):
        for fixed in (True, False):
            how = norm(train=train, fix_gamma=fixed)
            c = (16,)
            out[f"batch_norm train={train} fixed={fixed}"] = ("batch_norm", how, [data, c, c, c, c], [data, c, c])
            ins = [data, data, c, c, c]
            out[f"batch_norm_grad train={train} fixed={fixed}"] = ("batch_norm_grad", how, ins, [data, c, c])
    bounds = {"relu": {"act": "relu", "a_min": 0.0, "a_max": 0.0}, "clip": {"act": "clip", "a_min": 0.5, "a_max": 1.5}}
    for act, bound in bounds.items():
        out[f"batch_norm_act {act}"] = ("batch_norm_act", norm(**bound), [data, c, c, c, c], [data, c, c])
        ins = [data, data, c, c, c, c]
        out[f"batch_norm_act_grad {act}"] = ("batch_norm_act_grad", norm(**bound), ins, [data, c, c])
    summed = norm(**bounds["relu"])
    out["batch_norm_act addend"] = ("batch_norm_act", summed, [data, c, c, c, c, data], [data, c, c])
    out["batch_norm_act_grad addend"] = ("batch_norm_act_grad", summed, [*ins, data], [data, c, c, data])
    out["batch_norm last axis"] = ("batch_norm", norm(axis=3), [data, *[(6,)] * 4], [data, (6,), (6,)])
    out["batch_norm matrix"] = ("batch_norm", norm(), [(32, 16), *[(16,)] * 4], [(32, 16), (16,), (16,)])
    out["fully_connected"] = ("fully_connected", NO_TILES, [(5, 33), (17, 33), (17,)], [(5, 17)])
    out["fully_connected without bias"] = ("fully_connected", NO_TILES, [(5, 33), (17, 33)], [(5, 17)])
    out["fully_connected_data_grad"] = ("fully_connected_data_grad", NO_TILES, [(5, 17), (17, 33), (5, 33)], [(5, 33)])
    name = "fully_connected_weight_grad"
    out[name] = (name, NO_TILES, [(5, 17), (5, 33)], [(17, 33), (17,)])
    row = (6, 40)
    out["row_norm"] = ("row_norm", rows(), [row, (40,), (40,)], [row, (6,), (6,)])
    out["row_norm_grad"] = ("row_norm_grad", rows(), [row, row, (40,), (6,), (6,)], [row, (40,), (40,)])
    return out


CASES = cases()


def desc(tensor: Any, layout: Any = None) -> tuple:
    """(shape, dtype, layout) of a tensor of a case."""
    shape, dtype = tensor if isinstance(tensor[-1], str) else (tensor, "float32")
    return shape, dtype, layout


def inputs(ins: list[Any]) -> list[mx.nd.NDArray]:
    """Positive numbers: some inputs are variances or go through a logarithm."""
    rng = np.random.default_rng(7)
    return [mx.nd.array(rng.uniform(0.1, 2.0, desc(t)[0]).astype("float32")) for t in ins]


def empty(outs: list[Any]) -> list[mx.nd.NDArray]:
    """Arrays of ones, so that what is not written shows."""
    return [mx.nd.ones(desc(t)[0], dtype=desc(t)[1]) for t in outs]


def run(name: str, attrs: dict[str, Any], ins: list[Any], outs: list[Any], plain: bool) -> list[np.ndarray]:
    """Outputs of a kernel, then its inputs (which it may have changed)."""
    kernel = engine.make_kernel(name, engine.CPU, attrs, [desc(t) for t in ins], [desc(t) for t in outs], plain=plain)
    assert (kernel.implementation == "plain") is plain
    x, y = inputs(ins), empty(outs)
    engine.invoke(kernel, x, y)
    return [a.asnumpy() for a in (*y, *x)]


@pytest.mark.parametrize("case", CASES)
def test_library_agrees_with_the_plain_kernel(case: str) -> None:
    name, attrs, ins, outs = CASES[case]
    for got, want in zip(run(name, attrs, ins, outs, False), run(name, attrs, ins, outs, True), strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-4, atol=2e-5)


def channels_last(shape: tuple[int, ...]) -> engine.LayoutRef:
    """The layout that batch normalisation asks for."""
    c = (shape[1],)
    kernel = engine.make_kernel(
        "batch_norm", engine.CPU, norm(), [desc(t) for t in (shape, c, c, c, c)], [desc(t) for t in (shape, c, c)], True
    )
    return kernel.in_layouts[0]


def reorder(array: mx.nd.NDArray, source: Any, target: Any) -> mx.nd.NDArray:
    """The array in another layout; weights may be padded then."""
    tensor = (array.shape, array.dtype_str)
    kernel = engine.make_kernel("reorder", engine.CPU, {}, [(*tensor, source)], [(*tensor, target)])
    shape = (target.nbytes // 4,) if target is not None and target.nbytes != 4 * array.size else array.shape
    out = mx.nd.empty(shape, dtype=array.dtype_str)
    engine.invoke(kernel, [array], [out])
    return out


NEGOTIATING = [c for c in CASES if c.startswith(("convolution", "pooling", "batch_norm"))]


@pytest.mark.parametrize("case", NEGOTIATING)
def test_negotiated_layouts(case: str) -> None:
    """The kernel gets what it asks for and gives what it announces; the result is that of row-major arrays."""
    name, attrs, ins, outs = CASES[case]
    given = [channels_last(desc(t)[0]) if name.startswith("pooling") and len(desc(t)[0]) == 4 else None for t in ins]
    in_descs = [desc(t, layout) for t, layout in zip(ins, given, strict=True)]
    kernel = engine.make_kernel(name, engine.CPU, attrs, in_descs, [desc(t) for t in outs], any_layout=True)
    wanted, announced = kernel.in_layouts, kernel.out_layouts
    x = [reorder(a, None, layout) if layout else a for a, layout in zip(inputs(ins), wanted, strict=True)]
    y = empty(outs)
    engine.invoke(kernel, x, y)
    got = [reorder(a, layout, None) if layout else a for a, layout in zip(y, announced, strict=True)]
    want = run(name, attrs, ins, outs, False)
    for a, b in zip(got, want):
        np.testing.assert_allclose(a.asnumpy(), b, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("case", [c for c in NEGOTIATING if c.endswith(("3x3", "stride", "pooling max", "fixed=True"))])
def test_activations_have_their_channels_innermost(case: str) -> None:
    name, attrs, ins, outs = CASES[case]
    given = [channels_last(desc(t)[0]) if len(desc(t)[0]) == 4 else None for t in ins]
    in_descs = [desc(t, layout) for t, layout in zip(ins, given, strict=True)]
    kernel = engine.make_kernel(name, engine.CPU, attrs, in_descs, [desc(t) for t in outs], any_layout=True)
    data = next(i for i, t in enumerate(ins) if desc(t)[0][0] == 2)
    assert kernel.in_layouts[data] == channels_last(desc(ins[data])[0])


def test_maxima_and_their_gradient() -> None:
    """The places of maxima mean the same to the library and to the plain kernels: each reads the other's."""
    data, half = (2, 3, 7, 6), (2, 3, 4, 3)
    attrs = pool(kernel=(3, 3), pad=(1, 1))
    rng = np.random.default_rng(3)
    x, dy = mx.nd.array(rng.normal(size=data)), mx.nd.array(rng.normal(size=half))
    results = []
    for plain in (False, True):
        forward = engine.make_kernel(
            "pooling", engine.CPU, attrs, [desc(data)], [desc(half), desc((half, "uint8"))], plain=plain
        )
        backward = engine.make_kernel(
            "pooling_grad",
            engine.CPU,
            attrs,
            [desc(half), desc(data), desc((half, "uint8"))],
            [desc(data)],
            plain=not plain,
        )
        y, places, dx = empty([half, (half, "uint8"), data])
        engine.invoke(forward, [x], [y, places])
        engine.invoke(backward, [dy, x, places], [dx])
        results.append([a.asnumpy() for a in (y, places, dx)])
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("mode", ["lstm", "gru", "rnn_tanh", "rnn_relu"])
def test_rnn_products(mode: str) -> None:
    """With oneDNN's products and with the plain ones a stack of layers gives the same."""
    op = get("RNN")
    attrs = op.parse({"mode": mode, "state_size": 24, "num_layers": 2, "bidirectional": True, "state_outputs": True})
    states = [(4, 8, 24)] * (2 if mode == "lstm" else 1)
    ins = [(5, 8, 40), (parameter_size(attrs, 40),), *states]
    _, shapes = op.shape(attrs, list(ins), [None] * len(op.output_names(attrs)))
    rng = np.random.default_rng(5)
    x = [mx.nd.array(rng.normal(scale=0.2, size=s)) for s in ins]
    results = []
    for plain in (False, True):
        name, kattrs = op.kernel_spec(attrs, [desc(s) for s in ins], [desc(s) for s in shapes], True, 1)
        kernel = engine.make_kernel(
            name, engine.CPU, kattrs, [desc(s) for s in ins], [desc(s) for s in shapes], plain=plain
        )
        y = empty(shapes)
        engine.invoke(kernel, x, y)
        results.append([a.asnumpy() for a in y[:-1]])
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def erf(x: np.ndarray) -> np.ndarray:
    return np.vectorize(math.erf, otypes=[float])(x)


#: Functions that loops over floats compute without calls, what they are, and relative error allowed.
SMOOTH: dict[str, tuple[Any, float]] = {
    "exp": (np.exp, 2.5e-7),
    "expm1": (np.expm1, 4e-7),
    "log": (np.log, 2.5e-7),
    "log1p": (np.log1p, 5e-7),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), 4e-7),
    "softrelu": (lambda x: np.logaddexp(0, x), 5e-7),
    "tanh": (np.tanh, 4e-7),
    "erf": (erf, 4e-7),
}


@pytest.mark.parametrize("name", SMOOTH)
@np.errstate(all="ignore")
def test_smooth_functions(name: str) -> None:
    exact, relative = SMOOTH[name]
    near = np.geomspace(1e-7, 80, 4001)
    x = np.concatenate([near, -near, [0.0, np.inf, -np.inf, np.nan, 1e30, -1e30, 104, -104]]).astype("float32")
    x = x[x > -1] if name in ("log", "log1p") else x
    function = getattr(mx.nd, name, None) or partial(mx.nd.Activation, act_type=name)
    got, want = function(mx.nd.array(x)).asnumpy(), exact(x.astype(np.float64))
    np.testing.assert_allclose(got, want.astype(np.float32), rtol=relative, atol=2e-38)  # below that is zero
    if name in ("tanh", "erf", "sigmoid"):
        assert np.nanmax(np.abs(got)) <= 1
