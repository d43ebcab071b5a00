"""How cores and threads are divided among local ranks."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain.launch import cores
from paratrain.launch.cores import Share, divide, group_by_core, parse_cpu_list, share_of

FOUR = [(0,), (1,), (2,), (3,)]
TWO_WITH_HYPERTHREADS = {0: (0, 2), 2: (0, 2), 1: (1, 3), 3: (1, 3)}


@pytest.mark.parametrize(
    ("text", "cpus"), [("0", (0,)), ("0-3", (0, 1, 2, 3)), ("0-1,8,10-11\n", (0, 1, 8, 10, 11)), ("", ())]
)
def test_cpu_list(text: str, cpus: tuple[int, ...]) -> None:
    assert parse_cpu_list(text) == cpus


def test_hyperthreads_of_a_core_stay_together() -> None:
    assert group_by_core(range(4), TWO_WITH_HYPERTHREADS) == [(0, 2), (1, 3)]
    assert share_of([range(4)] * 2, 1, TWO_WITH_HYPERTHREADS) == Share(cpus=(1, 3), threads=1)


def test_a_core_of_which_one_hyperthread_is_allowed() -> None:
    assert group_by_core([0, 1, 3], TWO_WITH_HYPERTHREADS) == [(0,), (1, 3)]


@pytest.mark.parametrize(
    ("position", "count", "limit", "quota", "share"),
    [
        (0, 1, None, None, Share((0, 1, 2, 3), 4)),
        (1, 2, None, None, Share((2, 3), 2)),
        (0, 3, None, None, Share((0, 1), 2)),
        (2, 3, None, None, Share((3,), 1)),
        (4, 5, None, None, Share((0, 1, 2, 3), 1)),
        (1, 2, 1, None, Share((1,), 1)),
        (1, 2, 3, None, Share((0, 1, 2, 3), 3)),
        (0, 2, None, 2.0, Share((0, 1), 1)),
        (0, 2, None, 0.5, Share((0, 1), 1)),
    ],
    ids=["alone", "half", "odd-first", "odd-last", "too-many", "limit", "limit-too-large", "quota", "quota-below-one"],
)
def test_divide(position: int, count: int, limit: int | None, quota: float | None, share: Share) -> None:
    assert divide(FOUR, position, count, limit, quota) == share


@given(number=st.integers(1, 40), count=st.integers(1, 40))
def test_shares_use_every_core_once(number: int, count: int) -> None:
    machine = [(core,) for core in range(number)]
    shares = [divide(machine, position, count) for position in range(count)]
    assert all(share.threads >= 1 for share in shares)
    if count <= number:
        assert sorted(cpu for share in shares for cpu in share.cpus) == list(range(number))
        assert max(share.threads for share in shares) - min(share.threads for share in shares) <= 1


def test_ranks_bound_by_their_launcher_keep_their_cores() -> None:
    masks = [{0, 1}, {2, 3}]
    assert [share_of(masks, rank, {}) for rank in (0, 1)] == [Share((0, 1), 2), Share((2, 3), 2)]


def test_ranks_bound_in_pairs_divide_the_cores_of_the_pair() -> None:
    masks = [{0, 1}, {2, 3}, {0, 1}, {2, 3}]
    assert [share_of(masks, rank, {}).cpus for rank in range(4)] == [(0,), (2,), (1,), (3,)]


@pytest.mark.parametrize(("position", "limit"), [(2, None), (-1, None), (0, 0)])
def test_divide_refuses(position: int, limit: int | None) -> None:
    with pytest.raises(ValueError, match=r"\[cores\] (position|cores per rank) must be"):
        divide(FOUR, position, 2, limit)


PRINT_BINDING = """
import json, os, threading
from paratrain.launch import cores
first = cores.bind_local_rank({rank}, {size})
again = cores.bind_local_rank({rank}, {size})
print(json.dumps([None if first is None else [first.cpus, first.threads], first == again,
                  sorted(os.sched_getaffinity(0)), os.environ.get("OMP_NUM_THREADS")]))
"""


def binding(rank: int, size: int, **environment: str) -> list:
    done = subprocess.run(
        [sys.executable, "-c", PRINT_BINDING.format(rank=rank, size=size)],
        capture_output=True,
        text=True,
        check=True,
        env=clean_environment(environment),
    )
    return json.loads(done.stdout)


def clean_environment(more: dict[str, str]) -> dict[str, str]:

    own = {*cores.THREAD_VARIABLES, cores.CORES_PER_RANK}
    return {name: value for name, value in os.environ.items() if name not in own} | more


def test_process_is_pinned_to_its_share_once() -> None:
    expected = share_of([cores.allowed_cpus()] * 2, 1, cores.read_siblings(), None, cores.read_quota())
    share, same_again, affinity, threads = binding(1, 2)
    assert share == [list(expected.cpus), expected.threads]
    assert same_again
    assert affinity == list(expected.cpus)
    assert threads == str(expected.threads)


def test_users_openmp_settings_are_kept() -> None:
    share, _, affinity, threads = binding(0, 2, OMP_NUM_THREADS="7")
    assert share is None
    assert affinity == sorted(cores.allowed_cpus())
    assert threads == "7"


def test_one_rank_keeps_the_machine() -> None:
    assert binding(0, 1)[0] is None


def test_cores_per_rank_must_be_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cores.CORES_PER_RANK, "two")
    with pytest.raises(ValueError, match=r"PARATRAIN_CORES_PER_RANK must be a whole number of cores.*'two'"):
        cores.bind_local_rank(0, 2)
