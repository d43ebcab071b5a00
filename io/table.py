"""`CSVIter` and `LibSVMIter`: batches of rows of text files, which are read into memory once."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from paratrain.io.data import DataDesc, DataIter
from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.order import Order
from paratrain.io.parameters import Checker

if TYPE_CHECKING:
    from paratrain.ndarray import NDArray


class TableIter(DataIter):
    """Batches of rows that are in memory, in their order.

    Parameters
    ----------
    data : array, shape (rows, ...)
    label : array, shape (rows, ...)
    order : Order
        Which row goes where.
    """

    def __init__(self, data: np.ndarray, label: np.ndarray, order: Order) -> None:
        super().__init__(order.batch_size)
        self._data, self._label, self._order = data, label, order
        self._epoch = self._batch = 0
        self._plan = order.epoch(0)

    @property
    def provide_data(self) -> list[DataDesc]:
        """Name, shape and type of the data."""
        return [DataDesc("data", (self.batch_size, *self._data.shape[1:]), self._data.dtype.type)]

    @property
    def provide_label(self) -> list[DataDesc]:
        """Name, shape and type of the labels."""
        return [DataDesc("softmax_label", (self.batch_size, *self._label.shape[1:]), self._label.dtype.type)]

    @property
    def num_batches(self) -> int:
        """Batches of the current epoch."""
        return len(self._plan)

    @property
    def batches_left(self) -> int:
        """Batches until the end of the epoch."""
        return self.num_batches - self._batch

    def reset(self) -> None:
        """Begin the next epoch. Before the first batch of an epoch this does nothing."""
        if self._batch:
            self._go_to(self._epoch + 1, 0)

    def _go_to(self, epoch: int, batch: int) -> None:
        self._epoch, self._batch, self._plan = epoch, batch, self._order.epoch(epoch)

    def iter_next(self) -> bool:
        """Go to the next batch; False at the end of the epoch."""
        if self._batch == len(self._plan):
            return False
        self._batch += 1
        return True

    def getindex(self) -> np.ndarray:
        """Return the numbers of the rows of the current batch."""
        if self._batch == 0:
            raise ValueError(f"[{type(self).__name__}] there is no current batch; call next() or iter_next() first")
        return self._plan.rows[self._batch - 1]

    def getdata(self) -> list[NDArray]:
        """Return the data of the current batch."""
        from paratrain import ndarray as nd

        return [nd.from_numpy(self._data.take(self.getindex(), axis=0))]

    def getlabel(self) -> list[NDArray]:
        """Return the labels of the current batch."""
        from paratrain import ndarray as nd

        return [nd.from_numpy(self._label.take(self.getindex(), axis=0))]

    def getpad(self) -> int:
        """Return how many rows at the end of the current batch only fill it up."""
        self.getindex()
        return self.batch_size - int(self._plan.valid[self._batch - 1])

    def state_dict(self) -> dict[str, Any]:
        """Return the position as plain numbers, for `load_state_dict`."""
        return self._order.state(self._epoch, self._batch)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved, by any number of parts.

        Raises
        ------
        ValueError
            If `state` belongs to an iterator with other rows, or with as many parts and another batch size.
        """
        self._order, epoch, batch = self._order.resumed(type(self).__name__, state)
        self._go_to(epoch, batch)


class CSVIter(TableIter):
    """Batches of rows of a CSV file: numbers separated by commas, without a line of names.

    Parameters
    ----------
    data_csv : str
        The file, or a folder whose files are read in the order of their names.
    data_shape : tuple of int
        Shape of a row.
    batch_size : int
    label_csv : str, optional
        A file with as many rows; without it all labels are 0.
    label_shape : tuple of int
        Shape of a label; default (1,), which gives labels of shape (batch_size,).
    round_batch : bool
        Padding of the last batch is taken from the next epoch, which begins behind it; otherwise every epoch begins at
        the first row. Default True.
    dtype : str
        Type of data and labels; default 'float32'.
    prefetch_buffer : int
        For compatibility; all rows are in memory.
    ctx : {'cpu', 'gpu'}
        For compatibility; both do the same.

    Raises
    ------
    RecordFileError, RecordError
        If a file is missing, or a row has not as many numbers as its shape asks for.
    ParameterError
        If a parameter is wrong.
    """

    def __init__(
        self,
        data_csv: str | None = None,
        data_shape: Sequence[int] | None = None,
        batch_size: int | None = None,
        *,
        label_csv: str | None = None,
        label_shape: Sequence[int] = (1,),
        round_batch: bool = True,
        prefetch_buffer: int = 4,
        ctx: str = "gpu",
        dtype: Any = None,
    ) -> None:
        check = Checker("CSVIter")
        check.required("data_csv", data_csv)
        shapes = common(check, data_shape, label_shape, batch_size, prefetch_buffer, ctx)
        kind = np.dtype(np.float32 if dtype is None else dtype)
        data = read_csv(check.path("data_csv", data_csv), shapes[0], kind)
        if label_csv is None:
            label = np.zeros((len(data), *shapes[1]), kind)
        else:
            label = read_csv(check.path("label_csv", label_csv), shapes[1], kind)
        same_rows("CSVIter", data_csv, data, label_csv, label)
        roll_over = check.flag("round_batch", round_batch)
        size = check.whole("batch_size", batch_size, 1)
        super().__init__(data, squeezed(label), Order(len(data), size, roll_over=roll_over))


