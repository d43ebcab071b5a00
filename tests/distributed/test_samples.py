"""Shards of different lengths, ragged ends, numbers that are none: the same network, every sample once, no waiting."""

from __future__ import annotations

import functools
import json

import numpy as np
import pytest


@pytest.fixture
def trained(run_ranks):
    def run(n, what, rows):
        return json.loads(run_ranks(n, "samples.py", what, rows).out.splitlines()[-1])

    return run


@functools.cache
def kept() -> dict:
    return {}


def alone(trained, rows):
    if rows not in kept():
        kept()[rows] = trained(1, "divided", rows)
    return kept()[rows]


@pytest.mark.parametrize("n", [2, 4])
@pytest.mark.parametrize("rows", [89, 73])  # 73: the last batch of all ranks has one row
def test_ragged_ends_train_the_network_of_one_rank(rows, n, trained):
    got, want = trained(n, "divided", rows), alone(trained, rows)
    assert got["seen"] == want["seen"] == [rows, rows]
    for name, values in want["params"].items():
        np.testing.assert_allclose(got["params"][name], values, rtol=1e-4, atol=1e-5)
    for kind in ("score", "own"):
        assert [name for name, _ in got[kind]] == [name for name, _ in want[kind]]
        np.testing.assert_allclose([v for _, v in got[kind]], [v for _, v in want[kind]], rtol=1e-5)


@pytest.mark.parametrize("n", [2, 4])
def test_ranks_ask_each_other_where_iterators_do_not_say(n, trained):
    assert trained(n, "asking", 89)["params"] == trained(n, "divided", 89)["params"]


@pytest.mark.parametrize("n", [2, 4])
def test_no_rank_waits_for_ever_and_no_sample_is_lost(n, trained):
    got = trained(n, "own shards", 60)
    assert got["seen"] == [60, 60]


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_number_that_is_none_names_the_rank(n, run_ranks):
    done = run_ranks(n, "samples.py", "nan", 48, code=1)
    assert "operator exp of node bad, made at" in done.err
    assert "ranks/samples.py:" in done.err.replace("\\", "/")
    assert "is the first with infinity; ids of the samples with it: 5." in done.err
    assert f" of {n}: operator exp" in done.err
    assert done.seconds < 40
