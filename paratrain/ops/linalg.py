"""Products of matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from paratrain.ops.flops import gemm_flops
from paratrain.ops.params import choice, flag, integer, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, merge, product, show

Shapes = list[MaybeShape]
Specs = list[tuple]

_STYPE = choice(("csr", "default", "row_sparse"), None, "Storage type; only 'default' is supported.", optional=True)
_TRANSPOSES = {
    "transpose_a": flag(False, "Use the transpose of the first matrix."),
    "transpose_b": flag(False, "Use the transpose of the second matrix."),
}


def _dense(attrs: Attrs, name: str) -> None:
    if attrs["forward_stype"] not in (None, "default"):
        raise NotImplementedError(f"[{name}] forward_stype={attrs['forward_stype']!r} (sparse) is not supported")


def _gemm(batch: int, m: int, n: int, k: int, attrs: Attrs, alpha: float = 1.0) -> tuple[str, Attrs]:
    flags = {"transpose_a": attrs["transpose_a"], "transpose_b": attrs["transpose_b"]}
    return "gemm", {"batch": batch, "m": m, "n": n, "k": k, "alpha": alpha, **flags}


Sizes = tuple[int, ...]


def _dot_parts(attrs: Attrs, a: Sizes, b: Sizes) -> tuple[Sizes, int, int, Sizes]:
    """(axes kept of a, summed size of a, summed size of b, axes kept of b)."""
    left = (a[1:], a[0]) if attrs["transpose_a"] and len(a) > 1 else (a[:-1], a[-1])
    right = (b[:-1], b[-1]) if attrs["transpose_b"] and len(b) > 1 else (b[1:], b[0])
    return left[0], left[1], right[1], right[0]


def _dot_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    _dense(attrs, "dot")
    a, b = ins
    if a is None or b is None:
        return ins, outs
    if not a or not b:
        raise ValueError(f"lhs and rhs must have at least one axis; got {show(a)} and {show(b)}")
    left, ka, kb, right = _dot_parts(attrs, a, b)
    if ka != kb and -1 not in (ka, kb):
        raise ValueError(
            f"the summed axes must have one size; got {ka} and {kb} for lhs {show(a)}, rhs {show(b)}, "
            f"transpose_a={attrs['transpose_a']}, transpose_b={attrs['transpose_b']}"
        )
    return ins, [merge(left + right or (1,), outs[0])]


def _dot_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    a, b = ins[0][0], ins[1][0]
    left, k, _, right = _dot_parts(attrs, a, b)
    flags = {
        "transpose_a": attrs["transpose_a"] and len(a) > 1,
        "transpose_b": attrs["transpose_b"] and len(b) > 1,
    }
    return _gemm(1, product(left), product(right), k, flags)


def _dot_grad(g: GradContext) -> Sequence[Any]:
    return [
        g.F._backward_dot(g.grad(), g.inputs[0], g.inputs[1], wrt=i, **_flags(g)) if g.needed[i] else None
        for i in (0, 1)
    ]


def _flags(g: GradContext) -> Attrs:
    return {"transpose_a": g.attrs["transpose_a"], "transpose_b": g.attrs["transpose_b"]}


define(
    "dot",
    """Product over the last axis of `lhs` and the first of `rhs`; for matrices, the matrix product.

    With `transpose_a`, the first axis of `lhs` is summed; with `transpose_b`, the last one of `rhs`.""",
    inputs={"lhs": "Array (..., k).", "rhs": "Array (k, ...)."},
    params={**_TRANSPOSES, "forward_stype": _STYPE},
    shape=_dot_shape,
    kernel=_dot_kernel,
    gradient=_dot_grad,
    flops=gemm_flops(_dot_kernel),
)


def _dot_back_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    which = 1 + attrs["wrt"]
    shape = merge(ins[which], outs[0])
    return [shape if i == which else s for i, s in enumerate(ins)], [shape]


def _dot_back_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    # op(A) (m, k), op(B) (k, n), dY (m, n): dA = dY op(B)^T or its transpose op(B) dY^T, and so for B
    a, b = ins[1][0], ins[2][0]
    ta, tb = attrs["transpose_a"] and len(a) > 1, attrs["transpose_b"] and len(b) > 1
    left, k, _, right = _dot_parts(attrs, a, b)
    m, n = product(left), product(right)
    if attrs["wrt"] == 0:
        spec: Attrs = (
            {"m": k, "n": m, "k": n, "first": 2, "second": 0, "transpose_a": tb, "transpose_b": True}
            if ta
            else {"m": m, "n": k, "k": n, "first": 0, "second": 2, "transpose_a": False, "transpose_b": not tb}
        )
    else:
        spec = (
            {"m": n, "n": k, "k": m, "first": 0, "second": 1, "transpose_a": True, "transpose_b": ta}
            if tb
            else {"m": k, "n": n, "k": m, "first": 1, "second": 0, "transpose_a": not ta, "transpose_b": False}
        )
    return "gemm", {"batch": 1, "alpha": 1.0, **spec}


def _dot_back_grad(g: GradContext) -> Sequence[Any]:
    # dA = dY op(B)^T is linear in dY and in B: the gradients are those of dot with G, that of dA, in place of A
    (dy, a, b), G, flags = g.inputs, g.grad(), _flags(g)
    if g.attrs["wrt"] == 0:
        return [g.F.dot(G, b, **flags), None, g.F._backward_dot(dy, G, b, wrt=1, **flags)]
    return [g.F.dot(a, G, **flags), g.F._backward_dot(dy, a, G, wrt=0, **flags), None]


define(
    "_backward_dot",
    "Gradient of dot with respect to one operand.",
    inputs={"grad": "dY.", "lhs": "First operand.", "rhs": "Second operand."},
    params={**_TRANSPOSES, "wrt": integer(doc="0: with respect to lhs; 1: to rhs.", low=0, high=1)},
    shape=_dot_back_shape,
    kernel=_dot_back_kernel,
    gradient=_dot_back_grad,
    flops=gemm_flops(_dot_back_kernel),
)

# Batches of matrices


def _batch_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    _dense({"forward_stype": None, **attrs}, "batch_dot")
    a, b = ins
    if a is None or b is None:
        return ins, outs
    if len(a) != len(b) or len(a) < 2:
        raise ValueError(f"both arrays must have the same number of axes, at least 2; got {show(a)} and {show(b)}")
    front = merge(a[:-2], b[:-2], "sizes of the batch")
    m, ka = (a[-1], a[-2]) if attrs["transpose_a"] else (a[-2], a[-1])
    kb, n = (b[-1], b[-2]) if attrs["transpose_b"] else (b[-2], b[-1])
    if ka != kb and -1 not in (ka, kb):
        raise ValueError(
            f"the summed axes must have one size; got {ka} and {kb} for {show(a)} and {show(b)}, "
            f"transpose_a={attrs['transpose_a']}, transpose_b={attrs['transpose_b']}"
        )
    assert front is not None
    return ins, [merge((*front, m, n), outs[0])]


def _batch_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    a, out = ins[0][0], outs[0][0]
    k = a[-2] if attrs["transpose_a"] else a[-1]
    return _gemm(product(out[:-2]), out[-2], out[-1], k, attrs, attrs.get("alpha", 1.0))


def _batch_grad(name: str) -> Callable[[GradContext], Sequence[Any]]:
    def gradient(g: GradContext) -> Sequence[Any]:
        (a, b), dy = g.inputs, g.grad()
        ta, tb = g.attrs["transpose_a"], g.attrs["transpose_b"]
        extra = {"alpha": g.attrs["alpha"]} if "alpha" in g.attrs else {}

        def times(x: Any, y: Any, tx: bool, ty: bool) -> Any:
            return getattr(g.F, name)(x, y, transpose_a=tx, transpose_b=ty, **extra)

        da = db = None
        if g.needed[0]:
            da = times(b, dy, tb, True) if ta else times(dy, b, False, not tb)
        if g.needed[1]:
            db = times(dy, a, True, ta) if tb else times(a, dy, not ta, False)
        return [da, db]

    return gradient


define(
    "batch_dot",
    "Matrix products of the matrices of two batches: (N, m, k) and (N, k, n) give (N, m, n).",
    inputs={"lhs": "Matrices (N, m, k).", "rhs": "Matrices (N, k, n)."},
    params={**_TRANSPOSES, "forward_stype": _STYPE},
    shape=_batch_shape,
    kernel=_batch_kernel,
    gradient=_batch_grad("batch_dot"),
    flops=gemm_flops(_batch_kernel),
)


def _gemm2_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if attrs["axis"] != -2:
        raise NotImplementedError("[linalg_gemm2] axis must be -2 (matrices over the last two axes); use swapaxes")
    return _batch_shape(attrs, ins, outs)


define(
    "_linalg_gemm2",
    "``alpha * op(A) op(B)`` for matrices over the last two axes.",
    aliases=("linalg_gemm2",),
    inputs={"A": "Matrices (..., m, k).", "B": "Matrices (..., k, n)."},
    params={
        **_TRANSPOSES,
        "alpha": real(1.0, "Factor of the product."),
        "axis": integer(-2, "Axis of the rows; only -2 is supported."),
    },
    shape=_gemm2_shape,
    kernel=_batch_kernel,
    gradient=_batch_grad("_linalg_gemm2"),
    flops=gemm_flops(_batch_kernel),
)
