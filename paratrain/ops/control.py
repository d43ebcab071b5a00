"""Loops and branches of symbols: `sym.contrib.foreach`, `while_loop` and `cond`.

Their bodies are graphs (parameter `subgraphs`), each compiled to a program of its own. The forward pass keeps the loop
variables of every turn; the backward pass runs the turns from the last to the first, each computed again from its loop
variables. See `docs/design/0006-control-flow.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from paratrain.base import FLOAT_DTYPES, item_size
from paratrain.ops.params import REQUIRED, Param, integer, ints
from paratrain.ops.registry import Attrs, GradContext, define
from paratrain.ops.rules import MaybeDtype, MaybeShape, merge, product, show

Shapes = list[MaybeShape]
Dtypes = list[MaybeDtype]
Specs = list[tuple]


def _graphs(count: int) -> Param:
    """The subgraphs, which a file keeps apart from the parameters."""

    def read(value: Any) -> tuple:
        graphs = tuple(value)
        if len(graphs) != count:
            raise ValueError(f"must be {count} graphs; got {len(graphs)}")
        return graphs

    return Param("tuple of graphs", REQUIRED, "Graphs that are run.", read)


@dataclass(frozen=True)
class _Loop:
    """What a loop's parameters say, alike for both kinds of loops.

    Attributes
    ----------
    body, condition : Subgraph
    data : dict of int to int
        Inputs of which a turn gets a slice: by the body's argument.
    states : tuple of (int, int)
        The body's argument and the loop's input of each loop variable.
    rest : dict of int to int
        Other inputs, by the body's argument.
    tests : dict of int to (bool, int)
        For each of the condition's arguments whether it is a loop variable, and which one (else: which input).
    num_out : int
        Outputs that are stacked.
    turns : int or None
        Most turns; None: as many as the data have slices.
    """

    body: Any
    condition: Any
    data: dict[int, int]
    states: tuple[tuple[int, int], ...]
    rest: dict[int, int]
    tests: dict[int, tuple[bool, int]]
    num_out: int
    turns: int | None
    num_inputs: int

    @property
    def num_states(self) -> int:
        return len(self.states)

    @property
    def num_outputs(self) -> int:
        """Visible outputs: stacked ones and the last loop variables."""
        return self.num_out + self.num_states


def _check_locs(name: str, locs: Sequence[int], count: int) -> None:
    if any(not 0 <= i < count for i in locs):
        raise ValueError(f"{name} must be in 0..{count - 1}; got {tuple(locs)}")
    if len(set(locs)) != len(locs):
        raise ValueError(f"{name} must be different; got {tuple(locs)}")


def _check_cover(graph: Any, locs: Sequence[int], what: str) -> None:
    if sorted(locs) != list(range(len(graph.variables))):
        raise ValueError(f"{what} must name each of the graph's {len(graph.variables)} inputs once; got {tuple(locs)}")


def _foreach_loop(attrs: Attrs) -> _Loop:
    (body,) = attrs["subgraphs"]
    data, states, rest = attrs["in_data_locs"], attrs["in_state_locs"], attrs["remain_locs"]
    _check_cover(body, (*data, *states, *rest), "in_data_locs, in_state_locs and remain_locs")
    if not data:
        raise ValueError("in_data_locs must name at least one input")
    first, second = len(data), len(data) + len(states)
    loop = _Loop(
        body,
        None,
        {loc: i for i, loc in enumerate(data)},
        tuple((loc, first + i) for i, loc in enumerate(states)),
        {loc: second + i for i, loc in enumerate(rest)},
        {},
        attrs["num_out_data"],
        None,
        second + len(rest),
    )
    return _checked(loop, attrs, 1)


def _while_loop(attrs: Attrs) -> _Loop:
    condition, body = attrs["subgraphs"]
    count = attrs["num_args"] - 2
    inputs, variables, tests = attrs["func_input_locs"], attrs["func_var_locs"], attrs["cond_input_locs"]
    _check_locs("func_input_locs", inputs, count)
    _check_locs("cond_input_locs", tests, count)
    _check_locs("func_var_locs", variables, len(inputs))
    for graph, locs, name in ((body, inputs, "func_input_locs"), (condition, tests, "cond_input_locs")):
        if len(locs) != len(graph.variables):
            raise ValueError(f"{name} must have {len(graph.variables)} numbers; got {len(locs)}")
    if len(condition.outputs) != 1:
        raise ValueError(f"the condition must have 1 output; got {len(condition.outputs)}")
    states = tuple((v, inputs[v]) for v in variables)
    number = {source: k for k, (_, source) in enumerate(states)}
    loop = _Loop(
        body,
        condition,
        {},
        states,
        {j: source for j, source in enumerate(inputs) if j not in variables},
        {j: (source in number, number.get(source, source)) for j, source in enumerate(tests)},
        attrs["num_out_data"],
        attrs["max_iterations"],
        count,
    )
    return _checked(loop, attrs, 2)


def _checked(loop: _Loop, attrs: Attrs, graphs: int) -> _Loop:
    if attrs["num_args"] - graphs != loop.num_inputs:
        raise ValueError(f"num_args must be {loop.num_inputs + graphs}; got {attrs['num_args']}")
    if attrs["num_outputs"] != loop.num_outputs or len(loop.body.outputs) != loop.num_outputs:
        raise ValueError(
            f"num_outputs must be num_out_data and the loop variables ({loop.num_outputs}), as the body has; "
            f"got {attrs['num_outputs']} and {len(loop.body.outputs)}"
        )
    return loop


def _tail(shape: MaybeShape) -> MaybeShape:
    if shape is None:
        return None
    if not shape:
        raise ValueError("data must have at least 1 axis; got ()")
    return shape[1:]


def _stacked(count: int, shape: MaybeShape) -> MaybeShape:
    return None if shape is None else (count, *shape)


def _loop_shape(parse: Callable[[Attrs], _Loop]) -> Callable[..., tuple[Shapes, Shapes]]:
    def rule(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        loop = parse(attrs)
        length: MaybeShape = None
        for source in loop.data.values():
            if ins[source] is not None:
                _tail(ins[source])
                length = merge(length, ins[source][:1], "lengths of data")  # type: ignore[index]
        turns = loop.turns if loop.turns is not None else -1 if length is None else length[0]
        args: Shapes = [None] * len(loop.body.variables)
        for arg, source in loop.data.items():
            args[arg] = _tail(ins[source])
        for arg, source in (*loop.states, *loop.rest.items()):
            args[arg] = ins[source]
        args, made = loop.body.shapes(args)
        new = list(ins)
        for arg, source in loop.data.items():
            new[source] = merge(ins[source], _stacked(turns, args[arg]), "data and the body's slice")
        for k, (arg, source) in enumerate(loop.states):
            new[source] = merge(args[arg], made[loop.num_out + k], "a loop variable before and after a turn")
        for arg, source in loop.rest.items():
            new[source] = merge(new[source], args[arg], "an input and its use in the body")
        if loop.condition is not None:
            _test_shapes(loop, new)
        states = [new[source] for _, source in loop.states]
        stacked = [_stacked(turns, s) for s in made[: loop.num_out]]
        kept = [_stacked(turns + 1 if turns >= 0 else -1, s) for s in states]
        return new, [*stacked, *states, *kept, (3,)]

    return rule


def _test_shapes(loop: _Loop, ins: Shapes) -> None:
    """Shapes that follow from the condition, which must be one number."""
    given = [ins[loop.states[at][1] if is_state else at] for is_state, at in loop.tests.values()]
    args, (made,) = loop.condition.shapes(given)
    _check_flag(made)
    for arg, (is_state, at) in loop.tests.items():
        if not is_state:
            ins[at] = merge(ins[at], args[arg], "an input and its use in the condition")


def _check_flag(shape: MaybeShape) -> None:
    if shape is not None and -1 not in shape and product(shape) != 1:
        raise ValueError(f"the condition must be one number; got shape {show(shape)}")


def _loop_dtype(parse: Callable[[Attrs], _Loop]) -> Callable[..., tuple[Dtypes, Dtypes]]:
    def rule(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
        loop = parse(attrs)
        args: Dtypes = [None] * len(loop.body.variables)
        places = [*loop.data.items(), *loop.states, *loop.rest.items()]
        for arg, source in places:
            args[arg] = ins[source]
        args, made = loop.body.dtypes(args)
        new = list(ins)
        for arg, source in places:
            new[source] = new[source] or args[arg]
        for k, (_, source) in enumerate(loop.states):
            after = made[loop.num_out + k]
            if after is not None and new[source] not in (None, after):
                raise TypeError(f"a loop variable must keep its dtype; got {new[source]} and then {after}")
            new[source] = new[source] or after
        if loop.condition is not None:
            given = [new[loop.states[at][1] if is_state else at] for is_state, at in loop.tests.values()]
            tested, _ = loop.condition.dtypes(given)
            for arg, (is_state, at) in loop.tests.items():
                source = loop.states[at][1] if is_state else at
                new[source] = new[source] or tested[arg]
        states = [new[source] for _, source in loop.states]
        return new, [*made[: loop.num_out], *states, *states, "int64"]

    return rule


def _names(count: int) -> list[str]:
    return ["output"] if count == 1 else [f"output{i}" for i in range(count)]


def _loop_outputs(states: Callable[[Attrs], int]) -> Callable[[Attrs], tuple[str, ...]]:
    def names(attrs: Attrs) -> tuple[str, ...]:
        return (*_names(attrs["num_outputs"]), *(f"history{k}" for k in range(states(attrs))), "trace")

    return names


def _bytes(desc: tuple) -> int:
    return product(desc[0]) * item_size(desc[1])


def _slice_of(desc: tuple) -> tuple:
    return desc[0][1:], desc[1]


def _is_real(desc: tuple) -> bool:
    return desc[1] in FLOAT_DTYPES


def _flag_entry(entry: Any) -> Any:
    """A condition as one int32."""
    from paratrain.graph.ir import F

    return F.Cast(F._not_equal_scalar(F.Reshape(entry, shape=(1,)), scalar=0.0), dtype="int32")


def _build_loop(parse: Callable[[Attrs], _Loop], label: str) -> Callable[..., Any]:
    """What makes the kernel of a loop's forward pass."""

    def build(attrs: Attrs, ins: Specs, outs: Specs, train: bool, op_id: int, device_type: int) -> Any:
        from paratrain.ext import engine
        from paratrain.graph.subgraph import Moves, Part, Scratch, fixed, sliced

        loop = parse(attrs)
        read, write = engine.PLACE_INPUT, engine.PLACE_OUTPUT
        states = [ins[source] for _, source in loop.states]
        kept = [loop.num_outputs + k for k in range(loop.num_states)]
        places = {f"arg{a}": sliced(read, s, _bytes(_slice_of(ins[s]))) for a, s in loop.data.items()}
        places |= {f"arg{a}": fixed(read, s) for a, s in loop.rest.items()}
        for k, (arg, _) in enumerate(loop.states):
            places[f"arg{arg}"] = sliced(write, kept[k], _bytes(states[k]))
            places[f"output:{loop.num_out + k}"] = sliced(write, kept[k], _bytes(states[k]), 1)
        for i in range(loop.num_out):
            places[f"output:{i}"] = sliced(write, i, _bytes(_slice_of(outs[i])))
        parts = {"body": Part(loop.body.renamed, _body_descs(loop, ins), device_type, train)}
        if loop.condition is not None:
            tested = {f"arg{j}": ins[loop.states[at][1] if s else at] for j, (s, at) in loop.tests.items()}
            parts["condition"] = Part([_flag_entry(loop.condition.renamed[0])], tested, device_type, train)
        scratch = Scratch(device_type, list(parts.values()))
        flag = scratch.take(4)
        made: dict[str, Any] = {"body": parts["body"].at(places)}
        if loop.condition is not None:
            tests = {"output:0": fixed(engine.PLACE_SCRATCH, 0, flag)}
            for j, (is_state, at) in loop.tests.items():
                tests[f"arg{j}"] = sliced(write, kept[at], _bytes(states[at])) if is_state else fixed(read, at)
            made["condition"] = parts["condition"].at(tests)
        before, after = Moves(device_type), Moves(device_type)
        for k, (_, source) in enumerate(loop.states):
            before.copy(states[k], fixed(read, source), fixed(write, kept[k]))
            after.copy(states[k], sliced(write, kept[k], _bytes(states[k])), fixed(write, loop.num_out + k))
        if loop.condition is not None:
            for i in range(loop.num_out):
                before.zero(outs[i], fixed(write, i))
        made |= {"before": before.part(), "after": after.part()}
        kind = engine.CONTROL_REPEAT if loop.condition is None else engine.CONTROL_LOOP
        turns = loop.turns if loop.turns is not None else ins[0][0][0]
        trace = len(outs) - 1
        return engine.make_control(device_type, kind, made, turns, trace, scratch.nbytes, label, flag, op_id)

    return build


