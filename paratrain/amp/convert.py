"""Turn a float32 network into one of mixed precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paratrain.amp.policy import Caster, Conditional, make_policy
from paratrain.base import DTYPE_FLAGS
from paratrain.graph.ir import Entry, Node, topological
from paratrain.ndarray.ndarray import NDArray
from paratrain.symbol.symbol import Symbol

__all__ = ["convert_model", "convert_symbol"]


def convert_symbol(
    sym: Symbol,
    target_dtype: Any = "float16",
    target_dtype_ops: Sequence[str] | None = None,
    fp32_ops: Sequence[str] | None = None,
    conditional_fp32_ops: Conditional | None = None,
    excluded_sym_names: Sequence[str] | None = None,
    data_names: Sequence[str] | None = None,
    cast_optional_params: bool = False,
) -> Symbol:
    """Copy of a network in which some operators run in a 16-bit type, with casts where the precision changes.

    Parameters are still float32 and are cast where they are used: their gradients, and updates, are float32.

    Parameters
    ----------
    sym : Symbol
        A network in float32.
    target_dtype : {'float16', 'bfloat16'}, default 'float16'
    target_dtype_ops, fp32_ops : list of str, optional
        Operators that run in the 16-bit type, and in float32; default those of `list_lp16_ops` and `list_fp32_ops`.
    conditional_fp32_ops : list of (str, str, list of str), optional
        Operator, parameter, and values of it with which the operator runs in float32.
    excluded_sym_names : list of str, optional
        Names of nodes that run in float32 whatever the lists say.
    data_names : list of str, optional
        Which arguments are inputs, not parameters; default all that do not declare a type.
    cast_optional_params : bool, default False
        Declare parameters that are only used in the 16-bit type to be of that type. For inference: it halves their
        memory; training needs them in float32.

    Returns
    -------
    Symbol
        With the same arguments, which declare their type (float32), and outputs. An output keeps the precision in which
        it is computed.

    Raises
    ------
    TypeError
        If `sym` is no symbol.
    ValueError
        For another type, an unknown operator or name, or an operator in two lists.

    Examples
    --------
    >>> import paratrain as mx
    >>> net = mx.sym.softmax(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="fc"), name="prob")
    >>> low = mx.amp.convert_symbol(net, "bfloat16")
    >>> low.get_internals().list_outputs()[-2:]
    ['fc_amp_cast_float32_output', 'prob_output']
    >>> low.infer_type(data="float32")[1]
    [<class 'numpy.float32'>]
    """
    where = "amp.convert_symbol"
    if not isinstance(sym, Symbol):
        raise TypeError(f"[{where}] sym must be Symbol; got {type(sym).__name__}")
    policy = make_policy(where, target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names)
    order = topological(sym._entries)
    _check_names(where, "excluded_sym_names", policy.excluded, [n.name for n in order])
    variables = [n for n in order if n.is_variable]
    _check_names(where, "data_names", data_names or (), [n.name for n in variables])
    inputs = {n.name for n in variables if "__dtype__" not in n.user_attrs} if data_names is None else set(data_names)
    caster = Caster(policy, shares=True)
    made: dict[Entry, Entry] = {}
    for node in order:
        entries = [made[e] for e in node.inputs]
        if node.op is not None:
            entries = caster.inputs(node.op, node.attrs, entries, node.name)
        copy = Node(node.op, node.name, dict(node.attrs), entries, dict(node.user_attrs), dict(node.given))
        if node.is_variable:
            copy.user_attrs.setdefault("__dtype__", str(DTYPE_FLAGS["float32"]))
        made.update({Entry(node, i): Entry(copy, i) for i in range(node.num_outputs)})
    outputs = [made[e] for e in sym._entries]
    if cast_optional_params:
        _declare_low(outputs, policy.target, inputs)
    return Symbol(outputs)


def _check_names(where: str, what: str, names: Any, known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"[{where}] {what}: nothing in the network is called {name!r}")


def _declare_low(outputs: Sequence[Entry], target: str, inputs: set[str]) -> None:
    """Declare parameters that only casts to `target` read to be of that type; the nodes are changed."""
    only_low: dict[Node, bool] = {}
    for node in topological(outputs):
        is_cast = node.op is not None and node.op.name == "amp_cast" and node.attrs["dtype"] == target
        for e in node.inputs:
            only_low[e.node] = only_low.get(e.node, True) and is_cast
    for node, only in only_low.items():
        if node.is_variable and only and node.name not in inputs:
            node.user_attrs["__dtype__"] = str(DTYPE_FLAGS[target])


def convert_model(
    sym: Symbol,
    arg_params: dict[str, NDArray],
    aux_params: dict[str, NDArray],
    target_dtype: Any = "float16",
    target_dtype_ops: Sequence[str] | None = None,
    fp32_ops: Sequence[str] | None = None,
    conditional_fp32_ops: Conditional | None = None,
    excluded_sym_names: Sequence[str] | None = None,
    cast_optional_params: bool = False,
) -> tuple[Symbol, dict[str, NDArray], dict[str, NDArray]]:
    """Network and parameters in mixed precision, for inference or to train on.

    Parameters
    ----------
    sym : Symbol
    arg_params, aux_params : dict of str to NDArray
        Parameters and auxiliary states by name; they are not changed.
    target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names, cast_optional_params
        See `convert_symbol`.

    Returns
    -------
    sym : Symbol
    arg_params, aux_params : dict of str to NDArray
        New ones; with `cast_optional_params` some are of the 16-bit type.

    Raises
    ------
    TypeError, ValueError
        As `convert_symbol`; also if the parameters are no dicts.
    """
    for what, params in (("arg_params", arg_params), ("aux_params", aux_params)):
        if not isinstance(params, dict):
            raise TypeError(f"[amp.convert_model] {what} must be a dict; got {type(params).__name__}")
    if not isinstance(sym, Symbol):
        raise TypeError(f"[amp.convert_model] sym must be Symbol; got {type(sym).__name__}")
    data_names = [n for n in sym.list_inputs() if n not in arg_params and n not in aux_params]
    low = convert_symbol(
        sym, target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names, data_names,
        cast_optional_params,
    )  # fmt: skip
    flags = {n.name: n.user_attrs.get("__dtype__") for n in topological(low._entries) if n.is_variable}
    flag = str(DTYPE_FLAGS[str(make_policy("amp.convert_model", target_dtype).target)])

    def cast(params: dict[str, NDArray]) -> dict[str, NDArray]:
        return {n: a.astype(target_dtype) if flags.get(n) == flag else a for n, a in params.items()}

    return low, cast(arg_params), cast(aux_params)
