"""Print how many threads and which CPUs this rank has."""

from __future__ import annotations

import os

from paratrain.ext import engine
from paratrain.kvstore.transport import world

ranks = world()
cpus = ",".join(map(str, sorted(os.sched_getaffinity(0))))
for rank in range(ranks.size):
    ranks.barrier()
    if rank == ranks.rank:
        print(engine.get_num_threads(), cpus, flush=True)
