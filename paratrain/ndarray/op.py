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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Activation(mx.nd.array([-1, 2]), act_type='relu').asnumpy()
    array([0., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.BatchNorm(mx.nd.array([[1], [3]]), mx.nd.array([1]), mx.nd.array([0]), mx.nd.array([1]),
    ...     mx.nd.array([4]), fix_gamma=False).asnumpy().round(3)
    array([[0.],
           [1.]], dtype=float32)
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


def BilinearSampler(
    data: NDArray | None = None,
    grid: NDArray | None = None,
    cudnn_off: bool | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Images sampled at the places that a grid names, by bilinear interpolation; zero outside of the image.

    Parameters
    ----------
    data : NDArray
        Images (N, C, H, W).
    grid : NDArray
        Coordinates x, y (N, 2, h, w), from -1 to 1 in the image.
    cudnn_off : bool, optional
        Accepted for MXNet's sake; the same kernel runs either way.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.array([[[[1, 2], [3, 4]]]])
    >>> grid = mx.nd.array([[[[0, 1]], [[0, -1]]]])
    >>> mx.nd.BilinearSampler(x, grid).asnumpy()[0, 0]
    array([[2.5, 2. ]], dtype=float32)
    """
    return invoke(OPS["BilinearSampler"], [data, grid], {"cudnn_off": cudnn_off}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.BlockGrad(mx.nd.array([1, 2])).asnumpy()
    array([1., 2.], dtype=float32)
    """
    return invoke(OPS["BlockGrad"], [data], {}, out)


def CTCLoss(
    data: NDArray | None = None,
    label: NDArray | None = None,
    data_lengths: NDArray | None = None,
    label_lengths: NDArray | None = None,
    use_data_lengths: bool = False,
    use_label_lengths: bool = False,
    blank_label: str = "first",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Connectionist temporal classification: -log of the probability that a sequence spells a label.

    The scores go through softmax. A label may be spelled with any of its parts repeated and with blanks in
    between. Blanks are class 0 and labels 1 and up (``blank_label='first'``), or blanks are the last class;
    a label ends at the first 0 or -1, unless its length is given. A label that does not fit into its steps
    costs nothing, as in MXNet; one of classes that do not exist costs infinitely much.

    Parameters
    ----------
    data : NDArray
        Scores (T, N, C): steps, batch, classes.
    label : NDArray
        Labels (N, L), L <= T.
    data_lengths : NDArray
        Number of steps of each sequence (N,), with use_data_lengths.
    label_lengths : NDArray
        Length of each label (N,), with use_label_lengths.
    use_data_lengths : bool, optional
        Whether `data_lengths` is given; otherwise all sequences have T steps. Default False.
    use_label_lengths : bool, optional
        Whether `label_lengths` is given. Default False.
    blank_label : {'first', 'last'}, optional
        Which class is the blank. Default 'first'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x, label = mx.nd.zeros((2, 1, 3)), mx.nd.array([[1]])
    >>> mx.nd.exp(-mx.nd.CTCLoss(x, label)).asnumpy().round(4)  # 3 of 9 spellings: 1 1, 1 blank, blank 1
    array([0.3333], dtype=float32)
    """
    return invoke(
        OPS["CTCLoss"],
        [data, label, data_lengths, label_lengths],
        {"use_data_lengths": use_data_lengths, "use_label_lengths": use_label_lengths, "blank_label": blank_label},
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Cast(mx.nd.array([1.7, -1.7]), dtype='int32').asnumpy()
    array([ 1, -1], dtype=int32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Concat(mx.nd.array([[1, 2]]), mx.nd.array([[3]]), dim=1).asnumpy()
    array([[1., 2., 3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Convolution(mx.nd.ones((1, 1, 3, 3)), mx.nd.ones((1, 1, 2, 2)), kernel=(2, 2), num_filter=1,
    ...     no_bias=True).asnumpy()
    array([[[[4., 4.],
             [4., 4.]]]], dtype=float32)
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


def Correlation(
    data1: NDArray | None = None,
    data2: NDArray | None = None,
    kernel_size: int = 1,
    max_displacement: int = 1,
    stride1: int = 1,
    stride2: int = 1,
    pad_size: int = 0,
    is_multiply: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """How alike the surroundings of each place in one image and of displaced places in another are.

    The result (N, D * D, H', W') has a channel for each displacement ``-d, ..., -stride2, 0, stride2, ...,
    d`` in both directions: the mean over channels and window of the products (or absolute differences).

    Parameters
    ----------
    data1 : NDArray
        Images (N, C, H, W).
    data2 : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.array([[[[1, 2, 3]]]])
    >>> mx.nd.Correlation(x, x, max_displacement=1, pad_size=1).shape
    (1, 9, 1, 3)
    """
    return invoke(
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
        out,
    )


def Crop(
    *data: NDArray,
    num_args: int | None = None,
    offset: int | tuple[int, ...] = (0, 0),
    h_w: int | tuple[int, ...] = (0, 0),
    center_crop: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """A part of images (N, C, H, W), of the size `h_w` or of that of a second array.

    Parameters
    ----------
    *data : NDArray
        Images, and perhaps an array of the height and width wanted.
    offset : tuple of int, optional
        First row and column. Default (0, 0).
    h_w : tuple of int, optional
        Height and width of the result, where one array is given. Default (0, 0).
    center_crop : bool, optional
        The part in the middle, wherever `offset` is. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.arange(9).reshape((1, 1, 3, 3))
    >>> mx.nd.Crop(x, h_w=(2, 2), offset=(1, 0)).asnumpy()[0, 0]
    array([[3., 4.],
           [6., 7.]], dtype=float32)
    """
    return invoke(
        OPS["Crop"],
        _flatten(data),
        {"num_args": num_args, "offset": offset, "h_w": h_w, "center_crop": center_crop},
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Deconvolution(mx.nd.ones((1, 1, 2, 2)), mx.nd.ones((1, 1, 2, 2)), kernel=(2, 2),
    ...     num_filter=1).asnumpy()
    array([[[[1., 2., 1.],
             [2., 4., 2.],
             [1., 2., 1.]]]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Dropout(mx.nd.array([1, 2]), p=0.5).asnumpy()
    array([1., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.add_n(mx.nd.array([1, 2]), mx.nd.array([10, 20]), mx.nd.array([100, 200])).asnumpy()
    array([111., 222.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Embedding(mx.nd.array([2, 0]), mx.nd.array([[1, 2], [3, 4], [5, 6]]), input_dim=3,
    ...     output_dim=2).asnumpy()
    array([[5., 6.],
           [1., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Flatten(mx.nd.array([[[1, 2], [3, 4]]])).asnumpy()
    array([[1., 2., 3., 4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.FullyConnected(mx.nd.array([[1, 2]]), mx.nd.array([[1, 0], [0, 1], [1, 1]]), mx.nd.array([0,
    ...     0, 10]), num_hidden=3).asnumpy()
    array([[ 1.,  2., 13.]], dtype=float32)
    """
    return invoke(
        OPS["FullyConnected"],
        [data, weight, bias],
        {"num_hidden": num_hidden, "no_bias": no_bias, "flatten": flatten},
        out,
    )


def GridGenerator(
    data: NDArray | None = None,
    transform_type: str = REQUIRED,
    target_shape: int | tuple[int, ...] = (0, 0),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Grids (N, 2, H, W) of coordinates x, y for `BilinearSampler`: -1 is the first column or row, 1 the last.

    'affine': ``(x', y') = A (x, y, 1)`` of a regular grid, with the matrices A (N, 6) row by row. 'warp': a
    regular grid moved by a flow (N, 2, H, W), counted in elements.

    Parameters
    ----------
    data : NDArray
        Matrices (N, 6) or flow (N, 2, H, W).
    transform_type : {'affine', 'warp'}
        Whether `data` is matrices or a flow.
    target_shape : tuple of int, optional
        Height and width of the grid, for 'affine'. Default (0, 0).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> A = mx.nd.array([[1, 0, 0, 0, 1, 0]])
    >>> grid = mx.nd.GridGenerator(A, transform_type="affine", target_shape=(2, 3))
    >>> grid.asnumpy()[0, 0]
    array([[-1.,  0.,  1.],
           [-1.,  0.,  1.]], dtype=float32)
    """
    return invoke(OPS["GridGenerator"], [data], {"transform_type": transform_type, "target_shape": target_shape}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.GroupNorm(mx.nd.array([[[1], [3]]]), mx.nd.array([1]), mx.nd.array([0]),
    ...     num_groups=1).asnumpy().round(3)
    array([[[-1.],
            [ 1.]]], dtype=float32)
    """
    return invoke(
        OPS["GroupNorm"],
        [data, gamma, beta],
        {"num_groups": num_groups, "eps": eps, "output_mean_var": output_mean_var},
        out,
    )


def IdentityAttachKLSparseReg(
    data: NDArray | None = None,
    moving_avg: NDArray | None = None,
    sparseness_target: float = 0.1,
    penalty: float = 0.001,
    momentum: float = 0.9,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The data itself; to its gradient that of a penalty is added, which pushes each feature's mean to a target.

    The penalty is the Kullback-Leibler divergence between activity with probability `sparseness_target` and
    with the moving mean of the feature, which should lie between 0 and 1 (as behind a sigmoid). In training
    the moving means become ``momentum * moving + (1 - momentum) * mean``, with the forward pass.

    Parameters
    ----------
    data : NDArray
        Activations (N, C).
    moving_avg : NDArray
        Moving means (C,).
    sparseness_target : float in 0.0..1.0, optional
        What the means are to be. Default 0.1.
    penalty : float, optional
        Weight of the penalty. Default 0.001.
    momentum : float in 0.0..1.0, optional
        How much of the moving means is kept in each step. Default 0.9.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x, mean = mx.nd.ones((2, 1)) * 0.5, mx.nd.ones(1) * 0.1
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     y = mx.nd.IdentityAttachKLSparseReg(x, mean, penalty=1.0)
    >>> y.backward()
    >>> mean.asnumpy().round(2), x.grad.asnumpy().ravel().round(4)
    (array([0.14], dtype=float32), array([1.3322, 1.3322], dtype=float32))
    """
    return invoke(
        OPS["IdentityAttachKLSparseReg"],
        [data, moving_avg],
        {"sparseness_target": sparseness_target, "penalty": penalty, "momentum": momentum},
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.InstanceNorm(mx.nd.array([[[1, 3]]]), mx.nd.array([1]), mx.nd.array([0])).asnumpy().round(3)
    array([[[-1.,  1.]]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.L2Normalization(mx.nd.array([[3, 4]])).asnumpy().round(3)
    array([[0.6, 0.8]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.LRN(mx.nd.ones((1, 2, 1, 1)), nsize=3, alpha=1.0).asnumpy().ravel().round(3)
    array([0.479, 0.479], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.LayerNorm(mx.nd.array([[1, 3]]), mx.nd.array([1, 1]), mx.nd.array([0, 0])).asnumpy().round(3)
    array([[-1.,  1.]], dtype=float32)
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
    variance; gelu: ``x`` times the normal distribution function of ``x``; rrelu: leaky with a random slope
    in [lower_bound, upper_bound) for each element in training, else with the mean of these.

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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.LeakyReLU(mx.nd.array([-1, 2]), act_type='leaky', slope=0.1).asnumpy()
    array([-0.1,  2. ], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.LinearRegressionOutput(mx.nd.array([1, 2]), mx.nd.array([0, 0])).asnumpy()
    array([1., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.LogisticRegressionOutput(mx.nd.array([0, 1]), mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.5  , 0.731], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.MAERegressionOutput(mx.nd.array([1, 2]), mx.nd.array([0, 0])).asnumpy()
    array([1., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.MakeLoss(mx.nd.array([1, 2])).asnumpy()
    array([1., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.ones((1, 1, 1, 2))
    >>> mx.nd.Pad(x, mode='constant', pad_width=(0, 0, 0, 0, 1, 0, 1, 1)).asnumpy()[0, 0]
    array([[0., 0., 0., 0.],
           [0., 1., 1., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Pooling(mx.nd.array([[[[1, 2], [3, 4]]]]), kernel=(2, 2), pool_type='max').asnumpy()
    array([[[[4.]]]], dtype=float32)
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
    sequence_length: NDArray | None = None,
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
    r (R h + c))``). With `projection_size` R is (gates * H, P), and W_r (P, H) follows each R. Steps behind
    a row's length change no state, and their result is zero; lengths are cut to 0..T.

    Parameters
    ----------
    data : NDArray
        Shape (T, N, C): times, batch, features.
    parameters : NDArray
        All weights and biases in one vector.
    state : NDArray
        First hidden states, shape (num_layers * directions, N, state_size or projection_size).
    state_cell : NDArray
        First cell states of lstm, shape (num_layers * directions, N, state_size).
    sequence_length : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> weights = mx.nd.full((5,), 0.1)  # two weights of the input, one of the state, two biases
    >>> mx.nd.RNN(mx.nd.ones((3, 1, 2)), weights, mx.nd.zeros((1, 1, 1)), state_size=1, num_layers=1,
    ...     mode='rnn_tanh').asnumpy().ravel().round(3)
    array([0.38 , 0.412, 0.415], dtype=float32)
    """
    return invoke(
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
        out,
    )


def ROIPooling(
    data: NDArray | None = None,
    rois: NDArray | None = None,
    pooled_size: int | tuple[int, ...] = REQUIRED,
    spatial_scale: float = REQUIRED,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """The largest element of each of `pooled_size` parts of each region. Regions end in whole elements, both included.

    Parameters
    ----------
    data : NDArray
        Images (N, C, H, W).
    rois : NDArray
        Regions (R, 5): number of the image, x1, y1, x2, y2. Those of images that do not exist give
        zeros.
    pooled_size : tuple of int
        Height and width of the result.
    spatial_scale : float
        Factor from the regions' coordinates to those of the data.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.arange(16).reshape((1, 1, 4, 4))
    >>> rois = mx.nd.array([[0, 0, 0, 3, 1]])
    >>> mx.nd.ROIPooling(x, rois, pooled_size=(1, 2), spatial_scale=1.0).asnumpy()[0, 0]
    array([[5., 7.]], dtype=float32)
    """
    return invoke(OPS["ROIPooling"], [data, rois], {"pooled_size": pooled_size, "spatial_scale": spatial_scale}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Reshape(mx.nd.array([1, 2, 3, 4]), shape=(2, -1)).asnumpy()
    array([[1., 2.],
           [3., 4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SVMOutput(mx.nd.array([[1, 2]]), mx.nd.array([1])).asnumpy()
    array([[1., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SequenceLast(mx.nd.array([[[1], [2]], [[3], [4]], [[5], [6]]]), mx.nd.array([1, 3]),
    ...     use_sequence_length=True).asnumpy()
    array([[1.],
           [6.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SequenceMask(mx.nd.array([[[1], [2]], [[3], [4]], [[5], [6]]]), mx.nd.array([1, 3]),
    ...     use_sequence_length=True).asnumpy()[:, :, 0]
    array([[1., 2.],
           [0., 4.],
           [0., 6.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SequenceReverse(mx.nd.array([[[1], [2]], [[3], [4]], [[5], [6]]]), mx.nd.array([2, 3]),
    ...     use_sequence_length=True).asnumpy()[:, :, 0]
    array([[3., 6.],
           [1., 4.],
           [5., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> left, right = mx.nd.SliceChannel(mx.nd.array([[1, 2], [3, 4]]), num_outputs=2)
    >>> right.asnumpy()
    array([[2.],
           [4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SoftmaxOutput(mx.nd.array([[1, 2, 3]]), mx.nd.array([2])).asnumpy().round(3)
    array([[0.09 , 0.245, 0.665]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SoftmaxActivation(mx.nd.array([[1, 2, 3]])).asnumpy().round(3)
    array([[0.09 , 0.245, 0.665]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SoftmaxOutput(mx.nd.array([[1, 2, 3]]), mx.nd.array([2])).asnumpy().round(3)
    array([[0.09 , 0.245, 0.665]], dtype=float32)
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


def SpatialTransformer(
    data: NDArray | None = None,
    loc: NDArray | None = None,
    target_shape: int | tuple[int, ...] = (0, 0),
    transform_type: str = REQUIRED,
    sampler_type: str = REQUIRED,
    cudnn_off: bool | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Images moved, turned and sheared: sampled at the places that an affine map gives those of the result.

    Parameters
    ----------
    data : NDArray
        Images (N, C, H, W).
    loc : NDArray
        Matrices (N, 6), row by row; see `GridGenerator`.
    target_shape : tuple of int, optional
        Height and width of the result; (0, 0): those of the data. Default (0, 0).
    transform_type : {'affine'}
        Kind of map.
    sampler_type : {'bilinear'}
        Kind of interpolation.
    cudnn_off : bool, optional
        Accepted for MXNet's sake; the same kernel runs either way.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.array([[[[1, 2], [3, 4]]]])
    >>> mirror = mx.nd.array([[-1, 0, 0, 0, 1, 0]])
    >>> y = mx.nd.SpatialTransformer(x, mirror, target_shape=(2, 2), transform_type="affine", sampler_type="bilinear")
    >>> y.asnumpy()[0, 0]
    array([[2., 1.],
           [4., 3.]], dtype=float32)
    """
    return invoke(
        OPS["SpatialTransformer"],
        [data, loc],
        {
            "target_shape": target_shape,
            "transform_type": transform_type,
            "sampler_type": sampler_type,
            "cudnn_off": cudnn_off,
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SwapAxis(mx.nd.array([[1, 2, 3]]), dim1=0, dim2=1).asnumpy()
    array([[1.],
           [2.],
           [3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SwapAxis(mx.nd.array([[1, 2, 3]]), dim1=0, dim2=1).asnumpy()
    array([[1.],
           [2.],
           [3.]], dtype=float32)
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
    """Images (N, C, H, W) enlarged to (N, C, H scale, W scale).

    With 'nearest' each element becomes a square of equal ones; of several arrays, the first is enlarged by
    `scale` and the others to the same size, then their channels are put together or added. With 'bilinear'
    the arrays are the data and the weight (C, 1, k, k) of a deconvolution, k = 2 scale - scale % 2, as
    `initializer.Bilinear` fills it.

    Parameters
    ----------
    *data : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.array([[[[1, 2]]]])
    >>> mx.nd.UpSampling(x, scale=2, sample_type="nearest").asnumpy()[0, 0]
    array([[1., 1., 2., 2.],
           [1., 1., 2., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.abs(mx.nd.array([-1, 2])).asnumpy()
    array([1., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> m, v = mx.nd.zeros((2,)), mx.nd.zeros((2,))
    >>> mx.nd.adam_update(w, g, m, v, lr=0.1, out=w).asnumpy().round(3)
    array([0.684, 1.316], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.add_n(mx.nd.array([1, 2]), mx.nd.array([10, 20]), mx.nd.array([100, 200])).asnumpy()
    array([111., 222.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.all_finite(mx.nd.array([1, 2])).asnumpy()
    array([1.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.amp_cast(mx.nd.array([1.5, 2]), dtype='float16').asnumpy()
    array([1.5, 2. ], dtype=float16)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> one, two = mx.nd.amp_multicast(mx.nd.array([1]), mx.nd.ones((1,), dtype='float16'), num_outputs=2)
    >>> two.dtype.__name__
    'float32'
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.arccos(mx.nd.array([0, 1])).asnumpy().round(3)
    array([1.571, 0.   ], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.arccosh(mx.nd.array([1, 2])).asnumpy().round(3)
    array([0.   , 1.317], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.arcsin(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 1.571], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.arcsinh(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 0.881], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.arctan(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 0.785], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.arctanh(mx.nd.array([0, 0.5])).asnumpy().round(3)
    array([0.   , 0.549], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.argmax(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([1., 1.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.argmax_channel(mx.nd.array([[1, 5, 2], [7, 0, 3]])).asnumpy()
    array([1., 0.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.argmin(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([0., 0.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.argsort(mx.nd.array([3, 1, 2])).asnumpy()
    array([1., 2., 0.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.batch_dot(mx.nd.array([[[1, 2]]]), mx.nd.array([[[3], [4]]])).asnumpy()
    array([[[11.]]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.batch_take(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([1, 0], dtype='int32')).asnumpy()
    array([2., 3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_add(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[3., 4., 5.],
           [4., 5., 6.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_axis(mx.nd.array([[1], [2]]), axis=1, size=3).asnumpy()
    array([[1., 1., 1.],
           [2., 2., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_axis(mx.nd.array([[1], [2]]), axis=1, size=3).asnumpy()
    array([[1., 1., 1.],
           [2., 2., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_div(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy().round(3)
    array([[0.5  , 1.   , 1.5  ],
           [0.333, 0.667, 1.   ]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_equal(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[0., 1., 0.],
           [0., 0., 1.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_greater(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[0., 0., 1.],
           [0., 0., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_greater_equal(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[0., 1., 1.],
           [0., 0., 1.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_hypot(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy().round(3)
    array([[2.236, 2.828, 3.606],
           [3.162, 3.606, 4.243]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_lesser(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[1., 0., 0.],
           [1., 1., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_lesser_equal(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[1., 1., 0.],
           [1., 1., 1.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_like(mx.nd.array([[1], [2]]), mx.nd.ones((2, 3))).asnumpy()
    array([[1., 1., 1.],
           [2., 2., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_logical_and(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[1., 1., 1.],
           [1., 1., 1.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_logical_or(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[1., 1., 1.],
           [1., 1., 1.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_logical_xor(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[0., 0., 0.],
           [0., 0., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_maximum(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[2., 2., 3.],
           [3., 3., 3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_minimum(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[1., 2., 2.],
           [1., 2., 3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_sub(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[-1.,  0.,  1.],
           [-2., -1.,  0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_mod(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[1., 0., 1.],
           [1., 2., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_mul(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[2., 4., 6.],
           [3., 6., 9.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_not_equal(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[1., 0., 1.],
           [1., 1., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_add(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[3., 4., 5.],
           [4., 5., 6.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_power(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[ 1.,  4.,  9.],
           [ 1.,  8., 27.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_sub(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[-1.,  0.,  1.],
           [-2., -1.,  0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.broadcast_to(mx.nd.array([[1], [2]]), shape=(2, 3)).asnumpy()
    array([[1., 1., 1.],
           [2., 2., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Cast(mx.nd.array([1.7, -1.7]), dtype='int32').asnumpy()
    array([ 1, -1], dtype=int32)
    """
    return invoke(OPS["Cast"], [data], {"dtype": dtype}, out)


def cast_storage(data: NDArray | None = None, stype: str = REQUIRED, out: Any = None, name: str | None = None) -> Any:
    """A copy of the array with another kind of storage, of which only the dense one is supported.

    Parameters
    ----------
    data : NDArray
        Input array.
    stype : {'csr', 'default', 'row_sparse'}
        Kind of storage: 'default' is dense.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.cast_storage(mx.nd.ones((2,)), stype="default").asnumpy()
    array([1., 1.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.cbrt(mx.nd.array([8, 27])).asnumpy().round(3)
    array([2., 3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.ceil(mx.nd.array([-1.5, 0.4])).asnumpy()
    array([-1.,  1.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.pick(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([1, 0])).asnumpy()
    array([2., 3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.clip(mx.nd.array([-2, 0.5, 3]), a_min=0, a_max=1).asnumpy()
    array([0. , 0.5, 1. ], dtype=float32)
    """
    return invoke(OPS["clip"], [data], {"a_min": a_min, "a_max": a_max}, out)


def col2im(
    data: NDArray | None = None,
    output_size: int | tuple[int, ...] = REQUIRED,
    kernel: int | tuple[int, ...] = REQUIRED,
    stride: int | tuple[int, ...] = (),
    dilate: int | tuple[int, ...] = (),
    pad: int | tuple[int, ...] = (),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Columns as windows: (N, C * kernel size, number of windows) -> (N, C, *output_size).

    Where windows overlap, their elements are added.

    Parameters
    ----------
    data : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.array([[[1, 2], [2, 3]]])
    >>> mx.nd.col2im(x, output_size=3, kernel=2).asnumpy()[0]
    array([[1., 4., 3.]], dtype=float32)
    """
    return invoke(
        OPS["col2im"],
        [data],
        {"output_size": output_size, "kernel": kernel, "stride": stride, "dilate": dilate, "pad": pad},
        out,
    )


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Concat(mx.nd.array([[1, 2]]), mx.nd.array([[3]]), dim=1).asnumpy()
    array([[1., 2., 3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.cos(mx.nd.array([0, 1])).asnumpy().round(3)
    array([1.  , 0.54], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.cosh(mx.nd.array([0, 1])).asnumpy().round(3)
    array([1.   , 1.543], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.slice(mx.nd.array([[1, 2, 3], [4, 5, 6]]), begin=(0, 1), end=(2, 3)).asnumpy()
    array([[2., 3.],
           [5., 6.]], dtype=float32)
    """
    return invoke(OPS["slice"], [data], {"begin": begin, "end": end, "step": step}, out)


def ctc_loss(
    data: NDArray | None = None,
    label: NDArray | None = None,
    data_lengths: NDArray | None = None,
    label_lengths: NDArray | None = None,
    use_data_lengths: bool = False,
    use_label_lengths: bool = False,
    blank_label: str = "first",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Connectionist temporal classification: -log of the probability that a sequence spells a label.

    The scores go through softmax. A label may be spelled with any of its parts repeated and with blanks in
    between. Blanks are class 0 and labels 1 and up (``blank_label='first'``), or blanks are the last class;
    a label ends at the first 0 or -1, unless its length is given. A label that does not fit into its steps
    costs nothing, as in MXNet; one of classes that do not exist costs infinitely much.

    Parameters
    ----------
    data : NDArray
        Scores (T, N, C): steps, batch, classes.
    label : NDArray
        Labels (N, L), L <= T.
    data_lengths : NDArray
        Number of steps of each sequence (N,), with use_data_lengths.
    label_lengths : NDArray
        Length of each label (N,), with use_label_lengths.
    use_data_lengths : bool, optional
        Whether `data_lengths` is given; otherwise all sequences have T steps. Default False.
    use_label_lengths : bool, optional
        Whether `label_lengths` is given. Default False.
    blank_label : {'first', 'last'}, optional
        Which class is the blank. Default 'first'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x, label = mx.nd.zeros((2, 1, 3)), mx.nd.array([[1]])
    >>> mx.nd.exp(-mx.nd.CTCLoss(x, label)).asnumpy().round(4)  # 3 of 9 spellings: 1 1, 1 blank, blank 1
    array([0.3333], dtype=float32)
    """
    return invoke(
        OPS["CTCLoss"],
        [data, label, data_lengths, label_lengths],
        {"use_data_lengths": use_data_lengths, "use_label_lengths": use_label_lengths, "blank_label": blank_label},
        out,
    )


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.cumsum(mx.nd.array([1, 2, 3])).asnumpy()
    array([1., 3., 6.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.degrees(mx.nd.array([0, 3.14159265])).asnumpy().round(3)
    array([  0., 180.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.depth_to_space(mx.nd.arange(4).reshape((1, 4, 1, 1)), block_size=2).asnumpy()[0, 0]
    array([[0., 1.],
           [2., 3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.diag(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
    array([1., 4.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.dot(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[1, 0], [1, 1]])).asnumpy()
    array([[3., 2.],
           [7., 4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.elemwise_add(mx.nd.array([6, 8]), mx.nd.array([2, 4])).asnumpy()
    array([ 8., 12.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.elemwise_div(mx.nd.array([6, 8]), mx.nd.array([2, 4])).asnumpy()
    array([3., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.elemwise_mul(mx.nd.array([6, 8]), mx.nd.array([2, 4])).asnumpy()
    array([12., 32.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.elemwise_sub(mx.nd.array([6, 8]), mx.nd.array([2, 4])).asnumpy()
    array([4., 4.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.erf(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 0.843], dtype=float32)
    """
    return invoke(OPS["erf"], [data], {}, out)


def erfinv(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse of the error function; infinite at -1 and 1, NaN beyond.

    Parameters
    ----------
    data : NDArray
        Input array of any shape.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.erfinv(mx.nd.array([0, 1])).asnumpy()
    array([ 0., inf], dtype=float32)
    """
    return invoke(OPS["erfinv"], [data], {}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.exp(mx.nd.array([0, 1])).asnumpy().round(3)
    array([1.   , 2.718], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.expand_dims(mx.nd.array([1, 2]), axis=0).asnumpy()
    array([[1., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.expm1(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 1.718], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.exponential(1.0, shape=(2,)).shape
    (2,)
    """
    return invoke(OPS["_random_exponential"], [], {"lam": lam, "shape": shape, "ctx": ctx, "dtype": dtype}, out)


def fill_element_0index(
    lhs: NDArray | None = None,
    mhs: NDArray | None = None,
    rhs: NDArray | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """A copy of a matrix with one element of each row replaced: ``y[i, rhs[i]] = mhs[i]``.

    Parameters
    ----------
    lhs : NDArray
        Matrix (n, m).
    mhs : NDArray
        New elements (n,).
    rhs : NDArray
        Their positions in the rows (n,).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.fill_element_0index(mx.nd.zeros((2, 2)), mx.nd.array([5, 6]), mx.nd.array([1, 0])).asnumpy()
    array([[0., 5.],
           [6., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.fix(mx.nd.array([-1.5, 1.5])).asnumpy()
    array([-1.,  1.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Flatten(mx.nd.array([[[1, 2], [3, 4]]])).asnumpy()
    array([[1., 2., 3., 4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.reverse(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([[2., 1.],
           [4., 3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.floor(mx.nd.array([-1.5, 0.4])).asnumpy()
    array([-2.,  0.], dtype=float32)
    """
    return invoke(OPS["floor"], [data], {}, out)


def ftml_update(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    d: NDArray | None = None,
    v: NDArray | None = None,
    z: NDArray | None = None,
    lr: float = REQUIRED,
    beta1: float = 0.6,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    t: int = REQUIRED,
    wd: float = 0.0,
    rescale_grad: float = 1.0,
    clip_grad: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Follow the moving leader.

    Parameters
    ----------
    weight : NDArray
        Weight.
    grad : NDArray
        Gradient.
    d : NDArray
        Last divisor.
    v : NDArray
        Mean of squared gradients.
    z : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> d, v, z = mx.nd.zeros((2,)), mx.nd.zeros((2,)), mx.nd.zeros((2,))
    >>> mx.nd.ftml_update(w, g, d, v, z, lr=0.1, t=1, out=w).asnumpy().round(3)
    array([0.9, 1.1], dtype=float32)
    """
    return invoke(
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
        out,
    )


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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> z, n = mx.nd.zeros((2,)), mx.nd.zeros((2,))
    >>> mx.nd.ftrl_update(w, g, z, n, lr=0.1, out=w).asnumpy().round(3)
    array([0.45, 0.55], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.gamma(mx.nd.array([1, 5])).asnumpy().round(3)
    array([ 1., 24.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.gammaln(mx.nd.array([1, 5])).asnumpy().round(3)
    array([0.   , 3.178], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.gather_nd(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[0, 1], [1, 0]])).asnumpy()
    array([2., 3.], dtype=float32)
    """
    return invoke(OPS["gather_nd"], [data, indices], {}, out)


def hard_sigmoid(
    data: NDArray | None = None,
    alpha: float = 0.2,
    beta: float = 0.5,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``alpha * x + beta``, limited to ``[0, 1]``.

    Parameters
    ----------
    data : NDArray
        Input array.
    alpha : float, optional
        Slope. Default 0.2.
    beta : float, optional
        Value at 0. Default 0.5.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.hard_sigmoid(mx.nd.array([-5, 0, 5])).asnumpy()
    array([0. , 0.5, 1. ], dtype=float32)
    """
    return invoke(OPS["hard_sigmoid"], [data], {"alpha": alpha, "beta": beta}, out)


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


def im2col(
    data: NDArray | None = None,
    kernel: int | tuple[int, ...] = REQUIRED,
    stride: int | tuple[int, ...] = (),
    dilate: int | tuple[int, ...] = (),
    pad: int | tuple[int, ...] = (),
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Windows as columns: (N, C, ...) -> (N, C * kernel size, number of windows).

    Parameters
    ----------
    data : NDArray
        Shape (N, C, W), (N, C, H, W) or (N, C, D, H, W).
    kernel : tuple of int >= 1
        Sizes of a window: (w,), (h, w) or (d, h, w).
    stride : tuple of int >= 1, optional
        Step of the windows along each axis; 1 if not given. Default ().
    dilate : tuple of int >= 1, optional
        Distance of a window's elements along each axis; 1 if not given. Default ().
    pad : tuple of int >= 0, optional
        Zeros added on both sides of each axis; 0 if not given. Default ().
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.array([[[1, 2, 3]]])
    >>> mx.nd.im2col(x, kernel=2).asnumpy()[0]
    array([[1., 2.],
           [2., 3.]], dtype=float32)
    """
    return invoke(OPS["im2col"], [data], {"kernel": kernel, "stride": stride, "dilate": dilate, "pad": pad}, out)


def khatri_rao(*args: NDArray, num_args: int | None = None, out: Any = None, name: str | None = None) -> Any:
    """Column-wise Kronecker product of matrices with as many columns: (r1, k), (r2, k), ... give (r1 * r2 * ..., k).

    Has no gradient, as in MXNet.

    Parameters
    ----------
    *args : NDArray
        Matrices with the same number of columns.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.khatri_rao(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[5, 6]])).asnumpy()
    array([[ 5., 12.],
           [15., 24.]], dtype=float32)
    """
    return invoke(OPS["khatri_rao"], _flatten(args), {"num_args": num_args}, out)


def lamb_update_phase1(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    mean: NDArray | None = None,
    var: NDArray | None = None,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-06,
    t: int = REQUIRED,
    bias_correction: bool = True,
    wd: float = REQUIRED,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """LAMB's direction: Adam's step for rate 1, with ``wd * weight`` added.

    Parameters
    ----------
    weight : NDArray
        Weight; it stays.
    grad : NDArray
        Gradient.
    mean : NDArray
        Mean of gradients.
    var : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> m, v = mx.nd.zeros((2,)), mx.nd.zeros((2,))
    >>> mx.nd.lamb_update_phase1(w, g, m, v, t=1, wd=0.1).asnumpy().round(3)
    array([ 1.1, -0.9], dtype=float32)
    """
    return invoke(
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
        out,
    )


def lamb_update_phase2(
    weight: NDArray | None = None,
    g: NDArray | None = None,
    r1: NDArray | None = None,
    r2: NDArray | None = None,
    lr: float = REQUIRED,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """LAMB's step: ``w -= lr * r1 / r2 * g``; a norm of 0 leaves the rate as it is.

    Parameters
    ----------
    weight : NDArray
        Weight.
    g : NDArray
        Direction, from phase 1.
    r1 : NDArray
        Norm of the weight (1,).
    r2 : NDArray
        Norm of the direction (1,).
    lr : float
        Learning rate.
    lower_bound : float, optional
        Least norm of the weight that counts; negative: none. Default -1.0.
    upper_bound : float, optional
        Largest norm of the weight that counts; negative: none. Default -1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> mx.nd.lamb_update_phase2(w, mx.nd.ones((2,)), mx.nd.array([1.5]), mx.nd.array([3]), lr=0.1,
    ...     out=w).asnumpy().round(3)
    array([0.95, 0.95], dtype=float32)
    """
    return invoke(
        OPS["lamb_update_phase2"],
        [weight, g, r1, r2],
        {"lr": lr, "lower_bound": lower_bound, "upper_bound": upper_bound},
        out,
    )


def linalg_det(A: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Determinants: (..., n, n) -> (...), or (1,) for one matrix. The gradient is zero where a matrix is singular.

    Parameters
    ----------
    A : NDArray
        Square matrices (..., n, n).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.det(mx.nd.array([[2, 1], [0, 3]])).asnumpy()
    array([6.], dtype=float32)
    """
    return invoke(OPS["_linalg_det"], [A], {}, out)


def linalg_extractdiag(A: NDArray | None = None, offset: int = 0, out: Any = None, name: str | None = None) -> Any:
    """One diagonal of each matrix: (..., n, n) -> (..., n - abs(offset)).

    Parameters
    ----------
    A : NDArray
        Square matrices (..., n, n).
    offset : int, optional
        Which diagonal: above (positive) or below the main one. Default 0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.extractdiag(mx.nd.array([[1, 2], [3, 4]]), offset=1).asnumpy()
    array([2.], dtype=float32)
    """
    return invoke(OPS["_linalg_extractdiag"], [A], {"offset": offset}, out)


def linalg_extracttrian(
    A: NDArray | None = None,
    offset: int = 0,
    lower: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """One triangle of each matrix: (..., n, n) -> (..., k * (k + 1) / 2) with k = n - abs(offset).

    Parameters
    ----------
    A : NDArray
        Square matrices (..., n, n).
    offset : int, optional
        Diagonal where the triangle ends: above (positive: upper triangle) or below the main one.
        Default 0.
    lower : bool, optional
        With offset 0: whether it is the lower triangle, else the upper one. Default True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.extracttrian(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
    array([1., 3., 4.], dtype=float32)
    """
    return invoke(OPS["_linalg_extracttrian"], [A], {"offset": offset, "lower": lower}, out)


def linalg_gelqf(A: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """LQ factors: ``A = L Q`` with lower triangular L and orthonormal rows of Q, for A with at least as many columns.

    Returns Q, then L.

    Parameters
    ----------
    A : NDArray
        Matrices (..., m, n), m <= n.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> q, low = mx.nd.linalg.gelqf(mx.nd.array([[3, 4], [1, 1]]))
    >>> mx.nd.linalg.gemm2(low, q).asnumpy().round(4).tolist()
    [[3.0, 4.0], [1.0, 1.0]]
    """
    return invoke(OPS["_linalg_gelqf"], [A], {}, out)


def linalg_gemm(
    A: NDArray | None = None,
    B: NDArray | None = None,
    C: NDArray | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    beta: float = 1.0,
    axis: int = -2,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``alpha * op(A) op(B) + beta * C`` for the matrices of batches.

    Parameters
    ----------
    A : NDArray
        Matrices (..., m, k).
    B : NDArray
        Matrices (..., k, n).
    C : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> ones = mx.nd.ones((2, 2))
    >>> mx.nd.linalg.gemm(ones, ones, ones, beta=10.0).asnumpy()
    array([[12., 12.],
           [12., 12.]], dtype=float32)
    """
    return invoke(
        OPS["_linalg_gemm"],
        [A, B, C],
        {"transpose_a": transpose_a, "transpose_b": transpose_b, "alpha": alpha, "beta": beta, "axis": axis},
        out,
    )


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
    """``alpha * op(A) op(B)`` for the matrices of two batches.

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
        Axis of the rows; that of the columns is always the last one. Default -2.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.gemm2(mx.nd.ones((2, 3)), mx.nd.ones((2, 3)), transpose_b=True, alpha=2.0).asnumpy()
    array([[6., 6.],
           [6., 6.]], dtype=float32)
    """
    return invoke(
        OPS["_linalg_gemm2"],
        [A, B],
        {"transpose_a": transpose_a, "transpose_b": transpose_b, "alpha": alpha, "axis": axis},
        out,
    )


def linalg_inverse(A: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse matrices. A singular matrix raises a ValueError on the CPU and gives NaN on a GPU.

    Parameters
    ----------
    A : NDArray
        Square matrices (..., n, n).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.inverse(mx.nd.array([[2, 0], [0, 4]])).asnumpy()
    array([[0.5 , 0.  ],
           [0.  , 0.25]], dtype=float32)
    """
    return invoke(OPS["_linalg_inverse"], [A], {}, out)


def linalg_makediag(A: NDArray | None = None, offset: int = 0, out: Any = None, name: str | None = None) -> Any:
    """Matrices with one given diagonal, zero elsewhere: (..., n) -> (..., n + abs(offset), n + abs(offset)).

    Parameters
    ----------
    A : NDArray
        Diagonals (..., n).
    offset : int, optional
        Which diagonal: above (positive) or below the main one. Default 0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.makediag(mx.nd.array([1, 2])).asnumpy()
    array([[1., 0.],
           [0., 2.]], dtype=float32)
    """
    return invoke(OPS["_linalg_makediag"], [A], {"offset": offset}, out)


def linalg_maketrian(
    A: NDArray | None = None,
    offset: int = 0,
    lower: bool = True,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Triangular matrices from their elements, as `linalg_extracttrian` gives them; zero elsewhere.

    Parameters
    ----------
    A : NDArray
        Elements of triangles (..., k * (k + 1) / 2).
    offset : int, optional
        Diagonal where the triangle ends: above (positive: upper triangle) or below the main one.
        Default 0.
    lower : bool, optional
        With offset 0: whether it is the lower triangle, else the upper one. Default True.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.maketrian(mx.nd.array([1, 2, 3])).asnumpy()
    array([[1., 0.],
           [2., 3.]], dtype=float32)
    """
    return invoke(OPS["_linalg_maketrian"], [A], {"offset": offset, "lower": lower}, out)


def linalg_potrf(A: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Cholesky factors: lower triangular L with ``L L^T = A`` for symmetric positive definite A.

    Only the lower triangle of A counts; the gradient is that of a symmetric A. A matrix that is not
    positive definite
    raises a ValueError on the CPU and gives NaN on a GPU.

    Parameters
    ----------
    A : NDArray
        Square matrices (..., n, n).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.potrf(mx.nd.array([[4, 2], [2, 5]])).asnumpy()
    array([[2., 0.],
           [1., 2.]], dtype=float32)
    """
    return invoke(OPS["_linalg_potrf"], [A], {}, out)


def linalg_potri(A: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Inverse matrices ``(L L^T)^-1`` from Cholesky factors L, of which only the lower triangle counts.

    Parameters
    ----------
    A : NDArray
        Cholesky factors (..., n, n).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.potri(mx.nd.array([[2, 0], [0, 1]])).asnumpy()
    array([[0.25, 0.  ],
           [0.  , 1.  ]], dtype=float32)
    """
    return invoke(OPS["_linalg_potri"], [A], {}, out)


def linalg_slogdet(A: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Sign and logarithm of the size of determinants: 0 and minus infinity for a singular matrix.

    No gradient goes through the sign.

    Parameters
    ----------
    A : NDArray
        Square matrices (..., n, n).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> sign, size = mx.nd.linalg.slogdet(mx.nd.array([[-1, 0], [0, 1]]))
    >>> sign.asscalar(), size.asscalar()
    (np.float32(-1.0), np.float32(0.0))
    """
    return invoke(OPS["_linalg_slogdet"], [A], {}, out)


def linalg_sumlogdiag(A: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Sums of the logarithms of the diagonals: (..., n, n) -> (...), or (1,) for one matrix.

    Parameters
    ----------
    A : NDArray
        Square matrices (..., n, n).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.sumlogdiag(mx.nd.ones((3, 3))).asnumpy()
    array([0.], dtype=float32)
    """
    return invoke(OPS["_linalg_sumlogdiag"], [A], {}, out)


def linalg_syevd(A: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """Eigenvectors and eigenvalues of symmetric matrices: ``A = U^T diag(values) U``.

    Returns U, whose rows are eigenvectors (the component of the largest size is positive), then the
    eigenvalues,
    ascending. Only the lower triangle of A counts. By Jacobi's method: exact, but slow for more than some
    hundred
    rows.

    Parameters
    ----------
    A : NDArray
        Square matrices (..., n, n).
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> u, values = mx.nd.linalg.syevd(mx.nd.array([[2, 0], [0, 1]]))
    >>> values.asnumpy()
    array([1., 2.], dtype=float32)
    """
    return invoke(OPS["_linalg_syevd"], [A], {}, out)


def linalg_syrk(
    A: NDArray | None = None,
    transpose: bool = False,
    alpha: float = 1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``alpha * A A^T`` or, with `transpose`, ``alpha * A^T A``, for each matrix of a batch.

    Parameters
    ----------
    A : NDArray
        Matrices (..., m, n).
    transpose : bool, optional
        Use the transpose of the first factor. Default False.
    alpha : float, optional
        Factor of the product. Default 1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.syrk(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
    array([[ 5., 11.],
           [11., 25.]], dtype=float32)
    """
    return invoke(OPS["_linalg_syrk"], [A], {"transpose": transpose, "alpha": alpha}, out)


def linalg_trmm(
    A: NDArray | None = None,
    B: NDArray | None = None,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """``alpha * op(A) B`` or, with `rightside`, ``alpha * B op(A)``, for triangular A.

    Parameters
    ----------
    A : NDArray
        Triangular matrices (..., n, n).
    B : NDArray
        Matrices (..., n, m) or, right of A, (..., m, n).
    transpose : bool, optional
        Use the transpose of A. Default False.
    rightside : bool, optional
        Whether A stands on the right. Default False.
    lower : bool, optional
        Whether the lower triangle of A counts, else the upper one. Default True.
    alpha : float, optional
        Factor of the product. Default 1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.trmm(mx.nd.array([[1, 9], [1, 1]]), mx.nd.ones((2, 2))).asnumpy()
    array([[1., 1.],
           [2., 2.]], dtype=float32)
    """
    return invoke(
        OPS["_linalg_trmm"],
        [A, B],
        {"transpose": transpose, "rightside": rightside, "lower": lower, "alpha": alpha},
        out,
    )


def linalg_trsm(
    A: NDArray | None = None,
    B: NDArray | None = None,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """X with ``op(A) X = alpha * B`` or, with `rightside`, ``X op(A) = alpha * B``, for triangular A.

    Zeros on the diagonal of A give infinities or NaN.

    Parameters
    ----------
    A : NDArray
        Triangular matrices (..., n, n).
    B : NDArray
        Matrices (..., n, m) or, right of A, (..., m, n).
    transpose : bool, optional
        Use the transpose of A. Default False.
    rightside : bool, optional
        Whether A stands on the right. Default False.
    lower : bool, optional
        Whether the lower triangle of A counts, else the upper one. Default True.
    alpha : float, optional
        Factor of B. Default 1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.linalg.trsm(mx.nd.array([[2, 0], [1, 1]]), mx.nd.array([[2], [3]])).asnumpy()
    array([[1.],
           [2.]], dtype=float32)
    """
    return invoke(
        OPS["_linalg_trsm"],
        [A, B],
        {"transpose": transpose, "rightside": rightside, "lower": lower, "alpha": alpha},
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.log(mx.nd.array([1, 10])).asnumpy().round(3)
    array([0.   , 2.303], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.log10(mx.nd.array([1, 100])).asnumpy().round(3)
    array([0., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.log1p(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 0.693], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.log2(mx.nd.array([1, 8])).asnumpy().round(3)
    array([0., 3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.log_softmax(mx.nd.array([[1, 2, 3]])).asnumpy().round(3)
    array([[-2.408, -1.408, -0.408]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.logical_not(mx.nd.array([0, 2])).asnumpy()
    array([1., 0.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.make_loss(mx.nd.array([1, 2])).asnumpy()
    array([1., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.max(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([2., 4.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.max(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([2., 4.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.mean(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([1.5, 3.5], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.min(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([1., 3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.min(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([1., 3.], dtype=float32)
    """
    return invoke(OPS["min"], [data], {"axis": axis, "keepdims": keepdims, "exclude": exclude}, out)


def moments(
    data: NDArray | None = None,
    axes: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Mean and variance over the given axes.

    Parameters
    ----------
    data : NDArray
        Input array.
    axes : tuple of int, optional
        Axes, at least one.
    keepdims : bool, optional
        Keep the reduced axes with size 1. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mean, var = mx.nd.moments(mx.nd.array([[1, 2], [3, 6]]), axes=(0,))
    >>> mean.asnumpy(), var.asnumpy()
    (array([2., 4.], dtype=float32), array([1., 4.], dtype=float32))
    """
    return invoke(OPS["moments"], [data], {"axes": axes, "keepdims": keepdims}, out)


def mp_lamb_update_phase1(
    weight: NDArray | None = None,
    grad: NDArray | None = None,
    mean: NDArray | None = None,
    var: NDArray | None = None,
    weight32: NDArray | None = None,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-06,
    t: int = REQUIRED,
    bias_correction: bool = True,
    wd: float = REQUIRED,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """LAMB's direction: Adam's step for rate 1, with ``wd * weight`` added. In float32, of a 16-bit weight's copy.

    Parameters
    ----------
    weight : NDArray
        Weight; it stays.
    grad : NDArray
        Gradient.
    mean : NDArray
        Mean of gradients.
    var : NDArray
        Mean of squared gradients.
    weight32 : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
    >>> m, v = mx.nd.zeros((2,)), mx.nd.zeros((2,))
    >>> mx.nd.mp_lamb_update_phase1(w, g, m, v, copy, t=1, wd=0.1).asnumpy().round(3)
    array([1.1, 1.1], dtype=float32)
    """
    return invoke(
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
        out,
    )


def mp_lamb_update_phase2(
    weight: NDArray | None = None,
    g: NDArray | None = None,
    r1: NDArray | None = None,
    r2: NDArray | None = None,
    weight32: NDArray | None = None,
    lr: float = REQUIRED,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """LAMB's step: ``w -= lr * r1 / r2 * g``; a norm of 0 leaves the rate as it is.

    From a 16-bit weight's copy, which stays as it is (as in MXNet 1.9.1).

    Parameters
    ----------
    weight : NDArray
        Weight.
    g : NDArray
        Direction, from phase 1.
    r1 : NDArray
        Norm of the weight (1,).
    r2 : NDArray
        Norm of the direction (1,).
    weight32 : NDArray
        The weight in float32.
    lr : float
        Learning rate.
    lower_bound : float, optional
        Least norm of the weight that counts; negative: none. Default -1.0.
    upper_bound : float, optional
        Largest norm of the weight that counts; negative: none. Default -1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
    >>> mx.nd.mp_lamb_update_phase2(w, mx.nd.ones((2,)), mx.nd.array([1.5]), mx.nd.array([3]), copy,
    ...     lr=0.1, out=w).asnumpy()
    array([0.95, 0.95], dtype=float16)
    """
    return invoke(
        OPS["mp_lamb_update_phase2"],
        [weight, g, r1, r2, weight32],
        {"lr": lr, "lower_bound": lower_bound, "upper_bound": upper_bound},
        out,
    )


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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
    >>> m = mx.nd.zeros((2,))
    >>> mx.nd.mp_nag_mom_update(w, g, m, copy, lr=0.1, momentum=0.9, out=w).asnumpy()
    array([0.81, 0.81], dtype=float16)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
    >>> m = mx.nd.zeros((2,))
    >>> mx.nd.mp_sgd_mom_update(w, g, m, copy, lr=0.1, momentum=0.9, out=w).asnumpy()
    array([0.9, 0.9], dtype=float16)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
    >>> mx.nd.mp_sgd_update(w, g, copy, lr=0.1, out=w).asnumpy()
    array([0.9, 0.9], dtype=float16)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> import numpy as np
    >>> mx.nd.multi_all_finite(mx.nd.array([1, 2]), mx.nd.array([np.inf]), num_arrays=2).asnumpy()
    array([0.], dtype=float32)
    """
    return invoke(OPS["multi_all_finite"], _flatten(data), {"num_arrays": num_arrays, "init_output": init_output}, out)


def multi_lars(
    lrs: NDArray | None = None,
    weights_sum_sq: NDArray | None = None,
    grads_sum_sq: NDArray | None = None,
    wds: NDArray | None = None,
    eta: float = REQUIRED,
    eps: float = REQUIRED,
    rescale_grad: float = 1.0,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Learning rates of layers by LARS, ``lr * eta * |w| / (|g| * rescale_grad + wd * |w| + eps)``.

    Where the norm ``|w|`` of a weight or ``|g|`` of its gradient is 0 the rate stays.

    Parameters
    ----------
    lrs : NDArray
        Learning rates (k,).
    weights_sum_sq : NDArray
        Sum of squares of each weight (k,).
    grads_sum_sq : NDArray
        Sum of squares of each gradient (k,).
    wds : NDArray
        Weight decays (k,).
    eta : float
        Trust in the ratio.
    eps : float
        Added to the divisor.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.multi_lars(mx.nd.array([0.1, 0.1]), mx.nd.array([4, 0]), mx.nd.array([1, 1]), mx.nd.array([0,
    ...     0]), eta=0.5, eps=0.0).asnumpy().round(3)
    array([0.1, 0.1], dtype=float32)
    """
    return invoke(
        OPS["multi_lars"],
        [lrs, weights_sum_sq, grads_sum_sq, wds],
        {"eta": eta, "eps": eps, "rescale_grad": rescale_grad},
        out,
    )


def multi_mp_sgd_mom_update(
    *data: NDArray,
    lrs: float | tuple[float, ...] = REQUIRED,
    wds: float | tuple[float, ...] = REQUIRED,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`mp_sgd_mom_update` of several weights, each with rates of its own.

    Parameters
    ----------
    *data : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
    >>> m = mx.nd.zeros((2,))
    >>> mx.nd.multi_mp_sgd_mom_update(w, g, m, copy, lrs=(0.1,), wds=(0.5,), momentum=0.9, num_weights=1,
    ...     out=w).asnumpy()
    array([0.85, 0.85], dtype=float16)
    """
    return invoke(
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
        out,
    )


def multi_mp_sgd_update(
    *data: NDArray,
    lrs: float | tuple[float, ...] = REQUIRED,
    wds: float | tuple[float, ...] = REQUIRED,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`mp_sgd_update` of several weights, each with rates of its own.

    Parameters
    ----------
    *data : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
    >>> mx.nd.multi_mp_sgd_update(w, g, copy, lrs=(0.1,), wds=(0.5,), num_weights=1, out=w).asnumpy()
    array([0.85, 0.85], dtype=float16)
    """
    return invoke(
        OPS["multi_mp_sgd_update"],
        _flatten(data),
        {
            "lrs": lrs,
            "wds": wds,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        out,
    )


def multi_sgd_mom_update(
    *data: NDArray,
    lrs: float | tuple[float, ...] = REQUIRED,
    wds: float | tuple[float, ...] = REQUIRED,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`sgd_mom_update` of several weights, each with rates of its own.

    Parameters
    ----------
    *data : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> m = mx.nd.zeros((2,))
    >>> mx.nd.multi_sgd_mom_update(w, g, m, lrs=(0.1,), wds=(0.5,), momentum=0.9, num_weights=1,
    ...     out=w).asnumpy().round(3)
    array([0.85, 1.05], dtype=float32)
    """
    return invoke(
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
        out,
    )


def multi_sgd_update(
    *data: NDArray,
    lrs: float | tuple[float, ...] = REQUIRED,
    wds: float | tuple[float, ...] = REQUIRED,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`sgd_update` of several weights, each with rates of its own.

    Parameters
    ----------
    *data : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> mx.nd.multi_sgd_update(w, g, lrs=(0.1,), wds=(0.5,), num_weights=1, out=w).asnumpy().round(3)
    array([0.85, 1.05], dtype=float32)
    """
    return invoke(
        OPS["multi_sgd_update"],
        _flatten(data),
        {
            "lrs": lrs,
            "wds": wds,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        out,
    )


def multi_sum_sq(*data: NDArray, num_arrays: int | None = None, out: Any = None, name: str | None = None) -> Any:
    """The sum of squares of each array, as one array (num_arrays,) of float32.

    Parameters
    ----------
    *data : NDArray
        Arrays of one floating point type.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.multi_sum_sq(mx.nd.array([1, 2]), mx.nd.array([3]), num_arrays=2).asnumpy()
    array([5., 9.], dtype=float32)
    """
    return invoke(OPS["multi_sum_sq"], _flatten(data), {"num_arrays": num_arrays}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> m = mx.nd.zeros((2,))
    >>> mx.nd.nag_mom_update(w, g, m, lr=0.1, momentum=0.9, out=w).asnumpy().round(3)
    array([0.81, 1.19], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> import numpy as np
    >>> mx.nd.nanprod(mx.nd.array([3, np.nan, 2])).asnumpy()
    array([6.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> import numpy as np
    >>> mx.nd.nansum(mx.nd.array([1, np.nan, 2])).asnumpy()
    array([3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.negative(mx.nd.array([1, -2])).asnumpy()
    array([-1.,  2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.norm(mx.nd.array([3, 4])).asnumpy()
    array([5.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.normal(0, 1, shape=(2,)).shape
    (2,)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.one_hot(mx.nd.array([1, 0]), depth=3).asnumpy()
    array([[0., 1., 0.],
           [1., 0., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.ones_like(mx.nd.array([3, 4])).asnumpy()
    array([1., 1.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.ones((1, 1, 1, 2))
    >>> mx.nd.Pad(x, mode='constant', pad_width=(0, 0, 0, 0, 1, 0, 1, 1)).asnumpy()[0, 0]
    array([[0., 0., 0., 0.],
           [0., 1., 1., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.pick(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([1, 0])).asnumpy()
    array([2., 3.], dtype=float32)
    """
    return invoke(OPS["pick"], [data, index], {"axis": axis, "keepdims": keepdims, "mode": mode}, out)


def preloaded_multi_mp_sgd_mom_update(
    *data: NDArray,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`mp_sgd_mom_update` of several weights, each with rates of its own, which are arrays.

    Parameters
    ----------
    *data : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
    >>> m = mx.nd.zeros((2,))
    >>> mx.nd.preloaded_multi_mp_sgd_mom_update(w, g, m, copy, mx.nd.array([0.1]), mx.nd.array([0.5]),
    ...     momentum=0.9, num_weights=1, out=w).asnumpy()
    array([0.85, 0.85], dtype=float16)
    """
    return invoke(
        OPS["preloaded_multi_mp_sgd_mom_update"],
        _flatten(data),
        {
            "momentum": momentum,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        out,
    )


def preloaded_multi_mp_sgd_update(
    *data: NDArray,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`mp_sgd_update` of several weights, each with rates of its own, which are arrays.

    Parameters
    ----------
    *data : NDArray
        Arrays of the first weight, then of the next: weight, grad, weight32; after those of all weights
        lrs, wds.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
    >>> mx.nd.preloaded_multi_mp_sgd_update(w, g, copy, mx.nd.array([0.1]), mx.nd.array([0.5]),
    ...     num_weights=1, out=w).asnumpy()
    array([0.85, 0.85], dtype=float16)
    """
    return invoke(
        OPS["preloaded_multi_mp_sgd_update"],
        _flatten(data),
        {"rescale_grad": rescale_grad, "clip_gradient": clip_gradient, "num_weights": num_weights},
        out,
    )


def preloaded_multi_sgd_mom_update(
    *data: NDArray,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`sgd_mom_update` of several weights, each with rates of its own, which are arrays.

    Parameters
    ----------
    *data : NDArray
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> m = mx.nd.zeros((2,))
    >>> mx.nd.preloaded_multi_sgd_mom_update(w, g, m, mx.nd.array([0.1]), mx.nd.array([0.5]), momentum=0.9,
    ...     num_weights=1, out=w).asnumpy().round(3)
    array([0.85, 1.05], dtype=float32)
    """
    return invoke(
        OPS["preloaded_multi_sgd_mom_update"],
        _flatten(data),
        {
            "momentum": momentum,
            "rescale_grad": rescale_grad,
            "clip_gradient": clip_gradient,
            "num_weights": num_weights,
        },
        out,
    )


def preloaded_multi_sgd_update(
    *data: NDArray,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """`sgd_update` of several weights, each with rates of its own, which are arrays.

    Parameters
    ----------
    *data : NDArray
        Arrays of the first weight, then of the next: weight, grad; after those of all weights lrs, wds.
    rescale_grad : float, optional
        Factor of the gradient. Default 1.0.
    clip_gradient : float, optional
        Limit of the rescaled gradient's elements; negative: none. Default -1.0.
    num_weights : int >= 1, optional
        Number of weights. Default 1.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> mx.nd.preloaded_multi_sgd_update(w, g, mx.nd.array([0.1]), mx.nd.array([0.5]), num_weights=1,
    ...     out=w).asnumpy().round(3)
    array([0.85, 1.05], dtype=float32)
    """
    return invoke(
        OPS["preloaded_multi_sgd_update"],
        _flatten(data),
        {"rescale_grad": rescale_grad, "clip_gradient": clip_gradient, "num_weights": num_weights},
        out,
    )


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.prod(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([ 2., 12.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.radians(mx.nd.array([0, 180])).asnumpy().round(3)
    array([0.   , 3.142], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.exponential(1.0, shape=(2,)).shape
    (2,)
    """
    return invoke(OPS["_random_exponential"], [], {"lam": lam, "shape": shape, "ctx": ctx, "dtype": dtype}, out)


def random_gamma(
    alpha: float = 1.0,
    beta: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random_gamma(shape=(2, 3)).shape
    (2, 3)
    """
    return invoke(
        OPS["_random_gamma"],
        [],
        {"alpha": alpha, "beta": beta, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


def random_generalized_negative_binomial(
    mu: float = 1.0,
    alpha: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random_generalized_negative_binomial(shape=(2, 3)).shape
    (2, 3)
    """
    return invoke(
        OPS["_random_generalized_negative_binomial"],
        [],
        {"mu": mu, "alpha": alpha, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


def random_negative_binomial(
    k: int = 1,
    p: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random_negative_binomial(shape=(2, 3)).shape
    (2, 3)
    """
    return invoke(
        OPS["_random_negative_binomial"],
        [],
        {"k": k, "p": p, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.normal(0, 1, shape=(2,)).shape
    (2,)
    """
    return invoke(
        OPS["_random_normal"],
        [],
        {"loc": loc, "scale": scale, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


def random_pdf_dirichlet(
    sample: NDArray | None = None,
    alpha: NDArray | None = None,
    is_log: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Density of the dirichlet distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : NDArray
        Points (..., k): shares that add up to 1.
    alpha : NDArray
        Exponents (..., k).
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> density = mx.nd.random_pdf_dirichlet(*[mx.nd.array(x) for x in ([[0.5, 0.5]], [1.0, 1.0])])
    >>> f"{density.asscalar():.4f}"
    '1.0000'
    """
    return invoke(OPS["_random_pdf_dirichlet"], [sample, alpha], {"is_log": is_log}, out)


def random_pdf_exponential(
    sample: NDArray | None = None,
    lam: NDArray | None = None,
    is_log: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Density of the exponential distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : NDArray
        Points.
    lam : NDArray
        Rates.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> density = mx.nd.random_pdf_exponential(*[mx.nd.array(x) for x in ([[0.0]], [2.0])])
    >>> f"{density.asscalar():.4f}"
    '2.0000'
    """
    return invoke(OPS["_random_pdf_exponential"], [sample, lam], {"is_log": is_log}, out)


def random_pdf_gamma(
    sample: NDArray | None = None,
    alpha: NDArray | None = None,
    beta: NDArray | None = None,
    is_log: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Density of the gamma distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : NDArray
        Points.
    alpha : NDArray
        Shapes.
    beta : NDArray
        Rates (1 / scale).
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> density = mx.nd.random_pdf_gamma(*[mx.nd.array(x) for x in ([[1.0]], [1.0], [1.0])])
    >>> f"{density.asscalar():.4f}"
    '0.3679'
    """
    return invoke(OPS["_random_pdf_gamma"], [sample, alpha, beta], {"is_log": is_log}, out)


def random_pdf_generalized_negative_binomial(
    sample: NDArray | None = None,
    mu: NDArray | None = None,
    alpha: NDArray | None = None,
    is_log: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Density of the generalized negative binomial distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : NDArray
        Points.
    mu : NDArray
        Means.
    alpha : NDArray
        Dispersions.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> density = mx.nd.random_pdf_generalized_negative_binomial(*[mx.nd.array(x) for x in ([[0.0]], [1.0], [1.0])])
    >>> f"{density.asscalar():.4f}"
    '0.5000'
    """
    return invoke(OPS["_random_pdf_generalized_negative_binomial"], [sample, mu, alpha], {"is_log": is_log}, out)


def random_pdf_negative_binomial(
    sample: NDArray | None = None,
    k: NDArray | None = None,
    p: NDArray | None = None,
    is_log: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Density of the negative binomial distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : NDArray
        Points.
    k : NDArray
        Numbers of successes.
    p : NDArray
        Probabilities of a success.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> density = mx.nd.random_pdf_negative_binomial(*[mx.nd.array(x) for x in ([[0.0]], [1.0], [0.5])])
    >>> f"{density.asscalar():.4f}"
    '0.5000'
    """
    return invoke(OPS["_random_pdf_negative_binomial"], [sample, k, p], {"is_log": is_log}, out)


def random_pdf_normal(
    sample: NDArray | None = None,
    mu: NDArray | None = None,
    sigma: NDArray | None = None,
    is_log: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Density of the normal distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : NDArray
        Points.
    mu : NDArray
        Means.
    sigma : NDArray
        Standard deviations.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> density = mx.nd.random_pdf_normal(*[mx.nd.array(x) for x in ([[0.0]], [0.0], [1.0])])
    >>> f"{density.asscalar():.4f}"
    '0.3989'
    """
    return invoke(OPS["_random_pdf_normal"], [sample, mu, sigma], {"is_log": is_log}, out)


def random_pdf_poisson(
    sample: NDArray | None = None,
    lam: NDArray | None = None,
    is_log: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Density of the poisson distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : NDArray
        Points.
    lam : NDArray
        Means.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> density = mx.nd.random_pdf_poisson(*[mx.nd.array(x) for x in ([[0.0]], [1.0])])
    >>> f"{density.asscalar():.4f}"
    '0.3679'
    """
    return invoke(OPS["_random_pdf_poisson"], [sample, lam], {"is_log": is_log}, out)


def random_pdf_uniform(
    sample: NDArray | None = None,
    low: NDArray | None = None,
    high: NDArray | None = None,
    is_log: bool = False,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Density of the uniform distribution at `sample`, or its logarithm.

    The first axes of `sample` are those of the parameters: each of their elements is one distribution.

    Parameters
    ----------
    sample : NDArray
        Points.
    low : NDArray
        Lower ends.
    high : NDArray
        Upper ends.
    is_log : bool, optional
        Return the logarithm of the density. Default False.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> density = mx.nd.random_pdf_uniform(*[mx.nd.array(x) for x in ([[1.0]], [0.0], [4.0])])
    >>> f"{density.asscalar():.4f}"
    '0.2500'
    """
    return invoke(OPS["_random_pdf_uniform"], [sample, low, high], {"is_log": is_log}, out)


def random_poisson(
    lam: float = 1.0,
    shape: int | tuple[int, ...] | None = None,
    ctx: str = "",
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
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
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random_poisson(shape=(2, 3)).shape
    (2, 3)
    """
    return invoke(OPS["_random_poisson"], [], {"lam": lam, "shape": shape, "ctx": ctx, "dtype": dtype}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.randint(0, 5, shape=(2,)).shape
    (2,)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.uniform(0, 1, shape=(2,)).shape
    (2,)
    """
    return invoke(
        OPS["_random_uniform"],
        [],
        {"low": low, "high": high, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


def ravel_multi_index(
    data: NDArray | None = None,
    shape: int | tuple[int, ...] | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Positions (n,) in an array of a given shape, row by row, from coordinates (axes, n).

    Parameters
    ----------
    data : NDArray
        Coordinates (axes, n).
    shape : tuple of int, optional
        Sizes of the space; the first may be -1.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.ravel_multi_index(mx.nd.array([[3, 6], [4, 5]]), shape=(7, 6)).asnumpy()
    array([22., 41.], dtype=float32)
    """
    return invoke(OPS["_ravel_multi_index"], [data], {"shape": shape}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.rcbrt(mx.nd.array([8, 27])).asnumpy().round(3)
    array([0.5  , 0.333], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.reciprocal(mx.nd.array([2, 4])).asnumpy()
    array([0.5 , 0.25], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.relu(mx.nd.array([-1, 2])).asnumpy()
    array([0., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.repeat(mx.nd.array([1, 2]), repeats=2).asnumpy()
    array([1., 1., 2., 2.], dtype=float32)
    """
    return invoke(OPS["repeat"], [data], {"repeats": repeats, "axis": axis}, out)


def reset_arrays(*data: NDArray, num_arrays: int | None = None, out: Any = None, name: str | None = None) -> Any:
    """Set all elements of the arrays to 0, in place.

    Parameters
    ----------
    *data : NDArray
        Arrays of any type.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.array([1, 2])
    >>> mx.nd.reset_arrays(x, num_arrays=1)
    []
    >>> x.asnumpy()
    array([0., 0.], dtype=float32)
    """
    return invoke(OPS["reset_arrays"], _flatten(data), {"num_arrays": num_arrays}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.Reshape(mx.nd.array([1, 2, 3, 4]), shape=(2, -1)).asnumpy()
    array([[1., 2.],
           [3., 4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.reshape_like(mx.nd.array([1, 2, 3, 4]), mx.nd.ones((2, 2))).asnumpy()
    array([[1., 2.],
           [3., 4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.reverse(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([[2., 1.],
           [4., 3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.rint(mx.nd.array([-1.5, 0.4, 2.5])).asnumpy()
    array([-2.,  0.,  2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> n = mx.nd.zeros((2,))
    >>> mx.nd.rmsprop_update(w, g, n, lr=0.1, out=w).asnumpy().round(3)
    array([0.553, 1.447], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> n, mean, delta = mx.nd.zeros((2,)), mx.nd.zeros((2,)), mx.nd.zeros((2,))
    >>> mx.nd.rmspropalex_update(w, g, n, mean, delta, lr=0.1, out=w).asnumpy().round(3)
    array([0.541, 1.459], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.round(mx.nd.array([-1.5, 0.4, 2.5])).asnumpy()
    array([-2.,  0.,  3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.rsqrt(mx.nd.array([4, 16])).asnumpy().round(3)
    array([0.5 , 0.25], dtype=float32)
    """
    return invoke(OPS["rsqrt"], [data], {}, out)


def sample_exponential(
    lam: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Exponentially distributed random numbers, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    lam : NDArray
        Rates. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> rows = [mx.nd.array([0.5, 1.0])] * 1
    >>> mx.nd.sample_exponential(*rows, shape=3).shape
    (2, 3)
    """
    return invoke(OPS["_sample_exponential"], [lam], {"shape": shape, "dtype": dtype}, out)


def sample_gamma(
    alpha: NDArray | None = None,
    beta: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Gamma distributed random numbers with mean ``alpha * beta``, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    alpha : NDArray
        Shapes. All parameters have one shape and type.
    beta : NDArray
        Scales. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> rows = [mx.nd.array([0.5, 1.0])] * 2
    >>> mx.nd.sample_gamma(*rows, shape=3).shape
    (2, 3)
    """
    return invoke(OPS["_sample_gamma"], [alpha, beta], {"shape": shape, "dtype": dtype}, out)


def sample_generalized_negative_binomial(
    mu: NDArray | None = None,
    alpha: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Negative binomial random counts with mean `mu` and variance ``mu + alpha * mu^2``, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    mu : NDArray
        Means. All parameters have one shape and type.
    alpha : NDArray
        Dispersions. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> rows = [mx.nd.array([0.5, 1.0])] * 2
    >>> mx.nd.sample_generalized_negative_binomial(*rows, shape=3).shape
    (2, 3)
    """
    return invoke(OPS["_sample_generalized_negative_binomial"], [mu, alpha], {"shape": shape, "dtype": dtype}, out)


def sample_multinomial(
    data: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    get_prob: bool = False,
    dtype: str = "int32",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Random categories, each with its probability: (..., k) -> (..., *shape).

    With `get_prob`, also the logarithms of their probabilities, which have a gradient.

    Parameters
    ----------
    data : NDArray
        Probabilities (..., k), which add up to 1 along the last axis.
    shape : tuple of int >= 0, optional
        How many categories are drawn for each distribution; default one. Default ().
    get_prob : bool, optional
        Return the logarithms of the probabilities, too. Default False.
    dtype : {'int32', 'uint8', 'float16', 'float32', 'float64'}, optional
        Element type of the categories. Default 'int32'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.sample_multinomial(mx.nd.array([[0, 1, 0], [0, 0, 1]]), shape=2).asnumpy()
    array([[1, 1],
           [2, 2]], dtype=int32)
    """
    return invoke(OPS["_sample_multinomial"], [data], {"shape": shape, "get_prob": get_prob, "dtype": dtype}, out)


def sample_negative_binomial(
    k: NDArray | None = None,
    p: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Random counts of failures before the k-th success of probability p, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    k : NDArray
        Numbers of successes. All parameters have one shape and type.
    p : NDArray
        Probabilities of a success. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> rows = [mx.nd.array([0.5, 1.0])] * 2
    >>> mx.nd.sample_negative_binomial(*rows, shape=3).shape
    (2, 3)
    """
    return invoke(OPS["_sample_negative_binomial"], [k, p], {"shape": shape, "dtype": dtype}, out)


def sample_normal(
    mu: NDArray | None = None,
    sigma: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Normally distributed random numbers, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    mu : NDArray
        Means. All parameters have one shape and type.
    sigma : NDArray
        Standard deviations. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> rows = [mx.nd.array([0.5, 1.0])] * 2
    >>> mx.nd.sample_normal(*rows, shape=3).shape
    (2, 3)
    """
    return invoke(OPS["_sample_normal"], [mu, sigma], {"shape": shape, "dtype": dtype}, out)


def sample_poisson(
    lam: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Poisson distributed random counts, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    lam : NDArray
        Means. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> rows = [mx.nd.array([0.5, 1.0])] * 1
    >>> mx.nd.sample_poisson(*rows, shape=3).shape
    (2, 3)
    """
    return invoke(OPS["_sample_poisson"], [lam], {"shape": shape, "dtype": dtype}, out)


def sample_uniform(
    low: NDArray | None = None,
    high: NDArray | None = None,
    shape: int | tuple[int, ...] = (),
    dtype: str = "None",
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Uniform random numbers in ``[low, high)``, with parameters from arrays.

    The result has the shape of the parameters, followed by `shape`; parameters out of range give NaN.

    Parameters
    ----------
    low : NDArray
        Lower ends. All parameters have one shape and type.
    high : NDArray
        Upper ends. All parameters have one shape and type.
    shape : tuple of int >= 0, optional
        How many numbers each element of the parameters gets; default one. Default ().
    dtype : {'float32', 'float64', 'float16', 'bfloat16', 'None'}, optional
        Element type of the result; default that of the parameters. Default 'None'.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> rows = [mx.nd.array([0.5, 1.0])] * 2
    >>> mx.nd.sample_uniform(*rows, shape=3).shape
    (2, 3)
    """
    return invoke(OPS["_sample_uniform"], [low, high], {"shape": shape, "dtype": dtype}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.scatter_nd(mx.nd.array([5, 7]), mx.nd.array([[0, 1], [1, 0]]), shape=(2, 2)).asnumpy()
    array([[0., 5.],
           [7., 0.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> m = mx.nd.zeros((2,))
    >>> mx.nd.sgd_mom_update(w, g, m, lr=0.1, momentum=0.9, out=w).asnumpy().round(3)
    array([0.9, 1.1], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> mx.nd.sgd_update(w, g, lr=0.1, out=w).asnumpy().round(3)
    array([0.9, 1.1], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.shape_array(mx.nd.array([[1, 2, 3]])).asnumpy()
    array([1, 3])
    """
    return invoke(OPS["shape_array"], [data], {}, out)


def shuffle(data: NDArray | None = None, out: Any = None, name: str | None = None) -> Any:
    """The rows of an array (along axis 0) in random order.

    Parameters
    ----------
    data : NDArray
        Input array.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray or list of NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> sorted(mx.nd.shuffle(mx.nd.array([1, 2, 3])).asnumpy().tolist())
    [1.0, 2.0, 3.0]
    """
    return invoke(OPS["_shuffle"], [data], {}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.sigmoid(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.5  , 0.731], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.sign(mx.nd.array([-3, 0, 5])).asnumpy()
    array([-1.,  0.,  1.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> mx.nd.signsgd_update(w, g, lr=0.1, out=w).asnumpy().round(3)
    array([0.9, 1.1], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
    >>> m = mx.nd.zeros((2,))
    >>> mx.nd.signum_update(w, g, m, lr=0.1, momentum=0.9, out=w).asnumpy().round(3)
    array([0.9, 1.1], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.sin(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 0.841], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.sinh(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 1.175], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.size_array(mx.nd.array([[1, 2, 3]])).asnumpy()
    array([3])
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.slice(mx.nd.array([[1, 2, 3], [4, 5, 6]]), begin=(0, 1), end=(2, 3)).asnumpy()
    array([[2., 3.],
           [5., 6.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.slice_axis(mx.nd.array([[1, 2, 3]]), axis=1, begin=1, end=3).asnumpy()
    array([[2., 3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.slice_like(mx.nd.array([[1, 2, 3], [4, 5, 6]]), mx.nd.ones((1, 2))).asnumpy()
    array([[1., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.smooth_l1(mx.nd.array([-2, 0.5])).asnumpy().round(3)
    array([1.5  , 0.125], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.softmax(mx.nd.array([[1, 2, 3]])).asnumpy().round(3)
    array([[0.09 , 0.245, 0.665]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.softmax_cross_entropy(mx.nd.array([[1, 2, 3]]), mx.nd.array([2])).asnumpy().round(3)
    array([0.408], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.softmin(mx.nd.array([[1, 2, 3]])).asnumpy().round(3)
    array([[0.665, 0.245, 0.09 ]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.softsign(mx.nd.array([-1, 3])).asnumpy().round(3)
    array([-0.5 ,  0.75], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.sort(mx.nd.array([3, 1, 2])).asnumpy()
    array([1., 2., 3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.space_to_depth(mx.nd.arange(4).reshape((1, 1, 2, 2)), block_size=2).asnumpy().ravel()
    array([0., 1., 2., 3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> left, right = mx.nd.SliceChannel(mx.nd.array([[1, 2], [3, 4]]), num_outputs=2)
    >>> right.asnumpy()
    array([[2.],
           [4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.sqrt(mx.nd.array([4, 9])).asnumpy()
    array([2., 3.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.square(mx.nd.array([-2, 3])).asnumpy()
    array([4., 9.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.squeeze(mx.nd.array([[1, 2]])).asnumpy()
    array([1., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.stack(mx.nd.array([1, 2]), mx.nd.array([3, 4])).asnumpy()
    array([[1., 2.],
           [3., 4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.BlockGrad(mx.nd.array([1, 2])).asnumpy()
    array([1., 2.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.sum(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([3., 7.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.sum(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
    array([3., 7.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.SwapAxis(mx.nd.array([[1, 2, 3]]), dim1=0, dim2=1).asnumpy()
    array([[1.],
           [2.],
           [3.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.take(mx.nd.array([[1, 2], [3, 4], [5, 6]]), mx.nd.array([2, 0])).asnumpy()
    array([[5., 6.],
           [1., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.tan(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 1.557], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.tanh(mx.nd.array([0, 1])).asnumpy().round(3)
    array([0.   , 0.762], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.tile(mx.nd.array([1, 2]), reps=(2, 2)).asnumpy()
    array([[1., 2., 1., 2.],
           [1., 2., 1., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.topk(mx.nd.array([[3, 1, 2]]), k=2, ret_typ='value').asnumpy()
    array([[3., 2.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.transpose(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
    array([[1., 3.],
           [2., 4.]], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.trunc(mx.nd.array([-1.5, 1.5])).asnumpy()
    array([-1.,  1.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.random.uniform(0, 1, shape=(2,)).shape
    (2,)
    """
    return invoke(
        OPS["_random_uniform"],
        [],
        {"low": low, "high": high, "shape": shape, "ctx": ctx, "dtype": dtype},
        out,
    )


def unravel_index(
    data: NDArray | None = None,
    shape: int | tuple[int, ...] | None = None,
    out: Any = None,
    name: str | None = None,
) -> Any:
    """Coordinates (axes, ...) in an array of a given shape from positions (...).

    Positions behind the end of the array go on along its first axis.

    Parameters
    ----------
    data : NDArray
        Positions, counted row by row.
    shape : tuple of int, optional
        Sizes of the space; the first may be -1.
    out : NDArray, optional
        Array to write the result to.

    Returns
    -------
    NDArray

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.unravel_index(mx.nd.array([22, 41]), shape=(7, 6)).asnumpy()
    array([[3., 6.],
           [4., 5.]], dtype=float32)
    """
    return invoke(OPS["_unravel_index"], [data], {"shape": shape}, out)


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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.where(mx.nd.array([1, 0]), mx.nd.array([1, 2]), mx.nd.array([10, 20])).asnumpy()
    array([ 1., 20.], dtype=float32)
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

    Examples
    --------
    >>> import paratrain as mx
    >>> mx.nd.zeros_like(mx.nd.array([1, 2])).asnumpy()
    array([0., 0.], dtype=float32)
    """
    return invoke(OPS["zeros_like"], [data], {}, out)