class LibSVMIter(TableIter):
    """Batches of rows of a LibSVM file: a label, then ``index:value`` for values other than 0; indices begin at 0.

    The rows are given as dense arrays.

    Parameters
    ----------
    data_libsvm : str
        The file, or a folder whose files are read in the order of their names.
    data_shape : tuple of int
        (number of columns,).
    batch_size : int
    label_libsvm : str, optional
        A file of the same kind whose values are the labels; without it the label is the first number of a row.
    label_shape : tuple of int
        Shape of a label; default (1,).
    num_parts, part_index : int
        Into how many parts the rows are divided, and which is read here; default 1 and 0.
    round_batch, prefetch_buffer, ctx
        As for `CSVIter`.
    dtype : None or 'float32'
        Type of data and labels.

    Raises
    ------
    RecordFileError, RecordError
        If a file is missing or a line is not as described.
    ParameterError
        If a parameter is wrong.
    """

    def __init__(
        self,
        data_libsvm: str | None = None,
        data_shape: Sequence[int] | None = None,
        batch_size: int | None = None,
        *,
        label_libsvm: str | None = None,
        label_shape: Sequence[int] = (1,),
        num_parts: int = 1,
        part_index: int = 0,
        round_batch: bool = True,
        prefetch_buffer: int = 4,
        ctx: str = "gpu",
        dtype: Any = None,
    ) -> None:
        check = Checker("LibSVMIter")
        check.required("data_libsvm", data_libsvm)
        shapes = common(check, data_shape, label_shape, batch_size, prefetch_buffer, ctx)
        if dtype is not None and np.dtype(dtype) != np.float32:
            check.fail(f"dtype must be None or 'float32'; got {dtype!r}")
        data, label = read_libsvm(check.path("data_libsvm", data_libsvm), shapes[0])
        if label_libsvm is not None:
            label, _ = read_libsvm(check.path("label_libsvm", label_libsvm), shapes[1])
        same_rows("LibSVMIter", data_libsvm, data, label_libsvm, label)
        num_parts = check.whole("num_parts", num_parts, 1, len(data))
        part_index = check.whole("part_index", part_index, 0, num_parts - 1)
        size, roll_over = check.whole("batch_size", batch_size, 1), check.flag("round_batch", round_batch)
        super().__init__(data, squeezed(label), Order(len(data), size, num_parts, part_index, roll_over=roll_over))


def common(
    check: Checker, data_shape: Any, label_shape: Any, batch_size: Any, prefetch_buffer: Any, ctx: Any
) -> list[tuple[int, ...]]:
    """Check the parameters that both have; returns the two shapes."""
    check.required("data_shape", data_shape)
    check.required("batch_size", batch_size)
    check.whole("prefetch_buffer", prefetch_buffer, 1)
    check.one_of("ctx", ctx, ("cpu", "gpu"))
    shapes = []
    for name, shape in (("data_shape", data_shape), ("label_shape", label_shape)):
        if not isinstance(shape, Sequence) or isinstance(shape, str) or not shape:
            check.fail(f"{name} must be a tuple of whole numbers; got {shape!r}")
        shapes.append(tuple(check.whole(name, axis, 1) for axis in shape))
    return shapes


def squeezed(label: np.ndarray) -> np.ndarray:
    """Return labels of shape (rows, 1) as (rows,), others as they are."""
    return label[:, 0] if label.shape[1:] == (1,) else label


