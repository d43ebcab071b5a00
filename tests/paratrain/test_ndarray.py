"""NDArray: making, indexing (against NumPy), views, conversions, arithmetic, refusals."""

from __future__ import annotations

import operator
import pickle
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import paratrain as mx
from paratrain.ext import engine

DTYPES = ["float32", "float64", "float16", "uint8", "int32", "int8", "int64", "bool", ml_dtypes.bfloat16]


@pytest.mark.parametrize("dtype", DTYPES)
def test_round_trip_of_every_dtype(dtype: Any) -> None:
    values = np.array([[0, 1, 1], [1, 0, 3]]).astype(dtype)
    x = mx.nd.array(values, dtype=dtype)
    assert x.dtype == np.dtype(dtype).type
    assert x.asnumpy().dtype == np.dtype(dtype)
    np.testing.assert_array_equal(x.asnumpy(), values)
    np.testing.assert_array_equal(x.copy().asnumpy(), values)
    np.testing.assert_array_equal(x.astype("float32").asnumpy(), values.astype("float32"))
    np.testing.assert_array_equal(mx.nd.full((2, 2), 1, dtype=dtype).asnumpy(), np.ones((2, 2)).astype(dtype))


@given(hnp.arrays(np.float32, st.integers(0, 50), elements=st.floats(width=32, allow_nan=True, allow_infinity=True)))
def test_half_precisions_round_as_numpy(values: np.ndarray) -> None:
    for dtype in (np.float16, ml_dtypes.bfloat16):
        with np.errstate(over="ignore"):
            want = values.astype(dtype)
        got = mx.nd.array(values).astype(dtype).asnumpy()
        np.testing.assert_array_equal(got.astype(np.float32), want.astype(np.float32))


def test_default_dtype_is_float32_and_sources_keep_theirs() -> None:
    assert mx.nd.array(np.zeros(3)).dtype == np.float32
    assert mx.nd.array(mx.nd.zeros((2,), dtype="int8")).dtype == np.int8
    assert mx.nd.array([]).shape == (0,)
    assert mx.nd.zeros((2, 0)).asnumpy().shape == (2, 0)


INDICES = [
    0, -1, slice(1, 3), slice(None), (slice(None), 1), (1, 2), (slice(1, None), slice(0, 2)), (Ellipsis, 0), (None, 1),
    (slice(None, None, 2),), (slice(None, None, -1),), (1, slice(0, 2), None, 1), (slice(0, 0),),
    (0, Ellipsis, slice(1, 2)), (slice(3, 0, -2), 1), [2, 0], np.array([1, 1]),
]  # fmt: skip


@pytest.mark.parametrize("key", INDICES, ids=str)
def test_indexing_as_numpy(key: Any) -> None:
    values = np.arange(60, dtype="float32").reshape(4, 3, 5)
    x = mx.nd.array(values)
    np.testing.assert_array_equal(x[key].asnumpy(), values[key])
    target = values.copy()
    target[key] = -1
    x[key] = -1
    np.testing.assert_array_equal(x.asnumpy(), target)


@given(st.data())
def test_random_slices_as_numpy(data: st.DataObject) -> None:
    shape = data.draw(hnp.array_shapes(max_dims=4, max_side=5))
    key = data.draw(hnp.basic_indices(shape, allow_newaxis=True))
    values = np.arange(np.prod(shape), dtype="float32").reshape(shape)
    want = values[key]
    np.testing.assert_array_equal(mx.nd.array(values)[key].asnumpy().reshape(want.shape), want)


def test_recorded_indexing_gives_the_same_and_a_gradient() -> None:
    values = np.arange(24, dtype="float32").reshape(4, 6)
    for key in (1, slice(1, 3), (slice(None), 2), (slice(0, 4, 2), slice(1, None)), (2, 3)):
        x = mx.nd.array(values)
        x.attach_grad()
        with mx.autograd.record():
            y = x[key] * 2
        y.backward()
        want = np.zeros_like(values)
        want[key] = 2
        np.testing.assert_array_equal(y.asnumpy().reshape(-1), (values[key] * 2).reshape(-1))
        np.testing.assert_array_equal(x.grad.asnumpy(), want)


def test_first_axis_slices_and_reshapes_share_memory() -> None:
    x = mx.nd.zeros((4, 3))
    x[1][:] = 5
    x[2:4][0] = 6
    x.reshape((2, 6))[0, 0] = 7
    np.testing.assert_array_equal(x.asnumpy(), [[7, 0, 0], [5, 5, 5], [6, 6, 6], [0, 0, 0]])


