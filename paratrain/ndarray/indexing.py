"""``x[key]`` and ``x[key] = value``.

Slices that stay contiguous (numbers and a step-1 slice from the first axis on) share memory; others are copies.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from paratrain._tape import flags
from paratrain.base import item_size
from paratrain.ext import engine
from paratrain.ndarray.invoke import F, empty_like_desc
from paratrain.ops.rules import product


def get(x: Any, key: Any) -> Any:
    """Elements chosen by `key`: numbers, slices, ``None``, ``...``, or an index array for the first axis."""
    keys = _expand(x, key)
    if keys is None:
        return _advanced(x, key)
    if x._source is None or not flags.recording:
        view = _contiguous(x, keys)
        if view is not None:
            return view
    return _sliced(x, keys)


def _expand(x: Any, key: Any) -> list[Any] | None:
    """One number, slice or None for each axis; None when the key holds arrays or lists."""
    keys = list(key) if isinstance(key, tuple) else [key]
    if any(not (k is None or k is Ellipsis or isinstance(k, (int, np.integer, slice))) for k in keys):
        return None
    if any(isinstance(k, (bool, np.bool_)) for k in keys):
        return None
    given = sum(k is not None and k is not Ellipsis for k in keys)
    if given > x.ndim:
        raise IndexError(f"[NDArray] too many indices: {given} for the shape {x.shape}")
    rest = [slice(None)] * (x.ndim - given)
    at = next((i for i, k in enumerate(keys) if k is Ellipsis), None)
    if at is None:
        return keys + rest
    if any(k is Ellipsis for k in keys[at + 1 :]):
        raise IndexError("[NDArray] an index can have one ellipsis")
    return keys[:at] + rest + keys[at + 1 :]


def _number(k: Any, size: int, axis: int) -> int:
    if not -size <= k < size:
        raise IndexError(f"[NDArray] index {int(k)} is out of range for axis {axis} with {size} elements")
    return int(k) % size


def _bounds(k: slice, size: int) -> tuple[int, int, int]:
    try:
        return k.indices(size)
    except TypeError:
        raise IndexError(f"[NDArray] slices must be of whole numbers; got {k}") from None


def _result_shape(x: Any, shape: list[int], keys: list[Any]) -> tuple[int, ...]:
    # MXNet has no arrays without axes: a single element keeps one.
    if not shape and x.ndim and all(k is not None for k in keys):
        return (1,)
    return tuple(shape)


def _contiguous(x: Any, keys: list[Any]) -> Any:
    """A view where the chosen elements lie side by side, else None."""
    offset, shape, axis, cut = 0, [], 0, False
    for k in keys:
        if k is None:
            shape.append(1)
            continue
        size, step = x.shape[axis], product(x.shape[axis + 1 :])
        if isinstance(k, slice):
            start, stop, by = _bounds(k, size)
            length = max(0, -(-(stop - start) // by))
            if length != size and (cut or by != 1):
                return None
            if length == size and by != 1 and size > 1:
                return None
            # everything to the right must be whole from here on
            cut = cut or product(shape) != 1 or length != 1
            offset += start * step if length else 0
            shape.append(length)
        else:
            k = _number(k, size, axis)
            if cut and size != 1:
                return None
            offset += k * step
        axis += 1
    return type(x)(x.storage, x.offset + offset * item_size(x.dtype_str), _result_shape(x, shape, keys), x.dtype_str)


def _sliced(x: Any, keys: list[Any]) -> Any:
    """A copy by the `slice` operator (so that autograd sees it), then the shape that the key asks for."""
    begin, end, step, shape, axis = [], [], [], [], 0
    for k in keys:
        if k is None:
            shape.append(1)
            continue
        size = x.shape[axis]
        if isinstance(k, slice):
            first, last, by = _bounds(k, size)
            length = max(0, -(-(last - first) // by))
            shape.append(length)
            begin.append(first)
            end.append(None if by < 0 and last < 0 else last)
            step.append(by)
        else:
            k = _number(k, size, axis)
            begin.append(k)
            end.append(k + 1)
            step.append(1)
        axis += 1
    target = _result_shape(x, shape, keys)
    if product(target) == 0:
        return empty_like_desc((target, x.dtype_str), (x.storage.device_type, x.storage.device_id))
    out = F.slice(x, begin=tuple(begin), end=tuple(end), step=tuple(step))
    return out if out.shape == target else F.Reshape(out, shape=target) if 0 not in target else out


def _advanced(x: Any, key: Any) -> Any:
    """Index arrays. One array for the first axis is `take`; the rest is done by NumPy's rules on the host."""
    index = key[0] if isinstance(key, tuple) and len(key) == 1 else key
    if isinstance(index, (list, np.ndarray)):
        host = np.asarray(index)
        if host.dtype != bool and not isinstance(key, tuple):
            from paratrain.ndarray.creation import array

            index = array(host, ctx=x.context, dtype="int64" if host.dtype.kind in "iu" or not host.size else None)
    if isinstance(index, type(x)) and index.dtype_str != "bool":
        _check_range(index.asnumpy(), x)
        return F.take(x, index, axis=0, mode="wrap")
    if x._source is not None and flags.recording:
        raise NotImplementedError("[NDArray] autograd records only basic indices and one index array; use nd.gather_nd")
    from paratrain.ndarray.creation import array

    return array(x.asnumpy()[_host_key(x, key)], ctx=x.context, dtype=x.dtype_str)


def _check_range(index: np.ndarray, x: Any) -> None:
    size = len(x)
    if index.size and not (-size <= index.min() and index.max() < size):
        wrong = index[(index < -size) | (index >= size) | (index != index)][0]
        raise IndexError(f"[NDArray] index {wrong} is out of range for axis 0 with {size} elements")


def _host_key(x: Any, key: Any) -> Any:
    def host(k: Any) -> Any:
        if isinstance(k, type(x)):
            values = k.asnumpy()
            return values if values.dtype.kind in "biu" else values.astype(np.int64)
        return k

    return tuple(host(k) for k in key) if isinstance(key, tuple) else host(key)


def set_items(x: Any, key: Any, value: Any) -> None:
    """Assign to the elements chosen by `key`; `value` is broadcast and converted."""
    if isinstance(value, type(x)):
        if value.shape == x.shape and isinstance(key, slice) and key == slice(None) and value is not x:
            value.copyto(x)
            return
        value = value.asnumpy()
    elif not isinstance(value, (int, float, bool, np.generic)):
        value = np.asarray(value)
    if isinstance(value, float) and math.isnan(value) and np.dtype(x.dtype).kind in "iub":
        raise ValueError(f"[NDArray] cannot assign NaN to elements of dtype {x.dtype_str}")
    if isinstance(key, slice) and key == slice(None):
        key = ...  # also of an array without axes
    on_host = x.storage.device_type != 2
    target = x.to_numpy_view() if on_host else x.asnumpy()
    try:
        target[_host_key(x, key)] = value
    except ValueError as e:
        raise ValueError(f"[NDArray] cannot assign to x[{key}] of shape {x.shape}: {e}") from None
    if not on_host:
        from paratrain.ndarray.creation import from_numpy

        engine.copy_bytes(from_numpy(target), x, x.nbytes)
