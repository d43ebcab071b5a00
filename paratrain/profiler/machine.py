"""What the machine can do at most: arithmetic in a product of matrices, bytes in a sum of large arrays."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

from paratrain.context import Context, cpu, current_context
from paratrain.ext import engine
from paratrain.ndarray import NDArray, full
from paratrain.ndarray.invoke import F

__all__ = ["MachineLimits", "machine_limits"]


@dataclass(frozen=True)
class MachineLimits:
    """The best that was measured on a device.

    Attributes
    ----------
    flops : float
        float32 operations per second, in a product of matrices.
    bandwidth : float
        Bytes per second read and written by ``c = a + b`` for arrays that no cache holds.
    """

    flops: float
    bandwidth: float

    def seconds(self, flops: float, nbytes: float) -> float:
        """The time below which work of so many operations and bytes cannot be done.

        Examples
        --------
        >>> MachineLimits(flops=1e9, bandwidth=1e8).seconds(flops=1e9, nbytes=5e8)
        5.0
        """
        return max(flops / self.flops, nbytes / self.bandwidth)

    def __str__(self) -> str:
        return f"{self.flops / 1e9:.1f} GFLOP/s, {self.bandwidth / 1e9:.1f} GB/s"


def machine_limits(ctx: Context | None = None) -> MachineLimits:
    """Measure what a device can do at most; takes less than a second, once per process and number of threads.

    Parameters
    ----------
    ctx : Context, optional
        Default: the current context.

    Returns
    -------
    MachineLimits
        Against which the column "Roofline" of the profiler's tables is reckoned.
    """
    context = ctx or current_context()
    device = cpu() if context.device_type != "gpu" else context
    return _measured(device.device_type, device.device_id, engine.get_num_threads())


@cache
def _measured(device_type: str, device_id: int, threads: int) -> MachineLimits:
    context = Context(device_type, device_id)
    before = engine.profile_bits()
    engine.set_profile_mask(0)
    try:
        if device_type == "gpu":
            return MachineLimits(_best_product(context, (2048, 4096)), _best_sum(context, 1 << 28, 1 << 26))
        return MachineLimits(_best_product(context, (384, 1024)), _best_sum(context, 1 << 23, 1 << 19))
    finally:
        engine.set_profile_mask(before)


def _best_product(context: Context, sizes: Sequence[int]) -> float:
    """Operations per second in products of square matrices; other programs seldom interrupt small ones."""
    rates = []
    for size in sizes:
        a, b = (full((size, size), 0.5, ctx=context) for _ in range(2))
        c = F.dot(a, b)
        rates.append(2 * size**3 / _shortest([partial(F.dot, a, b, out=c)], c))
    return max(rates)


def _best_sum(context: Context, length: int, part: int) -> float:
    """Bytes per second in ``c = a + b``, part by part of arrays so long that no part is still in a cache."""
    a, b, c = (full((length,), 0.5, ctx=context) for _ in range(3))
    parts = [tuple(x[start : start + part] for x in (a, b, c)) for start in range(0, length, part)]
    return 3 * 4 * part / _shortest([partial(F.elemwise_add, x, y, out=z) for x, y, z in parts], c)


def _shortest(works: Sequence[Callable[[], object]], result: NDArray, seconds: float = 0.2) -> float:
    """The shortest time of one of `works`, run in turn as often as fits in some time, at least twice each."""
    times: list[float] = []
    while len(times) < 2 * len(works) or sum(times) < seconds:
        for work in works:
            began = time.perf_counter()
            work()
            result.wait_to_read()
            times.append(time.perf_counter() - began)
    return min(times[len(works) :])
