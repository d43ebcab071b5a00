"""Pooling over one to three spatial axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.composing import gather, places
from paratrain.ops.flops import elements
from paratrain.ops.nn import Shapes, joined
from paratrain.ops.nn_conv import spatial
from paratrain.ops.params import choice, flag, integer, ints
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, output_like, product, show

_LAYOUTS = ("NCDHW", "NCHW", "NCW", "NDHWC", "NHWC", "NWC")

_PARAMS = {
    "kernel": ints((), "Sizes of the window: (w,), (h, w) or (d, h, w). Not used by global pooling."),
    "pool_type": choice(("avg", "lp", "max", "sum"), "max", "What becomes of the elements of a window."),
    "global_pool": flag(False, "One window over the whole of each channel."),
    "cudnn_off": flag(False, "Do without cuDNN. Results are the same; only speed depends on it."),
    "pooling_convention": choice(
        ("full", "same", "valid"),
        "valid",
        "Number of windows: 'valid' rounds down, 'full' rounds up, 'same' is (size + 2 pad) / stride rounded up.",
    ),
    "stride": ints((), "Step of the window along each axis; 1 if not given.", low=1),
    "pad": ints((), "Elements added on both sides of each axis; 0 if not given.", low=0),
    "p_value": integer(None, "For 'lp': the p-th root of the sum of p-th powers.", low=1, high=3),
    "count_include_pad": flag(None, "For 'avg': whether padding counts as elements; true if not given."),
    "layout": choice(_LAYOUTS, None, "Order of the axes; NCW, NCHW or NCDHW if not given."),
}


def _is_channels_last(attrs: Attrs) -> bool:
    return attrs["layout"] is not None and attrs["layout"].endswith("C")


def _windows(attrs: Attrs, data: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Kernel, stride and pad for data of the given spatial sizes."""
    axes = len(data)
    if attrs["global_pool"]:
        return tuple(data), (1,) * axes, (0,) * axes
    return attrs["kernel"], spatial(attrs, "stride", 1), spatial(attrs, "pad", 0)


