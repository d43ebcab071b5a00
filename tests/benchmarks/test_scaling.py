"""The model of scaling: limits that follow without it, and directions."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "scaling.py"


@pytest.fixture(scope="module")
def scaling():
    import sys

    spec = importlib.util.spec_from_file_location("scaling_model", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["scaling_model"] = module  # dataclasses look for it
    spec.loader.exec_module(module)
    yield module
    del sys.modules["scaling_model"]


@pytest.mark.parametrize("ranks", [2, 8, 4096])
def test_sums_are_never_below_what_must_be_sent(ranks, scaling):
    link = scaling.Link(1e-6, 1e-10)
    for nbytes in (8, 1e4, 1e8):
        took = scaling.allreduce(nbytes, ranks, link)
        assert took >= nbytes * link.per_byte * 2 * (ranks - 1) / ranks or took >= nbytes * link.per_byte
        assert took >= link.latency
    assert scaling.allreduce(1e8, ranks, link) <= 2.01e-2  # twice the bytes, however many ranks


def test_what_backward_hides_costs_nothing(scaling):
    work = scaling.Work(1e8, 1.0, backward=0.5, bucket_bytes=1e6, jitter=0.0)
    assert scaling.step_seconds(work, 8, lambda nbytes: 0.0) == pytest.approx(1.0)
    assert scaling.step_seconds(work, 8, lambda nbytes: 1e-3) == pytest.approx(1.001)  # the last bucket is seen
    assert scaling.step_seconds(work, 8, lambda nbytes: 1e-2) == pytest.approx(0.505 + 1.0)  # 100 of them are the step


def test_more_ranks_slower_links_and_jitter_cost(scaling):
    fast, slow = scaling.Link(1e-6, 1e-10), scaling.Link(1e-5, 1e-9)
    work = scaling.Work(1e8, 0.1)
    found = [scaling.efficiency(work, ranks, 8, fast, slow) for ranks in (1, 8, 64, 512, 4096)]
    assert found[0] == pytest.approx(1.0)
    assert found == sorted(found, reverse=True)
    assert scaling.efficiency(work, 64, 8, fast, fast) > found[2]
    calm = scaling.Work(1e8, 0.1, jitter=0.0)
    assert scaling.efficiency(calm, 64, 8, fast, slow) > found[2]


def test_the_table_has_a_row_for_each_number_of_ranks(scaling):
    link = scaling.Link(1e-6, 1e-10)
    lines = scaling.table(scaling.Work(1e8, 0.1), 8, link, link).splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == [f"{2**k:,}" for k in range(3, 13)]