def test_a_view_keeps_its_memory() -> None:
    view = mx.nd.arange(1000)[990:]
    for _ in range(10):
        mx.nd.ones((1000,))
    np.testing.assert_array_equal(view.asnumpy(), np.arange(990, 1000))


@pytest.mark.parametrize(
    ("key", "text"),
    [(5, "index 5 is out of range for axis 0 with 4"), ((0, 0, 0), "too many indices"),
     ((0, -4), "out of range for axis 1"), ((Ellipsis, Ellipsis), "one ellipsis"), (slice("a", None), "whole numbers")],
)  # fmt: skip
def test_bad_indices(key: Any, text: str) -> None:
    with pytest.raises(IndexError, match=text):
        mx.nd.zeros((4, 3))[key]


OPERATORS = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.mod, operator.pow, operator.eq, operator.ne,
    operator.lt, operator.le, operator.gt, operator.ge,
]  # fmt: skip


@pytest.mark.parametrize("op", OPERATORS)
@pytest.mark.parametrize("shapes", [((3, 4), (3, 4)), ((3, 1), (1, 4)), ((3, 4), (4,)), ((2, 3, 4), (1,))], ids=str)
def test_operators_as_numpy(op: Callable[..., Any], shapes: tuple) -> None:
    rng = np.random.default_rng(1)
    a, b = (rng.integers(1, 5, s).astype("float32") for s in shapes)
    np.testing.assert_allclose(op(mx.nd.array(a), mx.nd.array(b)).asnumpy(), op(a, b).astype("float32"), 1e-5)
    np.testing.assert_allclose(op(mx.nd.array(a), 3).asnumpy(), op(a, 3).astype("float32"), 1e-5)
    np.testing.assert_allclose(op(3.0, mx.nd.array(a)).asnumpy(), op(3.0, a).astype("float32"), 1e-5)
    np.testing.assert_allclose(op(mx.nd.array(a), b).asnumpy(), op(a, b).astype("float32"), 1e-5)


def test_functions_of_arrays_and_numbers() -> None:
    x = mx.nd.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(mx.nd.maximum(x, 2).asnumpy(), [2, 2, 3])
    np.testing.assert_array_equal(mx.nd.greater(2, x).asnumpy(), [1, 0, 0])
    np.testing.assert_array_equal(mx.nd.subtract(1, x).asnumpy(), [0, -1, -2])
    np.testing.assert_array_equal(mx.nd.power(x, x).asnumpy(), [1, 4, 27])
    with pytest.raises(TypeError, match=r"\[nd.add\] one operand must be NDArray; got int and int"):
        mx.nd.add(1, 2)


def test_in_place_operators_write_to_the_same_memory() -> None:
    x = mx.nd.ones((2, 3))
    alias = x
    x += 2
    x *= mx.nd.array([1, 2, 3])
    x -= 1
    x /= 2
    np.testing.assert_allclose(alias.asnumpy(), [[1, 2.5, 4]] * 2)


def test_out_may_be_an_operand() -> None:
    x = mx.nd.array([[1, 2], [3, 4]])
    mx.nd.dot(x, x, out=x)
    np.testing.assert_array_equal(x.asnumpy(), [[7, 10], [15, 22]])
    mx.nd.exp(mx.nd.zeros((2, 2)), out=x)
    np.testing.assert_array_equal(x.asnumpy(), np.ones((2, 2)))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: x + "a", TypeError, "other operand must be"),
        (lambda x: x + mx.nd.ones((3,)), ValueError, r"broadcast_add.*shapes must broadcast"),
        (lambda x: x + mx.nd.ones((2, 2), dtype="float64"), TypeError, "float64"),
        (lambda x: mx.nd.exp(x, out=mx.nd.ones((3,))), ValueError, r"\[exp\] out must have shape"),
        (lambda x: mx.nd.exp(np.ones(3)), TypeError, r"\[exp\] inputs must be NDArray; got ndarray"),
        (lambda x: mx.nd.exp(), TypeError, r"\[exp\] input 'data' is required"),
        (lambda x: mx.nd.exp(x, axis=1), TypeError, "axis"),
        (lambda x: mx.nd.clip(x, 0, "b"), TypeError, r"\[clip\] a_max must be float"),
        (lambda x: x.asscalar(), ValueError, "must have one element"),
        (lambda x: bool(x), ValueError, "ambiguous"),
        (lambda x: x.copyto(mx.nd.ones((3,))), ValueError, r"shapes must agree; got \(2, 2\) and \(3,\)"),
        (lambda x: x.astype("float80"), TypeError, "must be one of float32"),
        (lambda x: x.reshape((3, 3)), ValueError, "Reshape"),
        (lambda x: mx.nd.array({"a": 1}), TypeError, "cannot make an array"),
        (lambda x: mx.nd.zeros((-1, 2)), ValueError, "must not be negative"),
        (lambda x: mx.nd.zeros((2,), stype="csr"), ValueError, "stype"),
        (lambda x: mx.nd.from_numpy(np.ones((3, 3))[:, ::2]), ValueError, "C-contiguous"),
        (lambda x: x.attach_grad("maybe"), ValueError, "'write', 'add', 'null'"),
        (lambda x: mx.nd.ones((2,), dtype="int32").attach_grad(), TypeError, "floating point"),
        (lambda x: mx.nd.no_such_operator, AttributeError, "no_such_operator"),
    ],
)  # fmt: skip
def test_bad_calls(call: Callable[[Any], Any], error: type, text: str) -> None:
    with pytest.raises(error, match=text):
        call(mx.nd.ones((2, 2)))


