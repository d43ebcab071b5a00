"""Command line of the benchmarks."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from benchmarks import harness, report

PEERS = {"mxnet": "MXNET_PYTHON", "torch": "TORCH_PYTHON"}
BESIDE_TORCH = ("simplejpeg", "decode")  # contestants that are installed in PyTorch's environment
OF_PHOTOS = ("image_record", "image_augment")  # subjects that need images of the user's
PEER_FOLDER = Path(__file__).resolve().parent.parent / ".bench"


def pythons() -> dict[str, str]:
    """Interpreter of each contestant that is installed.

    A peer's is taken from its variable (``MXNET_PYTHON``, ``TORCH_PYTHON``) or from ``.bench/``, where
    ``make bench-peers`` puts it.
    """
    found = {harness.OURS: sys.executable, **dict.fromkeys(("raw", "mpi4py", "independent"), sys.executable)}
    for name, variable in PEERS.items():
        path = Path(os.environ.get(variable) or PEER_FOLDER / name / "bin" / "python")
        if path.exists():
            found[name] = str(path)
        elif variable in os.environ:
            raise FileNotFoundError(f"[benchmarks] {variable} must be the path of a Python; there is no {path}")
        else:
            print(f"{name} is left out: set {variable}, or run `make bench-peers`", file=sys.stderr)
    return found | {name: found["torch"] for name in BESIDE_TORCH if "torch" in found}


def main() -> int:
    """Measure the subjects that were asked for, print the table, write the results."""
    names = [subject.name for subject in harness.SUBJECTS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"default: all of {', '.join(names)}")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each contestant, in turn (default 5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long a run measures (default 3)")
    parser.add_argument(
        "--threads", type=int, default=os.cpu_count() or 1, help="threads each may use (default: all cores)"
    )
    parser.add_argument("--only", nargs="+", metavar="WHO", help="only these contestants")
    parser.add_argument("--variants", nargs="+", metavar="HOW", help="only these variants, such as eager tcmalloc")
    parser.add_argument(
        "--clock",
        choices=("wall", "cpu"),
        default="wall",
        help="cpu: seconds that each process computed; for machines that others use too, with --threads 1",
    )
    parser.add_argument("--no-save", action="store_true", help="leave benchmarks/results as it is")
    parser.add_argument(
        "--photos", metavar="FOLDER", help=f"JPEG files for {' and '.join(OF_PHOTOS)}, which are left out without them"
    )
    options = parser.parse_args()
    unknown = set(options.subjects) - set(names)
    if unknown:
        parser.error(f"unknown subject {sorted(unknown)[0]!r}; choose from {', '.join(names)}")

    os.environ["BENCHMARK_CLOCK"] = options.clock
    available = pythons()
    if options.only:
        available = {name: path for name, path in available.items() if name in options.only}
    if harness.tcmalloc() is None:
        print("tcmalloc is left out: the loader knows no libtcmalloc (Debian: libtcmalloc-minimal4)", file=sys.stderr)
    chosen = [s for s in harness.SUBJECTS if not options.subjects or s.name in options.subjects]
    if options.photos:
        os.environ["BENCHMARK_PHOTOS"] = str(Path(options.photos).resolve())
    elif "BENCHMARK_PHOTOS" not in os.environ and any(s.name in OF_PHOTOS for s in chosen):
        print(f"{' and '.join(OF_PHOTOS)} are left out: give --photos FOLDER", file=sys.stderr)
        chosen = [s for s in chosen if s.name not in OF_PHOTOS]
    limit = None
    if any(subject.arithmetic for subject in chosen):
        limit = harness.gemm_limit(sys.executable, options.threads)
        print(f"  limit of float32 matrix multiplication: {limit:,.1f} GFLOP/s", flush=True)
    outcomes = []
    for subject in chosen:
        if options.variants:
            subject = harness.only_variants(subject, options.variants)
        outcomes.append(harness.measure(subject, available, options.rounds, options.threads, options.seconds))
        if not options.no_save and options.clock == "wall":
            harness.save(outcomes[-1], options.threads, limit)
    print(report.table(outcomes, limit))
    return 0


if __name__ == "__main__":
    sys.exit(main())
