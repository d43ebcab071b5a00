"""Random numbers; their values are tested in `test_random.py`."""

from __future__ import annotations

import numpy as np
from table import FLOATS, Refused, Row, Sample

WHERE = "test_random.py"


def drawn(op, *attrs, refused=(), dtypes=("float32",)):
    return Row(op, None, [Sample([], a) for a in attrs], dtypes=dtypes, refused=refused, covered_by=WHERE)


ROWS = [
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
