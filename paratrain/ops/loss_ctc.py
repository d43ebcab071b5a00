"""Connectionist temporal classification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.params import choice, flag
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import merge, output_like, product, show
from paratrain.ops.vision import FLOATS, Dtypes, Shapes, axes_of, of_types


def _inputs(attrs: Attrs) -> tuple[str, ...]:
    lengths = [name for name in ("data_lengths", "label_lengths") if attrs[f"use_{name}"]]
    return ("data", "label", *lengths)


def _shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = axes_of(ins[0], "T, N, C")
    batch = -1 if data is None else data[1]
    label = ins[1] if data is None else merge(ins[1], (batch, -1), "label and (N, L)")
    lengths = [s if data is None else merge(s, (batch,), "lengths and (N,)") for s in ins[2:]]
    if data is None:
        return [data, label, *lengths], outs
    if data[2] == 0:
        raise ValueError(f"data must have at least one class; got {show(data)}")
    if label is not None and -1 not in (label[1], data[0]) and label[1] > data[0]:
        raise ValueError(f"label must not be longer than data: {label[1]} labels for {data[0]} steps")
    return [data, label, *lengths], [merge((batch,), outs[0]), data]


def _dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
    return of_types(FLOATS, 1)(attrs, ins, outs)


def _gradient(g: GradContext) -> Sequence[Any]:
    share = g.F.reshape(g.grad(), shape=(1, -1, 1))
    data = g.F._backward_CTCLoss(share, g.outputs[1])
    return [data, *(g.F.zeros_like(x) if n else None for x, n in zip(g.inputs[1:], g.needed[1:]))]


define(
    "_backward_CTCLoss",
    "Gradient of CTCLoss: that of each sequence, found along with the loss, times dY.",
    inputs={"grad": "dY (1, N, 1).", "slope": "The derivative (T, N, C)."},
    shape=output_like(1),
    kernel="mul",
    gradient_free=True,
)
define(
    "CTCLoss",
    "Connectionist temporal classification: -log of the probability that a sequence spells a label.\n\n"
    "The scores go through softmax. A label may be spelled with any of its parts repeated and with blanks in between. "
    "Blanks are class 0 and labels 1 and up (``blank_label='first'``), or blanks are the last class; a label ends at "
    "the first 0 or -1, unless its length is given. A label that does not fit into its steps costs nothing, as in "
    "MXNet; one of classes that do not exist costs infinitely much.",
    aliases=("ctc_loss", "_contrib_CTCLoss", "_contrib_ctc_loss"),
    inputs={
        "data": "Scores (T, N, C): steps, batch, classes.",
        "label": "Labels (N, L), L <= T.",
        "data_lengths": "Number of steps of each sequence (N,), with use_data_lengths.",
        "label_lengths": "Length of each label (N,), with use_label_lengths.",
    },
    present=_inputs,
    params={
        "use_data_lengths": flag(False, "Whether `data_lengths` is given; otherwise all sequences have T steps."),
        "use_label_lengths": flag(False, "Whether `label_lengths` is given."),
        "blank_label": choice(("first", "last"), "first", "Which class is the blank."),
    },
    outputs=("output", "grad"),
    visible=1,
    shape=_shape,
    dtype=_dtype,
    kernel=lambda attrs, ins, outs: (
        "ctc",
        {
            "use_data_lengths": attrs["use_data_lengths"],
            "use_label_lengths": attrs["use_label_lengths"],
            "blank_first": attrs["blank_label"] == "first",
        },
    ),
    gradient=_gradient,
    flops=lambda attrs, ins, outs: 16 * product(ins[0][0][:2]) * (2 * ins[1][0][1] + 1) + 4 * product(ins[0][0]),
    example=""">>> import paratrain as mx
>>> x, label = mx.nd.zeros((2, 1, 3)), mx.nd.array([[1]])
>>> mx.nd.exp(-mx.nd.CTCLoss(x, label)).asnumpy().round(4)  # 3 of 9 spellings: 1 1, 1 blank, blank 1
array([0.3333], dtype=float32)""",
)
