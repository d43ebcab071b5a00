"""The same batches, divided among more ranks, train the same network."""

from __future__ import annotations

import functools
import json

import numpy as np
import pytest

SETTINGS = {
    "mlp": (),
    "lenet": ("--net", "lenet"),
    "adam": ("--optimizer", "adam"),
    "weight by weight": ("--optimizer", "rmsprop"),
    "two contexts": ("--contexts", "2"),
    "gradients added": ("--grad-req", "add"),
    "several buckets": ("--hidden", "4000"),
    "no shared memory": ("--hidden", "4000", "--apart"),
    "float64": ("--dtype", "float64"),
    "normalised": ("--net", "lenet", "--norm"),
    "sharded": ("--shard", "--hidden", "4000"),
    "sharded adam": ("--shard", "--optimizer", "adam"),
    "sharded apart": ("--shard", "--hidden", "4000", "--apart"),
    "clipped": ("--clip", "0.1"),
    "clipped shards": ("--clip", "0.1", "--shard"),
    "accumulated": ("--accumulate", "4"),
    "accumulated shards": ("--accumulate", "2", "--shard", "--hidden", "4000"),
    "accumulated float64": ("--accumulate", "2", "--dtype", "float64"),
    "accumulated contexts": ("--accumulate", "2", "--contexts", "2"),
}
#: Settings whose results are those of others with one rank.
SAME_AS = {
    "two contexts": "mlp",
    "gradients added": "mlp",
    "no shared memory": "several buckets",
    "sharded": "several buckets",
    "sharded adam": "adam",
    "sharded apart": "several buckets",
    "clipped shards": "clipped",
    "accumulated": "mlp",
    "accumulated shards": "several buckets",
    "accumulated float64": "float64",
    "accumulated contexts": "mlp",
}
COMPRESSED = ("--compression", "1", "--hidden", "4000")


@pytest.fixture
def train(run_ranks):
    def run(n, name):
        words = SETTINGS[name] if isinstance(name, str) else name
        return json.loads(run_ranks(n, "train.py", *words).out.splitlines()[-1])

    return run


@functools.cache
def kept() -> dict:
    return {}


def alone(train, name):
    """What one rank with one context found, computed once."""
    reference = SAME_AS.get(name, name)
    if reference not in kept():
        kept()[reference] = train(1, reference)
    return kept()[reference]


@pytest.mark.parametrize("n", [2, 4])
@pytest.mark.parametrize("name", SETTINGS)
def test_losses_do_not_depend_on_the_number_of_ranks(name, n, train):
    got = train(n, name)
    np.testing.assert_allclose(got["losses"], alone(train, name)["losses"], rtol=1e-5)
    assert len(set(got["sums"])) == 1  # bit-identical parameters
    assert len(got["sums"]) == n
    assert got["losses"][-1] != got["losses"][0]


@pytest.mark.parametrize("name", ["two contexts", "gradients added", "sharded adam", "accumulated"])
def test_one_rank(name, train):
    np.testing.assert_allclose(train(1, name)["losses"], alone(train, name)["losses"], rtol=1e-5)


@pytest.mark.parametrize("name", ["several buckets", "no shared memory"])
def test_gradients_are_sent_in_buckets(name, train):
    got = train(2, name)
    assert got["steps"] == 20
    assert got["buckets"] >= 2 * got["steps"]
    assert got["bytes"] >= got["steps"] * 4 * (100 * 4000 + 4000 + 4000 * 10 + 10)


@pytest.mark.parametrize("where", [(), ("--apart",)])
@pytest.mark.parametrize("kind", ["fp16", "bf16"])
def test_gradients_of_16_bits_are_half_the_bytes(kind, where, train):
    got, plain = train(2, ("--compression", kind, "--hidden", "4000", *where)), alone(train, "several buckets")
    assert len(set(got["sums"])) == 1
    assert got["bytes"] / got["steps"] == 2 * (100 * 4000 + 4000 + 4000 * 10 + 10 + 6)
    np.testing.assert_allclose(got["losses"], plain["losses"], rtol=2e-3)
    assert got["losses"] != plain["losses"]


def test_compressed_gradients_train_with_a_sixteenth_of_the_bytes(train):
    got, plain = train(2, COMPRESSED), train(2, "several buckets")
    assert len(set(got["sums"])) == 1
    assert got["bytes"] == pytest.approx(plain["bytes"] / 16, rel=1e-3)
    assert got["losses"] != plain["losses"]
    assert got["losses"][-1] == pytest.approx(plain["losses"][-1], rel=0.2)


@pytest.mark.parametrize("n", [2, 4])
@pytest.mark.parametrize("name", ["sharded", "sharded adam", "accumulated shards"])
def test_a_rank_keeps_its_part_of_the_states_and_a_checkpoint_has_them_all(name, n, train):
    got, one = train(n, name), alone(train, name)
    assert got["kept"] <= one["kept"] / n * 1.01 + 16 * 2
    assert got["states"].keys() == one["states"].keys()
    for parameter, sums in one["states"].items():
        np.testing.assert_allclose(got["states"][parameter], sums, rtol=1e-4)


@pytest.mark.parametrize("name", ["clipped", "clipped shards"])
def test_the_norm_is_that_of_the_gradients_of_all_ranks(name, train):
    norms = train(2, name)["norms"]
    np.testing.assert_allclose(norms, alone(train, name)["norms"], rtol=1e-4)
    assert max(norms) > 0.1
