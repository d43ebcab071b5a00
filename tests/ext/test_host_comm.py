"""Collectives through shared memory, with threads in the place of processes: the memory is the same for both."""

from __future__ import annotations

import mmap
import threading

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paratrain.ext.engine import HostComm

SECONDS = 20  # watchdog
DTYPES = ("float32", "float64", "float16", "int8", "uint8", "int32", "int64", "uint32", "uint64")


class Stopped(Exception):
    pass


def patient(what, waited):
    if waited > SECONDS:
        raise TimeoutError(what)


def run(size, work, check=patient, spin=0):
    """``work(comm, rank)`` on every rank; returns results, or what was raised, in order of rank."""
    segments = [mmap.mmap(-1, HostComm.segment_bytes()) for _ in range(size)]
    results = [None] * size

    def rank_main(rank):
        comm = HostComm(segments, rank, spin, check)
        try:
            results[rank] = work(comm, rank)
        except Exception as error:
            results[rank] = error

    threads = [threading.Thread(target=rank_main, args=(rank,), daemon=True) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * SECONDS)
        assert not thread.is_alive(), "hung"
    return results


def values(rank, n, dtype):
    """Numbers whose sums need rounding, other ones for each rank."""
    rng = np.random.default_rng(rank)
    if np.dtype(dtype).kind in "iu":
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        return rng.integers(low, high, n, dtype, endpoint=True)
    return (rng.normal(size=n) * 3).astype(dtype)


def in_order(arrays, dtype):
    """Sum in the order of the ranks, 16-bit floats in float32 and rounded once."""
    wide = np.float32 if np.dtype(dtype).itemsize == 2 else dtype
    total = arrays[0].astype(wide)
    for each in arrays[1:]:
        total = total + each.astype(wide)
    return total.astype(dtype)


@pytest.mark.filterwarnings("ignore:overflow")
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([1, 2, 3, 4]),
    st.sampled_from(DTYPES),
    st.lists(st.one_of(st.integers(0, 5000), st.integers(5000, 400_000)), min_size=1, max_size=4),
    st.sampled_from([0, 1000]),
)
def test_sums_are_those_in_the_order_of_the_ranks(size, dtype, lengths, spin):
    """One after the other, of any lengths: slots are used again and again."""

    def work(comm, rank):
        arrays = [values(rank, n, dtype) for n in lengths]
        assert all(comm.allreduce(array, "sums") for array in arrays)
        return arrays

    results = run(size, work, spin=spin)
    for number, n in enumerate(lengths):
        want = in_order([values(rank, n, dtype) for rank in range(size)], dtype)
        for found in results:
            np.testing.assert_array_equal(found[number], want)


@pytest.mark.parametrize("n", [3, 100_000, 1_000_001])
def test_bfloat16_by_its_bits(n):
    dtype = ml_dtypes.bfloat16

    def work(comm, rank):
        array = values(rank, n, dtype)
        comm.allreduce_bits(array.view(np.uint8), "bfloat16", "sums")
        return array

    want = in_order([values(rank, n, dtype) for rank in range(3)], dtype)
    for found in run(3, work):
        np.testing.assert_array_equal(found.view(np.uint16), want.view(np.uint16))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(0, 1_500_000))
def test_allgather(size, nbytes):
    def work(comm, rank):
        everyone = np.empty(size * nbytes, np.uint8)
        comm.allgather(np.full(nbytes, rank + 1, np.uint8), everyone, "bytes")
        comm.barrier("after")
        return everyone

    want = np.repeat(np.arange(size) + 1, nbytes).astype(np.uint8)
    for found in run(size, work):
        np.testing.assert_array_equal(found, want)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 700_000), min_size=1, max_size=4))
def test_share(parts):
    bounds = [0, *np.cumsum(parts).tolist()]

    def work(comm, rank):
        array = np.zeros(bounds[-1], np.uint8)
        array[bounds[rank] : bounds[rank + 1]] = rank + 1
        comm.share(array, bounds, "parts")
        return array

    want = np.repeat(np.arange(len(parts)) + 1, parts).astype(np.uint8)
    for found in run(len(parts), work):
        np.testing.assert_array_equal(found, want)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(0, 100_000), st.integers(0, 100_000), st.data())
