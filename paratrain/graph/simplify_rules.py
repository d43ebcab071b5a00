"""The rules of `simplify`: operator by operator, what a call may be replaced by.

A rule gets a `Call` and returns an entry (or one for each output), or None where it does not apply. The first line of
its docstring shows before and after. Every bit of the result is kept unless the docstring says otherwise.

What is *not* done, since results would differ by more than rounding: ``x * 0`` (NaN and infinities), ``x + 0.0`` (the
sign of zero), ``x - x``, ``x / x``, ``exp(log(x))`` and their like, or sums of constants that cancel each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from paratrain.base import dtype_type
from paratrain.graph.infer import infer_node
from paratrain.graph.ir import Entry, Node
from paratrain.graph.simplify_repeats import BINARY, MAPS_OF_ONE, mean_of_small, repeat_later, repeated_operand
from paratrain.ndarray.invoke import F as nd
from paratrain.ops.binary import TABLE
from paratrain.ops.registry import Attrs, Op, get
from paratrain.ops.rules import product
from paratrain.ops.strides import row_strides

__all__ = ["FILLS", "RULES", "Call"]

#: Their result lies at hand whenever it is needed; one array kept from the first use to the last would cost memory.
FILLS = frozenset({"_zeros", "_ones", "_full"})


class Call:
    """One node as a rule sees it.

    Attributes
    ----------
    node : Node
        With inputs that are simple already.
    op : Op
    attrs : dict
    inputs : list of Entry
    outs : list of (shape, dtype)
        Of all outputs: what takes their place must have the same.
    train : bool
        Whether operators behave as in training.
    """

    __slots__ = ("_state", "attrs", "inputs", "node", "op", "outs", "train")

    def __init__(self, node: Node, outs: list[tuple], state: Any) -> None:
        assert node.op is not None
        self._state, self.node, self.outs = state, node, outs
        self.op: Op = node.op
        self.attrs: Attrs = node.attrs
        self.inputs: list[Entry] = node.inputs
        self.train: bool = state.graph.train

    def desc(self, entry: Entry) -> tuple[tuple[int, ...], str]:
        """(shape, dtype) of an entry."""
        return self._state.descs[entry]

    def source(self, index: int, *names: str) -> Node | None:
        """The node that made an input, if it is a call of one of the operators named."""
        node = self.inputs[index].node
        return node if node.op is not None and node.op.name in names else None

    def is_stable(self, entry: Entry) -> bool:
        """Whether the entry has one value throughout the program (not so: auxiliary states)."""
        return entry not in self._state.unstable

    def make(self, name: str, *inputs: Entry, **attrs: Any) -> Entry:
        """The (first) output of a new call, simplified; it bears the name of the node that it replaces."""
        op = get(name)
        values: Attrs = {op.counter: len(inputs), **attrs} if op.counter else attrs
        node = Node(op, self.node.name, op.parse(values), inputs, self.node.user_attrs)
        outs = infer_node(op, node.attrs, [self.desc(e) for e in inputs])
        return self._state.simple(node, outs)[0]


Found = Entry | Sequence[Entry] | None
Rule = Callable[[Call], Found]

# -- what changes nothing ---------------------------------------------------------------------------------------------


def identity(call: Call) -> Found:
    """``_copy(x)`` -> ``x``, also BlockGrad, make_loss and MakeLoss: gradients have been made before."""
    return call.inputs[0] if call.is_stable(call.inputs[0]) else None


def dropout(call: Call) -> Found:
    """``Dropout(x)`` -> ``x``, where it drops nothing: outside of training, or with p = 0."""
    drops = call.attrs["p"] != 0 and (call.train or call.attrs["mode"] == "always")
    shape, dtype = call.outs[1]
    if drops or not _is_float(dtype) or not call.is_stable(call.inputs[0]):
        return None
    return [call.inputs[0], call.make("_ones", shape=shape, dtype=dtype)]


def cast(call: Call) -> Found:
    """``Cast(Cast(x, wider), dtype)`` -> ``Cast(x, dtype)``; to the type that x has already -> ``x``."""
    x = call.inputs[0]
    inner = call.source(0, "Cast")
    if inner is not None and _is_wider(call.desc(inner.inputs[0])[1], call.desc(x)[1]):
        return _cast_to(call, inner.inputs[0], call.outs[0][1])
    if call.desc(x) == call.outs[0]:
        return identity(call)
    return None if call.op.name == "Cast" else _cast_to(call, x, call.outs[0][1])


def multicast(call: Call) -> Found:
    """``amp_multicast(x, y)`` -> ``x, Cast(y)``: a cast for each, or nothing."""
    return (
        [_cast_to(call, x, dtype) if call.desc(x)[1] != dtype else x for x, (_, dtype) in zip(call.inputs, call.outs)]
        if all(map(call.is_stable, call.inputs))
        else None
    )


def _is_wider(narrow: str, wide: str) -> bool:
    """Whether a type holds every value of another one (which NumPy says of float64 and int64, too)."""
    exact = _EXACT_UP_TO.get(wide)
    if exact is not None and not _is_float(narrow) and narrow != "bool":
        return bool(np.iinfo(narrow).max <= exact)
    return bool(np.can_cast(dtype_type(narrow), dtype_type(wide)))


def _cast_to(call: Call, x: Entry, dtype: str) -> Entry:
    same = call.desc(x)[1] == dtype and call.is_stable(x)
    return x if same else call.make("Cast", x, dtype=dtype)


def single(call: Call) -> Found:
    """``add_n(x)`` -> ``x``, ``add_n(x, y)`` -> ``elemwise_add(x, y)``, and ``Concat(x)`` -> ``x``."""
    if len(call.inputs) == 1:
        return identity(call)
    return call.make("elemwise_add", *call.inputs) if call.op.name == "add_n" and len(call.inputs) == 2 else None


def stack_single(call: Call) -> Found:
    """``stack(x)`` -> ``Reshape(x)``, and likewise ``SliceChannel(x)`` into one part."""
    return _as_view(call, call.inputs[0]) if len(call.inputs) == len(call.outs) == 1 else None


def joined_again(call: Call) -> Found:
    """``Concat(SliceChannel(x))`` -> ``x``: all parts in their order along the same axis; likewise with stack."""
    split = call.source(0, "SliceChannel")
    if split is None or list(call.inputs) != [Entry(split, i) for i in range(split.num_outputs)]:
        return None
    x, ndim = split.inputs[0], len(call.outs[0][0])
    axis = call.attrs["dim" if call.op.name == "Concat" else "axis"]
    along = axis % ndim == split.attrs["axis"] % ndim
    keeps_axis = split.attrs["squeeze_axis"] == (call.op.name == "stack")
    return x if along and keeps_axis and call.desc(x) == call.outs[0] and call.is_stable(x) else None


def parts_again(call: Call) -> Found:
    """``SliceChannel(Concat(a, b))`` -> ``a, b``: parts as they were joined along the same axis."""
    joined = call.source(0, "Concat")
    if joined is None or call.attrs["squeeze_axis"] or len(joined.inputs) != len(call.outs):
        return None
    ndim = len(call.outs[0][0])
    if joined.attrs["dim"] % ndim != call.attrs["axis"] % ndim or [call.desc(e) for e in joined.inputs] != call.outs:
        return None
    return list(joined.inputs) if all(map(call.is_stable, joined.inputs)) else None


def undone(call: Call) -> Found:
    """``negative(negative(x))`` -> ``x``, likewise reverse (of the same axes), depth_to_space(space_to_depth(x))."""
    inner = call.source(0, _INVERSES[call.op.name])
    if inner is None or inner.attrs != call.attrs or not call.is_stable(inner.inputs[0]):
        return None
    return inner.inputs[0]


_INVERSES = {
    "negative": "negative",
    "reverse": "reverse",
    "depth_to_space": "space_to_depth",
    "space_to_depth": "depth_to_space",
}


def twice(call: Call) -> Found:
    """``relu(relu(x))`` -> ``relu(x)``, likewise abs, sign, and all ways to round to integers."""
    return call.inputs[0] if call.source(0, call.op.name) else None


# -- shapes -----------------------------------------------------------------------------------------------------------


def _as_view(call: Call, x: Entry) -> Entry | None:
    """`x` seen with the shape of the call's result: x itself, or a Reshape of it; None where codes cannot say it."""
    while x.node.op is not None and x.node.op.view:
        x = x.node.inputs[0]
    shape = call.outs[0][0]
    if not call.is_stable(x) and not call.op.view:
        return None
    if call.desc(x)[0] == shape and call.is_stable(x):
        return x
    if not shape or 0 in shape:
        return None
    if call.op.name == "Reshape" and x == call.inputs[0] and call.attrs["shape"] == shape:
        return None  # it is that already
    return call.make("Reshape", x, shape=shape)


