"""The native engine: storage, kernels, programs (C++17, oneDNN; CUDA in a library of its own)."""

from __future__ import annotations

import os

# How long OpenMP threads spin at the end of a loop before they sleep. libgomp's default (milliseconds) lets one foreign
# process on a core slow a step down tenfold and more; 2000 turns (microseconds) cost about 3 % of a LeNet step on a
# quiet machine and keep 0.4 of the speed on a busy one. libgomp reads it when it is loaded, hence before the engine.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")
