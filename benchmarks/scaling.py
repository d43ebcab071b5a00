"""Scaling on paper: a LogGP model of the step, fed by latency and bandwidth that are measured here or given.

    python benchmarks/scaling.py                                   # measured between two ranks of this machine
    python benchmarks/scaling.py --latency-us 3 --gbytes 12        # a network of 100 Gbit/s, between hosts
    python benchmarks/scaling.py --inside-latency-us 2 --inside-gbytes 4 --latency-us 3 --gbytes 12  # nothing measured
    python benchmarks/scaling.py --parameters 25.6e6 --step-ms 350 --ranks-per-host 8

docs/scaling.md has the formulas. Nothing here was measured on more ranks than this machine has cores.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RANKS = tuple(2**k for k in range(3, 13))


@dataclass(frozen=True)
class Link:
    """A connection between two ranks.

    Attributes
    ----------
    latency : float
        Seconds from one rank to the other, the work of both included (LogP's L + 2 o).
    per_byte : float
        Seconds for each byte of a large message (LogGP's G).
    """

    latency: float
    per_byte: float


@dataclass(frozen=True)
class Work:
    """A step of one rank.

    Attributes
    ----------
    gradient_bytes : float
    seconds : float
        Of the step without any communication.
    backward : float
        Share of it that is backward, behind which sums can hide.
    bucket_bytes : float
    jitter : float
        Standard deviation of the step from rank to rank and step to step, as a share of it.
    """

    gradient_bytes: float
    seconds: float
    backward: float = 0.6
    bucket_bytes: float = 4 << 20
    jitter: float = 0.01


def allreduce(nbytes: float, ranks: int, link: Link) -> float:
    """Seconds to add up so many bytes over ranks that are linked alike: by halving and doubling, or doubling whole.

    Examples
    --------
    >>> allreduce(8e6, 1, Link(1e-6, 1e-9))
    0.0
    >>> round(allreduce(8e6, 4, Link(1e-6, 1e-9)) * 1e3, 3)
    12.004
    """
    if ranks == 1:
        return 0.0
    rounds = math.ceil(math.log2(ranks))
    whole = rounds * (link.latency + nbytes * link.per_byte)
    halving = 2 * rounds * link.latency + 2 * nbytes * (ranks - 1) / ranks * link.per_byte
    return min(whole, halving)


def hierarchical(nbytes: float, ranks: int, per_host: int, inside: Link, between: Link) -> float:
    """Seconds for sums inside each host, then over the hosts, each rank with its share of the bytes, then back."""
    local = min(ranks, per_host)
    hosts = -(-ranks // per_host)
    across = allreduce(nbytes / local, hosts, Link(between.latency, between.per_byte * local))
    return allreduce(nbytes, local, inside) + across


def step_seconds(work: Work, ranks: int, add_up: Callable[[float], float]) -> float:
    """Seconds of a step: what of the sums backward does not hide comes after it, and all wait for the slowest rank."""
    buckets = max(2, math.ceil(work.gradient_bytes / work.bucket_bytes))
    each = add_up(work.gradient_bytes / buckets)
    backward = work.backward * work.seconds
    # bucket k of n is complete when backward has done k / n; the thread adds one after the other up
    done = 0.0
    for number in range(1, buckets + 1):
        done = max(done, backward * number / buckets) + each
    slowest = work.jitter * work.seconds * math.sqrt(2 * math.log(ranks)) if ranks > 1 else 0.0
    return work.seconds - backward + max(done, backward) + slowest


def efficiency(work: Work, ranks: int, per_host: int, inside: Link, between: Link) -> float:
    """Throughput of so many ranks over that of so many single ones."""
    return work.seconds / step_seconds(work, ranks, lambda n: hierarchical(n, ranks, per_host, inside, between))


def measured() -> Link:
    """Latency and bandwidth of paratrain's own sums between two ranks of this machine, of 4 bytes and of 8 MB."""
    mpirun = Path(sys.executable).with_name("mpirun")
    words = [str(mpirun), "-n", "2", "-genv", "OMP_NUM_THREADS", "1", sys.executable, __file__, "--rank"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Link(**json.loads(done.stdout.strip().splitlines()[-1]))


def rank_main() -> None:
    import numpy as np

    from paratrain.kvstore.transport import world

    ranks = world()

    def seconds(array: np.ndarray, repeats: int) -> float:
        times = []
        for _ in range(repeats):
            ranks.barrier()
            began = time.perf_counter()
            ranks.allreduce(array)
            times.append(time.perf_counter() - began)
        return float(np.median(times))

    latency = seconds(np.zeros(1, np.float32), 2000)  # a sum over two ranks takes L + n G
    large = np.zeros(2 << 20, np.float32)
    took = seconds(large, 50)
    if ranks.rank == 0:
        print(json.dumps({"latency": latency, "per_byte": (took - latency) / large.nbytes}))


def table(work: Work, per_host: int, inside: Link, between: Link) -> str:
    """Efficiency and what bounds it, for each number of ranks, as a Markdown table."""
    lines = ["| ranks | all sums, ms | step, ms | efficiency |", "|---|---|---|---|"]
    for ranks in RANKS:

        def add_up(nbytes: float, ranks: int = ranks) -> float:
            return hierarchical(nbytes, ranks, per_host, inside, between)

        buckets = max(2, math.ceil(work.gradient_bytes / work.bucket_bytes))
        sums = buckets * add_up(work.gradient_bytes / buckets)
        step = step_seconds(work, ranks, add_up)
        lines.append(f"| {ranks:,} | {sums * 1e3:.1f} | {step * 1e3:.1f} | {100 * work.seconds / step:.1f} % |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latency-us", type=float, help="between hosts; default: as measured inside this one")
    parser.add_argument("--gbytes", type=float, help="GB/s of a host's network; default: as measured inside this one")
    parser.add_argument("--inside-latency-us", type=float, help="of a sum inside a host; default: measured here")
    parser.add_argument("--inside-gbytes", type=float, help="GB/s of a sum inside a host; default: measured here")
    parser.add_argument("--ranks-per-host", type=int, default=8)
    parser.add_argument("--parameters", type=float, default=25.6e6, help="float32 gradients (default: ResNet-50's)")
    parser.add_argument("--step-ms", type=float, default=350.0, help="of one rank alone")
    parser.add_argument("--backward", type=float, default=0.6, help="share of the step that is backward")
    parser.add_argument("--bucket-mb", type=float, default=4.0)
    parser.add_argument("--jitter", type=float, default=0.01, help="standard deviation of the step, as a share of it")
    parser.add_argument("--rank", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rank:
        rank_main()
        return
    given = (options.inside_latency_us, options.inside_gbytes)
    if None in given:
        inside = measured()
        print(f"measured inside this host: {inside.latency * 1e6:.2f} us, {1e-9 / inside.per_byte:.2f} GB/s")
    else:
        inside = Link(given[0] * 1e-6, 1e-9 / given[1])
        print(f"inside a host: {given[0]:.2f} us, {given[1]:.2f} GB/s")
    latency = inside.latency if options.latency_us is None else options.latency_us * 1e-6
    per_byte = inside.per_byte if options.gbytes is None else 1e-9 / options.gbytes
    between = Link(latency, per_byte)
    bucket = options.bucket_mb * (1 << 20)
    work = Work(4 * options.parameters, options.step_ms / 1e3, options.backward, bucket, options.jitter)
    print(f"between hosts: {between.latency * 1e6:.2f} us, {1e-9 / between.per_byte:.2f} GB/s\n")
    print(table(work, options.ranks_per_host, inside, between))


if __name__ == "__main__":
    main()
