"""Factorisations, inverses and determinants of batches of matrices, diagonals and triangles.

The algorithms are in `ext/kernels/linalg/matrix.h`; a thread works on a matrix, on the GPU, too. Element types are
float32 and float64.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from paratrain.ops.params import choice, flag, integer
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeShape, merge, product, real_dtype, show
from paratrain.ops.strides import row_strides, view_attrs

Shapes = list[MaybeShape]
Specs = list[tuple]


def _square(shape: MaybeShape) -> None:
    if shape is None:
        return
    if len(shape) < 2 or (shape[-2] != shape[-1] and -1 not in shape[-2:]):
        raise ValueError(f"A must be square matrices (..., n, n); got {show(shape)}")


def _square_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[0], outs[0])
    _square(shape)
    return [shape], [shape]


def _cubes(attrs: Attrs, ins: Specs, outs: Specs) -> int:
    """n^3 for each n x n matrix: about what these algorithms take."""
    shape = ins[0][0]
    return product(shape) * shape[-2]


_A = {"A": "Square matrices (..., n, n)."}


def _potrf_grad(g: GradContext) -> Sequence[Any]:
    # dA = 1/2 L^-T M L^-1, M the lower triangle of L^T dL and its mirror image
    F, low = g.F, g.outputs[0]
    middle = F._triangle(F._linalg_gemm2(low, g.grad(), transpose_a=True), mode="mirror")
    return [F._linalg_trsm(low, F._linalg_trsm(low, middle, rightside=True), transpose=True, alpha=0.5)]


define(
    "_linalg_potrf",
    """Cholesky factors: lower triangular L with ``L L^T = A`` for symmetric positive definite A.

    Only the lower triangle of A counts; the gradient is that of a symmetric A. A matrix that is not positive definite
    raises a ValueError on the CPU and gives NaN on a GPU.""",
    aliases=("linalg_potrf",),
    inputs=_A,
    shape=_square_shape,
    dtype=real_dtype,
    kernel="potrf",
    gradient=_potrf_grad,
    flops=_cubes,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.potrf(mx.nd.array([[4, 2], [2, 5]])).asnumpy()
    array([[2., 0.],
           [1., 2.]], dtype=float32)""",
)


def _potri_grad(g: GradContext) -> Sequence[Any]:
    # B = (L L^T)^-1: dL = -tril(B (dB + dB^T) L^-T)
    F, low, inverse = g.F, g.inputs[0], g.outputs[0]
    both = F.elemwise_add(F._linalg_gemm2(inverse, g.grad()), F._linalg_gemm2(inverse, g.grad(), transpose_b=True))
    return [F._triangle(F._linalg_trsm(low, both, transpose=True, rightside=True, alpha=-1.0), mode="lower")]


