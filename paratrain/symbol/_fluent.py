"""Fluent methods of Symbol.

Generated from the definitions in `paratrain/ops` by ``python -m paratrain.ops.generate``; edit those.
"""

from __future__ import annotations

from typing import Any

from paratrain._lazy import LazyModule

op = LazyModule("paratrain.symbol.op")


class FluentMethods:
    """Operators as methods of Symbol."""

    __slots__ = ()

    def abs(self, *args: Any, **kwargs: Any) -> Any:
        """Absolute value. See `paratrain.sym.abs`."""
        return op.abs(self, *args, **kwargs)

    def arccos(self, *args: Any, **kwargs: Any) -> Any:
        """Inverse cosine, in radians. See `paratrain.sym.arccos`."""
        return op.arccos(self, *args, **kwargs)

    def arccosh(self, *args: Any, **kwargs: Any) -> Any:
        """Inverse hyperbolic cosine. See `paratrain.sym.arccosh`."""
        return op.arccosh(self, *args, **kwargs)

    def arcsin(self, *args: Any, **kwargs: Any) -> Any:
        """Inverse sine, in radians. See `paratrain.sym.arcsin`."""
        return op.arcsin(self, *args, **kwargs)

    def arcsinh(self, *args: Any, **kwargs: Any) -> Any:
        """Inverse hyperbolic sine. See `paratrain.sym.arcsinh`."""
        return op.arcsinh(self, *args, **kwargs)

    def arctan(self, *args: Any, **kwargs: Any) -> Any:
        """Inverse tangent, in radians. See `paratrain.sym.arctan`."""
        return op.arctan(self, *args, **kwargs)

    def arctanh(self, *args: Any, **kwargs: Any) -> Any:
        """Inverse hyperbolic tangent. See `paratrain.sym.arctanh`."""
        return op.arctanh(self, *args, **kwargs)

    def argmax(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.argmax`."""
        return op.argmax(self, *args, **kwargs)

    def argmax_channel(self, *args: Any, **kwargs: Any) -> Any:
        """Position of the largest element along axis 1. See `paratrain.sym.argmax_channel`."""
        return op.argmax_channel(self, *args, **kwargs)

    def argmin(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.argmin`."""
        return op.argmin(self, *args, **kwargs)

    def argsort(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.argsort`."""
        return op.argsort(self, *args, **kwargs)

    def broadcast_axes(self, *args: Any, **kwargs: Any) -> Any:
        """The array repeated along the given axes, which have size 1. See `paratrain.sym.broadcast_axes`."""
        return op.broadcast_axes(self, *args, **kwargs)

    def broadcast_like(self, *args: Any, **kwargs: Any) -> Any:
        """`lhs` repeated along axes of size 1 until it has the shape of `rhs`. See `paratrain.sym.broadcast_like`."""
        return op.broadcast_like(self, *args, **kwargs)

    def broadcast_to(self, *args: Any, **kwargs: Any) -> Any:
        """The array repeated along axes of size 1 until it has the given shape. See `paratrain.sym.broadcast_to`."""
        return op.broadcast_to(self, *args, **kwargs)

    def cbrt(self, *args: Any, **kwargs: Any) -> Any:
        """Cube root. See `paratrain.sym.cbrt`."""
        return op.cbrt(self, *args, **kwargs)

    def ceil(self, *args: Any, **kwargs: Any) -> Any:
        """Smallest integer that is not smaller. See `paratrain.sym.ceil`."""
        return op.ceil(self, *args, **kwargs)

    def clip(self, *args: Any, **kwargs: Any) -> Any:
        """Limits each element to ``[a_min, a_max]``. See `paratrain.sym.clip`."""
        return op.clip(self, *args, **kwargs)

    def cos(self, *args: Any, **kwargs: Any) -> Any:
        """Cosine of an angle in radians. See `paratrain.sym.cos`."""
        return op.cos(self, *args, **kwargs)

    def cosh(self, *args: Any, **kwargs: Any) -> Any:
        """Hyperbolic cosine. See `paratrain.sym.cosh`."""
        return op.cosh(self, *args, **kwargs)

    def degrees(self, *args: Any, **kwargs: Any) -> Any:
        """Radians to degrees. See `paratrain.sym.degrees`."""
        return op.degrees(self, *args, **kwargs)

    def depth_to_space(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.depth_to_space`."""
        return op.depth_to_space(self, *args, **kwargs)

    def diag(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.diag`."""
        return op.diag(self, *args, **kwargs)

    def exp(self, *args: Any, **kwargs: Any) -> Any:
        """e to the power of each element. See `paratrain.sym.exp`."""
        return op.exp(self, *args, **kwargs)

    def expand_dims(self, *args: Any, **kwargs: Any) -> Any:
        """The array with a further axis of size 1. See `paratrain.sym.expand_dims`."""
        return op.expand_dims(self, *args, **kwargs)

    def expm1(self, *args: Any, **kwargs: Any) -> Any:
        """exp(x) - 1, exact for small x. See `paratrain.sym.expm1`."""
        return op.expm1(self, *args, **kwargs)

    def fix(self, *args: Any, **kwargs: Any) -> Any:
        """Integer part (rounding towards zero). See `paratrain.sym.fix`."""
        return op.fix(self, *args, **kwargs)

    def flatten(self, *args: Any, **kwargs: Any) -> Any:
        """All axes but the first as one: (N, ...) becomes (N, d). See `paratrain.sym.flatten`."""
        return op.flatten(self, *args, **kwargs)

    def flip(self, *args: Any, **kwargs: Any) -> Any:
        """The array in reverse order along the given axes. See `paratrain.sym.flip`."""
        return op.flip(self, *args, **kwargs)

    def floor(self, *args: Any, **kwargs: Any) -> Any:
        """Largest integer that is not larger. See `paratrain.sym.floor`."""
        return op.floor(self, *args, **kwargs)

    def gamma(self, *args: Any, **kwargs: Any) -> Any:
        """Gamma function. See `paratrain.sym.gamma`."""
        return op.gamma(self, *args, **kwargs)

    def gammaln(self, *args: Any, **kwargs: Any) -> Any:
        """Logarithm of the absolute value of the gamma function. See `paratrain.sym.gammaln`."""
        return op.gammaln(self, *args, **kwargs)

    def log(self, *args: Any, **kwargs: Any) -> Any:
        """Natural logarithm. See `paratrain.sym.log`."""
        return op.log(self, *args, **kwargs)

    def log10(self, *args: Any, **kwargs: Any) -> Any:
        """Logarithm to base 10. See `paratrain.sym.log10`."""
        return op.log10(self, *args, **kwargs)

    def log1p(self, *args: Any, **kwargs: Any) -> Any:
        """log(1 + x), exact for small x. See `paratrain.sym.log1p`."""
        return op.log1p(self, *args, **kwargs)

    def log2(self, *args: Any, **kwargs: Any) -> Any:
        """Logarithm to base 2. See `paratrain.sym.log2`."""
        return op.log2(self, *args, **kwargs)

    def log_softmax(self, *args: Any, **kwargs: Any) -> Any:
        """``x_i - log(sum_j exp(x_j))`` along an axis. See `paratrain.sym.log_softmax`."""
        return op.log_softmax(self, *args, **kwargs)

    def max(self, *args: Any, **kwargs: Any) -> Any:
        """Largest element over the given axes. See `paratrain.sym.max`."""
        return op.max(self, *args, **kwargs)

    def mean(self, *args: Any, **kwargs: Any) -> Any:
        """Mean over the given axes. See `paratrain.sym.mean`."""
        return op.mean(self, *args, **kwargs)

    def min(self, *args: Any, **kwargs: Any) -> Any:
        """Smallest element over the given axes. See `paratrain.sym.min`."""
        return op.min(self, *args, **kwargs)

    def nanprod(self, *args: Any, **kwargs: Any) -> Any:
        """Product of the elements that are not NaN over the given axes. See `paratrain.sym.nanprod`."""
        return op.nanprod(self, *args, **kwargs)

    def nansum(self, *args: Any, **kwargs: Any) -> Any:
        """Sum of the elements that are not NaN over the given axes. See `paratrain.sym.nansum`."""
        return op.nansum(self, *args, **kwargs)

    def norm(self, *args: Any, **kwargs: Any) -> Any:
        """L1 or L2 norm over the given axes. See `paratrain.sym.norm`."""
        return op.norm(self, *args, **kwargs)

    def one_hot(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.one_hot`."""
        return op.one_hot(self, *args, **kwargs)

    def ones_like(self, *args: Any, **kwargs: Any) -> Any:
        """Array of ones with the shape and type of another one. See `paratrain.sym.ones_like`."""
        return op.ones_like(self, *args, **kwargs)

    def pad(self, *args: Any, **kwargs: Any) -> Any:
        """The array with places added at the ends of its axes. See `paratrain.sym.pad`."""
        return op.pad(self, *args, **kwargs)

    def pick(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.pick`."""
        return op.pick(self, *args, **kwargs)

    def prod(self, *args: Any, **kwargs: Any) -> Any:
        """Product over the given axes. See `paratrain.sym.prod`."""
        return op.prod(self, *args, **kwargs)

    def radians(self, *args: Any, **kwargs: Any) -> Any:
        """Degrees to radians. See `paratrain.sym.radians`."""
        return op.radians(self, *args, **kwargs)

    def rcbrt(self, *args: Any, **kwargs: Any) -> Any:
        """1 / cbrt(x). See `paratrain.sym.rcbrt`."""
        return op.rcbrt(self, *args, **kwargs)

    def reciprocal(self, *args: Any, **kwargs: Any) -> Any:
        """1 / x. See `paratrain.sym.reciprocal`."""
        return op.reciprocal(self, *args, **kwargs)

    def relu(self, *args: Any, **kwargs: Any) -> Any:
        """max(x, 0). See `paratrain.sym.relu`."""
        return op.relu(self, *args, **kwargs)

    def repeat(self, *args: Any, **kwargs: Any) -> Any:
        """Each element several times in a row. See `paratrain.sym.repeat`."""
        return op.repeat(self, *args, **kwargs)

    def reshape_like(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.reshape_like`."""
        return op.reshape_like(self, *args, **kwargs)

    def rint(self, *args: Any, **kwargs: Any) -> Any:
        """Nearest integer, halves to the smaller one. See `paratrain.sym.rint`."""
        return op.rint(self, *args, **kwargs)

    def round(self, *args: Any, **kwargs: Any) -> Any:
        """Nearest integer, halves away from zero. See `paratrain.sym.round`."""
        return op.round(self, *args, **kwargs)

    def rsqrt(self, *args: Any, **kwargs: Any) -> Any:
        """1 / sqrt(x). See `paratrain.sym.rsqrt`."""
        return op.rsqrt(self, *args, **kwargs)

    def shape_array(self, *args: Any, **kwargs: Any) -> Any:
        """The shape of an array as an array of int64. See `paratrain.sym.shape_array`."""
        return op.shape_array(self, *args, **kwargs)

    def sigmoid(self, *args: Any, **kwargs: Any) -> Any:
        """1 / (1 + exp(-x)). See `paratrain.sym.sigmoid`."""
        return op.sigmoid(self, *args, **kwargs)

    def sign(self, *args: Any, **kwargs: Any) -> Any:
        """-1, 0 or 1 by the sign of each element. See `paratrain.sym.sign`."""
        return op.sign(self, *args, **kwargs)

    def sin(self, *args: Any, **kwargs: Any) -> Any:
        """Sine of an angle in radians. See `paratrain.sym.sin`."""
        return op.sin(self, *args, **kwargs)

    def sinh(self, *args: Any, **kwargs: Any) -> Any:
        """Hyperbolic sine. See `paratrain.sym.sinh`."""
        return op.sinh(self, *args, **kwargs)

    def size_array(self, *args: Any, **kwargs: Any) -> Any:
        """The number of elements of an array as an array (1,) of int64. See `paratrain.sym.size_array`."""
        return op.size_array(self, *args, **kwargs)

    def slice(self, *args: Any, **kwargs: Any) -> Any:
        """A region of the array, as ``data[begin[0]:end[0]:step[0], ...]``. See `paratrain.sym.slice`."""
        return op.slice(self, *args, **kwargs)

    def slice_axis(self, *args: Any, **kwargs: Any) -> Any:
        """The part ``begin .. end - 1`` of the array along one axis. See `paratrain.sym.slice_axis`."""
        return op.slice_axis(self, *args, **kwargs)

    def slice_like(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.slice_like`."""
        return op.slice_like(self, *args, **kwargs)

    def softmax(self, *args: Any, **kwargs: Any) -> Any:
        """``exp(x_i) / sum_j exp(x_j)`` along an axis. See `paratrain.sym.softmax`."""
        return op.softmax(self, *args, **kwargs)

    def softmin(self, *args: Any, **kwargs: Any) -> Any:
        """``exp(-x_i) / sum_j exp(-x_j)`` along an axis. See `paratrain.sym.softmin`."""
        return op.softmin(self, *args, **kwargs)

    def sort(self, *args: Any, **kwargs: Any) -> Any:
        """The elements along an axis in order. See `paratrain.sym.sort`."""
        return op.sort(self, *args, **kwargs)

    def space_to_depth(self, *args: Any, **kwargs: Any) -> Any:
        """See `paratrain.sym.space_to_depth`."""
        return op.space_to_depth(self, *args, **kwargs)

    def split(self, *args: Any, **kwargs: Any) -> Any:
        """The array cut into equal parts along an axis. See `paratrain.sym.split`."""
        return op.split(self, *args, **kwargs)

    def sqrt(self, *args: Any, **kwargs: Any) -> Any:
        """Square root. See `paratrain.sym.sqrt`."""
        return op.sqrt(self, *args, **kwargs)

    def square(self, *args: Any, **kwargs: Any) -> Any:
        """Square of each element. See `paratrain.sym.square`."""
        return op.square(self, *args, **kwargs)

    def squeeze(self, *args: Any, **kwargs: Any) -> Any:
        """The array without its axes of size 1. See `paratrain.sym.squeeze`."""
        return op.squeeze(self, *args, **kwargs)

    def sum(self, *args: Any, **kwargs: Any) -> Any:
        """Sum over the given axes. See `paratrain.sym.sum`."""
        return op.sum(self, *args, **kwargs)

    def swapaxes(self, *args: Any, **kwargs: Any) -> Any:
        """The array with two axes exchanged. See `paratrain.sym.swapaxes`."""
        return op.swapaxes(self, *args, **kwargs)

    def take(self, *args: Any, **kwargs: Any) -> Any:
        """Elements of an array along an axis, by position. See `paratrain.sym.take`."""
        return op.take(self, *args, **kwargs)

    def tan(self, *args: Any, **kwargs: Any) -> Any:
        """Tangent of an angle in radians. See `paratrain.sym.tan`."""
        return op.tan(self, *args, **kwargs)

    def tanh(self, *args: Any, **kwargs: Any) -> Any:
        """Hyperbolic tangent. See `paratrain.sym.tanh`."""
        return op.tanh(self, *args, **kwargs)

    def tile(self, *args: Any, **kwargs: Any) -> Any:
        """The whole array several times along each axis. See `paratrain.sym.tile`."""
        return op.tile(self, *args, **kwargs)

    def topk(self, *args: Any, **kwargs: Any) -> Any:
        """The k largest (or smallest) elements along an axis, in order. See `paratrain.sym.topk`."""
        return op.topk(self, *args, **kwargs)

    def transpose(self, *args: Any, **kwargs: Any) -> Any:
        """The array with its axes in another order. See `paratrain.sym.transpose`."""
        return op.transpose(self, *args, **kwargs)

    def trunc(self, *args: Any, **kwargs: Any) -> Any:
        """Integer part. See `paratrain.sym.trunc`."""
        return op.trunc(self, *args, **kwargs)

    def zeros_like(self, *args: Any, **kwargs: Any) -> Any:
        """Array of zeros with the shape and type of another one. See `paratrain.sym.zeros_like`."""
        return op.zeros_like(self, *args, **kwargs)
