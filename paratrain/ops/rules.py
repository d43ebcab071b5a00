"""Shape and dtype rules that operators share.

A rule is ``rule(attrs, ins, outs) -> (ins, outs)``. It gets what is known of each input and output and returns what
follows. It may be called several times while knowledge grows, forwards and backwards.

Shapes
    ``None``: nothing known; a tuple in which ``-1`` stands for an unknown size.
Dtypes
    ``None``: unknown; else a canonical name (`paratrain.base.dtype_name`).

A contradiction raises `ValueError` (shape) or `TypeError` (dtype) without the operator's name; the caller adds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Shape = tuple[int, ...]
MaybeShape = Shape | None
MaybeDtype = str | None
ShapeRule = Callable[[dict[str, Any], list[MaybeShape], list[MaybeShape]], tuple[list[MaybeShape], list[MaybeShape]]]
DtypeRule = Callable[[dict[str, Any], list[MaybeDtype], list[MaybeDtype]], tuple[list[MaybeDtype], list[MaybeDtype]]]


def known(shape: MaybeShape) -> bool:
    """Whether every size of the shape is known."""
    return shape is not None and -1 not in shape


def merge(a: MaybeShape, b: MaybeShape, what: str = "shapes") -> MaybeShape:
    """What two pieces of knowledge about one shape say together.

    Raises
    ------
    ValueError
        If they contradict each other.
    """
    if a is None or a == b:
        return b
    if b is None:
        return a
    if len(a) != len(b) or any(x != y and x != -1 and y != -1 for x, y in zip(a, b)):
        raise ValueError(f"{what} must agree; got {show(a)} and {show(b)}")
    return tuple(y if x == -1 else x for x, y in zip(a, b))


def show(shape: MaybeShape) -> str:
    """A shape as text, with ``?`` for what is unknown."""
    if shape is None:
        return "(...)"
    inner = ", ".join("?" if d == -1 else str(d) for d in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def axis_of(axis: int, ndim: int, what: str = "axis") -> int:
    """Axis counted from the front.

    Raises
    ------
    ValueError
        If there is no such axis.
    """
    if not -ndim <= axis < max(ndim, 1):
        raise ValueError(f"{what} must be in [{-ndim}, {ndim}) for {ndim} axes; got {axis}")
    return axis % max(ndim, 1)


def product(shape: Sequence[int]) -> int:
    """Number of elements of a known shape (or part of one)."""
    n = 1
    for d in shape:
        n *= d
    return n


def same_shape(
    attrs: dict[str, Any], ins: list[MaybeShape], outs: list[MaybeShape]
) -> tuple[list[MaybeShape], list[MaybeShape]]:
    """All inputs and outputs have one shape."""
    shape: MaybeShape = None
    for other in (*ins, *outs):
        shape = merge(shape, other)
    return [shape] * len(ins), [shape] * len(outs)


def same_dtype(
    attrs: dict[str, Any], ins: list[MaybeDtype], outs: list[MaybeDtype]
) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
    """All inputs and outputs have one dtype."""
    dtype: MaybeDtype = None
    for other in (*ins, *outs):
        if dtype is not None and other is not None and other != dtype:
            raise TypeError(f"dtypes must agree; got {dtype} and {other}")
        dtype = other or dtype
    return [dtype] * len(ins), [dtype] * len(outs)


def output_like(index: int) -> ShapeRule:
    """Every output has the shape of input `index`; nothing is said of the other inputs."""

    def rule(
        attrs: dict[str, Any], ins: list[MaybeShape], outs: list[MaybeShape]
    ) -> tuple[list[MaybeShape], list[MaybeShape]]:
        shape = ins[index]
        for other in outs:
            shape = merge(shape, other)
        return [shape if i == index else s for i, s in enumerate(ins)], [shape] * len(outs)

    return rule


def outputs_like(*indices: int) -> ShapeRule:
    """Output k has the shape of input ``indices[k]`` (as of most backward operators)."""

    def rule(
        attrs: dict[str, Any], ins: list[MaybeShape], outs: list[MaybeShape]
    ) -> tuple[list[MaybeShape], list[MaybeShape]]:
        new_ins = list(ins)
        new_outs = []
        for k, out in enumerate(outs):
            shape = merge(new_ins[indices[k]], out)
            new_ins[indices[k]] = shape
            new_outs.append(shape)
        return new_ins, new_outs

    return rule


def dtype_like(index: int) -> DtypeRule:
    """Every output has the dtype of input `index`; nothing is said of the other inputs."""

    def rule(
        attrs: dict[str, Any], ins: list[MaybeDtype], outs: list[MaybeDtype]
    ) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
        dtype = ins[index] or next((o for o in outs if o), None)
        return [dtype if i == index else t for i, t in enumerate(ins)], [dtype] * len(outs)

    return rule


def real_dtype(
    attrs: dict[str, Any], ins: list[MaybeDtype], outs: list[MaybeDtype]
) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
    """All inputs and outputs are float32, or all float64."""
    new_ins, new_outs = same_dtype(attrs, ins, outs)
    if (new_ins or new_outs)[0] not in (None, "float32", "float64"):
        raise TypeError(f"dtype must be float32 or float64; got {(new_ins or new_outs)[0]} (cast before)")
    return new_ins, new_outs


def float_dtype(
    attrs: dict[str, Any], ins: list[MaybeDtype], outs: list[MaybeDtype]
) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
    """All inputs and outputs have one floating point dtype."""
    new_ins, new_outs = same_dtype(attrs, ins, outs)
    if (new_ins or new_outs)[0] not in (None, "float32", "float64", "float16", "bfloat16"):
        raise TypeError(f"dtype must be a floating point type; got {(new_ins or new_outs)[0]} (cast before)")
    return new_ins, new_outs


def dtype_param(name: str = "dtype") -> DtypeRule:
    """Every output has the dtype named by a parameter."""

    def rule(
        attrs: dict[str, Any], ins: list[MaybeDtype], outs: list[MaybeDtype]
    ) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
        return ins, [attrs[name]] * len(outs)

    return rule


def broadcast_shape(
    attrs: dict[str, Any], ins: list[MaybeShape], outs: list[MaybeShape]
) -> tuple[list[MaybeShape], list[MaybeShape]]:
    """NumPy's broadcasting of two inputs."""
    a, b = ins
    if a is None or b is None:
        return ins, outs
    ndim = max(len(a), len(b))
    long_a, long_b = (1,) * (ndim - len(a)) + a, (1,) * (ndim - len(b)) + b
    out = []
    for x, y in zip(long_a, long_b):
        if x == y or y == 1:
            out.append(x)
        elif x == 1:
            out.append(y)
        elif -1 in (x, y):
            out.append(max(x, y))
        else:
            raise ValueError(f"shapes must broadcast (equal sizes, or 1); got {show(a)} and {show(b)}")
    return ins, [merge(tuple(out), outs[0], "result and broadcast shape")]
