"""The base class of metrics, their registry, and what they share."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from .._registry import Registry

K = TypeVar("K", bound=type)


def check_label_shapes(labels: Any, preds: Any, wrap: bool = False, shape: bool = False) -> tuple[Any, Any]:
    """Check that labels and predictions belong together.

    Parameters
    ----------
    labels, preds : list of NDArray, or NDArray
        What to compare.
    wrap : bool, default False
        Put a single array into a list.
    shape : bool, default False
        Compare the shapes of two arrays; else the lengths of two lists.

    Returns
    -------
    labels, preds
        As given, or wrapped.

    Raises
    ------
    ValueError
        When lengths or shapes differ.

    Examples
    --------
    >>> check_label_shapes([1, 2], [3, 4])
    ([1, 2], [3, 4])
    """
    label_size, pred_size = (labels.shape, preds.shape) if shape else (len(labels), len(preds))
    if label_size != pred_size:
        what = "shape" if shape else "number"
        raise ValueError(
            f"[metric] the {what} of labels must equal that of predictions; got {label_size} and {pred_size}"
        )
    if wrap:
        labels = labels if isinstance(labels, (list, tuple)) else [labels]
        preds = preds if isinstance(preds, (list, tuple)) else [preds]
    return labels, preds


def as_numpy(array: Any) -> np.ndarray:
    """NumPy view or copy of an NDArray or of anything NumPy takes."""
    return array.asnumpy() if hasattr(array, "asnumpy") else np.asarray(array)


def as_list(arrays: Any) -> list[Any]:
    """List of arrays; a single array becomes a list of one."""
    return list(arrays) if isinstance(arrays, (list, tuple)) else [arrays]


def pairs(name: str, labels: Any, preds: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Labels and predictions of each output, as NumPy arrays.

    Raises
    ------
    ValueError
        When there are more of one than of the other.
    """
    label_list, pred_list = as_list(labels), as_list(preds)
    if len(label_list) != len(pred_list):
        raise ValueError(
            f"[{name}] as many labels as predictions are needed; got {len(label_list)} labels and "
            f"{len(pred_list)} predictions; choose them by label_names and output_names"
        )
    return [(as_numpy(label), as_numpy(pred)) for label, pred in zip(label_list, pred_list, strict=True)]


