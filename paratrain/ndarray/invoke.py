"""Call an operator on arrays: infer, make (or find) the kernel, run it, and put it on autograd's tape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from paratrain import _precision, random
from paratrain._tape import TapeNode, flags
from paratrain.base import item_size
from paratrain.context import Context, current_context
from paratrain.ext import engine
from paratrain.graph.infer import infer_node
from paratrain.ops.params import REQUIRED
from paratrain.ops.registry import Op, get
from paratrain.ops.rules import product

if TYPE_CHECKING:
    from paratrain.ndarray.ndarray import NDArray

_array_class: Any = None


def set_array_class(cls: type) -> None:
    """Tell what class results have (`NDArray`, which imports this module)."""
    global _array_class
    _array_class = cls


class Plan:
    """What a call with given operator, parameters, shapes, dtypes and mode comes to."""

    __slots__ = ("attrs", "kernel", "num_inputs", "outs", "random", "used", "view", "visible")

    def __init__(self, op: Op, given: Mapping[str, Any], inputs: Sequence[Any], device_type: int, train: bool) -> None:
        values = {k: v for k, v in given.items() if v is not REQUIRED}
        if op.counter and values.get(op.counter) is None:
            values[op.counter] = len(inputs)
        self.attrs = op.parse(values)
        names = op.input_names(self.attrs)
        self.used = _used_inputs(op, names, inputs)
        descs = [inputs[i].desc for i in self.used]
        self.outs = infer_node(op, self.attrs, descs)
        self.visible = op.num_visible(self.attrs)
        self.view = op.view
        self.random = op.random
        self.kernel = None
        if not op.view:
            if op.build is not None:
                self.kernel = op.build(self.attrs, descs, self.outs, train, 0, device_type)
            else:
                name, kattrs = op.kernel_spec(self.attrs, descs, self.outs, train)
                self.kernel = engine.make_kernel(name, device_type, kattrs, descs, self.outs, label=op.name)
            self.kernel.about = (op, self.attrs, descs, self.outs)


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
    return call


def _used_inputs(op: Op, names: Sequence[str], inputs: Sequence[Any]) -> list[int]:
    """Positions in `inputs` (in the order of the definition) of the inputs that the parameters call for."""
    if op.variadic:
        if len(names) != len(inputs):
            needs = f"{op.counter} is {len(names)}" if op.counter else f"{op.variadic} asks for {len(names)} arrays"
            raise ValueError(f"[{op.name}] {needs} but {len(inputs)} arrays were given")
        return list(range(len(inputs)))
    order = list(op.inputs)
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


_plans: dict[Any, Plan] = {}
_MAX_PLANS = 20000


def _find_plan(op: Op, given: Mapping[str, Any], inputs: Sequence[Any], device_type: int, train: bool) -> Plan:
    # 0.0 == -0.0, but their text differs
    params = tuple([(k, str(v)) if isinstance(v, float) and v == 0 else (k, v) for k, v in given.items()])
    key = (op, params, tuple([None if x is None else x.desc for x in inputs]), device_type, train)
    try:
        plan = _plans.get(key)
    except TypeError:  # lists among the parameters: as tuples they can be looked up
        given = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
        return _find_plan_hashable(op, given, inputs, device_type, train)
    if plan is None:
        plan = Plan(op, given, inputs, device_type, train)
        if len(_plans) >= _MAX_PLANS:
            _plans.clear()
        _plans[key] = plan
    return plan


def _find_plan_hashable(op: Op, given: Mapping[str, Any], inputs: Sequence[Any], device_type: int, train: bool) -> Plan:
    try:
        hash(tuple(given.values()))
    except TypeError:
        return Plan(op, given, inputs, device_type, train)
    return _find_plan(op, given, inputs, device_type, train)


def _context_of(op: Op, inputs: Sequence[Any], given: Mapping[str, Any]) -> tuple[int, int]:
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
    wanted = given.get("ctx")
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
    shape, dtype = desc
    nbytes = product(shape) * item_size(dtype)
    if nbytes >> 62:
        raise MemoryError(
            f"[memory] an array of shape {shape} and dtype {dtype} has more bytes than there are addresses"
        )
    return _array_class(engine.Storage(device[0], device[1], nbytes), 0, shape, dtype)


def _outputs(op: Op, plan: Plan, device: tuple[int, int], out: Any) -> list[Any]:
    """Arrays for all outputs: those given with ``out=``, new ones for the rest."""
    given = [] if out is None else list(out) if isinstance(out, (list, tuple)) else [out]
    if len(given) > len(plan.outs):
        raise ValueError(f"[{op.name}] out must have at most {len(plan.outs)} arrays; got {len(given)}")
    outs = []
    for i, desc in enumerate(plan.outs):
        if i >= len(given):
            outs.append(empty_like_desc(desc, device))
            continue
        _check_out(op, given[i], desc, device)
        outs.append(given[i])
    return outs


def _check_out(op: Op, out: Any, desc: tuple, device: tuple[int, int]) -> None:
    if not isinstance(out, _array_class):
        raise TypeError(f"[{op.name}] out must be NDArray; got {type(out).__name__}")
    if out.desc != desc:
        raise ValueError(f"[{op.name}] out must have shape and dtype {desc}; got {out.desc}")
    if (out.storage.device_type, out.storage.device_id) != device:
        raise ValueError(f"[{op.name}] out must be on {_show(device)}; got {out.context}")
    if out._source is not None and flags.recording:
        raise ValueError(f"[{op.name}] cannot write to an array that autograd has recorded; use a new one")


def invoke(op: Op, inputs: Sequence[Any], given: Mapping[str, Any], out: Any = None, casts: bool = True) -> Any:
    """Call an operator on arrays.

    Parameters
    ----------
    op : Op
    inputs : sequence of NDArray or None
        In the order of the definition; None for inputs not in use.
    given : mapping
        Parameters as the user gave them.
    out : NDArray or list of NDArray, optional
        Arrays to write the results to.
    casts : bool
        Whether the call is a user's, to which mixed precision applies.

    Returns
    -------
    NDArray or list of NDArray
        The visible outputs; a list if there are several.

    Raises
    ------
    TypeError, ValueError, IndexError
        Before anything runs, with the operator's name, what was expected and what came.
    """
    device = _context_of(op, inputs, given)
    if casts and _precision.active is not None:
        inputs = _precision.active.arrays(op, given, inputs)
    plan = _find_plan(op, given, inputs, device[0], flags.training)
    used = [inputs[i] for i in plan.used]
    if plan.view:
        outs = [_view_of(op, used[0], plan.outs[0], device, out)]
    else:
        outs = _outputs(op, plan, device, out)
        if out is not None:
            used = _safe_inputs(op, plan, used, outs)
        if plan.random:
            engine.invoke(plan.kernel, used, outs, *random.next_key())
        else:
            engine.invoke(plan.kernel, used, outs)
    if op.mutates:
        changed = op.mutated(plan.attrs)
        for name, x in zip(op.input_names(plan.attrs), used):
            if name in changed:
                x.storage.touch()
    if flags.recording:
        _record(op, plan, used, outs)
    if plan.visible == 1:
        return outs[0]
    return outs[: plan.visible]


def _safe_inputs(op: Op, plan: Plan, used: list[Any], outs: list[Any]) -> list[Any]:
    """Inputs to read from: a copy where an output given with ``out=`` overlaps an input it may not overwrite.

    Only an output of an in-place operator may lie just where its input does; and not while autograd records, which
    keeps the inputs. What the operator is to change is never copied.
    """
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


def _view_of(op: Op, source: Any, desc: tuple, device: tuple[int, int], out: Any) -> Any:
    view = _array_class(source.storage, source.offset, desc[0], desc[1])
    if out is None:
        return view
    target = out[0] if isinstance(out, (list, tuple)) else out
    _check_out(op, target, desc, device)
    engine.copy_bytes(view, target, product(desc[0]) * item_size(desc[1]))
    return target


def _record(op: Op, plan: Plan, used: list[Any], outs: list[Any]) -> None:
    sources = [x._source for x in used]
    if op.gradient is None or not any(s is not None for s in sources):
        return
    node = TapeNode(op, plan.attrs, [x.detach() for x in used], sources, [o.detach() for o in outs])
    for i in range(plan.visible):
        outs[i]._source = (node, i)


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
