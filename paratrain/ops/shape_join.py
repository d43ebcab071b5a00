"""Operators that join arrays or take one apart."""

from __future__ import annotations

from typing import Any

from paratrain.ops.params import flag, integer
from paratrain.ops.registry import MAX_INPUTS, Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, axis_of, merge, show

Shapes = list[MaybeShape]
Specs = list[tuple]

_NUM_ARGS = {"num_args": integer(doc="Number of arrays.", low=1)}
# Inputs of backward operators after dY: only their shapes count.
_SHAPES_OF_PARTS = tuple(f"arg{i}" for i in range(1, 1025))


def _concat_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    some = next((s for s in (*ins, *outs) if s is not None), None)
    if some is None:
        return ins, outs
    ndim = len(some)
    at = axis_of(attrs["dim"], ndim, "dim")
    rest: MaybeShape = None
    for s in (*ins, *outs):
        if s is not None:
            if len(s) != ndim:
                raise ValueError(f"arrays must have as many axes as each other; got {show(some)} and {show(s)}")
            rest = merge(rest, (*s[:at], -1, *s[at + 1 :]), f"shapes apart from axis {at}")
    assert rest is not None
    parts = [None if s is None else merge(s, rest) for s in ins]
    sizes = [-1 if s is None else s[at] for s in parts]
    total = -1 if outs[0] is None else outs[0][at]
    if -1 not in sizes:
        total = sum(sizes)
    elif sizes.count(-1) == 1 and total != -1:
        sizes[sizes.index(-1)] = total - sum(n for n in sizes if n != -1)
    new_ins = [(*rest[:at], n, *rest[at + 1 :]) for n in sizes]
    return list(new_ins), [merge((*rest[:at], total, *rest[at + 1 :]), outs[0], "result and joined shape")]


def _concat_grad(g: GradContext) -> list[Any]:
    count = g.attrs["num_args"]
    if count == 1:
        return [g.grad()]
    return list(g.F._backward_Concat(g.grad(), *g.inputs, num_args=count + 1, dim=g.attrs["dim"]))


_DIM = {"dim": integer(1, "Axis along which the arrays follow each other.")}
for _name, _aliases in (("Concat", ("concat",)), ("_rnn_param_concat", ())):
    define(
        _name,
        "Arrays joined along an axis; their other sizes agree.",
        aliases=_aliases,
        variadic="num_args",
        inputs={"data": "Arrays with the same sizes along the other axes."},
        params={**_NUM_ARGS, **_DIM},
        shape=_concat_shape,
        kernel=lambda attrs, ins, outs: (
            "concat",
            {"axis": axis_of(attrs["dim"], len(outs[0][0])), "new_axis": False},
        ),
        gradient=_concat_grad,
    )


def _concat_back_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    parts, whole = _concat_shape(attrs, [merge(a, b) for a, b in zip(ins[1:], outs)], [ins[0]])
    return [whole[0], *parts], list(parts)


define(
    "_backward_Concat",
    "Gradient of Concat: the pieces of `grad` (the first array) that belong to the others.",
    variadic="num_args",
    inputs={"data": "dY, and the arrays that were joined (for their shapes)."},
    params={"num_args": integer(doc="Number of arrays, dY included.", low=2), **_DIM},
    outputs=lambda attrs: tuple(f"grad{i}" for i in range(attrs["num_args"] - 1)),
    shape_only=_SHAPES_OF_PARTS,
    shape=_concat_back_shape,
    kernel=lambda attrs, ins, outs: ("split", {"axis": axis_of(attrs["dim"], len(ins[0][0])), "new_axis": False}),
    gradient=lambda g: [
        g.F.Concat(*[g.grad(i) for i in range(len(g.outputs))], num_args=len(g.outputs), dim=g.attrs["dim"]),
        *[None] * len(g.outputs),
    ],
)


def _stack_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape: MaybeShape = None
    for s in ins:
        shape = merge(shape, s)
    if outs[0] is not None:
        at = axis_of(attrs["axis"], len(outs[0]))
        shape = merge(shape, outs[0][:at] + outs[0][at + 1 :])
    if shape is None:
        return ins, outs
    at = axis_of(attrs["axis"], len(shape) + 1)
    return [shape] * len(ins), [merge((*shape[:at], len(ins), *shape[at:]), outs[0])]


def _stack_grad(g: GradContext) -> list[Any]:
    count = g.attrs["num_args"]
    parts = g.F.SliceChannel(g.grad(), num_outputs=count, axis=g.attrs["axis"], squeeze_axis=True)
    return [parts] if count == 1 else list(parts)


define(
    "stack",
    "Arrays of one shape joined along a new axis.",
    variadic="num_args",
    inputs={"data": "Arrays of one shape."},
    params={**_NUM_ARGS, "axis": integer(0, "Where the new axis is in the result.")},
    shape=_stack_shape,
    kernel=lambda attrs, ins, outs: ("concat", {"axis": axis_of(attrs["axis"], len(outs[0][0])), "new_axis": True}),
    gradient=_stack_grad,
    example=""">>> mx.nd.stack(mx.nd.array([1, 2]), mx.nd.array([3, 4])).asnumpy()
array([[1., 2.],
       [3., 4.]], dtype=float32)""",
)


def _split_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    count, squeeze = attrs["num_outputs"], attrs["squeeze_axis"]
    data = ins[0]
    part: MaybeShape = None
    for s in outs:
        part = merge(part, s)
    if part is not None:
        at = axis_of(attrs["axis"], len(part) + (1 if squeeze else 0))
        whole = count if squeeze else (-1 if part[at] == -1 else part[at] * count)
        data = merge(data, (*part[:at], whole, *part[at if squeeze else at + 1 :]))
    if data is None:
        return ins, outs
    at = axis_of(attrs["axis"], len(data))
    n = data[at]
    if n != -1 and (n % count or (squeeze and n != count)):
        want = f"{count} (squeeze_axis=True)" if squeeze else f"a multiple of num_outputs={count}"
        raise ValueError(f"axis {at} of data must have size {want}; got {show(data)}")
    middle = () if squeeze else (-1 if n == -1 else n // count,)
    return [data], [(*data[:at], *middle, *data[at + 1 :]) or (1,)] * count


def _split_grad(g: GradContext) -> list[Any]:
    grads = [g.grad(i) for i in range(g.attrs["num_outputs"])]
    if g.attrs["squeeze_axis"]:
        return [g.F.stack(*grads, num_args=len(grads), axis=g.attrs["axis"])]
    return [g.F.Concat(*grads, num_args=len(grads), dim=g.attrs["axis"])]


define(
    "SliceChannel",
    "The array cut into equal parts along an axis.",
    aliases=("split",),
    params={
        "num_outputs": integer(doc="Number of parts.", low=1, high=MAX_INPUTS),
        "axis": integer(1, "Axis that is cut."),
        "squeeze_axis": flag(False, "Remove the axis, which then has size 1 in each part."),
    },
    outputs=lambda attrs: tuple(f"output{i}" for i in range(attrs["num_outputs"])),
    shape=_split_shape,
    kernel=lambda attrs, ins, outs: (
        "split",
        {"axis": axis_of(attrs["axis"], len(ins[0][0])), "new_axis": attrs["squeeze_axis"]},
    ),
    gradient=_split_grad,
    example=""">>> left, right = mx.nd.SliceChannel(mx.nd.array([[1, 2], [3, 4]]), num_outputs=2)
>>> right.asnumpy()
array([[2.],
       [4.]], dtype=float32)""",
)
