"""Convolutions whose windows are deformed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.flops import weighted_flops
from paratrain.ops.nn import joined
from paratrain.ops.nn_conv import spatial
from paratrain.ops.params import choice, flag, integer, ints
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import merge
from paratrain.ops.vision import FLOATS, Shapes, Specs, axes_of, of_types


def _check(attrs: Attrs) -> None:
    if len(attrs["kernel"]) != 2:
        raise ValueError(f"kernel must be (height, width); got {attrs['kernel']}")
    if attrs["num_filter"] % attrs["num_group"]:
        raise ValueError(f"num_filter must be a multiple of num_group {attrs['num_group']}; got {attrs['num_filter']}")
    if attrs["layout"] not in (None, "NCHW"):
        raise ValueError(f"layout must be 'NCHW' or None; got {attrs['layout']!r}")


def _result_size(attrs: Attrs, d: int, n: int) -> int:
    if n == -1:
        return -1
    covered = spatial(attrs, "dilate", 1)[d] * (attrs["kernel"][d] - 1) + 1
    padded = n + 2 * spatial(attrs, "pad", 0)[d]
    if padded < covered or n == 0:
        raise ValueError(f"data must be at least as large as the kernel, which covers {covered} elements; got {padded}")
    return (padded - covered) // spatial(attrs, "stride", 1)[d] + 1


def _shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    _check(attrs)
    data, filters, kernel = axes_of(ins[0], "N, C, H, W"), attrs["num_filter"], attrs["kernel"]
    names = _inputs(attrs)
    new = list(ins)
    if "bias" in names:
        new[-1] = merge(ins[-1], (filters,), "bias and (num_filter,)")
    if data is None:
        return new, outs
    if any(data[1] != -1 and data[1] % attrs[n] for n in ("num_group", "num_deformable_group")):
        raise ValueError(
            f"the channels of data must be a multiple of num_group and num_deformable_group; got {data[1]}"
        )
    size = [_result_size(attrs, d, n) for d, n in enumerate(data[2:])]
    per_group = -1 if data[1] == -1 else data[1] // attrs["num_group"]
    places = attrs["num_deformable_group"] * kernel[0] * kernel[1]
    wanted = {
        "offset": (data[0], 2 * places, *size),
        "mask": (data[0], places, *size),
        "weight": (filters, per_group, *kernel),
    }
    for at, name in enumerate(names):
        if name in wanted:
            new[at] = joined(ins[at], wanted[name], f"{name} and expected shape")
    return new, [joined(outs[0], (data[0], filters, *size), "result and expected shape")]


def _is_modulated(attrs: Attrs) -> bool:
    return "im2col_step" in attrs


def _inputs(attrs: Attrs) -> tuple[str, ...]:
    mask = ("mask",) if _is_modulated(attrs) else ()
    return ("data", "offset", *mask, "weight", *(() if attrs["no_bias"] else ("bias",)))


def _kernel(name: str) -> Any:
    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        geometry = {n: spatial(attrs, n, d) for n, d in (("stride", 1), ("dilate", 1), ("pad", 0))}
        groups = {n: attrs[n] for n in ("kernel", "num_group", "num_deformable_group")}
        return name, {**groups, **geometry, "modulated": _is_modulated(attrs), "has_bias": not attrs["no_bias"]}

    return kernel


def _gradient(name: str) -> Any:
    def gradient(g: GradContext) -> Sequence[Any]:
        arrays = g.inputs if g.attrs["no_bias"] else g.inputs[:-1]
        return getattr(g.F, name)(g.grad(), *arrays, **g.attrs)

    return gradient


def _flops(attrs: Attrs, ins: Specs, outs: Specs) -> int:
    weight = ins[3 if _is_modulated(attrs) else 2]
    return weighted_flops(lambda ins, outs: outs[0], lambda ins, outs: weight)(attrs, ins, outs)


def _backward_inputs(attrs: Attrs) -> tuple[str, ...]:
    return ("grad", *(n for n in _inputs(attrs) if n != "bias"))


def _backward_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    return ins, [*ins[1:], *([] if attrs["no_bias"] else [(attrs["num_filter"],)])]


_LAYOUTS = ("NCDHW", "NCHW", "NCW")
_PARAMS = {
    "kernel": ints(doc="Height and width of the kernel.", low=1),
    "stride": ints((), "Step of the window along each axis; 1 if not given.", low=1),
    "dilate": ints((), "Distance of the kernel's elements along each axis; 1 if not given.", low=1),
    "pad": ints((), "Zeros added on both sides of each axis; 0 if not given.", low=0),
    "num_filter": integer(doc="Number of filters, that is of channels of the result.", low=1),
    "num_group": integer(1, "Number of groups into which the channels are divided.", low=1),
    "num_deformable_group": integer(1, "Number of groups of channels with offsets of their own.", low=1),
    "workspace": integer(1024, "Accepted for MXNet's sake; images are worked on one by one.", low=0),
    "no_bias": flag(False, "Leave the bias out."),
}
_LAYOUT = {"layout": choice(_LAYOUTS, None, "Order of the axes: must be NCHW, or None for it.")}
_IM2COL = {"im2col_step": integer(64, "Accepted for MXNet's sake; images are worked on one by one.", low=1)}
_INPUTS = {
    "data": "Images (N, C, H, W).",
    "offset": "By how much each place of each window is moved, (N, 2 * groups * kernel size, H', W'): rows, columns.",
    "mask": "Weight of each place of each window, (N, groups * kernel size, H', W').",
    "weight": "Shape (num_filter, C / num_group, *kernel).",
    "bias": "Shape (num_filter,).",
}
for _name, _doc, _params, _example in (
    (
        "DeformableConvolution",
        "Convolution whose windows read at places moved by `offset`, by bilinear interpolation; zero outside of the "
        "image. The offsets are most often computed by another convolution.",
        {**_PARAMS, **_LAYOUT},
        """>>> import paratrain as mx
