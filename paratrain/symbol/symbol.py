"""The symbol: a handle on outputs of a graph of operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from paratrain.attribute import HIDDEN_KEYS, check_text, is_reserved, stored_key
from paratrain.base import MXNetTypeError, MXNetValueError, NotImplementedForSymbol, mxnet_error
from paratrain.context import Context, current_context
from paratrain.graph.ir import Entry, Node, topological
from paratrain.symbol import inference, json
from paratrain.symbol._fluent import FluentMethods
from paratrain.symbol.compose import check_attribute
from paratrain.symbol.operators import Operators
from paratrain.symbol.rewrite import copy_graph

if TYPE_CHECKING:
    from paratrain.executor import Executor

__all__ = ["Symbol"]


class Symbol(FluentMethods, Operators):
    """Outputs of a graph of operators, to be bound to arrays later.

    Made by `paratrain.sym.var`, the operators below `paratrain.sym` and `Group` rather than by its constructor.

    Parameters
    ----------
    entries : list of Entry
        Outputs of graph nodes.

    Examples
    --------
    >>> import paratrain as mx
    >>> x = mx.sym.var('x')
    >>> y = mx.sym.relu(2 * x + 1, name='y')
    >>> y.list_arguments(), y.list_outputs()
    (['x'], ['y_output'])
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries

    # -- what it is -----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str | None:
        """Name of the node; None for a group of several nodes."""
        node = self._node()
        return None if node is None else node.name

    def _node(self) -> Node | None:
        """The node that all outputs belong to, if there is just one."""
        first = self._entries[0].node
        return first if all(e.node is first for e in self._entries) else None

    def __repr__(self) -> str:
        if self.name is None:
            return f"<Symbol group [{', '.join(str(s.name) for s in self)}]>"
        return f"<Symbol {self.name}>"

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def num_outputs(self) -> int:
        """Number of outputs."""
        return len(self._entries)

    def __iter__(self) -> Iterator[Symbol]:
        return (Symbol([e]) for e in self._entries)

    def __getitem__(self, index: int | str | slice) -> Symbol:
        """Output by number or name; a group of outputs for a slice.

        Raises
        ------
        ValueError
            For a name that no output has, or several.
        IndexError
            For a number out of range.
        """
        if isinstance(index, slice):
            chosen = self._entries[index]
            if not chosen:
                raise IndexError(f"[Symbol] {index} chooses none of {len(self)} outputs")
            return Symbol(chosen)
        if isinstance(index, str):
            index = self._find(index)
        if not -len(self) <= index < len(self):
            raise IndexError(f"[Symbol] {self!r} has {len(self)} outputs; got index {index}")
        return Symbol([self._entries[index]])

    def _find(self, name: str) -> int:
        names = self.list_outputs()
        if names.count(name) != 1:
            few = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
            what = "no output" if name not in names else "several outputs"
            raise ValueError(f"[Symbol] {self!r} has {what} named {name!r}; its outputs are {few}")
        return names.index(name)

    # -- lists ----------------------------------------------------------------------------------------------------

    def _variables(self) -> tuple[list[Node], list[Node]]:
        """Variables that are arguments, and those that are auxiliary states."""
        nodes = topological(self._entries)
        states: set[int] = set()
        for node in nodes:
            if node.op is not None and node.op.aux:
                names = node.op.states(node.attrs)
                for name, entry in zip(node.op.input_names(node.attrs), node.inputs):
                    if name in names:
                        states.add(id(entry.node))
        variables = [n for n in nodes if n.is_variable]
        return [n for n in variables if id(n) not in states], [n for n in variables if id(n) in states]

    def list_arguments(self) -> list[str]:
        """Names of the variables that are not auxiliary states, in the order of a depth-first walk."""
        return [n.name for n in self._variables()[0]]

    def list_auxiliary_states(self) -> list[str]:
        """Names of the auxiliary states: variables that operators change, such as moving means."""
        return [n.name for n in self._variables()[1]]

    def list_inputs(self) -> list[str]:
        """Names of all variables."""
        return [n.name for n in topological(self._entries) if n.is_variable]

    def list_outputs(self) -> list[str]:
        """Names of the outputs: ``fc_output``, or ``split_output0``, ``split_output1``, ..."""
        return [output_name(e) for e in self._entries]

    def get_internals(self) -> Symbol:
        """Group of the outputs of all nodes, variables included.

        Examples
        --------
        >>> import paratrain as mx
        >>> net = mx.sym.relu(mx.sym.exp(mx.sym.var('x'), name='e'), name='r')
        >>> net.get_internals().list_outputs()
        ['x', 'e_output', 'r_output']
        """
        return Symbol([Entry(n, i) for n in topological(self._entries) for i in range(_num_visible(n))])

    def get_children(self) -> Symbol | None:
        """Group of the inputs of the nodes whose outputs these are; None for a variable."""
        nodes = {id(e.node): e.node for e in self._entries}
        inputs = [e for node in nodes.values() for e in node.inputs]
        return Symbol(inputs) if inputs else None

    # -- attributes -----------------------------------------------------------------------------------------------

    def attr(self, key: str) -> str | None:
        """An attribute or parameter as text; None if it was not given.

        Parameters
        ----------
        key : str
            For example ``'lr_mult'``, ``'num_hidden'``, ``'name'`` or ``'op_name'``.
        """
        node = self._node()
        if node is None:
            return None
        if key == "name":
            return node.name
        if key == "op_name":
            return "null" if node.op is None else node.op.name
        return _all_attributes(node).get(key)

    def list_attr(self, recursive: bool = False) -> dict[str, str]:
        """Attributes of the node, parameters that were given included.

        Raises
        ------
        DeprecationWarning
            If `recursive`; use `attr_dict`.
        """
        if recursive:
            raise DeprecationWarning("[Symbol.list_attr] recursive=True is gone; use attr_dict()")
        node = self._node()
        if node is None:
            raise MXNetValueError(f"[Symbol.list_attr] {self!r} has several nodes; use attr_dict()")
        return _all_attributes(node)

    def attr_dict(self) -> dict[str, dict[str, str]]:
        """Attributes of all nodes that have some, by the node's name."""
        found = ((n.name, _all_attributes(n)) for n in topological(self._entries))
        return {name: attributes for name, attributes in found if attributes}

    def _set_attr(self, **kwargs: str) -> None:
        """Set attributes of the node.

        Raises
        ------
        ValueError
            If a value is not text, or the attribute cannot be set.
        """
        node = self._node()
        if node is None:
            raise MXNetValueError(f"[Symbol._set_attr] {self!r} has several nodes; set attributes of one at a time")
        check_text(kwargs, "Symbol._set_attr")
        for key, value in kwargs.items():
            try:
                _set_attribute(node, key, value)
            except (TypeError, ValueError) as e:
                raise mxnet_error(e) from None

    # -- composition ----------------------------------------------------------------------------------------------

    def __call__(self, *args: Symbol, name: str | None = None, **kwargs: Symbol) -> Symbol:
        """A copy in which variables are replaced by symbols.

        Parameters
        ----------
        *args : Symbol
            In the order of `list_inputs`.
        name : str, optional
            New name of the node.
        **kwargs : Symbol
            By name of the variable. Give either these or `args`.

        Returns
        -------
        Symbol

        Examples
        --------
        >>> import paratrain as mx
        >>> double = mx.sym.var('x') * 2
        >>> double(x=mx.sym.var('a') + mx.sym.var('b')).list_arguments()
        ['a', 'b']
        """
        if args and kwargs:
            raise TypeError("[Symbol] compose with symbols either in order or by name, not both")
        names = list(dict.fromkeys(self.list_inputs()))
        if len(args) > len(names):
            raise MXNetTypeError(f"[Symbol] {self!r} has {len(names)} variables ({', '.join(names)}); got {len(args)}")
        new = {**dict(zip(names, args)), **kwargs}
        for key, value in new.items():
            if not isinstance(value, Symbol):
                raise TypeError(f"[Symbol] composition needs symbols; {key} is {type(value).__name__}")
            if key not in names:
                raise MXNetValueError(f"[Symbol] {self!r} has no variable {key!r}; it has {', '.join(names)}")
            if len(value) != 1:
                raise MXNetValueError(f"[Symbol] {key} must be a symbol with one output; {value!r} has {len(value)}")
        entries = {k: v._entries for k, v in new.items()}
        out = Symbol(copy_graph(self._entries, lambda n: entries.get(n.name) if n.is_variable else None))
        if name is not None:
            out._entries[0].node.name = name
        return out

    def __copy__(self) -> Symbol:
        return Symbol(copy_graph(self._entries, lambda node: None))

    def __deepcopy__(self, memo: dict) -> Symbol:
        return self.__copy__()

    def __reduce__(self) -> Any:
        return json.load_json, (self.tojson(remove_amp_cast=False),)

    # -- inference ------------------------------------------------------------------------------------------------

    def infer_shape(self, *args: Any, **kwargs: Any) -> inference.Parts:
        """Shapes of arguments, outputs and auxiliary states from what is known of the arguments.

        Parameters
        ----------
        *args : tuple of int or None
            Shapes in the order of `list_arguments`. A size 0 is unknown.
        **kwargs : tuple of int
            Shapes by name of the argument. Give either these or `args`.

        Returns
        -------
        arg_shapes, out_shapes, aux_shapes : list of tuple of int
            Three None (with a warning that names the unknown) if a shape does not follow.

        Raises
        ------
        ValueError
            If shapes contradict each other or an operator's rule (it is also an `MXNetError`).

        Examples
        --------
        >>> import paratrain as mx
        >>> (mx.sym.var('a') + mx.sym.var('b')).infer_shape(a=(2, 3))
        ([(2, 3), (2, 3)], [(2, 3)], [])
        """
        return inference.shapes_of(self, "infer_shape", False, args, kwargs)

    def infer_shape_partial(self, *args: Any, **kwargs: Any) -> inference.Parts:
        """As `infer_shape`; what does not follow is ``()`` (shape) or 0 (size)."""
        return inference.shapes_of(self, "infer_shape_partial", True, args, kwargs)

    def infer_type(self, *args: Any, **kwargs: Any) -> inference.Parts:
        """NumPy types of arguments, outputs and auxiliary states from what is known of the arguments.

        Parameters
        ----------
        *args : dtype or None
            In the order of `list_arguments`.
        **kwargs : dtype
            By name of the argument. Give either these or `args`.

        Returns
        -------
        arg_types, out_types, aux_types : list of type
            Three None if a type does not follow.
        """
        return inference.dtypes_of(self, "infer_type", False, args, kwargs)

    def infer_type_partial(self, *args: Any, **kwargs: Any) -> inference.Parts:
        """As `infer_type`; a type that does not follow is None."""
        return inference.dtypes_of(self, "infer_type_partial", True, args, kwargs)

    # -- files ----------------------------------------------------------------------------------------------------

    def tojson(self, remove_amp_cast: bool = True) -> str:
        """The graph in MXNet's JSON format.

        Parameters
        ----------
        remove_amp_cast : bool, default True
            Leave out the casts of mixed precision.
        """
        return json.dumps(self._entries, remove_amp_cast)

    def save(self, fname: str, remove_amp_cast: bool = True) -> None:
        """Write `tojson` to a file, which is replaced only when all is written."""
        json.save(fname, self.tojson(remove_amp_cast))

    def debug_str(self) -> str:
        """The graph as text, node by node."""
        return json.describe(self._entries)

    # -- binding --------------------------------------------------------------------------------------------------

    def bind(
        self,
        ctx: Context,
        args: Any,
        args_grad: Any = None,
        grad_req: Any = "write",
        aux_states: Any = None,
        group2ctx: Mapping[str, Context] | None = None,
        shared_exec: Executor | None = None,
        memory_budget: int | str | None = None,
    ) -> Executor:
        """Bind to arrays.

        Parameters
        ----------
        ctx : Context
        args : list or dict of NDArray
            One for each argument, in the order of `list_arguments` or by name.
        args_grad : list or dict of NDArray, optional
            Buffers for gradients; arguments without one get no gradient.
        grad_req : {'write', 'add', 'null'}, or list or dict of these
        aux_states : list or dict of NDArray, optional
            One for each auxiliary state.
        group2ctx : dict of str to Context, optional
            Only contexts equal to `ctx`: a process drives one device.
        shared_exec : Executor, optional
            Accepted for MXNet's sake: arrays are given, and programs share memory through the device's pool.
        memory_budget : int or str, optional
            See `simple_bind`; looked at when the training program is compiled, in the first ``forward(is_train=True)``.

        Returns
        -------
        Executor

        Raises
        ------
        MXNetError
            Also a ValueError or TypeError: an array is missing, or does not fit in shape, dtype or context.
        """
        from paratrain.symbol import binding

        return binding.bind(self, ctx, args, args_grad, grad_req, aux_states, group2ctx, memory_budget)

    def simple_bind(
        self,
        ctx: Context,
        grad_req: Any = "write",
        type_dict: Mapping[str, Any] | None = None,
        stype_dict: Mapping[str, str] | None = None,
        group2ctx: Mapping[str, Context] | None = None,
        shared_arg_names: Any = None,
        shared_exec: Executor | None = None,
        shared_buffer: Any = None,
        memory_budget: int | str | None = None,
        **kwargs: Any,
    ) -> Executor:
        """Allocate all arrays that follow from the shapes of the inputs, and bind.

        Parameters
        ----------
        ctx : Context
        grad_req : {'write', 'add', 'null'}, or list or dict of these
        type_dict : dict of str to dtype, optional
            Types of arguments (default float32).
        stype_dict : dict of str to str, optional
            Only ``'default'``.
        group2ctx : dict of str to Context, optional
            Only contexts equal to `ctx`.
        shared_exec : Executor, optional
            Arrays of the same name, shape and type are taken from it.
        shared_arg_names, shared_buffer
            Refused unless empty; use `shared_exec`.
        memory_budget : int or str, optional
            What training may take for temporary arrays (not for arguments, gradients, outputs): bytes, or text such as
            ``'1.5GB'``, or ``'40%'`` of what it takes otherwise. Results of the forward pass are then dropped and
            computed again where that costs least.
        **kwargs : tuple of int
            Shapes of the inputs.

        Returns
        -------
        Executor

        Raises
        ------
        MXNetError
            Also a ValueError or TypeError: a name is unknown, a shape does not follow or no program fits the budget.
        """
        from paratrain.symbol import binding

        for name, stype in (stype_dict or {}).items():
            if stype != "default":
                raise MXNetValueError(f"[simple_bind] stype of {name} must be 'default'; got {stype!r}")
        if shared_arg_names or shared_buffer:
            raise NotImplementedError("[simple_bind] shared_arg_names and shared_buffer: use shared_exec instead")
        return binding.simple_bind(self, ctx, grad_req, type_dict, shared_exec, group2ctx, kwargs, memory_budget)

    def eval(self, ctx: Context | None = None, **kwargs: Any) -> list[Any]:
        """Outputs for given arguments: `bind` and `forward` in one.

        Parameters
        ----------
        ctx : Context, optional
            Default: the current context.
        **kwargs : NDArray
            Arguments by name.

        Returns
        -------
        list of NDArray
        """
        states = {n: kwargs[n] for n in self.list_auxiliary_states() if n in kwargs}
        return self.bind(ctx or current_context(), kwargs, aux_states=states).forward()

    # -- like an array --------------------------------------------------------------------------------------------

    def reshape(self, *shape: Any, **kwargs: Any) -> Symbol:
        """The same elements with another shape; see `paratrain.sym.reshape`."""
        from paratrain.symbol import op

        if shape and all(isinstance(d, int) for d in shape):
            shape = (tuple(shape),)
        if len(shape) > 1:
            raise MXNetTypeError(f"[Symbol.reshape] shape must be a tuple of int or several int; got {shape}")
        if shape:
            kwargs["shape"] = shape[0]
        return op.reshape(self, **kwargs)

    def astype(self, dtype: Any) -> Symbol:
        """The same elements with another type."""
        from paratrain.symbol import op

        return op.Cast(self, dtype=dtype)

    def as_in_context(self, context: Context) -> Symbol:
        """The symbol itself: where it is computed is decided when it is bound."""
        return self

    def asnumpy(self) -> Any:
        """Not for symbols."""
        raise NotImplementedForSymbol("asnumpy")

    def asscalar(self) -> Any:
        """Not for symbols."""
        raise NotImplementedForSymbol("asscalar")

    def wait_to_read(self) -> Any:
        """Not for symbols."""
        raise NotImplementedForSymbol("wait_to_read")

    def detach(self) -> Any:
        """Not for symbols."""
        raise NotImplementedForSymbol("detach (use mx.sym.BlockGrad)")

    def backward(self) -> Any:
        """Not for symbols."""
        raise NotImplementedForSymbol("backward (call it on the executor)")