def _body_descs(loop: _Loop, ins: Specs) -> dict[str, tuple]:
    found = {f"arg{a}": _slice_of(ins[s]) for a, s in loop.data.items()}
    return found | {f"arg{a}": ins[s] for a, s in (*loop.states, *loop.rest.items())}


def _loop_gradient(backward: str, parse: Callable[[Attrs], _Loop]) -> Callable[[GradContext], Sequence[Any]]:
    def gradient(g: GradContext) -> Sequence[Any]:
        loop = parse(g.attrs)
        visible = loop.num_outputs
        heads = [g.grad(i) for i in range(visible)]
        needed = tuple(i for i, n in enumerate(g.needed) if n)
        made = getattr(g.F, backward)(*heads, *g.inputs, *g.outputs[visible:], **g.attrs, needed=needed)
        grads = made if isinstance(made, list) else [made]
        found = dict(zip(needed, grads))
        return [found.get(i) for i in range(len(g.inputs))]

    return gradient


def _need_training(train: bool, label: str) -> None:
    if not train:
        raise NotImplementedError(f"[{label}] gradients of loops and branches are computed in training mode only")


def _build_loop_backward(parse: Callable[[Attrs], _Loop], label: str) -> Callable[..., Any]:
    """What makes the kernel of a loop's backward pass: inputs are heads, the loop's inputs, histories and trace."""

    def build(attrs: Attrs, ins: Specs, outs: Specs, train: bool, op_id: int, device_type: int) -> Any:
        from paratrain.ext import engine
        from paratrain.graph.subgraph import Moves, Part, Scratch, fixed, sliced

        _need_training(train, label)
        loop = parse(attrs)
        read, write, own = engine.PLACE_INPUT, engine.PLACE_OUTPUT, engine.PLACE_SCRATCH
        first = loop.num_outputs  # of the loop's inputs
        given = ins[first : first + loop.num_inputs]
        history = first + loop.num_inputs
        position = {source: k for k, source in enumerate(attrs["needed"]) if _is_real(given[source])}
        reqs = {f"arg{a}": "write" if s in position else "null" for a, s in loop.data.items()}
        reqs |= {f"arg{a}": "write" if _is_real(given[s]) else "null" for a, s in loop.states}
        for arg, source in loop.rest.items():
            reqs[f"arg{arg}"] = "add" if source in position and arg not in loop.body.changed else "null"
        descs = _body_descs(loop, given)
        body = Part(loop.body.renamed, descs, device_type, True, reqs)
        scratch = Scratch(device_type, [body])
        before, after = Moves(device_type), Moves(device_type)
        places = {f"arg{a}": sliced(read, first + s, _bytes(descs[f"arg{a}"])) for a, s in loop.data.items()}
        results = [(_slice_of(ins[i]) if i < loop.num_out else ins[i]) for i in range(first)]
        for i, desc in enumerate(results):
            places[f"output:{i}"] = fixed(own, 0, scratch.take(_bytes(desc)))
            places[f"head_grad:{i}"] = sliced(read, i, _bytes(desc))
        for arg, source in loop.data.items():
            if source in position:
                places[f"grad:arg{arg}"] = sliced(write, position[source], _bytes(descs[f"arg{arg}"]))
        for k, (arg, source) in enumerate(loop.states):
            desc = given[source]
            places[f"arg{arg}"] = sliced(read, history + k, _bytes(desc))
            here, following = scratch.by_turns(_bytes(desc))
            places[f"grad:arg{arg}"], places[f"head_grad:{loop.num_out + k}"] = here, following
            before.copy(desc, fixed(read, loop.num_out + k), here)
            if source in position:
                after.copy(desc, here, fixed(write, position[source]))
        for arg, source in loop.rest.items():
            places[f"arg{arg}"] = fixed(read, first + source)
            if arg in loop.body.changed:  # what forward has done to it is not done again
                places[f"arg{arg}"] = fixed(own, 0, scratch.take(_bytes(given[source])))
                before.copy(given[source], fixed(read, first + source), places[f"arg{arg}"])
            if source in position:
                places[f"grad:arg{arg}"] = fixed(write, position[source])
        sliced_or_state = {*loop.data.values(), *(s for _, s in loop.states)}
        for k, source in enumerate(attrs["needed"]):
            if source not in position or source not in sliced_or_state:
                before.zero(outs[k], fixed(write, k))
        made = {"before": before.part(), "body": body.at(places), "after": after.part()}
        turns = loop.turns if loop.turns is not None else given[0][0][0]
        return engine.make_control(
            device_type,
            engine.CONTROL_REPEAT,
            made,
            turns,
            len(ins) - 1,
            scratch.nbytes,
            label,
            backward=True,
            reads_trace=loop.condition is not None or loop.body.random,
        )

    return build


