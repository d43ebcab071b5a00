"""Rules for `Op.flops`: how many additions and multiplications an operator takes.

Each is called with the parameters and the ``(shape, dtype)`` of inputs and outputs. A multiplication with an addition
counts as two; a division, root or exponential as one, as is usual.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ops.rules import product

__all__ = ["FlopsRule", "elements", "gemm_flops", "per_element", "weighted_flops"]

Attrs = dict[str, Any]
Descs = list[tuple]
FlopsRule = Callable[[Attrs, Descs, Descs], int]


def elements(desc: tuple) -> int:
    """Number of elements of ``(shape, dtype)``."""
    return product(desc[0])


def per_element(count: int, of_input: int | None = None) -> FlopsRule:
    """`count` for each element of the first output, or of an input.

    Examples
    --------
    >>> per_element(5)({}, [], [((2, 3), "float32")])
    30
    """
    return lambda attrs, ins, outs: count * elements(outs[0] if of_input is None else ins[of_input])


def weighted_flops(result: Callable[[Descs, Descs], tuple], weight: Callable[[Descs, Descs], tuple]) -> FlopsRule:
    """Of layers in which one row of a weight (all axes but the first) is summed up for each element of a result.

    That holds for convolutions and linear layers, and for their gradients, which do the same work in another order.

    Parameters
    ----------
    result, weight : callable
        ``(ins, outs) -> desc`` of the array that has the place of the result in the layer, and of the weight.

    Examples
    --------
    >>> rule = weighted_flops(lambda ins, outs: outs[0], lambda ins, outs: ins[1])
    >>> rule({}, [((4, 5), "float32"), ((3, 5), "float32")], [((4, 3), "float32")])
    120
    """
    return lambda attrs, ins, outs: 2 * elements(result(ins, outs)) * product(weight(ins, outs)[0][1:])


def gemm_flops(kernel: Callable[..., tuple[str, Attrs]]) -> FlopsRule:
    """Of operators whose kernel is a product of matrices: by the sizes that it is given."""

    def rule(attrs: Attrs, ins: Descs, outs: Descs) -> int:
        sizes = kernel(attrs, ins, outs)[1]
        return 2 * sizes["batch"] * sizes["m"] * sizes["n"] * sizes["k"]

    return rule
