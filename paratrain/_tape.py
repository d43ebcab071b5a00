"""What autograd records: the flags of each thread and the nodes of the tape."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from paratrain.ops.registry import Attrs, Op


class _Flags(threading.local):
    recording = False
    training = False


#: Whether this thread records, and whether operators behave as in training.
flags = _Flags()


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


class TapeNode:
    """One recorded call.

    Attributes
    ----------
    inputs : list of NDArray
        Values, as views without history.
    sources : list
        For each input ``(TapeNode, output index)``, a `Leaf`, or None for constants.
    outputs : list of NDArray
        All outputs, as views without history (so that the tape holds no cycle).
    training : bool
        Whether the operator behaved as in training; its gradient does likewise.
    """

    __slots__ = ("attrs", "backward", "freed", "inputs", "op", "outputs", "sources", "training")

    def __init__(
        self,
        op: Op | None,
        attrs: Attrs,
        inputs: Sequence[Any],
        sources: Sequence[Any],
        outputs: Sequence[Any],
        backward: Any = None,
    ) -> None:
        self.op, self.attrs = op, attrs
        self.inputs, self.sources, self.outputs = list(inputs), list(sources), list(outputs)
        self.backward = backward
        self.freed = False
        self.training = flags.training

    @property
    def name(self) -> str:
        """Name for messages."""
        return self.op.name if self.op is not None else type(self.backward).__name__
