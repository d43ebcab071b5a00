"""What the machine can do at most: arithmetic in a product of matrices, bytes in a sum of large arrays."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from paratrain.context import Context, cpu, current_context
from paratrain.ext import engine
from paratrain.ndarray import NDArray, array
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


@functools.cache
def _measured(device_type: str, device_id: int, threads: int) -> MachineLimits:
    context = Context(device_type, device_id)
    on_gpu = device_type == "gpu"
    size, length = (4096, 1 << 27) if on_gpu else (768, 1 << 23)
    before = engine.profile_bits()
    engine.set_profile_mask(0)
    try:
        a, b = (array(np.full((size, size), 0.5, np.float32), ctx=context) for _ in range(2))
        c = F.dot(a, b)
        flops = 2 * size**3 / _shortest(lambda: F.dot(a, b, out=c), c)
        a, b = (array(np.full(length, 0.5, np.float32), ctx=context) for _ in range(2))
        c = F.elemwise_add(a, b)
        bandwidth = 3 * 4 * length / _shortest(lambda: F.elemwise_add(a, b, out=c), c)
    finally:
        engine.set_profile_mask(before)
    return MachineLimits(flops, bandwidth)


def _shortest(work: Callable[[], object], result: NDArray, seconds: float = 0.3) -> float:
    """The shortest of as many runs as fit in some time, 3 to 200: short ones, some of which nothing interrupts."""
    times: list[float] = []
    while len(times) < 3 or (sum(times) < seconds and len(times) < 200):
        began = time.perf_counter()
        work()
        result.wait_to_read()
        times.append(time.perf_counter() - began)
    return min(times)
