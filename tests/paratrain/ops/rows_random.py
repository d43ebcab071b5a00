"""Random numbers; their values are tested in `test_random.py`."""

from __future__ import annotations

import math

import numpy as np
from table import FLOATS, NUMBERS, Refused, Row, Sample

WHERE, LAWS = "test_random.py", "test_random_laws.py"


def drawn(op, *attrs, refused=(), dtypes=("float32",)):
    return Row(op, None, [Sample([], a) for a in attrs], dtypes=dtypes, refused=refused, covered_by=WHERE)


def like(name, attrs=None, refused=()):
    """Rows of an operator that draws as many numbers as an array has elements."""
    whole = Refused([np.ones(2, "int32")], {}, TypeError, "dtype must be a floating point type; got int32")
    return Row(
        f"_random_{name}_like",
        None,
        (Sample([(3, 4)], attrs or {}), Sample([(0, 2)])),
        dtypes=FLOATS,
        refused=(whole, *(Refused([(2,)], *r) for r in refused)),
        covered_by=LAWS,
    )


def sample(name, *domains, refused=()):
    """Rows of an operator that draws numbers for each element of arrays."""
    params = [np.linspace(low, high, 6, dtype="float32").reshape(2, 3) for low, high in domains]
    wide = [p.astype("float64") for p in params]
    second = (Refused([(2,), (3,)], {}, ValueError, "shapes of the parameters must agree"),) if len(params) > 1 else ()
    return Row(
        f"_sample_{name}",
        None,
        (Sample(params), Sample(params, {"shape": (4, 2), "dtype": "float64"}), Sample(wide, {"shape": 0})),
        refused=(
            *second,
            Refused(params, {"shape": -1}, ValueError, "shape must be tuple of int >= 0"),
            Refused(params, {"dtype": "int32"}, ValueError, "dtype must be one of"),
            *refused,
        ),
        covered_by=LAWS,
    )


def pdf(name, *shapes, domain=(0.2, 0.8), gradient=(0, 1, 2)):
    """Rows of a density."""
    reference = DENSITIES[name]

    def wanted(*arrays, is_log=False):
        log = reference(arrays[0], *spread(arrays, name == "dirichlet"))
        return log if is_log else np.exp(log)

    tail = "before the last one; got" if name == "dirichlet" else "and further axes; got"
    return Row(
        f"_random_pdf_{name}",
        wanted,
        [Sample(s, {"is_log": log}) for s in shapes for log in (False, True)],
        gradient=gradient,
        domain=domain,
        dtypes=FLOATS,
        scale=16.0,
        refused=(
            Refused([(2, 3, 3), *[(3, 2)] * (len(shapes[0]) - 1)], {}, ValueError, tail),
            Refused([np.ones((2, 2), "int32")] * len(shapes[0]), {}, TypeError, "floating point type"),
        ),
    )


def spread(arrays, tail):
    """Parameters with axes of size 1 where the sample has more."""
    sample, *params = arrays
    more = (1,) * (sample.ndim - params[0].ndim)
    return [p.reshape(*p.shape[:-1], *more, p.shape[-1]) if tail else p.reshape(*p.shape, *more) for p in params]


def counts(x, k, p):
    return GAMMALN(x + k) - GAMMALN(x + 1) - GAMMALN(k) + k * np.log(p) + x * np.log1p(-p)


