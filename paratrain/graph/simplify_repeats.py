"""Rules of `simplify` about arrays that are repeated: the repeating comes as late as may be, at best not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paratrain.graph.ir import Entry
from paratrain.ops.binary import TABLE
from paratrain.ops.elementwise import UNARY
from paratrain.ops.reduce import reduced_axes
from paratrain.ops.rules import product

if TYPE_CHECKING:
    from paratrain.graph.simplify_rules import Call

__all__ = ["BINARY", "MAPS_OF_ONE", "mean_of_small", "repeat_later", "repeated_operand"]

#: Repeat their first input by the rules of broadcasting.
_REPEATS = ("broadcast_axis", "broadcast_like", "broadcast_to", "_spread_like", "_unreduce")
_BROADCAST = {name: names[0] for _, names, alike, _, _ in TABLE for name in (names[0], alike[0])}
#: Functions of two arrays, by the names that rules see.
BINARY = tuple(_BROADCAST)
#: Functions of one array, element by element.
MAPS_OF_ONE = (*UNARY, *(name for row in TABLE for name in row[3] if name), "Cast", "clip", "amp_cast")


def mean_of_small(call: Call) -> Entry | None:
    """``_unreduce(x, mean=True)`` -> ``_unreduce(x * (1 / n))``: the small array is multiplied."""
    if not call.attrs["mean"]:
        return None
    small, like = call.inputs
    if not call.outs[0][1].startswith(("float", "bfloat")):
        return None
    shape = call.outs[0][0]
    count = max(product([shape[d] for d in reduced_axes(call.attrs, len(shape))]), 1)
    return call.make(
        "_unreduce", call.make("_mul_scalar", small, scalar=1.0 / count), like, **{**call.attrs, "mean": False}
    )


def repeat_later(call: Call) -> Entry | None:
    """``exp(broadcast_to(x))`` -> ``broadcast_to(exp(x))``, and likewise with other functions of one array."""
    node = call.source(0, *_REPEATS)
    if node is None or node.attrs.get("mean"):
        return None
    small = node.inputs[0]
    if product(call.desc(small)[0]) >= product(call.outs[0][0]) or not call.is_stable(small):
        return None
    return call.make(node.op.name, call.make(call.op.name, small, **call.attrs), *node.inputs[1:], **node.attrs)  # type: ignore[union-attr]


def repeated_operand(call: Call) -> Entry | None:
    """``x * broadcast_to(y)`` -> ``broadcast_mul(x, y)``: the operator repeats it itself."""
    shape = call.outs[0][0]
    for i in (0, 1):
        node = call.source(i, *_REPEATS)
        if node is None or node.attrs.get("mean") or call.desc(call.inputs[1 - i])[0] != shape:
            continue
        small = _kept(call, call.inputs[i])
        if small is None or not call.is_stable(node.inputs[0]):
            continue
        operands = [call.inputs[1 - i], small] if i else [small, call.inputs[1]]
        return call.make(_BROADCAST[call.op.name], *operands)
    return None


def _kept(call: Call, repeated: Entry) -> Entry | None:
    """The small array with as many axes as broadcasting needs; None where it is as large as the other."""
    node = repeated.node
    small, shape = node.inputs[0], call.desc(repeated)[0]
    if product(call.desc(small)[0]) >= product(shape):
        return None
    if node.op.name != "_unreduce":  # type: ignore[union-attr]
        return small
    axes = reduced_axes(node.attrs, len(shape))
    kept = tuple(1 if d in axes else n for d, n in enumerate(shape))
    return small if call.desc(small)[0] == kept else call.make("Reshape", small, shape=kept)
