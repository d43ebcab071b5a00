"""`NDArrayIter`: batches of arrays that are in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from paratrain.io.data import DataDesc, DataIter, check_state
from paratrain.io.order import Order
from paratrain.io.parameters import Checker

if TYPE_CHECKING:
    from paratrain.ndarray import NDArray

LAST_BATCH = ("pad", "discard", "roll_over")


class _Plan(NamedTuple):
    """Rows of an epoch, how many of each batch are no padding, the rows without padding, and how many are left over."""

    rows: np.ndarray
    valid: np.ndarray
    order: np.ndarray
    rest: int


class NDArrayIter(DataIter):
    """Batches of arrays in memory.

    Parameters
    ----------
    data : array, list of arrays, or dict of arrays by name
        NDArrays, NumPy arrays (or what they can be made of) or data sets of h5py, all of the same length. NumPy arrays
        become float32. Of a data set of h5py only the rows of a batch are read at a time.
    label : as `data`, optional
        The labels.
    batch_size : int
        Rows of a batch; default 1. More than there are only with ``last_batch_handle='pad'``.
    shuffle : bool
        New random order in every epoch; default False.
    last_batch_handle : {'pad', 'discard', 'roll_over'}
        What happens to rows that do not fill a batch: filled up from the beginning of the epoch and reported as
        ``pad``, left out, or put at the beginning of the next epoch. Default 'pad'.
    data_name, label_name : str
        Name of a single array without one; several are called ``_0_data``, ``_1_data`` ...
    layout : str
        Of the arrays; default 'NCHW'. The batch is taken along the axis ``N``.
    seed : int, optional
        Chooses the random orders; default a number drawn from ``numpy.random``, or 0 where there are several parts,
        which must have the same.
    num_parts, part_index : int
        Give one of several parts of the rows, such as ``num_parts=kv.num_workers, part_index=kv.rank``: every rank
        makes the iterator of all rows. Default: all. All parts have the same number of batches, also with 'pad', where
        a part that has too few rows fills up. 'roll_over' is for one part.

    Raises
    ------
    TypeError
        If an array is of another kind.
    ValueError
        If the arrays differ in length or have fewer rows than a batch.

    Notes
    -----
    A dict is taken in the order of its names, as in MXNet. With 'roll_over' the first batch of the next epoch reports
    as ``pad`` how many rows it has taken over, also as in MXNet.

    Examples
    --------
    >>> import numpy as np
    >>> from paratrain.io import NDArrayIter
    >>> batches = NDArrayIter(np.arange(10).reshape(5, 2), np.arange(5), batch_size=2)
    >>> [(batch.label[0].asnumpy().tolist(), batch.pad) for batch in batches]
    [([0.0, 1.0], 0), ([2.0, 3.0], 0), ([4.0, 0.0], 1)]
    """

    def __init__(
        self,
        data: Any,
        label: Any = None,
        batch_size: int = 1,
        shuffle: bool = False,
        last_batch_handle: str = "pad",
        data_name: str = "data",
        label_name: str = "softmax_label",
        layout: str = "NCHW",
        seed: int | None = None,
        num_parts: int = 1,
        part_index: int = 0,
    ) -> None:
        super().__init__(batch_size)
        if last_batch_handle not in LAST_BATCH:
            raise ValueError(f"[NDArrayIter] last_batch_handle must be one of {LAST_BATCH}; got {last_batch_handle!r}")
        self.layout = layout
        self._axis = layout.find("N")
        if self._axis < 0:
            raise ValueError(f"[NDArrayIter] layout must have an axis N, for the batch; got {layout!r}")
        self.data = named_arrays("data", data, data_name)
        self.label = named_arrays("label", label, label_name)
        if not self.data:
            raise ValueError("[NDArrayIter] data must hold at least one array; got none")
        self.num_data = common_length([*self.data, *self.label], self._axis)
        if isinstance(batch_size, bool) or not isinstance(batch_size, int | np.integer) or batch_size < 1:
            raise ValueError(f"[NDArrayIter] batch_size must be a positive whole number; got {batch_size!r}")
        self.batch_size = int(batch_size)
        if batch_size > self.num_data and (last_batch_handle != "pad" or not self.num_data):
            raise ValueError(
                f"[NDArrayIter] batch_size must be at most the number of rows {self.num_data}; got {batch_size}"
            )
        self.shuffle = bool(shuffle)
        self.last_batch_handle = last_batch_handle
        self._check_parts(num_parts, part_index)
        self._seed_given = seed is not None
        if seed is None:
            seed = 0 if num_parts > 1 else int(np.random.randint(2**31))
        self._deal = Order(self.num_data, self.batch_size, int(num_parts), int(part_index), self.shuffle, int(seed))
        self._views = {name: host_view(array) for name, array in [*self.data, *self.label]}
        self._epoch = 0
        self._begin(np.empty(0, np.int64))

    def _check_parts(self, num_parts: Any, part_index: Any) -> None:
        check = Checker("NDArrayIter")
        check.whole("num_parts", num_parts, 1, self.num_data)
        check.whole("part_index", part_index, 0, num_parts - 1)
        if num_parts > 1 and self.last_batch_handle == "roll_over":
            raise ValueError("[NDArrayIter] last_batch_handle='roll_over' is for one part; use 'pad' or 'discard'")

    @property
    def seed(self) -> int:
        """What chooses the random orders."""
        return self._deal.seed

    @property
    def provide_data(self) -> list[DataDesc]:
        """Name, shape and type of the data."""
        return self._descriptions(self.data)

    @property
    def provide_label(self) -> list[DataDesc]:
        """Name, shape and type of the labels."""
        return self._descriptions(self.label)

    @property
    def num_source(self) -> int:
        """Number of arrays, data and labels together."""
        return len(self.data) + len(self.label)

    @property
    def num_batches(self) -> int:
        """Batches of the current epoch."""
        return len(self._valid)

    @property
    def batches_left(self) -> int:
        """Batches until the end of the epoch."""
        return self.num_batches - self._batch

    @property
    def cursor(self) -> int:
        """First row of the current batch, counted in the order of the epoch; negative where rows rolled over."""
        return (self._batch - 1) * self.batch_size - len(self._rolled)

    @property
    def idx(self) -> np.ndarray:
        """Row numbers in the order of the current epoch."""
        return self._order

    def _descriptions(self, arrays: list[tuple[str, Any]]) -> list[DataDesc]:
        return [DataDesc(name, self._shape(a), dtype_of(a), self.layout) for name, a in arrays]

    def _shape(self, array: Any) -> tuple[int, ...]:
        """Return the shape of a batch of `array`."""
        return (*array.shape[: self._axis], self.batch_size, *array.shape[self._axis + 1 :])

    def _begin(self, rolled: np.ndarray) -> None:
        """Lay out an epoch; `rolled` are the rows that the last one has left over."""
        plan = self._plan(self._deal, self._epoch, rolled)
        self._rows, self._valid, self._order, self._rest = plan
        self._rolled = rolled
        self._batch = 0  # batches given out

    def _plan(self, deal: Order, epoch: int, rolled: np.ndarray) -> _Plan:
        plan = deal.epoch(epoch)
        rows, valid = plan.rows.reshape(-1), plan.valid
        order = rows[: int(valid.sum())]
        if self.last_batch_handle == "pad":
            return _Plan(rows, valid, order, 0)
        rows = np.concatenate([rolled, order])
        full = len(rows) // self.batch_size if deal.num_parts == 1 else deal.full_batches(epoch)
        return _Plan(rows, np.full(full, self.batch_size), order, len(rows) - full * self.batch_size)

    def reset(self) -> None:
        """Begin the next epoch. Before the first batch of an epoch this does nothing."""
        if self._batch == 0:
            return
        rolls = self.last_batch_handle == "roll_over" and self._rest and self._batch == self.num_batches
        rolled = self._rows[-self._rest :] if rolls else np.empty(0, np.int64)
        self._epoch += 1
        self._begin(rolled)

    def hard_reset(self) -> None:
        """Begin the next epoch and forget rows that would roll over."""
        self._epoch += 1
        self._begin(np.empty(0, np.int64))

    def iter_next(self) -> bool:
        """Go to the next batch; False at the end of the epoch."""
        if self._batch == self.num_batches:
            return False
        self._batch += 1
        return True

    def getdata(self) -> list[NDArray]:
        """Return the data of the current batch."""
        return self._gather(self.data)

    def getlabel(self) -> list[NDArray]:
        """Return the labels of the current batch."""
        return self._gather(self.label)

    def getindex(self) -> np.ndarray:
        """Return the row numbers of the current batch."""
        if self._batch == 0:
            raise ValueError("[NDArrayIter] there is no current batch; call next() or iter_next() first")
        return self._rows[(self._batch - 1) * self.batch_size : self._batch * self.batch_size]

    def getpad(self) -> int:
        """Return the padding of the current batch."""
        if self._batch == 1 and len(self._rolled):
            return len(self._rolled)
        return self.batch_size - int(self._valid[self._batch - 1])

    def _gather(self, arrays: list[tuple[str, Any]]) -> list[NDArray]:
        from paratrain import ndarray as nd

        rows = self.getindex()
        return [nd.from_numpy(take(self._views[name], rows, self._axis)) for name, _ in arrays]

    def state_dict(self) -> dict[str, Any]:
        """Return the position as plain numbers, for `load_state_dict`."""
        own = {"rolled": self._rolled.tolist(), "last_batch_handle": self.last_batch_handle}
        return {**self._deal.state(self._epoch, self._batch), **own}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved; its seed is taken over.

        A position that another number of parts has saved is taken up, too: what they had left of the epoch is dealt
        out anew, every row once.

        Raises
        ------
        ValueError
            If `state` belongs to other data, another way of batching, with as many parts another batch size, or another
            `seed` was given.
        """
        check_state("NDArrayIter", state, {"last_batch_handle": self.last_batch_handle})
        check = Checker("NDArrayIter")
        rolled = [check.whole("rolled of the saved position", n, 0, self.num_data - 1) for n in state.get("rolled", ())]
        if len(rolled) >= self.batch_size:
            check.fail(f"rolled of the saved position must be less than a batch; got {len(rolled)} rows")
        seed = check.whole("seed of the saved position", state.get("seed"))
        deal = self._deal if self._seed_given else replace(self._deal, seed=seed)
        deal, epoch, batch = deal.resumed("NDArrayIter", state)
        plan = self._plan(deal, epoch, np.array(rolled, np.int64))
        check.whole("batch of the saved position", batch, 0, len(plan.valid))
        self._deal, self._epoch = deal, epoch
        self._begin(np.array(rolled, np.int64))
        self._batch = batch


