"""Command lines as strings, hosts, and which MPI an mpirun belongs to."""

from __future__ import annotations

import argparse
import shlex
import stat
from pathlib import Path

import pytest

from paratrain.launch import mpirun, start
from paratrain.launch.mpirun import Host, Job, command, family_of, parse_hosts, place

THREADS = {"OMP_NUM_THREADS": "2", "PARATRAIN_CORES_PER_RANK": "2"}
PROGRAM = ("python", "-u", "rank.py", "train.py", "--name", "two words")


@pytest.mark.parametrize(
    ("family", "ranks", "hosts", "root", "line"),
    [
        ("hydra", 2, "", True, "mpirun -n 2 -bind-to none -genv OMP_NUM_THREADS 2 -genv PARATRAIN_CORES_PER_RANK 2"),
        (
            "hydra",
            8,
            "a:4,b:4",
            False,
            "mpirun -n 8 -hosts a:4,b:4 -bind-to none -genv OMP_NUM_THREADS 2 -genv PARATRAIN_CORES_PER_RANK 2",
        ),
        (
            "openmpi",
            4,
            "",
            False,
            "mpirun -n 4 --bind-to none -x OMP_NUM_THREADS=2 -x PARATRAIN_CORES_PER_RANK=2",
        ),
        (
            "openmpi",
            5,
            "",
            True,
            "mpirun -n 5 --allow-run-as-root --bind-to none --map-by :OVERSUBSCRIBE "
            "-x OMP_NUM_THREADS=2 -x PARATRAIN_CORES_PER_RANK=2",
        ),
        (
            "openmpi",
            8,
            "a,b",
            False,
            "mpirun -n 8 --host a:4,b:4 --bind-to none -x OMP_NUM_THREADS=2 -x PARATRAIN_CORES_PER_RANK=2",
        ),
    ],
    ids=["hydra", "hydra-hosts", "openmpi", "openmpi-root-crowded", "openmpi-hosts"],
)
def test_command(family: str, ranks: int, hosts: str, root: bool, line: str) -> None:
    job = Job(ranks, PROGRAM, parse_hosts(hosts) if hosts else (), THREADS)
    words = command(job, "mpirun", family, cpus=4, root=root)
    assert shlex.join(words) == line + " python -u rank.py train.py --name 'two words'"


def test_command_refuses_an_unknown_family() -> None:
    with pytest.raises(ValueError, match=r"must be one of \['hydra', 'openmpi'\]; got 'lam'"):
        command(Job(2, PROGRAM), "mpirun", "lam", cpus=2)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("a", (Host("a"),)),
        ("a:2,b:3", (Host("a", 2), Host("b", 3))),
        ("a, b:1", (Host("a"), Host("b", 1))),
    ],
)
def test_hosts(text: str, hosts: tuple[Host, ...]) -> None:
    assert parse_hosts(text) == hosts


@pytest.mark.parametrize("text", [",a", "a:", "a:zero", "a:0", "a:-1", ":2"])
def test_bad_hosts(text: str) -> None:
    with pytest.raises(ValueError, match=r"--hosts takes NAME or NAME:SLOTS"):
        parse_hosts(text)


def test_host_named_twice() -> None:
    with pytest.raises(ValueError, match=r"each host may be named once.*'a,a'"):
        parse_hosts("a,a")


@pytest.mark.parametrize(
    ("ranks", "text", "slots"), [(5, "a,b", (3, 3)), (4, "a:1,b", (1, 3)), (2, "a:2,b", (2, 1)), (1, "a:8", (8,))]
)
def test_place(ranks: int, text: str, slots: tuple[int, ...]) -> None:
    assert tuple(host.slots for host in place(ranks, parse_hosts(text))) == slots


def test_too_few_slots() -> None:
    with pytest.raises(ValueError, match=r"8 ranks need 8 slots; --hosts offers 4"):
        place(8, parse_hosts("a:2,b:2"))


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("HYDRA build details:\n    Version: 5.0.2", "hydra"),
        ("Intel(R) MPI Library for Linux* OS, Version 2021.13", "hydra"),
        ("mpirun (Open MPI) 5.0.3\n", "openmpi"),
        ("mpiexec (OpenRTE) 2.1.1", "openmpi"),
    ],
)
def test_family(text: str, family: str) -> None:
    assert family_of(text) == family


@pytest.mark.parametrize("text", ["", "mpirun 1.0 of something"])
def test_unknown_family(text: str) -> None:
    with pytest.raises(ValueError, match="must be of the MPICH family"):
        family_of(text)


def fake_mpirun(folder: Path, body: str, name: str = "mpirun") -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n" + body)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_find_mpirun_falls_back_to_mpiexec(tmp_path: Path) -> None:
    assert mpirun.find_mpirun(str(tmp_path)) is None
    mpiexec = fake_mpirun(tmp_path, "exit 0\n", name="mpiexec")
    assert mpirun.find_mpirun(str(tmp_path)) == str(mpiexec)
    both = fake_mpirun(tmp_path, "exit 0\n")
    assert mpirun.find_mpirun(str(tmp_path)) == str(both)


def test_broken_mpirun_is_named(tmp_path: Path) -> None:
    broken = fake_mpirun(tmp_path, "echo no such library >&2; exit 127\n")
    with pytest.raises(OSError, match="mpirun --version must work; exit status 127: no such library"):
        mpirun.version_text(str(broken))


def options(text: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    start.add_arguments(parser)
    return parser.parse_args(shlex.split(text))


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        ("-n 2 t.py", {}, {"OMP_NUM_THREADS": "4", "PARATRAIN_CORES_PER_RANK": "4"}),
        ("-n 16 t.py", {}, {"OMP_NUM_THREADS": "1", "PARATRAIN_CORES_PER_RANK": "1"}),
        ("-n 4 --hosts a,b t.py", {}, {"OMP_NUM_THREADS": "4", "PARATRAIN_CORES_PER_RANK": "4"}),
        ("-n 2 t.py", {"OMP_NUM_THREADS": "3"}, {}),
        (
            "-n 2 --cores-per-rank 1 t.py",
            {"OMP_NUM_THREADS": "3"},
            {"OMP_NUM_THREADS": "1", "PARATRAIN_CORES_PER_RANK": "1"},
        ),
        ("-n 1 t.py", {}, {}),
    ],
    ids=["divided", "crowded", "two-hosts", "user-decides", "option-wins", "alone"],
)
def test_threads_of_a_rank(text: str, environment: dict[str, str], expected: dict[str, str]) -> None:
    assert start.plan(options(text), "python", own_cores=8, environment=environment).environment == expected


def test_arguments_after_the_script_are_the_scripts() -> None:
    job = start.plan(options("-n 2 train.py -n 7 --hosts x"), "python", own_cores=2)
    assert job.ranks == 2
    assert job.program[-5:] == ("train.py", "-n", "7", "--hosts", "x")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-n 0 t.py", "-n must be at least 1; got 0"),
        ("-n 2 --cores-per-rank 0 t.py", "--cores-per-rank must be at least 1; got 0"),
        ("-n 4 --hosts a:1 t.py", "4 ranks need 4 slots"),
    ],
)
def test_plan_refuses(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        start.plan(options(text), "python", own_cores=2)
