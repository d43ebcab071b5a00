"""Optimizers: rules by which gradients change weights, and their states.

Examples
--------
>>> import paratrain as mx
>>> optimizer = mx.optimizer.create("adam", learning_rate=0.01, wd=1e-4)
>>> updater = mx.optimizer.get_updater(optimizer)
>>> weight = mx.nd.ones((2,))
>>> updater(0, mx.nd.ones((2,)), weight)
>>> optimizer.num_update
1
"""

from .adam import FTML, Adam, Adamax, Nadam
from .adaptive import AdaDelta, AdaGrad, Ftrl, GroupAdaGrad, RMSProp
from .base import Optimizer, create, register
from .flat import FlatUpdater
from .layerwise import LAMB, LARS
from .sgd import DCASGD, NAG, SGD, SGLD, Signum, Test
from .updater import Updater, get_updater

__all__ = [
    "DCASGD",
    "FTML",
    "LAMB",
    "LARS",
    "NAG",
    "SGD",
    "SGLD",
    "AdaDelta",
    "AdaGrad",
    "Adam",
    "Adamax",
    "FlatUpdater",
    "Ftrl",
    "GroupAdaGrad",
    "Nadam",
    "Optimizer",
    "RMSProp",
    "Signum",
    "Test",
    "Updater",
    "create",
    "get_updater",
    "register",
]