def view(call: Call) -> Found:
    """``Flatten(expand_dims(x))`` -> ``Reshape(x)``, and to the shape that x has already -> ``x``."""
    return _as_view(call, call.inputs[0])


def transpose(call: Call) -> Found:
    """``transpose(transpose(x))`` -> ``transpose(x)`` in one, which may be nothing; so with SwapAxis."""
    ndim = len(call.outs[0][0])
    axes = _order(call.attrs, ndim)
    x, inner = call.inputs[0], call.source(0, "transpose")
    if inner is not None:
        x, first = inner.inputs[0], _order(inner.attrs, ndim)
        axes = tuple(first[a] for a in axes)
        if axes == tuple(range(ndim)) and call.is_stable(x):
            return x
    elif call.op.name == "transpose" and call.attrs["axes"] == axes:
        return None
    return call.make("transpose", x, axes=axes) if ndim else None


def _order(attrs: dict[str, Any], ndim: int) -> tuple[int, ...]:
    if "dim1" in attrs:
        order = list(range(ndim))
        a, b = attrs["dim1"] % ndim, attrs["dim2"] % ndim
        order[a], order[b] = b, a
        return tuple(order)
    return tuple(a % ndim for a in attrs["axes"]) or tuple(reversed(range(ndim)))


def whole(call: Call) -> Found:
    """``slice_axis(x, begin=0, end=None)`` -> ``x``: any strided copy of everything in order is a view at most."""
    ins = [call.desc(e) for e in call.inputs]
    name, attrs = call.op.kernel_spec(call.attrs, ins, call.outs, call.train)
    if name not in ("strided", "strided_scatter") or product(ins[0][0]) != product(call.outs[0][0]):
        return None
    shape, strides = attrs["shape"], attrs["strides"]
    in_order = all(n == 1 or s == want for n, s, want in zip(shape, strides, row_strides(shape)))
    return _as_view(call, call.inputs[0]) if in_order and attrs["offset"] == 0 else None


