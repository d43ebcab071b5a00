"""Operators that see an array with another shape: nothing is computed, the result shares the memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.params import flag, integer, ints
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, axis_of, known, merge, product, show

Shapes = list[MaybeShape]


def _grad(g: GradContext) -> Sequence[Any]:
    return [g.F.reshape_like(g.grad(), g.inputs[0])]


def _times(sizes: Sequence[int]) -> int:
    return -1 if -1 in sizes else product(sizes)


def _split_sizes(whole: int, first: int, second: int) -> tuple[int, int]:
    """Sizes into which code -4 splits an axis."""
    if first == -1 and second == -1:
        raise ValueError("code -4 must be followed by two sizes of which at most one is -1")
    if whole == -1:
        return first, second
    if first == -1 and second > 0 and whole % second == 0:
        first = whole // second
    if second == -1 and first > 0 and whole % first == 0:
        second = whole // first
    if first * second != whole:
        raise ValueError(f"code -4 cannot split an axis of size {whole} into {first} and {second}")
    return first, second


def _decode(codes: tuple[int, ...], shape: tuple[int, ...]) -> list[int]:
    """Sizes that the codes stand for; at most one is None-like (-1 by code)."""
    out: list[int] = []
    at = i = 0

    def take(count: int, code: int) -> tuple[int, ...]:
        nonlocal at
        if at + count > len(shape):
            raise ValueError(f"code {code} needs {count} more axes of data; its shape is {show(shape)}, shape={codes}")
        at += count
        return shape[at - count : at]

    while i < len(codes):
        code = codes[i]
        if code == 0:
            out += take(1, 0)
        elif code == -1:
            out.append(-1)
            at += 1
        elif code == -2:
            out += shape[at:]
            at = len(shape)
        elif code == -3:
            out.append(_times(take(2, -3)))
        elif code == -4:
            if i + 2 >= len(codes):
                raise ValueError(f"code -4 must be followed by two sizes; got shape={codes}")
            out += _split_sizes(take(1, -4)[0], codes[i + 1], codes[i + 2])
            i += 2
        elif code > 0:
            out.append(code)
            at += 1
        else:
            raise ValueError(f"shape must hold sizes or the codes 0, -1, -2, -3, -4; got {codes}")
        i += 1
    return out


def reshaped(codes: tuple[int, ...], shape: tuple[int, ...], reverse: bool = False) -> tuple[int, ...]:
    """Shape that `Reshape` gives an array of the given shape.

    Raises
    ------
    ValueError
        If the sizes do not fit.

    Examples
    --------
    >>> reshaped((-3, 0), (2, 3, 4))
    (6, 4)
    """
    if reverse:
        if -4 in codes:
            raise ValueError("code -4 cannot be used with reverse=True")
        return tuple(reversed(reshaped(codes[::-1], shape[::-1])))
    if codes.count(-1) - (2 if -4 in codes else 0) > 1:
        raise ValueError(f"shape must hold at most one -1; got {codes}")
    out = _decode(codes, shape)
    if not known(shape):
        return tuple(out)
    size = product(shape)
    rest = product([n for n in out if n != -1])
    if -1 in out:
        if rest == 0 or size % rest:
            raise ValueError(f"an array of shape {show(shape)} cannot be reshaped to {codes}: {size} is no multiple")
        return tuple(size // rest if n == -1 else n for n in out)
    if rest != size:
        raise ValueError(f"an array of shape {show(shape)} has {size} elements and cannot be reshaped to {tuple(out)}")
    return tuple(out)


def _reshape_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, codes = ins[0], attrs["shape"]
    if data is None:
        return ins, outs
    if codes:
        return ins, [merge(reshaped(codes, data, attrs["reverse"]), outs[0])]
    target = attrs["target_shape"]
    if not target:
        raise ValueError("shape must be given")
    if attrs["keep_highest"]:
        target = (data[0], *target[1:])
    return ins, [merge(reshaped(tuple(-1 if n == 0 else n for n in target), data), outs[0])]


define(
    "Reshape",
    """The array with another shape and the same elements in the same order.

    Codes in `shape`: 0 keeps the size; -1 follows from the others; -2 keeps all remaining axes; -3 joins two axes;
    -4 splits one into the two sizes that follow (one of them may be -1).""",
    aliases=("reshape",),
    params={
        "shape": ints((), "New sizes, or codes."),
        "reverse": flag(False, "Match codes from the last axis on."),
        "target_shape": ints((), "Old form of `shape`, in which 0 follows from the others."),
        "keep_highest": flag(False, "With `target_shape`: keep the first size."),
    },
    view=True,
    shape=_reshape_shape,
    gradient=_grad,
    example=""">>> mx.nd.Reshape(mx.nd.array([1, 2, 3, 4]), shape=(2, -1)).asnumpy()
array([[1., 2.],
       [3., 4.]], dtype=float32)""",
)


def _flatten_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = ins[0]
    if data is None:
        return ins, outs
    return ins, [merge((data[0], _times(data[1:])), outs[0])]


define(
    "Flatten",
    "All axes but the first as one: (N, ...) becomes (N, d).",
    aliases=("flatten",),
    inputs={"data": "Array (N, ...)."},
    view=True,
    shape=_flatten_shape,
    gradient=_grad,
    example=""">>> mx.nd.Flatten(mx.nd.array([[[1, 2], [3, 4]]])).asnumpy()
