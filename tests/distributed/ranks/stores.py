"""A store over ranks: what is pushed on all is added up, on all."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

import paratrain as mx

kv = mx.kv.create(sys.argv[1])
total = sum(r + 1 for r in range(kv.num_workers))
mine = kv.rank + 1


def pulled(key):
    out = mx.nd.zeros((2, 3))
    kv.pull(key, out=out)
    return out.asnumpy()


kv.init("w", mx.nd.full((2, 3), mine))
assert (pulled("w") == 1).all()  # rank 0's
kv.push("w", [mx.nd.full((2, 3), mine), mx.nd.full((2, 3), 10 * mine)])
assert (pulled("w") == 11 * total).all()
grad = mx.nd.full((2, 3), mine)
kv.pushpull("w", grad)
assert (grad.asnumpy() == total).all()
out = [mx.nd.zeros((2, 3)), mx.nd.zeros((2, 3))]
kv.broadcast("v", mx.nd.full((2, 3), 7 * mine), out=out)
assert all((each.asnumpy() == 7).all() for each in out)

kv.set_optimizer(mx.optimizer.create("sgd", learning_rate=0.5, momentum=0.9))
kv.push(["w", "v"], [mx.nd.full((2, 3), mine), mx.nd.full((2, 3), mine)])
assert np.allclose(pulled("v"), 7 - 0.5 * total)
with tempfile.TemporaryDirectory() as folder:
    file = str(Path(folder) / "states")
    kv.save_optimizer_states(file)
    before = pulled("v")
    kv.push("v", mx.nd.full((2, 3), mine))
    once = pulled("v") - before
    kv.load_optimizer_states(file)
    before = pulled("v")
    kv.push("v", mx.nd.full((2, 3), mine))
    assert np.allclose(pulled("v") - before, once)
assert len(set(kv.world.allgather_object(pulled("v").tobytes()))) == 1
kv.barrier()
print("ok", flush=True)
