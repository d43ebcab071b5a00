"""Detection with anchors: single-shot (MultiBox...) and region proposals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ops.flops import per_element
from paratrain.ops.params import Param, flag, integer, real, reals
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeShape, merge, product, show
from paratrain.ops.vision import REALS, Shapes, Specs, axes_of, complete, of_types, zeros

#: How many sizes, scales or ratios the kernels take.
_MOST = 64


def _some(attrs: Attrs, *names: str) -> None:
    for name in names:
        value = attrs[name]
        if not 1 <= len(value) <= _MOST or not all(0 < v < float("inf") for v in value):
            raise ValueError(f"{name} must be 1 to {_MOST} positive numbers; got {value}")


def _variances(attrs: Attrs) -> Attrs:
    value = attrs["variances"]
    if len(value) != 4 or 0 in value:
        raise ValueError(f"variances must be 4 numbers other than 0; got {value}")
    return {f"variance{k}": v for k, v in enumerate(value)}


def _without(attrs: Attrs, *names: str) -> Attrs:
    return {k: v for k, v in attrs.items() if k not in names}


# Priors


def _prior_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    _some(attrs, "sizes", "ratios")
    for name in ("steps", "offsets"):
        if len(attrs[name]) != 2:
            raise ValueError(f"{name} must be two numbers, y and x; got {attrs[name]}")
    if attrs["steps"] != (-1.0, -1.0) and min(attrs["steps"]) <= 0:
        raise ValueError(f"steps must be positive, or (-1, -1) for those of the map; got {attrs['steps']}")
    data = axes_of(ins[0], "N, C, H, W")
    if data is None or not complete(data):
        return ins, outs
    if 0 in data[2:]:
        raise ValueError(f"data must have at least one row and column; got {show(data)}")
    kinds = len(attrs["sizes"]) + len(attrs["ratios"]) - 1
    return ins, [merge((1, data[2] * data[3] * kinds, 4), outs[0])]


def _prior_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    own = attrs["steps"] == (-1.0, -1.0)
    given = dict(zip(("step_y", "step_x"), (1.0 / n for n in ins[0][0][2:]) if own else attrs["steps"]))
    given.update(zip(("offset_y", "offset_x"), attrs["offsets"]))
    return "multibox_prior", {**_without(attrs, "steps", "offsets"), **given}


_VARIANCES = reals((0.1, 0.1, 0.2, 0.2), "Factors of the codes of x, y, width and height.")
define(
    "_contrib_MultiBoxPrior",
    "Anchors around each place of a map (N, C, H, W): corners (1, H * W * kinds, 4), in parts of the image.\n\n"
    "There is a kind for each size (with the first ratio) and for each further ratio (with the first size).",
    inputs={"data": "Gives height and width."},
    params={
        "sizes": reals((1.0,), "Sizes, in parts of the image."),
        "ratios": reals((1.0,), "Ratios of width and height."),
        "clip": flag(False, "Cut off what lies outside of the image."),
        "steps": reals((-1.0, -1.0), "Distances of the places, y and x; -1: those of the map."),
        "offsets": reals((0.5, 0.5), "Where an anchor's center lies in its place, y and x."),
    },
    shape=_prior_shape,
    dtype=of_types(REALS),
    shape_only=("data",),
    kernel=_prior_kernel,
    gradient=zeros,
    example=""">>> import paratrain as mx
