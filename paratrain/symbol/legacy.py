"""Symbol files of older MXNet versions: what their nodes say, in today's terms.

====================  ================================================================================================
before 0.9            parameters under ``param``, attributes under ``attr``; inputs and heads without version;
                      auxiliary states are not in the file; attributes such as ``lr_mult`` without underscores, and
                      ``weight_lr_mult`` on the operator for its input ``weight``
before 0.9.3          variables of auxiliary states do not name their initializer
before 0.9.5          argmax and argmin say "all axes" as ``axis=-1``
before 1.0            parameters and attributes together under ``attr``; since then under ``attrs``
====================  ================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from paratrain.attribute import HIDDEN_KEYS, is_reserved
from paratrain.base import MXNetValueError
from paratrain.graph.ir import Entry, Node
from paratrain.ops.registry import Op

__all__ = [
    "add_initializers",
    "attributes_of",
    "hide",
    "missing_states",
    "set_input_attributes",
    "split",
    "version_of",
]


def version_of(tree: Mapping[str, Any]) -> int:
    """Version of MXNet that wrote a file, e.g. 10901; 800 if it does not say."""
    attrs = tree.get("attrs")
    stored = attrs.get("mxnet_version") if isinstance(attrs, dict) else None
    good = isinstance(stored, list) and len(stored) == 2 and type(stored[1]) is int
    return stored[1] if good else 800  # type: ignore[index]


def attributes_of(raw: Mapping[str, Any], where: str) -> dict[str, str]:
    """Parameters and attributes of a node in a file.

    Raises
    ------
    ValueError
        If they are not an object of text.
    """
    out: dict[str, str] = {}
    for key in ("param", "attr", "attrs"):
        part = raw.get(key)
        if part is None:
            continue
        if not isinstance(part, dict) or not all(isinstance(v, str) for v in part.values()):
            raise MXNetValueError(f"{where}: {key} must be an object of text; got {str(part)[:100]}")
        out.update(part)
    return out


def hide(attributes: Mapping[str, str]) -> dict[str, str]:
    """The attributes with those that are stored with underscores under that name."""
    return {f"__{k}__" if k in HIDDEN_KEYS else k: v for k, v in attributes.items()}


def split(
    op: Op, attributes: Mapping[str, str], version: int
) -> tuple[dict[str, str], dict[str, str], dict[tuple[str, str], str]]:
    """What is said of a node, taken apart.

    Parameters
    ----------
    op : Op
    attributes : mapping of str to str
    version : int
        Of the MXNet that wrote the file.

    Returns
    -------
    given : dict of str to str
        Parameters (and what is left, for `Op.parse` to refuse).
    user_attrs : dict of str to str
        Attributes of the node.
    of_inputs : dict of (str, str) to str
        Attributes of its inputs: ``('weight', '__lr_mult__')``.
    """
    given: dict[str, str] = {}
    user_attrs: dict[str, str] = {}
    of_inputs: dict[tuple[str, str], str] = {}
    for key, value in hide(attributes).items():
        hidden = next((h for h in HIDDEN_KEYS if key.endswith("_" + h)), None)
        if key in op.params:
            given[key] = value
        elif is_reserved(key) or not op.params:
            user_attrs[key] = value
        elif hidden is not None:
            of_inputs[key.removesuffix("_" + hidden), f"__{hidden}__"] = value
        else:
            given[key] = value
    if version < 905 and op.name in ("argmax", "argmin") and given.get("axis") == "-1":
        del given["axis"]
    return given, user_attrs, of_inputs


def missing_states(
    states: Sequence[str], node_name: str, names: Sequence[str], count: int, inherited: Mapping[str, str]
) -> list[Entry]:
    """Variables for auxiliary states, where only they are missing from a node's inputs."""
    rest = names[count:]
    if not rest or not all(n in states for n in rest):
        return []
    return [Entry(Node(None, f"{node_name}_{n}", user_attrs=dict(inherited))) for n in rest]


def set_input_attributes(
    names: Sequence[str], entries: Sequence[Entry], of_inputs: Mapping[tuple[str, str], str]
) -> None:
    """Give variables the attributes that the operator states for them."""
    for (name, key), value in of_inputs.items():
        for input_name, entry in zip(names, entries):
            if input_name == name and entry.node.is_variable:
                entry.node.user_attrs[key] = value


def add_initializers(nodes: Sequence[Node], version: int) -> None:
    """Name the initializers of variables in files from before 0.9.4."""
    if version >= 904:
        return
    for node in nodes:
        if node.op is not None and node.op.initializers:
            for name, entry in zip(node.op.input_names(node.attrs), node.inputs):
                if name in node.op.initializers and entry.node.is_variable:
                    entry.node.user_attrs.setdefault("__init__", node.op.initializers[name])
