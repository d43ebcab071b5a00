"""How large the buckets should be in which gradients are added up: by what a sum costs between these ranks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from paratrain.kvstore.transport import World

__all__ = ["BUCKET_VARIABLE", "DEFAULT_BYTES", "choose", "measured", "of_text"]

BUCKET_VARIABLE = "PARATRAIN_BUCKET_BYTES"
#: Where nothing was measured.
DEFAULT_BYTES = 4 << 20
LEAST, MOST = 256 << 10, 32 << 20
#: Share of a bucket's time that may be what each sum costs however small it is.
OVERHEAD = 0.05
_SMALL, _LARGE = 64 << 10, 4 << 20


def of_text(text: str | None) -> int | None:
    """Bytes from the text of ``PARATRAIN_BUCKET_BYTES``; None where it is not set.

    Raises
    ------
    ValueError
        If it is no whole number from 1 on.

    Examples
    --------
    >>> of_text("1048576"), of_text(None)
    (1048576, None)
    """
    if text is None or text == "":
        return None
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"[kvstore] {BUCKET_VARIABLE} must be a whole number of bytes from 1 on; got {text!r}")
    return int(text)


def choose(small: float, large: float) -> int:
    """Least power of two of bytes of whose time at most 5 % is what each sum costs anyway.

    Parameters
    ----------
    small, large : float
        Seconds of a sum of 64 KB and of 4 MB. A sum of n bytes is taken to last ``a + n / b``.

    Returns
    -------
    int
        From 256 KB to 32 MB.

    Examples
    --------
    >>> choose(20e-6, 900e-6), choose(2e-3, 6e-3)
    (1048576, 33554432)
    """
    per_byte = max(large - small, 0.0) / (_LARGE - _SMALL)
    fixed = max(small - per_byte * _SMALL, 0.0)
    if per_byte == 0.0:
        return DEFAULT_BYTES
    wanted = fixed * (1 - OVERHEAD) / OVERHEAD / per_byte
    size = LEAST
    while size < wanted and size < MOST:
        size *= 2
    return size


def measured(ranks: World, add_up: Callable[[int], None], most: int) -> int:
    """Measure sums and choose. A collective.

    Parameters
    ----------
    ranks : World
    add_up : callable
        ``add_up(nbytes)`` adds up so many bytes over the ranks.
    most : int
        Bytes that `add_up` can add up.

    Returns
    -------
    int
        Bytes of a bucket, the same on all ranks: ``PARATRAIN_BUCKET_BYTES`` of rank 0 where it is set.
    """
    wanted = of_text(os.environ.get(BUCKET_VARIABLE))
    if wanted is None and most >= _LARGE:
        wanted = choose(_seconds(add_up, _SMALL), _seconds(add_up, _LARGE))
    return ranks.broadcast_object(wanted or DEFAULT_BYTES)


def _seconds(add_up: Callable[[int], None], nbytes: int) -> float:
    """Least of a few times: what others do on the machine makes them longer."""
    times = []
    for _ in range(4):
        began = time.perf_counter()
        add_up(nbytes)
        times.append(time.perf_counter() - began)
    return min(times[1:])
