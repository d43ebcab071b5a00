"""Softmax and its kin, losses and output layers.

Output layers have gradients of their own, which `test_special.py` and the recorded cases check.
"""

from __future__ import annotations

import numpy as np
from table import FLOATS, REAL, Refused, Row, Sample

F32, I32 = np.float32, np.int32


def softmax(x, length=None, axis=-1, temperature=None, dtype=None, use_length=False):
    z = np.moveaxis(x / (temperature or 1.0), axis, -1)
    valid = np.ones(z.shape, bool)
    if use_length:
        valid = np.arange(z.shape[-1]) < np.asarray(length)[..., None]
    e = np.where(valid, np.exp(z - z.max(-1, keepdims=True, initial=-np.inf)), 0)
    return np.moveaxis(e / np.maximum(e.sum(-1, keepdims=True), 1e-300), -1, axis)


def log_softmax(x, axis=-1, temperature=None, dtype=None):
    return np.log(softmax(x, axis=axis, temperature=temperature))


def softmin(x, axis=-1, temperature=None, dtype=None):
    return softmax(-x, axis=axis, temperature=temperature)


SOFTMAX = (
    Sample([(3, 5)]),
    Sample([(2, 3, 4)], {"axis": 1}),
    Sample([(2, 3)], {"axis": 0}),
    Sample([(3, 37)], {"temperature": 2.0}),
    Sample([(2, 3, 70)], {"axis": 1, "temperature": 0.5}),
    Sample([(0, 3)]),
)
REFUSED_SOFTMAX = (
    Refused([(2, 3)], {"axis": 2}, ValueError, "axis must be in"),
    Refused([np.ones((2, 3), I32)], {}, TypeError, "data must have one of the dtypes"),
    Refused([np.ones((2, 3), F32)], {"dtype": "float64"}, TypeError, "dtype must be that of data"),
)


def output_softmax(x, label, multi_output=False, preserve_shape=False, **_):
    if multi_output:
        return softmax(x, axis=1)
    return softmax(x) if preserve_shape or x.ndim == 2 else softmax(x.reshape(len(x), -1)).reshape(x.shape)


def dense_gradients(y, label, x, weight, scale=1.0, no_bias=False):
    rows = scale * (y - (np.asarray(label)[:, None] == np.arange(y.shape[1])))
    bias = () if no_bias else (rows.sum(0),)
    return (rows @ weight).reshape(x.shape), rows.T @ x.reshape(len(x), weight.shape[1]), *bias


def activation(x, mode="instance"):
    return softmax(x, axis=1) if mode == "channel" else softmax(x.reshape(len(x), -1)).reshape(x.shape)


def cross_entropy(x, label):
    rows = np.log(softmax(x))
    return -np.array([sum(rows[i, int(k)] for i, k in enumerate(label) if 0 <= k < x.shape[1])])


def smooth_l1(x, scalar=1.0):
    s = scalar * scalar
    return np.where(np.abs(x) < 1 / s, 0.5 * s * x * x, np.abs(x) - 0.5 / s)


def first(x, *_, **__):
    return x


LABELS = np.array([1, 0, 2, 1], F32)


def regression(op, reference):
    return Row(
        op,
        lambda x, label, grad_scale=1.0: reference(x),
        (Sample([(3, 2), (3, 2)]), Sample([(3, 1), (3,)], {"grad_scale": 0.5}), Sample([(0, 2), (0, 2)])),
        dtypes=FLOATS,
        refused=(Refused([(3, 2), (3,)], {}, ValueError, "label must have as many elements as data"),),
    )


