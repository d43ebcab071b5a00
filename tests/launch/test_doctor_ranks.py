"""What ``paratrain doctor`` makes of what the ranks measured."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from paratrain.launch import cli, doctor, doctor_ranks, mpirun
from paratrain.launch.finding import ABSENT, FAILED, OK, SLOW, Finding

has_mpi = importlib.util.find_spec("mpi4py") is not None and mpirun.find_mpirun() is not None


def rank(**changes: Any) -> dict[str, Any]:
    return {
        "host": "a",
        "cores": 4,
        "threads": 2,
        "paratrain": "1.0",
        "python": "3.11",
        "overlaps": True,
        **changes,
    }


def measured(**changes: Any) -> dict[str, Any]:
    sound = {
        "ranks": [rank(), rank(host="b")],
        "sums": {"8": 2e-5, str(1 << 20): 1e-3, str(1 << 24): 1e-2},
        "skew": [0.0, 0.002],
        "folder": {"error": "", "bytes_per_second": 1e8, "unseen": []},
    }
    return {**sound, **changes}


CASES: dict[str, tuple[dict[str, Any], str, str, str, str]] = {
    "ranks": ({}, "ranks", OK, "2 ranks: 1 on a, 1 on b; 2 threads each", ""),
    "sums": ({}, "allreduce", OK, "8 B in 20 µs, 1 MB in 1.00 ms, 16 MB at 1.68 GB/s", ""),
    "clocks": ({}, "clocks", OK, "at most 2.0 ms apart", ""),
    "folder": ({}, "folder", OK, "writable, 100 MB/s with fsync", ""),
    "other versions": (
        {"ranks": [rank(), rank(paratrain="0.9")]},
        "ranks",
        FAILED,
        "versions of paratrain: 1.0 on 1, 0.9 on 1",
        "install one version of paratrain everywhere",
    ),
    "one thread": ({"ranks": [rank(overlaps=False)] * 2}, "ranks", ABSENT, "do not overlap", "MPI_THREAD_MULTIPLE"),
    "slow network": (
        {"sums": {"8": 5e-3, str(1 << 20): 1, str(1 << 24): 1}},
        "allreduce",
        SLOW,
        "16 MB at 0.02 GB/s",
        "--interface NAME",
    ),
    "slow host": (
        {"ranks": [rank(), rank()], "sums": {"8": 5e-3, str(1 << 20): 1, str(1 << 24): 1}},
        "allreduce",
        SLOW,
        "8 B in 5000 µs",
        "start fewer ranks",
    ),
    "clocks apart": ({"skew": [0.0, -7.0]}, "clocks", FAILED, "7000.0 ms apart (rank 1 on b)", "NTP"),
    "no folder": (
        {"folder": {"error": "Permission denied: /x", "bytes_per_second": 0.0, "unseen": [0, 1]}},
        "folder",
        FAILED,
        "Permission denied: /x",
        "make the folder writable",
    ),
    "unseen": (
        {"folder": {"error": "", "bytes_per_second": 1e8, "unseen": [1]}},
        "folder",
        OK,
        "ranks 1 do not see it, which is well",
        "",
    ),
    "slow disk": (
        {"folder": {"error": "", "bytes_per_second": 1e6, "unseen": []}},
        "folder",
        SLOW,
        "1 MB/s",
        "while training goes on",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_judge(name: str) -> None:
    changes, which, status, text, advice = CASES[name]
    finding = doctor_ranks.judge(measured(**changes))[which]
    assert (finding.status, text in finding.text, advice in finding.advice) == (status, True, True), finding


@pytest.mark.skipif(not has_mpi, reason="needs mpi4py and mpirun: pip install 'paratrain[mpi]'")
def test_ranks_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "CHECKS", {})
    code = cli.main(["doctor", "-n", "2", "--folder", str(tmp_path / "run")])
    text = capsys.readouterr().out
    assert code == 0, text
    for word in ("2 ranks: 2 on ", "MB at ", "ms apart", "MB/s with fsync"):
        assert word in text
    assert list((tmp_path / "run").iterdir()) == []


@pytest.mark.skipif(not has_mpi, reason="needs mpi4py and mpirun: pip install 'paratrain[mpi]'")
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", {})
    (tmp_path / "file").write_text("")
    assert cli.main(["doctor", "--folder", str(tmp_path / "file" / "run")]) == 1
    assert "Not a directory" in capsys.readouterr().out


def test_hosts_that_do_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", {})
    monkeypatch.setattr(doctor.about, "package_version", lambda name: "4.0")
    agent = tmp_path / "ssh"
    agent.write_text("#!/bin/sh\necho no such host >&2; exit 255\n")
    agent.chmod(0o700)
    starter = tmp_path / "mpirun"
    starter.write_text("#!/bin/sh\necho HYDRA\n")
    starter.chmod(0o700)
    words = ["doctor", "--hosts", "x:1,y:1", "--ssh", str(agent), "--mpirun", str(starter)]
    assert cli.main(words) == 1
    assert "2 of 2 hosts cannot be reached by ssh: x: no such host" in capsys.readouterr().out


def test_ranks_that_fail_are_a_finding(tmp_path: Path) -> None:
    options = doctor.launch_defaults()
    starter = tmp_path / "mpirun"
    starter.write_text('#!/bin/sh\nif [ "$1" = --version ]; then echo HYDRA; else echo no memory >&2; exit 7; fi\n')
    starter.chmod(0o700)
    options.ranks, options.mpirun, options.folder = 2, str(starter), None
    found = doctor_ranks.run(options)
    assert isinstance(found, Finding)
    assert found.text == "2 ranks: exit code 7: no memory"
