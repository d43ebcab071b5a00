"""Shapes of all kinds against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import paratrain as mx
from paratrain.ndarray.invoke import F

often = settings(max_examples=60)

SHAPES = st.lists(st.integers(1, 6), min_size=1, max_size=5).map(tuple)
EDGES = st.one_of(st.integers(1, 200), st.integers(1000, 1100))  # kernels cut matrices into blocks
DTYPES = st.sampled_from(["float32", "float64", "int8", "float16"])


def numbered(shape: tuple[int, ...], dtype: str = "float32") -> np.ndarray:
    return (np.arange(np.prod(shape)) % 100).reshape(shape).astype(dtype)


def same(got: Any, want: np.ndarray) -> None:
    np.testing.assert_array_equal(got.asnumpy(), want)


@often
@given(SHAPES, DTYPES, st.randoms(use_true_random=False))
def test_transpose(shape: tuple[int, ...], dtype: str, random: Any) -> None:
    axes = list(range(len(shape)))
    random.shuffle(axes)
    x = numbered(shape, dtype)
    same(F.transpose(mx.nd.array(x, dtype=dtype), axes=tuple(axes)), x.transpose(axes))


@often
@given(EDGES, EDGES, st.integers(1, 3), DTYPES)
def test_transpose_of_matrices(rows: int, columns: int, batch: int, dtype: str) -> None:
    x = numbered((batch, rows, columns), dtype)
    same(F.transpose(mx.nd.array(x, dtype=dtype), axes=(0, 2, 1)), x.transpose(0, 2, 1))


BOUND = st.one_of(st.none(), st.integers(-8, 8))


@often
@given(SHAPES, st.data())
def test_slice_and_its_gradient(shape: tuple[int, ...], data: Any) -> None:
    count = data.draw(st.integers(1, len(shape)))
    begin, end = (tuple(data.draw(st.lists(BOUND, min_size=count, max_size=count))) for _ in range(2))
    step = tuple(data.draw(st.lists(st.sampled_from([None, 1, 2, -1, -3]), min_size=count, max_size=count)))
    where = tuple(slice(*s) for s in zip(begin, end, step, strict=True))
    x = numbered(shape)
    array = mx.nd.array(x)
    array.attach_grad()
    with mx.autograd.record():
        y = F.slice(array, begin=begin, end=end, step=step)
    same(y, x[where])
    if y.size:
        y.backward()
        want = np.zeros(shape, np.float32)
        want[where] = 1
        same(array.grad, want)


@often
@given(SHAPES, st.data(), st.booleans())
def test_sum_over_any_axes(shape: tuple[int, ...], data: Any, keepdims: bool) -> None:
    axes = tuple(data.draw(st.sets(st.integers(0, len(shape) - 1), min_size=1)))
    x = numbered(shape, "float64")
    want = x.sum(axes, keepdims=keepdims)
    same(F.sum(mx.nd.array(x, dtype="float64"), axis=axes, keepdims=keepdims), want.reshape(want.shape or (1,)))


@often
@given(SHAPES, st.data())
def test_broadcast_to_and_back(shape: tuple[int, ...], data: Any) -> None:
    small = tuple(data.draw(st.sampled_from([n, 1])) for n in shape)
    x = numbered(small, "float64")
    array = mx.nd.array(x, dtype="float64")
    wide = F.broadcast_to(array, shape=shape)
    same(wide, np.broadcast_to(x, shape))
    same(F._sum_like(wide, array), x * (np.prod(shape) / np.prod(small)))


@often
@given(st.lists(SHAPES.map(lambda s: s[:1]), min_size=1, max_size=5), SHAPES, st.data())
def test_concat_is_undone_by_slices(sizes: list[tuple[int, ...]], rest: tuple[int, ...], data: Any) -> None:
    axis = data.draw(st.integers(0, len(rest)))
    parts = [numbered((*rest[:axis], n, *rest[axis:])) for (n,) in sizes]
    whole = F.Concat(*[mx.nd.array(p) for p in parts], dim=axis)
    same(whole, np.concatenate(parts, axis))
    begin = 0
    for part in parts:
        end = begin + part.shape[axis]
        same(F.slice_axis(whole, axis=axis, begin=begin, end=end), part)
        begin = end


@often
@given(SHAPES, st.data())
def test_take_clips_and_wraps(shape: tuple[int, ...], data: Any) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    mode = data.draw(st.sampled_from(["clip", "wrap"]))
    index = np.array(data.draw(st.lists(st.integers(-20, 20), min_size=1, max_size=8)))
    x = numbered(shape)
    got = F.take(mx.nd.array(x), mx.nd.array(index, dtype="int32"), axis=axis, mode=mode)
    same(got, np.take(x, index, axis, mode=mode))


@often
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.booleans(), st.booleans())
def test_dot_of_any_size(m: int, n: int, k: int, transpose_a: bool, transpose_b: bool) -> None:
    rng = np.random.default_rng(m * 1600 + n * 40 + k)
    a, b = rng.integers(-3, 4, (m, k)).astype(float), rng.integers(-3, 4, (k, n)).astype(float)
    left, right = a.T.copy() if transpose_a else a, b.T.copy() if transpose_b else b
    for dtype in ("float32", "float64"):  # whole numbers: exact in both
        got = F.dot(
            mx.nd.array(left, dtype=dtype),
            mx.nd.array(right, dtype=dtype),
            transpose_a=transpose_a,
            transpose_b=transpose_b,
        )
        same(got, (a @ b).astype(dtype))


KINDS = ("float32", "float64", "float16", "bfloat16", "int8", "uint8", "int32", "int64")
NUMBERS = ("any", "few", "rising", "falling", "equal", "special")


def row_of(kind: str, numbers: str, n: int, seed: int) -> np.ndarray:
    """A row to sort whose numbers have no order, ties, an order, or include the edges of the type."""
    rng = np.random.default_rng(seed)
    if numbers == "few":
        x = rng.integers(0, 5, n)
    elif numbers in ("rising", "falling"):
        x = np.sort(rng.integers(-100, 100, n))[:: 1 if numbers == "rising" else -1]
    elif numbers == "equal":
        x = np.full(n, 7)
    elif kind[0] in "iu":
        limits = np.iinfo(kind)
        edges = np.array([limits.min, limits.max, 0, 1])
        x = rng.choice(edges, n) if numbers == "special" else rng.integers(limits.min, limits.max, n, endpoint=True)
    elif numbers == "special":
        x = rng.choice(np.array([np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0]), n)
    else:
        x = rng.normal(size=n)
    return x.astype("float32" if kind == "bfloat16" else kind)


@often
@given(
    st.sampled_from(KINDS),
    st.sampled_from(NUMBERS),
    st.one_of(st.integers(1, 150), st.integers(500, 1500)),
    st.booleans(),
    st.data(),
)
def test_orders(kind: str, numbers: str, n: int, rising: bool, data: Any) -> None:
    inner = data.draw(st.integers(1, 3))
    row = row_of(kind, numbers, 2 * n * inner, data.draw(st.integers(0, 1000))).reshape(2, n, inner)
    array = mx.nd.array(row, dtype=row.dtype).astype(kind)
    x = array.astype("float32").asnumpy() if kind == "bfloat16" else row
    # NaN is larger than every number; of equals the first one comes first
    turned = x if rising else ~x if kind[0] in "iu" else -x
    missing = np.isnan(x.astype("float64")) if kind[0] in "bf" else np.zeros(x.shape, bool)
    places = np.lexsort((np.where(missing, 0, turned), missing if rising else ~missing), axis=1)
    k = data.draw(st.integers(1, n))
    got = F.topk(array, axis=1, k=k, ret_typ="both", is_ascend=rising, dtype="int32")
    same(got[1], places[:, :k])
    same(got[0].astype("float64"), np.take_along_axis(x, places[:, :k], 1).astype("float64"))
    mask = np.zeros(x.shape)
    np.put_along_axis(mask, places[:, :k], 1, 1)
    same(F.topk(array, axis=1, k=k, ret_typ="mask", is_ascend=rising).astype("float64"), mask)
    same(F.argsort(array, axis=1, is_ascend=rising, dtype="int64"), places)
    same(F.sort(array, axis=1, is_ascend=rising).astype("float64"), np.take_along_axis(x, places, 1).astype("float64"))
