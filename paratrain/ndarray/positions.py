"""Where the elements lie that an index chooses, by NumPy's rules for every kind of index.

Positions count elements from the first one, in row-major order, as int64: arrays may have more than 2**31 elements.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["has_arrays", "positions"]


def has_arrays(key: Any) -> bool:
    """Whether a key (a tuple or its only item) holds anything but numbers, slices, None and ``...``."""
    keys = key if isinstance(key, tuple) else (key,)
    return any(
        isinstance(k, (bool, np.bool_)) or not (k is None or k is Ellipsis or isinstance(k, (int, np.integer, slice)))
        for k in keys
    )


def positions(shape: tuple[int, ...], key: Any) -> np.ndarray:
    """Position of each element that ``x[key]`` has, for an array `x` of the given shape.

    Nothing of the size of `x` is made, only arrays of the size of the result and of the key's.

    Parameters
    ----------
    shape : tuple of int
    key
        Numbers, slices, None, ``...``, NumPy arrays or lists of whole numbers or booleans, or a tuple of these.

    Returns
    -------
    numpy.ndarray
        int64, of the shape of the result.

    Raises
    ------
    IndexError
        If the key does not fit, or chooses what is not there.

    Examples
    --------
    >>> import numpy as np
    >>> positions((3, 4), (np.array([0, 2]), slice(1, 3))).tolist()
    [[1, 2], [9, 10]]
    """
    keys = _for_each_axis(shape, [_clean(k) for k in (key if isinstance(key, tuple) else (key,))])
    # Along each axis only the chosen elements are looked at, so that nothing of the length of an axis is made.
    along, picks, axis = [], [], 0
    for k in keys:
        if k is None or isinstance(k, (bool, np.bool_)):
            picks.append(k)
            continue
        chosen, pick = _along(k, shape[axis], axis)
        along.append(chosen)
        picks.append(pick)
        axis += 1
    lengths = tuple(len(a) for a in along)
    try:
        out: Any = np.broadcast_to(np.int64(0), lengths)[tuple(picks)]
        step = 1
        for axis in reversed(range(len(shape))):
            column = along[axis].reshape(-1, *[1] * (len(shape) - axis - 1))
            out = np.broadcast_to(column, lengths)[tuple(picks)] * np.int64(step) + out
            step *= shape[axis]
    except IndexError as e:
        raise IndexError(f"[NDArray] {e}; the array has the shape {shape}") from None
    return np.asarray(out, np.int64)


def _for_each_axis(shape: tuple[int, ...], keys: list[Any]) -> list[Any]:
    """The items of a key, one for each axis: masks become arrays of positions, ``...`` and what is missing slices."""
    out: list[Any] = []
    masks: list[tuple[int, np.ndarray]] = []
    for k in keys:
        if isinstance(k, np.ndarray) and k.dtype == bool and k.ndim:
            masks.append((len(out), k))
            out += k.nonzero()
        else:
            out.append(k)
    used = sum(_takes_axis(k) for k in out)
    if used > len(shape):
        raise IndexError(f"[NDArray] too many indices: {used} for the shape {shape}")
    dots = [i for i, k in enumerate(out) if k is Ellipsis]
    if len(dots) > 1:
        raise IndexError("[NDArray] an index can have one ellipsis")
    rest = [slice(None)] * (len(shape) - used)
    at = dots[0] if dots else len(out)
    for place, mask in masks:
        first = sum(_takes_axis(k) for k in out[:place]) + (len(rest) if place > at else 0)
        if mask.shape != shape[first : first + mask.ndim]:
            raise IndexError(
                f"[NDArray] a boolean index of shape {mask.shape} does not fit to axis {first} of the shape {shape}"
            )
    return out[:at] + rest + out[at + 1 :]


def _takes_axis(k: Any) -> bool:
    return not (k is None or k is Ellipsis or isinstance(k, (bool, np.bool_)))


def _along(k: Any, size: int, axis: int) -> tuple[np.ndarray, Any]:
    """The chosen elements of one axis, and the index that chooses them among themselves."""
    if isinstance(k, slice):
        try:
            return np.arange(*k.indices(size), dtype=np.int64), slice(None)
        except TypeError:
            raise IndexError(f"[NDArray] slices must be of whole numbers; got {k}") from None
    values = np.asarray(k)
    flat = values.reshape(-1)
    wrong = flat[(flat < -size) | (flat >= size)]
    if wrong.size:
        raise IndexError(f"[NDArray] index {wrong[0]} is out of bounds for axis {axis} with size {size}")
    flat = flat.astype(np.int64)
    pick = np.arange(flat.size).reshape(values.shape) if isinstance(k, np.ndarray) else 0
    return np.where(flat < 0, flat + size, flat), pick


def _clean(k: Any) -> Any:
    """An item of a key as NumPy takes it; fractions, which MXNet takes, are cut off."""
    if k is None or k is Ellipsis or isinstance(k, (bool, np.bool_, int, np.integer, slice)):
        return k
    if isinstance(k, (float, complex, str, bytes)):
        raise IndexError(f"[NDArray] an index must be whole numbers, slices, None, ... or arrays of numbers; got {k!r}")
    try:
        values = np.asarray(k)
    except (TypeError, ValueError) as e:
        raise IndexError(f"[NDArray] an index cannot be made of {type(k).__name__}: {e}") from None
    if values.size == 0 and values.dtype.kind == "f":
        return values.astype(np.int64)
    if values.dtype.kind == "f" and np.isfinite(values).all():
        return values.astype(np.int64)
    if values.dtype.kind not in "biu":
        raise IndexError(f"[NDArray] an index array must hold whole numbers or booleans; got {values.dtype} {values}")
    return values
