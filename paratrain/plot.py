"""Training curves: recorded while `Module.fit` runs, kept as JSON, drawn as a picture.

Examples
--------
::

    curves = mx.plot.CurveRecorder("run/curves.json", batch_size=64)
    module.fit(train, eval_data=test, num_epoch=10, **curves.callbacks())
    curves.save("run/curves.png")

From another process, later::

    mx.plot.CurveRecorder.load("run/curves.json").save("run/curves.png")
"""

from __future__ import annotations

import functools
import json
import math
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ._files import replaced
from .callback import first_rank

__all__ = ["CurveRecorder"]

_FORMAT = "paratrain-curves"
_VERSION = 1


class CurveRecorder:
    """Record metrics, learning rate and speed of every epoch.

    Only rank 0 records and writes. What `Module.fit` leaves in the metrics is of
    all ranks, and so is the speed.

    Parameters
    ----------
    path : str or Path, optional
        JSON file, written anew at the end of each epoch and evaluation: a
        reader finds either the old file or the new one, whole.
    batch_size : int, optional
        Samples per batch of this process, for the speed; without it none is recorded.
    optimizer : Optimizer, optional
        Whose `learning_rate` is recorded; by default that of the module being fitted.
    world : World, optional
        Has ``rank`` and ``size``; by default that of the running job.

    Attributes
    ----------
    rows : list of dict
        One per epoch, in order: ``epoch``; ``train`` and ``validation``, each a
        dict of metric to value; ``lr``; ``samples_per_second``; ``seconds``
        from the first to the last batch. What is not known is None.

    Examples
    --------
    >>> from collections import namedtuple
    >>> from paratrain import metric
    >>> Param = namedtuple("Param", "epoch nbatch eval_metric locals")
    >>> Alone = namedtuple("World", "rank size")
    >>> loss = metric.Loss()
    >>> loss.update(None, [metric.base.np.array([0.5])])
    >>> curves = CurveRecorder(world=Alone(0, 1))
    >>> curves.batch_end(Param(0, 0, loss, {}))
    >>> curves.epoch_end(0)
    >>> curves.rows[0]["train"]
    {'loss': 0.5}
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        batch_size: int | None = None,
        optimizer: Any = None,
        world: Any = None,
    ) -> None:
        if batch_size is not None and batch_size < 1:
            raise ValueError(f"[CurveRecorder] batch_size must be 1 or more; got {batch_size}")
        self.path = Path(path) if path is not None else None
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.world = world
        self.rows: list[dict[str, Any]] = []
        self._latest: Any = None
        self._batches = 0
        self._began = self._ended = 0.0

    @classmethod
    def load(cls, path: str | os.PathLike[str], **kwargs: Any) -> CurveRecorder:
        """Read recorded curves, to draw them or, after a resume, to go on.

        Epochs that are trained again replace the recorded ones.

        Parameters
        ----------
        path : str or Path
            File that a recorder wrote.
        **kwargs
            Further arguments of the class.

        Returns
        -------
        CurveRecorder
            One that goes on writing to `path`.

        Raises
        ------
        FileNotFoundError
            When there is no such file.
        ValueError
            When it holds something else.
        """
        text = Path(path).read_text()
        try:
            content = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"[CurveRecorder] {path} is not JSON: {error}") from error
        if not isinstance(content, dict) or (content.get("format"), content.get("version")) != (_FORMAT, _VERSION):
            raise ValueError(f"[CurveRecorder] {path} must hold {_FORMAT} version {_VERSION}; it begins {text[:60]!r}")
        recorder = cls(path, **kwargs)
        recorder.rows = content["epochs"]
        return recorder

    def callbacks(self) -> dict[str, Callable[..., None]]:
        """Return the arguments by which `Module.fit` calls this recorder.

        Returns
        -------
        dict
            ``batch_end_callback``, ``epoch_end_callback`` and
            ``eval_end_callback``. To add others: ``batch_end_callback=[curves.batch_end, Speedometer(64)]``.
        """
        return {
            "batch_end_callback": self.batch_end,
            "epoch_end_callback": self.epoch_end,
            "eval_end_callback": self.eval_end,
        }

    def batch_end(self, param: Any) -> None:
        """Take notice of the end of a batch.

        Parameters
        ----------
        param : BatchEndParam
            Of a training batch.
        """
        now = time.perf_counter()
        if self._latest is None or param.epoch != self._latest.epoch:
            self._batches, self._began = 0, now
        self._batches += 1
        self._ended = now
        self._latest = param

    def epoch_end(self, epoch: int, symbol: Any = None, arg_params: Any = None, aux_params: Any = None) -> None:
        """Record the epoch that ends, and write the file.

        Parameters
        ----------
        epoch : int
            The epoch, from 0.
        symbol, arg_params, aux_params
            Not looked at.
        """
        latest, self._latest = self._latest, None
        if not first_rank(self.world):
            return
        row = self._row(epoch, again=False)
        if latest is not None:
            row["train"] = _values(latest.eval_metric, whole=True)
            row["lr"] = self._learning_rate(latest)
            seconds = self._ended - self._began
            row["seconds"] = seconds
            if self.batch_size is not None and self._batches > 1 and seconds > 0:
                row["samples_per_second"] = (self._batches - 1) * self.batch_size * self._size() / seconds
        self._write()

    def eval_end(self, param: Any) -> None:
        """Record the metrics of an evaluation, and write the file.

        Parameters
        ----------
        param : BatchEndParam
            Of the end of the evaluation.
        """
        if first_rank(self.world):
            self._row(param.epoch, again=True)["validation"] = _values(param.eval_metric, whole=False)
            self._write()

    def _row(self, epoch: int, again: bool) -> dict[str, Any]:
        """Last row if it is of this epoch and `again`, else a new one; rows of an earlier run from here on go."""
        if again and self.rows and self.rows[-1]["epoch"] == epoch:
            return self.rows[-1]
        self.rows = [row for row in self.rows if row["epoch"] < epoch]
        self.rows.append(
            {"epoch": epoch, "train": {}, "validation": {}, "lr": None, "samples_per_second": None, "seconds": None}
        )
        return self.rows[-1]

    def _learning_rate(self, param: Any) -> float | None:
        optimizer = self.optimizer
        if optimizer is None and isinstance(param.locals, dict):
            module = param.locals.get("module", param.locals.get("self"))
            optimizer = getattr(module, "_optimizer", None)
        return None if optimizer is None else float(optimizer.learning_rate)

    def _size(self) -> int:
        if self.world is not None:
            return int(self.world.size)
        from .kvstore.transport import world

        return int(world().size)

    def _write(self) -> None:
        if self.path is None:
            return
        content = {"format": _FORMAT, "version": _VERSION, "epochs": self.rows}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(self.path, "CurveRecorder") as file:
            file.write(json.dumps(content, indent=1, allow_nan=False).encode())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Draw the curves: a panel per metric, one for the learning rate, one for the speed.

        Only rank 0 draws.

        Parameters
        ----------
        path : str or Path
            Picture to write; its ending says the format (``.png``, ``.svg``, ``.pdf``).

        Raises
        ------
        ValueError
            When nothing was recorded.
        ImportError
            When matplotlib is absent: ``pip install paratrain[plot]``.
        """
        if not first_rank(self.world):
            return
        if not self.rows:
            raise ValueError("[CurveRecorder] there is nothing to draw: no epoch has ended")
        figure = _figure(self.rows)
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path, "CurveRecorder") as file:
            figure.savefig(file, format=path.suffix[1:] or "png", dpi=120)


