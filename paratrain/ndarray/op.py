"""Operators on arrays.

Generated from the definitions in `paratrain/ops` by ``python -m paratrain.ops.generate``; edit those.
"""

from __future__ import annotations

from typing import Any

from paratrain.ndarray.invoke import flatten as _flatten
from paratrain.ndarray.invoke import invoke
from paratrain.ndarray.ndarray import NDArray
from paratrain.ops.params import REQUIRED
from paratrain.ops.registry import OPS

__all__ = [
    "Activation",
    "BatchNorm",
    "Cast",
    "Convolution",
    "Deconvolution",
    "ElementWiseSum",
    "FullyConnected",
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


def Activation(data: NDArray | None = None, act_type: str = REQUIRED, out: Any = None, name: str | None = None) -> Any:
    """Activation function, element by element.

    relu: ``max(x, 0)``; sigmoid: ``1 / (1 + exp(-x))``; tanh; softrelu: ``log(1 + exp(x))``; softsign: ``x
    / (1 + |x|)``.

    Parameters
    ----------
    data : NDArray
        Input array.
    act_type : {'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}
        The function.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Activation"], [data], {"act_type": act_type}, out)


def BatchNorm(
    data: NDArray | None = None,
    gamma: NDArray | None = None,
    beta: NDArray | None = None,
    moving_mean: NDArray | None = None,
    moving_var: NDArray | None = None,
    eps: float = 0.001,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Normalises each channel to mean 0 and variance 1, then scales and shifts it.

    ``y = (x - mean) / sqrt(var + eps) * gamma + beta``. In training mean and variance are those of the
    batch, and the moving statistics become ``momentum * moving + (1 - momentum) * batch``; else the moving
    statistics are used.

    Parameters
    ----------
    data : NDArray
        Shape (N, C, ...).
    gamma : NDArray
        Scale, shape (C,).
    beta : NDArray
        Shift, shape (C,).
    moving_mean : NDArray
        Moving mean, shape (C,).
    moving_var : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(
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
        out,
    )


def Cast(data: NDArray | None = None, dtype: Any = REQUIRED, out: Any = None, name: str | None = None) -> Any:
    """The array with another element type. Real numbers lose their fraction when they become integers.

    Parameters
    ----------
    data : NDArray
        Input array.
    dtype : dtype
        Element type of the result.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Cast"], [data], {"dtype": dtype}, out)


def Convolution(
    data: NDArray | None = None,
    weight: NDArray | None = None,
    bias: NDArray | None = None,
    kernel: int | tuple[int, ...] = REQUIRED,
    stride: int | tuple[int, ...] = (),
    dilate: int | tuple[int, ...] = (),
    pad: int | tuple[int, ...] = (),
    num_filter: int = REQUIRED,
    num_group: int = 1,
    workspace: int = 1024,
    no_bias: bool = False,
    cudnn_tune: str | None = None,
    cudnn_off: bool = False,
    layout: str | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution (without flipping the kernel) of each image with each filter.

    ``y[n, f, o] = b[f] + sum over c, k of x[n, c, o * stride - pad + k * dilate] w[f, c, k]``. A spatial
    axis of the result has ``(size + 2 pad - dilate (kernel - 1) - 1) // stride + 1`` elements.

    Parameters
    ----------
    data : NDArray
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W).
    weight : NDArray
        Shape (num_filter, C / num_group, *kernel).
    bias : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
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
        out,
    )


def Deconvolution(
    data: NDArray | None = None,
    weight: NDArray | None = None,
    bias: NDArray | None = None,
    kernel: int | tuple[int, ...] = REQUIRED,
    stride: int | tuple[int, ...] = (),
    dilate: int | tuple[int, ...] = (),
    pad: int | tuple[int, ...] = (),
    adj: int | tuple[int, ...] = (),
    target_shape: int | tuple[int, ...] = (),
    num_filter: int = REQUIRED,
    num_group: int = 1,
    workspace: int = 512,
    no_bias: bool = True,
    cudnn_tune: str | None = None,
    cudnn_off: bool = False,
    layout: str | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Transposed convolution: the gradient of a convolution with respect to its data.

    A spatial axis of the result has ``stride (size - 1) + dilate (kernel - 1) + 1 - 2 pad + adj`` elements.

    Parameters
    ----------
    data : NDArray
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W).
    weight : NDArray
        Shape (C, num_filter / num_group, *kernel).
    bias : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
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
        out,
    )