def same_rows(owner: str, data_path: str | None, data: np.ndarray, label_path: str | None, label: np.ndarray) -> None:
    """Refuse files with different numbers of rows, and files without any."""
    if not len(data):
        raise RecordError(f"[{owner}] {data_path} holds no rows")
    if len(data) != len(label):
        raise RecordError(f"[{owner}] {data_path} has {len(data)} rows, but {label_path} has {len(label)}")


def files_of(path: str) -> list[str]:
    """Return the file, or if `path` is a folder the files in it, in the order of their names."""
    try:
        if not os.path.isdir(path):
            return [path]
        found = sorted(entry.path for entry in os.scandir(path) if entry.is_file())
    except OSError as err:
        raise file_error_from(err, "cannot look into the folder") from err
    if not found:
        raise RecordError(f"[io] the folder {path} holds no files")
    return found


def read_csv(path: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Read a CSV file, or all files of a folder; returns (rows, *shape).

    Raises
    ------
    RecordFileError
        If a file cannot be read.
    RecordError
        If a line does not hold as many numbers as `shape` asks for; the text names file and line.
    """
    return np.concatenate([_read_csv(file, shape, dtype) for file in files_of(path)])


def _read_csv(path: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    width = math.prod(shape)
    try:
        with open(path, encoding="utf-8") as lines, warnings.catch_warnings():
            warnings.filterwarnings("ignore", "loadtxt: input contained no data")  # said by same_rows
            table = np.loadtxt(lines, dtype, delimiter=",", ndmin=2, comments=None)
    except OSError as err:
        raise file_error_from(err, "cannot read") from err
    except ValueError as err:  # names a row, but not the line
        raise RecordError(_first_wrong(path, width, dtype) or f"[CSVIter] {path}: {err}") from err
    if table.size and table.shape[1] != width:
        raise RecordError(_first_wrong(path, width, dtype) or f"[CSVIter] {path}: rows of {table.shape[1]} numbers")
    return table.reshape(-1, *shape)


def _first_wrong(path: str, width: int, dtype: np.dtype) -> str | None:
    """Describe the first line that does not hold `width` numbers."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            fields = line.split(",") if line.strip() else []
            if fields and len(fields) != width:
                return f"[CSVIter] {path}: line {number} must have {width} numbers; it has {len(fields)}"
            for column, text in enumerate(fields, 1):
                try:
                    np.array([text.strip()]).astype(dtype)
                except (ValueError, OverflowError):
                    return (
                        f"[CSVIter] {path}: line {number}, column {column} must be a number ({dtype}); "
                        f"got {text.strip()!r:.40}"
                    )
    return None


def read_libsvm(path: str, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Read a LibSVM file, or all files of a folder; returns values (rows, *shape) and labels (rows, 1).

    Raises
    ------
    RecordFileError
        If a file cannot be read.
    RecordError
        If a line is not a label and pairs ``index:value`` with indices inside of `shape`; the text names file and line.
    """
    columns = math.prod(shape)
    values: list[np.ndarray] = []
    labels: list[float] = []
    for file in files_of(path):
        try:
            with open(file, encoding="utf-8", errors="surrogateescape") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        label, row = _parse_libsvm(file, number, line, columns)
                        labels.append(label)
                        values.append(row)
        except OSError as err:
            raise file_error_from(err, "cannot read") from err
    return np.array(values, np.float32).reshape(-1, *shape), np.array(labels, np.float32).reshape(-1, 1)


def _parse_libsvm(path: str, number: int, line: str, columns: int) -> tuple[float, np.ndarray]:
    """Return label and values of a line; a line of a file of labels has no label of its own."""
    row = np.zeros(columns, np.float32)
    try:
        pairs = [field.split(":") for field in line.split()]
        first = 0 if len(pairs[0]) == 2 else 1
        label = float(pairs[0][0]) if first else 0.0
        for index, value in pairs[first:]:
            row[checked(int(index), columns)] = float(value)
    except ValueError as err:
        raise RecordError(
            f"[LibSVMIter] {path}: line {number} must hold a label and pairs index:value, "
            f"with indices from 0 to {columns - 1}; got {line.strip()!r:.80}"
        ) from err
    return label, row


def checked(index: int, columns: int) -> int:
    """Return `index` if there is such a column."""
    if not 0 <= index < columns:
        raise ValueError(index)
    return index