def test_mapped_arrays(size, a, b, data):
    start, stop = sorted((a, b))
    inner = sorted(data.draw(st.lists(st.integers(0, 100_000), min_size=size - 1, max_size=size - 1)))
    bounds = [0, *inner, 100_000]
    whole, parts = ([values(rank, 100_000, "float32") for rank in range(size)] for _ in range(2))
    want = in_order([each.copy() for each in whole], "float32")

    def work(comm, rank):
        comm.sum_mapped(whole, start, stop, "sums")
        comm.scatter_mapped(parts, start, stop, bounds, "parts")
        comm.barrier("after")
        found = whole[rank].copy(), parts[rank].copy()
        comm.barrier("read")
        return found

    for rank, found in enumerate(run(size, work)):
        np.testing.assert_array_equal(found[0][start:stop], want[start:stop])
        own = slice(max(start, bounds[rank]), max(start, bounds[rank], min(stop, bounds[rank + 1])))
        np.testing.assert_array_equal(found[1][own], want[own])
        untouched = values(rank, 100_000, "float32")
        np.testing.assert_array_equal(found[0][:start], untouched[:start])
        np.testing.assert_array_equal(found[0][stop:], untouched[stop:])


def test_calls_that_differ_are_named_on_every_rank():
    def work(comm, rank):
        comm.barrier("before")
        comm.allreduce(np.ones(3 if rank else 4, np.float32 if rank else np.float64), "sums")

    first, second = run(2, work)
    match = "rank 0 adds up 4 elements of float64, but rank 1 adds up 3 elements of float32; every rank must make"
    assert isinstance(first, ValueError)
    assert match in str(first)
    assert "rank 1 adds up 3 elements of float32, but rank 0" in str(second)


def test_who_waits_in_vain_can_give_up():
    asked = []

    def check(what, waited):
        asked.append((what, waited))
        raise Stopped(what)

    def work(comm, rank):
        if rank:
            comm.barrier("a barrier that rank 0 does not come to")

    _, error = run(2, work, check)
    assert isinstance(error, Stopped)
    assert asked[0][0] == "a barrier that rank 0 does not come to"
    assert 0.01 < asked[0][1] < 5


WRONG = {
    "small segment": (lambda: HostComm([bytearray(10)], 0, 0, patient), "a segment must have"),
    "rank": (lambda: HostComm([mmap.mmap(-1, HostComm.segment_bytes())], 1, 0, patient), "below the number of ranks"),
    "allgather": (lambda: alone().allgather(bytes(3), bytearray(4), ""), "needs 3 bytes; got 4"),
    "bounds": (lambda: alone().share(bytearray(4), [0, 5], ""), "rising bounds up to 4 are needed; got"),
    "bounds fall": (lambda: alone().share(bytearray(4), [3, 2], ""), "rising bounds"),
    "mapped": (lambda: alone().sum_mapped([np.ones(3, "f")], 1, 4, ""), "elements 1 to 4 of an array of each"),
    "number of arrays": (lambda: alone().sum_mapped([], 0, 0, ""), "of each of 1 ranks"),
    "scatter": (lambda: alone().scatter_mapped([np.ones(3, "f")], 0, 3, [0, 4], ""), "rising bounds up to 3"),
}


def alone():
    return HostComm([mmap.mmap(-1, HostComm.segment_bytes())], 0, 0, patient)


@pytest.mark.parametrize("name", WRONG)
def test_wrong_calls(name):
    call, match = WRONG[name]
    with pytest.raises(ValueError, match=match):
        call()


@pytest.mark.parametrize("array", [np.ones(2, bool), np.ones((4, 4)).T[1:], [1.0], np.ones(2, "int16"), b"abcd"])
def test_what_it_cannot_add_up_it_leaves_to_others(array):
    assert not alone().allreduce(array, "sums")
