"""Write the reference of all operators, `docs/operators/<family>.md`, from their definitions.

    python -m paratrain.ops.reference          # rewrite the files
    python -m paratrain.ops.reference --check  # exit status 1 if a file is not what the definitions say

The files are committed; a test runs ``--check``.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

from paratrain import ops
from paratrain.ops import registry
from paratrain.ops.generate import example_lines
from paratrain.ops.params import REQUIRED, Param
from paratrain.ops.registry import Op

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "operators"
#: Names that begin like this are found below a name space: `_linalg_gemm2` is `nd.linalg.gemm2`.
SPACES = {
    "_contrib_": "contrib.",
    "_image_": "image.",
    "_linalg_": "linalg.",
    "_random_": "random.",
    "_sample_": "sample.",
}


def public_name(name: str) -> str:
    """Name below `nd` and `sym`; empty for operators that people do not call."""
    for prefix, space in SPACES.items():
        if name.startswith(prefix):
            return space + name.removeprefix(prefix)
    return "" if name.startswith("_") else name


def families() -> dict[str, tuple[str, list[Op]]]:
    """For each module of definitions its summary and the operators that people call, in the module's order."""
    seen: dict[str, list[Op]] = {}
    for op in dict.fromkeys(registry.OPS.values()):
        if public_name(op.name):
            seen.setdefault(op.family, []).append(op)
    found = {}
    for info in sorted(pkgutil.iter_modules(ops.__path__), key=lambda m: m.name):
        module = importlib.import_module(f"{ops.__name__}.{info.name}") if info.name in seen else None
        if module is not None:
            found[info.name] = (inspect.cleandoc(module.__doc__ or "").split("\n\n")[0], seen[info.name])
    return found


def default_text(param: Param) -> str:
    """A parameter's default as the table shows it."""
    return "required" if param.default is REQUIRED else f"`{param.default!r}`"


def cell(text: str) -> str:
    """Text that may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def inputs_table(op: Op) -> list[str]:
    """Inputs with what is said of them."""
    if not op.inputs:
        return []
    star = "*" if op.variadic else ""
    states = op.aux if isinstance(op.aux, tuple) else ()
    changed = op.mutates if isinstance(op.mutates, tuple) else ()
    rows = []
    for name, text in op.inputs.items():
        notes = ["auxiliary state"] if name in states else ["changed in place"] if name in changed else []
        rows.append(f"| `{star}{name}` | {cell(text)}{f' *{notes[0]}*' if notes else ''} |")
    return ["| input | |", "|---|---|", *rows, ""]


def params_table(op: Op) -> list[str]:
    """Parameters with type, range, default and what is said of them."""
    if not op.params:
        return []
    rows = [f"| `{n}` | {cell(p.kind)} | {default_text(p)} | {cell(p.doc)} |" for n, p in op.params.items()]
    return ["| parameter | type | default | |", "|---|---|---|---|", *rows, ""]


def outputs_line(op: Op) -> str:
    """What an operator returns."""
    if callable(op.outputs):
        return "**Outputs:** their number depends on the parameters."
    count = len(op.outputs) if op.visible is None else op.visible
    names = op.outputs if callable(count) else op.outputs[:count]
    shown = ", ".join(f"`{n}`" for n in names) or "none"
    return f"**Output{'' if len(names) == 1 else 's'}:** {shown}" + (
        "; how many are returned depends on the parameters." if callable(count) else "."
    )


def section(op: Op) -> list[str]:
    """One operator."""
    name = public_name(op.name)
    others = sorted({public_name(n) for n, o in registry.OPS.items() if o is op and n != op.name} - {"", name})
    lines = [f"## {name}", ""]
    if others:
        lines += [f"Also {', '.join(f'`{n}`' for n in others)}.", ""]
    lines += [inspect.cleandoc(op.doc), "", *inputs_table(op), *params_table(op), outputs_line(op), ""]
    if op.gradient is None:
        lines += ["It has no gradient." if op.gradient_free else "It cannot be differentiated.", ""]
    if op.example:
        lines += ["```python", *example_lines(op), "```", ""]
    return lines


def render() -> dict[Path, str]:
    """Text of every file."""
    files = {}
    index = [
        "# Operators",
        "",
        "Written by `python -m paratrain.ops.reference` from the definitions in `paratrain/ops`; edit those. Every",
        "operator is a function of `mx.nd` (arrays) and `mx.sym` (symbols) under the name that stands here.",
        "",
    ]
    for family, (summary, members) in families().items():
        lines = [f"# {family}", "", summary, ""]
        for op in members:
            lines += section(op)
        files[FOLDER / f"{family}.md"] = "\n".join(lines).rstrip() + "\n"
        links = ", ".join(f"[{public_name(o.name)}]({family}.md#{anchor(public_name(o.name))})" for o in members)
        index += [f"**[{family}]({family}.md)**: {summary.splitlines()[0]}", "", links, ""]
    files[FOLDER / "README.md"] = "\n".join(index).rstrip() + "\n"
    return files


def anchor(name: str) -> str:
    """Where a heading is found in the page."""
    return name.lower().replace(".", "")


def main(argv: list[str] | None = None) -> int:
    """Command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is out of date")
    check = parser.parse_args(argv).check
    files = render()
    stale = [p for p, text in files.items() if not p.exists() or p.read_text() != text]
    extra = [p for p in FOLDER.glob("*.md") if p not in files]
    for path in (*stale, *extra):
        state = "is out of date" if check else "written" if path in files else "removed"
        print(f"{path.relative_to(FOLDER.parents[1])} {state}")
        if not check:
            if path in files:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(files[path])
            else:
                path.unlink()
    return 1 if check and (stale or extra) else 0


if __name__ == "__main__":
    sys.exit(main())
