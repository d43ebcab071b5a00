"""Which operators run in which precision.

Four kinds: those that gain most run in the 16-bit type; those whose results would suffer run in float32, some of them
only with certain parameters; those that want their arrays in one type run in the widest of them; all others take what
comes. The last two follow from the operators' definitions.
"""

from __future__ import annotations

from paratrain.ops.registry import Op
from paratrain.ops.rules import float_dtype, same_dtype

__all__ = ["CONDITIONAL_FLOAT32", "FLOAT32", "LOW", "is_widest"]

#: Sums of many products: what 16-bit units are made for. Sums are kept in float32.
_PRODUCTS = (
    *("Convolution", "Deconvolution", "FullyConnected", "dot", "batch_dot", "linalg_gemm", "linalg_gemm2"),
    *(f"_contrib_interleaved_matmul_{kind}_{what}" for kind in ("selfatt", "encdec") for what in ("qk", "valatt")),
)
LOW: dict[str, tuple[str, ...]] = {"bfloat16": _PRODUCTS, "float16": (*_PRODUCTS, "RNN")}

#: Exponentials, powers and logarithms; sums over many elements; losses; normalisations that keep no float32 parameters.
_FLOAT32 = (
    *("exp", "expm1", "log", "log10", "log1p", "log2", "sinh", "cosh", "tan", "arcsin", "arccos", "arctanh"),
    *("gamma", "gammaln", "reciprocal", "rsqrt", "rcbrt", "square", "_power", "broadcast_power", "_power_scalar"),
    *("_rpower_scalar", "_rdiv_scalar", "_hypot", "broadcast_hypot", "_hypot_scalar"),
    *("sum", "mean", "prod", "nansum", "nanprod", "norm", "cumsum", "topk", "argsort"),
    *("softmax", "softmin", "log_softmax", "SoftmaxActivation", "SoftmaxOutput", "softmax_cross_entropy", "smooth_l1"),
    *(
        "LinearRegressionOutput",
        "LogisticRegressionOutput",
        "MAERegressionOutput",
        "SVMOutput",
        "MakeLoss",
        "make_loss",
    ),
    *("erfinv", "moments", "_contrib_hawkesll"),
    *(f"linalg_{name}" for name in ("potrf", "potri", "trsm", "gelqf", "syevd", "inverse", "det", "slogdet")),
    *(f"linalg_{name}" for name in ("sumlogdiag", "extractdiag", "makediag", "extracttrian", "maketrian")),
    *(f"random_pdf_{name}" for name in ("uniform", "normal", "gamma", "exponential", "poisson", "dirichlet")),
    *("random_pdf_negative_binomial", "random_pdf_generalized_negative_binomial"),
    *("LayerNorm", "GroupNorm", "InstanceNorm", "L2Normalization", "LRN"),
    *("CTCLoss", "_contrib_box_encode", "_contrib_box_decode", "_contrib_MultiBoxPrior", "_contrib_MultiBoxTarget"),
    *("_contrib_MultiBoxDetection", "_contrib_Proposal", "_contrib_MultiProposal"),
)
FLOAT32: dict[str, tuple[str, ...]] = {"bfloat16": (*_FLOAT32, "RNN"), "float16": _FLOAT32}

#: Operator, parameter, and the values with which it runs in float32. (prelu has a parameter, which stays float32.)
CONDITIONAL_FLOAT32: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Activation", "act_type", ("softrelu",)),
    ("LeakyReLU", "act_type", ("elu", "selu", "gelu", "prelu")),
)


def is_widest(op: Op) -> bool:
    """Whether an operator wants several arrays in one type."""
    several = bool(op.variadic) or len(op.inputs) > 1
    return op.name == "where" or (op.dtype in (same_dtype, float_dtype) and several and not op.mutates)
