"""Operators that find objects."""

from __future__ import annotations

import numpy as np
from table import FLOATS, Refused, Row, Sample

GOLDEN = "tests/golden/ops and test_vision.py"
UNIT = np.array([[[0.1, 0.1, 0.4, 0.4], [0.3, 0.3, 0.9, 0.8], [0.5, 0.1, 0.9, 0.5], [0.0, 0.0, 1.0, 1.0]]], np.float32)
LABEL = np.array(
    [[[1, 0.1, 0.1, 0.4, 0.45], [0, 0.4, 0.3, 0.9, 0.9]], [[2, 0, 0, 1, 0.9], [-1, -1, -1, -1, -1]]], np.float32
)
SAMPLES, MATCHES = np.array([[[1, -1, 0, 1]], [[0, 7, 1, 1]]], np.float32)
BOXES = np.array([[0, 0.5, 0, 0, 2, 2], [1, 0.9, 0, 0, 2, 2.5], [0, 0.4, 0, 0.2, 2, 2], [0, -1, 5, 5, 6, 6.0]])
FEW = {"scales": (2.0,), "ratios": (1.0,), "rpn_post_nms_top_n": 3, "rpn_min_size": 1}


def iou(a, b, format="corner"):
    if format == "center":
        a, b = (np.concatenate([v[..., :2] - v[..., 2:] / 2, v[..., :2] + v[..., 2:] / 2], -1) for v in (a, b))
    a, b = a.reshape(-1, 1, 4), b.reshape(1, -1, 4)
    size = np.maximum(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0)
    both = size.prod(-1)
    every = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - both
    return np.where(every > 0, both / every, 0)


