"""Groups of operators below `nd` and `sym`, and functions made of operators."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.base import MXNetError

#: What MXNet 1.9.1 has there.
NAMES = {
    "linalg": "det extractdiag extracttrian gelqf gemm gemm2 inverse makediag maketrian potrf potri slogdet sumlogdiag "
    "syevd syrk trmm trsm",
    "random": "exponential exponential_like gamma gamma_like generalized_negative_binomial "
    "generalized_negative_binomial_like multinomial negative_binomial negative_binomial_like normal normal_like "
    "poisson poisson_like randint randn shuffle uniform uniform_like",
    "contrib": "allclose arange_like boolean_mask div_sqrt_dim gradientmultiplier hawkesll index_array index_copy "
    "interleaved_matmul_encdec_qk interleaved_matmul_encdec_valatt interleaved_matmul_selfatt_qk "
    "interleaved_matmul_selfatt_valatt quadratic rand_zipfian round_ste sign_ste",
}


@pytest.mark.parametrize("where", [mx.nd, mx.sym], ids=["nd", "sym"])
@pytest.mark.parametrize("group", sorted(NAMES))
def test_names_are_listed_and_found(where: Any, group: str) -> None:
    space = getattr(where, group)
    assert set(NAMES[group].split()) <= set(dir(space))
    for name in NAMES[group].split():
        assert callable(getattr(space, name))
        assert getattr(space, name).__doc__


@pytest.mark.parametrize("where", [mx.nd, mx.sym], ids=["nd", "sym"])
def test_linalg_has_names_at_the_top(where: Any) -> None:
    for name in NAMES["linalg"].split():
        if name not in ("syevd", "gelqf"):
            assert f"linalg_{name}" in dir(where)
        assert callable(getattr(where, f"linalg_{name}"))


@pytest.mark.parametrize("where", [mx.nd, mx.sym], ids=["nd", "sym"])
@pytest.mark.parametrize("group", ["contrib", "image", "linalg", "random"])
def test_unknown_names(where: Any, group: str) -> None:
    with pytest.raises(AttributeError, match=rf"there is no mx\.\w+\.{group}\.nothing"):
        _ = getattr(where, group).nothing


def test_nodes_are_named_as_in_mxnet() -> None:
    x = mx.sym.Variable("x")
    with mx.name.NameManager():
        assert mx.sym.linalg.gemm2(x, x).name == "gemm20"
        assert mx.sym.random.uniform().name == "_random_uniform0"
        assert mx.sym.random.normal(x, x).name == "_sample_normal0"
        assert mx.sym.random.multinomial(x).list_outputs() == [f"_sample_multinomial0_output{i}" for i in (0, 1)]
        assert mx.sym.random.shuffle(x).name == "_shuffle0"
        assert mx.sym.random.uniform_like(x).name == "uniform_like0"
        assert mx.sym.linalg.gelqf(x).list_outputs() == ["gelqf0_output0", "gelqf0_output1"]


def test_boolean_mask() -> None:
    x = mx.nd.array(np.arange(8.0).reshape(4, 2))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.contrib.boolean_mask(x, mx.nd.array([0, 1, 0, -2]))
    np.testing.assert_array_equal(y.asnumpy(), [[2, 3], [6, 7]])
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [[0, 0], [1, 1], [0, 0], [1, 1]])
    assert mx.nd.contrib.boolean_mask(x, mx.nd.zeros((4,))).shape == (0, 2)
    with pytest.raises(ValueError, match="axis must be 0; got 1"):
        mx.nd.contrib.boolean_mask(x, mx.nd.ones((2,)), axis=1)
    with pytest.raises(ValueError, match=r"index must have the shape of axis 0 of data, \(4,\); got \(3,\)"):
        mx.nd.contrib.boolean_mask(x, mx.nd.ones((3,)))
    with pytest.raises(MXNetError, match=r"contrib\.boolean_mask .* needs values, a symbol has none"):
        mx.sym.contrib.boolean_mask(mx.sym.Variable("x"), mx.sym.Variable("mask"))


def test_zipfian_candidates() -> None:
    mx.random.seed(1)
    candidates, of_true, counts = mx.nd.contrib.rand_zipfian(mx.nd.array([0, 3]), 20000, 10)
    drawn = candidates.asnumpy()
    assert drawn.dtype == np.int64
    want = np.log((np.arange(10) + 2) / (np.arange(10) + 1)) / np.log(11) * 20000
    np.testing.assert_allclose(np.bincount(drawn, minlength=10), want, atol=6 * np.sqrt(want.max()))
    np.testing.assert_allclose(of_true.asnumpy(), want[[0, 3]])
    np.testing.assert_allclose(counts.asnumpy(), want[drawn])


def test_histograms() -> None:
    x = mx.nd.array([0, 1, 2, 3, 9.9, 10, 11, -1, np.nan])
    counts, edges = mx.nd.histogram(x, bins=5, range=(0, 10))
    assert counts.dtype == np.int64
    np.testing.assert_array_equal(counts.asnumpy(), [2, 2, 0, 0, 2])
    np.testing.assert_array_equal(edges.asnumpy(), [0, 2, 4, 6, 8, 10])
    counts, edges = mx.nd.histogram(mx.nd.array([0, 1, 2, 3]), bins=3)
    np.testing.assert_array_equal(counts.asnumpy(), [1, 1, 2])
    counts, edges = mx.nd.histogram(mx.nd.array([2, 2]), bins=2)
    np.testing.assert_array_equal(edges.asnumpy(), [1.5, 2, 2.5])
    counts, _ = mx.nd.histogram(mx.nd.array([0, 1, 2, 3, 5]), bins=mx.nd.array([0, 1, 2, 5]))
    np.testing.assert_array_equal(counts.asnumpy(), [1, 1, 3])
    with pytest.raises(TypeError, match="bins must be int or NDArray; got float"):
        mx.nd.histogram(x, bins=2.5)
    with pytest.raises(ValueError, match="range must be given with a number of bins"):
        mx.sym.histogram(mx.sym.Variable("x"))


def test_cuts() -> None:
    x = mx.nd.array([1, 2, 3, 4, 5, 6])
    assert [p.asnumpy().tolist() for p in mx.nd.split_v2(x, (2, 3))] == [[1, 2], [3], [4, 5, 6]]
    assert [p.shape for p in mx.nd.split_v2(x.reshape((2, 3)), 2, squeeze_axis=True)] == [(3,), (3,)]
    with pytest.raises(ValueError, match="sections must divide the size of the axis, 6; got 4"):
        mx.nd.split_v2(x, 4)
    with pytest.raises(ValueError, match="the number of parts must be positive"):
        mx.nd.split_v2(x, 0)
    symbol = mx.sym.split_v2(mx.sym.Variable("x"), (2, 3))
    assert symbol.infer_shape(x=(6,))[1] == [(2,), (1,), (3,)]


def test_one_hot_rows_are_written() -> None:
    out = mx.nd.zeros((2, 3))
    assert mx.nd.onehot_encode(mx.nd.array([0, 2]), out) is out
    np.testing.assert_array_equal(out.asnumpy(), [[1, 0, 0], [0, 0, 1]])
    with pytest.raises(ValueError, match="out must have 2 axes"):
        mx.nd.onehot_encode(mx.nd.array([0]), mx.nd.zeros((3,)))
