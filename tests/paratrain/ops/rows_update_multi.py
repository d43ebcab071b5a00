"""LAMB, AdamW and others, and updates of several weights. `test_update.py` checks what happens to the states."""

from __future__ import annotations

import itertools

import numpy as np
from table import FLOATS, REAL, Refused, Row, Sample

RNG = np.random.default_rng(5)
HALF = np.array([0.5], np.float32)
LIMIT = {"rescale_grad": 0.5, "clip_gradient": 0.3}


def limit(v, c):
    return np.clip(v, -c, c) if c >= 0 else v


def adamw(w, g, m, v, scale, *, lr, eta, wd=0.0, clip_gradient=-1.0, beta1=0.9, beta2=0.999, epsilon=1e-8):
    if not np.isfinite(scale).all() or not scale.all():
        return w
    r = limit(scale * g, clip_gradient)
    m, v = beta1 * m + (1 - beta1) * r, beta2 * v + (1 - beta2) * r * r
    return w - eta * (lr * m / (np.sqrt(v) + epsilon) + wd * w)


def ftml(w, g, d, v, z, *, lr, t, wd=0.0, rescale_grad=1.0, clip_grad=-1.0, beta1=0.6, beta2=0.999, epsilon=1e-8):
    r = limit(rescale_grad * g + wd * w, clip_grad)
    v = beta2 * v + (1 - beta2) * r * r
    new = (1 - beta1**t) / lr * (np.sqrt(v / (1 - beta2**t)) + epsilon)
    return -(beta1 * z + (1 - beta1) * r - (new - beta1 * d) * w) / new


def group_adagrad(w, g, h, *, lr, rescale_grad=1.0, clip_gradient=-1.0, epsilon=1e-5):
    r = limit(rescale_grad * g, clip_gradient)
    h = h + (r * r).reshape(len(r), -1).mean(1).reshape(h.shape)
    return w - lr * r / (np.sqrt(h) + epsilon)


def direction(w, g, m, v, *, t, wd, bias_correction=True, rescale_grad=1.0, clip_gradient=-1.0):
    beta1, beta2, epsilon = 0.9, 0.999, 1e-6
    r = limit(rescale_grad * g, clip_gradient)
    m, v = beta1 * m + (1 - beta1) * r, beta2 * v + (1 - beta2) * r * r
    if bias_correction:
        m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return m / (np.sqrt(v) + epsilon) + wd * w


def step(w, g, r1, r2, *, lr, lower_bound=-1.0, upper_bound=-1.0):
    if lower_bound >= 0:
        r1 = np.maximum(r1, lower_bound)
    if upper_bound >= 0:
        r1 = np.minimum(r1, upper_bound)
    return w - (lr if r1 == 0 or r2 == 0 else lr * r1 / r2) * g


def lamb(w, g, m, v, *, lr, wd, t, lower_bound=-1.0, upper_bound=-1.0, **kw):
    d = direction(w, g, m, v, t=t, wd=wd, **kw)
    return step(w, d, np.linalg.norm(w), np.linalg.norm(d), lr=lr, lower_bound=lower_bound, upper_bound=upper_bound)


def sgd(w, g, *, lr, wd, rescale_grad=1.0, clip_gradient=-1.0):
    return w - lr * (limit(rescale_grad * g, clip_gradient) + wd * w)


def sgd_mom(w, g, m, *, momentum=0.0, lr, **kw):
    return sgd(w, g, lr=lr, **kw) + momentum * m


SHAPES = [(3, 4), (5,), (0, 2)]


def copies(shape, states):
    """Arrays of a 16-bit weight: itself, gradient, states, float32 copy."""
    copy = RNG.uniform(0.5, 1.5, shape).astype(np.float32)
    grad = RNG.uniform(-1, 1, shape).astype(np.float16)
    rest = [RNG.uniform(0.1, 1, shape).astype(np.float32) for _ in range(states)]
    return [copy.astype(np.float16), grad, *rest, copy]


