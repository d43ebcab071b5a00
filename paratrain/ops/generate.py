"""Write the functions of `nd` and `sym` (and the arrays' fluent methods) from the operator definitions.

    python -m paratrain.ops.generate          # rewrite the files
    python -m paratrain.ops.generate --check  # exit status 1 if a file is not what the definitions say

The files are committed, so that people and editors can read real signatures; a test runs ``--check``.
"""

from __future__ import annotations

import argparse
import inspect
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

from paratrain.ops import registry
from paratrain.ops.params import REQUIRED, Param
from paratrain.ops.registry import Op

PACKAGE = Path(__file__).resolve().parent.parent
WIDTH = 112

HEADER = '''"""{title}

Generated from the definitions in `paratrain/ops` by ``python -m paratrain.ops.generate``; edit those.
"""

from __future__ import annotations

from typing import Any

{imports}
'''


def annotation(param: Param) -> str:
    """Python type of a parameter."""
    base = {"int": "int", "float": "float", "bool": "bool", "str": "str", "dtype": "Any"}
    kind = next((t for word, t in base.items() if param.kind.startswith(word)), "str")
    if param.kind.startswith("tuple"):
        item = "float" if param.kind.endswith("float") else "int"
        kind = f"{item} | tuple[{item}, ...]"
    return f"{kind} | None" if param.optional and kind != "Any" else kind


def literal(value: object) -> str:
    """A default as source text."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


def paragraphs(text: str, indent: str) -> list[str]:
    """Text wrapped to the line width, paragraphs and indented blocks kept."""
    out: list[str] = []
    for line in inspect.cleandoc(text).splitlines():
        if line.startswith((" ", ">>>", "...")) or not line:
            out.append((indent + line).rstrip())
        else:
            out += textwrap.wrap(line, WIDTH - len(indent), initial_indent=indent, subsequent_indent=indent)
    return out


def example_lines(op: Op) -> list[str]:
    """An operator's example, which begins by importing what it uses."""
    lines = op.example.splitlines()
    return lines if any("import paratrain as mx" in line for line in lines) else [">>> import paratrain as mx", *lines]


def docstring(op: Op, array: str, indent: str, method: bool = False) -> list[str]:
    """Numpydoc lines of a function for `op`."""
    first, _, rest = inspect.cleandoc(op.doc).partition("\n")
    if len(indent) + 3 + len(first) > 120:  # the summary is one line: its first sentence
        first, _, more = first.partition(". ")
        first, rest = first.removesuffix(".") + ".", f"{more}\n{rest}"
    lines = [f'{indent}"""{first}', *(["", *paragraphs(rest.strip("\n"), indent)] if rest.strip() else [])]
    lines += ["", f"{indent}Parameters", f"{indent}----------"]
    inputs = list(op.inputs.items())[1:] if method else list(op.inputs.items())
    for name, sentence in inputs:
        star = "*" if op.variadic else ""
        lines.append(f"{indent}{star}{name} : {array}")
        lines += paragraphs(sentence, indent + "    ")
    for name, param in op.params.items():
        if name == op.counter:
            continue
        default = "" if param.default is REQUIRED else ", optional"
        lines.append(f"{indent}{name} : {param.kind}{default}")
        text = param.doc + ("" if param.default in (REQUIRED, None) else f" Default {param.default!r}.")
        lines += paragraphs(text.strip() or "See the description.", indent + "    ")
    if array == "NDArray":
        lines += [f"{indent}out : NDArray, optional", f"{indent}    Array to write the result to."]
    else:
        lines += [f"{indent}name : str, optional", f"{indent}    Name of the node (default: made up)."]
    result = array if isinstance(op.outputs, tuple) and len(op.outputs) == 1 else f"{array} or list of {array}"
    lines += ["", f"{indent}Returns", f"{indent}-------", f"{indent}{result}"]
    if op.example and array == "NDArray":
        example = ["" if not line else indent + line for line in example_lines(op)]
        lines += ["", f"{indent}Examples", f"{indent}--------", *example]
    lines.append(f'{indent}"""')
    return lines