def ElementWiseSum(*args: NDArray, num_args: int | None = None, out: Any = None, name: str | None = None) -> Any:
    """Sum of any number of arrays of one shape.

    Parameters
    ----------
    *args : NDArray
        Arrays of one shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["add_n"], _flatten(args), {"num_args": num_args}, out)


def FullyConnected(
    data: NDArray | None = None,
    weight: NDArray | None = None,
    bias: NDArray | None = None,
    num_hidden: int = REQUIRED,
    no_bias: bool = False,
    flatten: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Linear layer: ``Y = X W^T + b``.

    The result has shape (N, num_hidden), or with ``flatten=False`` the shape of `data` with `num_hidden` in
    place of the last axis.

    Parameters
    ----------
    data : NDArray
        Shape (N, ...).
    weight : NDArray
        Shape (num_hidden, inputs), with inputs the product of the axes of `data` but the first.
    bias : NDArray
        Shape (num_hidden,).
    num_hidden : int >= 1
        Number of units, that is of outputs.
    no_bias : bool, optional
        Leave the bias out. Default False.
    flatten : bool, optional
        Take all axes but the first as one row of inputs; else only the last axis. Default True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["FullyConnected"],
        [data, weight, bias],
        {"num_hidden": num_hidden, "no_bias": no_bias, "flatten": flatten},
        out,
    )


def Pooling(
    data: NDArray | None = None,
    kernel: int | tuple[int, ...] = (),
    pool_type: str = 'max',
    global_pool: bool = False,
    cudnn_off: bool = False,
    pooling_convention: str = 'valid',
    stride: int | tuple[int, ...] = (),
    pad: int | tuple[int, ...] = (),
    p_value: int | None = None,
    count_include_pad: bool | None = None,
    layout: str | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Pooling: the maximum, mean, sum or p-norm of each window of each channel.

    A spatial axis of the result has ``(size + 2 pad - kernel) / stride + 1`` elements, rounded down
    (``pooling_convention='valid'``) or up ('full'). Max pooling keeps the place of each maximum for the
    gradient.

    Parameters
    ----------
    data : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(
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
        out,
    )


def abs(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Absolute value.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["abs"], [data], {}, out)


def add_n(*args: NDArray, num_args: int | None = None, out: Any = None, name: str | None = None) -> Any:
    """Sum of any number of arrays of one shape.

    Parameters
    ----------
    *args : NDArray
        Arrays of one shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["add_n"], _flatten(args), {"num_args": num_args}, out)


