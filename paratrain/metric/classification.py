"""Metrics of class predictions: how often and how surely they are right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .base import EvalMetric, alias, pairs, register

Names = Sequence[str] | None


def classes(name: str, label: np.ndarray, pred: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Flat int32 labels and predicted classes; scores are turned into classes along `axis`."""
    if pred.shape != label.shape:
        if not -pred.ndim <= axis < pred.ndim:
            raise ValueError(f"[{name}] predictions must have axis {axis}, that of the classes; got shape {pred.shape}")
        pred = pred.argmax(axis=axis)
    if pred.size != label.size:
        raise ValueError(
            f"[{name}] there must be one label per prediction; got labels of shape {label.shape} and "
            f"predicted classes of shape {pred.shape}"
        )
    return label.ravel().astype(np.int32), pred.ravel().astype(np.int32)


def _picked(name: str, label: np.ndarray, scores: np.ndarray, ignore: int | None = None) -> np.ndarray:
    """Score of the labelled class in each row of `scores` (rows, classes), without the rows labelled `ignore`."""
    index = label.ravel().astype(np.int64)
    if len(index) != len(scores):
        raise ValueError(f"[{name}] there must be one label per row of predictions; got {len(index)} and {len(scores)}")
    if ignore is not None:
        scores, index = scores[index != ignore], index[index != ignore]
    wrong = (index < 0) | (index >= scores.shape[1])
    if wrong.any():
        at = int(wrong.argmax())
        raise ValueError(
            f"[{name}] labels must lie in 0 to {scores.shape[1] - 1}, the classes predicted; got {index[at]}"
        )
    return scores[np.arange(len(index)), index].astype(np.float64)


@register
@alias("acc")
class Accuracy(EvalMetric):
    """Share of right predictions, ``sum(argmax(pred) == label) / n``.

    Parameters
    ----------
    axis : int, default 1
        Axis of the classes in the predictions. Predictions of the shape of
        the labels are taken as classes.
    name : str, default 'accuracy'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> metric = Accuracy()
    >>> metric.update([np.array([0, 1, 1, 1])], [np.array([[.3, .7], [0, 1.], [.4, .6], [.2, .8]])])
    >>> metric.get()
    ('accuracy', 0.75)
    """

    def __init__(
        self, axis: int = 1, name: str = "accuracy", output_names: Names = None, label_names: Names = None
    ) -> None:
        super().__init__(name, output_names, label_names, axis=axis, has_global_stats=True)
        self.axis = axis

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch: labels (N, ...) and scores (N, classes, ...) or classes (N, ...)."""
        for label, pred in pairs(self.name, labels, preds):
            want, got = classes(self.name, label, pred, self.axis)
            self._add(int(np.count_nonzero(want == got)), len(want))


@register
@alias("top_k_accuracy", "top_k_acc")
class TopKAccuracy(EvalMetric):
    """Share of samples whose label is among the `top_k` highest scores.

    Parameters
    ----------
    top_k : int
        More than 1; `Accuracy` is the metric for 1.
    name : str, default 'top_k_accuracy'
        Name in logs, followed by ``_`` and `top_k`.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Raises
    ------
    ValueError
        When `top_k` is below 2.

    Examples
    --------
    >>> metric = TopKAccuracy(top_k=2)
    >>> metric.update([np.array([2, 0])], [np.array([[.1, .5, .4], [.2, .3, .5]])])
    >>> metric.get()
    ('top_k_accuracy_2', 0.5)
    """

    def __init__(
        self, top_k: int = 1, name: str = "top_k_accuracy", output_names: Names = None, label_names: Names = None
    ) -> None:
        if top_k < 2:
            raise ValueError(f"[TopKAccuracy] top_k must be 2 or more (Accuracy is the metric for 1); got {top_k}")
        super().__init__(f"{name}_{top_k}", output_names, label_names, top_k=top_k, has_global_stats=True)
        self.top_k = top_k

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch: labels (N,) and scores (N, classes)."""
        for label, pred in pairs(self.name, labels, preds):
            if pred.ndim != 2 or label.size != len(pred):
                raise ValueError(
                    f"[{self.name}] predictions must have shape (N, classes) and labels (N,); "
                    f"got {pred.shape} and {label.shape}"
                )
            count = min(self.top_k, pred.shape[1])
            best = np.argpartition(pred.astype(np.float32, copy=False), -count, axis=1)[:, -count:]
            hits = np.count_nonzero(best == label.ravel().astype(np.int32)[:, None])
            self._add(int(hits), len(pred))


