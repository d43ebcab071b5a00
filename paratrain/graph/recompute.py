"""Drop results of the forward pass and compute them again when backward needs them.

Before (``c`` and ``r`` are kept from forward to backward)::

    x -> conv -> c -> relu -> r -> ...
    dr, r -> _backward_relu -> dc;   dc, x -> _backward_conv_weight -> dw

After (with ``relu`` dropped)::

    x -> conv -> c -> relu -> r -> ...
    c -> relu_again -> r';   dr, r' -> _backward_relu -> dc;   dc, x -> _backward_conv_weight -> dw

Large normalisations and elementwise results are dropped without being asked (see `_is_cheap_norm` and
`recompute_chains`). Which other nodes are is said by the attributes
``force_mirroring`` and ``mirror_stage`` and by the variable `MXNET_BACKWARD_DO_MIRROR`; `paratrain.graph.budget` finds
it from a number of bytes.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace

from paratrain.graph.ir import Entry, Node
from paratrain.graph.passes import WORTHWHILE, Graph, is_op, nbytes
from paratrain.graph.recompute_chains import cheap_elementwise
from paratrain.ops.registry import get

__all__ = ["SUFFIX", "drop", "droppable", "forced", "moved_entries", "recompute"]

#: What the names of nodes end in that compute something again.
SUFFIX = "_again"
#: Operators that `MXNET_BACKWARD_DO_MIRROR` keeps: computing them again takes long, or gains nothing.
HEAVY = frozenset(
    {"BatchNorm", "Concat", "Convolution", "Deconvolution", "Dropout", "FullyConnected", "RNN", "SoftmaxOutput",
     "_contrib_SyncBatchNorm", "batch_dot", "dot"}
)  # fmt: skip
_TRUE = ("True", "true", "1")


def recompute(graph: Graph) -> Graph:
    """Drop what attributes and environment say; see the module."""
    return drop(graph, marked(graph))


def marked(graph: Graph) -> list[Node]:
    """Nodes to drop: ``force_mirroring`` first, then ``mirror_stage`` (keep), then the rule of the environment."""
    if not graph.grads:
        return []
    by_rule = os.environ.get("MXNET_BACKWARD_DO_MIRROR", "0") in _TRUE
    cheap = cheap_elementwise(graph)
    fixed = {id(e.node) for e in graph.outputs}
    found = []
    for node in graph.forward:
        if node.op is None or not droppable(node) or id(node) in fixed:
            continue
        said = forced(node)
        if said or (
            said is None
            and (id(node) in cheap or _is_cheap_norm(node, graph) or (by_rule and node.op.name not in HEAVY))
        ):
            found.append(node)
    return found


def _is_cheap_norm(node: Node, graph: Graph) -> bool:
    """Whether a node is dropped without being asked: a large batch normalisation with what follows it in its kernel.

    The data is kept for its gradient anyway, and so, at the beginning of a chain, is the addend: one more pass over
    them saves the result. Measured on two cores, in time and memory of the arena: ResNet-20 + 0 %, 205 to 120 MB;
    MobileNetV2 + 2 %, 869 to 473 MB; ResNet-50 + 4 %, 1,321 to 883 MB.
    """
    if not is_op(node, "_BatchNormBound") or nbytes(graph.descs[Entry(node)]) < WORTHWHILE:
        return False
    return not node.attrs["has_addend"] or is_op(node.inputs[-1].node, "_BatchNormBound")


def forced(node: Node) -> bool | None:
    """Whether the node's attributes say that it is dropped (True) or kept (False); None if they say nothing."""
    mirroring = node.user_attrs.get("__force_mirroring__")
    if mirroring is not None:
        return mirroring in _TRUE
    return False if node.user_attrs.get("__mirror_stage__") in _TRUE else None


def droppable(node: Node) -> bool:
    """Whether running a node a second time would change nothing but time."""
    return node.op is not None and (not node.op.mutates or bool(node.op.again))


def drop(graph: Graph, nodes: Collection[Node]) -> Graph:
    """Let backward read copies of these nodes; copies of copies' inputs reach back to what is kept.

    Parameters
    ----------
    graph : Graph
    nodes : collection of Node
        Of the forward pass. Copies that nobody reads in the end are not part of the result.

    Returns
    -------
    Graph
        The same graph where there is nothing to drop.
    """
    if not nodes or not graph.grads:
        return graph
    dropped = {id(n) for n in nodes}
    descs = dict(graph.descs)
    again: dict[Entry, Entry] = {}
    op_ids = dict(graph.op_ids)
    for node in graph.forward:
        if node.op is None or (id(node) not in dropped and not node.op.view):
            continue
        if node.op.view and node.inputs[0] not in again:
            continue  # of something kept: takes no memory of its own
        copy = _copy(node, [again.get(e, e) for e in node.inputs])
        if node in op_ids:
            op_ids[copy] = op_ids[node]
        for e in moved_entries(node, descs):
            again[e] = Entry(copy, e.index)
        descs.update({Entry(copy, i): descs[Entry(node, i)] for i in range(copy.num_outputs)})
    return _redirect(replace(graph, descs=descs, op_ids=op_ids, frugal=True), again)


def moved_entries(node: Node, descs: dict[Entry, tuple]) -> list[Entry]:
    """Outputs of a node that are dropped with it: not such small ones as statistics."""
    entries = [Entry(node, i) for i in range(node.num_outputs)]
    if len(entries) == 1:
        return entries
    largest = max(nbytes(descs[e]) for e in entries)
    return [e for e in entries if nbytes(descs[e]) * 8 > largest]


def _copy(node: Node, inputs: list[Entry]) -> Node:
    op = node.op
    if op is not None and op.again:
        # auxiliary states have been updated; what was used of them (small, and kept) are further outputs
        names = op.input_names(node.attrs)
        used = iter(range(1, node.num_outputs))
        states = op.states(node.attrs)
        inputs = [Entry(node, next(used)) if n in states else e for e, n in zip(inputs, names, strict=True)]
        op = get(op.again)
    return Node(op, node.name + SUFFIX, node.attrs, inputs, node.user_attrs, node.given)


def _redirect(graph: Graph, again: dict[Entry, Entry]) -> Graph:
    """The graph with backward reading `again`, except where only a shape is looked at."""
    made: dict[Entry, Entry] = {}
    descs, op_ids = graph.descs, graph.op_ids
    for node in graph.backward:
        if node.op is None:
            continue
        names = node.op.input_names(node.attrs) if node.op.shape_only else ()
        inputs = [
            made.get(e, e if names and names[i] in node.op.shape_only else again.get(e, e))
            for i, e in enumerate(node.inputs)
        ]
        if inputs == node.inputs:
            continue
        kept = node.with_inputs(inputs)
        if node in op_ids:
            op_ids[kept] = op_ids[node]
        for i in range(node.num_outputs):
            made[Entry(node, i)] = Entry(kept, i)
            descs[Entry(kept, i)] = descs[Entry(node, i)]
    grads = [(name, made.get(e, e)) for name, e in graph.grads]
    return replace(graph, grads=grads)
