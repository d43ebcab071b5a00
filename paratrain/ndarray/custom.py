"""`nd.Custom`: call an operator written in Python on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain._tape import TapeNode, flags
from paratrain.graph.infer import infer_node
from paratrain.ndarray.creation import zeros
from paratrain.ndarray.invoke import F, empty_like_desc
from paratrain.ndarray.ndarray import NDArray
from paratrain.ops.custom import Instance, run_backward, run_forward
from paratrain.ops.registry import get

__all__ = ["Custom"]


def Custom(*args: NDArray, op_type: str | None = None, out: Any = None, name: str | None = None, **kwargs: Any) -> Any:
    """Call an operator written in Python.

    Parameters
    ----------
    *args : NDArray
        Inputs and auxiliary states in the operator's order; they may be given by name as well.
    op_type : str
        Name under which the operator was registered; see `paratrain.operator.register`.
    out : NDArray or list of NDArray, optional
        Arrays to write the results to.
    **kwargs
        Further inputs by name, and parameters, which the operator gets as text.

    Returns
    -------
    NDArray or list of NDArray

    Raises
    ------
    MXNetError
        If the operator's code fails; its own error is the cause.
    """
    named = {k: v for k, v in kwargs.items() if isinstance(v, NDArray)}
    op = get("Custom")
    attrs = op.parse({"op_type": op_type, **{k: v for k, v in kwargs.items() if k not in named}})
    instance: Instance = attrs["instance"]
    inputs = _inputs(instance, list(args), named)
    here = inputs[0].context
    if any(x.context != here for x in inputs):
        raise ValueError(
            f"[Custom] {op_type}: all inputs must be on one context; got {[str(x.context) for x in inputs]}"
        )
    descs = infer_node(op, attrs, [x.desc for x in inputs])
    operator = instance.create(here, [x.desc for x in inputs])
    device = (inputs[0].storage.device_type, inputs[0].storage.device_id)
    outs = [empty_like_desc(d, device) for d in descs]
    views = [x.detach() for x in inputs]
    run_forward(instance, operator, flags.training, views, list(outs))
    results = _write(outs, out, instance.op_type)
    sources = [x._source if n in instance.arguments else None for n, x in zip(instance.inputs, inputs)]
    if flags.recording and any(s is not None for s in sources):
        call = _Call(instance, operator, views, outs)
        node = TapeNode(None, {}, views, sources, [o.detach() for o in outs], backward=call)
        for i, result in enumerate(results):
            result._source = (node, i)
    return results[0] if len(results) == 1 else results


def _inputs(instance: Instance, args: list[Any], named: dict[str, NDArray]) -> list[NDArray]:
    where, names = f"[Custom] {instance.op_type}", instance.inputs
    if len(args) > len(names):
        raise TypeError(f"{where} takes {len(names)} arrays ({', '.join(names)}); got {len(args)}")
    found = dict(zip(names, args))
    for name, value in named.items():
        if name not in names:
            raise TypeError(f"{where} has no input {name!r}; its inputs are {', '.join(names)}")
        if name in found:
            raise TypeError(f"{where} input {name!r} was given twice")
        found[name] = value
    for name in names:
        if not isinstance(found.get(name), NDArray):
            raise TypeError(f"{where} input {name!r} must be NDArray; got {type(found.get(name)).__name__}")
    return [found[n] for n in names]


def _write(outs: list[NDArray], out: Any, op_type: str) -> list[NDArray]:
    """Results as arrays of their own, or written to those given."""
    if out is None:
        return [o.detach() for o in outs]
    given = list(out) if isinstance(out, (list, tuple)) else [out]
    if len(given) != len(outs):
        raise ValueError(f"[Custom] {op_type}: out must have {len(outs)} arrays; got {len(given)}")
    for target, result in zip(given, outs):
        if not isinstance(target, NDArray) or target.desc != result.desc:
            raise ValueError(f"[Custom] {op_type}: out must be NDArray like {result.desc}")
        if target._source is not None and flags.recording:
            raise ValueError(f"[Custom] {op_type}: cannot write to an array that autograd has recorded; use a new one")
        result.copyto(target)
    return given


class _Call:
    """What backward of a recorded call needs."""

    def __init__(self, instance: Instance, operator: Any, inputs: list[NDArray], outputs: list[NDArray]) -> None:
        self._instance, self._operator = instance, operator
        self._inputs, self._outputs = inputs, outputs

    def _gradients(self, arrived: list[Any], num_inputs: int) -> Sequence[Any]:
        """Gradients of the inputs for those that arrived at the outputs (zeros where none did)."""
        count = len(self._instance.arguments)
        heads = [F.zeros_like(o) if g is None else g for g, o in zip(arrived, self._outputs)]
        grads = [zeros(x.shape, ctx=x.context, dtype=x.dtype_str) for x in self._inputs[:count]]
        run_backward(self._instance, self._operator, heads, self._inputs, self._outputs, grads, ["write"] * count)
        return [*grads, *[None] * (num_inputs - count)]