def wrapped_call(head: str, items: list[str], tail: str, indent: str) -> list[str]:
    """``head(items)tail`` on one line if it fits, else one item a line."""
    line = f"{indent}{head}({', '.join(items)}){tail}"
    if len(line) <= 120 and not any(i.startswith("*, ") for i in items):
        return [line]
    return [f"{indent}{head}(", *[f"{indent}    {i}," for i in items], f"{indent}){tail}"]


def nd_function(name: str, op: Op) -> list[str]:
    """Function of `paratrain.nd`."""
    return _function(name, op, "NDArray", literal, "invoke", ["out"])


def sym_function(name: str, op: Op) -> list[str]:
    """Function of `paratrain.sym`; it can tell a default from a value that was given."""
    return _function(name, op, "Symbol", lambda d: f"default({literal(d)})", "compose", ["name", "attr"])


def _signature(op: Op, array: str, default: Callable[[object], str], method: bool) -> list[str]:
    first = ["self"] if method else []
    names = list(op.inputs)[1:] if method else list(op.inputs)
    if op.variadic:
        first.append(f"*{names[0]}: {array}")
    else:
        first += [f"{n}: {array} | None = None" for n in names]
    for name, param in op.params.items():
        if name == op.counter:
            first.append(f"{name}: int | None = None")
            continue
        value = "REQUIRED" if param.default is REQUIRED else default(param.default)
        first.append(f"{name}: {annotation(param)} = {value}")
    return first


def _function(
    name: str, op: Op, array: str, default: Callable[[object], str], call: str, extras: list[str]
) -> list[str]:
    items = _signature(op, array, default, False)
    types = {"out": "Any", "name": "str | None", "attr": "dict[str, str] | None"}
    items += [f"{e}: {types[e]} = None" for e in extras]
    if array == "NDArray":
        items.append("name: str | None = None")
    else:
        items.append(f"**inputs: {array}" if op.variadic else "**kwargs: Any")
    lines = wrapped_call(f"def {name}", items, " -> Any:", "")
    lines += docstring(op, array, "    ")
    lines += _body(name, op, call, list(op.inputs), extras, array)
    return lines


def _body(name: str, op: Op, call: str, names: list[str], extras: list[str], array: str) -> list[str]:
    args = f"_flatten({names[0]})" if op.variadic else f"[{', '.join(names)}]"
    given = "{" + ", ".join(f'"{p}": {p}' for p in op.params) + "}"
    tail = ", ".join(extras)
    if array == "Symbol":
        tail += ", inputs" if op.variadic else ", kwargs"
        if name.lower() != op.name.lower():  # automatic names follow the function's name
            tail += f', "{name.lower()}"'
    line = f'    return {call}(OPS["{op.name}"], {args}, {given}, {tail})'
    if len(line) <= 120:
        return [line]
    if len(given) <= 108:
        given_lines = [f"        {given},"]
    else:
        given_lines = ["        {", *[f'            "{p}": {p},' for p in op.params], "        },"]
    return [
        f"    return {call}(",
        f'        OPS["{op.name}"],',
        f"        {args},",
        *given_lines,
        *[f"        {e}," for e in tail.split(", ")],
        "    )",
    ]


