"""The operator that stands for those written in Python; see `paratrain.operator`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from paratrain.base import DTYPE_FLAGS, MXNetError, dtype_name, dtype_type, item_size
from paratrain.ops.params import text
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, merge, product

__all__ = ["CLASSES", "Instance", "guarded"]

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]

#: Classes that describe operators, by `op_type`.
CLASSES: dict[str, Any] = {}


def guarded(where: str, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Call the user's code; what it raises arrives as the cause of an error that names the operator.

    Raises
    ------
    MXNetError
        From whatever the code raised.
    """
    try:
        return call(*args, **kwargs)
    except Exception as e:
        raise MXNetError(f"[Custom] {where} failed with {type(e).__name__}: {e}") from e


class Instance:
    """One node's operator: its description and, once it was compiled, what computes it.

    Parameters
    ----------
    op_type : str
    arguments : mapping of str to str
        For the description's class.

    Raises
    ------
    ValueError
        If no operator is registered under that name.
    """

    def __init__(self, op_type: str, arguments: Mapping[str, str]) -> None:
        if op_type not in CLASSES:
            raise ValueError(
                f"[Custom] no operator is registered as {op_type!r} (mx.operator.register); there are "
                f"{', '.join(sorted(CLASSES)) or 'none'}"
            )
        self.op_type = op_type
        self.prop = guarded(f"{op_type}: the constructor", CLASSES[op_type], **arguments)
        self.arguments = self._names("list_arguments")
        self.outputs = self._names("list_outputs")
        self.states = self._names("list_auxiliary_states")
        self._operator: Any = None
        if not self.arguments or not self.outputs:
            raise ValueError(f"[Custom] {op_type} must have at least one input and one output")

    def _names(self, method: str) -> tuple[str, ...]:
        return tuple(guarded(f"{self.op_type}: {method}", getattr(self.prop, method)))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of arguments and auxiliary states."""
        return (*self.arguments, *self.states)

    def infer(self, method: str, given: list[Any]) -> tuple[list[Any], list[Any]]:
        """What ``infer_shape`` or ``infer_type`` says of all inputs and of the outputs."""
        result = guarded(f"{self.op_type}: {method}", getattr(self.prop, method), given)
        parts = [list(p) for p in result] if isinstance(result, (tuple, list)) else []
        if len(parts) == 2:
            parts.append([])
        counts = [len(self.arguments), len(self.outputs), len(self.states)]
        if [len(p) for p in parts] != counts:
            raise MXNetError(
                f"[Custom] {self.op_type}: {method} must return lists for {counts[0]} inputs, {counts[1]} outputs and "
                f"{counts[2]} auxiliary states; got {result!r}"
            )
        return [*parts[0], *parts[2]], parts[1]

    def create(self, ctx: Any, ins: Sequence[tuple]) -> Any:
        """A new object that computes, for inputs ``(shape, dtype)``."""
        shapes, flags = [list(d[0]) for d in ins], [DTYPE_FLAGS[d[1]] for d in ins]
        self._operator = guarded(f"{self.op_type}: create_operator", self.prop.create_operator, ctx, shapes, flags)
        return self._operator

    @property
    def operator(self) -> Any:
        """The object that was created last: backward is compiled after the forward pass it belongs to."""
        return self._operator


def _read(given: Mapping[str, Any]) -> Attrs:
    if "instance" in given:
        return dict(given)
    rest = {k: v if isinstance(v, str) else str(v) for k, v in given.items() if k != "op_type"}
    if not isinstance(given.get("op_type"), str):
        raise TypeError(f"[Custom] op_type must be the name of a registered operator; got {given.get('op_type')!r}")
    return {"op_type": given["op_type"], "instance": Instance(given["op_type"], rest)}


def _shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    instance: Instance = attrs["instance"]
    given = ins[: len(instance.arguments)]
    if given[0] is None:
        return ins, outs
    complete = all(s is not None and -1 not in s for s in given)
    lists = [[] if s is None else [max(d, 0) for d in s] for s in given]
    found, made = instance.infer("infer_shape", lists)
    return _merged(ins, found, complete), _merged(outs, made, complete)


def _merged(old: Shapes, new: list[Any], complete: bool) -> Shapes:
    """What was known with what the operator says, where a 0 may be a size that is not known."""
    out = []
    for a, b in zip(old, new):
        said = None if b is None or (len(b) == 0 and not complete) else tuple(int(d) for d in b)
        if said is not None and not complete:
            said = tuple(d or -1 for d in said)
        out.append(merge(a, said, "a given shape and infer_shape's"))
    return out


def _dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    instance: Instance = attrs["instance"]
    given = ins[: len(instance.arguments)]
    if given[0] is None:
        return ins, outs
    found, made = instance.infer("infer_type", [None if t is None else dtype_type(t) for t in given])

    def names(values: list[Any]) -> Dtypes:
        return [None if v is None else dtype_name(v) for v in values]

    return names(found), names(made)


def _bytes(descs: Specs) -> list[tuple]:
    return [(*d, product(d[0]) * item_size(d[1])) for d in descs]


def _array(storage: Any, offset: int, shape: tuple, dtype: str) -> Any:
    from paratrain.ndarray.ndarray import NDArray

    return NDArray(storage, offset, shape, dtype)


def _quiet(train: bool) -> Any:
    """The user's code runs in the mode of the call, and autograd does not see it."""
    from paratrain import autograd

    return autograd.pause(train_mode=train)


def run_forward(instance: Instance, operator: Any, train: bool, ins: list[Any], outs: list[Any]) -> None:
    """Call an operator's ``forward``."""
    count = len(instance.arguments)
    with _quiet(train):
        guarded(
            f"{instance.op_type}: forward",
            operator.forward,
            is_train=train,
            req=["write"] * len(outs),
            in_data=ins[:count],
            out_data=outs,
            aux=ins[count:],
        )


