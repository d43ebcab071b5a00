"""Mixed precision for everything that is built or computed from now on."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from paratrain import _precision
from paratrain.amp.policy import Caster, Conditional, Policy, make_policy
from paratrain.context import num_gpus
from paratrain.graph.ir import Entry
from paratrain.ndarray.invoke import F
from paratrain.ops.registry import Attrs, Op

__all__ = ["active_dtype", "init", "reset"]


class Session:
    """A policy at work on symbols that are composed and on arrays that are computed with."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._caster = Caster(policy, shares=False)

    def entries(self, op: Op, attrs: Attrs, entries: Sequence[Entry], name: str) -> list[Entry]:
        """Inputs of a new node."""
        return self._caster.inputs(op, attrs, entries, name)

    def arrays(self, op: Op, given: Mapping[str, Any], inputs: Sequence[Any]) -> list[Any]:
        """Inputs of a call on arrays; casts are recorded by autograd like other operators."""
        kind, target = self.policy.kind(op, given), self.policy.target
        dtypes = {x.dtype_str for x in inputs if x is not None}
        if kind == "any" or "float64" in dtypes:
            return list(inputs)
        wanted = {"low": target, "float32": "float32"}.get(kind) or ("float32" if "float32" in dtypes else target)
        from_type = {"low": "float32"}.get(kind, target)
        if from_type not in dtypes:
            return list(inputs)
        kept = {*op.shape_only} if callable(op.aux) else {*op.aux, *op.shape_only}
        names = [""] * len(inputs) if op.variadic else list(op.inputs)
        return [
            F.amp_cast(x, dtype=wanted) if x is not None and x.dtype_str == from_type != wanted and n not in kept else x
            for x, n in zip(inputs, names)
        ]


def init(
    target_dtype: Any = "float16",
    target_precision_ops: Sequence[str] | None = None,
    conditional_fp32_ops: Conditional | None = None,
    fp32_ops: Sequence[str] | None = None,
) -> None:
    """Use mixed precision in this process, for symbols composed and arrays computed with from now on.

    To be called before the network is built. Operators that gain most run in the 16-bit type, those whose results would
    suffer in float32, and casts are put in between; parameters stay float32. With float16, a `Module` bound from now on
    also scales its loss; see `LossScaler`. Networks that exist, or are loaded from files, stay as they are: for them
    there is `convert_symbol`.

    Parameters
    ----------
    target_dtype : {'float16', 'bfloat16'}, default 'float16'
        bfloat16 has the range of float32 and needs no loss scaling. On a CPU, float16 is computed by plain kernels,
        several times slower than float32: there is a warning then.
    target_precision_ops, fp32_ops, conditional_fp32_ops
        Instead of the built-in lists; see `convert_symbol`.

    Raises
    ------
    ValueError
        For another type, an unknown operator, or an operator in two lists.
    RuntimeError
        If other precision was chosen before; see `reset`.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.amp.init("bfloat16")
    >>> net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="fc")
    >>> net.simple_bind(mx.cpu(), data=(2, 3)).outputs[0].dtype.__name__
    'bfloat16'
    >>> mx.amp.reset()
    """
    policy = make_policy("amp.init", target_dtype, target_precision_ops, fp32_ops, conditional_fp32_ops)
    if _precision.active is not None:
        if _precision.active.policy != policy:
            raise RuntimeError(
                "[amp.init] mixed precision was chosen before, with other arguments; call amp.reset() first"
            )
        return
    if policy.target == "float16" and not num_gpus():
        warnings.warn(
            "[amp.init] there is no GPU, and float16 is slow on a CPU; use target_dtype='bfloat16', or float32",
            stacklevel=2,
        )
    _precision.active = Session(policy)


def reset() -> None:
    """End mixed precision: what is built from now on runs in the precision of its inputs."""
    _precision.active = None


def active_dtype() -> str | None:
    """The 16-bit type in use since `init`; None: none.

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.amp.active_dtype() is None
    True
    """
    return None if _precision.active is None else _precision.active.policy.target