class EvalMetric:
    """A running figure over (label, prediction) pairs: ``sum_metric / num_inst``.

    Two figures are kept: the local one, which `reset_local` clears (as a
    `Speedometer` does each time it has logged), and the global one since
    `reset`.

    Parameters
    ----------
    name : str
        Name in logs.
    output_names, label_names : list of str, optional
        Which outputs and labels `update_dict` passes on; all by default.
    **kwargs
        Further fields of `get_config`; ``has_global_stats=True`` says that
        `update` also keeps the global figure.

    Examples
    --------
    A metric of one's own adds up two numbers:

    >>> class Positive(EvalMetric):
    ...     def update(self, labels, preds):
    ...         for pred in preds:
    ...             self.sum_metric += int((pred > 0).sum())
    ...             self.num_inst += pred.size
    >>> metric = Positive("positive")
    >>> metric.update([], [np.array([1.0, -1.0, 2.0, 3.0])])
    >>> metric.get()
    ('positive', 0.75)
    """

    def __init__(
        self,
        name: str,
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.name = str(name)
        self.output_names = output_names
        self.label_names = label_names
        self._has_global_stats = bool(kwargs.pop("has_global_stats", False))
        self._kwargs = kwargs
        self.reset()

    def __str__(self) -> str:
        return f"EvalMetric: {dict(self.get_name_value())}"

    def get_config(self) -> dict[str, Any]:
        """Class, name and arguments, from which `create` makes the metric again.

        Returns
        -------
        dict
            The class name is under ``metric``.
        """
        return {
            **self._kwargs,
            "metric": type(self).__name__,
            "name": self.name,
            "output_names": self.output_names,
            "label_names": self.label_names,
        }

    def update_dict(self, label: dict[str, Any], pred: dict[str, Any]) -> None:
        """Update from named arrays.

        Parameters
        ----------
        label : dict of str to NDArray
            Labels by name, such as ``softmax_label``.
        pred : dict of str to NDArray
            Outputs by name, such as ``softmax_output``.

        Raises
        ------
        ValueError
            When a name of `label_names` or `output_names` is absent.
        """
        self.update(self._choose(label, self.label_names, "label"), self._choose(pred, self.output_names, "output"))

    def _choose(self, arrays: dict[str, Any], names: Sequence[str] | None, what: str) -> list[Any]:
        if names is None:
            return list(arrays.values())
        missing = [name for name in names if name not in arrays]
        if missing:
            raise ValueError(f"[{self.name}] no {what} is called {missing}; there are {sorted(arrays)}")
        return [arrays[name] for name in names]

    def update(self, labels: Any, preds: Any) -> None:
        """Add a batch.

        Parameters
        ----------
        labels : list of NDArray
            Labels of the batch, one array per output.
        preds : list of NDArray
            Predictions, one array per output.
        """
        raise NotImplementedError(f"[{type(self).__name__}] a metric must define update(labels, preds)")

    def _add(self, value: float, count: float) -> None:
        """Add to the local and to the global figure."""
        self.sum_metric += value
        self.global_sum_metric += value
        self.num_inst += count
        self.global_num_inst += count

    def reset(self) -> None:
        """Forget everything."""
        self.num_inst: float = 0
        self.sum_metric: float = 0.0
        self.global_num_inst: float = 0
        self.global_sum_metric: float = 0.0

    def reset_local(self) -> None:
        """Forget the local figure; the global one goes on."""
        self.num_inst = 0
        self.sum_metric = 0.0

    def get(self) -> tuple[Any, Any]:
        """Return name and value since the last `reset` or `reset_local`.

        Returns
        -------
        name : str
            The name.
        value : float
            NaN when nothing was added.
        """
        return self.name, self._value(self.sum_metric, self.num_inst)

    def get_global(self) -> tuple[Any, Any]:
        """Return name and value since the last `reset`.

        Returns
        -------
        name : str
            The name.
        value : float
            NaN when nothing was added; the local value for a metric without
            global figures.
        """
        if not self._has_global_stats:
            return self.get()
        return self.name, self._value(self.global_sum_metric, self.global_num_inst)

    def _value(self, total: float, count: float) -> float:
        """Figure for a sum over `count` instances."""
        return total / count if count else math.nan

    def get_name_value(self) -> list[tuple[str, float]]:
        """Return `get` as a list of (name, value) pairs."""
        return _as_pairs(*self.get())

    def get_global_name_value(self) -> list[tuple[str, float]]:
        """Return `get_global` as a list of (name, value) pairs."""
        return _as_pairs(*self.get_global())

    def reduce(self, world: Any) -> None:
        """Add up the figures of all ranks, so that each has those of the whole data set.

        A collective: every rank calls it once, after its last `update` and
        before `get`. It blocks until all ranks have called it. Afterwards all
        ranks hold the same sums, so a second call without a `reset` would
        count every sample again.

        A metric that keeps more than `sum_metric` and `num_inst` overrides it.

        Parameters
        ----------
        world : World
            Has ``size`` and ``allreduce(array, what)``, which sums a NumPy array
            over the ranks in place.

        Examples
        --------
        >>> class Two:
        ...     size = 2
        ...     def allreduce(self, array, what):
        ...         array *= 2
        >>> metric = EvalMetric("m")
        >>> metric.sum_metric, metric.num_inst = 3.0, 4
        >>> metric.reduce(Two())
        >>> metric.sum_metric, metric.num_inst
        (6.0, 8)
        """
        if world.size == 1:
            return
        sums = np.array([self.sum_metric, self.num_inst, self.global_sum_metric, self.global_num_inst], np.float64)
        world.allreduce(sums, f"metric {self.name}")
        self.sum_metric, self.global_sum_metric = float(sums[0]), float(sums[2])
        self.num_inst, self.global_num_inst = _count(sums[1]), _count(sums[3])


def _count(value: float) -> float:
    """Count as an int where it is whole."""
    return int(value) if float(value).is_integer() else float(value)


def _as_pairs(name: Any, value: Any) -> list[tuple[str, float]]:
    names = name if isinstance(name, list) else [name]
    values = value if isinstance(value, list) else [value]
    return list(zip(names, values, strict=True))


registry: Registry[EvalMetric] = Registry(EvalMetric, "metric")


def register(klass: K, name: str | None = None) -> K:
    """Make a metric class known to `create`, under its lower-case name.

    Parameters
    ----------
    klass : type
        Subclass of `EvalMetric`; usable as a decorator.
    name : str, optional
        Another name.

    Returns
    -------
    type
        `klass`.
    """
    return registry.register(klass, name)


def alias(*aliases: str) -> Callable[[K], K]:
    """Make a decorator that makes a metric class known under further names.

    Parameters
    ----------
    *aliases : str
        The names.
    """
    return registry.alias(*aliases)