SCORES = np.array([[[0.5, 0.6], [0.1, 0.2], [0.3, 0.4]]])
RPN = [(1, 2, 2, 3), (1, 4, 2, 3), np.array([[32.0, 48.0, 1.0]], np.float32)]
ROWS = [
    Row(
        "_contrib_box_iou",
        iou,
        (
            Sample([np.array([[0, 0, 2, 2], [1, 1, 3, 4.5]]), np.array([[1, 0, 3, 2], [5, 5, 6, 6], [1, 1, 1, 1.0]])]),
            Sample([np.ones((2, 4)), np.ones((3, 4))], {"format": "center"}),
            Sample([(0, 4), (3, 4)]),
        ),
        dtypes=("float64",),
        refused=(Refused([(2, 5), (2, 4)], {}, ValueError, "lhs must have 4 numbers"),),
    ),
    Row(
        "_contrib_box_encode",
        None,
        (Sample([SAMPLES, MATCHES, UNIT, LABEL[:1, :, 1:], np.zeros(4, np.float32), np.ones(4, np.float32)]),),
        dtypes=("float32",),
        covered_by=GOLDEN,
        refused=(
            Refused([(1, 2), (1, 2), (1, 2, 5), (1, 2, 4), (4,), (4,)], {}, ValueError, "anchors and"),
            Refused([(1, 2), (1, 3), (1, 2, 4), (1, 2, 4), (4,), (4,)], {}, ValueError, "samples and matches"),
        ),
    ),
    Row(
        "_contrib_box_decode",
        None,
        (
            Sample([(2, 3, 4), (1, 3, 4)], {"std0": 0.1, "clip": 0.5}),
            Sample([(2, 3, 4), (1, 3, 4)], {"format": "corner"}),
        ),
        dtypes=FLOATS,
        covered_by=GOLDEN,
        refused=(Refused([(2, 3, 4), (1, 2, 4)], {}, ValueError, "anchors and"),),
    ),
    Row(
        "_contrib_bipartite_matching",
        lambda x, **_: (np.array([[1.0, -1, 0]]), np.array([[2.0, 0]])),
        (Sample([SCORES], {"threshold": 1e-12}), Sample([SCORES], {"threshold": 0.01, "topk": 1})),
        dtypes=("float64",),
        exact=True,
        refused=(
            Refused([(3,)], {"threshold": 0.1}, ValueError, "at least 2 axes"),
            Refused([(3, 2)], {}, TypeError, "threshold .* is required"),
        ),
    ),
    Row(
        "_contrib_box_nms",
        None,
        (
            Sample([BOXES], {"coord_start": 2}),
            Sample([BOXES], {"overlap_thresh": 0.3, "out_format": "center"}),
            Sample([(2, 3, 6)], {"in_format": "center", "topk": 2, "valid_thresh": -3.0}),
        ),
        gradient=(0,),
        dtypes=("float64",),
        distinct=True,
        covered_by=GOLDEN,
        refused=(
            Refused([(2, 5)], {}, ValueError, "coord_start must leave 4 of 5"),
            Refused([(2, 6)], {"score_index": 3}, ValueError, "score_index must be one of 6"),
            Refused([(2, 6)], {"id_index": 6}, ValueError, "id_index must be one of 6"),
            Refused([(6,)], {}, ValueError, "at least 2 axes"),
        ),
    ),
    Row(
        "_contrib_MultiBoxPrior",
        None,
        (Sample([(1, 2, 2, 3)], {"sizes": (0.5, 0.25), "ratios": (1, 2), "clip": True}), Sample([(1, 1, 1, 1)])),
        covered_by=GOLDEN,
        refused=(
            Refused([(1, 2, 2)], {}, ValueError, "data must have the axes"),
            Refused([(1, 2, 2, 2)], {"sizes": ()}, ValueError, "sizes must be 1 to 64"),
            Refused([(1, 2, 2, 2)], {"ratios": (0.0,)}, ValueError, "ratios must be 1 to 64 positive"),
            Refused([(1, 2, 2, 2)], {"steps": (1.0,)}, ValueError, "steps must be two"),
            Refused([(1, 2, 2, 2)], {"sizes": "much"}, TypeError, "sizes must be tuple of float"),
        ),
    ),
    Row(
        "_contrib_MultiBoxTarget",
        None,
        (
            Sample([UNIT, LABEL, np.zeros((2, 4, 4), np.float32)]),
            Sample([UNIT, LABEL, np.ones((2, 4, 4), np.float32)], {"negative_mining_ratio": 1.0}),
        ),
        dtypes=("float32",),
        covered_by=GOLDEN,
        refused=(
            Refused([(1, 4, 4), (2, 3, 4), (2, 3, 4)], {}, ValueError, "at least 5 numbers"),
            Refused([(1, 4, 4), (2, 3, 5), (2, 3, 5)], {}, ValueError, "cls_pred and"),
            Refused([(1, 4, 4), (2, 3, 5), (2, 3, 4)], {"variances": (1, 1)}, ValueError, "variances must be 4"),
        ),
    ),
    Row(
        "_contrib_MultiBoxDetection",
        None,
        (
            Sample([(2, 3, 4), (2, 16), UNIT]),
            Sample([(2, 3, 4), (2, 16), UNIT], {"force_suppress": True, "nms_topk": 2, "clip": False}),
        ),
        dtypes=("float32",),
        domain=(0.0, 1.0),
        covered_by=GOLDEN,
        refused=(
            Refused([(2, 3, 4), (2, 15), (1, 4, 4)], {}, ValueError, "loc_pred and"),
            Refused([(2, 3, 4), (2, 16), (1, 3, 4)], {}, ValueError, "anchor and"),
        ),
    ),
    Row(
        "_contrib_Proposal",
        None,
        (Sample(RPN, FEW), Sample(RPN, {**FEW, "output_score": True, "iou_loss": True, "rpn_pre_nms_top_n": 4})),
        dtypes=("float32",),
        domain=(0.0, 1.0),
        covered_by=GOLDEN,
        refused=(
            Refused([(1, 2, 2, 3), (1, 4, 2, 3), (1, 3)], {}, ValueError, "must have 24 channels"),
            Refused([(2, 2, 2, 3), (2, 4, 2, 3), (2, 3)], FEW, ValueError, "use MultiProposal"),
            Refused([(1, 2, 2, 3), (1, 4, 2, 2), (1, 3)], FEW, ValueError, "bbox_pred and"),
        ),
    ),
    Row(
        "_contrib_MultiProposal",
        None,
        (Sample([(2, 2, 2, 3), (2, 4, 2, 3), np.array([[32.0, 48.0, 1.0]] * 2, np.float32)], FEW),),
        dtypes=("float32",),
        domain=(0.0, 1.0),
        covered_by=GOLDEN,
        refused=(Refused([(2, 2, 2, 3), (2, 4, 2, 3), (1, 3)], FEW, ValueError, "im_info and"),),
    ),
]
