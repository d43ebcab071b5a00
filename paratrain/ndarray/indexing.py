"""``x[key]`` and ``x[key] = value``, by NumPy's rules; a single element keeps one axis, as in MXNet.

Slices that stay contiguous (numbers and a step-1 slice from the first axis on) share memory; others are copies.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from paratrain._tape import TapeNode, flags
from paratrain.base import item_size
from paratrain.ext import engine
from paratrain.ndarray.invoke import F, empty_like_desc
from paratrain.ndarray.positions import has_arrays, positions
from paratrain.ops.rules import product


def get(x: Any, key: Any) -> Any:
    """Elements chosen by `key`: numbers, slices, ``None``, ``...``, index arrays and masks."""
    plain = x._source is None or not flags.recording
    if type(key) is int and plain and x.shape:
        rest = x.shape[1:]
        offset = _number(key, x.shape[0], 0) * product(rest) * item_size(x.dtype_str)
        return engine.view(x, rest or (1,), x.dtype_str, offset)
    if type(key) is slice and plain and x.shape:
        start, stop, step = _bounds(key, x.shape[0])
        if step == 1:
            rest = x.shape[1:]
            offset = start * product(rest) * item_size(x.dtype_str) if stop > start else 0
            return engine.view(x, (max(0, stop - start), *rest), x.dtype_str, offset)
    key = _without_arrays_of_ours(key)
    if has_arrays(key):
        return _advanced(x, key)
    keys = _expand(x, key)
    if plain:
        view = _contiguous(x, keys)
        if view is not None:
            return view
    return _sliced(x, keys)


def _without_arrays_of_ours(key: Any) -> Any:
    """The key with NumPy arrays in place of NDArrays."""

    def host(k: Any) -> Any:
        return k.asnumpy() if isinstance(k, engine.Array) else k  # type: ignore[attr-defined]

    return tuple([host(k) for k in key]) if type(key) is tuple else host(key)


def _expand(x: Any, key: Any) -> list[Any]:
    """One number, slice or None for each axis, of a key without arrays."""
    keys = list(key) if isinstance(key, tuple) else [key]
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
    """Index arrays and masks: their positions are found on the host, the elements on the device."""
    at = positions(x.shape, key)
    return _taken(x, at, at.shape or (1,))


def _taken(x: Any, at: np.ndarray, shape: tuple[int, ...]) -> Any:
    """The elements at the given positions, as an array of this shape; recorded."""
    if 0 in shape:
        return empty_like_desc((shape, x.dtype_str), (x.storage.device_type, x.storage.device_id))
    flat = F.Reshape(x, shape=(-1,))
    return F.Reshape(F.take(flat, _on_device(x, at.reshape(-1)), axis=0), shape=shape)


def _on_device(x: Any, values: np.ndarray) -> Any:
    from paratrain.ndarray.creation import array

    return array(values, ctx=x.context, dtype=values.dtype)


class Assignment:
    """The gradient of ``x[key] = value``: what autograd's tape holds of it.

    Parameters
    ----------
    x, value : NDArray
    at : numpy.ndarray
        Positions that were written to.
    """

    def __init__(self, x: Any, at: np.ndarray, value: Any) -> None:
        self.at, self.value_desc = at, value.desc
        self.wants_x, self.wants_value = x._source is not None, value._source is not None

    def _gradients(self, arrived: list[Any], num_inputs: int) -> list[Any]:
        """Gradients of what `x` was before, zero where it was overwritten, and of the value, summed over repeats."""
        dy = arrived[0]
        return [self._of_x(dy) if self.wants_x else None, self._of_value(dy) if self.wants_value else None]

    def _of_x(self, dy: Any) -> Any:
        kept = np.ones(dy.size, dy.dtype)
        kept[self.at.reshape(-1)] = 0
        return F.elemwise_mul(dy, _on_device(dy, kept.reshape(dy.shape)))

    def _of_value(self, dy: Any) -> Any:
        shape, dtype = self.value_desc
        whole = self.at.shape
        inner = shape[max(0, len(shape) - len(whole)) :]  # further axes in front have size 1
        taken = _taken(dy, self.at, whole or (1,))
        last = _last_of_each(self.at.reshape(-1))
        if not last.all():
            taken = F.elemwise_mul(taken, _on_device(dy, last.reshape(taken.shape).astype(dy.dtype)))
        like = empty_like_desc((inner or (1,), dy.dtype_str), (dy.storage.device_type, dy.storage.device_id))
        value = F._sum_like(taken, like)
        value = F.Reshape(value, shape=shape) if shape else engine.view(value, (), value.dtype_str)
        return value if dtype == dy.dtype_str else F.Cast(value, dtype=dtype)


def _last_of_each(at: np.ndarray) -> np.ndarray:
    """Where each position occurs for the last time: that value stays."""
    last = np.zeros(at.size, bool)
    last[at.size - 1 - np.unique(at[::-1], return_index=True)[1]] = True
    return last


def set_items(x: Any, key: Any, value: Any) -> None:
    """Assign to the elements chosen by `key`; `value` is broadcast and converted.

    While autograd records, the gradient reaches a value that has a history.
    """
    key = _without_arrays_of_ours(key)
    if isinstance(key, slice) and key == slice(None):
        key = ...  # also of an array without axes
    _write(x, key, value)
    if flags.recording and isinstance(value, type(x)) and value._source is not None:
        record_assignment(x, key, value, x, x.detach())


def record_assignment(x: Any, key: Any, value: Any, result: Any, elements: Any) -> None:
    """Let autograd know that `result` (with these elements) is `x` with the elements of `key` replaced."""
    backward = Assignment(x, positions(x.shape, key), value)
    node = TapeNode(None, {}, [x.detach(), value.detach()], [x._source, value._source], [elements], backward)
    result._source = (node, 0)


def replaced(x: Any, begin: Any, end: Any, step: Any, value: Any) -> Any:
    """A copy of `x` with the elements of a region replaced; recorded."""
    ends = [(b,) if isinstance(b, int) else tuple(b or ()) for b in (begin, end, step)]
    if len(ends[0]) != len(ends[1]) or len(ends[2]) not in (0, len(ends[0])) or len(ends[0]) > x.ndim:
        raise ValueError(
            f"[slice_assign] begin, end and step must have one number for each of at most {x.ndim} axes; got {begin}, "
            f"{end}, {step}"
        )
    key = tuple(slice(b, e, s) for b, e, s in zip(ends[0], ends[1], ends[2] or [None] * len(ends[0])))
    history = [y._source for y in (x, value) if isinstance(y, type(x))]
    out = F._copy(x.detach())
    _write(out, key, value)
    if flags.recording and any(s is not None for s in history):
        number = not isinstance(value, type(x))
        value = empty_like_desc(((1,), x.dtype_str), (x.storage.device_type, x.storage.device_id)) if number else value
        record_assignment(x, key, value, out, out.detach())
    return out


def _write(x: Any, key: Any, value: Any) -> None:
    if isinstance(value, type(x)):
        if value.shape == x.shape and key is Ellipsis:
            value.copyto(x)
            return
        value = value.asnumpy()
    elif not isinstance(value, (int, float, bool, np.generic)):
        value = np.asarray(value)
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(())  # x[0, 0], whose result keeps an axis, takes such a value back
    if isinstance(value, float) and math.isnan(value) and np.dtype(x.dtype).kind in "iub":
        raise ValueError(f"[NDArray] cannot assign NaN to elements of dtype {x.dtype_str}")
    on_host = x.storage.device_type != 2
    target = x.to_numpy_view() if on_host else x.asnumpy()
    try:
        if has_arrays(key):  # by positions, so that what may be an index is decided in one place
            target.reshape(-1)[positions(x.shape, key)] = value
        else:
            target[key] = value
    except IndexError as e:
        raise IndexError(str(e) if str(e).startswith("[") else f"[NDArray] {e}; the shape is {x.shape}") from None
    except (TypeError, ValueError) as e:
        raise ValueError(f"[NDArray] cannot assign to x[{key}] of shape {x.shape}: {e}") from None
    if not on_host:
        from paratrain.ndarray.creation import from_numpy

        engine.copy_bytes(from_numpy(target), x, x.nbytes)
