"""Copy chosen cases of a recorded area into ``tests/golden/<area>``, with only the arrays and files they need.

    python tests/golden/collect.py SOURCE_FOLDER ID_START... [--name AREA] [--files FILE...]

Cases are chosen by the beginning of their id; the whole ``files/`` folder is copied unless ``--files`` names some.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent


def collect(source: Path, starts: tuple[str, ...], target: Path, files: list[str] | None) -> int:
    """Write the chosen cases below `target` and return how many there are."""
    index = json.loads((source / "index.json").read_text())
    cases = [c for c in index["cases"] if c["id"].startswith(starts)]
    used = {c["program"] for c in cases}
    programs = {name: lines for name, lines in index["programs"].items() if name in used}
    target.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    head = json.dumps({"area": index["area"], "format": index["format"], "programs": programs}, indent=1)
    (target / "index.json").write_text(head.removesuffix("\n}") + f',\n"cases": [\n{lines}\n]}}\n')
    for family in {c["family"] for c in cases}:
        copy_arrays(source, family, [c for c in cases if c["family"] == family], target)
    copy_files(source / "files", files, target / "files")
    return len(cases)


def copy_arrays(source: Path, family: str, cases: list[dict], target: Path) -> None:
    keys = [f"{c['id']}:{name}" for c in cases for name in c.get("arrays", [])]
    if not keys:
        return
    with np.load(source / f"{family}.npz") as stored:
        np.savez_compressed(target / f"{family}.npz", **{key: stored[key] for key in keys})


def copy_files(source: Path, names: list[str] | None, target: Path) -> None:
    if not source.is_dir():
        return
    if names is None:
        shutil.copytree(source, target, dirs_exist_ok=True, copy_function=shutil.copyfile)
        return
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source / name, target / name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("start", nargs="+", help="beginning of case ids; an empty string takes all")
    parser.add_argument("--name", help="name of the area's folder here (default: as the source's)")
    parser.add_argument("--files", nargs="*", help="files below files/ to copy (default: all)")
    args = parser.parse_args()
    target = HERE / (args.name or args.source.resolve().name)
    print(f"{collect(args.source, tuple(args.start), target, args.files)} cases in {target}")


if __name__ == "__main__":
    main()
