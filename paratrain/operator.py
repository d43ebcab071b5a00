"""Operators in Python: subclass `CustomOp` and `CustomOpProp`, `register`, then call `nd.Custom` or `sym.Custom`.

Examples
--------
>>> import paratrain as mx
>>> class Square(mx.operator.CustomOp):
...     def forward(self, is_train, req, in_data, out_data, aux):
...         self.assign(out_data[0], req[0], in_data[0] * in_data[0])
...     def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
...         self.assign(in_grad[0], req[0], 2 * in_data[0] * out_grad[0])
>>> @mx.operator.register('example_square')
... class SquareProp(mx.operator.CustomOpProp):
...     def create_operator(self, ctx, in_shapes, in_dtypes):
...         return Square()
>>> x = mx.nd.array([1, 2, 3])
>>> x.attach_grad()
>>> with mx.autograd.record():
...     y = mx.nd.Custom(x, op_type='example_square')
>>> y.backward()
>>> y.asnumpy(), x.grad.asnumpy()
(array([1., 4., 9.], dtype=float32), array([2., 4., 6.], dtype=float32))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.custom import CLASSES

__all__ = ["CustomOp", "CustomOpProp", "get_all_registered_operators", "register"]


class CustomOp:
    """What an operator computes: override `forward` and `backward`."""

    def forward(
        self,
        is_train: bool,
        req: Sequence[str],
        in_data: Sequence[Any],
        out_data: Sequence[Any],
        aux: Sequence[Any],
    ) -> None:
        """Compute the outputs; to be overridden.

        Parameters
        ----------
        is_train : bool
            Whether operators behave as in training.
        req : list of {'null', 'write', 'inplace', 'add'}
            For each output, what is to be done with it; see `assign`.
        in_data, out_data : list of NDArray
        aux : list of NDArray
            Auxiliary states, which may be changed.
        """
        raise NotImplementedError(f"[Custom] {type(self).__name__}.forward is not defined")

    def backward(
        self,
        req: Sequence[str],
        out_grad: Sequence[Any],
        in_data: Sequence[Any],
        out_data: Sequence[Any],
        in_grad: Sequence[Any],
        aux: Sequence[Any],
    ) -> None:
        """Compute the gradients of the inputs; to be overridden.

        Parameters
        ----------
        req : list of {'null', 'write', 'inplace', 'add'}
            For each gradient, what is to be done with it; see `assign`.
        out_grad : list of NDArray
            Gradients that arrive at the outputs.
        in_data, out_data, in_grad : list of NDArray
        aux : list of NDArray
            Auxiliary states.
        """
        raise NotImplementedError(f"[Custom] {type(self).__name__}.backward is not defined")

    def assign(self, dst: Any, req: str, src: Any) -> None:
        """Write `src` to `dst` (``'write'``, ``'inplace'``), add it (``'add'``) or do nothing (``'null'``).

        Raises
        ------
        ValueError
            For another `req`.
        """
        if req in ("write", "inplace"):
            dst[:] = src
        elif req == "add":
            dst[:] += src
        elif req != "null":
            raise ValueError(f"[CustomOp.assign] req must be 'null', 'write', 'inplace' or 'add'; got {req!r}")


class CustomOpProp:
    """What an operator takes and gives.

    The parameters of a call arrive as text, as keyword arguments of ``__init__``.

    Parameters
    ----------
    need_top_grad : bool, default True
        Whether `CustomOp.backward` uses the gradients of the outputs. A loss does not, and may be the last operator.
    """

    def __init__(self, need_top_grad: bool = True) -> None:
        self.need_top_grad_ = need_top_grad

    def list_arguments(self) -> list[str]:
        """Names of the inputs."""
        return ["data"]

    def list_outputs(self) -> list[str]:
        """Names of the outputs."""
        return ["output"]

    def list_auxiliary_states(self) -> list[str]:
        """Names of the auxiliary states."""
        return []

    def infer_shape(self, in_shape: list[list[int]]) -> tuple:
        """Shapes of inputs, outputs and auxiliary states from what is known of the inputs (``[]``: nothing)."""
        return in_shape, [in_shape[0]] * len(self.list_outputs()), []

    def infer_type(self, in_type: list[Any]) -> tuple:
        """Dtypes of inputs, outputs and auxiliary states from what is known of the inputs (None: nothing)."""
        kind = in_type[0]
        return (
            [kind] * len(self.list_arguments()),
            [kind] * len(self.list_outputs()),
            [kind] * len(self.list_auxiliary_states()),
        )

    def declare_backward_dependency(
        self, out_grad: Sequence[int], in_data: Sequence[int], out_data: Sequence[int]
    ) -> list[int]:
        """Numbers of the arrays that backward reads; all are kept, whatever is said here."""
        return [*(out_grad if self.need_top_grad_ else ()), *in_data, *out_data]

    def create_operator(self, ctx: Any, in_shapes: list[list[int]], in_dtypes: list[int]) -> CustomOp:
        """The operator for inputs of these shapes and dtypes (as numbers); to be overridden."""
        raise NotImplementedError(f"[Custom] {type(self).__name__}.create_operator is not defined")


def register(reg_name: str) -> Callable[[type], type]:
    """Decorator that makes a subclass of `CustomOpProp` known as ``op_type=reg_name``; a later one replaces it.

    Raises
    ------
    TypeError
        If the class is not a subclass of `CustomOpProp`.
    """
    if not isinstance(reg_name, str):
        raise TypeError(f"[operator.register] the name must be str; got {type(reg_name).__name__}")

    def decorate(cls: type) -> type:
        if not (isinstance(cls, type) and issubclass(cls, CustomOpProp)):
            raise TypeError(f"[operator.register] {cls!r} must be a subclass of CustomOpProp")
        CLASSES[reg_name] = cls
        return cls

    return decorate


def get_all_registered_operators() -> list[str]:
    """Names of all operators, those written in Python included."""
    from paratrain.ops.registry import OPS

    return sorted({*OPS, *CLASSES})
