"""What the operators on images (N, C, H, W) share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.registry import Attrs
from paratrain.ops.rules import MaybeDtype, MaybeShape, known, show

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]
FLOATS = ("float32", "float64", "float16", "bfloat16")
#: Types of operators with long kernels, which are not there for 16-bit types.
REALS = ("float32", "float64")


def axes_of(shape: MaybeShape, names: str, what: str = "data") -> MaybeShape:
    """The shape, if it has the axes named, e.g. ``'N, C, H, W'``.

    Raises
    ------
    ValueError
        If it has another number of them.
    """
    if shape is not None and len(shape) != names.count(",") + 1:
        raise ValueError(f"{what} must have the axes ({names}); got {show(shape)}")
    return shape


def complete(*shapes: MaybeShape) -> bool:
    """Whether all shapes are known."""
    return all(known(s) for s in shapes)


def pair_of(attrs: Attrs, name: str, low: int = 1) -> tuple[int, int]:
    """A parameter that is height and width.

    Raises
    ------
    ValueError
        If it is not two numbers from `low` on.
    """
    value = attrs[name]
    if len(value) != 2 or min(value) < low:
        raise ValueError(f"{name} must be (height, width), both >= {low}; got {value}")
    return value


def of_types(types: Sequence[str], count: int | None = None) -> Callable[..., tuple[Dtypes, Dtypes]]:
    """Dtype rule: inputs (all, or the first `count`) and outputs have one dtype, one of `types`."""

    def rule(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
        n = len(ins) if count is None else count
        found: MaybeDtype = None
        for other in (*ins[:n], *outs):
            if other is not None and found is not None and other != found:
                raise TypeError(f"dtypes must agree; got {found} and {other}")
            found = other or found
        if found is not None and found not in types:
            raise TypeError(f"data must have one of the dtypes {', '.join(types)}; got {found}")
        return [found] * n + ins[n:], [found] * len(outs)

    return rule


def kernel_of(name: str, *params: str) -> Callable[..., tuple[str, Attrs]]:
    """Kernel that gets some of the parameters."""
    return lambda attrs, ins, outs: (name, {k: attrs[k] for k in params})


def grad_like(*data: int) -> Callable[..., tuple[list[MaybeShape], list[MaybeShape]]]:
    """Shape rule of gradients: output k is like input ``data[k]``, whose shape is known."""

    def rule(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        return ins, [ins[k] for k in data]

    return rule


def zeros(g: Any) -> list[Any]:
    """Gradient of operators that have none: zeros, as MXNet has it."""
    return [g.F.zeros_like(x) if n else None for x, n in zip(g.inputs, g.needed)]
