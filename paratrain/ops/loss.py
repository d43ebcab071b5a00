"""Softmax and its kin, and output layers, whose gradient is that of a loss whatever arrives from above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.flops import elements, per_element
from paratrain.ops.indexing import first_dtype
from paratrain.ops.nn import weight_outputs
from paratrain.ops.params import choice, flag, integer, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, axis_of, merge, output_like, product, show
from paratrain.ops.strides import outer_axis_inner

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]
FLOATS = ("float32", "float64", "float16", "bfloat16")

# Softmax


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return shape[:axis] + shape[axis + 1 :]


def _softmax_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[0], outs[0])
    if shape is None:
        return ins, outs
    at = axis_of(attrs["axis"], len(shape))
    return [shape, *[merge(s, _without(shape, at), "length and rows of data") for s in ins[1:]]], [shape]


def _softmax_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    data, wanted = ins[0], attrs["dtype"]
    if data is not None and data not in FLOATS:
        raise TypeError(f"data must have one of the dtypes {', '.join(FLOATS)}; got {data}")
    if data and wanted and wanted != data and not (wanted == "float32" and data in ("float16", "bfloat16")):
        raise TypeError(f"dtype must be that of data or float32 for 16-bit data; got {wanted} for {data}")
    return [data or (None if wanted else outs[0]), *ins[1:]], [wanted or data or outs[0]]


def _softmax_attrs(attrs: Attrs, shape: tuple[int, ...]) -> Attrs:
    return {
        "view": outer_axis_inner(shape, axis_of(attrs["axis"], len(shape))),
        "scale": (-1.0 if attrs["negate"] else 1.0) / (attrs["temperature"] or 1.0),
        "log": attrs["log"],
        "has_length": bool(attrs["use_length"]),
    }


def _softmax_params(use_length: bool) -> Attrs:
    params = {
        "axis": integer(-1, "Axis along which the results sum to 1."),
        "temperature": real(None, "Divides the input first; default 1.", optional=True),
        "dtype": choice(("float16", "float32", "float64"), None, "Element type of the result.", optional=True),
    }
    sentence = "Whether `length` is given." if use_length else "Must be False."
    return {**params, "use_length": flag(False, sentence, optional=True)}


def _softmax(name: str, doc: str, log: bool, negate: bool, use_length: bool) -> None:
    """Define one of the family; `negate`: of the negative input."""
    kind = {"log": log, "negate": negate}

    def inputs_of(attrs: Attrs) -> tuple[str, ...]:
        if attrs["use_length"] and not use_length:
            raise ValueError(f"[{name}] use_length must be False; only softmax takes lengths")
        return ("data", "length") if attrs["use_length"] else ("data",)

    def gradient(g: GradContext) -> Sequence[Any]:
        lengths = list(g.inputs[1:])
        attrs = {k: g.attrs[k] for k in ("axis", "temperature")}
        value = g.F._backward_softmax(
            g.grad(), g.outputs[0], g.inputs[0], *lengths, **attrs, **kind, use_length=bool(lengths)
        )
        return [value, *[None] * len(lengths)]

    inputs = {"data": "Input array."}
    if use_length:
        inputs["length"] = "Valid places along the axis, shape of `data` without it; the others give 0."
    define(
        name,
        doc,
        inputs=inputs,
        present=inputs_of,
        params=_softmax_params(use_length),
        shape=_softmax_shape,
        dtype=_softmax_dtype,
        kernel=lambda attrs, ins, outs: ("softmax", _softmax_attrs({**attrs, **kind}, ins[0][0])),
        gradient=gradient,
        flops=per_element(4),
    )


_softmax("softmax", "``exp(x_i) / sum_j exp(x_j)`` along an axis.", False, False, True)
_softmax("log_softmax", "``x_i - log(sum_j exp(x_j))`` along an axis.", True, False, False)
_softmax("softmin", "``exp(-x_i) / sum_j exp(-x_j)`` along an axis.", False, True, False)


def _softmax_back_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = outs[0]
    for s in ins[:3]:
        shape = merge(shape, s)
    return [shape, shape, shape, *ins[3:]], [shape]


def _softmax_back_grad(g: GradContext) -> Sequence[Any]:
    # dX = s Y (dY - sum(dY Y)) is symmetric in dY; the way through Y is left to the first-order parts
    (dy, y, x), G, F = g.inputs[:3], g.grad(), g.F
    if g.attrs["use_length"]:
        raise NotImplementedError("[softmax] with lengths has no second derivative")
    axis = g.attrs["axis"]
    scale = (-1.0 if g.attrs["negate"] else 1.0) / (g.attrs["temperature"] or 1.0)

    def total(v: Any) -> Any:
        return F.sum(v, axis=axis, keepdims=True)

    if g.attrs["log"]:
        share = F.exp(y)
        to_dy = F._mul_scalar(F.broadcast_sub(G, total(F.elemwise_mul(G, share))), scalar=scale)
        to_y = F._mul_scalar(F.broadcast_mul(F.elemwise_mul(G, share), total(dy)), scalar=-scale)
        return [to_dy, to_y, None]
    to_dy = F._backward_softmax(G, y, x, **g.attrs)
    inner = F.broadcast_sub(F.elemwise_mul(G, dy), F.broadcast_mul(G, total(F.elemwise_mul(dy, y))))
    to_y = F._mul_scalar(F.broadcast_sub(inner, F.broadcast_mul(dy, total(F.elemwise_mul(G, y)))), scalar=scale)
    return [to_dy, to_y, None]


define(
    "_backward_softmax",
    "Gradient of softmax and its kin from dY and Y.",
    inputs={
        "grad": "dY.",
        "output": "Y.",
        "data": "Gives the element type.",
        "length": "Valid places along the axis.",
    },
    present=lambda attrs: ("grad", "output", "data", "length") if attrs["use_length"] else ("grad", "output", "data"),
    params={
        "axis": integer(-1, "Axis."),
        "temperature": real(None, "Temperature.", optional=True),
        "log": flag(False, "Of the logarithm."),
        "negate": flag(False, "Of softmin."),
        "use_length": flag(False, "Whether lengths are given."),
    },
    shape_only=("data",),
    shape=_softmax_back_shape,
    dtype=lambda attrs, ins, outs: (ins, [ins[2] or outs[0]]),
    kernel=lambda attrs, ins, outs: ("softmax_grad", _softmax_attrs(attrs, outs[0][0])),
    gradient=_softmax_back_grad,
    flops=per_element(4),
)


def _activation_view(attrs: Attrs, shape: tuple[int, ...]) -> tuple[int, int, int]:
    if attrs["mode"] == "channel":
        if len(shape) < 3:
            raise ValueError(f"data must have at least 3 axes (N, C, ...) with mode='channel'; got {show(shape)}")
        return outer_axis_inner(shape, 1)
    return shape[0], product(shape[1:]), 1


def _plain_softmax(view: tuple[int, int, int]) -> Attrs:
    return {"view": view, "scale": 1.0, "log": False, "has_length": False}


def _activation_composed(g: GradContext) -> Any:
    F, data = g.F, g.inputs[0]
    view = _activation_view(g.attrs, data.shape)
    x = F.elemwise_add(data, F.log(g.outputs[0]))  # the data, which was not kept, but for what softmax takes away
    return F.Reshape(F.softmax(F.Reshape(x, shape=view), axis=1), shape=data.shape)


_ACTIVATION_MODE = {
    "mode": choice(("channel", "instance"), "instance", "Over axis 1, or over everything but the first axis.")
}
define(
    "SoftmaxActivation",
    "Softmax over each instance, or over the channels of each place; `softmax` says it more plainly.",
    inputs={"data": "Array (N, ...)."},
    params=_ACTIVATION_MODE,
    kernel=lambda attrs, ins, outs: ("softmax", _plain_softmax(_activation_view(attrs, ins[0][0]))),
    gradient=lambda g: [g.F._backward_SoftmaxActivation(g.grad(), g.outputs[0], **g.attrs)],
    composed=_activation_composed,
    flops=per_element(4),
    example=""">>> mx.nd.SoftmaxActivation(mx.nd.array([[1, 2, 3]])).asnumpy().round(3)
