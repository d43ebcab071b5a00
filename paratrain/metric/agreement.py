"""Metrics of the confusion matrix: scores that a frequent class cannot flatter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .base import EvalMetric, pairs, register
from .classification import classes

Names = Sequence[str] | None


class _BinaryCounts(EvalMetric):
    """A score of the four counts of a two-class prediction, averaged over batches or taken over all.

    `counts` and `global_counts` hold (true positives, false positives, true negatives, false negatives).
    """

    def __init__(self, name: str, output_names: Names, label_names: Names, average: str) -> None:
        if average not in ("macro", "micro"):
            raise ValueError(f"[{type(self).__name__}] average must be 'macro' or 'micro'; got {average!r}")
        self.average = average
        super().__init__(name, output_names, label_names, average=average, has_global_stats=True)

    @staticmethod
    def score(counts: np.ndarray) -> float:
        """Figure of one set of counts."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self.counts = np.zeros(4)
        self.global_counts = np.zeros(4)

    def reset_local(self) -> None:
        """Forget the local figure."""
        super().reset_local()
        self.counts = np.zeros(4)

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch: labels (N,) of 0 and 1, and scores (N, 2)."""
        batch = sum((self._count(*pair) for pair in pairs(self.name, labels, preds)), np.zeros(4))
        if self.average == "macro":
            self._add(self.score(batch), 1)
            return
        self.counts += batch
        self.global_counts += batch
        self._restate()

    def _count(self, label: np.ndarray, pred: np.ndarray) -> np.ndarray:
        if pred.ndim < 2:
            raise ValueError(f"[{self.name}] predictions must have shape (N, 2); got {pred.shape}")
        want, got = classes(self.name, label, pred, 1)
        if len(np.unique(want)) > 2:
            raise ValueError(f"[{self.name}] labels must be 0 or 1; got {np.unique(want)[:5].tolist()}")
        return np.array(
            [
                np.count_nonzero((got == 1) & (want == 1)),
                np.count_nonzero((got == 1) & (want == 0)),
                np.count_nonzero((got == 0) & (want == 0)),
                np.count_nonzero((got == 0) & (want == 1)),
            ],
            np.float64,
        )

    def _restate(self) -> None:
        """Sums whose quotient is the score of the counts (micro average)."""
        self.num_inst, self.global_num_inst = int(self.counts.sum()), int(self.global_counts.sum())
        self.sum_metric = self.score(self.counts) * self.num_inst
        self.global_sum_metric = self.score(self.global_counts) * self.global_num_inst

    def reduce(self, world: Any) -> None:
        """Add up the counts (micro) or the scores of batches (macro) of all ranks; see `EvalMetric.reduce`."""
        if self.average == "macro":
            super().reduce(world)
            return
        world.allreduce(self.counts, f"metric {self.name}")
        world.allreduce(self.global_counts, f"metric {self.name}")
        self._restate()


@register
class F1(_BinaryCounts):
    """F1 score ``2 p r / (p + r)`` of a two-class prediction, of precision `p` and recall `r`.

    Parameters
    ----------
    name : str, default 'f1'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.
    average : {'macro', 'micro'}, default 'macro'
        Mean of the scores of the batches, or score of all samples.

    Examples
    --------
    >>> metric = F1(average="micro")
    >>> metric.update([np.array([0, 1, 1])], [np.array([[.3, .7], [0., 1.], [.4, .6]])])
    >>> round(metric.get()[1], 6)
    0.8
    """

    def __init__(
        self, name: str = "f1", output_names: Names = None, label_names: Names = None, average: str = "macro"
    ) -> None:
        super().__init__(name, output_names, label_names, average)

    @staticmethod
    def score(counts: np.ndarray) -> float:
        """F1 of (true positives, false positives, true negatives, false negatives)."""
        right, false_positive, _, false_negative = counts.tolist()
        twice = 2 * right + false_positive + false_negative
        return 2 * right / twice if twice else 0.0


@register
class MCC(_BinaryCounts):
    """Matthews correlation coefficient of a two-class prediction, from -1 to 1.

    Parameters
    ----------
    name : str, default 'mcc'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.
    average : {'macro', 'micro'}, default 'macro'
        Mean of the scores of the batches, or score of all samples.

    Examples
    --------
    >>> metric = MCC()
    >>> metric.update([np.array([0, 1])], [np.array([[.7, .3], [.2, .8]])])
    >>> metric.get()
    ('mcc', 1.0)
    """

    def __init__(
        self, name: str = "mcc", output_names: Names = None, label_names: Names = None, average: str = "macro"
    ) -> None:
        super().__init__(name, output_names, label_names, average)

    @staticmethod
    def score(counts: np.ndarray) -> float:
        """MCC of (true positives, false positives, true negatives, false negatives); empty margins count as 1."""
        tp, fp, tn, fn = counts.tolist()
        margins = [m for m in (tp + fp, tp + fn, tn + fp, tn + fn) if m]
        return (tp * tn - fp * fn) / math.sqrt(math.prod(margins))


@register
class PCC(EvalMetric):
    """Multi-class correlation of labels and predictions, which for two classes is `MCC`.

    It is the correlation coefficient of the confusion matrix of all samples,
    from -1 to 1, and NaN while only one class was seen or predicted.

    Parameters
    ----------
    name : str, default 'pcc'
        Name in logs.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> metric = PCC()
    >>> metric.update([np.array([0, 1, 2])], [np.eye(3)])
    >>> metric.get()
    ('pcc', 1.0)
    """

    def __init__(
        self,
        name: str = "pcc",
        output_names: Names = None,
        label_names: Names = None,
        has_global_stats: bool = True,
    ) -> None:
        super().__init__(name, output_names, label_names, has_global_stats=has_global_stats)

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self.matrix = np.zeros((0, 0))
        self.global_matrix = np.zeros((0, 0))

    def reset_local(self) -> None:
        """Forget the local figure."""
        super().reset_local()
        self.matrix = np.zeros((0, 0))

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch: labels (N,) and scores (N, classes) or classes (N,)."""
        for label, pred in pairs(self.name, labels, preds):
            want, got = classes(self.name, label, pred, 1)
            if len(want) and min(want.min(), got.min()) < 0:
                raise ValueError(f"[{self.name}] classes must be 0 or more; got {min(want.min(), got.min())}")
            size = int(max(want.max(initial=0), got.max(initial=0))) + 1
            batch = np.zeros((size, size))
            np.add.at(batch, (got, want), 1)
            self.matrix = _sum_matrices([self.matrix, batch])
            self.global_matrix = _sum_matrices([self.global_matrix, batch])
        self._restate()

    def _restate(self) -> None:
        self.num_inst, self.global_num_inst = int(self.matrix.sum()), int(self.global_matrix.sum())
        self.sum_metric = _correlation(self.matrix) * self.num_inst
        self.global_sum_metric = _correlation(self.global_matrix) * self.global_num_inst

    def reduce(self, world: Any) -> None:
        """Add up the confusion matrices of all ranks; see `EvalMetric.reduce`."""
        gathered = world.allgather_object((self.matrix, self.global_matrix))
        self.matrix = _sum_matrices([pair[0] for pair in gathered])
        self.global_matrix = _sum_matrices([pair[1] for pair in gathered])
        self._restate()


def _sum_matrices(matrices: list[np.ndarray]) -> np.ndarray:
    """Sum of square matrices of different sizes, each put at the upper left."""
    total = np.zeros((max(len(m) for m in matrices),) * 2)
    for matrix in matrices:
        total[: len(matrix), : len(matrix)] += matrix
    return total


def _correlation(matrix: np.ndarray) -> float:
    """Correlation coefficient of a confusion matrix; NaN when either side has one class only."""
    count = matrix.sum()
    predicted, labelled = matrix.sum(axis=1), matrix.sum(axis=0)
    spread = (predicted * (count - predicted)).sum() * (labelled * (count - labelled)).sum()
    if not spread:
        return math.nan
    together = (matrix.diagonal() * count - predicted * labelled).sum()
    return float(together / math.sqrt(spread))
