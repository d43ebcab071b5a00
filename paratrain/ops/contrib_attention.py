"""Products of attention on interleaved projections (`ext/kernels/contrib/attention.h`).

One projection gives queries, keys and values at once: (length, batch, heads * parts * width), where for each head its
parts follow each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.params import integer
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, float_dtype, merge, product, show
from paratrain.ops.strides import row_strides, view_attrs

Shapes = list[MaybeShape]
Specs = list[tuple]

_HEADS = {"heads": integer(doc="Number of heads.", low=1)}


def _check(shape: MaybeShape, heads: int, parts: int, what: str) -> None:
    if shape is None:
        return
    if len(shape) != 3 or (shape[2] != -1 and (shape[2] % (heads * parts) or not shape[2])):
        raise ValueError(
            f"{what} must be (length, batch, heads * {parts} * width) with heads={heads}; got {show(shape)}"
        )


def _batch_of_heads(shape: tuple[int, ...], heads: int) -> int:
    return -1 if shape[1] == -1 else shape[1] * heads


def _scores_shape(parts: tuple[int, ...]) -> Callable[[Attrs, Shapes, Shapes], tuple[Shapes, Shapes]]:
    """Rule of queries times keys; `parts` in each input, the keys in the last one."""

    def rule(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        heads = attrs["heads"]
        for s, n in zip(ins, parts):
            _check(s, heads, n, "an input")
        if None in ins:
            return ins, outs
        queries, keys = ins[0], ins[-1]
        assert queries is not None
        assert keys is not None
        if len(ins) > 1 and -1 not in (queries[2], keys[2]) and keys[2] != 2 * queries[2]:
            raise ValueError(f"keys_values must be twice as wide as queries; got {show(keys)} and {show(queries)}")
        merge(queries[1:2], keys[1:2], "sizes of the batch")
        return ins, [merge((_batch_of_heads(queries, heads), queries[0], keys[0]), outs[0])]

    return rule


def _values_shape(parts: int) -> Callable[[Attrs, Shapes, Shapes], tuple[Shapes, Shapes]]:
    """Rule of attention times values."""

    def rule(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        values, attention = ins
        _check(values, attrs["heads"], parts, "the array with the values")
        if values is None:
            return ins, outs
        want = (_batch_of_heads(values, attrs["heads"]), -1 if parts == 2 else values[0], values[0])
        attention = merge(attention, want, "attention and what the values ask for")
        assert attention is not None
        width = -1 if values[2] == -1 else values[2] // parts
        return [values, attention], [merge((attention[1], values[1], width), outs[0])]

    return rule


def _part_view(heads: int, parts: int, which: int, shape: tuple[int, ...]) -> Attrs:
    length, batch, total = shape
    width = total // heads // parts
    by_length, by_batch, _ = row_strides(shape)
    sizes = (batch, heads, length, width)
    return view_attrs(sizes, (by_batch, parts * width, by_length, 1), which * width if product(sizes) else 0)


def _part_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape, heads, parts = ins[0], attrs["heads"], attrs["parts"]
    _check(shape, heads, parts, "data")
    if shape is None:
        return ins, outs
    width = -1 if shape[2] == -1 else shape[2] // heads // parts
    return ins, [merge((_batch_of_heads(shape, heads), shape[0], width), outs[0])]


def _part_back_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    (data,), (part,) = _part_shape(attrs, [merge(ins[1], outs[0])], ins[:1])
    return [part, data], [data]


_PART = {
    **_HEADS,
    "parts": integer(doc="Number of parts.", low=1, high=3),
    "which": integer(doc="Number of the part.", low=0, high=2),
}
define(
    "_attention_part",
    "One part of an interleaved array as matrices: (batch * heads, length, width).",
    params=_PART,
    shape=_part_shape,
    kernel=lambda attrs, ins, outs: (
        "strided",
        _part_view(attrs["heads"], attrs["parts"], attrs["which"], ins[0][0]),
    ),
    gradient=lambda g: [g.F._backward_attention_part(g.grad(), g.inputs[0], **g.attrs)],
    flops=lambda attrs, ins, outs: 0,  # elements move
)
define(
    "_backward_attention_part",
    "Zeros of the shape of `data` with one part given as matrices.",
    inputs={"grad": "The part (batch * heads, length, width).", "data": "Gives the shape."},
    params=_PART,
    shape_only=("data",),
    shape=_part_back_shape,
    kernel=lambda attrs, ins, outs: (
        "strided_scatter",
        _part_view(attrs["heads"], attrs["parts"], attrs["which"], outs[0][0]),
    ),
    gradient=lambda g: [g.F._attention_part(g.grad(), **g.attrs), None],
    flops=lambda attrs, ins, outs: 0,
)


def _part(g: GradContext, data: Any, parts: int, which: int) -> Any:
    return g.F._attention_part(data, heads=g.attrs["heads"], parts=parts, which=which)


def _part_back(g: GradContext, grad: Any, data: Any, parts: int, which: int) -> Any:
    return g.F._backward_attention_part(grad, data, heads=g.attrs["heads"], parts=parts, which=which)


def _scores_grad(parts: tuple[int, ...]) -> Callable[[GradContext], Sequence[Any]]:
    def gradient(g: GradContext) -> Sequence[Any]:
        F, first, last, dy = g.F, g.inputs[0], g.inputs[-1], g.grad()
        key = 1 if len(parts) == 1 else 0
        queries = F._contrib_div_sqrt_dim(_part(g, first, parts[0], 0))
        keys = F._contrib_div_sqrt_dim(_part(g, last, parts[-1], key))
        dq = _part_back(g, F.batch_dot(dy, keys), first, parts[0], 0)
        dk = _part_back(g, F.batch_dot(dy, queries, transpose_a=True), last, parts[-1], key)
        return [F.elemwise_add(dq, dk)] if len(parts) == 1 else [dq, dk]

    return gradient


def _values_grad(parts: int) -> Callable[[GradContext], Sequence[Any]]:
    def gradient(g: GradContext) -> Sequence[Any]:
        F, (data, attention) = g.F, g.inputs
        dy = _part(g, g.grad(), 1, 0)
        dvalues = F.batch_dot(attention, dy, transpose_a=True)
        dattention = F.batch_dot(dy, _part(g, data, parts, parts - 1), transpose_b=True)
        return [_part_back(g, dvalues, data, parts, parts - 1), dattention]

    return gradient


def _scores_kernel(q_parts: int, k_parts: int, k_which: int) -> Callable[..., tuple[str, Attrs]]:
    return lambda attrs, ins, outs: (
        "attention_scores",
        {"heads": attrs["heads"], "q_parts": q_parts, "q_which": 0, "k_parts": k_parts, "k_which": k_which},
    )


def _values_kernel(parts: int) -> Callable[..., tuple[str, Attrs]]:
    return lambda attrs, ins, outs: (
        "attention_values",
        {"heads": attrs["heads"], "v_parts": parts, "v_which": parts - 1},
    )


def _scores_flops(attrs: Attrs, ins: Specs, outs: Specs) -> int:
    parts = 3 if len(ins) == 1 else 1
    return 2 * product(outs[0][0]) * (ins[0][0][2] // attrs["heads"] // parts)


def _values_flops(attrs: Attrs, ins: Specs, outs: Specs) -> int:
    return 2 * math.prod(ins[1][0]) * (outs[0][0][2] // attrs["heads"])


define(
    "_contrib_interleaved_matmul_selfatt_qk",
    "Products of queries and keys by head, divided by the root of the width: (batch * heads, length, length).",
    inputs={"queries_keys_values": "Projection (length, batch, heads * 3 * width)."},
    params=_HEADS,
    shape=_scores_shape((3,)),
    dtype=float_dtype,
    kernel=_scores_kernel(3, 3, 1),
    gradient=_scores_grad((3,)),
    flops=_scores_flops,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.contrib.interleaved_matmul_selfatt_qk(mx.nd.ones((3, 1, 24)), heads=2).asnumpy()[0, 0]
    array([2., 2., 2.], dtype=float32)""",
)
define(
    "_contrib_interleaved_matmul_selfatt_valatt",
    "Sums of values, weighted by attention: (length, batch, heads * width).",
    inputs={
        "queries_keys_values": "Projection (length, batch, heads * 3 * width).",
        "attention": "Weights (batch * heads, length, length).",
    },
    params=_HEADS,
    shape=_values_shape(3),
    dtype=float_dtype,
    kernel=_values_kernel(3),
    gradient=_values_grad(3),
    flops=_values_flops,
    example="""
    >>> import paratrain as mx
    >>> weights = mx.nd.ones((2, 3, 3)) / 3
    >>> mx.nd.contrib.interleaved_matmul_selfatt_valatt(mx.nd.ones((3, 1, 12)), weights, heads=2).shape
    (3, 1, 4)""",
)
define(
    "_contrib_interleaved_matmul_encdec_qk",
    "Products of a decoder's queries and an encoder's keys by head, divided by the root of the width.",
    inputs={
        "queries": "Projection (queries, batch, heads * width).",
        "keys_values": "Projection (keys, batch, heads * 2 * width).",
    },
    params=_HEADS,
    shape=_scores_shape((1, 2)),
    dtype=float_dtype,
    kernel=_scores_kernel(1, 2, 0),
    gradient=_scores_grad((1, 2)),
    flops=_scores_flops,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.contrib.interleaved_matmul_encdec_qk(mx.nd.ones((3, 1, 4)), mx.nd.ones((2, 1, 8)), heads=2).shape
    (2, 3, 2)""",
)
define(
    "_contrib_interleaved_matmul_encdec_valatt",
    "Sums of an encoder's values, weighted by attention: (queries, batch, heads * width).",
    inputs={
        "keys_values": "Projection (keys, batch, heads * 2 * width).",
        "attention": "Weights (batch * heads, queries, keys).",
    },
    params=_HEADS,
    shape=_values_shape(2),
    dtype=float_dtype,
    kernel=_values_kernel(2),
    gradient=_values_grad(2),
    flops=_values_flops,
    example="""
    >>> import paratrain as mx
    >>> weights = mx.nd.ones((2, 3, 5))
    >>> mx.nd.contrib.interleaved_matmul_encdec_valatt(mx.nd.ones((5, 1, 8)), weights, heads=2).shape
    (3, 1, 4)""",
)