array([[0.09 , 0.245, 0.665]], dtype=float32)""",
)
define(
    "_backward_SoftmaxActivation",
    "Gradient of SoftmaxActivation.",
    inputs={"grad": "dY.", "output": "Y."},
    params=_ACTIVATION_MODE,
    kernel=lambda attrs, ins, outs: ("softmax_grad", _plain_softmax(_activation_view(attrs, outs[0][0]))),
    gradient_free=True,
    flops=per_element(4),
)

# SoftmaxOutput


def _output_view(attrs: Attrs, shape: tuple[int, ...]) -> tuple[int, int, int]:
    if attrs["multi_output"]:
        return outer_axis_inner(shape, 1)
    if attrs["preserve_shape"]:
        return outer_axis_inner(shape, len(shape) - 1)
    return shape[0], product(shape[1:]), 1


def _output_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, label = merge(ins[0], outs[0]), ins[1]
    if data is None:
        return ins, outs
    if len(data) < 2:
        raise ValueError(f"data must have at least 2 axes; got {show(data)}")
    if label is not None and label == data:
        return [data, label], [data]
    if attrs["multi_output"]:
        want = (data[0], *data[2:])
        flat = (data[0], -1 if -1 in data[2:] else product(data[2:]))
        if label is not None and len(label) != len(want):
            want = (data[0], 1, *data[2:]) if len(label) == len(data) else flat
    else:
        want = data[:-1]
        if label is not None and not attrs["preserve_shape"] and len(label) != len(want):
            want = (data[0], 1) if len(label) == 2 else data[:1]
    return [data, merge(label, want, "label and rows of data")], [data]


def _label_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    kind = ins[0] or outs[0]
    return [kind, ins[1] or kind, *ins[2:]], [kind]


def _output_back_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    shape = outs[0][0]
    view = _output_view(attrs, shape)
    divisor = 1.0
    if attrs["multi_output"] and attrs["normalization"] != "valid":
        divisor *= max(view[2], 1)
    if attrs["normalization"] == "batch":
        divisor *= max(view[0] if not attrs["multi_output"] else shape[0], 1)
    names = ("grad_scale", "smooth_alpha", "ignore_label", "use_ignore", "out_grad", "normalization")
    return "softmax_output_grad", {**{n: attrs[n] for n in names}, "view": view, "divisor": divisor}


def _output_grad(g: GradContext) -> Sequence[Any]:
    arrays = [g.outputs[0], g.inputs[1]] + ([g.grad()] if g.attrs["out_grad"] else [])
    return [g.F._backward_SoftmaxOutput(*arrays, **g.attrs), g.F.zeros_like(g.inputs[1]) if g.needed[1] else None]


_OUTPUT = {
    "grad_scale": real(1.0, "Factor of the gradient."),
    "ignore_label": real(-1.0, "Label whose rows have no gradient, with `use_ignore`."),
    "multi_output": flag(False, "Softmax over axis 1, one label for each other place."),
    "use_ignore": flag(False, "Whether `ignore_label` counts."),
    "preserve_shape": flag(False, "Softmax over the last axis; else over all axes but the first together."),
    "normalization": choice(
        ("batch", "null", "valid"),
        "null",
        "What the gradient is divided by: 1, the number of rows, or the number of labels that are not ignored.",
    ),
    "out_grad": flag(False, "Multiply with the gradient from above."),
    "smooth_alpha": real(0.0, "Part of each label that is spread over the other classes.", low=0.0, high=1.0),
}
define(
    "SoftmaxOutput",
    """Softmax whose gradient is that of the cross entropy with the labels: ``softmax(x) - one_hot(label)``.

    The gradient from above is not used, unless `out_grad` is set.""",
    aliases=("Softmax",),
    inputs={
        "data": "Scores (N, K), or (N, K, ...) with `multi_output`.",
        "label": "Class numbers (N,) or (N, ...), or probabilities of the shape of `data`.",
    },
    params=_OUTPUT,
    shape=_output_shape,
    dtype=_label_dtype,
    kernel=lambda attrs, ins, outs: ("softmax", _plain_softmax(_output_view(attrs, ins[0][0]))),
    gradient=_output_grad,
    flops=per_element(4),
    loss=True,
    inplace=((0, 0),),
    example=""">>> mx.nd.SoftmaxOutput(mx.nd.array([[1, 2, 3]]), mx.nd.array([2])).asnumpy().round(3)
