from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replay import check, load_area

from paratrain.lr_scheduler import CosineScheduler, FactorScheduler, LRScheduler, MultiFactorScheduler, PolyScheduler

SCHEDULES = ("factor", "multifactor", "poly", "cosine", "schedule")


@pytest.mark.parametrize("case", load_area("optimizer").only(*SCHEDULES), ids=str)
def test_recorded(case):
    check(case)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: FactorScheduler(step=0), ValueError, r"step must be 1 update or more; got 0"),
        (lambda: FactorScheduler(step=2, factor=1.5), ValueError, r"factor must be at most 1.*got 1\.5"),
        (lambda: FactorScheduler(2, warmup_steps=-1), ValueError, r"warmup_steps must be 0 or more; got -1"),
        (lambda: FactorScheduler(2, warmup_steps=1.5), TypeError, r"warmup_steps must be an int.*got 1\.5"),
        (lambda: FactorScheduler(2, warmup_mode="cubic"), ValueError, r"warmup_mode must be one of .*got 'cubic'"),
        (lambda: FactorScheduler(2, base_lr=0.1, warmup_begin_lr=0.5), ValueError, r"must not exceed base_lr"),
        (lambda: MultiFactorScheduler([]), ValueError, r"increasing list .*got \[\]"),
        (lambda: MultiFactorScheduler([3, 3]), ValueError, r"increasing list .*got \[3, 3\]"),
        (lambda: MultiFactorScheduler([0, 3]), ValueError, r"each 1 or more; got \[0, 3\]"),
        (lambda: PolyScheduler(0), ValueError, r"\[PolyScheduler\] max_update must be 1 update or more; got 0"),
        (lambda: CosineScheduler(10.0), TypeError, r"\[CosineScheduler\] max_update must be an int"),
        (lambda: CosineScheduler(10, warmup_steps=10), ValueError, r"must exceed warmup_steps"),
        (lambda: LRScheduler()(3), NotImplementedError, r"must define __call__"),
        (lambda: LRScheduler(warmup_steps=3).get_warmup_lr(3), ValueError, r"covers updates 0 to 2; got 3"),
    ],
)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()


MAKERS = {
    "factor": lambda: FactorScheduler(step=7, factor=0.5, base_lr=0.3, warmup_steps=5, warmup_begin_lr=0.01),
    "multifactor": lambda: MultiFactorScheduler(step=[4, 9, 30], factor=0.1, base_lr=0.3),
    "poly": lambda: PolyScheduler(max_update=40, base_lr=0.3, final_lr=0.02, warmup_steps=3),
    "cosine": lambda: CosineScheduler(max_update=40, base_lr=0.3, final_lr=0.02),
}


@pytest.mark.parametrize("name", MAKERS)
@given(start=st.integers(0, 60))
def test_a_resumed_schedule_goes_on_where_it_was(name, start):
    whole = MAKERS[name]()
    wanted = [whole(n) for n in range(70)]
    resumed = MAKERS[name]()
    assert [resumed(n) for n in range(start, 70)] == wanted[start:]


@pytest.mark.parametrize("name", MAKERS)
@given(updates=st.lists(st.integers(0, 40), max_size=20))
def test_rate_depends_on_the_update_alone(name, updates):
    schedule = MAKERS[name]()
    assert [schedule(n) for n in updates] == [MAKERS[name]()(n) for n in updates]


@given(step=st.integers(1, 20), factor=st.floats(0.01, 1), lowest=st.floats(1e-8, 0.01), n=st.integers(0, 500))
def test_factor_never_rises_nor_passes_its_floor(step, factor, lowest, n):
    schedule = FactorScheduler(step, factor, lowest, base_lr=0.5)
    assert lowest <= schedule(n + 1) <= schedule(n) <= 0.5


def test_warmup_rises_to_the_base_rate():
    schedule = PolyScheduler(max_update=100, base_lr=0.8, warmup_steps=8, warmup_begin_lr=0.0)
    rates = [schedule(n) for n in range(9)]
    assert rates == pytest.approx([0.1 * n for n in range(9)])


def test_state_is_plain_and_comes_back():
    schedule = CosineScheduler(max_update=10, base_lr=0.5)
    rate = schedule(6)
    other = CosineScheduler(max_update=3, base_lr=0.1)
    other.load_state_dict(schedule.state_dict())
    assert other(6) == rate
    assert math.isclose(other.base_lr, rate)


def test_state_of_another_schedule_is_refused():
    with pytest.raises(ValueError, match="create the same schedule"):
        FactorScheduler(2).load_state_dict(MultiFactorScheduler([2]).state_dict() | {"pwr": 1})
