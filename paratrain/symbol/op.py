"""Operators on symbols.

Generated from the definitions in `paratrain/ops` by ``python -m paratrain.ops.generate``; edit those.
"""

from __future__ import annotations

from typing import Any

from paratrain.ops.params import REQUIRED
from paratrain.ops.registry import OPS
from paratrain.symbol.compose import compose, default
from paratrain.symbol.compose import flatten as _flatten
from paratrain.symbol.symbol import Symbol

__all__ = [
    "Activation",
    "BatchNorm",
    "Cast",
    "Convolution",
    "Deconvolution",
    "ElementWiseSum",
    "FullyConnected",
    "GroupNorm",
    "InstanceNorm",
    "L2Normalization",
    "LRN",
    "LayerNorm",
    "LeakyReLU",
    "Pooling",
    "abs",
    "add_n",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "broadcast_add",
    "broadcast_div",
    "broadcast_equal",
    "broadcast_greater",
    "broadcast_greater_equal",
    "broadcast_hypot",
    "broadcast_lesser",
    "broadcast_lesser_equal",
    "broadcast_logical_and",
    "broadcast_logical_or",
    "broadcast_logical_xor",
    "broadcast_maximum",
    "broadcast_minimum",
    "broadcast_minus",
    "broadcast_mod",
    "broadcast_mul",
    "broadcast_not_equal",
    "broadcast_plus",
    "broadcast_power",
    "broadcast_sub",
    "cast",
    "cbrt",
    "ceil",
    "clip",
    "cos",
    "cosh",
    "degrees",
    "elemwise_add",
    "elemwise_div",
    "elemwise_mul",
    "elemwise_sub",
    "erf",
    "exp",
    "expm1",
    "fix",
    "floor",
    "gamma",
    "gammaln",
    "identity",
    "log",
    "log10",
    "log1p",
    "log2",
    "logical_not",
    "negative",
    "radians",
    "rcbrt",
    "reciprocal",
    "relu",
    "rint",
    "round",
    "rsqrt",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softsign",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "trunc",
    "where",
]


