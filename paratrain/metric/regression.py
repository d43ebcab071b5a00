"""Metrics of numbers: errors, losses, correlation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .base import EvalMetric, alias, as_list, as_numpy, check_label_shapes, pairs, register

Names = Sequence[str] | None


class _BatchError(EvalMetric):
    """Mean over batches of an error of a batch."""

    def __init__(self, name: str, output_names: Names, label_names: Names) -> None:
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch: labels and predictions of one shape, or that broadcast to one beyond the first axis."""
        for label, pred in pairs(self.name, labels, preds):
            if label.shape[:1] != pred.shape[:1]:
                raise ValueError(
                    f"[{self.name}] labels and predictions must have the same first axis; "
                    f"got shapes {label.shape} and {pred.shape}"
                )
            column_label = label.reshape(-1, 1) if label.ndim == 1 else label
            column_pred = pred.reshape(-1, 1) if pred.ndim == 1 else pred
            self._add(self._error(column_label - column_pred), 1)

    @staticmethod
    def _error(difference: np.ndarray) -> float:
        raise NotImplementedError


@register
class MAE(_BatchError):
    """Mean absolute error ``mean(|label - pred|)``, averaged over batches.

    Parameters
    ----------
    name : str, default 'mae'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> metric = MAE()
    >>> metric.update([np.array([3.0, 5.0])], [np.array([2.5, 6.0])])
    >>> metric.get()
    ('mae', 0.75)
    """

    def __init__(self, name: str = "mae", output_names: Names = None, label_names: Names = None) -> None:
        super().__init__(name, output_names, label_names)

    @staticmethod
    def _error(difference: np.ndarray) -> float:
        return float(np.abs(difference).mean())


@register
class MSE(_BatchError):
    """Mean squared error ``mean((label - pred) ** 2)``, averaged over batches.

    Parameters
    ----------
    name : str, default 'mse'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> metric = MSE()
    >>> metric.update([np.array([3.0, 5.0])], [np.array([2.0, 6.0])])
    >>> metric.get()
    ('mse', 1.0)
    """

    def __init__(self, name: str = "mse", output_names: Names = None, label_names: Names = None) -> None:
        super().__init__(name, output_names, label_names)

    @staticmethod
    def _error(difference: np.ndarray) -> float:
        return float(np.square(difference).mean())


@register
class RMSE(_BatchError):
    """Root mean squared error ``sqrt(mean((label - pred) ** 2))``, averaged over batches.

    Parameters
    ----------
    name : str, default 'rmse'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> metric = RMSE()
    >>> metric.update([np.array([3.0, 5.0])], [np.array([1.0, 3.0])])
    >>> metric.get()
    ('rmse', 2.0)
    """

    def __init__(self, name: str = "rmse", output_names: Names = None, label_names: Names = None) -> None:
        super().__init__(name, output_names, label_names)

    @staticmethod
    def _error(difference: np.ndarray) -> float:
        return math.sqrt(float(np.square(difference).mean()))


@register
class Loss(EvalMetric):
    """Mean of the outputs themselves, for networks whose outputs are losses; labels are not looked at.

    Parameters
    ----------
    name : str, default 'loss'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> metric = Loss()
    >>> metric.update(None, [np.array([1.0, 3.0])])
    >>> metric.get()
    ('loss', 2.0)
    """

    def __init__(self, name: str = "loss", output_names: Names = None, label_names: Names = None) -> None:
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch of losses of any shape."""
        for pred in as_list(preds):
            values = as_numpy(pred)
            self._add(float(values.sum(dtype=np.float64)), values.size)


@register
class Torch(Loss):
    """`Loss` under the name ``torch``."""

    def __init__(self, name: str = "torch", output_names: Names = None, label_names: Names = None) -> None:
        super().__init__(name, output_names, label_names)


@register
class Caffe(Loss):
    """`Loss` under the name ``caffe``."""

    def __init__(self, name: str = "caffe", output_names: Names = None, label_names: Names = None) -> None:
        super().__init__(name, output_names, label_names)


@register
@alias("pearsonr")
class PearsonCorrelation(EvalMetric):
    """Pearson's correlation coefficient of labels and predictions.

    Parameters
    ----------
    name : str, default 'pearsonr'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.
    average : {'macro', 'micro'}, default 'macro'
        Mean of the coefficients of the batches, or coefficient of all values.

    Examples
    --------
    >>> metric = PearsonCorrelation()
    >>> metric.update([np.array([1.0, 2.0, 3.0])], [np.array([2.0, 4.0, 6.0])])
    >>> round(metric.get()[1], 6)
    1.0
    """

    def __init__(
        self,
        name: str = "pearsonr",
        output_names: Names = None,
        label_names: Names = None,
        average: str = "macro",
    ) -> None:
        if average not in ("macro", "micro"):
            raise ValueError(f"[PearsonCorrelation] average must be 'macro' or 'micro'; got {average!r}")
        self.average = average
        super().__init__(name, output_names, label_names, average=average, has_global_stats=average == "macro")

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self._moments = np.zeros(6)

    def reset_local(self) -> None:
        """Forget the local figure."""
        super().reset_local()
        self._moments = np.zeros(6)

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch: labels and predictions of one shape."""
        for label, pred in pairs(self.name, labels, preds):
            check_label_shapes(label, pred, shape=True)
            moments = _moments(label.ravel().astype(np.float64), pred.ravel().astype(np.float64))
            if self.average == "macro":
                self._add(_coefficient(moments), 1)
            else:
                self._moments = _merge(self._moments, moments)
                self.num_inst += 1

    def get(self) -> tuple[Any, Any]:
        """Return name and coefficient; NaN when nothing was added or a side was constant."""
        if self.average == "macro":
            return super().get()
        return self.name, _coefficient(self._moments) if self.num_inst else math.nan

    def reduce(self, world: Any) -> None:
        """Join the values (micro) or coefficients of batches (macro) of all ranks; see `EvalMetric.reduce`."""
        super().reduce(world)
        if self.average == "micro":
            total = np.zeros(6)
            for moments in world.allgather_object(self._moments):
                total = _merge(total, moments)
            self._moments = total


def _moments(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Count, means, sums of squares about the means, and of the product, of two series."""
    if not x.size:
        return np.zeros(6)
    dx, dy = x - x.mean(), y - y.mean()
    return np.array([x.size, x.mean(), y.mean(), dx @ dx, dy @ dy, dx @ dy])


def _merge(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Moments of two series joined, without going back to the values."""
    if not (a[0] and b[0]):
        return a + b
    count = a[0] + b[0]
    step_x, step_y = b[1] - a[1], b[2] - a[2]
    weight = a[0] * b[0] / count
    shift = np.array([step_x * step_x, step_y * step_y, step_x * step_y]) * weight
    means = [a[1] + step_x * b[0] / count, a[2] + step_y * b[0] / count]
    return np.array([count, *means, *(a[3:] + b[3:] + shift)])


def _coefficient(moments: np.ndarray) -> float:
    spread = math.sqrt(moments[3] * moments[4])
    return float(moments[5] / spread) if spread else math.nan
