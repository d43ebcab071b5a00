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

from .adam import Adam
from .base import Optimizer, create, register
from .flat import FlatUpdater
from .sgd import NAG, SGD
from .updater import Updater, get_updater

__all__ = ["NAG", "SGD", "Adam", "FlatUpdater", "Optimizer", "Updater", "create", "get_updater", "register"]