def Activation(
    data: Symbol | None = None,
    act_type: str = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Activation function, element by element.

    relu: ``max(x, 0)``; sigmoid: ``1 / (1 + exp(-x))``; tanh; softrelu: ``log(1 + exp(x))``; softsign: ``x
    / (1 + |x|)``.

    Parameters
    ----------
    data : Symbol
        Input array.
    act_type : {'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}
        The function.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["Activation"], [data], {"act_type": act_type}, name, attr, kwargs)


def BatchNorm(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    beta: Symbol | None = None,
    moving_mean: Symbol | None = None,
    moving_var: Symbol | None = None,
    eps: float = default(0.001),
    momentum: float = default(0.9),
    fix_gamma: bool = default(True),
    use_global_stats: bool = default(False),
    output_mean_var: bool = default(False),
    axis: int = default(1),
    cudnn_off: bool = default(False),
    min_calib_range: float | None = default(None),
    max_calib_range: float | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Normalises each channel to mean 0 and variance 1, then scales and shifts it.

    ``y = (x - mean) / sqrt(var + eps) * gamma + beta``. In training mean and variance are those of the
    batch, and the moving statistics become ``momentum * moving + (1 - momentum) * batch``; else the moving
    statistics are used.

    Parameters
    ----------
    data : Symbol
        Shape (N, C, ...).
    gamma : Symbol
        Scale, shape (C,).
    beta : Symbol
        Shift, shape (C,).
    moving_mean : Symbol
        Moving mean, shape (C,).
    moving_var : Symbol
        Moving variance, shape (C,).
    eps : float in 0.0..None, optional
        Added to the variance. Default 0.001.
    momentum : float in 0.0..1.0, optional
        How much of the moving statistics is kept in each step. Default 0.9.
    fix_gamma : bool, optional
        Set gamma to 1; its gradient is 0. Default True.
    use_global_stats : bool, optional
        Use the moving statistics in training too. Default False.
    output_mean_var : bool, optional
        Also return the mean and 1 / standard deviation that were used. Default False.
    axis : int, optional
        The channel axis. Default 1.
    cudnn_off : bool, optional
        Do without cuDNN. Results are the same; only speed depends on it. Default False.
    min_calib_range : float, optional
        Only for quantised networks; kept so that their files can be read.
    max_calib_range : float, optional
        Only for quantised networks; kept so that their files can be read.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["BatchNorm"],
        [data, gamma, beta, moving_mean, moving_var],
        {
            "eps": eps,
            "momentum": momentum,
            "fix_gamma": fix_gamma,
            "use_global_stats": use_global_stats,
            "output_mean_var": output_mean_var,
            "axis": axis,
            "cudnn_off": cudnn_off,
            "min_calib_range": min_calib_range,
            "max_calib_range": max_calib_range,
        },
        name,
        attr,
        kwargs,
    )


def Cast(
    data: Symbol | None = None,
    dtype: Any = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with another element type. Real numbers lose their fraction when they become integers.

    Parameters
    ----------
    data : Symbol
        Input array.
    dtype : dtype
        Element type of the result.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["Cast"], [data], {"dtype": dtype}, name, attr, kwargs)


def Convolution(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    bias: Symbol | None = None,
    kernel: int | tuple[int, ...] = REQUIRED,
    stride: int | tuple[int, ...] = default(()),
    dilate: int | tuple[int, ...] = default(()),
    pad: int | tuple[int, ...] = default(()),
    num_filter: int = REQUIRED,
    num_group: int = default(1),
    workspace: int = default(1024),
    no_bias: bool = default(False),
    cudnn_tune: str | None = default(None),
    cudnn_off: bool = default(False),
    layout: str | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Convolution (without flipping the kernel) of each image with each filter.

    ``y[n, f, o] = b[f] + sum over c, k of x[n, c, o * stride - pad + k * dilate] w[f, c, k]``. A spatial
    axis of the result has ``(size + 2 pad - dilate (kernel - 1) - 1) // stride + 1`` elements.

    Parameters
    ----------
    data : Symbol
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W).
    weight : Symbol
        Shape (num_filter, C / num_group, *kernel).
    bias : Symbol
        Shape (num_filter,).
    kernel : tuple of int
        Sizes of the kernel: (w,), (h, w) or (d, h, w).
    stride : tuple of int >= 1, optional
        Step of the window along each axis; 1 if not given. Default ().
    dilate : tuple of int >= 1, optional
        Distance of the kernel's elements along each axis; 1 if not given. Default ().
    pad : tuple of int >= 0, optional
        Zeros added on both sides of each axis; 0 if not given. Default ().
    num_filter : int >= 1
        Number of filters, that is of channels of the result.
    num_group : int >= 1, optional
        Number of groups into which the channels are divided. Default 1.
    workspace : int >= 0, optional
        Megabytes that tuning may use; only speed depends on it. Default 1024.
    no_bias : bool, optional
        Leave the bias out. Default False.
    cudnn_tune : {'fastest', 'limited_workspace', 'off'}, optional
        How cuDNN's algorithm is chosen.
    cudnn_off : bool, optional
        Do without cuDNN. Results are the same; only speed depends on it. Default False.
    layout : {'NCDHW', 'NCHW', 'NCW', 'NDHWC', 'NHWC'}, optional
        Order of the axes: NCW, NCHW or NCDHW.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["Convolution"],
        [data, weight, bias],
        {
            "kernel": kernel,
            "stride": stride,
            "dilate": dilate,
            "pad": pad,
            "num_filter": num_filter,
            "num_group": num_group,
            "workspace": workspace,
            "no_bias": no_bias,
            "cudnn_tune": cudnn_tune,
            "cudnn_off": cudnn_off,
            "layout": layout,
        },
        name,
        attr,
        kwargs,
    )


