"""Regularisation of activations."""

from __future__ import annotations

from paratrain.ops.flops import per_element
from paratrain.ops.params import real
from paratrain.ops.registry import Attrs, define
from paratrain.ops.rules import merge
from paratrain.ops.vision import FLOATS, Shapes, grad_like, kernel_of, of_types


def _shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    data = merge(merge(ins[0], outs[0]), (-1, -1), "data and (N, C)")
    columns = (-1 if data is None else data[1],)
    average = merge(ins[1], columns, "moving_avg and (C,)")
    return [data, average], [data, average][: len(outs)]


_PARAMS = {
    "sparseness_target": real(0.1, "What the means are to be.", low=0.0, high=1.0),
    "penalty": real(0.001, "Weight of the penalty."),
    "momentum": real(0.9, "How much of the moving means is kept in each step.", low=0.0, high=1.0),
}
define(
    "IdentityAttachKLSparseReg",
    "The data itself; to its gradient that of a penalty is added, which pushes each feature's mean to a target.\n\n"
    "The penalty is the Kullback-Leibler divergence between activity with probability `sparseness_target` and with the "
    "moving mean of the feature, which should lie between 0 and 1 (as behind a sigmoid). In training the moving means "
    "become ``momentum * moving + (1 - momentum) * mean``, with the forward pass.",
    inputs={"data": "Activations (N, C).", "moving_avg": "Moving means (C,)."},
    params=_PARAMS,
    aux=("moving_avg",),
    mutates=("moving_avg",),
    initializers={"moving_avg": '["zero", {}]'},
    outputs=("output", "average"),
    visible=1,
    shape=_shape,
    dtype=of_types(FLOATS),
    kernel=kernel_of("sparse_reg", "momentum"),
    gradient=lambda g: [g.F._backward_IdentityAttachKLSparseReg(g.grad(), g.outputs[1], **g.attrs), None],
    train_aware=True,
    again="_IdentityAttachKLSparseReg_again",
    example=""">>> import paratrain as mx
>>> x, mean = mx.nd.ones((2, 1)) * 0.5, mx.nd.ones(1) * 0.1
>>> x.attach_grad()
>>> with mx.autograd.record():
...     y = mx.nd.IdentityAttachKLSparseReg(x, mean, penalty=1.0)
>>> y.backward()
>>> mean.asnumpy().round(2), x.grad.asnumpy().ravel().round(4)
(array([0.14], dtype=float32), array([1.3322, 1.3322], dtype=float32))""",
)
define(
    "_IdentityAttachKLSparseReg_again",
    "The result of IdentityAttachKLSparseReg once more.",
    inputs={"data": "Activations (N, C).", "average": "The means that were used."},
    params=_PARAMS,
    shape=_shape,
    kernel=kernel_of("sparse_reg", "momentum"),
    gradient_free=True,
    train_aware=True,
)
define(
    "_backward_IdentityAttachKLSparseReg",
    "Gradient of IdentityAttachKLSparseReg with respect to the data.",
    inputs={"grad": "dY.", "average": "The means that were used."},
    params=_PARAMS,
    shape=grad_like(0),
    kernel=kernel_of("sparse_reg_grad", "sparseness_target", "penalty"),
    gradient_free=True,
    flops=per_element(4),
)
