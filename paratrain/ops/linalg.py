"""Products of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.ops.flops import gemm_flops
from paratrain.ops.params import choice, flag, integer, real
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, axis_of, merge, product, real_dtype, show

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
    example=""">>> mx.nd.dot(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[1, 0], [1, 1]])).asnumpy()
array([[3., 2.],
       [7., 4.]], dtype=float32)""",
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
    _dense(attrs, "batch_dot")
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
    return _gemm(product(out[:-2]), out[-2], out[-1], k, attrs)


def _batch_grad(g: GradContext) -> Sequence[Any]:
    (a, b), dy = g.inputs, g.grad()
    ta, tb = g.attrs["transpose_a"], g.attrs["transpose_b"]

    def times(x: Any, y: Any, tx: bool, ty: bool) -> Any:
        return g.F.batch_dot(x, y, transpose_a=tx, transpose_b=ty)

    da = db = None
    if g.needed[0]:
        da = times(b, dy, tb, True) if ta else times(dy, b, False, not tb)
    if g.needed[1]:
        db = times(dy, a, True, ta) if tb else times(a, dy, not ta, False)
    return [da, db]


define(
    "batch_dot",
    "Matrix products of the matrices of two batches: (N, m, k) and (N, k, n) give (N, m, n).",
    inputs={"lhs": "Matrices (N, m, k).", "rhs": "Matrices (N, k, n)."},
    params={**_TRANSPOSES, "forward_stype": _STYPE},
    shape=_batch_shape,
    kernel=_batch_kernel,
    gradient=_batch_grad,
    flops=gemm_flops(_batch_kernel),
    example=""">>> mx.nd.batch_dot(mx.nd.array([[[1, 2]]]), mx.nd.array([[[3], [4]]])).asnumpy()
array([[[11.]]], dtype=float32)""",
)


# MXNet's linalg: rows along any axis, columns along the last one


def _row_axis(attrs: Attrs, ndim: int) -> int:
    at = axis_of(attrs["axis"], ndim)
    if at == ndim - 1:
        raise ValueError(f"axis (that of the rows) must not be the last one; got {attrs['axis']} for {ndim} axes")
    return at


def _product_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    a, b = ins[:2]
    if a is None or b is None:
        return ins, outs
    if len(a) != len(b) or len(a) < 2:
        raise ValueError(f"both arrays must have the same number of axes, at least 2; got {show(a)} and {show(b)}")
    at = _row_axis(attrs, len(a))
    merge((*a[:at], *a[at + 1 : -1]), (*b[:at], *b[at + 1 : -1]), "sizes of the batch")
    m, ka = (a[-1], a[at]) if attrs["transpose_a"] else (a[at], a[-1])
    kb, n = (b[-1], b[at]) if attrs["transpose_b"] else (b[at], b[-1])
    if ka != kb and -1 not in (ka, kb):
        raise ValueError(
            f"the summed axes must have one size; got {ka} and {kb} for {show(a)} and {show(b)}, "
            f"transpose_a={attrs['transpose_a']}, transpose_b={attrs['transpose_b']}"
        )
    out = merge((*a[:at], m, *a[at + 1 : -1], n), outs[0])
    if len(ins) > 2:
        out = merge(out, ins[2], "C and the product")
        return [a, b, out], [out]
    return ins, [out]


def _product_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    a, out = ins[0][0], outs[0][0]
    at = _row_axis(attrs, len(a))
    k = a[at] if attrs["transpose_a"] else a[-1]
    batch = product(out[:at]) * product(out[at + 1 : -1])
    name, spec = _gemm(batch, out[at], out[-1], k, attrs, attrs["alpha"])
    if at == len(a) - 2 and len(ins) == 2:
        return name, spec
    more = {"beta": attrs["beta"]} if len(ins) > 2 else {}
    return "matrix_product", {**spec, "mid": product(out[at + 1 : -1]), "triangle": 0, **more}


def _product_grad(g: GradContext) -> Sequence[Any]:
    (a, b), dy = g.inputs[:2], g.grad()
    ta, tb = g.attrs["transpose_a"], g.attrs["transpose_b"]

    def times(x: Any, y: Any, tx: bool, ty: bool) -> Any:
        return g.F._linalg_gemm2(x, y, transpose_a=tx, transpose_b=ty, alpha=g.attrs["alpha"], axis=g.attrs["axis"])

    grads: list[Any] = [None] * len(g.inputs)
    if g.needed[0]:
        grads[0] = times(b, dy, tb, True) if ta else times(dy, b, False, not tb)
    if g.needed[1]:
        grads[1] = times(dy, a, True, ta) if tb else times(a, dy, not ta, False)
    if len(grads) > 2 and g.needed[2]:
        grads[2] = g.F._mul_scalar(dy, scalar=g.attrs["beta"])
    return grads


_ALPHA = {"alpha": real(1.0, "Factor of the product.")}
_AXIS = {"axis": integer(-2, "Axis of the rows; that of the columns is always the last one.")}
define(
    "_linalg_gemm2",
    "``alpha * op(A) op(B)`` for the matrices of two batches.",
    aliases=("linalg_gemm2",),
    inputs={"A": "Matrices (..., m, k).", "B": "Matrices (..., k, n)."},
    params={**_TRANSPOSES, **_ALPHA, **_AXIS},
    shape=_product_shape,
    kernel=_product_kernel,
    gradient=_product_grad,
    flops=gemm_flops(_product_kernel),
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.gemm2(mx.nd.ones((2, 3)), mx.nd.ones((2, 3)), transpose_b=True, alpha=2.0).asnumpy()
    array([[6., 6.],
           [6., 6.]], dtype=float32)""",
)
define(
    "_linalg_gemm",
    "``alpha * op(A) op(B) + beta * C`` for the matrices of batches.",
    aliases=("linalg_gemm",),
    inputs={"A": "Matrices (..., m, k).", "B": "Matrices (..., k, n).", "C": "Matrices (..., m, n)."},
    params={**_TRANSPOSES, **_ALPHA, "beta": real(1.0, "Factor of C."), **_AXIS},
    shape=_product_shape,
    kernel=_product_kernel,
    gradient=_product_grad,
    flops=gemm_flops(_product_kernel),
    example="""
    >>> import paratrain as mx
    >>> ones = mx.nd.ones((2, 2))
    >>> mx.nd.linalg.gemm(ones, ones, ones, beta=10.0).asnumpy()
    array([[12., 12.],
           [12., 12.]], dtype=float32)""",
)


