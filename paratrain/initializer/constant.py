"""Initializers without chance: given values, and weights whose structure says their values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from .base import InitDesc, Initializer, alias, bilinear, create, register


@register
@alias("zeros")
class Zero(Initializer):
    """Zeros.

    Examples
    --------
    >>> array = np.ones(2)
    >>> Zero()("fc_weight", array)
    >>> array.tolist()
    [0.0, 0.0]
    """

    def __init__(self) -> None:
        super().__init__()

    def _init_weight(self, name: str, arr: Any) -> None:
        arr[:] = 0.0


@register
@alias("ones")
class One(Initializer):
    """Ones.

    Examples
    --------
    >>> array = np.zeros(2)
    >>> One()("fc_weight", array)
    >>> array.tolist()
    [1.0, 1.0]
    """

    def __init__(self) -> None:
        super().__init__()

    def _init_weight(self, name: str, arr: Any) -> None:
        arr[:] = 1.0


@register
class Constant(Initializer):
    """One value everywhere, or given values.

    Parameters
    ----------
    value : float or array_like
        A number, or values of the parameter's shape.

    Examples
    --------
    >>> array = np.zeros(2)
    >>> Constant([1.0, 2.0])("fc_weight", array)
    >>> array.tolist()
    [1.0, 2.0]
    """

    def __init__(self, value: Any) -> None:
        super().__init__(value=value)
        self.value = value

    def dumps(self) -> str:
        """Write class and value as JSON; arrays as nested lists."""
        value = self.value.asnumpy() if hasattr(self.value, "asnumpy") else self.value
        if isinstance(value, (np.ndarray, np.generic)):
            value = value.tolist()
        return json.dumps(["constant", {"value": value}])

    def _init_weight(self, name: str, arr: Any) -> None:
        if isinstance(self.value, (int, float)):
            arr[:] = float(self.value)
            return
        value = np.asarray(self.value.asnumpy() if hasattr(self.value, "asnumpy") else self.value)
        if value.shape != tuple(arr.shape) and value.size != 1:
            raise ValueError(f"[Constant] {name} has shape {tuple(arr.shape)}; the given values have {value.shape}")
        arr[:] = np.broadcast_to(value, arr.shape).astype(arr.dtype)


@register
class Bilinear(Initializer):
    """Weight of a deconvolution that enlarges an image by bilinear interpolation."""

    def __init__(self) -> None:
        super().__init__()

    def _init_weight(self, name: str, arr: Any) -> None:
        arr[:] = bilinear(arr.shape)


@register
class LSTMBias(Initializer):
    """Bias of an LSTM cell: zeros, and `forget_bias` for the forget gate.

    Gates are in the order input, forget, cell, output. A bias gets it when its
    variable asks for it, ``mx.sym.Variable("lstm_i2h_bias", init=LSTMBias())``;
    as the initializer of a whole network it fills weights alone.

    Parameters
    ----------
    forget_bias : float, default 1.0
        Bias of the forget gate.
    """

    def __init__(self, forget_bias: float = 1.0) -> None:
        super().__init__(forget_bias=forget_bias)
        self.forget_bias = forget_bias

    def _init_weight(self, name: str, arr: Any) -> None:
        if len(arr.shape) != 1 or arr.shape[0] % 4:
            raise ValueError(f"[LSTMBias] {name} must have shape (4 * num_hidden,); got {tuple(arr.shape)}")
        gates = np.zeros((4, arr.shape[0] // 4), np.float32)
        gates[1] = self.forget_bias
        arr[:] = gates.reshape(-1)


_GATES = {"rnn_relu": [""], "rnn_tanh": [""], "lstm": ["_i", "_f", "_c", "_o"], "gru": ["_r", "_z", "_o"]}


@register
class FusedRNN(Initializer):
    """Fill the one parameter vector of a fused recurrent layer, gate by gate.

    Parameters
    ----------
    init : Initializer, str or None
        For each weight matrix and bias of a gate; None takes the initializer
        of the whole network.
    num_hidden : int
        Units per layer.
    num_layers : int
        Number of layers.
    mode : {'rnn_relu', 'rnn_tanh', 'lstm', 'gru'}
        Kind of cell.
    bidirectional : bool, default False
        Two directions.
    forget_bias : float, default 1.0
        Bias of the forget gates of an LSTM.

    Examples
    --------
    >>> vector = np.empty(56)
    >>> FusedRNN(One(), num_hidden=2, num_layers=1, mode="lstm", forget_bias=2.0)(InitDesc("rnn_weight"), vector)
    >>> vector[40:48].tolist()
    [0.0, 0.0, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0]
    """

    def __init__(
        self,
        init: Initializer | str | None,
        num_hidden: int,
        num_layers: int,
        mode: str,
        bidirectional: bool = False,
        forget_bias: float = 1.0,
    ) -> None:
        if mode not in _GATES:
            raise ValueError(f"[FusedRNN] mode must be one of {sorted(_GATES)}; got {mode!r}")
        inner = create(init) if init is not None else None
        super().__init__(
            init=inner.dumps() if inner else None,
            num_hidden=num_hidden,
            num_layers=num_layers,
            mode=mode,
            bidirectional=bidirectional,
            forget_bias=forget_bias,
        )
        self._init = inner
        self._num_hidden = num_hidden
        self._num_layers = num_layers
        self._mode = mode
        self._directions = 2 if bidirectional else 1
        self._forget_bias = forget_bias

    def _blocks(self, size: int) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Name and shape of each gate's matrix or bias, in the order of the vector."""
        hidden, sides, gates = self._num_hidden, self._directions, _GATES[self._mode]
        per_row = size // (sides * hidden * len(gates))
        inputs = per_row - (self._num_layers - 1) * (hidden + sides * hidden + 2) - hidden - 2
        for layer in range(self._num_layers):
            width = inputs if layer == 0 else sides * hidden
            for side in "lr"[:sides]:
                for part, columns in (("i2h", width), ("h2h", hidden)):
                    for gate in gates:
                        yield f"{side}{layer}_{part}{gate}_weight", (hidden, columns)
        for layer in range(self._num_layers):
            for side in "lr"[:sides]:
                for part in ("i2h", "h2h"):
                    for gate in gates:
                        yield f"{side}{layer}_{part}{gate}_bias", (hidden,)

    def _init_weight(self, name: str, arr: Any) -> None:
        inner = self._init or getattr(name, "global_init", None)
        if inner is None or isinstance(inner, FusedRNN):
            raise ValueError(f"[FusedRNN] {name}: init=None needs an initializer of the whole network; got none")
        size = math.prod(arr.shape)
        blocks = list(self._blocks(size))
        total = sum(math.prod(shape) for _, shape in blocks)
        if total != size or any(0 in shape or min(shape) < 0 for _, shape in blocks):
            raise ValueError(
                f"[FusedRNN] {name} of {size} values does not fit {self._num_layers} layers of {self._num_hidden} "
                f"{self._mode} units in {self._directions} direction(s)"
            )
        pieces = []
        for part, shape in blocks:
            piece = np.zeros(shape, np.float32)
            if self._mode == "lstm" and part.endswith("_f_bias"):
                piece[:] = self._forget_bias
            else:
                inner(InitDesc(part, global_init=inner), piece)
            pieces.append(piece.reshape(-1))
        arr[:] = np.concatenate(pieces).reshape(arr.shape)
