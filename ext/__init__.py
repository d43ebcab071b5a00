"""The native engine: storage, kernels, programs (C++17, oneDNN; CUDA in a library of its own)."""

from __future__ import annotations

import os

# How long OpenMP threads spin before they sleep. Measured on LeNet with two threads on two cores: no cost on a quiet
# machine (5.1 ms either way); beside one busy process 16.0 ms, with libgomp's default 13.7, so no gain was shown there.
# libgomp reads it when it is loaded, hence before the engine.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")