def _syrk_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    if len(ins[0]) < 2:
        raise ValueError(f"A must have at least 2 axes; got {show(ins[0])}")
    *front, m, n = ins[0]
    side = n if attrs["transpose"] else m
    return ins, [merge((*front, side, side), outs[0])]


def _syrk_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    *front, m, n = ins[0][0]
    flags = {"transpose_a": attrs["transpose"], "transpose_b": not attrs["transpose"]}
    m, k = (n, m) if attrs["transpose"] else (m, n)
    name, spec = _gemm(product(front), m, m, k, flags, attrs["alpha"])
    return name, {**spec, "first": 0, "second": 0}


def _syrk_grad(g: GradContext) -> Sequence[Any]:
    a, dy, alpha = g.inputs[0], g.grad(), g.attrs["alpha"]
    times = g.F._linalg_gemm2
    if g.attrs["transpose"]:
        return [g.F.elemwise_add(times(a, dy, alpha=alpha), times(a, dy, transpose_b=True, alpha=alpha))]
    return [g.F.elemwise_add(times(dy, a, alpha=alpha), times(dy, a, transpose_a=True, alpha=alpha))]


define(
    "_linalg_syrk",
    "``alpha * A A^T`` or, with `transpose`, ``alpha * A^T A``, for each matrix of a batch.",
    aliases=("linalg_syrk",),
    inputs={"A": "Matrices (..., m, n)."},
    params={"transpose": flag(False, "Use the transpose of the first factor."), **_ALPHA},
    shape=_syrk_shape,
    kernel=_syrk_kernel,
    gradient=_syrk_grad,
    flops=gemm_flops(_syrk_kernel),
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.syrk(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
    array([[ 5., 11.],
           [11., 25.]], dtype=float32)""",
)


def _triangular_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    a, b = ins[0], merge(ins[1], outs[0])
    if a is None or b is None:
        return [a, b], [b]
    if len(b) < 2 or len(a) != len(b):
        raise ValueError(f"A and B must have the same number of axes, at least 2; got {show(a)} and {show(b)}")
    side = b[-1] if attrs["rightside"] else b[-2]
    a = merge(a, (*b[:-2], side, side), "A and what the shape of B asks for")
    return [a, b], [b]


def _trmm_kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
    *front, m, n = outs[0][0]
    right, flip = attrs["rightside"], attrs["transpose"]
    flags = {"transpose_a": flip and not right, "transpose_b": flip and right}
    _, spec = _gemm(product(front), m, n, n if right else m, flags, attrs["alpha"])
    order = {"first": 1, "second": 0} if right else {"first": 0, "second": 1}
    return "matrix_product", {**spec, **order, "mid": 1, "triangle": 1 if attrs["lower"] else 2}


def _trmm_grad(g: GradContext) -> Sequence[Any]:
    F, (a, b), dy, alpha = g.F, g.inputs, g.grad(), g.attrs["alpha"]
    da = db = None
    if g.needed[0]:
        # Y = A B: dA = dY B^T; Y = B A: dA = B^T dY; with A^T, the transposes of these
        first, second = (b, dy) if g.attrs["rightside"] != g.attrs["transpose"] else (dy, b)
        da = F._linalg_gemm2(
            first, second, transpose_a=g.attrs["rightside"], transpose_b=not g.attrs["rightside"], alpha=alpha
        )
        da = F._triangle(da, mode="lower" if g.attrs["lower"] else "upper")
    if g.needed[1]:
        db = F._linalg_trmm(a, dy, **{**g.attrs, "transpose": not g.attrs["transpose"]})
    return [da, db]


_TRIANGULAR = {
    "transpose": flag(False, "Use the transpose of A."),
    "rightside": flag(False, "Whether A stands on the right."),
    "lower": flag(True, "Whether the lower triangle of A counts, else the upper one."),
}
_TRIANGULAR_INPUTS = {"A": "Triangular matrices (..., n, n).", "B": "Matrices (..., n, m) or, right of A, (..., m, n)."}
define(
    "_linalg_trmm",
    "``alpha * op(A) B`` or, with `rightside`, ``alpha * B op(A)``, for triangular A.",
    aliases=("linalg_trmm",),
    inputs=_TRIANGULAR_INPUTS,
    params={**_TRIANGULAR, **_ALPHA},
    shape=_triangular_shape,
    kernel=_trmm_kernel,
    gradient=_trmm_grad,
    flops=gemm_flops(_trmm_kernel),
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.trmm(mx.nd.array([[1, 9], [1, 1]]), mx.nd.ones((2, 2))).asnumpy()
    array([[1., 1.],
           [2., 2.]], dtype=float32)""",
)


def _trsm_grad(g: GradContext) -> Sequence[Any]:
    F, a, x = g.F, g.inputs[0], g.outputs[0]
    right, alpha = g.attrs["rightside"], g.attrs["alpha"]
    # X = A^-1 B: G = A^-T dX, dB = alpha G, dA = -G X^T; for X A = B, dA = -X^T G; with A^T, the transposes of these
    solved = F._linalg_trsm(a, g.grad(), **{**g.attrs, "transpose": not g.attrs["transpose"], "alpha": 1.0})
    da = db = None
    if g.needed[0]:
        first, second = (x, solved) if right != g.attrs["transpose"] else (solved, x)
        da = F._linalg_gemm2(first, second, transpose_a=right, transpose_b=not right, alpha=-1.0)
        da = F._triangle(da, mode="lower" if g.attrs["lower"] else "upper")
    if g.needed[1]:
        db = solved if alpha == 1.0 else F._mul_scalar(solved, scalar=alpha)
    return [da, db]


define(
    "_linalg_trsm",
    """X with ``op(A) X = alpha * B`` or, with `rightside`, ``X op(A) = alpha * B``, for triangular A.

    Zeros on the diagonal of A give infinities or NaN.""",
    aliases=("linalg_trsm",),
    inputs=_TRIANGULAR_INPUTS,
    params={**_TRIANGULAR, "alpha": real(1.0, "Factor of B.")},
    shape=_triangular_shape,
    dtype=real_dtype,
    kernel="trsm",
    gradient=_trsm_grad,
    flops=lambda attrs, ins, outs: product(outs[0][0]) * ins[0][0][-1],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.trsm(mx.nd.array([[2, 0], [1, 1]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[1.],
           [2.]], dtype=float32)""",
)


def _khatri_rao_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    columns: MaybeShape = None if outs[0] is None else outs[0][1:]
    for s in ins:
        if s is not None and len(s) != 2:
            raise ValueError(f"every array must have 2 axes; got {show(s)}")
        columns = merge(columns, None if s is None else s[1:], "numbers of columns")
    if any(s is None or s[0] == -1 for s in ins) or columns is None:
        return ins, outs
    return ins, [merge((product([s[0] for s in ins if s is not None]), *columns), outs[0])]


define(
    "khatri_rao",
    """Column-wise Kronecker product of matrices with as many columns: (r1, k), (r2, k), ... give (r1 * r2 * ..., k).

    Has no gradient, as in MXNet.""",
    variadic="num_args",
    inputs={"args": "Matrices with the same number of columns."},
    params={"num_args": integer(doc="Number of matrices.", low=1)},
    shape=_khatri_rao_shape,
    kernel=lambda attrs, ins, outs: ("khatri_rao", {}),
    gradient_free=True,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.khatri_rao(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[5, 6]])).asnumpy()
    array([[ 5., 12.],
           [15., 24.]], dtype=float32)""",
)