#: Operators that are also methods of arrays and symbols: ``x.sum(axis=0)`` is ``nd.sum(x, axis=0)``.
FLUENT = [
    "abs",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "argmax",
    "argmax_channel",
    "argmin",
    "argsort",
    "broadcast_axes",
    "broadcast_like",
    "broadcast_to",
    "cbrt",
    "ceil",
    "clip",
    "cos",
    "cosh",
    "degrees",
    "depth_to_space",
    "diag",
    "exp",
    "expand_dims",
    "expm1",
    "fix",
    "flatten",
    "flip",
    "floor",
    "gamma",
    "gammaln",
    "log",
    "log10",
    "log1p",
    "log2",
    "log_softmax",
    "max",
    "mean",
    "min",
    "nanprod",
    "nansum",
    "norm",
    "one_hot",
    "ones_like",
    "pad",
    "pick",
    "prod",
    "radians",
    "rcbrt",
    "reciprocal",
    "relu",
    "repeat",
    "reshape_like",
    "rint",
    "round",
    "rsqrt",
    "shape_array",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "size_array",
    "slice",
    "slice_axis",
    "slice_like",
    "softmax",
    "softmin",
    "sort",
    "space_to_depth",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "sum",
    "swapaxes",
    "take",
    "tan",
    "tanh",
    "tile",
    "topk",
    "transpose",
    "trunc",
    "zeros_like",
]


def fluent(array: str) -> list[str]:
    """Mixin class with the fluent methods."""
    where = "nd" if array == "NDArray" else "sym"
    lines = ["class FluentMethods:", f'    """Operators as methods of {array}."""', "", "    __slots__ = ()"]
    for name in FLUENT:
        if name not in registry.OPS:
            continue
        op = registry.OPS[name]
        lines += ["", f"    def {name}(self, *args: Any, **kwargs: Any) -> Any:"]
        first = inspect.cleandoc(op.doc).splitlines()[0]
        text = f'        """{first} See `paratrain.{where}.{name}`."""'
        lines.append(text if len(text) <= 120 else f'        """See `paratrain.{where}.{name}`."""')
        lines.append(f"        return op.{name}(self, *args, **kwargs)")
    return lines


def render() -> dict[Path, str]:
    """Text of every generated file."""
    names = sorted(n for n, op in registry.OPS.items() if not n.startswith("_") and op.reads is None)
    nd = HEADER.format(
        title="Operators on arrays.",
        imports="from paratrain.ndarray.invoke import flatten as _flatten\n"
        "from paratrain.ndarray.invoke import invoke\nfrom paratrain.ndarray.ndarray import NDArray\n"
        "from paratrain.ops.params import REQUIRED\nfrom paratrain.ops.registry import OPS",
    )
    sym = HEADER.format(
        title="Operators on symbols.",
        imports="# ruff: noqa: B008 - default() only marks a value\n"
        "from paratrain.ops.params import REQUIRED\nfrom paratrain.ops.registry import OPS\n"
        "from paratrain.symbol.compose import compose, default\n"
        "from paratrain.symbol.compose import flatten as _flatten\n"
        "from paratrain.symbol.symbol import Symbol",
    )
    files = {}
    for folder, head, make in (("ndarray", nd, nd_function), ("symbol", sym, sym_function)):
        parts = [head.rstrip(), "", "__all__ = [", *[f'    "{n}",' for n in names], "]"]
        for name in names:
            parts += ["", "", *make(name, registry.OPS[name])]
        files[PACKAGE / folder / "op.py"] = "\n".join(parts) + "\n"
    for folder, array in (("ndarray", "NDArray"), ("symbol", "Symbol")):
        head = HEADER.format(title=f"Fluent methods of {array}.", imports=_LAZY.format(folder=folder))
        files[PACKAGE / folder / "_fluent.py"] = "\n".join([head.rstrip(), "", "", *fluent(array)]) + "\n"
    return files


# The functions need the class, the class needs the methods: the methods look the functions up when called.
_LAZY = """from paratrain._lazy import LazyModule

op = LazyModule("paratrain.{folder}.op")"""


def main(argv: list[str] | None = None) -> int:
    """Command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is out of date")
    check = parser.parse_args(argv).check
    stale = [p for p, text in render().items() if not p.exists() or p.read_text() != text]
    for path in stale:
        print(f"{path.relative_to(PACKAGE.parent)} {'is out of date' if check else 'written'}")
        if not check:
            path.write_text(render()[path])
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
