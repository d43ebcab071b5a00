"""What is to run in which precision, and the casts that follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from paratrain.amp import lists
from paratrain.base import FLAG_DTYPES, FLOAT_DTYPES, dtype_name
from paratrain.graph.ir import Entry, Node
from paratrain.ops.registry import Attrs, Op, get
from paratrain.ops.rules import MaybeDtype

__all__ = ["Caster", "Policy", "make_policy"]

TARGETS = ("bfloat16", "float16")
Conditional = Sequence[tuple[str, str, Sequence[str]]]


@dataclass(frozen=True)
class Policy:
    """Kinds of operators, by their own names.

    Attributes
    ----------
    target : {'bfloat16', 'float16'}
        The 16-bit type.
    low, float32 : frozenset of str
        Operators that run in the target type, and in float32.
    conditional : dict of str to list of (str, tuple of str)
        For some operators parameters and values with which they run in float32.
    excluded : frozenset of str
        Names of nodes that run in float32.
    """

    target: str
    low: frozenset[str]
    float32: frozenset[str]
    conditional: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]
    excluded: frozenset[str] = frozenset()

    def kind(self, op: Op, attrs: Mapping[str, Any], name: str = "") -> str:
        """How a call runs: ``'low'``, ``'float32'``, ``'widest'`` or ``'any'``."""
        if name in self.excluded or op.name in self.float32:
            return "float32"
        for param, values in self.conditional.get(op.name, ()):
            if str(attrs.get(param, op.params[param].default)) in values:
                return "float32"
        if op.name in self.low:
            return "low"
        return "widest" if lists.is_widest(op) and op.name != "amp_multicast" else "any"


def make_policy(
    where: str,
    target_dtype: Any,
    target_ops: Sequence[str] | None = None,
    fp32_ops: Sequence[str] | None = None,
    conditional_fp32_ops: Conditional | None = None,
    excluded_sym_names: Sequence[str] | None = None,
) -> Policy:
    """Policy from the arguments of a public function; None stands for the lists of `paratrain.amp.lists`.

    Raises
    ------
    ValueError
        For another type, an unknown operator or parameter, or an operator in two lists.
    TypeError
        Where a list is text.
    """
    target = _target(where, target_dtype)
    low = _names(where, "target_dtype_ops", lists.LOW[target] if target_ops is None else target_ops)
    float32 = _names(where, "fp32_ops", lists.FLOAT32[target] if fp32_ops is None else fp32_ops)
    conditional: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name, param, values in lists.CONDITIONAL_FLOAT32 if conditional_fp32_ops is None else conditional_fp32_ops:
        op = _op(where, name)
        if param not in op.params:
            raise ValueError(f"[{where}] {op.name} has no parameter {param!r}; it has {', '.join(op.params) or 'none'}")
        conditional.setdefault(op.name, []).append((param, tuple(map(str, values))))
    given = {"target_dtype_ops": low, "fp32_ops": float32, "conditional_fp32_ops": frozenset(conditional)}
    if target_ops is not None:  # what the user puts elsewhere leaves the lists of ours
        float32 = float32 if fp32_ops is not None else float32 - low
    elif fp32_ops is not None:
        low -= float32
    _refuse_common(where, {**given, "target_dtype_ops": low, "fp32_ops": float32})
    excluded = _texts(where, "excluded_sym_names", excluded_sym_names or ())
    return Policy(target, low, float32, conditional, frozenset(excluded))


def _target(where: str, dtype: Any) -> str:
    try:
        name = dtype_name(dtype)
    except TypeError:
        name = ""
    if name not in TARGETS:
        raise ValueError(f"[{where}] target_dtype must be one of {TARGETS}; got {dtype!r}")
    return name


def _texts(where: str, what: str, names: Sequence[str]) -> list[str]:
    if isinstance(names, str) or not all(isinstance(n, str) for n in names):
        raise TypeError(f"[{where}] {what} must be a list of str; got {names!r}")
    return list(names)


def _names(where: str, what: str, names: Sequence[str]) -> frozenset[str]:
    return frozenset(_op(where, n).name for n in _texts(where, what, names))


def _op(where: str, name: str) -> Op:
    try:
        return get(name)
    except ValueError as e:
        raise ValueError(f"[{where}] {str(e).partition('] ')[2]}") from None


def _refuse_common(where: str, given: Mapping[str, frozenset[str]]) -> None:
    """An operator can be in one list only."""
    tables = list(given.items())
    for i, (first, ours) in enumerate(tables):
        for second, theirs in tables[i + 1 :]:
            if ours & theirs:
                raise ValueError(
                    f"[{where}] an operator can be in one list; {sorted(ours & theirs)} are in {first} and {second}"
                )


class Caster:
    """Casts for the inputs of nodes, by a policy.

    It keeps track of the precision of entries, as far as that follows from the graph: variables without ``__dtype__``
    count as float32.

    Parameters
    ----------
    policy : Policy
    shares : bool
        Whether one cast serves all readers of an entry. (Where not, compiling makes one of them.) It keeps the nodes
        alive as long as it lives itself.
    """

    def __init__(self, policy: Policy, shares: bool) -> None:
        self.policy, self.shares = policy, shares
        self._dtypes: WeakKeyDictionary[Node, list[MaybeDtype]] = WeakKeyDictionary()
        self._casts: dict[tuple[Entry, str], Node] = {}

    def inputs(self, op: Op, attrs: Attrs, entries: Sequence[Entry], name: str) -> list[Entry]:
        """The inputs of a call, cast to the precision in which it is to run."""
        kind = self.policy.kind(op, attrs, name)
        if kind == "any" or any(self.dtype(e) == "float64" for e in entries):
            return list(entries)
        if kind == "widest":
            return self._widest(entries, name)
        out = []
        states = op.states(attrs)
        for e, input_name in zip(entries, op.input_names(attrs), strict=True):
            dtype = self.dtype(e)
            if input_name in states or input_name in op.shape_only or dtype not in (None, *FLOAT_DTYPES):
                out.append(e)
            elif kind == "low":
                out.append(self._cast(e, self.policy.target, f"{name}_{input_name}"))
            else:
                out.append(self._cast(e, "float32", f"{name}_{input_name}") if dtype == self.policy.target else e)
        return out

    def _cast(self, entry: Entry, dtype: str, reader: str) -> Entry:
        if self.dtype(entry) == dtype:
            return entry
        if not self.shares:
            return Entry(_node("amp_cast", f"{reader}_amp_cast", [entry], {"dtype": dtype}))
        if (entry, dtype) not in self._casts:
            name = f"{entry.node.name}{entry.index or ''}_amp_cast_{dtype}"
            self._casts[entry, dtype] = _node("amp_cast", name, [entry], {"dtype": dtype})
        return Entry(self._casts[entry, dtype])

    def _widest(self, entries: Sequence[Entry], name: str) -> list[Entry]:
        found = {self.dtype(e) for e in entries}
        if len(found) == 1 or self.policy.target not in found or not found <= set(FLOAT_DTYPES):
            return list(entries)
        node = _node("amp_multicast", f"{name}_amp_multicast", entries, {"num_outputs": len(entries)})
        return [Entry(node, i) for i in range(len(entries))]

    def dtype(self, entry: Entry) -> MaybeDtype:
        """Element type of an entry as far as it is known."""
        stack = [entry.node]
        while stack:
            node = stack[-1]
            missing = [e.node for e in node.inputs if e.node not in self._dtypes]
            if node not in self._dtypes and missing:
                stack += missing
                continue
            stack.pop()
            if node not in self._dtypes:
                self._dtypes[node] = self._of(node)
        return self._dtypes[entry.node][entry.index]

    def _of(self, node: Node) -> list[MaybeDtype]:
        """Element types of a node's outputs, those of its inputs being known."""
        if node.op is None:
            return [_declared(node)]
        ins = [self._dtypes[e.node][e.index] for e in node.inputs]
        try:
            return node.op.dtype(node.attrs, ins, [None] * node.num_outputs)[1]
        except TypeError:  # binding will say what is wrong
            return [None] * node.num_outputs


def _declared(variable: Node) -> MaybeDtype:
    text = variable.user_attrs.get("__dtype__", "0")
    return FLAG_DTYPES.get(int(text), "float32") if text.lstrip("-").isdecimal() else text


def _node(op_name: str, name: str, inputs: Sequence[Entry], given: dict[str, Any]) -> Node:
    op = get(op_name)
    return Node(op, name, op.parse(given), inputs, given={k: str(v) for k, v in given.items()})
