"""Measurements against the peers: ``python -m benchmarks --help`` and README.md in this folder."""
