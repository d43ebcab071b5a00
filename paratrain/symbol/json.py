"""Symbols in MXNet's JSON format, both ways, and as text for people."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from paratrain._files import replaced
from paratrain._lazy import LazyModule
from paratrain.base import MXNetFileError, MXNetValueError
from paratrain.graph.ir import Entry, Node, topological
from paratrain.ops import registry
from paratrain.symbol import legacy
from paratrain.symbol.rewrite import without_amp_casts

if TYPE_CHECKING:
    from paratrain.symbol.symbol import Symbol

__all__ = ["describe", "dumps", "load", "load_json", "save"]

#: Version of MXNet whose format is written: 1.9.1.
MXNET_VERSION = 10901

_symbol: Any = LazyModule("paratrain.symbol.symbol")
_subgraph: Any = LazyModule("paratrain.graph.subgraph")


# -- writing ----------------------------------------------------------------------------------------------------------


def dumps(outputs: Sequence[Entry], remove_amp_cast: bool = True) -> str:
    """The graph as JSON, as MXNet 1.9.1 writes it to the byte.

    Only the versions of auxiliary states of a graph that was read from a file may differ: MXNet keeps the file's,
    and neither looks at them.
    """
    return _graph_text(outputs, remove_amp_cast, 0, [f'"attrs": {{"mxnet_version": ["int", {MXNET_VERSION}]}}'])


def _graph_text(outputs: Sequence[Entry], remove_amp_cast: bool, indent: int, more: list[str]) -> str:
    """A graph, or one inside a node of another, as text whose first brace is `indent` wide."""
    if remove_amp_cast:
        outputs = without_amp_casts(outputs)
    nodes = topological(outputs)
    numbers = {id(n): i for i, n in enumerate(nodes)}
    versions = _Versions()
    rows, pointers = [], [0]
    pad = " " * indent
    for node in nodes:
        inputs = [[numbers[id(e.node)], e.index, v] for e, v in versions.read_by(node)]
        rows.append(_node_text(node, inputs, remove_amp_cast, indent + 4))
        pointers.append(pointers[-1] + _num_places(node))
    heads = [[numbers[id(e.node)], e.index, versions.of(e)] for e in outputs]
    inside = f", \n{pad}    "
    parts = [
        f'"nodes": [\n{pad}    {inside.join(rows)}\n{pad}  ]',
        f'"arg_nodes": {_list_text([numbers[id(n)] for n in nodes if n.is_variable], indent + 2)}',
        f'"node_row_ptr": {_list_text(pointers, indent + 2)}',
        f'"heads": {_list_text(heads, indent + 2)}',
        *more,
    ]
    between = f", \n{pad}  "
    return f"{{\n{pad}  {between.join(parts)}\n{pad}}}"


class _Versions:
    """How often variables have been changed: the third number of an input in the file."""

    def __init__(self) -> None:
        self.counts: dict[Entry, int] = {}

    def of(self, entry: Entry) -> int:
        return self.counts.get(entry, 0)

    def read_by(self, node: Node) -> list[tuple[Entry, int]]:
        """The node's inputs with their versions; those that it changes get a new one."""
        if node.op is not None and node.op.aux:
            states = node.op.states(node.attrs)
            for name, entry in zip(node.op.input_names(node.attrs), node.inputs):
                if name in states:
                    self.counts[entry] = self.of(entry) + 1
        return [(e, self.of(e)) for e in node.inputs]


def _num_places(node: Node) -> int:
    """Outputs of a node as the file counts them: what our loops keep for backward is not MXNet's."""
    if node.op is None or "subgraphs" not in node.attrs:
        return node.num_outputs
    return node.op.num_visible(node.attrs)