def _needed_shape(first: Callable[[Attrs], int]) -> Callable[..., tuple[Shapes, Shapes]]:
    def rule(attrs: Attrs, ins: Shapes, outs: Shapes) -> tuple[Shapes, Shapes]:
        return ins, [ins[first(attrs) + i] for i in attrs["needed"]]

    return rule


_NEEDED: dict[str, Param] = {"needed": ints(doc="Inputs whose gradients are computed.", low=0)}


def _define(
    name: str,
    doc: str,
    inputs: str,
    params: dict[str, Param],
    graphs: int,
    shape: Any,
    dtype: Any,
    states: Callable[[Attrs], int],
    build: tuple[Any, Any],
    gradient: Any,
    changed: Callable[[Attrs], tuple[str, ...]],
) -> None:
    """Define a loop or branch and its backward operator."""
    params = {
        "num_args": integer(doc="Number of inputs and graphs.", low=graphs),
        "num_outputs": integer(doc="Number of outputs.", low=1),
        **params,
        "subgraphs": _graphs(graphs),
    }
    define(
        name,
        doc,
        inputs={"data": inputs},
        params=params,
        variadic="num_args",
        arity=lambda attrs: attrs["num_args"] - graphs,
        outputs=_loop_outputs(states),
        visible=lambda attrs: attrs["num_outputs"],
        shape=shape,
        dtype=dtype,
        gradient=gradient,
        build=build[0],
        random=True,
        mutates=changed,
    )

    def backward_dtype(attrs: Attrs, ins: Dtypes, outs: Dtypes) -> tuple[Dtypes, Dtypes]:
        return _needed_shape(lambda a: a["num_outputs"])(attrs, ins, outs)  # type: ignore[return-value]

    define(
        f"_backward{name}",
        f"Gradients of `{name}`.",
        inputs={"data": "Gradients of the outputs, inputs, and what the forward pass has kept."},
        params={**params, **_NEEDED},
        variadic="num_args",
        arity=lambda attrs: attrs["num_outputs"] + attrs["num_args"] - graphs + states(attrs) + 1,
        outputs=lambda attrs: tuple(f"grad{i}" for i in attrs["needed"]),
        shape=_needed_shape(lambda attrs: attrs["num_outputs"]),
        dtype=backward_dtype,
        build=build[1],
    )


