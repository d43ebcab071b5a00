"""The checks of ``paratrain doctor``, each with something to find."""

from __future__ import annotations

import importlib.util
import stat
import sys
from pathlib import Path

import pytest

from paratrain.launch import about, doctor, mpirun
from paratrain.launch.doctor import ABSENT, FAILED, OK, Finding

has_mpi = importlib.util.find_spec("mpi4py") is not None and mpirun.find_mpirun() is not None


def test_a_sound_installation(capsys: pytest.CaptureFixture[str]) -> None:
    quick = {name: check for name, check in doctor.CHECKS.items() if name not in ("mpirun", "MPI")}
    assert doctor.main(quick) == 0
    text = capsys.readouterr().out
    assert "oneDNN" in text
    assert text.rstrip().endswith("All is well.")


def test_a_failed_check_makes_the_exit_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    checks = {"good": lambda: Finding(OK, "fine"), "bad": lambda: Finding(FAILED, "broken", "mend it")}
    assert doctor.main(checks) == 1
    assert "FAILED  bad       broken\n" in capsys.readouterr().out


def test_what_is_absent_is_told_and_does_not_fail(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main({"gpu": lambda: Finding(ABSENT, "none", "buy one")}) == 0
    assert "→ buy one" in capsys.readouterr().out


def test_a_check_that_raises_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    def check() -> Finding:
        raise OSError("no such disk")

    assert doctor.main({"disk": check}) == 1
    assert "OSError: no such disk" in capsys.readouterr().out


def test_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"numpy": "2.0", "ml_dtypes": None, "pillow": "11"}
    monkeypatch.setattr(about, "package_version", versions.get)
    finding = doctor.check_packages()
    assert finding.status == FAILED
    assert finding.advice == "pip install ml_dtypes"


def test_too_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "100000")
    assert doctor.check_threads().status == FAILED
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert doctor.check_threads().status == OK


def test_without_mpi4py(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about, "package_version", lambda name: None)
    for check in (doctor.check_mpi, doctor.check_mpirun):
        finding = check()
        assert finding.status == ABSENT
        assert "paratrain[mpi]" in finding.advice


def fake_mpirun(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    path = folder / "mpirun"
    path.write_text("#!/bin/sh\n" + body)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(mpirun, "find_mpirun", lambda: str(path))
    monkeypatch.setattr(about, "package_version", lambda name: "4.0")
    monkeypatch.setattr(about, "mpi_library", lambda: "Some MPI 1.0")


VERSION = 'if [ "$1" = --version ]; then echo HYDRA; exit 0; fi\n'


@pytest.mark.parametrize(
    ("body", "text", "advice"),
    [
        (VERSION + "echo sum 1 of 1; echo sum 1 of 1\n", "must see each other; they said: sum 1 of 1", "Some MPI 1.0"),
        (VERSION + "echo no permission >&2; exit 3\n", "exit code 3: no permission", "by hand"),
        ("echo strange\n", "MPICH family", "another mpirun"),
    ],
    ids=["of-another-mpi", "fails", "unknown"],
)
def test_an_mpirun_that_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, text: str, advice: str
) -> None:
    fake_mpirun(tmp_path, monkeypatch, body)
    finding = doctor.check_mpirun()
    assert finding.status == FAILED
    assert text in finding.text
    assert advice in finding.advice


def test_an_mpirun_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_mpirun(tmp_path, monkeypatch, VERSION + "exec sleep 30\n")
    monkeypatch.setattr(doctor, "MPI_TEST_SECONDS", 0.3)
    finding = doctor.check_mpirun()
    assert finding.status == FAILED
    assert "did not end in 0.3 s" in finding.text


@pytest.mark.skipif(not has_mpi, reason="needs mpi4py and mpirun: pip install 'paratrain[mpi]'")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_the_real_mpirun(unbuffered: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    assert doctor.check_mpirun().status == OK


def test_summary_names_everything_a_report_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about, "mpi_library", lambda: "Some MPI 1.0")
    text = about.summary()
    for word in ("paratrain", "Python", "numpy", "oneDNN", "cores", "cpu", "Some MPI 1.0", "mpirun"):
        assert word in text
    assert sys.version.split()[0] in text
