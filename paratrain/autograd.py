"""Automatic differentiation of imperative code: record, then go backward.

Examples
--------
>>> import paratrain as mx
>>> x = mx.nd.array([1.0, 2.0, 3.0])
>>> x.attach_grad()
>>> with mx.autograd.record():
...     y = (x * x).sum()
>>> y.backward()
>>> x.grad.asnumpy()
array([2., 4., 6.], dtype=float32)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from paratrain._tape import Leaf, TapeNode, flags
from paratrain.graph.ir import Entry, Node
from paratrain.ndarray.invoke import F, empty_like_desc
from paratrain.ndarray.ndarray import NDArray
from paratrain.ops.registry import GradContext

__all__ = [
    "Function",
    "backward",
    "get_symbol",
    "grad",
    "is_recording",
    "is_training",
    "mark_variables",
    "pause",
    "predict_mode",
    "record",
    "set_recording",
    "set_training",
    "train_mode",
]


def set_recording(is_record: bool) -> bool:
    """Switch recording on or off in this thread; returns what it was."""
    old, flags.recording = flags.recording, bool(is_record)
    return old


def set_training(train_mode: bool) -> bool:
    """Let operators behave as in training (or not) in this thread; returns what it was."""
    old, flags.training = flags.training, bool(train_mode)
    return old


def is_recording() -> bool:
    """Whether this thread records."""
    return flags.recording


def is_training() -> bool:
    """Whether operators in this thread behave as in training."""
    return flags.training


class _Scope:
    """Sets what is not None when it is entered, and sets back both when it is left; may be entered again and again."""

    __slots__ = ("_before", "_recording", "_training")

    def __init__(self, recording: bool | None, training: bool | None) -> None:
        self._recording, self._training = recording, training
        self._before: list[tuple[bool, bool]] = []

    def __enter__(self) -> None:
        self._before.append((flags.recording, flags.training))
        if self._recording is not None:
            flags.recording = self._recording
        if self._training is not None:
            flags.training = self._training

    def __exit__(self, *exc: object) -> None:
        flags.recording, flags.training = self._before.pop()


def record(train_mode: bool = True) -> Any:
    """Scope in which calls are recorded; `train_mode` says whether operators behave as in training."""
    return _Scope(True, train_mode)


def pause(train_mode: bool = False) -> Any:
    """Scope in which nothing is recorded."""
    return _Scope(False, train_mode)


def train_mode() -> Any:
    """Scope in which operators behave as in training; recording stays as it is."""
    return _Scope(None, True)


def predict_mode() -> Any:
    """Scope in which operators behave as in prediction; recording stays as it is."""
    return _Scope(None, False)


def mark_variables(variables: Any, gradients: Any, grad_reqs: str | Sequence[str] = "write") -> None:
    """Let arrays be variables with given gradient buffers.

    Parameters
    ----------
    variables, gradients : NDArray or list of NDArray
    grad_reqs : {'write', 'add', 'null'} or list of these
    """
    if isinstance(variables, NDArray):
        variables, gradients = [variables], [gradients]
    reqs = [grad_reqs] * len(variables) if isinstance(grad_reqs, str) else list(grad_reqs)
    if not len(variables) == len(gradients) == len(reqs):
        raise ValueError(
            f"[mark_variables] needs one gradient and grad_req for each variable; got {len(variables)} variables, "
            f"{len(gradients)} gradients, {len(reqs)} grad_reqs"
        )
    for variable, gradient, req in zip(variables, gradients, reqs):
        if variable.desc != gradient.desc:
            raise ValueError(f"[mark_variables] variable {variable.desc} and gradient {gradient.desc} must agree")
        variable._set_leaf(None if req == "null" else gradient, req)


def backward(
    heads: Any,
    head_grads: Any = None,
    retain_graph: bool = False,
    train_mode: bool = True,
) -> None:
    """Compute the gradients of `heads` with respect to all arrays that `attach_grad` was called on.

    Parameters
    ----------
    heads : NDArray or list of NDArray
        Results of recorded calls.
    head_grads : NDArray or list of (NDArray or None), optional
        Gradients that arrive at the heads (default: ones).
    retain_graph : bool, default False
        Keep the tape, so that backward can be called again.
    train_mode : bool, default True
        Mode in which gradients are computed.

    Raises
    ------
    ValueError
        If a head was not recorded, or its tape was freed by an earlier call.
    """
    heads, head_grads = _as_lists(heads, head_grads)
    leaves = _differentiate(heads, head_grads, retain_graph, False, train_mode)
    for leaf, value in leaves:
        if leaf.grad_req == "add":
            leaf.grad += value
        else:
            value.copyto(leaf.grad)


def grad(
    heads: Any,
    variables: Any,
    head_grads: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    train_mode: bool = True,
) -> Any:
    """Gradients of `heads` with respect to `variables`, as new arrays.

    Parameters
    ----------
    heads, head_grads, train_mode
        As of `backward`.
    variables : NDArray or list of NDArray
        Arrays that `attach_grad` was called on.
    retain_graph : bool, optional
        Default: `create_graph`.
    create_graph : bool, default False
        Record the computation of the gradients, so that they can be differentiated again.

    Returns
    -------
    NDArray or list of NDArray
        As `variables` is given.
    """
    heads, head_grads = _as_lists(heads, head_grads)
    single = isinstance(variables, NDArray)
    wanted = [variables] if single else list(variables)
    for v in wanted:
        if not isinstance(v._source, Leaf):
            raise ValueError("[autograd.grad] every variable must have had attach_grad() called before recording")
    keep = create_graph if retain_graph is None else retain_graph
    leaves = _differentiate(heads, head_grads, keep, create_graph, train_mode)
    found = {id(leaf): value for leaf, value in leaves}
    with _Scope(create_graph, None):
        out = _apart([found[id(v._source)] if id(v._source) in found else F.zeros_like(v) for v in wanted], head_grads)
    return out[0] if single else out


def _apart(values: list[NDArray], others: list[Any]) -> list[NDArray]:
    """The arrays, with copies of those that share memory with one before or with one of the others."""
    taken = {id(x.storage) for x in others if x is not None}
    out = []
    for value in values:
        out.append(value.copy() if id(value.storage) in taken else value)
        taken.add(id(value.storage))
    return out


def _as_lists(heads: Any, head_grads: Any) -> tuple[list[NDArray], list[Any]]:
    if isinstance(heads, NDArray):
        heads = [heads]
        head_grads = None if head_grads is None else head_grads if isinstance(head_grads, list) else [head_grads]
    heads = list(heads)
    grads = [None] * len(heads) if head_grads is None else list(head_grads)
    if len(grads) != len(heads):
        raise ValueError(f"[autograd] there are {len(heads)} heads and {len(grads)} head gradients")
    for head, g in zip(heads, grads):
        if head._source is None:
            raise ValueError("[autograd] cannot differentiate an array that was not computed inside autograd.record()")
        if g is not None and g.shape != head.shape:
            raise ValueError(f"[autograd] the head gradient must have shape {head.shape}; got {g.shape}")
    return heads, grads


def _order(heads: list[NDArray], ends: Iterable[TapeNode] = ()) -> list[TapeNode]:
    """Nodes that the heads depend on, each after those it reads from; without `ends` and what is behind them."""
    order: list[TapeNode] = []
    seen: set[int] = {id(node) for node in ends}
    stack = [(h._source[0], False) for h in reversed(heads) if isinstance(h._source, tuple)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.freed:
            raise ValueError(
                f"[autograd] the record of {node.name}{_where(node)} was freed by an earlier backward; pass "
                "retain_graph=True there"
            )
        stack.append((node, True))
        stack += [(s[0], False) for s in node.sources if isinstance(s, tuple)]
    return order


def _where(node: TapeNode) -> str:
    return f" ({node.place})" if node.place else ""


class _Sums:
    """Gradients that have arrived so far, by where they belong."""

    def __init__(self) -> None:
        self.values: dict[Any, NDArray] = {}
        self.leaves: dict[int, Leaf] = {}

    def add(self, source: Any, value: NDArray) -> None:
        key = _key(source)
        if isinstance(source, Leaf):
            self.leaves[key] = source
        old = self.values.get(key)
        self.values[key] = value if old is None else F.elemwise_add(old, value)


def _key(source: Any) -> Any:
    return id(source) if isinstance(source, Leaf) else (id(source[0]), source[1])


def _differentiate(
    heads: list[NDArray],
    head_grads: list[Any],
    retain: bool,
    create_graph: bool,
    train: bool,
) -> list[tuple[Leaf, NDArray]]:
    order = _order(heads)
    sums = _Sums()
    with _Scope(create_graph, train):
        for head, g in zip(heads, head_grads):
            sums.add(head._source, F.ones_like(head.detach()) if g is None else g)
        for node in reversed(order):
            flags.training = train and node.training
            _pass(node, sums, create_graph)
            if not retain:
                node.freed = True
                node.inputs, node.outputs = [], []
    return [(leaf, sums.values[key]) for key, leaf in sums.leaves.items()]


def _pass(node: TapeNode, sums: _Sums, linked: bool) -> None:
    """Take the gradients that have arrived at a node's outputs to where its inputs come from."""
    arrived = [sums.values.pop((id(node), i), None) for i in range(len(node.outputs))]
    if any(a is not None for a in arrived):
        for source, value in zip(node.sources, _located(node, arrived, linked), strict=True):
            if source is not None and value is not None:
                sums.add(source, value)


