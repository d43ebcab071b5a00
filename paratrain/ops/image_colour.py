"""Random changes of the colours of an image (H, W, C).

Gradients pass unchanged, as in MXNet: augmentation is no part of what is learned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain.ops.flops import per_element
from paratrain.ops.params import real, reals
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import MaybeShape, merge, show
from paratrain.ops.vision import FLOATS, Shapes, Specs, of_types

_DATA = {"data": "Image (H, W, C) with 1 or 3 channels, of uint8 or real numbers."}
_TYPES = ("uint8", *FLOATS)
# numbers of the changes, as in ext/kernels/image/colour.h
_KINDS = {"brightness": 0, "contrast": 1, "saturation": 2, "hue": 3}


def _shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data: MaybeShape = merge(ins[0], outs[0])
    if data is not None and (len(data) != 3 or data[2] not in (-1, 1, 3)):
        raise ValueError(f"data must have the axes (H, W, C) with 1 or 3 channels; got {show(data)}")
    return [data], [data]


def _colour(name: str, doc: str, example: str, **fields: Any) -> None:
    define(
        f"_image_{name}",
        doc,
        inputs=_DATA,
        shape=_shape,
        dtype=of_types(_TYPES),
        gradient=lambda g: [g.grad()],
        flops=per_element(4),
        example=example,
        **fields,
    )


def _one(kind: str) -> Callable[..., tuple[str, Attrs]]:
    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        low, high = attrs["min_factor"], attrs["max_factor"]
        if not low <= high:
            raise ValueError(f"min_factor must not be larger than max_factor; got {low} and {high}")
        return "image_colour", {"kinds": (_KINDS[kind],), "low": (low,), "high": (high,), "shuffled": False}

    return kernel


for _kind, _doc in (
    ("brightness", "The image times a random factor."),
    ("contrast", "The differences of the image from its mean gray times a random factor."),
    ("saturation", "The differences of each pixel from its gray times a random factor."),
    ("hue", "The image with its hues turned by a random part of the circle."),
):
    _colour(
        f"random_{_kind}",
        _doc,
        f""">>> import paratrain as mx
>>> x = mx.nd.ones((2, 2, 3), dtype="uint8") * 100
>>> mx.nd.image.random_{_kind}(x, 0.5, 0.5).asnumpy()[0, 0]
array([{"50,  50,  50" if _kind == "brightness" else "100, 100, 100"}], dtype=uint8)""",
        params={
            "min_factor": real(doc="Smallest factor.", low=0.0, high=1e6),
            "max_factor": real(doc="Largest factor.", low=0.0, high=1e6),
        },
        kernel=_one(_kind),
        random=True,
    )


def _jitter(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    used = [k for k in _KINDS if attrs[k] > 0]
    middle = [0.0 if k == "hue" else 1.0 for k in used]
    return "image_colour", {
        "kinds": tuple(_KINDS[k] for k in used),
        "low": tuple(m - attrs[k] for k, m in zip(used, middle)),
        "high": tuple(m + attrs[k] for k, m in zip(used, middle)),
        "shuffled": True,
    }


_colour(
    "random_color_jitter",
    "Random changes of brightness, contrast, saturation and hue, in random order.\n\n"
    "A factor is drawn from ``[1 - x, 1 + x]``, the turn of the hue from ``[-x, x]``; 0 leaves the change out.",
    """>>> import paratrain as mx
>>> mx.nd.image.random_color_jitter(mx.nd.ones((2, 2, 3)), 0, 0, 0, 0).asnumpy()[0, 0]
array([1., 1., 1.], dtype=float32)""",
    params={k: real(doc=f"How much {k} changes.", low=0.0, high=1e6) for k in _KINDS},
    kernel=_jitter,
    random=True,
)


def _adjust(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    if len(attrs["alpha"]) != 3:
        raise ValueError(f"[_image_adjust_lighting] alpha must be 3 numbers; got {attrs['alpha']}")
    return "image_lighting", {"alpha": attrs["alpha"]}


_colour(
    "adjust_lighting",
    "The image with a colour added: `alpha` parts of the main directions in which colours of natural images differ.",
    """>>> import paratrain as mx
>>> x = mx.nd.ones((1, 1, 3), dtype="uint8") * 100
>>> mx.nd.image.adjust_lighting(x, (1, 0, 0)).asnumpy()[0, 0]
array([68, 67, 67], dtype=uint8)""",
    params={"alpha": reals(doc="How much of each of the three directions.")},
    kernel=_adjust,
)
_colour(
    "random_lighting",
    "The image with a random colour added; see `adjust_lighting`.",
    """>>> import paratrain as mx
>>> mx.nd.image.random_lighting(mx.nd.ones((2, 2, 3)), 0.0).asnumpy()[0, 0]
array([1., 1., 1.], dtype=float32)""",
    params={"alpha_std": real(0.05, "Standard deviation of the three parts.", low=0.0, high=1e6)},
    kernel=lambda attrs, ins, outs: ("image_lighting", {"std": attrs["alpha_std"]}),
    random=True,
)
