"""What the profiler says of a kernel: names, bytes and arithmetic operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from paratrain.ext import engine

__all__ = ["Work", "describe"]


@dataclass(frozen=True)
class Work:
    """One kernel: a step of a program, or an operator that was called by itself.

    Attributes
    ----------
    name : str
        Of the node; of the operator where that was called by itself.
    operator, kernel : str
        The kernel is named by its implementation, e.g. ``dnnl:jit:avx512_core``.
    nbytes, flops : int
        Bytes of the arrays that are read and written, and arithmetic operations, of one call.
    device_type : int
        1: CPU; 2: GPU.
    in_program : bool
    """

    name: str
    operator: str
    kernel: str
    nbytes: int
    flops: int
    device_type: int
    in_program: bool


def describe(what: Any, ins: Sequence[Any] = (), outs: Sequence[Any] = ()) -> Any:
    """Describe a program's steps, or a kernel with its arrays, for the engine's `set_profile_describe`."""
    if isinstance(what, engine.Program):
        return [_of_step(step) for step in what.about]
    flops = 0
    operator = what.name
    if what.about is not None:
        op, attrs, in_descs, out_descs = what.about
        operator, flops = op.name, op.count_flops(attrs, in_descs, out_descs)
    nbytes = sum(a.nbytes for a in (*ins, *outs))
    return Work(operator, operator, what.implementation, nbytes, flops, what.device_type, False)


def _of_step(step: Any) -> Work:
    kernel = step.kernel
    return Work(step.name, step.op, kernel.implementation, step.nbytes, step.flops, kernel.device_type, True)
