"""Every collective, over types and sizes; each rank checks its own results."""

from __future__ import annotations

import sys
import threading

import ml_dtypes
import numpy as np

import paratrain as mx
from paratrain.kvstore.transport import world

ranks = world()
assert ranks.size == int(sys.argv[1]), ranks
assert 0 <= ranks.local_rank < ranks.local_size
total = ranks.size * (ranks.size + 1) // 2

for dtype in ("float32", "float64", "float16", ml_dtypes.bfloat16, "int8", "uint8", "int32", "int64"):
    for size in (0, 1, 1000, 700_000):
        array = np.full(size, ranks.rank + 1, dtype)
        ranks.allreduce(array)
        assert (array == total).all(), (dtype, size)

matrix = mx.nd.full((3, 4), ranks.rank + 1)
ranks.allreduce(matrix)
assert (matrix.asnumpy() == total).all()
row = mx.nd.full((3, 4), ranks.rank + 1)
ranks.allreduce(row[1:2])  # a slice shares memory
assert row.asnumpy()[1, 0] == total
assert row.asnumpy()[0, 0] == ranks.rank + 1

for root in range(ranks.size):
    array = np.full(400_000, ranks.rank)
    ranks.broadcast(array, root)
    assert (array == root).all()
flags = np.full(3, ranks.rank == 0)
ranks.broadcast(flags)
assert flags.all()

gathered = ranks.allgather(np.full((2, 3), ranks.rank, "float32"))
assert [each.tolist() for each in gathered] == [[[r] * 3] * 2 for r in range(ranks.size)]
assert ranks.allgather_object({"rank": ranks.rank}) == [{"rank": r} for r in range(ranks.size)]
assert ranks.broadcast_object(ranks.rank, ranks.size - 1) == ranks.size - 1

# two threads at once, over channels of their own
sums = [np.full(100_000, ranks.rank + 1.0) for _ in range(20)]
other = threading.Thread(target=lambda: [ranks.background().allreduce(each) for each in sums])
other.start()
for _ in range(20):
    mine = np.array([ranks.rank])
    ranks.allreduce(mine)
    assert mine[0] == total - ranks.size
other.join()
assert all((each == total).all() for each in sums)

for bad, kind in ((np.ones(2, bool), TypeError), ([1.0], TypeError), (np.ones((4, 4)).T[1:], ValueError)):
    try:
        ranks.allreduce(bad)
    except kind:
        continue
    assert ranks.size == 1, bad
ranks.barrier()
print("ok", flush=True)