def Deconvolution(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    bias: Symbol | None = None,
    kernel: int | tuple[int, ...] = REQUIRED,
    stride: int | tuple[int, ...] = default(()),
    dilate: int | tuple[int, ...] = default(()),
    pad: int | tuple[int, ...] = default(()),
    adj: int | tuple[int, ...] = default(()),
    target_shape: int | tuple[int, ...] = default(()),
    num_filter: int = REQUIRED,
    num_group: int = default(1),
    workspace: int = default(512),
    no_bias: bool = default(True),
    cudnn_tune: str | None = default(None),
    cudnn_off: bool = default(False),
    layout: str | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Transposed convolution: the gradient of a convolution with respect to its data.

    A spatial axis of the result has ``stride (size - 1) + dilate (kernel - 1) + 1 - 2 pad + adj`` elements.

    Parameters
    ----------
    data : Symbol
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W).
    weight : Symbol
        Shape (C, num_filter / num_group, *kernel).
    bias : Symbol
        Shape (num_filter,).
    kernel : tuple of int
        Sizes of the kernel: (w,), (h, w) or (d, h, w).
    stride : tuple of int >= 1, optional
        Step of the window along each axis; 1 if not given. Default ().
    dilate : tuple of int >= 1, optional
        Distance of the kernel's elements along each axis; 1 if not given. Default ().
    pad : tuple of int >= 0, optional
        Zeros added on both sides of each axis; 0 if not given. Default ().
    adj : tuple of int >= 0, optional
        Elements added at the end of each axis of the result, less than stride. Default ().
    target_shape : tuple of int >= 0, optional
        Spatial shape of the result; `pad` and `adj` are then chosen to get it. Default ().
    num_filter : int >= 1
        Number of channels of the result.
    num_group : int >= 1, optional
        Number of groups into which the channels are divided. Default 1.
    workspace : int >= 0, optional
        Megabytes that tuning may use; only speed depends on it. Default 512.
    no_bias : bool, optional
        Leave the bias out. Default True.
    cudnn_tune : {'fastest', 'limited_workspace', 'off'}, optional
        How cuDNN's algorithm is chosen.
    cudnn_off : bool, optional
        Do without cuDNN. Results are the same; only speed depends on it. Default False.
    layout : {'NCDHW', 'NCHW', 'NCW', 'NDHWC', 'NHWC'}, optional
        Order of the axes: NCW, NCHW or NCDHW.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["Deconvolution"],
        [data, weight, bias],
        {
            "kernel": kernel,
            "stride": stride,
            "dilate": dilate,
            "pad": pad,
            "adj": adj,
            "target_shape": target_shape,
            "num_filter": num_filter,
            "num_group": num_group,
            "workspace": workspace,
            "no_bias": no_bias,
            "cudnn_tune": cudnn_tune,
            "cudnn_off": cudnn_off,
            "layout": layout,
        },
        name,
        attr,
        kwargs,
    )


