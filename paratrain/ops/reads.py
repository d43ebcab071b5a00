"""Which values a gradient reads, so that autograd keeps no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.registry import GradContext, Op, get

#: Operators with more outputs keep all values rather than trying which gradients may arrive.
_MOST_OUTPUTS = 16


class _Value:
    """Stands for an array while a gradient function is watched; `read` once an operator needs its elements."""

    __slots__ = ("read",)

    def __init__(self) -> None:
        self.read = False


class _Watch:
    """A namespace of operators that compute nothing, but note what they would read."""

    def __getattr__(self, name: str) -> Any:
        op = get(name)

        def call(*inputs: Any, out: Any = None, **given: Any) -> Any:
            values = list(inputs[0]) if op.variadic and len(inputs) == 1 and isinstance(inputs[0], list) else inputs
            if op.counter:
                given.setdefault(op.counter, len(values))
            attrs = op.parse(given)
            names = op.input_names(attrs) if op.variadic else list(op.inputs)
            for x, n in zip(values, names):
                if isinstance(x, _Value) and n not in op.shape_only:
                    x.read = True
            made = [_Value() for _ in range(op.num_visible(attrs))]
            return made[0] if len(made) == 1 else made

        return call


def read_by_gradient(plan: Any, needed: Sequence[bool]) -> tuple[list[bool], list[bool]]:
    """For each input and each output of a call, whether its gradient function reads the elements.

    The function is run on values that stand for arrays, once with gradients at all outputs, and for each output with
    one at that output only.

    Parameters
    ----------
    plan : Plan
    needed : sequence of bool
        For each input, whether its gradient is wanted.
    """
    op: Op = plan.op
    outputs = len(plan.outs)
    if outputs > _MOST_OUTPUTS:
        return [True] * len(plan.used), [True] * outputs
    ins, outs = [_Value() for _ in plan.used], [_Value() for _ in plan.outs]
    arriving = [list(range(outputs)), *([i] for i in range(outputs) if outputs > 1)]
    for some in arriving:
        grads = [_Value() if i in some else None for i in range(outputs)]
        try:
            results = op.gradient(GradContext(op, _Watch(), plan.attrs, ins, outs, grads, needed))  # type: ignore[misc]
        except NotImplementedError:  # it will say so to whoever asks for this gradient
            return [True] * len(plan.used), [True] * outputs
        for value in results:
            if isinstance(value, _Value):
                value.read = True  # a value that is the gradient itself
    return [v.read for v in ins], [v.read for v in outs]
