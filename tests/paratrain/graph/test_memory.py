"""The memory pass: buffers alive together do not overlap, and the arena is not wasteful."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from paratrain.graph.memory import ALIGN, Buffer, live_peak, plan_arena

lifetimes = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, 20), st.integers(0, 20)), max_size=30
)  # bytes, first step, number of further steps


@given(lifetimes)
def test_buffers_alive_together_do_not_overlap(rows: list[tuple[int, int, int]]) -> None:
    buffers = [Buffer(n, first=a, last=a + more) for n, a, more in rows]
    total = plan_arena(buffers)
    for i, b in enumerate(buffers):
        assert b.offset % ALIGN == 0
        assert b.offset + b.nbytes <= total
        for c in buffers[:i]:
            together = b.first <= c.last and c.first <= b.last
            apart = b.offset + b.nbytes <= c.offset or c.offset + c.nbytes <= b.offset
            assert apart or not together


@given(lifetimes)
def test_arena_is_at_least_the_peak_and_at_most_the_sum(rows: list[tuple[int, int, int]]) -> None:
    def up(n: int) -> int:
        return -(-n // ALIGN) * ALIGN

    buffers = [Buffer(n, first=a, last=a + more) for n, a, more in rows]
    total = plan_arena(buffers)
    peak = max((sum(b.nbytes for b in buffers if b.first <= t <= b.last) for t in range(45)), default=0)
    assert peak <= total <= sum(up(b.nbytes) for b in buffers)


def test_chain_needs_two_buffers() -> None:
    chain = [Buffer(1024, first=t, last=t + 1) for t in range(10)]
    assert plan_arena(chain) == 2048


def test_buffers_outside_the_arena_take_no_place() -> None:
    assert plan_arena([Buffer(4096, slot=3, first=0, last=1), Buffer(64, first=0, last=0)]) == 64
    assert plan_arena([Buffer(4096)]) == 0  # never touched


@given(lifetimes)
def test_the_arena_is_never_smaller_than_what_is_alive(rows: list[tuple[int, int, int]]) -> None:
    buffers = [Buffer(n, first=a, last=a + more) for n, a, more in rows]
    assert live_peak(buffers) <= plan_arena(buffers)


def test_another_order_is_tried_where_the_first_wastes_room() -> None:
    # largest first puts 5 at 0, 4 above it and 3 above both: 12; the long-lived 3 first gives 8
    rows = [(3, 0, 3), (5, 0, 1), (4, 2, 3)]
    buffers = [Buffer(n * ALIGN, first=a, last=b) for n, a, b in rows]
    assert plan_arena(buffers) == live_peak(buffers) == 8 * ALIGN


def test_offsets_are_multiples_of_what_is_asked() -> None:
    buffers = [Buffer(100, first=0, last=1), Buffer(300, first=0, last=1), Buffer(64, first=0, last=1)]
    assert plan_arena(buffers, 256) == 4 * 256
    assert all(b.offset % 256 == 0 for b in buffers)


def test_thousands_of_buffers_take_no_more_than_seconds() -> None:
    buffers = [Buffer(64 * (1 + i % 7), first=i, last=10000 - i) for i in range(5000)]
    assert plan_arena(buffers) == live_peak(buffers)
