"""Start the ranks of a contestant on this machine and read what the first of them prints."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def by_mpirun(command: Sequence[str], count: int, bound: bool) -> dict[str, float]:
    """Ranks of MPI, each bound to a core where `bound`, else as the program divides the cores."""
    mpirun = str(Path(sys.executable).with_name("mpirun"))
    binding = ["-bind-to", "core"] if bound and count <= (os.cpu_count() or 1) else []
    done = subprocess.run(
        [mpirun, "-n", str(count), *binding, *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env=os.environ | ONE_THREAD | {"PARATRAIN_CORES_PER_RANK": "1"},
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return last_line(done.stdout)


def by_hand(command: Sequence[str], count: int) -> list[dict[str, float]]:
    """Processes that know each other by PyTorch's variables, each bound to a core where there are enough."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(count), **ONE_THREAD}
    binding = [["taskset", "-c", str(rank)] if count <= (os.cpu_count() or 1) else [] for rank in range(count)]
    processes = [
        subprocess.Popen(
            [*binding[rank], *command],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | settings | {"RANK": str(rank)},
        )
        for rank in range(count)
    ]
    texts = [process.communicate(timeout=600)[0] for process in processes]
    if any(process.returncode for process in processes):
        raise RuntimeError(f"{command} failed")
    return [last_line(text) for text in texts]


def last_line(text: str) -> dict[str, float]:
    """The last line, which is JSON."""
    return json.loads(text.strip().splitlines()[-1])


def is_first() -> bool:
    """Whether this process is rank 0."""
    rank = os.environ.get("PMI_RANK") or os.environ.get("OMPI_COMM_WORLD_RANK") or os.environ.get("RANK") or "0"
    return rank == "0"