array([[0.09 , 0.245, 0.665]], dtype=float32)""",
)


define(
    "_backward_SoftmaxOutput",
    "Gradient of SoftmaxOutput from its result and the labels.",
    inputs={"output": "Y.", "label": "Labels.", "grad": "dY, with `out_grad`."},
    present=lambda attrs: ("output", "label", "grad") if attrs["out_grad"] else ("output", "label"),
    params=_OUTPUT,
    shape=output_like(0),
    dtype=first_dtype,
    kernel=_output_back_kernel,
    gradient_free=True,
    flops=per_element(2),
)


def dense_output_scale(attrs: Attrs, data: tuple, label: tuple) -> float | None:
    """Factor ``s`` if the gradient of SoftmaxOutput is ``s (Y - one_hot(label))`` for rows that are whole; else None.

    Parameters
    ----------
    attrs : dict
        Of SoftmaxOutput.
    data, label : tuple of int
        Shapes.
    """
    outer, classes, inner = _output_view(attrs, data)
    plain = not (attrs["use_ignore"] or attrs["out_grad"] or attrs["smooth_alpha"] or attrs["normalization"] == "valid")
    if not plain or inner != 1 or classes != data[-1] or product(label) != outer or label == data:
        return None
    return attrs["grad_scale"] / (max(outer, 1) if attrs["normalization"] == "batch" else 1)


def _dense_output_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    weight = ins[3]
    bias = [] if attrs["no_bias"] or weight is None else [weight[:1]]
    return ins, [ins[2], weight, *bias]


define(
    "_SoftmaxDenseGrad",
    "Gradients of a fully connected layer below SoftmaxOutput, from the result of that: with "
    "``G = scale (Y - one_hot(label))``, ``dX = G W``, ``dW = G^T X`` and ``db``, the sum of the rows of G.",
    inputs={"output": "Y (N, K).", "label": "Class numbers, one a row.", "data": "X.", "weight": "W (K, inputs)."},
    params={"scale": real(1.0, "Factor of the gradient."), "no_bias": flag(False, "Leave db out.")},
    outputs=lambda attrs: ("data", *weight_outputs(attrs)),
    shape=_dense_output_shape,
    dtype=lambda attrs, ins, outs: (ins, [ins[0]] * len(outs)),
    kernel=lambda attrs, ins, outs: ("dense_softmax_grad", {"scale": attrs["scale"]}),
    gradient_free=True,
    flops=lambda attrs, ins, outs: 4 * elements(ins[0]) * ins[3][0][1],  # two products
)

# Regression


def _regression_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, label = merge(ins[0], outs[0]), ins[1]
    if data is None:
        return ins, outs
    if label is None:
        label = data[:1] if len(data) == 2 and data[1] == 1 else data
    elif -1 not in data and product(label) != product(data):
        raise ValueError(f"label must have as many elements as data; got {show(label)} and {show(data)}")
    return [data, label], [data]


def _regression_back_kernel(kind: str) -> Callable[..., tuple[str, Attrs]]:
    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        per_row = max(product(outs[0][0][1:]), 1)
        return "regression_grad", {"scale": attrs["grad_scale"] / per_row, "kind": kind}

    return kernel


_GRAD_SCALE = {"grad_scale": real(1.0, "Factor of the gradient.")}
for _name, _kernel, _kind, _what in (
    ("LinearRegressionOutput", "copy", "difference", "The array itself; its gradient is that of the squared error / 2"),
    ("LogisticRegressionOutput", "sigmoid", "difference", "Sigmoid; its gradient is that of the cross entropy"),
    ("MAERegressionOutput", "copy", "sign", "The array itself; its gradient is that of the absolute error"),
):
    define(
        _name,
        f"{_what} to the label.\n\nIt is divided by the number of outputs of a row; no gradient from above is used.",
        inputs={"data": "Predictions (N, ...).", "label": "Targets, as many."},
        params=_GRAD_SCALE,
        shape=_regression_shape,
        dtype=lambda attrs, ins, outs: ([ins[0] or ins[1] or outs[0]] * 2, [ins[0] or ins[1] or outs[0]]),
        kernel=lambda attrs, ins, outs, k=_kernel: (k, {}),
        gradient=lambda g, n=_name: [
            getattr(g.F, f"_backward_{n}")(g.outputs[0], g.inputs[1], **g.attrs),
            g.F.zeros_like(g.inputs[1]) if g.needed[1] else None,
        ],
        loss=True,
    )
    define(
        f"_backward_{_name}",
        f"Gradient of {_name} from its result and the label.",
        inputs={"output": "Y.", "label": "Targets."},
        params=_GRAD_SCALE,
        shape=output_like(0),
        kernel=_regression_back_kernel(_kind),
        gradient_free=True,
    )

# Other losses


def _make_loss_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    shape = outs[0][0]
    scale = attrs["grad_scale"] / (max(shape[0], 1) if attrs["normalization"] == "batch" and shape else 1)
    return "make_loss_grad", {
        "scale": scale,
        "thresh": attrs["valid_thresh"],
        "valid": attrs["normalization"] == "valid",
    }


_MAKE_LOSS = {
    "grad_scale": real(1.0, "Factor of the gradient."),
    "valid_thresh": real(0.0, "Elements larger than this are valid, with normalization 'valid'."),
    "normalization": choice(
        ("batch", "null", "valid"),
        "null",
        "What the gradient is divided by: 1, the size of the first axis, or the number of valid elements.",
    ),
}
define(
    "MakeLoss",
    "The array itself, as a loss: its gradient is `grad_scale`, whatever arrives from above.",
    params=_MAKE_LOSS,
    kernel=lambda attrs, ins, outs: ("copy", {}),
    inplace=True,
    gradient=lambda g: [g.F._backward_MakeLoss(g.inputs[0], **g.attrs)],
    loss=True,
    example=""">>> mx.nd.MakeLoss(mx.nd.array([1, 2])).asnumpy()