def _values(metric: Any, whole: bool) -> dict[str, float | None]:
    """Values of a metric by name, over the whole epoch where it keeps them; None for what is not finite."""
    if metric is None:
        return {}
    found = metric.get_global_name_value() if whole else metric.get_name_value()
    return {name: float(value) if math.isfinite(value) else None for name, value in found}


_RATE, _SPEED = "learning rate", "samples per second"
_FROM_ZERO = (_RATE, _SPEED)
_Curve = tuple[str, str, list[int], list[float]]  # label, style, epochs, values


def _curve(rows: list[dict[str, Any]], label: str, style: str, get: Callable[[dict[str, Any]], Any]) -> list[_Curve]:
    """List with the curve of what `get` takes from the rows; empty when it is never there."""
    points = [(row["epoch"] + 1, get(row)) for row in rows]
    known = [(epoch, value) for epoch, value in points if value is not None]
    return [(label, style, [epoch for epoch, _ in known], [value for _, value in known])] if known else []


def _metric(part: str, name: str, row: dict[str, Any]) -> float | None:
    return row[part].get(name)


def _panels(rows: list[dict[str, Any]]) -> list[tuple[str, list[_Curve]]]:
    """Title and curves of each panel."""
    metrics = dict.fromkeys(name for part in ("train", "validation") for row in rows for name in row[part])
    panels = []
    for name in metrics:
        curves = _curve(rows, "training", "C0-", functools.partial(_metric, "train", name))
        curves += _curve(rows, "validation", "C1-", functools.partial(_metric, "validation", name))
        panels.append((name, curves))
    panels.append((_RATE, _curve(rows, "", "C2-", lambda row: row["lr"])))
    panels.append((_SPEED, _curve(rows, "", "C3-", lambda row: row["samples_per_second"])))
    return [(title, curves) for title, curves in panels if curves]


def _figure(rows: list[dict[str, Any]]) -> Any:
    """Matplotlib figure of all panels, two in a row."""
    try:
        from matplotlib.figure import Figure
        from matplotlib.ticker import MaxNLocator
    except ImportError as error:
        raise ImportError(
            "[CurveRecorder] drawing needs matplotlib: pip install 'paratrain[plot]' (the curves themselves are in "
            "the JSON file)"
        ) from error
    panels = _panels(rows)
    if not panels:
        raise ValueError("[CurveRecorder] there is nothing to draw: no metric, rate or speed was recorded")
    columns = min(2, len(panels))
    lines = -(-len(panels) // columns)
    figure = Figure(figsize=(5.2 * columns, 3.4 * lines), layout="constrained")
    for at, (title, curves) in enumerate(panels):
        axes = figure.add_subplot(lines, columns, at + 1)
        for label, style, epochs, values in curves:
            axes.plot(epochs, values, style, marker="o" if len(epochs) <= 25 else "", markersize=4, label=label)
            if title == _RATE:
                axes.lines[-1].set_drawstyle("steps-mid")
        axes.set_title(title)
        axes.set_xlabel("epochs done")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
        if title in _FROM_ZERO:
            axes.set_ylim(0, 1.12 * max(max(values) for *_, values in curves) or 1)
        if any(label for label, *_ in curves):
            axes.legend()
    return figure