def named_arrays(what: str, source: Any, default_name: str) -> list[tuple[str, Any]]:
    """Return (name, NDArray) pairs of what a user gives as data or label."""
    from paratrain import ndarray as nd

    if source is None:
        return []
    if isinstance(source, nd.NDArray | np.ndarray) or is_hdf5(source):
        source = [source]
    if isinstance(source, list | tuple):
        many = len(source) > 1
        source = {f"_{i}_{default_name}" if many else default_name: array for i, array in enumerate(source)}
    if not isinstance(source, dict):
        raise TypeError(
            f"[NDArrayIter] {what} must be an NDArray, a NumPy array, a data set of h5py, a list of them or a dict of "
            f"them by name; got {type(source).__name__}"
        )
    return [(name, held(what, name, array)) for name, array in sorted(source.items())]


def held(what: str, name: str, array: Any) -> Any:
    """Return an array as the iterator keeps it: an NDArray, or a data set of h5py."""
    from paratrain import ndarray as nd

    if isinstance(array, nd.NDArray) or is_hdf5(array):
        return array
    try:
        numbers = np.asarray(array)
        if numbers.dtype.kind not in "biuf":
            raise TypeError(f"it holds {numbers.dtype}")
        return nd.array(numbers, dtype=np.float32)
    except (TypeError, ValueError) as err:
        raise TypeError(
            f"[NDArrayIter] {what} {name!r} must be an NDArray, a NumPy array of numbers or a data set of h5py; "
            f"got {type(array).__name__}"
        ) from err


