"""Examples of operators, which run as doctests; a definition may have its own (`Op.example`)."""

from __future__ import annotations

__all__ = ["EXAMPLES"]

#: Examples by operator; `mx` is the package.
EXAMPLES: dict[str, str] = {
    "amp_cast": """
>>> mx.nd.amp_cast(mx.nd.array([1.5, 2]), dtype='float16').asnumpy()
array([1.5, 2. ], dtype=float16)
""",
    "amp_multicast": """
>>> one, two = mx.nd.amp_multicast(mx.nd.array([1]), mx.nd.ones((1,), dtype='float16'), num_outputs=2)
>>> two.dtype.__name__
'float32'
""",
    "all_finite": """
>>> mx.nd.all_finite(mx.nd.array([1, 2])).asnumpy()
array([1.], dtype=float32)
""",
    "multi_all_finite": """
>>> import numpy as np
>>> mx.nd.multi_all_finite(mx.nd.array([1, 2]), mx.nd.array([np.inf]), num_arrays=2).asnumpy()
array([0.], dtype=float32)
""",
    "broadcast_add": """
>>> mx.nd.broadcast_add(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[3., 4., 5.],
       [4., 5., 6.]], dtype=float32)
""",
    "elemwise_add": """
>>> mx.nd.elemwise_add(mx.nd.array([6, 8]), mx.nd.array([2, 4])).asnumpy()
array([ 8., 12.], dtype=float32)
""",
    "broadcast_sub": """
>>> mx.nd.broadcast_sub(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[-1.,  0.,  1.],
       [-2., -1.,  0.]], dtype=float32)
""",
    "elemwise_sub": """
>>> mx.nd.elemwise_sub(mx.nd.array([6, 8]), mx.nd.array([2, 4])).asnumpy()
array([4., 4.], dtype=float32)
""",
    "broadcast_mul": """
>>> mx.nd.broadcast_mul(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[2., 4., 6.],
       [3., 6., 9.]], dtype=float32)
""",
    "elemwise_mul": """
>>> mx.nd.elemwise_mul(mx.nd.array([6, 8]), mx.nd.array([2, 4])).asnumpy()
array([12., 32.], dtype=float32)
""",
    "broadcast_div": """
>>> mx.nd.broadcast_div(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy().round(3)
array([[0.5  , 1.   , 1.5  ],
       [0.333, 0.667, 1.   ]], dtype=float32)
""",
    "elemwise_div": """
>>> mx.nd.elemwise_div(mx.nd.array([6, 8]), mx.nd.array([2, 4])).asnumpy()
array([3., 2.], dtype=float32)
""",
    "broadcast_mod": """
>>> mx.nd.broadcast_mod(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[1., 0., 1.],
       [1., 2., 0.]], dtype=float32)
""",
    "broadcast_power": """
>>> mx.nd.broadcast_power(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[ 1.,  4.,  9.],
       [ 1.,  8., 27.]], dtype=float32)
""",
    "broadcast_maximum": """
>>> mx.nd.broadcast_maximum(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[2., 2., 3.],
       [3., 3., 3.]], dtype=float32)
""",
    "broadcast_minimum": """
>>> mx.nd.broadcast_minimum(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[1., 2., 2.],
       [1., 2., 3.]], dtype=float32)
""",
    "broadcast_hypot": """
>>> mx.nd.broadcast_hypot(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy().round(3)
array([[2.236, 2.828, 3.606],
       [3.162, 3.606, 4.243]], dtype=float32)
""",
    "broadcast_equal": """
>>> mx.nd.broadcast_equal(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[0., 1., 0.],
       [0., 0., 1.]], dtype=float32)
""",
    "broadcast_not_equal": """
>>> mx.nd.broadcast_not_equal(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[1., 0., 1.],
       [1., 1., 0.]], dtype=float32)
""",
    "broadcast_greater": """
>>> mx.nd.broadcast_greater(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[0., 0., 1.],
       [0., 0., 0.]], dtype=float32)
""",
    "broadcast_greater_equal": """
>>> mx.nd.broadcast_greater_equal(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[0., 1., 1.],
       [0., 0., 1.]], dtype=float32)
""",
    "broadcast_lesser": """
>>> mx.nd.broadcast_lesser(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[1., 0., 0.],
       [1., 1., 0.]], dtype=float32)
""",
    "broadcast_lesser_equal": """
>>> mx.nd.broadcast_lesser_equal(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[1., 1., 0.],
       [1., 1., 1.]], dtype=float32)
""",
    "broadcast_logical_and": """
>>> mx.nd.broadcast_logical_and(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[1., 1., 1.],
       [1., 1., 1.]], dtype=float32)
""",
    "broadcast_logical_or": """
>>> mx.nd.broadcast_logical_or(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[1., 1., 1.],
       [1., 1., 1.]], dtype=float32)
""",
    "broadcast_logical_xor": """
>>> mx.nd.broadcast_logical_xor(mx.nd.array([[1, 2, 3]]), mx.nd.array([[2], [3]])).asnumpy()
array([[0., 0., 0.],
       [0., 0., 0.]], dtype=float32)
""",
    "add_n": """
>>> mx.nd.add_n(mx.nd.array([1, 2]), mx.nd.array([10, 20]), mx.nd.array([100, 200])).asnumpy()
array([111., 222.], dtype=float32)
""",
    "where": """
>>> mx.nd.where(mx.nd.array([1, 0]), mx.nd.array([1, 2]), mx.nd.array([10, 20])).asnumpy()
array([ 1., 20.], dtype=float32)
""",
    "zeros_like": """
>>> mx.nd.zeros_like(mx.nd.array([1, 2])).asnumpy()
array([0., 0.], dtype=float32)
""",
    "ones_like": """
>>> mx.nd.ones_like(mx.nd.array([3, 4])).asnumpy()
array([1., 1.], dtype=float32)
""",
    "shape_array": """
>>> mx.nd.shape_array(mx.nd.array([[1, 2, 3]])).asnumpy()
array([1, 3])
""",
    "size_array": """
>>> mx.nd.size_array(mx.nd.array([[1, 2, 3]])).asnumpy()
array([3])
""",
    "_contrib_arange_like": """
>>> mx.nd.contrib.arange_like(mx.nd.array([5, 5, 5])).asnumpy()
array([0., 1., 2.], dtype=float32)
""",
    "Custom": """
>>> class Twice(mx.operator.CustomOp):
...     def forward(self, is_train, req, in_data, out_data, aux):
...         self.assign(out_data[0], req[0], in_data[0] * 2)
>>> @mx.operator.register('example_twice')
... class TwiceProp(mx.operator.CustomOpProp):
...     def create_operator(self, ctx, in_shapes, in_dtypes):
...         return Twice()
>>> mx.nd.Custom(mx.nd.array([1, 2]), op_type='example_twice').asnumpy()
array([2., 4.], dtype=float32)
""",
    "negative": """
>>> mx.nd.negative(mx.nd.array([1, -2])).asnumpy()
array([-1.,  2.], dtype=float32)
""",
    "abs": """
>>> mx.nd.abs(mx.nd.array([-1, 2])).asnumpy()
array([1., 2.], dtype=float32)
""",
    "sign": """
>>> mx.nd.sign(mx.nd.array([-3, 0, 5])).asnumpy()
array([-1.,  0.,  1.], dtype=float32)
""",
    "round": """
>>> mx.nd.round(mx.nd.array([-1.5, 0.4, 2.5])).asnumpy()
array([-2.,  0.,  3.], dtype=float32)
""",
    "rint": """
>>> mx.nd.rint(mx.nd.array([-1.5, 0.4, 2.5])).asnumpy()
array([-2.,  0.,  2.], dtype=float32)
""",
    "ceil": """
>>> mx.nd.ceil(mx.nd.array([-1.5, 0.4])).asnumpy()
array([-1.,  1.], dtype=float32)
""",
    "floor": """
>>> mx.nd.floor(mx.nd.array([-1.5, 0.4])).asnumpy()
array([-2.,  0.], dtype=float32)
""",
    "trunc": """
>>> mx.nd.trunc(mx.nd.array([-1.5, 1.5])).asnumpy()
array([-1.,  1.], dtype=float32)
""",
    "fix": """
>>> mx.nd.fix(mx.nd.array([-1.5, 1.5])).asnumpy()
array([-1.,  1.], dtype=float32)
""",
    "square": """
>>> mx.nd.square(mx.nd.array([-2, 3])).asnumpy()
array([4., 9.], dtype=float32)
""",
    "sqrt": """
>>> mx.nd.sqrt(mx.nd.array([4, 9])).asnumpy()
array([2., 3.], dtype=float32)
""",
    "rsqrt": """
>>> mx.nd.rsqrt(mx.nd.array([4, 16])).asnumpy().round(3)
array([0.5 , 0.25], dtype=float32)
""",
    "cbrt": """
>>> mx.nd.cbrt(mx.nd.array([8, 27])).asnumpy().round(3)
array([2., 3.], dtype=float32)
""",
    "rcbrt": """
>>> mx.nd.rcbrt(mx.nd.array([8, 27])).asnumpy().round(3)
array([0.5  , 0.333], dtype=float32)
""",
    "reciprocal": """
>>> mx.nd.reciprocal(mx.nd.array([2, 4])).asnumpy()
array([0.5 , 0.25], dtype=float32)
""",
    "exp": """
>>> mx.nd.exp(mx.nd.array([0, 1])).asnumpy().round(3)
array([1.   , 2.718], dtype=float32)
""",
    "expm1": """
>>> mx.nd.expm1(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 1.718], dtype=float32)
""",
    "log": """
>>> mx.nd.log(mx.nd.array([1, 10])).asnumpy().round(3)
array([0.   , 2.303], dtype=float32)
""",
    "log10": """
>>> mx.nd.log10(mx.nd.array([1, 100])).asnumpy().round(3)
array([0., 2.], dtype=float32)
""",
    "log2": """
>>> mx.nd.log2(mx.nd.array([1, 8])).asnumpy().round(3)
array([0., 3.], dtype=float32)
""",
    "log1p": """
>>> mx.nd.log1p(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 0.693], dtype=float32)
""",
    "sin": """
>>> mx.nd.sin(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 0.841], dtype=float32)
""",
    "cos": """
>>> mx.nd.cos(mx.nd.array([0, 1])).asnumpy().round(3)
array([1.  , 0.54], dtype=float32)
""",
    "tan": """
>>> mx.nd.tan(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 1.557], dtype=float32)
""",
    "arcsin": """
>>> mx.nd.arcsin(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 1.571], dtype=float32)
""",
    "arccos": """
>>> mx.nd.arccos(mx.nd.array([0, 1])).asnumpy().round(3)
array([1.571, 0.   ], dtype=float32)
""",
    "arctan": """
>>> mx.nd.arctan(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 0.785], dtype=float32)
""",
    "sinh": """
>>> mx.nd.sinh(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 1.175], dtype=float32)
""",
    "cosh": """
>>> mx.nd.cosh(mx.nd.array([0, 1])).asnumpy().round(3)
array([1.   , 1.543], dtype=float32)
""",
    "tanh": """
>>> mx.nd.tanh(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 0.762], dtype=float32)
""",
    "arcsinh": """
>>> mx.nd.arcsinh(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 0.881], dtype=float32)
""",
    "arccosh": """
>>> mx.nd.arccosh(mx.nd.array([1, 2])).asnumpy().round(3)
array([0.   , 1.317], dtype=float32)
""",
    "arctanh": """
>>> mx.nd.arctanh(mx.nd.array([0, 0.5])).asnumpy().round(3)
array([0.   , 0.549], dtype=float32)
""",
    "degrees": """
>>> mx.nd.degrees(mx.nd.array([0, 3.14159265])).asnumpy().round(3)
array([  0., 180.], dtype=float32)
""",
    "radians": """
>>> mx.nd.radians(mx.nd.array([0, 180])).asnumpy().round(3)
array([0.   , 3.142], dtype=float32)
""",
    "erf": """
>>> mx.nd.erf(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.   , 0.843], dtype=float32)
""",
    "gamma": """
>>> mx.nd.gamma(mx.nd.array([1, 5])).asnumpy().round(3)
array([ 1., 24.], dtype=float32)
""",
    "gammaln": """
>>> mx.nd.gammaln(mx.nd.array([1, 5])).asnumpy().round(3)
array([0.   , 3.178], dtype=float32)
""",
    "sigmoid": """
>>> mx.nd.sigmoid(mx.nd.array([0, 1])).asnumpy().round(3)
array([0.5  , 0.731], dtype=float32)
""",
    "relu": """
>>> mx.nd.relu(mx.nd.array([-1, 2])).asnumpy()
array([0., 2.], dtype=float32)
""",
    "softsign": """
>>> mx.nd.softsign(mx.nd.array([-1, 3])).asnumpy().round(3)
array([-0.5 ,  0.75], dtype=float32)
""",
    "logical_not": """
>>> mx.nd.logical_not(mx.nd.array([0, 2])).asnumpy()
array([1., 0.], dtype=float32)
""",
    "Cast": """
>>> mx.nd.Cast(mx.nd.array([1.7, -1.7]), dtype='int32').asnumpy()
array([ 1, -1], dtype=int32)
""",
    "clip": """
>>> mx.nd.clip(mx.nd.array([-2, 0.5, 3]), a_min=0, a_max=1).asnumpy()
array([0. , 0.5, 1. ], dtype=float32)
""",
    "take": """
>>> mx.nd.take(mx.nd.array([[1, 2], [3, 4], [5, 6]]), mx.nd.array([2, 0])).asnumpy()
array([[5., 6.],
       [1., 2.]], dtype=float32)
""",
    "Embedding": """
>>> mx.nd.Embedding(mx.nd.array([2, 0]), mx.nd.array([[1, 2], [3, 4], [5, 6]]), input_dim=3,
...     output_dim=2).asnumpy()
array([[5., 6.],
       [1., 2.]], dtype=float32)
""",
    "pick": """
>>> mx.nd.pick(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([1, 0])).asnumpy()
array([2., 3.], dtype=float32)
""",
    "batch_take": """
>>> mx.nd.batch_take(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([1, 0], dtype='int32')).asnumpy()
array([2., 3.], dtype=float32)
""",
    "one_hot": """
>>> mx.nd.one_hot(mx.nd.array([1, 0]), depth=3).asnumpy()
array([[0., 1., 0.],
       [1., 0., 0.]], dtype=float32)
""",
    "gather_nd": """
>>> mx.nd.gather_nd(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[0, 1], [1, 0]])).asnumpy()
array([2., 3.], dtype=float32)
""",
    "scatter_nd": """
>>> mx.nd.scatter_nd(mx.nd.array([5, 7]), mx.nd.array([[0, 1], [1, 0]]), shape=(2, 2)).asnumpy()
array([[0., 5.],
       [7., 0.]], dtype=float32)
""",
    "SequenceMask": """
>>> mx.nd.SequenceMask(mx.nd.array([[[1], [2]], [[3], [4]], [[5], [6]]]), mx.nd.array([1, 3]),
...     use_sequence_length=True).asnumpy()[:, :, 0]
array([[1., 2.],
       [0., 4.],
       [0., 6.]], dtype=float32)
""",
    "SequenceReverse": """
>>> mx.nd.SequenceReverse(mx.nd.array([[[1], [2]], [[3], [4]], [[5], [6]]]), mx.nd.array([2, 3]),
...     use_sequence_length=True).asnumpy()[:, :, 0]
array([[3., 6.],
       [1., 4.],
       [5., 2.]], dtype=float32)
""",
    "SequenceLast": """
>>> mx.nd.SequenceLast(mx.nd.array([[[1], [2]], [[3], [4]], [[5], [6]]]), mx.nd.array([1, 3]),
...     use_sequence_length=True).asnumpy()
array([[1.],
       [6.]], dtype=float32)
""",
    "dot": """
>>> mx.nd.dot(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[1, 0], [1, 1]])).asnumpy()
array([[3., 2.],
       [7., 4.]], dtype=float32)
""",
    "batch_dot": """
>>> mx.nd.batch_dot(mx.nd.array([[[1, 2]]]), mx.nd.array([[[3], [4]]])).asnumpy()
array([[[11.]]], dtype=float32)
""",
    "_linalg_gemm2": """
>>> mx.nd.linalg.gemm2(mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[1, 0], [1, 1]]), alpha=2.0).asnumpy()
array([[ 6.,  4.],
       [14.,  8.]], dtype=float32)
""",
    "FullyConnected": """
>>> mx.nd.FullyConnected(mx.nd.array([[1, 2]]), mx.nd.array([[1, 0], [0, 1], [1, 1]]), mx.nd.array([0,
...     0, 10]), num_hidden=3).asnumpy()
array([[ 1.,  2., 13.]], dtype=float32)
""",
    "softmax": """
>>> mx.nd.softmax(mx.nd.array([[1, 2, 3]])).asnumpy().round(3)
array([[0.09 , 0.245, 0.665]], dtype=float32)
""",
    "log_softmax": """
>>> mx.nd.log_softmax(mx.nd.array([[1, 2, 3]])).asnumpy().round(3)
array([[-2.408, -1.408, -0.408]], dtype=float32)
""",
    "softmin": """
>>> mx.nd.softmin(mx.nd.array([[1, 2, 3]])).asnumpy().round(3)
array([[0.665, 0.245, 0.09 ]], dtype=float32)
""",
    "SoftmaxActivation": """
>>> mx.nd.SoftmaxActivation(mx.nd.array([[1, 2, 3]])).asnumpy().round(3)
array([[0.09 , 0.245, 0.665]], dtype=float32)
""",
    "SoftmaxOutput": """
>>> mx.nd.SoftmaxOutput(mx.nd.array([[1, 2, 3]]), mx.nd.array([2])).asnumpy().round(3)
array([[0.09 , 0.245, 0.665]], dtype=float32)
""",
    "LinearRegressionOutput": """
>>> mx.nd.LinearRegressionOutput(mx.nd.array([1, 2]), mx.nd.array([0, 0])).asnumpy()
array([1., 2.], dtype=float32)
""",
    "LogisticRegressionOutput": """
>>> mx.nd.LogisticRegressionOutput(mx.nd.array([0, 1]), mx.nd.array([0, 1])).asnumpy().round(3)
array([0.5  , 0.731], dtype=float32)
""",
    "MAERegressionOutput": """
>>> mx.nd.MAERegressionOutput(mx.nd.array([1, 2]), mx.nd.array([0, 0])).asnumpy()
array([1., 2.], dtype=float32)
""",
    "MakeLoss": """
>>> mx.nd.MakeLoss(mx.nd.array([1, 2])).asnumpy()
array([1., 2.], dtype=float32)
""",
    "softmax_cross_entropy": """
>>> mx.nd.softmax_cross_entropy(mx.nd.array([[1, 2, 3]]), mx.nd.array([2])).asnumpy().round(3)
array([0.408], dtype=float32)
""",
    "smooth_l1": """
>>> mx.nd.smooth_l1(mx.nd.array([-2, 0.5])).asnumpy().round(3)
array([1.5  , 0.125], dtype=float32)
""",
    "SVMOutput": """
>>> mx.nd.SVMOutput(mx.nd.array([[1, 2]]), mx.nd.array([1])).asnumpy()
array([[1., 2.]], dtype=float32)
""",
    "Activation": """
>>> mx.nd.Activation(mx.nd.array([-1, 2]), act_type='relu').asnumpy()
array([0., 2.], dtype=float32)
""",
    "LeakyReLU": """
>>> mx.nd.LeakyReLU(mx.nd.array([-1, 2]), act_type='leaky', slope=0.1).asnumpy()
array([-0.1,  2. ], dtype=float32)
""",
    "Convolution": """
>>> mx.nd.Convolution(mx.nd.ones((1, 1, 3, 3)), mx.nd.ones((1, 1, 2, 2)), kernel=(2, 2), num_filter=1,
...     no_bias=True).asnumpy()
array([[[[4., 4.],
         [4., 4.]]]], dtype=float32)
""",
    "Deconvolution": """
>>> mx.nd.Deconvolution(mx.nd.ones((1, 1, 2, 2)), mx.nd.ones((1, 1, 2, 2)), kernel=(2, 2),
...     num_filter=1).asnumpy()
array([[[[1., 2., 1.],
         [2., 4., 2.],
         [1., 2., 1.]]]], dtype=float32)
""",
    "BatchNorm": """
>>> mx.nd.BatchNorm(mx.nd.array([[1], [3]]), mx.nd.array([1]), mx.nd.array([0]), mx.nd.array([1]),
...     mx.nd.array([4]), fix_gamma=False).asnumpy().round(3)
array([[0.],
       [1.]], dtype=float32)
""",
    "Pooling": """
>>> mx.nd.Pooling(mx.nd.array([[[[1, 2], [3, 4]]]]), kernel=(2, 2), pool_type='max').asnumpy()
array([[[[4.]]]], dtype=float32)
""",
    "LayerNorm": """
>>> mx.nd.LayerNorm(mx.nd.array([[1, 3]]), mx.nd.array([1, 1]), mx.nd.array([0, 0])).asnumpy().round(3)
array([[-1.,  1.]], dtype=float32)
""",
    "GroupNorm": """
>>> mx.nd.GroupNorm(mx.nd.array([[[1], [3]]]), mx.nd.array([1]), mx.nd.array([0]),
...     num_groups=1).asnumpy().round(3)
array([[[-1.],
        [ 1.]]], dtype=float32)
""",
    "InstanceNorm": """
>>> mx.nd.InstanceNorm(mx.nd.array([[[1, 3]]]), mx.nd.array([1]), mx.nd.array([0])).asnumpy().round(3)
array([[[-1.,  1.]]], dtype=float32)
""",
    "L2Normalization": """
>>> mx.nd.L2Normalization(mx.nd.array([[3, 4]])).asnumpy().round(3)
array([[0.6, 0.8]], dtype=float32)
""",
    "LRN": """
>>> mx.nd.LRN(mx.nd.ones((1, 2, 1, 1)), nsize=3, alpha=1.0).asnumpy().ravel().round(3)
array([0.479, 0.479], dtype=float32)
""",
    "topk": """
>>> mx.nd.topk(mx.nd.array([[3, 1, 2]]), k=2, ret_typ='value').asnumpy()
array([[3., 2.]], dtype=float32)
""",
    "sort": """
>>> mx.nd.sort(mx.nd.array([3, 1, 2])).asnumpy()
array([1., 2., 3.], dtype=float32)
""",
    "argsort": """
>>> mx.nd.argsort(mx.nd.array([3, 1, 2])).asnumpy()
array([1., 2., 0.], dtype=float32)
""",
    "_random_uniform": """
>>> mx.nd.random.uniform(0, 1, shape=(2,)).shape
(2,)
""",
    "_random_normal": """
>>> mx.nd.random.normal(0, 1, shape=(2,)).shape
(2,)
""",
    "_random_exponential": """
>>> mx.nd.random.exponential(1.0, shape=(2,)).shape
(2,)
""",
    "_random_randint": """
>>> mx.nd.random.randint(0, 5, shape=(2,)).shape
(2,)
""",
    "Dropout": """
>>> mx.nd.Dropout(mx.nd.array([1, 2]), p=0.5).asnumpy()
array([1., 2.], dtype=float32)
""",
    "sum": """
>>> mx.nd.sum(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([3., 7.], dtype=float32)
""",
    "mean": """
>>> mx.nd.mean(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([1.5, 3.5], dtype=float32)
""",
    "prod": """
>>> mx.nd.prod(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([ 2., 12.], dtype=float32)
""",
    "nansum": """
>>> import numpy as np
>>> mx.nd.nansum(mx.nd.array([1, np.nan, 2])).asnumpy()
array([3.], dtype=float32)
""",
    "nanprod": """
>>> import numpy as np
>>> mx.nd.nanprod(mx.nd.array([3, np.nan, 2])).asnumpy()
array([6.], dtype=float32)
""",
    "max": """
>>> mx.nd.max(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([2., 4.], dtype=float32)
""",
    "min": """
>>> mx.nd.min(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([1., 3.], dtype=float32)
""",
    "norm": """
>>> mx.nd.norm(mx.nd.array([3, 4])).asnumpy()
array([5.], dtype=float32)
""",
    "argmax": """
>>> mx.nd.argmax(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([1., 1.], dtype=float32)
""",
    "argmin": """
>>> mx.nd.argmin(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([0., 0.], dtype=float32)
""",
    "argmax_channel": """
>>> mx.nd.argmax_channel(mx.nd.array([[1, 5, 2], [7, 0, 3]])).asnumpy()
array([1., 0.], dtype=float32)
""",
    "cumsum": """
>>> mx.nd.cumsum(mx.nd.array([1, 2, 3])).asnumpy()
array([1., 3., 6.], dtype=float32)
""",
    "broadcast_to": """
>>> mx.nd.broadcast_to(mx.nd.array([[1], [2]]), shape=(2, 3)).asnumpy()
array([[1., 1., 1.],
       [2., 2., 2.]], dtype=float32)
""",
    "broadcast_like": """
>>> mx.nd.broadcast_like(mx.nd.array([[1], [2]]), mx.nd.ones((2, 3))).asnumpy()
array([[1., 1., 1.],
       [2., 2., 2.]], dtype=float32)
""",
    "broadcast_axis": """
>>> mx.nd.broadcast_axis(mx.nd.array([[1], [2]]), axis=1, size=3).asnumpy()
array([[1., 1., 1.],
       [2., 2., 2.]], dtype=float32)
""",
    "RNN": """
>>> weights = mx.nd.full((5,), 0.1)  # two weights of the input, one of the state, two biases
>>> mx.nd.RNN(mx.nd.ones((3, 1, 2)), weights, mx.nd.zeros((1, 1, 1)), state_size=1, num_layers=1,
...     mode='rnn_tanh').asnumpy().ravel().round(3)
array([0.38 , 0.412, 0.415], dtype=float32)
""",
    "Reshape": """
>>> mx.nd.Reshape(mx.nd.array([1, 2, 3, 4]), shape=(2, -1)).asnumpy()
array([[1., 2.],
       [3., 4.]], dtype=float32)
""",
    "Flatten": """
>>> mx.nd.Flatten(mx.nd.array([[[1, 2], [3, 4]]])).asnumpy()
array([[1., 2., 3., 4.]], dtype=float32)
""",
    "expand_dims": """
>>> mx.nd.expand_dims(mx.nd.array([1, 2]), axis=0).asnumpy()
array([[1., 2.]], dtype=float32)
""",
    "squeeze": """
>>> mx.nd.squeeze(mx.nd.array([[1, 2]])).asnumpy()
array([1., 2.], dtype=float32)
""",
    "reshape_like": """
>>> mx.nd.reshape_like(mx.nd.array([1, 2, 3, 4]), mx.nd.ones((2, 2))).asnumpy()
array([[1., 2.],
       [3., 4.]], dtype=float32)
""",
    "BlockGrad": """
>>> mx.nd.BlockGrad(mx.nd.array([1, 2])).asnumpy()
array([1., 2.], dtype=float32)
""",
    "make_loss": """
>>> mx.nd.make_loss(mx.nd.array([1, 2])).asnumpy()
array([1., 2.], dtype=float32)
""",
    "Concat": """
>>> mx.nd.Concat(mx.nd.array([[1, 2]]), mx.nd.array([[3]]), dim=1).asnumpy()
array([[1., 2., 3.]], dtype=float32)
""",
    "stack": """
>>> mx.nd.stack(mx.nd.array([1, 2]), mx.nd.array([3, 4])).asnumpy()
array([[1., 2.],
       [3., 4.]], dtype=float32)
""",
    "SliceChannel": """
>>> left, right = mx.nd.SliceChannel(mx.nd.array([[1, 2], [3, 4]]), num_outputs=2)
>>> right.asnumpy()
array([[2.],
       [4.]], dtype=float32)
""",
    "transpose": """
>>> mx.nd.transpose(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
array([[1., 3.],
       [2., 4.]], dtype=float32)
""",
    "SwapAxis": """
>>> mx.nd.SwapAxis(mx.nd.array([[1, 2, 3]]), dim1=0, dim2=1).asnumpy()
array([[1.],
       [2.],
       [3.]], dtype=float32)
""",
    "reverse": """
>>> mx.nd.reverse(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([[2., 1.],
       [4., 3.]], dtype=float32)
""",
    "depth_to_space": """
>>> mx.nd.depth_to_space(mx.nd.arange(4).reshape((1, 4, 1, 1)), block_size=2).asnumpy()[0, 0]
array([[0., 1.],
       [2., 3.]], dtype=float32)
""",
    "space_to_depth": """
>>> mx.nd.space_to_depth(mx.nd.arange(4).reshape((1, 1, 2, 2)), block_size=2).asnumpy().ravel()
array([0., 1., 2., 3.], dtype=float32)
""",
    "diag": """
>>> mx.nd.diag(mx.nd.array([[1, 2], [3, 4]])).asnumpy()
array([1., 4.], dtype=float32)
""",
    "Pad": """
>>> mx.nd.Pad(mx.nd.ones((1, 1, 1, 2)), mode='constant', pad_width=(0, 0, 0, 0, 1, 0, 1, 1)).asnumpy()[0, 0]
array([[0., 0., 0., 0.],
       [0., 1., 1., 0.]], dtype=float32)
""",
    "repeat": """
>>> mx.nd.repeat(mx.nd.array([1, 2]), repeats=2).asnumpy()
array([1., 1., 2., 2.], dtype=float32)
""",
    "tile": """
>>> mx.nd.tile(mx.nd.array([1, 2]), reps=(2, 2)).asnumpy()
array([[1., 2., 1., 2.],
       [1., 2., 1., 2.]], dtype=float32)
""",
    "UpSampling": """
>>> mx.nd.UpSampling(mx.nd.array([[[[1, 2]]]]), scale=2, sample_type='nearest').asnumpy()[0, 0]
array([[1., 1., 2., 2.],
       [1., 1., 2., 2.]], dtype=float32)
""",
    "slice": """
>>> mx.nd.slice(mx.nd.array([[1, 2, 3], [4, 5, 6]]), begin=(0, 1), end=(2, 3)).asnumpy()
array([[2., 3.],
       [5., 6.]], dtype=float32)
""",
    "slice_axis": """
>>> mx.nd.slice_axis(mx.nd.array([[1, 2, 3]]), axis=1, begin=1, end=3).asnumpy()
array([[2., 3.]], dtype=float32)
""",
    "slice_like": """
>>> mx.nd.slice_like(mx.nd.array([[1, 2, 3], [4, 5, 6]]), mx.nd.ones((1, 2))).asnumpy()
array([[1., 2.]], dtype=float32)
""",
    "sgd_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> mx.nd.sgd_update(w, g, lr=0.1, out=w).asnumpy().round(3)
array([0.9, 1.1], dtype=float32)
""",
    "mp_sgd_update": """
>>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
>>> mx.nd.mp_sgd_update(w, g, copy, lr=0.1, out=w).asnumpy()
array([0.9, 0.9], dtype=float16)
""",
    "sgd_mom_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> m = mx.nd.zeros((2,))
>>> mx.nd.sgd_mom_update(w, g, m, lr=0.1, momentum=0.9, out=w).asnumpy().round(3)
array([0.9, 1.1], dtype=float32)
""",
    "mp_sgd_mom_update": """
>>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
>>> m = mx.nd.zeros((2,))
>>> mx.nd.mp_sgd_mom_update(w, g, m, copy, lr=0.1, momentum=0.9, out=w).asnumpy()
array([0.9, 0.9], dtype=float16)
""",
    "nag_mom_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> m = mx.nd.zeros((2,))
>>> mx.nd.nag_mom_update(w, g, m, lr=0.1, momentum=0.9, out=w).asnumpy().round(3)
array([0.81, 1.19], dtype=float32)
""",
    "mp_nag_mom_update": """
>>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
>>> m = mx.nd.zeros((2,))
>>> mx.nd.mp_nag_mom_update(w, g, m, copy, lr=0.1, momentum=0.9, out=w).asnumpy()
array([0.81, 0.81], dtype=float16)
""",
    "adam_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> m, v = mx.nd.zeros((2,)), mx.nd.zeros((2,))
>>> mx.nd.adam_update(w, g, m, v, lr=0.1, out=w).asnumpy().round(3)
array([0.684, 1.316], dtype=float32)
""",
    "signsgd_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> mx.nd.signsgd_update(w, g, lr=0.1, out=w).asnumpy().round(3)
array([0.9, 1.1], dtype=float32)
""",
    "signum_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> m = mx.nd.zeros((2,))
>>> mx.nd.signum_update(w, g, m, lr=0.1, momentum=0.9, out=w).asnumpy().round(3)
array([0.9, 1.1], dtype=float32)
""",
    "rmsprop_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> n = mx.nd.zeros((2,))
>>> mx.nd.rmsprop_update(w, g, n, lr=0.1, out=w).asnumpy().round(3)
array([0.553, 1.447], dtype=float32)
""",
    "rmspropalex_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> n, mean, delta = mx.nd.zeros((2,)), mx.nd.zeros((2,)), mx.nd.zeros((2,))
>>> mx.nd.rmspropalex_update(w, g, n, mean, delta, lr=0.1, out=w).asnumpy().round(3)
array([0.541, 1.459], dtype=float32)
""",
    "ftrl_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> z, n = mx.nd.zeros((2,)), mx.nd.zeros((2,))
>>> mx.nd.ftrl_update(w, g, z, n, lr=0.1, out=w).asnumpy().round(3)
array([0.45, 0.55], dtype=float32)
""",
    "ftml_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> d, v, z = mx.nd.zeros((2,)), mx.nd.zeros((2,)), mx.nd.zeros((2,))
>>> mx.nd.ftml_update(w, g, d, v, z, lr=0.1, t=1, out=w).asnumpy().round(3)
array([0.9, 1.1], dtype=float32)
""",
    "_contrib_group_adagrad_update": """
>>> w, g, h = mx.nd.ones((2, 2)), mx.nd.array([[1, 2], [0, 0]]), mx.nd.zeros((2, 1))
>>> mx.nd.contrib.group_adagrad_update(w, g, h, lr=0.1, out=w).asnumpy().round(3)
array([[0.937, 0.874],
       [1.   , 1.   ]], dtype=float32)
""",
    "multi_sgd_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> mx.nd.multi_sgd_update(w, g, lrs=(0.1,), wds=(0.5,), num_weights=1, out=w).asnumpy().round(3)
array([0.85, 1.05], dtype=float32)
""",
    "preloaded_multi_sgd_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> mx.nd.preloaded_multi_sgd_update(w, g, mx.nd.array([0.1]), mx.nd.array([0.5]), num_weights=1,
...     out=w).asnumpy().round(3)
array([0.85, 1.05], dtype=float32)
""",
    "multi_sgd_mom_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> m = mx.nd.zeros((2,))
>>> mx.nd.multi_sgd_mom_update(w, g, m, lrs=(0.1,), wds=(0.5,), momentum=0.9, num_weights=1,
...     out=w).asnumpy().round(3)
array([0.85, 1.05], dtype=float32)
""",
    "preloaded_multi_sgd_mom_update": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> m = mx.nd.zeros((2,))
>>> mx.nd.preloaded_multi_sgd_mom_update(w, g, m, mx.nd.array([0.1]), mx.nd.array([0.5]), momentum=0.9,
...     num_weights=1, out=w).asnumpy().round(3)
array([0.85, 1.05], dtype=float32)
""",
    "multi_mp_sgd_update": """
>>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
>>> mx.nd.multi_mp_sgd_update(w, g, copy, lrs=(0.1,), wds=(0.5,), num_weights=1, out=w).asnumpy()
array([0.85, 0.85], dtype=float16)
""",
    "preloaded_multi_mp_sgd_update": """
>>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
>>> mx.nd.preloaded_multi_mp_sgd_update(w, g, copy, mx.nd.array([0.1]), mx.nd.array([0.5]),
...     num_weights=1, out=w).asnumpy()
array([0.85, 0.85], dtype=float16)
""",
    "multi_mp_sgd_mom_update": """
>>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
>>> m = mx.nd.zeros((2,))
>>> mx.nd.multi_mp_sgd_mom_update(w, g, m, copy, lrs=(0.1,), wds=(0.5,), momentum=0.9, num_weights=1,
...     out=w).asnumpy()
array([0.85, 0.85], dtype=float16)
""",
    "preloaded_multi_mp_sgd_mom_update": """
>>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
>>> m = mx.nd.zeros((2,))
>>> mx.nd.preloaded_multi_mp_sgd_mom_update(w, g, m, copy, mx.nd.array([0.1]), mx.nd.array([0.5]),
...     momentum=0.9, num_weights=1, out=w).asnumpy()
array([0.85, 0.85], dtype=float16)
""",
    "multi_sum_sq": """
>>> mx.nd.multi_sum_sq(mx.nd.array([1, 2]), mx.nd.array([3]), num_arrays=2).asnumpy()
array([5., 9.], dtype=float32)
""",
    "multi_lars": """
>>> mx.nd.multi_lars(mx.nd.array([0.1, 0.1]), mx.nd.array([4, 0]), mx.nd.array([1, 1]), mx.nd.array([0,
...     0]), eta=0.5, eps=0.0).asnumpy().round(3)
array([0.1, 0.1], dtype=float32)
""",
    "reset_arrays": """
>>> x = mx.nd.array([1, 2])
>>> mx.nd.reset_arrays(x, num_arrays=1)
[]
>>> x.asnumpy()
array([0., 0.], dtype=float32)
""",
    "lamb_update_phase1": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> m, v = mx.nd.zeros((2,)), mx.nd.zeros((2,))
>>> mx.nd.lamb_update_phase1(w, g, m, v, t=1, wd=0.1).asnumpy().round(3)
array([ 1.1, -0.9], dtype=float32)
""",
    "lamb_update_phase2": """
>>> w, g = mx.nd.ones((2,)), mx.nd.array([1, -1])
>>> mx.nd.lamb_update_phase2(w, mx.nd.ones((2,)), mx.nd.array([1.5]), mx.nd.array([3]), lr=0.1,
...     out=w).asnumpy().round(3)
array([0.95, 0.95], dtype=float32)
""",
    "mp_lamb_update_phase1": """
>>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
>>> m, v = mx.nd.zeros((2,)), mx.nd.zeros((2,))
>>> mx.nd.mp_lamb_update_phase1(w, g, m, v, copy, t=1, wd=0.1).asnumpy().round(3)
array([1.1, 1.1], dtype=float32)
""",
    "mp_lamb_update_phase2": """
>>> w, g, copy = mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,), dtype='float16'), mx.nd.ones((2,))
>>> mx.nd.mp_lamb_update_phase2(w, mx.nd.ones((2,)), mx.nd.array([1.5]), mx.nd.array([3]), copy,
...     lr=0.1, out=w).asnumpy()
array([0.95, 0.95], dtype=float16)
""",
}