define(
    "_linalg_potri",
    "Inverse matrices ``(L L^T)^-1`` from Cholesky factors L, of which only the lower triangle counts.",
    aliases=("linalg_potri",),
    inputs={"A": "Cholesky factors (..., n, n)."},
    shape=_square_shape,
    dtype=real_dtype,
    kernel="potri",
    gradient=_potri_grad,
    flops=_cubes,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.potri(mx.nd.array([[2, 0], [0, 1]])).asnumpy()
    array([[0.25, 0.  ],
           [0.  , 1.  ]], dtype=float32)""",
)


def _gelqf_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[0], outs[0])
    if shape is None:
        return ins, outs
    if len(shape) < 2 or (shape[-2] > shape[-1] != -1):
        raise ValueError(f"A must be matrices with at least as many columns as rows; got {show(shape)}")
    return [shape], [shape, merge((*shape[:-1], shape[-2]), outs[1])]


def _gelqf_grad(g: GradContext) -> Sequence[Any]:
    # dA = L^-T (dQ + mirror(M) Q), M = L^T dL - dQ Q^T
    F, (q, low) = g.F, g.outputs
    dq = g.grad(0)
    inner = F.elemwise_sub(F._linalg_gemm2(low, g.grad(1), transpose_a=True), F._linalg_gemm2(dq, q, transpose_b=True))
    total = F.elemwise_add(dq, F._linalg_gemm2(F._triangle(inner, mode="mirror"), q))
    return [F._linalg_trsm(low, total, transpose=True)]


define(
    "_linalg_gelqf",
    """LQ factors: ``A = L Q`` with lower triangular L and orthonormal rows of Q, for A with at least as many columns.

    Returns Q, then L.""",
    aliases=("linalg_gelqf",),
    inputs={"A": "Matrices (..., m, n), m <= n."},
    outputs=("output0", "output1"),
    shape=_gelqf_shape,
    dtype=real_dtype,
    kernel="gelqf",
    gradient=_gelqf_grad,
    flops=_cubes,
    example="""
    >>> import paratrain as mx
    >>> q, low = mx.nd.linalg.gelqf(mx.nd.array([[3, 4], [1, 1]]))
    >>> mx.nd.linalg.gemm2(low, q).asnumpy().round(4).tolist()
    [[3.0, 4.0], [1.0, 1.0]]""",
)


def _syevd_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[0], outs[0])
    _square(shape)
    return [shape], [shape, outs[1] if shape is None else merge(shape[:-1], outs[1])]


def _syevd_back_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    (shape,), (_, values) = _syevd_shape(attrs, ins[:1], [outs[0], merge(ins[1], ins[2])])
    return [shape, values, values], [shape]


def _syevd_grad(g: GradContext) -> Sequence[Any]:
    F, (u, values) = g.F, g.outputs
    inner = F._backward_linalg_syevd(F._linalg_gemm2(g.grad(0), u, transpose_b=True), values, g.grad(1))
    return [F._linalg_gemm2(F._linalg_gemm2(u, inner, transpose_a=True), u)]


define(
    "_linalg_syevd",
    """Eigenvectors and eigenvalues of symmetric matrices: ``A = U^T diag(values) U``.

    Returns U, whose rows are eigenvectors (the component of the largest size is positive), then the eigenvalues,
    ascending. Only the lower triangle of A counts. By Jacobi's method: exact, but slow for more than some hundred
    rows.""",
    aliases=("linalg_syevd",),
    inputs=_A,
    outputs=("output0", "output1"),
    shape=_syevd_shape,
    dtype=real_dtype,
    kernel="syevd",
    gradient=_syevd_grad,
    flops=lambda attrs, ins, outs: 30 * _cubes(attrs, ins, outs),
    example="""
    >>> import paratrain as mx
    >>> u, values = mx.nd.linalg.syevd(mx.nd.array([[2, 0], [0, 1]]))
    >>> values.asnumpy()
    array([1., 2.], dtype=float32)""",
)
define(
    "_backward_linalg_syevd",
    "Gradient of syevd in the basis of the eigenvectors.",
    inputs={"product": "dU U^T.", "values": "Eigenvalues.", "grad": "Their gradient."},
    shape=_syevd_back_shape,
    dtype=real_dtype,
    kernel="syevd_grad",
)


def _inverse_grad(g: GradContext) -> Sequence[Any]:
    y = g.outputs[0]
    inner = g.F._linalg_gemm2(y, g.grad(), transpose_a=True)
    return [g.F._linalg_gemm2(inner, y, transpose_b=True, alpha=-1.0)]


define(
    "_linalg_inverse",
    "Inverse matrices. A singular matrix raises a ValueError on the CPU and gives NaN on a GPU.",
    aliases=("linalg_inverse",),
    inputs=_A,
    shape=_square_shape,
    dtype=real_dtype,
    kernel="inverse",
    gradient=_inverse_grad,
    flops=lambda attrs, ins, outs: 2 * _cubes(attrs, ins, outs),
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.inverse(mx.nd.array([[2, 0], [0, 4]])).asnumpy()
    array([[0.5 , 0.  ],
           [0.  , 0.25]], dtype=float32)""",
)


def _number_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    """One number for each matrix; (1,) for a single one."""
    _square(ins[0])
    if ins[0] is None:
        return ins, outs
    return ins, [merge(ins[0][:-2] or (1,), s) for s in outs]


