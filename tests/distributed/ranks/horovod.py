"""The store with Horovod's calls, plain and with fewer bits."""

from __future__ import annotations

import paratrain as mx

kv = mx.kv.create("horovod")
total = kv.num_workers * (kv.num_workers + 1) // 2
value, out = mx.nd.full((3,), kv.rank + 1), mx.nd.zeros((3,))
kv.broadcast("w", value, out)
assert out.asnumpy().tolist() == [1, 1, 1]
kv.pushpull("w", [value, value], out=out)
assert out.asnumpy().tolist() == [2 * total] * 3
kv.pushpull("w", value)
assert value.asnumpy().tolist() == [total] * 3
assert 0 <= kv.local_rank < kv.num_workers

for kind, what in (("fp16", 1 / 3), ("bf16", 1 / 3), ("2bit", 0.6)):
    kv.set_gradient_compression({"type": kind})
    value = mx.nd.full((5,), what * (kv.rank + 1))
    kv.pushpull(kind, value)
    near = 0.5 * kv.num_workers if kind == "2bit" else what * total
    assert abs(value.asnumpy() - near).max() < 0.01 * near, (kind, value.asnumpy(), near)
kv.barrier()
print("ok", flush=True)