def several(op, rule, states, each, attrs, tail=(), mixed=False, counter="num_weights", preloaded=False):
    """`each` names the numbers of every weight: parameter of the operator to that of the rule."""
    stride = 2 + states + mixed

    def reference(*arrays, **given):
        count = given.pop(counter, 1)
        shared = arrays[count * stride :]
        given |= dict(zip(("lrs", "wds"), shared, strict=True)) if preloaded else {}
        rates = {name: given.pop(key) for key, name in each.items()}
        scale = () if preloaded else shared
        out = []
        for k in range(count):
            group = arrays[k * stride : (k + 1) * stride]
            group = (group[-1], *group[1:-1]) if mixed else group
            out.append(rule(*group, *scale, **{n: np.asarray(v)[k] for n, v in rates.items()}, **given))
        return tuple(out)

    def sample(count):
        inputs = []
        for k in range(count):
            inputs += copies(SHAPES[k], states) if mixed else [SHAPES[k]] * stride
        numbers = {key: tuple(2 if n == "t" else 0.1 + 0.1 * k for k in range(count)) for key, n in each.items()}
        if preloaded:
            return Sample([*inputs, *(np.array(v, np.float32) for v in numbers.values())], {counter: count, **attrs})
        return Sample([*inputs, *tail], {counter: count, **numbers, **attrs})

    one = sample(1)
    first = next(iter(each))
    wrong = (*one.inputs[:-1], np.ones(2, np.float32)) if preloaded else one.inputs
    wrong_attrs = {**one.attrs, **({} if preloaded else {first: (0.1, 0.2) if first != "step_count" else (1, 2)})}
    return Row(
        op,
        reference,
        (one, sample(2), sample(3)),
        domain=(0.1, 1.5),
        dtypes=("float16",) if mixed else REAL,
        scale=4.0,
        refused=(
            Refused(wrong, wrong_attrs, ValueError, "numbers"),
            Refused(one.inputs, {**one.attrs, counter: 2}, ValueError, "arrays were given"),
        ),
    )


def sgd_rows():
    for mixed, momentum, preloaded in itertools.product((False, True), repeat=3):
        yield several(
            f"{'preloaded_' * preloaded}multi_{'mp_' * mixed}sgd_{'mom_' * momentum}update",
            sgd_mom if momentum else sgd,
            int(momentum),
            {"lrs": "lr", "wds": "wd"},
            {**LIMIT, **({"momentum": 0.9} if momentum else {})},
            mixed=mixed,
            preloaded=preloaded,
        )


def lamb_rows():
    for mixed in (False, True):
        prefix = "mp_" * mixed
        arrays = copies((3, 4), 2) if mixed else [(3, 4)] * 4
        norms = [np.array([1.5], np.float32), np.array([0.7], np.float32)] if mixed else [(1,), (1,)]
        weights = copies((3, 4), 0) if mixed else [(3, 4), (3, 4)]
        steps = [weights[0], RNG.normal(size=(3, 4)).astype(np.float32) if mixed else weights[1], *norms, *weights[2:]]
        yield Row(
            f"{prefix}lamb_update_phase1",
            (lambda w, *r, **a: direction(r[-1], *r[:-1], **a)) if mixed else direction,
            (
                Sample(arrays, {"t": 3, "wd": 0.1, **LIMIT}),
                Sample(arrays, {"t": 1, "wd": 0.0, "bias_correction": False}),
            ),
            domain=(0.1, 1.5),
            dtypes=("float16",) if mixed else FLOATS,
            scale=8.0,
            refused=(
                Refused(arrays, {"t": 0, "wd": 0.1}, ValueError, "t must be int >= 1"),
                Refused(arrays, {"t": 1}, TypeError, "wd .* is required"),
            ),
        )
        yield Row(
            f"{prefix}lamb_update_phase2",
            (lambda w, g, r1, r2, copy, **a: step(copy, g, r1, r2, **a)) if mixed else step,
            (
                Sample(steps, {"lr": 0.1}),
                Sample(steps, {"lr": 0.1, "lower_bound": 2.0, "upper_bound": 3.0}),
                Sample(steps, {"lr": 0.1, "lower_bound": 0.0, "upper_bound": 0.5}),
            ),
            domain=(0.1, 1.5),
            dtypes=("float16",) if mixed else FLOATS,
            scale=4.0,
            refused=(
                Refused([*steps[:2], np.ones(2, np.float32), *steps[3:]], {"lr": 0.1}, ValueError, "r1 and one number"),
            ),
        )
        yield several(
            f"_multi_{prefix}lamb_update",
            lamb,
            2,
            {"learning_rates": "lr", "wds": "wd", "step_count": "t"},
            {**LIMIT, "lower_bound": 0.1, "upper_bound": 1.0},
            mixed=mixed,
            counter="num_tensors",
        )


