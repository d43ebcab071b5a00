"""Loops and branches on arrays: Python's own, recorded call by call by autograd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paratrain._nested import flatten, regroup
from paratrain.ndarray.creation import zeros
from paratrain.ndarray.invoke import CALLS as F
from paratrain.ndarray.ndarray import NDArray

__all__ = ["cond", "foreach", "while_loop"]


def _arrays(where: str, what: str, value: Any) -> tuple[list[NDArray], Any]:
    return flatten(value, NDArray, f"[{where}] {what} must be NDArray or a list of NDArray")


def _pair(where: str, result: Any) -> tuple[list[NDArray], Any, list[NDArray], Any]:
    """What a body returned: outputs with their form, loop variables with theirs."""
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise TypeError(f"[{where}] the body must return (outputs, loop variables); got {type(result).__name__}")
    outs, out_form = _arrays(where, "outputs of the body", [] if result[0] is None else result[0])
    news, new_form = _arrays(where, "loop variables of the body", result[1])
    return outs, out_form, news, new_form


def _check(where: str, news: list[NDArray], olds: list[NDArray]) -> None:
    if len(news) != len(olds):
        raise ValueError(f"[{where}] the body must return {len(olds)} loop variables; got {len(news)}")


def _stacked(where: str, turns: list[list[NDArray]]) -> list[NDArray]:
    """Outputs of all turns, each stacked along a new first axis."""
    if any(len(t) != len(turns[0]) for t in turns):
        raise ValueError(f"[{where}] the body must return the same number of outputs in every turn")
    return [F.stack(*items, axis=0, num_args=len(items)) for items in zip(*turns)]


def foreach(body: Callable[..., Any], data: Any, init_states: Any) -> tuple[Any, Any]:
    """Run a body on each slice of `data` along the first axis, with loop variables from turn to turn.

    Parameters
    ----------
    body : callable
        ``(slice, states) -> (outputs, new states)``, in the form of `data` and `init_states`.
    data : NDArray or list of NDArray
        Shape (n, ...), n > 0.
    init_states : NDArray or (nested) list of NDArray
        First values of the loop variables.

    Returns
    -------
    outputs : NDArray or list of NDArray
        Outputs of all turns, stacked: shape (n, ...).
    states : NDArray or list of NDArray
        Loop variables after the last turn.

    Raises
    ------
    ValueError, TypeError
        For data of different or no length, or a body that returns something else.

    Examples
    --------
    >>> import paratrain as mx
    >>> sums, last = mx.nd.contrib.foreach(lambda x, s: (x + s, x + s), mx.nd.array([[1], [2], [3]]), mx.nd.zeros((1,)))
    >>> sums.asnumpy().ravel(), last.asnumpy()
    (array([1., 3., 6.], dtype=float32), array([6.], dtype=float32))
    """
    flat, form = _arrays("foreach", "data", data)
    states, state_form = _arrays("foreach", "init_states", init_states)
    if not flat or any(not x.shape for x in flat) or len({x.shape[0] for x in flat}) != 1 or not flat[0].shape[0]:
        shapes = [x.shape for x in flat]
        raise ValueError(f"[foreach] data must be arrays of one length that is not 0; got shapes {shapes}")
    count, turns, out_form, new_form = len(states), [], None, state_form
    for i in range(flat[0].shape[0]):
        slices = regroup([x[i] for x in flat], form)
        outs, out_form, states, new_form = _pair("foreach", body(slices, regroup(states, state_form)))
        if len(states) != count:
            raise ValueError(f"[foreach] the body must return {count} loop variables; got {len(states)}")
        state_form = new_form
        turns.append(outs)
    return regroup(_stacked("foreach", turns), out_form), regroup(states, new_form)


def while_loop(
    cond: Callable[..., Any], func: Callable[..., Any], loop_vars: Any, max_iterations: int | None = None
) -> tuple[Any, Any]:
    """Run a body while a condition on the loop variables holds.

    Parameters
    ----------
    cond : callable
        ``(*loop_vars) -> one number``; the loop ends where it is 0.
    func : callable
        ``(*loop_vars) -> (outputs, new loop variables)``.
    loop_vars : NDArray or list of NDArray
        First values.
    max_iterations : int
        Most turns; must be given.

    Returns
    -------
    outputs : NDArray or list of NDArray
        Outputs of all turns, stacked: shape (max_iterations, ...), zeros after the last turn. An empty list if there
        was none.
    states : NDArray or list of NDArray
        Loop variables after the last turn.

    Raises
    ------
    ValueError, TypeError

    Examples
    --------
    >>> import paratrain as mx
    >>> squares, last = mx.nd.contrib.while_loop(
    ...     lambda i: i < 3, lambda i: (i * i, i + 1), mx.nd.zeros((1,)), max_iterations=4
    ... )
    >>> squares.asnumpy().ravel(), last.asnumpy()
    (array([0., 1., 4., 0.], dtype=float32), array([3.], dtype=float32))
    """
    if max_iterations is None:
        raise ValueError("[while_loop] max_iterations must be given")
    if int(max_iterations) < 1:
        raise ValueError(f"[while_loop] max_iterations must be at least 1; got {max_iterations}")
    states, form = _arrays("while_loop", "loop_vars", loop_vars)
    if not states:
        raise ValueError("[while_loop] loop_vars must have at least one array")
    first, new_form, out_form = form, form, None
    turns: list[list[NDArray]] = []

    def arguments() -> list[Any]:
        return states if first is None else list(regroup(states, first))

    while len(turns) < int(max_iterations) and _holds("while_loop", cond(*arguments())):
        outs, out_form, news, new_form = _pair("while_loop", func(*arguments()))
        _check("while_loop", news, states)
        states = news
        turns.append(outs)
    if not turns:
        return [], regroup(states, form)
    missing = int(max_iterations) - len(turns)
    stacked = _stacked("while_loop", turns)
    if missing:
        stacked = [
            F.Concat(x, zeros((missing, *x.shape[1:]), ctx=x.context, dtype=x.dtype_str), dim=0, num_args=2)
            for x in stacked
        ]
    return regroup(stacked, out_form), regroup(states, new_form)


def _holds(where: str, value: Any) -> bool:
    if isinstance(value, NDArray):
        if value.size != 1:
            raise ValueError(f"[{where}] the condition must be one number; got shape {value.shape}")
        value = value.asscalar()
    return bool(value)


def cond(pred: Any, then_func: Callable[[], Any], else_func: Callable[[], Any]) -> Any:
    """What one of two functions returns, by a condition.

    Parameters
    ----------
    pred : NDArray or number
        One number; where it is 0 `else_func` is called.
    then_func, else_func : callable
        Without arguments; return an array or list of arrays.

    Examples
    --------
    >>> import paratrain as mx
    >>> a, b = mx.nd.array([2]), mx.nd.array([3])
    >>> mx.nd.contrib.cond(a > b, lambda: a, lambda: b).asnumpy()
    array([3.], dtype=float32)
    """
    result = then_func() if _holds("cond", pred) else else_func()
    arrays, form = _arrays("cond", "result of a branch", result)
    return regroup(arrays, form)
