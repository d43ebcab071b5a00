// The functors of the elementwise families under the names of their kernels: the tables of kernels are made from these
// lists, and so is what the GPU's chains may contain.
#pragma once

// clang-format off
// One array.
#define PT_UNARY_FUNCTIONS(X) \
  X(copy, Identity)           \
  X(negative, Negative)       \
  X(abs, Abs)                 \
  X(sign, Sign)               \
  X(square, Square)           \
  X(relu, Relu)               \
  X(logical_not, LogicalNot)  \
  X(round, Round)             \
  X(rint, Rint)               \
  X(ceil, Ceil)               \
  X(floor, Floor)             \
  X(trunc, Trunc)             \
  X(sqrt, Sqrt)               \
  X(rsqrt, Rsqrt)             \
  X(cbrt, Cbrt)               \
  X(rcbrt, Rcbrt)             \
  X(reciprocal, Reciprocal)   \
  X(exp, Exp)                 \
  X(expm1, Expm1)             \
  X(log, Log)                 \
  X(log10, Log10)             \
  X(log2, Log2)               \
  X(log1p, Log1p)             \
  X(sin, Sin)                 \
  X(cos, Cos)                 \
  X(tan, Tan)                 \
  X(arcsin, Arcsin)           \
  X(arccos, Arccos)           \
  X(arctan, Arctan)           \
  X(sinh, Sinh)               \
  X(cosh, Cosh)               \
  X(tanh, Tanh)               \
  X(arcsinh, Arcsinh)         \
  X(arccosh, Arccosh)         \
  X(arctanh, Arctanh)         \
  X(degrees, Degrees)         \
  X(radians, Radians)         \
  X(erf, Erf)                 \
  X(gamma, Gamma)             \
  X(gammaln, Gammaln)         \
  X(digamma, Digamma)         \
  X(sigmoid, Sigmoid)         \
  X(softsign, Softsign)       \
  X(softrelu, Softrelu)

// Two arrays; as <name>_scalar, one array and the attributes scalar and reverse.
#define PT_BINARY_FUNCTIONS(X)   \
  X(add, Add)                    \
  X(sub, Sub)                    \
  X(mul, Mul)                    \
  X(div, Div)                    \
  X(mod, Mod)                    \
  X(power, Power)                \
  X(maximum, Maximum)            \
  X(minimum, Minimum)            \
  X(hypot, Hypot)                \
  X(equal, Equal)                \
  X(not_equal, NotEqual)         \
  X(greater, Greater)            \
  X(greater_equal, GreaterEqual) \
  X(lesser, Lesser)              \
  X(lesser_equal, LesserEqual)   \
  X(logical_and, LogicalAnd)     \
  X(logical_or, LogicalOr)       \
  X(logical_xor, LogicalXor)

// Gradients (dY, Y) -> dX of functions whose derivative follows from their result.
#define PT_GRAD_FUNCTIONS(X)     \
  X(relu_grad, ReluGrad)         \
  X(sigmoid_grad, SigmoidGrad)   \
  X(tanh_grad, TanhGrad)         \
  X(softrelu_grad, SoftreluGrad) \
  X(softsign_grad, SoftsignGrad) \
  X(digamma_grad, DigammaGrad)

// One array and the attribute slope; as <name>_grad, (dY, data, result) -> dX.
#define PT_SLOPE_FUNCTIONS(X) \
  X(leaky, Leaky)             \
  X(elu, Elu)                 \
  X(selu, Selu)               \
  X(gelu, Gelu)
// clang-format on
