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

    def exp(self, *args: Any, **kwargs: Any) -> Any:
        """e to the power of each element. See `paratrain.sym.exp`."""
        return op.exp(self, *args, **kwargs)

    def expm1(self, *args: Any, **kwargs: Any) -> Any:
        """exp(x) - 1, exact for small x. See `paratrain.sym.expm1`."""
        return op.expm1(self, *args, **kwargs)

    def fix(self, *args: Any, **kwargs: Any) -> Any:
        """Integer part (rounding towards zero). See `paratrain.sym.fix`."""
        return op.fix(self, *args, **kwargs)

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

    def rint(self, *args: Any, **kwargs: Any) -> Any:
        """Nearest integer, halves to the even one. See `paratrain.sym.rint`."""
        return op.rint(self, *args, **kwargs)

    def round(self, *args: Any, **kwargs: Any) -> Any:
        """Nearest integer, halves away from zero. See `paratrain.sym.round`."""
        return op.round(self, *args, **kwargs)

    def rsqrt(self, *args: Any, **kwargs: Any) -> Any:
        """1 / sqrt(x). See `paratrain.sym.rsqrt`."""
        return op.rsqrt(self, *args, **kwargs)

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

    def sqrt(self, *args: Any, **kwargs: Any) -> Any:
        """Square root. See `paratrain.sym.sqrt`."""
        return op.sqrt(self, *args, **kwargs)

    def square(self, *args: Any, **kwargs: Any) -> Any:
        """Square of each element. See `paratrain.sym.square`."""
        return op.square(self, *args, **kwargs)

    def tan(self, *args: Any, **kwargs: Any) -> Any:
        """Tangent of an angle in radians. See `paratrain.sym.tan`."""
        return op.tan(self, *args, **kwargs)

    def tanh(self, *args: Any, **kwargs: Any) -> Any:
        """Hyperbolic tangent. See `paratrain.sym.tanh`."""
        return op.tanh(self, *args, **kwargs)

    def trunc(self, *args: Any, **kwargs: Any) -> Any:
        """Integer part. See `paratrain.sym.trunc`."""
        return op.trunc(self, *args, **kwargs)
