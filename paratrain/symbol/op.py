"""Operators on symbols.

Generated from the definitions in `paratrain/ops` by ``python -m paratrain.ops.generate``; edit those.
"""

from __future__ import annotations

from typing import Any

# ruff: noqa: B008 - default() only marks a value
from paratrain.ops.params import REQUIRED
from paratrain.ops.registry import OPS
from paratrain.symbol.compose import compose, default
from paratrain.symbol.compose import flatten as _flatten
from paratrain.symbol.symbol import Symbol

__all__ = [
    "Activation",
    "BatchNorm",
    "BilinearSampler",
    "BlockGrad",
    "CTCLoss",
    "Cast",
    "Concat",
    "Convolution",
    "Correlation",
    "Crop",
    "Deconvolution",
    "Dropout",
    "ElementWiseSum",
    "Embedding",
    "Flatten",
    "FullyConnected",
    "GridGenerator",
    "GroupNorm",
    "IdentityAttachKLSparseReg",
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
    "ROIPooling",
    "Reshape",
    "SVMOutput",
    "SequenceLast",
    "SequenceMask",
    "SequenceReverse",
    "SliceChannel",
    "Softmax",
    "SoftmaxActivation",
    "SoftmaxOutput",
    "SpatialTransformer",
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
    "col2im",
    "concat",
    "cos",
    "cosh",
    "crop",
    "ctc_loss",
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
    "erfinv",
    "exp",
    "expand_dims",
    "expm1",
    "exponential",
    "fill_element_0index",
    "fix",
    "flatten",
    "flip",
    "floor",
    "ftml_update",
    "ftrl_update",
    "gamma",
    "gammaln",
    "gather_nd",
    "hard_sigmoid",
    "identity",
    "im2col",
    "khatri_rao",
    "lamb_update_phase1",
    "lamb_update_phase2",
    "linalg_det",
    "linalg_extractdiag",
    "linalg_extracttrian",
    "linalg_gelqf",
    "linalg_gemm",
    "linalg_gemm2",
    "linalg_inverse",
    "linalg_makediag",
    "linalg_maketrian",
    "linalg_potrf",
    "linalg_potri",
    "linalg_slogdet",
    "linalg_sumlogdiag",
    "linalg_syevd",
    "linalg_syrk",
    "linalg_trmm",
    "linalg_trsm",
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
    "moments",
    "mp_lamb_update_phase1",
    "mp_lamb_update_phase2",
    "mp_nag_mom_update",
    "mp_sgd_mom_update",
    "mp_sgd_update",
    "multi_all_finite",
    "multi_lars",
    "multi_mp_sgd_mom_update",
    "multi_mp_sgd_update",
    "multi_sgd_mom_update",
    "multi_sgd_update",
    "multi_sum_sq",
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
    "preloaded_multi_mp_sgd_mom_update",
    "preloaded_multi_mp_sgd_update",
    "preloaded_multi_sgd_mom_update",
    "preloaded_multi_sgd_update",
    "prod",
    "radians",
    "random_exponential",
    "random_gamma",
    "random_generalized_negative_binomial",
    "random_negative_binomial",
    "random_normal",
    "random_pdf_dirichlet",
    "random_pdf_exponential",
    "random_pdf_gamma",
    "random_pdf_generalized_negative_binomial",
    "random_pdf_negative_binomial",
    "random_pdf_normal",
    "random_pdf_poisson",
    "random_pdf_uniform",
    "random_poisson",
    "random_randint",
    "random_uniform",
    "ravel_multi_index",
    "rcbrt",
    "reciprocal",
    "relu",
    "repeat",
    "reset_arrays",
    "reshape",
    "reshape_like",
    "reverse",
    "rint",
    "rmsprop_update",
    "rmspropalex_update",
    "round",
    "rsqrt",
    "sample_exponential",
    "sample_gamma",
    "sample_generalized_negative_binomial",
    "sample_multinomial",
    "sample_negative_binomial",
    "sample_normal",
    "sample_poisson",
    "sample_uniform",
    "scatter_nd",
    "sgd_mom_update",
    "sgd_update",
    "shape_array",
    "shuffle",
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
    "unravel_index",
    "where",
    "zeros_like",
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


def BilinearSampler(
    data: Symbol | None = None,
    grid: Symbol | None = None,
    cudnn_off: bool | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Images sampled at the places that a grid names, by bilinear interpolation; zero outside of the image.

    Parameters
    ----------
    data : Symbol
        Images (N, C, H, W).
    grid : Symbol
        Coordinates x, y (N, 2, h, w), from -1 to 1 in the image.
    cudnn_off : bool, optional
        Accepted for MXNet's sake; the same kernel runs either way.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["BilinearSampler"], [data, grid], {"cudnn_off": cudnn_off}, name, attr, kwargs)


def BlockGrad(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array itself; no gradient flows through.

    Parameters
    ----------
    data : Symbol
        Input array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["BlockGrad"], [data], {}, name, attr, kwargs)


def CTCLoss(
    data: Symbol | None = None,
    label: Symbol | None = None,
    data_lengths: Symbol | None = None,
    label_lengths: Symbol | None = None,
    use_data_lengths: bool = default(False),
    use_label_lengths: bool = default(False),
    blank_label: str = default("first"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Connectionist temporal classification: -log of the probability that a sequence spells a label.

    The scores go through softmax. A label may be spelled with any of its parts repeated and with blanks in
    between. Blanks are class 0 and labels 1 and up (``blank_label='first'``), or blanks are the last class;
    a label ends at the first 0 or -1, unless its length is given. A label that does not fit into its steps
    costs nothing, as in MXNet; one of classes that do not exist costs infinitely much.

    Parameters
    ----------
    data : Symbol
        Scores (T, N, C): steps, batch, classes.
    label : Symbol
        Labels (N, L), L <= T.
    data_lengths : Symbol
        Number of steps of each sequence (N,), with use_data_lengths.
    label_lengths : Symbol
        Length of each label (N,), with use_label_lengths.
    use_data_lengths : bool, optional
        Whether `data_lengths` is given; otherwise all sequences have T steps. Default False.
    use_label_lengths : bool, optional
        Whether `label_lengths` is given. Default False.
    blank_label : {'first', 'last'}, optional
        Which class is the blank. Default 'first'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["CTCLoss"],
        [data, label, data_lengths, label_lengths],
        {"use_data_lengths": use_data_lengths, "use_label_lengths": use_label_lengths, "blank_label": blank_label},
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


def Concat(
    *data: Symbol,
    num_args: int | None = None,
    dim: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """Arrays joined along an axis; their other sizes agree.

    Parameters
    ----------
    *data : Symbol
        Arrays with the same sizes along the other axes.
    dim : int, optional
        Axis along which the arrays follow each other. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["Concat"], _flatten(data), {"num_args": num_args, "dim": dim}, name, attr, inputs)


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


def Correlation(
    data1: Symbol | None = None,
    data2: Symbol | None = None,
    kernel_size: int = default(1),
    max_displacement: int = default(1),
    stride1: int = default(1),
    stride2: int = default(1),
    pad_size: int = default(0),
    is_multiply: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """How alike the surroundings of each place in one image and of displaced places in another are.

    The result (N, D * D, H', W') has a channel for each displacement ``-d, ..., -stride2, 0, stride2, ...,
    d`` in both directions: the mean over channels and window of the products (or absolute differences).

    Parameters
    ----------
    data1 : Symbol
        Images (N, C, H, W).
    data2 : Symbol
        Images of the same shape.
    kernel_size : int >= 1, optional
        Height and width of what is compared, odd. Default 1.
    max_displacement : int >= 0, optional
        Largest displacement. Default 1.
    stride1 : int >= 1, optional
        Step of the places in the first image. Default 1.
    stride2 : int >= 1, optional
        Step of the displacements. Default 1.
    pad_size : int >= 0, optional
        Zeros on all sides of both images. Default 0.
    is_multiply : bool, optional
        Products are summed up; else absolute differences. Default True.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["Correlation"],
        [data1, data2],
        {
            "kernel_size": kernel_size,
            "max_displacement": max_displacement,
            "stride1": stride1,
            "stride2": stride2,
            "pad_size": pad_size,
            "is_multiply": is_multiply,
        },
        name,
        attr,
        kwargs,
    )


def Crop(
    *data: Symbol,
    num_args: int | None = None,
    offset: int | tuple[int, ...] = default((0, 0)),
    h_w: int | tuple[int, ...] = default((0, 0)),
    center_crop: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """A part of images (N, C, H, W), of the size `h_w` or of that of a second array.

    Parameters
    ----------
    *data : Symbol
        Images, and perhaps an array of the height and width wanted.
    offset : tuple of int, optional
        First row and column. Default (0, 0).
    h_w : tuple of int, optional
        Height and width of the result, where one array is given. Default (0, 0).
    center_crop : bool, optional
        The part in the middle, wherever `offset` is. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["Crop"],
        _flatten(data),
        {"num_args": num_args, "offset": offset, "h_w": h_w, "center_crop": center_crop},
        name,
        attr,
        inputs,
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


def Dropout(
    data: Symbol | None = None,
    p: float = default(0.5),
    mode: str = default("training"),
    axes: int | tuple[int, ...] = default(()),
    cudnn_off: bool | None = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """In training, each element is 0 with probability `p`, else divided by ``1 - p``; otherwise the array itself.

    Along `axes`, all elements share one decision.

    Parameters
    ----------
    data : Symbol
        Input array.
    p : float in 0.0..1.0, optional
        Probability of an element to be dropped. Default 0.5.
    mode : {'always', 'training'}, optional
        Whether to drop outside of training too. Default 'training'.
    axes : tuple of int, optional
        Axes along which the mask is repeated. Default ().
    cudnn_off : bool, optional
        Accepted for MXNet's sake; the same kernel runs either way. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["Dropout"],
        [data],
        {"p": p, "mode": mode, "axes": axes, "cudnn_off": cudnn_off},
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


def Embedding(
    data: Symbol | None = None,
    weight: Symbol | None = None,
    input_dim: int = REQUIRED,
    output_dim: int = REQUIRED,
    dtype: Any = default("float32"),
    sparse_grad: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Rows of a table by number: (...) -> (..., output_dim). Numbers outside of the table give its first or last row.

    Parameters
    ----------
    data : Symbol
        Row numbers, of any shape.
    weight : Symbol
        Table (input_dim, output_dim).
    input_dim : int >= 1
        Number of rows.
    output_dim : int >= 1
        Length of a row.
    dtype : dtype, optional
        Element type of the table where nothing else tells. Default 'float32'.
    sparse_grad : bool, optional
        Sparse gradients are not supported: must be False. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["Embedding"],
        [data, weight],
        {"input_dim": input_dim, "output_dim": output_dim, "dtype": dtype, "sparse_grad": sparse_grad},
        name,
        attr,
        kwargs,
    )


def Flatten(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """All axes but the first as one: (N, ...) becomes (N, d).

    Parameters
    ----------
    data : Symbol
        Array (N, ...).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["Flatten"], [data], {}, name, attr, kwargs)


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


def GridGenerator(
    data: Symbol | None = None,
    transform_type: str = REQUIRED,
    target_shape: int | tuple[int, ...] = default((0, 0)),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Grids (N, 2, H, W) of coordinates x, y for `BilinearSampler`: -1 is the first column or row, 1 the last.

    'affine': ``(x', y') = A (x, y, 1)`` of a regular grid, with the matrices A (N, 6) row by row. 'warp': a
    regular grid moved by a flow (N, 2, H, W), counted in elements.

    Parameters
    ----------
    data : Symbol
        Matrices (N, 6) or flow (N, 2, H, W).
    transform_type : {'affine', 'warp'}
        Whether `data` is matrices or a flow.
    target_shape : tuple of int, optional
        Height and width of the grid, for 'affine'. Default (0, 0).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["GridGenerator"],
        [data],
        {"transform_type": transform_type, "target_shape": target_shape},
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
    """Normalises each group of channels of each sample to mean 0 and variance 1, then scales and shifts each group.

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


def IdentityAttachKLSparseReg(
    data: Symbol | None = None,
    moving_avg: Symbol | None = None,
    sparseness_target: float = default(0.1),
    penalty: float = default(0.001),
    momentum: float = default(0.9),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The data itself; to its gradient that of a penalty is added, which pushes each feature's mean to a target.

    The penalty is the Kullback-Leibler divergence between activity with probability `sparseness_target` and
    with the moving mean of the feature, which should lie between 0 and 1 (as behind a sigmoid). In training
    the moving means become ``momentum * moving + (1 - momentum) * mean``, with the forward pass.

    Parameters
    ----------
    data : Symbol
        Activations (N, C).
    moving_avg : Symbol
        Moving means (C,).
    sparseness_target : float in 0.0..1.0, optional
        What the means are to be. Default 0.1.
    penalty : float, optional
        Weight of the penalty. Default 0.001.
    momentum : float in 0.0..1.0, optional
        How much of the moving means is kept in each step. Default 0.9.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["IdentityAttachKLSparseReg"],
        [data, moving_avg],
        {"sparseness_target": sparseness_target, "penalty": penalty, "momentum": momentum},
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
    mode: str = default("instance"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Divides by a 2-norm.

    That of each sample ('instance'), of the channels at each place ('channel'), or of each channel
    ('spatial').

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
    """Local response normalisation: ``x (knorm + alpha / nsize * sum of squares of nsize channels around)^-beta``.

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
    act_type: str = default("leaky"),
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
    variance; gelu: ``x`` times the normal distribution function of ``x``; rrelu: leaky with a random slope
    in [lower_bound, upper_bound) for each element in training, else with the mean of these.

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


def LinearRegressionOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = default(1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array itself; its gradient is that of the squared error / 2 to the label.

    It is divided by the number of outputs of a row; no gradient from above is used.

    Parameters
    ----------
    data : Symbol
        Predictions (N, ...).
    label : Symbol
        Targets, as many.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["LinearRegressionOutput"], [data, label], {"grad_scale": grad_scale}, name, attr, kwargs)


def LogisticRegressionOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = default(1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sigmoid; its gradient is that of the cross entropy to the label.

    It is divided by the number of outputs of a row; no gradient from above is used.

    Parameters
    ----------
    data : Symbol
        Predictions (N, ...).
    label : Symbol
        Targets, as many.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["LogisticRegressionOutput"], [data, label], {"grad_scale": grad_scale}, name, attr, kwargs)


def MAERegressionOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = default(1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array itself; its gradient is that of the absolute error to the label.

    It is divided by the number of outputs of a row; no gradient from above is used.

    Parameters
    ----------
    data : Symbol
        Predictions (N, ...).
    label : Symbol
        Targets, as many.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["MAERegressionOutput"], [data, label], {"grad_scale": grad_scale}, name, attr, kwargs)


def MakeLoss(
    data: Symbol | None = None,
    grad_scale: float = default(1.0),
    valid_thresh: float = default(0.0),
    normalization: str = default("null"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array itself, as a loss: its gradient is `grad_scale`, whatever arrives from above.

    Parameters
    ----------
    data : Symbol
        Input array.
    grad_scale : float, optional
        Factor of the gradient. Default 1.0.
    valid_thresh : float, optional
        Elements larger than this are valid, with normalization 'valid'. Default 0.0.
    normalization : {'batch', 'null', 'valid'}, optional
        What the gradient is divided by: 1, the size of the first axis, or the number of valid elements.
        Default 'null'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["MakeLoss"],
        [data],
        {"grad_scale": grad_scale, "valid_thresh": valid_thresh, "normalization": normalization},
        name,
        attr,
        kwargs,
    )


def Pad(
    data: Symbol | None = None,
    mode: str = REQUIRED,
    pad_width: int | tuple[int, ...] = REQUIRED,
    constant_value: float = default(0.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with places added at the ends of its axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    mode : {'constant', 'edge', 'reflect'}
        What new places hold: a constant, the border's value, or a reflection.
    pad_width : tuple of int >= 0
        Places added before and behind each axis: (before0, behind0, before1, ...).
    constant_value : float, optional
        Value of new places with mode constant. Default 0.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["Pad"],
        [data],
        {"mode": mode, "pad_width": pad_width, "constant_value": constant_value},
        name,
        attr,
        kwargs,
    )


def Pooling(
    data: Symbol | None = None,
    kernel: int | tuple[int, ...] = default(()),
    pool_type: str = default("max"),
    global_pool: bool = default(False),
    cudnn_off: bool = default(False),
    pooling_convention: str = default("valid"),
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


def RNN(
    data: Symbol | None = None,
    parameters: Symbol | None = None,
    state: Symbol | None = None,
    state_cell: Symbol | None = None,
    sequence_length: Symbol | None = None,
    state_size: int = REQUIRED,
    num_layers: int = REQUIRED,
    bidirectional: bool = default(False),
    mode: str = REQUIRED,
    p: float = default(0.0),
    state_outputs: bool = default(False),
    projection_size: int | None = default(None),
    lstm_state_clip_min: float | None = default(None),
    lstm_state_clip_max: float | None = default(None),
    lstm_state_clip_nan: bool = default(False),
    use_sequence_length: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Recurrent layers over a sequence: plain (``h = relu or tanh(W x + b + R h + c)``), lstm or gru.

    `parameters` holds, one after the other, W (gates * H, inputs) and R (gates * H, H) of each layer and
    direction, then b and c of each. Gates are i, f, g, o (lstm) and r, z, n (gru, with ``n = tanh(W x + b +
    r (R h + c))``). With `projection_size` R is (gates * H, P), and W_r (P, H) follows each R. Steps behind
    a row's length change no state, and their result is zero; lengths are cut to 0..T.

    Parameters
    ----------
    data : Symbol
        Shape (T, N, C): times, batch, features.
    parameters : Symbol
        All weights and biases in one vector.
    state : Symbol
        First hidden states, shape (num_layers * directions, N, state_size or projection_size).
    state_cell : Symbol
        First cell states of lstm, shape (num_layers * directions, N, state_size).
    sequence_length : Symbol
        Lengths (N,) of the batch's rows, used with use_sequence_length=True.
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
    projection_size : int >= 1, optional
        Size P of the hidden states of lstm: ``h = W_r (o tanh(c))``.
    lstm_state_clip_min : float, optional
        Least value of lstm's cells; given together with lstm_state_clip_max.
    lstm_state_clip_max : float, optional
        Largest value of lstm's cells.
    lstm_state_clip_nan : bool, optional
        Whether NaN in cells with bounds becomes lstm_state_clip_min. Default False.
    use_sequence_length : bool, optional
        Whether the batch's rows have lengths of their own: `sequence_length`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["RNN"],
        [data, parameters, state, state_cell, sequence_length],
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
        name,
        attr,
        kwargs,
    )


def ROIPooling(
    data: Symbol | None = None,
    rois: Symbol | None = None,
    pooled_size: int | tuple[int, ...] = REQUIRED,
    spatial_scale: float = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The largest element of each of `pooled_size` parts of each region. Regions end in whole elements, both included.

    Parameters
    ----------
    data : Symbol
        Images (N, C, H, W).
    rois : Symbol
        Regions (R, 5): number of the image, x1, y1, x2, y2. Those of images that do not exist give
        zeros.
    pooled_size : tuple of int
        Height and width of the result.
    spatial_scale : float
        Factor from the regions' coordinates to those of the data.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["ROIPooling"],
        [data, rois],
        {"pooled_size": pooled_size, "spatial_scale": spatial_scale},
        name,
        attr,
        kwargs,
    )


def Reshape(
    data: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    reverse: bool = default(False),
    target_shape: int | tuple[int, ...] = default(()),
    keep_highest: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with another shape and the same elements in the same order.

    Codes in `shape`: 0 keeps the size; -1 follows from the others; -2 keeps all remaining axes; -3 joins
    two axes;
    -4 splits one into the two sizes that follow (one of them may be -1).

    Parameters
    ----------
    data : Symbol
        Input array.
    shape : tuple of int, optional
        New sizes, or codes. Default ().
    reverse : bool, optional
        Match codes from the last axis on. Default False.
    target_shape : tuple of int, optional
        Old form of `shape`, in which 0 follows from the others. Default ().
    keep_highest : bool, optional
        With `target_shape`: keep the first size. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["Reshape"],
        [data],
        {"shape": shape, "reverse": reverse, "target_shape": target_shape, "keep_highest": keep_highest},
        name,
        attr,
        kwargs,
    )


def SVMOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    margin: float = default(1.0),
    regularization_coefficient: float = default(1.0),
    use_linear: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array itself; its gradient is that of the (squared) hinge loss. The gradient from above is not used.

    Parameters
    ----------
    data : Symbol
        Scores (N, K).
    label : Symbol
        Class numbers (N,).
    margin : float, optional
        Distance that the right class must keep. Default 1.0.
    regularization_coefficient : float, optional
        Factor of the gradient. Default 1.0.
    use_linear : bool, optional
        The hinge loss itself; else its square. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["SVMOutput"],
        [data, label],
        {"margin": margin, "regularization_coefficient": regularization_coefficient, "use_linear": use_linear},
        name,
        attr,
        kwargs,
    )


def SequenceLast(
    data: Symbol | None = None,
    sequence_length: Symbol | None = None,
    use_sequence_length: bool = default(False),
    axis: int = default(0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The last step of each sequence: (N, ...).

    Parameters
    ----------
    data : Symbol
        Sequences (T, N, ...), or (N, T, ...) with axis=1.
    sequence_length : Symbol
        Their lengths (N,), used with use_sequence_length=True.
    use_sequence_length : bool, optional
        Whether the lengths are given; else all sequences are whole. Default False.
    axis : int, optional
        Axis of the steps, 0 or 1. Default 0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["SequenceLast"],
        [data, sequence_length],
        {"use_sequence_length": use_sequence_length, "axis": axis},
        name,
        attr,
        kwargs,
    )


def SequenceMask(
    data: Symbol | None = None,
    sequence_length: Symbol | None = None,
    use_sequence_length: bool = default(False),
    value: float = default(0.0),
    axis: int = default(0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sequences whose steps behind the end are `value`.

    Parameters
    ----------
    data : Symbol
        Sequences (T, N, ...), or (N, T, ...) with axis=1.
    sequence_length : Symbol
        Their lengths (N,), used with use_sequence_length=True.
    use_sequence_length : bool, optional
        Whether the lengths are given; else all sequences are whole. Default False.
    value : float, optional
        Value of steps behind the end. Default 0.0.
    axis : int, optional
        Axis of the steps, 0 or 1. Default 0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["SequenceMask"],
        [data, sequence_length],
        {"use_sequence_length": use_sequence_length, "value": value, "axis": axis},
        name,
        attr,
        kwargs,
    )


def SequenceReverse(
    data: Symbol | None = None,
    sequence_length: Symbol | None = None,
    use_sequence_length: bool = default(False),
    axis: int = default(0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sequences with their steps in reverse; steps behind the end stay where they are.

    Parameters
    ----------
    data : Symbol
        Sequences (T, N, ...), or (N, T, ...) with axis=1.
    sequence_length : Symbol
        Their lengths (N,), used with use_sequence_length=True.
    use_sequence_length : bool, optional
        Whether the lengths are given; else all sequences are whole. Default False.
    axis : int, optional
        Axis of the steps, 0 or 1. Default 0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["SequenceReverse"],
        [data, sequence_length],
        {"use_sequence_length": use_sequence_length, "axis": axis},
        name,
        attr,
        kwargs,
    )


def SliceChannel(
    data: Symbol | None = None,
    num_outputs: int = REQUIRED,
    axis: int = default(1),
    squeeze_axis: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array cut into equal parts along an axis.

    Parameters
    ----------
    data : Symbol
        Input array.
    num_outputs : int in 1..1048576
        Number of parts.
    axis : int, optional
        Axis that is cut. Default 1.
    squeeze_axis : bool, optional
        Remove the axis, which then has size 1 in each part. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["SliceChannel"],
        [data],
        {"num_outputs": num_outputs, "axis": axis, "squeeze_axis": squeeze_axis},
        name,
        attr,
        kwargs,
    )


def Softmax(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = default(1.0),
    ignore_label: float = default(-1.0),
    multi_output: bool = default(False),
    use_ignore: bool = default(False),
    preserve_shape: bool = default(False),
    normalization: str = default("null"),
    out_grad: bool = default(False),
    smooth_alpha: float = default(0.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Softmax whose gradient is that of the cross entropy with the labels: ``softmax(x) - one_hot(label)``.

    The gradient from above is not used, unless `out_grad` is set.

    Parameters
    ----------
    data : Symbol
        Scores (N, K), or (N, K, ...) with `multi_output`.
    label : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        kwargs,
        "softmax",
    )


def SoftmaxActivation(
    data: Symbol | None = None,
    mode: str = default("instance"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Softmax over each instance, or over the channels of each place; `softmax` says it more plainly.

    Parameters
    ----------
    data : Symbol
        Array (N, ...).
    mode : {'channel', 'instance'}, optional
        Over axis 1, or over everything but the first axis. Default 'instance'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["SoftmaxActivation"], [data], {"mode": mode}, name, attr, kwargs)


def SoftmaxOutput(
    data: Symbol | None = None,
    label: Symbol | None = None,
    grad_scale: float = default(1.0),
    ignore_label: float = default(-1.0),
    multi_output: bool = default(False),
    use_ignore: bool = default(False),
    preserve_shape: bool = default(False),
    normalization: str = default("null"),
    out_grad: bool = default(False),
    smooth_alpha: float = default(0.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Softmax whose gradient is that of the cross entropy with the labels: ``softmax(x) - one_hot(label)``.

    The gradient from above is not used, unless `out_grad` is set.

    Parameters
    ----------
    data : Symbol
        Scores (N, K), or (N, K, ...) with `multi_output`.
    label : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        kwargs,
    )


def SpatialTransformer(
    data: Symbol | None = None,
    loc: Symbol | None = None,
    target_shape: int | tuple[int, ...] = default((0, 0)),
    transform_type: str = REQUIRED,
    sampler_type: str = REQUIRED,
    cudnn_off: bool | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Images moved, turned and sheared: sampled at the places that an affine map gives those of the result.

    Parameters
    ----------
    data : Symbol
        Images (N, C, H, W).
    loc : Symbol
        Matrices (N, 6), row by row; see `GridGenerator`.
    target_shape : tuple of int, optional
        Height and width of the result; (0, 0): those of the data. Default (0, 0).
    transform_type : {'affine'}
        Kind of map.
    sampler_type : {'bilinear'}
        Kind of interpolation.
    cudnn_off : bool, optional
        Accepted for MXNet's sake; the same kernel runs either way.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["SpatialTransformer"],
        [data, loc],
        {
            "target_shape": target_shape,
            "transform_type": transform_type,
            "sampler_type": sampler_type,
            "cudnn_off": cudnn_off,
        },
        name,
        attr,
        kwargs,
    )


def SwapAxes(
    data: Symbol | None = None,
    dim1: int = default(0),
    dim2: int = default(0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with two axes exchanged.

    Parameters
    ----------
    data : Symbol
        Input array.
    dim1 : int, optional
        One axis. Default 0.
    dim2 : int, optional
        The other one. Default 0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["SwapAxis"], [data], {"dim1": dim1, "dim2": dim2}, name, attr, kwargs, "swapaxes")


def SwapAxis(
    data: Symbol | None = None,
    dim1: int = default(0),
    dim2: int = default(0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with two axes exchanged.

    Parameters
    ----------
    data : Symbol
        Input array.
    dim1 : int, optional
        One axis. Default 0.
    dim2 : int, optional
        The other one. Default 0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["SwapAxis"], [data], {"dim1": dim1, "dim2": dim2}, name, attr, kwargs)


def UpSampling(
    *data: Symbol,
    scale: int = REQUIRED,
    num_filter: int = default(0),
    sample_type: str = REQUIRED,
    multi_input_mode: str = default("concat"),
    num_args: int | None = None,
    workspace: int = default(512),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """Images (N, C, H, W) enlarged to (N, C, H scale, W scale).

    With 'nearest' each element becomes a square of equal ones; of several arrays, the first is enlarged by
    `scale` and the others to the same size, then their channels are put together or added. With 'bilinear'
    the arrays are the data and the weight (C, 1, k, k) of a deconvolution, k = 2 scale - scale % 2, as
    `initializer.Bilinear` fills it.

    Parameters
    ----------
    *data : Symbol
        Images; with 'bilinear' also the weight.
    scale : int >= 1
        Factor of height and width.
    num_filter : int >= 0, optional
        Number of channels, for 'bilinear'. Default 0.
    sample_type : {'bilinear', 'nearest'}
        How new elements come about.
    multi_input_mode : {'concat', 'sum'}, optional
        Whether channels are put together or added. Default 'concat'.
    workspace : int >= 0, optional
        Accepted for MXNet's sake; no memory is set aside. Default 512.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        inputs,
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


def adam_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mean: Symbol | None = None,
    var: Symbol | None = None,
    lr: float = REQUIRED,
    beta1: float = default(0.9),
    beta2: float = default(0.999),
    epsilon: float = default(1e-08),
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    lazy_update: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Adam without correction of the means' bias (which is part of `lr`).

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    mean : Symbol
        Mean of gradients.
    var : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        kwargs,
    )


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


def all_finite(
    data: Symbol | None = None,
    init_output: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """1 if no element is infinite or NaN, else 0, as an array (1,) of float32.

    Parameters
    ----------
    data : Symbol
        Input array.
    init_output : bool, optional
        Begin with 1; else with what the array given as `out` holds, which must be given then. Default
        True.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["all_finite"], [data], {"init_output": init_output}, name, attr, kwargs)


def amp_cast(
    data: Symbol | None = None,
    dtype: str = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with another floating point type; integers stay what they are. What mixed precision puts in.

    Parameters
    ----------
    data : Symbol
        Input array.
    dtype : {'float32', 'float64', 'float16', 'bfloat16'}
        Element type of the result.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["amp_cast"], [data], {"dtype": dtype}, name, attr, kwargs)


def amp_multicast(
    *data: Symbol,
    num_outputs: int | None = None,
    cast_narrow: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """Arrays in one floating point type, the widest (or narrowest) among them.

    Parameters
    ----------
    *data : Symbol
        Arrays of floating point types.
    cast_narrow : bool, optional
        Whether to cast to the narrowest type. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["amp_multicast"],
        _flatten(data),
        {"num_outputs": num_outputs, "cast_narrow": cast_narrow},
        name,
        attr,
        inputs,
    )


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


def argmax(
    data: Symbol | None = None,
    axis: int | None = default(None),
    keepdims: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Position of the largest element along an axis, the first of equals; in the element type of `data`.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : int, optional
        Axis; None: position in the flattened array.
    keepdims : bool, optional
        Keep the axis with size 1. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["argmax"], [data], {"axis": axis, "keepdims": keepdims}, name, attr, kwargs)


def argmax_channel(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Position of the largest element along axis 1.

    Parameters
    ----------
    data : Symbol
        Array (N, C, ...).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["argmax_channel"], [data], {}, name, attr, kwargs)


def argmin(
    data: Symbol | None = None,
    axis: int | None = default(None),
    keepdims: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Position of the smallest element along an axis, the first of equals; in the element type of `data`.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : int, optional
        Axis; None: position in the flattened array.
    keepdims : bool, optional
        Keep the axis with size 1. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["argmin"], [data], {"axis": axis, "keepdims": keepdims}, name, attr, kwargs)


def argsort(
    data: Symbol | None = None,
    axis: int | None = default(-1),
    is_ascend: bool = default(True),
    dtype: str = default("float32"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The positions along an axis in the order of the elements; of equals, the first one comes first.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : int, optional
        Axis; None: the flattened array. Default -1.
    is_ascend : bool, optional
        Rising; else falling. Default True.
    dtype : {'float16', 'float32', 'float64', 'int32', 'int64', 'uint8'}, optional
        Element type of the positions. Default 'float32'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["argsort"], [data], {"axis": axis, "is_ascend": is_ascend, "dtype": dtype}, name, attr, kwargs)


def batch_dot(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    transpose_a: bool = default(False),
    transpose_b: bool = default(False),
    forward_stype: str | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Matrix products of the matrices of two batches: (N, m, k) and (N, k, n) give (N, m, n).

    Parameters
    ----------
    lhs : Symbol
        Matrices (N, m, k).
    rhs : Symbol
        Matrices (N, k, n).
    transpose_a : bool, optional
        Use the transpose of the first matrix. Default False.
    transpose_b : bool, optional
        Use the transpose of the second matrix. Default False.
    forward_stype : {'csr', 'default', 'row_sparse'}, optional
        Storage type; only 'default' is supported.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["batch_dot"],
        [lhs, rhs],
        {"transpose_a": transpose_a, "transpose_b": transpose_b, "forward_stype": forward_stype},
        name,
        attr,
        kwargs,
    )


def batch_take(
    a: Symbol | None = None,
    indices: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """One element of each row: ``y[i] = a[i, indices[i]]``.

    Parameters
    ----------
    a : Symbol
        Array (N, M).
    indices : Symbol
        Positions (N,).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["batch_take"], [a, indices], {}, name, attr, kwargs)


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


def broadcast_axes(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] = default(()),
    size: int | tuple[int, ...] = default(()),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array repeated along the given axes, which have size 1.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to repeat. Default ().
    size : tuple of int >= 0, optional
        Their new sizes. Default ().
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_axis"], [data], {"axis": axis, "size": size}, name, attr, kwargs, "broadcast_axes")


def broadcast_axis(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] = default(()),
    size: int | tuple[int, ...] = default(()),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array repeated along the given axes, which have size 1.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to repeat. Default ().
    size : tuple of int >= 0, optional
        Their new sizes. Default ().
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_axis"], [data], {"axis": axis, "size": size}, name, attr, kwargs)


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


def broadcast_like(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    lhs_axes: int | tuple[int, ...] | None = default(None),
    rhs_axes: int | tuple[int, ...] | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """`lhs` repeated along axes of size 1 until it has the shape of `rhs`.

    With `lhs_axes`, along these only, until it has the sizes of `rhs` along `rhs_axes`.

    Parameters
    ----------
    lhs : Symbol
        Array.
    rhs : Symbol
        Gives the shape.
    lhs_axes : tuple of int, optional
        Axes of `lhs` to repeat; default all.
    rhs_axes : tuple of int, optional
        Axes of `rhs` that give the sizes; default all.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_like"], [lhs, rhs], {"lhs_axes": lhs_axes, "rhs_axes": rhs_axes}, name, attr, kwargs)


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


def broadcast_to(
    data: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array repeated along axes of size 1 until it has the given shape.

    Parameters
    ----------
    data : Symbol
        Input array.
    shape : tuple of int >= 0, optional
        Shape of the result; 0 keeps a size. Default ().
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["broadcast_to"], [data], {"shape": shape}, name, attr, kwargs)


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


def cast_storage(
    data: Symbol | None = None,
    stype: str = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """A copy of the array with another kind of storage, of which only the dense one is supported.

    Parameters
    ----------
    data : Symbol
        Input array.
    stype : {'csr', 'default', 'row_sparse'}
        Kind of storage: 'default' is dense.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["cast_storage"], [data], {"stype": stype}, name, attr, kwargs)


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


def choose_element_0index(
    data: Symbol | None = None,
    index: Symbol | None = None,
    axis: int | None = default(-1),
    keepdims: bool = default(False),
    mode: str = default("clip"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """One element along an axis for each place of the other axes: ``y[i, j] = data[i, index[i, j], j]``.

    Parameters
    ----------
    data : Symbol
        Array.
    index : Symbol
        Positions; shape of `data` without the axis (or with size 1).
    axis : int, optional
        Axis along which one element is picked; None: from the flattened array. Default -1.
    keepdims : bool, optional
        Keep the axis with size 1. Default False.
    mode : {'clip', 'wrap'}, optional
        What becomes of positions outside of the axis. Default 'clip'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["pick"],
        [data, index],
        {"axis": axis, "keepdims": keepdims, "mode": mode},
        name,
        attr,
        kwargs,
        "choose_element_0index",
    )


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


def col2im(
    data: Symbol | None = None,
    output_size: int | tuple[int, ...] = REQUIRED,
    kernel: int | tuple[int, ...] = REQUIRED,
    stride: int | tuple[int, ...] = default(()),
    dilate: int | tuple[int, ...] = default(()),
    pad: int | tuple[int, ...] = default(()),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Columns as windows: (N, C * kernel size, number of windows) -> (N, C, *output_size).

    Where windows overlap, their elements are added.

    Parameters
    ----------
    data : Symbol
        Columns.
    output_size : tuple of int >= 1
        Spatial sizes of the result.
    kernel : tuple of int >= 1
        Sizes of a window: (w,), (h, w) or (d, h, w).
    stride : tuple of int >= 1, optional
        Step of the windows along each axis; 1 if not given. Default ().
    dilate : tuple of int >= 1, optional
        Distance of a window's elements along each axis; 1 if not given. Default ().
    pad : tuple of int >= 0, optional
        Zeros added on both sides of each axis; 0 if not given. Default ().
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["col2im"],
        [data],
        {"output_size": output_size, "kernel": kernel, "stride": stride, "dilate": dilate, "pad": pad},
        name,
        attr,
        kwargs,
    )


def concat(
    *data: Symbol,
    num_args: int | None = None,
    dim: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """Arrays joined along an axis; their other sizes agree.

    Parameters
    ----------
    *data : Symbol
        Arrays with the same sizes along the other axes.
    dim : int, optional
        Axis along which the arrays follow each other. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["Concat"], _flatten(data), {"num_args": num_args, "dim": dim}, name, attr, inputs)


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


def crop(
    data: Symbol | None = None,
    begin: int | tuple[int, ...] = REQUIRED,
    end: int | tuple[int, ...] = REQUIRED,
    step: int | tuple[int, ...] = default(()),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """A region of the array, as ``data[begin[0]:end[0]:step[0], ...]``.

    Parameters
    ----------
    data : Symbol
        Input array.
    begin : tuple of int
        First place along each axis; None: from the start.
    end : tuple of int
        Place behind the last one along each axis; None: to the end.
    step : tuple of int, optional
        Steps, which may be negative; default 1. Default ().
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["slice"], [data], {"begin": begin, "end": end, "step": step}, name, attr, kwargs, "crop")


def ctc_loss(
    data: Symbol | None = None,
    label: Symbol | None = None,
    data_lengths: Symbol | None = None,
    label_lengths: Symbol | None = None,
    use_data_lengths: bool = default(False),
    use_label_lengths: bool = default(False),
    blank_label: str = default("first"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Connectionist temporal classification: -log of the probability that a sequence spells a label.

    The scores go through softmax. A label may be spelled with any of its parts repeated and with blanks in
    between. Blanks are class 0 and labels 1 and up (``blank_label='first'``), or blanks are the last class;
    a label ends at the first 0 or -1, unless its length is given. A label that does not fit into its steps
    costs nothing, as in MXNet; one of classes that do not exist costs infinitely much.

    Parameters
    ----------
    data : Symbol
        Scores (T, N, C): steps, batch, classes.
    label : Symbol
        Labels (N, L), L <= T.
    data_lengths : Symbol
        Number of steps of each sequence (N,), with use_data_lengths.
    label_lengths : Symbol
        Length of each label (N,), with use_label_lengths.
    use_data_lengths : bool, optional
        Whether `data_lengths` is given; otherwise all sequences have T steps. Default False.
    use_label_lengths : bool, optional
        Whether `label_lengths` is given. Default False.
    blank_label : {'first', 'last'}, optional
        Which class is the blank. Default 'first'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["CTCLoss"],
        [data, label, data_lengths, label_lengths],
        {"use_data_lengths": use_data_lengths, "use_label_lengths": use_label_lengths, "blank_label": blank_label},
        name,
        attr,
        kwargs,
        "ctc_loss",
    )


def cumsum(
    a: Symbol | None = None,
    axis: int | None = default(None),
    dtype: str | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sums of all elements up to each one along an axis.

    Parameters
    ----------
    a : Symbol
        Array.
    axis : int, optional
        Axis; None: along the flattened array.
    dtype : {'float16', 'float32', 'float64', 'int32', 'int64', 'int8'}, optional
        Element type of the sums.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["cumsum"], [a], {"axis": axis, "dtype": dtype}, name, attr, kwargs)


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


def depth_to_space(
    data: Symbol | None = None,
    block_size: int = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Channels become blocks of the image: (N, C b^2, H, W) -> (N, C, H b, W b).

    Parameters
    ----------
    data : Symbol
        Input array.
    block_size : int >= 1
        Edge of the blocks.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["depth_to_space"], [data], {"block_size": block_size}, name, attr, kwargs)


def diag(
    data: Symbol | None = None,
    k: int = default(0),
    axis1: int = default(0),
    axis2: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The diagonal of each matrix over two axes; of a vector, the matrix that has it as diagonal.

    Parameters
    ----------
    data : Symbol
        Input array.
    k : int, optional
        Which diagonal: above (positive) or below the main one. Default 0.
    axis1 : int, optional
        First axis of the matrices. Default 0.
    axis2 : int, optional
        Second axis of the matrices. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["diag"], [data], {"k": k, "axis1": axis1, "axis2": axis2}, name, attr, kwargs)


def dot(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    transpose_a: bool = default(False),
    transpose_b: bool = default(False),
    forward_stype: str | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Product over the last axis of `lhs` and the first of `rhs`; for matrices, the matrix product.

    With `transpose_a`, the first axis of `lhs` is summed; with `transpose_b`, the last one of `rhs`.

    Parameters
    ----------
    lhs : Symbol
        Array (..., k).
    rhs : Symbol
        Array (k, ...).
    transpose_a : bool, optional
        Use the transpose of the first matrix. Default False.
    transpose_b : bool, optional
        Use the transpose of the second matrix. Default False.
    forward_stype : {'csr', 'default', 'row_sparse'}, optional
        Storage type; only 'default' is supported.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["dot"],
        [lhs, rhs],
        {"transpose_a": transpose_a, "transpose_b": transpose_b, "forward_stype": forward_stype},
        name,
        attr,
        kwargs,
    )


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


def erfinv(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Inverse of the error function; infinite at -1 and 1, NaN beyond.

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
    return compose(OPS["erfinv"], [data], {}, name, attr, kwargs)


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


def expand_dims(
    data: Symbol | None = None,
    axis: int = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with a further axis of size 1.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : int
        Where the axis is in the result; negative: counted from the end.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["expand_dims"], [data], {"axis": axis}, name, attr, kwargs)


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


def exponential(
    lam: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_exponential"],
        [],
        {"lam": lam, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "exponential",
    )


def fill_element_0index(
    lhs: Symbol | None = None,
    mhs: Symbol | None = None,
    rhs: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """A copy of a matrix with one element of each row replaced: ``y[i, rhs[i]] = mhs[i]``.

    Parameters
    ----------
    lhs : Symbol
        Matrix (n, m).
    mhs : Symbol
        New elements (n,).
    rhs : Symbol
        Their positions in the rows (n,).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["fill_element_0index"], [lhs, mhs, rhs], {}, name, attr, kwargs)


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


def flatten(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """All axes but the first as one: (N, ...) becomes (N, d).

    Parameters
    ----------
    data : Symbol
        Array (N, ...).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["Flatten"], [data], {}, name, attr, kwargs)


def flip(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array in reverse order along the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int
        Axes to reverse.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["reverse"], [data], {"axis": axis}, name, attr, kwargs, "flip")


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


def ftml_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    d: Symbol | None = None,
    v: Symbol | None = None,
    z: Symbol | None = None,
    lr: float = REQUIRED,
    beta1: float = default(0.6),
    beta2: float = default(0.999),
    epsilon: float = default(1e-08),
    t: int = REQUIRED,
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_grad: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Follow the moving leader.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    d : Symbol
        Last divisor.
    v : Symbol
        Mean of squared gradients.
    z : Symbol
        Sum of corrected gradients.
    lr : float
        Learning rate.
    beta1 : float in 0.0..1.0, optional
        Decay of the mean of gradients. Default 0.6.
    beta2 : float in 0.0..1.0, optional
        Decay of the mean of squared gradients. Default 0.999.
    epsilon : float, optional
        Added to the root of the mean square. Default 1e-08.
    t : int >= 1
        Number of the step, from 1.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_grad : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["ftml_update"],
        [weight, grad, d, v, z],
        {
            "lr": lr,
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
            "t": t,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_grad": clip_grad,
        },
        name,
        attr,
        kwargs,
    )


def ftrl_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    z: Symbol | None = None,
    n: Symbol | None = None,
    lr: float = REQUIRED,
    lamda1: float = default(0.01),
    beta: float = default(1.0),
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Follow the regularized leader.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    z : Symbol
        Sum of corrected gradients.
    n : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        kwargs,
    )


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


def gather_nd(
    data: Symbol | None = None,
    indices: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Elements (or rows) of an array by coordinates: ``y[i] = data[indices[0, i], indices[1, i], ...]``.

    Parameters
    ----------
    data : Symbol
        Array.
    indices : Symbol
        Coordinates (M, ...); negative ones count from the end.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["gather_nd"], [data, indices], {}, name, attr, kwargs)


def hard_sigmoid(
    data: Symbol | None = None,
    alpha: float = default(0.2),
    beta: float = default(0.5),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``alpha * x + beta``, limited to ``[0, 1]``.

    Parameters
    ----------
    data : Symbol
        Input array.
    alpha : float, optional
        Slope. Default 0.2.
    beta : float, optional
        Value at 0. Default 0.5.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["hard_sigmoid"], [data], {"alpha": alpha, "beta": beta}, name, attr, kwargs)


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


def im2col(
    data: Symbol | None = None,
    kernel: int | tuple[int, ...] = REQUIRED,
    stride: int | tuple[int, ...] = default(()),
    dilate: int | tuple[int, ...] = default(()),
    pad: int | tuple[int, ...] = default(()),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Windows as columns: (N, C, ...) -> (N, C * kernel size, number of windows).

    Parameters
    ----------
    data : Symbol
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W).
    kernel : tuple of int >= 1
        Sizes of a window: (w,), (h, w) or (d, h, w).
    stride : tuple of int >= 1, optional
        Step of the windows along each axis; 1 if not given. Default ().
    dilate : tuple of int >= 1, optional
        Distance of a window's elements along each axis; 1 if not given. Default ().
    pad : tuple of int >= 0, optional
        Zeros added on both sides of each axis; 0 if not given. Default ().
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["im2col"],
        [data],
        {"kernel": kernel, "stride": stride, "dilate": dilate, "pad": pad},
        name,
        attr,
        kwargs,
    )


def khatri_rao(
    *args: Symbol,
    num_args: int | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """Column-wise Kronecker product of matrices with as many columns: (r1, k), (r2, k), ... give (r1 * r2 * ..., k).

    Has no gradient, as in MXNet.

    Parameters
    ----------
    *args : Symbol
        Matrices with the same number of columns.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["khatri_rao"], _flatten(args), {"num_args": num_args}, name, attr, inputs)


def lamb_update_phase1(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mean: Symbol | None = None,
    var: Symbol | None = None,
    beta1: float = default(0.9),
    beta2: float = default(0.999),
    epsilon: float = default(1e-06),
    t: int = REQUIRED,
    bias_correction: bool = default(True),
    wd: float = REQUIRED,
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """LAMB's direction: Adam's step for rate 1, with ``wd * weight`` added.

    Parameters
    ----------
    weight : Symbol
        Weight; it stays.
    grad : Symbol
        Gradient.
    mean : Symbol
        Mean of gradients.
    var : Symbol
        Mean of squared gradients.
    beta1 : float in 0.0..1.0, optional
        Decay of the mean of gradients. Default 0.9.
    beta2 : float in 0.0..1.0, optional
        Decay of the mean of squared gradients. Default 0.999.
    epsilon : float, optional
        Added to the root of the mean square. Default 1e-06.
    t : int >= 1
        Number of the step, from 1.
    bias_correction : bool, optional
        Whether the means are corrected for having begun at 0. Default True.
    wd : float
        Weight decay.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["lamb_update_phase1"],
        [weight, grad, mean, var],
        {
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
            "t": t,
            "bias_correction": bias_correction,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
        },
        name,
        attr,
        kwargs,
    )


def lamb_update_phase2(
    weight: Symbol | None = None,
    g: Symbol | None = None,
    r1: Symbol | None = None,
    r2: Symbol | None = None,
    lr: float = REQUIRED,
    lower_bound: float = default(-1.0),
    upper_bound: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """LAMB's step: ``w -= lr * r1 / r2 * g``; a norm of 0 leaves the rate as it is.

    Parameters
    ----------
    weight : Symbol
        Weight.
    g : Symbol
        Direction, from phase 1.
    r1 : Symbol
        Norm of the weight (1,).
    r2 : Symbol
        Norm of the direction (1,).
    lr : float
        Learning rate.
    lower_bound : float, optional
        Least norm of the weight that counts; negative: none. Default -1.0.
    upper_bound : float, optional
        Largest norm of the weight that counts; negative: none. Default -1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["lamb_update_phase2"],
        [weight, g, r1, r2],
        {"lr": lr, "lower_bound": lower_bound, "upper_bound": upper_bound},
        name,
        attr,
        kwargs,
    )


def linalg_det(
    A: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Determinants: (..., n, n) -> (...), or (1,) for one matrix. The gradient is zero where a matrix is singular.

    Parameters
    ----------
    A : Symbol
        Square matrices (..., n, n).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_linalg_det"], [A], {}, name, attr, kwargs, "linalg_det")


def linalg_extractdiag(
    A: Symbol | None = None,
    offset: int = default(0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """One diagonal of each matrix: (..., n, n) -> (..., n - abs(offset)).

    Parameters
    ----------
    A : Symbol
        Square matrices (..., n, n).
    offset : int, optional
        Which diagonal: above (positive) or below the main one. Default 0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_linalg_extractdiag"], [A], {"offset": offset}, name, attr, kwargs, "linalg_extractdiag")


def linalg_extracttrian(
    A: Symbol | None = None,
    offset: int = default(0),
    lower: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """One triangle of each matrix: (..., n, n) -> (..., k * (k + 1) / 2) with k = n - abs(offset).

    Parameters
    ----------
    A : Symbol
        Square matrices (..., n, n).
    offset : int, optional
        Diagonal where the triangle ends: above (positive: upper triangle) or below the main one.
        Default 0.
    lower : bool, optional
        With offset 0: whether it is the lower triangle, else the upper one. Default True.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_linalg_extracttrian"],
        [A],
        {"offset": offset, "lower": lower},
        name,
        attr,
        kwargs,
        "linalg_extracttrian",
    )


def linalg_gelqf(
    A: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """LQ factors: ``A = L Q`` with lower triangular L and orthonormal rows of Q, for A with at least as many columns.

    Returns Q, then L.

    Parameters
    ----------
    A : Symbol
        Matrices (..., m, n), m <= n.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(OPS["_linalg_gelqf"], [A], {}, name, attr, kwargs, "linalg_gelqf")


def linalg_gemm(
    A: Symbol | None = None,
    B: Symbol | None = None,
    C: Symbol | None = None,
    transpose_a: bool = default(False),
    transpose_b: bool = default(False),
    alpha: float = default(1.0),
    beta: float = default(1.0),
    axis: int = default(-2),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``alpha * op(A) op(B) + beta * C`` for the matrices of batches.

    Parameters
    ----------
    A : Symbol
        Matrices (..., m, k).
    B : Symbol
        Matrices (..., k, n).
    C : Symbol
        Matrices (..., m, n).
    transpose_a : bool, optional
        Use the transpose of the first matrix. Default False.
    transpose_b : bool, optional
        Use the transpose of the second matrix. Default False.
    alpha : float, optional
        Factor of the product. Default 1.0.
    beta : float, optional
        Factor of C. Default 1.0.
    axis : int, optional
        Axis of the rows; that of the columns is always the last one. Default -2.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_linalg_gemm"],
        [A, B, C],
        {"transpose_a": transpose_a, "transpose_b": transpose_b, "alpha": alpha, "beta": beta, "axis": axis},
        name,
        attr,
        kwargs,
        "linalg_gemm",
    )


def linalg_gemm2(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose_a: bool = default(False),
    transpose_b: bool = default(False),
    alpha: float = default(1.0),
    axis: int = default(-2),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``alpha * op(A) op(B)`` for the matrices of two batches.

    Parameters
    ----------
    A : Symbol
        Matrices (..., m, k).
    B : Symbol
        Matrices (..., k, n).
    transpose_a : bool, optional
        Use the transpose of the first matrix. Default False.
    transpose_b : bool, optional
        Use the transpose of the second matrix. Default False.
    alpha : float, optional
        Factor of the product. Default 1.0.
    axis : int, optional
        Axis of the rows; that of the columns is always the last one. Default -2.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_linalg_gemm2"],
        [A, B],
        {"transpose_a": transpose_a, "transpose_b": transpose_b, "alpha": alpha, "axis": axis},
        name,
        attr,
        kwargs,
        "linalg_gemm2",
    )


def linalg_inverse(
    A: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Inverse matrices. A singular matrix raises a ValueError on the CPU and gives NaN on a GPU.

    Parameters
    ----------
    A : Symbol
        Square matrices (..., n, n).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_linalg_inverse"], [A], {}, name, attr, kwargs, "linalg_inverse")


def linalg_makediag(
    A: Symbol | None = None,
    offset: int = default(0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Matrices with one given diagonal, zero elsewhere: (..., n) -> (..., n + abs(offset), n + abs(offset)).

    Parameters
    ----------
    A : Symbol
        Diagonals (..., n).
    offset : int, optional
        Which diagonal: above (positive) or below the main one. Default 0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_linalg_makediag"], [A], {"offset": offset}, name, attr, kwargs, "linalg_makediag")


def linalg_maketrian(
    A: Symbol | None = None,
    offset: int = default(0),
    lower: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Triangular matrices from their elements, as `linalg_extracttrian` gives them; zero elsewhere.

    Parameters
    ----------
    A : Symbol
        Elements of triangles (..., k * (k + 1) / 2).
    offset : int, optional
        Diagonal where the triangle ends: above (positive: upper triangle) or below the main one.
        Default 0.
    lower : bool, optional
        With offset 0: whether it is the lower triangle, else the upper one. Default True.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_linalg_maketrian"],
        [A],
        {"offset": offset, "lower": lower},
        name,
        attr,
        kwargs,
        "linalg_maketrian",
    )


def linalg_potrf(
    A: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Cholesky factors: lower triangular L with ``L L^T = A`` for symmetric positive definite A.

    Only the lower triangle of A counts; the gradient is that of a symmetric A. A matrix that is not
    positive definite
    raises a ValueError on the CPU and gives NaN on a GPU.

    Parameters
    ----------
    A : Symbol
        Square matrices (..., n, n).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_linalg_potrf"], [A], {}, name, attr, kwargs, "linalg_potrf")


def linalg_potri(
    A: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Inverse matrices ``(L L^T)^-1`` from Cholesky factors L, of which only the lower triangle counts.

    Parameters
    ----------
    A : Symbol
        Cholesky factors (..., n, n).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_linalg_potri"], [A], {}, name, attr, kwargs, "linalg_potri")


def linalg_slogdet(
    A: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sign and logarithm of the size of determinants: 0 and minus infinity for a singular matrix.

    No gradient goes through the sign.

    Parameters
    ----------
    A : Symbol
        Square matrices (..., n, n).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(OPS["_linalg_slogdet"], [A], {}, name, attr, kwargs, "linalg_slogdet")


def linalg_sumlogdiag(
    A: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sums of the logarithms of the diagonals: (..., n, n) -> (...), or (1,) for one matrix.

    Parameters
    ----------
    A : Symbol
        Square matrices (..., n, n).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_linalg_sumlogdiag"], [A], {}, name, attr, kwargs, "linalg_sumlogdiag")


def linalg_syevd(
    A: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Eigenvectors and eigenvalues of symmetric matrices: ``A = U^T diag(values) U``.

    Returns U, whose rows are eigenvectors (the component of the largest size is positive), then the
    eigenvalues,
    ascending. Only the lower triangle of A counts. By Jacobi's method: exact, but slow for more than some
    hundred
    rows.

    Parameters
    ----------
    A : Symbol
        Square matrices (..., n, n).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(OPS["_linalg_syevd"], [A], {}, name, attr, kwargs, "linalg_syevd")


def linalg_syrk(
    A: Symbol | None = None,
    transpose: bool = default(False),
    alpha: float = default(1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``alpha * A A^T`` or, with `transpose`, ``alpha * A^T A``, for each matrix of a batch.

    Parameters
    ----------
    A : Symbol
        Matrices (..., m, n).
    transpose : bool, optional
        Use the transpose of the first factor. Default False.
    alpha : float, optional
        Factor of the product. Default 1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_linalg_syrk"],
        [A],
        {"transpose": transpose, "alpha": alpha},
        name,
        attr,
        kwargs,
        "linalg_syrk",
    )


def linalg_trmm(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose: bool = default(False),
    rightside: bool = default(False),
    lower: bool = default(True),
    alpha: float = default(1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``alpha * op(A) B`` or, with `rightside`, ``alpha * B op(A)``, for triangular A.

    Parameters
    ----------
    A : Symbol
        Triangular matrices (..., n, n).
    B : Symbol
        Matrices (..., n, m) or, right of A, (..., m, n).
    transpose : bool, optional
        Use the transpose of A. Default False.
    rightside : bool, optional
        Whether A stands on the right. Default False.
    lower : bool, optional
        Whether the lower triangle of A counts, else the upper one. Default True.
    alpha : float, optional
        Factor of the product. Default 1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_linalg_trmm"],
        [A, B],
        {"transpose": transpose, "rightside": rightside, "lower": lower, "alpha": alpha},
        name,
        attr,
        kwargs,
        "linalg_trmm",
    )


def linalg_trsm(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose: bool = default(False),
    rightside: bool = default(False),
    lower: bool = default(True),
    alpha: float = default(1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """X with ``op(A) X = alpha * B`` or, with `rightside`, ``X op(A) = alpha * B``, for triangular A.

    Zeros on the diagonal of A give infinities or NaN.

    Parameters
    ----------
    A : Symbol
        Triangular matrices (..., n, n).
    B : Symbol
        Matrices (..., n, m) or, right of A, (..., m, n).
    transpose : bool, optional
        Use the transpose of A. Default False.
    rightside : bool, optional
        Whether A stands on the right. Default False.
    lower : bool, optional
        Whether the lower triangle of A counts, else the upper one. Default True.
    alpha : float, optional
        Factor of B. Default 1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_linalg_trsm"],
        [A, B],
        {"transpose": transpose, "rightside": rightside, "lower": lower, "alpha": alpha},
        name,
        attr,
        kwargs,
        "linalg_trsm",
    )


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


def log_softmax(
    data: Symbol | None = None,
    axis: int = default(-1),
    temperature: float | None = default(None),
    dtype: str | None = default(None),
    use_length: bool | None = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``x_i - log(sum_j exp(x_j))`` along an axis.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : int, optional
        Axis along which the results sum to 1. Default -1.
    temperature : float, optional
        Divides the input first; default 1.
    dtype : {'float16', 'float32', 'float64'}, optional
        Element type of the result.
    use_length : bool, optional
        Must be False. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["log_softmax"],
        [data],
        {"axis": axis, "temperature": temperature, "dtype": dtype, "use_length": use_length},
        name,
        attr,
        kwargs,
    )


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


def make_loss(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array itself, as a loss: its gradient is 1 whatever arrives from above.

    Parameters
    ----------
    data : Symbol
        Input array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["make_loss"], [data], {}, name, attr, kwargs)


def max(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Largest element over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["max"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, name, attr, kwargs)


def max_axis(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Largest element over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["max"],
        [data],
        {"axis": axis, "keepdims": keepdims, "exclude": exclude},
        name,
        attr,
        kwargs,
        "max_axis",
    )


def mean(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Mean over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["mean"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, name, attr, kwargs)


def min(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Smallest element over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["min"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, name, attr, kwargs)


def min_axis(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Smallest element over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["min"],
        [data],
        {"axis": axis, "keepdims": keepdims, "exclude": exclude},
        name,
        attr,
        kwargs,
        "min_axis",
    )


def moments(
    data: Symbol | None = None,
    axes: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Mean and variance over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axes : tuple of int, optional
        Axes, at least one.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(OPS["moments"], [data], {"axes": axes, "keepdims": keepdims}, name, attr, kwargs)


def mp_lamb_update_phase1(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mean: Symbol | None = None,
    var: Symbol | None = None,
    weight32: Symbol | None = None,
    beta1: float = default(0.9),
    beta2: float = default(0.999),
    epsilon: float = default(1e-06),
    t: int = REQUIRED,
    bias_correction: bool = default(True),
    wd: float = REQUIRED,
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """LAMB's direction: Adam's step for rate 1, with ``wd * weight`` added. In float32, of a 16-bit weight's copy.

    Parameters
    ----------
    weight : Symbol
        Weight; it stays.
    grad : Symbol
        Gradient.
    mean : Symbol
        Mean of gradients.
    var : Symbol
        Mean of squared gradients.
    weight32 : Symbol
        The weight in float32.
    beta1 : float in 0.0..1.0, optional
        Decay of the mean of gradients. Default 0.9.
    beta2 : float in 0.0..1.0, optional
        Decay of the mean of squared gradients. Default 0.999.
    epsilon : float, optional
        Added to the root of the mean square. Default 1e-06.
    t : int >= 1
        Number of the step, from 1.
    bias_correction : bool, optional
        Whether the means are corrected for having begun at 0. Default True.
    wd : float
        Weight decay.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["mp_lamb_update_phase1"],
        [weight, grad, mean, var, weight32],
        {
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
            "t": t,
            "bias_correction": bias_correction,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
        },
        name,
        attr,
        kwargs,
    )


def mp_lamb_update_phase2(
    weight: Symbol | None = None,
    g: Symbol | None = None,
    r1: Symbol | None = None,
    r2: Symbol | None = None,
    weight32: Symbol | None = None,
    lr: float = REQUIRED,
    lower_bound: float = default(-1.0),
    upper_bound: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """LAMB's step: ``w -= lr * r1 / r2 * g``; a norm of 0 leaves the rate as it is.

    From a 16-bit weight's copy, which stays as it is (as in MXNet 1.9.1).

    Parameters
    ----------
    weight : Symbol
        Weight.
    g : Symbol
        Direction, from phase 1.
    r1 : Symbol
        Norm of the weight (1,).
    r2 : Symbol
        Norm of the direction (1,).
    weight32 : Symbol
        The weight in float32.
    lr : float
        Learning rate.
    lower_bound : float, optional
        Least norm of the weight that counts; negative: none. Default -1.0.
    upper_bound : float, optional
        Largest norm of the weight that counts; negative: none. Default -1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["mp_lamb_update_phase2"],
        [weight, g, r1, r2, weight32],
        {"lr": lr, "lower_bound": lower_bound, "upper_bound": upper_bound},
        name,
        attr,
        kwargs,
    )


def mp_nag_mom_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    weight32: Symbol | None = None,
    lr: float = REQUIRED,
    momentum: float = default(0.0),
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Nesterov's momentum: as sgd_mom_update, with the gradient taken one step ahead.

    For a 16-bit weight, computed in float32 on a copy of it.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    mom : Symbol
        Momentum.
    weight32 : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["mp_nag_mom_update"],
        [weight, grad, mom, weight32],
        {"lr": lr, "momentum": momentum, "wd": wd, "rescale_grad": rescale_grad, "clip_gradient": clip_gradient},
        name,
        attr,
        kwargs,
    )


def mp_sgd_mom_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    weight32: Symbol | None = None,
    lr: float = REQUIRED,
    momentum: float = default(0.0),
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    lazy_update: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``m = momentum * m - lr * (r + wd * w); w += m`` with the rescaled, clipped gradient r.

    For a 16-bit weight, computed in float32 on a copy of it.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    mom : Symbol
        Momentum.
    weight32 : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        kwargs,
    )


def mp_sgd_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    weight32: Symbol | None = None,
    lr: float = REQUIRED,
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    lazy_update: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``w -= lr * (r + wd * w)`` with the rescaled, clipped gradient r.

    For a 16-bit weight, computed in float32 on a copy of it.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    weight32 : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["mp_sgd_update"],
        [weight, grad, weight32],
        {
            "lr": lr,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "lazy_update": lazy_update,
        },
        name,
        attr,
        kwargs,
    )


def multi_all_finite(
    *data: Symbol,
    num_arrays: int | None = None,
    init_output: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """1 if no element of any of the arrays is infinite or NaN, else 0, as an array (1,) of float32.

    Parameters
    ----------
    *data : Symbol
        Arrays of floating point types.
    init_output : bool, optional
        Begin with 1; else with what the array given as `out` holds, which must be given then. Default
        True.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["multi_all_finite"],
        _flatten(data),
        {"num_arrays": num_arrays, "init_output": init_output},
        name,
        attr,
        inputs,
    )


def multi_lars(
    lrs: Symbol | None = None,
    weights_sum_sq: Symbol | None = None,
    grads_sum_sq: Symbol | None = None,
    wds: Symbol | None = None,
    eta: float = REQUIRED,
    eps: float = REQUIRED,
    rescale_grad: float = default(1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Learning rates of layers by LARS, ``lr * eta * |w| / (|g| * rescale_grad + wd * |w| + eps)``.

    Where the norm ``|w|`` of a weight or ``|g|`` of its gradient is 0 the rate stays.

    Parameters
    ----------
    lrs : Symbol
        Learning rates (k,).
    weights_sum_sq : Symbol
        Sum of squares of each weight (k,).
    grads_sum_sq : Symbol
        Sum of squares of each gradient (k,).
    wds : Symbol
        Weight decays (k,).
    eta : float
        Trust in the ratio.
    eps : float
        Added to the divisor.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["multi_lars"],
        [lrs, weights_sum_sq, grads_sum_sq, wds],
        {"eta": eta, "eps": eps, "rescale_grad": rescale_grad},
        name,
        attr,
        kwargs,
    )


def multi_mp_sgd_mom_update(
    *data: Symbol,
    lrs: float | tuple[float, ...] = REQUIRED,
    wds: float | tuple[float, ...] = REQUIRED,
    momentum: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    num_weights: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """`mp_sgd_mom_update` of several weights, each with rates of its own.

    Parameters
    ----------
    *data : Symbol
        Arrays of the first weight, then of the next: weight, grad, mom, weight32.
    lrs : tuple of float
        Learning rate of each weight.
    wds : tuple of float
        Weight decay of each weight.
    momentum : float, optional
        Part of the last step that is kept. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["multi_mp_sgd_mom_update"],
        _flatten(data),
        {
            "lrs": lrs,
            "wds": wds,
            "momentum": momentum,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        name,
        attr,
        inputs,
    )


def multi_mp_sgd_update(
    *data: Symbol,
    lrs: float | tuple[float, ...] = REQUIRED,
    wds: float | tuple[float, ...] = REQUIRED,
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    num_weights: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """`mp_sgd_update` of several weights, each with rates of its own.

    Parameters
    ----------
    *data : Symbol
        Arrays of the first weight, then of the next: weight, grad, weight32.
    lrs : tuple of float
        Learning rate of each weight.
    wds : tuple of float
        Weight decay of each weight.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["multi_mp_sgd_update"],
        _flatten(data),
        {
            "lrs": lrs,
            "wds": wds,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        name,
        attr,
        inputs,
    )


def multi_sgd_mom_update(
    *data: Symbol,
    lrs: float | tuple[float, ...] = REQUIRED,
    wds: float | tuple[float, ...] = REQUIRED,
    momentum: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    num_weights: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """`sgd_mom_update` of several weights, each with rates of its own.

    Parameters
    ----------
    *data : Symbol
        Arrays of the first weight, then of the next: weight, grad, mom.
    lrs : tuple of float
        Learning rate of each weight.
    wds : tuple of float
        Weight decay of each weight.
    momentum : float, optional
        Part of the last step that is kept. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["multi_sgd_mom_update"],
        _flatten(data),
        {
            "lrs": lrs,
            "wds": wds,
            "momentum": momentum,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        name,
        attr,
        inputs,
    )


def multi_sgd_update(
    *data: Symbol,
    lrs: float | tuple[float, ...] = REQUIRED,
    wds: float | tuple[float, ...] = REQUIRED,
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    num_weights: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """`sgd_update` of several weights, each with rates of its own.

    Parameters
    ----------
    *data : Symbol
        Arrays of the first weight, then of the next: weight, grad.
    lrs : tuple of float
        Learning rate of each weight.
    wds : tuple of float
        Weight decay of each weight.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["multi_sgd_update"],
        _flatten(data),
        {
            "lrs": lrs,
            "wds": wds,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        name,
        attr,
        inputs,
    )


def multi_sum_sq(
    *data: Symbol,
    num_arrays: int | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """The sum of squares of each array, as one array (num_arrays,) of float32.

    Parameters
    ----------
    *data : Symbol
        Arrays of one floating point type.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["multi_sum_sq"], _flatten(data), {"num_arrays": num_arrays}, name, attr, inputs)


def nag_mom_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    lr: float = REQUIRED,
    momentum: float = default(0.0),
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Nesterov's momentum: as sgd_mom_update, with the gradient taken one step ahead.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    mom : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["nag_mom_update"],
        [weight, grad, mom],
        {"lr": lr, "momentum": momentum, "wd": wd, "rescale_grad": rescale_grad, "clip_gradient": clip_gradient},
        name,
        attr,
        kwargs,
    )


def nanprod(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Product of the elements that are not NaN over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["nanprod"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, name, attr, kwargs)


def nansum(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sum of the elements that are not NaN over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["nansum"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, name, attr, kwargs)


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


def norm(
    data: Symbol | None = None,
    ord: int = default(2),
    axis: int | tuple[int, ...] | None = default(None),
    out_dtype: str | None = default(None),
    keepdims: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """L1 or L2 norm over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    ord : int in 1..2, optional
        1: sum of absolute values; 2: root of the sum of squares. Default 2.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    out_dtype : {'float16', 'float32', 'float64', 'int32', 'int64', 'int8'}, optional
        Element type of the result; only that of `data` is supported.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["norm"],
        [data],
        {"ord": ord, "axis": axis, "out_dtype": out_dtype, "keepdims": keepdims},
        name,
        attr,
        kwargs,
    )


def normal(
    loc: float = default(0.0),
    scale: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_normal"],
        [],
        {"loc": loc, "scale": scale, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "normal",
    )


def one_hot(
    indices: Symbol | None = None,
    depth: int = REQUIRED,
    on_value: float = default(1.0),
    off_value: float = default(0.0),
    dtype: Any = default("float32"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """For each position a row with `on_value` there and `off_value` elsewhere: (...) -> (..., depth).

    Parameters
    ----------
    indices : Symbol
        Positions; those outside of 0..depth-1 give a row of `off_value`.
    depth : int >= 0
        Length of a row.
    on_value : float, optional
        Value at the position. Default 1.0.
    off_value : float, optional
        Value elsewhere. Default 0.0.
    dtype : dtype, optional
        Element type of the result. Default 'float32'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["one_hot"],
        [indices],
        {"depth": depth, "on_value": on_value, "off_value": off_value, "dtype": dtype},
        name,
        attr,
        kwargs,
    )


def ones_like(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Array of ones with the shape and type of another one.

    Parameters
    ----------
    data : Symbol
        Gives shape and type.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["ones_like"], [data], {}, name, attr, kwargs)


def pad(
    data: Symbol | None = None,
    mode: str = REQUIRED,
    pad_width: int | tuple[int, ...] = REQUIRED,
    constant_value: float = default(0.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with places added at the ends of its axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    mode : {'constant', 'edge', 'reflect'}
        What new places hold: a constant, the border's value, or a reflection.
    pad_width : tuple of int >= 0
        Places added before and behind each axis: (before0, behind0, before1, ...).
    constant_value : float, optional
        Value of new places with mode constant. Default 0.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["Pad"],
        [data],
        {"mode": mode, "pad_width": pad_width, "constant_value": constant_value},
        name,
        attr,
        kwargs,
    )


def pick(
    data: Symbol | None = None,
    index: Symbol | None = None,
    axis: int | None = default(-1),
    keepdims: bool = default(False),
    mode: str = default("clip"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """One element along an axis for each place of the other axes: ``y[i, j] = data[i, index[i, j], j]``.

    Parameters
    ----------
    data : Symbol
        Array.
    index : Symbol
        Positions; shape of `data` without the axis (or with size 1).
    axis : int, optional
        Axis along which one element is picked; None: from the flattened array. Default -1.
    keepdims : bool, optional
        Keep the axis with size 1. Default False.
    mode : {'clip', 'wrap'}, optional
        What becomes of positions outside of the axis. Default 'clip'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["pick"], [data, index], {"axis": axis, "keepdims": keepdims, "mode": mode}, name, attr, kwargs)


def preloaded_multi_mp_sgd_mom_update(
    *data: Symbol,
    momentum: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    num_weights: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """`mp_sgd_mom_update` of several weights, each with rates of its own, which are arrays.

    Parameters
    ----------
    *data : Symbol
        Arrays of the first weight, then of the next: weight, grad, mom, weight32; after those of all
        weights lrs, wds.
    momentum : float, optional
        Part of the last step that is kept. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["preloaded_multi_mp_sgd_mom_update"],
        _flatten(data),
        {
            "momentum": momentum,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        name,
        attr,
        inputs,
    )


def preloaded_multi_mp_sgd_update(
    *data: Symbol,
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    num_weights: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """`mp_sgd_update` of several weights, each with rates of its own, which are arrays.

    Parameters
    ----------
    *data : Symbol
        Arrays of the first weight, then of the next: weight, grad, weight32; after those of all weights
        lrs, wds.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["preloaded_multi_mp_sgd_update"],
        _flatten(data),
        {"rescale_grad": rescale_grad, "clip_gradient": clip_gradient, "num_weights": num_weights},
        name,
        attr,
        inputs,
    )


def preloaded_multi_sgd_mom_update(
    *data: Symbol,
    momentum: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    num_weights: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """`sgd_mom_update` of several weights, each with rates of its own, which are arrays.

    Parameters
    ----------
    *data : Symbol
        Arrays of the first weight, then of the next: weight, grad, mom; after those of all weights lrs,
        wds.
    momentum : float, optional
        Part of the last step that is kept. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["preloaded_multi_sgd_mom_update"],
        _flatten(data),
        {
            "momentum": momentum,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        name,
        attr,
        inputs,
    )


def preloaded_multi_sgd_update(
    *data: Symbol,
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    num_weights: int = default(1),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """`sgd_update` of several weights, each with rates of its own, which are arrays.

    Parameters
    ----------
    *data : Symbol
        Arrays of the first weight, then of the next: weight, grad; after those of all weights lrs, wds.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["preloaded_multi_sgd_update"],
        _flatten(data),
        {"rescale_grad": rescale_grad, "clip_gradient": clip_gradient, "num_weights": num_weights},
        name,
        attr,
        inputs,
    )


def prod(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Product over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["prod"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, name, attr, kwargs)


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


def random_exponential(
    lam: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_exponential"],
        [],
        {"lam": lam, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "random_exponential",
    )


def random_gamma(
    alpha: float = default(1.0),
    beta: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Gamma distributed random numbers with mean ``alpha * beta``.

    Parameters
    ----------
    alpha : float, optional
        Shape. Default 1.0.
    beta : float, optional
        Scale. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_gamma"],
        [],
        {"alpha": alpha, "beta": beta, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "random_gamma",
    )


def random_generalized_negative_binomial(
    mu: float = default(1.0),
    alpha: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Negative binomial random counts with mean `mu` and variance ``mu + alpha * mu^2``.

    Parameters
    ----------
    mu : float, optional
        Mean. Default 1.0.
    alpha : float, optional
        Dispersion; 0: a Poisson distribution. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_generalized_negative_binomial"],
        [],
        {"mu": mu, "alpha": alpha, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "random_generalized_negative_binomial",
    )


def random_negative_binomial(
    k: int = default(1),
    p: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Random counts of failures before the k-th success of probability p.

    Parameters
    ----------
    k : int >= 0, optional
        Number of successes. Default 1.
    p : float, optional
        Probability of a success, larger than 0. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_negative_binomial"],
        [],
        {"k": k, "p": p, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "random_negative_binomial",
    )


def random_normal(
    loc: float = default(0.0),
    scale: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_normal"],
        [],
        {"loc": loc, "scale": scale, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "random_normal",
    )


def random_pdf_dirichlet(
    sample: Symbol | None = None,
    alpha: Symbol | None = None,
    is_log: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Density of the dirichlet distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : Symbol
        Points (..., k): shares that add up to 1.
    alpha : Symbol
        Exponents (..., k).
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_pdf_dirichlet"],
        [sample, alpha],
        {"is_log": is_log},
        name,
        attr,
        kwargs,
        "random_pdf_dirichlet",
    )


def random_pdf_exponential(
    sample: Symbol | None = None,
    lam: Symbol | None = None,
    is_log: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Density of the exponential distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : Symbol
        Points.
    lam : Symbol
        Rates.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_pdf_exponential"],
        [sample, lam],
        {"is_log": is_log},
        name,
        attr,
        kwargs,
        "random_pdf_exponential",
    )


def random_pdf_gamma(
    sample: Symbol | None = None,
    alpha: Symbol | None = None,
    beta: Symbol | None = None,
    is_log: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Density of the gamma distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : Symbol
        Points.
    alpha : Symbol
        Shapes.
    beta : Symbol
        Rates (1 / scale).
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_pdf_gamma"],
        [sample, alpha, beta],
        {"is_log": is_log},
        name,
        attr,
        kwargs,
        "random_pdf_gamma",
    )


def random_pdf_generalized_negative_binomial(
    sample: Symbol | None = None,
    mu: Symbol | None = None,
    alpha: Symbol | None = None,
    is_log: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Density of the generalized negative binomial distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : Symbol
        Points.
    mu : Symbol
        Means.
    alpha : Symbol
        Dispersions.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_pdf_generalized_negative_binomial"],
        [sample, mu, alpha],
        {"is_log": is_log},
        name,
        attr,
        kwargs,
        "random_pdf_generalized_negative_binomial",
    )


def random_pdf_negative_binomial(
    sample: Symbol | None = None,
    k: Symbol | None = None,
    p: Symbol | None = None,
    is_log: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Density of the negative binomial distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : Symbol
        Points.
    k : Symbol
        Numbers of successes.
    p : Symbol
        Probabilities of a success.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_pdf_negative_binomial"],
        [sample, k, p],
        {"is_log": is_log},
        name,
        attr,
        kwargs,
        "random_pdf_negative_binomial",
    )


def random_pdf_normal(
    sample: Symbol | None = None,
    mu: Symbol | None = None,
    sigma: Symbol | None = None,
    is_log: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Density of the normal distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : Symbol
        Points.
    mu : Symbol
        Means.
    sigma : Symbol
        Standard deviations.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_pdf_normal"],
        [sample, mu, sigma],
        {"is_log": is_log},
        name,
        attr,
        kwargs,
        "random_pdf_normal",
    )


def random_pdf_poisson(
    sample: Symbol | None = None,
    lam: Symbol | None = None,
    is_log: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Density of the poisson distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : Symbol
        Points.
    lam : Symbol
        Means.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_pdf_poisson"],
        [sample, lam],
        {"is_log": is_log},
        name,
        attr,
        kwargs,
        "random_pdf_poisson",
    )


def random_pdf_uniform(
    sample: Symbol | None = None,
    low: Symbol | None = None,
    high: Symbol | None = None,
    is_log: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Density of the uniform distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : Symbol
        Points.
    low : Symbol
        Lower ends.
    high : Symbol
        Upper ends.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_pdf_uniform"],
        [sample, low, high],
        {"is_log": is_log},
        name,
        attr,
        kwargs,
        "random_pdf_uniform",
    )


def random_poisson(
    lam: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Poisson distributed random counts.

    Parameters
    ----------
    lam : float, optional
        Mean. Default 1.0.
    shape : tuple of int >= 0, optional
        Shape of the result; default (1,).
    ctx : str, optional
        Device of the result, e.g. ``cpu(0)``. Default ''.
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default float32. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_poisson"],
        [],
        {"lam": lam, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "random_poisson",
    )


def random_randint(
    low: int = REQUIRED,
    high: int = REQUIRED,
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_randint"],
        [],
        {"low": low, "high": high, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "random_randint",
    )


def random_uniform(
    low: float = default(0.0),
    high: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_uniform"],
        [],
        {"low": low, "high": high, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "random_uniform",
    )


def ravel_multi_index(
    data: Symbol | None = None,
    shape: int | tuple[int, ...] | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Positions (n,) in an array of a given shape, row by row, from coordinates (axes, n).

    Parameters
    ----------
    data : Symbol
        Coordinates (axes, n).
    shape : tuple of int, optional
        Sizes of the space; the first may be -1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_ravel_multi_index"], [data], {"shape": shape}, name, attr, kwargs, "ravel_multi_index")


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


def repeat(
    data: Symbol | None = None,
    repeats: int = REQUIRED,
    axis: int | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Each element several times in a row.

    Parameters
    ----------
    data : Symbol
        Input array.
    repeats : int >= 0
        How often each element is repeated.
    axis : int, optional
        Axis; None: the flattened array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["repeat"], [data], {"repeats": repeats, "axis": axis}, name, attr, kwargs)


def reset_arrays(
    *data: Symbol,
    num_arrays: int | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """Set all elements of the arrays to 0, in place.

    Parameters
    ----------
    *data : Symbol
        Arrays of any type.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(OPS["reset_arrays"], _flatten(data), {"num_arrays": num_arrays}, name, attr, inputs)


def reshape(
    data: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    reverse: bool = default(False),
    target_shape: int | tuple[int, ...] = default(()),
    keep_highest: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with another shape and the same elements in the same order.

    Codes in `shape`: 0 keeps the size; -1 follows from the others; -2 keeps all remaining axes; -3 joins
    two axes;
    -4 splits one into the two sizes that follow (one of them may be -1).

    Parameters
    ----------
    data : Symbol
        Input array.
    shape : tuple of int, optional
        New sizes, or codes. Default ().
    reverse : bool, optional
        Match codes from the last axis on. Default False.
    target_shape : tuple of int, optional
        Old form of `shape`, in which 0 follows from the others. Default ().
    keep_highest : bool, optional
        With `target_shape`: keep the first size. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["Reshape"],
        [data],
        {"shape": shape, "reverse": reverse, "target_shape": target_shape, "keep_highest": keep_highest},
        name,
        attr,
        kwargs,
    )


def reshape_like(
    lhs: Symbol | None = None,
    rhs: Symbol | None = None,
    lhs_begin: int | None = default(None),
    lhs_end: int | None = default(None),
    rhs_begin: int | None = default(None),
    rhs_end: int | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """`lhs` with the shape of `rhs` (or with the axes `lhs_begin..lhs_end` replaced by `rhs_begin..rhs_end` of it).

    Parameters
    ----------
    lhs : Symbol
        Array.
    rhs : Symbol
        Gives the shape.
    lhs_begin : int, optional
        First axis of `lhs` that is replaced.
    lhs_end : int, optional
        Axis behind the last one that is replaced.
    rhs_begin : int, optional
        First axis of `rhs` that is taken.
    rhs_end : int, optional
        Axis behind the last one that is taken.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["reshape_like"],
        [lhs, rhs],
        {"lhs_begin": lhs_begin, "lhs_end": lhs_end, "rhs_begin": rhs_begin, "rhs_end": rhs_end},
        name,
        attr,
        kwargs,
    )


def reverse(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array in reverse order along the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int
        Axes to reverse.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["reverse"], [data], {"axis": axis}, name, attr, kwargs)


def rint(data: Symbol | None = None, name: str | None = None, attr: dict[str, str] | None = None, **kwargs: Any) -> Any:
    """Nearest integer, halves to the smaller one.

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


def rmsprop_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    n: Symbol | None = None,
    lr: float = REQUIRED,
    gamma1: float = default(0.95),
    epsilon: float = default(1e-08),
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    clip_weights: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """RMSProp: steps divided by the root of the mean square of gradients.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    n : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        kwargs,
    )


def rmspropalex_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    n: Symbol | None = None,
    g: Symbol | None = None,
    delta: Symbol | None = None,
    lr: float = REQUIRED,
    gamma1: float = default(0.95),
    gamma2: float = default(0.9),
    epsilon: float = default(1e-08),
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    clip_weights: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """RMSProp as Graves has it: the mean of gradients taken off, with momentum.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    n : Symbol
        Mean (or sum) of squared gradients.
    g : Symbol
        Mean of gradients.
    delta : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        kwargs,
    )


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


def sample_exponential(
    lam: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Exponentially distributed random numbers, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    lam : Symbol
        Rates. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_sample_exponential"],
        [lam],
        {"shape": shape, "dtype": dtype},
        name,
        attr,
        kwargs,
        "sample_exponential",
    )


def sample_gamma(
    alpha: Symbol | None = None,
    beta: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Gamma distributed random numbers with mean ``alpha * beta``, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    alpha : Symbol
        Shapes. All parameters have one shape and type.
    beta : Symbol
        Scales. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_sample_gamma"],
        [alpha, beta],
        {"shape": shape, "dtype": dtype},
        name,
        attr,
        kwargs,
        "sample_gamma",
    )


def sample_generalized_negative_binomial(
    mu: Symbol | None = None,
    alpha: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Negative binomial random counts with mean `mu` and variance ``mu + alpha * mu^2``, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    mu : Symbol
        Means. All parameters have one shape and type.
    alpha : Symbol
        Dispersions. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_sample_generalized_negative_binomial"],
        [mu, alpha],
        {"shape": shape, "dtype": dtype},
        name,
        attr,
        kwargs,
        "sample_generalized_negative_binomial",
    )


def sample_multinomial(
    data: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    get_prob: bool = default(False),
    dtype: str = default("int32"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Random categories, each with its probability: (..., k) -> (..., *shape).

    With `get_prob`, also the logarithms of their probabilities, which have a gradient.

    Parameters
    ----------
    data : Symbol
        Probabilities (..., k), which add up to 1 along the last axis.
    shape : tuple of int >= 0, optional
        How many categories are drawn for each distribution; default one. Default ().
    get_prob : bool, optional
        Return the logarithms of the probabilities, too. Default False.
    dtype : {'int32', 'uint8', 'float16', 'float32', 'float64'}, optional
        Element type of the categories. Default 'int32'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["_sample_multinomial"],
        [data],
        {"shape": shape, "get_prob": get_prob, "dtype": dtype},
        name,
        attr,
        kwargs,
        "sample_multinomial",
    )


def sample_negative_binomial(
    k: Symbol | None = None,
    p: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Random counts of failures before the k-th success of probability p, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    k : Symbol
        Numbers of successes. All parameters have one shape and type.
    p : Symbol
        Probabilities of a success. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_sample_negative_binomial"],
        [k, p],
        {"shape": shape, "dtype": dtype},
        name,
        attr,
        kwargs,
        "sample_negative_binomial",
    )


def sample_normal(
    mu: Symbol | None = None,
    sigma: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Normally distributed random numbers, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    mu : Symbol
        Means. All parameters have one shape and type.
    sigma : Symbol
        Standard deviations. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_sample_normal"],
        [mu, sigma],
        {"shape": shape, "dtype": dtype},
        name,
        attr,
        kwargs,
        "sample_normal",
    )


def sample_poisson(
    lam: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Poisson distributed random counts, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    lam : Symbol
        Means. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_sample_poisson"],
        [lam],
        {"shape": shape, "dtype": dtype},
        name,
        attr,
        kwargs,
        "sample_poisson",
    )


def sample_uniform(
    low: Symbol | None = None,
    high: Symbol | None = None,
    shape: int | tuple[int, ...] = default(()),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Uniform random numbers in ``[low, high)``, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    low : Symbol
        Lower ends. All parameters have one shape and type.
    high : Symbol
        Upper ends. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_sample_uniform"],
        [low, high],
        {"shape": shape, "dtype": dtype},
        name,
        attr,
        kwargs,
        "sample_uniform",
    )


def scatter_nd(
    data: Symbol | None = None,
    indices: Symbol | None = None,
    shape: int | tuple[int, ...] = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Zeros of a given shape with `data` at the coordinates; where several name one place, the last one counts.

    Parameters
    ----------
    data : Symbol
        Elements (or rows).
    indices : Symbol
        Coordinates (M, ...).
    shape : tuple of int >= 0
        Shape of the result.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["scatter_nd"], [data, indices], {"shape": shape}, name, attr, kwargs)


def sgd_mom_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    lr: float = REQUIRED,
    momentum: float = default(0.0),
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    lazy_update: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``m = momentum * m - lr * (r + wd * w); w += m`` with the rescaled, clipped gradient r.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    mom : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        kwargs,
    )


def sgd_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    lr: float = REQUIRED,
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    lazy_update: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``w -= lr * (r + wd * w)`` with the rescaled, clipped gradient r.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["sgd_update"],
        [weight, grad],
        {
            "lr": lr,
            "wd": wd,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "lazy_update": lazy_update,
        },
        name,
        attr,
        kwargs,
    )


def shape_array(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The shape of an array as an array of int64.

    Parameters
    ----------
    data : Symbol
        Input array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["shape_array"], [data], {}, name, attr, kwargs)


def shuffle(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The rows of an array (along axis 0) in random order.

    Parameters
    ----------
    data : Symbol
        Input array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(OPS["_shuffle"], [data], {}, name, attr, kwargs, "shuffle")


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


def signsgd_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    lr: float = REQUIRED,
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``w = (1 - lr * wd) * w - lr * sign(g)``.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    lr : float
        Learning rate.
    wd : float, optional
        Weight decay: this times the weight is added to the gradient. Default 0.0.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["signsgd_update"],
        [weight, grad],
        {"lr": lr, "wd": wd, "rescale_grad": rescale_grad, "clip_gradient": clip_gradient},
        name,
        attr,
        kwargs,
    )


def signum_update(
    weight: Symbol | None = None,
    grad: Symbol | None = None,
    mom: Symbol | None = None,
    lr: float = REQUIRED,
    momentum: float = default(0.0),
    wd: float = default(0.0),
    rescale_grad: float = default(1.0),
    clip_gradient: float = default(-1.0),
    wd_lh: float = default(0.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Momentum of which only the sign counts.

    Parameters
    ----------
    weight : Symbol
        Weight.
    grad : Symbol
        Gradient.
    mom : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
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
        name,
        attr,
        kwargs,
    )


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


def size_array(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The number of elements of an array as an array (1,) of int64.

    Parameters
    ----------
    data : Symbol
        Input array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["size_array"], [data], {}, name, attr, kwargs)


def slice(
    data: Symbol | None = None,
    begin: int | tuple[int, ...] = REQUIRED,
    end: int | tuple[int, ...] = REQUIRED,
    step: int | tuple[int, ...] = default(()),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """A region of the array, as ``data[begin[0]:end[0]:step[0], ...]``.

    Parameters
    ----------
    data : Symbol
        Input array.
    begin : tuple of int
        First place along each axis; None: from the start.
    end : tuple of int
        Place behind the last one along each axis; None: to the end.
    step : tuple of int, optional
        Steps, which may be negative; default 1. Default ().
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["slice"], [data], {"begin": begin, "end": end, "step": step}, name, attr, kwargs)


def slice_axis(
    data: Symbol | None = None,
    axis: int = REQUIRED,
    begin: int = REQUIRED,
    end: int | None = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The part ``begin .. end - 1`` of the array along one axis.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : int
        Axis that is cut.
    begin : int
        First place; negative: counted from the end.
    end : int
        Place behind the last one; None: to the end.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["slice_axis"], [data], {"axis": axis, "begin": begin, "end": end}, name, attr, kwargs)


def slice_like(
    data: Symbol | None = None,
    shape_like: Symbol | None = None,
    axes: int | tuple[int, ...] = default(()),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The first places of `data` along the given axes, as many as `shape_like` has.

    Parameters
    ----------
    data : Symbol
        Array.
    shape_like : Symbol
        Gives the sizes.
    axes : tuple of int, optional
        Axes that are cut; default all. Default ().
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["slice_like"], [data, shape_like], {"axes": axes}, name, attr, kwargs)


def smooth_l1(
    data: Symbol | None = None,
    scalar: float = default(1.0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``0.5 (s x)^2`` where ``|x| < 1 / s^2``, else ``|x| - 0.5 / s^2``.

    Parameters
    ----------
    data : Symbol
        Input array.
    scalar : float, optional
        s in the formula. Default 1.0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["smooth_l1"], [data], {"scalar": scalar}, name, attr, kwargs)


def softmax(
    data: Symbol | None = None,
    length: Symbol | None = None,
    axis: int = default(-1),
    temperature: float | None = default(None),
    dtype: str | None = default(None),
    use_length: bool | None = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``exp(x_i) / sum_j exp(x_j)`` along an axis.

    Parameters
    ----------
    data : Symbol
        Input array.
    length : Symbol
        Valid places along the axis, shape of `data` without it; the others give 0.
    axis : int, optional
        Axis along which the results sum to 1. Default -1.
    temperature : float, optional
        Divides the input first; default 1.
    dtype : {'float16', 'float32', 'float64'}, optional
        Element type of the result.
    use_length : bool, optional
        Whether `length` is given. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["softmax"],
        [data, length],
        {"axis": axis, "temperature": temperature, "dtype": dtype, "use_length": use_length},
        name,
        attr,
        kwargs,
    )


def softmax_cross_entropy(
    data: Symbol | None = None,
    label: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sum over the rows of ``-log(softmax(data)[row, label[row]])``, as an array (1,).

    Parameters
    ----------
    data : Symbol
        Scores (N, K).
    label : Symbol
        Class numbers (N,).
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["softmax_cross_entropy"], [data, label], {}, name, attr, kwargs)


def softmin(
    data: Symbol | None = None,
    axis: int = default(-1),
    temperature: float | None = default(None),
    dtype: str | None = default(None),
    use_length: bool | None = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """``exp(-x_i) / sum_j exp(-x_j)`` along an axis.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : int, optional
        Axis along which the results sum to 1. Default -1.
    temperature : float, optional
        Divides the input first; default 1.
    dtype : {'float16', 'float32', 'float64'}, optional
        Element type of the result.
    use_length : bool, optional
        Must be False. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["softmin"],
        [data],
        {"axis": axis, "temperature": temperature, "dtype": dtype, "use_length": use_length},
        name,
        attr,
        kwargs,
    )


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


def sort(
    data: Symbol | None = None,
    axis: int | None = default(-1),
    is_ascend: bool = default(True),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The elements along an axis in order.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : int, optional
        Axis; None: the flattened array. Default -1.
    is_ascend : bool, optional
        Rising; else falling. Default True.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(OPS["sort"], [data], {"axis": axis, "is_ascend": is_ascend}, name, attr, kwargs)


def space_to_depth(
    data: Symbol | None = None,
    block_size: int = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Blocks of the image become channels: (N, C, H b, W b) -> (N, C b^2, H, W).

    Parameters
    ----------
    data : Symbol
        Input array.
    block_size : int >= 1
        Edge of the blocks.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["space_to_depth"], [data], {"block_size": block_size}, name, attr, kwargs)


def split(
    data: Symbol | None = None,
    num_outputs: int = REQUIRED,
    axis: int = default(1),
    squeeze_axis: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array cut into equal parts along an axis.

    Parameters
    ----------
    data : Symbol
        Input array.
    num_outputs : int in 1..1048576
        Number of parts.
    axis : int, optional
        Axis that is cut. Default 1.
    squeeze_axis : bool, optional
        Remove the axis, which then has size 1 in each part. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["SliceChannel"],
        [data],
        {"num_outputs": num_outputs, "axis": axis, "squeeze_axis": squeeze_axis},
        name,
        attr,
        kwargs,
        "split",
    )


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


def squeeze(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array without its axes of size 1.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to remove; None: all of size 1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["squeeze"], [data], {"axis": axis}, name, attr, kwargs)


def stack(
    *data: Symbol,
    num_args: int | None = None,
    axis: int = default(0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **inputs: Symbol,
) -> Any:
    """Arrays of one shape joined along a new axis.

    Parameters
    ----------
    *data : Symbol
        Arrays of one shape.
    axis : int, optional
        Where the new axis is in the result. Default 0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["stack"], _flatten(data), {"num_args": num_args, "axis": axis}, name, attr, inputs)


def stop_gradient(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array itself; no gradient flows through.

    Parameters
    ----------
    data : Symbol
        Input array.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["BlockGrad"], [data], {}, name, attr, kwargs, "stop_gradient")


def sum(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sum over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["sum"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, name, attr, kwargs)


def sum_axis(
    data: Symbol | None = None,
    axis: int | tuple[int, ...] | None = default(None),
    keepdims: bool = default(False),
    exclude: bool = default(False),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Sum over the given axes.

    Parameters
    ----------
    data : Symbol
        Input array.
    axis : tuple of int, optional
        Axes to reduce; None or () means all.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    exclude : bool, optional
        Reduce all axes but those of `axis`. Default False.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["sum"],
        [data],
        {"axis": axis, "keepdims": keepdims, "exclude": exclude},
        name,
        attr,
        kwargs,
        "sum_axis",
    )


def swapaxes(
    data: Symbol | None = None,
    dim1: int = default(0),
    dim2: int = default(0),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with two axes exchanged.

    Parameters
    ----------
    data : Symbol
        Input array.
    dim1 : int, optional
        One axis. Default 0.
    dim2 : int, optional
        The other one. Default 0.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["SwapAxis"], [data], {"dim1": dim1, "dim2": dim2}, name, attr, kwargs, "swapaxes")


def take(
    a: Symbol | None = None,
    indices: Symbol | None = None,
    axis: int = default(0),
    mode: str = default("clip"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Elements of an array along an axis, by position.

    Parameters
    ----------
    a : Symbol
        Array.
    indices : Symbol
        Positions along the axis, of any shape.
    axis : int, optional
        Axis along which elements are taken. Default 0.
    mode : {'clip', 'raise', 'wrap'}, optional
        What becomes of positions outside of the array. Default 'clip'.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["take"], [a, indices], {"axis": axis, "mode": mode}, name, attr, kwargs)


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


def tile(
    data: Symbol | None = None,
    reps: int | tuple[int, ...] = REQUIRED,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The whole array several times along each axis.

    Parameters
    ----------
    data : Symbol
        Input array.
    reps : tuple of int >= 0
        How often the array is repeated along each axis.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["tile"], [data], {"reps": reps}, name, attr, kwargs)


def topk(
    data: Symbol | None = None,
    axis: int | None = default(-1),
    k: int = default(1),
    ret_typ: str = default("indices"),
    is_ascend: bool = default(False),
    dtype: str = default("float32"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The k largest (or smallest) elements along an axis, in order.

    Parameters
    ----------
    data : Symbol
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol or list of Symbol
    """
    return compose(
        OPS["topk"],
        [data],
        {"axis": axis, "k": k, "ret_typ": ret_typ, "is_ascend": is_ascend, "dtype": dtype},
        name,
        attr,
        kwargs,
    )


def transpose(
    data: Symbol | None = None,
    axes: int | tuple[int, ...] = default(()),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """The array with its axes in another order.

    Parameters
    ----------
    data : Symbol
        Input array.
    axes : tuple of int, optional
        For each axis of the result, which axis of `data` it is; default: in reverse. Default ().
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["transpose"], [data], {"axes": axes}, name, attr, kwargs)


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


def uniform(
    low: float = default(0.0),
    high: float = default(1.0),
    shape: int | tuple[int, ...] | None = default(None),
    ctx: str = default(""),
    dtype: str = default("None"),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
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
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(
        OPS["_random_uniform"],
        [],
        {"low": low, "high": high, "shape": shape, "ctx": ctx, "dtype": dtype},
        name,
        attr,
        kwargs,
        "uniform",
    )


def unravel_index(
    data: Symbol | None = None,
    shape: int | tuple[int, ...] | None = default(None),
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Coordinates (axes, ...) in an array of a given shape from positions (...).

    Positions behind the end of the array go on along its first axis.

    Parameters
    ----------
    data : Symbol
        Positions, counted row by row.
    shape : tuple of int, optional
        Sizes of the space; the first may be -1.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["_unravel_index"], [data], {"shape": shape}, name, attr, kwargs, "unravel_index")


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


def zeros_like(
    data: Symbol | None = None,
    name: str | None = None,
    attr: dict[str, str] | None = None,
    **kwargs: Any,
) -> Any:
    """Array of zeros with the shape and type of another one.

    Parameters
    ----------
    data : Symbol
        Gives shape and type.
    name : str, optional
        Name of the node (default: made up).

    Returns
    -------
    Symbol
    """
    return compose(OPS["zeros_like"], [data], {}, name, attr, kwargs)