def sum_of_one(call: Call) -> Found:
    """``sum(x, axis=1)`` -> ``Reshape(x)`` where the axis has size 1; so with mean, prod, max, min and their like.

    A zero keeps its sign, where the sum (which begins with 0.0) loses it.
    """
    shape = call.outs[0][0]
    return _as_view(call, call.inputs[0]) if product(call.desc(call.inputs[0])[0]) == product(shape) else None


def one_shape(call: Call) -> Found:
    """``broadcast_add(x, y)`` -> ``elemwise_add(x, y)`` where both have one shape."""
    a, b = call.inputs
    return call.make(_ELEMENTWISE[call.op.name], a, b) if call.desc(a) == call.desc(b) else None


_ELEMENTWISE = {broadcast[0]: elementwise[0] for _, broadcast, elementwise, _, _ in TABLE}

# -- arithmetic -------------------------------------------------------------------------------------------------------


def _is_float(dtype: str) -> bool:
    return dtype in _EXACT_UP_TO


#: Whole numbers up to here are exact in a type.
_EXACT_UP_TO = {"float64": 2.0**53, "float32": 2.0**24, "float16": 2.0**11, "bfloat16": 2.0**8}
#: Types in which kernels compute with a scalar.
_COMPUTES: dict[str, Any] = {
    "float64": np.float64,
    "float32": np.float32,
    "float16": np.float32,
    "bfloat16": np.float32,
}


