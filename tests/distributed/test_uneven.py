from __future__ import annotations

import json

import pytest

BATCHES, ROWS, EPOCHS = 9, 8, 2


@pytest.mark.parametrize("how", ["plain", "sharded", "clipped"])
@pytest.mark.parametrize(("n", "accumulate"), [(2, 1), (4, 1), (2, 2)])
def test_ranks_with_fewer_batches_take_part_until_the_last_one_is_done(n, accumulate, how, run_ranks):
    got = json.loads(run_ranks(n, "uneven.py", how, accumulate).out.splitlines()[-1])
    assert len(set(got["sums"])) == 1
    assert got["samples"] == BATCHES * ROWS
    longest = -(-BATCHES // n)
    assert got["steps"] == EPOCHS * -(-longest // accumulate)


def test_batches_of_one_update_may_lie_on_one_rank_or_on_several(run_ranks):
    """Four batches for an update, by accumulation or by ranks; the ninth makes one by itself."""
    one = json.loads(run_ranks(1, "uneven.py", "plain", 4).out.splitlines()[-1])
    four = json.loads(run_ranks(4, "uneven.py", "plain", 1).out.splitlines()[-1])
    assert one["steps"] == four["steps"] == EPOCHS * 3
    assert one["total"] == pytest.approx(four["total"], rel=1e-6)
