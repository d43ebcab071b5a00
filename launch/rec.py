"""``paratrain rec``: split, merge, shuffle record files, take parts of them, write their index."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable

HELP = """\
Work on record files. The index (.idx) is written beside each result; keys are those of the index beside the input, or
the numbers of the records where there is none. Results get their names when they are complete.

  paratrain rec split a.rec part --parts 4        part_0.rec ... part_3.rec, consecutive records
  paratrain rec split a.rec part --shares 8 1 1   80 %, 10 % and 10 %
  paratrain rec merge all.rec a.rec b.rec         one file of several
  paratrain rec shuffle a.rec b.rec --seed 7      a random order, for files of any size
  paratrain rec subset a.rec b.rec --slice 0:100  the first hundred; --labels and --sample choose otherwise
  paratrain rec index a.rec                       write a.idx (also: paratrain rec2idx a.rec)
"""


def add_arguments(top: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    actions = top.add_subparsers(dest="action", metavar="ACTION", required=True)
    split = actions.add_parser("split", help="divide a file into consecutive parts")
    split.add_argument("file", metavar="REC")
    split.add_argument("prefix", metavar="PREFIX", help="the parts are PREFIX_0.rec, PREFIX_1.rec, ...")
    sizes = split.add_mutually_exclusive_group(required=True)
    sizes.add_argument("--parts", type=_positive, metavar="N", help="N parts of equal size")
    sizes.add_argument("--shares", type=float, nargs="+", metavar="S", help="a part for each number, as large as it")

    merge = actions.add_parser("merge", help="join several files")
    merge.add_argument("out", metavar="OUT.rec")
    merge.add_argument("files", nargs="+", metavar="REC")

    shuffle = actions.add_parser("shuffle", help="bring the records into a random order")
    shuffle.add_argument("file", metavar="REC")
    shuffle.add_argument("out", metavar="OUT.rec")
    shuffle.add_argument("--seed", type=int, default=0, help="the same seed gives the same order (default: 0)")

    subset = actions.add_parser("subset", help="take some of the records")
    subset.add_argument("file", metavar="REC")
    subset.add_argument("out", metavar="OUT.rec")
    subset.add_argument("--slice", type=_slice, metavar="BEGIN:END[:STEP]", help="numbers of records, from 0")
    subset.add_argument(
        "--labels", type=float, nargs="+", metavar="L", help="records whose first label is one of these"
    )
    subset.add_argument("--sample", type=_positive, metavar="N", help="N of them at random")
    subset.add_argument("--seed", type=int, default=0, help="of the sample (default: 0)")

    add_index_arguments(actions.add_parser("index", help="write the index of a file"))


def add_index_arguments(index: argparse.ArgumentParser) -> None:
    """Describe the command line of ``rec index`` and ``rec2idx``."""
    index.add_argument("file", metavar="REC")
    index.add_argument("index", nargs="?", metavar="IDX", help="default: the name of REC with the ending .idx")
    index.add_argument(
        "--keys", choices=("number", "id"), default="number",
        help="number: 0, 1, 2, ... as MXNet's rec2idx.py has them (default); id: of each record, as im2rec has them",
    )  # fmt: skip


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on; got {text!r}")
    return int(text)


def _slice(text: str) -> slice:
    if not re.fullmatch(r"-?\d*:(-?\d*)(:[1-9]\d*)?", text):
        raise argparse.ArgumentTypeError(f"must be BEGIN:END or BEGIN:END:STEP; got {text!r}")
    return slice(*(int(part) if part else None for part in text.split(":")))


def main(options: argparse.Namespace) -> int:
    """Run the command; returns its exit code."""
    actions: dict[str, Callable[[argparse.Namespace], str]] = {
        "split": split, "merge": merge, "shuffle": shuffle, "subset": subset, "index": index,
    }  # fmt: skip
    print(actions[options.action](options), file=sys.stderr)
    return 0


def split(options: argparse.Namespace) -> str:
    """Divide a file."""
    from paratrain.io import record_tools

    shares = options.shares or [1.0] * options.parts
    return "\n".join(f"{name}: {n} records" for name, n in record_tools.split(options.file, options.prefix, shares))


def merge(options: argparse.Namespace) -> str:
    """Join files."""
    from paratrain.io import record_tools

    count, kept = record_tools.merge(options.files, options.out)
    return f"{options.out}: {count} records" + ("" if kept else "; keys occurred twice, so they are numbered anew")


def shuffle(options: argparse.Namespace) -> str:
    """Shuffle a file."""
    from paratrain.io import record_tools

    return f"{options.out}: {record_tools.shuffle(options.file, options.out, options.seed)} records"


def subset(options: argparse.Namespace) -> str:
    """Take some records."""
    from paratrain.io import record_tools

    count = record_tools.subset(options.file, options.out, options.slice, options.labels, options.sample, options.seed)
    return f"{options.out}: {count} records"


def index(options: argparse.Namespace) -> str:
    """Write an index."""
    from paratrain.io.rec2idx import index_beside, write_index

    count = write_index(options.file, options.index, options.keys)
    return f"{options.index or index_beside(options.file)}: {count} records"
