"""Loops and branches: `mx.sym.contrib.foreach`, `while_loop` and `cond`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from paratrain._nested import flatten, regroup
from paratrain.attribute import AttrScope
from paratrain.base import MXNetTypeError, MXNetValueError, mxnet_error
from paratrain.graph.ir import Entry, F, Node, topological
from paratrain.graph.subgraph import Subgraph
from paratrain.name import NameManager
from paratrain.ops.registry import get
from paratrain.symbol.creation import var
from paratrain.symbol.symbol import Symbol, output_name

__all__ = ["cond", "foreach", "while_loop"]

#: Attribute of all nodes that are made by a body: the name of its graph.
_MARK = "__subgraph_name__"
_names: Counter[str] = Counter()


def _scope(name: str) -> AttrScope:
    """A scope that marks what is made inside as a part of one graph."""
    outer = AttrScope.current().get(None).get(_MARK)
    full = name if outer is None else f"{outer}${name}"
    _names[full] += 1
    return AttrScope(**{_MARK: f"{full}{_names[full] - 1}"})


def _symbols(where: str, what: str, value: Any) -> tuple[list[Symbol], Any]:
    """A symbol or (nested) list of symbols as a list, and its form."""
    found, form = flatten(value, Symbol, f"[{where}] {what} must be Symbol or a list of Symbol")
    for symbol in found:
        if len(symbol) != 1:
            raise MXNetValueError(f"[{where}] {what}: {symbol!r} has {len(symbol)} outputs; choose one")
    return found, form


def _inner_variables(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Variables that stand for the symbols inside a body."""
    return [var(f"{s._entries[0].node.name}-{s._entries[0].index}") for s in symbols]


class _Cut:
    """The graph of a body, taken out of what it was made from.

    Parameters
    ----------
    outputs : sequence of Symbol
    variables : sequence of Symbol
        That stand for loop variables and slices of data.
    scope : AttrScope
        In which it was made.

    Attributes
    ----------
    graph : Subgraph
    sources : list of (Entry or None)
        What is outside for each of the graph's inputs; None for those of `variables`.
    order : list of int or None
        For each of `variables` which input it is; None: it is not used.
    """

    def __init__(self, outputs: Sequence[Symbol], variables: Sequence[Symbol], scope: AttrScope) -> None:
        mark = scope.get(None)[_MARK]
        own = {id(v._entries[0].node) for v in variables}
        wanted = _apart([s._entries[0] for s in outputs], mark)
        inside = set(own)
        for node in topological(wanted):
            if node.op is not None and (
                node.user_attrs.get(_MARK) == mark or any(id(e.node) in inside for e in node.inputs)
            ):
                inside.add(id(node))
        made: dict[Entry, Entry] = {}
        outside: dict[int, Entry] = {}
        for node in topological(wanted):
            if id(node) not in inside or id(node) in own:
                continue
            inputs = [self._enter(e, inside, made, outside) for e in node.inputs]
            copy = Node(node.op, node.name, node.attrs, inputs, dict(node.user_attrs), dict(node.given))
            made.update({Entry(node, i): Entry(copy, i) for i in range(node.num_outputs)})
        self.graph = Subgraph([made[e] for e in wanted])
        self.sources = [outside.get(id(n)) for n in self.graph.variables]
        places = {id(n): i for i, n in enumerate(self.graph.variables)}
        self.order = [places.get(id(v._entries[0].node)) for v in variables]

    @staticmethod
    def _enter(entry: Entry, inside: set[int], made: dict[Entry, Entry], outside: dict[int, Entry]) -> Entry:
        """What an edge of the original is in the graph: a node of it, or a variable for what is outside."""
        if id(entry.node) in inside:
            return made.get(entry, entry)  # the body's own variables are not copied
        if entry not in made:
            node = entry.node
            attributes = dict(node.user_attrs) if node.is_variable else {}
            made[entry] = Entry(Node(None, output_name(entry), user_attrs=attributes))
            outside[id(made[entry].node)] = entry
        return made[entry]


def _apart(entries: Sequence[Entry], mark: str) -> list[Entry]:
    """Outputs of a graph, with copies of those that are not results of its own or are there twice."""
    out: list[Entry] = []
    for entry in entries:
        own = entry.node.op is not None and entry.node.user_attrs.get(_MARK) == mark
        if own and entry not in out:
            out.append(entry)
            continue
        copied = F._copy(entry)
        copied.node.name = NameManager.current().get(None, "identity")
        copied.node.user_attrs = {_MARK: mark}
        out.append(copied)
    return out