def _located(node: TapeNode, arrived: list[Any], linked: bool) -> Sequence[Any]:
    """`_node_gradients`, whose errors say which call of the user's program they belong to."""
    try:
        return _node_gradients(node, arrived, linked)
    except (ValueError, TypeError, IndexError, RuntimeError) as e:
        if e.args and isinstance(e.args[0], str) and node.place:
            e.args = (f"{e.args[0]} (gradient of {node.name}, recorded at {node.place})", *e.args[1:])
        raise


def _node_gradients(node: TapeNode, arrived: list[Any], linked: bool) -> Sequence[Any]:
    """Gradients of one node's inputs; `linked`: the values used carry their history (for higher orders)."""
    needed = [s is not None for s in node.sources]
    if node.backward is not None:
        return node.backward._gradients(arrived, len(node.sources))
    if node.op.composed is not None and (linked or node.op.gradient is None):
        grads = _composed_gradients(node, arrived, needed, linked)
        if grads is not None:
            return grads
    if node.op.gradient is None:
        raise NotImplementedError(f"[{node.name}] this gradient cannot be differentiated again")
    inputs, outputs = node.inputs, node.outputs
    if linked:
        inputs = [_with_source(x, s) for x, s in zip(inputs, node.sources)]
        outputs = [_with_source(y, (node, i)) for i, y in enumerate(outputs)]
    context = GradContext(node.op, F, node.attrs, inputs, outputs, arrived, needed)
    return node.op.gradient(context)


