"""Strides of row-major arrays, for operators that are a strided copy (`ext/kernels/shape/strided.h`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from paratrain.ops.registry import Attrs
from paratrain.ops.rules import product

__all__ = ["View", "outer_axis_inner", "row_strides", "strided", "strided_back", "view_attrs"]

#: Shape, strides and offset of a strided view.
View = tuple[tuple[int, ...], tuple[int, ...], int]


def row_strides(shape: Sequence[int]) -> tuple[int, ...]:
    """Elements from one place to the next along each axis of a row-major array.

    Examples
    --------
    >>> row_strides((2, 3, 4))
    (12, 4, 1)
    """
    out = []
    step = 1
    for size in reversed(shape):
        out.append(step)
        step *= size
    return tuple(reversed(out))


def view_attrs(shape: Sequence[int], strides: Sequence[int], offset: int = 0) -> Attrs:
    """Attributes of the strided kernels: place i of the view is ``offset + sum(i[d] * strides[d])``."""
    return {"shape": tuple(shape), "strides": tuple(strides), "offset": offset}


def outer_axis_inner(shape: Sequence[int], axis: int) -> tuple[int, int, int]:
    """Sizes before, along and behind an axis (counted from the front).

    Examples
    --------
    >>> outer_axis_inner((2, 3, 4, 5), 1)
    (2, 3, 20)
    """
    return product(shape[:axis]), shape[axis], product(shape[axis + 1 :])


def strided(view_of: Callable[[Attrs, tuple[int, ...]], View]) -> Callable[..., tuple[str, Attrs]]:
    """Kernel that copies the view of input 0 which ``view_of(attrs, shape)`` describes."""
    return lambda attrs, ins, outs: ("strided", view_attrs(*view_of(attrs, ins[0][0])))


def strided_back(view_of: Callable[[Attrs, tuple[int, ...]], View]) -> Callable[..., tuple[str, Attrs]]:
    """Kernel of its gradient: zeros, with input 0 copied to the view of output 0."""
    return lambda attrs, ins, outs: ("strided_scatter", view_attrs(*view_of(attrs, outs[0][0])))
