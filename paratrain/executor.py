"""A symbol bound to arrays: forward and backward as native programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from paratrain import _precision, random
from paratrain.base import MXNetValueError
from paratrain.context import Context
from paratrain.ext import engine
from paratrain.graph.budget import Budget
from paratrain.graph.compile import HEAD, SCALE, CompiledProgram, compile_graph, entry_descs
from paratrain.graph.infer import infer_graph
from paratrain.graph.ir import Entry, topological
from paratrain.graph.passes import nbytes
from paratrain.ndarray.creation import ones, zeros
from paratrain.ndarray.ndarray import NDArray
from paratrain.ops.rules import product

if TYPE_CHECKING:
    from paratrain.profiler import ProgramProfile

__all__ = ["Executor", "FlatBuffers", "variable_descs"]

GRAD_REQS = ("write", "add", "null")
#: Parameters start at multiples of this many elements in the flat buffers (64 bytes: a cache line, a SIMD register).
FLAT_ALIGN = 16


@dataclass
class FlatBuffers:
    """All float32 parameters of an executor in one array, their gradients in another.

    Attributes
    ----------
    params, grads : NDArray, shape (n,)
        What lies between two parameters is zero.
    layout : list of (str, int, int)
        Name, offset and size in elements, in the order in which backward completes the gradients.
    """

    params: NDArray
    grads: NDArray
    layout: list[tuple[str, int, int]]


@dataclass(frozen=True)
class _Monitor:
    """Who wants to see what: names with entries in the order of the network, and which the program must keep."""

    callback: Callable[[str, NDArray], None]
    shown: tuple[tuple[str, Entry], ...]
    watched: tuple[Entry, ...]


class Executor:
    """A symbol with an array for each argument, gradient and auxiliary state.

    Made by `Symbol.simple_bind` or `Symbol.bind`.

    Parameters
    ----------
    symbol : Symbol
    ctx : Context
    args : dict of str to NDArray
        One array for each argument.
    args_grad : dict of str to NDArray
        Gradient buffers for arguments whose `grad_req` is not ``'null'``.
    grad_req : dict of str to {'write', 'add', 'null'}
        For each argument.
    aux : dict of str to NDArray
        One array for each auxiliary state.
    flat : FlatBuffers, optional
        Where `args` and `args_grad` are slices of flat buffers.
    memory_budget : int or str, optional
        What the training program may take for its temporary arrays: bytes, or text such as ``'1.5GB'`` or ``'40%'``.

    Attributes
    ----------
    arg_dict, grad_dict, aux_dict : dict of str to NDArray
    arg_arrays, grad_arrays, aux_arrays : list of NDArray
        In the order of the symbol's lists; a gradient that is not asked for is None.
    outputs : list of NDArray
        Overwritten by each forward.
    loss_scale : NDArray or None
        With float16 in `paratrain.amp`, shape (1,): factor of all gradients, 1 until someone changes it.
    """

    def __init__(
        self,
        symbol: Any,
        ctx: Context,
        args: Mapping[str, NDArray],
        args_grad: Mapping[str, NDArray],
        grad_req: Mapping[str, str],
        aux: Mapping[str, NDArray],
        flat: FlatBuffers | None = None,
        memory_budget: Budget = None,
    ) -> None:
        self._symbol, self._ctx, self._flat, self._budget = symbol, ctx, flat, memory_budget
        self.arg_dict = {n: args[n] for n in symbol.list_arguments()}
        self.aux_dict = {n: aux[n] for n in symbol.list_auxiliary_states()}
        self._grad_req = {n: checked_req("bind", n, grad_req.get(n, "null")) for n in self.arg_dict}
        self.grad_dict = {n: args_grad.get(n) if self._grad_req[n] != "null" else None for n in self.arg_dict}
        for name, grad in self.grad_dict.items():
            if grad is None:
                self._grad_req[name] = "null"
        self._check_arrays()
        self._device = (ctx.device_typeid, ctx.device_id)
        self.loss_scale = ones((1,), ctx) if _scales_loss() else None
        self._programs: dict[tuple[bool, tuple[Entry, ...]], CompiledProgram] = {}
        self._ran: CompiledProgram | None = None  # by the last forward in training mode
        self._marked: CompiledProgram | None = None  # whose marks tell which gradients are complete
        self._key: tuple[int, int] | None = None
        self._last_key: tuple[int, int] = (0, 0)  # of the last run in training mode, for `paratrain.module.nan_check`
        self._heads_are_ones = True
        self._monitor: _Monitor | None = None
        self._watched: dict[Entry, NDArray] = {}
        self.outputs = [zeros(s, ctx, t) for s, t in self._output_descs()]
        self._heads: dict[int, NDArray] = {}  # gradients from outside, of the outputs whose own the program reads

    # -- making ---------------------------------------------------------------------------------------------------

    @classmethod
    def simple_bind(
        cls,
        symbol: Any,
        ctx: Context,
        grad_req: Mapping[str, str],
        type_dict: Mapping[str, str] | None = None,
        shared_exec: Executor | None = None,
        shapes: Mapping[str, tuple[int, ...]] | None = None,
        memory_budget: Budget = None,
    ) -> Executor:
        """Allocate every array that follows from the shapes of the inputs, and bind.

        Parameters
        ----------
        symbol : Symbol
        ctx : Context
        grad_req : dict of str to str
            For each argument.
        type_dict : dict of str to dtype, optional
            Dtypes of arguments (default float32).
        shared_exec : Executor, optional
            Arrays of the same name and description are taken from it (as bucketing does).
        shapes : dict of str to tuple of int
            Shapes of the inputs. Arguments that are not named here count as parameters: those with a gradient are
            laid out in `flat_params`.
        memory_budget : int or str, optional
            As of the class.

        Returns
        -------
        Executor

        Raises
        ------
        ValueError
            If a shape does not follow from those given, or no program fits the budget.
        """
        shapes = dict(shapes or {})
        descs = variable_descs(symbol, shapes, dict(type_dict or {}))
        reqs = {n: checked_req("bind", n, grad_req.get(n, "null")) for n in symbol.list_arguments()}
        if shared_exec is not None:
            return cls._bind_shared(symbol, ctx, reqs, descs, shared_exec, memory_budget)
        program = None
        order: list[str] = []
        if any(r != "null" for r in reqs.values()):
            program = compile_graph(
                symbol._entries,
                descs,
                ctx.device_typeid,
                True,
                reqs,
                loss_scale=_scales_loss(),
                memory_budget=memory_budget,
            )
            order = program.grads
        flat = _flat_buffers(ctx, descs, [n for n in order if n not in shapes and descs[n][1] == "float32"])
        args, grads = _slices(flat, descs)
        for name, req in reqs.items():
            if name not in args:
                args[name] = zeros(descs[name][0], ctx, descs[name][1])
                if req != "null":
                    grads[name] = zeros(descs[name][0], ctx, descs[name][1])
        aux = {n: zeros(descs[n][0], ctx, descs[n][1]) for n in symbol.list_auxiliary_states()}
        made = cls(symbol, ctx, args, grads, reqs, aux, flat, memory_budget)
        if program is not None:
            made._install(True, (), program)
        return made

    @classmethod
    def _bind_shared(
        cls,
        symbol: Any,
        ctx: Context,
        reqs: dict[str, str],
        descs: dict[str, tuple],
        shared: Executor,
        memory_budget: Budget,
    ) -> Executor:
        def find(table: Mapping[str, NDArray | None], name: str) -> NDArray:
            found = table.get(name)
            if found is not None and found.desc == descs[name]:
                return found
            return zeros(descs[name][0], ctx, descs[name][1])

        args = {n: find(shared.arg_dict, n) for n in reqs}
        grads = {n: find(shared.grad_dict, n) for n, r in reqs.items() if r != "null"}
        aux = {n: find(shared.aux_dict, n) for n in symbol.list_auxiliary_states()}
        flat = shared._flat
        for name, _, _ in flat.layout if flat else []:
            if args.get(name) is not shared.arg_dict[name] or grads.get(name) is not shared.grad_dict[name]:
                flat = None
        return cls(symbol, ctx, args, grads, reqs, aux, flat, memory_budget)

    def _check_arrays(self) -> None:
        entries = self._symbol._entries
        shapes = {n: a.shape for n, a in (*self.arg_dict.items(), *self.aux_dict.items())}
        dtypes = {n: a.dtype_str for n, a in (*self.arg_dict.items(), *self.aux_dict.items())}
        infer_graph(entries, shapes, dtypes)  # raises where shapes or dtypes do not fit
        for name, grad in self.grad_dict.items():
            if grad is not None and grad.desc != self.arg_dict[name].desc:
                raise ValueError(
                    f"[Executor] the gradient of {name} must have shape and dtype {self.arg_dict[name].desc}; "
                    f"got {grad.desc}"
                )
        for name, array in (*self.arg_dict.items(), *self.aux_dict.items(), *self.grad_dict.items()):
            if array is not None and array.context != self._ctx:
                raise ValueError(f"[Executor] {name} must be on {self._ctx}; it is on {array.context}")

    def _descs(self) -> dict[str, tuple]:
        return {n: a.desc for n, a in (*self.arg_dict.items(), *self.aux_dict.items())}

    def _output_descs(self) -> list[tuple]:
        entries = self._symbol._entries
        descs = entry_descs(entries, self._descs())
        return [descs[e] for e in entries]

    # -- programs -------------------------------------------------------------------------------------------------

    def _program(self, train: bool) -> CompiledProgram:
        """The program that runs next: with a monitor, the one that keeps what is watched."""
        watched = self._monitor.watched if self._monitor is not None else ()
        if (train, watched) not in self._programs:
            made = compile_graph(
                self._symbol._entries,
                self._descs(),
                self._ctx.device_typeid,
                train,
                self._grad_req if train else None,
                watched=watched,
                loss_scale=self.loss_scale is not None,
                memory_budget=self._budget if train else None,
            )
            self._install(train, watched, made)
        return self._programs[train, watched]

    def _training(self) -> CompiledProgram:
        """The program whose backward runs next: that of the last forward, which has left its values in its arena."""
        return self._ran if self._ran is not None else self._program(True)

    def _install(self, train: bool, watched: tuple[Entry, ...], compiled: CompiledProgram) -> None:
        for i, output in enumerate(self.outputs):
            if f"{HEAD}{i}" in compiled.lowered.slots and i not in self._heads:
                self._heads[i] = ones(output.shape, self._ctx, output.dtype_str)
        compiled.allocate(self._device)
        compiled.bind(self._arrays(watched))
        self._programs[train, watched] = compiled

    def _arrays(self, watched: tuple[Entry, ...]) -> dict[str, Any]:
        """Every array that a program is bound to, by the name of its slot."""
        arrays: dict[str, Any] = {**self.arg_dict, **self.aux_dict}
        arrays |= {f"output:{i}": o for i, o in enumerate([*self.outputs, *(self._watched[e] for e in watched)])}
        arrays |= {f"{HEAD}{i}": h for i, h in self._heads.items()}
        arrays |= {f"grad:{n}": g for n, g in self.grad_dict.items() if g is not None}
        if self.loss_scale is not None:
            arrays[SCALE] = self.loss_scale
        return arrays

    def move_grads(self, target: NDArray) -> None:
        """Let the flat gradients live in another array from now on, such as one that several processes share.

        Parameters
        ----------
        target : NDArray, shape (n,)
            As `flat_grads`, on the same device. Gets the present gradients; the arrays of before are no longer used.
        """
        if self._flat is None or target.desc != self._flat.grads.desc:
            raise ValueError(f"[Executor.move_grads] the target must be like flat_grads; got {target.desc}")
        self._flat.grads.copyto(target)
        self._flat = FlatBuffers(self._flat.params, target, self._flat.layout)
        self.grad_dict |= _slices(self._flat, {n: a.desc for n, a in self.arg_dict.items()})[1]
        for (_, watched), compiled in self._programs.items():
            compiled.bind(self._arrays(watched))

    def _stream(self) -> int:
        if self._device[0] != 2:
            return 0
        from paratrain.ext import cuda

        return cuda.backend().stream(self._device[1])

    # -- running --------------------------------------------------------------------------------------------------

    def forward(self, is_train: bool = False, **kwargs: Any) -> list[NDArray]:
        """Compute the outputs.

        Parameters
        ----------
        is_train : bool, default False
            Whether operators behave as in training; needed before `backward`.
        **kwargs : NDArray or array_like
            New values of arguments by name.

        Returns
        -------
        list of NDArray
            The outputs; the same arrays at each call.

        Raises
        ------
        TypeError
            For a name that is not an argument.
        ValueError
            For a value of another shape.
        """
        self._feed(kwargs)
        compiled = self._program(bool(is_train))
        key = random.next_key(self._device)
        self._key = self._ran = None
        self._reset_marks(compiled)
        with engine.region("api", "Executor.forward"):
            compiled.run_forward(compiled.num_forward, key, self._stream())
        if is_train:
            self._key, self._ran, self._last_key = key, compiled, key
        self._report()
        return self.outputs

    def _feed(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name not in self.arg_dict:
                raise TypeError(
                    f"[Executor.forward] unknown argument {name!r}; arguments are {', '.join(self.arg_dict)}"
                )
            target = self.arg_dict[name]
            shape = tuple(value.shape) if hasattr(value, "shape") else np.shape(value)
            if shape and shape != target.shape:
                raise ValueError(f"[Executor.forward] {name} must have shape {target.shape}; got {shape}")
            target[:] = value

    def backward(self, out_grads: Any = None, is_train: bool = True) -> None:
        """Compute the gradients of the last ``forward(is_train=True)``.

        Parameters
        ----------
        out_grads : NDArray or list of NDArray or dict, optional
            Gradients of the outputs (default ones; loss layers do not look at them).
        is_train : bool, default True
            Only True: gradients belong to a forward in training mode.

        Raises
        ------
        RuntimeError
            Without a forward in training mode before, or for a second time after one: backward uses the memory of the
            values it has read.
        """
        if not is_train:
            raise ValueError("[Executor.backward] is_train must be True; gradients follow forward(is_train=True)")
        if self._key is None:
            raise RuntimeError("[Executor.backward] call forward(is_train=True) first, once for each backward")
        self._set_heads(out_grads)
        compiled, key = self._training(), self._key
        self._key = self._ran = None
        with engine.region("api", "Executor.backward"):
            compiled.program.run(compiled.num_forward, len(compiled.program), *key, self._stream())

    def forward_backward(self, out_grads: Any = None, **kwargs: Any) -> list[NDArray]:
        """`forward` in training mode and `backward`, in one native call."""
        self._feed(kwargs)
        compiled = self._training()  # whose marks another thread may wait for by now
        self._set_heads(out_grads)
        self._key = self._ran = None
        self._last_key = random.next_key(self._device)
        self._reset_marks(compiled)
        with engine.region("api", "Executor.forward_backward"):
            compiled.program.run(0, len(compiled.program), *self._last_key, self._stream())
        self._report()
        return self.outputs

    def _set_heads(self, out_grads: Any) -> None:
        if out_grads is None:
            if not self._heads_are_ones:
                for head in self._heads.values():
                    head[:] = 1
                self._heads_are_ones = True
            return
        names = self._symbol.list_outputs()
        if isinstance(out_grads, dict):
            if out_grads.keys() != set(names):
                raise ValueError(f"[Executor.backward] out_grads must be for {names}; got {list(out_grads)}")
            out_grads = [out_grads[n] for n in names]
        grads = list(out_grads) if isinstance(out_grads, (list, tuple)) else [out_grads]
        for g in grads:
            if not isinstance(g, NDArray):
                raise TypeError(f"[Executor.backward] out_grads must be NDArray; got {type(g).__name__}")
        if len(grads) != len(self.outputs):
            raise ValueError(f"[Executor.backward] needs {len(self.outputs)} out_grads; got {len(grads)}")
        self._program(True)
        self._heads_are_ones = False
        for i, (output, g, name) in enumerate(zip(self.outputs, grads, names)):
            if g.shape != output.shape:
                raise ValueError(
                    f"[Executor.backward] the gradient of {name} must have shape {output.shape}; got {g.shape}"
                )
            if i in self._heads:
                g.copyto(self._heads[i])

    # -- gradients as they get ready --------------------------------------------------------------------------------

    @property
    def flat_params(self) -> NDArray | None:
        """All parameters in one array (None if the executor was bound to arrays of the caller)."""
        return self._flat.params if self._flat else None

    @property
    def flat_grads(self) -> NDArray | None:
        """All gradients in one array, laid out as `flat_params`."""
        return self._flat.grads if self._flat else None

    @property
    def layout(self) -> list[tuple[str, int, int]]:
        """(name, offset, size in elements) of each parameter in the flat buffers, in the order of backward."""
        return self._flat.layout if self._flat else []

    def wait_grad(self, count: int) -> bool:
        """Block until the first `count` gradients of `layout` are complete; False if backward failed.

        For use by another thread than the one in `backward`; the GIL is released meanwhile.
        """
        compiled = self._marked or self._training()
        names = [n for n, _, _ in self.layout[:count]]
        # marks count all gradients, also those outside the flat buffers
        wanted = max((compiled.grads.index(n) + 1 for n in names), default=0)
        return bool(compiled.program.wait_mark(wanted))

    def reset_marks(self) -> None:
        """Forget which gradients are complete: to be called before another thread starts to wait for a step."""
        self._reset_marks(self._training())

    def _reset_marks(self, compiled: CompiledProgram) -> None:
        self._marked = compiled
        compiled.program.reset_marks()

    def fail_marks(self) -> None:
        """Wake a thread that waits for gradients that will not come; its `wait_grad` returns False."""
        (self._marked or self._training()).program.fail_marks()

    # -- the rest of MXNet's interface ------------------------------------------------------------------------------

    @property
    def arg_arrays(self) -> list[NDArray]:
        """Arrays of the arguments, in the order of `Symbol.list_arguments`."""
        return list(self.arg_dict.values())

    @property
    def grad_arrays(self) -> list[NDArray | None]:
        """Gradients of the arguments in the same order."""
        return list(self.grad_dict.values())

    @property
    def aux_arrays(self) -> list[NDArray]:
        """Auxiliary states, in the order of `Symbol.list_auxiliary_states`."""
        return list(self.aux_dict.values())

    @property
    def output_dict(self) -> dict[str, NDArray]:
        """Outputs by name."""
        return dict(zip(self._symbol.list_outputs(), self.outputs))

    def copy_params_from(
        self,
        arg_params: Mapping[str, NDArray],
        aux_params: Mapping[str, NDArray] | None = None,
        allow_extra_params: bool = False,
    ) -> None:
        """Copy values into arguments and auxiliary states by name.

        Raises
        ------
        ValueError
            For an unknown name (unless `allow_extra_params`) or another shape.
        """
        for given, table, kind in ((arg_params, self.arg_dict, "argument"), (aux_params or {}, self.aux_dict, "state")):
            for name, value in given.items():
                if name in table:
                    if value.shape != table[name].shape:
                        raise ValueError(
                            f"[Executor.copy_params_from] {name} must have shape {table[name].shape}; got {value.shape}"
                        )
                    table[name][:] = value
                elif not allow_extra_params:
                    raise ValueError(f"[Executor.copy_params_from] {name!r} is not an {kind} of this symbol")

    def reshape(self, partial_shaping: bool = False, allow_up_sizing: bool = False, **kwargs: Any) -> Executor:
        """An executor for other input shapes that shares all arrays whose shapes stay.

        Parameters
        ----------
        partial_shaping : bool
            Allow arguments that are not named to change their shapes.
        allow_up_sizing : bool
            Allow arrays to get larger.
        **kwargs : tuple of int
            New shapes by argument name.

        Raises
        ------
        ValueError
            For an unknown name, or a shape that does not follow or is not allowed to change.
        """
        from paratrain.symbol.binding import check_known

        check_known("Executor.reshape", "shape", kwargs, list(self.arg_dict))
        dtypes = {n: a.dtype_str for n, a in self.arg_dict.items()}
        descs = variable_descs(self._symbol, dict(kwargs), dtypes)
        for name, array in (*self.arg_dict.items(), *self.aux_dict.items()):
            if descs[name][0] == array.shape:
                continue
            if name not in kwargs and not partial_shaping:
                raise ValueError(
                    f"[Executor.reshape] the shape of {name} changes from {array.shape} to {descs[name][0]} although "
                    "it was not given; pass partial_shaping=True if that is meant"
                )
            if product(descs[name][0]) > array.size and not allow_up_sizing:
                raise ValueError(
                    f"[Executor.reshape] {name} would grow from {array.shape} to {descs[name][0]}; pass "
                    "allow_up_sizing=True if that is meant"
                )
        return self._bind_shared(self._symbol, self._ctx, self._grad_req, descs, self, self._budget)

    def set_monitor_callback(
        self,
        callback: Callable[[str, NDArray], None] | None,
        monitor_all: bool = False,
        pattern: str | re.Pattern[str] = "",
    ) -> None:
        """Call ``callback(name, array)`` for every output of every node after each forward.

        What is watched is kept as a further output of the program, so the values are those of the run itself. Nodes
        are not fused with others where a watched result lies between them; everywhere else they are.

        Parameters
        ----------
        callback : callable or None
            None ends it. The arrays are overwritten by the next run.
        monitor_all : bool
            Also for the inputs of the network: arguments and auxiliary states.
        pattern : str or re.Pattern, default ''
            Only for names that match it from their beginning.

        Raises
        ------
        ValueError
            If `pattern` is not a regular expression.
        """
        if callback is None:
            self._monitor = None
            return
        try:
            matches = re.compile(pattern).match
        except re.error as e:
            raise ValueError(f"[Executor.set_monitor_callback] {pattern!r} is not a regular expression: {e}") from None
        internals = self._symbol.get_internals()
        shown = tuple(
            (name, entry)
            for name, entry in zip(internals.list_outputs(), internals._entries)
            if matches(name) and (monitor_all or not entry.node.is_variable)
        )
        outputs = set(self._symbol._entries)
        watched = tuple(e for _, e in shown if not e.node.is_variable and e not in outputs)
        descs = entry_descs(watched, self._descs())
        for entry in watched:
            if entry not in self._watched:
                self._watched[entry] = zeros(descs[entry][0], self._ctx, descs[entry][1])
        self._monitor = _Monitor(callback, shown, watched)

    def _report(self) -> None:
        """Show the monitor what it watches."""
        if self._monitor is None:
            return
        arrays = self._watched | dict(zip(self._symbol._entries, self.outputs))
        variables = self.arg_dict | self.aux_dict
        for name, entry in self._monitor.shown:
            self._monitor.callback(name, variables[entry.node.name] if entry.node.is_variable else arrays[entry])

    def profile(self, steps: int = 10) -> ProgramProfile:
        """Time each step of the program (forward and backward, if there are gradients) on the arrays as they are.

        Arrays that a run changes are put back afterwards, apart from outputs and gradients that are overwritten.

        Parameters
        ----------
        steps : int, default 10
            How often the program runs.

        Returns
        -------
        ProgramProfile
            `rows` with times, bytes, arithmetic and share of the machine's limit for each step; printed, a table.

        Examples
        --------
        >>> import paratrain as mx
        >>> net = mx.sym.FullyConnected(mx.sym.Variable('x'), num_hidden=8, name='fc')
        >>> found = net.simple_bind(mx.cpu(), x=(4, 16), grad_req='null').profile(steps=3)
        >>> [(row.name, row.count, row.flops) for row in found.rows]
        [('fc', 3, 3072)]
        """
        from paratrain.profiler.program import profile_runs

        train = any(r != "null" for r in self._grad_req.values())
        compiled = self._program(train)
        added = [g for n, g in self.grad_dict.items() if g is not None and self._grad_req[n] == "add"]
        changed = [*self.aux_dict.values(), *added]
        kept = [array.copy() for array in changed]
        self._key = self._ran = None

        def run() -> None:
            compiled.run_forward(len(compiled.program), (0, 0), self._stream())

        try:
            return profile_runs(run, steps)
        finally:
            for array, value in zip(changed, kept):
                value.copyto(array)

    def memory_plan(self) -> dict[str, int]:
        """Bytes of everything the executor holds for training (for inference, if no gradient is asked for).

        The program is compiled if it was not yet; it need not have run. Gradients and arguments that are slices of
        other arrays count with their own bytes.

        Returns
        -------
        dict of str to int
            ``arguments``, ``gradients``, ``auxiliary``, ``outputs`` and ``head_gradients``: arrays;
            ``arena``: what the program takes for temporary arrays and scratch memory;
            ``alive``: the most of the arena that is in use at one step, so that the rest is lost between arrays.

        Examples
        --------
        >>> import paratrain as mx
        >>> net = mx.sym.exp(mx.sym.tanh(mx.sym.var("x")))
        >>> executor = net.simple_bind(mx.cpu(), x=(256,))
        >>> executor.memory_plan()["arguments"]
        1024
        """
        train = any(r != "null" for r in self._grad_req.values())
        lowered = self._program(train).lowered

        def total(arrays: Any) -> int:
            return sum(nbytes(a.desc) for a in arrays if a is not None)

        return {
            "arguments": total(self.arg_arrays),
            "gradients": total(self.grad_arrays),
            "auxiliary": total(self.aux_arrays),
            "outputs": total(self.outputs),
            "head_gradients": total(self._heads.values()),
            "arena": lowered.arena_bytes,
            "alive": lowered.least_bytes,
        }

    def debug_str(self) -> str:
        """The compiled program as text: steps, kernels, places, bytes."""
        train = any(r != "null" for r in self._grad_req.values())
        return self._program(train).debug_str()


def _scales_loss() -> bool:
    """Whether gradients are to be scaled: those of float16 would often be too small for it."""
    return _precision.active is not None and _precision.active.policy.target == "float16"


def checked_req(where: str, name: str, req: Any) -> Any:
    """`req` if it is a word that says what is to be done with a gradient."""
    if req not in GRAD_REQS:
        raise MXNetValueError(f"[{where}] grad_req of {name} must be one of 'write', 'add', 'null'; got {req!r}")
    return req


def variable_descs(symbol: Any, shapes: Mapping[str, tuple], dtypes: Mapping[str, str]) -> dict[str, tuple]:
    """(shape, dtype) of every argument and auxiliary state."""
    entries = symbol._entries
    found, types = infer_graph(entries, shapes, dtypes)
    descs = {}
    for node in topological(entries):
        if node.is_variable:
            shape = found.get(Entry(node))
            if shape is None or -1 in shape:
                raise ValueError(
                    f"[simple_bind] the shape of {node.name} does not follow from the shapes given "
                    f"({', '.join(f'{k}={v}' for k, v in shapes.items()) or 'none'})"
                )
            descs[node.name] = (tuple(shape), types[Entry(node)])
    return descs


def _flat_buffers(ctx: Context, descs: Mapping[str, tuple], names: Sequence[str]) -> FlatBuffers | None:
    if not names:
        return None
    layout, offset = [], 0
    for name in names:
        size = product(descs[name][0])
        layout.append((name, offset, size))
        offset += -(-size // FLAT_ALIGN) * FLAT_ALIGN
    return FlatBuffers(zeros((offset,), ctx), zeros((offset,), ctx), layout)


def _slices(flat: FlatBuffers | None, descs: Mapping[str, tuple]) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
    """Parameters and gradients as slices of the flat buffers."""
    args: dict[str, NDArray] = {}
    grads: dict[str, NDArray] = {}
    for name, offset, _ in flat.layout if flat else []:
        for table, whole in ((args, flat.params), (grads, flat.grads)):  # type: ignore[union-attr]
            table[name] = NDArray(whole.storage, whole.offset + 4 * offset, descs[name][0], "float32")
    return args, grads
