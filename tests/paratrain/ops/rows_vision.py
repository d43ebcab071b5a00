"""Operators on images of vision networks."""

from __future__ import annotations

import numpy as np
from table import FLOATS, Refused, Row, Sample

GOLDEN = "tests/golden/ops and test_vision.py"


def adaptive(x, output_size=()):
    size = (*(output_size if isinstance(output_size, tuple) else (output_size,)), 1)[:2]
    size = size if isinstance(output_size, tuple) and len(output_size) == 2 else (size[0], size[0])
    out = np.zeros((*x.shape[:2], *size))
    for i in range(size[0]):
        for j in range(size[1]):
            rows = slice(i * x.shape[2] // size[0], -(-(i + 1) * x.shape[2] // size[0]))
            columns = slice(j * x.shape[3] // size[1], -(-(j + 1) * x.shape[3] // size[1]))
            out[:, :, i, j] = x[:, :, rows, columns].mean((2, 3))
    return out


def linear_matrix(before, after, corners):
    """Row o: the shares of the data's elements in element o of the result."""
    out = np.zeros((after, before))
    for o in range(after):
        if corners:
            at = o * (before - 1) / (after - 1) if after > 1 else 0.0
        else:
            at = max((o + 0.5) * before / after - 0.5, 0) if after > 1 else 0.0
        low = min(int(at), before - 1)
        high = min(low + 1, before - 1)
        out[o, low] += 1 - (at - low)
        out[o, high] += at - low
    return out


def resize(x, *like, height=1, width=1, mode="size", align_corners=True, **scales):
    if like:
        height, width = like[0].shape[2:]
    elif scales:
        height, width = (int(n * s) for n, s in zip(x.shape[2:], scales.values(), strict=True))
    elif mode == "to_even_up":
        height, width = (n + n % 2 for n in x.shape[2:])
    rows, columns = (linear_matrix(n, m, align_corners) for n, m in zip(x.shape[2:], (height, width), strict=True))
    return np.einsum("nchw,ih,jw->ncij", x, rows, columns)


def upsample(*arrays, scale, sample_type, multi_input_mode="concat", num_filter=0, num_args=0):
    size = arrays[0].shape[2] * scale
    wide = [np.kron(a, np.ones((size // a.shape[2],) * 2)) for a in arrays]
    return sum(wide) if multi_input_mode == "sum" else np.concatenate(wide, 1)


def crop(x, *like, h_w=(0, 0), offset=(0, 0), center_crop=False, num_args=1):
    h, w = like[0].shape[2:] if like else h_w
    y0, x0 = ((x.shape[2] - h) // 2, (x.shape[3] - w) // 2) if center_crop else offset
    return x[:, :, y0 : y0 + h, x0 : x0 + w]


def im2col(x, kernel):
    h, w = (n - k + 1 for n, k in zip(x.shape[2:], kernel, strict=True))
    parts = [x[:, :, a : a + h, b : b + w] for a in range(kernel[0]) for b in range(kernel[1])]
    return np.stack(parts, 2).reshape(x.shape[0], x.shape[1] * len(parts), h * w)


ROIS = np.array([[0, 0, 0, 3, 3], [1, 1.4, 0.6, 4.4, 3.2], [1, 2, 2, 2, 2], [5, 0, 0, 2, 2], [0, -9, -9, 40, 40]])
SAME = {"transform_type": "affine", "sampler_type": "bilinear"}
DEFORMABLE = {"kernel": (2, 2), "num_filter": 2}

ROWS = [
    Row(
        "_contrib_AdaptiveAvgPooling2D",
        adaptive,
        (
            Sample([(2, 2, 5, 4)], {"output_size": (3, 2)}),
            Sample([(1, 2, 3, 3)], {"output_size": 4}),
            Sample([(1, 2, 3, 3)]),
            Sample([(0, 2, 3, 3)]),
        ),
        gradient=(0,),
        dtypes=FLOATS,
        refused=(
            Refused([(1, 2, 3)], {}, ValueError, "data must have the axes"),
            Refused([(1, 2, 0, 3)], {}, ValueError, "at least one row and column"),
            Refused([(1, 2, 3, 3)], {"output_size": (1, 2, 3)}, ValueError, "output_size must be one size or"),
        ),
    ),
    Row(
        "_contrib_BilinearResize2D",
        resize,
        (
            Sample([(1, 2, 3, 4)], {"height": 5, "width": 3}),
            Sample([(1, 2, 4, 3)], {"height": 3, "width": 7, "align_corners": False}),
            Sample([(1, 1, 3, 3)], {"scale_height": 2.0, "scale_width": 0.5}),
            Sample([(2, 1, 3, 4), (1, 1, 2, 6)], {"mode": "like"}),
            Sample([(1, 1, 3, 4)], {"mode": "to_even_up"}),
            Sample([(1, 1, 1, 4)], {"height": 1, "width": 1}),
        ),
        gradient=(0,),
        dtypes=FLOATS,
        refused=(
            Refused([(1, 2, 3)], {}, ValueError, "data must have the axes"),
            Refused([(1, 2, 3, 3)], {"mode": "odd_scale"}, ValueError, "needs scale_height"),
            Refused([(1, 2, 3, 3)], {"scale_height": 2.0}, ValueError, "must be given both"),
            Refused([(1, 2, 1, 3)], {"mode": "to_even_down"}, ValueError, "at least one row and column"),
        ),
    ),
    Row(
        "UpSampling",
        upsample,
        (
            Sample([(1, 2, 2, 3)], {"scale": 2, "sample_type": "nearest", "num_args": 1}),
            Sample([(1, 2, 4, 2), (1, 1, 2, 1)], {"scale": 1, "sample_type": "nearest", "num_args": 2}),
            Sample(
                [(1, 2, 2, 2), (1, 2, 1, 1)],
                {"scale": 2, "sample_type": "nearest", "num_args": 2, "multi_input_mode": "sum"},
            ),
        ),
        gradient=(0, 1),
        dtypes=FLOATS,
        refused=(
            Refused([(2, 3)], {"scale": 2, "sample_type": "nearest"}, ValueError, "each array must have the axes"),
            Refused([(1, 1, 2, 2)], {"scale": 0, "sample_type": "nearest"}, ValueError, "scale must be int >= 1"),
            Refused(
                [(1, 1, 2, 2), (1, 1, 3, 3)], {"scale": 2, "sample_type": "nearest"}, ValueError, "must be multiples"
            ),
            Refused(
                [(1, 1, 2, 2), (1, 2, 1, 1)],
                {"scale": 2, "sample_type": "nearest", "multi_input_mode": "sum"},
                ValueError,
                "must have 1 channels",
            ),
            Refused([(1, 1, 2, 2), (1, 1, 4, 4)], {"scale": 2, "sample_type": "bilinear"}, ValueError, "num_filter"),
        ),
    ),
    Row(
        "GridGenerator",
        None,
        (
            Sample([(2, 6)], {"transform_type": "affine", "target_shape": (2, 3)}),
            Sample([(2, 2, 3, 4)], {"transform_type": "warp"}),
        ),
        gradient=(0,),
        dtypes=FLOATS,
        covered_by=GOLDEN,
        refused=(
            Refused([(2, 5)], {"transform_type": "affine", "target_shape": (2, 3)}, ValueError, r"data and \(N, 6\)"),
            Refused([(2, 6)], {"transform_type": "affine"}, ValueError, "target_shape must be"),
            Refused([(2, 3, 3, 4)], {"transform_type": "warp"}, ValueError, "must agree"),
        ),
    ),
    Row(
        "BilinearSampler",
        None,
        (Sample([(2, 2, 4, 3), (2, 2, 3, 2)]), Sample([(1, 1, 1, 3), (1, 2, 1, 4)])),
        gradient=(0, 1),
        domain=(-1.3, 1.3),
        covered_by=GOLDEN,
        refused=(
            Refused([(2, 2, 4, 3), (1, 2, 3, 2)], {}, ValueError, "must agree"),
            Refused([(2, 2, 4), (2, 2, 3, 2)], {}, ValueError, "data must have the axes"),
        ),
    ),
    Row(
        "SpatialTransformer",
        None,
        (Sample([(2, 2, 3, 4), (2, 6)], {"target_shape": (3, 2), **SAME}), Sample([(1, 1, 3, 2), (1, 6)], SAME)),
        gradient=(0, 1),
        domain=(-0.9, 0.9),
        covered_by=GOLDEN,
        refused=(
            Refused([(2, 2, 3, 4), (2, 5)], {"target_shape": (3, 2), **SAME}, ValueError, r"loc and \(N, 6\)"),
            Refused([(1, 1, 3, 2), (1, 6)], {**SAME, "transform_type": "warp"}, ValueError, "must be one of"),
        ),
    ),
    Row(
        "Correlation",
        None,
        (
            Sample([(1, 2, 4, 3), (1, 2, 4, 3)], {"pad_size": 1}),
            Sample(
                [(1, 2, 5, 5), (1, 2, 5, 5)],
                {"kernel_size": 3, "max_displacement": 2, "stride1": 2, "pad_size": 2, "is_multiply": False},
            ),
        ),
        gradient=(0, 1),
        distinct=True,
        covered_by=GOLDEN,
        refused=(
            Refused([(1, 2, 4, 3)] * 2, {"kernel_size": 2}, ValueError, "kernel_size must be odd"),
            Refused([(1, 2, 2, 3)] * 2, {}, ValueError, "more than 2 rows and columns"),
            Refused([(1, 2, 2, 3), (1, 2, 3, 3)], {}, ValueError, "must agree"),
        ),
    ),
    Row(
        "Crop",
        crop,
        (
            Sample([(1, 2, 4, 5)], {"h_w": (2, 3), "offset": (1, 2), "num_args": 1}),
            Sample([(1, 2, 4, 5), (1, 1, 3, 2)], {"center_crop": True, "num_args": 2}),
            Sample([(0, 2, 4, 5)], {"h_w": (2, 3), "num_args": 1}),
        ),
        gradient=(0,),
        dtypes=(*FLOATS, "int32", "uint8"),
        exact=True,
        refused=(
            Refused([(1, 2, 4, 5)], {"num_args": 1}, ValueError, "h_w must be"),
            Refused(
                [(1, 2, 4, 5)], {"num_args": 1, "h_w": (4, 4), "offset": (1, 0)}, ValueError, "must lie in the data"
            ),
            Refused([(1, 2, 4, 5)] * 3, {"num_args": 3}, ValueError, "num_args must be 1 or 2"),
        ),
    ),
    Row(
        "im2col",
        im2col,
        (Sample([(2, 2, 4, 3)], {"kernel": (2, 2)}), Sample([(0, 2, 4, 3)], {"kernel": (2, 2)})),
        gradient=(0,),
        dtypes=FLOATS,
        exact=True,
        refused=(
            Refused([(2, 2, 4, 3)], {"kernel": 2}, ValueError, "1 spatial axes"),
            Refused([(2, 2, 1, 3)], {"kernel": (2, 2)}, ValueError, "a window covers 2 elements"),
            Refused([(2, 2, 4, 3)], {"kernel": (2, 2), "stride": 1}, ValueError, "as many entries as kernel"),
        ),
    ),
    Row(
        "col2im",
        None,
        (
            Sample([(2, 8, 6)], {"kernel": (2, 2), "output_size": (3, 4)}),
            Sample([(1, 6, 3)], {"kernel": 3, "output_size": 5, "stride": 2, "pad": 1}),
            Sample([(1, 8, 2)], {"kernel": (2, 1, 2), "output_size": (3, 1, 2), "dilate": (1, 1, 1)}),
        ),
        gradient=(0,),
        dtypes=FLOATS,
        covered_by=GOLDEN,
        refused=(
            Refused([(2, 8, 5)], {"kernel": (2, 2), "output_size": (3, 4)}, ValueError, "must have 6 windows"),
            Refused([(2, 7, 6)], {"kernel": (2, 2), "output_size": (3, 4)}, ValueError, "a multiple of the kernel's 4"),
        ),
    ),
    Row(
        "ROIPooling",
        None,
        (
            Sample([(2, 2, 5, 5), ROIS], {"pooled_size": (2, 2), "spatial_scale": 1.0}),
            Sample([(2, 2, 4, 3), ROIS], {"pooled_size": (3, 2), "spatial_scale": 0.5}),
        ),
        gradient=(0,),
        dtypes=("float64",),
        distinct=True,
        covered_by=GOLDEN,
        refused=(
            Refused(
                [(2, 2, 5, 5), (1, 4)], {"pooled_size": 2, "spatial_scale": 1.0}, ValueError, "pooled_size must be"
            ),
            Refused(
                [(2, 5, 5), (1, 5)], {"pooled_size": (2, 2), "spatial_scale": 1.0}, ValueError, "must have the axes"
            ),
        ),
    ),
    Row(
        "_contrib_ROIAlign",
        None,
        (
            Sample([(2, 2, 5, 5), ROIS], {"pooled_size": (2, 2), "spatial_scale": 1.0}),
            Sample([(2, 2, 4, 3), ROIS], {"pooled_size": (3, 2), "spatial_scale": 0.5, "sample_ratio": 2}),
            Sample([(2, 4, 4, 3), ROIS], {"pooled_size": (2, 2), "spatial_scale": 0.5, "position_sensitive": True}),
            Sample([(2, 2, 4, 3), ROIS], {"pooled_size": (2, 2), "spatial_scale": 0.9, "aligned": True}),
        ),
        gradient=(0,),
        dtypes=("float64",),
        covered_by=GOLDEN,
        refused=(
            Refused([(2, 2, 5, 5), (1, 4)], {"pooled_size": (2, 2), "spatial_scale": 1.0}, ValueError, "rois and"),
            Refused(
                [(2, 2, 5, 5), (1, 5)],
                {"pooled_size": (2, 2), "spatial_scale": 1.0, "position_sensitive": True},
                ValueError,
                "a multiple of 4 channels",
            ),
        ),
    ),
    Row(
        "_contrib_PSROIPooling",
        None,
        (
            Sample([(2, 8, 5, 5), ROIS], {"pooled_size": 2, "spatial_scale": 1.0, "output_dim": 2}),
            Sample([(2, 4, 4, 3), ROIS], {"pooled_size": 3, "spatial_scale": 0.5, "output_dim": 1, "group_size": 2}),
        ),
        gradient=(0,),
        dtypes=("float64",),
        covered_by=GOLDEN,
        refused=(
            Refused(
                [(2, 2, 5, 5), (1, 5)],
                {"pooled_size": 2, "spatial_scale": 1.0, "output_dim": 1},
                ValueError,
                "= 4 channels",
            ),
        ),
    ),
    Row(
        "_contrib_DeformableConvolution",
        None,
        (
            Sample([(2, 2, 4, 3), (2, 8, 3, 2), (2, 2, 2, 2), (2,)], DEFORMABLE),
            Sample(
                [(1, 4, 4, 3), (1, 16, 1, 3), (2, 2, 2, 2)],
                {
                    **DEFORMABLE,
                    "num_group": 2,
                    "num_deformable_group": 2,
                    "stride": (2, 1),
                    "pad": (0, 1),
                    "dilate": (2, 2),
                }
                | {"no_bias": True},
            ),
        ),
        gradient=(0, 1, 2, 3),
        domain=(-0.95, 0.95),
        covered_by=GOLDEN,
        distinct=True,
        refused=(
            Refused([(2, 2, 4, 3), (2, 7, 3, 2), (2, 2, 2, 2), (2,)], DEFORMABLE, ValueError, "offset and expected"),
            Refused([(2, 2, 1, 3), (2, 8, 3, 2), (2, 2, 2, 2), (2,)], DEFORMABLE, ValueError, "as large as the kernel"),
            Refused(
                [(2, 3, 4, 3), (2, 8, 3, 2), (2, 2, 2, 2), (2,)], {**DEFORMABLE, "num_group": 2}, ValueError, "multiple"
            ),
            Refused(
                [(2, 2, 4), (2, 8, 3), (2, 2, 2), (2,)], {"kernel": 2, "num_filter": 2}, ValueError, "kernel must be"
            ),
        ),
    ),
    Row(
        "_contrib_ModulatedDeformableConvolution",
        None,
        (
            Sample([(2, 2, 4, 3), (2, 8, 3, 2), (2, 4, 3, 2), (2, 2, 2, 2), (2,)], DEFORMABLE),
            Sample(
                [(1, 2, 3, 3), (1, 8, 4, 4), (1, 4, 4, 4), (2, 2, 2, 2)], {**DEFORMABLE, "pad": (1, 1), "no_bias": True}
            ),
        ),
        gradient=(0, 1, 2, 3, 4),
        domain=(-0.95, 0.95),
        covered_by=GOLDEN,
        distinct=True,
        refused=(
            Refused(
                [(2, 2, 4, 3), (2, 8, 3, 2), (2, 3, 3, 2), (2, 2, 2, 2), (2,)],
                DEFORMABLE,
                ValueError,
                "mask and expected",
            ),
        ),
    ),
]
