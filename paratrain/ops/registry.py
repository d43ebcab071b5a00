"""What an operator is, and the table of all operators.

An operator is defined once, in `paratrain/ops/<family>.py`, by a call of `define`. From the definition come
`nd.X`, `sym.X`, their signatures and docstrings, shape and dtype inference, autograd and the compiler's view.
"""

from __future__ import annotations

import difflib
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paratrain.ops.examples import EXAMPLES
from paratrain.ops.flops import FlopsRule, elements
from paratrain.ops.params import REQUIRED, Param
from paratrain.ops.rules import DtypeRule, ShapeRule, same_dtype, same_shape

__all__ = ["OPS", "GradContext", "Op", "alias", "define", "get", "get_public"]

Attrs = dict[str, Any]
Names = tuple[str, ...]


#: Most that a parameter may count: names are made for every one of them.
MAX_INPUTS = 1 << 20


@dataclass(frozen=True, eq=False)
class Op:
    """Everything about an operator except its arithmetic.

    Attributes
    ----------
    name : str
        Name of the function below `nd` and `sym`; a leading underscore keeps it out of the public surface.
    doc : str
        One line that says what it does, perhaps a formula and remarks.
    inputs : mapping of str to str
        Input names in order, each with a sentence (shape, meaning). Auxiliary states come last.
    params : mapping of str to Param
        Typed parameters in the order of the signature.
    present : callable, optional
        ``attrs -> names of the inputs in use``, for operators whose inputs depend on parameters.
    variadic : str
        Name of the parameter that counts the inputs (``num_args``), for operators with any number of them.
        Their inputs are called ``arg0, arg1, ...``, unless `present` says otherwise.
    arity : callable, optional
        ``attrs -> number of inputs`` of a variadic operator that takes several for each one counted (weight, gradient,
        state); the count is then not taken from the call.
    outputs : tuple of str or callable
        Output names, or ``attrs -> names``.
    visible : int or callable, optional
        How many outputs users see (default all).
    shape, dtype : rules
        ``(attrs, ins, outs) -> (ins, outs)``, partial and in both directions; see `paratrain.ops.rules`.
    gradient : callable, optional
        ``GradContext -> one value or None for each input``. No gradient: the operator ends differentiation.
    composed : callable, optional
        ``GradContext -> outputs`` (those that users see, or the first of them), written with other operators: what
        gradients of gradients go through where `gradient` ends in a kernel of its own, and all gradients of an
        operator without `gradient`. It runs on arrays, so shapes are known. Inputs that `gradient` does not read are
        zeros, and `g.outputs` are constants. None where the parameters are such that `gradient` will do.
    kernel : str or callable
        Name of the kernel, whose attributes are the parameters; or ``(attrs, ins, outs) -> (name, kernel attrs)``
        with `ins`, `outs` lists of ``(shape, dtype)``. Empty for views.
    build : callable, optional
        Instead of `kernel`, for kernels that are made from graphs or Python code:
        ``(attrs, ins, outs, train, op_id, device_type) -> engine.Kernel``.
    aux : tuple of str or callable
        Inputs that are auxiliary states: changed in place in training, without gradient; or ``attrs -> names``.
    mutates : tuple of str or callable
        Inputs that the kernel changes in place (always includes what it changes of `aux`), or ``attrs -> names``.
    reads : callable, optional
        ``given -> attrs``, for operators whose parameters have any names; such are called by functions of their own.
    initializers : mapping of str to str
        For inputs that are not initialized like others of their name: the initializer, as `Initializer.dumps` writes
        it. A symbol's variables get it as attribute ``__init__``.
    view : bool
        The output is the first input seen with another shape: nothing is computed.
    inplace : bool or tuple of (int, int) or callable
        Pairs (output, input): the output may overwrite the input when nobody else reads that. True: ``((0, 0),)``; a
        callable returns them for given parameters.
    elementwise : bool
        Each element of the only output follows from those in the same place of the inputs. Such operators run in
        chains, and in the memory layout that their inputs have; see `maps`.
    repeats : bool
        The inputs of an elementwise operator may be smaller; they are repeated by NumPy's rules.
    shape_only : tuple of str
        Inputs of which only the shape is used, so that their values need not be kept.
    again : str
        For operators that must not run twice, since they change their auxiliary states: the operator that makes
        output 0 once more. Its inputs are the same, with outputs 1, 2, ... in the place of the auxiliary states.
    train_aware : bool
        The kernel gets the attribute ``train`` (whether in training mode).
    random : bool or callable
        The kernel draws random numbers; it gets the attribute ``op_id``. Or ``attrs -> whether it does``.
    gradient_free : bool
        Said of operators without gradient on purpose (comparisons, optimizer updates, ...).
    loss : bool
        The gradient of its first input is that of a loss, whatever arrives from above; where losses are scaled, it is.
    layout : str
        How the operator gets on with a library's memory layouts: ``'plain'`` (needs row-major arrays, unless it is
        elementwise) or ``'any'`` (its kernel negotiates).
    family : str
        Module of the definition, as `define` finds out.
    example : str
        Lines of Python with their results, run as a doctest in which `mx` is the package (operators made from tables
        have theirs in `examples.py`).
    flops : callable, optional
        ``(attrs, ins, outs) -> number of arithmetic operations``; see `paratrain.ops.flops` (default: one for each
        element of the first output, none for views).
    """

    name: str
    doc: str
    inputs: Mapping[str, str]
    params: Mapping[str, Param]
    present: Callable[[Attrs], Sequence[str]] | None = None
    variadic: str = ""
    arity: Callable[[Attrs], int] | None = None
    outputs: Names | Callable[[Attrs], Names] = ("output",)
    visible: int | Callable[[Attrs], int] | None = None
    shape: ShapeRule = same_shape
    dtype: DtypeRule = same_dtype
    gradient: Callable[[GradContext], Sequence[Any]] | None = None
    composed: Callable[[GradContext], Any] | None = None
    kernel: str | Callable[..., tuple[str, Attrs]] = ""
    build: Callable[..., Any] | None = None
    aux: Names | Callable[[Attrs], Names] = ()
    reads: Callable[[Mapping[str, Any]], Attrs] | None = None
    mutates: Names | Callable[[Attrs], Names] = ()
    initializers: Mapping[str, str] = field(default_factory=dict)
    view: bool = False
    inplace: bool | tuple[tuple[int, int], ...] | Callable[[Attrs], tuple[tuple[int, int], ...]] = False
    elementwise: bool = False
    repeats: bool = False
    shape_only: Names = ()
    train_aware: bool = False
    random: bool | Callable[[Attrs], bool] = False
    gradient_free: bool = False
    loss: bool = False
    layout: str = "plain"
    flops: FlopsRule | None = None
    again: str = ""
    aliases: Names = ()
    example: str = ""
    family: str = ""
    _defaults: Attrs = field(default_factory=dict, compare=False)

    @property
    def is_public(self) -> bool:
        """Whether users see it below `nd` and `sym` (MXNet has a few public names that begin with an underscore)."""
        return not self.name.startswith("_")

    def parse(self, given: Mapping[str, Any]) -> Attrs:
        """Typed parameters from what was given: defaults filled in, values checked.

        Raises
        ------
        TypeError
            For an unknown name, a missing value or a value of another type.
        ValueError
            For a value out of range.
        """
        if self.reads is not None:
            return self.reads(given)
        attrs = {}
        for name, param in self.params.items():
            if name in given:
                try:
                    attrs[name] = param.parse(given[name])
                except (TypeError, ValueError) as e:
                    raise type(e)(f"[{self.name}] {name} {e}") from None
            elif param.default is REQUIRED:
                raise TypeError(f"[{self.name}] {name} ({param.kind}) is required and was not given")
            else:
                attrs[name] = param.default
        if len(given) > len(attrs) or not given.keys() <= attrs.keys():
            unknown = next(n for n in given if n not in attrs)
            raise TypeError(
                f"[{self.name}] has no parameter {unknown!r}; its parameters are {', '.join(self.params) or 'none'}"
            )
        if self.variadic and attrs[self.variadic] > MAX_INPUTS:
            raise ValueError(f"[{self.name}] {self.variadic} must be at most {MAX_INPUTS}; got {attrs[self.variadic]}")
        return attrs

    def input_names(self, attrs: Attrs) -> Names:
        """Names of the inputs in use under `attrs`, auxiliary states included."""
        if self.present:
            return tuple(self.present(attrs))
        if self.variadic:
            return tuple(f"arg{i}" for i in range(self.arity(attrs) if self.arity else attrs[self.variadic]))
        return tuple(self.inputs)

    @property
    def counter(self) -> str:
        """The parameter that says how many inputs a call has, and need not be given; empty if there is none."""
        return "" if self.arity else self.variadic

    def states(self, attrs: Attrs) -> Names:
        """Names of the auxiliary states."""
        return tuple(self.aux(attrs)) if callable(self.aux) else self.aux

    def mutated(self, attrs: Attrs) -> Names:
        """Names of the inputs that the kernel changes in place."""
        return tuple(self.mutates(attrs)) if callable(self.mutates) else self.mutates

    def output_names(self, attrs: Attrs) -> Names:
        """Names of all outputs, hidden ones included."""
        return tuple(self.outputs(attrs)) if callable(self.outputs) else self.outputs

    def overwrites(self, attrs: Attrs) -> tuple[tuple[int, int], ...]:
        """Pairs (output, input) of which the output may be written over the input."""
        if callable(self.inplace):
            return self.inplace(attrs)
        return ((0, 0),) if self.inplace is True else self.inplace or ()

    def maps(self, attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> bool:
        """Whether a call with inputs and outputs given as ``(shape, dtype)`` is elementwise.

        Operators with several forms may be so in some of them only: ``where`` not with a condition for each row,
        ``LeakyReLU`` not with a slope for each channel.
        """
        if not self.elementwise or self.repeats:
            return self.elementwise
        read = (d for d, n in zip(ins, self.input_names(attrs)) if n not in self.shape_only)
        return len(outs) == 1 and all(d[0] == outs[0][0] for d in read)

    def draws(self, attrs: Attrs) -> bool:
        """Whether the kernel draws random numbers under `attrs`."""
        return self.random(attrs) if callable(self.random) else self.random

    def num_visible(self, attrs: Attrs) -> int:
        """Number of outputs that users see."""
        if self.visible is None:
            return len(self.output_names(attrs))
        return self.visible(attrs) if callable(self.visible) else self.visible

    def count_flops(self, attrs: Attrs, ins: list[tuple], outs: list[tuple]) -> int:
        """Arithmetic operations of a call with inputs and outputs given as ``(shape, dtype)``."""
        if self.view:
            return 0
        if self.flops is not None:
            return self.flops(attrs, ins, outs)
        return elements(outs[0]) if outs else 0

    def kernel_spec(
        self, attrs: Attrs, ins: list[tuple], outs: list[tuple], train: bool, op_id: int = 0
    ) -> tuple[str, Attrs]:
        """Name and attributes of the kernel for inputs and outputs given as ``(shape, dtype)``."""
        if callable(self.kernel):
            try:
                name, kattrs = self.kernel(attrs, ins, outs)
            except (ValueError, IndexError) as e:
                shapes = [d[0] for d in ins]
                raise ValueError(f"[{self.name}] does not take inputs of shapes {shapes}: {e}") from None
        else:
            name, kattrs = self.kernel, attrs
        extra: Attrs = {}
        if self.train_aware:
            extra["train"] = train
        if self.draws(attrs):
            extra["op_id"] = op_id
        return name, {**kattrs, **extra} if extra else kattrs


class GradContext:
    """What a gradient function works with.

    Attributes
    ----------
    F : namespace
        Operators by name (``g.F._mul(a, b)``), imperative or graph-building alike.
    attrs : dict
        Typed parameters.
    inputs, outputs : sequence
        The operator's inputs and outputs (all of them, hidden ones included).
    needed : tuple of bool
        For each input, whether its gradient is wanted.
    training : bool
        Whether the operator behaved as in training; known to `Op.composed` only.
    """

    def __init__(
        self,
        op: Op,
        F: Any,
        attrs: Attrs,
        inputs: Sequence[Any],
        outputs: Sequence[Any],
        out_grads: Sequence[Any],
        needed: Sequence[bool],
        training: bool = False,
    ) -> None:
        self.op, self.F, self.attrs = op, F, attrs
        self.training = training
        self.inputs, self.outputs = inputs, outputs
        self.needed = tuple(needed)
        self._out_grads = list(out_grads)

    def has(self, index: int = 0) -> bool:
        """Whether a gradient of output `index` arrived; where not, it is zero."""
        return self._out_grads[index] is not None

    def grad(self, index: int = 0) -> Any:
        """Gradient with respect to output `index` (zeros where none arrived)."""
        if self._out_grads[index] is None:
            self._out_grads[index] = self.F.zeros_like(self.outputs[index])
        return self._out_grads[index]


#: All operators by name and alias.
OPS: dict[str, Op] = {}


def define(name: str, doc: str, **fields: Any) -> Op:
    """Define an operator; the fields are those of `Op`.

    Returns
    -------
    Op
        The operator, also found by `get` under its name and aliases.
    """
    fields["family"] = sys._getframe(1).f_globals["__name__"].rpartition(".")[2]
    if "example" in fields and name in EXAMPLES:
        raise RuntimeError(f"operator {name} has two examples")
    fields["example"] = inspect.cleandoc(fields.get("example") or EXAMPLES.get(name, ""))
    inputs = fields.pop("inputs", {"data": "Input array."})
    params = fields.pop("params", {})
    op = Op(name=name, doc=doc.strip(), inputs=inputs, params=params, **fields)
    for key in (name, *op.aliases):
        if key in OPS:
            raise RuntimeError(f"operator {key} is defined twice")
        OPS[key] = op
    return op


def alias(name: str, *others: str) -> None:
    """Make an operator known under further names."""
    for other in others:
        if other in OPS:
            raise RuntimeError(f"operator {other} is defined twice")
        OPS[other] = OPS[name]


def get(name: str) -> Op:
    """The operator of this name or alias.

    Raises
    ------
    ValueError
        If there is none; the message names the closest ones.
    """
    try:
        return OPS[name]
    except KeyError:
        near = difflib.get_close_matches(name, OPS, 3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise ValueError(f"[operator] there is no operator {name!r}{hint}") from None


def get_public(name: str) -> Op:
    """As `get`, for a name that a person or a file gives.

    Raises
    ------
    ValueError
        Also for operators of gradients: they rely on arrays that fit together, as gradient functions pass them.
    """
    if name.startswith("_backward"):
        raise ValueError(f"[operator] {name!r} is for gradients only; use autograd, or backward() of an executor")
    return get(name)