>>> mx.nd.contrib.MultiBoxPrior(mx.nd.zeros((1, 1, 1, 1)), sizes=0.5).asnumpy()
array([[[0.25, 0.25, 0.75, 0.75]]], dtype=float32)""",
)

# Targets


def _target_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    _variances(attrs)
    anchor = merge(ins[0], (1, -1, 4), "anchor and (1, N, 4)")
    label = axes_of(ins[1], "B, M, numbers of a label", "label")
    scores = axes_of(ins[2], "B, classes, N", "cls_pred")
    if label is not None and -1 < label[2] < 5:
        raise ValueError(f"label must have at least 5 numbers for each box (class and corners); got {show(label)}")
    batch = -1 if label is None else label[0]
    scores = merge(scores, (batch, -1, (anchor or ())[1]), "cls_pred and (B, classes, N)")
    if anchor is None or scores is None or not complete(anchor, label, scores):
        return [anchor, label, scores], outs
    if scores[1] < 1:
        raise ValueError(f"cls_pred must have at least one class; got {show(scores)}")
    n = anchor[1]
    results = ((batch, 4 * n), (batch, 4 * n), (batch, n))
    return [anchor, label, scores], [merge(r, o) for r, o in zip(results, outs)]


define(
    "_contrib_MultiBoxTarget",
    "What a single-shot detector is to learn at each anchor, from the labels of the images.\n\n"
    "Each label is matched to the anchor that overlaps it most, and further anchors to labels that they overlap by "
    "more than a threshold. Results: codes of the boxes matched, their mask, and classes: 0 for background, the "
    "label's plus 1 for matched anchors, `ignore_label` for those not used (with negative mining).",
    inputs={
        "anchor": "Corners (1, N, 4).",
        "label": "Class and corners of each box (B, M, 5 or more); class -1 ends an image's list.",
        "cls_pred": "Scores (B, classes, N), the background's first.",
    },
    params={
        "overlap_threshold": real(0.5, "Overlap from which on an anchor is matched."),
        "ignore_label": real(-1.0, "Class of anchors that are not used."),
        "negative_mining_ratio": real(-1.0, "At most so many negative for each positive anchor; -1: all."),
        "negative_mining_thresh": real(0.5, "Anchors that overlap a label by more than this are not negative."),
        "minimum_negative_samples": integer(0, "At least so many negative anchors.", low=0),
        "variances": _VARIANCES,
    },
    outputs=("loc_target", "loc_mask", "cls_target"),
    shape=_target_shape,
    dtype=of_types(REALS),
    kernel=lambda attrs, ins, outs: ("multibox_target", {**_without(attrs, "variances"), **_variances(attrs)}),
    gradient=zeros,
    flops=lambda attrs, ins, outs: 32 * product(ins[1][0][:2]) * ins[0][0][1],
    example=""">>> import paratrain as mx
>>> anchors = mx.nd.array([[[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]]])
>>> label = mx.nd.array([[[3, 0.5, 0.5, 1, 1]]])
>>> mx.nd.contrib.MultiBoxTarget(anchors, label, mx.nd.zeros((1, 5, 2)))[2].asnumpy()
array([[0., 4.]], dtype=float32)""",
)

# Detection


def _detection_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    _variances(attrs)
    scores = axes_of(ins[0], "B, classes, N", "cls_prob")
    batch, n = (-1, -1) if scores is None else (scores[0], scores[2])
    location = merge(ins[1], (batch, -1 if n == -1 else 4 * n), "loc_pred and (B, 4 N)")
    anchor = merge(ins[2], (1, n, 4), "anchor and (1, N, 4)")
    if scores is None:
        return [scores, location, anchor], outs
    return [scores, location, anchor], [merge((batch, n, 6), outs[0])]


define(
    "_contrib_MultiBoxDetection",
    "Boxes from what a single-shot detector predicts: (B, N, 6), class (-1: none), score and corners of each.\n\n"
    "Boxes come in the order of their scores; of those that overlap, only the best keeps its class.",
    inputs={
        "cls_prob": "Probabilities (B, classes, N), the background's first.",
        "loc_pred": "Codes (B, 4 N).",
        "anchor": "Corners (1, N, 4).",
    },
    params={
        "clip": flag(True, "Cut off what lies outside of the image."),
        "threshold": real(0.01, "Smallest probability of a box."),
        "background_id": integer(0, "As in MXNet, not looked at: the background is class 0."),
        "nms_threshold": real(0.5, "Overlap from which on the worse box is left out; outside of (0, 1]: none is."),
        "force_suppress": flag(False, "Boxes of other classes suppress, too."),
        "variances": _VARIANCES,
        "nms_topk": integer(-1, "Only so many of the best boxes are kept; -1: all."),
    },
    shape=_detection_shape,
    dtype=of_types(REALS),
    kernel=lambda attrs, ins, outs: (
        "multibox_detection",
        {**_without(attrs, "variances", "background_id"), **_variances(attrs)},
    ),
    gradient=zeros,
    flops=lambda attrs, ins, outs: 16 * outs[0][0][0] * outs[0][0][1] ** 2,
    example=""">>> import paratrain as mx