def is_hdf5(array: Any) -> bool:
    """Whether `array` is a data set of h5py, which need not be installed."""
    return type(array).__module__.split(".")[0] == "h5py" and hasattr(array, "shape")


def dtype_of(array: Any) -> Any:
    """Return the type of a batch's elements."""
    return array.dtype.type if is_hdf5(array) else array.dtype


def take(array: Any, rows: np.ndarray, axis: int) -> np.ndarray:
    """Return rows of an array. Of a data set of h5py no others are read, each of them once."""
    if not is_hdf5(array):
        return array.take(rows, axis=axis)
    wanted, place = np.unique(rows, return_inverse=True)
    span = slice(int(wanted[0]), int(wanted[-1]) + 1)
    some = span if len(wanted) == span.stop - span.start else wanted
    read = array[tuple([slice(None)] * axis + [some])]
    return np.ascontiguousarray(read.take(place, axis=axis))


def common_length(arrays: list[tuple[str, Any]], axis: int) -> int:
    """Return the length that all arrays have along an axis."""
    lengths = {}
    for name, array in arrays:
        if len(array.shape) <= axis:
            raise ValueError(f"[NDArrayIter] {name!r} must have an axis {axis} for the batch; got shape {array.shape}")
        lengths[name] = array.shape[axis]
    if len(set(lengths.values())) != 1:
        raise ValueError(f"[NDArrayIter] all data and labels must have the same length; got {lengths}")
    return next(iter(lengths.values()))


def host_view(array: Any) -> Any:
    """Return the array's memory if it is on the CPU, else a copy; a data set of h5py as it is."""
    if is_hdf5(array):
        return array
    return array.to_numpy_view() if array.context.device_type == "cpu" else array.asnumpy()
