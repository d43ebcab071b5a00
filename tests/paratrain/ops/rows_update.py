"""Updates of optimizers. The recorded cases and `test_update.py` check what happens to the states."""

from __future__ import annotations

import numpy as np
from table import FLOATS, REAL, Refused, Row, Sample

LR = {"lr": 0.1, "wd": 0.01, "rescale_grad": 0.5}
CLIP = {**LR, "clip_gradient": 0.3}


def limit(v, c):
    return np.clip(v, -c, c) if c >= 0 else v


def sgd(w, g, *_, lr, wd=0.0, rescale_grad=1.0, clip_gradient=-1.0, **__):
    return w - lr * (limit(rescale_grad * g, clip_gradient) + wd * w)


def sgd_mom(w, g, m, *_, lr, wd=0.0, rescale_grad=1.0, clip_gradient=-1.0, momentum=0.0, **__):
    return w + momentum * m - lr * (limit(rescale_grad * g, clip_gradient) + wd * w)


def nag(w, g, m, *_, lr, wd=0.0, rescale_grad=1.0, clip_gradient=-1.0, momentum=0.0):
    step = lr * (limit(rescale_grad * g, clip_gradient) + wd * w)
    return w + momentum * (momentum * m - step) - step


def adam(w, g, m, v, *_, lr, wd=0.0, rescale_grad=1.0, clip_gradient=-1.0, beta1=0.9, beta2=0.999, epsilon=1e-8, **__):
    r = limit(rescale_grad * g + wd * w, clip_gradient)
    m, v = beta1 * m + (1 - beta1) * r, beta2 * v + (1 - beta2) * r * r
    return w - lr * m / (np.sqrt(v) + epsilon)


def signsgd(w, g, *, lr, wd=0.0, **_):
    return (1 - lr * wd) * w - lr * np.sign(g)


def signum(w, g, m, *, lr, wd=0.0, rescale_grad=1.0, clip_gradient=-1.0, momentum=0.0, wd_lh=0.0):
    m = momentum * m - (1 - momentum) * (limit(rescale_grad * g, clip_gradient) + wd * w)
    return (1 - lr * wd_lh) * w + lr * np.sign(m)


def rmsprop(w, g, n, *, lr, wd=0.0, rescale_grad=1.0, clip_gradient=-1.0, gamma1=0.95, epsilon=1e-8, clip_weights=-1.0):
    r = limit(rescale_grad * g + wd * w, clip_gradient)
    n = (1 - gamma1) * r * r + gamma1 * n
    return limit(w - lr * r / np.sqrt(n + epsilon), clip_weights)


def rmspropalex(w, g, n, mean, delta, *, lr, wd=0.0, rescale_grad=1.0, gamma1=0.95, gamma2=0.9, epsilon=1e-8, **_):
    r = rescale_grad * g + wd * w
    n = (1 - gamma1) * r * r + gamma1 * n
    mean = (1 - gamma1) * r + gamma1 * mean
    return w + gamma2 * delta - lr * r / np.sqrt(n - mean * mean + epsilon)


def ftrl(w, g, z, n, *, lr, wd=0.0, rescale_grad=1.0, clip_gradient=-1.0, lamda1=0.01, beta=1.0):
    r = limit(rescale_grad * g, clip_gradient)
    z = z + r - (np.sqrt(n + r * r) - np.sqrt(n)) * w / lr
    n = n + r * r
    return np.where(np.abs(z) > lamda1, (np.sign(z) * lamda1 - z) / ((beta + np.sqrt(n)) / lr + wd), 0)


def update(op, reference, states, *attrs, dtypes=FLOATS, **kw):
    shapes = [(3, 4)] * (2 + states)
    return Row(
        op,
        reference,
        (*(Sample(shapes, {**CLIP, **a}) for a in attrs or ({},)), Sample([(0,)] * (2 + states), {"lr": 0.1})),
        domain=(0.1, 1.5),
        dtypes=dtypes,
        scale=4.0,
        refused=(
            Refused(shapes, {}, TypeError, "lr .* is required"),
            Refused([(3, 5), *shapes[1:]], {"lr": 0.1}, ValueError, "shapes must agree"),
        ),
        **kw,
    )


