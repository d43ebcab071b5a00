"""Learning-rate schedules: the rate as a function of the number of updates done.

Every schedule counts *updates* (batches), not epochs, and may begin with a
warmup during which the rate rises from `warmup_begin_lr` to `base_lr`.

Examples
--------
>>> schedule = FactorScheduler(step=100, factor=0.5, base_lr=0.4)
>>> [schedule(n) for n in (1, 100, 101, 201)]
[0.4, 0.4, 0.2, 0.1]
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

__all__ = ["CosineScheduler", "FactorScheduler", "LRScheduler", "MultiFactorScheduler", "PolyScheduler"]

_WARMUP_MODES = ("linear", "constant")


class LRScheduler:
    """Base class: holds the base rate and the warmup.

    Parameters
    ----------
    base_lr : float, default 0.01
        Rate at the end of the warmup.
    warmup_steps : int, default 0
        Number of updates of the warmup.
    warmup_begin_lr : float, default 0
        Rate at update 0 when there is a warmup; at most `base_lr`.
    warmup_mode : {'linear', 'constant'}, default 'linear'
        ``linear`` rises in equal steps; ``constant`` stays at
        `warmup_begin_lr` until the warmup is over.

    Raises
    ------
    ValueError
        For a negative `warmup_steps`, a `warmup_begin_lr` above `base_lr`, or
        an unknown `warmup_mode`.
    TypeError
        When `warmup_steps` is not an integer.

    Examples
    --------
    A schedule of one's own gives the rate of an update:

    >>> class Halving(LRScheduler):
    ...     def __call__(self, num_update):
    ...         if num_update < self.warmup_steps:
    ...             return self.get_warmup_lr(num_update)
    ...         return self.base_lr * 0.5 ** num_update
    >>> Halving(base_lr=8.0)(2)
    2.0
    """

    def __init__(
        self,
        base_lr: float = 0.01,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        name = type(self).__name__
        if isinstance(warmup_steps, bool) or not isinstance(warmup_steps, int):
            raise TypeError(f"[{name}] warmup_steps must be an int (a number of updates); got {warmup_steps!r}")
        if warmup_steps < 0:
            raise ValueError(f"[{name}] warmup_steps must be 0 or more; got {warmup_steps}")
        if warmup_begin_lr > base_lr:
            raise ValueError(
                f"[{name}] warmup_begin_lr must not exceed base_lr, to which the warmup rises; "
                f"got warmup_begin_lr={warmup_begin_lr}, base_lr={base_lr}"
            )
        if warmup_mode not in _WARMUP_MODES:
            raise ValueError(f"[{name}] warmup_mode must be one of {_WARMUP_MODES}; got {warmup_mode!r}")
        self.base_lr = base_lr
        self.warmup_steps = warmup_steps
        self.warmup_begin_lr = warmup_begin_lr
        self.warmup_final_lr = base_lr
        self.warmup_mode = warmup_mode

    def get_warmup_lr(self, num_update: int) -> float:
        """Rate during the warmup.

        Parameters
        ----------
        num_update : int
            Updates done so far, less than `warmup_steps`.

        Returns
        -------
        float
            The rate.

        Raises
        ------
        ValueError
            When the warmup is over.

        Examples
        --------
        >>> LRScheduler(base_lr=1.0, warmup_steps=4).get_warmup_lr(1)
        0.25
        """
        if not 0 <= num_update < self.warmup_steps:
            raise ValueError(
                f"[{type(self).__name__}] the warmup covers updates 0 to {self.warmup_steps - 1}; got {num_update}"
            )
        if self.warmup_mode == "constant":
            return self.warmup_begin_lr
        rise = self.warmup_final_lr - self.warmup_begin_lr
        return self.warmup_begin_lr + rise * num_update / self.warmup_steps

    def __call__(self, num_update: int) -> float:
        """Return the rate for an update; subclasses define it.

        Parameters
        ----------
        num_update : int
            Updates done so far.

        Returns
        -------
        float
            The learning rate.
        """
        raise NotImplementedError(f"[{type(self).__name__}] a schedule must define __call__(num_update)")

    def state_dict(self) -> dict[str, Any]:
        """Fields of the schedule, for a checkpoint: plain numbers, text and lists.

        Returns
        -------
        dict
            One entry per field; `load_state_dict` takes it back.

        Examples
        --------
        >>> LRScheduler(base_lr=0.5).state_dict()["base_lr"]
        0.5
        """
        return dict(vars(self))

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over the fields that `state_dict` gave.

        Parameters
        ----------
        state : dict
            What `state_dict` returned.

        Raises
        ------
        ValueError
            When `state` has other fields than this schedule: it came from another class.
        """
        own = vars(self)
        if set(state) != set(own):
            raise ValueError(
                f"[{type(self).__name__}] the saved schedule must have the fields {sorted(own)}; got {sorted(state)}; "
                "create the same schedule as when the checkpoint was written"
            )
        own.update(state)