def ElementWiseSum(
    *args: Symbol,
    num_args: int | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """Sum of any number of arrays of one shape.

    Parameters
    ----------
    *args : Symbol
        Arrays of one shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["add_n"], _flatten(args), {"num_args": num_args}, name, attr, inputs, "elementwisesum")


def FullyConnected(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    bias: Symbol | None = None,
    num_hidden: int = REQUIRED,
    no_bias: bool = default(False),
    flatten: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Linear layer: ``Y = X W^T + b``.

    The result has shape (N, num_hidden), or with ``flatten=False`` the shape of `data` with `num_hidden` in
    place of the last axis.

    Parameters
    ----------
    data : Symbol
        Shape (N, ...).
    weight : Symbol
        Shape (num_hidden, inputs), with inputs the product of the axes of `data` but the first.
    bias : Symbol
        Shape (num_hidden,).
    num_hidden : int >= 1
        Number of units, that is of outputs.
    no_bias : bool, optional
        Leave the bias out. Default False.
    flatten : bool, optional
        Take all axes but the first as one row of inputs; else only the last axis. Default True.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["FullyConnected"],
        [data, weight, bias],
        {"num_hidden": num_hidden, "no_bias": no_bias, "flatten": flatten},
        name,
        attr,
        kwargs,
    )


def GroupNorm(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    beta: Symbol | None = None,
    num_groups: int = default(1),
    eps: float = default(1e-05),
    output_mean_var: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Normalises each group of channels of each sample to mean 0 and variance 1, then scales and shifts each
    group.

    Parameters
    ----------
    data : Symbol
        Shape (N, C, ...).
    gamma : Symbol
        Scale, shape (num_groups,).
    beta : Symbol
        Shift, shape (num_groups,).
    num_groups : int >= 1, optional
        Number of groups. Default 1.
    eps : float in 0.0..None, optional
        Added to the variance. Default 1e-05.
    output_mean_var : bool, optional
        Also return mean and standard deviation. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["GroupNorm"],
        [data, gamma, beta],
        {"num_groups": num_groups, "eps": eps, "output_mean_var": output_mean_var},
        name,
        attr,
        kwargs,
    )


def InstanceNorm(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    beta: Symbol | None = None,
    eps: float = default(0.001),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Normalises each channel of each sample to mean 0 and variance 1, then scales and shifts each channel.

    Parameters
    ----------
    data : Symbol
        Shape (N, C, ...).
    gamma : Symbol
        Scale, shape (C,).
    beta : Symbol
        Shift, shape (C,).
    eps : float in 0.0..None, optional
        Added to the variance. Default 0.001.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(OPS["InstanceNorm"], [data, gamma, beta], {"eps": eps}, name, attr, kwargs)


def L2Normalization(
    data: Symbol | None = None,
    eps: float = default(1e-10),
    mode: str = default('instance'),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Divides by the 2-norm: of each sample ('instance'), of the channels at each place ('channel'), or of
    each channel ('spatial').

    Parameters
    ----------
    data : Symbol
        Shape (N, C, ...).
    eps : float in 0.0..None, optional
        Added below the root. Default 1e-10.
    mode : {'channel', 'instance', 'spatial'}, optional
        Which elements share a norm. Default 'instance'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(OPS["L2Normalization"], [data], {"eps": eps, "mode": mode}, name, attr, kwargs)


def LRN(
    data: Symbol | None = None,
    alpha: float = default(0.0001),
    beta: float = default(0.75),
    knorm: float = default(2.0),
    nsize: int = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Local response normalisation: ``x (knorm + alpha / nsize * sum of squares of nsize channels
    around)^-beta``.

    Parameters
    ----------
    data : Symbol
        Shape (N, C, ...).
    alpha : float, optional
        Weight of the squares. Default 0.0001.
    beta : float, optional
        Power. Default 0.75.
    knorm : float, optional
        Added to the squares. Default 2.0.
    nsize : int >= 1
        Number of channels in a window (odd).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["LRN"],
        [data],
        {"alpha": alpha, "beta": beta, "knorm": knorm, "nsize": nsize},
        name,
        attr,
        kwargs,
    )


def LayerNorm(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    beta: Symbol | None = None,
    axis: int = default(-1),
    eps: float = default(1e-05),
    output_mean_var: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Normalises along one axis to mean 0 and variance 1, then scales and shifts each place of that axis.

    Parameters
    ----------
    data : Symbol
        Any shape.
    gamma : Symbol
        Scale, shape (size of the axis,).
    beta : Symbol
        Shift, shape (size of the axis,).
    axis : int, optional
        The axis. Default -1.
    eps : float in 0.0..None, optional
        Added to the variance. Default 1e-05.
    output_mean_var : bool, optional
        Also return mean and standard deviation. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["LayerNorm"],
        [data, gamma, beta],
        {"axis": axis, "eps": eps, "output_mean_var": output_mean_var},
        name,
        attr,
        kwargs,
    )


def LeakyReLU(
    data: Symbol | None = None,
    gamma: Symbol | None = None,
    act_type: str = default('leaky'),
    slope: float = default(0.25),
    lower_bound: float = default(0.125),
    upper_bound: float = default(0.334),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Relatives of relu, element by element.

    leaky: ``x`` where positive, else ``slope x``; prelu: the same with a trained slope for each channel;
    elu: ``x`` where positive, else ``slope (exp(x) - 1)``; selu: elu with constants that keep mean and
    variance; gelu: ``x`` times the normal distribution function of ``x``; rrelu: leaky with the slope
    ``(lower_bound + upper_bound) / 2`` outside training (training with random slopes is refused).

    Parameters
    ----------
    data : Symbol
        Any shape.
    gamma : Symbol
        Slopes of prelu, shape (C,) with C the second axis of `data`, or (1,).
    act_type : {'elu', 'gelu', 'leaky', 'prelu', 'rrelu', 'selu'}, optional
        The function. Default 'leaky'.
    slope : float, optional
        Slope of leaky and elu. Default 0.25.
    lower_bound : float, optional
        Smallest slope of rrelu. Default 0.125.
    upper_bound : float, optional
        Largest slope of rrelu. Default 0.334.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["LeakyReLU"],
        [data, gamma],
        {"act_type": act_type, "slope": slope, "lower_bound": lower_bound, "upper_bound": upper_bound},
        name,
        attr,
        kwargs,
    )


def Pooling(
    data: Symbol | None = None,
    kernel: int | tuple[int, ...] = default(()),
    pool_type: str = default('max'),
    global_pool: bool = default(False),
    cudnn_off: bool = default(False),
    pooling_convention: str = default('valid'),
    stride: int | tuple[int, ...] = default(()),
    pad: int | tuple[int, ...] = default(()),
    p_value: int | None = default(None),
    count_include_pad: bool | None = default(None),
    layout: str | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Pooling: the maximum, mean, sum or p-norm of each window of each channel.

    A spatial axis of the result has ``(size + 2 pad - kernel) / stride + 1`` elements, rounded down
    (``pooling_convention='valid'``) or up ('full'). Max pooling keeps the place of each maximum for the
    gradient.

    Parameters
    ----------
    data : Symbol
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W), or as `layout` says.
    kernel : tuple of int, optional
        Sizes of the window: (w,), (h, w) or (d, h, w). Not used by global pooling. Default ().
    pool_type : {'avg', 'lp', 'max', 'sum'}, optional
        What becomes of the elements of a window. Default 'max'.
    global_pool : bool, optional
        One window over the whole of each channel. Default False.
    cudnn_off : bool, optional
        Do without cuDNN. Results are the same; only speed depends on it. Default False.
    pooling_convention : {'full', 'same', 'valid'}, optional
        Number of windows: 'valid' rounds down, 'full' rounds up, 'same' is (size + 2 pad) / stride
        rounded up. Default 'valid'.
    stride : tuple of int >= 1, optional
        Step of the window along each axis; 1 if not given. Default ().
    pad : tuple of int >= 0, optional
        Elements added on both sides of each axis; 0 if not given. Default ().
    p_value : int in 1..3, optional
        For 'lp': the p-th root of the sum of p-th powers.
    count_include_pad : bool, optional
        For 'avg': whether padding counts as elements; true if not given.
    layout : {'NCDHW', 'NCHW', 'NCW', 'NDHWC', 'NHWC', 'NWC'}, optional
        Order of the axes; NCW, NCHW or NCDHW if not given.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["Pooling"],
        [data],
        {
            "kernel": kernel,
            "pool_type": pool_type,
            "global_pool": global_pool,
            "cudnn_off": cudnn_off,
            "pooling_convention": pooling_convention,
            "stride": stride,
            "pad": pad,
            "p_value": p_value,
            "count_include_pad": count_include_pad,
            "layout": layout,
        },
        name,
        attr,
        kwargs,
    )


def abs(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Absolute value.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["abs"], [data], {}, name, attr, kwargs)


def add_n(
    *args: Symbol,
    num_args: int | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """Sum of any number of arrays of one shape.

    Parameters
    ----------
    *args : Symbol
        Arrays of one shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["add_n"], _flatten(args), {"num_args": num_args}, name, attr, inputs)


