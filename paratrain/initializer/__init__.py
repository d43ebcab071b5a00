"""Initial values of parameters, chosen by their names.

An initializer is called with a name and an array and fills the array. Names
that end in ``weight`` get what the initializer's class says; ``bias``,
``beta``, ``moving_mean``, ``running_mean`` and ``min`` get zeros; ``gamma``,
``moving_var``, ``running_var`` and ``max`` get ones. A variable made with
``mx.sym.Variable(name, init=...)`` gets what it asks for.

Random values come from `paratrain.random`'s host generator, so that
``mx.random.seed(0)`` makes them repeatable.

Examples
--------
>>> import numpy as np
>>> weight = np.empty((2, 2), np.float32)
>>> Constant(0.5)("fc1_weight", weight)
>>> weight.tolist()
[[0.5, 0.5], [0.5, 0.5]]
"""

from .base import InitDesc, Initializer, alias, create, register
from .constant import Bilinear, Constant, FusedRNN, LSTMBias, One, Zero
from .given import Load, Mixed
from .random import MSRAPrelu, Normal, Orthogonal, Uniform, Xavier

__all__ = [
    "Bilinear",
    "Constant",
    "FusedRNN",
    "InitDesc",
    "Initializer",
    "LSTMBias",
    "Load",
    "MSRAPrelu",
    "Mixed",
    "Normal",
    "One",
    "Orthogonal",
    "Uniform",
    "Xavier",
    "Zero",
    "alias",
    "create",
    "register",
]
