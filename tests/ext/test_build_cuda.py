"""Finding nvcc, headers and libraries for `python setup.py build_cuda`."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.skipif(not (ROOT / "setup.py").exists(), reason="not a source tree"),
    pytest.mark.skipif(importlib.util.find_spec("setuptools") is None, reason="setuptools is not installed"),
]


@pytest.fixture
def build(monkeypatch):
    """setup.py as a module, in an environment without NVIDIA's packages."""
    monkeypatch.delenv("CUDA_HOME", raising=False)
    spec = importlib.util.spec_from_file_location("setup_under_test", ROOT / "setup.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "wheel", lambda name: None)
    return module


def wheels(monkeypatch, build, site, versions):
    """Let packages be installed in a folder, each with the headers and libraries that are looked for."""

    class Wheel:
        def __init__(self, version, files):
            self.version, self.files = version, [Path(f) for f in files]

        def locate_file(self, path):
            return site / path

    contents = {
        "nvidia-cublas": ["nvidia/cu13/include/cublas_v2.h", "nvidia/cu13/lib/libcublas.so.13"],
        "nvidia-cudnn-cu13": ["nvidia/cudnn/include/cudnn.h", "nvidia/cudnn/lib/libcudnn.so.9"],
        "nvidia-cuda-nvcc": ["nvidia/cu13/bin/nvcc"],
    }
    found = {}
    for name, version in versions.items():
        files = contents.get(name, ["nvidia/cu13/include/part.h"])
        for file in files:
            (site / file).parent.mkdir(parents=True, exist_ok=True)
            (site / file).touch()
        found[name] = Wheel(version, files)
    monkeypatch.setattr(build, "wheel", found.get)


def toolkit(home, release="13.0"):
    """A folder with an nvcc that tells its place and version."""
    for folder in ("bin", "include", "lib64"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    nvcc = home / "bin/nvcc"
    nvcc.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "Cuda compilation tools, release {release}, V{release}.1" && exit\n'
        f'echo "#\\$ TOP={home}/bin/.." >&2\n'
    )
    nvcc.chmod(0o755)
    return nvcc


COMPILER = {"nvidia-cuda-nvcc": "13.5.1", "nvidia-cuda-runtime": "13.5.7", "nvidia-cuda-crt": "13.5.1"}
COMPILER |= {"nvidia-cuda-cccl": "13.3.5", "nvidia-nvvm": "13.5.1"}
LIBRARIES = {"nvidia-cublas": "13.10.0", "nvidia-cudnn-cu13": "9.28.1"}


def test_a_toolkit_is_found_through_a_script_on_the_path(build, monkeypatch, tmp_path):
    toolkit(tmp_path / "cuda")
    script = tmp_path / "elsewhere/nvcc"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {tmp_path}/cuda/bin/nvcc "$@"\n')
    script.chmod(0o755)
    monkeypatch.setattr(build.shutil, "which", lambda name: str(script))
    wheels(monkeypatch, build, tmp_path / "site", LIBRARIES)
    found = build.cuda_toolkit()
    assert found["nvcc"] == str(tmp_path / "cuda/bin/nvcc")
    # its own headers before those that a wheel may have brought
    site = tmp_path / "site/nvidia"
    assert found["include"] == [tmp_path / "cuda/include", site / "cu13/include", site / "cudnn/include"]
    assert found["lib"] == [site / "cu13/lib", site / "cudnn/lib", tmp_path / "cuda/lib64"]
    assert found["link"] == ["libcublas.so.13", "libcudnn.so.9"]


def test_pypis_nvcc_goes_before_the_path_and_cuda_home_before_both(build, monkeypatch, tmp_path):
    wheels(monkeypatch, build, tmp_path / "site", {**COMPILER, **LIBRARIES})
    toolkit(tmp_path / "site/nvidia/cu13", "13.5")
    toolkit(tmp_path / "path")
    monkeypatch.setattr(build.shutil, "which", lambda name: str(tmp_path / "path/bin/nvcc"))
    assert build.cuda_toolkit()["nvcc"] == str(tmp_path / "site/nvidia/cu13/bin/nvcc")
    toolkit(tmp_path / "home")
    monkeypatch.setenv("CUDA_HOME", str(tmp_path / "home"))
    assert build.cuda_toolkit()["nvcc"] == str(tmp_path / "home/bin/nvcc")


@pytest.mark.parametrize(
    ("versions", "match"),
    [
        (
            {"nvidia-cuda-nvcc": "13.5.1", **LIBRARIES},
            r"its parts; pip install nvidia-cuda-runtime .*nvidia-nvvm",
        ),
        (
            {**COMPILER, **LIBRARIES, "nvidia-nvvm": "13.2.0"},
            r"must have one version; installed are .*nvidia-cuda-nvcc 13\.5, .*nvidia-nvvm 13\.2",
        ),
    ],
    ids=["parts missing", "mixed versions"],
)
def test_an_incomplete_compiler_is_refused(build, monkeypatch, tmp_path, versions, match):
    wheels(monkeypatch, build, tmp_path, versions)
    with pytest.raises(SystemExit, match=match):
        build.cuda_toolkit()


def test_no_nvcc(build, monkeypatch):
    monkeypatch.setattr(build.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"nvcc was not found; install CUDA >= 13, or pip install nvidia-cuda-nvcc"):
        build.cuda_toolkit()


def test_an_old_toolkit(build, monkeypatch, tmp_path):
    monkeypatch.setattr(build.shutil, "which", lambda name: str(toolkit(tmp_path, "12.8")))
    with pytest.raises(SystemExit, match=r"CUDA >= 13 is needed; .* is CUDA 12"):
        build.cuda_toolkit()


def test_no_libraries(build, monkeypatch, tmp_path):
    monkeypatch.setattr(build.shutil, "which", lambda name: str(toolkit(tmp_path)))
    with pytest.raises(SystemExit, match=r"libcublas\.so\.13 was not found; pip install nvidia-cublas"):
        build.cuda_toolkit()


@pytest.mark.parametrize(
    ("option", "match"),
    [({"arch": "80,sm_90"}, "--arch must be compute capabilities"), ({"jobs": "0"}, "--jobs must be a whole number")],
    ids=["arch", "jobs"],
)
def test_wrong_options(build, option, match):
    command = types.SimpleNamespace(arch="80,90", output="ext", jobs="2")
    vars(command).update(option)
    with pytest.raises(SystemExit, match=match):
        build.BuildCuda.finalize_options(command)