def _rounded(value: float, real: Any) -> float:
    """A number as a type holds it."""
    with np.errstate(over="ignore"):
        return float(real(value))


def minus_negative(call: Call) -> Found:
    """``x + negative(y)`` -> ``x - y``, ``negative(x) + y`` -> ``y - x``, ``x - negative(y)`` -> ``x + y``."""
    if not _is_float(call.outs[0][1]):
        return None
    a, b = call.inputs
    right, left = call.source(1, "negative"), call.source(0, "negative")
    if call.op.name == "elemwise_sub":
        return call.make("elemwise_add", a, right.inputs[0]) if right else None
    if right:
        return call.make("elemwise_sub", a, right.inputs[0])
    return call.make("elemwise_sub", b, left.inputs[0]) if left else None


def neutral_scalar(call: Call) -> Found:
    """``x * 1`` -> ``x``; likewise ``x / 1``, ``x - 0``, ``x + (-0.0)`` and ``x ** 1``."""
    neutral, c, name = _NEUTRAL[call.op.name], call.attrs["scalar"], call.op.name
    if c != neutral:
        return None
    # 0.0 + (-0.0) is 0.0, so that x + 0.0 is not always x; and x - 0.0 is
    wrong_zero = c == 0 and (math.copysign(1, c) > 0) == (name == "_plus_scalar")
    return None if wrong_zero and _is_float(call.outs[0][1]) else identity(call)


_NEUTRAL = {"_mul_scalar": 1, "_div_scalar": 1, "_plus_scalar": 0, "_minus_scalar": 0, "_power_scalar": 1}


def square(call: Call) -> Found:
    """``x ** 2`` -> ``square(x)``, which is exact to rounding too."""
    is_square = call.attrs["scalar"] == 2 and _is_float(call.outs[0][1])
    return call.make("square", call.inputs[0]) if is_square else None


def scaled_negative(call: Call) -> Found:
    """``x * -1`` -> ``negative(x)``, and ``negative(x) * c`` -> ``x * -c``."""
    c, inner = call.attrs["scalar"], call.source(0, "negative")
    if not _is_float(call.outs[0][1]):
        return None
    if inner:
        return call.make("_mul_scalar", inner.inputs[0], scalar=-c)
    return call.make("negative", call.inputs[0]) if c == -1 else None


def negative_scaled(call: Call) -> Found:
    """``negative(x * c)`` -> ``x * -c``."""
    inner = call.source(0, "_mul_scalar")
    if inner is None or not _is_float(call.outs[0][1]):
        return None
    return call.make("_mul_scalar", inner.inputs[0], scalar=-inner.attrs["scalar"])


def added_scalars(call: Call) -> Found:
    """``(x + a) + b`` -> ``x + (a + b)``: to rounding, for scalars of one sign whose sum is exact; so with minus."""
    inner = call.source(0, "_plus_scalar", "_minus_scalar")
    if inner is None or not _is_float(call.outs[0][1]):
        return None
    a, b = (n.attrs["scalar"] * (1 if n.op.name == "_plus_scalar" else -1) for n in (inner, call.node))  # type: ignore[union-attr]
    exact = a + b - a == b and all(_rounded(c, _COMPUTES[call.outs[0][1]]) == c for c in (a, b, a + b))
    if not exact or not a * b > 0:  # constants that cancel each other would take the digits of x with them
        return None
    return call.make("_plus_scalar", inner.inputs[0], scalar=a + b)