GAMMALN = np.vectorize(math.lgamma, otypes=[float])
#: Logarithms of densities.
DENSITIES = {
    "uniform": lambda x, a, b: 0 * x - np.log(b - a),
    "normal": lambda x, m, s: -0.5 * ((x - m) / s) ** 2 - np.log(s) - 0.5 * np.log(2 * np.pi),
    "gamma": lambda x, a, b: a * np.log(b) + (a - 1) * np.log(x) - b * x - GAMMALN(a),
    "exponential": lambda x, r: np.log(r) - r * x,
    "poisson": lambda x, r: x * np.log(r) - r - GAMMALN(x + 1),
    "negative_binomial": counts,
    "generalized_negative_binomial": lambda x, m, a: counts(x, 1 / a, 1 / (1 + m * a)),
    "dirichlet": lambda x, a: ((a - 1) * np.log(x) - GAMMALN(a)).sum(-1) + GAMMALN(a.sum(-1)),
}
TWO = ([(2, 3), (2,), (2,)], [(2,), (2,), (2,)], [(2, 2, 3, 2), (2, 2), (2, 2)])
ONE = ([(2, 3), (2,)], [(3,), (3,)])
ROWS = [
    *(like(n) for n in ("uniform", "exponential")),
    like("normal", {"loc": 3.0}, [({"scale": -1.0}, ValueError, "scale must not be negative")]),
    like("gamma", {"alpha": 0.5}, [({"alpha": 0.0}, ValueError, "alpha and beta must be positive; got 0.0, 1.0")]),
    like(
        "poisson",
        {"lam": 30.0},
        [({"lam": -1.0}, ValueError, r"\[_random_poisson_like\] lam must not be negative; got -1")],
    ),
    like("negative_binomial", {"k": 3, "p": 0.5}, [({"p": 0.0}, ValueError, r"p must be in \(0, 1\]")]),
    like("generalized_negative_binomial", {"alpha": 0.0}, [({"mu": -1.0}, ValueError, "must not be negative")]),
    drawn(
        "_random_gamma",
        {"alpha": 0.5, "beta": 3.0, "shape": (3, 5)},
        {"shape": (2,), "dtype": "float64"},
        refused=(Refused([], {"beta": -1.0}, ValueError, "alpha and beta must be positive"),),
    ),
    drawn(
        "_random_poisson",
        {"lam": 0.0},
        {"lam": 200.0, "shape": (3, 5)},
        refused=(Refused([], {"dtype": "int32"}, ValueError, "dtype must be one of"),),
    ),
    drawn(
        "_random_negative_binomial",
        {"k": 4, "p": 0.3, "shape": (3, 5)},
        refused=(
            Refused([], {"k": -1}, ValueError, "k must be int >= 0"),
            Refused([], {"p": 1.5}, ValueError, r"p must be in \(0, 1\]; got 1, 1.5"),
        ),
    ),
    drawn(
        "_random_generalized_negative_binomial",
        {"mu": 4.0, "alpha": 0.3, "shape": (3, 5)},
        refused=(Refused([], {"alpha": -1.0}, ValueError, "must not be negative"),),
    ),
    sample("uniform", (0.0, 1.0), (2.0, 3.0)),
    sample("normal", (0.0, 1.0), (0.0, 3.0)),
    sample("gamma", (0.3, 4.0), (1.0, 3.0)),
    sample("exponential", (0.5, 4.0)),
    sample("poisson", (0.0, 40.0)),
    sample("negative_binomial", (1.0, 9.0), (0.2, 1.0)),
    sample("generalized_negative_binomial", (1.0, 9.0), (0.0, 1.0)),
    Row(
        "_sample_multinomial",
        None,
        (
            Sample([np.full(4, 0.25, "float32")]),
            Sample([np.full((2, 4), 0.25)], {"shape": (3, 2), "get_prob": True, "dtype": "float64"}),
            Sample([np.full((2, 4), 0.25, "float32")], {"shape": 5, "get_prob": True, "dtype": "uint8"}),
        ),
        refused=(
            Refused([(2, 0)], {}, ValueError, "at least one category"),
            Refused([np.ones(2, "int32")], {}, TypeError, "floating point type"),
            Refused([(2,)], {"dtype": "int8"}, ValueError, "dtype must be one of"),
        ),
        covered_by=LAWS,
    ),
    Row(
        "_shuffle",
        None,
        (Sample([(5, 2)]), Sample([(0, 2)]), Sample([(7,)])),
        dtypes=NUMBERS,
        refused=(Refused([()], {}, ValueError, "at least one axis"),),
        covered_by=LAWS,
    ),
    pdf("uniform", [np.array([[0.1, 0.2], [3.0, 4.0]]), np.array([0.0, 2.5]), np.array([1.0, 5.0])]),
    pdf("normal", *TWO),
    pdf("gamma", *TWO),
    pdf("exponential", *ONE, gradient=(0, 1)),
    pdf("poisson", *ONE, gradient=(1,)),
    pdf("negative_binomial", *TWO, gradient=(1, 2)),
    pdf("generalized_negative_binomial", *TWO, gradient=(1, 2)),
    pdf("dirichlet", [(2, 4, 3), (2, 3)], [(3,), (3,)], gradient=(0, 1)),
    drawn(
        "_random_uniform",
        {},
        {"low": -1.0, "high": 2.0, "shape": (3, 5), "dtype": "float64"},
        {"shape": (0, 2), "dtype": "bfloat16"},
        refused=(Refused([], {"low": 2.0, "high": 1.0}, ValueError, "low must not be larger than high"),),
    ),
    drawn(
        "_random_normal",
        {"loc": 3.0, "scale": 0.5, "shape": (3, 5)},
        {"shape": 7, "dtype": "float16"},
        refused=(Refused([], {"scale": -1.0}, ValueError, "scale must not be negative"),),
    ),
    drawn(
        "_random_exponential",
        {"lam": 2.0, "shape": (3, 5)},
        refused=(Refused([], {"lam": 0.0}, ValueError, "lam must be positive"),),
    ),
    drawn(
        "_random_randint",
        {"low": -3, "high": 4, "shape": (3, 5)},
        {"low": 0, "high": 2**40, "shape": 3, "dtype": "int64"},
        refused=(
            Refused([], {"low": 1, "high": 1}, ValueError, "low must be smaller than high"),
            Refused([], {"low": 1, "high": 3, "dtype": "float32"}, ValueError, "dtype must be one of"),
        ),
    ),
    Row("_philox", None, (Sample([np.zeros((2, 4), "int32"), np.zeros(2, "int32")]),), covered_by=WHERE),
    Row(
        "Dropout",
        lambda x, **_: x,
        (Sample([(3, 4)]), Sample([(3, 4)], {"p": 0.3, "axes": (0,)}), Sample([(0, 2)])),
        gradient=(0,),
        dtypes=FLOATS,
        exact=True,
        refused=(
            Refused([(2,)], {"p": 1.5}, ValueError, r"p must be float in 0\.0\.\.1\.0; got 1\.5"),
            Refused([(2,)], {"axes": (1,)}, ValueError, "axes must be in"),
            Refused([(2,)], {"mode": "sometimes"}, ValueError, "mode must be one of"),
        ),
    ),
]