def arccos(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Inverse cosine, in radians.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["arccos"], [data], {}, name, attr, kwargs)


def arccosh(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Inverse hyperbolic cosine.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["arccosh"], [data], {}, name, attr, kwargs)


def arcsin(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Inverse sine, in radians.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["arcsin"], [data], {}, name, attr, kwargs)


def arcsinh(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Inverse hyperbolic sine.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["arcsinh"], [data], {}, name, attr, kwargs)


def arctan(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Inverse tangent, in radians.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["arctan"], [data], {}, name, attr, kwargs)


def arctanh(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Inverse hyperbolic tangent.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["arctanh"], [data], {}, name, attr, kwargs)


def broadcast_add(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: a + b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_add"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_div(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: a / b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_div"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: 1 where a == b, else 0.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_equal"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_greater(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: 1 where a > b, else 0.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_greater"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_greater_equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: 1 where a >= b, else 0.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_greater_equal"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_hypot(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: sqrt(a^2 + b^2).

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_hypot"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_lesser(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: 1 where a < b, else 0.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_lesser"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_lesser_equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: 1 where a <= b, else 0.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_lesser_equal"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_logical_and(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: 1 where a and b are not 0, else 0.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_logical_and"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_logical_or(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: 1 where a or b is not 0, else 0.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_logical_or"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_logical_xor(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: 1 where one of a and b is 0 and the other is not, else 0.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_logical_xor"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_maximum(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: the larger of a and b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_maximum"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_minimum(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: the smaller of a and b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_minimum"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_minus(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: a - b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_sub"], [lhs, rhs], {}, name, attr, kwargs, "broadcast_minus")


def broadcast_mod(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: remainder of a / b with the sign of b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_mod"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_mul(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: a * b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_mul"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_not_equal(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: 1 where a != b, else 0.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_not_equal"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_plus(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: a + b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_add"], [lhs, rhs], {}, name, attr, kwargs, "broadcast_plus")


def broadcast_power(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: a to the power of b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_power"], [lhs, rhs], {}, name, attr, kwargs)


def broadcast_sub(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element with broadcasting: a - b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_sub"], [lhs, rhs], {}, name, attr, kwargs)


def cast(
    data: Symbol | None = None,
    dtype: Any = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with another element type. Real numbers lose their fraction when they become integers.

    Parameters
    ----------
    data : Symbol
        Input array.
    dtype : dtype
        Element type of the result.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["Cast"], [data], {"dtype": dtype}, name, attr, kwargs)


def cbrt(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Cube root.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["cbrt"], [data], {}, name, attr, kwargs)


def ceil(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Smallest integer that is not smaller.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["ceil"], [data], {}, name, attr, kwargs)


def clip(
    data: Symbol | None = None,
    a_min: float = REQUIRED,
    a_max: float = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Limits each element to ``[a_min, a_max]``.

    Parameters
    ----------
    data : Symbol
        Input array.
    a_min : float
        Smallest value.
    a_max : float
        Largest value.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["clip"], [data], {"a_min": a_min, "a_max": a_max}, name, attr, kwargs)


def cos(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Cosine of an angle in radians.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["cos"], [data], {}, name, attr, kwargs)


def cosh(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Hyperbolic cosine.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["cosh"], [data], {}, name, attr, kwargs)


def degrees(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Radians to degrees.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["degrees"], [data], {}, name, attr, kwargs)


def elemwise_add(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element, for arrays of one shape: a + b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["elemwise_add"], [lhs, rhs], {}, name, attr, kwargs)


def elemwise_div(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element, for arrays of one shape: a / b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["elemwise_div"], [lhs, rhs], {}, name, attr, kwargs)


def elemwise_mul(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element, for arrays of one shape: a * b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["elemwise_mul"], [lhs, rhs], {}, name, attr, kwargs)


def elemwise_sub(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Element by element, for arrays of one shape: a - b.

    Parameters
    ----------
    lhs : Symbol
        First array.
    rhs : Symbol
        Second array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["elemwise_sub"], [lhs, rhs], {}, name, attr, kwargs)


def erf(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Error function.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["erf"], [data], {}, name, attr, kwargs)


def exp(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """e to the power of each element.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["exp"], [data], {}, name, attr, kwargs)


def expm1(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """exp(x) - 1, exact for small x.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["expm1"], [data], {}, name, attr, kwargs)


def fix(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Integer part (rounding towards zero).

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["fix"], [data], {}, name, attr, kwargs)


def floor(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Largest integer that is not larger.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["floor"], [data], {}, name, attr, kwargs)


def gamma(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Gamma function.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["gamma"], [data], {}, name, attr, kwargs)


def gammaln(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Logarithm of the absolute value of the gamma function.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["gammaln"], [data], {}, name, attr, kwargs)


def identity(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Copy of the array.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_copy"], [data], {}, name, attr, kwargs, "identity")


def log(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Natural logarithm.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["log"], [data], {}, name, attr, kwargs)


def log10(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Logarithm to base 10.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["log10"], [data], {}, name, attr, kwargs)


def log1p(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """log(1 + x), exact for small x.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["log1p"], [data], {}, name, attr, kwargs)


def log2(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Logarithm to base 2.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["log2"], [data], {}, name, attr, kwargs)


def logical_not(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """1 where the element is 0, else 0.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["logical_not"], [data], {}, name, attr, kwargs)


def negative(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Negative of each element.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["negative"], [data], {}, name, attr, kwargs)


def radians(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Degrees to radians.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["radians"], [data], {}, name, attr, kwargs)


def rcbrt(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """1 / cbrt(x).

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["rcbrt"], [data], {}, name, attr, kwargs)


def reciprocal(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """1 / x.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["reciprocal"], [data], {}, name, attr, kwargs)


def relu(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """max(x, 0).

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["relu"], [data], {}, name, attr, kwargs)


def rint(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Nearest integer, halves to the even one.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["rint"], [data], {}, name, attr, kwargs)


def round(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Nearest integer, halves away from zero.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["round"], [data], {}, name, attr, kwargs)


def rsqrt(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """1 / sqrt(x).

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["rsqrt"], [data], {}, name, attr, kwargs)


def sigmoid(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """1 / (1 + exp(-x)).

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["sigmoid"], [data], {}, name, attr, kwargs)


def sign(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """-1, 0 or 1 by the sign of each element.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["sign"], [data], {}, name, attr, kwargs)


def sin(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Sine of an angle in radians.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["sin"], [data], {}, name, attr, kwargs)


def sinh(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Hyperbolic sine.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["sinh"], [data], {}, name, attr, kwargs)


def softsign(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """x / (1 + |x|).

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["softsign"], [data], {}, name, attr, kwargs)


def sqrt(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Square root.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["sqrt"], [data], {}, name, attr, kwargs)


def square(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Square of each element.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["square"], [data], {}, name, attr, kwargs)


def tan(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Tangent of an angle in radians.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["tan"], [data], {}, name, attr, kwargs)


def tanh(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Hyperbolic tangent.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["tanh"], [data], {}, name, attr, kwargs)


def trunc(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Integer part.

    Parameters
    ----------
    data : Symbol
        Input array of any shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["trunc"], [data], {}, name, attr, kwargs)


def where(
    condition: Symbol | None = None,
    x: Symbol | None = None,
    y: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """x where the condition is not 0, else y. A condition with one axis chooses whole rows.

    Parameters
    ----------
    condition : Symbol
        Shape of x, or (x.shape[0],).
    x : Symbol
        Array.
    y : Symbol
        Array of the same shape.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["where"], [condition, x, y], {}, name, attr, kwargs)
