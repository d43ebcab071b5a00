"""Examples of operators that are made from tables, where a row has no room for one; others have theirs in `define`."""

from __future__ import annotations

__all__ = ["EXAMPLES"]

#: Examples by operator; `mx` is the package.
EXAMPLES: dict[str, str] = {
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
    "zeros_like": """
>>> mx.nd.zeros_like(mx.nd.array([1, 2])).asnumpy()
array([0., 0.], dtype=float32)
""",
    "ones_like": """
>>> mx.nd.ones_like(mx.nd.array([3, 4])).asnumpy()
array([1., 1.], dtype=float32)
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
    "argmax": """
>>> mx.nd.argmax(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([1., 1.], dtype=float32)
""",
    "argmin": """
>>> mx.nd.argmin(mx.nd.array([[1, 2], [3, 4]]), axis=1).asnumpy()
array([0., 0.], dtype=float32)
""",
    "Concat": """
>>> mx.nd.Concat(mx.nd.array([[1, 2]]), mx.nd.array([[3]]), dim=1).asnumpy()
array([[1., 2., 3.]], dtype=float32)
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
