from __future__ import annotations

import itertools
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replay import check, load_area

import paratrain as mx
from paratrain.base import MXNetError
from paratrain.kvstore import INSTEAD, TYPES, bucket_size
from paratrain.kvstore.alone import Alone
from paratrain.kvstore.buckets import SPLIT_BYTES, ExchangeStats, GradientExchange, cut
from paratrain.kvstore.compare import Entry, check_same
from paratrain.kvstore.compression import TwoBit, pack, unpack
from paratrain.kvstore.shared import SharedArrays, share_memory
from paratrain.kvstore.transport import for_context, host_view, launched_ranks, world
from paratrain.kvstore.watch import stall_seconds
from paratrain.kvstore.worker import Worker

AREA = load_area("kvstore")
# MXNet calls an updater with text keys as bytes; ours gets the text.
OTHER = ("updater-local-01", "updater-local-03", "updater-device-01", "updater-device-03")


@pytest.mark.parametrize("case", AREA.without(*OTHER), ids=str)
def test_recorded(case):
    check(case)


@pytest.mark.parametrize("key", [3, "w"])
def test_updater_gets_the_key_as_it_was_given(key):
    kv, seen = mx.kv.create("local"), []
    kv.init(key, mx.nd.ones((2,)))
    kv.set_updater(lambda k, grad, stored: seen.append((k, grad.asnumpy().tolist())))
    kv.push(key, [mx.nd.ones((2,)), mx.nd.ones((2,))])
    assert seen == [(key, [2.0, 2.0])]


# -- create ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in TYPES if name != "nccl"])
def test_types_and_their_names(name):
    assert mx.kv.create(name.upper()).type == name
    assert mx.kv.create(name).num_workers == 1


@pytest.mark.parametrize("name", INSTEAD)
def test_types_that_are_not_there_name_an_alternative(name):
    with pytest.raises(NotImplementedError, match=r"use '(dist_sync|dist_device_sync|device)'"):
        mx.kv.create(name)


def test_an_unknown_type_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"must be one of 'local', .*'dist_sync'.*; got 'distsync'"):
        mx.kv.create("distsync")


# -- values ---------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["local", "dist_sync"])
def kv(request):
    return mx.kv.create(request.param)


