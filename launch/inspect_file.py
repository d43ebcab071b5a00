"""``paratrain inspect FILE``: what is in a record file, a parameter file or a symbol."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def main(file: str) -> int:
    """Print what is in `file`; returns 0.

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
    kinds = {".rec": record_file, ".params": parameter_file, ".json": symbol_file}
    if path.suffix not in kinds:
        raise ValueError(f"[inspect] name of the file must end with one of {sorted(kinds)}; got {path.name!r}")
    for line in kinds[path.suffix](path):
        print(line)
    return 0


def record_file(path: Path) -> Iterable[str]:
    """Lines about a ``.rec`` file: records, bytes, image formats and sizes, labels."""
    from paratrain import recordio

    lengths: list[int] = []
    images: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    with recordio.MXRecordIO(str(path), "r") as reader:
        while (record := reader.read()) is not None:
            lengths.append(len(record))
            header, body = recordio.unpack(record)
            images[_image_kind(body)] += 1
            labels[_label_text(header.label)] += 1
    yield f"{path}: record file, {path.stat().st_size:,} bytes, {len(lengths):,} records"
    if lengths:
        mean = sum(lengths) // len(lengths)
        yield f"record bytes: smallest {min(lengths):,}, mean {mean:,}, largest {max(lengths):,}"
        yield from _counted("content", images)
        yield from _counted("labels", labels)


def _image_kind(body: bytes) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(body)) as image:
            return f"{image.format} {image.width} x {image.height} {image.mode}"
    except UnidentifiedImageError:
        return "not an image Pillow knows"


def _label_text(label: Any) -> str:
    return f"{label:g}" if isinstance(label, float) else f"{len(label)} numbers"


def _counted(title: str, counts: Counter[str], most: int = 12) -> Iterable[str]:
    yield f"{title}:"
    for value, count in counts.most_common(most):
        yield f"  {count:>9,}  {value}"
    if len(counts) > most:
        yield f"  and {len(counts) - most:,} more"


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
    yield from _counted("operators", operators, most=len(operators))
