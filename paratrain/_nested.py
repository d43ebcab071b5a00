"""Nested lists of arrays or symbols, and the same as one list."""

from __future__ import annotations

from typing import Any

__all__ = ["flatten", "regroup"]


def flatten(value: Any, kind: type, refusal: str) -> tuple[list[Any], Any]:
    """Items of a nested list in order, and its form for `regroup`.

    Parameters
    ----------
    value : object
        One item, or a list or tuple of such values.
    kind : type
        Of the items.
    refusal : str
        What is said where something else comes.

    Raises
    ------
    TypeError
        For something else.

    Examples
    --------
    >>> flatten([1, [2, 3]], int, "ints are needed")
    ([1, 2, 3], [None, [None, None]])
    """
    if isinstance(value, kind):
        return [value], None
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{refusal}; got {type(value).__name__}")
    items: list[Any] = []
    form = []
    for part in value:
        found, inner = flatten(part, kind, refusal)
        items += found
        form.append(inner)
    return items, form


def regroup(items: list[Any], form: Any) -> Any:
    """The nested list of some items.

    Examples
    --------
    >>> regroup([1, 2, 3], [None, [None, None]])
    [1, [2, 3]]
    """
    left = iter(items)

    def build(form: Any) -> Any:
        return next(left) if form is None else [build(f) for f in form]

    return build(form)
