"""What several operators need to say what they are composed of (`Op.composed`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.rules import product


def places(F: Any, like: Any, axis: int) -> Any:
    """Numbers 0, 1, ... along one axis of the array `like`, int64, so that they are repeated along the others."""
    numbers = F.Cast(F._contrib_arange_like(like, axis=axis), dtype="int64")
    for other in range(len(like.shape)):
        if other != axis:
            numbers = F.expand_dims(numbers, axis=other)
    return numbers


def gather(F: Any, data: Any, coordinates: Sequence[Any]) -> Any:
    """Elements of an array at places given by int64 arrays, one for each axis, that are repeated to one shape."""
    at: Any = None
    for axis, coordinate in enumerate(coordinates):
        step = F._mul_scalar(coordinate, scalar=product(data.shape[axis + 1 :]))
        at = step if at is None else F.broadcast_add(at, step)
    return F.take(F.Reshape(data, shape=(-1,)), at)


def front(F: Any, parameter: Any, ndim: int, tail: int = 0) -> Any:
    """A parameter of the first (and the last `tail`) axes of an array of `ndim` axes, with axes of size 1 between."""
    shape = parameter.shape
    cut = len(shape) - tail
    return F.Reshape(parameter, shape=(*shape[:cut], *[1] * (ndim - len(shape)), *shape[cut:]))