array([[1., 2., 3., 4.]], dtype=float32)""",
)


def _expand_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, out = ins[0], outs[0]
    ndim = len(data) + 1 if data is not None else (len(out) if out is not None else 0)
    if not ndim:
        return ins, outs
    at = axis_of(attrs["axis"], ndim)
    if out is not None:
        if out[at] not in (1, -1):
            raise ValueError(f"axis {at} of the result must have size 1; got {show(out)}")
        data = merge(data, out[:at] + out[at + 1 :])
    assert data is not None
    return [data], [(*data[:at], 1, *data[at:])]


define(
    "expand_dims",
    "The array with a further axis of size 1.",
    params={"axis": integer(doc="Where the axis is in the result; negative: counted from the end.")},
    view=True,
    shape=_expand_shape,
    gradient=_grad,
    example=""">>> mx.nd.expand_dims(mx.nd.array([1, 2]), axis=0).asnumpy()
array([[1., 2.]], dtype=float32)""",
)


def _squeeze_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, axis = ins[0], attrs["axis"]
    if data is None:
        return ins, outs
    if axis is None:
        if -1 in data:
            return ins, outs
        gone = {d for d, n in enumerate(data) if n == 1}
    else:
        gone = {axis_of(a, len(data)) for a in axis}
        if len(gone) < len(axis):
            raise ValueError(f"axis must not name an axis twice; got {axis}")
        wrong = [d for d in sorted(gone) if data[d] not in (1, -1)]
        if wrong:
            raise ValueError(f"axis must name axes of size 1; axis {wrong[0]} of {show(data)} is larger")
    return ins, [merge(tuple(n for d, n in enumerate(data) if d not in gone) or (1,), outs[0])]


define(
    "squeeze",
    "The array without its axes of size 1.",
    params={"axis": ints(None, "Axes to remove; None: all of size 1.", optional=True)},
    view=True,
    shape=_squeeze_shape,
    gradient=_grad,
    example=""">>> mx.nd.squeeze(mx.nd.array([[1, 2]])).asnumpy()
array([1., 2.], dtype=float32)""",
)


def _span(begin: int | None, end: int | None, ndim: int, what: str) -> tuple[int, int]:
    first = 0 if begin is None else begin + ndim if begin < 0 else begin
    last = ndim if end is None else end + ndim if end < 0 else end
    if not 0 <= first <= last <= ndim:
        raise ValueError(f"{what}_begin and {what}_end must be axes of {what}, in order; got {begin}, {end}")
    return first, last


def _like_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    lhs, rhs = ins
    if lhs is None or rhs is None:
        if all(attrs[k] is None for k in attrs):
            return ins, [merge(rhs, outs[0])]
        return ins, outs
    a0, a1 = _span(attrs["lhs_begin"], attrs["lhs_end"], len(lhs), "lhs")
    b0, b1 = _span(attrs["rhs_begin"], attrs["rhs_end"], len(rhs), "rhs")
    out = lhs[:a0] + rhs[b0:b1] + lhs[a1:]
    if known(lhs) and known(out) and product(lhs) != product(out):
        raise ValueError(f"lhs of shape {show(lhs)} cannot get the shape {show(out)}: it has another size")
    return ins, [merge(out, outs[0])]


define(
    "reshape_like",
    "`lhs` with the shape of `rhs` (or with the axes `lhs_begin..lhs_end` replaced by `rhs_begin..rhs_end` of it).",
    inputs={"lhs": "Array.", "rhs": "Gives the shape."},
    params={
        "lhs_begin": integer(None, "First axis of `lhs` that is replaced.", optional=True),
        "lhs_end": integer(None, "Axis behind the last one that is replaced.", optional=True),
        "rhs_begin": integer(None, "First axis of `rhs` that is taken.", optional=True),
        "rhs_end": integer(None, "Axis behind the last one that is taken.", optional=True),
    },
    view=True,
    shape_only=("rhs",),
    shape=_like_shape,
    dtype=lambda attrs, ins, outs: ([ins[0] or outs[0], ins[1]], [ins[0] or outs[0]]),
    gradient=lambda g: [g.F.reshape_like(g.grad(), g.inputs[0]), None],
    example=""">>> mx.nd.reshape_like(mx.nd.array([1, 2, 3, 4]), mx.nd.ones((2, 2))).asnumpy()
array([[1., 2.],
       [3., 4.]], dtype=float32)""",
)
define(
    "BlockGrad",
    "The array itself; no gradient flows through.",
    aliases=("stop_gradient",),
    view=True,
    gradient=lambda g: [g.F.zeros_like(g.inputs[0])],
    example=""">>> mx.nd.BlockGrad(mx.nd.array([1, 2])).asnumpy()
array([1., 2.], dtype=float32)""",
)
define(
    "make_loss",
    "The array itself, as a loss: its gradient is 1 whatever arrives from above.",
    view=True,
    gradient=lambda g: [g.F.ones_like(g.inputs[0])],
    loss=True,
    example=""">>> mx.nd.make_loss(mx.nd.array([1, 2])).asnumpy()
array([1., 2.], dtype=float32)""",
)
