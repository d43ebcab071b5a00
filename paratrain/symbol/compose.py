"""Make a symbol by calling an operator: parameters, attributes, inputs and the variables for those left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from paratrain import _precision
from paratrain._lazy import LazyModule
from paratrain._place import caller
from paratrain.attribute import AttrScope, is_reserved, stored_key
from paratrain.base import MXNetTypeError, MXNetValueError, dtype_name, mxnet_error
from paratrain.graph.ir import Entry, Node
from paratrain.name import NameManager
from paratrain.ops.params import REQUIRED, Param
from paratrain.ops.registry import Attrs, Op

__all__ = ["Default", "compose", "default", "flatten", "function", "parameter_text"]

_symbol: Any = LazyModule("paratrain.symbol.symbol")


class Default:
    """A value that stands in a signature and was not given by the user."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return repr(self.value)


def default(value: Any) -> Any:
    """Mark a value in a signature as one that was not given."""
    return Default(value)


def flatten(symbols: Sequence[Any]) -> list[Any]:
    """The symbols of a call ``op(a, b, ...)`` or ``op([a, b, ...])``."""
    if len(symbols) == 1 and isinstance(symbols[0], (list, tuple)):
        return list(symbols[0])
    return list(symbols)


def compose(
    op: Op,
    inputs: Sequence[Any],
    given: Mapping[str, Any],
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    hint: str = "",
) -> Any:
    """Symbol of a call of `op`.

    Parameters
    ----------
    op : Op
    inputs : sequence of Symbol or None
        In the order of the definition; a variable is made for each that is needed and left out.
    given : mapping
        Parameters; those marked by `default` were not given.
    name : str, optional
        Name of the node; made up by the current `NameManager` if left out.
    attr : dict of str to str, optional
        Attributes, besides those of the current `AttrScope`.
    kwargs : dict, optional
        Further inputs by name, attributes such as ``lr_mult`` or ``__layout__``.
    hint : str, optional
        What made-up names begin with (default: the operator's name).

    Returns
    -------
    Symbol
        Of the visible outputs.

    Raises
    ------
    MXNetError
        Also a TypeError or ValueError: a wrong parameter, attribute or input.
    """
    named = {k: v for k, v in (kwargs or {}).items() if isinstance(v, _symbol.Symbol)}
    values = {k: v for k, v in given.items() if not (isinstance(v, Default) or v is REQUIRED)}
    if op.counter and values.get(op.counter) is None:
        values.pop(op.counter, None)
    attributes = _attributes(op, attr, {k: v for k, v in (kwargs or {}).items() if k not in named}, values)
    slots = _slots(op, inputs, named)
    if op.counter:
        values.setdefault(op.counter, len(slots))
    try:
        attrs = op.parse(values)
    except (TypeError, ValueError) as e:
        raise mxnet_error(e) from None
    texts = {k: parameter_text(op.params[k], v) for k, v in values.items()}
    names = op.input_names(attrs)
    if op.variadic and len(slots) <= len(names):
        slots = dict(zip(names, slots.values()))
    _refuse_unused(op, slots, names)
    name = NameManager.current().get(name, hint or op.name.lower())
    entries = [_input_entry(op, n, slots.get(n), name, {**texts, **attributes}) for n in names]
    if _precision.active is not None:
        entries = _precision.active.entries(op, attrs, entries, name)
    node = Node(op, name, attrs, entries, attributes, texts, caller())
    return _symbol.Symbol([Entry(node, i) for i in range(op.num_visible(attrs))])


def parameter_text(param: Param, value: Any) -> str:
    """A parameter's value as files say it, e.g. ``(3, 3)``, ``True``, ``float32``."""
    if param.kind == "dtype" and value is not None and not isinstance(value, str):
        return dtype_name(value)
    return _text(value)


