"""Seconds to bind ResNet-152 for training on 224 x 224 images, batch 4, alone and with the first forward and backward.

MXNet makes its oneDNN primitives in the first step, paratrain when binding: only the sum compares the same work.
"""

from __future__ import annotations

from argparse import Namespace

import numpy as np
from residual import imagenet
from steps import idle_module
from timing import clock, run

SHAPE = (4, 3, 224, 224)


def measure(options: Namespace) -> dict[str, float]:
    mx, _ = idle_module(options.contestant)
    network = imagenet(152).symbol(mx.sym)
    batch = mx.io.DataBatch([mx.nd.array(np.ones(SHAPE, "float32"))], [mx.nd.zeros(SHAPE[:1])])
    module = mx.mod.Module(network, context=mx.cpu())

    start = clock()
    module.bind(data_shapes=[("data", SHAPE)], label_shapes=[("softmax_label", SHAPE[:1])])
    bound = clock() - start
    module.init_params(mx.init.One())
    mx.nd.waitall()

    start = clock()
    module.forward_backward(batch)
    mx.nd.waitall()
    first = clock() - start
    return {"bind s": bound, "bind and first step s": bound + first}


if __name__ == "__main__":
    run(dict.fromkeys(("paratrain", "mxnet"), measure))
