"""What several optimizers compute in the same way."""

from __future__ import annotations

from typing import Any

from .. import ndarray as nd
from .base import Optimizer


def zeros_like(weight: Any) -> Any:
    """Zeros of a weight's shape, type and device."""
    return nd.zeros(weight.shape, weight.context, dtype=weight.dtype)


def clip(values: Any, bound: float | None) -> Any:
    """Values between plus and minus `bound`; as they are when it is None."""
    return values if bound is None else nd.clip(values, -bound, bound)


def clipped(optimizer: Optimizer, grad: Any) -> Any:
    """Gradient times the optimizer's `rescale_grad`, within its `clip_gradient`."""
    return clip(grad * optimizer.rescale_grad, optimizer.clip_gradient)