def mixed(op, reference, states, **attrs):
    """A float16 weight whose value is that of its float32 copy."""
    rng = np.random.default_rng(3)
    copy = rng.uniform(0.5, 1.5, (3, 4)).astype(np.float32)
    arrays = [copy.astype(np.float16), rng.uniform(-1, 1, (3, 4)).astype(np.float16)]
    arrays += [rng.uniform(-1, 1, (3, 4)).astype(np.float32) for _ in range(states)]
    return Row(
        op,
        lambda w, *rest, **a: reference(rest[-1], *rest[:-1], **a),
        (Sample([*arrays, copy], {**CLIP, **attrs}),),
        dtypes=("float16",),
        refused=(
            Refused([a.astype(np.float16) for a in (*arrays, copy)], {"lr": 0.1}, TypeError, "must have dtype float32"),
        ),
    )


OFFSETS = np.array([0, 3, 3, 10], np.int64)
RATES, DECAYS = np.array([0.1, 0.2, 0.3], np.float32), np.array([0.0, 0.5, 0.01], np.float32)


def flat(op, reference, states, **attrs):
    def whole(*arrays, **a):
        *arrays, offsets, lr, wd = arrays
        parts = [
            reference(*[x[b:e] for x in arrays], lr=rate, wd=decay, **a)
            for b, e, rate, decay in zip(offsets[:-1], offsets[1:], lr, wd, strict=True)
        ]
        return np.concatenate(parts)

    flat_arrays = [(10,)] * (2 + states)
    attrs |= {"rescale_grad": 0.5, "clip_gradient": 0.3}
    return Row(
        op,
        whole,
        (Sample([*flat_arrays, OFFSETS, RATES, DECAYS], attrs),),
        domain=(0.1, 1.5),
        dtypes=REAL,
        refused=(
            Refused([*flat_arrays, OFFSETS[:3], RATES, DECAYS], {}, ValueError, "segments"),
            Refused([*flat_arrays, OFFSETS[::-1].copy(), RATES, DECAYS], {}, ValueError, "offsets must rise from 0"),
            Refused([*flat_arrays, OFFSETS + 1, RATES, DECAYS], {}, ValueError, "offsets must rise from 0"),
            Refused([(2, 5)] * len(flat_arrays) + [OFFSETS, RATES, DECAYS], {}, ValueError, "weight must have 1 axis"),
        ),
    )


ROWS = [
    update("sgd_update", sgd, 0, {}, {"clip_gradient": -1.0}),
    update("sgd_mom_update", sgd_mom, 1, {"momentum": 0.9}),
    update("nag_mom_update", nag, 1, {"momentum": 0.9}),
    update("adam_update", adam, 2, {}, {"beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3}),
    update("signsgd_update", signsgd, 0),
    update("signum_update", signum, 1, {"momentum": 0.9, "wd_lh": 0.01}),
    update("rmsprop_update", rmsprop, 1, {}, {"clip_weights": 0.8}),
    update("rmspropalex_update", rmspropalex, 3, {"clip_gradient": -1.0, "epsilon": 5.0}),
    update("ftrl_update", ftrl, 2, dtypes=REAL),
    mixed("mp_sgd_update", sgd, 0),
    mixed("mp_sgd_mom_update", sgd_mom, 1, momentum=0.9),
    mixed("mp_nag_mom_update", nag, 1, momentum=0.9),
    flat("_flat_sgd_update", sgd, 0),
    flat("_flat_sgd_mom_update", sgd_mom, 1, momentum=0.9),
    flat("_flat_nag_mom_update", nag, 1, momentum=0.9),
    flat("_flat_adam_update", adam, 2),
]
