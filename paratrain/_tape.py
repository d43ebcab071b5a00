"""What autograd records: the flags of each thread and the nodes of the tape."""

from __future__ import annotations

from typing import Any

from paratrain.ext.engine import Flags
from paratrain.ext.engine import TapeNode as TapeNode

#: Whether this thread records, and whether operators behave as in training.
flags = Flags()


class Leaf:
    """Where the gradient of an array goes that was asked for (`attach_grad`).

    Attributes
    ----------
    grad : NDArray
        Buffer.
    grad_req : {'write', 'add'}
    """

    __slots__ = ("grad", "grad_req")

    def __init__(self, grad: Any, grad_req: str) -> None:
        self.grad, self.grad_req = grad, grad_req
