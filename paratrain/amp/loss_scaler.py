"""Keep small gradients above the smallest numbers of float16."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any

from paratrain import ndarray as nd

__all__ = ["LossScaler"]


class LossScaler:
    """A factor of the loss that follows the gradients: as large as they allow without overflow.

    Gradients grow by the factor and are divided by it before parameters are updated. A step whose gradients overflow is
    left out and the factor is divided by `factor`; after `window` steps without overflow it is multiplied by it.

    Parameters
    ----------
    init_scale : float, default 2**16
    factor : float, default 2
    window : int, default 2000
        Steps.
    max_scale : float, default 2**24
        It does not grow further; nor does it fall below 1, where overflow means that the network itself diverges.

    Attributes
    ----------
    loss_scale : float
        For the next step.
    steps : int
        Steps without overflow since the scale last changed.
    skipped : int
        Steps left out altogether.

    Raises
    ------
    ValueError
        For a scale below 1, a factor that is not above 1, or a window without steps.

    Examples
    --------
    >>> import paratrain as mx
    >>> scaler = mx.amp.LossScaler(window=2)
    >>> [(scaler.update(overflow), scaler.loss_scale)[1] for overflow in (True, False, False, False)]
    [32768.0, 32768.0, 65536.0, 65536.0]
    """

    def __init__(
        self, init_scale: float = 2.0**16, factor: float = 2.0, window: int = 2000, max_scale: float = 2.0**24
    ) -> None:
        if not 1 <= init_scale <= max_scale:
            raise ValueError(f"[LossScaler] init_scale must be in 1..max_scale={max_scale}; got {init_scale}")
        if not factor > 1:
            raise ValueError(f"[LossScaler] factor must be above 1; got {factor}")
        if window < 1:
            raise ValueError(f"[LossScaler] window must be at least 1 step; got {window}")
        self.factor, self.window, self.max_scale = float(factor), int(window), float(max_scale)
        self.loss_scale = float(init_scale)
        self.steps = self.skipped = 0

    def state(self) -> dict[str, float]:
        """Return what a checkpoint holds of it."""
        return {"loss_scale": self.loss_scale, "steps": self.steps, "skipped": self.skipped}

    def load_state(self, saved: dict[str, float]) -> None:
        """Go on from what `state` gave."""
        self.loss_scale = float(saved["loss_scale"])
        self.steps, self.skipped = int(saved["steps"]), int(saved["skipped"])

    def has_overflow(self, grads: Sequence[Any]) -> bool:
        """Whether a gradient holds infinity or NaN.

        Parameters
        ----------
        grads : sequence of NDArray
            Of one device.
        """
        return bool(grads) and not nd.multi_all_finite(*grads, num_arrays=len(grads)).asscalar()

    def update(self, overflow: bool) -> None:
        """Choose the scale of the next step.

        Parameters
        ----------
        overflow : bool
            Whether the gradients of this one overflowed.
        """
        if not overflow:
            self.steps += 1
            if self.steps >= self.window:
                self.steps = 0
                self.loss_scale = min(self.loss_scale * self.factor, self.max_scale)
            return
        self.steps = 0
        self.skipped += 1
        if self.loss_scale == 1:
            warnings.warn(
                "[LossScaler] gradients overflow although the loss is not scaled: training diverges", stacklevel=2
            )
        self.loss_scale = max(self.loss_scale / self.factor, 1.0)
        logging.info("loss scale is now %g", self.loss_scale)
