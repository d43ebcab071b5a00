"""``paratrain inspect FILE``: what is in a record file, a parameter file or a symbol."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from paratrain.launch import inspect_records
from paratrain.launch.inspect_records import counted


def main(file: str, verify: bool = False, sheet: str | None = None) -> int:
    """Print what is in `file`; returns 0, or 1 if `verify` found damage.

    Parameters
    ----------
    file : str
    verify : bool
        Of a record file: decode every record and list the damaged ones.
    sheet : str, optional
        Of a record file: where to draw some of its images.

    Raises
    ------
    ValueError
        If the file's name does not tell its kind, or its content is not what the name says.
    OSError
        If it cannot be read.
    """
    path = Path(file)
    if not path.is_file():
        raise FileNotFoundError(f"[inspect] FILE must exist; there is no {file!r}")
    if path.suffix == ".rec":
        return inspect_records.main(file, verify, sheet)
    if verify or sheet is not None:
        raise ValueError(f"[inspect] --verify and --sheet are for record files (.rec); got {path.name!r}")
    kinds = {".params": parameter_file, ".json": symbol_file}
    if path.suffix not in kinds:
        endings = sorted([*kinds, ".rec"])
        raise ValueError(f"[inspect] name of the file must end with one of {endings}; got {path.name!r}")
    for line in kinds[path.suffix](path):
        print(line)
    return 0


def parameter_file(path: Path) -> Iterable[str]:
    """Lines about a ``.params`` file: name, shape, type and bytes of every array."""
    from paratrain import nd

    loaded = nd.load(str(path))
    arrays = loaded if isinstance(loaded, dict) else {f"[{number}]": array for number, array in enumerate(loaded)}
    total = 0
    rows = []
    for name, array in arrays.items():
        values = array.asnumpy()
        total += values.nbytes
        rows.append((name, str(tuple(array.shape)), str(values.dtype), f"{values.nbytes:,}"))
    yield f"{path}: {len(arrays)} arrays, {total:,} bytes"
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for name, shape, dtype, size in rows:
        yield f"  {name:<{widths[0]}}  {shape:<{widths[1]}}  {dtype:<{widths[2]}}  {size:>12} bytes"


def symbol_file(path: Path) -> Iterable[str]:
    """Lines about a symbol in JSON: operators, inputs, outputs."""
    try:
        graph = json.loads(path.read_text(encoding="utf-8"))
        nodes = graph["nodes"]
        heads = [nodes[head[0]]["name"] for head in graph["heads"]]
        operators = Counter(node["op"] for node in nodes if node["op"] != "null")
        inputs = [node["name"] for node in nodes if node["op"] == "null"]
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, IndexError) as error:
        raise ValueError(f"[inspect] {path} must be a symbol in JSON; reading it failed: {error!r}") from error
    yield f"{path}: symbol, {len(nodes)} nodes, {sum(operators.values())} of them operators"
    yield f"outputs: {', '.join(heads)}"
    yield f"inputs ({len(inputs)}): {', '.join(inputs)}"
    yield from counted("operators", operators, most=len(operators))
