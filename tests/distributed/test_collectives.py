from __future__ import annotations

import os
import subprocess
import sys

import pytest

RANKS = (1, 2, 4)


@pytest.mark.parametrize("n", RANKS)
def test_collectives(n, run_ranks):
    assert run_ranks(n, "collectives.py", n).out.count("ok") == n


@pytest.mark.parametrize("n", RANKS)
@pytest.mark.parametrize("kind", ["dist_sync", "dist_device_sync"])
def test_store(kind, n, run_ranks):
    assert run_ranks(n, "stores.py", kind).out.count("ok") == n


MISMATCHES = {
    "key": ("init", "key 'w' (2, 3) float32 on rank 0, but key 'v' (2, 3) float32 on rank 1"),
    "shape": ("init", "key 'w' (2, 3) float32 on rank 0, but key 'w' (3, 2) float32 on rank 1"),
    "dtype": ("init", "key 'w' (2, 3) float32 on rank 0, but key 'w' (2, 3) float64 on rank 1"),
    "order": ("push", "key 'w' (2, 3) float32 on rank 0, but key 'v' (2, 3) float32 on rank 1"),
}


@pytest.mark.parametrize("what", MISMATCHES)
def test_ranks_with_other_keys_show_both_sides(what, run_ranks):
    done = run_ranks(2, "mismatched.py", what, code=1)
    assert MISMATCHES[what][1] in done.err


def test_each_rank_gets_its_part_of_the_cores(run_ranks):
    """Without OMP_NUM_THREADS the ranks divide the cores."""
    done = run_ranks(2, "cores.py", OMP_NUM_THREADS="", PARATRAIN_CORES_PER_RANK="1")
    assert sorted(line.split()[0] for line in done.out.splitlines()) == ["1", "1"]
    if len(os.sched_getaffinity(0)) >= 2:
        assert len({line.split()[1] for line in done.out.splitlines()}) == 2


WITHOUT = """
import os, sys
sys.modules["mpi4py"] = {blocked}
os.environ.update({environment})
from paratrain.kvstore.transport import world
print(world())
"""


def python(blocked, environment):
    code = WITHOUT.format(blocked=blocked, environment=environment)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)


def test_a_process_that_no_launcher_has_started_does_not_import_mpi():
    done = python("None", {})
    assert "<World alone: rank 0 of 1" in done.stdout


def test_ranks_without_mpi4py_do_not_train_each_by_itself():
    done = python("None", {"PMI_SIZE": "2"})
    assert done.returncode == 1
    assert "has started 2 ranks, but mpi4py cannot be used" in done.stderr
    assert "pip install 'paratrain[mpi]'" in done.stderr


@pytest.mark.parametrize("n", [2, 4])
def test_sums_between_hosts_in_the_order_of_the_ranks(n, run_ranks):
    assert run_ranks(n, "ordered.py", PARATRAIN_ORDERED_SUMS="1").out.count("ok") == n


@pytest.mark.parametrize("n", RANKS)
def test_horovods_calls(n, run_ranks):
    assert run_ranks(n, "horovod.py").out.count("ok") == n
