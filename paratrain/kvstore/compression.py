r"""Gradients in fewer bits on the way between ranks.

``fp16`` and ``bf16`` halve the bytes of float32: each rank rounds its gradients; the sum is made in float32, then
rounded.

``2bit`` sends plus a threshold, minus it, or nothing for each element; what is left is added to the next gradient:

.. math:: r ← r + g, \quad q = t·[r ≥ t] - t·[r ≤ -t], \quad r ← r - q

`q` is sent, a sixteenth of the bytes of float32, and `r` stays. This is MXNet's definition.
"""

from __future__ import annotations

import abc
from typing import Any

import numpy as np

from paratrain.base import NUMPY_DTYPES, MXNetError
from paratrain.kvstore.transport import World, host_view

__all__ = ["Compression", "Rounded", "TwoBit", "create", "pack", "unpack"]


class Compression(abc.ABC):
    """A way to send gradients in fewer bits."""

    @abc.abstractmethod
    def allreduce(self, ranks: World, place: Any, array: Any, what: str) -> None:
        """Replace an array by the sum of what the ranks send of theirs. A collective.

        Parameters
        ----------
        ranks : World
        place : hashable
            What the gradient is of.
        array : NDArray or numpy.ndarray
        what : str
            Name for messages.
        """

    @abc.abstractmethod
    def sent(self, place: Any, gradient: np.ndarray) -> np.ndarray:
        """What arrives of a gradient, as float32."""

    @abc.abstractmethod
    def nbytes(self, size: int) -> int:
        """Bytes that are sent for so many elements."""


class Rounded(Compression):
    """Elements of 16 bits.

    Parameters
    ----------
    dtype : {'float16', 'bfloat16'}

    Examples
    --------
    >>> Rounded("bfloat16").sent("w", np.array([1.001, 3.0], np.float32)).tolist()
    [1.0, 3.0]
    """

    def __init__(self, dtype: str) -> None:
        self.dtype = NUMPY_DTYPES[dtype]

    def sent(self, place: Any, gradient: np.ndarray) -> np.ndarray:
        """What arrives of a gradient."""
        return gradient.astype(self.dtype).astype(np.float32)

    def nbytes(self, size: int) -> int:
        """Two bytes for each element."""
        return 2 * size

    def allreduce(self, ranks: World, place: Any, array: Any, what: str) -> None:
        """Replace an array by the sum of what the ranks send of theirs; see `Compression.allreduce`."""
        view = host_view(array) if not _on_gpu(array) else array.asnumpy()
        small = view.astype(self.dtype)
        ranks.allreduce(small, what)
        view[...] = small
        if _on_gpu(array):
            array[:] = view


class TwoBit(Compression):
    """Two-bit quantisation with error feedback.

    Parameters
    ----------
    threshold : float, default 0.5
        The step; above 0.

    Raises
    ------
    ValueError
        If `threshold` is not above 0.

    Examples
    --------
    >>> compression = TwoBit(0.5)
    >>> gradient = np.array([0.3, -0.7], np.float32)
    >>> compression.codes("w", gradient).tolist(), compression.codes("w", gradient).tolist()
    ([0, -1], [1, -1])
    """

    def __init__(self, threshold: float = 0.5) -> None:
        if not threshold > 0:
            raise ValueError(f"[gradient compression] threshold must be above 0; got {threshold}")
        self.threshold = np.float32(threshold)
        self._residuals: dict[Any, np.ndarray] = {}

    def codes(self, place: Any, gradient: np.ndarray) -> np.ndarray:
        """Return -1, 0 or 1 for each element, and keep what is left for the next call with the same `place`.

        Parameters
        ----------
        place : hashable
            What the gradient is of.
        gradient : numpy.ndarray

        Returns
        -------
        numpy.ndarray of int8, of the gradient's shape
        """
        residual = self._residuals.get(place)
        if residual is None:
            residual = self._residuals[place] = np.zeros(gradient.shape, np.float32)
        residual += gradient
        found = (residual >= self.threshold).view(np.int8) - (residual <= -self.threshold).view(np.int8)
        residual -= found * self.threshold
        return found

    def sent(self, place: Any, gradient: np.ndarray) -> np.ndarray:
        """What arrives of a gradient; see `codes`."""
        return self.codes(place, gradient) * self.threshold

    def nbytes(self, size: int) -> int:
        """A byte for each four elements."""
        return -(-size // 4)

    def allreduce(self, ranks: World, place: Any, array: Any, what: str) -> None:
        """Replace an array by the sum of what the ranks send of theirs; see `Compression.allreduce` and `codes`."""
        view = host_view(array) if not _on_gpu(array) else array.asnumpy()
        total = np.zeros(view.shape, np.int32)
        for sent in ranks.allgather(pack(self.codes(place, view)), what):
            total += unpack(sent, view.size).reshape(view.shape)
        view[...] = total * self.threshold
        if _on_gpu(array):
            array[:] = view


def pack(codes: np.ndarray) -> np.ndarray:
    """Write -1, 0 and 1 as two bits each, four to a byte.

    Examples
    --------
    >>> unpack(pack(np.array([1, -1, 0, 0, 1], np.int8)), 5).tolist()
    [1, -1, 0, 0, 1]
    """
    bits = np.zeros(-(-codes.size // 4) * 4, np.uint8)
    bits[: codes.size] = codes.reshape(-1).view(np.uint8) & 3
    return bits[0::4] | bits[1::4] << 2 | bits[2::4] << 4 | bits[3::4] << 6


def unpack(packed: np.ndarray, size: int) -> np.ndarray:
    """Undo `pack` for `size` elements."""
    bits = np.empty((packed.size, 4), np.uint8)
    for place in range(4):
        bits[:, place] = packed >> (2 * place) & 3
    codes = bits.reshape(-1)[:size]
    return codes.view(np.int8) - ((codes == 3) * np.int8(4))


#: Types that round, with the dtype of each.
_ROUNDED = {"fp16": "float16", "bf16": "bfloat16"}


def create(params: Any) -> Compression | None:
    """Make a compression from the parameters of `KVStore.set_gradient_compression`.

    Parameters
    ----------
    params : dict
        ``{'type': '2bit', 'threshold': 0.5}``, ``{'type': 'fp16'}``, ``{'type': 'bf16'}`` or ``{'type': 'none'}``.

    Raises
    ------
    MXNetError
        For another type or parameter.
    """
    if not isinstance(params, dict) or "type" not in params:
        raise MXNetError(f"[gradient compression] the parameters must be a dict with 'type'; got {params!r}")
    kind = params["type"]
    extra = set(params) - ({"type"} if kind in _ROUNDED else {"type", "threshold"})
    if kind not in ("2bit", "none", *_ROUNDED) or extra:
        raise MXNetError(
            "[gradient compression] type must be '2bit' or 'none', with an optional threshold, or 'fp16' or 'bf16'; "
            f"got {params!r}"
        )
    if kind in _ROUNDED:
        return Rounded(_ROUNDED[kind])
    return TwoBit(float(params.get("threshold", 0.5))) if kind == "2bit" else None


def _on_gpu(array: Any) -> bool:
    return hasattr(array, "context") and array.context.device_type == "gpu"