def _composed_gradients(
    node: TapeNode, arrived: list[Any], needed: Sequence[bool], linked: bool
) -> Sequence[Any] | None:
    """Gradients of one node's inputs by those of the operators that it can be composed of; None if it cannot."""
    kept = [x if x.storage.nbytes or not x.size else F.zeros_like(x) for x in node.inputs]
    with _Scope(True, None):
        inputs = [_with_source(x, s) for x, s in zip(kept, node.sources)]
        context = GradContext(
            node.op, F, node.attrs, inputs, node.outputs, [None] * len(arrived), needed, flags.training
        )
        made = node.op.composed(context)
    if made is None:
        return None
    heads = [made] if isinstance(made, NDArray) else list(made)
    sums = _Sums()
    for head, gradient in zip(heads, arrived):
        if gradient is not None and head._source is not None:
            sums.add(head._source, gradient)
    ends = [s[0] for s in node.sources if isinstance(s, tuple)]
    with _Scope(linked, None):
        for inner in reversed(_order(heads, ends)):
            _pass(inner, sums, linked)
    # of inputs that are one array the first gets the gradient of all
    return [None if s is None else sums.values.pop(_key(s), None) for s in node.sources]


def _with_source(x: NDArray, source: Any) -> NDArray:
    out = x.detach()
    out._source = source
    return out


