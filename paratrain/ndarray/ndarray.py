"""The imperative array."""

from __future__ import annotations

from typing import Any

import numpy as np

from paratrain._tape import Leaf, flags
from paratrain.base import FLOAT_DTYPES, NUMPY_DTYPES, dtype_name, dtype_type, item_size
from paratrain.context import Context
from paratrain.ext import engine
from paratrain.ndarray import indexing
from paratrain.ndarray._fluent import FluentMethods
from paratrain.ndarray.invoke import F, empty_like_desc, set_array_class
from paratrain.ops.rules import product

__all__ = ["NDArray"]

_contexts: dict[tuple[int, int], Context] = {}


class NDArray(FluentMethods, engine.Array):
    """An array of numbers on a device, row-major.

    Made by `paratrain.nd.array`, `zeros`, ... rather than by its constructor. Slices along the first axis and reshaped
    arrays share memory with their source, as in MXNet.

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.array([[1, 2], [3, 4]])
    >>> (x * 2 + 1).asnumpy()
    array([[3., 5.],
           [7., 9.]], dtype=float32)
    """

    __slots__ = ("__weakref__",)
    __array_priority__ = 1000.0

    # -- what it is -----------------------------------------------------------------------------------------------

    @property
    def dtype(self) -> Any:
        """NumPy type of the elements, e.g. ``numpy.float32``."""
        return dtype_type(self.dtype_str)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return product(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes of the elements."""
        return self.size * item_size(self.dtype_str)

    @property
    def context(self) -> Context:
        """Device the array lives on."""
        key = (self.storage.device_type, self.storage.device_id)
        found = _contexts.get(key)
        if found is None:
            found = _contexts[key] = Context(Context.devtype2str[key[0]], key[1])
        return found

    ctx = context

    @property
    def stype(self) -> str:
        """Storage type; always ``'default'`` (dense)."""
        return "default"

    def tostype(self, stype: str) -> NDArray:
        """The array in another storage type: itself for ``'default'``; sparse ones are not supported.

        Raises
        ------
        NotImplementedError
            For ``'row_sparse'`` and ``'csr'``.
        """
        if stype != "default":
            raise NotImplementedError(f"[NDArray.tostype] stype must be 'default': all arrays are dense; got {stype!r}")
        return self

    @property
    def writable(self) -> bool:
        """Whether elements can be assigned; always true."""
        return True

    def as_nd_ndarray(self) -> NDArray:
        """The array itself, which is an NDArray already."""
        return self

    def as_np_ndarray(self) -> NDArray:
        """Not supported: there is no ``mx.np``.

        Raises
        ------
        NotImplementedError
        """
        raise NotImplementedError("[NDArray.as_np_ndarray] there is no mx.np; use asnumpy() for a numpy.ndarray")

    @property
    def T(self) -> NDArray:
        """Transpose (all axes reversed)."""
        return F.transpose(self)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("[NDArray] an array without axes has no length")
        return self.shape[0]

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.shape))
        return f"\n{self.asnumpy()}\n<NDArray {shape} @{self.context}>"

    def __bool__(self) -> bool:
        if self.size == 0:
            return False
        if self.size != 1:
            raise ValueError("[NDArray] the truth of an array with several elements is ambiguous")
        return bool(self.asscalar())

    def __int__(self) -> int:
        return int(self.asscalar())

    def __float__(self) -> float:
        return float(self.asscalar())

    def __index__(self) -> int:
        value = self.asscalar()
        if not isinstance(value, np.integer):
            raise TypeError(f"[NDArray] only an integer array can be an index; got dtype {self.dtype_str}")
        return int(value)

    # -- in and out -----------------------------------------------------------------------------------------------

    def to_numpy_view(self) -> np.ndarray:
        """The elements as a NumPy array that shares memory (arrays in host memory only).

        Raises
        ------
        BufferError
            For an array on a GPU.
        """
        raw = np.frombuffer(memoryview(self.storage), np.uint8, self.nbytes, self.offset)
        return raw.view(NUMPY_DTYPES[self.dtype_str]).reshape(self.shape)

    def asnumpy(self) -> np.ndarray:
        """Copy of the elements as a NumPy array; waits for the result."""
        if self.storage.device_type != 2:
            return self.to_numpy_view().copy()
        return self.as_in_context(Context("cpu")).to_numpy_view()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            if self.storage.device_type == 2 or not (dtype is None or np.dtype(dtype) == NUMPY_DTYPES[self.dtype_str]):
                raise ValueError("[NDArray] NumPy cannot share this array's memory; it is on a GPU or of another dtype")
            return self.to_numpy_view()
        out = self.asnumpy()
        return out if dtype is None else out.astype(dtype, copy=False)

    def __dlpack__(self, *, stream: Any = None, **options: Any) -> Any:
        from paratrain.ndarray import dlpack

        return dlpack.capsule_of(self, stream=stream, **options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return {1: 1, 2: 2, 3: 3}[
            self.storage.device_type
        ], self.storage.device_id if self.storage.device_type == 2 else 0

    def to_dlpack_for_read(self) -> Any:
        """DLPack capsule over the memory. See `paratrain.nd.to_dlpack_for_read`."""
        return self.__dlpack__()

    def to_dlpack_for_write(self) -> Any:
        """DLPack capsule over the memory. See `paratrain.nd.to_dlpack_for_write`."""
        return self.__dlpack__()

    def asscalar(self) -> Any:
        """The only element as a NumPy scalar.

        Raises
        ------
        ValueError
            If there is more than one.
        """
        if self.size != 1:
            raise ValueError(f"[NDArray.asscalar] the array must have one element; its shape is {self.shape}")
        return self.asnumpy().reshape(-1)[0]

    item = asscalar

    def wait_to_read(self) -> None:
        """Return when the elements have been computed (at once on the CPU, which computes synchronously)."""
        if self.storage.device_type == 2:
            from paratrain.ext import cuda

            cuda.backend().synchronize(self.storage.device_id)

    def copy(self) -> NDArray:
        """A new array with the same elements on the same device."""
        return F._copy(self)

    def copyto(self, other: NDArray | Context) -> NDArray:
        """Copy to an array (of the same shape; the dtype is converted) or to a new array on a context.

        Raises
        ------
        ValueError
            If the shapes differ.
        """
        if isinstance(other, Context):
            target = empty_like_desc(self.desc, (other.device_typeid, other.device_id))
            engine.copy_bytes(self, target, self.nbytes)
            return target
        if not isinstance(other, NDArray):
            raise TypeError(f"[NDArray.copyto] the target must be NDArray or Context; got {type(other).__name__}")
        if other is self:
            return other
        if other.shape != self.shape:
            raise ValueError(f"[NDArray.copyto] shapes must agree; got {self.shape} and {other.shape}")
        source = self if self.dtype_str == other.dtype_str else F.Cast(self, dtype=other.dtype_str)
        engine.copy_bytes(source, other, other.nbytes)
        return other

    def as_in_context(self, context: Context) -> NDArray:
        """The array itself if it lives on `context`, else a copy there."""
        return self if context == self.context else self.copyto(context)

    as_in_ctx = as_in_context

    def astype(self, dtype: Any, copy: bool = True) -> NDArray:
        """The array with another element type; itself if `copy` is false and nothing changes."""
        name = dtype_name(dtype)
        if not copy and name == self.dtype_str:
            return self
        return F.Cast(self, dtype=name)

    def reshape(self, *shape: Any, **kwargs: Any) -> NDArray:
        """The same elements with another shape; shares memory.

        Parameters
        ----------
        *shape : int or tuple of int
            Sizes; MXNet's codes 0 (copy), -1 (infer), -2 (copy the rest), -3 (merge two), -4 (split) are understood.
        reverse : bool, default False
            Match codes from the last axis.
        """
        if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = tuple(shape[0])
        elif not shape:
            shape = kwargs.pop("shape", None)
            if shape is None:
                raise TypeError("[NDArray.reshape] shape is required and was not given")
        reverse = kwargs.pop("reverse", False)
        if kwargs:
            raise TypeError(f"[NDArray.reshape] has no parameter {next(iter(kwargs))!r}; it takes shape and reverse")
        return F.Reshape(self, shape=tuple(shape), reverse=reverse)

    def __reduce__(self) -> Any:
        from paratrain.ndarray.serialization import to_bytes

        return _rebuild, (to_bytes(self), str(self.context))

    def __copy__(self) -> NDArray:
        return self.copy()

    def __deepcopy__(self, memo: dict) -> NDArray:
        return self.copy()

    # -- indexing -------------------------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Any:
        return indexing.get(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        if self._source is not None and flags.recording:
            raise ValueError("[NDArray] cannot assign to elements of an array that autograd records")
        indexing.set_items(self, key, value)

    def slice_assign(self, rhs: NDArray, begin: Any, end: Any, step: Any = None) -> NDArray:
        """A copy with a region replaced: ``y[begin[0]:end[0]:step[0], ...] = rhs``; autograd records it.

        Parameters
        ----------
        rhs : NDArray
            New elements; broadcast to the shape of the region.
        begin, end : tuple of (int or None)
            First element along each axis, and the one after the last.
        step : tuple of (int or None), optional
        """
        return indexing.replaced(self, begin, end, step, rhs)

    def slice_assign_scalar(self, value: float, begin: Any, end: Any, step: Any = None) -> NDArray:
        """A copy with all elements of a region set to a number. See `slice_assign`."""
        return indexing.replaced(self, begin, end, step, float(value))

    def split_v2(self, *args: Any, **kwargs: Any) -> Any:
        """The array cut along an axis. See `paratrain.nd.split_v2`."""
        from paratrain.ndarray.functions import split_v2

        return split_v2(self, *args, **kwargs)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    # -- autograd -------------------------------------------------------------------------------------------------

    @property
    def grad(self) -> NDArray | None:
        """Gradient buffer made by `attach_grad`."""
        return self._grad

    def attach_grad(self, grad_req: str = "write", stype: str | None = None) -> None:
        """Ask for the gradient with respect to this array; what was recorded of it before is forgotten.

        Parameters
        ----------
        grad_req : {'write', 'add', 'null'}
            Whether `backward` overwrites the buffer, adds to it, or leaves it.
        stype : str, optional
            Only ``'default'``.
        """
        if stype not in (None, "default"):
            raise ValueError(f"[attach_grad] stype must be 'default'; got {stype!r}")
        self._set_leaf(None if grad_req == "null" else F.zeros_like(self), grad_req)

    def _set_leaf(self, grad: NDArray | None, grad_req: str) -> None:
        if grad_req not in ("write", "add", "null"):
            raise ValueError(f"[attach_grad] grad_req must be one of 'write', 'add', 'null'; got {grad_req!r}")
        if self.dtype_str not in FLOAT_DTYPES:
            raise TypeError(f"[attach_grad] only floating point arrays have gradients; got dtype {self.dtype_str}")
        self._grad = grad
        self._source = None if grad is None else Leaf(grad, grad_req)

    def backward(self, out_grad: NDArray | None = None, retain_graph: bool = False, train_mode: bool = True) -> None:
        """Compute the gradients of this array with respect to all arrays that `attach_grad` was called on.

        See `paratrain.autograd.backward`.
        """
        from paratrain import autograd

        autograd.backward([self], None if out_grad is None else [out_grad], retain_graph, train_mode)

    # -- arithmetic: operators of two operands are native, in engine.Array -----------------------------------------

    def __neg__(self) -> NDArray:
        return F.negative(self)

    def __abs__(self) -> NDArray:
        return F.abs(self)


def _rebuild(stored: bytes, context: str) -> NDArray:
    from paratrain.ndarray.invoke import parse_context
    from paratrain.ndarray.serialization import load_frombuffer

    array: Any = load_frombuffer(stored)
    return array[0].as_in_context(parse_context(context))


set_array_class(NDArray)
