"""The order in which backward runs: gradients of late layers first, and nothing before it is needed.

The walk starts at the gradients in the order in which they should be ready. Of the inputs of a node it visits first the
one that depends on the latest part of the forward pass. What depends on early layers only, above all what is computed
again, then waits until the gradient that meets it has arrived::

    dx = elemwise_mul(cos(x), dy)      walked left to right: the cosines of all layers, before the first gradient
                                       walked this way:      dy, then cos(x), then their product
"""

from __future__ import annotations

from collections.abc import Sequence

from paratrain.graph.ir import Entry, Node, topological

__all__ = ["backward_order"]


def backward_order(forward: Sequence[Node], grads: Sequence[Entry]) -> list[Node]:
    """Nodes that `grads` need besides those of the forward pass, in the order in which they should run.

    Parameters
    ----------
    forward : sequence of Node
        The forward pass in its order.
    grads : sequence of Entry
        In the order in which they should be ready.
    """
    reach = {id(n): i for i, n in enumerate(forward)}
    done = set(reach)
    for node in topological(grads):
        if id(node) in done:
            continue
        # what arrives from outside in backward are the gradients of the outputs: later than everything
        reach[id(node)] = max((reach[id(e.node)] for e in node.inputs), default=-1 if node.op else len(forward))
    order: list[Node] = []
    stack = [(e.node, False) for e in reversed(grads)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
        elif id(node) not in done:
            done.add(id(node))
            stack.append((node, True))
            stack += [(e.node, False) for e in sorted(node.inputs, key=lambda e: reach[id(e.node)])]
    return order
