"""Seeds and counters of random numbers.

Kernels draw from a counter-based generator (Philox) keyed by (seed, step, operator, element), so a number depends on
nothing but these: not on threads, not on the device. The host's generator serves initializers and shuffles.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

__all__ = ["get_state", "host_rng", "seed", "set_state"]


class _State:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.restart(int(np.random.SeedSequence().entropy) & (2**63 - 1))  # type: ignore[arg-type]

    def restart(self, value: int) -> None:
        self.seed = value
        self.step = 0
        self.host = np.random.Generator(np.random.Philox(value))


_state = _State()


def seed(seed_state: int, ctx: Any = "all") -> None:
    """Start all random sequences afresh.

    Parameters
    ----------
    seed_state : int
        Any whole number; its lowest 63 bits count.
    ctx : Context or 'all'
        Accepted for MXNet's sake; every context draws from the same keyed sequence, so all are seeded.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.random.seed(7)
    """
    if not isinstance(seed_state, (int, np.integer)):
        raise TypeError(f"[random.seed] seed_state must be int; got {seed_state!r}")
    _state.restart(int(seed_state) & (2**63 - 1))


def next_key() -> tuple[int, int]:
    """(seed, step) of the next run; every call gets another step."""
    with _state.lock:
        _state.step += 1
        return _state.seed, _state.step


def host_rng() -> np.random.Generator:
    """The host's generator, restarted by `seed`: for initializers and shuffles."""
    return _state.host


def get_state() -> dict[str, Any]:
    """Everything that future random numbers depend on, as JSON-ready values."""
    host = _state.host.bit_generator.state

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items()}
        if isinstance(value, np.ndarray):
            return [int(v) for v in value]
        return value if isinstance(value, str) else int(value)

    return {"seed": _state.seed, "step": _state.step, "host": plain(host)}


def set_state(state: dict[str, Any]) -> None:
    """Continue from what `get_state` returned.

    Raises
    ------
    ValueError
        If a part is missing.
    """
    missing = {"seed", "step", "host"} - state.keys()
    if missing:
        raise ValueError(f"[random.set_state] the state lacks {', '.join(sorted(missing))}")
    _state.restart(int(state["seed"]))
    _state.step = int(state["step"])
    host = state["host"]
    inner = {k: np.array(v, np.uint64) for k, v in host["state"].items()}
    _state.host.bit_generator.state = {**host, "state": inner, "buffer": np.array(host["buffer"], np.uint64)}


def __getattr__(name: str) -> Any:
    """The functions of `mx.nd.random`: MXNet has them here too."""
    from paratrain.ndarray import random as arrays

    if name in arrays.__all__:
        return getattr(arrays, name)
    raise AttributeError(f"module 'paratrain.random' has no attribute {name!r}")
