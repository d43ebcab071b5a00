"""Call an operator on arrays: what is done once for each kind of call, and what is rare.

`invoke` itself, which finds the plan of a call, runs it and puts it on autograd's tape, is native: `ext/calls.pxi`. It
asks the functions here by their names.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from paratrain import _precision, random
from paratrain._tape import flags
from paratrain.base import NUMPY_DTYPES
from paratrain.context import Context, current_context
from paratrain.ext import engine
from paratrain.graph.infer import infer_node
from paratrain.ops.params import REQUIRED
from paratrain.ops.reads import read_by_gradient as read_by_gradient
from paratrain.ops.registry import Op, get

if TYPE_CHECKING:
    from paratrain.ndarray.ndarray import NDArray

#: Call an operator on arrays: ``invoke(op, inputs, given, out=None, casts=True)``; see `paratrain.ext.engine.call`.
invoke = engine.call

_array_class: Any = None


def set_array_class(cls: type) -> None:
    """Tell what class results have (`NDArray`, which imports this module)."""
    global _array_class
    _array_class = cls
    package = str(Path(__file__).resolve().parents[1]) + os.sep
    engine.set_imperative(cls, sys.modules[__name__], vars(_precision), package)


def make_plan(op: Op, given: Mapping[str, Any] | None, inputs: Sequence[Any], device_type: int, train: bool) -> Any:
    """What a call comes to: parameters are parsed, shapes and dtypes checked and inferred, the kernel is made."""
    values = {k: v for k, v in (given or {}).items() if v is not REQUIRED}
    if op.counter and values.get(op.counter) is None:
        values[op.counter] = len(inputs)
    attrs = op.parse(values)
    names = op.input_names(attrs)
    used = _used_inputs(op, names, inputs)
    descs = [inputs[i].desc for i in used]
    outs = infer_node(op, attrs, descs)
    changed = op.mutated(attrs)
    kernel = None
    if not op.view:
        if op.build is not None:
            kernel = op.build(attrs, descs, outs, train, 0, device_type)
        else:
            name, kattrs = op.kernel_spec(attrs, descs, outs, train)
            kernel = engine.make_kernel(name, device_type, kattrs, descs, outs, label=op.name)
        kernel.about = (op, attrs, descs, outs)
    return engine.Plan(op, attrs, kernel, used, outs, [i for i, n in enumerate(names) if n in changed])


def with_scalar(plan: Any, value: float, device_type: int, train: bool) -> Any:
    """The plan of the same call with another `scalar`, on which no shape or dtype depends."""
    op, attrs = plan.op, {**plan.attrs, "scalar": value}
    _, _, descs, outs = plan.kernel.about
    name, kattrs = op.kernel_spec(attrs, descs, outs, train)
    kernel = engine.make_kernel(name, device_type, kattrs, descs, outs, label=op.name)
    kernel.about = (op, attrs, descs, outs)
    return engine.Plan(op, attrs, kernel, plan.used, outs, plan.mutated)


def flatten(arrays: Sequence[Any]) -> list[Any]:
    """The arrays of a call ``op(a, b, ...)`` or ``op([a, b, ...])``."""
    if len(arrays) == 1 and isinstance(arrays[0], (list, tuple)):
        return list(arrays[0])
    return list(arrays)


def function(op: Op) -> Callable[..., Any]:
    """Function that calls `op`, for operators that are not in the generated module.

    Positional arguments are inputs as long as they are arrays (or None), then parameters in their order; both may
    be given by name.
    """

    def call(*args: Any, out: Any = None, name: str | None = None, **kwargs: Any) -> Any:
        args = tuple(flatten(args)) if op.variadic else args
        count = next((i for i, a in enumerate(args) if not (a is None or isinstance(a, _array_class))), len(args))
        inputs, rest = list(args[:count]), args[count:]
        params = [p for p in op.params if p != op.counter]
        if len(rest) > len(params):
            raise TypeError(f"[{op.name}] takes {len(params)} positional parameters; got {len(rest)}")
        values: dict[str, Any] = dict(zip(params, rest))
        for place, key in enumerate(() if op.variadic else op.inputs):
            if key in kwargs and key not in op.params:
                inputs += [None] * (place + 1 - len(inputs))
                if inputs[place] is not None:
                    raise TypeError(f"[{op.name}] input {key!r} was given twice")
                inputs[place] = kwargs.pop(key)
        for key in [k for k in kwargs if k in values]:
            raise TypeError(f"[{op.name}] parameter {key!r} was given twice")
        return invoke(op, inputs, {**values, **kwargs}, out)

    call.__name__ = call.__qualname__ = op.name
    names, params = ", ".join(op.inputs) or "none", ", ".join(op.params) or "none"
    call.__doc__ = f"{op.doc}\n\nInputs: {names}. Parameters: {params}."
    if op.example:
        call.__doc__ += f"\n\nExamples\n--------\n{inspect.cleandoc(op.example)}"
    return call


def _used_inputs(op: Op, names: Sequence[str], inputs: Sequence[Any]) -> list[int]:
    """Positions in `inputs` (in the order of the definition) of the inputs that the parameters call for."""
    if op.variadic:
        if len(names) != len(inputs):
            needs = f"{op.counter} is {len(names)}" if op.counter else f"{op.variadic} asks for {len(names)} arrays"
            raise ValueError(f"[{op.name}] {needs} but {len(inputs)} arrays were given")
        return list(range(len(inputs)))
    order = list(op.inputs)
    given = [i for i, x in enumerate(inputs) if x is not None]
    if given == list(range(len(names))):  # one after the other, without a gap for inputs that are not in use
        return given
    used = []
    for name in names:
        at = order.index(name)
        if at >= len(inputs) or inputs[at] is None:
            raise TypeError(f"[{op.name}] input {name!r} is required; {op.inputs[name]}")
        used.append(at)
    extra = [n for i, n in enumerate(order) if i < len(inputs) and inputs[i] is not None and n not in names]
    if extra:
        raise ValueError(f"[{op.name}] input {extra[0]!r} is not used with these parameters; leave it out")
    if len(inputs) > len(order):
        raise TypeError(f"[{op.name}] takes {len(order)} arrays ({', '.join(order)}); got {len(inputs)}")
    return used


def context_of(op: Op, inputs: Sequence[Any], given: Mapping[str, Any] | None) -> tuple[int, int]:
    """(device type, device id) of the call; all inputs must agree."""
    found = None
    for x in inputs:
        if x is None:
            continue
        if not isinstance(x, _array_class):
            raise TypeError(f"[{op.name}] inputs must be NDArray; got {type(x).__name__} (use mx.nd.array)")
        here = (x.storage.device_type, x.storage.device_id)
        if found is None:
            found = here
        elif here != found:
            raise ValueError(
                f"[{op.name}] all inputs must be on one context; got {_show(found)} and {_show(here)} "
                "(use as_in_context)"
            )
    if found is not None:
        return found
    wanted = (given or {}).get("ctx")
    context = wanted if isinstance(wanted, Context) else parse_context(wanted) if wanted else current_context()
    return context.device_typeid, context.device_id


def parse_context(text: str) -> Context:
    """Context from its text, e.g. ``gpu(0)``."""
    if not isinstance(text, str):
        raise TypeError(f"[context] must be Context or its text, e.g. 'gpu(0)'; got {text!r}")
    name, _, number = text.partition("(")
    return Context(name, int(number.rstrip(")") or 0))


def _show(device: tuple[int, int]) -> str:
    return f"{Context.devtype2str[device[0]]}({device[1]})"


def empty_like_desc(desc: tuple, device: tuple[int, int]) -> NDArray:
    """Uninitialised array of ``(shape, dtype)`` on a device."""
    return engine.empty(desc[0], desc[1], *device)


def outputs(plan: engine.Plan, device: tuple[int, int], out: Any) -> list[Any]:
    """Arrays for all outputs: those given with ``out=``, new ones for the rest."""
    given = list(out) if isinstance(out, (list, tuple)) else [out]
    if len(given) > len(plan.outs):
        raise ValueError(f"[{plan.op.name}] out must have at most {len(plan.outs)} arrays; got {len(given)}")
    for x, desc in zip(given, plan.outs):
        _check_out(plan.op, x, desc, device)
    return given + [empty_like_desc(desc, device) for desc in plan.outs[len(given) :]]


def _check_out(op: Op, out: Any, desc: tuple, device: tuple[int, int]) -> None:
    if not isinstance(out, _array_class):
        raise TypeError(f"[{op.name}] out must be NDArray; got {type(out).__name__}")
    if out.desc != desc:
        raise ValueError(f"[{op.name}] out must have shape and dtype {desc}; got {out.desc}")
    if (out.storage.device_type, out.storage.device_id) != device:
        raise ValueError(f"[{op.name}] out must be on {_show(device)}; got {out.context}")
    if out._source is not None and flags.recording:
        raise ValueError(f"[{op.name}] cannot write to an array that autograd has recorded; use a new one")


def safe_inputs(plan: engine.Plan, used: list[Any], outs: list[Any]) -> list[Any]:
    """Inputs to read from: a copy where an output given with ``out=`` overlaps an input it may not overwrite.

    Only an output of an in-place operator may lie just where its input does; and not while autograd records, which
    keeps the inputs. What the operator is to change is never copied.
    """
    op = plan.op
    names = op.input_names(plan.attrs) if op.mutates else ()
    changed = op.mutated(plan.attrs)
    simple = op.inplace is True or callable(op.inplace)  # kernels of our own, which read an element and write it
    pairs = op.overwrites(plan.attrs) if simple and not flags.recording else ()

    def is_safe(position: int, x: Any) -> bool:
        if names and names[position] in changed:
            return True
        return not any(_overlap(x, o) and not ((k, position) in pairs and _same(x, o)) for k, o in enumerate(outs))

    return [x if is_safe(i, x) else x.copy() for i, x in enumerate(used)]


def _overlap(x: Any, y: Any) -> bool:
    return x.address < y.address + y.nbytes and y.address < x.address + x.nbytes


def _same(x: Any, y: Any) -> bool:
    return x.address == y.address and x.nbytes == y.nbytes


def next_key(device: tuple[int, int]) -> tuple[int, int]:
    """Key of the random numbers of one call on a device."""
    return random.next_key(device)


def copy_view(source: Any, target: Any) -> None:
    """Write the elements of an array to one of another shape."""
    engine.copy_bytes(source, target, target.nbytes)


def operand(x: Any, other: Any) -> Any:
    """The other operand of an operation on `x`, which is no NDArray, float or int: as one of these.

    Raises
    ------
    TypeError
        For anything but NumPy arrays and numbers.
    """
    if isinstance(other, np.ndarray) and other.ndim:
        from paratrain.ndarray.creation import array

        if not np.can_cast(other.dtype, NUMPY_DTYPES[x.dtype_str], "same_kind"):
            raise TypeError(f"[NDArray] elements of dtype {other.dtype} do not fit to {x.dtype_str}; use astype first")
        return array(other, ctx=x.context, dtype=x.dtype_str)
    if not hasattr(other, "__float__"):
        raise TypeError(
            f"[NDArray] the other operand must be NDArray, numpy.ndarray or a number; got {type(other).__name__}"
        )
    return float(other)


class Namespace:
    """Operators as attributes: ``F.Convolution(x, w, kernel=(3, 3), ...)``, for gradient functions.

    Parameters
    ----------
    apply : callable
        ``(op, inputs, attrs) -> value or list of values``.
    """

    def __init__(self, apply: Callable[..., Any]) -> None:
        self._apply = apply

    def __getattr__(self, name: str) -> Callable[..., Any]:
        op = get(name)
        apply = self._apply

        def call(*inputs: Any, out: Any = None, **attrs: Any) -> Any:
            return apply(op, inputs, attrs) if out is None else apply(op, inputs, attrs, out)

        setattr(self, name, call)
        return call


def _as_given(op: Op, inputs: Sequence[Any], given: Mapping[str, Any], out: Any = None) -> Any:
    return invoke(op, inputs, given, out, casts=False)


#: Operators on arrays, in the precision of their inputs: for gradients and whatever else is not a user's call.
F = Namespace(_as_given)
#: Operators on arrays, in mixed precision if that was chosen.
CALLS = Namespace(invoke)
