"""Operators that read and write by position.

Positions may have any element type; fractions are cut off. Outside of an array they are moved to its border
(``clip``), counted around (``wrap``) or an IndexError (``raise``), and never read foreign memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ops.params import choice, dtype, flag, integer, ints, real
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, axis_of, dtype_param, known, merge, output_like, product, show

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]


def first_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    """Results have the type of input 0; positions have any."""
    kind = ins[0] or next((o for o in outs if o), None)
    return [kind, *ins[1:]], [kind] * len(outs)


# take


def _take_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    a, indices = ins
    if a is None or indices is None:
        return ins, outs
    at = axis_of(attrs["axis"], len(a))
    return ins, [merge((*a[:at], *indices, *a[at + 1 :]), outs[0])]


def _take_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    return "take", {"axis": axis_of(attrs["axis"], len(ins[0][0])), "mode": attrs["mode"], "array": 0}


_MODE = choice(("clip", "raise", "wrap"), "clip", "What becomes of positions outside of the array.")
_TAKE = {"axis": integer(0, "Axis along which elements are taken."), "mode": _MODE}
define(
    "take",
    "Elements of an array along an axis, by position.",
    inputs={"a": "Array.", "indices": "Positions along the axis, of any shape."},
    params=_TAKE,
    shape=_take_shape,
    dtype=first_dtype,
    kernel=_take_kernel,
    gradient=lambda g: [g.F._backward_take(g.grad(), g.inputs[1], g.inputs[0], **g.attrs), None],
    example=""">>> mx.nd.take(mx.nd.array([[1, 2], [3, 4], [5, 6]]), mx.nd.array([2, 0])).asnumpy()
array([[5., 6.],
       [1., 2.]], dtype=float32)""",
)
define(
    "_backward_take",
    "Gradient of take: sums of `grad` over the places that took each element, always in the same order.",
    inputs={"grad": "dY.", "indices": "Positions.", "data": "Gives the shape."},
    params=_TAKE,
    shape_only=("data",),
    shape=output_like(2),
    dtype=first_dtype,
    kernel=lambda attrs, ins, outs: (
        "take_grad",
        {"axis": axis_of(attrs["axis"], len(outs[0][0])), "mode": attrs["mode"]},
    ),
    gradient=lambda g: [g.F.take(g.grad(), g.inputs[1], **g.attrs), None, None],
)


def _embedding_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["sparse_grad"]:
        raise NotImplementedError("[Embedding] sparse_grad=True is not supported; use sparse_grad=False")
    weight = merge(ins[1], (attrs["input_dim"], attrs["output_dim"]), "weight and (input_dim, output_dim)")
    data = ins[0]
    if data is None and outs[0] is not None:
        data = outs[0][:-1]
    out = outs[0] if data is None else merge((*data, attrs["output_dim"]), outs[0])
    return [data, weight], [out]


def _embedding_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kind = ins[1] or outs[0] or attrs["dtype"]
    return [ins[0], kind], [kind]


define(
    "Embedding",
    "Rows of a table by number: (...) -> (..., output_dim). Numbers outside of the table give its first or last row.",
    inputs={"data": "Row numbers, of any shape.", "weight": "Table (input_dim, output_dim)."},
    params={
        "input_dim": integer(doc="Number of rows.", low=1),
        "output_dim": integer(doc="Length of a row.", low=1),
        "dtype": dtype("float32", "Element type of the table where nothing else tells."),
        "sparse_grad": flag(False, "Sparse gradients are not supported: must be False."),
    },
    shape=_embedding_shape,
    dtype=_embedding_dtype,
    kernel=lambda attrs, ins, outs: ("take", {"axis": 0, "mode": "clip", "array": 1}),
    gradient=lambda g: [
        None,
        g.F._backward_take(g.grad(), g.inputs[0], g.inputs[1], axis=0, mode="clip"),
    ],
    example=""">>> mx.nd.Embedding(mx.nd.array([2, 0]), mx.nd.array([[1, 2], [3, 4], [5, 6]]), input_dim=3,
...     output_dim=2).asnumpy()
array([[5., 6.],
       [1., 2.]], dtype=float32)""",
)

# pick


def _pick_axis(attrs: Attrs, ndim: int) -> int:
    return axis_of(attrs["axis"], ndim)


def _pick_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, index = ins
    if data is None:
        return ins, outs
    if attrs["axis"] is None:
        if known(data):
            index = merge(index, (1,), "index")
        return [data, index], [merge((1,) * len(data) if attrs["keepdims"] else (1,), outs[0])]
    at = _pick_axis(attrs, len(data))
    short = data[:at] + data[at + 1 :] or (1,)
    long = (*data[:at], 1, *data[at + 1 :])
    if index is not None and len(index) == len(long):
        index = merge(index, long, "index and data without the axis")
    else:
        index = merge(index, short, "index and data without the axis")
    return [data, index], [merge(long if attrs["keepdims"] else short, outs[0])]


def _pick_kernel(name: str, which: int) -> Callable[..., tuple[str, Attrs]]:
    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        shape = (ins[0] if which == 0 else outs[0])[0]
        view = (1, product(shape), 1)
        if attrs["axis"] is not None:
            at = _pick_axis(attrs, len(shape))
            view = (product(shape[:at]), shape[at], product(shape[at + 1 :]))
        return name, {"view": view, "mode": attrs["mode"]}

    return kernel


_PICK = {
    "axis": integer(-1, "Axis along which one element is picked; None: from the flattened array.", optional=True),
    "keepdims": flag(False, "Keep the axis with size 1."),
    "mode": choice(("clip", "wrap"), "clip", "What becomes of positions outside of the axis."),
}
define(
    "pick",
    "One element along an axis for each place of the other axes: ``y[i, j] = data[i, index[i, j], j]``.",
    aliases=("choose_element_0index",),
    inputs={"data": "Array.", "index": "Positions; shape of `data` without the axis (or with size 1)."},
    params=_PICK,
    shape=_pick_shape,
    dtype=first_dtype,
    kernel=_pick_kernel("pick", 0),
    gradient=lambda g: [g.F._backward_pick(g.grad(), g.inputs[1], g.inputs[0], **g.attrs), None],
    example=""">>> mx.nd.pick(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([1, 0])).asnumpy()