def test_from_numpy_shares_memory() -> None:
    values = np.arange(6, dtype="float32")
    x = mx.nd.from_numpy(values)
    x += 1
    np.testing.assert_array_equal(values, np.arange(1, 7))
    assert not np.shares_memory(values, mx.nd.from_numpy(values, zero_copy=False).to_numpy_view())


def test_pickle_copy_and_text() -> None:
    x = mx.nd.array([[1, 2]], dtype="int32")
    y = pickle.loads(pickle.dumps(x))
    np.testing.assert_array_equal(y.asnumpy(), x.asnumpy())
    assert y.dtype == np.int32
    assert "<NDArray 1x2 @cpu(0)>" in repr(x)
    assert [float(r.sum().asscalar()) for r in mx.nd.ones((3, 2))] == [2.0] * 3
    assert (int(mx.nd.array([3])), len(x), x.size, x.ndim, x.T.shape) == (3, 1, 2, 2, (2, 1))


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (lambda: mx.nd.arange(2, 9, 3), np.arange(2, 9, 3)),
        (lambda: mx.nd.arange(3, repeat=2), np.repeat(np.arange(3), 2)),
        (lambda: mx.nd.linspace(0, 1, 5), np.linspace(0, 1, 5)),
        (lambda: mx.nd.eye(3, 4, 1), np.eye(3, 4, 1)),
        (lambda: mx.nd.concatenate([mx.nd.ones((1, 2)), mx.nd.zeros((2, 2))]), np.array([[1, 1], [0, 0], [0, 0]])),
        (lambda: mx.nd.moveaxis(mx.nd.array(np.arange(6).reshape(1, 2, 3)), 0, 2), np.arange(6).reshape(2, 3, 1)),
    ],
)
def test_creation(got: Callable[[], Any], want: np.ndarray) -> None:
    np.testing.assert_allclose(got().asnumpy(), want.astype("float32"), 1e-6)


def test_zeros_of_both_signs_are_different_scalars() -> None:
    x = mx.nd.ones((1,))
    assert [(x / 0.0).asscalar(), (x / -0.0).asscalar(), (x / 0.0).asscalar()] == [np.inf, -np.inf, np.inf]


@pytest.mark.parametrize("name", ["add", "subtract", "maximum", "minimum", "power", "modulo", "logical_and",
                                  "logical_or", "logical_xor", "equal", "lesser_equal"])  # fmt: skip
@pytest.mark.parametrize("shape", [(2, 3), (1, 3)])
def test_functions_of_two_arrays_with_and_without_broadcasting(name: str, shape: tuple[int, ...]) -> None:
    a, b = np.arange(1.0, 7.0, dtype="float32").reshape(2, 3), np.full(shape, 2, "float32")
    numpy_name = {"modulo": "mod", "lesser_equal": "less_equal"}.get(name, name)
    got = getattr(mx.nd, name)(mx.nd.array(a), mx.nd.array(b)).asnumpy()
    np.testing.assert_array_equal(got, getattr(np, numpy_name)(a, b).astype("float32"))


