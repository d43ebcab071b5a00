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
    "BlockGrad",
    "Cast",
    "Concat",
    "Convolution",
    "Deconvolution",
    "Dropout",
    "ElementWiseSum",
    "Embedding",
    "Flatten",
    "FullyConnected",
    "GroupNorm",
    "InstanceNorm",
    "L2Normalization",
    "LRN",
    "LayerNorm",
    "LeakyReLU",
    "LinearRegressionOutput",
    "LogisticRegressionOutput",
    "MAERegressionOutput",
    "MakeLoss",
    "Pad",
    "Pooling",
    "RNN",
    "Reshape",
    "SVMOutput",
    "SequenceLast",
    "SequenceMask",
    "SequenceReverse",
    "SliceChannel",
    "Softmax",
    "SoftmaxActivation",
    "SoftmaxOutput",
    "SwapAxes",
    "SwapAxis",
    "UpSampling",
    "abs",
    "adam_update",
    "add_n",
    "all_finite",
    "amp_cast",
    "amp_multicast",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "argmax",
    "argmax_channel",
    "argmin",
    "argsort",
    "batch_dot",
    "batch_take",
    "broadcast_add",
    "broadcast_axes",
    "broadcast_axis",
    "broadcast_div",
    "broadcast_equal",
    "broadcast_greater",
    "broadcast_greater_equal",
    "broadcast_hypot",
    "broadcast_lesser",
    "broadcast_lesser_equal",
    "broadcast_like",
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
    "broadcast_to",
    "cast",
    "cast_storage",
    "cbrt",
    "ceil",
    "choose_element_0index",
    "clip",
    "concat",
    "cos",
    "cosh",
    "crop",
    "cumsum",
    "degrees",
    "depth_to_space",
    "diag",
    "dot",
    "elemwise_add",
    "elemwise_div",
    "elemwise_mul",
    "elemwise_sub",
    "erf",
    "exp",
    "expand_dims",
    "expm1",
    "exponential",
    "fill_element_0index",
    "fix",
    "flatten",
    "flip",
    "floor",
    "ftrl_update",
    "gamma",
    "gammaln",
    "gather_nd",
    "identity",
    "linalg_gemm2",
    "log",
    "log10",
    "log1p",
    "log2",
    "log_softmax",
    "logical_not",
    "make_loss",
    "max",
    "max_axis",
    "mean",
    "min",
    "min_axis",
    "mp_nag_mom_update",
    "mp_sgd_mom_update",
    "mp_sgd_update",
    "multi_all_finite",
    "nag_mom_update",
    "nanprod",
    "nansum",
    "negative",
    "norm",
    "normal",
    "one_hot",
    "ones_like",
    "pad",
    "pick",
    "prod",
    "radians",
    "random_exponential",
    "random_normal",
    "random_randint",
    "random_uniform",
    "rcbrt",
    "reciprocal",
    "relu",
    "repeat",
    "reshape",
    "reshape_like",
    "reverse",
    "rint",
    "rmsprop_update",
    "rmspropalex_update",
    "round",
    "rsqrt",
    "scatter_nd",
    "sgd_mom_update",
    "sgd_update",
    "shape_array",
    "sigmoid",
    "sign",
    "signsgd_update",
    "signum_update",
    "sin",
    "sinh",
    "size_array",
    "slice",
    "slice_axis",
    "slice_like",
    "smooth_l1",
    "softmax",
    "softmax_cross_entropy",
    "softmin",
    "softsign",
    "sort",
    "space_to_depth",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "stop_gradient",
    "sum",
    "sum_axis",
    "swapaxes",
    "take",
    "tan",
    "tanh",
    "tile",
    "topk",
    "transpose",
    "trunc",
    "uniform",
    "where",
    "zeros_like",
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


