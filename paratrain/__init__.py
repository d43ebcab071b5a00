"""paratrain: a data-parallel trainer for neural networks with MXNet's Python API.

    import paratrain as mx

See the README for a first program, `docs/` for everything else.
"""

from __future__ import annotations

import importlib
from typing import Any

from paratrain._version import __version__ as __version__
from paratrain.base import MXNetError as MXNetError
from paratrain.base import ParatrainError as ParatrainError
from paratrain.context import Context as Context
from paratrain.context import cpu as cpu
from paratrain.context import cpu_pinned as cpu_pinned
from paratrain.context import current_context as current_context
from paratrain.context import gpu as gpu
from paratrain.context import gpu_memory_info as gpu_memory_info
from paratrain.context import num_gpus as num_gpus

# Modules are imported when first used, so that `import paratrain` is quick; the short names are MXNet's.
_MODULES = {
    "amp": "amp",
    "autograd": "autograd",
    "base": "base",
    "callback": "callback",
    "checkpoint": "checkpoint",
    "context": "context",
    "contrib": "contrib",
    "executor": "executor",
    "image": "image",
    "img": "image",
    "init": "initializer",
    "initializer": "initializer",
    "io": "io",
    "kv": "kvstore",
    "kvstore": "kvstore",
    "lr_scheduler": "lr_scheduler",
    "memonger": "memonger",
    "metric": "metric",
    "mod": "module",
    "model": "model",
    "module": "module",
    "mon": "monitor",
    "monitor": "monitor",
    "name": "name",
    "nd": "ndarray",
    "ndarray": "ndarray",
    "opt": "optimizer",
    "operator": "operator",
    "optimizer": "optimizer",
    "plot": "plot",
    "profiler": "profiler",
    "random": "random",
    "recordio": "recordio",
    "rnn": "rnn",
    "sym": "symbol",
    "symbol": "symbol",
}
_CLASSES = {"AttrScope": "attribute"}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        value: Any = importlib.import_module(f"paratrain.{_MODULES[name]}")
    elif name in _CLASSES:
        value = getattr(importlib.import_module(f"paratrain.{_CLASSES[name]}"), name)
    else:
        raise AttributeError(f"module 'paratrain' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_CLASSES})
