"""Boxes: overlaps, codes against anchors, matching, non-maximum suppression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.flops import elements, per_element
from paratrain.ops.params import choice, flag, integer, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, merge, product, show
from paratrain.ops.vision import FLOATS, Dtypes, Shapes, Specs, complete, grad_like, of_types, zeros

_FORMATS = ("center", "corner")


def _boxes(shape: MaybeShape, what: str) -> MaybeShape:
    if shape is not None and (not shape or shape[-1] != 4):
        raise ValueError(f"{what} must have 4 numbers on its last axis; got {show(shape)}")
    return shape


# Overlaps


def _iou_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    lhs, rhs = _boxes(ins[0], "lhs"), _boxes(ins[1], "rhs")
    if lhs is None or rhs is None:
        return ins, outs
    return ins, [merge((lhs[:-1] + rhs[:-1]) or (1,), outs[0])]


define(
    "_contrib_box_iou",
    "Overlap of each box with each other one: area of the intersection over that of the union. There is no gradient "
    "(it is zero).",
    inputs={"lhs": "Boxes (..., 4).", "rhs": "Boxes (..., 4)."},
    params={"format": choice(_FORMATS, "corner", "x1, y1, x2, y2, or center x, y, width, height.")},
    shape=_iou_shape,
    dtype=of_types(FLOATS),
    kernel=lambda attrs, ins, outs: ("box_iou", {"center": attrs["format"] == "center"}),
    gradient=zeros,
    flops=per_element(16),
    example=""">>> import paratrain as mx
>>> a, b = mx.nd.array([[0, 0, 2, 2]]), mx.nd.array([[1, 0, 3, 2], [0, 0, 1, 2]])
>>> mx.nd.contrib.box_iou(a, b).asnumpy().round(3)
array([[0.333, 0.5  ]], dtype=float32)""",
)

# Codes


def _encode_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    samples, matches, anchors, refs, means, stds = ins
    pair = merge(merge(samples, matches, "samples and matches"), (-1, -1), "samples and (B, N)")
    anchors = merge(anchors, (*(pair or ()), 4), "anchors and (B, N, 4)")
    refs = merge(refs, ((pair or ())[0], -1, 4), "refs and (B, M, 4)")
    new = [pair, pair, anchors, refs, merge(means, (4,), "means and (4,)"), merge(stds, (4,), "stds and (4,)")]
    return new, [merge(o, anchors) for o in outs]


define(
    "_contrib_box_encode",
    "What a network is to predict at each anchor: center and size of the box matched to it, relative to the anchor.\n\n"
    "``((x - ax) / aw - mean) / std`` for centers, ``(log(w / aw) - mean) / std`` for sizes, where the sample is "
    "positive; zero elsewhere. The mask is 1 at positive samples.",
    inputs={
        "samples": "1 for positive, -1 for negative, 0 for ignored anchors (B, N).",
        "matches": "Number of the box matched to each anchor (B, N).",
        "anchors": "Corners of the anchors (B, N, 4).",
        "refs": "Corners of the boxes (B, M, 4).",
        "means": "Subtracted from the codes (4,).",
        "stds": "Divides the codes (4,).",
    },
    outputs=("output0", "output1"),
    shape=_encode_shape,
    dtype=of_types(FLOATS),
    kernel=lambda attrs, ins, outs: ("box_encode", {}),
    gradient=zeros,
    flops=per_element(8),
    example=""">>> import paratrain as mx
>>> one = mx.nd.ones((1, 1))
>>> anchor, box = mx.nd.array([[[0, 0, 2, 2]]]), mx.nd.array([[[1, 0, 3, 2]]])
>>> code, mask = mx.nd.contrib.box_encode(one, one * 0, anchor, box, mx.nd.zeros(4), mx.nd.ones(4))
>>> code.asnumpy()
array([[[0.5, 0. , 0. , 0. ]]], dtype=float32)""",
)


def _decode_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = merge(merge(ins[0], outs[0]), (-1, -1, 4), "data and (B, N, 4)")
    return [data, merge(ins[1], (1, (data or ())[1], 4), "anchors and (1, N, 4)")], [data]


define(
    "_contrib_box_decode",
    "Corners of boxes from codes relative to anchors; see `box_encode`. There is no gradient (it is zero).",
    inputs={"data": "Codes (B, N, 4).", "anchors": "Anchors (1, N, 4), in the given format."},
    params={
        **{f"std{k}": real(1.0, f"Factor of code {k}.") for k in range(4)},
        "clip": real(-1.0, "Largest code of a size, if positive."),
        "format": choice(_FORMATS, "center", "Whether anchors are corners, or center and size."),
    },
    shape=_decode_shape,
    dtype=of_types(FLOATS),
    kernel=lambda attrs, ins, outs: (
        "box_decode",
        {**{k: v for k, v in attrs.items() if k != "format"}, "center": attrs["format"] == "center"},
    ),
    gradient=zeros,
    flops=per_element(8),
    example=""">>> import paratrain as mx