def run_backward(
    instance: Instance,
    operator: Any,
    heads: list[Any],
    ins: list[Any],
    outs: list[Any],
    grads: list[Any],
    req: list[str],
) -> None:
    """Call an operator's ``backward``."""
    count = len(instance.arguments)
    with _quiet(True):
        guarded(
            f"{instance.op_type}: backward",
            operator.backward,
            req=req,
            out_grad=heads,
            in_data=ins[:count],
            out_data=outs,
            in_grad=grads,
            aux=ins[count:],
        )


def _context(device_type: int) -> Any:
    from paratrain.context import Context, current_context

    here = current_context()
    return here if here.device_typeid == device_type else Context(Context.devtype2str[device_type], 0)


def _build(attrs: Attrs, ins: Specs, outs: Specs, train: bool, op_id: int, device_type: int) -> Any:
    from paratrain.ext import engine

    instance: Instance = attrs["instance"]
    operator = instance.create(_context(device_type), ins)
    states = range(len(instance.arguments), len(instance.inputs))

    def forward(inputs: list[Any], outputs: list[Any]) -> Sequence[int]:
        run_forward(instance, operator, train, inputs, outputs)
        return states

    return engine.make_python_kernel(device_type, forward, _array, _bytes(ins), _bytes(outs), "Custom")


def _build_backward(attrs: Attrs, ins: Specs, outs: Specs, train: bool, op_id: int, device_type: int) -> Any:
    from paratrain.ext import engine
    from paratrain.ndarray.creation import zeros

    instance: Instance = attrs["instance"]
    operator = instance.operator
    if operator is None:
        raise ValueError(f"[Custom] {instance.op_type}: gradients were asked for before the operator has run")
    first, needed = len(instance.outputs), attrs["needed"]
    last = first + len(instance.inputs)
    req = ["write" if i in needed else "null" for i in range(len(instance.arguments))]

    def backward(inputs: list[Any], outputs: list[Any]) -> Sequence[int]:
        given = inputs[first:last]
        places = dict(zip(needed, outputs))
        grads = [
            places[i] if i in places else zeros(x.shape, ctx=x.context, dtype=x.dtype_str)
            for i, x in enumerate(given[: len(req)])
        ]
        for grad in outputs:
            grad[:] = 0
        run_backward(instance, operator, inputs[:first], given, inputs[last:], grads, req)
        return range(last - len(instance.states), last)

    return engine.make_python_kernel(device_type, backward, _array, _bytes(ins), _bytes(outs), "Custom")


def _gradient(g: GradContext) -> Sequence[Any]:
    instance: Instance = g.attrs["instance"]
    count = len(instance.arguments)
    needed = tuple(i for i, n in enumerate(g.needed[:count]) if n)
    if not needed:
        return [None] * len(g.inputs)
    heads = [g.grad(i) for i in range(len(instance.outputs))]
    made = g.F._backward_Custom(*heads, *g.inputs, *g.outputs, **g.attrs, needed=needed)
    found = dict(zip(needed, made if isinstance(made, list) else [made]))
    return [found.get(i) for i in range(len(g.inputs))]


define(
    "Custom",
    "An operator written in Python; see `paratrain.operator`.",
    inputs={"data": "Inputs and auxiliary states, as the operator lists them."},
    params={"op_type": text(doc="Name under which the operator was registered.")},
    reads=_read,
    variadic="op_type",
    arity=lambda attrs: len(attrs["instance"].inputs),
    present=lambda attrs: attrs["instance"].inputs,
    outputs=lambda attrs: attrs["instance"].outputs,
    aux=lambda attrs: attrs["instance"].states,
    mutates=lambda attrs: attrs["instance"].states,
    shape=_shape,
    dtype=_dtype,
    build=_build,
    gradient=_gradient,
    random=True,
    example=""">>> class Twice(mx.operator.CustomOp):
...     def forward(self, is_train, req, in_data, out_data, aux):
...         self.assign(out_data[0], req[0], in_data[0] * 2)
>>> @mx.operator.register('example_twice')
... class TwiceProp(mx.operator.CustomOpProp):
...     def create_operator(self, ctx, in_shapes, in_dtypes):
...         return Twice()
>>> mx.nd.Custom(mx.nd.array([1, 2]), op_type='example_twice').asnumpy()
array([2., 4.], dtype=float32)""",
)


def _backward_names(attrs: Attrs) -> tuple[str, ...]:
    instance: Instance = attrs["instance"]
    heads = [f"grad_{n}" for n in instance.outputs]
    return (*heads, *(f"in_{n}" for n in instance.inputs), *(f"out_{n}" for n in instance.outputs))


def _needed_of(attrs: Attrs, ins: list, outs: list) -> tuple[list, list]:
    return ins, [ins[len(attrs["instance"].outputs) + i] for i in attrs["needed"]]


define(
    "_backward_Custom",
    "Gradients of an operator written in Python.",
    inputs={"data": "Gradients of the outputs, inputs, outputs."},
    params={"op_type": text(doc="Name under which the operator was registered.")},
    reads=dict,
    variadic="op_type",
    arity=lambda attrs: len(_backward_names(attrs)),
    present=_backward_names,
    outputs=lambda attrs: tuple(f"grad{i}" for i in attrs["needed"]),
    mutates=lambda attrs: tuple(f"in_{n}" for n in attrs["instance"].states),
    shape=_needed_of,
    dtype=_needed_of,
    build=_build_backward,
    random=True,
)
