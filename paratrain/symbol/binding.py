"""Arguments of `Symbol.bind` and `Symbol.simple_bind`: lists and mappings to what `Executor` takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from paratrain.base import MXNetTypeError, MXNetValueError, dtype_name, mxnet_error
from paratrain.context import Context
from paratrain.ndarray.ndarray import NDArray

if TYPE_CHECKING:
    from paratrain.executor import Executor
    from paratrain.symbol.symbol import Symbol

__all__ = ["bind", "check_known", "shape_argument", "simple_bind"]


def bind(
    symbol: Symbol,
    ctx: Context,
    args: Any,
    args_grad: Any,
    grad_req: Any,
    aux_states: Any,
    group2ctx: Mapping[str, Context] | None,
    memory_budget: int | str | None = None,
) -> Executor:
    """See `Symbol.bind`."""
    from paratrain.executor import Executor

    _check_context("bind", ctx)
    names, aux_names = symbol.list_arguments(), symbol.list_auxiliary_states()
    _check_unique("bind", names + aux_names)
    arrays = _arrays("bind", "args", args, names)
    aux = _arrays("bind", "aux_states", {} if aux_states is None else aux_states, aux_names)
    grads = _gradients(args_grad, names)
    reqs = {n: r if n in grads else "null" for n, r in requests("bind", grad_req, names).items()}
    _check_groups("bind", ctx, group2ctx)
    try:
        return Executor(symbol, ctx, arrays, grads, reqs, aux, memory_budget=memory_budget)
    except (TypeError, ValueError) as e:
        raise mxnet_error(e) from e


def simple_bind(
    symbol: Symbol,
    ctx: Context,
    grad_req: Any,
    type_dict: Mapping[str, Any] | None,
    shared_exec: Executor | None,
    group2ctx: Mapping[str, Context] | None,
    shapes: Mapping[str, Any],
    memory_budget: int | str | None = None,
) -> Executor:
    """See `Symbol.simple_bind`."""
    from paratrain.executor import Executor

    _check_context("simple_bind", ctx)
    names, aux_names = symbol.list_arguments(), symbol.list_auxiliary_states()
    _check_unique("simple_bind", names + aux_names)
    check_known("simple_bind", "shape", shapes, names + aux_names)
    check_known("simple_bind", "type_dict", type_dict or {}, names + aux_names)
    _check_groups("simple_bind", ctx, group2ctx)
    types = {n: dtype_name(t) for n, t in (type_dict or {}).items()}
    known = {n: shape_argument("simple_bind", n, s) for n, s in shapes.items()}
    reqs = requests("simple_bind", grad_req, names)
    try:
        return Executor.simple_bind(symbol, ctx, reqs, types, shared_exec, known, memory_budget)
    except (TypeError, ValueError) as e:
        raise mxnet_error(e) from e


def shape_argument(where: str, name: str, shape: Any) -> tuple[int, ...]:
    """A shape as the user gives it, with -1 for unknown sizes (which users write as 0).

    Raises
    ------
    TypeError
        If it is not a sequence of whole numbers.
    """
    try:
        sizes = tuple(int(d) for d in shape)
        whole = all(d == s for d, s in zip(sizes, shape))
    except (TypeError, ValueError):
        whole = False
    if not whole or isinstance(shape, str):
        raise MXNetTypeError(f"[{where}] the shape of {name} must be a tuple of int; got {shape!r}")
    return tuple(-1 if d <= 0 else d for d in sizes)


def requests(where: str, grad_req: Any, names: Sequence[str]) -> dict[str, str]:
    """What is to be done with the gradient of each argument.

    Parameters
    ----------
    where : str
    grad_req : str, list of str or dict of str to str
        For all arguments; one for each; or by name, where ``'null'`` stands for what is left out.
    names : sequence of str
        All arguments.

    Raises
    ------
    ValueError
        For a wrong word, number or name.
    """
    from paratrain.executor import checked_req

    if isinstance(grad_req, str):
        out = dict.fromkeys(names, grad_req)
    elif isinstance(grad_req, (list, tuple)):
        if len(grad_req) != len(names):
            raise MXNetValueError(f"[{where}] grad_req must have one entry for each of {names}; got {len(grad_req)}")
        out = dict(zip(names, grad_req))
    elif isinstance(grad_req, Mapping):
        check_known(where, "grad_req", grad_req, names)
        out = {n: grad_req.get(n, "null") for n in names}
    else:
        raise MXNetTypeError(f"[{where}] grad_req must be str, list or dict; got {type(grad_req).__name__}")
    return {name: checked_req(where, name, req) for name, req in out.items()}


def check_known(where: str, what: str, given: Mapping[str, Any], names: Sequence[str]) -> None:
    """Raise ValueError for a name that the symbol does not have."""
    for name in given:
        if name not in names:
            raise MXNetValueError(f"[{where}] {what}: the symbol has no {name!r}; it has {', '.join(names) or 'none'}")


def _check_context(where: str, ctx: Any) -> None:
    if not isinstance(ctx, Context):
        raise MXNetTypeError(f"[{where}] ctx must be Context, such as mx.cpu(); got {type(ctx).__name__}")


def _check_groups(where: str, ctx: Context, group2ctx: Mapping[str, Context] | None) -> None:
    for group, other in (group2ctx or {}).items():
        if other != ctx:
            raise MXNetValueError(
                f"[{where}] group2ctx puts {group!r} on {other}, the executor is on {ctx}; one process drives one "
                "device: start more processes instead"
            )


def _check_unique(where: str, names: Sequence[str]) -> None:
    twice = [n for n, count in Counter(names).items() if count > 1]
    if twice:
        raise MXNetValueError(
            f"[{where}] several variables have the name {', '.join(map(repr, twice))}; give each its own, or use one "
            "variable in all places"
        )


def _arrays(where: str, what: str, given: Any, names: Sequence[str]) -> dict[str, NDArray]:
    """One array for each name."""
    if isinstance(given, Mapping):
        missing = [n for n in names if n not in given]
        if missing:
            raise MXNetValueError(f"[{where}] {what} must have an array for each of {list(names)}; {missing} missing")
        out = {n: given[n] for n in names}
    elif isinstance(given, (list, tuple)):
        if len(given) != len(names):
            raise MXNetValueError(f"[{where}] {what} must have an array for each of {list(names)}; got {len(given)}")
        out = dict(zip(names, given))
    else:
        raise MXNetTypeError(f"[{where}] {what} must be a list or dict of NDArray; got {type(given).__name__}")
    for name, array in out.items():
        if not isinstance(array, NDArray):
            raise MXNetTypeError(f"[{where}] {what}: {name} must be NDArray; got {type(array).__name__}")
    return out


def _gradients(given: Any, names: Sequence[str]) -> dict[str, NDArray]:
    """Gradient buffers by name; arguments without one are left out."""
    if given is None:
        return {}
    if isinstance(given, (list, tuple)) and len(given) == len(names):
        given = dict(zip(names, given))
    elif isinstance(given, Mapping):
        check_known("bind", "args_grad", given, names)
    some = {n: g for n, g in given.items() if g is not None} if isinstance(given, Mapping) else given
    return _arrays("bind", "args_grad", some, list(some) if isinstance(some, Mapping) else names)
