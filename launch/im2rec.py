"""``paratrain im2rec``: list the images of a folder and pack them into a record file."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

DESCRIPTION = """\
Pack images into a record file for ImageRecordIter, with MXNet's im2rec.py options.

  paratrain im2rec --list --recursive train images/train   write train.lst, one class per folder
  paratrain im2rec train images/train                      pack train.lst into train.rec and train.idx
  paratrain im2rec --recursive train images/train          both in one go, where there is no train.lst
  paratrain im2rec --voc train VOC2007 --image-set train   boxes of Pascal VOC, for ImageDetRecordIter
  paratrain im2rec --coco instances.json train images      boxes of COCO

A line of a list is: index, one or more labels, path below ROOT; separated by tabs.
After Ctrl-C the same command goes on where it was.
"""


def parser() -> argparse.ArgumentParser:
    """The command line's description."""
    top = argparse.ArgumentParser(
        prog="paratrain im2rec", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("prefix", metavar="PREFIX", help="beginning of the names of .lst, .rec and .idx files")
    top.add_argument("root", metavar="ROOT", help="folder with the images")

    lists = top.add_argument_group("making lists")
    lists.add_argument("--list", action="store_true", help="only write the list; do not pack")
    lists.add_argument(
        "--exts", nargs="+", default=[".jpeg", ".jpg", ".png"], metavar="EXT",
        help="endings of the files to list (default: .jpeg .jpg .png)",
    )  # fmt: skip
    lists.add_argument("--chunks", type=int, default=1, metavar="N", help="write N lists of equal size (default: 1)")
    lists.add_argument(
        "--train-ratio", type=float, default=1.0, metavar="R",
        help="share of the images for training, in a list of its own (default: 1)",
    )  # fmt: skip
    lists.add_argument(
        "--test-ratio", type=float, default=0.0, metavar="R",
        help="share of the images for testing; what is left is for validation (default: 0)",
    )  # fmt: skip
    lists.add_argument(
        "--recursive", action="store_true", help="look into the folders below ROOT; each is a class with a number"
    )
    order = lists.add_mutually_exclusive_group()
    order.add_argument("--shuffle", action="store_true", default=True, help="a random order, always the same (default)")
    order.add_argument("--no-shuffle", dest="shuffle", action="store_false", help="keep the order of names")
    _add_annotations(top.add_argument_group("lists of boxes for detection; all their labels are packed"))

    _add_packing(top.add_argument_group("packing"))
    return top


def _add_annotations(group: argparse._ArgumentGroup) -> None:
    kind = group.add_mutually_exclusive_group()
    kind.add_argument(
        "--voc", action="store_true", help="ROOT is a folder of Pascal VOC: Annotations/*.xml, JPEGImages/"
    )
    kind.add_argument("--coco", metavar="JSON", help="annotations of COCO; ROOT holds the images")
    group.add_argument(
        "--image-set", metavar="NAME", help="VOC: ROOT/ImageSets/Main/NAME.txt says which images (default: all)"
    )
    group.add_argument(
        "--classes", nargs="+", metavar="NAME",
        help="names of the classes in the order of their numbers; boxes of others are left out "
        "(default: VOC in the order of names, COCO of ids)",
    )  # fmt: skip
    group.add_argument(
        "--no-difficult", dest="difficult", action="store_false", help="VOC: leave out difficult objects"
    )
    group.add_argument("--crowds", action="store_true", help="COCO: take boxes around crowds, too")


def _add_packing(packing: argparse._ArgumentGroup) -> None:
    packing.add_argument("--pass-through", action="store_true", help="pack the files as they are, without decoding")
    packing.add_argument(
        "--resize", type=int, default=0, metavar="PIXELS", help="resize the shorter edge (default: 0, keep the size)"
    )
    packing.add_argument("--center-crop", action="store_true", help="cut out the largest square in the middle first")
    packing.add_argument(
        "--quality", type=int, metavar="Q", help="JPEG: 1 to 100 (default: 95); PNG: compression 0 to 9 (default: 3)"
    )
    packing.add_argument(
        "--num-thread", type=int, default=cores(), metavar="N",
        help="images worked on at once; the files do not depend on it (default: all cores)",
    )  # fmt: skip
    packing.add_argument(
        "--color", type=int, default=1, choices=[-1, 0, 1], help="1: colour (default), 0: grey, -1: as it is"
    )
    packing.add_argument("--encoding", default=".jpg", choices=[".jpg", ".png"], help="image format (default: .jpg)")
    packing.add_argument("--pack-label", action="store_true", help="pack all labels of a line, not only the first")
    packing.add_argument(
        "--on-error", choices=["skip", "raise"], default="skip",
        help="a file that cannot be read or decoded: skip it and name it at the end (default), or stop",
    )  # fmt: skip
    packing.add_argument(
        "--no-resume", dest="resume", action="store_false", help="begin anew where an earlier run was interrupted"
    )


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0))


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code.

    Raises
    ------
    ValueError
        If an option or a file is wrong.
    OSError
        If a file cannot be read or written.
    """
    from paratrain.io import im2rec
    from paratrain.io.packing import Recipe

    top = parser()
    options = top.parse_args(arguments)
    check(top, options)
    recipe = Recipe(
        pass_through=options.pass_through,
        resize=options.resize,
        center_crop=options.center_crop,
        quality=options.quality,
        encoding=options.encoding,
        color=options.color,
        pack_label=options.pack_label or options.voc or options.coco is not None,
    )
    return im2rec.run(options, recipe)


def check(top: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Refuse values that make no sense, and fill in the quality that belongs to the encoding."""
    changed = options.resize or options.center_crop or options.color != 1
    if options.pass_through and (changed or options.quality is not None or options.encoding != ".jpg"):
        top.error(
            "--pass-through packs files as they are; "
            "it cannot go with --resize, --center-crop, --color, --quality or --encoding"
        )
    low, high, usual = (1, 100, 95) if options.encoding == ".jpg" else (0, 9, 3)
    if options.quality is None:
        options.quality = usual
    if not low <= options.quality <= high:
        top.error(f"--quality must be from {low} to {high} with --encoding {options.encoding}; got {options.quality}")
    if not options.voc and (options.image_set is not None or not options.difficult):
        top.error("--image-set and --no-difficult go with --voc")
    if options.coco is None and options.crowds:
        top.error("--crowds goes with --coco")
    if options.classes is not None and not (options.voc or options.coco):
        top.error("--classes goes with --voc or --coco")
    if options.classes is not None and len(set(options.classes)) < len(options.classes):
        top.error("--classes must not name a class twice")
    if options.recursive and (options.voc or options.coco):
        top.error("--recursive makes classes of folders; it cannot go with --voc or --coco")
    if options.resize < 0:
        top.error(f"--resize must not be negative; got {options.resize}")
    if options.num_thread < 1:
        top.error(f"--num-thread must be at least 1; got {options.num_thread}")
