"""Keep a library's memory layout through a chain of operators; reorder only at its borders.

Before (each convolution reorders on its own)::

    plain -> [reorder, conv, reorder] -> relu -> [reorder, conv, reorder] -> plain

After::

    plain -> reorder -> conv -> relu -> conv -> reorder -> plain

An operator's `layout` says how it gets on with this: ``'any'`` kernels negotiate, ``'follow'`` ones (elementwise) take
what comes, ``'plain'`` ones need row-major arrays.
"""

from __future__ import annotations

from typing import Any

from paratrain.base import item_size
from paratrain.ops.registry import Op
from paratrain.ops.rules import product

__all__ = ["common_layout", "flat_desc"]


def common_layout(op: Op, descs: list[tuple]) -> Any:
    """Layout in which a ``'follow'`` operator can run on these inputs, or None for plain.

    Parameters
    ----------
    op : Op
    descs : list of (shape, dtype, layout)
    """
    if op.layout != "follow":
        return None
    layout = next((d[2] for d in descs if d[2] is not None), None)
    if layout is None or any(d[:2] != descs[0][:2] for d in descs):
        return None
    return layout


def flat_desc(desc: tuple) -> tuple:
    """The description of a blocked array as the row of numbers it is in memory, padding included.

    Padding is zero and must stay so, which is why only operators with f(0) = 0 are ``'follow'``.
    """
    shape, dtype, layout = desc
    count = product(shape) if layout is None else layout.nbytes // item_size(dtype)
    return ((count,), dtype)
