"""Copies of graphs, with changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from paratrain.graph.ir import Entry, Node, topological

__all__ = ["copy_graph", "without_amp_casts"]

_AMP_CASTS = ("amp_cast", "amp_multicast")


def copy_graph(outputs: Sequence[Entry], change: Callable[[Node], Sequence[Entry] | None]) -> list[Entry]:
    """Copy everything that `outputs` depend on.

    Parameters
    ----------
    outputs : sequence of Entry
    change : callable
        For each node of the original (after its inputs), entries that take the place of its outputs, or None for a
        copy. Entries of the original graph are themselves looked up in the copy.

    Returns
    -------
    list of Entry
    """
    made: dict[Entry, Entry] = {}
    for node in topological(outputs):
        instead = change(node)
        if instead is None:
            inputs = [made[e] for e in node.inputs]
            copy = Node(node.op, node.name, dict(node.attrs), inputs, dict(node.user_attrs), dict(node.given))
            instead = [Entry(copy, i) for i in range(node.num_outputs)]
        for i, entry in enumerate(instead):
            made[Entry(node, i)] = made.get(entry, entry)
    return [made[e] for e in outputs]


def without_amp_casts(outputs: Sequence[Entry]) -> list[Entry]:
    """The graph without the casts that mixed precision put in: each stands for its input."""
    if not any(n.op is not None and n.op.name in _AMP_CASTS for n in topological(outputs)):
        return list(outputs)
    return copy_graph(outputs, lambda n: n.inputs if n.op is not None and n.op.name in _AMP_CASTS else None)
