"""Ranks that do not agree about a store."""

from __future__ import annotations

import sys

import paratrain as mx

kv = mx.kv.create("dist_sync")
what, odd = sys.argv[1], kv.rank == 1
if what == "order":
    kv.init(["v", "w"], [mx.nd.ones((2, 3)), mx.nd.ones((2, 3))])
    for key in "vw" if odd else "wv":
        kv.push(key, mx.nd.ones((2, 3)))
key = "v" if what == "key" and odd else "w"
shape = (3, 2) if what == "shape" and odd else (2, 3)
dtype = "float64" if what == "dtype" and odd else "float32"
kv.init(key, mx.nd.ones(shape, dtype=dtype))