def _node(op_name: str, inputs: Sequence[Entry], graphs: Sequence[Subgraph], given: Mapping[str, Any]) -> list[Symbol]:
    """The call of a loop or branch; a symbol for each visible output."""
    op = get(op_name)
    values = {**given, "num_args": len(inputs) + len(graphs)}
    texts = {k: f"[{', '.join(map(str, v))}]" if isinstance(v, (tuple, list)) else str(v) for k, v in values.items()}
    try:
        attrs = op.parse({**values, "subgraphs": graphs})
    except (TypeError, ValueError) as e:
        raise mxnet_error(e) from None
    name = NameManager.current().get(None, op_name)
    node = Node(op, name, attrs, inputs, AttrScope.current().get(None), texts)
    return [Symbol([Entry(node, i)]) for i in range(op.num_visible(attrs))]


def foreach(body: Callable[..., Any], data: Any, init_states: Any, name: str = "foreach") -> tuple[Any, Any]:
    """Run a body on each slice of `data` along the first axis, with loop variables from turn to turn.

    Parameters
    ----------
    body : callable
        ``(slice, states) -> (outputs, new states)``, called once, with symbols in the form of `data` and `init_states`.
        It may use other symbols.
    data : Symbol or list of Symbol
        Shape (n, ...).
    init_states : Symbol or (nested) list of Symbol
        First values of the loop variables; they keep shape and dtype.
    name : str
        What the name of the body's graph begins with.

    Returns
    -------
    outputs : Symbol or list of Symbol
        Outputs of all turns, stacked: shape (n, ...).
    states : Symbol or list of Symbol
        Loop variables after the last turn.

    Raises
    ------
    MXNetError
        Also a TypeError or ValueError: the body returns something else, or does not use its data and states.

    Examples
    --------
    >>> import paratrain as mx
    >>> def step(x, total):
    ...     return x + total, x + total
    >>> sums, last = mx.sym.contrib.foreach(step, mx.sym.var('x'), mx.sym.var('start'))
    >>> net = mx.sym.Group([sums, last])
    >>> for y in net.eval(x=mx.nd.array([[1], [2], [3]]), start=mx.nd.zeros((1,))):
    ...     print(y.asnumpy().ravel())
    [1. 3. 6.]
    [6.]
    """
    flat_data, data_form = _symbols("foreach", "data", data)
    flat_states, state_form = _symbols("foreach", "init_states", init_states)
    if not flat_data:
        raise MXNetValueError("[foreach] data must have at least one array")
    with _scope(name) as scope:
        slices, states = _inner_variables(flat_data), _inner_variables(flat_states)
        outs, out_form, news, new_form = _pair("foreach", body(regroup(slices, data_form), regroup(states, state_form)))
        _check_states("foreach", news, flat_states)
        cut = _Cut([*outs, *news], [*slices, *states], scope)
    if None in cut.order:
        what = "data" if cut.order.index(None) < len(slices) else "init_states"
        raise MXNetValueError(f"[foreach] the body must use all of its {what}")
    rest = [(i, e) for i, e in enumerate(cut.sources) if e is not None]
    given = {
        "num_outputs": len(outs) + len(news),
        "num_out_data": len(outs),
        "in_data_locs": cut.order[: len(slices)],
        "in_state_locs": cut.order[len(slices) :],
        "remain_locs": [i for i, _ in rest],
    }
    inputs = [*(s._entries[0] for s in (*flat_data, *flat_states)), *(e for _, e in rest)]
    made = _node("_foreach", inputs, [cut.graph], given)
    return regroup(made[: len(outs)], out_form), regroup(made[len(outs) :], new_form)


def _pair(where: str, result: Any) -> tuple[list[Symbol], Any, list[Symbol], Any]:
    """What a body returned: outputs with their form, loop variables with theirs."""
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise MXNetTypeError(f"[{where}] the body must return (outputs, loop variables); got {type(result).__name__}")
    outs, out_form = _symbols(where, "outputs of the body", [] if result[0] is None else result[0])
    news, new_form = _symbols(where, "loop variables of the body", result[1])
    return outs, out_form, news, new_form


def _check_states(where: str, news: Sequence[Symbol], olds: Sequence[Symbol]) -> None:
    if len(news) != len(olds):
        raise MXNetValueError(f"[{where}] the body must return {len(olds)} loop variables; got {len(news)}")


