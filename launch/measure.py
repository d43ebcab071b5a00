"""What ``paratrain doctor`` runs on every rank: who is where, how quick sums are, how clocks differ, who sees a folder.

Started as a script; rank 0 prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import platform
import socket
import statistics
import sys
import time
from pathlib import Path
from typing import Any

MARK = "paratrain-measured: "
SIZES = (8, 1 << 20, 1 << 24)  # bytes
SECONDS = 0.3


def facts(world: Any) -> dict[str, Any]:
    """What this rank knows about itself."""
    from paratrain._version import __version__
    from paratrain.ext import engine

    return {
        "host": socket.gethostname(),
        "cores": len(os.sched_getaffinity(0)),
        "threads": engine.get_num_threads(),
        "paratrain": __version__,
        "python": platform.python_version(),
        "overlaps": world.overlaps,
    }


def time_of_sum(world: Any, nbytes: int) -> float:
    """Median seconds of an allreduce of float32."""
    import numpy as np

    array = np.zeros(max(2, nbytes // 4), np.float32)
    world.allreduce(array)
    began = time.perf_counter()
    world.allreduce(array)
    once = max(time.perf_counter() - began, 1e-6)
    repeats = world.broadcast_object(int(min(200, max(3, SECONDS / once))))
    times = []
    for _ in range(repeats):
        world.barrier()
        began = time.perf_counter()
        world.allreduce(array)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def clock_skew(world: Any) -> list[float]:
    """Seconds by which the clock of each rank is ahead of rank 0's; each ask is answered within its error."""
    found = []
    for _ in range(5):
        world.barrier()
        found.append(world.allgather_object(time.time()))
    return [statistics.median(round_[rank] - round_[0] for round_ in found) for rank in range(world.size)]


def folder_of(world: Any, folder: str) -> dict[str, Any]:
    """Whether rank 0 can write to a folder, how fast, and which ranks see what it has written."""
    path = Path(folder) / f".paratrain-doctor-{os.getpid()}"
    path = Path(world.broadcast_object(str(path)))
    error, speed = "", 0.0
    if world.rank == 0:
        try:
            speed = _write(path, 16 << 20)
        except OSError as caught:
            error = f"{caught.strerror}: {caught.filename or path}"
    error = world.broadcast_object(error)
    seen = world.allgather_object(path.exists())
    world.barrier()
    if world.rank == 0:
        path.unlink(missing_ok=True)
    return {"error": error, "bytes_per_second": speed, "unseen": [r for r, sees in enumerate(seen) if not sees]}


def _write(path: Path, size: int) -> float:
    path.parent.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    with path.open("wb") as file:
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())
    return size / (time.perf_counter() - began)


def main(arguments: list[str]) -> None:
    """Measure, and print on rank 0. The first argument, if there is one, is the folder of checkpoints."""
    from paratrain.kvstore.transport import world

    ranks = world()
    found = {
        "ranks": ranks.allgather_object(facts(ranks)),
        "sums": {str(size): time_of_sum(ranks, size) for size in SIZES},
        "skew": clock_skew(ranks),
        "folder": folder_of(ranks, arguments[0]) if arguments else None,
    }
    if ranks.rank == 0:
        sys.stdout.write(MARK + json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
