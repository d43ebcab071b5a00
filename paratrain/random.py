"""Seeds and counters of random numbers.

Kernels draw from a counter-based generator (Philox) keyed by (seed, step, operator, element), so a number depends on
nothing but these: not on threads, not on the device. The host's generator serves initializers and shuffles.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from paratrain.context import Context

__all__ = ["get_state", "host_rng", "seed", "set_state"]


Device = tuple[int, int]


class _State:
    """Seed and step of all devices, and of those that have been seeded by themselves (by type and number)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.given: int | None = None  # what the user has called `seed` with
        self.restart(int(np.random.SeedSequence().entropy) & (2**63 - 1))  # type: ignore[arg-type]

    def restart(self, value: int) -> None:
        self.seed = value
        self.step = 0
        self.host = np.random.Generator(np.random.Philox(value))
        self.devices: dict[Device, list[int]] = {}


_state = _State()


def seed(seed_state: int, ctx: Any = "all") -> None:
    """Start random sequences afresh.

    Parameters
    ----------
    seed_state : int
        Any whole number; its lowest 63 bits count.
    ctx : Context or 'all'
        The device whose sequence begins again; by default all devices, and the host's generator for initializers and
        shuffles, too.

    Raises
    ------
    TypeError
        If `seed_state` is no whole number or `ctx` no context.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.random.seed(7)
    >>> mx.random.seed(7, ctx=mx.cpu(0))
    """
    if not isinstance(seed_state, (int, np.integer)):
        raise TypeError(f"[random.seed] seed_state must be int; got {seed_state!r}")
    value = int(seed_state) & (2**63 - 1)
    if isinstance(ctx, str) and ctx == "all":
        _state.restart(value)
        _state.given = value
        return
    if not isinstance(ctx, Context):
        raise TypeError(f"[random.seed] ctx must be Context or 'all'; got {ctx!r}")
    with _state.lock:
        _state.devices[ctx.device_typeid, ctx.device_id] = [value, 0]


def next_key(device: Device | None = None) -> tuple[int, int]:
    """(seed, step) of the next run on a device (type, number); every call gets another step."""
    with _state.lock:
        own = _state.devices.get(device) if device is not None else None
        if own is not None:
            own[1] += 1
            return own[0], own[1]
        _state.step += 1
        return _state.seed, _state.step


def given_seed() -> int | None:
    """The number that `seed` was called with for all devices; None where it was not called."""
    return _state.given


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

    devices = [[*device, *own] for device, own in sorted(_state.devices.items())]
    return {"seed": _state.seed, "step": _state.step, "host": plain(host), "devices": devices}


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
    # checkpoints of earlier versions have no devices with seeds of their own
    _state.devices = {(int(t), int(i)): [int(value), int(step)] for t, i, value, step in state.get("devices", ())}
    host = state["host"]
    inner = {k: np.array(v, np.uint64) for k, v in host["state"].items()}
    _state.host.bit_generator.state = {**host, "state": inner, "buffer": np.array(host["buffer"], np.uint64)}


def __getattr__(name: str) -> Any:
    """The functions of `mx.nd.random`: MXNet has them here too."""
    from paratrain.ndarray import random as arrays

    if name in arrays.__all__:
        return getattr(arrays, name)
    raise AttributeError(f"module 'paratrain.random' has no attribute {name!r}")