array([2., 3.], dtype=float32)""",
)
define(
    "_backward_pick",
    "Gradient of pick: `grad` at the picked places, zero elsewhere.",
    inputs={"grad": "dY.", "index": "Positions.", "data": "Gives the shape."},
    params=_PICK,
    shape_only=("data",),
    shape=output_like(2),
    dtype=first_dtype,
    kernel=_pick_kernel("pick_grad", 1),
    gradient=lambda g: [g.F.pick(g.grad(), g.inputs[1], **g.attrs), None, None],
)


def _batch_take_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    a, indices = ins
    if a is not None:
        if len(a) != 2:
            raise ValueError(f"a must have 2 axes; got {show(a)}")
        indices = merge(indices, a[:1], "indices and rows of a")
    return [a, indices], [merge(indices, outs[0])]


define(
    "batch_take",
    "One element of each row: ``y[i] = a[i, indices[i]]``.",
    inputs={"a": "Array (N, M).", "indices": "Positions (N,)."},
    shape=_batch_take_shape,
    dtype=first_dtype,
    kernel=lambda attrs, ins, outs: ("pick", {"view": (*ins[0][0], 1), "mode": "clip"}),
    gradient=lambda g: [
        g.F._backward_pick(g.grad(), g.inputs[1], g.inputs[0], axis=1, keepdims=False, mode="clip"),
        None,
    ],
    example=""">>> mx.nd.batch_take(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([1, 0], dtype='int32')).asnumpy()
array([2., 3.], dtype=float32)""",
)


def _one_hot_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    indices = ins[0]
    if indices is None and outs[0] is not None:
        indices = outs[0][:-1]
    if indices is None:
        return ins, outs
    return [indices], [merge((*indices, attrs["depth"]), outs[0])]


define(
    "one_hot",
    "For each position a row with `on_value` there and `off_value` elsewhere: (...) -> (..., depth).",
    inputs={"indices": "Positions; those outside of 0..depth-1 give a row of `off_value`."},
    params={
        "depth": integer(doc="Length of a row.", low=0),
        "on_value": real(1.0, "Value at the position."),
        "off_value": real(0.0, "Value elsewhere."),
        "dtype": dtype("float32", "Element type of the result."),
    },
    shape=_one_hot_shape,
    dtype=dtype_param(),
    kernel=lambda attrs, ins, outs: (
        "one_hot",
        {"depth": attrs["depth"], "on_value": attrs["on_value"], "off_value": attrs["off_value"]},
    ),
    gradient=lambda g: [g.F.zeros_like(g.inputs[0])],
    example=""">>> mx.nd.one_hot(mx.nd.array([1, 0]), depth=3).asnumpy()