def _changed_by_loop(parse: Callable[[Attrs], _Loop]) -> Callable[[Attrs], tuple[str, ...]]:
    def changed(attrs: Attrs) -> tuple[str, ...]:
        loop = parse(attrs)
        return tuple(f"arg{source}" for arg, source in loop.rest.items() if arg in loop.body.changed)

    return changed


_define(
    "_foreach",
    "A graph run on each slice of its data, with loop variables; see `sym.contrib.foreach`.",
    "Data (n, ...), first values of the loop variables, other inputs of the body.",
    {
        "num_out_data": integer(doc="Number of outputs that are stacked.", low=0),
        "in_state_locs": ints(doc="The body's arguments that are loop variables.", low=0),
        "in_data_locs": ints(doc="The body's arguments that are slices of data.", low=0),
        "remain_locs": ints(doc="The body's other arguments.", low=0),
    },
    1,
    _loop_shape(_foreach_loop),
    _loop_dtype(_foreach_loop),
    lambda attrs: len(attrs["in_state_locs"]),
    (_build_loop(_foreach_loop, "_foreach"), _build_loop_backward(_foreach_loop, "_backward_foreach")),
    _loop_gradient("_backward_foreach", _foreach_loop),
    _changed_by_loop(_foreach_loop),
)
_define(
    "_while_loop",
    "A graph run while a condition holds; see `sym.contrib.while_loop`.",
    "Loop variables and other inputs of condition and body.",
    {
        "num_out_data": integer(doc="Number of outputs that are stacked.", low=0),
        "max_iterations": integer(doc="Most turns.", low=1),
        "cond_input_locs": ints(doc="Input of each of the condition's arguments.", low=0),
        "func_input_locs": ints(doc="Input of each of the body's arguments.", low=0),
        "func_var_locs": ints(doc="The body's arguments that are loop variables.", low=0),
    },
    2,
    _loop_shape(_while_loop),
    _loop_dtype(_while_loop),
    lambda attrs: len(attrs["func_var_locs"]),
    (_build_loop(_while_loop, "_while_loop"), _build_loop_backward(_while_loop, "_backward_while_loop")),
    _loop_gradient("_backward_while_loop", _while_loop),
    _changed_by_loop(_while_loop),
)

