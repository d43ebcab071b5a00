"""What the files around the code promise: packages, versions of tools, requirements, the program of the README."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import paratrain

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {"paratrain": "paratrain", "ext": "paratrain.ext", "io": "paratrain.io", "launch": "paratrain.launch"}


def run(*words: str, folder: Path = ROOT) -> str:
    return subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_every_folder_with_modules_is_a_package() -> None:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            assert (path.parent / "__init__.py").exists(), f"{path.parent} has modules and no __init__.py"


@pytest.mark.parametrize("package", ROOMS.values())
def test_packages_import_from_any_folder(package: str, tmp_path: Path) -> None:
    assert run("-c", f"import {package}; print({package}.__name__)", folder=tmp_path).strip() == package


def test_the_folder_io_does_not_hide_the_standard_library(tmp_path: Path) -> None:
    for folder in (ROOT, tmp_path):
        assert run("-c", "import io, paratrain.io; print(io.StringIO('x').read())", folder=folder).strip() == "x"


def test_version_comes_from_one_place() -> None:
    assert run("-m", "paratrain", "--version").strip() == paratrain.__version__


def test_import_does_not_load_what_is_optional() -> None:
    optional = ("mpi4py", "matplotlib", "sklearn", "tqdm", "pycuda")
    loaded = run("-c", "import sys, paratrain; print(*sys.modules)").split()
    assert not [name for name in optional if name in loaded]


def test_tools_have_one_version_in_commit_hooks_and_lint() -> None:
    pinned = dict(re.findall(r'"([a-z-]+)==([\d.]+)"', (ROOT / "pyproject.toml").read_text()))
    hooks = dict(re.findall(r"\[([a-z-]+)==([\d.]+)\]", (ROOT / ".pre-commit-config.yaml").read_text()))
    shared = set(pinned) & set(hooks)
    assert {"ruff", "clang-format", "cython-lint"} <= shared
    assert {name: pinned[name] for name in shared} == {name: hooks[name] for name in shared}


def test_requirements_follow_extras_of_extras() -> None:
    lines = run(".ci/requirements.py", "build", "test").splitlines()
    names = [re.split(r"[<>=;\[ ]", line)[0] for line in lines]
    assert {"cython", "setuptools", "numpy", "mpi4py", "mpich", "pytest", "scikit-learn"} <= set(names)
    assert "paratrain" not in names


def test_the_program_of_the_readme_is_the_example() -> None:
    program = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert program is not None
    example = (ROOT / "examples" / "mlp_symbol.py").read_text()
    assert program[1].strip() == example.split('"""', 2)[2].strip()


def test_links_between_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_environment_variables_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "environment.md").read_text()
    pattern = re.compile(r"\bPARATRAIN_[A-Z0-9_]*[A-Z0-9]\b")
    endings = {".py", ".pyx", ".pxi", ".h", ".cc", ".cu", ".cuh"}
    used = set(pattern.findall((ROOT / "setup.py").read_text()))
    for room in [*ROOMS, "tests"]:
        for path in (ROOT / room).rglob("*"):
            if path.suffix in endings:
                used |= set(pattern.findall(path.read_text()))
    assert used == set(pattern.findall(page))


def test_find_python_refuses_with_a_reason() -> None:
    done = subprocess.run(
        [str(ROOT / ".ci" / "find-python")],
        env={"PATH": "/usr/bin:/bin", "PYTHON": "no-such-python"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no usable Python among: no-such-python" in done.stderr
