"""Vision and detection operators where no case is recorded, and on inputs that make no sense."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import paratrain as mx

contrib = mx.nd.contrib
often = settings(max_examples=40, deadline=None)
#: Numbers as they come from networks that went astray.
WILD = st.sampled_from([0.0, 0.5, -1.0, 1.0, 3.0, 1e9, -1e30, float("nan"), float("inf"), -float("inf")])


def wild(data: Any, *shape: int) -> mx.nd.NDArray:
    n = int(np.prod(shape))
    return mx.nd.array(np.reshape(data.draw(st.lists(WILD, min_size=n, max_size=n)), shape))


def suppressed(boxes: np.ndarray, threshold: float) -> np.ndarray:
    """Non-maximum suppression one by one; coordinates are columns 2 to 5, scores column 1."""
    left, kept = list(boxes[np.argsort(-boxes[:, 1], kind="stable")]), []
    while left:
        best, *left = left
        kept.append(best)
        left = [b for b in left if overlap(best[2:], b[2:]) <= threshold]
    return np.array(kept)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    size = np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0)
    both = size.prod()
    return both / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - both)


@pytest.mark.parametrize("count", [1, 63, 64, 65, 300])
def test_nms_of_many_boxes(count: int) -> None:
    rng = np.random.default_rng(count)
    corner = rng.uniform(0, 5, (count, 2))
    boxes = np.concatenate([np.zeros((count, 1)), rng.permutation(count)[:, None] + 1.0, corner, corner + 1], 1)
    want = suppressed(boxes, 0.4)
    got = contrib.box_nms(mx.nd.array(boxes, dtype="float64"), overlap_thresh=0.4).asnumpy()
    np.testing.assert_allclose(got[: len(want)], want)
    assert (got[len(want) :] == -1).all()


def test_nms_with_topk_0_is_the_data() -> None:
    x = mx.nd.array([[0, 0.1, 0, 0, 1, 1], [0, 0.9, 0, 0, 1, 1]])
    np.testing.assert_array_equal(contrib.box_nms(x, topk=0).asnumpy(), x.asnumpy())


def test_modulated_convolution_without_deformation_is_a_convolution() -> None:
    x, weight = (mx.nd.array(np.random.default_rng(1).normal(size=s)) for s in ((2, 4, 5, 6), (6, 2, 3, 3)))
    offset, mask = mx.nd.zeros((2, 18, 3, 4)), mx.nd.ones((2, 9, 3, 4))
    attrs = {"kernel": (3, 3), "num_filter": 6, "num_group": 2, "no_bias": True}
    want = mx.nd.Convolution(x, weight, **attrs).asnumpy()
    for got in (
        contrib.ModulatedDeformableConvolution(x, offset, mask, weight, **attrs),
        contrib.DeformableConvolution(x, offset, weight, **attrs),
    ):
        np.testing.assert_allclose(got.asnumpy(), want, 1e-5, 1e-5)


def test_position_sensitive_pooling_reads_a_channel_for_each_part() -> None:
    x = mx.nd.arange(8).reshape((1, 8, 1, 1)).broadcast_to((1, 8, 4, 4))
    rois = mx.nd.array([[0, 0, 0, 3, 3]])
    y = contrib.PSROIPooling(x, rois, spatial_scale=1.0, output_dim=2, pooled_size=2)
    np.testing.assert_allclose(y.asnumpy().ravel(), range(8))


def test_regions_of_images_that_do_not_exist_are_zero() -> None:
    x, rois = mx.nd.ones((1, 4, 3, 3)), mx.nd.array([[-1, 0, 0, 2, 2], [1, 0, 0, 2, 2], [float("nan"), 0, 0, 2, 2]])
    for y in (
        mx.nd.ROIPooling(x, rois, pooled_size=(2, 2), spatial_scale=1.0),
        contrib.ROIAlign(x, rois, pooled_size=(2, 2), spatial_scale=1.0),
        contrib.PSROIPooling(x, rois, spatial_scale=1.0, output_dim=1, pooled_size=2),
    ):
        assert not y.asnumpy().any()


def test_alignment_of_huge_regions_ends() -> None:
    y = contrib.ROIAlign(
        mx.nd.ones((1, 1, 4, 4)), mx.nd.array([[0, -1e8, -1e8, 1e8, 1e8]]), pooled_size=(3, 3), spatial_scale=1.0
    )
    assert np.isfinite(y.asnumpy()).all()


def test_ctc_of_classes_that_do_not_exist_costs_infinitely_much() -> None:
    x = mx.nd.zeros((4, 2, 3))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.CTCLoss(x, mx.nd.array([[7, 1], [1, 2]]))
    y.backward()
    assert np.isinf(y.asnumpy()[0])
    assert np.isfinite(y.asnumpy()[1])
    assert not x.grad.asnumpy()[:, 0].any()
    assert np.isfinite(x.grad.asnumpy()).all()


def test_sparseness_moves_its_means_in_training_only() -> None:
    x, mean = mx.nd.ones((2, 1)) * 0.5, mx.nd.ones(1) * 0.1
    mx.nd.IdentityAttachKLSparseReg(x, mean)
    np.testing.assert_allclose(mean.asnumpy(), 0.1, 1e-6)
    with mx.autograd.train_mode():
        mx.nd.IdentityAttachKLSparseReg(x, mean)
    np.testing.assert_allclose(mean.asnumpy(), 0.14, 1e-6)


def test_bilinear_upsampling_makes_its_weight() -> None:
    net = mx.sym.UpSampling(mx.sym.Variable("x"), scale=2, sample_type="bilinear", num_filter=3, num_args=1, name="up")
    assert net.list_arguments() == ["x", "up_weight"]
    shapes, outs, _ = net.infer_shape(x=(2, 3, 4, 5))
    assert shapes[1] == (3, 1, 4, 4)
    assert outs == [(2, 3, 8, 10)]


@often
@given(st.data(), st.integers(0, 4), st.integers(1, 4), st.integers(1, 4))
def test_any_regions(data: Any, count: int, h: int, w: int) -> None:
    x, rois = mx.nd.ones((2, 4, h, w)), wild(data, count, 5)
    size = (data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3)))
    x.attach_grad()
    with mx.autograd.record():
        y = [
            mx.nd.ROIPooling(x, rois, pooled_size=size, spatial_scale=data.draw(WILD)),
            contrib.ROIAlign(x, rois, pooled_size=size, spatial_scale=0.5, aligned=data.draw(st.booleans())),
            contrib.PSROIPooling(x, rois, spatial_scale=2.0, output_dim=1, pooled_size=2),
        ]
    mx.autograd.backward(y)
    assert x.grad.shape == x.shape


@often
@given(st.data(), st.integers(0, 3), st.integers(0, 70))
def test_any_boxes(data: Any, batch: int, count: int) -> None:
    few = min(count, 5)
    boxes = mx.nd.tile(wild(data, 1, 1, 6), (batch, count, 1)) if count > few else wild(data, batch, count, 6)
    boxes.attach_grad()
    with mx.autograd.record():
        y = contrib.box_nms(boxes, id_index=data.draw(st.integers(-1, 0)), topk=data.draw(st.integers(-1, 80)))
    y.backward()
    assert boxes.grad.shape == boxes.shape
    scores = wild(data, batch, few, 3)
    rows, columns = contrib.bipartite_matching(scores, threshold=data.draw(WILD), is_ascend=data.draw(st.booleans()))
    assert (rows.asnumpy() < 3).all()
    assert (columns.asnumpy() < max(few, 1)).all()
    contrib.box_iou(wild(data, few, 4), wild(data, 2, 4), format="center").wait_to_read()
    pair, refs = wild(data, batch, few), wild(data, batch, 2, 4)
    contrib.box_encode(pair, pair, wild(data, batch, few, 4), refs, wild(data, 4), wild(data, 4))[0].wait_to_read()


@often
@given(st.data(), st.integers(1, 2), st.integers(0, 5), st.integers(0, 3))
def test_any_labels(data: Any, batch: int, anchors: int, labels: int) -> None:
    corners = wild(data, 1, anchors, 4)
    target = contrib.MultiBoxTarget(
        corners,
        wild(data, batch, labels, 5),
        wild(data, batch, 3, anchors),
        negative_mining_ratio=data.draw(WILD),
        minimum_negative_samples=data.draw(st.integers(0, 9)),
    )
    assert target[2].asnumpy().shape == (batch, anchors)
    found = contrib.MultiBoxDetection(
        wild(data, batch, 3, anchors), wild(data, batch, 4 * anchors), corners, nms_topk=data.draw(st.integers(-1, 4))
    )
    assert found.asnumpy().shape == (batch, anchors, 6)


@often
@given(st.data(), st.integers(1, 2), st.integers(1, 2))
def test_any_proposals(data: Any, batch: int, size: int) -> None:
    y = contrib.MultiProposal(
        wild(data, batch, 2, size, 2),
        wild(data, batch, 4, size, 2),
        wild(data, batch, 3),
        scales=2.0,
        ratios=1.0,
        rpn_post_nms_top_n=3,
    )
    assert (y.asnumpy()[:, 0] == np.repeat(np.arange(batch), 3)).all()


@often
@given(st.data(), st.integers(1, 3), st.integers(1, 3))
def test_any_places(data: Any, h: int, w: int) -> None:
    x, grid = mx.nd.ones((1, 1, h, w)), wild(data, 1, 2, 2, 1)
    offset, weight = wild(data, 1, 2, h, w), mx.nd.ones((1, 1, 1, 1))
    for a in (x, grid, offset):
        a.attach_grad()
    with mx.autograd.record():
        y = [
            mx.nd.BilinearSampler(x, grid),
            contrib.DeformableConvolution(x, offset, weight, kernel=(1, 1), num_filter=1, no_bias=True),
        ]
    mx.autograd.backward(y)
    assert np.isfinite(y[0].asnumpy()).all()


@often
@given(st.data(), st.integers(0, 4), st.integers(0, 3), st.booleans())
def test_any_spelling(data: Any, steps: int, labels: int, first: bool) -> None:
    if labels > steps:
        return
    x = mx.nd.zeros((steps, 2, 3))
    x.attach_grad()
    attrs = {"use_data_lengths": True, "use_label_lengths": data.draw(st.booleans())}
    lengths = [wild(data, 2) for _ in range(1 + attrs["use_label_lengths"])]
    if not attrs["use_label_lengths"]:
        lengths.append(None)
    with mx.autograd.record():
        y = mx.nd.CTCLoss(x, wild(data, 2, labels), *lengths, **attrs, blank_label="first" if first else "last")
    y.backward()
    assert np.isfinite(x.grad.asnumpy()).all()