>>> x = mx.nd.array([[[[1, 2], [3, 5]]]])
>>> offset = mx.nd.zeros((1, 2, 2, 2)) + 0.5
>>> y = mx.nd.contrib.DeformableConvolution(x, offset, mx.nd.ones((1, 1, 1, 1)), kernel=(1, 1), num_filter=1,
...                                         no_bias=True)
>>> y.asnumpy()[0, 0]
array([[2.75, 3.5 ],
       [4.  , 5.  ]], dtype=float32)""",
    ),
    (
        "ModulatedDeformableConvolution",
        "Deformable convolution in which each place of each window has a weight, `mask`. The image ends in zeros, into "
        "which its last elements fade.",
        {**_PARAMS, **_IM2COL, **_LAYOUT},
        """>>> import paratrain as mx
>>> x = mx.nd.array([[[[1, 2], [3, 5]]]])
>>> offset, mask = mx.nd.zeros((1, 2, 2, 2)) + 0.5, mx.nd.ones((1, 1, 2, 2))
>>> y = mx.nd.contrib.ModulatedDeformableConvolution(x, offset, mask, mx.nd.ones((1, 1, 1, 1)), kernel=(1, 1),
...                                                  num_filter=1, no_bias=True)
>>> y.asnumpy()[0, 0]
array([[2.75, 1.75],
       [2.  , 1.25]], dtype=float32)""",
    ),
):
    _used = {k: v for k, v in _INPUTS.items() if k != "mask" or "im2col_step" in _params}
    define(
        f"_contrib_{_name}",
        _doc,
        inputs=_used,
        present=_inputs,
        params=_params,
        shape=_shape,
        dtype=of_types(FLOATS),
        kernel=_kernel("deformable_convolution"),
        gradient=_gradient(f"_backward_{_name}"),
        flops=_flops,
        example=_example,
    )
    define(
        f"_backward_{_name}",
        f"Gradients of {_name} with respect to all its inputs.",
        inputs={"grad": "dY.", **{k: v for k, v in _used.items() if k != "bias"}},
        present=_backward_inputs,
        params=_params,
        outputs=_inputs,
        shape=_backward_shape,
        kernel=_kernel("deformable_convolution_grad"),
        gradient_free=True,
        flops=weighted_flops(lambda ins, outs: ins[0], lambda ins, outs: ins[-1]),
    )
