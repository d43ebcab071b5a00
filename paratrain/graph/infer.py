"""Shape and dtype inference: of one call, and (both ways, to a fixed point) of a graph."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from paratrain.base import FLAG_DTYPES, MXNetTypeError, MXNetValueError, dtype_name
from paratrain.ops.registry import Attrs, Op
from paratrain.ops.rules import MaybeDtype, MaybeShape, known, show

if TYPE_CHECKING:
    from paratrain.graph.ir import Entry, Node

__all__ = ["infer_dtypes", "infer_graph", "infer_node", "infer_shapes"]


def infer_node(op: Op, attrs: Attrs, ins: Sequence[tuple[tuple[int, ...], str]]) -> list[tuple[tuple[int, ...], str]]:
    """Shapes and dtypes of the outputs of one call.

    Parameters
    ----------
    op : Op
    attrs : dict
        Typed parameters.
    ins : sequence of (shape, dtype)
        All known.

    Returns
    -------
    list of (shape, dtype)
        For all outputs, hidden ones included.

    Raises
    ------
    ValueError
        If shapes contradict the operator's rule.
    TypeError
        If dtypes do.
    """
    count = len(op.output_names(attrs))
    shapes: list[MaybeShape] = [d[0] for d in ins]
    dtypes: list[MaybeDtype] = [d[1] for d in ins]
    new_ins, outs = apply_shape(op, attrs, shapes, [None] * count)
    if not ins:  # nothing else can tell a size that was given as 0: the axis is empty
        outs = [None if s is None else tuple(max(d, 0) for d in s) for s in outs]
    for name, got, want in zip(op.input_names(attrs), shapes, new_ins):
        if want is not None and tuple(want) != got:
            raise ValueError(f"[{op.name}] {name} must have shape {show(want)}; got {show(got)}")
    new_types, out_types = apply_dtype(op, attrs, dtypes, [None] * count)
    for name, got_type, want_type in zip(op.input_names(attrs), dtypes, new_types):
        if want_type is not None and want_type != got_type:
            raise TypeError(f"[{op.name}] {name} must have dtype {want_type}; got {got_type}")
    if not all(known(s) for s in outs) or None in out_types:
        raise ValueError(f"[{op.name}] the result's shape does not follow from inputs {shapes}")
    return list(zip(outs, out_types))  # type: ignore[arg-type]


def apply_shape(
    op: Op, attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]
) -> tuple[list[MaybeShape], list[MaybeShape]]:
    """The operator's shape rule, with its name in front of what it raises."""
    try:
        return op.shape(attrs, ins, outs)
    except ValueError as e:
        raise _named(op, e) from None
    except IndexError:
        text = ", ".join(map(show, ins))
        raise ValueError(f"[{op.name}] an input has too few axes for this operator; got shapes {text}") from None


def apply_dtype(
    op: Op, attrs: Attrs, ins: list[MaybeDtype], outs: list[MaybeDtype]
) -> tuple[list[MaybeDtype], list[MaybeDtype]]:
    """The operator's dtype rule, with its name in front of what it raises."""
    try:
        return op.dtype(attrs, ins, outs)
    except TypeError as e:
        raise _named(op, e) from None


def _named(op: Op, error: Any) -> Any:
    text = str(error)
    return error if text.startswith("[") else type(error)(f"[{op.name}] {text}")


# -- of a graph -------------------------------------------------------------------------------------------------------


def infer_graph(
    outputs: Sequence[Entry], shapes: Mapping[str, Sequence[int]], dtypes: Mapping[str, Any]
) -> tuple[dict[Entry, MaybeShape], dict[Entry, MaybeDtype]]:
    """Shapes and dtypes of everything that `outputs` depend on.

    Parameters
    ----------
    outputs : sequence of Entry
    shapes : mapping of str to tuple of int
        What is known of the variables, by name; -1 stands for an unknown size. Where nothing is given, a variable's
        attribute ``__shape__`` counts.
    dtypes : mapping of str to dtype
        Likewise, with ``__dtype__``. Where nothing follows, float32 is taken.

    Returns
    -------
    shapes : dict of Entry to (tuple of int or None)
        -1 for a size and None for a shape that does not follow.
    dtypes : dict of Entry to (str or None)

    Raises
    ------
    ValueError
        If shapes contradict each other; the message names operator, node, input and shapes. It is an `MXNetError`.
    TypeError
        If dtypes do; likewise.
    """
    return infer_shapes(outputs, shapes), infer_dtypes(outputs, dtypes, "float32")