array([[0., 1., 0.],
       [1., 0., 0.]], dtype=float32)""",
)

# Coordinates


def _gather_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, indices = ins
    if data is None or indices is None or indices[0] == -1:
        return ins, outs
    if indices[0] > len(data):
        raise ValueError(f"indices must have at most {len(data)} rows (the axes of data); got {show(indices)}")
    return ins, [merge((indices[1:] + data[indices[0] :]) or (1,), outs[0])]


define(
    "gather_nd",
    "Elements (or rows) of an array by coordinates: ``y[i] = data[indices[0, i], indices[1, i], ...]``.",
    inputs={"data": "Array.", "indices": "Coordinates (M, ...); negative ones count from the end."},
    shape=_gather_shape,
    dtype=first_dtype,
    kernel=lambda attrs, ins, outs: ("gather_nd", {}),
    gradient=lambda g: [g.F._backward_gather_nd(g.grad(), g.inputs[1], g.inputs[0]), None],
    example=""">>> mx.nd.gather_nd(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[0, 1], [1, 0]])).asnumpy()
array([2., 3.], dtype=float32)""",
)
define(
    "_backward_gather_nd",
    "Gradient of gather_nd: sums of `grad` at the coordinates.",
    inputs={"grad": "dY.", "indices": "Coordinates.", "data": "Gives the shape."},
    shape_only=("data",),
    shape=output_like(2),
    dtype=first_dtype,
    kernel=lambda attrs, ins, outs: ("scatter_nd", {"add": True}),
    gradient=lambda g: [g.F.gather_nd(g.grad(), g.inputs[1]), None, None],
)


def _scatter_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape, (data, indices) = attrs["shape"], ins
    if indices is not None and indices[0] != -1:
        if indices[0] > len(shape):
            raise ValueError(f"indices must have at most {len(shape)} rows (the axes of shape); got {show(indices)}")
        data = merge(data, (indices[1:] + shape[indices[0] :]) or (1,), "data and what the coordinates name")
    return [data, indices], [merge(shape, outs[0])]


define(
    "scatter_nd",
    "Zeros of a given shape with `data` at the coordinates; where several name one place, the last one counts.",
    inputs={"data": "Elements (or rows).", "indices": "Coordinates (M, ...)."},
    params={"shape": ints(doc="Shape of the result.", low=0)},
    shape=_scatter_shape,
    dtype=first_dtype,
    kernel=lambda attrs, ins, outs: ("scatter_nd", {"add": False}),
    gradient=lambda g: [g.F.gather_nd(g.grad(), g.inputs[1]), None],
    example=""">>> mx.nd.scatter_nd(mx.nd.array([5, 7]), mx.nd.array([[0, 1], [1, 0]]), shape=(2, 2)).asnumpy()