def _text(value: Any) -> str:
    """Text without NumPy's decoration of numbers."""
    if isinstance(value, tuple):
        inner = ", ".join(_text(v) for v in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return f"[{', '.join(_text(v) for v in value)}]"
    if isinstance(value, (np.generic, np.ndarray)) and np.ndim(value) == 0:
        return str(value.item()) if isinstance(value, (np.integer, np.bool_)) else str(value)
    return str(value)


def _attributes(
    op: Op, attr: Mapping[str, str] | None, extra: Mapping[str, Any], values: dict[str, Any]
) -> dict[str, str]:
    """Attributes by stored name; what `extra` holds besides attributes goes to `values` (to be refused there)."""
    out: dict[str, str] = {}
    try:
        for key, text in AttrScope.current().get(attr).items():
            out[check_attribute(op, stored_key(key))] = text
        for key, value in extra.items():
            stored = stored_key(key)
            if is_reserved(stored):
                out[stored] = _text(value)
            else:
                values[key] = value
    except ValueError as e:
        raise mxnet_error(e) from None
    return out


def check_attribute(op: Op, key: str) -> str:
    """The stored name of an attribute, if a node of `op` may have it.

    Raises
    ------
    ValueError
        If it could be taken for a parameter.
    """
    if op.params and not is_reserved(key):
        raise ValueError(
            f"[{op.name}] an attribute of an operator with parameters must be named __{key}__; got {key!r} from "
            "attr= or AttrScope"
        )
    return key


def _slots(op: Op, inputs: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """Symbols by input name."""
    order = [f"arg{i}" for i in range(len(inputs) + len(named))] if op.variadic else list(op.inputs)
    if len(inputs) > len(order):
        raise MXNetTypeError(f"[{op.name}] takes {len(order)} inputs ({', '.join(order)}); got {len(inputs)}")
    slots = dict(zip(order, inputs))
    for name, value in named.items():
        if name not in order:
            raise MXNetTypeError(f"[{op.name}] has no input {name!r}; its inputs are {', '.join(order)}")
        if slots.get(name) is not None:
            raise MXNetTypeError(f"[{op.name}] input {name!r} was given twice")
        slots[name] = value
    for name, value in slots.items():
        if value is not None:
            _check_input(op, name, value)
    return slots


def _check_input(op: Op, name: str, value: Any) -> None:
    if not isinstance(value, _symbol.Symbol):
        raise MXNetTypeError(
            f"[{op.name}] input {name!r} must be Symbol; got {type(value).__name__} (arrays go to mx.nd.{op.name})"
        )
    if len(value) != 1:
        raise MXNetValueError(
            f"[{op.name}] input {name!r} must be a symbol with one output; {value!r} has {len(value)}: choose one by "
            f"index or name ({', '.join(value.list_outputs()[:8])})"
        )


def _refuse_unused(op: Op, slots: Mapping[str, Any], names: Sequence[str]) -> None:
    for name, value in slots.items():
        if value is not None and name not in names:
            raise MXNetValueError(
                f"[{op.name}] input {name!r} is not used with these parameters (in use: {', '.join(names)}); "
                "leave it out"
            )


def _input_entry(op: Op, input_name: str, given: Any, node_name: str, inherited: dict[str, str]) -> Entry:
    """Entry of an input: the given symbol's, or a new variable's, which inherits what the node was given."""
    if given is None:
        entry = Entry(Node(None, f"{node_name}_{input_name}", user_attrs=dict(inherited)))
    else:
        entry = given._entries[0]
    if input_name in op.initializers and entry.node.is_variable:
        entry.node.user_attrs.setdefault("__init__", op.initializers[input_name])
    return entry


def function(op: Op, name: str) -> Callable[..., Any]:
    """Function that composes `op`, for operators that are not in the generated module.

    Positional arguments are inputs as long as they are symbols (or None), then parameters in their order.
    """

    def call(*args: Any, name: str | None = None, attr: Mapping[str, str] | None = None, **kwargs: Any) -> Any:
        args = tuple(flatten(args)) if op.variadic else args
        count = next((i for i, a in enumerate(args) if not (a is None or isinstance(a, _symbol.Symbol))), len(args))
        inputs, rest = args[:count], args[count:]
        params = [p for p in op.params if p != op.counter]
        if len(rest) > len(params):
            raise MXNetTypeError(f"[{op.name}] takes {len(params)} positional parameters; got {len(rest)}")
        values: Attrs = dict(zip(params, rest))
        for key in [k for k in kwargs if k in op.params]:
            if key in values:
                raise MXNetTypeError(f"[{op.name}] parameter {key!r} was given twice")
            values[key] = kwargs.pop(key)
        return compose(op, inputs, values, name, attr, kwargs, hint)

    hint = name.lower()
    call.__name__ = call.__qualname__ = name
    inputs, params = ", ".join(op.inputs) or "none", ", ".join(op.params) or "none"
    call.__doc__ = f"{op.doc}\n\nInputs: {inputs}. Parameters: {params}."
    return call
