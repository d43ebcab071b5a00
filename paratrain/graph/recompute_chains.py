"""Which elementwise results backward computes again without being asked, in the chain that reads them.

In a chain a member takes about a tenth of a nanosecond an element; an array that is written, kept and read again takes
more than half of one. Kept are the results at which a network is narrow: from those the others follow.
"""

from __future__ import annotations

from collections.abc import Collection

from paratrain.ext import engine
from paratrain.graph.ir import Entry, Node
from paratrain.graph.passes import WORTHWHILE, Graph, enabled, nbytes

__all__ = ["cheap_elementwise"]

#: Members of a chain that backward may repeat rather than read one large array; those in `_SLOW` count as many.
_MOST_AGAIN = 24
_SLOW = {"tanh": 4, "sigmoid": 3, "Activation": 4, "LeakyReLU": 5, "exp": 3, "log": 3, "erf": 5, "softrelu": 6}
_VERY_SLOW = frozenset(
    {"arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "broadcast_hypot", "broadcast_mod",
     "broadcast_power", "cbrt", "cos", "cosh", "digamma", "gamma", "gammaln", "log10", "log2", "rcbrt", "sin", "sinh",
     "tan", "_hypot", "_hypot_scalar", "_mod", "_mod_scalar", "_power", "_power_scalar",
     "_rmod_scalar", "_rpower_scalar"}
)  # fmt: skip


def cheap_elementwise(graph: Graph) -> set[int]:
    """Ids of elementwise nodes to drop: large results that follow in a few steps from what backward has anyway."""
    if graph.device_type != engine.CPU or not enabled("chains"):
        return set()
    read = {e for n in graph.backward for e in n.inputs} | set(graph.results)
    narrow = _narrow(graph)
    again: dict[Entry, frozenset[Node] | None] = {}  # what has to run for an entry, if that is known to be little
    found: set[int] = set()
    for node in graph.forward:
        runs = _runs_again(node, graph, again)
        entries = [Entry(node, i) for i in range(node.num_outputs)]
        large = nbytes(graph.descs[entries[0]]) >= WORTHWHILE
        kept = id(node) in narrow and _work(runs or ()) > _MOST_AGAIN / 2
        if runs and large and not kept and entries[0] in read and not node.op.view:  # type: ignore[union-attr]
            found |= {id(n) for n in runs}
        else:
            again.update({e: frozenset() for e in entries if e in read or node.is_variable})
        again.update({e: runs for e in entries if e not in again})
    return found


def _narrow(graph: Graph) -> set[int]:
    """Ids of the nodes whose result is the only large one that the rest of the forward pass reads."""
    last = {e.node: i for i, n in enumerate(graph.forward) for e in n.inputs}
    found: set[int] = set()
    alive: set[Node] = set()
    for i, node in enumerate(graph.forward):
        if not node.is_variable and nbytes(graph.descs[Entry(node)]) >= WORTHWHILE:
            alive.add(node)
        alive = {n for n in alive if last.get(n, -1) > i}
        if alive == {node}:
            found.add(id(node))
    return found


def _work(nodes: Collection[Node]) -> int:
    return sum(_SLOW.get(n.op.name, 1) for n in nodes if n.op)


def _runs_again(node: Node, graph: Graph, again: dict[Entry, frozenset[Node] | None]) -> frozenset[Node] | None:
    """The nodes that compute a node's result from what is kept, itself included; None if they are too many."""
    if node.op is None:
        return frozenset()
    if node.op.view:
        return again[node.inputs[0]]
    if not node.op.elementwise or node.num_outputs != 1 or node.op.name in _VERY_SLOW:
        return None
    small = nbytes(graph.descs[Entry(node)]) // 16  # as good as kept
    runs = {node}
    for entry in node.inputs:
        more = again[entry] if nbytes(graph.descs[entry]) > small else frozenset()
        if more is None:
            return None
        runs |= more
    return frozenset(runs) if _work(runs) <= _MOST_AGAIN else None