array([[0., 5.],
       [7., 0.]], dtype=float32)""",
)

# Sequences


def _sequence_lengths(attrs: Attrs, data: MaybeShape, lengths: list[MaybeShape]) -> list[MaybeShape]:
    if attrs["axis"] not in (0, 1):
        raise ValueError(f"axis must be 0 or 1; got {attrs['axis']}")
    if data is not None and len(data) < 2:
        raise ValueError(f"data must have at least 2 axes (steps and batch); got {show(data)}")
    if data is None or not lengths:
        return lengths
    return [merge(lengths[0], (data[1 - attrs["axis"]],), "sequence_length and batch")]


def _sequence_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = merge(ins[0], outs[0])
    return [data, *_sequence_lengths(attrs, data, ins[1:])], [data]


def _last_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = ins[0]
    lengths = _sequence_lengths(attrs, data, ins[1:])
    if data is None:
        return ins, outs
    at = attrs["axis"]
    return [data, *lengths], [merge(data[:at] + data[at + 1 :], outs[0])]


def _sequence_inputs(attrs: Attrs) -> tuple[str, ...]:
    return ("data", "sequence_length") if attrs["use_sequence_length"] else ("data",)


def _sequence_kernel(name: str) -> Callable[..., tuple[str, Attrs]]:
    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        return name, {
            "axis": attrs["axis"],
            "has_length": attrs["use_sequence_length"],
            "value": float(attrs.get("value", 0.0)),
        }

    return kernel


_SEQUENCE_INPUTS = {
    "data": "Sequences (T, N, ...), or (N, T, ...) with axis=1.",
    "sequence_length": "Their lengths (N,), used with use_sequence_length=True.",
}
_SEQUENCE = {
    "use_sequence_length": flag(False, "Whether the lengths are given; else all sequences are whole."),
    "axis": integer(0, "Axis of the steps, 0 or 1."),
}


def _lengths(g: Any, first: int = 1) -> list[Any]:
    return list(g.inputs[first : first + 1]) if g.attrs["use_sequence_length"] else []


def _no_length_grad(g: Any) -> list[None]:
    return [None] if g.attrs["use_sequence_length"] else []


define(
    "SequenceMask",
    "Sequences whose steps behind the end are `value`.",
    inputs=_SEQUENCE_INPUTS,
    present=_sequence_inputs,
    params={
        "use_sequence_length": _SEQUENCE["use_sequence_length"],
        "value": real(0.0, "Value of steps behind the end."),
        "axis": _SEQUENCE["axis"],
    },
    shape=_sequence_shape,
    dtype=first_dtype,
    kernel=_sequence_kernel("sequence_mask"),
    gradient=lambda g: [
        g.F.SequenceMask(g.grad(), *_lengths(g), **{**g.attrs, "value": 0.0}),
        *_no_length_grad(g),
    ],
    example=""">>> mx.nd.SequenceMask(mx.nd.array([[[1], [2]], [[3], [4]], [[5], [6]]]), mx.nd.array([1, 3]),
...     use_sequence_length=True).asnumpy()[:, :, 0]
array([[1., 2.],
       [0., 4.],
       [0., 6.]], dtype=float32)""",
)
define(
    "SequenceReverse",
    "Sequences with their steps in reverse; steps behind the end stay where they are.",
    inputs=_SEQUENCE_INPUTS,
    present=_sequence_inputs,
    params=_SEQUENCE,
    shape=_sequence_shape,
    dtype=first_dtype,
    kernel=_sequence_kernel("sequence_reverse"),
    gradient=lambda g: [g.F.SequenceReverse(g.grad(), *_lengths(g), **g.attrs), *_no_length_grad(g)],
    example=""">>> mx.nd.SequenceReverse(mx.nd.array([[[1], [2]], [[3], [4]], [[5], [6]]]), mx.nd.array([2, 3]),
...     use_sequence_length=True).asnumpy()[:, :, 0]
array([[3., 6.],
       [1., 4.],
       [5., 2.]], dtype=float32)""",
)
define(
    "SequenceLast",
    "The last step of each sequence: (N, ...).",
    inputs=_SEQUENCE_INPUTS,
    present=_sequence_inputs,
    params=_SEQUENCE,
    shape=_last_shape,
    dtype=first_dtype,
    kernel=_sequence_kernel("sequence_last"),
    gradient=lambda g: [
        g.F._backward_SequenceLast(g.grad(), g.inputs[0], *_lengths(g), **g.attrs),
        *_no_length_grad(g),
    ],
    example=""">>> mx.nd.SequenceLast(mx.nd.array([[[1], [2]], [[3], [4]], [[5], [6]]]), mx.nd.array([1, 3]),
...     use_sequence_length=True).asnumpy()
array([[1.],
       [6.]], dtype=float32)""",
)


define(
    "_backward_SequenceLast",
    "Gradient of SequenceLast: `grad` at the last steps, zero elsewhere.",
    inputs={"grad": "dY.", "data": "Gives the shape.", "sequence_length": "Lengths (N,)."},
    present=lambda attrs: ("grad", "data", "sequence_length") if attrs["use_sequence_length"] else ("grad", "data"),
    params=_SEQUENCE,
    shape_only=("data",),
    shape=output_like(1),
    dtype=first_dtype,
    kernel=_sequence_kernel("sequence_last_grad"),
    gradient=lambda g: [
        g.F.SequenceLast(g.grad(), *_lengths(g, 2), **g.attrs),
        None,
        *_no_length_grad(g),
    ],
)
