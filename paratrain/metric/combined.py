"""Several metrics as one, metrics of a function, and `create`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .base import EvalMetric, alias, as_list, pairs, register, registry

Names = Sequence[str] | None


def create(metric: Any, *args: Any, **kwargs: Any) -> EvalMetric:
    """Make a metric.

    Parameters
    ----------
    metric : str, callable, list or EvalMetric
        A name such as ``'acc'``; a function of (label, prediction) NumPy
        arrays; a list of these, which becomes a `CompositeEvalMetric`; or a
        metric, which is returned as it is. JSON text
        ``'["acc", {"axis": 2}]'`` and mappings ``{'metric': 'acc', 'axis': 2}``
        serve as well.
    *args, **kwargs
        Arguments of the metric.

    Returns
    -------
    EvalMetric
        The metric.

    Raises
    ------
    ValueError
        For an unknown name.
    TypeError
        For anything else, or an argument the metric does not have.

    Examples
    --------
    >>> create("top_k_accuracy", top_k=5).name
    'top_k_accuracy_5'
    >>> [m.name for m in create(["acc", "ce"]).metrics]
    ['accuracy', 'cross-entropy']
    """
    if callable(metric) and not isinstance(metric, (EvalMetric, type)):
        return CustomMetric(metric, *args, **kwargs)
    if isinstance(metric, (list, tuple)):
        return CompositeEvalMetric([create(each, *args, **kwargs) for each in metric])
    return registry.create(metric, *args, **kwargs)


@register
@alias("composite")
class CompositeEvalMetric(EvalMetric):
    """Several metrics over the same batches.

    Parameters
    ----------
    metrics : list, optional
        Metrics, or what `create` takes.
    name : str, default 'composite'
        Name.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> import numpy as np
    >>> metric = CompositeEvalMetric(["acc", "ce"])
    >>> metric.update([np.array([1])], [np.array([[.5, .5]])])
    >>> metric.get()[0]
    ['accuracy', 'cross-entropy']
    """

    def __init__(
        self,
        metrics: Sequence[Any] | None = None,
        name: str = "composite",
        output_names: Names = None,
        label_names: Names = None,
    ) -> None:
        self.metrics = [create(metric) for metric in metrics or []]
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def add(self, metric: Any) -> None:
        """Add a metric.

        Parameters
        ----------
        metric : str or EvalMetric
            What `create` takes.
        """
        self.metrics.append(create(metric))

    def get_metric(self, index: int) -> EvalMetric:
        """Return the metric at `index`.

        Raises
        ------
        IndexError
            When there is none.
        """
        if not -len(self.metrics) <= index < len(self.metrics):
            raise IndexError(f"[{self.name}] there are {len(self.metrics)} metrics; got index {index}")
        return self.metrics[index]

    def get_config(self) -> dict[str, Any]:
        """Return the class, name and the configurations of the metrics."""
        return {**super().get_config(), "metrics": [metric.get_config() for metric in self.metrics]}

    def update_dict(self, label: dict[str, Any], pred: dict[str, Any]) -> None:
        """Update each metric from named arrays, of which `label_names` and `output_names` choose."""
        if self.label_names is not None:
            label = dict(zip(self.label_names, self._choose(label, self.label_names, "label"), strict=True))
        if self.output_names is not None:
            pred = dict(zip(self.output_names, self._choose(pred, self.output_names, "output"), strict=True))
        for metric in self.metrics:
            metric.update_dict(label, pred)

    def update(self, labels: Any, preds: Any) -> None:
        """Update each metric."""
        for metric in self.metrics:
            metric.update(labels, preds)

    def reset(self) -> None:
        """Reset each metric."""
        for metric in self.metrics:
            metric.reset()

    def reset_local(self) -> None:
        """Reset the local figure of each metric."""
        for metric in self.metrics:
            metric.reset_local()

    def get(self) -> tuple[list[str], list[float]]:
        """Return the names and the values."""
        return _joined([metric.get() for metric in self.metrics])

    def get_global(self) -> tuple[list[str], list[float]]:
        """Return the names and the values since the last `reset`."""
        return _joined([metric.get_global() for metric in self.metrics])

    def reduce(self, world: Any) -> None:
        """Reduce each metric over the ranks; see `EvalMetric.reduce`."""
        for metric in self.metrics:
            metric.reduce(world)


def _joined(got: list[tuple[Any, Any]]) -> tuple[list[str], list[float]]:
    names: list[str] = []
    values: list[float] = []
    for name, value in got:
        names += as_list(name)
        values += as_list(value)
    return names, values


@register
class CustomMetric(EvalMetric):
    """The mean of a function's values over batches.

    Parameters
    ----------
    feval : callable
        Takes a label and a prediction, both NumPy arrays, and returns a number
        or a pair (sum, count).
    name : str, optional
        Name in logs; by default that of the function.
    allow_extra_outputs : bool, default False
        Accept more predictions than labels; the surplus is left out.
    output_names, label_names : list of str, optional
        See `EvalMetric`.

    Examples
    --------
    >>> import numpy as np
    >>> def largest(label, pred):
    ...     return float(abs(label - pred).max())
    >>> metric = CustomMetric(largest)
    >>> metric.update([np.array([1.0, 2.0])], [np.array([1.5, 2.0])])
    >>> metric.get()
    ('largest', 0.5)
    """

    def __init__(
        self,
        feval: Callable[[Any, Any], Any],
        name: str | None = None,
        allow_extra_outputs: bool = False,
        output_names: Names = None,
        label_names: Names = None,
    ) -> None:
        if not callable(feval):
            raise TypeError(f"[CustomMetric] feval must be a function of (label, prediction); got {feval!r}")
        if name is None:
            given = getattr(feval, "__name__", type(feval).__name__)
            name = f"custom({given})" if "<" in given else given
        super().__init__(
            name, output_names, label_names, allow_extra_outputs=allow_extra_outputs, has_global_stats=True
        )
        self._feval = feval
        self._allow_extra_outputs = allow_extra_outputs

    def get_config(self) -> dict[str, Any]:
        """Not possible: a function cannot be written down."""
        raise NotImplementedError("[CustomMetric] a metric of a Python function has no configuration to save")

    def update(self, labels: Any, preds: Any) -> None:
        """Add the function's value for each label and prediction."""
        labels, preds = as_list(labels), as_list(preds)
        if self._allow_extra_outputs:
            preds = preds[: len(labels)]
        for label, pred in pairs(self.name, labels, preds):
            value = self._feval(label, pred)
            total, count = value if isinstance(value, tuple) else (value, 1)
            self._add(total, count)


def numpy_metric(
    numpy_feval: Callable[[Any, Any], Any], name: str | None = None, allow_extra_outputs: bool = False
) -> CustomMetric:
    """Make a metric of a function of NumPy arrays; known as `metric.np`.

    Parameters
    ----------
    numpy_feval : callable
        Takes a label and a prediction and returns a number or a pair (sum, count).
    name : str, optional
        Name in logs; by default that of the function.
    allow_extra_outputs : bool, default False
        Accept more predictions than labels.

    Returns
    -------
    CustomMetric
        The metric.

    Examples
    --------
    >>> numpy_metric(lambda label, pred: 1.0).name
    'custom(<lambda>)'
    """
    return CustomMetric(numpy_feval, name, allow_extra_outputs)
