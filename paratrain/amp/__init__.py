"""Mixed precision: run what gains most in a 16-bit type and the rest in float32 (`mx.amp`, also `mx.contrib.amp`).

See `docs/mixed-precision.md`.
"""

from __future__ import annotations

from typing import Any

from paratrain.amp import lists
from paratrain.amp.convert import convert_model as convert_model
from paratrain.amp.convert import convert_symbol as convert_symbol
from paratrain.amp.loss_scaler import LossScaler as LossScaler
from paratrain.amp.policy import make_policy
from paratrain.amp.session import active_dtype as active_dtype
from paratrain.amp.session import init as init
from paratrain.amp.session import reset as reset
from paratrain.ops.registry import OPS

__all__ = [
    "LossScaler",
    "active_dtype",
    "convert_model",
    "convert_symbol",
    "init",
    "list_conditional_fp32_ops",
    "list_fp32_ops",
    "list_lp16_fp32_ops",
    "list_lp16_ops",
    "list_widest_type_cast",
    "reset",
]


def list_lp16_ops(target_dtype: Any) -> list[str]:
    """Operators that run in the 16-bit type.

    Examples
    --------
    >>> list_lp16_ops("bfloat16")[:2]
    ['Convolution', 'Deconvolution']
    """
    return sorted(make_policy("amp.list_lp16_ops", target_dtype).low)


def list_fp32_ops(target_dtype: Any) -> list[str]:
    """Operators that run in float32."""
    return sorted(make_policy("amp.list_fp32_ops", target_dtype).float32)


def list_conditional_fp32_ops(target_dtype: Any) -> list[tuple[str, str, list[str]]]:
    """Operators that run in float32 with certain values of a parameter: operator, parameter, values."""
    make_policy("amp.list_conditional_fp32_ops", target_dtype)
    return [(name, param, list(values)) for name, param, values in lists.CONDITIONAL_FLOAT32]


def list_widest_type_cast(target_dtype: Any) -> list[str]:
    """Operators that run in the widest type among their arrays."""
    return _of_kind("amp.list_widest_type_cast", target_dtype, "widest")


def list_lp16_fp32_ops(target_dtype: Any) -> list[str]:
    """Operators that run in the type of what they get."""
    return _of_kind("amp.list_lp16_fp32_ops", target_dtype, "any")


def _of_kind(where: str, target_dtype: Any, kind: str) -> list[str]:
    policy = make_policy(where, target_dtype)
    ops = {o.name: o for o in OPS.values() if not o.name.startswith("_backward")}
    defaults = {name: {p: v.default for p, v in op.params.items()} for name, op in ops.items()}
    return sorted(name for name, op in ops.items() if policy.kind(op, defaults[name]) == kind)