def infer_shapes(outputs: Sequence[Entry], given: Mapping[str, Sequence[int]]) -> dict[Entry, MaybeShape]:
    """Shapes of everything that `outputs` depend on; see `infer_graph`."""
    inference = _Inference(outputs, _shapes_by_data, known, _merge_shape, show)
    for node in inference.variables:
        shape = given.get(node.name)
        inference.values[inference.outs[id(node)][0]] = _declared_shape(node) if shape is None else tuple(shape)
    return inference.run()


def infer_dtypes(
    outputs: Sequence[Entry], given: Mapping[str, Any], default: str | None = None
) -> dict[Entry, MaybeDtype]:
    """Dtypes of everything that `outputs` depend on; see `infer_graph`.

    `default` is what variables get whose dtype does not follow (None: it stays unknown).
    """
    inference = _Inference(outputs, apply_dtype, _is_given, _merge_dtype, str)
    for node in inference.variables:
        dtype = given.get(node.name)
        inference.values[inference.outs[id(node)][0]] = _declared_dtype(node) if dtype is None else dtype_name(dtype)
    values = inference.run()
    if default is not None:
        for node in inference.variables:
            entry = inference.outs[id(node)][0]
            if values[entry] is None:
                values[entry] = default
                inference.run()
    return values


def _shapes_by_data(
    op: Op, attrs: Attrs, ins: list[MaybeShape], outs: list[MaybeShape]
) -> tuple[list[MaybeShape], list[MaybeShape]]:
    """As `apply_shape`, but nothing is said of the others as long as nothing is known of the first input."""
    new_ins, new_outs = apply_shape(op, attrs, ins, outs)
    return (ins, outs) if ins and new_ins[0] is None else (new_ins, new_outs)


def _declared_shape(node: Node) -> MaybeShape:
    """Shape in a variable's attributes; its zeros are unknown sizes."""
    text = node.user_attrs.get("__shape__")
    if text is None:
        return None
    try:
        sizes = [int(d) for d in ast.literal_eval(text.replace("L", ""))]
    except (ValueError, SyntaxError, TypeError):
        raise MXNetValueError(f"[infer] {node.name}: __shape__ must be a tuple of int; got {text!r}") from None
    return tuple(-1 if d <= 0 else d for d in sizes) or None


def _declared_dtype(node: Node) -> MaybeDtype:
    """Dtype in a variable's attributes: a name, or a number as in MXNet's files (-1: unknown)."""
    text = node.user_attrs.get("__dtype__")
    if text is None or text == "-1":
        return None
    if text.isdecimal() and int(text) in FLAG_DTYPES:
        return FLAG_DTYPES[int(text)]
    try:
        return dtype_name(text)
    except TypeError:
        raise MXNetTypeError(f"[infer] {node.name}: __dtype__ must be the number of a dtype; got {text!r}") from None


def _is_given(dtype: MaybeDtype) -> bool:
    return dtype is not None


def _merge_shape(old: MaybeShape, new: MaybeShape) -> MaybeShape:
    """Both pieces of knowledge, or an exception without words if they contradict each other."""
    if new is None or old == new:
        return old
    if old is None:
        return tuple(new)
    if len(old) != len(new):
        raise _Contradiction
    out = []
    for x, y in zip(old, new):
        if x != y and x != -1 and y != -1:
            raise _Contradiction
        out.append(y if x == -1 else x)
    return tuple(out)


def _merge_dtype(old: MaybeDtype, new: MaybeDtype) -> MaybeDtype:
    if old is not None and new is not None and old != new:
        raise _Contradiction
    return old or new


