"""Operators of `contrib` and others that belong to no larger family."""

from __future__ import annotations

import numpy as np
from table import FLOATS, NUMBERS, REAL, Refused, Row, Sample

RNG = np.random.default_rng(4)


def erfinv(y):
    """By bisection of the error function."""
    from math import erf

    def one(v):
        low, high = -6.0, 6.0
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if erf(middle) < v else (low, middle)
        return low

    return np.vectorize(one)(y)


def moments(x, axes=None, keepdims=False):
    axes = tuple(axes)
    mean, var = x.mean(axes, keepdims=keepdims), x.var(axes, keepdims=keepdims)
    return (mean, var) if mean.shape else (mean.reshape(1), var.reshape(1))


def part(x, heads, parts, which):
    length, batch, width = x.shape
    x = x.reshape(length, batch, heads, parts, width // heads // parts)[:, :, :, which]
    return x.transpose(1, 2, 0, 3).reshape(batch * heads, length, width // heads // parts)


def scores(q, k):
    return q @ k.swapaxes(1, 2) / np.sqrt(q.shape[-1])


def values(v, attention, heads):
    y = (attention @ v).reshape(-1, heads, attention.shape[1], v.shape[-1])
    return y.transpose(2, 0, 1, 3).reshape(attention.shape[1], len(y), -1)


def hawkes(rate, alpha, beta, state, lags, marks, lengths, ends):
    """The likelihood from the intensity at every event and the integral of it, by the definition."""
    likelihood, state = np.zeros(len(rate)), np.array(state)
    for i in range(len(rate)):
        events, time = [], 0.0
        for j in range(int(lengths[i])):
            time += lags[i, j]
            k = int(marks[i, j])
            earlier = sum(np.exp(-beta[k] * (time - t)) for t, m in events if m == k)
            excited = state[i, k] * np.exp(-beta[k] * time) + earlier
            likelihood[i] += np.log(rate[i, k] + alpha[k] * beta[k] * excited)
            events.append((time, k))
        for k in range(rate.shape[1]):
            starts = [(0.0, state[i, k])] + [(t, 1.0) for t, m in events if m == k]
            left = [size * np.exp(-beta[k] * (ends[i] - t)) for t, size in starts]
            likelihood[i] -= rate[i, k] * ends[i] + alpha[k] * (sum(s for _, s in starts) - sum(left))
            state[i, k] = sum(left)
    return likelihood, state


EVENTS = [
    RNG.uniform(0.5, 1.5, (2, 3)),
    RNG.uniform(0.2, 0.6, 3),
    RNG.uniform(0.5, 2.0, 3),
    RNG.uniform(0.0, 1.0, (2, 3)),
    RNG.uniform(0.1, 1.0, (2, 5)),
    RNG.integers(0, 3, (2, 5)).astype("int32"),
    np.array([5.0, 3.0]),
    np.array([6.0, 4.0]),
]
WRONG_MARK = [*EVENTS[:5], np.full((2, 5), 3, "int32"), *EVENTS[6:]]
WHOLE = Refused([np.ones(2, "int32")], {}, TypeError, "dtype must be a floating point type; got int32")

ROWS = [
    Row("erfinv", erfinv, (Sample([(3, 4)]),), (0,), domain=(-0.95, 0.95), dtypes=FLOATS, refused=(WHOLE,)),
    Row(
        "hard_sigmoid",
        lambda x, alpha=0.2, beta=0.5: np.clip(alpha * x + beta, 0, 1),
        (Sample([(3, 5)]), Sample([(7,)], {"alpha": 0.7, "beta": 0.4}), Sample([(0, 2)])),
        gradient=(0,),
        domain=(-4.0, 4.0),
        dtypes=FLOATS,
        refused=(WHOLE,),
    ),
    Row(
        "_contrib_quadratic",
        lambda x, a=0.0, b=0.0, c=0.0: a * x**2 + b * x + c,
        (Sample([(2, 3)], {"a": 1.5, "b": -2.0, "c": 0.5}), Sample([(2,)])),
        gradient=(0,),
        dtypes=FLOATS,
        scale=2.0,
    ),
    Row(
        "_contrib_quadratic",
        lambda x, a, b, c: a * x**2 + b * x + c,
        (Sample([(2, 3)], {"a": 1.0, "b": 2.0, "c": 3.0}),),
        dtypes=NUMBERS,
        domain=(0.0, 4.0),
        scale=4.0,
    ),
    Row(
        "_contrib_div_sqrt_dim",
        lambda x: x / np.sqrt(x.shape[-1]),
        (Sample([(2, 5)]), Sample([(2, 0)])),
        (0,),
        dtypes=FLOATS,
    ),
    Row("_contrib_gradientmultiplier", lambda x, scalar: x, (Sample([(2, 3)], {"scalar": 1.0}),), (0,), dtypes=NUMBERS),
    Row("_contrib_round_ste", lambda x: np.sign(x) * np.floor(abs(x) + 0.5), (Sample([(2, 5)]),), dtypes=FLOATS),
    Row("_contrib_sign_ste", np.sign, (Sample([(2, 5)]),), dtypes=FLOATS),
    *(
        Row(
            f"_contrib_{name}",
            getattr(np, name),
            (Sample([(2, 5)]), Sample([np.array([1, -np.inf, np.inf, np.nan, 0], "float32")])),
            dtypes=NUMBERS,
            exact=True,
        )
        for name in ("isnan", "isinf", "isfinite")
    ),
    Row("_grad_add", np.add, (Sample([(2, 3), (2, 3)]),), (0, 1), dtypes=FLOATS),
    Row("_identity_with_attr_like_rhs", lambda a, b: a, (Sample([(2, 3), (2, 3)]),), (0, 1), dtypes=FLOATS),
    Row(
        "cast_storage",
        lambda x, stype: x,
        (Sample([(2, 3)], {"stype": "default"}),),
        gradient=(0,),
        dtypes=NUMBERS,
        refused=(Refused([(2, 3)], {"stype": "csr"}, NotImplementedError, r"\[cast_storage\] stype='csr' \(sparse\)"),),
    ),
    Row(
        "_contrib_allclose",
        lambda a, b, **kw: np.uint8(np.allclose(a, b, **{"equal_nan": True, **kw})),
        (
            Sample([(2, 3), (2, 3)]),
            Sample([(2, 3), (2, 3)], {"atol": 4.0}),
            Sample([np.array([1.0, np.nan]), np.array([1.0, np.nan])]),
            Sample([np.array([1.0, np.nan]), np.array([1.0, np.nan])], {"equal_nan": False}),
            Sample([np.array([np.inf, 1.0]), np.array([np.inf, 1.001])], {"rtol": 0.01}),
            Sample([np.array([np.inf]), np.array([-np.inf])]),
            Sample([(0,), (0,)]),
        ),
        dtypes=NUMBERS,
        refused=(
            Refused([(2,), (3,)], {}, ValueError, "shapes must agree"),
            Refused([np.ones(2, "float32"), np.ones(2)], {}, TypeError, "dtypes must agree"),
        ),
    ),
    Row(
        "moments",
        moments,
        (
            Sample([(3, 2, 4)], {"axes": (0,)}),
            Sample([(3, 2, 4)], {"axes": (0, -1), "keepdims": True}),
            Sample([(3, 2)], {"axes": (0, 1)}),
        ),
        gradient=(0,),
        dtypes=FLOATS,
        refused=(
            Refused([(2, 3)], {}, ValueError, "axes must name at least one axis"),
            Refused([(2, 3)], {"axes": (2,)}, ValueError, "must be in"),
            Refused([np.ones((2, 2), "int32")], {"axes": (0,)}, TypeError, "floating point type"),
        ),
    ),
    Row(
        "_contrib_hawkesll",
        hawkes,
        (Sample(EVENTS),),
        dtypes=("float64",),
        refused=(
            Refused(WRONG_MARK, {}, IndexError, r"\[_contrib_hawkesll\] index 3 at position 0 is outside of \[0, 3\)"),
            Refused([*EVENTS[:4], np.ones((3, 5)), *EVENTS[5:]], {}, ValueError, "must agree"),
        ),
    ),
    Row(
        "_contrib_interleaved_matmul_selfatt_qk",
        lambda x, heads: scores(part(x, heads, 3, 0), part(x, heads, 3, 1)),
        (Sample([(4, 2, 12)], {"heads": 2}), Sample([(3, 1, 15)], {"heads": 1})),
        gradient=(0,),
        dtypes=FLOATS,
        scale=4.0,
        refused=(
            Refused([(4, 2, 10)], {"heads": 2}, ValueError, r"must be \(length, batch, heads \* 3 \* width\)"),
            Refused([(4, 12)], {"heads": 2}, ValueError, r"got \(4, 12\)"),
            Refused([(4, 2, 12)], {"heads": 0}, ValueError, "heads must be int >= 1"),
        ),
    ),
    Row(
        "_contrib_interleaved_matmul_selfatt_valatt",
        lambda x, a, heads: values(part(x, heads, 3, 2), a, heads),
        (Sample([(4, 2, 12), (4, 4, 4)], {"heads": 2}), Sample([(3, 1, 15), (1, 3, 3)], {"heads": 1})),
        gradient=(0, 1),
        dtypes=FLOATS,
        scale=4.0,
        refused=(Refused([(4, 2, 12), (4, 4, 3)], {"heads": 2}, ValueError, "attention and what the values ask for"),),
    ),
    Row(
        "_contrib_interleaved_matmul_encdec_qk",
        lambda q, kv, heads: scores(part(q, heads, 1, 0), part(kv, heads, 2, 0)),
        (Sample([(4, 2, 6), (3, 2, 12)], {"heads": 2}),),
        gradient=(0, 1),
        dtypes=FLOATS,
        scale=4.0,
        refused=(
            Refused([(4, 2, 6), (3, 2, 16)], {"heads": 2}, ValueError, "twice as wide as queries"),
            Refused([(4, 2, 6), (3, 1, 12)], {"heads": 2}, ValueError, "sizes of the batch must agree"),
        ),
    ),
    Row(
        "_contrib_interleaved_matmul_encdec_valatt",
        lambda kv, a, heads: values(part(kv, heads, 2, 1), a, heads),
        (Sample([(3, 2, 12), (4, 5, 3)], {"heads": 2}),),
        gradient=(0, 1),
        dtypes=FLOATS,
        scale=4.0,
        refused=(Refused([(3, 2, 12), (4, 5, 4)], {"heads": 2}, ValueError, "attention and what the values ask for"),),
    ),
    Row(
        "_attention_part",
        part,
        (
            Sample([(3, 2, 12)], {"heads": 2, "parts": 3, "which": 1}),
            Sample([(0, 2, 4)], {"heads": 2, "parts": 1, "which": 0}),
        ),
        gradient=(0,),
        dtypes=REAL,
    ),
]