def output_name(entry: Entry) -> str:
    """Name of an output: a variable's own, else the node's with that of the output."""
    node = entry.node
    return node.name if node.op is None else f"{node.name}_{node.op.output_names(node.attrs)[entry.index]}"


def _num_visible(node: Node) -> int:
    return 1 if node.op is None else node.op.num_visible(node.attrs)


def _all_attributes(node: Node) -> dict[str, str]:
    """Parameters as given and attributes; hidden ones under both of their names."""
    out = {**node.given, **node.user_attrs}
    return {**out, **{k: out[f"__{k}__"] for k in HIDDEN_KEYS if f"__{k}__" in out}}


def _set_attribute(node: Node, key: str, value: str) -> None:
    if key == "name":
        node.name = value
        return
    stored = stored_key(key)
    if node.op is not None and stored in node.op.params:
        attrs = node.op.parse({**node.given, stored: value})
        if node.op.input_names(attrs) != node.op.input_names(node.attrs):
            raise ValueError(f"[{node.op.name}] {stored} cannot be changed once the inputs are there")
        node.attrs, node.given = attrs, {**node.given, stored: value}
    elif node.op is None or is_reserved(stored):
        node.user_attrs[stored] = value
    else:
        node.user_attrs[check_attribute(node.op, stored)] = value
