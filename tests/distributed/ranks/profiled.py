"""Train two steps under the profiler; rank 0 prints what is in the one trace as JSON."""

from __future__ import annotations

import json
import sys

import numpy as np

import paratrain as mx

kv = mx.kv.create("dist_sync")
net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2000, name="fc1")
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=10, name="fc2"), name="softmax")
module = mx.mod.Module(net)
module.bind([("data", (8, 200))], [("softmax_label", (8,))])
module.init_params()
module.init_optimizer(kvstore=kv)
batch = mx.io.DataBatch([mx.nd.array(np.ones((8, 200)))], [mx.nd.zeros((8,))])

mx.profiler.set_config(filename=sys.argv[1])
mx.profiler.start()
for _ in range(2):
    module.forward_backward(batch)
    module.update()
kv.init("w", mx.nd.zeros((3,)))
kv.push("w", mx.nd.ones((3,)))
mx.profiler.dump(finished=False)
mx.profiler.dump()
if kv.rank == 0:
    with open(sys.argv[1], encoding="utf-8") as file:
        print(json.dumps(json.load(file)["traceEvents"]))
