"""`sym.Custom`: a symbol of an operator written in Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paratrain.attribute import AttrScope, is_reserved, stored_key
from paratrain.base import MXNetTypeError, mxnet_error
from paratrain.graph.ir import Entry, Node
from paratrain.name import NameManager
from paratrain.ops.registry import get
from paratrain.symbol.symbol import Symbol

__all__ = ["Custom"]


def Custom(
    *args: Symbol,
    op_type: str | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
    **kwargs: Any,
) -> Symbol:
    """Symbol of an operator written in Python.

    Parameters
    ----------
    *args : Symbol
        Inputs and auxiliary states in the operator's order; variables are made for those left out.
    op_type : str
        Name under which the operator was registered; see `paratrain.operator.register`.
    name : str, optional
        Name of the node.
    attr : dict of str to str, optional
        Attributes, as ``__lr_mult__``.
    **kwargs
        Further inputs by name, and parameters, which the operator gets as text.

    Returns
    -------
    Symbol

    Raises
    ------
    MXNetError
        Also a TypeError or ValueError: there is no such operator, or a wrong input.
    """
    named = {k: v for k, v in kwargs.items() if isinstance(v, Symbol)}
    rest = {stored_key(k): str(v) for k, v in kwargs.items() if k not in named}
    attributes = {stored_key(k): v for k, v in AttrScope.current().get(attr).items()}
    attributes |= {k: v for k, v in rest.items() if is_reserved(k)}
    given: dict[str, Any] = {"op_type": op_type, **{k: v for k, v in rest.items() if not is_reserved(k)}}
    op = get("Custom")
    try:
        attrs = op.parse(given)
    except (TypeError, ValueError) as e:
        raise mxnet_error(e) from None
    names = op.input_names(attrs)
    slots = _slots(op_type, names, args, named)
    name = NameManager.current().get(name, "custom")
    inherited = {**given, **attributes}
    entries = [
        slots[n]._entries[0] if n in slots else Entry(Node(None, f"{name}_{n}", user_attrs=dict(inherited)))
        for n in names
    ]
    node = Node(op, name, attrs, entries, attributes, given)
    return Symbol([Entry(node, i) for i in range(op.num_visible(attrs))])


def _slots(op_type: str | None, names: tuple[str, ...], args: tuple, named: Mapping[str, Symbol]) -> dict[str, Symbol]:
    """Symbols by input name."""
    where = f"[Custom] {op_type}"
    if len(args) > len(names):
        raise MXNetTypeError(f"{where} takes {len(names)} inputs ({', '.join(names)}); got {len(args)}")
    slots = {n: a for n, a in zip(names, args) if a is not None}
    for key, value in named.items():
        if key not in names:
            raise MXNetTypeError(f"{where} has no input {key!r}; its inputs are {', '.join(names)}")
        if key in slots:
            raise MXNetTypeError(f"{where} input {key!r} was given twice")
        slots[key] = value
    for key, value in slots.items():
        if not isinstance(value, Symbol) or len(value) != 1:
            raise MXNetTypeError(f"{where} input {key!r} must be a symbol with one output; got {value!r}")
    return slots
