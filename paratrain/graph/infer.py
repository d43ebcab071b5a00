"""Shape and dtype inference: of one call, and (both ways, to a fixed point) of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.registry import Attrs, Op
from paratrain.ops.rules import MaybeDtype, MaybeShape, known, show

__all__ = ["infer_node"]


def infer_node(op: Op, attrs: Attrs, ins: Sequence[tuple[tuple[int, ...], str]]) -> list[tuple[tuple[int, ...], str]]:
    """Shapes and dtypes of the outputs of one call.

    Parameters
    ----------
    op : Op
    attrs : dict
        Typed parameters.
    ins : sequence of (shape, dtype)
        All known.

    Returns
    -------
    list of (shape, dtype)
        For all outputs, hidden ones included.

    Raises
    ------
    ValueError
        If shapes contradict the operator's rule.
    TypeError
        If dtypes do.
    """
    count = len(op.output_names(attrs))
    shapes, dtypes = [d[0] for d in ins], [d[1] for d in ins]
    new_ins, outs = apply_shape(op, attrs, shapes, [None] * count)
    for name, got, want in zip(op.input_names(attrs), shapes, new_ins):
        if want is not None and tuple(want) != got:
            raise ValueError(f"[{op.name}] {name} must have shape {show(want)}; got {show(got)}")
    new_types, out_types = apply_dtype(op, attrs, dtypes, [None] * count)
    for name, got_type, want_type in zip(op.input_names(attrs), dtypes, new_types):
        if want_type is not None and want_type != got_type:
            raise TypeError(f"[{op.name}] {name} must have dtype {want_type}; got {got_type}")
    if not all(known(s) for s in outs) or None in out_types:
        raise ValueError(f"[{op.name}] the result's shape does not follow from inputs {shapes}")
    return list(zip(outs, out_types))  # type: ignore[arg-type]


def apply_shape(
    op: Op, attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]
) -> tuple[list[MaybeShape], list[MaybeShape]]:
    """The operator's shape rule, with its name in front of what it raises."""
    try:
        return op.shape(attrs, ins, outs)
    except ValueError as e:
        raise _named(op, e) from None


def apply_dtype(
    op: Op, attrs: Attrs, ins: list[MaybeDtype], outs: list[MaybeDtype]
) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
    """The operator's dtype rule, with its name in front of what it raises."""
    try:
        return op.dtype(attrs, ins, outs)
    except TypeError as e:
        raise _named(op, e) from None


def _named(op: Op, error: Any) -> Any:
    text = str(error)
    return error if text.startswith("[") else type(error)(f"[{op.name}] {text}")