class _Contradiction(Exception):
    """Two pieces of knowledge contradict each other."""


class _Inference:
    """Knowledge of each entry of a graph, which the operators' rules extend until nothing new comes.

    Parameters
    ----------
    outputs : sequence of Entry
    apply : callable
        ``(op, attrs, ins, outs) -> (ins, outs)``.
    complete : callable
        Whether a value has nothing left to be known.
    merge : callable
        ``(old, new) -> both``; raises `_Contradiction`.
    show : callable
        Value to text.
    """

    def __init__(
        self,
        outputs: Sequence[Entry],
        apply: Callable[..., Any],
        complete: Callable[[Any], bool],
        merge: Callable[[Any, Any], Any],
        show: Callable[[Any], str],
    ) -> None:
        from paratrain.graph.ir import Entry, topological  # ir imports the imperative calls, which import this module

        nodes = topological(outputs)
        self.apply, self.complete, self.merge, self.show = apply, complete, merge, show
        self.outs = {id(n): [Entry(n, i) for i in range(n.num_outputs)] for n in nodes}
        self.values: dict[Entry, Any] = {e: None for entries in self.outs.values() for e in entries}
        self.variables = [n for n in nodes if n.op is None]
        self.pending = [n for n in nodes if n.op is not None]

    def run(self) -> dict[Entry, Any]:
        """Sweep forwards and backwards over what is not complete until nothing changes."""
        forwards, idle = True, 0
        while self.pending and idle < 2:
            order = self.pending if forwards else reversed(self.pending)
            changed, left = False, []
            for node in order:
                news, done = self._visit(node)
                changed |= news
                if not done:
                    left.append(node)
            self.pending = left if forwards else left[::-1]
            idle = 0 if changed else idle + 1
            forwards = not forwards
        return self.values

    def _visit(self, node: Node) -> tuple[bool, bool]:
        """Apply the node's rule; returns whether something changed and whether the node is complete."""
        op, values, entries = node.op, self.values, self.outs[id(node)]
        ins, outs = [values[e] for e in node.inputs], [values[e] for e in entries]
        try:
            new_ins, new_outs = self.apply(op, node.attrs, list(ins), list(outs))
        except ValueError as e:
            raise MXNetValueError(self._text(node, str(e))) from None
        except TypeError as e:
            raise MXNetTypeError(self._text(node, str(e))) from None
        changed, done = False, True
        for position, (entry, old, new) in enumerate(
            zip((*node.inputs, *entries), (*ins, *outs), (*new_ins, *new_outs))
        ):
            if old != new:
                try:
                    # an input that is used twice may have changed meanwhile
                    merged = self.merge(values[entry], new)
                except _Contradiction:
                    raise self._contradiction(node, position, values[entry], new) from None
                if merged != values[entry]:
                    values[entry] = merged
                    changed = True
            done = done and self.complete(values[entry])
        return changed, done

    def _text(self, node: Node, text: str) -> str:
        """The message of a rule with the node's name and its inputs."""
        head, _, tail = text.partition("] ") if text.startswith("[") else (f"[{node.op.name}", "", text)  # type: ignore[union-attr]
        names = node.op.input_names(node.attrs)  # type: ignore[union-attr]
        ins = ", ".join(f"{n} {self._show(self.values[e])}" for n, e in zip(names, node.inputs))
        return f"{head}] node {node.name!r}: {tail} (inputs: {ins or 'none'})"

    def _contradiction(self, node: Node, position: int, old: Any, new: Any) -> Exception:
        count = len(node.inputs)
        names = (*node.op.input_names(node.attrs), *node.op.output_names(node.attrs))  # type: ignore[union-attr]
        what = "input" if position < count else "output"
        kind, word = (MXNetTypeError, "dtype") if self.apply is apply_dtype else (MXNetValueError, "shape")
        return kind(
            f"[{node.op.name}] node {node.name!r}: {what} {names[position]!r} must have {word} "  # type: ignore[union-attr]
            f"{self._show(new)}; got {self._show(old)}"
        )

    def _show(self, value: Any) -> str:
        return "?" if value is None else self.show(value)
