"""Slurm's variables, as a job's environment shows them, and what is made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain.launch.hosts import Host
from paratrain.launch.slurm import allocation, expand, tasks_per_node

# what `env | grep SLURM` shows in jobs started by the command in each comment
BATCH = {  # sbatch --nodes 2 --ntasks-per-node 4 --cpus-per-task 8
    "SLURM_CPUS_PER_TASK": "8",
    "SLURM_JOBID": "4711",
    "SLURM_JOB_CPUS_PER_NODE": "32(x2)",
    "SLURM_JOB_ID": "4711",
    "SLURM_JOB_NAME": "train",
    "SLURM_JOB_NODELIST": "gpu[007-008]",
    "SLURM_JOB_NUM_NODES": "2",
    "SLURM_NNODES": "2",
    "SLURM_NODELIST": "gpu[007-008]",
    "SLURM_NPROCS": "8",
    "SLURM_NTASKS": "8",
    "SLURM_NTASKS_PER_NODE": "4",
    "SLURM_PROCID": "0",
    "SLURM_TASKS_PER_NODE": "4(x2)",
}
UNEVEN = {  # sbatch --ntasks 7
    "SLURM_JOB_ID": "4712",
    "SLURM_JOB_NODELIST": "n[1,3-4]",
    "SLURM_NTASKS": "7",
    "SLURM_TASKS_PER_NODE": "3,2(x2)",
}
SHELL = {  # salloc --nodes 1
    "SLURM_JOB_ID": "4713",
    "SLURM_JOB_NODELIST": "login1",
    "SLURM_JOB_NUM_NODES": "1",
    "SLURM_TASKS_PER_NODE": "1",
}
STEP = {**BATCH, "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "3"}  # srun within BATCH


def test_outside_of_slurm() -> None:
    assert allocation({"HOME": "/root"}) is None


@pytest.mark.parametrize(
    ("environment", "hosts", "tasks", "cpus"),
    [
        (BATCH, (Host("gpu007", 4), Host("gpu008", 4)), 8, 8),
        (UNEVEN, (Host("n1", 3), Host("n3", 2), Host("n4", 2)), 7, None),
        (SHELL, (Host("login1", 1),), None, None),
    ],
    ids=["batch", "uneven", "shell"],
)
def test_allocation(environment: dict[str, str], hosts: tuple[Host, ...], tasks: int | None, cpus: int | None) -> None:
    found = allocation(environment)
    assert found is not None
    assert (found.hosts, found.tasks, found.cpus_per_task) == (hosts, tasks, cpus)


def test_one_of_several_tasks_is_told() -> None:
    with pytest.raises(ValueError, match="one of several tasks that srun has started"):
        allocation(STEP)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SLURM_TASKS_PER_NODE": "4"}, "Slurm names 2 nodes and the tasks of 1"),
        ({"SLURM_TASKS_PER_NODE": "four"}, "SLURM_TASKS_PER_NODE must be like"),
        ({"SLURM_NTASKS": "many"}, "SLURM_NTASKS must be a whole number; got 'many'"),
        ({"SLURM_JOB_NODELIST": "n[1-"}, "SLURM_JOB_NODELIST must name nodes"),
        ({"SLURM_JOB_NODELIST": "n[a-b]"}, "must hold ranges such as 1-4; got 'a-b'"),
        ({"SLURM_JOB_NODELIST": "n[5-2]"}, "must hold ranges such as 1-4; got '5-2'"),
        ({"SLURM_JOB_NODELIST": ""}, "SLURM_JOB_NODELIST must name nodes"),
    ],
)
def test_what_is_not_understood_is_told(changes: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        allocation(BATCH | changes)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=6, unique=True))
def test_expand_names_every_number(numbers: list[int]) -> None:
    text = "n[" + ",".join(f"{number:03d}" for number in numbers) + "]"
    assert expand(text) == [f"n{number:03d}" for number in numbers]


@given(st.text(alphabet="n12,-[]ax()", max_size=20))
def test_any_text_gives_names_or_an_error(text: str) -> None:
    for parse in (expand, tasks_per_node):
        try:
            parse(text)
        except ValueError as error:
            assert "SLURM_" in str(error)  # noqa: PT017
