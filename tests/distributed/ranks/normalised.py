"""SyncBatchNorm on rows that are divided unevenly: all ranks together give what one rank gives for all rows."""

from __future__ import annotations

import numpy as np

import paratrain as mx

kv = mx.kv.create("dist_sync")
ROWS = 24
counts = [ROWS // kv.num_workers + (2 if r % 2 else -2) * (kv.num_workers > 1) for r in range(kv.num_workers)]
bounds = np.cumsum([0, *counts])
mine = slice(int(bounds[kv.rank]), int(bounds[kv.rank + 1]))

for dtype, tolerance in (("float32", 2e-5), ("float64", 1e-12)):
    rng = np.random.default_rng(1)
    x = (rng.normal(size=(ROWS, 3, 4, 5)) * 2 + 7).astype(dtype)
    head = rng.normal(size=x.shape).astype(dtype)
    gamma, beta = rng.normal(size=(2, 3)).astype(dtype)

    # by the definition, of all rows
    mean = x.mean((0, 2, 3), keepdims=True, dtype="float64")
    variance = x.var((0, 2, 3), keepdims=True, dtype="float64")
    hat = (x - mean) / np.sqrt(variance + 1e-3)
    scale = gamma.reshape(1, 3, 1, 1) / np.sqrt(variance + 1e-3)
    average = head.mean((0, 2, 3), keepdims=True)
    slope = (head * hat).mean((0, 2, 3), keepdims=True)
    want = {
        "output": hat * gamma.reshape(1, 3, 1, 1) + beta.reshape(1, 3, 1, 1),
        "data": scale * (head - average - hat * slope),
    }

    def arrays(dtype=dtype, gamma=gamma, beta=beta):
        return [mx.nd.array(each, dtype=dtype) for each in (gamma, beta, np.zeros(3), np.ones(3))]

    data = mx.nd.array(x[mine], dtype=dtype)
    parameters = arrays()
    for each in (data, *parameters[:2]):
        each.attach_grad()
    with mx.autograd.record():
        y = mx.nd.contrib.SyncBatchNorm(data, *parameters, fix_gamma=False, eps=1e-3, momentum=0.75, key="a")
    y.backward(mx.nd.array(head[mine], dtype=dtype))
    np.testing.assert_allclose(y.asnumpy(), want["output"][mine], rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(data.grad.asnumpy(), want["data"][mine], rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(parameters[2].asnumpy(), 0.25 * mean.reshape(3), rtol=tolerance)
    np.testing.assert_allclose(parameters[3].asnumpy(), 0.75 + 0.25 * variance.reshape(3), rtol=tolerance)
    # the gradients of the parameters are this rank's; together they are those of all rows
    sums = [parameters[0].grad.asnumpy().astype("float64"), parameters[1].grad.asnumpy().astype("float64")]
    for each in sums:
        kv.world.allreduce(each)
    np.testing.assert_allclose(sums[0], (head * hat).sum((0, 2, 3)), rtol=50 * tolerance, atol=50 * tolerance)
    np.testing.assert_allclose(sums[1], head.sum((0, 2, 3)), rtol=50 * tolerance, atol=50 * tolerance)

    # a symbol gives the same as the call
    net = mx.sym.contrib.SyncBatchNorm(mx.sym.Variable("data"), fix_gamma=False, momentum=0.75, name="n")
    executor = net.simple_bind(mx.cpu(), data=data.shape, type_dict={"data": dtype})
    fresh = arrays()
    executor.copy_params_from(
        {"n_gamma": fresh[0], "n_beta": fresh[1]}, dict(zip(net.list_auxiliary_states(), fresh[2:]))
    )
    executor.forward(is_train=True, data=data)
    executor.backward(mx.nd.array(head[mine], dtype=dtype))
    np.testing.assert_array_equal(executor.outputs[0].asnumpy(), y.asnumpy())
    np.testing.assert_array_equal(executor.grad_dict["data"].asnumpy(), data.grad.asnumpy())

    # with the moving statistics, ranks need not agree on anything
    if kv.rank == 0:
        after = mx.nd.contrib.SyncBatchNorm(data, *arrays(), fix_gamma=False, key="a").asnumpy()
        by_hand = x[mine] / np.sqrt(1 + 1e-3) * gamma.reshape(1, 3, 1, 1) + beta.reshape(1, 3, 1, 1)
        np.testing.assert_allclose(after, by_hand, rtol=tolerance, atol=tolerance)
print("ok", flush=True)