WRONG = {
    "pull without out": (lambda kv: kv.pull("w"), TypeError, "out is required"),
    "another shape": (lambda kv: kv.push("w", mx.nd.ones((3,))), ValueError, r"shape \(2,\); got an array of \(3,\)"),
    "no array": (lambda kv: kv.push("w", 1.0), TypeError, "must be NDArrays; got \\['float'\\]"),
    "a bool as key": (lambda kv: kv.push(True, mx.nd.ones((2,))), TypeError, "a key must be int or str"),
    "too few values": (
        lambda kv: kv.push(["w", "w"], [mx.nd.ones((2,))]),
        ValueError,
        "value for each of 2 keys; got 1",
    ),
    "updater": (lambda kv: kv.set_updater(3), TypeError, "must be callable; got int"),
    "optimizer": (lambda kv: kv.set_optimizer("sgd"), TypeError, "expected an Optimizer; got str"),
    "states": (lambda kv: kv.save_optimizer_states("f"), MXNetError, "there is no optimizer"),
    "unknown key": (lambda kv: kv.push("x", mx.nd.ones((2,))), MXNetError, r"'x' was not initialised.*\(keys: 'w'\)"),
    "key of another kind": (lambda kv: kv.init(3, mx.nd.ones((2,))), MXNetError, "all ints or all text; got 3"),
    "key twice": (lambda kv: kv.init("w", mx.nd.ones((2,))), MXNetError, "'w' exists already"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_calls(name, kv):
    call, kind, match = WRONG[name]
    kv.init("w", mx.nd.ones((2,)))
    with pytest.raises(kind, match=match):
        call(kv)


def test_damaged_states_are_refused(kv, tmp_path):
    kv.init("w", mx.nd.ones((2,)))
    kv.set_optimizer(mx.optimizer.create("sgd", momentum=0.9))
    kv.push("w", mx.nd.ones((2,)))
    kv.save_optimizer_states(str(tmp_path / "s"))
    (tmp_path / "s").write_bytes((tmp_path / "s").read_bytes()[:-20])
    with pytest.raises(ValueError, match="damaged"):
        kv.load_optimizer_states(str(tmp_path / "s"))


def test_arrays_of_several_contexts_are_added_up(kv):
    kv.init("w", mx.nd.zeros((2,), mx.cpu(1)))
    kv.push("w", [mx.nd.ones((2,), mx.cpu(i)) for i in range(3)])
    out = [mx.nd.zeros((2,), mx.cpu(i)) for i in range(2)]
    kv.pull("w", out=out)
    assert [o.asnumpy().tolist() for o in out] == [[3, 3], [3, 3]]


# -- compression ----------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=0, max_size=40))
def test_codes_survive_packing(codes):
    array = np.array(codes, np.int8)
    packed = pack(array)
    assert packed.size == -(-array.size // 4)
    assert unpack(packed, array.size).tolist() == codes


@given(st.integers(1, 30), st.floats(0.1, 2), st.integers(0, 100))
def test_nothing_is_lost_by_compression(steps, threshold, seed):
    """What was sent and what is left add up to all gradients."""
    rng = np.random.default_rng(seed)
    compression = TwoBit(threshold)
    gradients = rng.normal(size=(steps, 8)).astype(np.float32)
    sent = sum(compression.codes("w", each) * compression.threshold for each in gradients)
    np.testing.assert_allclose(sent + compression._residuals["w"], gradients.sum(0), atol=1e-4)


@pytest.mark.parametrize(
    ("kind", "params", "error", "match"),
    [
        ("local", {"type": "2bit"}, NotImplementedError, "'local' sends nothing"),
        ("dist_sync", {"type": "1bit"}, MXNetError, "must be '2bit' or 'none'"),
        ("dist_sync", {"type": "fp16", "threshold": 1}, MXNetError, "or 'fp16' or 'bf16'; got"),
        ("dist_sync", {"threshold": 1}, MXNetError, "must be a dict with 'type'"),
        ("device", {"type": "2bit", "bits": 2}, MXNetError, "optional threshold, or .fp16. or .bf16.; got"),
        ("device", {"type": "2bit", "threshold": 0}, ValueError, "threshold must be above 0"),
    ],
)
def test_wrong_compression(kind, params, error, match):
    with pytest.raises(error, match=match):
        mx.kv.create(kind).set_gradient_compression(params)


def test_compression_can_be_ended():
    kv = mx.kv.create("device")
    kv.init("w", mx.nd.zeros((2,)))
    for params, expected in (({"type": "2bit", "threshold": 4}, 0), ({"type": "none"}, 3)):
        kv.set_gradient_compression(params)
        out = mx.nd.full((2,), 3)
        kv.pushpull("w", out)
        assert (out.asnumpy() == expected).all()


# -- ranks ----------------------------------------------------------------------------------------------------------


def test_alone():
    ranks = world()
    assert (ranks.name, ranks.rank, ranks.size, ranks.local_rank, ranks.local_size) == ("alone", 0, 1, 0, 1)
    assert world() is ranks
    with pytest.raises(ValueError, match="root must be a rank"):
        ranks.broadcast(np.zeros(1), 1)


@pytest.mark.parametrize(
    ("environment", "ranks"),
    [
        ({}, 1),
        ({"PMI_SIZE": "2"}, 2),
        ({"OMPI_COMM_WORLD_SIZE": "8"}, 8),
        ({"SLURM_STEP_NUM_TASKS": "3"}, 3),
        ({"SLURM_NTASKS": "4"}, 1),  # a batch script's own shell
        ({"PMI_SIZE": "1"}, 1),
        ({"PMI_SIZE": "x"}, 1),
    ],
)
def test_ranks_that_a_launcher_has_started(environment, ranks):
    assert launched_ranks(environment) == ranks


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan"])
def test_stall_seconds_must_be_a_time(text):
    with pytest.raises(ValueError, match="PARATRAIN_STALL_SECONDS must be a number of seconds above 0"):
        stall_seconds(text)


@pytest.mark.parametrize(
    ("array", "kind", "match"),
    [([1.0], TypeError, "got list"), (np.ones((3, 3)).T[1:], ValueError, "C-contiguous and writable")],
)
def test_arrays_that_cannot_be_changed_in_place(array, kind, match):
    with pytest.raises(kind, match=match):
        host_view(array)


class Pair(Alone):
    """Two ranks; the other one gives what it is told to."""

    size = 2

    def __init__(self, other):
        self.other = other

    def allgather_object(self, value):
        return [value, self.other]

    def allreduce(self, array, what="an array"):
        array *= 2


W, V = ("w", (2,), "float32"), ("v", (2,), "float32")


@pytest.mark.parametrize(
    ("theirs", "match"),
    [
        ([V], r"number 0 is w \(2,\) float32 on rank 0, but v \(2,\) float32 on rank 1"),
        ([], r"missing on rank 1 \(1 against 0 arrays\)"),
        ([W, V], r"number 1 is missing on rank 0, but v \(2,\) float32 on rank 1"),
    ],
)
def test_ranks_with_other_arrays(theirs, match):
    with pytest.raises(MXNetError, match=match):
        check_same(Pair(theirs), "gradients", [Entry(*W)])


# -- buckets --------------------------------------------------------------------------------------------------------


@given(
    sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=30),
    bucket_bytes=st.integers(1, 20_000),
    align=st.sampled_from([1, 16]),
)
def test_buckets_cover_the_buffer_in_order(sizes, bucket_bytes, align):
    layout, total = [], 0
    for number, size in enumerate(sizes):
        layout.append((f"p{number}", total, size))
        total += -(-size // align) * align
    buckets = cut(layout, total, 4, bucket_bytes)
    assert buckets[0].start == 0
    assert buckets[-1].stop == total
    assert all(a.stop == b.start for a, b in itertools.pairwise(buckets))
    assert all((b.stop - b.start) * 4 >= bucket_bytes for b in buckets[:-1])
    for bucket in buckets:  # complete when the first `count` gradients are
        assert bucket.count == sum(offset < bucket.stop for _, offset, _ in layout)


def test_much_is_cut_at_least_once():
    half = SPLIT_BYTES // 4
    assert len(cut([("a", 0, half), ("b", half, half)], 2 * half)) == 2
    with pytest.raises(ValueError, match="at least 1 byte"):
        cut([("a", 0, 1)], 1, bucket_bytes=0)


def test_memory_is_shared_by_all_who_open_it():
    world = Alone()
    assert SharedArrays.make(world, 5) is None  # no collectives through shared memory
    world.host = object()
    shared = SharedArrays.make(world, 5)
    assert [each.shape for each in shared.arrays] == [(5,)]
    shared.mine[:] = 3
    assert (shared.arrays[0] == 3).all()
    (memory,) = share_memory(Alone(), 10)
    assert bytes(memory) == bytes(10)
    apart = Alone()
    apart.size, apart.local_size = 2, 1
    assert share_memory(apart, 20) is None


class Backward:
    """An executor whose gradients get ready when the test says so."""

    def __init__(self):
        self.ready, self.ok = threading.Event(), True

    def reset_marks(self):
        self.ready.clear()

    def wait_grad(self, count):
        assert self.ready.wait(10)
        return self.ok

    def fail_marks(self):
        self.ok = False
        self.ready.set()


@pytest.fixture
def exchange():
    layout = [("b", 0, 4), ("a", 4, 4)]
    theirs = [("b", (4,), "float32"), ("a", (4,), "float32")]
    return GradientExchange(Pair(theirs), layout, mx.nd.ones((8,)), {"a": (4,), "b": (4,)}, bucket_bytes=16)


def test_sums_are_made_when_gradients_are_ready(exchange):
    executor = Backward()
    exchange.begin(executor)
    assert exchange.pending
    assert exchange.flat.asnumpy().tolist() == [1] * 8
    executor.ready.set()
    exchange.finish()
    assert exchange.flat.asnumpy().tolist() == [2] * 8
    assert (exchange.stats.steps, exchange.stats.buckets, exchange.stats.nbytes) == (1, 2, 32)
    exchange.finish()  # without begin: at once
    assert exchange.flat.asnumpy().tolist() == [4] * 8


def test_a_step_that_failed_leaves_nobody_waiting(exchange):
    executor = Backward()
    exchange.begin(executor)
    exchange.abandon(executor)
    assert not exchange.pending
    later = Backward()
    exchange.begin(later)
    later.ready.set()
    exchange.finish()
    assert exchange.flat.asnumpy().tolist() == [2] * 8


def test_what_goes_wrong_while_summing_is_raised_in_the_main_thread(exchange, monkeypatch):
    def fail(self, array, what):
        raise MXNetError(f"no {what}")

    monkeypatch.setattr(Pair, "allreduce", fail)
    executor = Backward()
    exchange.begin(executor)
    executor.ready.set()
    with pytest.raises(MXNetError, match="no the gradients b"):
        exchange.finish()


@pytest.mark.parametrize(("communicating", "waited", "hidden"), [(0, 0, 0), (2, 0.5, 0.75), (1, 3, 0)])
def test_share_of_communication_that_is_hidden(communicating, waited, hidden):
    stats = ExchangeStats(steps=2, buckets=4, nbytes=8_000_000, communicating=communicating, waited=waited)
    assert stats.hidden == hidden
    assert "4.00 MB in 2.0 buckets" in str(stats)


def test_worker_does_tasks_in_order_and_ends():
    worker, seen = Worker("test"), []
    tasks = [worker.submit(lambda i=i: seen.append(i)) for i in range(5)]
    for task in tasks:
        task.wait()
    assert seen == list(range(5))
    worker.close()
    assert "test" not in [thread.name for thread in threading.enumerate()]


# -- NCCL, without a GPU --------------------------------------------------------------------------------------------


class Calls:
    """Stands for the library: keeps the calls, returns the status it is told to."""

    def __init__(self, status=0):
        self.made, self.status = [], status

    def __getattr__(self, name):
        return lambda *arguments: self.made.append((name, arguments)) or self.status

    def ncclGetErrorString(self, status):
        return b"unhandled system error"


@pytest.fixture
def device_world(monkeypatch):
    from paratrain.ext import cuda
    from paratrain.kvstore import nccl

    backend = type("Backend", (), {"stream": lambda self, device_id: 77})()
    monkeypatch.setattr(cuda, "backend", lambda: backend)

    def make(calls):
        monkeypatch.setattr(nccl, "library", lambda: calls)
        return nccl.NCCLWorld(Alone(), 0)

    return make


class OnGPU:
    context, address, size = mx.gpu(0), 4096, 10

    def __init__(self, dtype_str):
        self.dtype_str = dtype_str


def test_device_arrays_go_to_nccl_and_others_to_the_host(device_world):
    calls = Calls()
    ranks = device_world(calls)
    ranks.allreduce(OnGPU("bfloat16"))
    ranks.allreduce(np.ones(3))
    assert [name for name, _ in calls.made] == ["ncclGetUniqueId", "ncclCommInitRank", "ncclAllReduce"]
    assert calls.made[-1][1][:5] == (4096, 4096, 10, 9, 0)
    assert calls.made[-1][1][6] == 77
    with pytest.raises(TypeError, match="got bool"):
        ranks.allreduce(OnGPU("bool"))


def test_an_error_of_nccl_names_the_call(device_world):
    with pytest.raises(MXNetError, match="ncclGetUniqueId failed with 2: unhandled system error; NCCL_DEBUG"):
        device_world(Calls(status=2))


def test_arrays_of_the_host_keep_their_transport():
    ranks = Pair([])
    assert for_context(ranks, mx.cpu()) is ranks


def test_gpus_without_nccl_are_told_of_the_host(monkeypatch):
    from paratrain.kvstore import nccl

    monkeypatch.setattr(nccl, "why_not", lambda: "there is none")
    ranks = Pair("")
    with pytest.warns(UserWarning, match="through host memory, which is slow: there is none"):
        assert for_context(ranks, mx.gpu(0)) is ranks


@pytest.mark.parametrize(("kind", "dtype"), [("fp16", np.float16), ("bf16", "bfloat16")])
def test_gradients_of_16_bits(kind, dtype):
    kv = mx.kv.create("device")
    kv.set_gradient_compression({"type": kind})
    kv.init("w", mx.nd.zeros((3,)))
    values = mx.nd.array([1.0001, 2.5, -3.003])
    kv.push("w", [values, values])
    out = mx.nd.zeros((3,))
    kv.pull("w", out=out)
    rounded = values.astype(np.dtype(dtype) if kind == "fp16" else dtype).astype("float32").asnumpy()
    np.testing.assert_array_equal(out.asnumpy(), 2 * rounded)


# -- horovod, nccl --------------------------------------------------------------------------------------------------


def test_horovod_adds_up_and_copies_without_keeping_anything():
    kv = mx.kv.create("horovod")
    a, b, out = mx.nd.ones((2,)), mx.nd.full((2,), 3), mx.nd.zeros((2,))
    kv.broadcast("w", a, out)
    kv.broadcast("w", a, [out, b])  # a key may be used again
    assert out.asnumpy().tolist() == b.asnumpy().tolist() == [1, 1]
    kv.pushpull("w", [a, b], out=out)
    assert (out.asnumpy().tolist(), a.asnumpy().tolist()) == ([2, 2], [1, 1])
    kv.pushpull(["w"], [a])
    assert a.asnumpy().tolist() == [1, 1]
    assert (kv.local_rank, kv.is_capable("optimizer"), mx.kv.create("local").is_capable("optimizer")) == (
        0,
        False,
        True,
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda kv, x: kv.init("w", x),
        lambda kv, x: kv.push("w", x),
        lambda kv, x: kv.pull("w", out=x),
        lambda kv, x: kv.set_updater(print),
        lambda kv, x: kv.set_optimizer(mx.optimizer.create("sgd")),
    ],
)
def test_horovod_refuses_what_needs_stored_values(call):
    with pytest.raises(MXNetError, match="'horovod' keeps no values; use 'dist_sync'"):
        call(mx.kv.create("horovod"), mx.nd.ones((2,)))


def test_nccl_without_nccl_says_what_to_use(monkeypatch):
    monkeypatch.setattr("paratrain.kvstore.nccl.why_not", lambda: "libnccl.so.2 cannot be loaded")
    with pytest.raises(MXNetError, match=r"use 'device' or 'dist_sync': libnccl"):
        mx.kv.create("nccl")


def test_what_stores_cannot_do(kv):
    with pytest.raises(NotImplementedError, match="no sparse arrays; use pull"):
        kv.row_sparse_pull("w", row_ids=[0])
    with pytest.raises(ValueError, match="capability must be 'optimizer'; got 'flying'"):
        kv.is_capable("flying")


# -- bucket size ----------------------------------------------------------------------------------------------------


@given(st.floats(0, 1), st.floats(0, 1))
def test_buckets_are_within_bounds_and_grow_with_what_a_sum_costs_anyway(fixed, rest):
    small, large = bucket_size.choose(fixed, fixed + rest), bucket_size.choose(2 * fixed, 2 * fixed + rest)
    assert bucket_size.LEAST <= small <= bucket_size.MOST
    if rest:
        assert small <= large


@pytest.mark.parametrize("text", ["0", "-1", "4MB", "1.5"])
def test_bucket_sizes_that_are_no_number_of_bytes(text):
    with pytest.raises(ValueError, match="whole number of bytes from 1 on"):
        bucket_size.of_text(text)


def test_the_size_of_buckets_can_be_set_and_is_measured_else(monkeypatch):
    sizes = []
    assert bucket_size.LEAST <= bucket_size.measured(Alone(), sizes.append, 8 << 20) <= bucket_size.MOST
    assert sizes == [64 << 10] * 4 + [4 << 20] * 4
    monkeypatch.setenv(bucket_size.BUCKET_VARIABLE, "12345")
    assert bucket_size.measured(Alone(), sizes.append, 8 << 20) == 12345
    assert len(sizes) == 8