define(
    "_linalg_det",
    "Determinants: (..., n, n) -> (...), or (1,) for one matrix. The gradient is zero where a matrix is singular.",
    aliases=("linalg_det",),
    inputs=_A,
    shape=_number_shape,
    dtype=real_dtype,
    kernel=lambda attrs, ins, outs: ("det", {"log": False}),
    gradient=lambda g: [g.F._backward_linalg_det(g.F.elemwise_mul(g.grad(), g.outputs[0]), g.inputs[0])],
    flops=_cubes,
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.det(mx.nd.array([[2, 1], [0, 3]])).asnumpy()
    array([6.], dtype=float32)""",
)
define(
    "_linalg_slogdet",
    """Sign and logarithm of the size of determinants: 0 and minus infinity for a singular matrix.

    No gradient goes through the sign.""",
    aliases=("linalg_slogdet",),
    inputs=_A,
    outputs=("output0", "output1"),
    shape=_number_shape,
    dtype=real_dtype,
    kernel=lambda attrs, ins, outs: ("det", {"log": True}),
    gradient=lambda g: [g.F._backward_linalg_det(g.grad(1), g.inputs[0])],
    flops=_cubes,
    example="""
    >>> import paratrain as mx
    >>> sign, size = mx.nd.linalg.slogdet(mx.nd.array([[-1, 0], [0, 1]]))
    >>> sign.asscalar(), size.asscalar()
    (np.float32(-1.0), np.float32(0.0))""",
)


def _det_back_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    shape = merge(ins[1], outs[0])
    _, (factor,) = _number_shape(attrs, [shape], ins[:1])
    return [factor, shape], [shape]


def _det_back_composed(g: GradContext) -> Any:
    F, (factor, matrices) = g.F, g.inputs
    axes = [*range(len(matrices.shape) - 2), -1, -2]
    inverse = F.transpose(F._linalg_inverse(matrices), axes=[a % len(axes) for a in axes])
    return F.broadcast_mul(F.Reshape(factor, shape=(*matrices.shape[:-2], 1, 1)), inverse)


define(
    "_backward_linalg_det",
    "For each matrix its transposed inverse times a factor; zeros where it is singular.",
    inputs={"factor": "One number for each matrix.", **_A},
    shape=_det_back_shape,
    dtype=real_dtype,
    kernel="det_grad",
    composed=_det_back_composed,
    flops=lambda attrs, ins, outs: 2 * _cubes(attrs, ins[1:], outs),
)


def _sumlogdiag_grad(g: GradContext) -> Sequence[Any]:
    F = g.F
    diagonal = F._linalg_extractdiag(g.inputs[0])
    share = F.broadcast_div(F.expand_dims(g.grad(), axis=-1), diagonal)
    return [F._linalg_makediag(F.reshape_like(share, diagonal))]


define(
    "_linalg_sumlogdiag",
    "Sums of the logarithms of the diagonals: (..., n, n) -> (...), or (1,) for one matrix.",
    aliases=("linalg_sumlogdiag",),
    inputs=_A,
    shape=_number_shape,
    dtype=real_dtype,
    kernel="sumlogdiag",
    gradient=_sumlogdiag_grad,
    flops=lambda attrs, ins, outs: product(ins[0][0][:-1]),
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.sumlogdiag(mx.nd.ones((3, 3))).asnumpy()
    array([0.], dtype=float32)""",
)

# Diagonals and triangles


def _side(attrs: Attrs, shape: MaybeShape) -> int:
    """Length of the chosen diagonal of (..., n, n), -1 if unknown."""
    _square(shape)
    n = -1 if shape is None else max(shape[-2:])
    most = max(n - 1, 0)
    if n != -1 and abs(attrs["offset"]) > most:
        raise ValueError(f"offset must be in [{-most}, {most}] for matrices {show(shape)}; got {attrs['offset']}")
    return -1 if n == -1 else n - abs(attrs["offset"])


def _extractdiag_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    return ins, [merge((*ins[0][:-2], _side(attrs, ins[0])), outs[0])]


def _makediag_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    if not ins[0]:
        raise ValueError("A must have at least one axis")
    n = -1 if ins[0][-1] == -1 else ins[0][-1] + abs(attrs["offset"])
    return ins, [merge((*ins[0][:-1], n, n), outs[0])]


def _diagonal_view(attrs: Attrs, matrix: tuple[int, ...]) -> Attrs:
    *front, n, _ = matrix
    k = attrs["offset"]
    steps = row_strides(matrix)
    shape = (*front, n - abs(k))
    return view_attrs(shape, (*steps[:-2], n + 1), (k if k >= 0 else -k * n) if product(shape) else 0)