def _check_factor(name: str, factor: float) -> None:
    if factor > 1:
        raise ValueError(f"[{name}] factor must be at most 1, so that the rate never grows; got {factor}")


class FactorScheduler(LRScheduler):
    """Multiply the rate by `factor` every `step` updates.

    After the warmup the rate of update `n` is
    ``base_lr * factor ** ((n - 1) // step)``, but not below `stop_factor_lr`.

    Parameters
    ----------
    step : int
        Updates between two changes, 1 or more.
    factor : float, default 1
        At most 1.
    stop_factor_lr : float, default 1e-8
        Lower bound of the decayed rate.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        See `LRScheduler`.

    Examples
    --------
    >>> schedule = FactorScheduler(step=10, factor=0.5, base_lr=1.0, warmup_steps=4)
    >>> [schedule(n) for n in (0, 2, 10, 11, 21)]
    [0.0, 0.5, 1.0, 0.5, 0.25]
    """

    def __init__(
        self,
        step: int,
        factor: float = 1,
        stop_factor_lr: float = 1e-8,
        base_lr: float = 0.01,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if step < 1:
            raise ValueError(f"[FactorScheduler] step must be 1 update or more; got {step}")
        _check_factor("FactorScheduler", factor)
        self.step = step
        self.factor = factor
        self.stop_factor_lr = stop_factor_lr

    def __call__(self, num_update: int) -> float:
        """Return the rate for update `num_update`."""
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        changes = max(0, num_update - 1) // self.step
        if changes == 0:
            return self.base_lr
        return max(self.stop_factor_lr, self.base_lr * self.factor**changes)


class MultiFactorScheduler(LRScheduler):
    """Multiply the rate by `factor` after each of the given numbers of updates.

    Parameters
    ----------
    step : sequence of int
        Increasing numbers of updates, each 1 or more; the rate of an update
        beyond ``step[i]`` has been multiplied ``i + 1`` times.
    factor : float, default 1
        At most 1.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        See `LRScheduler`.

    Examples
    --------
    >>> schedule = MultiFactorScheduler(step=[5, 8], factor=0.5, base_lr=1.0)
    >>> [schedule(n) for n in (5, 6, 8, 9)]
    [1.0, 0.5, 0.5, 0.25]
    """

    def __init__(
        self,
        step: Sequence[int],
        factor: float = 1,
        base_lr: float = 0.01,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        steps = list(step)
        if not steps or steps[0] < 1 or any(b <= a for a, b in itertools.pairwise(steps)):
            raise ValueError(
                f"[MultiFactorScheduler] step must be an increasing list of updates, each 1 or more; got {steps}"
            )
        _check_factor("MultiFactorScheduler", factor)
        self.step = steps
        self.factor = factor

    def __call__(self, num_update: int) -> float:
        """Return the rate for update `num_update`."""
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        return self.base_lr * self.factor ** sum(num_update > at for at in self.step)


class _FinishingScheduler(LRScheduler):
    """From the base rate to `final_lr` along a curve, over the updates after the warmup.

    The base rate is the one given at construction: setting `base_lr`, as an
    optimizer with a `learning_rate` does, changes nothing. `base_lr` shows the
    rate of the latest call. Beyond `max_update` the rate stays where the last
    call within it left it; a schedule first asked beyond it, as after a
    resume, gives `final_lr`.
    """

    #: An optimizer's own learning_rate does not replace the base rate.
    base_lr_fixed = True

    def __init__(
        self,
        max_update: int,
        base_lr: float,
        final_lr: float,
        warmup_steps: int,
        warmup_begin_lr: float,
        warmup_mode: str,
    ) -> None:
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        name = type(self).__name__
        if isinstance(max_update, bool) or not isinstance(max_update, int):
            raise TypeError(f"[{name}] max_update must be an int (a number of updates); got {max_update!r}")
        if max_update < 1:
            raise ValueError(f"[{name}] max_update must be 1 update or more; got {max_update}")
        if max_update <= warmup_steps:
            raise ValueError(
                f"[{name}] max_update must exceed warmup_steps; got max_update={max_update}, "
                f"warmup_steps={warmup_steps}"
            )
        self.base_lr_orig = base_lr
        self.max_update = max_update
        self.max_steps = max_update - warmup_steps
        self.final_lr = final_lr
        self._reached: float | None = None

    def _remaining(self, done: float) -> float:
        """Share of the way that remains, 1 to 0, when `done` of it (0 to 1) is done."""
        raise NotImplementedError

    def __call__(self, num_update: int) -> float:
        """Return the rate for update `num_update`."""
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        if num_update <= self.max_update:
            done = (num_update - self.warmup_steps) / self.max_steps
            self._reached = self.final_lr + (self.base_lr_orig - self.final_lr) * self._remaining(done)
        self.base_lr = self.final_lr if self._reached is None else self._reached
        return self.base_lr


class PolyScheduler(_FinishingScheduler):
    """Fall from the base rate to `final_lr` as a power of the remaining share of updates.

    Parameters
    ----------
    max_update : int
        Update at which `final_lr` is reached; above `warmup_steps`.
    base_lr : float, default 0.01
        Rate at the end of the warmup. It is fixed here: an optimizer's
        `learning_rate` does not replace it.
    pwr : float, default 2
        The power.
    final_lr : float, default 0
        Rate at `max_update` and after it.
    warmup_steps, warmup_begin_lr, warmup_mode
        See `LRScheduler`.

    Examples
    --------
    >>> schedule = PolyScheduler(max_update=4, base_lr=1.0, pwr=2)
    >>> [schedule(n) for n in (0, 2, 4, 9)]
    [1.0, 0.25, 0.0, 0.0]
    """

    def __init__(
        self,
        max_update: int,
        base_lr: float = 0.01,
        pwr: float = 2,
        final_lr: float = 0,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        self.power = pwr

    def _remaining(self, done: float) -> float:
        return float((1 - done) ** self.power)


class CosineScheduler(_FinishingScheduler):
    """Fall from the base rate to `final_lr` along half a cosine.

    Parameters
    ----------
    max_update : int
        Update at which `final_lr` is reached; above `warmup_steps`.
    base_lr : float, default 0.01
        Rate at the end of the warmup. It is fixed here: an optimizer's
        `learning_rate` does not replace it.
    final_lr : float, default 0
        Rate at `max_update` and after it.
    warmup_steps, warmup_begin_lr, warmup_mode
        See `LRScheduler`.

    Examples
    --------
    >>> schedule = CosineScheduler(max_update=4, base_lr=1.0)
    >>> [round(schedule(n), 3) for n in (0, 1, 2, 4)]
    [1.0, 0.854, 0.5, 0.0]
    """

    def __init__(
        self,
        max_update: int,
        base_lr: float = 0.01,
        final_lr: float = 0,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)

    def _remaining(self, done: float) -> float:
        return (1 + math.cos(math.pi * done)) / 2