def _size(attrs: Attrs, d: int, size: int) -> int:
    if size == -1:
        return -1
    kernel, stride, pad = attrs["kernel"][d], spatial(attrs, "stride", 1)[d], spatial(attrs, "pad", 0)[d]
    padded = size + 2 * pad
    if kernel > padded:
        raise ValueError(
            f"data must be at least as large as the kernel {attrs['kernel']}; spatial axis {d} has {size} elements, "
            f"{padded} with padding"
        )
    if attrs["pooling_convention"] == "same":
        return -(-padded // stride)
    steps = padded - kernel
    return 1 + (-(-steps // stride) if attrs["pooling_convention"] == "full" else steps // stride)


def _check(attrs: Attrs, shape: MaybeShape) -> None:
    axes = len(attrs["kernel"])
    if attrs["pool_type"] == "lp" and attrs["p_value"] is None:
        raise ValueError("p_value must be 1, 2 or 3 for pool_type 'lp'; got None")
    if not attrs["global_pool"]:
        if axes not in (1, 2, 3) or 0 in attrs["kernel"]:
            raise ValueError(f"kernel must have one to three sizes >= 1; got {attrs['kernel']}")
        if any(p >= k for p, k in zip(spatial(attrs, "pad", 0), attrs["kernel"])):
            raise ValueError(f"pad must be smaller than kernel; got pad {attrs['pad']}, kernel {attrs['kernel']}")
    if shape is None:
        return
    if len(shape) not in (3, 4, 5) or (not attrs["global_pool"] and len(shape) != axes + 2):
        expected = "3 to 5" if attrs["global_pool"] else str(axes + 2)
        raise ValueError(f"data must have {expected} axes for kernel {attrs['kernel']}; got {show(shape)}")
    if attrs["layout"] is not None and len(attrs["layout"]) != len(shape):
        raise ValueError(f"layout must have {len(shape)} letters for data {show(shape)}; got {attrs['layout']!r}")


def _shape(attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]) -> Shapes:
    data, out = ins[0], outs[0]
    _check(attrs, data)
    if data is None:
        return ins, [out] * len(outs)
    last = _is_channels_last(attrs)
    inner = data[1:-1] if last else data[2:]
    sizes = tuple(1 for _ in inner) if attrs["global_pool"] else tuple(_size(attrs, d, n) for d, n in enumerate(inner))
    out = joined(out, (data[0], *sizes, data[-1]) if last else (*data[:2], *sizes), "result and expected shape")
    batch = joined(data[:1], out[:1])
    return [(*batch, *data[1:])], [out] * len(outs)


def _index_dtype(kernel: Sequence[int]) -> str:
    return "uint8" if product(kernel) <= 255 else "int32"


def _outputs(attrs: Attrs) -> tuple[str, ...]:
    return ("output", "indices") if attrs["pool_type"] == "max" else ("output",)


def _dtype(attrs: Attrs, ins: list[MaybeDtype], outs: list[MaybeDtype]) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
    dtype = ins[0] or outs[0]
    # A global window is as large as the data, which is not known here.
    index = "int32" if attrs["global_pool"] else _index_dtype(attrs["kernel"])
    return [dtype], [dtype, index][: len(outs)]


def _kernel(name: str, data: int) -> Any:
    """Kernel `name`; `data` is the position of an input with the shape of the data."""

    def kernel(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> tuple[str, Attrs]:
        last = _is_channels_last(attrs)
        shape = ins[data][0]
        windows, stride, pad = _windows(attrs, shape[1:-1] if last else shape[2:])
        counted = attrs["count_include_pad"]
        return name, {
            "kernel": windows,
            "stride": stride,
            "pad": pad,
            "pool_type": attrs["pool_type"],
            "count_include_pad": True if counted is None else counted,
            "p_value": attrs["p_value"] or 2,
            "channels_last": last,
        }

    return kernel


def _window_size(attrs: Attrs, data: Sequence[int]) -> int:
    return product(_windows(attrs, data[1:-1] if _is_channels_last(attrs) else data[2:])[0])


def _gradient_flops(attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> int:
    # the gradient of a maximum goes to one place; that of a sum to each
    return elements(ins[0]) * (1 if attrs["pool_type"] == "max" else _window_size(attrs, ins[1][0]))


def _gradient(g: GradContext) -> Sequence[Any]:
    if g.attrs["pool_type"] == "lp":
        return [g.F._backward_Pooling_lp(g.grad(), g.inputs[0], g.outputs[0], **g.attrs)]
    return [g.F._backward_Pooling(g.grad(), g.inputs[0], *g.outputs[1:], **g.attrs)]


def _composed(g: GradContext) -> Any:
    F, data, attrs = g.F, g.inputs[0], g.attrs
    if attrs["pool_type"] in ("avg", "sum"):  # linear: the gradient of its gradient is itself
        return None
    if attrs["pool_type"] == "lp":
        p = attrs["p_value"] or 2
        sums = F.Pooling(F._power_scalar(F.abs(data), scalar=p), **{**attrs, "pool_type": "sum"})
        return F._power_scalar(sums, scalar=1 / p)
    chosen = F.Cast(g.outputs[1], dtype="int64")
    first = 1 if _is_channels_last(attrs) else 2
    kernel, stride, pad = _windows(attrs, data.shape[first : len(data.shape) - 2 + first])
    at = [places(F, chosen, d) for d in range(len(data.shape))]
    for d, size in enumerate(kernel):
        inner = product(kernel[d + 1 :])
        behind = F._mod_scalar(chosen, scalar=inner * size)
        inside = F._div_scalar(F.elemwise_sub(behind, F._mod_scalar(behind, scalar=inner)), scalar=inner)
        corner = F._minus_scalar(F._mul_scalar(at[first + d], scalar=stride[d]), scalar=pad[d])
        at[first + d] = F.broadcast_add(corner, inside)
    return gather(F, data, at)


define(
    "Pooling",
    "Pooling: the maximum, mean, sum or p-norm of each window of each channel.\n\n"
    "A spatial axis of the result has ``(size + 2 pad - kernel) / stride + 1`` elements, rounded down "
    "(``pooling_convention='valid'``) or up ('full'). Max pooling keeps the place of each maximum for the gradient.",
    inputs={"data": "Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W), or as `layout` says."},
    params=_PARAMS,
    outputs=_outputs,
    visible=1,
    shape=_shape,
    dtype=_dtype,
    kernel=_kernel("pooling", 0),
    gradient=_gradient,
    composed=_composed,
    layout="any",
    flops=lambda attrs, ins, outs: elements(outs[0]) * _window_size(attrs, ins[0][0]),
    example=""">>> mx.nd.Pooling(mx.nd.array([[[[1, 2], [3, 4]]]]), kernel=(2, 2), pool_type='max').asnumpy()
array([[[[4.]]]], dtype=float32)""",
)


def _linear_gradient(g: GradContext) -> Sequence[Any]:
    if g.attrs["pool_type"] == "max":
        raise NotImplementedError("[Pooling] this gradient of max pooling cannot be differentiated again")
    return [g.F.Pooling(g.grad(), **g.attrs), None]


_BACKWARD: dict[str, Any] = {
    "params": _PARAMS,
    "shape": output_like(1),
    "dtype": lambda attrs, ins, outs: (ins, [ins[0]]),
    "kernel": _kernel("pooling_grad", 1),
    "layout": "any",
    "flops": _gradient_flops,
}
define(
    "_backward_Pooling",
    "Gradient of max, average and sum pooling.",
    inputs={"grad": "dY.", "like": "Gives the shape of the data.", "indices": "Place of each maximum, for 'max'."},
    present=lambda attrs: ("grad", "like", "indices") if attrs["pool_type"] == "max" else ("grad", "like"),
    shape_only=("like",),
    gradient=_linear_gradient,
    **_BACKWARD,
)
define(
    "_backward_Pooling_lp",
    "Gradient of pooling by p-norms.",
    inputs={"grad": "dY.", "data": "The data.", "output": "The result."},
    gradient_free=True,
    **_BACKWARD,
)
