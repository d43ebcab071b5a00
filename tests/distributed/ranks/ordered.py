"""As between hosts: sums through MPI that do not depend on its algorithm; reduce_scatter and share, too."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest

from paratrain.kvstore.mpi import MPIWorld
from paratrain.kvstore.transport import world

MPIWorld._connect_host = lambda _: None
ranks = world()
assert ranks.host is None


def values(rank, size, dtype):
    return (np.random.default_rng(rank).normal(size=size) * 100).astype(dtype)


for dtype in ("float32", "float64", "float16", ml_dtypes.bfloat16, "int8", "int64"):
    for size in (0, 1, 1000, 700_001):
        array = values(ranks.rank, size, dtype)
        ranks.allreduce(array)
        wide = np.float32 if array.dtype.itemsize == 2 else array.dtype
        want = values(0, size, dtype).astype(wide)
        for rank in range(1, ranks.size):
            want += values(rank, size, dtype).astype(wide)
        np.testing.assert_array_equal(array.view(np.uint8), want.astype(dtype).view(np.uint8), str(dtype))

SIZE = 100_003
bounds = [SIZE * (rank * rank) // (ranks.size * ranks.size) for rank in range(ranks.size + 1)]
mine = slice(bounds[ranks.rank], bounds[ranks.rank + 1])
array = np.arange(SIZE, dtype="float64") * (ranks.rank + 1)
ranks.reduce_scatter(array, bounds)
want = np.arange(SIZE, dtype="float64") * (ranks.size * (ranks.size + 1) // 2)
np.testing.assert_array_equal(array[mine], want[mine])
ranks.share(array, bounds)
np.testing.assert_array_equal(array, want)
for call in (ranks.reduce_scatter, ranks.share):
    for wrong in ([0, SIZE, SIZE - 1, 7, SIZE], [0] * ranks.size):
        with pytest.raises(ValueError, match="bounds must rise from 0 to 100003"):
            call(array, wrong)
print("ok", flush=True)