def multiplied_scalars(call: Call) -> Found:
    """``(x * a) * b`` -> ``x * (a b)``: to rounding, for scalars both at least or both at most 1; so with division."""
    name = call.op.name
    inner = call.source(0, name)
    if inner is None or not _is_float(call.outs[0][1]):
        return None
    a, b = abs(inner.attrs["scalar"]), abs(call.attrs["scalar"])
    # on one side of 1 the value between the two lies between x and the result: it cannot leave the range alone
    if not ((a >= 1 and b >= 1) or (a <= 1 and b <= 1)) or not _is_normal(a * b, call.outs[0][1]):
        return None
    return call.make(name, inner.inputs[0], scalar=inner.attrs["scalar"] * call.attrs["scalar"])


def _is_normal(value: float, dtype: str) -> bool:
    """Whether a scalar is neither too large nor too small for the type that kernels compute in."""
    info = np.finfo(_COMPUTES[dtype])
    return float(info.tiny) <= value <= float(info.max)


# -- constants --------------------------------------------------------------------------------------------------------


def fill_like(call: Call) -> Found:
    """``zeros_like(x)`` -> ``_zeros(shape)``: x need not be computed for it; likewise ones_like."""
    shape, dtype = call.outs[0]
    return call.make("_zeros" if call.op.name == "zeros_like" else "_ones", shape=shape, dtype=dtype)


def _filled(entry: Entry) -> float | None:
    """The value of all elements of an entry, if it is an array of one value."""
    node = entry.node
    if node.op is None or node.op.name not in FILLS:
        return None
    return {"_zeros": 0.0, "_ones": 1.0}.get(node.op.name, node.attrs.get("value"))


def _fill(call: Call, value: float) -> Entry | None:
    shape, dtype = call.outs[0]
    if not _is_float(dtype) and not abs(value) <= 2**53:
        return None
    if value == 0 and math.copysign(1, value) > 0:
        return call.make("_zeros", shape=shape, dtype=dtype)
    return call.make("_ones", shape=shape, dtype=dtype) if value == 1 else call.make(
        "_full", shape=shape, dtype=dtype, value=value
    )  # fmt: skip


def constant(call: Call) -> Found:
    """``exp(_zeros())`` -> ``_ones()``: elementwise operators on arrays of one value, by their own kernels."""
    values = [_filled(e) for e in call.inputs]
    if None in values:
        return None
    one = [nd._full(shape=(1,), dtype=call.desc(e)[1], value=v, ctx="cpu(0)") for e, v in zip(call.inputs, values)]
    return _fill(call, float(getattr(nd, call.op.name)(*one, **call.attrs).asnumpy()[0]))


def constant_shape(call: Call) -> Found:
    """``transpose(_ones())`` -> ``_ones()`` of the other shape: operators that only move or repeat elements."""
    value = _filled(call.inputs[0])
    ins = [call.desc(e) for e in call.inputs]
    if value is None or not (call.op.view or call.op.kernel_spec(call.attrs, ins, call.outs, False)[0] == "strided"):
        return None
    return _fill(call, value)


def constant_operand(call: Call) -> Found:
    """``x * _full(c)`` -> ``x * c``: an operand of one value is a scalar; so with plus, minus and division."""
    forward, reverse = _SCALAR[call.op.name]
    for i, name in ((1, forward), (0, reverse)):
        x, c = call.inputs[1 - i], _filled(call.inputs[i])
        if c is None or call.desc(x) != call.outs[0] or not _is_float(call.outs[0][1]):
            continue
        return call.make(name, x, scalar=_rounded(c, dtype_type(call.outs[0][1])))  # as it lies in the array
    return None


_SCALAR = {
    name: (forward, reverse or forward)
    for kernel, broadcast, elementwise, (forward, reverse), _ in TABLE
    for name in (broadcast[0], elementwise[0])
    if kernel in ("add", "sub", "mul", "div")
}