def _node_text(node: Node, inputs: list[list[int]], remove_amp_cast: bool, indent: int) -> str:
    pad = " " * indent
    attributes = sorted({**node.given, **node.user_attrs}.items())
    lines = [f'"op": {_quoted("null" if node.op is None else node.op.name)}', f'"name": {_quoted(node.name)}']
    if len(attributes) == 1:
        lines.append(f'"attrs": {{{_pair(*attributes[0])}}}')
    elif attributes:
        inner = f", \n{pad}    ".join(_pair(k, v) for k, v in attributes)
        lines.append(f'"attrs": {{\n{pad}    {inner}\n{pad}  }}')
    lines.append(f'"inputs": {_list_text(inputs, indent + 2)}')
    if "subgraphs" in node.attrs:
        graphs = [_graph_text(g.outputs, remove_amp_cast, indent + 4, []) for g in node.attrs["subgraphs"]]
        between = f", \n{pad}    "
        lines.append(f'"subgraphs": [\n{pad}    {between.join(graphs)}\n{pad}  ]')
    between = f", \n{pad}  "
    return f"{{\n{pad}  {between.join(lines)}\n{pad}}}"


def _pair(key: str, value: str) -> str:
    return f"{_quoted(key)}: {_quoted(value)}"


def _list_text(items: Sequence[Any], indent: int) -> str:
    """A list of numbers or of triples: on one line up to ten, else one a line."""
    texts = [str(i) for i in items]
    if len(texts) <= 10:
        return f"[{', '.join(texts)}]"
    pad = " " * (indent + 2)
    return "[\n" + ", \n".join(pad + t for t in texts) + "\n" + " " * indent + "]"


_ESCAPES = str.maketrans({"\r": "\\r", "\n": "\\n", "\\": "\\\\", "\t": "\\t", '"': '\\"'})


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def save(fname: str | os.PathLike, text: str) -> None:
    """Write JSON to a file, which is replaced as a whole."""
    with replaced(fname, "Symbol.save") as file:
        file.write(text.encode())


# -- reading ----------------------------------------------------------------------------------------------------------


def load(fname: str | os.PathLike) -> Symbol:
    """Symbol from a file in MXNet's JSON format, of any MXNet version since 0.8.

    Parameters
    ----------
    fname : str or path-like

    Returns
    -------
    Symbol

    Raises
    ------
    MXNetError
        Also an OSError if the file cannot be read, a ValueError if it is not the JSON of a symbol or has an operator
        or parameter that does not exist; the message names file, operator and node.
    """
    if not isinstance(fname, (str, os.PathLike)):
        raise TypeError(f"[symbol.load] fname must be str or path; got {type(fname).__name__}")
    try:
        with open(fname, "rb") as file:
            data = file.read()
    except OSError as e:
        raise MXNetFileError(f"[symbol.load] cannot read {os.fspath(fname)!r}: {e.strerror}", e) from e
    try:
        text = data.decode()
    except UnicodeDecodeError as e:
        raise MXNetValueError(f"[symbol.load] {os.fspath(fname)}: not UTF-8 text at byte {e.start}") from None
    return _symbol.Symbol(_loads(text, f"[symbol.load] {os.fspath(fname)}"))


def load_json(json_str: str) -> Symbol:
    """Symbol from text in MXNet's JSON format; see `load`.

    Examples
    --------
    >>> import paratrain as mx
    >>> net = mx.sym.exp(mx.sym.var('x'), name='e')
    >>> mx.sym.load_json(net.tojson()).list_outputs()
    ['e_output']
    """
    if not isinstance(json_str, str):
        raise TypeError(f"[symbol.load_json] json_str must be str; got {type(json_str).__name__}")
    return _symbol.Symbol(_loads(json_str, "[symbol.load_json]"))


def _loads(text: str, where: str) -> list[Entry]:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as e:
        raise MXNetValueError(f"{where}: not JSON: {e}") from None
    if not isinstance(tree, dict) or not isinstance(tree.get("nodes"), list):
        raise MXNetValueError(f"{where}: the JSON of a symbol is an object with a list of nodes")
    return _read_graph(tree, legacy.version_of(tree), where)


def _read_graph(tree: dict[str, Any], version: int, where: str) -> list[Entry]:
    nodes: list[Node] = []
    for number, raw in enumerate(tree["nodes"]):
        nodes.append(_read_node(raw, number, nodes, version, where))
    legacy.add_initializers(nodes, version)
    heads = tree.get("heads")
    if not isinstance(heads, list) or not heads:
        raise MXNetValueError(f"{where}: heads must be a list of outputs; got {heads!r}")
    return [_read_entry(raw, nodes, f"{where}: heads") for raw in heads]


