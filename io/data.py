"""What every iterator is made of: `DataDesc`, `DataBatch` and the base class `DataIter`."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from paratrain.ndarray import NDArray


class DataDesc(namedtuple("DataDesc", ["name", "shape"])):
    """Name, shape, type and layout of an input; a pair (name, shape) with two attributes more.

    Parameters
    ----------
    name : str
    shape : tuple of int
    dtype : type or str
        Default float32.
    layout : str
        A letter for each axis, ``N`` for the batch; default 'NCHW'.

    Examples
    --------
    >>> from paratrain.io import DataDesc
    >>> DataDesc("data", (32, 3, 224, 224))
    DataDesc[data,(32, 3, 224, 224),<class 'numpy.float32'>,NCHW]
    """

    dtype: Any
    layout: str

    def __new__(cls, name: str, shape: Sequence[int], dtype: Any = np.float32, layout: str = "NCHW") -> DataDesc:
        """Make the pair and give it its attributes."""
        desc = super().__new__(cls, name, shape)
        desc.dtype = dtype
        desc.layout = layout
        return desc

    def __repr__(self) -> str:
        return f"DataDesc[{self.name},{self.shape},{self.dtype},{self.layout}]"

    @staticmethod
    def get_batch_axis(layout: str | None) -> int:
        """Return the axis of the batch in `layout`: 0 where it is None, -1 where it has no ``N``."""
        return 0 if layout is None else layout.find("N")

    @staticmethod
    def get_list(shapes: Sequence[tuple], types: Sequence[tuple] | None) -> list[DataDesc]:
        """Make descriptions of (name, shape) pairs and, if given, (name, dtype) pairs."""
        if types is None:
            return [DataDesc(name, shape) for name, shape in shapes]
        by_name = dict(types)
        return [DataDesc(name, shape, by_name[name]) for name, shape in shapes]


class DataBatch:
    """A batch.

    Parameters
    ----------
    data : list of NDArray
        The inputs.
    label : list of NDArray, optional
        The labels.
    pad : int, optional
        How many rows at the end only fill the batch up.
    index : array, optional
        Identity of each row.
    bucket_key : optional
        Which network of several the batch is for (see `BucketSentenceIter`).
    provide_data, provide_label : list of DataDesc, optional
        Descriptions, where they differ from batch to batch.
    """

    def __init__(
        self,
        data: list[NDArray],
        label: list[NDArray] | None = None,
        pad: int | None = None,
        index: Any = None,
        bucket_key: Any = None,
        provide_data: list[DataDesc] | None = None,
        provide_label: list[DataDesc] | None = None,
    ) -> None:
        for name, value in (("data", data), ("label", label)):
            if value is not None and not isinstance(value, list | tuple):
                raise TypeError(f"[DataBatch] {name} must be a list of NDArrays; got {type(value).__name__}")
        self.data = data
        self.label = label
        self.pad = pad
        self.index = index
        self.bucket_key = bucket_key
        self.provide_data = provide_data
        self.provide_label = provide_label

    def __str__(self) -> str:
        labels = [a.shape for a in self.label] if self.label else None
        return f"{type(self).__name__}: data shapes: {[a.shape for a in self.data]} label shapes: {labels}"


class DataIter:
    """Base of all iterators over batches.

    An iterator says what it gives (`provide_data`, `provide_label`), gives batches until the epoch ends, and begins the
    next epoch at `reset`. A subclass defines either `next`, or `iter_next` with `getdata`, `getlabel`, `getpad`
    and `getindex`.

    Parameters
    ----------
    batch_size : int
        Rows of a batch; 0 where it is not fixed.
    """

    def __init__(self, batch_size: int = 0) -> None:
        self.batch_size = batch_size

    def __iter__(self) -> DataIter:
        return self

    def __next__(self) -> DataBatch:
        return self.next()

    def reset(self) -> None:
        """Begin the next epoch."""

    def next(self) -> DataBatch:
        """Return the next batch.

        Raises
        ------
        StopIteration
            At the end of the epoch.
        """
        if not self.iter_next():
            raise StopIteration
        return DataBatch(self.getdata(), self.getlabel(), self.getpad(), self.getindex())

    def iter_next(self) -> bool:
        """Go to the next batch; False at the end of the epoch."""
        raise NotImplementedError(f"[{type(self).__name__}] iter_next() must be defined")

    @property
    def batches_left(self) -> int | None:
        """Batches until the end of the epoch; None where that is not known before."""
        return None

    def getdata(self) -> list[NDArray]:
        """Return the inputs of the current batch."""
        raise NotImplementedError(f"[{type(self).__name__}] getdata() must be defined")

    def getlabel(self) -> list[NDArray]:
        """Return the labels of the current batch."""
        raise NotImplementedError(f"[{type(self).__name__}] getlabel() must be defined")

    def getindex(self) -> Any:
        """Return the identities of the rows of the current batch, or None."""
        return None

    def getpad(self) -> int:
        """Return how many rows at the end of the current batch only fill it up."""
        raise NotImplementedError(f"[{type(self).__name__}] getpad() must be defined")

    def state_dict(self) -> dict[str, Any]:
        """Return the position as plain numbers, for `load_state_dict` of an iterator made the same way.

        Returns
        -------
        dict
            Can be written as JSON. Every rank may load what one rank has saved.
        """
        raise NotImplementedError(f"[{type(self).__name__}] its position cannot be saved")

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved."""
        raise NotImplementedError(f"[{type(self).__name__}] its position cannot be restored")


class BatchIter(DataIter):
    """Base of iterators that make whole batches: a subclass defines `iter_next`, which sets `current_batch`.

    Attributes
    ----------
    current_batch : DataBatch or None
        The batch that was given out last.
    """

    def __init__(self, batch_size: int = 0) -> None:
        super().__init__(batch_size)
        self.current_batch: DataBatch | None = None

    def next(self) -> DataBatch:
        """Return the next batch.

        Raises
        ------
        StopIteration
            At the end of the epoch.
        """
        if not self.iter_next():
            raise StopIteration
        return self._this()

    def _this(self) -> DataBatch:
        if self.current_batch is None:
            raise ValueError(f"[{type(self).__name__}] there is no current batch; call next() or iter_next() first")
        return self.current_batch

    def getdata(self) -> list[NDArray]:
        """Return the data of the current batch."""
        return self._this().data

    def getlabel(self) -> list[NDArray]:
        """Return the labels of the current batch."""
        return self._this().label or []

    def getindex(self) -> Any:
        """Return the identities of the rows of the current batch: those of records are their ids, uint64."""
        return self._this().index

    def getpad(self) -> int:
        """Return how many rows at the end of the current batch only fill it up."""
        return self._this().pad or 0


def check_state(name: str, state: dict[str, Any], mine: dict[str, Any]) -> None:
    """Refuse a saved position that belongs to another order of the data.

    Raises
    ------
    ValueError
        If an entry of `mine` is missing in `state` or has another value.
    """
    for key, value in mine.items():
        if key not in state:
            raise ValueError(f"[{name}] the saved position has no {key!r}; it was saved by another kind of iterator")
        if state[key] != value:
            raise ValueError(
                f"[{name}] the position was saved with {key}={state[key]}; this iterator has {key}={value}. "
                "Make it with the same data and arguments to go on where it stopped"
            )
