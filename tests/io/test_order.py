"""The order of an epoch: every record once over all parts, equal numbers of batches, nothing but the seed matters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain.io import native
from paratrain.io.order import Order, share

sizes = st.integers(1, 60)

# permutation of key mix(0, 0), as written by the first version
EXPECTED = [2, 4, 6, 8, 9, 5, 1, 3, 7, 0]


def real_rows(epoch):
    return [row for rows, valid in zip(epoch.rows, epoch.valid, strict=True) for row in rows[:valid]]


@given(records=sizes, batch_size=sizes, parts=st.integers(1, 7), shuffle=st.booleans(), number=st.integers(0, 5))
def test_every_record_once_over_all_parts(records, batch_size, parts, shuffle, number):
    parts = min(parts, records)
    orders = [Order(records, batch_size, parts, part, shuffle, seed=3) for part in range(parts)]
    epochs = [order.epoch(number) for order in orders]
    assert sorted(row for epoch in epochs for row in real_rows(epoch)) == list(range(records))
    assert {len(epoch) for epoch in epochs} == {orders[0].batches(number)}
    for epoch in epochs:
        assert epoch.rows.shape == (len(epoch), batch_size)
        assert ((epoch.rows >= 0) & (epoch.rows < records)).all()


@given(records=sizes, global_batch=st.sampled_from([4, 8, 12]), number=st.integers(0, 3))
def test_a_global_batch_does_not_depend_on_the_number_of_parts(records, global_batch, number):
    def batches(parts):
        epochs = [Order(records, global_batch // parts, parts, p, True, seed=1).epoch(number) for p in range(parts)]
        return [sorted(np.concatenate(step)) for step in zip(*(e.rows for e in epochs), strict=True)]

    if records >= 4:
        assert np.array_equal(batches(1), batches(2))
        assert np.array_equal(batches(1), batches(4))


@given(records=sizes, batch_size=sizes, number=st.integers(0, 8))
def test_roll_over_is_one_endless_sequence(records, batch_size, number):
    batch_size = min(batch_size, records)
    order = Order(records, batch_size, roll_over=True)
    taken = np.concatenate([order.epoch(e).rows.reshape(-1) for e in range(number + 1)])
    assert np.array_equal(taken, np.arange(len(taken)) % records)


@given(records=sizes, batch_size=st.integers(61, 200), number=st.integers(0, 8))
def test_roll_over_with_more_rows_than_records(records, batch_size, number):
    epoch = Order(records, batch_size, roll_over=True).epoch(number)
    assert len(epoch) >= 1
    assert epoch.valid[0] >= 1


def test_epochs_and_seeds_differ():
    orders = {tuple(Order(50, 5, shuffle=True, seed=s).epoch(e).rows.reshape(-1)) for s in range(3) for e in range(3)}
    assert len(orders) == 9


def test_the_order_is_the_same_for_ever():
    """Resuming a run needs the numbers of yesterday's program."""
    assert native.permutation(native.mix(0, 0), 10).tolist() == EXPECTED
    assert native.mix(1, 2, -3) == native.mix(1, 2, 2**64 - 3) != native.mix(2, 1, -3)


def test_permutations_are_even():
    """Each number is at each place about equally often: 5 by 5 places, 4,000 permutations of 5."""
    counts = np.zeros((5, 5))
    for key in range(4000):
        counts[np.arange(5), native.permutation(native.mix(key), 5)] += 1
    assert (abs(counts - 800) < 5 * np.sqrt(800 * 0.8)).all()


@pytest.mark.parametrize(("n", "parts", "sizes"), [(10, 3, [4, 3, 3]), (9, 3, [3, 3, 3]), (2, 2, [1, 1])])
def test_share(n, parts, sizes):
    shares = [share(n, parts, part) for part in range(parts)]
    assert [size for _, size in shares] == sizes
    assert [first for first, _ in shares] == [0, *np.cumsum(sizes)[:-1]]


def test_chance():
    chance = native.Chance(5)
    numbers = [chance.below(6) for _ in range(6000)]
    assert set(numbers) == set(range(6))
    assert abs(np.mean(numbers) - 2.5) < 0.1
    uniform = [chance.uniform() for _ in range(6000)]
    assert 0 <= min(uniform) < 0.01
    assert 0.99 < max(uniform) < 1
    with pytest.raises(ValueError, match="n must be positive"):
        chance.below(0)