def constant_range(call: Call) -> Found:
    """``_arange(0, 3) * 2`` -> ``_arange(0, 6, 2)``, for whole numbers; so with plus and minus."""
    node, c = call.source(0, "_arange"), call.attrs["scalar"]
    shape, dtype = call.outs[0]
    if node is None or not shape[0]:
        return None
    first = node.attrs["start"] if node.attrs["stop"] is not None or node.attrs["infer_range"] else 0.0
    step, repeat = node.attrs["step"], node.attrs["repeat"]
    count = shape[0] // repeat
    shift, factor = {"_mul_scalar": (0, c), "_plus_scalar": (c, 1), "_minus_scalar": (-c, 1)}[call.op.name]
    last = first + count * step
    start, stop = first * factor + shift, last * factor + shift
    numbers = (first, last, step, c, start, stop, step * factor)
    limit = _EXACT_UP_TO.get(dtype, np.iinfo(dtype).max if dtype.startswith("int") else 0)
    if step * factor == 0 or not all(n == math.trunc(n) and abs(n) <= limit for n in numbers):
        return None
    if node.attrs["infer_range"] or count * repeat != shape[0]:
        return None
    return call.make("_arange", start=start, stop=stop, step=step * factor, repeat=repeat, dtype=dtype)


# -- the table --------------------------------------------------------------------------------------------------------

#: Operators whose result at a place depends on their inputs at that place only.
_MAPS = (*MAPS_OF_ONE, *BINARY)
_MOVES = (
    *("transpose", "SwapAxis", "reverse", "depth_to_space", "space_to_depth", "slice", "slice_axis", "slice_like"),
    *("repeat", "tile", "broadcast_to", "broadcast_like", "broadcast_axis", "_spread_like", "_unreduce"),
)
_BACK = ("_backward_slice", "_backward_slice_axis", "_backward_slice_like")
_VIEWS = ("Reshape", "Flatten", "expand_dims", "squeeze", "reshape_like")
_SUMS = ("sum", "mean", "prod", "max", "min", "_sum_like", "_backward_repeat", "_backward_tile")
_IDEMPOTENT = ("relu", "abs", "sign", "round", "rint", "ceil", "floor", "trunc", "fix")

_TABLE: tuple[tuple[Rule, tuple[str, ...]], ...] = (
    (identity, ("_copy", "BlockGrad", "make_loss", "MakeLoss")),
    (fill_like, ("zeros_like", "ones_like")),
    (constant, _MAPS),
    (constant_shape, (*_MOVES, *_VIEWS)),
    (dropout, ("Dropout",)),
    (cast, ("Cast", "_cast_like", "amp_cast")),
    (multicast, ("amp_multicast",)),
    (single, ("add_n", "Concat")),
    (stack_single, ("stack", "SliceChannel")),
    (joined_again, ("Concat", "stack")),
    (parts_again, ("SliceChannel",)),
    (undone, tuple(_INVERSES)),
    (twice, _IDEMPOTENT),
    (view, _VIEWS),
    (transpose, ("transpose", "SwapAxis")),
    (whole, (*_MOVES, *_BACK)),
    (sum_of_one, _SUMS),
    (one_shape, tuple(_ELEMENTWISE)),
    (constant_operand, tuple(_SCALAR)),
    (mean_of_small, ("_unreduce",)),
    (repeat_later, MAPS_OF_ONE),
    (repeated_operand, BINARY),
    (minus_negative, ("elemwise_add", "elemwise_sub")),
    (neutral_scalar, tuple(_NEUTRAL)),
    (square, ("_power_scalar",)),
    (constant_range, ("_mul_scalar", "_plus_scalar", "_minus_scalar")),
    (scaled_negative, ("_mul_scalar",)),
    (negative_scaled, ("negative",)),
    (added_scalars, ("_plus_scalar", "_minus_scalar")),
    (multiplied_scalars, ("_mul_scalar", "_div_scalar")),
)

#: The rules for each operator, in the order in which they are tried.
RULES: dict[str, tuple[Rule, ...]] = {
    name: tuple(rule for rule, names in _TABLE if name in names) for name in sorted({n for _, ns in _TABLE for n in ns})
}