def adamw_rows():
    for mixed in (False, True):
        prefix = "mp_" * mixed
        arrays = copies((3, 4), 2) if mixed else [(3, 4)] * 4
        attrs = {"lr": 0.1, "eta": 0.5, "wd": 0.2, "clip_gradient": 0.3}
        yield Row(
            f"_{prefix}adamw_update",
            (lambda w, g, m, v, copy, scale, **a: adamw(copy, g, m, v, scale, **a)) if mixed else adamw,
            tuple(Sample([*arrays, np.array([s], np.float32)], attrs) for s in (0.5, 0.0, np.inf, np.nan)),
            domain=(0.1, 1.5),
            dtypes=("float16",) if mixed else FLOATS,
            scale=4.0,
            refused=(
                Refused([*arrays, np.ones(2, np.float32)], attrs, ValueError, "rescale_grad and one number"),
                Refused([*arrays, np.ones(1, np.int32)], attrs, TypeError, "rescale_grad must have dtype float32"),
            ),
        )
        yield several(
            f"_multi_{prefix}adamw_update",
            adamw,
            2,
            {"lrs": "lr", "wds": "wd", "etas": "eta"},
            {"clip_gradient": 0.3},
            tail=(HALF,),
            mixed=mixed,
        )


def lars(lrs, w, g, wds, *, eta, eps, rescale_grad=1.0):
    w, g = np.sqrt(w), np.sqrt(g)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((w > 0) & (g > 0), lrs * eta * w / (g * rescale_grad + wds * w + eps), lrs)


SOME = np.array([4.0, 0.0, 9.0], np.float32)
ROWS = [
    *sgd_rows(),
    *lamb_rows(),
    *adamw_rows(),
    Row(
        "ftml_update",
        ftml,
        (Sample([(3, 4)] * 5, {"lr": 0.1, "t": 2, "wd": 0.1, "rescale_grad": 0.5, "clip_grad": 0.2}),),
        domain=(0.1, 1.5),
        scale=4.0,
        refused=(
            Refused([(3, 4)] * 5, {"lr": 0.1}, TypeError, "t .* is required"),
            Refused([(3, 4)] * 5, {"lr": 0.1, "t": 0}, ValueError, "t must be int >= 1"),
        ),
    ),
    Row(
        "_contrib_group_adagrad_update",
        group_adagrad,
        (
            Sample([(3, 4), (3, 4), (3, 1)], {"lr": 0.1, **LIMIT}),
            Sample([(2, 3, 2), (2, 3, 2), (2, 1, 1)], {"lr": 0.1}),
        ),
        domain=(0.1, 1.5),
        dtypes=FLOATS,
        scale=4.0,
        refused=(Refused([(3, 4), (3, 4), (3, 4)], {"lr": 0.1}, ValueError, "history and one number for each row"),),
    ),
    Row(
        "multi_sum_sq",
        lambda *arrays, num_arrays: np.array([(a * a).sum() for a in arrays]),
        (Sample([(3, 4), (5,), (0,)], {"num_arrays": 3}), Sample([(40000,)], {"num_arrays": 1})),
        dtypes=("float32", "float16", "bfloat16"),
        scale=10.0,
        refused=(
            Refused([(2,), np.ones(2, np.float16)], {"num_arrays": 2}, TypeError, "dtypes must agree"),
            Refused([(2,)], {"num_arrays": 2}, ValueError, "num_arrays is 2 but 1 arrays"),
        ),
    ),
    Row(
        "multi_lars",
        lars,
        (
            Sample([(3,), SOME, SOME[[1, 0, 2]].copy(), (3,)], {"eta": 0.1, "eps": 1e-3, "rescale_grad": 0.5}),
            Sample([(0,)] * 4, {"eta": 0.1, "eps": 1e-3}),
        ),
        domain=(0.1, 1.5),
        dtypes=("float32",),
        refused=(Refused([(2, 2)] * 4, {"eta": 0.1, "eps": 0.0}, ValueError, "lrs must have 1 axis"),),
    ),
    Row(
        "reset_arrays",
        lambda *arrays, num_arrays: (),
        (Sample([(3, 4), (0,), (5,)], {"num_arrays": 3}),),
        dtypes=(*FLOATS, "int64", "uint8"),
        refused=(Refused([(2,)], {"num_arrays": 0}, ValueError, "num_arrays must be int >= 1"),),
    ),
]
