"""From the arguments of ``paratrain launch`` to a job, without starting one."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path

import pytest

from paratrain.launch import arguments, cli, mpijob, mpirun, start
from paratrain.launch.start import Site, Starter

from . import test_slurm

HYDRA = Starter("mpirun", mpirun.HYDRA)
PREFIX = {"PARATRAIN_OUTPUT": "prefix"}


def options(text: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    arguments.add_arguments(parser)
    return parser.parse_args(shlex.split(text))


def site(environment: dict[str, str] | None = None, cores: int = 8) -> Site:
    return Site("python", cores, cores, environment or {})


def line(text: str, family: str = mpirun.HYDRA, environment: dict[str, str] | None = None) -> str:
    """Command line without the path of the file that runs the script."""
    starter = Starter("START", family)
    words = start.words_of(start.plan(options(text), site(environment), starter), starter, site(environment))
    return shlex.join([word for word in words if not word.endswith("rank.py")])


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
        ("-n 2 --bind none t.py", {}, {"OMP_NUM_THREADS": "4"}),
        ("-n 2 --bind mpi t.py", {}, {"OMP_NUM_THREADS": "4"}),
    ],
    ids=["divided", "crowded", "two-hosts", "user-decides", "option-wins", "not-bound", "bound-by-mpi"],
)
def test_threads_of_a_rank(text: str, environment: dict[str, str], expected: dict[str, str]) -> None:
    assert start.plan(options(text), site(environment), HYDRA).environment == expected | PREFIX


def test_one_rank_is_the_script_itself() -> None:
    assert line("-n 1 t.py a").endswith("python -u t.py a")
    job = start.plan(options("-n 1 t.py a"), site())
    assert start.words_of(job, None, site()) == ["python", "-u", "t.py", "a"]


def test_one_rank_with_a_log() -> None:
    words = start.words_of(start.plan(options("-n 1 --log-dir logs t.py"), site()), None, site())
    assert words[:4] == ["env", "PARATRAIN_OUTPUT=log:logs", "python", "-u"]
    assert words[-2:] == ["--alone", "t.py"]


def test_arguments_after_the_script_are_the_scripts() -> None:
    job = start.plan(options("-n 2 train.py -n 7 --hosts x"), site(), HYDRA)
    assert job.ranks == 2
    assert job.program[-5:] == ("train.py", "-n", "7", "--hosts", "x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-n 4 --launcher local -s 2 python train.py --lr 1", "train.py --lr 1"),
        ("-n 4 --launcher ssh -H FILE --env DMLC_X:1 python3 train.py", "train.py"),
        ("--num-workers 4 --num-servers 0 --env-worker A:b /usr/bin/python3.11 train.py -x", "train.py -x"),
    ],
)
def test_command_lines_of_mxnets_launcher(text: str, expected: str, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("a\nb\n")
    parsed = options(text.replace("FILE", str(hosts)))
    job = start.plan(parsed, site(), HYDRA)
    assert job.ranks == 4
    assert shlex.join(job.program).endswith(f"rank.py {expected}")


def test_servers_are_warned_of() -> None:
    told = start.warnings_of(options("-n 2 -s 2 --env-server A:1 t.py"))
    assert "there are no servers here" in told[0]
    assert "--env-server" in told[1]
    assert not start.warnings_of(options("-n 2 -s 0 t.py"))


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        (
            "--env A=1 --env HOME t.py -n 2",
            test_slurm.BATCH | {"HOME": "/root"},
            "START -n 8 -hosts gpu007:4,gpu008:4 -launcher slurm -bind-to none -genv A 1 -genv OMP_NUM_THREADS 8 "
            "-genv PARATRAIN_CORES_PER_RANK 8 -genv PARATRAIN_OUTPUT prefix python -u t.py -n 2",
        ),
        (
            "-n 3 --prefix never t.py",
            test_slurm.UNEVEN,
            "START -n 3 -hosts n1:3,n3:2,n4:2 -launcher slurm -bind-to none -genv OMP_NUM_THREADS 2 "
            "-genv PARATRAIN_CORES_PER_RANK 2 python -u t.py",
        ),
        (
            "-n 8 --prefix never t.py",
            test_slurm.SHELL,
            "START -n 8 -hosts login1:8 -launcher slurm -bind-to none -genv OMP_NUM_THREADS 1 "
            "-genv PARATRAIN_CORES_PER_RANK 1 python -u t.py",
        ),
        (
            "-n 2 --hosts x,y --prefix never t.py",
            test_slurm.BATCH,
            "START -n 2 -hosts x:1,y:1 -launcher ssh -bind-to none -genv OMP_NUM_THREADS 8 "
            "-genv PARATRAIN_CORES_PER_RANK 8 python -u t.py",
        ),
    ],
    ids=["all tasks", "fewer", "more than tasks", "other hosts"],
)
def test_in_a_slurm_job(text: str, environment: dict[str, str], expected: str) -> None:
    assert line(text, environment=environment) == expected


def test_srun() -> None:
    assert line("--prefix never t.py", mpirun.SRUN, test_slurm.BATCH) == (
        "env OMP_NUM_THREADS=8 PARATRAIN_CORES_PER_RANK=8 START --ntasks 8 --nodes 2 --nodelist gpu007,gpu008 "
        "--kill-on-bad-exit=1 --cpus-per-task=8 --cpu-bind=none python -u t.py"
    )


def test_slots_of_a_hostfile_are_the_ranks(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("a slots=3\nb:2\n")
    assert start.plan(options(f"-H {hosts} t.py"), site(), HYDRA).ranks == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-n 0 t.py", "-n must be at least 1; got 0"),
        ("t.py", "-n is required"),
        ("--hosts a,b t.py", "-n is required"),
        ("-n 2 --cores-per-rank 0 t.py", "--cores-per-rank must be at least 1; got 0"),
        ("-n 2 --gpus-per-rank 0 t.py", "--gpus-per-rank must be at least 1; got 0"),
        ("-n 4 --hosts a:1 t.py", "4 ranks need 4 slots"),
        ("-n 4 --hosts a --launcher local t.py", "--launcher local runs on this host only"),
        ("-n 2 --env NOT_SET_ANYWHERE t.py", "--env NOT_SET_ANYWHERE: there is no such variable here"),
        ("-n 2 python -m train", "after python comes the script, without options of Python"),
    ],
)
def test_plan_refuses(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        start.plan(options(text), site(cores=2), HYDRA)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-n 2 --launcher sge t.py", "--launcher sge: in a Grid Engine job use"),
        ("-n 2 --launcher yarn t.py", "--launcher yarn: Hadoop YARN starts no MPI jobs"),
        ("-n 2 --launcher magic t.py", "--launcher must be one of auto, mpirun, srun, local, ssh, mpi; got 'magic'"),
        ("-n 2 --launcher srun t.py", "--launcher srun works in a Slurm job"),
    ],
)
def test_launchers_that_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        start.find_starter(options(text), site())


@pytest.mark.parametrize("text", ["-n 2 --env 2A=1 t.py", "-n 2 --hosts a --hostfile b t.py", "-n 2 --rank 3 t.py"])
def test_usage_errors(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        options(text)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_the_working_directory_is_copied_first(tmp_path: Path) -> None:
    job = start.plan(options("-n 2 --hosts a,b --sync-dst-dir /run/x t.py"), site(), HYDRA)
    assert [shlex.join(words) for words in start.copies(job)] == [
        "rsync -az ./ a:/run/x/",
        "rsync -az ./ b:/run/x/",
    ]
    assert " -wdir /run/x " in shlex.join(start.words_of(job, HYDRA, site()))
    alone = start.plan(options("-n 2 --sync-dst-dir /run/x t.py"), site(), HYDRA)
    with pytest.raises(ValueError, match="--sync-dst-dir copies to other hosts"):
        start.copies(alone)


MANIFEST = "-n 6 --mpijob --image images/digits:1 --ranks-per-pod 4 --gpus-per-rank 1 --cores-per-rank 8 --name digits"


def test_manifest_for_kubernetes(capsys: pytest.CaptureFixture[str]) -> None:
    yaml = pytest.importorskip("yaml", reason="reading the manifest back needs PyYAML: pip install pyyaml")
    code = cli.main(["launch", *shlex.split(MANIFEST), "--env", "A=b: c", "--max-restarts", "2", "t.py", "say 'no'\n"])
    assert code == 0
    found = yaml.safe_load(capsys.readouterr().out)
    assert (found["apiVersion"], found["kind"]) == ("kubeflow.org/v2beta1", "MPIJob")
    spec = found["spec"]
    assert spec["slotsPerWorker"] == 4
    launcher = spec["mpiReplicaSpecs"]["Launcher"]["template"]["spec"]["containers"][0]
    again = options(shlex.join(launcher["command"][2:]))
    assert launcher["command"][:2] == ["paratrain", "launch"]
    assert (again.ranks, again.hostfile, again.env, again.max_restarts) == (6, "/etc/mpi/hostfile", [("A", "b: c")], 2)
    assert again.arguments == ["say 'no'\n"]
    worker = spec["mpiReplicaSpecs"]["Worker"]
    assert worker["replicas"] == 2
    assert worker["template"]["spec"]["containers"][0]["resources"]["limits"] == {"cpu": 32, "nvidia.com/gpu": 4}


def test_yaml_is_read_back_as_it_was() -> None:
    yaml = pytest.importorskip("yaml", reason="reading YAML needs PyYAML: pip install pyyaml")
    value = {"a": ["1", 1, True, None, "no", "ä\n\t'\"", [], {}, ["x", ["y"]], {"b": {"c": [{"d": 1, "e": []}]}}]}
    assert yaml.safe_load(mpijob.to_yaml(value)) == value
    assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-n 2 --mpijob t.py", "--mpijob needs --image"),
        ("-n 2 --mpijob --image x --hosts a t.py", "Kubernetes chooses the hosts"),
        ("-n 2 --mpijob --image x --ranks-per-pod 0 t.py", "--ranks-per-pod must be at least 1; got 0"),
        ("-n 2 --mpijob --image x --name Digits t.py", "--name must be lower-case letters"),
    ],
)
def test_manifests_that_are_refused(text: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["launch", *shlex.split(text)]) == 2
    assert message in capsys.readouterr().err