class _LogLoss(EvalMetric):
    """Mean of ``-log(pred[label] + eps)``."""

    def __init__(self, eps: float, name: str, output_names: Names, label_names: Names) -> None:
        super().__init__(name, output_names, label_names, eps=eps, has_global_stats=True)
        self.eps = eps

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch: labels (N,) and probabilities (N, classes)."""
        for label, pred in pairs(self.name, labels, preds):
            if pred.ndim != 2:
                raise ValueError(f"[{self.name}] predictions must have shape (N, classes); got {pred.shape}")
            self._add(float(-np.log(_picked(self.name, label, pred) + self.eps).sum()), len(pred))


@register
@alias("ce")
class CrossEntropy(_LogLoss):
    """Mean cross entropy ``-log(pred[label] + eps)`` of class probabilities.

    Parameters
    ----------
    eps : float, default 1e-12
        Keeps the logarithm finite.
    name : str, default 'cross-entropy'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> metric = CrossEntropy()
    >>> metric.update([np.array([0, 1])], [np.array([[.5, .5], [.75, .25]])])
    >>> round(metric.get()[1], 4)
    1.0397
    """

    def __init__(
        self, eps: float = 1e-12, name: str = "cross-entropy", output_names: Names = None, label_names: Names = None
    ) -> None:
        super().__init__(eps, name, output_names, label_names)


@register
@alias("nll_loss")
class NegativeLogLikelihood(_LogLoss):
    """Mean negative log likelihood; the figure of `CrossEntropy` under another name.

    Parameters
    ----------
    eps : float, default 1e-12
        Keeps the logarithm finite.
    name : str, default 'nll-loss'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.
    """

    def __init__(
        self, eps: float = 1e-12, name: str = "nll-loss", output_names: Names = None, label_names: Names = None
    ) -> None:
        super().__init__(eps, name, output_names, label_names)


@register
class Perplexity(EvalMetric):
    """Perplexity ``exp(mean(-log(pred[label])))`` of a language model.

    Probabilities below 1e-10 count as 1e-10.

    Parameters
    ----------
    ignore_label : int or None
        Label that does not count, such as that of padding.
    axis : int, default -1
        Axis of the classes in the predictions.
    name : str, default 'perplexity'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> metric = Perplexity(ignore_label=None)
    >>> metric.update([np.array([0, 1])], [np.array([[.5, .5], [.5, .5]])])
    >>> round(metric.get()[1], 6)
    2.0
    """

    def __init__(
        self,
        ignore_label: int | None,
        axis: int = -1,
        name: str = "perplexity",
        output_names: Names = None,
        label_names: Names = None,
    ) -> None:
        super().__init__(name, output_names, label_names, ignore_label=ignore_label, axis=axis, has_global_stats=True)
        self.ignore_label = ignore_label
        self.axis = axis

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch: labels (N, ...) and probabilities (N, ..., classes)."""
        for label, pred in pairs(self.name, labels, preds):
            scores = np.moveaxis(pred, self.axis, -1).reshape(-1, pred.shape[self.axis])
            counted = _picked(self.name, label, scores, self.ignore_label)
            self._add(float(-np.log(np.maximum(1e-10, counted)).sum()), len(counted))

    def _value(self, total: float, count: float) -> float:
        return math.exp(total / count) if count else math.nan
