"""Sharing memory: DLPack both ways, NumPy's protocols, pickles; what cannot be shared is refused."""

from __future__ import annotations

import copy
import gc
import pickle

import numpy as np
import pytest

import paratrain as mx
from paratrain.base import NUMPY_DTYPES

SHARED = sorted(set(NUMPY_DTYPES) - {"bfloat16"})


@pytest.mark.parametrize("dtype", SHARED)
@pytest.mark.parametrize("shape", [(2, 3), (), (0, 3)])
def test_there_and_back(dtype: str, shape: tuple[int, ...]) -> None:
    x = mx.nd.ones(shape, dtype=dtype)
    y = mx.nd.from_dlpack(mx.nd.to_dlpack_for_write(x))
    z = mx.nd.from_dlpack(x)
    assert y.desc == z.desc == x.desc
    y[:] = 0
    np.testing.assert_array_equal(x.asnumpy(), np.zeros(shape, dtype))
    assert not x.size or x.to_dlpack_for_read() is not None


def test_numpy_shares_and_keeps_the_memory() -> None:
    x = mx.nd.array([1, 2, 3])
    view = np.from_dlpack(x)
    x[0] = 7
    del x
    gc.collect()
    assert view.tolist() == [7, 2, 3]
    values = np.zeros(3, "float32")
    y = mx.nd.from_dlpack(values)
    del values
    gc.collect()
    y += 1
    assert y.asnumpy().tolist() == [1, 1, 1]
    assert y.__dlpack_device__() == (1, 0)


def test_views_are_shared_at_their_place() -> None:
    x = mx.nd.arange(6).reshape((3, 2))
    np.from_dlpack(x[1])[:] = -1
    assert x.asnumpy().tolist() == [[0, 1], [-1, -1], [4, 5]]


def test_what_cannot_be_shared() -> None:
    capsule = mx.nd.ones((2,)).to_dlpack_for_read()
    mx.nd.from_dlpack(capsule)
    with pytest.raises(ValueError, match=r"\[from_dlpack\] .* taken already"):
        mx.nd.from_dlpack(capsule)
    with pytest.raises(ValueError, match="row-major"):
        mx.nd.from_dlpack(np.zeros((2, 3), "float32").T)
    with pytest.raises(TypeError, match=r"elements must be one of .* got complex64"):
        mx.nd.from_dlpack(np.zeros(2, "complex64"))
    with pytest.raises(TypeError, match=r"takes a DLPack capsule .* got list"):
        mx.nd.from_dlpack([1, 2])
    with pytest.raises(BufferError, match=r"\[to_dlpack\] an array of bfloat16"):
        mx.nd.zeros((2,), dtype="bfloat16").to_dlpack_for_read()


def test_memory_of_another_device_is_refused() -> None:
    class OnDevice:
        def __dlpack__(self, **options: object) -> object:
            raise AssertionError("must not be asked")

        def __dlpack_device__(self) -> tuple[int, int]:
            return (2, 0)

    with pytest.raises(ValueError, match="only host memory"):
        mx.nd.from_dlpack(OnDevice())


def test_array_protocol() -> None:
    x = mx.nd.array([[1, 2]])
    copied, shared = np.array(x), np.asarray(x, copy=False)
    x[0, 0] = 9
    assert copied.tolist() == [[1, 2]]
    assert shared.tolist() == [[9, 2]]
    assert np.asarray(x, dtype="int32").dtype == np.int32
    with pytest.raises(ValueError, match="cannot share"):
        np.asarray(x, dtype="int32", copy=False)


@pytest.mark.parametrize("dtype", sorted(NUMPY_DTYPES))
@pytest.mark.parametrize("shape", [(2, 3), (), (0, 3)])
def test_pickles_and_copies(dtype: str, shape: tuple[int, ...]) -> None:
    x = mx.nd.ones(shape, dtype=dtype, ctx=mx.cpu(1))
    for y in (pickle.loads(pickle.dumps(x)), copy.deepcopy(x), copy.copy(x)):
        assert (y.desc, y.context) == (x.desc, x.context)
        np.testing.assert_array_equal(y.asnumpy(), x.asnumpy())
        assert y.storage is not x.storage


def test_other_kinds_of_arrays() -> None:
    x = mx.nd.ones((2,))
    assert x.tostype("default") is x
    assert x.as_nd_ndarray() is x
    assert x.writable
    with pytest.raises(NotImplementedError, match=r"\[NDArray.tostype\] stype must be 'default'.*'csr'"):
        x.tostype("csr")
    with pytest.raises(NotImplementedError, match=r"no mx\.np"):
        x.as_np_ndarray()
