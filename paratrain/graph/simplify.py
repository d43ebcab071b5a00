"""Compute nothing twice, and nothing that is known beforehand or changes nothing.

Before::

    x -> Reshape(-1, 4) -> Flatten -> y
    a -> exp -> b;  a -> exp -> c;  b, c -> broadcast_add (of one shape) -> d
    ones_like(h), g -> elemwise_mul -> k

After::

    x -> Reshape -> y
    a -> exp -> b;  b, b -> elemwise_add -> d
    k is g

One walk over the nodes in order: the inputs of a node are simple already, so a rule looks at a node and at what made
its inputs. What a rule makes is simplified in turn, which is why the walk need not be repeated. The rules are in
`simplify_rules.py`; that of common subexpressions is here: a node that does the same to the same as one before it is
that one. Nodes that nothing reads any more are no longer reached from the results, and so are gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from paratrain.graph.ir import Entry, F, Node, topological
from paratrain.graph.passes import Graph
from paratrain.graph.simplify_rules import FILLS, RULES, Call

__all__ = ["simplify"]

#: The order of their inputs makes no difference, not even to rounding.
_COMMUTATIVE = frozenset({"elemwise_add", "elemwise_mul", "broadcast_add", "broadcast_mul"})


class _Simplifier:
    """State of one walk; `simplify` is its only user."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.descs = dict(graph.descs)
        self.op_ids = dict(graph.op_ids)
        self.known: dict[Any, Node] = {}
        self.unstable: set[Entry] = set()
        self.made: dict[Entry, Entry] = {}

    def run(self) -> Graph:
        order = topological(self.graph.results)
        self.unstable = {e for node in order for e in changed_inputs(node)}
        for node in order:
            count = node.num_outputs
            if node.is_variable:
                self.made[Entry(node)] = Entry(node)
                continue
            inputs = [self.made[e] for e in node.inputs]
            outs = [self.descs[Entry(node, i)] for i in range(count)]
            kept = node if inputs == node.inputs else self.renewed(node, inputs)
            self.made.update({Entry(node, i): e for i, e in enumerate(self.simple(kept, outs))})
        results = [self.made[e] for e in self.graph.results]
        results = self.separate_gradients(results)
        return replace(self.graph, descs=self.descs, op_ids=self.op_ids).with_results(results)

    def renewed(self, node: Node, inputs: list[Entry]) -> Node:
        kept = node.with_inputs(inputs)
        if node in self.op_ids:
            self.op_ids[kept] = self.op_ids[node]
        return kept

    def simple(self, node: Node, outs: list[tuple]) -> list[Entry]:
        """Entries in place of the outputs of a node whose inputs are simple."""
        op = node.op
        assert op is not None
        for rule in RULES.get(op.name, ()):
            instead = rule(Call(node, outs, self))
            if instead is not None:
                entries = [instead] if isinstance(instead, Entry) else list(instead)
                assert [self.descs[e] for e in entries] == outs, f"{rule.__name__} changes what {node} is"
                return entries
        node = self.seen_before(node, outs)
        entries = [Entry(node, i) for i in range(len(outs))]
        self.descs.update(zip(entries, outs))
        if op.view and node.inputs[0] in self.unstable:
            self.unstable.add(entries[0])
        return entries

    def seen_before(self, node: Node, outs: list[tuple]) -> Node:
        """The node before it that computes the same, if there is one (or else the node itself)."""
        op = node.op
        assert op is not None
        if op.draws(node.attrs) or op.mutates or op.name in FILLS or not self.unstable.isdisjoint(node.inputs):
            return node
        inputs = sorted(node.inputs, key=_identity) if op.name in _COMMUTATIVE else node.inputs
        # the shape counts too: a few operators without inputs take theirs from where the result goes
        return self.known.setdefault((op, _frozen(node.attrs), *inputs, *outs), node)

    def separate_gradients(self, results: list[Entry]) -> list[Entry]:
        """Copies of gradients that are values of the forward pass (or variables of it).

        A gradient array is written in the backward pass only: a forward pass alone must not touch it.
        """
        count = len(self.graph.outputs)
        forward = {id(n) for n in topological(results[:count])}
        for i in range(count, len(results)):
            entry = results[i]
            if id(entry.node) in forward:
                results[i] = F._copy(entry)
                results[i].node.name = f"{self.graph.grads[i - count][0]}_backward"
        return results


def _identity(entry: Entry) -> tuple[int, int]:
    return id(entry.node), entry.index


def _frozen(value: Any) -> Any:
    """A parameter's value as a key: numbers that compare equal but are not the same (0.0 and -0.0) stay apart."""
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, dict):
        return tuple([_frozen(v) for v in value.values()])
    if isinstance(value, (tuple, list)):
        return tuple([_frozen(v) for v in value])
    return value


def changed_inputs(node: Node) -> Sequence[Entry]:
    """The inputs that a node changes in place."""
    op = node.op
    if op is None or not (op.mutates or op.aux):
        return ()
    changed = {*op.mutated(node.attrs), *op.states(node.attrs)}
    return [e for e, name in zip(node.inputs, op.input_names(node.attrs)) if name in changed]


def simplify(graph: Graph) -> Graph:
    """Simplify a graph by the rules of `simplify_rules.RULES` and by common subexpressions.

    Results equal the original graph's to rounding; most rules keep every bit. Operators that draw random numbers or
    change their inputs are left as they are and draw the same numbers.

    Parameters
    ----------
    graph : Graph

    Returns
    -------
    Graph
        With the same outputs and gradients, in the same order. Some outputs may be variables, and one entry may serve
        several outputs.
    """
    return _Simplifier(graph).run()