def get_symbol(x: NDArray) -> Any:
    """The calls that an array was computed by, as a symbol.

    Parameters
    ----------
    x : NDArray
        Result of recorded calls, whose tape has not been freed.

    Returns
    -------
    Symbol
        Its arguments are the arrays that the calls read and that no recorded call made: ``var0``, ``var1``, ... in
        the order in which they were needed.

    Raises
    ------
    ValueError
        If the array was not computed while autograd recorded, or by a `Function`, which is no operator.

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.nd.ones((2,))
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     y = mx.nd.exp(x) + x
    >>> mx.autograd.get_symbol(y).list_arguments()
    ['var0']
    """
    from paratrain import symbol
    from paratrain.symbol.compose import parameter_text

    if not isinstance(x._source, tuple):
        raise ValueError("[autograd.get_symbol] the array was not computed inside autograd.record()")
    entries: dict[Any, Entry] = {}

    def entry_of(source: Any, value: NDArray) -> Entry:
        # constants are told apart by their memory, for an array may be recorded under several views
        key = (id(source[0]), source[1]) if isinstance(source, tuple) else id(source or value.storage)
        if key not in entries:
            entries[key] = Entry(Node(None, f"var{sum(e.node.is_variable for e in entries.values())}"))
        return entries[key]

    for number, node in enumerate(_order([x])):
        if node.op is None:
            raise ValueError(f"[autograd.get_symbol] {node.name}{_where(node)} is no operator and has no symbol")
        inputs = [entry_of(s, v) for s, v in zip(node.sources, node.inputs)]
        given = {
            k: parameter_text(node.op.params[k], v) for k, v in node.attrs.items() if v != node.op.params[k].default
        }
        made = Node(node.op, f"{node.op.name.lower().lstrip('_')}{number}", node.attrs, inputs, {}, given)
        for i in range(len(node.outputs)):
            entries[id(node), i] = Entry(made, i)
    return symbol.Symbol([entries[id(x._source[0]), x._source[1]]])


class Function:
    """A function with a gradient of its own: override `forward` and `backward`.

    Examples
    --------
    >>> import paratrain as mx
    >>> class Double(mx.autograd.Function):
    ...     def forward(self, x):
    ...         return x * 2
    ...     def backward(self, dy):
    ...         return dy * 2
    >>> x = mx.nd.ones((2,))
    >>> x.attach_grad()
    >>> with mx.autograd.record():
    ...     y = Double()(x)
    >>> y.backward()
    >>> x.grad.asnumpy()
    array([2., 2.], dtype=float32)
    """

    _shapes: Sequence[Any] | None = None  # of the outputs, once recorded

    def __init__(self) -> None:
        self.saved_tensors: tuple[NDArray, ...] = ()

    def save_for_backward(self, *args: NDArray) -> None:
        """Keep arrays for `backward`, as ``self.saved_tensors``."""
        self.saved_tensors = args

    def forward(self, *inputs: NDArray) -> Any:
        """Compute the outputs; to be overridden."""
        raise NotImplementedError(f"[{type(self).__name__}] forward is not defined")

    def backward(self, *output_grads: NDArray) -> Any:
        """Compute a gradient for each input; to be overridden."""
        raise NotImplementedError(f"[{type(self).__name__}] backward is not defined")

    def __call__(self, *inputs: NDArray) -> Any:
        """Run `forward`, recorded as one call.

        Raises
        ------
        RuntimeError
            If a call of this object was recorded before: what it saved belongs to that one.
        """
        if self._shapes is not None:
            raise RuntimeError(
                f"[{type(self).__name__}] a call of this object was recorded already; make another for each call"
            )
        recording = flags.recording
        with _Scope(False, None):
            outputs = self.forward(*inputs)
        single = isinstance(outputs, NDArray)
        outs = [outputs] if single else list(outputs)
        sources = [x._source for x in inputs]
        if recording and any(s is not None for s in sources):
            results = [o.detach() for o in outs]
            self._shapes = [(o.desc, (o.storage.device_type, o.storage.device_id)) for o in outs]
            node = TapeNode(None, {}, [x.detach() for x in inputs], sources, outs, backward=self)
            for i, r in enumerate(results):
                r._source = (node, i)
            outs = results
        return outs[0] if single else outs

    def _gradients(self, arrived: list[Any], num_inputs: int) -> Sequence[Any]:
        """Gradients of the inputs for those that arrived at the outputs (zeros where none did)."""
        full = [
            F.zeros_like(empty_like_desc(desc, device)) if g is None else g
            for g, (desc, device) in zip(arrived, self._shapes or ())
        ]
        got = self.backward(*full)
        grads = [got] if isinstance(got, NDArray) else list(got)
        if len(grads) != num_inputs:
            raise ValueError(
                f"[{type(self).__name__}] backward must return a gradient for each of {num_inputs} inputs; "
                f"got {len(grads)}"
            )
        return grads