>>> code, anchor = mx.nd.array([[[0.5, 0, 0, 0]]]), mx.nd.array([[[0, 0, 2, 2]]])
>>> mx.nd.contrib.box_decode(code, anchor, format="corner").asnumpy()
array([[[1., 0., 3., 2.]]], dtype=float32)""",
)

# Matching


def _matching_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = ins[0]
    if data is None:
        return ins, outs
    if len(data) < 2:
        raise ValueError(f"data must have at least 2 axes (rows and columns); got {show(data)}")
    return ins, [merge(data[:-1], outs[0]), merge((*data[:-2], data[-1]), outs[1])]


define(
    "_contrib_bipartite_matching",
    "Pairs of rows and columns, each taken once, the best pair first.\n\n"
    "The results are the column matched to each row and the row matched to each column, -1 where there is none.",
    inputs={"data": "Scores (..., N, M)."},
    params={
        "is_ascend": flag(False, "The smallest score is the best."),
        "threshold": real(doc="Scores that are not better than this are left out."),
        "topk": integer(-1, "If positive, there are at most so many pairs and one more, as in MXNet."),
    },
    outputs=("output0", "output1"),
    shape=_matching_shape,
    dtype=of_types(FLOATS),
    kernel=lambda attrs, ins, outs: ("bipartite_matching", attrs),
    gradient=zeros,
    flops=per_element(16, 0),
    example=""">>> import paratrain as mx
>>> scores = mx.nd.array([[0.5, 0.6], [0.1, 0.2], [0.3, 0.4]])
>>> rows, columns = mx.nd.contrib.bipartite_matching(scores, threshold=1e-12)
>>> rows.asnumpy(), columns.asnumpy()
(array([ 1., -1.,  0.], dtype=float32), array([2., 0.], dtype=float32))""",
)

# Suppression


def _check_nms(attrs: Attrs, data: tuple[int, ...]) -> None:
    first, width = attrs["coord_start"], data[-1]
    if first + 4 > width:
        raise ValueError(f"coord_start must leave 4 of {width} numbers; got {first}")
    for name in ("score_index", "id_index"):
        at = attrs[name]
        if at >= width or first <= at < first + 4:
            raise ValueError(f"{name} must be one of {width} numbers beside the coordinates; got {at}")


def _nms_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = merge(ins[0], outs[0])
    if data is None:
        return ins, outs
    if len(data) < 2:
        raise ValueError(f"data must have at least 2 axes (boxes and their numbers); got {show(data)}")
    if complete(data):
        _check_nms(attrs, data)
    return [data], [data, data[:-1]]


def _nms_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    ins, outs = of_types(FLOATS)(attrs, ins, outs[:1])
    return ins, [*outs, "int32"]


def _nms_kernel(name: str) -> Callable[..., tuple[str, Attrs]]:
    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        formats = {f"center_{k}": attrs[f"{k}_format"] == "center" for k in ("in", "out")}
        return name, {**{k: v for k, v in attrs.items() if not k.endswith("_format")}, **formats}

    return kernel


def _nms_gradient(g: GradContext) -> Sequence[Any]:
    return [g.F._backward_box_nms(g.grad(), g.outputs[1], g.inputs[0], **g.attrs)]


def _nms_flops(attrs: Attrs, ins: Specs, outs: Specs) -> int:
    boxes = ins[0][0][-2]
    return 16 * product(ins[0][0][:-1]) * boxes


_NMS = {
    "overlap_thresh": real(0.5, "Boxes that overlap a better one by more than this are left out."),
    "valid_thresh": real(0.0, "Boxes whose scores are not above this are left out."),
    "topk": integer(-1, "Only so many of the best boxes are looked at; -1: all; 0: the data itself is returned."),
    "coord_start": integer(2, "Where a box's four coordinates begin.", low=0),
    "score_index": integer(1, "Where its score is.", low=0),
    "id_index": integer(-1, "Where its class is; -1: there are no classes."),
    "background_id": integer(-1, "Class whose boxes are left out."),
    "force_suppress": flag(False, "Boxes of other classes suppress, too."),
    "in_format": choice(_FORMATS, "corner", "Coordinates: x1, y1, x2, y2, or center x, y, width, height."),
    "out_format": choice(_FORMATS, "corner", "Coordinates of the result."),
}
define(
    "_contrib_box_nms",
    "Non-maximum suppression: of boxes that overlap, only the one of the highest score stays.\n\n"
    "The result has the boxes that stay in the order of their scores, then rows of -1.",
    aliases=("_contrib_box_non_maximum_suppression",),
    inputs={"data": "Boxes (..., N, K): K numbers each, among them four coordinates and a score."},
    params=_NMS,
    outputs=("output0", "output1"),
    visible=1,
    shape=_nms_shape,
    dtype=_nms_dtype,
    kernel=_nms_kernel("box_nms"),
    gradient=_nms_gradient,
    flops=_nms_flops,
    example=""">>> import paratrain as mx
>>> boxes = mx.nd.array([[0, 0.5, 0, 0, 2, 2], [0, 0.9, 0, 0, 2, 2.5], [0, 0.4, 5, 5, 6, 6]])
>>> mx.nd.contrib.box_nms(boxes).asnumpy()
array([[ 0. ,  0.9,  0. ,  0. ,  2. ,  2.5],
       [ 0. ,  0.4,  5. ,  5. ,  6. ,  6. ],
       [-1. , -1. , -1. , -1. , -1. , -1. ]], dtype=float32)""",
)
define(
    "_backward_box_nms",
    "Gradient of box_nms: the rows back where they came from.",
    inputs={"grad": "dY.", "places": "Where each row came from.", "like": "Gives the shape."},
    params=_NMS,
    shape_only=("like",),
    shape=grad_like(2),
    dtype=lambda attrs, ins, outs: (ins, [ins[0]]),
    kernel=_nms_kernel("box_nms_grad"),
    gradient_free=True,
    flops=lambda attrs, ins, outs: elements(ins[0]),
)
