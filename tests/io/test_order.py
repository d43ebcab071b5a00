"""The order of an epoch: every record once over all parts, equal numbers of batches, nothing but the seed matters."""

import json

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


@given(
    data=st.data(), records=st.integers(2, 60), shuffle=st.booleans(), roll_over=st.booleans(), number=st.integers(0, 3)
)
def test_other_parts_take_up_what_is_left(data, records, shuffle, roll_over, number):
    """Whatever the numbers of parts that one after the other take over: of an epoch every record is seen once."""
    roll_over = roll_over and not shuffle

    def orders(other=0):
        parts = data.draw(st.integers(1, min(5, records)).filter(lambda parts: parts != other))
        size = data.draw(st.integers(1, 20))
        return [Order(records, size, parts, p, shuffle, seed=3, roll_over=roll_over) for p in range(parts)]

    now, seen, at, epoch = orders(), [], 0, number
    # what the epoch before has taken of this one to fill up
    seen += sorted(set(range(records)) - {row for o in now for row in real_rows(o.epoch(number))})
    for _ in range(data.draw(st.integers(1, 4))):
        steps = data.draw(st.integers(0, now[0].batches(epoch) - at))
        for order in now:
            plan = order.epoch(epoch)
            seen += [r for b in range(at, at + steps) for r in plan.rows[b][: plan.valid[b]]]
        saved = json.loads(json.dumps(now[0].state(epoch, at + steps)))
        finished = at + steps == now[0].batches(epoch)
        moved = [order.resumed("test", saved) for order in orders(len(now))]
        now = [order for order, _, _ in moved]
        assert len({place[1:] for place in moved}) == 1
        epoch, at = moved[0][1:]
        if finished and at == 0:
            break
    if epoch == number:
        for order in now:
            plan = order.epoch(epoch)
            seen += [r for b in range(at, len(plan)) for r in plan.rows[b][: plan.valid[b]]]
    assert sorted(seen) == list(range(records))
    # and of the next one all that did not fill this one up
    epoch = number + 1
    rest = [row for order in now for row in real_rows(order.epoch(epoch))]
    first = sorted(set(range(records)) - set(rest))
    assert len(rest) == len(set(rest))
    assert first == list(range(len(first)))
    assert roll_over or not first


@given(records=sizes, batch=st.integers(0, 3), number=st.integers(0, 3))
def test_the_same_parts_go_on_as_before(records, batch, number):
    order = Order(records, 4, shuffle=True, seed=5)
    batch = min(batch, order.batches(number))
    assert order.resumed("test", order.state(number, batch)) == (order, number, batch)


WRONG = {
    "records": ({"records": 9}, "saved with records=9"),
    "batch size of as many parts": ({"batch_size": 3}, "saved with batch_size=3"),
    "batch": ({"batch": 99}, "batch of the saved position must be from 0 to 5; got 99"),
    "epoch": ({"epoch": -1}, "epoch of the saved position must be at least 0; got -1"),
    "parts": ({"num_parts": 0}, "num_parts of the saved position must be at least 1; got 0"),
    "left": ({"left": [[3, 2]], "begun": 0}, "left of the saved position must be ranges"),
    "left of another kind": ({"left": "ab", "begun": 0}, "left of the saved position must be ranges"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_positions(name):
    change, match = WRONG[name]
    order = Order(10, 2)
    with pytest.raises(ValueError, match=match):
        order.resumed("test", {**order.state(0, 1), **change})


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
