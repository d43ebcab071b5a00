r"""Gradients as two bits each: plus a threshold, minus it, or nothing; what is left is added to the next one.

.. math:: r ← r + g, \quad q = t·[r ≥ t] - t·[r ≤ -t], \quad r ← r - q

`q` is sent, a sixteenth of the bytes of float32, and `r` stays. This is MXNet's definition.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from paratrain.base import MXNetError
from paratrain.kvstore.transport import World, host_view

__all__ = ["TwoBit", "create", "pack", "unpack"]


class TwoBit:
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

    def allreduce(self, ranks: World, place: Any, array: Any, what: str) -> None:
        """Replace an array by the sum of what the ranks send of theirs. A collective.

        Parameters
        ----------
        ranks : World
        place : hashable
            See `codes`.
        array : NDArray or numpy.ndarray
        what : str
            Name for messages.
        """
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


def create(params: Any) -> TwoBit | None:
    """Make a compression from the parameters of `KVStore.set_gradient_compression`.

    Parameters
    ----------
    params : dict
        ``{'type': '2bit', 'threshold': 0.5}`` or ``{'type': 'none'}``.

    Raises
    ------
    MXNetError
        For another type or parameter.
    """
    if not isinstance(params, dict) or "type" not in params:
        raise MXNetError(f"[gradient compression] the parameters must be a dict with 'type'; got {params!r}")
    extra = sorted(set(params) - {"type", "threshold"})
    if params["type"] not in ("2bit", "none") or extra:
        raise MXNetError(
            f"[gradient compression] type must be '2bit' or 'none', with an optional threshold; got {params!r}"
        )
    return TwoBit(float(params.get("threshold", 0.5))) if params["type"] == "2bit" else None


def _on_gpu(array: Any) -> bool:
    return hasattr(array, "context") and array.context.device_type == "gpu"