def arccos(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse cosine, in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arccos"], [data], {}, out)


def arccosh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse hyperbolic cosine.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arccosh"], [data], {}, out)


def arcsin(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse sine, in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arcsin"], [data], {}, out)


def arcsinh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse hyperbolic sine.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arcsinh"], [data], {}, out)


def arctan(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse tangent, in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arctan"], [data], {}, out)


def arctanh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse hyperbolic tangent.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["arctanh"], [data], {}, out)


def broadcast_add(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a + b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_add"], [lhs, rhs], {}, out)


def broadcast_div(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a / b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_div"], [lhs, rhs], {}, out)


def broadcast_equal(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a == b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_equal"], [lhs, rhs], {}, out)


def broadcast_greater(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a > b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_greater"], [lhs, rhs], {}, out)


def broadcast_greater_equal(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a >= b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_greater_equal"], [lhs, rhs], {}, out)


def broadcast_hypot(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: sqrt(a^2 + b^2).

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_hypot"], [lhs, rhs], {}, out)


def broadcast_lesser(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a < b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_lesser"], [lhs, rhs], {}, out)


def broadcast_lesser_equal(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a <= b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_lesser_equal"], [lhs, rhs], {}, out)


def broadcast_logical_and(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a and b are not 0, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_logical_and"], [lhs, rhs], {}, out)


def broadcast_logical_or(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a or b is not 0, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_logical_or"], [lhs, rhs], {}, out)


def broadcast_logical_xor(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where one of a and b is 0 and the other is not, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_logical_xor"], [lhs, rhs], {}, out)


def broadcast_maximum(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: the larger of a and b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_maximum"], [lhs, rhs], {}, out)


def broadcast_minimum(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: the smaller of a and b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_minimum"], [lhs, rhs], {}, out)


def broadcast_minus(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a - b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_sub"], [lhs, rhs], {}, out)


def broadcast_mod(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: remainder of a / b with the sign of b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_mod"], [lhs, rhs], {}, out)


def broadcast_mul(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a * b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_mul"], [lhs, rhs], {}, out)


def broadcast_not_equal(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: 1 where a != b, else 0.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_not_equal"], [lhs, rhs], {}, out)


def broadcast_plus(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a + b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_add"], [lhs, rhs], {}, out)


def broadcast_power(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a to the power of b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_power"], [lhs, rhs], {}, out)


def broadcast_sub(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element with broadcasting: a - b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_sub"], [lhs, rhs], {}, out)


def cast(data: NDArray | None = None, dtype: Any = REQUIRED, out: Any = None, name: str | None = None) -> Any:
    """The array with another element type. Real numbers lose their fraction when they become integers.

    Parameters
    ----------
    data : NDArray
        Input array.
    dtype : dtype
        Element type of the result.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Cast"], [data], {"dtype": dtype}, out)


def cbrt(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Cube root.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["cbrt"], [data], {}, out)


def ceil(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Smallest integer that is not smaller.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["ceil"], [data], {}, out)


def clip(
    data: NDArray | None = None,
    a_min: float = REQUIRED,
    a_max: float = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Limits each element to ``[a_min, a_max]``.

    Parameters
    ----------
    data : NDArray
        Input array.
    a_min : float
        Smallest value.
    a_max : float
        Largest value.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["clip"], [data], {"a_min": a_min, "a_max": a_max}, out)


def cos(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Cosine of an angle in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["cos"], [data], {}, out)


def cosh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Hyperbolic cosine.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["cosh"], [data], {}, out)


def degrees(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Radians to degrees.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["degrees"], [data], {}, out)


def elemwise_add(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element, for arrays of one shape: a + b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["elemwise_add"], [lhs, rhs], {}, out)


def elemwise_div(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element, for arrays of one shape: a / b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["elemwise_div"], [lhs, rhs], {}, out)


def elemwise_mul(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element, for arrays of one shape: a * b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["elemwise_mul"], [lhs, rhs], {}, out)


def elemwise_sub(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Element by element, for arrays of one shape: a - b.

    Parameters
    ----------
    lhs : NDArray
        First array.
    rhs : NDArray
        Second array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["elemwise_sub"], [lhs, rhs], {}, out)


def erf(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Error function.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["erf"], [data], {}, out)


def exp(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """e to the power of each element.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["exp"], [data], {}, out)


def expm1(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """exp(x) - 1, exact for small x.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["expm1"], [data], {}, out)


def fix(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Integer part (rounding towards zero).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["fix"], [data], {}, out)


def floor(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Largest integer that is not larger.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["floor"], [data], {}, out)


def gamma(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Gamma function.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["gamma"], [data], {}, out)


def gammaln(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Logarithm of the absolute value of the gamma function.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["gammaln"], [data], {}, out)


def identity(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Copy of the array.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["_copy"], [data], {}, out)


def log(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Natural logarithm.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["log"], [data], {}, out)


def log10(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Logarithm to base 10.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["log10"], [data], {}, out)


def log1p(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """log(1 + x), exact for small x.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["log1p"], [data], {}, out)


def log2(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Logarithm to base 2.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["log2"], [data], {}, out)


def logical_not(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 where the element is 0, else 0.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["logical_not"], [data], {}, out)


def negative(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Negative of each element.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["negative"], [data], {}, out)


def radians(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Degrees to radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["radians"], [data], {}, out)


def rcbrt(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 / cbrt(x).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["rcbrt"], [data], {}, out)


def reciprocal(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 / x.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["reciprocal"], [data], {}, out)


def relu(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """max(x, 0).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["relu"], [data], {}, out)


def rint(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Nearest integer, halves to the even one.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["rint"], [data], {}, out)


def round(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Nearest integer, halves away from zero.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["round"], [data], {}, out)


def rsqrt(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 / sqrt(x).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["rsqrt"], [data], {}, out)


def sigmoid(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """1 / (1 + exp(-x)).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sigmoid"], [data], {}, out)


def sign(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """-1, 0 or 1 by the sign of each element.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sign"], [data], {}, out)


def sin(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Sine of an angle in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sin"], [data], {}, out)


def sinh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Hyperbolic sine.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sinh"], [data], {}, out)


def softsign(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """x / (1 + |x|).

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["softsign"], [data], {}, out)


def sqrt(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Square root.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sqrt"], [data], {}, out)


def square(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Square of each element.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["square"], [data], {}, out)


def tan(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Tangent of an angle in radians.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["tan"], [data], {}, out)


def tanh(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Hyperbolic tangent.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["tanh"], [data], {}, out)


def trunc(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Integer part.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["trunc"], [data], {}, out)


def where(
    condition: NDArray | None = None,
    x: NDArray | None = None,
    y: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """x where the condition is not 0, else y. A condition with one axis chooses whole rows.

    Parameters
    ----------
    condition : NDArray
        Shape of x, or (x.shape[0],).
    x : NDArray
        Array.
    y : NDArray
        Array of the same shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["where"], [condition, x, y], {}, out)
