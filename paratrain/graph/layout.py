"""Keep a library's memory layout through a chain of operators; reorder only at its borders.

Before (each convolution reorders on its own)::

    plain -> [reorder, conv, reorder] -> relu -> [reorder, conv, reorder] -> plain

After::

    plain -> reorder -> conv -> relu -> conv -> reorder -> plain

An operator whose `layout` is ``'any'`` negotiates, elementwise ones take what comes, all others need row-major arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["common_layout", "in_order"]


def common_layout(descs: Sequence[tuple], outs: Sequence[tuple]) -> Any:
    """Layout in which an elementwise operator can run on these inputs, or None for plain.

    Parameters
    ----------
    descs : sequence of (shape, dtype, layout)
    outs : sequence of (shape, dtype)
        Results, all of one shape. Smaller inputs are repeated to it; they are read as they lie row by row.
    """
    shape = outs[0][0]
    layout: Any = next((d[2] for d in descs if d[2] is not None and d[0] == shape), None)
    order = None if layout is None else layout.order
    if order is None or not all(d[0] == shape or _lies_in(order, d[0]) for d in descs):
        return None
    if any(layout.with_dtype(d[1]) is None for d in (*descs, *outs) if d[0] == shape):
        return None
    return layout


def _lies_in(order: tuple[int, ...], small: tuple[int, ...]) -> bool:
    """Whether a row-major array that will be repeated has its elements in the same order with its axes moved."""
    sizes = (1,) * (len(order) - len(small)) + small
    long = [axis for axis in order if sizes[axis] > 1]
    return long == sorted(long)


def in_order(desc: tuple, order: tuple[int, ...]) -> tuple:
    """``(shape, dtype)`` with the axes in the order in which they lie in memory.

    Examples
    --------
    >>> in_order(((8, 3, 1, 1), "float32"), (0, 2, 3, 1))
    ((8, 1, 1, 3), 'float32')
    """
    shape, dtype = desc
    padded = (1,) * (len(order) - len(shape)) + shape
    return tuple(padded[axis] for axis in order), dtype
