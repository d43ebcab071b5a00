"""Print what pyproject.toml asks for, one requirement a line: ``requirements.py build test``.

``build`` stands for what is needed to build; every other word is an extra. The project's own dependencies
are always printed. It lets pip install everything before the project itself is built in place.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    from pip._vendor import tomli as tomllib


def requirements(project: dict, names: list[str]) -> list[str]:
    """Requirements of the extras `names`, with extras of extras followed."""
    found = list(project["project"]["dependencies"])
    for name in names:
        wanted = (
            project["build-system"]["requires"]
            if name == "build"
            else project["project"]["optional-dependencies"][name]
        )
        for requirement in wanted:
            own = re.fullmatch(r"paratrain\[(.*)\]", requirement)
            found += requirements(project, own[1].split(",")) if own else [requirement]
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    text = (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text()
    print("\n".join(requirements(tomllib.loads(text), sys.argv[1:])))