array([1., 2.], dtype=float32)""",
)
define(
    "_backward_MakeLoss",
    "Gradient of MakeLoss.",
    params=_MAKE_LOSS,
    kernel=_make_loss_kernel,
    gradient_free=True,
)


def _cross_entropy_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data, label = ins
    if data is not None:
        if len(data) != 2:
            raise ValueError(f"data must have 2 axes (N, K); got {show(data)}")
        label = merge(label, data[:1], "label and rows of data")
    return [data, label], [merge((1,), outs[0])]


def _cross_entropy_composed(g: GradContext) -> Any:
    F, (data, label) = g.F, g.inputs
    return F.Reshape(F.negative(F.sum(F.pick(F.log_softmax(data), label))), shape=(1,))


def _smooth_l1_composed(g: GradContext) -> Any:
    F, x, s = g.F, g.inputs[0], g.attrs["scalar"]
    size = F.abs(x)
    near = F._mul_scalar(F.square(x), scalar=0.5 * s * s)
    far = F._minus_scalar(size, scalar=0.5 / (s * s))
    return F.where(F._lesser_scalar(size, scalar=1 / (s * s)), near, far)


define(
    "softmax_cross_entropy",
    "Sum over the rows of ``-log(softmax(data)[row, label[row]])``, as an array (1,).",
    inputs={"data": "Scores (N, K).", "label": "Class numbers (N,)."},
    shape=_cross_entropy_shape,
    dtype=_label_dtype,
    kernel=lambda attrs, ins, outs: ("softmax_cross_entropy", {}),
    gradient=lambda g: [g.F._backward_softmax_cross_entropy(g.grad(), g.inputs[0], g.inputs[1]), None],
    composed=_cross_entropy_composed,
    flops=per_element(4, of_input=0),
    example=""">>> mx.nd.softmax_cross_entropy(mx.nd.array([[1, 2, 3]]), mx.nd.array([2])).asnumpy().round(3)
