"""What a checkpoint holds besides parameters and optimizer: random numbers, positions, metric figures, versions."""

from __future__ import annotations

import platform
import random as python_random
import warnings
from typing import Any

import numpy as np

from paratrain import random
from paratrain._version import __version__

__all__ = ["check_iterator", "load_metric", "load_random", "load_rank", "metric_state", "rank_state", "versions"]


def versions() -> dict[str, str]:
    """Versions of what wrote a checkpoint."""
    return {"paratrain": __version__, "numpy": np.__version__, "python": platform.python_version()}


def rank_state(train_data: Any, eval_metric: Any) -> dict[str, Any]:
    """Return what is particular to this rank, as values JSON can hold.

    Parameters
    ----------
    train_data : DataIter or None
    eval_metric : EvalMetric or None
    """
    return {
        "random": random.get_state(),
        "numpy": _numpy_state(),
        "python": _python_state(),
        "iterator": None if train_data is None else _iterator_state(train_data),
        "metric": None if eval_metric is None else metric_state(eval_metric),
    }


def load_rank(saved: dict[str, Any], train_data: Any, eval_metric: Any) -> None:
    """Go on from what `rank_state` gave on this rank.

    Raises
    ------
    ValueError
        If the iterator or the metric is another one than was saved.
    """
    if train_data is not None and saved["iterator"] is not None:
        train_data.load_state_dict(saved["iterator"])
    if eval_metric is not None and saved["metric"] is not None:
        load_metric(eval_metric, saved["metric"])
    load_random(saved)


def load_random(saved: dict[str, Any]) -> None:
    """Let all random numbers go on from what `rank_state` gave."""
    inner = saved["numpy"]
    np.random.set_state({**inner, "state": {**inner["state"], "key": _from_hex(inner["state"]["key"])}})
    version, internal, gauss = saved["python"]
    python_random.setstate((version, tuple(_from_hex(internal).tolist()), gauss))
    random.set_state(saved["random"])


def check_iterator(train_data: Any, within_epochs: bool) -> None:
    """Find out early whether the position of an iterator can be saved.

    Parameters
    ----------
    train_data : DataIter
    within_epochs : bool
        Whether checkpoints between two batches are wanted, which need it.

    Raises
    ------
    NotImplementedError
        If it cannot and they are.
    """
    if within_epochs:
        train_data.state_dict()
    elif _iterator_state(train_data) is None:
        warnings.warn(
            f"the position of {type(train_data).__name__} cannot be saved; a resumed run starts its epoch from the "
            "iterator's own beginning, so it repeats the order of an uninterrupted run only if it is not shuffled",
            stacklevel=3,
        )


def _iterator_state(train_data: Any) -> dict[str, Any] | None:
    try:
        return train_data.state_dict()
    except (NotImplementedError, AttributeError):
        return None


def metric_state(metric: Any) -> dict[str, Any]:
    """Return the figures of a metric: all its numbers and NumPy arrays.

    Examples
    --------
    >>> from paratrain.metric import Accuracy
    >>> sorted(metric_state(Accuracy())["values"])[:2]
    ['axis', 'global_num_inst']
    """
    values: dict[str, Any] = {}
    for name, value in vars(metric).items():
        if isinstance(value, np.ndarray):
            values[name] = {"array": value.tolist(), "shape": list(value.shape), "dtype": value.dtype.name}
        elif isinstance(value, int | float | np.number) and not isinstance(value, bool):
            values[name] = value.item() if isinstance(value, np.number) else value
    parts = [metric_state(each) for each in getattr(metric, "metrics", ())]
    return {"class": type(metric).__name__, "values": values, "metrics": parts}


def load_metric(metric: Any, saved: dict[str, Any]) -> None:
    """Give a metric the figures that `metric_state` returned.

    Raises
    ------
    ValueError
        If it is of another class, or has other parts.
    """
    parts = list(getattr(metric, "metrics", ()))
    if saved["class"] != type(metric).__name__ or len(saved["metrics"]) != len(parts):
        raise ValueError(
            f"[checkpoint] the metric was a {saved['class']} with {len(saved['metrics'])} parts; this is a "
            f"{type(metric).__name__} with {len(parts)}; use the same eval_metric to resume within an epoch"
        )
    for name, value in saved["values"].items():
        if isinstance(value, dict):
            value = np.array(value["array"], value["dtype"]).reshape(value["shape"])
        setattr(metric, name, value)
    for part, of in zip(parts, saved["metrics"], strict=True):
        load_metric(part, of)


def _numpy_state() -> dict[str, Any]:
    state = dict(np.random.get_state(legacy=False))
    inner = state["state"]
    return {**state, "state": {**inner, "key": _to_hex(inner["key"])}}


def _python_state() -> list[Any]:
    version, internal, gauss = python_random.getstate()
    return [version, _to_hex(internal), gauss]


def _to_hex(words: Any) -> str:
    """Write 32-bit words as hexadecimal digits: one line of text instead of hundreds of numbers."""
    return np.asarray(words, "<u4").tobytes().hex()


def _from_hex(text: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(text), "<u4").astype(np.uint32)