# A branch


def _branch(attrs: Attrs) -> tuple[tuple[Any, tuple[int, ...]], ...]:
    """Condition and both branches, each with the inputs of its arguments."""
    count = attrs["num_args"] - 3
    found = []
    for graph, name in zip(attrs["subgraphs"], ("cond_input_locs", "then_input_locs", "else_input_locs")):
        locs = attrs[name]
        _check_locs(name, locs, count)
        if len(locs) != len(graph.variables):
            raise ValueError(f"{name} must have {len(graph.variables)} numbers; got {len(locs)}")
        found.append((graph, locs))
    outputs = [len(g.outputs) for g, _ in found]
    if outputs != [1, attrs["num_outputs"], attrs["num_outputs"]]:
        raise ValueError(
            f"condition and branches must have 1 and num_outputs={attrs['num_outputs']} outputs; {outputs}"
        )
    return tuple(found)


def _branch_rule(kind: str, both: Callable[[Any, Any], Any], last: Any) -> Callable[..., Any]:
    def rule(attrs: Attrs, ins: list, outs: list) -> tuple[list, list]:
        new = list(ins)
        results = list(outs[: attrs["num_outputs"]])
        for k, (graph, locs) in enumerate(_branch(attrs)):
            args, made = getattr(graph, kind)([new[i] for i in locs])
            for i, found in zip(locs, args):
                new[i] = both(new[i], found)
            if k:
                results = [both(a, b) for a, b in zip(results, made)]
            elif kind == "shapes":
                _check_flag(made[0])
        return new, [*results, last]

    return rule