_OFFSET = {"offset": integer(0, "Which diagonal: above (positive) or below the main one.")}
define(
    "_linalg_extractdiag",
    "One diagonal of each matrix: (..., n, n) -> (..., n - abs(offset)).",
    aliases=("linalg_extractdiag",),
    inputs=_A,
    params=_OFFSET,
    shape=_extractdiag_shape,
    dtype=real_dtype,
    kernel=lambda attrs, ins, outs: ("strided", _diagonal_view(attrs, ins[0][0])),
    gradient=lambda g: [g.F._linalg_makediag(g.grad(), **g.attrs)],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.extractdiag(mx.nd.array([[1, 2], [3, 4]]), offset=1).asnumpy()
    array([2.], dtype=float32)""",
)
define(
    "_linalg_makediag",
    "Matrices with one given diagonal, zero elsewhere: (..., n) -> (..., n + abs(offset), n + abs(offset)).",
    aliases=("linalg_makediag",),
    inputs={"A": "Diagonals (..., n)."},
    params=_OFFSET,
    shape=_makediag_shape,
    dtype=real_dtype,
    kernel=lambda attrs, ins, outs: ("strided_scatter", _diagonal_view(attrs, outs[0][0])),
    gradient=lambda g: [g.F._linalg_extractdiag(g.grad(), **g.attrs)],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.makediag(mx.nd.array([1, 2])).asnumpy()
    array([[1., 0.],
           [0., 2.]], dtype=float32)""",
)


def _extracttrian_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None:
        return ins, outs
    side = _side(attrs, ins[0])
    if side == 0:
        raise ValueError(f"empty matrices have no triangle; got {show(ins[0])}")
    return ins, [merge((*ins[0][:-2], -1 if side == -1 else side * (side + 1) // 2), outs[0])]


def _maketrian_shape(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
    if ins[0] is None or not ins[0] or ins[0][-1] == -1:
        return ins, outs
    packed = ins[0][-1]
    side = (math.isqrt(8 * packed + 1) - 1) // 2
    if side * (side + 1) // 2 != packed or not packed:
        raise ValueError(f"the last axis of A must have size n * (n + 1) / 2 for an n > 0; got {packed}")
    n = side + abs(attrs["offset"])
    return ins, [merge((*ins[0][:-1], n, n), outs[0])]


def _trian_kernel(name: str, matrix: int) -> Any:
    def kernel(attrs: Attrs, ins: Specs, outs: Specs) -> tuple[str, Attrs]:
        shape = (ins[0] if matrix == 0 else outs[0])[0]
        offset = attrs["offset"]
        upper = offset > 0 or (offset == 0 and not attrs["lower"])
        return name, {"n": shape[-1], "offset": offset, "upper": upper}

    return kernel


_TRIAN = {
    "offset": integer(0, "Diagonal where the triangle ends: above (positive: upper triangle) or below the main one."),
    "lower": flag(True, "With offset 0: whether it is the lower triangle, else the upper one."),
}
define(
    "_linalg_extracttrian",
    "One triangle of each matrix: (..., n, n) -> (..., k * (k + 1) / 2) with k = n - abs(offset).",
    aliases=("linalg_extracttrian",),
    inputs=_A,
    params=_TRIAN,
    shape=_extracttrian_shape,
    dtype=real_dtype,
    kernel=_trian_kernel("extracttrian", 0),
    gradient=lambda g: [g.F._linalg_maketrian(g.grad(), **g.attrs)],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.extracttrian(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
    array([1., 3., 4.], dtype=float32)""",
)
define(
    "_linalg_maketrian",
    "Triangular matrices from their elements, as `linalg_extracttrian` gives them; zero elsewhere.",
    aliases=("linalg_maketrian",),
    inputs={"A": "Elements of triangles (..., k * (k + 1) / 2)."},
    params=_TRIAN,
    shape=_maketrian_shape,
    dtype=real_dtype,
    kernel=_trian_kernel("maketrian", 1),
    gradient=lambda g: [g.F._linalg_extracttrian(g.grad(), **g.attrs)],
    example="""
    >>> import paratrain as mx
    >>> mx.nd.linalg.maketrian(mx.nd.array([1, 2, 3])).asnumpy()
    array([[1., 0.],
           [2., 3.]], dtype=float32)""",
)

_MODES = ("lower", "upper", "mirror", "fold")
_TRANSPOSED_MODES = {"lower": "lower", "upper": "upper", "mirror": "fold", "fold": "mirror"}
define(
    "_triangle",
    """The lower or upper triangle of each matrix, zero elsewhere; or the lower one and its mirror image.

    ``fold`` is what ``mirror`` does, transposed: below the diagonal the sum of both triangles, above it zero.""",
    inputs=_A,
    params={"mode": choice(_MODES, doc="Which triangle, or what is done with it.")},
    shape=_square_shape,
    dtype=real_dtype,
    kernel=lambda attrs, ins, outs: ("triangle", {"mode": _MODES.index(attrs["mode"])}),
    gradient=lambda g: [g.F._triangle(g.grad(), mode=_TRANSPOSED_MODES[g.attrs["mode"]])],
)
