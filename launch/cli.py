"""The ``paratrain`` command and ``python -m paratrain``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from paratrain.launch import arguments as launch_arguments
from paratrain.launch import compare, rec, start
from paratrain.launch import doctor as doctor_module

EPILOG = """\
With no command: print version, build features, devices and MPI library.
'paratrain COMMAND --help' tells more about each.
"""


def parser() -> argparse.ArgumentParser:
    """The command line's description."""
    top = argparse.ArgumentParser(
        prog="paratrain",
        description="Data-parallel neural network trainer.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="store_true", help="print the version and end")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    launch = commands.add_parser(
        "launch",
        allow_abbrev=False,
        help="run a script on N ranks",
        description=launch_arguments.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    launch_arguments.add_arguments(launch)
    compared = commands.add_parser(
        "compare",
        allow_abbrev=False,
        help="check that a script trains the same network on any number of ranks",
        description=compare.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    compare.add_arguments(compared)
    commands.add_parser("im2rec", help="list images and pack them into a record file", add_help=False)
    doctor = commands.add_parser("doctor", help="check this installation, and the ranks' network, and say what to mend")
    doctor_module.add_arguments(doctor)
    inspect = commands.add_parser("inspect", help="say what is in a .rec, .params or -symbol.json file")
    inspect.add_argument("file", help="file to look into")
    inspect.add_argument("--verify", action="store_true", help=".rec: decode every record and list the damaged ones")
    inspect.add_argument("--sheet", metavar="PNG", help=".rec: draw the first images on a sheet, with labels and boxes")
    records = commands.add_parser(
        "rec",
        help="split, merge, shuffle, cut and index record files",
        description=rec.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    rec.add_arguments(records)
    rec.add_index_arguments(commands.add_parser("rec2idx", help="write the index of a record file"))
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (default: of this process) and return the exit code.

    0: done. 1: a check failed or the work failed. 2: wrong usage. From ``launch``: the exit code of the job,
    130 after Ctrl-C.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["im2rec"]:  # im2rec has a parser of its own
        from paratrain.launch import im2rec

        return _guarded(lambda: im2rec.main(words[1:]) or 0)
    options = parser().parse_args(words)
    return _guarded(lambda: _dispatch(options))


def _dispatch(options: argparse.Namespace) -> int:
    from paratrain._version import __version__

    if options.version:
        print(__version__)
        return 0
    if options.command == "launch":
        return start.main(options)
    if options.command == "compare":
        return compare.main(options)
    if options.command == "doctor":
        return doctor_module.main(options=options)
    if options.command == "inspect":
        from paratrain.launch import inspect_file

        return inspect_file.main(options.file, options.verify, options.sheet)
    if options.command == "rec":
        return rec.main(options)
    if options.command == "rec2idx":
        options.action = "index"
        return rec.main(options)
    from paratrain.launch import about

    print(about.summary())
    return 0


def _guarded(work: Callable[[], int]) -> int:
    """Run `work`; a user's mistake becomes one line on stderr and exit code 2, Ctrl-C becomes 130."""
    try:
        return work()
    except (ValueError, OSError) as error:
        print(f"paratrain: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