def BlockGrad(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """The array itself; no gradient flows through.

    Parameters
    ----------
    data : NDArray
        Input array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["BlockGrad"], [data], {}, out)


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


def Concat(*data: NDArray, num_args: int | None = None, dim: int = 1, out: Any = None, name: str | None = None) -> Any:
    """Arrays joined along an axis; their other sizes agree.

    Parameters
    ----------
    *data : NDArray
        Arrays with the same sizes along the other axes.
    dim : int, optional
        Axis along which the arrays follow each other. Default 1.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Concat"], _flatten(data), {"num_args": num_args, "dim": dim}, out)


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


def Dropout(
    data: NDArray | None = None,
    p: float = 0.5,
    mode: str = "training",
    axes: int | tuple[int, ...] = (),
    cudnn_off: bool | None = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """In training, each element is 0 with probability `p`, else divided by ``1 - p``; otherwise the array itself.

    Along `axes`, all elements share one decision.

    Parameters
    ----------
    data : NDArray
        Input array.
    p : float in 0.0..1.0, optional
        Probability of an element to be dropped. Default 0.5.
    mode : {'always', 'training'}, optional
        Whether to drop outside of training too. Default 'training'.
    axes : tuple of int, optional
        Axes along which the mask is repeated. Default ().
    cudnn_off : bool, optional
        Accepted for MXNet's sake; the same kernel runs either way. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(OPS["Dropout"], [data], {"p": p, "mode": mode, "axes": axes, "cudnn_off": cudnn_off}, out)


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


def Embedding(
    data: NDArray | None = None,
    weight: NDArray | None = None,
    input_dim: int = REQUIRED,
    output_dim: int = REQUIRED,
    dtype: Any = "float32",
    sparse_grad: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Rows of a table by number: (...) -> (..., output_dim). Numbers outside of the table give its first or last row.

    Parameters
    ----------
    data : NDArray
        Row numbers, of any shape.
    weight : NDArray
        Table (input_dim, output_dim).
    input_dim : int >= 1
        Number of rows.
    output_dim : int >= 1
        Length of a row.
    dtype : dtype, optional
        Element type of the table where nothing else tells. Default 'float32'.
    sparse_grad : bool, optional
        Sparse gradients are not supported: must be False. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["Embedding"],
        [data, weight],
        {"input_dim": input_dim, "output_dim": output_dim, "dtype": dtype, "sparse_grad": sparse_grad},
        out,
    )


def Flatten(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """All axes but the first as one: (N, ...) becomes (N, d).

    Parameters
    ----------
    data : NDArray
        Array (N, ...).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Flatten"], [data], {}, out)


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


def GroupNorm(
    data: NDArray | None = None,
    gamma: NDArray | None = None,
    beta: NDArray | None = None,
    num_groups: int = 1,
    eps: float = 1e-05,
    output_mean_var: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Normalises each group of channels of each sample to mean 0 and variance 1, then scales and shifts each group.

    Parameters
    ----------
    data : NDArray
        Shape (N, C, ...).
    gamma : NDArray
        Scale, shape (num_groups,).
    beta : NDArray
        Shift, shape (num_groups,).
    num_groups : int >= 1, optional
        Number of groups. Default 1.
    eps : float in 0.0..None, optional
        Added to the variance. Default 1e-05.
    output_mean_var : bool, optional
        Also return mean and standard deviation. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(
        OPS["GroupNorm"],
        [data, gamma, beta],
        {"num_groups": num_groups, "eps": eps, "output_mean_var": output_mean_var},
        out,
    )


def InstanceNorm(
    data: NDArray | None = None,
    gamma: NDArray | None = None,
    beta: NDArray | None = None,
    eps: float = 0.001,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Normalises each channel of each sample to mean 0 and variance 1, then scales and shifts each channel.

    Parameters
    ----------
    data : NDArray
        Shape (N, C, ...).
    gamma : NDArray
        Scale, shape (C,).
    beta : NDArray
        Shift, shape (C,).
    eps : float in 0.0..None, optional
        Added to the variance. Default 0.001.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(OPS["InstanceNorm"], [data, gamma, beta], {"eps": eps}, out)


def L2Normalization(
    data: NDArray | None = None,
    eps: float = 1e-10,
    mode: str = "instance",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Divides by a 2-norm.

    That of each sample ('instance'), of the channels at each place ('channel'), or of each channel
    ('spatial').

    Parameters
    ----------
    data : NDArray
        Shape (N, C, ...).
    eps : float in 0.0..None, optional
        Added below the root. Default 1e-10.
    mode : {'channel', 'instance', 'spatial'}, optional
        Which elements share a norm. Default 'instance'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(OPS["L2Normalization"], [data], {"eps": eps, "mode": mode}, out)


def LRN(
    data: NDArray | None = None,
    alpha: float = 0.0001,
    beta: float = 0.75,
    knorm: float = 2.0,
    nsize: int = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Local response normalisation: ``x (knorm + alpha / nsize * sum of squares of nsize channels around)^-beta``.

    Parameters
    ----------
    data : NDArray
        Shape (N, C, ...).
    alpha : float, optional
        Weight of the squares. Default 0.0001.
    beta : float, optional
        Power. Default 0.75.
    knorm : float, optional
        Added to the squares. Default 2.0.
    nsize : int >= 1
        Number of channels in a window (odd).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(OPS["LRN"], [data], {"alpha": alpha, "beta": beta, "knorm": knorm, "nsize": nsize}, out)


def LayerNorm(
    data: NDArray | None = None,
    gamma: NDArray | None = None,
    beta: NDArray | None = None,
    axis: int = -1,
    eps: float = 1e-05,
    output_mean_var: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Normalises along one axis to mean 0 and variance 1, then scales and shifts each place of that axis.

    Parameters
    ----------
    data : NDArray
        Any shape.
    gamma : NDArray
        Scale, shape (size of the axis,).
    beta : NDArray
        Shift, shape (size of the axis,).
    axis : int, optional
        The axis. Default -1.
    eps : float in 0.0..None, optional
        Added to the variance. Default 1e-05.
    output_mean_var : bool, optional
        Also return mean and standard deviation. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(
        OPS["LayerNorm"],
        [data, gamma, beta],
        {"axis": axis, "eps": eps, "output_mean_var": output_mean_var},
        out,
    )


def LeakyReLU(
    data: NDArray | None = None,
    gamma: NDArray | None = None,
    act_type: str = "leaky",
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Relatives of relu, element by element.

    leaky: ``x`` where positive, else ``slope x``; prelu: the same with a trained slope for each channel;
    elu: ``x`` where positive, else ``slope (exp(x) - 1)``; selu: elu with constants that keep mean and
    variance; gelu: ``x`` times the normal distribution function of ``x``; rrelu: leaky with the slope
    ``(lower_bound + upper_bound) / 2`` outside training (training with random slopes is refused).

    Parameters
    ----------
    data : NDArray
        Any shape.
    gamma : NDArray
        Slopes of prelu, shape (C,) with C the second axis of `data`, or (1,).
    act_type : {'elu', 'gelu', 'leaky', 'prelu', 'rrelu', 'selu'}, optional
        The function. Default 'leaky'.
    slope : float, optional
        Slope of leaky and elu. Default 0.25.
    lower_bound : float, optional
        Smallest slope of rrelu. Default 0.125.
    upper_bound : float, optional
        Largest slope of rrelu. Default 0.334.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(
        OPS["LeakyReLU"],
        [data, gamma],
        {"act_type": act_type, "slope": slope, "lower_bound": lower_bound, "upper_bound": upper_bound},
        out,
    )


def LinearRegressionOutput(
    data: NDArray | None = None,
    label: NDArray | None = None,
    grad_scale: float = 1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array itself; its gradient is that of the squared error / 2 to the label.

    It is divided by the number of outputs of a row; no gradient from above is used.

    Parameters
    ----------
    data : NDArray
        Predictions (N, ...).
    label : NDArray
        Targets, as many.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["LinearRegressionOutput"], [data, label], {"grad_scale": grad_scale}, out)


def LogisticRegressionOutput(
    data: NDArray | None = None,
    label: NDArray | None = None,
    grad_scale: float = 1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Sigmoid; its gradient is that of the cross entropy to the label.

    It is divided by the number of outputs of a row; no gradient from above is used.

    Parameters
    ----------
    data : NDArray
        Predictions (N, ...).
    label : NDArray
        Targets, as many.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["LogisticRegressionOutput"], [data, label], {"grad_scale": grad_scale}, out)


def MAERegressionOutput(
    data: NDArray | None = None,
    label: NDArray | None = None,
    grad_scale: float = 1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array itself; its gradient is that of the absolute error to the label.

    It is divided by the number of outputs of a row; no gradient from above is used.

    Parameters
    ----------
    data : NDArray
        Predictions (N, ...).
    label : NDArray
        Targets, as many.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["MAERegressionOutput"], [data, label], {"grad_scale": grad_scale}, out)


def MakeLoss(
    data: NDArray | None = None,
    grad_scale: float = 1.0,
    valid_thresh: float = 0.0,
    normalization: str = "null",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array itself, as a loss: its gradient is `grad_scale`, whatever arrives from above.

    Parameters
    ----------
    data : NDArray
        Input array.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    valid_thresh : float, optional
        Elements larger than this are valid, with normalization 'valid'. Default 0.0.
    normalization : {'batch', 'null', 'valid'}, optional
        What the gradient is divided by: 1, the size of the first axis, or the number of valid elements.
        Default 'null'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["MakeLoss"],
        [data],
        {"grad_scale": grad_scale, "valid_thresh": valid_thresh, "normalization": normalization},
        out,
    )


def Pad(
    data: NDArray | None = None,
    mode: str = REQUIRED,
    pad_width: int | tuple[int, ...] = REQUIRED,
    constant_value: float = 0.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array with places added at the ends of its axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    mode : {'constant', 'edge', 'reflect'}
        What new places hold: a constant, the border's value, or a reflection.
    pad_width : tuple of int >= 0
        Places added before and behind each axis: (before0, behind0, before1, ...).
    constant_value : float, optional
        Value of new places with mode constant. Default 0.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Pad"], [data], {"mode": mode, "pad_width": pad_width, "constant_value": constant_value}, out)


def Pooling(
    data: NDArray | None = None,
    kernel: int | tuple[int, ...] = (),
    pool_type: str = "max",
    global_pool: bool = False,
    cudnn_off: bool = False,
    pooling_convention: str = "valid",
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


def RNN(
    data: NDArray | None = None,
    parameters: NDArray | None = None,
    state: NDArray | None = None,
    state_cell: NDArray | None = None,
    state_size: int = REQUIRED,
    num_layers: int = REQUIRED,
    bidirectional: bool = False,
    mode: str = REQUIRED,
    p: float = 0.0,
    state_outputs: bool = False,
    projection_size: int | None = None,
    lstm_state_clip_min: float | None = None,
    lstm_state_clip_max: float | None = None,
    lstm_state_clip_nan: bool = False,
    use_sequence_length: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Recurrent layers over a sequence: plain (``h = relu or tanh(W x + b + R h + c)``), lstm or gru.

    `parameters` holds, one after the other, W (gates * H, inputs) and R (gates * H, H) of each layer and
    direction, then b and c of each. Gates are i, f, g, o (lstm) and r, z, n (gru, with ``n = tanh(W x + b +
    r (R h + c))``).

    Parameters
    ----------
    data : NDArray
        Shape (T, N, C): times, batch, features.
    parameters : NDArray
        All weights and biases in one vector.
    state : NDArray
        First hidden states, shape (num_layers * directions, N, state_size).
    state_cell : NDArray
        First cell states of lstm, of the same shape.
    state_size : int >= 1
        Size H of the state of each layer.
    num_layers : int >= 1
        Number of stacked layers.
    bidirectional : bool, optional
        Also run over the times backwards, and join both results. Default False.
    mode : {'gru', 'lstm', 'rnn_relu', 'rnn_tanh'}
        Kind of cell.
    p : float in 0.0..1.0, optional
        Share of each layer's result but the last's that is dropped in training. Default 0.0.
    state_outputs : bool, optional
        Also return the last states. Default False.
    projection_size : int, optional
        Not supported.
    lstm_state_clip_min : float, optional
        Not supported.
    lstm_state_clip_max : float, optional
        Not supported.
    lstm_state_clip_nan : bool, optional
        Not supported. Default False.
    use_sequence_length : bool, optional
        Not supported. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(
        OPS["RNN"],
        [data, parameters, state, state_cell],
        {
            "state_size": state_size,
            "num_layers": num_layers,
            "bidirectional": bidirectional,
            "mode": mode,
            "p": p,
            "state_outputs": state_outputs,
            "projection_size": projection_size,
            "lstm_state_clip_min": lstm_state_clip_min,
            "lstm_state_clip_max": lstm_state_clip_max,
            "lstm_state_clip_nan": lstm_state_clip_nan,
            "use_sequence_length": use_sequence_length,
        },
        out,
    )


def Reshape(
    data: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    reverse: bool = False,
    target_shape: int | tuple[int, ...] = (),
    keep_highest: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array with another shape and the same elements in the same order.

    Codes in `shape`: 0 keeps the size; -1 follows from the others; -2 keeps all remaining axes; -3 joins
    two axes;
    -4 splits one into the two sizes that follow (one of them may be -1).

    Parameters
    ----------
    data : NDArray
        Input array.
    shape : tuple of int, optional
        New sizes, or codes. Default ().
    reverse : bool, optional
        Match codes from the last axis on. Default False.
    target_shape : tuple of int, optional
        Old form of `shape`, in which 0 follows from the others. Default ().
    keep_highest : bool, optional
        With `target_shape`: keep the first size. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["Reshape"],
        [data],
        {"shape": shape, "reverse": reverse, "target_shape": target_shape, "keep_highest": keep_highest},
        out,
    )


def SVMOutput(
    data: NDArray | None = None,
    label: NDArray | None = None,
    margin: float = 1.0,
    regularization_coefficient: float = 1.0,
    use_linear: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array itself; its gradient is that of the (squared) hinge loss. The gradient from above is not used.

    Parameters
    ----------
    data : NDArray
        Scores (N, K).
    label : NDArray
        Class numbers (N,).
    margin : float, optional
        Distance that the right class must keep. Default 1.0.
    regularization_coefficient : float, optional
        Factor of the gradient. Default 1.0.
    use_linear : bool, optional
        The hinge loss itself; else its square. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["SVMOutput"],
        [data, label],
        {"margin": margin, "regularization_coefficient": regularization_coefficient, "use_linear": use_linear},
        out,
    )


def SequenceLast(
    data: NDArray | None = None,
    sequence_length: NDArray | None = None,
    use_sequence_length: bool = False,
    axis: int = 0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The last step of each sequence: (N, ...).

    Parameters
    ----------
    data : NDArray
        Sequences (T, N, ...), or (N, T, ...) with axis=1.
    sequence_length : NDArray
        Their lengths (N,), used with use_sequence_length=True.
    use_sequence_length : bool, optional
        Whether the lengths are given; else all sequences are whole. Default False.
    axis : int, optional
        Axis of the steps, 0 or 1. Default 0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["SequenceLast"],
        [data, sequence_length],
        {"use_sequence_length": use_sequence_length, "axis": axis},
        out,
    )


def SequenceMask(
    data: NDArray | None = None,
    sequence_length: NDArray | None = None,
    use_sequence_length: bool = False,
    value: float = 0.0,
    axis: int = 0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Sequences whose steps behind the end are `value`.

    Parameters
    ----------
    data : NDArray
        Sequences (T, N, ...), or (N, T, ...) with axis=1.
    sequence_length : NDArray
        Their lengths (N,), used with use_sequence_length=True.
    use_sequence_length : bool, optional
        Whether the lengths are given; else all sequences are whole. Default False.
    value : float, optional
        Value of steps behind the end. Default 0.0.
    axis : int, optional
        Axis of the steps, 0 or 1. Default 0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["SequenceMask"],
        [data, sequence_length],
        {"use_sequence_length": use_sequence_length, "value": value, "axis": axis},
        out,
    )


def SequenceReverse(
    data: NDArray | None = None,
    sequence_length: NDArray | None = None,
    use_sequence_length: bool = False,
    axis: int = 0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Sequences with their steps in reverse; steps behind the end stay where they are.

    Parameters
    ----------
    data : NDArray
        Sequences (T, N, ...), or (N, T, ...) with axis=1.
    sequence_length : NDArray
        Their lengths (N,), used with use_sequence_length=True.
    use_sequence_length : bool, optional
        Whether the lengths are given; else all sequences are whole. Default False.
    axis : int, optional
        Axis of the steps, 0 or 1. Default 0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["SequenceReverse"],
        [data, sequence_length],
        {"use_sequence_length": use_sequence_length, "axis": axis},
        out,
    )


def SliceChannel(
    data: NDArray | None = None,
    num_outputs: int = REQUIRED,
    axis: int = 1,
    squeeze_axis: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array cut into equal parts along an axis.

    Parameters
    ----------
    data : NDArray
        Input array.
    num_outputs : int in 1..1048576
        Number of parts.
    axis : int, optional
        Axis that is cut. Default 1.
    squeeze_axis : bool, optional
        Remove the axis, which then has size 1 in each part. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(
        OPS["SliceChannel"],
        [data],
        {"num_outputs": num_outputs, "axis": axis, "squeeze_axis": squeeze_axis},
        out,
    )


def Softmax(
    data: NDArray | None = None,
    label: NDArray | None = None,
    grad_scale: float = 1.0,
    ignore_label: float = -1.0,
    multi_output: bool = False,
    use_ignore: bool = False,
    preserve_shape: bool = False,
    normalization: str = "null",
    out_grad: bool = False,
    smooth_alpha: float = 0.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Softmax whose gradient is that of the cross entropy with the labels: ``softmax(x) - one_hot(label)``.

    The gradient from above is not used, unless `out_grad` is set.

    Parameters
    ----------
    data : NDArray
        Scores (N, K), or (N, K, ...) with `multi_output`.
    label : NDArray
        Class numbers (N,) or (N, ...), or probabilities of the shape of `data`.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    ignore_label : float, optional
        Label whose rows have no gradient, with `use_ignore`. Default -1.0.
    multi_output : bool, optional
        Softmax over axis 1, one label for each other place. Default False.
    use_ignore : bool, optional
        Whether `ignore_label` counts. Default False.
    preserve_shape : bool, optional
        Softmax over the last axis; else over all axes but the first together. Default False.
    normalization : {'batch', 'null', 'valid'}, optional
        What the gradient is divided by: 1, the number of rows, or the number of labels that are not
        ignored. Default 'null'.
    out_grad : bool, optional
        Multiply with the gradient from above. Default False.
    smooth_alpha : float in 0.0..1.0, optional
        Part of each label that is spread over the other classes. Default 0.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["SoftmaxOutput"],
        [data, label],
        {
            "grad_scale": grad_scale,
            "ignore_label": ignore_label,
            "multi_output": multi_output,
            "use_ignore": use_ignore,
            "preserve_shape": preserve_shape,
            "normalization": normalization,
            "out_grad": out_grad,
            "smooth_alpha": smooth_alpha,
        },
        out,
    )


def SoftmaxActivation(
    data: NDArray | None = None,
    mode: str = "instance",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Softmax over each instance, or over the channels of each place; `softmax` says it more plainly.

    Parameters
    ----------
    data : NDArray
        Array (N, ...).
    mode : {'channel', 'instance'}, optional
        Over axis 1, or over everything but the first axis. Default 'instance'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["SoftmaxActivation"], [data], {"mode": mode}, out)


def SoftmaxOutput(
    data: NDArray | None = None,
    label: NDArray | None = None,
    grad_scale: float = 1.0,
    ignore_label: float = -1.0,
    multi_output: bool = False,
    use_ignore: bool = False,
    preserve_shape: bool = False,
    normalization: str = "null",
    out_grad: bool = False,
    smooth_alpha: float = 0.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Softmax whose gradient is that of the cross entropy with the labels: ``softmax(x) - one_hot(label)``.

    The gradient from above is not used, unless `out_grad` is set.

    Parameters
    ----------
    data : NDArray
        Scores (N, K), or (N, K, ...) with `multi_output`.
    label : NDArray
        Class numbers (N,) or (N, ...), or probabilities of the shape of `data`.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    ignore_label : float, optional
        Label whose rows have no gradient, with `use_ignore`. Default -1.0.
    multi_output : bool, optional
        Softmax over axis 1, one label for each other place. Default False.
    use_ignore : bool, optional
        Whether `ignore_label` counts. Default False.
    preserve_shape : bool, optional
        Softmax over the last axis; else over all axes but the first together. Default False.
    normalization : {'batch', 'null', 'valid'}, optional
        What the gradient is divided by: 1, the number of rows, or the number of labels that are not
        ignored. Default 'null'.
    out_grad : bool, optional
        Multiply with the gradient from above. Default False.
    smooth_alpha : float in 0.0..1.0, optional
        Part of each label that is spread over the other classes. Default 0.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["SoftmaxOutput"],
        [data, label],
        {
            "grad_scale": grad_scale,
            "ignore_label": ignore_label,
            "multi_output": multi_output,
            "use_ignore": use_ignore,
            "preserve_shape": preserve_shape,
            "normalization": normalization,
            "out_grad": out_grad,
            "smooth_alpha": smooth_alpha,
        },
        out,
    )


def SwapAxes(
    data: NDArray | None = None,
    dim1: int = 0,
    dim2: int = 0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array with two axes exchanged.

    Parameters
    ----------
    data : NDArray
        Input array.
    dim1 : int, optional
        One axis. Default 0.
    dim2 : int, optional
        The other one. Default 0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["SwapAxis"], [data], {"dim1": dim1, "dim2": dim2}, out)


def SwapAxis(
    data: NDArray | None = None,
    dim1: int = 0,
    dim2: int = 0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array with two axes exchanged.

    Parameters
    ----------
    data : NDArray
        Input array.
    dim1 : int, optional
        One axis. Default 0.
    dim2 : int, optional
        The other one. Default 0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["SwapAxis"], [data], {"dim1": dim1, "dim2": dim2}, out)


def UpSampling(
    *data: NDArray,
    scale: int = REQUIRED,
    num_filter: int = 0,
    sample_type: str = REQUIRED,
    multi_input_mode: str = "concat",
    num_args: int | None = None,
    workspace: int = 512,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Image (N, C, H, W) enlarged to (N, C, H scale, W scale).

    Parameters
    ----------
    *data : NDArray
        Image (N, C, H, W).
    scale : int >= 1
        Factor of height and width.
    num_filter : int >= 0, optional
        Of bilinear sampling, which is not supported. Default 0.
    sample_type : {'bilinear', 'nearest'}
        How new elements come about; only 'nearest' is supported.
    multi_input_mode : {'concat', 'sum'}, optional
        What becomes of several arrays. Default 'concat'.
    workspace : int >= 0, optional
        Accepted for MXNet's sake; no memory is set aside. Default 512.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["UpSampling"],
        _flatten(data),
        {
            "scale": scale,
            "num_filter": num_filter,
            "sample_type": sample_type,
            "multi_input_mode": multi_input_mode,
            "num_args": num_args,
            "workspace": workspace,
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


def adam_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    mean: NDArray | None = None,
    var: NDArray | None = None,
    lr: float = REQUIRED,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Adam without correction of the means' bias (which is part of `lr`).

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    mean : NDArray
        Mean of gradients.
    var : NDArray
        Mean of squared gradients.
    lr : float
        Learning rate.
    beta1 : float, optional
        Decay of the mean of gradients. Default 0.9.
    beta2 : float, optional
        Decay of the mean of squared gradients. Default 0.999.
    epsilon : float, optional
        Added to the root of the mean square. Default 1e-08.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    lazy_update : bool, optional
        Accepted for MXNet's sake; matters for sparse gradients only. Default True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["adam_update"],
        [weight, grad, mean, var],
        {
            "lr": lr,
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "lazy_update": lazy_update,
        },
        out,
    )


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


def all_finite(data: NDArray | None = None, init_output: bool = True, out: Any = None, name: str | None = None) -> Any:
    """1 if no element is infinite or NaN, else 0, as an array (1,) of float32.

    Parameters
    ----------
    data : NDArray
        Input array.
    init_output : bool, optional
        Begin with 1; else with what the array given as `out` holds, which must be given then. Default
        True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["all_finite"], [data], {"init_output": init_output}, out)


def amp_cast(data: NDArray | None = None, dtype: str = REQUIRED, out: Any = None, name: str | None = None) -> Any:
    """The array with another floating point type; integers stay what they are. What mixed precision puts in.

    Parameters
    ----------
    data : NDArray
        Input array.
    dtype : {'float32', 'float64', 'float16', 'bfloat16'}
        Element type of the result.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["amp_cast"], [data], {"dtype": dtype}, out)


def amp_multicast(
    *data: NDArray,
    num_outputs: int | None = None,
    cast_narrow: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Arrays in one floating point type, the widest (or narrowest) among them.

    Parameters
    ----------
    *data : NDArray
        Arrays of floating point types.
    cast_narrow : bool, optional
        Whether to cast to the narrowest type. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(OPS["amp_multicast"], _flatten(data), {"num_outputs": num_outputs, "cast_narrow": cast_narrow}, out)


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


def argmax(
    data: NDArray | None = None,
    axis: int | None = None,
    keepdims: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Position of the largest element along an axis, the first of equals; in the element type of `data`.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : int, optional
        Axis; None: position in the flattened array.
    keepdims : bool, optional
        Keep the axis with size 1. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["argmax"], [data], {"axis": axis, "keepdims": keepdims}, out)


def argmax_channel(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Position of the largest element along axis 1.

    Parameters
    ----------
    data : NDArray
        Array (N, C, ...).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["argmax_channel"], [data], {}, out)


def argmin(
    data: NDArray | None = None,
    axis: int | None = None,
    keepdims: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Position of the smallest element along an axis, the first of equals; in the element type of `data`.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : int, optional
        Axis; None: position in the flattened array.
    keepdims : bool, optional
        Keep the axis with size 1. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["argmin"], [data], {"axis": axis, "keepdims": keepdims}, out)


def argsort(
    data: NDArray | None = None,
    axis: int | None = -1,
    is_ascend: bool = True,
    dtype: str = "float32",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The positions along an axis in the order of the elements; of equals, the first one comes first.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : int, optional
        Axis; None: the flattened array. Default -1.
    is_ascend : bool, optional
        Rising; else falling. Default True.
    dtype : {'float16', 'float32', 'float64', 'int32', 'int64', 'uint8'}, optional
        Element type of the positions. Default 'float32'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["argsort"], [data], {"axis": axis, "is_ascend": is_ascend, "dtype": dtype}, out)


def batch_dot(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: str | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Matrix products of the matrices of two batches: (N, m, k) and (N, k, n) give (N, m, n).

    Parameters
    ----------
    lhs : NDArray
        Matrices (N, m, k).
    rhs : NDArray
        Matrices (N, k, n).
    transpose_a : bool, optional
        Use the transpose of the first matrix. Default False.
    transpose_b : bool, optional
        Use the transpose of the second matrix. Default False.
    forward_stype : {'csr', 'default', 'row_sparse'}, optional
        Storage type; only 'default' is supported.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["batch_dot"],
        [lhs, rhs],
        {"transpose_a": transpose_a, "transpose_b": transpose_b, "forward_stype": forward_stype},
        out,
    )


def batch_take(
    a: NDArray | None = None,
    indices: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """One element of each row: ``y[i] = a[i, indices[i]]``.

    Parameters
    ----------
    a : NDArray
        Array (N, M).
    indices : NDArray
        Positions (N,).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["batch_take"], [a, indices], {}, out)


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


def broadcast_axes(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] = (),
    size: int | tuple[int, ...] = (),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array repeated along the given axes, which have size 1.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to repeat. Default ().
    size : tuple of int >= 0, optional
        Their new sizes. Default ().
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_axis"], [data], {"axis": axis, "size": size}, out)


def broadcast_axis(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] = (),
    size: int | tuple[int, ...] = (),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array repeated along the given axes, which have size 1.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to repeat. Default ().
    size : tuple of int >= 0, optional
        Their new sizes. Default ().
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_axis"], [data], {"axis": axis, "size": size}, out)


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


def broadcast_like(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    lhs_axes: int | tuple[int, ...] | None = None,
    rhs_axes: int | tuple[int, ...] | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`lhs` repeated along axes of size 1 until it has the shape of `rhs`.

    With `lhs_axes`, along these only, until it has the sizes of `rhs` along `rhs_axes`.

    Parameters
    ----------
    lhs : NDArray
        Array.
    rhs : NDArray
        Gives the shape.
    lhs_axes : tuple of int, optional
        Axes of `lhs` to repeat; default all.
    rhs_axes : tuple of int, optional
        Axes of `rhs` that give the sizes; default all.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_like"], [lhs, rhs], {"lhs_axes": lhs_axes, "rhs_axes": rhs_axes}, out)


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


def broadcast_to(
    data: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array repeated along axes of size 1 until it has the given shape.

    Parameters
    ----------
    data : NDArray
        Input array.
    shape : tuple of int >= 0, optional
        Shape of the result; 0 keeps a size. Default ().
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["broadcast_to"], [data], {"shape": shape}, out)


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


def cast_storage(data: NDArray | None = None, stype: str = REQUIRED, out: Any = None, name: str | None = None) -> Any:
    """Copy of the array in the given storage type; all arrays are dense here.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    stype : {'default'}
        Storage type; sparse ones are not supported.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["cast_storage"], [data], {"stype": stype}, out)


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


def choose_element_0index(
    data: NDArray | None = None,
    index: NDArray | None = None,
    axis: int | None = -1,
    keepdims: bool = False,
    mode: str = "clip",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """One element along an axis for each place of the other axes: ``y[i, j] = data[i, index[i, j], j]``.

    Parameters
    ----------
    data : NDArray
        Array.
    index : NDArray
        Positions; shape of `data` without the axis (or with size 1).
    axis : int, optional
        Axis along which one element is picked; None: from the flattened array. Default -1.
    keepdims : bool, optional
        Keep the axis with size 1. Default False.
    mode : {'clip', 'wrap'}, optional
        What becomes of positions outside of the axis. Default 'clip'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["pick"], [data, index], {"axis": axis, "keepdims": keepdims, "mode": mode}, out)


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


def concat(*data: NDArray, num_args: int | None = None, dim: int = 1, out: Any = None, name: str | None = None) -> Any:
    """Arrays joined along an axis; their other sizes agree.

    Parameters
    ----------
    *data : NDArray
        Arrays with the same sizes along the other axes.
    dim : int, optional
        Axis along which the arrays follow each other. Default 1.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Concat"], _flatten(data), {"num_args": num_args, "dim": dim}, out)


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


def crop(
    data: NDArray | None = None,
    begin: int | tuple[int, ...] = REQUIRED,
    end: int | tuple[int, ...] = REQUIRED,
    step: int | tuple[int, ...] = (),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """A region of the array, as ``data[begin[0]:end[0]:step[0], ...]``.

    Parameters
    ----------
    data : NDArray
        Input array.
    begin : tuple of int
        First place along each axis; None: from the start.
    end : tuple of int
        Place behind the last one along each axis; None: to the end.
    step : tuple of int, optional
        Steps, which may be negative; default 1. Default ().
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["slice"], [data], {"begin": begin, "end": end, "step": step}, out)


def cumsum(
    a: NDArray | None = None,
    axis: int | None = None,
    dtype: str | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Sums of all elements up to each one along an axis.

    Parameters
    ----------
    a : NDArray
        Array.
    axis : int, optional
        Axis; None: along the flattened array.
    dtype : {'float16', 'float32', 'float64', 'int32', 'int64', 'int8'}, optional
        Element type of the sums.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["cumsum"], [a], {"axis": axis, "dtype": dtype}, out)


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


def depth_to_space(
    data: NDArray | None = None,
    block_size: int = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Channels become blocks of the image: (N, C b^2, H, W) -> (N, C, H b, W b).

    Parameters
    ----------
    data : NDArray
        Input array.
    block_size : int >= 1
        Edge of the blocks.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["depth_to_space"], [data], {"block_size": block_size}, out)


def diag(
    data: NDArray | None = None,
    k: int = 0,
    axis1: int = 0,
    axis2: int = 1,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The diagonal of each matrix over two axes; of a vector, the matrix that has it as diagonal.

    Parameters
    ----------
    data : NDArray
        Input array.
    k : int, optional
        Which diagonal: above (positive) or below the main one. Default 0.
    axis1 : int, optional
        First axis of the matrices. Default 0.
    axis2 : int, optional
        Second axis of the matrices. Default 1.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["diag"], [data], {"k": k, "axis1": axis1, "axis2": axis2}, out)


def dot(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    forward_stype: str | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Product over the last axis of `lhs` and the first of `rhs`; for matrices, the matrix product.

    With `transpose_a`, the first axis of `lhs` is summed; with `transpose_b`, the last one of `rhs`.

    Parameters
    ----------
    lhs : NDArray
        Array (..., k).
    rhs : NDArray
        Array (k, ...).
    transpose_a : bool, optional
        Use the transpose of the first matrix. Default False.
    transpose_b : bool, optional
        Use the transpose of the second matrix. Default False.
    forward_stype : {'csr', 'default', 'row_sparse'}, optional
        Storage type; only 'default' is supported.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["dot"],
        [lhs, rhs],
        {"transpose_a": transpose_a, "transpose_b": transpose_b, "forward_stype": forward_stype},
        out,
    )


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


def expand_dims(data: NDArray | None = None, axis: int = REQUIRED, out: Any = None, name: str | None = None) -> Any:
    """The array with a further axis of size 1.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : int
        Where the axis is in the result; negative: counted from the end.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["expand_dims"], [data], {"axis": axis}, out)


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


def exponential(
    lam: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Exponentially distributed random numbers.

    Parameters
    ----------
    lam : float, optional
        Rate: 1 / mean. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["_random_exponential"], [], {"lam": lam, "shape": shape, "ctx": ctx, "dtype": dtype}, out)


def fill_element_0index(
    lhs: NDArray | None = None,
    mhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`lhs` with one element of each row replaced: ``y[i, rhs[i]] = mhs[i]``. Positions outside of a row mean its ends.

    Parameters
    ----------
    lhs : NDArray
        (N, C).
    mhs : NDArray
        (N,), the new elements.
    rhs : NDArray
        (N,), their positions.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.zeros((2, 3))
    >>> mx.nd.fill_element_0index(x, mx.nd.array([5, 7]), mx.nd.array([0, 2])).asnumpy()
    array([[5., 0., 0.],
           [0., 0., 7.]], dtype=float32)
    """
    return invoke(OPS["fill_element_0index"], [lhs, mhs, rhs], {}, out)


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


def flatten(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """All axes but the first as one: (N, ...) becomes (N, d).

    Parameters
    ----------
    data : NDArray
        Array (N, ...).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Flatten"], [data], {}, out)


def flip(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array in reverse order along the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int
        Axes to reverse.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["reverse"], [data], {"axis": axis}, out)


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


def ftrl_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    z: NDArray | None = None,
    n: NDArray | None = None,
    lr: float = REQUIRED,
    lamda1: float = 0.01,
    beta: float = 1.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Follow the regularized leader.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    z : NDArray
        Sum of corrected gradients.
    n : NDArray
        Mean (or sum) of squared gradients.
    lr : float
        Learning rate.
    lamda1 : float, optional
        L1 penalty. Default 0.01.
    beta : float, optional
        Smoothing of the rate. Default 1.0.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["ftrl_update"],
        [weight, grad, z, n],
        {
            "lr": lr,
            "lamda1": lamda1,
            "beta": beta,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
        },
        out,
    )


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


def gather_nd(
    data: NDArray | None = None,
    indices: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Elements (or rows) of an array by coordinates: ``y[i] = data[indices[0, i], indices[1, i], ...]``.

    Parameters
    ----------
    data : NDArray
        Array.
    indices : NDArray
        Coordinates (M, ...); negative ones count from the end.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["gather_nd"], [data, indices], {}, out)


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


def linalg_gemm2(
    A: NDArray | None = None,
    B: NDArray | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    axis: int = -2,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``alpha * op(A) op(B)`` for matrices over the last two axes.

    Parameters
    ----------
    A : NDArray
        Matrices (..., m, k).
    B : NDArray
        Matrices (..., k, n).
    transpose_a : bool, optional
        Use the transpose of the first matrix. Default False.
    transpose_b : bool, optional
        Use the transpose of the second matrix. Default False.
    alpha : float, optional
        Factor of the product. Default 1.0.
    axis : int, optional
        Axis of the rows; only -2 is supported. Default -2.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["_linalg_gemm2"],
        [A, B],
        {"transpose_a": transpose_a, "transpose_b": transpose_b, "alpha": alpha, "axis": axis},
        out,
    )


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


def log_softmax(
    data: NDArray | None = None,
    axis: int = -1,
    temperature: float | None = None,
    dtype: str | None = None,
    use_length: bool | None = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``x_i - log(sum_j exp(x_j))`` along an axis.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : int, optional
        Axis along which the results sum to 1. Default -1.
    temperature : float, optional
        Divides the input first; default 1.
    dtype : {'float16', 'float32', 'float64'}, optional
        Element type of the result.
    use_length : bool, optional
        Must be False. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["log_softmax"],
        [data],
        {"axis": axis, "temperature": temperature, "dtype": dtype, "use_length": use_length},
        out,
    )


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


def make_loss(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """The array itself, as a loss: its gradient is 1 whatever arrives from above.

    Parameters
    ----------
    data : NDArray
        Input array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["make_loss"], [data], {}, out)


def max(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Largest element over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["max"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


def max_axis(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Largest element over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["max"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


def mean(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Mean over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["mean"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


def min(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Smallest element over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["min"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


def min_axis(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Smallest element over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["min"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


def mp_nag_mom_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    mom: NDArray | None = None,
    weight32: NDArray | None = None,
    lr: float = REQUIRED,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Nesterov's momentum: as sgd_mom_update, with the gradient taken one step ahead.

    For a 16-bit weight, computed in float32 on a copy of it.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    mom : NDArray
        Momentum.
    weight32 : NDArray
        The weight in float32.
    lr : float
        Learning rate.
    momentum : float, optional
        Part of the last step that is kept. Default 0.0.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["mp_nag_mom_update"],
        [weight, grad, mom, weight32],
        {"lr": lr, "momentum": momentum, "wd": wd, "rescale_grad": rescale_grad, "clip_gradient": clip_gradient},
        out,
    )


def mp_sgd_mom_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    mom: NDArray | None = None,
    weight32: NDArray | None = None,
    lr: float = REQUIRED,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``m = momentum * m - lr * (r + wd * w); w += m`` with the rescaled, clipped gradient r.

    For a 16-bit weight, computed in float32 on a copy of it.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    mom : NDArray
        Momentum.
    weight32 : NDArray
        The weight in float32.
    lr : float
        Learning rate.
    momentum : float, optional
        Part of the last step that is kept. Default 0.0.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    lazy_update : bool, optional
        Accepted for MXNet's sake; matters for sparse gradients only. Default True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["mp_sgd_mom_update"],
        [weight, grad, mom, weight32],
        {
            "lr": lr,
            "momentum": momentum,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "lazy_update": lazy_update,
        },
        out,
    )


def mp_sgd_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    weight32: NDArray | None = None,
    lr: float = REQUIRED,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``w -= lr * (r + wd * w)`` with the rescaled, clipped gradient r.

    For a 16-bit weight, computed in float32 on a copy of it.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    weight32 : NDArray
        The weight in float32.
    lr : float
        Learning rate.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    lazy_update : bool, optional
        Accepted for MXNet's sake; matters for sparse gradients only. Default True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["mp_sgd_update"],
        [weight, grad, weight32],
        {
            "lr": lr,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "lazy_update": lazy_update,
        },
        out,
    )


def multi_all_finite(
    *data: NDArray,
    num_arrays: int | None = None,
    init_output: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """1 if no element of any of the arrays is infinite or NaN, else 0, as an array (1,) of float32.

    Parameters
    ----------
    *data : NDArray
        Arrays of floating point types.
    init_output : bool, optional
        Begin with 1; else with what the array given as `out` holds, which must be given then. Default
        True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["multi_all_finite"], _flatten(data), {"num_arrays": num_arrays, "init_output": init_output}, out)


def nag_mom_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    mom: NDArray | None = None,
    lr: float = REQUIRED,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Nesterov's momentum: as sgd_mom_update, with the gradient taken one step ahead.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    mom : NDArray
        Momentum.
    lr : float
        Learning rate.
    momentum : float, optional
        Part of the last step that is kept. Default 0.0.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["nag_mom_update"],
        [weight, grad, mom],
        {"lr": lr, "momentum": momentum, "wd": wd, "rescale_grad": rescale_grad, "clip_gradient": clip_gradient},
        out,
    )


def nanprod(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Product of the elements that are not NaN over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["nanprod"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


def nansum(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Sum of the elements that are not NaN over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["nansum"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


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


def norm(
    data: NDArray | None = None,
    ord: int = 2,
    axis: int | tuple[int, ...] | None = None,
    out_dtype: str | None = None,
    keepdims: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """L1 or L2 norm over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    ord : int in 1..2, optional
        1: sum of absolute values; 2: root of the sum of squares. Default 2.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    out_dtype : {'float16', 'float32', 'float64', 'int32', 'int64', 'int8'}, optional
        Element type of the result; only that of `data` is supported.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["norm"], [data], {"ord": ord, "axis": axis, "out_dtype": out_dtype, "keepdims": keepdims}, out)


def normal(
    loc: float = 0.0,
    scale: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Normally distributed random numbers.

    Parameters
    ----------
    loc : float, optional
        Mean. Default 0.0.
    scale : float, optional
        Standard deviation. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["_random_normal"],
        [],
        {"loc": loc, "scale": scale, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


def one_hot(
    indices: NDArray | None = None,
    depth: int = REQUIRED,
    on_value: float = 1.0,
    off_value: float = 0.0,
    dtype: Any = "float32",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """For each position a row with `on_value` there and `off_value` elsewhere: (...) -> (..., depth).

    Parameters
    ----------
    indices : NDArray
        Positions; those outside of 0..depth-1 give a row of `off_value`.
    depth : int >= 0
        Length of a row.
    on_value : float, optional
        Value at the position. Default 1.0.
    off_value : float, optional
        Value elsewhere. Default 0.0.
    dtype : dtype, optional
        Element type of the result. Default 'float32'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["one_hot"],
        [indices],
        {"depth": depth, "on_value": on_value, "off_value": off_value, "dtype": dtype},
        out,
    )


def ones_like(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Array of ones with the shape and type of another one.

    Parameters
    ----------
    data : NDArray
        Gives shape and type.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["ones_like"], [data], {}, out)


def pad(
    data: NDArray | None = None,
    mode: str = REQUIRED,
    pad_width: int | tuple[int, ...] = REQUIRED,
    constant_value: float = 0.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array with places added at the ends of its axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    mode : {'constant', 'edge', 'reflect'}
        What new places hold: a constant, the border's value, or a reflection.
    pad_width : tuple of int >= 0
        Places added before and behind each axis: (before0, behind0, before1, ...).
    constant_value : float, optional
        Value of new places with mode constant. Default 0.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["Pad"], [data], {"mode": mode, "pad_width": pad_width, "constant_value": constant_value}, out)


def pick(
    data: NDArray | None = None,
    index: NDArray | None = None,
    axis: int | None = -1,
    keepdims: bool = False,
    mode: str = "clip",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """One element along an axis for each place of the other axes: ``y[i, j] = data[i, index[i, j], j]``.

    Parameters
    ----------
    data : NDArray
        Array.
    index : NDArray
        Positions; shape of `data` without the axis (or with size 1).
    axis : int, optional
        Axis along which one element is picked; None: from the flattened array. Default -1.
    keepdims : bool, optional
        Keep the axis with size 1. Default False.
    mode : {'clip', 'wrap'}, optional
        What becomes of positions outside of the axis. Default 'clip'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["pick"], [data, index], {"axis": axis, "keepdims": keepdims, "mode": mode}, out)


def prod(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Product over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["prod"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


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


def random_exponential(
    lam: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Exponentially distributed random numbers.

    Parameters
    ----------
    lam : float, optional
        Rate: 1 / mean. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["_random_exponential"], [], {"lam": lam, "shape": shape, "ctx": ctx, "dtype": dtype}, out)


def random_normal(
    loc: float = 0.0,
    scale: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Normally distributed random numbers.

    Parameters
    ----------
    loc : float, optional
        Mean. Default 0.0.
    scale : float, optional
        Standard deviation. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["_random_normal"],
        [],
        {"loc": loc, "scale": scale, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


def random_randint(
    low: int = REQUIRED,
    high: int = REQUIRED,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Random whole numbers in ``[low, high)``.

    Parameters
    ----------
    low : int
        Smallest number.
    high : int
        End, not included.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'int32', 'int64', 'None'}, optional
        Element type of the result; default int32. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["_random_randint"],
        [],
        {"low": low, "high": high, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


def random_uniform(
    low: float = 0.0,
    high: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Uniform random numbers in ``[low, high)``.

    Parameters
    ----------
    low : float, optional
        Lower end, included. Default 0.0.
    high : float, optional
        Upper end, not included. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["_random_uniform"],
        [],
        {"low": low, "high": high, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


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


def repeat(
    data: NDArray | None = None,
    repeats: int = REQUIRED,
    axis: int | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Each element several times in a row.

    Parameters
    ----------
    data : NDArray
        Input array.
    repeats : int >= 0
        How often each element is repeated.
    axis : int, optional
        Axis; None: the flattened array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["repeat"], [data], {"repeats": repeats, "axis": axis}, out)


def reshape(
    data: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    reverse: bool = False,
    target_shape: int | tuple[int, ...] = (),
    keep_highest: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array with another shape and the same elements in the same order.

    Codes in `shape`: 0 keeps the size; -1 follows from the others; -2 keeps all remaining axes; -3 joins
    two axes;
    -4 splits one into the two sizes that follow (one of them may be -1).

    Parameters
    ----------
    data : NDArray
        Input array.
    shape : tuple of int, optional
        New sizes, or codes. Default ().
    reverse : bool, optional
        Match codes from the last axis on. Default False.
    target_shape : tuple of int, optional
        Old form of `shape`, in which 0 follows from the others. Default ().
    keep_highest : bool, optional
        With `target_shape`: keep the first size. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["Reshape"],
        [data],
        {"shape": shape, "reverse": reverse, "target_shape": target_shape, "keep_highest": keep_highest},
        out,
    )


def reshape_like(
    lhs: NDArray | None = None,
    rhs: NDArray | None = None,
    lhs_begin: int | None = None,
    lhs_end: int | None = None,
    rhs_begin: int | None = None,
    rhs_end: int | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`lhs` with the shape of `rhs` (or with the axes `lhs_begin..lhs_end` replaced by `rhs_begin..rhs_end` of it).

    Parameters
    ----------
    lhs : NDArray
        Array.
    rhs : NDArray
        Gives the shape.
    lhs_begin : int, optional
        First axis of `lhs` that is replaced.
    lhs_end : int, optional
        Axis behind the last one that is replaced.
    rhs_begin : int, optional
        First axis of `rhs` that is taken.
    rhs_end : int, optional
        Axis behind the last one that is taken.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["reshape_like"],
        [lhs, rhs],
        {"lhs_begin": lhs_begin, "lhs_end": lhs_end, "rhs_begin": rhs_begin, "rhs_end": rhs_end},
        out,
    )


def reverse(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array in reverse order along the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int
        Axes to reverse.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["reverse"], [data], {"axis": axis}, out)


def rint(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Nearest integer, halves to the smaller one.

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


def rmsprop_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    n: NDArray | None = None,
    lr: float = REQUIRED,
    gamma1: float = 0.95,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    clip_weights: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """RMSProp: steps divided by the root of the mean square of gradients.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    n : NDArray
        Mean (or sum) of squared gradients.
    lr : float
        Learning rate.
    gamma1 : float, optional
        Decay of the mean square. Default 0.95.
    epsilon : float, optional
        Added to the mean square. Default 1e-08.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    clip_weights : float, optional
        Limit of the weights' elements; negative: none. Default -1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["rmsprop_update"],
        [weight, grad, n],
        {
            "lr": lr,
            "gamma1": gamma1,
            "epsilon": epsilon,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "clip_weights": clip_weights,
        },
        out,
    )


def rmspropalex_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    n: NDArray | None = None,
    g: NDArray | None = None,
    delta: NDArray | None = None,
    lr: float = REQUIRED,
    gamma1: float = 0.95,
    gamma2: float = 0.9,
    epsilon: float = 1e-08,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    clip_weights: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """RMSProp as Graves has it: the mean of gradients taken off, with momentum.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    n : NDArray
        Mean (or sum) of squared gradients.
    g : NDArray
        Mean of gradients.
    delta : NDArray
        Last step.
    lr : float
        Learning rate.
    gamma1 : float, optional
        Decay of the means. Default 0.95.
    gamma2 : float, optional
        Part of the last step that is kept. Default 0.9.
    epsilon : float, optional
        Added to the mean square. Default 1e-08.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    clip_weights : float, optional
        Limit of the weights' elements; negative: none. Default -1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["rmspropalex_update"],
        [weight, grad, n, g, delta],
        {
            "lr": lr,
            "gamma1": gamma1,
            "gamma2": gamma2,
            "epsilon": epsilon,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "clip_weights": clip_weights,
        },
        out,
    )


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


def scatter_nd(
    data: NDArray | None = None,
    indices: NDArray | None = None,
    shape: int | tuple[int, ...] = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Zeros of a given shape with `data` at the coordinates; where several name one place, the last one counts.

    Parameters
    ----------
    data : NDArray
        Elements (or rows).
    indices : NDArray
        Coordinates (M, ...).
    shape : tuple of int >= 0
        Shape of the result.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["scatter_nd"], [data, indices], {"shape": shape}, out)


def sgd_mom_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    mom: NDArray | None = None,
    lr: float = REQUIRED,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``m = momentum * m - lr * (r + wd * w); w += m`` with the rescaled, clipped gradient r.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    mom : NDArray
        Momentum.
    lr : float
        Learning rate.
    momentum : float, optional
        Part of the last step that is kept. Default 0.0.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    lazy_update : bool, optional
        Accepted for MXNet's sake; matters for sparse gradients only. Default True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["sgd_mom_update"],
        [weight, grad, mom],
        {
            "lr": lr,
            "momentum": momentum,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "lazy_update": lazy_update,
        },
        out,
    )


def sgd_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    lr: float = REQUIRED,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    lazy_update: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``w -= lr * (r + wd * w)`` with the rescaled, clipped gradient r.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    lr : float
        Learning rate.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    lazy_update : bool, optional
        Accepted for MXNet's sake; matters for sparse gradients only. Default True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["sgd_update"],
        [weight, grad],
        {
            "lr": lr,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "lazy_update": lazy_update,
        },
        out,
    )


def shape_array(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """The shape of an array as an array of int64.

    Parameters
    ----------
    data : NDArray
        Input array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["shape_array"], [data], {}, out)


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


def signsgd_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    lr: float = REQUIRED,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``w = (1 - lr * wd) * w - lr * sign(g)``.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    lr : float
        Learning rate.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["signsgd_update"],
        [weight, grad],
        {"lr": lr, "wd": wd, "rescale_grad": rescale_grad, "clip_gradient": clip_gradient},
        out,
    )


def signum_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    mom: NDArray | None = None,
    lr: float = REQUIRED,
    momentum: float = 0.0,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    wd_lh: float = 0.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Momentum of which only the sign counts.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    mom : NDArray
        Momentum.
    lr : float
        Learning rate.
    momentum : float, optional
        Part of the last step that is kept. Default 0.0.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    wd_lh : float, optional
        Weight decay apart from the gradient. Default 0.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["signum_update"],
        [weight, grad, mom],
        {
            "lr": lr,
            "momentum": momentum,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "wd_lh": wd_lh,
        },
        out,
    )


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


def size_array(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """The number of elements of an array as an array (1,) of int64.

    Parameters
    ----------
    data : NDArray
        Input array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["size_array"], [data], {}, out)


def slice(
    data: NDArray | None = None,
    begin: int | tuple[int, ...] = REQUIRED,
    end: int | tuple[int, ...] = REQUIRED,
    step: int | tuple[int, ...] = (),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """A region of the array, as ``data[begin[0]:end[0]:step[0], ...]``.

    Parameters
    ----------
    data : NDArray
        Input array.
    begin : tuple of int
        First place along each axis; None: from the start.
    end : tuple of int
        Place behind the last one along each axis; None: to the end.
    step : tuple of int, optional
        Steps, which may be negative; default 1. Default ().
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["slice"], [data], {"begin": begin, "end": end, "step": step}, out)


def slice_axis(
    data: NDArray | None = None,
    axis: int = REQUIRED,
    begin: int = REQUIRED,
    end: int | None = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The part ``begin .. end - 1`` of the array along one axis.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : int
        Axis that is cut.
    begin : int
        First place; negative: counted from the end.
    end : int
        Place behind the last one; None: to the end.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["slice_axis"], [data], {"axis": axis, "begin": begin, "end": end}, out)


def slice_like(
    data: NDArray | None = None,
    shape_like: NDArray | None = None,
    axes: int | tuple[int, ...] = (),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The first places of `data` along the given axes, as many as `shape_like` has.

    Parameters
    ----------
    data : NDArray
        Array.
    shape_like : NDArray
        Gives the sizes.
    axes : tuple of int, optional
        Axes that are cut; default all. Default ().
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["slice_like"], [data, shape_like], {"axes": axes}, out)


def smooth_l1(data: NDArray | None = None, scalar: float = 1.0, out: Any = None, name: str | None = None) -> Any:
    """``0.5 (s x)^2`` where ``|x| < 1 / s^2``, else ``|x| - 0.5 / s^2``.

    Parameters
    ----------
    data : NDArray
        Input array.
    scalar : float, optional
        s in the formula. Default 1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["smooth_l1"], [data], {"scalar": scalar}, out)


def softmax(
    data: NDArray | None = None,
    length: NDArray | None = None,
    axis: int = -1,
    temperature: float | None = None,
    dtype: str | None = None,
    use_length: bool | None = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``exp(x_i) / sum_j exp(x_j)`` along an axis.

    Parameters
    ----------
    data : NDArray
        Input array.
    length : NDArray
        Valid places along the axis, shape of `data` without it; the others give 0.
    axis : int, optional
        Axis along which the results sum to 1. Default -1.
    temperature : float, optional
        Divides the input first; default 1.
    dtype : {'float16', 'float32', 'float64'}, optional
        Element type of the result.
    use_length : bool, optional
        Whether `length` is given. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["softmax"],
        [data, length],
        {"axis": axis, "temperature": temperature, "dtype": dtype, "use_length": use_length},
        out,
    )


def softmax_cross_entropy(
    data: NDArray | None = None,
    label: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Sum over the rows of ``-log(softmax(data)[row, label[row]])``, as an array (1,).

    Parameters
    ----------
    data : NDArray
        Scores (N, K).
    label : NDArray
        Class numbers (N,).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["softmax_cross_entropy"], [data, label], {}, out)


def softmin(
    data: NDArray | None = None,
    axis: int = -1,
    temperature: float | None = None,
    dtype: str | None = None,
    use_length: bool | None = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``exp(-x_i) / sum_j exp(-x_j)`` along an axis.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : int, optional
        Axis along which the results sum to 1. Default -1.
    temperature : float, optional
        Divides the input first; default 1.
    dtype : {'float16', 'float32', 'float64'}, optional
        Element type of the result.
    use_length : bool, optional
        Must be False. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["softmin"],
        [data],
        {"axis": axis, "temperature": temperature, "dtype": dtype, "use_length": use_length},
        out,
    )


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


def sort(
    data: NDArray | None = None,
    axis: int | None = -1,
    is_ascend: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The elements along an axis in order.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : int, optional
        Axis; None: the flattened array. Default -1.
    is_ascend : bool, optional
        Rising; else falling. Default True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(OPS["sort"], [data], {"axis": axis, "is_ascend": is_ascend}, out)


def space_to_depth(
    data: NDArray | None = None,
    block_size: int = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Blocks of the image become channels: (N, C, H b, W b) -> (N, C b^2, H, W).

    Parameters
    ----------
    data : NDArray
        Input array.
    block_size : int >= 1
        Edge of the blocks.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["space_to_depth"], [data], {"block_size": block_size}, out)


def split(
    data: NDArray | None = None,
    num_outputs: int = REQUIRED,
    axis: int = 1,
    squeeze_axis: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array cut into equal parts along an axis.

    Parameters
    ----------
    data : NDArray
        Input array.
    num_outputs : int in 1..1048576
        Number of parts.
    axis : int, optional
        Axis that is cut. Default 1.
    squeeze_axis : bool, optional
        Remove the axis, which then has size 1 in each part. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(
        OPS["SliceChannel"],
        [data],
        {"num_outputs": num_outputs, "axis": axis, "squeeze_axis": squeeze_axis},
        out,
    )


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


def squeeze(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array without its axes of size 1.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to remove; None: all of size 1.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["squeeze"], [data], {"axis": axis}, out)


def stack(*data: NDArray, num_args: int | None = None, axis: int = 0, out: Any = None, name: str | None = None) -> Any:
    """Arrays of one shape joined along a new axis.

    Parameters
    ----------
    *data : NDArray
        Arrays of one shape.
    axis : int, optional
        Where the new axis is in the result. Default 0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["stack"], _flatten(data), {"num_args": num_args, "axis": axis}, out)


def stop_gradient(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """The array itself; no gradient flows through.

    Parameters
    ----------
    data : NDArray
        Input array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["BlockGrad"], [data], {}, out)


def sum(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Sum over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sum"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


def sum_axis(
    data: NDArray | None = None,
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    exclude: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Sum over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["sum"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


def swapaxes(
    data: NDArray | None = None,
    dim1: int = 0,
    dim2: int = 0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array with two axes exchanged.

    Parameters
    ----------
    data : NDArray
        Input array.
    dim1 : int, optional
        One axis. Default 0.
    dim2 : int, optional
        The other one. Default 0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["SwapAxis"], [data], {"dim1": dim1, "dim2": dim2}, out)


def take(
    a: NDArray | None = None,
    indices: NDArray | None = None,
    axis: int = 0,
    mode: str = "clip",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Elements of an array along an axis, by position.

    Parameters
    ----------
    a : NDArray
        Array.
    indices : NDArray
        Positions along the axis, of any shape.
    axis : int, optional
        Axis along which elements are taken. Default 0.
    mode : {'clip', 'raise', 'wrap'}, optional
        What becomes of positions outside of the array. Default 'clip'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["take"], [a, indices], {"axis": axis, "mode": mode}, out)


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


def tile(
    data: NDArray | None = None,
    reps: int | tuple[int, ...] = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The whole array several times along each axis.

    Parameters
    ----------
    data : NDArray
        Input array.
    reps : tuple of int >= 0
        How often the array is repeated along each axis.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["tile"], [data], {"reps": reps}, out)


def topk(
    data: NDArray | None = None,
    axis: int | None = -1,
    k: int = 1,
    ret_typ: str = "indices",
    is_ascend: bool = False,
    dtype: str = "float32",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The k largest (or smallest) elements along an axis, in order.

    Parameters
    ----------
    data : NDArray
        Input array.
    axis : int, optional
        Axis; None: the flattened array. Default -1.
    k : int, optional
        How many; less than 1: all. Default 1.
    ret_typ : {'both', 'indices', 'mask', 'value'}, optional
        What is returned: values and positions, positions, 1 at the places of these elements, or values.
        Default 'indices'.
    is_ascend : bool, optional
        The smallest ones, in rising order. Default False.
    dtype : {'float16', 'float32', 'float64', 'int32', 'int64', 'uint8'}, optional
        Element type of the positions. Default 'float32'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray
    """
    return invoke(
        OPS["topk"],
        [data],
        {"axis": axis, "k": k, "ret_typ": ret_typ, "is_ascend": is_ascend, "dtype": dtype},
        out,
    )


def transpose(
    data: NDArray | None = None,
    axes: int | tuple[int, ...] = (),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The array with its axes in another order.

    Parameters
    ----------
    data : NDArray
        Input array.
    axes : tuple of int, optional
        For each axis of the result, which axis of `data` it is; default: in reverse. Default ().
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["transpose"], [data], {"axes": axes}, out)


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


def uniform(
    low: float = 0.0,
    high: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Uniform random numbers in ``[low, high)``.

    Parameters
    ----------
    low : float, optional
        Lower end, included. Default 0.0.
    high : float, optional
        Upper end, not included. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(
        OPS["_random_uniform"],
        [],
        {"low": low, "high": high, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


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


def zeros_like(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Array of zeros with the shape and type of another one.

    Parameters
    ----------
    data : NDArray
        Gives shape and type.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray
    """
    return invoke(OPS["zeros_like"], [data], {}, out)
