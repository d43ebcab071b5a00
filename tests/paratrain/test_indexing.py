"""Indexing with every kind of key, read and written, against NumPy; positions beyond 2**31; assignments on the tape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import paratrain as mx
from paratrain.ndarray.positions import positions

SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4)


@st.composite
def keys(draw: st.DrawFn) -> tuple[tuple[int, ...], Any]:
    """A shape, and a key for it of numbers, slices, None, ``...``, index arrays and masks."""
    shape = draw(SHAPES)
    parts: list[Any] = []
    axis = 0
    together = draw(hnp.array_shapes(max_dims=2, max_side=3))  # index arrays must broadcast
    while axis < len(shape):
        n = shape[axis]
        kind = draw(st.sampled_from(["slice", "number", "array", "mask", "none", "rest"]))
        if kind == "none":
            parts.append(None)
            continue
        if kind == "rest":
            if draw(st.booleans()) and not any(p is Ellipsis for p in parts):
                parts.append(Ellipsis)
            break
        if kind == "number" and n:
            parts.append(draw(st.integers(-n, n - 1)))
        elif kind == "array" and n:
            values = draw(hnp.arrays(np.int64, together, elements=st.integers(-n, n - 1)))
            parts.append(draw(st.sampled_from([values, values.tolist(), values.astype(np.float32)])))
        elif kind == "mask" and not any(isinstance(p, (list, np.ndarray)) for p in parts):
            parts.append(draw(hnp.arrays(np.bool_, n)))
            together = (int(np.count_nonzero(parts[-1])),)
        else:
            parts.append(draw(st.slices(n)))
        axis += 1
    return shape, parts[0] if len(parts) == 1 and draw(st.booleans()) else tuple(parts)


def for_numpy(key: Any) -> Any:
    """The key with whole numbers, as NumPy wants them."""

    def whole(k: Any) -> Any:
        return k.astype(np.int64) if isinstance(k, np.ndarray) and k.dtype.kind == "f" else k

    return tuple(whole(k) for k in key) if isinstance(key, tuple) else whole(key)


def for_ours(key: Any, wrap: bool) -> Any:
    """The key, its arrays as NDArrays if so wanted."""

    def array(k: Any) -> Any:
        return mx.nd.array(k, dtype=k.dtype) if wrap and isinstance(k, np.ndarray) else k

    return tuple(array(k) for k in key) if isinstance(key, tuple) else array(key)


@given(keys(), st.booleans())
@settings(max_examples=400, deadline=None)
def test_reading_as_numpy(shape_and_key: tuple[tuple[int, ...], Any], wrap: bool) -> None:
    shape, key = shape_and_key
    values = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    want = values[for_numpy(key)]
    got = mx.nd.array(values)[for_ours(key, wrap)]
    assert got.shape == (want.shape or (1,))
    np.testing.assert_array_equal(got.asnumpy().reshape(want.shape), want)


@given(keys(), st.booleans(), st.sampled_from(["float32", "int32", "float64"]))
@settings(max_examples=400, deadline=None)
def test_writing_as_numpy(shape_and_key: tuple[tuple[int, ...], Any], wrap: bool, dtype: str) -> None:
    shape, key = shape_and_key
    values = np.arange(np.prod(shape), dtype=dtype).reshape(shape)
    chosen = values[for_numpy(key)].shape
    # the same value for each position, for NumPy does not say which of several stays
    new = np.full(chosen, -7, dtype)
    want, got = values.copy(), mx.nd.array(values, dtype=dtype)
    want[for_numpy(key)] = new
    got[for_ours(key, wrap)] = mx.nd.array(new, dtype=dtype)
    np.testing.assert_array_equal(got.asnumpy(), want)
    got[for_ours(key, wrap)] = 3
    want[for_numpy(key)] = 3
    np.testing.assert_array_equal(got.asnumpy(), want)


@given(keys())
@settings(max_examples=150, deadline=None)
def test_gradients_reach_what_was_read_and_written(shape_and_key: tuple[tuple[int, ...], Any]) -> None:
    shape, key = shape_and_key
    if 0 in shape:
        return
    x = mx.nd.ones(shape, dtype="float64")
    x.attach_grad()
    with mx.autograd.record():
        part = x[key]
    if part.size == 0:
        return
    weights = np.arange(1.0, part.size + 1)
    with mx.autograd.record():
        loss = (x[key] * mx.nd.array(weights.reshape(part.shape), dtype="float64")).sum()
    loss.backward()
    want = np.zeros(shape)
    np.add.at(want, for_numpy(key), weights.reshape(np.ones(shape)[for_numpy(key)].shape))
    np.testing.assert_allclose(x.grad.asnumpy(), want)

    value = mx.nd.ones(part.shape, dtype="float64")
    value.attach_grad()
    factors = np.arange(1.0, x.size + 1).reshape(shape)
    with mx.autograd.record():
        target = mx.nd.zeros(shape, dtype="float64")
        target[key] = value * 2
        loss = (target * mx.nd.array(factors, dtype="float64")).sum()
    loss.backward()
    at = positions(shape, for_numpy(key)).reshape(-1)
    want = np.zeros(part.size)
    for i, place in enumerate(at):  # of several values for one place the last one stays
        want[i] = 2 * factors.reshape(-1)[place] if place not in at[i + 1 :] else 0
    np.testing.assert_allclose(value.grad.asnumpy().reshape(-1), want)


@pytest.mark.parametrize("value_shape", [(), (1,), (3,), (1, 3), (2, 1), (1, 2, 3), (1, 1, 2, 1)])
def test_gradient_of_a_value_that_is_repeated(value_shape: tuple[int, ...]) -> None:
    value = mx.nd.ones(value_shape)
    value.attach_grad()
    with mx.autograd.record():
        target = mx.nd.zeros((4, 3))
        target[1:3] = value
        loss = (target * target * 2).sum()
    loss.backward()
    np.testing.assert_allclose(value.grad.asnumpy(), np.full(value_shape, 4 * 6 / value.size))


def test_slice_assign() -> None:
    x, new = mx.nd.ones((3, 2)), mx.nd.array([[5, 6]])
    x.attach_grad()
    new.attach_grad()
    with mx.autograd.record():
        y = x.slice_assign(new, (1, None), (2, None))
        loss = (y * y).sum() + x.slice_assign_scalar(3, (0,), (2,)).sum()
    loss.backward()
    assert y.asnumpy().tolist() == [[1, 1], [5, 6], [1, 1]]
    assert x.asnumpy().tolist() == [[1, 1], [1, 1], [1, 1]]
    assert x.grad.asnumpy().tolist() == [[2, 2], [0, 0], [3, 3]]
    assert new.grad.asnumpy().tolist() == [[10, 12]]
    with pytest.raises(ValueError, match=r"\[slice_assign\] begin, end and step"):
        x.slice_assign(new, (1,), (2, 3))


def test_an_assignment_over_recorded_values_is_refused() -> None:
    x = mx.nd.ones((2,))
    x.attach_grad()
    with mx.autograd.record():
        y = x * 2
        with pytest.raises(ValueError, match="cannot assign to elements of an array that autograd records"):
            y[0] = 1


@pytest.mark.parametrize(
    ("shape", "key", "want"),
    [
        ((70000, 70000), (69999, slice(69998, None)), [4899999998, 4899999999]),
        ((70000, 70000), ([0, -1], [3, 2]), [3, 4899930002]),
        ((3, 2**31), (slice(None, None, -1), np.array([5])), [[2**32 + 5], [2**31 + 5], [5]]),
        ((3, 2**31), (slice(None, None, -1), slice(2**31 - 1, None)), [[3 * 2**31 - 1], [2**32 - 1], [2**31 - 1]]),
        ((2**20, 2**20, 8), (-1, -1, np.array([False] * 7 + [True])), [2**43 - 1]),
        ((2**33,), [2**33 - 1], [2**33 - 1]),
    ],
)
def test_positions_beyond_two_billion(shape: tuple[int, ...], key: Any, want: Any) -> None:
    assert positions(shape, key).tolist() == want


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (1.5, "whole numbers"), ("a", "whole numbers"), (([0, 1], [0, 1, 2]), "shape mismatch|broadcast"),
        ([0, 9], "out of bounds"), (np.array([np.nan]), "whole numbers or booleans"), ([[0], [0, 1]], "cannot be made"),
        (np.array([True, False]), "boolean"), ((0, np.array([True, False])), "boolean .* axis 1"),
        ((0, 0, [0]), "too many indices"), (object(), "must hold whole numbers"),
        (np.array([2**62]), "out of bounds"), ([-5], "out of bounds"),
    ],
)  # fmt: skip
def test_keys_that_are_refused(key: Any, message: str) -> None:
    x = mx.nd.zeros((4, 3))
    for act in (lambda: x[key], lambda: x.__setitem__(key, 1)):
        with pytest.raises(IndexError, match=rf"\[NDArray\].*({message})"):
            act()
