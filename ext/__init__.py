"""The native engine: storage, kernels, programs (C++17, oneDNN; CUDA in a library of its own)."""
