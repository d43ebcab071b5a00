"""Sum of a float32 array over 2 and 4 ranks of this machine, by size: ours, one MPI call, gloo.

A figure is the time from the first rank's call to the last rank's result: the median over groups of calls in a row.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from argparse import Namespace
from collections.abc import Callable

from ranks import by_hand, by_mpirun, is_first

RANKS = (2, 4)
SIZES = {
    "1 KB": 1 << 10,
    "4 KB": 1 << 12,
    "16 KB": 1 << 14,
    "64 KB": 1 << 16,
    "256 KB": 1 << 18,
    "1 MB": 1 << 20,
    "4 MB": 1 << 22,
    "16 MB": 1 << 24,
    "64 MB": 1 << 26,
    "256 MB": 1 << 28,
}


def measured(
    reduce: Callable[[object], object],
    make: Callable[[int], object],
    barrier: Callable[[], object],
    slowest: Callable[[float], float],
    seconds: float,
) -> dict[str, float]:
    """Microseconds of one call for each size.

    Parameters
    ----------
    reduce : callable
        Sums what `make` has made, in place.
    make : callable
        Called with a number of float32 elements.
    barrier : callable
    slowest : callable
        Maximum of a number over the ranks.
    seconds : float
        For all sizes together.
    """
    figures = {}
    for name, nbytes in SIZES.items():
        array = make(nbytes // 4)
        reduce(array)
        groups, inner, began = [], 1, time.perf_counter()
        while len(groups) < 5 or slowest(time.perf_counter() - began) < seconds / len(SIZES):
            barrier()
            start = time.perf_counter()
            for _ in range(inner):
                reduce(array)
            took = slowest(time.perf_counter() - start)
            if took < 2e-3 and not groups:  # too few calls in a row for the clock and the barrier
                inner *= 4
                continue
            groups.append(took / inner)
        figures[name] = statistics.median(groups) * 1e6
    return figures


def ours(seconds: float) -> dict[str, float]:
    """Our own sums."""
    import numpy as np

    from paratrain.kvstore.transport import world

    ranks = world()

    def slowest(value: float) -> float:
        return max(ranks.allgather_object(value))

    return measured(ranks.allreduce, lambda n: np.full(n, 0, "float32"), ranks.barrier, slowest, seconds)


def raw(seconds: float) -> dict[str, float]:
    """One call of MPI, through mpi4py."""
    import numpy as np
    from mpi4py import MPI

    comm = MPI.COMM_WORLD

    def slowest(value: float) -> float:
        return comm.allreduce(value, MPI.MAX)

    return measured(
        lambda a: comm.Allreduce(MPI.IN_PLACE, a),
        lambda n: np.full(n, 0, "float32"),
        comm.Barrier,
        slowest,
        seconds,
    )


def gloo(seconds: float) -> dict[str, float]:
    """PyTorch's transport between CPUs."""
    import torch
    import torch.distributed as dist

    torch.set_num_threads(1)
    dist.init_process_group("gloo")

    def slowest(value: float) -> float:
        found = torch.tensor([value], dtype=torch.float64)
        dist.all_reduce(found, op=dist.ReduceOp.MAX)
        return found.item()

    return measured(dist.all_reduce, lambda n: torch.full((n,), 0.0), dist.barrier, slowest, seconds)


CONTESTANTS = {"paratrain": ours, "raw": raw, "torch": gloo}


def start(contestant: str, count: int, seconds: float) -> dict[str, float]:
    """Start the ranks of a contestant and return what rank 0 prints."""
    command = [sys.executable, __file__, "rank", contestant, str(seconds)]
    if contestant == "torch":
        return by_hand(command, count)[0]
    return by_mpirun(command, count, bound=contestant == "raw")


def measure(contestant: str, options: Namespace) -> dict[str, float]:
    """Figures of all sizes and numbers of ranks."""
    figures = {}
    for count in RANKS:
        found = start(contestant, count, max(options.seconds, 1.0))
        figures |= {f"{count} ranks, {name}, us": value for name, value in found.items()}
    return figures


def rank_main(contestant: str, seconds: float) -> None:
    figures = CONTESTANTS[contestant](seconds)
    if is_first() or contestant == "torch":
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["rank"]:
        rank_main(sys.argv[2], float(sys.argv[3]))
    else:
        from timing import run

        run({name: lambda options, name=name: measure(name, options) for name in CONTESTANTS})