>>> anchors = mx.nd.array([[[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]]])
>>> probability = mx.nd.array([[[0.1, 0.995], [0.9, 0.005]]])
>>> mx.nd.contrib.MultiBoxDetection(probability, mx.nd.zeros((1, 8)), anchors).asnumpy()
array([[[ 0. ,  0.9,  0. ,  0. ,  0.5,  0.5],
        [-1. , -1. , -1. , -1. , -1. , -1. ]]], dtype=float32)""",
)

# Proposals


def _proposal_shape(attrs: Attrs, ins: Shapes, outs: Shapes, single: bool) -> tuple[Shapes, Shapes]:
    _some(attrs, "scales", "ratios")
    scores = axes_of(ins[0], "B, 2 * kinds of anchors, H, W", "cls_prob")
    if scores is None or not complete(scores):
        return ins, outs
    kinds = len(attrs["scales"]) * len(attrs["ratios"])
    if scores[1] != 2 * kinds or 0 in scores[2:]:
        raise ValueError(f"cls_prob must have {2 * kinds} channels (for scales and ratios); got {show(scores)}")
    if single and scores[0] != 1:
        raise ValueError(f"cls_prob must be of one image; got {show(scores)} (use MultiProposal)")
    boxes = merge(ins[1], (scores[0], 4 * kinds, *scores[2:]), "bbox_pred and (B, 4 * kinds, H, W)")
    info = merge(ins[2], (scores[0], 3), "im_info and (B, 3)")
    rows = scores[0] * attrs["rpn_post_nms_top_n"]
    return [scores, boxes, info], [merge((rows, 5), outs[0]), merge((rows, 1), outs[1])]


def _proposal_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    shape: MaybeShape = ins[0][0]
    count = product((shape or ())[1:]) // 2
    before = min(attrs["rpn_pre_nms_top_n"], count) if attrs["rpn_pre_nms_top_n"] > 0 else count
    sizes = {"before": before, "after": min(attrs["rpn_post_nms_top_n"], before)}
    return "proposal", {**_without(attrs, "rpn_pre_nms_top_n", "output_score"), **sizes}


def _proposals(single: bool) -> Callable[..., Any]:
    return lambda attrs, ins, outs: _proposal_shape(attrs, ins, outs, single)


_PROPOSAL: dict[str, Param] = {
    "rpn_pre_nms_top_n": integer(6000, "Only so many of the best boxes are looked at; <= 0: all."),
    "rpn_post_nms_top_n": integer(
        300, "Number of proposals for each image; where fewer stay, they are repeated.", low=1
    ),
    "threshold": real(0.7, "Boxes that overlap a better one by more than this are left out."),
    "rpn_min_size": integer(16, "Smallest height and width, in elements of the image as it was before scaling.", low=0),
    "scales": reals((4.0, 8.0, 16.0, 32.0), "Scales of the anchors, relative to `feature_stride`."),
    "ratios": reals((0.5, 1.0, 2.0), "Ratios of height and width."),
    "feature_stride": integer(16, "Elements of the image for each place of the map.", low=1),
    "output_score": flag(False, "Return the scores, too."),
    "iou_loss": flag(False, "Predictions are moves of the corners."),
}
for _name, _doc in (
    ("Proposal", "Regions of one image that most likely hold an object, from what a region proposal network predicts."),
    ("MultiProposal", "Regions of each image that most likely hold an object; see `Proposal`."),
):
    define(
        f"_contrib_{_name}",
        f"{_doc}\n\nThe result has rows (image, x1, y1, x2, y2), `rpn_post_nms_top_n` for each image.",
        inputs={
            "cls_prob": "Probabilities (B, 2 * kinds, H, W): of background, then of an object.",
            "bbox_pred": "Predicted moves of the anchors (B, 4 * kinds, H, W).",
            "im_info": "Height, width and scale of each image (B, 3).",
        },
        params=_PROPOSAL,
        outputs=("output", "score"),
        visible=lambda attrs: 2 if attrs["output_score"] else 1,
        shape=_proposals(_name == "Proposal"),
        dtype=of_types(REALS),
        kernel=_proposal_kernel,
        gradient=zeros,
        flops=per_element(16, 1),
        example=f""">>> import paratrain as mx
>>> probability = mx.nd.array([0.1, 0.9]).reshape((1, 2, 1, 1))
>>> boxes, info = mx.nd.zeros((1, 4, 1, 1)), mx.nd.array([[16, 16, 1]])
>>> mx.nd.contrib.{_name}(probability, boxes, info, scales=1, ratios=1, rpn_post_nms_top_n=1).asnumpy()
array([[ 0.,  0.,  0., 15., 15.]], dtype=float32)""",
    )