def test_output_that_overlaps_an_input_elsewhere() -> None:
    x = mx.nd.arange(6)
    mx.nd.square(x[0:4], out=x[2:6])
    np.testing.assert_array_equal(x.asnumpy(), [0, 1, 0, 1, 4, 9])
    y = mx.nd.arange(6)
    y[0:4].copyto(y[1:5])
    np.testing.assert_array_equal(y.asnumpy(), [0, 0, 1, 2, 3, 5])
    weight, grad = mx.nd.ones((3,)), mx.nd.arange(3)
    mx.nd.sgd_update(weight, grad, lr=0.5, out=grad)
    np.testing.assert_array_equal(grad.asnumpy(), [1, 0.5, 0])


def test_array_without_axes_can_be_assigned() -> None:
    x = mx.nd.array(3.0)
    x[:] = 4
    assert (x.shape, x.asscalar()) == ((), 4.0)


@pytest.mark.parametrize("index", [[0, 5], np.array([-4]), mx.nd.array([3.0])], ids=["list", "numpy", "NDArray"])
def test_index_array_out_of_range(index: Any) -> None:
    with pytest.raises(IndexError, match=r"\[NDArray\] index .* is out of bounds for axis 0 with size 3"):
        mx.nd.arange(3)[index]
    np.testing.assert_array_equal(mx.nd.arange(3)[[-1, 0]].asnumpy(), [2, 0])


def test_from_numpy_shares_only_what_can_be_written_and_read() -> None:
    frozen = np.ones(3, "float32")
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match=r"\[from_numpy\] a read-only array cannot be shared"):
        mx.nd.from_numpy(frozen)
    swapped = np.ones(3, np.dtype("float32").newbyteorder())
    with pytest.raises(ValueError, match=r"\[from_numpy\] an array of another byte order"):
        mx.nd.from_numpy(swapped)
    np.testing.assert_array_equal(mx.nd.from_numpy(swapped, zero_copy=False).asnumpy(), [1, 1, 1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: x + "3", r"\[NDArray\] the other operand must be .*; got str"),
        (lambda x: x.astype("int32") * np.array([0.5, 0.5]), r"elements of dtype float64 do not fit to int32"),
        (lambda x: x.astype(None), r"\[dtype\] must be one of .*; got None"),
        (lambda x: mx.nd.exp(x, out=5), r"\[exp\] out must be NDArray; got int"),
        (lambda x: mx.nd.clip(x, 0, mx.nd.array(1.0)), r"\[clip\] a_max must be float; got"),
        (lambda x: mx.nd.softmax(x, axis=float("inf")), r"\[softmax\] axis must be int; got inf"),
    ],
    ids=["str", "cast", "dtype", "out", "array as parameter", "infinity"],
)
def test_wrong_operands_and_parameters(call: Callable[[Any], Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(mx.nd.ones((2,)))


def test_changes_in_place_read_what_was_there_before() -> None:
    values = np.arange(6, dtype="float32")
    low, high = mx.nd.from_numpy(values[:5]), mx.nd.from_numpy(values[1:])  # two storages over one memory
    high += low
    assert values.tolist() == [0, 1, 3, 5, 7, 9]
    x = mx.nd.arange(6)
    x[1:6] += x[0:5]
    assert x.asnumpy().tolist() == [0, 1, 3, 5, 7, 9]
    x = mx.nd.arange(4)
    x += x
    x *= 2
    x -= mx.nd.ones((4,))
    assert x.asnumpy().tolist() == [-1, 3, 7, 11]
    y = mx.nd.zeros((2, 2))
    with pytest.raises(ValueError, match="out must have shape and dtype"):
        x += mx.nd.ones((3, 4))
    mx.nd.dot(y + 1, y + 2, out=y)
    assert y.asnumpy().tolist() == [[4, 4], [4, 4]]
    mx.nd.dot(y, y, out=y)
    assert y.asnumpy().tolist() == [[32, 32], [32, 32]]
    mx.nd.broadcast_sub(mx.nd.ones((2, 2)), y, out=y)
    assert y.asnumpy().tolist() == [[-31, -31], [-31, -31]]


def test_ever_new_numbers_keep_few_plans() -> None:
    x = mx.nd.array([1.0, -2.0], dtype="float64")
    for i in range(2500):
        y = x * (i + 0.5) if i % 2 else (i + 0.5) - x
        want = x.asnumpy() * (i + 0.5) if i % 2 else (i + 0.5) - x.asnumpy()
        np.testing.assert_array_equal(y.asnumpy(), want)
    assert sum(p.attrs.get("scalar") is not None for p in engine.plans()) <= 1500
