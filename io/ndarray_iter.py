"""`NDArrayIter`: batches of arrays that are in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from paratrain.io import native
from paratrain.io.data import DataDesc, DataIter, check_state
from paratrain.io.parameters import Checker

if TYPE_CHECKING:
    from paratrain.ndarray import NDArray

LAST_BATCH = ("pad", "discard", "roll_over")


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
        Chooses the random orders; default a number drawn from ``numpy.random``.

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
        self.seed = int(np.random.randint(2**31)) if seed is None else int(seed)
        self._seed_given = seed is not None
        self._views = {name: host_view(array) for name, array in [*self.data, *self.label]}
        self._epoch = 0
        self._begin(np.empty(0, np.int64))

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
        return len(self._rows) // self.batch_size

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
        if self.shuffle:
            self._order = native.permutation(native.mix(self.seed, self._epoch), self.num_data)
        else:
            self._order = np.arange(self.num_data, dtype=np.int64)
        rows = np.concatenate([rolled, self._order])
        missing = -len(rows) % self.batch_size
        self._pad = self._rest = 0
        if missing and self.last_batch_handle == "pad":
            rows, self._pad = np.concatenate([rows, np.resize(self._order, missing)]), missing
        elif missing:
            self._rest = len(rows) % self.batch_size
        self._rows, self._rolled = rows, rolled
        self._batch = 0  # batches given out

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
        return self._pad if self._batch == self.num_batches else 0

    def _gather(self, arrays: list[tuple[str, Any]]) -> list[NDArray]:
        from paratrain import ndarray as nd

        rows = self.getindex()
        return [nd.from_numpy(take(self._views[name], rows, self._axis)) for name, _ in arrays]

    def state_dict(self) -> dict[str, Any]:
        """Return the position as plain numbers, for `load_state_dict`."""
        place = {"epoch": self._epoch, "batch": self._batch, "rolled": self._rolled.tolist()}
        return {**place, "seed": self.seed, **self._identity()}

    def _identity(self) -> dict[str, Any]:
        same = {"num_data": self.num_data, "batch_size": self.batch_size, "shuffle": self.shuffle}
        return {**same, "last_batch_handle": self.last_batch_handle}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved; its seed is taken over.

        Raises
        ------
        ValueError
            If `state` belongs to other data, another batch size or way of batching, or another `seed` was given.
        """
        mine = {**self._identity(), **({"seed": self.seed} if self._seed_given else {})}
        check_state("NDArrayIter", state, mine)
        check = Checker("NDArrayIter")
        epoch = check.whole("epoch of the saved position", state.get("epoch"), 0)
        seed = check.whole("seed of the saved position", state.get("seed"))
        rolled = [check.whole("rolled of the saved position", n, 0, self.num_data - 1) for n in state.get("rolled", ())]
        if len(rolled) >= self.batch_size:
            check.fail(f"rolled of the saved position must be less than a batch; got {len(rolled)} rows")
        last = self.batch_size - 1 if self.last_batch_handle == "pad" else 0  # rows that complete the last batch
        most = (len(rolled) + self.num_data + last) // self.batch_size
        batch = check.whole("batch of the saved position", state.get("batch"), 0, most)
        self.seed, self._epoch = seed, epoch
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
