"""Join batch normalisation, an addition and the bound behind them (relu or clip), with their gradients.

Before::

    data, gamma, beta, moving -> BatchNorm -> relu -> y
    dy, y -> _backward_relu -> g;  g, data, gamma, statistics -> _backward_BatchNorm -> dx, dgamma, dbeta

After::

    data, gamma, beta, moving -> _BatchNormBound -> y
    dy, data, gamma, statistics, beta -> _backward_BatchNormBound -> dx, dgamma, dbeta
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from paratrain.graph.ir import Entry, F, Node, topological
from paratrain.graph.passes import Graph, Readers, is_op

__all__ = ["bound_of", "join_batch_norms"]


def join_batch_norms(graph: Graph) -> Graph:
    """Join every batch normalisation with the bound that alone reads it."""
    return _Join(graph).joined()


def bound_of(node: Node) -> dict[str, Any] | None:
    """Attributes of the bound that a node is, or None."""
    if is_op(node, "relu") or (is_op(node, "Activation") and node.attrs["act_type"] == "relu"):
        return {"act": "relu"}
    if is_op(node, "clip"):
        return {"act": "clip", "a_min": node.attrs["a_min"], "a_max": node.attrs["a_max"]}
    return None


class _Group(NamedTuple):
    """A batch normalisation and the bound behind it, with their gradients where the graph has them."""

    norm: Node
    act: Node
    attrs: dict[str, Any]
    addend: Entry | None
    back_act: Node | None
    back_norm: Node | None


class _Join:
    """The groups of a graph and what takes their place."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.readers = graph, Readers(graph)
        self.forward: dict[int, _Group] = {}  # id of the bound's node -> group
        self.backward: dict[int, _Group] = {}  # id of the bound's gradient -> group
        self.inputs: dict[int, list[Entry]] = {}  # id of the BatchNorm -> its new inputs
        self.fused: dict[int, Node] = {}  # id of the BatchNorm -> what took its place
        self.grads: dict[int, list[Entry]] = {}  # id of the BatchNorm's gradient -> gradients that took its place
        taken: set[int] = set()
        for node in topological(graph.results):
            group = self.match(node)
            if group is not None and id(group.norm) not in taken:
                taken.add(id(group.norm))
                self.forward[id(node)] = group
                if group.back_act is not None:
                    self.backward[id(group.back_act)] = group

    def joined(self) -> Graph:
        return self.graph.rewrite(self.change) if self.forward else self.graph

    # -- finding them ---------------------------------------------------------------------------------------------

    def match(self, node: Node) -> _Group | None:
        attrs = bound_of(node)
        if attrs is None:
            return None
        source = node.inputs[0]
        if is_op(source.node, "BatchNorm") and source.index == 0:
            return self.complete(source.node, node, attrs, None, source)
        if attrs["act"] == "relu" and is_op(source.node, "elemwise_add", "broadcast_add"):
            for mine, other in ((0, 1), (1, 0)):
                group = self.match_sum(source, node, attrs, mine, other)
                if group is not None:
                    return group
        return None

    def match_sum(self, total: Entry, act: Node, attrs: dict[str, Any], mine: int, other: int) -> _Group | None:
        norm, addend = total.node.inputs[mine], total.node.inputs[other]
        same = self.graph.descs[norm] == self.graph.descs[addend]
        if not is_op(norm.node, "BatchNorm") or norm.index or norm == addend or not same:
            return None
        if not self.readers.only(norm, total.node):
            return None
        return self.complete(norm.node, act, {**attrs, "has_addend": True}, addend, total)

    def complete(
        self, norm: Node, act: Node, attrs: dict[str, Any], addend: Entry | None, before: Entry
    ) -> _Group | None:
        """The group with its gradients, unless somebody else reads what lies between."""
        back_act = self.gradient_of(act, before)
        if not self.readers.only(before, act, back_act):
            return None
        back_norm = None
        if back_act is not None:
            back_norm = self.norm_gradient(Entry(back_act), norm)
            if back_norm is None or (addend is None and not self.readers.only(Entry(back_act), back_norm)):
                return None
        # whoever else reads the statistics would need the BatchNorm itself, which must not run twice
        if not all(self.readers.only(Entry(norm, i), back_norm) for i in (1, 2)):
            return None
        return _Group(norm, act, {**norm.attrs, **attrs}, addend, back_act, back_norm)

    def gradient_of(self, act: Node, before: Entry) -> Node | None:
        """The node that takes a gradient back through the bound (relu's reads the result, clip's the data)."""
        name, read = ("_backward_clip", before) if is_op(act, "clip") else ("_backward_relu", Entry(act))
        found = [r for r in self.readers[read] if is_op(r, name) and r.inputs[1] == read]  # type: ignore[union-attr]
        return found[0] if len(found) == 1 else None

    def norm_gradient(self, grad: Entry, norm: Node) -> Node | None:
        for reader in self.readers[grad]:
            if is_op(reader, "_backward_BatchNorm") and reader.inputs[0] == grad and reader.inputs[3] == Entry(norm, 1):  # type: ignore[union-attr]
                return reader
        return None

    # -- replacing them -------------------------------------------------------------------------------------------

    def change(self, node: Node, inputs: list[Entry]) -> Sequence[Entry] | None:
        if is_op(node, "BatchNorm"):
            self.inputs[id(node)] = inputs
            return None
        if id(node) in self.forward:
            return [Entry(self.join_forward(self.forward[id(node)], inputs, node))]
        if id(node) in self.backward:
            return self.join_backward(self.backward[id(node)], inputs)
        return self.grads.get(id(node))

    def join_forward(self, group: _Group, inputs: list[Entry], act: Node) -> Node:
        addend = []
        if group.addend is not None:
            total = inputs[0].node
            addend = [total.inputs[group.act.inputs[0].node.inputs.index(group.addend)]]
        made = F._BatchNormBound(*self.inputs[id(group.norm)], *addend, **group.attrs)
        made.node.name, made.node.user_attrs = act.name, act.user_attrs
        self.fused[id(group.norm)] = made.node
        return made.node

    def join_backward(self, group: _Group, inputs: list[Entry]) -> Sequence[Entry]:
        norm, back = self.fused[id(group.norm)], group.back_norm
        assert back is not None
        data, gamma, beta = norm.inputs[:3]
        more = [Entry(norm)] if group.addend is not None else []
        made = F._backward_BatchNormBound(
            inputs[0], data, gamma, Entry(norm, 1), Entry(norm, 2), beta, *more, **group.attrs
        )
        made[0].node.name = back.name
        self.grads[id(back)] = made[:3]
        return made[3:] or inputs[:1]
