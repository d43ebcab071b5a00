"""Plans for less memory, made by hand: the interface of the `memonger` script that people use with MXNet.

A plan is a copy of the symbol whose nodes say by the attribute ``force_mirroring`` whether backward computes them
again. To have a plan made for a number of bytes, give `Symbol.simple_bind` or `Module` a ``memory_budget``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from paratrain.base import dtype_name
from paratrain.executor import variable_descs
from paratrain.graph.compile import compile_graph, entry_descs
from paratrain.graph.ir import Entry, Node, topological
from paratrain.graph.passes import nbytes
from paratrain.graph.recompute import droppable
from paratrain.symbol.binding import check_known, shape_argument

__all__ = ["get_cost", "make_mirror_plan", "search_plan"]

MB = 1 << 20


def get_cost(sym: Any, type_dict: Mapping[str, Any] | None = None, **kwargs: Any) -> float:
    """Memory that training would take for temporary arrays, in megabytes (2**20 bytes). Nothing is allocated or run.

    Parameters
    ----------
    sym : Symbol
    type_dict : dict of str to dtype, optional
        Types of arguments (default float32).
    **kwargs : tuple of int
        Shapes of the inputs.

    Returns
    -------
    float
        Gradients are those of all arguments.

    Raises
    ------
    ValueError
        If a shape does not follow from those given.

    Examples
    --------
    >>> import paratrain as mx
    >>> net = mx.sym.Variable("x")
    >>> for _ in range(8):
    ...     net = mx.sym.tanh(net * 0.5)
    >>> mx.memonger.get_cost(net, x=(1024, 256))
    2.0
    """
    descs = _descs("get_cost", sym, type_dict, kwargs)
    return _cost(sym, descs)


def make_mirror_plan(sym: Any, threshold: float, plan_info: dict[str, int] | None = None, **kwargs: Any) -> Any:
    """Cut the network into blocks of more than `threshold` megabytes; between blocks results are kept.

    Parameters
    ----------
    sym : Symbol
        Where a node has the attribute ``mirror_stage='True'``, or a stage's name begins in ``mirror_stage``, a block
        may end. Without any such node it may end wherever one result is all that goes on.
    threshold : float
        In megabytes of results of the forward pass.
    plan_info : dict, optional
        Gets ``max_size``, bytes of the largest block, and ``save_size``, bytes kept between blocks.
    **kwargs : tuple of int
        Shapes of the inputs.

    Returns
    -------
    Symbol
        A copy with ``force_mirroring`` set on every node.

    Raises
    ------
    ValueError
        For a threshold below zero, or if a shape does not follow from those given.

    Examples
    --------
    >>> import paratrain as mx
    >>> net = mx.sym.Variable("x")
    >>> for i in range(4):
    ...     net = mx.sym.tanh(net, name=f"t{i}")
    >>> info = {}
    >>> plan = mx.memonger.make_mirror_plan(net, threshold=1, plan_info=info, x=(1024, 256))
    >>> [plan.get_internals()[f"t{i}_output"].attr("force_mirroring") for i in range(4)]
    ['True', 'False', 'True', 'False']
    >>> info
    {'max_size': 2097152, 'save_size': 2097152}
    """
    if threshold < 0:
        raise ValueError(f"[make_mirror_plan] threshold must be at least 0 megabytes; got {threshold}")
    plan = copy(sym)
    return _mark(plan, threshold, {} if plan_info is None else plan_info, _descs("make_mirror_plan", sym, None, kwargs))


def search_plan(sym: Any, ntrial: int = 6, type_dict: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:
    """Try several thresholds and return the plan that takes least memory.

    Parameters
    ----------
    sym : Symbol
    ntrial : int, default 6
        Further thresholds to try around the first guess.
    type_dict : dict of str to dtype, optional
        Types of arguments (default float32).
    **kwargs : tuple of int
        Shapes of the inputs.

    Returns
    -------
    Symbol
        A copy; without any marks where no plan takes less than none.

    Raises
    ------
    ValueError
        For less than no trials, or if a shape does not follow from those given.

    Examples
    --------
    >>> import paratrain as mx
    >>> net = mx.sym.Variable("x")
    >>> for _ in range(64):
    ...     net = mx.sym.sin(mx.sym.dot(net, mx.sym.Variable("w", shape=(256, 256))))
    >>> plan = mx.memonger.search_plan(net, x=(1024, 256))
    >>> mx.memonger.get_cost(plan, x=(1024, 256)) < mx.memonger.get_cost(net, x=(1024, 256)) / 3
    True
    """
    if ntrial < 0:
        raise ValueError(f"[search_plan] ntrial must be at least 0; got {ntrial}")
    descs = _descs("search_plan", sym, type_dict, kwargs)
    best, least = copy(sym), _cost(sym, descs)
    for threshold in _thresholds(sym, ntrial, descs):
        plan = _mark(copy(sym), threshold, {}, descs)
        cost = _cost(plan, descs)
        if cost < least:
            best, least = plan, cost
    return best


def _thresholds(sym: Any, ntrial: int, descs: dict[str, tuple]) -> Iterator[float]:
    """Block sizes that balance what is kept against the largest block, then some around them."""
    info: dict[str, int] = {}
    _mark(copy(sym), 0, info, descs)
    # with blocks of b bytes about 1 / b of the borders are kept: the sum is least at the geometric mean
    guess = (info["save_size"] * max(info["max_size"], 1)) ** 0.5 / MB
    yield guess
    for i in range(ntrial):
        yield guess * 2.0 ** ((i // 2 + 1) * (1 if i % 2 else -1) / 2)


def _descs(where: str, sym: Any, type_dict: Mapping[str, Any] | None, shapes: Mapping[str, Any]) -> dict[str, tuple]:
    names = sym.list_inputs()
    check_known(where, "shape", shapes, names)
    check_known(where, "type_dict", type_dict or {}, names)
    known = {n: shape_argument(where, n, s) for n, s in shapes.items()}
    return variable_descs(sym, known, {n: dtype_name(t) for n, t in (type_dict or {}).items()})


def _cost(sym: Any, descs: dict[str, tuple]) -> float:
    requests = dict.fromkeys(sym.list_arguments(), "write")
    return compile_graph(sym._entries, descs, 1, True, requests).lowered.arena_bytes / MB


def _mark(plan: Any, threshold: float, info: dict[str, int], descs: dict[str, tuple]) -> Any:
    sizes = entry_descs(plan._entries, descs)
    nodes = [n for n in topological(plan._entries) if n.op is not None]
    ends = _ends(nodes, plan._entries)
    local = largest = kept = 0
    for node in nodes:
        size = nbytes(sizes[Entry(node)])
        local += size
        ends_block = id(node) in ends and local > threshold * MB
        node.user_attrs = {**node.user_attrs, "__force_mirroring__": str(not ends_block and droppable(node))}
        if ends_block:
            kept, largest, local = kept + size, max(largest, local), 0
    info["max_size"], info["save_size"] = max(largest, local), kept
    return plan


def _ends(nodes: list[Node], outputs: list[Entry]) -> set[int]:
    """Ids of the nodes at which a block may end."""
    stages = [n.user_attrs.get("__mirror_stage__") for n in nodes]
    if any(stages):
        before = [None, *stages]
        return {id(n) for n, s, b in zip(nodes, stages, before) if s == "True" or (s not in (None, "False") and s != b)}
    last: dict[Entry, int] = {}
    for i, node in enumerate(nodes):
        last.update({e: i for e in node.inputs if not e.node.is_variable})
    last.update(dict.fromkeys(outputs, len(nodes)))
    ends, until = set(), -1
    for i, node in enumerate(nodes):
        # `until`: last reader of what came before this node
        if until <= i:
            ends.add(id(node))
        until = max(until, last.get(Entry(node), -1))
    return ends