def _both_shapes(a: MaybeShape, b: MaybeShape) -> MaybeShape:
    return merge(a, b, "shapes in both branches")


def _both_dtypes(a: MaybeDtype, b: MaybeDtype) -> MaybeDtype:
    if a is not None and b is not None and a != b:
        raise TypeError(f"dtypes in both branches must agree; got {a} and {b}")
    return a or b


def _build_branch(attrs: Attrs, ins: Specs, outs: Specs, train: bool, op_id: int, device_type: int) -> Any:
    from paratrain.ext import engine
    from paratrain.graph.subgraph import Part, Scratch, fixed

    parts = []
    for k, (graph, locs) in enumerate(_branch(attrs)):
        entries = graph.renamed if k else [_flag_entry(graph.renamed[0])]
        parts.append(Part(entries, {f"arg{j}": ins[i] for j, i in enumerate(locs)}, device_type, train))
    scratch = Scratch(device_type, parts)
    flag = scratch.take(4)
    made = {}
    for name, part, (_, locs) in zip(("condition", "body", "other"), parts, _branch(attrs)):
        places = {f"arg{j}": fixed(engine.PLACE_INPUT, i) for j, i in enumerate(locs)}
        places |= {f"output:{i}": fixed(engine.PLACE_OUTPUT, i) for i in range(attrs["num_outputs"])}
        if name == "condition":
            places["output:0"] = fixed(engine.PLACE_SCRATCH, 0, flag)
        made[name] = part.at(places)
    return engine.make_control(
        device_type, engine.CONTROL_BRANCH, made, 1, len(outs) - 1, scratch.nbytes, "_cond", flag, op_id
    )


