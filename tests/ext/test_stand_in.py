"""What the engine does with a GPU, on a stand-in for one: replayed programs, kept plans, chains for every device."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "stand_in"
EXT = Path(__file__).resolve().parents[2] / "ext"
SCRIPT = HERE / "engine_on_stand_in.py"
CXX = os.environ.get("CXX", "g++")

pytestmark = [
    pytest.mark.skipif(shutil.which(CXX) is None, reason=f"{CXX} is not installed"),
    pytest.mark.skipif(not (EXT / "core").is_dir(), reason="not a source tree"),
]
CASES = [
    line.removeprefix("def ").split("(")[0]
    for line in SCRIPT.read_text().split("def same(")[1].splitlines()
    if line.startswith("def ")
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The stand-in, compiled."""
    made = tmp_path_factory.mktemp("stand_in") / "device.so"
    sources = [HERE / "device.cc", EXT / "core/kernel.cc", EXT / "kernels/cudnn/plan.cc"]
    flags = ["-std=c++17", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", f"-I{EXT}"]
    subprocess.run([CXX, *flags, *map(str, sources), "-o", str(made)], check=True)
    return made


@pytest.mark.parametrize("case", CASES)
def test_the_engine_on_a_stand_in(library, tmp_path, case):
    environment = {**os.environ, "PARATRAIN_CACHE": str(tmp_path), "PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT), str(library), case],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_cases():
    assert "replays_give_the_same_bits" in CASES
    assert len(CASES) == 9