def while_loop(
    cond: Callable[..., Any],
    func: Callable[..., Any],
    loop_vars: Any,
    max_iterations: int | None = None,
    name: str = "while_loop",
) -> tuple[Any, Any]:
    """Run a body while a condition on the loop variables holds.

    Parameters
    ----------
    cond : callable
        ``(*loop_vars) -> one number``; the loop ends where it is 0.
    func : callable
        ``(*loop_vars) -> (outputs, new loop variables)``.
    loop_vars : Symbol or list of Symbol
        First values; they keep shape and dtype.
    max_iterations : int
        Most turns; must be given.
    name : str
        What the names of the graphs begin with.

    Returns
    -------
    outputs : list of Symbol
        Outputs of all turns, stacked: shape (max_iterations, ...), zeros after the last turn.
    states : list of Symbol
        Loop variables after the last turn.

    Raises
    ------
    MXNetError
        Also a TypeError or ValueError.
    """
    if max_iterations is None:
        raise MXNetValueError("[while_loop] max_iterations must be given")
    flat, form = _symbols("while_loop", "loop_vars", loop_vars)
    if not flat:
        raise MXNetValueError("[while_loop] loop_vars must have at least one variable")
    single = isinstance(loop_vars, Symbol)

    def arguments(variables: list[Symbol]) -> list[Any]:
        return variables if single else list(regroup(variables, form))

    with _scope(f"{name}_cond") as scope:
        variables = _inner_variables(flat)
        (test,), _ = _symbols("while_loop", "cond's result", cond(*arguments(variables)))
        tested = _Cut([test], variables, scope)
    with _scope(f"{name}_func") as scope:
        variables = _inner_variables(flat)
        outs, out_form, news, new_form = _pair("while_loop", func(*arguments(variables)))
        _check_states("while_loop", news, flat)
        body = _Cut([*outs, *news], variables, scope)
    if None in body.order:
        raise MXNetValueError("[while_loop] func must use all of loop_vars")
    inputs, locs = _union(flat, [tested, body])
    given = {
        "num_outputs": len(outs) + len(news),
        "num_out_data": len(outs),
        "max_iterations": max_iterations,
        "cond_input_locs": locs[0],
        "func_input_locs": locs[1],
        "func_var_locs": body.order,
    }
    made = _node("_while_loop", inputs, [tested.graph, body.graph], given)
    return regroup(made[: len(outs)], out_form), regroup(made[len(outs) :], new_form)


def _union(variables: Sequence[Symbol], cuts: Sequence[_Cut]) -> tuple[list[Entry], list[list[int]]]:
    """Inputs of several graphs without repetition, and for each graph which of them its arguments are.

    A loop variable is an input of its own, also where the same array is used otherwise as well.
    """
    inputs: list[Entry] = []
    places: dict[tuple[bool, Any], int] = {}
    locs = []
    for cut in cuts:
        own = {place: k for k, place in enumerate(cut.order) if place is not None}
        found = []
        for i, source in enumerate(cut.sources):
            key = (True, own[i]) if source is None else (False, source)
            if key not in places:
                places[key] = len(inputs)
                inputs.append(variables[own[i]]._entries[0] if source is None else source)
            found.append(places[key])
        locs.append(found)
    return inputs, locs


def cond(pred: Any, then_func: Callable[[], Any], else_func: Callable[[], Any], name: str = "cond") -> Any:
    """One of two branches, by a condition.

    Parameters
    ----------
    pred : Symbol
        One number; where it is 0 the second branch is computed.
    then_func, else_func : callable
        Without arguments; return a symbol or list of symbols, alike in number, shape and dtype.
    name : str
        What the names of the graphs begin with.

    Returns
    -------
    Symbol or list of Symbol

    Examples
    --------
    >>> import paratrain as mx
    >>> a, b = mx.sym.var('a'), mx.sym.var('b')
    >>> larger = mx.sym.contrib.cond(a > b, lambda: a, lambda: b)
    >>> larger.eval(a=mx.nd.array([2]), b=mx.nd.array([3]))[0].asnumpy()
    array([3.], dtype=float32)
    """
    cuts, forms = [], []
    for part, make in (("pred", lambda: pred), ("then", then_func), ("else", else_func)):
        with _scope(f"{name}_{part}") as scope:
            symbols, form = _symbols("cond", f"result of {part}", make())
            cuts.append(_Cut(symbols, [], scope))
            forms.append(form)
    counts = [len(c.graph.outputs) for c in cuts]
    if counts[0] != 1 or counts[1] != counts[2] or not counts[1]:
        raise MXNetValueError(
            f"[cond] pred must be one symbol and both branches return as many; got {', '.join(map(str, counts))}"
        )
    inputs, locs = _union([], cuts)
    keys = ("cond_input_locs", "then_input_locs", "else_input_locs")
    given = {"num_outputs": counts[1], **dict(zip(keys, locs))}
    return regroup(_node("_cond", inputs, [c.graph for c in cuts], given), forms[1])
