"""Command lines as strings, and which MPI an mpirun belongs to."""

from __future__ import annotations

import shlex
import stat
from pathlib import Path

import pytest

from paratrain.launch import mpirun
from paratrain.launch.hosts import parse_hosts
from paratrain.launch.mpirun import Job, command, family_of, forwarded

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
            "mpirun -n 8 -hosts a:4,b:4 -launcher ssh -bind-to none "
            "-genv OMP_NUM_THREADS 2 -genv PARATRAIN_CORES_PER_RANK 2",
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


FAR = Job(
    4,
    ("python", "t.py"),
    parse_hosts("a:2,b:2"),
    {"A": "1,2"},
    forward=("A", "PATH"),
    bind="mpi",
    cores=3,
    interface="ib0",
    agent="/opt/reach",
    folder="/scratch/run",
)


@pytest.mark.parametrize(
    ("family", "line"),
    [
        (
            "hydra",
            "start -n 4 -hosts a:2,b:2 -launcher ssh -launcher-exec /opt/reach -iface ib0 -bind-to core:3 "
            "-wdir /scratch/run -genv A 1,2 python t.py",
        ),
        (
            "openmpi",
            "start -n 4 --host a:2,b:2 --mca plm_rsh_agent /opt/reach --mca btl_tcp_if_include ib0 "
            "--mca oob_tcp_if_include ib0 --map-by slot:PE=3 --bind-to core --wdir /scratch/run -x PATH -x A=1,2 "
            "python t.py",
        ),
        (
            "srun",
            "env A=1,2 start --ntasks 4 --nodes 2 --nodelist a,b --kill-on-bad-exit=1 --cpus-per-task=3 "
            "--cpu-bind=cores --chdir=/scratch/run python t.py",
        ),
    ],
)
def test_command_with_everything(family: str, line: str) -> None:
    assert shlex.join(command(FAR, "start", family, cpus=8)) == line


def test_in_a_slurm_job_hydra_reaches_its_hosts_by_srun() -> None:
    job = Job(2, ("python",), parse_hosts("a:1,b:1"), remote_shell="slurm")
    assert "-hosts a:1,b:1 -launcher slurm -bind-to none" in shlex.join(command(job, "mpirun", "hydra", cpus=2))


def test_what_goes_to_other_hosts() -> None:
    here = {"OMP_A": "1", "NCCL_DEBUG": "1", "HOME": "/", "LD_LIBRARY_PATH": "x", "MINE": "2"}
    assert forwarded(here, ("MINE",)) == ("LD_LIBRARY_PATH", "MINE", "NCCL_DEBUG", "OMP_A")


def test_command_refuses_an_unknown_family() -> None:
    with pytest.raises(ValueError, match=r"must be one of \['hydra', 'openmpi', 'srun'\]; got 'lam'"):
        command(Job(2, PROGRAM), "mpirun", "lam", cpus=2)


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
