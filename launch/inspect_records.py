"""``paratrain inspect FILE.rec``: what is in a record file, whether it is whole, and what it looks like."""

from __future__ import annotations

import os
import statistics
import sys
from collections import Counter
from collections.abc import Iterable

from paratrain.launch.im2rec import cores


def main(file: str, verify: bool = False, sheet: str | None = None) -> int:
    """Print what is in a record file; returns 0, or 1 if `verify` found damage."""
    code = 0
    if verify:
        code = verified(file)
    else:
        for line in lines(file):
            print(line)
    if sheet is not None:
        from paratrain.io.sheet import draw

        print(f"{sheet}: {draw(file, sheet)} images")
    return code


def lines(file: str) -> Iterable[str]:
    """Lines about a record file: records, bytes, formats and sizes of images, labels, boxes."""
    from paratrain.io.survey import survey

    found = survey(file)
    lengths = found.lengths
    yield f"{file}: record file, {os.path.getsize(file):,} bytes, {len(lengths):,} records"
    if not lengths:
        return
    yield f"record bytes: smallest {min(lengths):,}, mean {sum(lengths) // len(lengths):,}, largest {max(lengths):,}"
    yield from counted("content", found.kinds)
    if found.sizes:
        for name, axis in (("width", 0), ("height", 1)):
            values = [size[axis] for size in found.sizes.elements()]
            yield f"{name}: smallest {min(values)}, median {statistics.median(values):g}, largest {max(values)}"
        yield from counted("image sizes", Counter({f"{w} x {h}": n for (w, h), n in found.sizes.items()}), most=6)
    yield from counted("labels", found.labels)
    if found.values:
        low, mean, high = min(found.values), statistics.fmean(found.values), max(found.values)
        yield f"single labels: smallest {low:g}, mean {mean:g}, largest {high:g}, {len(set(found.values))} different"
    if found.boxes:
        yield from counted("boxes", Counter({f"class {number}": n for number, n in found.boxes.items()}))


def verified(file: str) -> int:
    """Decode every record and print the damaged ones; returns 1 if there are any."""
    from paratrain.io.survey import check_index, verify

    count, damaged = verify(file, cores())
    for damage in damaged:
        print(f"{file}: record {damage.number} at byte {damage.offset}: {damage.reason}")
    structure = any(damage.reason.startswith("[RecordIO]") for damage in damaged)
    wrong_index = "" if structure else check_index(file)
    if wrong_index:
        print(wrong_index)
    print(f"{file}: {count} records, {len(damaged)} damaged", file=sys.stderr)
    return 1 if damaged or wrong_index else 0


def counted(title: str, counts: Counter[str], most: int = 12) -> Iterable[str]:
    """Lines of the `most` frequent values, with how often each occurs."""
    yield f"{title}:"
    for value, count in counts.most_common(most):
        yield f"  {count:>9,}  {value}"
    if len(counts) > most:
        yield f"  and {len(counts) - most:,} more"
