"""Operators on images (H, W, C)."""

from __future__ import annotations

import numpy as np
from table import FLOATS, Refused, Row, Sample

IMAGES = (*FLOATS, "uint8")
WHERE = "test_image.py"


def to_tensor(x):
    return np.moveaxis(x.astype(np.float64), -1, -3) / 255


def normalize(x, mean, std):
    mean, std = (np.reshape(v, (-1, 1, 1)) for v in (mean, std))
    return (x - mean) / std


def crop(x, x_, y, width, height):
    return x[..., y : y + height, x_ : x_ + width, :]


def nearest(x, size, interp):
    rows = (np.arange(size[1]) * x.shape[-3] / size[1]).astype(int)
    columns = (np.arange(size[0]) * x.shape[-2] / size[0]).astype(int)
    return x[..., rows, :, :][..., columns, :]


def image_row(op, reference, samples, refused=(), **fields):
    return Row(f"_image_{op}", reference, samples, domain=(0.0, 200.0), refused=refused, **fields)


def colour(op, attrs, refused=()):
    """Rows of operators whose factor is fixed or does not show: they must change nothing."""
    samples = (Sample([(3, 2, 3)], attrs), Sample([(3, 2, 1)], attrs), Sample([(0, 2, 3)], attrs))
    wrong = Refused([(2, 3, 2, 3)], attrs, ValueError, r"data must have the axes \(H, W, C\)")
    return image_row(op, lambda x, **_: x, samples, (*refused, wrong), dtypes=("float32", "uint8"), scale=10.0)


ONE = {"min_factor": 1.0, "max_factor": 1.0}
ROWS = [
    image_row(
        "to_tensor",
        to_tensor,
        (Sample([(3, 2, 3)]), Sample([(2, 3, 2, 1)]), Sample([(0, 2, 3)])),
        (Refused([(3, 2)], {}, ValueError, "data must have the axes"),),
        dtypes=(*IMAGES, "int32", "int64", "int8", "bool"),
        scale=1e3,
    ),
    image_row(
        "normalize",
        normalize,
        (
            Sample([(3, 2, 4)], {"mean": (0.5, 0.4, 0.3), "std": (0.2, 0.3, 0.4)}),
            Sample([(2, 1, 2, 2)], {"mean": 0.5, "std": 0.25}),
        ),
        (
            Refused([(3, 2, 4)], {}, ValueError, "mean must be one number or one for each of 3"),
            Refused([(2, 2, 4)], {"mean": 0.0, "std": 1.0}, ValueError, "with 1 or 3 channels"),
            Refused([(3, 2, 4)], {"mean": 0.0, "std": "x"}, TypeError, "std must be tuple of float"),
        ),
        dtypes=("float32", "float64"),
        gradient=(0,),
        scale=1e3,
    ),
    *(
        image_row(
            f"flip_{name}",
            lambda x, axis=axis: np.flip(x, axis),
            (Sample([(3, 2, 3)]), Sample([(2, 3, 5, 1)]), Sample([(0, 2, 3)])),
            (Refused([(3, 2)], {}, ValueError, "data must have the axes"),),
            dtypes=(*IMAGES, "int32", "int64"),
            gradient=(0,),
            exact=True,
        )
        for name, axis in (("left_right", -2), ("top_bottom", -3))
    ),
    *(
        image_row(
            f"random_flip_{name}",
            None,
            (Sample([(3, 2, 3)]), Sample([(2, 3, 5, 1)])),
            (Refused([(3, 2)], {}, ValueError, "data must have the axes"),),
            dtypes=(*IMAGES, "int32", "int64"),
            covered_by=WHERE,
        )
        for name in ("left_right", "top_bottom")
    ),
    image_row(
        "crop",
        lambda a, **attrs: crop(a, attrs.pop("x"), **attrs),
        (
            Sample([(4, 5, 3)], {"x": 1, "y": 2, "width": 3, "height": 1}),
            Sample([(2, 4, 5, 1)], {"x": 0, "y": 0, "width": 5, "height": 4}),
        ),
        (
            Refused([(4, 5, 3)], {"x": 3, "y": 2, "width": 3, "height": 1}, ValueError, "x and width must lie"),
            Refused([(4, 5, 3)], {"x": 0, "y": 2, "width": 3, "height": 3}, ValueError, "y and height must lie"),
            Refused([(4, 5, 3)], {"x": -1, "y": 2, "width": 3, "height": 3}, ValueError, "x must be int >= 0"),
        ),
        dtypes=(*IMAGES, "int32"),
        gradient=(0,),
        exact=True,
    ),
    image_row(
        "resize",
        nearest,
        (
            Sample([(4, 5, 3)], {"size": (7, 2), "interp": 0}),
            Sample([(2, 4, 6, 1)], {"size": (3, 8), "interp": 0}),
            Sample([(0, 4, 6, 1)], {"size": (3, 8), "interp": 0}),
        ),
        (
            Refused([(4, 5, 3)], {}, ValueError, "size must be"),
            Refused([(4, 0, 3)], {"size": 2}, ValueError, "at least one row and column"),
            Refused([(4, 4, 3)], {"size": 2, "interp": 9}, ValueError, "interp must be int in 0..4"),
        ),
        dtypes=IMAGES,
        exact=True,
    ),
    colour("random_brightness", ONE, (Refused([(3, 2, 3)], {"min_factor": 2, "max_factor": 1}, ValueError, "larger"),)),
    colour(
        "random_contrast", ONE, (Refused([(3, 2, 3)], {"min_factor": -1, "max_factor": 1}, ValueError, "min_factor"),)
    ),
    colour("random_saturation", ONE),
    colour("random_hue", {"min_factor": 0.0, "max_factor": 0.0}),
    colour("random_color_jitter", {"brightness": 0, "contrast": 0, "saturation": 0, "hue": 0}),
    colour("adjust_lighting", {"alpha": (0, 0, 0)}, (Refused([(3, 2, 3)], {"alpha": 1.0}, ValueError, "3 numbers"),)),
    colour("random_lighting", {"alpha_std": 0.0}),
]
