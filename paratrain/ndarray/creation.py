"""Make arrays: from values, filled, sequences, random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from paratrain.base import NUMPY_DTYPES, dtype_name
from paratrain.context import Context, current_context
from paratrain.ext import engine
from paratrain.ndarray.invoke import F, empty_like_desc
from paratrain.ndarray.ndarray import NDArray

__all__ = [
    "arange",
    "array",
    "concatenate",
    "empty",
    "eye",
    "from_numpy",
    "full",
    "linspace",
    "moveaxis",
    "onehot_encode",
    "ones",
    "split_v2",
    "waitall",
    "zeros",
]


def _shape(shape: Any) -> tuple[int, ...]:
    out = (int(shape),) if np.ndim(shape) == 0 else tuple(int(d) for d in shape)
    if any(d < 0 for d in out):
        raise ValueError(f"[NDArray] sizes must not be negative; got shape {out}")
    return out


def _device(ctx: Context | None) -> tuple[int, int]:
    ctx = ctx or current_context()
    if not isinstance(ctx, Context):
        raise TypeError(f"[NDArray] ctx must be Context, such as mx.cpu(); got {type(ctx).__name__}")
    if ctx.device_typeid != 1:
        from paratrain.ext import cuda

        cuda.backend()
    return ctx.device_typeid, ctx.device_id


def array(source_array: Any, ctx: Context | None = None, dtype: Any = None) -> NDArray:
    """An array with given values.

    Parameters
    ----------
    source_array : array_like or NDArray
        Numbers, nested lists, a NumPy array or an NDArray.
    ctx : Context, optional
        Device (default: that of an NDArray source, else the current context).
    dtype : dtype, optional
        Default: that of an NDArray source, else float32 (as in MXNet, whatever the dtype of a NumPy source).

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.array([1, 2, 3], dtype='int32').asnumpy()
    array([1, 2, 3], dtype=int32)
    """
    if isinstance(source_array, NDArray):
        out = source_array.as_in_context(ctx) if ctx else source_array
        return out.astype(dtype or source_array.dtype_str)
    name = dtype_name(dtype) if dtype is not None else "float32"
    try:
        values = np.ascontiguousarray(np.asarray(source_array)).astype(NUMPY_DTYPES[name], copy=False)
        values = values.reshape(np.shape(source_array))
    except (TypeError, ValueError) as e:
        raise TypeError(f"[nd.array] cannot make an array of {type(source_array).__name__}: {e}") from None
    device = _device(ctx)
    target = empty_like_desc((values.shape, name), device)
    if device[0] == 2:
        engine.copy_bytes(_over(np.ascontiguousarray(values), name), target, target.nbytes)
    elif values.size:
        target.to_numpy_view()[...] = values
    return target


def from_numpy(ndarray: np.ndarray, zero_copy: bool = True) -> NDArray:
    """An array on the CPU over the memory of a NumPy array.

    Parameters
    ----------
    ndarray : numpy.ndarray
        C-contiguous, of one of our element types. A shared one must be writable and in the byte order of this machine.
    zero_copy : bool, default True
        Share memory; otherwise copy.

    Raises
    ------
    ValueError
        If memory is to be shared and the array is not like that.
    """
    name = dtype_name(ndarray.dtype)
    if not zero_copy:
        return array(ndarray, Context("cpu"), name)
    if not ndarray.flags.c_contiguous:
        raise ValueError("[from_numpy] only a C-contiguous array can be shared; use numpy.ascontiguousarray first")
    if not ndarray.flags.writeable:
        raise ValueError("[from_numpy] a read-only array cannot be shared; pass zero_copy=False")
    if not ndarray.dtype.isnative:
        raise ValueError("[from_numpy] an array of another byte order cannot be shared; pass zero_copy=False")
    return _over(ndarray, name)


def _over(values: np.ndarray, name: str) -> NDArray:
    """An array over the memory of a C-contiguous NumPy array, which may be read-only if it is only read."""
    raw = values.reshape(-1).view(np.uint8)
    return NDArray(engine.Storage(1, 0, values.nbytes, raw), 0, values.shape, name)


def empty(shape: Any, ctx: Context | None = None, dtype: Any = None) -> NDArray:
    """An array with arbitrary contents.

    Parameters
    ----------
    shape : int or tuple of int
    ctx : Context, optional
        Default: the current context.
    dtype : dtype, optional
        Default float32.
    """
    return empty_like_desc((_shape(shape), dtype_name(dtype or "float32")), _device(ctx))


def full(shape: Any, val: float, ctx: Context | None = None, dtype: Any = None, out: NDArray | None = None) -> NDArray:
    """An array in which every element is `val`; see `empty` for the other parameters."""
    target = empty(shape, ctx, dtype) if out is None else out
    kernel = engine.make_kernel("fill", target.storage.device_type, {"value": float(val)}, [], [target.desc])
    engine.invoke(kernel, [], [target])
    return target


def zeros(shape: Any, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> NDArray:
    """An array of zeros; see `empty` for the parameters."""
    _only_out("zeros", kwargs)
    return full(shape, 0.0, ctx, dtype, **kwargs)


def ones(shape: Any, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> NDArray:
    """An array of ones; see `empty` for the parameters."""
    _only_out("ones", kwargs)
    return full(shape, 1.0, ctx, dtype, **kwargs)


def _only_out(name: str, kwargs: dict[str, Any]) -> None:
    stype = kwargs.pop("stype", "default")
    if stype not in (None, "default"):
        raise ValueError(f"[nd.{name}] stype must be 'default'; got {stype!r}")
    for unknown in kwargs.keys() - {"out"}:
        raise TypeError(f"[nd.{name}] has no parameter {unknown!r}")


def arange(
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: int = 1,
    infer_range: bool | None = None,
    ctx: Context | None = None,
    dtype: Any = "float32",
) -> NDArray:
    """Numbers from `start` up to (not including) `stop` in steps of `step`, each `repeat` times.

    Parameters
    ----------
    start, stop : float
        With one number, it is the stop and the start is 0.
    step : float, default 1.0
    repeat : int, default 1
    infer_range : bool, optional
        Only None and False: a range that is inferred later exists for symbols.
    ctx : Context, optional
    dtype : dtype, default float32
    """
    if infer_range:
        raise ValueError("[nd.arange] infer_range is for symbols; give stop")
    if stop is None:
        start, stop = 0.0, start
    if step == 0:
        raise ValueError("[nd.arange] step must not be 0")
    count = max(0, int(np.ceil((stop - start) / step))) * repeat
    target = empty((count,), ctx, dtype)
    attrs = {"start": float(start), "step": float(step), "repeat": int(repeat)}
    kernel = engine.make_kernel("arange", target.storage.device_type, attrs, [], [target.desc])
    engine.invoke(kernel, [], [target])
    return target


def linspace(
    start: float, stop: float, num: int, endpoint: bool = True, ctx: Context | None = None, dtype: Any = "float32"
) -> NDArray:
    """`num` evenly spaced numbers from `start` to `stop` (included if `endpoint`)."""
    return array(np.linspace(start, stop, num, endpoint), ctx, dtype)


def eye(N: int, M: int = 0, k: int = 0, ctx: Context | None = None, dtype: Any = "float32") -> NDArray:
    """An N x M matrix (M = 0: N x N) with ones on the k-th diagonal."""
    return array(np.eye(N, M or None, k), ctx, dtype)


def concatenate(arrays: Sequence[NDArray], axis: int = 0, always_copy: bool = True) -> NDArray:
    """Join arrays along an axis; a single array is itself unless `always_copy`."""
    if not isinstance(arrays, (list, tuple)) or not arrays:
        raise ValueError("[nd.concatenate] needs a non-empty list of arrays")
    if len(arrays) == 1 and not always_copy:
        return arrays[0]
    return F.Concat(*arrays, dim=axis)


def moveaxis(tensor: NDArray, source: Any, destination: Any) -> NDArray:
    """Move axes to new positions, the others keep their order (as `numpy.moveaxis`)."""
    sources = [source] if np.ndim(source) == 0 else list(source)
    targets = [destination] if np.ndim(destination) == 0 else list(destination)
    if len(sources) != len(targets):
        raise ValueError("[nd.moveaxis] source and destination must have the same number of axes")
    for axis in (*sources, *targets):
        if not -tensor.ndim <= axis < tensor.ndim:
            raise ValueError(f"[nd.moveaxis] axis {axis} is out of range for shape {tensor.shape}")
    order = [d for d in range(tensor.ndim) if d not in {a % tensor.ndim for a in sources}]
    for to, axis in sorted(zip([t % tensor.ndim for t in targets], [s % tensor.ndim for s in sources])):
        order.insert(to, axis)
    return F.transpose(tensor, axes=tuple(order))


def waitall() -> None:
    """Return when everything queued on every device is done."""
    from paratrain.ext import cuda

    if cuda.backend.cache_info().currsize:
        cuda.backend().synchronize()


def split_v2(ary: NDArray, indices_or_sections: Any, axis: int = 0, squeeze_axis: bool = False) -> Any:
    """The array cut along an axis, into equal parts or at given places.

    Parameters
    ----------
    ary : NDArray
    indices_or_sections : int or tuple of int
        Number of equal parts, or where parts begin after the first one.
    axis : int, default 0
    squeeze_axis : bool, default False
        Leave the axis out of the parts; each of them must have size 1 along it.

    Returns
    -------
    NDArray or list of NDArray
        A list if there are several parts.

    Raises
    ------
    ValueError
        If the axis does not exist, or cannot be cut into that many equal parts.

    Examples
    --------
    >>> import paratrain as mx
    >>> [part.shape for part in mx.nd.split_v2(mx.nd.zeros((5, 2)), (1, 3))]
    [(1, 2), (2, 2), (2, 2)]
    """
    if not -ary.ndim <= axis < ary.ndim:
        raise ValueError(f"[nd.split_v2] axis {axis} is out of range for shape {ary.shape}")
    size = ary.shape[axis]
    if isinstance(indices_or_sections, (int, np.integer)):
        count = int(indices_or_sections)
        if count < 1 or size % count:
            raise ValueError(f"[nd.split_v2] an axis of {size} elements cannot be cut into {count} equal parts")
        places = [size // count * i for i in range(1, count)]
    elif isinstance(indices_or_sections, (tuple, list)):
        places = [min(max(i + size if i < 0 else i, 0), size) for i in indices_or_sections]
    else:
        got = type(indices_or_sections).__name__
        raise TypeError(f"[nd.split_v2] indices_or_sections must be int or tuple of int; got {got}")
    whole = (slice(None),) * (axis % ary.ndim)
    keys = [(*whole, slice(b, max(b, e))) for b, e in zip([0, *places], [*places, size])]
    parts = [ary[key] for key in keys]
    if squeeze_axis:
        parts = [F.squeeze(p, axis=axis) for p in parts]
    return parts if len(parts) > 1 else parts[0]


def onehot_encode(indices: NDArray, out: NDArray) -> NDArray:
    """Write rows with a one at the given positions to `out`; see `paratrain.nd.one_hot`.

    Parameters
    ----------
    indices : NDArray
        Shape (N,).
    out : NDArray
        Shape (N, C).
    """
    if indices.ndim != 1 or out.ndim != 2:
        raise ValueError(f"[nd.onehot_encode] shapes must be (N,) and (N, C); got {indices.shape} and {out.shape}")
    return F.one_hot(indices, depth=out.shape[1], dtype=out.dtype_str, out=out)