ROWS = [
    Row(
        "softmax",
        softmax,
        (
            *SOFTMAX,
            Sample([(3, 5), np.array([2, 5, 1], I32)], {"use_length": True}),
            Sample([(2, 4, 3), np.array([[1, 4, 2], [3, 2, 4]], I32)], {"axis": 1, "use_length": True}),
        ),
        gradient=(0,),
        dtypes=FLOATS,
        refused=(
            *REFUSED_SOFTMAX,
            Refused([(2, 3), np.ones(3, I32)], {"use_length": True}, ValueError, "length and rows of data must agree"),
        ),
    ),
    Row("log_softmax", log_softmax, SOFTMAX, gradient=(0,), dtypes=FLOATS, refused=REFUSED_SOFTMAX),
    Row(
        "softmin",
        softmin,
        SOFTMAX,
        gradient=(0,),
        dtypes=FLOATS,
        refused=(*REFUSED_SOFTMAX, Refused([(2, 3)], {"use_length": True}, ValueError, "only softmax takes lengths")),
    ),
    Row("softmax", softmax, (Sample([(3, 5)], {"dtype": "float32"}),), dtypes=("float16", "bfloat16")),
    Row(
        "SoftmaxActivation",
        activation,
        (Sample([(2, 7)]), Sample([(2, 3, 4)], {"mode": "channel"}), Sample([(2, 3, 4)])),
        gradient=(0,),
        dtypes=FLOATS,
        refused=(Refused([(2, 3)], {"mode": "channel"}, ValueError, "at least 3 axes"),),
    ),
    Row(
        "SoftmaxOutput",
        output_softmax,
        (
            Sample([(4, 3), LABELS]),
            Sample([(4, 3), (4, 3)]),
            Sample([(2, 3, 4), np.ones((2, 4), F32)], {"multi_output": True, "normalization": "valid"}),
            Sample([(2, 4, 3), np.ones((2, 4), F32)], {"preserve_shape": True, "normalization": "batch"}),
            Sample([(2, 2, 3), np.ones((2,), F32)]),
            Sample([(0, 3), np.ones((0,), F32)]),
        ),
        dtypes=FLOATS,
        refused=(
            Refused([(4, 3), (5,)], {}, ValueError, "label and rows of data must agree"),
            Refused([(4,), (4,)], {}, ValueError, "at least 2 axes"),
            Refused([(4, 3), (4,)], {"normalization": "all"}, ValueError, "normalization must be one of"),
            Refused([(4, 3), (4,)], {"smooth_alpha": 2.0}, ValueError, r"smooth_alpha must be float in 0\.0\.\.1\.0"),
        ),
    ),
    Row(
        "_SoftmaxDenseGrad",
        dense_gradients,
        (
            Sample([(4, 3), LABELS, (4, 5), (3, 5)], {"scale": 0.5}),
            Sample([(4, 3), np.array([0, -1, 3, 2], F32), (4, 2, 3), (3, 6)], {"no_bias": True}),
            Sample([(0, 3), np.ones((0,), F32), (0, 5), (3, 5)]),
        ),
        dtypes=REAL,
        scale=4.0,
    ),
    regression("LinearRegressionOutput", first),
    regression("LogisticRegressionOutput", lambda x: 1 / (1 + np.exp(-x))),
    regression("MAERegressionOutput", first),
    Row(
        "MakeLoss",
        first,
        (
            Sample([(3, 4)]),
            Sample([(3, 4)], {"normalization": "batch"}),
            Sample([(3, 4)], {"normalization": "valid", "valid_thresh": 0.5}),
            Sample([(0,)]),
        ),
        dtypes=FLOATS,
        refused=(Refused([(2,)], {"normalization": "sum"}, ValueError, "normalization must be one of"),),
    ),
    Row(
        "softmax_cross_entropy",
        cross_entropy,
        (Sample([(4, 3), LABELS]), Sample([(3, 40), np.array([1, 39, 77], I32)]), Sample([(0, 3), np.ones((0,), F32)])),
        gradient=(0,),
        dtypes=REAL,
        refused=(
            Refused([(4, 3, 2), (4,)], {}, ValueError, "data must have 2 axes"),
            Refused([(4, 3), (3,)], {}, ValueError, "label and rows of data must agree"),
        ),
    ),
    Row(
        "smooth_l1",
        smooth_l1,
        (Sample([(3, 4)]), Sample([(3, 4)], {"scalar": 2.0}), Sample([(0,)])),
        gradient=(0,),
        dtypes=FLOATS,
        distinct=True,
    ),
    Row(
        "SVMOutput",
        first,
        (Sample([(4, 3), LABELS]), Sample([(4, 3), LABELS], {"use_linear": True, "margin": 0.5})),
        dtypes=FLOATS,
        refused=(Refused([(4, 3), (3,)], {}, ValueError, "label and rows of data must agree"),),
    ),
]