array([0.408], dtype=float32)""",
)
define(
    "_backward_softmax_cross_entropy",
    "Gradient of softmax_cross_entropy.",
    inputs={"grad": "dY (1,).", "data": "Scores.", "label": "Class numbers."},
    shape=output_like(1),
    dtype=lambda attrs, ins, outs: (ins, [ins[1] or outs[0]]),
    kernel=lambda attrs, ins, outs: ("softmax_cross_entropy_grad", {}),
    gradient_free=True,
    flops=per_element(5),
)
_SCALAR = {"scalar": real(1.0, "s in the formula.")}
define(
    "smooth_l1",
    "``0.5 (s x)^2`` where ``|x| < 1 / s^2``, else ``|x| - 0.5 / s^2``.",
    params=_SCALAR,
    kernel="smooth_l1",
    elementwise=True,
    inplace=True,
    gradient=lambda g: [g.F._backward_smooth_l1(g.grad(), g.inputs[0], **g.attrs)],
    composed=_smooth_l1_composed,
    example=""">>> mx.nd.smooth_l1(mx.nd.array([-2, 0.5])).asnumpy().round(3)
array([1.5  , 0.125], dtype=float32)""",
)
define(
    "_backward_smooth_l1",
    "Gradient of smooth_l1.",
    inputs={"grad": "dY.", "data": "X."},
    params=_SCALAR,
    kernel="smooth_l1_grad",
    elementwise=True,
    inplace=True,
    gradient_free=True,
)


def _svm_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = merge(ins[0], outs[0])
    return [data, merge(ins[1], None if data is None else data[:1], "label and rows of data")], [data]


_SVM = {
    "margin": real(1.0, "Distance that the right class must keep."),
    "regularization_coefficient": real(1.0, "Factor of the gradient."),
    "use_linear": flag(False, "The hinge loss itself; else its square."),
}
define(
    "SVMOutput",
    "The array itself; its gradient is that of the (squared) hinge loss. The gradient from above is not used.",
    inputs={"data": "Scores (N, K).", "label": "Class numbers (N,)."},
    params=_SVM,
    shape=_svm_shape,
    dtype=_label_dtype,
    kernel=lambda attrs, ins, outs: ("copy", {}),
    gradient=lambda g: [
        g.F._backward_SVMOutput(g.inputs[0], g.inputs[1], **g.attrs),
        g.F.zeros_like(g.inputs[1]) if g.needed[1] else None,
    ],
    loss=True,
    example=""">>> mx.nd.SVMOutput(mx.nd.array([[1, 2]]), mx.nd.array([1])).asnumpy()
array([[1., 2.]], dtype=float32)""",
)
define(
    "_backward_SVMOutput",
    "Gradient of SVMOutput.",
    inputs={"data": "Scores.", "label": "Class numbers."},
    params=_SVM,
    shape=output_like(0),
    dtype=first_dtype,
    kernel=lambda attrs, ins, outs: (
        "svm_grad",
        {
            "margin": attrs["margin"],
            "scale": attrs["regularization_coefficient"],
            "linear": attrs["use_linear"],
        },
    ),
    gradient_free=True,
)
