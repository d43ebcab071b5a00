"""Join operators that run as one kernel, so that what lies between them is never written to memory.

A group is joined only where nobody else reads what lies between; each kind of group has a file of its own.
"""

from __future__ import annotations

from paratrain.ext import engine
from paratrain.graph.fuse_conv import join_convolutions
from paratrain.graph.fuse_dense import join_dense_layers
from paratrain.graph.fuse_norm import join_batch_norms
from paratrain.graph.fuse_output import join_output_layers
from paratrain.graph.fuse_pool import swap_pooled_activations
from paratrain.graph.passes import Graph

__all__ = ["fuse"]


def fuse(graph: Graph) -> Graph:
    """Join the groups of `graph` that have a kernel on its device."""
    if graph.device_type != engine.CPU:  # cuDNN's batch normalisation knows no bound; the plain kernel is no match
        return graph
    joins = (swap_pooled_activations, join_batch_norms, join_output_layers, join_convolutions, join_dense_layers)
    for join in joins:
        graph = join(graph)
    return graph