def _build_branch_backward(attrs: Attrs, ins: Specs, outs: Specs, train: bool, op_id: int, device_type: int) -> Any:
    from paratrain.ext import engine
    from paratrain.graph.subgraph import Moves, Part, Scratch, fixed, zeros

    _need_training(train, "_backward_cond")
    read, write, own = engine.PLACE_INPUT, engine.PLACE_OUTPUT, engine.PLACE_SCRATCH
    count, needed = attrs["num_outputs"], attrs["needed"]
    given = ins[count:-1]
    _, *branches = _branch(attrs)
    parts, all_places = [], []
    for graph, locs in branches:
        args = {i: j for j, i in enumerate(locs)}
        position = {i: k for k, i in enumerate(needed) if i in args and _is_real(given[i])}
        reqs = {f"arg{j}": "write" if i in position else "null" for j, i in enumerate(locs)}
        rest = [k for k, i in enumerate(needed) if i not in position]
        entries = [*graph.renamed, *(zeros(outs[k]) for k in rest)]
        parts.append(Part(entries, {f"arg{j}": given[i] for j, i in enumerate(locs)}, device_type, True, reqs))
        places = {f"arg{j}": fixed(read, count + i) for j, i in enumerate(locs)}
        places |= {f"head_grad:{i}": fixed(read, i) for i in range(count)}
        places |= {f"grad:arg{args[i]}": fixed(write, k) for i, k in position.items()}
        places |= {f"output:{count + n}": fixed(write, k) for n, k in enumerate(rest)}
        all_places.append(places)
    scratch = Scratch(device_type, parts)
    offsets = [scratch.take(_bytes(desc)) for desc in ins[:count]]
    changed = {i: scratch.take(_bytes(given[i])) for g, locs in branches for j, i in enumerate(locs) if j in g.changed}
    before = Moves(device_type)
    for i, offset in changed.items():  # what forward has done to it is not done again
        before.copy(given[i], fixed(read, count + i), fixed(own, 0, offset))
    made = {"before": before.part()}
    for name, part, places, (graph, locs) in zip(("body", "other"), parts, all_places, branches):
        places |= {f"output:{i}": fixed(own, 0, offset) for i, offset in enumerate(offsets)}
        places |= {f"arg{j}": fixed(own, 0, changed[i]) for j, i in enumerate(locs) if j in graph.changed}
        made[name] = part.at(places)
    return engine.make_control(
        device_type,
        engine.CONTROL_BRANCH,
        made,
        1,
        len(ins) - 1,
        scratch.nbytes,
        "_backward_cond",
        backward=True,
        reads_trace=True,
    )


def _branch_gradient(g: GradContext) -> Sequence[Any]:
    count = g.attrs["num_outputs"]
    needed = tuple(i for i, n in enumerate(g.needed) if n)
    heads = [g.grad(i) for i in range(count)]
    made = g.F._backward_cond(*heads, *g.inputs, g.outputs[count], **g.attrs, needed=needed)
    found = dict(zip(needed, made if isinstance(made, list) else [made]))
    return [found.get(i) for i in range(len(g.inputs))]


def _changed_by_branch(attrs: Attrs) -> tuple[str, ...]:
    return tuple({f"arg{i}": None for graph, locs in _branch(attrs) for j, i in enumerate(locs) if j in graph.changed})


_define(
    "_cond",
    "One of two graphs, by a condition; see `sym.contrib.cond`.",
    "Inputs of the condition and of both branches.",
    {
        "cond_input_locs": ints(doc="Input of each of the condition's arguments.", low=0),
        "then_input_locs": ints(doc="Input of each argument of the branch taken where the condition holds.", low=0),
        "else_input_locs": ints(doc="Input of each argument of the other branch.", low=0),
    },
    3,
    _branch_rule("shapes", _both_shapes, (3,)),
    _branch_rule("dtypes", _both_dtypes, "int64"),
    lambda attrs: 0,
    (_build_branch, _build_branch_backward),
    _branch_gradient,
    _changed_by_branch,
)