def _read_node(raw: Any, number: int, nodes: list[Node], version: int, where: str) -> Node:
    if not isinstance(raw, dict) or not isinstance(raw.get("op"), str) or not isinstance(raw.get("name"), str):
        raise MXNetValueError(f"{where}: node {number} must have an op and a name; got {str(raw)[:100]}")
    here = f"{where}: node {number} ({raw['name']!r}, operator {raw['op']})"
    attributes = legacy.attributes_of(raw, here)
    inputs = raw.get("inputs", [])
    if not isinstance(inputs, list):
        raise MXNetValueError(f"{here}: inputs must be a list; got {inputs!r}")
    if raw["op"] == "null":
        if inputs:
            raise MXNetValueError(f"{here}: a variable has no inputs; got {inputs!r}")
        return Node(None, raw["name"], user_attrs=legacy.hide(attributes))
    try:
        op = registry.get_public(raw["op"])
    except ValueError as e:
        raise MXNetValueError(f"{here}: {e}") from None
    entries = [_read_entry(i, nodes, f"{here}: inputs") for i in inputs]
    given, user_attrs, of_inputs = legacy.split(op, attributes, version)
    graphs = _read_subgraphs(op, raw, version, here)
    try:
        attrs = op.parse({**given, **graphs})
        names = op.input_names(attrs)
    except (TypeError, ValueError) as e:
        raise MXNetValueError(f"{here}: {e}") from None
    entries += legacy.missing_states(op.states(attrs), raw["name"], names, len(entries), {**given, **user_attrs})
    if len(entries) != len(names):
        raise MXNetValueError(f"{here}: must have {len(names)} inputs ({', '.join(names)}); got {len(entries)}")
    legacy.set_input_attributes(names, entries, of_inputs)
    return Node(op, raw["name"], attrs, entries, user_attrs, given)


def _read_subgraphs(op: registry.Op, raw: dict[str, Any], version: int, where: str) -> dict[str, Any]:
    """The graphs inside a node, for operators that have some."""
    found = raw.get("subgraphs", [])
    if "subgraphs" not in op.params:
        if found:
            raise MXNetValueError(f"{where}: this operator has no subgraphs; got {str(found)[:100]}")
        return {}
    if not isinstance(found, list) or not all(isinstance(g, dict) and isinstance(g.get("nodes"), list) for g in found):
        raise MXNetValueError(f"{where}: subgraphs must be a list of graphs; got {str(found)[:100]}")
    read = [_read_graph(g, version, f"{where}: subgraph {i}") for i, g in enumerate(found)]
    return {"subgraphs": [_subgraph.Subgraph(entries) for entries in read]}


def _read_entry(raw: Any, nodes: list[Node], where: str) -> Entry:
    """Entry from ``[node, output, version]`` (in old files without version)."""
    if not isinstance(raw, list) or len(raw) not in (2, 3) or not all(type(i) is int for i in raw):
        raise MXNetValueError(f"{where}: must be [node, output, version]; got {str(raw)[:100]}")
    if not 0 <= raw[0] < len(nodes):
        raise MXNetValueError(f"{where}: there is no node {raw[0]} before this one")
    node = nodes[raw[0]]
    if not 0 <= raw[1] < node.num_outputs:
        raise MXNetValueError(f"{where}: node {raw[0]} ({node.name!r}) has {node.num_outputs} outputs; got {raw[1]}")
    return Entry(node, raw[1])


# -- for people -------------------------------------------------------------------------------------------------------


def describe(outputs: Sequence[Entry]) -> str:
    """The graph node by node."""
    versions = _Versions()
    lines = ["Symbol Outputs:", *(f"\toutput[{i}]={e.node.name}({e.index})" for i, e in enumerate(outputs))]
    for node in topological(outputs):
        if node.op is None:
            lines.append(f"Variable:{node.name}")
            continue
        lines += ["-" * 20, f"Op:{node.op.name}, Name={node.name}", "Inputs:"]
        for i, (e, version) in enumerate(versions.read_by(node)):
            lines.append(f"\targ[{i}]={e.node.name}({e.index})" + (f" version={version}" if e.node.is_variable else ""))
        attributes = sorted({**node.given, **node.user_attrs}.items())
        lines += ["Attrs:", *(f"\t{k}={v}" for k, v in attributes)] if attributes else []
    return "\n".join(lines) + "\n"
