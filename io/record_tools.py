"""Splitting, joining, shuffling record files and taking parts of them: the work behind ``paratrain rec``.

Records are copied one by one, so that files may be larger than memory; each result is written beside its index, and
both get their names when they are complete.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from paratrain.io import native
from paratrain.io.errors import RecordError, file_error_from
from paratrain.io.header import unpack
from paratrain.io.output import RecordOutput
from paratrain.io.rec2idx import index_beside


class Source:
    """A record file with the keys of its records.

    Parameters
    ----------
    path : str
        The record file. The keys are those of the index beside it; where there is none, the numbers of the records.

    Raises
    ------
    RecordError
        If the file is damaged, or the index does not lead to exactly its records.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.file = native.RecordFile(path)
        self.offsets = self.file.scan()
        idx = index_beside(path)
        self.keys: Sequence[object] = self._keys(idx) if os.path.exists(idx) else range(len(self.offsets))

    def _keys(self, idx: str) -> list[str]:
        offsets = native.read_index(idx)
        order = np.argsort(offsets, kind="stable")
        if not np.array_equal(offsets[order], self.offsets):
            raise RecordError(
                f"[rec] {idx} does not lead to exactly the {len(self.offsets)} records of {self.path}; "
                f"write it anew (paratrain rec index {self.path}) or remove it"
            )
        try:
            with open(idx, encoding="utf-8", errors="surrogateescape") as lines:
                keys = [line.partition("\t")[0] for line in lines if line.strip()]
        except OSError as err:
            raise file_error_from(err, "cannot read the index") from err
        return [keys[i] for i in order]

    def __len__(self) -> int:
        return len(self.offsets)

    def read(self, number: int) -> bytes:
        """Return record `number`, in the order of the file."""
        return self.file.read(int(self.offsets[number]), number)

    def label(self, number: int) -> float:
        """Return the first label of a record."""
        try:
            label = unpack(self.read(number))[0].label
        except RecordError as err:
            raise RecordError(f"[rec] {self.path}: record {number} at byte {self.offsets[number]}: {err}") from err
        return float(label if isinstance(label, float) else label[0])


def write(out: str, records: Iterable[tuple[Source, int, object]]) -> int:
    """Write (source, number, key) of each record to a file and its index; returns how many."""
    count = 0
    with RecordOutput(os.path.splitext(out)[0]) as output:
        for source, number, key in records:
            output.write(source.read(number), key)
            count += 1
        output.publish()
    return count


def check_output(out: str, inputs: Sequence[str]) -> None:
    """Refuse a name that is none of a record file, or that of an input."""
    if not out.endswith(".rec"):
        raise ValueError(f"[rec] the file to write must have the ending .rec; got {out!r}")
    for path in inputs:
        if os.path.exists(out) and os.path.exists(path) and os.path.samefile(out, path):
            raise ValueError(f"[rec] {out} is read; write to another file")


def pick(source: Source, numbers: Iterable[int]) -> Iterator[tuple[Source, int, object]]:
    """Yield records of a file, by number."""
    for number in numbers:
        yield source, number, source.keys[number]


def merge(inputs: Sequence[str], out: str) -> tuple[int, bool]:
    """Join files, in the order given; returns the number of records, and whether their keys could be kept.

    Where a key occurs twice all records get their numbers in the new file as keys.
    """
    check_output(out, inputs)
    sources = [Source(path) for path in inputs]
    keys = [str(key) for source in sources for key in source.keys]
    kept = len(set(keys)) == len(keys)
    places = ((source, number) for source in sources for number in range(len(source)))
    count = write(out, ((*place, keys[i] if kept else i) for i, place in enumerate(places)))
    return count, kept


def shuffle(path: str, out: str, seed: int = 0) -> int:
    """Write the records in a random order that belongs to `seed`; returns how many.

    Only the places of the records are held in memory.
    """
    check_output(out, [path])
    source = Source(path)
    return write(out, pick(source, native.permutation(native.mix(seed), len(source)).tolist()))


def split(path: str, prefix: str, shares: Sequence[float]) -> list[tuple[str, int]]:
    """Divide a file into consecutive parts ``prefix_0.rec`` ...; returns the name and number of records of each.

    Parameters
    ----------
    shares : sequence of float
        Relative sizes of the parts; all equal for equal parts, which then differ by one record at most.

    Raises
    ------
    ValueError
        If there are more parts than records, or a share is not positive.
    """
    if not shares or not all(0 < share < float("inf") for share in shares):
        raise ValueError(f"[rec split] shares must be positive numbers; got {list(shares)}")
    source = Source(path)
    ends = np.rint(np.cumsum(shares) / np.sum(shares) * len(source)).astype(int)
    begins = [0, *ends[:-1].tolist()]
    if np.any(ends <= begins):
        raise ValueError(f"[rec split] {path} has {len(source)} records, too few for {len(shares)} parts")
    names = [f"{prefix}_{part}.rec" for part in range(len(shares))]
    for name in names:
        check_output(name, [path])
    parts = zip(names, begins, ends.tolist(), strict=True)
    return [(name, write(name, pick(source, range(begin, end)))) for name, begin, end in parts]


def subset(
    path: str,
    out: str,
    numbers: slice | None = None,
    labels: Sequence[float] | None = None,
    sample: int | None = None,
    seed: int = 0,
) -> int:
    """Write some of the records, in the order of the file; returns how many.

    Parameters
    ----------
    numbers : slice, optional
        Of the records, counted from 0.
    labels : sequence of float, optional
        Only records whose first label is one of these.
    sample : int, optional
        So many of what is left, chosen at random by `seed`.

    Raises
    ------
    ValueError
        If nothing is left, or less than `sample`.
    """
    check_output(out, [path])
    source = Source(path)
    chosen = list(range(len(source)))[numbers or slice(None)]
    if labels is not None:
        wanted = set(labels)
        chosen = [number for number in chosen if source.label(number) in wanted]
    if sample is not None:
        if not 0 < sample <= len(chosen):
            raise ValueError(f"[rec subset] a sample must have 1 to {len(chosen)} records; got {sample}")
        order = native.permutation(native.mix(seed), len(chosen))[:sample]
        chosen = [chosen[i] for i in sorted(order.tolist())]
    if not chosen:
        raise ValueError(f"[rec subset] no record of {path} is left")
    return write(out, pick(source, chosen))
